//! Every write and every step names what was seen: without it 428, on anything else 412 with what is there now, and of two
//! at once one is carried out.

use axum::http::{Method, StatusCode, header};
use rolebook::{
    kernel::{Role, Timestamp},
    manage,
};
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    drafts::{relating, titled},
    id_of,
    uploads::picture,
};

/// The writes that name nothing as seen, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("post", "/manage/v1/{collection}", "makes a document"),
    ("post", "/manage/v1/media", "makes an image"),
    ("post", "/manage/v1/users", "makes a person"),
    ("post", "/manage/v1/api-keys", "makes a key"),
    ("post", "/manage/v1/webhooks", "makes a webhook"),
    ("post", "/manage/v1/redirects", "makes a redirect"),
    ("post", "/manage/v1/saved-replies", "makes an answer that is kept"),
    ("post", "/manage/v1/mail/test", "makes a letter"),
    ("post", "/manage/v1/cases/{id}/mentions-seen", "changes nothing of the case, and can be repeated"),
    ("put", "/manage/v1/views", "replaces what was said of days, and can be repeated"),
    ("post", "/manage/v1/publish", "names a version of each document in its body"),
];

const SETTINGS: &str = "/manage/v1/settings";

fn is_excepted(method: &str, path: &str) -> bool {
    EXCEPTIONS.iter().any(|(other, address, _)| (*other, *address) == (method, path))
}

/// An administrator, and the same person at another instance.
struct Pair {
    app: TestApp,
    _other: TestApp,
    here: Client,
    there: Client,
}

impl Pair {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let other = app.beside().await;
        let here = app.administrator().await;
        let there = here.at_instance(&other);
        Self { app, _other: other, here, there }
    }

    /// The same step from both at once, on what both have seen.
    async fn both(&self, shown: &str, method: Method, path: &str, body: &Value) -> (Answer, Answer) {
        let seen = self.here.get(shown).await;
        let etag = seen.header("etag");
        tokio::join!(self.here.naming(etag, method.clone(), path, body), self.there.naming(etag, method, path, body))
    }
}

/// The answer that came too late, where the other one was carried out.
#[track_caller]
fn late(answers: &(Answer, Answer), done: StatusCode, refused: u16) -> &Answer {
    let (first, second) = answers;
    let late = if first.status == done { second } else { first };
    let early = if first.status == done { first } else { second };
    assert_eq!((early.status, late.status.as_u16()), (done, refused), "{answers:?}");
    late
}

/// Refused with what is there now, whose ETag stands in the header too.
#[track_caller]
fn assert_stale(refused: &Answer, present: &Answer) {
    let problem = refused.problem(412);
    assert_eq!(problem["current"], present.ok(), "{problem}");
    assert_eq!(refused.header("etag"), present.header("etag"));
    assert!(problem.get("merged").is_none(), "{problem}");
}

#[tokio::test]
async fn every_write_and_every_step_without_if_match_is_refused() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let id = "00000000-0000-7000-8000-000000000001";
    let mut refused = 0;
    for route in manage::ROUTES.iter().filter(|route| route.method != "get") {
        let path = route.path.replace("{collection}", "role-pages").replace("{id}", id);
        let path = path.replace("{publication}", id).replace("{delivery}", id);
        let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
        for address in [path.clone(), path.replace("role-pages", "requirement-sections")] {
            let answer = ada.send(method.clone(), &address, &[("content-type", "application/json")], "{}").await;
            if is_excepted(route.method, route.path) {
                assert_ne!(answer.status, StatusCode::PRECONDITION_REQUIRED, "{method} {address}: {answer:?}");
            } else {
                assert_eq!(answer.problem(428)["type"], "/problems/precondition-required", "{method} {address}");
                refused += 1;
            }
        }
    }
    assert!(refused > 40, "{refused}");
    for (method, path, why) in EXCEPTIONS {
        let is_route = manage::ROUTES.iter().any(|route| (route.method, route.path) == (*method, *path));
        assert!(is_route && !why.is_empty(), "{method} {path} is no route");
    }
}

#[tokio::test]
async fn the_contract_says_which_writes_name_what_was_seen() {
    let app = TestApp::new().await;
    let contract = app.nobody().get("/api/v1/openapi.json").await.ok();
    for route in manage::ROUTES {
        let operation = &contract["paths"][route.path.replace("{collection}", "role-pages")][route.method];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let names = parameters.contains(&json!({ "$ref": "#/components/parameters/IfMatch" }));
        let expected = route.method != "get" && !is_excepted(route.method, route.path);
        assert_eq!(names, expected, "{} {}", route.method, route.path);
        let answers = operation["responses"].as_object().unwrap();
        assert_eq!(answers.contains_key("428"), expected, "{} {}", route.method, route.path);
        assert!(!expected || answers.contains_key("412"), "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn settings_are_changed_as_they_were_seen() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let first = ada.get(SETTINGS).await;
    let named = json!({ "site_name": "Careers" });
    assert_stale(&ada.naming("\"1\"", Method::PATCH, SETTINGS, &named).await, &first);
    let changed = ada.naming(first.header("etag"), Method::PATCH, SETTINGS, &named).await;
    assert_eq!(changed.ok()["site_name"], "Careers");
    let second = ada.get(SETTINGS).await;
    assert_eq!((changed.header("etag"), changed.ok()), (second.header("etag"), second.ok()));
    assert_ne!(first.header("etag"), second.header("etag"));
    for method in [Method::PATCH, Method::PUT] {
        let refused = ada.naming(first.header("etag"), method, SETTINGS, &json!({ "contact_email": true })).await;
        assert_stale(&refused, &second);
    }
    // Changed back, they are as they were seen first.
    let back = ada.naming(second.header("etag"), Method::PUT, SETTINGS, &json!({})).await;
    assert_eq!((back.ok(), back.header("etag")), (first.ok(), first.header("etag")));
    let events = ada.get("/manage/v1/events?kind=setting_changed").await.ok();
    assert_eq!(events["total"], 2, "what was refused left no trace");
}

#[tokio::test]
async fn of_two_changes_of_the_settings_at_once_one_is_kept() {
    let pair = Pair::open().await;
    // The first time there is no row yet.
    for round in 1..=10 {
        let seen = pair.here.get(SETTINGS).await;
        let etag = seen.header("etag");
        let (mine, theirs) = (json!({ "site_name": format!("Mine {round}") }), json!({ "contact_email_days": round }));
        let answers = tokio::join!(
            pair.here.naming(etag, Method::PATCH, SETTINGS, &mine),
            pair.there.naming(etag, Method::PATCH, SETTINGS, &theirs),
        );
        assert_stale(late(&answers, StatusCode::OK, 412), &pair.here.get(SETTINGS).await);
    }
    let events = pair.here.get("/manage/v1/events?kind=setting_changed").await.ok();
    assert_eq!(events["total"], 10);
}

#[tokio::test]
async fn a_key_is_revoked_as_it_was_seen_however_often_it_is_used() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    for round in 0..5 {
        let made = ada.post("/manage/v1/api-keys", &json!({ "name": "Site", "scopes": ["content:read"] })).await;
        let path = made.header("location").to_owned();
        let mut user = pair.app.nobody();
        user.key = Some(made.ok()["secret"].as_str().unwrap().to_owned());
        let unused = ada.get(&path).await;
        assert_eq!(made.header("etag"), unused.header("etag"));
        assert_eq!(unused.header("etag"), format!("\"{}\"", unused.ok()["revision"].as_str().unwrap()));
        user.get("/manage/v1/me").await.ok();
        let used = ada.get(&path).await;
        assert_ne!(used.ok()["last_used_at"], unused.ok()["last_used_at"]);
        assert_eq!(used.header("etag"), unused.header("etag"));
        let revoke = format!("{path}/revoke");
        assert_stale(&ada.naming("\"1\"", Method::POST, &revoke, &json!({})).await, &used);
        user.get("/manage/v1/me").await.ok();

        let answers = pair.both(&path, Method::POST, &revoke, &json!({})).await;
        let revoked = ada.get(&path).await;
        assert_stale(late(&answers, StatusCode::OK, 412), &revoked);
        user.get("/manage/v1/me").await.problem(401);
        let again = ada.naming(revoked.header("etag"), Method::POST, &revoke, &json!({})).await;
        assert_eq!(again.ok(), revoked.ok(), "who saw that it is revoked changes nothing");
        let events = ada.get("/manage/v1/events?kind=api_key_revoked").await.ok();
        assert_eq!(events["total"], round + 1);
    }
    let listed = ada.get("/manage/v1/api-keys").await.ok();
    assert!(listed["data"].as_array().unwrap().iter().all(|key| key["revision"].is_string()), "{listed}");
}

#[tokio::test]
async fn a_password_is_set_on_the_account_that_was_seen() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    let eda = pair.app.person("Eda", &[Role::Editor]).await;
    let path = format!("/manage/v1/users/{}", eda.user.unwrap());
    let step = format!("{path}/password");
    let body = json!({ "password": "a lighthouse in the fog" });
    let seen = ada.get(&path).await;
    ada.naming(seen.header("etag"), Method::PATCH, &path, &json!({ "name": "Edda" })).await.ok();
    let present = ada.get(&path).await;
    assert_stale(&ada.naming(seen.header("etag"), Method::POST, &step, &body).await, &present);
    let answers = pair.both(&path, Method::POST, &step, &body).await;
    assert_stale(late(&answers, StatusCode::NO_CONTENT, 412), &ada.get(&path).await);
    assert_eq!(ada.get(&path).await.ok()["version"], 3);
}

#[tokio::test]
async fn a_redirect_is_removed_as_it_was_seen() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    let redirect = |path: &str| json!({ "path": path, "target": "https://example.org/" });
    let made = ada.post("/manage/v1/redirects", &redirect("/old")).await;
    let other = ada.post("/manage/v1/redirects", &redirect("/older")).await;
    let path = made.header("location").to_owned();
    let shown = ada.get(&path).await;
    assert_eq!((shown.ok(), shown.header("etag")), (made.ok(), made.header("etag")));
    let listed = ada.get("/manage/v1/redirects").await.ok();
    assert_eq!(listed["data"], json!([made.ok(), other.ok()]));
    let etag = format!("\"{}\"", listed["data"][0]["revision"].as_str().unwrap());
    assert_eq!(etag, shown.header("etag"));
    for wrong in [other.header("etag"), "\"1\""] {
        assert_stale(&ada.naming(wrong, Method::DELETE, &path, &Value::Null).await, &shown);
    }
    let answers = pair.both(&path, Method::DELETE, &path, &Value::Null).await;
    late(&answers, StatusCode::NO_CONTENT, 404);
    ada.get(&path).await.problem(404);
    assert_eq!(ada.get("/manage/v1/redirects").await.ok()["total"], 1);
}

#[tokio::test]
async fn an_image_is_replaced_as_it_was_seen() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    let path = format!("/manage/v1/media/{}", ada.upload("old.png", 40, 30, "A ward").await);
    let seen = ada.get(&path).await;
    ada.naming(seen.header("etag"), Method::PATCH, &path, &json!({ "alt": "Another ward" })).await.ok();
    let (file, present) = (picture(40, 30, 7), ada.get(&path).await);
    assert_stale(&ada.send_replacement(&path, seen.header("etag"), &file, &[]).await, &present);
    let answers = tokio::join!(
        ada.send_replacement(&path, present.header("etag"), &file, &[]),
        pair.there.send_replacement(&path, present.header("etag"), &file, &[]),
    );
    let replaced = ada.get(&path).await;
    assert_stale(late(&answers, StatusCode::CREATED, 412), &replaced);
    assert_eq!(ada.get("/manage/v1/media").await.ok()["total"], 2);
    let again = ada.send_replacement(&path, replaced.header("etag"), &file, &[]).await;
    assert_eq!(again.problem(409)["type"], "/problems/already-replaced");
}

#[tokio::test]
async fn a_past_publication_is_hidden_by_whoever_saw_the_document_as_it_is() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    let path = ada.publish_new("role-pages", &titled("Porter")).await;
    pair.app.clock.advance(Timestamp::HOUR);
    ada.save(&path, &titled("Hospital porter")).await.ok();
    ada.step(&path, "publish", &json!({})).await.ok();
    let seen = ada.get(&path).await;
    let publications = ada.get(&format!("{path}/publications")).await.ok();
    let first = publications["data"][1]["id"].as_str().unwrap();
    let (step, body) = (format!("{path}/publications/{first}/suppress"), json!({ "reason": "It named a person." }));
    ada.save(&path, &relating("Night porter", &[])).await.ok();
    assert_stale(&ada.naming(seen.header("etag"), Method::POST, &step, &body).await, &ada.get(&path).await);
    let elsewhere = step.replace("role-pages", "requirement-sections");
    ada.naming("\"3\"", Method::POST, &elsewhere, &body).await.problem(404);
    let answers = pair.both(&path, Method::POST, &step, &body).await;
    let refused = late(&answers, StatusCode::NO_CONTENT, 409);
    assert_eq!(refused.problem(409)["type"], "/problems/already-suppressed");
    let past = format!("/api/v1/role-pages/{}?as_of=2026-11-22T09:30:00Z", id_of(&path));
    pair.app.nobody().get(&past).await.problem(404);
}

#[tokio::test]
async fn a_report_is_erased_as_it_was_seen() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    ada.publish_new("role-pages", &titled("Porter")).await;
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "Ask my neighbour Zebedee about it." });
    let receipt = pair.app.nobody().post("/api/v1/reports", &report).await.ok();
    let path = format!("/manage/v1/reports/{}", receipt["reference"].as_str().unwrap());
    let seen = ada.get(&path).await;
    let by_id = format!("/manage/v1/reports/{}", seen.ok()["id"].as_str().unwrap());
    let redaction = json!({ "field": "wrong", "text": "Zebedee", "reason": "personal_data" });
    ada.naming(seen.header("etag"), Method::POST, &format!("{by_id}/redact"), &redaction).await.ok();
    let present = ada.get(&path).await;
    for address in [&path, &by_id] {
        let refused = ada.naming(seen.header("etag"), Method::POST, &format!("{address}/erase"), &json!({})).await;
        assert_stale(&refused, &present);
    }
    let answers = pair.both(&path, Method::POST, &format!("{path}/erase"), &json!({})).await;
    let erased = ada.get(&path).await;
    assert_stale(late(&answers, StatusCode::NO_CONTENT, 412), &erased);
    assert!(erased.ok()["wrong"].is_null() && erased.ok()["text_purged_at"].is_string());
}

#[tokio::test]
async fn a_webhook_takes_its_steps_as_it_was_seen() {
    let pair = Pair::open().await;
    let ada = &pair.here;
    let new = json!({ "name": "Site", "url": "https://hooks.example/" });
    let path = ada.post("/manage/v1/webhooks", &new).await.header("location").to_owned();
    let steps = [("rotate", json!({})), ("pause", json!({})), ("resume", json!({}))];
    for (step, body) in steps {
        let present = ada.get(&path).await;
        let step = format!("{path}/{step}");
        assert_stale(&ada.naming("\"1\"", Method::POST, &step, &body).await, &present);
        let answers = pair.both(&path, Method::POST, &step, &body).await;
        assert_stale(late(&answers, StatusCode::OK, 412), &ada.get(&path).await);
    }
    for (method, step) in
        [(Method::POST, "/test"), (Method::POST, "/replay"), (Method::PATCH, ""), (Method::DELETE, "")]
    {
        let body = if step == "/replay" { json!({ "since": "2026-11-22T09:00:00Z" }) } else { json!({}) };
        let refused = ada.naming("\"1\"", method, &format!("{path}{step}"), &body).await;
        assert_stale(&refused, &ada.get(&path).await);
    }
    let answers = pair.both(&path, Method::PATCH, &path, &json!({ "name": "Mirror" })).await;
    assert_stale(late(&answers, StatusCode::OK, 412), &ada.get(&path).await);
    let answers = pair.both(&path, Method::DELETE, &path, &Value::Null).await;
    late(&answers, StatusCode::NO_CONTENT, 404);
}

#[tokio::test]
async fn a_request_that_is_sent_again_with_its_key_is_not_stale() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let made = ada.post("/manage/v1/api-keys", &json!({ "name": "Site", "scopes": ["content:read"] })).await;
    let revoke = format!("{}/revoke", made.header("location"));
    let headers = [
        ("content-type", "application/json"),
        ("if-match", made.header(header::ETAG.as_str())),
        ("idempotency-key", "once"),
    ];
    let first = ada.send(Method::POST, &revoke, &headers, "{}").await.ok();
    let second = ada.send(Method::POST, &revoke, &headers, "{}").await.ok();
    assert_eq!(first, second);
}
