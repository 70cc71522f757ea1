//! What a report is about: the page, the version that the visitor saw, and the document that owns the block. It reads the
//! tables of the content domain and finds ids in contents without knowing their kinds.
//!
//! Decisions (2026-11-22):
//! - A document that is not public answers like one that never existed, so that nobody learns of drafts here.
//! - A page token is proof that the page was public. A report with one is taken even if the page has been unpublished
//!   since, or has lost the block: the visitor saw both.

use std::collections::{BTreeMap, BTreeSet};

use entity::{live_document, publication, reference, version};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::{Fault, NodeId, PageToken, Result, VersionNumber, few_lengths};

use super::intake::About;

/// The roles in which a requirement section stands in another document.
const EMBEDDING: [&str; 2] = ["embed", "tree"];
const UNPUBLISHED: &str = "unpublished";
const ROLE_PAGE: &str = "role-page";

/// What a report is about.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// The document that owns what is reported.
    pub document: Uuid,
    pub page: Uuid,
    /// Of the page.
    pub version: i32,
    /// The page's last change that the visitor saw, if a token says so.
    pub seen: Option<i64>,
    pub block: Option<Uuid>,
}

/// What a report is about, or what is wrong with how it is named.
pub(super) type Found = Result<Subject, Vec<Fault>>;

/// Finds what reports are about. What several have in common is asked once; only blocks are looked for one by one.
pub(super) async fn subjects<'a>(
    connection: &impl ConnectionTrait,
    key: &str,
    abouts: BTreeSet<&'a About>,
) -> Result<BTreeMap<&'a About, Found>> {
    let known = Known::about(connection, key, &abouts).await?;
    let mut found = BTreeMap::new();
    for about in abouts {
        let subject = match known.shown(about) {
            Ok(shown) => owned(connection, shown, about.block).await?,
            Err(fault) => Err(vec![fault]),
        };
        found.insert(about, subject);
    }
    Ok(found)
}

/// A page, its version, and the last change of it that the visitor saw.
type Shown = (Uuid, i32, Option<i64>);

/// What reports name, as far as it is there.
struct Known {
    /// The tokens that this site gave out.
    tokens: BTreeMap<String, PageToken>,
    /// Those that are live, pages before sections.
    live: Vec<live_document::Model>,
    published: BTreeSet<(Uuid, i32)>,
}

impl Known {
    async fn about(connection: &impl ConnectionTrait, key: &str, abouts: &BTreeSet<&About>) -> Result<Self> {
        let tokens = abouts.iter().filter_map(|about| about.token());
        let verified = |token: &str| Some((token.to_owned(), PageToken::verify(token, key)?));
        let tokens: BTreeMap<String, PageToken> = tokens.filter_map(verified).collect();
        let names: BTreeSet<&str> = abouts.iter().filter_map(|about| about.name()).collect();
        let live = live(connection, names).await?;
        let shown = tokens.values().map(|token| (token.document.0, token.version.0));
        let versions: BTreeSet<i32> =
            abouts.iter().filter_map(|about| about.version).map(|version| version.0).collect();
        let named = live.iter().flat_map(|row| versions.iter().map(|version| (row.document_id, *version)));
        let published = published(connection, shown.chain(named).collect()).await?;
        Ok(Self { tokens, live, published })
    }

    fn shown(&self, about: &About) -> Result<Shown, Fault> {
        if let Some(token) = about.token() {
            let token =
                self.tokens.get(token).map(|token| (token.document.0, token.version.0, token.changed_sequence.0));
            let published = token.filter(|(document, version, _)| self.published.contains(&(*document, *version)));
            let unknown = || Fault::new("/page_token", "unknown-token", "This site did not give out the page token.");
            return published.map(|(document, version, seen)| (document, version, Some(seen))).ok_or_else(unknown);
        }
        let Some(name) = about.name() else {
            let detail = "Say which page it is: a page token, an id or a slug.";
            return Err(Fault::new("/document", "missing-field", detail));
        };
        let is_meant = |row: &&live_document::Model| match name.parse::<Uuid>() {
            Ok(id) => row.document_id == id,
            Err(_) => row.slug.as_deref() == Some(name),
        };
        let Some(row) = self.live.iter().find(is_meant) else {
            return Err(Fault::new("/document", "reference-missing", "There is no such page."));
        };
        match about.version {
            None => Ok((row.document_id, row.version, None)),
            Some(version) if self.published.contains(&(row.document_id, version.0)) => {
                Ok((row.document_id, version.0, None))
            }
            Some(_) => Err(Fault::new("/version", "reference-missing", "This version was never published.")),
        }
    }
}

impl About {
    fn token(&self) -> Option<&str> {
        self.page_token.as_deref().map(str::trim).filter(|token| !token.is_empty())
    }

    /// What is asked for if there is no token.
    fn name(&self) -> Option<&str> {
        let name = self.document.as_deref().map(str::trim).filter(|name| !name.is_empty());
        name.filter(|_| self.token().is_none())
    }
}

/// The documents with these ids or slugs that the public can read, pages first.
async fn live(connection: &impl ConnectionTrait, names: BTreeSet<&str>) -> Result<Vec<live_document::Model>> {
    let ids: BTreeSet<Uuid> = names.iter().filter_map(|name| name.parse().ok()).collect();
    let slugs: BTreeSet<&str> = names.into_iter().filter(|name| name.parse::<Uuid>().is_err()).collect();
    let mut live = Vec::new();
    let by_id = (!ids.is_empty()).then(|| live_document::Column::DocumentId.is_in(few_lengths(ids)));
    let by_slug = (!slugs.is_empty()).then(|| live_document::Column::Slug.is_in(few_lengths(slugs)));
    for which in by_id.into_iter().chain(by_slug) {
        let query = live_document::Entity::find().filter(live_document::Column::State.ne(UNPUBLISHED)).filter(which);
        live.extend(query.all(connection).await?);
    }
    live.sort_by_key(|row| row.kind != ROLE_PAGE);
    Ok(live)
}

/// Those of these versions that the public could read once.
async fn published(
    connection: &impl ConnectionTrait,
    versions: BTreeSet<(Uuid, i32)>,
) -> Result<BTreeSet<(Uuid, i32)>> {
    if versions.is_empty() {
        return Ok(versions);
    }
    let (documents, numbers): (BTreeSet<Uuid>, BTreeSet<i32>) = versions.into_iter().unzip();
    let rows: Vec<(Uuid, i32)> = publication::Entity::find()
        .select_only()
        .columns([publication::Column::DocumentId, publication::Column::Version])
        .filter(publication::Column::DocumentId.is_in(few_lengths(documents)))
        .filter(publication::Column::Version.is_in(few_lengths(numbers)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What is reported on a page: the page, or the section that the block stands in.
async fn owned(
    connection: &impl ConnectionTrait,
    (page, version, seen): Shown,
    block: Option<NodeId>,
) -> Result<Found> {
    let document = match block {
        None => page,
        Some(NodeId(block)) => match owner(connection, page, version, seen, block).await? {
            Some(document) => document,
            None => {
                let detail = "This page holds no such block.";
                return Ok(Err(vec![Fault::new("/block", "reference-missing", detail)]));
            }
        },
    };
    Ok(Ok(Subject { document, page, version, seen, block: block.map(|block| block.0) }))
}

/// The place in the event log at which a version first went live.
pub(super) async fn first_published(
    connection: &impl ConnectionTrait,
    document: Uuid,
    version: VersionNumber,
) -> Result<Option<i64>> {
    let places: Vec<i64> = publication::Entity::find()
        .select_only()
        .column(publication::Column::FromSequence)
        .filter(publication::Column::DocumentId.eq(document))
        .filter(publication::Column::Version.eq(version.0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(places.into_iter().min())
}

/// The document that a block on the page belongs to: the page itself, or a requirement section that stands in it, now or
/// when the visitor saw it.
async fn owner(
    connection: &impl ConnectionTrait,
    page: Uuid,
    version: i32,
    seen: Option<i64>,
    block: Uuid,
) -> Result<Option<Uuid>> {
    let block = block.to_string();
    if content_holds(connection, page, version, &block).await? {
        return Ok(Some(page));
    }
    let moments = if seen.is_some() { vec![None, seen] } else { vec![None] };
    for moment in moments {
        for (section, version) in embedded(connection, page, moment).await? {
            if content_holds(connection, section, version, &block).await? {
                return Ok(Some(section));
            }
        }
    }
    Ok(None)
}

async fn content_holds(connection: &impl ConnectionTrait, document: Uuid, version: i32, id: &str) -> Result<bool> {
    let content: Option<String> = version::Entity::find_by_id((document, version))
        .select_only()
        .column(version::Column::Content)
        .into_tuple()
        .one(connection)
        .await?;
    match content {
        Some(content) if content.contains(id) => Ok(holds(&serde_json::from_str(&content)?, id)),
        _ => Ok(false),
    }
}

/// Whether something within a content bears this id.
fn holds(value: &Value, id: &str) -> bool {
    match value {
        Value::Object(fields) => {
            fields.get("id").and_then(Value::as_str) == Some(id) || fields.values().any(|field| holds(field, id))
        }
        Value::Array(items) => items.iter().any(|item| holds(item, id)),
        _ => false,
    }
}

/// The requirement sections that stand in a page, directly or through others, with their public versions: now, or right
/// after an event.
pub(super) async fn embedded(
    connection: &impl ConnectionTrait,
    page: Uuid,
    moment: Option<i64>,
) -> Result<BTreeMap<Uuid, i32>> {
    let mut reached = BTreeSet::from([page]);
    let mut frontier = reached.clone();
    while !frontier.is_empty() {
        let mut edges = reference::Entity::find()
            .select_only()
            .column(reference::Column::TargetId)
            .filter(reference::Column::DocumentId.is_in(frontier))
            .filter(reference::Column::Line.eq("live"))
            .filter(reference::Column::Role.is_in(EMBEDDING));
        edges = match moment {
            None => edges.filter(reference::Column::UntilSequence.is_null()),
            Some(moment) => edges.filter(reference::Column::FromSequence.lte(moment)).filter(
                Condition::any()
                    .add(reference::Column::UntilSequence.is_null())
                    .add(reference::Column::UntilSequence.gt(moment)),
            ),
        };
        let targets: Vec<Uuid> = edges.into_tuple().all(connection).await?;
        frontier = targets.into_iter().filter(|target| reached.insert(*target)).collect();
    }
    reached.remove(&page);
    let mut publications = publication::Entity::find()
        .select_only()
        .column(publication::Column::DocumentId)
        .column(publication::Column::Version)
        .filter(publication::Column::DocumentId.is_in(reached));
    publications = match moment {
        None => publications.filter(publication::Column::UntilSequence.is_null()),
        Some(moment) => publications.filter(publication::Column::FromSequence.lte(moment)).filter(
            Condition::any()
                .add(publication::Column::UntilSequence.is_null())
                .add(publication::Column::UntilSequence.gt(moment)),
        ),
    };
    let versions: Vec<(Uuid, i32)> = publications.into_tuple().all(connection).await?;
    Ok(versions.into_iter().collect())
}
