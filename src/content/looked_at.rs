//! Findings that a person has looked at and left as they are. Kept beside the document, not in a version: it says
//! something about a text, holds as long as the text stays as it is, and makes no version.
//!
//! Decision (2026-11-22), programs may publish without it: the panel asks a person to tick what is to be looked at before
//! publishing; the command and the API don't, because the contract names only must-fix findings as what publishing refuses.
//!
//! Decision (2026-11-22), it stays in this database: a backup carries it, an export does not. An export carries content,
//! and whoever takes it over looks for themselves.

use std::collections::BTreeMap;

use entity::looked_at;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, Permission, Result, Timestamp, Transaction, UserId, VersionNumber},
};

use super::{
    checks::{self, Check, Severity, Subject},
    guard::{load, locked, require_current},
    kinds::{Content, Kind},
    overviews,
    queries::{self, Document, Person},
};

/// Characters of a reason.
pub const REASON_LIMIT: usize = 500;

/// Who looked at a finding, when, and why it can stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    pub by: Person,
    pub at: Timestamp,
    pub reason: Option<String>,
}

/// A finding that somebody has looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// As the finding carries it.
    pub mark: String,
    pub reason: Option<String>,
}

/// Notes that the actor has looked at findings of the version that was seen. It counts until the text changes that the
/// finding is about; looking again replaces the reason.
///
/// # Errors
/// [`Error::Invalid`] for a mark that no look-at finding of this version has: the text has changed, or it is mended.
pub async fn look_at(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    looked: Vec<Looked>,
) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    if rows.document.trashed_at.is_some() {
        return Err(Error::conflict("in-trash", "The document is in the trash; take it out first."));
    }
    let stored = queries::version_row(&*tx, id, seen).await?;
    let content = Content::from_stored(kind, stored.format, &stored.content)?;
    let subject = Subject::of(&stored, &content);
    let found = checks::find(&*tx, subject).await?;
    let mut codes = Vec::new();
    let mut faults = Vec::new();
    for (position, one) in looked.iter().enumerate() {
        match found.iter().find(|check| check.mark.as_deref() == Some(one.mark.as_str())) {
            Some(check) => {
                codes.push(check.code.clone());
                remember(&tx, ctx, subject, check, one).await?;
            }
            None => {
                let detail = "This finding is not there any more: its text has changed. Look at the page again.";
                faults.push(Fault::new(format!("/findings/{position}"), "finding-gone", detail));
            }
        }
        if one.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_LIMIT) {
            let detail = format!("A reason has at most {REASON_LIMIT} characters.");
            faults.push(Fault::new(format!("/findings/{position}/reason"), "too-long", detail));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if !codes.is_empty() {
        overviews::remember(&tx, subject).await?;
        let event =
            NewEvent::about_document(EventKind::FindingsLookedAt, id).with("version", seen.0).with("findings", codes);
        events::append(&tx, ctx, event).await?;
    }
    let document = queries::compose(&*tx, load(&tx, id).await?).await?;
    tx.commit(document).await
}

async fn remember(tx: &Transaction, ctx: &Ctx, subject: Subject<'_>, check: &Check, one: &Looked) -> Result<()> {
    let mark = checks::mark_of(subject.id, subject.slug, &subject.content.to_value()?, check)?;
    let row = looked_at::ActiveModel {
        document_id: Set(subject.id.0),
        mark: Set(mark.mark),
        code: Set(check.code.clone()),
        place: Set(mark.place),
        reason: Set(one.reason.clone()),
        at: Set(ctx.now().0),
        actor_id: Set(ctx.actor.user.map(|user| user.0)),
        actor_name: Set(ctx.actor.name.clone()),
    };
    let mut again = OnConflict::columns([looked_at::Column::DocumentId, looked_at::Column::Mark]);
    again.update_columns([
        looked_at::Column::Reason,
        looked_at::Column::At,
        looked_at::Column::ActorId,
        looked_at::Column::ActorName,
    ]);
    looked_at::Entity::insert(row).on_conflict(again).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Gives the findings that are to be looked at their marks, and says of each whether somebody has.
pub(super) async fn note(connection: &impl ConnectionTrait, subject: Subject<'_>, checks: &mut [Check]) -> Result<()> {
    if checks.iter().all(|check| check.severity != Severity::LookAt) {
        return Ok(());
    }
    let rows = looked_at::Entity::find().filter(looked_at::Column::DocumentId.eq(subject.id.0));
    let mut known: BTreeMap<String, looked_at::Model> =
        rows.all(connection).await?.into_iter().map(|row| (row.mark.clone(), row)).collect();
    let content = subject.content.to_value()?;
    for check in checks.iter_mut().filter(|check| check.severity == Severity::LookAt) {
        let mark = checks::mark_of(subject.id, subject.slug, &content, check)?.mark;
        check.looked_at = known.remove(&mark).map(|row| LookedAt {
            by: Person { id: row.actor_id.map(UserId), name: row.actor_name },
            at: Timestamp(row.at),
            reason: row.reason,
        });
        check.mark = Some(mark);
    }
    Ok(())
}

/// Forgets what was looked at in a document that goes for good.
pub(super) async fn forget(tx: &Transaction, id: DocumentId) -> Result<()> {
    looked_at::Entity::delete_many().filter(looked_at::Column::DocumentId.eq(id.0)).exec(&**tx).await?;
    Ok(())
}
