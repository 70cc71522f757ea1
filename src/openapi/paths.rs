//! The paths of the document, made from the list of routes: where a route stands for all kinds of content, one path a kind.

use serde_json::{Map, Value, json};

use super::{
    examples::{Examples, is_json},
    operations::{self, KIND, Operation},
    responses::{self, parameter},
    schemas::{self, described, id, text, whole},
};
use crate::{
    content::Kind,
    web::{Access, Route},
};

const COLLECTION: &str = "{collection}";

/// A route of one kind of content, or of none in particular.
#[derive(Clone, Debug)]
pub struct Address {
    pub route: Route,
    pub kind: Option<Kind>,
    /// As the document writes it.
    pub path: String,
}

/// The addresses of a route: one, or one for each kind.
pub fn addresses(route: &Route) -> Vec<Address> {
    let path = route.path.replace("{*", "{");
    if !path.contains(COLLECTION) {
        return vec![Address { route: *route, kind: None, path }];
    }
    let of_kind =
        |kind: &Kind| Address { route: *route, kind: Some(*kind), path: path.replace(COLLECTION, kind.collection()) };
    Kind::ALL.iter().map(of_kind).collect()
}

/// Every path with its operations, in the order of the routes.
pub fn paths(routes: &[Route], examples: &Examples) -> Map<String, Value> {
    let details = operations::all();
    let mut paths = Map::new();
    for address in routes.iter().flat_map(addresses) {
        let route = address.route;
        let known = details.iter().find(|known| known.method == route.method && known.path == route.path);
        let operation = match known {
            Some(known) => known.clone(),
            None => Operation::new(route.method, route.path, tag(route.path)),
        };
        let item = paths.entry(address.path.clone()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(item) = item {
            item.insert(route.method.to_owned(), written(&operation, &address, examples));
        }
    }
    paths
}

/// The group of an operation that is not described.
fn tag(path: &str) -> &'static str {
    if path.starts_with("/api/") || path.starts_with("/media/") { "delivery" } else { "operations" }
}

fn written(operation: &Operation, address: &Address, examples: &Examples) -> Value {
    let Route { summary, access, .. } = address.route;
    let summary = match address.kind {
        Some(kind) => format!("{summary} ({}s)", kind.words()),
        None => summary.to_owned(),
    };
    let mut object = Map::new();
    let mut add = |key: &str, value: Value| object.insert(key.to_owned(), value);
    add("operationId", name(address).into());
    add("tags", json!([operation.tag]));
    add("summary", summary.into());
    let description = description(operation, access);
    if !description.is_empty() {
        add("description", description.into());
    }
    match access {
        Access::Public => add("security", json!([])),
        Access::Token => add("security", json!([{ "previewToken": [] }, { "previewTokenInQuery": [] }])),
        Access::Key | Access::SignedIn => add("security", json!([{ "apiKey": [] }])),
        Access::Permission(permission) => add("security", json!([{ "apiKey": [permission.name()] }])),
    };
    if let Access::Permission(permission) = access {
        add("x-permission", permission.name().into());
    }
    let parameters = parameters(operation, address);
    if !parameters.is_empty() {
        add("parameters", Value::Array(parameters));
    }
    if let Some(body) = &operation.body {
        add("requestBody", body.clone());
    }
    add("responses", Value::Object(answers(operation, address, examples)));
    let operation = Value::Object(object);
    let mut operation = match address.kind {
        Some(kind) => of_kind(operation, kind),
        None => operation,
    };
    examples.show_in(&mut operation);
    operation
}

/// A name that is made of the method and the path, so that it stays as long as these do.
fn name(address: &Address) -> String {
    let mut words = vec![address.route.method.to_owned()];
    for step in address.path.split('/').filter(|step| !step.is_empty() && *step != "v1") {
        match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            Some(parameter) => words.extend(["by".to_owned(), parameter.to_owned()]),
            None => words.push(step.replace(['-', '.'], "_")),
        }
    }
    words.join("_")
}

fn description(operation: &Operation, access: Access) -> String {
    let access = match access {
        Access::Public | Access::Token => String::new(),
        Access::Key | Access::SignedIn => "Any valid key may call it.".to_owned(),
        Access::Permission(permission) => format!("Needs the permission `{}`.", permission.name()),
    };
    let parts = [operation.description, access.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn parameters(operation: &Operation, address: &Address) -> Vec<Value> {
    let mut parameters: Vec<Value> = path_parameters(&address.path)
        .map(|name| {
            let given = operation.path_schemas.iter().find(|(other, _)| *other == name);
            let schema = given.map_or_else(|| path_schema(name), |(_, schema)| schema.clone());
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    parameters.extend(operation.parameters.iter().cloned());
    if operation.names_version {
        parameters.push(parameter("IfMatch"));
    }
    if operation.takes_idempotency_key {
        parameters.push(parameter("IdempotencyKey"));
    }
    if operation.is_cached {
        parameters.extend([parameter("IfNoneMatch"), parameter("IfModifiedSince")]);
    }
    parameters
}

pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
}

fn path_schema(name: &str) -> Value {
    match name {
        "id" | "publication" | "delivery" => id(),
        "version" => whole(1, 2_147_483_647),
        "reference" => described(text(), "The reference of the report."),
        "secret" => described(text(), "The secret of the receipt."),
        _ => text(),
    }
}

fn answers(operation: &Operation, address: &Address, examples: &Examples) -> Map<String, Value> {
    let mut answers: Vec<(u16, Value)> = operation.answers.clone();
    for (status, answer) in &mut answers {
        show_problem(*status, answer, examples);
    }
    for status in problems(operation, address) {
        if !answers.iter().any(|(known, _)| *known == status) {
            answers.extend(responses::problem(status).map(|response| (status, response)));
        }
    }
    if !answers.iter().any(|(status, _)| *status < 400) {
        let response = json!({ "description": "As asked for.", "headers": responses::headers_of(&[]) });
        answers.push((200, response));
    }
    answers.sort_by_key(|(status, _)| *status);
    answers.into_iter().map(|(status, response)| (status.to_string(), response)).collect()
}

/// A problem that an operation describes itself shows what all others of its status show.
fn show_problem(status: u16, answer: &mut Value, examples: &Examples) {
    let shown = responses::problem_name(status).and_then(|name| examples.problem(name));
    let content = answer.get_mut("content").and_then(Value::as_object_mut);
    let json = content.into_iter().flatten().find(|(media_type, _)| is_json(media_type));
    if let (Some((_, Value::Object(content))), Some(shown)) = (json, shown) {
        content.insert("examples".to_owned(), shown);
    }
}

/// The problems that follow from what an operation takes, and those that it names.
fn problems(operation: &Operation, address: &Address) -> Vec<u16> {
    let mut problems = operation.problems.clone();
    if operation.method != "options" {
        problems.push(400);
    }
    match address.route.access {
        Access::Public => {}
        Access::Token => problems.push(401),
        Access::Key | Access::SignedIn | Access::Permission(_) => problems.extend([401, 403]),
    }
    if path_parameters(&address.path).next().is_some() {
        problems.push(404);
    }
    if operation.names_version {
        problems.extend([412, 428]);
    }
    if operation.body.is_some() {
        problems.extend([413, 415, 422]);
    }
    if operation.takes_idempotency_key {
        problems.extend([409, 422]);
    }
    problems.extend([500, 503]);
    problems
}

/// The same with the names of a kind's own schemas.
fn of_kind(value: Value, kind: Kind) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(KIND, schemas::name(kind))),
        Value::Array(items) => items.into_iter().map(|item| of_kind(item, kind)).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, of_kind(value, kind))).collect(),
        other => other,
    }
}
