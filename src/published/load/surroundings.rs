//! What stands around a document on its page: embedded sections, cards, breadcrumbs, images, and who uses it.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::{live_document, media, reference, rendition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    content::{
        kinds::{Content, Kind, Part, section::LinkTarget},
        lifecycle::LiveState,
        markdown::Target,
    },
    kernel::{DocumentId, Error, MediaId, Result},
};

use super::{
    super::{
        bundle::{EmbeddedSection, Media, Rendition},
        compose::sort_key,
        view::{Card, FocalPoint},
    },
    Moment,
    publications::{self, MOST_IDS, READABLE},
};

/// How far embedded sections are followed: one in the page, and three expansions from there; saving allows no more.
const LEVELS: usize = 4;

/// How deep the page tree is.
const ANCESTORS: usize = 6;

/// What a content refers to.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Requirement sections that stand in it.
    pub sections: BTreeSet<DocumentId>,
    /// Documents that it links to.
    pub cards: BTreeSet<DocumentId>,
    pub media: BTreeSet<MediaId>,
}

impl Wanted {
    pub fn of(content: &Content) -> Self {
        let mut wanted = Self::default();
        content.walk(&mut |_, part| wanted.add(part));
        wanted
    }

    fn add(&mut self, part: Part<'_>) {
        match part {
            Part::Embed(document) | Part::Tree(document) => {
                self.sections.insert(document);
            }
            Part::Related(document) | Part::OwnPage(document) => {
                self.cards.insert(document);
            }
            Part::Link(link) => {
                if let LinkTarget::Document { document, block: _ } = &link.target {
                    self.cards.insert(*document);
                }
            }
            Part::RichText(markdown) => {
                for target in markdown.document().targets() {
                    if let Target::Document { id, block: _ } = target {
                        self.cards.insert(DocumentId(*id));
                    }
                }
            }
            Part::Image(used) => self.media.extend(used.media),
            Part::Section(_)
            | Part::Block(_)
            | Part::Role(_)
            | Part::Route(_)
            | Part::Node(_)
            | Part::Skill(_)
            | Part::Standard(_)
            | Part::Facts(_)
            | Part::Item(_)
            | Part::Line(_) => {}
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.sections.extend(other.sections);
        self.cards.extend(other.cards);
        self.media.extend(other.media);
    }
}

/// The sections that stand in a document, directly or through others; one query a level. Adds to `wanted` what they want.
pub async fn embedded(
    connection: &impl ConnectionTrait,
    within: DocumentId,
    wanted: &mut Wanted,
    at: Moment,
) -> Result<HashMap<DocumentId, EmbeddedSection>> {
    let mut embedded = HashMap::new();
    let mut asked = BTreeSet::from([within]);
    for _ in 0..LEVELS {
        let next: Vec<DocumentId> = wanted.sections.difference(&asked).copied().collect();
        if next.is_empty() {
            break;
        }
        asked.extend(&next);
        for (section, within) in live_sections(connection, &next, at).await? {
            wanted.extend(within);
            embedded.insert(section.id, section);
        }
    }
    Ok(embedded)
}

/// Those of these documents that are requirement sections which the public can read, with what they refer to.
pub async fn live_sections(
    connection: &impl ConnectionTrait,
    ids: &[DocumentId],
    at: Moment,
) -> Result<Vec<(EmbeddedSection, Wanted)>> {
    let mut sections = Vec::new();
    for found in publications::of(connection, ids, at).await? {
        let within = Wanted::of(&found.content);
        let (Content::RequirementSection(content), Some(path)) = (found.content, found.path) else { continue };
        let section = EmbeddedSection {
            id: found.id,
            slug: found.slug,
            path,
            version: found.version,
            notice: found.notice,
            content: *content,
        };
        sections.push((section, within));
    }
    Ok(sections)
}

/// The cards of those documents that are live.
pub async fn cards(
    connection: &impl ConnectionTrait,
    ids: Vec<DocumentId>,
    at: Moment,
) -> Result<HashMap<DocumentId, Card>> {
    let found: Vec<Card> = match at {
        Moment::Now => {
            live_cards(connection, &ids, &[LiveState::Live.name()]).await?.into_iter().map(|(card, _)| card).collect()
        }
        Moment::Time(_) | Moment::Event(_) => {
            let found = publications::of(connection, &ids, at).await?;
            found.into_iter().filter(|one| one.state == LiveState::Live).filter_map(|one| one.card()).collect()
        }
    };
    Ok(found.into_iter().map(|card| (card.id, card)).collect())
}

/// The ancestors, the topmost first.
pub async fn breadcrumbs(
    connection: &impl ConnectionTrait,
    parent: Option<DocumentId>,
    at: Moment,
) -> Result<Vec<Card>> {
    let mut breadcrumbs: Vec<Card> = Vec::new();
    let mut next = parent;
    while let Some(id) = next
        && breadcrumbs.len() < ANCESTORS
    {
        let found = match at {
            Moment::Now => live_cards(connection, &[id], &READABLE).await?.pop(),
            Moment::Time(_) | Moment::Event(_) => {
                publications::of(connection, &[id], at).await?.pop().and_then(|one| {
                    let parent = one.parent;
                    one.card().map(|card| (card, parent))
                })
            }
        };
        let Some((card, parent)) = found else { break };
        breadcrumbs.push(card);
        next = parent;
    }
    breadcrumbs.reverse();
    Ok(breadcrumbs)
}

/// Which images a page may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    /// Those that a publication has used.
    Public,
    /// Previews show those of drafts, too.
    All,
}

/// Those of these images that may be shown, with their files.
pub async fn media(
    connection: &impl ConnectionTrait,
    ids: &BTreeSet<MediaId>,
    images_shown: Images,
) -> Result<HashMap<MediaId, Media>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut images = HashMap::new();
    for ids in ids.chunks(MOST_IDS) {
        let rows = media::Entity::find().filter(media::Column::Id.is_in(ids.iter().copied()));
        let rows = match images_shown {
            Images::Public => rows.filter(media::Column::PublicSince.is_not_null()),
            Images::All => rows,
        };
        for row in rows.all(connection).await? {
            let id = MediaId(row.id);
            let focal_point = row.focal_x.zip(row.focal_y).map(|(x, y)| FocalPoint { x, y });
            images.insert(id, Media { id, width: row.width, height: row.height, focal_point, renditions: Vec::new() });
        }
        let files = rendition::Entity::find()
            .filter(rendition::Column::MediaId.is_in(ids.iter().copied()))
            .order_by_asc(rendition::Column::Key);
        for file in files.all(connection).await? {
            if let Some(image) = images.get_mut(&MediaId(file.media_id)) {
                let rendition::Model { key, media_id: _, width, height, media_type, bytes: _, sha256: _ } = file;
                image.renditions.push(Rendition { key, width, height, media_type });
            }
        }
    }
    Ok(images)
}

/// The live role pages in which a requirement section stands, directly or through others, by title; one query a level.
pub async fn used_by(connection: &impl ConnectionTrait, section: DocumentId, at: Moment) -> Result<Vec<Card>> {
    let mut users = HashSet::from([section.0]);
    let mut next = vec![section.0];
    while !next.is_empty() {
        let mut found = Vec::new();
        for targets in next.chunks(MOST_IDS) {
            found.extend(embedders(connection, targets, at).await?);
        }
        next = found.into_iter().filter(|user| users.insert(*user)).collect();
    }
    users.remove(&section.0);
    let cards = cards(connection, users.into_iter().map(DocumentId).collect(), at).await?;
    let mut pages: Vec<Card> = cards.into_values().filter(|card| card.kind == Kind::RolePage).collect();
    pages.sort_by_cached_key(|card| (sort_key(&card.title), card.id));
    Ok(pages)
}

async fn embedders(connection: &impl ConnectionTrait, targets: &[Uuid], at: Moment) -> Result<Vec<Uuid>> {
    use reference::Column;

    let query = reference::Entity::find()
        .select_only()
        .column(Column::DocumentId)
        .distinct()
        .filter(Column::Line.eq("live"))
        .filter(Column::Role.is_in(["embed", "tree"]))
        .filter(Column::TargetId.is_in(targets.iter().copied()));
    let query = match at {
        Moment::Now => query.filter(Column::UntilSequence.is_null()),
        Moment::Time(time) => query.filter(publications::valid_at(Column::FromAt, Column::UntilAt, time.0)),
        Moment::Event(sequence) => {
            query.filter(publications::valid_at(Column::FromSequence, Column::UntilSequence, sequence.0))
        }
    };
    Ok(query.into_tuple().all(connection).await?)
}

/// The cards of documents as they are now, with their parents.
async fn live_cards(
    connection: &impl ConnectionTrait,
    ids: &[DocumentId],
    states: &[&str],
) -> Result<Vec<(Card, Option<DocumentId>)>> {
    let mut cards = Vec::new();
    for ids in ids.chunks(MOST_IDS) {
        let rows = live_document::Entity::find()
            .filter(live_document::Column::DocumentId.is_in(ids.iter().map(|id| id.0)))
            .filter(live_document::Column::State.is_in(states.iter().copied()));
        for row in rows.all(connection).await? {
            let kind = Kind::from_name(&row.kind);
            let kind = kind.ok_or_else(|| Error::bug(format!("a live document of the unknown kind {:?}", row.kind)))?;
            let (Some(slug), Some(path)) = (row.slug, row.path) else { continue };
            let card =
                Card { id: DocumentId(row.document_id), kind, slug, path, title: row.title, summary: row.summary };
            cards.push((card, row.parent_id.map(DocumentId)));
        }
    }
    Ok(cards)
}
