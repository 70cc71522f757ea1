//! The feed of public changes: events in order, each with the documents whose JSON it changed.

use std::{fmt, str::FromStr};

use entity::live_document;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};

use crate::{
    events::{self, Event},
    kernel::{Database, Error, Result, Sequence},
    site,
};

/// How far a consumer has come, in one epoch of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCursor {
    pub epoch: String,
    pub sequence: Sequence,
}

impl fmt::Display for FeedCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.epoch, self.sequence)
    }
}

impl FromStr for FeedCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (epoch, sequence) = text.split_once('.').ok_or(())?;
        let sequence = sequence.parse().map_err(|_| ())?;
        if epoch.is_empty() || sequence < 0 {
            return Err(());
        }
        Ok(Self { epoch: epoch.to_owned(), sequence: Sequence(sequence) })
    }
}

/// A page of the feed.
#[derive(Clone, Debug)]
pub struct Feed {
    pub data: Vec<Value>,
    pub cursor: FeedCursor,
    pub more: bool,
}

/// What changed after a cursor, up to the place `until`; from the beginning without a cursor.
///
/// # Errors
/// [`Error::Gone`] for a cursor of another epoch: whoever holds it starts again.
pub async fn feed(database: &Database, since: Option<FeedCursor>, until: Sequence, limit: usize) -> Result<Feed> {
    let snapshot = database.read().await?;
    let epoch = site::identity(&*snapshot).await?.epoch;
    let since = match since {
        Some(cursor) if cursor.epoch != epoch => {
            let detail = "The cursor is of another time of this database; read everything again, then follow.";
            return Err(Error::Gone { code: "resync", detail: detail.to_owned() });
        }
        Some(cursor) => cursor.sequence,
        None => Sequence(0),
    };
    let before = Some(Sequence(until.0.saturating_add(1)));
    let filter = events::Filter { after: Some(since), before, public_only: true, ..events::Filter::default() };
    let asked = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut found = events::list(&*snapshot, &filter, false, asked).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|event| event.sequence);
    let mut data = Vec::new();
    for event in found {
        data.push(entry(&*snapshot, event).await?);
    }
    // Without more to come the cursor stands at the end, so that the next question starts there.
    let end = if more { since } else { until.max(since) };
    let sequence = if more { last.unwrap_or(since) } else { end };
    Ok(Feed { data, cursor: FeedCursor { epoch, sequence }, more })
}

/// An event as the public sees it. Only what is named here goes out.
pub async fn entry(connection: &impl ConnectionTrait, event: Event) -> Result<Value> {
    let Event { sequence, at, kind, document, payload, affected, .. } = event;
    let mut entry = Map::new();
    entry.insert("sequence".to_owned(), json!(sequence));
    entry.insert("at".to_owned(), json!(at));
    entry.insert("type".to_owned(), json!(kind.public_name()));
    if let Some(id) = document {
        let path = match payload.get("path").or_else(|| payload.get("to")) {
            Some(path) => path.clone(),
            None => json!(present_path(connection, id.0).await?),
        };
        let kind = payload.get("kind").cloned();
        let kind = match kind {
            Some(kind) => kind,
            None => json!(kind_of(connection, id.0).await?),
        };
        entry.insert("document".to_owned(), json!({ "id": id, "kind": kind, "path": path }));
    }
    for key in ["media", "from", "to", "version", "change", "note", "explanation", "decision", "redirect_to"] {
        if let Some(value) = payload.get(key) {
            entry.insert(key.to_owned(), value.clone());
        }
    }
    entry.insert("affected".to_owned(), json!(affected));
    Ok(Value::Object(entry))
}

async fn present_path(connection: &impl ConnectionTrait, id: uuid::Uuid) -> Result<Option<String>> {
    let row = live_document::Entity::find().filter(live_document::Column::DocumentId.eq(id)).one(connection).await?;
    Ok(row.and_then(|row| row.path))
}

async fn kind_of(connection: &impl ConnectionTrait, id: uuid::Uuid) -> Result<Option<String>> {
    let row = live_document::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(|row| row.kind))
}
