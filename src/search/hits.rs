//! What was found, segment by segment. A text has the same place in its segment as long as there is the segment, so
//! whoever looks hits up can remember what stands at each place, and needs no id of a hit to look at it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{Score, Searcher, SegmentReader, index::SegmentId};
use uuid::Uuid;

use super::scoring::{Ready, scores};

/// What the texts of a segment are of, each at its place: id and class. It is the same allocation as long as there is the
/// segment, by which [`Arc::ptr_eq`] tells segments apart.
pub type Things = Arc<[(Uuid, u64)]>;

/// What was found in a segment.
#[derive(Clone, Debug)]
pub struct Part {
    pub things: Things,
    /// Places and scores; a higher score is better.
    pub found: Vec<(u32, Score)>,
}

/// What was found, in no order.
#[derive(Clone, Debug, Default)]
pub struct Hits(pub Vec<Part>);

/// Something that was found; a higher score is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub id: Uuid,
    pub class: u64,
    pub score: Score,
}

impl Hits {
    /// Each with its id.
    pub fn hits(&self) -> impl Iterator<Item = Hit> {
        self.0.iter().flat_map(|part| {
            part.found.iter().filter_map(|(place, score)| {
                let (id, class) = *part.things.get(usize::try_from(*place).ok()?)?;
                Some(Hit { id, class, score: *score })
            })
        })
    }
}

/// What the segments hold that are there.
#[derive(Debug, Default)]
pub(super) struct Segments(Mutex<HashMap<SegmentId, Things>>);

impl Segments {
    /// Asks all segments.
    pub(super) fn find(&self, searcher: &Searcher, clauses: &[Ready]) -> tantivy::Result<Hits> {
        if clauses.is_empty() {
            return Ok(Hits::default());
        }
        let mut parts = Vec::new();
        for (segment, things) in searcher.segment_readers().iter().zip(self.things(searcher)?) {
            parts.push(Part { things, found: scores(segment, clauses)? });
        }
        Ok(Hits(parts))
    }

    /// What each segment holds; segments that are gone are forgotten.
    fn things(&self, searcher: &Searcher) -> tantivy::Result<Vec<Things>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Vec::new();
        for segment in searcher.segment_readers() {
            let things = match known.get(&segment.segment_id()) {
                Some(things) => Arc::clone(things),
                None => read(segment)?,
            };
            all.push(things);
        }
        let ids = searcher.segment_readers().iter().map(SegmentReader::segment_id);
        *known = ids.zip(all.iter().map(Arc::clone)).collect();
        Ok(all)
    }
}

fn read(segment: &SegmentReader) -> tantivy::Result<Things> {
    let column = |name| segment.fast_fields().column_first_or_default::<u64>(name);
    let (high, low, class) = (column("id_high")?, column("id_low")?, column("class")?);
    let thing = |text| (Uuid::from_u64_pair(high.get_val(text), low.get_val(text)), class.get_val(text));
    Ok((0..segment.max_doc()).map(thing).collect())
}
