//! One delivery: what was sent, each attempt with what came back, and sending it again.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    kernel::{DeliveryId, Error, WebhookId},
    web::{Answer, session::Tone},
    webhooks::{self, Attempt, AttemptListing, Delivery, Webhook},
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, badge::Look, field, time},
    },
    AREA, address, crumbs, delivery_state, duration, kind_of,
};

/// Attempts that are shown; a round has a dozen.
const SHOWN: u64 = 50;

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    page(&request, html! {}, StatusCode::OK).await
}

async fn page(request: &PanelRequest, notice: Markup, status: StatusCode) -> Answer {
    let (id, delivery): (WebhookId, DeliveryId) = (request.id("id")?, request.id("delivery")?);
    let webhook = webhooks::get(&request.ctx, id).await?;
    let delivery = webhooks::delivery(&request.ctx, id, delivery).await?;
    let listing = AttemptListing { webhook: id, delivery: Some(delivery.id), after: None, limit: SHOWN };
    let attempts = webhooks::attempts(&request.ctx, &listing).await?;
    let title = match delivery.sequence {
        Some(sequence) => format!("{}, event {sequence}", kind_of(&delivery.kind)),
        None => "A test".to_owned(),
    };
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(Some(&webhook)))
            (ui::head(&title, html! { (delivery_state(&delivery)) }))
            (notice)
            (facts(request, &delivery))
            (again(&webhook, &delivery))
            section.stack-s aria-labelledby="body" {
                h2 #body { "What is sent" }
                pre.sample tabindex="0" { code { (pretty(&delivery.body)) } }
            }
            section.stack aria-labelledby="tries" {
                h2 #tries { "Tries" }
                @if attempts.rows.is_empty() { (ui::empty("It has not been tried yet.", html! {})) }
                @for attempt in &attempts.rows { (one(request, attempt)) }
            }
        } }
    };
    Ok(request.page_with(status, AREA, &title, main))
}

fn facts(request: &PanelRequest, delivery: &Delivery) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        dl.facts {
            dt { "Its id" } dd { code { (delivery.message_id) } }
            dt { "Put into the queue" } dd { (time::when(zone, now, delivery.created_at)) }
            dt { "Tries" } dd { (delivery.attempts) }
            @if let Some(at) = delivery.next_attempt_at.filter(|at| *at > now) {
                dt { "Next try" } dd { (time::when(zone, now, at)) }
            }
        }
    }
}

fn again(webhook: &Webhook, delivery: &Delivery) -> Markup {
    html! {
        @if webhook.paused.is_some() && delivery.sequence.is_some() {
            p { "The webhook is paused, so this can't be sent now." }
        } @else {
            form method="post" action={ (address(webhook.id)) "/deliveries/" (delivery.id) "/send-again" } {
                (field::hidden("revision", &delivery.revision))
                div.buttons { (ui::submit("Send it again")) }
                p.hint { "With the same id, so that a receiver that has it already can tell." }
            }
        }
    }
}

fn one(request: &PanelRequest, attempt: &Attempt) -> Markup {
    let zone = &request.chrome.zone;
    let badge = match &attempt.error {
        None => Badge::new(Look::Good, "Got through"),
        Some(_) => Badge::new(Look::Bad, "Failed"),
    };
    html! {
        section.card.stack-s {
            h3 { time datetime=(attempt.at.to_string()) { (zone.to_the_second(attempt.at)) } " " (badge) }
            @if let Some(error) = &attempt.error { p { (error) } }
            dl.facts {
                dt { "Took" } dd { (duration(attempt.duration_milliseconds)) }
                dt { "Posted to" } dd { (attempt.request.url) }
                @if let Some(answer) = &attempt.answer { dt { "Status" } dd { (answer.status) } }
            }
            @if let Some(headers) = attempt.request.headers.as_object().filter(|headers| !headers.is_empty()) {
                details {
                    summary { "Headers that were sent" }
                    pre.sample tabindex="0" { code { @for (name, value) in headers { (name) ": " (value.as_str().unwrap_or_default()) "\n" } } }
                }
            }
            @if let Some(answer) = attempt.answer.as_ref().filter(|answer| !answer.body.is_empty()) {
                details {
                    summary { "What was answered" }
                    pre.sample tabindex="0" { code { (answer.body) } }
                }
            }
        }
    }
}

/// JSON over several lines; anything else as it is.
fn pretty(text: &str) -> String {
    let parsed = serde_json::from_str::<Value>(text);
    parsed.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

pub async fn send_again(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let (id, delivery): (WebhookId, DeliveryId) = (request.id("id")?, request.id("delivery")?);
    // Whether there is such a thing is said before what is wrong with the form.
    webhooks::delivery(&request.ctx, id, delivery).await?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    fields.finish()?;
    match webhooks::send_again(&request.ctx, id, delivery, &seen).await {
        Ok(delivery) => {
            request.app.ring();
            let back = format!("{}/deliveries/{}", address(id), delivery.id);
            request.done(&back, "It is being sent. Load this page again to see what came of it.").await
        }
        Err(Error::Stale(_)) => {
            let notice = ui::banner(
                Tone::Warning,
                html! { p { "It has been tried since you looked, so nothing was done. This is how it is now." } },
            );
            page(&request, notice, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}
