//! The search of what is published.

use serde_json::json;
use uuid::Uuid;

use crate::{
    content::Kind,
    kernel::DocumentId,
    published::{self, Reading, Searching, Selection},
    search::Words,
    web::{Answer, Cursor, Query, Visit},
};

use super::{documents::written, filters};

/// Characters of what is searched for.
const WORDS_LIMIT: usize = 200;
/// So many of the best can be paged through.
const DEEPEST: usize = 10_000;
/// Marks the cursors of this list.
const ORDER: &str = "search";

pub async fn search(mut visit: Visit) -> Answer {
    let query = &mut visit.query;
    let (typed, words) = words(query, true).unwrap_or_default();
    let kind: Option<Kind> = query.choice("kind");
    let limit = query.number("limit", 20, 1, 100);
    let selection =
        Selection { parent: query.id("parent").map(DocumentId), ids: None, updated_since: query.time("updated_since") };
    let filter = filters::read(query);
    let offset = offset(query);
    std::mem::take(query).finish()?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let searching = Searching { words, kind, selection, filter, offset, limit: most };
    let read = async {
        let app = &visit.app;
        let (found, reading) = published::search(&app.database, &app.directory, &app.search, &searching).await?;
        let seen = offset.saturating_add(found.data.len());
        let next = (found.more && seen < DEEPEST).then(|| next(&typed, &searching, limit, seen));
        let body = json!({ "data": found.data, "next": next, "total": found.total, "facets": found.facets });
        written(Reading { value: body, ..reading })
    };
    visit.app.answers.answer(&visit, read).await
}

/// What was typed, and its words.
pub(super) fn words(query: &mut Query, needed: bool) -> Option<(String, Words)> {
    let typed = query.text("q");
    let words = typed.as_deref().map(Words::read).unwrap_or_default();
    match &typed {
        None if needed => query.fault("q", "missing", "Say what to search for."),
        None => {}
        Some(typed) if typed.chars().count() > WORDS_LIMIT => {
            query.fault("q", "too-long", format!("At most {WORDS_LIMIT} characters can be searched for."));
        }
        Some(_) if words.is_empty() => query.fault("q", "empty", "There is no word in it to search for."),
        Some(_) => {}
    }
    Some((typed?, words))
}

/// How many of the best the page before ended with.
fn offset(query: &mut Query) -> usize {
    let Some(cursor) = query.cursor("cursor", ORDER) else { return 0 };
    let offset = cursor.key.parse().ok().filter(|offset| *offset <= DEEPEST);
    if offset.is_none() {
        query.fault("cursor", "bad-cursor", "The search did not give out this cursor.");
    }
    offset.unwrap_or_default()
}

/// The address of the next page.
fn next(typed: &str, searching: &Searching, limit: u64, seen: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", typed).append_pair("limit", &limit.to_string());
    if let Some(kind) = searching.kind {
        query.append_pair("kind", kind.name());
    }
    if let Some(parent) = searching.selection.parent {
        query.append_pair("parent", &parent.to_string());
    }
    if let Some(since) = searching.selection.updated_since {
        query.append_pair("updated_since", &since.to_string());
    }
    filters::write(&searching.filter, &mut query);
    let cursor = Cursor { order: ORDER.to_owned(), key: seen.to_string(), id: Uuid::nil() };
    query.append_pair("cursor", &cursor.encode());
    format!("/api/v1/search?{}", query.finish())
}
