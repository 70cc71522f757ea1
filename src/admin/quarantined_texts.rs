//! Texts that arrived damaged from an editor: the list, one as it was sent and as it can be read, and its deletion.

use maud::{Markup, html};
use uuid::Uuid;

use crate::{
    content::{self, QuarantinedText, markdown::RichDoc},
    kernel::{Permission, Result},
    web::Answer,
};

use super::{
    document, help,
    request::PanelRequest,
    ui::{self, confirm, list as lists, passage, shell::Area, time, words},
};

const PATH: &str = "/admin/quarantined-texts";
const TITLE: &str = "Quarantined texts";
const DELETE: &str = "Delete a quarantined text";
const PAGE: u64 = 50;

pub async fn list(mut request: PanelRequest) -> Answer {
    let before = request.query.id("cursor");
    request.end_of_query()?;
    let (mut texts, total) = content::quarantined_texts(&request.ctx, before, PAGE + 1).await?;
    let more = texts.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if more {
        texts.pop();
    }
    let next = texts.last().filter(|_| more).map(|text| text.id.to_string());
    let main = html! {
        div.main {
            (ui::head(TITLE, html! {}))
            p.reading { "When somebody saves, the browser counts the words of each text, and what arrives is counted again. A text that differs is not saved: its writer is told at once, and a copy of what arrived is kept here. Compare it with what they saved afterwards, and delete it when nothing is missing." }
            @if total == 0 {
                (ui::empty("No text is in quarantine, as it should be. One that arrives damaged from an editor is kept here, so that what was typed is not lost.", help::beside(ui::link_button("/admin/administration", "Back to administration"), &help::QUARANTINED_TEXTS)))
            } @else {
                p.muted role="status" { (ui::count(total, "text", "texts")) }
                (table(&request, &texts))
                (lists::pages(PATH, &request.query_text, texts.len(), total, next.as_deref()))
            }
        }
    };
    Ok(request.page(Area::Administration, TITLE, main))
}

fn table(request: &PanelRequest, texts: &[QuarantinedText]) -> Markup {
    let chrome = &request.chrome;
    html! {
        div.table {
            table.cards {
                caption.vh { (TITLE) }
                thead { tr { th scope="col" { "Text" } th scope="col" { "Of" } th scope="col" { "Written by" } th scope="col" { "Arrived" } } }
                tbody {
                    @for one in texts {
                        tr {
                            th scope="row" { a href={ (PATH) "/" (one.id) } { (one.text.label) } br; span.muted.small { (words::damage(one.text.damage)) "." } }
                            td data-label="Of" { (of(one)) }
                            td data-label="Written by" { (one.person.name) }
                            td data-label="Arrived" { (time::when(&chrome.zone, chrome.now, one.at)) }
                        }
                    }
                }
            }
        }
    }
}

/// The document that a text was sent for.
fn of(one: &QuarantinedText) -> Markup {
    html! { a href=(document::address(one.kind, one.document, "")) { (document::titled(&one.title)) } }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = asked_for(&request).await?;
    let read = RichDoc::from_editor(&one.text.sent).map(|(text, _)| text);
    let zone = &request.chrome.zone;
    let main = html! {
        div.main { div.reading.stack {
            (crumbs())
            h1 { "A quarantined text" }
            dl.facts {
                dt { "Text" } dd { (one.text.label) }
                dt { "Of" } dd { (of(&one)) }
                dt { "Written by" } dd { (one.person.name) }
                dt { "Arrived" } dd { (time::in_full(zone, one.at)) }
                dt { "What is wrong" } dd { (words::damage(one.text.damage)) "." }
                dt { "Counted by the browser" } dd { code { (one.text.sum) } }
                @if let Some(text) = &read { dt { "Counted here" } dd { code { (text.digest()) } } }
            }
            section.card.stack-s aria-labelledby="read-heading" {
                h2 #read-heading { "As far as it can be read" }
                @match &read {
                    Some(text) if !text.is_empty() => { (passage::rich_text(&text.to_tree(&|_, _| None))) }
                    _ => { p.muted { "Nothing can be read in it." } }
                }
            }
            details {
                summary { "As it was sent" }
                pre.sample tabindex="0" { code { (one.text.sent) } }
            }
            p { (ui::link_button(&format!("{PATH}/{}/delete", one.id), "Delete…")) }
        } }
    };
    Ok(request.page(Area::Administration, "A quarantined text", main))
}

async fn asked_for(request: &PanelRequest) -> Result<QuarantinedText> {
    request.ctx.authorise(Permission::SettingsManage)?;
    let id: Uuid = request.id("id")?;
    content::quarantined_text(&request.ctx, id).await
}

fn crumbs() -> Markup {
    ui::crumbs(&[(PATH.to_owned(), TITLE.to_owned())])
}

pub async fn show_delete(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = asked_for(&request).await?;
    let sentence = html! {
        p { "What " (one.person.name) " had sent for “" (one.text.label) "” of " (of(&one)) " is deleted for good. The document does not change." }
    };
    let main = html! {
        div.main { div.reading.stack {
            (crumbs())
            h1 { (DELETE) }
            (confirm::ask(&format!("{PATH}/{}/delete", one.id), sentence, ui::bad_button("Delete it"), &format!("{PATH}/{}", one.id)))
        } }
    };
    Ok(request.page(Area::Administration, DELETE, main))
}

pub async fn delete(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = asked_for(&request).await?;
    content::delete_quarantined_text(&request.ctx, one.id).await?;
    request.app.ring();
    request.done(PATH, "The text is deleted.").await
}
