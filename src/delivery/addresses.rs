//! Paths: what stands at one, and all of them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    kernel::{Error, Result, Timestamp},
    published::{self, Address, Paths},
    web::{Answer, Visit, Written},
};

use super::documents::written;

pub async fn show(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let path = format!("/{}", visit.parameter("path"));
    let read = async {
        let (address, sequence) = published::address(&visit.app.database, &path).await?;
        match address {
            Address::Page(reading) => written(*reading),
            Address::Moved { location, since } => Ok((moved(location, since)?, sequence)),
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
                let problem = "application/problem+json".into();
                let plain = plain(&body, Timestamp(0))?;
                Ok((Written { status: StatusCode::GONE, content_type: problem, ..plain }, sequence))
            }
            Address::Nothing => Err(Error::not_found(format!("page at {path}"))),
        }
    };
    visit.app.answers.answer(&visit, read).await
}

/// A client that follows the header stays within this API; the body names the address on the site.
fn moved(location: String, since: Timestamp) -> Result<Written> {
    let body = json!({ "location": location });
    let header = if location.starts_with('/') { format!("/api/v1/content{location}") } else { location };
    Ok(Written { status: StatusCode::MOVED_PERMANENTLY, location: Some(header), ..plain(&body, since)? })
}

/// Paths in order, each with what it answers; up to 1,000 a page.
pub async fn list(mut visit: Visit) -> Answer {
    let limit = visit.query.number("limit", 1_000, 1, 1_000);
    let after = visit.query.text("cursor");
    std::mem::take(&mut visit.query).finish()?;
    let count = usize::try_from(limit).unwrap_or(1_000);
    let read = async {
        let Paths { paths, more, total, changed_at, sequence } =
            published::addresses(&visit.app.database, after.as_deref(), count).await?;
        let next = paths.last().filter(|_| more).map(|last| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("limit", &limit.to_string())
                .append_pair("cursor", &last.path)
                .finish();
            format!("/api/v1/paths?{query}")
        });
        let body = json!({ "data": paths, "next": next, "total": total });
        Ok((Written { depends_on: vec!["paths".to_owned()], ..plain(&body, changed_at)? }, sequence))
    };
    visit.app.answers.answer(&visit, read).await
}

/// An answer that hangs on no single thing.
fn plain(body: &Value, last_modified: Timestamp) -> Result<Written> {
    Ok(Written::new(serde_json::to_vec(body)?, "application/json", last_modified))
}
