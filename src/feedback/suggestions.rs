//! Which other cases say much the same as one, and why that is thought. A person decides.
//!
//! Decision (2026-11-22): what is proposed is about the same document and, as far as both say, about the same passage. Alike
//! words about two passages, "the link is broken" here and there, are two problems.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, report};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use uuid::Uuid;

use crate::kernel::{Result, Timestamp};

use super::{
    cases::standing,
    lifecycle::CaseState,
    queries::{Case, compose_all},
    similarity::{SIMILAR, Shape, words_alike},
    texts,
};

/// How many of its reports a case is compared by, and with how many others.
const COMPARED: usize = 5;
const COMPARED_WITH: u64 = 200;

/// An open case on the same document that says much the same.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    #[serde(flatten)]
    pub case: Case,
    /// From [`SIMILAR`] to 1.
    pub similarity: f64,
    /// The words that the two reports share that are most alike, in the order of this case's.
    pub words: Vec<String>,
    /// Whether these two name the same passage; without it one of them names none.
    pub same_passage: bool,
}

/// What two reports have in common.
struct Likeness {
    similarity: f64,
    words: Vec<String>,
    same_passage: bool,
}

/// What a report says of which passage, read once for all comparisons.
struct Said {
    block: Option<Uuid>,
    text: String,
    shape: Shape,
}

impl Said {
    fn by(report: &report::Model) -> Self {
        let text = texts::whole(report.doing.as_deref(), report.wrong.as_deref());
        Self { block: report.block_id, shape: Shape::of(&text), text }
    }
}

/// Open cases on the same document that look like this one, by their most similar reports. A closed case needs none.
pub(super) async fn suggestions(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    row: &case::Model,
    own: &[report::Model],
) -> Result<Vec<Suggestion>> {
    if !standing(row)?.state.is_open() {
        return Ok(Vec::new());
    }
    let open = CaseState::ALL.iter().filter(|state| state.is_open()).map(|state| state.name());
    let others: BTreeMap<Uuid, case::Model> = case::Entity::find()
        .filter(case::Column::DocumentId.eq(row.document_id))
        .filter(case::Column::State.is_in(open))
        .filter(case::Column::Id.ne(row.id))
        .order_by_desc(case::Column::LastReportAt)
        .limit(COMPARED_WITH)
        .all(connection)
        .await?
        .into_iter()
        .map(|other| (other.id, other))
        .collect();
    let reports = report::Entity::find()
        .filter(report::Column::CaseId.is_in(others.keys().copied()))
        .filter(report::Column::TextPurgedAt.is_null())
        .order_by_desc(report::Column::ReceivedAt)
        .limit(COMPARED_WITH)
        .all(connection)
        .await?;
    let own: Vec<Said> = own.iter().take(COMPARED).map(Said::by).collect();
    let mut alike: BTreeMap<Uuid, Likeness> = BTreeMap::new();
    for theirs in &reports {
        let Some(case) = theirs.case_id else { continue };
        let theirs = Said::by(theirs);
        for mine in &own {
            let Some(likeness) = likeness(mine, &theirs) else { continue };
            let is_better = alike.get(&case).is_none_or(|best| best.similarity < likeness.similarity);
            if is_better {
                alike.insert(case, likeness);
            }
        }
    }
    let wanted: BTreeSet<Uuid> = alike.keys().copied().collect();
    let similar: Vec<case::Model> = others.into_values().filter(|other| wanted.contains(&other.id)).collect();
    let mut suggestions = Vec::new();
    for case in compose_all(connection, now, similar).await? {
        if let Some(Likeness { similarity, words, same_passage }) = alike.remove(&case.id.0) {
            suggestions.push(Suggestion { case, similarity, words, same_passage });
        }
    }
    suggestions.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(a.case.number.cmp(&b.case.number)));
    Ok(suggestions)
}

/// What two reports have in common, if that is enough to propose that they are about the same problem.
fn likeness(mine: &Said, theirs: &Said) -> Option<Likeness> {
    if differ(mine.block, theirs.block) {
        return None;
    }
    let similarity = mine.shape.likeness(&theirs.shape);
    (similarity >= SIMILAR).then(|| Likeness {
        similarity,
        words: words_alike(&mine.text, &theirs.text),
        same_passage: mine.block.is_some() && mine.block == theirs.block,
    })
}

/// Whether two reports name different passages; one that names none can be about any.
pub(super) fn differ(one: Option<Uuid>, other: Option<Uuid>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}
