//! Who may open and send what in the panel: a table over all of its routes, for everybody who may come. A route without a
//! row fails, and so does a row without a route.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use rolebook::{admin, kernel::Role, web::Access};

use super::Browser;
use crate::support::TestApp;

#[derive(Clone, Copy, Debug, PartialEq)]
enum For {
    Everybody,
    SignedIn,
    Holders(&'static str),
}

use For::{Everybody, Holders, SignedIn};

const TABLE: &[(&str, &str, For)] = &[
    ("get", "/admin/assets/{hash}/{*file}", Everybody),
    ("get", "/admin/sign-in", Everybody),
    ("post", "/admin/sign-in", Everybody),
    ("post", "/admin/sign-out", Everybody),
    ("get", "/admin/forgotten", Everybody),
    ("post", "/admin/forgotten", Everybody),
    ("get", "/admin/unsent", SignedIn),
    ("post", "/admin/unsent", SignedIn),
    ("get", "/admin/set-up/{secret}", Everybody),
    ("post", "/admin/set-up/{secret}", Everybody),
    ("get", "/admin/invitation/{secret}", Everybody),
    ("post", "/admin/invitation/{secret}", Everybody),
    ("get", "/admin/reset/{secret}", Everybody),
    ("post", "/admin/reset/{secret}", Everybody),
    ("get", "/admin/demo/{secret}", Everybody),
    ("post", "/admin/demo/{secret}", Everybody),
    ("get", "/admin/profile", SignedIn),
    ("post", "/admin/profile", SignedIn),
    ("post", "/admin/profile/preferences", SignedIn),
    ("post", "/admin/profile/email", SignedIn),
    ("post", "/admin/profile/password", SignedIn),
    ("post", "/admin/profile/sessions/end-others", SignedIn),
    ("post", "/admin/profile/sessions/{key}/end", SignedIn),
    ("get", "/admin/users", Holders("users:manage")),
    ("get", "/admin/users/new", Holders("users:manage")),
    ("post", "/admin/users/new", Holders("users:manage")),
    ("get", "/admin/users/{id}", Holders("users:manage")),
    ("post", "/admin/users/{id}", Holders("users:manage")),
    ("get", "/admin/users/{id}/activate", Holders("users:manage")),
    ("post", "/admin/users/{id}/activate", Holders("users:manage")),
    ("get", "/admin/users/{id}/deactivate", Holders("users:manage")),
    ("post", "/admin/users/{id}/deactivate", Holders("users:manage")),
    ("get", "/admin/users/{id}/hand-over", Holders("users:manage")),
    ("post", "/admin/users/{id}/hand-over", Holders("users:manage")),
    ("get", "/admin/users/{id}/link", Holders("users:manage")),
    ("post", "/admin/users/{id}/link", Holders("users:manage")),
    ("post", "/admin/users/{id}/sessions/end-all", Holders("users:manage")),
    ("post", "/admin/users/{id}/sessions/{key}/end", Holders("users:manage")),
    ("get", "/admin/roles", Holders("users:manage")),
    ("get", "/admin/api-keys", SignedIn),
    ("get", "/admin/api-keys/new", SignedIn),
    ("post", "/admin/api-keys/new", SignedIn),
    ("get", "/admin/api-keys/{id}/revoke", SignedIn),
    ("post", "/admin/api-keys/{id}/revoke", SignedIn),
    ("get", "/admin/webhooks", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/new", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/new", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/change", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/change", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/test", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/pause", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/pause", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/resume", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/resume", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/replay", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/replay", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/rotate", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/rotate", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/delete", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/delete", Holders("webhooks:manage")),
    ("get", "/admin/webhooks/{id}/deliveries/{delivery}", Holders("webhooks:manage")),
    ("post", "/admin/webhooks/{id}/deliveries/{delivery}/send-again", Holders("webhooks:manage")),
    ("get", "/admin/cases/{id}/reply", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/reply", Holders("feedback:triage")),
    ("get", "/admin/saved-replies", Holders("feedback:triage")),
    ("get", "/admin/saved-replies/new", Holders("feedback:triage")),
    ("post", "/admin/saved-replies/new", Holders("feedback:triage")),
    ("get", "/admin/saved-replies/{id}", Holders("feedback:triage")),
    ("post", "/admin/saved-replies/{id}", Holders("feedback:triage")),
    ("get", "/admin/saved-replies/{id}/remove", Holders("feedback:triage")),
    ("post", "/admin/saved-replies/{id}/remove", Holders("feedback:triage")),
    ("get", "/admin/accessibility", Holders("feedback:read")),
    ("get", "/admin/accessibility/export", Holders("feedback:export")),
    ("get", "/admin/trends", Holders("feedback:read")),
    ("get", "/admin/trends/download", Holders("feedback:read")),
    ("get", "/admin/mail", Holders("settings:manage")),
    ("post", "/admin/mail/test", Holders("settings:manage")),
    ("get", "/admin/mail/{id}", Holders("settings:manage")),
    ("post", "/admin/mail/{id}/send-again", Holders("settings:manage")),
    ("get", "/admin/settings", Holders("settings:manage")),
    ("post", "/admin/settings", Holders("settings:manage")),
    ("get", "/admin/settings/targets", Holders("settings:manage")),
    ("post", "/admin/settings/targets", Holders("settings:manage")),
    ("get", "/admin/settings/retention", Holders("settings:manage")),
    ("post", "/admin/settings/retention", Holders("settings:manage")),
    ("get", "/admin/audit-log", Holders("audit:read")),
    ("get", "/admin/audit-log/download", Holders("audit:read")),
    ("get", "/admin/administration", SignedIn),
    ("get", "/admin/{collection}/{id}", Holders("content:read")),
    ("post", "/admin/{collection}/{id}", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/presence", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/presence", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/choose", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/choose", Holders("content:write")),
    ("get", "/admin/quarantined-texts", Holders("settings:manage")),
    ("get", "/admin/quarantined-texts/{id}", Holders("settings:manage")),
    ("get", "/admin/quarantined-texts/{id}/delete", Holders("settings:manage")),
    ("post", "/admin/quarantined-texts/{id}/delete", Holders("settings:manage")),
    ("post", "/admin/richtext/markdown", SignedIn),
    ("post", "/admin/richtext/doc", SignedIn),
    ("get", "/admin/destinations", Holders("content:read")),
    ("get", "/admin", SignedIn),
    ("get", "/admin/help", SignedIn),
    ("get", "/admin/connect", SignedIn),
    ("get", "/admin/samples", Holders("settings:manage")),
    ("post", "/admin/samples", Holders("settings:manage")),
    ("post", "/admin/samples/remove", Holders("settings:manage")),
    ("get", "/admin/shortcuts", SignedIn),
    ("get", "/admin/publish", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/publish", Holders("content:publish")),
    ("post", "/admin/publish", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/publish", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/lines", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/lines", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/split", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/split", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/move", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/move", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/preview-links", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/preview-links", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/preview-links/{link}/revoke", Holders("content:write")),
    ("get", "/preview/{secret}", Everybody),
    ("get", "/preview/{secret}/files/{key}", Everybody),
    ("get", "/admin/views/new", SignedIn),
    ("post", "/admin/views/new", SignedIn),
    ("get", "/admin/views/{id}", SignedIn),
    ("post", "/admin/views/{id}", SignedIn),
    ("post", "/admin/views/{id}/delete", SignedIn),
    ("get", "/admin/{collection}/{id}/history", Holders("content:read")),
    ("post", "/admin/{collection}/{id}/note", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/versions/{version}", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/compare", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/preview", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/preview/frame", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/used-by", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/publications", Holders("content:read")),
    ("get", "/admin/{collection}/{id}/publications/{publication}/suppress", Holders("content:suppress")),
    ("post", "/admin/{collection}/{id}/publications/{publication}/suppress", Holders("content:suppress")),
    ("get", "/admin/{collection}/{id}/submit", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/submit", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/approve", Holders("content:review")),
    ("post", "/admin/{collection}/{id}/approve", Holders("content:review")),
    ("get", "/admin/{collection}/{id}/request-changes", Holders("content:review")),
    ("post", "/admin/{collection}/{id}/request-changes", Holders("content:review")),
    ("get", "/admin/{collection}/{id}/schedule", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/schedule", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/unschedule", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/unschedule", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/confirm", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/confirm", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/withdraw", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/withdraw", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/reinstate", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/reinstate", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/unpublish", Holders("content:publish")),
    ("post", "/admin/{collection}/{id}/unpublish", Holders("content:publish")),
    ("get", "/admin/{collection}/{id}/discard", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/discard", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/restore", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/restore", Holders("content:write")),
    ("get", "/admin/{collection}/{id}/trash", Holders("content:trash")),
    ("post", "/admin/{collection}/{id}/trash", Holders("content:trash")),
    ("get", "/admin/{collection}/{id}/untrash", Holders("content:trash")),
    ("post", "/admin/{collection}/{id}/untrash", Holders("content:trash")),
    ("get", "/admin/{collection}/{id}/purge", Holders("content:purge")),
    ("post", "/admin/{collection}/{id}/purge", Holders("content:purge")),
    ("get", "/admin/{collection}/{id}/ownership", Holders("content:write")),
    ("post", "/admin/{collection}/{id}/ownership", Holders("content:write")),
    ("get", "/admin/cases", Holders("feedback:read")),
    ("get", "/admin/cases/arrivals", Holders("feedback:read")),
    ("post", "/admin/cases/bulk", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}", Holders("feedback:read")),
    ("get", "/admin/cases/{id}/seen", Holders("feedback:read")),
    ("post", "/admin/cases/{id}/open", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/start", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/wait", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/wait", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/resume", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/resolve", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/resolve", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/dismiss", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/dismiss", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/reopen", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/reopen", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/merge", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/merge", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/unmerge", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/unmerge", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/fix", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/what-changed", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/what-changed", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/split", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/split", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/assign", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/retitle", Holders("feedback:triage")),
    ("get", "/admin/cases/{id}/classify", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/classify", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/undo", Holders("feedback:triage")),
    ("post", "/admin/cases/{id}/note", Holders("feedback:triage")),
    ("get", "/admin/reports", Holders("feedback:read")),
    ("get", "/admin/cases/export", Holders("feedback:export")),
    ("get", "/admin/reports/export", Holders("feedback:export")),
    ("post", "/admin/reports/bulk", Holders("feedback:triage")),
    ("get", "/admin/reports/{id}", Holders("feedback:read")),
    ("post", "/admin/reports/{id}/release", Holders("feedback:triage")),
    ("get", "/admin/reports/{id}/quarantine", Holders("feedback:triage")),
    ("post", "/admin/reports/{id}/quarantine", Holders("feedback:triage")),
    ("get", "/admin/reports/{id}/move", Holders("feedback:triage")),
    ("post", "/admin/reports/{id}/move", Holders("feedback:triage")),
    ("get", "/admin/reports/{id}/redact", Holders("feedback:triage")),
    ("post", "/admin/reports/{id}/redact", Holders("feedback:triage")),
    ("post", "/admin/reports/{id}/put-back", Holders("feedback:triage")),
    ("get", "/admin/reports/{id}/erase", Holders("feedback:erase")),
    ("post", "/admin/reports/{id}/erase", Holders("feedback:erase")),
    ("get", "/admin/media", For::Holders("content:read")),
    ("get", "/admin/media/new", For::Holders("media:write")),
    ("post", "/admin/media/new", For::Holders("media:write")),
    ("get", "/admin/media/describe", For::Holders("media:write")),
    ("post", "/admin/media/describe", For::Holders("media:write")),
    ("get", "/admin/media/{id}", For::Holders("content:read")),
    ("post", "/admin/media/{id}", For::Holders("media:write")),
    ("get", "/admin/media/{id}/replace", For::Holders("media:write")),
    ("post", "/admin/media/{id}/replace", For::Holders("media:write")),
    ("get", "/admin/media/{id}/delete", For::Holders("media:write")),
    ("post", "/admin/media/{id}/delete", For::Holders("media:write")),
    ("get", "/admin/media/{id}/files/{key}", For::Holders("content:read")),
    ("get", "/admin/redirects", For::Holders("content:read")),
    ("get", "/admin/redirects/new", For::Holders("content:publish")),
    ("post", "/admin/redirects/new", For::Holders("content:publish")),
    ("get", "/admin/redirects/{id}/remove", For::Holders("content:publish")),
    ("post", "/admin/redirects/{id}/remove", For::Holders("content:publish")),
    ("get", "/admin/gallery", SignedIn),
    ("get", "/admin/replace", Holders("content:write")),
    ("post", "/admin/replace", Holders("content:write")),
    ("post", "/admin/replace/confirm", Holders("content:write")),
    ("get", "/admin/search", Holders("content:read")),
    ("get", "/admin/{collection}", Holders("content:read")),
    ("get", "/admin/{collection}/trash", Holders("content:read")),
    ("get", "/admin/{collection}/new", Holders("content:write")),
    ("post", "/admin/{collection}/new", Holders("content:write")),
    ("post", "/admin/{collection}/bulk", Holders("content:write")),
    ("post", "/admin/{collection}/bulk/confirm", Holders("content:write")),
];

fn address(path: &str) -> String {
    let id = "00000000-0000-7000-8000-000000000001";
    let filled = path
        .replace("{collection}", "role-pages")
        .replace("{version}", "1")
        .replace("{key}", "porter.webp")
        .replace("{secret}", "0123456789abcdef0123456789abcdef")
        .replace("{hash}", "0123456789abcdef")
        .replace("{*file}", "panel.css")
        .replace("{publication}", id)
        .replace("{link}", id)
        .replace("{delivery}", id)
        .replace("{id}", id);
    assert!(!filled.contains('{'), "the test knows no value for a parameter in {path}");
    filled
}

async fn call(browser: &Browser, method: &str, path: &str) -> StatusCode {
    let mut browser = browser.clone();
    if path == "/admin/sign-out" && browser.user.is_some() {
        // Signing out ends the session itself; a session of its own signs nobody else out of the test.
        // A copy with a session of its own for signing out, so that the others go on.
        // A session of its own, so that the other one goes on.
        browser.cookies.clear();
        browser.sign_in().await;
    }
    match method {
        "get" => browser.get(&address(path)).await.status,
        _ => browser.post(&address(path), &[("version", "1")]).await.status,
    }
}

#[test]
fn every_route_has_a_row_that_says_what_its_list_says() {
    let rows: BTreeSet<(&str, &str)> = TABLE.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(rows.len(), TABLE.len(), "no row stands twice");
    let routes: BTreeSet<(&str, &str)> = admin::ROUTES.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(routes.len(), admin::ROUTES.len(), "no route stands twice");
    let without_row: Vec<_> = routes.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&routes).collect();
    assert!(without_row.is_empty() && without_route.is_empty(), "{without_row:?} {without_route:?}");
    for route in admin::ROUTES {
        let said = match route.access {
            Access::Public | Access::Token => Everybody,
            Access::Key | Access::SignedIn => SignedIn,
            Access::Permission(permission) => For::Holders(permission.name()),
        };
        let row = TABLE.iter().find(|(method, path, _)| (*method, *path) == (route.method, route.path)).unwrap();
        assert_eq!(row.2, said, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_on_every_route() {
    let app = TestApp::new().await;
    let stranger = app.browser();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((*role, app.signed_in(role.name(), &[*role]).await));
    }
    let mut wrong = Vec::new();
    for (method, path, who) in TABLE {
        let status = call(&stranger, method, path).await;
        let fits = match who {
            Everybody => status != StatusCode::FORBIDDEN && !status.is_server_error(),
            _ => status == StatusCode::SEE_OTHER,
        };
        if !fits {
            wrong.push(format!("a stranger: {method} {path}: {status}"));
        }
        for (role, person) in &people {
            let status = call(person, method, path).await;
            let may = match who {
                For::Holders(name) => role.permissions().iter().any(|permission| permission.name() == *name),
                _ => true,
            };
            let fits = if may { status != StatusCode::FORBIDDEN } else { status == StatusCode::FORBIDDEN };
            if !fits || status.is_server_error() {
                wrong.push(format!("{}: {method} {path}: {status}, may: {may}", role.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
