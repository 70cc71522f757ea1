//! Names for findings that outlive a save: rule, place and text in one mark. A text that moves with its block keeps its
//! marks; a text that changes has others, so that what was looked at comes back.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::kernel::{DocumentId, Result};

use super::Check;

/// Characters of a mark, of four bits each.
const LENGTH: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub mark: String,
    /// The id of the innermost thing with one, and the field in it.
    pub place: String,
}

/// The mark of a finding about a content, or about the slug that stands beside it.
pub fn mark_of(document: DocumentId, slug: &str, content: &Value, check: &Check) -> Result<Mark> {
    let beside = Value::from(slug);
    let (place, text) =
        if check.pointer == "/slug" { (check.pointer.clone(), &beside) } else { locate(content, &check.pointer) };
    let whole = Whole { document, code: &check.code, place: &place, text };
    let digest = Sha256::digest(serde_json::to_vec(&whole)?);
    let hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Mark { mark: hexadecimal.chars().take(LENGTH).collect(), place })
}

#[derive(Serialize)]
struct Whole<'a> {
    document: DocumentId,
    code: &'a str,
    place: &'a str,
    text: &'a Value,
}

/// What stands at a pointer, and a name for the place that a move of the things around it does not change.
fn locate<'v>(content: &'v Value, pointer: &str) -> (String, &'v Value) {
    let mut here = content;
    let mut place = String::new();
    for step in pointer.split('/').skip(1) {
        let next = match here {
            Value::Object(fields) => fields.get(step),
            Value::Array(items) => step.parse::<usize>().ok().and_then(|position| items.get(position)),
            _ => None,
        };
        here = next.unwrap_or(&Value::Null);
        match here.get("id").and_then(Value::as_str) {
            Some(id) => id.clone_into(&mut place),
            None => {
                place.push('/');
                place.push_str(step);
            }
        }
    }
    (place, here)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::content::Severity;

    fn mark(content: &Value, pointer: &str) -> Mark {
        let check = Check {
            code: "list-one-item".to_owned(),
            severity: Severity::LookAt,
            pointer: pointer.to_owned(),
            message: String::new(),
            source: String::new(),
            excerpts: Vec::new(),
            mark: None,
            looked_at: None,
        };
        mark_of(DocumentId(Uuid::from_u128(7)), "porter", content, &check).unwrap()
    }

    #[test]
    fn a_mark_moves_with_its_block_and_changes_with_its_text() {
        let block = |text: &str| json!({ "id": "b", "markdown": text });
        let first = json!({ "sections": [{ "id": "s", "blocks": [block("one"), block("two")] }] });
        let moved = json!({ "sections": [{ "id": "t", "blocks": [] }, { "id": "s", "blocks": [block("one")] }] });
        let changed = json!({ "sections": [{ "id": "s", "blocks": [block("One")] }] });
        let before = mark(&first, "/sections/0/blocks/0/markdown");
        assert_eq!((before.place.as_str(), before.mark.len()), ("b/markdown", LENGTH));
        assert_eq!(mark(&moved, "/sections/1/blocks/0/markdown"), before);
        assert_ne!(mark(&changed, "/sections/0/blocks/0/markdown").mark, before.mark);
        assert_eq!(mark(&first, "/title").place, "/title");
    }
}
