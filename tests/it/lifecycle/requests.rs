//! Requests on documents: each step names what was seen, and the same request twice happens once.

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::json;

use super::{history, in_an_hour, post_with_key};
use crate::support::{
    TestApp,
    drafts::{COLLECTIONS, embedding, titled},
    id_of,
};

#[tokio::test]
async fn every_step_names_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    for collection in COLLECTIONS {
        let path = ada.create(collection, &titled("First words")).await;
        ada.save(&path, &titled("Second words")).await.ok();
        let current = ada.get(&path).await.ok();
        for (step, body) in [
            ("submit", json!({})),
            ("approve", json!({})),
            ("request-changes", json!({ "note": "Say more." })),
            ("publish", json!({})),
            ("force-publish", json!({ "reason": "It can't wait any longer." })),
            ("schedule", in_an_hour()),
            ("unschedule", json!({})),
            ("confirm", json!({})),
            ("withdraw", json!({ "explanation": "Wrong." })),
            ("reinstate", json!({})),
            ("unpublish", json!({ "decision": "gone" })),
            ("discard", json!({})),
            ("restore", json!({ "version": 1 })),
            ("trash", json!({})),
            ("untrash", json!({})),
            ("purge", json!({})),
        ] {
            ada.post(&format!("{path}/{step}"), &body).await.problem(428);
            let stale = ada.at(Method::POST, &format!("{path}/{step}"), 1, &body).await;
            let problem = stale.problem(412);
            assert_eq!(stale.header("etag"), "\"2\"", "{step}");
            assert_eq!((&problem["version"], &problem["current"]), (&json!(2), &current), "{step}");
            assert!(problem.get("merged").is_none(), "{step}");
            let ahead = ada.at(Method::POST, &format!("{path}/{step}"), 3, &body).await.problem(412);
            assert_eq!(ahead["current"], current, "{step}");
        }
        let stale = json!({ "documents": [{ "id": id_of(&path), "version": 1 }] });
        assert_eq!(ada.post("/manage/v1/publish", &stale).await.problem(412)["current"], current);
        for wrong in ["3", "W/\"3\"", "\"x\"", "*"] {
            let headers = [("if-match", wrong)];
            ada.send(Method::POST, &format!("{path}/publish"), &headers, "").await.problem(400);
        }
        assert_eq!(history(&ada, &path).await, ["document_created", "document_saved"]);
    }
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer_and_happens_once() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "make-1")];
    let body = titled("Porter").to_string();
    let made = pat.send(Method::POST, "/manage/v1/role-pages", &headers, body.clone()).await;
    let again = pat.send(Method::POST, "/manage/v1/role-pages", &headers, body).await;
    assert_eq!((made.status, &made.body), (again.status, &again.body));
    assert_eq!(made.header("location"), again.header("location"));
    assert_eq!(pat.get("/manage/v1/role-pages").await.ok()["total"], 1);
    let path = made.header("location").to_owned();

    let step = format!("{path}/publish");
    let published = post_with_key(&pat, &step, 1, "publish-1", &json!({ "note": "First." })).await;
    published.ok();
    app.clock.advance(Timestamp::HOUR);
    pat.save(&path, &titled("Hospital porter")).await.ok();
    let again = post_with_key(&pat, &step, 1, "publish-1", &json!({ "note": "First." })).await;
    assert_eq!((published.status, &published.body), (again.status, &again.body));
    assert_eq!(published.header("etag"), again.header("etag"));
    assert_eq!(history(&pat, &path).await, ["document_created", "document_published", "document_saved"]);

    for (version, body) in [(1, json!({ "note": "Second." })), (2, json!({ "note": "First." }))] {
        let problem = post_with_key(&pat, &step, version, "publish-1", &body).await.problem(422);
        assert_eq!(problem["errors"][0]["code"], "idempotency-key-reused");
    }
    let other = app.person("Pia", &[Role::Publisher]).await;
    post_with_key(&other, &step, 1, "publish-1", &json!({ "note": "First." })).await.problem(412);
    app.clock.advance(Timestamp::DAY);
    let forgotten = post_with_key(&pat, &step, 1, "publish-1", &json!({ "note": "First." })).await;
    forgotten.problem(412);
}

#[tokio::test]
async fn a_request_that_failed_can_be_sent_again_with_its_key() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let section = pat.create("requirement-sections", &titled("Driving")).await;
    let path = pat.create("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    let step = format!("{path}/publish");
    post_with_key(&pat, &step, 1, "one", &json!({})).await.problem(409);
    pat.step(&section, "publish", &json!({})).await.ok();
    post_with_key(&pat, &step, 1, "one", &json!({})).await.ok();
}

#[tokio::test]
async fn the_same_request_twice_at_the_same_time_happens_once() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let empty = json!({});
    for number in 0..20 {
        let key = format!("make-{number}");
        let body = titled(&format!("Porter {number}")).to_string();
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let (first, second) = tokio::join!(
            pat.send(Method::POST, "/manage/v1/role-pages", &headers, body.clone()),
            pat.send(Method::POST, "/manage/v1/role-pages", &headers, body.clone()),
        );
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED), "{first:?} {second:?}");
        assert_eq!(first.body, second.body);
        let path = first.header("location").to_owned();
        let step = format!("{path}/publish");
        let key = format!("publish-{number}");
        let (first, second) =
            tokio::join!(post_with_key(&pat, &step, 1, &key, &empty), post_with_key(&pat, &step, 1, &key, &empty),);
        assert_eq!(first.ok(), second.ok());
        assert_eq!(history(&pat, &path).await, ["document_created", "document_published"]);
    }
    assert_eq!(pat.get("/manage/v1/role-pages").await.ok()["total"], 20);
}
