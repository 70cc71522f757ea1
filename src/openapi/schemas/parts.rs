//! The small parts that schemas are made of. Closed lists of names come from the code that reads and writes them.
//!
//! Answers are open: new keys may be added within a version of the API, so their schemas forbid none. What is sent is
//! read strictly, so schemas of requests do.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::kernel::Named;

/// The largest number that a version, a count or a page number can have.
const LARGEST: u64 = 2_147_483_647;

pub fn text() -> Value {
    json!({ "type": "string" })
}

/// A text of at most `limit` characters.
pub fn text_up_to(limit: usize) -> Value {
    json!({ "type": "string", "maxLength": limit })
}

/// A text of 1 to `limit` characters.
pub fn filled_text(limit: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": limit })
}

pub fn id() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

/// RFC 3339; answers are in UTC.
pub fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub fn date() -> Value {
    json!({ "type": "string", "format": "date" })
}

/// An address, absolute or within the server.
pub fn address() -> Value {
    json!({ "type": "string", "format": "uri-reference" })
}

pub fn boolean() -> Value {
    json!({ "type": "boolean" })
}

pub fn whole(minimum: u64, maximum: u64) -> Value {
    json!({ "type": "integer", "minimum": minimum, "maximum": maximum })
}

/// A number of things.
pub fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// The number of a version: 1, 2, 3 …
pub fn version() -> Value {
    whole(1, LARGEST)
}

pub fn fraction() -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": 1 })
}

pub fn constant(name: &str) -> Value {
    json!({ "type": "string", "const": name })
}

pub fn names(names: &[&str]) -> Value {
    json!({ "type": "string", "enum": names })
}

/// One of a closed list.
pub fn choice<T: Named>() -> Value {
    names(&T::names())
}

/// One of a list of values that are written as texts.
pub fn choice_of(values: &[impl Serialize]) -> Value {
    let names: Vec<Value> = values.iter().filter_map(|value| serde_json::to_value(value).ok()).collect();
    json!({ "type": "string", "enum": names })
}

pub fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

pub fn list_up_to(of: Value, limit: usize) -> Value {
    json!({ "type": "array", "items": of, "maxItems": limit })
}

/// Another component.
pub fn component(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Counts by name.
pub fn counts() -> Value {
    json!({ "type": "object", "additionalProperties": count() })
}

/// Anything at all.
pub fn anything() -> Value {
    json!({})
}

/// The same schema with a sentence about it.
pub fn described(schema: Value, description: &str) -> Value {
    with(schema, "description", description.into())
}

/// The same schema with one keyword more.
pub fn with(schema: Value, keyword: &str, value: Value) -> Value {
    match schema {
        Value::Object(mut schema) => {
            schema.insert(keyword.to_owned(), value);
            Value::Object(schema)
        }
        other => other,
    }
}

/// The same schema, or null.
pub fn nullable(schema: Value) -> Value {
    let Value::Object(mut fields) = schema else { return schema };
    if fields.is_empty() || fields.get("type").is_some_and(Value::is_array) {
        return Value::Object(fields);
    }
    if let Some(name) = fields.get_mut("type") {
        *name = json!([name.take(), "null"]);
        if let Some(Value::Array(values)) = fields.get_mut("enum") {
            values.push(Value::Null);
        }
        return Value::Object(fields);
    }
    let description = fields.shift_remove("description");
    let either = json!({ "anyOf": [fields, { "type": "null" }] });
    match description {
        Some(description) => with(either, "description", description),
        None => either,
    }
}

/// An object of an answer in which every key stands.
pub fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    record(properties.map(|(name, schema)| (name, schema, true)).into())
}

/// An object of an answer; the flag says whether the key always stands.
pub fn record(properties: Vec<(&str, Value, bool)>) -> Value {
    let required: Vec<&str> = properties.iter().filter(|(_, _, always)| *always).map(|(name, ..)| *name).collect();
    let map: Map<String, Value> =
        properties.iter().map(|(name, schema, _)| ((*name).to_owned(), schema.clone())).collect();
    let schema = json!({ "type": "object", "properties": map });
    if required.is_empty() { schema } else { with(schema, "required", json!(required)) }
}

/// An object of a request: what is not required may be left out or null, and no other key may stand.
pub fn input<const N: usize>(required: &[&str], properties: [(&str, Value); N]) -> Value {
    let map: Map<String, Value> = properties
        .into_iter()
        .map(|(name, schema)| {
            let schema = if required.contains(&name) { schema } else { nullable(schema) };
            (name.to_owned(), schema)
        })
        .collect();
    let schema = json!({ "type": "object", "properties": map, "additionalProperties": false });
    if required.is_empty() { schema } else { with(schema, "required", json!(required)) }
}

/// What comes in several kinds, each a component, told apart by one key.
pub fn kinds(key: &str, kinds: &[(&str, String)]) -> Value {
    let one_of: Vec<Value> = kinds.iter().map(|(_, name)| component(name)).collect();
    let mapping: Map<String, Value> =
        kinds.iter().map(|(kind, name)| ((*kind).to_owned(), format!("#/components/schemas/{name}").into())).collect();
    json!({ "oneOf": one_of, "discriminator": { "propertyName": key, "mapping": mapping } })
}

/// A page of a list.
pub fn page_of(of: Value) -> Value {
    object([
        ("data", list(of)),
        ("next", described(nullable(address()), "The address of the next page; null on the last one.")),
        ("total", described(count(), "How many there are in all, on every page.")),
    ])
}
