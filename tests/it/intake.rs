//! How much is taken in, of whom, and where it goes: through the public door, from behind a proxy.

use std::{collections::BTreeSet, net::SocketAddr};

use axum::{body::Body, extract::ConnectInfo, http::Request};
use http_body_util::BodyExt;
use rolebook::{feedback::PAGE_HOURLY, kernel::Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Answer, Client, TestApp, id_of};

const PROXY: &str = "10.1.2.3:4711";

/// Sends a report through a proxy of ours that says where it came from.
pub async fn send_from(app: &TestApp, forwarded: &str, report: &Value) -> Answer {
    let request = Request::post("/api/v1/reports")
        .header("content-type", "application/json")
        .header("x-forwarded-for", forwarded)
        .extension(ConnectInfo(PROXY.parse::<SocketAddr>().unwrap()))
        .body(Body::from(report.to_string()))
        .unwrap();
    let (parts, body) = app.router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

/// How many reports of how many senders the flood has.
const FLOOD: usize = 1_500;

#[tokio::test]
async fn in_a_flood_nothing_that_was_acknowledged_is_lost_and_people_can_still_work() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    page(&ada, "porter").await;
    page(&ada, "cook").await;
    let pages = ada.get("/manage/v1/role-pages").await.ok()["data"].clone();
    let cook = pages.as_array().unwrap().iter().find(|page| page["slug"] == "cook").unwrap()["id"].clone();
    let path = format!("/manage/v1/role-pages/{}", cook.as_str().unwrap());
    let flood = futures_util::future::join_all((0..FLOOD).map(async |number| {
        let report = problem("porter", format!("Typo {number} of very many in this page"));
        let answer = send_from(&app, &format!("203.0.{}.{}", number / 250, number % 250), &report).await;
        match answer.status.as_u16() {
            202 => Some(answer.ok()["reference"].as_str().unwrap().to_owned()),
            503 => {
                assert!(!answer.header("retry-after").is_empty());
                None
            }
            other => panic!("{other}: {answer:?}"),
        }
    }));
    let work = async {
        for round in 0..5 {
            let mut content = ada.get(&path).await.ok()["content"].clone();
            content["summary"] = format!("Saved in round {round}.").into();
            ada.save(&path, &json!({ "content": content })).await.ok();
        }
    };
    let (answers, ()) = futures_util::future::join(flood, work).await;
    let acknowledged: BTreeSet<String> = answers.into_iter().flatten().collect();
    assert!(acknowledged.len() >= 500 && acknowledged.len() < FLOOD, "{} of {FLOOD}", acknowledged.len());
    let mut kept = BTreeSet::new();
    let mut next = Some("/manage/v1/reports?limit=100".to_owned());
    while let Some(address) = next {
        let page = ada.get(&address).await.ok();
        let references = page["data"].as_array().unwrap().iter().map(|report| report["reference"].as_str().unwrap());
        kept.extend(references.map(str::to_owned));
        next = page["next"].as_str().map(|next| next.trim_start_matches("http://rolebook.test").to_owned());
    }
    assert_eq!(kept, acknowledged, "each that was acknowledged, and no other");
    let waiting = ada.get("/manage/v1/reports?quarantined=false&limit=1").await.ok();
    assert_eq!(waiting["total"], PAGE_HOURLY, "the others wait in quarantine");
    send_from(&app, "203.0.113.9", &problem("cook", "The line is open again")).await.ok();
}

fn problem(page: &str, wrong: impl Into<String>) -> Value {
    json!({ "document": page, "kind": "problem", "wrong": wrong.into() })
}

async fn page(people: &Client, slug: &str) {
    let content = json!({ "title": slug, "summary": "Moves things.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters move beds." }] }] });
    people.publish_new("role-pages", &json!({ "slug": slug, "content": content })).await;
}

#[tokio::test]
async fn senders_behind_a_proxy_are_told_apart_by_the_last_address_that_is_none_of_ours() {
    let app = TestApp::new().await;
    page(&app.administrator().await, "porter").await;
    let mut number = 0;
    let mut send = async |forwarded: &str| {
        number += 1;
        send_from(&app, forwarded, &problem("porter", format!("Typo {number}"))).await.status.as_u16()
    };
    for _ in 0..5 {
        assert_eq!(send("203.0.113.9").await, 202);
    }
    assert_eq!(send("203.0.113.9").await, 429);
    assert_eq!(send("198.51.100.7, 203.0.113.9").await, 429, "what stands further left could be typed by anybody");
    assert_eq!(send("203.0.113.9, 10.200.0.1").await, 429, "a second proxy of ours is no sender");
    assert_eq!(send("203.0.113.10").await, 202);
    for host in 0..5 {
        assert_eq!(send(&format!("2001:db8:1:2::{host}")).await, 202);
    }
    assert_eq!(send("2001:db8:1:2:ffff::1").await, 429, "one household has very many addresses");
    assert_eq!(send("2001:db8:1:3::1").await, 202);
    assert_eq!(send("203.0.113.9:4000").await, 429, "a proxy may add the port");
    assert_eq!(send("203.0.113.11:4000").await, 202);
    assert_eq!(send("[2001:db8:1:2::9]:443").await, 429);
    assert_eq!(send("[2001:db8:1:2::9]").await, 429);
}

#[tokio::test]
async fn a_sender_gets_sixty_reports_an_hour_through_and_mistakes_count_for_none() {
    let app = TestApp::new().await;
    page(&app.administrator().await, "porter").await;
    for number in 0..60 {
        send_from(&app, "203.0.113.9", &problem("porter", "")).await.problem(422);
        let report = problem("porter", format!("The figure in line {number} is out of date"));
        assert_eq!(send_from(&app, "203.0.113.9", &report).await.status.as_u16(), 202, "{number}");
        app.clock.advance(20_000);
    }
    let refused = send_from(&app, "203.0.113.9", &problem("porter", "One more")).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "2700"));
    app.clock.advance(2_700_000);
    send_from(&app, "203.0.113.9", &problem("porter", "One more")).await.ok();
}

#[tokio::test]
async fn what_is_too_much_for_one_page_waits_in_quarantine_with_that_reason_and_nothing_is_dropped() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people, "porter").await;
    page(&people, "cook").await;
    for number in 0..PAGE_HOURLY {
        let report = problem("porter", format!("Sentence {number} is hard to follow"));
        send_from(&app, &format!("203.0.113.{number}"), &report).await.ok();
    }
    let beyond = send_from(&app, "198.51.100.1", &problem("porter", "The photograph is missing")).await;
    assert_eq!(beyond.status.as_u16(), 202);
    assert_eq!(beyond.json().as_object().unwrap().len(), 3, "the sender is told the same");
    send_from(&app, "198.51.100.2", &problem("cook", "The photograph is missing")).await.ok();
    let waiting = people.get("/manage/v1/reports?quarantined=true").await.ok();
    assert_eq!((&waiting["total"], &waiting["data"][0]["reasons"]), (&json!(1), &json!(["page_flood"])));
    assert_eq!(waiting["data"][0]["wrong"], "The photograph is missing");
    assert_eq!(people.get("/manage/v1/reports").await.ok()["total"], PAGE_HOURLY + 2);
    let path = format!("/manage/v1/reports/{}", waiting["data"][0]["id"].as_str().unwrap());
    people.seeing(&path, axum::http::Method::POST, &format!("{path}/release"), &json!({})).await.ok();
    app.clock.advance(Timestamp::HOUR + 6 * Timestamp::MINUTE);
    send_from(&app, "198.51.100.3", &problem("porter", "The heading is wrong")).await.ok();
    assert_eq!(people.get("/manage/v1/reports?quarantined=true").await.ok()["total"], 0);
}

#[tokio::test]
async fn the_same_text_joins_whether_it_is_about_the_page_or_a_section_that_stands_in_it() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    let section = people
        .publish_new(
            "requirement-sections",
            &json!({ "slug": "way-in", "content": { "title": "Way in", "sections": [
                { "heading": "Good to know", "blocks": [{ "kind": "text", "markdown": "You need level 2." }] }] } }),
        )
        .await;
    for slug in ["porter", "cook"] {
        let content = json!({ "title": slug, "summary": "Works.", "sections": [
            { "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] });
        people.publish_new("role-pages", &json!({ "slug": slug, "content": content })).await;
    }
    let public = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    let embedded = &public["sections"][0]["blocks"][0]["requirement_section"]["sections"][0]["blocks"][0]["id"];
    let wrong = "It is level three, not two.";
    let about_section = |page: &str| json!({ "document": page, "block": embedded, "kind": "problem", "wrong": wrong });
    let cases = async || {
        let cases = people.get("/manage/v1/cases").await.ok();
        let count = cases["data"].as_array().unwrap().iter().map(|case| case["report_count"].as_i64().unwrap());
        (cases["total"].as_i64().unwrap(), count.sum::<i64>())
    };
    let send = async |sender: &str, report: &Value| drop(send_from(&app, sender, report).await.ok());
    // The page first, then the section in it, then the same section as another page shows it.
    send("203.0.113.1", &problem("porter", wrong)).await;
    app.clock.advance(4 * Timestamp::MINUTE);
    send("203.0.113.2", &about_section("porter")).await;
    assert_eq!(cases().await, (1, 2));
    app.clock.advance(4 * Timestamp::MINUTE);
    send("203.0.113.3", &about_section("cook")).await;
    assert_eq!(cases().await, (1, 3));
    send("203.0.113.4", &problem("porter", "it is  LEVEL THREE; not two")).await;
    assert_eq!(cases().await, (1, 4));
    // Another page without the section has nothing to do with it; and what comes later is a case of its own.
    page(&people, "driver").await;
    send("203.0.113.5", &problem("driver", wrong)).await;
    assert_eq!(cases().await, (2, 5));
    app.clock.advance(5 * Timestamp::MINUTE + 1);
    send("203.0.113.6", &about_section("porter")).await;
    assert_eq!(cases().await, (3, 6));
}

#[tokio::test]
async fn of_a_browser_one_word_is_kept_and_reports_can_be_listed_by_it() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people, "porter").await;
    let phone = "Mozilla/5.0 (Linux; Android 10; K) Chrome/141.0.7390.55 Mobile Safari/537.36 Zanzibar";
    let send = async |wrong: &str, agent: &str| {
        let headers = [("content-type", "application/json"), ("user-agent", agent)];
        let report = problem("porter", wrong).to_string();
        app.nobody().send(axum::http::Method::POST, "/api/v1/reports", &headers, report).await.json()
    };
    send("The table runs off the screen", phone).await;
    send("The hours are out of date by years", "node").await;
    let all = people.get("/manage/v1/reports").await.ok();
    let devices: Vec<&Value> = all["data"].as_array().unwrap().iter().map(|report| &report["device"]).collect();
    assert_eq!(devices, [&Value::Null, &json!("phone")]);
    let phones = people.get("/manage/v1/reports?device=phone").await.ok();
    assert_eq!((&phones["total"], &phones["data"][0]["wrong"]), (&json!(1), &json!("The table runs off the screen")));
    assert_eq!(people.get("/manage/v1/reports?device=watch").await.status, 400);
    let export = people.get("/manage/v1/reports/export?device=phone").await.text();
    let log = people.get("/manage/v1/events").await.text();
    for text in [&all.to_string(), &export, &log] {
        assert!(!text.contains("Zanzibar") && !text.contains("Android"), "{text}");
    }
    assert!(log.contains("\"device\":\"phone\""), "the filter of a file is noted: {log}");
    let mut tia = app.signed_in("Tia", &[rolebook::kernel::Role::Triager]).await;
    let list = tia.page("/admin/reports?device=phone").await;
    assert!(list.contains("1 report") && list.contains("The table runs off the screen"), "{list}");
    let report = tia.page(&format!("/admin/reports/{}", phones["data"][0]["id"].as_str().unwrap())).await;
    assert!(report.contains("<dt>Device</dt><dd>Phone</dd>"), "{report}");
    let case = tia.page(&format!("/admin/cases/{}", phones["data"][0]["case"].as_str().unwrap())).await;
    assert!(case.contains(" · Phone"), "{case}");
}
