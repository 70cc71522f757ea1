//! The contract as pages for people: an overview, and one page a group of operations, with the schemas that these lead to. It
//! is made from the document alone, without scripts and without anything from outside; what it is served with is `app`'s.
//!
//! Decision (2026-11-22): a page a group, made when it is asked for. Context: all operations and schemas on one page are
//! more than half a megabyte, of which a reader wants a tenth. Consequence: a schema that two groups use stands on the pages of
//! both, so that every link to a schema stays on its page.

mod operation;
mod schema;
mod try_out;

use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, html};
use serde_json::Value;

pub use try_out::address;

/// Where the overview is served.
pub const ADDRESS: &str = "/api/docs";
/// What all of these pages are about.
const NAME: &str = "The API of Rolebook";
/// Where the style sheet of these pages is served.
pub const STYLE_ADDRESS: &str = "/api/docs/style.css";
/// The style sheet.
pub const STYLE: &[u8] = include_bytes!("page.css");

/// An operation where it stands in the document.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    method: &'a str,
    path: &'a str,
    operation: &'a Value,
}

/// What there is, group by group.
pub fn overview(document: &Value) -> String {
    let description = document.pointer("/info/description").and_then(Value::as_str).unwrap_or_default();
    let body = html! {
        h1 { "Overview" }
        @for paragraph in description.split("\n\n") { p { (prose(paragraph)) } }
        p { a href="/api/v1/openapi.json" { "The same as an OpenAPI document" } }
        @for (name, description) in groups(document) {
            section aria-labelledby=(name) {
                h2 id=(name) { a href={ (ADDRESS) "/" (name) } { (title(name)) } }
                p { (prose(description)) }
                ul.operations {
                    @for entry in entries(document, name) {
                        li {
                            a href={ (ADDRESS) "/" (name) "#" (text(entry.operation, "operationId")) } { (line(entry)) }
                            " " (text(entry.operation, "summary"))
                        }
                    }
                }
            }
        }
    };
    whole("Overview", &body)
}

/// A group of operations in full; `None` if there is no such group.
pub fn group(document: &Value, name: &str) -> Option<String> {
    let (name, description) = groups(document).find(|(other, _)| *other == name)?;
    let entries: Vec<Entry<'_>> = entries(document, name).collect();
    let schemas = schema::reached(document, entries.iter().map(|entry| entry.operation));
    let problems = entries.iter().flat_map(|entry| operation::problems(document, *entry)).collect();
    let body = html! {
        h1 { (title(name)) }
        p { (prose(description)) }
        nav aria-label="On this page" {
            ul.operations {
                @for entry in &entries { li { a href={ "#" (text(entry.operation, "operationId")) } { (line(*entry)) } } }
            }
        }
        @for entry in &entries { (operation::shown(document, *entry)) }
        (operation::examples(document, &problems))
        (schemas_shown(document, &schemas))
    };
    Some(whole(&title(name), &body))
}

fn schemas_shown(document: &Value, names: &BTreeSet<String>) -> Markup {
    html! {
        @if !names.is_empty() {
            section aria-labelledby="schemas" {
                h2 id="schemas" { "Schemas" }
                @for name in names {
                    @if let Some(value) = document.pointer(&format!("/components/schemas/{name}")) {
                        section.schema aria-labelledby=(schema::anchor(name)) {
                            h3 id=(schema::anchor(name)) { (name) }
                            (schema::shown(value))
                        }
                    }
                }
            }
        }
    }
}

fn groups(document: &Value) -> impl Iterator<Item = (&str, &str)> {
    let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    tags.map(|tag| (text(tag, "name"), text(tag, "description")))
}

/// The operations of a group, in the order of the document.
fn entries<'a>(document: &'a Value, group: &str) -> impl Iterator<Item = Entry<'a>> {
    every(document).filter(move |entry| {
        let mut tags = entry.operation.get("tags").and_then(Value::as_array).into_iter().flatten();
        tags.any(|tag| tag == group)
    })
}

fn every(document: &Value) -> impl Iterator<Item = Entry<'_>> {
    members(document, "paths").flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| Entry { method, path, operation })
    })
}

/// The method and the path.
fn line(entry: Entry<'_>) -> Markup {
    html! { code { (entry.method.to_uppercase()) " " (entry.path) } }
}

/// The name of a group as it stands in a heading.
fn title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A text of a key; empty without it.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The members of an object that stands at a key.
fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

/// What stands where a reference leads, or the value itself.
fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// A text in which what stands between backticks is code.
fn prose(text: &str) -> Markup {
    html! {
        @for (position, part) in text.split('`').enumerate() {
            @if position % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

fn whole(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (NAME) }
                link rel="stylesheet" href=(STYLE_ADDRESS);
            }
            body {
                a.skip href="#main" { "Skip to main content" }
                header { p { a href=(ADDRESS) { (NAME) } } }
                main id="main" tabindex="-1" { (body) }
            }
        }
    };
    page.into_string()
}
