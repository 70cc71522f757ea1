//! Made, changed, paused, given another secret and deleted, through the door for programs.

use axum::http::Method;
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::{WEBHOOKS, add, step};
use crate::support::{TestApp, pointers};

const URL: &str = "https://hooks.example/rolebook";

#[tokio::test]
async fn a_webhook_is_made_with_a_secret_that_is_shown_once() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let new = json!({ "name": "  Main   site ", "url": "https://HOOKS.example:443/a/../rolebook", "events": ["withdrawn", "published", "withdrawn"] });
    let headers = [("content-type", "application/json"), ("idempotency-key", "once")];
    let made = ada.send(Method::POST, WEBHOOKS, &headers, new.to_string()).await;
    let body = made.ok();
    assert_eq!(made.status, 201);
    let secret = body["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() > 40, "{secret}");
    assert_eq!((&body["name"], &body["url"]), (&json!("Main site"), &json!(URL)));
    assert_eq!(body["events"], json!(["published", "withdrawn"]), "each once, in one order");
    assert_eq!((&body["state"], &body["owner"]["name"]), (&json!("active"), &json!("Ada")));

    let again = ada.send(Method::POST, WEBHOOKS, &headers, new.to_string()).await.ok();
    assert_eq!((&again["id"], &again["secret"]), (&body["id"], &Value::Null));
    let shown = ada.get(made.header("location")).await;
    assert_eq!(shown.header("etag"), made.header("etag"));
    let listed = ada.get(WEBHOOKS).await.ok();
    assert_eq!((&listed["total"], &listed["data"][0]), (&json!(1), &shown.ok()));
    let events = ada.get("/manage/v1/events?limit=100").await.text();
    for text in [shown.text(), listed.to_string(), events.clone()] {
        assert!(!text.contains(secret) && !text.contains("whsec_"), "{text}");
    }
    assert!(events.contains("webhook_added"));
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook_is_said_field_by_field() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let eve = app.person("Eve", &[Role::Editor]).await;
    let nobody = "00000000-0000-7000-8000-000000000009";
    let refused = [
        (json!({}), vec!["/name", "/url"]),
        (json!({ "name": " ", "url": " " }), vec!["/name", "/url"]),
        (
            json!({ "name": "x".repeat(101), "url": URL, "owner": nobody, "events": [] }),
            vec!["/name", "/events", "/owner"],
        ),
        (json!({ "name": "N", "url": URL, "events": ["published", "saved"] }), vec!["/events/1"]),
        (json!({ "name": "N", "url": URL, "secret": "whsec_mine" }), vec!["/secret"]),
    ];
    for (body, expected) in refused {
        assert_eq!(pointers(&ada.post(WEBHOOKS, &body).await.problem(422)), expected, "{body}");
    }
    let addresses = [
        ("hooks.example", "not-an-address"),
        ("ftp://hooks.example/", "not-an-address"),
        ("http://8.8.8.8/", "https-required"),
        ("https://you:word@hooks.example/", "credentials-in-address"),
        ("https://hooks.example/#part", "fragment-in-address"),
        ("https://10.0.0.1/", "private-address"),
        ("https://169.254.169.254/latest/meta-data/", "private-address"),
        ("https://[::1]:8080/", "private-address"),
        ("https://[::ffff:10.0.0.1]/", "private-address"),
        ("https://[64:ff9b::10.0.0.1]/", "private-address"),
        ("https://2130706433.example@10.1/", "credentials-in-address"),
        ("https://0xa.0.0.1/", "private-address"),
    ];
    for (url, code) in addresses {
        let problem = ada.post(WEBHOOKS, &json!({ "name": "N", "url": url })).await.problem(422);
        assert_eq!(
            (&problem["errors"][0]["code"], &problem["errors"][0]["pointer"]),
            (&json!(code), &json!("/url")),
            "{url}"
        );
    }
    let (webhook, _) = add(&ada, URL).await;
    let change = ada.seeing(&webhook, Method::PATCH, &webhook, &json!({ "url": "https://192.168.1.1/" })).await;
    assert_eq!(change.problem(422)["errors"][0]["code"], "private-address");
    for hours in [-1, 169] {
        let problem = step(&ada, &webhook, "rotate", &json!({ "overlap_hours": hours })).await.problem(422);
        assert_eq!(pointers(&problem), ["/overlap_hours"]);
    }
    eve.get(WEBHOOKS).await.problem(403);
    for wrong in ["?colour=red", "?limit=5"] {
        ada.get(&format!("{WEBHOOKS}{wrong}")).await.problem(400);
        ada.get(&format!("{webhook}{wrong}")).await.problem(400);
    }
    ada.get(&format!("{webhook}/deliveries?cursor=x")).await.problem(400);
    ada.get(&format!("{WEBHOOKS}/{nobody}/attempts")).await.problem(404);
}

#[tokio::test]
async fn a_webhook_is_changed_and_what_changes_nothing_is_no_change() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let grace = app.person("Grace", &[Role::Administrator]).await;
    let (webhook, _) = add(&ada, URL).await;
    let before = ada.get(&webhook).await;
    let same =
        ada.seeing(&webhook, Method::PATCH, &webhook, &json!({ "name": "Site", "url": URL, "events": null })).await;
    assert_eq!((same.ok(), same.header("etag")), (before.ok(), before.header("etag")));
    let change = json!({ "name": "Mirror", "url": "https://mirror.example/", "owner": grace.user.unwrap(), "events": ["moved"] });
    let after = ada.seeing(&webhook, Method::PATCH, &webhook, &change).await.ok();
    assert_eq!(
        (&after["name"], &after["url"], &after["events"]),
        (&json!("Mirror"), &json!("https://mirror.example/"), &json!(["moved"]))
    );
    assert_eq!(after["owner"]["name"], "Grace");
    let events = ada.get("/manage/v1/events?kind=webhook_changed").await.ok();
    assert_eq!(events["total"], 1);
    let payload = &events["data"][0]["payload"];
    assert_eq!(payload["url"], json!({ "from": URL, "to": "https://mirror.example/" }));
    assert_eq!(payload["events"], json!({ "from": null, "to": ["moved"] }));
    let all = ada.seeing(&webhook, Method::PATCH, &webhook, &json!({ "events": null })).await.ok();
    assert_eq!((&all["events"], &all["name"]), (&Value::Null, &json!("Mirror")));
}

#[tokio::test]
async fn a_webhook_is_paused_with_a_note_and_resumed() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let (webhook, _) = add(&ada, URL).await;
    assert_eq!(step(&ada, &webhook, "resume", &json!({})).await.problem(409)["type"], "/problems/not-paused");
    app.clock.advance(Timestamp::MINUTE);
    let paused = step(&ada, &webhook, "pause", &json!({ "note": " Moving house " })).await.ok();
    assert_eq!(paused["state"], "paused");
    assert_eq!(paused["paused"], json!({ "at": "2026-11-22T09:01:00Z", "reason": "by_hand", "note": "Moving house" }));
    assert_eq!(step(&ada, &webhook, "pause", &json!({})).await.problem(409)["type"], "/problems/already-paused");
    assert_eq!(
        step(&ada, &webhook, "replay", &json!({ "since": "2026-11-22T08:00:00Z" })).await.problem(409)["type"],
        "/problems/webhook-paused"
    );
    let resumed = step(&ada, &webhook, "resume", &json!({})).await.ok();
    assert_eq!((&resumed["state"], &resumed["paused"]), (&json!("active"), &Value::Null));
    let nothing = step(&ada, &webhook, "replay", &json!({ "since": "2026-11-22T08:00:00Z" })).await.problem(422);
    assert_eq!(
        (pointers(&nothing), &nothing["errors"][0]["code"]),
        (vec!["/since".to_owned()], &json!("nothing-since"))
    );
    let kinds = ada.get("/manage/v1/events?limit=3").await.ok();
    let kinds: Vec<&str> =
        kinds["data"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["webhook_resumed", "webhook_paused", "webhook_added"]);
}

#[tokio::test]
async fn another_secret_is_shown_once_and_the_one_before_ends_by_itself() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let (webhook, first) = add(&ada, URL).await;
    let rotated = step(&ada, &webhook, "rotate", &json!({ "overlap_hours": 48 })).await.ok();
    assert_ne!(rotated["secret"].as_str().unwrap(), first);
    assert_eq!(rotated["previous_secret_until"], "2026-11-24T09:00:00Z");
    let at_once = step(&ada, &webhook, "rotate", &json!({ "overlap_hours": 0 })).await.ok();
    assert_eq!(at_once["previous_secret_until"], Value::Null);
    let usual = step(&ada, &webhook, "rotate", &Value::Null).await;
    assert_eq!(usual.status, 422, "nothing is no object");
    let usual = step(&ada, &webhook, "rotate", &json!({})).await.ok();
    assert_eq!(usual["previous_secret_until"], "2026-11-23T09:00:00Z");
    assert!(!ada.get("/manage/v1/events?limit=100").await.text().contains("whsec_"));
}

#[tokio::test]
async fn a_webhook_is_deleted_with_all_that_belongs_to_it() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let (webhook, _) = add(&ada, URL).await;
    let test = step(&ada, &webhook, "test", &json!({})).await;
    assert_eq!(test.status, 201);
    let waiting = ada.get(test.header("location")).await;
    assert_eq!((&waiting.ok()["state"], &waiting.ok()["type"]), (&json!("waiting"), &json!("test")));
    assert_eq!(ada.get(&format!("{webhook}/deliveries")).await.ok()["data"], json!([waiting.ok()]));
    let gone = ada.seeing(&webhook, Method::DELETE, &webhook, &Value::Null).await;
    assert_eq!(gone.status, 204, "{gone:?}");
    ada.get(&webhook).await.problem(404);
    ada.get(test.header("location")).await.problem(404);
    ada.get(&format!("{webhook}/deliveries")).await.problem(404);
    assert_eq!(ada.get(WEBHOOKS).await.ok()["total"], 0);
}

#[tokio::test]
async fn a_site_has_so_many_webhooks_and_no_more() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    for _ in 0..rolebook::webhooks::MOST {
        add(&ada, URL).await;
    }
    let problem = ada.post(WEBHOOKS, &json!({ "name": "N", "url": URL })).await.problem(409);
    assert_eq!(problem["type"], "/problems/too-many-webhooks");
}
