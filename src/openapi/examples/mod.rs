//! Requests with their answers, as the document shows them. The JSON beside this file is what a small site really answered
//! when the tests in `tests/it/played` asked it; this module only puts it in its places. It knows no routes.
//!
//! Decision (2026-11-22), examples are answers. Context: examples that are written by hand drift from what is answered, and a
//! reader who copies one learns it too late. Choice: a test plays every operation, holds each answer against its schema and against
//! what stands here, and writes these files if it is told to: `RENEW_EXAMPLES=1 cargo test --test it played`. Consequence: a
//! change of an answer shows in the change that makes it. What has no JSON has no example: pages, style sheets, images, and the
//! upload of an image.

use serde_json::{Map, Value, json};

/// Of each group of operations: what was sent and answered, by the name of the operation.
const GROUPS: [&str; 11] = [
    include_str!("delivery.json"),
    include_str!("preview.json"),
    include_str!("reports.json"),
    include_str!("documents.json"),
    include_str!("steps.json"),
    include_str!("media.json"),
    include_str!("feedback.json"),
    include_str!("accounts.json"),
    include_str!("webhooks.json"),
    include_str!("site.json"),
    include_str!("operations.json"),
];
/// What many operations answer, by the name of the response.
const PROBLEMS: &str = include_str!("problems.json");
/// What an operation has in its file: values of parameters by name, bodies that were sent by media type, and bodies that were
/// answered by status.
const PARTS: [&str; 3] = ["parameters", "sent", "answered"];

/// Every example there is.
#[derive(Clone, Debug)]
pub struct Examples {
    operations: Map<String, Value>,
    problems: Map<String, Value>,
}

impl Examples {
    pub fn read() -> Self {
        Self { operations: GROUPS.into_iter().flat_map(members).collect(), problems: members(PROBLEMS) }
    }

    /// What responses with these names show, for the components of the document.
    pub fn problems(&self) -> Map<String, Value> {
        let shown = |(name, value): (&String, &Value)| (name.clone(), json!({ "value": value }));
        self.problems.iter().map(shown).collect()
    }

    /// A reference to what responses of this name show; `None` if nothing is known.
    pub fn problem(&self, name: &str) -> Option<Value> {
        let reference = json!({ "$ref": format!("#/components/examples/{name}") });
        self.problems.contains_key(name).then(|| json!({ name: reference }))
    }

    /// Puts what is known of an operation into it, as the document writes it.
    pub fn show_in(&self, operation: &mut Value) {
        let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let Some(known) = self.operations.get(name) else { return };
        let [parameters, sent, answered] = PARTS.map(|part| known.get(part).and_then(Value::as_object));
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let value = parameters.and_then(|parameters| parameters.get(name));
            set_example(Some(parameter), value);
        }
        for (media_type, body) in sent.into_iter().flatten() {
            set_example(member(operation, &["requestBody", "content", media_type]), Some(body));
        }
        for (status, body) in answered.into_iter().flatten() {
            let content = member(operation, &["responses", status, "content"]).and_then(Value::as_object_mut);
            let json = content.into_iter().flatten().find(|(media_type, _)| is_json(media_type));
            set_example(json.map(|(_, content)| content), Some(body));
        }
    }
}

/// Whether bodies of a media type are JSON, alone or in a form of its own such as `application/problem+json`.
pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

fn members(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

fn member<'a>(value: &'a mut Value, keys: &[&str]) -> Option<&'a mut Value> {
    keys.iter().try_fold(value, |value, key| value.get_mut(*key))
}

fn set_example(place: Option<&mut Value>, example: Option<&Value>) {
    if let (Some(Value::Object(place)), Some(example)) = (place, example) {
        // What is its own goes before what is shared: a media type has either.
        place.shift_remove("examples");
        place.insert("example".to_owned(), example.clone());
    }
}
