//! What may say who somebody is or where they live, without being certain enough to be taken out: a name that is
//! introduced as one, a street address near a postcode. It is pointed out, and people decide.
//!
//! Decision (2026-11-22): it looks at the text as it is kept, after everything certain has been taken out. Context: a flag
//! must say something of what people can still read. Consequence: it goes by itself once somebody has taken the words out.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    PersonalData,
    view::{Spelling, View, pattern},
};

named! {
    /// What people should look at before a text is passed on.
    Flag {
        /// "My name is Jane Doe", "I am Jane Doe from Leeds".
        Name = "name",
        /// A number, a name and a kind of street, near a postcode.
        StreetAddress = "street_address",
    }
}

/// How near to a postcode an address stands, in characters on either side.
const NEAR: usize = 80;

/// What is in a text that has been redacted. Takes any text; the time grows linearly with it.
#[must_use]
pub fn flags(redacted: &str) -> BTreeSet<Flag> {
    let view = View::new(redacted, Spelling::Plain);
    let mut flags = BTreeSet::new();
    if [&INTRODUCED, &FROM].into_iter().any(|name| name.as_ref().is_some_and(|name| name.is_match(view.text()))) {
        flags.insert(Flag::Name);
    }
    let streets = STREET.iter().flat_map(|street| street.find_iter(view.text()));
    if streets.map(|street| view.original(&street.range())).any(|street| is_near_postcode(redacted, street)) {
        flags.insert(Flag::StreetAddress);
    }
    flags
}

fn is_near_postcode(text: &str, street: std::ops::Range<usize>) -> bool {
    let mark = PersonalData::Postcode.mark();
    let reach = NEAR + mark.len();
    let after: String = text.get(street.end..).unwrap_or_default().chars().take(reach).collect();
    let before: String = text.get(..street.start).unwrap_or_default().chars().rev().take(reach).collect();
    let backwards: String = mark.chars().rev().collect();
    after.contains(mark) || before.contains(&backwards)
}

/// One to three words that begin with a capital letter, or initials.
const NAMES: &str = r"\p{Lu}(?:[\p{L}'-]+|\.)(?:[ \n]\p{Lu}(?:[\p{L}'-]+|\.)){0,2}";

static INTRODUCED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&format!(r"(?-u:\b)(?i:my (?:full )?name(?:'s| is| was)?|i am called|i'm called)(?: ?[:,])?[ \n]{NAMES}"))
});

static FROM: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(&format!(r"(?-u:\b)(?i:i am|i'm|im)[ \n]{NAMES},?[ \n](?i:from)(?-u:\b)")));

static STREET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?-u:\b)[0-9]{1,4}(?:-[0-9]{1,4})?[a-z]?[, \n]{1,2}(?:[\p{L}'.-]+[, \n]{1,2}){1,4}",
        r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|way|court|ct|crescent|gardens|grove|place|terrace",
        r"|square|hill|park|row|walk|view|mews|house|green|rise|parade)(?-u:\b)",
        r"|(?-u:\b)[0-9]{1,4}[a-z]?[, \n]{1,2}(?:heol|stryd|ffordd)[ \n][\p{L}'-]+"
    ))
});

#[cfg(test)]
mod tests {
    use super::{super::redact, *};

    fn of(text: &str) -> Vec<Flag> {
        flags(&redact(text).text).into_iter().collect()
    }

    #[test]
    fn a_name_that_is_introduced_is_pointed_out() {
        for text in [
            "My name is Jane Doe and the link is broken",
            "hello, my name's Jane",
            "my full name is Zoë O'Neil-Brown",
            "My name: J. R. Smith",
            "I am Jane Doe from Leeds",
            "Hi, I'm Ana Maria Quill, from the school",
            "my name is\nJane",
            "ｍｙ ｎａｍｅ ｉｓ Ｊａｎｅ",
            "my na\u{200b}me is Jane",
        ] {
            assert_eq!(of(text), [Flag::Name], "{text}");
        }
        for text in [
            "The name is wrong",
            "my name is spelt wrong",
            "my name is [removed]",
            "I am from Leeds",
            "I am a student from Leeds",
            "I am at Leeds College",
            "Name the course",
            "",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn a_street_address_near_a_postcode_is_pointed_out() {
        for text in [
            "I live at 7b High Street, Leeds, LS1 4AP",
            "12 Station Road LS1 4AP",
            "LS1 4AP is wrong, it is 12-14 Old Mill Lane",
            "4 Heol Fawr, CF10 1EP",
            "１２ Station Road, LS1 4AP",
        ] {
            assert_eq!(of(text), [Flag::StreetAddress], "{text}");
        }
        let far = format!("12 Station Road is where the college is. {} LS1 4AP", "And so on. ".repeat(10));
        for text in ["12 Station Road", "5 GCSEs on the way", far.as_str(), "the 3 Ways In, LS1 4AP"] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        for piece in ["my name is ", "I am A. B. ", "1 a b c d ", "12 High Street, ", "i am Xx "] {
            let _ = flags(&piece.repeat(100_000 / piece.len()));
        }
    }
}
