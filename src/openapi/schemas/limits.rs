//! The limits of content and of reports, as whoever reads them holds them. The tests send the reader what just fits and
//! what is just too long.

pub use crate::content::limits::{
    BLOCKS_LIMIT, ITEMS_LIMIT, LINE_LIMIT, MARKDOWN_LIMIT, SECTIONS_LIMIT, SLUG_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT,
    TREE_DEPTH_LIMIT,
};
pub use crate::feedback::{
    ANSWER_LIMIT, LABEL_LIMIT, NOTE_LIMIT, REASON_LIMIT, REPLY_LIMIT, TITLE_LIMIT as CASE_TITLE_LIMIT, TOLD_LIMIT,
    saved_replies::TITLE_LIMIT as SAVED_TITLE_LIMIT,
};

/// Of the note of a save.
pub const SAVE_NOTE_LIMIT: usize = 500;
/// Of the texts that come with a step.
pub const STEP_NOTE_LIMIT: usize = 1_000;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        content::{Content, Kind},
        kernel::{SeededChance, Timestamp},
    };

    /// The codes of the faults that the reader finds in a role page.
    fn faults(content: Value) -> Vec<String> {
        let chance = SeededChance::new(1);
        match Content::read(Kind::RolePage, content, "", &chance, Timestamp(0)) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.into_iter().map(|fault| fault.code).collect(),
        }
    }

    fn assert_limit(limit: usize, code: &str, content: impl Fn(usize) -> Value) {
        assert_eq!(faults(content(limit)), Vec::<String>::new(), "{limit} should fit");
        assert_eq!(faults(content(limit + 1)), [code], "{} should be too much", limit + 1);
    }

    #[test]
    fn texts_are_as_long_as_the_reader_allows() {
        assert_limit(TITLE_LIMIT, "too-long", |length| json!({ "title": "x".repeat(length) }));
        assert_limit(SUMMARY_LIMIT, "too-long", |length| json!({ "summary": "x".repeat(length) }));
        assert_limit(LINE_LIMIT, "too-long", |length| json!({ "meta_description": "x".repeat(length) }));
        assert_limit(MARKDOWN_LIMIT, "too-long", |length| json!({ "facts": { "career_path": "x".repeat(length) } }));
    }

    #[test]
    fn lists_are_as_long_and_trees_as_deep_as_the_reader_allows() {
        let many = |length: usize, value: Value| Value::Array(vec![value; length]);
        assert_limit(SECTIONS_LIMIT, "too-many", |length| json!({ "sections": many(length, json!({})) }));
        assert_limit(
            BLOCKS_LIMIT,
            "too-many",
            |length| json!({ "sections": [{ "blocks": many(length, json!({ "kind": "text" })) }] }),
        );
        assert_limit(ITEMS_LIMIT, "too-many", |length| json!({ "search_terms": many(length, json!("term")) }));
        let tree = |depth: usize| {
            let inner = json!({ "kind": "requirement" });
            (0..depth).fold(inner, |inner, _| json!({ "kind": "group", "items": [inner] }))
        };
        let read = |depth: usize| {
            let chance = SeededChance::new(1);
            let content = json!({ "requirements": tree(depth) });
            Content::read(Kind::RequirementSection, content, "", &chance, Timestamp(0)).is_ok()
        };
        assert!(read(TREE_DEPTH_LIMIT));
        assert!(!read(TREE_DEPTH_LIMIT + 1));
    }
}
