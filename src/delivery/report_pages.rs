//! The few pages that visitors without a site of their own see: the form again, thanks, and the receipt. Plain HTML with
//! one style sheet of its own and no script.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use crate::{
    feedback::{Progress, ReceiptView, ReportKind},
    kernel::{Error, Fault, Timestamp},
    web::{Answer, Visit, Written, lasting},
};

use super::reports::{Accepted, faults_of};

/// What a person typed, as it came.
pub struct Typed(Vec<(String, String)>);

/// The fields that people see.
const ANSWERS: [(&str, &str); 2] = [("doing", "What were you doing?"), ("wrong", "What went wrong?")];
/// Where the style sheet of these pages is served.
const STYLE_ADDRESS: &str = "/api/v1/reports.css";
const HIDDEN: [&str; 6] = ["page_token", "document", "version", "block", "return_to", "shown_at"];

impl Typed {
    pub fn of(fields: &Map<String, Value>) -> Self {
        let texts = fields.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Self(texts.collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
}

/// The form with everything typed, and what is wrong with it, first in a summary and then at each field.
pub fn form_again(typed: &Typed, error: &Error, status: StatusCode) -> Response {
    let faults = faults_of(error);
    let body = html! {
        h1 { "Make a comment or report a problem" }
        (summary(&faults))
        form method="post" action="/api/v1/reports" {
            @for name in HIDDEN {
                // What is wrong and can't be seen can't be mended by a person; it is left out of the next attempt.
                @if !typed.get(name).is_empty() && !has_fault(&faults, name) { input type="hidden" name=(name) value=(typed.get(name)); }
            }
            fieldset id="kind" {
                legend { "What is it?" }
                (fault_at(&faults, "kind"))
                @for kind in ReportKind::ALL {
                    p {
                        label {
                            input type="radio" name="kind" value=(kind.name()) checked[typed.get("kind") == kind.name()];
                            " " (kind_words(*kind))
                        }
                    }
                }
            }
            @for (name, question) in ANSWERS {
                p {
                    label for=(name) { (question) }
                    (fault_at(&faults, name))
                    br;
                    textarea id=(name) name=(name) rows="5" { (typed.get(name)) }
                }
            }
            @if !typed.get("contact_email").is_empty() {
                p {
                    label for="contact_email" { "Your e-mail address, if you want an answer" }
                    (fault_at(&faults, "contact_email"))
                    br;
                    input type="email" id="contact_email" name="contact_email" value=(typed.get("contact_email"));
                }
            }
            p { button { "Send" } }
        }
    };
    let title = format!("Error: {}", "Make a comment or report a problem");
    let mut response = page(&title, body, status);
    if let Error::TooMany { retry_after_seconds } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    response
}

fn kind_words(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Problem => "Something is wrong",
        ReportKind::Comment => "A comment",
        ReportKind::Accessibility => "Something is hard to use or to read",
        ReportKind::Praise => "Something is good",
    }
}

fn summary(faults: &[Fault]) -> Markup {
    html! {
        div role="alert" {
            h2 { "There is a problem" }
            ul {
                @for fault in faults {
                    @let name = fault.pointer.trim_start_matches('/');
                    li {
                        @if name == "kind" || name == "text" || name == "contact_email" || ANSWERS.iter().any(|(other, _)| *other == name) {
                            a href={ "#" (name) } { (fault.detail) }
                        } @else { (fault.detail) }
                    }
                }
            }
        }
    }
}

fn has_fault(faults: &[Fault], name: &str) -> bool {
    faults.iter().any(|fault| fault.pointer.trim_start_matches('/') == name)
}

fn fault_at(faults: &[Fault], name: &str) -> Markup {
    html! {
        @for fault in faults.iter().filter(|fault| fault.pointer.trim_start_matches('/') == name) {
            br; strong { "Error: " (fault.detail) }
        }
    }
}

pub fn thanks(accepted: &Accepted) -> Response {
    let body = html! {
        h1 { "Thank you" }
        p { "Your report has the reference " strong { (accepted.reference) } "." }
        p {
            "Keep this address if you want to see what becomes of it, or to add something: "
            a href=(accepted.receipt_url) { (accepted.receipt_url) }
        }
    };
    page("Thank you", body, StatusCode::ACCEPTED)
}

/// For an address of a receipt that there is none at.
pub fn lost() -> Response {
    let body = html! {
        h1 { "This link leads nowhere" }
        p { "There is no report at this address. Look whether the whole address was copied; it is long, and ends in letters and digits." }
    };
    page("No such report", body, StatusCode::NOT_FOUND)
}

pub fn receipt(view: &ReceiptView, path: &str, zone: &TimeZone) -> Response {
    page("Your report", receipt_body(view, path, zone, "", &[]), StatusCode::OK)
}

/// The receipt with a text that could not be added.
pub fn receipt_again(view: &ReceiptView, path: &str, zone: &TimeZone, text: &str, error: &Error) -> Response {
    let faults = faults_of(error);
    page("Error: Your report", receipt_body(view, path, zone, text, &faults), StatusCode::UNPROCESSABLE_ENTITY)
}

/// A day as people write it, in the zone of the site, with the instant for programs.
fn day(at: Timestamp, zone: &TimeZone) -> Markup {
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    html! { time datetime=(at) { (instant.to_zoned(zone.clone()).strftime("%-d %B %Y")) } }
}

fn receipt_body(view: &ReceiptView, path: &str, zone: &TimeZone, text: &str, faults: &[Fault]) -> Markup {
    html! {
        h1 { "Your report " (view.reference) }
        @if !faults.is_empty() { (summary(faults)) }
        p { "Received on " (day(view.received_at, zone)) ". " (progress_words(view.state)) }
        @if let Some(at) = view.answered_at { p { "Somebody answered you on " (day(at, zone)) ", at the address that you left." } }
        @match view.additions {
            0 => {}
            1 => { p { "You have added something once." } }
            more => { p { "You have added something " (more) " times." } }
        }
        @if view.additions_left > 0 {
            form method="post" action=(path) {
                p {
                    label for="text" { "Add something to your report" }
                    (fault_at(faults, "text"))
                    br;
                    textarea id="text" name="text" rows="5" { (text) }
                }
                p { button { "Add" } }
            }
        }
    }
}

/// The style sheet of these pages.
pub async fn style(visit: Visit) -> Answer {
    file(visit, include_bytes!("report_pages.css"), "text/css; charset=utf-8")
}

/// The form for the pages of a site, as a custom element.
pub async fn form_script(visit: Visit) -> Answer {
    file(visit, include_bytes!("report_form.js"), "text/javascript; charset=utf-8")
}

fn file(mut visit: Visit, bytes: &[u8], content_type: &'static str) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let written = Written::new(bytes.to_vec(), content_type, Timestamp(0));
    Ok(lasting(&visit.headers, written, 3_600))
}

fn progress_words(state: Progress) -> &'static str {
    match state {
        Progress::Received => "Nobody has looked at it yet.",
        Progress::BeingLookedAt => "Somebody is looking at it.",
        Progress::Answered => "It has been answered.",
        Progress::Fixed => "The page has been changed.",
        Progress::Closed => "It has been closed without a change.",
    }
}

fn page(title: &str, body: Markup, status: StatusCode) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(STYLE_ADDRESS);
            }
            body { main { (body) } }
        }
    };
    let mut response = (status, document.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
