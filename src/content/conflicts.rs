//! What somebody needs who saves and meets a newer version: who saved, what they changed, what can be merged and what
//! can't. It changes nothing; the merged content is saved like any other.

use entity::version;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, Timestamp, UserId, VersionNumber};

use super::{
    compare::{self, PageComparison},
    documents::Draft,
    kinds::Kind,
    merge::{self, Conflict, Side},
    queries::{self, Person, Rows},
};

/// A write that started from an older version, beside what was saved meanwhile.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// The version that is shown now.
    pub version: VersionNumber,
    /// When it was saved.
    pub at: Timestamp,
    /// Who saved since the version that the writer had heard of last, in order.
    pub savers: Vec<Person>,
    /// What they changed.
    pub theirs: PageComparison,
    /// Slug, parent, language and content with both sides' changes; `None` while there are conflicts.
    pub merged: Option<Value>,
    pub conflicts: Vec<Conflict>,
}

/// What a write started from.
#[derive(Clone, Debug)]
pub struct Start {
    /// The version that the write was drawn from.
    pub version: VersionNumber,
    /// The newest version that the writer has heard of; what came after it is news.
    pub heard: VersionNumber,
    /// What really stood before the writer where that is not the version: an open page knows of each field what was last
    /// said to be saved of it.
    pub base: Option<Draft>,
    /// The version that stood there when the choices were made, if there are any.
    pub chosen_at: Option<VersionNumber>,
}

impl From<VersionNumber> for Start {
    fn from(version: VersionNumber) -> Self {
        Self { version, heard: version, base: None, chosen_at: None }
    }
}

/// Merges a write with what is shown now, with the choices that a person made. Choices were made between two texts that were
/// seen: if theirs has changed since, they count for nothing.
///
/// # Errors
/// [`Error::NotFound`] if there is no such version to start from.
pub async fn reconcile(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    start: &Start,
    yours: &Draft,
    choices: &[(String, Side)],
) -> Result<Reconciliation> {
    ctx.authorise(Permission::ContentWrite)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    let rows = rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let current = rows.shown();
    let drawn = queries::version_row(&*snapshot, id, start.version).await?;
    let shown = queries::version_row(&*snapshot, id, current).await?;
    let yours = whole_of(yours, &drawn)?;
    let base = match &start.base {
        Some(base) => whole_of(base, &drawn)?,
        None => queries::whole(kind, &drawn)?,
    };
    let theirs = queries::whole(kind, &shown)?;
    let heard = match start.heard {
        heard if heard == current => theirs.clone(),
        heard => queries::whole(kind, &queries::version_row(&*snapshot, id, heard).await?)?,
    };
    let stand = match start.chosen_at.filter(|at| *at != current) {
        None => true,
        Some(at) => {
            let then = queries::whole(kind, &queries::version_row(&*snapshot, id, at).await?)?;
            texts_chosen_from(&base, &then, &yours, choices) == texts_chosen_from(&base, &theirs, &yours, choices)
        }
    };
    let merge = merge::resolve(&base, &theirs, &yours, if stand { choices } else { &[] });
    let savers: Vec<(Option<uuid::Uuid>, String)> = version::Entity::find()
        .select_only()
        .column(version::Column::ActorId)
        .column(version::Column::ActorName)
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.gt(start.heard.0))
        .filter(version::Column::Number.lte(current.0.max(start.heard.0)))
        .order_by_asc(version::Column::Number)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let mut people: Vec<Person> = Vec::new();
    for (id, name) in savers {
        let person = Person { id: id.map(UserId), name };
        if !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(Reconciliation {
        version: current,
        at: Timestamp(shown.created_at),
        savers: people,
        theirs: compare::compare_pages(&heard, &theirs, false),
        merged: merge.merged,
        conflicts: merge.conflicts,
    })
}

/// What the others' side says at the places about which a choice was made.
fn texts_chosen_from(base: &Value, theirs: &Value, yours: &Value, choices: &[(String, Side)]) -> Vec<(String, Value)> {
    let chosen = |conflict: &Conflict| choices.iter().any(|(pointer, _)| *pointer == conflict.pointer);
    let conflicts = merge::merge(base, theirs, yours).conflicts.into_iter().filter(chosen);
    conflicts.map(|conflict| (conflict.pointer, conflict.theirs)).collect()
}

/// A draft with what it leaves to the version that it was drawn from.
fn whole_of(draft: &Draft, drawn: &version::Model) -> Result<Value> {
    Ok(json!({
        "slug": draft.slug.clone().unwrap_or_else(|| drawn.slug.clone()),
        "parent": draft.parent.unwrap_or(drawn.parent_id.map(DocumentId)),
        "language": draft.language.clone().unwrap_or_else(|| drawn.language.clone()),
        "content": draft.content.to_value()?,
    }))
}
