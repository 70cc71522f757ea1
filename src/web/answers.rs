//! Public answers as they are kept: finished bytes by address and encoding. [`Answers::at_hand`] gives out what is there
//! without a route, a layer or the database; what is not there is read once, however many ask, and kept until the log
//! says that something it was made of has changed.
//!
//! Decision (2026-11-22), the log of requests. Context: a line for each answer out of memory would take longer than the
//! answer. Choice: such answers are counted and not logged, and bear no request id. Consequence: the log shows what was
//! worked for; `/metrics` shows all.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method},
    response::Response,
};

use crate::{
    kernel::{Clock, Database, Error, Result, Sequence, Timestamp},
    published::cache::{Cache, DependsOn, Found, Made, Weighed},
};

use super::{
    Answer, Visit,
    finished::{Encoding, Finished, Written},
};

/// For how many seconds an answer may be used without asking again.
const MAX_AGE: i64 = 60;
/// Where answers stand that may be kept.
const PREFIX: &str = "/api/v1/";

pub struct Answers {
    kept: Cache<Finished>,
    given: OnceLock<metrics::Counter>,
    made: AtomicU64,
}

impl Weighed for Finished {
    fn bytes(&self) -> usize {
        self.bytes()
    }
}

impl Answers {
    /// Keeps at most `bytes`.
    pub fn new(bytes: u64) -> Self {
        Self { kept: Cache::new(bytes), given: OnceLock::new(), made: AtomicU64::new(0) }
    }

    /// The answer to a request, if it is here.
    pub fn at_hand(&self, request: &Request, clock: &dyn Clock) -> Option<Response> {
        let method = request.method();
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let address = request.uri().path_and_query()?.as_str();
        if !address.starts_with(PREFIX) {
            return None;
        }
        let headers = request.headers();
        let found = match Encoding::accepted(headers) {
            Encoding::Identity => self.kept.get(address),
            encoding => self.kept.get(&name(encoding, address)),
        }?;
        let given = self.given.get_or_init(|| metrics::counter!("rolebook_answers_from_memory_total"));
        given.increment(1);
        Some(found.answer(headers, method == Method::HEAD, self.cache_control(clock)))
    }

    /// The answer to a visit: what is kept, or else what `read` reads. `read` is asked once for all who wait.
    pub async fn answer(&self, visit: &Visit, read: impl Future<Output = Result<(Written, Sequence)>>) -> Answer {
        let database = &visit.app.database;
        let encoding = Encoding::accepted(&visit.headers);
        let found = match encoding {
            Encoding::Identity => self.plain(database, &visit.address, read).await?,
            _ => {
                let encoded = async {
                    let plain = self.plain(database, &visit.address, read).await?;
                    let source = plain.clone();
                    let work = tokio::task::spawn_blocking(move || source.encoded(encoding));
                    Ok::<_, Error>(plain.derive(work.await.map_err(Error::bug)?))
                };
                self.kept.get_or(database, &name(encoding, &visit.address), encoded).await?
            }
        };
        Ok(found.answer(&visit.headers, visit.method == Method::HEAD, self.cache_control(&*visit.app.clock)))
    }

    async fn plain(
        &self,
        database: &Database,
        address: &str,
        read: impl Future<Output = Result<(Written, Sequence)>>,
    ) -> Result<Found<Finished>> {
        let make = async {
            self.made.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("rolebook_answers_made_total").increment(1);
            let (written, sequence) = read.await?;
            let depends_on = DependsOn::of_answer(written.document, &written.depends_on);
            Ok::<_, Error>(Made { value: Finished::of(written), depends_on, sequence })
        };
        self.kept.get_or(database, address, make).await
    }

    /// An answer that isn't kept: of the past, for example.
    pub fn once(&self, visit: &Visit, written: Written) -> Answer {
        let finished = Finished::of(written).encoded(Encoding::accepted(&visit.headers));
        Ok(finished.answer(&visit.headers, visit.method == Method::HEAD, self.cache_control(&*visit.app.clock)))
    }

    /// Drops what has changed, up to the end of the log. Answers how far that is.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the database is away.
    pub async fn catch_up(&self, database: &Database) -> Result<Sequence> {
        self.kept.catch_up(database).await
    }

    /// The place in the log up to which answers are exact.
    pub fn applied(&self) -> Sequence {
        self.kept.applied()
    }

    /// Bytes that are taken, and answers that are kept.
    pub fn size(&self) -> (u64, usize) {
        self.kept.size()
    }

    /// How many answers have been read from the database so far.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Shorter as a scheduled change nears.
    fn cache_control(&self, clock: &dyn Clock) -> HeaderValue {
        match self.kept.due() {
            None => HeaderValue::from_static("public, max-age=60"),
            Some(due) => {
                let left = ((due.0 - clock.now().0) / Timestamp::SECOND).clamp(0, MAX_AGE);
                HeaderValue::from_str(&format!("public, max-age={left}"))
                    .unwrap_or_else(|_| HeaderValue::from_static("no-cache"))
            }
        }
    }
}

/// The name under which an encoded answer is kept. No address begins so.
fn name(encoding: Encoding, address: &str) -> Arc<str> {
    let prefix = match encoding {
        Encoding::Identity => "",
        Encoding::Gzip => "gzip ",
        Encoding::Brotli => "br ",
    };
    [prefix, address].concat().into()
}

/// An answer that whoever asks may keep for `seconds`, and that changes only with the program.
pub fn lasting(request: &HeaderMap, written: Written, seconds: u64) -> Response {
    let policy = HeaderValue::from_str(&format!("public, max-age={seconds}"));
    let policy = policy.unwrap_or_else(|_| HeaderValue::from_static("no-cache"));
    // The framework leaves the body out of an answer to HEAD.
    Finished::of(written).answer(request, false, policy)
}
