//! The post of a form: what was typed, in order, and what a page shows of it again. Nothing is judged here; commands do.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart},
    http::{HeaderMap, Request, header},
};
use serde_json::{Map, Value};

use crate::{
    kernel::{Error, Fault, Result},
    web::Fields,
};

/// What a form sent.
#[derive(Debug, Default)]
pub struct Form {
    /// Names and values, in the order of the page.
    pub values: Vec<(String, String)>,
    pub files: Vec<Upload>,
}

/// A file that came with a form.
#[derive(Debug)]
pub struct Upload {
    /// The field that it was chosen in.
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

impl Form {
    /// # Errors
    /// [`Error::UnsupportedMediaType`] if it is no form, [`Error::Malformed`] if it can't be read.
    pub async fn read(headers: &HeaderMap, body: Bytes) -> Result<Self> {
        let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "multipart/form-data" => Self::read_parts(media_type, body).await,
            "application/x-www-form-urlencoded" => {
                if std::str::from_utf8(&body).is_err() {
                    return Err(Error::Malformed(vec![Fault::new("", "not-utf-8", "The form is not UTF-8.")]));
                }
                let values = url::form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), tidy(&value)));
                Ok(Self { values: values.collect(), files: Vec::new() })
            }
            "" if body.is_empty() => Ok(Self::default()),
            _ => Err(Error::UnsupportedMediaType("The post of a form was expected.".to_owned())),
        }
    }

    async fn read_parts(media_type: &str, body: Bytes) -> Result<Self> {
        let broken = |_| Error::Malformed(vec![Fault::new("", "malformed-form", "The form is not readable.")]);
        let mut request = Request::new(Body::from(body));
        let value = media_type.parse().map_err(|_| Error::UnsupportedMediaType("a form was expected".to_owned()))?;
        request.headers_mut().insert(header::CONTENT_TYPE, value);
        // The body was read within its limit; the framework's own, of two megabytes, is not ours.
        DefaultBodyLimit::disable().apply(&mut request);
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Error::Malformed(vec![Fault::new("", "malformed-form", "The form is not readable.")]))?;
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                // Browsers send a nameless empty file when none was chosen.
                Some(name) => {
                    let bytes = part.bytes().await.map_err(broken)?;
                    if !(name.is_empty() && bytes.is_empty()) {
                        form.files.push(Upload { field, name, bytes });
                    }
                }
                None => {
                    let text = part.text().await.map_err(broken)?;
                    form.values.push((field, tidy(&text)));
                }
            }
        }
        Ok(form)
    }

    /// The first value with a name, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// Every value with a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether a box was ticked or a button pressed.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(other, _)| other == name)
    }

    /// The values for the strict reader of fields: a name that `lists` holds as a list, the others as one text each.
    pub fn fields(&self, lists: &[&str]) -> Fields {
        self.fields_without(lists, "\0")
    }

    /// The same without the fields whose names begin in a way: those that stand there once for each thing on the page.
    pub fn fields_without(&self, lists: &[&str], beginning: &str) -> Fields {
        let mut fields = Map::new();
        for (name, value) in self.values.iter().filter(|(name, _)| !name.starts_with(beginning)) {
            if lists.contains(&name.as_str()) {
                let list = fields.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(value.clone().into());
                }
            } else {
                fields.insert(name.clone(), value.clone().into());
            }
        }
        Fields::of_form(fields)
    }
}

/// Forms send line breaks as CR LF; everything inside uses LF.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What a form shows: the value of each field, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    values: BTreeMap<String, Vec<String>>,
    faults: Vec<Fault>,
}

impl FormState {
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that was typed.
    pub fn of(form: &Form) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &form.values {
            values.entry(name.clone()).or_default().push(value.clone());
        }
        Self { values, faults: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), vec![value.into()]);
        self
    }

    #[must_use]
    pub fn with_all(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        self.values.insert(name.to_owned(), values.into_iter().collect());
        self
    }

    /// What a command refused, if it is something that the person at the form can mend.
    ///
    /// # Errors
    /// Every other error, as it came.
    pub fn refused(mut self, error: Error) -> Result<Self> {
        match error {
            Error::Invalid(faults) | Error::Malformed(faults) => self.faults.extend(faults),
            Error::Conflict { faults, detail, .. } if faults.is_empty() => {
                self.faults.push(Fault::new("", "conflict", detail));
            }
            Error::Conflict { faults, .. } => self.faults.extend(faults),
            Error::NotAllowed { code, detail } => self.faults.push(Fault::new("", code, detail)),
            other => return Err(other),
        }
        Ok(self)
    }

    #[must_use]
    pub fn with_fault(mut self, name: &str, detail: &str) -> Self {
        self.faults.push(Fault::new(format!("/{name}"), "refused", detail));
        self
    }

    /// Gives each fault another place; one without a place stands in the summary alone.
    #[must_use]
    pub fn with_faults_placed(mut self, place: impl Fn(&str) -> &str) -> Self {
        for fault in &mut self.faults {
            fault.pointer = place(&fault.pointer).to_owned();
        }
        self
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|other| other == value))
    }

    /// What is wrong with a field, or with a part of it.
    pub fn fault(&self, name: &str) -> Option<&str> {
        let named = |fault: &&Fault| {
            let rest = fault.pointer.trim_start_matches('/').strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.faults.iter().find(named).map(|fault| fault.detail.as_str())
    }

    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }
}
