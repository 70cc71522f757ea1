//! The upkeep of what is live: withdraw, reinstate, confirm, and hiding a past publication. None of them makes a version.

use std::collections::BTreeSet;

use entity::publication;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde::Serialize;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Permission, PublicationId, Result, Timestamp, VersionNumber, is_date},
};

use super::{
    guard::{self, locked, require_current, step},
    kinds::Kind,
    lifecycle::Action,
    live_line::{Said, close_publication, note_review_dates, open_publication},
    queries::{self, Document, Rows},
    references::{self, Change},
};

/// Leaves a page where it is, with a notice that it no longer holds.
pub async fn withdraw(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    explanation: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Withdraw.permission())?;
    let Some(explanation) = explanation.filter(|text| !text.trim().is_empty()) else {
        return Err(Error::invalid("/explanation", "missing-field", "Tell readers why it no longer holds."));
    };
    change_live_state(ctx, kind, id, seen, Action::Withdraw, Some(explanation)).await
}

/// Takes the notice away again.
pub async fn reinstate(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<Document> {
    ctx.authorise(Action::Reinstate.permission())?;
    change_live_state(ctx, kind, id, seen, Action::Reinstate, None).await
}

async fn change_live_state(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    action: Action,
    notice: Option<String>,
) -> Result<Document> {
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, action, guard::rules(&*tx, kind).await?)?;
    let Some(live) = rows.live else { return Err(Error::bug("a live document without a live line")) };
    let stamp = events::next_stamp(&tx, ctx).await?;
    close_publication(&tx, id, stamp).await?;
    let version = VersionNumber(live.version);
    let path = live.path.clone();
    let said = Said { change: "minor", note: None, notice: notice.clone() };
    open_publication(&tx, ctx, id, version, state.live, said, stamp).await?;
    let mut live = live.into_active_model();
    live.state = Set(state.live.name().to_owned());
    live.notice = Set(notice.clone());
    live.update(&*tx).await?;
    let mut row = rows.document.into_active_model();
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    let own = BTreeSet::from([id.0]);
    let change = Change { content: own.clone(), cards: own.clone(), addresses: own, ..Change::default() };
    let affected = references::reached(&*tx, &change).await?;
    references::mark_changed(&tx, &affected, stamp).await?;
    let event_kind = match action {
        Action::Withdraw => EventKind::DocumentWithdrawn,
        _ => EventKind::DocumentReinstated,
    };
    let event = NewEvent::about_document(event_kind, id)
        .with("kind", kind.name())
        .with("version", version.0)
        .with("path", path)
        .with("explanation", notice)
        .public(affected);
    events::record(&tx, ctx, stamp, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Records that the live version is still correct, and by when to look again. Makes no version.
pub async fn confirm(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    review_by: Option<String>,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Confirm.permission())?;
    if review_by.as_deref().is_some_and(|date| !is_date(date)) {
        return Err(Error::invalid("/review_by", "not-a-date", "A date such as 2026-11-22 was expected here."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    step(rows.state()?, Action::Confirm, guard::rules(&*tx, kind).await?)?;
    let version = rows.live_version();
    let path = rows.live.as_ref().and_then(|live| live.path.clone());
    let today = ctx.now().date();
    let mut row = rows.document.into_active_model();
    row.last_reviewed_on = Set(Some(today.clone()));
    row.review_by = Set(review_by.clone());
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    // What embeds it does not show its review dates.
    let affected = vec![id];
    let stamp = events::next_stamp(&tx, ctx).await?;
    note_review_dates(&tx, ctx, id, stamp, version, review_by.clone(), Some(today.clone())).await?;
    references::mark_changed(&tx, &affected, stamp).await?;
    let event = NewEvent::about_document(EventKind::DocumentConfirmed, id)
        .with("kind", kind.name())
        .with("version", version.map(|version| version.0))
        .with("path", path)
        .with("last_reviewed_on", today)
        .with("review_by", review_by)
        .with("note", note)
        .public(affected);
    events::record(&tx, ctx, stamp, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Hides one past publication from `as_of`. The present one is withdrawn or unpublished instead.
///
/// # Errors
/// [`Error::Stale`] if the document is no longer as it was seen; [`Error::Conflict`] `still-live` or
/// `already-suppressed`.
pub async fn suppress(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    publication: PublicationId,
    reason: String,
) -> Result<()> {
    ctx.authorise(Permission::ContentSuppress)?;
    if reason.trim().chars().count() < 10 {
        return Err(Error::invalid("/reason", "too-short", "Say why in at least 10 characters."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let row = publication::Entity::find_by_id(publication.0)
        .filter(publication::Column::DocumentId.eq(id.0))
        .one(&*tx)
        .await?
        .ok_or_else(|| Error::not_found(format!("publication with the id {publication} of this document")))?;
    if row.until_sequence.is_none() {
        return Err(Error::conflict(
            "still-live",
            "This publication is live; withdraw or unpublish the document instead.",
        ));
    }
    if row.suppressed_at.is_some() {
        return Err(Error::conflict("already-suppressed", "This publication has been hidden already."));
    }
    let version = row.version;
    let mut row = row.into_active_model();
    row.suppressed_at = Set(Some(ctx.now().0));
    row.update(&*tx).await?;
    let event = NewEvent::about_document(EventKind::PublicationSuppressed, id)
        .with("publication", publication.to_string())
        .with("version", version)
        .with("reason", reason);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// A publication, for people who may see the history.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    pub id: PublicationId,
    pub version: VersionNumber,
    pub state: String,
    pub change: String,
    pub note: Option<String>,
    pub notice: Option<String>,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub suppressed_at: Option<Timestamp>,
}

/// The publications of a document, newest first.
pub async fn publications(ctx: &Ctx, kind: Kind, id: DocumentId) -> Result<Vec<Publication>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let rows = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(id.0))
        .order_by_desc(publication::Column::FromSequence)
        .all(&*snapshot)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Publication {
            id: PublicationId(row.id),
            version: VersionNumber(row.version),
            state: row.state,
            change: row.change,
            note: row.note,
            notice: row.notice,
            from: Timestamp(row.from_at),
            until: row.until_at.map(Timestamp),
            suppressed_at: row.suppressed_at.map(Timestamp),
        })
        .collect())
}
