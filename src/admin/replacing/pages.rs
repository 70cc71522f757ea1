//! How find and replace looks: the form with what was found, what would change, and what came of it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{
        self, Change, ChosenPlaces, DraftState, Found, Holding, Numbered, REPLACEMENT_LIMIT, SOUGHT_LIMIT, WordOp,
    },
    kernel::Permission,
};

use super::{
    super::{
        document,
        form::FormState,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, difference, field},
    },
    ADDRESS, Asked, Offers, Options, Outcomes, Prospects, WORDS_LIMIT, What,
};

pub const TITLE: &str = "Find and replace";
pub const PREVIEW: &str = "What would change";
pub const DONE: &str = "Drafts made";
/// How many documents can be published together.
const TOGETHER: usize = 100;

fn tab(what: What) -> &'static str {
    match what {
        What::Text => "Text",
        What::Address => "Link address",
        What::Organisation => "Organisation",
        What::Standard => "Apprenticeship standard",
        What::Document => "References to a document",
        What::Section => "Embedded section",
    }
}

fn explained(what: What) -> &'static str {
    match what {
        What::Text => {
            "Looks through everything that readers read, in drafts and in what is live where there is no draft. \
             Formatting stays as it is."
        }
        What::Address => "Looks at where links lead, in lists of links, in texts and in sources of requirements.",
        What::Organisation => "Looks at the organisations of requirements and registrations, whole and whichever case.",
        What::Standard => {
            "Looks at the references of apprenticeship standards. Title, level and the other details of a standard stay; \
             look at them in the drafts."
        }
        What::Document => "Looks at everything that refers to a document: links, cards and embedded sections.",
        What::Section => {
            "Looks at where a requirement section stands in others, in full or by its tree. What would make a section \
             contain itself is refused."
        }
    }
}

pub fn search(asked: &Asked, state: &FormState, offers: &Offers, found: Option<&Found>) -> Markup {
    let tabs: Vec<(String, String, bool)> = What::ALL
        .iter()
        .map(|what| (format!("{ADDRESS}?what={}", what.name()), tab(*what).to_owned(), *what == asked.what))
        .collect();
    html! {
        div.main.stack {
            h1 { (TITLE) }
            (ui::tabs("What to look for", &tabs))
            (ui::error_summary(state))
            p { (explained(asked.what)) " What is replaced becomes drafts; nothing goes live." }
            (form(asked, state, offers))
            @if let Some(found) = found { (results(asked, found)) }
        }
    }
}

fn form(asked: &Asked, state: &FormState, offers: &Offers) -> Markup {
    let (sought, hint) = match asked.what {
        What::Address => ("Address", "The whole address, or how it begins."),
        What::Organisation => ("Organisation", ""),
        What::Standard => ("Reference of the standard", "Such as ST0120."),
        _ => ("Find", ""),
    };
    let with_hint = match asked.what {
        What::Text => "Left empty, the words that you tick are taken out.",
        What::Organisation => "Left empty, the organisation is taken out.",
        _ => "",
    };
    let hinted = |name, label, hint: &str| {
        let field = state.field(name, label);
        if hint.is_empty() { field } else { field.hint(hint) }
    };
    html! {
        form.stack-s method="get" action=(ADDRESS) role="search" aria-label="What is sought" {
            (field::hidden("what", asked.what.name()))
            @if asked.what.is_document() {
                (chooser(state, "old", "Which one is replaced", "Find the one to be replaced", &offers.old))
                (chooser(state, "new", "By which one", "Find the one in its place", &offers.new))
            } @else {
                (field::text(&hinted("q", sought, hint).kind("search").limit(SOUGHT_LIMIT)))
                (field::text(&hinted("with", "Replace by", with_hint).limit(REPLACEMENT_LIMIT)))
            }
            @if asked.what == What::Text {
                (field::check(&state.field("case", "Only with the same capitals")))
                (field::check(&state.field("words", "Only whole words")))
            }
            div.buttons { (ui::submit("Find")) }
        }
    }
}

/// A field to search for a document by, and what there is to choose.
fn chooser(
    state: &FormState,
    name: &'static str,
    label: &'static str,
    find: &'static str,
    options: &Options,
) -> Markup {
    let searched = format!("{name}_words");
    let words = state.value(&searched).trim();
    html! {
        @if !options.is_empty() { (field::radios(&state.field(name, label), options)) }
        @else if let Some(fault) = state.fault(name) { p.fault id=(field::anchor(name)) { (fault) } }
        @if !words.is_empty() && !options.iter().any(|(value, _)| value != state.value(name)) {
            p { "No other document holds “" (words) "”." }
        }
        (field::text(&state.field(&searched, find).kind("search").limit(WORDS_LIMIT)))
    }
}

fn results(asked: &Asked, found: &Found) -> Markup {
    let documents = u64::try_from(found.documents.len()).unwrap_or_default();
    let places: usize = found.documents.iter().map(|one| one.places.len()).sum();
    let next = found.next.map(Asked::cursor);
    html! {
        section.stack aria-labelledby="found" {
            h2 #found {
                @if found.documents.is_empty() { "Nothing found" }
                @else { (ui::count(u64::try_from(places).unwrap_or_default(), "place", "places")) " in " (ui::count(documents, "document", "documents")) }
                @if asked.after().is_some() || next.is_some() { ", on this page" }
            }
            @if found.documents.is_empty() {
                (ui::empty(
                    if next.is_some() { "Nothing on this page, but not every document has been looked at yet." }
                    else { "No draft, and nothing that is live without a draft, holds it." },
                    html! {}))
            } @else {
                form.stack method="post" action=(ADDRESS) {
                    (field::hidden("query", &asked.text))
                    @for one in &found.documents { (holding(one)) }
                    fieldset.bulk {
                        legend { "With what is ticked" }
                        label.choice for="all" { input #all type="checkbox" name="all" value="true"; "Everything on this page, not only what is ticked" }
                        button.button.primary { "Show what would change…" }
                    }
                }
            }
            @if asked.after().is_some() || next.is_some() {
                nav.pages aria-label="Pages" {
                    span { (found.looked_at) " of " (found.candidates) " documents looked through" }
                    @if asked.after().is_some() {
                        (ui::link_button(&ui::list::address(ADDRESS, &asked.text, &[("cursor", None)]), "First page"))
                    }
                    @if let Some(cursor) = &next {
                        (ui::link_button(&ui::list::address(ADDRESS, &asked.text, &[("cursor", Some(cursor))]), "Next page"))
                    }
                }
            }
        }
    }
}

fn holding(one: &Holding) -> Markup {
    html! {
        fieldset.card {
            legend {
                a href=(document::address(one.kind, one.id, "")) { (document::titled(&one.title)) }
                " (" (one.kind.words()) @if one.live { ", live" } ")"
            }
            ul.places { @for place in &one.places { li { (ticked(one, place)) } } }
            @if one.more > 0 { p.hint { (ui::count(u64::try_from(one.more).unwrap_or_default(), "more place", "more places")) ". Replace these first, then find again." } }
        }
    }
}

fn ticked(one: &Holding, place: &Numbered) -> Markup {
    let id = format!("place-{}-{}", one.id, place.number);
    let shown = html! { strong { (place.label) ":" } " " (place.before) mark { (place.found) } (place.after) };
    html! {
        @match &place.refusal {
            None => {
                label.choice for=(id) {
                    input id=(id) type="checkbox" name="item" value={ (one.id) " " (one.version) " " (place.number) };
                    span { (shown) }
                }
            }
            Some(refusal) => {
                span { (shown) }
                span.hint { (refusal) " " a href=(document::editor_place(one.kind, one.id, &place.pointer)) { "Open it there" } }
            }
        }
    }
}

pub fn preview(
    asked: &Asked,
    back: &str,
    prospects: &Prospects,
    chosen: &[ChosenPlaces],
    titles: &BTreeMap<String, String>,
) -> Markup {
    let ready: Vec<_> = prospects.documents.iter().filter(|one| one.refusal.is_none()).collect();
    let skipped: Vec<_> = prospects.documents.iter().filter_map(|one| Some((one, one.refusal.as_deref()?))).collect();
    let number = u64::try_from(ready.len()).unwrap_or_default();
    html! {
        div.main { div.stack {
            (ui::crumbs(&[(back.to_owned(), TITLE.to_owned())]))
            h1 { (PREVIEW) " in " (ui::count(number, "document", "documents")) }
            @if ready.is_empty() {
                p { "Nothing that you chose can be changed. Why stands below." }
                (ui::link_button(back, "Back to what was found"))
            } @else {
                p { "Each becomes a draft by itself: what can't be done for one stops no other. Nothing goes live." }
                form method="post" action={ (ADDRESS) "/confirm" } {
                    (field::hidden("query", &asked.text))
                    @for one in chosen.iter().filter(|one| ready.iter().any(|other| other.id == one.id)) {
                        @for place in &one.numbers {
                            (field::hidden("item", &format!("{} {} {place}", one.id, one.seen)))
                        }
                    }
                    div.row {
                        (ui::submit(if number == 1 { "Make the draft" } else { "Make the drafts" }))
                        a href=(back) { "Back to what was found" }
                    }
                }
            }
            @if !skipped.is_empty() || prospects.missing > 0 {
                section.stack-s {
                    h2 { "What will be skipped (" (skipped.len() + prospects.missing) ")" }
                    ul {
                        @for (one, why) in &skipped {
                            li { a href=(document::address(one.kind, one.id, "")) { (document::titled(&one.title)) } ": " (why) }
                        }
                        @if prospects.missing > 0 { li { (prospects.missing) " are not there any more." } }
                    }
                }
            }
            @for one in &ready {
                section.stack-s {
                    h2 { a href=(document::address(one.kind, one.id, "")) { (document::titled(&one.title)) } }
                    @match one.draft_state {
                        DraftState::InReview => { p.document-note { "Its draft is in review; the change takes it back from there." } }
                        DraftState::Approved => { p.document-note { "Its draft is approved; the change voids the approval." } }
                        _ => {}
                    }
                    @for change in &one.comparison.changes { (changed(change, titles)) }
                }
            }
        } }
    }
}

/// One change, with documents by their titles where it names them.
fn changed(change: &Change, titles: &BTreeMap<String, String>) -> Markup {
    let mut change = Change { from: named(&change.from, titles), to: named(&change.to, titles), ..change.clone() };
    if !change.words.is_empty() {
        let side = |gone: WordOp| -> String {
            let kept = change.words.iter().filter(|one| one.op != gone).map(|one| one.text.as_str());
            with_titles(&kept.collect::<String>(), titles)
        };
        change.words = content::word_differences(&side(WordOp::Insert), &side(WordOp::Delete));
    }
    html! { div.change { h3 { (difference::heading(&change)) } (difference::body(&change)) } }
}

/// A value with titles in place of ids, at whatever depth.
fn named(value: &Value, titles: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => with_titles(text, titles).into(),
        Value::Array(items) => items.iter().map(|item| named(item, titles)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), named(value, titles))).collect())
        }
        other => other.clone(),
    }
}

fn with_titles(text: &str, titles: &BTreeMap<String, String>) -> String {
    titles.iter().fold(text.to_owned(), |text, (id, title)| {
        let title = format!("“{title}”");
        text.replace(&format!("ref:{id}"), &title).replace(id.as_str(), &title)
    })
}

pub fn told(request: &PanelRequest, outcomes: &Outcomes, missing: usize, back: &str) -> Markup {
    let made: Vec<String> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(one, _)| one.id.to_string()).collect();
    let number = u64::try_from(made.len()).unwrap_or_default();
    let publishes = request.may(Permission::ContentPublish) && (1..=TOGETHER).contains(&made.len());
    html! {
        div.main { div.stack {
            (ui::crumbs(&[(back.to_owned(), TITLE.to_owned())]))
            h1 { (ui::count(number, "draft", "drafts")) " made" }
            div.table {
                table.cards {
                    caption.vh { "What came of it" }
                    thead { tr { th scope="col" { "Title" } th scope="col" { "Outcome" } } }
                    tbody { @for (one, outcome) in outcomes {
                        tr {
                            th scope="row" { a href=(document::address(one.kind, one.id, "")) { (document::titled(&one.title)) } }
                            td data-label="Outcome" {
                                @match outcome {
                                    Ok(version) => {
                                        (Badge::new(Look::Good, "Draft made")) " "
                                        a href=(document::address(one.kind, one.id, &format!("restore?version={}&since={version}", one.seen))) {
                                            "Undo…" span.vh { " in “" (document::titled(&one.title)) "”" }
                                        }
                                    }
                                    Err(why) => { (Badge::new(Look::Warning, "Skipped")) " " (why) }
                                }
                            }
                        }
                    } }
                }
            }
            @if missing > 0 { p { (missing) " are not there any more." } }
            div.buttons {
                @if publishes { (ui::primary_link(&format!("/admin/publish?documents={}", made.join(",")), "Publish together…")) }
                (ui::link_button(back, "Find again"))
            }
        } }
    }
}
