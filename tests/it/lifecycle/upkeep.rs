//! What is live stays right: confirmed, withdrawn, corrected.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::states;
use crate::support::{
    TestApp,
    drafts::{COLLECTIONS, embedding, titled},
    id_of, pointers,
};

#[tokio::test]
async fn what_is_still_correct_is_confirmed_without_a_version() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.publish_new(collection, &titled("Porter")).await;
        let wrong = json!({ "review_by": "soon" });
        assert_eq!(pointers(&pat.step(&path, "confirm", &wrong).await.problem(422)), ["/review_by"]);
        app.clock.advance(30 * Timestamp::DAY);
        let confirmed =
            pat.step(&path, "confirm", &json!({ "review_by": "2027-12-22", "note": "Rang them." })).await.ok();
        assert_eq!((&confirmed["version"], &confirmed["last_reviewed_on"]), (&json!(1), &json!("2026-12-22")));
        let public = app.nobody().get(&format!("/api/v1/{collection}/{}", id_of(&path))).await.ok();
        assert_eq!((&public["last_reviewed_on"], &public["review_by"]), (&json!("2026-12-22"), &json!("2027-12-22")));
        assert_eq!(public["published_at"], "2026-11-22T09:00:00Z");
        assert_eq!(public["updated_at"], "2026-12-22T09:00:00Z");
    }
}

#[tokio::test]
async fn review_dates_that_change_while_a_document_is_away_are_public_when_it_returns() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.publish_new("role-pages", &titled("Porter")).await;
    pat.step(&path, "confirm", &json!({ "review_by": "2027-01-01" })).await.ok();
    pat.step(&path, "unpublish", &json!({ "decision": "gone" })).await.ok();
    pat.at(Method::PATCH, &path, 1, &json!({ "review_by": "2028-01-01" })).await.ok();
    pat.step(&path, "publish", &json!({})).await.ok();
    assert_eq!(app.nobody().get("/api/v1/role-pages/porter").await.ok()["review_by"], "2028-01-01");
}

#[tokio::test]
async fn a_withdrawn_document_stays_with_its_notice_wherever_it_stands() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let page = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    assert_eq!(pointers(&pat.step(&section, "withdraw", &json!({})).await.problem(422)), ["/explanation"]);
    let explanation = json!({ "explanation": "The law changed on Monday." });
    let withdrawn = pat.step(&section, "withdraw", &explanation).await.ok();
    assert_eq!(
        (states(&withdrawn), &withdrawn["notice"]),
        (("none", "withdrawn"), &json!("The law changed on Monday."))
    );
    let public = app.nobody();
    let embedded = "/sections/0/blocks/0/requirement_section/notice";
    let shown = public.get("/api/v1/role-pages/driver").await.ok();
    assert_eq!(shown.pointer(embedded).unwrap(), "The law changed on Monday.");
    assert_eq!(shown["notice"], Value::Null);
    assert_eq!(public.get("/api/v1/requirement-sections/driving").await.ok()["notice"], "The law changed on Monday.");
    assert_eq!(public.get("/api/v1/requirement-sections").await.ok()["total"], 0, "it stands in no list");
    pat.step(&page, "withdraw", &json!({ "explanation": "So did this." })).await.ok();
    assert_eq!(public.get("/api/v1/content/driver").await.ok()["notice"], "So did this.");
    pat.step(&section, "reinstate", &json!({})).await.ok();
    let shown = public.get("/api/v1/role-pages/driver").await.ok();
    assert_eq!(shown.pointer(embedded).unwrap(), &Value::Null);
    pat.step(&page, "reinstate", &json!({})).await.ok();
    assert_eq!(public.get("/api/v1/content/driver").await.ok()["notice"], Value::Null);
}

#[tokio::test]
async fn a_corrected_version_replaces_a_withdrawn_one() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.publish_new("role-pages", &titled("Porter")).await;
    pat.step(&path, "withdraw", &json!({ "explanation": "Wrong." })).await.ok();
    pat.save(&path, &titled("Hospital porter")).await.ok();
    assert_eq!(states(&pat.step(&path, "publish", &json!({})).await.ok()), ("none", "live"));
    let public = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    assert_eq!((&public["notice"], &public["title"]), (&Value::Null, &json!("Hospital porter")));
}
