//! What can be asked about one document: itself with its content and checks, its history, who uses it. Lists are in
//! `listing.rs`.

use entity::{document, live_document, schedule, user, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    events,
    kernel::{Ctx, DocumentId, Error, Permission, Result, Timestamp, UserId, VersionNumber},
};

use super::{
    checks::{self, Check, Subject},
    compare::{self, Comparison, PageComparison},
    kinds::{Content, Kind},
    lifecycle::{DraftState, LiveState, State},
    paths,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `None` for people of another system, known by name only.
    pub id: Option<UserId>,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schedule {
    pub action: String,
    pub version: VersionNumber,
    pub at: Timestamp,
    pub by: Person,
}

/// Where a document stands, without its content.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standing {
    pub id: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub parent: Option<DocumentId>,
    /// Where it lives, or would live once it is published.
    pub path: String,
    pub language: String,
    /// The version that is shown and that the next write starts from: the draft, else the live one, else the latest.
    pub version: VersionNumber,
    pub draft_version: Option<VersionNumber>,
    /// The version that is or last was live.
    pub live_version: Option<VersionNumber>,
    pub draft_state: DraftState,
    pub live_state: LiveState,
    /// What happens next by itself.
    pub schedule: Option<Schedule>,
    pub owner: Option<Person>,
    pub review_by: Option<String>,
    pub last_reviewed_on: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Person,
}

/// The answer to every write and step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    #[serde(flatten)]
    pub standing: Standing,
    /// The newest save, whichever version is shown.
    pub latest_version: VersionNumber,
    /// All who saved since the live version.
    pub authors: Vec<Person>,
    /// All that is scheduled, soonest first.
    pub schedules: Vec<Schedule>,
    pub trashed_at: Option<Timestamp>,
    /// The public explanation while it is withdrawn.
    pub notice: Option<String>,
    /// A version that was published by force and still awaits its review.
    pub retrospective_review: Option<VersionNumber>,
    /// Why a scheduled publication failed, while that is so.
    pub failure: Vec<crate::kernel::Fault>,
    pub content: Value,
    pub checks: Vec<Check>,
}

/// A version without its content.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VersionSummary {
    pub version: VersionNumber,
    pub title: String,
    pub slug: String,
    pub parent: Option<DocumentId>,
    pub language: String,
    pub created_at: Timestamp,
    pub author: Person,
    pub actor: String,
    pub door: String,
    pub from_version: Option<VersionNumber>,
    pub content_hash: String,
    pub note: Option<String>,
    /// An editor saved it by itself, and nobody has kept it on purpose.
    pub autosaved: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    #[serde(flatten)]
    pub summary: VersionSummary,
    pub content: Value,
}

/// Both rows of a document.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub document: document::Model,
    pub live: Option<live_document::Model>,
    pub schedules: Vec<schedule::Model>,
}

impl Rows {
    pub async fn find(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Option<Self>> {
        let Some(document) = document::Entity::find_by_id(id.0).one(connection).await? else { return Ok(None) };
        let live = live_document::Entity::find_by_id(id.0).one(connection).await?;
        let schedules = schedule::Entity::find()
            .filter(schedule::Column::DocumentId.eq(id.0))
            .order_by_asc(schedule::Column::At)
            .order_by_asc(schedule::Column::Action)
            .all(connection)
            .await?;
        Ok(Some(Self { document, live, schedules }))
    }

    pub fn id(&self) -> DocumentId {
        DocumentId(self.document.id)
    }

    pub fn kind(&self) -> Result<Kind> {
        Kind::from_name(&self.document.kind).ok_or_else(|| Error::bug("a document of an unknown kind"))
    }

    pub fn state(&self) -> Result<State> {
        Ok(State {
            draft: draft_state(&self.document)?,
            live: live_state(self.live.as_ref())?,
            trashed: self.document.trashed_at.is_some(),
            scheduled: !self.schedules.is_empty(),
            retrospective: self.live.as_ref().is_some_and(|live| live.retrospective_version.is_some()),
        })
    }

    /// The version that people see and start from.
    pub fn shown(&self) -> VersionNumber {
        let live = self.live.as_ref().map(|live| live.version);
        VersionNumber(self.document.draft_version.or(live).unwrap_or(self.document.latest_version))
    }

    /// The last version that went live, if any.
    pub fn live_version(&self) -> Option<VersionNumber> {
        self.live.as_ref().map(|live| VersionNumber(live.version))
    }
}

pub(super) fn draft_state(row: &document::Model) -> Result<DraftState> {
    match &row.draft_state {
        None => Ok(DraftState::None),
        Some(name) => DraftState::from_name(name).ok_or_else(|| Error::bug("a draft in an unknown state")),
    }
}

pub(super) fn live_state(row: Option<&live_document::Model>) -> Result<LiveState> {
    match row {
        None => Ok(LiveState::Never),
        Some(row) => LiveState::from_name(&row.state).ok_or_else(|| Error::bug("a document in an unknown state")),
    }
}

/// One document as it stands, with the content of the version that is shown.
pub async fn document(ctx: &Ctx, kind: Kind, id: DocumentId) -> Result<Document> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    let rows = rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    compose(&*snapshot, rows).await
}

/// The document with a slug on its newest line, or its id as text.
pub async fn find(ctx: &Ctx, kind: Kind, slug_or_id: &str) -> Result<DocumentId> {
    ctx.authorise(Permission::ContentRead)?;
    if let Ok(id) = slug_or_id.parse() {
        return Ok(id);
    }
    let snapshot = ctx.database.read().await?;
    let row = document::Entity::find()
        .filter(document::Column::Kind.eq(kind.name()))
        .filter(document::Column::Slug.eq(slug_or_id))
        .order_by_asc(document::Column::TrashedAt)
        .order_by_asc(document::Column::Id)
        .one(&*snapshot)
        .await?;
    row.map(|row| DocumentId(row.id))
        .ok_or_else(|| Error::not_found(format!("{} with the slug {slug_or_id:?}", kind.words())))
}

pub(super) async fn compose(connection: &impl ConnectionTrait, rows: Rows) -> Result<Document> {
    let shown = rows.shown();
    let stored = version_row(connection, rows.id(), shown).await?;
    let kind = rows.kind()?;
    let content = Content::from_stored(kind, stored.format, &stored.content)?;
    let checks = checks::find(connection, Subject::of(&stored, &content)).await?;
    let path = match rows.live.as_ref().and_then(|live| live.path.clone()) {
        Some(path) if rows.document.draft_version.is_none() => path,
        _ => paths::expected_path(connection, &stored.slug, stored.parent_id).await?,
    };
    let owner = person(connection, rows.document.owner_id).await?;
    let standing = standing(&rows, &stored, path, owner)?;
    let since = rows.live_version().filter(|_| rows.document.draft_version.is_some());
    Ok(Document {
        standing,
        latest_version: VersionNumber(rows.document.latest_version),
        authors: authors(connection, rows.id(), since).await?,
        schedules: rows.schedules.iter().map(schedule_of).collect(),
        trashed_at: rows.document.trashed_at.map(Timestamp),
        notice: rows.live.as_ref().and_then(|live| live.notice.clone()),
        retrospective_review: rows.live.as_ref().and_then(|live| live.retrospective_version).map(VersionNumber),
        failure: match &rows.document.draft_faults {
            Some(faults) => serde_json::from_str(faults)?,
            None => Vec::new(),
        },
        checks,
        content: content.to_value()?,
    })
}

fn standing(rows: &Rows, stored: &version::Model, path: String, owner: Option<Person>) -> Result<Standing> {
    let row = &rows.document;
    Ok(Standing {
        id: rows.id(),
        kind: rows.kind()?,
        slug: stored.slug.clone(),
        parent: stored.parent_id.map(DocumentId),
        path,
        language: stored.language.clone(),
        version: VersionNumber(stored.number),
        draft_version: row.draft_version.map(VersionNumber),
        live_version: rows.live_version(),
        draft_state: draft_state(row)?,
        live_state: live_state(rows.live.as_ref())?,
        schedule: rows.schedules.first().map(schedule_of),
        owner,
        review_by: row.review_by.clone(),
        last_reviewed_on: row.last_reviewed_on.clone(),
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        updated_by: Person { id: row.updated_by.map(UserId), name: row.updated_by_name.clone() },
    })
}

pub(super) fn schedule_of(row: &schedule::Model) -> Schedule {
    Schedule {
        action: row.action.clone(),
        version: VersionNumber(row.version),
        at: Timestamp(row.at),
        by: Person { id: row.actor_id.map(UserId), name: row.actor_name.clone() },
    }
}

async fn person(connection: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<Person>> {
    let Some(id) = id else { return Ok(None) };
    let row = user::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(|row| Person { id: Some(UserId(row.id)), name: row.name }))
}

/// Everybody who saved a version after `since`, in the order of their first save. Imported people have no id here.
pub(super) async fn authors(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    since: Option<VersionNumber>,
) -> Result<Vec<Person>> {
    let saved: Vec<(Option<Uuid>, String)> = version::Entity::find()
        .select_only()
        .column(version::Column::ActorId)
        .column(version::Column::ActorName)
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.gt(since.map_or(0, |version| version.0)))
        .order_by_asc(version::Column::Number)
        .into_tuple()
        .all(connection)
        .await?;
    let mut people: Vec<Person> = Vec::new();
    for (id, name) in saved {
        let person = Person { id: id.map(UserId), name };
        let known = |other: &Person| if person.id.is_some() { other.id == person.id } else { *other == person };
        if !people.iter().any(known) {
            people.push(person);
        }
    }
    Ok(people)
}

pub(super) async fn version_row(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    number: VersionNumber,
) -> Result<version::Model> {
    let row = version::Entity::find_by_id((id.0, number.0)).one(connection).await?;
    row.ok_or_else(|| Error::not_found(format!("version {number} of this document")))
}

/// The parts of a version that merge and compare look at.
pub(super) fn whole(kind: Kind, row: &version::Model) -> Result<Value> {
    let content = Content::from_stored(kind, row.format, &row.content)?;
    Ok(json!({ "slug": row.slug, "parent": row.parent_id, "language": row.language, "content": content.to_value()? }))
}

/// The versions of a document, newest first.
pub async fn history(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    before: Option<VersionNumber>,
    limit: u64,
) -> Result<Vec<VersionSummary>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let mut query = version::Entity::find().filter(version::Column::DocumentId.eq(id.0));
    if let Some(before) = before {
        query = query.filter(version::Column::Number.lt(before.0));
    }
    let rows = query
        .select_only()
        .columns(version_columns())
        .expr_as(Expr::value(""), "content")
        .order_by_desc(version::Column::Number)
        .limit(limit)
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(summary_of).collect())
}

/// All columns of a version but its content, which lists don't load.
fn version_columns() -> Vec<version::Column> {
    use sea_orm::Iterable;

    version::Column::iter().filter(|column| !matches!(column, version::Column::Content)).collect()
}

pub(super) fn summary_of(row: version::Model) -> VersionSummary {
    VersionSummary {
        version: VersionNumber(row.number),
        title: row.title,
        slug: row.slug,
        parent: row.parent_id.map(DocumentId),
        language: row.language,
        created_at: Timestamp(row.created_at),
        author: Person { id: row.actor_id.map(UserId), name: row.actor_name },
        actor: row.actor_kind,
        door: row.door,
        from_version: row.from_version.map(VersionNumber),
        content_hash: row.content_hash,
        note: row.note,
        autosaved: row.autosaved,
    }
}

pub(super) async fn existing(connection: &impl ConnectionTrait, kind: Kind, id: DocumentId) -> Result<document::Model> {
    let row = document::Entity::find_by_id(id.0).one(connection).await?;
    row.filter(|row| row.kind == kind.name())
        .ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))
}

pub async fn version(ctx: &Ctx, kind: Kind, id: DocumentId, number: VersionNumber) -> Result<Version> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let row = version_row(&*snapshot, id, number).await?;
    let content = Content::from_stored(kind, row.format, &row.content)?.to_value()?;
    Ok(Version { summary: summary_of(row), content })
}

/// A comparison of two versions of a document.
#[derive(Clone, Debug, Serialize)]
pub struct VersionComparison {
    pub from: VersionNumber,
    pub to: VersionNumber,
    #[serde(flatten)]
    pub comparison: Comparison,
}

pub async fn comparison(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    from: VersionNumber,
    to: VersionNumber,
) -> Result<VersionComparison> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let old = whole(kind, &version_row(&*snapshot, id, from).await?)?;
    let new = whole(kind, &version_row(&*snapshot, id, to).await?)?;
    Ok(VersionComparison { from, to, comparison: compare::compare(&old, &new) })
}

/// Two versions of a document compared for people; with `whole`, what did not change is told, too.
pub async fn page_comparison(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    from: VersionNumber,
    to: VersionNumber,
    whole_page: bool,
) -> Result<PageComparison> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let old = whole(kind, &version_row(&*snapshot, id, from).await?)?;
    let new = whole(kind, &version_row(&*snapshot, id, to).await?)?;
    Ok(compare::compare_pages(&old, &new, whole_page))
}

/// The kind of a document; `None` if there is none with this id. Who may publish may ask, too.
pub async fn kind_of(ctx: &Ctx, id: DocumentId) -> Result<Option<Kind>> {
    if !ctx.actor.may(Permission::ContentPublish) {
        ctx.authorise(Permission::ContentRead)?;
    }
    let snapshot = ctx.database.read().await?;
    let row = document::Entity::find_by_id(id.0).one(&*snapshot).await?;
    Ok(row.and_then(|row| Kind::from_name(&row.kind)))
}

/// The newest events of a document first, and how many there are in all.
pub async fn timeline(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    filter: events::Filter,
    limit: u64,
) -> Result<(Vec<events::Event>, u64)> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    existing(&*snapshot, kind, id).await?;
    let filter = events::Filter { document: Some(id), ..filter };
    let total = events::count(&*snapshot, &filter).await?;
    Ok((events::list(&*snapshot, &filter, true, limit).await?, total))
}
