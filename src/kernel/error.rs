//! One error for the whole domain, by meaning and not by source. Doors translate it, each in one place; database errors
//! are mapped here and never reach a person.

use std::{backtrace::Backtrace, fmt};

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use serde::Serialize;
use serde_json::Value;

use super::Permission;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with what was sent, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into what was sent.
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// The answer to a write that started from an older version: the three-way merge, or where it can't be made.
#[derive(Clone, Debug, Default)]
pub struct Stale {
    pub version: Option<i32>,
    /// What the next write names, of a thing whose versions are not counted.
    pub revision: Option<String>,
    /// The merged content, if nothing conflicts; for a write only.
    pub merged: Option<Value>,
    /// `{pointer, base, theirs, yours}` each; for a write only.
    pub conflicts: Vec<Value>,
    /// The state as it is now; for a step only.
    pub current: Option<Value>,
}

#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or the actor may not know of it.
    NotFound(String),
    /// What was sent can't be read at all.
    Malformed(Vec<Fault>),
    /// What was sent can be read, but parts of it can't be accepted.
    Invalid(Vec<Fault>),
    /// It doesn't fit the state of things. The code is stable, the detail is for people; faults name the parts.
    Conflict {
        code: &'static str,
        detail: String,
        faults: Vec<Fault>,
    },
    /// It started from a version that is no longer the newest.
    Stale(Box<Stale>),
    /// It must say which version it starts from.
    PreconditionRequired,
    /// It was there and is gone for good, or a cursor is of another epoch.
    Gone {
        code: &'static str,
        detail: String,
    },
    Unauthenticated(String),
    Forbidden(Permission),
    /// A step that this actor may not take though the permission is there (an author approving, say).
    NotAllowed {
        code: &'static str,
        detail: String,
    },
    TooLarge {
        limit: usize,
    },
    UnsupportedMediaType(String),
    TooMany {
        retry_after_seconds: u64,
    },
    /// A command with this idempotency key has been carried out; its outcome stands in the store.
    AlreadyDone,
    /// The database or the store is away.
    Unavailable(String),
    /// A fault of ours; the source is for the log only.
    Bug(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound(what.into())
    }

    pub fn invalid(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into(), faults: Vec::new() }
    }

    /// A step on a state that is no longer so, of a thing whose versions are not counted: its revision and itself.
    pub fn stale(revision: &str, current: &impl Serialize) -> Self {
        match serde_json::to_value(current) {
            Ok(current) => {
                let revision = Some(revision.to_owned());
                Self::Stale(Box::new(Stale { revision, current: Some(current), ..Stale::default() }))
            }
            Err(error) => error.into(),
        }
    }

    /// Something that can't be, by our own rules; names where it was noticed.
    pub fn bug(detail: impl fmt::Display) -> Self {
        Self::Bug(format!("{detail}\n{}", Backtrace::capture()).into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(what) => write!(formatter, "There is no {what}."),
            Self::Malformed(faults) | Self::Invalid(faults) => {
                for (position, fault) in faults.iter().enumerate() {
                    let gap = if position == 0 { "" } else { "; " };
                    write!(formatter, "{gap}{}: {}", fault.pointer, fault.detail)?;
                }
                Ok(())
            }
            Self::Conflict { detail, .. } | Self::Gone { detail, .. } | Self::NotAllowed { detail, .. } => {
                formatter.write_str(detail)
            }
            Self::Stale(_) => formatter.write_str("Somebody saved a newer version meanwhile."),
            Self::PreconditionRequired => formatter.write_str("The request must name the version that it starts from."),
            Self::Unauthenticated(detail) => formatter.write_str(detail),
            Self::Forbidden(permission) => write!(formatter, "This needs the permission {}.", permission.name()),
            Self::TooLarge { limit } => write!(formatter, "More than {limit} bytes were sent."),
            Self::UnsupportedMediaType(detail) => formatter.write_str(detail),
            Self::TooMany { retry_after_seconds } => {
                write!(formatter, "Too many requests; try again in {retry_after_seconds} seconds.")
            }
            Self::AlreadyDone => formatter.write_str("This has been carried out before."),
            Self::Unavailable(detail) => write!(formatter, "The service can't be reached at the moment: {detail}"),
            Self::Bug(source) => write!(formatter, "A fault of the program: {source}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(source: DbErr) -> Self {
        match source.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                Self::conflict("already-taken", "Something with the same name, address or key is there already.")
            }
            _ if is_away(&source) => Self::Unavailable("the database is away".to_owned()),
            _ => Self::Bug(Box::new(source)),
        }
    }
}

/// Connection trouble, as against a statement that is wrong. PostgreSQL's classes 08, 53 and 57, and its deadlock and
/// serialisation codes of class 40, all mean "try again"; SQLite's 5 is `SQLITE_BUSY`.
fn is_away(source: &DbErr) -> bool {
    match source {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_database_error() {
                Some(database) => database.code().is_some_and(|code| {
                    code == "5"
                        || (code.len() == 5 && ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)))
                }),
                None => matches!(
                    **error,
                    sea_orm::sqlx::Error::Io(_)
                        | sea_orm::sqlx::Error::PoolTimedOut
                        | sea_orm::sqlx::Error::PoolClosed
                        | sea_orm::sqlx::Error::WorkerCrashed
                ),
            }
        }
        _ => false,
    }
}

impl From<serde_json::Error> for Error {
    fn from(source: serde_json::Error) -> Self {
        Self::Bug(Box::new(source))
    }
}
