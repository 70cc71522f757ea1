//! One's own account: the name, what one may do, the password, the sessions.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::{self, SessionKey, User, UserChange, sessions, users, ways_in},
    kernel::{Error, Fault, Permission, Result, UserId},
    web::{
        Answer, see_other,
        session::{self, Tone},
    },
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, Field, field, shell::Area, words},
    },
    changed_meanwhile,
    links::password,
    person::seen,
    preferences,
};

pub const PROFILE: &str = "/admin/profile";

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let user = oneself(&request).await?;
    Ok(page(&request, &user, &filled(&user), html! {}, StatusCode::OK).await?)
}

fn filled(user: &User) -> FormState {
    FormState::new()
        .with("version", user.version.to_string())
        .with("name", user.name.clone())
        .with("email", user.email.clone())
}

fn own_id(request: &PanelRequest) -> Result<UserId> {
    request.ctx.actor.user.ok_or_else(|| Error::bug("somebody is signed in who is no person"))
}

async fn oneself(request: &PanelRequest) -> Result<User> {
    users::get(&request.ctx, own_id(request)?).await
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    match rename(&request).await {
        Ok(()) => {
            request.app.ring();
            request.done(PROFILE, "Your name is kept.").await
        }
        Err(error) => Ok(refused(&request, error).await?),
    }
}

async fn rename(request: &PanelRequest) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let version = seen(&mut fields)?;
    let name = fields.text("name", 254).unwrap_or_default();
    fields.finish()?;
    let change = UserChange { name: Some(name), ..UserChange::default() };
    users::change(&request.ctx, own_id(request)?, version, change).await.map(|_| ())
}

pub async fn set_password(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    match replace_password(&request).await {
        Ok(()) => {
            request.app.ring();
            request.done(PROFILE, "Your new password is set. Every other session of yours has ended.").await
        }
        Err(error) => Ok(refused(&request, error).await?),
    }
}

async fn replace_password(request: &PanelRequest) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let version = seen(&mut fields)?;
    let present = fields.raw_text("present_password").unwrap_or_default();
    let new = fields.raw_text("password").unwrap_or_default();
    fields.finish()?;
    let (ctx, passwords) = (&request.ctx, &request.app.passwords);
    accounts::confirm_password(ctx, passwords, &present, request.client()).await?;
    let session = session::key(&request.session);
    accounts::set_password(ctx, passwords, own_id(request)?, version, &new, session.as_ref()).await.map(|_| ())
}

pub async fn set_email(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let before = oneself(&request).await?.email;
    match replace_email(&request).await {
        Ok(user) if user.email == before => request.done(PROFILE, "That is your address already.").await,
        Ok(user) => {
            request.app.ring();
            let said = format!("From now on you sign in with {}. Nobody signs in with {before} any more.", user.email);
            request.done(PROFILE, said).await
        }
        Err(error) => Ok(refused(&request, error).await?),
    }
}

async fn replace_email(request: &PanelRequest) -> Result<User> {
    let mut fields = request.form.fields(&[]);
    let version = seen(&mut fields)?;
    let email = fields.text("email", 254).unwrap_or_default();
    let present = fields.raw_text("password_for_email").unwrap_or_default();
    fields.finish()?;
    accounts::confirm_password(&request.ctx, &request.app.passwords, &present, request.client())
        .await
        .map_err(|error| placed(error, "/password_for_email"))?;
    users::set_email(&request.ctx, own_id(request)?, version, &email).await
}

/// What is wrong with a password, at the field that it was typed in.
fn placed(error: Error, pointer: &str) -> Error {
    match error {
        Error::Invalid(faults) => {
            Error::Invalid(faults.into_iter().map(|fault| Fault { pointer: pointer.to_owned(), ..fault }).collect())
        }
        other => other,
    }
}

/// The page again, with what is wrong, or what changed meanwhile. Passwords are never sent back.
async fn refused(request: &PanelRequest, error: Error) -> Result<Response> {
    let user = oneself(request).await?;
    let name = if request.form.has("name") { request.form.value("name") } else { &user.name };
    let email = if request.form.has("email") { request.form.value("email") } else { &user.email };
    let state = FormState::new().with("name", name).with("email", email);
    if let Error::Stale(_) = error {
        let state = state.with("version", user.version.to_string());
        let now =
            html! { p { "Your name is now " strong { (user.name) } ", your address " strong { (user.email) } "." } };
        return page(request, &user, &state, changed_meanwhile(now), StatusCode::CONFLICT).await;
    }
    let state = state.with("version", request.form.value("version")).refused(error)?;
    page(request, &user, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page(
    request: &PanelRequest,
    user: &User,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let has_password = ways_in::has_password(&request.ctx, user.id).await?;
    let main = html! {
        div.main.stack {
            h1 { "Your account" }
            (notice)
            (ui::error_summary(state))
            div.split {
                section.stack-s { (name(state)) }
                section.card.stack-s { (may(user)) }
            }
            section.stack-s { (email_form(user, state, has_password)) }
            section.stack-s { (preferences::form(&request.chrome.preferences, request.app.mailer.is_some())) }
            section.stack-s { (password_form(state, has_password)) }
            section.stack-s { (own_sessions(request, user.id).await?) }
            section.stack-s {
                h2 { "API keys" }
                p { "With a key a program acts for you, within the scopes that you give it." }
                p { a.tap href="/admin/api-keys" { "Your API keys" } }
            }
        }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Profile, "Your account", main),
        other => request.page_with(other, Area::Profile, "Your account", main),
    })
}

fn name(state: &FormState) -> Markup {
    html! {
        h2 { "Name" }
        form method="post" action=(PROFILE) {
            (field::hidden("version", state.value("version")))
            (field::text(&state.field("name", "Your name").class("medium").autocomplete("name")
                .hint("As colleagues see it. What you did before keeps the name that you had then.")))
            (ui::submit("Keep the name"))
        }
    }
}

fn email_form(user: &User, state: &FormState, has_password: bool) -> Markup {
    let present = Field::new("password_for_email", "Present password")
        .kind("password")
        .autocomplete("current-password")
        .class("medium");
    let present = match state.fault("password_for_email") {
        Some(fault) => present.fault(fault),
        None => present,
    };
    html! {
        h2 { "E-mail address" }
        p { "You sign in with " strong { (user.email) } "." }
        @if has_password {
            form method="post" action={ (PROFILE) "/email" } {
                (field::hidden("version", state.value("version")))
                (field::text(&state.field("email", "New address").kind("email").autocomplete("email").class("medium")
                    .hint("It counts at once. Nothing is sent to it, so look twice.")))
                (field::text(&present))
                (ui::submit("Change the address"))
            }
        }
    }
}

fn may(user: &User) -> Markup {
    html! {
        h2 { "What you may do" }
        dl.facts { @for role in &user.roles { dt { (words::role(*role)) } dd { (words::role_means(*role)) } } }
        @if user.permissions().contains(&Permission::UsersManage) { p { a.tap href="/admin/roles" { "What every role allows" } } }
        @else { p.muted { "An administrator gives roles and takes them away." } }
    }
}

fn password_form(state: &FormState, has_password: bool) -> Markup {
    let present = Field::new("present_password", "Present password")
        .kind("password")
        .autocomplete("current-password")
        .class("medium");
    let present = match state.fault("present_password") {
        Some(fault) => present.fault(fault),
        None => present,
    };
    html! {
        h2 { "Password" }
        @if has_password {
            p { "Every other session of yours ends when you set a new one." }
            form method="post" action={ (PROFILE) "/password" } {
                (field::hidden("version", state.value("version")))
                (field::text(&present))
                (password(state, "New password"))
                (ui::submit("Set the new password"))
            }
        } @else {
            (ui::banner(Tone::Note, html! { p { "You have no password: you came in by a link. An administrator can make you one with which you choose a password." } }))
        }
    }
}

async fn own_sessions(request: &PanelRequest, id: UserId) -> Result<Markup> {
    let own = sessions::list(&request.ctx, id).await?;
    let present = session::key(&request.session);
    let address = format!("{PROFILE}/sessions");
    Ok(html! {
        h2 { "Where you are signed in" }
        p { "A session ends eight hours after it was last seen, and seven days after it began. End those that you don't know, and then set a new password." }
        (super::sessions(request, &own, &address, present.as_ref().map(SessionKey::as_str)))
        @if own.len() > 1 { (ui::post_button(&format!("{address}/end-others"), "End all others", "")) }
    })
}

pub async fn end_session(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let key: SessionKey = request.id("key")?;
    let own = sessions::list(&request.ctx, own_id(&request)?).await?.into_iter().any(|session| session.key == key);
    if !own {
        return Err(Error::not_found("such session of yours; it may have ended").into());
    }
    if session::key(&request.session).as_ref() == Some(&key) {
        session::end(&request.session).await?;
        return see_other("/admin/sign-in");
    }
    sessions::end(&request.ctx, &key).await?;
    request.app.ring();
    request.done(PROFILE, "The session has ended.").await
}

pub async fn end_others(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let present = session::key(&request.session);
    let ended = sessions::end_all(&request.ctx, own_id(&request)?, present.as_ref()).await?;
    request.app.ring();
    request
        .done(
            PROFILE,
            format!("{} ended. You are signed in here only.", ui::count(ended, "other session", "other sessions")),
        )
        .await
}
