//! What stands at a path, what became of a path that stood there once, and the list of all of them.

use std::collections::BTreeMap;

use entity::{live_document, live_path, redirect};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    content::{Kind, MOST_REDIRECTS, lifecycle::LiveState, successor},
    events,
    kernel::{Database, DocumentId, Error, Result, Sequence, Timestamp},
};

use super::{
    At,
    reading::{Reading, last_public_change, reading},
    view::Card,
};

/// What stands at a path.
#[derive(Clone, Debug)]
pub enum Address {
    Page(Box<Reading>),
    /// A path of the site, or an address elsewhere.
    Moved {
        location: String,
        since: Timestamp,
    },
    Gone {
        explanation: Option<String>,
        suggestions: Vec<Card>,
    },
    /// Nothing, or something that is to look like nothing.
    Nothing,
}

/// What stands at a path that begins with a slash, and the place in the log at which it did.
pub async fn address(database: &Database, path: &str) -> Result<(Address, Sequence)> {
    let snapshot = database.read().await?;
    let sequence = events::last_sequence(&*snapshot).await?;
    Ok((at_path(&*snapshot, path).await?, sequence))
}

async fn at_path(connection: &impl ConnectionTrait, path: &str) -> Result<Address> {
    let canonical = canonical(path);
    let found = resolve(connection, &canonical).await?;
    // Another way to write the path of a page leads to the one way.
    if canonical != path
        && let Address::Page(page) = &found
    {
        return Ok(Address::Moved { location: canonical, since: page.changed_at });
    }
    Ok(found)
}

/// Paths are lower case and have no slash at the end.
fn canonical(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_lowercase() }
}

async fn resolve(connection: &impl ConnectionTrait, path: &str) -> Result<Address> {
    let live = live_document::Entity::find()
        .filter(live_document::Column::Path.eq(path))
        .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
        .one(connection)
        .await?;
    if let Some(row) = live {
        let page = reading(connection, DocumentId(row.document_id), At::Now, None).await?;
        let page = page.ok_or_else(|| Error::bug(format!("the document at {path} has no publication")))?;
        return Ok(Address::Page(Box::new(page)));
    }
    if let Some(row) = redirect_from(connection, path).await? {
        let location = end_of(connection, row.target).await?;
        return Ok(Address::Moved { location, since: Timestamp(row.created_at) });
    }
    match last_claim(connection, path).await? {
        Some(claim) => became(connection, claim.document_id, Timestamp(claim.until_at.unwrap_or(claim.from_at))).await,
        None => Ok(Address::Nothing),
    }
}

async fn redirect_from(connection: &impl ConnectionTrait, path: &str) -> Result<Option<redirect::Model>> {
    Ok(redirect::Entity::find().filter(redirect::Column::Path.eq(path)).one(connection).await?)
}

async fn last_claim(connection: &impl ConnectionTrait, path: &str) -> Result<Option<live_path::Model>> {
    let claims = live_path::Entity::find().filter(live_path::Column::Path.eq(path));
    Ok(claims.order_by_desc(live_path::Column::FromSequence).one(connection).await?)
}

/// Where a document is that no longer lives at one of its old paths.
async fn became(connection: &impl ConnectionTrait, id: Uuid, since: Timestamp) -> Result<Address> {
    let Some(row) = live_document::Entity::find_by_id(id).one(connection).await? else {
        return Ok(Address::Gone { explanation: None, suggestions: Vec::new() });
    };
    if let Some(location) = successor(connection, id).await? {
        return Ok(Address::Moved { location, since });
    }
    match row.unpublish_decision.as_deref() {
        Some("hidden") => Ok(Address::Nothing),
        _ => gone(connection, row).await,
    }
}

/// The address to which a redirect made by hand leads in the end, over other redirects and whatever moved since.
async fn end_of(connection: &impl ConnectionTrait, target: String) -> Result<String> {
    let mut path = target;
    for _ in 0..MOST_REDIRECTS {
        let live = live_document::Entity::find().filter(live_document::Column::Path.eq(&path)).one(connection).await?;
        if live.is_some() || !path.starts_with('/') {
            break;
        }
        if let Some(row) = redirect_from(connection, &path).await? {
            path = row.target;
            continue;
        }
        if let Some(claim) = last_claim(connection, &path).await? {
            return Ok(successor(connection, claim.document_id).await?.unwrap_or(path));
        }
        break;
    }
    Ok(path)
}

/// A page that is gone, with what stands nearby: the page that stood above it, and what else stands below that.
async fn gone(connection: &impl ConnectionTrait, row: live_document::Model) -> Result<Address> {
    let mut suggestions = Vec::new();
    if let Some(parent) = row.parent_id {
        let near = live_document::Entity::find()
            .filter(live_document::Column::State.eq(LiveState::Live.name()))
            .filter(
                sea_orm::Condition::any()
                    .add(live_document::Column::DocumentId.eq(parent))
                    .add(live_document::Column::ParentId.eq(parent)),
            )
            .order_by_asc(live_document::Column::TitleKey)
            .all(connection)
            .await?;
        let (above, beside): (Vec<_>, Vec<_>) = near.into_iter().partition(|near| near.document_id == parent);
        suggestions = above.into_iter().chain(beside).take(5).filter_map(card).collect();
    }
    Ok(Address::Gone { explanation: row.unpublish_explanation, suggestions })
}

fn card(row: live_document::Model) -> Option<Card> {
    Some(Card {
        id: DocumentId(row.document_id),
        kind: Kind::from_name(&row.kind)?,
        slug: row.slug?,
        path: row.path?,
        title: row.title,
        summary: row.summary,
    })
}

/// One path in the list of all.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub path: String,
    /// live, withdrawn, redirect or gone.
    #[serde(rename = "type")]
    pub what: &'static str,
    pub document: Option<DocumentId>,
    pub kind: Option<String>,
    pub location: Option<String>,
    pub updated_at: Timestamp,
}

/// A page of the list of paths.
#[derive(Clone, Debug)]
pub struct Paths {
    pub paths: Vec<Listed>,
    pub more: bool,
    pub total: u64,
    /// When anything public changed last.
    pub changed_at: Timestamp,
    /// The place in the log at which all of this was read.
    pub sequence: Sequence,
}

/// Every path that answers, by path, after `after`.
pub async fn addresses(database: &Database, after: Option<&str>, limit: usize) -> Result<Paths> {
    let snapshot = database.read().await?;
    let mut all: BTreeMap<String, Listed> = BTreeMap::new();
    let live = live_document::Entity::find().all(&*snapshot).await?;
    let by_id: BTreeMap<Uuid, &live_document::Model> = live.iter().map(|row| (row.document_id, row)).collect();
    for claim in live_path::Entity::find().order_by_asc(live_path::Column::FromSequence).all(&*snapshot).await? {
        let updated_at = Timestamp(claim.until_at.unwrap_or(claim.from_at));
        let decision = by_id.get(&claim.document_id).and_then(|row| row.unpublish_decision.as_deref());
        let location = successor_among(&by_id, claim.document_id);
        let what = match (&location, decision) {
            (Some(_), _) => "redirect",
            (None, Some("hidden")) => {
                all.remove(&claim.path);
                continue;
            }
            (None, _) => "gone",
        };
        let path = claim.path.clone();
        all.insert(path, Listed { path: claim.path, what, document: None, kind: None, location, updated_at });
    }
    for row in redirect::Entity::find().all(&*snapshot).await? {
        let updated_at = Timestamp(row.created_at);
        let listed = Listed {
            path: row.path.clone(),
            what: "redirect",
            document: None,
            kind: None,
            location: Some(row.target),
            updated_at,
        };
        all.insert(row.path, listed);
    }
    for row in &live {
        let Some(path) = &row.path else { continue };
        let listed = Listed {
            path: path.clone(),
            what: if row.state == LiveState::Withdrawn.name() { "withdrawn" } else { "live" },
            document: Some(DocumentId(row.document_id)),
            kind: Some(row.kind.clone()),
            location: None,
            updated_at: Timestamp(row.changed_at),
        };
        all.insert(path.clone(), listed);
    }
    follow_redirects(&mut all);
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    let mut rest = all.into_values().filter(|listed| after.is_none_or(|after| listed.path.as_str() > after));
    let paths: Vec<Listed> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let changed_at = last_public_change(&*snapshot).await?;
    let sequence = events::last_sequence(&*snapshot).await?;
    Ok(Paths { paths, more, total, changed_at, sequence })
}

/// What [`successor`] answers, from rows that are known already.
fn successor_among(by_id: &BTreeMap<Uuid, &live_document::Model>, id: Uuid) -> Option<String> {
    let mut next = id;
    for _ in 0..MOST_REDIRECTS {
        let row = by_id.get(&next)?;
        match (&row.path, &row.unpublish_target) {
            (Some(path), _) => return Some(path.clone()),
            (None, Some(target)) => match target.parse() {
                Ok(document) => next = document,
                Err(_) => return Some(target.clone()),
            },
            (None, None) => return None,
        }
    }
    None
}

/// Makes redirects to redirects lead to the end at once, as [`end_of`] does.
fn follow_redirects(all: &mut BTreeMap<String, Listed>) {
    let leading: BTreeMap<String, String> =
        all.values().filter_map(|listed| Some((listed.path.clone(), listed.location.clone()?))).collect();
    for listed in all.values_mut() {
        for _ in 0..MOST_REDIRECTS {
            let Some(further) = listed.location.as_ref().and_then(|location| leading.get(location)) else { break };
            listed.location = Some(further.clone());
        }
    }
}
