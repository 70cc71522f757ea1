//! A limit on how often one sender may do something: a bucket of tokens that refills with time.
//!
//! Decision (2026-11-22): our own hundred lines instead of a crate, since a token has to be given back when what was sent
//! could not be accepted, and time has to come from the injected clock. Addresses are not kept: buckets are found by a
//! keyed hash, the key lives in memory only and changes every day.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::kernel::{Chance, Timestamp};

/// Buckets that are remembered at most; beyond it the fullest are forgotten first.
const BUCKETS: usize = 50_000;

pub struct RateLimit {
    burst: f64,
    refill: f64,
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
}

impl RateLimit {
    /// `burst` at once, then one every `seconds`.
    pub fn new(burst: u32, seconds: u32) -> Self {
        Self { burst: f64::from(burst), refill: f64::from(seconds) * 1_000.0, state: Mutex::default() }
    }

    /// Takes a token of the sender.
    ///
    /// # Errors
    /// After how many seconds there is one again.
    pub fn take(&self, sender: &str, now: Timestamp, chance: &dyn Chance) -> Result<(), u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.renew_key(now, chance);
        let name = state.name(sender);
        let tokens = state.buckets.get(&name).map_or(self.burst, |bucket| self.tokens(*bucket, now));
        if tokens < 1.0 {
            return Err(self.wait(tokens));
        }
        if state.buckets.len() >= BUCKETS {
            let (burst, refill) = (self.burst, self.refill);
            state.buckets.retain(|_, bucket| refilled(*bucket, now, burst, refill) < burst);
            if state.buckets.len() >= BUCKETS {
                state.buckets.clear();
            }
        }
        state.buckets.insert(name, Bucket { tokens: tokens - 1.0, at: now });
        Ok(())
    }

    /// Gives a token back: what was sent could not be accepted, and the sender shall be able to mend it.
    pub fn give_back(&self, sender: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let name = state.name(sender);
        if let Some(bucket) = state.buckets.get_mut(&name) {
            bucket.tokens = (bucket.tokens + 1.0).min(self.burst);
        }
    }

    fn tokens(&self, bucket: Bucket, now: Timestamp) -> f64 {
        refilled(bucket, now, self.burst, self.refill)
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    fn wait(&self, tokens: f64) -> u64 {
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
}
