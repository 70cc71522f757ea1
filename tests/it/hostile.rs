//! Whatever is sent, the answer is the sender's fault, says where, and nothing half done stays behind.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use entity::{document, event, live_document, reference, user, version};
use rolebook::kernel::Role;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE, example},
    support::{Answer, Client, TestApp, id_of, pointers, uploads::picture},
};

const JSON: (&str, &str) = ("content-type", "application/json");
const NOWHERE: &str = "00000000-0000-7000-8000-000000000001";

/// How many rows there are of what commands write.
async fn rows(app: &TestApp) -> [u64; 6] {
    let snapshot = app.app.database.read().await.unwrap();
    [
        document::Entity::find().count(&*snapshot).await.unwrap(),
        version::Entity::find().count(&*snapshot).await.unwrap(),
        event::Entity::find().count(&*snapshot).await.unwrap(),
        reference::Entity::find().count(&*snapshot).await.unwrap(),
        live_document::Entity::find().count(&*snapshot).await.unwrap(),
        user::Entity::find().count(&*snapshot).await.unwrap(),
    ]
}

/// An answer that says that the sender is at fault, in the shape of all problems.
#[track_caller]
fn refused(answer: &Answer, what: &str) -> Value {
    assert!(answer.status.is_client_error(), "{what}: {answer:?}");
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}: {answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    for key in ["type", "title", "detail", "instance"] {
        assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{what}: {key} in {problem}");
    }
    if matches!(answer.status.as_u16(), 400 | 422) {
        assert!(!pointers(&problem).is_empty(), "{what}: {problem}");
    }
    problem
}

/// The pointers of everything in a value.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, &format!("{pointer}/{key}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, value)| places(value, &format!("{pointer}/{key}"), found));
        }
        _ => {}
    }
}

fn other_types() -> Vec<Value> {
    let deep = json!([[[{ "a": [1] }]]]);
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(0.001),
        json!("x\u{0}y"),
        json!("\u{1b}[31m\u{7f}\u{85}"),
        json!(""),
        json!([]),
        json!({}),
        json!({ "kind": "x", "unknown": 1 }),
        deep,
    ]
}

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

/// A document with a value at a place that the schema does not put there by itself.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = json!({ "content": { "title": "Porter" } });
    let mut place = &mut body["content"];
    let mut keys = pointer.trim_start_matches('/').split('/').peekable();
    while let Some(key) = keys.next() {
        let next = match keys.peek() {
            None => value.clone(),
            Some(next) if next.parse::<usize>().is_ok() => json!([{}]),
            Some(_) => json!({}),
        };
        place = match key.parse::<usize>() {
            Ok(number) => {
                if let Some(array) = place.as_array_mut()
                    && keys.peek().is_none()
                {
                    array[number] = next;
                }
                &mut place[number]
            }
            Err(_) => {
                place[key] = next;
                &mut place[key]
            }
        };
    }
    body
}

/// The limits of the contract: where, of what kind, and how much.
enum Limit {
    /// Characters, also those that take more than one byte.
    Text(usize),
    /// Items, each made of this.
    Items(usize, Value),
}

#[tokio::test]
async fn each_limit_is_reached_and_not_passed() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let section_of = |kind: &str, key: &str| format!("/sections/0/blocks/0/{kind}:{key}");
    let line = 1_000;
    let markdown = 100_000;
    let pages: Vec<(String, Limit)> = vec![
        ("/title".to_owned(), Limit::Text(255)),
        ("/summary".to_owned(), Limit::Text(600)),
        ("/meta_description".to_owned(), Limit::Text(line)),
        ("/alternative_titles/0".to_owned(), Limit::Text(line)),
        ("/search_terms".to_owned(), Limit::Items(500, json!("x"))),
        ("/alternative_titles".to_owned(), Limit::Items(500, json!("x"))),
        ("/sections".to_owned(), Limit::Items(200, json!({}))),
        ("/sections/0/blocks".to_owned(), Limit::Items(200, json!({ "kind": "text" }))),
        ("/sections/0/heading".to_owned(), Limit::Text(255)),
        ("/learn_more".to_owned(), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
        ("/learn_more/0/text".to_owned(), Limit::Text(line)),
        ("/learn_more/0/url".to_owned(), Limit::Text(line)),
        ("/facts/tasks".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/tasks/0".to_owned(), Limit::Text(line)),
        ("/facts/skills/0/text".to_owned(), Limit::Text(line)),
        ("/facts/skills".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/registrations".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/registrations/0/organisation".to_owned(), Limit::Text(line)),
        ("/facts/career_path".to_owned(), Limit::Text(markdown)),
        ("/facts/work_locations".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/standards".to_owned(), Limit::Items(500, json!({ "reference": "ST0001", "title": "x" }))),
        ("/lead_image/alt".to_owned(), Limit::Text(line)),
        ("/lead_image/caption".to_owned(), Limit::Text(line)),
        (section_of("text", "markdown"), Limit::Text(markdown)),
        (section_of("callout", "heading"), Limit::Text(255)),
        (section_of("details", "summary"), Limit::Text(line)),
        (section_of("quote", "attribution"), Limit::Text(line)),
        (section_of("image", "alt"), Limit::Text(line)),
        (section_of("roles", "introduction"), Limit::Text(markdown)),
        (section_of("roles", "roles"), Limit::Items(500, json!({ "title": "x" }))),
        (section_of("links", "links"), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
        (section_of("requirements", "note"), Limit::Text(markdown)),
    ];
    let sections: Vec<(String, Limit)> = vec![
        ("/introduction".to_owned(), Limit::Text(markdown)),
        ("/summary".to_owned(), Limit::Text(600)),
        ("/routes".to_owned(), Limit::Items(500, json!({ "kind": "other" }))),
        ("/skills".to_owned(), Limit::Items(500, json!("x"))),
        ("/requirements/requirement:text".to_owned(), Limit::Text(line)),
        ("/requirements/requirement:organisation".to_owned(), Limit::Text(line)),
        ("/requirements/group:lead_in".to_owned(), Limit::Text(line)),
        ("/requirements/group:items".to_owned(), Limit::Items(500, json!({ "kind": "requirement", "text": "x" }))),
        ("/requirements/requirement:links".to_owned(), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
    ];
    for (collection, limits) in [("role-pages", pages), ("requirement-sections", sections)] {
        for (place, limit) in limits {
            // `kind:key` is the key of a thing of that kind.
            let (front, last) = place.rsplit_once('/').unwrap();
            let (kind, last) = last.split_once(':').map_or((None, last), |(kind, key)| (Some(kind), key));
            let pointer = if kind == Some("group") || kind == Some("requirement") {
                format!("/requirements/{last}")
            } else {
                format!("{front}/{last}")
            };
            let make = |value: Value| {
                let mut body = with(&pointer, value);
                let thing = pointer.rsplit_once('/').unwrap().0;
                if let Some(kind) = kind {
                    body["content"].pointer_mut(thing).unwrap()["kind"] = kind.into();
                }
                body
            };
            let values: Vec<(Value, Value)> = match &limit {
                Limit::Text(most) => ["x", "é", "🦊"]
                    .iter()
                    .map(|letter| (json!(letter.repeat(*most)), json!(letter.repeat(most + 1))))
                    .collect(),
                Limit::Items(most, item) => {
                    vec![
                        (json!(vec![item.clone(); *most]), json!(vec![item.clone(); most + 1])),
                        (json!([]), json!(vec![item.clone(); 10_000])),
                    ]
                }
            };
            for (fits, exceeds) in values {
                let taken = editor.post(&format!("/manage/v1/{collection}"), &make(fits)).await;
                assert_eq!(
                    taken.status,
                    StatusCode::CREATED,
                    "{collection} {pointer}: {}",
                    taken.text().chars().take(500).collect::<String>()
                );
                let before = rows(&app).await;
                let problem = editor.post(&format!("/manage/v1/{collection}"), &make(exceeds)).await.problem(422);
                assert_eq!(pointers(&problem), [format!("/content{pointer}")], "{problem}");
                let most = match limit {
                    Limit::Text(most) | Limit::Items(most, _) => most,
                };
                assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(&most.to_string()), "{problem}");
                assert_eq!(rows(&app).await, before);
            }
        }
    }
}

/// A tree of groups, this many levels deep.
fn tree(depth: usize) -> Value {
    let mut node = json!({ "kind": "requirement", "text": "x" });
    for _ in 1..depth {
        node = json!({ "kind": "group", "rule": "all_of", "items": [node] });
    }
    node
}

#[tokio::test]
async fn a_content_is_neither_too_deep_nor_too_large() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let path = "/manage/v1/requirement-sections";
    let made = |tree: Value| json!({ "content": { "title": "Section", "requirements": tree } });
    let deepest = (1..20).take_while(|depth| serde_json::to_string(&tree(*depth)).is_ok());
    let mut accepted = 0;
    for depth in deepest {
        let answer = editor.post(path, &made(tree(depth))).await;
        if answer.status == StatusCode::CREATED {
            assert_eq!(accepted + 1, depth, "what is deeper than too deep is too deep");
            accepted = depth;
        } else {
            let problem = answer.problem(422);
            assert_eq!(problem["errors"][0]["code"], "too-deep", "{problem}");
        }
    }
    assert!((8..=9).contains(&accepted), "{accepted} levels");
    let sentence = "word ".repeat(19_000);
    let sections = |count: usize| {
        let block = json!({ "kind": "text", "markdown": sentence });
        json!({ "content": { "title": "Large", "sections": [{ "blocks": vec![block; count] }] } })
    };
    editor.post("/manage/v1/role-pages", &sections(10)).await.ok();
    let before = rows(&app).await;
    let problem = editor.post("/manage/v1/role-pages", &sections(12)).await.problem(422);
    assert_eq!(pointers(&problem), ["/content"]);
    assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("1048576"), "{problem}");
    assert_eq!(rows(&app).await, before);
}

/// A requirement section whose tree is another's.
fn referring(title: &str, to: &str) -> Value {
    let tree =
        json!({ "kind": "group", "rule": "all_of", "items": [{ "kind": "section", "requirement_section": to }] });
    json!({ "content": { "title": title, "requirements": tree } })
}

#[tokio::test]
async fn sections_never_contain_themselves_and_stand_three_deep_at_most() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let mut chain = vec![editor.create("requirement-sections", &json!({ "content": { "title": "Zero" } })).await];
    for title in ["One", "Two", "Three"] {
        let below = id_of(chain.last().unwrap());
        chain.push(editor.create("requirement-sections", &referring(title, &below)).await);
    }
    let before = rows(&app).await;
    // A fourth on top is too much, however it comes about.
    let too_deep =
        editor.post("/manage/v1/requirement-sections", &referring("Four", &id_of(&chain[3]))).await.problem(422);
    assert_eq!(too_deep["errors"][0]["code"], "too-deep", "{too_deep}");
    assert_eq!(pointers(&too_deep), ["/content/requirements/items/0/requirement_section"]);
    assert_eq!(rows(&app).await, before);
    let four = editor.create("requirement-sections", &json!({ "content": { "title": "Four" } })).await;
    editor.save(&four, &referring("Four", &id_of(&chain[3]))).await.problem(422);
    editor.save(&chain[0], &referring("Zero", &id_of(&four))).await.problem(422);
    // No circle, whether of one, of two or of four.
    for above in &chain {
        let problem = editor.save(&chain[0], &referring("Zero", &id_of(above))).await.problem(422);
        assert_eq!(problem["errors"][0]["code"], "reference-cycle", "{problem}");
    }
    let embedding = json!({ "content": { "title": "Zero", "sections": [{ "blocks": [
        { "kind": "requirements", "requirement_section": id_of(&chain[2]) }
    ] }] } });
    let problem = editor.save(&chain[0], &embedding).await.problem(422);
    assert_eq!(problem["errors"][0]["code"], "reference-cycle", "{problem}");
    // Parents make no circle either.
    let top = editor.create("role-pages", &json!({ "content": { "title": "Top" } })).await;
    let child = json!({ "parent": id_of(&top), "content": { "title": "Child" } });
    let child = editor.create("role-pages", &child).await;
    for parent in [&top, &child] {
        let body = json!({ "parent": id_of(parent), "content": { "title": "Top" } });
        let problem = editor.save(&top, &body).await.problem(422);
        assert_eq!(pointers(&problem), ["/parent"]);
    }
    let body = json!({ "parent": NOWHERE, "content": { "title": "Top" } });
    assert_eq!(pointers(&editor.save(&top, &body).await.problem(422)), ["/parent"]);
    for path in chain.iter().chain([&four, &top]) {
        assert_eq!(editor.get(path).await.ok()["version"], 1, "what was refused made no version");
    }
}

#[tokio::test]
async fn a_tree_of_pages_is_six_deep_at_most() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let mut parent = Value::Null;
    for level in 1..=6 {
        let body = json!({ "parent": parent, "content": { "title": format!("Level {level}") } });
        parent = id_of(&editor.create("role-pages", &body).await).into();
    }
    let body = json!({ "parent": parent, "content": { "title": "Level 7" } });
    assert_eq!(pointers(&editor.post("/manage/v1/role-pages", &body).await.problem(422)), ["/parent"]);
}

#[tokio::test]
async fn precondition_headers_may_hold_anything() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let path = publisher.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let before = rows(&app).await;
    let body = json!({ "content": { "title": "Changed" } }).to_string();
    for value in [
        "",
        "1",
        "*",
        "\"",
        "\"\"",
        "\"x\"",
        "W/\"1\"",
        "\"1\", \"2\"",
        "\"1.0\"",
        "\"+\"",
        "\"99999999999999999999\"",
        "\"\u{e4}\"",
    ] {
        for (method, address) in
            [(Method::PUT, path.clone()), (Method::PATCH, path.clone()), (Method::POST, format!("{path}/publish"))]
        {
            let answer = publisher.send(method, &address, &[JSON, ("if-match", value)], body.clone()).await;
            let problem = answer.problem(400);
            assert_eq!(pointers(&problem), ["If-Match"], "{value}");
        }
    }
    for value in ["\"0\"", "\"2\"", "\"-1\"", "\"2147483647\""] {
        let answer = publisher.send(Method::PUT, &path, &[JSON, ("if-match", value)], body.clone()).await;
        answer.problem(412);
        let answer = publisher.send(Method::POST, &format!("{path}/publish"), &[JSON, ("if-match", value)], "{}").await;
        answer.problem(412);
    }
    publisher.send(Method::PUT, &path, &[JSON], body).await.problem(428);
    publisher.send(Method::POST, &format!("{path}/publish"), &[JSON], "{}").await.problem(428);
    let long = "k".repeat(256);
    for key in ["", " ", "\u{e4}", long.as_str()] {
        let headers = [JSON, ("idempotency-key", key)];
        let answer =
            publisher.send(Method::POST, "/manage/v1/role-pages", &headers, "{\"content\": {\"title\": \"x\"}}").await;
        assert_eq!(pointers(&answer.problem(400)), ["Idempotency-Key"], "{key:?}");
    }
    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn addresses_may_hold_anything() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let path = administrator.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let id = id_of(&path);
    let before = rows(&app).await;
    let long = "x".repeat(5_000);
    let odd = [
        "%00",
        "%ff",
        "%c3%28",
        "%ed%a0%80",
        "..",
        "%2e%2e",
        "%2f",
        "%25",
        "a%0ab",
        "'",
        "%22",
        "%5c",
        "0",
        "-1",
        "99999999999999999999",
        "1.5",
        "%F0%9F%A6%8A",
        "porter'%20OR%201=1--",
        NOWHERE,
        "00000000-0000-0000-0000",
        long.as_str(),
        "%7Bid%7D",
        "*",
        "nil",
    ];
    for route in rolebook::app::routes() {
        for value in odd {
            for name in [
                "{id}",
                "{collection}",
                "{page}",
                "{key}",
                "{*path}",
                "{version}",
                "{reference}",
                "{secret}",
                "{publication}",
            ] {
                if !route.path.contains(name) {
                    continue;
                }
                let fill = |text: &str| {
                    text.replace("{collection}", "role-pages")
                        .replace("{id}", &id)
                        .replace("{page}", "porter")
                        .replace("{version}", "1")
                        .replace("{publication}", NOWHERE)
                        .replace("{reference}", "AAAA")
                        .replace("{secret}", "x")
                        .replace("{key}", "x")
                };
                let address = fill(&route.path.replace(name, value));
                let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
                let answer = administrator.send(method.clone(), &address, &[JSON, ("if-match", "\"77\"")], "").await;
                let what = format!("{method} {address}");
                assert!(!answer.status.is_server_error(), "{what}: {answer:?}");
                if answer.status.is_client_error() && method != Method::OPTIONS {
                    refused(&answer, &what);
                }
            }
        }
    }
    assert_eq!(rows(&app).await, before);
}

#[tokio::test]
async fn queries_may_hold_anything() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    administrator.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let cursor = |text: &str| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(text)
    };
    let cursors = [
        cursor(""),
        cursor("title"),
        cursor("title\nx\ny"),
        cursor(&format!("title\n{NOWHERE}\n\0")),
        cursor(&format!("title\n{NOWHERE}\n%")),
        cursor(&format!("-updated_at\n{NOWHERE}\nno number")),
        cursor(&format!("-updated_at\n{NOWHERE}\n99999999999999999999999")),
        cursor(&format!("-received_at\n{NOWHERE}\nx")),
        cursor(&format!("-last_report_at\n{NOWHERE}\n\0")),
        cursor(&format!("-created_at\n{NOWHERE}\n-")),
    ];
    let values = [
        "",
        "%00",
        "%ff%fe",
        "%25",
        "_",
        "'",
        "\\",
        "-1",
        "0",
        "1",
        "101",
        "1e3",
        "99999999999999999999",
        "true",
        "null",
        "x",
        NOWHERE,
        "2026-11-22T09:00:00Z",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "2026-11-22T09:00:00%2B99:00",
        "2026-02-30T00:00:00Z",
        "title",
        "-title",
        "updated_at",
        "-updated_at",
        "e1.1",
        ".",
        ".-1",
        "x.9223372036854775807",
        "x.9223372036854775808",
        "[]",
        "a,b,,c",
    ];
    let names = [
        "limit",
        "cursor",
        "sort",
        "fields",
        "parent",
        "ids",
        "q",
        "updated_since",
        "as_of",
        "since",
        "wait",
        "before",
        "from",
        "to",
        "owner",
        "draft_state",
        "live_state",
        "trashed",
        "quarantined",
        "document",
        "kind",
        "state",
        "assignee",
        "regressed",
        "sha256",
        "unknown",
        "%00",
        "%ff",
        "",
        "limit[]",
        "LIMIT",
    ];
    let lists: BTreeSet<String> = rolebook::app::routes()
        .iter()
        .filter(|route| route.method == "get" && (!route.path.contains('{') || route.path.ends_with("{collection}")))
        .map(|route| route.path.replace("{collection}", "role-pages"))
        .chain([
            "/api/v1/role-pages/porter".to_owned(),
            "/api/v1/content/porter".to_owned(),
            "/manage/v1/role-pages/porter".to_owned(),
        ])
        .collect();
    for list in &lists {
        for name in names {
            let known = administrator.get(&format!("{list}?{name}=x")).await;
            let known = !known.text().contains("unknown-parameter");
            for value in
                values.iter().copied().chain(cursors.iter().map(String::as_str)).take(if known { 99 } else { 0 })
            {
                // The feed would wait, which is right.
                if name == "wait" && value == "1" {
                    continue;
                }
                let address = format!("{list}?{name}={value}");
                let answer = administrator.get(&address).await;
                assert!(!answer.status.is_server_error(), "{address}: {answer:?}");
                if answer.status.is_client_error() {
                    refused(&answer, &address);
                }
            }
        }
        let problem = administrator.get(&format!("{list}?surprise=1")).await.problem(400);
        assert_eq!(pointers(&problem), ["surprise"], "{list}");
        assert_eq!(problem["errors"][0]["code"], "unknown-parameter");
    }
    let twice = administrator.get("/api/v1/role-pages?limit=1&limit=2").await.problem(400);
    assert_eq!(twice["errors"][0]["code"], "repeated");
}

/// Calls a route with every method that it does not answer to.
async fn call_wrongly(client: &Client, address: &str, right: &BTreeSet<&str>) {
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"] {
        let answered = right.contains(method) || (method == "HEAD" && right.contains("GET"));
        if answered {
            continue;
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = client.send(method.clone(), address, &[JSON], "{}").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {address}: {answer:?}");
        let allow: BTreeSet<&str> = answer.header("allow").split(',').map(str::trim).collect();
        for method in right {
            assert!(allow.contains(method), "{address}: {allow:?} without {method}");
        }
        assert!(!allow.contains(method.as_str()), "{address}: {allow:?}");
        if method != Method::HEAD {
            answer.problem(405);
        }
    }
}

#[tokio::test]
async fn every_address_names_the_methods_that_it_answers_to() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let routes = rolebook::app::routes();
    let paths: BTreeSet<&str> = routes.iter().map(|route| route.path).collect();
    for path in paths {
        let methods: BTreeSet<String> =
            routes.iter().filter(|route| route.path == path).map(|route| route.method.to_uppercase()).collect();
        let methods: BTreeSet<&str> = methods.iter().map(String::as_str).collect();
        let address = path.replace("{collection}", "role-pages").replace("{*path}", "porter").replace(['{', '}'], "");
        for client in [&administrator, &app.nobody()] {
            call_wrongly(client, &address, &methods).await;
        }
    }
    for address in [
        "/",
        "/api",
        "/api/v1",
        "/api/v2/role-pages",
        "/manage/v1",
        "/manage/v1/",
        "/media",
        "/metrics",
        "//api/v1/paths",
        "/api/v1/role-pages/",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            administrator.send(method, address, &[], "").await.problem(404);
        }
    }
}

#[tokio::test]
async fn writing_is_not_stopped_by_what_was_refused_before() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    for _ in 0..30 {
        editor.post("/manage/v1/role-pages", &json!({ "content": { "titel": 1 } })).await.problem(422);
        editor
            .post("/manage/v1/role-pages", &json!({ "parent": NOWHERE, "content": { "title": "x" } }))
            .await
            .problem(422);
    }
    editor.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    assert_eq!(rows(&app).await[0], 1);
}
