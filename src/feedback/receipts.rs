//! What a visitor can do with a receipt: see how far it is, and add detail. The reference alone shows nothing, and a wrong
//! secret is answered like a reference that was never given out.

use entity::{case, report, report_addition};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, Set, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Database, DocumentId, Error, Result, Timestamp},
};

use super::{
    cases, intake,
    lifecycle::{CaseState, Resolution},
    redaction::{self, Flag},
    replies,
    texts::{self, ANSWER_LIMIT},
};

named! {
    /// How far it is, in words for the visitor. A report in quarantine has been received, and no more is said.
    Progress {
        Received = "received",
        BeingLookedAt = "being_looked_at",
        Answered = "answered",
        Fixed = "fixed",
        /// Dismissed, or it will not be changed.
        Closed = "closed",
    }
}

/// What a receipt shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptView {
    pub reference: String,
    pub received_at: Timestamp,
    pub state: Progress,
    /// When somebody answered its visitor last, at the address that they left.
    pub answered_at: Option<Timestamp>,
    /// How often detail was added.
    pub additions: u64,
    /// How often it can still be added.
    pub additions_left: u64,
}

/// How often detail can be added to a report.
const ADDITIONS_LIMIT: u64 = 10;

/// What a visitor may know of a report.
///
/// # Errors
/// [`Error::NotFound`], the same for an unknown reference and for a wrong secret.
pub async fn receipt(database: &Database, reference: &str, secret: &str) -> Result<ReceiptView> {
    let snapshot = database.read().await?;
    let row = find(&*snapshot, reference, secret).await?;
    view(&*snapshot, &row).await
}

/// Adds detail to a report. Needs no permission but the secret of the receipt.
///
/// # Errors
/// [`Error::NotFound`] as [`receipt`]; [`Error::Conflict`] if there is enough already, or the report has been erased.
pub async fn add_detail(ctx: &Ctx, reference: &str, secret: &str, text: &str) -> Result<ReceiptView> {
    // For the reasons that intake has: visitors share one key space.
    let ctx = &Ctx { idempotency: None, ..ctx.clone() };
    let (text, removed) = texts::required(text, "/text", ANSWER_LIMIT, "Say what you want to add.")?;
    let tx = ctx.write().await?;
    let found = find(&*tx, reference, secret).await?;
    cases::lock(&tx, &found.case_id.into_iter().collect::<BTreeSet<Uuid>>()).await?;
    let mut query = report::Entity::find_by_id(found.id);
    if tx.locks_rows() {
        query = query.lock(LockType::Update);
    }
    let row = query.one(&*tx).await?.ok_or_else(unknown)?;
    if row.case_id != found.case_id {
        return Err(Error::conflict("changed-meanwhile", "The report was moved at this very moment; try again."));
    }
    if row.text_purged_at.is_some() {
        return Err(Error::conflict("erased", "The text of this report has been erased; send a new one."));
    }
    let before = additions(&*tx, row.id).await?;
    if before >= ADDITIONS_LIMIT {
        let detail = format!("Detail can be added {ADDITIONS_LIMIT} times; send a new report.");
        return Err(Error::conflict("too-many", detail));
    }
    let addition = report_addition::ActiveModel {
        id: Set(ctx.new_id()),
        report_id: Set(row.id),
        text: Set(text.clone()),
        removed: Set(serde_json::to_string(&removed)?),
        received_at: Set(ctx.now().0),
    };
    let mut flags: BTreeSet<Flag> = serde_json::from_str(&row.flags)?;
    flags.extend(redaction::flags(&text));
    report_addition::Entity::insert(addition).exec_without_returning(&*tx).await?;
    let mut flagged = row.clone().into_active_model();
    flagged.flags = Set(serde_json::to_string(&flags)?);
    flagged.update(&*tx).await?;
    let case = match row.case_id {
        Some(id) => case::Entity::find_by_id(id).one(&*tx).await?,
        None => None,
    };
    let mut event = match &case {
        Some(case) => NewEvent::about(EventKind::CaseChanged, "case", case.id).with("number", case.number),
        None => NewEvent::about(EventKind::CaseChanged, "report", row.id),
    };
    event.document = Some(DocumentId(row.document_id));
    if let Some(case) = case {
        let mut case = case.into_active_model();
        cases::touch(&mut case, ctx);
        case.update(&*tx).await?;
    }
    let event = event.with("action", "add_detail").with("reference", row.reference.clone());
    events::append(&tx, ctx, event.with("addition", before + 1)).await?;
    let view = view(&*tx, &row).await?;
    tx.commit(view).await
}

/// The report of a receipt. Both the lookup and the comparison are done whether or not there is one.
async fn find(connection: &impl ConnectionTrait, reference: &str, secret: &str) -> Result<report::Model> {
    let reference = reference.trim().to_ascii_uppercase();
    let row = report::Entity::find().filter(report::Column::Reference.eq(reference)).one(connection).await?;
    let kept = row.as_ref().map_or_else(|| intake::digest(""), |row| row.receipt_digest.clone());
    let others = match &row {
        Some(row) => replies::receipt_digests(connection, row.id).await?,
        None => Vec::new(),
    };
    let digest = intake::digest(secret);
    let fits = [kept].into_iter().chain(others).map(|kept| kept.as_bytes().ct_eq(digest.as_bytes()));
    let fits = bool::from(fits.fold(subtle::Choice::from(0), |any, one| any | one));
    row.filter(|_| fits).ok_or_else(unknown)
}

fn unknown() -> Error {
    Error::not_found("report with this receipt")
}

async fn additions(connection: &impl ConnectionTrait, report: Uuid) -> Result<u64> {
    let query = report_addition::Entity::find().filter(report_addition::Column::ReportId.eq(report));
    Ok(query.count(connection).await?)
}

async fn view(connection: &impl ConnectionTrait, row: &report::Model) -> Result<ReceiptView> {
    let case = match row.case_id {
        Some(id) => case::Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    let state = match case {
        Some(case) => progress(&case)?,
        None => Progress::Received,
    };
    let additions = additions(connection, row.id).await?;
    Ok(ReceiptView {
        reference: row.reference.clone(),
        received_at: Timestamp(row.received_at),
        state,
        answered_at: replies::answered_at(connection, row.id).await?,
        additions,
        additions_left: ADDITIONS_LIMIT.saturating_sub(additions),
    })
}

fn progress(case: &case::Model) -> Result<Progress> {
    Ok(match cases::standing(case)?.state {
        CaseState::New => Progress::Received,
        CaseState::Open | CaseState::InProgress | CaseState::Waiting | CaseState::Merged => Progress::BeingLookedAt,
        CaseState::Dismissed => Progress::Closed,
        CaseState::Resolved => match case.resolution.as_deref().and_then(Resolution::from_name) {
            Some(Resolution::Fixed) => Progress::Fixed,
            Some(Resolution::Answered) => Progress::Answered,
            Some(Resolution::WontChange) | None => Progress::Closed,
        },
    })
}
