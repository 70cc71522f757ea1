//! What somebody needs who saves and meets a newer version: who saved, what they changed, what can be merged and what
//! can't. It changes nothing; the merged content is saved like any other.

use entity::version;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, UserId, VersionNumber};

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
    /// Who saved since the version that the write started from, in order.
    pub savers: Vec<Person>,
    /// What they changed.
    pub theirs: PageComparison,
    /// Slug, parent, language and content with both sides' changes; `None` while there are conflicts.
    pub merged: Option<Value>,
    pub conflicts: Vec<Conflict>,
}

/// Merges a write that started from `seen` with what is shown now, with the choices that a person made.
///
/// # Errors
/// [`Error::NotFound`] if there is no such version to start from.
pub async fn reconcile(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    yours: &Draft,
    choices: &[(String, Side)],
) -> Result<Reconciliation> {
    ctx.authorise(Permission::ContentWrite)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    let rows = rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let current = rows.shown();
    let base = queries::version_row(&*snapshot, id, seen).await?;
    let shown = queries::version_row(&*snapshot, id, current).await?;
    let yours = json!({
        "slug": yours.slug.clone().unwrap_or_else(|| base.slug.clone()),
        "parent": yours.parent.unwrap_or(base.parent_id.map(DocumentId)),
        "language": yours.language.clone().unwrap_or_else(|| base.language.clone()),
        "content": yours.content.to_value()?,
    });
    let (base, theirs) = (queries::whole(kind, &base)?, queries::whole(kind, &shown)?);
    let merge = merge::resolve(&base, &theirs, &yours, choices);
    let savers: Vec<(Option<uuid::Uuid>, String)> = version::Entity::find()
        .select_only()
        .column(version::Column::ActorId)
        .column(version::Column::ActorName)
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.gt(seen.0))
        .filter(version::Column::Number.lte(current.0.max(seen.0)))
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
        savers: people,
        theirs: compare::compare_pages(&base, &theirs, false),
        merged: merge.merged,
        conflicts: merge.conflicts,
    })
}
