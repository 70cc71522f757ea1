//! Lists of documents: which, in which order, from where on. Bodies are not loaded. Which documents hold words, an index
//! has said already; `words.rs` makes a page of them.

#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, document, live_document, overview, reference, schedule, user};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Fault, Permission, Result, Snapshot, Timestamp, UserId, VersionNumber};

use super::{
    kinds::Kind,
    lifecycle::{DraftState, LiveState},
    queries::{Person, Schedule, draft_state, live_state, schedule_of},
    references::{EMBEDDING, ReferenceRole},
    search::Holders,
};

/// The states in which somebody still has to do something about a case.
pub(super) const OPEN_CASES: [&str; 4] = ["new", "open", "in_progress", "waiting"];

named! {
    Sort {
        TitleUp = "title",
        TitleDown = "-title",
        UpdatedUp = "updated_at",
        UpdatedDown = "-updated_at",
    }
}

/// Which documents to list.
#[derive(Clone, Debug)]
pub struct Listing {
    pub kind: Kind,
    pub draft_state: Option<DraftState>,
    pub live_state: Option<LiveState>,
    pub parent: Option<DocumentId>,
    pub owner: Option<UserId>,
    /// Those that hold some words.
    pub words: Option<Holders>,
    pub trashed: bool,
    pub narrowing: Narrowing,
    pub sort: Sort,
    /// The sort key and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

/// What else a list can be narrowed to. Everything that is set has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Something is scheduled.
    pub scheduled: bool,
    /// The date by which to review it lies before this one.
    pub review_before: Option<String>,
    /// The checks found something to fix or to look at.
    pub problems: bool,
    /// The checks found something that stands in the way of publishing.
    pub must_fix: bool,
    pub open_cases: bool,
    /// The draft or what is live embeds this requirement section.
    pub embeds: Option<DocumentId>,
    /// It stands in another document in full, or its tree does.
    pub embedded: bool,
    /// Others stand below it.
    pub has_children: bool,
    /// A forced publication awaits its review.
    pub retrospective: bool,
    /// Something is wrong with it or overdue; the date is today's.
    pub needs_work: Option<String>,
    /// Nobody is its owner.
    pub unowned: bool,
    /// The public reads it, and there is a draft with what it can't read yet.
    pub unpublished_changes: bool,
    /// The public reads it, and it leads to a document that the public doesn't read.
    pub broken_links: bool,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<(String, Uuid)>,
    pub total: u64,
}

/// A row of a list: where it stands, and its title.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub id: DocumentId,
    pub kind: Kind,
    pub title: String,
    pub slug: String,
    pub parent: Option<DocumentId>,
    pub path: Option<String>,
    pub language: String,
    pub version: VersionNumber,
    pub draft_version: Option<VersionNumber>,
    pub live_version: Option<VersionNumber>,
    pub draft_state: DraftState,
    pub live_state: LiveState,
    pub owner: Option<UserId>,
    pub review_by: Option<String>,
    pub last_reviewed_on: Option<String>,
    pub trashed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Person,
}

/// A row of a list for people: what they look for at a glance.
#[derive(Clone, Debug)]
pub struct Row {
    pub listed: Listed,
    pub owner: Option<Person>,
    /// What happens next by itself.
    pub schedule: Option<Schedule>,
    /// Whether a forced publication awaits its review.
    pub retrospective: bool,
    /// How much the checks found when the shown version was saved.
    pub must_fix: i32,
    pub look_at: i32,
}

/// A page of the documents of a kind; bodies are not loaded.
pub async fn list(ctx: &Ctx, listing: &Listing) -> Result<Page<Listed>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let Page { rows, next, total } = page(&snapshot, listing).await?;
    Ok(Page { rows: listed_with_live(&*snapshot, rows).await?, next, total })
}

/// Rows as lists show them.
pub(super) async fn listed_with_live(
    connection: &impl ConnectionTrait,
    rows: Vec<document::Model>,
) -> Result<Vec<Listed>> {
    let live = live_rows(connection, &rows).await?;
    rows.into_iter().map(|row| listed(row, &live)).collect()
}

/// The same with what people want to see of each: a few queries, however many rows there are.
pub async fn rows(ctx: &Ctx, listing: &Listing) -> Result<Page<Row>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let Page { rows, next, total } = page(&snapshot, listing).await?;
    Ok(Page { rows: dressed(&*snapshot, rows).await?, next, total })
}

/// Rows with everything around them.
pub(super) async fn dressed(connection: &impl ConnectionTrait, rows: Vec<document::Model>) -> Result<Vec<Row>> {
    let live = live_rows(connection, &rows).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let owners = names(connection, rows.iter().filter_map(|row| row.owner_id).collect()).await?;
    let (mut schedules, mut findings) = (BTreeMap::new(), BTreeMap::new());
    for chunk in ids.chunks(500) {
        let soonest_last = schedule::Entity::find()
            .filter(schedule::Column::DocumentId.is_in(chunk.iter().copied()))
            .order_by_desc(schedule::Column::At);
        for row in soonest_last.all(connection).await? {
            schedules.insert(row.document_id, schedule_of(&row));
        }
        let found: Vec<(Uuid, i32, i32)> = overview::Entity::find()
            .select_only()
            .column(overview::Column::DocumentId)
            .column(overview::Column::MustFix)
            .column(overview::Column::LookAt)
            .filter(overview::Column::DocumentId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        findings.extend(found.into_iter().map(|(id, must_fix, look_at)| (id, (must_fix, look_at))));
    }
    rows.into_iter()
        .map(|row| {
            let id = row.id;
            let owner = row.owner_id;
            let (must_fix, look_at) = findings.get(&id).copied().unwrap_or_default();
            Ok(Row {
                owner: owner.map(|owner| Person {
                    id: Some(UserId(owner)),
                    name: owners.get(&owner).cloned().unwrap_or_default(),
                }),
                schedule: schedules.remove(&id),
                retrospective: live.get(&id).is_some_and(|live| live.retrospective_version.is_some()),
                must_fix,
                look_at,
                listed: listed(row, &live)?,
            })
        })
        .collect()
}

/// The titles of documents, as far as they are there.
pub async fn titles(ctx: &Ctx, ids: &[DocumentId]) -> Result<BTreeMap<DocumentId, String>> {
    ctx.authorise(Permission::ContentRead)?;
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let snapshot = ctx.database.read().await?;
    let found: Vec<(Uuid, String)> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::Title)
        .filter(document::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(found.into_iter().map(|(id, title)| (DocumentId(id), title)).collect())
}

async fn names(connection: &impl ConnectionTrait, people: BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, String>> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found: Vec<(Uuid, String)> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .filter(user::Column::Id.is_in(people))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().collect())
}

async fn live_rows(
    connection: &impl ConnectionTrait,
    rows: &[document::Model],
) -> Result<BTreeMap<Uuid, live_document::Model>> {
    let mut live = BTreeMap::new();
    for chunk in rows.chunks(500) {
        let found = live_document::Entity::find()
            .filter(live_document::Column::DocumentId.is_in(chunk.iter().map(|row| row.id)))
            .all(connection)
            .await?;
        live.extend(found.into_iter().map(|row| (row.document_id, row)));
    }
    Ok(live)
}

/// One page, and how many rows there are on all of them.
async fn page(snapshot: &Snapshot, listing: &Listing) -> Result<Page<document::Model>> {
    let (mut rows, total) = match &listing.words {
        Some(holders) => words::page(snapshot, listing, holders).await?,
        None => {
            let rows = ordered(from_cursor(filtered(listing), listing)?, listing.sort);
            let total = count(snapshot, listing).await?;
            (rows.limit(listing.limit.saturating_add(1)).all(&**snapshot).await?, total)
        }
    };
    let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| (sort_key(listing.sort, row), row.id));
    Ok(Page { rows, next, total })
}

/// How many there are on all pages of a list without words.
pub(super) async fn count(snapshot: &Snapshot, listing: &Listing) -> Result<u64> {
    Ok(filtered(listing).select_only().column(document::Column::Id).count(&**snapshot).await?)
}

/// Everything that is wanted but the words.
fn filtered(listing: &Listing) -> Select<document::Entity> {
    wanted(document::Entity::find().filter(document::Column::Kind.eq(listing.kind.name())), listing)
}

/// Everything that is wanted but the kind and the words.
fn wanted(query: Select<document::Entity>, listing: &Listing) -> Select<document::Entity> {
    let mut query = if listing.trashed {
        query.filter(document::Column::TrashedAt.is_not_null())
    } else {
        query.filter(document::Column::TrashedAt.is_null())
    };
    if let Some(state) = listing.draft_state {
        query = match state {
            DraftState::None => query.filter(document::Column::DraftState.is_null()),
            state => query.filter(document::Column::DraftState.eq(state.name())),
        };
    }
    if let Some(state) = listing.live_state {
        let live = live_document::Entity::find().select_only().column(live_document::Column::DocumentId);
        query = match state {
            LiveState::Never => query.filter(document::Column::Id.not_in_subquery(live.into_query())),
            state => {
                let live = live.filter(live_document::Column::State.eq(state.name()));
                query.filter(document::Column::Id.in_subquery(live.into_query()))
            }
        };
    }
    if let Some(parent) = listing.parent {
        query = query.filter(document::Column::ParentId.eq(parent.0));
    }
    if let Some(owner) = listing.owner {
        query = query.filter(document::Column::OwnerId.eq(owner.0));
    }
    narrowed(query, &listing.narrowing)
}

fn overviews() -> Select<overview::Entity> {
    overview::Entity::find().select_only().column(overview::Column::DocumentId)
}

fn retrospective() -> Select<live_document::Entity> {
    live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::RetrospectiveVersion.is_not_null())
}

fn embedding() -> Select<reference::Entity> {
    reference::Entity::find()
        .select_only()
        .filter(reference::Column::Role.is_in(EMBEDDING.map(|role| role.name())))
        .filter(reference::Column::UntilSequence.is_null())
}

/// What the public can read, with the note of its end where there is one.
fn readable() -> Select<live_document::Entity> {
    live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::State.is_in([LiveState::Live, LiveState::Withdrawn].map(LiveState::name)))
}

fn narrowed(query: Select<document::Entity>, narrowing: &Narrowing) -> Select<document::Entity> {
    let mut query = query;
    let within = |statement| document::Column::Id.in_subquery(statement);
    if narrowing.scheduled {
        let scheduled = schedule::Entity::find().select_only().column(schedule::Column::DocumentId);
        query = query.filter(within(scheduled.into_query()));
    }
    if let Some(date) = &narrowing.review_before {
        query = query.filter(document::Column::ReviewBy.lt(date));
    }
    if narrowing.unowned {
        query = query.filter(document::Column::OwnerId.is_null());
    }
    if narrowing.unpublished_changes {
        let drafted = document::Column::DraftState.ne(DraftState::None.name());
        query = query.filter(drafted).filter(within(readable().into_query()));
    }
    if narrowing.broken_links {
        let broken = reference::Entity::find()
            .select_only()
            .column(reference::Column::DocumentId)
            .filter(reference::Column::Line.eq("live"))
            .filter(reference::Column::UntilSequence.is_null())
            .filter(reference::Column::Role.ne(ReferenceRole::Image.name()))
            .filter(reference::Column::TargetId.not_in_subquery(readable().into_query()));
        query = query.filter(within(broken.into_query())).filter(within(readable().into_query()));
    }
    if narrowing.problems {
        let any = Condition::any().add(overview::Column::MustFix.gt(0)).add(overview::Column::LookAt.gt(0));
        query = query.filter(within(overviews().filter(any).into_query()));
    }
    if narrowing.must_fix {
        query = query.filter(within(overviews().filter(overview::Column::MustFix.gt(0)).into_query()));
    }
    if narrowing.open_cases {
        let open = case::Entity::find()
            .select_only()
            .column(case::Column::DocumentId)
            .filter(case::Column::State.is_in(OPEN_CASES));
        query = query.filter(within(open.into_query()));
    }
    if let Some(section) = narrowing.embeds {
        let users = embedding().column(reference::Column::DocumentId).filter(reference::Column::TargetId.eq(section.0));
        query = query.filter(within(users.into_query()));
    }
    if narrowing.embedded {
        query = query.filter(within(embedding().column(reference::Column::TargetId).into_query()));
    }
    if narrowing.has_children {
        let parents = document::Entity::find()
            .select_only()
            .column(document::Column::ParentId)
            .filter(document::Column::ParentId.is_not_null())
            .filter(document::Column::TrashedAt.is_null());
        query = query.filter(within(parents.into_query()));
    }
    if narrowing.retrospective {
        query = query.filter(within(retrospective().into_query()));
    }
    if let Some(today) = &narrowing.needs_work {
        let sent_back = [DraftState::ChangesRequested, DraftState::Failed].map(DraftState::name);
        let work = Condition::any()
            .add(document::Column::DraftState.is_in(sent_back))
            .add(document::Column::ReviewBy.lt(today))
            .add(within(overviews().filter(overview::Column::MustFix.gt(0)).into_query()))
            .add(within(retrospective().into_query()));
        query = query.filter(work);
    }
    query
}

fn column(sort: Sort) -> document::Column {
    match sort {
        Sort::TitleUp | Sort::TitleDown => document::Column::TitleKey,
        Sort::UpdatedUp | Sort::UpdatedDown => document::Column::UpdatedAt,
    }
}

fn descends(sort: Sort) -> bool {
    matches!(sort, Sort::TitleDown | Sort::UpdatedDown)
}

/// What stands after the last row of the page before.
fn from_cursor(query: Select<document::Entity>, listing: &Listing) -> Result<Select<document::Entity>> {
    let Some((key, id)) = &listing.after else { return Ok(query) };
    let column = column(listing.sort);
    let key = match column {
        document::Column::TitleKey => Expr::value(key.as_str()),
        _ => Expr::value(key.parse::<i64>().map_err(|_| bad_cursor())?),
    };
    let (beyond, further) = if descends(listing.sort) {
        (Expr::col(column).lt(key.clone()), document::Column::Id.lt(*id))
    } else {
        (Expr::col(column).gt(key.clone()), document::Column::Id.gt(*id))
    };
    let at_the_key = Condition::all().add(Expr::col(column).eq(key)).add(further);
    Ok(query.filter(Condition::any().add(beyond).add(at_the_key)))
}

fn ordered(query: Select<document::Entity>, sort: Sort) -> Select<document::Entity> {
    if descends(sort) {
        query.order_by_desc(column(sort)).order_by_desc(document::Column::Id)
    } else {
        query.order_by_asc(column(sort)).order_by_asc(document::Column::Id)
    }
}

/// The answer to a cursor that this list did not give out.
pub fn bad_cursor() -> Error {
    Error::Malformed(vec![Fault::new("cursor", "bad-cursor", "This list did not give out the cursor.")])
}

fn sort_key(sort: Sort, row: &document::Model) -> String {
    match sort {
        Sort::TitleUp | Sort::TitleDown => row.title_key.clone(),
        Sort::UpdatedUp | Sort::UpdatedDown => row.updated_at.to_string(),
    }
}

fn listed(row: document::Model, live: &BTreeMap<Uuid, live_document::Model>) -> Result<Listed> {
    let live = live.get(&row.id);
    let draft_state = draft_state(&row)?;
    Ok(Listed {
        id: DocumentId(row.id),
        kind: Kind::from_name(&row.kind).ok_or_else(|| Error::bug("a document of an unknown kind"))?,
        title: row.title,
        slug: row.slug,
        parent: row.parent_id.map(DocumentId),
        path: live.and_then(|live| live.path.clone()),
        language: row.language,
        version: VersionNumber(row.draft_version.or(live.map(|live| live.version)).unwrap_or(row.latest_version)),
        draft_version: row.draft_version.map(VersionNumber),
        live_version: live.map(|live| VersionNumber(live.version)),
        draft_state,
        live_state: live_state(live)?,
        owner: row.owner_id.map(UserId),
        review_by: row.review_by,
        last_reviewed_on: row.last_reviewed_on,
        trashed_at: row.trashed_at.map(Timestamp),
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        updated_by: Person { id: row.updated_by.map(UserId), name: row.updated_by_name },
    })
}
