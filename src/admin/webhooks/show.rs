//! One webhook: how it is, what can be done with it, and what was sent.

use maud::{Markup, html};

use crate::{
    web::{Answer, Cursor, session::Tone},
    webhooks::{self, Delivery, DeliveryListing, DeliveryState, Page, Webhook, WebhookState},
};

use super::{
    super::{
        help,
        request::PanelRequest,
        ui::{self, field, list as lists, time, words},
    },
    AREA, address, crumbs, delivery_state, in_a_line, kind_of, state_of, why_paused,
};

const PAGE: u64 = 25;
const NEWEST: &str = "-at";

pub async fn show(mut request: PanelRequest) -> Answer {
    let state: Option<DeliveryState> = request.query.choice("state");
    let after = request.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id));
    request.end_of_query()?;
    let webhook = webhooks::get(&request.ctx, request.id("id")?).await?;
    let listing = DeliveryListing { webhook: webhook.id, state, after, limit: PAGE };
    let page = webhooks::deliveries(&request.ctx, &listing).await?;
    let path = address(webhook.id);
    let next = page.next.clone().map(|(key, id)| Cursor { order: NEWEST.to_owned(), key, id }.encode());
    let main = html! {
        div.main.stack {
            (crumbs(None))
            (ui::head(&webhook.name, html! { (state_of(&webhook)) }))
            (condition(&request, &webhook))
            (facts(&request, &webhook))
            (steps(&webhook))
            section.stack-s aria-labelledby="sent" {
                h2 #sent { "What was sent" }
                (ui::tabs("How far they are", &tabs(&path, state)))
                @if page.rows.is_empty() { (nothing(&webhook, state)) }
                @else {
                    p.muted role="status" { (ui::count(page.total, "delivery", "deliveries")) ", kept for thirty days" }
                    (table(&request, &page))
                    (lists::pages(&path, &request.query_text, page.rows.len(), page.total, next.as_deref()))
                }
            }
        }
    };
    Ok(request.page(AREA, &webhook.name, main))
}

/// What somebody should know first: that it is paused, or that nothing gets through.
fn condition(request: &PanelRequest, webhook: &Webhook) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        @if let Some(paused) = &webhook.paused {
            (ui::banner(Tone::Warning, html! {
                p { "Paused since " (time::when(zone, now, paused.at)) ". " (why_paused(paused.reason)) @if let Some(note) = &paused.note { " " (note) } }
                p { "What happens meanwhile is not sent. When you resume it you can have that sent as well." }
            }))
        } @else if let (WebhookState::Failing, Some(since)) = (webhook.state, webhook.failing_since) {
            (ui::banner(Tone::Warning, html! {
                p {
                    "Nothing has got through since " (time::when(zone, now, since)) "."
                    @if let Some(error) = webhook.last_attempt.as_ref().and_then(|last| last.error.as_ref()) { " " (error) }
                }
                p {
                    @if let Some(at) = webhook.retry_at { "The next try is made " (time::when(zone, now, at)) ". " }
                    "After a day without success it is paused."
                }
            }))
        }
        @if webhook.replaying { (ui::banner(Tone::Note, html! { p { "Past events are being put into its queue." } })) }
    }
}

fn facts(request: &PanelRequest, webhook: &Webhook) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        dl.facts {
            dt { "Posts to" } dd { (webhook.url) }
            dt { "Events" } dd { (in_a_line(webhook.events.as_deref())) }
            dt { "Owner" } dd { (webhook.owner.name) }
            dt { "Made" } dd { (time::when(zone, now, webhook.created_at)) }
            dt { "Last got through" }
            dd { @match webhook.last_success_at { Some(at) => { (time::when(zone, now, at)) } None => { "Nothing yet" } } }
            @if let Some(until) = webhook.previous_secret_until.filter(|until| *until > now) {
                dt { "Secrets" } dd { "Two; the one before signs until " (time::when(zone, now, until)) }
            }
        }
    }
}

fn steps(webhook: &Webhook) -> Markup {
    let path = address(webhook.id);
    html! {
        div.buttons {
            form method="post" action={ (path) "/test" } {
                (field::hidden("revision", &webhook.revision))
                (ui::submit("Send a test"))
            }
            (ui::link_button(&format!("{path}/change"), "Change…"))
            @if webhook.paused.is_some() { (ui::link_button(&format!("{path}/resume"), "Resume…")) }
            @else {
                (ui::link_button(&format!("{path}/replay"), "Send past events…"))
                (ui::link_button(&format!("{path}/pause"), "Pause…"))
            }
            (ui::link_button(&format!("{path}/rotate"), "Another secret…"))
            (ui::link_button(&format!("{path}/delete"), "Delete…"))
        }
    }
}

fn tabs(path: &str, chosen: Option<DeliveryState>) -> Vec<(String, String, bool)> {
    let mut tabs = vec![(path.to_owned(), "All".to_owned(), chosen.is_none())];
    for state in DeliveryState::ALL {
        let address = format!("{path}?state={}", state.name());
        tabs.push((address, words::delivery_state(*state).to_owned(), chosen == Some(*state)));
    }
    tabs
}

fn nothing(webhook: &Webhook, state: Option<DeliveryState>) -> Markup {
    let sentence = match state {
        None => "Nothing was sent yet. The next public change will be, and a test at once.",
        Some(DeliveryState::Waiting) => "Nothing is waiting to be sent.",
        Some(DeliveryState::Delivered) => "Nothing got through in the last thirty days.",
        Some(DeliveryState::Failed) => "Nothing was given up in the last thirty days.",
    };
    let action = match state {
        Some(_) => ui::link_button(&address(webhook.id), "Show all deliveries"),
        None if webhook.paused.is_some() => ui::link_button(&format!("{}/resume", address(webhook.id)), "Resume…"),
        None => ui::link_button(&format!("{}/replay", address(webhook.id)), "Send past events…"),
    };
    ui::empty(sentence, help::beside(action, &help::WEBHOOKS))
}

fn table(request: &PanelRequest, page: &Page<Delivery>) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "Deliveries, newest first" }
                thead {
                    tr {
                        th scope="col" { "Event" }
                        th scope="col" { "State" }
                        th scope="col" { "Tries" }
                        th scope="col" { "When" }
                    }
                }
                tbody {
                    @for delivery in &page.rows {
                        tr {
                            th scope="row" {
                                a href={ (address(delivery.webhook)) "/deliveries/" (delivery.id) } {
                                    (kind_of(&delivery.kind)) @if let Some(sequence) = delivery.sequence { ", event " (sequence) }
                                    @else { span.vh { " of " (time::in_full(zone, delivery.created_at)) } }
                                }
                            }
                            td data-label="State" { (delivery_state(delivery)) }
                            td data-label="Tries" { (delivery.attempts) }
                            td data-label="When" {
                                @match (delivery.finished_at, delivery.next_attempt_at) {
                                    (Some(at), _) => { (time::when(zone, now, at)) }
                                    (None, Some(at)) if at > now => { span { "Next try " (time::when(zone, now, at)) } }
                                    _ => { "Due now" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
