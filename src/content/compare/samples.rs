//! Made-up documents and edits for the property tests of compare and merge.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Things;

/// What one person does, and two numbers that say where.
pub type Edit = (u8, u16, u16);

/// Documents with few or many things of each sort.
pub fn documents() -> impl Strategy<Value = Value> {
    prop::collection::vec(0_u8..4, 6..14).prop_map(|sizes| document(&sizes))
}

/// Fewer than `most` edits of any sort.
pub fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((0_u8..16, any::<u16>(), any::<u16>()), 0..most)
}

/// Any JSON, with ids here and there, sometimes twice.
pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0_i32..4).prop_map(Value::from),
        "[a-c ]{0,6}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let keys = prop::sample::select(vec!["id", "kind", "items", "rule", "count", "a/b~", "text"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..4).prop_map(|fields| {
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()
            }),
        ]
    })
}

/// A role page and a requirement section in one, so that every sort of thing is there.
pub fn document(sizes: &[u8]) -> Value {
    let mut sizes = sizes.iter().copied().cycle();
    let mut number = 0;
    let mut many = |key: &str, parts: &mut dyn FnMut(&mut dyn FnMut() -> String, usize) -> Value| {
        let count = usize::from(sizes.next().unwrap_or(1));
        let mut id = || {
            number += 1;
            format!("{key}-{number}")
        };
        (0..count).map(|place| parts(&mut id, place)).collect::<Vec<Value>>()
    };
    let tasks = many("task", &mut |id, _| thing("tasks", &id(), "a task"));
    let skills = many("skill", &mut |id, _| thing("skills", &id(), "a skill"));
    let routes = many("route", &mut |id, place| {
        let mut route = thing("routes", &id(), "a route");
        if place.is_multiple_of(2) {
            route["requirements"] = tree(id, 2);
        }
        route
    });
    let sections = many("section", &mut |id, place| {
        let mut section = thing("sections", &id(), "a section");
        let blocks: Vec<Value> = (0..=place).map(|_| thing("blocks", &id(), "a block")).collect();
        section["blocks"] = blocks.into();
        let mut roles = json!({"id": id(), "kind": "roles", "introduction": "Roles:", "roles": []});
        let mut role = thing("roles", &id(), "a role");
        role["tasks"] = json!([thing("tasks", &id(), "one"), thing("tasks", &id(), "two")]);
        roles["roles"] = json!([role, thing("roles", &id(), "another role")]);
        section["blocks"].as_array_mut().unwrap().push(roles);
        section
    });
    let requirements = many("node", &mut |id, _| tree(id, 3)).pop().unwrap_or_default();
    json!({
        "slug": "a-slug", "parent": null, "language": "en-GB",
        "content": {
            "title": "A title", "alternative_titles": ["one", "two"], "summary": "A summary", "lead_image": null,
            "sections": sections, "learn_more": [{"text": "More", "url": "/more"}],
            "facts": {
                "pay": {"kind": "range", "minimum": 20, "maximum": 30, "as_of": null},
                "tasks": tasks, "skills": skills, "career_path": "",
            },
            "requirements": requirements, "routes": routes,
        }
    })
}

/// Carries out the edits on the parts of a document of which the pointers begin with `scope`.
pub fn edited(document: &Value, edits: &[Edit], who: &str, scope: &str) -> Value {
    let mut document = document.clone();
    for (number, (what, at, to)) in edits.iter().enumerate() {
        let name = format!("{who}-{number}");
        edit(&mut document, *what, usize::from(*at), usize::from(*to), &name, scope);
    }
    document
}

fn edit(document: &mut Value, what: u8, at: usize, to: usize, name: &str, scope: &str) {
    let things = pick(all(document, scope, &|_, value| super::things::id_of(value).is_some()), at);
    let groups = pick(all(document, scope, &|_, value| value["kind"] == "group"), at);
    match what {
        0..=2 => {
            let texts = ["title", "summary", "heading", "markdown", "text", "lead_in", "introduction", "career_path"];
            let at = pick(all(document, scope, &|key, value| texts.contains(&key) && value.is_string()), at);
            set(document, at, |_| json!(format!("{name} a few words")));
        }
        3 => drop(things.and_then(|at| take(document, &at))),
        4..=5 => insert(document, at, to, scope, None, |key| thing(key, name, name)),
        6..=9 => {
            let Some(from) = things else { return };
            let Some(moved) = take(document, &from) else { return };
            let key = from.rsplit('/').find(|key| key.parse::<usize>().is_err()).unwrap_or_default().to_owned();
            let key = if key == "requirements" { "items".to_owned() } else { key };
            insert(document, to, to / 7, scope, Some(&key), |_| moved.clone());
        }
        10 => set(document, groups, |group| {
            group["rule"] = json!("at_least");
            group["count"] = json!(to % 3 + 1);
            group.take()
        }),
        11 => {
            let node = |key: &str, value: &Value| {
                (key == "requirements" || key.parse::<usize>().is_ok()) && value["kind"] == "group"
            };
            let at = pick(all(document, scope, &node), at);
            set(document, at, |inner| {
                let mut group = thing("items", name, name);
                group["kind"] = json!("group");
                group["rule"] = json!("one_of");
                group["items"] = json!([inner.take()]);
                group
            });
        }
        12 => set(
            document,
            pick(all(document, scope, &|_, value| value["kind"] == "text"), at),
            |block| json!({"id": block["id"], "kind": "callout", "tone": "tip", "heading": name, "markdown": block["markdown"]}),
        ),
        13 => set(
            document,
            pick(all(document, scope, &|_, value| value["kind"] == "roles"), at),
            |block| json!({"id": block["id"], "kind": "text", "markdown": name}),
        ),
        14 => {
            let lists = ["alternative_titles", "learn_more", "pay"];
            set(document, pick(all(document, scope, &|key, _| lists.contains(&key)), at), |old| {
                if old.is_object() { json!({"kind": "variable", "note": name}) } else { json!([name]) }
            });
        }
        _ => {
            let slots = all(document, scope, &|key, value| key == "requirements" && !value.is_array());
            set(
                document,
                pick(slots, at),
                |_| if to.is_multiple_of(2) { Value::Null } else { thing("items", name, name) },
            );
        }
    }
}

fn thing(list: &str, id: &str, text: &str) -> Value {
    match list {
        "sections" => json!({"id": id, "heading": text, "display": "plain", "blocks": []}),
        "blocks" => json!({"id": id, "kind": "text", "markdown": text}),
        "roles" => json!({"id": id, "title": text, "markdown": "", "tasks": [], "page": null}),
        "routes" => json!({"id": id, "kind": "work", "introduction": text, "requirements": null, "links": []}),
        "items" => json!({"id": id, "kind": "requirement", "text": text, "qualification": null}),
        _ => json!({"id": id, "text": text}),
    }
}

fn tree(id: &mut dyn FnMut() -> String, depth: usize) -> Value {
    let mut items = vec![thing("items", &id(), "a requirement"), thing("items", &id(), "another")];
    if depth > 1 {
        items.push(tree(id, depth - 1));
    }
    json!({"id": id(), "kind": "group", "rule": "all_of", "count": null, "lead_in": null, "items": items})
}

/// The pointers in scope at which something of the sort stands; the key is the last step.
fn all(document: &Value, scope: &str, is: &dyn Fn(&str, &Value) -> bool) -> Vec<String> {
    fn find(value: &Value, pointer: &str, is: &dyn Fn(&str, &Value) -> bool, found: &mut Vec<String>) {
        if is(pointer.rsplit('/').next().unwrap_or_default(), value) {
            found.push(pointer.to_owned());
        }
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| find(value, &format!("{pointer}/{key}"), is, found));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(place, item)| find(item, &format!("{pointer}/{place}"), is, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    find(document, "", is, &mut found);
    found.retain(|pointer| pointer.starts_with(scope));
    found
}

fn pick(found: Vec<String>, at: usize) -> Option<String> {
    let count = found.len();
    found.into_iter().nth(at.checked_rem(count)?)
}

fn set(document: &mut Value, at: Option<String>, change: impl FnOnce(&mut Value) -> Value) {
    if let Some(value) = at.and_then(|at| document.pointer_mut(&at)) {
        *value = change(value);
    }
}

fn take(document: &mut Value, pointer: &str) -> Option<Value> {
    let (around, last) = pointer.rsplit_once('/')?;
    match document.pointer_mut(around)? {
        Value::Array(items) => Some(items.remove(last.parse().ok()?)),
        other => Some(other[last].take()),
    }
}

fn insert(
    document: &mut Value,
    at: usize,
    to: usize,
    scope: &str,
    only: Option<&str>,
    new: impl FnOnce(&str) -> Value,
) {
    let keys = ["sections", "blocks", "roles", "tasks", "skills", "routes", "items"];
    let fits = |key: &str, value: &Value| value.is_array() && only.map_or(keys.contains(&key), |only| only == key);
    let Some(list) = pick(all(document, scope, &fits), at) else { return };
    let key = list.rsplit('/').next().unwrap_or_default().to_owned();
    if let Some(Value::Array(items)) = document.pointer_mut(&list) {
        items.insert(to % (items.len() + 1), new(&key));
    }
}

/// What a pointer into a document leads to, told by ids and not by positions: a thing, or a field that may hold one.
pub fn target(document: &Value, pointer: &str, is_thing: bool) -> String {
    let things = Things::of(document).unwrap();
    let around = things.ids().iter().map(|id| (*id, things.get(id).unwrap()));
    let in_list = |pointer: &str| pointer.rsplit('/').next().is_some_and(|key| key.parse::<usize>().is_ok());
    let nearest = around
        .filter(|(_, thing)| {
            pointer
                .strip_prefix(&thing.pointer)
                .is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && (is_thing || in_list(&thing.pointer))))
        })
        .max_by_key(|(_, thing)| thing.pointer.len());
    nearest.map_or(pointer.to_owned(), |(id, thing)| format!("{id}{}", &pointer[thing.pointer.len()..]))
}
