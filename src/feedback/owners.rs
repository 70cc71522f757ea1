//! Owners of documents are told of new cases about them: in the panel, by what is counted here, and by whoever follows the
//! log, by [`told_of`].
//!
//! Decision (2026-11-22): an owner is told of a case when it is made, and not of each further report in it. Who has taken
//! a page over is told of what comes from then on; what there is already stands in their list of work.

use std::collections::BTreeMap;

use entity::{case, document};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{Event, EventKind},
    kernel::{CaseId, Ctx, DocumentId, Permission, Result, UserId},
};

use super::lifecycle::CaseState;

/// Somebody who is to be told of a new case about a document that is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub owner: UserId,
    pub case: CaseId,
    pub number: i64,
    pub document: DocumentId,
    /// Of the document.
    pub title: String,
}

/// Who is to be told of a new case that an event made: the owner of the document that it is about. `None` if the event made
/// no case, the document has no owner, or the case is gone or merged by now. It may be asked any number of times for the
/// same event and answers the same as long as the owner is the same.
pub async fn told_of(ctx: &Ctx, event: &Event) -> Result<Option<Told>> {
    ctx.authorise(Permission::FeedbackRead)?;
    if !matches!(event.kind, EventKind::ReportReceived | EventKind::ReportReleased) {
        return Ok(None);
    }
    // An event of a report that joined a case names the case as well; that the case is new is said apart.
    if event.payload.get("new_case").and_then(Value::as_bool) != Some(true) {
        return Ok(None);
    }
    let case = event.payload.get("case").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let Some(case) = case else { return Ok(None) };
    let snapshot = ctx.database.read().await?;
    let Some(row) = case::Entity::find_by_id(case).one(&*snapshot).await? else { return Ok(None) };
    if row.state == CaseState::Merged.name() {
        return Ok(None);
    }
    let Some(document) = document::Entity::find_by_id(row.document_id).one(&*snapshot).await? else { return Ok(None) };
    Ok(document.owner_id.map(|owner| Told {
        owner: UserId(owner),
        case: CaseId(row.id),
        number: row.number,
        document: DocumentId(document.id),
        title: document.title,
    }))
}

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
