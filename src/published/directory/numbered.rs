//! Hits of the search by their numbers in the directory. What a segment of the index holds is looked up once, not at every
//! search; it knows no words.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    kernel::DocumentId,
    search::{Hits, Score, Things},
};

use super::state::{State, index};

/// The numbers of what the segments hold that were asked last.
#[derive(Debug, Default)]
pub(super) struct Numbered(Mutex<Vec<Segment>>);

#[derive(Clone, Debug)]
struct Segment {
    things: Things,
    /// At each place the number of what stands there.
    numbers: Arc<[Option<u32>]>,
    /// How many numbers had been given out when something here had none.
    incomplete_at: Option<usize>,
}

impl State {
    /// Tells each hit by its number; what the directory has never seen is left out. It may be told of every document, which
    /// is why this is no iterator: one over two levels takes twice as long.
    pub(super) fn each_number(&self, hits: &Hits, mut tell: impl FnMut(u32, Score)) {
        for (part, numbers) in hits.0.iter().zip(self.segments(hits)) {
            for (place, score) in &part.found {
                if let Some(Some(number)) = numbers.get(index(*place)) {
                    tell(*number, *score);
                }
            }
        }
    }

    /// For each number, whether it is among the hits.
    pub(super) fn mask(&self, hits: &Hits) -> Vec<bool> {
        let mut mask = vec![false; self.len()];
        self.each_number(hits, |number, _| {
            if let Some(slot) = mask.get_mut(index(number)) {
                *slot = true;
            }
        });
        mask
    }

    /// The numbers of what each of these segments holds; others are forgotten.
    fn segments(&self, hits: &Hits) -> Vec<Arc<[Option<u32>]>> {
        let mut known = self.numbered.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |segment: &&Segment, things: &Things| {
            Arc::ptr_eq(&segment.things, things) && segment.incomplete_at.is_none_or(|length| length == self.len())
        };
        let asked: Vec<Segment> = hits
            .0
            .iter()
            .map(|part| {
                let found = known.iter().find(|segment| holds(segment, &part.things));
                found.cloned().unwrap_or_else(|| self.look_up(&part.things))
            })
            .collect();
        let numbers = asked.iter().map(|segment| Arc::clone(&segment.numbers)).collect();
        *known = asked;
        numbers
    }

    fn look_up(&self, things: &Things) -> Segment {
        let numbers: Arc<[Option<u32>]> = things.iter().map(|(id, _)| self.number_of(DocumentId(*id))).collect();
        let incomplete_at = numbers.contains(&None).then(|| self.len());
        Segment { things: Arc::clone(things), numbers, incomplete_at }
    }
}
