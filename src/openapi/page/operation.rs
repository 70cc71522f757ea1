//! One operation: what it is for, what it takes, what it answers, and, of a public read, a form to try it.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::{Entry, followed, line, members, prose, schema, text, try_out};

pub fn shown(document: &Value, entry: Entry<'_>) -> Markup {
    let operation = entry.operation;
    let id = text(operation, "operationId");
    html! {
        section.operation aria-labelledby=(id) {
            h2 id=(id) { (line(entry)) }
            p { strong { (text(operation, "summary")) } }
            @if !text(operation, "description").is_empty() { p { (prose(text(operation, "description"))) } }
            @if try_out::is_tried(entry) { (try_out::form(document, entry)) }
            (parameters(document, operation))
            @if let Some(body) = operation.get("requestBody") {
                h3 { "It takes" }
                @if body.get("required") == Some(&Value::Bool(false)) { p { "It may be left out." } }
                (content(body, "what is sent"))
            }
            h3 { "It answers" }
            dl {
                @for (status, answer) in members(operation, "responses") {
                    (self::answer(status, followed(document, answer)))
                }
            }
        }
    }
}

fn parameters(document: &Value, operation: &Value) -> Markup {
    let list: Vec<&Value> = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|parameter| followed(document, parameter))
        .collect();
    html! {
        @if !list.is_empty() {
            h3 { "Parameters" }
            dl {
                @for parameter in list {
                    dt {
                        code { (text(parameter, "name")) }
                        " " span.where { "in the " (text(parameter, "in")) @if parameter.get("required") == Some(&Value::Bool(true)) { ", has to be there" } }
                    }
                    dd {
                        @if !text(parameter, "description").is_empty() { p { (prose(text(parameter, "description"))) } }
                        @if let Some(value) = parameter.get("schema") { (schema::shown(value)) }
                        @if let Some(example) = parameter.get("example") { (schema::example(example)) }
                    }
                }
            }
        }
    }
}

fn answer(status: &str, answer: &Value) -> Markup {
    let headers: Vec<&str> = members(answer, "headers").map(|(name, _)| name).collect();
    html! {
        dt { code { (status) } " " (prose(text(answer, "description"))) }
        dd {
            (content(answer, &format!("the answer {status}")))
            @if !headers.is_empty() {
                p.headers { "Headers: " @for (position, name) in headers.iter().enumerate() { @if position > 0 { ", " } code { (name) } } }
            }
        }
    }
}

/// What is sent or answered, by media type; `what` says which of it.
fn content(of: &Value, what: &str) -> Markup {
    html! {
        @for (media_type, content) in members(of, "content") {
            p { code { (media_type) } }
            @if let Some(value) = content.get("schema") { (schema::shown(value)) }
            @if let Some(example) = content.get("example") {
                details { summary { "Example: " (what) } (pretty(example)) }
            }
            @for (name, _) in members(content, "examples") {
                p { a href={ "#" (anchor(name)) } { "Example: " (what) } }
            }
        }
    }
}

/// The names of the problems that an operation answers like many others.
pub fn problems<'a>(document: &'a Value, entry: Entry<'a>) -> impl Iterator<Item = &'a str> {
    let answers = members(entry.operation, "responses").map(|(_, answer)| followed(document, answer));
    let contents = answers.flat_map(|answer| members(answer, "content"));
    contents.flat_map(|(_, content)| members(content, "examples")).map(|(name, _)| name)
}

/// What many operations answer, once on each page.
pub fn examples(document: &Value, names: &BTreeSet<&str>) -> Markup {
    html! {
        @if !names.is_empty() {
            section aria-labelledby="problems" {
                h2 id="problems" { "Problems" }
                @for name in names {
                    @if let Some(value) = document.pointer(&format!("/components/examples/{name}/value")) {
                        h3 id=(anchor(name)) { (name) }
                        (pretty(value))
                    }
                }
            }
        }
    }
}

/// The anchor of an example on its page.
fn anchor(name: &str) -> String {
    format!("example-{name}")
}

fn pretty(value: &Value) -> Markup {
    html! { pre { code { (serde_json::to_string_pretty(value).unwrap_or_default()) } } }
}
