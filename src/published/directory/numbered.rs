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
    /// Each hit by its number; what the directory has never seen is left out.
    pub(super) fn numbered(&self, hits: &Hits) -> impl Iterator<Item = (u32, Score)> {
        hits.0.iter().zip(self.segments(hits)).flat_map(|(part, numbers)| {
            part.found.iter().filter_map(move |(place, score)| Some(((*numbers.get(index(*place))?)?, *score)))
        })
    }

    /// For each number, whether it is among the hits.
    pub(super) fn mask(&self, hits: &Hits) -> Vec<bool> {
        let mut mask = vec![false; self.len()];
        for (number, _) in self.numbered(hits) {
            if let Some(slot) = mask.get_mut(index(number)) {
                *slot = true;
            }
        }
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
