//! What is stored, for those who look after a site: whether a version is what it was when it was saved, and what it refers
//! to. It reads rows that it is given and changes nothing.

use entity::version;
use uuid::Uuid;

use crate::kernel::{DocumentId, Result};

use super::{
    documents::hash_of,
    kinds::{Content, Kind},
    references::{self, EMBEDDING, ReferenceRole},
};

/// Something that a stored content refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReference {
    pub target: Uuid,
    /// JSON pointer within the content.
    pub pointer: String,
    pub is_image: bool,
    /// Whether the target stands in the content, so that it has to be live.
    pub embeds: bool,
}

/// The hash that a version should have, by what is stored of it.
pub fn hash(row: &version::Model) -> Result<String> {
    hash_of(&row.slug, row.parent_id.map(DocumentId), &row.language, &row.content)
}

/// Everything that a version refers to, in reading order.
///
/// # Errors
/// An error if its content can't be read.
pub fn references(kind: Kind, row: &version::Model) -> Result<Vec<StoredReference>> {
    let content = Content::from_stored(kind, row.format, &row.content)?;
    let found = references::of(&content).into_iter().map(|reference| StoredReference {
        target: reference.target,
        pointer: reference.pointer,
        is_image: reference.role == ReferenceRole::Image,
        embeds: EMBEDDING.contains(&reference.role),
    });
    Ok(found.collect())
}
