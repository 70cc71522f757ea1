//! What leaves: unpublished, discarded, restored, trashed, purged.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{in_an_hour, states};
use crate::support::{
    TestApp,
    drafts::{COLLECTIONS, below, embedding, titled},
    id_of, pointers,
};

#[tokio::test]
async fn unpublishing_says_what_becomes_of_the_address() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let public = app.nobody();
    let mut paths = Vec::new();
    for title in ["Old", "Older", "Oldest", "New"] {
        paths.push(pat.publish_new("role-pages", &titled(title)).await);
    }
    let missing = pat.step(&paths[0], "unpublish", &json!({})).await.problem(422);
    assert_eq!(pointers(&missing), ["/decision"]);
    for target in [json!(null), json!("/old"), json!("/nowhere"), json!("ftp://example.org"), json!(id_of(&paths[0]))] {
        let body = json!({ "decision": "redirect", "redirect_to": target });
        assert_eq!(pointers(&pat.step(&paths[0], "unpublish", &body).await.problem(422)), ["/redirect_to"], "{target}");
    }
    let superfluous = json!({ "decision": "gone", "redirect_to": "/new" });
    assert_eq!(pointers(&pat.step(&paths[1], "unpublish", &superfluous).await.problem(422)), ["/redirect_to"]);

    pat.step(&paths[0], "unpublish", &json!({ "decision": "redirect", "redirect_to": "/new" })).await.ok();
    let moved = public.get("/api/v1/content/old").await;
    assert_eq!((moved.status, moved.header("location")), (StatusCode::MOVED_PERMANENTLY, "/api/v1/content/new"));
    assert_eq!(moved.json(), json!({ "location": "/new" }));
    pat.step(&paths[1], "unpublish", &json!({ "decision": "gone", "explanation": "There are none any more." }))
        .await
        .ok();
    assert_eq!(public.get("/api/v1/content/older").await.problem(410)["explanation"], "There are none any more.");
    pat.step(&paths[2], "unpublish", &json!({ "decision": "hidden" })).await.ok();
    public.get("/api/v1/content/oldest").await.problem(404);
    for path in &paths[..3] {
        public.get(&format!("/api/v1/role-pages/{}", id_of(path))).await.problem(404);
    }
}

#[tokio::test]
async fn a_document_with_live_children_is_unpublished_only_if_something_is_said_about_them() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let top = pat.publish_new("role-pages", &titled("Top")).await;
    let middle = pat.publish_new("role-pages", &below("Middle", &id_of(&top))).await;
    let low = pat.publish_new("requirement-sections", &below("Low", &id_of(&middle))).await;
    for body in [json!({ "decision": "gone" }), json!({ "decision": "gone", "children": "refuse" })] {
        let problem = pat.step(&top, "unpublish", &body).await.problem(409);
        assert_eq!(problem["type"], "/problems/live-children");
        assert_eq!(pointers(&problem), ["/children", "/children"]);
        assert!(
            problem["errors"].to_string().contains(&id_of(&middle))
                && problem["errors"].to_string().contains(&id_of(&low))
        );
    }
    let inside = json!({ "decision": "redirect", "redirect_to": id_of(&low), "children": "unpublish" });
    assert_eq!(pointers(&pat.step(&top, "unpublish", &inside).await.problem(422)), ["/redirect_to"]);
    pat.step(&top, "unpublish", &json!({ "decision": "gone", "children": "unpublish" })).await.ok();
    for (document, address) in [(&top, "top"), (&middle, "top/middle"), (&low, "top/middle/low")] {
        assert_eq!(states(&pat.get(document).await.ok()), ("none", "unpublished"));
        app.nobody().get(&format!("/api/v1/content/{address}")).await.problem(410);
    }
    assert_eq!(pat.step(&low, "publish", &json!({})).await.problem(409)["type"], "/problems/parent-not-live");
    let all = [&low, &middle, &top].map(|path| json!({ "id": id_of(path), "version": 1 }));
    pat.post("/manage/v1/publish", &json!({ "documents": all })).await.ok();
    assert_eq!(app.nobody().get("/api/v1/content/top/middle/low").await.ok()["title"], "Low");
}

#[tokio::test]
async fn what_live_pages_embed_is_not_taken_away() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let page = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    for (step, body) in [("unpublish", json!({ "decision": "gone" })), ("trash", json!({}))] {
        let problem = pat.step(&section, step, &body).await.problem(409);
        assert_eq!(problem["type"], "/problems/embedded", "{step}");
        assert!(problem["errors"].to_string().contains(&id_of(&page)), "{step}: {problem}");
    }
    pat.save(&page, &titled("Driver")).await.ok();
    pat.step(&section, "unpublish", &json!({ "decision": "gone" })).await.problem(409);
    pat.step(&page, "publish", &json!({})).await.ok();
    pat.step(&section, "unpublish", &json!({ "decision": "gone" })).await.ok();
}

#[tokio::test]
async fn a_draft_is_given_up_without_losing_its_history() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.publish_new(collection, &titled("Live words")).await;
        pat.save(&path, &titled("Better words")).await.ok();
        let discarded = pat.step(&path, "discard", &json!({})).await.ok();
        assert_eq!((states(&discarded), &discarded["version"]), (("none", "live"), &json!(1)));
        assert_eq!(discarded["content"]["title"], "Live words");
        assert_eq!(discarded["latest_version"], 2);
        pat.step(&path, "discard", &json!({})).await.problem(409);
        assert_eq!(pat.get(&format!("{path}/versions/2")).await.ok()["content"]["title"], "Better words");
        let saved = pat.save(&path, &titled("Best words")).await.ok();
        assert_eq!(saved["version"], 3, "no number is used twice");

        let never = pat.create(collection, &titled("Never live")).await;
        let discarded = pat.step(&never, "discard", &json!({})).await.ok();
        assert_eq!((states(&discarded), &discarded["version"]), (("none", "never"), &json!(1)));
    }
}

#[tokio::test]
async fn an_old_version_is_restored_as_a_new_one() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.publish_new(collection, &titled("First words")).await;
        pat.save(&path, &json!({ "slug": "second", "content": { "title": "Second words" } })).await.ok();
        let restored = pat.step(&path, "restore", &json!({ "version": 1, "note": "It was better." })).await.ok();
        assert_eq!((states(&restored), &restored["version"]), (("draft", "live"), &json!(3)));
        assert_eq!((&restored["content"]["title"], &restored["slug"]), (&json!("First words"), &json!("first-words")));
        let version = pat.get(&format!("{path}/versions/3")).await.ok();
        assert_eq!(
            (&version["from_version"], &version["door"], &version["note"]),
            (&json!(1), &json!("restore"), &json!("It was better."))
        );
        let first = pat.get(&format!("{path}/versions/1")).await.ok();
        assert_eq!(version["content_hash"], first["content_hash"]);
        pat.step(&path, "restore", &json!({ "version": 9 })).await.problem(404);
        assert_eq!(pointers(&pat.step(&path, "restore", &json!({})).await.problem(422)), ["/version"]);
    }
}

#[tokio::test]
async fn the_trash_gives_back_what_was_put_in_and_purging_leaves_only_events() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let ada = app.administrator().await;
        let path = ada.publish_new(collection, &titled("Porter")).await;
        assert_eq!(ada.step(&path, "trash", &json!({})).await.problem(409)["type"], "/problems/still-live");
        ada.step(&path, "unpublish", &json!({ "decision": "gone" })).await.ok();
        let saved = ada.save(&path, &titled("Hospital porter")).await.ok();
        ada.step(&path, "schedule", &in_an_hour()).await.ok();
        let trashed = ada.step(&path, "trash", &json!({})).await.ok();
        assert!(trashed["trashed_at"].is_string());
        assert_eq!(trashed["schedule"], Value::Null);
        assert_eq!(ada.get(&format!("/manage/v1/{collection}")).await.ok()["total"], 0);
        assert_eq!(ada.get(&format!("/manage/v1/{collection}?trashed=true")).await.ok()["total"], 1);
        assert_eq!(ada.save(&path, &titled("Night porter")).await.problem(409)["type"], "/problems/in-trash");
        for (step, body) in
            [("publish", json!({})), ("submit", json!({})), ("discard", json!({})), ("trash", json!({}))]
        {
            assert_eq!(ada.step(&path, step, &body).await.problem(409)["type"], "/problems/in-trash", "{step}");
        }
        let back = ada.step(&path, "untrash", &json!({})).await.ok();
        for key in
            ["draft_state", "live_state", "draft_version", "live_version", "version", "content", "slug", "authors"]
        {
            assert_eq!(back[key], saved[key], "{key}");
        }
        ada.step(&path, "trash", &json!({})).await.ok();
        let purged = ada.step(&path, "purge", &json!({})).await;
        assert_eq!(purged.status, StatusCode::NO_CONTENT, "{purged:?}");
        for address in ["", "/versions", "/versions/1", "/events", "/publications", "/used-by"] {
            ada.get(&format!("{path}{address}")).await.problem(404);
        }
        let log = ada.get("/manage/v1/events?limit=100").await.ok();
        let about = log["data"].as_array().unwrap().iter().filter(|event| event["document"] == id_of(&path));
        let kinds: Vec<&str> = about.map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!((kinds[0], kinds.last().copied()), ("document_purged", Some("document_created")));
        app.nobody().get("/api/v1/content/porter").await.problem(410);
        let again = ada.publish_new(collection, &titled("Porter")).await;
        assert_eq!(app.nobody().get("/api/v1/content/porter").await.ok()["id"], id_of(&again));
    }
}

#[tokio::test]
async fn what_others_refer_to_is_not_purged() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let section = ada.create("requirement-sections", &titled("Driving")).await;
    let page = ada.create("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    ada.step(&section, "trash", &json!({})).await.ok();
    let problem = ada.step(&section, "purge", &json!({})).await.problem(409);
    assert_eq!(problem["type"], "/problems/still-used");
    assert!(problem["errors"].to_string().contains(&id_of(&page)));
    ada.save(&page, &titled("Driver")).await.ok();
    assert_eq!(ada.step(&section, "purge", &json!({})).await.status, StatusCode::NO_CONTENT);

    let parent = ada.create("role-pages", &titled("Parent")).await;
    let child = ada.create("role-pages", &below("Child", &id_of(&parent))).await;
    ada.step(&parent, "trash", &json!({})).await.ok();
    assert!(ada.step(&parent, "purge", &json!({})).await.problem(409)["errors"].to_string().contains(&id_of(&child)));
}
