//! Keys for programs: made, revoked, listed, and recognised on every request that carries one. What a key's text looks
//! like stands in `key_text.rs`.
//!
//! Decision (2026-11-22): whoever manages keys makes and revokes any; everybody makes, sees and revokes their own, in
//! person and not through a key. A key's scopes lie within what its owner *and* its maker may do at the time, so that a
//! key which may manage keys can't make a stronger one. Consequence: no permission is needed to use the API as oneself.
//!
//! Decision (2026-11-22): the outcome that is kept for an idempotency key is the view. Consequence: who repeats the
//! request learns that the key exists, but the secret is lost with the first answer; it is revoked and another made.

//!
//! Decision (2026-11-22): what a step on a key names as seen is a digest of what is decided about it: name, owner, scopes,
//! expiry, whether it is revoked. When it was used last is left out, since a key in use could never be revoked otherwise,
//! and so is the name of its owner, which belongs to the owner.

use std::{collections::BTreeMap, time::Duration};

use entity::{api_key, user};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        Actor, ActorKind, ApiKeyId, Ctx, Error, Fault, Permission, Permissions, Result, Timestamp, UserId, revision,
    },
};

use super::{input, key_text, users};

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub owner: Owner,
    /// The eight characters after `rb_`, by which people recognise a key.
    pub prefix: String,
    pub scopes: Permissions,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// The next step names it.
    pub revision: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub id: UserId,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct NewKey {
    pub name: String,
    pub owner: UserId,
    pub scopes: Vec<Permission>,
    /// `None`: until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// A key that has just been made. Neither printable nor serialisable: the secret goes to its owner once and nowhere else.
pub struct Added {
    pub key: ApiKey,
    pub secret: String,
}

/// How long the time of the last use may lag behind, in milliseconds.
const USE_NOTED_EVERY: i64 = Timestamp::MINUTE;
/// How long a request waits for that note at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// Makes a key. Its secret can't be had again.
///
/// # Errors
/// [`Error::Invalid`] with every fault; `not-held` at `/scopes/N` for what the owner, or whoever makes the key, may not
/// do now.
pub async fn add(ctx: &Ctx, new: NewKey) -> Result<Added> {
    authorise_owner(ctx, new.owner)?;
    let mut faults = Vec::new();
    let name = input::name(&new.name, &mut faults);
    if new.expires_at.is_some_and(|at| at <= ctx.now()) {
        faults.push(Fault::new("/expires_at", "in-the-past", "The key would have expired already."));
    }
    if new.scopes.is_empty() {
        faults.push(Fault::new("/scopes", "missing-field", "A key has at least one scope."));
    }

    let tx = ctx.write().await?;
    let held = match users::load(&*tx, new.owner).await {
        Ok(owner) if owner.active => owner.permissions(),
        Ok(_) | Err(Error::NotFound(_)) => {
            return Err(Error::invalid("/owner", "reference-missing", "There is no such active user."));
        }
        Err(error) => return Err(error),
    };
    for (position, scope) in new.scopes.iter().enumerate() {
        if !held.contains(scope) || !ctx.actor.may(*scope) {
            let detail = format!("The owner, or you, may not {} now, so a key may not either.", scope.name());
            faults.push(Fault::new(format!("/scopes/{position}"), "not-held", detail));
        }
    }
    input::accept(faults)?;
    let scopes: Permissions = new.scopes.into_iter().collect();
    let id = ApiKeyId(ctx.new_id());
    let text = key_text::new(&*ctx.chance);
    let row = api_key::ActiveModel {
        id: Set(id.0),
        name: Set(name.clone()),
        owner_id: Set(new.owner.0),
        prefix: Set(text.prefix),
        digest: Set(text.digest),
        scopes: Set(serde_json::to_string(&scopes)?),
        created_at: Set(ctx.now().0),
        expires_at: Set(new.expires_at.map(|at| at.0)),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    api_key::Entity::insert(row).exec_without_returning(&*tx).await?;
    let event = NewEvent::about(EventKind::ApiKeyAdded, "api_key", id)
        .with("name", name)
        .with("owner", new.owner.to_string())
        .with("scopes", json!(scopes))
        .with("expires_at", new.expires_at.map(|at| at.to_string()));
    events::append(&tx, ctx, event).await?;
    let key = load(&*tx, id).await?;
    let key = tx.commit(key).await?;
    Ok(Added { key, secret: text.text })
}

/// Ends a key at once and for good. Revoking one that was seen to be revoked changes nothing.
///
/// # Errors
/// [`Error::Stale`] if the key is no longer as it was seen.
pub async fn revoke(ctx: &Ctx, id: ApiKeyId, seen: &str) -> Result<ApiKey> {
    authorise_any(ctx)?;
    let tx = ctx.write().await?;
    let key = visible(ctx, load(&*tx, id).await?)?;
    if key.revision != seen {
        return Err(Error::stale(&key.revision, &key));
    }
    if key.revoked_at.is_some() {
        return tx.commit(key).await;
    }
    let written = api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(ctx.now().0))
        .filter(api_key::Column::Id.eq(id.0))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(&*tx)
        .await?;
    if written.rows_affected == 0 {
        // Somebody else was quicker.
        let key = load(&*tx, id).await?;
        return Err(Error::stale(&key.revision, &key));
    }
    let event = NewEvent::about(EventKind::ApiKeyRevoked, "api_key", id)
        .with("name", key.name)
        .with("owner", key.owner.id.to_string());
    events::append(&tx, ctx, event).await?;
    let key = load(&*tx, id).await?;
    tx.commit(key).await
}

/// All keys for whoever manages them, their own for others; newest first.
pub async fn list(ctx: &Ctx) -> Result<Vec<ApiKey>> {
    authorise_any(ctx)?;
    let mut query = api_key::Entity::find();
    if !ctx.actor.may(Permission::KeysManage) {
        let own = ctx.actor.user.ok_or(Error::Forbidden(Permission::KeysManage))?;
        query = query.filter(api_key::Column::OwnerId.eq(own.0));
    }
    let query = query.order_by_desc(api_key::Column::CreatedAt).order_by_desc(api_key::Column::Id);
    let snapshot = ctx.database.read().await?;
    let rows = query.all(&*snapshot).await?;
    let owners: BTreeMap<Uuid, String> =
        user::Entity::find().all(&*snapshot).await?.into_iter().map(|row| (row.id, row.name)).collect();
    rows.into_iter()
        .map(|row| {
            let name = owners.get(&row.owner_id).cloned().unwrap_or_default();
            view(row, name)
        })
        .collect()
}

pub async fn get(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKey> {
    authorise_any(ctx)?;
    let key = load(&*ctx.database.read().await?, id).await?;
    visible(ctx, key)
}

/// Who acts with a key. `ctx` is that of the request before anybody is known; it lends the database and the clock.
///
/// # Errors
/// [`Error::Unauthenticated`] for everything that is wrong with a key, always in the same words.
pub async fn authenticate(ctx: &Ctx, presented: &str) -> Result<Actor> {
    let now = ctx.now();
    let refused = || Error::Unauthenticated("The API key is missing, unknown, expired or revoked.".to_owned());
    let prefix = key_text::prefix(presented).ok_or_else(refused)?;
    let snapshot = ctx.database.read().await?;
    let row = api_key::Entity::find().filter(api_key::Column::Prefix.eq(prefix)).one(&*snapshot).await?;
    let row = row.filter(|row| key_text::matches(presented, &row.digest)).ok_or_else(refused)?;
    if row.revoked_at.is_some() || row.expires_at.is_some_and(|at| now >= Timestamp(at)) {
        return Err(refused());
    }
    let owner = users::load(&*snapshot, UserId(row.owner_id)).await?;
    if !owner.active {
        return Err(refused());
    }
    // Before the note below asks for a connection of its own.
    drop(snapshot);
    let held = owner.permissions();
    let permissions = scopes(&row)?.intersection(&held).copied().collect();
    if row.last_used_at.is_none_or(|at| now >= Timestamp(at).plus(USE_NOTED_EVERY)) {
        note_use(ctx, row.id, now).await;
    }
    Ok(Actor::api_key(row.id, owner.id, owner.name, owner.email, permissions))
}

/// Notes when a key was used. It appends no event, and when it can't be done the request goes on.
async fn note_use(ctx: &Ctx, id: Uuid, now: Timestamp) {
    let ctx = Ctx { idempotency: None, ..ctx.clone() };
    let note = async move {
        let tx = ctx.write().await?;
        api_key::Entity::update_many()
            .col_expr(api_key::Column::LastUsedAt, Expr::value(now.0))
            .filter(api_key::Column::Id.eq(id))
            .filter(
                Condition::any()
                    .add(api_key::Column::LastUsedAt.is_null())
                    .add(api_key::Column::LastUsedAt.lte(now.plus(-USE_NOTED_EVERY).0)),
            )
            .exec(&*tx)
            .await?;
        tx.commit(()).await
    };
    match tokio::time::timeout(PATIENCE, note).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the use of an API key could not be noted"),
        Err(_) => tracing::debug!("the use of an API key was not noted, others were writing"),
    }
}

/// Whoever manages keys, or the owner, not through a key.
fn authorise_owner(ctx: &Ctx, owner: UserId) -> Result<()> {
    let in_person = ctx.actor.kind == ActorKind::User && ctx.actor.user == Some(owner);
    if in_person { Ok(()) } else { ctx.authorise(Permission::KeysManage) }
}

/// Whoever manages keys, or anybody in person.
fn authorise_any(ctx: &Ctx) -> Result<()> {
    if ctx.actor.kind == ActorKind::User { Ok(()) } else { ctx.authorise(Permission::KeysManage) }
}

/// The keys of others are not there for those who don't manage keys.
fn visible(ctx: &Ctx, key: ApiKey) -> Result<ApiKey> {
    match authorise_owner(ctx, key.owner.id) {
        Ok(()) => Ok(key),
        Err(_) => Err(unknown(key.id)),
    }
}

fn unknown(id: ApiKeyId) -> Error {
    Error::not_found(format!("API key with the id {id}"))
}

async fn load(connection: &impl ConnectionTrait, id: ApiKeyId) -> Result<ApiKey> {
    let row = api_key::Entity::find_by_id(id.0).one(connection).await?.ok_or_else(|| unknown(id))?;
    let owner = user::Entity::find_by_id(row.owner_id).one(connection).await?;
    view(row, owner.map(|owner| owner.name).unwrap_or_default())
}

fn view(row: api_key::Model, owner: String) -> Result<ApiKey> {
    let scopes = scopes(&row)?;
    Ok(ApiKey {
        revision: revision(&(&row.name, row.owner_id, &scopes, row.expires_at, row.revoked_at))?,
        id: ApiKeyId(row.id),
        scopes,
        name: row.name,
        owner: Owner { id: UserId(row.owner_id), name: owner },
        prefix: row.prefix,
        created_at: Timestamp(row.created_at),
        expires_at: row.expires_at.map(Timestamp),
        last_used_at: row.last_used_at.map(Timestamp),
        revoked_at: row.revoked_at.map(Timestamp),
    })
}

/// A name that this program doesn't know allows nothing.
fn scopes(row: &api_key::Model) -> Result<Permissions> {
    let names: Vec<String> = serde_json::from_str(&row.scopes)?;
    Ok(names.iter().filter_map(|name| Permission::from_name(name)).collect())
}
