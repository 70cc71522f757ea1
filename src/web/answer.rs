//! Answers: JSON for programs, and cacheable bytes with their validators.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::kernel::Timestamp;

use super::Answer;

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// JSON that nobody keeps.
pub fn json(value: &impl Serialize) -> Answer {
    answer(StatusCode::OK, value, None, None)
}

/// JSON of a thing with its version as the ETag.
pub fn json_with_version(value: &impl Serialize, version: i64) -> Answer {
    answer(StatusCode::OK, value, Some(version), None)
}

/// JSON of a thing with any text as its ETag.
pub fn json_with_etag(value: &impl Serialize, etag: &str) -> Answer {
    let mut response = json(value)?;
    set(response.headers_mut(), header::ETAG, &format!("\"{etag}\""));
    Ok(response)
}

/// JSON of a new thing, with its address.
pub fn created(value: &impl Serialize, version: i64, location: &str) -> Answer {
    answer(StatusCode::CREATED, value, Some(version), Some(location))
}

/// JSON of a new thing with any text as its ETag, with its address.
pub fn created_with_etag(value: &impl Serialize, etag: &str, location: &str) -> Answer {
    let mut response = answer(StatusCode::CREATED, value, None, Some(location))?;
    set(response.headers_mut(), header::ETAG, &format!("\"{etag}\""));
    Ok(response)
}

pub fn no_content() -> Answer {
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

pub fn see_other(location: &str) -> Answer {
    let mut response = StatusCode::SEE_OTHER.into_response();
    set(response.headers_mut(), header::LOCATION, location);
    set(response.headers_mut(), header::CACHE_CONTROL, "no-store");
    Ok(response)
}

fn answer(status: StatusCode, value: &impl Serialize, version: Option<i64>, location: Option<&str>) -> Answer {
    let body = serde_json::to_vec(value).map_err(crate::kernel::Error::from)?;
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, "application/json");
    set(headers, header::CACHE_CONTROL, "no-store");
    if let Some(version) = version {
        set(headers, header::ETAG, &format!("\"{version}\""));
    }
    if let Some(location) = location {
        set(headers, header::LOCATION, location);
    }
    Ok(response)
}

/// Bytes that browsers, proxies and sites may keep for a while, and then ask about with a validator.
pub struct Cached {
    pub body: Vec<u8>,
    pub content_type: String,
    pub last_modified: Timestamp,
    /// Seconds for which it may be used without asking.
    pub max_age: u64,
    /// The ids of everything that the answer depends on.
    pub depends_on: Vec<String>,
    pub status: StatusCode,
    pub location: Option<String>,
}

impl Cached {
    /// The answer to this request: the bytes, or 304 if the caller has them already (RFC 9110, section 13).
    pub fn answer(self, request: &HeaderMap) -> Response {
        let etag = etag(&self.body);
        let modified = http_date(self.last_modified);
        let fresh = self.status == StatusCode::OK && self.is_known(request, &etag);
        let mut response = if fresh {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let length = self.body.len();
            let mut response = (self.status, Body::from(self.body)).into_response();
            set(response.headers_mut(), header::CONTENT_TYPE, &self.content_type);
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            response
        };
        let headers = response.headers_mut();
        set(headers, header::ETAG, &etag);
        set(headers, header::LAST_MODIFIED, &modified);
        set(headers, header::CACHE_CONTROL, &format!("public, max-age={}", self.max_age));
        set(headers, header::VARY, "Accept-Encoding");
        set(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        if !self.depends_on.is_empty() {
            set(headers, SURROGATE_KEY, &self.depends_on.join(" "));
        }
        if let Some(location) = &self.location {
            set(headers, header::LOCATION, location);
        }
        response
    }

    fn is_known(&self, request: &HeaderMap, etag: &str) -> bool {
        let tags: Vec<&str> = request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .collect();
        if !tags.is_empty() {
            return tags.iter().any(|tag| *tag == "*" || *tag == etag);
        }
        let since = request.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok()).and_then(parse_date);
        since.is_some_and(|since| self.last_modified.0.div_euclid(1_000) <= since)
    }
}

/// A strong validator: the hash of the bytes, the same on every instance.
fn etag(body: &[u8]) -> String {
    let hex: String = Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// The date format of HTTP (RFC 9110, section 5.6.7).
fn http_date(time: Timestamp) -> String {
    use time::macros::format_description;

    let format =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    time.moment().format(format).unwrap_or_default()
}

/// Seconds since 1970 of a date in HTTP's format.
fn parse_date(text: &str) -> Option<i64> {
    let text = text.strip_suffix("GMT").map(|head| format!("{head}+0000"))?;
    OffsetDateTime::parse(&text, &Rfc2822).ok().map(OffsetDateTime::unix_timestamp)
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
