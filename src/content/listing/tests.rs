//! Pages of what holds words are the same whoever hands ids to whom, on SQLite and, where `TEST_POSTGRES` names a server
//! on which databases may be made, on PostgreSQL.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{super::search::Holders, Listing, Narrowing, Sort, sort_key, words::bounded_page};
use crate::{
    content::{self, Draft, DraftState, Kind},
    events,
    kernel::{Actor, Ctx, Database, DocumentId, Door, ManualClock, SeededChance, Sequence, Snapshot, Timestamp},
    site,
};

/// A site of 60 pages, of which every fifth stands below the first; some share a title.
async fn filled(database: Database) -> (Ctx, Vec<Uuid>) {
    database.migrate().await.unwrap();
    let ctx = Ctx {
        actor: Actor::system("tests"),
        door: Door::Api,
        database,
        clock: Arc::new(ManualClock::at(Timestamp(1_795_000_000_000))),
        chance: Arc::new(SeededChance::new(5)),
        request_id: None,
        idempotency: None,
    };
    let tx = ctx.write().await.unwrap();
    site::prepare(&tx, &ctx, false).await.unwrap();
    tx.commit(()).await.unwrap();
    let mut ids: Vec<Uuid> = Vec::new();
    for number in 0..60 {
        let parent = ids.first().filter(|_| number > 0 && number % 5 == 0);
        let body = json!({ "slug": format!("role-{number}"), "parent": parent,
            "content": { "title": format!("Role {:02}", number * 7 % 20) } });
        let draft = Draft::read(&ctx, Kind::RolePage, body).unwrap();
        ids.push(content::create(&ctx, Kind::RolePage, draft).await.unwrap().standing.id.0);
    }
    (ctx, ids)
}

fn everything() -> Listing {
    Listing {
        kind: Kind::RolePage,
        draft_state: None,
        live_state: None,
        parent: None,
        owner: None,
        words: None,
        trashed: false,
        narrowing: Narrowing::default(),
        sort: Sort::TitleUp,
        after: None,
        limit: 4,
    }
}

/// The ids of all pages, and the total, which is the same on each.
async fn pages(snapshot: &Snapshot, listing: &Listing, holders: &Holders, most_named: usize) -> (Vec<Uuid>, u64) {
    let mut listing = listing.clone();
    let limit = usize::try_from(listing.limit).unwrap();
    let (mut ids, mut totals) = (Vec::new(), Vec::new());
    loop {
        let (rows, total) = bounded_page(snapshot, &listing, holders, most_named).await.unwrap();
        ids.extend(rows.iter().take(limit).map(|row| row.id));
        totals.push(total);
        if rows.len() <= limit {
            break;
        }
        listing.after = Some((sort_key(listing.sort, &rows[limit - 1]), rows[limit - 1].id));
    }
    totals.dedup();
    assert_eq!(totals.len(), 1, "{listing:?}");
    (ids, totals[0])
}

async fn pages_are_the_same(database: Database) {
    let (ctx, ids) = filled(database).await;
    let snapshot = ctx.database.read().await.unwrap();
    let now = events::last_sequence(&*snapshot).await.unwrap();
    let among = |fits: &dyn Fn(usize) -> bool| -> Vec<(Uuid, Kind)> {
        let fitting = ids.iter().enumerate().filter(|(place, _)| fits(*place));
        fitting.map(|(_, id)| (*id, Kind::RolePage)).collect()
    };
    let holding = [
        among(&|_| true),
        among(&|place| place % 3 == 0),
        among(&|place| place > 50),
        among(&|place| place == 7),
        [among(&|place| place < 9), vec![(ids[20], Kind::RequirementSection)]].concat(),
    ];
    let mut listings = Vec::new();
    for sort in Sort::ALL {
        let listing = Listing { sort: *sort, ..everything() };
        listings.push(Listing { parent: Some(DocumentId(ids[0])), ..listing.clone() });
        listings.push(Listing { draft_state: Some(DraftState::InReview), ..listing.clone() });
        listings
            .push(Listing { narrowing: Narrowing { has_children: true, ..Narrowing::default() }, ..listing.clone() });
        listings.push(listing);
    }
    for hits in &holding {
        // As the index is when it is asked, and as it is when it is behind.
        for behind in [0, 1] {
            // What is behind may know documents that are gone.
            let gone = (0..behind).map(|_| (Uuid::nil(), Kind::RolePage));
            let hits: Vec<(Uuid, Kind)> = hits.iter().copied().chain(gone).collect();
            let holders = Holders::planted(&hits, Sequence(now.0 - behind));
            for listing in &listings {
                let named = pages(&snapshot, listing, &holders, usize::MAX).await;
                assert_eq!(named.1, u64::try_from(named.0.len()).unwrap());
                for most_named in [0, 5] {
                    let walked = pages(&snapshot, listing, &holders, most_named).await;
                    assert_eq!(walked, named, "{most_named} {listing:?}");
                }
            }
        }
    }
    let (all, total) = pages(&snapshot, &everything(), &Holders::planted(&among(&|_| true), now), 0).await;
    assert_eq!((all.len(), total), (60, 60));
}

#[tokio::test]
async fn pages_are_the_same_whoever_hands_ids_to_whom() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("site.db").display());
    pages_are_the_same(Database::connect(&url, 4, true).await.unwrap()).await;
}

#[expect(clippy::disallowed_methods, reason = "tests are told of the server by the environment")]
fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok()
}

#[tokio::test]
async fn pages_are_the_same_whoever_hands_ids_to_whom_on_postgres() {
    let Some(server) = server() else { return };
    let name = format!("rolebook_words_{}", std::process::id());
    let connection = sea_orm::Database::connect(&server).await.unwrap();
    connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    let database = Database::connect(url.as_str(), 4, true).await.unwrap();
    pages_are_the_same(database.clone()).await;
    database.close().await.unwrap();
    connection.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    connection.close().await.unwrap();
}
