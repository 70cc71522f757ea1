//! Three-way merge of two versions that started from the same one, by ids and field by field. It works on the JSON of a
//! content, or of an object around it; it knows neither versions nor who wrote them.
//!
//! Decision (2026-11-22): things are followed by id through the whole document, so what one side moved and the other
//! edited is moved with the edit. Four questions are answered in this order: which things stay and where (`fates`), what
//! their own fields become (`fields`), in which order they stand (`arrangement`), and, if there are conflicts, what can
//! be shown in spite of them (`assembly`). The rest follows from one idea, that nothing anybody wrote may vanish unseen:
//!
//! - Removal against an edit, a move or an insertion in what was removed is one conflict, at the outermost thing removed.
//!   A removal within it, or another order, is no obstacle.
//! - A thing moved to two places is a conflict, and so are two moves that would put things into each other.
//! - Both changed the `kind` or the fields that come with it: the object conflicts as a whole, since half of each kind
//!   would be neither. An object without an id that only one side made, or both made differently, is taken whole too.
//! - In a list, yours is laid over theirs: what you inserted or moved goes behind the neighbour that it has with you. If
//!   both changed the order, that is announced and no conflict.
//! - The proposal can't show what has no room beside theirs; such a part of yours is a conflict of its own, so that it is
//!   seen.
//! - An id that stands twice in a document makes ids worthless; different edits then conflict as a whole.

mod arrangement;
mod assembly;
mod fates;
mod fields;
mod resolution;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::Value;

use super::compare::{Holding, Place, Things};

use assembly::Assembly;
use fates::Fates;
use fields::Fields;

pub use resolution::{Side, resolve};

/// What came of a merge.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// `None` if there are conflicts.
    pub merged: Option<Value>,
    /// The best that can be shown: everything merged, and theirs where there are conflicts.
    pub proposal: Value,
    pub conflicts: Vec<Conflict>,
    pub notes: Vec<Note>,
}

/// A part that can't be merged, as it stands in the three versions; `null` where it doesn't stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// JSON pointer into yours if the part exists there, else into theirs.
    pub pointer: String,
    #[serde(skip)]
    pub reason: Reason,
    pub base: Value,
    pub theirs: Value,
    pub yours: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Both changed it, differently.
    Changed,
    /// One removed what the other changed.
    Removed,
    /// Both put it elsewhere. The three values are the pointers at which it stands in the three versions.
    Moved,
    /// Both changed the rule, the count or the members of a group.
    Group,
    /// Yours is not in the proposal, because what other conflicts hold is in its way. Only the side that merges has
    /// these; all other conflicts are the same for both.
    Displaced,
}

/// Something that people should hear of though it was merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Both changed the order of a list, and yours was laid over theirs. The pointer leads to the list in yours.
    OrderChangedByBoth { pointer: String },
}

/// Something for each of the three versions.
#[derive(Clone, Copy, Debug)]
struct Three<T> {
    base: T,
    theirs: T,
    yours: T,
}

/// Merges what others saved (`theirs`) with what is about to be saved (`yours`); both started from `base`.
pub fn merge(base: &Value, theirs: &Value, yours: &Value) -> Merge {
    if base == yours || theirs == yours {
        Merge::clean(theirs.clone())
    } else if base == theirs {
        Merge::clean(yours.clone())
    } else {
        merge_by_ids(base, theirs, yours)
    }
}

fn merge_by_ids(base: &Value, theirs: &Value, yours: &Value) -> Merge {
    let as_a_whole = || Merge::conflicting(base, theirs, yours);
    let (Some(in_base), Some(in_theirs), Some(in_yours)) = (Things::of(base), Things::of(theirs), Things::of(yours))
    else {
        return as_a_whole();
    };
    let (Value::Object(old), Value::Object(their), Value::Object(your)) = (base, theirs, yours) else {
        return as_a_whole();
    };
    let things = Three { base: in_base, theirs: in_theirs, yours: in_yours };
    let fates = Fates::decide(&things);
    let Some(fields) = Fields::decide(&things, &fates, Three { base: old, theirs: their, yours: your }) else {
        return as_a_whole();
    };
    let is_replaced =
        |id: &str, conflict: &Conflict| conflict.reason == Reason::Removed && fields.replaced.contains(id);
    let about_things = fates.conflicts.iter().filter(|(id, conflict)| !is_replaced(id, conflict));
    let mut conflicts: Vec<Conflict> =
        about_things.map(|(_, conflict)| conflict).chain(&fields.conflicts).cloned().collect();
    match Assembly::new(&things, fates, fields).assemble(!conflicts.is_empty()) {
        Some(assembled) if Things::of(&assembled.document).is_some() => {
            let proposal = assembled.document;
            let merged = conflicts.is_empty().then(|| proposal.clone());
            add_unseen(&mut conflicts, assembled.conflicts);
            Merge { merged, proposal, conflicts, notes: assembled.notes }
        }
        _ => as_a_whole(),
    }
}

/// Adds the conflicts of which yours does not stand in others.
fn add_unseen(conflicts: &mut Vec<Conflict>, others: Vec<Conflict>) {
    for other in others {
        let shown = |conflict: &Conflict| {
            let inside = other
                .pointer
                .strip_prefix(&conflict.pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            inside && !conflict.yours.is_null() && conflict.reason != Reason::Moved
        };
        if !conflicts.iter().any(shown) {
            conflicts.push(other);
        }
    }
}

impl Merge {
    fn clean(merged: Value) -> Self {
        Self { merged: Some(merged.clone()), proposal: merged, conflicts: Vec::new(), notes: Vec::new() }
    }

    /// The documents can't be taken apart.
    fn conflicting(base: &Value, theirs: &Value, yours: &Value) -> Self {
        let conflict = Conflict {
            pointer: String::new(),
            reason: Reason::Changed,
            base: base.clone(),
            theirs: theirs.clone(),
            yours: yours.clone(),
        };
        Self { merged: None, proposal: theirs.clone(), conflicts: vec![conflict], notes: Vec::new() }
    }
}
