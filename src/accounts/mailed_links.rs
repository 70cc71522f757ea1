//! Links that go by mail: asking for one, and making it when its letter is written. It knows no addresses of the panel and
//! no words of letters.
//!
//! Decision (2026-11-22), asking for a new password tells nothing. Context: whoever asks may be a stranger who tries which
//! addresses have an account, by the answer or by the time that it takes. Choice: every address that is typed becomes the
//! same row in the outbox, unread; the follower finds out whether it is somebody's, and forgets it if it is nobody's.
//! Consequence: question and answer are the same for everybody, and an administrator can see a row of an unknown recipient
//! for a second. Nobody is sent more than one such letter in five minutes.

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, MailId, Permission, Result, Timestamp, UserId},
    mail::{self, MailKind, NewMail, To},
};

use super::{
    links::{self, NewLink, Purpose},
    users,
};

/// For so long after one, asking for another password sends nothing, in milliseconds.
const QUIET: i64 = 5 * Timestamp::MINUTE;

/// Sends a person a link with which they choose their first password.
///
/// # Errors
/// [`crate::kernel::Error::Conflict`] `has-password` or `inactive` if that makes no sense for them.
pub async fn send_invitation(ctx: &Ctx, id: UserId) -> Result<MailId> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    links::refuse_with_password(&links::active(&tx, id).await?)?;
    send(tx, ctx, MailKind::Invitation, id, EventKind::UserInvited).await
}

/// Sends a person a link with which they choose another password.
///
/// # Errors
/// [`crate::kernel::Error::Conflict`] `inactive`.
pub async fn send_reset(ctx: &Ctx, id: UserId) -> Result<MailId> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    links::active(&tx, id).await?;
    send(tx, ctx, MailKind::PasswordReset, id, EventKind::PasswordResetOffered).await
}

async fn send(
    tx: crate::kernel::Transaction,
    ctx: &Ctx,
    kind: MailKind,
    id: UserId,
    event: EventKind,
) -> Result<MailId> {
    let mail = mail::queue(&tx, ctx, NewMail { kind, to: To::User(id), about: None }).await?;
    events::append(&tx, ctx, NewEvent::about(event, "user", id).with("by_mail", true)).await?;
    tx.commit(mail).await
}

/// Asks for a new password for whoever has an account with this address. Needs no permission; the door limits how often.
pub async fn ask_for_reset(ctx: &Ctx, email: &str) -> Result<()> {
    let address = super::input::normal_email(email);
    let tx = ctx.write().await?;
    let new = NewMail { kind: MailKind::PasswordReset, to: To::Address(address), about: None };
    mail::queue(&tx, ctx, new).await?;
    tx.commit(()).await
}

/// Finds out whom a letter is for that somebody asked for, and forgets it if it is for nobody, or for somebody who has just
/// been sent one.
pub async fn resolve(ctx: &Ctx, id: MailId) -> Result<()> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    let Some(address) = mail::waiting_address(&tx, id).await? else { return tx.commit(()).await };
    let user = super::find_by_email(&*tx, &address).await?.filter(|user| user.active);
    let since = ctx.now().plus(-QUIET);
    let user = match user {
        Some(user) if !mail::is_recent(&*tx, MailKind::PasswordReset, user.id, since).await? => user,
        _ => {
            mail::forget(&tx, id).await?;
            return tx.commit(()).await;
        }
    };
    mail::known(&tx, ctx, id, MailKind::PasswordReset, user.id).await?;
    let event =
        NewEvent::about(EventKind::PasswordResetOffered, "user", user.id).with("by_mail", true).with("asked", true);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// Makes the link of a letter that is being written. It takes the place of older ones.
///
/// # Errors
/// [`crate::kernel::Error::Conflict`] if it makes no sense any more: the account is inactive, or has a password by now.
pub async fn make(ctx: &Ctx, purpose: Purpose, id: UserId) -> Result<NewLink> {
    ctx.authorise(Permission::UsersManage)?;
    let tx = ctx.write().await?;
    users::lock(&tx, id).await?;
    let row = links::active(&tx, id).await?;
    if purpose == Purpose::Invitation {
        links::refuse_with_password(&row)?;
    }
    let link = links::insert(&tx, ctx, purpose, Some(id)).await?;
    tx.commit(()).await?;
    Ok(link)
}
