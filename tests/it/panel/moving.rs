//! *Move to…*: a section, a block, a way in or a requirement goes to any place where it can stand, without a script.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{Browser, html::fields_of, html::with, lists::without_review};
use crate::support::{Client, TestApp};

async fn both() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    without_review(&app).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let bo = app.signed_in("Bo", &[Role::Publisher]).await;
    (app, pat, bo)
}

fn page() -> Value {
    let text = |words: &str| json!({ "kind": "text", "markdown": words });
    json!({ "content": { "title": "Porter", "sections": [
        { "heading": "Working life", "blocks": [text("Early."), text("Late.")] },
        { "heading": "Pay", "blocks": [text("Band 2.")] },
        { "heading": "Photo", "blocks": [] },
    ] } })
}

fn section() -> Value {
    json!({ "content": { "title": "Needs",
        "requirements": { "kind": "group", "rule": "all_of", "items": [
            { "kind": "requirement", "text": "a licence" },
            { "kind": "group", "rule": "one_of", "lead_in": "One of these:", "items": [
                { "kind": "requirement", "text": "two A levels" } ] } ] },
        "routes": [
            { "kind": "work", "heading": "As a porter", "requirements": { "kind": "group", "rule": "all_of", "items": [] } },
            { "kind": "direct" } ],
    } })
}

async fn content(pat: &Client, path: &str) -> Value {
    pat.get(path).await.ok()["content"].clone()
}

/// Presses *Move to…* in the editor and answers the page that it leads to.
async fn press(bo: &mut Browser, editor: &str, at: &str, typed: &[(&str, &str)]) -> String {
    let page = bo.page(editor).await;
    let pressed = format!("place:{at}");
    assert!(page.contains(&format!("value=\"{pressed}\"")), "{pressed}: {page}");
    let mut fields = fields_of(&page, "id=\"editor\"");
    for (name, value) in typed {
        fields = with(fields, name, value);
    }
    fields.push(("op".to_owned(), pressed));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = bo.post(editor, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    bo.page(answer.header("location")).await
}

fn ids(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_block_goes_into_another_section_and_a_section_to_another_place() {
    let (_app, pat, mut bo) = both().await;
    let path = pat.create("role-pages", &page()).await;
    let editor = path.replace("/manage/v1", "/admin");
    let before = content(&pat, &path).await;
    let moved = before["sections"][0]["blocks"][1].clone();
    let at = "/content/sections/0/blocks/1";
    let places = press(&mut bo, &editor, at, &[("/content/title", "Hospital porter")]).await;
    assert_eq!(content(&pat, &path).await["title"], "Hospital porter", "what was typed is saved first");
    for part in ["“Text: Late.”", "2. Pay", "After 1. Text: Band 2.", "3. Photo", "/content/sections/2/blocks/0\""]
    {
        assert!(places.contains(part), "{part}: {places}");
    }
    assert!(!places.contains("value=\"/content/sections/0/blocks/1\" "), "where it stands is no place to go: {places}");
    let target = format!("{editor}/move");
    let none = bo.post(&target, &[("at", at), ("version", "2")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choose where it is to stand.") && none.text().contains("href=\"#f-place\""));
    let fields = [("at", at), ("version", "2"), ("place", "/content/sections/1/blocks/0")];
    let answer = bo.post(&target, &fields).await;
    assert_eq!(answer.header("location"), format!("{editor}#{}", moved["id"].as_str().unwrap()), "{}", answer.text());
    let now = content(&pat, &path).await;
    assert_eq!(now["sections"][1]["blocks"][0], moved, "it is the same with the same id");
    assert_eq!(now["sections"][0]["blocks"].as_array().unwrap().len(), 1);
    let said = bo.page(&editor).await;
    assert!(said.contains("Moved. Saved as version 3.") && said.contains("restore?version=2&amp;since=3"), "{said}");

    // Sent once more, it starts from a version that is not shown any more; nothing moves by accident.
    let late = [("at", "/content/sections/1/blocks/0"), ("version", "2"), ("place", "/content/sections/2/blocks/0")];
    let stale = bo.post(&target, &late).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.text().contains("Somebody saved version 3 meanwhile"), "{}", stale.text());

    let places = press(&mut bo, &editor, "/content/sections/2", &[]).await;
    assert!(places.contains("At the beginning") && places.contains("After 1. Working life"), "{places}");
    let fields = [("at", "/content/sections/2"), ("version", "3"), ("place", "/content/sections/0")];
    bo.submit(&target, &fields).await;
    let after = content(&pat, &path).await;
    let (old, new) = (ids(&before["sections"]), ids(&after["sections"]));
    assert_eq!(new, [old[2], old[0], old[1]]);
}

#[tokio::test]
async fn a_requirement_goes_to_another_group_and_to_another_way_in() {
    let (_app, pat, mut bo) = both().await;
    let path = pat.create("requirement-sections", &section()).await;
    let editor = path.replace("/manage/v1", "/admin");
    let before = content(&pat, &path).await;
    let licence = before["requirements"]["items"][0].clone();
    let places = press(&mut bo, &editor, "/content/requirements/items/0", &[]).await;
    for part in [
        "This moves “a licence” with",
        "Group of what holds whichever way in",
        "Group 2 of what holds whichever way in, “One of these:”",
        "Group of “As a porter”",
        "After 1. “two A levels”",
        "As its only requirement",
    ] {
        assert!(places.contains(part), "{part}: {places}");
    }
    let target = format!("{editor}/move");
    let into =
        [("at", "/content/requirements/items/0"), ("version", "1"), ("place", "/content/requirements/items/1/items/1")];
    let answer = bo.post(&target, &into).await;
    assert_eq!(answer.header("location"), format!("{editor}#{}", licence["id"].as_str().unwrap()), "{}", answer.text());
    let now = content(&pat, &path).await;
    assert_eq!(now["requirements"]["items"][0]["items"][1], licence);
    // The whole group goes to a way in that has no requirements yet.
    let group = now["requirements"]["items"][0].clone();
    let away = [("at", "/content/requirements/items/0"), ("version", "2"), ("place", "/content/routes/1/requirements")];
    bo.submit(&target, &away).await;
    let now = content(&pat, &path).await;
    assert_eq!(now["routes"][1]["requirements"], group);
    assert_eq!(now["requirements"]["items"], json!([]));
    // Nothing goes into itself, nor to where nothing of its sort can stand.
    for place in ["/content/routes/1/requirements/items/0/items/0", "/content/routes/0", "/content/title", "/slug"] {
        let fields = [("at", "/content/routes/1/requirements/items/0"), ("version", "3"), ("place", place)];
        assert_eq!(bo.post(&target, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
    }
    for at in ["", "/content/title", "/content/requirements", "/content/routes/7", "/content/requirements/items/0"] {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", at).finish();
        assert_eq!(bo.get(&format!("{target}?{query}")).await.status, StatusCode::NOT_FOUND, "{at}");
        assert_eq!(bo.post(&target, &[("at", at), ("version", "3")]).await.status, StatusCode::NOT_FOUND, "{at}");
    }
    assert_eq!(pat.get(&path).await.ok()["version"], 3);
}
