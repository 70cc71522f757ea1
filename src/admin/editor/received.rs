//! What rich text fields sent. With script a field sends the editor's document (`POINTER#doc`) and the digest of its words
//! (`POINTER#sum`) in place of Markdown; both become the Markdown that the rest of the form is made of. What arrived
//! damaged is set aside, whole, before anybody is told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    content::{
        self, Damage, DamagedText,
        markdown::{
            Block, Dropped, RichDoc,
            editor::{self, Refusal},
        },
    },
    kernel::{Fault, Result},
};

use super::{
    super::{request::PanelRequest, ui::words},
    Address,
};

const DOCUMENT: &str = "#doc";
const SUM: &str = "#sum";

/// A form in which every rich text is Markdown.
pub struct Received {
    /// Names and values, in the order of the page.
    pub values: Vec<(String, String)>,
    /// By pointer, what the schema lacks.
    dropped: Vec<(String, Vec<Dropped>)>,
    damaged: Vec<DamagedText>,
}

/// Puts Markdown in the place of the editor's documents. Where a field sent both, its document counts.
pub fn read(values: &[(String, String)]) -> Received {
    let sums: BTreeMap<&str, &str> =
        values.iter().filter_map(|(name, sum)| Some((of_field(name, SUM)?, sum.as_str()))).collect();
    let documents: BTreeSet<&str> = values.iter().filter_map(|(name, _)| of_field(name, DOCUMENT)).collect();
    let mut received = Received { values: Vec::new(), dropped: Vec::new(), damaged: Vec::new() };
    for (name, value) in values {
        if let Some(pointer) = of_field(name, DOCUMENT) {
            let markdown = received.markdown(pointer, value, sums.get(pointer).copied().unwrap_or_default());
            received.values.push((pointer.to_owned(), markdown));
        } else if of_field(name, SUM).is_none() && !documents.contains(name.as_str()) {
            received.values.push((name.clone(), value.clone()));
        }
    }
    received
}

/// The pointer of the field that a name with this ending belongs to.
fn of_field<'name>(name: &'name str, ending: &str) -> Option<&'name str> {
    name.strip_suffix(ending).filter(|pointer| pointer.starts_with('/'))
}

impl Received {
    /// The Markdown of one field; of a damaged one whatever could be read, so that the form can be drawn with it.
    fn markdown(&mut self, pointer: &str, document: &str, sum: &str) -> String {
        let refusal = match editor::receive(document, sum) {
            Ok(text) => {
                if !text.dropped.is_empty() {
                    self.dropped.push((pointer.to_owned(), text.dropped));
                }
                return text.markdown;
            }
            Err(refusal) => refusal,
        };
        self.damaged.push(DamagedText {
            pointer: pointer.to_owned(),
            label: String::new(),
            damage: Damage::from(&refusal),
            sent: document.to_owned(),
            sum: sum.to_owned(),
        });
        match refusal {
            Refusal::Changed { markdown } => markdown,
            // As it came, so that whoever wrote it finds their words in it.
            Refusal::Unreadable | Refusal::TooLarge => {
                RichDoc { blocks: vec![Block::paragraph(document)] }.to_markdown()
            }
        }
    }

    /// Keeps the damaged texts, if there are any, and says of each field what became of it.
    pub async fn set_aside(&self, request: &PanelRequest, address: &Address, body: &Value) -> Result<Vec<Fault>> {
        if self.damaged.is_empty() {
            return Ok(Vec::new());
        }
        let texts = self.damaged.iter().map(|text| DamagedText { label: label(body, &text.pointer), ..text.clone() });
        let texts: Vec<DamagedText> = texts.collect();
        content::quarantine(&request.ctx, address.kind, address.id, &texts).await?;
        Ok(texts.iter().map(|text| Fault::new(&text.pointer, "text-damaged", words::damage_told(text))).collect())
    }

    /// What could not be kept of the formatting, by field; empty if all of it could.
    pub fn told(&self, body: &Value) -> String {
        let of_field = |(pointer, dropped): &(String, Vec<Dropped>)| {
            let reasons: Vec<&str> = dropped.iter().map(|kind| words::dropped(*kind)).collect();
            format!("{}: {}", label(body, pointer), reasons.join(", "))
        };
        let fields: Vec<String> = self.dropped.iter().map(of_field).collect();
        if fields.is_empty() {
            String::new()
        } else {
            format!("Not all formatting could be kept. {}.", fields.join("; "))
        }
    }
}

fn label(body: &Value, pointer: &str) -> String {
    let label = content::label_at(body, pointer);
    if label.is_empty() { pointer.to_owned() } else { label }
}
