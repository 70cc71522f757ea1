//! Whatever is sent, the answer is the sender's fault, says where, and nothing half done stays behind.

use entity::{document, event, live_document, reference, user, version};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, pointers};

mod addresses;
mod bodies;
mod limits;

const JSON: (&str, &str) = ("content-type", "application/json");
const NOWHERE: &str = "00000000-0000-7000-8000-000000000001";

/// How many rows there are of what commands write.
async fn rows(app: &TestApp) -> [u64; 6] {
    let snapshot = app.app.database.read().await.unwrap();
    [
        document::Entity::find().count(&*snapshot).await.unwrap(),
        version::Entity::find().count(&*snapshot).await.unwrap(),
        event::Entity::find().count(&*snapshot).await.unwrap(),
        reference::Entity::find().count(&*snapshot).await.unwrap(),
        live_document::Entity::find().count(&*snapshot).await.unwrap(),
        user::Entity::find().count(&*snapshot).await.unwrap(),
    ]
}

/// An answer that says that the sender is at fault, in the shape of all problems.
#[track_caller]
fn refused(answer: &Answer, what: &str) -> Value {
    assert!(answer.status.is_client_error(), "{what}: {answer:?}");
    assert_eq!(answer.headers["content-type"], "application/problem+json", "{what}: {answer:?}");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    for key in ["type", "title", "detail", "instance"] {
        assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{what}: {key} in {problem}");
    }
    if matches!(answer.status.as_u16(), 400 | 422) {
        assert!(!pointers(&problem).is_empty(), "{what}: {problem}");
    }
    problem
}

/// The pointers of everything in a value.
fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, &format!("{pointer}/{key}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, value)| places(value, &format!("{pointer}/{key}"), found));
        }
        _ => {}
    }
}

fn other_types() -> Vec<Value> {
    let deep = json!([[[{ "a": [1] }]]]);
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(0.001),
        json!("x\u{0}y"),
        json!("\u{1b}[31m\u{7f}\u{85}"),
        json!(""),
        json!([]),
        json!({}),
        json!({ "kind": "x", "unknown": 1 }),
        deep,
    ]
}
