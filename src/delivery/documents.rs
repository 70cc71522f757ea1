//! Published pages: lists and single ones.

use axum::{http::StatusCode, response::Response};
use serde_json::json;

use crate::{
    content::{Kind, Sort},
    kernel::{DocumentId, Error, Result, Timestamp},
    published::{self, At, Listing, Reading, Selection},
    web::{Answer, Cached, Cursor, Visit},
};

use super::filters;

/// For how many seconds an answer may be used without asking again.
const MAX_AGE: i64 = 60;

pub async fn list(mut visit: Visit) -> Answer {
    let kind = kind(&visit)?;
    let query = &mut visit.query;
    let sort = query.choice("sort").unwrap_or(Sort::TitleUp);
    let limit = query.number("limit", 20, 1, 100);
    let selection = Selection {
        parent: query.id("parent").map(DocumentId),
        ids: query.documents("ids"),
        updated_since: query.time("updated_since"),
    };
    let filter = filters::read(query);
    let fields = query.names("fields").unwrap_or_default();
    let after = query.cursor("cursor", sort.name()).map(|cursor| (cursor.key, cursor.id));
    std::mem::take(query).finish()?;
    let listing = Listing { kind, selection, filter, sort, after, limit, fields };
    let (page, reading) = published::list(&visit.app.database, &visit.app.directory, &listing).await?;
    let next = page.next.map(|(key, id)| next(&listing, &Cursor { order: sort.name().to_owned(), key, id }));
    let body = json!({ "data": page.rows, "next": next, "total": page.total });
    cached(&visit, Reading { value: body, ..reading }, StatusCode::OK, None)
}

/// The address of the next page: the same list with the same parameters and another cursor.
fn next(listing: &Listing, cursor: &Cursor) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("sort", listing.sort.name()).append_pair("limit", &listing.limit.to_string());
    if let Some(parent) = listing.selection.parent {
        query.append_pair("parent", &parent.to_string());
    }
    if let Some(ids) = &listing.selection.ids {
        query.append_pair("ids", &ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    }
    if let Some(since) = listing.selection.updated_since {
        query.append_pair("updated_since", &since.to_string());
    }
    filters::write(&listing.filter, &mut query);
    if !listing.fields.is_empty() {
        query.append_pair("fields", &listing.fields.join(","));
    }
    query.append_pair("cursor", &cursor.encode());
    format!("/api/v1/{}?{}", listing.kind.collection(), query.finish())
}

pub async fn show(mut visit: Visit) -> Answer {
    let kind = kind(&visit)?;
    let at = visit.query.time("as_of").map_or(At::Now, At::Time);
    let fields = visit.query.names("fields");
    std::mem::take(&mut visit.query).finish()?;
    let named = visit.parameter("page").to_owned();
    let page = published::page(&visit.app.database, kind, &named, at, fields.as_deref()).await?;
    let page = page.ok_or_else(|| Error::not_found(format!("published {} {named:?}", kind.words())))?;
    cached(&visit, page, StatusCode::OK, None)
}

/// For search engines; sites put it into their pages.
pub async fn structured(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let named = visit.parameter("page").to_owned();
    let page = published::structured(&visit.app.database, &named).await?;
    let page = page.ok_or_else(|| Error::not_found(format!("published role page {named:?}")))?;
    let mut response = cached(&visit, page, StatusCode::OK, None)?;
    if response.status() == StatusCode::OK {
        let json_ld = axum::http::HeaderValue::from_static("application/ld+json");
        response.headers_mut().insert(axum::http::header::CONTENT_TYPE, json_ld);
    }
    Ok(response)
}

fn kind(visit: &Visit) -> Result<Kind> {
    Kind::of_collection(visit.parameter("collection")).ok_or_else(|| Error::not_found("such address"))
}

/// A reading as bytes that caches may keep: shorter as a scheduled change nears.
pub(super) fn cached(visit: &Visit, reading: Reading, status: StatusCode, location: Option<String>) -> Answer {
    let due = reading.next_due.map_or(MAX_AGE, |due| (due.0 - visit.app.clock.now().0) / Timestamp::SECOND);
    let answer = Cached {
        body: serde_json::to_vec(&reading.value).map_err(Error::from)?,
        content_type: "application/json".to_owned(),
        last_modified: reading.changed_at,
        max_age: u64::try_from(due.clamp(0, MAX_AGE)).unwrap_or_default(),
        depends_on: reading.depends_on,
        status,
        location,
    };
    let response: Response = answer.answer(&visit.headers);
    Ok(response)
}
