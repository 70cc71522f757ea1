//! Reports in line to be taken in: how many at a time, and those that wait together. It knows no rules for reports; what
//! looking up and writing one means, `intake.rs` says.
//!
//! Decision (2026-11-22), a line. Context: on SQLite one transaction is written at a time, and each waits for the disk. Under
//! a flood of reports, whoever saves a page would stand behind all of them, and readers behind their questions to the database.
//! Choice: reports stand in a line of their own. As many as wait, up to a bound, are written in one transaction, so the
//! line moves faster the longer it is, and between two of them everybody else has their turn. A line that is full takes no
//! more, and says so with the time after which to try again. If one of those that are written together can't be, nothing of
//! that transaction stays, and each is written by itself. PostgreSQL does the same: transactions don't wait for one another
//! there, but four at a time could hardly keep up with 500 reports a second, and one receipt in twenty took 0.8 s.
//! Consequence: what was acknowledged has been committed, memory is bounded, and a flood costs people who work here a moment
//! a turn.
//!
//! Decision (2026-11-23), what reports are about is looked up together, too. Context: each statement wakes the thread of its
//! connection and then whoever waits for it; under 500 reports a second, with seventeen statements each and more by those who
//! follow the log, the two cores of a small machine did little else, and readers waited for them. Choice: those who wait ask
//! of one state of the database, once for everything that is the same for all; `round.rs` does the same with writing.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::kernel::{Error, Result};

use super::{
    intake::{Accepted, Known, Question, Receipt},
    turns::Turns,
};

/// Reports that are being taken in at most, those in line included.
const MOST: usize = 1_000;

/// The line of an instance.
pub(super) struct Line {
    places: Semaphore,
    questions: Turns<Question>,
    accepted: Turns<Accepted>,
}

impl Default for Line {
    fn default() -> Self {
        Self { places: Semaphore::new(MOST), questions: Turns::default(), accepted: Turns::default() }
    }
}

impl Line {
    /// A place in line, for as long as a report is taken in.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if there is none.
    pub fn place(&self) -> Result<SemaphorePermit<'_>> {
        self.places.try_acquire().map_err(|_| Error::Unavailable("too many reports wait to be written".to_owned()))
    }

    /// Asks the database what a report is about.
    pub async fn ask(&self, question: Question) -> Result<Known> {
        self.questions.take(question).await
    }

    /// Writes a report. It is written even if whoever waits for it goes away.
    pub async fn write(&self, report: Accepted) -> Result<Receipt> {
        self.accepted.take(report).await
    }
}
