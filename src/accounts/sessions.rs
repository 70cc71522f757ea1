//! Sessions: what carries a person from one request to the next, until it ends or expires. It knows rows and people; what
//! a cookie looks like, and what else a door keeps in a session, it does not.
//!
//! Decision (2026-11-22): a session ends eight hours after it was last seen and seven days after it began, by the clock of
//! the program. One of nobody in particular lasts fifteen minutes. Consequence: the row decides, and not the cookie, which
//! lasts as long as the browser likes.
//!
//! Decision (2026-11-22): who is signed in stands in a column that is written when the row is made and never again; signing
//! in makes a new row. Consequence: of two requests that save the same session at once, the later loses no more than what
//! the door keeps in it, and a session that has been ended is never brought back by a request that was under way.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use entity::session;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, TryInsertResult, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Actor, ActorKind, Ctx, Error, Permission, Result, Timestamp, Transaction, UserId},
};

use super::users::{self, User};

/// How long a session lasts after it was last seen, in milliseconds.
pub const IDLE: i64 = 8 * Timestamp::HOUR;
/// How long a session lasts after it began, in milliseconds.
pub const LONGEST: i64 = 7 * Timestamp::DAY;
/// How long the session of nobody in particular lasts after it was last written, in milliseconds.
pub const ANONYMOUS: i64 = 15 * Timestamp::MINUTE;
/// How long the time at which a session was last seen may lag behind, in milliseconds.
const NOTED_EVERY: i64 = 5 * Timestamp::MINUTE;
/// How long a request waits for that note at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// What finds a session: the SHA-256 of the id that the browser holds. Nobody can sign in with it, so it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionKey(String);

impl SessionKey {
    /// The key of the session with this id.
    pub fn of(id: &str) -> Self {
        Self(Sha256::digest(id).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionKey {
    type Err = Error;

    /// # Errors
    /// [`Error::NotFound`] for a text that is no key.
    fn from_str(text: &str) -> Result<Self> {
        let is_key = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_key { Ok(Self(text.to_owned())) } else { Err(unknown()) }
    }
}

/// What a session holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Who is signed in; `None` for nobody in particular.
    pub user: Option<UserId>,
    /// In words, such as "Firefox on Linux".
    pub browser: Option<String>,
    /// What the door keeps, as the text of a JSON object.
    pub data: String,
}

/// The session of a person, for a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedIn {
    pub key: SessionKey,
    pub user: UserId,
    pub browser: Option<String>,
    pub began_at: Timestamp,
    /// To five minutes.
    pub seen_at: Timestamp,
    /// If it is not seen again.
    pub ends_at: Timestamp,
}

/// Begins a session; the log then says that the person has signed in. `false` if there is one with this key already.
pub async fn create(ctx: &Ctx, key: &SessionKey, content: Content) -> Result<bool> {
    let tx = ctx.write().await?;
    let now = ctx.now();
    let row = session::ActiveModel {
        key: Set(key.0.clone()),
        data: Set(content.data),
        user_id: Set(content.user.map(|user| user.0)),
        browser: Set(content.browser.clone()),
        created_at: Set(now.0),
        seen_at: Set(now.0),
    };
    let inserted = session::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
    if !matches!(inserted, TryInsertResult::Inserted(1)) {
        return Ok(false);
    }
    if let Some(id) = content.user {
        let by = acting(ctx, &users::load(&*tx, id).await?);
        let event = NewEvent::about(EventKind::SignedIn, "user", id).with("browser", content.browser);
        events::append(&tx, &by, event).await?;
    }
    tx.commit(true).await
}

/// What a session holds, if it has not ended. That it was seen is noted, at most every five minutes.
pub async fn load(ctx: &Ctx, key: &SessionKey) -> Result<Option<Content>> {
    let row = session::Entity::find_by_id(key.as_str()).one(&*ctx.database.read().await?).await?;
    let now = ctx.now();
    let Some(row) = row.filter(|row| now < ends_at(row.user_id.is_some(), row.created_at, row.seen_at)) else {
        return Ok(None);
    };
    if row.user_id.is_some() && now >= Timestamp(row.seen_at).plus(NOTED_EVERY) {
        note_seen(ctx, key, now).await;
    }
    Ok(Some(Content { user: row.user_id.map(UserId), browser: row.browser, data: row.data }))
}

/// Writes what the door keeps. A session that has ended meanwhile stays ended.
pub async fn save(ctx: &Ctx, key: &SessionKey, data: &str) -> Result<()> {
    let tx = ctx.write().await?;
    session::Entity::update_many()
        .col_expr(session::Column::Data, Expr::value(data))
        .col_expr(session::Column::SeenAt, Expr::value(ctx.now().0))
        .filter(session::Column::Key.eq(key.as_str()))
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// Ends a session from within: the person signs out, or somebody signs in with the same browser.
pub async fn sign_out(ctx: &Ctx, key: &SessionKey) -> Result<()> {
    let there = session::Entity::find_by_id(key.as_str())
        .select_only()
        .column(session::Column::UserId)
        .into_tuple::<Option<uuid::Uuid>>()
        .one(&*ctx.database.read().await?)
        .await?;
    let Some(user) = there else { return Ok(()) };
    let tx = ctx.write().await?;
    let ended = session::Entity::delete_by_id(key.as_str()).exec(&*tx).await?;
    if let Some(id) = user.map(UserId).filter(|_| ended.rows_affected > 0) {
        let by = acting(ctx, &users::load(&*tx, id).await?);
        events::append(&tx, &by, NewEvent::about(EventKind::SignedOut, "user", id)).await?;
    }
    tx.commit(()).await
}

/// Who acts when this person does, with what they may do now; `None` while the account is inactive or unknown.
pub async fn person(ctx: &Ctx, id: UserId) -> Result<Option<Actor>> {
    match users::load(&*ctx.database.read().await?, id).await {
        Ok(user) => Ok(Some(user).filter(|user| user.active).map(|user| acting(ctx, &user).actor)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The sessions of a person that have not ended, last seen first. One's own, or anybody's for those who manage accounts.
pub async fn list(ctx: &Ctx, user: UserId) -> Result<Vec<SignedIn>> {
    authorise(ctx, user)?;
    let rows: Vec<(String, Option<String>, i64, i64)> = session::Entity::find()
        .select_only()
        .columns([session::Column::Key, session::Column::Browser, session::Column::CreatedAt, session::Column::SeenAt])
        .filter(session::Column::UserId.eq(user.0))
        .order_by_desc(session::Column::SeenAt)
        .order_by_asc(session::Column::Key)
        .into_tuple()
        .all(&*ctx.database.read().await?)
        .await?;
    let sessions = rows.into_iter().map(|(key, browser, began_at, seen_at)| SignedIn {
        key: SessionKey(key),
        user,
        browser,
        began_at: Timestamp(began_at),
        seen_at: Timestamp(seen_at),
        ends_at: ends_at(true, began_at, seen_at),
    });
    Ok(sessions.filter(|session| ctx.now() < session.ends_at).collect())
}

/// When each person was last seen: of those without a session, when they last signed in. For those who manage accounts.
pub async fn last_seen(ctx: &Ctx) -> Result<BTreeMap<UserId, Timestamp>> {
    ctx.authorise(Permission::UsersManage)?;
    let snapshot = ctx.database.read().await?;
    let rows: Vec<(uuid::Uuid, i64)> = session::Entity::find()
        .select_only()
        .columns([session::Column::UserId, session::Column::SeenAt])
        .filter(session::Column::UserId.is_not_null())
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let sessions = rows.into_iter().map(|(user, seen_at)| (UserId(user), Timestamp(seen_at)));
    let signed_in = events::last_of_each(&*snapshot, EventKind::SignedIn).await?.into_iter();
    let signed_in = signed_in.filter_map(|(id, at)| Some((UserId(id.parse().ok()?), at)));
    let mut seen = BTreeMap::new();
    for (user, at) in sessions.chain(signed_in) {
        let latest = seen.entry(user).or_insert(at);
        *latest = at.max(*latest);
    }
    Ok(seen)
}

/// Ends one session of a person, one's own or, for those who manage accounts, anybody's.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or it is another person's.
pub async fn end(ctx: &Ctx, key: &SessionKey) -> Result<()> {
    let tx = ctx.write().await?;
    let row: Option<(Option<uuid::Uuid>, Option<String>)> = session::Entity::find_by_id(key.as_str())
        .select_only()
        .columns([session::Column::UserId, session::Column::Browser])
        .into_tuple()
        .one(&*tx)
        .await?;
    let Some((Some(user), browser)) = row else { return Err(unknown()) };
    let user = UserId(user);
    authorise(ctx, user).map_err(|_| unknown())?;
    let ended = session::Entity::delete_by_id(key.as_str()).exec(&*tx).await?;
    if ended.rows_affected > 0 {
        let event = NewEvent::about(EventKind::SessionEnded, "user", user).with("browser", browser).with("sessions", 1);
        events::append(&tx, ctx, event).await?;
    }
    tx.commit(()).await
}

/// Ends all sessions of a person, or all but one; answers how many. One's own, or anybody's for those who manage accounts.
pub async fn end_all(ctx: &Ctx, user: UserId, but: Option<&SessionKey>) -> Result<u64> {
    authorise(ctx, user)?;
    let tx = ctx.write().await?;
    let ended = end_within(&tx, user, but).await?;
    if ended > 0 {
        let event = NewEvent::about(EventKind::SessionEnded, "user", user).with("sessions", ended);
        events::append(&tx, ctx, event).await?;
    }
    tx.commit(ended).await
}

/// Removes what has expired; answers how many sessions.
pub(super) async fn tidy(ctx: &Ctx) -> Result<u64> {
    let expired = expired(ctx.now());
    let any = session::Entity::find().select_only().column(session::Column::Key).filter(expired.clone());
    if any.into_tuple::<String>().one(&*ctx.database.read().await?).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let removed = session::Entity::delete_many().filter(expired).exec(&*tx).await?;
    tx.commit(removed.rows_affected).await
}

/// Ends the sessions of a person within the transaction of another command, which records it.
pub(super) async fn end_within(tx: &Transaction, user: UserId, but: Option<&SessionKey>) -> Result<u64> {
    let mut query = session::Entity::delete_many().filter(session::Column::UserId.eq(user.0));
    if let Some(but) = but {
        query = query.filter(session::Column::Key.ne(but.as_str()));
    }
    Ok(query.exec(&**tx).await?.rows_affected)
}

/// The context of a command, with this person as the one who acts.
pub(super) fn acting(ctx: &Ctx, user: &User) -> Ctx {
    let actor = Actor::user(user.id, user.name.clone(), user.email.clone(), user.permissions());
    Ctx { actor, ..ctx.clone() }
}

/// Notes that a session was seen. It appends no event, and when it can't be done the request goes on.
async fn note_seen(ctx: &Ctx, key: &SessionKey, now: Timestamp) {
    let note = async {
        let tx = ctx.write().await?;
        session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(now.0))
            .filter(session::Column::Key.eq(key.as_str()))
            .filter(session::Column::SeenAt.lt(now.0))
            .exec(&*tx)
            .await?;
        tx.commit(()).await
    };
    match tokio::time::timeout(PATIENCE, note).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "that a session was seen could not be noted"),
        Err(_) => tracing::debug!("that a session was seen was not noted, others were writing"),
    }
}

fn ends_at(signed_in: bool, began_at: i64, seen_at: i64) -> Timestamp {
    let idle = if signed_in { IDLE } else { ANONYMOUS };
    Timestamp(seen_at).plus(idle).min(Timestamp(began_at).plus(LONGEST))
}

/// The rows that [`ends_at`] says have ended.
fn expired(now: Timestamp) -> Condition {
    let anonymous = Condition::all()
        .add(session::Column::UserId.is_null())
        .add(session::Column::SeenAt.lte(now.plus(-ANONYMOUS).0));
    Condition::any()
        .add(session::Column::CreatedAt.lte(now.plus(-LONGEST).0))
        .add(session::Column::SeenAt.lte(now.plus(-IDLE).0))
        .add(anonymous)
}

/// The person themselves, not through a key, or whoever manages accounts.
fn authorise(ctx: &Ctx, user: UserId) -> Result<()> {
    let in_person = ctx.actor.kind == ActorKind::User && ctx.actor.user == Some(user);
    if in_person { Ok(()) } else { ctx.authorise(Permission::UsersManage) }
}

fn unknown() -> Error {
    Error::not_found("such session")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_nothing_else_is() {
        let key = SessionKey::of("an id");
        assert_eq!(key.as_str().parse::<SessionKey>().unwrap(), key);
        assert_ne!(key, SessionKey::of("another id"));
        for text in ["", "an id", &key.as_str()[1..], &key.as_str().to_uppercase()] {
            assert!(text.parse::<SessionKey>().is_err(), "{text}");
        }
    }
}
