//! Where content is failing and whether it is getting better: what came in and what was closed, how long it took, and about
//! what, in a period of whole weeks. Every number is made from the event log (`ledger.rs`); tables give it nothing but titles,
//! parents, and the views that sites supply (`views.rs`).
//!
//! Decision (2026-11-22), what the numbers mean. A report counts in the week in which it came in, unless it is in quarantine
//! or was a sample that has been removed. A case that was resolved or dismissed counts with the reports that are in it
//! now, once in each week in which it was closed. The first action is the first thing that somebody other than a visitor
//! did to a case, counted for cases that began in the period; a fix counts when it was published or named, from the time
//! since which the case was open. Medians are over cases, in hours of the clock: targets, which pause, are another matter. The middle
//! two of an even number are averaged. Areas are the parents of pages as they are now.
//!
//! Decision (2026-11-22), the log is gone through for each question. Context: a projection that is kept has to be kept right. It
//! takes a second for some hundred thousand reports, and the screen is opened a few times a day. Consequence: nothing can be out of
//! step with the log.

mod ledger;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, page_view};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, NodeId, Permission, ReportId, Result, Timestamp};

use super::ReportKind;

use ledger::{Ledger, LoggedReport};

pub use views::{DayOfViews, supply_views};

/// A period of whole weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// When its weeks begin, ascending.
    pub weeks: Vec<Timestamp>,
    /// When the last of them ends; later than now if it is not over.
    pub ends: Timestamp,
    /// Its first and its last day, `YYYY-MM-DD`, by which views are counted.
    pub days: (String, String),
}

/// A week of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendWeek {
    pub begins: Timestamp,
    pub received: u64,
    /// Reports whose cases were closed.
    pub closed: u64,
    /// Of the cases that began in this week and have been acted on, in milliseconds.
    pub first_action: Option<i64>,
    /// Of the cases that were fixed in this week, in milliseconds.
    pub fix: Option<i64>,
    pub regressions: u64,
}

/// Something that reports are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<T> {
    pub of: T,
    pub reports: u64,
    /// How often a fix of a case about it did not work.
    pub regressions: u64,
    /// Views in the period, where a site has supplied any.
    pub views: Option<u64>,
}

/// A document by its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled {
    pub id: DocumentId,
    pub kind: String,
    pub title: String,
}

/// A passage that was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    pub document: Titled,
    pub block: NodeId,
    /// One of the reports about it, by which it is named.
    pub report: ReportId,
}

/// A median, of how many cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Median {
    /// In milliseconds; `None` if there are none.
    pub median: Option<i64>,
    pub cases: u64,
}

/// What a period shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trends {
    pub weeks: Vec<TrendWeek>,
    pub received: u64,
    pub closed: u64,
    pub first_action: Median,
    /// Cases that began in the period and that nobody has acted on yet.
    pub untouched: u64,
    pub fix: Median,
    pub regressions: u64,
    pub kinds: Vec<Counted<ReportKind>>,
    /// `None` for pages that stand below no other.
    pub areas: Vec<Counted<Option<Titled>>>,
    pub pages: Vec<Counted<Titled>>,
    /// The passages that were reported most, at most [`PASSAGES`].
    pub passages: Vec<Counted<Passage>>,
    /// Views of all pages in the period, where a site has supplied any.
    pub views: Option<u64>,
}

/// Passages that are shown.
const PASSAGES: usize = 10;

/// The trends of a period.
pub async fn trends(ctx: &Ctx, period: &Period) -> Result<Trends> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let ledger = Ledger::read(&*snapshot).await?;
    let begins = period.weeks.first().copied().unwrap_or(period.ends);
    let within = |at: Timestamp| (begins..period.ends).contains(&at);
    let reports: Vec<(Uuid, &LoggedReport)> = ledger
        .reports
        .iter()
        .filter(|(_, report)| !report.quarantined && within(report.received_at))
        .map(|(id, report)| (*id, report))
        .collect();
    let sizes = sizes(&ledger);
    let weeks = weeks(&ledger, period, &reports, &sizes);
    let waits = |from: Timestamp, until: Timestamp| -> Vec<i64> {
        let begun = ledger.cases.values().filter(|case| (from..until).contains(&case.began));
        begun.filter_map(|case| Some(case.first_action?.0 - case.began.0)).collect()
    };
    let untouched = ledger
        .cases
        .iter()
        .filter(|(id, case)| within(case.began) && case.first_action.is_none() && sizes.contains_key(*id));
    let fixes = ledger.fixes.iter().filter(|(at, _, _)| within(*at)).map(|(_, _, took)| *took).collect();
    let views = views_of(&*snapshot, period).await?;
    let documents = Documents::read(&*snapshot, &ledger, &reports, &views).await?;
    let regressions: Vec<Uuid> = ledger.regressions.iter().filter(|(at, _)| within(*at)).map(|(_, id)| *id).collect();
    Ok(Trends {
        received: u64::try_from(reports.len()).unwrap_or(u64::MAX),
        closed: weeks.iter().map(|week| week.closed).sum(),
        first_action: median_of(waits(begins, period.ends)),
        untouched: u64::try_from(untouched.count()).unwrap_or(u64::MAX),
        fix: median_of(fixes),
        regressions: u64::try_from(regressions.len()).unwrap_or(u64::MAX),
        kinds: kinds(&reports),
        areas: documents.areas(&reports, &views),
        pages: documents.pages(&ledger, &reports, &regressions, &views),
        passages: documents.passages(&reports),
        views: Some(views.values().sum()).filter(|_| !views.is_empty()),
        weeks,
    })
}

/// How many reports are in each case now.
fn sizes(ledger: &Ledger) -> BTreeMap<Uuid, u64> {
    let mut sizes = BTreeMap::new();
    for case in ledger.reports.values().filter(|report| !report.quarantined).filter_map(|report| report.case) {
        *sizes.entry(case).or_default() += 1;
    }
    sizes
}

fn weeks(
    ledger: &Ledger,
    period: &Period,
    reports: &[(Uuid, &LoggedReport)],
    sizes: &BTreeMap<Uuid, u64>,
) -> Vec<TrendWeek> {
    let ends = period.weeks.iter().skip(1).copied().chain([period.ends]);
    let week = |(begins, ends): (Timestamp, Timestamp)| {
        let within = |at: Timestamp| (begins..ends).contains(&at);
        let received = reports.iter().filter(|(_, report)| within(report.received_at)).count();
        let closed: BTreeSet<Uuid> =
            ledger.closings.iter().filter(|(at, _)| within(*at)).map(|(_, case)| *case).collect();
        let waits = ledger.cases.values().filter(|case| within(case.began));
        let waits = waits.filter_map(|case| Some(case.first_action?.0 - case.began.0)).collect();
        let fixes = ledger.fixes.iter().filter(|(at, _, _)| within(*at)).map(|(_, _, took)| *took).collect();
        let regressions = ledger.regressions.iter().filter(|(at, _)| within(*at)).count();
        TrendWeek {
            begins,
            received: u64::try_from(received).unwrap_or(u64::MAX),
            closed: closed.iter().filter_map(|case| sizes.get(case)).sum(),
            first_action: median_of(waits).median,
            fix: median_of(fixes).median,
            regressions: u64::try_from(regressions).unwrap_or(u64::MAX),
        }
    };
    period.weeks.iter().copied().zip(ends).map(week).collect()
}

fn median_of(mut values: Vec<i64>) -> Median {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied();
    let lower = if values.len().is_multiple_of(2) { values.get(middle.wrapping_sub(1)).copied() } else { upper };
    let median = lower.zip(upper).map(|(lower, upper)| lower + (upper - lower) / 2);
    Median { median, cases: u64::try_from(values.len()).unwrap_or(u64::MAX) }
}

fn kinds(reports: &[(Uuid, &LoggedReport)]) -> Vec<Counted<ReportKind>> {
    let count = |kind: &ReportKind| {
        let found = reports.iter().filter(|(_, report)| report.kind == *kind).count();
        Counted { of: *kind, reports: u64::try_from(found).unwrap_or(u64::MAX), regressions: 0, views: None }
    };
    ReportKind::ALL.iter().map(count).collect()
}

/// Views in a period, by page.
async fn views_of(connection: &impl ConnectionTrait, period: &Period) -> Result<BTreeMap<Uuid, u64>> {
    let rows: Vec<(Uuid, i64)> = page_view::Entity::find()
        .select_only()
        .columns([page_view::Column::DocumentId, page_view::Column::Views])
        .filter(page_view::Column::Day.gte(period.days.0.as_str()))
        .filter(page_view::Column::Day.lte(period.days.1.as_str()))
        .into_tuple()
        .all(connection)
        .await?;
    let mut views = BTreeMap::new();
    for (page, count) in rows {
        *views.entry(page).or_default() += u64::try_from(count).unwrap_or_default();
    }
    Ok(views)
}

/// Titles and parents of documents, as they are now.
struct Documents {
    titled: BTreeMap<Uuid, Titled>,
    parents: BTreeMap<Uuid, Uuid>,
}

impl Documents {
    async fn read(
        connection: &impl ConnectionTrait,
        ledger: &Ledger,
        reports: &[(Uuid, &LoggedReport)],
        views: &BTreeMap<Uuid, u64>,
    ) -> Result<Self> {
        let mut documents = Self { titled: BTreeMap::new(), parents: BTreeMap::new() };
        let mut wanted: BTreeSet<Uuid> =
            reports.iter().flat_map(|(_, report)| [report.page, report.document]).collect();
        wanted.extend(ledger.reports.values().map(|report| report.page));
        wanted.extend(views.keys());
        documents.load(connection, &wanted).await?;
        let parents = documents.parents.values().copied().collect();
        documents.load(connection, &parents).await?;
        Ok(documents)
    }

    async fn load(&mut self, connection: &impl ConnectionTrait, ids: &BTreeSet<Uuid>) -> Result<()> {
        let ids: Vec<Uuid> = ids.iter().copied().collect();
        for chunk in ids.chunks(500) {
            let saved: Vec<(Uuid, String, String, Option<Uuid>)> = document::Entity::find()
                .select_only()
                .columns([
                    document::Column::Id,
                    document::Column::Kind,
                    document::Column::Title,
                    document::Column::ParentId,
                ])
                .filter(document::Column::Id.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(connection)
                .await?;
            let live: Vec<(Uuid, String, Option<Uuid>)> = live_document::Entity::find()
                .select_only()
                .columns([
                    live_document::Column::DocumentId,
                    live_document::Column::Title,
                    live_document::Column::ParentId,
                ])
                .filter(live_document::Column::DocumentId.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(connection)
                .await?;
            let mut live: BTreeMap<Uuid, (String, Option<Uuid>)> =
                live.into_iter().map(|(id, title, parent)| (id, (title, parent))).collect();
            for (id, kind, title, parent) in saved {
                let (title, parent) = live.remove(&id).unwrap_or((title, parent));
                self.titled.insert(id, Titled { id: DocumentId(id), kind, title });
                self.parents.extend(parent.map(|parent| (id, parent)));
            }
        }
        Ok(())
    }

    /// A document that was purged has no title any more.
    fn titled(&self, id: Uuid) -> Titled {
        let gone =
            || Titled { id: DocumentId(id), kind: String::new(), title: "A page that has been purged".to_owned() };
        self.titled.get(&id).cloned().unwrap_or_else(gone)
    }

    fn areas(&self, reports: &[(Uuid, &LoggedReport)], views: &BTreeMap<Uuid, u64>) -> Vec<Counted<Option<Titled>>> {
        let area = |page: &Uuid| self.parents.get(page).copied();
        let mut counts: BTreeMap<Option<Uuid>, (u64, Option<u64>)> = BTreeMap::new();
        for (_, report) in reports {
            counts.entry(area(&report.page)).or_default().0 += 1;
        }
        for (page, views) in views {
            if let Some((_, sum)) = counts.get_mut(&area(page)) {
                *sum = Some(sum.unwrap_or_default() + views);
            }
        }
        let counted = counts.into_iter().map(|(area, (reports, views))| Counted {
            of: area.map(|area| self.titled(area)),
            reports,
            regressions: 0,
            views,
        });
        ordered(counted.collect(), |area| area.as_ref().map_or_else(String::new, |area| area.title.clone()))
    }

    fn pages(
        &self,
        ledger: &Ledger,
        reports: &[(Uuid, &LoggedReport)],
        regressions: &[Uuid],
        views: &BTreeMap<Uuid, u64>,
    ) -> Vec<Counted<Titled>> {
        let mut counts: BTreeMap<Uuid, (u64, u64)> = BTreeMap::new();
        for (_, report) in reports {
            counts.entry(report.page).or_default().0 += 1;
        }
        // A case is about the page of the first report in it.
        let mut pages: BTreeMap<Uuid, (Timestamp, Uuid)> = BTreeMap::new();
        for report in ledger.reports.values().filter(|report| !report.quarantined) {
            if let Some(case) = report.case {
                let first = pages.entry(case).or_insert((report.received_at, report.page));
                *first = (*first).min((report.received_at, report.page));
            }
        }
        for case in regressions {
            if let Some((_, page)) = pages.get(case) {
                counts.entry(*page).or_default().1 += 1;
            }
        }
        let counted = counts.into_iter().map(|(page, (reports, regressions))| Counted {
            of: self.titled(page),
            reports,
            regressions,
            views: views.get(&page).copied(),
        });
        ordered(counted.collect(), |page| page.title.clone())
    }

    fn passages(&self, reports: &[(Uuid, &LoggedReport)]) -> Vec<Counted<Passage>> {
        let mut counts: BTreeMap<(Uuid, Uuid), (u64, Uuid)> = BTreeMap::new();
        for (id, report) in reports {
            if let Some(block) = report.block {
                let (count, newest) = counts.entry((report.document, block)).or_insert((0, *id));
                *count += 1;
                *newest = (*newest).max(*id);
            }
        }
        let counted = counts.into_iter().map(|((document, block), (reports, report))| Counted {
            of: Passage { document: self.titled(document), block: NodeId(block), report: ReportId(report) },
            reports,
            regressions: 0,
            views: None,
        });
        let mut passages = ordered(counted.collect(), |passage| passage.document.title.clone());
        passages.truncate(PASSAGES);
        passages
    }
}

/// Most reports first, then by name.
fn ordered<T>(mut counted: Vec<Counted<T>>, name: impl Fn(&T) -> String) -> Vec<Counted<T>> {
    counted.sort_by_cached_key(|one| (std::cmp::Reverse((one.reports, one.regressions)), name(&one.of).to_lowercase()));
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_between_the_middle_two() {
        let median = |values: &[i64]| median_of(values.to_vec()).median;
        assert_eq!([median(&[]), median(&[7]), median(&[9, 1, 5])], [None, Some(7), Some(5)]);
        assert_eq!([median(&[1, 3]), median(&[9, 1, 4, 2])], [Some(2), Some(3)]);
    }
}
