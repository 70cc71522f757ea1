//! The life of a document, step by step, through the management door.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    drafts::{COLLECTIONS, below, embedding, titled},
    id_of, pointers,
};

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

#[tokio::test]
async fn review_is_off_until_a_second_person_may_review() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        app.person("Eda", &[Role::Editor]).await;
        let first = pat.create(collection, &titled("First")).await;
        assert_eq!(states(&pat.step(&first, "publish", &json!({})).await.ok()), ("none", "live"));
        let second = pat.create(collection, &titled("Second")).await;
        let rita = app.person("Rita", &[Role::Reviewer]).await;
        let problem = pat.step(&second, "publish", &json!({})).await.problem(409);
        assert_eq!(problem["type"], "/problems/not-approved");
        let together = json!({ "documents": [{ "id": id_of(&second), "version": 1 }] });
        assert_eq!(pat.post("/manage/v1/publish", &together).await.problem(409)["type"], "/problems/not-approved");
        pat.step(&second, "submit", &json!({})).await.ok();
        rita.step(&second, "approve", &json!({})).await.ok();
        pat.step(&second, "publish", &json!({})).await.ok();
    }
}

#[tokio::test]
async fn the_review_of_each_kind_can_be_set() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let settings = json!({ "review_role_pages": "on", "review_requirement_sections": "off" });
    ada.set(&settings).await.ok();
    app.person("Rita", &[Role::Reviewer]).await;
    let page = ada.create("role-pages", &titled("Porter")).await;
    let section = ada.create("requirement-sections", &titled("Driving")).await;
    ada.step(&page, "publish", &json!({})).await.problem(409);
    ada.step(&section, "publish", &json!({})).await.ok();
}

#[tokio::test]
async fn every_save_leads_back_to_a_draft_and_voids_an_approval() {
    for collection in COLLECTIONS {
        let Office { app: _app, ada, rita, eda } = Office::open().await;
        let path = eda.create(collection, &titled("Version 1")).await;
        for (number, verdict) in [(2, None), (3, Some("request-changes")), (4, Some("approve"))] {
            eda.step(&path, "submit", &json!({})).await.ok();
            if let Some(verdict) = verdict {
                let body = if verdict == "approve" { json!({}) } else { json!({ "note": "Say more." }) };
                rita.step(&path, verdict, &body).await.ok();
            }
            let saved = eda.save(&path, &titled(&format!("Version {number}"))).await.ok();
            assert_eq!(states(&saved), ("draft", "never"));
            ada.step(&path, "publish", &json!({})).await.problem(409);
        }
        eda.step(&path, "submit", &json!({})).await.ok();
        rita.step(&path, "approve", &json!({})).await.ok();
        let shown = eda.get(&path).await.ok();
        let unchanged = eda.save(&path, &json!({ "content": shown["content"] })).await.ok();
        assert_eq!(states(&unchanged), ("approved", "never"), "a save that changes nothing voids nothing");
        eda.step(&path, "restore", &json!({ "version": 1 })).await.ok();
        ada.step(&path, "publish", &json!({})).await.problem(409);
    }
}

#[tokio::test]
async fn nobody_approves_what_they_saved_since_the_live_version() {
    for collection in COLLECTIONS {
        let Office { app, ada, rita, eda } = Office::open().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = rita.create(collection, &titled("Porter")).await;
        let saved = eda.save(&path, &titled("Hospital porter")).await.ok();
        let authors: Vec<&str> =
            saved["authors"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(authors, ["Rita", "Eda"]);
        eda.step(&path, "submit", &json!({})).await.ok();
        assert_eq!(rita.step(&path, "approve", &json!({})).await.problem(403)["type"], "/problems/own-work");
        rita.step(&path, "request-changes", &json!({ "note": "Say more." })).await.ok();
        eda.step(&path, "submit", &json!({})).await.ok();
        pat.step(&path, "approve", &json!({})).await.ok();
        pat.step(&path, "publish", &json!({})).await.ok();
        eda.save(&path, &titled("Night porter")).await.ok();
        eda.step(&path, "submit", &json!({})).await.ok();
        rita.step(&path, "approve", &json!({})).await.ok();
        ada.step(&path, "publish", &json!({})).await.ok();
    }
}

#[tokio::test]
async fn a_forced_publication_needs_permission_and_reason_and_is_reviewed_afterwards_by_somebody_else() {
    for collection in COLLECTIONS {
        let Office { app, ada, rita, eda } = Office::open().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = rita.create(collection, &titled("Porter")).await;
        let reason = json!({ "reason": "The number to ring was wrong.", "note": "Number corrected." });
        assert_eq!(pat.step(&path, "force-publish", &reason).await.problem(403)["permission"], "content:force-publish");
        assert_eq!(pointers(&ada.step(&path, "force-publish", &json!({})).await.problem(422)), ["/reason"]);
        let short = json!({ "reason": "urgent" });
        assert_eq!(pointers(&ada.step(&path, "force-publish", &short).await.problem(422)), ["/reason"]);
        let forced = ada.step(&path, "force-publish", &reason).await.ok();
        assert_eq!((states(&forced), &forced["retrospective_review"]), (("none", "live"), &json!(1)));
        assert_eq!(
            ada.step(&path, "approve", &json!({})).await.problem(403)["type"],
            "/problems/own-work",
            "who forced it"
        );
        assert_eq!(
            rita.step(&path, "approve", &json!({})).await.problem(403)["type"],
            "/problems/own-work",
            "who wrote it"
        );
        eda.step(&path, "approve", &json!({})).await.problem(403);
        let reviewed = pat.step(&path, "approve", &json!({})).await.ok();
        assert_eq!((states(&reviewed), &reviewed["retrospective_review"]), (("none", "live"), &Value::Null));
        pat.step(&path, "approve", &json!({})).await.problem(409);
        let public = changes(&app).await;
        assert_eq!(public.len(), 1);
        assert!(!public[0].to_string().contains("ring was wrong"), "the reason is not for the public");
    }
}

#[tokio::test]
async fn what_has_to_be_mended_is_named_with_its_field_by_publish_submit_and_schedule() {
    let faulty_section = json!({ "display": "accordion", "blocks": [{ "kind": "text", "markdown": "Words." }] });
    for (collection, content, expected) in [
        (
            "role-pages",
            json!({ "sections": [faulty_section], "facts": { "hours": { "minimum": 40, "maximum": 20 } } }),
            vec!["/content/facts/hours/maximum", "/content/sections/0/heading", "/content/title"],
        ),
        (
            "requirement-sections",
            json!({ "sections": [faulty_section], "requirements": { "kind": "group", "rule": "all_of", "items": [] } }),
            vec!["/content/requirements", "/content/sections/0/heading", "/content/title"],
        ),
    ] {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.create(collection, &json!({ "content": content })).await;
        for (step, body) in [("publish", json!({})), ("submit", json!({})), ("schedule", in_an_hour())] {
            let problem = pat.step(&path, step, &body).await.problem(422);
            let mut found = pointers(&problem);
            found.sort();
            assert_eq!(found, expected, "{collection}: {step} {problem}");
        }
        let together = json!({ "documents": [{ "id": id_of(&path), "version": 1 }] });
        let mut found = pointers(&pat.post("/manage/v1/publish", &together).await.problem(422));
        found.sort();
        assert_eq!(found, expected, "{collection}: published together");
        assert_eq!(states(&pat.get(&path).await.ok()), ("draft", "never"));
    }
}

#[tokio::test]
async fn a_schedule_lies_in_the_future() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.create("role-pages", &titled("Porter")).await;
    for at in ["2026-11-22T08:59:59Z", "2026-11-22T09:00:00Z", "2028-02-01T00:00:00Z", "tomorrow"] {
        let problem = pat.step(&path, "schedule", &json!({ "at": at })).await.problem(422);
        assert!(pointers(&problem).iter().all(|pointer| pointer == "/at"), "{at}: {problem}");
    }
    assert_eq!(pointers(&pat.step(&path, "schedule", &json!({})).await.problem(422)), ["/at"]);
    let scheduled = pat.step(&path, "schedule", &json!({ "at": "2026-11-22T10:00:00+00:30" })).await.ok();
    assert_eq!(scheduled["schedule"]["at"], "2026-11-22T09:30:00Z");
    assert_eq!(scheduled["schedule"]["action"], "publish");
    assert_eq!(scheduled["schedule"]["by"]["name"], "Pat");
}

#[tokio::test]
async fn a_schedule_survives_later_saves_and_names_exactly_its_version() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.create(collection, &titled("First words")).await;
        pat.step(&path, "schedule", &json!({ "at": "2026-11-22T10:00:00Z", "note": "As planned." })).await.ok();
        let saved = pat.save(&path, &titled("Second words")).await.ok();
        assert_eq!(saved["schedule"]["version"], 1);
        app.clock.advance(Timestamp::HOUR - 1);
        assert_eq!(app.follow().await, 0, "not a millisecond too early");
        app.clock.advance(1);
        assert_eq!(app.follow().await, 1);
        let shown = pat.get(&path).await.ok();
        assert_eq!(states(&shown), ("draft", "live"));
        assert_eq!(
            (&shown["draft_version"], &shown["live_version"], &shown["schedule"]),
            (&json!(2), &json!(1), &Value::Null)
        );
        assert_eq!(shown["content"]["title"], "Second words");
        let public = app.nobody().get(&format!("/api/v1/{collection}/{}", id_of(&path))).await.ok();
        assert_eq!((&public["title"], &public["version"]), (&json!("First words"), &json!(1)));
        assert_eq!(public["published_at"], "2026-11-22T10:00:00Z");
        assert_eq!(changes(&app).await[0]["note"], "As planned.");
        assert_eq!(app.follow().await, 0, "once");
    }
}

#[tokio::test]
async fn a_scheduled_approval_holds_for_its_version_only() {
    let Office { app, ada, rita, eda } = Office::open().await;
    let path = eda.create("role-pages", &titled("Approved words")).await;
    eda.step(&path, "submit", &json!({})).await.ok();
    rita.step(&path, "approve", &json!({})).await.ok();
    ada.step(&path, "schedule", &in_an_hour()).await.ok();
    eda.save(&path, &titled("Other words")).await.ok();
    app.clock.advance(Timestamp::HOUR);
    assert_eq!(app.follow().await, 1);
    let shown = ada.get(&path).await.ok();
    assert_eq!((states(&shown), &shown["live_version"]), (("draft", "live"), &json!(1)));
    ada.step(&path, "publish", &json!({})).await.problem(409);
}

#[tokio::test]
async fn two_instances_at_the_same_time_carry_out_a_schedule_once() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let mut paths = Vec::new();
    for number in 0..12 {
        let path = pat.create("role-pages", &titled(&format!("Porter {number}"))).await;
        pat.step(&path, "schedule", &in_an_hour()).await.ok();
        paths.push(path);
    }
    let other = app.beside().await;
    app.clock.advance(Timestamp::HOUR);
    other.clock.advance(Timestamp::HOUR);
    let (first, second) = tokio::join!(app.follow(), other.follow());
    assert_eq!(first + second, paths.len());
    let published: BTreeSet<String> =
        changes(&app).await.iter().map(|change| change["document"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(published.len(), paths.len());
    assert_eq!(changes(&app).await.len(), paths.len(), "one event each");
    for path in paths {
        assert_eq!(states(&pat.get(&path).await.ok()), ("none", "live"));
    }
}

#[tokio::test]
async fn what_was_missed_is_made_up_in_order() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.publish_new("role-pages", &titled("First words")).await;
    pat.save(&path, &titled("Second words")).await.ok();
    let leave =
        json!({ "action": "unpublish", "at": "2026-11-22T11:00:00Z", "decision": "gone", "explanation": "Over." });
    pat.step(&path, "schedule", &leave).await.ok();
    let both = pat.step(&path, "schedule", &in_an_hour()).await.ok();
    assert_eq!(both["schedules"].as_array().unwrap().len(), 2);
    assert_eq!(both["schedule"]["action"], "publish", "the soonest");
    app.clock.advance(7 * Timestamp::DAY);
    assert_eq!(app.follow().await, 2);
    let shown = pat.get(&path).await.ok();
    assert_eq!((states(&shown), &shown["live_version"]), (("none", "unpublished"), &json!(2)));
    let kinds: Vec<Value> = changes(&app).await.iter().map(|change| change["type"].clone()).collect();
    assert_eq!(kinds, ["published", "published", "unpublished"]);
    assert_eq!(app.nobody().get("/api/v1/content/first-words").await.problem(410)["explanation"], "Over.");
}

#[tokio::test]
async fn a_schedule_that_can_not_be_carried_out_is_shown_with_its_faults() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let path = pat.create("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    let other = pat.create("role-pages", &titled("Porter")).await;
    pat.step(&path, "schedule", &in_an_hour()).await.ok();
    pat.step(&other, "schedule", &in_an_hour()).await.ok();
    pat.step(&section, "unpublish", &json!({ "decision": "hidden" })).await.ok();
    app.clock.advance(Timestamp::HOUR);
    app.follow().await;
    assert_eq!(states(&pat.get(&other).await.ok()), ("none", "live"), "one failure holds up nothing else");
    let failed = pat.get(&path).await.ok();
    assert_eq!((states(&failed), &failed["schedule"]), (("failed", "never"), &Value::Null));
    assert_eq!(failed["failure"][0]["code"], "embeds-not-live");
    assert_eq!(failed["failure"][0]["pointer"], "/content/sections/0/blocks/0/requirement_section");
    assert_eq!(app.follow().await, 0, "it is not tried for ever");
    pat.step(&section, "publish", &json!({})).await.ok();
    let published = pat.step(&path, "publish", &json!({})).await.ok();
    assert_eq!((states(&published), &published["failure"]), (("none", "live"), &json!([])));
    assert!(history(&pat, &path).await.contains(&"schedule_failed".to_owned()));
}

#[tokio::test]
async fn a_failed_draft_leads_on_through_a_save_or_a_review() {
    for (follow_up, expected) in [("save", "draft"), ("submit", "in_review"), ("discard", "none")] {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
        let path = pat.create("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
        pat.step(&path, "schedule", &in_an_hour()).await.ok();
        pat.step(&section, "unpublish", &json!({ "decision": "gone" })).await.ok();
        app.clock.advance(Timestamp::HOUR);
        app.follow().await;
        let after = match follow_up {
            "save" => pat.save(&path, &titled("Driver")).await.ok(),
            step => pat.step(&path, step, &json!({})).await.ok(),
        };
        assert_eq!((after["draft_state"].as_str().unwrap(), &after["failure"]), (expected, &json!([])), "{follow_up}");
    }
}

#[tokio::test]
async fn a_failed_draft_that_is_scheduled_again_is_a_scheduled_draft() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let path = pat.create("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    pat.step(&path, "schedule", &in_an_hour()).await.ok();
    pat.step(&section, "unpublish", &json!({ "decision": "gone" })).await.ok();
    app.clock.advance(Timestamp::HOUR);
    app.follow().await;
    assert_eq!(pat.get(&path).await.ok()["draft_state"], "failed");
    pat.step(&section, "publish", &json!({})).await.ok();
    let later = json!({ "at": "2026-11-22T12:00:00Z" });
    let scheduled = pat.step(&path, "schedule", &later).await.ok();
    assert_eq!((states(&scheduled), &scheduled["failure"]), (("draft", "never"), &json!([])));
    assert_eq!(scheduled["schedule"]["at"], later["at"]);
    assert_eq!(pat.step(&path, "unschedule", &json!({})).await.ok()["draft_state"], "draft");
    pat.step(&path, "schedule", &later).await.ok();
    app.clock.advance(2 * Timestamp::HOUR);
    app.follow().await;
    assert_eq!(states(&pat.get(&path).await.ok()), ("none", "live"));
    // Where review is on, it is submitted again first.
    pat.save(&path, &embedding("Lorry driver", &[&id_of(&section)])).await.ok();
    pat.step(&path, "schedule", &json!({ "at": "2026-11-22T13:00:00Z" })).await.ok();
    let next = pat.create("role-pages", &titled("Top")).await;
    pat.step(&next, "publish", &json!({})).await.ok();
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "on" })).await.ok();
    let waiting = pat.step(&path, "schedule", &json!({ "at": "2026-11-22T14:00:00Z" })).await.problem(409);
    assert_eq!(waiting["type"], "/problems/not-approved");
}

#[tokio::test]
async fn what_is_no_longer_scheduled_does_not_happen() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let path = pat.create("role-pages", &titled("Porter")).await;
    pat.step(&path, "schedule", &in_an_hour()).await.ok();
    let moved = pat.step(&path, "schedule", &json!({ "at": "2026-11-22T12:00:00Z" })).await.ok();
    assert_eq!(moved["schedules"].as_array().unwrap().len(), 1, "a new schedule takes the place of the old");
    let kept = pat.step(&path, "unschedule", &json!({ "action": "unpublish" })).await.problem(409);
    assert_eq!(kept["type"], "/problems/not-scheduled");
    pat.step(&path, "unschedule", &json!({})).await.ok();
    app.clock.advance(Timestamp::DAY);
    assert_eq!(app.follow().await, 0);
    assert_eq!(states(&pat.get(&path).await.ok()), ("draft", "never"));
}

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
