//! The ledger of an instance: kept in memory, and brought up to the log by whoever asks.
//!
//! Decision (2026-11-22), kept in memory. Context: going through a log of 200,000 events takes a second, and the screen is
//! looked at again and again; a projection in a table has to be kept right by every command, through restores and updates.
//! Choice: an instance keeps the ledger and the event up to which it has read, and each question reads only what came
//! after. The order of the log is that of its commits, so nothing can come before what has been read. If the database is
//! another one, as after a restore, its epoch is another, and the ledger is made anew. Consequence: nothing can be out of step
//! with the log, several instances need not agree on anything, and the first question after a start takes longest. It takes
//! some 250 bytes a report.

use entity::event;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use tokio::sync::RwLock;

use crate::{
    events::{self, EventKind},
    kernel::{Database, Result, Sequence},
    site,
};

use super::ledger::{Entry, KINDS, Ledger};

/// Events that are read at once.
const BATCH: u64 = 5_000;

/// What the log says of reports and cases, as far as this instance has read it.
#[derive(Default)]
pub struct RunningTrends(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    epoch: String,
    /// The event up to which the log has been read.
    sequence: Sequence,
    ledger: Ledger,
}

impl RunningTrends {
    /// Reckons with everything that has happened by now.
    pub(super) async fn reckon<T>(&self, database: &Database, reckon: impl FnOnce(&Ledger) -> T) -> Result<T> {
        let mut kept = self.0.write().await;
        let snapshot = database.read().await?;
        let (epoch, end) = (site::identity(&*snapshot).await?.epoch, events::last_sequence(&*snapshot).await?);
        if kept.epoch != epoch || kept.sequence > end {
            *kept = Kept { epoch, ..Kept::default() };
        }
        while kept.sequence < end {
            let entries = next(&*snapshot, kept.sequence).await?;
            kept.take_in(&entries, end)?;
        }
        drop(snapshot);
        let kept = kept.downgrade();
        Ok(reckon(&kept.ledger))
    }
}

impl Kept {
    /// What is taken in and how far it goes are changed together: whoever asked may go away between two batches.
    fn take_in(&mut self, entries: &[Entry], end: Sequence) -> Result<()> {
        let full = u64::try_from(entries.len()).unwrap_or_default() == BATCH;
        for entry in entries {
            self.ledger.take_in(entry)?;
            self.sequence = Sequence(entry.sequence);
        }
        if !full {
            self.sequence = end;
        }
        Ok(())
    }
}

/// The next events that a ledger takes in.
async fn next(connection: &impl ConnectionTrait, after: Sequence) -> Result<Vec<Entry>> {
    use event::Column::{ActorKind, At, Kind, Payload, Sequence, SubjectId};

    // As an expression, so that the log is read in its order and not by kinds, which would be put in order for every batch.
    let kind = Expr::cust(r#""event"."kind" || ''"#);
    let query = event::Entity::find()
        .select_only()
        .columns([Sequence, At, Kind, SubjectId, ActorKind, Payload])
        .filter(Sequence.gt(after.0))
        .filter(kind.is_in(KINDS.map(EventKind::name)))
        .order_by_asc(Sequence)
        .limit(BATCH);
    Ok(query.into_model().all(connection).await?)
}
