//! The outbox as the follower empties it: what is due, a claim on one letter, what came of it. Each step is one transaction,
//! and none waits on the network.

use entity::{mail, mail_attempt};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    kernel::{Ctx, Error, MailId, Permission, ReportId, Result, Timestamp, UserId},
    outbound::{Posted, Setback},
};

use super::{log::MailState, outbox::MailKind};

/// How long an instance may take to send a letter that it has claimed, in milliseconds; well beyond what sending can take.
pub const CLAIM: i64 = 2 * Timestamp::MINUTE;
/// How long letters and attempts are kept, in milliseconds.
pub const KEPT: i64 = 30 * Timestamp::DAY;
/// How long a letter is tried altogether, in milliseconds.
const LONGEST: i64 = Timestamp::DAY;
/// How long after the first, second, … failure the next try is made, in milliseconds; after those, the last again.
const PAUSES: [i64; 7] = [
    30 * Timestamp::SECOND,
    2 * Timestamp::MINUTE,
    10 * Timestamp::MINUTE,
    30 * Timestamp::MINUTE,
    Timestamp::HOUR,
    3 * Timestamp::HOUR,
    6 * Timestamp::HOUR,
];
/// Letters that are looked for at once.
const BATCH: u64 = 50;

/// A letter that this instance may send now.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: MailId,
    pub kind: MailKind,
    pub user: Option<UserId>,
    pub report: Option<ReportId>,
    pub about: Option<Uuid>,
    pub message_id: String,
    until: i64,
}

/// What came of a claimed letter.
#[derive(Clone, Debug)]
pub enum Ended {
    Posted(Posted),
    /// There was nothing to send: why, in words.
    Moot(String),
}

/// Letters that are due, the one that has waited longest first: those that wait, and those whose claim has run out. With
/// each, whether it is known yet whom it is for.
pub async fn due(ctx: &Ctx) -> Result<Vec<(MailId, bool)>> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let rows: Vec<(Uuid, Option<String>)> = mail::Entity::find()
        .select_only()
        .columns([mail::Column::Id, mail::Column::Address])
        .filter(is_due(ctx.now()))
        .order_by_asc(mail::Column::NextAttemptAt)
        .order_by_asc(mail::Column::Id)
        .limit(BATCH)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(|(id, address)| (MailId(id), address.is_none())).collect())
}

fn is_due(now: Timestamp) -> Condition {
    let waiting = Condition::all()
        .add(mail::Column::State.eq(MailState::Waiting.name()))
        .add(mail::Column::NextAttemptAt.lte(now.0));
    let given_up = Condition::all()
        .add(mail::Column::State.eq(MailState::Sending.name()))
        .add(mail::Column::ClaimedUntil.lte(now.0));
    Condition::any().add(waiting).add(given_up)
}

/// Claims a letter, so that no other instance sends it. `None` if another was quicker.
pub async fn claim(ctx: &Ctx, id: MailId) -> Result<Option<Claimed>> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    let until = ctx.now().plus(CLAIM).0;
    let claimed = mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Sending.name()))
        .col_expr(mail::Column::ClaimedUntil, Expr::value(until))
        .filter(mail::Column::Id.eq(id.0))
        .filter(mail::Column::Address.is_null())
        .filter(is_due(ctx.now()))
        .exec(&*tx)
        .await?;
    if claimed.rows_affected != 1 {
        return Ok(None);
    }
    let row = mail::Entity::find_by_id(id.0).one(&*tx).await?;
    let row = row.ok_or_else(|| Error::bug("a claimed letter is gone"))?;
    tx.commit(()).await?;
    Ok(Some(Claimed {
        id,
        kind: MailKind::from_name(&row.kind).ok_or_else(|| Error::bug("a letter of an unknown kind"))?,
        user: row.user_id.map(UserId),
        report: row.report_id.map(ReportId),
        about: row.about_id,
        message_id: row.message_id,
        until,
    }))
}

/// Records what came of a letter and decides when the next try is made. Whoever has lost the claim records nothing.
pub async fn record(ctx: &Ctx, claimed: &Claimed, at: Timestamp, ended: &Ended) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    let row = mail::Entity::find_by_id(claimed.id.0)
        .filter(mail::Column::State.eq(MailState::Sending.name()))
        .filter(mail::Column::ClaimedUntil.eq(claimed.until))
        .one(&*tx)
        .await?;
    let Some(row) = row else { return tx.commit(()).await };
    let now = ctx.now();
    let attempts = row.attempts.saturating_add(1);
    let began = row.first_attempt_at.map_or(at, Timestamp);
    let (why, again) = match ended {
        Ended::Moot(why) => (Some(why.clone()), None),
        Ended::Posted(posted) => match &posted.setback {
            None => (None, None),
            Some(Setback::Final(why)) => (Some(why.clone()), None),
            Some(Setback::Passing(why)) => (Some(why.clone()), next(attempts, began, now)),
        },
    };
    if let Ended::Posted(posted) = ended {
        let attempt = mail_attempt::ActiveModel {
            id: Set(ctx.new_id()),
            mail_id: Set(row.id),
            at: Set(at.0),
            duration: Set(i32::try_from(posted.duration.as_millis()).unwrap_or(i32::MAX)),
            status: Set(posted.status.map(i32::from)),
            // What a server says of a visitor's letter can hold the address, which is kept in one table alone.
            answer: Set(posted.answer.clone().filter(|_| claimed.report.is_none())),
            error: Set(why.clone()),
        };
        mail_attempt::Entity::insert(attempt).exec_without_returning(&*tx).await?;
    }
    let state = match (&why, again) {
        (None, _) => MailState::Sent,
        (Some(_), Some(_)) => MailState::Waiting,
        (Some(_), None) => MailState::Failed,
    };
    let mut changed = row.into_active_model();
    changed.state = Set(state.name().to_owned());
    changed.claimed_until = Set(None);
    changed.attempts = Set(attempts);
    changed.first_attempt_at = Set(Some(began.0));
    changed.next_attempt_at = Set(again.map(|at| at.0));
    changed.finished_at = Set(Some(now.0).filter(|_| again.is_none()));
    changed.error = Set(why);
    changed.update(&*tx).await?;
    tx.commit(()).await
}

/// When to try again after `failures` failures, the last of them now; the last try is made a day after `began`.
fn next(failures: i32, began: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let end = began.plus(LONGEST);
    if now >= end {
        return None;
    }
    let position = usize::try_from(failures.saturating_sub(1)).unwrap_or_default().min(PAUSES.len() - 1);
    let pause = PAUSES.get(position).copied().unwrap_or(Timestamp::HOUR);
    Some(now.plus(pause).min(end))
}

/// Removes what ended longer than [`KEPT`] ago. Answers how many letters.
pub async fn thin(ctx: &Ctx) -> Result<u64> {
    ctx.authorise(Permission::SettingsManage)?;
    let old = || mail::Column::FinishedAt.lt(ctx.now().plus(-KEPT).0);
    if mail::Entity::find().filter(old()).one(&*ctx.database.read().await?).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let ids: Vec<Uuid> = mail::Entity::find()
        .select_only()
        .column(mail::Column::Id)
        .filter(old())
        .limit(1_000)
        .into_tuple()
        .all(&*tx)
        .await?;
    mail_attempt::Entity::delete_many().filter(mail_attempt::Column::MailId.is_in(ids.clone())).exec(&*tx).await?;
    let removed = mail::Entity::delete_many().filter(mail::Column::Id.is_in(ids)).exec(&*tx).await?;
    tx.commit(removed.rows_affected).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_made_at_growing_distances_for_a_day() {
        let began = Timestamp(0);
        let (mut now, mut failures, mut seconds) = (began, 0, Vec::new());
        loop {
            failures += 1;
            match next(failures, began, now) {
                Some(at) => now = at,
                None => break,
            }
            seconds.push(now.0 / Timestamp::SECOND);
        }
        assert_eq!(seconds, [30, 150, 750, 2_550, 6_150, 16_950, 38_550, 60_150, 81_750, 86_400]);
    }
}
