//! Answers that nobody keeps: JSON for programs.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;

use super::Answer;

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

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
