//! The first page: what waits for whom, in which order, and what a new site has still to do.

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::json;

use super::{Browser, lists::titles};
use crate::{
    support::{TestApp, drafts::titled, id_of},
    webhooks::{self, receiver::Receiver},
};

/// The lines of the table of what waits: title, and everything else of the row.
async fn waiting(browser: &mut Browser) -> Vec<(String, String)> {
    let page = browser.page("/admin").await;
    let Some(table) = page.split("Waiting for you (").nth(1) else { return Vec::new() };
    let table = table.split("</table>").next().unwrap();
    let rows = table.split("<tr").filter(|row| row.contains("scope=\"row\"")).map(str::to_owned);
    titles(table).into_iter().zip(rows).collect()
}

fn reasons(lines: &[(String, String)]) -> Vec<(&str, &str)> {
    let reason = |row: &str| -> usize { row.find("</svg>").unwrap() + "</svg>".len() };
    lines.iter().map(|(title, row)| (title.as_str(), row[reason(row)..].split('<').next().unwrap())).collect()
}

#[tokio::test]
async fn each_person_sees_what_they_can_act_on_most_urgent_first() {
    let app = TestApp::new().await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let mut rae = app.signed_in("Rae", &[Role::Reviewer]).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    assert!(eve.page("/admin").await.contains("Nothing is waiting for you."));
    // Made by Eve in the panel, so that the work is hers.
    let make = async |browser: &mut Browser, title: &str| {
        let answer = browser.post("/admin/role-pages/new", &[("title", title), ("template", "blank")]).await;
        format!("/manage/v1/role-pages/{}", id_of(answer.header("location")))
    };
    let forgotten = make(&mut eve, "Forgotten").await;
    app.clock.advance(8 * Timestamp::DAY);
    // By now both have to sign in again.
    eve.sign_in().await;
    rae.sign_in().await;
    let sent_back = make(&mut eve, "Sent back").await;
    let to_review = make(&mut eve, "To review").await;
    let own = make(&mut rae, "Work of the reviewer").await;
    for page in [&sent_back, &to_review, &own] {
        pat.step(page, "submit", &json!({})).await.ok();
    }
    pat.step(&sent_back, "request-changes", &json!({ "note": "Say more of it." })).await.ok();
    let lines = waiting(&mut eve).await;
    assert_eq!(
        reasons(&lines),
        [("Sent back", "Changes requested"), ("Forgotten", "Your draft, untouched for a week")]
    );
    assert!(lines[1].1.contains(&format!("/admin/role-pages/{}", id_of(&forgotten))));
    assert_eq!(
        reasons(&waiting(&mut rae).await),
        [("To review", "Waiting for your review")],
        "nobody reviews their own"
    );
    let mut bo = app.signed_in("Bo", &[Role::Publisher]).await;
    pat.step(&to_review, "approve", &json!({})).await.ok();
    let today = json!({ "action": "publish", "at": "2026-11-30T12:00:00Z" });
    pat.step(&to_review, "schedule", &today).await.ok();
    let lines = waiting(&mut bo).await;
    assert_eq!(
        reasons(&lines),
        [("To review", "Changes by itself today"), ("Work of the reviewer", "Waiting for your review")]
    );
    assert!(lines[0].1.contains("today 12:00"), "{}", lines[0].1);
    let mut tim = app.signed_in("Tim", &[Role::Triager]).await;
    assert!(waiting(&mut tim).await.is_empty());
    assert!(!tim.page("/admin").await.contains("New role page"));
}

#[tokio::test]
async fn failures_forced_publications_overdue_pages_and_cases_wait_for_those_concerned() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let mut bo = app.signed_in("Bo", &[Role::Publisher, Role::Triager]).await;
    app.signed_in("Cy", &[Role::Reviewer]).await;
    let forced = ada.create("role-pages", &titled("Forced")).await;
    ada.step(&forced, "force-publish", &json!({ "reason": "It could not wait for anybody." })).await.ok();
    ada.at(Method::PATCH, &forced, 1, &json!({ "owner": bo.user, "review_by": "2026-11-01" })).await.ok();
    for number in 0..5 {
        let words = ["pay", "hours", "kit", "place", "people"][number];
        let report = json!({ "document": id_of(&forced), "kind": "problem", "wrong": format!("What it says of {words} is not so {number}.") });
        app.nobody().post("/api/v1/reports", &report).await.ok();
    }
    let cases = ada.get("/manage/v1/cases").await.ok();
    let case = cases["data"][0]["id"].as_str().unwrap().to_owned();
    let version = cases["data"][0]["version"].as_i64().unwrap();
    let assign = json!({ "assignee": bo.user });
    ada.at(Method::PATCH, &format!("/manage/v1/cases/{case}"), version, &assign).await.ok();
    let lines = waiting(&mut bo).await;
    let found = reasons(&lines);
    for expected in [("Forced", "Needs a look back"), ("Forced", "5 new cases"), ("Forced", "Review date has passed")] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    assert!(found.iter().any(|(_, why)| *why == "Assigned to you"), "{found:?}");
    assert!(
        found.iter().any(|(title, why)| title.ends_with("new cases") && *why == "Nobody has looked yet"),
        "{found:?}"
    );
    let page = bo.page("/admin").await;
    for link in ["review_passed=true\">1 role page", "open_cases=true\">1 role page"] {
        assert!(page.contains(link), "{link}: {page}");
    }
    assert!(!page.contains("What happened last"), "the log is for administrators");
}

#[tokio::test]
async fn administrators_are_told_of_a_webhook_that_was_paused_by_what_happened() {
    let app = TestApp::new().await;
    let receiver = Receiver::open().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut bo = app.signed_in("Bo", &[Role::Publisher]).await;
    let program = app.person("Grace", &[Role::Administrator]).await;
    program.set(&json!({ "review_role_pages": "off" })).await.ok();
    let (webhook, _) = webhooks::add(&program, &receiver.url).await;
    webhooks::step(&program, &webhook, "pause", &json!({})).await.ok();
    assert!(waiting(&mut ada).await.is_empty(), "who pauses one by hand knows");
    webhooks::step(&program, &webhook, "resume", &json!({})).await.ok();
    receiver.answers([410]);
    program.publish_new("role-pages", &titled("Porter")).await;
    app.send_webhooks().await;
    let lines = waiting(&mut ada).await;
    assert_eq!(reasons(&lines), [("Site", "Paused: its receiver is gone for good")]);
    let address = format!("href=\"/admin/webhooks/{}\"", id_of(&webhook));
    assert!(lines[0].1.contains(&address), "{}", lines[0].1);
    assert!(ada.page(&format!("/admin/webhooks/{}", id_of(&webhook))).await.contains("gone for good"));
    assert!(waiting(&mut bo).await.is_empty(), "nobody else can do anything about it");
    webhooks::step(&program, &webhook, "resume", &json!({})).await.ok();
    assert!(waiting(&mut ada).await.is_empty());
}

#[tokio::test]
async fn ten_things_are_shown_and_lists_with_the_rest() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    for number in 0..14 {
        let page = pat.create("role-pages", &titled(&format!("Role {number}"))).await;
        app.clock.advance(Timestamp::MINUTE);
        pat.step(&page, "submit", &json!({})).await.ok();
    }
    let mut rae = app.signed_in("Rae", &[Role::Reviewer]).await;
    let lines = waiting(&mut rae).await;
    let oldest: Vec<String> = (0..10).map(|number| format!("Role {number}")).collect();
    assert_eq!(lines.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>(), oldest, "the oldest first");
    let page = rae.page("/admin").await;
    assert!(page.contains("Waiting for you (14)"), "{page}");
    assert!(page.contains("<a href=\"/admin/role-pages?draft_state=in_review\">role pages in review</a>"), "{page}");
    assert_eq!(titles(&rae.page("/admin/role-pages?draft_state=in_review").await).len(), 14);
    assert_eq!(rae.get("/admin?all=true").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_new_site_says_what_comes_first_until_it_is_done() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = ada.page("/admin").await;
    assert!(page.contains("First steps (0 of 6 done)") && page.contains("What happened last"), "{page}");
    let pat = app.person("Pat", &[Role::Administrator]).await;
    assert!(ada.page("/admin").await.contains("First steps (2 of 6 done)"), "a colleague and a key are there");
    pat.create("requirement-sections", &titled("Basics")).await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    pat.step(&page, "force-publish", &json!({ "reason": "Nobody else is here yet." })).await.ok();
    let page = ada.page("/admin").await;
    assert!(page.contains("First steps (5 of 6 done)"), "{page}");
    assert!(page.contains("Pat, with a key published without a review <a"), "{page}");
    pat.set(&json!({ "site_name": "Careers" })).await.ok();
    assert!(!ada.page("/admin").await.contains("First steps"));
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    assert!(!eve.page("/admin").await.contains("First steps"));
}

#[tokio::test]
async fn what_one_edited_last_is_at_hand() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    pat.create("role-pages", &titled("Not hers")).await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    assert!(!eve.page("/admin").await.contains("Recently edited by you"));
    for title in ["First", "Second"] {
        app.clock.advance(Timestamp::MINUTE);
        eve.post("/admin/role-pages/new", &[("title", title), ("template", "blank")]).await;
    }
    let page = eve.page("/admin").await;
    let edited = page.split("Recently edited by you").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(edited.find(">Second<").unwrap() < edited.find(">First<").unwrap(), "{edited}");
    assert!(!edited.contains("Not hers"), "{edited}");
}

#[tokio::test]
async fn pictures_that_nobody_described_are_counted_and_named_as_something_to_do() {
    let app = TestApp::new().await;
    let program = app.person("Pat", &[Role::Editor]).await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    program.upload("described.png", 20, 20, "A blue square.").await;
    assert!(!eve.page("/admin").await.contains("without_alt"));
    program.upload("bare.png", 30, 30, "").await;
    let page = eve.page("/admin").await;
    assert!(page.contains("1 picture without alternative text") && page.contains("Describe the pictures"), "{page}");
    let listed = eve.page("/admin/media?without_alt=true").await;
    assert!(listed.contains("bare.png") && !listed.contains("described.png"));
}

/// The rows of the table below the chart: week, received, closed.
fn weeks(page: &str) -> Vec<(String, u64, u64)> {
    let table = page.split("<figure class=\"chart\">").nth(1).unwrap().split("</table>").next().unwrap();
    let inner = |cell: &str| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    let row = |row: &str| {
        let numbers: Vec<u64> =
            row.split("<td").skip(1).map(|cell| inner(&format!("<td{cell}")).parse().unwrap()).collect();
        let week = inner(row.split("<th").nth(1).map(|cell| format!("<th{cell}")).unwrap().as_str());
        (week, numbers[0], numbers[1])
    };
    table.split("<tr>").skip(2).map(row).collect()
}

#[tokio::test]
async fn reports_and_what_was_closed_of_them_are_counted_week_by_week() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "off" })).await.ok();
    ada.publish_new("role-pages", &titled("Porter")).await;
    let mut tim = app.signed_in("Tim", &[Role::Triager]).await;
    let page = tim.page("/admin").await;
    assert!(page.contains("Fewer than 5 reports in 12 weeks") && !page.contains("<svg viewBox=\"0 0 320"), "{page}");
    let send = async |words: &str| {
        app.clock.advance(Timestamp::HOUR);
        let wrong = format!("What it says of {words} is not so.");
        let report = json!({ "document": "porter", "kind": "problem", "wrong": wrong });
        app.nobody().post("/api/v1/reports", &report).await.ok();
    };
    for words in ["the pay", "working hours"] {
        send(words).await;
    }
    // From Sunday into the week after the next; nobody stays signed in so long.
    app.clock.advance(8 * Timestamp::DAY);
    for words in ["the kit", "uniforms", "how to apply"] {
        send(words).await;
    }
    let cases = ada.get("/manage/v1/cases").await.ok();
    let ids: Vec<&str> = cases["data"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 5, "{cases}");
    let path = |id: &str| format!("/manage/v1/cases/{id}");
    ada.step(&path(ids[0]), "resolve", &json!({ "resolution": "answered" })).await.ok();
    ada.step(&path(ids[1]), "dismiss", &json!({ "reason": "no_detail" })).await.ok();
    // Closed, opened and closed again in one week counts once.
    ada.step(&path(ids[1]), "reopen", &json!({ "reason": "It was not." })).await.ok();
    ada.step(&path(ids[1]), "dismiss", &json!({ "reason": "no_detail" })).await.ok();
    ada.step(&path(ids[2]), "start", &json!({})).await.ok();
    tim.sign_in().await;
    let page = tim.page("/admin").await;
    let weeks = weeks(&page);
    assert_eq!(weeks.len(), 12);
    let expected = [("16 November", 2, 0), ("23 November", 0, 0), ("30 November (so far)", 3, 2)];
    let expected = expected.map(|(week, received, closed)| (week.to_owned(), received, closed));
    assert_eq!(weeks[9..], expected);
    assert!(weeks[..9].iter().all(|(_, received, closed)| received + closed == 0), "{weeks:?}");
    assert!(page.contains("In all 5 came in and 2 were closed.") && page.contains("<svg viewBox=\"0 0 320"), "{page}");
    assert!(page.contains("<title>Received, 16 November: 2</title>"), "{page}");
    // What is suspected of being spam counts only once it is released.
    let report = ada.get("/manage/v1/reports").await.ok()["data"][0].clone();
    let spam = format!("/manage/v1/reports/{}", report["id"].as_str().unwrap());
    ada.seeing(&spam, Method::POST, &format!("{spam}/quarantine"), &json!({})).await.ok();
    assert!(tim.page("/admin").await.contains("Fewer than 5 reports"));
}
