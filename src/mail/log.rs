//! The log of mail, for administrators: to whom, what, when, how far, what came of each attempt; sending again; a test. No
//! words of a letter are in it, and no address of a visitor.

use std::collections::BTreeMap;

use entity::{mail, mail_attempt, report, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, MailId, Permission, ReportId, Result, Timestamp, UserId, revision},
};

use super::outbox::{self, MailKind, NewMail, To};

named! {
    /// How far a letter is.
    MailState {
        /// It is tried at a time.
        Waiting = "waiting",
        /// An instance is handing it over.
        Sending = "sending",
        /// The mail server has taken it.
        Sent = "sent",
        /// It is tried no more.
        Failed = "failed",
    }
}

/// Whom a letter is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Recipient {
    User {
        id: UserId,
        name: String,
        email: String,
    },
    Visitor {
        report: ReportId,
        reference: Option<String>,
    },
    /// Somebody who asked for a new password, of whom it is not known yet whether they have an account.
    Unknown,
}

/// One letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub id: MailId,
    pub kind: MailKind,
    pub to: Recipient,
    pub state: MailState,
    pub created_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
    /// Of the present round; sending again begins another.
    pub attempts: i32,
    pub finished_at: Option<Timestamp>,
    /// What went wrong last, in words.
    pub error: Option<String>,
    /// Sending again names it.
    pub revision: String,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: Timestamp,
    pub duration_milliseconds: i32,
    /// The code of the server's answer.
    pub status: Option<i32>,
    /// Its words, but for letters to visitors.
    pub answer: Option<String>,
    pub error: Option<String>,
}

/// Which letters to list.
#[derive(Clone, Debug)]
pub struct Listing {
    pub state: Option<MailState>,
    /// Time and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

/// A page of the list, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Mail>,
    pub total: u64,
    /// Where the next page starts.
    pub next: Option<(String, Uuid)>,
}

/// Letters, newest first.
pub async fn list(ctx: &Ctx, listing: &Listing) -> Result<Page> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let mut query = mail::Entity::find();
    if let Some(state) = listing.state {
        query = query.filter(mail::Column::State.eq(state.name()));
    }
    let total = query.clone().count(&*snapshot).await?;
    if let Some((key, id)) = &listing.after {
        let bad =
            || Error::Malformed(vec![Fault::new("cursor", "bad-cursor", "This list did not give out the cursor.")]);
        let at: i64 = key.parse().map_err(|_| bad())?;
        let same = Condition::all().add(mail::Column::CreatedAt.eq(at)).add(mail::Column::Id.lt(*id));
        query = query.filter(Condition::any().add(mail::Column::CreatedAt.lt(at)).add(same));
    }
    let mut rows = query
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
        .limit(listing.limit.saturating_add(1))
        .all(&*snapshot)
        .await?;
    let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| (last.created_at.to_string(), last.id));
    Ok(Page { rows: compose(&*snapshot, rows).await?, total, next })
}

/// One letter.
pub async fn get(ctx: &Ctx, id: MailId) -> Result<Mail> {
    ctx.authorise(Permission::SettingsManage)?;
    load(&*ctx.database.read().await?, id).await
}

/// The attempts of a letter, newest first.
pub async fn attempts(ctx: &Ctx, id: MailId) -> Result<Vec<Attempt>> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let rows = mail_attempt::Entity::find()
        .filter(mail_attempt::Column::MailId.eq(id.0))
        .order_by_desc(mail_attempt::Column::At)
        .order_by_desc(mail_attempt::Column::Id)
        .limit(100)
        .all(&*snapshot)
        .await?;
    let attempt = |row: mail_attempt::Model| Attempt {
        at: Timestamp(row.at),
        duration_milliseconds: row.duration,
        status: row.status,
        answer: row.answer,
        error: row.error,
    };
    Ok(rows.into_iter().map(attempt).collect())
}

/// Puts a test to the person who acts into the outbox.
///
/// # Errors
/// [`Error::Forbidden`] for an actor who is no person.
pub async fn test(ctx: &Ctx) -> Result<Mail> {
    ctx.authorise(Permission::SettingsManage)?;
    let user = ctx.actor.user.ok_or(Error::Forbidden(Permission::SettingsManage))?;
    let tx = ctx.write().await?;
    let new = NewMail { kind: MailKind::Test, to: To::User(user), about: None };
    let id = outbox::queue(&tx, ctx, new).await?;
    events::append(&tx, ctx, NewEvent::about(EventKind::MailTested, "mail", id)).await?;
    let mail = load(&*tx, id).await?;
    tx.commit(mail).await
}

/// Sends a letter again, or now instead of later, in another round of attempts. It is written anew.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen; [`Error::Conflict`] while it is being sent.
pub async fn send_again(ctx: &Ctx, id: MailId, seen: &str) -> Result<Mail> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    if tx.locks_rows() {
        mail::Entity::find_by_id(id.0).lock(LockType::Update).one(&*tx).await?;
    }
    let row = find(&*tx, id).await?;
    let present = load(&*tx, id).await?;
    if present.revision != seen {
        return Err(Error::stale(&present.revision, &present));
    }
    if present.state == MailState::Sending {
        return Err(Error::conflict("being-sent", "It is being sent at this moment."));
    }
    if let Some(user) = row.user_id {
        outbox::forget_waiting(&tx, ctx, present.kind, UserId(user)).await?;
    }
    let mut changed = row.into_active_model();
    changed.state = Set(MailState::Waiting.name().to_owned());
    changed.next_attempt_at = Set(Some(ctx.now().0));
    changed.attempts = Set(0);
    changed.first_attempt_at = Set(None);
    changed.finished_at = Set(None);
    changed.error = Set(None);
    changed.update(&*tx).await?;
    let event = NewEvent::about(EventKind::MailSentAgain, "mail", id).with("mail", present.kind.name());
    events::append(&tx, ctx, event).await?;
    let mail = load(&*tx, id).await?;
    tx.commit(mail).await
}

async fn find(connection: &impl ConnectionTrait, id: MailId) -> Result<mail::Model> {
    let row = mail::Entity::find_by_id(id.0).one(connection).await?;
    row.ok_or_else(|| Error::not_found(format!("mail with the id {id}")))
}

async fn load(connection: &impl ConnectionTrait, id: MailId) -> Result<Mail> {
    let composed = compose(connection, vec![find(connection, id).await?]).await?;
    composed.into_iter().next().ok_or_else(|| Error::bug("a letter vanished while it was read"))
}

async fn compose(connection: &impl ConnectionTrait, rows: Vec<mail::Model>) -> Result<Vec<Mail>> {
    let people: Vec<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
    let people = user::Entity::find().filter(user::Column::Id.is_in(people)).all(connection).await?;
    let people: BTreeMap<Uuid, user::Model> = people.into_iter().map(|row| (row.id, row)).collect();
    let reports: Vec<Uuid> = rows.iter().filter_map(|row| row.report_id).collect();
    let reports: Vec<(Uuid, String)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::Reference])
        .filter(report::Column::Id.is_in(reports))
        .into_tuple()
        .all(connection)
        .await?;
    let reports: BTreeMap<Uuid, String> = reports.into_iter().collect();
    rows.into_iter().map(|row| composed(row, &people, &reports)).collect()
}

fn composed(row: mail::Model, people: &BTreeMap<Uuid, user::Model>, reports: &BTreeMap<Uuid, String>) -> Result<Mail> {
    let person = row.user_id.and_then(|id| people.get(&id));
    let to = match (person, row.report_id) {
        (Some(person), _) => {
            Recipient::User { id: UserId(person.id), name: person.name.clone(), email: person.email.clone() }
        }
        (None, Some(report)) => {
            Recipient::Visitor { report: ReportId(report), reference: reports.get(&report).cloned() }
        }
        (None, None) => Recipient::Unknown,
    };
    Ok(Mail {
        revision: revision(&(&row.state, row.attempts, row.next_attempt_at, row.finished_at))?,
        id: MailId(row.id),
        kind: MailKind::from_name(&row.kind).ok_or_else(|| Error::bug("a letter of an unknown kind"))?,
        to,
        state: MailState::from_name(&row.state).ok_or_else(|| Error::bug("a letter in an unknown state"))?,
        created_at: Timestamp(row.created_at),
        next_attempt_at: row.next_attempt_at.map(Timestamp),
        attempts: row.attempts,
        finished_at: row.finished_at.map(Timestamp),
        error: row.error,
    })
}
