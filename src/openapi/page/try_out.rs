//! Trying a public read from the page: a plain form, whose fields become the address of the request. What is left empty is
//! left out of it.

use maud::{Markup, html};
use serde_json::Value;
use url::{Url, form_urlencoded::Serializer};

use crate::web::Query;

use super::{ADDRESS, Entry, every, followed, text};

/// Names the operation that is tried, among the fields of the form.
const OPERATION: &str = "operation";

/// Whether anybody may read it, without credentials and without changing anything.
pub fn is_tried(entry: Entry<'_>) -> bool {
    let is_public = entry.operation.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty);
    // The form that tries the others is not tried itself.
    entry.method == "get" && is_public && !entry.path.starts_with(ADDRESS)
}

pub fn form(document: &Value, entry: Entry<'_>) -> Markup {
    let id = text(entry.operation, "operationId");
    html! {
        details {
            summary { "Try it" }
            form method="get" action={ (ADDRESS) "/try" } {
                input type="hidden" name=(OPERATION) value=(id);
                @for (parameter, place) in parameters(document, entry) { (field(id, parameter, place)) }
                p { button aria-describedby=(id) { "Ask" } }
            }
        }
    }
}

fn field(id: &str, parameter: &Value, place: Place) -> Markup {
    let name = text(parameter, "name");
    let field = format!("{id}-{name}");
    let choices = parameter.pointer("/schema/enum").and_then(Value::as_array);
    html! {
        p {
            label for=(field) { (name) }
            @match choices {
                Some(choices) => {
                    select id=(field) name=(name) {
                        option value="" { "–" }
                        @for choice in choices.iter().filter_map(Value::as_str) { option value=(choice) { (choice) } }
                    }
                }
                None => { input id=(field) name=(name) required[place == Place::Path] autocomplete="off"; }
            }
        }
    }
}

/// Where a parameter stands that can be typed into a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Path,
    Query,
}

fn parameters<'a>(document: &'a Value, entry: Entry<'a>) -> impl Iterator<Item = (&'a Value, Place)> {
    let all = entry.operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    all.map(|parameter| followed(document, parameter)).filter_map(|parameter| match text(parameter, "in") {
        "path" => Some((parameter, Place::Path)),
        "query" => Some((parameter, Place::Query)),
        _ => None,
    })
}

/// The address that a form asks for; `None` if it names no operation that can be tried. What is missing in it is among the
/// faults of the query, and so is whatever the operation doesn't know.
pub fn address(document: &Value, query: &mut Query) -> Option<String> {
    let Some(id) = query.text(OPERATION) else {
        query.fault(OPERATION, "missing-parameter", "It says what is to be tried.");
        return None;
    };
    let entry = every(document).find(|entry| is_tried(*entry) && text(entry.operation, "operationId") == id)?;
    let mut path = entry.path.to_owned();
    let mut rest = Serializer::new(String::new());
    for (parameter, place) in parameters(document, entry) {
        let name = text(parameter, "name");
        let value = query.text(name).filter(|value| !value.is_empty());
        match (place, value) {
            (Place::Path, Some(value)) => path = path.replace(&format!("{{{name}}}"), &encoded(&value)),
            (Place::Path, None) => query.fault(name, "missing-parameter", "It is a part of the address."),
            (Place::Query, Some(value)) => {
                rest.append_pair(name, &value);
            }
            (Place::Query, None) => {}
        }
    }
    let rest = rest.finish();
    Some(if rest.is_empty() { path } else { format!("{path}?{rest}") })
}

/// A part of a path; slashes in it stay as they are.
fn encoded(value: &str) -> String {
    let Ok(mut url) = Url::parse("http://localhost/") else { return String::new() };
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.clear().extend(value.split('/'));
    }
    url.path().trim_start_matches('/').to_owned()
}
