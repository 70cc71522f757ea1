//! What scripts of the panel are answered: the main part of the very same pages, and where to go next instead of a redirect.

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;

use super::Browser;
use crate::support::TestApp;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SCRIPT: (&str, &str) = ("x-fragment", "main");

async fn main_of(browser: &mut Browser, path: &str) -> String {
    let page = browser.page(path).await;
    let (_, rest) = page.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0.to_owned()
}

#[tokio::test]
async fn a_fragment_is_the_main_part_of_the_page() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let whole = main_of(&mut ada, "/admin/role-pages").await;
    let fragment = ada.send(Method::GET, "/admin/role-pages", &[SCRIPT], "").await;
    assert_eq!(fragment.status, StatusCode::OK);
    let text = fragment.text();
    assert!(text.contains(&whole) && text.contains("<title>Role pages – "), "{text}");
    assert!(!text.contains("<script") && !text.contains("class=\"bar\""), "{text}");
    assert!(fragment.header("vary").contains("x-fragment"), "{}", fragment.header("vary"));
}

#[tokio::test]
async fn a_script_is_told_where_to_go_and_the_message_waits_there() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let typed = "title=Porter&template=blank";
    let answer = ada.send(Method::POST, "/admin/role-pages/new", &[FORM, SCRIPT], typed).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    assert!(answer.headers.get("location").is_none() && answer.body.is_empty());
    let editor = answer.header("x-location").split('#').next().unwrap().to_owned();
    let next = ada.send(Method::GET, &editor, &[SCRIPT], "").await;
    assert!(next.text().contains("class=\"main flash\""), "{}", next.text());
    let again = ada.send(Method::GET, &editor, &[SCRIPT], "").await;
    assert!(!again.text().contains("class=\"main flash\""), "it is said once");
}

#[tokio::test]
async fn without_the_header_a_redirect_is_a_redirect() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Editor]).await;
    let answer = ada.post("/admin/role-pages/new", &[("title", "Porter"), ("template", "blank")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.headers.get("x-location").is_none());
}
