//! What editors saved by themselves, thinned to the last version of each sitting once it is old. A sitting is what one person
//! saved of one document without a pause of half an hour.
//!
//! Decision (2026-11-22): numbers of versions may have gaps. Context: numbers stand in links, events and other systems and
//! can't be given anew. Consequence: whoever wants the version before one asks for the nearest below, not for number − 1.
//!
//! Decision (2026-11-22): the version that stays loses its mark. It then stands for the sitting, as if it had been saved with
//! the button; what has been thinned is never looked at again.

use std::collections::BTreeSet;

use entity::{case, confirmation, live_document, preview_link, publication, schedule, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Result, Timestamp, VersionNumber},
    site,
};

use super::guard;

/// The pause that ends a sitting, in milliseconds.
const PAUSE: i64 = 30 * 60 * 1_000;
/// How many documents are thinned at a time; the others wait for the next look.
const DOCUMENTS: u64 = 20;

/// A version, as far as sittings are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Saved {
    number: i32,
    by: Option<Uuid>,
    at: i64,
    autosaved: bool,
}

/// Thins what is older than the settings say; answers how many versions went. Everything that something refers to stays.
pub async fn thin_autosaves(ctx: &Ctx) -> Result<usize> {
    let (days, documents) = {
        let snapshot = ctx.database.read().await?;
        let days = site::settings(&*snapshot).await?.autosave_days;
        if days == 0 {
            return Ok(0);
        }
        let old: Vec<Uuid> = version::Entity::find()
            .select_only()
            .column(version::Column::DocumentId)
            .distinct()
            .filter(version::Column::Autosaved.eq(true))
            .filter(version::Column::CreatedAt.lt(before(ctx, days)))
            .limit(DOCUMENTS)
            .into_tuple()
            .all(&*snapshot)
            .await?;
        (days, old)
    };
    let mut gone = 0;
    for document in documents {
        gone += thin(ctx, DocumentId(document), before(ctx, days)).await?;
    }
    Ok(gone)
}

fn before(ctx: &Ctx, days: u32) -> i64 {
    ctx.now().plus(-i64::from(days) * Timestamp::DAY).0
}

async fn thin(ctx: &Ctx, id: DocumentId, before: i64) -> Result<usize> {
    let tx = ctx.write().await?;
    guard::lock(&tx, &BTreeSet::from([id.0])).await?;
    let rows: Vec<(i32, Option<Uuid>, i64, bool)> = version::Entity::find()
        .select_only()
        .column(version::Column::Number)
        .column(version::Column::ActorId)
        .column(version::Column::CreatedAt)
        .column(version::Column::Autosaved)
        .filter(version::Column::DocumentId.eq(id.0))
        .order_by_asc(version::Column::Number)
        .into_tuple()
        .all(&*tx)
        .await?;
    let saved: Vec<Saved> =
        rows.into_iter().map(|(number, by, at, autosaved)| Saved { number, by, at, autosaved }).collect();
    let needed = needed(&*tx, id).await?;
    let stays = |(number, last): &(i32, bool)| *last || needed.contains(number);
    let (stays, goes): (Vec<_>, Vec<_>) = settled(&saved, before).into_iter().partition(stays);
    for (number, _) in stays {
        guard::keep(&tx, id, VersionNumber(number)).await?;
    }
    let goes: Vec<i32> = goes.into_iter().map(|(number, _)| number).collect();
    if goes.is_empty() {
        tx.commit(()).await?;
        return Ok(0);
    }
    version::Entity::delete_many()
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.is_in(goes.iter().copied()))
        .exec(&*tx)
        .await?;
    let event = NewEvent::about_document(EventKind::VersionsThinned, id).with("versions", goes.clone());
    events::append(&tx, ctx, event).await?;
    tx.commit(goes.len()).await
}

/// The versions that something names.
async fn needed(connection: &impl ConnectionTrait, id: DocumentId) -> Result<BTreeSet<i32>> {
    let mut needed = BTreeSet::new();
    if let Some(row) = entity::document::Entity::find_by_id(id.0).one(connection).await? {
        needed.insert(row.latest_version);
        needed.extend(row.draft_version);
    }
    if let Some(row) = live_document::Entity::find_by_id(id.0).one(connection).await? {
        needed.insert(row.version);
        needed.extend(row.retrospective_version);
    }
    for row in publication::Entity::find().filter(publication::Column::DocumentId.eq(id.0)).all(connection).await? {
        needed.insert(row.version);
    }
    for row in schedule::Entity::find().filter(schedule::Column::DocumentId.eq(id.0)).all(connection).await? {
        needed.insert(row.version);
    }
    for row in confirmation::Entity::find().filter(confirmation::Column::DocumentId.eq(id.0)).all(connection).await? {
        needed.extend(row.version);
    }
    for row in preview_link::Entity::find().filter(preview_link::Column::DocumentId.eq(id.0)).all(connection).await? {
        needed.insert(row.version);
    }
    for row in case::Entity::find().filter(case::Column::FixedDocumentId.eq(id.0)).all(connection).await? {
        needed.extend(row.fixed_version);
    }
    Ok(needed)
}

/// The autosaved versions of sittings that are over and whose last version is old enough, each with whether it is the last
/// of its sitting.
fn settled(saved: &[Saved], before: i64) -> Vec<(i32, bool)> {
    let people: BTreeSet<Option<Uuid>> = saved.iter().map(|one| one.by).collect();
    let mut settled = Vec::new();
    for person in people {
        let own: Vec<&Saved> = saved.iter().filter(|one| one.by == person).collect();
        for sitting in own.chunk_by(|one, next| next.at - one.at <= PAUSE) {
            let Some(last) = sitting.last().filter(|last| last.at < before) else { continue };
            let autosaved = sitting.iter().filter(|one| one.autosaved);
            settled.extend(autosaved.map(|one| (one.number, one.number == last.number)));
        }
    }
    settled
}
