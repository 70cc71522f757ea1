//! The query of an address, read strictly: what nobody asks for is refused by name, nothing is guessed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::kernel::{DocumentId, Error, Fault, Named, Result, Timestamp};

/// Parameters that have not been read yet, and what was wrong so far.
#[derive(Debug, Default)]
pub struct Query {
    parameters: Vec<(String, String)>,
    faults: Vec<Fault>,
}

/// Where the next page of a list starts: the sort key and the id of the last row, for one ordering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub order: String,
    pub key: String,
    pub id: Uuid,
}

impl Cursor {
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}\n{}", self.order, self.id, self.key))
    }

    fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        // PostgreSQL knows no text with a NUL, so no list gave such a key out.
        if text.contains('\0') {
            return None;
        }
        let mut parts = text.splitn(3, '\n');
        let (order, id, key) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { order: order.to_owned(), key: key.to_owned(), id: id.parse().ok()? })
    }
}

impl Query {
    pub fn parse(query: Option<&str>) -> Self {
        let parameters = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self { parameters, faults: Vec::new() }
    }

    /// The value of a parameter; more than one is a fault.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let (named, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.parameters).into_iter().partition(|(other, _)| other == name);
        self.parameters = rest;
        if named.len() > 1 {
            self.fault(name, "repeated", "The parameter stands more than once.");
        }
        let value = named.into_iter().next().map(|(_, value)| value)?;
        if value.contains('\0') {
            self.fault(name, "control-character", "The parameter holds a NUL.");
            return None;
        }
        Some(value)
    }

    pub fn choice<T: Named>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let chosen = T::of_name(&text);
        if chosen.is_none() {
            self.fault(name, "unknown-choice", format!("{text:?} is not one of: {}.", T::names().join(", ")));
        }
        chosen
    }

    /// A whole number within limits, or the default.
    pub fn number(&mut self, name: &str, default: u64, minimum: u64, maximum: u64) -> u64 {
        let Some(text) = self.text(name) else { return default };
        match text.parse().ok().filter(|number| (minimum..=maximum).contains(number)) {
            Some(number) => number,
            None => {
                self.fault(name, "out-of-range", format!("A whole number from {minimum} to {maximum} was expected."));
                default
            }
        }
    }

    pub fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.fault(name, "wrong-type", "true or false was expected.");
                None
            }
        }
    }

    pub fn time(&mut self, name: &str) -> Option<Timestamp> {
        let text = self.text(name)?;
        let time = Timestamp::parse(&text);
        if time.is_none() {
            let detail = "A time of RFC 3339 was expected, such as 2026-11-22T09:00:00Z (in addresses + is %2B).";
            self.fault(name, "not-a-time", detail);
        }
        time
    }

    pub fn id(&mut self, name: &str) -> Option<Uuid> {
        let text = self.text(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            self.fault(name, "not-an-id", "An id (a UUID) was expected.");
        }
        id
    }

    /// Documents by id, separated by commas; at most 100.
    pub fn documents(&mut self, name: &str) -> Option<Vec<DocumentId>> {
        let text = self.text(name)?;
        let ids: std::result::Result<Vec<DocumentId>, _> = text.split(',').map(|id| id.trim().parse()).collect();
        match ids {
            Ok(ids) if ids.len() <= 100 => Some(ids),
            _ => {
                self.fault(name, "not-an-id", "Up to 100 ids, separated by commas, were expected.");
                None
            }
        }
    }

    /// Names of fields, separated by commas.
    pub fn names(&mut self, name: &str) -> Option<Vec<String>> {
        let text = self.text(name)?;
        Some(text.split(',').map(|field| field.trim().to_owned()).filter(|field| !field.is_empty()).collect())
    }

    /// A cursor that this list gave out in this order.
    pub fn cursor(&mut self, name: &str, order: &str) -> Option<Cursor> {
        let text = self.text(name)?;
        let cursor = Cursor::decode(&text).filter(|cursor| cursor.order == order);
        if cursor.is_none() {
            self.fault(name, "bad-cursor", "This list, in this order, did not give out the cursor.");
        }
        cursor
    }

    /// Leaves the parameters that have not been read to whoever reads the query as well.
    pub fn leave_others(&mut self) {
        self.parameters.clear();
    }

    pub fn fault(&mut self, name: &str, code: &str, detail: impl Into<String>) {
        self.faults.push(Fault::new(name, code, detail));
    }

    /// Refuses what was wrong, and every parameter that nobody asked for.
    ///
    /// # Errors
    /// [`Error::Malformed`]; the pointer of each fault is the name of the parameter.
    pub fn finish(mut self) -> Result<()> {
        for (name, _) in std::mem::take(&mut self.parameters) {
            self.fault(&name, "unknown-parameter", format!("There is no parameter {name:?} here."));
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Malformed(self.faults)) }
    }
}
