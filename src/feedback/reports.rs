//! Reports as people see them, and what people do with one: move it to another case, put it into quarantine or release it.
//! Taking words out of a report is in `redactions.rs`.
//!
//! Decisions (2026-11-22):
//! - A report has no number of versions, since it is not edited. What a step has to name is its *revision*: a digest of
//!   the few things that can change.
//! - A case that loses its last report is dismissed with it, as spam or as a duplicate: nobody should have to look at a
//!   case that says nothing.
//! - A report that is released counts from when it was received, not from when it was released.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, report, report_addition, report_contact};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, Set, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        Actor, CaseId, Ctx, DocumentId, Error, NodeId, Permission, ReportId, Result, Sequence, Timestamp, Transaction,
        VersionNumber, revision,
    },
};

use super::{
    cases::{self, case_event},
    export::Place,
    intake::{Device, ReportKind},
    lifecycle::{CaseAction, CaseState, Dismissal},
    merging::{recounted, refuse_target},
    placing,
    queries::{Page, bad_cursor, cut},
    redaction::Flag,
    redactions,
    retention::RetentionRule,
    round::{self, Round},
    sealed::{self, TakenOut},
    texts::Removed,
    timing,
};

/// What a visitor added later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    pub id: Uuid,
    pub text: String,
    pub removed: Removed,
    pub received_at: Timestamp,
}

/// The address that a visitor left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub email: String,
    pub delete_after: Timestamp,
}

/// A report, without the personal data that was taken out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub id: ReportId,
    pub reference: String,
    pub kind: ReportKind,
    /// The document that owns what is reported.
    pub document: DocumentId,
    /// The page that the visitor saw.
    pub page: DocumentId,
    /// Of the page.
    pub version: Option<VersionNumber>,
    /// The page's last change that the visitor saw.
    pub seen_sequence: Option<Sequence>,
    pub block: Option<NodeId>,
    pub doing: Option<String>,
    pub wrong: Option<String>,
    pub additions: Vec<Addition>,
    /// What was taken out of the answers, counted by kind; `by_hand` is what people took out.
    pub removed: Removed,
    /// What people should look at in its texts before they are passed on.
    pub flags: Vec<Flag>,
    /// Why it was suspected of being spam.
    pub reasons: Vec<String>,
    pub score: i32,
    pub quarantined: bool,
    pub case: Option<CaseId>,
    pub received_at: Timestamp,
    pub door: String,
    /// From what sort of device it came, if that is known.
    pub device: Option<Device>,
    /// When its text was erased.
    pub text_purged_at: Option<Timestamp>,
    /// By which rule; without one a person did it.
    pub purge_rule: Option<RetentionRule>,
    /// What somebody took out a moment ago and can still put back, the last first.
    pub taken_out: Vec<TakenOut>,
    /// Whether there is an address; the address itself is for those who triage.
    pub has_contact: bool,
    pub contact: Option<Contact>,
    /// The next step names it.
    pub revision: String,
}

/// Which reports to list.
#[derive(Clone, Debug, Default)]
pub struct ReportListing {
    pub quarantined: Option<bool>,
    /// The page that was seen, or the document that owns what is reported.
    pub document: Option<DocumentId>,
    pub kind: Option<ReportKind>,
    /// Those in which this is to be looked at.
    pub flag: Option<Flag>,
    /// Those that came from such a device.
    pub device: Option<Device>,
    /// The sort key and id of the last row of the page before.
    pub after: Option<(String, Uuid)>,
    pub limit: u64,
}

impl ReportListing {
    /// The filter by the names and values of an address, for the record of who took out what.
    pub fn words(&self, with_purged: bool) -> Vec<(&'static str, String)> {
        let all = [
            ("quarantined", self.quarantined.map(|flag| flag.to_string())),
            ("document", self.document.map(|id| id.to_string())),
            ("kind", self.kind.map(|kind| kind.name().to_owned())),
            ("flag", self.flag.map(|flag| flag.name().to_owned())),
            ("device", self.device.map(|device| device.name().to_owned())),
            ("purged", with_purged.then(|| true.to_string())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Reports, newest first.
pub async fn reports(ctx: &Ctx, listing: &ReportListing) -> Result<Page<Report>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let query = filtered(listing);
    let total = query.clone().count(&*snapshot).await?;
    let rows = newest(query, listing)?.all(&*snapshot).await?;
    let (rows, next) = cut(rows, listing.limit, |row| (row.received_at.to_string(), row.id));
    Ok(Page { rows: compose_all(&*snapshot, &ctx.actor, rows).await?, next, total })
}

/// A piece of a list that is read to its end, uncounted, and where the next one begins.
pub(super) async fn piece(ctx: &Ctx, listing: &ReportListing, with_purged: bool) -> Result<(Vec<Report>, Place)> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let mut query = filtered(listing);
    if !with_purged {
        query = query.filter(report::Column::TextPurgedAt.is_null());
    }
    let rows = newest(query, listing)?.all(&*snapshot).await?;
    let (rows, next) = cut(rows, listing.limit, |row| (row.received_at.to_string(), row.id));
    Ok((compose_all(&*snapshot, &ctx.actor, rows).await?, next))
}

fn filtered(listing: &ReportListing) -> Select<report::Entity> {
    let mut query = report::Entity::find();
    if let Some(quarantined) = listing.quarantined {
        query = query.filter(report::Column::Quarantined.eq(quarantined));
    }
    if let Some(document) = listing.document {
        let either = Condition::any().add(report::Column::DocumentId.eq(document.0));
        query = query.filter(either.add(report::Column::PageId.eq(document.0)));
    }
    if let Some(kind) = listing.kind {
        query = query.filter(report::Column::Kind.eq(kind.name()));
    }
    if let Some(flag) = listing.flag {
        query = query.filter(report::Column::Flags.is_in(lists_with(flag)));
    }
    if let Some(device) = listing.device {
        query = query.filter(report::Column::Device.eq(device.name()));
    }
    query
}

/// Every list of flags with this one among them, as it is kept: a list is found by the whole of it, which an index can do.
fn lists_with(flag: Flag) -> Vec<String> {
    let sets = Flag::ALL.iter().fold(vec![BTreeSet::new()], |sets, flag| {
        let with =
            sets.iter().map(|set: &BTreeSet<Flag>| set.iter().copied().chain([*flag]).collect()).collect::<Vec<_>>();
        sets.into_iter().chain(with).collect()
    });
    let with = sets.iter().filter(|set| set.contains(&flag));
    with.filter_map(|set| serde_json::to_string(set).ok()).collect()
}

/// The rows of a page, newest first, and one more.
fn newest(mut query: Select<report::Entity>, listing: &ReportListing) -> Result<Select<report::Entity>> {
    if let Some((key, id)) = &listing.after {
        let at: i64 = key.parse().map_err(|_| bad_cursor())?;
        let earlier = Condition::all().add(report::Column::ReceivedAt.eq(at)).add(report::Column::Id.lt(*id));
        query = query.filter(Condition::any().add(report::Column::ReceivedAt.lt(at)).add(earlier));
    }
    let query = query.order_by_desc(report::Column::ReceivedAt).order_by_desc(report::Column::Id);
    Ok(query.limit(listing.limit.saturating_add(1)))
}

/// One report.
pub async fn report(ctx: &Ctx, id: ReportId) -> Result<Report> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let row = report::Entity::find_by_id(id.0).one(&*snapshot).await?.ok_or_else(|| unknown(id))?;
    compose(&*snapshot, &ctx.actor, row).await
}

/// The report with the reference that its visitor was given.
pub async fn report_by_reference(ctx: &Ctx, reference: &str) -> Result<Report> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let row = find_by_reference(&*snapshot, reference).await?;
    compose(&*snapshot, &ctx.actor, row).await
}

/// Moves a report to another case, or to a new one.
///
/// # Errors
/// [`Error::Conflict`] if it is in quarantine, or the other case is merged or dismissed.
pub async fn move_report(ctx: &Ctx, id: ReportId, seen: &str, to: Option<CaseId>) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let (row, old) = locked(&tx, ctx, id, seen, &to.iter().map(|case| case.0).collect()).await?;
    let Some(old) = old else {
        return Err(Error::conflict("quarantined", "The report is in quarantine; release it first."));
    };
    if to == Some(CaseId(old.id)) {
        return Err(Error::invalid("/case", "same-case", "The report is in this case already."));
    }
    let target = match to {
        None => None,
        Some(to) => {
            let found = case::Entity::find_by_id(to.0).one(&*tx).await?;
            let missing =
                || Error::invalid("/case", "reference-missing", format!("There is no case with the id {to}."));
            Some(found.ok_or_else(missing)?)
        }
    };
    let from = (old.id, old.number);
    let target = match target {
        Some(target) => {
            refuse_target(&target)?;
            let id = target.id;
            placing::take(&tx, ctx, target, &row).await?;
            id
        }
        // Somebody has looked at it.
        None => placing::create(&tx, ctx, &timing::clockwork(&*tx).await?, &row, CaseState::Open).await?,
    };
    let reference = row.reference.clone();
    let mut changed = row.into_active_model();
    changed.case_id = Set(Some(target));
    changed.case_before_merge = Set(None);
    let row = changed.update(&*tx).await?;
    let emptied = leave(&tx, ctx, old, Dismissal::Duplicate).await?;
    let event = about(EventKind::ReportMoved, &row)
        .with("from_case", from.0.to_string())
        .with("to_case", target.to_string())
        .with("reference", reference);
    events::append(&tx, ctx, event).await?;
    finish(tx, ctx, row, emptied).await
}

/// Takes a report out of quarantine and gives it a case, as if it had just come in.
pub async fn release(ctx: &Ctx, id: ReportId, seen: &str) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let found = report::Entity::find_by_id(id.0).one(&*tx).await?.ok_or_else(|| unknown(id))?;
    round::lock_documents(&tx, &[&found]).await?;
    let row = report::Entity::find_by_id(id.0).one(&*tx).await?.ok_or_else(|| unknown(id))?;
    require_current(&tx, ctx, &row, seen).await?;
    if !row.quarantined {
        return Err(Error::conflict("not-quarantined", "The report is not in quarantine."));
    }
    let mut round = Round::begin(&tx, &[&row]).await?;
    let placed = placing::place(&tx, ctx, &mut round, &row).await?;
    round.write(&tx).await?;
    // The title of the case must not be made from words that are being taken out at this moment.
    if locked_with(&tx, &row, &BTreeSet::new()).await? != row {
        return Err(Error::conflict("changed-meanwhile", "The report changed at this very moment; try again."));
    }
    let mut row = row.into_active_model();
    row.quarantined = Set(false);
    row.quarantined_at = Set(None);
    row.case_id = Set(Some(placed.case));
    let row = row.update(&*tx).await?;
    let event = about(EventKind::ReportReleased, &row).with("case", placed.case.to_string());
    events::append(&tx, ctx, event).await?;
    finish(tx, ctx, row, placed.event).await
}

/// Puts a report into quarantine; it leaves its case.
pub async fn quarantine(ctx: &Ctx, id: ReportId, seen: &str) -> Result<Report> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let tx = ctx.write().await?;
    let (row, old) = locked(&tx, ctx, id, seen, &BTreeSet::new()).await?;
    let Some(old) = old else {
        return Err(Error::conflict("quarantined", "The report is in quarantine already."));
    };
    let case = old.id;
    let mut row = row.into_active_model();
    row.quarantined = Set(true);
    row.quarantined_at = Set(Some(ctx.now().0));
    row.case_id = Set(None);
    row.case_before_merge = Set(None);
    let row = row.update(&*tx).await?;
    // Its words are not to be read in the title of the case either.
    let old = redactions::without_title_of(&tx, old, &row).await?;
    let emptied = leave(&tx, ctx, old, Dismissal::Spam).await?;
    let event = about(EventKind::ReportQuarantined, &row).with("case", case.to_string());
    events::append(&tx, ctx, event).await?;
    finish(tx, ctx, row, emptied).await
}

/// Counts the reports of a case that has lost one, and dismisses it if that was the last.
pub(super) async fn leave(
    tx: &Transaction,
    ctx: &Ctx,
    old: case::Model,
    reason: Dismissal,
) -> Result<Option<NewEvent>> {
    let id = old.id;
    let left = report::Entity::find().filter(report::Column::CaseId.eq(id)).count(&**tx).await?;
    let (row, event) = if left == 0 && cases::standing(&old)?.state.is_open() {
        let event = case_event(EventKind::CaseChanged, &old, CaseAction::Dismiss)
            .with("reason", reason.name())
            .with("empty", true);
        (cases::dismissed(old, reason, None)?, Some(event))
    } else {
        (old.into_active_model(), None)
    };
    recounted(tx, ctx, row, id).await?;
    Ok(event)
}

/// The report and its case as they were seen, locked together with other cases: cases by id, then the report.
pub(super) async fn locked(
    tx: &Transaction,
    ctx: &Ctx,
    id: ReportId,
    seen: &str,
    others: &BTreeSet<Uuid>,
) -> Result<(report::Model, Option<case::Model>)> {
    let found = report::Entity::find_by_id(id.0).one(&**tx).await?.ok_or_else(|| unknown(id))?;
    let row = locked_with(tx, &found, others).await?;
    require_current(tx, ctx, &row, seen).await?;
    let case = match row.case_id {
        Some(case) => Some(cases::load(tx, CaseId(case)).await?),
        None => None,
    };
    Ok((row, case))
}

/// Locks the case of a report, others with it, and then the report.
pub(super) async fn locked_with(
    tx: &Transaction,
    found: &report::Model,
    others: &BTreeSet<Uuid>,
) -> Result<report::Model> {
    cases::lock(tx, &others.iter().copied().chain(found.case_id).collect()).await?;
    let mut query = report::Entity::find_by_id(found.id);
    if tx.locks_rows() {
        query = query.lock(LockType::Update);
    }
    let row = query.one(&**tx).await?.ok_or_else(|| unknown(ReportId(found.id)))?;
    if row.case_id != found.case_id {
        return Err(Error::conflict("changed-meanwhile", "The report was moved at this very moment; try again."));
    }
    Ok(row)
}

/// Refuses a step on anything but the report as it is now.
pub(super) async fn require_current(tx: &Transaction, ctx: &Ctx, row: &report::Model, seen: &str) -> Result<()> {
    let current = compose(&**tx, &ctx.actor, row.clone()).await?;
    if current.revision == seen { Ok(()) } else { Err(Error::stale(&current.revision, &current)) }
}

/// Records what else happened, and answers the report as it is now. The kept outcome has no words of it.
pub(super) async fn finish(tx: Transaction, ctx: &Ctx, row: report::Model, event: Option<NewEvent>) -> Result<Report> {
    if let Some(event) = event {
        events::append(&tx, ctx, event).await?;
    }
    let report = compose(&*tx, &ctx.actor, row).await?;
    let kept = Report { doing: None, wrong: None, additions: Vec::new(), contact: None, ..report.clone() };
    tx.commit(kept).await?;
    Ok(report)
}

/// What happens to a report, without any words of it.
pub(super) fn about(kind: EventKind, row: &report::Model) -> NewEvent {
    let mut event = NewEvent::about(kind, "report", row.id).with("reference", row.reference.clone());
    event.document = Some(DocumentId(row.document_id));
    event
}

/// The report with a reference, or with an id as text.
pub(super) async fn find_by_reference(connection: &impl ConnectionTrait, reference: &str) -> Result<report::Model> {
    let reference = reference.trim().to_ascii_uppercase();
    let query = match reference.parse::<Uuid>() {
        Ok(id) => report::Entity::find_by_id(id),
        Err(_) => report::Entity::find().filter(report::Column::Reference.eq(&reference)),
    };
    query.one(connection).await?.ok_or_else(|| Error::not_found(format!("report with the reference {reference:?}")))
}

fn unknown(id: ReportId) -> Error {
    Error::not_found(format!("report with the id {id}"))
}

async fn compose(connection: &impl ConnectionTrait, actor: &Actor, row: report::Model) -> Result<Report> {
    let composed = compose_all(connection, actor, vec![row]).await?;
    composed.into_iter().next().ok_or_else(|| Error::bug("a report vanished while it was read"))
}

pub(super) async fn compose_all(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<report::Model>,
) -> Result<Vec<Report>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut additions: BTreeMap<Uuid, Vec<Addition>> = BTreeMap::new();
    let added = report_addition::Entity::find()
        .filter(report_addition::Column::ReportId.is_in(ids.clone()))
        .order_by_asc(report_addition::Column::ReceivedAt)
        .order_by_asc(report_addition::Column::Id)
        .all(connection)
        .await?;
    for row in added {
        additions.entry(row.report_id).or_default().push(Addition {
            id: row.id,
            text: row.text,
            removed: serde_json::from_str(&row.removed)?,
            received_at: Timestamp(row.received_at),
        });
    }
    let mut taken_out: BTreeMap<Uuid, Vec<TakenOut>> = BTreeMap::new();
    for (report, one) in sealed::taken_out(connection, &ids).await? {
        taken_out.entry(report).or_default().push(one);
    }
    let mut contacts: BTreeMap<Uuid, Contact> = report_contact::Entity::find()
        .filter(report_contact::Column::ReportId.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.report_id, Contact { email: row.email, delete_after: Timestamp(row.delete_after) }))
        .collect();
    rows.into_iter()
        .map(|row| {
            let additions = additions.remove(&row.id).unwrap_or_default();
            let contact = contacts.remove(&row.id);
            let taken_out = taken_out.remove(&row.id).unwrap_or_default();
            Ok(Report { taken_out, ..composed(row, additions, contact, actor)? })
        })
        .collect()
}

fn composed(row: report::Model, additions: Vec<Addition>, contact: Option<Contact>, actor: &Actor) -> Result<Report> {
    Ok(Report {
        revision: revision(&(row.case_id, row.quarantined, &row.doing, &row.wrong, row.text_purged_at, &additions))?,
        id: ReportId(row.id),
        reference: row.reference,
        kind: ReportKind::from_name(&row.kind).ok_or_else(|| Error::bug("a report of an unknown kind"))?,
        document: DocumentId(row.document_id),
        page: DocumentId(row.page_id),
        version: row.version.map(VersionNumber),
        seen_sequence: row.seen_sequence.map(Sequence),
        block: row.block_id.map(NodeId),
        doing: row.doing,
        wrong: row.wrong,
        additions,
        removed: serde_json::from_str(&row.removed)?,
        flags: serde_json::from_str(&row.flags)?,
        reasons: serde_json::from_str(&row.reasons)?,
        score: row.score,
        quarantined: row.quarantined,
        case: row.case_id.map(CaseId),
        received_at: Timestamp(row.received_at),
        door: row.door,
        text_purged_at: row.text_purged_at.map(Timestamp),
        device: row.device.as_deref().and_then(Device::from_name),
        purge_rule: row.purge_rule.as_deref().and_then(RetentionRule::from_name),
        taken_out: Vec::new(),
        has_contact: contact.is_some(),
        contact: contact.filter(|_| actor.may(Permission::FeedbackTriage)),
    })
}
