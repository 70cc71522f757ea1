//! What a tree asks for in each framework of qualification levels, for filters and for `asks_for` in the published
//! JSON. It knows nothing of wording.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::{
    super::kinds::requirement::{Framework, Group, Level, Nation, Node, NodeBody, Requirement, Rule},
    counts,
    expansion::ExpandedTree,
};

/// What is asked for in one framework. In order, less before more: the levels; unknown, which may be anything and so
/// promises nothing; and at last what can't be met, which is known and final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asks {
    /// A rank as in [`Level::rank`]; 0 is nothing.
    Level(usize),
    Unknown,
    CannotBeMet,
}

/// What is asked for in all frameworks. Unknown and can't be met hold in all of them or in none, because they do not
/// come from levels. In JSON a map from framework to level, `"0"` for nothing; null if nothing can be promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsksFor {
    /// Ranks as in [`Level::rank`], with a 0 for a framework that is mentioned but not asked for.
    Levels(BTreeMap<Framework, usize>),
    Unknown,
    CannotBeMet,
}

/// What an entry route asks for: the most of its own tree and its section's. A route without a tree asks for unknown,
/// a section without one for nothing. For a nation, requirements that name only other nations are taken out first.
pub fn route_asks_for(own: Option<&ExpandedTree>, section: Option<&ExpandedTree>, nation: Option<Nation>) -> AsksFor {
    let own = own.map_or(AsksFor::Unknown, |tree| AsksFor::of_tree(tree, nation));
    match section {
        Some(tree) => own.most(AsksFor::of_tree(tree, nation)),
        None => own,
    }
}

/// Whether a route is known to ask for at most this level; `include_unknown` lets the unknown pass too. A framework that
/// is not mentioned is not asked for.
pub fn matches_max_level(asks: &AsksFor, maximum: &Level, include_unknown: bool) -> bool {
    match asks.in_framework(maximum.framework) {
        Asks::Level(rank) => rank <= maximum.rank(),
        Asks::Unknown => include_unknown,
        Asks::CannotBeMet => false,
    }
}

impl AsksFor {
    pub fn of_tree(tree: &ExpandedTree, nation: Option<Nation>) -> Self {
        let mut mentioned = BTreeSet::new();
        collect_frameworks(tree.node(), &mut mentioned);
        let mut levels = BTreeMap::new();
        for &framework in Framework::ALL {
            match (Reading { framework, nation }).tree(tree.node()) {
                Asks::Unknown => return Self::Unknown,
                Asks::CannotBeMet => return Self::CannotBeMet,
                Asks::Level(rank) if mentioned.contains(&framework) => {
                    levels.insert(framework, rank);
                }
                Asks::Level(_) => {}
            }
        }
        Self::Levels(levels)
    }

    pub fn in_framework(&self, framework: Framework) -> Asks {
        match self {
            Self::Levels(levels) => Asks::Level(levels.get(&framework).copied().unwrap_or(0)),
            Self::Unknown => Asks::Unknown,
            Self::CannotBeMet => Asks::CannotBeMet,
        }
    }

    /// What asks for both.
    fn most(self, other: Self) -> Self {
        match (self, other) {
            (Self::CannotBeMet, _) | (_, Self::CannotBeMet) => Self::CannotBeMet,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Levels(mut levels), Self::Levels(others)) => {
                for (framework, rank) in others {
                    let most = levels.entry(framework).or_insert(rank);
                    *most = rank.max(*most);
                }
                Self::Levels(levels)
            }
        }
    }
}

impl Serialize for AsksFor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Levels(levels) => serializer
                .collect_map(levels.iter().map(|(framework, rank)| (framework, level_name(*framework, *rank)))),
            Self::Unknown | Self::CannotBeMet => serializer.serialize_none(),
        }
    }
}

/// One reading of a tree: for a framework, and perhaps for a nation.
#[derive(Clone, Copy)]
struct Reading {
    framework: Framework,
    nation: Option<Nation>,
}

impl Reading {
    fn tree(self, root: &Node) -> Asks {
        self.node(root).unwrap_or(Asks::Level(0))
    }

    /// `None` if it is taken out for the nation.
    fn node(self, node: &Node) -> Option<Asks> {
        match &node.body {
            NodeBody::Group(group) => self.group(group),
            NodeBody::Requirement(requirement) => self.requirement(requirement),
            NodeBody::Section { .. } if counts_anywhere(node) => Some(Asks::Unknown),
            NodeBody::Section { .. } => Some(Asks::Level(0)),
        }
    }

    fn requirement(self, requirement: &Requirement) -> Option<Asks> {
        let elsewhere =
            self.nation.is_some_and(|nation| !requirement.nations.is_empty() && !requirement.nations.contains(&nation));
        if elsewhere {
            return None;
        }
        let level = requirement.qualification.as_ref().and_then(|qualification| qualification.level.as_ref());
        let rank = level.filter(|level| level.framework == self.framework && counts(requirement.necessity));
        Some(Asks::Level(rank.map_or(0, Level::rank)))
    }

    fn group(self, group: &Group) -> Option<Asks> {
        let mut left: Vec<Asks> = group.items.iter().filter_map(|item| self.node(item)).collect();
        let all_taken_out = left.is_empty() && !group.items.is_empty();
        left.sort_unstable();
        let needed = match group.rule {
            Rule::AllOf if all_taken_out => return None,
            Rule::AllOf => return Some(left.last().copied().unwrap_or(Asks::Level(0))),
            Rule::OneOf => 1,
            Rule::AtLeast => needed_count(group),
        };
        match left.get(needed - 1) {
            Some(asks) => Some(*asks),
            None if group.items.is_empty() || group.items.iter().any(counts_anywhere) => Some(Asks::CannotBeMet),
            None if all_taken_out => None,
            None => Some(Asks::Level(0)),
        }
    }
}

/// How many items an `at_least` needs: never fewer than one, which is also the count if none is given.
pub(super) fn needed_count(group: &Group) -> usize {
    group.count.map_or(1, |count| usize::try_from(count).unwrap_or(usize::MAX)).max(1)
}

fn counts_anywhere(node: &Node) -> bool {
    match &node.body {
        NodeBody::Group(group) => group.items.iter().any(counts_anywhere),
        NodeBody::Requirement(requirement) => counts(requirement.necessity),
        NodeBody::Section { necessity, .. } => necessity.is_none_or(counts),
    }
}

fn collect_frameworks(node: &Node, frameworks: &mut BTreeSet<Framework>) {
    match &node.body {
        NodeBody::Group(group) => group.items.iter().for_each(|item| collect_frameworks(item, frameworks)),
        NodeBody::Requirement(requirement) => {
            let level = requirement.qualification.as_ref().and_then(|qualification| qualification.level.as_ref());
            frameworks.extend(level.map(|level| level.framework));
        }
        NodeBody::Section { .. } => {}
    }
}

fn level_name(framework: Framework, rank: usize) -> &'static str {
    rank.checked_sub(1).and_then(|position| framework.levels().get(position)).copied().unwrap_or("0")
}
