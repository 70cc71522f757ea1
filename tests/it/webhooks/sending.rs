//! What is sent, how it is signed, and what becomes of what does not get through.

use axum::http::Method;
use rolebook::kernel::{Clock, Role, SystemClock, Timestamp};
use serde_json::{Value, json};

use super::{
    Site, add, deliveries,
    receiver::{Receiver, Reply},
    step,
};
use crate::support::{drafts::titled, id_of};

/// The webhook as it is now.
async fn state(site: &Site, webhook: &str) -> Value {
    site.ada.get(webhook).await.ok()
}

async fn attempts(site: &Site, webhook: &str) -> Vec<Value> {
    site.ada.get(&format!("{webhook}/attempts?limit=100")).await.ok()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_public_event_is_posted_as_the_changes_feed_has_it_signed_by_the_standard() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    // The library of the standard compares with the clock of the machine.
    site.app.clock.advance(SystemClock.now().0 - site.app.clock.now().0);
    let (webhook, secret) = add(&site.ada, &receiver.url).await;
    let page = site.pat.create("role-pages", &titled("Porter")).await;
    assert_eq!(site.app.send_webhooks().await, 0, "a draft is nobody else's business");
    site.pat.step(&page, "publish", &json!({ "note": "The first." })).await.ok();
    assert_eq!(site.app.send_webhooks().await, 1);
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    let received = &received[0];
    let feed = site.app.nobody().get("/api/v1/changes").await.ok();
    let entry = &feed["data"][0];
    assert_eq!(received.json(), json!({ "type": "published", "timestamp": entry["at"], "data": entry }));
    assert_eq!(received.json()["data"]["document"]["id"], id_of(&page));
    let epoch = feed["cursor"].as_str().unwrap().split('.').next().unwrap();
    assert_eq!(received.id(), format!("evt_{epoch}_{}", entry["sequence"]));
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.header("webhook-timestamp"), (site.app.clock.now().0 / 1_000).to_string());
    let library = standardwebhooks::Webhook::new(&secret).unwrap();
    library.verify(received.body.as_bytes(), &received.headers).unwrap();
    assert!(library.verify(b"{}", &received.headers).is_err(), "another body has another signature");

    assert_eq!(site.app.send_webhooks().await, 0, "once");
    let delivery = &deliveries(&site.ada, &webhook).await[0];
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
    let attempt = &attempts(&site, &webhook).await[0];
    assert_eq!(attempt["answer"], json!({ "status": 204, "body": "" }));
    assert_eq!((&attempt["error"], &attempt["type"]), (&Value::Null, &json!("published")));
    assert_eq!(
        (&attempt["request"]["url"], attempt["request"]["body"].as_str()),
        (&json!(receiver.url), Some(received.body.as_str()))
    );
    for (name, value) in attempt["request"]["headers"].as_object().unwrap() {
        assert_eq!(received.header(name), value, "{name}");
    }
    let now = state(&site, &webhook).await;
    assert_eq!((&now["state"], &now["last_attempt"]["status"]), (&json!("active"), &json!(204)));
    assert!(now["last_success_at"].is_string());
}

#[tokio::test]
async fn every_webhook_gets_the_types_that_it_wants_in_order_and_each_once() {
    let (site, all, some) = (Site::open().await, Receiver::open().await, Receiver::open().await);
    site.pat.publish_new("role-pages", &titled("Before")).await;
    let (first, _) = add(&site.ada, &all.url).await;
    let (second, _) = add(&site.ada, &some.url).await;
    site.ada.seeing(&second, Method::PATCH, &second, &json!({ "events": ["withdrawn", "unpublished"] })).await.ok();
    let mut expected = Vec::new();
    for title in ["Porter", "Driver", "Clerk"] {
        let page = site.pat.publish_new("role-pages", &titled(title)).await;
        site.pat.step(&page, "withdraw", &json!({ "explanation": "It is wrong." })).await.ok();
        expected.extend(["published", "withdrawn"]);
    }
    site.app.send_webhooks().await;
    let types = |receiver: &Receiver| {
        let received = receiver.received();
        let sequences: Vec<i64> = received.iter().map(|one| one.json()["data"]["sequence"].as_i64().unwrap()).collect();
        assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
        received.iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(types(&all), expected, "what was before is not sent by itself");
    assert_eq!(types(&some), ["withdrawn"; 3]);
    assert_eq!(site.app.send_webhooks().await, 0);
    assert_eq!((deliveries(&site.ada, &first).await.len(), deliveries(&site.ada, &second).await.len()), (6, 3));
}

#[tokio::test]
async fn two_secrets_sign_while_one_takes_the_place_of_the_other() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, first) = add(&site.ada, &receiver.url).await;
    let rotated = step(&site.ada, &webhook, "rotate", &json!({ "overlap_hours": 2 })).await.ok();
    let second = rotated["secret"].as_str().unwrap();
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    let both = &receiver.received()[0];
    assert!(both.is_signed_with(&first) && both.is_signed_with(second));
    assert_eq!(both.header("webhook-signature").split(' ').count(), 2);
    site.app.clock.advance(2 * Timestamp::HOUR);
    site.publish("Driver").await;
    site.app.send_webhooks().await;
    let one = &receiver.received()[0];
    assert!(!one.is_signed_with(&first) && one.is_signed_with(second));
}

#[tokio::test]
async fn what_fails_is_tried_again_with_the_same_id_and_body_at_growing_distances() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, secret) = add(&site.ada, &receiver.url).await;
    receiver.answers([500, 301, 404]);
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    let failing = state(&site, &webhook).await;
    assert_eq!((&failing["state"], &failing["failing_since"]), (&json!("failing"), &json!("2026-11-22T09:00:00Z")));
    assert_eq!(failing["last_attempt"]["error"], "The answer was 500.");
    let mut distances = Vec::new();
    for _ in 0..3 {
        let delivery = &deliveries(&site.ada, &webhook).await[0];
        let next = Timestamp::parse(delivery["next_attempt_at"].as_str().unwrap()).unwrap();
        let distance = next.0 - site.app.clock.now().0;
        site.app.clock.advance(distance - 1);
        assert_eq!(site.app.send_webhooks().await, 0, "not a moment too early");
        site.app.clock.advance(1);
        assert_eq!(site.app.send_webhooks().await, 1);
        distances.push(distance);
    }
    let within = |distance: i64, seconds: i64| (seconds * 800..=seconds * 1_200).contains(&distance);
    assert!(within(distances[0], 5) && within(distances[1], 30) && within(distances[2], 120), "{distances:?}");
    let received = receiver.received();
    assert_eq!(received.len(), 4);
    for one in &received {
        assert_eq!((one.id(), &one.body), (received[0].id(), &received[0].body));
        assert!(one.is_signed_with(&secret));
    }
    assert_ne!(received[0].header("webhook-timestamp"), received[3].header("webhook-timestamp"));
    let now = state(&site, &webhook).await;
    assert_eq!((&now["state"], &now["retry_at"]), (&json!("active"), &Value::Null));
    let errors: Vec<Value> = attempts(&site, &webhook).await.into_iter().map(|one| one["error"].clone()).collect();
    let redirected = "The answer was 301; redirects are not followed.";
    assert_eq!(errors, [Value::Null, json!("The answer was 404."), json!(redirected), json!("The answer was 500.")]);
}

#[tokio::test]
async fn a_receiver_says_how_long_to_wait() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    receiver.answers([Reply { retry_after: Some("3600".to_owned()), ..503.into() }]);
    receiver.answers([Reply { retry_after: Some("Sun, 22 Nov 2026 12:00:00 GMT".to_owned()), ..429.into() }]);
    site.publish("Porter").await;
    for expected in ["2026-11-22T10:00:00Z", "2026-11-22T12:00:00Z"] {
        assert_eq!(site.app.send_webhooks().await, 1);
        assert_eq!(deliveries(&site.ada, &webhook).await[0]["next_attempt_at"], expected);
        let at = Timestamp::parse(expected).unwrap();
        site.app.clock.advance(at.0 - site.app.clock.now().0);
    }
    assert_eq!(site.app.send_webhooks().await, 1);
    assert_eq!(state(&site, &webhook).await["state"], "active");
}

#[tokio::test]
async fn a_webhook_to_which_nothing_gets_through_for_a_day_is_paused() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    receiver.always_answers(500);
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    // Another event comes in the meantime; while nothing gets through, one thing at a time is tried.
    site.app.clock.advance(6 * Timestamp::HOUR);
    site.publish("Driver").await;
    let mut tries = 0;
    while state(&site, &webhook).await["state"] != "paused" {
        let before = site.app.clock.now();
        site.app.send_webhooks().await;
        tries += receiver.received().len();
        let now = state(&site, &webhook).await;
        let Some(next) = now["retry_at"].as_str() else { break };
        let next = Timestamp::parse(next).unwrap();
        assert!(next > before, "{now}");
        site.app.clock.advance(next.0 - before.0);
        assert!(tries < 40);
    }
    assert!((10..=16).contains(&tries), "{tries}");
    let paused = state(&site, &webhook).await;
    assert_eq!(
        (&paused["paused"]["reason"], &paused["paused"]["at"]),
        (&json!("failing"), &json!("2026-11-23T09:00:00Z"))
    );
    let events = site.ada.get("/manage/v1/events?kind=webhook_paused").await.ok();
    assert_eq!((&events["total"], &events["data"][0]["actor"]["kind"]), (&json!(1), &json!("system")));
    site.publish("Clerk").await;
    assert_eq!(site.app.send_webhooks().await, 0);

    // Its receiver is back: what was waiting is sent, what happened while it was paused is not.
    receiver.always_answers(204);
    step(&site.ada, &webhook, "resume", &json!({})).await.ok();
    site.app.send_webhooks().await;
    let paths = |receiver: &Receiver| {
        let mut paths: Vec<String> = receiver
            .received()
            .iter()
            .map(|one| one.json()["data"]["document"]["path"].as_str().unwrap().to_owned())
            .collect();
        paths.sort();
        paths
    };
    let sent = paths(&receiver);
    assert!(sent.contains(&"/driver".to_owned()) && !sent.contains(&"/clerk".to_owned()), "{sent:?}");
    step(&site.ada, &webhook, "replay", &json!({ "since": "2026-11-22T09:00:00Z" })).await.ok();
    site.app.send_webhooks().await;
    assert_eq!(paths(&receiver), ["/clerk", "/driver", "/porter"]);
    assert_eq!(state(&site, &webhook).await["replaying"], false);
}

#[tokio::test]
async fn one_event_that_a_receiver_can_not_take_holds_up_nothing_and_pauses_nothing() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    receiver.refuses("/porter");
    site.publish("Porter").await;
    site.publish("Driver").await;
    site.app.send_webhooks().await;
    assert_eq!(receiver.received().len(), 1, "while nothing gets through, one thing is tried");
    site.app.clock.advance(10 * Timestamp::SECOND);
    site.app.send_webhooks().await;
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    assert!(
        received[0].body.contains("/driver") && received[1].body.contains("/porter"),
        "what had not been tried first"
    );
    // A day and an hour of failures, between which others get through.
    for hour in 0..25 {
        site.app.clock.advance(Timestamp::HOUR);
        site.publish(&format!("Page {hour}")).await;
        for _ in 0..2 {
            site.app.send_webhooks().await;
            site.app.clock.advance(Timestamp::MINUTE);
        }
        let received = receiver.received();
        let others = received.iter().filter(|one| !one.body.contains("/porter")).count();
        assert_eq!(others, 1, "{hour}: {received:?}");
        assert_ne!(state(&site, &webhook).await["state"], "paused");
    }
    let failed = site.ada.get(&format!("{webhook}/deliveries?state=failed")).await.ok();
    assert_eq!(failed["total"], 1, "{failed}");
    assert!(failed["data"][0]["body"].as_str().unwrap().contains("/porter"));
    assert!(failed["data"][0]["attempts"].as_i64().unwrap() > 8, "{failed}");
}

#[tokio::test]
async fn a_receiver_that_is_gone_for_good_pauses_its_webhook() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    receiver.answers([410]);
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    let paused = state(&site, &webhook).await;
    assert_eq!((&paused["state"], &paused["paused"]["reason"]), (&json!("paused"), &json!("gone")));
    assert_eq!(deliveries(&site.ada, &webhook).await[0]["state"], "failed");
    let again = site.send_again(&webhook).await;
    assert_eq!(again.problem(409)["type"], "/problems/webhook-paused");
}

#[tokio::test]
async fn something_is_sent_again_with_its_id_whether_it_got_through_or_not() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    receiver.answers([204, 500]);
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    let again = site.send_again(&webhook).await.ok();
    assert_eq!((&again["state"], &again["attempts"]), (&json!("waiting"), &json!(0)));
    site.app.send_webhooks().await;
    // It fails now; whoever sends it again does not wait until the next try.
    site.send_again(&webhook).await.ok();
    site.app.send_webhooks().await;
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|one| one.id() == received[0].id() && one.body == received[0].body));
    assert_eq!(attempts(&site, &webhook).await.len(), 3);
    let id = deliveries(&site.ada, &webhook).await[0]["id"].as_str().unwrap().to_owned();
    let of_it = site.ada.get(&format!("{webhook}/attempts?delivery={id}&limit=2")).await.ok();
    assert_eq!((&of_it["total"], of_it["data"].as_array().unwrap().len()), (&json!(3), 2));
    let rest = site.ada.get(of_it["next"].as_str().unwrap()).await.ok();
    assert_eq!((rest["data"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let stale =
        site.ada.naming("\"1\"", Method::POST, &format!("{webhook}/deliveries/{id}/send-again"), &json!({})).await;
    assert_eq!(stale.problem(412)["current"]["id"], json!(id));
}

#[tokio::test]
async fn a_test_is_signed_and_sent_once_also_to_a_webhook_that_is_paused() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, secret) = add(&site.ada, &receiver.url).await;
    step(&site.ada, &webhook, "pause", &json!({})).await.ok();
    receiver.answers([Reply { body: "no <b>such</b> page".to_owned(), ..404.into() }]);
    let test = step(&site.ada, &webhook, "test", &json!({})).await;
    assert_eq!(site.app.send_webhooks().await, 1);
    let received = &receiver.received()[0];
    assert!(received.id().starts_with("test_") && received.is_signed_with(&secret));
    assert_eq!(
        (&received.json()["type"], &received.json()["data"]["webhook"]["name"]),
        (&json!("test"), &json!("Site"))
    );
    let failed = site.ada.get(test.header("location")).await.ok();
    assert_eq!((&failed["state"], &failed["next_attempt_at"]), (&json!("failed"), &Value::Null));
    assert_eq!(attempts(&site, &webhook).await[0]["answer"], json!({ "status": 404, "body": "no <b>such</b> page" }));
    let now = state(&site, &webhook).await;
    assert_eq!((&now["paused"]["reason"], &now["failing_since"]), (&json!("by_hand"), &Value::Null));
    let test = step(&site.ada, &webhook, "test", &json!({})).await;
    site.app.send_webhooks().await;
    assert_eq!(site.ada.get(test.header("location")).await.ok()["state"], "delivered");
}

#[tokio::test]
async fn past_events_are_replayed_from_a_time_in_their_order_with_their_ids() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    site.publish("Before").await;
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    site.app.clock.advance(Timestamp::HOUR);
    site.publish("Porter").await;
    site.app.clock.advance(Timestamp::HOUR);
    site.publish("Driver").await;
    site.app.send_webhooks().await;
    let first: Vec<String> = receiver.received().iter().map(|one| one.id().to_owned()).collect();
    assert_eq!(first.len(), 2);
    step(&site.ada, &webhook, "replay", &json!({ "since": "2026-11-22T10:30:00Z" })).await.ok();
    let again = step(&site.ada, &webhook, "replay", &json!({ "since": "2026-11-22T10:30:00Z" })).await;
    assert_eq!(again.problem(409)["type"], "/problems/already-replaying");
    site.app.send_webhooks().await;
    assert_eq!(receiver.received().iter().map(|one| one.id().to_owned()).collect::<Vec<_>>(), first[1..]);
    step(&site.ada, &webhook, "replay", &json!({ "since": "2026-11-22T09:00:00Z" })).await.ok();
    site.app.send_webhooks().await;
    let all: Vec<String> = receiver
        .received()
        .iter()
        .map(|one| one.json()["data"]["document"]["path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(all, ["/before", "/porter", "/driver"], "also what was before there was a webhook");
    assert_eq!(deliveries(&site.ada, &webhook).await.len(), 3, "one for each event");
}

#[tokio::test]
async fn many_past_events_are_put_into_the_queue_piece_by_piece() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let page = site.publish("Porter").await;
    for round in 0..210 {
        let step =
            if round % 2 == 0 { ("withdraw", json!({ "explanation": "No." })) } else { ("reinstate", json!({})) };
        site.pat.step(&page, step.0, &step.1).await.ok();
    }
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    step(&site.ada, &webhook, "replay", &json!({ "since": "2026-11-22T09:00:00Z" })).await.ok();
    site.app.send_webhooks().await;
    let sequences: Vec<i64> =
        receiver.received().iter().map(|one| one.json()["data"]["sequence"].as_i64().unwrap()).collect();
    assert_eq!(sequences.len(), 211);
    assert!(sequences.is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn what_was_sent_is_kept_for_thirty_days() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    site.app.clock.advance(29 * Timestamp::DAY);
    site.publish("Driver").await;
    site.app.send_webhooks().await;
    assert_eq!((deliveries(&site.ada, &webhook).await.len(), attempts(&site, &webhook).await.len()), (2, 2));
    site.app.clock.advance(Timestamp::DAY + 1);
    site.app.send_webhooks().await;
    let kept = deliveries(&site.ada, &webhook).await;
    assert_eq!((kept.len(), attempts(&site, &webhook).await.len()), (1, 1));
    assert!(kept[0]["body"].as_str().unwrap().contains("/driver"));
}

#[tokio::test]
async fn an_address_that_may_no_longer_be_reached_is_not_reached() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    site.publish("Porter").await;
    let ctx = rolebook::app::follower_ctx(&site.app.app);
    let strict = rolebook::outbound::Outbound::new(rolebook::outbound::Targets::default()).unwrap();
    rolebook::followers::webhooks::tick(&ctx, &strict).await.unwrap();
    assert!(receiver.received().is_empty());
    let attempt = &attempts(&site, &webhook).await[0];
    assert_eq!(
        (&attempt["answer"], attempt["error"].as_str()),
        (&Value::Null, Some("The address has to begin with https://."))
    );
    let eve = site.app.person("Eve", &[Role::Publisher]).await;
    eve.get(&format!("{webhook}/attempts")).await.problem(403);
}

#[tokio::test]
async fn a_delivery_belongs_to_its_webhook() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (first, _) = add(&site.ada, &receiver.url).await;
    let (second, _) = add(&site.ada, &receiver.url).await;
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    let id = deliveries(&site.ada, &first).await[0]["id"].as_str().unwrap().to_owned();
    site.ada.get(&format!("{second}/deliveries/{id}")).await.problem(404);
    let path = format!("{second}/deliveries/{id}/send-again");
    site.ada.naming("\"1\"", Method::POST, &path, &json!({})).await.problem(404);
    let of_it = site.ada.get(&format!("{second}/attempts?delivery={id}")).await.ok();
    assert_eq!(of_it["total"], 0);
}
