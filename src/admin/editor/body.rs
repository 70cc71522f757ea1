//! The form of an editor as JSON and back: the name of a field is the JSON pointer of the value that it edits, so the form
//! of a content, what is wrong with it and what its checks say all speak of the same places.
//!
//! Decision (2026-11-22): the form shape of a kind is its written JSON (`shapes.md`) with whatever was typed in it, not a
//! struct of strings a kind. Context: the content's own reader is strict and names every fault by pointer, and a second
//! set of structs would have to be kept equal to it, field by field. Consequence: a form that was refused is drawn again
//! from the same value, wrong parts included; a test sends the largest contents through their forms and back.
//!
//! Rich text arrives here as Markdown, whatever a field sent (`received.rs`). What stands behind `#` in a name says how the text becomes a value: `number`, `flag`, `lines` (one a line), `set` (ticked
//! boxes), `level`, `reference` (an empty one is null), `object` (it is there, whatever is in it). Without it the value is
//! the text, and an empty text is left out.

use serde_json::{Map, Number, Value};

use crate::kernel::{Error, Fault, Result};

/// Parts that are there only if something is in them.
const LEFT_OUT_IF_EMPTY: [&str; 3] = ["hours", "code", "source"];

/// What an editor sent: slug, parent, language, note and content, as the reader of drafts takes them.
///
/// # Errors
/// [`Error::Malformed`] for names that no form of ours has.
pub fn assemble(pairs: &[(String, String)]) -> Result<Value> {
    let mut body = Value::Object(Map::new());
    fill(&mut body, pairs)?;
    Ok(body)
}

fn fill(body: &mut Value, pairs: &[(String, String)]) -> Result<()> {
    for (name, text) in pairs {
        let Some((pointer, kind)) = split(name) else { continue };
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        let outcome = match kind {
            "" if text.is_empty() => reach(body, &steps, Leaf::Container),
            "" => reach(body, &steps, Leaf::Set(Value::String(text.clone()))),
            "object" => reach(body, &steps, Leaf::Object),
            "number" => reach(body, &steps, optional(number(text))),
            "flag" => reach(body, &steps, Leaf::Set(Value::Bool(text == "true"))),
            "level" => reach(body, &steps, optional(level(text))),
            "reference" if text.is_empty() => reach(body, &steps, Leaf::Set(Value::Null)),
            "reference" => reach(body, &steps, Leaf::Set(Value::String(text.clone()))),
            "lines" => reach(body, &steps, Leaf::Set(lines(text))),
            "set" => reach(body, &steps, Leaf::Append(Value::String(text.clone()))),
            _ => None,
        };
        if outcome.is_none() {
            let detail = "The form has a field that belongs to no form of ours.";
            return Err(Error::Malformed(vec![Fault::new(name.clone(), "unknown-field", detail)]));
        }
    }
    leave_out_empty(body);
    Ok(())
}

/// Lays fields over a body: what they name is what they say, everything else stays. The places of lists have to be there.
///
/// # Errors
/// [`Error::Malformed`] for names that lead nowhere in this body.
pub fn lay_over(body: &mut Value, pairs: &[(String, String)]) -> Result<()> {
    for (name, _) in pairs {
        let Some((pointer, _)) = split(name) else { continue };
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        if clear(body, &steps).is_none() {
            let detail = "There is no such place in the version that this was written on.";
            return Err(Error::Malformed(vec![Fault::new(name.clone(), "unknown-place", detail)]));
        }
    }
    // A set of which nothing is chosen is sent as one empty value.
    let chosen = |(name, text): &&(String, String)| !(text.is_empty() && name.ends_with("#set"));
    let pairs: Vec<(String, String)> = pairs.iter().filter(chosen).cloned().collect();
    fill(body, &pairs)
}

/// Takes a value away. `None` if the way to it leads through a list that does not reach so far.
fn clear(value: &mut Value, steps: &[&str]) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *value = Value::Null;
        return Some(());
    };
    match value {
        Value::Array(items) => clear(items.get_mut(step.parse::<usize>().ok()?)?, rest),
        Value::Object(fields) if rest.is_empty() => {
            fields.remove(*step);
            Some(())
        }
        Value::Object(fields) => match fields.get_mut(*step) {
            Some(inside) if !inside.is_null() => clear(inside, rest),
            _ if rest.iter().any(|step| is_position(step)) => None,
            _ => Some(()),
        },
        _ => None,
    }
}

fn is_position(step: &str) -> bool {
    step.bytes().all(|byte| byte.is_ascii_digit())
}

/// The pointer of a field and how its text is read; `None` for fields that are about the form and not the content.
fn split(name: &str) -> Option<(&str, &str)> {
    if !name.starts_with('/') {
        return None;
    }
    Some(name.split_once('#').unwrap_or((name, "")))
}

/// What becomes of the last step of a pointer.
enum Leaf {
    Set(Value),
    Append(Value),
    /// An object is there; what it holds comes by itself.
    Object,
    /// Nothing but what stands around it.
    Container,
}

fn optional(value: Option<Value>) -> Leaf {
    value.map_or(Leaf::Container, Leaf::Set)
}

/// Walks to a place, making lists and objects on the way. A list grows by one item at a time.
fn reach(value: &mut Value, steps: &[&str], leaf: Leaf) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else { return finish(value, leaf) };
    if rest.is_empty() && matches!(leaf, Leaf::Container) {
        return Some(());
    }
    let inside = match value {
        Value::Array(items) => {
            let position: usize = step.parse().ok()?;
            if position == items.len() {
                items.push(Value::Null);
            }
            items.get_mut(position)?
        }
        Value::Object(fields) => fields.entry((*step).to_owned()).or_insert(Value::Null),
        _ => return None,
    };
    if let (Value::Null, Some(next)) = (&*inside, rest.first()) {
        *inside = if is_position(next) { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    reach(inside, rest, leaf)
}

fn finish(place: &mut Value, leaf: Leaf) -> Option<()> {
    match leaf {
        Leaf::Set(value) => *place = value,
        Leaf::Append(value) => match place {
            Value::Array(items) => items.push(value),
            Value::Null => *place = Value::Array(vec![value]),
            _ => return None,
        },
        Leaf::Object => {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
        }
        Leaf::Container => {}
    }
    Some(())
}

/// A number, or the text itself, about which the reader then says what is wrong.
fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let plain = text.replace([',', ' '], "");
    if let Ok(whole) = plain.parse::<i64>() {
        return Some(whole.into());
    }
    let number = plain.parse::<f64>().ok().and_then(Number::from_f64);
    Some(number.map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

fn level(text: &str) -> Option<Value> {
    let (framework, level) = text.split_once(':')?;
    Some(serde_json::json!({ "framework": framework, "level": level }))
}

fn lines(text: &str) -> Value {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect()
}

fn leave_out_empty(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(leave_out_empty);
            fields.retain(|key, value| !(LEFT_OUT_IF_EMPTY.contains(&key.as_str()) && is_empty(value)));
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_empty),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

/// A value as a field of one line shows it.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
    }
}

/// A list of texts as a field of several lines shows it.
pub fn lines_of(value: &Value) -> String {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(text_of).collect::<Vec<_>>().join("\n")
}

/// A level as the options of a list name it.
pub fn level_of(value: &Value) -> String {
    let part = |key| value.get(key).map(text_of).unwrap_or_default();
    if value.is_object() { format!("{}:{}", part("framework"), part("level")) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Value> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assemble(&pairs)
    }

    #[test]
    fn names_are_pointers_and_empty_texts_leave_only_what_stands_around_them() {
        let body = of(&[
            ("version", "3"),
            ("/slug", ""),
            ("/parent#reference", ""),
            ("/content/title", "Porter"),
            ("/content/sections/0/id", "a"),
            ("/content/sections/0/heading", ""),
            ("/content/sections/0/blocks/0/links/0/text", ""),
            ("/content/sections/0/blocks/0/links/0/url", ""),
            ("/content/facts/hours/minimum#number", "37.5"),
            ("/content/facts/hours/maximum#number", "many"),
            ("/content/facts/uniform#lines", " a \n\n b"),
            ("/content/facts/nations#set", "england"),
            ("/content/facts/nations#set", "wales"),
            ("/content/facts/level#level", "RQF:3"),
            ("/content/facts/source/title", ""),
            ("/content/facts/qualification#object", ""),
        ]);
        let expected = json!({
            "parent": null,
            "content": {
                "title": "Porter",
                "sections": [{ "id": "a", "blocks": [{ "links": [{}] }] }],
                "facts": {
                    "hours": { "minimum": 37.5, "maximum": "many" },
                    "uniform": ["a", "b"],
                    "nations": ["england", "wales"],
                    "level": { "framework": "RQF", "level": "3" },
                    "qualification": {},
                },
            },
        });
        assert_eq!(body.unwrap(), expected);
    }

    #[test]
    fn fields_laid_over_a_body_change_what_they_name_and_nothing_else() {
        let body = json!({ "slug": "a", "content": {
            "title": "Porter", "summary": "Old.",
            "sections": [{ "id": "s", "blocks": [{ "id": "b", "show": ["pay", "tasks"] }] }],
            "facts": { "hours": { "minimum": 5 }, "tasks": ["one"] },
        } });
        let lay = |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            let mut laid = body.clone();
            lay_over(&mut laid, &pairs).map(|()| laid)
        };
        let laid = lay(&[
            ("/content/summary", ""),
            ("/content/sections/0/blocks/0/show#set", "skills"),
            ("/content/sections/0/blocks/0/show#set", "pay"),
            ("/content/facts/hours/minimum#number", ""),
            ("/content/facts/pay/currency", "GBP"),
            ("/content/facts/tasks#lines", "one\ntwo"),
        ]);
        let expected = json!({ "slug": "a", "content": {
            "title": "Porter",
            "sections": [{ "id": "s", "blocks": [{ "id": "b", "show": ["skills", "pay"] }] }],
            "facts": { "tasks": ["one", "two"], "pay": { "currency": "GBP" } },
        } });
        assert_eq!(laid.unwrap(), expected);
        let none = lay(&[("/content/sections/0/blocks/0/show#set", "")]).unwrap();
        assert_eq!(none.pointer("/content/sections/0/blocks/0"), Some(&json!({ "id": "b" })));
        for name in ["/content/sections/1/heading", "/content/learn_more/0/text", "/content/title/deeper"] {
            assert!(matches!(lay(&[(name, "x")]), Err(Error::Malformed(_))), "{name}");
        }
    }

    #[test]
    fn what_no_form_sends_is_refused() {
        for (name, text) in [
            ("/content/sections/2/id", "a"),
            ("/content/sections/99999999999999999999/id", "a"),
            ("/content/title#colour", "x"),
        ] {
            assert!(matches!(of(&[("/content/sections/0/id", "1"), (name, text)]), Err(Error::Malformed(_))), "{name}");
        }
        assert!(of(&[("/content/title", "x"), ("/content/title/deeper", "x")]).is_err());
    }
}
