//! The fields of a requirement section: its own tree, the ways in, skills, and prose.

use maud::{Markup, html};

use crate::content::kinds::requirement::RouteKind;

use super::{
    super::ui::{self, field},
    names, parts, sections,
    sheet::Sheet,
    tree, words,
};

const ROUTES: &str = "/content/routes";

pub fn fields(sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card #part-title aria-labelledby="title-heading" {
            h2 #title-heading { "Title and introduction" }
            (sheet.text("/content/title", "Title"))
            (field::area(&sheet.line("/content/summary", "Summary").hint("At most 600 characters.").rows(3)))
            (sheet.markdown("/content/introduction", "Introduction"))
        }
        section.card #part-requirements aria-labelledby="requirements-heading" {
            h2 #requirements-heading { "What holds whichever way in" }
            (tree::tree(sheet, "/content/requirements", &sheet.sentences.own, "what holds whichever way in"))
        }
        h2 #part-routes { "Ways in" }
        (sheet.notes(ROUTES))
        @let items = sheet.items(ROUTES);
        @for (position, item) in items.iter().enumerate() { (route(sheet, item, position, items.len())) }
        div.card id=(field::anchor(ROUTES)) {
            p { "Add a way in:" }
            div.row {
                @for kind in RouteKind::ALL {
                    (sheet.add(ROUTES, &format!("route-{}", kind.name()), words::route_kind(*kind), "as a way in"))
                }
            }
        }
        section.card #part-skills aria-labelledby="skills-heading" {
            h2 #skills-heading { "Skills" }
            (parts::skills(sheet, "/content/skills"))
        }
        h2 #part-sections { "Sections" }
        (sections::sections(sheet))
    }
}

/// What a way in is called.
pub fn route_name(sheet: &Sheet<'_>, pointer: &str) -> String {
    names::route(sheet.at(pointer))
}

fn route(sheet: &Sheet<'_>, pointer: &str, position: usize, total: usize) -> Markup {
    let name = route_name(sheet, pointer);
    let id = sheet.text_at(&format!("{pointer}/id"));
    let said = id.parse().ok().and_then(|id| sheet.sentences.routes.get(&crate::kernel::NodeId(id)));
    html! {
        section.block-card id=(sheet.anchor(pointer)) aria-labelledby=(field::anchor(pointer)) {
            header {
                h3 id=(field::anchor(pointer)) { (position + 1) ". " (name) span.vh { ", way in " (position + 1) " of " (total) } }
                (sections::problems(sheet, pointer))
                (sheet.controls(pointer, &name))
                @if total > 2 { (sheet.move_to(pointer, &name)) }
                (ui::small_button("op", &format!("split-off:{pointer}"), "Move to a new section…", &name))
            }
            div.body {
                (sheet.id_of(pointer))
                (sheet.notes(pointer))
                div.fields {
                    (sheet.select(&format!("{pointer}/kind"), "Kind", &field::options(RouteKind::ALL, RouteKind::name, words::route_kind)))
                    (sheet.text(&format!("{pointer}/heading"), "Heading"))
                }
                (sheet.markdown(&format!("{pointer}/introduction"), "Introduction"))
                (tree::tree(sheet, &format!("{pointer}/requirements"), said.map(Vec::as_slice).unwrap_or_default(), &name))
                (sheet.markdown(&format!("{pointer}/further_information"), "Further information"))
                (sheet.lines(&format!("{pointer}/subjects"), "Relevant subjects or courses", "One a line."))
                (parts::standards(sheet, &format!("{pointer}/standards"), &name))
                (parts::links(sheet, &format!("{pointer}/links"), &format!("Links of {name}")))
            }
        }
        @if position + 1 == total { span.vh { (ui::count(u64::try_from(total).unwrap_or_default(), "way in", "ways in")) " in all." } }
    }
}
