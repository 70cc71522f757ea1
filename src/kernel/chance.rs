//! Chance is an argument: everything that needs an id or a secret asks a [`Chance`].

use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

use super::Timestamp;

pub trait Chance: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// A UUID of version 7 (RFC 9562): ordered by the time at which it was made.
    fn id(&self, now: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(u64::try_from(now.0).unwrap_or_default(), &random).into_uuid()
    }

    /// A secret of 256 bits, in hexadecimal.
    fn secret(&self) -> String {
        let mut random = [0; 32];
        self.fill(&mut random);
        random.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The random source of the operating system.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for chance")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// The same ids and secrets for the same seed; for tests and generated histories.
pub struct SeededChance(Mutex<StdRng>);

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
