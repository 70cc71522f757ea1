//! The words of links: read alone, each says where it leads (WCAG 2.2, 2.4.4).

use std::collections::HashMap;

use super::{
    super::{
        kinds::{Part, section::LinkTarget},
        markdown::{Block, Inline, Target},
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::{shortened, text_of},
};

const PURPOSE: &str = "WCAG 2.2, 2.4.4 Link purpose";
const FORMATTING: &str = "NHS digital service manual, formatting and punctuation";

const MISSING: Rule = Rule { code: "link-text-missing", severity: Severity::MustFix, source: PURPOSE };
const VAGUE: Rule = Rule { code: "link-text-vague", severity: Severity::LookAt, source: PURPOSE };
const ADDRESS: Rule = Rule { code: "link-text-address", severity: Severity::LookAt, source: PURPOSE };
const SHORT: Rule = Rule { code: "link-text-short", severity: Severity::LookAt, source: FORMATTING };
const TWO_TARGETS: Rule = Rule { code: "link-text-two-targets", severity: Severity::LookAt, source: PURPOSE };
const TWO_TEXTS: Rule = Rule { code: "link-two-texts", severity: Severity::Advice, source: FORMATTING };
const FULL_STOP: Rule = Rule { code: "link-text-full-stop", severity: Severity::LookAt, source: FORMATTING };
const FILE: Rule = Rule { code: "link-file", severity: Severity::LookAt, source: FORMATTING };

pub const FAMILY: Family = Family {
    passed: "The words of each link say where it leads",
    rules: &[MISSING, VAGUE, ADDRESS, SHORT, TWO_TARGETS, TWO_TEXTS, FULL_STOP, FILE],
    check,
};

/// Words that lead anywhere.
const VAGUE_WORDS: [&str; 22] = [
    "click here",
    "click",
    "contact us",
    "contact us page",
    "details",
    "download",
    "find out more",
    "follow this link",
    "go",
    "here",
    "info",
    "learn more",
    "link",
    "more",
    "more details",
    "more information",
    "our website",
    "page",
    "read more",
    "this link",
    "this page",
    "website",
];

/// A link as readers meet it.
struct Met {
    pointer: String,
    text: String,
    target: String,
}

fn check(case: &Case<'_>, findings: &mut Findings) {
    let met = met(case, findings);
    case.reading.note_work(met.len());
    // The places that speak of several links say it once, with the words of each.
    let mut several: HashMap<(&str, &str), Found> = HashMap::new();
    let mut targets: HashMap<String, &str> = HashMap::new();
    let mut texts: HashMap<&str, String> = HashMap::new();
    for one in &met {
        let key = key_of(&one.text);
        for rule in judged(&one.text, &key, &one.target) {
            several.entry((rule.code, &one.pointer)).or_default().add(|| shortened_text(&one.text));
        }
        let first = targets.entry(key.clone()).or_insert(&one.target);
        if *first != one.target {
            several.entry((TWO_TARGETS.code, &one.pointer)).or_default().add(|| shortened_text(&one.text));
        }
        let first = texts.entry(&one.target).or_insert_with(|| key.clone());
        if *first != key {
            several.entry((TWO_TEXTS.code, &one.pointer)).or_default().add(|| shortened_text(&one.text));
        }
    }
    let mut places: Vec<&str> = met.iter().map(|one| one.pointer.as_str()).collect();
    places.dedup();
    for place in places {
        for (rule, message) in MESSAGES {
            if let Some(found) = several.remove(&(rule.code, place)) {
                findings.add_found(rule, place, message, found);
            }
        }
    }
}

const MESSAGES: [(&Rule, &str); 7] = [
    (&VAGUE, "Read alone, the words don’t say where the link leads. Use the title of what it leads to."),
    (&ADDRESS, "Use words in place of the address; it is read out sign by sign."),
    (&SHORT, "The words are so short that the link is hard to hit. Take more words into it."),
    (&TWO_TARGETS, "The same words lead to another place earlier on this page. Say what differs."),
    (&TWO_TEXTS, "Other words lead to the same place earlier on this page. Use the same words, or one link."),
    (&FULL_STOP, "Leave the full stop outside the link."),
    (&FILE, "Say that it is a PDF, and how large: “Pay bands (PDF, 120 KB)”."),
];

/// Every link that has a text and a target, in reading order.
fn met(case: &Case<'_>, findings: &mut Findings) -> Vec<Met> {
    let mut met = Vec::new();
    let mut rich = case.reading.passages.iter().filter(|passage| passage.rich.is_some()).peekable();
    for (pointer, part) in &case.reading.parts {
        match part {
            Part::Link(link) => {
                let place = format!("{pointer}/text");
                if link.text.is_empty() {
                    findings.add(&MISSING, place, "Say where the link leads.");
                    continue;
                }
                let target = match &link.target {
                    LinkTarget::Address { url } => url.clone(),
                    LinkTarget::Document { document, block } => named(document.0, block.map(|block| block.0)),
                };
                met.push(Met { pointer: place, text: link.text.clone(), target });
            }
            Part::RichText(_) => {
                if let Some(passage) = rich.next_if(|passage| passage.pointer == *pointer)
                    && let Some(document) = &passage.rich
                {
                    in_blocks(&document.blocks, pointer, &mut met);
                }
            }
            _ => {}
        }
    }
    met
}

fn named(document: uuid::Uuid, block: Option<uuid::Uuid>) -> String {
    block.map_or_else(|| format!("ref:{document}"), |block| format!("ref:{document}#{block}"))
}

fn in_blocks(blocks: &[Block], pointer: &str, met: &mut Vec<Met>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { level: _, content } => in_line(content, pointer, met),
            Block::List { ordered: _, start: _, items } => {
                items.iter().for_each(|item| in_blocks(&item.blocks, pointer, met));
            }
            Block::Quote { blocks } => in_blocks(blocks, pointer, met),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| in_line(cell, pointer, met));
            }
        }
    }
}

fn in_line(content: &[Inline], pointer: &str, met: &mut Vec<Met>) {
    for inline in content {
        match inline {
            Inline::Link { target, content } => {
                let target = match target {
                    Target::Address(address) => address.clone(),
                    Target::Document { id, block } => named(*id, *block),
                };
                met.push(Met { pointer: pointer.to_owned(), text: text_of(content), target });
            }
            Inline::Strong { content } | Inline::Emphasis { content } => in_line(content, pointer, met),
            Inline::Text { text: _ } | Inline::Break => {}
        }
    }
}

/// What a text is compared by: its words in lower case.
fn key_of(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(['.', ':', '…']).to_owned()
}

fn judged(text: &str, key: &str, target: &str) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    let stem = key.strip_prefix("the ").or_else(|| key.strip_prefix("our ")).unwrap_or(key);
    if VAGUE_WORDS.contains(&key) || VAGUE_WORDS.contains(&stem) {
        rules.push(&VAGUE);
    } else if ["http://", "https://", "www."].iter().any(|start| key.starts_with(start)) {
        rules.push(&ADDRESS);
    } else if key.chars().count() < 4 {
        rules.push(&SHORT);
    }
    if text.trim_end().ends_with('.') && !text.trim_end().ends_with("..") {
        rules.push(&FULL_STOP);
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path.to_ascii_lowercase().ends_with(".pdf")
        && !(key.contains("pdf") && key.contains(|c: char| c.is_ascii_digit()))
    {
        rules.push(&FILE);
    }
    rules
}

fn shortened_text(text: &str) -> String {
    text.split_whitespace().take(12).map(shortened).collect::<Vec<_>>().join(" ")
}
