//! What the public reads of fixes: only what people wrote for it, on sites that tell, as long as the fix holds.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, id_of, pointers};

const FEED: &str = "/api/v1/role-pages/porter/what-changed";
const SAID: &str = "It says porters moves beds, which is not a sentence at all";
const TOLD: &str = "We mended the grammar of the first paragraph.";

/// A site that tells, with a page and the section that stands in it.
struct Site {
    app: TestApp,
    ada: Client,
    page: String,
    section: String,
}

impl Site {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let ada = app.administrator().await;
        ada.set(&json!({ "tell_fixes": true })).await.ok();
        let prose =
            json!([{ "heading": "Good to know", "blocks": [{ "kind": "text", "markdown": "You need level 2." }] }]);
        let section = json!({ "slug": "way-in", "content": { "title": "Way in", "sections": prose } });
        let section = ada.publish_new("requirement-sections", &section).await;
        let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
            { "heading": "Daily work", "blocks": [{ "kind": "text", "markdown": "Porters moves beds." }] },
            { "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] });
        let page = ada.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
        Self { app, ada, page, section }
    }

    async fn public(&self) -> Value {
        self.app.nobody().get("/api/v1/role-pages/porter").await.ok()
    }

    async fn told(&self) -> Value {
        self.app.nobody().get(FEED).await.ok()
    }

    /// The case of a report about a block of the page.
    async fn report(&self, block: &Value, wrong: &str) -> String {
        self.app.clock.advance(600_000);
        let token = self.public().await["feedback"]["page_token"].clone();
        let report = json!({ "page_token": token, "block": block, "kind": "problem", "wrong": wrong });
        self.app.nobody().post("/api/v1/reports", &report).await.ok();
        let cases = self.ada.get("/manage/v1/cases").await.ok();
        format!("/manage/v1/cases/{}", cases["data"][0]["id"].as_str().unwrap())
    }

    /// A case about the first paragraph, which the second version of the page has mended.
    async fn mended(&self) -> String {
        let block = self.public().await["sections"][0]["blocks"][0]["id"].clone();
        let case = self.report(&block, SAID).await;
        self.app.clock.advance(3_600_000);
        let mut content = self.ada.get(&self.page).await.ok()["content"].clone();
        content["sections"][0]["blocks"][0]["markdown"] = "Porters move beds.".into();
        self.ada.save(&self.page, &json!({ "content": content })).await.ok();
        self.ada.step(&self.page, "publish", &json!({})).await.ok();
        case
    }

    async fn resolve(&self, case: &str, text: &str) -> Answer {
        let fixed = json!({ "resolution": "fixed", "document": id_of(&self.page), "version": 2, "what_changed": text });
        self.ada.step(case, "resolve", &fixed).await
    }

    async fn tell(&self, case: &str, text: &Value) -> Answer {
        let seen = self.ada.get(case).await.ok()["version"].as_i64().unwrap();
        self.ada.at(Method::PUT, &format!("{case}/what-changed"), seen, &json!({ "text": text })).await
    }

    async fn events_of(&self, case: &str) -> Vec<String> {
        let timeline = self.ada.get(case).await.ok()["timeline"].clone();
        let kinds = timeline.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned());
        kinds.collect()
    }
}

#[tokio::test]
async fn a_sentence_for_visitors_stands_with_date_version_and_passage_and_nothing_else() {
    let site = Site::new().await;
    let case = site.mended().await;
    assert_eq!(site.told().await, json!({ "data": [], "next": null, "total": 0 }));
    site.app.clock.advance(3_600_000);
    site.resolve(&case, TOLD).await.ok();
    let page = site.public().await;
    let told = site.told().await;
    let expected = json!({
        "changed_at": page["published_at"], "document": { "id": id_of(&site.page), "kind": "role-page" }, "version": 2,
        "block": { "id": page["sections"][0]["blocks"][0]["id"], "title": "Daily work", "anchor": page["sections"][0]["anchor"] },
        "text": TOLD,
    });
    assert_eq!(told, json!({ "data": [expected], "next": null, "total": 1 }));
    let detail = site.ada.get(&case).await.ok();
    assert_eq!(detail["what_changed"]["text"], TOLD);
    assert_eq!(site.events_of(&case).await[..2], ["fix_told", "case_resolved"]);
    let log = detail["timeline"].to_string() + &site.ada.get("/manage/v1/events").await.text();
    assert!(!log.contains("grammar"), "the log holds no words: {log}");
}

#[tokio::test]
async fn it_is_cached_like_every_public_answer_and_as_new_as_what_was_said_last() {
    let site = Site::new().await;
    let case = site.mended().await;
    site.resolve(&case, TOLD).await.ok();
    let nobody = site.app.nobody();
    let first = nobody.get(FEED).await;
    let etag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "public, max-age=60");
    assert!(first.header("surrogate-key").contains(&id_of(&site.page)), "{}", first.header("surrogate-key"));
    assert_eq!(nobody.send(Method::GET, FEED, &[("if-none-match", &etag)], "").await.status, 304);
    let page = nobody.get("/api/v1/role-pages/porter").await;
    site.app.clock.advance(60_000);
    site.tell(&case, &json!("We  mended\nthe grammar.")).await.ok();
    let second = nobody.send(Method::GET, FEED, &[("if-none-match", &etag)], "").await;
    assert_eq!(second.ok()["data"][0]["text"], "We mended the grammar.");
    assert_ne!(second.header("last-modified"), first.header("last-modified"));
    site.app.clock.advance(60_000);
    site.ada.set(&json!({ "tell_fixes": false })).await.ok();
    assert_eq!(site.told().await["total"], 0, "a site that tells no longer");
    site.ada.set(&json!({ "tell_fixes": true })).await.ok();
    assert_eq!(site.told().await["total"], 1);
    site.tell(&case, &Value::Null).await.ok();
    assert_eq!(site.told().await["total"], 0, "what was taken back");
    assert_eq!(site.events_of(&case).await[..3], ["fix_untold", "fix_told", "fix_told"]);
    let version = site.ada.get(&case).await.ok()["version"].clone();
    site.tell(&case, &json!("")).await.ok();
    assert_eq!(site.ada.get(&case).await.ok()["version"], version, "nothing to take back, nothing happened");
    let after = nobody.get("/api/v1/role-pages/porter").await;
    assert_eq!(after.header("etag"), page.header("etag"), "the page itself never changed");
}

#[tokio::test]
async fn what_could_tell_of_a_visitor_is_refused_and_nothing_of_it_is_kept() {
    let site = Site::new().await;
    let case = site.mended().await;
    for (text, code) in [
        ("Ring 07700 900123 if it is still wrong.", "personal-data"),
        ("Thanks to jo@example.org for this.", "personal-data"),
        ("You said: it says porters moves beds, which was wrong.", "repeats-report"),
        (&"x".repeat(301), "too-long"),
    ] {
        let problem = site.resolve(&case, text).await.problem(422);
        assert_eq!(
            (pointers(&problem), &problem["errors"][0]["code"]),
            (vec!["/what_changed".to_owned()], &json!(code)),
            "{text}"
        );
        assert!(!problem.to_string().contains("07700") && !problem.to_string().contains("jo@example"), "{problem}");
    }
    assert_eq!(site.ada.get(&case).await.ok()["state"], "new", "the step was refused as a whole");
    let answered = json!({ "resolution": "answered", "what_changed": TOLD });
    assert_eq!(pointers(&site.ada.step(&case, "resolve", &answered).await.problem(422)), ["/what_changed"]);
    assert_eq!(site.tell(&case, &json!(TOLD)).await.problem(409)["type"], "/problems/not-fixed");
    site.ada.set(&json!({ "tell_fixes": false })).await.ok();
    assert_eq!(pointers(&site.resolve(&case, TOLD).await.problem(422)), ["/what_changed"], "the site does not tell");
    assert_eq!(site.told().await["total"], 0);
}

#[tokio::test]
async fn a_fix_that_did_not_work_is_not_told_of_any_more() {
    let site = Site::new().await;
    let case = site.mended().await;
    site.resolve(&case, TOLD).await.ok();
    assert_eq!(site.told().await["total"], 1);
    site.ada.step(&case, "undo", &json!({})).await.ok();
    assert_eq!(site.told().await["total"], 0, "the answer was undone");
    site.resolve(&case, TOLD).await.ok();
    site.ada.step(&case, "reopen", &json!({})).await.ok();
    assert_eq!(site.told().await["total"], 0, "reopened by a person");
    site.resolve(&case, "").await.ok();
    assert_eq!(site.told().await["total"], 0, "an old sentence does not come back");
    site.tell(&case, &json!(TOLD)).await.ok();
    assert_eq!(site.told().await["total"], 1);
    let block = site.public().await["sections"][0]["blocks"][0]["id"].clone();
    assert_eq!(site.report(&block, SAID).await, case);
    assert_eq!(site.ada.get(&case).await.ok()["regressed"], true);
    assert_eq!(site.told().await["total"], 0, "reopened by a visitor who saw the fix");
}

#[tokio::test]
async fn a_page_tells_of_the_sections_that_stand_in_it_page_by_page() {
    let site = Site::new().await;
    let first = site.mended().await;
    let public = site.public().await;
    let block = &public["sections"][1]["blocks"][0]["requirement_section"]["sections"][0]["blocks"][0]["id"];
    let second = site.report(block, "Level 2 of what").await;
    site.app.clock.advance(60_000);
    let mut content = site.ada.get(&site.section).await.ok()["content"].clone();
    content["sections"][0]["blocks"][0]["markdown"] = "You need GCSEs.".into();
    site.ada.save(&site.section, &json!({ "content": content })).await.ok();
    site.ada.step(&site.section, "publish", &json!({})).await.ok();
    site.resolve(&first, TOLD).await.ok();
    let fixed = json!({ "resolution": "fixed", "document": id_of(&site.section), "version": 2, "what_changed": "We name the level." });
    site.ada.step(&second, "resolve", &fixed).await.ok();
    let own = site.app.nobody().get("/api/v1/requirement-sections/way-in/what-changed").await.ok();
    assert_eq!((&own["total"], &own["data"][0]["text"]), (&json!(1), &json!("We name the level.")));
    let page = site.app.nobody().get(&format!("{FEED}?limit=1")).await.ok();
    assert_eq!((&page["total"], &page["data"][0]["text"]), (&json!(2), &json!("We name the level.")));
    assert_eq!(page["data"][0]["document"], json!({ "id": id_of(&site.section), "kind": "requirement-section" }));
    assert_eq!(page["data"][0]["block"]["title"], "Good to know");
    let rest = site.app.nobody().get(page["next"].as_str().unwrap()).await.ok();
    assert_eq!((&rest["data"][0]["text"], &rest["next"]), (&json!(TOLD), &Value::Null));
}

#[tokio::test]
async fn a_page_that_the_public_can_not_read_tells_nothing_and_unknown_parameters_are_refused() {
    let site = Site::new().await;
    let case = site.mended().await;
    site.resolve(&case, TOLD).await.ok();
    let nobody = site.app.nobody();
    nobody.get("/api/v1/role-pages/astronaut/what-changed").await.problem(404);
    nobody.get(&format!("{FEED}?sort=title")).await.problem(400);
    nobody.get(&format!("{FEED}?cursor=x")).await.problem(400);
    site.ada.step(&site.page, "withdraw", &json!({ "explanation": "The work has changed." })).await.ok();
    assert_eq!(site.told().await["total"], 1, "a withdrawn page can be read");
    site.ada.step(&site.page, "unpublish", &json!({ "decision": "gone" })).await.ok();
    nobody.get(FEED).await.problem(404);
    nobody.get(&format!("/api/v1/role-pages/{}/what-changed", id_of(&site.page))).await.problem(404);
}

#[tokio::test]
async fn words_that_are_taken_out_of_a_report_take_a_sentence_with_them_that_holds_them() {
    let site = Site::new().await;
    let case = site.mended().await;
    site.resolve(&case, "Bloggs pointed at the grammar, which is mended.").await.ok();
    assert_eq!(site.told().await["total"], 1);
    let report = site.ada.get(&case).await.ok()["reports"][0].clone();
    let path = format!("/manage/v1/reports/{}/redact", report["id"].as_str().unwrap());
    let redaction = json!({ "field": "wrong", "text": "sentence", "reason": "other" });
    let revision = format!("\"{}\"", report["revision"].as_str().unwrap());
    let redacted = site.ada.naming(&revision, Method::POST, &path, &redaction).await.ok();
    assert_eq!(site.told().await["total"], 1, "another word");
    let revision = format!("\"{}\"", redacted["revision"].as_str().unwrap());
    let redaction = json!({ "field": "wrong", "text": "moves beds", "reason": "other" });
    site.tell(&case, &json!("Porter moves beds reads better now.")).await.ok();
    site.ada.naming(&revision, Method::POST, &path, &redaction).await.ok();
    assert_eq!(site.told().await["total"], 0);
}
