//! Where-used, for people who look: who refers to a document or an image, in the draft line or the live line. A section
//! can stand in thousands of pages, so screens read a page of them and the counts.

use std::collections::BTreeMap;

use entity::{document, live_document, reference};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, MediaId, Permission, Result};

use super::{kinds::Kind, queries::existing};

/// One use of a document or an image by a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Use {
    pub id: DocumentId,
    pub kind: String,
    pub title: String,
    pub line: String,
    pub role: String,
    pub live_path: Option<String>,
}

/// Some of the documents that refer to one, by title, with every way in which each does.
#[derive(Clone, Debug)]
pub struct UsesPage {
    pub uses: Vec<Use>,
    /// How many documents refer to it in all.
    pub documents: u64,
    /// How many of them show it to the public.
    pub live: u64,
    /// Where the next page begins.
    pub next: Option<(String, Uuid)>,
}

/// Everything that refers to a document, by title.
pub async fn uses(ctx: &Ctx, kind: Kind, id: DocumentId) -> Result<Vec<Use>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    used_by(&*snapshot, id.0).await
}

/// Everything that uses an image, by title.
pub async fn uses_of_image(ctx: &Ctx, media: MediaId) -> Result<Vec<Use>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    used_by(&*snapshot, media.0).await
}

/// At most `limit` documents that refer to one, from a place on.
pub async fn uses_page(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    after: Option<(String, Uuid)>,
    limit: usize,
) -> Result<UsesPage> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let referrers = standing(id.0).select_only().column(reference::Column::DocumentId).into_query();
    let mut query = document::Entity::find().filter(document::Column::Id.in_subquery(referrers));
    if let Some((key, id)) = after {
        let later = document::Column::TitleKey.gt(key.clone());
        let same = document::Column::TitleKey.eq(key).and(document::Column::Id.gt(id));
        query = query.filter(Condition::any().add(later).add(same));
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let query = query.order_by_asc(document::Column::TitleKey).order_by_asc(document::Column::Id).limit(most);
    let mut documents = query.all(&*snapshot).await?;
    let more = documents.len() > limit;
    documents.truncate(limit);
    let next = documents.last().filter(|_| more).map(|row| (row.title_key.clone(), row.id));
    Ok(UsesPage {
        uses: of_documents(&*snapshot, id.0, documents).await?,
        documents: count(&*snapshot, standing(id.0)).await?,
        live: count(&*snapshot, standing(id.0).filter(reference::Column::Line.eq("live"))).await?,
        next,
    })
}

/// How a document needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It refers to it, in a draft or in what is live.
    Refers,
    /// It stands below it, in its latest version or in what is live.
    Below,
}

/// A document that needs another, which can't be removed for good before it does not.
#[derive(Clone, Debug)]
pub struct Needing {
    pub id: DocumentId,
    pub title: String,
    pub how: How,
}

/// The other documents that need one, those that refer to it first.
pub async fn needed_by(ctx: &Ctx, id: DocumentId) -> Result<Vec<Needing>> {
    ctx.authorise(Permission::ContentRead)?;
    needed(&*ctx.database.read().await?, id).await
}

pub(super) async fn needed(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<Needing>> {
    let uses = used_by(connection, id.0).await?.into_iter().filter(|one| one.id != id);
    let mut needing: Vec<Needing> =
        uses.map(|one| Needing { id: one.id, title: one.title, how: How::Refers }).collect();
    let live = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::ParentId.eq(id.0))
        .filter(live_document::Column::Path.is_not_null());
    let either = Condition::any()
        .add(document::Column::ParentId.eq(id.0))
        .add(document::Column::Id.in_subquery(live.into_query()));
    let below = document::Entity::find().filter(either).order_by_asc(document::Column::TitleKey);
    let below = below.order_by_asc(document::Column::Id).all(connection).await?;
    needing.extend(below.into_iter().map(|row| Needing { id: DocumentId(row.id), title: row.title, how: How::Below }));
    Ok(needing)
}

/// Who uses a document or an image, in the draft line or the live line, by title.
pub(super) async fn used_by(connection: &impl ConnectionTrait, target: Uuid) -> Result<Vec<Use>> {
    let referrers = standing(target).select_only().column(reference::Column::DocumentId).into_query();
    let documents = document::Entity::find().filter(document::Column::Id.in_subquery(referrers));
    of_documents(connection, target, documents.all(connection).await?).await
}

/// The references to a target that hold now.
fn standing(target: Uuid) -> sea_orm::Select<reference::Entity> {
    reference::Entity::find()
        .filter(reference::Column::TargetId.eq(target))
        .filter(reference::Column::UntilSequence.is_null())
}

async fn count(connection: &impl ConnectionTrait, rows: sea_orm::Select<reference::Entity>) -> Result<u64> {
    let documents = Func::count_distinct(Expr::col(reference::Column::DocumentId));
    let count: Option<i64> = rows.select_only().expr(documents).into_tuple().one(connection).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// How each of these documents uses a target.
async fn of_documents(
    connection: &impl ConnectionTrait,
    target: Uuid,
    documents: Vec<document::Model>,
) -> Result<Vec<Use>> {
    let mut uses = Vec::new();
    for chunk in documents.chunks(500) {
        let ids: Vec<Uuid> = chunk.iter().map(|row| row.id).collect();
        let live = live_document::Entity::find()
            .select_only()
            .column(live_document::Column::DocumentId)
            .column(live_document::Column::Path)
            .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()));
        let paths: Vec<(Uuid, Option<String>)> = live.into_tuple().all(connection).await?;
        let paths: BTreeMap<Uuid, Option<String>> = paths.into_iter().collect();
        let known: BTreeMap<Uuid, &document::Model> = chunk.iter().map(|row| (row.id, row)).collect();
        let rows = standing(target).filter(reference::Column::DocumentId.is_in(ids)).all(connection).await?;
        uses.extend(rows.into_iter().filter_map(|row| {
            let document = known.get(&row.document_id)?;
            let live_path = paths.get(&row.document_id).cloned().flatten();
            Some((
                document.title_key.clone(),
                Use {
                    id: DocumentId(row.document_id),
                    kind: document.kind.clone(),
                    title: document.title.clone(),
                    line: row.line,
                    role: row.role,
                    live_path,
                },
            ))
        }));
    }
    uses.sort_by(|(a_key, a), (b_key, b)| (a_key, a.id, &a.line, &a.role).cmp(&(b_key, b.id, &b.line, &b.role)));
    Ok(uses.into_iter().map(|(_, one)| one).collect())
}
