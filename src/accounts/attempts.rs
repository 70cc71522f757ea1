//! Signing in with a password, and how often that may be tried. It knows no cookies: who has signed in is handed back.
//!
//! Decision (2026-11-22): an attempt is counted before the password is compared, and taken back when it was right. Context:
//! counted afterwards, a hundred attempts at once would all be compared before the first of them counts. Consequence: a
//! right password within a wait is refused like a wrong one, for addresses without an account too, so that nothing tells
//! which addresses have one.
//!
//! Decision (2026-11-22): addresses, of mail and of clients, are kept as keyed hashes only, for a day. The key stands in
//! the same database, so this hides them from whoever glances at a table and not from whoever has all of it.

use std::net::IpAddr;

use entity::sign_in_attempt;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use sha2::Sha256;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Result, Timestamp, Transaction, UserId},
    site,
};

use super::{
    credentials::{self, Passwords},
    input,
    users::{self, User},
};

/// Failures of one account that have no consequence.
const FREE_FOR_ACCOUNT: i64 = 4;
/// How long an account is refused after each failure from then on, in minutes; the last goes on.
const WAITS: [i64; 4] = [1, 2, 5, 15];
/// After how long without a failure those of an account are forgotten, in milliseconds.
const ACCOUNT_WINDOW: i64 = Timestamp::DAY;
/// Failures of one client within the window of clients.
const OF_CLIENT: i64 = 30;
/// In milliseconds, from the first failure.
const CLIENT_WINDOW: i64 = 15 * Timestamp::MINUTE;

/// An attempt that has been counted and not decided yet.
struct Attempt {
    account: String,
    client: String,
    /// What the log is told if it fails: what is refused from now on, and for how many minutes.
    limits: Vec<(Limited, i64)>,
}

#[derive(Clone, Copy)]
enum Limited {
    Account,
    Client,
}

/// The person with this address and this password. The door begins their session.
///
/// # Errors
/// [`Error::Unauthenticated`], in the same words and after the same time, for an address without an account, an inactive
/// account, one without a password, and a wrong password; [`Error::TooMany`] while more attempts are refused.
pub async fn sign_in(ctx: &Ctx, passwords: &Passwords, email: &str, password: &str, address: IpAddr) -> Result<User> {
    let attempt = count(ctx, email, address).await?;
    match credentials::check_password(&ctx.database, passwords, email, password).await? {
        Some(user) => {
            take_back(ctx, &attempt).await?;
            Ok(user)
        }
        None => {
            record_limits(ctx, &attempt, email).await?;
            Err(Error::Unauthenticated("The e-mail address or the password is not right.".to_owned()))
        }
    }
}

/// Asks the person who is signed in for their password once more, as before a new one is set. It counts as an attempt to
/// sign in.
///
/// # Errors
/// `wrong-password` at `/present_password`; [`Error::TooMany`] while more attempts are refused.
pub async fn confirm_password(ctx: &Ctx, passwords: &Passwords, password: &str, address: IpAddr) -> Result<()> {
    let email = ctx.actor.email.clone().unwrap_or_default();
    match sign_in(ctx, passwords, &email, password, address).await {
        Ok(_) => Ok(()),
        Err(Error::Unauthenticated(_)) => {
            Err(Error::invalid("/present_password", "wrong-password", "This is not the present password."))
        }
        Err(error) => Err(error),
    }
}

/// Forgets the failures of an account, within the transaction that gives it another password.
pub(super) async fn forget(tx: &Transaction, email: &str) -> Result<()> {
    let key = keyed(&secret(tx).await?, "account", &input::normal_email(email));
    sign_in_attempt::Entity::delete_by_id(key).exec(&**tx).await?;
    Ok(())
}

/// Removes counts that mean nothing any more; answers how many.
pub(super) async fn tidy(ctx: &Ctx) -> Result<u64> {
    let old = || sign_in_attempt::Column::LastAt.lte(ctx.now().plus(-ACCOUNT_WINDOW).0);
    if sign_in_attempt::Entity::find().filter(old()).one(&*ctx.database.read().await?).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.write().await?;
    let removed = sign_in_attempt::Entity::delete_many().filter(old()).exec(&*tx).await?;
    tx.commit(removed.rows_affected).await
}

/// Counts an attempt as if it had failed.
async fn count(ctx: &Ctx, email: &str, address: IpAddr) -> Result<Attempt> {
    let now = ctx.now();
    let tx = ctx.write().await?;
    let secret = secret(&tx).await?;
    // Always the account first, so that no two attempts wait for each other.
    let mut account = locked(&tx, keyed(&secret, "account", &input::normal_email(email)), now).await?;
    let mut client = locked(&tx, keyed(&secret, "client", &network(address)), now).await?;
    if now >= Timestamp(account.last_at).plus(ACCOUNT_WINDOW) {
        account.failures = 0;
    }
    if now >= Timestamp(client.began_at).plus(CLIENT_WINDOW) {
        (client.failures, client.began_at, client.refused_until) = (0, now.0, 0);
    }
    let refused_until = std::cmp::max(account.refused_until, client.refused_until);
    if now.0 < refused_until {
        // Rolled back: what is refused is not counted, or waits would never end.
        return Err(Error::TooMany { retry_after_seconds: seconds(refused_until - now.0) });
    }
    let mut limits = Vec::new();
    account.failures += 1;
    if let Some(minutes) = wait_after(account.failures) {
        account.refused_until = now.plus(minutes * Timestamp::MINUTE).0;
        limits.push((Limited::Account, minutes));
    }
    client.failures += 1;
    if client.failures >= OF_CLIENT {
        client.refused_until = Timestamp(client.began_at).plus(CLIENT_WINDOW).0;
        limits.push((Limited::Client, (client.refused_until - now.0) / Timestamp::MINUTE));
    }
    (account.last_at, client.last_at) = (now.0, now.0);
    let attempt = Attempt { account: account.key.clone(), client: client.key.clone(), limits };
    for row in [account, client] {
        let row = row.into_active_model().reset_all();
        sign_in_attempt::Entity::update(row).exec(&*tx).await?;
    }
    tx.commit(()).await?;
    Ok(attempt)
}

/// The password was right: the account has no failures any more, and the client one less.
async fn take_back(ctx: &Ctx, attempt: &Attempt) -> Result<()> {
    let tx = ctx.write().await?;
    sign_in_attempt::Entity::delete_by_id(&attempt.account).exec(&*tx).await?;
    let failures = Expr::col(sign_in_attempt::Column::Failures);
    sign_in_attempt::Entity::update_many()
        .col_expr(sign_in_attempt::Column::Failures, failures.sub(1))
        .col_expr(sign_in_attempt::Column::RefusedUntil, Expr::value(0_i64))
        .filter(sign_in_attempt::Column::Key.eq(&attempt.client))
        .filter(sign_in_attempt::Column::Failures.gt(0))
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// Tells the log when a limit has been reached, not each time that it refuses: who tries on does not fill the log.
async fn record_limits(ctx: &Ctx, attempt: &Attempt, email: &str) -> Result<()> {
    if attempt.limits.is_empty() {
        return Ok(());
    }
    let tx = ctx.write().await?;
    let known = users::find_by_email(&*tx, email).await?.map(|user| user.id);
    for (limited, minutes) in &attempt.limits {
        events::append(&tx, ctx, limit_event(*limited, known).with("minutes", *minutes)).await?;
    }
    tx.commit(()).await
}

fn limit_event(limited: Limited, known: Option<UserId>) -> NewEvent {
    match (limited, known) {
        (Limited::Account, Some(id)) => NewEvent::about(EventKind::SignInLimited, "user", id),
        (Limited::Account, None) => NewEvent::about(EventKind::SignInLimited, "sign_in", "unknown account"),
        (Limited::Client, _) => NewEvent::about(EventKind::SignInLimited, "sign_in", "client"),
    }
}

/// The count under a key, held until the end of the transaction.
async fn locked(tx: &Transaction, key: String, now: Timestamp) -> Result<sign_in_attempt::Model> {
    let new = sign_in_attempt::ActiveModel {
        key: Set(key.clone()),
        failures: Set(0),
        began_at: Set(now.0),
        last_at: Set(now.0),
        refused_until: Set(0),
    };
    // Writing the key over itself takes the row on PostgreSQL, whether it was there or not.
    let taken = OnConflict::column(sign_in_attempt::Column::Key).update_column(sign_in_attempt::Column::Key).to_owned();
    sign_in_attempt::Entity::insert(new).on_conflict(taken).exec_without_returning(&**tx).await?;
    let row = sign_in_attempt::Entity::find_by_id(key).one(&**tx).await?;
    row.ok_or_else(|| Error::bug("a count that was just taken is not there"))
}

fn wait_after(failures: i64) -> Option<i64> {
    let position = usize::try_from(failures - FREE_FOR_ACCOUNT - 1).ok()?;
    WAITS.get(position).or(WAITS.last()).copied()
}

/// Seconds, rounded up.
fn seconds(milliseconds: i64) -> u64 {
    u64::try_from((milliseconds + Timestamp::SECOND - 1) / Timestamp::SECOND).unwrap_or(1)
}

/// What stands for a client: a subscriber of IPv6 has a whole /64 to choose from.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => (u128::from(address) >> 64).to_string(),
    }
}

async fn secret(tx: &Transaction) -> Result<String> {
    Ok(site::identity(&**tx).await?.page_token_key)
}

fn keyed(secret: &str, kind: &str, text: &str) -> String {
    // HMAC takes keys of any length, so this is never empty.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(b"rolebook sign-in attempt\0");
    mac.update(kind.as_bytes());
    mac.update(b"\0");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_at_the_last() {
        let waits: Vec<Option<i64>> = (1..=10).map(wait_after).collect();
        assert_eq!(waits[..4], [None; 4]);
        assert_eq!(waits[4..], [Some(1), Some(2), Some(5), Some(15), Some(15), Some(15)]);
        assert_eq!((seconds(1), seconds(1_000), seconds(1_001)), (1, 1, 2));
    }

    #[test]
    fn a_network_of_ipv6_is_one_client_and_an_address_within_it_no_other() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_ne!(keyed("key", "client", "x"), keyed("key", "account", "x"));
        assert_ne!(keyed("key", "client", "x"), keyed("other", "client", "x"));
    }
}
