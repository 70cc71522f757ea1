//! What follows from a publication: the cases that it says it fixes are resolved. The log's follower calls it, any number
//! of times for the same event.
//!
//! Decision (2026-11-22): what has been done is known from the log, not from the case: a case that was fixed by an event
//! and then reopened is not fixed again when the event is read a second time.

use std::collections::BTreeSet;

use entity::case;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{CaseId, Ctx, DocumentId, Permission, Result, Transaction, VersionNumber},
};

use super::{
    cases::{self, answered, finish, resolved_event, stepped},
    lifecycle::{CaseAction, Resolution},
    queries::{self, Case, FixedIn},
};

/// How many earlier resolutions of a case are looked through.
const RESOLUTIONS: u64 = 1_000;
/// How many cases of one version are named.
const FIXED: u64 = 100;

/// Resolves the open cases that a publication names as fixed; says how many. Events of other kinds fix nothing.
pub async fn resolve_fixed(ctx: &Ctx, event: &Event) -> Result<usize> {
    ctx.authorise(CaseAction::Resolve.permission())?;
    let Some(fixed_in) = fix_of(event) else { return Ok(0) };
    let mut resolved = 0;
    for id in cases_of(event) {
        let tx = ctx.write().await?;
        cases::lock(&tx, &BTreeSet::from([id.0])).await?;
        let Some(row) = case::Entity::find_by_id(id.0).one(&*tx).await? else { continue };
        if !cases::standing(&row)?.state.is_open() || has_been_done(&tx, id, event).await? {
            continue;
        }
        let record = resolved_event(&row, Resolution::Fixed, Some(fixed_in)).with("publication", event.sequence.0);
        let fix = Some((fixed_in, event.sequence.0));
        let row = answered(stepped(row, CaseAction::Resolve)?, Resolution::Fixed, None, fix);
        finish(tx, ctx, row, record).await?;
        resolved += 1;
    }
    Ok(resolved)
}

/// The cases that a version fixes or was meant to fix, by number; at most 100.
pub async fn fixed_by(ctx: &Ctx, document: DocumentId, version: VersionNumber) -> Result<Vec<Case>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = case::Entity::find()
        .filter(case::Column::FixedDocumentId.eq(document.0))
        .filter(case::Column::FixedVersion.eq(version.0))
        .order_by_asc(case::Column::Number)
        .limit(FIXED)
        .all(&*snapshot)
        .await?;
    queries::compose_all(&*snapshot, ctx.now(), rows).await
}

fn fix_of(event: &Event) -> Option<FixedIn> {
    if event.kind != EventKind::DocumentPublished {
        return None;
    }
    let document: DocumentId = event.document?;
    let version = event.payload.get("version")?.as_i64()?;
    Some(FixedIn { document, version: VersionNumber(i32::try_from(version).ok()?) })
}

fn cases_of(event: &Event) -> Vec<CaseId> {
    let named = event.payload.get("fixes").and_then(Value::as_array);
    named.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect()
}

async fn has_been_done(tx: &Transaction, case: CaseId, event: &Event) -> Result<bool> {
    let filter = Filter {
        subject: Some(("case".to_owned(), case.to_string())),
        kind: Some(EventKind::CaseResolved),
        ..Filter::default()
    };
    let earlier = events::list(&**tx, &filter, true, RESOLUTIONS).await?;
    let sequence = Value::from(event.sequence.0);
    Ok(earlier.iter().any(|resolution| resolution.payload.get("publication") == Some(&sequence)))
}
