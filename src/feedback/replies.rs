//! Answers to visitors who left an address: written by those who triage, sent by mail or by their author, told in the time
//! line of the case and on the visitor's receipt.
//!
//! Decision (2026-11-22), what is kept of an answer. Context: an answer is written to one person, and may say something about
//! them; colleagues have to see what was answered if that person writes again. Redacting it as notes are redacted would take
//! out the telephone number of the very office that can help. Choice: the text stands in a table of its own, for those who
//! triage, and goes when the address goes: on its deletion date, or when the report is erased. No event has a word of it.
//! Consequence: what is left is that somebody was answered, by whom and when.
//!
//! Decision (2026-11-22), the receipt in an answer. Context: of the secret of a receipt only a digest is kept, so an answer
//! can't repeat it. Choice: the letter carries a secret of its own for the same receipt, made when it is written; the older
//! one stays good. Consequence: who has the answer can add something to the report without an account.

use entity::{case, report, report_contact, report_reply};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set, sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    events::{EventKind, NewEvent},
    kernel::{CaseId, Ctx, DocumentId, Error, Permission, ReportId, Result, Timestamp, Transaction},
    mail::{self, MailKind, NewMail, To},
    site,
};

use super::{cases, intake, notices, queries::Case, texts};

/// The longest answer, in characters.
pub const REPLY_LIMIT: usize = 5_000;

/// An answer that somebody has written.
#[derive(Clone)]
pub struct NewReply {
    pub report: ReportId,
    /// With placeholders, if it has any.
    pub text: String,
    /// Whether the program sends it.
    pub by_mail: bool,
}

/// An answer as those who triage see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    pub id: Uuid,
    pub report: ReportId,
    /// `None` once it has been deleted, with the address.
    pub text: Option<String>,
    pub author_name: String,
    pub created_at: Timestamp,
    pub by_mail: bool,
    pub sent_at: Option<Timestamp>,
}

/// A letter to a visitor, complete but for the address at which the receipt stands. It can't be printed.
#[derive(Clone)]
pub struct ReplyLetter {
    pub address: String,
    pub reference: String,
    /// With `{receipt}` where the address belongs.
    pub text: String,
    /// The secret of the receipt.
    pub receipt: String,
}

/// Answers the visitor of a report of this case. By mail it goes into the outbox; otherwise [`letter`] is what its author
/// sends.
///
/// # Errors
/// [`Error::Conflict`] `no-address` if the visitor left none, or it is past its deletion date; [`Error::Stale`] if the case
/// is no longer as it was seen.
pub async fn reply(ctx: &Ctx, id: CaseId, seen: i64, new: NewReply) -> Result<(Case, Uuid)> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let mut faults = Vec::new();
    let text = texts::clean(Some(&new.text), "/text", REPLY_LIMIT, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let text = text.ok_or_else(|| Error::invalid("/text", "missing-field", "The answer is empty."))?;
    let (tx, row) = cases::current(ctx, id, seen).await?;
    let found = report::Entity::find_by_id(new.report.0).filter(report::Column::CaseId.eq(id.0)).one(&*tx).await?;
    let found =
        found.ok_or_else(|| Error::invalid("/report", "reference-missing", "The report is not in this case."))?;
    address(&*tx, ctx, new.report).await?;
    let reply = ctx.new_id();
    let now = ctx.now().0;
    let written = report_reply::ActiveModel {
        id: Set(reply),
        report_id: Set(found.id),
        case_id: Set(id.0),
        text: Set(Some(text)),
        author_id: Set(ctx.actor.user.map(|user| user.0)),
        author_name: Set(ctx.actor.name.clone()),
        created_at: Set(now),
        by_mail: Set(new.by_mail),
        sent_at: Set(Some(now).filter(|_| !new.by_mail)),
        receipt_digest: Set(None),
        text_purged_at: Set(None),
    };
    report_reply::Entity::insert(written).exec_without_returning(&*tx).await?;
    if new.by_mail {
        let letter = NewMail { kind: MailKind::Reply, to: To::Visitor(new.report), about: Some(reply) };
        mail::queue(&tx, ctx, letter).await?;
    }
    let mut event = NewEvent::about(EventKind::ReplySent, "case", id)
        .with("number", row.number)
        .with("report", found.reference)
        .with("by_mail", new.by_mail);
    event.document = Some(DocumentId(row.document_id));
    let case = cases::finish(tx, ctx, row.into_active_model(), event).await?;
    Ok((case, reply))
}

/// The address of a report's visitor, if it may still be used.
async fn address(connection: &impl ConnectionTrait, ctx: &Ctx, report: ReportId) -> Result<String> {
    let row = report_contact::Entity::find_by_id(report.0)
        .filter(report_contact::Column::DeleteAfter.gt(ctx.now().0))
        .one(connection)
        .await?;
    let none = || Error::conflict("no-address", "The visitor left no address, or it has been deleted by now.");
    row.map(|row| row.email).ok_or_else(none)
}

/// The letter of an answer, with a secret for its receipt that was made just now.
///
/// # Errors
/// [`Error::Conflict`] `no-address` if the address has been deleted, and with it the text.
pub async fn letter(ctx: &Ctx, id: Uuid) -> Result<ReplyLetter> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let gone = || Error::conflict("no-address", "The answer and the address have been deleted.");
    let row = report_reply::Entity::find_by_id(id).one(&*tx).await?.ok_or_else(gone)?;
    let address = address(&*tx, ctx, ReportId(row.report_id)).await?;
    let text = row.text.clone().ok_or_else(gone)?;
    let found = report::Entity::find_by_id(row.report_id).one(&*tx).await?.ok_or_else(gone)?;
    let (text, receipt) = (filled(&*tx, &found, &text).await?, intake::secret(ctx));
    let mut changed = row.into_active_model();
    changed.receipt_digest = Set(Some(intake::digest(&receipt)));
    changed.update(&*tx).await?;
    tx.commit(()).await?;
    Ok(ReplyLetter { address, reference: found.reference, text, receipt })
}

/// A text with what its placeholders stand for, the receipt's address excepted: that is made when it is sent.
pub async fn fill(ctx: &Ctx, report: ReportId, text: &str) -> Result<String> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let snapshot = ctx.database.read().await?;
    match report::Entity::find_by_id(report.0).one(&*snapshot).await? {
        Some(found) => filled(&*snapshot, &found, text).await,
        None => Err(Error::not_found(format!("report with the id {report}"))),
    }
}

async fn filled(connection: &impl ConnectionTrait, report: &report::Model, text: &str) -> Result<String> {
    let title = notices::title(connection, report.page_id).await?;
    let settings = site::settings(connection).await?;
    Ok(text
        .replace("{page}", &title.unwrap_or_else(|| "the page".to_owned()))
        .replace("{reference}", &report.reference)
        .replace("{site}", &settings.site_name))
}

/// Notes that a mail server has taken an answer. Whoever is told twice changes nothing.
pub async fn note_sent(ctx: &Ctx, id: Uuid) -> Result<()> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    report_reply::Entity::update_many()
        .col_expr(report_reply::Column::SentAt, Expr::value(ctx.now().0))
        .filter(report_reply::Column::Id.eq(id))
        .filter(report_reply::Column::SentAt.is_null())
        .exec(&*tx)
        .await?;
    tx.commit(()).await
}

/// The answers to the reports of a case, newest first.
pub async fn replies(ctx: &Ctx, id: CaseId) -> Result<Vec<Reply>> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let snapshot = ctx.database.read().await?;
    if case::Entity::find_by_id(id.0).one(&*snapshot).await?.is_none() {
        return Err(Error::not_found(format!("case with the id {id}")));
    }
    let reports =
        report::Entity::find().select_only().column(report::Column::Id).filter(report::Column::CaseId.eq(id.0));
    let rows = report_reply::Entity::find()
        .filter(report_reply::Column::ReportId.in_subquery(reports.into_query()))
        .order_by_desc(report_reply::Column::CreatedAt)
        .order_by_desc(report_reply::Column::Id)
        .limit(100)
        .all(&*snapshot)
        .await?;
    let reply = |row: report_reply::Model| Reply {
        id: row.id,
        report: ReportId(row.report_id),
        text: row.text,
        author_name: row.author_name,
        created_at: Timestamp(row.created_at),
        by_mail: row.by_mail,
        sent_at: row.sent_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(reply).collect())
}

/// When the visitor of a report was answered last.
pub(super) async fn answered_at(connection: &impl ConnectionTrait, report: Uuid) -> Result<Option<Timestamp>> {
    let last: Option<Option<i64>> = report_reply::Entity::find()
        .select_only()
        .column_as(report_reply::Column::SentAt.max(), "last")
        .filter(report_reply::Column::ReportId.eq(report))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.flatten().map(Timestamp))
}

/// The digests of the receipts that answers to a report carried.
pub(super) async fn receipt_digests(connection: &impl ConnectionTrait, report: Uuid) -> Result<Vec<String>> {
    Ok(report_reply::Entity::find()
        .select_only()
        .column(report_reply::Column::ReceiptDigest)
        .filter(report_reply::Column::ReportId.eq(report))
        .filter(report_reply::Column::ReceiptDigest.is_not_null())
        .into_tuple()
        .all(connection)
        .await?)
}

/// Removes the text of answers whose address is gone or past its deletion date. Answers how many.
pub async fn tidy_replies(ctx: &Ctx) -> Result<usize> {
    ctx.authorise(Permission::FeedbackErase)?;
    let good = report_contact::Entity::find()
        .select_only()
        .column(report_contact::Column::ReportId)
        .filter(report_contact::Column::DeleteAfter.gt(ctx.now().0))
        .into_query();
    let old = Condition::all()
        .add(report_reply::Column::TextPurgedAt.is_null())
        .add(report_reply::Column::ReportId.not_in_subquery(good));
    let snapshot = ctx.database.read().await?;
    if report_reply::Entity::find().filter(old.clone()).one(&*snapshot).await?.is_none() {
        return Ok(0);
    }
    drop(snapshot);
    let tx = ctx.write().await?;
    let purged = purge(&tx, ctx, old).await?;
    tx.commit(usize::try_from(purged).unwrap_or(usize::MAX)).await
}

/// Forgets the texts of what was answered to a report.
pub(super) async fn forget(tx: &Transaction, ctx: &Ctx, report: Uuid) -> Result<()> {
    let kept = Condition::all()
        .add(report_reply::Column::TextPurgedAt.is_null())
        .add(report_reply::Column::ReportId.eq(report));
    purge(tx, ctx, kept).await.map(|_| ())
}

async fn purge(tx: &Transaction, ctx: &Ctx, which: Condition) -> Result<u64> {
    let purged = report_reply::Entity::update_many()
        .col_expr(report_reply::Column::Text, Expr::value(Option::<String>::None))
        .col_expr(report_reply::Column::TextPurgedAt, Expr::value(ctx.now().0))
        .filter(which)
        .exec(&**tx)
        .await?;
    Ok(purged.rows_affected)
}
