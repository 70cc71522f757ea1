//! Titles, summaries, headings, and sections that say nothing.

use super::{
    super::kinds::{
        Content, Kind, Part,
        section::{Block, BlockBody, Display},
    },
    Findings,
};

/// A title longer than this is cut in search results (NHS and GOV.UK style: 65 characters).
const TITLE_ADVICE: usize = 65;
/// A description longer than this is cut in search results.
const DESCRIPTION_ADVICE: usize = 160;

pub fn check(content: &Content, findings: &mut Findings) {
    let title = content.title();
    if title.is_empty() {
        findings.must_fix("title-missing", "/title", "Give it a title.");
    } else if title.chars().count() > TITLE_ADVICE {
        let message = format!("The title is longer than {TITLE_ADVICE} characters; search results cut it.");
        findings.advice("title-long", "/title", message);
    }
    if content.summary().is_empty() && content.kind() == Kind::RolePage {
        findings.look_at("summary-missing", "/summary", "Give it a summary; lists and cards show it.");
    }
    if let Content::RolePage(page) = content {
        match &page.meta_description {
            Some(description) if description.chars().count() > DESCRIPTION_ADVICE => {
                let message = format!("More than {DESCRIPTION_ADVICE} characters; search results cut it.");
                findings.advice("meta-description-long", "/meta_description", message);
            }
            Some(description) if *description == page.title => {
                findings.look_at("meta-description-is-title", "/meta_description", "It only repeats the title.");
            }
            _ => {}
        }
    }
    content.walk(&mut |pointer, part| match part {
        Part::Section(section) => {
            if section.heading.is_none() && section.display == Display::Accordion {
                let message = "A section that opens and closes needs a heading to click on.";
                findings.must_fix("heading-missing", format!("{pointer}/heading"), message);
            }
            if section.blocks.iter().all(is_empty) {
                findings.must_fix("section-empty", pointer, "Nothing stands in this section; fill it or remove it.");
            }
        }
        Part::Role(role) if role.title.is_empty() => {
            findings.must_fix("role-title-missing", format!("{pointer}/title"), "Name the role.");
        }
        Part::Block(block) => check_block(block, pointer, findings),
        _ => {}
    });
}

fn check_block(block: &Block, pointer: &str, findings: &mut Findings) {
    if let BlockBody::Details { summary, markdown: _ } = &block.body
        && summary.is_empty()
    {
        findings.must_fix("details-summary-missing", format!("{pointer}/summary"), "Say what opens here.");
    }
    if is_empty(block) {
        findings.look_at("block-empty", pointer, "Nothing stands in this block.");
    }
}

/// Whether a block shows nothing. An image or a requirements block without its target is a fault of another family.
fn is_empty(block: &Block) -> bool {
    match &block.body {
        BlockBody::Text { markdown }
        | BlockBody::Callout { tone: _, heading: _, markdown }
        | BlockBody::Details { summary: _, markdown }
        | BlockBody::Quote { markdown, attribution: _ } => markdown.is_empty(),
        BlockBody::Roles { introduction, roles } => introduction.is_empty() && roles.is_empty(),
        BlockBody::Links { links } => links.is_empty(),
        BlockBody::Facts { show } => show.is_empty(),
        BlockBody::Image(_) | BlockBody::Requirements { requirement_section: _, note: _ } => false,
    }
}
