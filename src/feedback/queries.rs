//! What can be asked about cases: lists, and one with its reports, notes, time line and what looks like it. Reports are
//! asked for in `reports.rs`.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, case_note, document, live_document, report, user, user_role};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, Event, Filter},
    kernel::{CaseId, Ctx, DocumentId, Error, Fault, Permission, Result, Role, Timestamp, UserId, VersionNumber},
};

use super::{
    cases::standing,
    classifying::{self, CaseCategory, CaseSeverity},
    lifecycle::{CaseState, Resolution},
    listing::{CaseListing, filtered, paged},
    reports::{self, Report},
    suggestions::{Suggestion, suggestions},
    telling::{self, FixTold},
    texts::Removed,
    undo,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub name: String,
}

/// The active people who may do something, by name.
pub(super) async fn people_who_may(connection: &impl ConnectionTrait, what: Permission) -> Result<Vec<Person>> {
    let roles = Role::ALL.iter().filter(|role| role.permissions().contains(&what));
    let holders = user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::Role.is_in(roles.map(|role| role.name())));
    let rows = user::Entity::find()
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.in_subquery(holders.into_query()))
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| Person { id: UserId(row.id), name: row.name }).collect())
}

/// The document that a case is about; title and path as they were public last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDocument {
    pub id: DocumentId,
    /// `None` once it has been purged.
    pub title: Option<String>,
    /// `None` while it is not public.
    pub path: Option<String>,
}

/// A version of a document that fixes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedIn {
    pub document: DocumentId,
    pub version: VersionNumber,
}

/// The answer to every step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub number: i64,
    pub title: String,
    pub document: CaseDocument,
    pub state: CaseState,
    pub resolution: Option<Resolution>,
    /// Of a dismissed case the code, of a resolved one what was said.
    pub reason: Option<String>,
    /// What was said with a dismissal.
    pub explanation: Option<String>,
    pub assignee: Option<Person>,
    pub severity: CaseSeverity,
    pub category: CaseCategory,
    /// In the order of letters.
    pub labels: BTreeSet<String>,
    pub waiting_until: Option<Timestamp>,
    /// When somebody did something about it first.
    pub first_action_at: Option<Timestamp>,
    /// By when somebody is to have done something, while nobody has; `None` while its clock stands.
    pub first_action_due_at: Option<Timestamp>,
    /// By when it is to be resolved or dismissed; `None` while its clock stands.
    pub fix_due_at: Option<Timestamp>,
    /// The nearer of both.
    pub due_at: Option<Timestamp>,
    /// Whether it was past its target when it was read.
    pub escalating: bool,
    /// Of an open case: where it was fixed before it was reopened.
    pub fixed_in: Option<FixedIn>,
    pub merged_into: Option<CaseId>,
    pub regressed: bool,
    pub report_count: i32,
    pub first_report_at: Timestamp,
    pub last_report_at: Timestamp,
    /// Of the row; the next step names it.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Case {
    /// The same without what was made from reports or written about them.
    pub(super) fn without_words(&self) -> Self {
        Self { title: String::new(), reason: None, explanation: None, labels: BTreeSet::new(), ..self.clone() }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Note {
    pub id: Uuid,
    pub text: String,
    /// What was taken out of it, counted by kind.
    pub removed: Removed,
    pub author: Option<UserId>,
    pub author_name: String,
    pub created_at: Timestamp,
}

/// One case with everything about it.
#[derive(Clone, Debug, Serialize)]
pub struct CaseDetail {
    #[serde(flatten)]
    pub case: Case,
    /// Newest first, at most 500.
    pub reports: Vec<Report>,
    /// Oldest first.
    pub notes: Vec<Note>,
    /// The cases that have been merged into it.
    pub merged: Vec<CaseId>,
    /// What is said in public about its fix.
    pub what_changed: Option<FixTold>,
    /// Until when the actor can undo what they did to it last.
    pub undo_until: Option<Timestamp>,
    /// Most alike first.
    pub suggestions: Vec<Suggestion>,
    /// Newest first, at most 500.
    pub timeline: Vec<Event>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<(String, Uuid)>,
    pub total: u64,
}

/// How many reports, notes and events of one case are read.
const SHOWN: u64 = 500;

/// Cases in the order that is asked for.
pub async fn cases(ctx: &Ctx, listing: &CaseListing) -> Result<Page<Case>> {
    let (rows, next) = some_cases(ctx, listing).await?;
    let snapshot = ctx.database.read().await?;
    let total = filtered(listing, snapshot.get_database_backend())?.count(&*snapshot).await?;
    Ok(Page { rows, next, total })
}

/// The same without their number, for whoever needs none or has it already, and where the next page starts.
pub async fn some_cases(ctx: &Ctx, listing: &CaseListing) -> Result<(Vec<Case>, Option<(String, Uuid)>)> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let query = filtered(listing, snapshot.get_database_backend())?;
    let rows = paged(query, listing)?.limit(listing.limit.saturating_add(1)).all(&*snapshot).await?;
    let (rows, next) = cut(rows, listing.limit, |row| (listing.order.key(row), row.id));
    Ok((compose_all(&*snapshot, ctx.now(), rows).await?, next))
}

/// How many cases nobody has looked at yet.
pub async fn count_new(ctx: &Ctx) -> Result<u64> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    Ok(case::Entity::find().filter(case::Column::State.eq(CaseState::New.name())).count(&*snapshot).await?)
}

/// The numbers by which people know these cases; those that are not there are missing.
pub async fn numbers_of(ctx: &Ctx, ids: &BTreeSet<CaseId>) -> Result<BTreeMap<CaseId, i64>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let all: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut numbers = BTreeMap::new();
    if all.is_empty() {
        return Ok(numbers);
    }
    let snapshot = ctx.database.read().await?;
    for chunk in all.chunks(500) {
        let rows = case::Entity::find().filter(case::Column::Id.is_in(chunk.iter().copied())).all(&*snapshot).await?;
        numbers.extend(rows.into_iter().map(|row| (CaseId(row.id), row.number)));
    }
    Ok(numbers)
}

/// How many cases are open about each of these documents; those without any are left out.
pub async fn count_open(ctx: &Ctx, documents: &[DocumentId]) -> Result<BTreeMap<DocumentId, i64>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let open = CaseState::ALL.iter().filter(|state| state.is_open()).map(|state| state.name());
    let found: Vec<(Uuid, i64)> = case::Entity::find()
        .select_only()
        .column(case::Column::DocumentId)
        .column_as(case::Column::Id.count(), "number")
        .filter(case::Column::State.is_in(open))
        .filter(case::Column::DocumentId.is_in(documents.iter().map(|id| id.0)))
        .group_by(case::Column::DocumentId)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(found.into_iter().map(|(id, number)| (DocumentId(id), number)).collect())
}

/// One case with its reports, notes, time line and suggestions.
pub async fn case(ctx: &Ctx, id: CaseId) -> Result<CaseDetail> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let row = case::Entity::find_by_id(id.0).one(&*snapshot).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("case with the id {id}")))?;
    let rows = report::Entity::find()
        .filter(report::Column::CaseId.eq(id.0))
        .order_by_desc(report::Column::ReceivedAt)
        .order_by_desc(report::Column::Id)
        .limit(SHOWN)
        .all(&*snapshot)
        .await?;
    let merged: Vec<Uuid> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(case::Column::MergedInto.eq(id.0))
        .order_by_asc(case::Column::Number)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let timeline = Filter { subject: Some(("case".to_owned(), id.to_string())), ..Filter::default() };
    Ok(CaseDetail {
        what_changed: telling::told(&*snapshot, row.id).await?,
        undo_until: undo::undo_until(&*snapshot, ctx, &row).await?,
        suggestions: suggestions(&*snapshot, ctx.now(), &row, &rows).await?,
        case: compose(&*snapshot, ctx.now(), row).await?,
        reports: reports::compose_all(&*snapshot, &ctx.actor, rows).await?,
        notes: notes(&*snapshot, id).await?,
        merged: merged.into_iter().map(CaseId).collect(),
        timeline: events::list(&*snapshot, &timeline, true, SHOWN).await?,
    })
}

/// The answer to a cursor that this list did not give out.
pub fn bad_cursor() -> Error {
    Error::Malformed(vec![Fault::new("cursor", "bad-cursor", "This list did not give out the cursor.")])
}

/// One row more than asked for was read; it says whether there is another page.
pub(super) fn cut<T>(
    mut rows: Vec<T>,
    limit: u64,
    key: impl Fn(&T) -> (String, Uuid),
) -> (Vec<T>, Option<(String, Uuid)>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(key);
    (rows, next)
}

pub(super) async fn compose(connection: &impl ConnectionTrait, now: Timestamp, row: case::Model) -> Result<Case> {
    let composed = compose_all(connection, now, vec![row]).await?;
    composed.into_iter().next().ok_or_else(|| Error::bug("a case vanished while it was read"))
}

pub(super) async fn compose_all(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    rows: Vec<case::Model>,
) -> Result<Vec<Case>> {
    let mut labels = classifying::labels(connection, rows.iter().map(|row| row.id)).await?;
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.document_id).collect();
    let live = live_document::Entity::find().filter(live_document::Column::DocumentId.is_in(ids.clone()));
    let live: BTreeMap<Uuid, live_document::Model> =
        live.all(connection).await?.into_iter().map(|row| (row.document_id, row)).collect();
    let titles: Vec<(Uuid, String)> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::Title)
        .filter(document::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    let titles: BTreeMap<Uuid, String> = titles.into_iter().collect();
    let users: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.assignee_id).collect();
    let users: BTreeMap<Uuid, String> = user::Entity::find()
        .filter(user::Column::Id.is_in(users))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    rows.into_iter()
        .map(|row| {
            let live = live.get(&row.document_id);
            let title = live.map(|live| live.title.clone()).or_else(|| titles.get(&row.document_id).cloned());
            let path = live.and_then(|live| live.path.clone());
            let document = CaseDocument { id: DocumentId(row.document_id), title, path };
            let name = row.assignee_id.and_then(|id| users.get(&id).cloned());
            let labels = labels.remove(&row.id).unwrap_or_default();
            composed(row, now, document, name, labels)
        })
        .collect()
}

fn composed(
    row: case::Model,
    now: Timestamp,
    document: CaseDocument,
    assignee: Option<String>,
    labels: BTreeSet<String>,
) -> Result<Case> {
    let state = standing(&row)?.state;
    let resolution = match &row.resolution {
        None => None,
        Some(name) => Some(Resolution::from_name(name).ok_or_else(|| Error::bug("an unknown resolution"))?),
    };
    let (reason, explanation) = match row.reason {
        Some(reason) if state == CaseState::Dismissed => match reason.split_once('\n') {
            Some((code, text)) => (Some(code.to_owned()), Some(text.to_owned())),
            None => (Some(reason), None),
        },
        reason => (reason, None),
    };
    Ok(Case {
        id: CaseId(row.id),
        number: row.number,
        title: row.title,
        document,
        state,
        resolution,
        reason,
        explanation,
        assignee: row.assignee_id.map(|id| Person { id: UserId(id), name: assignee.unwrap_or_default() }),
        severity: CaseSeverity::from_name(&row.severity).ok_or_else(|| Error::bug("an unknown severity"))?,
        category: CaseCategory::from_name(&row.category).ok_or_else(|| Error::bug("an unknown category"))?,
        labels,
        waiting_until: row.waiting_until.map(Timestamp),
        first_action_at: row.acted_at.map(Timestamp),
        first_action_due_at: row.action_due_at.map(Timestamp),
        fix_due_at: row.fix_due_at.map(Timestamp),
        due_at: row.due_at.map(Timestamp),
        escalating: row.due_at.is_some_and(|at| at <= now.0),
        fixed_in: row
            .fixed_document_id
            .zip(row.fixed_version)
            .map(|(document, version)| FixedIn { document: DocumentId(document), version: VersionNumber(version) }),
        merged_into: row.merged_into.map(CaseId),
        regressed: row.regressed,
        report_count: row.report_count,
        first_report_at: Timestamp(row.first_report_at),
        last_report_at: Timestamp(row.last_report_at),
        version: row.row_version,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
    })
}

async fn notes(connection: &impl ConnectionTrait, id: CaseId) -> Result<Vec<Note>> {
    let rows = case_note::Entity::find()
        .filter(case_note::Column::CaseId.eq(id.0))
        .order_by_asc(case_note::Column::CreatedAt)
        .order_by_asc(case_note::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Note {
                id: row.id,
                text: row.text,
                removed: serde_json::from_str(&row.removed)?,
                author: row.author_id.map(UserId),
                author_name: row.author_name,
                created_at: Timestamp(row.created_at),
            })
        })
        .collect()
}
