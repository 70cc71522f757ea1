//! What a new document can start from: an outline, or a copy of another. Both are content as it is sent, so that reading
//! it gives everything in it an id of its own.

use serde_json::{Value, json};

use super::kinds::Kind;

/// Headings and empty blocks in the order in which readers ask: what is it, who does it, how does one get in, what then.
pub fn outline(kind: Kind, title: &str) -> Value {
    let text = |heading: &str| json!({ "heading": heading, "blocks": [{ "kind": "text", "markdown": "" }] });
    match kind {
        Kind::RolePage => json!({
            "title": title,
            "sections": [
                text("What the work is like"),
                { "heading": "The roles", "blocks": [{ "kind": "roles", "roles": [] }] },
                { "heading": "What you would do", "blocks": [{ "kind": "facts", "show": ["tasks", "skills"] }] },
                { "heading": "Getting in", "blocks": [{ "kind": "requirements" }] },
                { "heading": "Pay and hours", "blocks": [{ "kind": "facts", "show": ["pay", "hours"] }] },
                text("Training and where it can lead"),
            ],
        }),
        Kind::RequirementSection => json!({
            "title": title,
            "routes": [{ "kind": "university" }, { "kind": "apprenticeship" }, { "kind": "college" }, { "kind": "work" }],
        }),
    }
}

/// The same content under another title, in which nothing has an id: what is copied is new. Links to the original and
/// its blocks still lead there.
pub fn copied(content: Value, title: &str) -> Value {
    let mut content = content;
    without_ids(&mut content);
    if let Value::Object(fields) = &mut content {
        fields.insert("title".to_owned(), title.into());
    }
    content
}

fn without_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.shift_remove("id");
            fields.values_mut().for_each(without_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Content,
        kernel::{SeededChance, Timestamp},
    };

    #[test]
    fn every_outline_can_be_saved() {
        for kind in Kind::ALL {
            let read = Content::read(*kind, outline(*kind, "Porter"), "", &SeededChance::new(1), Timestamp(0));
            assert_eq!(read.unwrap().title(), "Porter");
        }
    }

    #[test]
    fn a_copy_has_the_words_and_new_ids() {
        let chance = SeededChance::new(1);
        let first =
            Content::read(Kind::RolePage, outline(Kind::RolePage, "Porter"), "", &chance, Timestamp(0)).unwrap();
        let sent = copied(first.to_value().unwrap(), "Cook");
        let second = Content::read(Kind::RolePage, sent, "", &chance, Timestamp(0)).unwrap();
        assert_eq!(second.title(), "Cook");
        assert_eq!(second.sections().len(), first.sections().len());
        for (one, other) in first.sections().iter().zip(second.sections()) {
            assert_eq!(one.heading, other.heading);
            assert_ne!(one.id, other.id);
            assert!(one.blocks.iter().zip(&other.blocks).all(|(one, other)| one.id != other.id));
        }
    }
}
