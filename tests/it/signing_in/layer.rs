//! Sessions as a browser meets them.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use axum::http::StatusCode;
use rolebook::{
    accounts::{
        SessionKey, sessions, set_password,
        users::{self, UserChange},
    },
    kernel::{Chance, Error, Role, Timestamp},
    media::Store,
};

use super::{Browser, GOOD, acting, add, kinds, log, rows};
use crate::support::{TestApp, TestDatabase, system_chance};

#[tokio::test]
async fn signing_in_gives_the_browser_an_id_that_nobody_knew_before() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::of(&app);
    browser.ask(axum::http::Method::POST, "/unsent", &[("title", "Porter")]).await;
    let planted = browser.clone();
    assert!(planted.cookie.is_some());

    let seen = browser.sign_in(&ada.email, GOOD).await;
    assert_ne!(browser.cookie, planted.cookie);
    assert!(browser.is_signed_in().await);
    assert!(!planted.clone().is_signed_in().await, "the id from before signs nobody in");
    assert_eq!(browser.get("/unsent").await.body, r#"[("title", "Porter")]"#, "what was typed comes along");
    let cookie = seen.cookie();
    for part in ["rolebook=", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Max-Age") && !cookie.contains("Domain"), "{cookie}");
    assert_eq!(rows(&app).await.len(), 1);
    assert_eq!(rows(&app).await[0].browser.as_deref(), Some("Firefox on Linux"));
    assert!(!rows(&app).await[0].data.contains(&ada.id.to_string()), "who it is stands in its column alone");
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_alone_and_can_be_removed() {
    let app =
        TestApp::reached_at("https://careers.example", TestDatabase::new().await, Store::in_memory(), system_chance())
            .await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::of(&app);
    let seen = browser.sign_in(&ada.email, GOOD).await;
    let cookie = seen.cookie();
    assert!(cookie.starts_with("__Host-rolebook="), "{cookie}");
    for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let held = browser.clone();
    let seen = browser.post("/sign-out").await;
    let removal = seen.cookie();
    assert!(removal.starts_with("__Host-rolebook=;") && removal.contains("Max-Age=0"), "{removal}");
    assert!(removal.contains("; Secure") && removal.contains("; Path=/"), "{removal}");
    assert!(rows(&app).await.is_empty());
    assert!(!held.clone().is_signed_in().await, "the id is worth nothing to whoever kept it");
    assert_eq!(kinds(&app).await, ["user_added", "signed_in", "signed_out"]);
}

#[tokio::test]
async fn who_only_looks_gets_neither_cookie_nor_row() {
    let app = TestApp::new().await;
    let mut browser = Browser::of(&app);
    for path in ["/me", "/flash", "/unsent"] {
        assert!(browser.get(path).await.set_cookie.is_none(), "{path}");
    }
    assert!(browser.post("/sign-out").await.set_cookie.is_none());
    assert!(browser.sign_in("nobody@rolebook.test", GOOD).await.set_cookie.is_none());
    assert!(rows(&app).await.is_empty());
    browser.cookie = Some("rolebook=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert_eq!(browser.get("/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.cookie, None, "a cookie that finds nothing is removed");
    assert!(rows(&app).await.is_empty());
}

#[tokio::test]
async fn a_message_is_shown_once_and_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::of(&app);
    browser.post("/flash").await;
    assert_eq!(rows(&app).await.len(), 1);
    assert_eq!(browser.get("/flash").await.body, "Saved.");
    assert!(rows(&app).await.is_empty() && browser.cookie.is_none(), "a visitor's session ends with what was in it");

    let mut browser = Browser::signed_in(&app, &ada).await;
    browser.post("/flash").await;
    assert_eq!((browser.get("/flash").await.body, browser.get("/flash").await.body), ("Saved.".into(), String::new()));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_eight_hours_after_it_was_last_seen() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    for _ in 0..3 {
        app.clock.advance(8 * Timestamp::HOUR - 1);
        assert!(browser.is_signed_in().await);
    }
    app.follow().await;
    assert_eq!(rows(&app).await.len(), 1);
    app.clock.advance(8 * Timestamp::HOUR);
    assert!(!browser.clone().is_signed_in().await);
    assert!(sessions::list(&acting(&app, &ada).await, ada.id).await.unwrap().is_empty());
    app.follow().await;
    assert!(rows(&app).await.is_empty(), "the followers remove the row");
}

#[tokio::test]
async fn a_session_ends_seven_days_after_it_began_however_busy() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    for _ in 0..27 {
        app.clock.advance(6 * Timestamp::HOUR);
        assert!(browser.is_signed_in().await);
    }
    app.clock.advance(6 * Timestamp::HOUR - 1);
    assert!(browser.is_signed_in().await);
    app.clock.advance(1);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_request_that_changes_nothing_writes_at_most_every_five_minutes() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    let start = app.app.clock.now();
    let mut noted = Vec::new();
    for _ in 0..4 {
        app.clock.advance(2 * Timestamp::MINUTE);
        let seen = browser.get("/me").await;
        assert!(seen.set_cookie.is_none());
        browser.get("/flash").await;
        noted.push((rows(&app).await[0].seen_at - start.0) / Timestamp::MINUTE);
    }
    assert_eq!(noted, [0, 0, 6, 6]);
    assert_eq!(log(&app).await.len(), 2, "and the log is left alone");
    // While somebody else writes, the request goes on without the note.
    app.clock.advance(Timestamp::HOUR);
    let system = app.system();
    let writing = system.write().await.unwrap();
    assert!(browser.is_signed_in().await);
    drop(writing);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_another_browser() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let root = add(&app, "root", &[Role::Administrator], Some(GOOD)).await;
    let mut browsers = Vec::new();
    for _ in 0..4 {
        browsers.push(Browser::signed_in(&app, &ada).await);
        app.clock.advance(Timestamp::MINUTE);
    }
    let mut other = Browser::signed_in(&app, &root).await;
    let (ada_ctx, root_ctx) = (acting(&app, &ada).await, acting(&app, &root).await);
    let key = |browser: &Browser| SessionKey::of(browser.cookie.as_deref().unwrap().split_once('=').unwrap().1);
    let list = sessions::list(&ada_ctx, ada.id).await.unwrap();
    let newest_first: Vec<SessionKey> = browsers.iter().rev().map(key).collect();
    assert_eq!(list.iter().map(|session| session.key.clone()).collect::<Vec<_>>(), newest_first);
    assert_eq!(list[0].ends_at, list[0].seen_at.plus(8 * Timestamp::HOUR));

    // Others neither see nor end them, unless they manage accounts.
    assert!(matches!(sessions::list(&ada_ctx, root.id).await, Err(Error::Forbidden(_))));
    assert!(matches!(sessions::end(&ada_ctx, &key(&other)).await, Err(Error::NotFound(_))));
    assert!(matches!(sessions::end_all(&ada_ctx, root.id, None).await, Err(Error::Forbidden(_))));
    assert_eq!(sessions::list(&root_ctx, ada.id).await.unwrap(), list);

    sessions::end(&root_ctx, &key(&browsers[3])).await.unwrap();
    assert!(!browsers[3].is_signed_in().await && browsers[2].is_signed_in().await);
    let kept = key(&browsers[0]);
    assert_eq!(sessions::end_all(&ada_ctx, ada.id, Some(&kept)).await.unwrap(), 2);
    assert!(browsers[0].is_signed_in().await && !browsers[1].is_signed_in().await);
    assert_eq!(sessions::end_all(&ada_ctx, ada.id, None).await.unwrap(), 1);
    assert!(!browsers[0].is_signed_in().await && other.is_signed_in().await);
    assert_eq!(sessions::end_all(&ada_ctx, ada.id, None).await.unwrap(), 0);
    let ended: Vec<String> =
        log(&app).await.into_iter().filter(|event| event.kind == "session_ended").map(|event| event.payload).collect();
    assert_eq!(ended, [r#"{"browser":"Firefox on Linux","sessions":1}"#, r#"{"sessions":2}"#, r#"{"sessions":1}"#]);
}

#[tokio::test]
async fn a_request_that_was_under_way_brings_no_ended_session_back() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    let key = SessionKey::of(browser.cookie.as_deref().unwrap().split_once('=').unwrap().1);
    let held = sessions::load(&app.system(), &key).await.unwrap().unwrap();
    sessions::end_all(&app.system(), ada.id, None).await.unwrap();
    sessions::save(&app.system(), &key, &held.data).await.unwrap();
    assert!(!browser.is_signed_in().await && rows(&app).await.is_empty());
}

#[tokio::test]
async fn another_password_ends_all_other_sessions_and_leaving_ends_all() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let (mut here, mut there) = (Browser::signed_in(&app, &ada).await, Browser::signed_in(&app, &ada).await);
    let present = SessionKey::of(here.cookie.as_deref().unwrap().split_once('=').unwrap().1);
    let ctx = acting(&app, &ada).await;
    let other = "a lighthouse in the fog";
    let ada = set_password(&ctx, &app.app.passwords, ada.id, ada.version, other, Some(&present)).await.unwrap();
    assert!(here.is_signed_in().await && !there.is_signed_in().await);
    assert_eq!(there.sign_in(&ada.email, other).await.status, StatusCode::OK);

    let off = UserChange { active: Some(false), ..UserChange::default() };
    let ada = users::change(&app.system(), ada.id, ada.version, off).await.unwrap();
    assert!(!here.is_signed_in().await && !there.is_signed_in().await);
    assert!(rows(&app).await.is_empty());
    let on = UserChange { active: Some(true), ..UserChange::default() };
    users::change(&app.system(), ada.id, ada.version, on).await.unwrap();
    assert!(!here.is_signed_in().await, "an account that is opened again opens no old session");
}

#[tokio::test]
async fn other_roles_count_from_the_next_request_on() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    assert!(!browser.get("/me").await.body.contains("content:publish"));
    let more = UserChange { roles: Some(vec![Role::Publisher]), ..UserChange::default() };
    let ada = users::change(&app.system(), ada.id, ada.version, more).await.unwrap();
    assert!(browser.get("/me").await.body.contains("content:publish"));
    let less = UserChange { roles: Some(vec![Role::Triager]), ..UserChange::default() };
    users::change(&app.system(), ada.id, ada.version, less).await.unwrap();
    let body = browser.get("/me").await.body;
    assert!(!body.contains("content:publish") && body.contains("feedback:triage"), "{body}");
}

#[tokio::test]
async fn whoever_steals_the_rows_can_not_sign_in_with_them() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let browser = Browser::signed_in(&app, &ada).await;
    let id = browser.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
    let row = rows(&app).await.remove(0);
    assert!(!format!("{row:?}").contains(&id));
    for stolen in [row.key.clone(), row.key[..22].to_owned(), row.data.clone(), ada.id.to_string()] {
        let mut thief = Browser { cookie: Some(format!("rolebook={stolen}")), ..browser.clone() };
        assert!(!thief.is_signed_in().await, "{stolen}");
    }
    assert!(browser.clone().is_signed_in().await);
}

#[tokio::test]
async fn a_second_person_in_the_same_browser_finds_nothing_of_the_first() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let ben = add(&app, "ben", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::signed_in(&app, &ada).await;
    let first = browser.clone();
    browser.post("/flash").await;
    browser.sign_in(&ben.email, GOOD).await;
    assert!(browser.get("/me").await.body.starts_with("ben"));
    assert_eq!(browser.get("/flash").await.body, "");
    assert!(!first.clone().is_signed_in().await);
    assert_eq!(kinds(&app).await[2..], ["signed_in", "signed_out", "signed_in"]);
    let actors: Vec<String> = log(&app).await[2..].iter().map(|event| event.actor_name.clone()).collect();
    assert_eq!(actors, ["ada", "ada", "ben"]);
}

#[tokio::test]
async fn a_form_that_met_an_ended_session_is_kept_for_a_while_without_passwords() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let mut browser = Browser::of(&app);
    let post = axum::http::Method::POST;
    let fields = [("title", "Porter"), ("present_password", GOOD)];
    assert_eq!(browser.ask(post.clone(), "/unsent", &fields).await.body, "true");
    assert_eq!(browser.ask(post.clone(), "/unsent", &[("title", "Nurse")]).await.body, "true");
    assert_eq!(rows(&app).await.len(), 1, "one at most");
    app.clock.advance(10 * Timestamp::MINUTE);
    browser.sign_in(&ada.email, GOOD).await;
    let mut late = browser.clone();
    assert_eq!(browser.get("/unsent").await.body, r#"[("title", "Nurse")]"#);
    assert_eq!(browser.get("/unsent").await.body, "", "it is offered once");
    assert!(browser.is_signed_in().await);

    assert_eq!(late.ask(post.clone(), "/unsent", &fields).await.body, "true");
    app.clock.advance(15 * Timestamp::MINUTE);
    assert_eq!(late.get("/unsent").await.body, "", "after fifteen minutes it is gone");
    let mut visitor = Browser::of(&app);
    visitor.ask(post, "/unsent", &fields).await;
    assert!(rows(&app).await.iter().all(|row| !row.data.contains(GOOD)));
    app.clock.advance(15 * Timestamp::MINUTE);
    assert_eq!(visitor.get("/unsent").await.body, "");
    app.follow().await;
    assert_eq!(rows(&app).await.len(), 1, "the visitor's row is removed, Ada's stays");
}

#[tokio::test]
async fn strangers_can_not_fill_the_disk_with_forms() {
    let app = TestApp::new().await;
    let post = axum::http::Method::POST;
    let mut kept = 0;
    for _ in 0..20 {
        let mut browser = Browser::of(&app);
        let seen = browser.ask(post.clone(), "/unsent", &[("title", "x")]).await;
        kept += usize::from(seen.body == "true");
        assert_eq!(seen.set_cookie.is_some(), seen.body == "true");
    }
    assert_eq!((kept, rows(&app).await.len()), (5, 5));
    app.clock.advance(Timestamp::MINUTE);
    let large = "x".repeat(rolebook::web::session::UNSENT_LIMIT);
    let session = rolebook::web::session::Session::new(
        None,
        Arc::new(tower_sessions::CachingSessionStore::new(Nowhere, Nowhere)),
        None,
    );
    let unsent = rolebook::web::session::Unsent {
        path: "/admin/x".to_owned(),
        fields: vec![("text".to_owned(), large)],
        kept_at: app.app.clock.now(),
    };
    let kept = rolebook::web::session::keep(&session, &app.app, super::ADDRESS.into(), unsent).await.unwrap();
    assert!(!kept && !session.is_modified(), "too large");
}

/// A store in which nothing is.
#[derive(Debug)]
struct Nowhere;

#[async_trait::async_trait]
impl tower_sessions::SessionStore for Nowhere {
    async fn save(&self, _: &tower_sessions::session::Record) -> tower_sessions::session_store::Result<()> {
        panic!("nothing is to be written");
    }

    async fn load(
        &self,
        _: &tower_sessions::session::Id,
    ) -> tower_sessions::session_store::Result<Option<tower_sessions::session::Record>> {
        Ok(None)
    }

    async fn delete(&self, _: &tower_sessions::session::Id) -> tower_sessions::session_store::Result<()> {
        Ok(())
    }
}

/// Chance that gives the same bytes three times before it gives others.
struct Stuttering(AtomicU8);

impl Chance for Stuttering {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::SeqCst) / 3);
    }
}

#[tokio::test]
async fn two_sessions_never_share_an_id() {
    let first = TestApp::new().await;
    let ada = add(&first, "ada", &[Role::Editor], Some(GOOD)).await;
    let ben = add(&first, "ben", &[Role::Editor], Some(GOOD)).await;
    let chance = Arc::new(Stuttering(AtomicU8::new(0)));
    let app = TestApp::with(first.database.same(), Store::in_memory(), chance).await;
    let (mut adas, mut bens) = (Browser::signed_in(&app, &ada).await, Browser::signed_in(&app, &ben).await);
    assert_ne!(adas.cookie, bens.cookie);
    assert!(adas.get("/me").await.body.starts_with("ada") && bens.get("/me").await.body.starts_with("ben"));
}
