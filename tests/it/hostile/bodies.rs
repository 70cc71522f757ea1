//! Bodies: values of other types in every place, what is no JSON, the forms of visitors.

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{JSON, NOWHERE, other_types, places, refused, rows};
use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE, example},
    support::{TestApp, id_of, pointers, uploads::picture},
};

/// Whether a fault named at one pointer can come of what was changed at another: at it, within it, or right above or
/// beside it.
fn is_about(fault: &str, changed: &str) -> bool {
    let parent = changed.rsplit_once('/').map_or("", |(parent, _)| parent);
    fault.starts_with(changed) || fault.starts_with(parent) || changed.starts_with(fault)
}

#[tokio::test]
async fn every_value_of_a_document_may_be_of_any_type_and_is_taken_or_named() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let section = editor.create("requirement-sections", &example(REQUIREMENT_SECTION, &[])).await;
    let page = example(ROLE_PAGE, &[("entry-requirements-ict", &id_of(&section))]);
    let [mut documents, mut versions, mut events, ..] = rows(&app).await;
    let mut taken = 0;
    for (collection, body) in [("role-pages", page), ("requirement-sections", example(REQUIREMENT_SECTION, &[]))] {
        let path = format!("/manage/v1/{collection}");
        let mut all = Vec::new();
        places(&body, "", &mut all);
        assert!(all.len() > 100, "{}", all.len());
        for pointer in all {
            for value in other_types() {
                let mut changed = body.clone();
                let place = changed.pointer_mut(&pointer).unwrap();
                let what = format!("{collection}{pointer} = {value}");
                *place = value;
                let answer = editor.post(&path, &changed).await;
                if answer.status == StatusCode::CREATED {
                    taken += 1;
                    documents += 1;
                    versions += 1;
                    events += 1;
                    assert!(!answer.text().contains("\\u0000") && !answer.text().contains("\\u001b"), "{what}");
                    continue;
                }
                let problem = refused(&answer, &what);
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {problem}");
                for fault in pointers(&problem) {
                    assert!(is_about(&fault, &pointer), "{what}: {fault}");
                }
            }
            // Any field that nobody knows is refused by its name.
            let mut changed = body.clone();
            if let Some(Value::Object(fields)) = changed.pointer_mut(&pointer) {
                fields.insert("un/kno~wn".to_owned(), json!(1));
                let problem = refused(&editor.post(&path, &changed).await, &pointer);
                assert_eq!(pointers(&problem), [format!("{pointer}/un~1kno~0wn")]);
            }
        }
        let after = rows(&app).await;
        assert_eq!([after[0], after[1], after[2]], [documents, versions, events]);
    }
    assert!(taken > 100, "much of it is no fault: {taken}");
}

/// Addresses that take a small body, and a body that they read without complaint about its shape.
fn small_bodies(document: &str, user: &str) -> Vec<(Method, String, Value)> {
    let post = |path: &str, body: Value| (Method::POST, path.to_owned(), body);
    let id = NOWHERE;
    let mut all = vec![
        post(
            "/api/v1/reports",
            json!({
                "document": document, "version": 99, "kind": "problem", "doing": "a", "wrong": "b", "block": id,
                "contact_email": "a@example.org", "page_token": "x", "shown_at": "2026-11-22T09:00:00Z", "website": "x",
            }),
        ),
        post(
            "/manage/v1/publish",
            json!({
                "documents": [{ "id": id, "version": 1 }], "note": "n", "change": "major", "fixes": [id],
            }),
        ),
        post(
            "/manage/v1/users",
            json!({ "email": "no address", "name": "n", "roles": ["editor"], "password": "a long one here" }),
        ),
        post(
            "/manage/v1/api-keys",
            json!({
                "name": "n", "scopes": ["content:read"], "owner": id, "expires_at": "2027-01-01T00:00:00Z",
            }),
        ),
        post("/manage/v1/redirects", json!({ "path": "no path", "target": "/x" })),
        (
            Method::PATCH,
            "/manage/v1/settings".to_owned(),
            json!({
                "site_name": "n", "review_role_pages": "on", "contact_email": true, "contact_email_days": 999,
            }),
        ),
        (Method::PATCH, format!("/manage/v1/users/{user}"), json!({ "name": "n", "roles": [], "active": true })),
        post(&format!("/manage/v1/users/{user}/password"), json!({ "password": "short" })),
        (Method::PATCH, format!("/manage/v1/role-pages/{document}"), json!({ "owner": id, "review_by": "2027-01-01" })),
        (Method::PATCH, format!("/manage/v1/cases/{id}"), json!({ "title": "t", "assignee": id })),
        (
            Method::PATCH,
            format!("/manage/v1/media/{id}"),
            json!({
                "filename": "f", "alt": "a", "caption": "c", "credit": "c", "focal_point": { "x": 0.5, "y": 0.5 },
            }),
        ),
        post(
            &format!("/manage/v1/reports/{id}/redact"),
            json!({
                "field": "addition", "addition": id, "text": "t", "reason": "other",
            }),
        ),
        post(
            &format!("/manage/v1/reports/{id}/redact"),
            json!({ "field": "wrong", "start": 1, "end": 2, "reason": "other" }),
        ),
        post(&format!("/manage/v1/reports/{id}/move"), json!({ "case": id })),
    ];
    for (step, body) in [
        ("submit", json!({ "note": "n" })),
        ("publish", json!({ "note": "n", "change": "minor", "fixes": [id] })),
        ("force-publish", json!({ "reason": "r", "note": "n" })),
        (
            "schedule",
            json!({ "at": "2020-01-01T00:00:00Z", "action": "unpublish", "decision": "gone", "redirect_to": "/x" }),
        ),
        ("confirm", json!({ "review_by": "2027-01-01", "note": "n" })),
        ("withdraw", json!({ "explanation": "e" })),
        (
            "unpublish",
            json!({ "decision": "redirect", "redirect_to": "/x", "explanation": "e", "children": "unpublish" }),
        ),
        ("restore", json!({ "version": 99, "note": "n" })),
        ("unschedule", json!({ "action": "publish" })),
    ] {
        all.push(post(&format!("/manage/v1/role-pages/{document}/{step}"), body));
    }
    for (step, body) in [
        ("wait", json!({ "until": "2026-12-01T09:00:00Z" })),
        ("resolve", json!({ "resolution": "fixed", "reason": "r", "document": id, "version": 1 })),
        ("dismiss", json!({ "reason": "spam", "text": "t" })),
        ("reopen", json!({ "reason": "r" })),
        ("merge", json!({ "into": id })),
        ("notes", json!({ "text": "t" })),
    ] {
        all.push(post(&format!("/manage/v1/cases/{id}/{step}"), body));
    }
    all
}

#[tokio::test]
async fn every_value_of_a_small_body_may_be_of_any_type_and_is_taken_or_named() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let other = app.person("Other", &[Role::Editor]).await;
    let path = administrator.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    for (method, address, body) in small_bodies(&id_of(&path), &other.user.unwrap().to_string()) {
        let mut all = Vec::new();
        places(&body, "", &mut all);
        for pointer in all {
            for value in other_types() {
                let mut changed = body.clone();
                *changed.pointer_mut(&pointer).unwrap() = value;
                // Never the version that is there, so that nothing is done by chance.
                let headers = [JSON, ("if-match", "\"77\"")];
                let answer = administrator.send(method.clone(), &address, &headers, changed.to_string()).await;
                assert!(!answer.status.is_server_error(), "{method} {address} {changed}: {answer:?}");
                if answer.status.is_client_error() {
                    refused(&answer, &format!("{method} {address} {changed}"));
                }
            }
        }
        let mut changed = body.clone();
        changed["surprise"] = json!(1);
        let headers = [JSON, ("if-match", "\"77\"")];
        let answer = administrator.send(method, &address, &headers, changed.to_string()).await;
        let problem = answer.problem(422);
        assert!(pointers(&problem).contains(&"/surprise".to_owned()), "{address}: {problem}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_and_writes_nothing() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let path = administrator.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let before = rows(&app).await;
    let large = format!("{{\"content\": {{\"title\": \"{}\"}}}}", "x".repeat(3 * 1024 * 1024));
    let depth = 10_000;
    let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let deep_object = format!("{}1{}", "{\"content\":".repeat(depth), "}".repeat(depth));
    let bodies: Vec<(&str, Vec<u8>, u16)> = vec![
        ("half", b"{\"content\": {".to_vec(), 400),
        ("nothing", Vec::new(), 400),
        ("words", b"hello".to_vec(), 400),
        ("two", b"{} {}".to_vec(), 400),
        ("a comma too many", b"{\"content\": {\"title\": \"x\",}}".to_vec(), 400),
        ("invalid UTF-8", b"{\"content\": {\"title\": \"\xff\xfe\"}}".to_vec(), 400),
        ("a lone surrogate", b"{\"content\": {\"title\": \"\\ud800\"}}".to_vec(), 400),
        ("a raw control character", b"{\"content\": {\"title\": \"a\x01b\"}}".to_vec(), 400),
        (
            "another encoding",
            "{\"content\": {\"title\": \"x\"}}".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            400,
        ),
        ("not a number", b"{\"content\": NaN}".to_vec(), 400),
        ("a number out of range", b"{\"content\": 1e999}".to_vec(), 400),
        ("deep", deep.into_bytes(), 400),
        ("deep objects", deep_object.into_bytes(), 400),
        ("a list", b"[]".to_vec(), 422),
        ("a text", b"\"x\"".to_vec(), 422),
        ("null", b"null".to_vec(), 422),
        ("too large", large.into_bytes(), 413),
    ];
    for (what, body, status) in &bodies {
        let answer = administrator.send(Method::POST, "/manage/v1/role-pages", &[JSON], body.clone()).await;
        refused(&answer, what);
        assert_eq!(answer.status, *status, "{what}: {answer:?}");
        let headers = [JSON, ("if-match", "\"1\"")];
        let answer = administrator.send(Method::PUT, &path, &headers, body.clone()).await;
        refused(&answer, what);
        assert_eq!(answer.status, *status, "{what}: {answer:?}");
        for address in ["/api/v1/reports", "/manage/v1/publish", "/manage/v1/users", "/manage/v1/redirects"] {
            let answer = administrator.send(Method::POST, address, &[JSON], body.clone()).await;
            refused(&answer, &format!("{what} {address}"));
        }
    }
    for media_type in
        ["text/plain", "application/xml", "", "application/jsonp", "multipart/form-data", "text/json; charset=x"]
    {
        for (method, address) in
            [(Method::POST, "/manage/v1/role-pages"), (Method::PUT, path.as_str()), (Method::POST, "/api/v1/reports")]
        {
            let headers = [("content-type", media_type), ("if-match", "\"1\"")];
            let answer = administrator.send(method, address, &headers, "{\"content\": {\"title\": \"x\"}}").await;
            answer.problem(415);
        }
    }
    // The reverse: JSON where a form with a file belongs.
    administrator.post("/manage/v1/media", &json!({})).await.problem(415);
    let form = administrator.send_file("/manage/v1/media", "a.png", b"no image", &[]).await;
    assert_eq!(pointers(&form.problem(422)), ["/file"]);
    let form = administrator.send_file("/manage/v1/media", "a.png", &picture(10, 10, 1)[..40], &[]).await;
    assert_eq!(pointers(&form.problem(422)), ["/file"]);
    let form = administrator.send_file("/manage/v1/media", "a.png", &vec![0; 22 * 1024 * 1024], &[]).await;
    form.problem(413);
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    for body in [
        "",
        "--b",
        "--b\r\n\r\n--b--",
        "--c\r\n\r\nx\r\n--c--\r\n",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
    ] {
        let answer = administrator.send(Method::POST, "/manage/v1/media", &headers, body).await;
        refused(&answer, body);
    }
    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn forms_of_visitors_may_hold_anything() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    administrator.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let nobody = app.nobody();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"%ff%fe=%00&kind=problem&wrong=%00".to_vec(),
        b"kind=problem&document=porter&wrong=%00".to_vec(),
        b"kind=&&==&document=%25%00&version=99999999999999999999".to_vec(),
        b"kind=problem&document=porter&wrong=x&return_to=javascript:alert(1)".to_vec(),
        b"kind=problem&document=porter&wrong=x&return_to=https://site.example.evil.example/".to_vec(),
        b"kind=problem&document=porter&wrong=x&return_to=//site.example/".to_vec(),
        b"kind=problem&document=porter&wrong=x&return_to=https://user@evil.example/%0d%0ax".to_vec(),
        b"\xff".to_vec(),
        "wrong=".bytes().chain("x".repeat(1_201).bytes()).collect(),
    ];
    for body in bodies {
        let answer = nobody.send(Method::POST, "/api/v1/reports", &form, body.clone()).await;
        assert!(answer.status.is_client_error(), "{} {answer:?}", String::from_utf8_lossy(&body));
        assert!(answer.headers.get("location").is_none());
    }
    let scripts =
        b"kind=problem&document=porter&doing=%3Cscript%3Ealert(1)%3C/script%3E&contact_email=%22%3E%3Cscript%3E&wrong="
            .to_vec();
    let again = nobody.send(Method::POST, "/api/v1/reports", &form, scripts).await;
    assert!(again.status.is_client_error() && !again.text().contains("<script"), "{}", again.text());
    nobody.send(Method::POST, "/api/v1/reports", &form, "x".repeat(70 * 1024)).await.problem(413);
    let reports = administrator.get("/manage/v1/reports").await.ok();
    assert_eq!(reports["total"], 0, "{reports}");
    // What a person typed is not thrown away for a stray byte or control character; those go, the words stay.
    let stray = b"kind=problem&document=porter&wrong=one%ed%a0%80%01two%1b%5b31m".to_vec();
    assert_eq!(nobody.send(Method::POST, "/api/v1/reports", &form, stray).await.status, StatusCode::ACCEPTED);
    let reports = administrator.get("/manage/v1/reports").await.ok();
    let wrong = reports["data"][0]["wrong"].as_str().unwrap();
    assert!(wrong.starts_with("one") && wrong.contains("two") && !wrong.chars().any(char::is_control), "{wrong:?}");
}
