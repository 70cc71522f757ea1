//! A page as a visitor saw it, for people who read reports: composed of the publications of that moment, also if it has
//! been changed, withdrawn or unpublished since. No public door asks here.
//!
//! Decision (2026-11-22): a publication that was suppressed is not shown here either. It was taken out of the past because
//! nobody should meet it there, and the versions themselves remain in the history for those who have to look.

use std::collections::BTreeMap;

use entity::{event, publication};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::kernel::{Ctx, DocumentId, Permission, Result, Sequence, Timestamp, VersionNumber};

use super::{
    compose::compose,
    load::{self, Moment},
    view,
};

/// What is known of the moment at which a visitor looked at a page.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    pub page: DocumentId,
    /// Of the page.
    pub version: Option<VersionNumber>,
    /// The page's last change, if a page token says so.
    pub sequence: Option<Sequence>,
    /// When the report came in; the visitor saw the page before.
    pub reported_at: Timestamp,
}

/// A page as it was.
#[derive(Clone, Debug)]
pub struct Seen {
    pub page: view::Page,
    /// The versions of everything that stood in it, its own included.
    pub versions: BTreeMap<DocumentId, VersionNumber>,
    pub published_at: Timestamp,
}

/// The page as the visitor saw it; `None` if it can't be shown again: it was purged, or suppressed in the past.
pub async fn seen(ctx: &Ctx, sight: Sight) -> Result<Option<Seen>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let moment = match (sight.sequence, sight.version) {
        (Some(sequence), _) => Some(sequence),
        (None, Some(version)) => last_moment(&*snapshot, sight.page, version, sight.reported_at).await?,
        (None, None) => None,
    };
    let Some(moment) = moment else { return Ok(None) };
    let Some(bundle) = load::bundle_of(&*snapshot, sight.page, Moment::Event(moment)).await? else { return Ok(None) };
    let embedded = bundle.embedded.values().map(|section| (section.id, section.version));
    Ok(Some(Seen {
        versions: embedded.chain([(bundle.document.id, bundle.document.version)]).collect(),
        published_at: bundle.document.published_at,
        page: compose(&bundle),
    }))
}

/// The last event up to a time after which this version was public.
async fn last_moment(
    connection: &impl ConnectionTrait,
    page: DocumentId,
    version: VersionNumber,
    time: Timestamp,
) -> Result<Option<Sequence>> {
    let row = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(page.0))
        .filter(publication::Column::Version.eq(version.0))
        .filter(publication::Column::FromAt.lte(time.0))
        .order_by_desc(publication::Column::FromSequence)
        .one(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    if let (Some(until), Some(until_at)) = (row.until_sequence, row.until_at)
        && until_at <= time.0
    {
        return Ok(Some(Sequence(until - 1)));
    }
    let last: Option<i64> = event::Entity::find()
        .select_only()
        .column(event::Column::Sequence)
        .filter(event::Column::At.lte(time.0))
        .filter(event::Column::Sequence.gte(row.from_sequence))
        .order_by_desc(event::Column::Sequence)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(Some(Sequence(last.unwrap_or(row.from_sequence))))
}
