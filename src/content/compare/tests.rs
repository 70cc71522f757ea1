//! Comparisons that people meet, and what holds for all of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    What, compare,
    samples::*,
    words::{WordOp, word_differences},
};

fn reported(from: &Value, to: &Value) -> Vec<(String, What, String)> {
    compare(from, to).changes.into_iter().map(|change| (change.pointer, change.what, change.label)).collect()
}

fn page() -> Value {
    json!({"slug": "ict", "content": {
        "title": "ICT",
        "sections": [
            {"id": "s1", "heading": "Working life", "blocks": [{"id": "b1", "kind": "text", "markdown": "You fix faults."}]},
            {"id": "s2", "heading": "Roles", "blocks": [{"id": "b2", "kind": "roles", "introduction": "", "roles": [
                {"id": "r1", "title": "Network manager", "markdown": "", "tasks": [
                    {"id": "t1", "text": "one"}, {"id": "t2", "text": "two"}, {"id": "t3", "text": "three"},
                ]},
            ]}]},
        ],
        "facts": {"pay": {"kind": "range", "minimum": 20}, "tasks": []},
        "requirements": {"id": "g", "kind": "group", "rule": "all_of", "count": null, "lead_in": "You need:", "items": [
            {"id": "n", "kind": "requirement", "text": "4 GCSEs", "qualification": {"level": {"framework": "RQF", "level": "2"}}},
        ]},
    }})
}

#[test]
fn the_shape_of_a_comparison() {
    let mut to = page();
    to["content"]["sections"][0]["blocks"][0]["markdown"] = json!("You fix many faults.");
    insta::assert_json_snapshot!(compare(&page(), &to), @r#"
    {
      "summary": [
        "Text changed in “Working life”"
      ],
      "changes": [
        {
          "pointer": "/content/sections/0/blocks/0/markdown",
          "what": "changed",
          "label": "Text in “Working life”",
          "words": [
            {
              "op": "equal",
              "text": "You fix "
            },
            {
              "op": "insert",
              "text": "many "
            },
            {
              "op": "equal",
              "text": "faults."
            }
          ],
          "from": "You fix faults.",
          "to": "You fix many faults."
        }
      ]
    }
    "#);
}

#[test]
fn every_part_has_a_name_for_people() {
    let mut to = page();
    let content = &mut to["content"];
    content["title"] = json!("IT");
    content["sections"][0]["heading"] = json!("Daily life");
    content["sections"][1]["blocks"][0]["roles"][0]["tasks"][1]["text"] = json!("second");
    content["facts"]["pay"]["minimum"] = json!(21);
    content["requirements"]["rule"] = json!("at_least");
    content["requirements"]["count"] = json!(2);
    content["requirements"]["items"][0]["qualification"]["level"]["level"] = json!("3");
    content["requirements"]["items"][0]["text"] = json!("5 GCSEs");
    let comparison = compare(&page(), &to);
    let labels: Vec<&str> = comparison.changes.iter().map(|change| change.label.as_str()).collect();
    let rule = "Rule of group “You need:”, from “all of” to “at least 2 of”";
    assert_eq!(
        labels,
        [
            "Title",
            "Heading of section “Daily life”",
            "Task 2 of role “Network manager”",
            "Pay: minimum",
            rule,
            rule,
            "Requirement “5 GCSEs”",
            "Level of requirement “5 GCSEs”",
        ]
    );
    assert_eq!(
        comparison.summary,
        [
            "Rule of group “You need:” changed from “all of” to “at least 2 of”",
            "Level raised from RQF 2 to RQF 3 in requirement “5 GCSEs”",
            "Title changed",
            "Heading of section “Daily life” changed",
            "Task 2 of role “Network manager” changed",
            "Pay: minimum changed",
            "Requirement “5 GCSEs” changed",
        ]
    );
}

#[test]
fn as_few_things_as_possible_are_moved_and_a_moved_one_can_change_too() {
    let mut to = page();
    let tasks = to["content"]["sections"][1]["blocks"][0]["roles"][0]["tasks"].as_array_mut().unwrap();
    tasks.rotate_left(1);
    tasks[2]["text"] = json!("first");
    let label = "Task 3 of role “Network manager”".to_owned();
    let pointer = "/content/sections/1/blocks/0/roles/0/tasks/2";
    assert_eq!(
        reported(&page(), &to),
        [(pointer.to_owned(), What::Moved, label.clone()), (format!("{pointer}/text"), What::Changed, label)]
    );
}

#[test]
fn a_block_in_another_section_is_moved_even_if_its_section_is_gone_or_new() {
    let mut to = page();
    let block = to["content"]["sections"][0]["blocks"][0].clone();
    to["content"]["sections"][0] = json!({"id": "s9", "heading": "New", "blocks": [block]});
    let changes = reported(&page(), &to);
    let what: Vec<(What, &str)> = changes.iter().map(|(_, what, label)| (*what, label.as_str())).collect();
    assert_eq!(
        what,
        [(What::Removed, "Section “Working life”"), (What::Added, "Section “New”"), (What::Moved, "Text in “New”"),]
    );
    assert_eq!(compare(&page(), &to).changes[2].from, "/content/sections/0/blocks/0");
}

#[test]
fn levels_rise_fall_and_change_their_framework() {
    let with = |framework: &str, level: &str| {
        let mut page = page();
        page["content"]["requirements"]["items"][0]["qualification"]["level"] =
            json!({"framework": framework, "level": level});
        page
    };
    let said = |to: Value| compare(&page(), &to).summary;
    assert_eq!(said(with("RQF", "3")), ["Level raised from RQF 2 to RQF 3 in requirement “4 GCSEs”"]);
    assert_eq!(said(with("RQF", "entry")), ["Level lowered from RQF 2 to RQF entry in requirement “4 GCSEs”"]);
    assert_eq!(said(with("SCQF", "5")), ["Level changed from RQF 2 to SCQF 5 in requirement “4 GCSEs”"]);
}

#[test]
fn a_summary_counts_and_ends_in_time() {
    let section = |number: usize| json!({"id": format!("x{number}"), "heading": null, "blocks": []});
    let mut to = page();
    to["content"]["sections"].as_array_mut().unwrap().extend([section(1), section(2)]);
    assert_eq!(compare(&page(), &to).summary, ["2 sections added"]);
    let fields = |value: u32| Value::Object((0..12).map(|key| (format!("field_{key}"), json!(value))).collect());
    let summary = compare(&fields(1), &fields(2)).summary;
    assert_eq!(summary.len(), 9);
    assert_eq!(summary[0], "Field 0 changed");
    assert_eq!(summary[8], "and 4 more changes");
}

#[test]
fn replaced_words_next_to_each_other_are_shown_together() {
    let words = word_differences("You fix old faults.\n\nDaily.\n", "You solve new faults.\n\nWeekly.\n");
    let told: Vec<(WordOp, &str)> = words.iter().map(|words| (words.op, words.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (WordOp::Equal, "You "),
            (WordOp::Delete, "fix old"),
            (WordOp::Insert, "solve new"),
            (WordOp::Equal, " faults.\n\n"),
            (WordOp::Delete, "Daily"),
            (WordOp::Insert, "Weekly"),
            (WordOp::Equal, ".\n"),
        ]
    );
}

#[test]
fn long_texts_that_have_nothing_in_common_are_compared_quickly() {
    let text = |word: &str| (0..20_000).map(|number| format!("{word}{number} ")).collect::<String>();
    let begun = std::time::Instant::now();
    assert_eq!(word_differences(&text("a"), &text("b")).len(), 2);
    assert!(begun.elapsed().as_secs() < 10);
}

fn cases() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) }
}

fn joined(words: &[super::Words], without: WordOp) -> String {
    words.iter().filter(|words| words.op != without).map(|words| words.text.as_str()).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn word_differences_give_both_texts_back(old in "[ab \n.é‘-]{0,40}", new in "[ab \n.é‘-]{0,40}") {
        let words = word_differences(&old, &new);
        prop_assert_eq!(joined(&words, WordOp::Insert), old);
        prop_assert_eq!(joined(&words, WordOp::Delete), new);
        prop_assert!(words.windows(2).all(|pair| pair[0].op != pair[1].op));
        prop_assert!(words.iter().all(|words| !words.text.is_empty()));
    }

    #[test]
    fn every_edit_is_reported_where_it_stands(base in documents(), edits in edits(8)) {
        let edited = edited(&base, &edits, "ann", "");
        let comparison = compare(&base, &edited);
        prop_assert_eq!(comparison.changes.is_empty(), base == edited);
        prop_assert_eq!(comparison.summary.is_empty(), base == edited);
        for change in comparison.changes {
            match change.what {
                What::Added => prop_assert_eq!(edited.pointer(&change.pointer), Some(&change.to)),
                What::Removed => prop_assert!([base.pointer(&change.pointer), Some(&Value::Null)].contains(&Some(&change.from)) || edited.pointer(&change.pointer) == Some(&Value::Null)),
                What::Moved => prop_assert!(base.pointer(change.from.as_str().unwrap()).is_some()),
                What::Changed => prop_assert_eq!(edited.pointer(&change.pointer), Some(&change.to)),
            }
            if let (What::Changed, Value::String(old), Value::String(new)) = (change.what, &change.from, &change.to) {
                prop_assert_eq!(&joined(&change.words, WordOp::Insert), old);
                prop_assert_eq!(&joined(&change.words, WordOp::Delete), new);
            }
        }
    }

    #[test]
    fn what_is_added_one_way_is_removed_the_other_way(base in documents(), edits in edits(8)) {
        let edited = edited(&base, &edits, "ann", "");
        let values = |from: &Value, to: &Value, what: What| {
            let changes = compare(from, to).changes.into_iter().filter(move |change| change.what == what);
            changes.map(|change| format!("{} {}", change.from, change.to)).collect::<BTreeSet<String>>()
        };
        let turned = |from: &Value, to: &Value, what: What| {
            let changes = compare(from, to).changes.into_iter().filter(move |change| change.what == what);
            changes.map(|change| format!("{} {}", change.to, change.from)).collect::<BTreeSet<String>>()
        };
        prop_assert_eq!(values(&base, &edited, What::Added), turned(&edited, &base, What::Removed));
        prop_assert_eq!(values(&base, &edited, What::Removed), turned(&edited, &base, What::Added));
    }

    #[test]
    fn anything_can_be_compared(from in any_json(), to in any_json()) {
        prop_assert_eq!(compare(&from, &to).changes.is_empty(), from == to);
        prop_assert!(compare(&from, &from).changes.is_empty());
    }
}
