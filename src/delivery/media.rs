//! Published images. An address never changes what it shows, so it may be kept for a year.

use axum::http::{HeaderValue, StatusCode, header};

use crate::{
    kernel::{Error, Timestamp},
    media,
    web::{Answer, Cached, Visit},
};

const YEAR: u64 = 31_536_000;

pub async fn file(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let key = visit.parameter("key").to_owned();
    let snapshot = visit.app.database.read().await?;
    let file = media::file(&visit.app.store, &*snapshot, &key, true).await?;
    let file = file.ok_or_else(|| Error::not_found("such image"))?;
    let cached = Cached {
        body: file.bytes.to_vec(),
        content_type: file.media_type,
        last_modified: Timestamp(0),
        max_age: YEAR,
        depends_on: Vec::new(),
        status: StatusCode::OK,
        location: None,
    };
    let mut response = cached.answer(&visit.headers);
    let policy = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, policy);
    Ok(response)
}
