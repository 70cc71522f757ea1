//! The contract in a form that programs read: an OpenAPI 3.1 document, made from the lists of routes, from the closed
//! lists of names in the code, and from what `operations` and `schemas` say beyond them.
//!
//! It knows no handlers. [`page`] shows the document to people. Decision (2026-11-22): written by hand, not derived from types. Context: content is read by a
//! reader of its own, so that derived schemas would describe what is stored and not what may be sent. Consequence: a new
//! route, or a new key, is described here once more; tests name the routes that are not.

mod examples;
mod operations;
pub mod page;
mod paths;
mod responses;
mod schemas;
#[cfg(test)]
mod tests;

use examples::Examples;
use serde_json::{Value, json};

use crate::web::Route;

const DESCRIPTION: &str = "Careers content: published pages for sites, documents and their history for people who write \
them, and the reports of visitors.\n\nTimes are RFC 3339 in UTC, keys are snake_case. New keys may be added to answers \
within this version of the API; none is renamed or removed. Errors are `application/problem+json` (RFC 9457). What stands \
under `/api/v1` and `/media` answers HEAD as well as GET, and needs no credentials.";

/// The OpenAPI document of a server that the public reaches at `public_url`.
pub fn document(public_url: &str, routes: &[Route]) -> Value {
    let tags: Vec<Value> = operations::TAGS
        .iter()
        .map(|(name, description)| json!({ "name": name, "description": description }))
        .collect();
    let examples = Examples::read();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rolebook",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "servers": [{ "url": public_url }],
        "tags": tags,
        "paths": paths::paths(routes, &examples),
        "components": {
            "schemas": schemas::all(),
            "responses": responses::responses(&examples),
            "parameters": responses::parameters(),
            "headers": responses::headers(),
            "examples": examples.problems(),
            "securitySchemes": {
                "previewToken": { "type": "http", "scheme": "bearer", "description": "The token of a preview link: `Authorization: Bearer TOKEN`." },
                "previewTokenInQuery": { "type": "apiKey", "in": "query", "name": "token", "description": "The same in the address." },
                "apiKey": { "type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer KEY`." },
            },
        },
    })
}
