//! The steps in a webhook's life: pausing, resuming, a test, sending again, replaying. They put things into the queue; the
//! follower sends them.

use entity::{webhook, webhook_delivery};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr,
};
use serde_json::json;

use crate::{
    events::{self, EventKind, Filter},
    kernel::{Ctx, DeliveryId, Error, Permission, Result, Timestamp, Transaction, WebhookId},
};

use super::{
    commands::about,
    deliveries::{self, Delivery, DeliveryState},
    views::{PauseReason, Webhook, load, locked_row, seen_row, unknown},
};

/// The longest note on a pause, in characters.
const NOTE_LIMIT: usize = 500;
/// The type of what a test sends.
const TEST: &str = "test";

/// Stops sending to a webhook until it is resumed. What happens meanwhile is not kept for it.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen; [`Error::Conflict`] if it is paused.
pub async fn pause(ctx: &Ctx, id: WebhookId, seen: &str, note: Option<String>) -> Result<Webhook> {
    ctx.authorise(Permission::WebhooksManage)?;
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_LIMIT) {
        return Err(Error::invalid("/note", "too-long", format!("At most {NOTE_LIMIT} characters are possible.")));
    }
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    if row.paused_at.is_some() {
        return Err(Error::conflict("already-paused", "The webhook is paused already."));
    }
    let webhook = pause_row(&tx, ctx, row, PauseReason::ByHand, note).await?;
    tx.commit(webhook).await
}

/// Pauses a webhook within a transaction that holds its row, and appends the event, last of all.
pub(super) async fn pause_row(
    tx: &Transaction,
    ctx: &Ctx,
    row: webhook::Model,
    reason: PauseReason,
    note: Option<String>,
) -> Result<Webhook> {
    let id = WebhookId(row.id);
    let mut changed = row.into_active_model();
    changed.paused_at = Set(Some(ctx.now().0));
    changed.paused_sequence = Set(Some(events::last_sequence(&**tx).await?.0));
    changed.pause_reason = Set(Some(reason.name().to_owned()));
    changed.pause_note = Set(note.clone());
    changed.update(&**tx).await?;
    let webhook = load(&**tx, id).await?;
    let event = about(EventKind::WebhookPaused, &webhook).with("reason", reason.name()).with("note", note);
    events::append(tx, ctx, event).await?;
    Ok(webhook)
}

/// Pauses every webhook that came with a backup, within the transaction that restores it.
pub async fn pause_restored(tx: &Transaction, ctx: &Ctx) -> Result<()> {
    let active = webhook::Entity::find().filter(webhook::Column::PausedAt.is_null()).all(&**tx).await?;
    for row in active {
        pause_row(tx, ctx, row, PauseReason::Restored, None).await?;
    }
    Ok(())
}

/// Goes on with a webhook that was paused: what was waiting is sent, and what happens from now on.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen; [`Error::Conflict`] if it is not paused.
pub async fn resume(ctx: &Ctx, id: WebhookId, seen: &str) -> Result<Webhook> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    if row.paused_at.is_none() {
        return Err(Error::conflict("not-paused", "The webhook is not paused."));
    }
    let mut changed = row.into_active_model();
    changed.paused_at = Set(None);
    changed.paused_sequence = Set(None);
    changed.pause_reason = Set(None);
    changed.pause_note = Set(None);
    changed.failing_since = Set(None);
    changed.failures = Set(0);
    changed.retry_at = Set(None);
    changed.since_sequence = Set(events::last_sequence(&*tx).await?.0);
    changed.update(&*tx).await?;
    let waiting = Condition::all()
        .add(webhook_delivery::Column::WebhookId.eq(id.0))
        .add(webhook_delivery::Column::State.eq(DeliveryState::Waiting.name()));
    begin_round(&tx, ctx, waiting).await?;
    let webhook = load(&*tx, id).await?;
    events::append(&tx, ctx, about(EventKind::WebhookResumed, &webhook)).await?;
    tx.commit(webhook).await
}

/// Puts a test into the queue: it is signed and sent like an event, once, also to a webhook that is paused. Whether it gets
/// through changes nothing about the webhook.
///
/// # Errors
/// [`Error::Stale`] if the webhook is no longer as it was seen.
pub async fn test(ctx: &Ctx, id: WebhookId, seen: &str) -> Result<Delivery> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    let delivery = DeliveryId(ctx.new_id());
    let body = json!({
        "type": TEST,
        "timestamp": ctx.now(),
        "data": { "webhook": { "id": id, "name": row.name }, "sent_by": ctx.actor.name },
    });
    let new = webhook_delivery::ActiveModel {
        id: Set(delivery.0),
        webhook_id: Set(id.0),
        sequence: Set(None),
        message_id: Set(format!("test_{}", delivery.0.simple())),
        kind: Set(TEST.to_owned()),
        body: Set(body.to_string()),
        state: Set(DeliveryState::Waiting.name().to_owned()),
        created_at: Set(ctx.now().0),
        next_attempt_at: Set(Some(ctx.now().0)),
        attempts: Set(0),
        first_attempt_at: Set(None),
        finished_at: Set(None),
    };
    webhook_delivery::Entity::insert(new).exec_without_returning(&*tx).await?;
    let webhook = load(&*tx, id).await?;
    events::append(&tx, ctx, about(EventKind::WebhookTested, &webhook)).await?;
    let delivery = deliveries::load(&*tx, id, delivery).await?;
    tx.commit(delivery).await
}

/// Sends something again, or now instead of later, with the same id and body. It begins another round of attempts.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen; [`Error::Conflict`] if the webhook is paused.
pub async fn send_again(ctx: &Ctx, id: WebhookId, delivery: DeliveryId, seen: &str) -> Result<Delivery> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    // The row of the webhook is taken first, as by everything else that changes its queue.
    let row = locked_row(&tx, id).await?.ok_or_else(|| unknown(id))?;
    let present = deliveries::load(&*tx, id, delivery).await?;
    if present.revision != seen {
        return Err(Error::stale(&present.revision, &present));
    }
    if row.paused_at.is_some() && present.kind != TEST {
        return Err(Error::conflict("webhook-paused", "The webhook is paused. Resume it first, or send a test."));
    }
    // Who asks does not want to wait until the next try is due.
    let mut changed = row.into_active_model();
    changed.retry_at = Set(None);
    changed.update(&*tx).await?;
    begin_round(&tx, ctx, Condition::all().add(webhook_delivery::Column::Id.eq(delivery.0))).await?;
    let webhook = load(&*tx, id).await?;
    let event = about(EventKind::WebhookSentAgain, &webhook).with("message_id", present.message_id);
    events::append(&tx, ctx, event).await?;
    let delivery = deliveries::load(&*tx, id, delivery).await?;
    tx.commit(delivery).await
}

/// Sends every event that the webhook wants again, from a time up to now, in their order and with the ids that they have.
/// The follower puts them into the queue piece by piece.
///
/// # Errors
/// [`Error::Invalid`] if nothing happened since; [`Error::Conflict`] if it is paused or being replayed;
/// [`Error::Stale`] if it is no longer as it was seen.
pub async fn replay(ctx: &Ctx, id: WebhookId, seen: &str, since: Timestamp) -> Result<Webhook> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    if row.paused_at.is_some() {
        return Err(Error::conflict("webhook-paused", "The webhook is paused. Resume it first."));
    }
    if row.replay_after.is_some() {
        return Err(Error::conflict("already-replaying", "Past events are being sent again at this moment."));
    }
    let filter = Filter { from: Some(since), public_only: true, ..Filter::default() };
    let Some(first) = events::list(&*tx, &filter, false, 1).await?.into_iter().next() else {
        return Err(Error::invalid("/since", "nothing-since", "Nothing public has happened since then."));
    };
    let mut changed = row.into_active_model();
    changed.replay_after = Set(Some(first.sequence.0 - 1));
    changed.replay_until = Set(Some(events::last_sequence(&*tx).await?.0));
    changed.retry_at = Set(None);
    changed.update(&*tx).await?;
    let webhook = load(&*tx, id).await?;
    let event = about(EventKind::WebhookReplayed, &webhook).with("since", since.to_string());
    events::append(&tx, ctx, event).await?;
    tx.commit(webhook).await
}

/// Begins another round of attempts, at once and with nothing counted, for the deliveries of a condition.
pub(super) async fn begin_round(tx: &Transaction, ctx: &Ctx, which: Condition) -> Result<()> {
    webhook_delivery::Entity::update_many()
        .col_expr(webhook_delivery::Column::State, Expr::value(DeliveryState::Waiting.name()))
        .col_expr(webhook_delivery::Column::NextAttemptAt, Expr::value(ctx.now().0))
        .col_expr(webhook_delivery::Column::Attempts, Expr::value(0))
        .col_expr(webhook_delivery::Column::FirstAttemptAt, Expr::value(Option::<i64>::None))
        .col_expr(webhook_delivery::Column::FinishedAt, Expr::value(Option::<i64>::None))
        .filter(which)
        .exec(&**tx)
        .await?;
    Ok(())
}
