//! One-time links.

use entity::{sign_in_link, site};
use rolebook::{
    accounts::{
        NewAdministrator, Purpose, links, set_password,
        users::{self, UserChange},
    },
    kernel::{Error, Permission, Role, Timestamp},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::{Browser, GOOD, acting, add, faults, kinds, log, visitor};
use crate::support::TestApp;

const OTHER: &str = "a lighthouse in the fog";

fn administrator(name: &str) -> NewAdministrator {
    NewAdministrator {
        name: name.to_owned(),
        email: format!("{name}@rolebook.test"),
        password: GOOD.to_owned(),
        site_name: "Care Careers".to_owned(),
    }
}

/// The code with which a link is refused.
#[track_caller]
fn refusal<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::NotFound(_)) => "not-found",
        Err(Error::Gone { code, .. } | Error::Conflict { code, .. }) => code,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "nothing",
    }
}

async fn make_demo(app: &TestApp) {
    let tx = app.system().write().await.unwrap();
    let mut row = site::Entity::find_by_id(1).one(&*tx).await.unwrap().unwrap().into_active_model();
    row.demo = Set(true);
    row.update(&*tx).await.unwrap();
    tx.commit(()).await.unwrap();
}

#[tokio::test]
async fn the_first_administrator_sets_the_site_up_once() {
    let app = TestApp::new().await;
    let ctx = visitor(&app);
    assert!(matches!(links::set_up_link(&ctx).await.err(), Some(Error::Forbidden(Permission::UsersManage))));
    let older = links::set_up_link(&app.system()).await.unwrap().unwrap();
    let link = links::set_up_link(&app.system()).await.unwrap().unwrap();
    assert_eq!(refusal(links::look(&ctx, Purpose::SetUp, &older.secret).await), "not-found", "a new one voids it");
    assert!(links::look(&ctx, Purpose::SetUp, &link.secret).await.unwrap().user.is_none());

    let bad = NewAdministrator {
        email: "ada".to_owned(),
        password: "carecareers1".to_owned(),
        site_name: " ".to_owned(),
        name: String::new(),
    };
    let found = faults(links::set_up(&ctx, &app.app.passwords, &link.secret, bad).await.unwrap_err());
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, ["/name", "/email", "/site_name"]);
    let obvious = NewAdministrator { password: "carecareers1".to_owned(), ..administrator("ada") };
    let found = faults(links::set_up(&ctx, &app.app.passwords, &link.secret, obvious).await.unwrap_err());
    assert_eq!(found, [("/password".to_owned(), "too-obvious".to_owned())]);

    let ada = links::set_up(&ctx, &app.app.passwords, &link.secret, administrator("ada")).await.unwrap();
    assert!(ada.permissions().contains(&Permission::UsersManage));
    let settings = rolebook::site::settings(&*app.app.database.read().await.unwrap()).await.unwrap();
    assert_eq!(settings.site_name, "Care Careers");
    let again = links::set_up(&ctx, &app.app.passwords, &link.secret, administrator("eve")).await;
    assert_eq!(refusal(again), "link-used");
    assert!(links::set_up_link(&app.system()).await.unwrap().is_none());
    assert_eq!(kinds(&app).await, ["set_up_offered", "set_up_offered", "user_added", "setting_changed"]);
    let events = log(&app).await;
    assert_eq!((events[2].actor_name.as_str(), events[3].actor_name.as_str()), ("ada", "ada"));
    Browser::signed_in(&app, &ada).await;
}

#[tokio::test]
async fn a_site_that_got_an_administrator_otherwise_is_not_set_up_again() {
    let app = TestApp::new().await;
    add(&app, "keys", &[Role::Administrator], None).await;
    add(&app, "editor", &[Role::Editor], Some(GOOD)).await;
    let link = links::set_up_link(&app.system()).await.unwrap().unwrap();
    add(&app, "root", &[Role::Administrator], Some(GOOD)).await;
    let ctx = visitor(&app);
    assert_eq!(refusal(links::look(&ctx, Purpose::SetUp, &link.secret).await), "link-void");
    let outcome = links::set_up(&ctx, &app.app.passwords, &link.secret, administrator("eve")).await;
    assert_eq!(refusal(outcome), "link-void");
    assert!(links::set_up_link(&app.system()).await.unwrap().is_none());
}

#[tokio::test]
async fn of_two_simultaneous_uses_of_a_link_one_succeeds() {
    let (app, mut accepted) = (TestApp::new().await, 0);
    let other = app.beside().await;
    let (here, there) = (visitor(&app), visitor(&other));
    let link = links::set_up_link(&app.system()).await.unwrap().unwrap();
    let (left, right) = tokio::join!(
        links::set_up(&here, &app.app.passwords, &link.secret, administrator("ada")),
        links::set_up(&there, &other.app.passwords, &link.secret, administrator("eve")),
    );
    for outcome in [left, right] {
        match outcome {
            Ok(_) => accepted += 1,
            refused => assert!(["link-used", "link-void"].contains(&refusal(refused))),
        }
    }
    assert_eq!(accepted, 1);
    for round in 0..10 {
        let invited = add(&app, &format!("invited{round}"), &[Role::Editor], None).await;
        let link = links::invite(&app.system(), invited.id).await.unwrap();
        let (left, right) = tokio::join!(
            links::accept(&here, &app.app.passwords, &link.secret, GOOD, None),
            links::accept(&there, &other.app.passwords, &link.secret, OTHER, None),
        );
        assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1, "round {round}");
        assert_eq!(refusal(if left.is_ok() { right } else { left }), "link-used");
    }
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_corrects_their_name() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], None).await;
    let ctx = visitor(&app);
    let editor = add(&app, "editor", &[Role::Editor], Some(GOOD)).await;
    let refused = links::invite(&acting(&app, &editor).await, ada.id).await;
    assert!(matches!(refused.err(), Some(Error::Forbidden(Permission::UsersManage))));
    assert_eq!(refusal(links::invite(&app.system(), editor.id).await), "has-password");

    let link = links::invite(&app.system(), ada.id).await.unwrap();
    assert_eq!(link.expires_at, app.app.clock.now().plus(7 * Timestamp::DAY));
    for purpose in [Purpose::SetUp, Purpose::PasswordReset, Purpose::Demo] {
        assert_eq!(refusal(links::look(&ctx, purpose, &link.secret).await), "not-found", "it is for one purpose");
    }
    let shown = links::look(&ctx, Purpose::Invitation, &link.secret).await.unwrap().user.unwrap();
    assert_eq!((shown.name.as_str(), shown.email.as_str()), ("ada", "ada@rolebook.test"));
    let found = faults(links::accept(&ctx, &app.app.passwords, &link.secret, "short", Some("")).await.unwrap_err());
    assert_eq!(found.len(), 2, "and the link is as it was: {found:?}");
    let ada = links::accept(&ctx, &app.app.passwords, &link.secret, GOOD, Some("Ada  Byron")).await.unwrap();
    assert_eq!(ada.name, "Ada Byron");
    assert_eq!(refusal(links::look(&ctx, Purpose::Invitation, &link.secret).await), "link-used");
    Browser::signed_in(&app, &ada).await;
    let events = log(&app).await;
    assert_eq!(kinds(&app).await[2..], ["user_invited", "invitation_accepted", "signed_in"]);
    assert_eq!(events[3].payload, r#"{"name":{"from":"ada","to":"Ada Byron"}}"#);
    for event in events {
        let text = format!("{event:?}");
        assert!(!text.contains("rolebook.test") && !text.contains(&link.secret) && !text.contains("argon2"), "{text}");
    }
}

#[tokio::test]
async fn a_reset_ends_every_session_and_every_wait_of_the_person() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let ctx = visitor(&app);
    let mut browser = Browser::signed_in(&app, &ada).await;
    for _ in 0..5 {
        browser.clone().sign_in(&ada.email, OTHER).await;
    }
    let link = links::reset_link(&app.system(), ada.id).await.unwrap();
    assert!(browser.is_signed_in().await, "a link alone changes nothing");
    let ada = links::accept(&ctx, &app.app.passwords, &link.secret, OTHER, None).await.unwrap();
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.sign_in(&ada.email, OTHER).await.status, 200);
    let last = log(&app).await.into_iter().rev().find(|event| event.kind == "password_reset").unwrap();
    assert_eq!(last.payload, r#"{"sessions_ended":1}"#);

    // A password that is set otherwise, and leaving, void what is open.
    let link = links::reset_link(&app.system(), ada.id).await.unwrap();
    let ada = set_password(&app.system(), &app.app.passwords, ada.id, ada.version, GOOD, None).await.unwrap();
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "not-found");
    let link = links::reset_link(&app.system(), ada.id).await.unwrap();
    let off = UserChange { active: Some(false), ..UserChange::default() };
    users::change(&app.system(), ada.id, ada.version, off).await.unwrap();
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "not-found");
    assert_eq!(refusal(links::reset_link(&app.system(), ada.id).await), "inactive");
}

#[tokio::test]
async fn links_expire_and_are_removed_a_week_later() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let ctx = visitor(&app);
    let link = links::reset_link(&app.system(), ada.id).await.unwrap();
    app.clock.advance(Timestamp::DAY - 1);
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "nothing");
    app.clock.advance(1);
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "link-expired");
    let late = links::accept(&ctx, &app.app.passwords, &link.secret, OTHER, None).await;
    assert_eq!(refusal(late), "link-expired");
    app.clock.advance(7 * Timestamp::DAY - 1);
    app.follow().await;
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "link-expired");
    app.clock.advance(1);
    app.follow().await;
    assert_eq!(refusal(links::look(&ctx, Purpose::PasswordReset, &link.secret).await), "not-found");
    let rows = sign_in_link::Entity::find().all(&*app.app.database.read().await.unwrap()).await.unwrap();
    assert!(rows.is_empty());
}

#[tokio::test]
async fn the_secret_of_a_link_is_stored_nowhere() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], None).await;
    let link = links::invite(&app.system(), ada.id).await.unwrap();
    let rows = sign_in_link::Entity::find().all(&*app.app.database.read().await.unwrap()).await.unwrap();
    assert_eq!((rows.len(), link.secret.len()), (1, 64));
    assert!(!format!("{rows:?}").contains(&link.secret));
    let stolen = links::look(&visitor(&app), Purpose::Invitation, &rows[0].digest).await;
    assert_eq!(refusal(stolen), "not-found", "what stands in the table opens nothing");
}

#[tokio::test]
async fn only_a_demo_signs_people_in_by_a_link() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], None).await;
    let ctx = visitor(&app);
    assert_eq!(refusal(links::demo_link(&app.system(), ada.id).await), "no-demo");
    make_demo(&app).await;
    assert!(links::set_up_link(&app.system()).await.unwrap().is_none());
    let link = links::demo_link(&app.system(), ada.id).await.unwrap();
    assert_eq!(links::use_demo_link(&ctx, &link.secret).await.unwrap().id, ada.id);
    assert_eq!(refusal(links::use_demo_link(&ctx, &link.secret).await), "link-used");
    let other = app.beside().await;
    let there = visitor(&other);
    for _ in 0..10 {
        let link = links::demo_link(&app.system(), ada.id).await.unwrap();
        let (left, right) =
            tokio::join!(links::use_demo_link(&ctx, &link.secret), links::use_demo_link(&there, &link.secret));
        assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1);
    }
}

#[tokio::test]
async fn two_administrators_can_not_dismiss_each_other_at_the_same_time() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let mut first = add(&app, "first", &[Role::Administrator], Some(GOOD)).await;
    let mut second = add(&app, "second", &[Role::Administrator], Some(GOOD)).await;
    for round in 0..20 {
        let off = UserChange { active: Some(false), ..UserChange::default() };
        let less = UserChange { roles: Some(vec![Role::Editor]), ..UserChange::default() };
        let (one, two) = if round % 2 == 0 { (off.clone(), less) } else { (less, off.clone()) };
        let (here, there) = (app.system(), other.system());
        let (left, right) = tokio::join!(
            users::change(&here, first.id, first.version, one),
            users::change(&there, second.id, second.version, two),
        );
        assert_eq!(usize::from(left.is_ok()) + usize::from(right.is_ok()), 1, "{left:?} {right:?}");
        assert_eq!(refusal(if left.is_ok() { right } else { left }), "last-administrator");
        let back =
            || UserChange { active: Some(true), roles: Some(vec![Role::Administrator]), ..UserChange::default() };
        for user in [&mut first, &mut second] {
            let now = users::get(&app.system(), user.id).await.unwrap();
            *user = users::change(&app.system(), now.id, now.version, back()).await.unwrap();
        }
    }
}
