//! Single pages and lists, as values that are ready to be written.

use std::collections::HashMap;

use entity::live_document;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    content::{Kind, Page, Sort, lifecycle::LiveState},
    events,
    kernel::{Database, DocumentId, Error, Fault, Result, Sequence, Timestamp},
    search::Words,
};

use super::{
    At, Bundle,
    compose::compose,
    directory::{Directory, Filter, Selection, State, Wanted},
    fields::{card_fields, narrow},
    json_ld::json_ld,
    load,
    search::{Search, hits},
    view::{Card, ListItem},
};

/// An answer with what caches need to know about it.
#[derive(Clone, Debug)]
pub struct Reading {
    pub value: Value,
    pub changed_at: Timestamp,
    /// The document that it shows; `None` for anything but one document.
    pub document: Option<DocumentId>,
    /// Ids of everything that was looked at.
    pub depends_on: Vec<String>,
    /// The place in the log at which all of this was read.
    pub sequence: Sequence,
}

/// A page by slug or id; `None` if the public can't read it.
pub async fn page(
    database: &Database,
    kind: Kind,
    slug_or_id: &str,
    at: At,
    fields: Option<&[String]>,
) -> Result<Option<Reading>> {
    let snapshot = database.read().await?;
    let Some(id) = find(&*snapshot, kind, slug_or_id).await? else { return Ok(None) };
    reading(&*snapshot, id, at, fields).await
}

/// A role page as structured data of schema.org, for the site at `origin`, which may be empty; `None` if the public can't read it.
pub async fn structured(database: &Database, slug_or_id: &str, origin: &str) -> Result<Option<Reading>> {
    let snapshot = database.read().await?;
    let Some(id) = find(&*snapshot, Kind::RolePage, slug_or_id).await? else { return Ok(None) };
    let Some(bundle) = load::bundle(&*snapshot, id, At::Now).await? else { return Ok(None) };
    let Some(value) = json_ld(&bundle, origin) else { return Ok(None) };
    Ok(Some(Reading {
        value,
        changed_at: bundle.document.updated_at,
        document: Some(bundle.document.id),
        depends_on: depends_on(&bundle),
        sequence: events::last_sequence(&*snapshot).await?,
    }))
}

/// A page by id, whichever its kind.
pub(super) async fn reading(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    at: At,
    fields: Option<&[String]>,
) -> Result<Option<Reading>> {
    let Some(bundle) = load::bundle(connection, id, at).await? else { return Ok(None) };
    let value = serde_json::to_value(compose(&bundle))?;
    let value = match fields {
        Some(fields) => narrow(value, fields).map_err(unknown_field)?,
        None => value,
    };
    Ok(Some(Reading {
        value,
        changed_at: bundle.document.updated_at,
        document: Some(bundle.document.id),
        depends_on: depends_on(&bundle),
        sequence: events::last_sequence(connection).await?,
    }))
}

fn depends_on(bundle: &Bundle) -> Vec<String> {
    let documents = bundle.depends_on.documents.iter().map(ToString::to_string);
    documents.chain(bundle.depends_on.media.iter().map(ToString::to_string)).collect()
}

fn unknown_field(field: String) -> Error {
    let detail = format!("A page has no field {field:?}.");
    Error::Malformed(vec![Fault::new("fields", "unknown-field", detail)])
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    kind: Kind,
    slug_or_id: &str,
) -> Result<Option<DocumentId>> {
    let query = readable().filter(live_document::Column::Kind.eq(kind.name()));
    let query = match slug_or_id.parse::<Uuid>() {
        Ok(id) => query.filter(live_document::Column::DocumentId.eq(id)),
        Err(_) => query.filter(live_document::Column::Slug.eq(slug_or_id)),
    };
    let id: Option<Uuid> =
        query.select_only().column(live_document::Column::DocumentId).into_tuple().one(connection).await?;
    Ok(id.map(DocumentId))
}

/// The safe place to start a query from: what the public can read.
fn readable() -> Select<live_document::Entity> {
    live_document::Entity::find().filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
}

#[derive(Clone, Debug)]
pub struct Listing {
    pub kind: Kind,
    pub selection: Selection,
    pub filter: Filter,
    /// Words that stand in it.
    pub words: Option<Words>,
    pub sort: Sort,
    /// The sort key and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
    /// What the items hold beyond cards and times.
    pub fields: Vec<String>,
}

/// A page of the live documents of a kind, as cards. Withdrawn documents keep their addresses but stand in no list.
pub async fn list(
    database: &Database,
    directory: &Directory,
    search: &Search,
    listing: &Listing,
) -> Result<(Page<Value>, Reading)> {
    let words = match &listing.words {
        None => None,
        Some(words) => Some(hits(database, search, words).await?),
    };
    let wanted = Wanted {
        kind: Some(listing.kind),
        selection: &listing.selection,
        filter: &listing.filter,
        among: words.as_ref().map(|found| &found.hits),
    };
    let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
    let page = |state: &State| state.page(wanted, listing.sort, listing.after.as_ref(), limit);
    let (snapshot, found) = directory.ask(database, page).await?;
    let mut items = Vec::new();
    let mut depends = Vec::new();
    for row in live_rows(&*snapshot, &found.ids).await? {
        depends.push(row.document_id.to_string());
        items.push(item(&*snapshot, row, listing).await?);
    }
    depends.push(listing.kind.collection().to_owned());
    if !listing.filter.is_empty() && listing.kind != Kind::RequirementSection {
        depends.push(Kind::RequirementSection.collection().to_owned());
    }
    let sequence = events::last_sequence(&*snapshot).await?;
    let sequence = match &words {
        Some(words) => {
            depends.push("search".to_owned());
            words.sequence.min(sequence)
        }
        None => sequence,
    };
    let reading = Reading {
        value: Value::Null,
        changed_at: last_public_change(&*snapshot).await?,
        document: None,
        depends_on: depends,
        sequence,
    };
    Ok((Page { rows: items, next: found.next, total: found.total }, reading))
}

/// The rows of live documents, in this order.
pub(super) async fn live_rows(
    connection: &impl ConnectionTrait,
    ids: &[DocumentId],
) -> Result<Vec<live_document::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = readable().filter(live_document::Column::DocumentId.is_in(ids.iter().map(|id| id.0)));
    let mut rows: HashMap<Uuid, live_document::Model> =
        found.all(connection).await?.into_iter().map(|row| (row.document_id, row)).collect();
    let row = |id: &DocumentId| {
        rows.remove(&id.0).ok_or_else(|| Error::bug(format!("the directory knows {id}, and the live line doesn't")))
    };
    ids.iter().map(row).collect()
}

async fn item(connection: &impl ConnectionTrait, row: live_document::Model, listing: &Listing) -> Result<Value> {
    if !listing.fields.is_empty() {
        let id = DocumentId(row.document_id);
        let bundle = load::bundle(connection, id, At::Now).await?;
        let bundle = bundle.ok_or_else(|| Error::bug(format!("the live document {id} has no publication")))?;
        return card_fields(serde_json::to_value(compose(&bundle))?, &listing.fields).map_err(unknown_field);
    }
    Ok(serde_json::to_value(listed(row)?)?)
}

/// A live document as a list shows it.
pub(super) fn listed(row: live_document::Model) -> Result<ListItem> {
    let kind = Kind::from_name(&row.kind).ok_or_else(|| Error::bug("a live document of an unknown kind"))?;
    Ok(ListItem {
        card: Card {
            id: DocumentId(row.document_id),
            kind,
            slug: row.slug.unwrap_or_default(),
            path: row.path.unwrap_or_default(),
            title: row.title,
            summary: row.summary,
        },
        published_at: Timestamp(row.published_at),
        updated_at: Timestamp(row.changed_at),
    })
}

/// When anything public changed last, also if what changed is gone since.
pub(super) async fn last_public_change(connection: &impl ConnectionTrait) -> Result<Timestamp> {
    let filter = events::Filter { public_only: true, ..events::Filter::default() };
    let last = events::list(connection, &filter, true, 1).await?;
    Ok(last.first().map_or(Timestamp(0), |event| event.at))
}
