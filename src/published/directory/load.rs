//! From the live line into rows of the directory. It reads publications only, and contents only where nothing was made of
//! them yet.

use std::collections::HashSet;

use entity::{findable, live_document};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    content::{
        Kind,
        findable::{EDITION, Findable},
        lifecycle::LiveState,
    },
    events::{self, Filter},
    kernel::{DocumentId, Error, Result, Sequence, Timestamp},
};

use super::{
    super::load::{Moment, publications},
    state::Row,
};

/// How many ids stand in one query.
const AT_A_TIME: usize = 500;
/// After so many public events it is quicker to load everything.
pub const MOST_EVENTS: u64 = 2_000;

#[derive(FromQueryResult)]
struct Stored {
    document_id: Uuid,
    kind: String,
    state: String,
    version: i32,
    title_key: String,
    parent_id: Option<Uuid>,
    changed_at: i64,
    made_from: Option<i32>,
    edition: Option<i32>,
    content: Option<String>,
}

/// The documents whose public JSON changed between two events; `None` if so much happened that all are to be read.
pub async fn changed(
    connection: &impl ConnectionTrait,
    after: Sequence,
    until: Sequence,
) -> Result<Option<Vec<DocumentId>>> {
    let before = Some(Sequence(until.0.saturating_add(1)));
    let filter = Filter { after: Some(after), before, public_only: true, ..Filter::default() };
    let events = events::list(connection, &filter, false, MOST_EVENTS + 1).await?;
    if u64::try_from(events.len()).unwrap_or(u64::MAX) > MOST_EVENTS {
        return Ok(None);
    }
    let changed: HashSet<DocumentId> = events.into_iter().flat_map(|event| event.affected).collect();
    Ok(Some(changed.into_iter().collect()))
}

/// Every document that the public can read.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Row>> {
    let found = stored().into_model::<Stored>().all(connection).await?;
    read(connection, found).await
}

/// Those of these documents that the public can read.
pub async fn some(connection: &impl ConnectionTrait, ids: &[DocumentId]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for ids in ids.chunks(AT_A_TIME) {
        let found = stored().filter(live_document::Column::DocumentId.is_in(ids.iter().map(|id| id.0)));
        rows.extend(read(connection, found.into_model::<Stored>().all(connection).await?).await?);
    }
    Ok(rows)
}

fn stored() -> sea_orm::Select<live_document::Entity> {
    use live_document::Column;

    let relation =
        live_document::Entity::belongs_to(findable::Entity).from(Column::DocumentId).to(findable::Column::DocumentId);
    live_document::Entity::find()
        .select_only()
        .columns([
            Column::DocumentId,
            Column::Kind,
            Column::State,
            Column::Version,
            Column::TitleKey,
            Column::ParentId,
            Column::ChangedAt,
        ])
        .column_as(findable::Column::Version, "made_from")
        .columns([findable::Column::Edition, findable::Column::Content])
        .join(JoinType::LeftJoin, relation.into())
        .filter(Column::State.ne(LiveState::Unpublished.name()))
}

async fn read(connection: &impl ConnectionTrait, stored: Vec<Stored>) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(stored.len());
    let mut unmade = Vec::new();
    for one in stored {
        let made = one.content.filter(|_| one.made_from == Some(one.version) && one.edition == Some(EDITION));
        let findable = match made {
            Some(made) => Findable::from_stored(&made)?,
            None => {
                unmade.push((rows.len(), DocumentId(one.document_id)));
                Findable::default()
            }
        };
        rows.push(Row {
            id: DocumentId(one.document_id),
            kind: Kind::from_name(&one.kind).ok_or_else(|| Error::bug("a live document of an unknown kind"))?,
            live: one.state == LiveState::Live.name(),
            parent: one.parent_id.map(DocumentId),
            title_key: one.title_key,
            changed_at: Timestamp(one.changed_at),
            findable,
        });
    }
    for part in unmade.chunks(AT_A_TIME) {
        let ids: Vec<DocumentId> = part.iter().map(|(_, id)| *id).collect();
        for found in publications::of(connection, &ids, Moment::Now).await? {
            let place = part.iter().find(|(_, id)| *id == found.id).and_then(|(place, _)| rows.get_mut(*place));
            if let Some(row) = place {
                row.findable = Findable::of(&found.content);
            }
        }
    }
    Ok(rows)
}
