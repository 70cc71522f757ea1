//! How many reports came in and how many were closed, week by week. Nothing of a report but its time is read.
//!
//! Decision (2026-11-22), what counts as closed: the reports of a case in the week in which it was resolved or dismissed. A
//! case that is closed, reopened and closed again counts in each week in which that happened, once. A report that is
//! suspected of being spam counts only once it is released.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, event, report};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    events::EventKind,
    kernel::{Ctx, Permission, Result, Timestamp},
};

use super::lifecycle::CaseAction;

/// What happened in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    pub begins: Timestamp,
    /// Reports that came in, without those in quarantine.
    pub received: u64,
    /// Reports whose cases were resolved or dismissed.
    pub closed: u64,
}

/// The weeks that begin at these times, which ascend; the last lasts until now.
pub async fn weeks(ctx: &Ctx, begins: &[Timestamp]) -> Result<Vec<Week>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let Some(first) = begins.first() else { return Ok(Vec::new()) };
    let closings = closings(&*snapshot, *first).await?;
    let counts = report_counts(&*snapshot, closings.iter().map(|(_, case)| *case).collect()).await?;
    let ends = begins.iter().skip(1).copied().chain([Timestamp(i64::MAX)]);
    let mut weeks = Vec::new();
    for (begins, ends) in begins.iter().copied().zip(ends) {
        let received = report::Entity::find()
            .filter(report::Column::Quarantined.eq(false))
            .filter(report::Column::ReceivedAt.gte(begins.0))
            .filter(report::Column::ReceivedAt.lt(ends.0))
            .count(&*snapshot)
            .await?;
        let within = closings.iter().filter(|(at, _)| (begins..ends).contains(at));
        let cases: BTreeSet<Uuid> = within.map(|(_, case)| *case).collect();
        let closed = cases.iter().filter_map(|case| counts.get(case)).sum();
        weeks.push(Week { begins, received, closed });
    }
    Ok(weeks)
}

/// When cases were closed since a time.
async fn closings(connection: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<(Timestamp, Uuid)>> {
    let dismissed = Condition::all()
        .add(event::Column::Kind.eq(EventKind::CaseChanged.name()))
        .add(event::Column::Payload.contains(format!("\"action\":\"{}\"", CaseAction::Dismiss.name())));
    let rows: Vec<(i64, String)> = event::Entity::find()
        .select_only()
        .columns([event::Column::At, event::Column::SubjectId])
        .filter(Condition::any().add(event::Column::Kind.eq(EventKind::CaseResolved.name())).add(dismissed))
        .filter(event::Column::At.gte(since.0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().filter_map(|(at, case)| Some((Timestamp(at), case.parse().ok()?))).collect())
}

async fn report_counts(connection: &impl ConnectionTrait, cases: BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, u64>> {
    let cases: Vec<Uuid> = cases.into_iter().collect();
    let mut counts = BTreeMap::new();
    for chunk in cases.chunks(500) {
        let rows: Vec<(Uuid, i32)> = case::Entity::find()
            .select_only()
            .columns([case::Column::Id, case::Column::ReportCount])
            .filter(case::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        counts.extend(rows.into_iter().filter_map(|(id, count)| Some((id, u64::try_from(count).ok()?))));
    }
    Ok(counts)
}
