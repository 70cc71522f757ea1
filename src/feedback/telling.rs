//! Saying in public what was changed because of reports: one sentence for a case that is resolved as fixed, written by a
//! person for that, changed or taken back at any time. What the public reads of it is in `published/fixes_told.rs`.
//!
//! Decision (2026-11-22), who chooses. Context: most fixes are of no interest, and a sentence written about a report can
//! tell of whoever sent it. Choice: nothing is told by itself. The site has to turn it on, and a person writes each
//! sentence; one that holds what looks like personal data, or repeats words of a report, is refused, not mended in silence.
//! Consequence: what stands there was meant for the public, word for word.
//!
//! Decision (2026-11-22), fixes that did not work. Context: a case can be reopened, by people or by a report that says it is
//! still wrong. Choice: its sentence goes then, for good. Consequence: the public reads of nothing as changed that is open;
//! whoever resolves it anew writes anew.

use entity::{case, event, fix_told, report, report_addition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    events::{EventKind, NewEvent},
    kernel::{CaseId, Ctx, DocumentId, Error, NodeId, Permission, Result, Timestamp, Transaction, VersionNumber},
    site,
};

use super::{
    cases::{current, finish_all},
    lifecycle::{CaseState, Resolution},
    queries::{self, Case, FixedIn},
    texts::{self, Removed},
};

/// The longest sentence, in characters.
pub const TOLD_LIMIT: usize = 300;
/// So many words of a report, one after the other, are its words.
const QUOTED: usize = 6;
/// How many texts of a case are compared.
const COMPARED: u64 = 500;

/// What is said in public about a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixTold {
    pub text: String,
    /// The part of the document that was reported, if one was named.
    pub block: Option<NodeId>,
    pub told_at: Timestamp,
}

/// Says in public what was changed, in other words than before, or no longer; an empty text takes it back.
///
/// # Errors
/// [`Error::Conflict`] if the case is not resolved as fixed; [`Error::Invalid`] for a sentence that can't be public, or on a
/// site that tells nothing.
pub async fn tell(ctx: &Ctx, id: CaseId, seen: i64, text: Option<&str>) -> Result<Case> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let (tx, row) = current(ctx, id, seen).await?;
    let fixed = Some(Resolution::Fixed.name());
    if row.state != CaseState::Resolved.name() || row.resolution.as_deref() != fixed {
        let detail = "What was changed is said of cases that are resolved as fixed.";
        return Err(Error::conflict("not-fixed", detail));
    }
    let fix = fix_of(&row).ok_or_else(|| Error::bug("a fixed case does not say where"))?;
    let event = match sentence(&*tx, row.id, text, "/text").await? {
        Some(text) => Some(write(&tx, ctx, &row, fix, &text).await?),
        None => forget(&tx, row.id).await?.then(|| told_event(EventKind::FixUntold, &row, fix.0)),
    };
    let Some(event) = event else {
        return queries::compose(&*tx, ctx.now(), row).await;
    };
    finish_all(tx, ctx, row.into_active_model(), vec![event]).await
}

/// Where a case was fixed, and the place of that in the event log.
fn fix_of(row: &case::Model) -> Option<(FixedIn, i64)> {
    let (document, version) = row.fixed_document_id.zip(row.fixed_version)?;
    Some((FixedIn { document: DocumentId(document), version: VersionNumber(version) }, row.fixed_sequence?))
}

/// The sentence as it can be public; `None` if there is none.
pub(super) async fn sentence(
    connection: &impl ConnectionTrait,
    case: Uuid,
    text: Option<&str>,
    pointer: &str,
) -> Result<Option<String>> {
    let line = text.map(texts::one_line);
    let Some((text, removed)) = texts::written(line.as_deref(), pointer, TOLD_LIMIT)? else { return Ok(None) };
    if !site::settings(connection).await?.tell_fixes {
        let detail = "This site does not say in public what was changed; a setting turns it on.";
        return Err(Error::invalid(pointer, "unexpected", detail));
    }
    if !removed.is_empty() {
        return Err(Error::invalid(pointer, "personal-data", personal(&removed)));
    }
    for said in said(connection, case).await? {
        if let Some(words) = repeated(&text, &said) {
            let detail = format!("It repeats words of a report (“{words}”). Say in your own words what was changed.");
            return Err(Error::invalid(pointer, "repeats-report", detail));
        }
    }
    Ok(Some(text))
}

fn personal(removed: &Removed) -> String {
    let kinds: Vec<String> = removed.keys().map(|kind| kind.replace('_', " ")).collect();
    format!("Everybody can read it, and there seems to be personal data in it: {}. Take that out.", kinds.join(", "))
}

/// What visitors said in the reports of a case.
async fn said(connection: &impl ConnectionTrait, case: Uuid) -> Result<Vec<String>> {
    let rows: Vec<(Uuid, Option<String>, Option<String>)> = report::Entity::find()
        .select_only()
        .columns([report::Column::Id, report::Column::Doing, report::Column::Wrong])
        .filter(report::Column::CaseId.eq(case))
        .order_by_desc(report::Column::ReceivedAt)
        .limit(COMPARED)
        .into_tuple()
        .all(connection)
        .await?;
    let added: Vec<String> = report_addition::Entity::find()
        .select_only()
        .column(report_addition::Column::Text)
        .filter(report_addition::Column::ReportId.is_in(rows.iter().map(|(id, _, _)| *id)))
        .limit(COMPARED)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().flat_map(|(_, doing, wrong)| [doing, wrong]).flatten().chain(added).collect())
}

/// Words that stand in both, one after the other, if there are so many that they are repeated.
fn repeated(text: &str, said: &str) -> Option<String> {
    let (text, said) = (words(text), words(said));
    let shared = text.windows(QUOTED).find(|run| said.windows(QUOTED).any(|other| other == *run))?;
    Some(shared.join(" "))
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Keeps the sentence for a case that is fixed. The case is locked, and no event has been appended yet.
pub(super) async fn write(
    tx: &Transaction,
    ctx: &Ctx,
    row: &case::Model,
    (fixed_in, sequence): (FixedIn, i64),
    text: &str,
) -> Result<NewEvent> {
    let FixedIn { document, version } = fixed_in;
    let fixed_at = event::Entity::find_by_id(sequence).one(&**tx).await?.map(|event| event.at);
    forget(tx, row.id).await?;
    let told = fix_told::ActiveModel {
        case_id: Set(row.id),
        document_id: Set(document.0),
        version: Set(version.0),
        fixed_at: Set(fixed_at.unwrap_or(ctx.now().0)),
        block_id: Set(block(&**tx, row.id, document.0).await?),
        text: Set(text.to_owned()),
        told_at: Set(ctx.now().0),
    };
    fix_told::Entity::insert(told).exec_without_returning(&**tx).await?;
    Ok(told_event(EventKind::FixTold, row, fixed_in))
}

/// The part of the mended document that was reported last.
async fn block(connection: &impl ConnectionTrait, case: Uuid, document: Uuid) -> Result<Option<Uuid>> {
    let block: Option<Option<Uuid>> = report::Entity::find()
        .select_only()
        .column(report::Column::BlockId)
        .filter(report::Column::CaseId.eq(case))
        .filter(report::Column::DocumentId.eq(document))
        .filter(report::Column::BlockId.is_not_null())
        .order_by_desc(report::Column::ReceivedAt)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(block.flatten())
}

/// Without the sentence. It stands in the time line of the document that was mended, too.
fn told_event(kind: EventKind, row: &case::Model, fixed_in: FixedIn) -> NewEvent {
    let event = NewEvent::about(kind, "case", row.id).with("number", row.number).with("version", fixed_in.version.0);
    NewEvent { document: Some(fixed_in.document), ..event }
}

/// Nothing is told of a case any more; says whether something was.
pub(super) async fn forget(tx: &Transaction, case: Uuid) -> Result<bool> {
    Ok(fix_told::Entity::delete_by_id(case).exec(&**tx).await?.rows_affected > 0)
}

/// The sentence goes with the answer that it was about.
pub(super) async fn follow(tx: &Transaction, row: &case::Model) -> Result<()> {
    if row.state != CaseState::Resolved.name() {
        forget(tx, row.id).await?;
    }
    Ok(())
}

/// What is said about the fix of a case.
pub(super) async fn told(connection: &impl ConnectionTrait, case: Uuid) -> Result<Option<FixTold>> {
    let row = fix_told::Entity::find_by_id(case).one(connection).await?;
    Ok(row.map(|row| FixTold { text: row.text, block: row.block_id.map(NodeId), told_at: Timestamp(row.told_at) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_words_of_a_report_one_after_the_other_are_its_words() {
        let said = "It says the pay is band 5, but the advert says band 6!";
        assert_eq!(repeated("We changed the pay to band 6.", said), None);
        assert_eq!(repeated("It said: “THE PAY is band 5 but…”", said).as_deref(), Some("the pay is band 5 but"));
        assert_eq!(repeated("Too short", "Too short"), None);
    }
}
