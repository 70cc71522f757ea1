//! The one way to the database: snapshots to read from, transactions to write in.
//!
//! Decision: every write transaction on SQLite starts IMMEDIATE and waits its turn at a gate in the process. A
//! transaction that reads first and writes later is refused at once when another has written meanwhile, whatever the
//! busy timeout; and SQLite's own waiting is not fair, so under many writers some would starve. Consequence: this file
//! alone may begin transactions, which a lint holds.
//!
//! Decision (2026-11-22): SQLite overwrites what it deletes (`secure_delete`). Context: what visitors said is removed for
//! good, by people and by rules, and a page that is merely free keeps it for years. Consequence: a deletion writes a little
//! more. What was deleted still stands in the write-ahead log, so whoever erases or purges empties that too; if somebody reads
//! an older state at that moment, the followers do it as soon as nobody does (2026-11-23).
//!
//! Decision (2026-11-23): SQLite's file is mapped into memory. Context: lists that count tens of thousands of rows read more
//! than a connection's own cache of 2 MB holds; yet after each write the next reader maps the file anew, which all threads
//! feel. Measured with 100,000 reports: without mapping the slowest filters and searches of the inbox take 105 to 117 ms
//! instead of 76 at most, and a cache of 16 MB for each connection helps some of them alone; under 500 reports a second half
//! of the receipts come within 6 ms without, 10 with it. Choice: mapping, since people look at lists every day.

use std::{
    collections::BTreeSet,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use entity::idempotency;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ActiveModelTrait, ColumnTrait, ConnectOptions, ConnectionTrait, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, EntityTrait, IsolationLevel, QueryFilter, Set, SqlErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sea_query::Expr,
    sqlx::{self, AssertSqlSafe, postgres::PgListener},
};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Error, IdempotencyClaim, Result, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// A pool of connections.
#[derive(Clone)]
pub struct Database {
    connection: DatabaseConnection,
    dialect: Dialect,
    writers: Arc<Semaphore>,
    /// Whether what was removed may still be in SQLite's write-ahead log; so at the start, since nobody knows.
    unsettled: Arc<AtomicBool>,
}

/// A consistent view of the database for reading.
pub struct Snapshot(DatabaseTransaction);

impl Deref for Snapshot {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// A write transaction; without [`Transaction::commit`] nothing of it stays.
pub struct Transaction {
    inner: DatabaseTransaction,
    claim: Option<(String, String)>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Deref for Transaction {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

/// What PostgreSQL sends to every instance that listens, when one of them has committed.
pub struct Announcements(PgListener);

impl Announcements {
    /// Waits until the log may have grown. It also ends when the connection was lost and is there again, since what was
    /// announced in between is not repeated.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the database is away.
    pub async fn next(&mut self) -> Result<()> {
        self.0.try_recv().await.map(|_| ()).map_err(away)
    }
}

fn away(error: sea_orm::sqlx::Error) -> Error {
    Error::Unavailable(error.to_string())
}

/// The channel of announcements; it belongs to one database of the server alone.
const CHANNEL: &str = "rolebook_events";
/// How long a connection waits for another writer, in milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request waits for a connection before it is told that the database is away.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many bytes of SQLite's file are read where the system keeps it, without being copied.
const MAPPED: &str = "1073741824";
/// How long the outcome of a command is kept for its idempotency key.
const IDEMPOTENCY_KEPT: i64 = Timestamp::DAY;

impl Database {
    /// Connects to `sqlite://PATH` or `postgres://…`. A SQLite file is made when it is missing and `create` says so.
    pub async fn connect(url: &str, connections: u32, create: bool) -> Result<Self> {
        let dialect = if url.starts_with("sqlite:") { Dialect::Sqlite } else { Dialect::Postgres };
        let mut options = ConnectOptions::new(url);
        options.max_connections(connections).acquire_timeout(PATIENCE).sqlx_logging(false).map_sqlx_sqlite_opts(
            move |sqlite| {
                sqlite
                    .create_if_missing(create)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("secure_delete", "ON")
                    .pragma("mmap_size", MAPPED)
            },
        );
        let connection = sea_orm::Database::connect(options).await?;
        Ok(Self {
            connection,
            dialect,
            writers: Arc::new(Semaphore::new(1)),
            unsettled: Arc::new(AtomicBool::new(true)),
        })
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Brings the tables up to date, each change in a transaction of its own.
    pub async fn migrate(&self) -> Result<()> {
        Ok(Migrator::up(&self.connection, None).await?)
    }

    /// Whether every migration that this program knows has been applied.
    pub async fn is_current(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations(&self.connection).await?.is_empty())
    }

    /// Empties SQLite's write-ahead log, so that what was removed is not in it either. While somebody reads an older state
    /// nothing is done and nobody waits; [`Database::settle_again`] does it then.
    pub async fn settle(&self) -> Result<()> {
        self.unsettled.store(true, Ordering::SeqCst);
        self.settle_again().await
    }

    /// Does what [`Database::settle`] could not do when it was asked. It is done to its end, whether or not somebody waits.
    pub async fn settle_again(&self) -> Result<()> {
        if self.dialect != Dialect::Sqlite || !self.unsettled.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let database = self.clone();
        let emptying = tokio::spawn(async move {
            let emptied = database.empty_log().await;
            if !matches!(emptied, Ok(true)) {
                database.unsettled.store(true, Ordering::SeqCst);
            }
            emptied
        });
        emptying.await.map_err(Error::bug)?.map(|_| ())
    }

    /// Whether nothing is left in SQLite's write-ahead log.
    async fn empty_log(&self) -> Result<bool> {
        let _turn = self.writers.acquire().await.map_err(Error::bug)?;
        let mut connection = self.connection.get_sqlite_connection_pool().acquire().await.map_err(away)?;
        sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *connection).await.map_err(away)?;
        let busy = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        let patience = format!("PRAGMA busy_timeout = {}", BUSY_TIMEOUT.as_millis());
        sqlx::query(AssertSqlSafe(patience)).execute(&mut *connection).await.map_err(away)?;
        let busy: i64 = busy.map_err(away)?;
        Ok(busy == 0)
    }

    pub async fn ping(&self) -> Result<()> {
        Ok(self.connection.execute_unprepared("SELECT 1").await.map(|_| ())?)
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }

    /// Listens to what other instances on the same database announce; `None` where there can be none.
    pub async fn announcements(&self) -> Result<Option<Announcements>> {
        if self.dialect == Dialect::Sqlite {
            return Ok(None);
        }
        let pool = self.connection.get_postgres_connection_pool();
        let mut listener = PgListener::connect_with(pool).await.map_err(away)?;
        listener.listen(CHANNEL).await.map_err(away)?;
        Ok(Some(Announcements(listener)))
    }

    /// A consistent view for reading. It holds no lock that a writer needs.
    #[expect(clippy::disallowed_methods, reason = "the one place that begins transactions")]
    pub async fn read(&self) -> Result<Snapshot> {
        let options = match self.dialect {
            Dialect::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            Dialect::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        Ok(Snapshot(self.connection.begin_with_options(options).await?))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that begins transactions")]
    pub(super) async fn write(&self, claim: Option<(String, &IdempotencyClaim, Timestamp)>) -> Result<Transaction> {
        let turn = match self.dialect {
            Dialect::Sqlite => Some(Arc::clone(&self.writers).acquire_owned().await.map_err(Error::bug)?),
            Dialect::Postgres => None,
        };
        let options = TransactionOptions {
            isolation_level: (self.dialect == Dialect::Postgres).then_some(IsolationLevel::ReadCommitted),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.connection.begin_with_options(options).await?;
        let claim = match claim {
            None => None,
            Some((actor, claim, now)) => {
                claim_key(&inner, &actor, claim, now).await?;
                Some((actor, claim.key.clone()))
            }
        };
        Ok(Transaction { inner, claim, _turn: turn })
    }

    pub(super) async fn earlier_outcome(
        &self,
        actor: &str,
        claim: &IdempotencyClaim,
        now: Timestamp,
    ) -> Result<Option<serde_json::Value>> {
        let row = idempotency::Entity::find_by_id((actor.to_owned(), claim.key.clone()))
            .filter(idempotency::Column::CreatedAt.gt(now.plus(-IDEMPOTENCY_KEPT).0))
            .one(&self.connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        if row.request_digest != claim.request_digest {
            return Err(Error::invalid(
                "",
                "idempotency-key-reused",
                "This Idempotency-Key came with another request before; use a new key for a new request.",
            ));
        }
        Ok(row.outcome.as_deref().map(serde_json::from_str).transpose()?)
    }
}

impl Transaction {
    /// Makes everything in the transaction lasting. The outcome is kept under the idempotency key, if there is one.
    pub async fn commit<T: Serialize>(self, outcome: T) -> Result<T> {
        if let Some((actor, key)) = &self.claim {
            idempotency::Entity::update_many()
                .col_expr(idempotency::Column::Outcome, Expr::value(serde_json::to_string(&outcome)?))
                .filter(idempotency::Column::Actor.eq(actor))
                .filter(idempotency::Column::Key.eq(key))
                .exec(&self.inner)
                .await?;
        }
        self.inner.commit().await?;
        Ok(outcome)
    }

    /// Tells all instances, once this is committed, that the log has grown. SQLite has one instance, which knows.
    pub async fn announce(&self) -> Result<()> {
        if self.locks_rows() {
            self.inner.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
        }
        Ok(())
    }

    /// The row lock that SQLite has no need of, since its writers take turns.
    pub fn locks_rows(&self) -> bool {
        self.inner.get_database_backend() == DatabaseBackend::Postgres
    }
}

/// Rows that are written with one statement at most, as a power of two: with more, putting the statement together is what
/// others wait for.
const MOST_AT_ONCE: u32 = 3;

/// Writes rows with few statements. A statement is prepared for each length, so the lengths are few: powers of two.
pub async fn insert_all<A: ActiveModelTrait>(tx: &Transaction, rows: Vec<A>) -> Result<()> {
    let mut rows = rows.into_iter();
    while let Some(power) = rows.len().checked_ilog2() {
        let some = rows.by_ref().take(1 << power.min(MOST_AT_ONCE));
        A::Entity::insert_many(some).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// The same things for a list in a statement, the last one as often as makes the length a power of two, so that few
/// statements are prepared.
pub fn few_lengths<T: Clone>(things: BTreeSet<T>) -> Vec<T> {
    let length = things.len().next_power_of_two();
    let mut things: Vec<T> = things.into_iter().collect();
    if let Some(last) = things.last().cloned() {
        things.resize(length, last);
    }
    things
}

/// Takes the key, or finds that it is taken. On PostgreSQL this waits for a transaction that holds it at the moment.
async fn claim_key(inner: &DatabaseTransaction, actor: &str, claim: &IdempotencyClaim, now: Timestamp) -> Result<()> {
    idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lte(now.plus(-IDEMPOTENCY_KEPT).0))
        .exec(inner)
        .await?;
    let row = idempotency::ActiveModel {
        actor: Set(actor.to_owned()),
        key: Set(claim.key.clone()),
        request_digest: Set(claim.request_digest.clone()),
        outcome: Set(None),
        created_at: Set(now.0),
    };
    match row.insert(inner).await {
        Ok(_) => Ok(()),
        Err(error) if is_unique_violation(&error) => Err(Error::AlreadyDone),
        Err(error) => Err(error.into()),
    }
}

fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_connection_to_sqlite_writes_ahead_syncs_fully_and_checks_foreign_keys() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("rolebook.db").display());
        let database = Database::connect(&url, 6, true).await.unwrap();
        // Held at the same time, so that each is a connection of its own.
        let mut snapshots = Vec::new();
        for _ in 0..6 {
            snapshots.push(database.read().await.unwrap());
        }
        for snapshot in &snapshots {
            for (pragma, expected) in
                [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("secure_delete", "1")]
            {
                let row = snapshot.query_one_raw(sea_orm::Statement::from_string(
                    DatabaseBackend::Sqlite,
                    format!("SELECT CAST({pragma} AS TEXT) AS value FROM pragma_{pragma}"),
                ));
                let value: String = row.await.unwrap().unwrap().try_get("", "value").unwrap();
                assert_eq!(value, expected, "{pragma}");
            }
        }
    }
}
