//! Searching work in progress: the index of words of the version of every document that is shown, drafts and the trash
//! included, and what it answers. Lists are narrowed by it, and the best hits are shown with what was found in them. It is
//! for those who may read content; the public has an index of its own, made of publications.
//!
//! Decision (2026-11-22), the same engine. Context: lists looked for words as parts of a text, in the database: at 10,000
//! documents that took 40 ms, and found no word with a mistake in it. Choice: the index that the public search has, over
//! what editors see, texts of links, slugs and paths included; [`crate::indexes`] says how it follows the log. The words of
//! a list mean the same in the panel and for programs: each has to be there, in any form; the last may be the beginning of
//! one. Consequence: after a save nothing waits, and the next question takes the save up before it is answered. What
//! stands within a word is not found; find and replace, which must miss nothing, still looks for parts.
//!
//! Decision (2026-11-22), addresses. Context: people paste the path of a page to find it, and the paths of a hundred pages
//! begin with the name of the one above. Choice: what is typed with a slash in front is looked for in paths, step by step,
//! and nowhere else. Consequence: the words of a list don't find whatever stands below a page of that name.

mod best;
mod shown;
mod texts;

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    events::EventKind,
    indexes::{Fed, Following, Source},
    kernel::{Ctx, DocumentId, Permission, Result, Sequence, Snapshot},
    search::{Hit, Question, Texts, Words},
};

use super::kinds::Kind;

pub use best::{Best, Found, Passage, best};
pub use texts::searched_parts;

/// The index of what is worked on.
pub type Search = Following<Shown>;

/// The version of each document that is shown: the draft, else the live one, else the latest.
#[derive(Clone, Copy, Debug)]
pub struct Shown;

impl Source for Shown {
    const EVENTS: &'static [EventKind] = &[
        EventKind::DocumentCreated,
        EventKind::DocumentSaved,
        EventKind::DocumentPublished,
        EventKind::DocumentMoved,
        EventKind::DocumentUnpublished,
        EventKind::DraftDiscarded,
        EventKind::DocumentRestored,
        EventKind::DocumentTrashed,
        EventKind::DocumentUntrashed,
        EventKind::DocumentPurged,
        EventKind::DocumentImported,
    ];
    const NAME: &'static str = "work in progress";

    async fn all(snapshot: &Snapshot) -> Result<Vec<Uuid>> {
        Ok(shown::all(&**snapshot).await?.into_iter().map(|id| id.0).collect())
    }

    async fn texts(snapshot: &Snapshot, ids: &[Uuid]) -> Result<Vec<Texts>> {
        let ids: Vec<DocumentId> = ids.iter().copied().map(DocumentId).collect();
        Ok(shown::of(&**snapshot, &ids).await?.into_iter().map(|one| one.texts()).collect())
    }
}

/// Hits are told apart by this without being looked up.
fn class(kind: Kind, trashed: bool) -> u64 {
    let kind = match kind {
        Kind::RolePage => 0,
        Kind::RequirementSection => 2,
    };
    kind + u64::from(trashed)
}

/// The documents that hold some words. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Holders(Arc<Held>);

#[derive(Debug)]
struct Held {
    hits: Vec<Hit>,
    /// Up to which event the index had been fed, at least.
    sequence: Sequence,
}

impl Holders {
    /// Those of a kind, in the trash or not.
    pub(super) fn of(&self, kind: Kind, trashed: bool) -> Vec<Uuid> {
        let class = class(kind, trashed);
        self.0.hits.iter().filter(|hit| hit.class == class).map(|hit| hit.id).collect()
    }

    pub(super) fn sequence(&self) -> Sequence {
        self.0.sequence
    }

    /// As if the index had answered so.
    #[cfg(test)]
    pub(super) fn planted(hits: &[(Uuid, Kind)], sequence: Sequence) -> Self {
        let hit = |(id, kind): &(Uuid, Kind)| Hit { id: *id, class: class(*kind, false), score: 1.0 };
        Self(Arc::new(Held { hits: hits.iter().map(hit).collect(), sequence }))
    }
}

/// The documents that hold these words, after everything that has been saved by now; `None` if there is nothing to look
/// for.
///
/// # Errors
/// [`crate::kernel::Error::Unavailable`] while the index is made for the first time.
pub async fn holders(ctx: &Ctx, search: &Search, words: &str) -> Result<Option<Holders>> {
    ctx.authorise(Permission::ContentRead)?;
    if words.trim().is_empty() {
        return Ok(None);
    }
    let (index, sequence) = search.up_to_now(&ctx.database).await?;
    let hits = index.find(&index.question(&read(words))?)?.hits().collect();
    Ok(Some(Holders(Arc::new(Held { hits, sequence }))))
}

/// What answers, as the index understood it, with how well it does.
async fn ranked(ctx: &Ctx, search: &Search, words: &str) -> Result<(Question, Vec<Hit>)> {
    let (index, _): Fed = search.up_to_now(&ctx.database).await?;
    let question = index.question(&read(words))?;
    let hits = index.find(&question)?.hits().collect();
    Ok((question, hits))
}

fn read(typed: &str) -> Words {
    if typed.trim_start().starts_with('/') { Words::read_path(typed) } else { Words::read(typed) }
}
