//! From words that were typed to what is asked of the index: as written, by their stems, as the beginning of a word, and
//! with mistakes in them.
//!
//! Decision (2026-11-22), mistakes. Context: a search that always looks for similar words finds much that nobody meant.
//! Choice: a word that the index knows, as it is, by its stem, or as the beginning of one that is still typed, is taken as
//! it is; only of one that it doesn't know are similar ones taken: one letter wrong, missing, too many or swapped with its
//! neighbour from four letters on, two from eight. Consequence: words that are spelt right are found as fast as can be.

use std::sync::Arc;

use tantivy::{
    Score, Searcher, Term,
    query::{DfaWrapper, FuzzyTermQuery},
    schema::Field as TantivyField,
};

use super::{
    Fields, Forms,
    words::{Word, Words, runs},
};

/// How much a word counts that is not there as it was typed, against one that is.
const STEM: Score = 0.7;
const BEGINNING: Score = 0.4;
const SIMILAR: Score = 0.2;
/// How much of what a word counts in its lesser fields is added to what it counts in its best one.
pub(super) const TIE: Score = 0.2;
/// Fewer letters don't begin a word.
const SHORTEST_BEGINNING: usize = 2;

/// What is asked of an index, and by which answers are marked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub(super) sought: Vec<Sought>,
    pub(super) phrases: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Sought {
    pub word: Word,
    /// How many mistakes it may have; 0 for a word that is known.
    pub mistakes: u8,
}

/// Looks each word up.
pub(super) fn question(searcher: &Searcher, fields: &Fields, words: &Words) -> tantivy::Result<Question> {
    let mut sought = Vec::new();
    for word in &words.words {
        let mistakes = match allowed(&word.word) {
            0 => 0,
            _ if is_known(searcher, fields, word)? => 0,
            allowed => allowed,
        };
        sought.push(Sought { word: word.clone(), mistakes });
    }
    Ok(Question { sought, phrases: words.phrases.clone() })
}

fn allowed(word: &str) -> u8 {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

fn is_known(searcher: &Searcher, fields: &Fields, word: &Word) -> tantivy::Result<bool> {
    for forms in &fields.parts {
        if searcher.doc_freq(&Term::from_field_text(forms.written, &word.word))? > 0
            || searcher.doc_freq(&Term::from_field_text(forms.stems, &word.stem))? > 0
        {
            return Ok(true);
        }
        if !word.unfinished {
            continue;
        }
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(forms.written)?;
            let mut terms = index.terms().range().ge(word.word.as_bytes()).into_stream()?;
            if terms.advance() && terms.key().starts_with(word.word.as_bytes()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// One of the things that a question asks for, with the ways in which a text can meet it.
pub(super) struct Clause {
    pub needed: bool,
    pub ways: Vec<Way>,
}

/// A way to meet a clause: what is asked, and how much it counts.
pub(super) struct Way {
    pub asked: Asked,
    pub share: Score,
}

pub(super) enum Asked {
    /// A word as the index has it.
    Word(Term),
    /// The words of a field that an automaton takes, each as good as any other.
    Like { field: TantivyField, automaton: Arc<DfaWrapper> },
    /// Words that follow each other and are a run.
    Run { words: Vec<Term>, run: Term },
    /// Words that follow each other, at least two, and the runs that they hold.
    Phrase { words: Vec<Term>, runs: Vec<Term> },
}

/// What is asked of an index: a clause for each word and each phrase. None if nothing is asked for.
pub(super) fn clauses(fields: &Fields, question: &Question) -> tantivy::Result<Vec<Clause>> {
    let words = question.sought.iter().map(|sought| in_any_field(fields, sought));
    let phrases = question.phrases.iter().map(|phrase| Ok(phrase_in_any_field(fields, phrase)));
    words.chain(phrases).collect()
}

fn in_any_field(fields: &Fields, sought: &Sought) -> tantivy::Result<Clause> {
    let Sought { word, mistakes } = sought;
    let is_beginning = word.unfinished && word.word.chars().count() >= SHORTEST_BEGINNING;
    let likes = match (*mistakes, is_beginning) {
        (0, false) => Vec::new(),
        (0, true) => vec![(beginnings(word, 0)?, BEGINNING)],
        (mistakes, false) => vec![(similar(word, mistakes)?, SIMILAR)],
        (mistakes, true) => {
            vec![(similar(word, mistakes)?, SIMILAR), (beginnings(word, mistakes)?, SIMILAR / 2.0)]
        }
    };
    let mut ways = Vec::new();
    for forms in &fields.parts {
        let mut add = |asked, share| ways.push(Way { asked, share: forms.part.weight() * share });
        if *mistakes == 0 {
            add(Asked::Word(Term::from_field_text(forms.written, &word.word)), 1.0);
            add(Asked::Word(Term::from_field_text(forms.stems, &word.stem)), STEM);
        }
        for (automaton, share) in &likes {
            add(Asked::Like { field: forms.written, automaton: Arc::clone(automaton) }, *share);
        }
    }
    Ok(Clause { needed: word.needed, ways })
}

/// What takes words that are like one: it hangs on no field, and takes long to make.
fn similar(word: &Word, mistakes: u8) -> tantivy::Result<Arc<DfaWrapper>> {
    FuzzyTermQuery::new(of_no_field(word), mistakes, true).automaton().map(Arc::new)
}

/// What takes words that begin like one.
fn beginnings(word: &Word, mistakes: u8) -> tantivy::Result<Arc<DfaWrapper>> {
    FuzzyTermQuery::new_prefix(of_no_field(word), mistakes, true).automaton().map(Arc::new)
}

fn of_no_field(word: &Word) -> Term {
    Term::from_field_text(TantivyField::from_field_id(0), &word.word)
}

fn phrase_in_any_field(fields: &Fields, phrase: &[String]) -> Clause {
    let in_field = |forms: &Forms| {
        let mut words: Vec<Term> = phrase.iter().map(|word| Term::from_field_text(forms.written, word)).collect();
        let term = |run: &[String]| Term::from_field_text(forms.runs, &run.join(" "));
        let asked = match (words.pop_if(|_| phrase.len() == 1), runs(phrase).as_slice()) {
            (Some(only), _) => Asked::Word(only),
            (None, [run]) if run.len() == phrase.len() => Asked::Run { words, run: term(run) },
            (None, runs) => Asked::Phrase { words, runs: runs.iter().map(|run| term(run)).collect() },
        };
        Way { asked, share: forms.part.weight() }
    };
    Clause { needed: true, ways: fields.parts.iter().map(in_field).collect() }
}
