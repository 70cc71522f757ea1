//! Asking for a new password by mail, as a stranger does: nothing tells which addresses have an account.

use axum::http::StatusCode;
use rolebook::kernel::{Role, Timestamp};

use super::Site;
use crate::panel::PASSWORD;

#[tokio::test]
async fn a_person_gets_a_link_and_a_stranger_the_same_answer() {
    let site = Site::open().await;
    site.app.signed_in("Mia", &[Role::Editor]).await;
    let mut browser = site.app.browser();
    assert!(browser.page("/admin/forgotten").await.contains("Send the link"));
    let known = browser.post("/admin/forgotten", &[("email", " Mia@rolebook.test ")]).await;
    let unknown = browser.post("/admin/forgotten", &[("email", "nobody@rolebook.test")]).await;
    assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(known.text(), unknown.text());
    assert_eq!(site.log().await.len(), 2, "both are a row until somebody looks");
    assert_eq!(site.app.send_mail().await, 1);
    assert_eq!(site.log().await.len(), 1, "what is for nobody is forgotten");
    let message = site.server.received().remove(0);
    assert_eq!(message.to, ["RCPT TO:<mia@rolebook.test>"]);
    let changed = browser.post(&message.link(), &[("password", "seven blue kites over the hill")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    let old =
        site.app.browser().post("/admin/sign-in", &[("email", "mia@rolebook.test"), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn asking_again_and_again_sends_one_letter_in_five_minutes_and_is_limited() {
    let site = Site::open().await;
    site.app.signed_in("Mia", &[Role::Editor]).await;
    let mut browser = site.app.browser();
    for _ in 0..3 {
        browser.post("/admin/forgotten", &[("email", "mia@rolebook.test")]).await;
        site.app.send_mail().await;
    }
    assert_eq!(site.server.received().len(), 1);
    site.app.clock.advance(5 * Timestamp::MINUTE);
    browser.post("/admin/forgotten", &[("email", "mia@rolebook.test")]).await;
    site.app.send_mail().await;
    assert_eq!(site.server.received().len(), 1, "then another");
    let mut last = StatusCode::OK;
    for number in 0..8 {
        last = browser.post("/admin/forgotten", &[("email", &format!("a{number}@rolebook.test"))]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn what_is_no_address_is_said_and_somebody_inactive_gets_nothing() {
    use rolebook::accounts::users::{self, UserChange};

    let site = Site::open().await;
    let mut browser = site.app.browser();
    let answer = browser.post("/admin/forgotten", &[("email", "mia")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("An e-mail address such as"), "{}", answer.text());
    let mia = site.person("Mia").await;
    let ctx = site.app.system();
    let seen = users::get(&ctx, mia).await.unwrap().version;
    users::change(&ctx, mia, seen, UserChange { active: Some(false), ..UserChange::default() }).await.unwrap();
    browser.post("/admin/forgotten", &[("email", "mia@rolebook.test")]).await;
    assert_eq!(site.app.send_mail().await, 0);
    assert!(site.log().await.is_empty() && site.server.received().is_empty());
}
