//! Times as people of the site's time zone read and type them.

use jiff::{Timestamp as Moment, civil, tz::TimeZone};
use maud::{Markup, html};

use crate::kernel::Timestamp;

/// The time zone of the site.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of a name; a name that the database of zones does not know reads as UTC.
    pub fn named(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap_or(TimeZone::UTC))
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    fn local(&self, time: Timestamp) -> jiff::Zoned {
        Moment::from_millisecond(time.0).unwrap_or(Moment::UNIX_EPOCH).to_zoned(self.0.clone())
    }

    /// The day in this zone, as `YYYY-MM-DD`.
    pub fn date(&self, time: Timestamp) -> String {
        self.local(time).date().to_string()
    }

    /// What a `datetime-local` control shows.
    pub fn typed(&self, time: Timestamp) -> String {
        self.local(time).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// A time to the second, as a log shows it.
    pub fn to_the_second(&self, time: Timestamp) -> String {
        self.local(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// When a day `YYYY-MM-DD` begins in this zone, and when the next one does.
    pub fn day(&self, date: &str) -> Option<(Timestamp, Timestamp)> {
        let date: civil::Date = date.trim().parse().ok()?;
        let begins = |date: civil::Date| date.to_zoned(self.0.clone()).ok();
        let (this, next) = (begins(date)?, begins(date.tomorrow().ok()?)?);
        Some((Timestamp(this.timestamp().as_millisecond()), Timestamp(next.timestamp().as_millisecond())))
    }

    /// When the last weeks begin in this zone, the oldest first and the one that it is now last. A week begins on Monday.
    pub fn weeks(&self, now: Timestamp, count: i64) -> Vec<Timestamp> {
        let today = self.local(now).date();
        let monday = i64::from(today.weekday().to_monday_zero_offset());
        let begins = |back: i64| {
            let date = today.checked_sub(jiff::Span::new().try_days(monday + 7 * back).ok()?).ok()?;
            let zoned = date.to_zoned(self.0.clone()).ok()?;
            Some(Timestamp(zoned.timestamp().as_millisecond()))
        };
        (0..count).rev().filter_map(begins).collect()
    }

    /// When the week that it is now is over in this zone.
    pub fn week_ends(&self, now: Timestamp) -> Option<Timestamp> {
        let today = self.local(now).date();
        let left = 7 - i64::from(today.weekday().to_monday_zero_offset());
        let monday = today.checked_add(jiff::Span::new().try_days(left).ok()?).ok()?;
        Some(Timestamp(monday.to_zoned(self.0.clone()).ok()?.timestamp().as_millisecond()))
    }

    /// The day of a time, in short and in full: "2 Nov", "2 November".
    pub fn day_names(&self, time: Timestamp) -> (String, String) {
        let local = self.local(time);
        (local.strftime("%-d %b").to_string(), local.strftime("%-d %B").to_string())
    }

    /// Reads what a `datetime-local` control sent. A time that the change to summer time leaves out is the one an hour
    /// later; one that stands twice is the first.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let local: civil::DateTime = text.trim().parse().ok()?;
        let zoned = self.0.to_ambiguous_zoned(local).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

/// When something was or will be: "today 14:02", "3 November 14:02", "3 November 2025". The whole time is in the title.
pub fn when(zone: &Zone, now: Timestamp, time: Timestamp) -> Markup {
    let (local, today) = (zone.local(time), zone.local(now));
    let days = today.date().until(local.date()).map(|span| span.get_days()).unwrap_or_default();
    let words = match days {
        0 => local.strftime("today %H:%M").to_string(),
        -1 => local.strftime("yesterday %H:%M").to_string(),
        1 => local.strftime("tomorrow %H:%M").to_string(),
        _ if local.year() == today.year() => local.strftime("%-d %B %H:%M").to_string(),
        _ => local.strftime("%-d %B %Y").to_string(),
    };
    html! { time datetime=(time.to_string()) title=(in_full(zone, time)) { (words) } }
}

/// A time of today, for what has just happened: "14:02".
pub fn of_day(zone: &Zone, time: Timestamp) -> String {
    zone.local(time).strftime("%H:%M").to_string()
}

/// The day of something that was: "today", "3 November", "3 November 2025".
pub fn day_of(zone: &Zone, now: Timestamp, time: Timestamp) -> String {
    let (local, today) = (zone.local(time), zone.local(now));
    let words = if local.date() == today.date() {
        "today"
    } else if local.year() == today.year() {
        "%-d %B"
    } else {
        "%-d %B %Y"
    };
    local.strftime(words).to_string()
}

/// The day that is over at a time, for what is due by then: "today", "tomorrow", "Thu 26 Nov", "26 Nov 2027".
pub fn due_day(zone: &Zone, now: Timestamp, over: Timestamp) -> String {
    let (day, today) = (zone.local(over.plus(-1)), zone.local(now));
    match today.date().until(day.date()).map(|span| span.get_days()).unwrap_or_default() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if day.year() == today.year() => day.strftime("%a %-d %b").to_string(),
        _ => day.strftime("%-d %b %Y").to_string(),
    }
}

/// The day of a time: "Thursday 26 November 2026".
pub fn full_day(zone: &Zone, time: Timestamp) -> String {
    zone.local(time).strftime("%A %-d %B %Y").to_string()
}

/// A time in a sentence: "Tuesday 24 November 2026, 09:00, London time".
pub fn in_full(zone: &Zone, time: Timestamp) -> String {
    let place = zone.name().rsplit('/').next().unwrap_or("UTC").replace('_', " ");
    format!("{}, {place} time", zone.local(time).strftime("%A %-d %B %Y, %H:%M"))
}

/// The days of a time that is over: "3–17 November", "30 October – 3 November", with the year of another year.
pub fn days(zone: &Zone, now: Timestamp, from: Timestamp, until: Timestamp) -> String {
    let (from, until, today) = (zone.local(from), zone.local(until), zone.local(now));
    let year = if until.year() == today.year() { "" } else { " %Y" };
    let last = until.strftime(&format!("%-d %B{year}")).to_string();
    if from.date() == until.date() {
        last
    } else if (from.year(), from.month()) == (until.year(), until.month()) {
        format!("{}–{last}", from.day())
    } else if from.year() == until.year() {
        format!("{} – {last}", from.strftime("%-d %B"))
    } else {
        format!("{} – {}", from.strftime("%-d %B %Y"), until.strftime("%-d %B %Y"))
    }
}

/// A date `YYYY-MM-DD` as people write it; anything else as it is.
pub fn day(date: &str) -> String {
    match date.parse::<civil::Date>() {
        Ok(date) => date.strftime("%-d %B %Y").to_string(),
        Err(_) => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_zone_also_in_summer() {
        let zone = Zone::named("Europe/London");
        let time = Timestamp::parse("2026-07-01T11:30:00Z").unwrap();
        assert_eq!(zone.typed(time), "2026-07-01T12:30");
        assert_eq!(zone.read("2026-07-01T12:30"), Some(time));
        assert_eq!(in_full(&zone, time), "Wednesday 1 July 2026, 12:30, London time");
        assert_eq!(when(&zone, time, time).into_string().matches("today 12:30").count(), 1);
        let left_out = zone.read("2026-03-29T01:30").unwrap();
        assert_eq!(zone.typed(left_out), "2026-03-29T02:30");
        let ago = |hours: i64| day_of(&zone, time, Timestamp(time.0 - hours * Timestamp::HOUR));
        assert_eq!([ago(1), ago(36), ago(24 * 200)], ["today", "30 June", "13 December 2025"]);
        let due = |days: i64| due_day(&zone, time, zone.day("2026-07-02").unwrap().0.plus(days * Timestamp::DAY));
        assert_eq!(
            [due(-1), due(0), due(1), due(2), due(190)],
            ["yesterday", "today", "tomorrow", "Fri 3 Jul", "7 Jan 2027"]
        );
        assert_eq!(full_day(&zone, time), "Wednesday 1 July 2026");
        assert_eq!(zone.read("tomorrow"), None);
        assert_eq!(zone.to_the_second(time), "2026-07-01 12:30:00");
        let (begins, ends) = zone.day("2026-03-29").unwrap();
        assert_eq!((begins.to_string().as_str(), ends.0 - begins.0), ("2026-03-29T00:00:00Z", 23 * Timestamp::HOUR));
        assert_eq!(zone.day("2026-02-30"), None);
        assert_eq!(Zone::named("Nowhere/At all").name(), "UTC");
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let days = |from: &str, until: &str| super::days(&zone, time, at(from), at(until));
        assert_eq!(days("2026-11-03T09:00:00Z", "2026-11-17T09:00:00Z"), "3–17 November");
        assert_eq!(days("2026-11-03T09:00:00Z", "2026-11-03T10:00:00Z"), "3 November");
        assert_eq!(days("2026-10-30T09:00:00Z", "2026-11-03T09:00:00Z"), "30 October – 3 November");
        assert_eq!(days("2024-12-30T09:00:00Z", "2025-01-03T09:00:00Z"), "30 December 2024 – 3 January 2025");
        let weeks = zone.weeks(at("2026-11-02T00:30:00Z"), 3);
        let begins: Vec<String> = weeks.iter().map(|week| zone.typed(*week)).collect();
        assert_eq!(begins, ["2026-10-19T00:00", "2026-10-26T00:00", "2026-11-02T00:00"], "each in its own time");
        assert_eq!(weeks[0].to_string(), "2026-10-18T23:00:00Z");
        assert_eq!(zone.week_ends(at("2026-10-24T12:00:00Z")).unwrap().to_string(), "2026-10-26T00:00:00Z");
        assert_eq!(zone.day_names(weeks[0]), ("19 Oct".to_owned(), "19 October".to_owned()));
        assert_eq!(day("2026-11-03"), "3 November 2026");
        assert_eq!(day("soon"), "soon");
    }
}
