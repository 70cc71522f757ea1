//! An image of the library as a line, and back.

use entity::{media, rendition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::kernel::{MediaId, Result, Sequence, Timestamp, Transaction};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MediaLine {
    pub id: MediaId,
    pub filename: String,
    pub media_type: String,
    pub bytes: i64,
    pub width: i32,
    pub height: i32,
    pub sha256: String,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub focal_x: Option<f64>,
    pub focal_y: Option<f64>,
    pub replaced_by: Option<MediaId>,
    pub public_since: Option<Sequence>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub renditions: Vec<RenditionLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenditionLine {
    pub key: String,
    pub width: i32,
    pub height: i32,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: String,
}

/// An image with its renditions, ordered by their keys.
pub(super) async fn compose(connection: &impl ConnectionTrait, row: media::Model) -> Result<MediaLine> {
    let mut renditions = rendition::Entity::find()
        .filter(rendition::Column::MediaId.eq(row.id))
        .order_by_asc(rendition::Column::Key)
        .all(connection)
        .await?;
    renditions.sort_by(|a, b| a.key.cmp(&b.key));
    let rendition = |row: rendition::Model| RenditionLine {
        key: row.key,
        width: row.width,
        height: row.height,
        media_type: row.media_type,
        bytes: row.bytes,
        sha256: row.sha256,
    };
    Ok(MediaLine {
        id: MediaId(row.id),
        filename: row.filename,
        media_type: row.media_type,
        bytes: row.bytes,
        width: row.width,
        height: row.height,
        sha256: row.sha256,
        alt: row.alt,
        caption: row.caption,
        credit: row.credit,
        focal_x: row.focal_x,
        focal_y: row.focal_y,
        replaced_by: row.replaced_by.map(MediaId),
        public_since: row.public_since.map(Sequence),
        created_at: Timestamp(row.created_at),
        created_by: row.created_by_name,
        renditions: renditions.into_iter().map(rendition).collect(),
    })
}

/// Writes the rows of an image that is not there yet.
pub(super) async fn insert(tx: &Transaction, line: &MediaLine) -> Result<()> {
    let row = media::Model {
        id: line.id.0,
        filename: line.filename.clone(),
        media_type: line.media_type.clone(),
        bytes: line.bytes,
        width: line.width,
        height: line.height,
        sha256: line.sha256.clone(),
        alt: line.alt.clone(),
        caption: line.caption.clone(),
        credit: line.credit.clone(),
        focal_x: line.focal_x,
        focal_y: line.focal_y,
        replaced_by: line.replaced_by.map(|id| id.0),
        public_since: line.public_since.map(|sequence| sequence.0),
        row_version: 1,
        created_at: line.created_at.0,
        created_by: None,
        created_by_name: line.created_by.clone(),
    };
    media::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    for one in &line.renditions {
        let row = rendition::Model {
            key: one.key.clone(),
            media_id: line.id.0,
            width: one.width,
            height: one.height,
            media_type: one.media_type.clone(),
            bytes: one.bytes,
            sha256: one.sha256.clone(),
        };
        rendition::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
