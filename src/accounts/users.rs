//! Accounts: commands and queries about people and the roles that they hold. It hashes no passwords itself; of
//! sessions it knows that they end with what carried them.
//!
//! Decision (2026-11-22): the log is never changed, so it holds a person's name and roles but never an e-mail address, a
//! password or its hash. Consequence: who somebody was stays readable after an account has been anonymised, how to write
//! to them doesn't.
//!
//! Decision (2026-11-22): nobody deletes accounts. Versions, events and keys name them; a person who leaves is made
//! inactive, which ends what their keys may do at once.

use std::collections::{BTreeMap, BTreeSet};

use entity::{user, user_role};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, SqlErr, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        ActorKind, Ctx, Error, Fault, Permission, Permissions, Result, Role, Stale, Timestamp, Transaction, UserId,
        VersionNumber,
    },
    site,
};

use super::{
    attempts,
    credentials::Passwords,
    input, links,
    password_rules::{self, Known},
    sessions::{self, SessionKey},
};

/// A person, for those who may see accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub roles: BTreeSet<Role>,
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts the changes; the next change names it.
    pub version: VersionNumber,
}

impl User {
    /// What this person may do now.
    pub fn permissions(&self) -> Permissions {
        permissions(self.active, self.roles.iter().copied())
    }

    fn administers(&self) -> bool {
        self.active && self.roles.contains(&Role::Administrator)
    }
}

/// A person who is to have an account. Not printable, because of the password.
#[derive(Clone)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub roles: Vec<Role>,
    /// `None`: the person can't sign in with a password until one is set.
    pub password: Option<String>,
}

/// What is to change; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub roles: Option<Vec<Role>>,
    pub active: Option<bool>,
}

/// Makes an account.
///
/// # Errors
/// [`Error::Invalid`] with every fault; `already-taken` at `/email` if there is an account with the address.
pub async fn add(ctx: &Ctx, passwords: &Passwords, new: NewUser) -> Result<User> {
    ctx.authorise(Permission::UsersManage)?;
    let mut faults = Vec::new();
    let email = input::email(&new.email, &mut faults);
    let name = input::name(&new.name, &mut faults);
    let roles = input::roles(&new.roles, &mut faults);
    if let Some(password) = &new.password {
        faults.extend(password_fault(ctx, password, &email).await?);
    }
    input::accept(faults)?;
    let password_hash = match &new.password {
        Some(password) => Some(passwords.hash(&*ctx.chance, password).await?),
        None => None,
    };

    let tx = ctx.write().await?;
    let (user, event) = insert(&tx, ctx, email, name, roles, password_hash).await?;
    events::append(&tx, ctx, event).await?;
    tx.commit(user).await
}

/// Changes a person's name, roles, or whether the account can be used. What changes nothing is no change. The sessions and
/// open links of a person who becomes inactive end; other roles count from the next request on. Everybody may change
/// their own name, in person; the rest is for those who manage accounts.
///
/// # Errors
/// [`Error::Stale`] if the account is no longer as it was seen; [`Error::Conflict`] `last-administrator` if nobody active
/// would administer the site any more.
pub async fn change(ctx: &Ctx, id: UserId, seen: VersionNumber, change: UserChange) -> Result<User> {
    match change {
        UserChange { roles: None, active: None, .. } => authorise_self(ctx, id)?,
        _ => ctx.authorise(Permission::UsersManage)?,
    }
    let mut faults = Vec::new();
    let name = change.name.map(|name| input::name(&name, &mut faults));
    let roles = change.roles.map(|roles| input::roles(&roles, &mut faults));
    input::accept(faults)?;

    let tx = ctx.write().await?;
    lock(&tx, id).await?;
    let before = load(&*tx, id).await?;
    if before.version != seen {
        return Err(stale(&before)?);
    }
    let after = User {
        name: name.unwrap_or_else(|| before.name.clone()),
        roles: roles.unwrap_or_else(|| before.roles.clone()),
        active: change.active.unwrap_or(before.active),
        ..before.clone()
    };
    if after == before {
        return tx.commit(before).await;
    }
    if before.administers() && !after.administers() && administrators(&*tx, Some(id)).await? == 0 {
        let detail = "Nobody else can administer the site; give another active person the role first.";
        return Err(Error::conflict("last-administrator", detail));
    }
    let row = user::ActiveModel { name: Set(after.name.clone()), active: Set(after.active), ..Default::default() };
    write(&tx, ctx, &before, row).await?;
    if after.roles != before.roles {
        user_role::Entity::delete_many().filter(user_role::Column::UserId.eq(id.0)).exec(&*tx).await?;
        insert_roles(&tx, id, &after.roles).await?;
    }
    let mut event = changed(&before, &after);
    if before.active && !after.active {
        links::remove_open(&tx, id).await?;
        let ended = sessions::end_within(&tx, id, None).await?;
        event = event.with("sessions_ended", (ended > 0).then_some(ended));
    }
    events::append(&tx, ctx, event).await?;
    let user = load(&*tx, id).await?;
    tx.commit(user).await
}

/// Gives a person another address to sign in with. Whoever manages accounts may, and the person in person: the door has
/// asked for the present password then. The log says that the address changed and keeps neither of both.
///
/// # Errors
/// [`Error::Invalid`] for what is no address, and `already-taken` at `/email` if there is an account with it;
/// [`Error::Stale`] if the account is no longer as it was seen.
pub async fn set_email(ctx: &Ctx, id: UserId, seen: VersionNumber, email: &str) -> Result<User> {
    authorise_self(ctx, id)?;
    let mut faults = Vec::new();
    let email = input::email(email, &mut faults);
    input::accept(faults)?;
    let tx = ctx.write().await?;
    lock(&tx, id).await?;
    let before = load(&*tx, id).await?;
    if before.version != seen {
        return Err(stale(&before)?);
    }
    if before.email == email {
        return tx.commit(before).await;
    }
    let row = user::ActiveModel { email: Set(email), ..Default::default() };
    write(&tx, ctx, &before, row).await?;
    attempts::forget(&tx, &before.email).await?;
    let event = NewEvent::about(EventKind::UserChanged, "user", id).with("email_changed", true);
    events::append(&tx, ctx, event).await?;
    let user = load(&*tx, id).await?;
    tx.commit(user).await
}

/// Sets a password. Whoever manages accounts may, and the person in person: the door has asked for the present password
/// then. A key may not set the password of its owner, or a leaked key would become an account. All sessions of the person
/// end, but for the `present` one, and so do their open links.
///
/// # Errors
/// [`Error::Invalid`] for a password that is not accepted; [`Error::Stale`] if the account is no longer as it was seen.
pub async fn set_password(
    ctx: &Ctx,
    passwords: &Passwords,
    id: UserId,
    seen: VersionNumber,
    password: &str,
    present: Option<&SessionKey>,
) -> Result<User> {
    authorise_self(ctx, id)?;
    let user = load(&*ctx.database.read().await?, id).await?;
    input::accept(password_fault(ctx, password, &user.email).await?.into_iter().collect())?;
    // Before the work; whether it still holds is looked at again below.
    if user.version != seen {
        return Err(stale(&user)?);
    }
    let password_hash = passwords.hash(&*ctx.chance, password).await?;

    let tx = ctx.write().await?;
    lock(&tx, id).await?;
    let before = load(&*tx, id).await?;
    if before.version != seen {
        return Err(stale(&before)?);
    }
    let row = user::ActiveModel { password_hash: Set(Some(password_hash)), ..Default::default() };
    write(&tx, ctx, &before, row).await?;
    links::remove_open(&tx, id).await?;
    attempts::forget(&tx, &before.email).await?;
    let ended = sessions::end_within(&tx, id, present).await?;
    let event = NewEvent::about(EventKind::UserChanged, "user", id)
        .with("password_set", true)
        .with("sessions_ended", (ended > 0).then_some(ended));
    events::append(&tx, ctx, event).await?;
    let user = load(&*tx, id).await?;
    tx.commit(user).await
}

/// Everybody, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<User>> {
    ctx.authorise(Permission::UsersManage)?;
    let snapshot = ctx.database.read().await?;
    let rows = user::Entity::find().all(&*snapshot).await?;
    let mut roles: BTreeMap<Uuid, Vec<user_role::Model>> = BTreeMap::new();
    for row in user_role::Entity::find().all(&*snapshot).await? {
        roles.entry(row.user_id).or_default().push(row);
    }
    let mut users =
        rows.into_iter().map(|row| view(roles.remove(&row.id).unwrap_or_default(), row)).collect::<Result<Vec<_>>>()?;
    users.sort_by_cached_key(|user| (user.name.to_lowercase(), user.id));
    Ok(users)
}

/// One person; everybody may see their own account.
pub async fn get(ctx: &Ctx, id: UserId) -> Result<User> {
    authorise_self(ctx, id)?;
    load(&*ctx.database.read().await?, id).await
}

/// What a person may do now: what their roles allow together, and nothing while the account is inactive or unknown.
pub async fn permissions_of(connection: &impl ConnectionTrait, id: UserId) -> Result<Permissions> {
    match load(connection, id).await {
        Ok(user) => Ok(user.permissions()),
        Err(Error::NotFound(_)) => Ok(Permissions::new()),
        Err(error) => Err(error),
    }
}

/// The person with an address, in whatever case it is written. Asks for no permission; for the program itself.
pub async fn find_by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<User>> {
    let row = user::Entity::find().filter(user::Column::Email.eq(input::normal_email(email))).one(connection).await?;
    match row {
        Some(row) => load(connection, UserId(row.id)).await.map(Some),
        None => Ok(None),
    }
}

/// How many accounts there are, inactive ones too.
pub async fn count(connection: &impl ConnectionTrait) -> Result<u64> {
    Ok(user::Entity::find().count(connection).await?)
}

/// Whether anybody active administers the site.
pub async fn has_administrator(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(administrators(connection, None).await? > 0)
}

/// Makes the rows of an account; the event of it is the caller's to append.
pub(super) async fn insert(
    tx: &Transaction,
    ctx: &Ctx,
    email: String,
    name: String,
    roles: BTreeSet<Role>,
    password_hash: Option<String>,
) -> Result<(User, NewEvent)> {
    let id = UserId(ctx.new_id());
    let now = ctx.now();
    let event = NewEvent::about(EventKind::UserAdded, "user", id)
        .with("name", name.clone())
        .with("roles", json!(roles))
        .with("password_set", password_hash.is_some());
    let row = user::ActiveModel {
        id: Set(id.0),
        email: Set(email),
        name: Set(name),
        password_hash: Set(password_hash),
        active: Set(true),
        row_version: Set(1),
        created_at: Set(now.0),
        updated_at: Set(now.0),
    };
    user::Entity::insert(row).exec_without_returning(&**tx).await.map_err(taken_or)?;
    insert_roles(tx, id, &roles).await?;
    Ok((load(&**tx, id).await?, event))
}

pub(super) async fn load(connection: &impl ConnectionTrait, id: UserId) -> Result<User> {
    let row = user::Entity::find_by_id(id.0).one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("user with the id {id}")))?;
    let roles = user_role::Entity::find().filter(user_role::Column::UserId.eq(id.0)).all(connection).await?;
    view(roles, row)
}

fn view(roles: Vec<user_role::Model>, row: user::Model) -> Result<User> {
    let roles = roles.iter().map(|held| {
        Role::from_name(&held.role).ok_or_else(|| Error::bug(format!("the unknown role {:?} of a user", held.role)))
    });
    Ok(User {
        id: UserId(row.id),
        email: row.email,
        name: row.name,
        roles: roles.collect::<Result<_>>()?,
        active: row.active,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        version: VersionNumber(i32::try_from(row.row_version).map_err(Error::bug)?),
    })
}

fn permissions(active: bool, roles: impl Iterator<Item = Role>) -> Permissions {
    if active { roles.flat_map(Role::permissions).copied().collect() } else { Permissions::new() }
}

/// Whoever manages accounts, or the person themselves, not through a key.
fn authorise_self(ctx: &Ctx, id: UserId) -> Result<()> {
    let in_person = ctx.actor.kind == ActorKind::User && ctx.actor.user == Some(id);
    if in_person { Ok(()) } else { ctx.authorise(Permission::UsersManage) }
}

pub(super) async fn password_fault(ctx: &Ctx, password: &str, email: &str) -> Result<Option<Fault>> {
    let settings = site::settings(&*ctx.database.read().await?).await?;
    Ok(password_fault_for(password, email, &settings.site_name))
}

pub(super) fn password_fault_for(password: &str, email: &str, site_name: &str) -> Option<Fault> {
    password_rules::fault(password, Known { email, site_name })
}

/// Locks a person and, so that two administrators can't dismiss each other at the same time, all administrators.
pub(super) async fn lock(tx: &Transaction, id: UserId) -> Result<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    let concerned = Condition::any()
        .add(user::Column::Id.eq(id.0))
        .add(user::Column::Id.in_subquery(holders_of_administrator().into_query()));
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(concerned)
        .order_by_asc(user::Column::Id)
        .lock(LockType::Update)
        .into_tuple::<Uuid>()
        .all(&**tx)
        .await?;
    Ok(())
}

/// How many active people administer the site, without one of them.
async fn administrators(connection: &impl ConnectionTrait, without: Option<UserId>) -> Result<u64> {
    let mut query = user::Entity::find()
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.in_subquery(holders_of_administrator().into_query()));
    if let Some(without) = without {
        query = query.filter(user::Column::Id.ne(without.0));
    }
    Ok(query.count(connection).await?)
}

fn holders_of_administrator() -> sea_orm::Select<user_role::Entity> {
    user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::Role.eq(Role::Administrator.name()))
}

/// Writes what changed of a person, if nobody wrote since it was read.
pub(super) async fn write(tx: &Transaction, ctx: &Ctx, before: &User, row: user::ActiveModel) -> Result<()> {
    let number = i64::from(before.version.0);
    let row = user::ActiveModel { row_version: Set(number + 1), updated_at: Set(ctx.now().0), ..row };
    let written = user::Entity::update_many()
        .set(row)
        .filter(user::Column::Id.eq(before.id.0))
        .filter(user::Column::RowVersion.eq(number))
        .exec(&**tx)
        .await
        .map_err(taken_or)?;
    if written.rows_affected == 1 { Ok(()) } else { Err(stale(before)?) }
}

async fn insert_roles(tx: &Transaction, id: UserId, roles: &BTreeSet<Role>) -> Result<()> {
    let rows =
        roles.iter().map(|role| user_role::ActiveModel { user_id: Set(id.0), role: Set(role.name().to_owned()) });
    user_role::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The event of a change, with what was and what is for every field that differs.
fn changed(before: &User, after: &User) -> NewEvent {
    let mut event = NewEvent::about(EventKind::UserChanged, "user", before.id);
    if before.name != after.name {
        event = event.with("name", json!({ "from": before.name, "to": after.name }));
    }
    if before.roles != after.roles {
        event = event.with("roles", json!({ "from": before.roles, "to": after.roles }));
    }
    if before.active != after.active {
        event = event.with("active", json!({ "from": before.active, "to": after.active }));
    }
    event
}

fn stale(current: &User) -> Result<Error> {
    Ok(Error::Stale(Box::new(Stale {
        version: Some(current.version.0),
        current: Some(serde_json::to_value(current)?),
        ..Stale::default()
    })))
}

fn taken_or(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::invalid("/email", "already-taken", "There is an account with this e-mail address already.")
        }
        _ => error.into(),
    }
}
