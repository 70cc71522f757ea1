//! One step for many documents: chosen, looked at, taken for each, told line by line.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{Browser, lists::without_review};
use crate::support::{
    Client, TestApp,
    drafts::{embedding, summed, titled},
    id_of,
};

const BULK: &str = "/admin/role-pages/bulk";
const CONFIRM: &str = "/admin/role-pages/bulk/confirm";

fn item(path: &str, version: u32) -> String {
    format!("{} {version}", id_of(path))
}

async fn state(pat: &Client, path: &str) -> Value {
    pat.get(path).await.ok()
}

async fn both() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    without_review(&app).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let bo = app.signed_in("Bo", &[Role::Publisher]).await;
    (app, pat, bo)
}

#[tokio::test]
async fn what_can_be_done_is_done_and_the_rest_is_skipped_with_its_reason() {
    let (_app, pat, mut bo) = both().await;
    let good = pat.create("role-pages", &titled("Porter")).await;
    let stale = pat.create("role-pages", &titled("Cook")).await;
    pat.save(&stale, &titled("Chef")).await.ok();
    let broken = pat
        .create("role-pages", &json!({ "content": { "title": "Driver", "learn_more": [{ "text": "", "url": "/x" }] } }))
        .await;
    let live = pat.publish_new("role-pages", &titled("Cleaner")).await;
    let gone = "00000000-0000-7000-8000-00000000ffff 1".to_owned();
    let items = [item(&good, 1), item(&stale, 1), item(&broken, 1), item(&live, 1), gone];
    let mut fields: Vec<(&str, &str)> = items.iter().map(|item| ("item", item.as_str())).collect();
    fields.extend([("step", "submit"), ("query", "sort=title")]);
    let answer = bo.post(BULK, &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let page = answer.text();
    assert!(page.contains("<h1>Submit for review: 1 role page</h1>"), "{page}");
    for reason in [
        "Somebody saved version 2 meanwhile",
        "one thing that must be fixed",
        "There is no draft to submit",
        "1 are not there",
    ] {
        assert!(page.contains(reason), "{reason}: {page}");
    }
    assert!(page.contains(&format!("name=\"item\" value=\"{}\"", item(&good, 1))));
    assert!(!page.contains(&format!("value=\"{}\"", item(&stale, 1))));
    assert_eq!(state(&pat, &good).await["draft_state"], "draft", "looking changes nothing");
    // What was sent is judged again, whatever the page offered.
    fields.retain(|(name, _)| *name != "query");
    let told = bo.post(CONFIRM, &fields).await.text();
    assert!(told.contains("Submitted for review: 1 role page") && told.matches("Skipped").count() == 3, "{told}");
    assert_eq!(state(&pat, &good).await["draft_state"], "in_review");
    assert_eq!(state(&pat, &stale).await["draft_state"], "draft");
    let again = bo.post(CONFIRM, &fields).await.text();
    assert!(again.contains("Submitted for review: 0 role pages") && again.contains("in review already"), "{again}");
}

#[tokio::test]
async fn publishing_is_each_by_itself_or_all_together() {
    let (_app, pat, mut bo) = both().await;
    let section = pat.create("requirement-sections", &titled("Basics")).await;
    let one = pat.create("role-pages", &summed(titled("Porter"))).await;
    // The section that it embeds is not live.
    let dark = pat.create("role-pages", &summed(embedding("Cook", &[&id_of(&section)]))).await;
    // Another has its address.
    let items = [item(&one, 1), item(&dark, 1)];
    let fields = |together| {
        vec![
            ("item", items[0].as_str()),
            ("item", items[1].as_str()),
            ("step", "publish"),
            ("together", together),
            ("change", "minor"),
        ]
    };
    let told = bo.post(CONFIRM, &fields("yes")).await.text();
    assert!(told.contains("Published: 0 role pages") && told.contains("Nothing was published"), "{told}");
    assert_eq!(state(&pat, &one).await["live_state"], "never");
    let told = bo.post(CONFIRM, &fields("no")).await.text();
    assert!(told.contains("Published: 1 role page") && told.contains("“Basics” is not live"), "{told}");
    assert_eq!(state(&pat, &one).await["live_state"], "live");
    assert_eq!(state(&pat, &dark).await["live_state"], "never");
}

/// A page in which something is to be looked at.
fn with_eg(title: &str) -> Value {
    summed(json!({ "content": { "title": title, "sections": [{ "heading": "Working life", "blocks": [
        { "kind": "text", "markdown": "Machines eg lifts." } ] }] } }))
}

fn marks_in(page: &str) -> Vec<String> {
    let values = page.split("name=\"looked\" value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_to_be_looked_at_is_ticked_for_each_before_many_are_published() {
    let (_app, pat, mut bo) = both().await;
    let (cook, porter) =
        (pat.create("role-pages", &with_eg("Cook")).await, pat.create("role-pages", &with_eg("Porter")).await);
    let plain = pat.create("role-pages", &summed(titled("Driver"))).await;
    let items = [item(&cook, 1), item(&porter, 1), item(&plain, 1)];
    let chosen: Vec<(&str, &str)> =
        items.iter().map(|item| ("item", item.as_str())).chain([("step", "publish")]).collect();
    let page = bo.post(BULK, &chosen).await.text();
    let marks = marks_in(&page);
    assert_eq!(marks.len(), 2, "{page}");
    assert!(page.contains("“Cook”. ") && page.contains("“Machines eg lifts.”"), "{page}");
    let with = |more: &[(&'static str, &'static str)], mark: &[&String]| {
        let mut fields: Vec<(String, String)> =
            chosen.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.push((format!("why:{}", marks[0]), "A name.".to_owned()));
        fields.extend(mark.iter().map(|mark| ("looked".to_owned(), (*mark).clone())));
        fields
    };
    let send = async |bo: &mut Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        bo.post(CONFIRM, &fields).await
    };
    // All or none: nothing happens while one is left, and what was ticked stays ticked.
    let refused = send(&mut bo, with(&[("together", "yes")], &[&marks[0]])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text();
    assert!(refused.contains("One finding is not ticked.") && refused.contains("href=\"#f-looked\""), "{refused}");
    assert!(refused.contains(&format!("value=\"{}\" checked", marks[0])) && refused.contains("A name."), "{refused}");
    assert_eq!(state(&pat, &plain).await["live_state"], "never");
    // Each by itself: the one that is left is skipped, with the way to look at it.
    let told = send(&mut bo, with(&[("together", "no")], &[&marks[0]])).await.text();
    assert!(told.contains("Published: 2 role pages") && told.matches("Skipped").count() == 1, "{told}");
    assert!(told.contains(&format!("/admin/role-pages/{}/publish", id_of(&porter))), "{told}");
    let live = state(&pat, &cook).await;
    assert_eq!((&live["live_state"], &live["checks"][0]["looked_at"]["reason"]), (&json!("live"), &json!("A name.")));
    assert_eq!(state(&pat, &porter).await["live_state"], "never");
    let told = send(&mut bo, with(&[("together", "no")], &[&marks[1]])).await.text();
    assert!(told.contains("Published: 1 role page"), "{told}");
    assert_eq!(state(&pat, &porter).await["live_state"], "live");
}

#[tokio::test]
async fn owner_date_draft_trash_and_address_change_for_many() {
    let (_app, pat, mut bo) = both().await;
    let me = bo.user.unwrap().to_string();
    let pages =
        [pat.publish_new("role-pages", &titled("Porter")).await, pat.publish_new("role-pages", &titled("Cook")).await];
    let items = pages.each_ref().map(|path| item(path, 1));
    let with = |step, more: &[(&'static str, String)]| {
        let mut fields: Vec<(&str, String)> = items.iter().map(|item| ("item", item.clone())).collect();
        fields.push(("step", step));
        fields.extend(more.iter().cloned());
        fields
    };
    let send = async |bo: &mut Browser, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        bo.post(CONFIRM, &fields).await
    };
    let asked: Vec<(&str, &str)> = vec![("item", &items[0]), ("step", "set-owner")];
    assert!(bo.post(BULK, &asked).await.text().contains(&format!("<option value=\"{me}\">Bo</option>")));
    send(&mut bo, with("set-owner".to_owned(), &[("owner", me.clone())])).await;
    send(&mut bo, with("set-review-date".to_owned(), &[("review_by", "2027-01-31".to_owned())])).await;
    for page in &pages {
        let now = state(&pat, page).await;
        assert_eq!((&now["owner"]["name"], &now["review_by"]), (&json!("Bo"), &json!("2027-01-31")));
    }
    let refused = send(&mut bo, with("set-review-date".to_owned(), &[("review_by", "31.1.2027".to_owned())])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"31.1.2027\"") && refused.text().contains("There is a problem"));
    let refused = send(&mut bo, with("unpublish".to_owned(), &[("redirect_to", "/elsewhere".to_owned())])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Say what becomes of their addresses") && refused.text().contains("/elsewhere"));
    let told = send(&mut bo, with("trash".to_owned(), &[])).await.text();
    assert!(told.contains("Put in the trash: 0 role pages") && told.contains("unpublish it first"), "{told}");
    let gone = [
        ("decision", "gone".to_owned()),
        ("explanation", "They are one page now.".to_owned()),
        ("redirect_to", "ignored".to_owned()),
    ];
    let told = send(&mut bo, with("unpublish".to_owned(), &gone)).await.text();
    assert!(told.contains("Unpublished: 2 role pages"), "{told}");
    pat.save(&pages[0], &titled("Porter again")).await.ok();
    let discard = [("item", item(&pages[0], 2)), ("item", item(&pages[1], 1)), ("step", "discard".to_owned())];
    let told = send(&mut bo, discard.to_vec()).await.text();
    assert!(told.contains("Draft discarded: 1 role page") && told.contains("There is no draft to discard"), "{told}");
    let told = send(&mut bo, with("trash".to_owned(), &[])).await.text();
    assert!(told.contains("Put in the trash: 2 role pages"), "{told}");
}

#[tokio::test]
async fn all_that_match_are_taken_from_the_filter() {
    let (_app, pat, mut bo) = both().await;
    for number in 0..60 {
        let title = if number % 2 == 0 { format!("Porter {number}") } else { format!("Cook {number}") };
        pat.create("role-pages", &titled(&title)).await;
    }
    let page = bo.page("/admin/role-pages?q=porter&sort=title").await;
    assert!(
        page.contains("All 30 that match") && page.contains("name=\"query\" value=\"q=porter&amp;sort=title\""),
        "{page}"
    );
    let fields = [("all", "true"), ("query", "q=porter&sort=title"), ("step", "submit")];
    let asked = bo.post(BULK, &fields).await.text();
    assert!(asked.contains("Submit for review: 30 role pages"), "{asked}");
    assert!(asked.contains("href=\"/admin/role-pages?q=porter&amp;sort=title\""), "the way back keeps the filter");
    let hostile = bo.post(BULK, &[("all", "true"), ("query", "q=a&draft_state=x"), ("step", "submit")]).await;
    assert_eq!(hostile.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nothing_ticked_is_said_and_odd_forms_are_refused() {
    let (_app, pat, mut bo) = both().await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let told = bo.submit(BULK, &[("step", "submit"), ("query", "q=port")]).await;
    assert!(told.contains("Tick at least one line first") && told.contains("value=\"port\""), "{told}");
    let good = item(&page, 1);
    for fields in [
        vec![("item", "x 1"), ("step", "submit")],
        vec![("item", &good), ("step", "force-publish")],
        vec![("item", &good)],
        vec![("item", &good), ("step", "submit"), ("title", "x")],
    ] {
        for path in [BULK, CONFIRM] {
            let status = bo.post(path, &fields).await.status;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}");
        }
    }
    let outside = [("item", good.as_str()), ("step", "submit"), ("back", "https://elsewhere.example/")];
    let told = bo.post(CONFIRM, &outside).await.text();
    assert!(!told.contains("elsewhere.example"), "{told}");
}

#[tokio::test]
async fn a_step_needs_its_own_permission() {
    let (app, pat, _) = both().await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let list = eve.page("/admin/role-pages").await;
    assert!(list.contains("value=\"submit\"") && list.contains("value=\"discard\""), "{list}");
    assert!(!list.contains("value=\"publish\"") && !list.contains("value=\"trash\""), "{list}");
    for step in ["publish", "unpublish", "trash"] {
        for path in [BULK, CONFIRM] {
            let good = item(&page, 1);
            let fields = [("item", good.as_str()), ("step", step), ("decision", "hidden")];
            let fields = if path == BULK { &fields[..2] } else { &fields[..if step == "unpublish" { 3 } else { 2 }] };
            assert_eq!(eve.post(path, fields).await.status, StatusCode::FORBIDDEN, "{path} {step}");
        }
    }
}
