//! Signing in and out, and what was typed before the session ended.

use std::borrow::Cow;

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use tower_sessions::Session;

use crate::{
    accounts::{self, mailed_links},
    content::markdown::RichDoc,
    kernel::{Ctx, Door, Error, Result},
    site,
    web::{
        Answer, App, Problem, Visit, client_address, read_body, see_other,
        session::{self, Unsent},
    },
};

use super::{
    form::{Form, FormState},
    request::{PanelRequest, session_of},
    ui::{
        self, field,
        shell::{self, Area},
    },
};

/// Bytes of the forms that strangers may send.
const STRANGERS_LIMIT: usize = 16 * 1024;

/// A request of somebody who is not signed in, to one of the pages for such people.
pub struct StrangerRequest {
    pub visit: Visit,
    pub session: Session,
    pub form: Form,
}

impl FromRequest<App> for StrangerRequest {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        use axum::extract::FromRequestParts;

        let refused = |error: Error| Problem::from(error).into_response();
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let session = session_of(&mut parts, app).await?;
        let body = read_body(body, STRANGERS_LIMIT).await.map_err(refused)?;
        let form = Form::read(&visit.headers, body).await.map_err(refused)?;
        Ok(Self { visit, session, form })
    }
}

impl StrangerRequest {
    /// A page around which nothing stands but the name of the site.
    pub async fn page(&self, status: StatusCode, title: &str, main: Markup) -> Result<Response> {
        let settings = site::settings(&*self.visit.app.database.read().await?).await?;
        Ok(shell::bare_page(&settings.site_name, title, html! { div.main { div.door.stack { (main) } } }, status))
    }
}

pub async fn show(mut request: StrangerRequest) -> Answer {
    let next = request.visit.query.text("next").unwrap_or_default();
    std::mem::take(&mut request.visit.query).finish()?;
    if session::signed_in(&request.session, &request.visit.app).await?.is_some() {
        return see_other(safe(&next));
    }
    let state = FormState::new().with("next", next);
    Ok(request.page(StatusCode::OK, "Sign in", form(&state)).await?)
}

pub async fn sign_in(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    let app = request.visit.app.clone();
    let (email, password) = (request.form.value("email").to_owned(), request.form.value("password").to_owned());
    let ctx = Ctx { door: Door::Admin, ..request.visit.ctx.clone() };
    let client = client_address(&app, request.visit.peer, &request.visit.headers);
    let user = match accounts::sign_in(&ctx, &app.passwords, &email, &password, client).await {
        Ok(user) => user,
        Err(Error::Unauthenticated(refusal)) => {
            let state = FormState::new()
                .with("email", email)
                .with("next", request.form.value("next"))
                .with_fault("email", &refusal);
            return Ok(request.page(StatusCode::UNPROCESSABLE_ENTITY, "Error: Sign in", form(&state)).await?);
        }
        Err(error) => return Err(error.into()),
    };
    session::begin(&request.session, &app, &user, &request.visit.headers).await?;
    see_other(safe(request.form.value("next")))
}

fn form(state: &FormState) -> Markup {
    let next = state.value("next");
    html! {
        h1 { "Sign in" }
        (ui::error_summary(state))
        @if next == "/admin/unsent" {
            (ui::banner(session::Tone::Note, html! { p { "Your session has ended. What you typed is kept; sign in, and you can send it." } }))
        } @else if !next.is_empty() && next != "/admin" {
            p { "Sign in to go on." }
        }
        form method="post" action="/admin/sign-in" {
            (field::hidden("next", next))
            (field::text(&state.field("email", "E-mail address").kind("email").autocomplete("username")))
            (field::text(&state.field("password", "Password").kind("password").autocomplete("current-password")))
            (ui::submit("Sign in"))
        }
        p { a.tap href="/admin/forgotten" { "Forgotten your password?" } }
    }
}

/// Where to go after signing in: a page of the panel, and nowhere else.
fn safe(next: &str) -> &str {
    let inside = next == "/admin" || next.starts_with("/admin/") || next.starts_with("/admin?");
    if inside && !next.contains(['\\', '\n', '\r']) { next } else { "/admin" }
}

const FORGOTTEN: &str = "Forgotten your password?";

pub async fn forgotten(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    let main = html! {
        h1 { (FORGOTTEN) }
        @if request.visit.app.mailer.is_some() { (asking(&FormState::new())) }
        @else { p { "Ask an administrator of this site for a link with which you can set a new one. The link works once, for a day." } }
        p { a.tap href="/admin/sign-in" { "Back to signing in" } }
    };
    Ok(request.page(StatusCode::OK, FORGOTTEN, main).await?)
}

fn asking(state: &FormState) -> Markup {
    html! {
        (ui::error_summary(state))
        p { "Say with which address you sign in. You are sent a link with which you can set a new password." }
        form method="post" action="/admin/forgotten" {
            (field::text(&state.field("email", "E-mail address").kind("email").autocomplete("username")))
            (ui::submit("Send the link"))
        }
    }
}

/// Asks for a link by mail. What is answered does not depend on whether there is an account with the address.
pub async fn ask_for_reset(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    let app = request.visit.app.clone();
    if app.mailer.is_none() {
        return see_other("/admin/forgotten");
    }
    let email = request.form.value("email").trim().to_owned();
    if email.is_empty() || email.chars().count() > 254 || !email.contains('@') {
        let detail = "An e-mail address such as name@example.org was expected here.";
        let state = FormState::new().with("email", email).with_fault("email", detail);
        let main = html! { h1 { (FORGOTTEN) } (asking(&state)) };
        let title = format!("Error: {FORGOTTEN}");
        return Ok(request.page(StatusCode::UNPROCESSABLE_ENTITY, &title, main).await?);
    }
    let client = client_address(&app, request.visit.peer, &request.visit.headers).to_string();
    app.reset_limit
        .take(&client, app.clock.now(), &*app.chance)
        .map_err(|retry_after_seconds| Error::TooMany { retry_after_seconds })?;
    let ctx = Ctx { door: Door::Admin, ..request.visit.ctx.clone() };
    mailed_links::ask_for_reset(&ctx, &email).await?;
    app.ring();
    let title = "Look into your mail";
    let main = html! {
        h1 { (title) }
        p { "If there is an account with the address that you typed, a link is on its way there. It works once, for a day." }
        p { "Nothing has come after some minutes? Look among what your mail program takes for spam, or ask an administrator of this site." }
        p { a.tap href="/admin/sign-in" { "Back to signing in" } }
    };
    Ok(request.page(StatusCode::OK, title, main).await?)
}

pub async fn sign_out(mut request: StrangerRequest) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    session::end(&request.session).await?;
    let mut response = see_other("/admin/sign-in")?;
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// What was typed before the session ended, to be sent again or given up.
pub async fn unsent(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    // Offered until it is given up or too old: whoever goes back and forth loses nothing.
    let Some(unsent) = session::unsent(&request.session, &request.app).await? else {
        let main = html! {
            div.main { div.reading.stack {
                h1 { "Nothing is kept" }
                p { "What was typed before a session ended is kept for 15 minutes." }
                (ui::link_button("/admin", "Go to the dashboard"))
            } }
        };
        return Ok(request.page(Area::None, "Nothing is kept", main));
    };
    Ok(request.page(Area::None, "What you typed is kept", offer(&unsent)))
}

pub async fn give_up(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    session::take_unsent(&request.session, &request.app).await?;
    request.done("/admin", "What you had typed has been given up.").await
}

fn offer(unsent: &Unsent) -> Markup {
    let shown = unsent.fields.iter().filter_map(|(name, value)| Some((name, legible(name, value)?)));
    let shown = shown.filter(|(_, value)| !value.trim().is_empty());
    html! {
        div.main { div.reading.stack {
            h1 { "What you typed is kept" }
            p { "Your session had ended when you sent the form of " code { (unsent.path) } ". Send it now, or give it up." }
            form method="post" action=(unsent.path) {
                @for (name, value) in &unsent.fields { (field::hidden(name, value)) }
                (ui::submit("Send it now"))
            }
            details {
                summary { "What it holds" }
                ul.unmarked.stack-s { @for (name, value) in shown { li { code { (name) } ": " (value) } } }
            }
            form method="post" action="/admin/unsent" { (ui::bad_button("Give it up")) }
        } }
    }
}

/// What a field held, as people wrote it: an editor's document as Markdown, and nothing of what only programs read.
fn legible<'field>(name: &str, value: &'field str) -> Option<Cow<'field, str>> {
    match name.rsplit_once('#') {
        _ if matches!(name, "version" | "op") => None,
        Some((_, "sum")) => None,
        Some((_, "doc")) => match RichDoc::from_editor(value) {
            Some((text, _)) => Some(text.to_markdown().into()),
            None => Some(value.into()),
        },
        _ => Some(value.into()),
    }
}
