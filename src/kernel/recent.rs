//! How often something happened lately, in a fixed number of bytes. It knows times and counts, and nothing of what is
//! counted.

use super::Timestamp;

/// A span of time is looked at in so many pieces. One more is kept, so that the whole span is always covered.
const PIECES: i64 = 12;
const KEPT: usize = 13;

/// Counts over a span that moves with time: at most a twelfth of the span longer than it says, never shorter.
#[derive(Clone, Copy, Debug)]
pub struct Recent {
    piece: i64,
    /// The newest piece first.
    counts: [u32; KEPT],
    newest: i64,
}

impl Recent {
    /// Nothing has happened in the last `span` milliseconds.
    pub fn over(span: i64) -> Self {
        Self { piece: (span / PIECES).max(1), counts: [0; KEPT], newest: i64::MIN }
    }

    /// How often it happened.
    pub fn count(&mut self, now: Timestamp) -> u32 {
        self.move_on(now);
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// It happens.
    pub fn add(&mut self, now: Timestamp) {
        self.move_on(now);
        if let Some(newest) = self.counts.first_mut() {
            *newest = newest.saturating_add(1);
        }
    }

    /// What happened last has not happened.
    pub fn take_back(&mut self) {
        if let Some(last) = self.counts.iter_mut().find(|count| **count > 0) {
            *last -= 1;
        }
    }

    /// After how many seconds it will have happened less often than `limit` times; at least one.
    pub fn seconds_until_below(&mut self, limit: u32, now: Timestamp) -> u64 {
        let mut left = self.count(now);
        let mut pieces = PIECES + 1;
        for count in self.counts.iter().rev() {
            if left < limit {
                break;
            }
            left -= count;
            pieces -= 1;
        }
        // The oldest pieces are gone once the newest is that much further on.
        let gone = PIECES + 1 - pieces;
        let at = self.newest.saturating_add(gone).saturating_mul(self.piece);
        let wait = at.saturating_sub(now.0).max(0);
        u64::try_from(wait.saturating_add(Timestamp::SECOND - 1) / Timestamp::SECOND).unwrap_or_default().max(1)
    }

    /// A clock that is set back counts into the newest piece.
    fn move_on(&mut self, now: Timestamp) {
        let present = now.0.div_euclid(self.piece);
        if present <= self.newest {
            return;
        }
        let passed = usize::try_from(present.saturating_sub(self.newest)).unwrap_or(KEPT).min(KEPT);
        self.counts.rotate_right(passed % KEPT);
        if let Some(new) = self.counts.get_mut(..passed) {
            new.fill(0);
        }
        self.newest = present;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_counted_for_the_whole_span_and_forgotten_after_it() {
        let mut recent = Recent::over(Timestamp::HOUR);
        for minute in 0..30 {
            recent.add(Timestamp(minute * Timestamp::MINUTE));
        }
        assert_eq!(recent.count(Timestamp(59 * Timestamp::MINUTE)), 30);
        assert_eq!(recent.count(Timestamp(64 * Timestamp::MINUTE)), 30);
        assert_eq!(recent.count(Timestamp(65 * Timestamp::MINUTE)), 25);
        recent.take_back();
        assert_eq!(recent.count(Timestamp(65 * Timestamp::MINUTE)), 24);
        assert_eq!(recent.count(Timestamp(1_000 * Timestamp::MINUTE)), 0);
        recent.add(Timestamp(0));
        assert_eq!(recent.count(Timestamp(1_000 * Timestamp::MINUTE)), 1, "a clock that was set back loses nothing");
    }

    #[test]
    fn the_wait_ends_when_enough_is_forgotten() {
        let start = Timestamp(10 * Timestamp::HOUR);
        let mut recent = Recent::over(Timestamp::HOUR);
        for minute in [0, 1, 20] {
            recent.add(start.plus(minute * Timestamp::MINUTE));
        }
        let now = start.plus(30 * Timestamp::MINUTE);
        for (limit, minutes) in [(3, 35), (2, 35), (1, 55), (4, 0)] {
            let seconds = recent.seconds_until_below(limit, now);
            assert_eq!(seconds, (minutes * 60).max(1), "{limit}");
            let mut later = recent;
            assert!(later.count(now.plus(i64::try_from(seconds).unwrap() * 1_000)) < limit);
        }
    }
}
