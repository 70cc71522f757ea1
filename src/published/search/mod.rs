//! Searching what is published: the index of words that follows the live line, and its answers. It reads publications
//! only; each hit is checked against the directory, which is exact, before it is answered.
//!
//! Decision (2026-11-22), fed by the log. Context: an index is kept beside the database, on every instance, and must
//! never answer what is gone. Choice: it is fed from the event log, up to an event that is written with each change of it;
//! a question brings it up to its own snapshot and waits for that, [`PATIENCE`] at most. If the log has gone on too far, or the
//! index is of another database or another shape, it is made anew. Consequence: a search that follows a publication finds
//! it; what was unpublished or withdrawn is never answered, however old the index is, because the directory knows.
//!
//! Decision (2026-11-22), a document's own words. Context: a requirement section stands in up to a thousand pages. Choice:
//! a page is found by its own words, a section by its own; sections are hits of their own kind. Consequence: publishing a
//! section changes one entry of the index. Texts of links are not searched, since links to what isn't live are not shown.

mod answers;
mod texts;

use std::{path::Path, sync::Arc, time::Duration};

use tokio::sync::{Mutex, RwLock};

use crate::{
    events::{self, EventKind, Filter},
    kernel::{Database, DocumentId, Error, Result, Sequence, Snapshot},
    search::{Batch, Index, Mark},
    site,
};

use super::load::{Moment, publications};

pub use answers::{Findings, Searching, hits, search};
use texts::texts;

/// How long a question waits for the index.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many documents are read at a time.
const AT_A_TIME: usize = 200;
/// After so many public events it is quicker to make the index anew.
const MOST_EVENTS: u64 = 5_000;

/// The index of an instance.
#[derive(Clone, Debug)]
pub struct Search(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    held: RwLock<Held>,
    /// Whoever changes the index holds this.
    turn: Mutex<()>,
}

#[derive(Clone, Debug)]
struct Held {
    index: Arc<Index>,
    mark: Option<Mark>,
    /// Whether the mark has been compared with the database.
    is_checked: bool,
}

impl Search {
    pub fn in_memory() -> Result<Self> {
        Ok(Self::over(Index::in_memory()?))
    }

    /// Kept between two starts.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        Ok(Self::over(Index::in_folder(folder)?))
    }

    fn over(index: Index) -> Self {
        let mark = index.mark();
        let held = Held { index: Arc::new(index), mark, is_checked: false };
        Self(Arc::new(Kept { held: RwLock::new(held), turn: Mutex::new(()) }))
    }

    /// Brings the index up to what is published now, however long that takes.
    pub async fn refresh(&self, database: &Database) -> Result<()> {
        let now = events::last_sequence(&*database.read().await?).await?;
        Arc::clone(&self.0).catch_up(database.clone(), now).await.map(|_| ())
    }

    /// The index with everything in it that was published up to an event; or, if that takes too long, as it is. With the
    /// event up to which it has been fed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while it is made for the first time.
    async fn up_to(&self, database: &Database, now: Sequence) -> Result<Fed> {
        if let Some(fed) = self.0.fed_up_to(now).await {
            return Ok(fed);
        }
        // A task of its own, since whoever asks may go away.
        let task = tokio::spawn(Arc::clone(&self.0).catch_up(database.clone(), now));
        match tokio::time::timeout(PATIENCE, task).await {
            Ok(done) => done.map_err(Error::bug)?,
            Err(_) => {
                let behind = self.0.fed_up_to(Sequence(0)).await;
                behind.ok_or_else(|| Error::Unavailable("the search index is being made".to_owned()))
            }
        }
    }
}

/// An index, and the event up to which it has been fed.
type Fed = (Arc<Index>, Sequence);

impl Kept {
    /// The index, if it has been fed as far as this.
    async fn fed_up_to(&self, now: Sequence) -> Option<Fed> {
        let held = self.held.read().await;
        let sequence = held.mark.as_ref().filter(|_| held.is_checked)?.sequence;
        (sequence >= now).then(|| (Arc::clone(&held.index), sequence))
    }

    async fn catch_up(self: Arc<Self>, database: Database, now: Sequence) -> Result<Fed> {
        let _turn = self.turn.lock().await;
        if let Some(fed) = self.fed_up_to(now).await {
            return Ok(fed);
        }
        let held = self.held.read().await.clone();
        let held = match feed(&database, &held).await {
            Err(Error::Bug(error)) => {
                tracing::warn!(%error, "the search index can't be changed; it is made anew in memory");
                let fresh = Held { index: Arc::new(Index::in_memory()?), mark: None, is_checked: false };
                feed(&database, &fresh).await?
            }
            fed => fed?,
        };
        let sequence = held.mark.as_ref().map_or(Sequence(0), |mark| mark.sequence);
        let index = Arc::clone(&held.index);
        *self.held.write().await = held;
        Ok((index, sequence))
    }
}

/// Feeds an index with what happened since its mark.
async fn feed(database: &Database, held: &Held) -> Result<Held> {
    let snapshot = database.read().await?;
    let sequence = events::last_sequence(&*snapshot).await?;
    let epoch = site::identity(&*snapshot).await?.epoch;
    let known = held.mark.as_ref().filter(|mark| mark.epoch == epoch && mark.sequence <= sequence);
    let mark = Mark { epoch: epoch.clone(), sequence };
    let changed = match known {
        Some(known) => changed(&snapshot, known.sequence).await?,
        None => None,
    };
    match changed {
        Some(changed) if changed.is_empty() => {}
        Some(changed) => {
            let mut batch = held.index.begin(false)?;
            put(&snapshot, &mut batch, &changed).await?;
            finish(batch, &mark).await?;
        }
        None => {
            let mut batch = held.index.begin(true)?;
            put(&snapshot, &mut batch, &publications::readable(&*snapshot).await?).await?;
            finish(batch, &mark).await?;
        }
    }
    Ok(Held { index: Arc::clone(&held.index), mark: Some(mark), is_checked: true })
}

/// The documents whose own words came, changed or went after an event; `None` if so much happened that all are to be read.
async fn changed(snapshot: &Snapshot, after: Sequence) -> Result<Option<Vec<DocumentId>>> {
    let filter = Filter { after: Some(after), public_only: true, ..Filter::default() };
    let events = events::list(&**snapshot, &filter, false, MOST_EVENTS + 1).await?;
    if u64::try_from(events.len()).unwrap_or(u64::MAX) > MOST_EVENTS {
        return Ok(None);
    }
    let kinds = [EventKind::DocumentPublished, EventKind::DocumentImported, EventKind::DocumentUnpublished];
    let mut changed: Vec<DocumentId> =
        events.into_iter().filter(|event| kinds.contains(&event.kind)).filter_map(|event| event.document).collect();
    changed.sort_unstable();
    changed.dedup();
    Ok(Some(changed))
}

async fn put(snapshot: &Snapshot, batch: &mut Batch, ids: &[DocumentId]) -> Result<()> {
    for ids in ids.chunks(AT_A_TIME) {
        ids.iter().for_each(|id| batch.remove(id.0));
        for found in publications::of(&**snapshot, ids, Moment::Now).await? {
            batch.put(&texts(found.id, &found.content))?;
        }
    }
    Ok(())
}

async fn finish(batch: Batch, mark: &Mark) -> Result<()> {
    let mark = mark.clone();
    tokio::task::spawn_blocking(move || batch.finish(&mark)).await.map_err(Error::bug)?
}
