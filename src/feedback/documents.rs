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

use crate::kernel::{Error, NodeId, PageToken, Result, VersionNumber};

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

/// Finds what a report is about.
///
/// # Errors
/// [`Error::Invalid`] with the pointer of what can't be found.
pub(super) async fn subject(connection: &impl ConnectionTrait, key: &str, about: &About) -> Result<Subject> {
    let token = about.page_token.as_deref().map(str::trim).filter(|token| !token.is_empty());
    let (page, version, seen) = match token {
        Some(token) => shown_by_token(connection, key, token).await?,
        None => named(connection, about).await?,
    };
    let document = match about.block {
        None => page,
        Some(NodeId(block)) => match owner(connection, page, version, seen, block).await? {
            Some(document) => document,
            None => {
                let detail = "This page holds no such block.";
                return Err(Error::invalid("/block", "reference-missing", detail));
            }
        },
    };
    Ok(Subject { document, page, version, seen, block: about.block.map(|block| block.0) })
}

async fn shown_by_token(connection: &impl ConnectionTrait, key: &str, token: &str) -> Result<(Uuid, i32, Option<i64>)> {
    let unknown = || Error::invalid("/page_token", "unknown-token", "This site did not give out the page token.");
    let token = PageToken::verify(token, key).ok_or_else(unknown)?;
    if !was_published(connection, token.document.0, token.version).await? {
        return Err(unknown());
    }
    Ok((token.document.0, token.version.0, Some(token.changed_sequence.0)))
}

async fn named(connection: &impl ConnectionTrait, about: &About) -> Result<(Uuid, i32, Option<i64>)> {
    let name = about.document.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let Some(name) = name else {
        return Err(Error::invalid(
            "/document",
            "missing-field",
            "Say which page it is: a page token, an id or a slug.",
        ));
    };
    let live = live_document::Entity::find().filter(live_document::Column::State.ne(UNPUBLISHED));
    let live = match name.parse::<Uuid>() {
        Ok(id) => live.filter(live_document::Column::DocumentId.eq(id)),
        Err(_) => live.filter(live_document::Column::Slug.eq(name)),
    };
    let row = live.all(connection).await?.into_iter().min_by_key(|row| row.kind != ROLE_PAGE);
    let Some(row) = row else {
        return Err(Error::invalid("/document", "reference-missing", "There is no such page."));
    };
    match about.version {
        None => Ok((row.document_id, row.version, None)),
        Some(version) if was_published(connection, row.document_id, version).await? => {
            Ok((row.document_id, version.0, None))
        }
        Some(_) => Err(Error::invalid("/version", "reference-missing", "This version was never published.")),
    }
}

/// Whether the public could ever read this version.
pub(super) async fn was_published(
    connection: &impl ConnectionTrait,
    document: Uuid,
    version: VersionNumber,
) -> Result<bool> {
    Ok(first_published(connection, document, version).await?.is_some())
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
