//! What can be asked about images: one, several, a file, and whether store and tables agree. Pages of the library are
//! `listing.rs`. It changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use entity::{media, rendition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::{Ctx, Error, MediaId, Permission, Result, Timestamp, UserId, VersionNumber};

use super::{
    input::{FocalPoint, Words},
    store::{MediaKey, Store, StoreFault},
};

/// An image of the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    pub id: MediaId,
    pub filename: String,
    /// Of what was uploaded, like the bytes, the size and the hash.
    pub media_type: String,
    pub bytes: i64,
    /// Upright, in pixels.
    pub width: u32,
    pub height: u32,
    /// In hexadecimal.
    pub sha256: String,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub focal_point: Option<FocalPoint>,
    pub replaced_by: Option<MediaId>,
    /// Whether a publication has ever used it.
    pub public: bool,
    /// WebP from narrow to wide, then one for browsers without it.
    pub renditions: Vec<Rendition>,
    pub created_at: Timestamp,
    pub created_by: Person,
    /// Counts the changes; the next change names it.
    pub version: VersionNumber,
}

/// One file of an image. Its address is made of the key; the bytes behind a key never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    pub key: String,
    pub width: u32,
    pub height: u32,
    #[serde(rename = "type")]
    pub media_type: String,
    pub bytes: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `None` for the program itself and for people of another system.
    pub id: Option<UserId>,
    pub name: String,
}

impl Media {
    pub(super) fn words(&self) -> Words {
        Words {
            filename: self.filename.clone(),
            alt: self.alt.clone(),
            caption: self.caption.clone(),
            credit: self.credit.clone(),
            focal_point: self.focal_point,
        }
    }
}

/// One image.
pub async fn get(ctx: &Ctx, id: MediaId) -> Result<Media> {
    ctx.authorise(Permission::ContentRead)?;
    load(&*ctx.database.read().await?, id).await
}

/// These images, as far as they are there, in the order asked for.
pub async fn several(ctx: &Ctx, ids: &[MediaId]) -> Result<Vec<Media>> {
    ctx.authorise(Permission::ContentRead)?;
    let mut found = by_ids(&*ctx.database.read().await?, &ids.iter().copied().collect()).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// These images, as far as they are there. Asks for no permission; for the program itself.
pub async fn by_ids(connection: &impl ConnectionTrait, ids: &BTreeSet<MediaId>) -> Result<BTreeMap<MediaId, Media>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let rows = media::Entity::find().filter(media::Column::Id.is_in(chunk.iter().copied())).all(connection).await?;
        found.extend(views(connection, rows).await?.into_iter().map(|media| (media.id, media)));
    }
    Ok(found)
}

/// A file that may be sent.
#[derive(Clone, Debug)]
pub struct File {
    pub bytes: Bytes,
    pub media_type: String,
    /// Of these bytes, in hexadecimal.
    pub sha256: String,
}

/// The file under a key; with `public_only`, only if a publication has used its image.
///
/// # Errors
/// [`Error::Unavailable`] if the store can't be read; [`Error::Bug`] if it has lost the file.
pub async fn file(
    store: &Store,
    connection: &impl ConnectionTrait,
    key: &str,
    public_only: bool,
) -> Result<Option<File>> {
    let Ok(key) = MediaKey::new(key) else { return Ok(None) };
    let Some(row) = rendition::Entity::find_by_id(key.as_str()).one(connection).await? else { return Ok(None) };
    if public_only {
        let image = media::Entity::find_by_id(row.media_id).one(connection).await?;
        if image.is_none_or(|image| image.public_since.is_none()) {
            return Ok(None);
        }
    }
    match store.get(&key).await.map_err(away)? {
        Some(bytes) => Ok(Some(File { bytes, media_type: row.media_type, sha256: row.sha256 })),
        None => Err(Error::bug(format!("the media store has lost {key}"))),
    }
}

/// Where store and tables differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stocktake {
    /// Files that no image owns, with their sizes in bytes. Uploads that are under way are among them; what stays is left
    /// over from a crash and takes up space only.
    pub orphaned: Vec<(MediaKey, u64)>,
    /// Keys of files that should be there.
    pub missing: Vec<String>,
}

/// Compares the store with the tables.
pub async fn stocktake(store: &Store, connection: &impl ConnectionTrait) -> Result<Stocktake> {
    let mut owned: BTreeSet<String> = rendition::Entity::find()
        .select_only()
        .column(rendition::Column::Key)
        .into_tuple::<String>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let mut files = store.list().await.map_err(away)?;
    files.retain(|(key, _)| !owned.remove(key.as_str()));
    Ok(Stocktake { orphaned: files, missing: owned.into_iter().collect() })
}

/// The store is away; why stands in the log, since it names paths.
pub(super) fn away(fault: StoreFault) -> Error {
    let source = std::error::Error::source(&fault).map(ToString::to_string);
    tracing::error!(%fault, source, "the media store failed");
    Error::Unavailable("the media store is away".to_owned())
}

pub(super) async fn load(connection: &impl ConnectionTrait, id: MediaId) -> Result<Media> {
    let row = media::Entity::find_by_id(id.0).one(connection).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("image with the id {id}")))?;
    views(connection, vec![row]).await?.pop().ok_or_else(|| Error::bug("an image without a view"))
}

pub(super) async fn views(connection: &impl ConnectionTrait, rows: Vec<media::Model>) -> Result<Vec<Media>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut files: BTreeMap<Uuid, Vec<rendition::Model>> = BTreeMap::new();
    for row in rendition::Entity::find().filter(rendition::Column::MediaId.is_in(ids)).all(connection).await? {
        files.entry(row.media_id).or_default().push(row);
    }
    rows.into_iter().map(|row| view(files.remove(&row.id).unwrap_or_default(), row)).collect()
}

fn view(mut files: Vec<rendition::Model>, row: media::Model) -> Result<Media> {
    files.sort_by_cached_key(|file| (file.media_type != "image/webp", file.width, file.key.clone()));
    let renditions = files.into_iter().map(|file| {
        Ok(Rendition {
            key: file.key,
            width: pixels(file.width)?,
            height: pixels(file.height)?,
            media_type: file.media_type,
            bytes: file.bytes,
        })
    });
    Ok(Media {
        id: MediaId(row.id),
        filename: row.filename,
        media_type: row.media_type,
        bytes: row.bytes,
        width: pixels(row.width)?,
        height: pixels(row.height)?,
        sha256: row.sha256,
        alt: row.alt,
        caption: row.caption,
        credit: row.credit,
        focal_point: row.focal_x.zip(row.focal_y).map(|(x, y)| FocalPoint { x, y }),
        replaced_by: row.replaced_by.map(MediaId),
        public: row.public_since.is_some(),
        renditions: renditions.collect::<Result<_>>()?,
        created_at: Timestamp(row.created_at),
        created_by: Person { id: row.created_by.map(UserId), name: row.created_by_name },
        version: VersionNumber(i32::try_from(row.row_version).map_err(Error::bug)?),
    })
}

fn pixels(number: i32) -> Result<u32> {
    u32::try_from(number).map_err(Error::bug)
}
