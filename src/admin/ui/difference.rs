//! Single changes, each with its words: for passages that were reported, for what replacing would change, and for the sides
//! of a conflict. Whole versions are compared in `compared.rs`.

use maud::{Markup, html};
use serde_json::Value;

use crate::content::{Change, What, WordOp, Words};

/// What a change is, in a line.
pub fn heading(change: &Change) -> String {
    let what = match change.what {
        What::Added => "added",
        What::Removed => "removed",
        What::Moved => "moved",
        What::Changed => "changed",
    };
    format!("{} {what}", change.label)
}

/// What a change did.
pub fn body(change: &Change) -> Markup {
    html! {
        @match change.what {
            What::Moved => { p { span.moved { "Moved" } " " (moved(&change.from, &change.to)) } }
            _ if !change.words.is_empty() => { (words(&change.words)) }
            What::Added => { (part(&change.to, true)) }
            What::Removed => { (part(&change.from, false)) }
            What::Changed => {
                p { del { span.vh { "removed: " } (in_words(&change.from)) } }
                p { ins { span.vh { "added: " } (in_words(&change.to)) } }
            }
        }
    }
}

/// Where something went: the numbers of its places, or that it stands in another part now.
fn moved(from: &Value, to: &Value) -> String {
    let place = |pointer: &Value| {
        let (around, last) = pointer.as_str()?.rsplit_once('/')?;
        Some((around.to_owned(), last.parse::<usize>().ok()?.saturating_add(1)))
    };
    match (place(from), place(to)) {
        (Some((old, from)), Some((new, to))) if old == new => {
            format!("from place {from} to place {to}; what changed inside it is listed by itself.")
        }
        (_, Some((_, to))) => format!("into another part, to place {to}; what changed inside it is listed by itself."),
        _ => "to another place; what changed inside it is listed by itself.".to_owned(),
    }
}

/// A text with what was taken out and what was put in.
pub fn words(words: &[Words]) -> Markup {
    html! {
        p.words {
            @for one in words {
                @match one.op {
                    WordOp::Equal => { (one.text) }
                    WordOp::Insert => { ins { span.vh { " added: " } (one.text) } }
                    WordOp::Delete => { del { span.vh { " removed: " } (one.text) } }
                }
            }
        }
    }
}

fn part(value: &Value, added: bool) -> Markup {
    html! {
        @for line in lines(value) {
            p { @if added { ins { span.vh { "added: " } (line) } } @else { del { span.vh { "removed: " } (line) } } }
        }
    }
}

/// A value in one line.
pub fn in_words(value: &Value) -> String {
    let lines = lines(value);
    if lines.is_empty() { "nothing".to_owned() } else { lines.join(" · ") }
}

/// Every text within a value that says something to people, in order; ids and names of kinds say nothing.
pub fn lines(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect("", value, &mut found);
    found
}

fn collect(key: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => {
            if *flag {
                found.push(readable(key));
            }
        }
        Value::Number(number) => {
            found.push(if key.is_empty() { number.to_string() } else { format!("{}: {number}", readable(key)) })
        }
        Value::String(text) if text.is_empty() || key == "id" => {}
        Value::String(text) => match key {
            "kind" | "rule" | "category" | "necessity" | "framework" | "level" | "display" | "tone" => {
                found.push(format!("{}: {}", readable(key), text.replace('_', " ")));
            }
            _ => found.push(text.clone()),
        },
        Value::Array(items) => items.iter().for_each(|item| collect(key, item, found)),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| collect(key, value, found)),
    }
}

fn readable(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
