//! Which things stay, and where. It compares own fields only to see whether there was an edit; what becomes of them is
//! decided elsewhere.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{Conflict, Holding, Place, Reason, Things, Three};

#[derive(Default)]
pub struct Fates<'a> {
    /// Where each thing stands that stays; theirs where there is a conflict.
    pub places: HashMap<&'a str, Place<'a>>,
    /// The things that conflict in their existence or place, with what stands in them.
    pub contested: HashSet<&'a str>,
    pub conflicts: Vec<(&'a str, Conflict)>,
}

/// The things that one side removed and the other kept.
struct Removals<'a> {
    /// The outermost removed thing around each.
    outermost: HashMap<&'a str, &'a str>,
    /// The outermost things in which the side that kept them changed something.
    changed: HashSet<&'a str>,
}

impl<'a> Fates<'a> {
    pub fn decide(things: &Three<Things<'a>>) -> Self {
        let mut fates = Self::default();
        let by_yours = Removals::find(&things.base, &things.theirs, &things.yours);
        let by_theirs = Removals::find(&things.base, &things.yours, &things.theirs);
        for id in things.theirs.ids() {
            fates.decide_one(things, id, &by_yours);
        }
        for id in things.yours.ids().iter().filter(|id| !things.theirs.contains(id)) {
            fates.decide_one(things, id, &by_theirs);
        }
        fates.find_circles(things);
        fates
    }

    fn decide_one(&mut self, things: &Three<Things<'a>>, id: &'a str, removals: &Removals<'a>) {
        let base = things.base.get(id).map(|thing| &thing.place);
        let theirs = things.theirs.get(id).map(|thing| &thing.place);
        let yours = things.yours.get(id).map(|thing| &thing.place);
        let place = match (theirs, yours) {
            (Some(theirs), Some(yours)) if theirs == yours || base == Some(yours) => Some(theirs),
            (Some(theirs), Some(yours)) if base == Some(theirs) => Some(yours),
            (Some(theirs), Some(_)) => {
                self.contest(id, things.moved(id));
                Some(theirs)
            }
            (theirs, yours) if base.is_none() => theirs.or(yours),
            (theirs, _) => {
                let outermost = removals.outermost.get(id).copied().unwrap_or(id);
                if !removals.changed.contains(outermost) {
                    return;
                }
                if outermost == id {
                    self.contest(id, things.whole(id, Reason::Removed));
                }
                self.contested.insert(id);
                theirs
            }
        };
        if let Some(place) = place {
            self.places.insert(id, place.clone());
        }
    }

    /// Two moves can put things into each other; such things are contested, and theirs stands.
    fn find_circles(&mut self, things: &Three<Things<'a>>) {
        let mut settled: HashSet<&str> = HashSet::new();
        let mut circles: Vec<&'a str> = Vec::new();
        for start in things.theirs.ids().iter().chain(things.yours.ids()) {
            let mut way: Vec<&'a str> = Vec::new();
            let mut on_way: HashSet<&str> = HashSet::new();
            let mut next = Some(*start);
            while let Some(id) = next.filter(|id| !settled.contains(id) && !self.contested.contains(id)) {
                if !on_way.insert(id) {
                    circles.extend(way.iter().skip_while(|one| **one != id));
                    break;
                }
                way.push(id);
                next = self.places.get(id).and_then(|place| place.owner);
            }
            settled.extend(way);
        }
        for id in circles {
            let places = Three { base: &things.base, theirs: &things.theirs, yours: &things.yours }
                .map(|version| version.get(id).map(|thing| &thing.place));
            if places.base.is_some() && (places.base != places.theirs || places.base != places.yours) {
                self.contest(id, things.moved(id));
                if let Some(theirs) = places.theirs {
                    self.places.insert(id, theirs.clone());
                }
            }
        }
    }

    fn contest(&mut self, id: &'a str, conflict: Conflict) {
        self.contested.insert(id);
        self.conflicts.push((id, conflict));
    }
}

impl<'a> Removals<'a> {
    fn find(base: &Things<'a>, kept: &Things<'a>, without: &Things<'a>) -> Self {
        let mut removals = Self { outermost: HashMap::new(), changed: HashSet::new() };
        for id in kept.ids() {
            let Some(thing) = kept.get(id) else { continue };
            let before = base.get(id);
            let stayed = before.is_some_and(|before| before.place == thing.place);
            let around = thing.place.owner.and_then(|owner| removals.outermost.get(owner).copied());
            if let (Some(around), false) = (around, stayed) {
                removals.changed.insert(around);
            }
            if let Some(before) = before.filter(|_| !without.contains(id)) {
                let outermost = around.filter(|_| stayed).unwrap_or(id);
                removals.outermost.insert(id, outermost);
                if !stayed || !same_fields(before.fields, thing.fields) {
                    removals.changed.insert(outermost);
                }
            }
        }
        removals
    }
}

impl<'a> Three<Things<'a>> {
    /// The conflict about a whole thing.
    pub fn whole(&self, id: &str, reason: Reason) -> Conflict {
        let value = |things: &Things<'a>| things.get(id).map(|thing| thing.value.clone()).unwrap_or_default();
        Conflict {
            pointer: self.pointer(id),
            reason,
            base: value(&self.base),
            theirs: value(&self.theirs),
            yours: value(&self.yours),
        }
    }

    fn moved(&self, id: &str) -> Conflict {
        let value = |things: &Things<'a>| Value::from(things.get(id).map(|thing| thing.pointer.clone()));
        Conflict {
            pointer: self.pointer(id),
            reason: Reason::Moved,
            base: value(&self.base),
            theirs: value(&self.theirs),
            yours: value(&self.yours),
        }
    }

    fn pointer(&self, id: &str) -> String {
        self.yours.get(id).or_else(|| self.theirs.get(id)).map(|thing| thing.pointer.clone()).unwrap_or_default()
    }
}

impl<T> Three<T> {
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Three<U> {
        Three { base: change(self.base), theirs: change(self.theirs), yours: change(self.yours) }
    }
}

/// Whether two versions of a thing say the same, apart from the things in it.
fn same_fields(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let same = |(key, value)| after.get(key).is_some_and(|other| same_value(value, other));
    before.len() == after.len() && before.iter().all(same)
}

fn same_value(before: &Value, after: &Value) -> bool {
    match (Holding::of(&[Some(before), Some(after)]), before, after) {
        (Holding::List | Holding::Single, _, _) => true,
        (Holding::Nothing, Value::Object(before), Value::Object(after)) => same_fields(before, after),
        _ => before == after,
    }
}
