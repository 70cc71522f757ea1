//! Making, changing and deleting webhooks, and giving them other secrets. Steps in their life stand in `steps.rs`.
//!
//! Decision (2026-11-22): the outcome that is kept for an idempotency key is the webhook without its secret, as with API
//! keys. Consequence: who repeats the request learns that it was done; a lost secret is rotated.

use entity::{webhook, webhook_attempt, webhook_delivery};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};
use serde_json::{Map, Value, json};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Permission, Result, Timestamp, WebhookId},
    outbound::Targets,
};

use super::{
    secrets,
    views::{
        Added, LONGEST_OVERLAP, MOST, NewWebhook, Webhook, WebhookChange, checked_events, checked_name, checked_owner,
        checked_url, load, seen_row,
    },
};

/// Makes a webhook, to which events go from now on. Its secret can't be had again.
///
/// # Errors
/// [`Error::Invalid`] with every fault: an address that may not be posted to, an owner who is not active.
pub async fn add(ctx: &Ctx, targets: &Targets, new: NewWebhook) -> Result<Added> {
    ctx.authorise(Permission::WebhooksManage)?;
    let mut faults = Vec::new();
    let name = checked_name(&new.name, &mut faults);
    let url = checked_url(targets, &new.url, &mut faults);
    let chosen = checked_events(new.events, &mut faults)?;
    let tx = ctx.write().await?;
    checked_owner(&tx, new.owner, &mut faults).await?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let count = webhook::Entity::find().count(&*tx).await?;
    if usize::try_from(count).unwrap_or(usize::MAX) >= MOST {
        let detail = format!("There are {MOST} webhooks already; delete one that is no longer needed.");
        return Err(Error::conflict("too-many-webhooks", detail));
    }
    let id = WebhookId(ctx.new_id());
    let secret = secrets::new(&*ctx.chance);
    let since = events::last_sequence(&*tx).await?;
    let row = webhook::ActiveModel {
        id: Set(id.0),
        name: Set(name.clone()),
        url: Set(url.clone()),
        owner_id: Set(new.owner.0),
        events: Set(chosen),
        secret: Set(secret.clone()),
        previous_secret: Set(None),
        previous_until: Set(None),
        created_at: Set(ctx.now().0),
        since_sequence: Set(since.0),
        paused_at: Set(None),
        paused_sequence: Set(None),
        pause_reason: Set(None),
        pause_note: Set(None),
        failing_since: Set(None),
        failures: Set(0),
        retry_at: Set(None),
        replay_after: Set(None),
        replay_until: Set(None),
        last_attempt_at: Set(None),
        last_status: Set(None),
        last_error: Set(None),
        last_success_at: Set(None),
    };
    webhook::Entity::insert(row).exec_without_returning(&*tx).await?;
    let webhook = load(&*tx, id).await?;
    let event = about(EventKind::WebhookAdded, &webhook)
        .with("url", url)
        .with("owner", new.owner.to_string())
        .with("events", json!(webhook.events));
    events::append(&tx, ctx, event).await?;
    let webhook = tx.commit(webhook).await?;
    Ok(Added { webhook, secret })
}

/// Changes name, address, owner or the types of events. What changes nothing is no change.
///
/// # Errors
/// [`Error::Invalid`] with every fault; [`Error::Stale`] if it is no longer as it was seen.
pub async fn change(ctx: &Ctx, targets: &Targets, id: WebhookId, seen: &str, change: WebhookChange) -> Result<Webhook> {
    ctx.authorise(Permission::WebhooksManage)?;
    let mut faults = Vec::new();
    let name = change.name.map(|name| checked_name(&name, &mut faults));
    let url = change.url.map(|url| checked_url(targets, &url, &mut faults));
    let chosen = change.events.map(|events| checked_events(events, &mut faults)).transpose()?;
    let tx = ctx.write().await?;
    let before = seen_row(&tx, id, seen).await?;
    if let Some(owner) = change.owner.filter(|owner| owner.0 != before.owner_id) {
        checked_owner(&tx, owner, &mut faults).await?;
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut after = before.clone();
    after.name = name.unwrap_or(after.name);
    after.url = url.unwrap_or(after.url);
    after.owner_id = change.owner.map_or(after.owner_id, |owner| owner.0);
    after.events = chosen.unwrap_or(after.events);
    let changed = differences(&before, &after)?;
    if changed.is_empty() {
        let webhook = load(&*tx, id).await?;
        return tx.commit(webhook).await;
    }
    if before.url != after.url {
        // Another address has not failed yet.
        (after.failing_since, after.failures, after.retry_at) = (None, 0, None);
    }
    after.into_active_model().reset_all().update(&*tx).await?;
    let webhook = load(&*tx, id).await?;
    let mut event = about(EventKind::WebhookChanged, &webhook);
    event.payload.extend(changed);
    events::append(&tx, ctx, event).await?;
    tx.commit(webhook).await
}

/// What differs, as `{from, to}` by name.
fn differences(before: &webhook::Model, after: &webhook::Model) -> Result<Map<String, Value>> {
    let events = |row: &webhook::Model| super::views::events_of(row).map(|events| json!(events));
    let pairs = [
        ("renamed", json!(before.name), json!(after.name)),
        ("url", json!(before.url), json!(after.url)),
        ("owner", json!(before.owner_id), json!(after.owner_id)),
        ("events", events(before)?, events(after)?),
    ];
    let changed = pairs.into_iter().filter(|(_, from, to)| from != to);
    Ok(changed.map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to }))).collect())
}

/// Gives it another secret. The one before signs beside it for `overlap` hours, 0 to [`LONGEST_OVERLAP`], so that the
/// receiver has time to take the new one.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen.
pub async fn rotate(ctx: &Ctx, id: WebhookId, seen: &str, overlap: i64) -> Result<Added> {
    ctx.authorise(Permission::WebhooksManage)?;
    if !(0..=LONGEST_OVERLAP).contains(&overlap) {
        let detail = format!("The previous secret can go on for 0 to {LONGEST_OVERLAP} hours.");
        return Err(Error::invalid("/overlap_hours", "out-of-range", detail));
    }
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    let secret = secrets::new(&*ctx.chance);
    let until = ctx.now().plus(overlap.saturating_mul(Timestamp::HOUR));
    let (previous, previous_until) = if overlap > 0 { (Some(row.secret.clone()), Some(until.0)) } else { (None, None) };
    let mut changed = row.into_active_model();
    changed.secret = Set(secret.clone());
    changed.previous_secret = Set(previous);
    changed.previous_until = Set(previous_until);
    changed.update(&*tx).await?;
    let webhook = load(&*tx, id).await?;
    let event = about(EventKind::WebhookSecretRotated, &webhook)
        .with("previous_until", webhook.previous_secret_until.map(|until| until.to_string()));
    events::append(&tx, ctx, event).await?;
    let webhook = tx.commit(webhook).await?;
    Ok(Added { webhook, secret })
}

/// Deletes it, with everything that was on its way and the record of what was sent.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen.
pub async fn delete(ctx: &Ctx, id: WebhookId, seen: &str) -> Result<()> {
    ctx.authorise(Permission::WebhooksManage)?;
    let tx = ctx.write().await?;
    seen_row(&tx, id, seen).await?;
    let webhook = load(&*tx, id).await?;
    webhook_attempt::Entity::delete_many().filter(webhook_attempt::Column::WebhookId.eq(id.0)).exec(&*tx).await?;
    webhook_delivery::Entity::delete_many().filter(webhook_delivery::Column::WebhookId.eq(id.0)).exec(&*tx).await?;
    webhook::Entity::delete_by_id(id.0).exec(&*tx).await?;
    let event = about(EventKind::WebhookDeleted, &webhook).with("url", webhook.url.clone());
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

pub(super) fn about(kind: EventKind, webhook: &Webhook) -> NewEvent {
    NewEvent::about(kind, "webhook", webhook.id).with("name", webhook.name.clone())
}
