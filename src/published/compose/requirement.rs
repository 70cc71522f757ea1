//! Requirement sections in a page: the trees expanded, in sentences, and what each route asks for. What a tree means is
//! worked out elsewhere; here it is put beside what it is said of.
//!
//! Decision (2026-11-22), where a part of a tree comes from. Context: the tree of a referenced section stands in the place
//! of the reference, but a withdrawn section has a notice that readers must see. Choice: the topmost node that stands for
//! a reference carries `requirement_section`, the head of the section it comes from; nodes of the section itself don't
//! have the key. Consequence: a simple site may pass over it, a careful one can show the notice and link to the source.
//!
//! Decision (2026-11-22), references that can't be followed. Context: at a time in the past a section may be missing that
//! cannot be missing now. Choice: its node stays, of kind `section`, with `requirement_section: null` (or its head, if it
//! is only too deep to be followed). Consequence: the tree agrees with its sentences and with `asks_for`, which say that
//! something unknown is asked for.

use crate::{
    content::{
        kinds::{
            self, Kind,
            requirement::{self, NodeBody},
        },
        requirements::{self, AsksFor, ExpandedTree, Sections},
    },
    kernel::DocumentId,
};

use super::{
    super::{bundle, view},
    Composer,
};

/// How many requirement sections may stand within each other: one in the page, and three expansions from there. Saving
/// allows no more; this holds if that ever changes.
const EMBEDDING_LIMIT: usize = 4;

impl Composer<'_> {
    /// `None` if the public can't read the section, or if it would stand in itself.
    pub(super) fn embedded(&mut self, id: DocumentId) -> Option<view::EmbeddedSection> {
        let section = self.bundle.embedded.get(&id)?;
        if self.embedding.contains(&id) || self.embedding.len() >= EMBEDDING_LIMIT {
            return None;
        }
        self.embedding.push(id);
        let body = self.section_body(id, &section.content);
        self.embedding.pop();
        Some(view::EmbeddedSection { head: head(section), body })
    }

    pub(super) fn section_body(&mut self, owner: DocumentId, section: &kinds::RequirementSection) -> view::SectionBody {
        let kinds::RequirementSection { title: _, summary: _, introduction, requirements, routes, skills, sections } =
            section;
        let own = requirements.as_ref().map(|tree| self.expanded(tree, owner));
        view::SectionBody {
            introduction: self.rich_text(introduction),
            requirements: requirements.as_ref().zip(own.as_ref()).map(|(tree, own)| self.tree(tree, own)),
            plain: plain(own.as_ref(), self.bundle),
            routes: routes.iter().map(|route| self.route(route, own.as_ref(), owner)).collect(),
            skills: skills.iter().map(Into::into).collect(),
            sections: self.sections(sections),
        }
    }

    fn route(
        &self,
        route: &requirement::EntryRoute,
        of_section: Option<&ExpandedTree>,
        owner: DocumentId,
    ) -> view::EntryRoute {
        let requirement::EntryRoute {
            id,
            kind,
            heading,
            introduction,
            requirements,
            further_information,
            subjects,
            standards,
            links,
        } = route;
        let own = requirements.as_ref().map(|tree| self.expanded(tree, owner));
        view::EntryRoute {
            id: *id,
            kind: *kind,
            heading: heading.clone(),
            introduction: self.rich_text(introduction),
            requirements: requirements.as_ref().zip(own.as_ref()).map(|(tree, own)| self.tree(tree, own)),
            plain: plain(own.as_ref(), self.bundle),
            asks_for: asks_for(own.as_ref(), of_section),
            further_information: self.rich_text(further_information),
            subjects: subjects.clone(),
            standards: standards.iter().map(Into::into).collect(),
            links: self.links(links),
        }
    }

    fn expanded(&self, tree: &requirement::Node, owner: DocumentId) -> ExpandedTree {
        requirements::expand(tree, owner, self.bundle)
    }

    fn tree(&self, written: &requirement::Node, expanded: &ExpandedTree) -> view::Node {
        self.node(Some(written), expanded.node())
    }

    /// A node of an expanded tree; `written` is the node that stands in its place in the tree of the section it is from.
    fn node(&self, written: Option<&requirement::Node>, expanded: &requirement::Node) -> view::Node {
        let (written, origin) = self.origin(written, expanded);
        let requirement::Node { id, body } = expanded;
        let body = match body {
            NodeBody::Group(group) => view::NodeBody::Group(self.group(written, group)),
            NodeBody::Requirement(requirement) => view::NodeBody::Requirement(Box::new(self.requirement(requirement))),
            NodeBody::Section { requirement_section, necessity } => {
                let section = requirement_section.and_then(|id| self.bundle.embedded.get(&id));
                view::NodeBody::Section { requirement_section: section.map(head).map(Box::new), necessity: *necessity }
            }
        };
        let origin = origin.filter(|_| !matches!(body, view::NodeBody::Section { .. })).map(head);
        view::Node { id: *id, body, origin }
    }

    /// Follows references in the written tree as far as the expansion did. Where several follow one another, the origin is
    /// the section whose own node it is.
    fn origin<'b>(
        &'b self,
        mut written: Option<&'b requirement::Node>,
        expanded: &requirement::Node,
    ) -> (Option<&'b requirement::Node>, Option<&'b bundle::EmbeddedSection>) {
        let mut origin = None;
        while let Some(requirement::Node { id, body: NodeBody::Section { requirement_section, necessity: _ } }) =
            written
        {
            let unfollowed = matches!(expanded.body, NodeBody::Section { .. }) && expanded.id == *id;
            let Some(section) = requirement_section.and_then(|id| self.bundle.embedded.get(&id)) else { break };
            if unfollowed {
                break;
            }
            origin = Some(section);
            written = section.content.requirements.as_ref();
        }
        (written, origin)
    }

    fn group(&self, written: Option<&requirement::Node>, group: &requirement::Group) -> view::Group {
        let requirement::Group { rule, count, lead_in, items } = group;
        let mut written = match written.map(|node| &node.body) {
            Some(NodeBody::Group(written)) => written.items.iter(),
            _ => [].iter(),
        };
        view::Group {
            rule: *rule,
            count: *count,
            lead_in: lead_in.clone(),
            items: items.iter().map(|item| self.node(written.next(), item)).collect(),
        }
    }

    fn requirement(&self, requirement: &requirement::Requirement) -> view::Requirement {
        let requirement::Requirement { text, category, necessity, qualification, organisation, links, source, nations } =
            requirement;
        view::Requirement {
            text: text.clone(),
            category: *category,
            necessity: *necessity,
            qualification: qualification.as_ref().map(Into::into),
            organisation: organisation.clone(),
            links: self.links(links),
            source: source.as_ref().map(Into::into),
            nations: nations.clone(),
        }
    }
}

fn head(section: &bundle::EmbeddedSection) -> view::SectionHead {
    let bundle::EmbeddedSection { id, slug, path, version, notice, content } = section;
    view::SectionHead {
        id: *id,
        kind: Kind::RequirementSection,
        slug: slug.clone(),
        path: path.clone(),
        version: *version,
        title: content.title.clone(),
        summary: content.summary.clone(),
        notice: notice.clone(),
    }
}

/// A tree in sentences; none without a tree.
fn plain(tree: Option<&ExpandedTree>, sections: &dyn Sections) -> Vec<String> {
    tree.map(|tree| requirements::plain(tree, sections)).unwrap_or_default()
}

/// What a route asks for at least, for all nations together.
fn asks_for(own: Option<&ExpandedTree>, of_section: Option<&ExpandedTree>) -> AsksFor {
    requirements::route_asks_for(own, of_section, None)
}
