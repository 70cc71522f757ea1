//! What the document promises about itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{document, operations, paths};
use crate::{app, web::Access};

fn whole() -> Value {
    document("https://careers.example", &app::routes())
}

/// Calls `visit` with every object in a value.
fn visit_objects<'a>(value: &'a Value, visit: &mut dyn FnMut(&'a serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|value| visit_objects(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| visit_objects(item, visit)),
        _ => {}
    }
}

fn references(document: &Value) -> BTreeSet<&str> {
    let mut references = BTreeSet::new();
    visit_objects(document, &mut |object| {
        references.extend(object.get("$ref").and_then(Value::as_str));
        if let Some(mapping) = object.get("mapping").and_then(Value::as_object) {
            references.extend(mapping.values().filter_map(Value::as_str));
        }
    });
    references
}

#[test]
fn every_route_has_an_operation_that_is_described() {
    let document = whole();
    let described = operations::all();
    for route in app::routes() {
        let is_described = described.iter().any(|known| known.method == route.method && known.path == route.path);
        assert!(is_described, "{} {} has no entry in openapi::operations", route.method, route.path);
        for address in paths::addresses(&route) {
            let operation = &document["paths"][&address.path][route.method];
            assert!(operation.is_object(), "{} {} is missing", route.method, address.path);
            assert!(operation["responses"].as_object().unwrap().keys().any(|status| status.as_str() < "400"));
        }
    }
}

#[test]
fn every_description_is_of_a_route_and_of_a_tag() {
    let routes = app::routes();
    let mut seen = BTreeSet::new();
    for known in operations::all() {
        let has_route = routes.iter().any(|route| route.method == known.method && route.path == known.path);
        assert!(has_route, "{} {} is described and is no route", known.method, known.path);
        assert!(seen.insert((known.method, known.path)), "{} {} is described twice", known.method, known.path);
        assert!(operations::TAGS.iter().any(|(tag, _)| *tag == known.tag), "{} is no tag", known.tag);
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document = whole();
    let references = references(&document);
    for reference in &references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let reference = format!("#/components/schemas/{name}");
        assert!(references.contains(reference.as_str()), "nothing refers to {name}");
    }
}

#[test]
fn names_of_operations_are_unique_and_no_placeholder_is_left() {
    let document = whole();
    let mut names = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name), "{name} stands twice");
        }
    }
    assert!(!document.to_string().contains("{Kind}"));
    assert!(
        document["paths"].as_object().unwrap().keys().all(|path| !path.contains('*') && !path.contains("{collection}"))
    );
}

#[test]
fn parameters_of_paths_are_declared_and_permissions_named() {
    let document = whole();
    for route in app::routes() {
        for address in paths::addresses(&route) {
            let operation = &document["paths"][&address.path][route.method];
            let declared: Vec<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            assert_eq!(declared, paths::path_parameters(&address.path).collect::<Vec<_>>());
            match route.access {
                Access::Permission(permission) => assert_eq!(operation["x-permission"], permission.name()),
                Access::Key | Access::SignedIn | Access::Public | Access::Token => {
                    assert!(operation["x-permission"].is_null())
                }
            }
        }
    }
}

#[test]
fn what_may_be_sent_and_what_is_answered_have_the_keys_of_the_code() {
    let document = whole();
    let settings = serde_json::to_value(crate::site::Settings::default()).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let schemas = &document["components"]["schemas"];
    assert_eq!(keys(&schemas["Settings"]["properties"]), keys(&settings));
    assert_eq!(keys(&schemas["SettingsInput"]["properties"]), keys(&settings));
    let content = |name: &str| keys(&schemas[name]["properties"]);
    assert_eq!(content("RolePageContent"), content("RolePageContentInput"));
    assert_eq!(content("RequirementSectionContent"), content("RequirementSectionContentInput"));
}
