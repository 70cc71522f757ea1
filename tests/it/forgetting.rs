//! What is erased is gone from the files of the database too, as soon as nobody reads an older state any more.

use axum::http::Method;
use serde_json::json;

use crate::{
    corpus::files_below,
    support::{Client, TestApp, TestDatabase},
};

/// Words that stand nowhere else.
const SAID: &str = "The wurblish frobnicator of ward nine is wrong";
const ADDED: &str = "And its gadzook too";
const ADDRESS: &str = "ana.quibble@private.example";

async fn report(app: &TestApp, ada: &Client) -> String {
    let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters move beds." }] }] });
    ada.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
    ada.set(&json!({ "contact_email": true })).await.ok();
    let report = json!({ "document": "porter", "kind": "problem", "wrong": SAID, "contact_email": ADDRESS });
    let given = app.nobody().post("/api/v1/reports", &report).await.ok();
    let receipt = given["receipt_url"].as_str().unwrap().to_owned();
    let receipt = &receipt[receipt.find("/api/").unwrap()..];
    let shown = app.nobody().post(receipt, &json!({ "text": ADDED })).await;
    assert_eq!((shown.status.as_u16(), shown.header("x-robots-tag")), (200, "noindex, nofollow, noarchive"));
    format!("/manage/v1/reports/{}", given["reference"].as_str().unwrap())
}

async fn erase(ada: &Client, report: &str) {
    let erased = ada.seeing(report, Method::POST, &format!("{report}/erase"), &json!({})).await;
    assert_eq!(erased.status.as_u16(), 204, "{erased:?}");
}

/// What of it is in the files of the database, by the name of the file.
fn kept(app: &TestApp) -> Vec<(String, &'static str)> {
    let files = files_below(app.database.directory.as_ref().unwrap().path());
    assert!(!files.is_empty());
    let holds = |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|part| part == words.as_bytes());
    let found = |(name, bytes): &(String, Vec<u8>)| {
        [SAID, ADDED, ADDRESS]
            .into_iter()
            .filter(|words| holds(bytes, words))
            .map(|words| (name.clone(), words))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(found).collect()
}

#[tokio::test]
async fn what_is_erased_is_in_no_file_of_the_database_at_once() {
    let app = TestApp::on(TestDatabase::sqlite().await).await;
    let ada = app.administrator().await;
    let report = report(&app, &ada).await;
    assert!(!kept(&app).is_empty(), "it was there");
    erase(&ada, &report).await;
    assert_eq!(kept(&app), []);
}

#[tokio::test]
async fn what_is_erased_while_somebody_reads_an_older_state_goes_when_they_are_done() {
    let app = TestApp::on(TestDatabase::sqlite().await).await;
    let ada = app.administrator().await;
    let report = report(&app, &ada).await;
    let older = app.app.database.read().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&*older, "SELECT count(*) FROM report").await.unwrap();
    erase(&ada, &report).await;
    assert!(!kept(&app).is_empty(), "the older state is read yet");
    drop(older);
    app.follow().await;
    assert_eq!(kept(&app), []);
}
