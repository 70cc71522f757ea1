//! By when something is to be done about a case: the settings' targets, put to its clock. The arithmetic of days is in
//! `working_time.rs`.
//!
//! Decisions (2026-11-22):
//! - Two targets run side by side: until somebody does anything about a case, and until it is resolved or dismissed. The
//!   nearer one is what the case is *due*; past it, a case is *escalating*. That is worked out at the moment at which somebody
//!   asks, from the time that is kept: nothing has to run for a case to become overdue.
//! - What keeps somebody from reading a page is not put off because it looks small: a case about accessibility has targets of
//!   its own, and the nearer ones of those and of its severity's hold.
//! - The clock stands while a case waits, and while it is closed: who takes an answer back has not won time, and has lost none.
//!   A fix that did not work is a new problem: the clock begins anew, the first action included.
//! - What is kept are the times at which the clock stood, not how much work that was. So a change of targets, holidays or
//!   time zone makes every due date right, also those of cases that are reopened years later. The follower does it, without a
//!   new version of the case, since nobody changed anything about it.

use entity::case;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use std::collections::BTreeSet;
use uuid::Uuid;

use crate::{
    events::{Event, EventKind},
    kernel::{Ctx, Error, Permission, Result, Timestamp},
    site::{self, Settings, Target},
};

use super::{
    cases,
    classifying::{CaseCategory, CaseSeverity},
    lifecycle::CaseState,
    working_time::{Calendar, Stretch},
};

/// How many cases are timed in one transaction.
const AT_A_TIME: u64 = 200;

/// The clock of cases, as the settings are.
pub(super) struct Clockwork {
    calendar: Calendar,
    settings: Settings,
}

/// By when something is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    pub first_action: Option<i64>,
    pub fix: Option<i64>,
}

impl Due {
    /// The nearer of both.
    pub fn nearest(self) -> Option<i64> {
        [self.first_action, self.fix].into_iter().flatten().min()
    }
}

/// Whether the clock of a case runs in a state.
pub(super) fn runs(state: CaseState) -> bool {
    matches!(state, CaseState::New | CaseState::Open | CaseState::InProgress)
}

pub(super) async fn clockwork(connection: &impl ConnectionTrait) -> Result<Clockwork> {
    let settings = site::settings(connection).await?;
    let holidays = settings.holidays.iter().map(|holiday| holiday.date.as_str());
    Ok(Clockwork { calendar: Calendar::new(&settings.time_zone, holidays), settings })
}

impl Clockwork {
    /// Starts or stops the clock of a case as its state wants it, and works out when it is due.
    pub fn keep(&self, row: &mut case::ActiveModel, now: Timestamp) -> Result<()> {
        let state = named(value(&row.state), CaseState::from_name, "state")?;
        match (runs(state), value(&row.clock_stopped_at).copied().flatten()) {
            (false, None) => row.clock_stopped_at = Set(Some(now.0)),
            (true, Some(since)) => {
                let mut pauses = pauses(value(&row.pauses))?;
                pauses.push((Timestamp(since), now));
                row.pauses = Set(written(&pauses)?);
                row.clock_stopped_at = Set(None);
            }
            (true, None) | (false, Some(_)) => {}
        }
        let due = if runs(state) { self.due(row)? } else { Due::default() };
        row.action_due_at = Set(due.first_action);
        row.fix_due_at = Set(due.fix);
        row.due_at = Set(due.nearest());
        Ok(())
    }

    /// By when something is to be done about a case whose clock runs.
    fn due(&self, row: &case::ActiveModel) -> Result<Due> {
        let severity = named(value(&row.severity), CaseSeverity::from_name, "severity")?;
        let category = named(value(&row.category), CaseCategory::from_name, "category")?;
        let from = Timestamp(value(&row.clock_from).copied().unwrap_or_default());
        let pauses = pauses(value(&row.pauses))?;
        let Target { first_action, fix } = self.target(severity, category);
        let at = |days| Some(self.calendar.due(from, &pauses, days).0);
        let is_untouched = value(&row.acted_at).copied().flatten().is_none();
        Ok(Due { first_action: if is_untouched { at(first_action) } else { None }, fix: at(fix) })
    }

    fn target(&self, severity: CaseSeverity, category: CaseCategory) -> Target {
        let targets = &self.settings.targets;
        let target = match severity {
            CaseSeverity::Urgent => targets.urgent,
            CaseSeverity::High => targets.high,
            CaseSeverity::Normal => targets.normal,
            CaseSeverity::Low => targets.low,
        };
        match category {
            CaseCategory::Accessibility => Target {
                first_action: target.first_action.min(targets.accessibility.first_action),
                fix: target.fix.min(targets.accessibility.fix),
            },
            _ => target,
        }
    }

    /// The targets of cases about accessibility, whatever their severity.
    pub fn accessibility(&self) -> Target {
        self.settings.targets.accessibility
    }

    /// Whether a closed case was first looked at, and then closed, within its targets as they are now.
    pub fn kept(&self, row: &case::Model) -> Result<Kept> {
        let untouched = case::Model { acted_at: None, ..row.clone() };
        let due = self.due(&untouched.into_active_model())?;
        let within = |at: Option<i64>, due: Option<i64>| at.zip(due).is_some_and(|(at, due)| at <= due);
        Ok(Kept { first_action: within(row.acted_at, due.first_action), fix: within(row.closed_at, due.fix) })
    }
}

/// What of the targets of a case was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub first_action: bool,
    pub fix: bool,
}

/// Begins to count anew, for what came back.
pub(super) fn restart(row: &mut case::ActiveModel, now: Timestamp) {
    row.clock_from = Set(now.0);
    row.clock_stopped_at = Set(None);
    row.pauses = Set(NO_PAUSES.to_owned());
    row.acted_at = Set(None);
}

/// What a case without pauses has kept.
pub(super) const NO_PAUSES: &str = "[]";

/// Notes that somebody has done something about a case, if nobody had.
pub(super) fn acted(row: &mut case::ActiveModel, now: Timestamp) {
    if value(&row.acted_at).copied().flatten().is_none() {
        row.acted_at = Set(Some(now.0));
    }
}

/// Works out anew when cases are due after the settings have changed; says how many are due at another time. Events of
/// other kinds change nothing.
pub async fn retime(ctx: &Ctx, event: &Event) -> Result<usize> {
    if event.kind != EventKind::SettingChanged {
        return Ok(0);
    }
    let changed = |key: &str| {
        event.payload.get("from").and_then(|from| from.get(key)) != event.payload.get("to").and_then(|to| to.get(key))
    };
    if !["targets", "holidays", "time_zone"].into_iter().any(changed) {
        return Ok(0);
    }
    timed(ctx, Condition::all()).await
}

/// Works out when cases are due that have never been timed; after an update from a version that knew no targets.
pub async fn time_untimed(ctx: &Ctx) -> Result<usize> {
    timed(ctx, Condition::all().add(case::Column::DueAt.is_null())).await
}

/// Times the running cases that fit.
async fn timed(ctx: &Ctx, which: Condition) -> Result<usize> {
    ctx.authorise(Permission::FeedbackTriage)?;
    let running: Vec<&str> = CaseState::ALL.iter().filter(|state| runs(**state)).map(|state| state.name()).collect();
    let (mut changed, mut after) = (0, Uuid::nil());
    loop {
        let snapshot = ctx.database.read().await?;
        let ids: Vec<Uuid> = case::Entity::find()
            .select_only()
            .column(case::Column::Id)
            .filter(case::Column::State.is_in(running.iter().copied()))
            .filter(case::Column::Id.gt(after))
            .filter(which.clone())
            .order_by_asc(case::Column::Id)
            .limit(AT_A_TIME)
            .into_tuple()
            .all(&*snapshot)
            .await?;
        drop(snapshot);
        let Some(last) = ids.last() else { return Ok(changed) };
        after = *last;
        let tx = ctx.write().await?;
        cases::lock(&tx, &ids.iter().copied().collect::<BTreeSet<Uuid>>()).await?;
        let clockwork = clockwork(&*tx).await?;
        for row in case::Entity::find().filter(case::Column::Id.is_in(ids)).all(&*tx).await? {
            let before = (row.action_due_at, row.fix_due_at, row.due_at);
            let mut row = row.into_active_model();
            clockwork.keep(&mut row, ctx.now())?;
            if before != (flat(&row.action_due_at), flat(&row.fix_due_at), flat(&row.due_at)) {
                row.update(&*tx).await?;
                changed += 1;
            }
        }
        tx.commit(()).await?;
    }
}

fn flat(kept: &ActiveValue<Option<i64>>) -> Option<i64> {
    value(kept).copied().flatten()
}

/// What a column holds, or is to hold.
fn value<T: Into<sea_orm::Value>>(column: &ActiveValue<T>) -> Option<&T> {
    match column {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some(value),
        ActiveValue::NotSet => None,
    }
}

fn named<T>(name: Option<&String>, from_name: impl Fn(&str) -> Option<T>, what: &str) -> Result<T> {
    name.and_then(|name| from_name(name)).ok_or_else(|| Error::bug(format!("a case of an unknown {what}")))
}

fn pauses(text: Option<&String>) -> Result<Vec<Stretch>> {
    let stored: Vec<(i64, i64)> = serde_json::from_str(text.map_or(NO_PAUSES, String::as_str))?;
    Ok(stored.into_iter().map(|(from, until)| (Timestamp(from), Timestamp(until))).collect())
}

fn written(pauses: &[Stretch]) -> Result<String> {
    let stored: Vec<(i64, i64)> = pauses.iter().map(|(from, until)| (from.0, until.0)).collect();
    Ok(serde_json::to_string(&stored)?)
}
