//! Who sends, when several instances could: one at a time, without waiting for a slow receiver, and with the same id after an
//! accident.

use std::sync::Arc;

use rolebook::{
    app,
    followers::webhooks::{Sender, tick},
    kernel::Timestamp,
};
use serde_json::json;
use tokio::sync::Notify;

use super::{
    Site, add, deliveries,
    receiver::{Receiver, Reply},
};
use crate::support::{TestApp, drafts::titled, id_of};

fn sender(app: &TestApp, holder: &str) -> Sender {
    Sender::new(app::follower_ctx(&app.app), app.app.outbound.clone(), holder)
}

fn held(status: u16) -> (Reply, Arc<Notify>) {
    let held = Arc::new(Notify::new());
    (Reply { held: Some(Arc::clone(&held)), ..status.into() }, held)
}

/// Lets a sender see what has happened, and send it once it has stood in the log for long enough.
async fn turn(sender: &mut Sender) -> bool {
    assert!(sender.turn().await.unwrap());
    sender.all_settles().await;
    sender.turn().await.unwrap()
}

#[tokio::test]
async fn of_two_instances_the_one_with_the_lease_sends_until_it_is_silent() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let other = site.app.beside().await;
    add(&site.ada, &receiver.url).await;
    let (mut here, mut there) = (sender(&site.app, "here"), sender(&other, "there"));
    assert!(here.turn().await.unwrap());
    site.publish("Porter").await;
    assert!(!there.turn().await.unwrap());
    assert!(here.turn().await.unwrap());
    here.all_end().await;
    assert!(receiver.received().is_empty(), "not yet: another instance may answer with what was before");
    assert!(turn(&mut here).await);
    assert!(!there.turn().await.unwrap(), "also while something is in flight");
    here.all_end().await;
    assert!(!there.turn().await.unwrap());
    let first = receiver.received();
    assert_eq!(first.len(), 1);

    other.clock.advance(16 * Timestamp::SECOND);
    site.publish("Driver").await;
    assert!(turn(&mut there).await, "the lease has run out");
    there.all_end().await;
    let second = receiver.received();
    assert_eq!(second.len(), 1, "what was sent is not sent again");
    assert_ne!(first[0].id(), second[0].id());
    assert!(!here.turn().await.unwrap());
    here.all_end().await;
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn what_was_sent_and_not_recorded_is_sent_again_with_the_same_id() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &receiver.url).await;
    let (reply, _never) = held(204);
    receiver.answers([reply]);
    site.publish("Porter").await;
    let (ctx, outbound) = (app::follower_ctx(&site.app.app), site.app.app.outbound.clone());
    let killed = tokio::spawn(async move { tick(&ctx, &outbound).await.unwrap() });
    receiver.arrival().await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    assert_eq!(deliveries(&site.ada, &webhook).await[0]["attempts"], 0, "nobody knows what came of it");
    site.app.send_webhooks().await;
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!((received[0].id(), &received[0].body), (received[1].id(), &received[1].body));
    assert_eq!(deliveries(&site.ada, &webhook).await[0]["state"], "delivered");
}

#[tokio::test]
async fn a_slow_receiver_holds_up_nobody_else() {
    let (site, slow, quick) = (Site::open().await, Receiver::open().await, Receiver::open().await);
    let (webhook, _) = add(&site.ada, &slow.url).await;
    add(&site.ada, &quick.url).await;
    let (reply, held) = held(204);
    slow.answers([reply]);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let following = tokio::spawn(app::follow(site.app.app.clone(), stopped));
    site.publish("Porter").await;
    quick.arrival().await;
    slow.arrival().await;
    site.publish("Driver").await;
    quick.arrival().await;
    assert_eq!(slow.received().len(), 1, "one at a time");
    held.notify_one();
    slow.arrival().await;
    stop.send(true).unwrap();
    following.await.unwrap();
    assert_eq!((slow.received().len(), quick.received().len()), (1, 2));
    assert!(deliveries(&site.ada, &webhook).await.iter().all(|one| one["state"] == "delivered"));
}

#[tokio::test]
async fn the_server_sends_by_itself_and_ends_when_it_is_asked_to() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    add(&site.ada, &receiver.url).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let following = tokio::spawn(app::follow(site.app.app.clone(), stopped));
    site.publish("Porter").await;
    receiver.arrival().await;
    stop.send(true).unwrap();
    following.await.unwrap();
    assert_eq!(receiver.received().len(), 1);
    // It has given its lease back, so another can begin at once, and what was sent is recorded.
    let mut sender = sender(&site.app, "another");
    assert!(turn(&mut sender).await);
    sender.all_end().await;
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn whoever_is_told_of_a_change_reads_it_from_whichever_instance() {
    let (site, receiver) = (Site::open().await, Receiver::open().await);
    let other = site.app.beside().await;
    let path = site.publish("Porter").await;
    let address = format!("/api/v1/role-pages/{}", id_of(&path));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let sending = tokio::spawn(app::follow(site.app.app.clone(), stopped.clone()));
    let answering = tokio::spawn(app::follow_answers(other.app.clone(), stopped));
    add(&site.ada, &receiver.url).await;
    for round in 0..5 {
        // The other instance keeps what it answers, and hears of nothing but by looking at the log.
        other.nobody().get(&address).await.ok();
        let title = format!("Porter {round}");
        site.pat.save(&path, &titled(&title)).await.ok();
        site.pat.step(&path, "publish", &json!({})).await.ok();
        receiver.arrival().await;
        assert_eq!(other.nobody().get(&address).await.ok()["title"], title.as_str());
    }
    stop.send(true).unwrap();
    sending.await.unwrap();
    answering.await.unwrap();
}
