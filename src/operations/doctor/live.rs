//! The live line: what is open, what stands in the row of a live document, and the paths all tell the same.

use std::collections::BTreeMap;

use entity::{live_document, live_path, publication, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kernel::Result;

use super::{
    Findings,
    documents::{Around, is_public},
};

/// Every public document has one open publication, of the version and state that its row says; no other has any.
pub async fn publications(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let open = publication::Entity::find()
        .filter(publication::Column::UntilSequence.is_null())
        .order_by_asc(publication::Column::DocumentId)
        .order_by_asc(publication::Column::FromSequence)
        .all(connection)
        .await?;
    let mut by_document: BTreeMap<Uuid, Vec<publication::Model>> = BTreeMap::new();
    for row in open {
        by_document.entry(row.document_id).or_default().push(row);
    }
    for row in live_document::Entity::find().order_by_asc(live_document::Column::DocumentId).all(connection).await? {
        let (id, title) = (row.document_id, &row.title);
        let open = by_document.remove(&id).unwrap_or_default();
        match open.last() {
            None if is_public(&row) => {
                let sentence = format!("“{title}” ({id}) is {} but has no open publication.", row.state);
                findings.error("publication-missing", sentence);
            }
            Some(last) if !is_public(&row) => {
                let sentence = format!("“{title}” ({id}) is {}, but its publication {} is open.", row.state, last.id);
                findings.error("publication-open", sentence);
            }
            Some(last) if (last.version, &last.state) != (row.version, &row.state) => {
                let sentence = format!(
                    "“{title}” ({id}) is {} with version {}, but its publication {} is {} with version {}.",
                    row.state, row.version, last.id, last.state, last.version
                );
                findings.error("publication-mismatch", sentence);
            }
            _ => {}
        }
        twice(id, &open, findings);
    }
    for (id, open) in by_document {
        let sentence = format!("The document {id} has an open publication but no live row.");
        findings.error("live-row-missing", sentence);
        twice(id, &open, findings);
    }
    published_versions(connection, findings).await
}

fn twice(id: Uuid, open: &[publication::Model], findings: &mut Findings) {
    if open.len() > 1 {
        let ids: Vec<String> = open.iter().map(|row| row.id.to_string()).collect();
        let sentence = format!("The document {id} has {} open publications: {}.", open.len(), ids.join(", "));
        findings.error("publication-twice", sentence);
    }
}

/// What the public saw once has to be there as long as its publication is.
async fn published_versions(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let rows: Vec<(Uuid, Uuid, i32)> = publication::Entity::find()
        .select_only()
        .columns([publication::Column::Id, publication::Column::DocumentId, publication::Column::Version])
        .order_by_asc(publication::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    let versions: Vec<(Uuid, i32)> = version::Entity::find()
        .select_only()
        .columns([version::Column::DocumentId, version::Column::Number])
        .into_tuple()
        .all(connection)
        .await?;
    let versions: std::collections::BTreeSet<(Uuid, i32)> = versions.into_iter().collect();
    for (id, document, number) in rows {
        if !versions.contains(&(document, number)) {
            let sentence =
                format!("The publication {id} is of version {number} of the document {document}, which is not there.");
            findings.error("published-version-missing", sentence);
        }
    }
    Ok(())
}

/// A path belongs to one document, and both tables name it.
pub async fn paths(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let open = live_path::Entity::find()
        .filter(live_path::Column::UntilSequence.is_null())
        .order_by_asc(live_path::Column::Path)
        .order_by_asc(live_path::Column::DocumentId)
        .all(connection)
        .await?;
    let live = live_document::Entity::find().order_by_asc(live_document::Column::DocumentId).all(connection).await?;
    let mut holders: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for (path, id) in open
        .iter()
        .map(|row| (row.path.as_str(), row.document_id))
        .chain(live.iter().filter_map(|row| row.path.as_deref().map(|path| (path, row.document_id))))
    {
        let ids = holders.entry(path).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    for (path, ids) in holders.iter().filter(|(_, ids)| ids.len() > 1) {
        let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        findings.error("path-twice", format!("More than one document holds the path {path}: {}.", ids.join(", ")));
    }
    let mut claims: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for row in &open {
        claims.entry(row.document_id).or_default().push(&row.path);
    }
    for row in &live {
        let claimed = claims.remove(&row.document_id).unwrap_or_default();
        let stands: Vec<&str> = row.path.iter().map(String::as_str).collect();
        if claimed != stands || is_public(row) != (stands.len() == 1) {
            let sentence = format!(
                "“{}” ({}) is {} and stands at {}, but the paths that it claims are: {}.",
                row.title,
                row.document_id,
                row.state,
                row.path.as_deref().unwrap_or("no path"),
                if claimed.is_empty() { "none".to_owned() } else { claimed.join(", ") }
            );
            findings.error("path-mismatch", sentence);
        }
    }
    for (id, paths) in claims {
        let sentence = format!("The document {id} claims {} but was never live.", paths.join(", "));
        findings.error("path-mismatch", sentence);
    }
    Ok(())
}

/// Whatever stands above a public document is public.
pub fn parents(around: &Around, findings: &mut Findings) {
    for row in around.live.values().filter(|row| is_public(row)) {
        if let Some(parent) = row.parent_id.filter(|parent| !around.is_public(*parent)) {
            let sentence = format!(
                "“{}” ({}) is {}, but the document {parent} above it is not.",
                row.title, row.document_id, row.state
            );
            findings.error("parent-not-live", sentence);
        }
    }
}
