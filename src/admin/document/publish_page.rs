//! How the page for publishing looks, a card for each question in the order in which it is asked: what will change, checks,
//! what has to go along, reviews, cases, what is said with it, when; then one button that says the act.

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Check, Decision, Document, DraftState, Kind, Missing, Severity, Shown},
    events::{Event, EventKind},
    kernel::Permission,
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field, time, words},
    },
    NOTE_LIMIT, address, looking,
    publish::{Act, Outcome},
    step_forms, timing, title_of, titled,
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
        @if outcome.refusal.is_some() || outcome.is_stopped() {
            (changes(outcome, several))
            (checks(request, outcome))
            @if outcome.refusal.is_none() { (going_along(outcome, state)) }
            (reviews(request, outcome))
            (stopped(outcome))
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

fn card(id: &str, title: &str, body: Markup) -> Markup {
    html! { section.card.stack-s aria-labelledby=(id) { h3 id=(id) { (title) } (body) } }
}

/// Why there is no button, and where to go on.
fn stopped(outcome: &Outcome) -> Markup {
    html! {
        @if let Some(refusal) = &outcome.refusal { p { strong { (refusal) } } }
        @if let [document] = outcome.documents.as_slice() {
            div.buttons { (ui::link_button(&address(document.standing.kind, document.standing.id, ""), "Back to the document")) }
        }
    }
}

fn form(request: &PanelRequest, outcome: &Outcome, state: &FormState, several: bool) -> Markup {
    let Some(first) = outcome.documents.first() else { return html! {} };
    let standing = &first.standing;
    let action = if several { "/admin/publish".to_owned() } else { address(standing.kind, standing.id, "publish") };
    html! {
        form.stack method="post" action=(action) {
            @if several {
                @for document in &outcome.documents {
                    (field::hidden("documents", &format!("{}:{}", document.standing.id, document.standing.version)))
                }
            } @else {
                (field::hidden("version", state.value("version")))
                (field::hidden("when", if outcome.act == Act::Schedule { "later" } else { "now" }))
                @if !state.value("from").is_empty() { (field::hidden("from", state.value("from"))) }
            }
            (changes(outcome, several))
            (looking(request, outcome, state))
            (going_along(outcome, state))
            (reviews(request, outcome))
            (cases(outcome, state))
            (note(request, outcome, state, several))
            @if !several || outcome.act == Act::Schedule { (when(request, outcome, state)) }
            @if outcome.act == Act::Force { (forcing(outcome, state)) }
            div.buttons {
                @if outcome.act == Act::Force { (ui::bad_button("Publish now without a review")) }
                @else if outcome.act == Act::Schedule { (timing::buttons(&request.chrome.zone, request.now(), state)) }
                @else { (ui::submit("Publish now")) }
                @if outcome.can_send_back && !several {
                    (ui::link_button(&address(standing.kind, standing.id, "request-changes"), "Request changes…"))
                }
                @if !several { a href=(address(standing.kind, standing.id, "")) { "Cancel" } }
            }
        }
    }
}

/// What will change: against the live versions, in addresses, and on the pages in which sections stand.
fn changes(outcome: &Outcome, several: bool) -> Markup {
    card(
        "changes",
        "What will change",
        html! {
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
        },
    )
}

fn changed(outcome: &Outcome, document: &Document, several: bool) -> Markup {
    let standing = &document.standing;
    html! {
        @if several {
            h4 { a href=(address(standing.kind, standing.id, "")) { (title_of(document)) } " (version " (standing.version) ")" }
        }
        @match (standing.live_version, outcome.changes.get(&standing.id)) {
            (Some(live), Some((comparison, drawn))) => {
                @if comparison.is_same() { p { "It says the same as version " (live) ", which was live last." } }
                @else {
                    p { strong { (comparison.counts.in_words()) "." } " Against version " (live) ", which was live last:" }
                    @if several { ul { @for sentence in comparison.summary() { li { (sentence) "." } } } }
                    @else { (drawn) }
                }
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
            Some((comparison, _)) if comparison.is_same() => { span.hint { "Its readers see no difference." } }
            Some((comparison, drawn)) => {
                ul { @for sentence in comparison.summary() { li { (sentence) "." } } }
                details {
                    summary { "What its readers will see" span.vh { " on “" (titled(&page.title)) "”" } }
                    (drawn)
                }
            }
            None if page.kind == Kind::RolePage => { span.hint { "It is one of many; look at its preview." } }
            None => {}
        }
    }
}

/// What the checks find where nothing can be done here but read. What must be fixed stands in place of the button.
fn checks(request: &PanelRequest, outcome: &Outcome) -> Markup {
    let must = severe(outcome, Severity::MustFix);
    let look = severe(outcome, Severity::LookAt);
    card(
        "checks",
        "Checks",
        html! {
            @if must.is_empty() && look.is_empty() { p { "The checks find nothing to fix and nothing to look at." } }
            @if !must.is_empty() { p { "Something must be fixed before this can be published:" } (found(request, &must)) }
            @if !look.is_empty() { p { "Look at these, too:" } (found(request, &look)) }
            @if let Some(obstacle) = &outcome.outlook.obstacle { p { strong { (obstacle) } } }
        },
    )
}

/// Each document with its findings of a severity, if it has any.
fn severe(outcome: &Outcome, severity: Severity) -> Vec<(&Document, Vec<&Check>)> {
    let found = outcome.documents.iter().map(|document| {
        let checks = document.checks.iter().filter(|check| check.severity == severity).collect::<Vec<_>>();
        (document, checks)
    });
    found.filter(|(_, checks)| !checks.is_empty()).collect()
}

fn found(request: &PanelRequest, all: &[(&Document, Vec<&Check>)]) -> Markup {
    html! { @for (document, checks) in all {
        @if all.len() > 1 { p { "“" (title_of(document)) "”:" } }
        (step_forms::checks(request, document.standing.kind, document.standing.id, checks))
    } }
}

fn nothing_open(outcome: &Outcome) -> bool {
    outcome.documents.iter().all(|document| looking::open(document).next().is_none())
}

/// What is to be looked at, each with a tick and room for a reason; what somebody has looked at already; what passed.
fn looking(request: &PanelRequest, outcome: &Outcome, state: &FormState) -> Markup {
    let several = outcome.documents.len() > 1;
    let body = html! {
        @if nothing_open(outcome) { p { "The checks find nothing to fix and nothing that is left to look at." } }
        @else { (looking::boxes(&outcome.documents.iter().collect::<Vec<_>>(), several, state)) }
        @for document in &outcome.documents {
            @let looked: Vec<&Check> = document.checks.iter().filter(|check| check.looked_at.is_some()).collect();
            @if !looked.is_empty() {
                details { summary { (looked.len()) " looked at" @if several { " in “" (title_of(document)) "”" } }
                    (step_forms::checks(request, document.standing.kind, document.standing.id, &looked)) }
            }
            @let passed = content::passed(document.checks.iter());
            details {
                summary { (ui::count(u64::try_from(passed.len()).unwrap_or(u64::MAX), "check passed", "checks passed")) @if several { " in “" (title_of(document)) "”" } }
                ul.small { @for sentence in passed { li { (sentence) } } }
            }
        }
    };
    card("checks", "Checks", body)
}

/// What has to be live and is not: it can go along in the same transaction.
fn going_along(outcome: &Outcome, state: &FormState) -> Markup {
    let missing = &outcome.outlook.missing;
    if missing.is_empty() {
        return html! {};
    }
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
    card(
        "along",
        "What has to go live with it",
        html! {
            @if !unable.is_empty() {
                p { "These are needed and can’t be published yet:" }
                ul { @for one in &unable { li {
                    a href=(address(one.kind, one.id, "")) { (titled(&one.title)) } ": " (one.refusal.as_deref().unwrap_or_default())
                } } }
            }
            @if !options.is_empty() && outcome.act != Act::Schedule && !outcome.is_stopped() {
                (field::checks(&state.field("together", "These are not live yet. Publish them together with it:"), &options,
                    &|value| state.holds("together", value)))
                (looking::boxes_of_others(&outcome.along.iter().collect::<Vec<_>>(), nothing_open(outcome), state))
            } @else if !options.is_empty() {
                ul { @for one in &able { li { a href=(address(one.kind, one.id, "publish")) { "Publish “" (titled(&one.title)) "” first" } } } }
            }
        },
    )
}

fn reviews(request: &PanelRequest, outcome: &Outcome) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    card(
        "reviews",
        "Reviews",
        html! {
            p {
                @if outcome.needs_review { "Somebody who did not write it must approve it before it is published." }
                @else { "A review is not needed here." }
            }
            @for document in outcome.documents.iter().filter(|document| document.standing.draft_state == DraftState::Approved) {
                p { "Version " (document.standing.version) @if outcome.documents.len() > 1 { " of “" (title_of(document)) "”" }
                    " is approved as it is. A save before it is published voids the approval." }
            }
            @if let Some((version, name)) = &outcome.voided {
                p { strong { "A later save voided the approval of version " (version) " by " (name) "." } }
            }
            @if !outcome.reviews.is_empty() {
                ul { @for event in &outcome.reviews { li {
                    (review(event)) ", " (time::when(zone, now, event.at))
                    @if let Some(note) = event.payload.get("note").and_then(Value::as_str) { ": “" (note) "”" }
                } } }
            }
        },
    )
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
            let begun = if outcome.begun.contains(&case.id) { ", a fix was started" } else { "" };
            (case.id.to_string(), format!("Case {}: {} ({reports}{begun})", case.number, case.title))
        })
        .collect();
    if options.is_empty() {
        return html! {};
    }
    let version = match outcome.documents.as_slice() {
        [document] => format!("in version {}", document.standing.version),
        _ => "in this version".to_owned(),
    };
    card(
        "cases",
        "What it fixes",
        html! {
            (field::checks(&state.field("fixes", "Open cases about it").hint(format!("Those that you tick become resolved: fixed {version}.")),
                &options, &|value| state.holds("fixes", value)))
        },
    )
}

/// What is said with it, to everybody and among those who work on it.
fn note(request: &PanelRequest, outcome: &Outcome, state: &FormState, several: bool) -> Markup {
    let suggested = suggestion(outcome);
    card(
        "note",
        "What is said with it",
        html! {
            (field::area(&state.field("note", "Change note").limit(NOTE_LIMIT)
                .hint("Public: it stands in the changes feed, and in the history.")))
            @if let Some(suggested) = &suggested {
                p { (ui::button("suggest", "true", "Use this", "as the change note")) " " span.document-note { "“" (suggested) "”" } }
            }
            @if !several && request.may(Permission::ContentWrite) {
                (field::area(&state.field("internal_note", "Note for those who work on it").rows(2).limit(NOTE_LIMIT)
                    .hint("Stands in the history. Readers never see it.")))
            }
            (field::radios(&state.field("change", "How much it matters to readers"), &field::options(
                content::ChangeSize::ALL, content::ChangeSize::name, |size| match size {
                    content::ChangeSize::Major => "Something that they should know",
                    content::ChangeSize::Minor => "A small correction",
                })))
        },
    )
}

/// What the changes would be called, if nobody says it better.
pub fn suggestion(outcome: &Outcome) -> Option<String> {
    let [document] = outcome.documents.as_slice() else { return None };
    let (comparison, _) = outcome.changes.get(&document.standing.id)?;
    let sentences: Vec<String> = comparison.summary().into_iter().take(3).collect();
    (!sentences.is_empty()).then(|| format!("{}.", sentences.join("; ")))
}

fn when(request: &PanelRequest, outcome: &Outcome, state: &FormState) -> Markup {
    let Some(document) = outcome.documents.first() else { return html! {} };
    let standing = &document.standing;
    let to = |rest: &str| address(standing.kind, standing.id, rest);
    let zone = &request.chrome.zone;
    card(
        "when",
        "When",
        html! {
            @match outcome.act {
                Act::Schedule => {
                    (field::text(&state.field("at", "Day and time").kind("datetime-local").class("medium")
                        .hint(format!("In the zone {}. Exactly version {} goes live then, whatever is saved meanwhile. It is now {}.",
                            zone.name(), standing.version, time::in_full(zone, request.now())))))
                    p { a href=(to("publish")) { "Publish now instead" } }
                }
                Act::Publish => {
                    p { "Now, as soon as you press the button. " a href=(to("publish?when=later")) { "Publish at a time instead" } }
                }
                Act::Force => { p { "Now, as soon as you press the button." } }
            }
            @if outcome.act == Act::Publish { (leaving(state)) } @else {
                p.document-note { "Once it is live, a time can be set at which it is unpublished." }
            }
        },
    )
}

/// A time at which it is unpublished again, if there is to be one.
fn leaving(state: &FormState) -> Markup {
    let decisions = field::options(&[Decision::Gone, Decision::Hidden], Decision::name, |decision| match decision {
        Decision::Redirect => "Its address leads to another page",
        Decision::Gone => "Its address says that it is gone",
        Decision::Hidden => "As if it had never been there",
    });
    html! {
        details open[!state.value("unpublish_at").is_empty()] {
            summary { "Unpublish it again at a time" }
            (field::text(&state.field("unpublish_at", "Day and time of unpublishing").kind("datetime-local").class("medium")
                .hint("Leave it empty to keep it live. To lead readers to another page then, schedule it once it is live.")))
            (field::radios(&state.field("unpublish_decision", "What becomes of its address then"), &decisions))
        }
    }
}

/// The way past a review, apart from everything else.
fn forcing(outcome: &Outcome, state: &FormState) -> Markup {
    card(
        "forcing",
        "It can’t wait for a review",
        html! {
            p { "It has not been approved. It goes live all the same, and stays marked “Needs a look back” until somebody else has looked at it." }
            @if let ([document], true) = (outcome.documents.as_slice(), outcome.can_submit) {
                p { "If it can wait: " a href=(address(document.standing.kind, document.standing.id, "submit")) { "Submit it for review" } "." }
            }
            (field::area(&state.field("reason", "Why it can’t wait for a review").hint("At least 10 characters; stands in the log.").limit(NOTE_LIMIT)))
        },
    )
}
