//! The steps in a document's life, as people take them in the panel.

use axum::http::StatusCode;
use rolebook::{
    accounts::{api_keys, api_keys::NewKey},
    kernel::{Permission, Role},
};
use serde_json::{Value, json};

use super::Browser;
use crate::support::{
    Client, TestApp,
    drafts::{COLLECTIONS, below, embedding, summed, titled},
    id_of,
};

/// People in front of the panel, and a program that sets things up.
struct Office {
    app: TestApp,
    program: Client,
    ada: Browser,
    rita: Browser,
    eda: Browser,
}

impl Office {
    /// Where nobody needs an approval.
    async fn open() -> Self {
        let office = Self::open_with_reviews().await;
        let rules = json!({ "review_role_pages": "off", "review_requirement_sections": "off" });
        office.program.set(&rules).await.ok();
        office
    }

    async fn open_with_reviews() -> Self {
        let app = TestApp::new().await;
        let program = app.person("Setup", &[Role::Administrator]).await;
        let ada = app.signed_in("Ada", &[Role::Administrator]).await;
        let rita = app.signed_in("Rita", &[Role::Reviewer]).await;
        let eda = app.signed_in("Eda", &[Role::Editor]).await;
        Self { app, program, ada, rita, eda }
    }
}

fn page_of(path: &str) -> String {
    path.replace("/manage/v1", "/admin")
}

/// Takes a step whose form is shown first, and answers the document as programs see it.
async fn take(browser: &mut Browser, program: &Client, path: &str, step: &str, fields: &[(&str, &str)]) -> Value {
    let address = format!("{}/{step}", page_of(path));
    let page = browser.page(&address).await;
    let seen = program.get(path).await.ok()["version"].to_string();
    assert!(page.contains(&format!("name=\"version\" value=\"{seen}\"")), "{step}: {page}");
    let mut all = vec![("version", seen.as_str())];
    all.extend(fields);
    let answer = browser.post(&address, &all).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}: {}", answer.text());
    program.get(path).await.ok()
}

fn states(document: &Value) -> (&str, &str) {
    (document["draft_state"].as_str().unwrap(), document["live_state"].as_str().unwrap())
}

#[tokio::test]
async fn every_step_has_a_page_and_leads_where_it_says() {
    for collection in COLLECTIONS {
        let Office { app: _app, program, mut ada, mut rita, mut eda } = Office::open_with_reviews().await;
        let path = program.create(collection, &summed(titled("Porter"))).await;
        let said = take(&mut eda, &program, &path, "submit", &[("note", "Ready.")]).await;
        assert_eq!(states(&said), ("in_review", "never"));
        let said = take(&mut rita, &program, &path, "request-changes", &[("note", "Say more.")]).await;
        assert_eq!(states(&said), ("changes_requested", "never"));
        take(&mut eda, &program, &path, "submit", &[]).await;
        let said = take(&mut rita, &program, &path, "approve", &[]).await;
        assert_eq!(states(&said), ("approved", "never"));
        let at = [("action", "publish"), ("at", "2026-11-24T09:00")];
        let said = take(&mut ada, &program, &path, "schedule", &at).await;
        assert_eq!(said["schedule"]["at"], "2026-11-24T09:00:00Z");
        let said = take(&mut ada, &program, &path, "unschedule", &[]).await;
        assert_eq!(said["schedule"], Value::Null);
        program.step(&path, "publish", &json!({})).await.ok();
        let said = take(&mut ada, &program, &path, "confirm", &[("review_by", "2027-05-01")]).await;
        assert_eq!((&said["review_by"], &said["last_reviewed_on"]), (&json!("2027-05-01"), &json!("2026-11-22")));
        let said = take(&mut ada, &program, &path, "withdraw", &[("explanation", "The rules changed.")]).await;
        assert_eq!(states(&said), ("none", "withdrawn"));
        let said = take(&mut ada, &program, &path, "reinstate", &[]).await;
        assert_eq!(states(&said), ("none", "live"));
        let said = take(&mut ada, &program, &path, "unpublish", &[("decision", "gone"), ("explanation", "")]).await;
        assert_eq!(states(&said), ("none", "unpublished"));
        program.save(&path, &titled("Hospital porter")).await.ok();
        let said = take(&mut eda, &program, &path, "discard", &[]).await;
        assert_eq!(states(&said), ("none", "unpublished"));
        let said = take(&mut ada, &program, &path, "trash", &[]).await;
        assert!(said["trashed_at"].is_string());
        let said = take(&mut ada, &program, &path, "untrash", &[]).await;
        assert_eq!(said["trashed_at"], Value::Null);
        take(&mut ada, &program, &path, "trash", &[]).await;
        let gone = ada.post(&format!("{}/purge", page_of(&path)), &[("version", "1")]).await;
        assert_eq!(gone.header("location"), format!("/admin/{collection}/trash"));
        program.get(&path).await.problem(404);
    }
}

#[tokio::test]
async fn an_old_version_is_restored_and_what_it_misses_is_said_first() {
    let Office { app: _app, program, mut ada, .. } = Office::open().await;
    let section = program.create("requirement-sections", &titled("Entry")).await;
    let path = program.create("role-pages", &embedding("Porter", &[&id_of(&section)])).await;
    program.save(&path, &titled("Porter")).await.ok();
    program.step(&section, "trash", &json!({})).await.ok();
    let address = format!("{}/restore", page_of(&path));
    let page = ada.page(&format!("{address}?version=1")).await;
    assert!(page.contains("is not there, or is in the trash"), "{page}");
    assert!(page.contains("Against what is there now (version 2)") && page.contains("Requirements added"), "{page}");
    let fields = [("version", "2"), ("restored", "1"), ("note", "As it was.")];
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    let versions = program.get(&format!("{path}/versions")).await.ok();
    assert_eq!(versions["data"][0]["door"], "restore");
    assert_eq!((&versions["data"][0]["version"], &versions["data"][0]["from_version"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn who_wrote_it_is_told_that_somebody_else_approves() {
    let Office { app, program, .. } = Office::open_with_reviews().await;
    let mut walt = app.signed_in("Walt", &[Role::Reviewer, Role::Editor]).await;
    let scopes = vec![Permission::ContentRead, Permission::ContentWrite];
    let key = NewKey { name: "test".to_owned(), owner: walt.user.unwrap(), scopes, expires_at: None };
    let key = api_keys::add(&app.system(), key).await.unwrap();
    let writer = Client { key: Some(key.secret), user: walt.user, ..app.nobody() };
    let path = writer.create("role-pages", &titled("Porter")).await;
    writer.step(&path, "submit", &json!({})).await.ok();
    let address = format!("{}/approve", page_of(&path));
    let page = walt.page(&address).await;
    assert!(page.contains("Somebody else has to approve this"), "{page}");
    assert!(!page.contains("name=\"note\""), "there is no form to fill in");
    let refused = walt.post(&address, &[("version", "1"), ("note", "Mine.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Somebody else has to approve this"));
    assert_eq!(states(&program.get(&path).await.ok()).0, "in_review");
}

#[tokio::test]
async fn a_step_on_what_changed_meanwhile_shows_the_change_and_keeps_what_was_typed() {
    let Office { app: _app, program, mut ada, .. } = Office::open().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    program.save(&path, &titled("Hospital porter")).await.ok();
    let address = format!("{}/withdraw", page_of(&path));
    let answer = ada.post(&address, &[("version", "1"), ("explanation", "The rules changed.")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("This changed while you were looking at it") && page.contains("by Setup"), "{page}");
    assert!(page.contains("Title changed") && page.contains("Hospital"), "{page}");
    assert!(page.contains("The rules changed.") && page.contains("name=\"version\" value=\"2\""), "{page}");
    assert_eq!(states(&program.get(&path).await.ok()).1, "live", "nothing was done");
}

#[tokio::test]
async fn what_is_missing_is_said_at_its_field_and_what_was_typed_stays() {
    let Office { app: _app, program, mut ada, .. } = Office::open().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    let child = program.create("role-pages", &below("Ward porter", &id_of(&path))).await;
    program.step(&child, "publish", &json!({})).await.ok();
    let admin = page_of(&path);
    let refused = ada.post(&format!("{admin}/withdraw"), &[("version", "1"), ("explanation", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("href=\"#f-explanation\"") && page.contains("<title>Error: "), "{page}");
    let fields = [("version", "1"), ("decision", "redirect"), ("redirect_address", "nowhere")];
    let refused = ada.post(&format!("{admin}/unpublish"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"nowhere\"") && refused.text().contains("The target is a live document"));
    let refused = ada.post(&format!("{admin}/unpublish"), &[("version", "1"), ("decision", "gone")]).await;
    assert!(refused.text().contains("Ward porter"), "{}", refused.text());
    let late = [("version", "1"), ("action", "unpublish"), ("at", "soon"), ("decision", "gone")];
    let refused = ada.post(&format!("{admin}/schedule"), &late).await;
    assert!(refused.text().contains("a day and a time, in the zone Europe/London"), "{}", refused.text());
}

#[tokio::test]
async fn a_redirect_is_looked_for_by_title_and_enter_unpublishes_nothing() {
    let Office { app: _app, program, mut ada, .. } = Office::open().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    let other = program.publish_new("role-pages", &titled("Ward assistant")).await;
    let address = format!("{}/unpublish", page_of(&path));
    let form = ada.page(&address).await;
    let first = form.split("<form class=\"stack\" method=\"post\" action=\"/admin/role-pages").nth(1).unwrap();
    assert!(first.split("<button").nth(1).unwrap().starts_with(" class=\"button\" name=\"search\""), "{first}");
    let fields = [("version", "1"), ("find", "ward"), ("search", "true"), ("explanation", "It closed.")];
    let found = ada.post(&address, &fields).await;
    assert_eq!(found.status, StatusCode::OK);
    let page = found.text();
    assert!(page.contains(&format!("value=\"{}\"", id_of(&other))) && page.contains("It closed."), "{page}");
    let target = id_of(&other);
    let fields = [("version", "1"), ("find", "ward"), ("decision", "redirect"), ("redirect_to", target.as_str())];
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(states(&program.get(&path).await.ok()).1, "unpublished");
}

#[tokio::test]
async fn a_schedule_in_summer_means_the_clock_of_the_site() {
    let Office { app: _app, program, mut ada, .. } = Office::open().await;
    let path = program.create("role-pages", &summed(titled("Porter"))).await;
    let fields = [("action", "publish"), ("at", "2027-07-01T09:00"), ("note", "For summer.")];
    let said = take(&mut ada, &program, &path, "schedule", &fields).await;
    assert_eq!(said["schedule"]["at"], "2027-07-01T08:00:00Z");
    let page = ada.page(&format!("{}/schedule", page_of(&path))).await;
    assert!(page.contains("Thursday 1 July 2027, 09:00, London time"), "{page}");
}

#[tokio::test]
async fn an_owner_and_a_review_date_are_set_beside_the_content() {
    let Office { app: _app, program, mut eda, .. } = Office::open().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let owner = eda.user.unwrap().to_string();
    let fields = [("owner", owner.as_str()), ("review_by", "2027-01-31")];
    let said = take(&mut eda, &program, &path, "ownership", &fields).await;
    assert_eq!((&said["owner"]["name"], &said["review_by"]), (&json!("Eda"), &json!("2027-01-31")));
    assert_eq!(said["version"], 1);
    let said = take(&mut eda, &program, &path, "ownership", &[("owner", ""), ("review_by", "")]).await;
    assert_eq!((&said["owner"], &said["review_by"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_head_offers_what_is_possible_and_says_what_is_not_yet() {
    let Office { app: _app, program, mut ada, mut eda, .. } = Office::open_with_reviews().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let address = format!("{}/ownership", page_of(&path));
    let page = eda.page(&address).await;
    assert!(page.contains("/submit\" data-dialog>Submit for review…") && !page.contains("/publish\""), "{page}");
    let page = ada.page(&address).await;
    assert!(page.contains("The draft has to be approved before it is published."), "{page}");
    assert!(page.contains("/publish\" data-dialog>Publish without a review…"), "{page}");
}
