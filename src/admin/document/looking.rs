//! Findings that a person looks at before something goes live: a tick for each with room for a reason, wherever a version is
//! published or scheduled, alone or with others. What was ticked is kept by the command that programs call, too.

use maud::{Markup, html};

use crate::{
    content::{self, Check, Choice, Document, Severity},
    kernel::{Error, Result},
};

use super::{
    super::{form::FormState, request::PanelRequest, ui::field},
    editor_place, title_of,
};

/// How the names of the fields begin that hold why a finding can stay as it is.
pub const REASON: &str = "why:";
/// The name of the boxes.
pub const TICKED: &str = "looked";

/// What nobody has looked at yet in a document.
pub fn open(document: &Document) -> impl Iterator<Item = &Check> {
    document.checks.iter().filter(|check| check.severity == Severity::LookAt && check.looked_at.is_none())
}

/// A box for each finding that is left to look at, of each document; nothing where there is none.
pub fn boxes(documents: &[&Document], named: bool, state: &FormState) -> Markup {
    let hint = "Tick each that can stay as it is. It comes back when its text changes.";
    fieldset(documents, named, true, ("Look at these", hint), state)
}

/// The same for documents that go live only if somebody wants them to. `alone` says that no other boxes stand on the page.
pub fn boxes_of_others(documents: &[&Document], alone: bool, state: &FormState) -> Markup {
    let hint = "For those of them that you publish with it: tick each that can stay as it is.";
    fieldset(documents, true, alone, ("Look at these, too", hint), state)
}

/// What is wrong with the boxes is said at the first of the page.
fn fieldset(documents: &[&Document], named: bool, first: bool, words: (&str, &str), state: &FormState) -> Markup {
    let (legend, hint) = words;
    let fault = state.fault(TICKED).filter(|_| first);
    html! {
        @if documents.iter().any(|document| open(document).next().is_some()) {
            fieldset class=(if fault.is_some() { "field has-fault" } else { "field" }) id=[first.then(|| field::anchor(TICKED))] {
                legend { (legend) }
                span.hint { (hint) }
                @if let Some(fault) = fault { span.fault { span.vh { "Error: " } (fault) } }
                ul.choices {
                    @for document in documents { @for check in open(document) { (tick(document, check, named, state)) } }
                }
            }
        }
    }
}

fn tick(document: &Document, check: &Check, named: bool, state: &FormState) -> Markup {
    let mark = check.mark.as_deref().unwrap_or_default();
    let (id, reason) = (format!("looked-{mark}"), format!("{REASON}{mark}"));
    let standing = &document.standing;
    html! {
        li {
            label.choice for=(id) {
                input type="checkbox" id=(id) name=(TICKED) value=(mark) checked[state.holds(TICKED, mark)];
                span { "Looked at: " (check.message) @if named { span.vh { " In “" (title_of(document)) "”." } } }
            }
            span.hint {
                @if named { "“" (title_of(document)) "”. " }
                @for excerpt in &check.excerpts { "“" (excerpt) "” " }
                (check.source) " "
                a href=(editor_place(standing.kind, standing.id, &check.place())) { "Go to it" span.vh { ": " (check.message) } }
            }
            (field::text(&state.field(&reason, "Why it can stay, if you like to say").about(format!("“{}”", check.message)).limit(content::REASON_LIMIT)))
        }
    }
}

/// Notes what was ticked as looked at on the page, with the reasons, before anything is published: it was looked at,
/// whatever comes of the rest.
///
/// # Errors
/// [`Error::Invalid`] while something that is to be looked at is not ticked; nothing is noted then.
pub async fn look_at(request: &PanelRequest, choices: &[Choice]) -> Result<()> {
    let ticked = request.form.all(TICKED);
    let mut left = 0_usize;
    let mut looked = Vec::new();
    for choice in choices {
        let document = content::document(&request.ctx, choice.kind, choice.id).await?;
        // Of another version nothing was shown; publishing says so.
        if document.standing.version != choice.version {
            continue;
        }
        let mut marks = Vec::new();
        for mark in open(&document).filter_map(|check| check.mark.as_deref()) {
            if ticked.contains(&mark) {
                let reason = request.form.value(&format!("{REASON}{mark}")).trim();
                let reason = (!reason.is_empty()).then(|| reason.to_owned());
                marks.push(content::Looked { mark: mark.to_owned(), reason });
            } else {
                left += 1;
            }
        }
        looked.push((choice, marks));
    }
    if left > 0 {
        let detail = match left {
            1 => "One finding is not ticked. Mend it, or tick it once you have looked at it.".to_owned(),
            _ => format!("{left} findings are not ticked. Mend them, or tick each once you have looked at it."),
        };
        return Err(Error::invalid(format!("/{TICKED}"), "not-looked-at", detail));
    }
    for (choice, marks) in looked {
        if !marks.is_empty() {
            content::look_at(&request.ctx, choice.kind, choice.id, choice.version, marks).await?;
        }
    }
    Ok(())
}
