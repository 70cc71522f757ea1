//! Starting a fix: the case is taken up by whoever is about to mend what it says. It can be taken back for a while. What
//! publishing the fix does is in `fixes.rs`.
//!
//! Decisions (2026-11-22):
//! - That a fix was started is known from the log. It stands in the event of the step that it takes, so no case carries a
//!   flag that has to be cleared whenever the case goes another way.
//! - Taking it back is no step of the lifecycle: it puts the case where the log says that it was, as long as nothing else
//!   has happened to it since. So it can't lead to a state in which the case has not been.

use std::collections::BTreeSet;

use sea_orm::Set;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{CaseId, Ctx, DocumentId, Error, Permission, Result, Timestamp, UserId},
};

use super::{
    cases::{case_event, current, finish, standing, stepped},
    lifecycle::{CaseAction, CaseState},
    listing::CaseListing,
    queries::{Case, cases},
};

/// Within this time a fix that was started, or a split, can be taken back.
pub const UNDO_WITHIN: i64 = 10 * Timestamp::MINUTE;
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
    let action = match standing(&row)?.state {
        CaseState::Waiting => CaseAction::Resume,
        CaseState::InProgress => CaseAction::Assign,
        _ => CaseAction::Start,
    };
    let assignee = ctx.actor.user.map(|user| user.0).or(row.assignee_id);
    let event = case_event(EventKind::CaseChanged, &row, action)
        .with("fix", true)
        .with("assignee", assignee.map(|user| user.to_string()))
        .with("assignee_before", row.assignee_id.map(|user| user.to_string()))
        .with("waited_until", row.waiting_until);
    let mut row = stepped(row, action)?;
    row.assignee_id = Set(assignee);
    finish(tx, ctx, row, event).await
}

/// Takes the start of a fix back: the case is where it was, and belongs to whom it belonged.
///
/// # Errors
/// [`Error::Conflict`] if something else has happened to the case since, or it is too long ago.
pub async fn undo_fix(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    ctx.authorise(CaseAction::Start.permission())?;
    let (tx, row) = current(ctx, id, seen).await?;
    let newest = events::list(&*tx, &about(id), true, 1).await?.into_iter().next();
    let started = newest.filter(is_fix).ok_or_else(|| {
        Error::conflict("changed-since", "Something else has happened to the case since; change it by hand.")
    })?;
    if ctx.now().0 - started.at.0 > UNDO_WITHIN {
        return Err(Error::conflict("too-late", "It can be taken back for ten minutes only; change the case by hand."));
    }
    let text = |key: &str| started.payload.get(key).and_then(Value::as_str);
    let before = text("from").and_then(CaseState::from_name).ok_or_else(|| Error::bug("a step from no state"))?;
    let assignee: Option<Uuid> = text("assignee_before").and_then(|id| id.parse().ok());
    let event = case_event(EventKind::CaseChanged, &row, CaseAction::Start)
        .with("undone", true)
        .with("to", before.name())
        .with("assignee", assignee.map(|user| user.to_string()));
    // The table says that the case is open, and so it stays.
    let mut row = stepped(row, CaseAction::Assign)?;
    row.state = Set(before.name().to_owned());
    row.assignee_id = Set(assignee);
    row.waiting_until = Set(started.payload.get("waited_until").and_then(Value::as_i64));
    finish(tx, ctx, row, event).await
}

/// Whether the last thing that happened to a case is the start of a fix that can be taken back.
pub fn can_undo_fix(newest: Option<&Event>, now: Timestamp) -> bool {
    newest.is_some_and(|event| is_fix(event) && now.0 - event.at.0 <= UNDO_WITHIN)
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

/// The cases whose newest start was that of a fix; `steps` are newest first.
fn started(steps: &[Event]) -> BTreeSet<String> {
    let mut decided = BTreeSet::new();
    let mut started = BTreeSet::new();
    for step in steps {
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

fn about(id: CaseId) -> Filter {
    Filter { subject: Some(("case".to_owned(), id.to_string())), ..Filter::default() }
}
