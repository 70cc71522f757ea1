//! Splitting a case: some of its reports go into a new case or another one, and can be brought back like any other step
//! (`undo.rs`). Moving a single report from its own page is in `reports.rs`; merging whole cases in `merging.rs`.
//!
//! Decisions (2026-11-22):
//! - At least one report stays: who means all of them merges the case, which keeps a pointer.
//! - Taking a split back brings exactly those reports home that it moved and nobody has moved since. A case that it had made
//!   and that is empty then becomes a pointer to the case that it came out of, as after any merge: numbers of cases that
//!   people have seen lead somewhere.

use std::collections::BTreeSet;

use entity::{case, report};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{CaseId, Ctx, Error, Permission, ReportId, Result, Transaction},
};

use super::{
    cases::{case_event, load, lock, require_current, standing, stepped},
    lifecycle::{CaseAction, CaseState},
    merging::{recounted, refuse_target},
    placing,
    queries::{self, Case},
    timing,
    undo::{self, Undoes},
};

/// A case of which reports were taken out, and where they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Split {
    pub case: Case,
    pub into: CaseId,
}

/// What a split moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    pub into: Uuid,
    /// Whether the split made the case.
    made: bool,
    reports: Vec<Uuid>,
}

/// Moves reports of a case into another, or into a new one that is open, and answers the case that they came from with the
/// one that they are in.
///
/// # Errors
/// [`Error::Invalid`] if none is named, all are, or one isn't in the case, or there is no such other case;
/// [`Error::Conflict`] if that is merged or dismissed, or this one is merged.
pub async fn split(
    ctx: &Ctx,
    id: CaseId,
    seen: i64,
    reports: &BTreeSet<ReportId>,
    into: Option<CaseId>,
) -> Result<Split> {
    ctx.authorise(Permission::FeedbackTriage)?;
    if into == Some(id) {
        return Err(Error::invalid("/into", "itself", "The reports are in this case already."));
    }
    let tx = ctx.write().await?;
    lock(&tx, &into.into_iter().map(|into| into.0).chain([id.0]).collect()).await?;
    let row = load(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    // The table refuses what is merged; of a case that is closed a report may still be taken out.
    stepped(row.clone(), CaseAction::Receive)?;
    let moved = chosen(&tx, id, reports).await?;
    let made = into.is_none();
    let target = match into {
        Some(into) => {
            let found = case::Entity::find_by_id(into.0).one(&*tx).await?;
            let missing =
                || Error::invalid("/into", "reference-missing", format!("There is no case with the id {into}."));
            found.ok_or_else(missing)?
        }
        None => {
            let first = moved.first().ok_or_else(nothing_chosen)?;
            let id = placing::create(&tx, ctx, &timing::clockwork(&*tx).await?, first, CaseState::Open).await?;
            load(&tx, CaseId(id)).await?
        }
    };
    refuse_target(&target)?;
    let ids: Vec<Uuid> = moved.iter().map(|report| report.id).collect();
    carry(&tx, &ids, row.id, target.id).await?;
    let named: Vec<Value> = ids.iter().map(|id| Value::from(id.to_string())).collect();
    let event = case_event(EventKind::CaseSplit, &row, CaseAction::Take)
        .with("into", target.id.to_string())
        .with("into_number", target.number)
        .with("made", made)
        .with("reports", ids.len())
        .with("report_ids", Value::from(named));
    let received = case_event(EventKind::CaseSplit, &target, CaseAction::Take)
        .with("out_of", row.id.to_string())
        .with("out_of_number", row.number)
        .with("reports", ids.len());
    let into = target.id;
    undo::remember(&tx, ctx, &row, Undoes::Split(Moved { into, made, reports: ids })).await?;
    let mut row = row.into_active_model();
    timing::acted(&mut row, ctx.now());
    let row = recounted(&tx, ctx, row, id.0).await?;
    recounted(&tx, ctx, target.into_active_model(), into).await?;
    events::append(&tx, ctx, event).await?;
    events::append(&tx, ctx, received).await?;
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    let outcome = Split { case: case.without_words(), into: CaseId(into) };
    tx.commit(outcome).await?;
    Ok(Split { case, into: CaseId(into) })
}

/// Brings the reports of a split back, as far as they still are where it put them; says what happened to the case and to the
/// other one. Both are locked.
///
/// # Errors
/// [`Error::Conflict`] if the case is merged, or none of the reports is where it was put.
pub(super) async fn bring_back(tx: &Transaction, ctx: &Ctx, row: &case::Model, moved: &Moved) -> Result<[NewEvent; 2]> {
    let target = load(tx, CaseId(moved.into)).await?;
    let still = report::Entity::find()
        .filter(report::Column::Id.is_in(moved.reports.iter().copied()))
        .filter(report::Column::CaseId.eq(moved.into))
        .all(&**tx)
        .await?;
    let ids: Vec<Uuid> = still.into_iter().map(|report| report.id).collect();
    if ids.is_empty() {
        let detail = "None of the reports is still where the split put it; move them by hand.";
        return Err(Error::conflict("moved-since", detail));
    }
    carry(tx, &ids, moved.into, row.id).await?;
    let left = report::Entity::find().filter(report::Column::CaseId.eq(moved.into)).count(&**tx).await?;
    let event = case_event(EventKind::CaseSplit, row, CaseAction::Take)
        .with("undone", true)
        .with("into", moved.into.to_string())
        .with("into_number", target.number)
        .with("reports", ids.len());
    let given = case_event(EventKind::CaseSplit, &target, CaseAction::Take)
        .with("undone", true)
        .with("out_of", row.id.to_string())
        .with("out_of_number", row.number)
        .with("reports", ids.len());
    let folds = moved.made && left == 0 && standing(&target)?.state.is_open();
    let target = if folds {
        let mut pointer = stepped(target, CaseAction::Merge)?;
        pointer.merged_into = Set(Some(row.id));
        pointer
    } else {
        target.into_active_model()
    };
    recounted(tx, ctx, target, moved.into).await?;
    Ok([event, given])
}

/// The reports to move, oldest first.
async fn chosen(tx: &Transaction, id: CaseId, reports: &BTreeSet<ReportId>) -> Result<Vec<report::Model>> {
    if reports.is_empty() {
        return Err(nothing_chosen());
    }
    let inside = || report::Entity::find().filter(report::Column::CaseId.eq(id.0));
    let found = inside()
        .filter(report::Column::Id.is_in(reports.iter().map(|id| id.0)))
        .order_by_asc(report::Column::ReceivedAt)
        .order_by_asc(report::Column::Id)
        .all(&**tx)
        .await?;
    if found.len() < reports.len() {
        return Err(Error::invalid("/reports", "reference-missing", "One of the reports is not in this case."));
    }
    if inside().count(&**tx).await? == u64::try_from(found.len()).unwrap_or(u64::MAX) {
        let detail = "At least one report has to stay; to move all of them, merge the case.";
        return Err(Error::invalid("/reports", "all-of-them", detail));
    }
    Ok(found)
}

fn nothing_chosen() -> Error {
    Error::invalid("/reports", "missing-field", "Choose the reports that are about something else.")
}

async fn carry(tx: &Transaction, ids: &[Uuid], from: Uuid, to: Uuid) -> Result<()> {
    report::Entity::update_many()
        .col_expr(report::Column::CaseId, Expr::value(to))
        .col_expr(report::Column::CaseBeforeMerge, Expr::value(Option::<Uuid>::None))
        .filter(report::Column::Id.is_in(ids.iter().copied()))
        .filter(report::Column::CaseId.eq(from))
        .exec(&**tx)
        .await?;
    Ok(())
}
