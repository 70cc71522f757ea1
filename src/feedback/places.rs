//! Where a reported passage stood when the visitor saw it: in which version of the document that owns it, and whether that
//! document still stands in the page. What a passage says is not read here.
//!
//! Decision (2026-11-22): without a page token it is not known which version of a section stood in the page, so none is
//! claimed. The page as a whole can still be composed for about that moment, and whoever shows it can say more.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use entity::{live_document, publication};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, Permission, ReportId, Result, VersionNumber};

use super::{documents, reports::Report};

/// How many publications of a page are looked through for the one that lost a section.
const LOOKED_THROUGH: u64 = 50;

/// What is known of the passage that a report names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The version of the document that owns the passage, as it stood in the page.
    pub version: Option<VersionNumber>,
    /// Set if the page is public and no longer shows the document that owns the passage.
    pub gone: Option<Gone>,
}

/// A section that no longer stands in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The first version of the page without it, if it is known.
    pub in_version: Option<VersionNumber>,
}

/// Where the passages of these reports stood and stand.
pub async fn places(ctx: &Ctx, reports: &[Report]) -> Result<BTreeMap<ReportId, Place>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let mut then: BTreeMap<(Uuid, i64), BTreeMap<Uuid, i32>> = BTreeMap::new();
    let mut now: BTreeMap<(Uuid, Uuid, i32), Option<Gone>> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for report in reports {
        if report.document == report.page {
            places.insert(report.id, Place { version: report.version, gone: None });
            continue;
        }
        let (page, section) = (report.page.0, report.document.0);
        let version = match report.seen_sequence {
            None => None,
            Some(seen) => {
                let key = (page, seen.0);
                if let Entry::Vacant(unknown) = then.entry(key) {
                    unknown.insert(documents::embedded(&*snapshot, page, Some(seen.0)).await?);
                }
                then.get(&key).and_then(|sections| sections.get(&section)).copied().map(VersionNumber)
            }
        };
        let key = (page, section, report.version.map_or(0, |version| version.0));
        let gone = match now.get(&key) {
            Some(known) => *known,
            None => {
                let found = gone(&*snapshot, page, section, key.2).await?;
                now.insert(key, found);
                found
            }
        };
        places.insert(report.id, Place { version, gone });
    }
    Ok(places)
}

/// Whether a public page no longer shows a section that it showed in a version.
async fn gone(connection: &impl ConnectionTrait, page: Uuid, section: Uuid, seen: i32) -> Result<Option<Gone>> {
    let live = live_document::Entity::find_by_id(page).one(connection).await?;
    let is_public = live.is_some_and(|live| live.path.is_some());
    if !is_public || documents::embedded(connection, page, None).await?.contains_key(&section) {
        return Ok(None);
    }
    let later: Vec<(i32, i64)> = publication::Entity::find()
        .select_only()
        .columns([publication::Column::Version, publication::Column::FromSequence])
        .filter(publication::Column::DocumentId.eq(page))
        .filter(publication::Column::Version.gt(seen))
        .order_by_asc(publication::Column::FromSequence)
        .limit(LOOKED_THROUGH)
        .into_tuple()
        .all(connection)
        .await?;
    let mut looked_at = BTreeSet::new();
    for (version, from) in later {
        if looked_at.insert(version) && !documents::embedded(connection, page, Some(from)).await?.contains_key(&section)
        {
            return Ok(Some(Gone { in_version: Some(VersionNumber(version)) }));
        }
    }
    Ok(Some(Gone { in_version: None }))
}
