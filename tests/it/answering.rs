//! Answering visitors through the management API, with a mail server and without; what is kept to be used again; notes that
//! name people; and that nothing of a letter outlives its rules.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::{
    mail::Site,
    support::{Client, TestApp, drafts::summed, drafts::titled, id_of},
};

const ADDRESS: &str = "lee@mail.example";
const SAID: &str = "Thank you, Lee; see {receipt}";

/// A report whose visitor left an address: its id, and the path of its case.
async fn reported(app: &TestApp, ada: &Client) -> (String, String) {
    ada.set(&json!({ "contact_email": true, "review_role_pages": "off" })).await.ok();
    let page = ada.publish_new("role-pages", &summed(titled("Porter"))).await;
    let report =
        json!({ "document": id_of(&page), "kind": "problem", "wrong": "The pay is old", "contact_email": ADDRESS });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    let report = ada.get("/manage/v1/reports?limit=1").await.ok()["data"][0].clone();
    let case = format!("/manage/v1/cases/{}", report["case"].as_str().unwrap());
    (report["id"].as_str().unwrap().to_owned(), case)
}

#[tokio::test]
async fn without_a_mail_server_an_answer_is_handed_out_once_to_be_sent_by_hand() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let (report, case) = reported(&app, &ada).await;
    let by_mail = json!({ "report": report, "text": SAID, "by_mail": true });
    assert_eq!(ada.step(&case, "replies", &by_mail).await.problem(409)["type"], "/problems/mail-off");
    let seen = ada.get(&case).await;
    let headers =
        [("if-match", seen.header("etag")), ("idempotency-key", "answer-1"), ("content-type", "application/json")];
    let body = json!({ "report": report, "text": SAID }).to_string();
    let path = format!("{case}/replies");
    let first = ada.send(Method::POST, &path, &headers, body.clone()).await.ok();
    let letter = &first["letter"];
    assert_eq!(letter["to"], ADDRESS);
    let text = letter["text"].as_str().unwrap();
    let receipt = text.split_once("see ").unwrap().1.lines().next().unwrap();
    let progress = receipt.strip_prefix("http://rolebook.test").unwrap();
    assert!(app.nobody().get(progress).await.status.is_success(), "the link leads to the receipt: {receipt}");
    let again = ada.send(Method::POST, &path, &headers, body).await.ok();
    assert_eq!((&again["letter"], &again["case"]), (&Value::Null, &first["case"]));
    let replies = ada.get(&path).await.ok();
    assert_eq!((&replies["total"], &replies["data"][0]["by_mail"]), (&json!(1), &json!(false)), "it was written once");
    assert_eq!(replies["data"][0]["text"], SAID);
    ada.step(&case, "replies", &json!({ "report": report, "text": " " })).await.problem(422);
    ada.step(&case, "replies", &json!({ "text": "Hello" })).await.problem(422);
    ada.step(&case, "replies", &json!({ "report": id_of(&case), "text": "Hello" })).await.problem(422);
}

#[tokio::test]
async fn letters_hold_no_words_and_after_an_erasure_nothing_of_an_answer_and_its_address_is_left() {
    let site = Site::open().await;
    let ada = site.app.administrator().await;
    let (report, case) = reported(&site.app, &ada).await;
    let answered = ada.step(&case, "replies", &json!({ "report": report, "text": SAID })).await.ok();
    assert_eq!(answered["letter"], Value::Null, "the program sends it");
    assert_eq!(site.app.send_mail().await, 1);
    site.app.clock.advance(Timestamp::SECOND);
    let later = json!({ "report": report, "text": "One thing more about the pay" });
    ada.step(&case, "replies", &later).await.ok();
    let letters = ada.get("/manage/v1/mail").await.ok();
    assert_eq!(letters["total"], 2);
    assert_eq!(letters["data"][1]["to"]["kind"], "visitor");
    let attempts = format!("/manage/v1/mail/{}/attempts", letters["data"][1]["id"].as_str().unwrap());
    let attempts = ada.get(&attempts).await.ok();
    assert_eq!((&attempts["total"], &attempts["data"][0]["answer"]), (&json!(1), &Value::Null));
    for shown in [letters, attempts] {
        assert!(!shown.to_string().contains(ADDRESS) && !shown.to_string().contains("Lee"), "{shown}");
    }
    let reference = ada.get(&format!("/manage/v1/reports/{report}")).await.ok()["reference"].clone();
    let path = format!("/manage/v1/reports/{}", reference.as_str().unwrap());
    ada.seeing(&path, Method::POST, &format!("{path}/erase"), &json!({})).await;
    // What still waited is not sent any more, and says why.
    site.app.send_mail().await;
    let waiting = ada.get("/manage/v1/mail?state=failed").await.ok();
    assert_eq!(waiting["total"], 1, "{waiting}");
    assert!(waiting["data"][0]["error"].as_str().unwrap().contains("deleted"), "{waiting}");
    let replies = ada.get(&format!("{case}/replies")).await.ok();
    assert_eq!(replies["total"], 2);
    for reply in replies["data"].as_array().unwrap() {
        assert_eq!(reply["text"], Value::Null, "{reply}");
    }
    let again = format!("/manage/v1/mail/{}", waiting["data"][0]["id"].as_str().unwrap());
    ada.seeing(&again, Method::POST, &format!("{again}/send-again"), &json!({})).await.ok();
    site.app.send_mail().await;
    assert_eq!(ada.get("/manage/v1/mail?state=failed").await.ok()["total"], 1, "nobody is written to after that");
}

#[tokio::test]
async fn kept_answers_are_changed_as_they_were_seen() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let tia = app.person("Tia", &[Role::Triager]).await;
    let list = "/manage/v1/saved-replies";
    let made = tia.post(list, &json!({ "title": "Thanks", "text": "Thank you." })).await;
    let path = made.header("location").trim_start_matches("http://rolebook.test").to_owned();
    assert_eq!((made.status.as_u16(), &path), (201, &format!("{list}/{}", made.ok()["id"].as_str().unwrap())));
    let seen = tia.get(&path).await;
    let other = json!({ "title": "Thanks", "text": "Thank you very much." });
    let changed = ada.naming(seen.header("etag"), Method::PUT, &path, &other).await;
    assert_eq!(changed.ok()["text"], "Thank you very much.");
    let stale = tia.naming(seen.header("etag"), Method::DELETE, &path, &json!({})).await.problem(412);
    assert_eq!(stale["current"], changed.ok());
    tia.naming(changed.header("etag"), Method::PUT, &path, &json!({ "title": "", "text": "x" })).await.problem(422);
    let gone = tia.naming(changed.header("etag"), Method::DELETE, &path, &json!({})).await;
    assert_eq!(gone.status.as_u16(), 204);
    tia.get(&path).await.problem(404);
    assert_eq!(tia.get(list).await.ok()["total"], 0);
}

#[tokio::test]
async fn who_is_named_in_a_note_reads_it_and_says_so() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let (_, case) = reported(&app, &ada).await;
    let tia = app.person("Tia", &[Role::Triager]).await;
    app.clock.advance(Timestamp::MINUTE);
    ada.step(&case, "notes", &json!({ "text": "@Tia, is it so?" })).await.ok();
    let mentions = tia.get("/manage/v1/mentions").await.ok();
    assert_eq!((&mentions["total"], &mentions["data"][0]["by"]), (&json!(1), &json!("Ada")));
    assert_eq!(mentions["data"][0]["case"], id_of(&case));
    assert_eq!(ada.get("/manage/v1/mentions").await.ok()["total"], 0, "they are each person's own");
    let seen = format!("{case}/mentions-seen");
    ada.post(&seen, &json!({})).await;
    assert_eq!(tia.get("/manage/v1/mentions").await.ok()["total"], 1);
    assert_eq!(tia.post(&seen, &json!({})).await.status.as_u16(), 204);
    assert_eq!(tia.get("/manage/v1/mentions").await.ok()["total"], 0);
    tia.post("/manage/v1/cases/00000000-0000-7000-8000-000000000009/mentions-seen", &json!({})).await.problem(404);
}

#[tokio::test]
async fn who_is_named_in_a_note_is_told_by_mail_if_they_want_to_be_and_never_what_it_says() {
    let site = Site::open().await;
    let ada = site.app.administrator().await;
    let (_, case) = reported(&site.app, &ada).await;
    let note = |text: &str| json!({ "text": text });
    let mut tia = site.app.signed_in("Tia", &[Role::Triager]).await;
    ada.step(&case, "notes", &note("@Tia, is it so?")).await.ok();
    assert_eq!(site.app.send_mail().await, 0, "nobody is told who has not asked");
    assert!(tia.page("/admin/profile").await.contains("Mail when a note names you"));
    tia.submit("/admin/profile/preferences", &[("mentions_by_mail", "at_once")]).await;
    ada.step(&case, "notes", &note("@Tia, the ward sister says band 3")).await.ok();
    ada.step(&case, "notes", &note("@Tia, or is it band 4?")).await.ok();
    assert_eq!(site.app.send_mail().await, 1, "one letter in ten minutes");
    let message = site.server.received().remove(0);
    assert_eq!(message.to, ["RCPT TO:<tia@rolebook.test>"]);
    let body = message.body();
    assert!(body.contains("Ada has named you in a note on case 1") && body.contains("3 notes that name you"), "{body}");
    for word in ["sister", "band", "pay", ADDRESS] {
        assert!(!message.raw.to_lowercase().contains(word), "{}", message.raw);
    }
    let link = body.lines().find(|line| line.starts_with("http://rolebook.test")).unwrap();
    assert!(tia.page(link.trim_end().trim_start_matches("http://rolebook.test")).await.contains("band 3"));

    // Who has read it before the letter goes is not written to.
    site.app.clock.advance(11 * Timestamp::MINUTE);
    ada.step(&case, "notes", &note("@Tia, never mind")).await.ok();
    tia.page(&format!("/admin/cases/{}?mentioned=true", id_of(&case))).await;
    site.app.send_mail().await;
    assert!(site.server.received().is_empty());
    let log = ada.get("/manage/v1/mail?state=failed").await.ok();
    assert!(log["data"][0]["error"].as_str().unwrap().contains("They have read it"), "{log}");
}
