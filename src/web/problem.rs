//! Errors as `application/problem+json` (RFC 9457): the one place that gives the domain's errors their HTTP status.

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::kernel::{Error, Fault};

/// What handlers answer.
pub type Answer = Result<Response, Problem>;

/// An error on its way out. A layer writes it, since only there the address of the request is known.
#[derive(Clone, Debug)]
pub struct Problem(pub Arc<Error>);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer to an address that leads nowhere.
pub async fn not_found() -> Problem {
    Error::not_found("such address").into()
}

impl Problem {
    /// The status with which an error is answered.
    pub fn status(error: &Error) -> StatusCode {
        status(error)
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict { .. } | Error::AlreadyDone => StatusCode::CONFLICT,
        Error::Stale(_) => StatusCode::PRECONDITION_FAILED,
        Error::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Error::Gone { .. } => StatusCode::GONE,
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) | Error::NotAllowed { .. } => StatusCode::FORBIDDEN,
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Bug(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The stable name of the kind of problem, and its title.
fn kind(error: &Error) -> (&str, &'static str) {
    match error {
        Error::NotFound(_) => ("not-found", "There is nothing here"),
        Error::Malformed(_) => ("malformed", "The request can't be read"),
        Error::Invalid(_) => ("invalid", "The content is not valid"),
        Error::Conflict { code, .. } => (code, "It does not fit the present state"),
        Error::AlreadyDone => ("in-progress", "The same request is being carried out"),
        Error::Stale(_) => ("stale", "Somebody saved a newer version"),
        Error::PreconditionRequired => ("precondition-required", "The version is missing"),
        Error::Gone { code, .. } => (code, "It is gone"),
        Error::Unauthenticated(_) => ("unauthenticated", "A valid key is needed"),
        Error::Forbidden(_) => ("forbidden", "This is not allowed"),
        Error::NotAllowed { code, .. } => (code, "This is not allowed"),
        Error::TooLarge { .. } => ("too-large", "The request is too large"),
        Error::UnsupportedMediaType(_) => ("unsupported-media-type", "The media type is not supported"),
        Error::TooMany { .. } => ("too-many-requests", "Too many requests"),
        Error::Unavailable(_) => ("unavailable", "The service is not available"),
        Error::Bug(_) => ("internal", "Something went wrong"),
    }
}

/// Writes a problem for the request at `instance`.
pub(super) fn render(problem: &Problem, instance: &str, request_id: Option<&str>) -> Response {
    let error = &*problem.0;
    let (code, title) = kind(error);
    let mut body = Map::new();
    body.insert("type".to_owned(), format!("/problems/{code}").into());
    body.insert("title".to_owned(), title.into());
    body.insert("status".to_owned(), status(error).as_u16().into());
    body.insert("detail".to_owned(), detail(error).into());
    body.insert("instance".to_owned(), instance.into());
    match error {
        Error::Malformed(faults) | Error::Invalid(faults) => add_faults(&mut body, faults),
        Error::Conflict { faults, .. } if !faults.is_empty() => add_faults(&mut body, faults),
        Error::Stale(stale) => {
            body.insert("version".to_owned(), json!(stale.version));
            match &stale.current {
                Some(current) => body.insert("current".to_owned(), current.clone()),
                None => {
                    body.insert("merged".to_owned(), stale.merged.clone().unwrap_or(Value::Null));
                    body.insert("conflicts".to_owned(), json!(stale.conflicts))
                }
            };
        }
        Error::Forbidden(permission) => {
            body.insert("permission".to_owned(), permission.name().into());
        }
        Error::Bug(_) | Error::Unavailable(_) => {
            body.insert("request_id".to_owned(), json!(request_id));
        }
        _ => {}
    }
    let mut response = (status(error), Json(Value::Object(body))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match error {
        Error::TooMany { retry_after_seconds } => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
        }
        Error::Unavailable(_) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Error::Unauthenticated(_) => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"rolebook\""));
        }
        Error::Stale(stale) => {
            let etag = stale.version.map(|version| version.to_string()).or_else(|| stale.revision.clone());
            if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(&format!("\"{etag}\"")).ok()) {
                headers.insert(header::ETAG, etag);
            }
        }
        _ => {}
    }
    response
}

fn detail(error: &Error) -> String {
    match error {
        Error::Malformed(faults) | Error::Invalid(faults) => match faults.as_slice() {
            [one] => one.detail.clone(),
            many => format!("{} parts of the content can't be accepted.", many.len()),
        },
        Error::Bug(_) => "The fault is ours and has been noted; the request id finds it.".to_owned(),
        Error::Unavailable(_) => "The database or the store can't be reached at the moment; try again soon.".to_owned(),
        other => other.to_string(),
    }
}

fn add_faults(body: &mut Map<String, Value>, faults: &[Fault]) {
    body.insert("errors".to_owned(), json!(faults));
}
