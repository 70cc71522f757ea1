//! Commands on the library: add, change, replace, delete. Pixels are `image/`, files are `store.rs`.
//!
//! Decision (2026-11-22): a file is named after its image and its width. An image never gets other bytes (replacing it
//! makes another image), so its addresses are immutable, and a file belongs to one image only, which can be deleted
//! without counting who else needs the file. The upload itself is not kept: it carries metadata, such as where a photo
//! was taken.
//!
//! Decision (2026-11-22): the same upload again is another image. Words, credit, focal point and whether it is public
//! belong to the image, and giving back the first would drop what was typed with the second. The list can be asked for
//! a hash, so that a door can point at the one that is there.
//!
//! Decision (2026-11-22): files first, rows after them in one transaction. A crash between the two leaves files that no
//! row names: nobody can ask for them, and the stocktake lists them. They are not removed when the transaction fails,
//! since a commit whose answer got lost may have been made.
//!
//! Decision (2026-11-22): whoever changes or deletes a row of `media` takes the publication lock first, because
//! publishing marks images as public while it holds that lock and the counter.

use bytes::Bytes;
use entity::{media, rendition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Fault, MediaId, Permission, Result, Stale, Transaction, VersionNumber},
    site,
};

use super::{
    image::{self, ImageFault, Processed},
    input::{MediaChange, NewImage, Words},
    listing::{self, Listing},
    queries::{self, Media},
    store::{MediaKey, Store},
    uses::{self, Use},
};

/// Images are processed one after the other: a large one needs some 0.6 GB of memory. The limit is that of the machine,
/// so it holds for the whole process.
static PROCESSING: Semaphore = Semaphore::const_new(1);

/// Adds an image to the library.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Invalid`] at `/file` with the code of what is wrong with the image.
pub async fn add(ctx: &Ctx, store: &Store, new: NewImage) -> Result<Media> {
    ctx.authorise(Permission::MediaWrite)?;
    let prepared = prepare(ctx, store, new).await?;
    let tx = ctx.write().await?;
    let event = prepared.event();
    let id = insert(&tx, prepared).await?;
    events::append(&tx, ctx, event).await?;
    let media = queries::load(&*tx, id).await?;
    tx.commit(media).await
}

/// Changes what is said about an image. The words are suggestions for later uses, so no document changes with them; the
/// focal point stands in the JSON of every live document that shows the image. What changes nothing is no change.
///
/// # Errors
/// [`Error::Stale`] if the image is no longer as it was seen.
pub async fn change(ctx: &Ctx, id: MediaId, seen: VersionNumber, change: MediaChange) -> Result<Media> {
    ctx.authorise(Permission::MediaWrite)?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let before = current(&*tx, id, seen).await?;
    let words = before.words().with(change).checked()?;
    let differences = words.differences(&before.words());
    if differences.is_empty() {
        return tx.commit(before).await;
    }
    let row = media::ActiveModel {
        filename: Set(words.filename),
        alt: Set(words.alt),
        caption: Set(words.caption),
        credit: Set(words.credit),
        focal_x: Set(words.focal_point.map(|point| point.x)),
        focal_y: Set(words.focal_point.map(|point| point.y)),
        ..Default::default()
    };
    write(&tx, &before, row).await?;
    let affected = match before.public && differences.contains(&"focal_point") {
        true => uses::shown_in(&*tx, id).await?,
        false => Vec::new(),
    };
    let event = NewEvent::about(EventKind::MediaChanged, "media", id).with("fields", differences);
    let event = if affected.is_empty() { event } else { event.public(affected.clone()) };
    let stamp = events::next_stamp(&tx, ctx).await?;
    uses::mark_changed(&tx, &affected, stamp).await?;
    events::record(&tx, ctx, stamp, event).await?;
    let media = queries::load(&*tx, id).await?;
    tx.commit(media).await
}

/// The image that was made of these very bytes, if the library has one: the latest of several.
pub async fn already_there(ctx: &Ctx, bytes: &[u8]) -> Result<Option<Media>> {
    let listing = Listing { sha256: Some(image::digest(bytes)), limit: 1, ..Listing::default() };
    Ok(listing::list(ctx, &listing).await?.rows.pop())
}

/// What a replacement made, and who still shows the old image.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replaced {
    pub media: Media,
    /// The documents that use the old image. Each gets a draft with the new one, made by whoever called: drafts are
    /// content's, and an image changes nothing that is published.
    pub uses: Vec<Use>,
}

/// Adds an image in place of another. The old one stays as it is, wherever it is used, and points to the new one.
///
/// # Errors
/// Those of [`add`]; [`Error::Stale`] if the old image is no longer as it was seen; [`Error::Conflict`]
/// `already-replaced`.
pub async fn replace(ctx: &Ctx, store: &Store, id: MediaId, seen: VersionNumber, new: NewImage) -> Result<Replaced> {
    ctx.authorise(Permission::MediaWrite)?;
    // Before the work; whether it still holds is looked at again below.
    refuse_replaced(&current(&*ctx.database.read().await?, id, seen).await?)?;
    let prepared = prepare(ctx, store, new).await?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let old = current(&*tx, id, seen).await?;
    refuse_replaced(&old)?;
    let added = prepared.event().with("replaces", id.to_string());
    let replacement = insert(&tx, prepared).await?;
    let row = media::ActiveModel { replaced_by: Set(Some(replacement.0)), ..Default::default() };
    write(&tx, &old, row).await?;
    let uses = uses::of(&*tx, id).await?;
    events::append(&tx, ctx, added).await?;
    let changed = NewEvent::about(EventKind::MediaChanged, "media", id).with("replaced_by", replacement.to_string());
    events::append(&tx, ctx, changed).await?;
    let media = queries::load(&*tx, replacement).await?;
    tx.commit(Replaced { media, uses }).await
}

/// Deletes an image that nothing uses and no publication ever used, and then its files. Publications that were purged
/// with their document don't count: what they showed can't be read again.
///
/// # Errors
/// [`Error::Stale`]; [`Error::Conflict`] `was-public`, or `still-used` with the documents.
pub async fn delete(ctx: &Ctx, store: &Store, id: MediaId, seen: VersionNumber) -> Result<()> {
    ctx.authorise(Permission::MediaWrite)?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let media = current(&*tx, id, seen).await?;
    kept(&media, &uses::of(&*tx, id).await?)?;
    media::Entity::update_many()
        .col_expr(media::Column::ReplacedBy, Expr::value(Option::<uuid::Uuid>::None))
        .col_expr(media::Column::RowVersion, Expr::col(media::Column::RowVersion).add(1))
        .filter(media::Column::ReplacedBy.eq(id.0))
        .exec(&*tx)
        .await?;
    rendition::Entity::delete_many().filter(rendition::Column::MediaId.eq(id.0)).exec(&*tx).await?;
    media::Entity::delete_by_id(id.0).exec(&*tx).await?;
    site::forget_sample(&tx, id).await?;
    let event = NewEvent::about(EventKind::MediaDeleted, "media", id).with("filename", media.filename);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await?;
    for file in media.renditions {
        if let Ok(key) = MediaKey::new(file.key)
            && let Err(fault) = store.delete(&key).await
        {
            tracing::warn!(%key, %fault, "a file of a deleted image stays in the store");
        }
    }
    Ok(())
}

/// Whether an image could be deleted, as far as its uses go; pages ask before they offer it.
///
/// # Errors
/// [`Error::Conflict`] `was-public`, or `still-used` with the documents.
pub fn kept(media: &Media, uses: &[Use]) -> Result<()> {
    if media.public {
        let detail = "A publication has used this image, so it is kept: what the public saw then can be read again.";
        return Err(Error::conflict("was-public", detail));
    }
    refuse_used(uses)
}

/// An image whose files are in the store and whose rows are not in the tables yet.
struct Prepared {
    media: media::ActiveModel,
    renditions: Vec<rendition::ActiveModel>,
    id: MediaId,
    filename: String,
}

impl Prepared {
    fn event(&self) -> NewEvent {
        NewEvent::about(EventKind::MediaAdded, "media", self.id).with("filename", self.filename.clone())
    }
}

/// Does all the work of an upload that needs no transaction: checks the words, makes the files and stores them.
async fn prepare(ctx: &Ctx, store: &Store, new: NewImage) -> Result<Prepared> {
    let NewImage { filename, bytes, alt, caption, credit, focal_point } = new;
    let words = Words { filename, alt, caption, credit, focal_point }.checked()?;
    let size = i64::try_from(bytes.len()).map_err(Error::bug)?;
    let processed = process(bytes).await?;
    let id = MediaId(ctx.new_id());
    let renditions = put(store, id, processed.renditions).await?;
    let media = media::ActiveModel {
        id: Set(id.0),
        filename: Set(words.filename.clone()),
        media_type: Set(processed.media_type.as_str().to_owned()),
        bytes: Set(size),
        width: Set(pixels(processed.width)?),
        height: Set(pixels(processed.height)?),
        sha256: Set(processed.sha256),
        alt: Set(words.alt),
        caption: Set(words.caption),
        credit: Set(words.credit),
        focal_x: Set(words.focal_point.map(|point| point.x)),
        focal_y: Set(words.focal_point.map(|point| point.y)),
        replaced_by: Set(None),
        public_since: Set(None),
        row_version: Set(1),
        created_at: Set(ctx.now().0),
        created_by: Set(ctx.actor.user.map(|user| user.0)),
        created_by_name: Set(ctx.actor.name.clone()),
    };
    Ok(Prepared { media, renditions, id, filename: words.filename })
}

async fn process(bytes: Bytes) -> Result<Processed> {
    // What is refused for its size needn't wait for its turn.
    if bytes.len() > image::MAX_BYTES {
        return Err(Error::TooLarge { limit: image::MAX_BYTES });
    }
    let turn = PROCESSING.acquire().await.map_err(Error::bug)?;
    let processed = tokio::task::spawn_blocking(move || {
        // The turn ends with the work, also when nobody waits for it any more.
        let _turn = turn;
        image::process(&bytes)
    });
    match processed.await.map_err(Error::bug)? {
        Ok(processed) => Ok(processed),
        Err(ImageFault::TooLarge) => Err(Error::TooLarge { limit: image::MAX_BYTES }),
        Err(fault) => Err(Error::invalid("/file", fault.code(), fault.to_string())),
    }
}

/// Stores the files of an image; the rows that will name them.
async fn put(store: &Store, id: MediaId, files: Vec<image::Rendition>) -> Result<Vec<rendition::ActiveModel>> {
    let mut rows = Vec::with_capacity(files.len());
    for file in files {
        let key = format!("{}-{}.{}", id.0.simple(), file.width, file.extension);
        let key = MediaKey::new(key).map_err(Error::bug)?;
        let sha256 = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        rows.push(rendition::ActiveModel {
            key: Set(key.to_string()),
            media_id: Set(id.0),
            width: Set(pixels(file.width)?),
            height: Set(pixels(file.height)?),
            media_type: Set(file.media_type.as_str().to_owned()),
            bytes: Set(i64::try_from(file.bytes.len()).map_err(Error::bug)?),
            sha256: Set(sha256),
        });
        store.put(&key, file.bytes.into()).await.map_err(queries::away)?;
    }
    Ok(rows)
}

async fn insert(tx: &Transaction, prepared: Prepared) -> Result<MediaId> {
    media::Entity::insert(prepared.media).exec_without_returning(&**tx).await?;
    rendition::Entity::insert_many(prepared.renditions).exec_without_returning(&**tx).await?;
    Ok(prepared.id)
}

/// The image, if it is still as it was seen.
async fn current(connection: &impl ConnectionTrait, id: MediaId, seen: VersionNumber) -> Result<Media> {
    let media = queries::load(connection, id).await?;
    if media.version == seen { Ok(media) } else { Err(stale(&media)?) }
}

/// Writes what changed of an image, if nobody wrote since it was read.
async fn write(tx: &Transaction, before: &Media, row: media::ActiveModel) -> Result<()> {
    let number = i64::from(before.version.0);
    let written = media::Entity::update_many()
        .set(media::ActiveModel { row_version: Set(number + 1), ..row })
        .filter(media::Column::Id.eq(before.id.0))
        .filter(media::Column::RowVersion.eq(number))
        .exec(&**tx)
        .await?;
    if written.rows_affected == 1 { Ok(()) } else { Err(stale(before)?) }
}

fn stale(current: &Media) -> Result<Error> {
    Ok(Error::Stale(Box::new(Stale {
        version: Some(current.version.0),
        current: Some(serde_json::to_value(current)?),
        ..Stale::default()
    })))
}

fn refuse_replaced(media: &Media) -> Result<()> {
    match media.replaced_by {
        None => Ok(()),
        Some(by) => {
            let detail = format!("The image has been replaced already, by {by}; replace that one.");
            Err(Error::conflict("already-replaced", detail))
        }
    }
}

fn refuse_used(uses: &[Use]) -> Result<()> {
    if uses.is_empty() {
        return Ok(());
    }
    let faults =
        uses.iter().map(|one| Fault::new("", "uses-it", format!("“{}” ({}) uses it.", one.title, one.id))).collect();
    let detail = match uses.len() {
        1 => "A document uses this image; take it out of it first.".to_owned(),
        count => format!("{count} documents use this image; take it out of them first."),
    };
    Err(Error::Conflict { code: "still-used", detail, faults })
}

fn pixels(number: u32) -> Result<i32> {
    i32::try_from(number).map_err(Error::bug)
}
