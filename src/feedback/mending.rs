//! Starting a fix: the case is taken up by whoever is about to mend what it says. It can be taken back like any other step
//! (`undo.rs`). What publishing the fix does is in `fixes.rs`.
//!
//! Decision (2026-11-22): that a fix was started is known from the log. It stands in the event of the step that it takes, so
//! no case carries a flag that has to be cleared whenever the case goes another way.

use std::collections::BTreeSet;

use sea_orm::Set;
use serde_json::Value;

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{CaseId, Ctx, DocumentId, Permission, Result, UserId},
};

use super::{
    cases::{case_event, current, finish, standing, stepped},
    lifecycle::{CaseAction, CaseState},
    listing::CaseListing,
    queries::{Case, cases},
    undo::{self, Undoes},
};

/// How many steps of the cases of a document are looked through for fixes that were started.
const LOOKED_THROUGH: u64 = 500;
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
/// the one with the newest report first.
pub async fn fixes_in_hand(ctx: &Ctx, documents: &[DocumentId], of: Option<UserId>) -> Result<Vec<Case>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let mut found = Vec::new();
    for document in documents {
        let listing = CaseListing {
            states: vec![CaseState::InProgress],
            document: Some(*document),
            assignee: of.map(super::AssigneeFilter::User),
            limit: IN_PROGRESS,
            ..CaseListing::default()
        };
        let in_progress = cases(ctx, &listing).await?.rows;
        if in_progress.is_empty() {
            continue;
        }
        let snapshot = ctx.database.read().await?;
        let filter = Filter { document: Some(*document), kind: Some(EventKind::CaseChanged), ..Filter::default() };
        let steps = events::list(&*snapshot, &filter, true, LOOKED_THROUGH).await?;
        let started = started(&steps);
        found.extend(in_progress.into_iter().filter(|case| started.contains(&case.id.to_string())));
    }
    Ok(found)
}

/// The cases whose newest start that was not taken back was that of a fix; `steps` are newest first.
fn started(steps: &[Event]) -> BTreeSet<String> {
    let mut decided = BTreeSet::new();
    let mut undone = BTreeSet::new();
    let mut started = BTreeSet::new();
    for step in steps {
        if step.payload.get("undone").and_then(Value::as_str) == Some("fix") {
            undone.insert(&step.subject.id);
            continue;
        }
        if is_fix(step) && undone.remove(&step.subject.id) {
            continue;
        }
        let begins = step.payload.get("action").and_then(Value::as_str) == Some(CaseAction::Start.name());
        if (begins || is_fix(step)) && decided.insert(&step.subject.id) && is_fix(step) {
            started.insert(step.subject.id.clone());
        }
    }
    started
}

fn is_fix(event: &Event) -> bool {
    event.kind == EventKind::CaseChanged && event.payload.get("fix").and_then(Value::as_bool) == Some(true)
}
