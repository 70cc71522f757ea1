//! Reviews: submit, approve, request changes. An approval is bound to one version, any save voids it, and nobody approves
//! what they wrote.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Actor, Ctx, DocumentId, Error, Result, UserId, VersionNumber},
};

use super::{
    checks::{self, Subject},
    guard::{self, locked, require_current, rules, step},
    kinds::{Content, Kind},
    lifecycle::Action,
    queries::{self, Document, Rows},
};

/// Asks for a review of the draft.
///
/// # Errors
/// [`Error::Invalid`] with every must-fix check.
pub async fn submit(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Submit.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, Action::Submit, rules(&*tx, kind).await?)?;
    let stored = queries::version_row(&*tx, id, seen).await?;
    let content = Content::from_stored(kind, stored.format, &stored.content)?;
    let faults = checks::faults(&checks::find(&*tx, Subject::of(&stored, &content)).await?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut row = rows.document.into_active_model();
    row.draft_state = Set(Some(state.draft.name().to_owned()));
    row.draft_faults = Set(None);
    row.submitted_by = Set(ctx.actor.user.map(|user| user.0));
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    guard::keep(&tx, id, seen).await?;
    let event = NewEvent::about_document(EventKind::DocumentSubmitted, id).with("version", seen.0).with("note", note);
    events::append(&tx, ctx, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Approves the draft in review, or, if there is none, a version that was published by force.
///
/// # Errors
/// [`Error::NotAllowed`] for everybody who saved since the live version, and for who forced the publication.
pub async fn approve(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Approve.permission())?;
    let tx = ctx.write().await?;
    // The live line is written under the publication lock only, and that lock comes before the documents'.
    let retrospective = guard::has_no_draft(&tx, kind, id).await?;
    if retrospective {
        events::lock_publications(&tx).await?;
    }
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, Action::Approve, rules(&*tx, kind).await?)?;
    if retrospective != rows.document.draft_version.is_none() {
        return Err(Error::conflict("changed-meanwhile", "The document changed at this very moment; try again."));
    }
    if let Some(detail) = own_work(&*tx, &rows, &ctx.actor).await? {
        return Err(Error::NotAllowed { code: "own-work", detail: detail.to_owned() });
    }
    if retrospective {
        if let Some(live) = rows.live {
            let mut live = live.into_active_model();
            live.retrospective_version = Set(None);
            live.retrospective_by = Set(None);
            live.update(&*tx).await?;
        }
    } else {
        let mut row = rows.document.into_active_model();
        row.draft_state = Set(Some(state.draft.name().to_owned()));
        row.approved_by = Set(ctx.actor.user.map(|user| user.0));
        guard::touch(&mut row, ctx);
        row.update(&*tx).await?;
    }
    guard::keep(&tx, id, seen).await?;
    let event = NewEvent::about_document(EventKind::DocumentApproved, id)
        .with("version", seen.0)
        .with("retrospective", retrospective.then_some(true))
        .with("note", note);
    events::append(&tx, ctx, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Why an actor can't approve the version that is shown: they wrote part of it, or published it by force.
pub(super) async fn own_work(
    connection: &impl ConnectionTrait,
    rows: &Rows,
    actor: &Actor,
) -> Result<Option<&'static str>> {
    let retrospective = rows.document.draft_version.is_none();
    let since = if retrospective {
        previous_publication(connection, rows.id(), rows.shown()).await?
    } else {
        rows.live_version()
    };
    let authors = queries::authors(connection, rows.id(), since).await?;
    let forced = rows.live.as_ref().and_then(|live| live.retrospective_by).map(UserId);
    let wrote = authors.iter().any(|author| author.id.is_some() && author.id == actor.user);
    let own = wrote || (retrospective && forced.is_some() && forced == actor.user);
    Ok(own.then_some("Somebody else has to approve this: you wrote or published part of it."))
}

/// The version that was live before this one, if any.
async fn previous_publication(
    connection: &impl ConnectionTrait,
    id: DocumentId,
    version: VersionNumber,
) -> Result<Option<VersionNumber>> {
    use entity::publication;

    let versions: Vec<i32> = publication::Entity::find()
        .select_only()
        .column(publication::Column::Version)
        .filter(publication::Column::DocumentId.eq(id.0))
        .filter(publication::Column::Version.lt(version.0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(versions.into_iter().max().map(VersionNumber))
}

/// Sends the draft back with what is to be changed.
pub async fn request_changes(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::RequestChanges.permission())?;
    let Some(note) = note else {
        return Err(Error::invalid("/note", "missing-field", "Say what is to be changed."));
    };
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, Action::RequestChanges, rules(&*tx, kind).await?)?;
    let mut row = rows.document.into_active_model();
    row.draft_state = Set(Some(state.draft.name().to_owned()));
    guard::touch(&mut row, ctx);
    row.update(&*tx).await?;
    let event = NewEvent::about_document(EventKind::ChangesRequested, id).with("version", seen.0).with("note", note);
    events::append(&tx, ctx, event).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}
