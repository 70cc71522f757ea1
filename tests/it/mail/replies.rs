//! Answers to visitors and news to owners: what goes by mail, what is shown while mail is off, and what is kept of either.

use axum::http::StatusCode;
use rolebook::{
    kernel::{Role, Timestamp},
    mail::{MailKind, MailState},
    media::Store,
};
use serde_json::{Value, json};

use super::{Site, server::Reply};
use crate::{
    panel::Browser,
    support::{Client, TestApp, TestDatabase, id_of, system_chance},
};

const VISITOR: &str = "zoe@visitors.test";
const WRONG: &str = "It says porters moves beds, my neighbour noticed it too";

/// A site with a page, and a visitor's report about it.
struct Desk {
    ada: Client,
    page: String,
    tia: Browser,
}

async fn desk(app: &TestApp) -> Desk {
    let ada = app.administrator().await;
    ada.set(&json!({ "contact_email": true, "contact_email_days": 30, "review_role_pages": "off" })).await.ok();
    let page = ada.publish_new("role-pages", &crate::support::drafts::titled("Porter")).await;
    Desk { page, tia: app.signed_in("Tia", &[Role::Triager]).await, ada }
}

async fn report(app: &TestApp, page: &str, wrong: &str, email: Option<&str>) -> Value {
    app.clock.advance(21_000);
    let mut report = json!({ "document": id_of(page), "kind": "problem", "wrong": wrong });
    if let Some(email) = email {
        report["contact_email"] = email.into();
    }
    app.nobody().post("/api/v1/reports", &report).await.ok()
}

impl Desk {
    async fn case(&self) -> (String, String) {
        let case = self.ada.get("/manage/v1/cases").await.ok()["data"][0].clone();
        (case["id"].as_str().unwrap().to_owned(), case["version"].to_string())
    }

    /// The id of the report with a contact address.
    async fn report_id(&self) -> String {
        let reports = self.ada.get("/manage/v1/reports").await.ok()["data"].clone();
        let found = reports.as_array().unwrap().iter().find(|one| one["has_contact"] == true).unwrap().clone();
        found["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_visitor_is_answered_by_mail_and_nothing_of_it_stands_in_the_log_of_events() {
    let site = Site::open().await;
    let mut desk = desk(&site.app).await;
    let receipt = report(&site.app, &desk.page, WRONG, Some(VISITOR)).await;
    let (case, version) = desk.case().await;
    let path = format!("/admin/cases/{case}/reply");
    assert!(desk.tia.page(&format!("/admin/cases/{case}")).await.contains("Answer the visitor…"));
    let saved = [("title", "Thanks"), ("text", "Thank you for {reference} about “{page}”.\nYours, {site}\n{receipt}")];
    desk.tia.submit("/admin/saved-replies/new", &saved).await;
    let list = desk.tia.page("/admin/saved-replies").await;
    let saved = list.split("/admin/saved-replies/").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let begun = desk.tia.page(&format!("{path}?saved={saved}")).await;
    let reference = receipt["reference"].as_str().unwrap();
    assert!(
        begun.contains(&format!("Thank you for {reference} about “Porter”.\nYours, Rolebook\n{{receipt}}")),
        "{begun}"
    );

    let id = desk.report_id().await;
    let text = "The page is mended now, thank you.";
    let empty = desk.tia.post(&path, &[("version", &version), ("report", &id), ("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("version", version.as_str()), ("report", id.as_str()), ("text", text)];
    let page = desk.tia.submit(&path, &fields).await;
    assert!(page.contains(&format!("answered the visitor of report {reference}")), "{page}");
    let again = desk.tia.post(&path, &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "the same form again sends nothing");
    assert!(again.text().contains(text), "what was typed is kept");
    let waiting = site
        .app
        .nobody()
        .get(receipt["receipt_url"].as_str().unwrap().trim_start_matches("http://rolebook.test"))
        .await
        .ok();
    assert_eq!(waiting["answered_at"], Value::Null, "not before it is sent");
    assert_eq!(site.app.send_mail().await, 1);
    let message = site.server.received().remove(0);
    assert_eq!(message.to, [format!("RCPT TO:<{VISITOR}>")]);
    assert_eq!(message.header("subject").unwrap(), format!("Your report {reference}"));
    assert!(message.body().contains(text), "{}", message.body());
    let shown = site.app.nobody().get(&message.link()).await.ok();
    assert_eq!(shown["reference"], reference, "the link in the letter is a receipt");
    assert!(shown["answered_at"].is_string());
    let first = receipt["receipt_url"].as_str().unwrap().trim_start_matches("http://rolebook.test");
    assert_eq!(site.app.nobody().get(first).await.ok()["answered_at"], shown["answered_at"], "the first is good too");
    let page = site.app.browser().send(axum::http::Method::GET, first, &[("accept", "text/html")], "").await.text();
    assert!(page.contains("Somebody answered you on"), "{page}");

    let mut events = desk.ada.get("/manage/v1/events?limit=100").await.text();
    events.push_str(&format!("{:?}", site.log().await));
    for secret in [text, VISITOR, message.link().rsplit('/').next().unwrap()] {
        assert!(!events.contains(secret), "{secret}");
    }
    let earlier = desk.tia.page(&path).await;
    assert!(earlier.contains("sent by mail") && earlier.contains(text), "{earlier}");
    let mut eve = site.app.signed_in("Eve", &[Role::Editor]).await;
    assert_eq!(eve.get(&path).await.status, StatusCode::FORBIDDEN);
    assert!(!eve.page(&format!("/admin/cases/{case}")).await.contains("Answer the visitor"));
}

#[tokio::test]
async fn an_address_past_its_day_is_written_to_no_more_and_the_answer_goes_with_it() {
    let site = Site::open().await;
    let mut desk = desk(&site.app).await;
    report(&site.app, &desk.page, WRONG, Some(VISITOR)).await;
    let (case, version) = desk.case().await;
    let (path, id) = (format!("/admin/cases/{case}/reply"), desk.report_id().await);
    let fields = [("version", version.as_str()), ("report", id.as_str()), ("text", "It is mended.")];
    desk.tia.submit(&path, &fields).await;
    // The server refuses with words that hold the address; they are not kept.
    site.server.answers([Reply::ToRecipient("450 <zoe@visitors.test> is full")]);
    site.app.send_mail().await;
    let letter = site.log().await.remove(0);
    assert_eq!((letter.kind, letter.state), (MailKind::Reply, MailState::Waiting));
    let attempts = rolebook::mail::attempts(&site.app.system(), letter.id).await.unwrap();
    assert!(!format!("{attempts:?}{letter:?}").contains(VISITOR), "{attempts:?}");
    site.app.clock.advance(30 * Timestamp::DAY);
    assert_eq!(site.app.send_mail().await, 1);
    assert!(site.server.received().is_empty());
    let letter = site.log().await.remove(0);
    assert_eq!(
        (letter.state, letter.error.as_deref()),
        (MailState::Failed, Some("The visitor left no address, or it has been deleted by now."))
    );
    site.app.follow().await;
    desk.tia.sign_in().await;
    let page = desk.tia.page(&path).await;
    assert!(page.contains("The text was deleted with the address.") && !page.contains("It is mended."), "{page}");
    assert!(page.contains("Nobody who sent a report of this case left an address"), "{page}");
}

#[tokio::test]
async fn without_mail_an_answer_is_shown_once_to_be_sent_by_hand() {
    let app = TestApp::with_mailer(None, TestDatabase::new().await, Store::in_memory(), system_chance()).await;
    let mut desk = desk(&app).await;
    let receipt = report(&app, &desk.page, WRONG, Some(VISITOR)).await;
    let (case, version) = desk.case().await;
    let (path, id) = (format!("/admin/cases/{case}/reply"), desk.report_id().await);
    let fields = [("version", version.as_str()), ("report", id.as_str()), ("text", "It is mended.\nThank you.")];
    let shown = desk.tia.post(&path, &fields).await;
    assert_eq!((shown.status, shown.header("cache-control")), (StatusCode::CREATED, "no-store"));
    let shown = shown.text();
    assert!(shown.contains(&format!("href=\"mailto:{VISITOR}?subject=Your%20report%20")), "{shown}");
    assert!(shown.contains("body=It%20is%20mended.%0D%0AThank%20you."), "{shown}");
    let link = shown.split("http://rolebook.test").nth(1).unwrap().split_whitespace().next().unwrap();
    let view = app.nobody().get(link).await.ok();
    assert_eq!(view["reference"], receipt["reference"]);
    assert!(view["answered_at"].is_string());
    assert!(desk.tia.page(&path).await.contains("shown to be sent by hand"));
}

#[tokio::test]
async fn saved_replies_are_changed_and_removed_as_they_were_seen() {
    let app = TestApp::new().await;
    let mut tia = app.signed_in("Tia", &[Role::Triager]).await;
    let refused = tia.post("/admin/saved-replies/new", &[("title", ""), ("text", "Thank you.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Thank you."), "what was typed is kept");
    tia.submit("/admin/saved-replies/new", &[("title", "Thanks"), ("text", "Thank you.")]).await;
    let list = tia.page("/admin/saved-replies").await;
    let id = list.split("/admin/saved-replies/").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/admin/saved-replies/{id}");
    let revision =
        |page: &str| page.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let seen = revision(&tia.page(&path).await);
    let changed = tia.submit(&path, &[("revision", &seen), ("title", "Thanks"), ("text", "Many thanks.")]).await;
    assert!(changed.contains("Many thanks."), "{changed}");
    let stale = tia.post(&path, &[("revision", &seen), ("title", "Thanks"), ("text", "Mine.")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Many thanks.") && stale.text().contains("Mine."), "{}", stale.text());
    let stale = tia.post(&format!("{path}/remove"), &[("revision", &seen)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let seen = revision(&tia.page(&format!("{path}/remove")).await);
    let empty = tia.submit(&format!("{path}/remove"), &[("revision", &seen)]).await;
    assert!(empty.contains("No answers are kept yet."), "{empty}");
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let log = ada.page("/admin/audit-log").await;
    for part in ["wrote a saved reply", "changed a saved reply", "removed a saved reply"] {
        assert!(log.contains(part), "{part}");
    }
}

#[tokio::test]
async fn owners_who_want_it_are_told_of_reports_about_their_pages_and_never_what_they_say() {
    let site = Site::open().await;
    let desk = desk(&site.app).await;
    let mut bob = site.app.signed_in("Bob", &[Role::Editor]).await;
    let document = desk.ada.get(&desk.page).await.ok();
    let owner = json!({ "owner": bob.user.unwrap().to_string() });
    desk.ada.at(axum::http::Method::PATCH, &desk.page, document["version"].as_i64().unwrap(), &owner).await.ok();
    report(&site.app, &desk.page, "The first sentence is wrong somewhere", None).await;
    assert_eq!(site.app.send_mail().await, 0, "nobody is told who has not asked");
    assert!(bob.page("/admin/profile").await.contains("Mail when somebody reports something about a page of yours"));
    bob.submit("/admin/profile/preferences", &[("reports_by_mail", "at_once")]).await;
    report(&site.app, &desk.page, WRONG, Some(VISITOR)).await;
    report(&site.app, &desk.page, "Quite another thing: the picture shows a kitchen", None).await;
    assert_eq!(site.app.send_mail().await, 1, "one letter in ten minutes");
    let message = site.server.received().remove(0);
    assert_eq!(message.to, ["RCPT TO:<bob@rolebook.test>"]);
    for secret in ["neighbour", "kitchen", VISITOR] {
        assert!(!message.raw.contains(secret), "{}", message.raw);
    }
    let body = message.body();
    assert!(body.contains("3 new cases"), "{body}");
    let link = body.lines().find(|line| line.starts_with("http://rolebook.test")).unwrap();
    assert!(bob.page(link.trim_end().trim_start_matches("http://rolebook.test")).await.contains("neighbour"));
    site.app.clock.advance(10 * Timestamp::MINUTE);
    report(&site.app, &desk.page, "A third thing entirely, about the pay in Wales", None).await;
    assert_eq!(site.app.send_mail().await, 1, "then the next");
}
