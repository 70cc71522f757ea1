//! The filters against an evaluation of the same trees that writes out every way through them, and the orders of the
//! directory against sorting everything anew.

use std::collections::HashMap;

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Filter, Selection,
    state::{Row, State, Wanted},
};
use crate::{
    content::{
        Content, Kind, Sort,
        findable::Findable,
        kinds::requirement::{Framework, Level, Nation, Necessity, RouteKind},
    },
    kernel::{DocumentId, SeededChance, Sequence, Timestamp},
};

/// Sections that the trees may refer to; the last one is not there.
const SECTIONS: u128 = 4;

fn document(number: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(number))
}

/// A content as a program would send it, read as it is when it is saved.
fn found(kind: Kind, value: Value) -> Findable {
    Findable::of(&Content::read(kind, value, "", &SeededChance::new(7), Timestamp(0)).unwrap())
}

fn row(number: u128, kind: Kind, value: Value) -> Row {
    Row {
        id: document(number),
        kind,
        live: true,
        parent: None,
        title_key: format!("title {number}"),
        changed_at: Timestamp(0),
        findable: found(kind, value),
    }
}

fn page_with(number: u128, sections: &[u128]) -> Row {
    let blocks: Vec<Value> = sections
        .iter()
        .map(|section| json!({ "kind": "requirements", "requirement_section": document(*section) }))
        .collect();
    row(number, Kind::RolePage, json!({ "title": "Page", "sections": [{ "blocks": blocks }] }))
}

fn is_listed(state: &State, number: u128, filter: &Filter) -> bool {
    let wanted = Wanted { kind: None, selection: &Selection::default(), filter, among: None };
    let page = state.page(wanted, Sort::TitleUp, None, 100).unwrap();
    page.ids.contains(&document(number))
}

// Trees, as programs send them.

fn leaf() -> impl Strategy<Value = Value> {
    let level = select(Framework::ALL).prop_flat_map(|framework| {
        select(framework.levels()).prop_map(move |level| json!({ "framework": framework, "level": level }))
    });
    let nations = proptest::sample::subsequence(Nation::ALL.to_vec(), 0..=2);
    (select(Necessity::ALL), option::of(level), nations).prop_map(|(necessity, level, nations)| {
        let qualification = level.map(|level| json!({ "name": "something", "level": level }));
        json!({ "kind": "requirement", "text": "something", "necessity": necessity, "nations": nations,
            "qualification": qualification })
    })
}

fn tree() -> impl Strategy<Value = Value> {
    let reference = (0..SECTIONS, option::of(select(Necessity::ALL))).prop_map(|(number, necessity)| {
        json!({ "kind": "section", "requirement_section": document(number), "necessity": necessity })
    });
    prop_oneof![6 => leaf(), 1 => reference].prop_recursive(2, 9, 3, |inner| {
        (0..3, 1..4_u32, vec(inner, 0..4)).prop_map(|(rule, count, items)| match rule {
            0 => json!({ "kind": "group", "rule": "all_of", "items": items }),
            1 => json!({ "kind": "group", "rule": "one_of", "items": items }),
            _ => json!({ "kind": "group", "rule": "at_least", "count": count, "items": items }),
        })
    })
}

fn section() -> impl Strategy<Value = Value> {
    let route = (select(RouteKind::ALL), option::of(tree()))
        .prop_map(|(kind, tree)| json!({ "kind": kind, "requirements": tree }));
    (option::of(tree()), vec(route, 0..3))
        .prop_map(|(tree, routes)| json!({ "title": "Section", "requirements": tree, "routes": routes }))
}

fn filter() -> impl Strategy<Value = Filter> {
    let level = select(Framework::ALL).prop_flat_map(|framework| {
        select(framework.levels()).prop_map(move |level| Level::new(framework, level).unwrap())
    });
    (
        option::of(select(RouteKind::ALL)),
        option::of(level),
        any::<bool>(),
        option::of(select(Nation::ALL)),
        option::of(select(Necessity::ALL)),
    )
        .prop_map(|(route, max_level, unknown, nation, necessity)| Filter {
            route,
            max_level,
            unknown,
            nation,
            necessity,
            skill: None,
        })
}

/// What a way through a tree passes: each requirement with what it asks for; `None` for what nobody knows.
type Passed = Vec<Option<usize>>;

/// The evaluation that the filters are held against: it writes out every way through a tree.
struct Naive<'a> {
    sections: &'a HashMap<DocumentId, Value>,
    nation: Option<Nation>,
    framework: Framework,
}

impl Naive<'_> {
    /// The tree with the trees of other sections in it, and with their necessities replaced.
    fn expanded(&self, node: &Value, path: &[DocumentId], necessity: Option<&Value>) -> Value {
        let mut node = node.clone();
        match node["kind"].as_str().unwrap() {
            "requirement" => {
                if let Some(necessity) = necessity {
                    node["necessity"] = necessity.clone();
                }
            }
            "group" => {
                let items = node["items"].as_array().unwrap();
                node["items"] = items.iter().map(|item| self.expanded(item, path, necessity)).collect();
            }
            _ => {
                let own = Some(&node["necessity"]).filter(|own| !own.is_null());
                let necessity = necessity.or(own).cloned();
                let id: DocumentId = serde_json::from_value(node["requirement_section"].clone()).unwrap();
                match self.sections.get(&id) {
                    Some(section) if !path.contains(&id) && path.len() <= 3 => {
                        if section["requirements"].is_null() {
                            return json!({ "kind": "group", "rule": "all_of", "items": [] });
                        }
                        let longer: Vec<DocumentId> = path.iter().copied().chain([id]).collect();
                        return self.expanded(&section["requirements"], &longer, necessity.as_ref());
                    }
                    _ => node["necessity"] = necessity.unwrap_or(Value::Null),
                }
            }
        }
        node
    }

    fn holds_here(&self, leaf: &Value) -> bool {
        let nations = leaf["nations"].as_array().cloned().unwrap_or_default();
        self.nation.is_none_or(|nation| nations.is_empty() || nations.contains(&json!(nation)))
    }

    /// Every way through a tree; `None` if nothing of it is left in the nation.
    fn through(&self, node: &Value) -> Option<Vec<Passed>> {
        match node["kind"].as_str().unwrap() {
            "requirement" if !self.holds_here(node) => None,
            "requirement" => {
                let level = &node["qualification"]["level"];
                let asked = counts(node) && level["framework"] == json!(self.framework);
                let rank = self.framework.levels().iter().position(|name| level["level"] == *name);
                Some(vec![vec![Some(if asked { rank.unwrap() + 1 } else { 0 })]])
            }
            "section" => Some(vec![vec![if counts(node) { None } else { Some(0) }]]),
            _ => self.through_group(node),
        }
    }

    fn through_group(&self, node: &Value) -> Option<Vec<Passed>> {
        let items = node["items"].as_array().unwrap();
        let left: Vec<Vec<Passed>> = items.iter().filter_map(|item| self.through(item)).collect();
        let nothing_left = left.is_empty() && !items.is_empty();
        let needed = match node["rule"].as_str().unwrap() {
            "all_of" if nothing_left => return None,
            "all_of" => left.len(),
            "one_of" => 1,
            _ => usize::try_from(node["count"].as_u64().unwrap()).unwrap(),
        };
        if needed <= left.len() {
            return Some(chosen(needed, &left));
        }
        if items.is_empty() || items.iter().any(counts_anywhere) {
            return Some(Vec::new());
        }
        // Mere wishes bar nobody.
        if nothing_left { None } else { Some(vec![Vec::new()]) }
    }

    fn leaves<'v>(node: &'v Value, leaves: &mut Vec<&'v Value>) {
        match node["items"].as_array() {
            Some(items) if node["kind"] == "group" => items.iter().for_each(|item| Self::leaves(item, leaves)),
            _ => leaves.push(node),
        }
    }

    fn lists(&self, id: DocumentId, filter: &Filter) -> bool {
        let section = &self.sections[&id];
        let expanded = |tree: &Value| (!tree.is_null()).then(|| self.expanded(tree, &[id], None));
        let own = expanded(&section["requirements"]);
        let routes = section["routes"].as_array().unwrap();
        if routes.is_empty() {
            return own.is_some_and(|tree| self.fits(None, Some(&tree), None, filter));
        }
        routes.iter().any(|route| {
            let kind: RouteKind = serde_json::from_value(route["kind"].clone()).unwrap();
            self.fits(Some(kind), expanded(&route["requirements"]).as_ref(), own.as_ref(), filter)
        })
    }

    fn fits(&self, kind: Option<RouteKind>, own: Option<&Value>, section: Option<&Value>, filter: &Filter) -> bool {
        let ways = |tree: &Value| self.through(tree).unwrap_or_else(|| vec![Vec::new()]);
        // A route in prose only: one way, of which nobody knows what it asks for.
        let own_ways = own.map_or_else(|| vec![vec![None]], ways);
        let section_ways = section.map_or_else(|| vec![Vec::new()], ways);
        let all = chosen(2, &[own_ways, section_ways]);
        let mut leaves = Vec::new();
        own.into_iter().for_each(|tree| Self::leaves(tree, &mut leaves));
        let speaks_of_others = !leaves.is_empty() && leaves.iter().all(|leaf| !self.holds_here(leaf));
        section.into_iter().for_each(|tree| Self::leaves(tree, &mut leaves));
        let is_open = !all.is_empty() && !speaks_of_others;
        let has_necessity = |necessity: Necessity| {
            leaves.iter().any(|leaf| {
                leaf["kind"] == "requirement" && self.holds_here(leaf) && leaf["necessity"] == json!(necessity)
            })
        };
        // The most that a way asks for, and of all ways the least; what nobody knows is above everything.
        let most = |way: &Passed| way.iter().map(|asks| asks.unwrap_or(usize::MAX)).max().unwrap_or(0);
        let in_reach = |level: &Level| match all.iter().map(most).min() {
            _ if kind.is_none() => false,
            None => false,
            Some(usize::MAX) => filter.unknown,
            Some(rank) => rank <= level.rank(),
        };
        filter.route.is_none_or(|wanted| kind == Some(wanted))
            && (filter.nation.is_none() || is_open)
            && filter.necessity.is_none_or(has_necessity)
            && filter.max_level.as_ref().is_none_or(in_reach)
    }
}

fn counts(node: &Value) -> bool {
    match node["necessity"].as_str() {
        Some(necessity) => ["required", "usually"].contains(&necessity),
        None => true,
    }
}

fn counts_anywhere(node: &Value) -> bool {
    match node["items"].as_array() {
        Some(items) if node["kind"] == "group" => items.iter().any(counts_anywhere),
        _ => counts(node),
    }
}

/// All ways to pass so many of these.
fn chosen(needed: usize, items: &[Vec<Passed>]) -> Vec<Passed> {
    if needed == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = items.split_first() else { return Vec::new() };
    let mut all = chosen(needed, rest);
    for further in chosen(needed - 1, rest) {
        all.extend(first.iter().map(|way| way.iter().chain(&further).copied().collect::<Passed>()));
    }
    all
}

fn state_of(sections: &[Value]) -> (State, HashMap<DocumentId, Value>) {
    let numbered = || (0..).zip(sections);
    let mut rows: Vec<Row> =
        numbered().map(|(number, section)| row(number, Kind::RequirementSection, section.clone())).collect();
    rows.extend(numbered().map(|(number, _)| page_with(100 + number, &[number])));
    let mut state = State::default();
    state.apply(rows, &[], Sequence(1));
    (state, numbered().map(|(number, section)| (document(number), section.clone())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn filters_list_what_writing_out_every_way_finds(
        sections in vec(section(), 3), filters in vec(filter(), 6),
    ) {
        let (state, by_id) = state_of(&sections);
        for filter in &filters {
            let framework = filter.max_level.as_ref().map_or(Framework::Rqf, |level| level.framework);
            let naive = Naive { sections: &by_id, nation: filter.nation, framework };
            for number in 0..3 {
                let expected = filter.is_empty() || naive.lists(document(number), filter);
                prop_assert_eq!(is_listed(&state, number, filter), expected, "{:?} of {:?}", filter, sections);
                prop_assert_eq!(is_listed(&state, 100 + number, filter), expected, "the page, {:?}", filter);
            }
        }
    }

    #[test]
    fn another_filter_never_lists_more(sections in vec(section(), 3), one in filter(), other in filter()) {
        let (state, _) = state_of(&sections);
        let both = Filter { route: one.route.or(other.route), necessity: one.necessity.or(other.necessity), ..one.clone() };
        for number in 0..3 {
            prop_assert!(!is_listed(&state, number, &both) || is_listed(&state, number, &one));
        }
    }

    /// Whatever changed, one after the other or together, pages are those of everything sorted anew.
    #[test]
    fn pages_follow_every_change(
        changes in vec(vec((0..90_u128, 0..5_i64, 0..8_u8, any::<bool>()), 1..80), 1..6),
        sort in select(Sort::ALL), limit in 1..40_usize,
    ) {
        let mut state = State::default();
        let mut known: HashMap<DocumentId, Row> = HashMap::new();
        for (sequence, change) in (1..).zip(changes) {
            let mut rows: HashMap<DocumentId, Row> = HashMap::new();
            let mut gone = Vec::new();
            for (number, at, title, is_there) in change {
                let id = document(number);
                rows.remove(&id);
                gone.retain(|other| *other != id);
                if is_there {
                    let title_key = format!("title {title}");
                    let row = Row { title_key, changed_at: Timestamp(at), ..page_with(number, &[]) };
                    known.insert(id, row.clone());
                    rows.insert(id, row);
                } else {
                    known.remove(&id);
                    gone.push(id);
                }
            }
            state.apply(rows.into_values().collect(), &gone, Sequence(sequence));
        }
        let mut expected: Vec<&Row> = known.values().collect();
        match sort {
            Sort::TitleUp => expected.sort_by_key(|row| (row.title_key.clone(), row.id)),
            Sort::TitleDown => expected.sort_by_key(|row| std::cmp::Reverse((row.title_key.clone(), row.id))),
            Sort::UpdatedUp => expected.sort_by_key(|row| (row.changed_at, row.id)),
            Sort::UpdatedDown => expected.sort_by_key(|row| std::cmp::Reverse((row.changed_at, row.id))),
        }
        let (selection, filter) = (Selection::default(), Filter::default());
        let wanted = Wanted { kind: Some(Kind::RolePage), selection: &selection, filter: &filter, among: None };
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = state.page(wanted, sort, after.as_ref(), limit).unwrap();
            prop_assert_eq!(page.total, u64::try_from(expected.len()).unwrap());
            listed.extend(page.ids);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        prop_assert_eq!(listed, expected.iter().map(|row| row.id).collect::<Vec<_>>());
    }
}

fn at_most(level: &str) -> Filter {
    let (framework, level) = level.split_once(':').unwrap();
    Filter { max_level: Level::new(Framework::from_name(framework).unwrap(), level), ..Filter::default() }
}

fn asked(level: &str, nations: &[&str]) -> Value {
    json!({ "kind": "requirement", "text": "something", "nations": nations,
        "qualification": { "name": "something", "level": { "framework": "RQF", "level": level } } })
}

fn group(rule: &str, count: Option<u32>, items: &[Value]) -> Value {
    json!({ "kind": "group", "rule": rule, "count": count, "items": items })
}

fn college(tree: Value) -> State {
    state_of(&[json!({ "title": "Section", "routes": [{ "kind": "college", "requirements": tree }] })]).0
}

#[test]
fn the_examples_of_the_module_hold() {
    let (degree, a_levels, gcses) = (asked("6", &[]), asked("3", &[]), asked("2", &[]));
    let lowest = |tree: Value| {
        let state = college(tree);
        Framework::Rqf.levels().iter().find(|level| is_listed(&state, 0, &at_most(&format!("RQF:{level}")))).copied()
    };
    assert_eq!(lowest(group("one_of", None, &[degree.clone(), a_levels.clone()])), Some("3"));
    assert_eq!(lowest(group("all_of", None, &[degree.clone(), a_levels.clone()])), Some("6"));
    assert_eq!(lowest(group("at_least", Some(2), &[degree.clone(), a_levels, gcses])), Some("3"));
    let state = college(group("one_of", None, &[degree, asked("3", &["scotland"])]));
    let in_nation = |nation| Filter { nation: Some(nation), ..at_most("RQF:3") };
    assert!(!is_listed(&state, 0, &in_nation(Nation::England)));
    assert!(is_listed(&state, 0, &in_nation(Nation::Scotland)));
}

#[test]
fn filters_of_ways_hold_for_the_same_way() {
    let (state, _) = state_of(&[json!({ "title": "Section", "routes": [
        { "kind": "apprenticeship", "requirements": asked("6", &[]) },
        { "kind": "college", "requirements": asked("2", &[]) },
    ] })]);
    let of = |route| Filter { route: Some(route), ..at_most("RQF:2") };
    assert!(is_listed(&state, 100, &of(RouteKind::College)));
    assert!(!is_listed(&state, 100, &of(RouteKind::Apprenticeship)));
    assert!(!is_listed(&state, 100, &of(RouteKind::University)));
}

#[test]
fn what_stands_in_a_section_that_stands_in_a_page_counts_and_goes_with_it() {
    let inner = json!({ "title": "Inner", "routes": [{ "kind": "work" }],
        "skills": [{ "text": "Écoute active", "code": { "scheme": "ESCO", "code": "S1.2" } }] });
    let outer = json!({ "title": "Outer", "sections": [{ "blocks": [
        { "kind": "requirements", "requirement_section": document(1) } ] }] });
    let mut state = State::default();
    let rows = vec![
        page_with(100, &[2]),
        row(2, Kind::RequirementSection, outer),
        row(1, Kind::RequirementSection, inner.clone()),
    ];
    state.apply(rows, &[], Sequence(1));
    let work = Filter { route: Some(RouteKind::Work), ..Filter::default() };
    let skill = |words: &str| Filter { skill: Some(words.to_owned()), ..Filter::default() };
    assert!(is_listed(&state, 100, &work) && is_listed(&state, 2, &work));
    for found in ["ecoute ACTIVE", "active", "s1.2", "esco:S1.2"] {
        assert!(is_listed(&state, 100, &skill(found)), "{found}");
    }
    for missed in ["act", "active écoute", "onet:S1.2", "…"] {
        assert!(!is_listed(&state, 100, &skill(missed)), "{missed}");
    }
    // Withdrawn, it stands where it stood, with its notice, but in no list.
    state.apply(vec![Row { live: false, ..row(1, Kind::RequirementSection, inner) }], &[], Sequence(2));
    assert!(is_listed(&state, 100, &work) && !is_listed(&state, 1, &work));
    state.apply(Vec::new(), &[document(1)], Sequence(3));
    assert!(!is_listed(&state, 100, &work) && !is_listed(&state, 100, &skill("active")));
}
