//! Where the things with ids stand in one document, for compare and merge alike. It knows JSON and ids, and nothing of
//! what a thing means.
//!
//! Decision (2026-11-22): a thing is an object with a text `id` that stands in a list where everything is such an object,
//! or alone in a field. Its place is its owner (the nearest thing around it, or the document) and the path of the list or
//! field within the owner. Consequence: things are found wherever they went, and all other lists are taken whole.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// A list of things, or a field that holds one thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    /// The id of the thing around it; `None` for the document itself.
    pub owner: Option<&'a str>,
    /// JSON pointer within the owner.
    pub path: String,
}

#[derive(Debug)]
pub struct Thing<'a> {
    pub place: Place<'a>,
    /// In its list; 0 in a field.
    pub position: usize,
    /// JSON pointer within the document.
    pub pointer: String,
    pub value: &'a Value,
    pub fields: &'a Map<String, Value>,
}

/// All things of a document.
#[derive(Debug, Default)]
pub struct Things<'a> {
    in_order: Vec<&'a str>,
    by_id: HashMap<&'a str, Thing<'a>>,
    members: HashMap<Place<'a>, Vec<&'a str>>,
    children: HashMap<&'a str, Vec<&'a str>>,
    repeated: bool,
}

impl<'a> Things<'a> {
    /// `None` if an id stands twice, so that ids say nothing.
    pub fn of(document: &'a Value) -> Option<Self> {
        let mut things = Self::default();
        if let Value::Object(fields) = document {
            things.find_in_fields(fields, None, "", "");
        }
        (!things.repeated).then_some(things)
    }

    pub fn get(&self, id: &str) -> Option<&Thing<'a>> {
        self.by_id.get(id)
    }

    pub fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// All ids in reading order, owners before what they own.
    pub fn ids(&self) -> &[&'a str] {
        &self.in_order
    }

    /// The ids in a list or field, in order.
    pub fn members(&self, place: &Place<'a>) -> &[&'a str] {
        self.members.get(place).map_or(&[], Vec::as_slice)
    }

    /// The ids of what a thing owns directly.
    pub fn children(&self, owner: &str) -> &[&'a str] {
        self.children.get(owner).map_or(&[], Vec::as_slice)
    }

    /// Where a part of an owner stands in the document.
    pub fn pointer(&self, owner: Option<&str>, path: &str) -> String {
        let owner = owner.and_then(|id| self.get(id)).map_or("", |thing| thing.pointer.as_str());
        format!("{owner}{path}")
    }

    fn find_in_fields(&mut self, fields: &'a Map<String, Value>, owner: Option<&'a str>, path: &str, pointer: &str) {
        for (key, value) in fields {
            let key = step(key);
            self.find_in_value(value, owner, format!("{path}{key}"), format!("{pointer}{key}"));
        }
    }

    fn find_in_value(&mut self, value: &'a Value, owner: Option<&'a str>, path: String, pointer: String) {
        match value {
            Value::Object(fields) => match id_of(value) {
                Some(id) => self.add(id, fields, value, Place { owner, path }, 0, pointer),
                None => self.find_in_fields(fields, owner, &path, &pointer),
            },
            Value::Array(items) if is_list_of_things(value) => {
                for (position, item) in items.iter().enumerate() {
                    if let (Some(id), Value::Object(fields)) = (id_of(item), item) {
                        let place = Place { owner, path: path.clone() };
                        self.add(id, fields, item, place, position, format!("{pointer}/{position}"));
                    }
                }
            }
            _ => {}
        }
    }

    fn add(
        &mut self,
        id: &'a str,
        fields: &'a Map<String, Value>,
        value: &'a Value,
        place: Place<'a>,
        position: usize,
        pointer: String,
    ) {
        self.in_order.push(id);
        self.members.entry(place.clone()).or_default().push(id);
        if let Some(owner) = place.owner {
            self.children.entry(owner).or_default().push(id);
        }
        self.find_in_fields(fields, Some(id), "", &pointer);
        let thing = Thing { place, position, pointer, value, fields };
        self.repeated |= self.by_id.insert(id, thing).is_some();
    }
}

/// How the versions of one field hold things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// None of them does.
    Nothing,
    List,
    /// One thing, or none.
    Single,
    /// They don't fit each other.
    Mixed,
}

impl Holding {
    pub fn of(versions: &[Option<&Value>]) -> Self {
        let present = || versions.iter().copied().flatten().filter(|value| !value.is_null());
        if present().any(is_list_of_things) {
            if present().all(|value| is_list_of_things(value) || is_empty_list(value)) {
                Self::List
            } else {
                Self::Mixed
            }
        } else if present().any(|value| id_of(value).is_some()) {
            if present().all(|value| id_of(value).is_some()) { Self::Single } else { Self::Mixed }
        } else {
            Self::Nothing
        }
    }
}

/// The id, if the value is a thing.
pub fn id_of(value: &Value) -> Option<&str> {
    value.as_object()?.get("id")?.as_str()
}

/// A key as a step of a JSON pointer (RFC 6901), with its slash.
pub fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

pub fn is_list_of_things(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(|item| id_of(item).is_some()))
}

fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}
