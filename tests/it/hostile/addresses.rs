//! Addresses, queries, methods and headers.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use rolebook::kernel::Role;
use serde_json::json;

use super::{JSON, NOWHERE, refused, rows};
use crate::support::{Client, TestApp, id_of, pointers};

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
                "{delivery}",
                "{group}",
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
                        .replace("{delivery}", NOWHERE)
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
        let needed = match list.as_str() {
            "/api/v1/search" => "q=porter&",
            "/api/docs/try" => "operation=get_healthz&",
            _ => "",
        };
        let problem = administrator.get(&format!("{list}?{needed}surprise=1")).await.problem(400);
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
