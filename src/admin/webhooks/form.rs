//! The form of a webhook, new or changed.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::users,
    kernel::{Error, Permission, Result, UserId, WebhookId},
    web::Answer,
    webhooks::{self, Added, EventType, NewWebhook, Webhook, WebhookChange},
};

use super::{
    super::{
        access::{Choice, changed_meanwhile, choices, secret, shown_once},
        form::FormState,
        request::PanelRequest,
        ui::{self, field, words},
    },
    AREA, WEBHOOKS, address, crumbs, in_a_line,
};

const NEW: &str = "New webhook";
/// What the form sends for all types of events, and for some.
const ALL: &str = "all";
const SOME: &str = "some";

/// What was typed.
struct Typed {
    name: String,
    url: String,
    owner: Option<UserId>,
    events: Option<Vec<EventType>>,
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::WebhooksManage)?;
    let own = request.ctx.actor.user.map(|id| id.to_string()).unwrap_or_default();
    let state = FormState::new().with("owner", own).with("which", ALL);
    let main = new_page(&request, &state).await?;
    Ok(request.page(AREA, NEW, main))
}

async fn new_page(request: &PanelRequest, state: &FormState) -> Result<Markup> {
    Ok(html! {
        div.main { div.reading.stack {
            (crumbs(None))
            h1 { (NEW) }
            (ui::error_summary(state))
            p { "From now on every public change is posted there as JSON, within a second or so. The next page shows the secret with which the receiver can tell that it comes from here." }
            form method="post" action={ (WEBHOOKS) "/new" } {
                (fields(request, state).await?)
                div.buttons { (ui::submit("Make the webhook")) (ui::link_button(WEBHOOKS, "Cancel")) }
            }
        } }
    })
}

async fn fields(request: &PanelRequest, state: &FormState) -> Result<Markup> {
    let people: Vec<(String, String)> = if request.may(Permission::UsersManage) {
        let people = users::list(&request.ctx).await?.into_iter().filter(|user| user.active);
        people.map(|user| (user.id.to_string(), user.name)).collect()
    } else {
        Vec::new()
    };
    let which = [(ALL.to_owned(), "All".to_owned()), (SOME.to_owned(), "Only those that are ticked below".to_owned())];
    let types: Vec<Choice> = EventType::all()
        .into_iter()
        .map(|one| Choice {
            value: one.name(),
            words: words::event_type(one).to_owned(),
            meaning: words::event_type_means(one).to_owned(),
        })
        .collect();
    Ok(html! {
        (field::text(&state.field("name", "Name").class("medium").hint("What is told, such as “Main site” or “Search”.")))
        (field::text(&state.field("url", "Address").kind("url").autocomplete("off").hint("It begins with https://. Addresses within your own network can be used if the server's configuration names them.")))
        @if people.len() > 1 {
            (field::select(&state.field("owner", "Owner").class("medium").hint("Whom colleagues ask when something is wrong with it."), &people))
        } @else {
            (field::hidden("owner", state.value("owner")))
        }
        (field::radios(&state.field("which", "Events"), &which))
        (choices(state, "events", "Types of events", "", &types))
    })
}

fn read(request: &PanelRequest) -> Result<(Typed, Option<String>)> {
    let mut fields = request.form.fields(&["events"]);
    let seen = fields.text("revision", 200);
    let chosen = fields.choices::<EventType>("events").unwrap_or_default();
    let which = fields.text("which", 10).unwrap_or_default();
    let typed = Typed {
        name: fields.text("name", 1_000).unwrap_or_default(),
        url: fields.text("url", 10_000).unwrap_or_default(),
        owner: fields.id("owner").map(UserId),
        events: (which == SOME).then_some(chosen),
    };
    if which != SOME && which != ALL {
        fields.fault("which", "unknown-choice", "Say whether it is told of all events or of some.");
    }
    fields.finish()?;
    Ok((typed, seen))
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::WebhooksManage)?;
    match make(&request).await {
        Ok(added) => {
            request.app.ring();
            let title = format!("The webhook “{}” has been made", added.webhook.name);
            Ok(secret_page(&request, &added, &title))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let main = new_page(&request, &state).await?;
            Ok(request.refused(AREA, NEW, main))
        }
    }
}

async fn make(request: &PanelRequest) -> Result<Added> {
    let (Typed { name, url, owner, events }, _) = read(request)?;
    let own = request.ctx.actor.user.ok_or_else(|| Error::bug("somebody is signed in who is no person"))?;
    let new = NewWebhook { name, url, owner: owner.unwrap_or(own), events };
    webhooks::add(&request.ctx, request.app.outbound.targets(), new).await
}

/// The page that shows a new secret, once.
pub(super) fn secret_page(request: &PanelRequest, added: &Added, title: &str) -> Response {
    let webhook = &added.webhook;
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(Some(webhook)))
            h1 { (title) }
            p { "Copy the secret now and give it to the receiver. It is shown once; if it gets lost, make another." }
            (secret("Secret", &added.secret))
            dl.facts {
                dt { "Posts to" } dd { (webhook.url) }
                dt { "Events" } dd { (in_a_line(webhook.events.as_deref())) }
            }
            h2 { "What the receiver does" }
            p { "It follows Standard Webhooks, for which there are libraries in most languages: a request is good if one signature in " code { "webhook-signature" } " is the HMAC-SHA256 of " code { "webhook-id" } ", " code { "webhook-timestamp" } " and the body, joined by dots, with this secret. It answers with a status from 200 to 299 within fifteen seconds, and does the rest of its work afterwards." }
            p { (ui::link_button(&address(webhook.id), "Go to the webhook")) }
        } }
    };
    shown_once(request, title, main)
}

pub async fn show_change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let webhook = webhooks::get(&request.ctx, request.id("id")?).await?;
    let state = filled(&webhook);
    Ok(change_page(&request, &webhook, &state, html! {}, StatusCode::OK).await?)
}

fn filled(webhook: &Webhook) -> FormState {
    let chosen = webhook.events.iter().flatten().map(|one| one.name().to_owned());
    FormState::new()
        .with("revision", webhook.revision.clone())
        .with("name", webhook.name.clone())
        .with("url", webhook.url.clone())
        .with("owner", webhook.owner.id.to_string())
        .with("which", if webhook.events.is_some() { SOME } else { ALL })
        .with_all("events", chosen)
}

async fn change_page(
    request: &PanelRequest,
    webhook: &Webhook,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let title = format!("Change the webhook “{}”", webhook.name);
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(Some(webhook)))
            h1 { (title) }
            (notice)
            (ui::error_summary(state))
            form method="post" action={ (address(webhook.id)) "/change" } {
                (field::hidden("revision", state.value("revision")))
                (fields(request, state).await?)
                div.buttons { (ui::submit("Save")) (ui::link_button(&address(webhook.id), "Cancel")) }
            }
        } }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(AREA, &title, main),
        other => request.page_with(other, AREA, &title, main),
    })
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let id: WebhookId = request.id("id")?;
    let webhook = webhooks::get(&request.ctx, id).await?;
    match save(&request, id).await {
        Ok(webhook) => {
            request.app.ring();
            request.done(&address(id), format!("The webhook “{}” is kept as you typed it.", webhook.name)).await
        }
        Err(Error::Stale(_)) => {
            let state = FormState::of(&request.form).with("revision", webhook.revision.clone());
            let notice = changed_meanwhile(html! {
                p { "It now posts to " (webhook.url) ". Events: " (in_a_line(webhook.events.as_deref())) ". Owner: " (webhook.owner.name) "." }
            });
            Ok(change_page(&request, &webhook, &state, notice, StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(change_page(&request, &webhook, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn save(request: &PanelRequest, id: WebhookId) -> Result<Webhook> {
    let (Typed { name, url, owner, events }, seen) = read(request)?;
    let seen = seen.ok_or(Error::PreconditionRequired)?;
    let change = WebhookChange { name: Some(name), url: Some(url), owner, events: Some(events) };
    webhooks::change(&request.ctx, request.app.outbound.targets(), id, &seen, change).await
}
