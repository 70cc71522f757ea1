//! Merging a case into another, and taking that back. The merged case is a pointer; its reports move, and each remembers
//! where it came from, so that unmerging brings exactly these back.

use std::collections::BTreeSet;

use entity::{case, report};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    events::{self, EventKind},
    kernel::{CaseId, Ctx, Error, Result, Transaction},
};

use super::{
    cases::{self, case_event, commit, load, lock, require_current, stepped, touch},
    lifecycle::{CaseAction, CaseState},
    queries::{self, Case},
    timing,
};

/// Merges a case into another, and answers the merged one.
///
/// # Errors
/// [`Error::Invalid`] if there is no other such case; [`Error::Conflict`] if that is merged or dismissed, or others have
/// been merged into this one.
pub async fn merge(ctx: &Ctx, id: CaseId, seen: i64, into: CaseId) -> Result<Case> {
    ctx.authorise(CaseAction::Merge.permission())?;
    if id == into {
        return Err(Error::invalid("/into", "itself", "A case can't be merged into itself."));
    }
    let tx = ctx.write().await?;
    lock(&tx, &BTreeSet::from([id.0, into.0])).await?;
    let row = load(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    let Some(target) = case::Entity::find_by_id(into.0).one(&*tx).await? else {
        let detail = format!("There is no case with the id {into}.");
        return Err(Error::invalid("/into", "reference-missing", detail));
    };
    refuse_target(&target)?;
    let followers = case::Entity::find().filter(case::Column::MergedInto.eq(id.0)).count(&*tx).await?;
    if followers > 0 {
        let detail = "Others have been merged into this case; unmerge them first, or merge the other way round.";
        return Err(Error::conflict("has-merged", detail));
    }
    let mut merged = stepped(row.clone(), CaseAction::Merge)?;
    let moved = report::Entity::update_many()
        .col_expr(report::Column::CaseId, Expr::value(into.0))
        .col_expr(report::Column::CaseBeforeMerge, Expr::value(id.0))
        .filter(report::Column::CaseId.eq(id.0))
        .exec(&*tx)
        .await?
        .rows_affected;
    merged.merged_into = Set(Some(into.0));
    timing::acted(&mut merged, ctx.now());
    let event = case_event(EventKind::CaseMerged, &row, CaseAction::Merge)
        .with("into", into.to_string())
        .with("into_number", target.number)
        .with("reports", moved);
    let received = case_event(EventKind::CaseMerged, &target, CaseAction::Take)
        .with("merged", id.to_string())
        .with("merged_number", row.number)
        .with("reports", moved);
    let row = recounted(&tx, ctx, merged, id.0).await?;
    recounted(&tx, ctx, target.into_active_model(), into.0).await?;
    events::append(&tx, ctx, event).await?;
    events::append(&tx, ctx, received).await?;
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    commit(tx, case).await
}

/// Takes a merge back: the case is what it was, with the reports that came from it and have not been moved since.
pub async fn unmerge(ctx: &Ctx, id: CaseId, seen: i64) -> Result<Case> {
    ctx.authorise(CaseAction::Unmerge.permission())?;
    let tx = ctx.write().await?;
    let target = load(&tx, id).await?.merged_into;
    lock(&tx, &target.into_iter().chain([id.0]).collect()).await?;
    let row = load(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    let mut restored = stepped(row.clone(), CaseAction::Unmerge)?;
    let Some(target) = target.filter(|target| row.merged_into == Some(*target)) else {
        return Err(Error::conflict("changed-meanwhile", "The case changed at this very moment; try again."));
    };
    let moved = report::Entity::update_many()
        .col_expr(report::Column::CaseId, Expr::value(id.0))
        .col_expr(report::Column::CaseBeforeMerge, Expr::value(Option::<Uuid>::None))
        .filter(report::Column::CaseId.eq(target))
        .filter(report::Column::CaseBeforeMerge.eq(id.0))
        .exec(&*tx)
        .await?
        .rows_affected;
    restored.merged_into = Set(None);
    let target = load(&tx, CaseId(target)).await?;
    let event = case_event(EventKind::CaseUnmerged, &row, CaseAction::Unmerge)
        .with("out_of", target.id.to_string())
        .with("out_of_number", target.number)
        .with("reports", moved);
    let given = case_event(EventKind::CaseUnmerged, &target, CaseAction::Unmerge)
        .with("unmerged", id.to_string())
        .with("unmerged_number", row.number)
        .with("reports", moved);
    let row = recounted(&tx, ctx, restored, id.0).await?;
    let target_id = target.id;
    recounted(&tx, ctx, target.into_active_model(), target_id).await?;
    events::append(&tx, ctx, event).await?;
    events::append(&tx, ctx, given).await?;
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    commit(tx, case).await
}

/// Whether reports may be moved into a case.
pub(super) fn refuse_target(target: &case::Model) -> Result<()> {
    match cases::standing(target)?.state {
        CaseState::Merged => {
            Err(Error::conflict("target-merged", "The other case is merged; choose the one it is in."))
        }
        CaseState::Dismissed => {
            Err(Error::conflict("target-dismissed", "The other case is dismissed; reopen it first."))
        }
        _ => Ok(()),
    }
}

/// Writes a case with its reports counted anew. A case without reports keeps the times of those it had.
pub(super) async fn recounted(
    tx: &Transaction,
    ctx: &Ctx,
    mut row: case::ActiveModel,
    id: Uuid,
) -> Result<case::Model> {
    let reports = || report::Entity::find().filter(report::Column::CaseId.eq(id));
    let count = reports().count(&**tx).await?;
    let times: Option<(Option<i64>, Option<i64>)> = reports()
        .select_only()
        .column_as(report::Column::ReceivedAt.min(), "first")
        .column_as(report::Column::ReceivedAt.max(), "last")
        .into_tuple()
        .one(&**tx)
        .await?;
    row.report_count = Set(i32::try_from(count).unwrap_or(i32::MAX));
    if let Some((Some(first), Some(last))) = times {
        row.first_report_at = Set(first);
        row.last_report_at = Set(last);
    }
    touch(&mut row, ctx);
    timing::clockwork(&**tx).await?.keep(&mut row, ctx.now())?;
    Ok(row.update(&**tx).await?)
}
