//! What follows the event log once per database, under a lease: schedules that are due, cases that a publication fixes,
//! cases whose waiting is over or whose targets have changed, what reports say and is no longer kept, autosaves of old
//! sittings, sessions, links and open pages that have expired; and, beside these, webhooks and mail. Everything here may be
//! done twice without harm; the lease only spares the work.
//!
//! Decision (2026-11-23), rests. Context: each command rings the bell, and a turn of all followers is some twenty-five
//! statements; where hundreds of reports a second come in, the followers asked more of the database than the reports did.
//! Choice: a follower rests between two turns, [`BREATH`] at least, and hears what was rung meanwhile. Consequence: what
//! follows a change comes at once if it was quiet before, and else a moment later.

pub mod mail;
pub mod webhooks;

use std::{sync::Arc, time::Duration};

use entity::{follower, lease};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    accounts, content,
    events::{self, EventKind, Filter},
    feedback,
    kernel::{Ctx, Result, Sequence},
};

/// How long a leader may be silent before another instance takes over, in milliseconds.
const LEASE: i64 = 15_000;
/// How often the followers look by themselves.
const LOOK: Duration = Duration::from_secs(1);
/// How long a follower rests at least. When much is written, all of it rings the bell, and questions after each would be most
/// of what the database does.
const BREATH: Duration = Duration::from_millis(100);
/// Events that are handled between two commits of the position.
const BATCH: u64 = 200;

/// So far the position of the cases may stay behind the end of the log. What lies between is looked through at each turn, and
/// most events are no concern of cases, so a position that stood until one is would make each turn dearer than the last.
const BEHIND: i64 = 500;

const LEASE_NAME: &str = "followers";
const CASES: &str = "cases";

/// Follows until `stop` resolves. `bell` is rung by whoever has just written.
pub async fn follow(ctx: Ctx, holder: String, bell: impl AsyncBell, mut stop: tokio::sync::watch::Receiver<bool>) {
    let holder = Arc::<str>::from(holder);
    loop {
        let rung = bell.rung();
        match lead(&ctx, &holder, LEASE_NAME).await {
            Ok(true) => {
                if let Err(error) = tick(&ctx).await {
                    tracing::error!(%error, "a follower could not do its work; it will try again");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the followers can't reach the database; they will try again"),
        }
        tokio::select! {
            () = rest(rung) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Something that can be waited for.
pub trait AsyncBell: Send + Sync {
    /// Resolves if it has been rung since this was called.
    fn rung(&self) -> impl Future<Output = ()> + Send;
}

/// Waits until the bell is rung, at least [`BREATH`] and at most [`LOOK`].
pub async fn rest(rung: impl Future<Output = ()>) {
    tokio::select! {
        _ = async { tokio::join!(rung, tokio::time::sleep(BREATH)) } => {}
        () = tokio::time::sleep(LOOK) => {}
    }
}

/// Does everything that is due now. Answers how much was done.
pub async fn tick(ctx: &Ctx) -> Result<usize> {
    let schedules = content::carry_out_due(ctx).await?;
    let fixed = close_fixed_cases(ctx).await?;
    let resumed = feedback::resume_due(ctx).await? + feedback::tidy_replies(ctx).await?;
    let timed = feedback::time_untimed(ctx).await?;
    let forgotten = feedback::forget_sealed(ctx).await? + feedback::purge_due(ctx).await?;
    ctx.database.settle_again().await?;
    let thinned = content::thin_autosaves(ctx).await? + content::tidy_presence(ctx).await?;
    let tidied = usize::try_from(accounts::tidy(ctx).await?).unwrap_or(usize::MAX);
    let tidied = tidied.saturating_add(usize::try_from(feedback::tidy_undo(ctx).await?).unwrap_or(usize::MAX));
    Ok(schedules + fixed + resumed + timed + forgotten + thinned + tidied)
}

/// Takes or renews a lease; `false` if another instance holds it.
async fn lead(ctx: &Ctx, holder: &str, name: &str) -> Result<bool> {
    let now = ctx.now();
    let snapshot = ctx.database.read().await?;
    let row = lease::Entity::find_by_id(name).one(&*snapshot).await?;
    drop(snapshot);
    match row {
        // Renewed at half time, so that a quiet instance writes seldom.
        Some(row) if row.holder == holder && row.until > now.0 + LEASE / 2 => Ok(true),
        Some(row) if row.holder != holder && row.until > now.0 => Ok(false),
        Some(row) => {
            let tx = ctx.write().await?;
            let taken = lease::Entity::update_many()
                .col_expr(lease::Column::Holder, Expr::value(holder))
                .col_expr(lease::Column::Until, Expr::value(now.plus(LEASE).0))
                .filter(lease::Column::Name.eq(name))
                .filter(lease::Column::Until.eq(row.until))
                .filter(lease::Column::Holder.eq(row.holder))
                .exec(&*tx)
                .await?;
            tx.commit(taken.rows_affected == 1).await
        }
        None => {
            let tx = ctx.write().await?;
            let row = lease::ActiveModel {
                name: Set(name.to_owned()),
                holder: Set(holder.to_owned()),
                until: Set(now.plus(LEASE).0),
            };
            let inserted = lease::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*tx).await;
            let leads = matches!(inserted, Ok(sea_orm::TryInsertResult::Inserted(1)));
            tx.commit(leads).await
        }
    }
}

/// Lets go of every lease, so that another instance can take over at once.
pub async fn resign(ctx: &Ctx, holder: &str) -> Result<()> {
    let tx = ctx.write().await?;
    lease::Entity::delete_many().filter(lease::Column::Holder.eq(holder)).exec(&*tx).await?;
    tx.commit(()).await
}

/// Closes the cases that publications named as fixed, and times the others anew when targets have changed, in the order of
/// the log.
async fn close_fixed_cases(ctx: &Ctx) -> Result<usize> {
    let mut done = 0;
    loop {
        let (events, position, last) = {
            let snapshot = ctx.database.read().await?;
            let row = follower::Entity::find_by_id(CASES).one(&*snapshot).await?;
            let position = Sequence(row.map_or(0, |row| row.position));
            let end = events::last_sequence(&*snapshot).await?;
            if end == position {
                return Ok(done);
            }
            let kinds = vec![EventKind::DocumentPublished, EventKind::SettingChanged];
            let filter = Filter { after: Some(position), kinds, ..Filter::default() };
            let events = events::list(&*snapshot, &filter, false, BATCH).await?;
            let full = u64::try_from(events.len()).unwrap_or_default() == BATCH;
            let last = events.last().filter(|_| full).map_or(end, |event| event.sequence);
            (events, position, last)
        };
        for event in &events {
            done += feedback::resolve_fixed(ctx, event).await? + feedback::retime(ctx, event).await?;
        }
        if events.is_empty() && last.0 - position.0 < BEHIND {
            // Nothing for cases among them: the position is moved only when it is worth a write.
            return Ok(done);
        }
        remember(ctx, last).await?;
    }
}

async fn remember(ctx: &Ctx, position: Sequence) -> Result<()> {
    let tx = ctx.write().await?;
    let moved = follower::Entity::update_many()
        .col_expr(follower::Column::Position, Expr::value(position.0))
        .filter(follower::Column::Name.eq(CASES))
        .filter(follower::Column::Position.lt(position.0))
        .exec(&*tx)
        .await?;
    if moved.rows_affected == 0 {
        let row = follower::ActiveModel { name: Set(CASES.to_owned()), position: Set(position.0) };
        follower::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
    }
    tx.commit(()).await
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::sync::Notify;

    use super::*;
    use crate::{
        events::NewEvent,
        kernel::{Actor, Database, Door, ManualClock, SeededChance, Timestamp},
    };

    #[tokio::test]
    async fn what_is_no_concern_of_cases_is_not_looked_through_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("rolebook.db").display());
        let database = Database::connect(&url, 2, true).await.unwrap();
        database.migrate().await.unwrap();
        let ctx = Ctx {
            actor: Actor::system("followers"),
            door: Door::CommandLine,
            database,
            clock: Arc::new(ManualClock::at(Timestamp(1))),
            chance: Arc::new(SeededChance::new(1)),
            request_id: None,
            idempotency: None,
        };
        let tx = ctx.write().await.unwrap();
        let counter = entity::counter::ActiveModel { name: Set("event".to_owned()), value: Set(0) };
        entity::counter::Entity::insert(counter).exec_without_returning(&*tx).await.unwrap();
        tx.commit(()).await.unwrap();
        let behind = async || {
            close_fixed_cases(&ctx).await.unwrap();
            let snapshot = ctx.database.read().await.unwrap();
            let row = follower::Entity::find_by_id(CASES).one(&*snapshot).await.unwrap();
            events::last_sequence(&*snapshot).await.unwrap().0 - row.map_or(0, |row| row.position)
        };
        for (more, left) in [(BEHIND - 1, BEHIND - 1), (1, 0), (3, 3), (BEHIND, 0)] {
            let report = || (&ctx, NewEvent::about(EventKind::ReportReceived, "report", "one"));
            let tx = ctx.write().await.unwrap();
            events::append_all(&tx, (0..more).map(|_| report()).collect()).await.unwrap();
            tx.commit(()).await.unwrap();
            assert_eq!(behind().await, left);
        }
    }

    #[tokio::test]
    async fn what_was_rung_during_a_turn_is_heard_after_a_breath() {
        let bell = Notify::new();
        let rung = bell.notified();
        bell.notify_waiters();
        let begun = Instant::now();
        rest(rung).await;
        assert!((BREATH..LOOK).contains(&begun.elapsed()));
        let begun = Instant::now();
        rest(bell.notified()).await;
        assert!(begun.elapsed() >= LOOK, "nobody has rung");
    }
}
