//! Starting a fix: the case is taken up by whoever is about to mend what it says. It can be taken back like any other step
//! (`undo.rs`). What publishing the fix does is in `fixes.rs`.
//!
//! Decision (2026-11-22): that a fix was started is known from the log. It stands in the event of the step that it takes, so
//! no case carries a flag that has to be cleared whenever the case goes another way.

use std::collections::BTreeSet;

use entity::case;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{CaseId, Ctx, DocumentId, Permission, Result, UserId},
};

use super::{
    cases::{case_event, current, finish, standing, stepped},
    lifecycle::{CaseAction, CaseState},
    queries::{self, Case},
    undo::{self, Undoes},
};

/// How many steps of the cases in progress are looked through for fixes that were started.
const LOOKED_THROUGH: u64 = 2_000;
/// How many cases in progress are looked at.
const IN_PROGRESS: u64 = 100;

/// Starts to mend what a case is about: it is in progress and belongs to whoever starts.
///
/// # Errors
/// [`Error::Conflict`] if the case is closed or merged; [`Error::Forbidden`] for those who can't write what is to be mended.
pub async fn start_fix(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    ctx.authorise(CaseAction::Start.permission())?;
    let (tx, row) = current(ctx, id, seen).await?;
    ctx.authorise(Permission::ContentWrite)?;
    undo::remember(&tx, ctx, &row, Undoes::Fix).await?;
    let action = match standing(&row)?.state {
        CaseState::Waiting => CaseAction::Resume,
        CaseState::InProgress => CaseAction::Assign,
        _ => CaseAction::Start,
    };
    let assignee = ctx.actor.user.map(|user| user.0).or(row.assignee_id);
    let event = case_event(EventKind::CaseChanged, &row, action)
        .with("fix", true)
        .with("assignee", assignee.map(|user| user.to_string()));
    let mut row = stepped(row, action)?;
    row.assignee_id = Set(assignee);
    finish(tx, ctx, row, event).await
}

/// The cases about documents for which a fix has been started and is not finished, those of one person alone if one is named;
/// the one with the newest report first. At most 100 cases in progress are looked at.
pub async fn fixes_in_hand(ctx: &Ctx, documents: &[DocumentId], of: Option<UserId>) -> Result<Vec<Case>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let mut in_progress = case::Entity::find()
        .filter(case::Column::State.eq(CaseState::InProgress.name()))
        .filter(case::Column::DocumentId.is_in(documents.iter().map(|document| document.0)));
    if let Some(user) = of {
        in_progress = in_progress.filter(case::Column::AssigneeId.eq(user.0));
    }
    let newest = in_progress.order_by_desc(case::Column::LastReportAt).order_by_desc(case::Column::Id);
    let mut rows = newest.limit(IN_PROGRESS).all(&*snapshot).await?;
    let started = started(&*snapshot, &rows).await?;
    rows.retain(|row| started.contains(&row.id));
    queries::compose_all(&*snapshot, ctx.now(), rows).await
}

/// The cases among these whose newest start that was not taken back was that of a fix.
async fn started(connection: &impl ConnectionTrait, cases: &[case::Model]) -> Result<BTreeSet<Uuid>> {
    let mut started = BTreeSet::new();
    if cases.is_empty() {
        return Ok(started);
    }
    let steps = Filter {
        subjects: Some(("case".to_owned(), cases.iter().map(|row| row.id.to_string()).collect())),
        kind: Some(EventKind::CaseChanged),
        ..Filter::default()
    };
    let (mut decided, mut undone) = (BTreeSet::new(), BTreeSet::new());
    for step in events::list(connection, &steps, true, LOOKED_THROUGH).await? {
        let Ok(case) = step.subject.id.parse::<Uuid>() else { continue };
        if step.payload.get("undone").and_then(Value::as_str) == Some("fix") {
            undone.insert(case);
            continue;
        }
        if is_fix(&step) && undone.remove(&case) {
            continue;
        }
        let begins = step.payload.get("action").and_then(Value::as_str) == Some(CaseAction::Start.name());
        if (begins || is_fix(&step)) && decided.insert(case) && is_fix(&step) {
            started.insert(case);
        }
    }
    Ok(started)
}

fn is_fix(event: &Event) -> bool {
    event.kind == EventKind::CaseChanged && event.payload.get("fix").and_then(Value::as_bool) == Some(true)
}
