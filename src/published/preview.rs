//! Pages as they would be: what people who work on documents look at before the public can. It composes versions in place
//! of publications, for those alone who may read drafts.
//!
//! Decision (2026-11-22), drafts beside publications. Context: a preview that is composed in another way than the public
//! page shows something else than the public will see. Choice: previews go through the same composer, and what they are
//! gathered from is here and in no other file; every way in asks for the permission to read drafts, or for the secret of a
//! link that shows one version, and the delivery door knows only `load::bundle`. Consequence: a draft can be looked at as a page, and no public path leads to one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{document, live_document, version};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    content::{
        self, LinkEmbeds, Linked, PageComparison,
        kinds::{Content, Kind},
        lifecycle::LiveState,
    },
    kernel::{Ctx, DocumentId, Error, Permission, Result, Sequence, Snapshot, Timestamp, VersionNumber},
};

use super::{
    bundle::{Bundle, DependsOn, EmbeddedSection, PublishedDocument},
    compose::compose,
    load::{self, At, Images, Moment, Wanted, surroundings},
    view,
};

/// How far embedded sections are followed, as in public pages.
const LEVELS: usize = 4;

/// Which version of a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The draft, or what is shown if there is none.
    Draft,
    /// What the public reads.
    Live,
    Version(VersionNumber),
}

/// Which versions of embedded requirement sections stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// What the public reads.
    Live,
    /// Their drafts, or what is shown of those without.
    Drafts,
    /// These versions, and of others what the public reads.
    Chosen(BTreeMap<DocumentId, VersionNumber>),
}

/// Where pages that are linked to are previewed.
pub type AddressOf<'a> = &'a (dyn Fn(Kind, DocumentId) -> String + Sync);

/// A page as a reader would see it, with links to other pages that lead to `address`; `None` if the live line is asked for
/// and the public can't read the document.
pub async fn preview(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    line: Line,
    embedded: &Embedded,
    address: AddressOf<'_>,
) -> Result<Option<view::Page>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let row = document::Entity::find_by_id(id.0).one(&*snapshot).await?.filter(|row| row.kind == kind.name());
    row.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let Some(mut bundle) = gather(&*snapshot, id, line, embedded).await? else { return Ok(None) };
    for card in bundle.cards.values_mut().chain(&mut bundle.breadcrumbs).chain(&mut bundle.used_by) {
        card.path = address(card.kind, card.id);
    }
    for section in bundle.embedded.values_mut() {
        section.path = address(Kind::RequirementSection, section.id);
    }
    Ok(Some(compose(&bundle)))
}

/// What the holder of a link sees, and what the link says of it.
pub struct Shared {
    pub page: view::Page,
    pub linked: Linked,
}

/// The version that a link shows, with links to other pages that lead nowhere; `None` for a secret that shows nothing.
/// Whoever holds the secret may see it: nobody is asked for a permission.
pub async fn shared(ctx: &Ctx, secret: &str) -> Result<Option<Shared>> {
    let snapshot = ctx.database.read().await?;
    let Some((linked, mut bundle)) = behind(&snapshot, ctx, secret).await? else { return Ok(None) };
    for card in bundle.cards.values_mut().chain(&mut bundle.breadcrumbs).chain(&mut bundle.used_by) {
        card.path = String::new();
    }
    for section in bundle.embedded.values_mut() {
        section.path = String::new();
    }
    Ok(Some(Shared { page: compose(&bundle), linked }))
}

/// The version that a link shows as sites read it, with links to other pages as they are; `None` for a secret that shows
/// nothing. Whoever holds the secret may see it: nobody is asked for a permission.
pub async fn drafted(ctx: &Ctx, secret: &str) -> Result<Option<view::Page>> {
    let snapshot = ctx.database.read().await?;
    Ok(behind(&snapshot, ctx, secret).await?.map(|(_, bundle)| compose(&bundle)))
}

/// Whether a file of an image stands in what a link shows.
pub async fn shares_image(ctx: &Ctx, secret: &str, key: &str) -> Result<bool> {
    let snapshot = ctx.database.read().await?;
    let Some((_, bundle)) = behind(&snapshot, ctx, secret).await? else { return Ok(false) };
    Ok(bundle.media.values().flat_map(|image| &image.renditions).any(|rendition| rendition.key == key))
}

async fn behind(snapshot: &Snapshot, ctx: &Ctx, secret: &str) -> Result<Option<(Linked, Bundle)>> {
    let Some(linked) = content::linked(snapshot, ctx.now(), secret).await? else { return Ok(None) };
    let embedded = match linked.embedded {
        LinkEmbeds::Drafts => Embedded::Drafts,
        LinkEmbeds::Live => Embedded::Live,
    };
    let bundle = gather(&**snapshot, linked.document, Line::Version(linked.version), &embedded).await?;
    Ok(bundle.map(|bundle| (linked, bundle)))
}

/// What readers of a live page will see differently once these versions of requirement sections are live.
pub async fn difference_for_readers(
    ctx: &Ctx,
    page: DocumentId,
    sections: &BTreeMap<DocumentId, VersionNumber>,
) -> Result<PageComparison> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let now = gather(&*snapshot, page, Line::Live, &Embedded::Live).await?;
    let then = gather(&*snapshot, page, Line::Live, &Embedded::Chosen(sections.clone())).await?;
    match (now, then) {
        (Some(now), Some(then)) => {
            let words = |bundle: &Bundle| Ok::<_, Error>(for_readers(serde_json::to_value(compose(bundle))?));
            Ok(content::compare_pages(&words(&now)?, &words(&then)?, false))
        }
        _ => Ok(PageComparison::default()),
    }
}

/// What of a published page says something to readers; a rich text is its Markdown alone.
fn for_readers(page: Value) -> Value {
    /// What tells programs where something stands and what it was made of.
    const ASIDE: &[&str] = &["version", "path", "slug", "asks_for", "used_by", "feedback", "breadcrumbs"];
    /// Times and addresses of the page itself.
    const OWN: &[&str] = &["first_published_at", "published_at", "updated_at", "links"];

    fn reduced(value: Value) -> Value {
        match value {
            Value::Object(mut fields) => {
                if fields.contains_key("markdown") && fields.contains_key("html") {
                    return fields.remove("markdown").unwrap_or_default();
                }
                let kept = fields.into_iter().filter(|(key, _)| !ASIDE.contains(&key.as_str()));
                let kept: Map<String, Value> = kept
                    .map(|(key, value)| match (key.as_str(), value) {
                        // Sentences, one a line, so that their words are compared.
                        ("plain", Value::Array(lines)) => ("in_plain_english".to_owned(), joined(&lines)),
                        (_, value) => (key, reduced(value)),
                    })
                    .collect();
                Value::Object(kept)
            }
            Value::Array(items) => Value::Array(items.into_iter().map(reduced).collect()),
            other => other,
        }
    }

    fn joined(lines: &[Value]) -> Value {
        lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n").into()
    }

    let Value::Object(fields) = page else { return page };
    reduced(Value::Object(fields.into_iter().filter(|(key, _)| !OWN.contains(&key.as_str())).collect()))
}

async fn gather(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    line: Line,
    embedded: &Embedded,
) -> Result<Option<Bundle>> {
    if line == Line::Live && *embedded == Embedded::Live {
        return load::bundle(connection, id, At::Now).await;
    }
    let Some((document, parent)) = page(connection, id, line).await? else { return Ok(None) };
    let mut wanted = Wanted::of(&document.content);
    let embedded = sections(connection, id, &mut wanted, embedded).await?;
    let cards = surroundings::cards(connection, wanted.cards.iter().copied().collect(), Moment::Now).await?;
    let breadcrumbs = surroundings::breadcrumbs(connection, parent, Moment::Now).await?;
    let media = surroundings::media(connection, &wanted.media, Images::All).await?;
    let used_by = match document.content {
        Content::RolePage(_) => Vec::new(),
        Content::RequirementSection(_) => surroundings::used_by(connection, id, Moment::Now).await?,
    };
    Ok(Some(Bundle {
        document,
        embedded,
        cards,
        breadcrumbs,
        media,
        used_by,
        // Nobody reports a problem with what is not public.
        page_token: String::new(),
        depends_on: DependsOn::default(),
    }))
}

/// The document itself, and what it stands below.
async fn page(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    line: Line,
) -> Result<Option<(PublishedDocument, Option<DocumentId>)>> {
    let Some(row) = document::Entity::find_by_id(id.0).one(connection).await? else { return Ok(None) };
    let live = live_document::Entity::find_by_id(id.0).one(connection).await?;
    let public = live.as_ref().filter(|live| live.state != LiveState::Unpublished.name());
    let number = match line {
        Line::Draft => shown(&row, live.as_ref()),
        Line::Version(number) => number.0,
        Line::Live => match public {
            Some(live) => live.version,
            None => return Ok(None),
        },
    };
    let stored = version::Entity::find_by_id((id.0, number)).one(connection).await?;
    let stored = stored.ok_or_else(|| Error::not_found(format!("version {number} of this document")))?;
    let kind = kind_of(&row.kind)?;
    // Where the version will live, which need not be where the public finds the page now.
    let path = match (line, public.and_then(|live| live.path.clone())) {
        (Line::Live, path) => path.unwrap_or_default(),
        _ => content::expected_path(connection, &stored.slug, stored.parent_id).await?,
    };
    let document = PublishedDocument {
        id,
        kind,
        slug: stored.slug.clone(),
        path,
        version: VersionNumber(number),
        language: stored.language.clone(),
        state: LiveState::Live,
        notice: public.filter(|_| line == Line::Live).and_then(|live| live.notice.clone()),
        content: Content::from_stored(kind, stored.format, &stored.content)?,
        first_published_at: Timestamp(public.map_or(stored.created_at, |live| live.first_published_at)),
        published_at: Timestamp(stored.created_at),
        updated_at: Timestamp(stored.created_at),
        changed_sequence: Sequence(0),
        last_reviewed_on: row.last_reviewed_on.clone(),
        review_by: row.review_by.clone(),
    };
    Ok(Some((document, stored.parent_id.map(DocumentId))))
}

/// The version that people see and start from.
fn shown(row: &document::Model, live: Option<&live_document::Model>) -> i32 {
    row.draft_version.or(live.map(|live| live.version)).unwrap_or(row.latest_version)
}

fn kind_of(name: &str) -> Result<Kind> {
    Kind::from_name(name).ok_or_else(|| Error::bug(format!("a document of the unknown kind {name:?}")))
}

/// The sections that stand in a document, directly or through others; a few queries a level.
async fn sections(
    connection: &impl ConnectionTrait,
    within: DocumentId,
    wanted: &mut Wanted,
    embedded: &Embedded,
) -> Result<HashMap<DocumentId, EmbeddedSection>> {
    let mut found = HashMap::new();
    let mut asked = BTreeSet::from([within]);
    for _ in 0..LEVELS {
        let next: Vec<DocumentId> = wanted.sections.difference(&asked).copied().collect();
        if next.is_empty() {
            break;
        }
        asked.extend(&next);
        let own = |id: &DocumentId| match embedded {
            Embedded::Live => false,
            Embedded::Drafts => true,
            Embedded::Chosen(chosen) => chosen.contains_key(id),
        };
        let (own, live): (Vec<DocumentId>, Vec<DocumentId>) = next.into_iter().partition(own);
        let mut level = versions(connection, &own, embedded).await?;
        level.extend(surroundings::live_sections(connection, &live, Moment::Now).await?);
        for (section, within) in level {
            wanted.extend(within);
            found.insert(section.id, section);
        }
    }
    Ok(found)
}

/// Requirement sections in the version that was chosen, or that is shown, with what they refer to; none of the trash.
async fn versions(
    connection: &impl ConnectionTrait,
    ids: &[DocumentId],
    embedded: &Embedded,
) -> Result<Vec<(EmbeddedSection, Wanted)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut sections = Vec::new();
    for ids in ids.chunks(400) {
        let rows = document::Entity::find()
            .filter(document::Column::Id.is_in(ids.iter().copied()))
            .filter(document::Column::Kind.eq(Kind::RequirementSection.name()))
            .filter(document::Column::TrashedAt.is_null())
            .all(connection)
            .await?;
        let live: HashMap<Uuid, live_document::Model> = live_document::Entity::find()
            .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()))
            .all(connection)
            .await?
            .into_iter()
            .map(|row| (row.document_id, row))
            .collect();
        let mut named = Condition::any();
        for row in &rows {
            let chosen = match embedded {
                Embedded::Chosen(chosen) => chosen.get(&DocumentId(row.id)).map(|number| number.0),
                _ => None,
            };
            let number = chosen.unwrap_or_else(|| shown(row, live.get(&row.id)));
            let one = Condition::all().add(version::Column::DocumentId.eq(row.id));
            named = named.add(one.add(version::Column::Number.eq(number)));
        }
        if rows.is_empty() {
            continue;
        }
        for stored in version::Entity::find().filter(named).all(connection).await? {
            let id = DocumentId(stored.document_id);
            let content = Content::from_stored(Kind::RequirementSection, stored.format, &stored.content)?;
            let within = Wanted::of(&content);
            let Content::RequirementSection(content) = content else { continue };
            let live = live.get(&stored.document_id);
            let section = EmbeddedSection {
                id,
                slug: stored.slug,
                path: live.and_then(|live| live.path.clone()).unwrap_or_default(),
                version: VersionNumber(stored.number),
                notice: live.and_then(|live| live.notice.clone()),
                content: *content,
            };
            sections.push((section, within));
        }
    }
    Ok(sections)
}
