//! Splitting a case: some of its reports go into a new case or another one, and can be brought back for a while. Moving a
//! single report from its own page is in `reports.rs`; merging whole cases in `merging.rs`.
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
use serde_json::Value;
use uuid::Uuid;

use crate::{
    events::{self, Event, EventKind, Filter, NewEvent},
    kernel::{CaseId, Ctx, Error, Permission, ReportId, Result, Timestamp, Transaction},
};

use super::{
    cases::{case_event, commit, load, lock, require_current, standing, stepped},
    lifecycle::{CaseAction, CaseState},
    mending::UNDO_WITHIN,
    merging::{recounted, refuse_target},
    placing,
    queries::{self, Case},
};

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
) -> Result<(Case, CaseId)> {
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
            let id = placing::create(&tx, ctx, first, CaseState::Open).await?;
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
    finish(tx, ctx, row, (target.into_active_model(), into), [event, received]).await
}

/// Brings the reports of the newest split of a case back.
///
/// # Errors
/// [`Error::Conflict`] if there is none, it is too long ago or has been taken back, or none of the reports is where it was
/// put.
pub async fn undo_split(ctx: &Ctx, id: CaseId, seen: i64) -> Result<(Case, CaseId)> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let newest = newest(&tx, id).await?;
    let split = newest.filter(is_split);
    let split = split.ok_or_else(|| Error::conflict("not-split", "There is no split of this case to take back."))?;
    if ctx.now().0 - split.at.0 > UNDO_WITHIN {
        let detail = "It can be taken back for ten minutes only; move the reports by hand.";
        return Err(Error::conflict("too-late", detail));
    }
    let text = |key: &str| split.payload.get(key).and_then(Value::as_str);
    let into = text("into").and_then(|id| id.parse().ok()).map(CaseId);
    let into = into.ok_or_else(|| Error::bug("a split into no case"))?;
    lock(&tx, &BTreeSet::from([id.0, into.0])).await?;
    let row = load(&tx, id).await?;
    require_current(&tx, ctx, &row, seen).await?;
    stepped(row.clone(), CaseAction::Receive)?;
    let target = load(&tx, into).await?;
    let named = split.payload.get("report_ids").and_then(Value::as_array);
    let named: Vec<Uuid> = named.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect();
    let still = report::Entity::find()
        .filter(report::Column::Id.is_in(named))
        .filter(report::Column::CaseId.eq(into.0))
        .all(&*tx)
        .await?;
    let ids: Vec<Uuid> = still.into_iter().map(|report| report.id).collect();
    if ids.is_empty() {
        let detail = "None of the reports is still where the split put it; move them by hand.";
        return Err(Error::conflict("moved-since", detail));
    }
    carry(&tx, &ids, into.0, id.0).await?;
    let left = report::Entity::find().filter(report::Column::CaseId.eq(into.0)).count(&*tx).await?;
    let made = split.payload.get("made").and_then(Value::as_bool) == Some(true);
    let event = case_event(EventKind::CaseSplit, &row, CaseAction::Take)
        .with("undone", true)
        .with("into", into.to_string())
        .with("into_number", target.number)
        .with("reports", ids.len());
    let given = case_event(EventKind::CaseSplit, &target, CaseAction::Take)
        .with("undone", true)
        .with("out_of", id.to_string())
        .with("out_of_number", row.number)
        .with("reports", ids.len());
    let folds = made && left == 0 && standing(&target)?.state.is_open();
    let target = if folds {
        let mut pointer = stepped(target, CaseAction::Merge)?;
        pointer.merged_into = Set(Some(id.0));
        pointer
    } else {
        target.into_active_model()
    };
    finish(tx, ctx, row, (target, into.0), [event, given]).await
}

/// Whether the newest split of a case, if its time line knows one, can be taken back.
pub fn can_undo_split(timeline: &[Event], now: Timestamp) -> bool {
    let newest = timeline.iter().find(|event| event.kind == EventKind::CaseSplit && event.payload.contains_key("into"));
    newest.is_some_and(|event| is_split(event) && now.0 - event.at.0 <= UNDO_WITHIN)
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

async fn newest(tx: &Transaction, id: CaseId) -> Result<Option<Event>> {
    let filter = Filter {
        subject: Some(("case".to_owned(), id.to_string())),
        kind: Some(EventKind::CaseSplit),
        ..Filter::default()
    };
    // Of a split both cases are told; only one of them was split.
    let told = events::list(&**tx, &filter, true, 50).await?;
    Ok(told.into_iter().find(|event| event.payload.contains_key("into")))
}

fn is_split(event: &Event) -> bool {
    event.kind == EventKind::CaseSplit && event.payload.contains_key("report_ids")
}

/// Counts both cases anew and records what was done.
async fn finish(
    tx: Transaction,
    ctx: &Ctx,
    row: case::Model,
    (target, into): (case::ActiveModel, Uuid),
    told: [NewEvent; 2],
) -> Result<(Case, CaseId)> {
    let id = row.id;
    let row = recounted(&tx, ctx, row.into_active_model(), id).await?;
    recounted(&tx, ctx, target, into).await?;
    for event in told {
        events::append(&tx, ctx, event).await?;
    }
    let case = queries::compose(&*tx, ctx.now(), row).await?;
    Ok((commit(tx, case).await?, CaseId(into)))
}
