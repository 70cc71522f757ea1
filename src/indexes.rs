//! Indexes of words that follow the event log: kept beside the database, brought up to it by whoever asks, made anew when
//! they are of something else. It knows neither what is searched nor who may: a [`Source`] says which texts there are.
//!
//! Decision (2026-11-22), fed by the log. Context: an index is kept beside the database, on every instance, and must never
//! be older than what whoever asks has seen. Choice: it is fed from the event log, up to an event that is written with each
//! change of it; a question brings it up to the last event there is and waits for that, [`PATIENCE`] at most. If the log has
//! gone on too far, or the index is damaged, of another database or of another shape, it is made anew. Consequence: a
//! search that follows a change finds it, and no change waits for an index.
//!
//! Decision (2026-11-22), damage. Context: a machine that loses power can leave files that look whole. Choice: the sums of
//! all files are compared before the first question, not at the start. Consequence: a start takes no longer, and what is
//! damaged answers nothing.

//!
//! Decision (2026-11-23), no haste. Context: feeding 2,500 new cases in one go took both cores of a small machine for a fifth
//! of a second, and readers waited for it. Choice: while nobody asks, a few texts are put in at a time, with a pause between.
//! Consequence: whoever asks meanwhile ends the pauses, and a flood of reports does not make readers wait.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Mutex, RwLock};
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter},
    kernel::{Database, Error, Result, Sequence, Snapshot},
    search::{Batch, Change, Index, Mark, Texts},
    site,
};

/// How long a question waits for the index.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many texts, and how many events, are read at a time.
const AT_A_TIME: usize = 200;
/// How many texts are read at a time while nobody asks, and the pause between.
const WITHOUT_HASTE: usize = 20;
const PAUSE: Duration = Duration::from_millis(5);
/// After so many events it is quicker to make the index anew.
const MOST_EVENTS: usize = 5_000;

/// What an index is made of.
pub trait Source: Send + Sync + 'static {
    /// The events after which texts may be others.
    const EVENTS: &'static [EventKind];
    /// Those of them by which words were taken away that nobody may find again, in the files of the index neither.
    const FORGETTING: &'static [EventKind] = &[];
    /// What it is called in the log.
    const NAME: &'static str;

    /// Everything that has texts.
    fn all(snapshot: &Snapshot) -> impl Future<Output = Result<Vec<Uuid>>> + Send;

    /// What may have other texts after these events: the documents that they name, where it is documents.
    fn touched(_: &Snapshot, events: &[Event]) -> impl Future<Output = Result<Vec<Uuid>>> + Send {
        let named = events.iter().filter_map(|event| event.document).map(|id| id.0).collect();
        std::future::ready(Ok(named))
    }

    /// The texts of these; those without any are missing.
    fn texts(snapshot: &Snapshot, ids: &[Uuid]) -> impl Future<Output = Result<Vec<Texts>>> + Send;
}

/// The index of an instance. Cloning it is cheap.
pub struct Following<S>(Arc<Kept<S>>);

struct Kept<S> {
    held: RwLock<Held>,
    /// Whoever changes the index holds this.
    turn: Mutex<()>,
    /// How many questions wait for it.
    asked: Asked,
    source: std::marker::PhantomData<S>,
}

#[derive(Clone, Debug)]
struct Held {
    index: Arc<Index>,
    mark: Option<Mark>,
    /// Whether the files are whole and the mark has been compared with the database.
    is_checked: bool,
}

/// Questions that wait.
type Asked = Arc<AtomicUsize>;

/// Counts as a question that waits, as long as it is kept.
struct Asking(Asked);

impl Asking {
    fn of(asked: &Asked) -> Self {
        asked.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(asked))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// An index, and the event up to which it has been fed.
pub type Fed = (Arc<Index>, Sequence);

impl<S> Clone for Following<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Source> fmt::Debug for Following<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Following({})", S::NAME)
    }
}

impl<S: Source> Following<S> {
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
        Self(Arc::new(Kept {
            held: RwLock::new(held),
            turn: Mutex::new(()),
            asked: Asked::default(),
            source: std::marker::PhantomData,
        }))
    }

    /// Brings the index up to what is there now, however long that takes.
    pub async fn refresh(&self, database: &Database) -> Result<()> {
        let now = events::last_sequence(&*database.read().await?).await?;
        Arc::clone(&self.0).catch_up(database.clone(), now).await.map(|_| ())
    }

    /// The index with everything in it that has happened by now; or, if that takes too long, as it is. With the event up to
    /// which it has been fed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while it is made for the first time.
    pub async fn up_to_now(&self, database: &Database) -> Result<Fed> {
        let now = events::last_sequence(&*database.read().await?).await?;
        if let Some(fed) = self.0.fed_up_to(now).await {
            return Ok(fed);
        }
        let _asking = Asking::of(&self.0.asked);
        // A task of its own, since whoever asks may go away.
        let task = tokio::spawn(Arc::clone(&self.0).catch_up(database.clone(), now));
        match tokio::time::timeout(PATIENCE, task).await {
            Ok(done) => done.map_err(Error::bug)?,
            Err(_) => {
                let behind = self.0.fed_up_to(Sequence(0)).await;
                behind.ok_or_else(|| Error::Unavailable(format!("the index of {} is being made", S::NAME)))
            }
        }
    }
}

impl<S: Source> Kept<S> {
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
        let held = checked(self.held.read().await.clone(), S::NAME).await?;
        let held = match feed::<S>(&database, &held, &self.asked).await {
            Err(Error::Bug(error)) => {
                tracing::warn!(%error, index = S::NAME, "an index can't be changed; it is made anew in memory");
                let fresh = Held { index: Arc::new(Index::in_memory()?), mark: None, is_checked: false };
                // Whoever asked may have gone.
                feed::<S>(&database, &fresh, &self.asked)
                    .await
                    .inspect_err(|error| tracing::error!(%error, index = S::NAME, "an index can't be made"))?
            }
            fed => fed?,
        };
        let sequence = held.mark.as_ref().map_or(Sequence(0), |mark| mark.sequence);
        let index = Arc::clone(&held.index);
        *self.held.write().await = held;
        Ok((index, sequence))
    }
}

/// An index without a mark if its files are not whole, so that it is made anew.
async fn checked(held: Held, name: &str) -> Result<Held> {
    if held.is_checked || held.mark.is_none() {
        return Ok(held);
    }
    let index = Arc::clone(&held.index);
    if tokio::task::spawn_blocking(move || index.is_sound()).await.map_err(Error::bug)? {
        return Ok(held);
    }
    tracing::warn!(index = name, "an index is damaged; it is made anew");
    Ok(Held { mark: None, ..held })
}

/// Feeds an index with what happened since its mark.
async fn feed<S: Source>(database: &Database, held: &Held, asked: &Asked) -> Result<Held> {
    let snapshot = database.read().await?;
    let sequence = events::last_sequence(&*snapshot).await?;
    let epoch = site::identity(&*snapshot).await?.epoch;
    let known = held.mark.as_ref().filter(|mark| mark.epoch == epoch && mark.sequence <= sequence);
    let mark = Mark { epoch: epoch.clone(), sequence };
    let changed = match known {
        Some(known) => changed::<S>(&snapshot, known.sequence).await?,
        None => None,
    };
    match changed {
        Some(Changed { ids, .. }) if ids.is_empty() => {}
        Some(Changed { ids, forgetting }) => {
            let mut batch = held.index.begin(if forgetting { Change::Forgetting } else { Change::Further })?;
            for (round, few) in ids.chunks(WITHOUT_HASTE).enumerate() {
                if round > 0 && asked.load(Ordering::SeqCst) == 0 {
                    tokio::time::sleep(PAUSE).await;
                }
                put::<S>(&snapshot, &mut batch, few).await?;
            }
            finish(batch, &mark).await?;
        }
        None => {
            let mut batch = held.index.begin(Change::Anew)?;
            put::<S>(&snapshot, &mut batch, &S::all(&snapshot).await?).await?;
            finish(batch, &mark).await?;
        }
    }
    Ok(Held { index: Arc::clone(&held.index), mark: Some(mark), is_checked: true })
}

/// What came, changed or went.
struct Changed {
    ids: Vec<Uuid>,
    /// Whether words are to leave the files.
    forgetting: bool,
}

/// What happened to texts after an event; `None` if it is so much that all are to be read.
async fn changed<S: Source>(snapshot: &Snapshot, after: Sequence) -> Result<Option<Changed>> {
    let mut filter = Filter { after: Some(after), kinds: S::EVENTS.to_vec(), ..Filter::default() };
    let (mut ids, mut forgetting, mut count) = (Vec::new(), false, 0);
    loop {
        let events = events::list(&**snapshot, &filter, false, u64::try_from(AT_A_TIME).unwrap_or(u64::MAX)).await?;
        let Some(last) = events.last() else { break };
        filter.after = Some(last.sequence);
        count += events.len();
        if count > MOST_EVENTS {
            return Ok(None);
        }
        forgetting |= events.iter().any(|event| S::FORGETTING.contains(&event.kind));
        ids.extend(S::touched(snapshot, &events).await?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(Changed { ids, forgetting }))
}

async fn put<S: Source>(snapshot: &Snapshot, batch: &mut Batch, ids: &[Uuid]) -> Result<()> {
    for ids in ids.chunks(AT_A_TIME) {
        ids.iter().for_each(|id| batch.remove(*id));
        for texts in S::texts(snapshot, ids).await? {
            batch.put(&texts)?;
        }
    }
    Ok(())
}

async fn finish(batch: Batch, mark: &Mark) -> Result<()> {
    let mark = mark.clone();
    tokio::task::spawn_blocking(move || batch.finish(&mark)).await.map_err(Error::bug)?
}
