//! What was changed on a page because visitors reported something, as far as the site tells.

use serde_json::json;

use crate::{
    kernel::Error,
    published::{self, Reading},
    web::{Answer, Cursor, Visit},
};

use super::documents::{kind, written};

/// Marks the cursors of this list.
const ORDER: &str = "what-changed";

pub async fn list(mut visit: Visit) -> Answer {
    let kind = kind(&visit)?;
    let query = &mut visit.query;
    let limit = query.number("limit", 20, 1, 100);
    let after = query.cursor("cursor", ORDER).and_then(|cursor| {
        let at = cursor.key.parse().ok();
        if at.is_none() {
            query.fault("cursor", "bad-cursor", "This list did not give out the cursor.");
        }
        Some((at?, cursor.id))
    });
    std::mem::take(query).finish()?;
    let named = visit.parameter("page").to_owned();
    let read = async {
        let found = published::fixes_told(&visit.app.database, kind, &named, after.as_ref(), limit).await?;
        let missing = || Error::not_found(format!("published {} {named:?}", kind.words()));
        let (page, reading) = found.ok_or_else(missing)?;
        let next = page.next.map(|(key, id)| {
            let cursor = Cursor { order: ORDER.to_owned(), key, id }.encode();
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("limit", &limit.to_string()).append_pair("cursor", &cursor);
            format!("/api/v1/{}/{named}/what-changed?{}", kind.collection(), query.finish())
        });
        let body = json!({ "data": page.rows, "next": next, "total": page.total });
        written(Reading { value: body, ..reading })
    };
    visit.app.answers.answer(&visit, read).await
}
