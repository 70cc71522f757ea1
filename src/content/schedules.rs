//! Schedules: a named version goes live, or a document leaves, at a time. A schedule is a row; it survives later saves. It
//! is carried out once on any number of instances: whoever holds the publication lock and still finds the row does it.

use std::collections::BTreeSet;

use entity::schedule;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, Result, Timestamp, Transaction, VersionNumber},
};

use super::{
    checks::{self, Subject},
    guard::{self, locked, require_current, step},
    kinds::{Content, Kind},
    lifecycle::{Action, DraftState},
    publishing::{self, Approval, Choice, Publishing},
    queries::{self, Document},
    references,
    unpublishing::{self, Unpublishing},
};

named! {
    ScheduledAction { Publish = "publish", Unpublish = "unpublish", }
}

/// The longest that a schedule may lie ahead, in days.
const FARTHEST: i64 = 14 * 31;

/// What is to happen, and when.
#[derive(Clone, Debug)]
pub struct Scheduling {
    pub action: ScheduledAction,
    pub at: Timestamp,
    pub publishing: Publishing,
    pub unpublishing: Unpublishing,
}

/// What a schedule row keeps of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Details {
    #[serde(flatten)]
    publishing: Publishing,
    unpublishing: Unpublishing,
}

/// Schedules the version that was seen. One publication and one unpublication can be scheduled for a document; a new one
/// takes the place of the old.
pub async fn schedule(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    scheduling: Scheduling,
) -> Result<Document> {
    let action = match scheduling.action {
        ScheduledAction::Publish => Action::Schedule,
        ScheduledAction::Unpublish => Action::ScheduleUnpublish,
    };
    ctx.authorise(action.permission())?;
    if scheduling.at <= ctx.now() || scheduling.at > ctx.now().plus(FARTHEST * Timestamp::DAY) {
        let detail = "The time has to lie in the future, at most 14 months ahead.";
        return Err(Error::invalid("/at", "out-of-range", detail));
    }
    if scheduling.action == ScheduledAction::Unpublish && scheduling.unpublishing.decision.is_none() {
        let detail = "Say what becomes of its address: redirect, gone or hidden.";
        return Err(Error::invalid("/decision", "missing-field", detail));
    }
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, action, guard::rules(&*tx, kind).await?)?;
    let version = match scheduling.action {
        ScheduledAction::Publish => seen,
        ScheduledAction::Unpublish => rows.live_version().unwrap_or(seen),
    };
    if scheduling.action == ScheduledAction::Publish {
        let stored = queries::version_row(&*tx, id, version).await?;
        let content = Content::from_stored(kind, stored.format, &stored.content)?;
        let faults = checks::faults(&checks::find(&*tx, Subject::of(&stored, &content)).await?);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
    }
    let details = Details { publishing: scheduling.publishing, unpublishing: scheduling.unpublishing };
    remove(&tx, id, Some(scheduling.action)).await?;
    let row = schedule::ActiveModel {
        document_id: Set(id.0),
        action: Set(scheduling.action.name().to_owned()),
        version: Set(version.0),
        at: Set(scheduling.at.0),
        details: Set(serde_json::to_string(&details)?),
        created_at: Set(ctx.now().0),
        actor_id: Set(ctx.actor.user.map(|user| user.0)),
        actor_name: Set(ctx.actor.name.clone()),
    };
    schedule::Entity::insert(row).exec_without_returning(&*tx).await?;
    let mut row = rows.document.into_active_model();
    if state.has_draft() {
        row.draft_state = Set(Some(state.draft.name().to_owned()));
    }
    // The faults of an earlier schedule are shown as long as its draft stands as failed.
    if state.draft != DraftState::Failed {
        row.draft_faults = Set(None);
    }
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    guard::keep(&tx, id, version).await?;
    let event = NewEvent::about_document(EventKind::DocumentScheduled, id)
        .with("action", scheduling.action.name())
        .with("version", version.0)
        .with("at", scheduling.at.to_string());
    events::append(&tx, ctx, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Takes a schedule away, or all of them.
pub async fn unschedule(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    action: Option<ScheduledAction>,
) -> Result<Document> {
    ctx.authorise(Action::Unschedule.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    step(rows.state()?, Action::Unschedule, guard::rules(&*tx, kind).await?)?;
    if remove(&tx, id, action).await? == 0 {
        return Err(Error::conflict("not-scheduled", "Nothing of this kind is scheduled."));
    }
    let mut row = rows.document.into_active_model();
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    let event =
        NewEvent::about_document(EventKind::DocumentUnscheduled, id).with("action", action.map(ScheduledAction::name));
    events::append(&tx, ctx, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

async fn remove(tx: &Transaction, id: DocumentId, action: Option<ScheduledAction>) -> Result<u64> {
    let mut query = schedule::Entity::delete_many().filter(schedule::Column::DocumentId.eq(id.0));
    if let Some(action) = action {
        query = query.filter(schedule::Column::Action.eq(action.name()));
    }
    Ok(query.exec(&**tx).await?.rows_affected)
}

/// When something is due next.
pub async fn next_due(connection: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    let at: Option<i64> = schedule::Entity::find()
        .select_only()
        .column(schedule::Column::At)
        .order_by_asc(schedule::Column::At)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(at.map(Timestamp))
}

/// Carries out everything that is due, the longest overdue first; what was missed while nobody ran is made up. Answers
/// how many schedules were carried out or failed.
pub async fn carry_out_due(ctx: &Ctx) -> Result<usize> {
    let due: Vec<(Uuid, String)> = {
        let snapshot = ctx.database.read().await?;
        schedule::Entity::find()
            .select_only()
            .column(schedule::Column::DocumentId)
            .column(schedule::Column::Action)
            .filter(schedule::Column::At.lte(ctx.now().0))
            .order_by_asc(schedule::Column::At)
            .order_by_asc(schedule::Column::DocumentId)
            .into_tuple()
            .all(&*snapshot)
            .await?
    };
    let mut done = 0;
    for (document, action) in due {
        let Some(action) = ScheduledAction::from_name(&action) else { continue };
        done += usize::from(carry_out_one(ctx, DocumentId(document), action).await?);
    }
    Ok(done)
}

async fn carry_out_one(ctx: &Ctx, id: DocumentId, action: ScheduledAction) -> Result<bool> {
    match attempt(ctx, id, action).await {
        Ok(done) => Ok(done),
        Err(Error::Invalid(faults)) => fail(ctx, id, action, faults).await,
        Err(Error::Conflict { code, detail, faults }) => {
            let faults = if faults.is_empty() { vec![Fault::new("", code, detail)] } else { faults };
            fail(ctx, id, action, faults).await
        }
        Err(Error::NotFound(what)) => {
            let fault = Fault::new("", "not-found", format!("There is no {what}."));
            fail(ctx, id, action, vec![fault]).await
        }
        Err(Error::Unavailable(detail)) => Err(Error::Unavailable(detail)),
        Err(other) => {
            // Tried again at the next look; the schedules behind it do not wait for it.
            tracing::error!(document = %id, action = action.name(), error = %other, "a schedule could not be carried out");
            Ok(false)
        }
    }
}

async fn attempt(ctx: &Ctx, id: DocumentId, action: ScheduledAction) -> Result<bool> {
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let below: BTreeSet<Uuid> = match action {
        ScheduledAction::Publish => BTreeSet::new(),
        ScheduledAction::Unpublish => references::descendants(&*tx, &BTreeSet::from([id.0])).await?,
    };
    guard::lock(&tx, &below.iter().copied().chain([id.0]).collect()).await?;
    let Some(row) = due_row(&tx, ctx, id, action).await? else { return Ok(false) };
    let details: Details = serde_json::from_str(&row.details)?;
    let rows = guard::load(&tx, id).await?;
    let kind = rows.kind()?;
    // The row goes first: publishing then finds the document as it stands without it.
    remove(&tx, id, Some(action)).await?;
    match action {
        ScheduledAction::Publish => {
            let choice = Choice { kind, id, version: VersionNumber(row.version) };
            let publishing = &details.publishing;
            publishing::carry_out(&tx, ctx, &[choice], publishing, Action::Publish, Approval::WhenScheduled).await?;
        }
        ScheduledAction::Unpublish => {
            unpublishing::carry_out_unpublishing(&tx, ctx, rows, below, &details.unpublishing).await?;
        }
    }
    tx.commit(true).await
}

/// The schedule, if it is still there and still due.
async fn due_row(
    tx: &Transaction,
    ctx: &Ctx,
    id: DocumentId,
    action: ScheduledAction,
) -> Result<Option<schedule::Model>> {
    let row = schedule::Entity::find_by_id((id.0, action.name().to_owned())).one(&**tx).await?;
    Ok(row.filter(|row| row.at <= ctx.now().0))
}

/// Notes that a schedule could not be carried out, with its faults, where editors see it.
async fn fail(ctx: &Ctx, id: DocumentId, action: ScheduledAction, faults: Vec<Fault>) -> Result<bool> {
    let tx = ctx.write().await?;
    guard::lock(&tx, &BTreeSet::from([id.0])).await?;
    let Some(schedule) = due_row(&tx, ctx, id, action).await? else { return Ok(false) };
    remove(&tx, id, Some(action)).await?;
    let rows = guard::load(&tx, id).await?;
    let names_draft = rows.document.draft_version == Some(schedule.version);
    let mut row = rows.document.into_active_model();
    if names_draft && action == ScheduledAction::Publish {
        row.draft_state = Set(Some(DraftState::Failed.name().to_owned()));
    }
    row.draft_faults = Set(Some(serde_json::to_string(&faults)?));
    row.row_version = Set(row.row_version.take().unwrap_or_default() + 1);
    row.update(&*tx).await?;
    let event = NewEvent::about_document(EventKind::ScheduleFailed, id)
        .with("action", action.name())
        .with("version", schedule.version)
        .with("faults", serde_json::to_value(&faults)?);
    events::append(&tx, ctx, event).await?;
    tx.commit(true).await
}
