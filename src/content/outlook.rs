//! What publishing would do, before anybody does it: which addresses change, what has to go live with it, and which live
//! pages show it. It asks what the command asks, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use entity::live_document;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, UserId, VersionNumber};

use super::{
    checks::{self, Check, Subject},
    guard,
    kinds::{Content, Kind},
    lifecycle::{self, Action, LiveState},
    paths::{self, Placement},
    publishing::Choice,
    queries::{self, Person, Rows},
    references::{self, EMBEDDING},
};

/// How many documents that are not live are looked at beyond those that were chosen.
const MOST_MISSING: usize = 100;

#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Addresses that come or change, with everything below; old ones lead to the new.
    pub moves: Vec<Moving>,
    /// Why the addresses are not possible.
    pub obstacle: Option<String>,
    /// What has to be live and is not.
    pub missing: Vec<Missing>,
    /// The live documents in which the chosen ones stand, directly or through others, by title.
    pub embedding: Vec<Shown>,
}

/// An address that comes or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    pub title: String,
    pub from: Option<String>,
    pub to: String,
}

/// A document that has to go live together with those that were chosen.
#[derive(Clone, Debug)]
pub struct Missing {
    pub kind: Kind,
    pub id: DocumentId,
    pub title: String,
    pub version: VersionNumber,
    /// Whether it stands above one of them in the tree of pages, and not within one.
    pub above: bool,
    /// Why it can't be published, in a sentence.
    pub refusal: Option<String>,
}

/// A live document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub kind: Kind,
    pub id: DocumentId,
    pub title: String,
    pub path: Option<String>,
}

/// One version that is to go live.
struct Looked {
    choice: Choice,
    slug: String,
    parent: Option<DocumentId>,
    title: String,
    content: Content,
    faults: usize,
}

/// What publishing these versions together would do.
pub async fn outlook(ctx: &Ctx, choices: &[Choice]) -> Result<Outlook> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let mut looked = Vec::new();
    for choice in choices {
        looked.push(look(&*snapshot, *choice).await?);
    }
    let missing = missing(&*snapshot, &mut looked).await?;
    let able: BTreeSet<DocumentId> = missing.iter().filter(|one| one.refusal.is_none()).map(|one| one.id).collect();
    let placed =
        |one: &&Looked| choices.iter().any(|choice| choice.id == one.choice.id) || able.contains(&one.choice.id);
    let placements: Vec<Placement> = looked
        .iter()
        .filter(placed)
        .map(|one| Placement {
            document: one.choice.id,
            kind: one.choice.kind,
            slug: one.slug.clone(),
            parent: one.parent,
        })
        .collect();
    let (moves, obstacle) = match paths::plan(&*snapshot, &placements).await {
        Ok(moves) => (moves, None),
        Err(Error::Conflict { detail, .. }) => (Vec::new(), Some(detail)),
        Err(other) => return Err(other),
    };
    let mut titles: BTreeMap<Uuid, String> =
        live_rows(&*snapshot, &moves.iter().map(|one| one.document.0).collect()).await?.into_iter().collect();
    titles.extend(looked.iter().map(|one| (one.choice.id.0, one.title.clone())));
    let moves = moves
        .into_iter()
        .map(|one| Moving {
            title: titles.get(&one.document.0).cloned().unwrap_or_default(),
            from: one.from,
            to: one.to,
        })
        .collect();
    let chosen: BTreeSet<Uuid> = choices.iter().map(|choice| choice.id.0).collect();
    let users = references::live_referrers(&*snapshot, &chosen).await?;
    Ok(Outlook { moves, obstacle, missing, embedding: shown(&*snapshot, &users).await? })
}

async fn look(connection: &impl ConnectionTrait, choice: Choice) -> Result<Looked> {
    let stored = queries::version_row(connection, choice.id, choice.version).await?;
    let content = Content::from_stored(choice.kind, stored.format, &stored.content)?;
    let faults = checks::faults(&checks::find(connection, Subject::of(&stored, &content)).await?).len();
    Ok(Looked {
        choice,
        slug: stored.slug,
        parent: stored.parent_id.map(DocumentId),
        title: stored.title,
        content,
        faults,
    })
}

/// What the documents that were looked at embed or stand below and the public can't read; what is found is looked at, too.
async fn missing(connection: &impl ConnectionTrait, looked: &mut Vec<Looked>) -> Result<Vec<Missing>> {
    let mut known: BTreeSet<DocumentId> = looked.iter().map(|one| one.choice.id).collect();
    let mut missing = Vec::new();
    let mut next = 0;
    while let Some(one) = looked.get(next)
        && missing.len() < MOST_MISSING
    {
        next += 1;
        let embedded = references::of(&one.content);
        let embedded = embedded.iter().filter(|reference| EMBEDDING.contains(&reference.role));
        let above = one.parent.into_iter().map(|parent| (parent, true));
        let wanted: Vec<(DocumentId, bool)> =
            above.chain(embedded.map(|reference| (DocumentId(reference.target), false))).collect();
        for (id, above) in wanted {
            if !known.insert(id) {
                continue;
            }
            let Some(rows) = Rows::find(connection, id).await? else { continue };
            if rows.state()?.is_public() {
                continue;
            }
            let found = look(connection, Choice { kind: rows.kind()?, id, version: rows.shown() }).await?;
            missing.push(Missing {
                kind: found.choice.kind,
                id,
                title: found.title.clone(),
                version: found.choice.version,
                above,
                refusal: refusal(connection, &rows, &found).await?,
            });
            looked.push(found);
        }
    }
    Ok(missing)
}

async fn refusal(connection: &impl ConnectionTrait, rows: &Rows, found: &Looked) -> Result<Option<String>> {
    let rules = guard::rules(connection, found.choice.kind).await?;
    let refused = lifecycle::next(rows.state()?, Action::Publish, rules).err();
    Ok(match refused {
        Some(refusal) => Some(refusal.detail.to_owned()),
        None if found.faults > 0 => Some("Its checks find something that must be fixed.".to_owned()),
        None => None,
    })
}

async fn live_rows(connection: &impl ConnectionTrait, ids: &BTreeSet<Uuid>) -> Result<Vec<(Uuid, String)>> {
    let rows = live_document::Entity::find()
        .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.document_id, row.title)).collect())
}

/// Those of these documents that the public can read, by title.
async fn shown(connection: &impl ConnectionTrait, ids: &BTreeSet<Uuid>) -> Result<Vec<Shown>> {
    let all: Vec<Uuid> = ids.iter().copied().collect();
    let mut found = Vec::new();
    for chunk in all.chunks(500) {
        let rows = live_document::Entity::find()
            .filter(live_document::Column::DocumentId.is_in(chunk.iter().copied()))
            .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
            .order_by_asc(live_document::Column::TitleKey);
        for row in rows.all(connection).await? {
            let kind = Kind::from_name(&row.kind).ok_or_else(|| Error::bug("a live document of an unknown kind"))?;
            found.push(Shown { kind, id: DocumentId(row.document_id), title: row.title, path: row.path });
        }
    }
    Ok(found)
}

/// The live documents below a document in the tree of pages, by title.
pub async fn live_below(ctx: &Ctx, id: DocumentId) -> Result<Vec<Shown>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let below = references::descendants(&*snapshot, &BTreeSet::from([id.0])).await?;
    shown(&*snapshot, &below).await
}

/// The live documents that embed a document directly, by title. While there are some it can't be unpublished.
pub async fn live_embedding(ctx: &Ctx, id: DocumentId) -> Result<Vec<Shown>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let embedders = references::live_embedders(&*snapshot, &BTreeSet::from([id.0])).await?;
    shown(&*snapshot, &embedders.into_iter().map(|(from, _)| from.0).collect()).await
}

/// What the checks find in one version as things are now: what it refers to may have gone since it was saved.
pub async fn checks_of(ctx: &Ctx, kind: Kind, id: DocumentId, version: VersionNumber) -> Result<Vec<Check>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let stored = queries::version_row(&*snapshot, id, version).await?;
    let content = Content::from_stored(kind, stored.format, &stored.content)?;
    checks::find(&*snapshot, Subject::of(&stored, &content)).await
}

/// The active people who can be named as the owner of a document, by name.
pub async fn possible_owners(ctx: &Ctx) -> Result<Vec<Person>> {
    use entity::user;

    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = user::Entity::find().filter(user::Column::Active.eq(true)).order_by_asc(user::Column::Name);
    let rows = rows.all(&*snapshot).await?;
    Ok(rows.into_iter().map(|row| Person { id: Some(UserId(row.id)), name: row.name }).collect())
}

/// The titles of documents by id, whatever their state; those that are gone are missing.
pub async fn kinds_and_titles(ctx: &Ctx, ids: &BTreeSet<DocumentId>) -> Result<BTreeMap<DocumentId, (Kind, String)>> {
    use entity::document;

    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let all: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut found = BTreeMap::new();
    for chunk in all.chunks(500) {
        let rows = document::Entity::find().filter(document::Column::Id.is_in(chunk.iter().copied()));
        for row in rows.all(&*snapshot).await? {
            if let Some(kind) = Kind::from_name(&row.kind) {
                found.insert(DocumentId(row.id), (kind, row.title));
            }
        }
    }
    Ok(found)
}
