//! Headings: their order, and how they read in a list of headings, which is how many people find their way.

use super::{
    super::{
        kinds::{
            Part,
            section::{Display, Section},
        },
        markdown::Block,
    },
    Case, Family, Findings, Found, Rule, Severity,
    reading::{PieceKind, Use, bare, shortened, text_of},
};

const STRUCTURE: &str = "WCAG 2.2, 1.3.1 Info and relationships";
const LABELS: &str = "WCAG 2.2, 2.4.6 Headings and labels";
const FORMATTING: &str = "NHS digital service manual, formatting and punctuation";

const MISSING: Rule = Rule { code: "heading-missing", severity: Severity::MustFix, source: LABELS };
const ROLE_TITLE_MISSING: Rule = Rule { code: "role-title-missing", severity: Severity::MustFix, source: LABELS };
const SKIPS: Rule = Rule { code: "heading-skips-level", severity: Severity::MustFix, source: STRUCTURE };
const CAPITALS: Rule = Rule { code: "heading-capitals", severity: Severity::LookAt, source: FORMATTING };
const QUESTION: Rule = Rule { code: "heading-question", severity: Severity::Advice, source: FORMATTING };
const FULL_STOP: Rule = Rule { code: "heading-full-stop", severity: Severity::Advice, source: FORMATTING };
const TITLE_CASE: Rule = Rule { code: "heading-title-case", severity: Severity::Advice, source: FORMATTING };
const CONTRACTION: Rule = Rule { code: "heading-contraction", severity: Severity::Advice, source: FORMATTING };

pub const FAMILY: Family = Family {
    passed: "Headings are in order and in sentence case",
    rules: &[MISSING, ROLE_TITLE_MISSING, SKIPS, CAPITALS, QUESTION, FULL_STOP, TITLE_CASE, CONTRACTION],
    check,
};

/// The levels that the document itself gives: its title, its sections and routes, the roles within a section.
const TITLE_LEVEL: u8 = 1;
const SECTION_LEVEL: u8 = 2;
const ROLE_LEVEL: u8 = 3;

fn check(case: &Case<'_>, findings: &mut Findings) {
    check_order(case, findings);
    for passage in &case.reading.passages {
        let mut found: [Found; 5] = Default::default();
        for piece in &passage.pieces {
            if piece.kind == PieceKind::Heading || matches!(passage.used, Use::Title | Use::Heading) {
                let words = case.reading.words(piece);
                for (place, holds) in found.iter_mut().zip(style_of(&words)) {
                    if holds {
                        place.add(|| words.iter().take(12).map(|word| shortened(word)).collect::<Vec<_>>().join(" "));
                    }
                }
            }
        }
        for ((rule, message), found) in STYLE.iter().zip(found) {
            findings.add_found(rule, &passage.pointer, *message, found);
        }
    }
}

/// The schema knows no heading above 3 and none below 4; what is left to go wrong is a level that is left out.
fn check_order(case: &Case<'_>, findings: &mut Findings) {
    let mut last = TITLE_LEVEL;
    let mut passages = case.reading.passages.iter().filter(|passage| passage.rich.is_some()).peekable();
    for (pointer, part) in &case.reading.parts {
        match part {
            Part::Section(section) => {
                check_section(section, pointer, findings);
                if section.heading.is_some() {
                    last = SECTION_LEVEL;
                }
            }
            Part::Route(_) | Part::Facts(_) => last = SECTION_LEVEL,
            Part::Role(role) => {
                if role.title.is_empty() {
                    findings.add(&ROLE_TITLE_MISSING, format!("{pointer}/title"), "Name the role.");
                }
                last = ROLE_LEVEL;
            }
            Part::RichText(_) => {
                let Some(passage) = passages.next_if(|passage| passage.pointer == *pointer) else { continue };
                let mut skips = Found::default();
                let blocks = passage.rich.as_ref().map(|rich| rich.blocks.as_slice()).unwrap_or_default();
                case.reading.note_work(blocks.len());
                for block in blocks {
                    if let Block::Heading { level, content } = block {
                        if *level > last + 1 {
                            skips.add(|| text_of(content).chars().take(80).collect());
                        }
                        last = *level;
                    }
                }
                let message = "A level of headings is left out here. Give the section a heading, or raise this one.";
                findings.add_found(&SKIPS, pointer, message, skips);
            }
            _ => {}
        }
    }
}

fn check_section(section: &Section, pointer: &str, findings: &mut Findings) {
    if section.heading.is_none() && section.display == Display::Accordion {
        let message = "A section that opens and closes needs a heading to click on.";
        findings.add(&MISSING, format!("{pointer}/heading"), message);
    }
}

const STYLE: [(&Rule, &str); 5] = [
    (
        &CAPITALS,
        "Write it in sentence case; words in capitals are hard to read, and some are read out letter by letter.",
    ),
    (&QUESTION, "Say what stands below in place of asking; people look for answers in headings."),
    (&FULL_STOP, "Leave the full stop away; a heading is no sentence."),
    (&TITLE_CASE, "Only the first word and names begin with a capital letter."),
    (&CONTRACTION, "Write both words in full in a heading."),
];

/// Which of [`STYLE`] holds of a heading.
fn style_of(words: &[&str]) -> [bool; 5] {
    let last = words.last().copied().unwrap_or_default();
    let question = last.ends_with('?');
    let full_stop = last.ends_with('.') && !last.ends_with("..") && words.len() > 1;
    [is_in_capitals(words), question, full_stop, is_in_title_case(words), words.iter().any(|word| is_contraction(word))]
}

fn is_in_capitals(words: &[&str]) -> bool {
    let long = words.iter().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4).count();
    long > 0 && words.len() > 1 && !words.iter().any(|word| word.chars().any(char::is_lowercase))
}

/// Every word after the first that is neither small nor in capitals begins with a capital, and there are several.
fn is_in_title_case(words: &[&str]) -> bool {
    let mut large = 0_usize;
    for word in words.iter().skip(1).map(|word| bare(word)) {
        let letters = word.chars().count();
        if letters < 4 || !word.chars().any(char::is_lowercase) {
            continue;
        }
        if !word.starts_with(char::is_uppercase) {
            return false;
        }
        large += 1;
    }
    large >= 2
}

fn is_contraction(word: &str) -> bool {
    let lower = bare(word).to_lowercase().replace('’', "'");
    ["n't", "'re", "'ll", "'ve", "'m", "'d"].iter().any(|end| lower.ends_with(end))
        || ["it's", "what's", "that's", "here's", "there's", "who's", "where's", "how's", "let's"]
            .contains(&lower.as_str())
}
