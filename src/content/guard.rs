//! What every command on a document does first: lock it, look whether it is still what was seen, ask the lifecycle; and
//! last: note who changed it.

use std::collections::BTreeSet;

use entity::{document, user, user_role, version};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use crate::{
    kernel::{Ctx, DocumentId, Error, Permission, Result, Role, Stale, Transaction, VersionNumber},
    site::{self, ReviewRule},
};

use super::{
    kinds::Kind,
    lifecycle::{self, Action, Refusal, Rules, State},
    queries::{self, Rows},
};

/// The document with its row locked to the end of the transaction.
pub(super) async fn locked(tx: &Transaction, kind: Kind, id: DocumentId) -> Result<Rows> {
    lock(tx, &BTreeSet::from([id.0])).await?;
    let rows = Rows::find(&**tx, id).await?.filter(|rows| rows.document.kind == kind.name());
    rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))
}

/// Whether a document stands without a draft, before anything is locked.
pub(super) async fn has_no_draft(tx: &Transaction, kind: Kind, id: DocumentId) -> Result<bool> {
    let row = document::Entity::find_by_id(id.0).one(&**tx).await?.filter(|row| row.kind == kind.name());
    let row = row.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    Ok(row.draft_version.is_none())
}

/// Locks documents in the order of their ids.
///
/// The lock lets foreign keys be checked meanwhile: PostgreSQL checks them again when a row that this transaction has
/// written is written once more, as the live lines of what embeds two documents published together are. A stronger lock
/// would make whoever holds the counter wait there for a save that waits for the counter.
pub(super) async fn lock(tx: &Transaction, ids: &BTreeSet<Uuid>) -> Result<()> {
    if !tx.locks_rows() {
        return Ok(());
    }
    for id in ids {
        let query = document::Entity::find_by_id(*id).select_only().column(document::Column::Id);
        query.lock(LockType::NoKeyUpdate).into_tuple::<Uuid>().one(&**tx).await?;
    }
    Ok(())
}

pub(super) async fn load(tx: &Transaction, id: DocumentId) -> Result<Rows> {
    Rows::find(&**tx, id).await?.ok_or_else(|| Error::bug("a document vanished in its own transaction"))
}

/// Refuses a step on anything but the version that is shown now.
pub(super) async fn require_current(tx: &Transaction, rows: &Rows, seen: VersionNumber) -> Result<()> {
    if rows.shown() == seen {
        return Ok(());
    }
    let current = queries::compose(&**tx, rows.clone()).await?;
    Err(Error::Stale(Box::new(Stale {
        version: Some(rows.shown().0),
        current: Some(serde_json::to_value(current)?),
        ..Stale::default()
    })))
}

/// The lifecycle's answer as an error of the domain.
pub(super) fn step(state: State, action: Action, rules: Rules) -> Result<State> {
    lifecycle::next(state, action, rules).map_err(|Refusal { code, detail }| Error::conflict(code, detail))
}

/// From now on a version is there because somebody meant it: it was saved by hand, submitted, approved, scheduled, published,
/// restored or shown by a preview link, and is never thinned out.
pub(super) async fn keep(tx: &Transaction, id: DocumentId, number: VersionNumber) -> Result<()> {
    version::Entity::update_many()
        .col_expr(version::Column::Autosaved, Expr::value(false))
        .filter(version::Column::DocumentId.eq(id.0))
        .filter(version::Column::Number.eq(number.0))
        .filter(version::Column::Autosaved.eq(true))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(super) fn clear_draft(row: &mut document::ActiveModel) {
    row.draft_version = Set(None);
    row.draft_state = Set(None);
    row.draft_faults = Set(None);
    row.submitted_by = Set(None);
    row.approved_by = Set(None);
}

/// Notes who changed the document last. The row's own version guards against anything that slipped past the locks.
pub(super) fn touch(row: &mut document::ActiveModel, ctx: &Ctx) {
    row.row_version = Set(row.row_version.take().unwrap_or_default() + 1);
    row.updated_at = Set(ctx.now().0);
    row.updated_by = Set(ctx.actor.user.map(|user| user.0));
    row.updated_by_name = Set(ctx.actor.name.clone());
}

/// The rules in force for a kind.
pub(super) async fn rules(connection: &impl ConnectionTrait, kind: Kind) -> Result<Rules> {
    let settings = site::settings(connection).await?;
    let rule = match kind {
        Kind::RolePage => settings.review_role_pages,
        Kind::RequirementSection => settings.review_requirement_sections,
    };
    let review = match rule {
        ReviewRule::On => true,
        ReviewRule::Off => false,
        ReviewRule::Automatic => reviewers(connection).await? >= 2,
    };
    Ok(Rules { review })
}

/// How many active people may review.
pub(super) async fn reviewers(connection: &impl ConnectionTrait) -> Result<usize> {
    let roles = Role::ALL.iter().filter(|role| role.permissions().contains(&Permission::ContentReview));
    let holders = user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::Role.is_in(roles.map(|role| role.name())));
    let people: Vec<uuid::Uuid> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Active.eq(true))
        .filter(user::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(holders)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(people.len())
}
