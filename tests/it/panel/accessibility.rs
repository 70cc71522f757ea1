//! Cases about accessibility: their own targets, the late ones first, how many were answered in time, and their file.

use axum::http::StatusCode;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::feedback::Site;

const SCREEN: &str = "/admin/accessibility";

/// A report of a kind, and the case that it made.
async fn sent(site: &Site, kind: &str, wrong: &str) -> Value {
    site.app.clock.advance(600_000);
    let report = json!({ "document": "porter", "kind": kind, "wrong": wrong });
    site.app.nobody().post("/api/v1/reports", &report).await.ok();
    site.triager.get("/manage/v1/cases").await.ok()["data"][0].clone()
}

fn path(case: &Value) -> String {
    format!("/manage/v1/cases/{}", case["id"].as_str().unwrap())
}

async fn standing(site: &Site) -> Value {
    site.triager.get("/manage/v1/accessibility").await.ok()
}

#[tokio::test]
async fn they_have_the_nearer_of_two_targets_and_the_late_ones_stand_first() {
    let mut site = Site::new().await;
    assert!(site.tia.page(SCREEN).await.contains("No open case is about accessibility."));
    let first = sent(&site, "accessibility", "The picture of the ward has no description").await;
    let other = sent(&site, "problem", "The hours are out of date by years").await;
    assert_eq!((&first["category"], &other["category"]), (&json!("accessibility"), &json!("other")));
    // It is Sunday; the other one has the ten working days of its severity.
    assert_eq!(first["fix_due_at"], "2026-12-01T00:00:00Z");
    assert_eq!(other["fix_due_at"], "2026-12-08T00:00:00Z");
    let urgent = json!({ "severity": "urgent" });
    let seen = first["version"].as_i64().unwrap();
    let sooner = site.triager.at(axum::http::Method::PATCH, &path(&first), seen, &urgent).await.ok();
    assert_eq!(sooner["fix_due_at"], "2026-11-25T00:00:00Z", "severity asks for less time");

    let second = sent(&site, "problem", "The contrast of the blue text is far too low").await;
    let about = json!({ "category": "accessibility", "severity": "low" });
    let second = site.triager.at(axum::http::Method::PATCH, &path(&second), 1, &about).await.ok();
    assert_eq!(second["fix_due_at"], "2026-12-01T00:00:00Z", "the target of accessibility, not the 20 days of low");
    site.app.clock.advance(4 * Timestamp::DAY);
    site.tia.sign_in().await;
    let page = site.tia.page(SCREEN).await;
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    assert!(place("has no description") < place("contrast of the blue"), "{page}");
    assert!(
        page.contains("1 case is") && page.contains("past the target") && page.contains("2 cases are open"),
        "{page}"
    );
    assert!(!page.contains("hours are out of date"), "{page}");
    let now = standing(&site).await;
    assert_eq!((&now["open"], &now["late"], &now["untouched"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!(now["targets"], json!({ "first_action": 2, "fix": 5 }));
}

#[tokio::test]
async fn what_was_closed_counts_as_in_time_or_not_and_the_targets_can_be_changed() {
    let mut site = Site::new().await;
    let quick = sent(&site, "accessibility", "The form has no labels at all").await;
    let slow = sent(&site, "accessibility", "The video shows no captions").await;
    site.triager.step(&path(&quick), "resolve", &json!({ "resolution": "answered" })).await.ok();
    site.triager.step(&path(&slow), "open", &json!({})).await.ok();
    site.app.clock.advance(10 * Timestamp::DAY);
    site.triager.step(&path(&slow), "resolve", &json!({ "resolution": "answered" })).await.ok();
    let closed = standing(&site).await["closed"].clone();
    assert_eq!(
        (&closed["cases"], &closed["first_action_in_time"], &closed["fix_in_time"]),
        (&json!(2), &json!(2), &json!(1))
    );
    site.tia.sign_in().await;
    let page = site.tia.page("/admin/accessibility?cases=closed").await;
    assert!(page.contains("all looked at in time, 1 closed in time"), "{page}");
    assert!(page.contains("no labels") && page.contains("no captions"), "{page}");
    let ada = site.app.administrator().await;
    let mut targets = ada.get("/manage/v1/settings").await.ok()["targets"].clone();
    targets["accessibility"] = json!({ "first_action": 0, "fix": 9 });
    ada.set(&json!({ "targets": targets })).await.ok();
    assert_eq!(standing(&site).await["closed"]["fix_in_time"], 2);
    assert!(
        site.tia
            .page(SCREEN)
            .await
            .contains("somebody looks on the same day, and it is answered or fixed within 9 working days")
    );
    assert_eq!(site.tia.get("/admin/accessibility?sort=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn they_are_taken_out_as_a_file_that_holds_no_formula_and_is_logged() {
    let mut site = Site::new().await;
    sent(&site, "accessibility", "=HYPERLINK has no words that say where it leads").await;
    sent(&site, "problem", "The hours are out of date by years").await;
    let file = site.tia.get("/admin/accessibility/export?cases=all").await;
    assert!(file.header("content-type").starts_with("text/csv"), "{}", file.header("content-type"));
    let text = file.text();
    assert!(text.contains("\"'=HYPERLINK") && text.lines().count() == 2, "{text}");
    assert!(text.lines().next().unwrap().contains("\"fix_due_at\""), "{text}");
    let file = site.tia.get("/admin/accessibility/export?format=json").await.ok();
    assert_eq!(file["data"].as_array().unwrap().len(), 1);
    let ada = site.app.administrator().await;
    let event = ada.get("/manage/v1/events?kind=feedback_exported&limit=1").await.ok()["data"][0].clone();
    assert_eq!(event["payload"]["filter"], json!({ "category": "accessibility", "cases": "open" }), "{event}");
    let mut ed = site.app.signed_in("Ed", &[Role::Editor]).await;
    assert_eq!(ed.get("/admin/accessibility/export").await.status, StatusCode::FORBIDDEN);
    assert!(!ed.page(SCREEN).await.contains("Take these cases out"));
}
