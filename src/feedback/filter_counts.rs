//! How many cases each value of each filter of a list would leave, so that people see where a filter leads before they
//! use it.
//!
//! Decision (2026-11-22), one look for many filters. Context: a count for each value is dozens of questions for each list
//! that is drawn. Choice: the cases of a view are counted once, grouped by everything that has few values, and what a
//! filter would leave beside the others is added up here; pages and labels, of which there can be many, are counted by
//! themselves. Each question is answered from an index that holds all it asks for, and all are asked at the same time, each
//! of a state of its own. Consequence: three questions, however many values there are, and how many cases a list holds is
//! no further one; while somebody works, two counts can differ by what was done between them. A filter is counted
//! without itself, so that it says what would come if it were changed. What belongs to reports, their kind and whether an
//! address came with them, is not counted: with 100,000 reports the quickest question for cases by kind took 100 ms, the
//! time that the whole list may take.

use std::collections::BTreeMap;

use entity::{case, case_label};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QuerySelect,
    RelationDef,
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
    /// In the list, as its filters are.
    pub total: u64,
}

/// Until when a case is overdue, due today, and due this week. The time is the one at which the list was asked for: it must
/// be the same for what is listed and for what is counted.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    pub now: Timestamp,
    pub day: Timestamp,
    pub week: Timestamp,
}

/// Cases that are alike in everything that has few values, by when they are due.
#[derive(FromQueryResult)]
struct Alike {
    state: String,
    severity: String,
    category: String,
    assignee_id: Option<Uuid>,
    overdue: i64,
    today: i64,
    week: i64,
    cases: i64,
}

/// When something is due.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Over,
    Today,
    /// Later in this week.
    Week,
    /// Later than that, or never.
    Later,
}

/// The counts of a list. `view` is the list without the filters for state, assignee, severity, category and due date, as
/// far as its view leaves them open.
pub async fn filter_counts(ctx: &Ctx, view: &CaseListing, chosen: &CaseListing, ends: Ends) -> Result<FilterCounts> {
    ctx.authorise(Permission::FeedbackRead)?;
    let (documents, labels, all) =
        tokio::try_join!(documents(ctx, chosen), labels(ctx, chosen), alike(ctx, view, ends))?;
    let mut counts = FilterCounts { documents, labels, ..FilterCounts::default() };
    for alike in all {
        counts.add(&alike, chosen, ends);
    }
    Ok(counts)
}

impl FilterCounts {
    /// Adds alike cases to the counts of each filter that would show them beside the other filters.
    fn add(&mut self, alike: &Alike, chosen: &CaseListing, ends: Ends) {
        let Alike { overdue, today, week, cases, .. } = *alike;
        let later = cases - overdue - today - week;
        for (due, cases) in [(Due::Over, overdue), (Due::Today, today), (Due::Week, week), (Due::Later, later)] {
            self.add_due(alike, (due, u64::try_from(cases).unwrap_or_default()), chosen, ends);
        }
    }

    fn add_due(&mut self, alike: &Alike, (due, cases): (Due, u64), chosen: &CaseListing, ends: Ends) {
        if cases == 0 {
            return;
        }
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
            is_due(due, chosen, ends),
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
            self.overdue += if due == Due::Over { cases } else { 0 };
            self.today += if due == Due::Today { cases } else { 0 };
            self.week += if matches!(due, Due::Today | Due::Week) { cases } else { 0 };
        }
        if fits.iter().all(|fits| *fits) {
            self.total += cases;
        }
    }
}

/// Whether what is due then is within the times that were asked for.
fn is_due(due: Due, chosen: &CaseListing, ends: Ends) -> bool {
    let Some(until) = chosen.due_until else { return true };
    let at = match due {
        Due::Over => ends.now,
        Due::Today => ends.day,
        Due::Week => ends.week,
        Due::Later => return false,
    };
    at <= until && chosen.due_after.is_none_or(|after| at > after)
}

async fn alike(ctx: &Ctx, view: &CaseListing, ends: Ends) -> Result<Vec<Alike>> {
    use case::Column::{AssigneeId, Category, DueAt, Id, Severity, State};

    let snapshot = ctx.database.read().await?;
    let due = |from: Option<Timestamp>, until: Timestamp| {
        let within = Condition::all().add(DueAt.lte(until.0)).add_option(from.map(|from| DueAt.gt(from.0)));
        let counted: Expr = CaseStatement::new().case(within, 1_i32).finally(0_i32).into();
        counted.sum()
    };
    let query = filtered(view, snapshot.get_database_backend())?
        .select_only()
        .columns([State, Severity, Category, AssigneeId])
        .column_as(due(None, ends.now), "overdue")
        .column_as(due(Some(ends.now), ends.day), "today")
        .column_as(due(Some(ends.now.max(ends.day)), ends.week), "week")
        .column_as(Id.count(), "cases")
        .group_by(State)
        .group_by(Severity)
        .group_by(Category)
        .group_by(AssigneeId);
    Ok(query.into_model().all(&*snapshot).await?)
}

async fn documents(ctx: &Ctx, chosen: &CaseListing) -> Result<BTreeMap<DocumentId, u64>> {
    let snapshot = ctx.database.read().await?;
    let beside = CaseListing { document: None, ..chosen.clone() };
    let rows: Vec<(Uuid, i64)> = filtered(&beside, snapshot.get_database_backend())?
        .select_only()
        .column(case::Column::DocumentId)
        .column_as(case::Column::Id.count(), "cases")
        .group_by(case::Column::DocumentId)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(|(id, cases)| (DocumentId(id), u64::try_from(cases).unwrap_or_default())).collect())
}

async fn labels(ctx: &Ctx, chosen: &CaseListing) -> Result<BTreeMap<String, u64>> {
    let snapshot = ctx.database.read().await?;
    let beside = CaseListing { label: None, ..chosen.clone() };
    let to_case: RelationDef =
        case_label::Entity::belongs_to(case::Entity).from(case_label::Column::CaseId).to(case::Column::Id).into();
    let rows: Vec<(String, i64)> = filtered(&beside, snapshot.get_database_backend())?
        .select_only()
        .column(case_label::Column::Label)
        .column_as(case::Column::Id.count(), "cases")
        .join(JoinType::InnerJoin, to_case.rev())
        .group_by(case_label::Column::Label)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(|(label, cases)| (label, u64::try_from(cases).unwrap_or_default())).collect())
}
