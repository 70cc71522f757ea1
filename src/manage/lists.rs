//! The shape of list answers: `{data, next, total}`.

use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use crate::web::{Answer, json};

/// A page of a list; `next` is the address of the one after it.
pub fn answer(data: &impl Serialize, next: Option<String>, total: u64) -> Answer {
    json(&json!({ "data": data, "next": next, "total": total }))
}

/// The address of the next page: the same list with the same parameters and another cursor.
pub fn next(path: &str, parameters: &[(&str, Option<String>)], cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.append_pair("cursor", cursor);
    format!("{path}?{}", query.finish())
}
