//! What is to be said of each route beyond its line in the list of routes: parameters, bodies, answers. One file a
//! subject. A route without an entry here still stands in the document, but fails the tests.

mod accounts;
mod delivery;
mod desk;
mod documents;
mod feedback;
mod media;
mod programs;
mod site;
mod steps;
mod webhooks;

use serde_json::{Map, Value, json};

use super::{
    responses::{CACHED, headers_of},
    schemas::{described, id, text, with},
};

/// Stands for the name of the kind in names of schemas, in routes over all kinds.
pub const KIND: &str = "{Kind}";

/// Groups of operations, in the order of the document.
pub const TAGS: [(&str, &str); 11] = [
    ("delivery", "What is published, for sites: no credentials, cacheable, never a draft."),
    ("preview", "Versions that are not published, for sites that show drafts: with the token of a preview link."),
    ("reports", "What visitors say about pages."),
    ("documents", "Documents as people work on them: drafts, versions, history."),
    ("steps", "The steps in a document's life."),
    ("media", "The image library."),
    ("feedback", "Reports and cases, for those who triage."),
    ("accounts", "People and keys."),
    ("webhooks", "Addresses elsewhere to which public events are posted."),
    ("site", "Settings, redirects, the log of mail and the event log."),
    ("operations", "Whether the server lives, and this document."),
];

/// What is known of an operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub tag: &'static str,
    pub description: &'static str,
    pub parameters: Vec<Value>,
    /// Schemas of parameters of the path that are not as their names say.
    pub path_schemas: Vec<(&'static str, Value)>,
    pub body: Option<Value>,
    /// By status.
    pub answers: Vec<(u16, Value)>,
    /// Problems beyond those that follow from the rest.
    pub problems: Vec<u16>,
    /// Whether it names the version that was seen.
    pub names_version: bool,
    pub takes_idempotency_key: bool,
    /// Whether caches may keep the answer.
    pub is_cached: bool,
}

/// Every operation that is described.
pub fn all() -> Vec<Operation> {
    let subjects = [
        delivery::operations(),
        documents::operations(),
        steps::operations(),
        media::operations(),
        feedback::operations(),
        desk::operations(),
        accounts::operations(),
        webhooks::operations(),
        site::operations(),
        programs::operations(),
    ];
    subjects.into_iter().flatten().collect()
}

impl Operation {
    pub fn new(method: &'static str, path: &'static str, tag: &'static str) -> Self {
        Self {
            method,
            path,
            tag,
            description: "",
            parameters: Vec::new(),
            path_schemas: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            names_version: false,
            takes_idempotency_key: false,
            is_cached: false,
        }
    }

    pub fn says(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Adds a parameter of the query that may be left out.
    pub fn query(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(query_parameter(name, schema, false));
        self
    }

    /// Adds a parameter of the query that has to be there.
    pub fn needed_query(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(query_parameter(name, schema, true));
        self
    }

    /// Adds a list of values that are separated by commas.
    pub fn listed_query(mut self, name: &str, schema: Value) -> Self {
        let parameter = query_parameter(name, schema, false);
        self.parameters.push(with(with(parameter, "style", "form".into()), "explode", false.into()));
        self
    }

    /// How many items a page has; and where it starts, with the cursor of the `next` of the page before.
    pub fn paged(self, default: u64, maximum: u64) -> Self {
        self.query("limit", limit(default, maximum)).query("cursor", described(text(), "From `next`; opaque."))
    }

    /// How many items a page has; and where it starts, with the number of the last item of the page before.
    pub fn paged_by_number(self, default: u64) -> Self {
        let before = json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX, "description": "Only what came before this number." });
        self.query("limit", limit(default, 100)).query("before", before)
    }

    pub fn path_parameter(mut self, name: &'static str, schema: Value) -> Self {
        self.path_schemas.push((name, schema));
        self
    }

    /// Names the version that was seen, in `If-Match`.
    pub fn of_seen_version(self) -> Self {
        Self { names_version: true, ..self }
    }

    /// Can be sent again with the same `Idempotency-Key`.
    pub fn repeatable(self) -> Self {
        Self { takes_idempotency_key: true, ..self }
    }

    /// Takes JSON that has to be there.
    pub fn takes(self, schema: &str) -> Self {
        self.takes_content(json!({ "application/json": media_type(schema) }), true)
    }

    /// Takes JSON; nothing at all stands for an empty object.
    pub fn may_take(self, schema: &str) -> Self {
        self.takes_content(json!({ "application/json": media_type(schema) }), false)
    }

    pub fn takes_content(self, content: Value, required: bool) -> Self {
        Self { body: Some(json!({ "required": required, "content": content })), ..self }
    }

    /// Answers JSON.
    pub fn answers(self, schema: &str) -> Self {
        self.answers_with(200, "As asked for.", schema, &[])
    }

    /// Answers JSON with the version as the ETag.
    pub fn answers_version_of(self, schema: &str) -> Self {
        self.answers_with(200, "As it is now.", schema, &["ETag"])
    }

    /// Answers a new thing with its address.
    pub fn makes(self, schema: &str) -> Self {
        self.answers_with(201, "It has been made.", schema, &["ETag", "Location"])
    }

    pub fn answers_nothing(mut self) -> Self {
        self.answers.push((204, json!({ "description": "It has been done.", "headers": headers_of(&[]) })));
        self
    }

    pub fn answers_with(mut self, status: u16, description: &str, schema: &str, headers: &[&str]) -> Self {
        let content = json!({ "application/json": media_type(schema) });
        self.answers.push((status, response(description, headers, content)));
        self
    }

    /// Answers something other than JSON of one schema.
    pub fn answers_content(mut self, status: u16, description: &str, headers: &[&str], content: Value) -> Self {
        self.answers.push((status, response(description, headers, content)));
        self
    }

    /// Answers JSON of one of several schemas that caches may keep.
    pub fn answers_cached(self, schemas: &[&str]) -> Self {
        let content = match schemas {
            [one] => media_type(one),
            many => json!({ "schema": { "anyOf": many.iter().map(|name| reference(name)).collect::<Vec<_>>() } }),
        };
        self.answers_content(200, "As the public reads it.", CACHED, json!({ "application/json": content })).cached()
    }

    /// Answers what caches may keep, and 304 to whoever has it.
    pub fn cached(mut self) -> Self {
        let unchanged = json!({ "description": "What the caller has is still so.", "headers": headers_of(CACHED) });
        self.answers.push((304, unchanged));
        Self { is_cached: true, ..self }
    }

    pub fn problem(mut self, status: u16) -> Self {
        self.problems.push(status);
        self
    }
}

fn query_parameter(name: &str, schema: Value, required: bool) -> Value {
    let mut parameter = Map::new();
    parameter.insert("name".to_owned(), name.into());
    parameter.insert("in".to_owned(), "query".into());
    parameter.insert("required".to_owned(), required.into());
    let mut schema = schema;
    if let Some(description) = schema.as_object_mut().and_then(|schema| schema.shift_remove("description")) {
        parameter.insert("description".to_owned(), description);
    }
    parameter.insert("schema".to_owned(), schema);
    Value::Object(parameter)
}

fn limit(default: u64, maximum: u64) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": maximum, "default": default, "description": "Items on a page." })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn media_type(schema: &str) -> Value {
    json!({ "schema": reference(schema) })
}

fn response(description: &str, headers: &[&str], content: Value) -> Value {
    json!({ "description": description, "headers": headers_of(headers), "content": content })
}

/// An id in the path, or something else that names the thing.
fn id_or(description: &str) -> Value {
    described(json!({ "anyOf": [id(), text()] }), description)
}
