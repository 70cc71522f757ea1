//! What machines ask to know whether the server works and what it can do.

use serde_json::json;

use super::{super::responses::CACHED, Operation};

pub fn operations() -> Vec<Operation> {
    let get = |path| Operation::new("get", path, "operations");
    vec![
        get("/healthz").answers("Health"),
        get("/readyz").says("The database can be reached and is up to date.").answers("Health"),
        get("/api/v1/openapi.json")
            .answers_content(
                200,
                "An OpenAPI document.",
                CACHED,
                json!({ "application/json": { "schema": { "type": "object" } } }),
            )
            .cached(),
    ]
}
