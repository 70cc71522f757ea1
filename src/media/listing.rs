//! Pages of the library: which images, in which order, from where on. It changes nothing.

use entity::{media, reference};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};

use crate::kernel::{Ctx, Error, Fault, MediaId, Permission, Result, UserId, holds};

use super::{
    queries::{self, Media},
    uses,
};

named! {
    /// The order of a list; a hyphen in front turns it round.
    Sort {
        AddedUp = "created_at",
        AddedDown = "-created_at",
        NameUp = "filename",
        NameDown = "-filename",
        SizeUp = "bytes",
        SizeDown = "-bytes",
    }
}

impl Sort {
    fn descends(self) -> bool {
        matches!(self, Self::AddedDown | Self::NameDown | Self::SizeDown)
    }
}

/// Which images to list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Words in the file name or the suggested alternative text.
    pub words: Option<String>,
    /// The hash of an upload: has the library got this file already?
    pub sha256: Option<String>,
    /// Only images without a suggested alternative text.
    pub without_alt: bool,
    /// Only images that no document uses, neither its draft nor what is live of it.
    pub unused: bool,
    pub added_by: Option<UserId>,
    pub sort: Sort,
    /// The last row of the page before.
    pub after: Option<(String, MediaId)>,
    pub limit: u64,
}

impl Default for Listing {
    /// The newest twenty.
    fn default() -> Self {
        Self {
            words: None,
            sha256: None,
            without_alt: false,
            unused: false,
            added_by: None,
            sort: Sort::AddedDown,
            after: None,
            limit: 20,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Media>,
    /// Where the next page starts, if there is one.
    pub next: Option<(String, MediaId)>,
    pub total: u64,
}

/// A page of the library.
///
/// # Errors
/// [`Error::Malformed`] for a place that this order did not give out.
pub async fn list(ctx: &Ctx, listing: &Listing) -> Result<Page> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let query = filtered(listing);
    let total = query.clone().count(&*snapshot).await?;
    let mut rows = keyset(query, listing)?.limit(listing.limit.saturating_add(1)).all(&*snapshot).await?;
    let more = rows.len() > usize::try_from(listing.limit).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| (sort_key(listing.sort, row), MediaId(row.id)));
    Ok(Page { rows: queries::views(&*snapshot, rows).await?, next, total })
}

/// How many images a list would have in all.
pub async fn count(ctx: &Ctx, listing: &Listing) -> Result<u64> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    Ok(filtered(listing).count(&*snapshot).await?)
}

fn filtered(listing: &Listing) -> Select<media::Entity> {
    let mut query = media::Entity::find();
    if let Some(sha256) = &listing.sha256 {
        query = query.filter(media::Column::Sha256.eq(sha256.to_lowercase()));
    }
    for word in listing.words.iter().flat_map(|words| words.split_whitespace()) {
        let (filename, alt) = ((media::Entity, media::Column::Filename), (media::Entity, media::Column::Alt));
        query = query.filter(Condition::any().add(holds(filename, word)).add(holds(alt, word)));
    }
    if listing.without_alt {
        query = query.filter(media::Column::Alt.is_null());
    }
    if listing.unused {
        let used = uses::present().select_only().column(reference::Column::TargetId);
        query = query.filter(media::Column::Id.not_in_subquery(used.into_query()));
    }
    if let Some(person) = listing.added_by {
        query = query.filter(media::Column::CreatedBy.eq(person.0));
    }
    query
}

fn keyset(query: Select<media::Entity>, listing: &Listing) -> Result<Select<media::Entity>> {
    let column = column(listing.sort);
    let mut query = query;
    if let Some((key, id)) = &listing.after {
        let key = key_value(listing.sort, key)?;
        let (beyond, further) = if listing.sort.descends() {
            (column.clone().lt(key.clone()), media::Column::Id.lt(id.0))
        } else {
            (column.clone().gt(key.clone()), media::Column::Id.gt(id.0))
        };
        let same = Condition::all().add(column.clone().eq(key)).add(further);
        query = query.filter(Condition::any().add(beyond).add(same));
    }
    Ok(if listing.sort.descends() {
        query.order_by_desc(column).order_by_desc(media::Column::Id)
    } else {
        query.order_by_asc(column).order_by_asc(media::Column::Id)
    })
}

/// What a list is ordered by. The database folds the case of names and of the places in their order alike.
fn column(sort: Sort) -> SimpleExpr {
    match sort {
        Sort::AddedUp | Sort::AddedDown => Expr::col((media::Entity, media::Column::CreatedAt)),
        Sort::NameUp | Sort::NameDown => Func::lower(Expr::col((media::Entity, media::Column::Filename))).into(),
        Sort::SizeUp | Sort::SizeDown => Expr::col((media::Entity, media::Column::Bytes)),
    }
}

fn key_value(sort: Sort, key: &str) -> Result<SimpleExpr> {
    match sort {
        Sort::NameUp | Sort::NameDown => Ok(Func::lower(Expr::value(key)).into()),
        _ => {
            let detail = "This list did not give out the cursor.";
            let number: i64 =
                key.parse().map_err(|_| Error::Malformed(vec![Fault::new("cursor", "bad-cursor", detail)]))?;
            Ok(Expr::value(number))
        }
    }
}

fn sort_key(sort: Sort, row: &media::Model) -> String {
    match sort {
        Sort::AddedUp | Sort::AddedDown => row.created_at.to_string(),
        Sort::NameUp | Sort::NameDown => row.filename.clone(),
        Sort::SizeUp | Sort::SizeDown => row.bytes.to_string(),
    }
}
