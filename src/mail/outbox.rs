//! Putting mail into the outbox, within the transaction of what causes it, and taking it out again unsent. None of these is
//! a command: whoever calls has authorised, and appends the event.

use entity::mail;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set,
    sea_query::{Condition, Expr},
};
use uuid::Uuid;

use crate::kernel::{Ctx, MailId, ReportId, Result, Timestamp, Transaction, UserId};

use super::log::MailState;

named! {
    /// What a letter is.
    MailKind {
        /// Whether mail gets through at all.
        Test = "test",
        /// A link with which somebody chooses their first password.
        Invitation = "invitation",
        /// A link with which somebody chooses another.
        PasswordReset = "password_reset",
        /// What people have answered to a visitor.
        Reply = "reply",
        /// That somebody has reported something about a page of theirs.
        NewCase = "new_case",
        /// That a note names them.
        Mention = "mention",
    }
}

impl MailKind {
    /// Whether only the newest of this kind to a person is of use: its link ends those before.
    fn replaces_older(self) -> bool {
        matches!(self, Self::Invitation | Self::PasswordReset)
    }
}

/// Whom it goes to. Addresses are read when it is sent.
#[derive(Clone, Debug)]
pub enum To {
    User(UserId),
    /// Whoever sent the report.
    Visitor(ReportId),
    /// Whoever has an account with this address, if there is one.
    Address(String),
}

#[derive(Clone, Debug)]
pub struct NewMail {
    pub kind: MailKind,
    pub to: To,
    pub about: Option<Uuid>,
}

/// Puts a letter into the outbox. Of those that replace each other, older ones to the same person that still wait are given
/// up.
pub async fn queue(tx: &Transaction, ctx: &Ctx, new: NewMail) -> Result<MailId> {
    if let To::User(user) = new.to {
        forget_waiting(tx, ctx, new.kind, user).await?;
    }
    let id = MailId(ctx.new_id());
    let now = ctx.now().0;
    let (user, report, address) = match new.to {
        To::User(user) => (Some(user.0), None, None),
        To::Visitor(report) => (None, Some(report.0), None),
        To::Address(address) => (None, None, Some(address)),
    };
    let row = mail::ActiveModel {
        id: Set(id.0),
        kind: Set(new.kind.name().to_owned()),
        user_id: Set(user),
        report_id: Set(report),
        address: Set(address),
        about_id: Set(new.about),
        message_id: Set(id.to_string()),
        state: Set(MailState::Waiting.name().to_owned()),
        created_at: Set(now),
        next_attempt_at: Set(Some(now)),
        attempts: Set(0),
        first_attempt_at: Set(None),
        finished_at: Set(None),
        claimed_until: Set(None),
        error: Set(None),
    };
    mail::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(id)
}

/// Gives up what still waits of a kind for a person, since something newer takes its place.
pub async fn forget_waiting(tx: &Transaction, ctx: &Ctx, kind: MailKind, user: UserId) -> Result<()> {
    if !kind.replaces_older() {
        return Ok(());
    }
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(MailState::Failed.name()))
        .col_expr(mail::Column::NextAttemptAt, Expr::value(Option::<i64>::None))
        .col_expr(mail::Column::FinishedAt, Expr::value(ctx.now().0))
        .col_expr(mail::Column::Error, Expr::value("A newer link has taken its place."))
        .filter(mail::Column::Kind.eq(kind.name()))
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::State.eq(MailState::Waiting.name()))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// What was typed for a letter of which it is not known yet whether it is for anybody; `None` if that is known or it is gone.
pub async fn waiting_address(tx: &Transaction, id: MailId) -> Result<Option<String>> {
    let row = mail::Entity::find_by_id(id.0).filter(mail::Column::Address.is_not_null()).one(&**tx).await?;
    Ok(row.and_then(|row| row.address))
}

/// Whether a person was sent, or is about to be sent, a letter of a kind since a time.
pub async fn is_recent(
    connection: &impl ConnectionTrait,
    kind: MailKind,
    user: UserId,
    since: Timestamp,
) -> Result<bool> {
    let is_good = Condition::any()
        .add(mail::Column::State.ne(MailState::Failed.name()))
        .add(mail::Column::NextAttemptAt.is_not_null());
    let count = mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind.name()))
        .filter(mail::Column::UserId.eq(user.0))
        .filter(mail::Column::CreatedAt.gt(since.0))
        .filter(is_good)
        .count(connection)
        .await?;
    Ok(count > 0)
}

/// Says whom a letter is for. What was typed is forgotten.
pub async fn known(tx: &Transaction, ctx: &Ctx, id: MailId, kind: MailKind, user: UserId) -> Result<()> {
    forget_waiting(tx, ctx, kind, user).await?;
    mail::Entity::update_many()
        .col_expr(mail::Column::UserId, Expr::value(user.0))
        .col_expr(mail::Column::Address, Expr::value(Option::<String>::None))
        .filter(mail::Column::Id.eq(id.0))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Takes a letter away that is for nobody.
pub async fn forget(tx: &Transaction, id: MailId) -> Result<()> {
    mail::Entity::delete_by_id(id.0).exec(&**tx).await?;
    Ok(())
}
