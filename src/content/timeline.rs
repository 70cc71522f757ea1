//! A document's timeline for people: a page of its events, with the versions that they name and what each version changed;
//! and notes, which are events and nothing else.
//!
//! Decision (2026-11-22): what a version changed is worked out when its timeline is read, and stored nowhere. Context: a
//! page of the timeline holds at most 50 versions, and `cargo bench` measures what comparing two takes.
//! Consequence: a page costs the same at 10 versions and at 200, and better sentences are there for old versions too.

use std::collections::{BTreeMap, BTreeSet};

use entity::version;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    events::{self, Event, EventKind, Filter, NewEvent},
    kernel::{Ctx, DocumentId, Error, Permission, Result, Sequence, VersionNumber},
};

use super::{
    compare::{self, Counts},
    kinds::Kind,
    queries::{self, Rows, VersionSummary},
};

/// How many sentences say what a version changed.
const SENTENCES: usize = 3;
/// The most events of a page: each version on it is compared with the one before.
const MOST_EVENTS: u64 = 50;
/// Characters of a note.
const NOTE_LIMIT: usize = 1_000;

#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Newest first.
    pub events: Vec<Event>,
    pub versions: BTreeMap<VersionNumber, VersionSummary>,
    /// The version before each one that was saved; numbers can have gaps.
    pub previous: BTreeMap<VersionNumber, VersionNumber>,
    /// What each version that was saved changed against the one before it.
    pub changes: BTreeMap<VersionNumber, Changed>,
    /// The version that was the newest one when the last event of this page happened.
    pub newest_at_end: Option<VersionNumber>,
    /// Where the next page starts.
    pub next: Option<Sequence>,
    /// How many events of these kinds there are.
    pub total: u64,
}

/// What a version changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub counts: Counts,
    /// The first sentences about it, without full stops.
    pub summary: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// The newest events of a document first, of some kinds only unless `kinds` is empty; at most 50. It takes two queries for
/// events, one for the numbers of versions and one for the versions that are named.
pub async fn timeline_of(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    filter: Filter,
    kinds: &[EventKind],
    limit: u64,
) -> Result<Timeline> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    queries::existing(&*snapshot, kind, id).await?;
    let limit = limit.min(MOST_EVENTS);
    let filter = Filter { document: Some(id), kinds: kinds.to_vec(), ..filter };
    let total = events::count(&*snapshot, &filter).await?;
    let mut found = events::list(&*snapshot, &filter, true, limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|event| event.sequence);
    let newest_at_end = match found.last() {
        Some(last) => {
            let before = Sequence(last.sequence.0.saturating_add(1));
            let saves = Filter { document: Some(id), before: Some(before), kinds: SAVES.to_vec(), ..Filter::default() };
            events::list(&*snapshot, &saves, true, 1).await?.first().and_then(number)
        }
        None => None,
    };
    let saved: BTreeSet<i32> = found.iter().filter(|event| SAVES.contains(&event.kind)).filter_map(number).collect();
    let numbers: BTreeSet<i32> = version::Entity::find()
        .select_only()
        .column(version::Column::Number)
        .filter(version::Column::DocumentId.eq(id.0))
        .into_tuple()
        .all(&*snapshot)
        .await?
        .into_iter()
        .collect();
    let before = |number: &i32| numbers.range(..*number).next_back().copied();
    let previous: BTreeMap<i32, i32> = saved.iter().filter_map(|number| Some((*number, before(number)?))).collect();
    let named: BTreeSet<i32> = found.iter().filter_map(number).chain(newest_at_end).collect();
    let wanted: BTreeSet<i32> = previous.values().copied().chain(named).collect();
    let rows: BTreeMap<i32, version::Model> = version::Entity::find()
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.is_in(wanted))
        .all(&*snapshot)
        .await?
        .into_iter()
        .map(|row| (row.number, row))
        .collect();
    let mut changes = BTreeMap::new();
    for (number, before) in &previous {
        if let (Some(old), Some(new)) = (rows.get(before), rows.get(number)) {
            let compared = compare::compare_pages(&queries::whole(kind, old)?, &queries::whole(kind, new)?, false);
            let mut summary = compared.summary();
            let more = summary.len().saturating_sub(SENTENCES);
            summary.truncate(SENTENCES);
            changes.insert(VersionNumber(*number), Changed { counts: compared.counts, summary, more });
        }
    }
    let versions = rows.into_iter().map(|(number, row)| (VersionNumber(number), queries::summary_of(row))).collect();
    let previous =
        previous.into_iter().map(|(number, before)| (VersionNumber(number), VersionNumber(before))).collect();
    let newest_at_end = newest_at_end.map(VersionNumber);
    Ok(Timeline { events: found, versions, previous, changes, newest_at_end, next, total })
}

/// The events that make a version.
pub const SAVES: &[EventKind] =
    &[EventKind::DocumentCreated, EventKind::DocumentSaved, EventKind::DocumentRestored, EventKind::DocumentImported];

fn number(event: &Event) -> Option<i32> {
    event.payload.get("version").and_then(serde_json::Value::as_i64).and_then(|number| i32::try_from(number).ok())
}

/// Leaves a note on a document for those who work on it, beside the version that is shown. It changes nothing else, so it
/// needs no version to start from.
///
/// # Errors
/// [`Error::Invalid`] if it is empty or longer than 1,000 characters.
pub async fn add_note(ctx: &Ctx, kind: Kind, id: DocumentId, text: &str) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("/text", "missing-field", "The note is empty."));
    }
    if text.chars().count() > NOTE_LIMIT {
        return Err(Error::invalid("/text", "too-long", format!("A note has at most {NOTE_LIMIT} characters.")));
    }
    let tx = ctx.write().await?;
    let rows = Rows::find(&*tx, id).await?.filter(|rows| rows.document.kind == kind.name());
    let rows = rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let event = NewEvent::about_document(EventKind::DocumentNoted, id)
        .with("version", rows.shown().0)
        .with("note", text.to_owned());
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}
