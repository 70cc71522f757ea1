//! Documents and their versions: each is what was saved, and what it refers to is there.

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, media, tombstone, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    content::{Kind, stored},
    kernel::Result,
};

use super::Findings;

/// What stands around every document.
pub struct Around {
    pub documents: BTreeMap<Uuid, document::Model>,
    pub live: BTreeMap<Uuid, live_document::Model>,
    pub tombstones: BTreeSet<Uuid>,
    media: BTreeSet<Uuid>,
}

impl Around {
    pub async fn read(connection: &impl ConnectionTrait) -> Result<Self> {
        let documents = document::Entity::find().all(connection).await?;
        let live = live_document::Entity::find().all(connection).await?;
        let tombstones = tombstone::Entity::find().all(connection).await?;
        let media: Vec<Uuid> =
            media::Entity::find().select_only().column(media::Column::Id).into_tuple().all(connection).await?;
        Ok(Self {
            documents: documents.into_iter().map(|row| (row.id, row)).collect(),
            live: live.into_iter().map(|row| (row.document_id, row)).collect(),
            tombstones: tombstones.into_iter().map(|row| row.document_id).collect(),
            media: media.into_iter().collect(),
        })
    }

    pub fn is_public(&self, id: Uuid) -> bool {
        self.live.get(&id).is_some_and(is_public)
    }

    fn is_known(&self, id: Uuid) -> bool {
        self.documents.contains_key(&id) || self.tombstones.contains(&id)
    }
}

pub fn is_public(row: &live_document::Model) -> bool {
    row.state == "live" || row.state == "withdrawn"
}

/// A document in a sentence.
pub fn named(row: &document::Model) -> String {
    format!("the {} “{}” ({})", row.kind.replace('-', " "), row.title, row.id)
}

pub async fn examine(connection: &impl ConnectionTrait, around: &Around, findings: &mut Findings) -> Result<()> {
    for row in around.documents.values() {
        let versions = version::Entity::find()
            .filter(version::Column::DocumentId.eq(row.id))
            .order_by_asc(version::Column::Number)
            .all(connection)
            .await?;
        numbers(row, around.live.get(&row.id), &versions, findings);
        parent(row, around, findings);
        for version in &versions {
            contents(row, version, around, findings)?;
        }
    }
    Ok(())
}

/// The versions that a document names are there.
fn numbers(
    row: &document::Model,
    live: Option<&live_document::Model>,
    versions: &[version::Model],
    findings: &mut Findings,
) {
    let named_versions = [
        ("draft-version-missing", "draft", row.draft_version),
        ("latest-version-missing", "latest version", Some(row.latest_version)),
        ("live-version-missing", "live version", live.map(|live| live.version)),
    ];
    for (code, what, number) in named_versions {
        if let Some(number) = number.filter(|number| versions.iter().all(|version| version.number != *number)) {
            let sentence = format!("The {what} of {} is version {number}, which is not there.", named(row));
            findings.error(code, sentence);
        }
    }
}

fn parent(row: &document::Model, around: &Around, findings: &mut Findings) {
    if let Some(parent) = row.parent_id.filter(|parent| !around.documents.contains_key(parent)) {
        let sentence = format!("The parent {parent} of {} is not there.", named(row));
        findings.error("parent-missing", sentence);
    }
}

/// A version is what was saved; and if it is the draft or the live one, what it refers to is there.
fn contents(row: &document::Model, version: &version::Model, around: &Around, findings: &mut Findings) -> Result<()> {
    let number = version.number;
    if stored::hash(version)? != version.content_hash {
        let sentence = format!("Version {number} of {} is not what was saved: its hash is another.", named(row));
        findings.error("version-changed", sentence);
    }
    let Some(kind) = Kind::from_name(&row.kind) else {
        findings.error("kind-unknown", format!("The kind of {} is unknown.", named(row)));
        return Ok(());
    };
    let Ok(references) = stored::references(kind, version) else {
        let sentence = format!("The content of version {number} of {} can't be read.", named(row));
        findings.error("version-unreadable", sentence);
        return Ok(());
    };
    let live = around.live.get(&row.id).is_some_and(|live| is_public(live) && live.version == number);
    if !live && row.draft_version != Some(number) {
        // What older versions refer to may be gone; restoring one says so.
        return Ok(());
    }
    for reference in references {
        let (target, pointer) = (reference.target, &reference.pointer);
        let is_there = if reference.is_image { around.media.contains(&target) } else { around.is_known(target) };
        if !is_there {
            let what = if reference.is_image { "image" } else { "document" };
            let sentence = format!(
                "Version {number} of {} refers to the {what} {target} at {pointer}, which is not there.",
                named(row)
            );
            // Into a draft anybody can write the id of something that never was; publishing refuses it.
            if live {
                findings.error("reference-dangling", sentence);
            } else {
                findings.look_at("reference-dangling", sentence);
            }
        } else if live && reference.embeds && !around.is_public(target) {
            let sentence = format!(
                "Version {number} of {} embeds the section {target} at {pointer}, which is not live.",
                named(row)
            );
            findings.error("embedded-not-live", sentence);
        }
    }
    Ok(())
}
