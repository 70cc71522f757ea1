//! Acronyms: what one stands for is said where readers meet it first, once, and in the same words.
//!
//! Decision (2026-11-22), where a first use counts: titles, headings, names and alternative texts have no room to say what
//! letters stand for, so a first use there asks for nothing; an explanation there counts all the same.

use std::collections::{BTreeMap, HashMap};

use super::{
    Case, Family, Findings, Found, Rule, Severity,
    reading::{PieceKind, Use, bare, excerpt},
};

const SOURCE: &str = "NHS digital service manual, formatting and punctuation";

const UNEXPLAINED: Rule = Rule { code: "acronym-unexplained", severity: Severity::LookAt, source: SOURCE };
const TWO_MEANINGS: Rule = Rule { code: "acronym-two-meanings", severity: Severity::LookAt, source: SOURCE };
const ONCE: Rule = Rule { code: "acronym-once", severity: Severity::Advice, source: SOURCE };

pub const FAMILY: Family = Family {
    passed: "Acronyms are explained where they first stand",
    rules: &[UNEXPLAINED, TWO_MEANINGS, ONCE],
    check,
};

/// Better known than what they stand for. Roman numbers look like acronyms and are none.
const KNOWN: [&str; 28] = [
    "NHS", "UK", "GP", "IT", "GCSE", "PDF", "US", "USA", "EU", "VAT", "BBC", "CV", "ID", "TV", "OK", "AM", "PM", "DVD",
    "KB", "MB", "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI",
];
/// Words that acronyms leave out.
const SMALL: [&str; 10] = ["a", "an", "and", "at", "for", "in", "of", "on", "the", "to"];
/// No acronym stands for more words than this, small ones included.
const MOST_WORDS: usize = 16;

/// What is known of an acronym while reading.
#[derive(Default)]
struct Acronym {
    /// What it stands for, as far as the words before it say it, and where that was said.
    meaning: Option<Meaning>,
    uses: usize,
    unexplained: bool,
}

struct Meaning {
    words: Option<String>,
    place: usize,
    two: bool,
}

fn check(case: &Case<'_>, findings: &mut Findings) {
    let mut acronyms: BTreeMap<String, Acronym> = BTreeMap::new();
    let mut unexplained: HashMap<usize, Found> = HashMap::new();
    let mut two: HashMap<usize, Found> = HashMap::new();
    for (place, passage) in case.reading.passages.iter().enumerate() {
        for piece in &passage.pieces {
            let words = case.reading.words(piece);
            if is_shouted(&words) {
                continue;
            }
            let asks = !matches!(passage.used, Use::Title | Use::Heading | Use::Name | Use::Alternative)
                && piece.kind != PieceKind::Heading;
            for (at, word) in words.iter().enumerate() {
                let Some(letters) = acronym(word) else { continue };
                let known = acronyms.entry(letters.to_owned()).or_default();
                let explained = explanation(&words, at, letters);
                known.uses += usize::from(passage.used != Use::Name);
                match (&mut known.meaning, explained) {
                    (Some(meaning), Some(again)) => {
                        let differs = matches!((&meaning.words, &again), (Some(one), Some(other)) if one != other);
                        if differs && !meaning.two {
                            meaning.two = true;
                            two.entry(place).or_default().add(|| excerpt(&words, at));
                        }
                    }
                    (None, Some(words)) => {
                        known.meaning = Some(Meaning { words, place, two: false });
                    }
                    (None, None) if asks && !known.unexplained => {
                        known.unexplained = true;
                        unexplained.entry(place).or_default().add(|| letters.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    let mut once: HashMap<usize, Found> = HashMap::new();
    for (letters, known) in &acronyms {
        if let Some(meaning) = known.meaning.as_ref().filter(|_| known.uses == 1) {
            once.entry(meaning.place).or_default().add(|| letters.clone());
        }
    }
    for (place, passage) in case.reading.passages.iter().enumerate() {
        let take = |found: &mut HashMap<usize, Found>| found.remove(&place).unwrap_or_default();
        let message = "Say what the letters stand for where they first stand: the words, then the letters in brackets.";
        findings.add_found(&UNEXPLAINED, &passage.pointer, message, take(&mut unexplained));
        let message = "The same letters were explained with other words before. Use one form.";
        findings.add_found(&TWO_MEANINGS, &passage.pointer, message, take(&mut two));
        let message = "The letters are explained and then never used again; the words alone are enough.";
        findings.add_found(&ONCE, &passage.pointer, message, take(&mut once));
    }
}

/// The letters of a word that is an acronym to be explained. A plural has an s behind them.
fn acronym(word: &str) -> Option<&str> {
    let bare = bare(word);
    let letters = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
    let letters = letters.strip_suffix('s').unwrap_or(letters);
    let is = (2..=8).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    (is && !KNOWN.contains(&letters)).then_some(letters)
}

/// Whether a whole piece is in capitals: that says nothing about its words.
fn is_shouted(words: &[&str]) -> bool {
    words.len() > 2 && words.iter().all(|word| !word.chars().any(char::is_lowercase))
}

/// Whether the letters are explained here, as “the words (LETTERS)” or “LETTERS (the words)”; with the words, if their
/// initials are the letters.
fn explanation(words: &[&str], at: usize, letters: &str) -> Option<Option<String>> {
    let word = words.get(at)?;
    if word.starts_with('(') && word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')').ends_with(')') {
        let before = words.get(..at)?;
        return (!before.is_empty()).then(|| spelt_before(before, letters));
    }
    let next = words.get(at + 1)?;
    if word.ends_with(|c: char| c.is_alphanumeric()) && next.starts_with('(') && acronym(next).is_none() {
        let inside = words.get(at + 1..)?.iter().take(MOST_WORDS);
        let mut spelt = Vec::new();
        for word in inside {
            spelt.push(bare(word).to_lowercase());
            if word.contains(')') {
                let initials: String = spelt
                    .iter()
                    .filter(|word| !SMALL.contains(&word.as_str()))
                    .filter_map(|word| word.chars().next())
                    .collect();
                return initials.eq_ignore_ascii_case(letters).then(|| Some(spelt.join(" ")));
            }
        }
    }
    None
}

/// The words before the brackets whose initials are the letters, from the last letter to the first.
fn spelt_before(before: &[&str], letters: &str) -> Option<String> {
    let mut missing = letters.chars().rev().peekable();
    let mut spelt: Vec<String> = Vec::new();
    for word in before.iter().rev().take(MOST_WORDS) {
        let lower = bare(word).to_lowercase();
        let initials: Vec<char> =
            lower.split(['-', '/']).filter_map(|part| part.chars().next()).map(|c| c.to_ascii_uppercase()).collect();
        let small = SMALL.contains(&lower.as_str());
        for initial in initials.iter().rev() {
            if missing.peek() == Some(initial) {
                missing.next();
            } else if !small {
                return None;
            }
        }
        spelt.push(lower);
        if missing.peek().is_none() {
            spelt.reverse();
            return Some(spelt.join(" "));
        }
    }
    None
}
