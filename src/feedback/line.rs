//! Reports in line to be written: how many at a time, and those that wait together. It knows no rules for reports; what writing
//! one means, `intake.rs` says.
//!
//! Decision (2026-11-22), a line. Context: on SQLite one transaction is written at a time, and each waits for the disk. Under
//! a flood of reports, whoever saves a page would stand behind all of them, and readers behind their questions to the database.
//! Choice: reports stand in a line of their own. As many as wait, up to [`TOGETHER`], are written in one transaction, so the
//! line moves faster the longer it is, and between two of them everybody else has their turn; a few at a time ask the database
//! what they are about. A line that is full takes no more, and says so with the time after which to try again. If one of those
//! that are written together can't be, nothing of that transaction stays, and each is written by itself. On PostgreSQL
//! transactions don't wait for one another, and locks are taken in an order that several reports together could not keep;
//! there each is written by itself, a few at a time, and connections are left for everybody else. Consequence: what was
//! acknowledged has been committed, memory is bounded, and a flood costs people who work here a moment a turn.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use crate::kernel::{Dialect, Error, Result};

use super::{
    intake::{Accepted, Receipt, write},
    timing,
};

/// Reports that are being taken in at most, those in line included.
const MOST: usize = 1_000;
/// Those of them that ask the database what they are about.
const ASKING: usize = 4;
/// Reports that are written at a time, each by itself, where transactions don't wait for one another.
const WRITING: usize = 4;
/// Reports that are written in one transaction at most.
const TOGETHER: usize = 32;

/// The line of an instance.
pub(super) struct Line {
    places: Semaphore,
    asking: Semaphore,
    writing: Semaphore,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    reports: VecDeque<(Accepted, oneshot::Sender<Result<Receipt>>)>,
    /// Whether somebody is writing them.
    is_served: bool,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            places: Semaphore::new(MOST),
            asking: Semaphore::new(ASKING),
            writing: Semaphore::new(WRITING),
            waiting: Arc::default(),
        }
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

    /// The turn to ask the database.
    pub async fn asking(&self) -> Result<SemaphorePermit<'_>> {
        self.asking.acquire().await.map_err(Error::bug)
    }

    /// Writes a report. It is written even if whoever waits for it goes away.
    pub async fn write(&self, report: Accepted) -> Result<Receipt> {
        if report.ctx.database.dialect() == Dialect::Postgres {
            let _turn = self.writing.acquire().await.map_err(Error::bug)?;
            return alone(&report).await;
        }
        let (tell, told) = oneshot::channel();
        {
            let mut waiting = lock(&self.waiting);
            waiting.reports.push_back((report, tell));
            if !waiting.is_served {
                waiting.is_served = true;
                tokio::spawn(serve(Service(Some(Arc::clone(&self.waiting)))));
            }
        }
        told.await.map_err(Error::bug)?
    }
}

/// Whoever writes the reports in line. If that ends before its time, whoever comes next begins anew.
struct Service(Option<Arc<Mutex<Waiting>>>);

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(waiting) = &self.0 {
            lock(waiting).is_served = false;
        }
    }
}

impl Service {
    /// Those who are written next; with nobody in line the service ends, in the same moment, so that whoever comes next is
    /// served by another.
    fn next(&mut self) -> Vec<(Accepted, oneshot::Sender<Result<Receipt>>)> {
        let Some(waiting) = &self.0 else { return Vec::new() };
        let mut held = lock(waiting);
        let count = held.reports.len().min(TOGETHER);
        let next: Vec<_> = held.reports.drain(..count).collect();
        if next.is_empty() {
            held.is_served = false;
            drop(held);
            self.0 = None;
        }
        next
    }
}

/// Writes until nobody is in line any more.
async fn serve(mut service: Service) {
    loop {
        let (reports, tell): (Vec<_>, Vec<_>) = service.next().into_iter().unzip();
        if reports.is_empty() {
            return;
        }
        match together(&reports).await {
            Ok(receipts) => {
                for (tell, receipt) in tell.into_iter().zip(receipts) {
                    // Whoever has gone away needs no receipt.
                    let _ = tell.send(Ok(receipt));
                }
            }
            Err(_) => {
                for (tell, report) in tell.into_iter().zip(&reports) {
                    let _ = tell.send(alone(report).await);
                }
            }
        }
    }
}

async fn together(reports: &[Accepted]) -> Result<Vec<Receipt>> {
    let Some(first) = reports.first() else { return Ok(Vec::new()) };
    let tx = first.ctx.write().await?;
    let clockwork = timing::clockwork(&*tx).await?;
    let mut receipts = Vec::new();
    for report in reports {
        receipts.push(write(&tx, &clockwork, report).await?);
    }
    tx.commit(receipts).await
}

async fn alone(report: &Accepted) -> Result<Receipt> {
    let tx = report.ctx.write().await?;
    let receipt = write(&tx, &timing::clockwork(&*tx).await?, report).await?;
    tx.commit(receipt).await
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
