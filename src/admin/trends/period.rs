//! The period that the trends are shown for: the last 4, 12 or 52 weeks, or whole weeks of one's own choice.

use jiff::{ToSpan, civil::Date};

use crate::{
    feedback::Period,
    kernel::{Result, Timestamp},
};

use super::super::{request::PanelRequest, ui::time::Zone};

/// The most weeks of one's own choice.
const MOST: usize = 105;

named! {
    /// What people choose.
    Span {
        Four = "4",
        Twelve = "12",
        Year = "52",
        Own = "own",
    }
}

impl Span {
    pub fn words(self) -> &'static str {
        match self {
            Self::Four => "4 weeks",
            Self::Twelve => "12 weeks",
            Self::Year => "52 weeks",
            Self::Own => "From one day to another",
        }
    }

    fn weeks(self) -> i64 {
        match self {
            Self::Four => 4,
            Self::Twelve | Self::Own => 12,
            Self::Year => 52,
        }
    }
}

/// What was chosen.
pub struct Chosen {
    pub span: Span,
    /// As they were typed.
    pub from: String,
    pub to: String,
    pub period: Period,
}

impl Chosen {
    /// Reads what was asked for.
    ///
    /// # Errors
    /// [`crate::kernel::Error::Malformed`] for days that are none, or the wrong way round.
    pub fn read(request: &mut PanelRequest) -> Result<Self> {
        let span = request.query.choice("weeks").unwrap_or(Span::Twelve);
        let from = request.query.text("from").unwrap_or_default();
        let to = request.query.text("to").unwrap_or_default();
        let (zone, now) = (request.chrome.zone.clone(), request.now());
        let mut weeks = zone.weeks(now, span.weeks());
        if span == Span::Own {
            let days = read_day(&from).zip(read_day(&to)).filter(|(from, to)| from <= to);
            let own = days.map(|(from, to)| whole_weeks(&zone, from, to)).unwrap_or_default();
            if own.is_empty() || own.len() > MOST {
                let detail = format!("Two days were expected, the earlier one first, at most {MOST} weeks apart.");
                request.query.fault("from", "not-a-period", detail);
            } else {
                weeks = own;
            }
        }
        let ends = weeks.last().map_or(now, |last| after_a_week(&zone, *last));
        let first = weeks.first().map_or_else(|| zone.date(now), |first| zone.date(*first));
        let days = (first, zone.date(Timestamp(ends.0 - 1)));
        Ok(Self { span, from, to, period: Period { weeks, ends, days } })
    }

    /// What leads to the same period.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![("weeks", self.span.name().to_owned())];
        if self.span == Span::Own {
            query.extend([("from", self.from.clone()), ("to", self.to.clone())]);
        }
        query
    }
}

fn read_day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

fn begins(zone: &Zone, date: Date) -> Option<Timestamp> {
    zone.day(&date.to_string()).map(|(begins, _)| begins)
}

/// When the weeks begin in which the days from one to another lie.
fn whole_weeks(zone: &Zone, from: Date, to: Date) -> Vec<Timestamp> {
    let back = i64::from(from.weekday().to_monday_zero_offset());
    let mut weeks = Vec::new();
    let mut monday = from.checked_sub(back.days()).ok();
    while let Some(day) = monday.filter(|day| *day <= to && weeks.len() <= MOST) {
        weeks.extend(begins(zone, day));
        monday = day.checked_add(7.days()).ok();
    }
    weeks
}

/// When a week ends that begins at a time.
fn after_a_week(zone: &Zone, week: Timestamp) -> Timestamp {
    let date = read_day(&zone.date(week)).and_then(|date| date.checked_add(7.days()).ok());
    date.and_then(|date| begins(zone, date)).unwrap_or_else(|| week.plus(7 * Timestamp::DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_ones_own_choice_become_whole_weeks_in_the_time_of_the_site() {
        let zone = Zone::named("Europe/London");
        let day = |text: &str| read_day(text).unwrap();
        let weeks = whole_weeks(&zone, day("2026-10-21"), day("2026-11-02"));
        let begin: Vec<String> = weeks.iter().map(|week| zone.typed(*week)).collect();
        assert_eq!(begin, ["2026-10-19T00:00", "2026-10-26T00:00", "2026-11-02T00:00"]);
        assert_eq!(zone.typed(after_a_week(&zone, weeks[0])), "2026-10-26T00:00", "though it has an hour more");
    }
}
