//! What visitors said is kept for so long, and then it is gone everywhere.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::{
    intake::send_from,
    support::{Client, TestApp},
};

struct Site {
    app: TestApp,
    ada: Client,
    senders: std::cell::Cell<u32>,
}

impl Site {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let ada = app.administrator().await;
        let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
            { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters move beds." }] }] });
        ada.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
        ada.set(&json!({ "contact_email": true, "contact_email_days": 365 })).await.ok();
        Self { app, ada, senders: std::cell::Cell::new(1) }
    }

    /// A report with these words; answers its address.
    async fn send(&self, wrong: &str, more: Value) -> String {
        let mut report = json!({ "document": "porter", "kind": "problem", "wrong": wrong });
        report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.senders.set(self.senders.get() + 1);
        let receipt = send_from(&self.app, &format!("203.0.113.{}", self.senders.get()), &report).await.ok();
        format!("/manage/v1/reports/{}", receipt["reference"].as_str().unwrap())
    }

    async fn report(&self, address: &str) -> Value {
        self.ada.get(address).await.ok()
    }

    async fn case_of(&self, report: &str) -> String {
        format!("/manage/v1/cases/{}", self.report(report).await["case"].as_str().unwrap())
    }

    async fn days(&self, days: i64) -> usize {
        self.app.clock.advance(days * Timestamp::DAY);
        self.app.follow().await
    }

    /// How many reports each rule would purge now, and has purged.
    async fn due(&self, query: &str) -> Vec<(u64, u64)> {
        let run = self.ada.get(&format!("/manage/v1/retention{query}")).await.ok();
        let number = |rule: &Value, key: &str| rule[key].as_u64().unwrap();
        run["rules"].as_array().unwrap().iter().map(|rule| (number(rule, "due"), number(rule, "purged"))).collect()
    }
}

const SPAM: &str = "Buy remarkable wombats now";

#[tokio::test]
async fn texts_spam_and_addresses_go_when_their_time_is_over_and_counts_stay() {
    let site = Site::new().await;
    let open = site.send("The hours of otters are wrong", json!({})).await;
    let closed = site.send("The pay of badgers is wrong", json!({ "contact_email": "ana@mail.example" })).await;
    let spam = site.send(SPAM, json!({ "website": "https://spam.example" })).await;
    let dismissed = site.send("The best ferrets in town", json!({})).await;
    let case = site.case_of(&closed).await;
    site.ada
        .step(&case, "notes", &json!({ "text": "As they say, \"The pay of badgers is wrong\". I agree." }))
        .await
        .ok();
    site.ada.step(&case, "resolve", &json!({ "resolution": "answered", "reason": "It is right." })).await.ok();
    site.ada.step(&site.case_of(&dismissed).await, "dismiss", &json!({ "reason": "spam" })).await.ok();
    assert_eq!(site.due("").await, [(0, 0), (0, 0), (0, 0)]);
    assert_eq!(site.due("?contact_closed_days=0").await, [(0, 0), (0, 0), (1, 0)], "a trial of another period");

    site.days(29).await;
    assert_eq!(site.due("").await, [(0, 0), (0, 0), (0, 0)]);
    site.days(1).await;
    assert_eq!(site.due("").await, [(0, 0), (0, 2), (0, 1)]);
    for report in [&spam, &dismissed] {
        let purged = site.report(report).await;
        assert_eq!((&purged["wrong"], &purged["purge_rule"]), (&Value::Null, &json!("spam_text")), "{purged}");
    }
    assert_eq!(site.report(&closed).await["has_contact"], false);
    assert_eq!(site.report(&closed).await["wrong"], "The pay of badgers is wrong");

    // A case that is opened again keeps its text, and the time begins anew when it is closed once more.
    site.days(149).await;
    site.ada.step(&case, "reopen", &json!({})).await.ok();
    site.days(2).await;
    assert_eq!(site.report(&closed).await["wrong"], "The pay of badgers is wrong");
    site.ada.step(&case, "resolve", &json!({ "resolution": "answered", "reason": "It is right." })).await.ok();
    site.days(179).await;
    assert_eq!(site.report(&closed).await["wrong"], "The pay of badgers is wrong");
    assert_eq!(site.due("?report_text_days=179").await[0], (1, 0));
    site.days(1).await;
    let purged = site.report(&closed).await;
    assert_eq!((&purged["wrong"], &purged["purge_rule"]), (&Value::Null, &json!("closed_text")));
    let shown = site.ada.get(&case).await.ok();
    assert_eq!((&shown["title"], &shown["report_count"]), (&json!("Text removed"), &json!(1)));
    assert_eq!(shown["notes"][0]["text"], "As they say, \"[removed]\". I agree.");
    assert_eq!(site.report(&open).await["wrong"], "The hours of otters are wrong", "an open case keeps what it says");

    let events = site.ada.get("/manage/v1/events?kind=report_purged").await.ok();
    assert_eq!(events["total"], 3);
    assert_eq!(events["data"][0]["payload"]["days"], 180);
    assert!(!events.to_string().contains("badger"), "{events}");
    assert_eq!(site.ada.get("/manage/v1/events?kind=report_contact_deleted").await.ok()["total"], 1);
    assert_eq!(site.ada.get("/manage/v1/reports").await.ok()["total"], 4, "there was a report");
    let purged = site.due("").await;
    site.days(10).await;
    assert_eq!(site.due("").await, purged, "nothing is purged twice");
}

#[tokio::test]
async fn what_was_purged_is_in_no_file_of_the_database() {
    let site = Site::new().await;
    let report = site.send("The unmistakable quokkasentence stands here", json!({})).await;
    let case = site.case_of(&report).await;
    site.ada.step(&case, "resolve", &json!({ "resolution": "answered", "reason": "It is right." })).await.ok();
    site.days(181).await;
    assert_eq!(site.report(&report).await["wrong"], Value::Null);
    let Some(directory) = &site.app.database.directory else { return };
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(14).any(|part| part == b"quokkasentence"), "{}", path.display());
    }
}

#[tokio::test]
async fn what_goes_into_quarantine_later_has_its_time_from_then() {
    let site = Site::new().await;
    let report = site.send("The hours of otters are wrong", json!({})).await;
    site.days(100).await;
    site.ada.seeing(&report, Method::POST, &step(&site.report(&report).await, "quarantine"), &json!({})).await.ok();
    site.days(29).await;
    assert_eq!(site.report(&report).await["wrong"], "The hours of otters are wrong");
    site.ada.seeing(&report, Method::POST, &step(&site.report(&report).await, "release"), &json!({})).await.ok();
    assert_eq!(site.days(29).await, 0);
    assert_eq!(site.report(&report).await["wrong"], "The hours of otters are wrong");
}

fn step(report: &Value, step: &str) -> String {
    format!("/manage/v1/reports/{}/{step}", report["id"].as_str().unwrap())
}

#[tokio::test]
async fn periods_are_set_tried_and_told_in_the_panel() {
    let site = Site::new().await;
    let report = site.send("The pay of badgers is wrong", json!({})).await;
    let case = site.case_of(&report).await;
    site.ada.step(&case, "resolve", &json!({ "resolution": "answered", "reason": "It is right." })).await.ok();
    site.days(20).await;
    let mut browser = site.app.signed_in("Eve", &[Role::Administrator]).await;
    let address = "/admin/settings/retention";
    let page = browser.page(address).await;
    assert!(page.contains("This is what the next run deletes") && page.contains("value=\"180\""), "{page}");
    let tried = browser.page(&format!("{address}?texts=10&spam=30&addresses=30")).await;
    assert!(tried.contains("They are only tried") && tried.contains("data-label=\"Now\">1<"), "{tried}");
    let revision = page.split_once("name=\"revision\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let fields = |texts: &'static str| {
        [("report_text_days", texts), ("spam_days", "30"), ("contact_closed_days", "30"), ("contact_email_days", "90")]
    };
    let mut sent = vec![("revision", revision.as_str())];
    sent.extend(fields("0"));
    let refused = browser.post(address, &sent).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text().contains("from 1 to 3650"), "{}", refused.text());
    sent.retain(|(name, _)| *name == "revision");
    sent.extend(fields("10"));
    let kept = browser.submit(address, &sent).await;
    assert!(kept.contains("The periods are kept."), "{kept}");
    assert_eq!(browser.post(address, &sent).await.status.as_u16(), 409, "they changed since they were seen");
    site.app.clock.advance(Timestamp::HOUR);
    assert_eq!(site.app.follow().await, 1);
    let id = site.report(&report).await["id"].as_str().unwrap().to_owned();
    let shown = browser.page(&format!("/admin/reports/{id}")).await;
    assert!(shown.contains("as its case had been closed for as long as texts are kept"), "{shown}");
    for wrong in [json!({ "report_text_days": 0 }), json!({ "spam_days": 366 }), json!({ "contact_closed_days": 366 })]
    {
        site.ada.set(&wrong).await.problem(422);
    }
}
