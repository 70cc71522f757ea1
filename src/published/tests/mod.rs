//! Tests of what is published: composing from a bundle that is made by hand, and gathering bundles from a database. Here
//! is what they share: short ids and content.

mod composing;
mod gathering;
mod promised;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    content::kinds::{Content, Kind},
    kernel::{DocumentId, SeededChance, Timestamp},
};

fn document(number: u128) -> DocumentId {
    DocumentId(id(number))
}

/// Ids that are easy to tell apart in JSON.
fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0199_a1c2_0000_7000_8000_0000_0000_0000 + number)
}

/// Content as somebody might send it.
fn content(kind: Kind, value: Value) -> Content {
    Content::read(kind, value, "", &SeededChance::new(7), Timestamp(0)).unwrap()
}

fn role_page(value: Value) -> Content {
    content(Kind::RolePage, value)
}

fn requirement_section(value: Value) -> Content {
    content(Kind::RequirementSection, value)
}

/// A block of one paragraph.
fn text(number: u128, markdown: &str) -> Value {
    json!({"id": id(number), "kind": "text", "markdown": markdown})
}
