//! A schema in words: what kind of value it is, its limits, and what stands in it, as nested lists. Named schemas are links.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::{members, prose, text};

const SCHEMAS: &str = "#/components/schemas/";
/// Limits, and how they are said.
const LIMITS: [(&str, &str); 8] = [
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("minLength", "characters at least"),
    ("maxLength", "characters at most"),
    ("minItems", "items at least"),
    ("maxItems", "items at most"),
    ("pattern", "pattern"),
    ("default", "without it"),
];

/// The anchor of a named schema on its page.
pub fn anchor(name: &str) -> String {
    format!("schema-{name}")
}

/// Every named schema that these lead to, directly or through others.
pub fn reached<'a>(document: &'a Value, from: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = from.collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                    let is_new = reference.strip_prefix(SCHEMAS).is_none_or(|name| found.insert(name.to_owned()));
                    let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                    open.extend(target.filter(|_| is_new));
                }
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// A schema with all that stands in it.
pub fn shown(schema: &Value) -> Markup {
    let choices = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| Some((*key, schema.get(*key)?.as_array()?)));
    html! {
        p { (kind(schema)) (limits(schema)) @if !text(schema, "description").is_empty() { ". " (prose(text(schema, "description"))) } }
        @for (key, choices) in choices {
            p { @if key == "allOf" { "All of:" } @else { "One of:" } }
            ul { @for choice in choices { li { (shown(choice)) } } }
        }
        @if members(schema, "properties").next().is_some() { (properties(schema)) }
        @if let Some(items) = schema.get("items").filter(|items| !is_simple(items)) { div.items { (shown(items)) } }
        @if let Some(more) = schema.get("additionalProperties").filter(|more| more.is_object()) {
            p { "Each of its other keys holds:" }
            (shown(more))
        }
        @for example in ["example", "examples"].iter().filter_map(|key| schema.get(*key)) { (self::example(example)) }
    }
}

/// A value as an example.
pub fn example(value: &Value) -> Markup {
    html! { p.example { "For example " code { (value.to_string()) } } }
}

fn properties(schema: &Value) -> Markup {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    html! {
        dl {
            @for (name, value) in members(schema, "properties") {
                dt { code { (name) } @if !required.contains(&name) { " " span.where { "may be missing" } } }
                dd { (shown(value)) }
            }
        }
    }
}

/// What can be said in one phrase.
fn is_simple(schema: &Value) -> bool {
    !["properties", "oneOf", "anyOf", "allOf", "items"].iter().any(|key| schema.get(*key).is_some())
}

/// What kind of value it is, in a phrase.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(SCHEMAS))
    {
        return html! { a href={ "#" (anchor(name)) } { (name) } };
    }
    if let Some(value) = schema.get("const") {
        return html! { "always " code { (plain(value)) } };
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return html! { "one of " @for (position, value) in values.iter().enumerate() { @if position > 0 { ", " } code { (plain(value)) } } };
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let format = text(schema, "format");
    html! {
        @for (position, name) in names.iter().enumerate() {
            @if position > 0 { " or " }
            (words(name))
            @if *name == "string" && !format.is_empty() { " (" (format) ")" }
            @if *name == "array" {
                @if let Some(items) = schema.get("items").filter(|items| is_simple(items)) { " of: " (kind(items)) (limits(items)) }
            }
        }
        @if names.is_empty() && is_simple(schema) { "anything" }
    }
}

fn words(name: &str) -> &str {
    match name {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        "array" => "list",
        other => other,
    }
}

fn limits(schema: &Value) -> Markup {
    html! {
        @for (key, words) in LIMITS {
            @if let Some(value) = schema.get(key) { ", " (words) " " code { (plain(value)) } }
        }
        @if schema.get("additionalProperties") == Some(&Value::Bool(false)) { ", no other keys" }
    }
}

/// A text without quotes, everything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
