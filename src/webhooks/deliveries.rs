//! What was sent, what is on its way, and what came of each attempt: lists for those who look after webhooks.

use entity::{webhook, webhook_attempt, webhook_delivery};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::{Ctx, DeliveryId, Error, Fault, Permission, Result, Sequence, Timestamp, WebhookId, revision};

use super::views;

named! {
    /// How far a delivery is.
    DeliveryState {
        /// It is tried at a time, or when the webhook is resumed.
        Waiting = "waiting",
        Delivered = "delivered",
        /// It is tried no more.
        Failed = "failed",
    }
}

/// One event, or a test, for one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    /// `webhook-id`: what the receiver knows it by.
    pub message_id: String,
    /// The type of the event, or `test`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of the event; `None` for a test.
    pub sequence: Option<Sequence>,
    pub state: DeliveryState,
    pub created_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
    /// Of the present round; sending again begins another.
    pub attempts: i32,
    pub finished_at: Option<Timestamp>,
    /// The body as it is sent and signed.
    pub body: String,
    /// Sending again names it.
    pub revision: String,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub id: Uuid,
    pub delivery: DeliveryId,
    pub message_id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub at: Timestamp,
    pub duration_milliseconds: i32,
    pub request: Sent,
    /// `None` if nothing was answered.
    pub answer: Option<Answered>,
    /// In words, if it did not get through.
    pub error: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub url: String,
    /// By name.
    pub headers: Value,
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub status: i32,
    /// Its beginning.
    pub body: String,
}

/// Which deliveries to list.
#[derive(Clone, Debug)]
pub struct DeliveryListing {
    pub webhook: WebhookId,
    pub state: Option<DeliveryState>,
    /// Time and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

/// Which attempts to list.
#[derive(Clone, Debug)]
pub struct AttemptListing {
    pub webhook: WebhookId,
    pub delivery: Option<DeliveryId>,
    /// Time and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

/// A page of a list, newest first.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub total: u64,
    /// Where the next page starts.
    pub next: Option<(String, Uuid)>,
}

/// Deliveries, newest first.
pub async fn deliveries(ctx: &Ctx, listing: &DeliveryListing) -> Result<Page<Delivery>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    known(&*snapshot, listing.webhook).await?;
    let mut query = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(listing.webhook.0));
    if let Some(state) = listing.state {
        query = query.filter(webhook_delivery::Column::State.eq(state.name()));
    }
    let total = query.clone().count(&*snapshot).await?;
    if let Some(after) = &listing.after {
        query = query.filter(beyond(webhook_delivery::Column::CreatedAt, webhook_delivery::Column::Id, after)?);
    }
    let rows = query
        .order_by_desc(webhook_delivery::Column::CreatedAt)
        .order_by_desc(webhook_delivery::Column::Id)
        .limit(listing.limit.saturating_add(1))
        .all(&*snapshot)
        .await?;
    let rows = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(page(rows, listing.limit, total, |row| (row.created_at, row.id.0)))
}

/// One delivery of a webhook.
pub async fn delivery(ctx: &Ctx, webhook: WebhookId, id: DeliveryId) -> Result<Delivery> {
    ctx.authorise(Permission::WebhooksManage)?;
    load(&*ctx.database.read().await?, webhook, id).await
}

pub(super) async fn load(connection: &impl ConnectionTrait, webhook: WebhookId, id: DeliveryId) -> Result<Delivery> {
    let row = webhook_delivery::Entity::find_by_id(id.0)
        .filter(webhook_delivery::Column::WebhookId.eq(webhook.0))
        .one(connection)
        .await?;
    read(row.ok_or_else(|| Error::not_found(format!("delivery with the id {id}")))?)
}

/// Attempts, newest first.
pub async fn attempts(ctx: &Ctx, listing: &AttemptListing) -> Result<Page<Attempt>> {
    ctx.authorise(Permission::WebhooksManage)?;
    let snapshot = ctx.database.read().await?;
    known(&*snapshot, listing.webhook).await?;
    let mut query = webhook_attempt::Entity::find().filter(webhook_attempt::Column::WebhookId.eq(listing.webhook.0));
    if let Some(delivery) = listing.delivery {
        query = query.filter(webhook_attempt::Column::DeliveryId.eq(delivery.0));
    }
    let total = query.clone().count(&*snapshot).await?;
    if let Some(after) = &listing.after {
        query = query.filter(beyond(webhook_attempt::Column::At, webhook_attempt::Column::Id, after)?);
    }
    let rows = query
        .order_by_desc(webhook_attempt::Column::At)
        .order_by_desc(webhook_attempt::Column::Id)
        .limit(listing.limit.saturating_add(1))
        .all(&*snapshot)
        .await?;
    let of: Vec<Uuid> = rows.iter().map(|row| row.delivery_id).collect();
    let sent = webhook_delivery::Entity::find().filter(webhook_delivery::Column::Id.is_in(of)).all(&*snapshot).await?;
    let rows = rows
        .into_iter()
        .filter_map(|row| {
            let delivery = sent.iter().find(|delivery| delivery.id == row.delivery_id)?;
            Some(read_attempt(row, delivery))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(page(rows, listing.limit, total, |row| (row.at, row.id)))
}

async fn known(connection: &impl ConnectionTrait, id: WebhookId) -> Result<()> {
    let found = webhook::Entity::find_by_id(id.0).one(connection).await?;
    found.map(|_| ()).ok_or_else(|| views::unknown(id))
}

/// The rows that come after one in an order by time and id, newest first.
fn beyond<C: ColumnTrait>(time: C, id: C, after: &(String, Uuid)) -> Result<Condition> {
    let bad = || Error::Malformed(vec![Fault::new("cursor", "bad-cursor", "This list did not give out the cursor.")]);
    let at: i64 = after.0.parse().map_err(|_| bad())?;
    Ok(Condition::any().add(time.lt(at)).add(Condition::all().add(time.eq(at)).add(id.lt(after.1))))
}

/// Cuts off the row that only says that there is another page.
fn page<T>(mut rows: Vec<T>, limit: u64, total: u64, key: impl Fn(&T) -> (Timestamp, Uuid)) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let (at, id) = key(last);
        (at.0.to_string(), id)
    });
    Page { rows, total, next }
}

pub(super) fn read(row: webhook_delivery::Model) -> Result<Delivery> {
    let state = DeliveryState::from_name(&row.state);
    let state = state.ok_or_else(|| Error::bug(format!("unknown state of a delivery {}", row.state)))?;
    Ok(Delivery {
        revision: revision(&(&row.state, row.attempts, row.first_attempt_at))?,
        id: DeliveryId(row.id),
        webhook: WebhookId(row.webhook_id),
        message_id: row.message_id,
        kind: row.kind,
        sequence: row.sequence.map(Sequence),
        state,
        created_at: Timestamp(row.created_at),
        next_attempt_at: row.next_attempt_at.map(Timestamp),
        attempts: row.attempts,
        finished_at: row.finished_at.map(Timestamp),
        body: row.body,
    })
}

fn read_attempt(row: webhook_attempt::Model, delivery: &webhook_delivery::Model) -> Result<Attempt> {
    let headers = serde_json::from_str(&row.headers)?;
    let body = row.answer.unwrap_or_default();
    Ok(Attempt {
        id: row.id,
        delivery: DeliveryId(row.delivery_id),
        message_id: delivery.message_id.clone(),
        kind: delivery.kind.clone(),
        at: Timestamp(row.at),
        duration_milliseconds: row.duration,
        request: Sent { url: row.url, headers, body: delivery.body.clone() },
        answer: row.status.map(|status| Answered { status, body }),
        error: row.error,
    })
}
