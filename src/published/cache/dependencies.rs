//! Which kept answers depend on what, and what was touched lately. It knows no database and keeps no answers itself.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use crate::kernel::Sequence;

use super::{DependsOn, Key, Thing};

/// Touched things that are remembered, so that what was read before they were touched is not kept after. Whoever read
/// longer ago than that is not kept either.
const REMEMBERED: usize = 65_536;

#[derive(Default)]
pub(super) struct Dependencies {
    by_thing: HashMap<Thing, HashSet<Key>>,
    /// What depends on anything public.
    on_anything: HashSet<Key>,
    /// The things of every kept answer, to find all of its places again.
    things_of: HashMap<Key, DependsOn>,
    /// When each thing was touched last, and in which order.
    touched: HashMap<Thing, Sequence>,
    order: VecDeque<(Sequence, Thing)>,
    /// When anything public was touched last.
    anything: Sequence,
    /// Before this place in the log it isn't known what was touched.
    known_from: Sequence,
    applied: Sequence,
}

impl Dependencies {
    /// Nothing is known from before `at`.
    pub(super) fn begin(&mut self, at: Sequence) {
        self.known_from = at;
        self.anything = at;
        self.applied = at;
    }

    /// Whether what was read at `read_at` is as it would be read at the place that has been reached.
    pub(super) fn hold(&self, read_at: Sequence, depends_on: &DependsOn) -> bool {
        if read_at >= self.applied {
            return true;
        }
        match depends_on {
            DependsOn::AnythingPublic => self.anything <= read_at,
            DependsOn::Things(things) => {
                read_at >= self.known_from
                    && things.iter().all(|thing| self.touched.get(thing).is_none_or(|at| *at <= read_at))
            }
        }
    }

    pub(super) fn add(&mut self, key: Key, depends_on: &DependsOn) {
        match depends_on {
            DependsOn::AnythingPublic => {
                self.on_anything.insert(Arc::clone(&key));
            }
            DependsOn::Things(things) => {
                for thing in things.iter() {
                    self.by_thing.entry(*thing).or_default().insert(Arc::clone(&key));
                }
            }
        }
        self.things_of.insert(key, depends_on.clone());
    }

    /// Forgets an answer that is no longer kept.
    pub(super) fn remove(&mut self, key: &Key) {
        match self.things_of.remove(key) {
            None => {}
            Some(DependsOn::AnythingPublic) => {
                self.on_anything.remove(key);
            }
            Some(DependsOn::Things(things)) => {
                for thing in things.iter() {
                    let Some(keys) = self.by_thing.get_mut(thing) else { continue };
                    keys.remove(key);
                    if keys.is_empty() {
                        self.by_thing.remove(thing);
                    }
                }
            }
        }
    }

    /// These things changed in public at this place in the log. Answers what depended on them, and on anything.
    pub(super) fn touch(&mut self, at: Sequence, things: impl IntoIterator<Item = Thing>) -> Vec<Key> {
        self.anything = at;
        let mut gone: Vec<Key> = self.on_anything.iter().cloned().collect();
        for thing in things {
            if self.touched.insert(thing, at) != Some(at) {
                self.order.push_back((at, thing));
            }
            gone.extend(self.by_thing.get(&thing).into_iter().flatten().cloned());
        }
        while self.order.len() > REMEMBERED {
            let Some((at, thing)) = self.order.pop_front() else { break };
            self.known_from = self.known_from.max(at);
            if self.touched.get(&thing) == Some(&at) {
                self.touched.remove(&thing);
            }
        }
        gone
    }

    /// Everything changed at this place in the log. Answers all that is kept.
    pub(super) fn touch_all(&mut self, at: Sequence) -> Vec<Key> {
        self.anything = at;
        self.known_from = at;
        self.things_of.keys().cloned().collect()
    }

    /// All events up to here have been looked at.
    pub(super) fn advance(&mut self, to: Sequence) {
        self.applied = to;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn thing(number: u128) -> Thing {
        Thing::Part(Uuid::from_u128(number))
    }

    fn things(numbers: &[u128]) -> DependsOn {
        DependsOn::Things(numbers.iter().map(|number| thing(*number)).collect())
    }

    fn touch(dependencies: &mut Dependencies, at: i64, number: u128) -> Vec<Key> {
        let mut gone = dependencies.touch(Sequence(at), [thing(number)]);
        dependencies.advance(Sequence(at));
        gone.sort();
        gone.iter().for_each(|key| dependencies.remove(key));
        gone
    }

    #[test]
    fn what_was_read_before_something_of_it_was_touched_does_not_hold() {
        let mut known = Dependencies::default();
        known.begin(Sequence(10));
        touch(&mut known, 12, 1);
        assert!(known.hold(Sequence(12), &things(&[1])), "read after it was touched");
        assert!(!known.hold(Sequence(11), &things(&[1, 2])), "read before");
        assert!(known.hold(Sequence(11), &things(&[2])), "another thing");
        assert!(!known.hold(Sequence(11), &DependsOn::AnythingPublic));
        assert!(!known.hold(Sequence(9), &things(&[2])), "nobody knows what was touched so long ago");
        known.advance(Sequence(20));
        assert!(known.hold(Sequence(12), &DependsOn::AnythingPublic), "what is not public touches nothing");
    }

    #[test]
    fn a_touch_finds_what_hangs_on_the_thing_and_on_anything() {
        let mut known = Dependencies::default();
        known.begin(Sequence(0));
        known.add("/a".into(), &things(&[1, 2]));
        known.add("/b".into(), &things(&[2]));
        known.add("/list".into(), &DependsOn::AnythingPublic);
        assert_eq!(touch(&mut known, 1, 1), ["/a".into(), "/list".into()]);
        assert_eq!(touch(&mut known, 2, 2), ["/b".into()]);
        assert!(known.by_thing.is_empty() && known.on_anything.is_empty() && known.things_of.is_empty());
    }

    #[test]
    fn only_so_many_touches_are_remembered() {
        let mut known = Dependencies::default();
        known.begin(Sequence(0));
        for number in 0..REMEMBERED + 10 {
            touch(&mut known, i64::try_from(number).unwrap() + 1, u128::try_from(number).unwrap());
        }
        assert!(known.order.len() <= REMEMBERED && known.touched.len() <= REMEMBERED);
        assert!(!known.hold(Sequence(5), &things(&[7])), "its touch is forgotten, so is everything before it");
        assert!(known.hold(Sequence(11), &things(&[3])));
    }
}
