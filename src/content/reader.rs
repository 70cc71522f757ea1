//! Reads what programs send into typed content, strictly: every fault is collected with its JSON pointer, unknown keys
//! are refused by name, limits are held. It fills in ids that are missing. It knows nothing of what the parts mean.
//!
//! Decision: hand-written reading instead of serde's `deny_unknown_fields`, which stops at the first fault and can't say
//! where it is. Consequence: a kind lists its fields once more in its `read` function, beside their limits.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::kernel::{Chance, DocumentId, Fault, MediaId, Named, NodeId, Timestamp, is_date};

use super::{
    markdown::RichDoc,
    values::{Amount, Markdown},
};

pub const TITLE_LIMIT: usize = 255;
pub const SUMMARY_LIMIT: usize = 600;
pub const LINE_LIMIT: usize = 1_000;
pub const MARKDOWN_LIMIT: usize = 100_000;
pub const SECTIONS_LIMIT: usize = 200;
pub const BLOCKS_LIMIT: usize = 200;
pub const ITEMS_LIMIT: usize = 500;
pub const TREE_DEPTH_LIMIT: usize = 8;
/// Of the whole content, as JSON in bytes.
pub const CONTENT_LIMIT: usize = 1_048_576;

/// No answer lists more faults than this.
const FAULTS_LIMIT: usize = 100;

/// Collects faults while content is read.
pub struct Reader<'a> {
    faults: Vec<Fault>,
    seen: BTreeSet<NodeId>,
    chance: &'a dyn Chance,
    now: Timestamp,
}

/// Something that is written as a JSON object, or as a plain string where `read_text` allows it.
pub trait Read: Sized {
    /// `None` only after a fault has been noted.
    fn read(object: &mut Object<'_, '_>) -> Option<Self>;

    /// What a plain string stands for, if it may stand here.
    fn read_text(_id: NodeId, _text: String) -> Option<Self> {
        None
    }
}

/// One JSON object that is being read; keys that nobody asked for are faults when it is done.
pub struct Object<'r, 'a> {
    reader: &'r mut Reader<'a>,
    pointer: String,
    fields: Map<String, Value>,
    /// How many tree nodes enclose this one.
    pub depth: usize,
}

impl<'a> Reader<'a> {
    pub fn new(chance: &'a dyn Chance, now: Timestamp) -> Self {
        Self { faults: Vec::new(), seen: BTreeSet::new(), chance, now }
    }

    /// Reads a whole value that stands at `pointer`.
    pub fn read<T: Read>(&mut self, value: Value, pointer: &str) -> Option<T> {
        self.read_at(value, pointer.to_owned(), 0)
    }

    /// Everything that was wrong; empty if what was read can be used.
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    pub fn fault(&mut self, pointer: impl Into<String>, code: &str, detail: impl Into<String>) {
        if self.faults.len() < FAULTS_LIMIT {
            self.faults.push(Fault::new(pointer, code, detail));
        }
    }

    fn new_id(&self) -> NodeId {
        NodeId(self.chance.id(self.now))
    }

    fn read_at<T: Read>(&mut self, value: Value, pointer: String, depth: usize) -> Option<T> {
        match value {
            Value::Object(fields) => {
                let mut object = Object { reader: self, pointer, fields, depth };
                let read = T::read(&mut object);
                object.finish();
                read
            }
            Value::String(text) => {
                let id = self.new_id();
                let line = self.line(text, &pointer, LINE_LIMIT);
                let read = T::read_text(id, line);
                if read.is_none() {
                    self.wrong_type(pointer, "an object");
                }
                read
            }
            _ => {
                self.wrong_type(pointer, "an object");
                None
            }
        }
    }

    fn wrong_type(&mut self, pointer: impl Into<String>, expected: &str) {
        self.fault(pointer, "wrong-type", format!("{expected} was expected here."));
    }

    /// One line of plain text: white space becomes single spaces.
    fn line(&mut self, text: String, pointer: &str, limit: usize) -> String {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.check_characters(&line, pointer);
        self.check_length(&line, pointer, limit);
        line
    }

    fn check_characters(&mut self, text: &str, pointer: &str) {
        if let Some(character) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            let code = u32::from(character);
            self.fault(
                pointer,
                "control-character",
                format!("The control character U+{code:04X} can't stand in a text."),
            );
        }
    }

    fn check_length(&mut self, text: &str, pointer: &str, limit: usize) {
        let length = text.chars().count();
        if length > limit {
            let detail = format!("The text has {length} characters; at most {limit} are possible.");
            self.fault(pointer, "too-long", detail);
        }
    }
}

impl Object<'_, '_> {
    pub fn pointer_to(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"))
    }

    pub fn fault(&mut self, key: &str, code: &str, detail: impl Into<String>) {
        let pointer = self.pointer_to(key);
        self.reader.fault(pointer, code, detail);
    }

    /// The id under `id`, or a new one. An id stands once in a content.
    pub fn id(&mut self) -> NodeId {
        let given = match self.take("id") {
            None => None,
            Some(Value::String(text)) => match text.parse() {
                Ok(id) => Some(id),
                Err(_) => {
                    self.fault("id", "not-an-id", "A UUID was expected here.");
                    None
                }
            },
            Some(_) => {
                self.wrong_type("id", "A UUID");
                None
            }
        };
        let id = given.unwrap_or_else(|| self.reader.new_id());
        if !self.reader.seen.insert(id) {
            self.fault("id", "duplicate-id", "This id stands twice in the content; a copied thing needs a new id.");
        }
        id
    }

    /// One line of plain text; empty if it is missing.
    pub fn line(&mut self, key: &str, limit: usize) -> String {
        match self.take(key) {
            None => String::new(),
            Some(Value::String(text)) => {
                let pointer = self.pointer_to(key);
                self.reader.line(text, &pointer, limit)
            }
            Some(_) => {
                self.wrong_type(key, "A text");
                String::new()
            }
        }
    }

    /// One line of plain text; an empty one counts as missing.
    pub fn optional_line(&mut self, key: &str, limit: usize) -> Option<String> {
        Some(self.line(key, limit)).filter(|line| !line.is_empty())
    }

    /// A list of one-line texts; empty ones are dropped.
    pub fn lines(&mut self, key: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (position, value) in self.array(key, ITEMS_LIMIT).into_iter().enumerate() {
            let pointer = format!("{}/{position}", self.pointer_to(key));
            match value {
                Value::String(text) => lines.push(self.reader.line(text, &pointer, LINE_LIMIT)),
                _ => self.reader.wrong_type(pointer, "A text"),
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// Rich text, normalised to the closed schema.
    pub fn markdown(&mut self, key: &str) -> Markdown {
        match self.take(key) {
            None => Markdown::default(),
            Some(Value::String(text)) => {
                let pointer = self.pointer_to(key);
                // The line break at the end does not count: normalising adds it, and what was stored can be sent again.
                let text = text.trim_end();
                self.reader.check_characters(text, &pointer);
                self.reader.check_length(text, &pointer, MARKDOWN_LIMIT);
                if text.chars().count() > MARKDOWN_LIMIT {
                    return Markdown::default();
                }
                let normalised = RichDoc::parse(text).to_markdown();
                self.reader.check_length(normalised.trim_end(), &pointer, MARKDOWN_LIMIT);
                Markdown(normalised)
            }
            Some(_) => {
                self.wrong_type(key, "A text in Markdown");
                Markdown::default()
            }
        }
    }

    /// One of a closed list, or `None` if it is missing.
    pub fn optional_choice<T: Named>(&mut self, key: &str) -> Option<T> {
        match self.take(key)? {
            Value::String(text) => {
                let chosen = T::of_name(&text);
                if chosen.is_none() {
                    let names = T::names().join(", ");
                    self.fault(key, &format!("unknown-{key}"), format!("{text:?} is not one of: {names}."));
                }
                chosen
            }
            _ => {
                self.wrong_type(key, "A text");
                None
            }
        }
    }

    pub fn choice<T: Named>(&mut self, key: &str, default: T) -> T {
        self.optional_choice(key).unwrap_or(default)
    }

    pub fn choices<T: Named>(&mut self, key: &str) -> Vec<T> {
        let mut chosen = Vec::new();
        for (position, value) in self.array(key, ITEMS_LIMIT).into_iter().enumerate() {
            let pointer = format!("{}/{position}", self.pointer_to(key));
            match value.as_str().map(T::of_name) {
                Some(Some(one)) => chosen.push(one),
                Some(None) => {
                    let detail = format!("{value} is not one of: {}.", T::names().join(", "));
                    self.reader.fault(pointer, "unknown-choice", detail);
                }
                None => self.reader.wrong_type(pointer, "A text"),
            }
        }
        chosen
    }

    /// The discriminator of a thing that comes in several kinds; a missing or unknown one is a fault.
    pub fn kind(&mut self, thing: &str, known: &[&str]) -> Option<String> {
        match self.take("kind") {
            Some(Value::String(kind)) if known.contains(&kind.as_str()) => Some(kind),
            Some(Value::String(kind)) => {
                self.fault("kind", "unknown-kind", format!("{kind:?} is not a kind of {thing}."));
                self.ignore_rest();
                None
            }
            Some(_) => {
                self.wrong_type("kind", "A text");
                self.ignore_rest();
                None
            }
            None => {
                let detail = format!("It must be said which kind of {thing} this is: {}.", known.join(", "));
                self.fault("kind", "missing-field", detail);
                self.ignore_rest();
                None
            }
        }
    }

    pub fn boolean(&mut self, key: &str) -> bool {
        match self.take(key) {
            None => false,
            Some(Value::Bool(value)) => value,
            Some(_) => {
                self.wrong_type(key, "true or false");
                false
            }
        }
    }

    /// A whole number from `minimum` to `maximum`.
    pub fn whole_number(&mut self, key: &str, minimum: u32, maximum: u32) -> Option<u32> {
        let value = self.take(key)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| (minimum..=maximum).contains(number)) {
            Some(number) => Some(number),
            None => {
                let detail = format!("A whole number from {minimum} to {maximum} was expected here.");
                self.fault(key, "out-of-range", detail);
                None
            }
        }
    }

    /// A number that is not negative, to two decimal places.
    pub fn amount(&mut self, key: &str) -> Option<Amount> {
        let value = self.take(key)?;
        let amount = value.as_f64().and_then(Amount::from_number);
        if amount.is_none() {
            let detail = "A number from 0 to 1,000,000,000 with at most two decimal places was expected here.";
            self.fault(key, "out-of-range", detail);
        }
        amount
    }

    pub fn date(&mut self, key: &str) -> Option<String> {
        let text = self.optional_line(key, LINE_LIMIT)?;
        if is_date(&text) {
            Some(text)
        } else {
            self.fault(key, "not-a-date", "A date such as 2026-11-22 was expected here.");
            None
        }
    }

    pub fn document(&mut self, key: &str) -> Option<DocumentId> {
        self.reference(key).map(DocumentId)
    }

    pub fn media(&mut self, key: &str) -> Option<MediaId> {
        self.reference(key).map(MediaId)
    }

    pub fn node(&mut self, key: &str) -> Option<NodeId> {
        self.reference(key).map(NodeId)
    }

    pub fn documents(&mut self, key: &str) -> Vec<DocumentId> {
        let mut documents: Vec<DocumentId> = Vec::new();
        for (position, value) in self.array(key, ITEMS_LIMIT).into_iter().enumerate() {
            let pointer = format!("{}/{position}", self.pointer_to(key));
            match value.as_str().and_then(|text| text.parse().ok()) {
                Some(id) if documents.contains(&id) => {
                    self.reader.fault(pointer, "duplicate-reference", "This document stands in the list already.");
                }
                Some(id) => documents.push(id),
                None => self.reader.fault(pointer, "not-an-id", "The id of a document was expected here."),
            }
        }
        documents
    }

    pub fn optional<T: Read>(&mut self, key: &str) -> Option<T> {
        let value = self.take(key)?;
        let pointer = self.pointer_to(key);
        let depth = self.depth;
        self.reader.read_at(value, pointer, depth)
    }

    /// Like [`Object::optional`], for a part that is there with its defaults if it is missing.
    pub fn part<T: Read + Default>(&mut self, key: &str) -> T {
        self.optional(key).unwrap_or_default()
    }

    pub fn list<T: Read>(&mut self, key: &str, limit: usize) -> Vec<T> {
        self.list_at(key, limit, self.depth)
    }

    /// A list one level further down in a tree; too deep a tree is one fault, and is not read further.
    pub fn deeper_list<T: Read>(&mut self, key: &str) -> Vec<T> {
        let depth = self.depth + 1;
        if depth > TREE_DEPTH_LIMIT {
            if self.take(key).is_some_and(|value| value.as_array().is_some_and(|items| !items.is_empty())) {
                let detail = format!("A requirement tree is at most {TREE_DEPTH_LIMIT} levels deep.");
                self.fault(key, "too-deep", detail);
            }
            return Vec::new();
        }
        self.list_at(key, ITEMS_LIMIT, depth)
    }

    fn list_at<T: Read>(&mut self, key: &str, limit: usize, depth: usize) -> Vec<T> {
        let pointer = self.pointer_to(key);
        let values = self.array(key, limit);
        values
            .into_iter()
            .enumerate()
            .filter_map(|(position, value)| self.reader.read_at(value, format!("{pointer}/{position}"), depth))
            .collect()
    }

    fn array(&mut self, key: &str, limit: usize) -> Vec<Value> {
        match self.take(key) {
            None => Vec::new(),
            Some(Value::Array(values)) if values.len() <= limit => values,
            Some(Value::Array(values)) => {
                let detail = format!("The list has {} items; at most {limit} are possible.", values.len());
                self.fault(key, "too-many", detail);
                Vec::new()
            }
            Some(_) => {
                self.wrong_type(key, "A list");
                Vec::new()
            }
        }
    }

    fn reference(&mut self, key: &str) -> Option<uuid::Uuid> {
        match self.take(key)? {
            Value::String(text) => {
                let id = text.parse().ok();
                if id.is_none() {
                    self.fault(key, "not-an-id", "An id (a UUID) was expected here.");
                }
                id
            }
            _ => {
                self.wrong_type(key, "An id (a UUID)");
                None
            }
        }
    }

    /// Takes a field out; null counts as missing.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.fields.shift_remove(key).filter(|value| !value.is_null())
    }

    /// Takes a field out if it is there and null, and says so.
    pub fn take_null(&mut self, key: &str) -> bool {
        let is_null = self.fields.get(key).is_some_and(Value::is_null);
        if is_null {
            self.fields.shift_remove(key);
        }
        is_null
    }

    fn wrong_type(&mut self, key: &str, expected: &str) {
        let pointer = self.pointer_to(key);
        self.reader.wrong_type(pointer, expected);
    }

    /// Once the kind of a thing is unknown, nothing can be said about its fields.
    fn ignore_rest(&mut self) {
        self.fields.clear();
    }

    fn finish(self) {
        for key in self.fields.keys() {
            let pointer = self.pointer_to(key);
            self.reader.fault(pointer, "unknown-field", format!("There is no field {key:?} here."));
        }
    }
}
