//! What can be done to a requirement section besides writing it: lines become requirements, a part moves into a section
//! of its own, a section is replaced by another.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{Browser, html::fields_of, html::with, lists::without_review};
use crate::support::{Client, TestApp, drafts::embedding, drafts::titled, id_of};

const TREE: &str = "/content/requirements";

async fn both() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    without_review(&app).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let bo = app.signed_in("Bo", &[Role::Publisher]).await;
    (app, pat, bo)
}

fn needs() -> Value {
    json!({ "content": {
        "title": "Needs",
        "requirements": { "kind": "group", "rule": "all_of", "items": [
            { "kind": "requirement", "text": "a licence", "necessity": "usually" },
            { "kind": "group", "rule": "one_of", "lead_in": "One of these:", "items": [
                { "kind": "requirement", "text": "two A levels" },
                { "kind": "requirement", "text": "a year at sea" } ] },
            { "kind": "section", "requirement_section": null } ] },
        "routes": [
            { "kind": "work", "heading": "Starting as a porter", "introduction": "Begin.", "requirements": { "kind": "requirement", "text": "be 18", "category": "age" } },
            { "kind": "direct" } ],
    } })
}

/// Presses a button of the editor and answers where it leads.
async fn press(bo: &mut Browser, path: &str, operation: &str, typed: &[(&str, &str)]) -> String {
    let page = bo.page(path).await;
    let mut fields = fields_of(&page, "id=\"editor\"");
    for (name, value) in typed {
        fields = with(fields, name, value);
    }
    fields.push(("op".to_owned(), operation.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = bo.post(path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.header("location").to_owned()
}

async fn content(pat: &Client, path: &str) -> Value {
    pat.get(path).await.ok()["content"].clone()
}

#[tokio::test]
async fn pasted_lines_are_looked_at_and_become_requirements_at_a_place() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &needs()).await;
    let path = format!("/admin/requirement-sections/{}", id_of(&section));
    assert!(bo.page(&path).await.contains(&format!("value=\"paste:{TREE}/items/1/items\"")));
    let lines = press(&mut bo, &path, &format!("paste:{TREE}/items"), &[("/content/title", "Needs now")]).await;
    assert_eq!(content(&pat, &section).await["title"], "Needs now", "what was typed is saved first");
    let page = bo.page(&lines).await;
    for part in
        ["At the beginning", "After 1. “a licence”", "After 2. the group “One of these:”", "Show what comes of them"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let at = format!("{TREE}/items");
    let pasted = "1. Be on time\r\n\r\n•  Like people\n- 2 A levels";
    let fields = [("at", at.as_str()), ("version", "2"), ("lines", pasted), ("after", "1")];
    let target = format!("{path}/lines");
    let preview = bo.post(&target, &fields).await;
    assert_eq!(preview.status, StatusCode::OK);
    let preview = preview.text();
    for part in ["3 requirements", "<li>Be on time</li>", "<li>Like people</li>", "<li>2 A levels</li>", "Add them"] {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    assert_eq!(pat.get(&section).await.ok()["version"], 2, "looking changes nothing");
    let adding = [fields.as_slice(), &[("step", "add")]].concat();
    let answer = bo.post(&target, &adding).await;
    let items = content(&pat, &section).await["requirements"]["items"].clone();
    let texts: Vec<&str> = items.as_array().unwrap().iter().filter_map(|item| item["text"].as_str()).collect();
    assert_eq!(texts, ["a licence", "Be on time", "Like people", "2 A levels"]);
    assert_eq!(answer.header("location"), format!("{path}#{}", items[1]["id"].as_str().unwrap()));
    let said = bo.page(&path).await;
    assert!(said.contains("3 requirements added. Saved as version 3."), "{said}");
    let undo = said.split("href=\"").find(|rest| rest.contains(">Undo…</a>")).unwrap();
    let undo = undo.split('"').next().unwrap().replace("&amp;", "&");
    assert_eq!(undo, format!("{path}/restore?version=2&since=3"));

    // Sent once more, it starts from a version that is not shown any more.
    let stale = bo.post(&target, &adding).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.text().contains("Somebody saved version 3 meanwhile") && stale.text().contains("Like people"));
    let empty = bo.post(&target, &[("at", &at), ("version", "3"), ("lines", " \n- \n"), ("step", "add")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Paste or type at least one line"), "{}", empty.text());
    let long = "x".repeat(1_001);
    let long = bo.post(&target, &[("at", &at), ("version", "3"), ("lines", &long), ("step", "add")]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text().contains("1001 characters") && long.text().contains("href=\"#f-lines\""), "{}", long.text());
    assert_eq!(pat.get(&section).await.ok()["version"], 3);

    // Taking it back makes a new version of the one before.
    assert!(bo.page(&undo).await.contains("Restore as a new draft"));
    bo.submit(&format!("{path}/restore"), &[("version", "3"), ("restored", "2")]).await;
    let now = pat.get(&section).await.ok();
    assert_eq!((&now["version"], now["content"]["requirements"]["items"].as_array().unwrap().len()), (&json!(4), 3));
    // By now something was saved since: then the way back leads by what would be lost with it.
    let late = bo.get(&undo).await;
    assert_eq!(
        (late.status, late.header("location")),
        (StatusCode::SEE_OTHER, &*format!("{path}/compare?from=2&to=4"))
    );
    assert!(bo.page(late.header("location")).await.contains("Version 4 was saved since."));
}

#[tokio::test]
async fn lines_begin_a_tree_where_there_is_none_and_go_nowhere_else() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &needs()).await;
    let path = format!("/admin/requirement-sections/{}", id_of(&section));
    let lines = press(&mut bo, &path, "paste:/content/routes/1/requirements", &[]).await;
    assert!(!bo.page(&lines).await.contains("Where they go"));
    let target = format!("{path}/lines");
    let fields = [("at", "/content/routes/1/requirements"), ("version", "1"), ("lines", "a\nb"), ("step", "add")];
    bo.submit(&target, &fields).await;
    let tree = content(&pat, &section).await["routes"][1]["requirements"].clone();
    assert_eq!((&tree["rule"], &tree["items"][1]["text"]), (&json!("all_of"), &json!("b")));
    for at in [
        "",
        "/content/title",
        "/content/requirements",
        "/content/requirements/items/0/items",
        "/content/routes",
        "/content/skills",
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", at).finish();
        assert_eq!(bo.get(&format!("{target}?{query}")).await.status, StatusCode::NOT_FOUND, "{at}");
        let sent = bo.post(&target, &[("at", at), ("version", "2"), ("lines", "a"), ("step", "add")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{at}");
    }
}

#[tokio::test]
async fn a_part_of_a_tree_moves_into_a_section_of_its_own() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &needs()).await;
    let path = format!("/admin/requirement-sections/{}", id_of(&section));
    let before = content(&pat, &section).await;
    let page = press(&mut bo, &path, &format!("split-off:{TREE}/items/1"), &[]).await;
    let page = bo.page(&page).await;
    assert!(page.contains("value=\"One of these\"") && page.contains("a year at sea"), "{page}");
    let at = format!("{TREE}/items/1");
    let target = format!("{path}/split");
    let untitled = bo.post(&target, &[("at", &at), ("version", "1"), ("title", " ")]).await;
    assert_eq!(untitled.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untitled.text().contains("Give the new section a title"), "{}", untitled.text());
    let answer = bo.post(&target, &[("at", &at), ("version", "1"), ("title", "Schooling")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let after = pat.get(&section).await.ok();
    let reference = &after["content"]["requirements"]["items"][1];
    assert_eq!((&after["version"], &reference["kind"]), (&json!(2), &json!("section")));
    assert_eq!(answer.header("location"), format!("{path}#{}", reference["id"].as_str().unwrap()));
    let new = format!("/manage/v1/requirement-sections/{}", reference["requirement_section"].as_str().unwrap());
    let made = pat.get(&new).await.ok();
    assert_eq!((&made["content"]["title"], &made["slug"]), (&json!("Schooling"), &json!("schooling")));
    assert_eq!(made["content"]["requirements"], before["requirements"]["items"][1], "what moves keeps its ids");
    let shown = bo.page(&path).await;
    assert!(
        shown.contains("Moved into “Schooling”")
            && shown.contains(&format!("/admin/requirement-sections/{}", id_of(&new)))
            && shown.contains("restore?version=1&amp;since=2\">Undo…</a>"),
        "{shown}"
    );
    let versions = pat.get(&format!("{section}/versions")).await.ok();
    assert_eq!(versions["data"][0]["note"], "A part moved to “Schooling”.");
    assert_eq!(pat.get(&format!("{new}/versions")).await.ok()["data"][0]["note"], "Split off from “Needs”.");
    let stale = bo.post(&target, &[("at", &at), ("version", "1"), ("title", "Again")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "what stands there is another section now: {}", stale.text());
}

#[tokio::test]
async fn a_way_in_moves_and_stands_in_full_and_what_cannot_move_is_refused() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &needs()).await;
    let path = format!("/admin/requirement-sections/{}", id_of(&section));
    let page = press(&mut bo, &path, "split-off:/content/routes/0", &[]).await;
    assert!(bo.page(&page).await.contains("value=\"Starting as a porter\""));
    let target = format!("{path}/split");
    let moved = [("at", "/content/routes/0"), ("version", "1"), ("title", "Porters first")];
    let answer = bo.post(&target, &moved).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let after = content(&pat, &section).await;
    assert_eq!(after["routes"].as_array().unwrap().len(), 1);
    let last = &after["sections"][0];
    assert_eq!(last["blocks"][0]["kind"], "requirements");
    assert_eq!(answer.header("location"), format!("{path}#{}", last["id"].as_str().unwrap()));
    let new = last["blocks"][0]["requirement_section"].as_str().unwrap();
    let made = content(&pat, &format!("/manage/v1/requirement-sections/{new}")).await;
    assert_eq!(made["routes"][0]["heading"], "Starting as a porter");
    assert_eq!(made["routes"][0]["requirements"]["text"], "be 18");
    let total = pat.get("/manage/v1/requirement-sections").await.ok()["total"].clone();
    let stale = bo.post(&target, &[("at", "/content/routes/0"), ("version", "1"), ("title", "Late")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.text().contains("Somebody saved meanwhile"), "{}", stale.text());
    for (at, status) in [
        ("/content/requirements/items/2", StatusCode::CONFLICT),
        ("/content/sections/0", StatusCode::NOT_FOUND),
        ("/content/title", StatusCode::NOT_FOUND),
        ("/content/routes/7", StatusCode::NOT_FOUND),
        ("", StatusCode::NOT_FOUND),
    ] {
        let sent = bo.post(&target, &[("at", at), ("version", "2"), ("title", "New")]).await;
        assert_eq!(sent.status, status, "{at}");
    }
    // Sections stand in one another three times at most: the fourth can't be split off, and nothing is left behind.
    let mut inner = pat.create("requirement-sections", &titled("Innermost")).await;
    for title in ["Second", "Third", "Fourth"] {
        let around = json!({ "content": { "title": title, "requirements": { "kind": "group", "items": [
            { "kind": "group", "items": [{ "kind": "section", "requirement_section": id_of(&inner) }] } ] } } });
        inner = pat.create("requirement-sections", &around).await;
    }
    let deep = format!("/admin/requirement-sections/{}/split", id_of(&inner));
    let refused = bo.post(&deep, &[("at", "/content/requirements/items/0"), ("version", "1"), ("title", "Deep")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("at most 3 times"), "{}", refused.text());
    let now = pat.get("/manage/v1/requirement-sections").await.ok()["total"].as_u64().unwrap();
    assert_eq!(now, total.as_u64().unwrap() + 4, "the section that was refused is not there");
}

#[tokio::test]
async fn the_way_to_replace_a_section_begins_where_its_uses_stand() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &titled("Basics")).await;
    pat.create("role-pages", &embedding("Porter", &[&id_of(&section)])).await;
    let address = format!("/admin/replace?what=section&amp;old={}", id_of(&section));
    for rest in ["", "/used-by"] {
        let page = bo.page(&format!("/admin/requirement-sections/{}{rest}", id_of(&section))).await;
        assert!(page.contains(&address), "{rest}: {page}");
    }
    let page = bo.page(&address.replace("&amp;", "&")).await;
    assert!(page.contains("1 place in 1 document") && page.contains("Search"), "{page}");
}
