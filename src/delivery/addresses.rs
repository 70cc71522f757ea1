//! Paths: what stands at one, and all of them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    kernel::{Error, Timestamp},
    published::{self, Address, Reading},
    web::{Answer, Visit},
};

use super::documents::cached;

pub async fn show(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let path = format!("/{}", visit.parameter("path"));
    match published::address(&visit.app.database, &path).await? {
        Address::Page(reading) => cached(&visit, *reading, StatusCode::OK, None),
        Address::Moved { location, since } => {
            // A client that follows the header stays within this API; the body names the address on the site.
            let header =
                if location.starts_with('/') { format!("/api/v1/content{location}") } else { location.clone() };
            let body = json!({ "location": location });
            cached(&visit, plain(body, since), StatusCode::MOVED_PERMANENTLY, Some(header))
        }
        Address::Gone { explanation, suggestions } => {
            let body = json!({
                "type": "/problems/gone",
                "title": "It is gone",
                "status": 410,
                "detail": explanation.clone().unwrap_or_else(|| "This page has been taken away.".to_owned()),
                "instance": visit.path,
                "explanation": explanation,
                "suggestions": suggestions,
            });
            let mut response = cached(&visit, plain(body, Timestamp(0)), StatusCode::GONE, None)?;
            let problem = axum::http::HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(axum::http::header::CONTENT_TYPE, problem);
            Ok(response)
        }
        Address::Nothing => Err(Error::not_found(format!("page at {path}")).into()),
    }
}

/// Paths in order, each with what it answers; up to 1,000 a page.
pub async fn list(mut visit: Visit) -> Answer {
    let limit = visit.query.number("limit", 1_000, 1, 1_000);
    let after = visit.query.text("cursor");
    std::mem::take(&mut visit.query).finish()?;
    let count = usize::try_from(limit).unwrap_or(1_000);
    let (paths, more, total, changed_at) = published::addresses(&visit.app.database, after.as_deref(), count).await?;
    let next = paths.last().filter(|_| more).map(|last| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("limit", &limit.to_string())
            .append_pair("cursor", &last.path)
            .finish();
        format!("/api/v1/paths?{query}")
    });
    let body = json!({ "data": paths, "next": next, "total": total });
    let reading = Reading { depends_on: vec!["paths".to_owned()], ..plain(body, changed_at) };
    cached(&visit, reading, StatusCode::OK, None)
}

fn plain(value: Value, changed_at: Timestamp) -> Reading {
    Reading { value, changed_at, depends_on: Vec::new(), next_due: None }
}
