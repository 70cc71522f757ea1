//! Who refers to what: the references in a content, the rows that remember them, where-used, and which live documents'
//! public JSON a change reaches.
//!
//! A live reference is valid from an event until another, like a publication, so that what the public saw at a time can be
//! composed again.

use std::collections::{BTreeMap, BTreeSet};

use entity::{live_document, reference, version};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    events::Stamp,
    kernel::{DocumentId, Error, Result, Transaction},
};

use super::{
    kinds::{Content, Kind, Part},
    lifecycle::LiveState,
    markdown::Target,
};

named! {
    /// In which way a document refers to something.
    ReferenceRole {
        /// A requirement section that stands in the page in full.
        Embed = "embed",
        /// A requirement section whose tree stands in a tree.
        Tree = "tree",
        Related = "related",
        Link = "link",
        /// A link in rich text.
        Text = "text",
        /// A role summary's own page.
        OwnPage = "own_page",
        Image = "image",
    }
}

/// The roles that carry meaning: what they refer to has to be live.
pub const EMBEDDING: [ReferenceRole; 2] = [ReferenceRole::Embed, ReferenceRole::Tree];
/// The roles that show a card.
const CARDS: [ReferenceRole; 2] = [ReferenceRole::Related, ReferenceRole::OwnPage];
/// The roles that show no more than an address.
const LINKS: [ReferenceRole; 2] = [ReferenceRole::Link, ReferenceRole::Text];

/// A reference and the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub role: ReferenceRole,
    pub target: Uuid,
    /// JSON pointer within the content.
    pub pointer: String,
}

/// Everything that a content refers to, in reading order.
pub fn of(content: &Content) -> Vec<Reference> {
    let mut references = Vec::new();
    content.walk(&mut |pointer, part| {
        let mut add = |role, target| references.push(Reference { role, target, pointer: pointer.to_owned() });
        match part {
            Part::Embed(document) => add(ReferenceRole::Embed, document.0),
            Part::Tree(document) => add(ReferenceRole::Tree, document.0),
            Part::Related(document) => add(ReferenceRole::Related, document.0),
            Part::OwnPage(document) => add(ReferenceRole::OwnPage, document.0),
            Part::Link(link) => {
                if let super::kinds::section::LinkTarget::Document { document, block: _ } = &link.target {
                    add(ReferenceRole::Link, document.0);
                }
            }
            Part::Image(used) => {
                if let Some(media) = used.media {
                    add(ReferenceRole::Image, media.0);
                }
            }
            Part::RichText(markdown) if !markdown.is_empty() => {
                for target in markdown.document().targets() {
                    if let Target::Document { id, block: _ } = target {
                        add(ReferenceRole::Text, *id);
                    }
                }
            }
            _ => {}
        }
    });
    references
}

/// Replaces what the draft line of a document refers to; an empty list when there is no draft.
pub async fn remember_draft(tx: &Transaction, document: DocumentId, references: &[Reference]) -> Result<()> {
    reference::Entity::delete_many()
        .filter(reference::Column::DocumentId.eq(document.0))
        .filter(reference::Column::Line.eq("draft"))
        .exec(&**tx)
        .await?;
    let rows = distinct(references).into_iter().map(|(role, target)| row(document, "draft", role, target, 0, 0));
    insert(tx, rows.collect()).await
}

/// Brings the live line of a document to what it refers to from this event on.
pub async fn remember_live(
    tx: &Transaction,
    document: DocumentId,
    references: &[Reference],
    stamp: Stamp,
) -> Result<()> {
    let mut wanted = distinct(references);
    let current = reference::Entity::find()
        .filter(reference::Column::DocumentId.eq(document.0))
        .filter(reference::Column::Line.eq("live"))
        .filter(reference::Column::UntilSequence.is_null())
        .all(&**tx)
        .await?;
    for old in current {
        let role = ReferenceRole::from_name(&old.role);
        if role.is_some_and(|role| wanted.remove(&(role, old.target_id))) {
            continue;
        }
        let mut closed = old.into_active_model();
        closed.until_sequence = Set(Some(stamp.sequence.0));
        closed.until_at = Set(Some(stamp.at.0));
        closed.update(&**tx).await?;
    }
    let rows = wanted
        .into_iter()
        .map(|(role, target)| row(document, "live", role, target, stamp.sequence.0, stamp.at.0))
        .collect();
    insert(tx, rows).await
}

fn distinct(references: &[Reference]) -> BTreeSet<(ReferenceRole, Uuid)> {
    references.iter().map(|reference| (reference.role, reference.target)).collect()
}

fn row(
    document: DocumentId,
    line: &str,
    role: ReferenceRole,
    target: Uuid,
    from_sequence: i64,
    from_at: i64,
) -> reference::ActiveModel {
    let target_kind = if role == ReferenceRole::Image { "media" } else { "document" };
    reference::ActiveModel {
        document_id: Set(document.0),
        line: Set(line.to_owned()),
        role: Set(role.name().to_owned()),
        target_id: Set(target),
        from_sequence: Set(from_sequence),
        target_kind: Set(target_kind.to_owned()),
        from_at: Set(from_at),
        until_sequence: Set(None),
        until_at: Set(None),
    }
}

async fn insert(tx: &Transaction, rows: Vec<reference::ActiveModel>) -> Result<()> {
    for chunk in rows.chunks(500) {
        reference::Entity::insert_many(chunk.to_vec()).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// The images that any publication of a document used, also those that are over.
pub async fn shown_images(connection: &impl ConnectionTrait, document: DocumentId) -> Result<BTreeSet<Uuid>> {
    let images: Vec<Uuid> = reference::Entity::find()
        .select_only()
        .column(reference::Column::TargetId)
        .filter(reference::Column::DocumentId.eq(document.0))
        .filter(reference::Column::Line.eq("live"))
        .filter(reference::Column::Role.eq(ReferenceRole::Image.name()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(images.into_iter().collect())
}

/// The live documents that embed one of these, directly.
pub async fn live_embedders(
    connection: &impl ConnectionTrait,
    targets: &BTreeSet<Uuid>,
) -> Result<Vec<(DocumentId, Uuid)>> {
    live_edges(connection, targets, &EMBEDDING, Towards::Referrers).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Towards {
    Referrers,
    Targets,
}

/// Live references to (or from) these documents, as (referrer, target).
async fn live_edges(
    connection: &impl ConnectionTrait,
    documents: &BTreeSet<Uuid>,
    roles: &[ReferenceRole],
    towards: Towards,
) -> Result<Vec<(DocumentId, Uuid)>> {
    let mut edges = Vec::new();
    for chunk in chunks(documents) {
        let end = match towards {
            Towards::Referrers => reference::Column::TargetId,
            Towards::Targets => reference::Column::DocumentId,
        };
        let found: Vec<(Uuid, Uuid)> = reference::Entity::find()
            .select_only()
            .column(reference::Column::DocumentId)
            .column(reference::Column::TargetId)
            .filter(end.is_in(chunk))
            .filter(reference::Column::Line.eq("live"))
            .filter(reference::Column::UntilSequence.is_null())
            .filter(reference::Column::Role.is_in(roles.iter().map(|role| role.name())))
            .into_tuple()
            .all(connection)
            .await?;
        edges.extend(found.into_iter().map(|(from, to)| (DocumentId(from), to)));
    }
    Ok(edges)
}

/// Everything that can be reached over embedding references, the starting points included.
async fn embedding_closure(
    connection: &impl ConnectionTrait,
    start: BTreeSet<Uuid>,
    towards: Towards,
) -> Result<BTreeSet<Uuid>> {
    let mut reached = start.clone();
    let mut frontier = start;
    while !frontier.is_empty() {
        let edges = live_edges(connection, &frontier, &EMBEDDING, towards).await?;
        frontier = edges
            .into_iter()
            .map(|(from, to)| if towards == Towards::Referrers { from.0 } else { to })
            .filter(|document| reached.insert(*document))
            .collect();
    }
    Ok(reached)
}

/// What stands in a document that refers to these, directly or through live ones.
pub async fn would_embed(connection: &impl ConnectionTrait, references: &[Reference]) -> Result<BTreeSet<Uuid>> {
    let embedding = references.iter().filter(|reference| EMBEDDING.contains(&reference.role));
    embedding_closure(connection, embedding.map(|reference| reference.target).collect(), Towards::Targets).await
}

/// The requirement sections that a document embeds on the live line, directly or through others.
pub async fn live_embedded(connection: &impl ConnectionTrait, document: DocumentId) -> Result<BTreeSet<Uuid>> {
    let mut reached = embedding_closure(connection, BTreeSet::from([document.0]), Towards::Targets).await?;
    reached.remove(&document.0);
    Ok(reached)
}

/// The live documents in which these stand, directly or through others.
pub async fn live_referrers(connection: &impl ConnectionTrait, of: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    let reached = embedding_closure(connection, of.clone(), Towards::Referrers).await?;
    Ok(reached.difference(of).copied().collect())
}

/// The live role pages in which a requirement section stands, directly or through others: its public `used_by`.
pub async fn live_users(connection: &impl ConnectionTrait, section: Uuid) -> Result<BTreeSet<Uuid>> {
    let users = embedding_closure(connection, BTreeSet::from([section]), Towards::Referrers).await?;
    role_pages(connection, &shown(connection, &users).await?).await
}

/// What changed on the live line, as far as other documents can see it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Documents whose own content, path or notice changed.
    pub content: BTreeSet<Uuid>,
    /// Documents whose card came, went or changed: title, summary, path.
    pub cards: BTreeSet<Uuid>,
    /// Those of them that came, went or live elsewhere: links to them change, too.
    pub addresses: BTreeSet<Uuid>,
    /// Documents whose card in the breadcrumbs changed. A withdrawn document stands there, and in no other place.
    pub crumbs: BTreeSet<Uuid>,
    /// Requirement sections whose `used_by` changed because others began or ceased to embed them.
    pub embedded: BTreeSet<Uuid>,
}

/// The live documents whose public JSON a change reaches. Called with the publication lock held, after the change.
///
/// A card is shown by whoever refers to it, by the breadcrumbs of everything below it, and in the `used_by` of the
/// sections that a page embeds; a section stands in full in whatever embeds it, and its tree in the trees that refer to it.
pub async fn reached(connection: &impl ConnectionTrait, change: &Change) -> Result<Vec<DocumentId>> {
    let mut own: BTreeMap<Uuid, bool> = change.content.iter().map(|document| (*document, true)).collect();
    for (from, _) in live_edges(connection, &change.cards, &CARDS, Towards::Referrers).await? {
        own.entry(from.0).or_insert(false);
    }
    let linking = live_edges(connection, &change.addresses, &LINKS, Towards::Referrers).await?;
    for (from, targets) in by_referrer(linking) {
        *own.entry(from).or_insert(false) |= stands_in_tree(connection, from, &targets).await?;
    }

    let mut affected = shown_by(connection, own).await?;
    affected.extend(descendants(connection, &change.crumbs).await?);
    let pages = role_pages(connection, &change.cards).await?;
    affected.extend(embedding_closure(connection, pages.clone(), Towards::Targets).await?.difference(&pages));
    affected.extend(change.embedded.iter().copied());

    let mut live = readable(connection, &affected).await?;
    // What has just been unpublished changed too: from something to nothing.
    live.extend(change.content.iter().copied());
    Ok(live.into_iter().map(DocumentId).collect())
}

/// Everything in which changed documents stand, themselves included. With each goes whether its own tree changed, which
/// is all that trees referring to it show.
async fn shown_by(connection: &impl ConnectionTrait, changed: BTreeMap<Uuid, bool>) -> Result<BTreeSet<Uuid>> {
    let mut reached = changed.clone();
    let mut frontier = changed;
    while !frontier.is_empty() {
        let all: BTreeSet<Uuid> = frontier.keys().copied().collect();
        let trees: BTreeSet<Uuid> = frontier.iter().filter(|(_, tree)| **tree).map(|(document, _)| *document).collect();
        let mut next = BTreeMap::new();
        for (from, _) in live_edges(connection, &all, &[ReferenceRole::Embed], Towards::Referrers).await? {
            next.entry(from.0).or_insert(false);
        }
        let referring = live_edges(connection, &trees, &[ReferenceRole::Tree], Towards::Referrers).await?;
        for (from, targets) in by_referrer(referring) {
            *next.entry(from).or_insert(false) |= stands_in_tree(connection, from, &targets).await?;
        }
        next.retain(|document, tree| match reached.get(document) {
            Some(known) => *tree && !*known,
            None => true,
        });
        reached.extend(&next);
        frontier = next;
    }
    Ok(reached.into_keys().collect())
}

fn by_referrer(edges: Vec<(DocumentId, Uuid)>) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
    let mut targets: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for (from, to) in edges {
        targets.entry(from.0).or_default().insert(to);
    }
    targets
}

/// Whether the tree of a live requirement section, which can stand in other trees, refers to one of these.
async fn stands_in_tree(connection: &impl ConnectionTrait, section: Uuid, targets: &BTreeSet<Uuid>) -> Result<bool> {
    let Some(live) = live_document::Entity::find_by_id(section).one(connection).await? else { return Ok(false) };
    if live.kind != Kind::RequirementSection.name() {
        return Ok(false);
    }
    let stored = version::Entity::find_by_id((section, live.version)).one(connection).await?;
    let stored = stored.ok_or_else(|| Error::bug("a live document without its version"))?;
    let content = Content::from_stored(Kind::RequirementSection, stored.format, &stored.content)?;
    let references = of(&content);
    let tree = |one: &Reference| one.pointer == "/requirements" || one.pointer.starts_with("/requirements/");
    Ok(references.iter().any(|one| tree(one) && targets.contains(&one.target)))
}

/// Those of these documents that the public can read.
async fn readable(connection: &impl ConnectionTrait, documents: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    select(connection, documents, live_document::Column::State.ne(LiveState::Unpublished.name())).await
}

/// Those of these documents whose cards are shown: live ones, not withdrawn ones.
pub async fn shown(connection: &impl ConnectionTrait, documents: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    select(connection, documents, live_document::Column::State.eq(LiveState::Live.name())).await
}

async fn role_pages(connection: &impl ConnectionTrait, documents: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    select(connection, documents, live_document::Column::Kind.eq(Kind::RolePage.name())).await
}

async fn select(
    connection: &impl ConnectionTrait,
    documents: &BTreeSet<Uuid>,
    condition: Expr,
) -> Result<BTreeSet<Uuid>> {
    let mut selected = BTreeSet::new();
    for chunk in chunks(documents) {
        let found: Vec<Uuid> = live_document::Entity::find()
            .select_only()
            .column(live_document::Column::DocumentId)
            .filter(live_document::Column::DocumentId.is_in(chunk))
            .filter(condition.clone())
            .into_tuple()
            .all(connection)
            .await?;
        selected.extend(found);
    }
    Ok(selected)
}

/// Everything live below these documents in the page tree.
pub async fn descendants(connection: &impl ConnectionTrait, of: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>> {
    let mut below = BTreeSet::new();
    let mut frontier = of.clone();
    while !frontier.is_empty() {
        let mut next = BTreeSet::new();
        for chunk in chunks(&frontier) {
            let found: Vec<Uuid> = live_document::Entity::find()
                .select_only()
                .column(live_document::Column::DocumentId)
                .filter(live_document::Column::ParentId.is_in(chunk))
                .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
                .into_tuple()
                .all(connection)
                .await?;
            next.extend(found.into_iter().filter(|document| below.insert(*document)));
        }
        frontier = next;
    }
    Ok(below)
}

/// Notes on every document that its public JSON changed with this event.
pub async fn mark_changed(tx: &Transaction, affected: &[DocumentId], stamp: Stamp) -> Result<()> {
    let ids: BTreeSet<Uuid> = affected.iter().map(|document| document.0).collect();
    for chunk in chunks(&ids) {
        live_document::Entity::update_many()
            .col_expr(live_document::Column::ChangedSequence, Expr::value(stamp.sequence.0))
            .col_expr(live_document::Column::ChangedAt, Expr::value(stamp.at.0))
            .filter(live_document::Column::DocumentId.is_in(chunk))
            .exec(&**tx)
            .await?;
    }
    Ok(())
}

/// Lists short enough for the placeholders of both databases.
fn chunks(ids: &BTreeSet<Uuid>) -> Vec<Vec<Uuid>> {
    let all: Vec<Uuid> = ids.iter().copied().collect();
    all.chunks(500).map(<[Uuid]>::to_vec).collect()
}
