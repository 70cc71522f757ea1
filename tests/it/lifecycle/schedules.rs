//! Schedules: what happens later, once, or not.

use std::collections::BTreeSet;

use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::{Office, changes, history, in_an_hour, states};
use crate::support::{
    TestApp,
    drafts::{COLLECTIONS, embedding, titled},
    id_of, pointers,
};

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
