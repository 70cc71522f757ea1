//! Commands on one case, each one transaction: open, start, wait, resume, resolve, dismiss, reopen, assign, retitle,
//! classify, note.
//! Every one names the row version that was seen. Merging is in `merging.rs`, commands on reports in `reports.rs`.
//!
//! Decisions (2026-11-22):
//! - Titles come from reports, and people write reasons and notes about them. So none of these texts enters the event
//!   log, which can't be pruned, nor the outcome that is kept under an idempotency key: a replayed outcome has the id and
//!   the version of the case, and an empty title. Whoever shows it reads the case again.
//! - A case that is reopened still says in which version it was fixed last; any other answer takes that away.
//! - The reason for reopening becomes a note, since the reason of a case belongs to its answer.

use std::collections::BTreeSet;

use entity::{case, case_note, user, user_role};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, sea_query::LockType,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        CaseId, Ctx, DocumentId, Error, Permission, Result, Role, Stale, Timestamp, Transaction, UserId, VersionNumber,
    },
};

use super::{
    classifying::{self, CaseCategory, CaseSeverity, LabelChange},
    documents,
    lifecycle::{self, CaseAction, CaseState, Dismissal, Resolution, Standing},
    mentions,
    queries::{self, Case, FixedIn},
    telling,
    texts::{self, NOTE_LIMIT, REASON_LIMIT, Removed, TITLE_LIMIT},
    timing,
    undo::{self, Undoes},
};

/// The longest that a case may wait, in days.
const FARTHEST: i64 = 14 * 31;

/// How a case is resolved.
#[derive(Clone, Debug)]
pub struct Resolving {
    pub resolution: Resolution,
    /// Why it will not be changed, or what the answer was.
    pub reason: Option<String>,
    /// The published version that fixes it, for that resolution alone.
    pub fixed_in: Option<FixedIn>,
    /// What is said in public about the fix, for that resolution alone.
    pub what_changed: Option<String>,
}

/// What can be changed of a case without a step.
#[derive(Clone, Debug, Default)]
pub struct CaseChange {
    /// `None`: as it is; `Some(None)`: nobody.
    pub assignee: Option<Option<UserId>>,
    pub title: Option<String>,
    pub severity: Option<CaseSeverity>,
    pub category: Option<CaseCategory>,
    pub labels: Option<LabelChange>,
}

/// Takes a new case up.
pub async fn open(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    take_step(ctx, id, seen, CaseAction::Open).await
}

/// Says that somebody works on it.
pub async fn start(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    take_step(ctx, id, seen, CaseAction::Start).await
}

/// Lets it wait until a time in the future; then it goes on by itself.
pub async fn wait(ctx: &Ctx, id: CaseId, seen: i64, until: Timestamp) -> Result<Case> {
    ctx.authorise(CaseAction::Wait.permission())?;
    if until <= ctx.now() || until > ctx.now().plus(FARTHEST * Timestamp::DAY) {
        let detail = "The time has to lie in the future, at most 14 months ahead.";
        return Err(Error::invalid("/until", "out-of-range", detail));
    }
    let (tx, row) = undoable(ctx, id, seen).await?;
    let event = case_event(EventKind::CaseChanged, &row, CaseAction::Wait).with("until", until.to_string());
    let mut row = stepped(row, CaseAction::Wait)?;
    row.waiting_until = Set(Some(until.0));
    finish(tx, ctx, row, event).await
}

/// Goes on with a waiting case.
pub async fn resume(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    take_step(ctx, id, seen, CaseAction::Resume).await
}

/// Goes on with every case whose time has come; says how many. Each has its own transaction, so any number of instances
/// may do it at once.
pub async fn resume_due(ctx: &Ctx) -> Result<usize> {
    ctx.authorise(CaseAction::Resume.permission())?;
    let snapshot = ctx.database.read().await?;
    let due: Vec<Uuid> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::State.eq(CaseState::Waiting.name()))
        .filter(case::Column::WaitingUntil.lte(ctx.now().0))
        .order_by_asc(case::Column::WaitingUntil)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    drop(snapshot);
    let mut resumed = 0;
    for id in due {
        let tx = ctx.write().await?;
        lock(&tx, &BTreeSet::from([id])).await?;
        // A sample can have been removed meanwhile.
        let Some(row) = case::Entity::find_by_id(id).one(&*tx).await? else { continue };
        let is_due = row.waiting_until.is_some_and(|until| until <= ctx.now().0);
        if row.state != CaseState::Waiting.name() || !is_due {
            continue;
        }
        let event = case_event(EventKind::CaseChanged, &row, CaseAction::Resume).with("due", true);
        finish(tx, ctx, stepped(row, CaseAction::Resume)?, event).await?;
        resumed += 1;
    }
    Ok(resumed)
}

/// Answers a case.
///
/// # Errors
/// [`Error::Invalid`] if the version of a fix was never published, or it is not said why nothing will change.
pub async fn resolve(ctx: &Ctx, id: CaseId, seen: i64, resolving: Resolving) -> Result<Case> {
    ctx.authorise(CaseAction::Resolve.permission())?;
    let reason = texts::written(resolving.reason.as_deref(), "/reason", REASON_LIMIT)?.map(|(text, _)| text);
    if resolving.resolution == Resolution::WontChange && reason.is_none() {
        return Err(Error::invalid("/reason", "missing-field", "Say why it will not be changed."));
    }
    let (tx, row) = undoable(ctx, id, seen).await?;
    let fix = fix(&*tx, &resolving).await?;
    let told = telling::sentence(&*tx, row.id, resolving.what_changed.as_deref(), "/what_changed").await?;
    if told.is_some() && resolving.resolution != Resolution::Fixed {
        let detail = "What was changed belongs to the resolution fixed only.";
        return Err(Error::invalid("/what_changed", "unexpected", detail));
    }
    let mut events = vec![resolved_event(&row, resolving.resolution, resolving.fixed_in)];
    if let (Some(text), Some(fix)) = (told, fix) {
        events.push(telling::write(&tx, ctx, &row, fix, &text).await?);
    }
    let mut row = answered(stepped(row, CaseAction::Resolve)?, resolving.resolution, reason, fix);
    timing::acted(&mut row, ctx.now());
    finish_all(tx, ctx, row, events).await
}

/// Puts a case away without an answer.
pub async fn dismiss(ctx: &Ctx, id: CaseId, seen: i64, reason: Dismissal, text: Option<&str>) -> Result<Case> {
    ctx.authorise(CaseAction::Dismiss.permission())?;
    let text = texts::written(text, "/text", REASON_LIMIT)?.map(|(text, _)| text);
    let (tx, row) = undoable(ctx, id, seen).await?;
    let event = case_event(EventKind::CaseChanged, &row, CaseAction::Dismiss).with("reason", reason.name());
    let row = dismissed(row, reason, text)?;
    finish(tx, ctx, row, event).await
}

/// Takes an answer or a dismissal back. The reason is kept as a note.
pub async fn reopen(ctx: &Ctx, id: CaseId, seen: i64, reason: Option<&str>) -> Result<Case> {
    ctx.authorise(CaseAction::Reopen.permission())?;
    let reason = texts::written(reason, "/reason", REASON_LIMIT)?;
    let (tx, row) = current(ctx, id, seen).await?;
    let event = case_event(EventKind::CaseReopened, &row, CaseAction::Reopen).with("to", CaseState::Open.name());
    let row = stepped(row, CaseAction::Reopen)?;
    if let Some((text, removed)) = reason {
        write_note(&tx, ctx, id, text, &removed).await?;
    }
    finish(tx, ctx, row, event).await
}

/// Gives a case to somebody who may triage, or to nobody.
pub async fn assign(ctx: &Ctx, id: CaseId, seen: i64, assignee: Option<UserId>) -> Result<Case> {
    change(ctx, id, seen, CaseChange { assignee: Some(assignee), ..CaseChange::default() }).await
}

/// Gives a case another title, without personal data.
pub async fn retitle(ctx: &Ctx, id: CaseId, seen: i64, title: &str) -> Result<Case> {
    change(ctx, id, seen, CaseChange { title: Some(title.to_owned()), ..CaseChange::default() }).await
}

/// Assigns, retitles and classifies in one step.
pub async fn change(ctx: &Ctx, id: CaseId, seen: i64, change: CaseChange) -> Result<Case> {
    ctx.authorise(CaseAction::Assign.permission())?;
    let title = match &change.title {
        None => None,
        Some(title) => {
            Some(texts::required(&texts::one_line(title), "/title", TITLE_LIMIT, "A case needs a title.")?.0)
        }
    };
    let labels = change.labels.map(LabelChange::made_alike).transpose()?;
    let (tx, row) = if title.is_some() { current(ctx, id, seen).await? } else { undoable(ctx, id, seen).await? };
    if let Some(Some(assignee)) = change.assignee
        && !may_triage(&*tx, assignee).await?
    {
        let detail = "There is no active user with this id who may triage.";
        return Err(Error::invalid("/assignee", "reference-missing", detail));
    }
    let action = match (change.assignee.is_some(), title.is_some()) {
        (true, _) => CaseAction::Assign,
        (false, true) => CaseAction::Retitle,
        (false, false) => CaseAction::Classify,
    };
    let event = case_event(EventKind::CaseChanged, &row, action)
        .with("assignee", change.assignee.flatten().map(|user| user.to_string()))
        .with("retitled", title.is_some().then_some(true))
        .with("severity", change.severity.map(CaseSeverity::name))
        .with("category", change.category.map(CaseCategory::name))
        .with("labelled", labels.is_some().then_some(true));
    let mut row = stepped(row, action)?;
    if let Some(labels) = labels {
        let before = classifying::labels(&*tx, [id.0]).await?.remove(&id.0).unwrap_or_default();
        classifying::relabel(&tx, id.0, &before, &labels.applied(&before)?).await?;
    }
    if let Some(severity) = change.severity {
        row.severity = Set(severity.name().to_owned());
    }
    if let Some(category) = change.category {
        row.category = Set(category.name().to_owned());
    }
    if let Some(assignee) = change.assignee {
        row.assignee_id = Set(assignee.map(|user| user.0));
    }
    if let Some(title) = title {
        row.title = Set(title);
    }
    finish(tx, ctx, row, event).await
}

/// Leaves a note for others who triage, without personal data.
pub async fn note(ctx: &Ctx, id: CaseId, seen: i64, text: &str) -> Result<Case> {
    ctx.authorise(CaseAction::Note.permission())?;
    let (text, removed) = texts::required(text, "/text", NOTE_LIMIT, "The note is empty.")?;
    let (tx, row) = current(ctx, id, seen).await?;
    let note = write_note(&tx, ctx, id, text.clone(), &removed).await?;
    let named = mentions::record(&tx, ctx, id, note, &text).await?;
    let named: Vec<Value> = named.iter().map(|user| Value::from(user.to_string())).collect();
    let event = case_event(EventKind::CaseNoted, &row, CaseAction::Note)
        .with("note", note.to_string())
        .with("mentioned", (!named.is_empty()).then(|| Value::from(named)));
    finish(tx, ctx, stepped(row, CaseAction::Note)?, event).await
}

/// A step that says nothing but itself.
async fn take_step(ctx: &Ctx, id: CaseId, seen: i64, action: CaseAction) -> Result<Case> {
    ctx.authorise(action.permission())?;
    let (tx, row) = undoable(ctx, id, seen).await?;
    let event = case_event(EventKind::CaseChanged, &row, action);
    finish(tx, ctx, stepped(row, action)?, event).await
}

/// The place of the fix in the event log.
async fn fix(connection: &impl ConnectionTrait, resolving: &Resolving) -> Result<Option<(FixedIn, i64)>> {
    match (resolving.resolution, resolving.fixed_in) {
        (Resolution::Fixed, None) => {
            Err(Error::invalid("/fixed_in", "missing-field", "Say in which version of which document it is fixed."))
        }
        (Resolution::Fixed, Some(fixed_in)) => {
            let FixedIn { document, version } = fixed_in;
            match documents::first_published(connection, document.0, version).await? {
                Some(sequence) => Ok(Some((fixed_in, sequence))),
                None => {
                    let detail = "This version of the document was never published.";
                    Err(Error::invalid("/fixed_in/version", "reference-missing", detail))
                }
            }
        }
        (_, None) => Ok(None),
        (_, Some(_)) => {
            Err(Error::invalid("/fixed_in", "unexpected", "A version belongs to the resolution fixed only."))
        }
    }
}

/// The row with its answer.
pub(super) fn answered(
    mut row: case::ActiveModel,
    resolution: Resolution,
    reason: Option<String>,
    fix: Option<(FixedIn, i64)>,
) -> case::ActiveModel {
    row.resolution = Set(Some(resolution.name().to_owned()));
    row.reason = Set(reason);
    row.regressed = Set(false);
    row.fixed_document_id = Set(fix.map(|(fixed_in, _)| fixed_in.document.0));
    row.fixed_version = Set(fix.map(|(fixed_in, _)| fixed_in.version.0));
    row.fixed_sequence = Set(fix.map(|(_, sequence)| sequence));
    row
}

/// The row put away. The first line of the stored reason is the code, the rest what was said.
pub(super) fn dismissed(row: case::Model, reason: Dismissal, text: Option<String>) -> Result<case::ActiveModel> {
    let mut row = stepped(row, CaseAction::Dismiss)?;
    row.resolution = Set(None);
    row.reason = Set(Some(match text {
        Some(text) => format!("{}\n{text}", reason.name()),
        None => reason.name().to_owned(),
    }));
    row.regressed = Set(false);
    row.fixed_document_id = Set(None);
    row.fixed_version = Set(None);
    row.fixed_sequence = Set(None);
    Ok(row)
}

async fn may_triage(connection: &impl ConnectionTrait, user: UserId) -> Result<bool> {
    let active = user::Entity::find_by_id(user.0).filter(user::Column::Active.eq(true)).count(connection).await?;
    let roles = Role::ALL.iter().filter(|role| role.permissions().contains(&Permission::FeedbackTriage));
    let held = user_role::Entity::find()
        .filter(user_role::Column::UserId.eq(user.0))
        .filter(user_role::Column::Role.is_in(roles.map(|role| role.name())))
        .count(connection)
        .await?;
    Ok(active > 0 && held > 0)
}

async fn write_note(tx: &Transaction, ctx: &Ctx, case: CaseId, text: String, removed: &Removed) -> Result<Uuid> {
    let id = ctx.new_id();
    let row = case_note::ActiveModel {
        id: Set(id),
        case_id: Set(case.0),
        text: Set(text),
        removed: Set(serde_json::to_string(removed)?),
        author_id: Set(ctx.actor.user.map(|user| user.0)),
        author_name: Set(ctx.actor.name.clone()),
        created_at: Set(ctx.now().0),
    };
    case_note::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(id)
}

/// Locks cases in the order of their ids.
pub(super) async fn lock(tx: &Transaction, ids: &BTreeSet<Uuid>) -> Result<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    for id in ids {
        let query = case::Entity::find_by_id(*id).select_only().column(case::Column::Id);
        query.lock(LockType::Update).into_tuple::<Uuid>().one(&**tx).await?;
    }
    Ok(())
}

/// A write transaction with the case as it was seen, locked.
pub(super) async fn current(ctx: &Ctx, id: CaseId, seen: i64) -> Result<(Transaction, case::Model)> {
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    Ok((tx, row))
}

/// The same, and what it is can be had back.
async fn undoable(ctx: &Ctx, id: CaseId, seen: i64) -> Result<(Transaction, case::Model)> {
    let (tx, row) = current(ctx, id, seen).await?;
    undo::remember(&tx, ctx, &row, Undoes::Step).await?;
    Ok((tx, row))
}

async fn locked(tx: &Transaction, id: CaseId) -> Result<case::Model> {
    lock(tx, &BTreeSet::from([id.0])).await?;
    load(tx, id).await
}

pub(super) async fn load(tx: &Transaction, id: CaseId) -> Result<case::Model> {
    let row = case::Entity::find_by_id(id.0).one(&**tx).await?;
    row.ok_or_else(|| Error::not_found(format!("case with the id {id}")))
}

/// Refuses a step on anything but the case as it is now.
pub(super) async fn require_current(tx: &Transaction, ctx: &Ctx, row: &case::Model, seen: i64) -> Result<()> {
    if row.row_version == seen {
        return Ok(());
    }
    let current = queries::compose(&**tx, ctx.now(), row.clone()).await?;
    Err(Error::Stale(Box::new(Stale {
        version: i32::try_from(row.row_version).ok(),
        current: Some(serde_json::to_value(current)?),
        ..Stale::default()
    })))
}

pub(super) fn standing(row: &case::Model) -> Result<Standing> {
    let named = |name: &str| CaseState::from_name(name).ok_or_else(|| Error::bug("a case in an unknown state"));
    let before_merge = row.state_before_merge.as_deref().map(named).transpose()?;
    Ok(Standing { state: named(&row.state)?, before_merge })
}

/// The row after an action, as far as the table says.
///
/// # Errors
/// [`Error::Conflict`] with the lifecycle's refusal.
pub(super) fn stepped(row: case::Model, action: CaseAction) -> Result<case::ActiveModel> {
    let before = standing(&row)?;
    let after = lifecycle::next(before, action).map_err(|refusal| Error::conflict(refusal.code, refusal.detail))?;
    let mut row = row.into_active_model();
    row.state = Set(after.state.name().to_owned());
    row.state_before_merge = Set(after.before_merge.map(|state| state.name().to_owned()));
    if !matches!(after.state, CaseState::Waiting | CaseState::Merged) {
        row.waiting_until = Set(None);
    }
    if after.state.is_open() && !before.state.is_open() {
        row.resolution = Set(None);
        row.reason = Set(None);
    }
    Ok(row)
}

/// Every change makes the next version of the row, which the next step has to name.
pub(super) fn touch(row: &mut case::ActiveModel, ctx: &Ctx) {
    row.row_version = Set(row.row_version.take().unwrap_or_default().saturating_add(1));
    row.updated_at = Set(ctx.now().0);
    // From when on its texts are kept for so long.
    let open = row.state.try_as_ref().and_then(|name| CaseState::from_name(name)).is_none_or(CaseState::is_open);
    if open {
        row.closed_at = Set(None);
    } else if row.closed_at.try_as_ref().copied().flatten().is_none() {
        row.closed_at = Set(Some(ctx.now().0));
    }
}

/// What happens to a case, without any words of it. It stands in the time line of its document too.
pub(super) fn case_event(kind: EventKind, row: &case::Model, action: CaseAction) -> NewEvent {
    let mut event = NewEvent::about(kind, "case", row.id)
        .with("number", row.number)
        .with("action", action.name())
        .with("from", row.state.clone());
    event.document = Some(DocumentId(row.document_id));
    event
}

pub(super) fn resolved_event(row: &case::Model, resolution: Resolution, fixed_in: Option<FixedIn>) -> NewEvent {
    case_event(EventKind::CaseResolved, row, CaseAction::Resolve)
        .with("resolution", resolution.name())
        .with("fixed_document", fixed_in.map(|fixed| fixed.document.to_string()))
        .with("fixed_version", fixed_in.map(|FixedIn { version: VersionNumber(number), .. }| number))
}

/// Writes the row, records the event, and answers the case as it is now.
pub(super) async fn finish(tx: Transaction, ctx: &Ctx, mut row: case::ActiveModel, event: NewEvent) -> Result<Case> {
    timing::acted(&mut row, ctx.now());
    finish_as_it_was(tx, ctx, row, event).await
}

/// The same without anybody having done anything about the case.
pub(super) async fn finish_as_it_was(
    tx: Transaction,
    ctx: &Ctx,
    row: case::ActiveModel,
    event: NewEvent,
) -> Result<Case> {
    finish_all(tx, ctx, row, vec![event]).await
}

/// The same with all that happened, in this order.
pub(super) async fn finish_all(
    tx: Transaction,
    ctx: &Ctx,
    mut row: case::ActiveModel,
    events: Vec<NewEvent>,
) -> Result<Case> {
    touch(&mut row, ctx);
    timing::clockwork(&*tx).await?.keep(&mut row, ctx.now())?;
    let row = row.update(&*tx).await?;
    telling::follow(&tx, &row).await?;
    for event in events {
        events::append(&tx, ctx, event).await?;
    }
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    commit(tx, case).await
}

/// Commits, and keeps the outcome without words.
pub(super) async fn commit(tx: Transaction, case: Case) -> Result<Case> {
    tx.commit(case.without_words()).await?;
    Ok(case)
}
