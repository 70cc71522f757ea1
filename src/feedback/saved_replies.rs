//! Answers that are kept to be used again: made, changed and removed by those who triage. They hold placeholders in the
//! place of what differs from report to report. It knows nothing of how an answer is sent.

use entity::saved_reply;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect, Set,
    sea_query::LockType,
};
use serde::{Deserialize, Serialize};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, Permission, Result, SavedReplyId, Transaction, revision},
};

use super::{replies::REPLY_LIMIT, texts};

/// The longest title, in characters.
pub const TITLE_LIMIT: usize = 100;
/// How many there can be.
const MOST: u64 = 200;

/// What stands in a saved answer in the place of something else, and what that is.
pub const PLACEHOLDERS: [(&str, &str); 4] = [
    ("{page}", "the title of the page"),
    ("{reference}", "the reference of the report"),
    ("{receipt}", "a link with which the visitor sees how far it is and can add something"),
    ("{site}", "the name of this site"),
];

/// An answer that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedReply {
    pub id: SavedReplyId,
    pub title: String,
    pub text: String,
    /// The next change names it.
    pub revision: String,
}

/// All of them, by title.
pub async fn list(ctx: &Ctx) -> Result<Vec<SavedReply>> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let snapshot = ctx.database.read().await?;
    let rows = saved_reply::Entity::find().order_by_asc(saved_reply::Column::CreatedAt).all(&*snapshot).await?;
    let mut all = rows.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| one.title.to_lowercase());
    Ok(all)
}

pub async fn get(ctx: &Ctx, id: SavedReplyId) -> Result<SavedReply> {
    ctx.authorise(Permission::FeedbackTriage)?;
    view(find(&*ctx.database.read().await?, id).await?)
}

/// Keeps an answer.
///
/// # Errors
/// [`Error::Invalid`] with every fault.
pub async fn add(ctx: &Ctx, title: &str, text: &str) -> Result<SavedReply> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let (title, text) = checked(title, text)?;
    let tx = ctx.write().await?;
    if saved_reply::Entity::find().count(&*tx).await? >= MOST {
        let detail = format!("There are {MOST} saved replies already; remove one that is no longer needed.");
        return Err(Error::conflict("too-many", detail));
    }
    let id = SavedReplyId(ctx.new_id());
    let row = saved_reply::ActiveModel {
        id: Set(id.0),
        title: Set(title),
        text: Set(text),
        created_at: Set(ctx.now().0),
        updated_at: Set(ctx.now().0),
    };
    saved_reply::Entity::insert(row).exec_without_returning(&*tx).await?;
    let made = view(find(&*tx, id).await?)?;
    events::append(&tx, ctx, NewEvent::about(EventKind::SavedReplyAdded, "saved_reply", id)).await?;
    tx.commit(made).await
}

/// Changes a kept answer. What changes nothing is no change.
///
/// # Errors
/// [`Error::Invalid`] with every fault; [`Error::Stale`] if it is no longer as it was seen.
pub async fn change(ctx: &Ctx, id: SavedReplyId, seen: &str, title: &str, text: &str) -> Result<SavedReply> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let (title, text) = checked(title, text)?;
    let tx = ctx.write().await?;
    let row = seen_row(&tx, id, seen).await?;
    if row.title == title && row.text == text {
        let same = view(row)?;
        return tx.commit(same).await;
    }
    let mut changed = row.into_active_model();
    changed.title = Set(title);
    changed.text = Set(text);
    changed.updated_at = Set(ctx.now().0);
    let changed = view(changed.update(&*tx).await?)?;
    events::append(&tx, ctx, NewEvent::about(EventKind::SavedReplyChanged, "saved_reply", id)).await?;
    tx.commit(changed).await
}

/// Removes a kept answer; what was sent with it stays as it is.
///
/// # Errors
/// [`Error::Stale`] if it is no longer as it was seen.
pub async fn remove(ctx: &Ctx, id: SavedReplyId, seen: &str) -> Result<()> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    seen_row(&tx, id, seen).await?;
    saved_reply::Entity::delete_by_id(id.0).exec(&*tx).await?;
    events::append(&tx, ctx, NewEvent::about(EventKind::SavedReplyRemoved, "saved_reply", id)).await?;
    tx.commit(()).await
}

fn checked(title: &str, text: &str) -> Result<(String, String)> {
    let mut faults = Vec::new();
    let title = texts::clean(Some(&texts::one_line(title)), "/title", TITLE_LIMIT, &mut faults);
    let text = texts::clean(Some(text), "/text", REPLY_LIMIT, &mut faults);
    if title.is_none() && !faults.iter().any(|fault| fault.pointer == "/title") {
        faults.push(Fault::new("/title", "missing-field", "Give it a title by which it is found again."));
    }
    if text.is_none() && !faults.iter().any(|fault| fault.pointer == "/text") {
        faults.push(Fault::new("/text", "missing-field", "The text is missing."));
    }
    match (title, text) {
        (Some(title), Some(text)) if faults.is_empty() => Ok((title, text)),
        _ => Err(Error::Invalid(faults)),
    }
}

async fn find(connection: &impl ConnectionTrait, id: SavedReplyId) -> Result<saved_reply::Model> {
    let row = saved_reply::Entity::find_by_id(id.0).one(connection).await?;
    row.ok_or_else(|| Error::not_found(format!("saved reply with the id {id}")))
}

/// The row as it was seen, kept from others until the transaction ends.
async fn seen_row(tx: &Transaction, id: SavedReplyId, seen: &str) -> Result<saved_reply::Model> {
    if tx.locks_rows() {
        saved_reply::Entity::find_by_id(id.0).lock(LockType::Update).one(&**tx).await?;
    }
    let row = find(&**tx, id).await?;
    let present = view(row.clone())?;
    if present.revision == seen { Ok(row) } else { Err(Error::stale(&present.revision, &present)) }
}

fn view(row: saved_reply::Model) -> Result<SavedReply> {
    let revision = revision(&(&row.title, &row.text))?;
    Ok(SavedReply { id: SavedReplyId(row.id), title: row.title, text: row.text, revision })
}
