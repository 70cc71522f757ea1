//! Requirement sections may stand in requirement sections: without cycles, and not too deep.

use std::collections::BTreeSet;

use entity::{document, reference};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{DocumentId, Error, Fault, Result};

use super::{
    kinds::Kind,
    references::{EMBEDDING, Reference},
};

/// How often a section may be expanded within a section (`product.md`: expansion depth ≤ 3).
pub const EXPANSION_LIMIT: usize = 3;

/// Refuses references that would make a section contain itself, or nest deeper than the limit, judged by what both the
/// drafts and the live versions of the others refer to.
pub async fn refuse_cycles(
    connection: &impl ConnectionTrait,
    document: DocumentId,
    references: &[Reference],
) -> Result<()> {
    let embedded = || references.iter().filter(|reference| EMBEDDING.contains(&reference.role));
    let targets: BTreeSet<Uuid> = embedded().map(|reference| reference.target).collect();
    if targets.is_empty() {
        return Ok(());
    }
    let is_section = document::Entity::find_by_id(document.0)
        .one(connection)
        .await?
        .is_some_and(|row| row.kind == Kind::RequirementSection.name());
    let above = if is_section { height(connection, document.0).await? } else { 0 };
    let mut faults = Vec::new();
    for target in targets {
        let below = depth(connection, target, document.0).await?;
        let problem = match below {
            None => Some(("reference-cycle", "The section would contain itself.".to_owned())),
            Some(below) if is_section && above + 1 + below > EXPANSION_LIMIT => {
                Some(("too-deep", format!("Sections stand in one another at most {EXPANSION_LIMIT} times.")))
            }
            Some(below) if below > EXPANSION_LIMIT => {
                Some(("too-deep", format!("Sections stand in one another at most {EXPANSION_LIMIT} times.")))
            }
            Some(_) => None,
        };
        if let Some((code, detail)) = problem {
            faults.extend(
                embedded()
                    .filter(|reference| reference.target == target)
                    .map(|reference| Fault::new(format!("/content{}", reference.pointer), code, &detail)),
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// How many expansions stand below a section; `None` if one of them leads to `forbidden`.
async fn depth(connection: &impl ConnectionTrait, section: Uuid, forbidden: Uuid) -> Result<Option<usize>> {
    let mut level = BTreeSet::from([section]);
    for depth in 0..=EXPANSION_LIMIT {
        if level.contains(&forbidden) {
            return Ok(None);
        }
        level = edges(connection, &level, reference::Column::DocumentId, reference::Column::TargetId).await?;
        if level.is_empty() {
            return Ok(Some(depth));
        }
    }
    Ok(if level.contains(&forbidden) { None } else { Some(EXPANSION_LIMIT + 1) })
}

/// How many expansions of sections stand above a section.
async fn height(connection: &impl ConnectionTrait, section: Uuid) -> Result<usize> {
    let mut level = BTreeSet::from([section]);
    for height in 0..=EXPANSION_LIMIT {
        let above = edges(connection, &level, reference::Column::TargetId, reference::Column::DocumentId).await?;
        let sections: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::Id.is_in(above))
            .filter(document::Column::Kind.eq(Kind::RequirementSection.name()))
            .into_tuple()
            .all(connection)
            .await?;
        level = sections.into_iter().collect();
        if level.is_empty() {
            return Ok(height);
        }
    }
    Ok(EXPANSION_LIMIT + 1)
}

/// The other ends of the embedding references of these documents, draft and live.
async fn edges(
    connection: &impl ConnectionTrait,
    of: &BTreeSet<Uuid>,
    near: reference::Column,
    far: reference::Column,
) -> Result<BTreeSet<Uuid>> {
    let found: Vec<Uuid> = reference::Entity::find()
        .select_only()
        .column(far)
        .filter(near.is_in(of.iter().copied()))
        .filter(reference::Column::UntilSequence.is_null())
        .filter(reference::Column::Role.is_in(EMBEDDING.iter().map(|role| role.name())))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().collect())
}
