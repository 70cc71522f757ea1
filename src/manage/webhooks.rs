//! Webhooks: addresses elsewhere to which public events are posted.

use serde_json::{Value, json as value};

use crate::{
    kernel::{DeliveryId, Error, Permission, Result, UserId, WebhookId},
    web::{Answer, Call, Cursor, Fields, created_with_etag, idempotent, json_with_etag, no_content},
    webhooks::{
        self, Added, AttemptListing, Delivery, DeliveryListing, EventType, NewWebhook, Page, Webhook, WebhookChange,
    },
};

use super::lists;

const WEBHOOKS: &str = "/manage/v1/webhooks";
const NEWEST: &str = "-at";
/// The longest name that is read; the command says what is too long.
const NAME_READ: usize = 1_000;
const URL_READ: usize = 10_000;
/// For how many hours the previous secret goes on if nothing is said.
const USUAL_OVERLAP: i64 = 24;

pub async fn list(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let webhooks = webhooks::list(&call.ctx).await?;
    lists::answer(&webhooks, None, u64::try_from(webhooks.len()).unwrap_or_default())
}

/// Like the rotation of a secret, an answer that holds one. Sent again with the same idempotency key, it comes without.
pub async fn add(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let mut fields = call.fields()?;
    let new = NewWebhook {
        name: fields.required_text("name", NAME_READ),
        url: fields.required_text("url", URL_READ),
        owner: owner(&call, &mut fields)?,
        events: fields.choices::<EventType>("events"),
    };
    fields.finish()?;
    let mut secret = None;
    let webhook = idempotent(&call.ctx, async {
        let Added { webhook, secret: made } = webhooks::add(&call.ctx, call.app.outbound.targets(), new).await?;
        secret = Some(made);
        Ok(webhook)
    })
    .await?;
    call.app.ring();
    let body = with_secret(&webhook, secret)?;
    created_with_etag(&body, &webhook.revision, &format!("{WEBHOOKS}/{}", webhook.id))
}

/// Whose webhook it is to be: the caller's, unless another is named.
fn owner(call: &Call, fields: &mut Fields) -> Result<UserId> {
    let named = fields.id("owner").map(UserId);
    named.or(call.ctx.actor.user).ok_or(Error::Forbidden(Permission::WebhooksManage))
}

fn with_secret(webhook: &Webhook, secret: Option<String>) -> Result<Value> {
    let mut body = serde_json::to_value(webhook)?;
    if let Value::Object(body) = &mut body {
        body.insert("secret".to_owned(), value!(secret));
    }
    Ok(body)
}

pub async fn show(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    answer(&webhooks::get(&call.ctx, call.id("id")?).await?)
}

fn answer(webhook: &Webhook) -> Answer {
    json_with_etag(webhook, &webhook.revision)
}

pub async fn change(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    let mut fields = call.fields()?;
    let change = WebhookChange {
        name: fields.raw_text("name"),
        url: fields.raw_text("url"),
        owner: fields.id("owner").map(UserId),
        events: fields.has("events").then(|| fields.choices::<EventType>("events")),
    };
    fields.finish()?;
    let webhook = webhooks::change(&call.ctx, call.app.outbound.targets(), id, &seen, change).await?;
    call.app.ring();
    answer(&webhook)
}

pub async fn delete(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen) = (call.id("id")?, call.seen_etag()?);
    webhooks::delete(&call.ctx, id, &seen).await?;
    no_content()
}

pub async fn rotate(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    let mut fields = call.fields()?;
    let overlap = fields.whole_number("overlap_hours").unwrap_or(USUAL_OVERLAP);
    fields.finish()?;
    let mut secret = None;
    let webhook = idempotent(&call.ctx, async {
        let Added { webhook, secret: made } = webhooks::rotate(&call.ctx, id, &seen, overlap).await?;
        secret = Some(made);
        Ok(webhook)
    })
    .await?;
    json_with_etag(&with_secret(&webhook, secret)?, &webhook.revision)
}

pub async fn pause(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    let mut fields = call.fields()?;
    let note = fields.text("note", NAME_READ);
    fields.finish()?;
    answer(&idempotent(&call.ctx, webhooks::pause(&call.ctx, id, &seen, note)).await?)
}

pub async fn resume(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    call.fields()?.finish()?;
    let webhook: Webhook = idempotent(&call.ctx, webhooks::resume(&call.ctx, id, &seen)).await?;
    call.app.ring();
    answer(&webhook)
}

pub async fn test(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    call.fields()?.finish()?;
    let delivery: Delivery = idempotent(&call.ctx, webhooks::test(&call.ctx, id, &seen)).await?;
    call.app.ring();
    let address = format!("{WEBHOOKS}/{id}/deliveries/{}", delivery.id);
    created_with_etag(&delivery, &delivery.revision, &address)
}

pub async fn replay(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, seen): (WebhookId, String) = (call.id("id")?, call.seen_etag()?);
    let mut fields = call.fields()?;
    let since = fields.time("since");
    if since.is_none() && !fields.has_fault("since") {
        fields.fault("since", "missing-field", "This field is missing.");
    }
    fields.finish()?;
    let webhook = idempotent(&call.ctx, webhooks::replay(&call.ctx, id, &seen, since.unwrap_or_default())).await?;
    call.app.ring();
    answer(&webhook)
}

pub async fn deliveries(mut call: Call) -> Answer {
    let webhook: WebhookId = call.id("id")?;
    let limit = call.query.number("limit", 20, 1, 100);
    let state: Option<webhooks::DeliveryState> = call.query.choice("state");
    let after = call.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id));
    std::mem::take(&mut call.query).finish()?;
    let page = webhooks::deliveries(&call.ctx, &DeliveryListing { webhook, state, after, limit }).await?;
    let state = state.map(|state| state.name().to_owned());
    answer_page(&page, &format!("{WEBHOOKS}/{webhook}/deliveries"), limit, ("state", state))
}

pub async fn attempts(mut call: Call) -> Answer {
    let webhook: WebhookId = call.id("id")?;
    let limit = call.query.number("limit", 20, 1, 100);
    let delivery = call.query.id("delivery").map(DeliveryId);
    let after = call.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id));
    std::mem::take(&mut call.query).finish()?;
    let page = webhooks::attempts(&call.ctx, &AttemptListing { webhook, delivery, after, limit }).await?;
    let delivery = delivery.map(|id| id.to_string());
    answer_page(&page, &format!("{WEBHOOKS}/{webhook}/attempts"), limit, ("delivery", delivery))
}

fn answer_page<T: serde::Serialize>(
    page: &Page<T>,
    path: &str,
    limit: u64,
    filter: (&'static str, Option<String>),
) -> Answer {
    let next = page.next.clone().map(|(key, id)| {
        let cursor = Cursor { order: NEWEST.to_owned(), key, id }.encode();
        lists::next(path, &[("limit", Some(limit.to_string())), filter], &cursor)
    });
    lists::answer(&page.rows, next, page.total)
}

pub async fn delivery(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let delivery = webhooks::delivery(&call.ctx, call.id("id")?, call.id("delivery")?).await?;
    json_with_etag(&delivery, &delivery.revision)
}

pub async fn send_again(mut call: Call) -> Answer {
    std::mem::take(&mut call.query).finish()?;
    let (id, delivery): (WebhookId, DeliveryId) = (call.id("id")?, call.id("delivery")?);
    let seen = call.seen_etag()?;
    call.fields()?.finish()?;
    let delivery: Delivery = idempotent(&call.ctx, webhooks::send_again(&call.ctx, id, delivery, &seen)).await?;
    call.app.ring();
    json_with_etag(&delivery, &delivery.revision)
}
