//! Links for people without an account: each shows one version of one document, for a time, to whoever holds its secret.
//! It knows no addresses; a door puts the secret into one, and `published` composes what the holder sees.
//!
//! Decision (2026-11-22), the link is the permission. Context: people who are asked for their opinion have no account and
//! shall not need one. Choice: 256 random bits, of which only the digest is stored; a link names one version, so that what
//! is shown does not change under its reader, and it ends by itself. Consequence: whoever is sent the address can read that
//! version and nothing else, and making one needs the permission to write.
//!
//! Decision (2026-11-22): no backup carries them (`entity::MOMENTARY`). A restored link could be one that was revoked.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::preview_link;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        Ctx, DocumentId, Error, Permission, PreviewLinkId, Result, Snapshot, Timestamp, Transaction, UserId,
        VersionNumber,
    },
};

use super::{
    guard::{self, locked},
    kinds::Kind,
    queries::{self, Person, Rows},
};

/// Bytes of a secret.
const SECRET: usize = 32;
/// Links of one document that work at the same time.
pub const MOST_LINKS: u64 = 50;
/// Characters of the words that say whom a link is for.
pub const LINK_NOTE_LIMIT: usize = 200;
/// The longest that a link can work, in days.
pub const LONGEST_LINK: i64 = 90;

named! {
    /// Which versions of embedded requirement sections a link shows.
    LinkEmbeds {
        /// Their drafts, or what is shown of those without.
        Drafts = "drafts",
        /// What the public reads.
        Live = "live",
    }
}

/// What a new link is to show, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPreviewLink {
    pub version: VersionNumber,
    pub embedded: LinkEmbeds,
    pub days: i64,
    pub note: Option<String>,
}

/// A link as it stands in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLink {
    pub id: PreviewLinkId,
    pub version: VersionNumber,
    pub embedded: LinkEmbeds,
    pub note: Option<String>,
    pub created_at: Timestamp,
    pub created_by: Person,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// A link that has just been made. Neither printable nor serialisable: the secret goes to whoever made it and nowhere else.
#[derive(Clone)]
pub struct MadePreviewLink {
    pub link: PreviewLink,
    pub secret: String,
}

/// What the holder of a secret may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    pub kind: Kind,
    pub document: DocumentId,
    pub version: VersionNumber,
    pub embedded: LinkEmbeds,
    pub expires_at: Timestamp,
}

impl PreviewLink {
    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Makes a link.
///
/// # Errors
/// [`Error::Invalid`] for a time or a version that can't be; [`Error::Conflict`] `in-trash` or `too-many-links`.
pub async fn make_preview_link(ctx: &Ctx, kind: Kind, id: DocumentId, new: NewPreviewLink) -> Result<MadePreviewLink> {
    ctx.authorise(Permission::ContentWrite)?;
    if !(1..=LONGEST_LINK).contains(&new.days) {
        let detail = format!("A link works for 1 to {LONGEST_LINK} days.");
        return Err(Error::invalid("/days", "out-of-range", detail));
    }
    if new.note.as_ref().is_some_and(|note| note.chars().count() > LINK_NOTE_LIMIT) {
        let detail = format!("At most {LINK_NOTE_LIMIT} characters are possible.");
        return Err(Error::invalid("/note", "too-long", detail));
    }
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    if rows.document.trashed_at.is_some() {
        return Err(Error::conflict("in-trash", "The document is in the trash; take it out first."));
    }
    if queries::version_row(&*tx, id, new.version).await.is_err() {
        return Err(Error::invalid("/version", "reference-missing", "There is no such version."));
    }
    let now = ctx.now();
    let working = preview_link::Entity::find()
        .filter(preview_link::Column::DocumentId.eq(id.0))
        .filter(preview_link::Column::RevokedAt.is_null())
        .filter(preview_link::Column::ExpiresAt.gt(now.0))
        .count(&*tx)
        .await?;
    if working >= MOST_LINKS {
        let detail = format!("{MOST_LINKS} links of this document work already; revoke one first.");
        return Err(Error::conflict("too-many-links", detail));
    }
    let mut bytes = [0; SECRET];
    ctx.chance.fill(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let row = preview_link::Model {
        id: ctx.new_id(),
        digest: digest(&secret),
        document_id: id.0,
        version: new.version.0,
        embedded: new.embedded.name().to_owned(),
        note: new.note,
        created_at: now.0,
        created_by: ctx.actor.user.map(|user| user.0),
        created_by_name: ctx.actor.name.clone(),
        expires_at: now.plus(new.days.saturating_mul(Timestamp::DAY)).0,
        revoked_at: None,
    };
    guard::keep(&tx, id, new.version).await?;
    preview_link::Entity::insert(row.clone().into_active_model()).exec_without_returning(&*tx).await?;
    let event = NewEvent::about_document(EventKind::PreviewLinkMade, id)
        .with("link", row.id.to_string())
        .with("version", new.version.0)
        .with("expires_at", Timestamp(row.expires_at).to_string());
    events::append(&tx, ctx, event).await?;
    let link = tx.commit(link_of(row)?).await?;
    Ok(MadePreviewLink { link, secret })
}

/// The links of a document, newest first; those that have ended, too.
pub async fn preview_links(ctx: &Ctx, kind: Kind, id: DocumentId) -> Result<Vec<PreviewLink>> {
    ctx.authorise(Permission::ContentWrite)?;
    let snapshot = ctx.database.read().await?;
    queries::existing(&*snapshot, kind, id).await?;
    let rows = preview_link::Entity::find()
        .filter(preview_link::Column::DocumentId.eq(id.0))
        .order_by_desc(preview_link::Column::CreatedAt)
        .order_by_desc(preview_link::Column::Id)
        .all(&*snapshot)
        .await?;
    rows.into_iter().map(link_of).collect()
}

/// Ends a link at once. One that has ended already stays as it is.
pub async fn revoke_preview_link(ctx: &Ctx, kind: Kind, id: DocumentId, link: PreviewLinkId) -> Result<()> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    locked(&tx, kind, id).await?;
    let row = preview_link::Entity::find_by_id(link.0).one(&*tx).await?.filter(|row| row.document_id == id.0);
    let row = row.ok_or_else(|| Error::not_found("such link"))?;
    if !link_of(row.clone())?.works(ctx.now()) {
        return Ok(());
    }
    let version = row.version;
    let mut row = row.into_active_model();
    row.revoked_at = Set(Some(ctx.now().0));
    row.update(&*tx).await?;
    let event = NewEvent::about_document(EventKind::PreviewLinkRevoked, id)
        .with("link", link.to_string())
        .with("version", version);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// What the holder of a secret may see; `None` for one that was never given out, has ended, or whose document is in the
/// trash. `snapshot` is the one in which it is composed, so that it ends for all of it or for nothing.
pub async fn linked(snapshot: &Snapshot, now: Timestamp, secret: &str) -> Result<Option<Linked>> {
    if secret.len() > 100 {
        return Ok(None);
    }
    let row = preview_link::Entity::find().filter(preview_link::Column::Digest.eq(digest(secret))).one(&**snapshot);
    let Some(row) = row.await? else { return Ok(None) };
    let document = DocumentId(row.document_id);
    let link = link_of(row)?;
    if !link.works(now) {
        return Ok(None);
    }
    let Some(rows) = Rows::find(&**snapshot, document).await?.filter(|rows| rows.document.trashed_at.is_none()) else {
        return Ok(None);
    };
    Ok(Some(Linked {
        kind: rows.kind()?,
        document,
        version: link.version,
        embedded: link.embedded,
        expires_at: link.expires_at,
    }))
}

/// Removes the links of a document that is purged.
pub(super) async fn forget_links(tx: &Transaction, id: DocumentId) -> Result<()> {
    preview_link::Entity::delete_many().filter(preview_link::Column::DocumentId.eq(id.0)).exec(&**tx).await?;
    Ok(())
}

fn link_of(row: preview_link::Model) -> Result<PreviewLink> {
    Ok(PreviewLink {
        id: PreviewLinkId(row.id),
        version: VersionNumber(row.version),
        embedded: LinkEmbeds::from_name(&row.embedded).ok_or_else(|| Error::bug("a link that embeds the unknown"))?,
        note: row.note,
        created_at: Timestamp(row.created_at),
        created_by: Person { id: row.created_by.map(UserId), name: row.created_by_name },
        expires_at: Timestamp(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp),
    })
}

/// SHA-256 in hexadecimal. A slow hash would add nothing: 256 random bits can't be guessed.
fn digest(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
