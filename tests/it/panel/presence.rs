//! Who else has an editor open: what the page says when it is drawn, and what a page with a script hears while it is open.

use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode, header},
};
use futures_util::StreamExt;
use rolebook::{content, kernel::Role};
use serde_json::json;
use tower::ServiceExt;

use super::Browser;
use crate::support::TestApp;

const ANN: &str = "018f0000-0000-7000-8000-00000000000a";
const BOB: &str = "018f0000-0000-7000-8000-00000000000b";
const MINUTE: i64 = 60_000;

async fn page(app: &TestApp) -> String {
    let program = app.administrator().await;
    let created = program.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    format!("/admin/role-pages/{}", created.rsplit('/').next().unwrap())
}

/// An open stream, read one message at a time.
struct Listening(BodyDataStream);

impl Listening {
    async fn to(app: &TestApp, browser: &Browser, path: &str, page: &str) -> Self {
        let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(format!("{path}/presence?page={page}")).header(header::COOKIE, cookies.join("; "));
        let response = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self(response.into_body().into_data_stream())
    }

    /// The next message; `None` once the stream has ended.
    async fn next(&mut self) -> Option<String> {
        let bytes = self.0.next().await?.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap().trim().to_owned())
    }
}

#[tokio::test]
async fn pages_hear_of_each_other_while_they_are_open() {
    let app = TestApp::new().await;
    let path = page(&app).await;
    let (ann, mut bob) = (app.signed_in("Ann", &[Role::Editor]).await, app.signed_in("Bob", &[Role::Editor]).await);
    let mut anns = Listening::to(&app, &ann, &path, ANN).await;
    assert_eq!(anns.next().await.unwrap(), "data: []");
    let mut bobs = Listening::to(&app, &bob, &path, BOB).await;
    assert_eq!(bobs.next().await.unwrap(), r#"data: [{"said":"Ann is also here","place":null}]"#);
    assert_eq!(anns.next().await.unwrap(), r#"data: [{"said":"Bob is also here","place":null}]"#);
    let moved = bob.post(&format!("{path}/presence"), &[("page", BOB), ("place", "part-title")]).await;
    assert_eq!(moved.status, StatusCode::NO_CONTENT, "{moved:?}");
    assert_eq!(anns.next().await.unwrap(), r#"data: [{"said":"Bob is also here","place":"part-title"}]"#);
    // Whoever opens the page now reads it there, and a second tab of one's own is told apart.
    assert!(app.signed_in("Cleo", &[Role::Editor]).await.page(&path).await.contains("Bob is also here."));
    assert!(bob.page(&path).await.contains("You have this open in another tab."));
    drop(bobs);
    assert_eq!(anns.next().await.unwrap(), "data: []", "who stops listening has left");
    app.app.ending.cancel();
    assert_eq!(anns.next().await, None, "the stream ends when the server does");
}

#[tokio::test]
async fn another_instance_hears_of_it_by_the_table() {
    let app = TestApp::new().await;
    let path = page(&app).await;
    let ann = app.signed_in("Ann", &[Role::Editor]).await;
    let bob = app.signed_in("Bob", &[Role::Editor]).await;
    let other = app.beside().await;
    // The clocks of tests differ; both instances have to live at the same time.
    app.clock.advance(other.app.clock.now().0 - app.app.clock.now().0);
    let mut anns = Listening::to(&app, &ann, &path, ANN).await;
    assert_eq!(anns.next().await.unwrap(), "data: []");
    let _bobs = Listening::to(&other, &bob, &path, BOB).await;
    assert_eq!(anns.next().await.unwrap(), r#"data: [{"said":"Bob is also here","place":null}]"#);
}

#[tokio::test]
async fn without_a_script_it_is_told_who_opened_it_and_has_not_saved() {
    let app = TestApp::new().await;
    let path = page(&app).await;
    let (mut ann, mut bob) = (app.signed_in("Ann", &[Role::Editor]).await, app.signed_in("Bob", &[Role::Editor]).await);
    // A browser that only fetches ahead has not opened anything.
    for (name, value) in [("sec-purpose", "prefetch"), ("purpose", "prefetch"), ("x-fragment", "main")] {
        bob.send(axum::http::Method::GET, &path, &[(name, value)], Body::empty()).await;
    }
    assert!(!ann.page(&path).await.contains("Bob"), "nobody is there");
    bob.page(&path).await;
    app.clock.advance(4 * MINUTE);
    assert!(ann.page(&path).await.contains("Bob opened this 4 minutes ago and has not saved."));
    assert!(bob.page(&path).await.contains("Ann opened this just now and has not saved."));
    let form = super::html::fields_of(&bob.page(&path).await, "id=\"editor\"");
    let form = super::html::with(form, "/content/title", "Ward porter");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(bob.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!ann.page(&path).await.contains("Bob opened"), "who has saved is no riddle any more");
    bob.page(&path).await;
    app.clock.advance(9 * 60 * MINUTE);
    ann.sign_in().await;
    assert!(!ann.page(&path).await.contains("Bob opened"), "after a working day nobody is told any more");
    app.clock.advance(30 * 60 * MINUTE);
    assert!(content::tidy_presence(&app.system()).await.unwrap() >= 2, "and the rows go");
    assert_eq!(content::tidy_presence(&app.system()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_no_page_of_this_document_is_refused() {
    let app = TestApp::new().await;
    let path = page(&app).await;
    let mut ann = app.signed_in("Ann", &[Role::Editor]).await;
    for (query, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("?page=mine", StatusCode::BAD_REQUEST),
        (&*format!("?page={ANN}&colour=red"), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(ann.get(&format!("{path}/presence{query}")).await.status, status, "{query}");
    }
    let elsewhere = path.replace("role-pages", "requirement-sections");
    assert_eq!(ann.get(&format!("{elsewhere}/presence?page={ANN}")).await.status, StatusCode::NOT_FOUND);
}
