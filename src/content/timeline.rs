//! A document's timeline for people: a page of its events, with the versions that they name and what each version changed.

use std::collections::{BTreeMap, BTreeSet};

use entity::version;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{Ctx, DocumentId, Permission, Result, Sequence, VersionNumber},
};

use super::{
    compare,
    kinds::Kind,
    queries::{self, VersionSummary},
};

/// How many sentences say what a version changed.
const SENTENCES: usize = 3;
/// The most events of a page: each version on it is compared with the one before.
const MOST_EVENTS: u64 = 50;

#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Newest first.
    pub events: Vec<Event>,
    pub versions: BTreeMap<VersionNumber, VersionSummary>,
    /// What each version that was saved changed against the one before it, in a few sentences.
    pub changes: BTreeMap<VersionNumber, Vec<String>>,
    /// Where the next page starts.
    pub next: Option<Sequence>,
    /// How many events of these kinds there are.
    pub total: u64,
}

/// The newest events of a document first, of some kinds only unless `kinds` is empty; at most 50. It takes one query for
/// events and one for all versions that they name.
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
    let saved: BTreeSet<i32> = found.iter().filter(|event| makes_a_version(event.kind)).filter_map(number).collect();
    let wanted: BTreeSet<i32> = saved.iter().flat_map(|number| [*number, *number - 1]).collect();
    let rows: BTreeMap<i32, version::Model> = version::Entity::find()
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.is_in(wanted))
        .all(&*snapshot)
        .await?
        .into_iter()
        .map(|row| (row.number, row))
        .collect();
    let mut changes = BTreeMap::new();
    for number in &saved {
        if let (Some(old), Some(new)) = (rows.get(&(*number - 1)), rows.get(number)) {
            let compared = compare::compare(&queries::whole(kind, old)?, &queries::whole(kind, new)?);
            changes.insert(VersionNumber(*number), compared.summary.into_iter().take(SENTENCES).collect());
        }
    }
    let versions = rows.into_iter().map(|(number, row)| (VersionNumber(number), queries::summary_of(row))).collect();
    Ok(Timeline { events: found, versions, changes, next, total })
}

fn makes_a_version(kind: EventKind) -> bool {
    matches!(kind, EventKind::DocumentCreated | EventKind::DocumentSaved | EventKind::DocumentRestored)
}

fn number(event: &Event) -> Option<i32> {
    event.payload.get("version").and_then(serde_json::Value::as_i64).and_then(|number| i32::try_from(number).ok())
}
