//! The queue, as the follower of the log uses it: events are put in, once for each webhook that wants them; what is due is
//! taken out one by one; what came of it is recorded. Each step is one transaction, and none waits on the network.
//!
//! Decision (2026-11-22): what is in flight is marked in the memory of the follower that holds the lease, not in the table.
//! Consequence: if it ends between sending and recording, the next one sends the same id again, which receivers of Standard
//! Webhooks expect; and an attempt costs one write instead of two.

use std::collections::BTreeSet;

use entity::{follower, webhook, webhook_attempt, webhook_delivery};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    events::{self, Event, Filter},
    kernel::{Ctx, DeliveryId, Error, Permission, Result, Sequence, Timestamp, Transaction, WebhookId},
};

use super::{
    deliveries::DeliveryState,
    retries::{self, Jitter},
    secrets,
    steps::{begin_round, pause_row},
    views::{self, PauseReason, locked_row},
};

/// Events that are put into the queue at once.
const BATCH: u64 = 200;
/// The name of the position of webhooks in the log.
const POSITION: &str = "webhooks";
/// How long deliveries and attempts are kept, in milliseconds.
pub const KEPT: i64 = 30 * Timestamp::DAY;
/// After so many failures in a row, the first thing that gets through means that a receiver is back.
const AWAY: i32 = 3;
/// The type of what a test sends; it may be sent to a webhook that is paused.
const TEST: &str = "test";

/// Events that come next for the queue.
#[derive(Debug)]
pub struct Batch {
    /// Empty if there is nothing that webhooks may want.
    pub events: Vec<Event>,
    /// How far the log has been read with these.
    pub end: Sequence,
    position: Option<i64>,
    /// For a replay: of which webhook, and up to where it goes.
    replay: Option<(WebhookId, i64)>,
}

/// An event as it is sent.
#[derive(Clone, Debug)]
pub struct Message {
    pub sequence: Sequence,
    /// `webhook-id`.
    pub id: String,
    /// The type as the changes feed names it.
    pub kind: String,
    pub body: String,
}

/// Something to send now.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub delivery: DeliveryId,
    pub webhook: WebhookId,
    pub url: String,
    pub message_id: String,
    pub body: String,
    /// The newest first; all of them sign.
    pub secrets: Vec<String>,
}

impl Outgoing {
    /// The headers of an attempt at this time: id, time and a signature for each secret.
    pub fn headers(&self, at: Timestamp) -> Vec<(&'static str, String)> {
        vec![
            ("webhook-id", self.message_id.clone()),
            ("webhook-timestamp", secrets::seconds(at).to_string()),
            ("webhook-signature", secrets::sign(&self.secrets, &self.message_id, at, &self.body)),
        ]
    }
}

/// What came of an attempt.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub at: Timestamp,
    pub url: String,
    /// Names and values as they were sent.
    pub headers: Vec<(String, String)>,
    /// In milliseconds.
    pub duration: i32,
    /// `None` if nothing was answered.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// The header `Retry-After` of the answer.
    pub retry_after: Option<String>,
    /// Why it did not get through, in words; `None` if it did.
    pub error: Option<String>,
}

/// How far the log goes; nowhere if there is no webhook that it could be posted to.
pub async fn end_of_log(ctx: &Ctx) -> Result<Sequence> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    if webhook::Entity::find().limit(1).one(&*snapshot).await?.is_none() {
        return Ok(Sequence(0));
    }
    events::last_sequence(&*snapshot).await
}

/// Reads on in the log, from where the queue has come or, if that is further, from `read`, up to `until`. `None` if there is no
/// webhook.
pub async fn next_batch(ctx: &Ctx, read: Sequence, until: Sequence) -> Result<Option<Batch>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    let since: Option<Option<i64>> = webhook::Entity::find()
        .select_only()
        .column_as(webhook::Column::SinceSequence.min(), "since")
        .into_tuple()
        .one(&*snapshot)
        .await?;
    let Some(since) = since.flatten() else { return Ok(None) };
    let position = follower::Entity::find_by_id(POSITION).one(&*snapshot).await?.map(|row| row.position);
    let after = Sequence(position.unwrap_or_default().max(since).max(read.0));
    let until = until.max(after);
    let before = Some(Sequence(until.0.saturating_add(1)));
    let filter = Filter { after: Some(after), before, public_only: true, ..Filter::default() };
    let events = events::list(&*snapshot, &filter, false, BATCH).await?;
    let end = events.last().filter(|_| is_full(&events)).map_or(until, |last| last.sequence);
    Ok(Some(Batch { events, end, position, replay: None }))
}

fn is_full(events: &[Event]) -> bool {
    u64::try_from(events.len()).unwrap_or(u64::MAX) >= BATCH
}

/// Puts the events of a batch into the queue of every webhook that wants them, and moves the position: both or neither, so
/// that nothing is put in twice.
///
/// # Errors
/// [`Error::Conflict`] if another instance was quicker; then it has put them in.
pub async fn put(ctx: &Ctx, batch: &Batch, messages: &[Message]) -> Result<usize> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    move_position(&tx, batch).await?;
    let mut added = 0;
    for row in webhook::Entity::find().order_by_asc(webhook::Column::Id).all(&*tx).await? {
        let from = row.since_sequence;
        let until = row.paused_sequence.unwrap_or(i64::MAX);
        let wanted = wanted(&row, messages)?;
        let wanted: Vec<&Message> =
            wanted.into_iter().filter(|message| message.sequence.0 > from && message.sequence.0 <= until).collect();
        added += add_missing(&tx, ctx, row.id, &wanted).await?;
    }
    tx.commit(added).await
}

async fn move_position(tx: &Transaction, batch: &Batch) -> Result<()> {
    let Some(position) = batch.position else {
        let row = follower::ActiveModel { name: Set(POSITION.to_owned()), position: Set(batch.end.0) };
        follower::Entity::insert(row).exec_without_returning(&**tx).await?;
        return Ok(());
    };
    let moved = follower::Entity::update_many()
        .col_expr(follower::Column::Position, Expr::value(batch.end.0))
        .filter(follower::Column::Name.eq(POSITION))
        .filter(follower::Column::Position.eq(position))
        .exec(&**tx)
        .await?;
    if moved.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::conflict("position-moved", "Another instance has read on in the log."))
    }
}

/// The messages of the types that a webhook wants.
fn wanted<'a>(row: &webhook::Model, messages: &'a [Message]) -> Result<Vec<&'a Message>> {
    let events = views::events_of(row)?;
    let wants =
        |message: &&Message| events.as_ref().is_none_or(|events| events.iter().any(|one| one.name() == message.kind));
    Ok(messages.iter().filter(wants).collect())
}

/// Adds a delivery for each message that the webhook has none of yet.
async fn add_missing(tx: &Transaction, ctx: &Ctx, webhook: Uuid, messages: &[&Message]) -> Result<usize> {
    let sequences: Vec<i64> = messages.iter().map(|message| message.sequence.0).collect();
    let there: Vec<Option<i64>> = webhook_delivery::Entity::find()
        .select_only()
        .column(webhook_delivery::Column::Sequence)
        .filter(webhook_delivery::Column::WebhookId.eq(webhook))
        .filter(webhook_delivery::Column::Sequence.is_in(sequences))
        .into_tuple()
        .all(&**tx)
        .await?;
    let there: BTreeSet<i64> = there.into_iter().flatten().collect();
    let missing = messages.iter().filter(|message| !there.contains(&message.sequence.0));
    let rows: Vec<webhook_delivery::ActiveModel> = missing
        .map(|message| webhook_delivery::ActiveModel {
            id: Set(ctx.new_id()),
            webhook_id: Set(webhook),
            sequence: Set(Some(message.sequence.0)),
            message_id: Set(message.id.clone()),
            kind: Set(message.kind.clone()),
            body: Set(message.body.clone()),
            state: Set(DeliveryState::Waiting.name().to_owned()),
            created_at: Set(ctx.now().0),
            next_attempt_at: Set(Some(ctx.now().0)),
            attempts: Set(0),
            first_attempt_at: Set(None),
            finished_at: Set(None),
        })
        .collect();
    let added = rows.len();
    if added > 0 {
        webhook_delivery::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(added)
}

/// Past events that are to be sent again, for one of the webhooks that are being replayed. `None` if there is none.
pub async fn next_replay(ctx: &Ctx) -> Result<Option<Batch>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    let row = webhook::Entity::find()
        .filter(webhook::Column::ReplayAfter.is_not_null())
        .order_by_asc(webhook::Column::Id)
        .one(&*snapshot)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(after), Some(until)) = (row.replay_after, row.replay_until) else { return Ok(None) };
    let filter = Filter {
        after: Some(Sequence(after)),
        before: Some(Sequence(until.saturating_add(1))),
        public_only: true,
        ..Filter::default()
    };
    let events = events::list(&*snapshot, &filter, false, BATCH).await?;
    let end = events.last().filter(|_| is_full(&events)).map_or(Sequence(until), |last| last.sequence);
    Ok(Some(Batch { events, end, position: Some(after), replay: Some((WebhookId(row.id), until)) }))
}

/// Puts the events of a replay into the queue of its webhook: those that were sent or given up begin another round.
pub async fn put_replay(ctx: &Ctx, batch: &Batch, messages: &[Message]) -> Result<()> {
    ctx.authorise(Permission::WebhooksManage)?;
    let Some((id, until)) = batch.replay else { return Ok(()) };
    let tx = ctx.write().await?;
    let row = locked_row(&tx, id).await?.filter(|row| row.replay_after == batch.position);
    let Some(row) = row else { return tx.commit(()).await };
    let wanted = wanted(&row, messages)?;
    let sequences: Vec<i64> = wanted.iter().map(|message| message.sequence.0).collect();
    let finished = Condition::all()
        .add(webhook_delivery::Column::WebhookId.eq(row.id))
        .add(webhook_delivery::Column::Sequence.is_in(sequences))
        .add(webhook_delivery::Column::State.ne(DeliveryState::Waiting.name()));
    begin_round(&tx, ctx, finished).await?;
    add_missing(&tx, ctx, row.id, &wanted).await?;
    let complete = batch.end.0 >= until;
    let mut changed = row.into_active_model();
    changed.replay_after = Set(Some(batch.end.0).filter(|_| !complete));
    changed.replay_until = Set(Some(until).filter(|_| !complete));
    changed.update(&*tx).await?;
    tx.commit(()).await
}

/// The webhooks for which something is due now.
pub async fn due(ctx: &Ctx) -> Result<Vec<WebhookId>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    let ids: Vec<Uuid> = webhook_delivery::Entity::find()
        .select_only()
        .column(webhook_delivery::Column::WebhookId)
        .distinct()
        .filter(webhook_delivery::Column::State.eq(DeliveryState::Waiting.name()))
        .filter(webhook_delivery::Column::NextAttemptAt.lte(ctx.now().0))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let rows = webhook::Entity::find().filter(webhook::Column::Id.is_in(ids)).all(&*snapshot).await?;
    let mut due = Vec::new();
    for row in rows {
        let id = row.id;
        if first_due(&snapshot, ctx, &row).await?.is_some() {
            due.push(WebhookId(id));
        }
    }
    Ok(due)
}

/// What is to be sent to a webhook next, if anything is due.
pub async fn next(ctx: &Ctx, id: WebhookId) -> Result<Option<Outgoing>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    let Some(row) = webhook::Entity::find_by_id(id.0).one(&*snapshot).await? else { return Ok(None) };
    let Some(delivery) = first_due(&snapshot, ctx, &row).await? else { return Ok(None) };
    let previous = row.previous_secret.filter(|_| row.previous_until.is_some_and(|until| until > ctx.now().0));
    Ok(Some(Outgoing {
        delivery: DeliveryId(delivery.id),
        webhook: id,
        url: row.url,
        message_id: delivery.message_id,
        body: delivery.body,
        secrets: [row.secret].into_iter().chain(previous).collect(),
    }))
}

/// The delivery that has waited longest. To a webhook that is paused, or waits after a failure, only tests are sent.
async fn first_due(
    snapshot: &crate::kernel::Snapshot,
    ctx: &Ctx,
    row: &webhook::Model,
) -> Result<Option<webhook_delivery::Model>> {
    let now = ctx.now().0;
    let mut query = webhook_delivery::Entity::find()
        .filter(webhook_delivery::Column::WebhookId.eq(row.id))
        .filter(webhook_delivery::Column::State.eq(DeliveryState::Waiting.name()))
        .filter(webhook_delivery::Column::NextAttemptAt.lte(now));
    if row.paused_at.is_some() || row.retry_at.is_some_and(|at| at > now) {
        query = query.filter(webhook_delivery::Column::Kind.eq(TEST));
    }
    Ok(query
        .order_by_asc(webhook_delivery::Column::NextAttemptAt)
        .order_by_asc(webhook_delivery::Column::Sequence)
        .order_by_asc(webhook_delivery::Column::Id)
        .one(&**snapshot)
        .await?)
}

/// Records what came of an attempt, decides when the next one is made, and pauses the webhook if that is over. What was
/// deleted meanwhile is forgotten.
pub async fn record(ctx: &Ctx, outgoing: &Outgoing, outcome: &Outcome) -> Result<()> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    let webhook = locked_row(&tx, outgoing.webhook).await?;
    let delivery = webhook_delivery::Entity::find_by_id(outgoing.delivery.0).one(&*tx).await?;
    let (Some(webhook), Some(delivery)) = (webhook, delivery) else { return tx.commit(()).await };
    note_attempt(&tx, ctx, outgoing, outcome).await?;
    if delivery.kind == TEST {
        finish(&tx, outcome, delivery, outcome.error.is_none()).await?;
    } else if outcome.error.is_none() {
        finish(&tx, outcome, delivery, true).await?;
        got_through(&tx, ctx, outcome, webhook).await?;
    } else {
        failed(&tx, ctx, outcome, webhook, delivery).await?;
    }
    tx.commit(()).await
}

async fn note_attempt(tx: &Transaction, ctx: &Ctx, outgoing: &Outgoing, outcome: &Outcome) -> Result<()> {
    let headers: serde_json::Map<String, serde_json::Value> =
        outcome.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let row = webhook_attempt::ActiveModel {
        id: Set(ctx.new_id()),
        delivery_id: Set(outgoing.delivery.0),
        webhook_id: Set(outgoing.webhook.0),
        at: Set(outcome.at.0),
        url: Set(outcome.url.clone()),
        headers: Set(serde_json::to_string(&headers)?),
        duration: Set(outcome.duration),
        status: Set(outcome.status.map(i32::from)),
        answer: Set(outcome.answer.clone()),
        error: Set(outcome.error.clone()),
    };
    webhook_attempt::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

async fn finish(tx: &Transaction, outcome: &Outcome, row: webhook_delivery::Model, delivered: bool) -> Result<()> {
    let state = if delivered { DeliveryState::Delivered } else { DeliveryState::Failed };
    let (attempts, first) = (row.attempts.saturating_add(1), row.first_attempt_at.unwrap_or(outcome.at.0));
    let mut changed = row.into_active_model();
    changed.state = Set(state.name().to_owned());
    changed.attempts = Set(attempts);
    changed.first_attempt_at = Set(Some(first));
    changed.next_attempt_at = Set(None);
    changed.finished_at = Set(Some(outcome.at.0));
    changed.update(&**tx).await?;
    Ok(())
}

async fn got_through(tx: &Transaction, ctx: &Ctx, outcome: &Outcome, webhook: webhook::Model) -> Result<()> {
    if webhook.failures >= AWAY {
        // Its receiver is back: nothing waits any longer for a try that was planned while it was away.
        webhook_delivery::Entity::update_many()
            .col_expr(webhook_delivery::Column::NextAttemptAt, Expr::value(ctx.now().0))
            .filter(webhook_delivery::Column::WebhookId.eq(webhook.id))
            .filter(webhook_delivery::Column::State.eq(DeliveryState::Waiting.name()))
            .exec(&**tx)
            .await?;
    }
    let mut changed = webhook.into_active_model();
    changed.failing_since = Set(None);
    changed.failures = Set(0);
    changed.retry_at = Set(None);
    changed.last_attempt_at = Set(Some(outcome.at.0));
    changed.last_status = Set(outcome.status.map(i32::from));
    changed.last_error = Set(None);
    changed.last_success_at = Set(Some(outcome.at.0));
    changed.update(&**tx).await?;
    Ok(())
}

async fn failed(
    tx: &Transaction,
    ctx: &Ctx,
    outcome: &Outcome,
    webhook: webhook::Model,
    delivery: webhook_delivery::Model,
) -> Result<()> {
    let now = ctx.now();
    let gone = outcome.status == Some(410);
    let asked_for = outcome.retry_after.as_deref().and_then(|header| retries::asked_for(header, outcome.at));
    // Both waits are drawn alike, so that a single delivery is tried as soon as its webhook may be.
    let jitter = Jitter::draw(&*ctx.chance);
    let attempts = delivery.attempts.saturating_add(1);
    let began = delivery.first_attempt_at.map_or(outcome.at, Timestamp);
    match retries::next(attempts, began, now, asked_for, jitter).filter(|_| !gone) {
        Some(at) => {
            let mut changed = delivery.into_active_model();
            changed.attempts = Set(attempts);
            changed.first_attempt_at = Set(Some(began.0));
            changed.next_attempt_at = Set(Some(at.0));
            changed.update(&**tx).await?;
        }
        None => finish(tx, outcome, delivery, false).await?,
    }
    let failures = webhook.failures.saturating_add(1);
    let since = webhook.failing_since.map_or(outcome.at, Timestamp);
    let retry_at = retries::next(failures, since, now, asked_for, jitter);
    let is_paused = webhook.paused_at.is_some();
    let mut changed = webhook.into_active_model();
    changed.failing_since = Set(Some(since.0));
    changed.failures = Set(failures);
    changed.retry_at = Set(retry_at.map(|at| at.0));
    changed.last_attempt_at = Set(Some(outcome.at.0));
    changed.last_status = Set(outcome.status.map(i32::from));
    changed.last_error = Set(outcome.error.clone());
    let webhook = changed.update(&**tx).await?;
    let reason = match (gone, retry_at) {
        (true, _) => Some(PauseReason::Gone),
        (false, None) => Some(PauseReason::Failing),
        (false, Some(_)) => None,
    };
    if let Some(reason) = reason.filter(|_| !is_paused) {
        pause_row(tx, ctx, webhook, reason, None).await?;
    }
    Ok(())
}

/// Removes attempts and finished deliveries that are older than [`KEPT`], and what has waited that long for a webhook that
/// nobody resumed. Answers how many rows.
pub async fn thin(ctx: &Ctx) -> Result<u64> {
    ctx.authorise(Permission::WebhooksManage)?;
    let old = ctx.now().plus(-KEPT).0;
    let snapshot = ctx.database.read().await?;
    // A finished delivery has no next attempt.
    let old_delivery = || {
        Condition::any()
            .add(webhook_delivery::Column::FinishedAt.lt(old))
            .add(webhook_delivery::Column::NextAttemptAt.lt(old))
    };
    let attempt = webhook_attempt::Entity::find().filter(webhook_attempt::Column::At.lt(old)).one(&*snapshot).await?;
    let delivery = webhook_delivery::Entity::find().filter(old_delivery()).one(&*snapshot).await?;
    drop(snapshot);
    if attempt.is_none() && delivery.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let deliveries: Vec<Uuid> = webhook_delivery::Entity::find()
        .select_only()
        .column(webhook_delivery::Column::Id)
        .filter(old_delivery())
        .limit(1_000)
        .into_tuple()
        .all(&*tx)
        .await?;
    let attempts = webhook_attempt::Entity::delete_many()
        .filter(
            Condition::any()
                .add(webhook_attempt::Column::At.lt(old))
                .add(webhook_attempt::Column::DeliveryId.is_in(deliveries.clone())),
        )
        .exec(&*tx)
        .await?;
    let removed = webhook_delivery::Entity::delete_many()
        .filter(webhook_delivery::Column::Id.is_in(deliveries))
        .exec(&*tx)
        .await?;
    tx.commit(attempts.rows_affected + removed.rows_affected).await
}
