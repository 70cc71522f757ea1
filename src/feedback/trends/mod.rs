//! Where content is failing and whether it is getting better: what came in and what was closed, how long it took, and about
//! what, in a period of whole weeks. Every number is made from the event log (`ledger.rs`), of which an instance keeps what it has
//! read (`running.rs`); tables give it nothing but titles, parents, and the views that sites supply (`views.rs`).
//!
//! Decision (2026-11-22), what the numbers mean. A report counts in the week in which it came in, unless it is in quarantine
//! or was a sample that has been removed. A case that was resolved or dismissed counts with the reports that are in it
//! now, once in each week in which it was closed. The first action is the first thing that somebody other than a visitor
//! did to a case, counted for cases that began in the period; a fix counts when it was published or named, from the time
//! since which the case was open. Medians are over cases, in hours of the clock: targets, which pause, are another matter. The middle
//! two of an even number are averaged. Areas are the parents of pages as they are now.

mod ledger;
mod running;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, page_view};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, NodeId, Permission, ReportId, Result, Timestamp};

use super::ReportKind;

use ledger::Ledger;

pub use running::RunningTrends;
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
pub async fn trends(ctx: &Ctx, running: &RunningTrends, period: &Period) -> Result<Trends> {
    ctx.authorise(Permission::FeedbackRead)?;
    let figures = running.reckon(&ctx.database, |ledger| Figures::of(ledger, period)).await?;
    let snapshot = ctx.database.read().await?;
    let views = views_of(&*snapshot, period).await?;
    let documents = Documents::read(&*snapshot, &figures, &views).await?;
    Ok(Trends {
        received: figures.kinds.values().sum(),
        closed: figures.weeks.iter().map(|week| week.closed).sum(),
        first_action: figures.first_action,
        untouched: figures.untouched,
        fix: figures.fix,
        regressions: figures.weeks.iter().map(|week| week.regressions).sum(),
        kinds: kinds(&figures),
        areas: documents.areas(&figures, &views),
        pages: documents.pages(&figures, &views),
        passages: documents.passages(&figures),
        views: Some(views.values().sum()).filter(|_| !views.is_empty()),
        weeks: figures.weeks,
    })
}

/// What the ledger says of a period, without any titles.
struct Figures {
    weeks: Vec<TrendWeek>,
    first_action: Median,
    untouched: u64,
    fix: Median,
    kinds: BTreeMap<ReportKind, u64>,
    /// Reports and regressions, by page.
    pages: BTreeMap<Uuid, (u64, u64)>,
    /// Reports by document and block, with the newest of them.
    passages: BTreeMap<(Uuid, Uuid), (u64, Uuid)>,
}

impl Figures {
    fn of(ledger: &Ledger, period: &Period) -> Self {
        let (begins, ends) = (period.weeks.first().copied().unwrap_or(period.ends), period.ends);
        let mut figures = Self {
            weeks: weeks(ledger, period),
            first_action: median_of(waits(ledger, begins, ends)),
            untouched: 0,
            fix: median_of(ledger.fixed(begins, ends).collect()),
            kinds: BTreeMap::new(),
            pages: BTreeMap::new(),
            passages: BTreeMap::new(),
        };
        let untouched = ledger.begun(begins, ends).filter(|(_, case)| case.first_action.is_none());
        figures.untouched = counted(untouched.filter(|(id, _)| ledger.of_case(*id).next().is_some()));
        for (id, report) in ledger.received(begins, ends).filter(|(_, report)| !report.quarantined) {
            *figures.kinds.entry(report.kind).or_default() += 1;
            figures.pages.entry(report.page).or_default().0 += 1;
            if let Some(block) = report.block {
                let (count, newest) = figures.passages.entry((report.document, block)).or_insert((0, id));
                *count += 1;
                *newest = (*newest).max(id);
            }
        }
        for case in ledger.regressed(begins, ends) {
            // A case is about the page of the first report in it.
            let first = ledger.of_case(case).min_by_key(|report| (report.received_at, report.page));
            if let Some(report) = first {
                figures.pages.entry(report.page).or_default().1 += 1;
            }
        }
        figures
    }
}

fn weeks(ledger: &Ledger, period: &Period) -> Vec<TrendWeek> {
    let ends = period.weeks.iter().skip(1).copied().chain([period.ends]);
    let week = |(begins, ends): (Timestamp, Timestamp)| {
        let closed: BTreeSet<Uuid> = ledger.closed(begins, ends).collect();
        TrendWeek {
            begins,
            received: counted(ledger.received(begins, ends).filter(|(_, report)| !report.quarantined)),
            closed: closed.into_iter().map(|case| counted(ledger.of_case(case))).sum(),
            first_action: median_of(waits(ledger, begins, ends)).median,
            fix: median_of(ledger.fixed(begins, ends).collect()).median,
            regressions: counted(ledger.regressed(begins, ends)),
        }
    };
    period.weeks.iter().copied().zip(ends).map(week).collect()
}

/// How long the cases that began within a time waited until somebody did something about them.
fn waits(ledger: &Ledger, from: Timestamp, until: Timestamp) -> Vec<i64> {
    ledger.begun(from, until).filter_map(|(_, case)| Some(case.first_action?.0 - case.began.0)).collect()
}

fn counted(things: impl Iterator) -> u64 {
    u64::try_from(things.count()).unwrap_or(u64::MAX)
}

fn median_of(mut values: Vec<i64>) -> Median {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = values.get(middle).copied();
    let lower = if values.len().is_multiple_of(2) { values.get(middle.wrapping_sub(1)).copied() } else { upper };
    let median = lower.zip(upper).map(|(lower, upper)| lower + (upper - lower) / 2);
    Median { median, cases: u64::try_from(values.len()).unwrap_or(u64::MAX) }
}

fn kinds(figures: &Figures) -> Vec<Counted<ReportKind>> {
    let reports = |kind: &ReportKind| figures.kinds.get(kind).copied().unwrap_or_default();
    let count = |kind: &ReportKind| Counted { of: *kind, reports: reports(kind), regressions: 0, views: None };
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
    async fn read(connection: &impl ConnectionTrait, figures: &Figures, views: &BTreeMap<Uuid, u64>) -> Result<Self> {
        let mut documents = Self { titled: BTreeMap::new(), parents: BTreeMap::new() };
        let reported = figures.pages.keys().chain(figures.passages.keys().map(|(document, _)| document));
        documents.load(connection, &reported.chain(views.keys()).copied().collect()).await?;
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

    fn areas(&self, figures: &Figures, views: &BTreeMap<Uuid, u64>) -> Vec<Counted<Option<Titled>>> {
        let area = |page: &Uuid| self.parents.get(page).copied();
        let mut counts: BTreeMap<Option<Uuid>, (u64, Option<u64>)> = BTreeMap::new();
        for (page, (reports, _)) in figures.pages.iter().filter(|(_, (reports, _))| *reports > 0) {
            counts.entry(area(page)).or_default().0 += reports;
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

    fn pages(&self, figures: &Figures, views: &BTreeMap<Uuid, u64>) -> Vec<Counted<Titled>> {
        let counted = figures.pages.iter().map(|(page, (reports, regressions))| Counted {
            of: self.titled(*page),
            reports: *reports,
            regressions: *regressions,
            views: views.get(page).copied(),
        });
        ordered(counted.collect(), |page| page.title.clone())
    }

    fn passages(&self, figures: &Figures) -> Vec<Counted<Passage>> {
        let counted = figures.passages.iter().map(|((document, block), (reports, report))| Counted {
            of: Passage { document: self.titled(*document), block: NodeId(*block), report: ReportId(*report) },
            reports: *reports,
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
