//! What holds for every tree.

use proptest::{prelude::*, sample::select};

use crate::content::{
    kinds::requirement::{Framework, Level, Nation, Necessity, Node, NodeBody},
    requirements::{Asks, AsksFor, expand, plain},
};

use super::build::*;

proptest! {
    #[test]
    fn an_alternative_more_never_raises(items in trees(), more in tree()) {
        for framework in frameworks() {
            let before = asks(&one_of(items.clone()), framework, None);
            let after = asks(&one_of(with(&items, &more)), framework, None);
            prop_assert!(after <= before, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn an_alternative_more_never_raises_what_a_nation_is_asked_for(
        items in trees(), more in tree(), nation in select(Nation::ALL),
    ) {
        // A group of mere wishes bars nobody; one thing that counts makes it a demand.
        let items = with(&items, &required("x").in_nations(&[nation]));
        for framework in frameworks() {
            let before = asks(&one_of(items.clone()), framework, Some(nation));
            prop_assert!(asks(&one_of(with(&items, &more)), framework, Some(nation)) <= before);
        }
    }

    #[test]
    fn an_item_more_never_lowers(items in trees(), more in tree(), nation in nation()) {
        for framework in frameworks() {
            let before = asks(&all_of(items.clone()), framework, nation);
            prop_assert!(asks(&all_of(with(&items, &more)), framework, nation) >= before);
        }
    }

    #[test]
    fn all_of_asks_for_at_least_as_much_as_each_item(items in trees(), nation in nation()) {
        for framework in frameworks() {
            let whole = asks(&all_of(items.clone()), framework, nation);
            for item in &items {
                prop_assert!(whole >= asks(item, framework, nation));
            }
        }
    }

    #[test]
    fn at_least_one_is_one_of(items in trees(), nation in nation()) {
        for framework in frameworks() {
            prop_assert_eq!(
                asks(&at_least(1, items.clone()), framework, nation), asks(&one_of(items.clone()), framework, nation)
            );
        }
    }

    #[test]
    fn at_least_as_many_as_there_are_is_all_of(items in trees().prop_filter("some", |items| !items.is_empty())) {
        let count = u32::try_from(items.len()).unwrap();
        for framework in frameworks() {
            prop_assert_eq!(
                asks(&at_least(count, items.clone()), framework, None), asks(&all_of(items.clone()), framework, None)
            );
        }
    }

    #[test]
    fn a_larger_count_never_asks_for_less(items in trees(), count in 1..6_u32, nation in nation()) {
        for framework in frameworks() {
            let fewer = asks(&at_least(count, items.clone()), framework, nation);
            let more = asks(&at_least(count + 1, items.clone()), framework, nation);
            let only_wishes_left = matches!(more, Asks::Level(0));
            prop_assert!(fewer <= more || only_wishes_left);
        }
    }

    #[test]
    fn no_order_of_items_matters(items in trees(), nation in nation()) {
        let reversed: Vec<Node> = items.iter().rev().cloned().collect();
        for framework in frameworks() {
            for count in 1..4 {
                let forwards = asks(&at_least(count, items.clone()), framework, nation);
                prop_assert_eq!(forwards, asks(&at_least(count, reversed.clone()), framework, nation));
            }
        }
    }

    #[test]
    fn every_tree_can_be_read(node in tree()) {
        let sections = library(Vec::new());
        let sentences = plain(&expand(&node, OWNER, &sections), &sections);
        prop_assert!(sentences.iter().all(|sentence| !sentence.trim().is_empty()));
    }

    #[test]
    fn every_text_can_be_read(text in ".*", name in ".*", grade in ".*", subject in ".*", necessity in necessity()) {
        let node = asked(&text, necessity).qualified(|qualification| {
            qualification.name = name;
            qualification.grade = Some(grade);
            qualification.subjects = vec![subject];
            qualification.or_equivalent = true;
        });
        let sections = library(Vec::new());
        let sentences = plain(&expand(&node, OWNER, &sections), &sections);
        prop_assert!(sentences.len() <= 1);
    }

    #[test]
    fn sections_may_refer_to_each_other_in_any_way(trees in prop::collection::vec(tree(), 6)) {
        let sections = library((0..6).zip(trees).map(|(number, tree)| (number, "Title", Some(tree))));
        let expanded = expand(&section(0), OWNER, &sections);
        plain(&expanded, &sections);
        AsksFor::of_tree(&expanded, None);
    }
}

fn asks(tree: &Node, framework: Framework, nation: Option<Nation>) -> Asks {
    AsksFor::of_tree(&expand(tree, OWNER, &library(Vec::new())), nation).in_framework(framework)
}

fn frameworks() -> impl Iterator<Item = Framework> {
    Framework::ALL.iter().copied()
}

fn with(items: &[Node], more: &Node) -> Vec<Node> {
    items.iter().chain([more]).cloned().collect()
}

fn nation() -> impl Strategy<Value = Option<Nation>> {
    prop::option::of(select(Nation::ALL))
}

fn necessity() -> impl Strategy<Value = Necessity> {
    select(Necessity::ALL)
}

fn level() -> impl Strategy<Value = Level> {
    select(Framework::ALL).prop_flat_map(|framework| {
        select(framework.levels()).prop_map(move |level| Level::new(framework, level).unwrap())
    })
}

fn requirement() -> impl Strategy<Value = Node> {
    let nations = prop::sample::subsequence(Nation::ALL.to_vec(), 0..=2);
    (necessity(), prop::option::of(level()), nations).prop_map(|(necessity, level, nations)| {
        let node = asked("something", necessity).in_nations(&nations);
        node.qualified(|qualification| qualification.level = level)
    })
}

/// With references to the documents 0 to 5.
fn tree() -> impl Strategy<Value = Node> {
    let reference = (0..6_u128, prop::option::of(necessity())).prop_map(|(number, necessity)| {
        node(NodeBody::Section { requirement_section: Some(document(number)), necessity })
    });
    prop_oneof![6 => requirement(), 1 => reference].prop_recursive(3, 20, 4, |inner| {
        (0..3, 1..4_u32, prop::collection::vec(inner, 0..4)).prop_map(|(rule, count, items)| match rule {
            0 => all_of(items),
            1 => one_of(items),
            _ => at_least(count, items),
        })
    })
}

fn trees() -> impl Strategy<Value = Vec<Node>> {
    prop::collection::vec(tree(), 0..5)
}
