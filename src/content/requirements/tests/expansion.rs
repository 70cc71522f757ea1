//! What stands in the place of a reference to another section.

use crate::content::{
    kinds::requirement::{Necessity, Node, NodeBody},
    requirements::{ExpandedTree, UnresolvedReason, expand},
};

use super::build::*;

fn reasons(expanded: &ExpandedTree) -> Vec<UnresolvedReason> {
    expanded.unresolved().iter().map(|unresolved| unresolved.reason).collect()
}

#[test]
fn a_referenced_tree_stands_in_the_place_of_its_reference() {
    let sections = library([(1, "Basics", Some(required("GCSEs").at("RQF:2")))]);
    let expanded = expand(&all_of([section(1), required("a licence")]), OWNER, &sections);
    assert_eq!(*expanded.node(), all_of([required("GCSEs").at("RQF:2"), required("a licence")]));
    golden(all_of([section(1), required("a licence")]))
        .among([(1, "Basics", Some(required("GCSEs").at("RQF:2")))])
        .asks("RQF:2")
        .reads(&["You'll need:", "GCSEs", "a licence"]);
}

#[test]
fn the_outermost_named_necessity_replaces_all_below() {
    let sections = || {
        [
            (1, "Outer", Some(all_of([required("a").at("RQF:5"), section_as(2, Necessity::Required)]))),
            (2, "Inner", Some(one_of([required("b").at("RQF:3"), usually("c").at("RQF:4")]).led_in("You must have:"))),
        ]
    };
    golden(section_as(1, Necessity::Helpful)).among(sections()).asks("RQF:0").reads(&[
        "It can help to have:",
        "a",
        "one of these: b; or c",
    ]);
    golden(section_as(2, Necessity::Usually)).among(sections()).asks("RQF:3").reads(&[
        "You'll usually need one of:",
        "b",
        "c",
    ]);
    golden(section(2)).among(sections()).reads(&["You must have:", "b", "c (usually)"]);
}

#[test]
fn a_lead_in_stays_where_a_named_necessity_changes_nothing() {
    golden(section_as(1, Necessity::Usually))
        .among([(1, "", Some(all_of([usually("a"), usually("b")]).led_in("Most roles will need:")))])
        .reads(&["Most roles will need:", "a", "b"]);
}

#[test]
fn a_section_without_a_tree_asks_for_nothing_extra() {
    golden(section(1)).among([(1, "Prose", None)]).asks("nothing").reads(&[]);
    golden(all_of([section(1), required("GCSEs").at("RQF:2")]))
        .among([(1, "Prose", None)])
        .asks("RQF:2")
        .reads(&["You'll need GCSEs."]);
    golden(one_of([section(1), required("GCSEs").at("RQF:2")])).among([(1, "Prose", None)]).asks("RQF:0").reads(&[
        "You'll need one of:",
        "nothing in particular",
        "GCSEs",
    ]);
}

#[test]
fn a_missing_section_and_one_not_chosen_are_unknown() {
    golden(section(1)).asks("unknown").reads(&["What is asked for here can't be shown at the moment."]);
    let not_chosen = node(NodeBody::Section { requirement_section: None, necessity: None });
    golden(all_of([not_chosen.clone(), helpful("a van")])).asks("unknown").reads(&[
        "It can help to have:",
        "requirements that can't be shown at the moment",
        "a van",
    ]);
    let sections = library([]);
    assert_eq!(reasons(&expand(&not_chosen, OWNER, &sections)), [UnresolvedReason::NotChosen]);
    assert_eq!(reasons(&expand(&section(1), OWNER, &sections)), [UnresolvedReason::Missing]);
}

#[test]
fn a_cycle_is_cut_where_it_closes() {
    let sections = || {
        [
            (1, "First", Some(all_of([required("a").at("RQF:2"), section(2)]))),
            (2, "Second", Some(all_of([required("b").at("RQF:3"), section(1)]))),
        ]
    };
    golden(section(1)).among(sections()).asks("unknown").reads(&[
        "You'll need:",
        "a",
        "b",
        "what is asked for in “First”",
    ]);
    let sections = library(sections());
    assert_eq!(reasons(&expand(&section(1), OWNER, &sections)), [UnresolvedReason::Cycle]);
    let back_to_the_owner = expand(&section(2), document(1), &sections);
    assert_eq!(reasons(&back_to_the_owner), [UnresolvedReason::Cycle]);
}

#[test]
fn a_section_may_be_referenced_twice_side_by_side() {
    let sections = library([(1, "Basics", Some(required("GCSEs").at("RQF:2")))]);
    let expanded = expand(&all_of([section(1), section(1)]), OWNER, &sections);
    assert!(expanded.unresolved().is_empty());
}

#[test]
fn references_are_followed_three_deep() {
    let chain = |last: Option<Node>| {
        [
            (1, "One", Some(section(2))),
            (2, "Two", Some(section(3))),
            (3, "Three", Some(last.unwrap_or_else(|| section(4)))),
            (4, "Four", Some(required("a degree").at("RQF:6"))),
        ]
    };
    golden(section(1)).among(chain(Some(required("A levels").at("RQF:3")))).asks("RQF:3");
    golden(section(1)).among(chain(None)).asks("unknown").reads(&["You'll need what is asked for in “Four”."]);
    assert_eq!(reasons(&expand(&section(1), OWNER, &library(chain(None)))), [UnresolvedReason::TooDeep]);
}

#[test]
fn an_expansion_does_not_grow_without_bounds() {
    let many = |number| Some(all_of(vec![section(number); 500]));
    let sections = library([(1, "", many(2)), (2, "", many(3)), (3, "", Some(all_of(vec![required("x"); 500])))]);
    let expanded = expand(&section(1), OWNER, &sections);
    assert!(reasons(&expanded).contains(&UnresolvedReason::TooLarge));
    assert!(serde_json::to_string(expanded.node()).unwrap().len() < 4_000_000);
}
