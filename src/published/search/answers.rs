//! Answers of the search: cards, the best first, each with what answers the question in it; and how many there are of
//! each parent, route and level.
//!
//! Decision (2026-11-22), marks without markup. Context: sites show the words that were found in another way than the
//! text around them. Choice: a highlight is a list of pieces of plain text, of which some are marked. Consequence: nobody
//! has to trust, unescape or parse anything; a site without wishes joins the texts.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::{
    content::{Kind, kinds::Content},
    events,
    kernel::{Database, DocumentId, Result, Sequence},
    search::{self, Field, Marker, Piece, Question, Words},
};

use super::{
    super::{
        Reading,
        directory::{Directory, Filter, LevelCount, Ranked, RouteCount, Selection, State, Wanted},
        load::{Moment, publications},
        reading::{last_public_change, listed, live_rows},
        view::{Card, ListItem},
    },
    Search, parts,
};

/// How many parents are counted by name.
const PARENTS: usize = 20;
/// How many highlights a hit has.
const HIGHLIGHTS: usize = 4;

/// What is searched for, and how much of it is wanted.
#[derive(Clone, Debug)]
pub struct Searching {
    pub words: Words,
    pub kind: Option<Kind>,
    pub selection: Selection,
    pub filter: Filter,
    /// How many of the best have been seen already.
    pub offset: usize,
    pub limit: usize,
}

#[derive(Serialize)]
struct Hit {
    #[serde(flatten)]
    item: ListItem,
    highlights: Vec<Highlight>,
}

/// A part of a page with the words marked that answer the question.
#[derive(Serialize)]
struct Highlight {
    field: &'static str,
    pieces: Vec<Piece>,
}

#[derive(Serialize)]
struct Facets {
    parent: Vec<ParentCount>,
    route: Vec<RouteCount>,
    level: Vec<LevelCount>,
}

#[derive(Serialize)]
struct ParentCount {
    parent: Card,
    count: u64,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Findings {
    pub data: Vec<Value>,
    pub facets: Value,
    pub total: u64,
    /// Whether there is more.
    pub more: bool,
}

/// Searches what is published.
///
/// # Errors
/// [`crate::kernel::Error::Unavailable`] while the index is made for the first time.
pub async fn search(
    database: &Database,
    directory: &Directory,
    search: &Search,
    searching: &Searching,
) -> Result<(Findings, Reading)> {
    let Hits { question, hits, sequence } = hits(database, search, &searching.words).await?;
    let wanted =
        Wanted { kind: searching.kind, selection: &searching.selection, filter: &searching.filter, among: None };
    let rank = |state: &State| Ok(state.rank(wanted, &hits, searching.offset, searching.limit));
    let (snapshot, Ranked { ids, total, parents, routes, levels }) = directory.ask(database, rank).await?;
    let mut contents: HashMap<DocumentId, Content> =
        publications::of(&*snapshot, &ids, Moment::Now).await?.into_iter().map(|one| (one.id, one.content)).collect();
    let mut marker = Marker::of(&question);
    let mut data = Vec::new();
    for row in live_rows(&*snapshot, &ids).await? {
        let content = contents.remove(&DocumentId(row.document_id));
        let highlights = content.map(|content| highlights(&content, &mut marker)).unwrap_or_default();
        data.push(serde_json::to_value(Hit { item: listed(row)?, highlights })?);
    }
    let named: Vec<DocumentId> = parents.iter().take(PARENTS).map(|(parent, _)| *parent).collect();
    let counts: HashMap<DocumentId, u64> = parents.into_iter().collect();
    let mut parent = Vec::new();
    for row in live_rows(&*snapshot, &named).await? {
        let card = listed(row)?.card;
        parent.push(ParentCount { count: counts.get(&card.id).copied().unwrap_or_default(), parent: card });
    }
    let facets = serde_json::to_value(Facets { parent, route: routes, level: levels })?;
    let seen = u64::try_from(searching.offset.saturating_add(data.len())).unwrap_or(u64::MAX);
    let reading = Reading {
        value: Value::Null,
        changed_at: last_public_change(&*snapshot).await?,
        document: None,
        depends_on: ids.iter().chain(&named).map(ToString::to_string).chain(["search".to_owned()]).collect(),
        // What an index that is behind has answered is not to be kept as the answer of now.
        sequence: sequence.min(events::last_sequence(&*snapshot).await?),
    };
    Ok((Findings { more: seen < total && !data.is_empty(), data, facets, total }, reading))
}

/// What the index answers.
pub struct Hits {
    /// As the index understood it.
    pub question: Question,
    pub hits: search::Hits,
    /// Up to which event the index had been fed, at least.
    pub sequence: Sequence,
}

/// Asks the index as it is after everything that has been published by now.
pub async fn hits(database: &Database, search: &Search, words: &Words) -> Result<Hits> {
    let (index, sequence) = search.up_to_now(database).await?;
    let question = index.question(words)?;
    let hits = index.find(&question)?;
    Ok(Hits { question, hits, sequence })
}

/// Titles and the summary where they answer, and the one place in the text that answers most.
fn highlights(content: &Content, marker: &mut Marker<'_>) -> Vec<Highlight> {
    let parts = parts(content);
    let mut found = Vec::new();
    for (field, name) in [
        (Field::Title, "title"),
        (Field::AlternativeTitles, "alternative_titles"),
        (Field::Roles, "roles"),
        (Field::Summary, "summary"),
    ] {
        let pieces = parts.iter().filter(|(other, _)| *other == field).find_map(|(_, text)| marker.marked(text));
        found.extend(pieces.map(|pieces| Highlight { field: name, pieces }));
    }
    let best = parts
        .iter()
        .filter_map(|(field, text)| {
            let name = match field {
                Field::Tasks => "tasks",
                Field::Text => "text",
                _ => return None,
            };
            marker.excerpt(text).map(|(pieces, count)| (count, name, pieces))
        })
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    found.truncate(HIGHLIGHTS - 1);
    found.extend(best.map(|(_, field, pieces)| Highlight { field, pieces }));
    found
}
