//! Published pages: lists and single ones.

use serde_json::json;

use crate::{
    content::{Kind, Sort},
    kernel::{DocumentId, Error, Result, Sequence},
    published::{self, At, Listing, Reading, Selection},
    web::{Answer, Cursor, Visit, Written},
};

use super::{filters, search};

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
    let (typed, words) = search::words(query, false).unzip();
    let fields = query.names("fields").unwrap_or_default();
    let after = query.cursor("cursor", sort.name()).map(|cursor| (cursor.key, cursor.id));
    std::mem::take(query).finish()?;
    let listing = Listing { kind, selection, filter, words, sort, after, limit, fields };
    let read = async {
        let app = &visit.app;
        let (page, reading) = published::list(&app.database, &app.directory, &app.search, &listing).await?;
        let cursor = page.next.map(|(key, id)| Cursor { order: sort.name().to_owned(), key, id });
        let next = cursor.map(|cursor| next(&listing, typed.as_deref(), &cursor));
        let body = json!({ "data": page.rows, "next": next, "total": page.total });
        written(Reading { value: body, ..reading })
    };
    visit.app.answers.answer(&visit, read).await
}

/// The address of the next page: the same list with the same parameters and another cursor.
fn next(listing: &Listing, typed: Option<&str>, cursor: &Cursor) -> String {
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
    if let Some(typed) = typed {
        query.append_pair("q", typed);
    }
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
    let read = async {
        let page = published::page(&visit.app.database, kind, &named, at, fields.as_deref()).await?;
        written(page.ok_or_else(|| Error::not_found(format!("published {} {named:?}", kind.words())))?)
    };
    match at {
        At::Now => visit.app.answers.answer(&visit, read).await,
        // The past is asked for seldom, and what may be seen of it hangs on more than public events.
        At::Time(_) => visit.app.answers.once(&visit, read.await?.0),
    }
}

/// For search engines; sites put it into their pages.
pub async fn structured(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let named = visit.parameter("page").to_owned();
    let read = async {
        let origin = visit.app.site_origins.first().map_or("", String::as_str);
        let page = published::structured(&visit.app.database, &named, origin).await?;
        let page = page.ok_or_else(|| Error::not_found(format!("published role page {named:?}")))?;
        let (written, sequence) = written(page)?;
        Ok((Written { content_type: "application/ld+json".into(), ..written }, sequence))
    };
    visit.app.answers.answer(&visit, read).await
}

pub(super) fn kind(visit: &Visit) -> Result<Kind> {
    Kind::of_collection(visit.parameter("collection")).ok_or_else(|| Error::not_found("such address"))
}

/// A reading as it is written, with the place in the log at which it was read.
pub(super) fn written(reading: Reading) -> Result<(Written, Sequence)> {
    let Reading { value, changed_at, document, depends_on, sequence } = reading;
    let plain = Written::new(serde_json::to_vec(&value)?, "application/json", changed_at);
    let written = Written { document: document.map(|id| id.0), depends_on, ..plain };
    Ok((written, sequence))
}
