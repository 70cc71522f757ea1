//! Mail: what is on its way, what was sent and what was not, the tries of each letter, sending again, and a test. No words of a
//! letter are shown: they can hold a link with which an account is taken over.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    config::MailEncryption,
    kernel::{Error, MailId, Permission},
    mail::{self, Attempt, Listing, Mail, MailState, Page, Recipient},
    web::{Answer, Cursor, session::Tone},
};

use super::{
    help,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, field, list as lists, shell::Area, time, words},
};

pub const MAIL: &str = "/admin/mail";
const AREA: Area = Area::Administration;
const TITLE: &str = "Mail";
const PAGE: u64 = 25;
const NEWEST: &str = "-at";

pub async fn list(mut request: PanelRequest) -> Answer {
    let state: Option<MailState> = request.query.choice("state");
    let after = request.query.cursor("cursor", NEWEST).map(|cursor| (cursor.key, cursor.id));
    request.end_of_query()?;
    let page = mail::list(&request.ctx, &Listing { state, after, limit: PAGE }).await?;
    let next = page.next.clone().map(|(key, id)| Cursor { order: NEWEST.to_owned(), key, id }.encode());
    let main = html! {
        div.main.stack {
            (ui::head(TITLE, html! { @if request.app.mailer.is_some() { (ui::post_button("/admin/mail/test", "Send a test to yourself", "")) } }))
            (condition(&request))
            (ui::tabs("How far it is", &tabs(state)))
            @if page.rows.is_empty() { (nothing(state)) }
            @else {
                p.muted role="status" { (ui::count(page.total, "letter", "letters")) ", kept for thirty days. What they say is not kept." }
                (table(&request, &page))
                (lists::pages(MAIL, &request.query_text, page.rows.len(), page.total, next.as_deref()))
            }
        }
    };
    Ok(request.page(AREA, TITLE, main))
}

/// Whether mail is on.
fn condition(request: &PanelRequest) -> Markup {
    html! {
        @if request.app.mailer.is_none() {
            (ui::banner(Tone::Note, html! {
                p { "Mail is off: this server was started without a mail server. Links for invitations and passwords are shown to copy, and answers to visitors open in your own mail program." }
                p { "To turn it on, start the server with " code { "ROLEBOOK_MAIL_SERVER" } " and " code { "ROLEBOOK_MAIL_FROM" } "." }
            }))
        }
    }
}

fn tabs(chosen: Option<MailState>) -> Vec<(String, String, bool)> {
    let mut tabs = vec![(MAIL.to_owned(), "All".to_owned(), chosen.is_none())];
    for state in MailState::ALL {
        let address = format!("{MAIL}?state={}", state.name());
        tabs.push((address, words::mail_state(*state).to_owned(), chosen == Some(*state)));
    }
    tabs
}

fn nothing(state: Option<MailState>) -> Markup {
    match state {
        None => ui::empty(
            "Nothing has been sent yet. Invitations, links for new passwords, answers to visitors and news of new cases will stand here, each with what became of it.",
            help::beside(html! {}, &help::MAIL),
        ),
        Some(state) => ui::empty(
            &format!("No letter is “{}”.", words::mail_state(state)),
            ui::link_button(MAIL, "Show all letters"),
        ),
    }
}

fn table(request: &PanelRequest, page: &Page) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "Letters, newest first" }
                thead {
                    tr {
                        th scope="col" { "What" }
                        th scope="col" { "To" }
                        th scope="col" { "When" }
                        th scope="col" { "State" }
                        th scope="col" { "Tries" }
                    }
                }
                tbody {
                    @for letter in &page.rows {
                        tr {
                            th scope="row" { a.tap href=(address(letter.id)) { (words::mail_kind(letter.kind)) span.vh { ", " (to_in_words(&letter.to)) } } }
                            td data-label="To" { (to(&letter.to)) }
                            td data-label="When" { (time::when(zone, now, letter.created_at)) }
                            td data-label="State" { div { (badge(letter)) @if let Some(error) = &letter.error { br; span.small { (error) } } } }
                            td data-label="Tries" { (letter.attempts) }
                        }
                    }
                }
            }
        }
    }
}

fn address(id: MailId) -> String {
    format!("{MAIL}/{id}")
}

fn badge(letter: &Mail) -> Badge {
    let words = words::mail_state(letter.state);
    match letter.state {
        MailState::Waiting if letter.error.is_some() => Badge::new(Look::Warning, "Trying again"),
        MailState::Waiting | MailState::Sending => Badge::new(Look::Planned, words),
        MailState::Sent => Badge::new(Look::Good, words),
        MailState::Failed => Badge::new(Look::Bad, words),
    }
}

fn to_in_words(recipient: &Recipient) -> String {
    match recipient {
        Recipient::User { name, .. } => name.clone(),
        Recipient::Visitor { reference: Some(reference), .. } => format!("the visitor of report {reference}"),
        Recipient::Visitor { .. } => "a visitor".to_owned(),
        Recipient::Unknown => "somebody who asked for a new password".to_owned(),
    }
}

fn to(recipient: &Recipient) -> Markup {
    match recipient {
        Recipient::User { id, name, email } => {
            html! { div { a href={ "/admin/users/" (id) } { (name) } br; span.small.muted { (email) } } }
        }
        Recipient::Visitor { report, reference: Some(reference) } => {
            html! { "The visitor of " a href={ "/admin/reports/" (report) } { "report " (reference) } }
        }
        Recipient::Visitor { .. } => html! { "A visitor, whose report is gone" },
        Recipient::Unknown => html! { "Somebody who asked for a new password" },
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    page(&request, html! {}, StatusCode::OK).await
}

async fn page(request: &PanelRequest, notice: Markup, status: StatusCode) -> Answer {
    let letter = mail::get(&request.ctx, request.id("id")?).await?;
    let attempts = mail::attempts(&request.ctx, letter.id).await?;
    let title = format!("{} to {}", words::mail_kind(letter.kind), to_in_words(&letter.to));
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(MAIL.to_owned(), TITLE.to_owned())]))
            (ui::head(&title, html! { (badge(&letter)) }))
            (notice)
            (facts(request, &letter))
            (again(request, &letter))
            section.stack aria-labelledby="tries" {
                h2 #tries { "Tries" }
                @if attempts.is_empty() { p.muted { "It has not been tried yet." } }
                @for attempt in &attempts { (one(request, attempt)) }
            }
        } }
    };
    Ok(request.page_with(status, AREA, &title, main))
}

fn facts(request: &PanelRequest, letter: &Mail) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        @if let Some(error) = letter.error.as_ref().filter(|_| letter.state == MailState::Failed) {
            (ui::banner(Tone::Fault, html! { p { "It was not sent. " (error) } }))
        }
        dl.facts {
            dt { "To" } dd { (to(&letter.to)) }
            dt { "Asked for" } dd { (time::when(zone, now, letter.created_at)) }
            @if let Some(at) = letter.finished_at { dt { @if letter.state == MailState::Sent { "Taken by the mail server" } @else { "Given up" } } dd { (time::when(zone, now, at)) } }
            @if let Some(at) = letter.next_attempt_at { dt { "Next try" } dd { (time::when(zone, now, at)) } }
            dt { "Tries" } dd { (letter.attempts) }
        }
        p.small.muted { "What it says is not kept. It is written when it is sent, and a link in it is made then." }
    }
}

fn again(request: &PanelRequest, letter: &Mail) -> Markup {
    let words = match letter.state {
        MailState::Sending => return html! {},
        MailState::Waiting => "Send it now",
        MailState::Sent | MailState::Failed => "Send it again",
    };
    html! {
        @if request.app.mailer.is_some() {
            form method="post" action={ (address(letter.id)) "/send-again" } {
                (field::hidden("revision", &letter.revision))
                (ui::submit(words))
            }
        } @else { p { "Mail is off, so it can't be sent." } }
    }
}

fn one(request: &PanelRequest, attempt: &Attempt) -> Markup {
    let badge = match &attempt.error {
        None => Badge::new(Look::Good, "Taken"),
        Some(_) => Badge::new(Look::Bad, "Not taken"),
    };
    html! {
        section.card.stack-s {
            h3 { time datetime=(attempt.at.to_string()) { (request.chrome.zone.to_the_second(attempt.at)) } " " (badge) }
            @if let Some(error) = &attempt.error { p { (error) } }
            dl.facts {
                dt { "Took" } dd { (attempt.duration_milliseconds) " ms" }
                @if let Some(status) = attempt.status { dt { "Answer" } dd { (status) @if let Some(words) = &attempt.answer { " " (words) } } }
            }
        }
    }
}

pub async fn test(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    request.form.fields(&[]).finish()?;
    request.app.require_mail()?;
    let letter = mail::test(&request.ctx).await?;
    request.app.ring();
    request
        .done(&address(letter.id), "The test is on its way to you. Load this page again to see what became of it.")
        .await
}

pub async fn send_again(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let id: MailId = request.id("id")?;
    // Whether there is such a letter is said before what is wrong with the form.
    mail::get(&request.ctx, id).await?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    fields.finish()?;
    request.app.require_mail()?;
    match mail::send_again(&request.ctx, id, &seen).await {
        Ok(letter) => {
            request.app.ring();
            request.done(&address(letter.id), "It is being sent. Load this page again to see what became of it.").await
        }
        Err(Error::Stale(_)) => {
            let said =
                html! { p { "It has been tried since you looked, so nothing was done. This is how it is now." } };
            page(&request, ui::banner(Tone::Warning, said), StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the server was started with, for the page of the settings: where mail goes, who it comes from, and a test.
pub fn settings(request: &PanelRequest) -> Markup {
    let server = request.app.mailer.as_ref().map(|mailer| mailer.server());
    html! {
        dt { "Mail" }
        dd {
            @match server {
                None => "Off; links are shown to copy",
                Some(server) => {
                    "By " (server.host) ", port " (server.port) ", "
                    @match server.encryption {
                        MailEncryption::StartTls => "with STARTTLS",
                        MailEncryption::Tls => "with TLS",
                        MailEncryption::None => "without encryption",
                    }
                    @if server.credentials.is_some() { ", with a password" }
                    ", from " (server.sender.address)
                }
            }
            " " code.muted { "ROLEBOOK_MAIL_SERVER" }
        }
    }
}

/// The buttons below them.
pub fn buttons(request: &PanelRequest) -> Markup {
    html! {
        div.buttons {
            @if request.app.mailer.is_some() { (ui::post_button("/admin/mail/test", "Send a test mail to yourself", "")) }
            (ui::link_button(MAIL, "What was sent"))
        }
    }
}
