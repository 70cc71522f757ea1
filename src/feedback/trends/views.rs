//! How often pages were looked at, as sites supply it.
//!
//! Decision (2026-11-22), views are counted by sites. Context: what is published is kept by sites and networks on the way, so the
//! server sees a fraction of its readers, and must not watch them anyway. Choice: a site that counts says how many views a page
//! had on a day; saying it again for the same day takes the place of what was said. Consequence: a night's job can be repeated
//! without harm and needs to name nothing as seen; where nobody counts, no rate is shown.

use std::collections::BTreeMap;

use entity::{document, page_view};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, Permission, Result, Timestamp, is_date},
};

/// The most days of pages that can be said at once.
const MOST: usize = 500;
/// The most views of a page on a day.
const MOST_VIEWS: i64 = 1_000_000_000;

/// The views of a page on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOfViews {
    pub document: DocumentId,
    /// `YYYY-MM-DD`.
    pub day: String,
    pub views: i64,
}

/// Says how often pages were looked at on days. What was said of the same page and day before is replaced. Answers how many
/// days of pages were said.
///
/// # Errors
/// [`Error::Invalid`] with every fault: a document that is not there, a day that is none or lies in the future.
pub async fn supply_views(ctx: &Ctx, views: Vec<DayOfViews>) -> Result<usize> {
    ctx.authorise(Permission::FeedbackTriage)?;
    if views.len() > MOST {
        let detail = format!("At most {MOST} days of pages can be said at once.");
        return Err(Error::invalid("/views", "too-many", detail));
    }
    let mut faults = Vec::new();
    // A site may be a zone ahead of the clock of this machine.
    let latest = ctx.now().plus(Timestamp::DAY).to_string();
    for (position, one) in views.iter().enumerate() {
        if !is_date(&one.day) || latest.get(..10).is_none_or(|latest| one.day.as_str() > latest) {
            let detail = "A day that is not in the future was expected, as YYYY-MM-DD.";
            faults.push(Fault::new(format!("/views/{position}/day"), "not-a-day", detail));
        }
        if !(0..=MOST_VIEWS).contains(&one.views) {
            let detail = format!("A number from 0 to {MOST_VIEWS} was expected.");
            faults.push(Fault::new(format!("/views/{position}/views"), "out-of-range", detail));
        }
    }
    let tx = ctx.write().await?;
    let ids: Vec<Uuid> = views.iter().map(|one| one.document.0).collect();
    let mut there = Vec::new();
    for chunk in ids.chunks(500) {
        let found: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(&*tx)
            .await?;
        there.extend(found);
    }
    there.sort_unstable();
    for (position, one) in views.iter().enumerate() {
        if there.binary_search(&one.document.0).is_err() {
            let detail = format!("There is no document with the id {}.", one.document);
            faults.push(Fault::new(format!("/views/{position}/document"), "reference-missing", detail));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // Of a day that is said twice at once the last counts.
    let said: BTreeMap<(Uuid, String), i64> =
        views.into_iter().map(|one| ((one.document.0, one.day), one.views)).collect();
    let count = said.len();
    let rows: Vec<page_view::ActiveModel> = said
        .into_iter()
        .map(|((document, day), views)| page_view::ActiveModel {
            document_id: Set(document),
            day: Set(day),
            views: Set(views),
        })
        .collect();
    for chunk in rows.chunks(200) {
        let instead = OnConflict::columns([page_view::Column::DocumentId, page_view::Column::Day])
            .update_column(page_view::Column::Views)
            .to_owned();
        page_view::Entity::insert_many(chunk.to_vec()).on_conflict(instead).exec_without_returning(&*tx).await?;
    }
    if count > 0 {
        events::append(&tx, ctx, NewEvent::about(EventKind::ViewsSupplied, "site", 1).with("days", count)).await?;
    }
    tx.commit(count).await
}
