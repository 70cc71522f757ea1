//! Documents through the management door: what is written is kept, what is wrong is named.

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::{TestApp, id_of, pointers};

/// The example documents, as whoever posts them would: `@slug` replaced by ids.
pub fn example(text: &str, ids: &[(&str, &str)]) -> Value {
    let mut text = text.to_owned();
    for (slug, id) in ids {
        text = text.replace(&format!("@{slug}"), id);
    }
    serde_json::from_str(&text).unwrap()
}

pub const ROLE_PAGE: &str = include_str!("examples/role-page.json");
pub const REQUIREMENT_SECTION: &str = include_str!("examples/requirement-section.json");

#[tokio::test]
async fn the_example_documents_are_accepted_as_they_stand() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let section = editor.create("requirement-sections", &example(REQUIREMENT_SECTION, &[])).await;
    let ids = [("entry-requirements-ict", id_of(&section))];
    let ids: Vec<(&str, &str)> = ids.iter().map(|(slug, id)| (*slug, id.as_str())).collect();
    let page = editor.create("role-pages", &example(ROLE_PAGE, &ids)).await;
    let shown = editor.get(&page).await;
    assert_eq!(shown.header("etag"), "\"1\"");
    let document = shown.ok();
    assert_eq!(document["slug"], "information-and-communication-technology");
    assert_eq!(document["draft_state"], "draft");
    assert_eq!(document["live_state"], "never");
    assert_eq!(document["content"]["sections"][1]["blocks"][0]["roles"].as_array().unwrap().len(), 5);
    assert!(document["content"]["sections"][0]["id"].is_string());
    let must_fix = document["checks"].as_array().unwrap().iter().filter(|check| check["severity"] == "must-fix");
    assert_eq!(must_fix.count(), 0, "{}", document["checks"]);
}

#[tokio::test]
async fn every_fault_is_named_with_its_pointer_and_nothing_is_written() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let body = json!({ "content": {
        "title": "X", "titel": "Y", "title_article": "the", "sections": [
            { "blocks": [{ "kind": "text", "markdown": "a" }, { "kind": "vidoe" }], "display": 3 }
        ],
    }, "colour": "red" });
    let problem = editor.post("/manage/v1/role-pages", &body).await.problem(422);
    let mut found = pointers(&problem);
    found.sort();
    let expected = [
        "/colour",
        "/content/sections/0/blocks/1/kind",
        "/content/sections/0/display",
        "/content/titel",
        "/content/title_article",
    ];
    assert_eq!(found, expected);
    assert_eq!(problem["detail"], "5 parts of the content can't be accepted.");
    assert_eq!(editor.get("/manage/v1/role-pages").await.ok()["total"], 0);
}

#[tokio::test]
async fn a_save_names_the_version_that_it_started_from() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let path = editor.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let body = json!({ "content": { "title": "Hospital porter" } });
    editor.send(Method::PUT, &path, &[("content-type", "application/json")], body.to_string()).await.problem(428);
    let saved = editor.at(Method::PUT, &path, 1, &body).await;
    assert_eq!(saved.header("etag"), "\"2\"");
    assert_eq!(saved.ok()["slug"], "porter", "the slug stays unless another is sent");
    let unchanged = editor.save(&path, &json!({ "content": saved.json()["content"] })).await.ok();
    assert_eq!(unchanged["version"], 2, "a save that changes nothing makes no version");
    let stale = editor
        .at(Method::PUT, &path, 1, &json!({ "content": { "title": "Porter", "summary": "Moves things." } }))
        .await;
    let problem = stale.problem(412);
    assert_eq!(problem["version"], 2);
    assert_eq!(problem["merged"]["content"]["title"], "Hospital porter");
    assert_eq!(problem["merged"]["content"]["summary"], "Moves things.");
    let clash = editor.at(Method::PUT, &path, 1, &json!({ "content": { "title": "Night porter" } })).await.problem(412);
    assert_eq!(clash["merged"], Value::Null);
    let expected = json!([{ "pointer": "/content/title", "base": "Porter", "theirs": "Hospital porter", "yours": "Night porter" }]);
    assert_eq!(clash["conflicts"], expected);
}

#[tokio::test]
async fn a_page_goes_live_with_its_section_and_its_json_is_served() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let section = publisher.create("requirement-sections", &example(REQUIREMENT_SECTION, &[])).await;
    let section_id = id_of(&section);
    let page = publisher.create("role-pages", &example(ROLE_PAGE, &[("entry-requirements-ict", &section_id)])).await;
    let refused = publisher.step(&page, "publish", &json!({})).await.problem(409);
    assert_eq!(refused["type"], "/problems/embeds-not-live");
    let together = json!({ "documents": [{ "id": id_of(&page), "version": 1 }, { "id": section_id, "version": 1 }] });
    publisher.post("/manage/v1/publish", &together).await.ok();
    let public = app.nobody();
    let served = public.get("/api/v1/role-pages/information-and-communication-technology").await;
    let json = served.ok();
    assert_eq!(json["path"], "/information-and-communication-technology");
    let embedded = &json["sections"][2]["blocks"][0]["requirement_section"];
    assert_eq!(embedded["slug"], "entry-requirements-ict");
    assert_eq!(embedded["routes"].as_array().unwrap().len(), 4);
    let again = public
        .send(
            Method::GET,
            "/api/v1/role-pages/information-and-communication-technology",
            &[("if-none-match", served.header("etag"))],
            "",
        )
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let section = public.get(&format!("/api/v1/requirement-sections/{section_id}")).await.ok();
    assert_eq!(section["used_by"][0]["id"], json["id"]);
}
