//! Taking the last change of a case back, for ten minutes, by whoever made it and as long as nothing else has happened to
//! the case. Merges are taken back in `merging.rs`, at any time.
//!
//! Decision (2026-11-22), what is remembered. Context: who goes through forty cases by keys presses a wrong one, and the
//! lifecycle has no way back from most steps: reopening leads to open, whatever the case was. Choice: a command keeps what
//! the case was in a row of its own, which the next one replaces and no backup carries: states, people, dates, labels, and
//! none of the words that people wrote. A note, a title and a reason for reopening are written once more instead of being
//! undone. Consequence: an undone step leaves the case as it was, its clock included; the log keeps both, the step and
//! that it was undone.
//!
//! Decision (2026-11-22), one way back. Context: the start of a fix and a split had ways back of their own, which left the
//! case counted as acted on. Choice: both are steps like any other here; a split keeps besides which reports it moved, and
//! how those come home is known to `splitting.rs`. Consequence: only who made a split takes it back, and not after something
//! else has happened to the case; what has happened to the other case meanwhile matters to the reports alone. An undone
//! first action is named by the event, so that what is counted from the log knows that there was none.

use std::collections::BTreeSet;

use entity::{case, case_undo};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind},
    kernel::{CaseId, Ctx, Error, Result, Timestamp, Transaction},
};

use super::{
    cases::{case_event, commit, finish_as_it_was, load, lock, require_current, standing},
    classifying,
    lifecycle::{CaseAction, CaseState},
    merging,
    queries::{self, Case},
    splitting::{self, Moved},
};

/// For how long a change can be undone.
const UNDOABLE: i64 = 10 * Timestamp::MINUTE;

/// What is taken back, where that is more than what the case was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Undoes {
    #[default]
    Step,
    Fix,
    Split(Moved),
}

/// What a case was.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    state: String,
    resolution: Option<String>,
    assignee: Option<Uuid>,
    waiting_until: Option<i64>,
    fixed_document: Option<Uuid>,
    fixed_version: Option<i32>,
    fixed_sequence: Option<i64>,
    regressed: bool,
    severity: String,
    category: String,
    labels: BTreeSet<String>,
    clock_from: i64,
    clock_stopped_at: Option<i64>,
    pauses: String,
    acted_at: Option<i64>,
    #[serde(default)]
    undoes: Undoes,
}

/// Keeps what a case is before a person changes it. It is written in the transaction of the change.
pub(super) async fn remember(tx: &Transaction, ctx: &Ctx, row: &case::Model, undoes: Undoes) -> Result<()> {
    forget(tx, row.id).await?;
    let Some(user) = ctx.actor.user else { return Ok(()) };
    let before = Before {
        state: row.state.clone(),
        resolution: row.resolution.clone(),
        assignee: row.assignee_id,
        waiting_until: row.waiting_until,
        fixed_document: row.fixed_document_id,
        fixed_version: row.fixed_version,
        fixed_sequence: row.fixed_sequence,
        regressed: row.regressed,
        severity: row.severity.clone(),
        category: row.category.clone(),
        labels: classifying::labels(&**tx, [row.id]).await?.remove(&row.id).unwrap_or_default(),
        clock_from: row.clock_from,
        clock_stopped_at: row.clock_stopped_at,
        pauses: row.pauses.clone(),
        acted_at: row.acted_at,
        undoes,
    };
    let kept = case_undo::ActiveModel {
        case_id: Set(row.id),
        row_version: Set(row.row_version.saturating_add(1)),
        user_id: Set(user.0),
        at: Set(ctx.now().0),
        before: Set(serde_json::to_string(&before)?),
    };
    case_undo::Entity::insert(kept).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Nothing of a case can be undone any more.
pub(super) async fn forget(tx: &Transaction, case: Uuid) -> Result<()> {
    case_undo::Entity::delete_by_id(case).exec(&**tx).await?;
    Ok(())
}

/// Takes back what this person did to a case last.
///
/// # Errors
/// [`Error::Conflict`] `nothing-to-undo` if it was somebody else, longer ago, or something has happened since.
pub async fn undo(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    ctx.authorise(CaseAction::Undo.permission())?;
    let tx = ctx.write().await?;
    let other = other_case(&tx, id).await?;
    lock(&tx, &other.into_iter().chain([id.0]).collect()).await?;
    let row = load(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    if standing(&row)?.state == CaseState::Merged {
        drop(tx);
        return merging::unmerge(ctx, id, seen).await;
    }
    let Some(kept) = kept(&*tx, ctx, &row).await? else {
        let detail = "You have done nothing to this case in the last ten minutes that can be undone.";
        return Err(Error::conflict("nothing-to-undo", detail));
    };
    let before: Before = serde_json::from_str(&kept.before)?;
    if other != before.undoes.other_case() {
        return Err(Error::conflict("changed-meanwhile", "The case changed at this very moment; try again."));
    }
    let now = standing(&row)?.state;
    let then = CaseState::from_name(&before.state).ok_or_else(|| Error::bug("a case was in an unknown state"))?;
    let kind = if then.is_open() && !now.is_open() { EventKind::CaseReopened } else { EventKind::CaseChanged };
    let first_action = before.acted_at.is_none().then(|| Timestamp(kept.at).to_string());
    let event = case_event(kind, &row, CaseAction::Undo)
        .with("to", then.name())
        .with("undone", (before.undoes == Undoes::Fix).then_some("fix"))
        .with("first_action_undone", first_action.clone());
    let labels = classifying::labels(&*tx, [id.0]).await?.remove(&id.0).unwrap_or_default();
    classifying::relabel(&tx, id.0, &labels, &before.labels).await?;
    forget(&tx, id.0).await?;
    let told = match &before.undoes {
        Undoes::Split(moved) => Some(splitting::bring_back(&tx, ctx, &row, moved).await?),
        Undoes::Step | Undoes::Fix => None,
    };
    let mut row = row.into_active_model();
    if then.is_open() {
        row.reason = Set(None);
    }
    row.state = Set(before.state);
    row.resolution = Set(before.resolution);
    row.assignee_id = Set(before.assignee);
    row.waiting_until = Set(before.waiting_until);
    row.fixed_document_id = Set(before.fixed_document);
    row.fixed_version = Set(before.fixed_version);
    row.fixed_sequence = Set(before.fixed_sequence);
    row.regressed = Set(before.regressed);
    row.severity = Set(before.severity);
    row.category = Set(before.category);
    row.clock_from = Set(before.clock_from);
    row.clock_stopped_at = Set(before.clock_stopped_at);
    row.pauses = Set(before.pauses);
    row.acted_at = Set(before.acted_at);
    let Some([event, given]) = told else { return finish_as_it_was(tx, ctx, row, event).await };
    let row = merging::recounted(&tx, ctx, row, id.0).await?;
    events::append(&tx, ctx, event.with("first_action_undone", first_action)).await?;
    events::append(&tx, ctx, given).await?;
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    commit(tx, case).await
}

impl Undoes {
    /// The case that changes with the one that is as it was.
    fn other_case(&self) -> Option<Uuid> {
        match self {
            Self::Split(moved) => Some(moved.into),
            Self::Step | Self::Fix => None,
        }
    }
}

/// Which case has to be locked besides, before anything is.
async fn other_case(tx: &Transaction, id: CaseId) -> Result<Option<Uuid>> {
    let Some(kept) = case_undo::Entity::find_by_id(id.0).one(&**tx).await? else { return Ok(None) };
    let before: Before = serde_json::from_str(&kept.before)?;
    Ok(before.undoes.other_case())
}

/// Until when the actor can undo the last change of a case; `None` if they can't.
pub(super) async fn undo_until(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    row: &case::Model,
) -> Result<Option<Timestamp>> {
    Ok(kept(connection, ctx, row).await?.map(|kept| Timestamp(kept.at).plus(UNDOABLE)))
}

async fn kept(connection: &impl ConnectionTrait, ctx: &Ctx, row: &case::Model) -> Result<Option<case_undo::Model>> {
    let Some(user) = ctx.actor.user else { return Ok(None) };
    let found = case_undo::Entity::find_by_id(row.id)
        .filter(case_undo::Column::UserId.eq(user.0))
        .filter(case_undo::Column::RowVersion.eq(row.row_version))
        .filter(case_undo::Column::At.gt(ctx.now().plus(-UNDOABLE).0));
    Ok(found.one(connection).await?)
}

/// Removes what can't be undone any more; says how much.
pub async fn tidy_undo(ctx: &Ctx) -> Result<u64> {
    let old = || case_undo::Column::At.lte(ctx.now().plus(-UNDOABLE).0);
    let snapshot = ctx.database.read().await?;
    if case_undo::Entity::find().filter(old()).one(&*snapshot).await?.is_none() {
        return Ok(0);
    }
    drop(snapshot);
    let tx = ctx.write().await?;
    let gone = case_undo::Entity::delete_many().filter(old()).exec(&*tx).await?.rows_affected;
    tx.commit(gone).await
}
