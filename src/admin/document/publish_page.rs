//! How the page for publishing looks, from top to bottom: what will change, checks, what has to go along, reviews, cases,
//! what is said with it, and the button.

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Check, Document, Kind, Missing, Severity, Shown},
    events::{Event, EventKind},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, difference, field, time, words},
    },
    address,
    publish::{Act, Outcome},
    step_forms, title_of, titled,
};

/// What stands there when no documents are named.
pub fn none_chosen() -> Markup {
    ui::empty(
        "Choose 1 to 100 documents in a list, and publish them together.",
        html! { (ui::link_button("/admin/role-pages", "Look at the role pages")) },
    )
}

pub fn draw(request: &PanelRequest, outcome: &Outcome, state: &FormState, several: bool) -> Markup {
    let state = &step_forms::without_places(state);
    html! {
        h2 { (heading(outcome.act, several)) }
        (ui::error_summary(state))
        (changes(outcome, several))
        (checks(outcome))
        @if let Some(refusal) = &outcome.refusal {
            (reviews(request, outcome))
            p { strong { (refusal) } }
            @if let [document] = outcome.documents.as_slice() {
                div.buttons { (ui::link_button(&address(document.standing.kind, document.standing.id, ""), "Back to the document")) }
            }
        } @else if outcome.is_stopped() {
            (going_along(outcome, state))
            (reviews(request, outcome))
        } @else {
            (form(request, outcome, state, several))
        }
    }
}

fn heading(act: Act, several: bool) -> &'static str {
    match act {
        Act::Force if several => "Publish them together, without a review",
        Act::Force => "Publish without a review",
        Act::Schedule => "Publish at a time",
        Act::Publish if several => "Publish them together",
        Act::Publish => "Publish",
    }
}

fn form(request: &PanelRequest, outcome: &Outcome, state: &FormState, several: bool) -> Markup {
    let Some(first) = outcome.documents.first() else { return html! {} };
    let standing = &first.standing;
    let own = address(standing.kind, standing.id, "publish");
    let action = if several { "/admin/publish".to_owned() } else { own.clone() };
    html! {
        form.stack method="post" action=(action) {
            @if several {
                @for document in &outcome.documents {
                    (field::hidden("documents", &format!("{}:{}", document.standing.id, document.standing.version)))
                }
            } @else {
                (field::hidden("version", state.value("version")))
                (field::hidden("when", if outcome.act == Act::Schedule { "later" } else { "now" }))
            }
            (going_along(outcome, state))
            (reviews(request, outcome))
            (cases(outcome, state))
            h3 { "What is said with it" }
            (field::area(&state.field("note", "Change note").limit(1000)
                .hint(format!("Stands in the changes feed and the history. {}", suggestion(outcome)))))
            (field::radios(&state.field("change", "How much it matters to readers"), &field::options(
                content::ChangeSize::ALL, content::ChangeSize::name, |size| match size {
                    content::ChangeSize::Major => "Something that they should know",
                    content::ChangeSize::Minor => "A small correction",
                })))
            @match outcome.act {
                Act::Force => {
                    p { "It has not been approved. It goes live all the same, and stays marked “Needs a look back” until somebody else has looked at it." }
                    (field::area(&state.field("reason", "Why it can’t wait for a review").hint("At least 10 characters; stands in the log.").limit(1000)))
                }
                Act::Schedule => {
                    h3 { "When" }
                    (field::text(&state.field("at", "Day and time").kind("datetime-local").class("medium")
                        .hint(format!("In the zone {}. Exactly version {} goes live then, whatever is saved meanwhile.", request.chrome.zone.name(), standing.version))))
                }
                Act::Publish => {}
            }
            div.buttons {
                (ui::submit(match outcome.act {
                    Act::Publish => "Publish now",
                    Act::Force => "Publish now without a review",
                    Act::Schedule => "Schedule",
                }))
                @if !several {
                    @match outcome.act {
                        Act::Schedule => { a href=(own) { "Publish now instead" } }
                        Act::Publish => { a href={ (own) "?when=later" } { "Publish at a time instead" } }
                        Act::Force => {}
                    }
                    a href=(address(standing.kind, standing.id, "")) { "Cancel" }
                }
            }
        }
    }
}

fn suggestion(outcome: &Outcome) -> String {
    match outcome.summaries.values().next() {
        Some(summary) if outcome.documents.len() == 1 && !summary.is_empty() => {
            format!("For example: {}.", summary.iter().take(3).cloned().collect::<Vec<_>>().join("; "))
        }
        _ => String::new(),
    }
}

/// What will change: against the live versions, in addresses, and on the pages in which sections stand.
fn changes(outcome: &Outcome, several: bool) -> Markup {
    html! {
        h3 { "What will change" }
        @for document in &outcome.documents { (changed(outcome, document, several)) }
        @if !outcome.outlook.moves.is_empty() {
            @if outcome.outlook.moves.iter().any(|one| one.from.is_some()) {
                p { "Old addresses lead to the new ones:" }
            }
            ul { @for one in &outcome.outlook.moves { li {
                "“" (titled(&one.title)) "”: "
                @match &one.from { Some(from) => { code { (from) } " → " code { (one.to) } } None => { "its address will be " code { (one.to) } } }
            } } }
        }
        (embedding(outcome))
    }
}

fn changed(outcome: &Outcome, document: &Document, several: bool) -> Markup {
    let standing = &document.standing;
    let summary = outcome.summaries.get(&standing.id);
    html! {
        @if several {
            h4 { a href=(address(standing.kind, standing.id, "")) { (title_of(document)) } " (version " (standing.version) ")" }
        }
        @match (standing.live_version, summary) {
            (Some(live), Some(summary)) => {
                @if summary.is_empty() { p { "It says the same as version " (live) ", which was live last." } }
                @else { ul { @for sentence in summary { li { (sentence) "." } } } }
                p { a href=(address(standing.kind, standing.id, &format!("compare?from={live}&to={}", standing.version))) {
                    "Compare version " (live) " with version " (standing.version) } }
            }
            (Some(live), None) => { p { "Version " (live) " goes live again." } }
            (None, _) => { p { "It goes live for the first time, as version " (standing.version) "." } }
        }
        @if !several { p { a href=(address(standing.kind, standing.id, "preview?line=draft&as=live")) { "Read it in the preview" } } }
    }
}

fn embedding(outcome: &Outcome) -> Markup {
    let pages = &outcome.outlook.embedding;
    html! {
        @if !pages.is_empty() {
            p { (ui::count(u64::try_from(pages.len()).unwrap_or(u64::MAX), "live document shows it and changes", "live documents show it and change")) " at once:" }
            ul.choices { @for page in pages { li { (affected(outcome, page)) } } }
        }
    }
}

/// One page in which it stands, with what its readers will see.
fn affected(outcome: &Outcome, page: &Shown) -> Markup {
    html! {
        a href=(address(page.kind, page.id, "")) { (titled(&page.title)) }
        " " span.document-note { (words::kind(page.kind)) @if let Some(path) = &page.path { ", " code { (path) } } }
        @match outcome.differences.get(&page.id) {
            Some(compared) if compared.changes.is_empty() => { span.hint { "Its readers see no difference." } }
            Some(compared) => {
                ul { @for sentence in &compared.summary { li { (sentence) "." } } }
                details {
                    summary { "What its readers will see" span.vh { " on “" (titled(&page.title)) "”" } }
                    @for change in &compared.changes {
                        div.change { p { strong { (difference::heading(change)) } } (difference::body(change)) }
                    }
                }
            }
            None if page.kind == Kind::RolePage => { span.hint { "It is one of many; look at its preview." } }
            None => {}
        }
    }
}

fn checks(outcome: &Outcome) -> Markup {
    let of = |severity: Severity| -> Vec<(&Document, Vec<&Check>)> {
        let found = outcome.documents.iter().map(|document| {
            let checks = document.checks.iter().filter(|check| check.severity == severity).collect::<Vec<_>>();
            (document, checks)
        });
        found.filter(|(_, checks)| !checks.is_empty()).collect()
    };
    let (must, look) = (of(Severity::MustFix), of(Severity::LookAt));
    html! {
        h3 { "Checks" }
        @if must.is_empty() && look.is_empty() { p { "The checks find nothing to fix and nothing to look at." } }
        @if !must.is_empty() { p { "Something must be fixed before this can be published:" } (found(&must)) }
        @if !look.is_empty() { p { "Look at these; they stop nothing:" } (found(&look)) }
        @if let Some(obstacle) = &outcome.outlook.obstacle { p { strong { (obstacle) } } }
    }
}

fn found(all: &[(&Document, Vec<&Check>)]) -> Markup {
    html! { @for (document, checks) in all {
        @if all.len() > 1 { p { "“" (title_of(document)) "”:" } }
        (step_forms::checks(document.standing.kind, document.standing.id, checks))
    } }
}

/// What has to be live and is not: it can go along in the same transaction.
fn going_along(outcome: &Outcome, state: &FormState) -> Markup {
    let missing = &outcome.outlook.missing;
    let able: Vec<&Missing> = missing.iter().filter(|one| one.refusal.is_none()).collect();
    let unable: Vec<&Missing> = missing.iter().filter(|one| one.refusal.is_some()).collect();
    let options: Vec<(String, String)> = able
        .iter()
        .map(|one| {
            let place = if one.above { "stands above it" } else { "stands in it" };
            let kind = words::kind(one.kind).to_lowercase();
            let words = format!("“{}”, version {} ({kind}, {place})", titled(&one.title), one.version);
            (format!("{}:{}", one.id, one.version), words)
        })
        .collect();
    html! {
        @if !missing.is_empty() {
            h3 { "What has to go live with it" }
            @if !unable.is_empty() {
                p { "These are needed and can’t be published yet:" }
                ul { @for one in &unable { li {
                    a href=(address(one.kind, one.id, "")) { (titled(&one.title)) } ": " (one.refusal.as_deref().unwrap_or_default())
                } } }
            }
            @if !options.is_empty() && outcome.act != Act::Schedule && !outcome.is_stopped() {
                (field::checks(&state.field("together", "These are not live yet. Publish them together with it:"), &options,
                    &|value| state.holds("together", value)))
            } @else if !options.is_empty() {
                ul { @for one in &able { li { a href=(address(one.kind, one.id, "publish")) { "Publish “" (titled(&one.title)) "” first" } } } }
            }
        }
    }
}

fn reviews(request: &PanelRequest, outcome: &Outcome) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        h3 { "Reviews" }
        p {
            @if outcome.needs_review { "Somebody who did not write it must approve it before it is published. A later save voids an approval." }
            @else { "A review is not needed here." }
        }
        @if !outcome.reviews.is_empty() {
            ul { @for event in &outcome.reviews { li { (review(event)) ", " (time::when(zone, now, event.at)) } } }
        }
    }
}

fn review(event: &Event) -> String {
    let version = event.payload.get("version").and_then(Value::as_i64).unwrap_or_default();
    let name = &event.actor.name;
    match event.kind {
        EventKind::DocumentApproved => format!("{name} approved version {version}"),
        EventKind::ChangesRequested => format!("{name} requested changes of version {version}"),
        _ => format!("{name} submitted version {version}"),
    }
}

fn cases(outcome: &Outcome, state: &FormState) -> Markup {
    let options: Vec<(String, String)> = outcome
        .cases
        .iter()
        .map(|case| {
            let reports = ui::count(u64::try_from(case.report_count).unwrap_or_default(), "report", "reports");
            (case.id.to_string(), format!("Case {}: {} ({reports})", case.number, case.title))
        })
        .collect();
    html! {
        @if !options.is_empty() {
            h3 { "What it fixes" }
            (field::checks(&state.field("fixes", "Open cases about it").hint("Those that you tick become resolved: fixed in this version."),
                &options, &|value| state.holds("fixes", value)))
        }
    }
}
