//! Sections, headings and blocks under which nothing stands.

use std::collections::HashSet;

use super::{
    super::{
        kinds::{
            Part,
            section::{Block, BlockBody, Section},
        },
        markdown,
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::text_of,
};

const SOURCE: &str = "WCAG 2.2, 2.4.6 Headings and labels";

const SECTION: Rule = Rule { code: "section-empty", severity: Severity::MustFix, source: SOURCE };
const HEADING: Rule = Rule { code: "heading-empty", severity: Severity::MustFix, source: SOURCE };
const DETAILS: Rule = Rule { code: "details-summary-missing", severity: Severity::MustFix, source: SOURCE };
const BLOCK: Rule = Rule { code: "block-empty", severity: Severity::LookAt, source: "House rule: no empty parts" };

pub const FAMILY: Family =
    Family { passed: "Something stands under every heading", rules: &[SECTION, HEADING, DETAILS, BLOCK], check };

fn check(case: &Case<'_>, findings: &mut Findings) {
    // Texts behind which more stands in their section: a heading at their end has something under it.
    let mut followed: HashSet<String> = HashSet::new();
    for (pointer, part) in &case.reading.parts {
        match part {
            Part::Section(section) => {
                if section.blocks.iter().all(is_empty) {
                    let message = "Nothing stands in this section; fill it or remove it.";
                    findings.add(&SECTION, pointer, message);
                }
                note_followed(section, pointer, &mut followed);
            }
            Part::Block(block) => {
                if let BlockBody::Details { summary, markdown: _ } = &block.body
                    && summary.is_empty()
                {
                    findings.add(&DETAILS, format!("{pointer}/summary"), "Say what opens here.");
                }
                if is_empty(block) {
                    findings.add(&BLOCK, pointer, "Nothing stands in this block; fill it or remove it.");
                }
            }
            _ => {}
        }
    }
    for passage in &case.reading.passages {
        let Some(rich) = &passage.rich else { continue };
        case.reading.note_work(rich.blocks.len());
        let open_end = passage.pointer.ends_with("/introduction") || followed.contains(&passage.pointer);
        let mut found = Found::default();
        for (at, block) in rich.blocks.iter().enumerate() {
            let markdown::Block::Heading { level, content } = block else { continue };
            let nothing = match rich.blocks.get(at + 1) {
                Some(markdown::Block::Heading { level: next, content: _ }) => next <= level,
                Some(_) => false,
                None => !open_end,
            };
            if nothing {
                found.add(|| text_of(content).chars().take(80).collect());
            }
        }
        let message = "Nothing stands under this heading; write something below it or remove it.";
        findings.add_found(&HEADING, &passage.pointer, message, found);
    }
}

fn note_followed(section: &Section, pointer: &str, followed: &mut HashSet<String>) {
    let mut more = false;
    for (position, block) in section.blocks.iter().enumerate().rev() {
        if more {
            followed.insert(format!("{pointer}/blocks/{position}/markdown"));
        }
        more |= !is_empty(block);
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
