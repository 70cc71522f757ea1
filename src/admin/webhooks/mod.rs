//! Webhooks: which programs are told of changes, what was sent to them, and what came back. What these screens share stands
//! here, and the list of all webhooks.

mod delivery;
mod form;
mod show;
mod steps;

use maud::{Markup, html};

use crate::{
    kernel::{Timestamp, WebhookId},
    web::Answer,
    webhooks::{self, Delivery, DeliveryState, EventType, PauseReason, Webhook, WebhookState},
};

use super::{
    help,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, shell::Area, time, words},
};

pub use delivery::{send_again, show as show_delivery};
pub use form::{add, change, show_change, show_new};
pub use show::show;
pub use steps::{
    delete, pause, replay, resume, rotate, show_delete, show_pause, show_replay, show_resume, show_rotate, test,
};

const WEBHOOKS: &str = "/admin/webhooks";
const AREA: Area = Area::Administration;

pub async fn list(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let all = webhooks::list(&request.ctx).await?;
    let title = "Webhooks";
    let add = ui::primary_link("/admin/webhooks/new", "Add a webhook…");
    let main = html! {
        div.main.stack {
            @if all.is_empty() {
                (ui::head(title, html! {}))
                (ui::empty("No program is told of changes yet. With a webhook, a site or a search engine of yours hears within a second when something is published, moved or taken away, and need not ask again and again.", help::beside(add, &help::WEBHOOKS)))
            } @else {
                (ui::head(title, add))
                p.reading { "Each is told of public changes, signed with a secret of its own. What does not get through is tried again for a day." }
                (table(&request, &all))
            }
        }
    };
    Ok(request.page(AREA, title, main))
}

fn table(request: &PanelRequest, all: &[Webhook]) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "Webhooks, by name" }
                thead {
                    tr {
                        th scope="col" { "Name" }
                        th scope="col" { "Events" }
                        th scope="col" { "State" }
                        th scope="col" { "Last sent" }
                        th scope="col" { "Owner" }
                    }
                }
                tbody {
                    @for webhook in all {
                        tr {
                            th scope="row" { a href=(address(webhook.id)) { (webhook.name) } br; span.small.muted { (webhook.url) } }
                            td data-label="Events" { (in_a_line(webhook.events.as_deref())) }
                            td data-label="State" { (state_of(webhook)) }
                            td data-label="Last sent" {
                                @match &webhook.last_attempt {
                                    None => { span.muted { "Nothing yet" } }
                                    Some(last) => {
                                        div {
                                            (time::when(zone, now, last.at))
                                            @if let Some(error) = &last.error { br; span.small { (error) } }
                                        }
                                    }
                                }
                            }
                            td data-label="Owner" { (webhook.owner.name) }
                        }
                    }
                }
            }
        }
    }
}

fn address(id: WebhookId) -> String {
    format!("{WEBHOOKS}/{id}")
}

/// The way to a page about a webhook.
fn crumbs(webhook: Option<&Webhook>) -> Markup {
    let mut steps = vec![(WEBHOOKS.to_owned(), "Webhooks".to_owned())];
    steps.extend(webhook.map(|webhook| (address(webhook.id), webhook.name.clone())));
    ui::crumbs(&steps)
}

fn in_a_line(events: Option<&[EventType]>) -> String {
    match events {
        None => "All".to_owned(),
        Some(events) => events.iter().map(|one| words::event_type(*one)).collect::<Vec<_>>().join(", "),
    }
}

fn state_of(webhook: &Webhook) -> Badge {
    match (webhook.state, webhook.paused.as_ref().map(|paused| paused.reason)) {
        (WebhookState::Active, _) => Badge::new(Look::Good, "Active"),
        (WebhookState::Failing, _) => Badge::new(Look::Warning, "Failing"),
        (WebhookState::Paused, Some(PauseReason::Failing | PauseReason::Gone)) => Badge::new(Look::Bad, "Paused"),
        (WebhookState::Paused, _) => Badge::new(Look::Quiet, "Paused"),
    }
}

fn delivery_state(delivery: &Delivery) -> Badge {
    match delivery.state {
        DeliveryState::Waiting => Badge::new(Look::Planned, words::delivery_state(delivery.state)),
        DeliveryState::Delivered => Badge::new(Look::Good, words::delivery_state(delivery.state)),
        DeliveryState::Failed => Badge::new(Look::Bad, words::delivery_state(delivery.state)),
    }
}

/// The type of what a delivery brings, in words.
fn kind_of(kind: &str) -> &'static str {
    let known = EventType::all().into_iter().find(|one| one.name() == kind);
    known.map_or("Test", words::event_type)
}

/// Why a webhook is paused, as a sentence.
fn why_paused(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::ByHand => "Somebody paused it.",
        PauseReason::Failing => "Nothing got through for a day.",
        PauseReason::Gone => "Its receiver answered that it is gone for good.",
        PauseReason::Restored => {
            "The site was restored from a backup. It sends nothing until somebody says that this site shall speak for the one before."
        }
    }
}

/// A duration in milliseconds as people say it.
fn duration(milliseconds: i32) -> String {
    if i64::from(milliseconds) < Timestamp::SECOND {
        format!("{milliseconds} ms")
    } else {
        format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100)
    }
}
