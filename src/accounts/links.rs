//! One-time links: the first administrator sets the site up, a person who was invited or has forgotten their password
//! chooses one, a visitor of a demo comes in. Each is for one purpose, works once and expires. It knows no addresses: a
//! door puts the secret into one.
//!
//! Decision (2026-11-22): a link is claimed in the transaction that does what it is for. Consequence: of two simultaneous
//! uses one succeeds, and a use that fails, over a password that is not accepted, say, leaves the link as it was.
//!
//! Decision (2026-11-22): a new link voids the older ones for the same purpose and person, since the newest is the one
//! that people look for. Links are removed a week after they have ended; until then their holders are told why they don't
//! work, and nobody else learns anything.
//!
//! A link that goes by mail is made by `mailed_links.rs`, at the moment at which the letter is written.

use entity::{sign_in_link, user, user_role};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::Expr,
};
use sha2::{Digest, Sha256};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Permission, Result, Role, Timestamp, Transaction, UserId},
    mail, site,
};

use super::{
    attempts,
    credentials::Passwords,
    input, sessions,
    users::{self, User},
};

named! {
    /// What a link is for.
    Purpose {
        /// Making the first administrator and naming the site.
        SetUp = "set_up",
        /// Choosing the first password of an account that somebody else made.
        Invitation = "invitation",
        /// Choosing another password.
        PasswordReset = "password_reset",
        /// Signing in as a person of a demo.
        Demo = "demo",
    }
}

impl Purpose {
    /// In milliseconds.
    pub fn lasts(self) -> i64 {
        match self {
            Self::SetUp | Self::PasswordReset => Timestamp::DAY,
            Self::Invitation | Self::Demo => 7 * Timestamp::DAY,
        }
    }
}

/// How long a link that has ended is kept to say so, in milliseconds.
const REMEMBERED: i64 = 7 * Timestamp::DAY;

/// A link that has just been made. Neither printable nor serialisable: the secret goes to its holder and nowhere else.
#[derive(Clone)]
pub struct NewLink {
    pub purpose: Purpose,
    pub secret: String,
    pub expires_at: Timestamp,
}

/// A link that can be used, for the page that asks its holder for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub purpose: Purpose,
    /// Whom it is for; `None` for setting up.
    pub user: Option<Invited>,
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub id: UserId,
    pub name: String,
    pub email: String,
}

/// Who sets the site up. Not printable, because of the password.
#[derive(Clone)]
pub struct NewAdministrator {
    pub name: String,
    pub email: String,
    pub password: String,
    pub site_name: String,
}

/// The link with which the first administrator is made; `None` as soon as there is an active one with a password, and in
/// a demo, whose people have links of their own.
pub async fn set_up_link(ctx: &Ctx) -> Result<Option<NewLink>> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    if site::identity(&*tx).await?.demo || is_set_up(&*tx).await? {
        return Ok(None);
    }
    let link = insert(&tx, ctx, Purpose::SetUp, None).await?;
    events::append(&tx, ctx, NewEvent::about(EventKind::SetUpOffered, "site", 1)).await?;
    tx.commit(()).await?;
    Ok(Some(link))
}

/// A link with which a person chooses their first password.
///
/// # Errors
/// [`Error::Conflict`] `has-password` or `inactive` if that makes no sense for them.
pub async fn invite(ctx: &Ctx, id: UserId) -> Result<NewLink> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    let row = active(&tx, id).await?;
    refuse_with_password(&row)?;
    offer(tx, ctx, Purpose::Invitation, id, EventKind::UserInvited).await
}

/// A link with which a person chooses another password. The present one stays good until the link is used.
///
/// # Errors
/// [`Error::Conflict`] `inactive`.
pub async fn reset_link(ctx: &Ctx, id: UserId) -> Result<NewLink> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    active(&tx, id).await?;
    offer(tx, ctx, Purpose::PasswordReset, id, EventKind::PasswordResetOffered).await
}

/// A link that signs a visitor of a demo in as one of its people.
///
/// # Errors
/// [`Error::Conflict`] `no-demo` on any other database, or `inactive`.
pub async fn demo_link(ctx: &Ctx, id: UserId) -> Result<NewLink> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    refuse_outside_demo(&*tx).await?;
    active(&tx, id).await?;
    offer(tx, ctx, Purpose::Demo, id, EventKind::DemoLinkMade).await
}

/// What the holder of a secret can do with it. `ctx` is that of a request before anybody is known.
///
/// # Errors
/// [`Error::NotFound`] for a secret that was never given out for this purpose, or was voided; [`Error::Gone`] `link-used`,
/// `link-expired` or `link-void` (the account is not active, or the site is set up) for its holder.
pub async fn look(ctx: &Ctx, purpose: Purpose, secret: &str) -> Result<Link> {
    let snapshot = ctx.database.read().await?;
    usable(&*snapshot, ctx, purpose, secret).await
}

/// Makes the first administrator and gives the site its name.
///
/// # Errors
/// As [`look`]; [`Error::Invalid`] with every fault.
pub async fn set_up(ctx: &Ctx, passwords: &Passwords, secret: &str, new: NewAdministrator) -> Result<User> {
    look(ctx, Purpose::SetUp, secret).await?;
    let mut faults = Vec::new();
    let name = input::name(&new.name, &mut faults);
    let email = input::email(&new.email, &mut faults);
    faults.extend(users::password_fault_for(&new.password, &email, &new.site_name));
    faults.extend(site::name_fault(&new.site_name));
    input::accept(faults)?;
    let password_hash = passwords.hash(&*ctx.chance, &new.password).await?;

    let tx = ctx.write().await?;
    claim(&tx, ctx, Purpose::SetUp, secret).await?;
    let (user, added) = users::insert(&tx, ctx, email, name, [Role::Administrator].into(), Some(password_hash)).await?;
    let by = sessions::acting(ctx, &user);
    let named = site::name(&tx, &by, &new.site_name).await?;
    events::append(&tx, &by, added.with("set_up", true)).await?;
    if let Some(named) = named {
        events::append(&tx, &by, named).await?;
    }
    tx.commit(()).await?;
    Ok(user)
}

/// Gives the person whom an invitation or a reset is for the password that they chose, and a name if they write it
/// otherwise. All their sessions end.
///
/// # Errors
/// As [`look`]; [`Error::Invalid`] with every fault.
pub async fn accept(
    ctx: &Ctx,
    passwords: &Passwords,
    secret: &str,
    password: &str,
    name: Option<&str>,
) -> Result<User> {
    let (purpose, invited) = acceptable(ctx, secret).await?;
    let mut faults = Vec::new();
    let name = name.map(|name| input::name(name, &mut faults));
    faults.extend(users::password_fault(ctx, password, &invited.email).await?);
    input::accept(faults)?;
    let password_hash = passwords.hash(&*ctx.chance, password).await?;

    let tx = ctx.write().await?;
    claim(&tx, ctx, purpose, secret).await?;
    users::lock(&tx, invited.id).await?;
    let before = users::load(&*tx, invited.id).await?;
    if !before.active {
        return Err(void());
    }
    let row = user::ActiveModel {
        password_hash: Set(Some(password_hash)),
        name: Set(name.unwrap_or_else(|| before.name.clone())),
        ..Default::default()
    };
    users::write(&tx, ctx, &before, row).await?;
    remove_open(&tx, before.id).await?;
    attempts::forget(&tx, &before.email).await?;
    let ended = sessions::end_within(&tx, before.id, None).await?;
    let user = users::load(&*tx, before.id).await?;
    let kind = match purpose {
        Purpose::PasswordReset => EventKind::PasswordReset,
        _ => EventKind::InvitationAccepted,
    };
    let renamed = (before.name != user.name).then(|| serde_json::json!({ "from": before.name, "to": user.name }));
    let event = NewEvent::about(kind, "user", user.id)
        .with("name", renamed)
        .with("sessions_ended", (ended > 0).then_some(ended));
    events::append(&tx, &sessions::acting(ctx, &user), event).await?;
    tx.commit(()).await?;
    Ok(user)
}

/// The person of a demo whom a link is for.
///
/// # Errors
/// As [`look`]; [`Error::Conflict`] `no-demo`.
pub async fn use_demo_link(ctx: &Ctx, secret: &str) -> Result<User> {
    let invited = look(ctx, Purpose::Demo, secret).await?.user.ok_or_else(unknown)?;
    let tx = ctx.write().await?;
    refuse_outside_demo(&*tx).await?;
    claim(&tx, ctx, Purpose::Demo, secret).await?;
    let user = users::load(&*tx, invited.id).await?;
    if !user.active {
        return Err(void());
    }
    tx.commit(()).await?;
    Ok(user)
}

/// Voids every open link of a person, within the transaction of another command.
pub(super) async fn remove_open(tx: &Transaction, id: UserId) -> Result<()> {
    sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::UserId.eq(id.0))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Removes links that ended long ago; answers how many.
pub(super) async fn tidy(ctx: &Ctx) -> Result<u64> {
    let old = || sign_in_link::Column::ExpiresAt.lte(ctx.now().plus(-REMEMBERED).0);
    if sign_in_link::Entity::find().filter(old()).one(&*ctx.database.read().await?).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let removed = sign_in_link::Entity::delete_many().filter(old()).exec(&*tx).await?;
    tx.commit(removed.rows_affected).await
}

/// An invitation makes sense for somebody without a password alone.
pub(super) fn refuse_with_password(row: &user::Model) -> Result<()> {
    if row.password_hash.is_none() {
        return Ok(());
    }
    let detail = "This person has a password already; a link to choose another one is what they need.";
    Err(Error::conflict("has-password", detail))
}

/// Makes a link for a person and records that it was made, by whom and for whom. What was to go to them by mail for the
/// same purpose is given up: its link would end this one.
async fn offer(tx: Transaction, ctx: &Ctx, purpose: Purpose, id: UserId, kind: EventKind) -> Result<NewLink> {
    match purpose {
        Purpose::Invitation => mail::forget_waiting(&tx, ctx, mail::MailKind::Invitation, id).await?,
        Purpose::PasswordReset => mail::forget_waiting(&tx, ctx, mail::MailKind::PasswordReset, id).await?,
        Purpose::SetUp | Purpose::Demo => {}
    }
    let link = insert(&tx, ctx, purpose, Some(id)).await?;
    let event = NewEvent::about(kind, "user", id).with("expires_at", link.expires_at.to_string());
    events::append(&tx, ctx, event).await?;
    // The outcome that an idempotency key keeps holds no secret.
    tx.commit(()).await?;
    Ok(link)
}

pub(super) async fn insert(tx: &Transaction, ctx: &Ctx, purpose: Purpose, id: Option<UserId>) -> Result<NewLink> {
    let mut older = sign_in_link::Entity::delete_many()
        .filter(sign_in_link::Column::Purpose.eq(purpose.name()))
        .filter(sign_in_link::Column::UsedAt.is_null());
    if let Some(id) = id {
        older = older.filter(sign_in_link::Column::UserId.eq(id.0));
    }
    older.exec(&**tx).await?;
    let now = ctx.now();
    let link = NewLink { purpose, secret: ctx.chance.secret(), expires_at: now.plus(purpose.lasts()) };
    let row = sign_in_link::ActiveModel {
        digest: Set(digest(&link.secret)),
        purpose: Set(purpose.name().to_owned()),
        user_id: Set(id.map(|id| id.0)),
        created_at: Set(now.0),
        expires_at: Set(link.expires_at.0),
        used_at: Set(None),
    };
    sign_in_link::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(link)
}

pub(super) async fn active(tx: &Transaction, id: UserId) -> Result<user::Model> {
    let row = user::Entity::find_by_id(id.0).one(&**tx).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("user with the id {id}")))?;
    if row.active {
        Ok(row)
    } else {
        Err(Error::conflict("inactive", "The account is not active, so nobody can sign in with it."))
    }
}

/// What an invitation or a reset is for; doors need not know which of the two they hold.
async fn acceptable(ctx: &Ctx, secret: &str) -> Result<(Purpose, Invited)> {
    let link = match look(ctx, Purpose::Invitation, secret).await {
        Err(Error::NotFound(_)) => look(ctx, Purpose::PasswordReset, secret).await?,
        found => found?,
    };
    Ok((link.purpose, link.user.ok_or_else(unknown)?))
}

async fn usable(connection: &impl ConnectionTrait, ctx: &Ctx, purpose: Purpose, secret: &str) -> Result<Link> {
    let row = sign_in_link::Entity::find_by_id(digest(secret))
        .filter(sign_in_link::Column::Purpose.eq(purpose.name()))
        .one(connection)
        .await?
        .ok_or_else(unknown)?;
    if row.used_at.is_some() {
        return Err(used());
    }
    if ctx.now() >= Timestamp(row.expires_at) {
        let detail = "This link has expired. Ask for a new one.".to_owned();
        return Err(Error::Gone { code: "link-expired", detail });
    }
    let user = match row.user_id {
        Some(id) => {
            let user = users::load(connection, UserId(id)).await?;
            if !user.active {
                return Err(void());
            }
            Some(Invited { id: user.id, name: user.name, email: user.email })
        }
        None if is_set_up(connection).await? => return Err(void()),
        None => None,
    };
    Ok(Link { purpose, user, expires_at: Timestamp(row.expires_at) })
}

/// Takes the link, once: whoever comes second at the same time waits and then finds it used.
async fn claim(tx: &Transaction, ctx: &Ctx, purpose: Purpose, secret: &str) -> Result<()> {
    let claimed = sign_in_link::Entity::update_many()
        .col_expr(sign_in_link::Column::UsedAt, Expr::value(ctx.now().0))
        .filter(sign_in_link::Column::Digest.eq(digest(secret)))
        .filter(sign_in_link::Column::Purpose.eq(purpose.name()))
        .filter(sign_in_link::Column::UsedAt.is_null())
        .filter(sign_in_link::Column::ExpiresAt.gt(ctx.now().0))
        .exec(&**tx)
        .await?;
    if claimed.rows_affected == 0 {
        return usable(&**tx, ctx, purpose, secret).await.and(Err(used()));
    }
    if purpose == Purpose::SetUp && is_set_up(&**tx).await? {
        return Err(void());
    }
    Ok(())
}

/// Whether somebody active administers the site and can sign in with a password.
async fn is_set_up(connection: &impl ConnectionTrait) -> Result<bool> {
    let holders = user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::Role.eq(Role::Administrator.name()));
    let count = user::Entity::find()
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::PasswordHash.is_not_null())
        .filter(user::Column::Id.in_subquery(holders.into_query()))
        .count(connection)
        .await?;
    Ok(count > 0)
}

async fn refuse_outside_demo(connection: &impl ConnectionTrait) -> Result<()> {
    if site::identity(connection).await?.demo {
        Ok(())
    } else {
        Err(Error::conflict("no-demo", "Only a demo has links that sign people in."))
    }
}

fn unknown() -> Error {
    Error::not_found("such link; it may have been replaced by a newer one")
}

fn used() -> Error {
    Error::Gone { code: "link-used", detail: "This link has been used already.".to_owned() }
}

fn void() -> Error {
    Error::Gone { code: "link-void", detail: "This link can't be used any more.".to_owned() }
}

/// SHA-256 in hexadecimal. A slow hash would add nothing: 256 random bits can't be guessed.
fn digest(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
