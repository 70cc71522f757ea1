//! Reports and trends: where content is failing, and whether it is getting better. Sentences first, then charts and tables, each
//! as a file too. What the numbers mean is said in [`crate::feedback`]'s trends.

mod health;
mod period;
mod words;

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    feedback::{self, Counted, Median, ReportedPassage as Passage, Titled, TrendWeek, Trends},
    kernel::{ReportId, Result, Timestamp},
    web::{Answer, session::Tone},
};

use super::{
    csv,
    request::PanelRequest,
    ui::{
        self,
        chart::{self, Bars, Chart, Measure, Series},
        field, list as lists,
        shell::Area,
        time::Zone,
    },
};

use health::Content;
use period::{Chosen, Span};
use words::{kind, per_thousand, summaries, took};

const TRENDS: &str = "/admin/trends";
const TITLE: &str = "Trends";
/// From so many reports on there is something to see.
const ENOUGH: u64 = 5;
/// Pages and areas that are drawn; the tables have all.
const DRAWN: usize = 10;

named! {
    /// A table that can be had as a file.
    Table {
        Weeks = "weeks",
        Kinds = "kinds",
        Areas = "areas",
        Pages = "pages",
        Passages = "passages",
        Health = "health",
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let chosen = Chosen::read(&mut request)?;
    request.end_of_query()?;
    let trends = feedback::trends(&request.ctx, &request.app.trends, &chosen.period).await?;
    let names = passage_names(&request, &trends).await?;
    let content = Content::of(&request).await?;
    let drawn = trends.received >= ENOUGH;
    let running = chosen.period.ends > request.now();
    let main = html! {
        div.main.stack {
            (ui::head(TITLE, html! {
                (ui::link_button("/admin/cases", "Feedback"))
                (ui::link_button(super::accessibility::ADDRESS, "Accessibility"))
            }))
            (control(&chosen))
            @if drawn {
                ul.stack-s { @for sentence in summaries(&trends, running) { li { (sentence) } } }
            } @else {
                (ui::banner(Tone::Note, html! { p { "Fewer than " (ENOUGH) " reports: no trend is shown. What there is stands in the tables." } }))
            }
            (by_week(&request.chrome.zone, &chosen, &trends, running, drawn))
            div.split.even {
                section.card.stack-s aria-labelledby="kinds" { h2 #kinds { "By kind" } (by_kind(&chosen, &trends, drawn)) }
                section.card.stack-s aria-labelledby="areas" { h2 #areas { "By area" } (by_area(&chosen, &trends, drawn)) }
            }
            section.card.stack-s aria-labelledby="pages" { h2 #pages { "By page" } (by_page(&chosen, &trends, drawn)) }
            section.card.stack-s aria-labelledby="passages" { h2 #passages { "Passages that were reported most" } (by_passage(&chosen, &trends, &names)) }
            @if let Some(content) = content { (content.card(download(&chosen, Table::Health))) }
        }
    };
    Ok(request.page(Area::Feedback, TITLE, main))
}

/// What the passages are called, by the report that stands for each.
async fn passage_names(request: &PanelRequest, trends: &Trends) -> Result<BTreeMap<ReportId, String>> {
    let mut reports = Vec::new();
    for passage in &trends.passages {
        reports.push(feedback::report(&request.ctx, passage.of.report).await?);
    }
    feedback::passage_names(&request.ctx, &reports).await
}

fn control(chosen: &Chosen) -> Markup {
    let tabs: Vec<(String, String, bool)> = Span::ALL
        .iter()
        .filter(|span| **span != Span::Own)
        .map(|span| (format!("{TRENDS}?weeks={}", span.name()), span.words().to_owned(), *span == chosen.span))
        .collect();
    html! {
        (ui::tabs("Period", &tabs))
        details open[chosen.span == Span::Own] {
            summary { (Span::Own.words()) }
            form.row method="get" action=(TRENDS) {
                (field::hidden("weeks", Span::Own.name()))
                (field::text(&ui::Field::new("from", "From").kind("date").class("short").value(chosen.from.clone())))
                (field::text(&ui::Field::new("to", "To").kind("date").class("short").value(chosen.to.clone())))
                button.button { "Show" }
            }
            p.small.muted { "Whole weeks are shown, from Monday to Sunday." }
        }
    }
}

fn download(chosen: &Chosen, table: Table) -> Markup {
    let query = chosen.query();
    let mut parameters: Vec<(&str, Option<&str>)> =
        query.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    parameters.push(("table", Some(table.name())));
    let address = lists::address(&format!("{TRENDS}/download"), "", &parameters);
    html! { p.small { a.tap href=(address) { "Download as CSV" span.vh { ": " (table.name()) } } } }
}

fn by_week(zone: &Zone, chosen: &Chosen, trends: &Trends, running: bool, drawn: bool) -> Markup {
    let columns = columns(zone, &trends.weeks, running);
    let series = [
        Series { name: "Received", values: trends.weeks.iter().map(|week| Some(week.received)).collect() },
        Series { name: "Closed", values: trends.weeks.iter().map(|week| Some(week.closed)).collect() },
    ];
    let finding = format!("{} came in, {} were closed.", trends.received, trends.closed);
    let chart = Chart {
        id: "weeks-chart",
        title: "Reports received and closed, by week",
        finding: &finding,
        heading: "Week of",
        columns: &columns,
        series: &series,
        measure: Measure::Count,
        running,
        drawn,
    };
    html! {
        section.card.stack-s aria-labelledby="weeks" {
            h2 #weeks { "Week by week" }
            (chart::lines(&chart))
            (download(chosen, Table::Weeks))
        }
        section.card.stack-s aria-labelledby="times" {
            h2 #times { "How long it took" }
            div.split.even {
                div { h3 { "To the first action" } (median(trends, &columns, "first-action-chart", "Median time to the first action, by week", drawn, &FIRST_ACTION)) }
                div { h3 { "To a fix" } (median(trends, &columns, "fix-chart", "Median time to a fix, by week", drawn, &FIX)) }
            }
            @if trends.regressions > 0 {
                details {
                    summary { "Fixes that did not work, by week" }
                    div.table { table {
                        caption.vh { "Fixes that did not work, by week" }
                        thead { tr { th scope="col" { "Week of" } th scope="col" { "Fixes that did not work" } } }
                        tbody { @for (week, (_, name)) in trends.weeks.iter().zip(&columns) {
                            tr { th scope="row" { (name) } td { (week.regressions) } }
                        } }
                    } }
                }
            }
            (download(chosen, Table::Weeks))
        }
    }
}

/// A time of which the median is drawn: of a week, of the whole period, and what it is the time of.
struct Timed {
    of_week: fn(&TrendWeek) -> Option<i64>,
    of_all: fn(&Trends) -> Median,
    of_what: (&'static str, &'static str),
}

const FIRST_ACTION: Timed = Timed {
    of_week: |week| week.first_action,
    of_all: |trends| trends.first_action,
    of_what: ("new case", "new cases"),
};
const FIX: Timed = Timed { of_week: |week| week.fix, of_all: |trends| trends.fix, of_what: ("fix", "fixes") };

fn median(trends: &Trends, columns: &[(String, String)], id: &str, title: &str, drawn: bool, timed: &Timed) -> Markup {
    let whole = (timed.of_all)(trends);
    let finding = match whole.median {
        None => "There is nothing to measure in this period yet.".to_owned(),
        some => {
            format!("Median of {}: {}.", ui::count(whole.cases, timed.of_what.0, timed.of_what.1), took(some))
        }
    };
    let hours = |time: i64| u64::try_from((time + Timestamp::HOUR / 2) / Timestamp::HOUR).unwrap_or_default();
    let values = trends.weeks.iter().map(|week| (timed.of_week)(week).map(hours)).collect();
    let series = [Series { name: "Median", values }];
    chart::lines(&Chart {
        id,
        title,
        finding: &finding,
        heading: "Week of",
        columns,
        series: &series,
        measure: Measure::Hours,
        running: false,
        drawn: drawn && whole.median.is_some(),
    })
}

/// A week that is not over says so.
fn columns(zone: &Zone, weeks: &[TrendWeek], running: bool) -> Vec<(String, String)> {
    let last = weeks.len().saturating_sub(1);
    let named = |(position, week): (usize, &TrendWeek)| {
        let (short, full) = zone.day_names(week.begins);
        (short, if running && position == last { format!("{full} (so far)") } else { full })
    };
    weeks.iter().enumerate().map(named).collect()
}

fn by_kind(chosen: &Chosen, trends: &Trends, drawn: bool) -> Markup {
    let rows: Vec<(String, u64)> = trends.kinds.iter().map(|one| (kind(one.of).to_owned(), one.reports)).collect();
    bars("kinds-chart", "Reports by kind", "Kind", &rows, drawn, download(chosen, Table::Kinds))
}

fn by_area(chosen: &Chosen, trends: &Trends, drawn: bool) -> Markup {
    let rows: Vec<(String, u64)> = trends.areas.iter().map(|one| (area(one.of.as_ref()), one.reports)).collect();
    bars("areas-chart", "Reports by area", "Area", &rows, drawn, download(chosen, Table::Areas))
}

fn area(area: Option<&Titled>) -> String {
    area.map_or_else(|| "Below no other page".to_owned(), |area| area.title.clone())
}

fn bars(id: &str, title: &str, heading: &str, rows: &[(String, u64)], drawn: bool, below: Markup) -> Markup {
    let most = rows.iter().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0);
    let finding = match most {
        Some((name, count)) => format!("Most: {name}, with {}.", ui::count(*count, "report", "reports")),
        None => "No reports.".to_owned(),
    };
    html! {
        (chart::bars(&Bars { id, title, finding: &finding, heading, value: "Reports", rows: rows.get(..DRAWN).unwrap_or(rows), drawn }))
        (below)
    }
}

fn by_page(chosen: &Chosen, trends: &Trends, drawn: bool) -> Markup {
    let rows: Vec<(String, u64)> = trends.pages.iter().map(|one| (one.of.title.clone(), one.reports)).collect();
    let counted = trends.views.is_some();
    html! {
        @if trends.pages.is_empty() { p.muted { "No page was reported." } }
        @else {
            (bars("pages-chart", "Reports by page", "Page", &rows, drawn, html! {}))
            div.table { table.cards {
                caption.vh { "Reports by page" }
                thead { tr {
                    th scope="col" { "Page" } th scope="col" { "Reports" } th scope="col" { "Fixes that did not work" }
                    @if counted { th scope="col" { "Reports for 1,000 views" } }
                } }
                tbody { @for page in &trends.pages {
                    tr {
                        th scope="row" { (titled(&page.of)) }
                        td data-label="Reports" { (page.reports) }
                        td data-label="Fixes that did not work" { (page.regressions) }
                        @if counted { td data-label="Reports for 1,000 views" { (per_thousand(page.reports, page.views)) } }
                    }
                } }
            } }
            @if !counted { p.small.muted { "Where a site says how often its pages are looked at, the reports for 1,000 views stand here." } }
            (download(chosen, Table::Pages))
        }
    }
}

/// A document with the way to its history.
fn titled(document: &Titled) -> Markup {
    let kind = crate::content::Kind::from_name(&document.kind);
    html! {
        @match kind {
            Some(kind) => { a href={ "/admin/cases?view=all&document=" (document.id) } { (document.title) } " " a.small href={ "/admin/" (kind.collection()) "/" (document.id) } { "Edit" span.vh { " " (document.title) } } }
            None => (document.title),
        }
    }
}

fn by_passage(chosen: &Chosen, trends: &Trends, names: &BTreeMap<ReportId, String>) -> Markup {
    html! {
        @if trends.passages.is_empty() { p.muted { "No report names a passage." } }
        @else {
            div.table { table.cards {
                caption.vh { "Passages that were reported most" }
                thead { tr { th scope="col" { "Passage" } th scope="col" { "Page or section" } th scope="col" { "Reports" } } }
                tbody { @for passage in &trends.passages {
                    tr {
                        th scope="row" { a href={ "/admin/reports/" (passage.of.report) } { (name(passage, names)) } }
                        td data-label="Page or section" { (titled(&passage.of.document)) }
                        td data-label="Reports" {
                            a.tap href={ "/admin/cases?view=all&block=" (passage.of.block) } { (ui::count(passage.reports, "report", "reports")) span.vh { ": the cases about this passage" } }
                        }
                    }
                } }
            } }
            (download(chosen, Table::Passages))
        }
    }
}

fn name(passage: &Counted<Passage>, names: &BTreeMap<ReportId, String>) -> String {
    names.get(&passage.of.report).cloned().unwrap_or_else(|| "A passage that is gone".to_owned())
}

/// One of the tables as a file. Times stand in hours there, so that they can be reckoned with.
pub async fn file(mut request: PanelRequest) -> Answer {
    let chosen = Chosen::read(&mut request)?;
    let table = request.query.choice("table").unwrap_or(Table::Weeks);
    request.end_of_query()?;
    let trends = feedback::trends(&request.ctx, &request.app.trends, &chosen.period).await?;
    let mut text = String::new();
    let mut add = |cells: &[String]| text.push_str(&csv::line(cells.iter().map(String::as_str)));
    let heading = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let hours = |time: Option<i64>| time.map(words::hours).unwrap_or_default();
    let views = |views: Option<u64>| views.map(|views| views.to_string()).unwrap_or_default();
    match table {
        Table::Weeks => {
            add(&heading(&[
                "week_of",
                "received",
                "closed",
                "first_action_median_hours",
                "fix_median_hours",
                "regressions",
                "complete",
            ]));
            for week in &trends.weeks {
                let complete = request.now()
                    >= trends
                        .weeks
                        .iter()
                        .map(|other| other.begins)
                        .find(|other| *other > week.begins)
                        .unwrap_or(chosen.period.ends);
                add(&[
                    request.chrome.zone.date(week.begins),
                    week.received.to_string(),
                    week.closed.to_string(),
                    hours(week.first_action),
                    hours(week.fix),
                    week.regressions.to_string(),
                    complete.to_string(),
                ]);
            }
            Ok(csv::file("trends-weeks", text))
        }
        Table::Kinds => {
            add(&heading(&["kind", "reports"]));
            for one in &trends.kinds {
                add(&[one.of.name().to_owned(), one.reports.to_string()]);
            }
            Ok(csv::file("trends-kinds", text))
        }
        Table::Areas => {
            add(&heading(&["area", "reports", "views"]));
            for one in &trends.areas {
                add(&[area(one.of.as_ref()), one.reports.to_string(), views(one.views)]);
            }
            Ok(csv::file("trends-areas", text))
        }
        Table::Pages => {
            add(&heading(&["id", "page", "reports", "regressions", "views"]));
            for one in &trends.pages {
                add(&[
                    one.of.id.to_string(),
                    one.of.title.clone(),
                    one.reports.to_string(),
                    one.regressions.to_string(),
                    views(one.views),
                ]);
            }
            Ok(csv::file("trends-pages", text))
        }
        Table::Passages => {
            add(&heading(&["document", "title", "block", "passage", "reports"]));
            let names = passage_names(&request, &trends).await?;
            for one in &trends.passages {
                add(&[
                    one.of.document.id.to_string(),
                    one.of.document.title.clone(),
                    one.of.block.to_string(),
                    name(one, &names),
                    one.reports.to_string(),
                ]);
            }
            Ok(csv::file("trends-passages", text))
        }
        Table::Health => {
            add(&heading(&["what", "kind", "number", "of"]));
            for line in Content::of(&request).await?.iter().flat_map(Content::lines) {
                add(&line);
            }
            Ok(csv::file("content-health", text))
        }
    }
}
