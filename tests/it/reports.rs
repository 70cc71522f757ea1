//! From a report to a proven fix, through the doors.

use axum::http::Method;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, id_of};

async fn page(publisher: &Client) -> String {
    let section = publisher
        .publish_new(
            "requirement-sections",
            &json!({ "slug": "way-in", "content": { "title": "Way in", "sections": [
            { "heading": "Good to know", "blocks": [{ "kind": "text", "markdown": "You need level 2." }] }] } }),
        )
        .await;
    publisher
        .publish_new("role-pages", &json!({ "slug": "porter", "content": { "title": "Porter", "summary": "Moves things.", "sections": [
            { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters moves beds." }] },
            { "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] } }))
        .await
}

async fn token(app: &TestApp) -> String {
    let page = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    page["feedback"]["page_token"].as_str().unwrap().to_owned()
}

async fn only_case(triager: &Client) -> Value {
    let cases = triager.get("/manage/v1/cases").await.ok();
    assert_eq!(cases["total"], 1, "{cases}");
    cases["data"][0].clone()
}

#[tokio::test]
async fn a_report_becomes_a_case_that_the_publication_of_its_fix_closes_and_a_later_one_reopens() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let triager = app.person("Tia", &[Role::Triager]).await;
    let path = page(&publisher).await;
    let before_fix = token(&app).await;
    let wrong = "It says porters moves beds, which is not a sentence";
    app.nobody()
        .post("/api/v1/reports", &json!({ "page_token": before_fix, "kind": "problem", "wrong": wrong }))
        .await
        .ok();
    let case = only_case(&triager).await;
    assert_eq!((&case["state"], &case["report_count"]), (&json!("new"), &json!(1)));
    let case_path = format!("/manage/v1/cases/{}", case["id"].as_str().unwrap());
    triager.step(&case_path, "open", &json!({})).await.ok();
    triager.step(&case_path, "start", &json!({})).await.ok();

    app.clock.advance(3_600_000);
    let document = publisher.get(&path).await.ok();
    let mut content = document["content"].clone();
    content["sections"][0]["blocks"][0]["markdown"] = "Porters move beds.".into();
    publisher.save(&path, &json!({ "content": content })).await.ok();
    publisher.step(&path, "publish", &json!({ "fixes": [case["id"]] })).await.ok();
    assert!(app.follow().await > 0);
    let resolved = triager.get(&case_path).await.ok();
    assert_eq!((&resolved["state"], &resolved["resolution"]), (&json!("resolved"), &json!("fixed")));
    assert_eq!(resolved["fixed_in"], json!({ "document": id_of(&path), "version": 2 }));
    app.follow().await;
    assert_eq!(triager.get(&case_path).await.ok()["version"], resolved["version"], "following again changes nothing");

    app.clock.advance(3_600_000);
    let late = json!({ "page_token": before_fix, "kind": "problem", "wrong": format!("{wrong}.") });
    app.nobody().post("/api/v1/reports", &late).await.ok();
    assert_eq!(triager.get(&case_path).await.ok()["state"], "resolved", "that visitor saw the page before the fix");
    app.clock.advance(600_000);
    let after_fix = json!({ "page_token": token(&app).await, "kind": "problem", "wrong": format!("{wrong}!") });
    app.nobody().post("/api/v1/reports", &after_fix).await.ok();
    let regressed = triager.get(&case_path).await.ok();
    assert_eq!((&regressed["state"], &regressed["regressed"]), (&json!("open"), &json!(true)));
}

#[tokio::test]
async fn a_report_about_an_embedded_block_belongs_to_the_section_that_owns_it() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let public = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    let section = &public["sections"][1]["blocks"][0]["requirement_section"];
    let block = &section["sections"][0]["blocks"][0]["id"];
    let report = json!({ "page_token": public["feedback"]["page_token"], "block": block, "kind": "problem", "wrong": "It is level 3." });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    assert_eq!(only_case(&people).await["document"]["id"], section["id"]);
    let unknown = json!({ "page_token": public["feedback"]["page_token"], "block": section["id"], "kind": "problem", "wrong": "x" });
    let problem = app.nobody().post("/api/v1/reports", &unknown).await.problem(422);
    assert_eq!(problem["errors"][0]["pointer"], "/block");
}

#[tokio::test]
async fn suspected_spam_gets_the_same_answer_and_waits_in_quarantine_with_its_reasons() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let spam =
        json!({ "document": "porter", "kind": "comment", "wrong": "Buy now", "website": "https://spam.example" });
    let answer = app.nobody().post("/api/v1/reports", &spam).await;
    assert_eq!(answer.status.as_u16(), 202);
    assert_eq!(answer.json().as_object().unwrap().len(), 3);
    assert_eq!(people.get("/manage/v1/cases").await.ok()["total"], 0);
    let reports = people.get("/manage/v1/reports?quarantined=true").await.ok();
    assert_eq!(reports["data"][0]["reasons"], json!(["honeypot"]));
    let path = format!("/manage/v1/reports/{}", reports["data"][0]["id"].as_str().unwrap());
    let shown = people.get(&path).await;
    let headers = [("content-type", "application/json"), ("if-match", shown.header("etag"))];
    people.send(Method::POST, &format!("{path}/release"), &headers, "{}").await.ok();
    assert_eq!(people.get("/manage/v1/cases").await.ok()["total"], 1);
}

#[tokio::test]
async fn the_same_text_within_five_minutes_joins_and_later_makes_a_new_case() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "The beds are not moved by porters." });
    for minutes in [0, 4] {
        app.clock.advance(minutes * 60_000);
        app.nobody().post("/api/v1/reports", &report).await.ok();
    }
    assert_eq!(only_case(&people).await["report_count"], 2);
    app.clock.advance(6 * 60_000);
    app.nobody().post("/api/v1/reports", &report).await.ok();
    let cases = people.get("/manage/v1/cases").await.ok();
    assert_eq!(cases["total"], 2);
    let detail = people.get(&format!("/manage/v1/cases/{}", cases["data"][0]["id"].as_str().unwrap())).await.ok();
    assert_eq!(detail["suggestions"][0]["id"], cases["data"][1]["id"], "similar text is proposed to people");
}

#[tokio::test]
async fn a_form_post_gets_html_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let public = app.nobody();
    let send = |body: &str| {
        let (public, body) = (public.clone(), body.to_owned());
        async move { public.send(Method::POST, "/api/v1/reports", &form, body).await }
    };
    let thanks = send("document=porter&kind=problem&wrong=A+typo").await;
    assert_eq!(thanks.status.as_u16(), 202, "{thanks:?}");
    assert!(thanks.header("content-type").starts_with("text/html") && thanks.text().contains("Thank you"));
    let back =
        send("document=porter&kind=problem&wrong=Another+typo&return_to=https%3A%2F%2Fsite.example%2Fthanks").await;
    assert_eq!((back.status.as_u16(), back.header("location")), (303, "https://site.example/thanks"));
    let evil = send("document=porter&kind=problem&wrong=Third+typo&return_to=https%3A%2F%2Fevil.example%2F").await;
    assert_eq!(evil.status.as_u16(), 422);
    for (number, (odd, goes_to)) in [
        ("https://site.example/%0D%0ASet-Cookie:%20a=b", Some("https://site.example/Set-Cookie:%20a=b")),
        ("https://site.example%5C@evil.example", Some("https://site.example/@evil.example")),
        ("https://site.example%0D%0A.evil.example", None),
        ("blob:https://site.example/x", None),
    ]
    .into_iter()
    .enumerate()
    {
        app.clock.advance(60_000);
        let odd = send(&format!("document=porter&kind=problem&wrong=Odd+{number}&return_to={odd}")).await;
        let location = odd.headers.get("location").and_then(|value| value.to_str().ok());
        let status = if goes_to.is_some() { 303 } else { 422 };
        assert_eq!((odd.status.as_u16(), location), (status, goes_to), "{odd:?}");
    }
    let long = "words%20".repeat(300);
    let again =
        send(&format!("document=porter&kind=comment&doing=%3Cscript%3Ealert(1)%3C/script%3E&wrong={long}")).await;
    assert_eq!(again.status.as_u16(), 422);
    let html = again.text();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script"), "{html}");
    assert!(
        html.contains("There is a problem") && html.contains(&"words ".repeat(100)) && html.contains("href=\"#wrong\"")
    );
    assert!(again.header("content-security-policy").contains("default-src 'none'"));
}

#[tokio::test]
async fn a_sender_who_sends_too_much_is_asked_to_wait_and_mistakes_do_not_count() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let public = app.nobody();
    for _ in 0..10 {
        public.post("/api/v1/reports", &json!({ "document": "porter", "kind": "problem" })).await.problem(422);
    }
    for number in 0..5 {
        let report =
            json!({ "document": "porter", "kind": "problem", "wrong": format!("Typo number {number} in the page") });
        public.post("/api/v1/reports", &report).await.ok();
    }
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "One more" });
    let problem = public.post("/api/v1/reports", &report).await;
    assert_eq!((problem.status.as_u16(), problem.header("retry-after")), (429, "20"));
    let forwarded = [("content-type", "application/json"), ("x-forwarded-for", "203.0.113.9")];
    let same = public.send(Method::POST, "/api/v1/reports", &forwarded, report.to_string()).await;
    assert_eq!(same.status.as_u16(), 429, "a forwarding header of somebody who is no proxy of ours counts for nothing");
    app.clock.advance(21_000);
    public.post("/api/v1/reports", &report).await.ok();
}

#[tokio::test]
async fn the_receipt_shows_how_far_it_is_and_takes_more_detail() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "There is a typo" });
    let receipt = app.nobody().post("/api/v1/reports", &report).await.ok();
    let url = receipt["receipt_url"].as_str().unwrap().strip_prefix("http://rolebook.test").unwrap().to_owned();
    let public = app.nobody();
    assert_eq!(public.get(&url).await.ok()["state"], "received");
    let added = public.post(&url, &json!({ "text": "In the first line. My number is 07700 900123." })).await.ok();
    assert_eq!(added["additions"], 1);
    let wrong = format!("{}0", &url[..url.len() - 1]);
    let other = if wrong == url { format!("{}1", &url[..url.len() - 1]) } else { wrong };
    public.get(&other).await.problem(404);
    let lost = public.send(Method::GET, &other, &[("accept", "text/html")], "").await;
    assert_eq!(lost.status.as_u16(), 404);
    assert!(lost.text().contains("<h1>This link leads nowhere</h1>"), "{}", lost.text());
    let reports = people.get("/manage/v1/reports").await.ok();
    let text = reports["data"][0]["additions"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "In the first line. My number is [phone removed].");
    let page = public.send(Method::GET, &url, &[("accept", "text/html")], "").await;
    assert!(page.text().contains("Nobody has looked at it yet"));
    assert!(page.text().contains("You have added something once."), "{}", page.text());
    let received = receipt["received_at"].as_str().unwrap();
    let told = format!("<time datetime=\"{received}\">22 November 2026</time>");
    assert!(page.text().contains(&told), "{told}: {}", page.text());
    // Where it is still the day before, the day is that one.
    people.set(&json!({ "time_zone": "Pacific/Pago_Pago" })).await.ok();
    let there = public.send(Method::GET, &url, &[("accept", "text/html")], "").await;
    assert!(there.text().contains(">21 November 2026</time>"), "{}", there.text());
}

#[tokio::test]
async fn browsers_of_known_sites_may_send_reports_and_others_may_not() {
    let app = TestApp::new().await;
    let public = app.nobody();
    let known = public.send(Method::OPTIONS, "/api/v1/reports", &[("origin", "https://site.example")], "").await;
    assert_eq!(known.header("access-control-allow-origin"), "https://site.example");
    let other = public.send(Method::OPTIONS, "/api/v1/reports", &[("origin", "https://other.example")], "").await;
    assert!(other.headers.get("access-control-allow-origin").is_none());
    for origin in ["https://site.example", "https://other.example"] {
        let headers = [("origin", origin), ("content-type", "application/json")];
        let refused = public.send(Method::POST, "/api/v1/reports", &headers, r#"{"kind":"problem"}"#).await;
        refused.problem(422);
        let allowed = refused.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap());
        let is_known = origin == "https://site.example";
        assert_eq!(allowed, is_known.then_some(origin), "whoever may send may read what is wrong");
        assert_eq!(refused.header("vary"), "Origin");
    }
}

#[tokio::test]
async fn cases_are_merged_taken_apart_and_dismissed_with_a_reason() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    for wrong in ["The first thing is wrong", "Something else entirely"] {
        app.nobody()
            .post("/api/v1/reports", &json!({ "document": "porter", "kind": "problem", "wrong": wrong }))
            .await
            .ok();
    }
    let cases = people.get("/manage/v1/cases").await.ok();
    let [one, two] = [0, 1].map(|row| format!("/manage/v1/cases/{}", cases["data"][row]["id"].as_str().unwrap()));
    people.step(&one, "merge", &json!({ "into": id_of(&two) })).await.ok();
    assert_eq!(people.get(&two).await.ok()["report_count"], 2);
    assert_eq!(people.get(&one).await.ok()["state"], "merged");
    people.step(&one, "unmerge", &json!({})).await.ok();
    assert_eq!(people.get(&two).await.ok()["report_count"], 1);
    assert_eq!(people.get(&one).await.ok()["state"], "new");
    people.step(&one, "dismiss", &json!({})).await.problem(422);
    people.step(&one, "dismiss", &json!({ "reason": "not_actionable" })).await.ok();
    people.step(&one, "reopen", &json!({ "reason": "It is actionable after all." })).await.ok();
    people.step(&one, "wait", &json!({ "until": "2026-11-23T09:00:00Z" })).await.problem(409);
    people.step(&one, "start", &json!({})).await.ok();
    people.step(&one, "wait", &json!({ "until": "2026-11-23T09:00:00Z" })).await.ok();
    app.clock.advance(25 * 3_600_000);
    app.follow().await;
    assert_eq!(people.get(&one).await.ok()["state"], "in_progress");
    people.at(Method::POST, &format!("{one}/open"), 1, &json!({})).await.problem(412);
}

#[tokio::test]
async fn reports_that_join_do_not_void_what_a_triager_saw() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    page(&people).await;
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "The beds are not moved by porters." });
    let send = async || {
        app.clock.advance(20_000);
        app.nobody().post("/api/v1/reports", &report).await.ok()
    };
    send().await;
    let case = only_case(&people).await;
    let path = format!("/manage/v1/cases/{}", case["id"].as_str().unwrap());
    for (step, count) in [("open", 3), ("start", 5)] {
        let seen = people.get(&path).await;
        send().await;
        send().await;
        let present = people.get(&path).await;
        assert_eq!(present.header("etag"), seen.header("etag"));
        let stepped = people.naming(seen.header("etag"), Method::POST, &format!("{path}/{step}"), &json!({})).await;
        assert_eq!(stepped.ok()["report_count"], count, "{step}");
        assert_eq!(stepped.ok()["last_report_at"], present.ok()["last_report_at"]);
    }
    // What says something new does: detail that a visitor adds, and a report that somebody moves in.
    let seen = people.get(&path).await;
    let receipt = send().await;
    let detail = json!({ "text": "Not on Sundays either." });
    app.nobody().post(receipt["receipt_url"].as_str().unwrap(), &detail).await.ok();
    let step = format!("{path}/resolve");
    let answered = json!({ "resolution": "answered" });
    people.naming(seen.header("etag"), Method::POST, &step, &answered).await.problem(412);
    let seen = people.get(&path).await;
    let other = json!({ "document": "porter", "kind": "problem", "wrong": "The photograph shows a nurse." });
    let receipt = app.nobody().post("/api/v1/reports", &other).await.ok();
    let moved = people.get(&format!("/manage/v1/reports/{}", receipt["reference"].as_str().unwrap())).await;
    let address = format!("/manage/v1/reports/{}/move", moved.ok()["id"].as_str().unwrap());
    people.naming(moved.header("etag"), Method::POST, &address, &json!({ "case": case["id"] })).await.ok();
    people.naming(seen.header("etag"), Method::POST, &step, &answered).await.problem(412);
    let seen = people.get(&path).await;
    let resolved = people.naming(seen.header("etag"), Method::POST, &step, &answered).await.ok();
    assert_eq!((&resolved["state"], &resolved["report_count"]), (&json!("resolved"), &json!(7)));
}

#[tokio::test]
async fn steps_come_through_a_flood_of_reports_and_none_is_lost() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let people = app.administrator().await;
    page(&people).await;
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "The beds are not moved by porters." });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    let path = format!("/manage/v1/cases/{}", only_case(&people).await["id"].as_str().unwrap());
    let mut sent = 1;
    for round in 0..15 {
        let seen = people.get(&path).await;
        // The limit on reports is not what is looked at here.
        app.clock.advance(15_000);
        other.clock.advance(15_000);
        let title = json!({ "title": format!("Beds {round}") });
        let (here, there) = (app.nobody(), other.nobody());
        let (first, changed, second) = tokio::join!(
            here.post("/api/v1/reports", &report),
            people.naming(seen.header("etag"), Method::PATCH, &path, &title),
            there.post("/api/v1/reports", &report),
        );
        first.ok();
        second.ok();
        assert_eq!(changed.ok()["title"], title["title"]);
        sent += 2;
        let shown = people.get(&path).await.ok();
        assert_eq!((&shown["report_count"], &shown["title"]), (&json!(sent), &title["title"]));
        assert_eq!(shown["version"], round + 2);
    }
    assert_eq!(people.get("/manage/v1/cases").await.ok()["total"], 1);
}
