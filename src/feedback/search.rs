//! Searching cases: the index of words of every case and what was said in it, and the cases that it finds. It follows the
//! event log as [`crate::indexes`] says, on every instance, beside the database; no backup carries it.
//!
//! Decision (2026-11-22), what is searched. Context: people look for what a visitor wrote, what a colleague noted, a label,
//! a reference from an e-mail. Choice: one entry a case: its title, number and labels, the texts of its newest reports with
//! what was added to them and their references, and its notes. What is in quarantine has no case and is not found; what
//! was erased or has been purged is no longer there to be read. Consequence: a report is found as its case.
//!
//! Decision (2026-11-22), forgetting. Context: an index that deletes an entry keeps its words in its files until these are
//! merged, which may be never. Choice: after an event by which words were taken away, the index is rewritten without what
//! was deleted. Consequence: words that leave the database leave the files within seconds, with the next feeding.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, case_note, report, report_addition};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter, Subject},
    indexes::{Following, Source},
    kernel::{Ctx, Permission, Result, Snapshot},
    search::{Field, Texts, Words},
};

use super::classifying;

/// The index of cases.
pub type CaseSearch = Following<Cases>;

/// Every case with what was said in it.
#[derive(Clone, Copy, Debug)]
pub struct Cases;

/// Of a case with more reports than this, so many of the newest are searched; those with the same text count once.
const SEARCHED: usize = 200;
/// How many events of one report are looked through for the cases that it was in.
const EVENTS_OF_REPORT: u64 = 1_000;

impl Source for Cases {
    const EVENTS: &'static [EventKind] = &[
        EventKind::ReportReceived,
        EventKind::ReportReleased,
        EventKind::ReportQuarantined,
        EventKind::ReportRedacted,
        EventKind::ReportWordsPutBack,
        EventKind::ReportPurged,
        EventKind::ReportMoved,
        EventKind::ReportRemoved,
        EventKind::CaseChanged,
        EventKind::CaseReopened,
        EventKind::CaseMerged,
        EventKind::CaseUnmerged,
        EventKind::CaseSplit,
        EventKind::CaseNoted,
        EventKind::CaseRemoved,
    ];
    const FORGETTING: &'static [EventKind] = &[
        EventKind::ReportQuarantined,
        EventKind::ReportRedacted,
        EventKind::ReportPurged,
        EventKind::ReportRemoved,
        EventKind::CaseRemoved,
    ];
    const NAME: &'static str = "cases";

    async fn all(snapshot: &Snapshot) -> Result<Vec<Uuid>> {
        Ok(case::Entity::find().select_only().column(case::Column::Id).into_tuple().all(&**snapshot).await?)
    }

    async fn touched(snapshot: &Snapshot, happened: &[Event]) -> Result<Vec<Uuid>> {
        let mut touched = BTreeSet::new();
        let mut reports = BTreeSet::new();
        for event in happened {
            touched.extend(named_cases(event));
            // What is taken out of a report is taken out of every case that it ever was in, and a visitor's addition names
            // no case.
            let is_whole = event.kind == EventKind::ReportReceived || event.kind == EventKind::ReportMoved;
            if let Some(report) = of_kind(event, "report").filter(|_| !is_whole) {
                reports.insert(report);
            }
        }
        for report in reports {
            let row = report::Entity::find_by_id(report).one(&**snapshot).await?;
            touched.extend(row.into_iter().flat_map(|row| [row.case_id, row.case_before_merge]).flatten());
            let filter = Filter { subject: Some(("report".to_owned(), report.to_string())), ..Filter::default() };
            let own = events::list(&**snapshot, &filter, false, EVENTS_OF_REPORT).await?;
            touched.extend(own.iter().flat_map(named_cases));
        }
        Ok(touched.into_iter().collect())
    }

    async fn texts(snapshot: &Snapshot, ids: &[Uuid]) -> Result<Vec<Texts>> {
        let mut texts: BTreeMap<Uuid, Vec<(Field, String)>> = BTreeMap::new();
        let among = || ids.iter().copied();
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for row in case::Entity::find().filter(case::Column::Id.is_in(among())).all(&**snapshot).await? {
            if usize::try_from(row.report_count).unwrap_or_default() > SEARCHED { &mut many } else { &mut few }
                .push(row.id);
            let own = vec![(Field::Title, row.title), (Field::SearchTerms, row.number.to_string())];
            texts.insert(row.id, own);
        }
        for (case, labels) in classifying::labels(&**snapshot, among()).await? {
            texts.entry(case).or_default().extend(labels.into_iter().map(|label| (Field::SearchTerms, label)));
        }
        let mut reports = report::Entity::find().filter(report::Column::CaseId.is_in(few)).all(&**snapshot).await?;
        for case in many {
            let newest = report::Entity::find()
                .filter(report::Column::CaseId.eq(case))
                .order_by_desc(report::Column::ReceivedAt)
                .limit(u64::try_from(SEARCHED).unwrap_or_default());
            reports.extend(newest.all(&**snapshot).await?);
        }
        let mut seen: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
        let mut of_report: BTreeMap<Uuid, Uuid> = BTreeMap::new();
        for row in reports {
            let Some(case) = row.case_id else { continue };
            let own = texts.entry(case).or_default();
            own.push((Field::SearchTerms, row.reference));
            of_report.insert(row.id, case);
            if seen.entry(case).or_default().insert(row.fingerprint) {
                own.extend([row.doing, row.wrong].into_iter().flatten().map(|text| (Field::Text, text)));
            }
        }
        for chunk in of_report.keys().copied().collect::<Vec<_>>().chunks(500) {
            let added = report_addition::Entity::find()
                .filter(report_addition::Column::ReportId.is_in(chunk.iter().copied()))
                .all(&**snapshot)
                .await?;
            for row in added {
                if let Some(case) = of_report.get(&row.report_id) {
                    texts.entry(*case).or_default().push((Field::Text, row.text));
                }
            }
        }
        for row in case_note::Entity::find().filter(case_note::Column::CaseId.is_in(among())).all(&**snapshot).await? {
            texts.entry(row.case_id).or_default().push((Field::Text, row.text));
        }
        Ok(texts.into_iter().map(|(id, texts)| Texts { id, class: 0, texts }).collect())
    }
}

/// The cases that hold these words, each of them in any form and the last perhaps only begun; `None` if there is nothing to
/// look for. Everything that has come in by now is found.
///
/// # Errors
/// [`crate::kernel::Error::Unavailable`] while the index is made for the first time.
pub async fn cases_with(ctx: &Ctx, search: &CaseSearch, words: &str) -> Result<Option<Vec<Uuid>>> {
    ctx.authorise(Permission::FeedbackRead)?;
    if words.trim().is_empty() {
        return Ok(None);
    }
    let (index, _) = search.up_to_now(&ctx.database).await?;
    let hits = index.find(&index.question(&Words::read(words))?)?;
    Ok(Some(hits.hits().map(|hit| hit.id).collect()))
}

/// The cases that an event names.
fn named_cases(event: &Event) -> Vec<Uuid> {
    let keys = ["case", "from_case", "to_case", "into", "merged", "out_of", "unmerged"];
    let named = keys.into_iter().filter_map(|key| event.payload.get(key).and_then(Value::as_str)?.parse().ok());
    named.chain(of_kind(event, "case")).collect()
}

fn of_kind(event: &Event, kind: &str) -> Option<Uuid> {
    let Subject { kind: of, id } = &event.subject;
    id.parse().ok().filter(|_| of == kind)
}
