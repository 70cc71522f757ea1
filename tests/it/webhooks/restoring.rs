//! A copy of a site does not speak for it.

use rolebook::{
    kernel::{Ctx, Database},
    media::Store,
    operations::{backup, restore},
};
use serde_json::json;

use super::{Site, add, deliveries, receiver::Receiver};
use crate::support::{Client, TestApp, TestDatabase, system_chance};

#[tokio::test]
async fn a_webhook_that_came_with_a_backup_is_paused_until_somebody_resumes_it() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    site.publish("Porter").await;
    site.app.send_webhooks().await;
    receiver.received();
    site.publish("Driver").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.backup");
    backup::backup(&site.app.system(), &site.app.app.store, &file).await.unwrap();

    let target = TestDatabase::empty().await;
    let database = Database::connect(&target.url, 2, true).await.unwrap();
    let ctx = Ctx { database: database.clone(), ..site.app.system() };
    restore::restore(&ctx, &file, &Store::in_memory()).await.unwrap();
    database.close().await.unwrap();
    let copy = TestApp::with(target, Store::in_memory(), system_chance()).await;
    let ada = Client { router: copy.router.clone(), ..site.ada.clone() };
    let restored = ada.get(&webhook).await.ok();
    assert_eq!((&restored["state"], &restored["paused"]["reason"]), (&json!("paused"), &json!("restored")));
    assert_eq!(deliveries(&ada, &webhook).await, Vec::<serde_json::Value>::new());
    let pat = Client { router: copy.router.clone(), ..site.pat.clone() };
    pat.publish_new("role-pages", &crate::support::drafts::titled("Clerk")).await;
    assert_eq!(copy.send_webhooks().await, 0);
    assert!(receiver.received().is_empty());
    assert_eq!(site.ada.get(&webhook).await.ok()["state"], "active", "the site itself goes on");
}
