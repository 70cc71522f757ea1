//! Whole sections and routes, with everything that is said about them.

use serde_json::json;

use crate::{
    content::{
        kinds::{Content, Kind, RequirementSection},
        requirements::{AsksFor, expand, plain, route_asks_for},
    },
    kernel::{SeededChance, Timestamp},
};

use super::build::*;

/// The sentences of a section's own tree, and of each route with what it asks for.
fn meaning(section: &RequirementSection) -> (Vec<String>, Vec<(Vec<String>, String)>) {
    let sections = library([]);
    let own = section.requirements.as_ref().map(|tree| expand(tree, OWNER, &sections));
    let routes = section.routes.iter().map(|route| {
        let tree = route.requirements.as_ref().map(|tree| expand(tree, OWNER, &sections));
        let sentences = tree.as_ref().map(|tree| plain(tree, &sections)).unwrap_or_default();
        (sentences, words(&route_asks_for(tree.as_ref(), own.as_ref(), None)))
    });
    (own.as_ref().map(|own| plain(own, &sections)).unwrap_or_default(), routes.collect())
}

fn read(content: serde_json::Value) -> RequirementSection {
    match Content::read(Kind::RequirementSection, content, "", &SeededChance::new(1), Timestamp(0)) {
        Ok(Content::RequirementSection(section)) => *section,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_section_with_four_ways_in() {
    let section = read(json!({
        "title": "Getting into computing",
        "requirements": {"kind": "group", "rule": "all_of", "lead_in": "Most roles will need:", "items": [
            {"kind": "requirement", "text": "experience of office software", "category": "skill", "necessity": "usually"}
        ]},
        "routes": [
            {"kind": "direct", "requirements": {
                "kind": "group", "rule": "one_of", "lead_in": "You may be able to start with:", "items": [
                    {"kind": "requirement", "text": "no formal qualifications, for some entry-level posts",
                     "category": "qualification", "necessity": "none"},
                    {"kind": "requirement", "text": "GCSEs or equivalent qualifications", "category": "qualification",
                     "necessity": "helpful", "qualification": {"name": "GCSE", "level": {"framework": "RQF", "level": "2"}}}
                ]}},
            {"kind": "apprenticeship", "requirements": null, "standards": [
                {"reference": "ST0120", "title": "Digital support technician",
                 "level": {"framework": "RQF", "level": "3"}}]},
            {"kind": "university", "requirements": {"kind": "group", "rule": "at_least", "count": 1, "items": [
                {"kind": "requirement", "text": "a degree in computer science", "category": "qualification",
                 "necessity": "usually", "nations": ["england", "wales"], "qualification": {"name": "Degree",
                 "level": {"framework": "RQF", "level": "6"}, "subjects": ["computer science"]}},
                {"kind": "requirement", "text": "equivalent experience", "category": "experience",
                 "necessity": "usually"}]}},
            {"kind": "graduate_scheme", "requirements": {"kind": "group", "rule": "all_of", "items": [
                {"kind": "requirement", "text": "a relevant degree", "category": "qualification", "necessity": "required",
                 "qualification": {"name": "Degree", "level": {"framework": "RQF", "level": "6"}}}]}}
        ]
    }));
    let (own, routes) = meaning(&section);
    assert_eq!(own, ["Most roles will need:", "experience of office software"]);
    let expected = [
        (
            strings(&[
                "You may be able to start with:",
                "no formal qualifications, for some entry-level posts",
                "GCSEs or equivalent qualifications",
            ]),
            "RQF:0".to_owned(),
        ),
        (Vec::new(), "unknown".to_owned()),
        (
            strings(&[
                "You'll usually need at least one of:",
                "a degree in computer science (in England and Wales)",
                "equivalent experience",
            ]),
            "RQF:0".to_owned(),
        ),
        (strings(&["You'll need a relevant degree."]), "RQF:6".to_owned()),
    ];
    assert_eq!(routes, expected);
}

#[test]
fn a_published_route() {
    let section = read(json!({
        "title": "Digital apprenticeship",
        "routes": [{"kind": "apprenticeship", "requirements": {
            "kind": "group", "rule": "at_least", "count": 1, "lead_in": "You'll usually need at least one of:", "items": [
                {"kind": "requirement", "text": "4 GCSEs at grade 4", "category": "qualification", "necessity": "usually",
                 "qualification": {"name": "GCSE", "level": {"framework": "RQF", "level": "2"}, "grade": "4",
                 "count_minimum": 4, "count_maximum": null, "or_equivalent": false, "subjects": ["English", "maths"]}},
                {"kind": "requirement", "text": "a year of relevant work", "category": "experience",
                 "necessity": "usually"}
            ]}}]
    }));
    let (own, routes) = meaning(&section);
    assert!(own.is_empty());
    let [(sentences, _)] = routes.as_slice() else { panic!("one route") };
    assert_eq!(
        *sentences,
        ["You'll usually need at least one of:", "4 GCSEs at grade 4 in English and maths", "a year of relevant work"]
    );
    let sections = library([]);
    let tree = section.routes[0].requirements.as_ref().map(|tree| expand(tree, OWNER, &sections));
    let asks = route_asks_for(tree.as_ref(), None, None);
    assert_eq!(serde_json::to_value(asks).unwrap(), json!({"RQF": "0"}));
    assert_eq!(serde_json::to_value(AsksFor::Unknown).unwrap(), json!(null));
}
