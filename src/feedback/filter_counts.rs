//! How many cases each value of each filter of a list would leave, so that people see where a filter leads before they
//! use it.
//!
//! Decision (2026-11-22), one look for many filters. Context: a count for each value is dozens of questions for each list
//! that is drawn. Choice: the cases of a view are counted once, grouped by everything that has few values, and what a
//! filter would leave beside the others is added up here; pages and labels, of which there can be many, are counted by
//! themselves. Consequence: three questions, however many values there are. A filter is counted without itself, so that
//! it says what would come if it were changed.

use std::collections::BTreeMap;

use entity::{case, case_label};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Permission, Result, Timestamp, UserId};

use super::{
    classifying::{CaseCategory, CaseSeverity},
    lifecycle::CaseState,
    listing::{AssigneeFilter, CaseListing, filtered},
};

/// How many cases there are of each value; what is missing has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterCounts {
    /// By the name of the state, the severity, the category.
    pub states: BTreeMap<&'static str, u64>,
    pub severities: BTreeMap<&'static str, u64>,
    pub categories: BTreeMap<&'static str, u64>,
    /// `None`: those of nobody.
    pub assignees: BTreeMap<Option<UserId>, u64>,
    pub documents: BTreeMap<DocumentId, u64>,
    pub labels: BTreeMap<String, u64>,
    pub overdue: u64,
    /// Due until the end of this day, and of this week, and not overdue.
    pub today: u64,
    pub week: u64,
}

/// Until when a case is due today and this week.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub day: Timestamp,
    pub week: Timestamp,
}

/// Cases that are alike in everything that has few values.
#[derive(FromQueryResult)]
struct Alike {
    state: String,
    severity: String,
    category: String,
    assignee_id: Option<Uuid>,
    due: i32,
    cases: i64,
}

/// Nothing is due this week, or it is overdue, due today, due later in the week.
const LATER: i32 = 0;
const OVERDUE: i32 = 1;
const TODAY: i32 = 2;
const WEEK: i32 = 3;

/// The counts of a list. `view` is the list without the filters for state, assignee, severity, category and due date, as
/// far as its view leaves them open.
pub async fn filter_counts(ctx: &Ctx, view: &CaseListing, chosen: &CaseListing, ends: Ends) -> Result<FilterCounts> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let mut counts = FilterCounts {
        documents: documents(&*snapshot, chosen).await?,
        labels: labels(&*snapshot, chosen).await?,
        ..FilterCounts::default()
    };
    for alike in alike(&*snapshot, view, ctx.now(), ends).await? {
        counts.add(&alike, chosen, ctx.now(), ends);
    }
    Ok(counts)
}

impl FilterCounts {
    /// Adds alike cases to the counts of each filter that would show them beside the other filters.
    fn add(&mut self, alike: &Alike, chosen: &CaseListing, now: Timestamp, ends: Ends) {
        let cases = u64::try_from(alike.cases).unwrap_or_default();
        let (state, severity, category) = (
            CaseState::from_name(&alike.state),
            CaseSeverity::from_name(&alike.severity),
            CaseCategory::from_name(&alike.category),
        );
        let assignee = alike.assignee_id.map(UserId);
        let fits = [
            chosen.states.is_empty() || state.is_some_and(|state| chosen.states.contains(&state)),
            chosen.severity.is_none() || chosen.severity == severity,
            chosen.category.is_none() || chosen.category == category,
            match chosen.assignee {
                None => true,
                Some(AssigneeFilter::Nobody) => assignee.is_none(),
                Some(AssigneeFilter::User(user)) => assignee == Some(user),
            },
            is_due(alike.due, chosen, now, ends),
        ];
        // Beside the others: whether all fit but this one.
        let beside = |own: usize| fits.iter().enumerate().all(|(other, fits)| *fits || other == own);
        if let Some(state) = state.filter(|_| beside(0)) {
            *self.states.entry(state.name()).or_default() += cases;
        }
        if let Some(severity) = severity.filter(|_| beside(1)) {
            *self.severities.entry(severity.name()).or_default() += cases;
        }
        if let Some(category) = category.filter(|_| beside(2)) {
            *self.categories.entry(category.name()).or_default() += cases;
        }
        if beside(3) {
            *self.assignees.entry(assignee).or_default() += cases;
        }
        if beside(4) {
            self.overdue += if alike.due == OVERDUE { cases } else { 0 };
            self.today += if alike.due == TODAY { cases } else { 0 };
            self.week += if matches!(alike.due, TODAY | WEEK) { cases } else { 0 };
        }
    }
}

/// Whether what is due then is within the times that were asked for.
fn is_due(due: i32, chosen: &CaseListing, now: Timestamp, ends: Ends) -> bool {
    let Some(until) = chosen.due_until else { return true };
    let at = match due {
        OVERDUE => now,
        TODAY => ends.day,
        WEEK => ends.week,
        _ => return false,
    };
    at <= until && chosen.due_after.is_none_or(|after| at > after)
}

async fn alike(
    connection: &impl ConnectionTrait,
    view: &CaseListing,
    now: Timestamp,
    ends: Ends,
) -> Result<Vec<Alike>> {
    use case::Column::{AssigneeId, Category, DueAt, Id, Severity, State};

    let due: Expr = CaseStatement::new()
        .case(DueAt.lte(now.0), OVERDUE)
        .case(DueAt.lte(ends.day.0), TODAY)
        .case(DueAt.lte(ends.week.0), WEEK)
        .finally(LATER)
        .into();
    let query = filtered(view, connection.get_database_backend())?
        .select_only()
        .columns([State, Severity, Category, AssigneeId])
        .column_as(due, "due")
        .column_as(Id.count(), "cases")
        .group_by(State)
        .group_by(Severity)
        .group_by(Category)
        .group_by(AssigneeId)
        .group_by(Expr::col("due"));
    Ok(query.into_model().all(connection).await?)
}

async fn documents(connection: &impl ConnectionTrait, chosen: &CaseListing) -> Result<BTreeMap<DocumentId, u64>> {
    let beside = CaseListing { document: None, ..chosen.clone() };
    let rows: Vec<(Uuid, i64)> = filtered(&beside, connection.get_database_backend())?
        .select_only()
        .column(case::Column::DocumentId)
        .column_as(case::Column::Id.count(), "cases")
        .group_by(case::Column::DocumentId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, cases)| (DocumentId(id), u64::try_from(cases).unwrap_or_default())).collect())
}

async fn labels(connection: &impl ConnectionTrait, chosen: &CaseListing) -> Result<BTreeMap<String, u64>> {
    let beside = CaseListing { label: None, ..chosen.clone() };
    let cases = filtered(&beside, connection.get_database_backend())?.select_only().column(case::Column::Id);
    let rows: Vec<(String, i64)> = case_label::Entity::find()
        .select_only()
        .column(case_label::Column::Label)
        .column_as(case_label::Column::CaseId.count(), "cases")
        .filter(case_label::Column::CaseId.in_subquery(cases.into_query()))
        .group_by(case_label::Column::Label)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(label, cases)| (label, u64::try_from(cases).unwrap_or_default())).collect())
}
