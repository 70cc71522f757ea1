//! The words of a text that answer a question, marked: the text in pieces, so that whoever shows them needs to trust no
//! markup.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{
    question::{Question, Sought},
    words::{Stems, tokens},
};

/// Characters of an excerpt, about.
const EXCERPT: usize = 220;
/// Characters before the first mark of an excerpt, about.
const BEFORE: usize = 60;

/// A piece of a text; the texts of all pieces together are the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    pub marked: bool,
}

/// Marks the words of texts that answer a question. It remembers which words do, since texts say the same ones again and
/// again; one is made for all the texts of an answer.
pub struct Marker<'a> {
    question: &'a Question,
    looks: Vec<Look<'a>>,
    known: FxHashMap<String, bool>,
}

impl<'a> Marker<'a> {
    pub fn of(question: &'a Question) -> Self {
        let looks = question.sought.iter().filter(|sought| sought.word.needed).map(Look::of).collect();
        Self { question, looks, known: FxHashMap::default() }
    }

    /// A whole text in pieces; `None` if nothing in it answers the question.
    pub fn marked(&mut self, text: &str) -> Option<Vec<Piece>> {
        let marks = self.marks(text);
        (!marks.is_empty()).then(|| pieces(text, 0, text.len(), &marks))
    }

    /// The part of a text in which most words answer the question, in pieces; with how many do.
    pub fn excerpt(&mut self, text: &str) -> Option<(Vec<Piece>, usize)> {
        excerpt(text, &self.marks(text))
    }

    /// Where words stand that answer the question, in order.
    fn marks(&mut self, text: &str) -> Vec<(usize, usize)> {
        let tokens = tokens(text);
        let mut marked: Vec<bool> = tokens.iter().map(|token| self.answers(&token.word)).collect();
        for phrase in &self.question.phrases {
            for (place, window) in tokens.windows(phrase.len()).enumerate() {
                if window.iter().zip(phrase).all(|(token, word)| token.word == *word) {
                    marked.iter_mut().skip(place).take(phrase.len()).for_each(|marked| *marked = true);
                }
            }
        }
        tokens.iter().zip(marked).filter(|(_, marked)| *marked).map(|(token, _)| (token.from, token.to)).collect()
    }

    fn answers(&mut self, word: &str) -> bool {
        if let Some(known) = self.known.get(word) {
            return *known;
        }
        let found = self.looks.iter_mut().any(|look| look.finds(word));
        self.known.insert(word.to_owned(), found);
        found
    }
}

fn excerpt(text: &str, marks: &[(usize, usize)]) -> Option<(Vec<Piece>, usize)> {
    let within = |from: usize| marks.iter().filter(|mark| mark.0 >= from && mark.1 <= from + EXCERPT).count();
    let (best, count) = marks
        .iter()
        .map(|mark| (mark.0, within(mark.0).max(1)))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let (mut from, mut to) = (0, text.len());
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && at + BEFORE < best {
            from = at + c.len_utf8();
        }
        if c.is_whitespace() && at > best + EXCERPT - BEFORE && marks.iter().all(|mark| at <= mark.0 || at >= mark.1) {
            to = at;
            break;
        }
    }
    let mut found = pieces(text, from, to, marks);
    if from > 0 {
        found.insert(0, Piece { text: "… ".to_owned(), marked: false });
    }
    if to < text.len() {
        found.push(Piece { text: " …".to_owned(), marked: false });
    }
    Some((joined(found), count))
}

/// What is looked for, and what it takes to look.
struct Look<'a> {
    sought: &'a Sought,
    typed: Vec<char>,
    stems: Stems,
}

impl<'a> Look<'a> {
    fn of(sought: &'a Sought) -> Self {
        Self { sought, typed: sought.word.word.chars().collect(), stems: Stems::default() }
    }

    fn finds(&mut self, there: &str) -> bool {
        let Sought { word, mistakes } = self.sought;
        if *mistakes == 0 {
            return there == word.word
                || (word.unfinished && self.typed.len() >= 2 && there.starts_with(&word.word))
                // A word begins as its stem does; finding stems takes long.
                || (there.chars().next() == word.stem.chars().next() && self.stems.of(there) == word.stem);
        }
        let most = usize::from(*mistakes);
        let length = there.chars().count();
        if length + most < self.typed.len() || (!word.unfinished && self.typed.len() + most < length) {
            return false;
        }
        let there: Vec<char> = there.chars().collect();
        let last = distances(&self.typed, &there);
        let whole = last.last().is_some_and(|distance| *distance <= most);
        whole || (word.unfinished && last.iter().any(|distance| *distance <= most))
    }
}

/// How far a word is from each beginning of another: letters wrong, missing, too many, or two neighbours swapped.
fn distances(typed: &[char], there: &[char]) -> Vec<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=there.len()).collect();
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut last_typed = None;
    for (done, letter) in typed.iter().enumerate() {
        let mut next = vec![done + 1];
        let mut last_there = None;
        for (place, other) in there.iter().enumerate() {
            let replaced = at(&row, place) + usize::from(letter != other);
            let mut least = replaced.min(at(&row, place + 1) + 1).min(at(&next, place) + 1);
            if place > 0 && last_typed == Some(other) && last_there == Some(letter) {
                least = least.min(at(&before, place - 1) + 1);
            }
            next.push(least);
            last_there = Some(other);
        }
        before = std::mem::replace(&mut row, next);
        last_typed = Some(letter);
    }
    row
}

fn pieces(text: &str, from: usize, to: usize, marks: &[(usize, usize)]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut here = from;
    let piece =
        |from: usize, to: usize, marked| Piece { text: text.get(from..to).unwrap_or_default().to_owned(), marked };
    for (begin, end) in marks.iter().filter(|mark| mark.0 >= from && mark.1 <= to) {
        found.push(piece(here, *begin, false));
        found.push(piece(*begin, *end, true));
        here = *end;
    }
    found.push(piece(here, to, false));
    joined(found)
}

/// Pieces without empty ones, neighbours of the same sort as one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.text.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.marked == piece.marked => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    joined
}
