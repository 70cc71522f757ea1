//! One walk over all parts of a content. References, checks, search text and the lists of images are all built on it, so
//! a new field is named here once and none of them forgets it.

use crate::kernel::{DocumentId, NodeId};

use super::{
    super::values::Markdown,
    requirement::{EntryRoute, Node, NodeBody, Standard},
    requirement_section::RequirementSection,
    role_page::{Facts, Pay, RolePage},
    section::{Block, BlockBody, ImageUse, Link, RoleSummary, Section, Skill},
};

/// A part of a content, in reading order. Containers come before what they contain.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    Section(&'a Section),
    Block(&'a Block),
    Role(&'a RoleSummary),
    Route(&'a EntryRoute),
    Node(&'a Node),
    Skill(&'a Skill),
    Standard(&'a Standard),
    Facts(&'a Facts),
    /// Any other thing with an id.
    Item(NodeId),
    /// One-line plain text that readers see.
    Line(&'a str),
    RichText(&'a Markdown),
    Link(&'a Link),
    Image(&'a ImageUse),
    /// A requirement section that stands here in full.
    Embed(DocumentId),
    /// A requirement section whose tree stands here.
    Tree(DocumentId),
    Related(DocumentId),
    /// A role summary's own page.
    OwnPage(DocumentId),
}

type Visit<'v, 'a> = &'v mut dyn FnMut(&str, Part<'a>);

pub fn role_page<'a>(page: &'a RolePage, visit: Visit<'_, 'a>) {
    visit("/title", Part::Line(&page.title));
    lines(&page.alternative_titles, "/alternative_titles", visit);
    visit("/summary", Part::Line(&page.summary));
    optional(page.meta_description.as_deref(), "/meta_description", visit);
    lines(&page.search_terms, "/search_terms", visit);
    if let Some(used) = &page.lead_image {
        image(used, "/lead_image", visit);
    }
    sections(&page.sections, visit);
    for (position, document) in page.related_roles.iter().enumerate() {
        visit(&format!("/related_roles/{position}"), Part::Related(*document));
    }
    links(&page.learn_more, "/learn_more", visit);
    facts(&page.facts, visit);
}

pub fn requirement_section<'a>(section: &'a RequirementSection, visit: Visit<'_, 'a>) {
    visit("/title", Part::Line(&section.title));
    visit("/summary", Part::Line(&section.summary));
    visit("/introduction", Part::RichText(&section.introduction));
    if let Some(tree) = &section.requirements {
        node(tree, "/requirements", visit);
    }
    for (position, route) in section.routes.iter().enumerate() {
        entry_route(route, &format!("/routes/{position}"), visit);
    }
    skills(&section.skills, "/skills", visit);
    sections(&section.sections, visit);
}

fn sections<'a>(sections: &'a [Section], visit: Visit<'_, 'a>) {
    for (position, section) in sections.iter().enumerate() {
        let pointer = format!("/sections/{position}");
        visit(&pointer, Part::Section(section));
        optional(section.heading.as_deref(), &format!("{pointer}/heading"), visit);
        for (position, one) in section.blocks.iter().enumerate() {
            block(one, &format!("{pointer}/blocks/{position}"), visit);
        }
    }
}

fn block<'a>(block: &'a Block, pointer: &str, visit: Visit<'_, 'a>) {
    visit(pointer, Part::Block(block));
    match &block.body {
        BlockBody::Text { markdown } => visit(&format!("{pointer}/markdown"), Part::RichText(markdown)),
        BlockBody::Image(used) => image(used, pointer, visit),
        BlockBody::Callout { tone: _, heading, markdown } => {
            optional(heading.as_deref(), &format!("{pointer}/heading"), visit);
            visit(&format!("{pointer}/markdown"), Part::RichText(markdown));
        }
        BlockBody::Details { summary, markdown } => {
            visit(&format!("{pointer}/summary"), Part::Line(summary));
            visit(&format!("{pointer}/markdown"), Part::RichText(markdown));
        }
        BlockBody::Roles { introduction, roles } => {
            visit(&format!("{pointer}/introduction"), Part::RichText(introduction));
            for (position, one) in roles.iter().enumerate() {
                role(one, &format!("{pointer}/roles/{position}"), visit);
            }
        }
        BlockBody::Requirements { requirement_section, note } => {
            if let Some(document) = requirement_section {
                visit(&format!("{pointer}/requirement_section"), Part::Embed(*document));
            }
            visit(&format!("{pointer}/note"), Part::RichText(note));
        }
        BlockBody::Links { links: all } => links(all, &format!("{pointer}/links"), visit),
        BlockBody::Quote { markdown, attribution } => {
            visit(&format!("{pointer}/markdown"), Part::RichText(markdown));
            optional(attribution.as_deref(), &format!("{pointer}/attribution"), visit);
        }
        BlockBody::Facts { show: _ } => {}
    }
}

fn role<'a>(role: &'a RoleSummary, pointer: &str, visit: Visit<'_, 'a>) {
    visit(pointer, Part::Role(role));
    visit(&format!("{pointer}/title"), Part::Line(&role.title));
    visit(&format!("{pointer}/markdown"), Part::RichText(&role.markdown));
    for (position, task) in role.tasks.iter().enumerate() {
        visit(&format!("{pointer}/tasks/{position}"), Part::Item(task.id));
        visit(&format!("{pointer}/tasks/{position}/text"), Part::Line(&task.text));
    }
    if let Some(page) = role.page {
        visit(&format!("{pointer}/page"), Part::OwnPage(page));
    }
}

fn entry_route<'a>(route: &'a EntryRoute, pointer: &str, visit: Visit<'_, 'a>) {
    visit(pointer, Part::Route(route));
    optional(route.heading.as_deref(), &format!("{pointer}/heading"), visit);
    visit(&format!("{pointer}/introduction"), Part::RichText(&route.introduction));
    if let Some(tree) = &route.requirements {
        node(tree, &format!("{pointer}/requirements"), visit);
    }
    visit(&format!("{pointer}/further_information"), Part::RichText(&route.further_information));
    lines(&route.subjects, &format!("{pointer}/subjects"), visit);
    standards(&route.standards, &format!("{pointer}/standards"), visit);
    links(&route.links, &format!("{pointer}/links"), visit);
}

fn node<'a>(node_: &'a Node, pointer: &str, visit: Visit<'_, 'a>) {
    visit(pointer, Part::Node(node_));
    match &node_.body {
        NodeBody::Group(group) => {
            optional(group.lead_in.as_deref(), &format!("{pointer}/lead_in"), visit);
            for (position, item) in group.items.iter().enumerate() {
                node(item, &format!("{pointer}/items/{position}"), visit);
            }
        }
        NodeBody::Requirement(requirement) => {
            visit(&format!("{pointer}/text"), Part::Line(&requirement.text));
            if let Some(qualification) = &requirement.qualification {
                visit(&format!("{pointer}/qualification/name"), Part::Line(&qualification.name));
                optional(qualification.grade.as_deref(), &format!("{pointer}/qualification/grade"), visit);
                lines(&qualification.subjects, &format!("{pointer}/qualification/subjects"), visit);
            }
            optional(requirement.organisation.as_deref(), &format!("{pointer}/organisation"), visit);
            links(&requirement.links, &format!("{pointer}/links"), visit);
            if let Some(source) = &requirement.source {
                visit(&format!("{pointer}/source/title"), Part::Line(&source.title));
            }
        }
        NodeBody::Section { requirement_section, necessity: _ } => {
            if let Some(document) = requirement_section {
                visit(&format!("{pointer}/requirement_section"), Part::Tree(*document));
            }
        }
    }
}

fn facts<'a>(facts: &'a Facts, visit: Visit<'_, 'a>) {
    visit("/facts", Part::Facts(facts));
    for (position, code) in facts.occupation_codes.iter().enumerate() {
        optional(code.label.as_deref(), &format!("/facts/occupation_codes/{position}/label"), visit);
    }
    if let Some(Pay::Variable { note }) = &facts.pay {
        optional(note.as_deref(), "/facts/pay/note", visit);
    }
    if let Some(hours) = &facts.hours {
        optional(hours.detail.as_deref(), "/facts/hours/detail", visit);
        lines(&hours.patterns, "/facts/hours/patterns", visit);
    }
    for (position, task) in facts.tasks.iter().enumerate() {
        visit(&format!("/facts/tasks/{position}"), Part::Item(task.id));
        visit(&format!("/facts/tasks/{position}/text"), Part::Line(&task.text));
    }
    skills(&facts.skills, "/facts/skills", visit);
    for (position, registration) in facts.registrations.iter().enumerate() {
        let pointer = format!("/facts/registrations/{position}");
        visit(&pointer, Part::Item(registration.id));
        visit(&format!("{pointer}/text"), Part::Line(&registration.text));
        optional(registration.organisation.as_deref(), &format!("{pointer}/organisation"), visit);
        links(&registration.links, &format!("{pointer}/links"), visit);
    }
    lines(&facts.work_locations, "/facts/work_locations", visit);
    lines(&facts.work_environments, "/facts/work_environments", visit);
    lines(&facts.uniform, "/facts/uniform", visit);
    standards(&facts.standards, "/facts/standards", visit);
    visit("/facts/career_path", Part::RichText(&facts.career_path));
}

fn skills<'a>(skills: &'a [Skill], pointer: &str, visit: Visit<'_, 'a>) {
    for (position, skill) in skills.iter().enumerate() {
        visit(&format!("{pointer}/{position}"), Part::Skill(skill));
        visit(&format!("{pointer}/{position}/text"), Part::Line(&skill.text));
    }
}

fn standards<'a>(standards: &'a [Standard], pointer: &str, visit: Visit<'_, 'a>) {
    for (position, standard) in standards.iter().enumerate() {
        visit(&format!("{pointer}/{position}"), Part::Standard(standard));
        visit(&format!("{pointer}/{position}/title"), Part::Line(&standard.title));
    }
}

fn links<'a>(links: &'a [Link], pointer: &str, visit: Visit<'_, 'a>) {
    for (position, link) in links.iter().enumerate() {
        visit(&format!("{pointer}/{position}"), Part::Link(link));
        visit(&format!("{pointer}/{position}/text"), Part::Line(&link.text));
    }
}

fn image<'a>(used: &'a ImageUse, pointer: &str, visit: Visit<'_, 'a>) {
    visit(pointer, Part::Image(used));
    visit(&format!("{pointer}/alt"), Part::Line(&used.alt));
    optional(used.caption.as_deref(), &format!("{pointer}/caption"), visit);
}

fn lines<'a>(lines: &'a [String], pointer: &str, visit: Visit<'_, 'a>) {
    for (position, line) in lines.iter().enumerate() {
        visit(&format!("{pointer}/{position}"), Part::Line(line));
    }
}

fn optional<'a>(line: Option<&'a str>, pointer: &str, visit: Visit<'_, 'a>) {
    if let Some(line) = line {
        visit(pointer, Part::Line(line));
    }
}
