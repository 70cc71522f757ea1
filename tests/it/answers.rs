//! Public answers that are kept: made once, exact after every publication, given out without the database, encoded as
//! asked for, and bounded. That they are always what would be read now is played through in `changes`.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use rolebook::{
    app,
    kernel::{Database, Role},
    media::Store,
    web::Answers,
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{
    Answer, CACHE, Client, TestApp, TestDatabase,
    drafts::{embedding, titled},
    id_of, system_chance,
};

async fn site() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    (app, pat)
}

async fn read(app: &TestApp, method: Method, address: &str, headers: &[(&str, &str)]) -> Answer {
    app.nobody().send(method, address, headers, Body::empty()).await
}

/// A page with a text long enough to be worth encoding.
fn long(title: &str) -> Value {
    let markdown = format!("{title} is work that somebody does every day. ").repeat(60);
    let block = json!({ "kind": "text", "markdown": markdown });
    json!({ "content": { "title": title, "sections": [{ "heading": "Work", "display": "plain", "blocks": [block] }] } })
}

/// Saves and publishes a page under another title.
async fn retitle(pat: &Client, path: &str, title: &str) {
    pat.save(path, &titled(title)).await.ok();
    pat.step(path, "publish", &json!({})).await.ok();
}

#[tokio::test]
async fn whoever_publishes_sees_it_at_the_next_request_in_every_encoding() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &long("Porter 0")).await;
    let addresses = [format!("/api/v1/role-pages/{}", id_of(&path)), "/api/v1/role-pages".to_owned()];
    for round in 1..4 {
        for address in &addresses {
            for encoding in ["identity", "gzip", "br"] {
                read(&app, Method::GET, address, &[("accept-encoding", encoding)]).await;
            }
        }
        assert_eq!(app.app.answers.size().1, 6, "each is kept in three encodings");
        let title = format!("Porter {round}");
        pat.save(&path, &long(&title)).await.ok();
        assert_eq!(app.app.answers.size().1, 6, "a save is not public");
        pat.step(&path, "publish", &json!({})).await.ok();
        assert_eq!(app.app.answers.size().1, 0, "a publication is");
        for address in &addresses {
            for encoding in ["identity", "gzip", "br"] {
                let answer = read(&app, Method::GET, address, &[("accept-encoding", encoding)]).await;
                assert!(answer.decoded().contains(&format!("\"{title}\"")), "{address} as {encoding}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_comes_in_the_encoding_that_was_asked_for_with_a_validator_of_its_own() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &long("Porter")).await;
    let other = app.beside().await;
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let plain = read(&app, Method::GET, &address, &[]).await;
    let mut tags = BTreeSet::new();
    for (accepted, expected) in [
        ("", ""),
        ("identity", ""),
        ("deflate", ""),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("br;q=0, gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.2", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=nonsense", ""),
    ] {
        let headers = [("accept-encoding", accepted)];
        let first = read(&app, Method::GET, &address, &headers).await;
        let again = read(&app, Method::GET, &address, &headers).await;
        let there = read(&other, Method::GET, &address, &headers).await;
        assert_eq!(
            first.headers.get("content-encoding").map_or("", |value| value.to_str().unwrap()),
            expected,
            "{accepted}"
        );
        assert_eq!(first.header("vary"), "Accept-Encoding");
        assert_eq!(first.decoded(), plain.text(), "{accepted}");
        assert_eq!((&first.body, first.header("etag")), (&again.body, again.header("etag")));
        assert_eq!(
            (&first.body, first.header("etag")),
            (&there.body, there.header("etag")),
            "the same on every instance"
        );
        assert_eq!(first.header("content-length"), first.body.len().to_string());
        assert!(expected.is_empty() || first.body.len() * 2 < plain.body.len());
        tags.insert(first.header("etag").to_owned());
        let known = read(
            &app,
            Method::GET,
            &address,
            &[("accept-encoding", accepted), ("if-none-match", first.header("etag"))],
        )
        .await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(known.header("etag"), first.header("etag"));
    }
    assert_eq!(tags.len(), 3, "{tags:?}");
    // A validator of one encoding is none of another.
    let gzip = read(&app, Method::GET, &address, &[("accept-encoding", "gzip")]).await;
    let mixed =
        read(&app, Method::GET, &address, &[("accept-encoding", "br"), ("if-none-match", gzip.header("etag"))]).await;
    assert_eq!(mixed.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_kept_is_answered_while_the_database_is_away() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &long("Porter")).await;
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let plain = read(&app, Method::GET, &address, &[]).await;
    let gzip = read(&app, Method::GET, &address, &[("accept-encoding", "gzip")]).await;
    app.app.database.clone().close().await.unwrap();
    let here = read(&app, Method::GET, &address, &[]).await;
    assert_eq!((here.status, here.body), (StatusCode::OK, plain.body.clone()));
    let here = read(&app, Method::GET, &address, &[("accept-encoding", "gzip")]).await;
    assert_eq!(here.body, gzip.body);
    let head = read(&app, Method::HEAD, &address, &[]).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    for header in ["etag", "content-length", "content-type", "last-modified", "cache-control", "surrogate-key", "vary"]
    {
        assert_eq!(head.header(header), plain.header(header), "{header}");
    }
    for (header, value) in [
        ("if-none-match", plain.header("etag")),
        ("if-none-match", "*"),
        ("if-modified-since", plain.header("last-modified")),
    ] {
        let known = read(&app, Method::GET, &address, &[(header, value)]).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0), "{header}: {value}");
        assert!(!known.headers.contains_key("content-length") && !known.headers.contains_key("content-type"));
    }
    let elsewhere = read(&app, Method::GET, "/api/v1/role-pages", &[]).await;
    assert_eq!(elsewhere.status, StatusCode::SERVICE_UNAVAILABLE, "what is not kept can't be read");
    assert!(!elsewhere.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_publication_drops_what_hangs_on_it_and_nothing_else() {
    let (app, pat) = site().await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let driver = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    let porter = pat.publish_new("role-pages", &titled("Porter")).await;
    let address = |path: &str| format!("/api/v1/role-pages/{}", id_of(path));
    for path in [&driver, &porter] {
        read(&app, Method::GET, &address(path), &[]).await.ok();
    }
    assert_eq!(app.app.answers.size().1, 2);
    retitle(&pat, &section, "Driving vans").await;
    assert_eq!(app.app.answers.size().1, 1, "the page that embeds it");
    let page = read(&app, Method::GET, &address(&driver), &[]).await.ok();
    assert_eq!(page["sections"][0]["blocks"][0]["requirement_section"]["title"], "Driving vans");
    retitle(&pat, &porter, "Hospital porter").await;
    assert_eq!(app.app.answers.size().1, 1, "the other page stays");
}

#[tokio::test]
async fn a_page_stays_kept_when_another_page_with_the_same_requirement_section_is_published() {
    let (app, pat) = site().await;
    let section = id_of(&pat.publish_new("requirement-sections", &titled("Way in")).await);
    let first = pat.publish_new("role-pages", &embedding("Porter", &[&section])).await;
    let second = pat.publish_new("role-pages", &embedding("Cook", &[&section])).await;
    let page = |path: &str| format!("/api/v1/role-pages/{}", id_of(path));
    let shared = format!("/api/v1/requirement-sections/{section}");
    for address in [&page(&first), &page(&second), &shared] {
        read(&app, Method::GET, address, &[]).await.ok();
    }
    let made = app.app.answers.made();
    pat.save(&first, &embedding("Head porter", &[&section])).await.ok();
    pat.step(&first, "publish", &json!({})).await.ok();
    read(&app, Method::GET, &page(&second), &[]).await.ok();
    assert_eq!(app.app.answers.made(), made, "nothing of the other page has changed");
    let answer = read(&app, Method::GET, &shared, &[]).await;
    assert!(answer.text().contains("Head porter"), "the section says where it is used");
    pat.save(&format!("/manage/v1/requirement-sections/{section}"), &titled("Another way in")).await.ok();
    pat.step(&format!("/manage/v1/requirement-sections/{section}"), "publish", &json!({})).await.ok();
    let answer = read(&app, Method::GET, &page(&second), &[]).await;
    assert!(answer.text().contains("Another way in"), "what stands in the page has changed");
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_reading() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &long("Porter")).await;
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let before = app.app.answers.made();
    let asks = (0..50).map(|_| read(&app, Method::GET, &address, &[]));
    let answers = futures_util::future::join_all(asks).await;
    assert!(answers.iter().all(|answer| answer.body == answers[0].body && answer.status == StatusCode::OK));
    assert_eq!(app.app.answers.made() - before, 1);
}

#[tokio::test]
async fn what_is_not_there_is_not_kept_and_shows_up_once_it_is() {
    let (app, pat) = site().await;
    read(&app, Method::GET, "/api/v1/role-pages/porter", &[]).await.problem(404);
    read(&app, Method::GET, "/api/v1/content/porter", &[]).await.problem(404);
    read(&app, Method::GET, "/api/v1/role-pages/porter?fields=nonsense", &[]).await.problem(404);
    assert_eq!(app.app.answers.size().1, 0);
    pat.publish_new("role-pages", &titled("Porter")).await;
    read(&app, Method::GET, "/api/v1/role-pages/porter", &[]).await.ok();
    read(&app, Method::GET, "/api/v1/content/porter", &[]).await.ok();
    read(&app, Method::GET, "/api/v1/role-pages/porter?fields=nonsense", &[]).await.problem(400);
}

#[tokio::test]
async fn the_cache_stays_within_its_bound() {
    let bound = 1024 * 1024;
    let app = TestApp::keeping(TestDatabase::new().await, Store::in_memory(), system_chance(), bound).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.publish_new("role-pages", &long("Porter")).await;
    for limit in 1..=100 {
        for sort in ["title", "-title", "updated_at", "-updated_at"] {
            for fields in ["sections", "sections,summary", "summary,sections", "facts,sections", "sections,facts"] {
                let address = format!("/api/v1/role-pages?limit={limit}&sort={sort}&fields={fields}");
                read(&app, Method::GET, &address, &[]).await.ok();
            }
        }
    }
    let (bytes, answers) = app.app.answers.size();
    assert!(bytes <= bound && bytes > bound / 2, "{bytes} bytes in {answers} answers");
    retitle(&pat, &path, "Hospital porter").await;
    assert_eq!(app.app.answers.size(), (0, 0), "what had made room is forgotten as well");
}

#[tokio::test]
async fn another_instance_follows_by_itself_and_its_feed_goes_no_further_than_its_answers() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &titled("Porter 0")).await;
    let other = app.beside().await;
    let (stop, stopped) = watch::channel(false);
    let follower = tokio::spawn(app::follow_answers(other.app.clone(), stopped));
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let mut cursor =
        read(&other, Method::GET, "/api/v1/changes", &[]).await.ok()["cursor"].as_str().unwrap().to_owned();
    for round in 1..6 {
        read(&other, Method::GET, &address, &[]).await.ok();
        let wait = format!("/api/v1/changes?since={cursor}&wait=30");
        let waiting = tokio::spawn({
            let other = other.nobody();
            async move { other.get(&wait).await.ok() }
        });
        let title = format!("Porter {round}");
        retitle(&pat, &path, &title).await;
        let news = waiting.await.unwrap();
        cursor = news["cursor"].as_str().unwrap().to_owned();
        assert_eq!(news["data"][0]["affected"], json!([id_of(&path)]));
        assert_eq!(read(&other, Method::GET, &address, &[]).await.ok()["title"], title);
    }
    stop.send(true).unwrap();
    follower.await.unwrap();
}

#[tokio::test]
async fn an_instance_that_was_cut_off_is_exact_again_when_the_database_is_back() {
    let (app, pat) = site().await;
    let path = pat.publish_new("role-pages", &titled("Porter")).await;
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let here = Answers::new(CACHE);
    let database = Database::connect(&app.database.url, 2, false).await.unwrap();
    here.catch_up(&database).await.unwrap();
    database.close().await.unwrap();
    let away = Database::connect(&app.database.url, 2, false).await.unwrap();
    away.clone().close().await.unwrap();
    here.catch_up(&away).await.unwrap_err();
    retitle(&pat, &path, "Hospital porter").await;
    let before = here.applied();
    let back = Database::connect(&app.database.url, 2, false).await.unwrap();
    assert!(here.catch_up(&back).await.unwrap() > before);
    let restarted = TestApp::with(app.database.same(), Store::in_memory(), system_chance()).await;
    assert_eq!(read(&restarted, Method::GET, &address, &[]).await.ok()["title"], "Hospital porter");
}
