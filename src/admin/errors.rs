//! Pages for what went wrong: what happened, whether anything was lost, and where to go on.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use maud::{Markup, html};

use crate::{
    kernel::{Error, Permission, Role},
    web::Problem,
};

use super::ui::{
    self,
    shell::{self, Area, Chrome},
};

/// The page for an error. Faults of the program are in the log, with the id that the page names.
pub fn page(chrome: Option<&Chrome>, problem: &Problem, path: &str) -> Response {
    let error = &*problem.0;
    let status = match error {
        // A browser sends no precondition of its own; for people it is a conflict.
        Error::Stale(_) | Error::PreconditionRequired => StatusCode::CONFLICT,
        other => Problem::status(other),
    };
    let request_id = chrome.and_then(|chrome| chrome.request_id.as_deref());
    match error {
        Error::Bug(source) => tracing::error!(request_id, error = %source, "a fault of the program"),
        Error::Unavailable(detail) => tracing::warn!(request_id, detail, "the database or the store is away"),
        _ => {}
    }
    let (title, body) = words(error, path, request_id);
    let mut response = draw(chrome, status, title, body);
    match error {
        Error::TooMany { retry_after_seconds } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
        }
        Error::Unavailable(_) => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        _ => {}
    }
    response
}

/// The page for a post that came from another site.
pub fn forged(chrome: Option<&Chrome>) -> Response {
    let body = html! {
        p { "This form was sent from another site, so nothing was done. Open the page here and send it again." }
        p { "If you did not come from another site, a proxy between you and Rolebook changes the headers Host or Origin." }
    };
    draw(chrome, StatusCode::FORBIDDEN, "The form came from elsewhere", body)
}

pub fn wrong_method(chrome: Option<&Chrome>) -> Response {
    let body = html! { p { "This address is where a form is sent to. Open the page that the form stands on." } };
    draw(chrome, StatusCode::METHOD_NOT_ALLOWED, "There is no page here", body)
}

fn draw(chrome: Option<&Chrome>, status: StatusCode, title: &str, body: Markup) -> Response {
    let main = html! {
        div.main {
            div.reading.stack {
                h1 { (title) }
                (body)
                div.buttons {
                    (ui::link_button("/admin", "Go to the dashboard"))
                }
            }
        }
    };
    match chrome {
        Some(chrome) => shell::page(chrome, Area::None, title, main, status),
        None => shell::bare_page("Rolebook", title, main, status),
    }
}

fn words(error: &Error, path: &str, request_id: Option<&str>) -> (&'static str, Markup) {
    match error {
        Error::NotFound(what) => (
            "There is nothing here",
            html! {
                p { "There is no " (what) ". It may have been moved or removed, or the address has a mistake." }
                form.filters method="get" action="/admin/search" role="search" {
                    div.field {
                        label for="search" { "Search for a page, a section or a case" }
                        input #search.medium type="search" name="q";
                    }
                    (ui::submit("Search"))
                }
            },
        ),
        Error::Forbidden(permission) => (
            "This is not yours to do",
            html! {
                p { "You need the permission " code { (permission.name()) } " for this. " (holders(*permission)) }
                p { "An administrator can change which roles you hold. Nothing was changed." }
            },
        ),
        Error::NotAllowed { detail, .. } => {
            ("This is not yours to do", html! { p { (detail) } p { "Nothing was changed." } })
        }
        Error::Stale(_) | Error::PreconditionRequired => (
            "Somebody changed this meanwhile",
            html! {
                p { "It is no longer as you saw it, so nothing was done. Look at what changed, and decide again." }
                p { a href=(path) { "Open it as it is now" } }
            },
        ),
        Error::Conflict { detail, faults, .. } => (
            "This does not fit the present state",
            html! {
                p { (detail) }
                @if !faults.is_empty() { ul { @for fault in faults { li { (fault.detail) } } } }
                p { "Nothing was changed." }
            },
        ),
        Error::AlreadyDone => {
            ("This has been done already", html! { p { "The same form was sent twice; it was carried out once." } })
        }
        Error::Invalid(faults) | Error::Malformed(faults) => (
            "Something in the request is wrong",
            html! {
                ul { @for fault in faults { li { @if !fault.pointer.is_empty() { code { (fault.pointer) } ": " } (fault.detail) } } }
                p { "Nothing was changed." }
            },
        ),
        Error::Gone { detail, .. } => ("It is gone", html! { p { (detail) } }),
        Error::TooLarge { limit } => (
            "That is too large",
            html! {
                p { "More than " (ui::bytes(*limit)) " were sent, which is the limit here. Nothing was changed." }
                p { "Go back: what you typed should still be there. Send less at once, or a smaller file." }
            },
        ),
        Error::UnsupportedMediaType(detail) => ("The form can't be read", html! { p { (detail) } }),
        Error::TooMany { retry_after_seconds } => (
            "Too many attempts",
            html! { p { "Try again in " (ui::seconds(*retry_after_seconds)) ". Until then nothing is tried, right or wrong." } },
        ),
        Error::Unauthenticated(detail) => {
            ("Sign in first", html! { p { (detail) } p { a href="/admin/sign-in" { "Sign in" } } })
        }
        Error::Unavailable(_) => (
            "Rolebook can't reach its data",
            html! { p { "The database or the store does not answer at the moment, or the index of the search is being made. Nothing was changed. Go back and send it again in a moment; what you typed should still be there." } },
        ),
        Error::Bug(_) => (
            "Something went wrong",
            html! {
                p { "The fault is ours, and it has been noted in the log of the server. Nothing was changed by this." }
                p { "Go back: what you typed should still be there." }
                @if let Some(id) = request_id {
                    p { "If it happens again, tell whoever runs the server this number, by which the log knows it: " code { (id) } }
                }
            },
        ),
    }
}

/// Who may do something, in a sentence.
fn holders(permission: Permission) -> String {
    let roles: Vec<&str> = Role::ALL
        .iter()
        .filter(|role| role.permissions().contains(&permission))
        .map(|role| ui::words::role(*role))
        .collect();
    format!("These roles have it: {}.", roles.join(", ").to_lowercase())
}
