//! Whether two answers are the same but for what differs from run to run: ids, times, hashes, secrets and places in the log.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Keys whose values hang on chance or on the machine; they only have to be of the same type.
const VARYING: &[&str] = &[
    "at",
    "bytes",
    "cursor",
    "duration_milliseconds",
    "key",
    "mark",
    "next",
    "page_token",
    "prefix",
    "receipt_url",
    "reference",
    "request_id",
    "revision",
    "score",
    "secret",
    "seen_sequence",
    "sequence",
    "sha256",
    "similarity",
];

static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap());
static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{4}-\d\d-\d\dT[0-9:.]+Z").unwrap());
static HASH: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9a-f]{16,}").unwrap());
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| Regex::new("v1,[A-Za-z0-9+/=]+").unwrap());
static MESSAGE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"evt_[^_]+_\d+|"sequence":\d+"#).unwrap());
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| Regex::new("RB(-[0-9A-Z]{4}){2}").unwrap());
static CURSOR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[0-9a-f]{8}\.\d+$").unwrap());
static SECONDS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d{10}$").unwrap());

/// What is not the same, each with its place.
pub fn differences(promised: &Value, answered: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", "", promised, answered, &mut found);
    found
}

fn compare(at: &str, key: &str, promised: &Value, answered: &Value, found: &mut Vec<String>) {
    match (promised, answered) {
        (Value::Object(left), Value::Object(right)) => {
            let keys =
                |object: &serde_json::Map<String, Value>| object.keys().map(|key| normal(key)).collect::<Vec<_>>();
            if keys(left) != keys(right) {
                found.push(format!("{at}: {:?} became {:?}", keys(left), keys(right)));
                return;
            }
            for ((key, left), right) in left.iter().zip(right.values()) {
                compare(&format!("{at}/{key}"), key, left, right, found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                found.push(format!("{at}: {} items became {}", left.len(), right.len()));
            }
            for (place, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{at}/{place}"), key, left, right, found);
            }
        }
        _ => {
            let is_same_type = std::mem::discriminant(promised) == std::mem::discriminant(answered);
            let is_same = match (promised, answered) {
                (Value::String(left), Value::String(right)) => normal(left) == normal(right),
                _ => promised == answered,
            };
            if !is_same_type || !(is_same || VARYING.contains(&key)) {
                found.push(format!("{at}: {promised} became {answered}"));
            }
        }
    }
}

/// A text without what differs from run to run.
fn normal(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, word) in [
        (&ID, "ID"),
        (&TIME, "TIME"),
        (&HASH, "HASH"),
        (&SIGNATURE, "SIGNATURE"),
        (&MESSAGE, "MESSAGE"),
        (&REFERENCE, "REFERENCE"),
        (&CURSOR, "CURSOR"),
        (&SECONDS, "SECONDS"),
    ] {
        text = pattern.replace_all(&text, word).into_owned();
    }
    text
}
