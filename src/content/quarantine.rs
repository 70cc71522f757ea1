//! Texts that an editor sent and that could not be taken as they came, kept exactly as they were sent. Why they could not
//! is known to [`super::markdown::editor`]; here they are kept, shown to administrators, and deleted by them.
//!
//! Decision (2026-11-22): a quarantined text stays until somebody deletes it. Context: each is a fault of ours or a damaged
//! transfer of somebody's work, and there should be none. Consequence: no clock removes them; they are in backups, and go
//! with their document when that is purged.

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, quarantined_text, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Permission, Result, Timestamp, Transaction, UserId},
};

use super::{guard::locked, kinds::Kind, markdown::editor::Refusal, queries::Person};

named! {
    /// What is wrong with a quarantined text.
    Damage {
        /// Its words are not those that the browser counted.
        Changed = "changed",
        Unreadable = "unreadable",
        TooLarge = "too-large",
    }
}

impl From<&Refusal> for Damage {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Changed { .. } => Self::Changed,
            Refusal::Unreadable => Self::Unreadable,
            Refusal::TooLarge => Self::TooLarge,
        }
    }
}

/// A text that is to be kept.
#[derive(Clone, Debug)]
pub struct DamagedText {
    /// JSON pointer of the field in what was sent.
    pub pointer: String,
    /// The same place in words.
    pub label: String,
    pub damage: Damage,
    /// The editor's JSON.
    pub sent: String,
    /// The digest that came with it.
    pub sum: String,
}

/// A text that is kept.
#[derive(Clone, Debug)]
pub struct QuarantinedText {
    pub id: Uuid,
    pub document: DocumentId,
    pub kind: Kind,
    pub title: String,
    /// Who had written it.
    pub person: Person,
    pub text: DamagedText,
    pub at: Timestamp,
}

/// Keeps texts that a person sent for a document, in a transaction of their own: the save that they came with is refused.
///
/// # Errors
/// [`Error::NotFound`] if there is no such document.
pub async fn quarantine(ctx: &Ctx, kind: Kind, id: DocumentId, texts: &[DamagedText]) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let person = ctx.actor.user.ok_or_else(|| Error::bug("a text was quarantined that no person had written"))?;
    let tx = ctx.write().await?;
    locked(&tx, kind, id).await?;
    let mut events = Vec::new();
    for text in texts {
        let row = quarantined_text::ActiveModel {
            id: Set(ctx.new_id()),
            document_id: Set(id.0),
            user_id: Set(person.0),
            pointer: Set(storable(&text.pointer)),
            label: Set(storable(&text.label)),
            reason: Set(text.damage.name().to_owned()),
            sent: Set(storable(&text.sent)),
            sum: Set(storable(&text.sum)),
            created_at: Set(ctx.now().0),
        };
        quarantined_text::Entity::insert(row).exec_without_returning(&*tx).await?;
        let event = NewEvent::about_document(EventKind::TextQuarantined, id)
            .with("label", text.label.clone())
            .with("reason", text.damage.name());
        events.push(event);
    }
    for event in events {
        events::append(&tx, ctx, event).await?;
    }
    tx.commit(()).await
}

/// PostgreSQL keeps no character zero; JSON writes it in six others.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Deletes a quarantined text for good.
pub async fn delete_quarantined_text(ctx: &Ctx, id: Uuid) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    let row = find(&*tx, id).await?;
    quarantined_text::Entity::delete_by_id(id).exec(&*tx).await?;
    let event = NewEvent::about_document(EventKind::QuarantinedTextDeleted, DocumentId(row.document_id))
        .with("label", row.label);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// The texts of a document that is purged go with it.
pub(super) async fn forget(tx: &Transaction, id: DocumentId) -> Result<()> {
    quarantined_text::Entity::delete_many().filter(quarantined_text::Column::DocumentId.eq(id.0)).exec(&**tx).await?;
    Ok(())
}

/// Quarantined texts, newest first, older than `before`; and how many there are in all.
pub async fn quarantined_texts(ctx: &Ctx, before: Option<Uuid>, limit: u64) -> Result<(Vec<QuarantinedText>, u64)> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let total = quarantined_text::Entity::find().count(&*snapshot).await?;
    // Ids grow with time.
    let mut query = quarantined_text::Entity::find().order_by_desc(quarantined_text::Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(quarantined_text::Column::Id.lt(before));
    }
    let rows = query.all(&*snapshot).await?;
    Ok((dressed(&*snapshot, rows).await?, total))
}

/// One of them.
pub async fn quarantined_text(ctx: &Ctx, id: Uuid) -> Result<QuarantinedText> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let row = find(&*snapshot, id).await?;
    let found = dressed(&*snapshot, vec![row]).await?.into_iter().next();
    found.ok_or_else(|| Error::bug("a quarantined text has no document"))
}

async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<quarantined_text::Model> {
    let row = quarantined_text::Entity::find_by_id(id).one(connection).await?;
    row.ok_or_else(|| Error::not_found(format!("quarantined text with the id {id}")))
}

/// With the names of people and documents.
async fn dressed(
    connection: &impl ConnectionTrait,
    rows: Vec<quarantined_text::Model>,
) -> Result<Vec<QuarantinedText>> {
    let people: BTreeSet<Uuid> = rows.iter().map(|row| row.user_id).collect();
    let people = user::Entity::find().filter(user::Column::Id.is_in(people)).all(connection).await?;
    let people: BTreeMap<Uuid, String> = people.into_iter().map(|row| (row.id, row.name)).collect();
    let documents: BTreeSet<Uuid> = rows.iter().map(|row| row.document_id).collect();
    let documents = document::Entity::find().filter(document::Column::Id.is_in(documents)).all(connection).await?;
    let documents: BTreeMap<Uuid, document::Model> = documents.into_iter().map(|row| (row.id, row)).collect();
    let texts = rows.into_iter().filter_map(|row| {
        let document = documents.get(&row.document_id)?;
        let name = people.get(&row.user_id).cloned().unwrap_or_default();
        Some(QuarantinedText {
            id: row.id,
            document: DocumentId(row.document_id),
            kind: Kind::from_name(&document.kind)?,
            title: document.title.clone(),
            person: Person { id: Some(UserId(row.user_id)), name },
            text: DamagedText {
                pointer: row.pointer,
                label: row.label,
                damage: Damage::from_name(&row.reason)?,
                sent: row.sent,
                sum: row.sum,
            },
            at: Timestamp(row.created_at),
        })
    });
    Ok(texts.collect())
}
