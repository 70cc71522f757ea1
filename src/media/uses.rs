//! Who uses an image, and which live documents show it, from the table of references. It knows documents by id, kind and
//! title only.
//!
//! Decision (2026-11-22): the names of lines and roles stand here as they stand in the table. Content writes them and
//! can't be asked, since modules of one floor don't know each other; what both need is the table.

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, reference};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::Stamp,
    kernel::{Ctx, DocumentId, MediaId, Permission, Result, Transaction},
};

const LIVE: &str = "live";
const IMAGE: &str = "image";
/// The roles in which a document stands in another in full.
const EMBEDDING: [&str; 2] = ["embed", "tree"];
const UNPUBLISHED: &str = "unpublished";

/// A document that uses an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    pub id: DocumentId,
    pub kind: String,
    pub title: String,
    pub draft: bool,
    pub live: bool,
}

/// Every use of an image there is now, in drafts and in what is live.
pub(super) fn present() -> Select<reference::Entity> {
    reference::Entity::find()
        .filter(reference::Column::Role.eq(IMAGE))
        .filter(reference::Column::UntilSequence.is_null())
}

/// The documents that use an image now, by title.
pub async fn uses(ctx: &Ctx, media: MediaId) -> Result<Vec<Use>> {
    ctx.authorise(Permission::ContentRead)?;
    of(&*ctx.database.read().await?, media).await
}

/// How many documents use each of these images now; one that is not used is left out. Meant for the images of a page.
pub async fn use_counts(ctx: &Ctx, media: &[MediaId]) -> Result<BTreeMap<MediaId, u64>> {
    ctx.authorise(Permission::ContentRead)?;
    let pairs: Vec<(Uuid, Uuid)> = present()
        .select_only()
        .column(reference::Column::TargetId)
        .column(reference::Column::DocumentId)
        .distinct()
        .filter(reference::Column::TargetId.is_in(media.iter().map(|id| id.0)))
        .into_tuple()
        .all(&*ctx.database.read().await?)
        .await?;
    let mut counts = BTreeMap::new();
    for (target, _) in pairs {
        *counts.entry(MediaId(target)).or_default() += 1;
    }
    Ok(counts)
}

/// The documents that use an image now, by title. Asks for no permission.
pub async fn of(connection: &impl ConnectionTrait, media: MediaId) -> Result<Vec<Use>> {
    let found: Vec<(Uuid, String)> = present()
        .select_only()
        .column(reference::Column::DocumentId)
        .column(reference::Column::Line)
        .filter(reference::Column::TargetId.eq(media.0))
        .into_tuple()
        .all(connection)
        .await?;
    let mut lines: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for (document, line) in found {
        lines.entry(document).or_default().insert(line);
    }
    let mut uses = Vec::new();
    for chunk in chunks(&lines.keys().copied().collect()) {
        for row in document::Entity::find().filter(document::Column::Id.is_in(chunk)).all(connection).await? {
            let live = lines.get(&row.id).is_some_and(|lines| lines.contains(LIVE));
            let draft = lines.get(&row.id).is_some_and(|lines| lines.iter().any(|line| line != LIVE));
            uses.push((row.title_key, Use { id: DocumentId(row.id), kind: row.kind, title: row.title, draft, live }));
        }
    }
    uses.sort_by(|(a, a_use), (b, b_use)| (a, a_use.id).cmp(&(b, b_use.id)));
    Ok(uses.into_iter().map(|(_, one)| one).collect())
}

/// The live documents whose public JSON shows an image: those that use it, and those in which these stand in full.
/// Called with the publication lock held.
pub async fn shown_in(connection: &impl ConnectionTrait, media: MediaId) -> Result<Vec<DocumentId>> {
    let mut frontier = referrers(connection, &BTreeSet::from([media.0]), &[IMAGE]).await?;
    let mut reached = frontier.clone();
    while !frontier.is_empty() {
        let next = referrers(connection, &frontier, &EMBEDDING).await?;
        frontier = next.into_iter().filter(|document| reached.insert(*document)).collect();
    }
    let mut live = BTreeSet::new();
    for chunk in chunks(&reached) {
        let found: Vec<Uuid> = live_document::Entity::find()
            .select_only()
            .column(live_document::Column::DocumentId)
            .filter(live_document::Column::DocumentId.is_in(chunk))
            .filter(live_document::Column::State.ne(UNPUBLISHED))
            .into_tuple()
            .all(connection)
            .await?;
        live.extend(found);
    }
    Ok(live.into_iter().map(DocumentId).collect())
}

/// Notes on every document that its public JSON changed with this event.
pub async fn mark_changed(tx: &Transaction, affected: &[DocumentId], stamp: Stamp) -> Result<()> {
    for chunk in chunks(&affected.iter().map(|document| document.0).collect()) {
        live_document::Entity::update_many()
            .col_expr(live_document::Column::ChangedSequence, Expr::value(stamp.sequence.0))
            .col_expr(live_document::Column::ChangedAt, Expr::value(stamp.at.0))
            .filter(live_document::Column::DocumentId.is_in(chunk))
            .exec(&**tx)
            .await?;
    }
    Ok(())
}

/// The documents that refer to one of these on the live line now.
async fn referrers(
    connection: &impl ConnectionTrait,
    targets: &BTreeSet<Uuid>,
    roles: &[&str],
) -> Result<BTreeSet<Uuid>> {
    let mut referrers = BTreeSet::new();
    for chunk in chunks(targets) {
        let found: Vec<Uuid> = reference::Entity::find()
            .select_only()
            .column(reference::Column::DocumentId)
            .filter(reference::Column::TargetId.is_in(chunk))
            .filter(reference::Column::Line.eq(LIVE))
            .filter(reference::Column::UntilSequence.is_null())
            .filter(reference::Column::Role.is_in(roles.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        referrers.extend(found);
    }
    Ok(referrers)
}

/// Lists short enough for the placeholders of both databases.
fn chunks(ids: &BTreeSet<Uuid>) -> Vec<Vec<Uuid>> {
    let all: Vec<Uuid> = ids.iter().copied().collect();
    all.chunks(500).map(<[Uuid]>::to_vec).collect()
}
