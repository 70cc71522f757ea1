//! Telling the owner of a page that somebody has reported something about it, and whom a note names of the note, if they
//! want to be told.
//!
//! Decision (2026-11-22), what such a letter says. Context: mail lies in mailboxes for years, on telephones, forwarded; a
//! report can hold what no pattern finds. Choice: the letter names the page and leads to the case, and has no word of the
//! report. A person is sent one in ten minutes at most, with the number of cases that wait. Consequence: a burst of reports
//! is a burst in the inbox only. A letter about a note follows the same rule: it names who wrote it and the number of the case,
//! whose title comes from a report.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, case_note, document, live_document, mention, preference};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::{
    kernel::{CaseId, Ctx, Error, Permission, Result, Timestamp, Transaction, UserId, few_lengths},
    mail::{self, MailKind, NewMail, To},
};

use super::lifecycle::CaseState;

/// For so long after one, another tells nothing new, in milliseconds.
const QUIET: i64 = 10 * Timestamp::MINUTE;
/// A letter that could not be sent for so long is none any more, in milliseconds.
const NEWS: i64 = Timestamp::DAY;
/// The name of the preference, as its own module writes it.
const AT_ONCE: &str = "at_once";

/// What a letter about a new case says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The title of the page.
    pub page: String,
    /// New cases about pages of this person.
    pub waiting: u64,
}

/// What a letter about a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionNotice {
    pub case: CaseId,
    /// Of the case.
    pub number: i64,
    /// Who wrote the note.
    pub by: String,
    /// Notes that name this person and that they have not read.
    pub waiting: u64,
}

/// Puts letters to those whom a note names into the outbox, within the transaction that writes it.
pub(super) async fn tell_named(tx: &Transaction, ctx: &Ctx, note: Uuid, named: &[UserId]) -> Result<()> {
    let since = ctx.now().plus(-QUIET);
    for user in named {
        let wants = preference::Entity::find_by_id(user.0)
            .filter(preference::Column::MentionsByMail.eq(AT_ONCE))
            .count(&**tx)
            .await?;
        if wants > 0 && !mail::is_recent(&**tx, MailKind::Mention, *user, since).await? {
            mail::queue(tx, ctx, NewMail { kind: MailKind::Mention, to: To::User(*user), about: Some(note) }).await?;
        }
    }
    Ok(())
}

/// What to tell a person about a note that names them.
///
/// # Errors
/// [`Error::Conflict`] if there is nothing to tell any more: they have read it, it is gone, or it is too long ago.
pub async fn mention_notice(ctx: &Ctx, note: Uuid, user: UserId) -> Result<MentionNotice> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let over = || Error::conflict("over", "They have read it by now, or it is too long ago.");
    let unread = || {
        mention::Entity::find()
            .filter(mention::Column::UserId.eq(user.0))
            .filter(mention::Column::SeenAt.is_null())
            .filter(mention::Column::At.gte(ctx.now().0 - NEWS))
    };
    let row = unread().filter(mention::Column::NoteId.eq(note)).one(&*snapshot).await?.ok_or_else(over)?;
    let case = case::Entity::find_by_id(row.case_id).one(&*snapshot).await?.ok_or_else(over)?;
    let written = case_note::Entity::find_by_id(note).one(&*snapshot).await?.ok_or_else(over)?;
    let waiting = unread().count(&*snapshot).await?;
    Ok(MentionNotice { case: CaseId(case.id), number: case.number, by: written.author_name, waiting })
}

/// The owners of documents who want to be told of new cases about them.
pub(super) async fn owners_to_tell(tx: &Transaction, documents: BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, UserId>> {
    let wanting = preference::Entity::find()
        .select_only()
        .column(preference::Column::UserId)
        .filter(preference::Column::ReportsByMail.eq(AT_ONCE));
    let owners: Vec<(Uuid, Uuid)> = document::Entity::find()
        .select_only()
        .columns([document::Column::Id, document::Column::OwnerId])
        .filter(document::Column::Id.is_in(few_lengths(documents)))
        .filter(document::Column::OwnerId.in_subquery(wanting.into_query()))
        .into_tuple()
        .all(&**tx)
        .await?;
    Ok(owners.into_iter().map(|(document, owner)| (document, UserId(owner))).collect())
}

/// Puts a letter to the owner of a document into the outbox, within the transaction that made or reopened the case.
pub(super) async fn tell_owner(tx: &Transaction, ctx: &Ctx, owner: UserId, case: Uuid) -> Result<()> {
    if !mail::is_recent(&**tx, MailKind::NewCase, owner, ctx.now().plus(-QUIET)).await? {
        mail::queue(tx, ctx, NewMail { kind: MailKind::NewCase, to: To::User(owner), about: Some(case) }).await?;
    }
    Ok(())
}

/// What to tell the owner of a page about a case.
///
/// # Errors
/// [`Error::Conflict`] if there is nothing to tell any more: somebody has looked after it, or it is too long ago.
pub async fn notice(ctx: &Ctx, id: CaseId, owner: UserId) -> Result<Notice> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let over = || Error::conflict("over", "Somebody has looked after it by now, or it is too long ago.");
    let row = case::Entity::find_by_id(id.0).one(&*snapshot).await?.ok_or_else(over)?;
    let is_news = row.state == CaseState::New.name() || row.regressed;
    if !is_news || row.last_report_at < ctx.now().0 - NEWS {
        return Err(over());
    }
    let owned = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OwnerId.eq(owner.0));
    let waiting = case::Entity::find()
        .filter(case::Column::State.eq(CaseState::New.name()))
        .filter(case::Column::DocumentId.in_subquery(owned.into_query()))
        .count(&*snapshot)
        .await?;
    let page = title(&*snapshot, row.document_id).await?.unwrap_or_else(|| "a page of yours".to_owned());
    Ok(Notice { page, waiting })
}

/// What people know a document by: as it was public last, else as it was saved last.
pub(super) async fn title(connection: &impl ConnectionTrait, document: Uuid) -> Result<Option<String>> {
    let live = live_document::Entity::find_by_id(document).one(connection).await?;
    if let Some(live) = live {
        return Ok(Some(live.title));
    }
    let row = document::Entity::find_by_id(document).one(connection).await?;
    Ok(row.map(|row| row.title))
}
