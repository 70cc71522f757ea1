//! One-time links as their holders meet them.

use axum::http::StatusCode;
use rolebook::{
    accounts::{links, users, users::NewUser},
    kernel::{Role, Timestamp, UserId},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{super::PASSWORD, path};
use crate::support::TestApp;

async fn invited(app: &TestApp, name: &str) -> UserId {
    let new = NewUser {
        email: format!("{}@rolebook.test", name.to_lowercase()),
        name: name.to_owned(),
        roles: vec![Role::Editor],
        password: None,
    };
    users::add(&app.system(), &app.app.passwords, new).await.unwrap().id
}

async fn make_demo(app: &TestApp) {
    let tx = app.system().write().await.unwrap();
    let mut site = entity::site::Entity::find_by_id(1).one(&*tx).await.unwrap().unwrap().into_active_model();
    site.demo = Set(true);
    site.update(&*tx).await.unwrap();
    tx.commit(()).await.unwrap();
}

#[tokio::test]
async fn the_first_administrator_sets_the_site_up_once() {
    let app = TestApp::new().await;
    let link = links::set_up_link(&app.system()).await.unwrap().unwrap();
    let address = path(&link);
    let mut ada = app.browser();
    let page = ada.page(&address).await;
    assert!(page.contains("At least 12 characters"), "{page}");
    assert_eq!(ada.get(&address).await.header("referrer-policy"), "no-referrer");

    let wrong = [("name", "Ada"), ("email", "not an address"), ("password", "short one"), ("site_name", "")];
    let refused = ada.post(&address, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("<title>Error: Set up this site") && page.contains("value=\"not an address\""), "{page}");
    assert!(!page.contains("short one"), "a password is never sent back");
    for field in ["email", "password", "site_name"] {
        assert!(page.contains(&format!("href=\"#f-{field}\"")), "{field}: {page}");
    }

    let right =
        [("name", "Ada"), ("email", "ada@rolebook.test"), ("password", PASSWORD), ("site_name", "Harbour careers")];
    let page = ada.submit(&address, &right).await;
    assert!(page.contains("The site has been set up") && page.contains("Harbour careers"), "{page}");
    for again in [ada.get(&address).await, app.browser().post(&address, &right).await] {
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.text().contains("has been used") && again.text().contains("/admin/sign-in"), "{}", again.text());
    }
}

#[tokio::test]
async fn somebody_who_is_invited_chooses_name_and_password() {
    let app = TestApp::new().await;
    let id = invited(&app, "Edith").await;
    let first = links::invite(&app.system(), id).await.unwrap();
    let link = links::invite(&app.system(), id).await.unwrap();
    let unknown = app.browser().get(&path(&first)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text().contains("not known") && unknown.text().contains("ask an administrator"));

    let mut edith = app.browser();
    let address = path(&link);
    for _ in 0..2 {
        let page = edith.page(&address).await;
        assert!(page.contains("edith@rolebook.test") && page.contains("value=\"Edith\""), "looking uses nothing up");
    }
    let elsewhere = address.replace("/invitation/", "/reset/");
    assert_eq!(edith.post(&elsewhere, &[("password", PASSWORD)]).await.status, StatusCode::NOT_FOUND);
    let strange = edith.post(&address, &[("password", PASSWORD), ("name", "E"), ("roles", "administrator")]).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = edith.post(&address, &[("password", "passwordpassword"), ("name", "Edith Clarke")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"Edith Clarke\"") && !refused.text().contains("passwordpassword"));
    let page = edith.submit(&address, &[("password", PASSWORD), ("name", "Edith Clarke")]).await;
    assert!(page.contains("Welcome, Edith Clarke."), "{page}");
    let again = edith.post(&address, &[("password", PASSWORD), ("name", "Edith")]).await;
    assert_eq!(again.status, StatusCode::GONE);
    let user = users::get(&app.system(), id).await.unwrap();
    assert_eq!((user.name.as_str(), user.roles.len()), ("Edith Clarke", 1));
}

#[tokio::test]
async fn a_reset_ends_the_other_sessions_and_expires() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let link = links::reset_link(&app.system(), ed.user.unwrap()).await.unwrap();
    let mut other = app.browser();
    assert!(!other.page(&path(&link)).await.contains("name=\"name\""), "only an invitation asks for a name");
    let page = other.submit(&path(&link), &[("password", " spaces are part of it ")]).await;
    assert!(page.contains("Your new password is set"), "{page}");
    assert_eq!(ed.get("/admin").await.status, StatusCode::SEE_OTHER);
    let fields = [("email", ed.email.as_str()), ("password", " spaces are part of it ")];
    assert_eq!(app.browser().post("/admin/sign-in", &fields).await.status, StatusCode::SEE_OTHER);

    let late = links::reset_link(&app.system(), ed.user.unwrap()).await.unwrap();
    app.clock.advance(Timestamp::DAY);
    let refused = other.get(&path(&late)).await;
    assert_eq!(refused.status, StatusCode::GONE);
    assert!(refused.text().contains("has expired"));
    for address in ["/admin/reset/x", "/admin/set-up/x", "/admin/invitation/x", "/admin/demo/x"] {
        assert_eq!(app.browser().get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(app.browser().post(address, &[]).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn a_link_of_the_demo_signs_in_once_and_in_place_of_somebody_else() {
    let app = TestApp::new().await;
    make_demo(&app).await;
    let id = invited(&app, "Pat").await;
    let link = links::demo_link(&app.system(), id).await.unwrap();
    let mut browser = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = browser.page(&path(&link)).await;
    assert!(page.contains("<button class=\"button primary\">Sign in as Pat</button>"), "{page}");
    assert!(page.contains("Ada is signed in"), "{page}");
    let before = browser.cookies.clone();
    let answer = browser.post(&path(&link), &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin"));
    assert_ne!(browser.cookies, before);
    let page = browser.page("/admin").await;
    assert!(page.contains("You are signed in as Pat") && !page.contains("Ada"), "{page}");
    for answer in [browser.get(&path(&link)).await, browser.post(&path(&link), &[]).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("Start the demo again"));
    }
}
