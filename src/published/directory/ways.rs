//! The ways in of a requirement section, and which of them a filter lets through. Everything is computed from values; it
//! knows neither the database nor the directory.
//!
//! # What the filters mean
//!
//! A *way in* is an entry route; a requirement section without routes, whose tree is all there is, is one way of no kind.
//! What a way asks for is its own tree and its section's together, with the trees of other sections where they refer to
//! them, as the published JSON shows it. `route`, `max_level`, `nation` and `necessity` speak of ONE way: a page is
//! listed if one of its ways fulfils them all.
//!
//! - `route=apprenticeship`: the way is an apprenticeship.
//! - `max_level=RQF:3`: the way is an entry route, and somebody with qualifications up to level 3 of the RQF can take it:
//!   some way through its trees has no requirement that asks for more. “One of: a degree; 2 A levels” asks for level 3;
//!   “all of” the two asks for 6; “at least 2 of: a degree, 2 A levels, GCSEs” asks for 3. Only what is `required` or
//!   `usually` asked for counts, and a requirement in another framework, or without a level, asks for nothing in this one.
//! - What nobody knows is more than any level: a route that is described in prose only, or a tree that refers to a
//!   section which is not there. `unknown=include` lets such ways through as well: those whose `asks_for` is null. What
//!   can't be met never passes.
//! - `nation=scotland`: the way is open to people in Scotland. A requirement that names nations holds in those only, one
//!   that names none holds in all. What names only other nations is taken out first; the way is open if the rest can be
//!   met, and if its own tree didn't speak of other nations alone. With `max_level`, what is left is what counts: “one
//!   of: a degree; Highers (Scotland)” asks for a degree in England.
//! - `necessity=helpful`: some requirement of the way is helpful; with `nation`, one that holds there.
//!
//! `skill` speaks of the page and of the sections that stand in it: the words stand in the text of a skill one after the
//! other, whatever their case and accents; or they are its code, alone or as `scheme:code`.
//!
//! Decision (2026-11-22), one way for all. Context: “apprenticeships that ask for no more than level 2” must not list a
//! page because its apprenticeship asks for level 6 and its college route for level 2. Choice: filters of ways have to hold
//! for the same way. Consequence: adding a filter never lists more.

use crate::{
    content::{
        findable::{Findable, FindableSkill, plain_words},
        kinds::requirement::{Framework, Level, Nation, Necessity, Node, NodeBody, Requirement, RouteKind},
        requirements::{Asks, AsksFor, ExpandedTree, Sections, expand, route_asks_for},
    },
    kernel::DocumentId,
};

/// What lists and searches can be narrowed to by what typed content tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub route: Option<RouteKind>,
    pub max_level: Option<Level>,
    /// Whether ways of which nobody knows what they ask for pass `max_level`.
    pub unknown: bool,
    pub nation: Option<Nation>,
    pub necessity: Option<Necessity>,
    /// Words of a skill, or its code.
    pub skill: Option<String>,
}

impl Filter {
    /// Whether it asks for anything.
    pub fn is_empty(&self) -> bool {
        !self.asks_for_ways() && self.skill.is_none()
    }

    pub(super) fn asks_for_ways(&self) -> bool {
        self.route.is_some() || self.max_level.is_some() || self.nation.is_some() || self.necessity.is_some()
    }

    /// Whether one of these ways fulfils everything.
    pub(super) fn lets_through(&self, ways: &[Way]) -> bool {
        ways.iter().any(|way| self.fits(way))
    }

    fn fits(&self, way: &Way) -> bool {
        let Some(reading) = way.reading(self.nation) else { return false };
        self.route.is_none_or(|kind| way.kind == Some(kind))
            && (self.nation.is_none() || reading.open)
            && self.necessity.is_none_or(|necessity| reading.necessities & bit(necessity) != 0)
            && self.max_level.as_ref().is_none_or(|level| way.kind.is_some() && reading.fits(level, self.unknown))
    }

    /// A test for skills; `None` if any will do.
    pub(super) fn skill_test(&self) -> Option<impl Fn(&FindableSkill) -> bool> {
        let asked = self.skill.as_deref()?;
        let words = format!(" {} ", plain_words(asked));
        let code = asked.trim().to_lowercase();
        Some(move |skill: &FindableSkill| {
            let is_code = skill.code.as_ref().is_some_and(|known| {
                let (scheme, number) = (known.scheme.to_lowercase(), known.code.to_lowercase());
                number == code || format!("{scheme}:{number}") == code
            });
            is_code || (words.len() > 2 && format!(" {} ", skill.text).contains(&words))
        })
    }
}

/// One way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// `None` for a requirement section without routes.
    pub kind: Option<RouteKind>,
    /// For no nation in particular, then for each one.
    readings: [Reading; 5],
}

/// A way as it is in a nation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    open: bool,
    /// By framework: a rank, [`UNKNOWN`] or [`CANNOT_BE_MET`].
    asks: [u8; 3],
    /// A bit for each necessity that stands in it.
    necessities: u8,
}

const UNKNOWN: u8 = 254;
const CANNOT_BE_MET: u8 = 255;

impl Way {
    fn reading(&self, nation: Option<Nation>) -> Option<&Reading> {
        self.readings.get(match nation {
            None => 0,
            Some(Nation::England) => 1,
            Some(Nation::Scotland) => 2,
            Some(Nation::Wales) => 3,
            Some(Nation::NorthernIreland) => 4,
        })
    }

    /// By framework, the rank of what it asks for in all nations together; `None` where nobody knows or can meet it.
    pub(super) fn asks(&self) -> [Option<u8>; 3] {
        let known = |asks: u8| (asks < UNKNOWN).then_some(asks);
        self.reading(None).map_or([None; 3], |reading| reading.asks.map(known))
    }
}

impl Reading {
    fn of(own: Option<&ExpandedTree>, section: Option<&ExpandedTree>, nation: Option<Nation>) -> Self {
        let asks = route_asks_for(own, section, nation);
        let holds = |requirement: &Requirement| {
            nation.is_none_or(|nation| requirement.nations.is_empty() || requirement.nations.contains(&nation))
        };
        let mut necessities = 0;
        for tree in own.into_iter().chain(section) {
            visit(tree.node(), &mut |leaf| {
                if let NodeBody::Requirement(requirement) = leaf
                    && holds(requirement)
                {
                    necessities |= bit(requirement.necessity);
                }
            });
        }
        let (mut left, mut any) = (false, false);
        if let Some(tree) = own {
            visit(tree.node(), &mut |leaf| {
                any = true;
                left |= !matches!(leaf, NodeBody::Requirement(requirement) if !holds(requirement));
            });
        }
        Self {
            open: asks != AsksFor::CannotBeMet && (left || !any),
            asks: [Framework::Rqf, Framework::Cqfw, Framework::Scqf].map(|one| written(asks.in_framework(one))),
            necessities,
        }
    }

    fn fits(&self, level: &Level, unknown: bool) -> bool {
        match self.asks.get(place(level.framework)) {
            None | Some(&CANNOT_BE_MET) => false,
            Some(&UNKNOWN) => unknown,
            Some(rank) => usize::from(*rank) <= level.rank(),
        }
    }
}

fn place(framework: Framework) -> usize {
    match framework {
        Framework::Rqf => 0,
        Framework::Cqfw => 1,
        Framework::Scqf => 2,
    }
}

fn written(asks: Asks) -> u8 {
    match asks {
        Asks::Level(rank) => u8::try_from(rank).unwrap_or(UNKNOWN),
        Asks::Unknown => UNKNOWN,
        Asks::CannotBeMet => CANNOT_BE_MET,
    }
}

fn bit(necessity: Necessity) -> u8 {
    match necessity {
        Necessity::Required => 1,
        Necessity::Usually => 2,
        Necessity::Sometimes => 4,
        Necessity::Helpful => 8,
        Necessity::None => 16,
    }
}

/// Shows every requirement of a tree, and every reference that could not be followed.
fn visit(node: &Node, seen: &mut dyn FnMut(&NodeBody)) {
    match &node.body {
        NodeBody::Group(group) => group.items.iter().for_each(|item| visit(item, seen)),
        leaf => seen(leaf),
    }
}

/// The ways in that a requirement section describes itself.
pub fn ways(section: DocumentId, found: &Findable, sections: &dyn Sections) -> Box<[Way]> {
    let expanded = |tree: &Node| expand(tree, section, sections);
    let own = found.requirements.as_ref().map(expanded);
    let way = |kind, tree: Option<&ExpandedTree>, of_section: Option<&ExpandedTree>| Way {
        kind,
        readings: [
            None,
            Some(Nation::England),
            Some(Nation::Scotland),
            Some(Nation::Wales),
            Some(Nation::NorthernIreland),
        ]
        .map(|nation| Reading::of(tree, of_section, nation)),
    };
    if found.routes.is_empty() {
        return own.iter().map(|tree| way(None, Some(tree), None)).collect();
    }
    let route = |route: &crate::content::findable::FindableRoute| {
        way(Some(route.kind), route.requirements.as_ref().map(expanded).as_ref(), own.as_ref())
    };
    found.routes.iter().map(route).collect()
}
