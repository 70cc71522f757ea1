//! Words that follow each other: how often each text of a segment has them so. It knows no scores.
//!
//! Decision (2026-11-22), word after word. Context: a phrase can stand in every text, and going from text to text through
//! all its words takes several jumps for each. Choice: the places of its rarest word are read for all texts, then those
//! that no other word confirms are struck out, a word at a time. Consequence: what stands in few texts is read for few.

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, Term,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

/// Where a phrase may begin in a text: places in a list that all texts share.
struct Candidate {
    document: DocId,
    from: usize,
    to: usize,
}

/// A word of the phrase; so much is added to where it stands, that all words of a phrase meet in one number.
struct Placed {
    postings: SegmentPostings,
    shift: u32,
}

/// Tells of each text that holds these words one after the other, in the order of the texts, how often it does. The words
/// are of one field. Texts for which `may_hold` does not hold are not looked into.
pub(super) fn count(
    segment: &SegmentReader,
    words: &[Term],
    may_hold: &dyn Fn(DocId) -> bool,
    tell: &mut dyn FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let Some(mut words) = placed(segment, words)? else { return Ok(()) };
    words.sort_by_key(|word| word.postings.doc_freq());
    let mut words = words.into_iter();
    let Some(rarest) = words.next() else { return Ok(()) };
    let (mut candidates, mut beginnings) = all(rarest, may_hold);
    for word in words {
        confirm(word, &mut candidates, &mut beginnings);
    }
    for Candidate { document, from, to } in candidates {
        tell(document, u32::try_from(to - from).unwrap_or(u32::MAX));
    }
    Ok(())
}

/// `None` if a word stands nowhere in the segment.
fn placed(segment: &SegmentReader, words: &[Term]) -> tantivy::Result<Option<Vec<Placed>>> {
    let mut placed = Vec::new();
    for (shift, word) in (0..).zip(words.iter().rev()) {
        let index = segment.inverted_index(word.field())?;
        let Some(postings) = index.read_postings(word, IndexRecordOption::WithFreqsAndPositions)? else {
            return Ok(None);
        };
        placed.push(Placed { postings, shift });
    }
    Ok(Some(placed))
}

/// Everywhere where a word stands.
fn all(Placed { mut postings, shift }: Placed, may_hold: &dyn Fn(DocId) -> bool) -> (Vec<Candidate>, Vec<u32>) {
    let texts = usize::try_from(postings.doc_freq()).unwrap_or_default();
    let (mut candidates, mut beginnings) = (Vec::with_capacity(texts), Vec::with_capacity(texts));
    while postings.doc() != TERMINATED {
        if may_hold(postings.doc()) {
            let from = beginnings.len();
            postings.append_positions_with_offset(shift, &mut beginnings);
            candidates.push(Candidate { document: postings.doc(), from, to: beginnings.len() });
        }
        postings.advance();
    }
    (candidates, beginnings)
}

/// Leaves what is so by a further word, too.
fn confirm(Placed { mut postings, shift }: Placed, candidates: &mut Vec<Candidate>, beginnings: &mut [u32]) {
    let mut here = Vec::new();
    let mut marks = Marks::default();
    candidates.retain_mut(|candidate| {
        if postings.doc() < candidate.document && postings.advance() < candidate.document {
            postings.seek(candidate.document);
        }
        if postings.doc() != candidate.document {
            return false;
        }
        postings.positions_with_offset(shift, &mut here);
        let Some(there) = beginnings.get_mut(candidate.from..candidate.to) else { return false };
        let kept = marks.keep_common(candidate.document, there, &here);
        candidate.to = candidate.from + kept;
        kept > 0
    });
}

/// A line of places, each with a mark of the last text that has it. Nothing has to be wiped from text to text.
#[derive(Default)]
struct Marks(Vec<u64>);

impl Marks {
    /// Moves what stands in both lists to the beginning of the first, and says how much that is. No text comes twice.
    fn keep_common(&mut self, document: DocId, list: &mut [u32], other: &[u32]) -> usize {
        let mark = u64::from(document) + 1;
        let last = list.last().map_or(0, |last| place(*last));
        if self.0.len() <= last {
            self.0.resize(last + 1, 0);
        }
        for one in &*list {
            if let Some(slot) = self.0.get_mut(place(*one)) {
                *slot = mark;
            }
        }
        let mut kept = 0;
        for one in other {
            if let Some(slot) = list.get_mut(kept) {
                *slot = *one;
            }
            kept += usize::from(self.0.get(place(*one)) == Some(&mark));
        }
        kept
    }
}

fn place(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX - 1)
}
