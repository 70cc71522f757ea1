//! What was answered, kept until something that it was made of changes. It knows neither HTTP nor what it keeps: doors
//! put finished answers in, each with the ids that it depends on and the place in the log at which it was read.
//!
//! Decision (2026-11-22), exactness. Context: a front-end site must see a page at once when it is published, and never an old
//! one again. Choice: nothing is kept by time. The cache follows the log: [`Cache::catch_up`] drops what depends on the
//! things that an event names, and whoever has published waits for it before the answer goes out. What was composed from
//! an earlier snapshot is given to whoever asked for it, and kept only if no event since has touched what it depends on.
//! Consequence: an instance is exact for what it published itself, and as late as its last look for what others did.
//!
//! Decision (2026-11-22), wholes and parts. Context: a publication names every document whose public JSON it changed; a section in
//! a thousand pages is named whenever one of those pages is published, since it tells where it is used, and what stands
//! of it in the other pages is as it was. Choice: an answer hangs on its own document being named, and on the one document
//! or image that an event is about being a part of it. Consequence: publishing a page leaves the pages beside it kept.
//!
//! Decision (2026-11-22), lists. Context: a list changes when a page is added or leaves, and its date is that of the last public
//! change of all. Choice: whatever is no single page depends on anything public. Consequence: each publication drops all
//! lists, and they are made again when somebody asks.

mod dependencies;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use quick_cache::{DefaultHashBuilder, Lifecycle, OptionsBuilder, Weighter, sync::Cache as Entries};
use uuid::Uuid;

use crate::{
    content::next_due,
    events::{self, EventKind, Trace},
    kernel::{Database, Result, Sequence, Timestamp},
};

use dependencies::Dependencies;

/// Events that are read at a time.
const BATCH: u64 = 500;
/// What an entry takes beside its bytes: keys, headers, and its places in the list of dependencies. Measured at 100,000 pages.
const OVERHEAD: u64 = 2_000;
/// The place in the log before the cache has looked at it for the first time.
const NOWHERE: i64 = -1;

/// Something that can be kept: it knows how many bytes it takes.
pub trait Weighed: Send + Sync + 'static {
    fn bytes(&self) -> usize;
}

/// Something that was made of what stood in the database at a place in the log.
#[derive(Clone, Debug)]
pub struct Made<T> {
    pub value: T,
    pub depends_on: DependsOn,
    pub sequence: Sequence,
}

/// What has to change for an answer to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DependsOn {
    /// Any public event at all, and what is told of fixes.
    AnythingPublic,
    Things(Arc<[Thing]>),
}

/// Something that can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    /// The public JSON of a document.
    Whole(Uuid),
    /// A document or an image by itself, there or absent, wherever it stands.
    Part(Uuid),
}

impl DependsOn {
    /// Of an answer that shows a document in which these stand, by their ids; other answers depend on anything.
    pub fn of_answer(document: Option<Uuid>, names: &[String]) -> Self {
        let parts: std::result::Result<Vec<Thing>, _> =
            names.iter().map(|name| name.parse().map(Thing::Part)).collect();
        match (document, parts) {
            (Some(document), Ok(parts)) => Self::Things(parts.into_iter().chain([Thing::Whole(document)]).collect()),
            _ => Self::AnythingPublic,
        }
    }
}

struct Kept<T> {
    value: T,
    depends_on: DependsOn,
}

type Held<T> = Arc<Kept<T>>;
type Key = Arc<str>;

/// Kept answers by the address at which they were asked for. Bounded in bytes: what is asked for least goes first.
pub struct Cache<T: Weighed> {
    entries: Entries<Key, Held<T>, Weight, DefaultHashBuilder, Evictions>,
    dependencies: Mutex<Dependencies>,
    /// The place in the log up to which this is exact.
    applied: AtomicI64,
    /// When something is due to change by itself, in milliseconds; `i64::MAX` if nothing is.
    due: AtomicI64,
    /// Looks at the log that have begun.
    begun: AtomicU64,
    /// Whoever looks holds this: the number of the last look that came to its end.
    following: tokio::sync::Mutex<u64>,
}

/// An answer, and the place in the log at which it is known to hold.
pub struct Found<T: Weighed> {
    held: Held<T>,
    sequence: Sequence,
}

impl<T: Weighed> Clone for Found<T> {
    fn clone(&self) -> Self {
        Self { held: Arc::clone(&self.held), sequence: self.sequence }
    }
}

impl<T: Weighed> std::ops::Deref for Found<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.held.value
    }
}

impl<T: Weighed> Found<T> {
    /// Something else made of this answer: it holds as long.
    pub fn derive<U>(&self, value: U) -> Made<U> {
        Made { value, depends_on: self.held.depends_on.clone(), sequence: self.sequence }
    }
}

impl<T: Weighed> Cache<T> {
    /// An empty cache of at most `bytes`.
    pub fn new(bytes: u64) -> Self {
        // Each part has its own bound, and an answer must fit into one: few parts for a small cache.
        let parts = usize::try_from((bytes / (16 * 1024 * 1024)).clamp(1, 16)).unwrap_or(1);
        let expected = usize::try_from(bytes / 16_384).unwrap_or(usize::MAX).max(64);
        let options =
            OptionsBuilder::new().shards(parts).estimated_items_capacity(expected).weight_capacity(bytes).build();
        let entries = match options {
            Ok(options) => Entries::with_options(options, Weight, DefaultHashBuilder::default(), Evictions),
            Err(_) => Entries::with(expected, bytes, Weight, DefaultHashBuilder::default(), Evictions),
        };
        Self {
            entries,
            dependencies: Mutex::default(),
            applied: AtomicI64::new(NOWHERE),
            due: AtomicI64::new(i64::MAX),
            begun: AtomicU64::new(0),
            following: tokio::sync::Mutex::new(0),
        }
    }

    /// What is kept for an address. Touches no database and waits for nobody.
    pub fn get(&self, address: &str) -> Option<Found<T>> {
        let sequence = self.applied();
        self.entries.get(address).map(|held| Found { held, sequence })
    }

    /// What is kept for an address, or else what `make` makes: once, however many ask at the same time.
    ///
    /// # Errors
    /// Those of `make`; nothing is kept then, and whoever waited tries by themselves.
    pub async fn get_or<E>(
        &self,
        database: &Database,
        address: &str,
        make: impl Future<Output = Result<Made<T>, E>>,
    ) -> Result<Found<T>, E>
    where
        E: From<crate::kernel::Error>,
    {
        if self.applied.load(Ordering::Acquire) == NOWHERE {
            self.catch_up(database).await?;
        }
        let sequence = self.applied();
        let key: Key = address.into();
        match self.entries.get_value_or_guard_async(&key).await {
            Ok(held) => Ok(Found { held, sequence }),
            Err(guard) => {
                let Made { value, depends_on, sequence } = make.await?;
                let held = Arc::new(Kept { value, depends_on });
                let found = Found { held: Arc::clone(&held), sequence };
                let mut dependencies = self.dependencies();
                if dependencies.hold(sequence, &held.depends_on) {
                    let mut evicted = Vec::new();
                    // Its places first: an answer that is too large for the cache comes back as evicted at once.
                    dependencies.add(Arc::clone(&key), &held.depends_on);
                    if guard.insert_with_lifecycle(Arc::clone(&held), &mut evicted).is_err() {
                        dependencies.remove(&key);
                    }
                    for (key, _) in evicted {
                        dependencies.remove(&key);
                    }
                }
                Ok(found)
            }
        }
    }

    /// The place in the log up to which the cache is exact.
    pub fn applied(&self) -> Sequence {
        Sequence(self.applied.load(Ordering::Acquire).max(0))
    }

    /// When something is due to change by itself, as of the last look.
    pub fn due(&self) -> Option<Timestamp> {
        let due = self.due.load(Ordering::Relaxed);
        (due != i64::MAX).then_some(Timestamp(due))
    }

    /// Bytes that are taken, and answers that are kept.
    pub fn size(&self) -> (u64, usize) {
        (self.entries.weight(), self.entries.len())
    }

    /// Follows the log to its end and drops what has changed. Answers how far that is.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Unavailable`] while the database is away; what is kept is as it was.
    pub async fn catch_up(&self, database: &Database) -> Result<Sequence> {
        let begun = self.begun.load(Ordering::SeqCst);
        let mut seen = self.following.lock().await;
        // Of those who wait here one looks for all. A look that began before somebody came is not enough: what they wait
        // for may be younger than what it saw.
        if *seen > begun {
            return Ok(self.applied());
        }
        let look = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let end = self.look(database).await?;
        *seen = look;
        Ok(end)
    }

    async fn look(&self, database: &Database) -> Result<Sequence> {
        loop {
            let snapshot = database.read().await?;
            let before = self.applied.load(Ordering::Acquire);
            if before == NOWHERE {
                let end = events::last_sequence(&*snapshot).await?;
                self.note_due(next_due(&*snapshot).await?);
                self.dependencies().begin(end);
                self.applied.store(end.0, Ordering::Release);
                return Ok(end);
            }
            let traces = events::traces(&*snapshot, Sequence(before), BATCH).await?;
            let Some(last) = traces.last().map(|trace| trace.sequence) else { return Ok(Sequence(before)) };
            self.note_due(next_due(&*snapshot).await?);
            self.apply(&traces, last);
            if u64::try_from(traces.len()).unwrap_or_default() < BATCH {
                return Ok(last);
            }
        }
    }

    fn apply(&self, traces: &[Trace], last: Sequence) {
        let mut dependencies = self.dependencies();
        for trace in traces {
            let gone = match trace.kind {
                // Another site altogether.
                EventKind::BackupRestored => dependencies.touch_all(trace.sequence),
                // Ways to pages that are no pages themselves.
                EventKind::RedirectAdded | EventKind::RedirectRemoved | EventKind::DocumentPurged => {
                    dependencies.touch(trace.sequence, trace.document.into_iter().flat_map(|id| both(id.0)))
                }
                // What is told of fixes is no page's JSON, and hangs on a setting.
                EventKind::FixTold
                | EventKind::FixUntold
                | EventKind::CaseReopened
                | EventKind::ReportRedacted
                | EventKind::ReportPurged
                | EventKind::SettingChanged => dependencies.touch(trace.sequence, []),
                _ if trace.public => {
                    let subject = trace.subject.parse::<Uuid>().ok();
                    let about = trace.document.map(|id| id.0).into_iter().chain(subject).flat_map(both);
                    let wholes = trace.affected.iter().map(|id| Thing::Whole(id.0));
                    dependencies.touch(trace.sequence, about.chain(wholes))
                }
                _ => continue,
            };
            for key in gone {
                self.entries.remove(&*key);
                dependencies.remove(&key);
            }
        }
        dependencies.advance(last);
        self.applied.store(last.0, Ordering::Release);
    }

    fn note_due(&self, due: Option<Timestamp>) {
        self.due.store(due.map_or(i64::MAX, |due| due.0), Ordering::Relaxed);
    }

    fn dependencies(&self) -> MutexGuard<'_, Dependencies> {
        self.dependencies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an event is about, as itself and as a part of others.
fn both(id: Uuid) -> [Thing; 2] {
    [Thing::Whole(id), Thing::Part(id)]
}

/// What an entry weighs: its bytes and what it takes beside them.
#[derive(Clone)]
struct Weight;

impl<T: Weighed> Weighter<Key, Held<T>> for Weight {
    fn weight(&self, key: &Key, held: &Held<T>) -> u64 {
        let bytes = held.value.bytes() + key.len();
        u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(OVERHEAD)
    }
}

/// Hands over what had to make room, so that it can be forgotten elsewhere too.
#[derive(Clone)]
struct Evictions;

type Evicted<T> = Vec<(Key, Held<T>)>;

impl<T: Weighed> Lifecycle<Key, Held<T>> for Evictions {
    type RequestState = Evicted<T>;

    fn on_evict(&self, evicted: &mut Evicted<T>, key: Key, held: Held<T>) {
        evicted.push((key, held));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Text;

    impl Weighed for Text {
        fn bytes(&self) -> usize {
            4
        }
    }

    #[tokio::test]
    async fn one_looks_for_all_who_wait_and_nobody_is_told_of_a_look_that_began_before_they_came() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("rolebook.db").display());
        let database = Database::connect(&url, 4, true).await.unwrap();
        database.migrate().await.unwrap();
        let cache = Cache::<Text>::new(1_000);
        cache.catch_up(&database).await.unwrap();
        let looks = || cache.begun.load(Ordering::SeqCst);
        assert_eq!(looks(), 1);
        // Five come while somebody is looking.
        let busy = cache.following.lock().await;
        cache.begun.fetch_add(1, Ordering::SeqCst);
        let waiting = futures_util::future::join_all((0..5).map(|_| cache.catch_up(&database)));
        let (done, ()) = tokio::join!(waiting, async {
            tokio::task::yield_now().await;
            drop(busy);
        });
        assert!(done.into_iter().all(|end| end.is_ok()));
        assert_eq!(looks(), 3, "what was seen before they came tells them nothing, and one more look all of them");
        cache.catch_up(&database).await.unwrap();
        assert_eq!(looks(), 4);
        let away = Database::connect(&url, 1, false).await.unwrap();
        away.clone().close().await.unwrap();
        cache.catch_up(&away).await.unwrap_err();
        cache.catch_up(&database).await.unwrap();
        assert_eq!(looks(), 6, "a look that failed tells nobody anything");
    }
}
