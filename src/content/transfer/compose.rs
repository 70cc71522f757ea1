//! From the tables to a line.

use std::collections::BTreeMap;

use entity::{confirmation, document, live_document, live_path, publication, schedule, user, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::{DocumentId, Error, PublicationId, Result, Sequence, Timestamp, VersionNumber};

use super::{
    super::{
        documents::hash_of,
        kinds::Kind,
        lifecycle::{DraftState, LiveState},
    },
    lines::{
        ActorLine, ConfirmationLine, DocumentLine, DraftLine, LiveLine, PathLine, PersonLine, PlaceLine,
        PublicationLine, ScheduleLine, VersionLine,
    },
};

/// People that were looked up already.
#[derive(Default)]
pub struct People(BTreeMap<Uuid, Option<PersonLine>>);

impl People {
    async fn find(&mut self, connection: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<PersonLine>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(person) = self.0.get(&id) {
            return Ok(person.clone());
        }
        let row = user::Entity::find_by_id(id).one(connection).await?;
        let person = row.map(|row| PersonLine { name: row.name, email: row.email });
        self.0.insert(id, person.clone());
        Ok(person)
    }
}

/// The ids of all documents, in order.
pub async fn ids(connection: &impl ConnectionTrait) -> Result<Vec<DocumentId>> {
    let ids: Vec<Uuid> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .order_by_asc(document::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// A document as a line; `None` if there is no such document.
///
/// # Errors
/// [`Error::Conflict`] for a version that is not what was saved; an export would hand the damage on.
pub async fn compose(
    connection: &impl ConnectionTrait,
    people: &mut People,
    id: DocumentId,
) -> Result<Option<DocumentLine>> {
    let Some(row) = document::Entity::find_by_id(id.0).one(connection).await? else { return Ok(None) };
    Ok(Some(DocumentLine {
        id,
        kind: Kind::from_name(&row.kind).ok_or_else(|| unknown(id, "kind", &row.kind))?,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        owner: people.find(connection, row.owner_id).await?,
        trashed_at: row.trashed_at.map(Timestamp),
        latest_version: VersionNumber(row.latest_version),
        draft: draft(connection, people, &row).await?,
        live: live(connection, people, id).await?,
        schedules: schedules(connection, id).await?,
        versions: versions(connection, id).await?,
        publications: publications(connection, id).await?,
        paths: paths(connection, id).await?,
        confirmations: confirmations(connection, id).await?,
        updated_by: row.updated_by_name,
        review_by: row.review_by,
        last_reviewed_on: row.last_reviewed_on,
    }))
}

fn unknown(id: DocumentId, what: &str, name: &str) -> Error {
    Error::conflict("document-unreadable", format!("The document {id} has the unknown {what} {name:?}."))
}

async fn draft(
    connection: &impl ConnectionTrait,
    people: &mut People,
    row: &document::Model,
) -> Result<Option<DraftLine>> {
    let Some(version) = row.draft_version else { return Ok(None) };
    let state = row.draft_state.as_deref().unwrap_or_default();
    Ok(Some(DraftLine {
        version: VersionNumber(version),
        state: DraftState::from_name(state).ok_or_else(|| unknown(DocumentId(row.id), "draft state", state))?,
        faults: row.draft_faults.as_deref().map(serde_json::from_str).transpose()?,
        submitted_by: people.find(connection, row.submitted_by).await?,
        approved_by: people.find(connection, row.approved_by).await?,
    }))
}

async fn live(connection: &impl ConnectionTrait, people: &mut People, id: DocumentId) -> Result<Option<LiveLine>> {
    let Some(row) = live_document::Entity::find_by_id(id.0).one(connection).await? else { return Ok(None) };
    Ok(Some(LiveLine {
        state: LiveState::from_name(&row.state).ok_or_else(|| unknown(id, "live state", &row.state))?,
        version: VersionNumber(row.version),
        path: row.path,
        notice: row.notice,
        unpublish_decision: row.unpublish_decision,
        unpublish_target: row.unpublish_target,
        unpublish_explanation: row.unpublish_explanation,
        retrospective_version: row.retrospective_version.map(VersionNumber),
        retrospective_by: people.find(connection, row.retrospective_by).await?,
        first_published_at: Timestamp(row.first_published_at),
        published_at: Timestamp(row.published_at),
        changed_at: Timestamp(row.changed_at),
    }))
}

async fn schedules(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<ScheduleLine>> {
    let mut rows = schedule::Entity::find().filter(schedule::Column::DocumentId.eq(id.0)).all(connection).await?;
    rows.sort_by(|a, b| a.action.cmp(&b.action));
    let line = |row: schedule::Model| {
        Ok(ScheduleLine {
            action: row.action,
            version: VersionNumber(row.version),
            at: Timestamp(row.at),
            details: serde_json::from_str(&row.details)?,
            created_at: Timestamp(row.created_at),
            actor: row.actor_name,
        })
    };
    rows.into_iter().map(line).collect()
}

async fn versions(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<VersionLine>> {
    let rows = version::Entity::find()
        .filter(version::Column::DocumentId.eq(id.0))
        .order_by_asc(version::Column::Number)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| version_line(id, row)).collect()
}

fn version_line(id: DocumentId, row: version::Model) -> Result<VersionLine> {
    let parent = row.parent_id.map(DocumentId);
    let content = serde_json::from_str::<Value>(&row.content).ok().filter(|content| {
        // Written out again it has to be the same text, or the importing site would find another hash.
        hash_of(&row.slug, parent, &row.language, &content.to_string()).is_ok_and(|hash| hash == row.content_hash)
    });
    let Some(content) = content else {
        let detail =
            format!("Version {} of the document {id} is not what was saved; the doctor tells more.", row.number);
        return Err(Error::conflict("version-damaged", detail));
    };
    Ok(VersionLine {
        number: VersionNumber(row.number),
        slug: row.slug,
        parent,
        language: row.language,
        title: row.title,
        format: row.format,
        content,
        content_hash: row.content_hash,
        created_at: Timestamp(row.created_at),
        door: row.door,
        actor: ActorLine { kind: row.actor_kind, name: row.actor_name, email: row.actor_email },
        from_version: row.from_version.map(VersionNumber),
        note: row.note,
        autosaved: row.autosaved,
    })
}

async fn publications(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<PublicationLine>> {
    let rows = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(id.0))
        .order_by_asc(publication::Column::FromSequence)
        .order_by_asc(publication::Column::Id)
        .all(connection)
        .await?;
    let line = |row: publication::Model| {
        Ok(PublicationLine {
            id: PublicationId(row.id),
            version: VersionNumber(row.version),
            state: LiveState::from_name(&row.state).ok_or_else(|| unknown(id, "publication state", &row.state))?,
            change: row.change,
            note: row.note,
            notice: row.notice,
            from: PlaceLine::of(row.from_sequence, row.from_at),
            until: PlaceLine::of_end(row.until_sequence, row.until_at),
            suppressed_at: row.suppressed_at.map(Timestamp),
        })
    };
    rows.into_iter().map(line).collect()
}

async fn paths(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<PathLine>> {
    let rows = live_path::Entity::find()
        .filter(live_path::Column::DocumentId.eq(id.0))
        .order_by_asc(live_path::Column::FromSequence)
        .order_by_asc(live_path::Column::Id)
        .all(connection)
        .await?;
    let line = |row: live_path::Model| PathLine {
        id: row.id,
        path: row.path,
        from: PlaceLine::of(row.from_sequence, row.from_at),
        until: PlaceLine::of_end(row.until_sequence, row.until_at),
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn confirmations(connection: &impl ConnectionTrait, id: DocumentId) -> Result<Vec<ConfirmationLine>> {
    let rows = confirmation::Entity::find()
        .filter(confirmation::Column::DocumentId.eq(id.0))
        .order_by_asc(confirmation::Column::Sequence)
        .all(connection)
        .await?;
    let line = |row: confirmation::Model| ConfirmationLine {
        sequence: Sequence(row.sequence),
        version: row.version.map(VersionNumber),
        review_by: row.review_by,
        last_reviewed_on: row.last_reviewed_on,
        at: Timestamp(row.at),
        actor: row.actor_name,
    };
    Ok(rows.into_iter().map(line).collect())
}
