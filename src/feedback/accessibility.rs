//! How it stands with what keeps people from reading or using the site: the cases about accessibility, and whether their own
//! targets are kept. The cases themselves are listed like all others.
//!
//! Decision (2026-11-22), which cases these are. Context: visitors say what kind a report is, and people say what a case is
//! about; a report of that kind gives its case that category. Choice: the category counts. Consequence: whoever triages
//! moves what was reported as something else into this view, and out of it what is not about accessibility.

use entity::case;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::{
    kernel::{Ctx, Permission, Result, Timestamp},
    site::Target,
};

use super::{classifying::CaseCategory, lifecycle::CaseState, timing};

/// The weeks of which closed cases are looked at.
const WEEKS: i64 = 12;
/// The most closed cases that are looked at, the last ones.
const MOST: u64 = 5_000;

/// How it stands with accessibility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accessibility {
    pub targets: Target,
    /// In any open state.
    pub open: u64,
    /// Open, and past the nearer target.
    pub late: u64,
    /// Open, and nobody has done anything about it.
    pub untouched: u64,
    /// Open, and the clock stands.
    pub waiting: u64,
    /// Open, and the fix before did not work.
    pub regressed: u64,
    pub closed: AccessibilityClosed,
}

/// What became of the cases that were closed lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessibilityClosed {
    /// The beginning of the time in which they were closed.
    pub since: Timestamp,
    pub cases: u64,
    /// Of these, looked at within the target for it.
    pub first_action_in_time: u64,
    /// Of these, closed within the target for it.
    pub fix_in_time: u64,
}

/// How it stands now, and in the last 12 weeks. Merged cases are none of their own.
pub async fn accessibility(ctx: &Ctx) -> Result<Accessibility> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let clockwork = timing::clockwork(&*snapshot).await?;
    let all = || case::Entity::find().filter(case::Column::Category.eq(CaseCategory::Accessibility.name()));
    let open = || {
        let states = CaseState::ALL.iter().filter(|state| state.is_open()).map(|state| state.name());
        all().filter(case::Column::State.is_in(states))
    };
    let since = ctx.now().plus(-WEEKS * 7 * Timestamp::DAY);
    let closed = all()
        .filter(case::Column::State.is_in([CaseState::Resolved.name(), CaseState::Dismissed.name()]))
        .filter(case::Column::ClosedAt.gte(since.0))
        .order_by_desc(case::Column::ClosedAt)
        .limit(MOST)
        .all(&*snapshot)
        .await?;
    let mut became = AccessibilityClosed { since, cases: 0, first_action_in_time: 0, fix_in_time: 0 };
    for row in &closed {
        let kept = clockwork.kept(row)?;
        became.cases += 1;
        became.first_action_in_time += u64::from(kept.first_action);
        became.fix_in_time += u64::from(kept.fix);
    }
    Ok(Accessibility {
        targets: clockwork.accessibility(),
        open: open().count(&*snapshot).await?,
        late: open().filter(case::Column::DueAt.lte(ctx.now().0)).count(&*snapshot).await?,
        untouched: open().filter(case::Column::ActedAt.is_null()).count(&*snapshot).await?,
        waiting: open().filter(case::Column::State.eq(CaseState::Waiting.name())).count(&*snapshot).await?,
        regressed: open().filter(case::Column::Regressed.eq(true)).count(&*snapshot).await?,
        closed: became,
    })
}
