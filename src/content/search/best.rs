//! The best hits of each kind, with what was found in them.

use std::{cmp::Ordering, collections::HashMap};

use entity::document;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    kernel::{Ctx, DocumentId, Permission, Result},
    search::{Field, Hit, Marker, Piece},
};

use super::{
    super::{
        kinds::Kind,
        listing::{self, Listed},
    },
    Search, class, ranked,
    shown::{self, ShownVersion},
};

/// What was found of a kind.
#[derive(Clone, Debug)]
pub struct Best {
    pub kind: Kind,
    /// The best first.
    pub found: Vec<Found>,
    /// How many there are in all.
    pub total: u64,
}

/// A document that was found. Nothing of it is in the trash.
#[derive(Clone, Debug)]
pub struct Found {
    pub listed: Listed,
    /// The title in pieces; those that answer are marked.
    pub title: Vec<Piece>,
    /// What answers most, beside the title.
    pub passage: Option<Passage>,
}

/// A part of a text with the words marked that answer.
#[derive(Clone, Debug)]
pub struct Passage {
    pub field: Field,
    pub pieces: Vec<Piece>,
}

/// The documents that answer best, at most `limit` of each kind. Of equally good ones, those whose titles come first.
///
/// # Errors
/// [`crate::kernel::Error::Unavailable`] while the index is made for the first time.
pub async fn best(ctx: &Ctx, search: &Search, words: &str, limit: usize) -> Result<Vec<Best>> {
    ctx.authorise(Permission::ContentRead)?;
    let (question, hits) = ranked(ctx, search, words).await?;
    let mut marker = Marker::of(&question);
    let snapshot = ctx.database.read().await?;
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let mut hits: Vec<Hit> = hits.iter().filter(|hit| hit.class == class(*kind, false)).copied().collect();
        let total = u64::try_from(hits.len()).unwrap_or(u64::MAX);
        if limit < hits.len() {
            hits.select_nth_unstable_by(limit, better);
            hits.truncate(limit);
        }
        let scores: HashMap<Uuid, f32> = hits.iter().map(|hit| (hit.id, hit.score)).collect();
        let rows = document::Entity::find()
            .filter(document::Column::Id.is_in(scores.keys().copied()))
            .filter(document::Column::TrashedAt.is_null());
        let mut rows = rows.all(&*snapshot).await?;
        let score = |row: &document::Model| scores.get(&row.id).copied().unwrap_or_default();
        rows.sort_unstable_by(|one, other| {
            let by_title = || (&one.title_key, one.id).cmp(&(&other.title_key, other.id));
            score(other).total_cmp(&score(one)).then_with(by_title)
        });
        let ids: Vec<DocumentId> = rows.iter().map(|row| DocumentId(row.id)).collect();
        let mut shown: HashMap<DocumentId, ShownVersion> =
            shown::of(&*snapshot, &ids).await?.into_iter().map(|one| (one.id, one)).collect();
        let listed = listing::listed_with_live(&*snapshot, rows).await?;
        let found = listed.into_iter().map(|listed| found(listed, &mut shown, &mut marker)).collect();
        all.push(Best { kind: *kind, found, total });
    }
    Ok(all)
}

fn better(one: &Hit, other: &Hit) -> Ordering {
    other.score.total_cmp(&one.score).then_with(|| one.id.cmp(&other.id))
}

fn found(listed: Listed, shown: &mut HashMap<DocumentId, ShownVersion>, marker: &mut Marker<'_>) -> Found {
    let plain = || vec![Piece { text: listed.title.clone(), marked: false }];
    let title = marker.marked(&listed.title).unwrap_or_else(plain);
    let passage = shown.remove(&listed.id).and_then(|shown| passage(&shown, marker));
    Found { listed, title, passage }
}

/// Of passages in which equally many words answer, the first.
fn passage(shown: &ShownVersion, marker: &mut Marker<'_>) -> Option<Passage> {
    let told = shown.texts().texts.into_iter().filter(|(field, _)| !matches!(field, Field::Title | Field::Address));
    let answering = told.filter_map(|(field, text)| {
        let (pieces, count) = marker.excerpt(&text)?;
        Some((count, Passage { field, pieces }))
    });
    answering.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, passage)| passage)
}
