//! How well each text of a segment answers a question: list after list, each with one pass over what it holds, into a
//! sheet with a line for each text.
//!
//! Decision (2026-11-22), lists in turn. Context: a word can stand in every one of 100,000 texts, in several fields and
//! forms, and a search counts all it finds. Going from text to text and asking every list for it costs a step through
//! several objects for each of them. Choice: each list is read as a whole, block by block, into a sheet of a few bytes a
//! text; the scores are those of tantivy's own queries, against which a test holds them. Consequence: an answer takes as
//! long as its lists are, some nanoseconds a line; the sheets of a question weigh 14 bytes a text while it is answered.

use std::sync::Arc;

use tantivy::{
    BitSet, DocId, Score, Searcher, SegmentReader, Term,
    postings::BlockSegmentPostings,
    query::{Bm25Weight, DfaWrapper},
    schema::{Field as TantivyField, IndexRecordOption},
};

use super::{
    phrases,
    question::{Asked, Clause, TIE, Way},
};

/// A clause that has been made ready for an index as it is now.
pub(super) struct Ready {
    needed: bool,
    lists: Vec<List>,
}

enum List {
    /// The texts with a word or a run, by how often it stands in them and how many words `words` has.
    Word { term: Term, words: TantivyField, weight: Bm25Weight },
    /// The texts with any word that an automaton takes, each of which counts so much.
    Like { field: TantivyField, automaton: Arc<DfaWrapper>, share: Score },
    /// The texts with these words one after the other, by how often they stand so. Each of them holds the runs.
    Phrase { terms: Vec<Term>, runs: Vec<Term>, weight: Bm25Weight },
}

/// What a clause says of a text.
#[derive(Clone, Copy, Default)]
struct Line {
    best: Score,
    all: Score,
}

/// What all clauses say of a text.
#[derive(Clone, Copy, Default)]
struct Sum {
    score: Score,
    /// How many clauses it meets of those that it has to.
    met: u16,
}

/// Looks up what is the same for all segments.
pub(super) fn ready(searcher: &Searcher, clauses: Vec<Clause>) -> tantivy::Result<Vec<Ready>> {
    let list = |Way { asked, share }: Way| -> tantivy::Result<Option<List>> {
        let weight =
            |terms: &[Term]| Ok::<_, tantivy::TantivyError>(Bm25Weight::for_terms(searcher, terms)?.boost_by(share));
        let is_there = |term: &Term| Ok::<_, tantivy::TantivyError>(searcher.doc_freq(term)? > 0);
        Ok(match asked {
            Asked::Word(term) if !is_there(&term)? => None,
            Asked::Word(term) => {
                Some(List::Word { weight: weight(std::slice::from_ref(&term))?, words: term.field(), term })
            }
            Asked::Like { field, automaton } => Some(List::Like { field, automaton, share }),
            Asked::Run { run, .. } if !is_there(&run)? => None,
            Asked::Run { words, run } => {
                let weight = weight(&words)?;
                words.first().map(|word| List::Word { term: run, words: word.field(), weight })
            }
            Asked::Phrase { words, runs } => {
                let mut all_there = true;
                for term in words.iter().chain(&runs) {
                    all_there &= is_there(term)?;
                }
                if all_there { Some(List::Phrase { weight: weight(&words)?, terms: words, runs }) } else { None }
            }
        })
    };
    let ready = |clause: Clause| {
        let lists = clause.ways.into_iter().map(list).filter_map(Result::transpose).collect::<tantivy::Result<_>>()?;
        Ok(Ready { needed: clause.needed, lists })
    };
    clauses.into_iter().map(ready).collect()
}

/// The places of the texts of a segment that answer, with how well they do. One has to meet every clause that is
/// needed, or any if none is.
pub(super) fn scores(segment: &SegmentReader, clauses: &[Ready]) -> tantivy::Result<Vec<(DocId, Score)>> {
    let size = place(segment.max_doc());
    let mut sums = vec![Sum::default(); size];
    let mut sheet = vec![Line::default(); size];
    let mut needed = 0;
    for clause in clauses {
        for list in &clause.lists {
            list.write(segment, &mut sheet)?;
        }
        needed += u16::from(clause.needed);
        for (sum, line) in sums.iter_mut().zip(&mut sheet) {
            let Line { best, all } = std::mem::take(line);
            sum.score += best + (all - best) * TIE;
            sum.met += u16::from(clause.needed && all > 0.0);
        }
    }
    let alive = segment.alive_bitset();
    let answers = |(document, sum): &(DocId, Sum)| {
        sum.met == needed && sum.score > 0.0 && alive.is_none_or(|alive| alive.is_alive(*document))
    };
    let mut found = Vec::with_capacity(size);
    found.extend((0..).zip(sums).filter(answers).map(|(document, sum)| (document, sum.score)));
    Ok(found)
}

impl List {
    fn write(&self, segment: &SegmentReader, sheet: &mut [Line]) -> tantivy::Result<()> {
        match self {
            Self::Word { term, words, weight } => write_word(segment, term, *words, weight, sheet),
            Self::Like { field, automaton, share } => write_like(segment, *field, automaton, *share, sheet),
            Self::Phrase { terms, runs, weight } => {
                let Some(first) = terms.first() else { return Ok(()) };
                let lengths = segment.get_fieldnorms_reader(first.field())?;
                let held = held(segment, runs)?;
                let holds = |document| held.get(place(document)).is_some_and(|held| *held == runs.len());
                phrases::count(segment, terms, &holds, &mut |document, count| {
                    write_line(sheet, document, weight.score(lengths.fieldnorm_id(document), count));
                })
            }
        }
    }
}

fn write_word(
    segment: &SegmentReader,
    term: &Term,
    words: TantivyField,
    weight: &Bm25Weight,
    sheet: &mut [Line],
) -> tantivy::Result<()> {
    let lengths = segment.get_fieldnorms_reader(words)?;
    let index = segment.inverted_index(term.field())?;
    let Some(mut block) = index.read_block_postings(term, IndexRecordOption::WithFreqs)? else { return Ok(()) };
    while !block.docs().is_empty() {
        for (document, count) in block.docs().iter().zip(block.freqs()) {
            write_line(sheet, *document, weight.score(lengths.fieldnorm_id(*document), *count));
        }
        block.advance();
    }
    Ok(())
}

/// A text that holds several of the words counts once.
fn write_like(
    segment: &SegmentReader,
    field: TantivyField,
    automaton: &DfaWrapper,
    share: Score,
    sheet: &mut [Line],
) -> tantivy::Result<()> {
    let index = segment.inverted_index(field)?;
    let mut words = index.terms().search(automaton).into_stream()?;
    let mut lists = Vec::new();
    while words.advance() {
        lists.push(index.read_block_postings_from_terminfo(words.value(), IndexRecordOption::Basic)?);
    }
    let Some(last) = lists.pop() else { return Ok(()) };
    if lists.is_empty() {
        each_text(last, |document| write_line(sheet, document, share));
        return Ok(());
    }
    let mut written = BitSet::with_max_value(segment.max_doc());
    for list in lists.into_iter().chain([last]) {
        each_text(list, |document| {
            if !written.contains(document) {
                written.insert(document);
                write_line(sheet, document, share);
            }
        });
    }
    Ok(())
}

/// How many of these runs each text holds.
fn held(segment: &SegmentReader, runs: &[Term]) -> tantivy::Result<Vec<usize>> {
    let mut held = vec![0; place(segment.max_doc())];
    for run in runs {
        let index = segment.inverted_index(run.field())?;
        let Some(list) = index.read_block_postings(run, IndexRecordOption::Basic)? else { continue };
        each_text(list, |document| held.get_mut(place(document)).into_iter().for_each(|held| *held += 1));
    }
    Ok(held)
}

fn each_text(mut list: BlockSegmentPostings, mut seen: impl FnMut(DocId)) {
    while !list.docs().is_empty() {
        list.docs().iter().for_each(|document| seen(*document));
        list.advance();
    }
}

fn write_line(sheet: &mut [Line], document: DocId, score: Score) {
    if let Some(line) = sheet.get_mut(place(document)) {
        line.best = line.best.max(score);
        line.all += score;
    }
}

/// Where a text of a segment stands in a sheet.
fn place(document: DocId) -> usize {
    usize::try_from(document).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::{
        collector::TopDocs,
        query::{
            AutomatonWeight, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EnableScoring, Occur, PhraseQuery, Query,
            TermQuery, Weight,
        },
    };

    use super::{super::*, *};

    #[derive(Clone)]
    struct Like(TantivyField, Arc<DfaWrapper>);

    impl std::fmt::Debug for Like {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.debug_tuple("Like").field(&self.0).finish()
        }
    }

    impl Query for Like {
        fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
            Ok(Box::new(AutomatonWeight::<DfaWrapper>::new(self.0, Arc::clone(&self.1))))
        }
    }

    fn tantivys(clauses: Vec<Clause>) -> BooleanQuery {
        let clause = |clause: Clause| -> (Occur, Box<dyn Query>) {
            let ways = clause.ways.into_iter().map(|way| -> Box<dyn Query> {
                let query: Box<dyn Query> = match way.asked {
                    Asked::Word(term) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
                    Asked::Like { field, automaton } => Box::new(Like(field, automaton)),
                    Asked::Run { words, .. } | Asked::Phrase { words, .. } => Box::new(PhraseQuery::new(words)),
                };
                Box::new(BoostQuery::new(query, way.share))
            });
            let any = DisjunctionMaxQuery::with_tie_breaker(ways.collect(), TIE);
            (if clause.needed { Occur::Must } else { Occur::Should }, Box::new(any))
        };
        BooleanQuery::new(clauses.into_iter().map(clause).collect())
    }

    fn text() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["nurse", "nurses", "nursing", "care", "carer", "the", "of", "hospital"]);
        prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "))
    }

    fn typed() -> impl Strategy<Value = String> {
        let asked = [
            "nurse ",
            "nurs",
            "nuse",
            "care ",
            "the ",
            "of",
            "hospitl ",
            "hosbitl",
            "\"the nurse\" ",
            "\"care of nurses\" ",
            "\"nurse care\" ",
            "\"nurse of the hospital\" ",
            "\"nursing care of the nurse\" ",
            "\"the the\" ",
            "absent ",
        ];
        prop::collection::vec(prop::sample::select(asked.to_vec()), 1..4).prop_map(|words| words.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn scores_are_those_of_tantivys_own_queries(
            texts in prop::collection::vec((text(), text(), any::<bool>()), 1..40),
            batches in 1..4_usize,
            typed in typed(),
        ) {
            let index = super::super::Index::in_memory().unwrap();
            let mark = Mark { epoch: "e".to_owned(), sequence: Sequence(1) };
            let ids: Vec<Uuid> = (1..).take(texts.len()).map(Uuid::from_u128).collect();
            let all: Vec<_> = ids.iter().zip(&texts).collect();
            for some in all.chunks(texts.len().div_ceil(batches)) {
                let mut batch = index.begin(Change::Further).unwrap();
                for (id, (title, body, _)) in some {
                    let texts = vec![(Field::Title, title.clone()), (Field::Text, body.clone())];
                    batch.put(&Texts { id: **id, class: 7, texts }).unwrap();
                }
                batch.finish(&mark).unwrap();
            }
            let mut batch = index.begin(Change::Further).unwrap();
            ids.iter().zip(&texts).filter(|(_, (_, _, gone))| *gone).for_each(|(id, _)| batch.remove(*id));
            batch.finish(&mark).unwrap();

            let question = index.question(&Words::read(&typed)).unwrap();
            let mut ours: Vec<(Uuid, Score)> = index.find(&question).unwrap().hits().map(|hit| (hit.id, hit.score)).collect();
            let searcher = index.reader.searcher();
            let reference = tantivys(super::super::question::clauses(&index.fields, &question).unwrap());
            let mut theirs: Vec<(Uuid, Score)> = searcher
                .search(&reference, &TopDocs::with_limit(100).order_by_score())
                .unwrap()
                .into_iter()
                .map(|(score, address)| {
                    let column = |name| searcher.segment_reader(address.segment_ord).fast_fields().u64(name).unwrap().first(address.doc_id).unwrap();
                    (Uuid::from_u64_pair(column("id_high"), column("id_low")), score)
                })
                .collect();
            ours.sort_by_key(|(id, _)| *id);
            theirs.sort_by_key(|(id, _)| *id);
            prop_assert_eq!(ours.len(), theirs.len());
            for ((id, score), (other, expected)) in ours.iter().zip(&theirs) {
                prop_assert_eq!(id, other);
                prop_assert!((score - expected).abs() <= 1e-4 * expected.abs(), "{} for {}", score, expected);
            }
        }
    }
}
