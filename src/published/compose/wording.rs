//! Small texts that are made and not written: anchors, the key that titles are sorted by, and the description for search
//! engines.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The longest description, in characters; search engines show about as much.
const DESCRIPTION_LIMIT: usize = 160;

/// What an anchor is made of when its heading has no letter or digit that an address can show.
const NAMELESS: &str = "section";

/// Gives out anchors, each once.
#[derive(Debug, Default)]
pub struct Anchors(HashSet<String>);

impl Anchors {
    /// The anchor of a heading: its slug, with a number from 2 on if it was given out before.
    pub fn of(&mut self, heading: &str) -> String {
        let slug = slug(heading);
        let slug = if slug.is_empty() { NAMELESS.to_owned() } else { slug };
        let mut anchor = slug.clone();
        let mut number = 2;
        while !self.0.insert(anchor.clone()) {
            anchor = format!("{slug}-{number}");
            number += 1;
        }
        anchor
    }
}

/// The letters and digits of a text in lower case and ASCII, words joined by hyphens. Letters of other scripts are left
/// out; apostrophes join, so that "you'll" is one word.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in folded(text).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !matches!(character, '\'' | '\u{2019}') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// What titles are sorted by: lower case without accents, and the title itself where that is equal.
pub fn sort_key(title: &str) -> (String, String) {
    (folded(title), title.to_owned())
}

/// A summary as a description: whole if it is short, else up to the end of its last sentence that fits, else up to a
/// word, with an ellipsis.
pub fn cut_summary(summary: &str) -> String {
    let summary = summary.trim();
    if summary.chars().count() <= DESCRIPTION_LIMIT {
        return summary.to_owned();
    }
    let fitting = summary.char_indices().nth(DESCRIPTION_LIMIT).map_or(summary.len(), |(end, _)| end);
    match sentence_ends(summary).take_while(|end| *end <= fitting).last() {
        Some(end) => summary.get(..end).unwrap_or_default().to_owned(),
        None => cut_at_word(summary),
    }
}

/// Lower case, without accents, and with the letters of European languages that have no accent to lose spelt out.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase) {
        match character {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            other => folded.push(other),
        }
    }
    folded
}

/// The byte positions after sentences: after a full stop, question mark or exclamation mark, with the quotes and brackets
/// that close after it, where white space and no small letter follows. A full stop within a word or after a single letter
/// ("e.g. NHS", "J. Smith") ends none.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(|(position, mark)| {
        if !matches!(mark, '.' | '!' | '?') {
            return None;
        }
        let before = text.get(..position)?.rsplit(char::is_whitespace).next()?;
        let abbreviated =
            before.contains('.') || before.chars().filter(|character| character.is_alphabetic()).count() == 1;
        if mark == '.' && abbreviated {
            return None;
        }
        let after = text.get(position + mark.len_utf8()..)?;
        let rest = after.trim_start_matches(['"', '\'', ')', ']', '\u{2019}', '\u{201d}']);
        let next = rest.trim_start();
        let ends = next.is_empty() || (next.len() < rest.len() && !next.starts_with(char::is_lowercase));
        ends.then_some(text.len() - rest.len())
    })
}

/// As many words as fit with an ellipsis after them; of one endless word its beginning.
fn cut_at_word(text: &str) -> String {
    let limit = DESCRIPTION_LIMIT - 1;
    let end = text.char_indices().nth(limit).map_or(text.len(), |(end, _)| end);
    let beginning = text.get(..end).unwrap_or_default();
    let broken = !text.get(end..).unwrap_or_default().starts_with(char::is_whitespace);
    let whole = match beginning.rsplit_once(char::is_whitespace) {
        Some((words, _)) if broken => words,
        _ => beginning,
    };
    format!("{}…", whole.trim_end_matches(|character: char| !character.is_alphanumeric() && character != ')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_ascii_and_anchors_are_unique() {
        assert_eq!(slug("How to become one?"), "how-to-become-one");
        assert_eq!(slug("  What you’ll need – “first steps” "), "what-youll-need-first-steps");
        assert_eq!(slug("Café, Straße & Ærø: ½"), "cafe-strasse-aero-1-2");
        assert_eq!(slug("仕事"), "");
        let mut anchors = Anchors::default();
        let given: Vec<String> = ["Pay", "Pay 2", "pay!", "Pay", "仕事", "?"].map(|text| anchors.of(text)).into();
        assert_eq!(given, ["pay", "pay-2", "pay-3", "pay-4", "section", "section-2"]);
    }

    #[test]
    fn descriptions_end_with_a_sentence_or_a_word() {
        assert_eq!(cut_summary(" Short enough "), "Short enough");
        assert_eq!(cut_summary(""), "");
        let exact = "x".repeat(160);
        assert_eq!(cut_summary(&exact), exact);

        let first = "Porters move people and things, e.g. Trolleys and beds (day or night).";
        let long = format!("{first} {}", "They know every corridor of the building and ".repeat(4));
        assert_eq!(cut_summary(&long), first);

        let words = "naïve ".repeat(40);
        let cut = cut_summary(&words);
        assert!(cut.ends_with("naïve…") && cut.chars().count() <= 160, "{cut}");
        let endless = cut_summary(&"é".repeat(400));
        assert_eq!(endless.chars().count(), 160);
    }

    #[test]
    fn a_sentence_that_just_fits_is_kept_whole() {
        let sentence = format!("{}.", "a".repeat(159));
        assert_eq!(cut_summary(&format!("{sentence} And more.")), sentence);
        let longer = format!("{}.", "b".repeat(160));
        assert!(cut_summary(&format!("{longer} And more.")).ends_with('…'));
    }
}
