//! The changes feed, with long polling: a question that finds nothing new may wait for it.

use std::time::Duration;

use axum::http::{HeaderValue, header};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    published::{self, FeedCursor},
    web::{Answer, Visit, json as answer},
};

/// How often a waiting question looks by itself, in case another instance wrote.
const LOOK: Duration = Duration::from_millis(500);

pub async fn feed(mut visit: Visit) -> Answer {
    let since = match visit.query.text("since") {
        None => None,
        Some(text) => {
            let cursor = text.parse::<FeedCursor>().ok();
            if cursor.is_none() {
                visit.query.fault("since", "bad-cursor", "The changes feed did not give out this cursor.");
            }
            cursor
        }
    };
    let limit = usize::try_from(visit.query.number("limit", 100, 1, 100)).unwrap_or(100);
    let wait = visit.query.number("wait", 0, 0, 30);
    std::mem::take(&mut visit.query).finish()?;
    let deadline = Instant::now() + Duration::from_secs(wait);
    let feed = loop {
        // Listening begins before reading, so that nothing is missed in between.
        let bell = visit.app.bell.notified();
        // Whoever reads the pages that the feed names must find them as new as the feed.
        let until = visit.app.answers.catch_up(&visit.app.database).await?;
        let feed = published::feed(&visit.app.database, since.clone(), until, limit).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        if !feed.data.is_empty() || left.is_zero() {
            break feed;
        }
        let _ = tokio::time::timeout(left.min(LOOK), bell).await;
    };
    let body = json!({ "data": feed.data, "cursor": feed.cursor.to_string(), "more": feed.more });
    let mut response = answer(&body)?;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
