//! Gathers from one snapshot what a public page is composed of, now or as it was. It reads publications and never a draft,
//! and it must not know HTTP.
//!
//! Decision (2026-11-22), the past. Context: a page as it was needs everything in it as it was, but what the public may no
//! longer read at all must not come back through the past. Choice: for a time, a document counts only if it is readable
//! now, was published then, and that publication is not suppressed; this holds for the page, for what it embeds, for
//! cards, breadcrumbs and `used_by` alike. Images have no past. Consequence: a page of the past can have fewer links
//! than it had, and never more.
//!
//! Decision (2026-11-22), withdrawn ancestors stay in the breadcrumbs. Context: a withdrawn page is still readable, and
//! the paths of what is below it contain its own. Choice: breadcrumbs show it; cards and links elsewhere don't.
//! Consequence: breadcrumbs and path always agree.
//!
//! Decision (2026-11-22), when a version was published, seen from later. Context: withdrawing and reinstating make
//! publications of the same version. Choice: `published_at` of the past is the beginning of the unbroken row of
//! publications of that version; one that follows a live one was made by publishing and begins a new row. Consequence: it
//! tells when these words were published, as it does for the present.

pub(super) mod publications;
pub(super) mod surroundings;

use entity::{confirmation, publication};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    content::{kinds::Content, lifecycle::LiveState},
    kernel::{DocumentId, Error, PageToken, Result, Sequence, Timestamp, VersionNumber},
    site,
};

use super::bundle::{Bundle, DependsOn, PublishedDocument};

use publications::Published;
pub(super) use surroundings::{Images, Wanted};

/// The moment at which the public looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Now,
    /// The end of this millisecond.
    Time(Timestamp),
}

/// The moment of which publications are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Now,
    /// The end of this millisecond.
    Time(Timestamp),
    /// Right after an event, whether or not the public can still read what it could then. For people who are signed in
    /// only: no [`At`] becomes this moment.
    Event(Sequence),
}

impl From<At> for Moment {
    fn from(at: At) -> Self {
        match at {
            At::Now => Self::Now,
            At::Time(time) => Self::Time(time),
        }
    }
}

/// Everything that a page is composed of; `None` if the public can't read the document.
pub async fn bundle(connection: &impl ConnectionTrait, id: DocumentId, at: At) -> Result<Option<Bundle>> {
    bundle_of(connection, id, at.into()).await
}

/// Everything that a page was composed of at a moment.
pub(super) async fn bundle_of(connection: &impl ConnectionTrait, id: DocumentId, at: Moment) -> Result<Option<Bundle>> {
    let Some(found) = publications::of(connection, &[id], at).await?.pop() else { return Ok(None) };
    let parent = found.parent;
    let document = document(connection, found, at).await?;
    let mut wanted = Wanted::of(&document.content);
    let embedded = surroundings::embedded(connection, id, &mut wanted, at).await?;
    let cards = surroundings::cards(connection, wanted.cards.iter().copied().collect(), at).await?;
    let breadcrumbs = surroundings::breadcrumbs(connection, parent, at).await?;
    let media = surroundings::media(connection, &wanted.media, Images::Public).await?;
    let used_by = match document.content {
        Content::RolePage(_) => Vec::new(),
        Content::RequirementSection(_) => surroundings::used_by(connection, id, at).await?,
    };
    let token = PageToken { document: id, version: document.version, changed_sequence: document.changed_sequence };
    let page_token = token.sign(&site::identity(connection).await?.page_token_key);

    let documents = [id]
        .into_iter()
        .chain(wanted.sections)
        .chain(wanted.cards)
        .chain(breadcrumbs.iter().chain(&used_by).map(|card| card.id))
        .collect();
    let depends_on = DependsOn { documents, media: wanted.media };
    Ok(Some(Bundle { document, embedded, cards, breadcrumbs, media, used_by, page_token, depends_on }))
}

async fn document(connection: &impl ConnectionTrait, found: Published, at: Moment) -> Result<PublishedDocument> {
    let review = review_dates(connection, found.id, at).await?;
    let (published_at, updated_at, changed_sequence) = match at {
        Moment::Now => (found.published_at, found.changed_at, found.changed_sequence),
        Moment::Time(_) | Moment::Event(_) => {
            (version_published_at(connection, &found).await?, found.from_at, found.from_sequence)
        }
    };
    let Published { id, kind, version, slug, path, parent: _, language, state, notice, content, .. } = found;
    let path = path.ok_or_else(|| Error::bug(format!("the document {id} had no path when it was public")))?;
    let (review_by, last_reviewed_on) = review.map(|row| (row.review_by, row.last_reviewed_on)).unwrap_or_default();
    Ok(PublishedDocument {
        id,
        kind,
        slug,
        path,
        version,
        language,
        state,
        notice,
        content,
        first_published_at: found.first_published_at,
        published_at,
        updated_at,
        changed_sequence,
        last_reviewed_on,
        review_by,
    })
}

/// The review dates that stood then.
async fn review_dates(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    at: Moment,
) -> Result<Option<confirmation::Model>> {
    let mut query = confirmation::Entity::find().filter(confirmation::Column::DocumentId.eq(id.0));
    match at {
        Moment::Now => {}
        Moment::Time(time) => query = query.filter(confirmation::Column::At.lte(time.0)),
        Moment::Event(sequence) => query = query.filter(confirmation::Column::Sequence.lte(sequence.0)),
    }
    Ok(query.order_by_desc(confirmation::Column::Sequence).one(connection).await?)
}

/// When the unbroken row of publications of this version began, of which this is one.
async fn version_published_at(connection: &impl ConnectionTrait, found: &Published) -> Result<Timestamp> {
    let rows: Vec<(i32, String, i64, i64, Option<i64>)> = publication::Entity::find()
        .select_only()
        .columns([
            publication::Column::Version,
            publication::Column::State,
            publication::Column::FromSequence,
            publication::Column::FromAt,
            publication::Column::UntilSequence,
        ])
        .filter(publication::Column::DocumentId.eq(found.id.0))
        .filter(publication::Column::FromSequence.lt(found.from_sequence.0))
        .order_by_desc(publication::Column::FromSequence)
        .into_tuple()
        .all(connection)
        .await?;
    let live = LiveState::Live;
    let mut begun = (found.state == live, found.from_sequence, found.from_at);
    for (version, state, from_sequence, from_at, until_sequence) in rows {
        let was_live = state == live.name();
        let published_again = begun.0 && was_live;
        if VersionNumber(version) != found.version || until_sequence != Some(begun.1.0) || published_again {
            break;
        }
        begun = (was_live, Sequence(from_sequence), Timestamp(from_at));
    }
    Ok(begun.2)
}
