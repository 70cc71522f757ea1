//! Getting in and out.

use axum::http::StatusCode;
use rolebook::kernel::Role;

use super::PASSWORD;
use crate::support::TestApp;

#[tokio::test]
async fn a_person_signs_in_sees_the_panel_and_signs_out() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = ada.page("/admin").await;
    assert!(page.contains("Ada"), "{page}");
    let before = ada.cookies.clone();
    ada.post("/admin/sign-out", &[]).await;
    let away = ada.get("/admin").await;
    assert_eq!(away.status, StatusCode::SEE_OTHER);
    assert_eq!(away.header("location"), "/admin/sign-in?next=%2Fadmin");
    ada.cookies = before;
    assert_eq!(ada.get("/admin").await.status, StatusCode::SEE_OTHER, "an old cookie opens nothing");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_says_nothing_else() {
    let app = TestApp::new().await;
    app.signed_in("Ada", &[Role::Administrator]).await;
    let mut stranger = app.browser();
    let mut bodies = Vec::new();
    for email in ["ada@rolebook.test", "bob@rolebook.test"] {
        let answer = stranger.post("/admin/sign-in", &[("email", email), ("password", "a wrong password")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        assert!(page.contains(&format!("value=\"{email}\"")) && !page.contains("a wrong password"), "{page}");
        bodies.push(page.replace(email, "somebody"));
    }
    assert_eq!(bodies[0], bodies[1], "nobody learns which addresses there are");
}

#[tokio::test]
async fn after_signing_in_one_stays_on_the_panel() {
    let app = TestApp::new().await;
    let ada = app.signed_in("Ada", &[Role::Administrator]).await;
    for (next, expected) in [
        ("/admin/role-pages?q=x", "/admin/role-pages?q=x"),
        ("https://elsewhere.example/admin", "/admin"),
        ("//elsewhere.example", "/admin"),
        ("/admin\\@elsewhere.example", "/admin"),
        ("/administrators", "/admin"),
    ] {
        let fields = [("email", ada.email.as_str()), ("password", PASSWORD), ("next", next)];
        let answer = app.browser().post("/admin/sign-in", &fields).await;
        assert_eq!(answer.header("location"), expected);
    }
}

#[tokio::test]
async fn what_was_typed_before_the_session_ended_is_kept_and_can_be_sent() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    ada.cookies.clear();
    let away = ada.post("/admin/unsent", &[("title", "Porter & \"co\""), ("text", "one\r\ntwo")]).await;
    assert_eq!(away.header("location"), "/admin/sign-in?next=%2Fadmin%2Funsent");
    assert!(ada.page(away.header("location")).await.contains("is kept"));
    ada.sign_in().await;
    let page = ada.page("/admin/unsent").await;
    assert!(
        page.contains("name=\"title\" value=\"Porter &amp; &quot;co&quot;\"") && page.contains("one\ntwo"),
        "{page}"
    );
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for headers in [[form, ("sec-fetch-site", "cross-site")], [form, ("origin", "https://elsewhere.example")]] {
        let answer = ada.send(axum::http::Method::POST, "/admin/unsent", &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text().contains("another site"), "{}", answer.text());
    }
    let headers = [form, ("sec-fetch-site", "same-origin")];
    let answer = ada.send(axum::http::Method::POST, "/admin/unsent", &headers, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_page_lets_nothing_in_from_outside() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    for path in ["/admin", "/admin/nowhere"] {
        let answer = ada.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "), "{path}: {policy}");
        assert!(policy.contains("require-trusted-types-for 'script'"), "{path}: {policy}");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{path}");
    }
    let missing = ada.get("/admin/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("There is nothing here"));
}
