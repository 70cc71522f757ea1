//! The versions that are shown, with what is searched of them. It knows no index.

use entity::{document, live_document, version};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, IntoCondition},
};
use uuid::Uuid;

use crate::{
    kernel::{DocumentId, Error, Result},
    search::{Field, Texts},
};

use super::{
    super::kinds::{Content, Kind},
    class,
    texts::searched_parts,
};

/// A document as it is searched.
#[derive(Clone, Debug)]
pub struct ShownVersion {
    pub id: DocumentId,
    pub slug: String,
    /// Where it lives, if it does.
    pub path: Option<String>,
    pub is_trashed: bool,
    pub content: Content,
}

impl ShownVersion {
    pub fn texts(&self) -> Texts {
        let addresses = [Some(&self.slug), self.path.as_ref()].into_iter().flatten();
        let mut texts: Vec<(Field, String)> = addresses.map(|text| (Field::Address, text.clone())).collect();
        texts.extend(searched_parts(&self.content));
        Texts { id: self.id.0, class: class(self.content.kind(), self.is_trashed), texts }
    }
}

/// Every document there is, by id.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<DocumentId>> {
    let ids: Vec<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .order_by_asc(document::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    trashed_at: Option<i64>,
    path: Option<String>,
    slug: String,
    format: i32,
    content: String,
}

/// What is shown of these documents, in one query; those that are not there are missing.
pub async fn of(connection: &impl ConnectionTrait, ids: &[DocumentId]) -> Result<Vec<ShownVersion>> {
    let live = document::Entity::belongs_to(live_document::Entity)
        .from(document::Column::Id)
        .to(live_document::Column::DocumentId);
    let shown = document::Entity::belongs_to(version::Entity)
        .from(document::Column::Id)
        .to(version::Column::DocumentId)
        .on_condition(|_, _| {
            let shown = Func::coalesce([
                Expr::col((document::Entity, document::Column::DraftVersion)),
                Expr::col((live_document::Entity, live_document::Column::Version)),
                Expr::col((document::Entity, document::Column::LatestVersion)),
            ]);
            Expr::col((version::Entity, version::Column::Number)).eq(shown).into_condition()
        });
    let rows: Vec<Row> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::Kind)
        .column(document::Column::TrashedAt)
        .column(live_document::Column::Path)
        .column(version::Column::Slug)
        .column(version::Column::Format)
        .column(version::Column::Content)
        .join(JoinType::LeftJoin, live.into())
        .join(JoinType::InnerJoin, shown.into())
        .filter(document::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_model()
        .all(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<ShownVersion> {
        let kind = Kind::from_name(&self.kind).ok_or_else(|| Error::bug("a document of an unknown kind"))?;
        Ok(ShownVersion {
            id: DocumentId(self.id),
            slug: self.slug,
            path: self.path,
            is_trashed: self.trashed_at.is_some(),
            content: Content::from_stored(kind, self.format, &self.content)?,
        })
    }
}
