//! Texts that can be told apart, and finding them again.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::documents::example;

/// Numbers the marks, so that each stands in one place.
#[derive(Default)]
pub struct Marks(pub u32);

impl Marks {
    pub fn next(&mut self, mark: &str) -> String {
        self.0 += 1;
        format!("{mark}{:04}", self.0)
    }

    /// An example document with a mark in every text; ids and names of closed lists stay.
    pub fn document(&mut self, text: &str, mark: &str, section: &str) -> Value {
        let mut body = example(text, &[("entry-requirements-ict", section)]);
        body["slug"] = self.next(mark).into();
        let standard =
            json!({ "reference": "ST0001", "title": "A standard", "level": { "framework": "RQF", "level": "4" } });
        if let Some(facts) = body["content"].get_mut("facts") {
            facts["registrations"] = json!([{ "text": "A register", "organisation": "A council", "links": [{ "text": "A link", "url": "https://a.example/" }] }, "Another"]);
            facts["uniform"] = json!(["A coat"]);
            facts["work_environments"] = json!(["Outdoors"]);
            facts["standards"] = json!([standard]);
            facts["skills"] = json!(["Patience", { "text": "Care", "code": { "scheme": "esco", "code": "S1" } }]);
            body["content"]["sections"][2]["blocks"][0]["note"] = "A note".into();
        }
        if let Some(tree) = body["content"].get_mut("requirements") {
            let inner = json!({
                "kind": "group", "rule": "one_of", "lead_in": "One of:",
                "items": [{
                    "kind": "requirement", "text": "A licence", "category": "licence", "necessity": "required",
                    "organisation": "An agency", "links": [{ "text": "A link", "url": "https://a.example/" }], "nations": ["wales"],
                    "source": { "title": "A law", "url": "https://law.example/", "checked_on": "2026-11-01" },
                    "qualification": { "name": "A name", "grade": "A grade", "subjects": ["A subject"] },
                }],
            });
            tree["items"].as_array_mut().unwrap().push(inner);
            body["content"]["routes"][0]["heading"] = "A way in".into();
            body["content"]["routes"][0]["standards"] = json!([standard]);
        }
        self.content(&mut body["content"], mark, "");
        body
    }

    fn content(&mut self, value: &mut Value, mark: &str, key: &str) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    self.content(value, mark, key);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.content(item, mark, key);
                }
            }
            Value::String(text) if !CLOSED.contains(&key) && text.len() != 36 => {
                *text = match key {
                    "url" => format!("https://{}.example/", self.next(mark)),
                    "markdown" | "introduction" => format!("{}\n\n- **{}**\n", self.next(mark), self.next(mark)),
                    _ => self.next(mark),
                };
            }
            _ => {}
        }
    }
}

/// Fields whose values are names of closed lists, codes and dates.
const CLOSED: &[&str] = &[
    "kind",
    "display",
    "tone",
    "show",
    "title_article",
    "rule",
    "category",
    "necessity",
    "framework",
    "level",
    "nation",
    "nations",
    "scheme",
    "period",
    "currency",
    "as_of",
    "checked_on",
];

/// The marks of a kind that stand in a text.
pub fn marks_in(text: &str, mark: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let places = text.match_indices(mark).map(|(place, _)| place);
    places.map(|place| text[place..].chars().take(mark.len() + 4).collect()).collect()
}
