//! Structural compare: what is different between two versions of a document, thing by thing and word by word. It works
//! on the JSON of a content and on ids; it knows neither versions nor how differences are shown.
//!
//! Decision (2026-11-22): things are matched by id wherever they stand. A thing that is new or gone is one change with
//! everything in it; a thing that stands elsewhere is moved, and changes inside it are reported besides. Within a list,
//! as few things as possible count as moved. Of a moved thing `from` and `to` are its two pointers. A field that was
//! empty (`null`) and is filled is added, and removed the other way round. A level, and an object of which the `kind`
//! is another, change as a whole. If an id stands twice in a document, ids say nothing and lists are compared whole.

mod labels;
mod order;
mod page;
mod summary;
mod things;
mod words;

#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use labels::Label;
use summary::Reported;

pub use {
    page::{
        Around, Body, Counts, Fate, PageComparison, Part, Region, Run, Shape, Style, TextLine, Within, compare_pages,
    },
    words::{WordOp, Words, word_differences},
};

pub(super) use {
    order::moved,
    things::{Holding, Place, Thing, Things, step},
};

/// All differences, in the reading order of the newer version.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// The differences in a few sentences, without full stops.
    pub summary: Vec<String>,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// JSON pointer into the newer version, or into the older one for what was removed.
    pub pointer: String,
    pub what: What,
    /// What it is, in words.
    pub label: String,
    /// For a text that changed.
    pub words: Vec<Words>,
    /// The old value; the old pointer of what was moved.
    pub from: Value,
    /// The new value; the new pointer of what was moved.
    pub to: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    Added,
    Removed,
    Moved,
    Changed,
}

/// What the part at a pointer is called, with the nearest thing around it.
pub fn label_at(document: &Value, pointer: &str) -> String {
    let Some(things) = Things::of(document) else { return String::new() };
    let around = things
        .ids()
        .iter()
        .filter_map(|id| things.get(id).map(|thing| (*id, thing)))
        .filter(|(_, thing)| {
            pointer.strip_prefix(&thing.pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
        .max_by_key(|(_, thing)| thing.pointer.len());
    match around {
        Some((id, thing)) if thing.pointer == pointer => Label::of_thing(&things, id).to_string(),
        Some((id, thing)) => {
            let path = pointer.get(thing.pointer.len()..).unwrap_or_default();
            Label::of_part(&things, &things, Some(id), path).to_string()
        }
        None => Label::of_part(&things, &things, None, pointer).to_string(),
    }
}

/// Compares two contents, or two objects around contents; empty only if they are equal.
pub fn compare(from: &Value, to: &Value) -> Comparison {
    let (by_ids, old, new) = match (Things::of(from), Things::of(to)) {
        (Some(old), Some(new)) => (true, old, new),
        _ => (false, Things::default(), Things::default()),
    };
    let mut comparing = Comparing { by_ids, old, new, reported: Vec::new() };
    match (from, to) {
        (Value::Object(old), Value::Object(new)) => comparing.fields(None, "", old, new),
        _ => comparing.whole(None, String::new(), Some(from), Some(to)),
    }
    let summary = summary::sentences(&comparing.reported);
    Comparison { summary, changes: comparing.reported.into_iter().map(|reported| reported.change).collect() }
}

struct Comparing<'a> {
    by_ids: bool,
    old: Things<'a>,
    new: Things<'a>,
    reported: Vec<Reported>,
}

impl<'a> Comparing<'a> {
    fn fields(&mut self, owner: Option<&'a str>, path: &str, from: &'a Map<String, Value>, to: &'a Map<String, Value>) {
        for (key, new) in to {
            self.part(owner, format!("{path}{}", step(key)), from.get(key), Some(new));
        }
        for (key, old) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
            self.part(owner, format!("{path}{}", step(key)), Some(old), None);
        }
    }

    fn part(&mut self, owner: Option<&'a str>, path: String, from: Option<&'a Value>, to: Option<&'a Value>) {
        let holding = if self.by_ids { Holding::of(&[from, to]) } else { Holding::Nothing };
        match (holding, from, to) {
            (Holding::List | Holding::Single, _, _) => self.members(&Place { owner, path }),
            (_, Some(Value::Object(old)), Some(Value::Object(new))) if !is_unit(old, new) => {
                self.fields(owner, &path, old, new);
            }
            _ => self.whole(owner, path, from, to),
        }
    }

    fn members(&mut self, place: &Place<'a>) {
        let before = self.old.members(place).to_vec();
        let after = self.new.members(place).to_vec();
        let moved = moved(&before, &after);
        let mut removed = self.removed_after(place, &before);
        self.removed(removed.remove(&None));
        for id in after {
            let (Some(new), old) = (self.new.get(id), self.old.get(id)) else { continue };
            match old {
                None => self.added(id),
                Some(old) => {
                    let (from, to) = (old.fields, new.fields);
                    if old.place != *place || moved.contains(id) {
                        self.moved(id);
                    }
                    self.fields(Some(id), "", from, to);
                }
            }
            self.removed(removed.remove(&Some(id)));
        }
    }

    /// What is gone from a list, by the thing before it that is still there.
    fn removed_after(&self, place: &Place<'a>, before: &[&'a str]) -> HashMap<Option<&'a str>, Vec<&'a str>> {
        let mut removed: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
        let mut neighbour = None;
        for id in before {
            match self.new.get(id) {
                None => removed.entry(neighbour).or_default().push(id),
                Some(thing) if thing.place == *place => neighbour = Some(*id),
                Some(_) => {}
            }
        }
        removed
    }

    fn removed(&mut self, ids: Option<Vec<&'a str>>) {
        for id in ids.into_iter().flatten() {
            let Some(thing) = self.old.get(id) else { continue };
            let label = Label::of_thing(&self.old, id);
            let (pointer, value) = (thing.pointer.clone(), thing.value.clone());
            self.report(Some(id), label, pointer, What::Removed, value, Value::Null);
        }
    }

    fn added(&mut self, id: &'a str) {
        let Some(thing) = self.new.get(id) else { return };
        let label = Label::of_thing(&self.new, id);
        let (pointer, value) = (thing.pointer.clone(), thing.value.clone());
        self.report(Some(id), label, pointer, What::Added, Value::Null, value);
        self.moved_into(id);
    }

    /// Things that came from elsewhere into one that is new.
    fn moved_into(&mut self, owner: &'a str) {
        for id in self.new.children(owner).to_vec() {
            match (self.old.get(id), self.new.get(id)) {
                (Some(old), Some(new)) => {
                    let (from, to) = (old.fields, new.fields);
                    self.moved(id);
                    self.fields(Some(id), "", from, to);
                }
                _ => self.moved_into(id),
            }
        }
    }

    fn moved(&mut self, id: &'a str) {
        let (Some(old), Some(new)) = (self.old.get(id), self.new.get(id)) else { return };
        let (from, to) = (old.pointer.clone(), new.pointer.clone());
        let label = Label::of_thing(&self.new, id);
        self.report(Some(id), label, to.clone(), What::Moved, from.into(), to.into());
    }

    fn whole(&mut self, owner: Option<&'a str>, path: String, from: Option<&Value>, to: Option<&Value>) {
        if from == to {
            return;
        }
        let filled = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
        let what = match (filled(from), filled(to)) {
            (false, true) => What::Added,
            (true, false) => What::Removed,
            _ => What::Changed,
        };
        let pointer = match to {
            Some(_) => self.new.pointer(owner, &path),
            None => self.old.pointer(owner, &path),
        };
        let label = Label::of_part(&self.old, &self.new, owner, &path);
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        let only_text = what == What::Changed && matches!(path.as_str(), "/text" | "/markdown");
        self.report(owner.filter(|_| only_text), label, pointer, what, value(from), value(to));
    }

    /// `thing` is what the change is about, if it is about a thing and not about one of many fields.
    fn report(&mut self, thing: Option<&str>, label: Label, pointer: String, what: What, from: Value, to: Value) {
        let words = match (what, &from, &to) {
            (What::Changed, Value::String(old), Value::String(new)) => words::word_differences(old, new),
            _ => Vec::new(),
        };
        let noun = thing.and_then(|id| {
            let things = if self.new.contains(id) { &self.new } else { &self.old };
            things.get(id).map(labels::noun)
        });
        let change = Change { pointer, what, label: label.to_string(), words, from, to };
        self.reported.push(Reported { change, label, noun });
    }
}

/// Whether an object is compared whole: a level says nothing without its framework, and other kinds have other fields.
fn is_unit(from: &Map<String, Value>, to: &Map<String, Value>) -> bool {
    let level = |fields: &Map<String, Value>| fields.len() == 2 && fields.contains_key("framework");
    !from.contains_key("id") && (from.get("kind") != to.get("kind") || level(from) || level(to))
}
