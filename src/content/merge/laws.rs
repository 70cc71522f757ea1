//! What holds for every merge, tried with made-up documents and edits.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use crate::content::compare::{Things, samples::*};

use super::{Conflict, Merge, Reason, merge, merge_by_ids};

fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_only_one_side_did_is_the_result(base in documents(), edits in edits(10)) {
        let edited = edited(&base, &edits, "ann", "");
        for (theirs, yours) in [(&base, &edited), (&edited, &base), (&edited, &edited)] {
            for merge in [merge(&base, theirs, yours), merge_by_ids(&base, theirs, yours)] {
                prop_assert_eq!(&merge.conflicts, &Vec::new());
                prop_assert_eq!(merge.merged.as_ref(), Some(&edited));
                prop_assert_eq!(&merge.notes, &Vec::new());
            }
        }
    }

    #[test]
    fn nothing_that_anybody_wrote_is_lost(base in documents(), ann in edits(8), bob in edits(8)) {
        let (theirs, yours) = (edited(&base, &ann, "ann", ""), edited(&base, &bob, "bob", ""));
        let Merge { merged, proposal, conflicts, .. } = merge(&base, &theirs, &yours);
        prop_assert_eq!(merged.is_none(), !conflicts.is_empty());
        let shown = texts(&proposal);
        let in_conflict: BTreeSet<String> = conflicts.iter().flat_map(|conflict| texts(&conflict.yours)).collect();
        for text in texts(&theirs).into_iter().filter(|text| text.contains("ann")) {
            prop_assert!(shown.contains(&text), "{} is lost", text);
        }
        for text in texts(&yours).into_iter().filter(|text| text.contains("bob")) {
            prop_assert!(shown.contains(&text) || in_conflict.contains(&text), "{} is lost", text);
        }
        let things = [&base, &theirs, &yours, &proposal].map(|document| Things::of(document).expect("ids are unique"));
        for id in things[0].ids().iter().filter(|id| things[1].contains(id) && things[2].contains(id)) {
            prop_assert!(things[3].contains(id), "{} is lost", id);
        }
    }

    #[test]
    fn both_sides_see_the_same_conflicts(base in documents(), ann in edits(8), bob in edits(8)) {
        let (theirs, yours) = (edited(&base, &ann, "ann", ""), edited(&base, &bob, "bob", ""));
        let here = merge(&base, &theirs, &yours);
        let there = merge(&base, &yours, &theirs);
        prop_assert_eq!(targets(&here.conflicts, &theirs, &yours), targets(&there.conflicts, &yours, &theirs));
    }

    #[test]
    fn edits_of_different_sections_never_conflict(
        sizes in prop::collection::vec(2_u8..4, 6), ann in edits(8), bob in edits(8),
    ) {
        let base = document(&sizes);
        let (theirs, yours) = ("/content/sections/0/", "/content/sections/1/");
        let both = edited(&edited(&base, &ann, "ann", theirs), &bob, "bob", yours);
        let merge = merge(&base, &edited(&base, &ann, "ann", theirs), &edited(&base, &bob, "bob", yours));
        prop_assert_eq!(merge.conflicts, Vec::new());
        prop_assert_eq!(merge.merged, Some(both));
    }

    #[test]
    fn a_merge_keeps_the_order_of_keys(base in documents(), ann in edits(6), bob in edits(6)) {
        let merge = merge(&base, &edited(&base, &ann, "ann", ""), &edited(&base, &bob, "bob", ""));
        let keys = |value: &Value| value["content"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        prop_assert_eq!(keys(&merge.proposal), keys(&base));
    }

    #[test]
    fn anything_can_be_merged(base in any_json(), theirs in any_json(), yours in any_json()) {
        let result = merge(&base, &theirs, &yours);
        prop_assert_eq!(result.merged.is_none(), !result.conflicts.is_empty());
        prop_assert_eq!(merge(&base, &base, &yours).merged, Some(yours));
    }
}

fn texts(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) => BTreeSet::from([text.clone()]),
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        _ => BTreeSet::new(),
    }
}

fn targets(conflicts: &[Conflict], theirs: &Value, yours: &Value) -> BTreeSet<String> {
    let in_yours = |conflict: &Conflict| {
        let is_empty = conflict.reason == Reason::Changed && yours.pointer(&conflict.pointer) == Some(&Value::Null);
        !conflict.yours.is_null() || is_empty
    };
    conflicts
        .iter()
        .filter(|conflict| conflict.reason != Reason::Displaced)
        .map(|conflict| {
            let document = if in_yours(conflict) { yours } else { theirs };
            target(document, &conflict.pointer, conflict.reason != Reason::Changed)
        })
        .collect()
}
