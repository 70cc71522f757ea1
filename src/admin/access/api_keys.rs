//! Keys with which programs act for people: one's own, and everybody's for those who manage keys. The secret of a key is
//! shown once.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::{Added, ApiKey, NewKey, User, api_keys, users},
    kernel::{ApiKeyId, Error, Permission, Permissions, Result, Timestamp, UserId},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        help,
        request::PanelRequest,
        ui::{self, Badge, Field, badge::Look, confirm, field, time},
    },
    area, changed_meanwhile, choices, scopes, secret, shown_once,
};

const KEYS: &str = "/admin/api-keys";
const NEW: &str = "New API key";
/// How long a key can last: what the form sends and says, and in days.
const EXPIRIES: [(&str, &str, i64); 3] = [("30", "30 days", 30), ("90", "90 days", 90), ("365", "A year", 365)];
const USUAL_EXPIRY: &str = "90";
/// How long before its end a key is said to expire soon, in milliseconds.
const SOON: i64 = 14 * Timestamp::DAY;

pub async fn list(mut request: PanelRequest) -> Answer {
    let owner = request.query.id("owner").map(UserId);
    request.end_of_query()?;
    let manages = request.may(Permission::KeysManage);
    let mut keys = api_keys::list(&request.ctx).await?;
    if let Some(owner) = owner {
        keys.retain(|key| key.owner.id == owner);
    }
    let title = if manages { "API keys" } else { "Your API keys" };
    let applied: Vec<(&str, String)> = match (owner, keys.first()) {
        (Some(_), Some(key)) => vec![("owner", format!("Of {}", key.owner.name))],
        (Some(_), None) => vec![("owner", "Of one person".to_owned())],
        (None, _) => Vec::new(),
    };
    let make = ui::primary_link("/admin/api-keys/new", "Make a key…");
    let main = html! {
        div.main.stack {
            (ui::head(title, html! { @if !keys.is_empty() { (make) } }))
            p.reading { "With a key a program acts for its owner, within the scopes of the key and what the owner may do at the time. Its last use is noted to the minute." }
            (ui::list::chips(KEYS, &request.query_text, &applied))
            @if keys.is_empty() { (ui::empty("No key has been made. With one, a program writes or reads drafts for its owner; without, it reads what is published.", help::beside(make, &help::API_KEYS))) }
            @else { (table(&request, &keys, manages)) }
        }
    };
    Ok(request.page(area(&request), title, main))
}

fn table(request: &PanelRequest, keys: &[ApiKey], manages: bool) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "API keys, newest first" }
                thead {
                    tr {
                        th scope="col" { "Name" }
                        @if manages { th scope="col" { "Owner" } }
                        th scope="col" { "Scopes" }
                        th scope="col" { "Expires" }
                        th scope="col" { "Last used" }
                        th scope="col" { "State" }
                        th scope="col" { span.vh { "What can be done" } }
                    }
                }
                tbody {
                    @for key in keys {
                        tr {
                            th scope="row" { (key.name) " " code.muted { "rb_" (key.prefix) "…" } }
                            @if manages { td data-label="Owner" { (key.owner.name) } }
                            td data-label="Scopes" { (in_a_line(&key.scopes)) }
                            td data-label="Expires" {
                                @match key.expires_at {
                                    Some(at) => { (time::when(zone, now, at)) }
                                    None => { "Never" }
                                }
                            }
                            td data-label="Last used" {
                                @match key.last_used_at {
                                    Some(at) => { (time::when(zone, now, at)) }
                                    None => { span.muted { "Never" } }
                                }
                            }
                            td data-label="State" { (state_of(key, now)) }
                            td {
                                @if key.revoked_at.is_none() {
                                    a.tap href={ (KEYS) "/" (key.id) "/revoke" } { "Revoke…" span.vh { " " (key.name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn in_a_line(scopes: &Permissions) -> String {
    if scopes.len() == Permission::ALL.len() {
        return "Everything".to_owned();
    }
    scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", ")
}

fn state_of(key: &ApiKey, now: Timestamp) -> Badge {
    match (key.revoked_at, key.expires_at) {
        (Some(_), _) => Badge::new(Look::Quiet, "Revoked"),
        (None, Some(at)) if at <= now => Badge::new(Look::Quiet, "Expired"),
        (None, Some(at)) if at <= now.plus(SOON) => Badge::new(Look::Warning, "Expires soon"),
        (None, _) => Badge::new(Look::Good, "In use"),
    }
}

/// Whose key it is to be.
///
/// # Errors
/// [`Error::Forbidden`] for the key of somebody else, if one doesn't manage keys.
async fn owner(request: &PanelRequest, named: Option<UserId>) -> Result<User> {
    let own = request.ctx.actor.user.ok_or_else(|| Error::bug("somebody is signed in who is no person"))?;
    let id = named.unwrap_or(own);
    if id != own {
        request.ctx.authorise(Permission::KeysManage)?;
    }
    users::get(&request.ctx, id).await
}

/// What a key of this owner, made by this person, may do.
fn possible(request: &PanelRequest, owner: &User) -> Vec<Permission> {
    let held = owner.permissions();
    held.into_iter().filter(|permission| request.may(*permission)).collect()
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    let named = request.query.id("owner").map(UserId);
    request.end_of_query()?;
    let owner = owner(&request, named).await?;
    let state = FormState::new().with("expires", USUAL_EXPIRY);
    let main = form(&request, &owner, &state).await?;
    Ok(request.page(area(&request), NEW, main))
}

async fn form(request: &PanelRequest, owner: &User, state: &FormState) -> Result<Markup> {
    let others = if request.may(Permission::KeysManage) && request.may(Permission::UsersManage) {
        users::list(&request.ctx).await?.into_iter().filter(|user| user.active).collect()
    } else {
        Vec::new()
    };
    let people: Vec<(String, String)> = others.into_iter().map(|user| (user.id.to_string(), user.name)).collect();
    let expiries: Vec<(String, String)> =
        EXPIRIES.iter().map(|(value, words, _)| ((*value).to_owned(), (*words).to_owned())).collect();
    let own = request.ctx.actor.user == Some(owner.id);
    let possible = scopes(possible(request, owner).into_iter());
    Ok(html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(KEYS.to_owned(), "API keys".to_owned())]))
            h1 { (NEW) }
            (ui::error_summary(state))
            @if people.len() > 1 {
                form.filters method="get" action="/admin/api-keys/new" aria-label="Whose key" {
                    (field::select(&Field::new("owner", "Owner").value(owner.id.to_string()), &people))
                    button.button { "Show what they may do" }
                }
            }
            p {
                "The program will act as " strong { (owner.name) } @if own { ", which is you" } ". "
                "Choose no more than it needs: to read what is published it needs no key at all."
            }
            @if possible.is_empty() {
                (ui::empty("There is nothing that both of you may do, so there is no scope to choose.", html! {}))
            } @else {
                form method="post" action="/admin/api-keys/new" {
                    (field::hidden("owner", &owner.id.to_string()))
                    (field::text(&state.field("name", "Name").class("medium").hint("What uses it, such as “Website” or “Nightly export”.")))
                    (choices(state, "scopes", "Scopes", "What the key may do; if the owner loses a permission, so does the key.", &possible))
                    (field::radios(&state.field("expires", "Lasts").hint("A key that has expired can't be renewed; make another before."), &expiries))
                    div.buttons { (ui::submit("Make the key")) (ui::link_button(KEYS, "Cancel")) }
                }
            }
        } }
    })
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    // Of whom it is to be has to be known to show the form again.
    let named = request.form.value("owner").parse().map(UserId).ok();
    let owner = owner(&request, named).await?;
    match make(&request, &owner).await {
        Ok(added) => {
            request.app.ring();
            Ok(made(&request, &added))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let main = form(&request, &owner, &state).await?;
            Ok(request.refused(area(&request), NEW, main))
        }
    }
}

async fn make(request: &PanelRequest, owner: &User) -> Result<Added> {
    let mut fields = request.form.fields(&["scopes"]);
    fields.id("owner");
    let name = fields.text("name", 254).unwrap_or_default();
    let scopes = fields.choices("scopes").unwrap_or_default();
    let expires = fields.text("expires", 10).unwrap_or_default();
    let days = EXPIRIES.iter().find(|(value, _, _)| *value == expires).map(|(_, _, days)| *days);
    if days.is_none() {
        fields.fault("expires", "unknown-choice", "Say how long the key lasts.");
    }
    fields.finish()?;
    let expires_at = days.map(|days| request.now().plus(days.saturating_mul(Timestamp::DAY)));
    api_keys::add(&request.ctx, NewKey { name, owner: owner.id, scopes, expires_at }).await
}

fn made(request: &PanelRequest, added: &Added) -> Response {
    let url = &request.app.public_url;
    let title = format!("The key “{}” has been made", added.key.name);
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(KEYS.to_owned(), "API keys".to_owned())]))
            h1 { (title) }
            p { "Copy the key now and keep it where programs keep secrets. It is shown once; if it gets lost, revoke it and make another." }
            (secret("Key", &added.secret))
            dl.facts {
                dt { "Acts for" } dd { (added.key.owner.name) }
                dt { "Scopes" } dd { (in_a_line(&added.key.scopes)) }
                @if let Some(at) = added.key.expires_at { dt { "Lasts until" } dd { (time::in_full(&request.chrome.zone, at)) } }
            }
            h2 { "Try it" }
            p { "This asks who the key acts for and what it may do:" }
            pre.sample { code { "curl -H \"Authorization: Bearer " (added.secret) "\" " (url) "/manage/v1/me" } }
            p { a.tap href=(KEYS) { "Back to the keys" } }
        } }
    };
    shown_once(request, &title, main)
}

pub async fn show_revoke(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let key = api_keys::get(&request.ctx, request.id("id")?).await?;
    Ok(revoke_page(&request, &key, html! {}, StatusCode::OK))
}

fn revoke_page(request: &PanelRequest, key: &ApiKey, notice: Markup, status: StatusCode) -> Response {
    let title = format!("Revoke the key “{}”", key.name);
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(KEYS.to_owned(), "API keys".to_owned())]))
            h1 { (title) }
            (notice)
            @if key.revoked_at.is_some() {
                p { "This key has been revoked already." }
                (ui::link_button(KEYS, "Back to the keys"))
            } @else {
                (confirm::ask(
                    &format!("{KEYS}/{}/revoke", key.id),
                    html! {
                        p { "Whatever uses the key " code { "rb_" (key.prefix) "…" } " of " (key.owner.name) " is refused from now on. It can't be taken back; a new key has another secret." }
                        (field::hidden("revision", &key.revision))
                    },
                    ui::bad_button("Revoke the key"),
                    KEYS,
                ))
            }
        } }
    };
    request.page_with(status, area(request), &title, main)
}

pub async fn revoke(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let id: ApiKeyId = request.id("id")?;
    let key = api_keys::get(&request.ctx, id).await?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    fields.finish()?;
    match api_keys::revoke(&request.ctx, id, &seen).await {
        Ok(key) => {
            request.app.ring();
            request.done(KEYS, format!("The key “{}” has been revoked.", key.name)).await
        }
        Err(Error::Stale(_)) => {
            let now = html! { p { "It is now " (state_of(&key, request.now())) ", with the scopes " (in_a_line(&key.scopes)) "." } };
            Ok(revoke_page(&request, &key, changed_meanwhile(now), StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}
