//! Puts the trees of referenced requirement sections in the place of the references. It knows nothing of levels.

use std::collections::HashMap;

use crate::kernel::{DocumentId, NodeId};

use super::super::kinds::{
    RequirementSection,
    requirement::{Group, Necessity, Node, NodeBody, Requirement, Rule},
};

/// The requirement sections that references may lead to.
pub trait Sections {
    /// `None` if there is no such section where the tree is shown, for example because it is not live.
    fn section(&self, id: DocumentId) -> Option<&RequirementSection>;
}

impl Sections for HashMap<DocumentId, RequirementSection> {
    fn section(&self, id: DocumentId) -> Option<&RequirementSection> {
        self.get(&id)
    }
}

/// A tree in which every reference that can be followed is replaced by the tree it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpandedTree {
    node: Node,
    unresolved: Vec<Unresolved>,
}

/// A reference that could not be followed and still stands in the expanded tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unresolved {
    pub node: NodeId,
    pub section: Option<DocumentId>,
    pub reason: UnresolvedReason,
}

named! {
    UnresolvedReason {
        NotChosen = "not_chosen",
        Missing = "missing",
        Cycle = "cycle",
        TooDeep = "too_deep",
        TooLarge = "too_large",
    }
}

/// How many references are followed one after the other.
const DEPTH_LIMIT: usize = 3;

/// After this many nodes from referenced trees, further references are not followed.
const NODES_LIMIT: usize = 10_000;

/// Expands a tree of the document `owner`, to which no reference may lead back.
pub fn expand(tree: &Node, owner: DocumentId, sections: &dyn Sections) -> ExpandedTree {
    let mut expansion =
        Expansion { sections, path: vec![owner], followed_nodes: 0, replaced_necessities: 0, unresolved: Vec::new() };
    let node = expansion.node(tree, None);
    ExpandedTree { node, unresolved: expansion.unresolved }
}

impl ExpandedTree {
    /// The references that are left in it are those of [`ExpandedTree::unresolved`].
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// In reading order.
    pub fn unresolved(&self) -> &[Unresolved] {
        &self.unresolved
    }
}

struct Expansion<'a> {
    sections: &'a dyn Sections,
    /// The owner, and the sections whose trees are being expanded.
    path: Vec<DocumentId>,
    followed_nodes: usize,
    replaced_necessities: usize,
    unresolved: Vec<Unresolved>,
}

impl Expansion<'_> {
    /// `necessity` is what the outermost reference above names.
    fn node(&mut self, node: &Node, necessity: Option<Necessity>) -> Node {
        if self.path.len() > 1 {
            self.followed_nodes += 1;
        }
        match &node.body {
            NodeBody::Group(group) => Node { id: node.id, body: NodeBody::Group(self.group(group, necessity)) },
            NodeBody::Requirement(requirement) => {
                Node { id: node.id, body: NodeBody::Requirement(Box::new(self.requirement(requirement, necessity))) }
            }
            NodeBody::Section { requirement_section, necessity: own } => {
                self.reference(node.id, *requirement_section, necessity.or(*own))
            }
        }
    }

    fn group(&mut self, group: &Group, necessity: Option<Necessity>) -> Group {
        let replaced_before = self.replaced_necessities;
        let items = group.items.iter().map(|item| self.node(item, necessity)).collect();
        let still_true = necessity.is_none() || self.replaced_necessities == replaced_before;
        Group { rule: group.rule, count: group.count, lead_in: group.lead_in.clone().filter(|_| still_true), items }
    }

    fn requirement(&mut self, requirement: &Requirement, necessity: Option<Necessity>) -> Requirement {
        let necessity = necessity.unwrap_or(requirement.necessity);
        if necessity != requirement.necessity {
            self.replaced_necessities += 1;
        }
        Requirement { necessity, ..requirement.clone() }
    }

    fn reference(&mut self, id: NodeId, target: Option<DocumentId>, necessity: Option<Necessity>) -> Node {
        match self.follow(target) {
            Ok((document, Some(tree))) => {
                self.path.push(document);
                let expanded = self.node(tree, necessity);
                self.path.pop();
                expanded
            }
            Ok((_, None)) => Node { id, body: NodeBody::Group(nothing()) },
            Err(reason) => {
                self.unresolved.push(Unresolved { node: id, section: target, reason });
                Node { id, body: NodeBody::Section { requirement_section: target, necessity } }
            }
        }
    }
}

impl<'a> Expansion<'a> {
    fn follow(&self, target: Option<DocumentId>) -> Result<(DocumentId, Option<&'a Node>), UnresolvedReason> {
        let document = target.ok_or(UnresolvedReason::NotChosen)?;
        let section = self.sections.section(document).ok_or(UnresolvedReason::Missing)?;
        if self.path.contains(&document) {
            Err(UnresolvedReason::Cycle)
        } else if self.path.len() > DEPTH_LIMIT {
            Err(UnresolvedReason::TooDeep)
        } else if self.followed_nodes >= NODES_LIMIT {
            Err(UnresolvedReason::TooLarge)
        } else {
            Ok((document, section.requirements.as_ref()))
        }
    }
}

/// What stands for a section without a tree.
fn nothing() -> Group {
    Group { rule: Rule::AllOf, count: None, lead_in: None, items: Vec::new() }
}
