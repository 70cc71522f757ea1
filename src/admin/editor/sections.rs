//! Sections and their blocks, as cards with their controls.

use maud::{Markup, html};

use crate::content::kinds::section::{Display, FactName, Tone};

use super::{
    super::ui::{self, Badge, badge::Look, field},
    names, parts,
    sheet::Sheet,
    words,
};

const SECTIONS: &str = "/content/sections";

/// All sections, with places to add one.
pub fn sections(sheet: &Sheet<'_>) -> Markup {
    let items = sheet.items(SECTIONS);
    html! {
        (sheet.notes(SECTIONS))
        @for (position, item) in items.iter().enumerate() { (section(sheet, item, position, items.len())) }
        div.add-here id=(field::anchor(SECTIONS)) { (sheet.add(SECTIONS, "section", "Add a section", "")) }
    }
}

/// What a section is called.
pub fn name(sheet: &Sheet<'_>, pointer: &str) -> String {
    names::section(sheet.at(pointer))
}

fn section(sheet: &Sheet<'_>, pointer: &str, position: usize, total: usize) -> Markup {
    let (number, name) = (position + 1, name(sheet, pointer));
    let blocks = format!("{pointer}/blocks");
    let items = sheet.items(&blocks);
    html! {
        div.section-place {
        section.block-card id=(sheet.anchor(pointer)) aria-labelledby={ (field::anchor(pointer)) } {
            header {
                h3 id=(field::anchor(pointer)) { (number) ". " (name) span.vh { ", section " (number) " of " (total) } }
                (problems(sheet, pointer))
                div.controls role="toolbar" aria-label={ "Arrange " (name) } {
                    (sheet.keyed_controls(pointer, &name))
                    @if position > 0 { (ui::small_button("op", &format!("join:{pointer}"), "Join with previous", &name)) }
                }
                @if total > 2 { (sheet.move_to(pointer, &name)) }
            }
            // A script remembers what was folded away.
            details.fold open {
                summary { span.vh { "Contents of " (name) } }
                div.body {
                (sheet.id_of(pointer))
                (sheet.notes(pointer))
                div.fields {
                    (sheet.text(&format!("{pointer}/heading"), "Heading"))
                    (sheet.select(&format!("{pointer}/display"), "Shown", &field::options(Display::ALL, Display::name, words::display)))
                }
                @for (position, item) in items.iter().enumerate() { (block(sheet, item, position, items.len(), &name)) }
                (picker(sheet, &blocks, &name))
                }
            }
        }
        div.add-here { (ui::keyed_add(&format!("add:{SECTIONS}:section@{number}"), "Add a section", &format!("after {name}"), "Control+Alt+n")) }
        }
    }
}

/// What a block is called among others.
pub fn block_name(sheet: &Sheet<'_>, pointer: &str) -> String {
    names::block(sheet.at(pointer))
}

/// How much must be mended in a place.
pub fn problems(sheet: &Sheet<'_>, pointer: &str) -> Markup {
    let problems = sheet.problems_within(pointer);
    html! {
        @if problems > 0 {
            (Badge::new(Look::Bad, ui::count(u64::try_from(problems).unwrap_or_default(), "problem", "problems")))
        }
    }
}

fn picker(sheet: &Sheet<'_>, blocks: &str, about: &str) -> Markup {
    html! {
        details.picker id=(field::anchor(blocks)) {
            summary { "Add a block" span.vh { " to " (about) } }
            @let find = format!("{}-find", field::anchor(blocks));
            div.field.scripted {
                label for=(find) { "Find a kind of block" span.vh { " for " (about) } }
                // It has no name: a form does not send it.
                input.medium #(find) type="search" autocomplete="off";
            }
            ul.unmarked {
                @for (kind, purpose) in words::BLOCK_KINDS {
                    li {
                        (sheet.add(blocks, kind, words::block_kind(kind), &format!("to {about}")))
                        span.hint { (purpose) }
                    }
                }
            }
        }
    }
}

fn block(sheet: &Sheet<'_>, pointer: &str, position: usize, total: usize, section: &str) -> Markup {
    let kind = sheet.text_at(&format!("{pointer}/kind"));
    let about = format!("block {} of {section}", position + 1);
    html! {
        div.block id=(sheet.anchor(pointer)) {
            div.block-head {
                h4 id=(field::anchor(pointer)) { (words::block_kind(&kind)) span.vh { ", block " (position + 1) " of " (total) " in " (section) } }
                div.controls role="toolbar" aria-label={ "Arrange " (about) } {
                    (sheet.controls(pointer, &about))
                    @if position > 0 { (ui::small_button("op", &format!("split:{pointer}"), "Split section here", &about)) }
                }
                @if total > 2 || sheet.count(SECTIONS) > 1 { (sheet.move_to(pointer, &about)) }
            }
            (sheet.id_of(pointer))
            (sheet.hidden(&format!("{pointer}/kind")))
            (sheet.notes(pointer))
            (sheet.notes(&format!("{pointer}/kind")))
            @match kind.as_str() {
                "text" => { (sheet.markdown(&format!("{pointer}/markdown"), "Text")) }
                "image" => { (parts::image(sheet, pointer, &about)) }
                "callout" => {
                    (sheet.select(&format!("{pointer}/tone"), "Tone", &field::options(Tone::ALL, Tone::name, words::tone)))
                    (sheet.text(&format!("{pointer}/heading"), "Heading"))
                    (sheet.markdown(&format!("{pointer}/markdown"), "Text"))
                }
                "details" => {
                    (sheet.text(&format!("{pointer}/summary"), "Line that is always seen"))
                    (sheet.markdown(&format!("{pointer}/markdown"), "Text"))
                }
                "roles" => { (roles(sheet, pointer)) }
                "requirements" => { (requirements(sheet, pointer, &about)) }
                "links" => { (parts::links(sheet, &format!("{pointer}/links"), "Links")) }
                "quote" => {
                    (sheet.markdown(&format!("{pointer}/markdown"), "Quote"))
                    (sheet.text(&format!("{pointer}/attribution"), "Who says it"))
                }
                _ => {
                    (sheet.set(&format!("{pointer}/show"), "Facts to show here", "They are written once, under Role facts.",
                        &field::options(FactName::ALL, FactName::name, words::fact)))
                }
            }
        }
    }
}

fn roles(sheet: &Sheet<'_>, pointer: &str) -> Markup {
    let list = format!("{pointer}/roles");
    let items = sheet.items(&list);
    html! {
        (sheet.markdown(&format!("{pointer}/introduction"), "Introduction"))
        (sheet.notes(&list))
        @for (position, item) in items.iter().enumerate() {
            @let title = sheet.text_at(&format!("{item}/title"));
            @let about = if title.is_empty() { format!("role {}", position + 1) } else { title };
            @let page = sheet.text_at(&format!("{item}/page"));
            fieldset.things id=(sheet.anchor(item)) {
                legend { "Role " (position + 1) " of " (items.len()) }
                (sheet.id_of(item))
                (sheet.notes(item))
                (sheet.text(&format!("{item}/title"), "Title"))
                (sheet.markdown(&format!("{item}/markdown"), "Text"))
                (parts::tasks(sheet, &format!("{item}/tasks"), &about))
                p { "Its own page: " (sheet.reference(&page)) }
                (sheet.hidden(&format!("{item}/page")))
                (sheet.notes(&format!("{item}/page")))
                div.row {
                    (sheet.choose(&format!("{item}/page"), "role-page", "Choose its page…", &about))
                    @if !page.is_empty() { (ui::button("op", &format!("clear:{item}/page"), "No page", &about)) }
                    (sheet.controls(item, &about))
                }
            }
        }
        div.row id=(field::anchor(&list)) { (sheet.add(&list, "role", "Add a role", "")) }
    }
}

fn requirements(sheet: &Sheet<'_>, pointer: &str, about: &str) -> Markup {
    let place = format!("{pointer}/requirement_section");
    let section = sheet.text_at(&place);
    let said = section.parse::<uuid::Uuid>().ok().and_then(|id| sheet.embedded.get(&id));
    html! {
        p { (sheet.reference(&section)) }
        (sheet.hidden(&place))
        (sheet.notes(&place))
        @if let Some(said) = said {
            div.plain-english {
                p { strong { "What it says" } }
                @if !said.own.is_empty() { ul { @for line in &said.own { li { (line) } } } }
                p.small { (ui::count(u64::try_from(said.routes.len()).unwrap_or_default(), "way in with requirements of its own", "ways in with requirements of their own")) "." }
            }
        }
        div.row { (sheet.choose(&place, "requirement-section", if section.is_empty() { "Choose a requirement section…" } else { "Choose another…" }, about)) }
        (sheet.markdown(&format!("{pointer}/note"), "Local note"))
    }
}
