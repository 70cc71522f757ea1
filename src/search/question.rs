//! From words that were typed to what is asked of the index: as written, by their stems, as the beginning of a word, and
//! with mistakes in them.
//!
//! Decision (2026-11-22), mistakes. Context: a search that always looks for similar words finds much that nobody meant.
//! Choice: a word that the index knows, as it is, by its stem, or as the beginning of one that is still typed, is taken as
//! it is; only of one that it doesn't know are similar ones taken: one letter wrong, missing, too many or swapped with its
//! neighbour from four letters on, two from eight. Consequence: words that are spelt right are found as fast as can be.

use tantivy::{
    Searcher, Term,
    query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

use super::{
    Fields,
    words::{Word, Words},
};

/// How much a word counts that is not there as it was typed, against one that is.
const STEM: f32 = 0.7;
const BEGINNING: f32 = 0.4;
const SIMILAR: f32 = 0.2;
/// How much of what a word counts in its lesser fields is added to what it counts in its best one.
const TIE: f32 = 0.2;
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
    for pair in &fields.pairs {
        if searcher.doc_freq(&Term::from_field_text(pair.written, &word.word))? > 0
            || searcher.doc_freq(&Term::from_field_text(pair.stems, &word.stem))? > 0
        {
            return Ok(true);
        }
        if !word.unfinished {
            continue;
        }
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(pair.written)?;
            let mut terms = index.terms().range().ge(word.word.as_bytes()).into_stream()?;
            if terms.advance() && terms.key().starts_with(word.word.as_bytes()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// `None` if nothing is asked for.
pub(super) fn query(fields: &Fields, question: &Question) -> Option<Box<dyn Query>> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for sought in &question.sought {
        let occur = if sought.word.needed { Occur::Must } else { Occur::Should };
        clauses.push((occur, any_field(fields, sought)));
    }
    for phrase in &question.phrases {
        clauses.push((Occur::Must, phrase_in_any_field(fields, phrase)));
    }
    if clauses.is_empty() {
        return None;
    }
    let query: Box<dyn Query> = Box::new(BooleanQuery::new(clauses));
    Some(query)
}

fn any_field(fields: &Fields, sought: &Sought) -> Box<dyn Query> {
    let Sought { word, mistakes } = sought;
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    for pair in &fields.pairs {
        let weight = pair.part.weight();
        let written = Term::from_field_text(pair.written, &word.word);
        let mut add = |query: Box<dyn Query>, share: f32| ways.push(Box::new(BoostQuery::new(query, weight * share)));
        if *mistakes == 0 {
            let stem = Term::from_field_text(pair.stems, &word.stem);
            add(Box::new(TermQuery::new(written.clone(), IndexRecordOption::WithFreqs)), 1.0);
            add(Box::new(TermQuery::new(stem, IndexRecordOption::WithFreqs)), STEM);
            if word.unfinished && word.word.chars().count() >= SHORTEST_BEGINNING {
                add(Box::new(FuzzyTermQuery::new_prefix(written, 0, true)), BEGINNING);
            }
        } else {
            add(Box::new(FuzzyTermQuery::new(written.clone(), *mistakes, true)), SIMILAR);
            if word.unfinished {
                add(Box::new(FuzzyTermQuery::new_prefix(written, *mistakes, true)), SIMILAR / 2.0);
            }
        }
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE))
}

fn phrase_in_any_field(fields: &Fields, phrase: &[String]) -> Box<dyn Query> {
    let in_field = |pair: &super::Pair| -> Box<dyn Query> {
        let terms: Vec<Term> = phrase.iter().map(|word| Term::from_field_text(pair.written, word)).collect();
        let query: Box<dyn Query> = if let [only] = terms.as_slice() {
            Box::new(TermQuery::new(only.clone(), IndexRecordOption::WithFreqs))
        } else {
            Box::new(PhraseQuery::new(terms))
        };
        Box::new(BoostQuery::new(query, pair.part.weight()))
    };
    Box::new(DisjunctionMaxQuery::with_tie_breaker(fields.pairs.iter().map(in_field).collect(), TIE))
}
