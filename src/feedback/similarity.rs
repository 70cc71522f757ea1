//! Tells whether two reports say the same: exactly, by fingerprint, or nearly, by the trigrams they share.
//!
//! It compares texts and nothing else: who wrote them, when, and what follows from likeness is decided elsewhere.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// From this [`similarity`] on, two reports on the same document are proposed as one case; a person confirms.
pub const SIMILAR: f64 = 0.6;

/// How many words that are alike are named, and the shortest of them, in letters.
const WORDS: usize = 10;
const SHORTEST: usize = 4;

type Trigram = (char, char, char);

/// A SHA-256 (FIPS 180-4) that is equal for the same text, whatever its case, spacing and punctuation.
///
/// It is meant for joining repeated reports, not as a secret: anybody can try texts.
#[must_use]
pub fn fingerprint(text: &str) -> [u8; 32] {
    Sha256::digest(normalise(text).as_bytes()).into()
}

/// A text as it is compared: read once, it can be set against many.
pub struct Shape(FxHashMap<Trigram, u32>);

impl Shape {
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(trigrams(&normalise(text)))
    }

    /// What [`similarity`] says of the two texts.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        shared(&self.0, &other.0)
    }
}

/// How alike two texts are, from 0 (nothing in common) to 1 (the same words): the Sørensen–Dice coefficient of their
/// trigrams, counted within words, so that the order of words weighs little.
///
/// Symmetric. An empty text is like nothing, not even another empty one. Time grows linearly with both lengths.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    Shape::of(a).likeness(&Shape::of(b))
}

/// The Sørensen–Dice coefficient of counted trigrams.
fn shared(a: &FxHashMap<Trigram, u32>, b: &FxHashMap<Trigram, u32>) -> f64 {
    let both = total(a.values().copied()) + total(b.values().copied());
    if both == 0.0 {
        return 0.0;
    }
    let shared = total(a.iter().map(|(trigram, count)| b.get(trigram).map_or(0, |other| *count.min(other))));
    2.0 * shared / both
}

/// The words of one text that another holds too, or nearly ("salary", "salaries"), in the order of the first: what
/// [`similarity`] goes by, for people to look at. Each once, at most ten, and none that are too short to say anything.
#[must_use]
pub fn words_alike(a: &str, b: &str) -> Vec<String> {
    let (a, b) = (normalise(a), normalise(b));
    let others: Vec<FxHashMap<Trigram, u32>> = b.split(' ').filter(says_something).map(trigrams).collect();
    let mut words: Vec<String> = Vec::new();
    for word in a.split(' ').filter(says_something) {
        let own = trigrams(word);
        let is_alike = others.iter().any(|other| shared(&own, other) >= SIMILAR);
        if is_alike && words.len() < WORDS && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

fn says_something(word: &&str) -> bool {
    word.chars().count() >= SHORTEST || word.chars().any(char::is_numeric)
}

/// Compatibility form (NFKC), lower case, letters and digits only, words parted by single spaces.
///
/// Apostrophes and combining marks do not part words ("isn't" is "isnt"). A text with no letter and no digit, such as an
/// emoji, is kept without its white space, so that two different ones stay different.
fn normalise(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut parted = false;
    for character in text.nfkc().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            if parted && !words.is_empty() {
                words.push(' ');
            }
            parted = false;
            words.push(character);
        } else if !joins_words(character) {
            parted = true;
        }
    }
    if words.is_empty() { text.nfkc().filter(|character| !character.is_whitespace()).collect() } else { words }
}

/// Characters that stand inside words: marks, apostrophes, soft hyphens, joiners and other characters without width.
fn joins_words(character: char) -> bool {
    is_combining_mark(character)
        || matches!(
            character,
            '\'' | '\u{2018}' | '\u{2019}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
        )
}

/// Three letters in a row and how often they occur. Two spaces before and one after a word give its beginning more
/// weight than its ending, and give short words trigrams at all.
fn trigrams(normalised: &str) -> FxHashMap<Trigram, u32> {
    let mut counts = FxHashMap::default();
    for word in normalised.split(' ').filter(|word| !word.is_empty()) {
        let (mut first, mut second) = (' ', ' ');
        for third in word.chars().chain([' ']) {
            let count: &mut u32 = counts.entry((first, second, third)).or_default();
            *count = count.saturating_add(1);
            (first, second) = (second, third);
        }
    }
    counts
}

/// Counts are whole numbers far below 2^53, so the order of adding does not show.
fn total(counts: impl Iterator<Item = u32>) -> f64 {
    counts.map(f64::from).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_compared_without_case_spacing_and_punctuation() {
        for (text, normalised) in [
            ("  The LINK\n is\u{a0}broken!! ", "the link is broken"),
            ("It isn't here; it isn’t", "it isnt here it isnt"),
            ("Ｆｕｌｌ ﬁ １２", "full fi 12"),
            ("cafe\u{301} café", "café café"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("Gweler y ddolen – mae'n hen", "gweler y ddolen maen hen"),
            ("👍 👍", "👍👍"),
            (" ", ""),
        ] {
            assert_eq!(normalise(text), normalised);
        }
    }

    #[test]
    fn a_fingerprint_belongs_to_one_text() {
        assert_eq!(fingerprint("The link is broken."), fingerprint("the link  is BROKEN"));
        assert_ne!(fingerprint("The link is broken."), fingerprint("The links are broken."));
        assert_ne!(fingerprint("👍"), fingerprint("👎"));
    }

    #[test]
    fn similar_reports_pass_the_threshold_and_others_do_not() {
        for (a, b) in [
            ("The salary is out of date", "salary out of date"),
            ("The link to the NMC is broken", "NMC link is broken"),
            ("You need 5 GCSEs, not 4", "you need 5 GCSE's not 4!"),
            ("Mae'r ddolen wedi torri", "Ma'r ddolen wedi torri"),
        ] {
            assert!(similarity(a, b) >= SIMILAR, "{a} / {b}: {}", similarity(a, b));
        }
        for (a, b) in [
            ("The salary is out of date", "The link is broken"),
            ("The entry requirements are wrong", "I cannot find the apprenticeship"),
            ("typo", "404"),
            ("", ""),
            ("", "typo"),
        ] {
            assert!(similarity(a, b) < SIMILAR, "{a} / {b}: {}", similarity(a, b));
        }
    }

    #[test]
    fn the_words_that_are_alike_are_named_in_their_order_and_once() {
        for (a, b, words) in [
            ("The salary is out of date", "Salaries out-of-date, the SALARY!", vec!["salary", "date"]),
            ("Band 6, not band 5", "It says band 6", vec!["band", "6"]),
            ("The link is broken", "An apprenticeship", vec![]),
            ("", "", vec![]),
        ] {
            assert_eq!(words_alike(a, b), words, "{a} / {b}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn similarity_is_symmetric_and_between_nothing_and_all(a in any::<String>(), b in any::<String>()) {
            let forth = similarity(&a, &b);
            prop_assert!((0.0..=1.0).contains(&forth));
            prop_assert!((forth - similarity(&b, &a)).abs() < f64::EPSILON);
        }

        #[test]
        fn a_text_is_wholly_like_itself(text in "[a-z]{1,9}( [a-z0-9]{1,9}){0,20}") {
            prop_assert!((similarity(&text, &text) - 1.0).abs() < f64::EPSILON);
            prop_assert_eq!(fingerprint(&text), fingerprint(&text.to_uppercase()));
        }
    }
}
