//! What machines ask to know whether the server works and what it can do.

use serde_json::json;

use super::{
    super::{
        responses::CACHED,
        schemas::{described, text},
    },
    Operation,
};

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
        get("/api/docs")
            .says("What stands in the OpenAPI document, to be read in a browser.")
            .answers_content(200, "The groups of operations.", CACHED, html())
            .cached(),
        get("/api/docs/{group}")
            .says("Its operations in full, and the schemas that they lead to.")
            .path_parameter("group", described(text(), "The name of the group, such as `delivery`."))
            .answers_content(200, "The page of the group.", CACHED, html())
            .cached(),
        get("/api/docs/try")
            .says("Where the forms of these pages lead: on to the address that was put together in them. The operation's own parameters come beside `operation`.")
            .needed_query("operation", described(text(), "The name of a public read."))
            .answers_content(303, "The address to read.", &["Location"], json!({}))
            .problem(404),
        get("/api/docs/style.css")
            .says("Of these pages.")
            .answers_content(200, "The style sheet.", CACHED, json!({ "text/css": {} }))
            .cached(),
    ]
}

fn html() -> serde_json::Value {
    json!({ "text/html": { "schema": text() } })
}
