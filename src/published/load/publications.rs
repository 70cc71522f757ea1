//! The one query for publications: of some documents, now or at a time, only what the public may read. Everything that
//! needs content or the past goes through it.

use std::collections::HashMap;

use entity::{live_document, live_path, publication, version};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::{
    content::{
        kinds::{Content, Kind},
        lifecycle::LiveState,
    },
    kernel::{DocumentId, Error, Result, Sequence, Timestamp, VersionNumber},
};

use super::{super::view::Card, Moment};

/// How many ids stand in one query; both databases limit the number of placeholders.
pub const MOST_IDS: usize = 10_000;

/// The states in which the public can read a document.
pub const READABLE: [&str; 2] = ["live", "withdrawn"];

/// A document as the public reads it at a moment.
#[derive(Clone, Debug)]
pub struct Published {
    pub id: DocumentId,
    pub kind: Kind,
    pub version: VersionNumber,
    pub slug: String,
    /// `None` is a fault of the stored paths.
    pub path: Option<String>,
    pub parent: Option<DocumentId>,
    pub language: String,
    pub state: LiveState,
    pub notice: Option<String>,
    pub content: Content,
    pub from_sequence: Sequence,
    pub from_at: Timestamp,
    pub first_published_at: Timestamp,
    /// Of the version that is live now.
    pub published_at: Timestamp,
    /// The last change until now.
    pub changed_at: Timestamp,
    /// The last change until now.
    pub changed_sequence: Sequence,
}

/// What the public reads of these documents at a moment, by id; those that it can't read are missing.
pub async fn of(connection: &impl ConnectionTrait, ids: &[DocumentId], at: Moment) -> Result<Vec<Published>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MOST_IDS) {
        let rows = rows(connection, ids, at).await?;
        let mut paths = match at {
            Moment::Now => HashMap::new(),
            _ if rows.is_empty() => HashMap::new(),
            Moment::Time(time) => {
                let valid = valid_at(live_path::Column::FromAt, live_path::Column::UntilAt, time.0);
                paths(connection, ids, valid).await?
            }
            Moment::Event(sequence) => {
                let valid = valid_at(live_path::Column::FromSequence, live_path::Column::UntilSequence, sequence.0);
                paths(connection, ids, valid).await?
            }
        };
        for mut row in rows {
            if at != Moment::Now {
                row.path = paths.remove(&row.document_id);
            }
            found.push(row.into_published()?);
        }
    }
    Ok(found)
}

/// Every document that the public can read, by id.
pub async fn readable(connection: &impl ConnectionTrait) -> Result<Vec<DocumentId>> {
    let ids: Vec<Uuid> = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .filter(live_document::Column::State.is_in(READABLE))
        .order_by_asc(live_document::Column::DocumentId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

impl Published {
    /// `None` without a path.
    pub fn card(self) -> Option<Card> {
        let (title, summary) = (self.content.title().to_owned(), self.content.summary().to_owned());
        Some(Card { id: self.id, kind: self.kind, slug: self.slug, path: self.path?, title, summary })
    }
}

#[derive(FromQueryResult)]
struct Row {
    document_id: Uuid,
    version: i32,
    state: String,
    notice: Option<String>,
    from_sequence: i64,
    from_at: i64,
    kind: String,
    path: Option<String>,
    first_published_at: i64,
    published_at: i64,
    changed_sequence: i64,
    changed_at: i64,
    slug: String,
    parent_id: Option<Uuid>,
    language: String,
    format: i32,
    content: String,
}

async fn rows(connection: &impl ConnectionTrait, ids: &[DocumentId], at: Moment) -> Result<Vec<Row>> {
    use {live_document::Column as Live, publication::Column as Publication, version::Column as Version};

    let query = publication::Entity::find()
        .select_only()
        .columns([
            Publication::DocumentId,
            Publication::Version,
            Publication::State,
            Publication::Notice,
            Publication::FromSequence,
            Publication::FromAt,
        ])
        .columns([
            Live::Kind,
            Live::Path,
            Live::FirstPublishedAt,
            Live::PublishedAt,
            Live::ChangedSequence,
            Live::ChangedAt,
        ])
        .columns([Version::Slug, Version::ParentId, Version::Language, Version::Format, Version::Content])
        .join(JoinType::InnerJoin, to_live_document())
        .join(JoinType::InnerJoin, to_version())
        .filter(Publication::DocumentId.is_in(ids.iter().map(|id| id.0)))
        .filter(valid(at))
        .order_by_asc(Publication::DocumentId);
    let query = match at {
        Moment::Now | Moment::Time(_) => query.filter(Live::State.is_in(READABLE)),
        Moment::Event(_) => query,
    };
    Ok(query.into_model::<Row>().all(connection).await?)
}

/// Open now; or begun, not yet closed and not suppressed at a moment.
fn valid(at: Moment) -> Condition {
    use publication::Column;

    match at {
        Moment::Now => Condition::all().add(Column::UntilSequence.is_null()),
        Moment::Time(time) => valid_at(Column::FromAt, Column::UntilAt, time.0).add(Column::SuppressedAt.is_null()),
        Moment::Event(sequence) => {
            valid_at(Column::FromSequence, Column::UntilSequence, sequence.0).add(Column::SuppressedAt.is_null())
        }
    }
}

/// Begun by this moment and not yet closed. The columns and the moment are times, or places in the event log.
pub fn valid_at<C: ColumnTrait>(from: C, until: C, moment: i64) -> Condition {
    let open = Condition::any().add(until.is_null()).add(until.gt(moment));
    Condition::all().add(from.lte(moment)).add(open)
}

async fn paths(
    connection: &impl ConnectionTrait,
    ids: &[DocumentId],
    valid: Condition,
) -> Result<HashMap<Uuid, String>> {
    use live_path::Column;

    let rows: Vec<(Uuid, String)> = live_path::Entity::find()
        .select_only()
        .columns([Column::DocumentId, Column::Path])
        .filter(Column::DocumentId.is_in(ids.iter().map(|id| id.0)))
        .filter(valid)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

fn to_live_document() -> RelationDef {
    publication::Entity::belongs_to(live_document::Entity)
        .from(publication::Column::DocumentId)
        .to(live_document::Column::DocumentId)
        .into()
}

fn to_version() -> RelationDef {
    publication::Entity::belongs_to(version::Entity)
        .from((publication::Column::DocumentId, publication::Column::Version))
        .to((version::Column::DocumentId, version::Column::Number))
        .into()
}

impl Row {
    fn into_published(self) -> Result<Published> {
        let kind = Kind::from_name(&self.kind).ok_or_else(|| unknown("kind", &self.kind))?;
        let state = LiveState::from_name(&self.state).ok_or_else(|| unknown("state", &self.state))?;
        Ok(Published {
            id: DocumentId(self.document_id),
            kind,
            version: VersionNumber(self.version),
            slug: self.slug,
            path: self.path,
            parent: self.parent_id.map(DocumentId),
            language: self.language,
            state,
            notice: self.notice,
            content: Content::from_stored(kind, self.format, &self.content)?,
            from_sequence: Sequence(self.from_sequence),
            from_at: Timestamp(self.from_at),
            first_published_at: Timestamp(self.first_published_at),
            published_at: Timestamp(self.published_at),
            changed_at: Timestamp(self.changed_at),
            changed_sequence: Sequence(self.changed_sequence),
        })
    }
}

fn unknown(what: &str, name: &str) -> Error {
    Error::bug(format!("a published document of the unknown {what} {name:?}"))
}
