//! Things that lost their ids and are still the same: what is gone from a list and what is new in it, paired by their
//! words. It changes no version; it gives the older content the ids of the newer one, for a comparison to find them.
//!
//! Decision (2026-11-22): two things are one if they share more than three fifths of their words and stand in the same
//! list; of several the most alike are paired first. Only the page that people read is compared like that. Programs and
//! the merge go by ids alone, because a guess must never move what somebody wrote.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{
    super::things::{id_of, is_list_of_things},
    texts::{shared, words},
};

/// How much of their words two things share at least, in thousandths.
const ALIKE: usize = 600;
/// The product of what is gone and what is new in a list above which nothing is looked for.
const EFFORT_LIMIT: usize = 10_000;

/// The older content with the ids of the newer one, and the ids of what was written anew.
pub fn recognised(old: &Value, new: &Value) -> (Value, HashSet<String>) {
    let mut old = old.clone();
    let mut ids = BTreeSet::new();
    collect_ids(&old, &mut ids);
    let mut known = BTreeSet::new();
    collect_ids(new, &mut known);
    let mut looking = Looking { old: ids, new: known, found: HashSet::new() };
    looking.value(&mut old, new);
    (old, looking.found)
}

struct Looking {
    old: BTreeSet<String>,
    new: BTreeSet<String>,
    found: HashSet<String>,
}

impl Looking {
    fn value(&mut self, old: &mut Value, new: &Value) {
        if old == new {
            return;
        }
        match (&mut *old, new) {
            (Value::Object(old), Value::Object(new)) => self.fields(old, new),
            (Value::Array(before), Value::Array(after))
                if before.iter().all(|one| id_of(one).is_some()) && is_list_of_things(new) =>
            {
                self.list(before, after);
            }
            _ => {}
        }
    }

    fn fields(&mut self, old: &mut Map<String, Value>, new: &Map<String, Value>) {
        for (key, old) in old {
            if let Some(new) = new.get(key) {
                self.value(old, new);
            }
        }
    }

    fn list(&mut self, old: &mut [Value], new: &[Value]) {
        self.pair(old, new);
        for one in old {
            let same = new.iter().find(|other| id_of(other) == id_of(one));
            if let Some(same) = same {
                self.value(one, same);
            }
        }
    }

    fn pair(&mut self, old: &mut [Value], new: &[Value]) {
        let is_new = |one: &&Value| id_of(one).is_some_and(|id| !self.old.contains(id));
        let fresh: Vec<(&Value, Vec<String>)> = new.iter().filter(is_new).map(|one| (one, words_in(one))).collect();
        let is_gone = |one: &Value| id_of(one).is_some_and(|id| !self.new.contains(id));
        let gone: Vec<(usize, Vec<String>)> =
            old.iter().enumerate().filter(|(_, one)| is_gone(one)).map(|(place, one)| (place, words_in(one))).collect();
        if gone.len().saturating_mul(fresh.len()) > EFFORT_LIMIT {
            return;
        }
        let mut alike: Vec<(usize, usize, &Value)> = Vec::new();
        for (place, words) in &gone {
            for (one, others) in &fresh {
                let share = shared(words, others);
                let kind = |one: &Value| one.get("kind").cloned();
                if share > ALIKE && old.get(*place).map(&kind) == Some(kind(one)) {
                    alike.push((share, *place, one));
                }
            }
        }
        alike.sort_by_key(|(share, place, _)| (std::cmp::Reverse(*share), *place));
        let mut taken: HashSet<usize> = HashSet::new();
        for (_, place, one) in alike {
            let Some(id) = id_of(one) else { continue };
            if self.found.contains(id) || !taken.insert(place) {
                continue;
            }
            if let Some(fields) = old.get_mut(place).and_then(Value::as_object_mut) {
                fields.insert("id".to_owned(), id.into());
                self.found.insert(id.to_owned());
            }
        }
    }
}

fn collect_ids(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(id) = id_of(value) {
        found.insert(id.to_owned());
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, found)),
        Value::Array(items) => items.iter().for_each(|value| collect_ids(value, found)),
        _ => {}
    }
}

/// What a thing says, as words in alphabetical order; ids and names of kinds say nothing.
fn words_in(value: &Value) -> Vec<String> {
    fn push(value: &Value, text: &mut String) {
        match value {
            Value::String(one) => {
                text.push(' ');
                text.push_str(one);
            }
            Value::Array(items) => items.iter().for_each(|item| push(item, text)),
            Value::Object(fields) => {
                let aside = |key: &str| matches!(key, "id" | "kind" | "display" | "tone" | "category" | "necessity");
                fields.iter().filter(|(key, _)| !aside(key)).for_each(|(_, value)| push(value, text));
            }
            _ => {}
        }
    }

    let mut text = String::new();
    push(value, &mut text);
    words(&text)
}
