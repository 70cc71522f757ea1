//! Turns: what many want at about the same time is done for all of them at once. It knows nothing of what is done.
//!
//! Decision (2026-11-23), a breath. Context: what is done once a turn costs more than what is done for each, and without a pause
//! a turn had two or three, however many came. Choice: after a turn whoever serves waits for [`BREATH`]; whoever comes when
//! nobody was served just before is served at once. Consequence: in a flood, everybody waits a little longer and the machine
//! has time for others.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

use crate::kernel::{Error, Result};

/// So many are served in a turn at most.
const TOGETHER: usize = 64;

/// The pause between two turns.
const BREATH: Duration = Duration::from_millis(5);

/// Something that costs little more for several than for one.
pub(super) trait Turn: Sized + Send + Sync + 'static {
    type Outcome: Send + 'static;

    /// Does it for all; the outcomes are in the same order. If it fails, nothing of it stays.
    fn together(all: &[Self]) -> impl Future<Output = Result<Vec<Self::Outcome>>> + Send;

    /// Does it for this one.
    fn alone(&self) -> impl Future<Output = Result<Self::Outcome>> + Send;
}

/// Those who wait for their turn.
pub(super) struct Turns<T: Turn>(Arc<Mutex<Waiting<T>>>);

struct Waiting<T: Turn> {
    line: VecDeque<(T, Tell<T>)>,
    /// Whether somebody serves them.
    is_served: bool,
}

type Tell<T> = oneshot::Sender<Result<<T as Turn>::Outcome>>;

impl<T: Turn> Default for Turns<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Waiting { line: VecDeque::new(), is_served: false })))
    }
}

impl<T: Turn> Turns<T> {
    /// Gets in line and waits. It is done even if whoever waits for it goes away; if it can't be done for all of a turn, it
    /// is done for each alone.
    ///
    /// # Errors
    /// What doing it alone says; [`Error::Unavailable`] at once if the database is away.
    pub async fn take(&self, one: T) -> Result<T::Outcome> {
        let (tell, told) = oneshot::channel();
        {
            let mut waiting = lock(&self.0);
            waiting.line.push_back((one, tell));
            if !waiting.is_served {
                waiting.is_served = true;
                tokio::spawn(serve(Service(Some(Arc::clone(&self.0)))));
            }
        }
        told.await.map_err(Error::bug)?
    }
}

/// Whoever serves those in line. If that ends before its time, whoever comes next begins anew.
struct Service<T: Turn>(Option<Arc<Mutex<Waiting<T>>>>);

impl<T: Turn> Drop for Service<T> {
    fn drop(&mut self) {
        if let Some(waiting) = &self.0 {
            lock(waiting).is_served = false;
        }
    }
}

impl<T: Turn> Service<T> {
    /// Those who are served next; with nobody in line the service ends, in the same moment, so that whoever comes next is
    /// served by another.
    fn next(&mut self) -> Vec<(T, Tell<T>)> {
        let Some(waiting) = &self.0 else { return Vec::new() };
        let mut held = lock(waiting);
        let count = held.line.len().min(TOGETHER);
        let next: Vec<_> = held.line.drain(..count).collect();
        if next.is_empty() {
            held.is_served = false;
            drop(held);
            self.0 = None;
        }
        next
    }
}

/// Serves until nobody is in line any more.
async fn serve<T: Turn>(mut service: Service<T>) {
    loop {
        let (all, tell): (Vec<_>, Vec<_>) = service.next().into_iter().unzip();
        if all.is_empty() {
            return;
        }
        match T::together(&all).await {
            Ok(outcomes) => {
                for (tell, outcome) in tell.into_iter().zip(outcomes) {
                    // Whoever has gone away needs no outcome.
                    let _ = tell.send(Ok(outcome));
                    // Whoever is told goes on at once, and others who came meanwhile have their turn between two of them.
                    tokio::task::yield_now().await;
                }
            }
            // Nor could it be done for each, and all would wait for that one after the other.
            Err(Error::Unavailable(detail)) => {
                for tell in tell {
                    let _ = tell.send(Err(Error::Unavailable(detail.clone())));
                }
            }
            Err(_) => {
                for (tell, one) in tell.into_iter().zip(&all) {
                    let _ = tell.send(one.alone().await);
                }
            }
        }
        tokio::time::sleep(BREATH).await;
    }
}

fn lock<T: Turn>(waiting: &Mutex<Waiting<T>>) -> MutexGuard<'_, Waiting<T>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    /// Doubles a number; a negative one can't be doubled, nor anything together with it.
    struct Double(i32, Arc<AtomicUsize>);

    impl Turn for Double {
        type Outcome = i32;

        async fn together(all: &[Self]) -> Result<Vec<i32>> {
            assert!(all.len() <= TOGETHER);
            all.iter().map(Self::doubled).collect()
        }

        async fn alone(&self) -> Result<i32> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.doubled()
        }
    }

    impl Double {
        fn doubled(&self) -> Result<i32> {
            match self.0 {
                i32::MAX => Err(Error::Unavailable("too far".to_owned())),
                ..0 => Err(Error::bug("a negative number")),
                number => Ok(number * 2),
            }
        }
    }

    #[tokio::test]
    async fn each_gets_its_own_outcome_and_what_fails_harms_nobody_else() {
        let (turns, alone) = (Turns::default(), Arc::new(AtomicUsize::new(0)));
        let double = |number| turns.take(Double(number, Arc::clone(&alone)));
        let outcomes = join_all((0..100).map(double)).await;
        let numbers: Vec<i32> = outcomes.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, (0..100).map(|number| number * 2).collect::<Vec<_>>());
        assert_eq!(alone.load(Ordering::Relaxed), 0, "nobody was served alone");
        let outcomes = join_all([3, -1, 5].map(double)).await;
        assert!(matches!(outcomes.as_slice(), [Ok(6), Err(_), Ok(10)]));
        let served = alone.load(Ordering::Relaxed);
        assert!(served >= 2);
        let outcomes = join_all([i32::MAX, i32::MAX].map(double)).await;
        assert!(matches!(outcomes.as_slice(), [Err(Error::Unavailable(_)), Err(Error::Unavailable(_))]));
        assert_eq!(alone.load(Ordering::Relaxed), served, "nobody waits while it is tried for each");
        assert_eq!(double(4).await.unwrap(), 8, "whoever comes later is served, too");
    }
}
