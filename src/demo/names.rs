//! The names by which files and the story speak of documents and pictures, and the ids that stand in their place.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    content::Kind,
    kernel::{DocumentId, Error, MediaId, Result},
};

/// What has been made so far, by name.
#[derive(Debug, Default)]
pub(super) struct Names {
    documents: BTreeMap<String, (Kind, DocumentId)>,
    images: BTreeMap<String, MediaId>,
}

impl Names {
    pub fn document(&self, name: &str) -> Result<(Kind, DocumentId)> {
        self.documents.get(name).copied().ok_or_else(|| unknown("document", name))
    }

    pub fn remember_document(&mut self, name: &str, kind: Kind, id: DocumentId) {
        self.documents.insert(name.to_owned(), (kind, id));
    }

    pub fn image(&self, name: &str) -> Result<MediaId> {
        self.images.get(name).copied().ok_or_else(|| unknown("image", name))
    }

    pub fn remember_image(&mut self, name: String, id: MediaId) {
        self.images.insert(name, id);
    }

    /// Puts ids where names stand: `"@NAME"` and, within Markdown, `ref:@NAME`; images as `"@image:NAME"`.
    pub fn put_ids(&self, value: &mut Value) -> Result<()> {
        match value {
            Value::String(text) => {
                if let Some(name) = text.strip_prefix("@image:") {
                    *text = self.image(name)?.to_string();
                } else if let Some(name) = text.strip_prefix('@') {
                    *text = self.document(name)?.1.to_string();
                } else if text.contains("ref:@") {
                    *text = self.with_links(text)?;
                }
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.put_ids(item)),
            Value::Object(fields) => fields.values_mut().try_for_each(|field| self.put_ids(field)),
            _ => Ok(()),
        }
    }

    fn with_links(&self, text: &str) -> Result<String> {
        let mut parts = text.split("ref:@");
        let mut linked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(part.len());
            let (name, rest) = part.split_at_checked(end).unwrap_or_default();
            linked.push_str(&format!("ref:{}{rest}", self.document(name)?.1));
        }
        Ok(linked)
    }
}

pub(super) fn unknown(what: &str, name: &str) -> Error {
    Error::bug(format!("the story knows no {what} {name:?}"))
}
