//! Slugs, the page tree, live paths and what became of old ones.
//!
//! A live path is a row (path, document, from, until). An old path leads to wherever its document lives now, so there are
//! no chains and no loops; a live claim on a path beats an old one.

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, live_path};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    events::Stamp,
    kernel::{Ctx, DocumentId, Error, Result, Transaction},
};

use super::{kinds::Kind, lifecycle::LiveState};

/// Characters in a slug.
pub const SLUG_LIMIT: usize = 100;
/// Documents above one another, the lowest included.
pub const DEPTH_LIMIT: usize = 6;

/// Words of lower-case letters and digits, joined by single hyphens.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SLUG_LIMIT
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// A slug made from a title: without accents and apostrophes, cut at a word.
pub fn slug_from(title: &str) -> String {
    let folded: String = title
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !matches!(c, '\'' | '’' | '‘'))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let mut slug = String::new();
    for word in folded.split_whitespace() {
        if slug.is_empty() {
            slug = word.chars().take(SLUG_LIMIT).collect();
        } else if slug.len() + 1 + word.len() <= SLUG_LIMIT {
            slug.push('-');
            slug.push_str(word);
        } else {
            break;
        }
    }
    if slug.is_empty() { "untitled".to_owned() } else { slug }
}

/// The key by which titles are sorted and searched: lower case, without accents.
pub fn title_key(title: &str) -> String {
    title.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// A slug from a title that no other document of the kind has, by adding a number if need be.
pub async fn free_slug(connection: &impl ConnectionTrait, kind: Kind, title: &str) -> Result<String> {
    let slug = slug_from(title);
    let stem: String = slug.chars().take(SLUG_LIMIT - 5).collect();
    let taken: BTreeSet<String> = document::Entity::find()
        .filter(document::Column::Kind.eq(kind.name()))
        .filter(document::Column::Slug.starts_with(stem.as_str()))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.slug)
        .collect();
    let numbered = (2..10_000).map(|number| format!("{}-{number}", stem.trim_end_matches('-')));
    std::iter::once(slug)
        .chain(numbered)
        .find(|candidate| !taken.contains(candidate))
        .ok_or_else(|| Error::invalid("/slug", "slug-taken", "Give the document a slug of its own."))
}

/// Refuses a parent that is missing, in the trash, below the document itself, or so deep that the tree grows too deep.
pub async fn check_parent(connection: &impl ConnectionTrait, document: DocumentId, parent: DocumentId) -> Result<()> {
    let mut above = 0_usize;
    let mut next = Some(parent.0);
    while let Some(id) = next {
        above += 1;
        if id == document.0 {
            return Err(Error::invalid("/parent", "parent-cycle", "A document can't stand below itself."));
        }
        if above >= DEPTH_LIMIT {
            let detail = format!("The page tree is at most {DEPTH_LIMIT} levels deep.");
            return Err(Error::invalid("/parent", "too-deep", detail));
        }
        let row = document::Entity::find_by_id(id).one(connection).await?;
        match row {
            Some(row) if row.trashed_at.is_none() => next = row.parent_id,
            _ if above == 1 => {
                return Err(Error::invalid(
                    "/parent",
                    "reference-missing",
                    "There is no such document to stand below.",
                ));
            }
            _ => next = None,
        }
    }
    Ok(())
}

/// The path at which a document would live if it were published with this slug and parent: below the parent's live path,
/// or below where the parent itself would live.
pub async fn expected_path(connection: &impl ConnectionTrait, slug: &str, parent: Option<Uuid>) -> Result<String> {
    let mut path = format!("/{slug}");
    let mut next = parent;
    for _ in 0..DEPTH_LIMIT {
        let Some(id) = next else { break };
        if let Some(live) = live_document::Entity::find_by_id(id).one(connection).await?.and_then(|row| row.path) {
            return Ok(format!("{live}{path}"));
        }
        let Some(row) = document::Entity::find_by_id(id).one(connection).await? else { break };
        path = format!("/{}{path}", row.slug);
        next = row.parent_id;
    }
    Ok(path)
}

/// A document that is about to take a place in the live tree.
#[derive(Clone, Debug)]
pub struct Placement {
    pub document: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub parent: Option<DocumentId>,
}

/// A document that lives elsewhere from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub document: DocumentId,
    pub from: Option<String>,
    pub to: String,
}

/// Works out where documents live once these placements stand, with everything below them. Called with the publication
/// lock held.
///
/// # Errors
/// [`Error::Conflict`] if an ancestor is not live, a slug or path is taken, or the tree grows too deep or circular.
pub async fn plan(connection: &impl ConnectionTrait, placements: &[Placement]) -> Result<Vec<Move>> {
    let mut tree = LiveTree::load(connection, placements).await?;
    let mut moves = Vec::new();
    for placement in placements {
        let path = tree.path_of(connection, placement.document).await?;
        tree.note_move(placement.document, path, &mut moves);
    }
    // What stands below a document that moves, moves with it.
    let mut frontier: BTreeSet<Uuid> = moves.iter().map(|one: &Move| one.document.0).collect();
    let placed: BTreeSet<Uuid> = placements.iter().map(|placement| placement.document.0).collect();
    while !frontier.is_empty() {
        let below = live_document::Entity::find()
            .filter(live_document::Column::ParentId.is_in(frontier.iter().copied()))
            .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
            .order_by_asc(live_document::Column::DocumentId)
            .all(connection)
            .await?;
        frontier = BTreeSet::new();
        for row in below {
            let id = row.document_id;
            if placed.contains(&id) || moves.iter().any(|one| one.document.0 == id) {
                continue;
            }
            tree.known.insert(id, Some(Place::of(&row)));
            let path = tree.path_of(connection, DocumentId(id)).await?;
            tree.note_move(DocumentId(id), path, &mut moves);
            frontier.insert(id);
        }
    }
    refuse_taken(connection, placements, &moves).await?;
    Ok(moves)
}

/// A place in the live tree as it will be.
#[derive(Clone, Debug)]
struct Place {
    slug: String,
    parent: Option<Uuid>,
    path_before: Option<String>,
}

impl Place {
    fn of(row: &live_document::Model) -> Self {
        Self { slug: row.slug.clone().unwrap_or_default(), parent: row.parent_id, path_before: row.path.clone() }
    }
}

struct LiveTree {
    /// `None`: known not to be live.
    known: BTreeMap<Uuid, Option<Place>>,
}

impl LiveTree {
    async fn load(connection: &impl ConnectionTrait, placements: &[Placement]) -> Result<Self> {
        let mut known = BTreeMap::new();
        for placement in placements {
            let row = live_document::Entity::find_by_id(placement.document.0).one(connection).await?;
            let place = Place {
                slug: placement.slug.clone(),
                parent: placement.parent.map(|parent| parent.0),
                path_before: row.and_then(|row| row.path),
            };
            known.insert(placement.document.0, Some(place));
        }
        Ok(Self { known })
    }

    async fn place(&mut self, connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Place>> {
        if let Some(place) = self.known.get(&id) {
            return Ok(place.clone());
        }
        let row = live_document::Entity::find_by_id(id)
            .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
            .one(connection)
            .await?;
        let place = row.as_ref().map(Place::of);
        self.known.insert(id, place.clone());
        Ok(place)
    }

    async fn path_of(&mut self, connection: &impl ConnectionTrait, document: DocumentId) -> Result<String> {
        let mut slugs = Vec::new();
        let mut next = Some(document.0);
        while let Some(id) = next {
            let Some(place) = self.place(connection, id).await? else {
                return Err(Error::conflict(
                    "parent-not-live",
                    format!("The document above it ({id}) is not live; publish that first, or both together."),
                ));
            };
            slugs.push(place.slug);
            if slugs.len() > DEPTH_LIMIT {
                let detail = format!("The page tree would be circular or deeper than {DEPTH_LIMIT} levels.");
                return Err(Error::conflict("too-deep", detail));
            }
            next = place.parent;
        }
        slugs.reverse();
        Ok(format!("/{}", slugs.join("/")))
    }

    fn note_move(&self, document: DocumentId, to: String, moves: &mut Vec<Move>) {
        let from = self.known.get(&document.0).cloned().flatten().and_then(|place| place.path_before);
        if from.as_deref() != Some(to.as_str()) {
            moves.push(Move { document, from, to });
        }
    }
}

async fn refuse_taken(connection: &impl ConnectionTrait, placements: &[Placement], moves: &[Move]) -> Result<()> {
    let mut slugs = BTreeSet::new();
    for placement in placements {
        let holder = live_document::Entity::find()
            .filter(live_document::Column::Kind.eq(placement.kind.name()))
            .filter(live_document::Column::Slug.eq(&placement.slug))
            .filter(live_document::Column::DocumentId.ne(placement.document.0))
            .one(connection)
            .await?;
        let leaves = holder.as_ref().is_some_and(|row| {
            placements.iter().any(|other| other.document.0 == row.document_id && other.slug != placement.slug)
        });
        let twice = !slugs.insert((placement.kind, placement.slug.clone()));
        if twice || (holder.is_some() && !leaves) {
            let detail = format!("Another live {} has the slug {:?}.", placement.kind.words(), placement.slug);
            return Err(Error::conflict("slug-taken", detail));
        }
    }
    let mut paths = BTreeSet::new();
    for one in moves {
        let holder =
            live_document::Entity::find().filter(live_document::Column::Path.eq(&one.to)).one(connection).await?;
        let stays = holder.is_some_and(|row| {
            row.document_id != one.document.0 && !moves.iter().any(|other| other.document.0 == row.document_id)
        });
        if stays || !paths.insert(&one.to) {
            let detail = format!("Another live document stands at {}.", one.to);
            return Err(Error::conflict("path-taken", detail));
        }
    }
    Ok(())
}

/// Frees the paths and slugs that are about to change hands, so that two documents can swap.
pub async fn release(tx: &Transaction, documents: &BTreeSet<Uuid>) -> Result<()> {
    use sea_orm::sea_query::Expr;

    live_document::Entity::update_many()
        .col_expr(live_document::Column::Path, Expr::value(None::<String>))
        .col_expr(live_document::Column::Slug, Expr::value(None::<String>))
        .filter(live_document::Column::DocumentId.is_in(documents.iter().copied()))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Closes the claim of a document on its path.
pub async fn close(tx: &Transaction, document: DocumentId, stamp: Stamp) -> Result<()> {
    let open = live_path::Entity::find()
        .filter(live_path::Column::DocumentId.eq(document.0))
        .filter(live_path::Column::UntilSequence.is_null())
        .all(&**tx)
        .await?;
    for row in open {
        let mut closed = row.into_active_model();
        closed.until_sequence = Set(Some(stamp.sequence.0));
        closed.until_at = Set(Some(stamp.at.0));
        closed.update(&**tx).await?;
    }
    Ok(())
}

/// Claims a path for a document.
pub async fn claim(tx: &Transaction, ctx: &Ctx, document: DocumentId, path: &str, stamp: Stamp) -> Result<()> {
    let row = live_path::ActiveModel {
        id: Set(ctx.new_id()),
        path: Set(path.to_owned()),
        document_id: Set(document.0),
        from_sequence: Set(stamp.sequence.0),
        from_at: Set(stamp.at.0),
        until_sequence: Set(None),
        until_at: Set(None),
    };
    live_path::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slugs_are_made_from_titles() {
        assert_eq!(
            slug_from("Information & communication technology (ICT)"),
            "information-communication-technology-ict"
        );
        assert_eq!(slug_from("Children’s nurse"), "childrens-nurse");
        assert_eq!(slug_from("Café au lait"), "cafe-au-lait");
        assert_eq!(slug_from("护士"), "untitled");
        assert!(
            !is_slug("") && !is_slug("-a") && !is_slug("a--b") && !is_slug("A") && !is_slug("a/b") && is_slug("a-1")
        );
    }

    proptest! {
        #[test]
        fn every_title_makes_a_slug(title in "\\PC{0,300}") {
            prop_assert!(is_slug(&slug_from(&title)));
        }
    }
}
