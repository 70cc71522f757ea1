//! Reports that are written in one transaction: what is looked up once for all of them before, and what is written of all of
//! them at its end. It decides nothing about them; `placing.rs` does.
//!
//! Decision (2026-11-23), few statements. Context: each statement wakes the thread of its connection, or crosses to the
//! server, and then wakes whoever waits for it; in a flood of reports, that was most of what the machine did, and readers
//! waited for it. Choice: whether there is the same text, a fixed case, or an owner to tell is asked once for all; rows are
//! kept until something has to see them, and written many at a time. Consequence: a report that is like no other, as nearly
//! all are, costs a part of some twenty statements instead of seven of its own.
//!
//! Decision (2026-11-23), locks. Context: on PostgreSQL whoever locks several things must do it in one order. Choice: all
//! documents of a round are locked first, in the order of their ids, and then all cases that its reports may join. A case
//! that is made in the round is seen by nobody else yet. Consequence: reports are written together there, too.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, document, report};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::LockType,
};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    events,
    kernel::{Ctx, Result, Transaction, UserId, few_lengths, insert_all},
};

use super::{
    cases,
    lifecycle::{CaseState, Resolution},
    notices,
    placing::{self, Candidate},
    timing::{self, Clockwork},
};

/// What is known, and what is to be written.
#[derive(Default)]
pub(super) struct Round {
    clockwork: OnceCell<Clockwork>,
    /// Texts that reports had lately, by their fingerprints.
    texts: BTreeSet<String>,
    /// Those of this round.
    own_texts: BTreeSet<String>,
    /// What was found out for the locks: the cases that reports may join, by the ids of the reports.
    candidates: BTreeMap<Uuid, Option<Candidate>>,
    /// Documents about which there are fixed cases.
    fixed: BTreeSet<Uuid>,
    /// Who wants to be told of new cases about a document.
    owners: BTreeMap<Uuid, UserId>,
    cases: Vec<case::ActiveModel>,
    reports: Vec<report::ActiveModel>,
    /// Who is to be told, and of which case; of one at a time.
    to_tell: BTreeMap<UserId, (Ctx, Uuid)>,
}

impl Round {
    /// Locks what these reports are about, so that two with the same text can't both find that they are the first, and
    /// looks up what is the same for all.
    pub async fn begin(tx: &Transaction, reports: &[&report::Model]) -> Result<Self> {
        let Some(earliest) = reports.iter().map(|report| report.received_at).min() else { return Ok(Self::default()) };
        lock_documents(tx, reports).await?;
        let documents: BTreeSet<Uuid> = reports.iter().map(|report| report.document_id).collect();
        let texts: BTreeSet<String> = reports.iter().map(|report| report.fingerprint.clone()).collect();
        let texts: Vec<String> = report::Entity::find()
            .select_only()
            .column(report::Column::Fingerprint)
            .filter(report::Column::Fingerprint.is_in(few_lengths(texts)))
            .filter(report::Column::ReceivedAt.gte(earliest - placing::SAME_WITHIN))
            .into_tuple()
            .all(&**tx)
            .await?;
        let fixed: Vec<Uuid> = case::Entity::find()
            .select_only()
            .distinct()
            .column(case::Column::DocumentId)
            .filter(case::Column::DocumentId.is_in(few_lengths(documents.clone())))
            .filter(case::Column::State.eq(CaseState::Resolved.name()))
            .filter(case::Column::Resolution.eq(Resolution::Fixed.name()))
            .into_tuple()
            .all(&**tx)
            .await?;
        let mut round = Self {
            texts: texts.into_iter().collect(),
            fixed: fixed.into_iter().collect(),
            owners: notices::owners_to_tell(tx, documents).await?,
            ..Self::default()
        };
        if tx.locks_rows() {
            for report in reports {
                let candidate = placing::candidate(tx, &mut round, report).await?;
                round.candidates.insert(report.id, candidate);
            }
            let joined = round.candidates.values().flatten().map(|candidate| candidate.case);
            cases::lock(tx, &joined.collect()).await?;
        }
        Ok(round)
    }

    pub async fn clockwork(&self, tx: &Transaction) -> Result<&Clockwork> {
        self.clockwork.get_or_try_init(|| timing::clockwork(&**tx)).await
    }

    /// Whether there may be a report with this text from the last minutes.
    pub fn knows(&self, fingerprint: &str) -> bool {
        self.texts.contains(fingerprint) || self.own_texts.contains(fingerprint)
    }

    /// The case that a report may join, if that has been found out and no report of this round says the same.
    pub fn found(&mut self, report: &report::Model) -> Option<Option<Candidate>> {
        self.candidates.remove(&report.id).filter(|_| !self.own_texts.contains(&report.fingerprint))
    }

    /// Whether there may be a fixed case about the document.
    pub fn has_fixed(&self, document: Uuid) -> bool {
        self.fixed.contains(&document)
    }

    /// A case that is to be written; its number comes then.
    pub fn add_case(&mut self, case: case::ActiveModel) {
        self.cases.push(case);
    }

    /// A report that is to be written.
    pub fn add_report(&mut self, report: report::Model) {
        self.own_texts.insert(report.fingerprint.clone());
        self.reports.push(report.into_active_model().reset_all());
    }

    /// The owner of the document is to be told of the case, if they want it.
    pub fn tell_owner(&mut self, ctx: &Ctx, document: Uuid, case: Uuid) {
        if let Some(owner) = self.owners.get(&document) {
            self.to_tell.entry(*owner).or_insert_with(|| (ctx.clone(), case));
        }
    }

    /// Writes what is to be written, so that it can be seen.
    pub async fn write(&mut self, tx: &Transaction) -> Result<()> {
        if !self.cases.is_empty() {
            let numbers = events::next_numbers(&**tx, "case", self.cases.len()).await?;
            for (case, number) in self.cases.iter_mut().zip(numbers) {
                case.number = Set(number);
            }
            insert_all(tx, std::mem::take(&mut self.cases)).await?;
        }
        insert_all(tx, std::mem::take(&mut self.reports)).await?;
        for (owner, (ctx, case)) in std::mem::take(&mut self.to_tell) {
            notices::tell_owner(tx, &ctx, owner, case).await?;
        }
        Ok(())
    }
}

/// Reports on one page or document take turns.
pub(super) async fn lock_documents(tx: &Transaction, reports: &[&report::Model]) -> Result<()> {
    if tx.locks_rows() {
        let ids: BTreeSet<Uuid> = reports.iter().flat_map(|report| [report.document_id, report.page_id]).collect();
        let query = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::Id.is_in(few_lengths(ids)))
            .order_by_asc(document::Column::Id);
        query.lock(LockType::Update).into_tuple::<Uuid>().all(&**tx).await?;
    }
    Ok(())
}
