//! What a word is: how texts are cut, folded and stemmed, and what somebody typed. What is indexed, what is looked for
//! and what is marked in an answer all go through here, so that they agree.
//!
//! Decision (2026-11-22), small words. Context: “how to become a nurse” holds words that stand in every text, and some
//! that stand in few. Choice: such words have to be there only where nothing else is asked for, or within quotes.
//! Consequence: they are kept in the index, phrases such as “on the job” can be found, and they never hide a page.
//!
//! Decision (2026-11-23), runs. Context: small words stand many times in every text, so that comparing places is what makes
//! a phrase slow: the other way to a phrase is a word of its own for it. Choice: from each word on, the words up to the
//! next that says something are kept as one, “in the community” like “care worker”. Consequence: a phrase of that kind is
//! found as fast as a word, of a longer one only those texts are looked into that hold its runs; the index is larger.

use std::borrow::Cow;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// So many words of what was typed are looked for.
const MOST_WORDS: usize = 16;

/// Words of British English that say little by themselves.
const SMALL: &[&str] = &[
    "a", "about", "am", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "have", "how",
    "i", "if", "in", "is", "it", "me", "my", "of", "on", "or", "that", "the", "their", "them", "they", "this", "to",
    "was", "what", "when", "where", "which", "who", "why", "will", "with", "you", "your",
];

/// A run has so many words at most.
const LONGEST_RUN: usize = 4;

/// A word of a text, and where it stands in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// As it stands in the text, where that is how words are kept; most are.
    pub word: Cow<'t, str>,
    pub from: usize,
    pub to: usize,
}

/// The words of a text: letters and digits in a row, in lower case without accents. An accent that is written as a sign
/// of its own belongs to its letter.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut begun = None;
    for (at, c) in text.char_indices() {
        let belongs = c.is_alphanumeric() || (begun.is_some() && is_combining_mark(c));
        match begun {
            None if belongs => begun = Some(at),
            Some(from) if !belongs => {
                tokens.extend(token(text, from, at));
                begun = None;
            }
            _ => {}
        }
    }
    tokens.extend(begun.and_then(|from| token(text, from, text.len())));
    tokens
}

/// `None` if nothing of it is left.
fn token(text: &str, from: usize, to: usize) -> Option<Token<'_>> {
    let there = text.get(from..to)?;
    let word = if there.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        Cow::Borrowed(there)
    } else {
        Cow::Owned(there.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect())
    };
    (!word.is_empty()).then_some(Token { word, from, to })
}

/// The steps of a path, each with the slash before it, so that no other word is like one.
pub fn path_tokens(path: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut from = 0;
    for step in path.split('/') {
        let to = from + step.len();
        if !step.is_empty() {
            tokens.push(Token { word: format!("/{}", step.to_lowercase()).into(), from, to });
        }
        from = to + 1;
    }
    tokens
}

/// The run that these words begin with: the first of them, the small ones after it, and the next that says something.
/// `None` if the words end before it does, so that a text holds a run wherever it holds its words.
pub fn run<W: AsRef<str>>(words: &[W]) -> Option<&[W]> {
    let after = words.get(1..)?.iter().take(LONGEST_RUN - 1);
    let small = after.take_while(|word| is_small(word.as_ref())).count();
    words.get(..(small + 2).min(LONGEST_RUN))
}

/// Runs that a text holds if it holds these words one after the other. One of as many words is as good as the words.
pub fn runs(words: &[String]) -> Vec<&[String]> {
    let mut runs = Vec::new();
    let mut rest = words;
    while let Some(run) = run(rest) {
        runs.push(run);
        rest = rest.get(run.len() - 1..).unwrap_or_default();
    }
    runs
}

fn is_small(word: &str) -> bool {
    SMALL.binary_search(&word).is_ok()
}

/// Finds the stems of English words.
#[derive(Clone)]
pub struct Stems(TextAnalyzer);

impl Default for Stems {
    fn default() -> Self {
        Self(TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build())
    }
}

impl Stems {
    pub fn of(&mut self, word: &str) -> String {
        let mut stream = self.0.token_stream(word);
        if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
    }
}

/// What somebody typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub words: Vec<Word>,
    /// What stood in quotes: these words, one after the other.
    pub phrases: Vec<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub word: String,
    pub stem: String,
    /// Whether it has to be there.
    pub needed: bool,
    /// Whether it may still be typed on.
    pub unfinished: bool,
}

impl Words {
    /// Reads what was typed. The last word may be the beginning of one, unless a space or a quote follows it.
    pub fn read(typed: &str) -> Self {
        let mut read = Self::default();
        let parts: Vec<&str> = typed.split('"').collect();
        let last = parts.len().saturating_sub(1);
        let mut stems = Stems::default();
        for (place, part) in parts.into_iter().enumerate() {
            let words: Vec<String> = tokens(part).into_iter().map(|token| token.word.into_owned()).collect();
            // A quote that nothing ends opens no phrase.
            if place % 2 == 1 && place < last {
                read.phrases.extend(Some(words).filter(|words| !words.is_empty()));
                continue;
            }
            let typed_on = place == last && part.chars().last().is_some_and(char::is_alphanumeric);
            let count = words.len();
            for (number, word) in words.into_iter().enumerate() {
                let unfinished = typed_on && number + 1 == count;
                let needed = unfinished && count == 1 || !is_small(&word);
                read.words.push(Word { stem: stems.of(&word), needed, unfinished, word });
            }
        }
        if read.phrases.is_empty() && read.words.iter().all(|word| !word.needed) {
            read.words.iter_mut().for_each(|word| word.needed = true);
        }
        read.words.truncate(MOST_WORDS);
        read.phrases.truncate(MOST_WORDS);
        read
    }

    /// Reads a path that was typed: the steps of it, in whatever order. The last may be the beginning of one.
    pub fn read_path(typed: &str) -> Self {
        let typed = typed.trim();
        let mut words: Vec<Word> = path_tokens(typed)
            .into_iter()
            .map(|token| token.word.into_owned())
            .map(|word| Word { stem: word.clone(), needed: true, unfinished: false, word })
            .collect();
        words.truncate(MOST_WORDS);
        if let Some(last) = words.last_mut() {
            last.unfinished = !typed.ends_with('/');
        }
        Self { words, phrases: Vec::new() }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word.into_owned()).collect()
    }

    #[test]
    fn words_have_no_accents_capitals_and_signs() {
        assert_eq!(words("Élan, (e\u{301}lan) A-levels; you'll"), ["elan", "elan", "a", "levels", "you", "ll"]);
        assert_eq!(words("… –"), [""; 0]);
        let text = "x e\u{301}lan";
        let token = tokens(text).pop().unwrap();
        assert_eq!(&text[token.from..token.to], "e\u{301}lan");
    }

    #[test]
    fn what_was_typed_has_words_phrases_and_perhaps_a_beginning() {
        let read = Words::read("how to become a \"care worker\" nur");
        assert_eq!(read.phrases, [["care", "worker"]]);
        let needed: Vec<&str> = read.words.iter().filter(|word| word.needed).map(|word| word.word.as_str()).collect();
        assert_eq!(needed, ["become", "nur"]);
        assert!(read.words.last().unwrap().unfinished);
        assert!(!Words::read("nurse ").words[0].unfinished);
        assert_eq!(Words::read("nurses").words[0].stem, "nurs");
        assert!(Words::read("\"on the").phrases.is_empty(), "nothing ends it");
        assert!(Words::read("to be").words.iter().all(|word| word.needed), "there is nothing else");
        assert!(Words::read(" \"!\" ").is_empty());
    }

    #[test]
    fn a_run_ends_with_a_word_that_says_something() {
        let words = words("care in the community and in the city as well as of the it and");
        let run = |from: usize| run(&words[from..]).map(|run| run.join(" "));
        assert_eq!(run(0).unwrap(), "care in the community");
        assert_eq!(run(1).unwrap(), "in the community");
        assert_eq!(run(3).unwrap(), "community and in the", "a run has an end");
        assert_eq!(run(7).unwrap(), "city as well");
        assert_eq!(run(12), None, "the words end before");
        assert_eq!(run(words.len() - 1), None);
        assert!(SMALL.is_sorted());
    }

    #[test]
    fn a_phrase_is_a_run_or_holds_some() {
        let runs = |phrase: &str| runs(&words(phrase)).into_iter().map(|run| run.join(" ")).collect::<Vec<_>>();
        assert_eq!(runs("care worker"), ["care worker"]);
        assert_eq!(runs("health and safety at work"), ["health and safety", "safety at work"]);
        assert_eq!(runs("support people in the"), ["support people"]);
        assert_eq!(runs("the the"), [""; 0]);
    }

    #[test]
    fn a_path_is_read_step_by_step() {
        let read = Words::read_path(" /Care/care-wor ");
        let words: Vec<(&str, bool)> = read.words.iter().map(|word| (word.word.as_str(), word.unfinished)).collect();
        assert_eq!(words, [("/care", false), ("/care-wor", true)]);
        assert!(!Words::read_path("/care/").words[0].unfinished);
        assert!(Words::read_path("/").is_empty());
    }
}
