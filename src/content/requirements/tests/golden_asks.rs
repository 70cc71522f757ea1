//! What trees and routes ask for at least.

use crate::content::{
    kinds::requirement::{
        Nation::{England, Scotland, Wales},
        Necessity,
    },
    requirements::{Asks, AsksFor, expand, matches_max_level, route_asks_for},
};

use super::build::*;

#[test]
fn a_requirement_asks_for_its_level_if_it_counts() {
    golden(required("a degree").at("RQF:6")).asks("RQF:6");
    golden(usually("a degree").at("RQF:6")).asks("RQF:6");
    for necessity in [Necessity::Sometimes, Necessity::Helpful, Necessity::None] {
        golden(asked("a degree", necessity).at("RQF:6")).asks("RQF:0");
    }
    golden(required("functional skills").at("RQF:entry")).asks("RQF:entry");
    golden(required("a driving licence")).asks("nothing");
}

#[test]
fn all_of_asks_for_the_maximum() {
    golden(all_of([required("GCSEs").at("RQF:2"), required("A levels").at("RQF:3"), required("a licence")]))
        .asks("RQF:3");
    golden(all_of([required("GCSEs").at("RQF:2"), helpful("a degree").at("RQF:6")])).asks("RQF:2");
    golden(all_of([])).asks("nothing").reads(&[]);
}

#[test]
fn one_of_asks_for_the_minimum() {
    golden(one_of([required("a degree").at("RQF:6"), required("A levels").at("RQF:3")])).asks("RQF:3");
    golden(one_of([required("a degree").at("RQF:6"), required("experience")])).asks("RQF:0");
    golden(one_of([required("a degree").at("RQF:6"), helpful("GCSEs").at("RQF:2")])).asks("RQF:0");
    golden(one_of([])).asks("can't be met").reads(&[]);
}

#[test]
fn at_least_asks_for_the_nth_smallest() {
    let items = [required("a").at("RQF:2"), required("b").at("RQF:6"), required("c").at("RQF:4")];
    golden(at_least(1, items.clone())).asks("RQF:2");
    golden(at_least(2, items.clone())).asks("RQF:4");
    golden(at_least(3, items.clone())).asks("RQF:6");
    golden(at_least(4, items.clone())).asks("can't be met");
    golden(at_least(3, [helpful("a").at("RQF:2"), helpful("b")])).asks("RQF:0");
    let mut without_count = at_least(1, items);
    let crate::content::kinds::requirement::NodeBody::Group(group) = &mut without_count.body else { unreachable!() };
    group.count = None;
    golden(without_count).asks("RQF:2");
}

#[test]
fn frameworks_are_never_compared() {
    let highers = required("Highers").at("SCQF:6");
    golden(all_of([required("A levels").at("RQF:3"), highers.clone()])).asks("RQF:3 SCQF:6");
    golden(one_of([required("A levels").at("RQF:3"), highers.clone()])).asks("RQF:0 SCQF:0");
    golden(at_least(2, [required("a").at("RQF:3"), highers, required("c").at("CQFW:4"), required("d").at("RQF:5")]))
        .asks("RQF:0 CQFW:0 SCQF:0");
    golden(all_of([helpful("a Welsh diploma").at("CQFW:3"), required("GCSEs").at("RQF:2")])).asks("RQF:2 CQFW:0");
}

#[test]
fn groups_within_groups_are_worked_out_from_the_inside() {
    let tree = all_of([
        required("GCSEs").at("RQF:2"),
        one_of([
            required("a degree").at("RQF:6"),
            all_of([required("A levels").at("RQF:3"), required("a foundation year").at("RQF:4")]),
        ]),
    ]);
    golden(tree).asks("RQF:4");
    golden(one_of([one_of([]), required("GCSEs").at("RQF:2")])).asks("RQF:2");
    golden(all_of([one_of([]), required("GCSEs").at("RQF:2")])).asks("can't be met");
}

#[test]
fn for_a_nation_the_requirements_of_others_are_taken_out() {
    let by_nation = one_of([
        required("A levels").at("RQF:3").in_nations(&[England, Wales]),
        required("Highers").at("SCQF:6").in_nations(&[Scotland]),
    ]);
    golden(by_nation.clone())
        .asks("RQF:0 SCQF:0")
        .asks_in(England, "RQF:3 SCQF:0")
        .asks_in(Scotland, "RQF:0 SCQF:6")
        .asks_in(crate::content::kinds::requirement::Nation::NorthernIreland, "can't be met");
    golden(all_of([by_nation, required("GCSEs").at("RQF:2")])).asks_in(Wales, "RQF:3 SCQF:0");
    golden(required("Highers").at("SCQF:6").in_nations(&[Scotland])).asks_in(England, "SCQF:0");
}

#[test]
fn a_group_emptied_below_what_it_needs_cannot_be_met() {
    let scottish = required("Highers").at("SCQF:6").in_nations(&[Scotland]);
    golden(one_of([scottish.clone()])).asks("SCQF:6").asks_in(England, "can't be met");
    golden(all_of([one_of([scottish.clone()]), required("GCSEs").at("RQF:2")])).asks_in(England, "can't be met");
    golden(one_of([one_of([scottish.clone()]), required("GCSEs").at("RQF:2")])).asks_in(England, "RQF:2 SCQF:0");
    golden(at_least(2, [scottish.clone(), required("a").at("RQF:2"), required("b").at("RQF:3")]))
        .asks_in(England, "RQF:3 SCQF:0");
    golden(at_least(2, [scottish, required("a").at("RQF:2")])).asks_in(England, "can't be met");
}

#[test]
fn an_alternative_that_is_wholly_for_another_nation_is_no_way_in_for_nothing() {
    let tree = one_of([
        all_of([required("Highers").at("SCQF:6").in_nations(&[Scotland]), required("x").in_nations(&[Scotland])]),
        required("A levels").at("RQF:3").in_nations(&[England]),
    ]);
    golden(tree).asks_in(England, "RQF:3 SCQF:0").asks_in(Scotland, "RQF:0 SCQF:6").asks_in(Wales, "can't be met");
}

#[test]
fn wishes_for_another_nation_bar_nobody() {
    let wishes = one_of([helpful("Highers").at("SCQF:6").in_nations(&[Scotland])]);
    golden(all_of([wishes.clone(), required("GCSEs").at("RQF:2")])).asks_in(England, "RQF:2 SCQF:0");
    golden(one_of([wishes, required("GCSEs").at("RQF:2")])).asks_in(England, "RQF:2 SCQF:0");
}

#[test]
fn unknown_lies_above_every_level_and_below_what_cannot_be_met() {
    golden(all_of([section(1), required("GCSEs").at("RQF:2")])).asks("unknown");
    golden(one_of([section(1), required("A levels").at("RQF:3")])).asks("RQF:3");
    golden(all_of([one_of([section(1), required("a").at("RQF:3")]), required("b").at("RQF:5")])).asks("RQF:5");
    golden(at_least(2, [section(1), required("a").at("RQF:3"), required("b")])).asks("RQF:3");
    golden(all_of([section(1), one_of([])])).asks("can't be met");
    golden(section_as(1, Necessity::Required)).asks("unknown");
    golden(section_as(1, Necessity::Helpful)).asks("nothing");
    assert!(Asks::Level(0) < Asks::Level(12) && Asks::Level(12) < Asks::Unknown && Asks::Unknown < Asks::CannotBeMet);
}

#[test]
fn a_route_asks_for_the_most_of_its_own_tree_and_the_sections() {
    let sections = library([]);
    let tree = |node| expand(&node, OWNER, &sections);
    let own = tree(all_of([required("A levels").at("RQF:3"), required("x").at("SCQF:4")]));
    let shared = tree(all_of([required("GCSEs").at("RQF:2"), required("y").at("SCQF:5"), helpful("z").at("CQFW:1")]));
    let impossible = tree(one_of([required("Highers").in_nations(&[Scotland])]));
    assert_eq!(words(&route_asks_for(Some(&own), Some(&shared), None)), "RQF:3 CQFW:0 SCQF:5");
    assert_eq!(words(&route_asks_for(Some(&own), None, None)), "RQF:3 SCQF:4");
    assert_eq!(route_asks_for(None, Some(&shared), None), AsksFor::Unknown);
    assert_eq!(route_asks_for(None, None, None), AsksFor::Unknown);
    assert_eq!(route_asks_for(Some(&own), Some(&impossible), Some(England)), AsksFor::CannotBeMet);
    assert_eq!(route_asks_for(None, Some(&impossible), Some(England)), AsksFor::CannotBeMet);
}

#[test]
fn a_maximum_level_matches_what_is_known_to_ask_for_no_more() {
    let sections = library([]);
    let asks = |node| AsksFor::of_tree(&expand(&node, OWNER, &sections), None);
    let three = asks(required("A levels").at("RQF:3"));
    assert!(matches_max_level(&three, &to_level("RQF:3"), false));
    assert!(matches_max_level(&three, &to_level("RQF:4"), false));
    assert!(!matches_max_level(&three, &to_level("RQF:2"), true));
    assert!(!matches_max_level(&three, &to_level("RQF:entry"), true));
    assert!(matches_max_level(&three, &to_level("SCQF:1"), false));
    assert!(!matches_max_level(&AsksFor::Unknown, &to_level("RQF:8"), false));
    assert!(matches_max_level(&AsksFor::Unknown, &to_level("RQF:entry"), true));
    assert!(!matches_max_level(&AsksFor::CannotBeMet, &to_level("RQF:8"), true));
}
