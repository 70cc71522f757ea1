//! The findings of the trends in sentences, and numbers as people read them.

use crate::{
    feedback::{ReportKind, TrendWeek, Trends},
    kernel::Timestamp,
};

use super::super::ui;

/// Weeks that are set against each other, at the beginning and at the end.
const COMPARED: usize = 4;

pub fn kind(kind: ReportKind) -> &'static str {
    ui::words::report_kind(kind)
}

/// What the numbers say, the most telling first. A week that is not over is left out of what is compared.
pub fn summaries(trends: &Trends, running: bool) -> Vec<String> {
    let mut said = vec![flow(trends, running)];
    said.push(format!(
        "In all {} came in, and {} were closed.",
        ui::count(trends.received, "report", "reports"),
        trends.closed
    ));
    if trends.first_action.median.is_some() {
        let waiting = match trends.untouched {
            0 => String::new(),
            1 => " One has not been taken up yet.".to_owned(),
            number => format!(" {number} have not been taken up yet."),
        };
        said.push(format!("Half of the new cases were taken up within {}.{waiting}", took(trends.first_action.median)));
    }
    if trends.fix.median.is_some() {
        said.push(format!(
            "Half of the {} took at most {}.",
            ui::count(trends.fix.cases, "fix", "fixes"),
            took(trends.fix.median)
        ));
    }
    said.push(match trends.regressions {
        0 => "Nobody reported that a fix did not work.".to_owned(),
        1 => "One fix did not work, as a report said.".to_owned(),
        number => format!("{number} times a report said that a fix did not work."),
    });
    if trends.views.is_some() {
        said.push(format!("There were {} reports for 1,000 views.", per_thousand(trends.received, trends.views)));
    }
    said
}

fn flow(trends: &Trends, running: bool) -> String {
    let whole = if running { trends.weeks.split_last().map(|(_, whole)| whole) } else { Some(trends.weeks.as_slice()) };
    let whole = whole.unwrap_or_default();
    let mean = |weeks: &[TrendWeek]| -> u64 {
        let count = u64::try_from(weeks.len()).unwrap_or_default().max(1);
        (weeks.iter().map(|week| week.received).sum::<u64>() + count / 2) / count
    };
    if whole.len() < 2 * COMPARED {
        return format!("About {} came in a week.", ui::count(mean(whole), "report", "reports"));
    }
    let first = mean(whole.get(..COMPARED).unwrap_or(whole));
    let last = mean(whole.get(whole.len().saturating_sub(COMPARED)..).unwrap_or(whole));
    match last.cmp(&first) {
        std::cmp::Ordering::Greater => format!("Reports rose from about {first} to about {last} a week."),
        std::cmp::Ordering::Less => format!("Reports fell from about {first} to about {last} a week."),
        std::cmp::Ordering::Equal => {
            format!("About {} came in a week, at the beginning and at the end.", ui::count(first, "report", "reports"))
        }
    }
}

/// A duration in milliseconds as people say it.
pub fn took(milliseconds: Option<i64>) -> String {
    let Some(time) = milliseconds else { return "–".to_owned() };
    let rounded = |unit: i64| u64::try_from((time + unit / 2) / unit).unwrap_or_default();
    if time < Timestamp::HOUR {
        ui::count(rounded(Timestamp::MINUTE), "minute", "minutes")
    } else if time < 2 * Timestamp::DAY {
        ui::count(rounded(Timestamp::HOUR), "hour", "hours")
    } else {
        ui::count(rounded(Timestamp::DAY), "day", "days")
    }
}

/// A duration in hours with one decimal place, for programs.
pub fn hours(milliseconds: i64) -> String {
    let tenths = (milliseconds + Timestamp::HOUR / 20) / (Timestamp::HOUR / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Reports for 1,000 views with one decimal place.
pub fn per_thousand(reports: u64, views: Option<u64>) -> String {
    match views.filter(|views| *views > 0) {
        None => "–".to_owned(),
        Some(views) => {
            let tenths = (reports.saturating_mul(10_000) + views / 2) / views;
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_are_said_in_round_numbers() {
        let words = [0, 90_000, 3_600_000, 7_000_000, 172_800_000].map(|time| took(Some(time)));
        assert_eq!(words, ["0 minutes", "2 minutes", "1 hour", "2 hours", "2 days"]);
        assert_eq!(took(None), "–");
        assert_eq!([hours(0), hours(5_400_000), hours(86_400_000)], ["0.0", "1.5", "24.0"]);
        assert_eq!([per_thousand(3, Some(2_000)), per_thousand(3, Some(0)), per_thousand(3, None)], ["1.5", "–", "–"]);
    }
}
