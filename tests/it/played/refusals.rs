//! Each problem that many operations answer, as it really comes about. The last ones break the site.

use rolebook::kernel::Role;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::recorder::Play;
use crate::support::{drafts::summed, drafts::titled, id_of};

pub async fn refusals(play: &mut Play) {
    play.ask("get_api_role_pages").with("cursor", "page-2").refused(400).await;
    let nobody = play.app.nobody();
    play.ask("get_manage_me").by(&nobody).refused(401).await;
    let ivo = play.app.person("Ivo Brand", &[Role::Editor]).await;
    play.ask("get_manage_users").by(&ivo).refused(403).await;
    play.ask("get_api_role_pages_by_page").with("page", "astronaut").refused(404).await;
    let page = play.ada.create("role-pages", &summed(titled("Baker"))).await;
    play.ask("post_manage_role_pages_by_id_reinstate").with("id", id_of(&page)).sends(json!({})).refused(409).await;
    let submit = play.ask("post_manage_role_pages_by_id_submit").with("id", id_of(&page)).sends(json!({}));
    submit.naming_nothing().refused(428).await;
    let long = vec![b' '; 4 * 1024 * 1024];
    play.ask("post_manage_role_pages").sends_raw("application/json", long).refused(413).await;
    play.ask("post_manage_role_pages").sends_raw("text/plain", b"title: Baker".to_vec()).refused(415).await;
    let wrong = json!({ "content": { "titel": "Baker", "sections": [{ "blocks": [{ "kind": "vidoe" }] }] } });
    play.ask("post_manage_role_pages").sends(wrong).refused(422).await;
    resync(play).await;
    flood(play).await;
    broken(play).await;
}

/// A cursor of the time before a backup was restored.
async fn resync(play: &mut Play) {
    let cursor = play.ada.get("/api/v1/changes?limit=1").await.ok()["cursor"].clone();
    let ctx = play.app.system();
    let tx = ctx.write().await.unwrap();
    rolebook::site::renew_epoch(&tx, &ctx).await.unwrap();
    tx.commit(()).await.unwrap();
    play.ask("get_api_changes").with("since", cursor).refused(410).await;
}

/// More from one visitor than a person can write.
async fn flood(play: &mut Play) {
    let report = json!({ "document": "ict", "kind": "praise", "wrong": "Nothing at all." });
    let receipt = play.app.nobody().post("/api/v1/reports", &report).await.ok();
    let mut steps = receipt["receipt_url"].as_str().unwrap().rsplit('/').map(str::to_owned);
    let [secret, reference] = [steps.next().unwrap(), steps.next().unwrap()];
    let path = receipt["receipt_url"].as_str().unwrap();
    let detail = json!({ "text": "Still nothing." });
    while play.app.nobody().post(path, &detail).await.status.is_success() {}
    let more = play.ask("post_api_reports_by_reference_by_secret").with("reference", reference).with("secret", secret);
    more.sends(detail).refused(429).await;
}

/// A table is missing; then the whole database is away.
async fn broken(play: &mut Play) {
    let connection = sea_orm::Database::connect(&play.app.database.url).await.unwrap();
    connection.execute_unprepared("DROP TABLE redirect").await.unwrap();
    connection.close().await.unwrap();
    play.ask("get_manage_redirects").refused(500).await;
    play.app.app.database.clone().close().await.unwrap();
    play.ask("get_readyz").refused(503).await;
}
