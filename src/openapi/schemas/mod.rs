//! The schemas of everything that is sent and answered, by name. To add one, add it to the file of its subject.
//!
//! What is published is called `Published…`; what editors write is called by its own name as it is answered, with every
//! id and every key, and with `Input` after it as it is sent.

mod accounts;
mod content;
mod desk;
mod documents;
mod feedback;
mod images;
mod limits;
mod parts;
mod problems;
mod public;
mod published;
mod requirement;
mod site;
mod webhooks;

use serde_json::{Map, Value};

pub use documents::name;
pub use parts::{choice, choice_of, date, described, filled_text, id, list_up_to, names, text, time, whole, with};

/// Schemas by name, in the order in which they were added.
pub type Schemas = Vec<(String, Value)>;

/// Every schema of the document.
pub fn all() -> Map<String, Value> {
    let subjects = [
        problems::schemas(),
        published::schemas(),
        public::schemas(),
        content::schemas(),
        requirement::schemas(),
        documents::schemas(),
        images::schemas(),
        feedback::schemas(),
        desk::schemas(),
        accounts::schemas(),
        webhooks::schemas(),
        site::schemas(),
    ];
    subjects.into_iter().flatten().collect()
}

/// Names a list of schemas.
fn named<const N: usize>(schemas: [(&str, Value); N]) -> Schemas {
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
