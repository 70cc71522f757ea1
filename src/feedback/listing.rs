//! Which cases a list holds, and in which order: conditions for the database. What a case is made of is in `queries.rs`.

use entity::{case, case_label, report};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, NullOrdering, Order},
};
use uuid::Uuid;

use crate::kernel::{CaseId, DocumentId, NodeId, Result, Timestamp, UserId, holds};

use super::{
    classifying::{CaseCategory, CaseSeverity},
    intake::ReportKind,
    lifecycle::CaseState,
    queries::{Case, bad_cursor},
};

/// Whose cases to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssigneeFilter {
    Nobody,
    User(UserId),
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// Those with the newest report first.
    #[default]
    Newest,
    /// Those that are due first; at the end those that are not due.
    Due,
}

/// Which cases to list.
#[derive(Clone, Debug, Default)]
pub struct CaseListing {
    /// Empty: all.
    pub states: Vec<CaseState>,
    pub document: Option<DocumentId>,
    pub assignee: Option<AssigneeFilter>,
    /// Words in the title, or the number.
    pub words: Option<String>,
    pub regressed: Option<bool>,
    /// Cases with a report of this kind.
    pub kind: Option<ReportKind>,
    /// Cases whose newest report came in at this time or later.
    pub reported_since: Option<Timestamp>,
    /// Cases whose newest report came in before this time.
    pub reported_before: Option<Timestamp>,
    pub severity: Option<CaseSeverity>,
    pub category: Option<CaseCategory>,
    /// As it is kept.
    pub label: Option<String>,
    /// Due after this time.
    pub due_after: Option<Timestamp>,
    /// Due at this time or earlier.
    pub due_until: Option<Timestamp>,
    /// Cases with a report about this block.
    pub block: Option<NodeId>,
    /// Whether somebody who reported left an address that is still there.
    pub has_contact: Option<bool>,
    pub order: CaseOrder,
    /// Only these; a few.
    pub ids: Option<Vec<CaseId>>,
    /// Only what a search has found; any number.
    pub found: Option<Vec<Uuid>>,
    /// The sort key and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

impl CaseOrder {
    /// Where a case stands in it.
    pub(super) fn key(self, row: &case::Model) -> String {
        match self {
            Self::Newest => row.last_report_at.to_string(),
            Self::Due => row.due_at.map_or_else(|| NEVER.to_owned(), |at| at.to_string()),
        }
    }

    /// Where a case stands in it, for whoever looks for the next one.
    pub fn place(self, case: &Case) -> (String, Uuid) {
        let key = match self {
            Self::Newest => case.last_report_at.0.to_string(),
            Self::Due => case.due_at.map_or_else(|| NEVER.to_owned(), |at| at.0.to_string()),
        };
        (key, case.id.0)
    }
}

/// The place of what is not due.
const NEVER: &str = "never";

/// In its order, from where the page before ended.
pub(super) fn paged(query: Select<case::Entity>, listing: &CaseListing) -> Result<Select<case::Entity>> {
    use case::Column::{DueAt, Id, LastReportAt};

    let query = match (&listing.after, listing.order) {
        (None, _) => query,
        (Some((key, id)), CaseOrder::Newest) => {
            let at: i64 = key.parse().map_err(|_| bad_cursor())?;
            let earlier = Condition::all().add(LastReportAt.eq(at)).add(Id.lt(*id));
            query.filter(Condition::any().add(LastReportAt.lt(at)).add(earlier))
        }
        (Some((key, id)), CaseOrder::Due) if key == NEVER => query.filter(DueAt.is_null()).filter(Id.gt(*id)),
        (Some((key, id)), CaseOrder::Due) => {
            let at: i64 = key.parse().map_err(|_| bad_cursor())?;
            let later = Condition::all().add(DueAt.eq(at)).add(Id.gt(*id));
            query.filter(Condition::any().add(DueAt.gt(at)).add(later).add(DueAt.is_null()))
        }
    };
    Ok(match listing.order {
        CaseOrder::Newest => query.order_by_desc(LastReportAt).order_by_desc(Id),
        CaseOrder::Due => query.order_by_with_nulls(DueAt, Order::Asc, NullOrdering::Last).order_by_asc(Id),
    })
}

pub(super) fn filtered(listing: &CaseListing, backend: DatabaseBackend) -> Result<Select<case::Entity>> {
    let mut query = case::Entity::find();
    // The reports of a case, looked for case by case: only cases that the other filters let through are looked into.
    let own = || {
        let case = Expr::col((report::Entity, report::Column::CaseId)).equals((case::Entity, case::Column::Id));
        report::Entity::find().select_only().column(report::Column::CaseId).filter(case)
    };
    if !listing.states.is_empty() {
        query = query.filter(case::Column::State.is_in(listing.states.iter().map(|state| state.name())));
    }
    if let Some(document) = listing.document {
        query = query.filter(case::Column::DocumentId.eq(document.0));
    }
    query = match listing.assignee {
        None => query,
        Some(AssigneeFilter::Nobody) => query.filter(case::Column::AssigneeId.is_null()),
        Some(AssigneeFilter::User(user)) => query.filter(case::Column::AssigneeId.eq(user.0)),
    };
    if let Some(regressed) = listing.regressed {
        query = query.filter(case::Column::Regressed.eq(regressed));
    }
    if let Some(kind) = listing.kind {
        query = query.filter(Expr::exists(own().filter(report::Column::Kind.eq(kind.name())).into_query()));
    }
    if let Some(since) = listing.reported_since {
        query = query.filter(case::Column::LastReportAt.gte(since.0));
    }
    if let Some(before) = listing.reported_before {
        query = query.filter(case::Column::LastReportAt.lt(before.0));
    }
    if let Some(severity) = listing.severity {
        query = query.filter(case::Column::Severity.eq(severity.name()));
    }
    if let Some(category) = listing.category {
        query = query.filter(case::Column::Category.eq(category.name()));
    }
    if let Some(label) = &listing.label {
        let labelled = case_label::Entity::find()
            .select_only()
            .column(case_label::Column::CaseId)
            .filter(case_label::Column::Label.eq(label));
        query = query.filter(case::Column::Id.in_subquery(labelled.into_query()));
    }
    if let Some(after) = listing.due_after {
        query = query.filter(case::Column::DueAt.gt(after.0));
    }
    if let Some(until) = listing.due_until {
        query = query.filter(case::Column::DueAt.lte(until.0));
    }
    if let Some(block) = listing.block {
        query = query.filter(Expr::exists(own().filter(report::Column::BlockId.eq(block.0)).into_query()));
    }
    if let Some(has_contact) = listing.has_contact {
        let left = report::Entity::find()
            .select_only()
            .column(report::Column::CaseId)
            .filter(report::Column::HasContact.eq(true))
            .filter(report::Column::CaseId.is_not_null())
            .into_query();
        let id = case::Column::Id;
        query = query.filter(if has_contact { id.in_subquery(left) } else { id.not_in_subquery(left) });
    }
    if let Some(ids) = &listing.ids {
        query = query.filter(case::Column::Id.is_in(ids.iter().map(|id| id.0)));
    }
    if let Some(found) = &listing.found {
        query = query.filter(is_one_of(found, backend)?);
    }
    for word in listing.words.as_deref().unwrap_or_default().split_whitespace() {
        let mut either = Condition::any().add(holds((case::Entity, case::Column::Title), word));
        if let Ok(number) = word.trim_start_matches('#').parse::<i64>() {
            either = either.add(case::Column::Number.eq(number));
        }
        query = query.filter(either);
    }
    Ok(query)
}

/// As one text, so that a statement is the same however many there are.
fn is_one_of(ids: &[Uuid], backend: DatabaseBackend) -> Result<Expr> {
    Ok(match backend {
        DatabaseBackend::Postgres => {
            let among =
                r#""case"."id" IN (SELECT CAST("value" AS uuid) FROM json_array_elements_text(CAST($1 AS json)))"#;
            Expr::cust_with_values(among, [serde_json::to_string(ids)?])
        }
        _ => {
            let named: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
            let among = r#""case"."id" IN (SELECT unhex("value") FROM json_each(?))"#;
            Expr::cust_with_values(among, [serde_json::to_string(&named)?])
        }
    })
}
