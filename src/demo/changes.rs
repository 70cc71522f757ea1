//! Changes that the story makes to a content: small edits of its JSON, in terms that a person would use. It knows no
//! documents; names of documents and images have been put in place of by ids before.

use serde::Deserialize;
use serde_json::Value;

use crate::kernel::{Error, Result};

/// One edit. Pointers are JSON pointers into the content.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Change {
    /// Other words, wherever these stand.
    Words { from: String, to: String },
    /// Another value in this place.
    Put { at: String, value: Value },
    /// A thing more in a list: before the one at this place, or at the end (`-`).
    Insert { at: String, value: Value },
    /// A thing less.
    Take { at: String },
    /// A thing of a list in another place of the same list.
    Move { at: String, to: usize },
}

impl Change {
    /// Changes a content.
    ///
    /// # Errors
    /// [`Error::Bug`] if there is nothing that could be changed so.
    pub fn apply(self, content: &mut Value) -> Result<()> {
        match self {
            Self::Words { from, to } => match reword(content, &from, &to) {
                0 => Err(nowhere(&from)),
                _ => Ok(()),
            },
            Self::Put { at, value } => {
                let (around, key) = around(content, &at)?;
                let place = match around {
                    Value::Object(fields) => fields.entry(key).or_insert(Value::Null),
                    other => item(other, &key).ok_or_else(|| nowhere(&at))?,
                };
                *place = value;
                Ok(())
            }
            Self::Insert { at, value } => {
                let (items, position) = place(content, &at)?;
                let position = position.unwrap_or(items.len()).min(items.len());
                items.insert(position, value);
                Ok(())
            }
            Self::Take { at } => {
                take(content, &at)?;
                Ok(())
            }
            Self::Move { at, to } => {
                let moved = take(content, &at)?;
                let (items, _) = place(content, &at)?;
                items.insert(to.min(items.len()), moved);
                Ok(())
            }
        }
    }

    /// The values in which names of documents and images may stand.
    pub fn values(&mut self) -> Option<&mut Value> {
        match self {
            Self::Put { value, .. } | Self::Insert { value, .. } => Some(value),
            Self::Words { .. } | Self::Take { .. } | Self::Move { .. } => None,
        }
    }
}

fn reword(value: &mut Value, from: &str, to: &str) -> usize {
    match value {
        Value::String(text) if text.contains(from) => {
            *text = text.replace(from, to);
            1
        }
        Value::Array(items) => items.iter_mut().map(|item| reword(item, from, to)).sum(),
        Value::Object(fields) => fields.values_mut().map(|field| reword(field, from, to)).sum(),
        _ => 0,
    }
}

fn take(content: &mut Value, at: &str) -> Result<Value> {
    let (items, position) = place(content, at)?;
    match position.filter(|position| *position < items.len()) {
        Some(position) => Ok(items.remove(position)),
        None => Err(nowhere(at)),
    }
}

/// The list that a pointer leads into, and the place in it; none for its end.
fn place<'a>(content: &'a mut Value, at: &str) -> Result<(&'a mut Vec<Value>, Option<usize>)> {
    let (around, key) = around(content, at)?;
    let items = around.as_array_mut().ok_or_else(|| nowhere(at))?;
    Ok((items, key.parse().ok()))
}

fn around<'a>(content: &'a mut Value, at: &str) -> Result<(&'a mut Value, String)> {
    let (front, key) = at.rsplit_once('/').ok_or_else(|| nowhere(at))?;
    let around = content.pointer_mut(front).ok_or_else(|| nowhere(at))?;
    Ok((around, key.to_owned()))
}

fn item<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    value.as_array_mut()?.get_mut(key.parse::<usize>().ok()?)
}

fn nowhere(what: &str) -> Error {
    Error::bug(format!("nothing in the content is {what:?}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(change: Value, mut content: Value) -> Option<Value> {
        let change: Change = serde_json::from_value(change).unwrap();
        change.apply(&mut content).ok().map(|()| content)
    }

    #[test]
    fn each_change_does_what_it_says() {
        let content = json!({"title": "Old", "list": ["a", "b", "c"]});
        for (change, expected) in [
            (json!({"words": {"from": "Old", "to": "New"}}), json!({"title": "New", "list": ["a", "b", "c"]})),
            (json!({"put": {"at": "/list/1", "value": "x"}}), json!({"title": "Old", "list": ["a", "x", "c"]})),
            (json!({"put": {"at": "/title", "value": null}}), json!({"title": null, "list": ["a", "b", "c"]})),
            (json!({"insert": {"at": "/list/0", "value": "x"}}), json!({"title": "Old", "list": ["x", "a", "b", "c"]})),
            (json!({"insert": {"at": "/list/-", "value": "x"}}), json!({"title": "Old", "list": ["a", "b", "c", "x"]})),
            (json!({"take": {"at": "/list/1"}}), json!({"title": "Old", "list": ["a", "c"]})),
            (json!({"move": {"at": "/list/2", "to": 0}}), json!({"title": "Old", "list": ["c", "a", "b"]})),
        ] {
            assert_eq!(changed(change, content.clone()), Some(expected));
        }
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        let content = json!({"title": "Old", "list": ["a"]});
        for change in [
            json!({"words": {"from": "Young", "to": "New"}}),
            json!({"put": {"at": "/list/1", "value": "x"}}),
            json!({"put": {"at": "/nothing/here", "value": "x"}}),
            json!({"insert": {"at": "/title/0", "value": "x"}}),
            json!({"take": {"at": "/list/1"}}),
            json!({"take": {"at": "/list/-"}}),
        ] {
            assert_eq!(changed(change.clone(), content.clone()), None, "{change}");
        }
    }
}
