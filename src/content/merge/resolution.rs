//! Settles conflicts as a person chose: for each, one side's part is put into the other version, so that both say the
//! same there, and the merge is made again. It decides nothing itself; what still conflicts afterwards is shown again.
//!
//! Decision (2026-11-22): choices are carried into the two versions instead of into the outcome. Context: an outcome that
//! is patched by hand can lose what the merge knows, such as what else was moved. Consequence: whatever somebody chooses,
//! the result is one that the merge itself stands for, and a choice that does not fit any more is a conflict again.

use serde_json::Value;

use super::{Conflict, Merge, Reason, merge};
use crate::content::compare::Things;

named! {
    /// Whose part stays.
    Side {
        Theirs = "theirs",
        Yours = "yours",
        /// Both texts, theirs first; for texts alone.
        Both = "both",
    }
}

/// Merges with the choices that were made: the pointer of a conflict, and the side that stays. Choices about what does
/// not conflict are not looked at; a choice for the empty pointer is one for the whole.
pub fn resolve(base: &Value, theirs: &Value, yours: &Value, choices: &[(String, Side)]) -> Merge {
    if let Some(side) = side_of(choices, "") {
        let whole = if side == Side::Theirs { theirs } else { yours };
        return Merge::clean(whole.clone());
    }
    let (mut theirs, mut yours) = (theirs.clone(), yours.clone());
    let mut outcome = merge(base, &theirs, &yours);
    while settle_one(&mut theirs, &mut yours, &outcome, choices) {
        outcome = merge(base, &theirs, &yours);
        if outcome.conflicts.is_empty() {
            break;
        }
    }
    outcome
}

/// Settles the outermost conflict that has been decided and can be settled. Each step makes the two versions more alike,
/// so that there is a last one.
fn settle_one(theirs: &mut Value, yours: &mut Value, outcome: &Merge, choices: &[(String, Side)]) -> bool {
    let mut conflicts: Vec<&Conflict> = outcome.conflicts.iter().collect();
    conflicts.sort_by_key(|conflict| conflict.pointer.len());
    for conflict in conflicts {
        let Some(side) = side_of(choices, &conflict.pointer) else { continue };
        let before = (theirs.clone(), yours.clone());
        settle(theirs, yours, conflict, side);
        if before != (theirs.clone(), yours.clone()) {
            return true;
        }
    }
    false
}

fn side_of(choices: &[(String, Side)], pointer: &str) -> Option<Side> {
    choices.iter().find(|(chosen, _)| chosen == pointer).map(|(_, side)| *side)
}

fn settle(theirs: &mut Value, yours: &mut Value, conflict: &Conflict, side: Side) {
    if conflict.pointer.is_empty() {
        match side {
            Side::Theirs => *yours = theirs.clone(),
            Side::Yours | Side::Both => *theirs = yours.clone(),
        }
        return;
    }
    if conflict.reason == Reason::Moved {
        match side {
            Side::Theirs => move_like(yours, theirs, &conflict.pointer),
            Side::Yours | Side::Both => move_like(theirs, yours, &conflict.pointer),
        }
        return;
    }
    match side {
        Side::Theirs => copy(theirs, yours, conflict),
        Side::Yours => copy(yours, theirs, conflict),
        Side::Both => {
            if let (Value::String(their_text), Value::String(your_text)) = (&conflict.theirs, &conflict.yours) {
                let both = Value::String(join(their_text, your_text));
                put(theirs, yours, &conflict.pointer, &both);
                if let Some(part) = yours.pointer_mut(&conflict.pointer) {
                    *part = both;
                }
            }
        }
    }
}

/// One text under the other; in rich text they are paragraphs of their own.
fn join(theirs: &str, yours: &str) -> String {
    if theirs.ends_with('\n') || yours.ends_with('\n') {
        format!("{}\n\n{}\n", theirs.trim_end(), yours.trim_end())
    } else {
        format!("{theirs} {yours}")
    }
}

/// Sets a part at the place that `pointer` names in `named_in`.
fn put(target: &mut Value, named_in: &Value, pointer: &str, value: &Value) {
    let place = translated(pointer, named_in, target);
    if let Some(part) = target.pointer_mut(&place) {
        *part = value.clone();
    }
}

/// Makes a part of `to` what it is in `from`: changed, put in, or taken out.
fn copy(from: &Value, to: &mut Value, conflict: &Conflict) {
    let in_from = [from, &*to].into_iter().find_map(|named| {
        let place = translated(&conflict.pointer, named, from);
        from.pointer(&place).filter(|part| same_thing(part, conflict)).map(|_| place)
    });
    let in_to = [from, &*to].into_iter().find_map(|named| {
        let place = translated(&conflict.pointer, named, to);
        to.pointer(&place).filter(|part| same_thing(part, conflict)).map(|_| place)
    });
    match (in_from, in_to) {
        (Some(source), Some(place)) => {
            let value = from.pointer(&source).cloned().unwrap_or_default();
            if let Some(part) = to.pointer_mut(&place) {
                *part = value;
            }
        }
        (Some(source), None) => insert(from, to, &source),
        (None, Some(place)) => {
            remove(to, &place);
        }
        (None, None) => {}
    }
}

/// A conflict about a thing is about the thing with its id, not about what stands at the same place by now.
fn same_thing(part: &Value, conflict: &Conflict) -> bool {
    let id = [&conflict.yours, &conflict.theirs, &conflict.base].iter().find_map(|value| value.get("id"));
    id.is_none_or(|id| part.get("id") == Some(id))
}

/// Puts the thing at `pointer` of `from` into the same list or field of `to`, behind the neighbour that it has there.
fn insert(from: &Value, to: &mut Value, pointer: &str) {
    let (Some(thing), Some((list, key))) = (from.pointer(pointer).cloned(), pointer.rsplit_once('/')) else { return };
    let place = translated(list, from, to);
    match to.pointer_mut(&place) {
        Some(Value::Array(items)) => {
            let position = key.parse::<usize>().unwrap_or(items.len());
            items.insert(position.min(items.len()), thing);
        }
        Some(Value::Object(fields)) => {
            fields.insert(key.to_owned(), thing);
        }
        _ => {}
    }
}

fn remove(from: &mut Value, pointer: &str) -> Option<Value> {
    let (container, key) = pointer.rsplit_once('/')?;
    match from.pointer_mut(container)? {
        Value::Array(items) => {
            let position = key.parse::<usize>().ok().filter(|position| *position < items.len())?;
            Some(items.remove(position))
        }
        Value::Object(fields) => fields.get_mut(key).map(Value::take),
        _ => None,
    }
}

/// Puts a thing of `to` where it stands in `from`.
fn move_like(to: &mut Value, from: &Value, pointer: &str) {
    let id = [&*to, from].iter().find_map(|value| {
        value.pointer(pointer).and_then(|thing| thing.get("id")).and_then(Value::as_str).map(str::to_owned)
    });
    let Some(id) = id else { return };
    let place = |value: &Value| Things::of(value).and_then(|things| things.get(&id).map(|thing| thing.pointer.clone()));
    let (Some(there), Some(here)) = (place(from), place(to)) else { return };
    let Some(thing) = remove(to, &here) else { return };
    let Some((list, key)) = there.rsplit_once('/') else { return };
    let target = translated(list, from, to);
    match to.pointer_mut(&target) {
        Some(Value::Array(items)) => {
            let position = key.parse::<usize>().unwrap_or(items.len());
            items.insert(position.min(items.len()), thing);
        }
        Some(Value::Object(fields)) => {
            fields.insert(key.to_owned(), thing);
        }
        _ => {}
    }
}

/// A pointer into `from` as one into `to`: whatever has an id on the way is looked for by it.
fn translated(pointer: &str, from: &Value, to: &Value) -> String {
    let Some(things) = Things::of(to) else { return pointer.to_owned() };
    let mut place = String::new();
    let mut way = String::new();
    for step in pointer.split('/').skip(1) {
        way = format!("{way}/{step}");
        place = format!("{place}/{step}");
        let id = from.pointer(&way).and_then(|value| value.get("id")).and_then(Value::as_str);
        if let Some(thing) = id.and_then(|id| things.get(id)) {
            place.clone_from(&thing.pointer);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::content::compare::samples::*;

    #[test]
    fn the_side_that_is_chosen_stays_and_the_rest_is_merged() {
        let base = json!({ "title": "Porter", "summary": "Old.", "sections": [{ "id": "a", "text": "one\n" }] });
        let theirs = json!({ "title": "Porter", "summary": "Theirs.", "sections": [{ "id": "n" }, { "id": "a", "text": "theirs\n" }] });
        let yours =
            json!({ "title": "Ward porter", "summary": "Yours.", "sections": [{ "id": "a", "text": "yours\n" }] });
        let choose = |summary, text| {
            let choices = [("/summary".to_owned(), summary), ("/sections/0/text".to_owned(), text)];
            resolve(&base, &theirs, &yours, &choices).merged.unwrap()
        };
        let merged = choose(Side::Yours, Side::Theirs);
        assert_eq!(merged["title"], "Ward porter");
        assert_eq!(merged["summary"], "Yours.");
        assert_eq!(merged["sections"][0]["id"], "n");
        assert_eq!(merged["sections"][1]["text"], "theirs\n");
        let merged = choose(Side::Theirs, Side::Both);
        assert_eq!(merged["summary"], "Theirs.");
        assert_eq!(merged["sections"][1]["text"], "theirs\n\nyours\n");
        let open = resolve(&base, &theirs, &yours, &[("/summary".to_owned(), Side::Yours)]);
        assert_eq!(open.conflicts.len(), 1, "what nobody chose is asked again");
    }

    #[test]
    fn what_one_removed_and_the_other_edited_goes_or_stays_as_chosen() {
        let base = json!({ "sections": [{ "id": "a", "text": "one" }, { "id": "b", "text": "two" }] });
        let without = json!({ "sections": [{ "id": "b", "text": "two" }] });
        let edited = json!({ "sections": [{ "id": "a", "text": "more" }, { "id": "b", "text": "two" }] });
        for (theirs, yours, side, stays) in [
            (&without, &edited, Side::Yours, true),
            (&without, &edited, Side::Theirs, false),
            (&edited, &without, Side::Yours, false),
            (&edited, &without, Side::Theirs, true),
        ] {
            let conflict = merge(&base, theirs, yours).conflicts.remove(0);
            let merged = resolve(&base, theirs, yours, &[(conflict.pointer, side)]).merged.unwrap();
            assert_eq!(&merged, if stays { &edited } else { &without }, "{side:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

        #[test]
        fn choosing_one_side_everywhere_settles_everything_in_a_few_rounds(
            base in documents(), ann in edits(8), bob in edits(8), mine in any::<bool>(),
        ) {
            let (theirs, yours) = (edited(&base, &ann, "ann", ""), edited(&base, &bob, "bob", ""));
            let side = if mine { Side::Yours } else { Side::Theirs };
            let mut choices: Vec<(String, Side)> = Vec::new();
            let mut outcome = merge(&base, &theirs, &yours);
            for _ in 0..12 {
                if outcome.conflicts.is_empty() { return Ok(()); }
                for conflict in &outcome.conflicts {
                    if side_of(&choices, &conflict.pointer).is_none() {
                        choices.push((conflict.pointer.clone(), side));
                    }
                }
                outcome = resolve(&base, &theirs, &yours, &choices);
            }
            choices.push((String::new(), side));
            outcome = resolve(&base, &theirs, &yours, &choices);
            prop_assert!(outcome.conflicts.is_empty(), "{:?}", outcome.conflicts);
        }
    }
}
