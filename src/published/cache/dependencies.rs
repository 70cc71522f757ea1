//! Which kept answers depend on what, and what was touched lately. It knows no database and keeps no answers itself.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use uuid::Uuid;

use crate::kernel::Sequence;

use super::{DependsOn, Key};

/// Touched things that are remembered, so that what was read before they were touched is not kept after. Whoever read
/// longer ago than that is not kept either.
const REMEMBERED: usize = 65_536;

#[derive(Default)]
pub(super) struct Dependencies {
    by_thing: HashMap<Uuid, HashSet<Key>>,
    /// What depends on anything public.
    on_anything: HashSet<Key>,
    /// The things of every kept answer, to find all of its places again.
    things_of: HashMap<Key, DependsOn>,
    /// When each thing was touched last, and in which order.
    touched: HashMap<Uuid, Sequence>,
    order: VecDeque<(Sequence, Uuid)>,
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
    pub(super) fn touch(&mut self, at: Sequence, things: impl IntoIterator<Item = Uuid>) -> Vec<Key> {
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

    #[cfg(test)]
    pub(super) fn len(&self) -> (usize, usize) {
        (self.things_of.len(), self.by_thing.len() + self.on_anything.len())
    }
}
