//! The editor's face of rich text: the JSON of its documents (those of ProseMirror) becomes the tree, and the tree becomes
//! its JSON and its HTML. It knows the editor's nodes and marks; nothing of forms, fields or who types.
//!
//! Decision (2026-11-22), what a browser sent is counted before it is believed. Context: a fault in the editor's script, on
//! the way, or in the conversion would change words that nobody looks at again. Choice: the browser sends a digest of the
//! visible text beside the document; here the digests of what was sent, and of the Markdown that came of it, are compared
//! with it. Consequence: a difference is an event that people see, not a silent loss; white space and what can't be seen
//! do not count, since normalising moves them.

mod digest;
mod read;
mod write;

use serde_json::Value;

pub use digest::Digest;

use super::{Dropped, RichDoc};

/// Bytes of one document's JSON: the longest text that is taken, twenty times over, which is what short paragraphs come to.
pub const EDITOR_LIMIT: usize = 2_000_000;

/// What came of a document that the editor sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Canonical.
    pub markdown: String,
    pub dropped: Vec<Dropped>,
}

/// Why a document that the editor sent can't be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is longer than [`EDITOR_LIMIT`].
    TooLarge,
    /// It is no document, or nested beyond what can be read.
    Unreadable,
    /// The words differ from what the browser counted. `markdown` is what could be read all the same.
    Changed { markdown: String },
}

/// Reads what the editor sent, and makes sure that every word of it arrived and is in the Markdown.
///
/// # Errors
/// A [`Refusal`]; whoever gets one keeps what was sent, for people to look at.
pub fn receive(json: &str, sum: &str) -> Result<Received, Refusal> {
    if json.len() > EDITOR_LIMIT {
        return Err(Refusal::TooLarge);
    }
    let value: Value = serde_json::from_str(json).map_err(|_| Refusal::Unreadable)?;
    let (document, dropped) = read::document(&value).ok_or(Refusal::Unreadable)?;
    let markdown = document.to_markdown();
    let sent = Digest::of(read::texts(&value));
    let seen = Digest::of(read::texts(&value).map(without_controls).collect::<Vec<_>>().iter().map(String::as_str));
    // Read again, so that what is compared is what will be stored.
    let whole = sum == sent.to_string() && seen == RichDoc::parse(&markdown).digest();
    if whole { Ok(Received { markdown, dropped }) } else { Err(Refusal::Changed { markdown }) }
}

/// Control characters can't be seen, and normalising drops them.
fn without_controls(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

impl RichDoc {
    /// Reads the editor's JSON. What the schema lacks is reduced, and each kind of that is named once; the words of every
    /// text node stay. The result is normalised. `None` if it is no document, is longer than [`EDITOR_LIMIT`], or is
    /// nested deeper than JSON is read.
    #[must_use]
    pub fn from_editor(json: &str) -> Option<(Self, Vec<Dropped>)> {
        let short = json.len() <= EDITOR_LIMIT;
        let value: Value = short.then(|| serde_json::from_str(json).ok()).flatten()?;
        read::document(&value)
    }

    /// The JSON of the editor's document. An empty text is a document with one empty paragraph, since the editor's schema
    /// asks for something to type in.
    #[must_use]
    pub fn to_editor(&self) -> Value {
        write::document(&self.clone().normalised())
    }

    /// HTML as the editor reads it: links to documents keep their `ref:` addresses, and headings have no anchors, of which
    /// several texts on one page would have the same.
    #[must_use]
    pub fn to_editor_html(&self) -> String {
        let resolve = |id, block| Some(super::Target::Document { id, block }.to_string());
        super::html::without_anchors(&self.to_tree(&resolve))
    }

    /// The digest of the visible text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut texts = Vec::new();
        super::texts_of_blocks(&self.blocks, &mut texts);
        Digest::of(texts.into_iter())
    }
}
