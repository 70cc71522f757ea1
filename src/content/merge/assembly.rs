//! Puts the decided fields and places together into a document. Where there are conflicts, it falls back to theirs until
//! everything has its place; it decides nothing else.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Conflict, Note, Place, Reason, Things, Three,
    arrangement::arrange,
    fates::Fates,
    fields::{Fields, Form, Part},
};

/// After this many attempts to find a place for everything the documents conflict as a whole.
const ATTEMPTS_LIMIT: usize = 32;

pub struct Assembly<'t, 'a> {
    things: &'t Three<Things<'a>>,
    fates: Fates<'a>,
    fields: Fields<'a>,
    fallen_back: HashSet<&'a str>,
    /// What yours says is not shown, since other conflicts leave no room for it.
    given_up: Vec<&'a str>,
}

pub struct Assembled {
    pub document: Value,
    pub notes: Vec<Note>,
    /// What came up only now.
    pub conflicts: Vec<Conflict>,
}

/// One attempt.
#[derive(Default)]
struct Attempt<'a> {
    written: HashSet<&'a str>,
    notes: Vec<Note>,
}

impl<'t, 'a> Assembly<'t, 'a> {
    pub fn new(things: &'t Three<Things<'a>>, fates: Fates<'a>, fields: Fields<'a>) -> Self {
        Self { things, fates, fields, fallen_back: HashSet::new(), given_up: Vec::new() }
    }

    /// The document; `None` if not every thing finds its place. Only where there are conflicts may things fall back.
    pub fn assemble(mut self, may_fall_back: bool) -> Option<Assembled> {
        for id in std::mem::take(&mut self.fields.as_theirs) {
            self.fall_back(id);
        }
        for _ in 0..ATTEMPTS_LIMIT {
            let mut attempt = Attempt::default();
            let document = Value::Object(self.form(None, &mut attempt));
            let lost = self.lost(&attempt.written);
            if lost.is_empty() {
                let conflicts = self.given_up.iter().map(|id| self.things.whole(id, Reason::Displaced)).collect();
                return Some(Assembled { document, notes: attempt.notes, conflicts });
            }
            if !may_fall_back {
                return None;
            }
            for id in lost {
                self.restore_owner(id, &attempt.written);
                self.fall_back(id);
            }
        }
        None
    }

    /// A thing that stands as in theirs, but has no list there, needs its owner as it is in theirs.
    fn restore_owner(&mut self, id: &'a str, written: &HashSet<&'a str>) {
        let owner = self.fates.places.get(id).and_then(|place| place.owner).filter(|owner| written.contains(owner));
        if let Some(owner) = owner.filter(|_| self.fallen_back.contains(id)) {
            self.fields.take_theirs(self.things, &self.fates, owner);
            self.given_up.push(owner);
        }
    }

    /// The things without a place, without those that only stand in others of them.
    fn lost(&self, written: &HashSet<&'a str>) -> Vec<&'a str> {
        let Three { theirs, yours, .. } = self.things;
        let is_lost = |id: &str| self.fates.places.contains_key(id) && !written.contains(id);
        let only_yours = yours.ids().iter().filter(|id| !theirs.contains(id));
        let all: Vec<&str> = theirs.ids().iter().chain(only_yours).copied().filter(|id| is_lost(id)).collect();
        let owner = |id: &str| self.fates.places.get(id).and_then(|place| place.owner);
        let outermost: Vec<&str> = all.iter().copied().filter(|id| !owner(id).is_some_and(is_lost)).collect();
        if outermost.is_empty() { all } else { outermost }
    }

    /// Takes existence and place of a thing from theirs, and sees to it that there is something to stand in.
    fn fall_back(&mut self, id: &'a str) {
        let Some(thing) = self.things.theirs.get(id) else {
            self.given_up.extend(self.fates.places.remove(id).map(|_| id));
            return;
        };
        if !self.fallen_back.insert(id) {
            return;
        }
        let was_gone = self.fates.places.insert(id, thing.place.clone()).is_none();
        if was_gone {
            for child in self.things.theirs.children(id) {
                if !self.fates.places.contains_key(child) {
                    self.fall_back(child);
                }
            }
        }
        if let Some(owner) = thing.place.owner.filter(|owner| !self.fates.places.contains_key(owner)) {
            self.fall_back(owner);
        }
    }

    fn form(&self, owner: Option<&'a str>, attempt: &mut Attempt<'a>) -> Map<String, Value> {
        self.fields.forms.get(&owner).map_or_else(Map::new, |form| self.filled_in(form, attempt))
    }

    fn filled_in(&self, form: &Form<'a>, attempt: &mut Attempt<'a>) -> Map<String, Value> {
        let mut fields = Map::new();
        for (key, part) in form {
            let value = match part {
                Part::Value(value) => Some((*value).clone()),
                Part::Object(form) => Some(Value::Object(self.filled_in(form, attempt))),
                Part::List(place) => Some(Value::Array(self.list(place, attempt))),
                Part::Single(place, empty) => self.single(place, attempt).or_else(|| empty.cloned()),
            };
            fields.extend(value.map(|value| ((*key).to_owned(), value)));
        }
        fields
    }

    fn list(&self, place: &Place<'a>, attempt: &mut Attempt<'a>) -> Vec<Value> {
        let lists = Three { base: &self.things.base, theirs: &self.things.theirs, yours: &self.things.yours }
            .map(|version| version.members(place));
        let arranged = arrange(lists, |id| self.fates.places.get(id) == Some(place));
        if arranged.order_changed_by_both {
            let pointer = self.things.yours.pointer(place.owner, &place.path);
            attempt.notes.push(Note::OrderChangedByBoth { pointer });
        }
        arranged.ids.into_iter().map(|id| self.thing(id, attempt)).collect()
    }

    /// The one thing in a field; theirs if there are two.
    fn single(&self, place: &Place<'a>, attempt: &mut Attempt<'a>) -> Option<Value> {
        let Three { theirs, yours, .. } = self.things;
        let mut inside = theirs.members(place).iter().chain(yours.members(place));
        let id = inside.find(|id| self.fates.places.get(**id) == Some(place))?;
        Some(self.thing(id, attempt))
    }

    fn thing(&self, id: &'a str, attempt: &mut Attempt<'a>) -> Value {
        attempt.written.insert(id);
        Value::Object(self.form(Some(id), attempt))
    }
}
