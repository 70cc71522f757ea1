//! A published page in our own plain reading style, with one of its passages marked. It draws what was composed for the
//! public and asks nothing further. Everything is escaped: texts come as trees, never as HTML.
//!
//! Decision (2026-11-22): links are shown with their addresses and lead nowhere. The page stands in a frame that may not
//! go elsewhere, and whoever reads a report about a link wants to see its address.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde::Serialize;

use crate::{
    content::{
        kinds::{requirement::Rule, section::FactName},
        markdown::{TreeInline, TreeNode},
    },
    kernel::NodeId,
    published::view::{
        Block, BlockBody, EmbeddedSection, EntryRoute, Facts, Image, Link, Node, NodeBody, Page, RichText, RoleSummary,
        Section, SectionBody, Skill, Task,
    },
};

use super::difference;

/// Draws a page. Every part that a report can name has its id, so that the address of a frame can lead to it.
pub fn page(page: &Page, marked: Option<NodeId>) -> Markup {
    let mut drawing = Drawing { marked, used: BTreeSet::new(), facts: None };
    match page {
        Page::RolePage(page) => {
            drawing.facts = Some(page.facts.clone());
            let lead = page.lead_image.as_ref().map(image);
            html! {
                h1 { (page.title) }
                @if let Some(notice) = &page.standing.notice { p.plain-english { "Withdrawn: " (notice) } }
                @if !page.summary.is_empty() { p { (page.summary) } }
                @if let Some(lead) = lead { (lead) }
                (drawing.sections(&page.sections))
                (cards("Related roles", page.related_roles.iter().map(|card| (card.title.as_str(), card.path.as_str()))))
                (cards("Learn more", page.learn_more.iter().map(|link| (link.text.as_str(), link.url.as_str()))))
            }
        }
        Page::RequirementSection(section) => html! {
            h1 { (section.title) }
            @if let Some(notice) = &section.standing.notice { p.plain-english { "Withdrawn: " (notice) } }
            @if !section.summary.is_empty() { p { (section.summary) } }
            (drawing.section_body(&section.body, Within::Nothing))
        },
    }
}

/// Whether a part of a page stands in its text under its id, so that it can be marked.
pub fn shows(shown: &Page, part: NodeId) -> bool {
    page(shown, Some(part)).into_string().contains("class=\"marked\"")
}

struct Drawing {
    marked: Option<NodeId>,
    /// A section that stands in a page twice has its ids once.
    used: BTreeSet<NodeId>,
    facts: Option<Facts>,
}

/// What a requirement section stands in, by which its headings have their level.
#[derive(Clone, Copy)]
enum Within {
    Nothing,
    Page,
}

impl Drawing {
    /// A part of the page, under its id, and marked if it is the one.
    fn place(&mut self, id: NodeId, body: Markup) -> Markup {
        let first = self.used.insert(id);
        let marked = first && self.marked == Some(id);
        html! {
            div id=[first.then(|| id.to_string())] class=[marked.then_some("marked")] {
                @if marked { h2.reported { "Reported passage" } }
                (body)
            }
        }
    }

    fn sections(&mut self, sections: &[Section]) -> Markup {
        html! { @for section in sections { (self.section(section)) } }
    }

    fn section(&mut self, section: &Section) -> Markup {
        let body = html! {
            @if let Some(heading) = &section.heading { h2 { (heading) } }
            @for block in &section.blocks { (self.block(block)) }
        };
        self.place(section.id, body)
    }

    fn block(&mut self, block: &Block) -> Markup {
        let body = match &block.body {
            BlockBody::Text { text } => optional_text(text.as_ref()),
            BlockBody::Image { image: shown } => image(shown),
            BlockBody::Callout { tone: _, heading, text } => html! {
                div.plain-english {
                    @if let Some(heading) = heading { p { strong { (heading) } } }
                    (optional_text(text.as_ref()))
                }
            },
            BlockBody::Details { summary, text } => html! {
                p { strong { (summary) } }
                (optional_text(text.as_ref()))
            },
            BlockBody::Roles { introduction, roles } => html! {
                (optional_text(introduction.as_ref()))
                @for role in roles { (self.role(role)) }
            },
            BlockBody::Requirements { note, requirement_section } => html! {
                (optional_text(note.as_ref()))
                (self.embedded(requirement_section))
            },
            BlockBody::Links { links: shown } => links(shown),
            BlockBody::Quote { text, attribution } => html! {
                blockquote {
                    (optional_text(text.as_ref()))
                    @if let Some(attribution) = attribution { p { "– " (attribution) } }
                }
            },
            BlockBody::Facts { show } => html! { @for fact in show { (self.fact(*fact)) } },
        };
        self.place(block.id, body)
    }

    fn role(&mut self, role: &RoleSummary) -> Markup {
        let tasks = self.tasks(&role.tasks);
        let body = html! {
            h3 { (role.title) }
            (optional_text(role.text.as_ref()))
            (tasks)
            @if let Some(page) = &role.page { p { (address(&page.title, &page.path)) } }
        };
        self.place(role.id, body)
    }

    fn tasks(&mut self, tasks: &[Task]) -> Markup {
        html! { @if !tasks.is_empty() { ul { @for task in tasks { li { (self.place(task.id, html! { (task.text) })) } } } } }
    }

    fn skills(&mut self, skills: &[Skill]) -> Markup {
        html! {
            @if !skills.is_empty() { ul { @for skill in skills { li { (self.place(skill.id, html! { (skill.text) })) } } } }
        }
    }

    fn embedded(&mut self, section: &EmbeddedSection) -> Markup {
        html! {
            h3 { (section.head.title) }
            @if let Some(notice) = &section.head.notice { p.plain-english { "Withdrawn: " (notice) } }
            @if !section.head.summary.is_empty() { p { (section.head.summary) } }
            (self.section_body(&section.body, Within::Page))
        }
    }

    fn section_body(&mut self, body: &SectionBody, within: Within) -> Markup {
        html! {
            (optional_text(body.introduction.as_ref()))
            @if let Some(tree) = &body.requirements { ul { li { (self.node(tree)) } } }
            @for route in &body.routes { (self.route(route, within)) }
            (self.skills(&body.skills))
            (self.sections(&body.sections))
        }
    }

    fn route(&mut self, route: &EntryRoute, within: Within) -> Markup {
        let heading = route.heading.clone().unwrap_or_else(|| readable(route.kind.name()));
        let body = html! {
            @match within { Within::Page => h3 { (heading) }, Within::Nothing => h2 { (heading) } }
            (optional_text(route.introduction.as_ref()))
            @if let Some(tree) = &route.requirements { ul { li { (self.node(tree)) } } }
            (optional_text(route.further_information.as_ref()))
            @if !route.subjects.is_empty() { p { "Subjects: " (route.subjects.join(", ")) } }
            @for standard in &route.standards { p { (standard.title) " (" (standard.reference) ")" } }
            (links(&route.links))
        };
        self.place(route.id, body)
    }

    fn node(&mut self, node: &Node) -> Markup {
        let body = match &node.body {
            NodeBody::Group(group) => {
                let rule = match (group.rule, group.count) {
                    (Rule::AllOf, _) => "All of these:".to_owned(),
                    (Rule::OneOf, _) => "One of these:".to_owned(),
                    (Rule::AtLeast, count) => format!("At least {} of these:", count.unwrap_or(1)),
                };
                html! {
                    p { @match &group.lead_in { Some(words) => (words), None => (rule) } }
                    ul { @for item in &group.items { li { (self.node(item)) } } }
                }
            }
            NodeBody::Requirement(requirement) => html! {
                (requirement.text)
                (links(&requirement.links))
            },
            NodeBody::Section { requirement_section, necessity: _ } => html! {
                @if let Some(section) = requirement_section { (address(&section.title, &section.path)) }
            },
        };
        self.place(node.id, body)
    }

    fn fact(&mut self, name: FactName) -> Markup {
        let Some(facts) = self.facts.clone() else { return html! {} };
        let body = match name {
            FactName::Tasks => self.tasks(&facts.tasks),
            FactName::Skills => self.skills(&facts.skills),
            FactName::Registrations => html! {
                ul { @for one in &facts.registrations { li { (self.place(one.id, html! { (one.text) })) } } }
            },
            FactName::CareerPath => optional_text(facts.career_path.as_ref()),
            FactName::OccupationCodes => lines(&facts.occupation_codes),
            FactName::Pay => lines(&facts.pay),
            FactName::Hours => lines(&facts.hours),
            FactName::WorkLocations => lines(&facts.work_locations),
            FactName::WorkEnvironments => lines(&facts.work_environments),
            FactName::Uniform => lines(&facts.uniform),
            FactName::Standards => lines(&facts.standards),
        };
        html! { h3 { (readable(name.name())) } (body) }
    }
}

/// Small values, one text on a line.
fn lines(value: &impl Serialize) -> Markup {
    let value = serde_json::to_value(value).unwrap_or_default();
    html! { ul { @for line in difference::lines(&value) { li { (line) } } } }
}

fn optional_text(text: Option<&RichText>) -> Markup {
    html! { @if let Some(text) = text { (rich_text(&text.tree)) } }
}

/// A rich text, drawn from its tree.
pub fn rich_text(blocks: &[TreeNode]) -> Markup {
    html! {
        @for block in blocks {
            @match block {
                TreeNode::Paragraph { content } => { p { (line(content)) } }
                TreeNode::Heading { level: 3, id: _, content } => { h3 { (line(content)) } }
                TreeNode::Heading { level: _, id: _, content } => { h4 { (line(content)) } }
                TreeNode::List { ordered: true, start, items } => {
                    ol start=(start) { @for item in items { li { (rich_text(&item.blocks)) } } }
                }
                TreeNode::List { ordered: false, start: _, items } => {
                    ul { @for item in items { li { (rich_text(&item.blocks)) } } }
                }
                TreeNode::Quote { blocks } => { blockquote { (rich_text(blocks)) } }
                TreeNode::Table { head, rows } => {
                    table {
                        thead { tr { @for cell in head { th scope="col" { (line(cell)) } } } }
                        tbody { @for row in rows { tr { @for cell in row { td { (line(cell)) } } } } }
                    }
                }
            }
        }
    }
}

fn line(parts: &[TreeInline]) -> Markup {
    html! {
        @for part in parts {
            @match part {
                TreeInline::Text { text } => (text),
                TreeInline::Strong { content } => { strong { (line(content)) } }
                TreeInline::Emphasis { content } => { em { (line(content)) } }
                TreeInline::Link { href, content, .. } => { u { (line(content)) } span.muted.small { " (" (href) ")" } }
                TreeInline::Break => { br; }
            }
        }
    }
}

fn image(image: &Image) -> Markup {
    let source = image.sources.iter().filter(|source| source.width <= 1_000).max_by_key(|source| source.width);
    let source = source.or(image.sources.first());
    html! {
        figure {
            @if let Some(source) = source {
                img src=(source.src) alt=(image.alt) width=(source.width) height=(source.height);
            }
            @if let Some(caption) = &image.caption { figcaption { (caption) } }
        }
    }
}

fn links(links: &[Link]) -> Markup {
    html! { @if !links.is_empty() { ul { @for link in links { li { (address(&link.text, &link.url)) } } } } }
}

fn cards<'a>(heading: &str, cards: impl Iterator<Item = (&'a str, &'a str)>) -> Markup {
    let cards: Vec<_> = cards.collect();
    html! {
        @if !cards.is_empty() {
            h2 { (heading) }
            ul { @for (title, path) in cards { li { (address(title, path)) } } }
        }
    }
}

fn address(words: &str, address: &str) -> Markup {
    html! { u { (words) } span.muted.small { " (" (address) ")" } }
}

fn readable(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
