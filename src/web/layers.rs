//! The layers around every request, outermost first: a request id, one log line, panics caught, problems written.
//!
//! Never logged: bodies, query strings, credentials, addresses of visitors, and paths that hold a secret: of those, and of
//! paths that lead nowhere, only the beginning is.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};

use crate::kernel::Error;

use super::{App, Problem, problem};

/// The name of the request in the log and in answers.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub String);

/// The first parts of paths that are counted apart.
const DOORS: [&str; 5] = ["api", "manage", "media", "preview", "admin"];

/// Where reports are sent to.
const REPORTS: &str = "/api/v1/reports";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Puts the layers around a router.
pub fn around(router: Router<App>, app: App) -> Router<App> {
    router.layer(middleware::from_fn_with_state(app, handle))
}

async fn handle(State(app): State<App>, mut request: Request, next: Next) -> Response {
    use futures_util::FutureExt;

    let started = Instant::now();
    let request_id = app.chance.id(app.clock.now()).simple().to_string();
    let method = request.method().clone();
    let origin = request.headers().get(header::ORIGIN).cloned();
    let path = request.uri().path().to_owned();
    let logged = logged_path(&path, request.extensions().get::<MatchedPath>());
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = outcome.unwrap_or_else(|_| Problem::from(Error::bug("a handler panicked")).into_response());
    // Whoever has written sees it at the next request here.
    if !method.is_safe()
        && let Err(error) = app.answers.catch_up(&app.database).await
    {
        tracing::warn!(request_id, %error, "the kept answers could not follow the log");
    }
    let mut response = written(response, &path, &logged, &request_id);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // An address that holds a secret is told to nobody, not to our own pages either.
    let is_secret = logged.contains("{secret}");
    let referrer = if is_secret { "no-referrer" } else { "strict-origin-when-cross-origin" };
    if is_secret {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
    }
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static(referrer));
    allow_browsers(headers, &app, &method, &path, origin);
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let door = path.split('/').nth(1).filter(|door| DOORS.contains(door)).unwrap_or("other");
    metrics::counter!("rolebook_requests_total", "door" => door.to_owned(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("rolebook_request_seconds", "door" => door.to_owned()).record(elapsed.as_secs_f64());
    tracing::info!(%method, path = logged, status, milliseconds, request_id, "answered");
    response
}

/// Which scripts of other sites may read the answer (Fetch standard, CORS protocol): of all sites what is published, of the
/// site origins what becomes of a report. Whoever may read the answer may read why there is none.
fn allow_browsers(headers: &mut HeaderMap, app: &App, method: &Method, path: &str, origin: Option<HeaderValue>) {
    if path == REPORTS {
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        let is_known = |origin: &HeaderValue| {
            origin.to_str().is_ok_and(|origin| app.site_origins.iter().any(|known| known == origin))
        };
        if let Some(origin) = origin.filter(is_known) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
        }
        return;
    }
    let is_receipt = path.strip_prefix(REPORTS).is_some_and(|rest| rest.starts_with('/'));
    let is_public_read = path.starts_with("/api/v1/") && !is_receipt && method.is_safe() && method != Method::OPTIONS;
    if is_public_read && !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
}

/// The path as it may stand in the log.
fn logged_path(path: &str, matched: Option<&MatchedPath>) -> String {
    match matched.map(MatchedPath::as_str) {
        Some(route) if route.contains("{secret}") => route.to_owned(),
        Some(route) if !route.contains("{*rest}") => path.to_owned(),
        // An address of the panel that leads nowhere may be a link that was cut or altered; its secret comes third.
        _ if path.starts_with("/admin/") => path.split('/').take(3).collect::<Vec<_>>().join("/"),
        _ => path.split('/').take(4).collect::<Vec<_>>().join("/"),
    }
}

/// Writes what is still only an error: our own problems, and what the framework answers by itself.
fn written(mut response: Response, path: &str, logged: &str, request_id: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Error::Bug(source) = &*problem.0 {
            tracing::error!(request_id, path = logged, error = %source, "a fault of the program");
        }
        if let Error::Unavailable(detail) = &*problem.0 {
            tracing::warn!(request_id, path = logged, detail, "the database or the store is away");
        }
        return problem::render(&problem, path, Some(request_id));
    }
    let is_problem = response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && !is_problem {
        return method_not_allowed(response, path);
    }
    response
}

fn method_not_allowed(response: Response, path: &str) -> Response {
    let allow = response.headers().get(header::ALLOW).cloned();
    let detail = match allow.as_ref().and_then(|value| value.to_str().ok()) {
        Some(methods) => format!("This address answers to {methods} only."),
        None => "This address does not answer to that method.".to_owned(),
    };
    let body = serde_json::json!({
        "type": "/problems/method-not-allowed",
        "title": "The method is not allowed",
        "status": 405,
        "detail": detail,
        "instance": path,
    });
    let mut answer = (StatusCode::METHOD_NOT_ALLOWED, axum::Json(body)).into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    answer
}
