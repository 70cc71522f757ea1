//! Searching what is published: the index of words that follows the live line, and its answers. It reads publications
//! only; each hit is checked against the directory, which is exact, before it is answered: what was unpublished or
//! withdrawn is never found, however old the index is. How it is fed says [`crate::indexes`].
//!
//! Decision (2026-11-22), a document's own words. Context: a requirement section stands in up to a thousand pages. Choice:
//! a page is found by its own words, a section by its own; sections are hits of their own kind. Consequence: publishing a
//! section changes one entry of the index. Texts of links are not searched, since links to what isn't live are not shown.

mod answers;

use uuid::Uuid;

use crate::{
    content::{kinds::Content, searched_parts},
    events::EventKind,
    indexes::{Following, Source},
    kernel::{DocumentId, Result, Snapshot},
    search::{Field, Texts},
};

use super::load::{Moment, publications};

pub use answers::{Findings, Searching, hits, search};

/// The index of what is published.
pub type Search = Following<Live>;

/// What the public can read.
#[derive(Clone, Copy, Debug)]
pub struct Live;

impl Source for Live {
    const EVENTS: &'static [EventKind] =
        &[EventKind::DocumentPublished, EventKind::DocumentImported, EventKind::DocumentUnpublished];
    const NAME: &'static str = "what is published";

    async fn all(snapshot: &Snapshot) -> Result<Vec<Uuid>> {
        Ok(publications::readable(&**snapshot).await?.into_iter().map(|id| id.0).collect())
    }

    async fn texts(snapshot: &Snapshot, ids: &[Uuid]) -> Result<Vec<Texts>> {
        let ids: Vec<DocumentId> = ids.iter().copied().map(DocumentId).collect();
        let found = publications::of(&**snapshot, &ids, Moment::Now).await?;
        Ok(found.into_iter().map(|one| Texts { id: one.id.0, class: 0, texts: parts(&one.content) }).collect())
    }
}

/// Every text with its part, in reading order.
fn parts(content: &Content) -> Vec<(Field, String)> {
    searched_parts(content).into_iter().filter(|(field, _)| *field != Field::Links).collect()
}
