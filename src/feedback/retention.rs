//! What is said in reports is kept for so long and no longer: rules by state, carried out by the followers, with a dry run.
//! Rows, counts and events stay; texts, and addresses that visitors left, go.
//!
//! Decisions (2026-11-22):
//! - A report that is purged ends as one that was erased: answers, additions, the address, titles that were made from it and
//!   sentences that somebody copied into a note. What people said of it in words of their own stays.
//! - The time of a text runs from the closing of its case. A case that is opened again keeps everything until it is closed
//!   once more, and then the whole time runs anew. In quarantine it runs from when the report came there.
//! - An address goes with whichever comes first: so many days after it was left, or after the case was closed.
//! - Each report is a transaction and an event of its own, so that a run can be stopped anywhere and goes on later. A run
//!   begins at most once an hour; the dry run says what the next one will do.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, follower, report, report_contact};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set, sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    events::{self, EventKind},
    kernel::{Ctx, Permission, Result, Timestamp},
    site::{self, Settings},
};

use super::{
    lifecycle::{CaseState, Dismissal},
    redactions, reports,
};

named! {
    /// Why something is no longer kept.
    RetentionRule {
        /// Its case was closed long ago.
        ClosedText = "closed_text",
        /// It was spam, or nobody took it out of quarantine.
        SpamText = "spam_text",
        /// The address that a visitor left has served its purpose.
        Contact = "contact",
    }
}

/// For how many days something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Periods {
    pub report_text_days: u32,
    pub spam_days: u32,
    pub contact_closed_days: u32,
}

impl From<&Settings> for Periods {
    fn from(settings: &Settings) -> Self {
        Self {
            report_text_days: settings.report_text_days,
            spam_days: settings.spam_days,
            contact_closed_days: settings.contact_closed_days,
        }
    }
}

/// What a rule would do now, and what it has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    pub rule: RetentionRule,
    /// For how long it keeps.
    pub days: u32,
    /// How many reports it would purge now.
    pub due: u64,
    /// How many it has purged so far.
    pub purged: u64,
}

/// The name under which the time of the last run is kept.
const RUN: &str = "retention";
/// How long after a run the next one begins at the earliest.
const PAUSE: i64 = Timestamp::HOUR;
/// How many reports one look purges at most; the others wait for the next look.
const BATCH: u64 = 200;

/// What would be purged now, by rule, if things were kept for so long; as the settings say without periods.
pub async fn dry_run(ctx: &Ctx, periods: Option<Periods>) -> Result<Vec<RuleCount>> {
    ctx.authorise(Permission::SettingsManage)?;
    let snapshot = ctx.database.read().await?;
    let periods = match periods {
        Some(periods) => periods,
        None => Periods::from(&site::settings(&*snapshot).await?),
    };
    let mut purged: BTreeMap<String, i64> = report::Entity::find()
        .select_only()
        .column(report::Column::PurgeRule)
        .column_as(report::Column::Id.count(), "number")
        .filter(report::Column::PurgeRule.is_not_null())
        .group_by(report::Column::PurgeRule)
        .into_tuple()
        .all(&*snapshot)
        .await?
        .into_iter()
        .collect();
    let contacts = events::Filter { kind: Some(EventKind::ReportContactDeleted), ..events::Filter::default() };
    let contacts = events::count(&*snapshot, &contacts).await?;
    purged.insert(RetentionRule::Contact.name().to_owned(), i64::try_from(contacts).unwrap_or(i64::MAX));
    let mut counts = Vec::new();
    for rule in RetentionRule::ALL {
        counts.push(RuleCount {
            rule: *rule,
            days: rule.days(periods),
            due: due(*rule, periods, ctx.now()).count(&*snapshot).await?,
            purged: purged.get(rule.name()).and_then(|count| u64::try_from(*count).ok()).unwrap_or_default(),
        });
    }
    Ok(counts)
}

/// Purges what is due; says how much. Does nothing within an hour of having found nothing.
pub async fn purge_due(ctx: &Ctx) -> Result<usize> {
    ctx.authorise(Permission::FeedbackErase)?;
    let (found, periods) = {
        let snapshot = ctx.database.read().await?;
        let last = follower::Entity::find_by_id(RUN).one(&*snapshot).await?.map_or(0, |row| row.position);
        if ctx.now().0 < last.saturating_add(PAUSE) {
            return Ok(0);
        }
        let periods = Periods::from(&site::settings(&*snapshot).await?);
        (find(&*snapshot, periods, ctx.now()).await?, periods)
    };
    let mut purged = 0;
    for (rule, id) in &found {
        purged += usize::from(purge(ctx, *rule, *id, periods).await?);
    }
    // Something that can't be done at this moment is tried again at the next run, not at once.
    if purged == 0 {
        remember(ctx).await?;
    } else {
        ctx.database.settle().await?;
    }
    Ok(purged)
}

impl RetentionRule {
    pub fn days(self, periods: Periods) -> u32 {
        match self {
            Self::ClosedText => periods.report_text_days,
            Self::SpamText => periods.spam_days,
            Self::Contact => periods.contact_closed_days,
        }
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    periods: Periods,
    now: Timestamp,
) -> Result<Vec<(RetentionRule, Uuid)>> {
    let mut found = Vec::new();
    for rule in RetentionRule::ALL {
        let ids: Vec<Uuid> = due(*rule, periods, now)
            .select_only()
            .column(report::Column::Id)
            .order_by_asc(report::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(connection)
            .await?;
        found.extend(ids.into_iter().map(|id| (*rule, id)));
    }
    Ok(found)
}

/// The reports that a rule applies to now.
fn due(rule: RetentionRule, periods: Periods, now: Timestamp) -> Select<report::Entity> {
    let before = now.plus(-i64::from(rule.days(periods)) * Timestamp::DAY);
    let closed =
        case::Entity::find().select_only().column(case::Column::Id).filter(case::Column::ClosedAt.lte(before.0));
    let spam = Condition::all()
        .add(case::Column::State.eq(CaseState::Dismissed.name()))
        .add(case::Column::Reason.starts_with(Dismissal::Spam.name()));
    let reports = report::Entity::find();
    match rule {
        RetentionRule::ClosedText => reports
            .filter(report::Column::TextPurgedAt.is_null())
            .filter(report::Column::CaseId.in_subquery(closed.into_query())),
        RetentionRule::SpamText => reports.filter(report::Column::TextPurgedAt.is_null()).filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(report::Column::Quarantined.eq(true))
                        .add(report::Column::QuarantinedAt.lte(before.0)),
                )
                .add(report::Column::CaseId.in_subquery(closed.filter(spam).into_query())),
        ),
        RetentionRule::Contact => {
            let over = report_contact::Entity::find()
                .select_only()
                .column(report_contact::Column::ReportId)
                .filter(report_contact::Column::DeleteAfter.lte(now.0));
            reports.filter(report::Column::HasContact.eq(true)).filter(
                Condition::any()
                    .add(report::Column::Id.in_subquery(over.into_query()))
                    .add(report::Column::CaseId.in_subquery(closed.into_query())),
            )
        }
    }
}

/// Purges one report if the rule still applies to it.
async fn purge(ctx: &Ctx, rule: RetentionRule, id: Uuid, periods: Periods) -> Result<bool> {
    let tx = ctx.write().await?;
    let cases = match rule {
        RetentionRule::Contact => BTreeSet::new(),
        _ => redactions::cases_of(&tx, id).await?,
    };
    // A sample can have been removed meanwhile.
    let Some(found) = report::Entity::find_by_id(id).one(&*tx).await? else { return Ok(false) };
    let row = reports::locked_with(&tx, &found, &cases).await?;
    // Somebody may have opened the case again before it was locked.
    if due(rule, periods, ctx.now()).filter(report::Column::Id.eq(id)).count(&*tx).await? == 0 {
        return Ok(false);
    }
    let event = if rule == RetentionRule::Contact {
        report_contact::Entity::delete_by_id(id).exec(&*tx).await?;
        let mut without = row.clone().into_active_model();
        without.has_contact = Set(false);
        without.update(&*tx).await?;
        reports::about(EventKind::ReportContactDeleted, &row)
    } else {
        let mut purged = redactions::empty(&tx, ctx, row.clone(), cases).await?.into_active_model();
        purged.purge_rule = Set(Some(rule.name().to_owned()));
        purged.update(&*tx).await?;
        reports::about(EventKind::ReportPurged, &row).with("rule", rule.name())
    };
    let event = event.with("days", rule.days(periods)).with("case", row.case_id.map(|case| case.to_string()));
    events::append(&tx, ctx, event).await?;
    tx.commit(true).await
}

/// Notes that nothing is left to do for now.
async fn remember(ctx: &Ctx) -> Result<()> {
    let tx = ctx.write().await?;
    let moved = follower::Entity::update_many()
        .col_expr(follower::Column::Position, Expr::value(ctx.now().0))
        .filter(follower::Column::Name.eq(RUN))
        .exec(&*tx)
        .await?;
    if moved.rows_affected == 0 {
        let row = follower::ActiveModel { name: Set(RUN.to_owned()), position: Set(ctx.now().0) };
        follower::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*tx).await?;
    }
    tx.commit(()).await
}
