//! The media library and its store: every file that is named is there as it was stored, and every file is named.

use std::collections::{BTreeMap, BTreeSet};

use entity::{media, rendition};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    kernel::Result,
    media::{MediaKey, Store},
};

use super::{
    super::{rows, store_fault},
    Findings,
};

/// Looks at the rows; answers the renditions, whose files [`files`] looks at.
pub async fn rows(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<Vec<rendition::Model>> {
    let images: Vec<Uuid> = media::Entity::find()
        .select_only()
        .column(media::Column::Id)
        .order_by_asc(media::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    let renditions = rendition::Entity::find().order_by_asc(rendition::Column::Key).all(connection).await?;
    let used: BTreeSet<Uuid> = renditions.iter().map(|row| row.media_id).collect();
    for row in &renditions {
        if images.binary_search(&row.media_id).is_err() {
            let sentence = format!("The file {} belongs to the image {}, which is not there.", row.key, row.media_id);
            findings.error("rendition-without-media", sentence);
        }
    }
    for id in images.iter().filter(|id| !used.contains(id)) {
        findings.error("media-without-files", format!("The image {id} has no files."));
    }
    Ok(renditions)
}

/// Compares the files in the store with what the rows say of them.
pub async fn files(store: &Store, renditions: Vec<rendition::Model>, findings: &mut Findings) -> Result<()> {
    let mut there: BTreeMap<MediaKey, u64> = store.list().await.map_err(store_fault)?.into_iter().collect();
    for row in renditions {
        let of = format!("The file {} of the image {}", row.key, row.media_id);
        let found = match MediaKey::new(row.key.as_str()) {
            Ok(key) => there.remove(&key).map(|size| (key, size)),
            Err(_) => None,
        };
        let Some((key, size)) = found else {
            findings.error("media-file-missing", format!("{of} is not in the store."));
            continue;
        };
        if i64::try_from(size) != Ok(row.bytes) {
            findings.error("media-file-size", format!("{of} has {size} bytes instead of {}.", row.bytes));
            continue;
        }
        match store.get(&key).await.map_err(store_fault)? {
            Some(bytes) if rows::hash(&bytes) == row.sha256 => {}
            Some(_) => findings.error("media-file-changed", format!("{of} has other bytes than were stored.")),
            None => findings.error("media-file-missing", format!("{of} is not in the store.")),
        }
    }
    for (key, size) in there {
        let sentence = format!("No image has the file {key} of {size} bytes that is in the store.");
        findings.look_at("media-file-orphaned", sentence);
    }
    Ok(())
}
