//! Levels of qualification frameworks, which written and published requirements share.

use serde_json::{Value, json};

use super::{
    Schemas, named,
    parts::{constant, described, names},
};
use crate::content::kinds::requirement::Framework;

pub fn schemas() -> Schemas {
    named([("Level", level(false)), ("LevelInput", level(true))])
}

/// A framework with one of its own levels.
fn level(is_input: bool) -> Value {
    let one_of: Vec<Value> = Framework::ALL
        .iter()
        .map(|framework| {
            let properties = json!({ "framework": constant(framework.name()), "level": names(framework.levels()) });
            let mut schema = json!({ "type": "object", "properties": properties, "required": ["framework", "level"] });
            if is_input && let Some(schema) = schema.as_object_mut() {
                schema.insert("additionalProperties".to_owned(), false.into());
            }
            schema
        })
        .collect();
    described(json!({ "oneOf": one_of }), "A level of a framework. Levels of different frameworks are never compared.")
}
