//! Characters that crept in by pasting, and words typed twice. What can be put right without changing a word is put right
//! by [`mended`]; the check and the cure read the same table.

use super::{
    Case, Family, Findings, Found, Rule, Severity,
    reading::{Use, bare, excerpt, shortened},
};

const SOURCE: &str = "NHS digital service manual, formatting and punctuation";

const NO_BREAK: Rule = Rule { code: "no-break-space", severity: Severity::Advice, source: SOURCE };
const CURLY: Rule = Rule { code: "curly-apostrophe", severity: Severity::Advice, source: SOURCE };
const DOUBLE: Rule = Rule { code: "double-space", severity: Severity::Advice, source: SOURCE };
const BEFORE_SIGN: Rule = Rule { code: "space-before-punctuation", severity: Severity::Advice, source: SOURCE };
const INVISIBLE: Rule = Rule { code: "invisible-character", severity: Severity::Advice, source: SOURCE };
const REPEATED: Rule = Rule { code: "repeated-word", severity: Severity::Advice, source: "House rule: each word once" };

pub const FAMILY: Family = Family {
    passed: "No stray characters and no word twice",
    rules: &[NO_BREAK, CURLY, DOUBLE, BEFORE_SIGN, INVISIBLE, REPEATED],
    check,
};

/// Words that good sentences say twice.
const SAID_TWICE: [&str; 2] = ["had", "that"];

/// A character that is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stray {
    NoBreak,
    Curly,
    Double,
    BeforeSign,
    Invisible,
}

const MESSAGES: [(Stray, &Rule, &str); 5] = [
    (Stray::NoBreak, &NO_BREAK, "A space that doesn’t break stands here; lines end oddly on small screens."),
    (Stray::Curly, &CURLY, "A curly apostrophe stands here; use the straight one everywhere."),
    (Stray::Double, &DOUBLE, "Two spaces stand here."),
    (Stray::BeforeSign, &BEFORE_SIGN, "A space stands before a punctuation mark."),
    (Stray::Invisible, &INVISIBLE, "A character that nobody sees stands here; searches stumble over it."),
];

fn check(case: &Case<'_>, findings: &mut Findings) {
    for passage in &case.reading.passages {
        let mut strays: [Found; 5] = Default::default();
        let mut repeated = Found::default();
        for piece in &passage.pieces {
            let words = case.reading.words(piece);
            scan(&piece.text, &mut |stray, at, _| {
                for ((kind, ..), found) in MESSAGES.iter().zip(&mut strays) {
                    if *kind == stray {
                        found.add(|| around(&piece.text, at));
                    }
                }
            });
            if passage.used != Use::Name {
                for (at, pair) in words.windows(2).enumerate() {
                    if is_repeated(pair) {
                        repeated.add(|| excerpt(&words, at));
                    }
                }
            }
        }
        for ((_, rule, message), found) in MESSAGES.iter().zip(strays) {
            findings.add_found(rule, &passage.pointer, *message, found);
        }
        findings.add_found(&REPEATED, &passage.pointer, "The same word stands here twice.", repeated);
    }
}

fn is_repeated(pair: &[&str]) -> bool {
    let [first, second] = pair else { return false };
    let (one, other) = (bare(first), bare(second));
    first.ends_with(one)
        && second.starts_with(other)
        && one.chars().any(char::is_alphabetic)
        && one.eq_ignore_ascii_case(other)
        // Two names, as in New York York or Sing Sing, are somebody's name.
        && !other.starts_with(char::is_uppercase)
        && !SAID_TWICE.contains(&other)
}

/// A text with its stray characters put right, and how many there were.
pub fn mended(text: &str) -> (String, usize) {
    let mut result = String::with_capacity(text.len());
    let mut done = 0_usize;
    let mut count = 0_usize;
    scan(text, &mut |stray, at, character| {
        result.push_str(text.get(done..at).unwrap_or_default());
        match stray {
            Stray::NoBreak => result.push(' '),
            Stray::Curly => result.push('\''),
            Stray::Double | Stray::BeforeSign | Stray::Invisible => {}
        }
        done = at + character.len_utf8();
        count += 1;
    });
    result.push_str(text.get(done..).unwrap_or_default());
    // What was put right can stand beside another: a wide space beside a narrow one.
    if count > 0 {
        let (again, more) = mended(&result);
        return (again, count + more);
    }
    (result, count)
}

/// Tells of each stray character with its place.
fn scan(text: &str, tell: &mut dyn FnMut(Stray, usize, char)) {
    let mut before: Option<char> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let stray = match character {
            '\u{a0}' | '\u{202f}' | '\u{2007}' => Some(Stray::NoBreak),
            '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}' => Some(Stray::Invisible),
            '’' if before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphabetic) => {
                Some(Stray::Curly)
            }
            ' ' if before == Some(' ') => Some(Stray::Double),
            // A sign between numbers, as in 5 : 4, means something.
            ' ' if before.is_some_and(char::is_alphabetic)
                && next.is_some_and(|next| matches!(next, ',' | ';' | ':' | '!' | '?' | '.')) =>
            {
                let behind = text.get(at + 2..).and_then(|rest| rest.chars().next());
                behind.is_none_or(char::is_whitespace).then_some(Stray::BeforeSign)
            }
            _ => None,
        };
        if let Some(stray) = stray {
            tell(stray, at, character);
        }
        before = Some(character);
    }
}

/// The words around a place in a text.
fn around(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let behind: Vec<String> = rest.split_whitespace().take(2).map(shortened).collect();
    let joined = text.get(at..).is_some_and(|rest| !rest.starts_with(char::is_whitespace));
    let gap = if joined { "" } else { " " };
    format!("{}{gap}{}", shortened(before), behind.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strays_are_put_right_and_nothing_else() {
        for (text, mended_text, count) in [
            ("in health\u{a0}organisations", "in health organisations", 1),
            ("an organisation’s networks", "an organisation's networks", 1),
            ("beds  and   chairs", "beds and chairs", 3),
            ("beds \u{a0}and chairs", "beds and chairs", 2),
            ("beds , chairs .", "beds, chairs.", 2),
            ("tele\u{ad}phone\u{200b}", "telephone", 2),
            ("‘quoted’ words, .NET and 5 : 4", "‘quoted’ words, .NET and 5 : 4", 0),
            ("plain words, as they are.", "plain words, as they are.", 0),
        ] {
            assert_eq!(mended(text), (mended_text.to_owned(), count), "{text:?}");
            assert_eq!(mended(mended_text).1, 0, "{mended_text:?} is mended for good");
        }
    }

    #[test]
    fn a_word_twice_is_seen_and_a_sentence_that_needs_it_is_not() {
        for words in [["about", "about"], ["a", "a"], ["Some", "some"]] {
            assert!(is_repeated(&words), "{words:?}");
        }
        for words in [["had", "had"], ["out,", "out"], ["New", "York"], ["Sing", "Sing"], ["10", "10"]] {
            assert!(!is_repeated(&words), "{words:?}");
        }
    }
}
