//! A page of the documents that hold words: the index says which hold them, the database which of these are wanted and in
//! which order.
//!
//! Decision (2026-11-22), who hands ids to whom. Context: a word may stand in one document or in all 100,000; statements
//! with 100,000 ids take the database long, and reading 100,000 rows one by one takes as long here. Choice: up to
//! [`MOST_NAMED`] ids are named to the database, as one text, and it does the rest. Of more, a list that has no other filter
//! is counted by the index alone, which knows kind and trash; with other filters the database hands over the ids that they
//! let through, packed into one value, and what holds the words among them is counted here. The page itself is then found
//! by going through the list in its order, in growing steps, until it is full. Consequence: totals are exact however
//! common a word is, and no question reads more than the ids of a list, 16 bytes each.

use std::collections::{HashMap, HashSet};

use entity::document;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    events,
    kernel::{Error, Result, Snapshot},
};

use super::{super::search::Holders, Listing, Narrowing, filtered, from_cursor, ordered, wanted};

/// So many ids are named in a statement: some 200 KB of text.
const MOST_NAMED: usize = 5_000;
/// So many rows of the list are looked at first, for each that is wanted.
const FIRST_STEP: u64 = 4;
/// By how much each further step is longer.
const GROWTH: u64 = 8;

/// The rows of a page and one more, and how many there are on all pages.
pub async fn page(snapshot: &Snapshot, listing: &Listing, words: &Holders) -> Result<(Vec<document::Model>, u64)> {
    bounded_page(snapshot, listing, words, MOST_NAMED).await
}

/// The same with a bound to choose.
pub async fn bounded_page(
    snapshot: &Snapshot,
    listing: &Listing,
    words: &Holders,
    most_named: usize,
) -> Result<(Vec<document::Model>, u64)> {
    let holding = words.of(listing.kind, listing.trashed);
    if holding.len() <= most_named {
        return named_page(snapshot, listing, &holding).await;
    }
    let mut holding: HashSet<Uuid> = holding.into_iter().collect();
    // The index may be further than the snapshot, or behind it.
    if is_narrowed(listing) || events::last_sequence(&**snapshot).await? != words.sequence() {
        let listed = packed(snapshot, filtered(listing)).await?;
        holding = listed.into_iter().filter(|id| holding.contains(id)).collect();
    }
    if holding.len() <= most_named {
        return named_page(snapshot, listing, &holding.into_iter().collect::<Vec<_>>()).await;
    }
    let total = u64::try_from(holding.len()).unwrap_or(u64::MAX);
    Ok((walked(snapshot, listing, &holding).await?, total))
}

fn is_narrowed(listing: &Listing) -> bool {
    let Listing { draft_state, live_state, parent, owner, narrowing, .. } = listing;
    draft_state.is_some()
        || live_state.is_some()
        || parent.is_some()
        || owner.is_some()
        || *narrowing != Narrowing::default()
}

async fn named_page(snapshot: &Snapshot, listing: &Listing, ids: &[Uuid]) -> Result<(Vec<document::Model>, u64)> {
    if ids.is_empty() {
        return Ok((Vec::new(), 0));
    }
    // Without the kind, which the index knows: SQLite would go through all documents of it rather than look these up.
    let named = document::Entity::find().filter(is_one_of(ids, snapshot.get_database_backend())?);
    let query = wanted(named, listing);
    let total = query.clone().select_only().column(document::Column::Id).count(&**snapshot).await?;
    let rows = ordered(from_cursor(query, listing)?, listing.sort).limit(listing.limit.saturating_add(1));
    Ok((rows.all(&**snapshot).await?, total))
}

/// As one text, so that a statement is the same however many there are.
fn is_one_of(ids: &[Uuid], backend: DatabaseBackend) -> Result<Expr> {
    Ok(match backend {
        DatabaseBackend::Postgres => {
            let named = serde_json::to_string(ids)?;
            let among =
                r#""document"."id" IN (SELECT CAST("value" AS uuid) FROM json_array_elements_text(CAST($1 AS json)))"#;
            Expr::cust_with_values(among, [named])
        }
        _ => {
            let named: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
            let among = r#""document"."id" IN (SELECT unhex("value") FROM json_each(?))"#;
            Expr::cust_with_values(among, [serde_json::to_string(&named)?])
        }
    })
}

/// The rows of a page and one more, of those that hold the words.
async fn walked(snapshot: &Snapshot, listing: &Listing, holding: &HashSet<Uuid>) -> Result<Vec<document::Model>> {
    let list = ordered(from_cursor(filtered(listing), listing)?, listing.sort);
    let most = usize::try_from(listing.limit.saturating_add(1)).unwrap_or(usize::MAX);
    let (mut found, mut passed, mut step) = (Vec::new(), 0, listing.limit.saturating_add(1).saturating_mul(FIRST_STEP));
    while found.len() < most {
        let ids = packed(snapshot, list.clone().offset(passed).limit(step)).await?;
        let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        found.extend(ids.into_iter().filter(|id| holding.contains(id)).take(most - found.len()));
        if count < step {
            break;
        }
        passed += step;
        step = step.saturating_mul(GROWTH);
    }
    let named = document::Entity::find().filter(is_one_of(&found, snapshot.get_database_backend())?);
    let mut rows: HashMap<Uuid, document::Model> =
        named.all(&**snapshot).await?.into_iter().map(|row| (row.id, row)).collect();
    Ok(found.iter().filter_map(|id| rows.remove(id)).collect())
}

/// The ids of a query's rows, in their order, out of one value. Both databases gather the rows of an ordered query in its
/// order.
async fn packed(snapshot: &Snapshot, query: Select<document::Entity>) -> Result<Vec<Uuid>> {
    let gathered = match snapshot.get_database_backend() {
        DatabaseBackend::Postgres => r#"encode(string_agg(uuid_send("id"), ''::bytea), 'hex')"#,
        _ => r#"group_concat(hex("id"), '')"#,
    };
    let ids = query.select_only().column(document::Column::Id).into_query();
    let mut statement = Query::select();
    statement.expr_as(Expr::cust(gathered), "packed").from_subquery(ids, "listed");
    let row = snapshot.query_one(&statement).await?;
    let packed: Option<String> = row.map(|row| row.try_get("", "packed")).transpose()?.flatten();
    unpacked(packed.as_deref().unwrap_or_default())
}

fn unpacked(packed: &str) -> Result<Vec<Uuid>> {
    let digits = packed.as_bytes().chunks(32);
    digits.map(|digits| Uuid::try_parse_ascii(digits).map_err(Error::bug)).collect()
}
