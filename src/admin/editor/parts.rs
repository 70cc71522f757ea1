//! The small things that stand in many places of a content: links, images, tasks, skills, standards.

use maud::{Markup, html};

use crate::content::kinds::section::SkillKind;

use super::{
    super::ui::{self, field},
    sheet::Sheet,
    words,
};

/// A list of links, each to an address or to a document.
pub fn links(sheet: &Sheet<'_>, pointer: &str, title: &str) -> Markup {
    let items = sheet.items(pointer);
    html! {
        fieldset.things id=(field::anchor(pointer)) {
            legend { (title) }
            (sheet.notes(pointer))
            @for (position, item) in items.iter().enumerate() {
                @let about = format!("link {} of {}", position + 1, title.to_lowercase());
                @let document = sheet.text_at(&format!("{item}/document"));
                div.thing id=(field::anchor(item)) {
                    (sheet.notes(item))
                    (sheet.text(&format!("{item}/text"), "Words of the link"))
                    @if document.is_empty() {
                        (sheet.text_hint(&format!("{item}/url"), "Address", "https://…, mailto:…, tel:…, or a path of the site that begins with /"))
                    } @else {
                        p { "Leads to: " (sheet.reference(&document)) }
                        (sheet.hidden(&format!("{item}/document")))
                        details {
                            summary { "Lead to one passage" span.vh { " with " (about) } }
                            (sheet.text_hint(&format!("{item}/block"), "Id of a section or block of that page", "It stands at the end of the address when you open a passage in its editor."))
                        }
                    }
                    div.row {
                        (sheet.choose(item, "link", if document.is_empty() { "Lead to a page…" } else { "Choose another page…" }, &about))
                        @if !document.is_empty() { (ui::button("op", &format!("clear:{item}/document"), "Use an address", &about)) }
                        (sheet.controls(item, &about))
                    }
                }
            }
            (sheet.add(pointer, "link", "Add a link", &format!("to {}", title.to_lowercase())))
        }
    }
}

/// One use of an image.
pub fn image(sheet: &Sheet<'_>, pointer: &str, about: &str) -> Markup {
    let media = sheet.text_at(&format!("{pointer}/media"));
    let known = media.parse::<uuid::Uuid>().ok().and_then(|id| sheet.images.get(&id));
    html! {
        (sheet.notes(pointer))
        (sheet.notes(&format!("{pointer}/media")))
        (sheet.hidden(&format!("{pointer}/media")))
        @if let Some(image) = known {
            @let smallest = image.renditions.first();
            figure.chosen-image {
                @if let Some(rendition) = smallest {
                    img src={ "/admin/media/" (image.id) "/files/" (rendition.key) } width=(rendition.width) height=(rendition.height) alt="";
                }
                figcaption.small { a href={ "/admin/media/" (image.id) } { (image.filename) } }
            }
        } @else if !media.is_empty() {
            p.muted { "This image does not exist any more." }
        }
        div.row { (sheet.choose(pointer, "image", if media.is_empty() { "Choose an image…" } else { "Choose another image…" }, about)) }
        (sheet.text_hint(&format!("{pointer}/alt"), "Alternative text", "What the picture tells here, for those who don't see it. Leave it empty only if the picture is decorative."))
        (sheet.flag(&format!("{pointer}/decorative"), "The picture is decorative: it tells nothing that the text does not"))
        (sheet.text(&format!("{pointer}/caption"), "Caption"))
    }
}

/// Tasks, one line each.
pub fn tasks(sheet: &Sheet<'_>, pointer: &str, about: &str) -> Markup {
    html! {
        fieldset.things id=(field::anchor(pointer)) {
            legend { "Tasks" }
            (sheet.notes(pointer))
            @for (position, item) in sheet.items(pointer).iter().enumerate() {
                div.thing.one-line id=(sheet.anchor(item)) {
                    (sheet.id_of(item))
                    (sheet.text(&format!("{item}/text"), &format!("Task {}", position + 1)))
                    div.row { (sheet.controls(item, &format!("task {} of {about}", position + 1))) }
                }
            }
            div.row { (sheet.add(pointer, "task", "Add a task", &format!("to {about}"))) }
            (sheet.paste(pointer, "task", "Add many tasks", &format!("to {about}")))
        }
    }
}

/// Skills in their order, each of a kind.
pub fn skills(sheet: &Sheet<'_>, pointer: &str) -> Markup {
    html! {
        fieldset.things id=(field::anchor(pointer)) {
            legend { "Skills" }
            p.hint { "Their order is their rank." }
            (sheet.notes(pointer))
            @for (position, item) in sheet.items(pointer).iter().enumerate() {
                @let about = format!("skill {}", position + 1);
                div.thing id=(sheet.anchor(item)) {
                    (sheet.id_of(item))
                    (sheet.notes(item))
                    div.fields {
                        (sheet.text(&format!("{item}/text"), &format!("Skill {}", position + 1)))
                        (sheet.select(&format!("{item}/kind"), "Kind", &field::options(SkillKind::ALL, SkillKind::name, words::skill_kind)))
                    }
                    details open[sheet.at(&format!("{item}/code")).is_object()] {
                        summary { "Code in a published scheme" span.vh { " of " (about) } }
                        div.fields {
                            (sheet.text(&format!("{item}/code/scheme"), "Scheme"))
                            (sheet.text(&format!("{item}/code/code"), "Code"))
                        }
                    }
                    div.row { (sheet.controls(item, &about)) }
                }
            }
            div.row {
                @for kind in SkillKind::ALL {
                    (sheet.add(pointer, kind.name(), &format!("Add {}", words::skill_kind(*kind).to_lowercase()), "skill"))
                }
            }
            (sheet.paste(pointer, "essential", "Add many essential skills", ""))
        }
    }
}

/// Apprenticeship standards.
pub fn standards(sheet: &Sheet<'_>, pointer: &str, about: &str) -> Markup {
    html! {
        fieldset.things id=(field::anchor(pointer)) {
            legend { "Apprenticeship standards" }
            (sheet.notes(pointer))
            @for (position, item) in sheet.items(pointer).iter().enumerate() {
                @let name = format!("standard {} of {about}", position + 1);
                div.thing id=(field::anchor(item)) {
                    (sheet.notes(item))
                    div.fields {
                        (sheet.text_hint(&format!("{item}/reference"), "Reference", "Such as ST0120"))
                        (sheet.text(&format!("{item}/title"), "Title"))
                        (sheet.level(&format!("{item}/level"), "Level"))
                        (sheet.number(&format!("{item}/lars_code"), "LARS code"))
                        (sheet.number(&format!("{item}/duration_months"), "Months"))
                    }
                    div.row { (sheet.controls(item, &name)) }
                }
            }
            (sheet.add(pointer, "standard", "Add a standard", &format!("to {about}")))
        }
    }
}
