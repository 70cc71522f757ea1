//! What the buttons of an editor do besides saving: add, move, duplicate, remove, split, join, put into groups. They work
//! on the JSON that the form stands for, by pointer; what comes of it is saved like anything typed.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::kernel::{Error, Fault, Result};

/// A button that was pressed: `verb:pointer:argument`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub verb: String,
    pub pointer: String,
    pub argument: String,
}

/// What it came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// The pointer to go back to.
    pub place: String,
    /// What people are told.
    pub said: String,
    /// Whether the version before is offered again.
    pub undo: bool,
}

impl Operation {
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (verb, pointer) = (parts.next()?, parts.next()?);
        let argument = parts.next().unwrap_or_default();
        let known = pointer.starts_with("/content/");
        known.then(|| Self { verb: verb.to_owned(), pointer: pointer.to_owned(), argument: argument.to_owned() })
    }

    /// Carries it out. `typed` finds what was typed in fields that belong to the button and not to the content;
    /// `new_id` makes ids.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it names something that is not there.
    pub fn carry_out(
        &self,
        body: &mut Value,
        typed: &dyn Fn(&str) -> String,
        new_id: &dyn Fn() -> Uuid,
    ) -> Result<Done> {
        let done = match self.verb.as_str() {
            "add" => self.add(body, new_id),
            "up" => self.step(body, false),
            "down" => self.step(body, true),
            "move" => self.put(body),
            "duplicate" => self.duplicate(body, new_id),
            "remove" => self.remove(body),
            "set" => self.set(body, new_id),
            "clear" => self.clear(body),
            "lines" => self.lines(body, typed, new_id),
            "split" => self.split(body, new_id),
            "join" => self.join(body),
            "group" => self.group(body, new_id),
            "into" => self.into(body),
            "out" => self.out(body),
            "top" => top(body),
            _ => None,
        };
        done.ok_or_else(|| {
            let detail = "The button belongs to something that is not there any more; look at the page again.";
            Error::Malformed(vec![Fault::new(self.pointer.clone(), "unknown-operation", detail)])
        })
    }

    fn add(&self, body: &mut Value, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let (kind, position) = self.argument.split_once('@').unwrap_or((&self.argument, ""));
        let thing = new_thing(kind, new_id)?;
        let items = list(body, &self.pointer)?;
        let position = position.parse::<usize>().unwrap_or(items.len()).min(items.len());
        items.insert(position, thing);
        Some(Done { place: format!("{}/{position}", self.pointer), ..Done::default() })
    }

    fn step(&self, body: &mut Value, down: bool) -> Option<Done> {
        let (parent, position) = place(&self.pointer)?;
        let items = list(body, parent)?;
        let target = if down { position + 1 } else { position.wrapping_sub(1) };
        if position >= items.len() {
            return None;
        }
        if target < items.len() {
            items.swap(position, target);
            let said = format!("Moved {}. Now {} of {}.", if down { "down" } else { "up" }, target + 1, items.len());
            return Some(Done { place: format!("{parent}/{target}"), said, undo: false });
        }
        self.across(body, parent, position, down)
    }

    /// Moves a block past the edge of its section into the next one.
    fn across(&self, body: &mut Value, parent: &str, position: usize, down: bool) -> Option<Done> {
        let here =
            || Some(Done { place: self.pointer.clone(), said: "It is at the edge already.".to_owned(), undo: false });
        let Some((section, number)) = parent.strip_suffix("/blocks").and_then(place) else { return here() };
        let other = if down { number + 1 } else { number.wrapping_sub(1) };
        if list(body, section)?.len() <= other {
            return here();
        }
        let block = list(body, parent)?.remove(position);
        let neighbour = format!("{section}/{other}/blocks");
        let blocks = list(body, &neighbour)?;
        let target = if down { 0 } else { blocks.len() };
        blocks.insert(target, block);
        Some(Done {
            place: format!("{neighbour}/{target}"),
            said: "Moved into the section beside.".to_owned(),
            undo: false,
        })
    }

    /// Puts it where it was dragged to: the argument is the pointer that it has then. Blocks may change their section.
    fn put(&self, body: &mut Value) -> Option<Done> {
        let (parent, position) = place(&self.pointer)?;
        let (target, wanted) = place(&self.argument)?;
        if !target.starts_with("/content/") {
            return None;
        }
        if parent != target && !(parent.ends_with("/blocks") && target.ends_with("/blocks")) {
            return None;
        }
        list(body, target)?;
        let items = list(body, parent)?;
        if position >= items.len() {
            return None;
        }
        let thing = items.remove(position);
        let items = list(body, target)?;
        let wanted = wanted.min(items.len());
        items.insert(wanted, thing);
        let said = format!("Moved. Now {} of {}.", wanted + 1, items.len());
        Some(Done { place: format!("{target}/{wanted}"), said, undo: false })
    }

    fn duplicate(&self, body: &mut Value, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let (parent, position) = place(&self.pointer)?;
        let items = list(body, parent)?;
        let mut copy = items.get(position)?.clone();
        renew_ids(&mut copy, new_id);
        items.insert(position + 1, copy);
        let said = "Duplicated. The copy stands behind it.".to_owned();
        Some(Done { place: format!("{parent}/{}", position + 1), said, undo: false })
    }

    fn remove(&self, body: &mut Value) -> Option<Done> {
        let (parent, position) = place(&self.pointer)?;
        let items = list(body, parent)?;
        if position >= items.len() {
            return None;
        }
        items.remove(position);
        let next = position.min(items.len().saturating_sub(1));
        let place = if items.is_empty() { parent.to_owned() } else { format!("{parent}/{next}") };
        Some(Done { place, said: "Removed.".to_owned(), undo: true })
    }

    /// Puts a new part into a field that was empty.
    fn set(&self, body: &mut Value, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let value = match self.argument.as_str() {
            "bands" | "range" | "progression" | "variable" => json!({ "kind": self.argument }),
            "object" => json!({}),
            kind => new_thing(kind, new_id)?,
        };
        let (parent, key) = self.pointer.rsplit_once('/')?;
        if body.pointer(parent).is_none() && parent == "/content/facts" {
            body.get_mut("content")?.as_object_mut()?.insert("facts".to_owned(), json!({}));
        }
        body.pointer_mut(parent)?.as_object_mut()?.insert(key.to_owned(), value);
        Some(Done { place: self.pointer.clone(), ..Done::default() })
    }

    fn clear(&self, body: &mut Value) -> Option<Done> {
        let (parent, key) = self.pointer.rsplit_once('/')?;
        let holder = body.pointer_mut(parent)?.as_object_mut()?;
        holder.shift_remove(key)?;
        // A thing with an id is a place on the page; of what has none, the field that is empty now.
        let place = if holder.contains_key("id") { parent.to_owned() } else { self.pointer.clone() };
        Some(Done { place, said: "Removed.".to_owned(), undo: true })
    }

    /// Many things at once, one a line.
    fn lines(&self, body: &mut Value, typed: &dyn Fn(&str) -> String, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let text = typed(&format!("lines:{}", self.pointer));
        let items = list(body, &self.pointer)?;
        let first = items.len();
        for line in split_lines(&text) {
            let mut thing = new_thing(&self.argument, new_id)?;
            thing.as_object_mut()?.insert("text".to_owned(), line.into());
            items.push(thing);
        }
        let added = items.len() - first;
        let said = if added == 0 { "No lines were typed.".to_owned() } else { format!("{added} added.") };
        let place = if added == 0 { self.pointer.clone() } else { format!("{}/{first}", self.pointer) };
        Some(Done { place, said, undo: false })
    }

    /// Begins a new section with the block and all that follow it.
    fn split(&self, body: &mut Value, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let (blocks, position) = place(&self.pointer)?;
        let (sections, number) = blocks.strip_suffix("/blocks").and_then(place)?;
        let items = list(body, blocks)?;
        if position >= items.len() {
            return None;
        }
        let rest = items.split_off(position);
        let section = json!({ "id": new_id(), "blocks": rest });
        list(body, sections)?.insert(number + 1, section);
        Some(Done {
            place: format!("{sections}/{}", number + 1),
            said: "A new section begins here.".to_owned(),
            undo: false,
        })
    }

    /// Puts the blocks of a section behind those of the section before.
    fn join(&self, body: &mut Value) -> Option<Done> {
        let (sections, number) = place(&self.pointer)?;
        let items = list(body, sections)?;
        if number == 0 || number >= items.len() {
            return None;
        }
        let mut section = items.remove(number);
        let blocks = section.get_mut("blocks").map(Value::take).unwrap_or_default();
        let before = format!("{sections}/{}", number - 1);
        let target = list(body, &format!("{before}/blocks"))?;
        if let Value::Array(blocks) = blocks {
            target.extend(blocks);
        }
        Some(Done {
            place: before,
            said: "Joined with the section before. Its heading is gone.".to_owned(),
            undo: true,
        })
    }

    /// Puts a group around a node of a requirement tree.
    fn group(&self, body: &mut Value, new_id: &dyn Fn() -> Uuid) -> Option<Done> {
        let node = body.pointer_mut(&self.pointer)?;
        let inner = node.take();
        *node = json!({ "id": new_id(), "kind": "group", "rule": "all_of", "items": [inner] });
        Some(Done { place: self.pointer.clone(), said: "It stands in a group of its own now.".to_owned(), undo: false })
    }

    /// Puts a node into the group before it.
    fn into(&self, body: &mut Value) -> Option<Done> {
        let (parent, position) = place(&self.pointer)?;
        let items = list(body, parent)?;
        let before = position.checked_sub(1)?;
        if position >= items.len() || items.get(before)?.get("kind")? != "group" {
            return None;
        }
        let node = items.remove(position);
        let group = format!("{parent}/{before}/items");
        let members = list(body, &group)?;
        members.push(node);
        let last = members.len() - 1;
        Some(Done { place: format!("{group}/{last}"), said: "Moved into the group above.".to_owned(), undo: false })
    }

    /// Takes a node out of its group; it stands behind it then.
    fn out(&self, body: &mut Value) -> Option<Done> {
        let (items, position) = place(&self.pointer)?;
        let (outer, number) = items.strip_suffix("/items").and_then(place)?;
        if body.pointer(outer)?.as_array().is_none() || position >= list(body, items)?.len() {
            return None;
        }
        let node = list(body, items)?.remove(position);
        list(body, outer)?.insert(number + 1, node);
        Some(Done { place: format!("{outer}/{}", number + 1), said: "Moved out of the group.".to_owned(), undo: false })
    }
}

/// The page stands below no other any more.
fn top(body: &mut Value) -> Option<Done> {
    body.as_object_mut()?.insert("parent".to_owned(), Value::Null);
    Some(Done { place: "/slug".to_owned(), said: "It stands at the top.".to_owned(), undo: false })
}

/// What was pasted, line by line, without what lists put before their items. Empty lines say nothing.
pub fn split_lines(text: &str) -> Vec<String> {
    text.lines().map(bare_line).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A line without its bullet or number. "2 A levels" begins with no number of a list: that has a point or a bracket.
fn bare_line(line: &str) -> &str {
    const BULLETS: [char; 12] = ['-', '–', '—', '*', '+', '•', '·', '◦', '▪', '●', '○', '\u{f0b7}'];
    let line = line.trim();
    if let Some(rest) = line.strip_prefix(BULLETS) {
        // A hyphen right before a word is part of it, as in "-5 degrees"; other signs never are.
        let is_sign = line.starts_with(['-', '–', '—', '+', '*']);
        return if !is_sign || rest.is_empty() || rest.starts_with(char::is_whitespace) {
            bare_line(rest)
        } else {
            line
        };
    }
    let numbered = line.strip_prefix('(').unwrap_or(line);
    let mark = numbered.find(['.', ')']);
    let Some((number, rest)) = mark.and_then(|mark| numbered.split_at_checked(mark)) else { return line };
    let is_number = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_lowercase()) && rest.starts_with(')');
    let rest = rest.get(1..).unwrap_or_default();
    let is_mark = !number.is_empty() && (is_number || is_letter) && rest.starts_with(char::is_whitespace);
    if is_mark { rest.trim() } else { line }
}

/// A pointer taken apart: the list, and the place in it.
fn place(pointer: &str) -> Option<(&str, usize)> {
    let (parent, position) = pointer.rsplit_once('/')?;
    Some((parent, position.parse().ok()?))
}

/// The list at a pointer; an empty one is made where there is none yet.
fn list<'a>(body: &'a mut Value, pointer: &str) -> Option<&'a mut Vec<Value>> {
    let (parent, key) = pointer.rsplit_once('/')?;
    if body.pointer(parent).is_none() && parent == "/content/facts" {
        body.get_mut("content")?.as_object_mut()?.insert("facts".to_owned(), json!({}));
    }
    let place = match body.pointer_mut(parent)? {
        Value::Object(fields) => fields.entry(key.to_owned()).or_insert(Value::Null),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?)?,
        _ => return None,
    };
    if place.is_null() {
        *place = Value::Array(Vec::new());
    }
    place.as_array_mut()
}

/// Something new, empty but for what it needs.
fn new_thing(kind: &str, new_id: &dyn Fn() -> Uuid) -> Option<Value> {
    let id = new_id();
    Some(match kind {
        "section" => json!({ "id": id, "blocks": [{ "id": new_id(), "kind": "text" }] }),
        "text" | "image" | "callout" | "details" | "roles" | "requirements" | "links" | "quote" | "facts" => {
            json!({ "id": id, "kind": kind })
        }
        "role" | "task" | "registration" => json!({ "id": id }),
        "essential" | "desirable" | "personal" | "digital" | "knowledge" => json!({ "id": id, "kind": kind }),
        "requirement" => json!({ "id": id, "kind": "requirement" }),
        "group" => json!({ "id": id, "kind": "group", "rule": "all_of", "items": [] }),
        "reference" => json!({ "id": id, "kind": "section" }),
        "link" | "standard" => Value::Object(Map::new()),
        "occupation_code" => json!({ "scheme": "uk-soc" }),
        route => {
            use crate::content::kinds::requirement::RouteKind;

            json!({ "id": id, "kind": RouteKind::from_name(route.strip_prefix("route-")?)?.name() })
        }
    })
}

/// A copied thing, and everything in it, needs ids of its own.
fn renew_ids(value: &mut Value, new_id: &dyn Fn() -> Uuid) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "id" {
                    *value = new_id().to_string().into();
                } else {
                    renew_ids(value, new_id);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| renew_ids(item, new_id)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn carried_out(body: &Value, operation: &str, typed: &str) -> Option<(Value, Done)> {
        let mut body = body.clone();
        let made = Cell::new(0_u128);
        let new_id = || {
            made.set(made.get() + 1);
            Uuid::from_u128(made.get())
        };
        let done = Operation::read(operation)?.carry_out(&mut body, &|_| typed.to_owned(), &new_id).ok()?;
        Some((body, done))
    }

    fn ids(value: &Value, pointer: &str) -> Vec<String> {
        let items = value.pointer(pointer).unwrap().as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap_or("?").to_owned()).collect()
    }

    fn page() -> Value {
        json!({ "content": { "sections": [
            { "id": "a", "blocks": [{ "id": "1", "kind": "text" }, { "id": "2", "kind": "text" }] },
            { "id": "b", "blocks": [{ "id": "3", "kind": "text" }] },
        ] } })
    }

    #[test]
    fn things_are_moved_duplicated_and_removed() {
        let (moved, done) = carried_out(&page(), "down:/content/sections/0", "").unwrap();
        assert_eq!(ids(&moved, "/content/sections"), ["b", "a"]);
        assert_eq!((done.place.as_str(), done.said.as_str()), ("/content/sections/1", "Moved down. Now 2 of 2."));
        let (moved, done) = carried_out(&page(), "move:/content/sections/1:/content/sections/0", "").unwrap();
        assert_eq!(ids(&moved, "/content/sections"), ["b", "a"]);
        assert_eq!((done.place.as_str(), done.said.as_str()), ("/content/sections/0", "Moved. Now 1 of 2."));
        let across = "move:/content/sections/0/blocks/0:/content/sections/1/blocks/1";
        let (moved, done) = carried_out(&page(), across, "").unwrap();
        assert_eq!(ids(&moved, "/content/sections/1/blocks"), ["3", "1"]);
        assert_eq!(done.place, "/content/sections/1/blocks/1");
        let (moved, done) = carried_out(&page(), "up:/content/sections/1/blocks/0", "").unwrap();
        assert_eq!(ids(&moved, "/content/sections/0/blocks"), ["1", "2", "3"]);
        assert_eq!(done.place, "/content/sections/0/blocks/2");
        let (same, _) = carried_out(&page(), "up:/content/sections/0/blocks/0", "").unwrap();
        assert_eq!(same, page());
        let (copied, _) = carried_out(&page(), "duplicate:/content/sections/0", "").unwrap();
        assert_eq!(ids(&copied, "/content/sections").len(), 3);
        assert_ne!(ids(&copied, "/content/sections/1/blocks"), ids(&copied, "/content/sections/0/blocks"));
        let (removed, done) = carried_out(&page(), "remove:/content/sections/1", "").unwrap();
        assert_eq!(ids(&removed, "/content/sections"), ["a"]);
        assert!(done.undo);
    }

    #[test]
    fn sections_are_split_and_joined() {
        let (split, _) = carried_out(&page(), "split:/content/sections/0/blocks/1", "").unwrap();
        assert_eq!(ids(&split, "/content/sections/1/blocks"), ["2"]);
        let (joined, _) = carried_out(&page(), "join:/content/sections/1", "").unwrap();
        assert_eq!(ids(&joined, "/content/sections/0/blocks"), ["1", "2", "3"]);
        assert!(carried_out(&page(), "join:/content/sections/0", "").is_none());
    }

    #[test]
    fn nodes_of_a_tree_go_into_groups_and_out_of_them() {
        let tree = json!({ "content": { "requirements": { "id": "g", "kind": "group", "items": [
            { "id": "h", "kind": "group", "items": [{ "id": "x", "kind": "requirement" }] },
            { "id": "y", "kind": "requirement" },
        ] } } });
        let (into, done) = carried_out(&tree, "into:/content/requirements/items/1", "").unwrap();
        assert_eq!(ids(&into, "/content/requirements/items/0/items"), ["x", "y"]);
        assert_eq!(done.place, "/content/requirements/items/0/items/1");
        let (out, _) = carried_out(&tree, "out:/content/requirements/items/0/items/0", "").unwrap();
        assert_eq!(ids(&out, "/content/requirements/items"), ["h", "x", "y"]);
        let (grouped, _) = carried_out(&tree, "group:/content/requirements", "").unwrap();
        assert_eq!(ids(&grouped, "/content/requirements/items"), ["g"]);
        assert!(carried_out(&tree, "into:/content/requirements/items/0", "").is_none());
        assert!(carried_out(&tree, "out:/content/requirements/items/0", "").is_none());
        let (added, _) =
            carried_out(&tree, "lines:/content/requirements/items/0/items:requirement", "- one\n\n• two").unwrap();
        assert_eq!(added.pointer("/content/requirements/items/0/items/2/text").unwrap(), "two");
    }

    #[test]
    fn bullets_and_numbers_are_no_part_of_a_line() {
        for (line, bare) in [
            ("- a licence", "a licence"),
            ("  • a licence", "a licence"),
            ("•a licence", "a licence"),
            ("* * a licence", "a licence"),
            ("1. a licence", "a licence"),
            ("12) a licence", "a licence"),
            ("(3) a licence", "a licence"),
            ("b) a licence", "a licence"),
            ("\u{f0b7}\ta licence", "a licence"),
            ("2 A levels", "2 A levels"),
            ("2.5 years", "2.5 years"),
            ("2026. It was", "2026. It was"),
            ("-5 degrees", "-5 degrees"),
            ("(UK) licence", "(UK) licence"),
            ("E. coli", "E. coli"),
            ("-", ""),
        ] {
            assert_eq!(bare_line(line), bare, "{line}");
        }
        assert_eq!(split_lines("1. one\n\n  \n2. two\n"), ["one", "two"]);
    }

    #[test]
    fn what_is_not_there_is_refused() {
        for operation in [
            "up:/content/sections/9",
            "remove:/content/sections/9",
            "duplicate:/content/title",
            "add:/content/sections:colour",
            "split:/content/sections/0",
            "set:/content/nowhere/pay:bands",
            "explode:/content/sections/0",
            "up:/slug",
            "move:/content/sections/0:/content/sections/1/blocks/0",
            "move:/content/sections/0/blocks/0:/content/sections/9/blocks/0",
            "move:/content/sections/0/blocks/9:/content/sections/1/blocks/0",
            "move:/content/sections/0:/slug/0",
            "move:/content/sections/0",
            "nothing",
        ] {
            assert!(carried_out(&page(), operation, "").is_none(), "{operation}");
        }
        let (set, _) = carried_out(&page(), "set:/content/facts/pay:bands", "").unwrap();
        assert_eq!(set.pointer("/content/facts/pay/kind").unwrap(), "bands");
        let (cleared, _) = carried_out(&set, "clear:/content/facts/pay", "").unwrap();
        assert!(cleared.pointer("/content/facts/pay").is_none());
    }
}
