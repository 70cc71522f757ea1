//! A limit on how often one sender may do something: a bucket of tokens that refills with time.
//!
//! Decision (2026-11-22): our own hundred lines instead of a crate, since a token has to be given back when what was sent
//! could not be accepted, and time has to come from the injected clock. Addresses are not kept: buckets are found by a
//! keyed hash, the key lives in memory only and changes every day.
//!
//! Decision (2026-11-22): memory is bounded by a number of senders. When there are more, those who have used nothing lately
//! are forgotten, and then those who have most left. Consequence: whoever sends from very many addresses gains fresh
//! buckets for addresses that were fresh anyway; a sender who has to wait is the last to be forgotten.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::kernel::{Chance, Recent, Timestamp};

/// Senders who are remembered at most.
const BUCKETS: usize = 50_000;

pub struct RateLimit {
    burst: f64,
    refill: f64,
    hourly: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    key: [u8; 32],
    key_made: Option<Timestamp>,
    buckets: HashMap<[u8; 32], Bucket>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
    lately: Recent,
}

impl RateLimit {
    /// `burst` at once, then one every `seconds`.
    pub fn new(burst: u32, seconds: u32) -> Self {
        let refill = f64::from(seconds) * 1_000.0;
        Self { burst: f64::from(burst), refill, hourly: u32::MAX, state: Mutex::default() }
    }

    /// And never more than so many an hour.
    #[must_use]
    pub fn hourly(self, most: u32) -> Self {
        Self { hourly: most, ..self }
    }

    /// Takes a token of the sender.
    ///
    /// # Errors
    /// After how many seconds there is one again.
    pub fn take(&self, sender: &str, now: Timestamp, chance: &dyn Chance) -> Result<(), u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.renew_key(now, chance);
        let name = state.name(sender);
        let fresh = Bucket { tokens: self.burst, at: now, lately: Recent::over(Timestamp::HOUR) };
        let mut bucket = state.buckets.get(&name).copied().unwrap_or(fresh);
        let tokens = refilled(bucket, now, self.burst, self.refill);
        if bucket.lately.count(now) >= self.hourly {
            return Err(bucket.lately.seconds_until_below(self.hourly, now).max(self.wait(tokens)));
        }
        if tokens < 1.0 {
            return Err(self.wait(tokens));
        }
        if state.buckets.len() >= BUCKETS {
            self.make_room(&mut state.buckets, now);
        }
        bucket.lately.add(now);
        state.buckets.insert(name, Bucket { tokens: tokens - 1.0, at: now, ..bucket });
        Ok(())
    }

    /// Gives a token back: what was sent could not be accepted, and the sender shall be able to mend it.
    pub fn give_back(&self, sender: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let name = state.name(sender);
        if let Some(bucket) = state.buckets.get_mut(&name) {
            bucket.tokens = (bucket.tokens + 1.0).min(self.burst);
            bucket.lately.take_back();
        }
    }

    /// How many senders are remembered; never more than a fixed number.
    pub fn remembered(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).buckets.len()
    }

    /// Forgets those of whom there is nothing to remember, and if these are too few, those who have most left.
    fn make_room(&self, buckets: &mut HashMap<[u8; 32], Bucket>, now: Timestamp) {
        let tokens = |bucket: &Bucket| refilled(*bucket, now, self.burst, self.refill);
        let counts_hours = self.hourly < u32::MAX;
        buckets.retain(|_, bucket| tokens(bucket) < self.burst || (counts_hours && bucket.lately.count(now) > 0));
        if buckets.len() < BUCKETS {
            return;
        }
        // Those who have to wait within the hour come before those who only have tokens to win back.
        let used = |bucket: &mut Bucket| {
            let hours = if counts_hours { f64::from(bucket.lately.count(now)) } else { 0.0 };
            hours.max(self.burst - tokens(bucket))
        };
        let mut all: Vec<f64> = buckets.values_mut().map(used).collect();
        let (_, middle, _) = all.select_nth_unstable_by(BUCKETS / 2, f64::total_cmp);
        let middle = *middle;
        let more = buckets.values_mut().filter_map(|bucket| (used(bucket) > middle).then_some(())).count();
        let mut room = (BUCKETS / 2).saturating_sub(more);
        buckets.retain(|_, bucket| {
            let used = used(bucket);
            let stays = used > middle || (room > 0 && used >= middle);
            if stays && used <= middle {
                room -= 1;
            }
            stays
        });
    }

    fn wait(&self, tokens: f64) -> u64 {
        if tokens >= 1.0 { 1 } else { self.seconds_to_one(tokens) }
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    fn seconds_to_one(&self, tokens: f64) -> u64 {
        (((1.0 - tokens) * self.refill / 1_000.0).ceil() as u64).max(1)
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "milliseconds far below 2^53")]
fn refilled(bucket: Bucket, now: Timestamp, burst: f64, refill: f64) -> f64 {
    let elapsed = (now.0 - bucket.at.0).max(0) as f64;
    (bucket.tokens + elapsed / refill).min(burst)
}

impl State {
    fn renew_key(&mut self, now: Timestamp, chance: &dyn Chance) {
        if self.key_made.is_none_or(|made| now.0 - made.0 >= Timestamp::DAY) {
            chance.fill(&mut self.key);
            self.key_made = Some(now);
            self.buckets.clear();
        }
    }

    fn name(&self, sender: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.key).chain_update(sender).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SeededChance;

    #[test]
    fn a_burst_passes_then_one_at_a_time_and_a_token_can_be_given_back() {
        let (limit, chance) = (RateLimit::new(3, 20), SeededChance::new(1));
        let start = Timestamp(1_000_000);
        for _ in 0..3 {
            assert_eq!(limit.take("a", start, &chance), Ok(()));
        }
        assert_eq!(limit.take("a", start, &chance), Err(20));
        assert_eq!(limit.take("b", start, &chance), Ok(()));
        limit.give_back("a");
        assert_eq!(limit.take("a", start, &chance), Ok(()));
        assert_eq!(limit.take("a", start.plus(5_000), &chance), Err(15));
        assert_eq!(limit.take("a", start.plus(25_000), &chance), Ok(()));
    }
    #[test]
    fn an_hour_has_its_own_bound_and_what_is_given_back_does_not_count() {
        let (limit, chance) = (RateLimit::new(5, 20).hourly(60), SeededChance::new(1));
        let start = Timestamp(Timestamp::HOUR);
        let at = |number: i64| start.plus(number * 20_000);
        for number in 0..60 {
            assert_eq!(limit.take("a", at(number), &chance), Ok(()), "{number}");
            assert_eq!(limit.take("b", at(number), &chance), Ok(()), "{number}");
            limit.give_back("b");
        }
        // Twenty minutes have gone by; the first five of them are forgotten after an hour and five minutes.
        assert_eq!(limit.take("a", at(60), &chance), Err(45 * 60));
        assert_eq!(limit.take("b", at(60), &chance), Ok(()));
        assert_eq!(limit.take("a", at(60).plus(45 * Timestamp::MINUTE), &chance), Ok(()));
    }

    #[test]
    fn a_hundred_thousand_senders_take_no_more_room_than_fifty_thousand_and_who_has_to_wait_still_has_to() {
        let (limit, chance) = (RateLimit::new(5, 20).hourly(60), SeededChance::new(1));
        let start = Timestamp(Timestamp::HOUR);
        for _ in 0..5 {
            assert_eq!(limit.take("greedy", start, &chance), Ok(()));
        }
        for number in 0..100_000 {
            assert_eq!(limit.take(&format!("2001:db8::{number:x}"), start, &chance), Ok(()));
            assert!(limit.remembered() <= BUCKETS);
        }
        assert_eq!(limit.take("greedy", start, &chance), Err(20));
        let sizes = std::mem::size_of::<Bucket>() + std::mem::size_of::<[u8; 32]>();
        assert!(sizes <= 160, "{sizes} bytes a sender");
    }
}
