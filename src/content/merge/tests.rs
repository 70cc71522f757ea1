//! Merges that people meet, one by one.

use serde_json::{Value, json};

use super::{Note, Reason, merge};

fn page(sections: Value) -> Value {
    json!({"slug": "a", "content": {"title": "T", "sections": sections, "requirements": null}})
}

fn section(id: &str, blocks: &[(&str, &str)]) -> Value {
    let blocks: Vec<Value> =
        blocks.iter().map(|(id, text)| json!({"id": id, "kind": "text", "markdown": text})).collect();
    json!({"id": id, "heading": id, "blocks": blocks})
}

fn tree(rule: &str, ids: &[&str]) -> Value {
    let items: Vec<Value> = ids.iter().map(|id| json!({"id": id, "kind": "requirement", "text": id})).collect();
    json!({"requirements": {"id": "g", "kind": "group", "rule": rule, "count": null, "items": items}})
}

fn tasks(ids: &[&str]) -> Value {
    json!({"tasks": ids.iter().map(|id| json!({"id": id, "text": id})).collect::<Vec<_>>()})
}

fn conflicts(base: &Value, theirs: &Value, yours: &Value) -> Vec<(String, Reason)> {
    merge(base, theirs, yours).conflicts.into_iter().map(|conflict| (conflict.pointer, conflict.reason)).collect()
}

#[test]
fn a_field_that_both_changed_conflicts_with_its_three_values() {
    let (base, theirs, yours) =
        (json!({"slug": "a", "n": 1}), json!({"slug": "b", "n": 1}), json!({"slug": "c", "n": 2}));
    let merge = merge(&base, &theirs, &yours);
    assert_eq!(merge.merged, None);
    assert_eq!(merge.proposal, json!({"slug": "b", "n": 2}));
    assert_eq!(
        serde_json::to_string(&merge.conflicts).unwrap(),
        r#"[{"pointer":"/slug","base":"a","theirs":"b","yours":"c"}]"#
    );
}

#[test]
fn both_insertions_stay_and_theirs_comes_first() {
    let merge = merge(&tasks(&["a", "b"]), &tasks(&["a", "t", "b", "t2"]), &tasks(&["a", "y", "b", "y2"]));
    assert_eq!(merge.merged, Some(tasks(&["a", "t", "y", "b", "t2", "y2"])));
    assert_eq!(merge.notes, []);
}

#[test]
fn two_moves_in_one_list_are_both_kept_and_announced() {
    let merge = merge(&tasks(&["a", "b", "c", "d"]), &tasks(&["b", "c", "a", "d"]), &tasks(&["d", "a", "b", "c"]));
    assert_eq!(merge.merged, Some(tasks(&["d", "b", "c", "a"])));
    assert_eq!(merge.notes, [Note::OrderChangedByBoth { pointer: "/tasks".to_owned() }]);
}

#[test]
fn a_thing_that_both_moved_stands_where_you_put_it() {
    let merge = merge(&tasks(&["a", "b", "c"]), &tasks(&["b", "a", "c"]), &tasks(&["b", "c", "a"]));
    assert_eq!(merge.merged, Some(tasks(&["b", "c", "a"])));
    assert_eq!(merge.notes.len(), 1);
}

#[test]
fn a_block_that_moved_to_another_section_takes_the_edit_of_the_other_side_along() {
    let base = page(json!([section("s", &[("a", "one"), ("b", "two")]), section("u", &[])]));
    let theirs = page(json!([section("s", &[("b", "two")]), section("u", &[("a", "one")])]));
    let yours = page(json!([section("s", &[("a", "edited"), ("b", "two")]), section("u", &[])]));
    let merged = page(json!([section("s", &[("b", "two")]), section("u", &[("a", "edited")])]));
    assert_eq!(merge(&base, &theirs, &yours).merged.as_ref(), Some(&merged));
    assert_eq!(merge(&base, &yours, &theirs).merged.as_ref(), Some(&merged));
}

#[test]
fn a_block_that_both_moved_elsewhere_is_a_conflict() {
    let base = page(json!([section("s", &[("a", "one")]), section("u", &[]), section("v", &[])]));
    let theirs = page(json!([section("s", &[]), section("u", &[("a", "one")]), section("v", &[])]));
    let yours = page(json!([section("s", &[]), section("u", &[]), section("v", &[("a", "one")])]));
    let merge = merge(&base, &theirs, &yours);
    assert_eq!(merge.proposal, theirs);
    assert_eq!(merge.conflicts[0].reason, Reason::Moved);
    assert_eq!(merge.conflicts[0].pointer, "/content/sections/2/blocks/0");
    assert_eq!(merge.conflicts[0].theirs, "/content/sections/1/blocks/0");
}

#[test]
fn removal_of_what_is_unchanged_removes() {
    let base = page(json!([section("s", &[("a", "one")]), section("u", &[("b", "two")])]));
    let theirs = page(json!([section("u", &[("b", "two")])]));
    let yours = page(json!([section("s", &[("a", "one")]), section("u", &[("b", "new")])]));
    assert_eq!(merge(&base, &theirs, &yours).merged, Some(page(json!([section("u", &[("b", "new")])]))));
}

#[test]
fn removal_against_an_edit_or_an_insertion_inside_is_one_conflict() {
    let base = page(json!([section("s", &[("a", "one"), ("b", "two")])]));
    let removed = page(json!([]));
    for change in
        [section("s", &[("a", "new"), ("b", "new")]), section("s", &[("a", "one"), ("b", "two"), ("c", "three")])]
    {
        let edited = page(json!([change]));
        let expected = [("/content/sections/0".to_owned(), Reason::Removed)];
        assert_eq!(conflicts(&base, &removed, &edited), expected);
        assert_eq!(conflicts(&base, &edited, &removed), expected);
        assert_eq!(merge(&base, &edited, &removed).proposal, edited);
        assert_eq!(merge(&base, &removed, &edited).proposal, removed);
    }
}

#[test]
fn a_section_may_go_if_its_edited_block_went_elsewhere_before() {
    let base = page(json!([section("s", &[("a", "one")]), section("u", &[])]));
    let theirs = page(json!([section("s", &[("a", "new")]), section("u", &[])]));
    let yours = page(json!([section("u", &[("a", "one")])]));
    assert_eq!(merge(&base, &theirs, &yours).merged, Some(page(json!([section("u", &[("a", "new")])]))));
}

#[test]
fn rule_count_and_members_of_a_group_are_one_unit() {
    let base = tree("all_of", &["a", "b"]);
    let unit = [("/requirements".to_owned(), Reason::Group)];
    assert_eq!(conflicts(&base, &tree("one_of", &["a", "b"]), &tree("all_of", &["a", "b", "c"])), unit);
    assert_eq!(conflicts(&base, &tree("all_of", &["a", "b", "d"]), &tree("all_of", &["a", "b", "c"])), unit);
    assert_eq!(conflicts(&base, &tree("one_of", &["a", "b"]), &tree("all_of", &["b", "a"])), []);
    let proposal = merge(&base, &tree("one_of", &["a"]), &tree("all_of", &["a", "b", "c"])).proposal;
    assert_eq!(proposal, tree("one_of", &["a"]));
}

#[test]
fn a_group_put_around_an_edited_one_keeps_the_edit() {
    let base = tree("all_of", &["a", "b"]);
    let wrapped = |inner: &Value| json!({"requirements": {"id": "h", "kind": "group", "rule": "one_of", "items": [inner["requirements"]]}});
    let edited = tree("one_of", &["a", "b"]);
    assert_eq!(merge(&base, &edited, &wrapped(&base)).merged, Some(wrapped(&edited)));
}

#[test]
fn groups_put_into_each_other_are_a_conflict() {
    let group = |id: &str, items: Value| json!({"id": id, "kind": "group", "rule": "all_of", "items": items});
    let base = json!({"requirements": group("r", json!([group("a", json!([])), group("b", json!([]))]))});
    let theirs = json!({"requirements": group("r", json!([group("b", json!([group("a", json!([]))]))]))});
    let yours = json!({"requirements": group("r", json!([group("a", json!([group("b", json!([]))]))]))});
    let merge = merge(&base, &theirs, &yours);
    assert_eq!(merge.proposal, theirs);
    assert_eq!(merge.conflicts.iter().filter(|conflict| conflict.reason == Reason::Moved).count(), 2);
}

#[test]
fn two_new_trees_conflict_at_their_field() {
    let merge = merge(&json!({"requirements": null}), &tree("all_of", &["a"]), &json!({"requirements": {"id": "z"}}));
    assert_eq!(merge.proposal, tree("all_of", &["a"]));
    assert_eq!(merge.conflicts.len(), 1);
    assert_eq!(merge.conflicts[0].yours, json!({"id": "z"}));
}

#[test]
fn objects_without_ids_merge_field_by_field_unless_their_kind_differs() {
    let pay = |kind: &str, minimum: u32, currency: &str| json!({"pay": {"kind": kind, "minimum": minimum, "currency": currency}});
    let base = pay("range", 1, "GBP");
    assert_eq!(merge(&base, &pay("range", 2, "GBP"), &pay("range", 1, "EUR")).merged, Some(pay("range", 2, "EUR")));
    let variable = json!({"pay": {"kind": "variable", "note": "It varies"}});
    let merge = merge(&base, &pay("range", 2, "GBP"), &variable);
    assert_eq!(merge.proposal, pay("range", 2, "GBP"));
    assert_eq!(merge.conflicts.iter().map(|conflict| conflict.pointer.as_str()).collect::<Vec<_>>(), ["/pay"]);
    assert_eq!(merge.conflicts[0].yours, variable["pay"]);
}

#[test]
fn a_block_of_another_kind_keeps_the_text_that_the_other_side_edited() {
    let base = page(json!([section("s", &[("a", "one")])]));
    let theirs = page(json!([section("s", &[("a", "new")])]));
    let callout = |text: &str| {
        let mut page = base.clone();
        page["content"]["sections"][0]["blocks"][0] =
            json!({"id": "a", "kind": "callout", "tone": "tip", "heading": null, "markdown": text});
        page
    };
    assert_eq!(merge(&base, &theirs, &callout("one")).merged, Some(callout("new")));
}

#[test]
fn ids_that_stand_twice_make_one_conflict_of_the_whole() {
    let merge = merge(&tasks(&["a"]), &tasks(&["a", "a"]), &tasks(&["a", "b"]));
    assert_eq!(merge.conflicts[0].pointer, "");
    assert_eq!(merge.proposal, tasks(&["a", "a"]));
}

#[test]
fn large_lists_are_merged_quickly() {
    let ids: Vec<String> = (0..20_000).map(|number| format!("id-{number}")).collect();
    let mut names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let base = tasks(&names);
    names.rotate_left(7_000);
    let theirs = tasks(&names);
    names.reverse();
    let begun = std::time::Instant::now();
    let merge = merge(&base, &theirs, &tasks(&names));
    assert_eq!(merge.conflicts, []);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
