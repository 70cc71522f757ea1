//! Nothing unpublished leaves through the public doors. A database is filled with texts that can be told apart: some that
//! the public may read, some that it may not. Then everything public is asked for, in every way there is to ask.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, id_of};

mod addresses;
mod marks;
mod site;

use marks::marks_in;
use site::Site;

/// Stands in every text that the public may read.
const SHOWN: &str = "shownq";
/// Stands in every text that the public may not read.
const HIDDEN: &str = "hiddenq";

/// Everything hidden that the management door knows of, which is where all of it was put.
async fn kept(site: &Site) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in site.readable.iter().chain(&site.unreadable) {
        let versions = site.publisher.get(&format!("{path}/versions?limit=100")).await;
        found.extend(marks_in(&versions.text(), HIDDEN));
        for number in 1..=4 {
            let version = site.publisher.get(&format!("{path}/versions/{number}")).await;
            found.extend(marks_in(&version.text(), HIDDEN));
        }
    }
    for list in ["media", "reports", "cases", "users", "api-keys", "settings", "events?limit=100"] {
        found.extend(marks_in(&site.publisher.get(&format!("/manage/v1/{list}")).await.text(), HIDDEN));
    }
    found
}

/// Everything that came back, as text.
fn whole(answer: &Answer) -> String {
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    format!("{}\n{}\n{}", answer.status, headers.join("\n"), answer.decoded())
}

/// What came back, what of it was found to be hidden, and what of it was shown.
#[derive(Default)]
struct Findings {
    leaks: Vec<String>,
    shown: BTreeSet<String>,
    asked: usize,
}

impl Findings {
    /// What was asked for may be said again; anything else that is hidden may not.
    fn look(&mut self, request: &str, answer: &Answer, site: &Site) {
        self.asked += 1;
        let text = whole(answer);
        let asked = marks_in(request, HIDDEN);
        let mut leaked: BTreeSet<String> = marks_in(&text, HIDDEN).difference(&asked).cloned().collect();
        for key in site.hidden_keys.iter().filter(|key| !request.contains(key.as_str())) {
            if text.contains(key.as_str()) {
                leaked.insert(key.clone());
            }
        }
        if !leaked.is_empty() {
            self.leaks.push(format!("{request}: {leaked:?}"));
        }
        if answer.status.is_server_error() {
            self.leaks.push(format!("{request}: {}", answer.status));
        }
        self.shown.extend(marks_in(&text, SHOWN));
    }
}

#[tokio::test]
async fn nothing_unpublished_leaves_through_a_public_door() {
    let mut site = Site::new().await;
    site.fill().await;
    let kept = kept(&site).await;
    assert!(kept.len() > 1_000, "there is much to find: {}", kept.len());
    let nobody = site.app.nobody();
    let mut findings = Findings::default();
    for address in site.addresses() {
        let mut next = Some(address);
        // Lists are followed to their ends.
        for _ in 0..200 {
            let Some(address) = next.take() else { break };
            let answer = nobody.get(&address).await;
            findings.look(&address, &answer, &site);
            if answer.status == StatusCode::OK
                && let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
            {
                next = body["next"].as_str().map(str::to_owned);
                if body["more"] == true {
                    next = Some(format!("/api/v1/changes?limit=1&since={}", body["cursor"].as_str().unwrap()));
                }
            }
        }
    }
    assert!(findings.leaks.is_empty(), "{} leaks:\n{}", findings.leaks.len(), findings.leaks.join("\n"));
    assert!(findings.asked > 2_000, "{}", findings.asked);
    // The search is able to find something: what is public was seen, nearly all of it.
    assert!(findings.shown.len() > 300, "{}", findings.shown.len());
}

#[tokio::test]
async fn a_planted_leak_is_found() {
    let mut site = Site::new().await;
    let path = site.draft("role-pages", json!({ "content": { "title": site_title() } }), HIDDEN).await;
    site.hidden_keys.push("a-key.webp".to_owned());
    let leak = site.publisher.get(&path).await;
    let mut findings = Findings::default();
    findings.look("/api/v1/role-pages", &leak, &site);
    assert_eq!(findings.leaks.len(), 1, "{:?}", findings.leaks);
    let mut header = site.app.nobody().get("/healthz").await;
    findings.look("/healthz", &header, &site);
    assert_eq!(findings.leaks.len(), 1, "{:?}", findings.leaks);
    header.headers.insert("location", "/a-key.webp".parse().unwrap());
    findings.look("/healthz", &header, &site);
    assert_eq!(findings.leaks.len(), 2, "{:?}", findings.leaks);
    findings.look("/media/a-key.webp", &header, &site);
    assert_eq!(findings.leaks.len(), 2, "what was asked for may be said again");
}

fn site_title() -> String {
    format!("{HIDDEN}9999")
}

#[tokio::test]
async fn no_header_method_or_key_shows_more() {
    let mut site = Site::new().await;
    site.fill().await;
    let nobody = site.app.nobody();
    let key = format!("Bearer {}", site.publisher.key.clone().unwrap());
    let headers: &[&[(&str, &str)]] = &[
        &[("authorization", "rubbish")],
        &[("authorization", &key)],
        &[("cookie", "session=1; preview=1; draft=true")],
        &[("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "admin.example")],
        &[
            ("x-forwarded-prefix", "/manage/v1"),
            ("x-original-url", "/manage/v1/role-pages"),
            ("x-rewrite-url", "/manage/v1/role-pages"),
        ],
        &[("x-http-method-override", "PUT"), ("x-preview-token", "x"), ("preview-token", "x")],
        &[("if-none-match", "*")],
        &[("if-none-match", "\"0\""), ("if-modified-since", "Sun, 22 Nov 2026 09:00:00 GMT")],
        &[("if-match", "\"1\""), ("range", "bytes=0-10")],
        &[("accept", "text/html")],
        &[("accept", "application/xml;q=0.1, */*;q=0"), ("accept-language", "cy"), ("accept-encoding", "gzip, br")],
        &[("origin", "https://site.example"), ("access-control-request-method", "GET")],
    ];
    let mut addresses: Vec<String> =
        vec!["/api/v1/role-pages".to_owned(), "/api/v1/paths".to_owned(), "/api/v1/changes".to_owned()];
    for path in site.readable.iter().chain(&site.unreadable) {
        addresses.push(path.replace("/manage/v1/", "/api/v1/"));
    }
    addresses.extend(site.paths.iter().map(|path| format!("/api/v1/content{path}")));
    addresses.extend(site.hidden_keys.iter().map(|key| format!("/media/{key}")));
    let mut findings = Findings::default();
    for address in &addresses {
        let plain = nobody.get(address).await;
        for headers in headers {
            let answer = nobody.send(Method::GET, address, headers, "").await;
            findings.look(&format!("{address} {headers:?}"), &answer, &site);
            if answer.status != StatusCode::NOT_MODIFIED && address != "/api/v1/changes" {
                assert_eq!(
                    (plain.status, plain.text()),
                    (answer.status, strip(&plain, &answer)),
                    "{address} {headers:?}"
                );
            }
        }
        for method in
            [Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE]
        {
            let answer = nobody.send(method.clone(), address, &[("content-type", "application/json")], "{}").await;
            findings.look(&format!("{method} {address}"), &answer, &site);
            if method == Method::HEAD {
                assert!(answer.body.is_empty(), "{address}");
                assert_eq!(answer.status, plain.status, "{address}");
            }
        }
    }
    assert!(findings.leaks.is_empty(), "{} leaks:\n{}", findings.leaks.len(), findings.leaks.join("\n"));
    assert!(findings.shown.len() > 200, "{}", findings.shown.len());
}

/// The second answer as text, with the first one's name of the request in a problem.
fn strip(plain: &Answer, answer: &Answer) -> String {
    if answer.headers.get("content-type").is_none_or(|kind| kind != "application/problem+json") {
        return answer.decoded();
    }
    let (first, mut second) = (plain.json(), answer.json());
    if second.get("request_id").is_some() {
        second["request_id"] = first["request_id"].clone();
    }
    second.to_string()
}

#[tokio::test]
async fn what_the_public_may_not_read_answers_like_what_never_was() {
    let mut site = Site::new().await;
    site.fill().await;
    let nobody = site.app.nobody();
    for path in &site.unreadable {
        let address = path.replace("/manage/v1/", "/api/v1/");
        nobody.get(&address).await.problem(404);
        for time in &site.times {
            nobody.get(&format!("{address}?as_of={time}")).await.problem(404);
        }
    }
    for path in &site.readable {
        nobody.get(&path.replace("/manage/v1/", "/api/v1/")).await.ok();
    }
    for slug in site.slugs.iter().filter(|slug| slug.starts_with(HIDDEN)) {
        for collection in ["role-pages", "requirement-sections", "content"] {
            nobody.get(&format!("/api/v1/{collection}/{slug}")).await.problem(404);
        }
        let report = json!({ "document": slug, "kind": "problem", "wrong": "x" });
        let refused = nobody.post("/api/v1/reports", &report).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert!(marks_in(&whole(&refused), HIDDEN).iter().all(|mark| mark == slug), "{refused:?}");
    }
    for key in &site.hidden_keys {
        nobody.get(&format!("/media/{key}")).await.problem(404);
    }
    for key in &site.shown_keys {
        assert_eq!(nobody.get(&format!("/media/{key}")).await.status, StatusCode::OK);
    }
    // Neither do the lists of paths and changes name what was never public.
    for address in
        ["/api/v1/paths", "/api/v1/changes", "/api/v1/role-pages?limit=100", "/api/v1/requirement-sections?limit=100"]
    {
        let text = nobody.get(address).await.text();
        let never = site.unreadable.iter().take(2).map(|path| id_of(path));
        for id in never {
            assert!(!text.contains(&id), "{address} names {id}");
        }
    }
}
