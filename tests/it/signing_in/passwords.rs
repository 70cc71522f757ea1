//! Signing in with a password: equal answers, and limits that outlast the process.

use std::net::IpAddr;

use entity::sign_in_attempt;
use rolebook::{
    accounts::{
        User, confirm_password, sign_in,
        users::{self, UserChange},
    },
    kernel::{Error, Role, Timestamp},
};
use sea_orm::EntityTrait;

use super::{ADDRESS, GOOD, acting, add, kinds, log, visitor};
use crate::support::TestApp;

const WRONG: &str = "wet paint on the stair";

async fn attempt(app: &TestApp, email: &str, password: &str, address: impl Into<IpAddr>) -> Result<User, Error> {
    sign_in(&visitor(app), &app.app.passwords, email, password, address.into()).await
}

/// The answer to an attempt, as whoever tries sees it.
async fn answer(app: &TestApp, email: &str, password: &str) -> String {
    match attempt(app, email, password, ADDRESS).await {
        Ok(user) => format!("welcome {}", user.name),
        Err(Error::Unauthenticated(detail)) => detail,
        Err(Error::TooMany { retry_after_seconds }) => format!("wait {retry_after_seconds}"),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn everything_wrong_gets_the_same_answer_and_the_same_waits() {
    let app = TestApp::new().await;
    add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    add(&app, "invited", &[Role::Editor], None).await;
    let gone = add(&app, "gone", &[Role::Editor], Some(GOOD)).await;
    let off = UserChange { active: Some(false), ..UserChange::default() };
    users::change(&app.system(), gone.id, gone.version, off).await.unwrap();
    let mut told = Vec::new();
    for (email, password) in [
        ("ada@rolebook.test", WRONG),
        ("invited@rolebook.test", GOOD),
        ("gone@rolebook.test", GOOD),
        ("nobody@rolebook.test", GOOD),
        ("no address at all", GOOD),
    ] {
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(answer(&app, email, password).await);
        }
        app.clock.advance(16 * Timestamp::MINUTE);
        told.push(answers);
    }
    assert_eq!(told[0][4], "The e-mail address or the password is not right.");
    assert_eq!(told[0][5], "wait 60");
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn waits_grow_with_every_failure_and_end_with_the_right_password() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    for _ in 0..4 {
        answer(&app, &ada.email, WRONG).await;
    }
    assert_eq!(answer(&app, &ada.email, GOOD).await, "welcome ada", "four failures have no consequence");
    for _ in 0..5 {
        assert!(answer(&app, &ada.email, WRONG).await.starts_with("The e-mail"));
    }
    for minutes in [1, 2, 5, 15, 15] {
        assert_eq!(answer(&app, " ADA@rolebook.test", GOOD).await, format!("wait {}", minutes * 60));
        app.clock.advance(minutes * Timestamp::MINUTE - 1);
        assert_eq!(answer(&app, &ada.email, GOOD).await, "wait 1", "a right password waits as well");
        app.clock.advance(1);
        assert!(answer(&app, &ada.email, WRONG).await.starts_with("The e-mail"));
    }
    app.clock.advance(15 * Timestamp::MINUTE);
    assert_eq!(answer(&app, &ada.email, GOOD).await, "welcome ada");
    assert!(answer(&app, &ada.email, WRONG).await.starts_with("The e-mail"));
    assert_eq!(answer(&app, &ada.email, GOOD).await, "welcome ada", "success has cleared the count");
    let limited: Vec<_> = log(&app).await.into_iter().filter(|event| event.kind == "sign_in_limited").collect();
    assert_eq!(limited.len(), 6, "one for each wait, none for each refusal");
    assert_eq!(limited[0].subject_id, ada.id.to_string());
    assert!(limited.iter().all(|event| !format!("{event:?}").contains("rolebook.test")));
}

#[tokio::test]
async fn waits_outlast_the_process() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    for _ in 0..5 {
        answer(&app, &ada.email, WRONG).await;
    }
    let again = app.beside().await;
    assert_eq!(answer(&again, &ada.email, GOOD).await, "wait 60");
}

#[tokio::test]
async fn one_client_can_not_try_many_accounts() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    for number in 0..29 {
        assert!(answer(&app, &format!("{number}@rolebook.test"), GOOD).await.starts_with("The e-mail"));
    }
    assert_eq!(answer(&app, &ada.email, GOOD).await, "welcome ada", "a success is no failure");
    app.clock.advance(5 * Timestamp::MINUTE);
    assert!(answer(&app, "29@rolebook.test", GOOD).await.starts_with("The e-mail"));
    assert_eq!(answer(&app, &ada.email, GOOD).await, "wait 600");
    assert!(attempt(&app, &ada.email, GOOD, [192, 0, 2, 2]).await.is_ok(), "others are not concerned");
    app.clock.advance(10 * Timestamp::MINUTE);
    assert_eq!(answer(&app, &ada.email, GOOD).await, "welcome ada");
    assert_eq!(kinds(&app).await, ["user_added", "sign_in_limited"]);
    assert_eq!(log(&app).await[1].subject_id, "client");
}

#[tokio::test]
async fn many_attempts_at_once_are_all_counted() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let tries = (0..24).map(|number| {
        let at = if number % 2 == 0 { &app } else { &other };
        answer(at, &ada.email, WRONG)
    });
    let answers = futures_util::future::join_all(tries).await;
    let compared = answers.iter().filter(|answer| answer.starts_with("The e-mail")).count();
    assert_eq!(compared, 5, "{answers:?}");
}

#[tokio::test]
async fn neither_addresses_nor_passwords_are_kept_and_counts_are_forgotten_after_a_day() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    answer(&app, &ada.email, WRONG).await;
    let kept = async || {
        let snapshot = app.app.database.read().await.unwrap();
        sign_in_attempt::Entity::find().all(&*snapshot).await.unwrap()
    };
    let text = format!("{:?}", kept().await);
    assert_eq!(kept().await.len(), 2);
    assert!(!text.contains("ada") && !text.contains("192.0") && !text.contains("paint"), "{text}");
    app.clock.advance(Timestamp::DAY - 1);
    app.follow().await;
    assert_eq!(kept().await.len(), 2);
    app.clock.advance(1);
    app.follow().await;
    assert!(kept().await.is_empty());
}

#[tokio::test]
async fn the_present_password_is_asked_under_the_same_limits() {
    let app = TestApp::new().await;
    let ada = add(&app, "ada", &[Role::Editor], Some(GOOD)).await;
    let ctx = acting(&app, &ada).await;
    let confirm = async |password: &str| confirm_password(&ctx, &app.app.passwords, password, ADDRESS.into()).await;
    assert!(confirm(GOOD).await.is_ok());
    for _ in 0..5 {
        let found = super::faults(confirm(WRONG).await.unwrap_err());
        assert_eq!(found, [("/present_password".to_owned(), "wrong-password".to_owned())]);
    }
    assert!(matches!(confirm(GOOD).await, Err(Error::TooMany { retry_after_seconds: 60 })));
}
