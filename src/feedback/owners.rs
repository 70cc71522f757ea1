//! What owners of documents see of new cases about them in the panel. By mail they are told in `notices.rs`.

use std::collections::BTreeMap;

use entity::case;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Permission, Result};

use super::lifecycle::CaseState;

/// How many cases that nobody has looked at are about each of these documents; those without any are left out.
pub async fn count_new_about(ctx: &Ctx, documents: &[DocumentId]) -> Result<BTreeMap<DocumentId, i64>> {
    ctx.authorise(Permission::FeedbackRead)?;
    if documents.is_empty() {
        return Ok(BTreeMap::new());
    }
    let snapshot = ctx.database.read().await?;
    let found: Vec<(Uuid, i64)> = case::Entity::find()
        .select_only()
        .column(case::Column::DocumentId)
        .column_as(case::Column::Id.count(), "number")
        .filter(case::Column::State.eq(CaseState::New.name()))
        .filter(case::Column::DocumentId.is_in(documents.iter().map(|id| id.0)))
        .group_by(case::Column::DocumentId)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(found.into_iter().map(|(id, number)| (DocumentId(id), number)).collect())
}
