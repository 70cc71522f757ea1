//! Abbreviations of Latin words, which screen readers read out letter by letter or as other words.

use super::{
    Case, Family, Findings, Found, Rule, Severity,
    reading::{Use, excerpt},
};

const LATIN: Rule = Rule {
    code: "latin-abbreviation",
    severity: Severity::LookAt,
    source: "NHS digital service manual, A to Z of health writing",
};
const EXAMPLE_LAST: Rule = Rule {
    code: "for-example-last",
    severity: Severity::LookAt,
    source: "NHS digital service manual, A to Z of health writing",
};

pub const FAMILY: Family =
    Family { passed: "No abbreviations such as eg, ie or etc", rules: &[LATIN, EXAMPLE_LAST], check };

fn check(case: &Case<'_>, findings: &mut Findings) {
    for passage in case.reading.passages.iter().filter(|passage| passage.used != Use::Name) {
        let (mut latin, mut last) = (Found::default(), Found::default());
        for piece in &passage.pieces {
            let words = case.reading.words(piece);
            for (at, word) in words.iter().enumerate() {
                if is_latin(word) {
                    latin.add(|| excerpt(&words, at));
                }
                let before = at.checked_sub(1).and_then(|before| words.get(before));
                if *word == "example." && before.is_some_and(|word| word.eq_ignore_ascii_case("for")) {
                    last.add(|| excerpt(&words, at));
                }
            }
        }
        let message = "Write “for example” or “such as” in place of eg, “that is” in place of ie, and name what etc \
                       stands for.";
        findings.add_found(&LATIN, &passage.pointer, message, latin);
        let message = "Put “for example” before the example, or begin with “such as”.";
        findings.add_found(&EXAMPLE_LAST, &passage.pointer, message, last);
    }
}

/// In lower case, or with a capital at the start of a sentence: EG and IE are other things.
fn is_latin(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(bare, "eg" | "e.g" | "ie" | "i.e" | "etc" | "Eg" | "E.g" | "Ie" | "I.e" | "Etc" | "etcetera")
}
