//! Which case a report belongs to: the one that the same text joined a moment ago, the fixed one that it says is not
//! fixed, or a new one. It decides by what is already redacted.
//!
//! Decisions (2026-11-22):
//! - Every report that is not put aside belongs to a case, praise and comments too: one list to work through, and a case
//!   that needs nothing is dismissed or answered in one step.
//! - Similar text only proposes, and a person confirms; a regression is the exception, since a fix that did not work is
//!   worth more than a wrongly reopened case costs.
//! - What was fixed in one passage is not broken again by a report about another: alike words about two passages are two
//!   problems. A report that names no passage can be about any.
//! - Without a page token it is known which version of the page the visitor names, but not which version of a section
//!   within it was shown. So such a report can reopen only what was fixed in the page itself.
//! - A report with the same text counts in its case without making the next version of the case's row: it says nothing
//!   that whoever looks at the case has not seen, and in a flood of reports no step would come through otherwise. The
//!   count and the times are written under the lock of the case, so none is lost. What does say something new makes a
//!   version: a regression, a report that a person moves in, detail that a visitor adds.
//! - Comparing is bounded to the newest reports, so that a flood of reports can't make each further one slower.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, event, report};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, Error, Result, Timestamp, Transaction},
};

use super::{
    cases::{self, case_event},
    classifying::{CaseCategory, CaseSeverity},
    intake::ReportKind,
    lifecycle::{CaseAction, CaseState, Resolution},
    round::Round,
    similarity::{SIMILAR, Shape},
    suggestions::differ,
    telling, texts,
    timing::{self, Clockwork},
};

/// Within this time the same text joins the same case.
pub(super) const SAME_WITHIN: i64 = 5 * Timestamp::MINUTE;
/// How many reports of fixed cases a report is compared with.
const COMPARED: u64 = 200;
/// The title of a case whose report says nothing any more.
pub(super) const NO_TITLE: &str = "Text removed";

/// Where a report belongs, and what is to be recorded of it.
pub(super) struct Placed {
    pub case: Uuid,
    pub event: Option<NewEvent>,
}

/// Finds or makes the case of a report and counts the report there. The report's own row is the caller's part, and so is
/// the event, which comes last.
pub(super) async fn place(tx: &Transaction, ctx: &Ctx, round: &mut Round, report: &report::Model) -> Result<Placed> {
    let candidate = match round.found(report) {
        Some(found) => found,
        None => candidate(tx, round, report).await?,
    };
    if let Some(Candidate { case: id, is_same }) = candidate {
        cases::lock(tx, &BTreeSet::from([id])).await?;
        // Read again under the lock: it may have been merged or answered meanwhile.
        if let Some(row) = case::Entity::find_by_id(id).one(&**tx).await?
            && cases::stepped(row.clone(), CaseAction::Receive).is_ok()
        {
            let fixed_at = fix_times(tx, std::slice::from_ref(&row), report).await?;
            if says_not_fixed(&row, report, &fixed_at) {
                let event = regress(tx, ctx, round, row, report).await?;
                return Ok(Placed { case: id, event: Some(event) });
            }
            if is_same {
                let mut row = counted(row, report);
                row.updated_at = Set(ctx.now().0);
                row.update(&**tx).await?;
                return Ok(Placed { case: id, event: None });
            }
        }
    }
    let case = ctx.new_id();
    let row = new_case(ctx, round.clockwork(tx).await?, report, case, CaseState::New)?;
    round.add_case(row);
    round.tell_owner(ctx, report.document_id, case);
    Ok(Placed { case, event: None })
}

/// A case that a report may join.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub case: Uuid,
    /// For the sake of the same text.
    is_same: bool,
}

/// The case that a report may join.
pub(super) async fn candidate(
    tx: &Transaction,
    round: &mut Round,
    report: &report::Model,
) -> Result<Option<Candidate>> {
    if round.knows(&report.fingerprint) {
        // The other one may be of this round.
        round.write(tx).await?;
        if let Some(case) = same(tx, report).await? {
            return Ok(Some(Candidate { case, is_same: true }));
        }
    }
    if !round.has_fixed(report.document_id) {
        return Ok(None);
    }
    Ok(broken_fix(tx, report).await?.map(|case| Candidate { case, is_same: false }))
}

/// A case of its own for a report.
pub(super) async fn create(
    tx: &Transaction,
    ctx: &Ctx,
    clockwork: &Clockwork,
    report: &report::Model,
    state: CaseState,
) -> Result<Uuid> {
    let id = ctx.new_id();
    let mut row = new_case(ctx, clockwork, report, id, state)?;
    row.number = Set(events::next_number(&**tx, "case").await?);
    case::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(id)
}

/// The same, not written and without a number.
fn new_case(
    ctx: &Ctx,
    clockwork: &Clockwork,
    report: &report::Model,
    id: Uuid,
    state: CaseState,
) -> Result<case::ActiveModel> {
    let title = texts::title_of(report.doing.as_deref(), report.wrong.as_deref());
    let kind = ReportKind::from_name(&report.kind).ok_or_else(|| Error::bug("a report of an unknown kind"))?;
    let mut row = case::ActiveModel {
        id: Set(id),
        number: NotSet,
        title: Set(title.unwrap_or_else(|| NO_TITLE.to_owned())),
        document_id: Set(report.document_id),
        state: Set(state.name().to_owned()),
        resolution: Set(None),
        reason: Set(None),
        assignee_id: Set(None),
        waiting_until: Set(None),
        fixed_document_id: Set(None),
        fixed_version: Set(None),
        fixed_sequence: Set(None),
        merged_into: Set(None),
        state_before_merge: Set(None),
        regressed: Set(false),
        report_count: Set(1),
        first_report_at: Set(report.received_at),
        last_report_at: Set(report.received_at),
        row_version: Set(1),
        created_at: Set(ctx.now().0),
        updated_at: Set(ctx.now().0),
        severity: Set(CaseSeverity::Normal.name().to_owned()),
        category: Set(CaseCategory::suggested_by(kind).name().to_owned()),
        clock_from: Set(ctx.now().0),
        clock_stopped_at: Set(None),
        pauses: Set(timing::NO_PAUSES.to_owned()),
        // Whoever makes a case of its own of a report has looked at it.
        acted_at: Set((state != CaseState::New).then_some(ctx.now().0)),
        action_due_at: Set(None),
        fix_due_at: Set(None),
        due_at: Set(None),
        closed_at: Set(None),
    };
    clockwork.keep(&mut row, ctx.now())?;
    Ok(row)
}

/// The case of a report with the same text at about the same time, on the same page or about the same document: whoever
/// sends once more may point at a passage this time, which can belong to a section that stands in the page.
async fn same(tx: &Transaction, report: &report::Model) -> Result<Option<Uuid>> {
    let row = report::Entity::find()
        .filter(report::Column::Fingerprint.eq(&report.fingerprint))
        .filter(
            Condition::any()
                .add(report::Column::DocumentId.eq(report.document_id))
                .add(report::Column::PageId.eq(report.page_id)),
        )
        .filter(report::Column::ReceivedAt.gte(report.received_at - SAME_WITHIN))
        .filter(report::Column::ReceivedAt.lte(report.received_at + SAME_WITHIN))
        .filter(report::Column::CaseId.is_not_null())
        .filter(report::Column::Id.ne(report.id))
        .order_by_desc(report::Column::ReceivedAt)
        .order_by_desc(report::Column::Id)
        .one(&**tx)
        .await?;
    Ok(row.and_then(|row| row.case_id))
}

/// The fixed case whose reports are most like this one, if the visitor saw the fix.
async fn broken_fix(tx: &Transaction, report: &report::Model) -> Result<Option<Uuid>> {
    let fixed = case::Entity::find()
        .filter(case::Column::DocumentId.eq(report.document_id))
        .filter(case::Column::State.eq(CaseState::Resolved.name()))
        .filter(case::Column::Resolution.eq(Resolution::Fixed.name()))
        .order_by_desc(case::Column::LastReportAt)
        .limit(COMPARED)
        .all(&**tx)
        .await?;
    let fixed_at = fix_times(tx, &fixed, report).await?;
    let not_fixed = fixed.into_iter().filter(|row| says_not_fixed(row, report, &fixed_at));
    let candidates: BTreeSet<Uuid> = not_fixed.map(|row| row.id).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    type Row = (Uuid, Option<Uuid>, Option<String>, Option<String>);
    let reports: Vec<Row> = report::Entity::find()
        .select_only()
        .columns([report::Column::CaseId, report::Column::BlockId, report::Column::Doing, report::Column::Wrong])
        .filter(report::Column::CaseId.is_in(candidates))
        .filter(report::Column::TextPurgedAt.is_null())
        .order_by_desc(report::Column::ReceivedAt)
        .limit(COMPARED)
        .into_tuple()
        .all(&**tx)
        .await?;
    let shape =
        |doing: &Option<String>, wrong: &Option<String>| Shape::of(&texts::whole(doing.as_deref(), wrong.as_deref()));
    let own = shape(&report.doing, &report.wrong);
    let about_the_same = reports.into_iter().filter(|(_, block, _, _)| !differ(report.block_id, *block));
    let alike = about_the_same.filter_map(|(case, _, doing, wrong)| {
        let likeness = own.likeness(&shape(&doing, &wrong));
        (likeness >= SIMILAR).then_some((likeness, case))
    });
    Ok(alike.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, case)| case))
}

/// When cases were fixed, by the events that fixed them. It is looked up for a report of which it is not known which change
/// of the page it is about.
async fn fix_times(tx: &Transaction, cases: &[case::Model], report: &report::Model) -> Result<BTreeMap<i64, i64>> {
    let fixes: Vec<i64> = cases.iter().filter_map(|case| case.fixed_sequence).collect();
    if fixes.is_empty() || report.seen_sequence.is_some() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, i64)> = event::Entity::find()
        .select_only()
        .columns([event::Column::Sequence, event::Column::At])
        .filter(event::Column::Sequence.is_in(fixes))
        .into_tuple()
        .all(&**tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Whether the visitor saw the page with the fix in it.
fn says_not_fixed(case: &case::Model, report: &report::Model, fixed_at: &BTreeMap<i64, i64>) -> bool {
    if case.state != CaseState::Resolved.name() || case.resolution.as_deref() != Some(Resolution::Fixed.name()) {
        return false;
    }
    let Some(fix) = case.fixed_sequence else { return false };
    if let Some(seen) = report.seen_sequence {
        return seen >= fix;
    }
    if case.fixed_document_id != Some(report.page_id) || report.version < case.fixed_version {
        return false;
    }
    fixed_at.get(&fix).is_none_or(|at| report.received_at >= *at)
}

/// Reopens a fixed case for a report that says that it is not fixed.
async fn regress(
    tx: &Transaction,
    ctx: &Ctx,
    round: &mut Round,
    row: case::Model,
    report: &report::Model,
) -> Result<NewEvent> {
    let event = case_event(EventKind::CaseReopened, &row, CaseAction::Regress)
        .with("to", CaseState::Open.name())
        .with("report", report.reference.clone())
        .with("fixed_version", row.fixed_version);
    let counts = counted(row.clone(), report);
    let mut row = cases::stepped(row, CaseAction::Regress)?;
    row.regressed = Set(true);
    row.report_count = counts.report_count;
    row.first_report_at = counts.first_report_at;
    row.last_report_at = counts.last_report_at;
    cases::touch(&mut row, ctx);
    timing::restart(&mut row, ctx.now());
    round.clockwork(tx).await?.keep(&mut row, ctx.now())?;
    let row = row.update(&**tx).await?;
    telling::follow(tx, &row).await?;
    round.tell_owner(ctx, row.document_id, row.id);
    Ok(event)
}

/// Counts a report in the case to which a person has moved it.
pub(super) async fn take(tx: &Transaction, ctx: &Ctx, row: case::Model, report: &report::Model) -> Result<()> {
    let mut row = counted(row, report);
    cases::touch(&mut row, ctx);
    row.update(&**tx).await?;
    Ok(())
}

/// The case with one report more.
fn counted(row: case::Model, report: &report::Model) -> case::ActiveModel {
    let (count, first, last) = if row.report_count == 0 {
        (1, report.received_at, report.received_at)
    } else {
        let (first, last) = (row.first_report_at, row.last_report_at);
        (row.report_count.saturating_add(1), first.min(report.received_at), last.max(report.received_at))
    };
    let mut row = row.into_active_model();
    row.report_count = Set(count);
    row.first_report_at = Set(first);
    row.last_report_at = Set(last);
    row
}
