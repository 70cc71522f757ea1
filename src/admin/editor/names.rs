//! What the things of a content are called among others of their kind: by their headings, or by their first words. It reads
//! the JSON that the form stands for and draws nothing.

use serde_json::Value;

use crate::content::kinds::requirement::{RouteKind, Rule};

use super::{body::text_of, words};

/// Words of a text that name a thing.
const WORDS: usize = 5;
/// Characters of a requirement that name it.
const CHARACTERS: usize = 80;

fn text(value: &Value, key: &str) -> String {
    value.get(key).map(text_of).unwrap_or_default()
}

/// A section: its heading, or what it begins with.
pub fn section(value: &Value) -> String {
    let heading = text(value, "heading");
    if !heading.is_empty() {
        return heading;
    }
    match value.pointer("/blocks/0/kind").map(text_of).as_deref() {
        None | Some("") => "Section without a heading".to_owned(),
        Some(kind) => format!("{} without a heading", words::block_kind(kind)),
    }
}

/// A block: its kind and its first words.
pub fn block(value: &Value) -> String {
    let kind = words::block_kind(&text(value, "kind"));
    let texts = ["heading", "summary", "markdown", "introduction", "caption"];
    let text = texts.iter().map(|key| text(value, key)).find(|text| !text.trim().is_empty());
    let first: Vec<&str> = text.as_deref().unwrap_or_default().split_whitespace().take(WORDS).collect();
    if first.is_empty() { kind.to_owned() } else { format!("{kind}: {}", first.join(" ")) }
}

/// A way in: its heading, or its kind.
pub fn route(value: &Value) -> String {
    let heading = text(value, "heading");
    if !heading.is_empty() {
        return heading;
    }
    RouteKind::from_name(&text(value, "kind")).map_or("Way in", words::route_kind).to_owned()
}

/// A node of a requirement tree, as a part of a sentence.
pub fn node(value: &Value) -> String {
    let words = match text(value, "kind").as_str() {
        "group" => match text(value, "lead_in") {
            lead_in if lead_in.is_empty() => {
                let rule = Rule::from_name(&text(value, "rule")).unwrap_or(Rule::AllOf);
                format!("the group of {}", words::rule(rule))
            }
            lead_in => format!("the group “{lead_in}”"),
        },
        "section" => "another requirement section".to_owned(),
        _ => match text(value, "text") {
            text if text.is_empty() => "an empty requirement".to_owned(),
            text => format!("“{text}”"),
        },
    };
    words.chars().take(CHARACTERS).collect()
}
