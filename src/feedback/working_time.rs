//! Working time: Monday to Friday without holidays, in the time zone of the site. Pure; it knows neither cases nor settings.
//!
//! Decision (2026-11-22), a day is a day. Context: targets are named in working days, clocks stop within a day, and some
//! days have 23 or 25 hours. Choice: each working day counts the same, from one midnight of the site to the next; half of
//! a day of 23 hours is half a day. What is due is due when a day is over: "within 2 working days" from any time on a
//! Tuesday is the end of Thursday. Consequence: nobody needs to know office hours, a change of the clocks moves no due date,
//! and two waits of half a day are one day exactly.

use std::collections::BTreeSet;

use jiff::{Timestamp as Moment, civil, tz::TimeZone};

use crate::kernel::Timestamp;

/// A stretch of time, the end not included.
pub type Stretch = (Timestamp, Timestamp);

/// Which days are worked on, and where.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    holidays: BTreeSet<civil::Date>,
}

/// A Monday.
const ORIGIN: civil::Date = civil::Date::constant(1970, 1, 5);

impl Calendar {
    /// A zone that the database of zones does not know reads as UTC; what is no date is no holiday. A holiday on a
    /// Saturday or Sunday changes nothing.
    pub fn new<'a>(zone: &str, holidays: impl IntoIterator<Item = &'a str>) -> Self {
        let dates = holidays.into_iter().filter_map(|date| date.parse::<civil::Date>().ok());
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            holidays: dates.filter(|date| is_weekday(*date)).collect(),
        }
    }

    /// When something is due that began at a time and may take so many working days, the end of one of them. What lies in
    /// `pauses` does not count; they don't overlap.
    pub fn due(&self, from: Timestamp, pauses: &[Stretch], days: u32) -> Timestamp {
        let paused: i64 = pauses.iter().map(|(from, until)| self.worked(*from, *until)).sum();
        let day = self.position(from).saturating_add(paused).div_euclid(Timestamp::DAY);
        self.end_of_working_day(day.saturating_add(i64::from(days)))
    }

    /// The working time between two times, in milliseconds of days of 24 hours.
    pub fn worked(&self, from: Timestamp, until: Timestamp) -> i64 {
        self.position(until).saturating_sub(self.position(from)).max(0)
    }

    /// The working time since the origin.
    fn position(&self, at: Timestamp) -> i64 {
        let moment = Moment::from_millisecond(at.0).unwrap_or(Moment::UNIX_EPOCH);
        let date = moment.to_zoned(self.zone.clone()).date();
        let whole = self.working_days_before(date).saturating_mul(Timestamp::DAY);
        if !self.is_worked(date) {
            return whole;
        }
        let (begins, ends) = (self.begins(date), self.begins(next(date)));
        let length = ends.saturating_sub(begins).max(1);
        let part = at.0.saturating_sub(begins).clamp(0, length);
        whole.saturating_add(part.saturating_mul(Timestamp::DAY) / length)
    }

    /// When the working day is over that has so many before it.
    fn end_of_working_day(&self, number: i64) -> Timestamp {
        let weeks = number.div_euclid(5).saturating_mul(7).saturating_add(number.rem_euclid(5));
        // Holidays only put it off.
        let mut date = ORIGIN.saturating_add(jiff::Span::new().try_days(weeks).unwrap_or_default());
        while date < civil::Date::MAX {
            let before = self.working_days_before(date);
            if before == number && self.is_worked(date) {
                break;
            }
            date = next(date);
        }
        Timestamp(self.begins(next(date)))
    }

    fn is_worked(&self, date: civil::Date) -> bool {
        is_weekday(date) && !self.holidays.contains(&date)
    }

    fn working_days_before(&self, date: civil::Date) -> i64 {
        let days = ORIGIN.until(date).map(|span| i64::from(span.get_days())).unwrap_or_default();
        let weekdays = days.div_euclid(7).saturating_mul(5).saturating_add(days.rem_euclid(7).min(5));
        let holidays = i64::try_from(self.holidays.range(..date).count()).unwrap_or_default();
        let before_origin = i64::try_from(self.holidays.range(..ORIGIN).count()).unwrap_or_default();
        weekdays.saturating_sub(holidays.saturating_sub(before_origin))
    }

    /// The first moment of a day.
    fn begins(&self, date: civil::Date) -> i64 {
        date.to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp().as_millisecond()).unwrap_or(i64::MAX)
    }
}

fn is_weekday(date: civil::Date) -> bool {
    date.weekday().to_monday_zero_offset() < 5
}

fn next(date: civil::Date) -> civil::Date {
    date.tomorrow().unwrap_or(civil::Date::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOLIDAYS: [&str; 5] = ["2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29"];

    fn london() -> Calendar {
        Calendar::new("Europe/London", HOLIDAYS)
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn due(from: &str, pauses: &[(&str, &str)], days: u32) -> String {
        let pauses: Vec<Stretch> = pauses.iter().map(|(from, until)| (at(from), at(until))).collect();
        london().due(at(from), &pauses, days).to_string()
    }

    #[test]
    fn what_is_due_is_due_when_a_working_day_is_over() {
        // A Tuesday.
        assert_eq!(due("2026-11-24T14:02:00Z", &[], 2), "2026-11-27T00:00:00Z", "the end of Thursday");
        assert_eq!(due("2026-11-24T00:00:00Z", &[], 0), "2026-11-25T00:00:00Z", "the same day");
        assert_eq!(due("2026-11-27T17:00:00Z", &[], 0), "2026-11-28T00:00:00Z", "Friday");
        assert_eq!(due("2026-11-27T17:00:00Z", &[], 1), "2026-12-01T00:00:00Z", "over the weekend");
        assert_eq!(
            due("2026-11-28T11:00:00Z", &[], 0),
            "2026-12-01T00:00:00Z",
            "what comes on a Saturday begins on Monday"
        );
        assert_eq!(due("2026-12-24T12:00:00Z", &[], 1), "2026-12-30T00:00:00Z", "over two holidays and a weekend");
        assert_eq!(due("2026-12-25T12:00:00Z", &[], 0), "2026-12-30T00:00:00Z", "what comes on a holiday");
    }

    #[test]
    fn waiting_does_not_count() {
        // From Tuesday to Wednesday: one day later.
        assert_eq!(
            due("2026-11-24T14:00:00Z", &[("2026-11-24T15:00:00Z", "2026-11-25T15:00:00Z")], 2),
            "2026-11-28T00:00:00Z"
        );
        // Over a weekend only what was worked counts: 7 and 9 hours.
        let weekend = ("2026-11-27T17:00:00Z", "2026-11-30T09:00:00Z");
        assert_eq!(due("2026-11-27T07:59:59Z", &[weekend], 0), "2026-11-28T00:00:00Z");
        assert_eq!(due("2026-11-27T08:00:00Z", &[weekend], 0), "2026-12-01T00:00:00Z");
        assert_eq!(london().worked(at(weekend.0), at(weekend.1)), 16 * Timestamp::HOUR);
        // Two halves are a whole, exactly.
        let halves =
            [("2026-11-24T00:00:00Z", "2026-11-24T12:00:00Z"), ("2026-11-25T12:00:00Z", "2026-11-26T00:00:00Z")];
        assert_eq!(due("2026-11-24T00:00:00Z", &halves, 0), "2026-11-26T00:00:00Z");
        // Where nobody works, nothing is won by waiting.
        assert_eq!(
            due("2026-11-27T23:59:00Z", &[("2026-11-28T00:00:00Z", "2026-11-30T00:00:00Z")], 0),
            "2026-11-28T00:00:00Z"
        );
    }

    #[test]
    fn a_change_of_the_clocks_moves_no_due_date() {
        // Clocks go forward in the night to Sunday 28 March 2027, between two holidays.
        assert_eq!(due("2027-03-25T18:00:00Z", &[], 1), "2027-03-30T23:00:00Z", "the end of Tuesday, in summer time");
        // In Cairo they change at the end of a Thursday, which has 25 hours.
        let cairo = Calendar::new("Africa/Cairo", []);
        let day = |from: &str, until: &str| cairo.worked(at(from), at(until));
        assert_eq!(day("2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z"), Timestamp::DAY, "25 hours");
        assert_eq!(day("2026-10-29T22:00:00Z", "2026-10-30T22:00:00Z"), Timestamp::DAY, "24 hours");
        assert_eq!(
            Calendar::new("Nowhere", ["soon"]).due(at("2026-11-24T14:02:00Z"), &[], 1),
            at("2026-11-26T00:00:00Z")
        );
    }

    /// The day after so many working days, found by walking.
    fn walked(calendar: &Calendar, from: Timestamp, days: u32) -> Timestamp {
        let moment = Moment::from_millisecond(from.0).unwrap();
        let mut date = moment.to_zoned(calendar.zone.clone()).date();
        let is_worked = |date: civil::Date| {
            !["Saturday", "Sunday"].contains(&date.strftime("%A").to_string().as_str())
                && !calendar.holidays.contains(&date)
        };
        while !is_worked(date) {
            date = date.tomorrow().unwrap();
        }
        for _ in 0..days {
            date = date.tomorrow().unwrap();
            while !is_worked(date) {
                date = date.tomorrow().unwrap();
            }
        }
        Timestamp(date.tomorrow().unwrap().to_zoned(calendar.zone.clone()).unwrap().timestamp().as_millisecond())
    }

    fn calendars() -> impl Strategy<Value = Calendar> {
        let zones =
            prop::sample::select(vec!["Europe/London", "Africa/Cairo", "America/Santiago", "Pacific/Apia", "UTC"]);
        // Years around now, in days.
        let holidays = prop::collection::vec(0_i64..1_500, 0..40);
        (zones, holidays).prop_map(|(zone, days)| {
            let date = |day: i64| civil::date(2025, 1, 1).saturating_add(jiff::Span::new().days(day)).to_string();
            let dates: Vec<String> = days.into_iter().map(date).collect();
            Calendar::new(zone, dates.iter().map(String::as_str))
        })
    }

    fn times() -> impl Strategy<Value = Timestamp> {
        (at("2025-01-01T00:00:00Z").0..at("2028-12-31T00:00:00Z").0).prop_map(Timestamp)
    }

    proptest! {
        #[test]
        fn a_due_date_is_what_walking_the_calendar_finds(calendar in calendars(), from in times(), days in 0_u32..60) {
            prop_assert_eq!(calendar.due(from, &[], days), walked(&calendar, from, days));
        }

        #[test]
        fn a_pause_never_hurries_and_counts_the_same_in_parts(
            calendar in calendars(), from in times(), days in 0_u32..20,
            wait in 0_i64..30 * Timestamp::DAY, before in 0_i64..5 * Timestamp::DAY, part in 0_i64..=1_000,
        ) {
            let begins = from.plus(before);
            let ends = begins.plus(wait);
            let middle = begins.plus(wait / 1_000 * part);
            let whole = calendar.due(from, &[(begins, ends)], days);
            prop_assert!(whole >= calendar.due(from, &[], days));
            prop_assert_eq!(whole, calendar.due(from, &[(begins, middle), (middle, ends)], days));
            // What was worked before the pause is kept: it is due no later than if all began at its end.
            prop_assert!(whole <= calendar.due(ends, &[], days));
        }

        #[test]
        fn later_beginnings_and_longer_targets_are_due_later(
            calendar in calendars(), from in times(), later in 0_i64..40 * Timestamp::DAY, days in 0_u32..60,
        ) {
            prop_assert!(calendar.due(from, &[], days) > from);
            prop_assert!(calendar.due(from.plus(later), &[], days) >= calendar.due(from, &[], days));
            prop_assert!(calendar.due(from, &[], days + 1) > calendar.due(from, &[], days));
        }

        #[test]
        fn days_on_which_nobody_works_stop_the_clock(calendar in calendars(), from in times()) {
            let moment = Moment::from_millisecond(from.0).unwrap();
            let date = moment.to_zoned(calendar.zone.clone()).date();
            let (begins, ends) = (Timestamp(calendar.begins(date)), Timestamp(calendar.begins(next(date))));
            let expected = if calendar.is_worked(date) { Timestamp::DAY } else { 0 };
            prop_assert_eq!(calendar.worked(begins, ends), expected);
        }
    }
}
