//! Who may call what: a table over all routes, for everybody who may come. A route without a row fails, and so does a row
//! without a route.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use rolebook::{
    accounts::{
        api_keys::{self, NewKey},
        users::{self, UserChange},
    },
    kernel::{Permission, Role, Timestamp, VersionNumber},
    web::Access,
};
use serde_json::json;

use crate::support::{Client, START, TestApp};

/// Who a route is for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum For {
    Everybody,
    /// Whoever has the token of a preview link; none of these has.
    Tokens,
    /// Whoever has a key.
    Keys,
    /// Whoever manages keys; for others it is a matter of the command.
    KeyManagers,
    Holders(&'static str),
}

use For::{Everybody, Holders, KeyManagers, Keys, Tokens};

/// A body that leads a caller who may call past the reading of it, and the media type it has.
type Body = &'static str;

const NONE: Body = "";
const EMPTY: Body = "{}";
const FORM: Body =
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nno image\r\n--b--\r\n";
const CONTENT: Body = r#"{"content": {"title": "Porter"}}"#;

const READ: For = Holders("content:read");
const WRITE: For = Holders("content:write");
const REVIEW: For = Holders("content:review");
const PUBLISH: For = Holders("content:publish");
const TRASH: For = Holders("content:trash");
const MEDIA: For = Holders("media:write");
const FEEDBACK: For = Holders("feedback:read");
const TRIAGE: For = Holders("feedback:triage");
const USERS: For = Holders("users:manage");
const SETTINGS: For = Holders("settings:manage");
const WEBHOOKS: For = Holders("webhooks:manage");

const TABLE: &[(&str, &str, For, Body)] = &[
    ("get", "/healthz", Everybody, NONE),
    ("get", "/readyz", Everybody, NONE),
    ("get", "/api/v1/openapi.json", Everybody, NONE),
    ("get", "/api/docs", Everybody, NONE),
    ("get", "/api/docs/{group}", Everybody, NONE),
    ("get", "/api/docs/try", Everybody, NONE),
    ("get", "/api/docs/style.css", Everybody, NONE),
    ("get", "/api/v1/{collection}", Everybody, NONE),
    ("get", "/api/v1/{collection}/{page}", Everybody, NONE),
    ("get", "/api/v1/role-pages/{page}/json-ld", Everybody, NONE),
    ("get", "/api/v1/report-form.js", Everybody, NONE),
    ("get", "/api/v1/reports.css", Everybody, NONE),
    ("get", "/api/v1/{collection}/{page}/what-changed", Everybody, NONE),
    ("get", "/api/v1/content/{*path}", Everybody, NONE),
    ("get", "/preview/v1/{collection}/{page}", Tokens, NONE),
    ("get", "/preview/v1/content/{*path}", Tokens, NONE),
    ("get", "/api/v1/paths", Everybody, NONE),
    ("get", "/api/v1/search", Everybody, NONE),
    ("get", "/api/v1/changes", Everybody, NONE),
    ("post", "/api/v1/reports", Everybody, EMPTY),
    ("options", "/api/v1/reports", Everybody, NONE),
    ("get", "/api/v1/reports/{reference}/{secret}", Everybody, NONE),
    ("post", "/api/v1/reports/{reference}/{secret}", Everybody, r#"{"text": "More."}"#),
    ("get", "/media/{key}", Everybody, NONE),
    ("get", "/manage/v1/me", Keys, NONE),
    ("get", "/manage/v1/{collection}", READ, NONE),
    ("post", "/manage/v1/{collection}", WRITE, CONTENT),
    ("get", "/manage/v1/{collection}/{id}", READ, NONE),
    ("put", "/manage/v1/{collection}/{id}", WRITE, CONTENT),
    ("patch", "/manage/v1/{collection}/{id}", WRITE, r#"{"review_by": "2027-01-01"}"#),
    ("get", "/manage/v1/{collection}/{id}/versions", READ, NONE),
    ("get", "/manage/v1/{collection}/{id}/versions/{version}", READ, NONE),
    ("get", "/manage/v1/{collection}/{id}/compare", READ, NONE),
    ("get", "/manage/v1/{collection}/{id}/used-by", READ, NONE),
    ("get", "/manage/v1/{collection}/{id}/events", READ, NONE),
    ("get", "/manage/v1/{collection}/{id}/publications", READ, NONE),
    ("post", "/manage/v1/{collection}/{id}/publications/{publication}/suppress", Holders("content:suppress"), REASON),
    ("post", "/manage/v1/{collection}/{id}/look-at", WRITE, r#"{"findings": []}"#),
    ("post", "/manage/v1/{collection}/{id}/submit", WRITE, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/approve", REVIEW, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/request-changes", REVIEW, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/publish", PUBLISH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/force-publish", Holders("content:force-publish"), REASON),
    ("post", "/manage/v1/{collection}/{id}/schedule", PUBLISH, r#"{"at": "2026-12-01T09:00:00Z"}"#),
    ("post", "/manage/v1/{collection}/{id}/unschedule", PUBLISH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/confirm", PUBLISH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/withdraw", PUBLISH, r#"{"explanation": "It is wrong."}"#),
    ("post", "/manage/v1/{collection}/{id}/reinstate", PUBLISH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/unpublish", PUBLISH, r#"{"decision": "gone"}"#),
    ("post", "/manage/v1/{collection}/{id}/discard", WRITE, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/restore", WRITE, r#"{"version": 1}"#),
    ("post", "/manage/v1/{collection}/{id}/trash", TRASH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/untrash", TRASH, EMPTY),
    ("post", "/manage/v1/{collection}/{id}/purge", Holders("content:purge"), EMPTY),
    ("post", "/manage/v1/publish", PUBLISH, TOGETHER),
    ("get", "/manage/v1/media", READ, NONE),
    ("post", "/manage/v1/media", MEDIA, FORM),
    ("get", "/manage/v1/media/{id}", READ, NONE),
    ("patch", "/manage/v1/media/{id}", MEDIA, r#"{"alt": "A ward"}"#),
    ("delete", "/manage/v1/media/{id}", MEDIA, NONE),
    ("post", "/manage/v1/media/{id}/replace", MEDIA, FORM),
    ("get", "/manage/v1/media/{id}/used-by", READ, NONE),
    ("get", "/manage/v1/media/{id}/files/{key}", READ, NONE),
    ("get", "/manage/v1/reports", FEEDBACK, NONE),
    ("get", "/manage/v1/reports/export", Holders("feedback:export"), NONE),
    ("get", "/manage/v1/reports/{id}", FEEDBACK, NONE),
    ("post", "/manage/v1/reports/{id}/release", TRIAGE, EMPTY),
    ("post", "/manage/v1/reports/{id}/quarantine", TRIAGE, EMPTY),
    ("post", "/manage/v1/reports/{id}/move", TRIAGE, EMPTY),
    ("post", "/manage/v1/reports/{id}/redact", TRIAGE, r#"{"field": "wrong", "text": "x", "reason": "personal_data"}"#),
    ("post", "/manage/v1/reports/{id}/put-back", TRIAGE, r#"{"taken_out": "00000000-0000-7000-8000-000000000002"}"#),
    ("post", "/manage/v1/reports/{id}/erase", Holders("feedback:erase"), EMPTY),
    ("get", "/manage/v1/retention", SETTINGS, NONE),
    ("get", "/manage/v1/accessibility", FEEDBACK, NONE),
    ("get", "/manage/v1/cases", FEEDBACK, NONE),
    ("get", "/manage/v1/cases/export", Holders("feedback:export"), NONE),
    ("get", "/manage/v1/cases/{id}", FEEDBACK, NONE),
    ("patch", "/manage/v1/cases/{id}", TRIAGE, r#"{"title": "A case"}"#),
    ("get", "/manage/v1/cases/{id}/events", FEEDBACK, NONE),
    ("post", "/manage/v1/cases/{id}/open", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/start", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/wait", TRIAGE, r#"{"until": "2026-12-01T09:00:00Z"}"#),
    ("post", "/manage/v1/cases/{id}/resume", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/resolve", TRIAGE, r#"{"resolution": "answered"}"#),
    ("post", "/manage/v1/cases/{id}/dismiss", TRIAGE, r#"{"reason": "spam"}"#),
    ("post", "/manage/v1/cases/{id}/reopen", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/merge", TRIAGE, r#"{"into": "00000000-0000-7000-8000-000000000002"}"#),
    ("post", "/manage/v1/cases/{id}/unmerge", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/fix", TRIAGE, EMPTY),
    ("post", "/manage/v1/cases/{id}/split", TRIAGE, r#"{"reports": ["00000000-0000-7000-8000-000000000001"]}"#),
    ("post", "/manage/v1/cases/{id}/undo", TRIAGE, "{}"),
    ("put", "/manage/v1/cases/{id}/what-changed", TRIAGE, r#"{"text": null}"#),
    ("post", "/manage/v1/cases/{id}/notes", TRIAGE, r#"{"text": "A note"}"#),
    ("get", "/manage/v1/cases/{id}/replies", TRIAGE, NONE),
    (
        "post",
        "/manage/v1/cases/{id}/replies",
        TRIAGE,
        r#"{"report": "00000000-0000-7000-8000-000000000001", "text": "T"}"#,
    ),
    ("post", "/manage/v1/cases/{id}/mentions-seen", FEEDBACK, EMPTY),
    ("get", "/manage/v1/mentions", FEEDBACK, NONE),
    ("get", "/manage/v1/saved-replies", TRIAGE, NONE),
    ("post", "/manage/v1/saved-replies", TRIAGE, r#"{"title": "T", "text": ""}"#),
    ("get", "/manage/v1/saved-replies/{id}", TRIAGE, NONE),
    ("put", "/manage/v1/saved-replies/{id}", TRIAGE, r#"{"title": "T", "text": "T"}"#),
    ("delete", "/manage/v1/saved-replies/{id}", TRIAGE, NONE),
    ("get", "/manage/v1/mail", SETTINGS, NONE),
    ("post", "/manage/v1/mail/test", SETTINGS, EMPTY),
    ("get", "/manage/v1/mail/{id}", SETTINGS, NONE),
    ("get", "/manage/v1/mail/{id}/attempts", SETTINGS, NONE),
    ("post", "/manage/v1/mail/{id}/send-again", SETTINGS, EMPTY),
    ("get", "/manage/v1/trends", FEEDBACK, NONE),
    ("put", "/manage/v1/views", TRIAGE, r#"{"views": []}"#),
    ("get", "/manage/v1/users", USERS, NONE),
    ("post", "/manage/v1/users", USERS, r#"{"email": "not an address", "name": "N", "roles": ["editor"]}"#),
    ("get", "/manage/v1/users/{id}", USERS, NONE),
    ("patch", "/manage/v1/users/{id}", USERS, r#"{"name": "N"}"#),
    ("post", "/manage/v1/users/{id}/password", USERS, r#"{"password": "a long enough sentence"}"#),
    ("get", "/manage/v1/api-keys", KeyManagers, NONE),
    ("post", "/manage/v1/api-keys", KeyManagers, r#"{"name": "K", "scopes": []}"#),
    ("get", "/manage/v1/api-keys/{id}", KeyManagers, NONE),
    ("post", "/manage/v1/api-keys/{id}/revoke", KeyManagers, EMPTY),
    ("get", "/manage/v1/webhooks", WEBHOOKS, NONE),
    ("post", "/manage/v1/webhooks", WEBHOOKS, r#"{"name": "N", "url": "no address"}"#),
    ("get", "/manage/v1/webhooks/{id}", WEBHOOKS, NONE),
    ("patch", "/manage/v1/webhooks/{id}", WEBHOOKS, r#"{"name": "N"}"#),
    ("delete", "/manage/v1/webhooks/{id}", WEBHOOKS, NONE),
    ("post", "/manage/v1/webhooks/{id}/rotate", WEBHOOKS, EMPTY),
    ("post", "/manage/v1/webhooks/{id}/pause", WEBHOOKS, EMPTY),
    ("post", "/manage/v1/webhooks/{id}/resume", WEBHOOKS, EMPTY),
    ("post", "/manage/v1/webhooks/{id}/test", WEBHOOKS, EMPTY),
    ("post", "/manage/v1/webhooks/{id}/replay", WEBHOOKS, r#"{"since": "2026-11-22T09:00:00Z"}"#),
    ("get", "/manage/v1/webhooks/{id}/attempts", WEBHOOKS, NONE),
    ("get", "/manage/v1/webhooks/{id}/deliveries", WEBHOOKS, NONE),
    ("get", "/manage/v1/webhooks/{id}/deliveries/{delivery}", WEBHOOKS, NONE),
    ("post", "/manage/v1/webhooks/{id}/deliveries/{delivery}/send-again", WEBHOOKS, EMPTY),
    ("get", "/manage/v1/redirects", READ, NONE),
    ("post", "/manage/v1/redirects", PUBLISH, r#"{"path": "no path", "target": "/x"}"#),
    ("get", "/manage/v1/redirects/{id}", READ, NONE),
    ("delete", "/manage/v1/redirects/{id}", PUBLISH, NONE),
    ("get", "/manage/v1/settings", SETTINGS, NONE),
    ("put", "/manage/v1/settings", SETTINGS, EMPTY),
    ("patch", "/manage/v1/settings", SETTINGS, EMPTY),
    ("get", "/manage/v1/events", Holders("audit:read"), NONE),
];

const REASON: Body = r#"{"reason": "It has to be."}"#;
const TOGETHER: Body = r#"{"documents": [{"id": "00000000-0000-7000-8000-000000000001", "version": 1}]}"#;

/// What each role may do, in the words of the contract.
const ROLES: [(Role, &[&str]); 5] = [
    (Role::Editor, &["content:read", "feedback:read", "content:write", "media:write"]),
    (Role::Reviewer, &["content:read", "feedback:read", "content:write", "media:write", "content:review"]),
    (
        Role::Publisher,
        &[
            "content:read",
            "feedback:read",
            "content:write",
            "media:write",
            "content:review",
            "content:publish",
            "content:trash",
        ],
    ),
    (Role::Triager, &["content:read", "feedback:read", "feedback:triage", "feedback:export"]),
    (
        Role::Administrator,
        &[
            "content:read",
            "feedback:read",
            "content:write",
            "media:write",
            "content:review",
            "content:publish",
            "content:trash",
            "feedback:triage",
            "feedback:export",
            "content:force-publish",
            "content:purge",
            "content:suppress",
            "feedback:erase",
            "users:manage",
            "keys:manage",
            "webhooks:manage",
            "settings:manage",
            "audit:read",
        ],
    ),
];

fn may(role: Role) -> BTreeSet<&'static str> {
    ROLES.iter().find(|(other, _)| *other == role).map(|(_, names)| names.iter().copied().collect()).unwrap()
}

/// Somebody who calls, and what they may do; `None` if the key is not accepted.
struct Caller {
    name: &'static str,
    client: Client,
    may: Option<BTreeSet<&'static str>>,
}

impl Caller {
    fn expected(&self, route: For) -> Expected {
        match (route, &self.may) {
            (Everybody, _) | (Keys, Some(_)) => Expected::Passed,
            (Tokens, _) | (_, None) => Expected::Status(401),
            (Holders(name), Some(may)) if may.contains(name) => Expected::Passed,
            (KeyManagers, Some(may)) if may.contains("keys:manage") => Expected::Passed,
            (Holders(_) | KeyManagers, Some(_)) => Expected::Status(403),
        }
    }
}

#[derive(Debug)]
enum Expected {
    Status(u16),
    /// Neither 401 nor 403, nor a fault of the program.
    Passed,
}

impl Expected {
    fn holds(&self, status: StatusCode) -> bool {
        match self {
            Self::Status(expected) => status == *expected,
            Self::Passed => {
                status != StatusCode::UNAUTHORIZED && status != StatusCode::FORBIDDEN && !status.is_server_error()
            }
        }
    }
}

/// An address of the route at which there is nothing.
fn address(path: &str) -> String {
    let id = "00000000-0000-7000-8000-000000000001";
    let query = if path.ends_with("/compare") { "?from=1&to=2" } else { "" };
    let filled = path
        .replace("{collection}", "role-pages")
        .replace("{version}", "1")
        .replace("{*path}", "porter")
        .replace("{page}", "porter")
        .replace("{key}", "porter.webp")
        .replace("{group}", "delivery")
        .replace("{reference}", "AAAA-AAAA")
        .replace("{secret}", "0123456789abcdef0123456789abcdef")
        .replace("{publication}", id)
        .replace("{delivery}", id)
        .replace("{id}", id);
    assert!(!filled.contains('{'), "the test knows no value for a parameter in {path}");
    format!("{filled}{query}")
}

async fn call(client: &Client, method: &str, path: &str, body: Body) -> crate::support::Answer {
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let media_type = if body == FORM { "multipart/form-data; boundary=b" } else { "application/json" };
    let headers = [("content-type", media_type), ("if-match", "\"1\"")];
    client.send(method, &address(path), &headers, body.to_owned()).await
}

fn with_key(app: &TestApp, key: &str) -> Client {
    let mut client = app.nobody();
    client.key = Some(key.to_owned());
    client
}

async fn callers(app: &TestApp) -> Vec<Caller> {
    let mut callers = Vec::new();
    let mut add = |name, client, may| callers.push(Caller { name, client, may });
    add("nobody", app.nobody(), None);
    let roles = [
        ("an editor", Role::Editor),
        ("a reviewer", Role::Reviewer),
        ("a publisher", Role::Publisher),
        ("a triager", Role::Triager),
        ("an administrator", Role::Administrator),
    ];
    for (name, role) in roles {
        add(name, app.person(name, &[role]).await, Some(may(role)));
    }
    let unknown = with_key(app, &format!("rb_abcdefgh_{}", "A".repeat(43)));
    add("an unknown key", unknown, None);
    add("rubbish", with_key(app, "\u{e4}\t%00 Bearer"), None);

    let reader = app.person_with("Fewer Scopes", &[Role::Administrator], &[Permission::ContentRead]).await;
    let mut changed = reader.key.clone().unwrap();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'B' } else { 'A' });
    add("a key with one scope of an administrator", reader, Some(BTreeSet::from(["content:read"])));
    add("a key with another end", with_key(app, &changed), None);

    let ctx = app.system();
    let demoted = app.person("Demoted", &[Role::Administrator]).await;
    let change = UserChange { roles: Some(vec![Role::Triager]), ..UserChange::default() };
    users::change(&ctx, demoted.user.unwrap(), VersionNumber(1), change).await.unwrap();
    add("a key whose owner lost a role", demoted, Some(may(Role::Triager)));
    let left = app.person("Left", &[Role::Administrator]).await;
    let change = UserChange { active: Some(false), ..UserChange::default() };
    users::change(&ctx, left.user.unwrap(), VersionNumber(1), change).await.unwrap();
    add("a key whose owner has left", left, None);

    let owner = app.person("Owner", &[Role::Administrator]).await;
    let mut new = NewKey {
        name: "another".to_owned(),
        owner: owner.user.unwrap(),
        scopes: Permission::ALL.to_vec(),
        expires_at: Some(Timestamp::parse(START).unwrap().plus(Timestamp::HOUR)),
    };
    let expired = api_keys::add(&ctx, new.clone()).await.unwrap();
    add("an expired key", with_key(app, &expired.secret), None);
    new.expires_at = None;
    let revoked = api_keys::add(&ctx, new).await.unwrap();
    api_keys::revoke(&ctx, revoked.key.id, &revoked.key.revision).await.unwrap();
    add("a revoked key", with_key(app, &revoked.secret), None);
    app.clock.advance(Timestamp::HOUR);
    callers
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<(&str, &str)> = TABLE.iter().map(|(method, path, ..)| (*method, *path)).collect();
    assert_eq!(rows.len(), TABLE.len(), "no row stands twice");
    let listed = rolebook::app::routes();
    let routes: BTreeSet<(&str, &str)> = listed.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(routes.len(), listed.len(), "no route stands twice");
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty() && without_route.is_empty(), "{without_row:?} {without_route:?}");
}

#[test]
fn the_lists_of_routes_and_roles_say_what_is_so() {
    let table: BTreeMap<(&str, &str), For> =
        TABLE.iter().map(|(method, path, who, _)| ((*method, *path), *who)).collect();
    for route in rolebook::app::routes() {
        let said = match route.access {
            Access::Public => Everybody,
            Access::Token => Tokens,
            Access::Key if route.path.starts_with("/manage/v1/api-keys") => KeyManagers,
            Access::Key | Access::SignedIn => Keys,
            Access::Permission(permission) => Holders(permission.name()),
        };
        assert_eq!(table.get(&(route.method, route.path)), Some(&said), "{} {}", route.method, route.path);
    }
    for (role, names) in ROLES {
        let held: BTreeSet<&str> = role.permissions().iter().map(|permission| permission.name()).collect();
        assert_eq!(held, names.iter().copied().collect(), "{}", role.name());
    }
    let all: BTreeSet<&str> = Permission::ALL.iter().map(|permission| permission.name()).collect();
    assert_eq!(all, may(Role::Administrator), "administrators may do everything");
}

#[tokio::test]
async fn every_caller_gets_what_the_table_says_on_every_route() {
    let app = TestApp::new().await;
    let mut wrong = Vec::new();
    for caller in callers(&app).await {
        for (method, path, who, body) in TABLE {
            let answer = call(&caller.client, method, path, body).await;
            let expected = caller.expected(*who);
            if !expected.holds(answer.status) {
                wrong.push(format!("{}: {method} {path}: {} instead of {expected:?}", caller.name, answer.status));
            }
            if let Expected::Status(status) = expected
                && expected.holds(answer.status)
            {
                let problem = answer.problem(status);
                if status == 403 {
                    let detail = problem["detail"].as_str().unwrap();
                    let named = if let Holders(name) = who { name } else { "keys:manage" };
                    assert!(detail.contains(named), "{path}: {detail}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_role_that_is_given_back_counts_at_once() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let editor = app.person_with("Eda", &[Role::Editor, Role::Publisher], &[Permission::ContentPublish]).await;
    let path = format!("/manage/v1/users/{}", editor.user.unwrap());
    let together = json!({ "documents": [] });
    editor.post("/manage/v1/publish", &together).await.problem(422);
    administrator.at(Method::PATCH, &path, 1, &json!({ "roles": ["editor"] })).await.ok();
    editor.post("/manage/v1/publish", &together).await.problem(403);
    administrator.at(Method::PATCH, &path, 2, &json!({ "roles": ["editor", "publisher"] })).await.ok();
    editor.post("/manage/v1/publish", &together).await.problem(422);
}

#[tokio::test]
async fn a_key_in_the_wrong_scheme_or_place_is_none() {
    let app = TestApp::new().await;
    let administrator = app.administrator().await;
    let key = administrator.key.clone().unwrap();
    let nobody = app.nobody();
    for header in
        [format!("Basic {key}"), key.clone(), format!("Bearer{key}"), format!("Token {key}"), "Bearer ".to_owned()]
    {
        nobody.send(Method::GET, "/manage/v1/me", &[("authorization", &header)], "").await.problem(401);
    }
    nobody.send(Method::GET, "/manage/v1/me", &[("x-api-key", &key), ("cookie", &key)], "").await.problem(401);
    for name in ["token", "key", "access_token"] {
        nobody.get(&format!("/manage/v1/me?{name}={key}")).await.problem(401);
    }
    let refused = nobody.get("/manage/v1/me").await;
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    let right = format!("bearer {key}");
    nobody.send(Method::GET, "/manage/v1/me", &[("authorization", &right)], "").await.ok();
}
