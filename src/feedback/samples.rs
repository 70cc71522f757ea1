//! Removing sample reports and sample cases for good: what nobody sent and nobody has to answer. Everything else that
//! visitors said stays; there is no other way to remove a report or a case.
//!
//! Decision (2026-11-22), a removal is no erasure. Context: an erased report keeps its row, its place in the counts and its
//! receipt, since somebody sent it. Nobody sent a sample. Choice: its rows go, and one event a thing says so; the events
//! of its life stay, as for a purged document. Consequence: trends count real reports only, once samples are removed, and
//! the number of a removed case is not given to another.

use std::collections::BTreeSet;

use entity::{case, case_label, case_note, report, report_addition, report_contact};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{CaseId, Ctx, DocumentId, Error, Permission, ReportId, Result},
    site::{self, SampleId},
};

use super::{
    cases,
    lifecycle::Dismissal,
    mentions,
    merging::recounted,
    reports::{self, about},
    sealed,
};

/// Removes a sample report, with what was added to it, out of the case that it is in. Of one that is gone already nothing
/// is left to do.
///
/// # Errors
/// [`Error::Conflict`] `no-sample` for a report that a visitor sent.
pub async fn remove_sample_report(ctx: &Ctx, id: ReportId) -> Result<()> {
    ctx.authorise(Permission::FeedbackErase)?;
    let tx = ctx.write().await?;
    let Some(found) = report::Entity::find_by_id(id.0).one(&*tx).await? else {
        site::forget_sample(&tx, id).await?;
        return tx.commit(()).await;
    };
    let row = reports::locked_with(&tx, &found, &BTreeSet::new()).await?;
    if !site::forget_sample(&tx, id).await? {
        return Err(no_sample("report"));
    }
    let event = about(EventKind::ReportRemoved, &row).with("case", row.case_id.map(|case| case.to_string()));
    report_addition::Entity::delete_many().filter(report_addition::Column::ReportId.eq(id.0)).exec(&*tx).await?;
    report_contact::Entity::delete_by_id(id.0).exec(&*tx).await?;
    sealed::forget(&tx, id.0).await?;
    report::Entity::delete_by_id(id.0).exec(&*tx).await?;
    let mut emptied = None;
    if let Some(case) = row.case_id {
        let case = cases::load(&tx, CaseId(case)).await?;
        if site::samples(&*tx).await?.contains(CaseId(case.id)) {
            // It is removed next, so nobody has to hear that it has become empty.
            let id = case.id;
            recounted(&tx, ctx, case.into_active_model(), id).await?;
        } else {
            emptied = reports::leave(&tx, ctx, case, Dismissal::Duplicate).await?;
        }
    }
    for event in emptied.into_iter().chain([event]) {
        events::append(&tx, ctx, event).await?;
    }
    tx.commit(()).await
}

/// Removes a sample case that no report is in any more and that nobody merged a case of their own into. Of one that is
/// gone already nothing is left to do.
///
/// # Errors
/// [`Error::Conflict`] `no-sample` for a case that visitors made; `not-empty` while something is in it.
pub async fn remove_sample_case(ctx: &Ctx, id: CaseId) -> Result<()> {
    ctx.authorise(Permission::FeedbackErase)?;
    let tx = ctx.write().await?;
    cases::lock(&tx, &BTreeSet::from([id.0])).await?;
    let Some(row) = case::Entity::find_by_id(id.0).one(&*tx).await? else {
        site::forget_sample(&tx, id).await?;
        return tx.commit(()).await;
    };
    if !site::forget_sample(&tx, id).await? {
        return Err(no_sample("case"));
    }
    let reports = report::Entity::find().filter(report::Column::CaseId.eq(id.0)).count(&*tx).await?;
    let merged = case::Entity::find().filter(case::Column::MergedInto.eq(id.0)).count(&*tx).await?;
    if reports > 0 || merged > 0 {
        return Err(Error::conflict("not-empty", "There are reports in this case, or cases merged into it."));
    }
    report::Entity::update_many()
        .col_expr(report::Column::CaseBeforeMerge, Expr::value(Option::<Uuid>::None))
        .filter(report::Column::CaseBeforeMerge.eq(id.0))
        .exec(&*tx)
        .await?;
    mentions::forget(&tx, id.0).await?;
    case_note::Entity::delete_many().filter(case_note::Column::CaseId.eq(id.0)).exec(&*tx).await?;
    super::undo::forget(&tx, id.0).await?;
    super::telling::forget(&tx, id.0).await?;
    case_label::Entity::delete_many().filter(case_label::Column::CaseId.eq(id.0)).exec(&*tx).await?;
    case::Entity::delete_by_id(id.0).exec(&*tx).await?;
    let mut event = NewEvent::about(EventKind::CaseRemoved, "case", row.id).with("number", row.number);
    event.document = Some(DocumentId(row.document_id));
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// Whether something that is no sample is in a case: a report that a visitor sent, or a case that was merged into it.
pub async fn holds_more_than_samples(ctx: &Ctx, id: CaseId) -> Result<bool> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let samples = site::samples(&*snapshot).await?;
    let reports: Vec<Uuid> = report::Entity::find()
        .select_only()
        .column(report::Column::Id)
        .filter(report::Column::CaseId.eq(id.0))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let merged: Vec<Uuid> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::MergedInto.eq(id.0))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let reports = reports.into_iter().map(|id| SampleId::Report(ReportId(id)));
    let merged = merged.into_iter().map(|id| SampleId::Case(CaseId(id)));
    Ok(reports.chain(merged).any(|id| !samples.contains(id)))
}

fn no_sample(what: &str) -> Error {
    Error::conflict("no-sample", format!("This {what} is no sample, so it is not removed."))
}
