//! The life of a document, step by step, through the management door.

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    drafts::{COLLECTIONS, titled},
};

mod leaving;
mod requests;
mod reviews;
mod schedules;
mod upkeep;

/// An administrator, a reviewer and an editor: enough people for reviews.
struct Office {
    app: TestApp,
    ada: Client,
    rita: Client,
    eda: Client,
}

impl Office {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let ada = app.administrator().await;
        let rita = app.person("Rita", &[Role::Reviewer]).await;
        let eda = app.person("Eda", &[Role::Editor]).await;
        Self { app, ada, rita, eda }
    }
}

fn states(document: &Value) -> (&str, &str) {
    (document["draft_state"].as_str().unwrap(), document["live_state"].as_str().unwrap())
}

/// The kinds of the events about a document, oldest first.
async fn history(client: &Client, path: &str) -> Vec<String> {
    let events = client.get(&format!("{path}/events?limit=100")).await.ok();
    let kinds = events["data"].as_array().unwrap().iter().rev();
    kinds.map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn changes(app: &TestApp) -> Vec<Value> {
    app.nobody().get("/api/v1/changes").await.ok()["data"].as_array().unwrap().clone()
}

async fn post_with_key(client: &Client, path: &str, version: i64, key: &str, body: &Value) -> Answer {
    let seen = format!("\"{version}\"");
    let headers = [("content-type", "application/json"), ("if-match", seen.as_str()), ("idempotency-key", key)];
    client.send(Method::POST, path, &headers, body.to_string()).await
}

fn in_an_hour() -> Value {
    json!({ "at": "2026-11-22T10:00:00Z" })
}

#[tokio::test]
async fn a_document_of_either_kind_goes_through_its_whole_life() {
    for collection in COLLECTIONS {
        let Office { app: _app, ada, rita, eda } = Office::open().await;
        let path = eda.create(collection, &titled("Porter")).await;
        let steps = [
            (&eda, "submit", json!({ "note": "Ready." }), ("in_review", "never")),
            (&rita, "request-changes", json!({ "note": "Say more." }), ("changes_requested", "never")),
            (&eda, "submit", json!({}), ("in_review", "never")),
            (&rita, "approve", json!({}), ("approved", "never")),
            (&ada, "schedule", in_an_hour(), ("approved", "never")),
            (&ada, "unschedule", json!({}), ("approved", "never")),
            (&ada, "publish", json!({}), ("none", "live")),
            (&ada, "confirm", json!({}), ("none", "live")),
            (&ada, "withdraw", json!({ "explanation": "The rules changed." }), ("none", "withdrawn")),
            (&ada, "reinstate", json!({}), ("none", "live")),
            (&ada, "unpublish", json!({ "decision": "gone" }), ("none", "unpublished")),
            (&ada, "trash", json!({}), ("none", "unpublished")),
            (&ada, "untrash", json!({}), ("none", "unpublished")),
            (&ada, "publish", json!({}), ("none", "live")),
        ];
        for (who, step, body, expected) in steps {
            let answer = who.step(&path, step, &body).await.ok();
            assert_eq!(states(&answer), expected, "{collection}: after {step}");
            assert_eq!(answer["version"], 1, "{collection}: {step} makes no version");
            assert_eq!(answer, eda.get(&path).await.ok(), "{collection}: {step} answers what is shown afterwards");
        }
        let saved = eda.save(&path, &titled("Hospital porter")).await.ok();
        assert_eq!(states(&saved), ("draft", "live"));
        assert_eq!(states(&eda.step(&path, "discard", &json!({})).await.ok()), ("none", "live"));
        let restored = eda.step(&path, "restore", &json!({ "version": 2 })).await.ok();
        assert_eq!((states(&restored), &restored["version"]), (("draft", "live"), &json!(3)));
        let expected = [
            "document_created",
            "document_submitted",
            "changes_requested",
            "document_submitted",
            "document_approved",
            "document_scheduled",
            "document_unscheduled",
            "document_published",
            "document_confirmed",
            "document_withdrawn",
            "document_reinstated",
            "document_unpublished",
            "document_trashed",
            "document_untrashed",
            "document_published",
            "document_saved",
            "draft_discarded",
            "document_restored",
        ];
        assert_eq!(history(&eda, &path).await, expected, "{collection}: one event a step");
    }
}

#[tokio::test]
async fn steps_that_do_not_fit_the_state_are_refused_and_change_nothing() {
    for collection in COLLECTIONS {
        let Office { app: _app, ada, rita, eda } = Office::open().await;
        let path = eda.create(collection, &titled("Porter")).await;
        for (who, step, body, code) in [
            (&rita, "approve", json!({}), "not-in-review"),
            (&rita, "request-changes", json!({ "note": "No." }), "not-in-review"),
            (&ada, "publish", json!({}), "not-approved"),
            (&ada, "schedule", in_an_hour(), "not-approved"),
            (
                &ada,
                "schedule",
                json!({ "at": "2026-11-22T10:00:00Z", "action": "unpublish", "decision": "gone" }),
                "not-live",
            ),
            (&ada, "unschedule", json!({}), "not-scheduled"),
            (&ada, "confirm", json!({}), "not-live"),
            (&ada, "withdraw", json!({ "explanation": "No." }), "not-live"),
            (&ada, "reinstate", json!({}), "not-withdrawn"),
            (&ada, "unpublish", json!({ "decision": "gone" }), "not-live"),
            (&ada, "untrash", json!({}), "not-in-trash"),
            (&ada, "purge", json!({}), "not-in-trash"),
        ] {
            let problem = who.step(&path, step, &body).await.problem(409);
            assert_eq!(problem["type"], format!("/problems/{code}"), "{collection}: {step}");
        }
        for (step, permission) in [
            ("approve", "content:review"),
            ("request-changes", "content:review"),
            ("publish", "content:publish"),
            ("schedule", "content:publish"),
            ("unschedule", "content:publish"),
            ("confirm", "content:publish"),
            ("withdraw", "content:publish"),
            ("reinstate", "content:publish"),
            ("unpublish", "content:publish"),
            ("force-publish", "content:force-publish"),
            ("trash", "content:trash"),
            ("untrash", "content:trash"),
            ("purge", "content:purge"),
        ] {
            let body = match step {
                "force-publish" => json!({ "reason": "It can't wait any longer." }),
                "schedule" => in_an_hour(),
                _ => json!({ "note": "Please.", "explanation": "Please.", "decision": "gone" }),
            };
            let answer = eda.step(&path, step, &body).await;
            if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                // Fields that the step does not know.
                let answer = eda.step(&path, step, &json!({})).await;
                assert_eq!(answer.problem(403)["permission"], permission, "{collection}: {step}");
            } else {
                assert_eq!(answer.problem(403)["permission"], permission, "{collection}: {step}");
            }
        }
        assert_eq!(history(&eda, &path).await, ["document_created"]);
    }
}
