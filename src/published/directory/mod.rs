//! A directory of everything that the public can read, in memory: by which lists are narrowed, ordered and counted. It
//! holds no texts but the keys of titles, and knows no HTTP.
//!
//! Decision (2026-11-22), in memory. Context: with 100,000 documents, counting and narrowing in the database reads every
//! row, and what a page asks for hangs on the sections that stand in it, of which one may stand in a thousand pages.
//! Choice: an entry of some 200 bytes a document, read from the live line at the first question and kept by the event
//! log; a question walks over all entries and takes a millisecond or two. Consequence: publishing a section rewrites no
//! row of the pages in which it stands, and both databases order titles alike, by their bytes.
//!
//! Decision (2026-11-22), never staler than the database. Context: what is kept beside the database can be older than it.
//! Choice: a question opens its snapshot first and brings the directory up to the snapshot's last event, then asks; if the
//! directory is further already, the question takes a newer snapshot. Consequence: an answer is that of its snapshot
//! exactly, and nothing has to wait for a follower.

mod load;
mod numbered;
mod rank;
mod state;
#[cfg(test)]
mod tests;
mod ways;

use tokio::sync::RwLock;

use crate::{
    events,
    kernel::{Database, DocumentId, Result, Sequence, Snapshot, Timestamp},
};

pub use rank::{LevelCount, Ranked, RouteCount};
pub use state::{State, Wanted};
pub use ways::Filter;

/// Which pages to list, by what stands in their rows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub parent: Option<DocumentId>,
    pub ids: Option<Vec<DocumentId>>,
    pub updated_since: Option<Timestamp>,
}

impl Selection {
    /// Whether every page is listed.
    pub fn is_empty(&self) -> bool {
        self.parent.is_none() && self.ids.is_none() && self.updated_since.is_none()
    }
}

/// What is known of the live documents; one an instance.
#[derive(Debug, Default)]
pub struct Directory {
    state: RwLock<State>,
}

impl Directory {
    /// Asks the directory as it is in a snapshot, and answers with that.
    pub(super) async fn ask<T>(
        &self,
        database: &Database,
        question: impl Fn(&State) -> Result<T>,
    ) -> Result<(Snapshot, T)> {
        loop {
            let known = self.state.read().await.sequence;
            let snapshot = database.read().await?;
            let now = events::last_sequence(&*snapshot).await?;
            {
                let state = self.state.read().await;
                if state.sequence == Some(now) {
                    let answer = question(&state)?;
                    return Ok((snapshot, answer));
                }
            }
            let mut state = self.state.write().await;
            match state.sequence {
                Some(at) if at == now => {}
                // Others went on while this one waited.
                Some(at) if at > now && state.sequence != known => continue,
                Some(at) if at < now => catch_up(&mut state, &snapshot, at, now).await?,
                // Nothing is known yet; or what is known is of another time of the database.
                _ => reload(&mut state, &snapshot, now).await?,
            }
            let answer = question(&state)?;
            return Ok((snapshot, answer));
        }
    }
}

/// Everything is read before anything is changed, so that a question that is given up leaves the directory as it was.
async fn catch_up(state: &mut State, snapshot: &Snapshot, at: Sequence, now: Sequence) -> Result<()> {
    let Some(changed) = load::changed(&**snapshot, at, now).await? else {
        return reload(state, snapshot, now).await;
    };
    let rows = load::some(&**snapshot, &changed).await?;
    let there: std::collections::HashSet<DocumentId> = rows.iter().map(|row| row.id).collect();
    let gone: Vec<DocumentId> = changed.into_iter().filter(|id| !there.contains(id)).collect();
    state.apply(rows, &gone, now);
    Ok(())
}

async fn reload(state: &mut State, snapshot: &Snapshot, now: Sequence) -> Result<()> {
    let rows = load::all(&**snapshot).await?;
    let mut fresh = State::default();
    fresh.apply(rows, &[], now);
    *state = fresh;
    Ok(())
}
