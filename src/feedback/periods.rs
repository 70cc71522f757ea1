//! The periods that trends are shown for: whole weeks, from Monday to Sunday, in the time of the site.

use jiff::{ToSpan, civil::Date, tz::TimeZone};

use crate::kernel::Timestamp;

use super::trends::Period;

/// The most weeks of one period.
pub const MOST_WEEKS: u64 = 105;

/// What to say to whoever asks for days between which no period lies.
pub fn not_a_period() -> String {
    format!("Two days were expected, the earlier one first, at most {MOST_WEEKS} weeks apart.")
}

impl Period {
    /// The last weeks, the one that it is now included; at least one.
    pub fn last(zone: &str, now: Timestamp, count: u64) -> Self {
        let zone = named(zone);
        let today = local(&zone, now);
        let monday = i64::from(today.weekday().to_monday_zero_offset());
        let weeks = i64::try_from(count.clamp(1, MOST_WEEKS)).unwrap_or(1);
        let begins = |back: i64| today.checked_sub((monday + 7 * back).days()).ok().and_then(|day| begins(&zone, day));
        let weeks: Vec<Timestamp> = (0..weeks).rev().filter_map(begins).collect();
        Self::of(&zone, now, weeks)
    }

    /// The weeks in which the days from one to another lie, both `YYYY-MM-DD`; `None` if they are none, the wrong way round,
    /// or too far apart.
    pub fn between(zone: &str, from: &str, to: &str) -> Option<Self> {
        let zone = named(zone);
        let (from, to): (Date, Date) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        let back = i64::from(from.weekday().to_monday_zero_offset());
        let mut monday = from.checked_sub(back.days()).ok();
        let mut weeks = Vec::new();
        while let Some(day) = monday.filter(|day| *day <= to && from <= to) {
            weeks.extend(begins(&zone, day));
            if u64::try_from(weeks.len()).unwrap_or(u64::MAX) > MOST_WEEKS {
                return None;
            }
            monday = day.checked_add(7.days()).ok();
        }
        let first = *weeks.first()?;
        Some(Self::of(&zone, first, weeks))
    }

    fn of(zone: &TimeZone, now: Timestamp, weeks: Vec<Timestamp>) -> Self {
        let ends = weeks.last().map_or(now, |last| after_a_week(zone, *last));
        let first = local(zone, weeks.first().copied().unwrap_or(now));
        let days = (first.to_string(), local(zone, Timestamp(ends.0 - 1)).to_string());
        Self { weeks, ends, days }
    }
}

fn named(zone: &str) -> TimeZone {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}

fn local(zone: &TimeZone, at: Timestamp) -> Date {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone()).date()
}

fn begins(zone: &TimeZone, day: Date) -> Option<Timestamp> {
    Some(Timestamp(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond()))
}

/// When a week ends that begins at a time.
fn after_a_week(zone: &TimeZone, week: Timestamp) -> Timestamp {
    let next = local(zone, week).checked_add(7.days()).ok();
    next.and_then(|day| begins(zone, day)).unwrap_or_else(|| week.plus(7 * Timestamp::DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONDON: &str = "Europe/London";

    fn written(times: &[Timestamp]) -> Vec<String> {
        times.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn days_of_ones_own_choice_become_whole_weeks_in_the_time_of_the_site() {
        let period = Period::between(LONDON, "2026-10-21", "2026-11-02").unwrap();
        let begin = ["2026-10-18T23:00:00Z", "2026-10-26T00:00:00Z", "2026-11-02T00:00:00Z"];
        assert_eq!(written(&period.weeks), begin, "the first has an hour more");
        assert_eq!(period.days, ("2026-10-19".to_owned(), "2026-11-08".to_owned()));
        assert_eq!(written(&[period.ends]), ["2026-11-09T00:00:00Z"]);
    }

    #[test]
    fn days_that_are_none_or_the_wrong_way_round_or_too_far_apart_are_no_period() {
        for (from, to) in [
            ("", ""),
            ("2026-10-21", ""),
            ("2026-10-21", "2026-10-20"),
            ("2026-02-30", "2026-03-01"),
            ("2020-01-01", "2026-01-01"),
        ] {
            assert_eq!(Period::between(LONDON, from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn the_last_weeks_end_with_the_one_that_it_is_now() {
        let now = Timestamp::parse("2026-11-22T23:30:00Z").unwrap();
        let period = Period::last(LONDON, now, 4);
        assert_eq!(period.weeks.len(), 4);
        assert_eq!(period.days, ("2026-10-26".to_owned(), "2026-11-22".to_owned()));
        assert_eq!(Period::last("Europe/Berlin", now, 1).days.0, "2026-11-23", "where it is Monday already");
    }
}
