//! The documents that may hold what is sought, by what the database can tell without reading contents one by one.
//!
//! Decision (2026-11-22), ids first. Context: at 10,000 documents the contents are a few hundred megabytes, and most
//! searches concern few of them. Choice: words are looked for in the rows of overviews, references in the rows that
//! remember them, and addresses and references of standards as a part of the stored content, in the database. What comes
//! of it may hold too much, never too little; `places.rs` then looks exactly.

use std::collections::BTreeMap;

use entity::{document, live_document, overview, reference, version};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, Query},
};
use uuid::Uuid;

use crate::{
    content::{
        kinds::Kind,
        lifecycle::LiveState,
        overviews::searched,
        references::{EMBEDDING, ReferenceRole},
    },
    kernel::{DocumentId, Error, Result, VersionNumber},
};

use super::sought::Sought;

/// A document that may hold it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    id: Uuid,
    kind: String,
    live_state: Option<String>,
    draft_version: Option<i32>,
    latest_version: i32,
    live_version: Option<i32>,
}

impl Candidate {
    pub fn id(&self) -> DocumentId {
        DocumentId(self.id)
    }

    /// Whether the public can read it.
    pub fn is_public(&self) -> bool {
        let state = self.live_state.as_deref().and_then(LiveState::from_name);
        matches!(state, Some(LiveState::Live | LiveState::Withdrawn))
    }

    /// # Errors
    /// [`Error::Bug`] for a kind that the program does not know.
    pub fn kind(&self) -> Result<Kind> {
        Kind::from_name(&self.kind).ok_or_else(|| Error::bug("a document of an unknown kind"))
    }

    /// The version that is shown: the draft, else the live one, else the latest.
    pub fn shown(&self) -> VersionNumber {
        VersionNumber(self.draft_version.or(self.live_version).unwrap_or(self.latest_version))
    }
}

/// Everything that may hold it, by title; nothing of the trash.
pub async fn candidates(connection: &impl ConnectionTrait, sought: &Sought) -> Result<Vec<Candidate>> {
    let query = document::Entity::find()
        .select_only()
        .columns([
            document::Column::Id,
            document::Column::Kind,
            document::Column::DraftVersion,
            document::Column::LatestVersion,
        ])
        .expr_as(live_version(), "live_version")
        .expr_as(of_live(live_document::Column::State), "live_state")
        .filter(document::Column::TrashedAt.is_null());
    let narrowed = narrowed(query, sought, connection.get_database_backend());
    let ordered = narrowed.order_by_asc(document::Column::TitleKey).order_by_asc(document::Column::Id);
    Ok(ordered.into_model().all(connection).await?)
}

/// The shown versions of some candidates, in one query.
pub async fn shown_versions(
    connection: &impl ConnectionTrait,
    some: &[Candidate],
) -> Result<BTreeMap<Uuid, version::Model>> {
    let named = some.iter().fold(Condition::any(), |named, one| {
        let of_one = Condition::all().add(version::Column::DocumentId.eq(one.id));
        named.add(of_one.add(version::Column::Number.eq(one.shown().0)))
    });
    let rows = version::Entity::find().filter(named).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.document_id, row)).collect())
}

/// The version that is or last was live, of the document of the row.
fn live_version() -> Expr {
    of_live(live_document::Column::Version)
}

fn of_live(column: live_document::Column) -> Expr {
    let mut live = Query::select();
    live.column((live_document::Entity, column)).from(live_document::Entity).and_where(
        Expr::col((live_document::Entity, live_document::Column::DocumentId))
            .equals((document::Entity, document::Column::Id)),
    );
    Expr::SubQuery(None, Box::new(live.into()))
}

fn narrowed(query: Select<document::Entity>, sought: &Sought, backend: DatabaseBackend) -> Select<document::Entity> {
    match sought {
        Sought::Text(words) => holding_words(query, &words.text, backend),
        Sought::Organisation(name) => holding_words(query, name, backend),
        Sought::Address(text) => holding_part(query, text, false, backend),
        Sought::Standard(text) => holding_part(query, text, true, backend),
        Sought::Document(id) => referring(query, *id, ReferenceRole::ALL),
        Sought::Embedded(id) => referring(query, *id, &EMBEDDING),
    }
}

/// By the words of overviews; what is made of signs alone does not stand among them.
fn holding_words(query: Select<document::Entity>, text: &str, backend: DatabaseBackend) -> Select<document::Entity> {
    let words: Vec<String> =
        searched(text).into_iter().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    if words.is_empty() {
        return query;
    }
    let mut holding = overview::Entity::find().select_only().column(overview::Column::DocumentId);
    for word in words {
        holding = holding.filter(holds(Expr::col((overview::Entity, overview::Column::Words)), word, backend));
    }
    query.filter(document::Column::Id.in_subquery(holding.into_query()))
}

/// Both databases look a part of a text up by bytes, which is several times faster than a pattern is.
fn holds(text: Expr, part: String, backend: DatabaseBackend) -> Expr {
    let function = if backend == DatabaseBackend::Postgres { "strpos" } else { "instr" };
    Expr::expr(Func::cust(function).arg(text).arg(Expr::value(part))).gt(0)
}

/// By the longest run of letters and digits within it, which is stored as it is typed.
fn holding_part(
    query: Select<document::Entity>,
    text: &str,
    any_case: bool,
    backend: DatabaseBackend,
) -> Select<document::Entity> {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    let Some(run) = runs.max_by_key(|run| run.len()).filter(|run| !run.is_empty()) else { return query };
    let stored = Expr::col((version::Entity, version::Column::Content));
    let holds = if any_case {
        holds(Func::lower(stored).into(), run.to_ascii_lowercase(), backend)
    } else {
        holds(stored, run.to_owned(), backend)
    };
    let shown = Func::coalesce([
        Expr::col((document::Entity, document::Column::DraftVersion)),
        live_version(),
        Expr::col((document::Entity, document::Column::LatestVersion)),
    ]);
    let mut holding = Query::select();
    holding
        .expr(Expr::value(1))
        .from(version::Entity)
        .and_where(
            Expr::col((version::Entity, version::Column::DocumentId)).equals((document::Entity, document::Column::Id)),
        )
        .and_where(Expr::col((version::Entity, version::Column::Number)).eq(shown))
        .and_where(holds);
    query.filter(Expr::exists(holding))
}

/// By the references that are remembered of drafts and of what is live.
fn referring(query: Select<document::Entity>, id: DocumentId, roles: &[ReferenceRole]) -> Select<document::Entity> {
    let referring = reference::Entity::find()
        .select_only()
        .column(reference::Column::DocumentId)
        .filter(reference::Column::TargetId.eq(id.0))
        .filter(reference::Column::UntilSequence.is_null())
        .filter(reference::Column::Role.is_in(roles.iter().map(|role| role.name())));
    query.filter(document::Column::Id.in_subquery(referring.into_query()))
}
