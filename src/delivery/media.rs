//! Published images. An address never changes what it shows, so it may be kept for a year.

use axum::http::{HeaderValue, header};

use crate::{
    kernel::{Error, Timestamp},
    media,
    web::{Answer, Visit, Written, lasting},
};

const YEAR: u64 = 31_536_000;

pub async fn file(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let key = visit.parameter("key").to_owned();
    let snapshot = visit.app.database.read().await?;
    let file = media::file(&visit.app.store, &*snapshot, &key, true).await?;
    let file = file.ok_or_else(|| Error::not_found("such image"))?;
    let written = Written::new(file.bytes.to_vec(), file.media_type, Timestamp(0));
    let mut response = lasting(&visit.headers, written, YEAR);
    let policy = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, policy);
    Ok(response)
}
