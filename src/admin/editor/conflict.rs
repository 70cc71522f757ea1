//! Two people changed the same part: both texts, part by part, and a choice for each. Everything typed travels along.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Conflict, Reconciliation, Side},
    kernel::{Result, VersionNumber},
    web::session::Tone,
};

use super::{
    super::{
        document::compare,
        request::PanelRequest,
        ui::{self, difference, field, time},
    },
    Address,
};

/// The page that asks which text stays.
pub async fn page(
    request: &PanelRequest,
    address: &Address,
    body: &Value,
    seen: VersionNumber,
    reconciliation: &Reconciliation,
) -> Result<Response> {
    let theirs = compare::draw(request, &reconciliation.theirs, "theirs-").await?;
    let names = names(reconciliation);
    let title = body.pointer("/content/title").and_then(Value::as_str).unwrap_or_default();
    let count = u64::try_from(reconciliation.conflicts.len()).unwrap_or_default();
    let main = html! {
        div.main {
            div.stack {
                h1 { "Both of you changed “" (title) "”" }
                (ui::banner(Tone::Warning, html! {
                    p { (names) " saved version " (reconciliation.version) " while you were writing. Nothing of yours is lost: it is on this page, and not saved yet." }
                    p { "Everything that only one of you changed is merged. For " (ui::count(count, "part", "parts")) " you have to say what stays." }
                }))
                form method="post" action=(address.path()) {
                    div.buttons { button.button.primary name="op" value="save" { "Save with these choices" } }
                    (carried(request, seen, reconciliation))
                    @for (position, conflict) in reconciliation.conflicts.iter().enumerate() {
                        (choice(request, body, conflict, position, &names))
                    }
                    div.buttons { button.button.primary name="op" value="save" { "Save with these choices" } }
                }
                section.card {
                    h2 { "What " (names) " changed" }
                    (theirs)
                }
                p { a href=(address.path()) { "Leave, and give up what you typed" } }
            }
        }
    };
    Ok(request.page_with(StatusCode::CONFLICT, address.area(), "Both of you changed it", main))
}

/// Everything that was typed, and between which versions is chosen.
fn carried(request: &PanelRequest, seen: VersionNumber, reconciliation: &Reconciliation) -> Markup {
    let about_form = |name: &str| matches!(name, "version" | "their_version" | "op") || name.starts_with("choice:");
    html! {
        (field::hidden("version", &seen.to_string()))
        (field::hidden("their_version", &reconciliation.version.to_string()))
        @for (name, value) in request.form.values.iter().filter(|(name, _)| !about_form(name)) {
            (field::hidden(name, value))
        }
        // Choices that have been made and still count.
        @for (name, value) in request.form.values.iter().filter(|(name, _)| name.starts_with("choice:")) {
            @if !reconciliation.conflicts.iter().any(|conflict| format!("choice:{}", conflict.pointer) == *name) {
                (field::hidden(name, value))
            }
        }
    }
}

fn choice(request: &PanelRequest, body: &Value, conflict: &Conflict, position: usize, names: &str) -> Markup {
    let label = content::label_at(body, &conflict.pointer);
    let label = if label.is_empty() { "The whole document".to_owned() } else { label };
    let name = format!("choice:{}", conflict.pointer);
    let id = format!("choice-{position}");
    let texts = conflict.theirs.is_string() && conflict.yours.is_string();
    let chosen = request.form.value(&name);
    let sides = [(Side::Yours, "Keep mine".to_owned()), (Side::Theirs, format!("Use what {names} wrote"))];
    html! {
        section.change {
            h2 { (position + 1) ". " (label) }
            div.side-by-side {
                div { h3 { "Yours" } (value(&conflict.base, &conflict.yours, conflict)) }
                div { h3 { "By " (names) } (value(&conflict.base, &conflict.theirs, conflict)) }
            }
            fieldset.field {
                legend { "What stays" span.vh { " of " (label) } }
                @for (side, words) in &sides {
                    label.choice for={ (id) "-" (side.name()) } {
                        input type="radio" id={ (id) "-" (side.name()) } name=(name) value=(side.name()) required checked[chosen == side.name()];
                        (words)
                    }
                }
                @if texts {
                    label.choice for={ (id) "-both" } {
                        input type="radio" id={ (id) "-both" } name=(name) value="both" required checked[chosen == "both"];
                        "Put both in, theirs above mine"
                    }
                }
            }
        }
    }
}

/// The same as a note beside the part, in a page that stays open: their text against where both started, and the choice.
pub fn note(request: &PanelRequest, body: &Value, conflict: &Conflict, reconciliation: &Reconciliation) -> Markup {
    let label = content::label_at(body, &conflict.pointer);
    let label = if label.is_empty() { "the whole document".to_owned() } else { label };
    let names = names(reconciliation);
    let when = time::of_day(&request.chrome.zone, reconciliation.at);
    let texts = conflict.theirs.is_string() && conflict.yours.is_string() && !is_pointer(conflict);
    let choose = |side: Side, words: &str| {
        html! {
            button.button.small type="button" name={ "choice:" (conflict.pointer) } value=(side.name())
                data-version=(reconciliation.version) { (words) span.vh { " of " (label) } }
        }
    };
    html! {
        div.conflict role="group" aria-label={ "Two texts of " (label) } data-at=(field::anchor(&conflict.pointer)) data-pointer=(conflict.pointer) {
            p { strong { (names) " changed this at " (when) "." } " Your text stays in the field, and is not saved here until you choose." }
            (value(&conflict.base, &conflict.theirs, conflict))
            div.row {
                (choose(Side::Yours, "Keep mine"))
                (choose(Side::Theirs, &format!("Use {names}’s")))
                @if texts { (choose(Side::Both, "Put both in")) }
            }
        }
    }
}

/// Who saved meanwhile.
fn names(reconciliation: &Reconciliation) -> String {
    let names: Vec<&str> = reconciliation.savers.iter().map(|person| person.name.as_str()).collect();
    if names.is_empty() { "Somebody".to_owned() } else { names.join(" and ") }
}

/// One side's part, with what is different from where both started.
fn value(base: &Value, side: &Value, conflict: &Conflict) -> Markup {
    match (base, side) {
        (Value::String(old), Value::String(new)) if !is_pointer(conflict) => {
            difference::words(&content::word_differences(old, new))
        }
        (_, Value::String(pointer)) if is_pointer(conflict) => html! { p { "It stands at " code { (pointer) } "." } },
        (_, Value::Null) => html! { p.muted { "It is removed." } },
        (_, part) => html! { @for line in difference::lines(part) { p { (line) } } },
    }
}

/// Of a thing that both moved, the values are the places.
fn is_pointer(conflict: &Conflict) -> bool {
    let place = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("/content/"));
    place(&conflict.theirs) && place(&conflict.yours)
}
