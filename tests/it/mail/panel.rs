//! The screens about mail, and how adding a person differs while it is on.

use axum::http::StatusCode;
use rolebook::kernel::Role;

use super::{Site, server::Reply};
use crate::support::TestApp;

#[tokio::test]
async fn an_administrator_invites_by_mail_and_sees_what_became_of_it() {
    let site = Site::open().await;
    let mut ada = site.app.signed_in("Ada", &[Role::Administrator]).await;
    assert!(ada.page("/admin/users/new").await.contains("Add and send an invitation"));
    let fields = [("name", "Mia Stone"), ("email", "mia@rolebook.test"), ("roles", "editor")];
    let page = ada.submit("/admin/users/new", &fields).await;
    assert!(page.contains("an invitation is on its way to mia@rolebook.test"), "{page}");
    site.server.answers([Reply::ToRecipient("550 no such person")]);
    site.app.send_mail().await;
    let list = ada.page("/admin/mail").await;
    for part in ["Invitation", "Mia Stone", "Not sent", "The mail server refused it (550)."] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let id = site.log().await[0].id;
    let path = format!("/admin/mail/{id}");
    let shown = ada.page(&path).await;
    assert!(shown.contains("It was not sent.") && shown.contains("no such person"), "{shown}");
    let revision = shown.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let again = ada.submit(&format!("{path}/send-again"), &[("revision", &revision)]).await;
    assert!(again.contains("It is being sent."), "{again}");
    let stale = ada.post(&format!("{path}/send-again"), &[("revision", &revision)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    site.app.send_mail().await;
    let message = site.server.received().remove(0);
    let secret = message.link().rsplit('/').next().unwrap().to_owned();
    for address in [path.as_str(), "/admin/mail", "/admin/mail?state=sent", "/admin/audit-log"] {
        let page = ada.page(address).await;
        assert!(!page.contains(&secret), "{address}");
    }
    assert!(ada.page("/admin/audit-log").await.contains("sent an invitation to"));
    assert!(ada.page("/admin/mail?state=failed").await.contains("No letter is “Not sent”."));
}

#[tokio::test]
async fn the_link_can_still_be_shown_and_a_test_reaches_who_asked() {
    let site = Site::open().await;
    let mut ada = site.app.signed_in("Ada", &[Role::Administrator]).await;
    let fields = [("name", "Mia"), ("email", "mia@rolebook.test"), ("roles", "editor"), ("link", "shown")];
    let shown = ada.post("/admin/users/new", &fields).await;
    assert_eq!(shown.status, StatusCode::CREATED);
    assert!(shown.text().contains("/admin/invitation/"));
    assert!(site.log().await.is_empty());

    assert!(ada.page("/admin/settings").await.contains("Send a test mail to yourself"));
    ada.submit("/admin/mail/test", &[]).await;
    site.app.send_mail().await;
    let message = site.server.received().remove(0);
    assert_eq!(message.to, ["RCPT TO:<ada@rolebook.test>"]);
    assert_eq!(message.header("subject").unwrap(), "A test from Rolebook");
}

#[tokio::test]
async fn without_a_mail_server_links_are_shown_and_the_screens_say_so() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let shown =
        ada.post("/admin/users/new", &[("name", "Mia"), ("email", "mia@rolebook.test"), ("roles", "editor")]).await;
    assert_eq!(shown.status, StatusCode::CREATED);
    assert!(ada.page("/admin/mail").await.contains("Mail is off"));
    assert!(ada.page("/admin/settings").await.contains("Off; links are shown to copy"));
    assert_eq!(ada.post("/admin/mail/test", &[]).await.status, StatusCode::CONFLICT);
    let mut stranger = app.browser();
    assert!(stranger.page("/admin/forgotten").await.contains("Ask an administrator"));
    assert_eq!(
        stranger.post("/admin/forgotten", &[("email", "ada@rolebook.test")]).await.status,
        StatusCode::SEE_OTHER
    );
}
