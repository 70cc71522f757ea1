//! What a step would come to for many documents at once, before anybody takes it: for which the lifecycle allows it, and
//! why not for the others. It changes nothing; the commands decide again for each.

use std::collections::BTreeMap;

use entity::document;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Permission, Result, VersionNumber};

use super::{
    guard,
    kinds::Kind,
    lifecycle::{self, Action, Rules, State},
    listing::{self, Row},
};

named! {
    /// A step that can be taken for many documents.
    BulkStep {
        Submit = "submit",
        Publish = "publish",
        SetOwner = "set-owner",
        SetReviewDate = "set-review-date",
        Discard = "discard",
        Unpublish = "unpublish",
        Trash = "trash",
    }
}

impl BulkStep {
    /// The action of the lifecycle; what stands beside the content has none.
    fn action(self) -> Option<Action> {
        match self {
            Self::Submit => Some(Action::Submit),
            Self::Publish => Some(Action::Publish),
            Self::SetOwner | Self::SetReviewDate => None,
            Self::Discard => Some(Action::Discard),
            Self::Unpublish => Some(Action::Unpublish),
            Self::Trash => Some(Action::Trash),
        }
    }

    pub fn permission(self) -> Permission {
        self.action().map_or(Permission::ContentWrite, Action::permission)
    }
}

/// What a step would come to for one document.
#[derive(Clone, Debug)]
pub struct Prospect {
    pub row: Row,
    /// The version that was seen in the list.
    pub seen: VersionNumber,
    /// Why it would be skipped.
    pub refusal: Option<String>,
}

/// What a step would come to.
#[derive(Clone, Debug)]
pub struct Prospects {
    /// In the order in which they were chosen.
    pub documents: Vec<Prospect>,
    /// How many are not there any more.
    pub missing: usize,
}

/// Looks at each document that was chosen, at most 500.
///
/// Whether embedded sections, paths and live pages below allow it is found only when the step is taken.
pub async fn prospects(
    ctx: &Ctx,
    kind: Kind,
    step: BulkStep,
    chosen: &[(DocumentId, VersionNumber)],
) -> Result<Prospects> {
    ctx.authorise(step.permission())?;
    let snapshot = ctx.database.read().await?;
    let rules = guard::rules(&*snapshot, kind).await?;
    let ids: Vec<Uuid> = chosen.iter().map(|(id, _)| id.0).collect();
    let mut models = Vec::new();
    for chunk in ids.chunks(500) {
        let found = document::Entity::find()
            .filter(document::Column::Id.is_in(chunk.iter().copied()))
            .filter(document::Column::Kind.eq(kind.name()));
        models.extend(found.all(&*snapshot).await?);
    }
    let rows = listing::dressed(&*snapshot, models).await?;
    let mut rows: BTreeMap<DocumentId, Row> = rows.into_iter().map(|row| (row.listed.id, row)).collect();
    let mut documents = Vec::new();
    let mut missing = 0;
    for (id, seen) in chosen {
        match rows.remove(id) {
            Some(row) => documents.push(Prospect { refusal: refusal(&row, *seen, step, rules), row, seen: *seen }),
            None => missing += 1,
        }
    }
    Ok(Prospects { documents, missing })
}

fn refusal(row: &Row, seen: VersionNumber, step: BulkStep, rules: Rules) -> Option<String> {
    if row.listed.version != seen {
        return Some(format!("Somebody saved version {} meanwhile; you saw version {seen}.", row.listed.version));
    }
    let state = State {
        draft: row.listed.draft_state,
        live: row.listed.live_state,
        trashed: row.listed.trashed_at.is_some(),
        scheduled: row.schedule.is_some(),
        retrospective: row.retrospective,
    };
    match step.action() {
        None if state.trashed => return Some("The document is in the trash; take it out first.".to_owned()),
        None => {}
        Some(action) => {
            if let Err(refusal) = lifecycle::next(state, action, rules) {
                return Some(refusal.detail.to_owned());
            }
        }
    }
    let checked = matches!(step, BulkStep::Submit | BulkStep::Publish);
    match row.must_fix {
        1 if checked => Some("The checks found one thing that must be fixed first.".to_owned()),
        2.. if checked => Some(format!("The checks found {} things that must be fixed first.", row.must_fix)),
        _ => None,
    }
}
