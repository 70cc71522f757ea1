//! When something that did not get through is tried again. Pure: times and chance are given.

use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::kernel::{Chance, Timestamp};

/// How long after the first, second, … failure the next try is made, in milliseconds; after those, the last again.
const DELAYS: [i64; 9] = [
    5 * Timestamp::SECOND,
    30 * Timestamp::SECOND,
    2 * Timestamp::MINUTE,
    10 * Timestamp::MINUTE,
    30 * Timestamp::MINUTE,
    Timestamp::HOUR,
    2 * Timestamp::HOUR,
    4 * Timestamp::HOUR,
    6 * Timestamp::HOUR,
];
/// How long it is tried altogether, in milliseconds.
pub const LONGEST: i64 = Timestamp::DAY;

/// By how much a delay differs from the table, in thousandths: 800 to 1200. Receivers that failed together are not all
/// tried again together.
#[derive(Clone, Copy, Debug)]
pub struct Jitter(i64);

impl Jitter {
    pub fn draw(chance: &dyn Chance) -> Self {
        let mut bytes = [0; 2];
        chance.fill(&mut bytes);
        Self(800 + i64::from(u16::from_be_bytes(bytes)) % 401)
    }
}

/// When to try again after `failures` failures, the last of them now. What the receiver asked for in `Retry-After` counts
/// if it is longer. The last try is made a day after `began`; `None` once that is over.
pub fn next(
    failures: i32,
    began: Timestamp,
    now: Timestamp,
    asked_for: Option<i64>,
    jitter: Jitter,
) -> Option<Timestamp> {
    let end = began.plus(LONGEST);
    if now >= end {
        return None;
    }
    let position = usize::try_from(failures.saturating_sub(1)).unwrap_or_default().min(DELAYS.len() - 1);
    let delay = DELAYS.get(position).copied().unwrap_or(Timestamp::HOUR);
    let jittered = delay.saturating_mul(jitter.0) / 1_000;
    Some(now.plus(jittered.max(asked_for.unwrap_or_default())).min(end))
}

/// The milliseconds that a header `Retry-After` asks for (RFC 9110, section 10.2.3): seconds, or a date.
pub fn asked_for(header: &str, now: Timestamp) -> Option<i64> {
    if let Ok(seconds) = header.trim().parse::<u32>() {
        return Some(i64::from(seconds).saturating_mul(Timestamp::SECOND));
    }
    let date = header.trim().strip_suffix("GMT").map(|head| format!("{head}+0000"))?;
    let date = OffsetDateTime::parse(&date, &Rfc2822).ok()?;
    Some(date.unix_timestamp().saturating_mul(Timestamp::SECOND).saturating_sub(now.0).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SeededChance;

    const EXACT: Jitter = Jitter(1_000);

    #[test]
    fn tries_are_made_at_growing_distances_for_a_day() {
        let began = Timestamp(0);
        let (mut now, mut failures, mut minutes) = (began, 0, Vec::new());
        loop {
            failures += 1;
            match next(failures, began, now, None, EXACT) {
                Some(at) => now = at,
                None => break,
            }
            minutes.push(now.0 / Timestamp::MINUTE);
        }
        assert_eq!(minutes, [0, 0, 2, 12, 42, 102, 222, 462, 822, 1_182, 1_440]);
        assert_eq!(now, began.plus(Timestamp::DAY), "the last is made a day later");
    }

    #[test]
    fn chance_moves_a_try_by_a_fifth_at_most() {
        let chance = SeededChance::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let at = next(1, Timestamp(0), Timestamp(0), None, Jitter::draw(&chance)).unwrap();
            assert!((4_000..=6_000).contains(&at.0), "{at:?}");
            seen.insert(at);
        }
        assert!(seen.len() > 300, "{}", seen.len());
    }

    #[test]
    fn what_the_receiver_asks_for_counts_if_it_is_longer_and_within_the_day() {
        let now = Timestamp::parse("2026-11-22T09:00:00Z").unwrap();
        assert_eq!(asked_for("120", now), Some(120_000));
        assert_eq!(asked_for("Sun, 22 Nov 2026 09:10:00 GMT", now), Some(600_000));
        assert_eq!(asked_for("Sun, 22 Nov 2026 08:00:00 GMT", now), Some(0));
        for wrong in ["", "soon", "-5", "1.5", "Sun, 99 Nov 2026 09:10:00 GMT"] {
            assert_eq!(asked_for(wrong, now), None, "{wrong}");
        }
        let at = |asked| next(1, now, now, asked, EXACT).unwrap().0 - now.0;
        assert_eq!((at(Some(1_000)), at(Some(120_000))), (5_000, 120_000));
        assert_eq!(at(Some(i64::MAX)), Timestamp::DAY);
    }
}
