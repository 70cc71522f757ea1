//! Small contents, as programs would send them.

use serde_json::{Value, json};

/// Where documents of either kind are kept.
pub const COLLECTIONS: [&str; 2] = ["role-pages", "requirement-sections"];

/// The least that can be published, of either kind.
pub fn titled(title: &str) -> Value {
    json!({ "content": { "title": title } })
}

/// With a summary, so that nothing is to be looked at before it is published.
pub fn summed(mut body: Value) -> Value {
    body["content"]["summary"] = "What they do, in a sentence.".into();
    body
}

/// The same, below another document.
pub fn below(title: &str, parent: &str) -> Value {
    json!({ "parent": parent, "content": { "title": title } })
}

/// A page in which requirement sections stand, in their order.
pub fn embedding(title: &str, sections: &[&str]) -> Value {
    let blocks: Vec<Value> =
        sections.iter().map(|id| json!({ "kind": "requirements", "requirement_section": id })).collect();
    let sections = if blocks.is_empty() { json!([]) } else { json!([{ "heading": "Requirements", "blocks": blocks }]) };
    json!({ "content": { "title": title, "sections": sections } })
}

/// A page that shows the cards of others.
pub fn relating(title: &str, pages: &[&str]) -> Value {
    json!({ "content": { "title": title, "related_roles": pages } })
}
