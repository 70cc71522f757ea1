//! What visitors reported in the last twelve weeks and what was closed of it: a sentence, two lines, and a table.

use maud::{Markup, html};

use crate::{
    feedback::{self, Week},
    kernel::{Permission, Result},
};

use super::super::{
    request::PanelRequest,
    ui::{
        chart::{self, Chart, Measure, Series},
        time::Zone,
    },
};

const WEEKS: i64 = 12;
/// Weeks that are set against each other, at the beginning and at the end.
const COMPARED: usize = 4;
/// From so many reports on there is something to see.
const ENOUGH: u64 = 5;

/// The card, for those who may read reports.
pub async fn card(request: &PanelRequest) -> Result<Markup> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(html! {});
    }
    let zone = &request.chrome.zone;
    let weeks = feedback::weeks(&request.ctx, &zone.weeks(request.now(), WEEKS)).await?;
    let finding = finding(&weeks);
    let columns = columns(zone, &weeks);
    let series = [
        Series { name: "Received", values: weeks.iter().map(|week| Some(week.received)).collect() },
        Series { name: "Closed", values: weeks.iter().map(|week| Some(week.closed)).collect() },
    ];
    let total: u64 = weeks.iter().map(|week| week.received).sum();
    let chart = Chart {
        id: "reports",
        title: "Reports received and closed, by week",
        finding: &finding,
        heading: "Week of",
        columns: &columns,
        series: &series,
        measure: Measure::Count,
        running: true,
        drawn: total >= ENOUGH,
    };
    Ok(html! {
        section.card {
            h2 { "Feedback, " (WEEKS) " weeks" }
            (chart::lines(&chart))
            p { a href="/admin/cases" { "Look at the cases" } " · " a href="/admin/trends" { "See all trends" } }
        }
    })
}

/// The last week is not over yet, which its name says.
fn columns(zone: &Zone, weeks: &[Week]) -> Vec<(String, String)> {
    let last = weeks.len().saturating_sub(1);
    let named = |(position, week): (usize, &Week)| {
        let (short, full) = zone.day_names(week.begins);
        (short, if position == last { format!("{full} (so far)") } else { full })
    };
    weeks.iter().enumerate().map(named).collect()
}

/// What the numbers say. The week that is not over is left out of what is compared.
fn finding(weeks: &[Week]) -> String {
    let received: u64 = weeks.iter().map(|week| week.received).sum();
    let closed: u64 = weeks.iter().map(|week| week.closed).sum();
    if received < ENOUGH {
        return format!("Fewer than {ENOUGH} reports in {WEEKS} weeks: too few to see how they change.");
    }
    let whole = weeks.split_last().map(|(_, whole)| whole).unwrap_or_default();
    let mean = |weeks: &[Week]| {
        let count = u64::try_from(weeks.len()).unwrap_or_default().max(1);
        (weeks.iter().map(|week| week.received).sum::<u64>() + count / 2) / count
    };
    let first = mean(whole.get(..COMPARED).unwrap_or(whole));
    let last = mean(whole.get(whole.len().saturating_sub(COMPARED)..).unwrap_or(whole));
    let change = match last.cmp(&first) {
        std::cmp::Ordering::Greater => format!("Reports rose from about {first} to about {last} a week"),
        std::cmp::Ordering::Less => format!("Reports fell from about {first} to about {last} a week"),
        std::cmp::Ordering::Equal => format!("About {first} reports came in a week"),
    };
    format!("{change}. In all {received} came in and {closed} were closed.")
}
