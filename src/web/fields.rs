//! The fields of a small JSON object or form, read strictly: wrong types, limits and unknown names are collected with
//! their pointers. Content has a reader of its own, in the domain.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::kernel::{Error, Fault, Named, Result, Timestamp};

#[derive(Debug)]
pub struct Fields {
    fields: Map<String, Value>,
    faults: Vec<Fault>,
    empty: Empty,
}

/// What an empty text stands for where an id, a choice or a time is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Empty {
    /// A form has no other way of leaving a field open.
    Nothing,
    /// JSON has null, so an empty text is a mistake.
    Mistake,
}

impl Fields {
    /// The fields of a JSON object.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is not an object.
    pub fn of(value: Value) -> Result<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, faults: Vec::new(), empty: Empty::Mistake }),
            _ => Err(Error::invalid("", "wrong-type", "A JSON object was expected.")),
        }
    }

    /// The fields of a form.
    pub fn of_form(fields: Map<String, Value>) -> Self {
        Self { fields, faults: Vec::new(), empty: Empty::Nothing }
    }

    /// Whether the field was sent at all, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A text of at most `limit` characters; null and empty count as missing.
    pub fn text(&mut self, name: &str, limit: usize) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => {
                let text = text.trim().to_owned();
                if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                    self.fault(name, "control-character", "A control character can't stand in a text.");
                    return None;
                }
                let length = text.chars().count();
                if length > limit {
                    let detail = format!("The text has {length} characters; at most {limit} are possible.");
                    self.fault(name, "too-long", detail);
                    return None;
                }
                Some(text).filter(|text| !text.is_empty())
            }
            _ => {
                self.fault(name, "wrong-type", "A text was expected here.");
                None
            }
        }
    }

    /// A text as it was sent; whoever takes it cleans it and holds its limit.
    pub fn raw_text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.fault(name, "wrong-type", "A text was expected here.");
                None
            }
        }
    }

    /// Whether something is wrong with the field already.
    pub fn has_fault(&self, name: &str) -> bool {
        let pointer = format!("/{name}");
        self.faults.iter().any(|fault| fault.pointer == pointer)
    }

    /// A list that has to be there, be it empty.
    pub fn required_list(&mut self, name: &str) -> Vec<Value> {
        let list = self.list(name);
        if list.is_none() && !self.has_fault(name) {
            self.fault(name, "missing-field", "This field is missing.");
        }
        list.unwrap_or_default()
    }

    pub fn required_text(&mut self, name: &str, limit: usize) -> String {
        let text = self.text(name, limit);
        if text.is_none() && !self.has_fault(name) {
            self.fault(name, "missing-field", "This field is missing.");
        }
        text.unwrap_or_default()
    }

    pub fn choice<T: Named>(&mut self, name: &str) -> Option<T> {
        let text = self.word(name)?;
        let chosen = T::of_name(&text);
        if chosen.is_none() {
            self.fault(name, "unknown-choice", format!("{text:?} is not one of: {}.", T::names().join(", ")));
        }
        chosen
    }

    pub fn choices<T: Named>(&mut self, name: &str) -> Option<Vec<T>> {
        let values = self.list(name)?;
        let mut chosen = Vec::new();
        for (position, value) in values.iter().enumerate() {
            match value.as_str().and_then(T::of_name) {
                Some(one) => chosen.push(one),
                None => {
                    let detail = format!("{value} is not one of: {}.", T::names().join(", "));
                    self.fault(&format!("{name}/{position}"), "unknown-choice", detail);
                }
            }
        }
        Some(chosen)
    }

    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let text = self.word(name)?;
        let time = Timestamp::parse(&text);
        if time.is_none() {
            self.fault(name, "not-a-time", "A time of RFC 3339 was expected, such as 2026-11-22T09:00:00Z.");
        }
        time
    }

    pub fn id(&mut self, name: &str) -> Option<Uuid> {
        let text = self.word(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.fault(name, "not-an-id", "An id (a UUID) was expected here.");
        }
        id
    }

    pub fn ids(&mut self, name: &str) -> Vec<Uuid> {
        let mut ids = Vec::new();
        for (position, value) in self.list(name).unwrap_or_default().iter().enumerate() {
            match value.as_str().and_then(|text| text.parse().ok()) {
                Some(id) => ids.push(id),
                None => self.fault(&format!("{name}/{position}"), "not-an-id", "An id (a UUID) was expected here."),
            }
        }
        ids
    }

    pub fn whole_number(&mut self, name: &str) -> Option<i64> {
        let value = self.take(name)?;
        let number = value.as_i64();
        if number.is_none() {
            self.fault(name, "wrong-type", "A whole number was expected here.");
        }
        number
    }

    pub fn number(&mut self, name: &str) -> Option<f64> {
        let value = self.take(name)?;
        let number = value.as_f64();
        if number.is_none() {
            self.fault(name, "wrong-type", "A number was expected here.");
        }
        number
    }

    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        let boolean = value.as_bool();
        if boolean.is_none() {
            self.fault(name, "wrong-type", "true or false was expected here.");
        }
        boolean
    }

    pub fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.take(name)? {
            Value::Array(values) if values.len() <= 500 => Some(values),
            Value::Array(_) => {
                self.fault(name, "too-many", "The list has more than 500 items.");
                None
            }
            _ => {
                self.fault(name, "wrong-type", "A list was expected here.");
                None
            }
        }
    }

    /// An object within the object.
    pub fn part(&mut self, name: &str) -> Option<Value> {
        self.take(name)
    }

    pub fn fault(&mut self, name: &str, code: &str, detail: impl Into<String>) {
        self.faults.push(Fault::new(format!("/{name}"), code, detail));
    }

    /// The text of an id, a choice or a time.
    fn word(&mut self, name: &str) -> Option<String> {
        let is_mistake = self.empty == Empty::Mistake && self.fields.get(name).is_some_and(Value::is_string);
        let text = self.text(name, 100);
        if text.is_none() && is_mistake && !self.has_fault(name) { Some(String::new()) } else { text }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.shift_remove(name).filter(|value| !value.is_null())
    }

    /// # Errors
    /// [`Error::Invalid`] with every fault, and every field that nobody asked for.
    pub fn finish(mut self) -> Result<()> {
        for (name, _) in std::mem::take(&mut self.fields) {
            let name_in_pointer = name.replace('~', "~0").replace('/', "~1");
            self.fault(&name_in_pointer, "unknown-field", format!("There is no field {name:?} here."));
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults)) }
    }
}
