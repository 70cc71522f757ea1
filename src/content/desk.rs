//! What waits for a person, and how the content does as a whole: a few queries for the first page of the panel. Only what
//! the person can act on is answered.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, document, live_document, schedule, version};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::{
    kernel::{Ctx, DocumentId, Error, Permission, Result, Snapshot, Timestamp, UserId},
    site::{self, SampleId},
};

use super::{
    kinds::Kind,
    lifecycle::{DraftState, LiveState},
    listing::{self, Listing, Narrowing, OPEN_CASES, Row, Sort},
};

/// How many documents of one state are looked at.
const LOOKED_AT: u64 = 200;
/// Days after which a draft counts as forgotten.
const FORGOTTEN: i64 = 7;
/// From how many open cases on a page is in trouble.
const MANY: i64 = 5;
/// The state of a case that nobody has looked at.
const NEW_CASE: &str = "new";

/// Why something waits, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A scheduled publication could not be done.
    Failed,
    ChangesRequested,
    /// It goes live or away today, at this time.
    Scheduled(Timestamp),
    Review,
    /// It was published by force and awaits its review.
    LookBack,
    /// So many open cases.
    Cases(i64),
    /// The date by which to review it has passed.
    Overdue,
    /// A draft of this person that nobody has touched for a week.
    Forgotten,
}

/// Something that waits.
#[derive(Clone, Debug)]
pub struct Task {
    pub document: DocumentId,
    pub kind: Kind,
    pub title: String,
    pub why: Why,
    /// Who did what it waits for.
    pub from: String,
    pub since: Timestamp,
}

/// Today, as the people of the site count days.
#[derive(Clone, Debug)]
pub struct Today {
    /// `YYYY-MM-DD`
    pub date: String,
    pub ends: Timestamp,
}

/// What waits for the person who asks, the most urgent and oldest first.
pub async fn tasks(ctx: &Ctx, today: &Today) -> Result<Vec<Task>> {
    ctx.authorise(Permission::ContentRead)?;
    let Some(me) = ctx.actor.user else { return Ok(Vec::new()) };
    let snapshot = ctx.database.read().await?;
    let mut found = in_hand(&snapshot, ctx, me).await?;
    found.extend(scheduled(&snapshot, ctx, me, today).await?);
    if ctx.actor.may(Permission::ContentReview) {
        found.extend(to_look_back_on(&snapshot, me).await?);
    }
    found.extend(owned(&snapshot, me, today).await?);
    if ctx.actor.may(Permission::ContentWrite) {
        found.extend(forgotten(&snapshot, me, ctx.now()).await?);
    }
    let mut tasks = found.into_iter().map(task).collect::<Result<Vec<_>>>()?;
    tasks.sort_by_key(|one| (one.why, one.since, one.document));
    Ok(tasks)
}

/// The drafts that somebody may review.
#[derive(Clone, Debug, Default)]
pub struct ReviewQueue {
    /// The longest waiting first.
    pub tasks: Vec<Task>,
    /// Whether there may be others, which were not looked at.
    pub more: bool,
}

/// The drafts in review of which the person who asks has written nothing since they were live.
pub async fn review_queue(ctx: &Ctx) -> Result<ReviewQueue> {
    ctx.authorise(Permission::ContentReview)?;
    let Some(me) = ctx.actor.user else { return Ok(ReviewQueue::default()) };
    let snapshot = ctx.database.read().await?;
    let rows = in_state(&snapshot, DraftState::InReview).await?;
    let more = u64::try_from(rows.len()).unwrap_or(u64::MAX) >= LOOKED_AT;
    let written = written_by(&*snapshot, me, rows.iter().map(|row| row.id).collect()).await?;
    let theirs = rows.into_iter().filter(|row| !written.contains(&row.id));
    let tasks = theirs.map(|row| task((row, Why::Review))).collect::<Result<Vec<_>>>()?;
    Ok(ReviewQueue { tasks, more })
}

type Found = (document::Model, Why);

fn task((row, why): Found) -> Result<Task> {
    Ok(Task {
        document: DocumentId(row.id),
        kind: Kind::from_name(&row.kind).ok_or_else(|| Error::bug("a document of an unknown kind"))?,
        title: row.title,
        why,
        from: row.updated_by_name,
        since: Timestamp(row.updated_at),
    })
}

/// What is in review, was sent back or failed. Nobody reviews their own work; what was sent back waits for its authors.
async fn in_hand(snapshot: &Snapshot, ctx: &Ctx, me: UserId) -> Result<Vec<Found>> {
    let mut rows = Vec::new();
    for state in [DraftState::InReview, DraftState::ChangesRequested, DraftState::Failed] {
        rows.extend(in_state(snapshot, state).await?);
    }
    let written = written_by(&**snapshot, me, rows.iter().map(|row| row.id).collect()).await?;
    let reviews = ctx.actor.may(Permission::ContentReview);
    let publishes = ctx.actor.may(Permission::ContentPublish);
    let why = |row: &document::Model| {
        let own = written.contains(&row.id);
        match row.draft_state.as_deref().and_then(DraftState::from_name) {
            Some(DraftState::InReview) if reviews && !own => Some(Why::Review),
            Some(DraftState::ChangesRequested) if own => Some(Why::ChangesRequested),
            Some(DraftState::Failed) if own || publishes || row.owner_id == Some(me.0) => Some(Why::Failed),
            _ => None,
        }
    };
    Ok(rows.into_iter().filter_map(|row| why(&row).map(|why| (row, why))).collect())
}

/// The longest untouched first.
async fn in_state(snapshot: &Snapshot, state: DraftState) -> Result<Vec<document::Model>> {
    let waiting = document::Entity::find()
        .filter(document::Column::DraftState.eq(state.name()))
        .filter(document::Column::TrashedAt.is_null())
        .order_by_asc(document::Column::UpdatedAt)
        .order_by_asc(document::Column::Id)
        .limit(LOOKED_AT);
    Ok(waiting.all(&**snapshot).await?)
}

/// Those of the documents on which a person has worked since they were last published.
async fn written_by(connection: &impl ConnectionTrait, me: UserId, ids: BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let live: Vec<(Uuid, i32)> = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .column(live_document::Column::Version)
        .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    let live: BTreeMap<Uuid, i32> = live.into_iter().collect();
    let saved: Vec<(Uuid, i32)> = version::Entity::find()
        .select_only()
        .column(version::Column::DocumentId)
        .column_as(version::Column::Number.max(), "number")
        .filter(version::Column::DocumentId.is_in(ids))
        .filter(version::Column::ActorId.eq(me.0))
        .group_by(version::Column::DocumentId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(saved
        .into_iter()
        .filter(|(id, number)| *number > live.get(id).copied().unwrap_or(0))
        .map(|(id, _)| id)
        .collect())
}

/// What happens by itself until the end of the day, for who publishes and whose page it is.
async fn scheduled(snapshot: &Snapshot, ctx: &Ctx, me: UserId, today: &Today) -> Result<Vec<Found>> {
    let due = schedule::Entity::find().filter(schedule::Column::At.lte(today.ends.0)).limit(LOOKED_AT);
    let due: BTreeMap<Uuid, i64> =
        due.all(&**snapshot).await?.into_iter().map(|row| (row.document_id, row.at)).collect();
    let rows = by_ids(&**snapshot, due.keys().copied().collect()).await?;
    let publishes = ctx.actor.may(Permission::ContentPublish);
    let concerns = |row: &document::Model| publishes || row.owner_id == Some(me.0) || row.updated_by == Some(me.0);
    Ok(rows
        .into_iter()
        .filter(concerns)
        .filter_map(|row| due.get(&row.id).map(|at| (row, Why::Scheduled(Timestamp(*at)))))
        .collect())
}

/// Nobody looks back on what they forced themselves.
async fn to_look_back_on(snapshot: &Snapshot, me: UserId) -> Result<Vec<Found>> {
    let by_another = Condition::any()
        .add(live_document::Column::RetrospectiveBy.is_null())
        .add(live_document::Column::RetrospectiveBy.ne(me.0));
    let ids: Vec<Uuid> = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::RetrospectiveVersion.is_not_null())
        .filter(by_another)
        .limit(LOOKED_AT)
        .into_tuple()
        .all(&**snapshot)
        .await?;
    let rows = by_ids(&**snapshot, ids.into_iter().collect()).await?;
    Ok(rows.into_iter().map(|row| (row, Why::LookBack)).collect())
}

/// What is overdue or much complained of among the person's own pages.
async fn owned(snapshot: &Snapshot, me: UserId, today: &Today) -> Result<Vec<Found>> {
    let live = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::State.eq(LiveState::Live.name()));
    let overdue = document::Entity::find()
        .filter(document::Column::OwnerId.eq(me.0))
        .filter(document::Column::TrashedAt.is_null())
        .filter(document::Column::ReviewBy.lt(today.date.as_str()))
        .filter(document::Column::Id.in_subquery(live.into_query()))
        .order_by_asc(document::Column::ReviewBy)
        .limit(LOOKED_AT);
    let mut found: Vec<Found> = overdue.all(&**snapshot).await?.into_iter().map(|row| (row, Why::Overdue)).collect();
    let own = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::OwnerId.eq(me.0))
        .filter(document::Column::TrashedAt.is_null());
    // Of a new case an owner is told at once; of those that others work on, when there are many.
    let new: Vec<Uuid> = case::Entity::find()
        .select_only()
        .column(case::Column::DocumentId)
        .distinct()
        .filter(case::Column::State.eq(NEW_CASE))
        .filter(case::Column::DocumentId.in_subquery(own.clone().into_query()))
        .limit(LOOKED_AT)
        .into_tuple()
        .all(&**snapshot)
        .await?;
    let is_many = sea_orm::sea_query::ExprTrait::gte(case::Column::Id.count(), MANY);
    let many: Vec<(Uuid, i64)> = case::Entity::find()
        .select_only()
        .column(case::Column::DocumentId)
        .column_as(case::Column::Id.count(), "number")
        .filter(case::Column::State.is_in(OPEN_CASES))
        .filter(case::Column::DocumentId.in_subquery(own.into_query()))
        .group_by(case::Column::DocumentId)
        .having(Condition::any().add(is_many).add(case::Column::DocumentId.is_in(new)))
        .limit(LOOKED_AT)
        .into_tuple()
        .all(&**snapshot)
        .await?;
    let many: BTreeMap<Uuid, i64> = many.into_iter().collect();
    for row in by_ids(&**snapshot, many.keys().copied().collect()).await? {
        let number = many.get(&row.id).copied().unwrap_or_default();
        found.push((row, Why::Cases(number)));
    }
    Ok(found)
}

async fn forgotten(snapshot: &Snapshot, me: UserId, now: Timestamp) -> Result<Vec<Found>> {
    let rows = document::Entity::find()
        .filter(document::Column::DraftState.eq(DraftState::Draft.name()))
        .filter(document::Column::TrashedAt.is_null())
        .filter(document::Column::UpdatedBy.eq(me.0))
        .filter(document::Column::UpdatedAt.lt(now.plus(-FORGOTTEN * Timestamp::DAY).0))
        .order_by_asc(document::Column::UpdatedAt)
        .limit(LOOKED_AT)
        .all(&**snapshot)
        .await?;
    Ok(rows.into_iter().map(|row| (row, Why::Forgotten)).collect())
}

/// Documents outside the trash.
async fn by_ids(connection: &impl ConnectionTrait, ids: BTreeSet<Uuid>) -> Result<Vec<document::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        document::Entity::find().filter(document::Column::Id.is_in(ids)).filter(document::Column::TrashedAt.is_null());
    Ok(rows.all(connection).await?)
}

/// What the person changed last, newest first.
pub async fn recent(ctx: &Ctx, limit: u64) -> Result<Vec<Row>> {
    ctx.authorise(Permission::ContentRead)?;
    let Some(me) = ctx.actor.user else { return Ok(Vec::new()) };
    let snapshot = ctx.database.read().await?;
    let rows = document::Entity::find()
        .filter(document::Column::UpdatedBy.eq(me.0))
        .filter(document::Column::TrashedAt.is_null())
        .order_by_desc(document::Column::UpdatedAt)
        .order_by_desc(document::Column::Id)
        .limit(limit)
        .all(&*snapshot)
        .await?;
    listing::dressed(&*snapshot, rows).await
}

/// How many documents of a kind ask for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The date by which to review them has passed.
    pub overdue: u64,
    /// The checks found something that stands in the way of publishing.
    pub must_fix: u64,
    pub open_cases: u64,
}

pub async fn health(ctx: &Ctx, kind: Kind, date: &str) -> Result<Health> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let count =
        async |narrowing: Narrowing| listing::count(&snapshot, &Listing { narrowing, ..everything(kind) }).await;
    Ok(Health {
        overdue: count(Narrowing { review_before: Some(date.to_owned()), ..Narrowing::default() }).await?,
        must_fix: count(Narrowing { must_fix: true, ..Narrowing::default() }).await?,
        open_cases: count(Narrowing { open_cases: true, ..Narrowing::default() }).await?,
    })
}

/// The same with what concerns a whole site more than a day's work, and of how many documents that is a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FullHealth {
    /// All that are not in the trash.
    pub documents: u64,
    pub health: Health,
    /// The checks found something to fix or to look at.
    pub problems: u64,
    pub unowned: u64,
    /// Live, with changes that are not published.
    pub unpublished_changes: u64,
    /// Live, and leading to documents that readers don't find.
    pub broken_links: u64,
}

pub async fn full_health(ctx: &Ctx, kind: Kind, date: &str) -> Result<FullHealth> {
    let health = health(ctx, kind, date).await?;
    let snapshot = ctx.database.read().await?;
    let count =
        async |narrowing: Narrowing| listing::count(&snapshot, &Listing { narrowing, ..everything(kind) }).await;
    Ok(FullHealth {
        documents: count(Narrowing::default()).await?,
        health,
        problems: count(Narrowing { problems: true, ..Narrowing::default() }).await?,
        unowned: count(Narrowing { unowned: true, ..Narrowing::default() }).await?,
        unpublished_changes: count(Narrowing { unpublished_changes: true, ..Narrowing::default() }).await?,
        broken_links: count(Narrowing { broken_links: true, ..Narrowing::default() }).await?,
    })
}

fn everything(kind: Kind) -> Listing {
    Listing {
        kind,
        draft_state: None,
        live_state: None,
        parent: None,
        owner: None,
        words: None,
        trashed: false,
        narrowing: Narrowing::default(),
        sort: Sort::UpdatedDown,
        after: None,
        limit: 1,
    }
}

/// How far a new site has come by itself: sample content is nobody's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beginnings {
    pub role_page: bool,
    pub requirement_section: bool,
    pub published: bool,
    /// Whether there is no document at all, neither a sample nor one in the trash.
    pub empty: bool,
}

pub async fn beginnings(ctx: &Ctx) -> Result<Beginnings> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let samples = site::samples(&*snapshot).await?;
    let samples =
        || samples.iter().filter_map(|(id, _)| if let SampleId::Document(id) = id { Some(id.0) } else { None });
    let kinds: Vec<String> = document::Entity::find()
        .select_only()
        .column(document::Column::Kind)
        .distinct()
        .filter(document::Column::Id.is_not_in(samples()))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let live = live_document::Entity::find().filter(live_document::Column::DocumentId.is_not_in(samples()));
    let has = |kind: Kind| kinds.iter().any(|name| name == kind.name());
    Ok(Beginnings {
        role_page: has(Kind::RolePage),
        requirement_section: has(Kind::RequirementSection),
        published: live.limit(1).count(&*snapshot).await? > 0,
        empty: kinds.is_empty() && samples().next().is_none(),
    })
}
