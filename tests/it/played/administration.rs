//! What administrators look after: settings, people, keys, webhooks, redirects; and what machines ask about the server.

use rolebook::kernel::Timestamp;
use serde_json::{Value, json};

use super::recorder::Play;
use crate::{
    support::{drafts::summed, drafts::titled},
    webhooks::receiver::Receiver,
};

const RECEIVER: &str = "https://site.example";

/// The first thing of all: one person alone publishes without a review.
pub async fn settings(play: &mut Play) {
    play.ask("get_manage_settings").answers(200).await;
    let whole = json!({ "site_name": "Careers", "review_role_pages": "off", "review_requirement_sections": "off", "time_zone": "Europe/London" });
    play.ask("put_manage_settings").sends(whole).answers(200).await;
    let part = json!({ "contact_email": true, "contact_email_days": 30 });
    play.ask("patch_manage_settings").sends(part).answers(200).await;
}

pub async fn people(play: &mut Play) {
    play.ask("get_manage_me").answers(200).await;
    let sam = json!({ "email": "sam.osei@careers.example", "name": "Sam Osei", "roles": ["editor", "reviewer"] });
    let id = play.ask("post_manage_users").sends(sam).answers(201).await.ok()["id"].clone();
    play.ask("get_manage_users").answers(200).await;
    play.ask("get_manage_users_by_id").of(&id).answers(200).await;
    let password = json!({ "password": "seven green kettles on a quiet hill" });
    play.ask("post_manage_users_by_id_password").of(&id).sends(password).answers(204).await;
    play.ask("patch_manage_users_by_id").of(&id).sends(json!({ "roles": ["publisher"] })).answers(200).await;
}

pub async fn keys(play: &mut Play) {
    let key = json!({ "name": "Front-end site", "scopes": ["content:read"], "expires_at": "2027-11-22T09:00:00Z" });
    let id = play.ask("post_manage_api_keys").sends(key).answers(201).await.ok()["id"].clone();
    play.ask("get_manage_api_keys").answers(200).await;
    play.ask("get_manage_api_keys_by_id").of(&id).answers(200).await;
    play.ask("post_manage_api_keys_by_id_revoke").of(&id).sends(json!({})).answers(200).await;
}

/// A webhook with a receiver that is really there.
pub async fn webhooks(play: &mut Play) {
    let receiver = Receiver::open().await;
    let origin = receiver.url.split("/hook").next().unwrap().to_owned();
    play.instead.push((origin.clone(), RECEIVER.to_owned()));
    play.instead.push((origin.replace("http://", ""), RECEIVER.replace("https://", "")));
    let new = json!({ "name": "Front-end site", "url": receiver.url, "events": ["published", "unpublished", "moved"] });
    let id = play.ask("post_manage_webhooks").sends(new).answers(201).await.ok()["id"].clone();
    play.ask("get_manage_webhooks").answers(200).await;
    play.ask("post_manage_webhooks_by_id_test").of(&id).sends(json!({})).answers(201).await;
    play.app.send_webhooks().await;
    // Later than the test, so that the event is the newest.
    play.app.clock.advance(Timestamp::MINUTE);
    play.ada.publish_new("role-pages", &summed(titled("Gardener"))).await;
    play.app.send_webhooks().await;
    play.ask("get_manage_webhooks_by_id").of(&id).answers(200).await;
    let deliveries = play.ask("get_manage_webhooks_by_id_deliveries").of(&id).with("state", "delivered");
    let deliveries = deliveries.with("limit", 1).answers(200).await.ok();
    let delivery = deliveries["data"][0]["id"].clone();
    let attempts = play.ask("get_manage_webhooks_by_id_attempts").of(&id);
    attempts.with("delivery", delivery.clone()).with("limit", 1).answers(200).await;
    one_delivery(play, &id, &delivery).await;
    play.ask("patch_manage_webhooks_by_id")
        .of(&id)
        .sends(json!({ "events": null, "name": "Main site" }))
        .answers(200)
        .await;
    let rotated = json!({ "overlap_hours": 48 });
    play.ask("post_manage_webhooks_by_id_rotate").of(&id).sends(rotated).answers(200).await;
    let note = json!({ "note": "The site is being moved." });
    play.ask("post_manage_webhooks_by_id_pause").of(&id).sends(note).answers(200).await;
    play.ask("post_manage_webhooks_by_id_resume").of(&id).sends(json!({})).answers(200).await;
    let since = json!({ "since": "2026-11-22T09:00:00Z" });
    play.ask("post_manage_webhooks_by_id_replay").of(&id).sends(since).answers(200).await;
    play.ask("delete_manage_webhooks_by_id").of(&id).answers(204).await;
}

async fn one_delivery(play: &mut Play, id: &Value, delivery: &Value) {
    let operation = "get_manage_webhooks_by_id_deliveries_by_delivery";
    play.ask(operation).of(id).with("delivery", delivery.clone()).answers(200).await;
    let again = play.ask(&format!("post{}_send_again", operation.trim_start_matches("get"))).of(id);
    again.with("delivery", delivery.clone()).sends(json!({})).answers(200).await;
}

pub async fn redirects(play: &mut Play) {
    let redirect = json!({ "path": "/jobs/porter", "target": "/hospital-porter" });
    let id = play.ask("post_manage_redirects").sends(redirect).answers(201).await.ok()["id"].clone();
    play.ask("get_manage_redirects").with("limit", 10).answers(200).await;
    play.ask("get_manage_redirects_by_id").of(&id).answers(200).await;
    play.ask("delete_manage_redirects_by_id").of(&id).answers(204).await;
    play.app.clock.advance(Timestamp::MINUTE);
    play.ask("get_manage_events").with("kind", "redirect_removed").with("limit", 1).answers(200).await;
}

pub async fn operations(play: &mut Play) {
    for operation in ["get_healthz", "get_readyz", "get_api_openapi_json", "get_api_docs", "get_api_docs_style_css"] {
        play.ask(operation).answers(200).await;
    }
    play.ask("get_api_docs_by_group").with("group", "delivery").answers(200).await;
    play.ask("get_api_docs_try").with("operation", "get_api_paths").answers(303).await;
}
