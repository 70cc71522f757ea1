//! A requirement tree as what it is: groups within groups, each with a sentence that says how it counts, and beside it
//! the plain English that readers get.

use maud::{Markup, html};

use crate::content::kinds::requirement::{Category, Nation, Necessity, Rule};

use super::{
    super::ui::{self, field},
    parts,
    sheet::Sheet,
    words,
};

/// A tree, or the ways to begin one.
pub fn tree(sheet: &Sheet<'_>, pointer: &str, sentences: &[String], about: &str) -> Markup {
    html! {
        @if sheet.at(pointer).is_object() {
            div.tree-desk {
                div.tree { (node(sheet, pointer, "", about)) }
                div.plain-english {
                    p { strong { "What it says" span.vh { " for " (about) } } }
                    @if sentences.is_empty() { p { "Nothing yet. Save, and the sentences that readers get stand here." } }
                    @else { ul { @for sentence in sentences { li { (sentence) } } } }
                }
            }
            (ui::button("op", &format!("clear:{pointer}"), "Remove all these requirements", about))
        } @else {
            (sheet.notes(pointer))
            p.hint { "No requirements in a tree." }
            div.row id=(field::anchor(pointer)) {
                (ui::button("op", &format!("set:{pointer}:group"), "Begin with a group", about))
                (ui::button("op", &format!("set:{pointer}:requirement"), "Begin with a requirement", about))
                (ui::button("op", &format!("set:{pointer}:reference"), "Use another requirement section", about))
                (ui::button("op", &format!("paste:{pointer}"), "Paste lines…", about))
            }
        }
    }
}

/// A node; `number` is its place as people count: "2.1" is the first in the second group.
fn node(sheet: &Sheet<'_>, pointer: &str, number: &str, about: &str) -> Markup {
    match sheet.text_at(&format!("{pointer}/kind")).as_str() {
        "group" => group(sheet, pointer, number, about),
        "section" => reference(sheet, pointer, number, about),
        _ => requirement(sheet, pointer, number, about),
    }
}

fn group(sheet: &Sheet<'_>, pointer: &str, number: &str, about: &str) -> Markup {
    let list = format!("{pointer}/items");
    let items = sheet.items(&list);
    let rule = Rule::from_name(&sheet.text_at(&format!("{pointer}/rule"))).unwrap_or(Rule::AllOf);
    let name = if number.is_empty() { format!("the group of {about}") } else { format!("group {number} of {about}") };
    html! {
        fieldset.node id=(sheet.anchor(pointer)) {
            legend {
                @if number.is_empty() { "Group" } @else { "Group " (number) }
                ": people need " (words::rule(rule)) ", " (ui::count(u64::try_from(items.len()).unwrap_or_default(), "item", "items"))
            }
            (sheet.id_of(pointer))
            (sheet.hidden(&format!("{pointer}/kind")))
            (sheet.notes(pointer))
            div.fields {
                (sheet.select(&format!("{pointer}/rule"), "People need", &field::options(Rule::ALL, Rule::name, words::rule)))
                (sheet.number(&format!("{pointer}/count"), "How many, if at least a number"))
                (sheet.text_hint(&format!("{pointer}/lead_in"), "Lead-in", "Such as: You'll usually need:"))
            }
            (sheet.notes(&list))
            @for (position, item) in items.iter().enumerate() {
                @let inner = if number.is_empty() { format!("{}", position + 1) } else { format!("{number}.{}", position + 1) };
                (node(sheet, item, &inner, about))
            }
            div.row id=(field::anchor(&list)) {
                (sheet.add(&list, "requirement", "Add a requirement", &format!("to {name}")))
                (sheet.add(&list, "group", "Add a group", &format!("to {name}")))
                (sheet.add(&list, "reference", "Use another requirement section", &format!("in {name}")))
                (ui::button("op", &format!("paste:{list}"), "Paste lines…", &format!("into {name}")))
            }
            (controls(sheet, pointer, &name))
        }
    }
}

fn requirement(sheet: &Sheet<'_>, pointer: &str, number: &str, about: &str) -> Markup {
    let name = if number.is_empty() {
        format!("the requirement of {about}")
    } else {
        format!("requirement {number} of {about}")
    };
    let has = |key: &str| !sheet.at(&format!("{pointer}/{key}")).is_null();
    let qualification = format!("{pointer}/qualification");
    html! {
        fieldset.node id=(sheet.anchor(pointer)) {
            legend { "Requirement " (number) }
            (sheet.id_of(pointer))
            (sheet.hidden(&format!("{pointer}/kind")))
            (sheet.notes(pointer))
            (sheet.text(&format!("{pointer}/text"), "Requirement"))
            div.fields {
                (sheet.select(&format!("{pointer}/necessity"), "Necessity", &field::options(Necessity::ALL, Necessity::name, words::necessity)))
                (sheet.select(&format!("{pointer}/category"), "Category", &categories()))
            }
            @if has("qualification") {
                fieldset.things id=(field::anchor(&qualification)) {
                    legend { "Qualification" }
                    (sheet.object(&qualification))
                    (sheet.notes(&qualification))
                    div.fields {
                        (sheet.text(&format!("{qualification}/name"), "Name"))
                        (sheet.level(&format!("{qualification}/level"), "Level"))
                        (sheet.text(&format!("{qualification}/grade"), "Grade"))
                        (sheet.number(&format!("{qualification}/count_minimum"), "How many at least"))
                        (sheet.number(&format!("{qualification}/count_maximum"), "How many at most"))
                    }
                    (sheet.flag(&format!("{qualification}/or_equivalent"), "Or equivalent"))
                    (sheet.lines(&format!("{qualification}/subjects"), "Subjects", "One a line."))
                    (ui::button("op", &format!("clear:{qualification}"), "Remove the qualification", &format!("of {name}")))
                }
            } @else {
                (ui::button("op", &format!("set:{qualification}:object"), "Add a qualification", &format!("to {name}")))
            }
            details open[has("organisation") || has("source") || sheet.count(&format!("{pointer}/nations")) > 0 || sheet.count(&format!("{pointer}/links")) > 0] {
                summary { "Source, nations, links" span.vh { " of " (name) } }
                (sheet.text(&format!("{pointer}/organisation"), "Organisation"))
                fieldset.things {
                    legend { "Source" }
                    (sheet.notes(&format!("{pointer}/source")))
                    div.fields {
                        (sheet.text(&format!("{pointer}/source/title"), "Title"))
                        (sheet.text(&format!("{pointer}/source/url"), "Address"))
                        (sheet.date(&format!("{pointer}/source/checked_on"), "Checked on"))
                    }
                }
                (sheet.set(&format!("{pointer}/nations"), "Only in", "None ticked: everywhere.", &field::options(Nation::ALL, Nation::name, words::nation)))
                (parts::links(sheet, &format!("{pointer}/links"), &format!("Links of {name}")))
            }
            (controls(sheet, pointer, &name))
        }
    }
}

/// Categories, the one that a requirement has without saying so first.
fn categories() -> Vec<(String, String)> {
    let mut options = field::options(Category::ALL, Category::name, words::category);
    options.rotate_right(1);
    options
}

fn reference(sheet: &Sheet<'_>, pointer: &str, number: &str, about: &str) -> Markup {
    let place = format!("{pointer}/requirement_section");
    let section = sheet.text_at(&place);
    let name = format!("shared section {number} of {about}");
    let mut necessities = vec![(String::new(), "As it says itself".to_owned())];
    necessities.extend(field::options(Necessity::ALL, Necessity::name, words::necessity));
    html! {
        fieldset.node id=(sheet.anchor(pointer)) {
            legend { "Requirements of another section " (number) }
            (sheet.id_of(pointer))
            (sheet.hidden(&format!("{pointer}/kind")))
            (sheet.notes(pointer))
            p { (sheet.reference(&section)) }
            (sheet.hidden(&place))
            (sheet.notes(&place))
            (sheet.select(&format!("{pointer}/necessity"), "Necessity here", &necessities))
            div.row { (sheet.choose(&place, "requirement-section", "Choose a requirement section…", &name)) }
            (controls(sheet, pointer, &name))
        }
    }
}

fn controls(sheet: &Sheet<'_>, pointer: &str, name: &str) -> Markup {
    let inside = pointer.rsplit_once('/').is_some_and(|(list, _)| list.ends_with("/items"));
    html! {
        div.row {
            @if inside {
                (sheet.keyed_controls(pointer, name))
                (ui::keyed_button("op", &format!("into:{pointer}"), "Into group above", name, "Alt+Shift+ArrowRight"))
                (ui::keyed_button("op", &format!("out:{pointer}"), "Out of group", name, "Alt+Shift+ArrowLeft"))
                (sheet.move_to(pointer, name))
            }
            (ui::small_button("op", &format!("group:{pointer}"), "Make a group of this", name))
            @if sheet.text_at(&format!("{pointer}/kind")) != "section" {
                (ui::small_button("op", &format!("split-off:{pointer}"), "Move to a new section…", name))
            }
        }
    }
}
