//! What answers and requests share: headers, parameters, and the problems that many operations answer.

use serde_json::{Map, Value, json};

use super::examples::Examples;

/// The problems that an operation can answer, by status: the name of the response, of its schema, and what it means.
const PROBLEMS: [(u16, &str, &str, &str); 14] = [
    (400, "Malformed", "InvalidProblem", "The request can't be read, or has a parameter that is wrong or unknown."),
    (401, "Unauthenticated", "Problem", "There is no valid key."),
    (403, "Forbidden", "ForbiddenProblem", "The key, or its owner, may not do this."),
    (404, "NotFound", "Problem", "There is no such thing."),
    (409, "Conflict", "ConflictProblem", "It does not fit the present state of things."),
    (410, "Resync", "Problem", "The cursor is of another time of this database: read everything again."),
    (412, "Stale", "StaleProblem", "Somebody saved a newer version; its ETag stands in the header where there is one."),
    (413, "TooLarge", "Problem", "The body is too large."),
    (415, "UnsupportedMediaType", "Problem", "The body is not of a media type that is read here."),
    (422, "Invalid", "InvalidProblem", "What was sent can be read, but parts of it can't be accepted."),
    (428, "PreconditionRequired", "Problem", "If-Match is missing."),
    (429, "TooManyRequests", "Problem", "Too much was sent in a short time."),
    (500, "ServerError", "ServerProblem", "The fault is the server's."),
    (503, "Unavailable", "ServerProblem", "The database or the store can't be reached at the moment."),
];

/// What an answer that caches may keep has for headers.
pub const CACHED: &[&str] = &[
    "ETag",
    "Last-Modified",
    "Cache-Control",
    "Surrogate-Key",
    "Vary",
    "Content-Encoding",
    "Access-Control-Allow-Origin",
];

/// The response of a status that is a problem; `None` if none of ours has the status.
pub fn problem(status: u16) -> Option<Value> {
    let name = problem_name(status)?;
    Some(json!({ "$ref": format!("#/components/responses/{name}") }))
}

/// The name of the response of a status that is a problem.
pub fn problem_name(status: u16) -> Option<&'static str> {
    PROBLEMS.iter().find(|(known, ..)| *known == status).map(|(_, name, ..)| *name)
}

/// The responses that operations refer to.
pub fn responses(examples: &Examples) -> Map<String, Value> {
    let responses = PROBLEMS.iter().map(|(status, name, schema, description)| {
        let more: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            412 => &["ETag"],
            429 | 503 => &["Retry-After"],
            _ => &[],
        };
        let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        let mut content = json!({ "schema": schema });
        if let (Some(content), Some(shown)) = (content.as_object_mut(), examples.problem(name)) {
            content.insert("examples".to_owned(), shown);
        }
        let response = json!({
            "description": description,
            "headers": headers_of(more),
            "content": { "application/problem+json": content },
        });
        ((*name).to_owned(), response)
    });
    responses.collect()
}

/// References to these headers, and to the one that every answer has.
pub fn headers_of(names: &[&str]) -> Value {
    let headers: Map<String, Value> = names
        .iter()
        .chain(&["X-Request-Id"])
        .map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") })))
        .collect();
    Value::Object(headers)
}

/// The headers that responses refer to.
pub fn headers() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let headers = [
        (
            "ETag",
            "The version, for If-Match; of cached answers a strong validator of the bytes, for If-None-Match.",
            text(),
        ),
        ("Last-Modified", "When what is answered changed last.", text()),
        (
            "Cache-Control",
            "For how long the answer may be used without asking again: shorter as a scheduled change nears.",
            text(),
        ),
        ("Surrogate-Key", "The ids of everything that the answer depends on, separated by spaces.", text()),
        ("Content-Encoding", "`gzip` or `br`, as asked for; such an answer has an ETag of its own.", text()),
        ("Vary", "The request headers that the answer depends on.", text()),
        ("Access-Control-Allow-Origin", "Which sites may read the answer in browsers.", text()),
        (
            "Location",
            "The address of the new thing, or of where it is now.",
            json!({ "type": "string", "format": "uri-reference" }),
        ),
        ("Retry-After", "After how many seconds to try again.", json!({ "type": "integer", "minimum": 0 })),
        ("WWW-Authenticate", "How to present a key.", text()),
        ("X-Request-Id", "Names the request in the server's log; an answer out of memory has none.", text()),
    ];
    let headers = headers
        .into_iter()
        .map(|(name, description, schema)| (name.to_owned(), json!({ "description": description, "schema": schema })));
    headers.collect()
}

/// The parameters that operations refer to.
pub fn parameters() -> Map<String, Value> {
    let parameters = [
        (
            "IfMatch",
            "If-Match",
            true,
            "The ETag of the version that was seen.",
            json!({ "type": "string", "pattern": "^\\s*\"[^\"]+\"\\s*$", "examples": ["\"3\""] }),
        ),
        (
            "IdempotencyKey",
            "Idempotency-Key",
            false,
            "The same request with the same key is carried out once and answered alike, for 24 hours.",
            json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
        ),
        (
            "IfNoneMatch",
            "If-None-Match",
            false,
            "ETags of answers that are known already.",
            json!({ "type": "string" }),
        ),
        (
            "IfModifiedSince",
            "If-Modified-Since",
            false,
            "The time of the answer that is known already.",
            json!({ "type": "string" }),
        ),
    ];
    let parameters = parameters.into_iter().map(|(name, header, required, description, schema)| {
        let parameter =
            json!({ "name": header, "in": "header", "required": required, "description": description, "schema": schema });
        (name.to_owned(), parameter)
    });
    parameters.collect()
}

/// A reference to one of [`parameters`].
pub fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}
