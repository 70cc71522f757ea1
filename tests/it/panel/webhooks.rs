//! The screens of webhooks: made, tested, looked into, paused, given another secret, deleted.

use axum::http::StatusCode;
use rolebook::kernel::{Role, Timestamp};
use serde_json::json;

use super::{
    Browser,
    html::{fields_of, unescape, with},
};
use crate::{
    support::{Answer, Client, TestApp, drafts::titled},
    webhooks::receiver::{Receiver, Reply},
};

const WEBHOOKS: &str = "/admin/webhooks";
const NEW: &str = "/admin/webhooks/new";

async fn send(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

/// Somebody who publishes without a review.
async fn publisher(app: &TestApp) -> Client {
    let grace = app.person("Grace", &[Role::Administrator]).await;
    grace.set(&json!({ "review_role_pages": "off" })).await.ok();
    app.person("Pat", &[Role::Publisher]).await
}

/// Makes a webhook through the form; answers its page and the secret.
async fn make(browser: &mut Browser, url: &str) -> (String, String) {
    let fields = fields_of(&browser.page(NEW).await, "action=\"/admin/webhooks/new\"");
    let made = send(browser, NEW, &with(with(fields, "name", "Main site"), "url", url)).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::CREATED, "no-store"), "{}", made.text());
    let text = made.text();
    let secret = text.split("value=\"whsec_").nth(1).unwrap().split('"').next().unwrap();
    let address = text.split("class=\"button\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    (address.to_owned(), format!("whsec_{secret}"))
}

/// Fills in the form of a step as the page shows it, and follows where it leads.
async fn step(browser: &mut Browser, webhook: &str, name: &str, changes: &[(&str, &str)]) -> String {
    let path = format!("{webhook}/{name}");
    let mut fields = fields_of(&browser.page(&path).await, &format!("action=\"{path}\""));
    for (name, value) in changes {
        fields = with(fields, name, value);
    }
    let answer = send(browser, &path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let location = answer.header("location").to_owned();
    browser.page(&location).await
}

/// Presses a button whose form stands on a page.
async fn press(browser: &mut Browser, page: &str, path: &str) -> String {
    let fields = fields_of(&browser.page(page).await, &format!("action=\"{path}\""));
    let answer = send(browser, path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let location = answer.header("location").to_owned();
    browser.page(&location).await
}

#[tokio::test]
async fn a_webhook_is_made_tested_and_looked_into() {
    let (app, receiver) = (TestApp::new().await, Receiver::open().await);
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    assert!(ada.page(WEBHOOKS).await.contains("No program is told of changes yet."));
    let (webhook, secret) = make(&mut ada, &receiver.url).await;
    let page = ada.page(&webhook).await;
    assert!(
        page.contains("Nothing was sent yet.") && page.contains(&receiver.url) && !page.contains("whsec_"),
        "{page}"
    );
    let page = press(&mut ada, &webhook, &format!("{webhook}/test")).await;
    assert!(page.contains("The test is being sent.") && page.contains("Waiting"), "{page}");
    receiver.answers([Reply { body: "<b>no</b> such hook".to_owned(), ..404.into() }]);
    app.send_webhooks().await;
    assert!(receiver.received()[0].is_signed_with(&secret));
    let page = ada.page(&webhook).await;
    assert!(page.contains("Given up"), "{page}");
    let delivery = page.split(&format!("href=\"{webhook}/deliveries/")).nth(1).unwrap().split('"').next().unwrap();
    let delivery = format!("{webhook}/deliveries/{delivery}");
    let detail = ada.page(&delivery).await;
    assert!(detail.contains("The answer was 404.") && detail.contains("&lt;b&gt;no&lt;/b&gt; such hook"), "{detail}");
    assert!(detail.contains("webhook-signature: v1,") && unescape(&detail).contains("\"type\": \"test\""), "{detail}");
    let page = press(&mut ada, &delivery, &format!("{delivery}/send-again")).await;
    assert!(page.contains("It is being sent."), "{page}");
    app.send_webhooks().await;
    assert!(ada.page(&delivery).await.contains("Got through"));
    for (state, expected) in [("delivered", 1), ("waiting", 0), ("failed", 0)] {
        let page = ada.page(&format!("{webhook}?state={state}")).await;
        assert_eq!(page.matches("/deliveries/").count(), expected, "{state}");
    }
    assert_eq!(ada.get(&format!("{webhook}?state=lost")).await.status, StatusCode::BAD_REQUEST);
    let log = ada.page("/admin/audit-log").await;
    assert!(log.contains(&format!("sent a test to <a href=\"{webhook}\">the webhook “Main site”</a>")), "{log}");
}

#[tokio::test]
async fn what_is_wrong_with_the_form_stands_at_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let fields = fields_of(&ada.page(NEW).await, "action=\"/admin/webhooks/new\"");
    let typed = with(with(fields.clone(), "name", "Main site"), "url", "https://10.0.0.1/hook");
    let refused = send(&mut ada, NEW, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("href=\"#f-url\"") && text.contains("a private address") && text.contains("value=\"Main site\""),
        "{text}"
    );
    let typed = with(with(with(fields, "name", ""), "url", "https://hooks.example/"), "which", "some");
    let text = send(&mut ada, NEW, &typed).await.text();
    assert!(text.contains("href=\"#f-name\"") && text.contains("href=\"#f-events\""), "{text}");
    assert!(text.contains("value=\"https://hooks.example/\""), "{text}");
}

#[tokio::test]
async fn a_webhook_is_changed_paused_resumed_replayed_and_deleted() {
    let (app, receiver) = (TestApp::new().await, Receiver::open().await);
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let pat = publisher(&app).await;
    let (webhook, first) = make(&mut ada, &receiver.url).await;
    let page =
        step(&mut ada, &webhook, "change", &[("name", "Mirror"), ("which", "some"), ("events", "published")]).await;
    assert!(page.contains("<h1>Mirror</h1>") && page.contains("<dd>Published</dd>"), "{page}");
    let page = step(&mut ada, &webhook, "pause", &[("note", "Moving house")]).await;
    assert!(page.contains("Moving house") && page.contains("Paused since"), "{page}");
    app.clock.advance(Timestamp::MINUTE);
    pat.publish_new("role-pages", &titled("Porter")).await;
    app.send_webhooks().await;
    assert!(receiver.received().is_empty());
    let page = step(&mut ada, &webhook, "resume", &[]).await;
    assert!(page.contains("The webhook “Mirror” goes on."), "{page}");
    app.send_webhooks().await;
    assert_eq!(receiver.received().len(), 1, "what happened meanwhile is sent, as the form proposes");
    step(&mut ada, &webhook, "replay", &[("since", "2026-11-22T09:00")]).await;
    app.send_webhooks().await;
    assert_eq!(receiver.received().len(), 1);
    let path = format!("{webhook}/replay");
    let fields = fields_of(&ada.page(&path).await, &format!("action=\"{path}\""));
    let nothing = send(&mut ada, &path, &with(fields, "since", "2026-12-24T09:00")).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("Nothing public has happened since then."));

    let path = format!("{webhook}/rotate");
    let rotate = fields_of(&ada.page(&path).await, &format!("action=\"{path}\""));
    let rotated = send(&mut ada, &path, &rotate).await;
    assert_eq!((rotated.status, rotated.header("cache-control")), (StatusCode::CREATED, "no-store"));
    assert!(rotated.text().contains("value=\"whsec_") && !rotated.text().contains(&first));
    let stale = send(&mut ada, &path, &rotate).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("has changed since you looked"));
    assert!(ada.page(&webhook).await.contains("Two; the one before signs until"));
    let page = step(&mut ada, &webhook, "delete", &[]).await;
    assert!(page.contains("The webhook “Mirror” is deleted.") && page.contains("No program is told"), "{page}");
    assert_eq!(ada.get(&webhook).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_webhook_to_which_nothing_gets_through_says_so() {
    let (app, receiver) = (TestApp::new().await, Receiver::open().await);
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let pat = publisher(&app).await;
    let (webhook, _) = make(&mut ada, &receiver.url).await;
    receiver.answers([500, 410]);
    pat.publish_new("role-pages", &titled("Porter")).await;
    app.send_webhooks().await;
    let page = ada.page(&webhook).await;
    assert!(page.contains("Nothing has got through since") && page.contains("The answer was 500."), "{page}");
    assert!(ada.page(WEBHOOKS).await.contains("Failing"));
    app.clock.advance(Timestamp::MINUTE);
    app.send_webhooks().await;
    let page = ada.page(&webhook).await;
    assert!(page.contains("Its receiver answered that it is gone for good."), "{page}");
    let log = ada.page("/admin/audit-log?kind=webhook_paused").await;
    assert!(
        log.contains("Rolebook (schedule)") && log.contains("since its receiver answered that it is gone"),
        "{log}"
    );
}
