//! A page as a reader meets it, in our plain style: headings, prose, requirements in plain English. Made from the same
//! types as the public JSON. Links lead somewhere only within the panel; all others are words, with their address said.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::{
    content::{
        kinds::section::{FactName, SkillKind, Tone},
        markdown::{TreeInline, TreeNode},
    },
    kernel::{MediaId, NodeId},
    published::view,
};

/// A page, with one of its parts marked if need be. It is a document of its own, from the `h1` down: it stands in a frame.
pub fn reader_view(page: &view::Page, marked: Option<NodeId>) -> Markup {
    reader_view_with(page, marked, &|id, key| format!("/admin/media/{id}/files/{key}"))
}

/// The same with images from elsewhere: `files` says where the file of an image is read.
pub fn reader_view_with(page: &view::Page, marked: Option<NodeId>, files: FileAddress<'_>) -> Markup {
    let mut reader = Reader { marked, given: BTreeSet::new(), files };
    match page {
        view::Page::RolePage(page) => reader.role_page(page),
        view::Page::RequirementSection(section) => reader.requirement_section(section),
    }
}

/// Where a file of an image is read, by the image and the key of the file.
pub type FileAddress<'a> = &'a dyn Fn(MediaId, &str) -> String;

struct Reader<'a> {
    files: FileAddress<'a>,
    marked: Option<NodeId>,
    /// The ids that the page has already: a section can stand in it twice, an id can not.
    given: BTreeSet<NodeId>,
}

impl Reader<'_> {
    fn anchor(&mut self, id: NodeId) -> Option<String> {
        self.given.insert(id).then(|| id.to_string())
    }

    fn is_marked(&self, id: NodeId) -> bool {
        self.marked == Some(id)
    }

    fn role_page(&mut self, page: &view::RolePage) -> Markup {
        html! {
            article.prose.as-read {
                (breadcrumbs(&page.breadcrumbs))
                h1 { (page.title) }
                (notice(page.standing.notice.as_deref()))
                @if !page.alternative_titles.is_empty() { p { "Also called: " (page.alternative_titles.join(", ")) } }
                p.lead { (page.summary) }
                @if let Some(image) = &page.lead_image { (figure(image, self.files)) }
                (self.sections(&page.sections, 2, Some(&page.facts)))
                @if !page.related_roles.is_empty() {
                    h2 { "Related roles" }
                    (cards(&page.related_roles))
                }
                @if !page.learn_more.is_empty() {
                    h2 { "Learn more" }
                    (links(&page.learn_more))
                }
            }
        }
    }

    fn requirement_section(&mut self, section: &view::RequirementSection) -> Markup {
        html! {
            article.prose.as-read {
                (breadcrumbs(&section.breadcrumbs))
                h1 { (section.title) }
                (notice(section.standing.notice.as_deref()))
                @if !section.summary.is_empty() { p.lead { (section.summary) } }
                (self.body(&section.body, 2))
            }
        }
    }

    fn sections(&mut self, sections: &[view::Section], level: u8, facts: Option<&view::Facts>) -> Markup {
        html! { @for section in sections {
            section id=[self.anchor(section.id)] class=[self.is_marked(section.id).then_some("marked")] {
                @if self.is_marked(section.id) { (reported(level)) }
                @if let Some(text) = &section.heading { (heading(level, text)) }
                @for block in &section.blocks { (self.block(block, level.saturating_add(1), facts)) }
            }
        } }
    }

    fn block(&mut self, block: &view::Block, level: u8, page_facts: Option<&view::Facts>) -> Markup {
        use view::BlockBody;

        html! {
            div.stack-s id=[self.anchor(block.id)] class=[self.is_marked(block.id).then_some("marked")] {
                @if self.is_marked(block.id) { (reported(level)) }
                @match &block.body {
                    BlockBody::Text { text: content } => { (text(content.as_ref())) }
                    BlockBody::Image { image } => { (figure(image, self.files)) }
                    BlockBody::Callout { tone, heading: title, text: content } => {
                        div.callout {
                            p { strong { (tone_words(*tone)) @if let Some(title) = title { ": " (title) } } }
                            (text(content.as_ref()))
                        }
                    }
                    BlockBody::Details { summary, text: content } => {
                        details { summary { (summary) } (text(content.as_ref())) }
                    }
                    BlockBody::Roles { introduction, roles } => {
                        (text(introduction.as_ref()))
                        @for role in roles { (self.role(role, level)) }
                    }
                    BlockBody::Requirements { note, requirement_section: section } => {
                        (heading(level, &section.head.title))
                        (notice(section.head.notice.as_deref()))
                        (text(note.as_ref()))
                        (self.body(&section.body, level.saturating_add(1)))
                    }
                    BlockBody::Links { links: all } => { (links(all)) }
                    BlockBody::Quote { text: content, attribution } => {
                        blockquote { (text(content.as_ref())) @if let Some(name) = attribution { p { "— " (name) } } }
                    }
                    BlockBody::Facts { show } => {
                        @if let Some(page_facts) = page_facts { @for fact in show { (facts(*fact, page_facts)) } }
                    }
                }
            }
        }
    }

    fn role(&mut self, role: &view::RoleSummary, level: u8) -> Markup {
        html! {
            section id=[self.anchor(role.id)] class=[self.is_marked(role.id).then_some("marked")] {
                @if self.is_marked(role.id) { (reported(level)) }
                (heading(level, &role.title))
                (text(role.text.as_ref()))
                @if !role.tasks.is_empty() { ul { @for task in &role.tasks { li { (task.text) } } } }
                @if let Some(page) = &role.page { p { "More about " (link(&page.title, &page.path)) } }
            }
        }
    }

    fn body(&mut self, body: &view::SectionBody, level: u8) -> Markup {
        html! {
            (text(body.introduction.as_ref()))
            (plain(&body.plain))
            @for route in &body.routes { (self.route(route, level)) }
            (skills(&body.skills, level))
            (self.sections(&body.sections, level, None))
        }
    }

    fn route(&mut self, route: &view::EntryRoute, level: u8) -> Markup {
        let title = route.heading.clone().unwrap_or_else(|| sentence(route.kind.name()));
        html! {
            section id=[self.anchor(route.id)] class=[self.is_marked(route.id).then_some("marked")] {
                @if self.is_marked(route.id) { (reported(level)) }
                (heading(level, &title))
                (text(route.introduction.as_ref()))
                (plain(&route.plain))
                (text(route.further_information.as_ref()))
                @if !route.subjects.is_empty() { p { "Relevant subjects: " (route.subjects.join(", ")) } }
                @if !route.standards.is_empty() {
                    ul { @for standard in &route.standards { li { (standard.title) " (" (standard.reference) ")" } } }
                }
                (links(&route.links))
            }
        }
    }
}

/// Marked parts are named in words, too.
fn reported(level: u8) -> Markup {
    heading(level, "Reported passage")
}

/// Headings go down to the sixth level.
fn heading(level: u8, text: &str) -> Markup {
    html! {
        @match level {
            0..=2 => { h2 { (text) } }
            3 => { h3 { (text) } }
            4 => { h4 { (text) } }
            5 => { h5 { (text) } }
            _ => { h6 { (text) } }
        }
    }
}

fn notice(notice: Option<&str>) -> Markup {
    html! { @if let Some(notice) = notice { div.callout { p { strong { "Withdrawn" } ": " (notice) } } } }
}

fn breadcrumbs(cards: &[view::Card]) -> Markup {
    html! {
        @if !cards.is_empty() {
            nav.crumbs aria-label="Breadcrumb" { ol { @for card in cards { li { (link(&card.title, &card.path)) } } } }
        }
    }
}

fn cards(cards: &[view::Card]) -> Markup {
    html! { ul { @for card in cards { li { (link(&card.title, &card.path)) @if !card.summary.is_empty() { ": " (card.summary) } } } } }
}

fn links(links: &[view::Link]) -> Markup {
    html! { @if !links.is_empty() { ul { @for one in links { li { (link(&one.text, &one.url)) } } } } }
}

/// Only previews are followed: whatever else a page links to is for its readers.
fn link(words: &str, address: &str) -> Markup {
    html! {
        @if address.starts_with("/admin/") { a href=(address) { (words) } }
        @else { span.elsewhere title=(address) { (words) } }
    }
}

/// Draft images are not public, so all of them are read where their page is.
fn figure(image: &view::Image, files: FileAddress<'_>) -> Markup {
    let source = image.sources.iter().rev().find(|source| source.width <= 1_000).or(image.sources.first());
    let address = source.and_then(|source| source.src.strip_prefix("/media/"));
    html! {
        figure {
            @if let (Some(key), Some(source)) = (address, source) {
                img src=(files(image.id, key)) alt=(image.alt) width=(source.width) height=(source.height);
            }
            @if let Some(caption) = &image.caption { figcaption { (caption) } }
        }
    }
}

/// A tree as sentences: the same that the public JSON carries.
pub fn plain(sentences: &[String]) -> Markup {
    html! {
        @if !sentences.is_empty() { div.plain-english { @for sentence in sentences { p { (sentence) } } } }
    }
}

fn skills(skills: &[view::Skill], level: u8) -> Markup {
    let of = |kind: SkillKind| skills.iter().filter(move |skill| skill.kind == kind);
    html! {
        @for kind in SkillKind::ALL {
            @if of(*kind).next().is_some() {
                (heading(level, &format!("{} skills", sentence(kind.name()))))
                ul { @for skill in of(*kind) { li { (skill.text) } } }
            }
        }
    }
}

fn facts(fact: FactName, facts: &view::Facts) -> Markup {
    let lines: Vec<String> = match fact {
        FactName::OccupationCodes => facts
            .occupation_codes
            .iter()
            .map(|code| {
                let number = code.code.as_deref().or(code.uri.as_deref()).unwrap_or_default();
                format!("{} {} {number}", code.scheme.name(), code.scheme_version)
            })
            .collect(),
        FactName::Pay => facts.pay.iter().map(pay).collect(),
        FactName::Hours => facts.hours.iter().map(hours).collect(),
        FactName::Tasks => facts.tasks.iter().map(|task| task.text.clone()).collect(),
        FactName::Skills => facts.skills.iter().map(|skill| skill.text.clone()).collect(),
        FactName::Registrations => facts.registrations.iter().map(|one| one.text.clone()).collect(),
        FactName::WorkLocations => facts.work_locations.clone(),
        FactName::WorkEnvironments => facts.work_environments.clone(),
        FactName::Uniform => facts.uniform.clone(),
        FactName::Standards => facts.standards.iter().map(|one| format!("{} ({})", one.title, one.reference)).collect(),
        FactName::CareerPath => Vec::new(),
    };
    html! {
        @if !lines.is_empty() { p { strong { (sentence(fact.name())) } } ul { @for line in lines { li { (line) } } } }
        @if fact == FactName::CareerPath { (text(facts.career_path.as_ref())) }
    }
}

fn pay(pay: &view::Pay) -> String {
    let from_to = |from: &Option<_>, to: &Option<_>, currency: &str, period: &str| {
        let amount = |amount: &Option<crate::content::values::Amount>| {
            amount.as_ref().map(|amount| format!("{amount} {currency}"))
        };
        let both: Vec<String> = [amount(from), amount(to)].into_iter().flatten().collect();
        format!("{} a {period}", both.join(" to "))
    };
    match pay {
        view::Pay::Bands { scheme, nation: _, bands } => format!("{scheme}: {}", bands.join(", ")),
        view::Pay::Range { minimum, maximum, currency, period, as_of: _ } => {
            from_to(minimum, maximum, currency, period.name())
        }
        view::Pay::Progression { starter, experienced, currency, period, as_of: _ } => {
            from_to(starter, experienced, currency, period.name())
        }
        view::Pay::Variable { note } => note.clone().unwrap_or_else(|| "It varies.".to_owned()),
    }
}

fn hours(hours: &view::Hours) -> String {
    let amounts: Vec<String> =
        [hours.minimum, hours.maximum].into_iter().flatten().map(|amount| amount.to_string()).collect();
    let week = if amounts.is_empty() { String::new() } else { format!("{} a week", amounts.join(" to ")) };
    let parts = [week, hours.detail.clone().unwrap_or_default(), hours.patterns.join(", ")];
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("; ")
}

fn tone_words(tone: Tone) -> &'static str {
    match tone {
        Tone::Information => "Information",
        Tone::Tip => "Tip",
        Tone::Warning => "Warning",
    }
}

/// The name of a closed list as words: "Graduate scheme".
fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn text(text: Option<&view::RichText>) -> Markup {
    html! { @if let Some(text) = text { (nodes(&text.tree)) } }
}

fn nodes(nodes_of_text: &[TreeNode]) -> Markup {
    html! { @for node in nodes_of_text {
        @match node {
            TreeNode::Paragraph { content } => { p { (inlines(content)) } }
            TreeNode::Heading { level, content, .. } => {
                @if *level <= 3 { h3 { (inlines(content)) } } @else { h4 { (inlines(content)) } }
            }
            TreeNode::List { ordered: true, start, items } => {
                ol start=(start) { @for item in items { li { (nodes(&item.blocks)) } } }
            }
            TreeNode::List { items, .. } => { ul { @for item in items { li { (nodes(&item.blocks)) } } } }
            TreeNode::Quote { blocks } => { blockquote { (nodes(blocks)) } }
            TreeNode::Table { head, rows } => {
                div.table { table {
                    thead { tr { @for cell in head { th scope="col" { (inlines(cell)) } } } }
                    tbody { @for row in rows { tr { @for cell in row { td { (inlines(cell)) } } } } }
                } }
            }
        }
    } }
}

fn inlines(content: &[TreeInline]) -> Markup {
    html! { @for inline in content {
        @match inline {
            TreeInline::Text { text } => { (text) }
            TreeInline::Strong { content } => { strong { (inlines(content)) } }
            TreeInline::Emphasis { content } => { em { (inlines(content)) } }
            TreeInline::Link { href, content, .. } => {
                @if href.starts_with("/admin/") { a href=(href) { (inlines(content)) } }
                @else { span.elsewhere title=(href) { (inlines(content)) } }
            }
            TreeInline::Break => { br; }
        }
    } }
}
