//! The notes that people leave for each other on a case, and the form for another. Notes may name people, who are told.

use maud::{Markup, html};

use crate::{
    content::markdown::RichDoc,
    feedback::{self, CaseAction},
    kernel::{Permission, Result},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{field, passage, time},
    },
    changes,
    show::Facts,
};

pub async fn notes(request: &PanelRequest, facts: &Facts<'_>) -> Result<Markup> {
    let case = &facts.detail.case;
    let people =
        if request.may(Permission::FeedbackTriage) { Some(feedback::readers(&request.ctx).await?) } else { None };
    let names_me = |note: uuid::Uuid| facts.mentions.iter().any(|mention| mention.note == note);
    Ok(html! {
        section.card.stack-s aria-labelledby="notes" {
            h2 #notes { "Notes" }
            @if facts.detail.notes.is_empty() { p.muted { "No notes yet." } }
            @for note in &facts.detail.notes {
                div.stack-s.note id={ "note-" (note.id) } {
                    (written(&note.text))
                    p.small.muted {
                        (note.author_name) " · " (time::when(&request.chrome.zone, request.now(), note.created_at))
                        @if names_me(note.id) { " · names you" }
                    }
                }
            }
            @if let Some(people) = people {
                form method="post" action={ "/admin/cases/" (case.id) "/note" } data-key="n" {
                    (field::hidden("version", &case.version.to_string()))
                    (field::hidden("from", &facts.from))
                    (changes::fields(CaseAction::Note, &FormState::new(), &facts.choices, &request.chrome.zone))
                    details.small {
                        summary { "Name somebody" }
                        p { "Write @ and a name, and they are told on their dashboard:" }
                        ul { @for person in &people { @if Some(person.id) != request.ctx.actor.user { li { "@" (person.name) } } } }
                    }
                    button.button { (changes::verb(CaseAction::Note)) }
                }
            }
        }
    })
}

/// A note with its lists, links and emphasis. Its lines stay lines, and what looks like HTML stays text, as it was typed.
fn written(text: &str) -> Markup {
    let lines = text.lines().map(str::trim_end).collect::<Vec<_>>();
    let markdown = lines.join("  \n").replace('<', "\\<");
    passage::rich_text(&RichDoc::parse(&markdown).to_tree(&|_, _| None))
}
