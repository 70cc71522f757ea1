//! Hits of the search in the directory: which of them are live and wanted, the best of them, and what they have in common.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::{
    content::kinds::requirement::{Framework, RouteKind},
    kernel::DocumentId,
    search::{Hits, Score},
};

use super::state::{Entry, NESTED, State, Wanted, index};

/// The best hits, and what all of them have in common.
#[derive(Clone, Debug, Default)]
pub struct Ranked {
    pub ids: Vec<DocumentId>,
    pub total: u64,
    /// The documents right above hits, those with most of them first.
    pub parents: Vec<(DocumentId, u64)>,
    pub routes: Vec<RouteCount>,
    pub levels: Vec<LevelCount>,
}

/// How many hits the filter `route` would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteCount {
    pub route: RouteKind,
    pub count: u64,
}

/// How many hits the filter `max_level` would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LevelCount {
    /// Such as `RQF:3`.
    pub level: String,
    pub count: u64,
}

/// More levels than any framework has, and none.
const RANKS: usize = 16;

/// By framework and rank, how many hits ask for no more.
type Least = [[u64; RANKS]; 3];

/// What the entry routes of a page offer together.
#[derive(Clone, Copy, Debug, Default)]
struct Offer {
    /// A bit for each kind of route.
    routes: u16,
    /// By framework, the least rank that one of them asks for.
    least: [Option<u8>; 3],
}

/// What hangs on all entries together and is asked of each hit, by the numbers of the entries. It is worked out at the first
/// question after a change.
#[derive(Debug)]
pub(super) struct Derived {
    pub live: Vec<bool>,
    /// Which place an entry has in the order by titles.
    places: Vec<u32>,
    /// The number of the document right above.
    parents: Vec<Option<u32>>,
    offers: Vec<Offer>,
}

impl State {
    /// The hits that are wanted, the best first; of equally good ones, those whose titles come first.
    pub fn rank(&self, wanted: Wanted<'_>, hits: &Hits, offset: usize, limit: usize) -> Ranked {
        let fitting = self.fitting(wanted);
        let derived = self.derived();
        let mut counts = Counts::of(derived);
        let mut ordered: Vec<(Score, u32, u32)> = Vec::with_capacity(hits.count());
        for (number, score) in self.numbered(hits) {
            if fitting.get(index(number)).copied().unwrap_or_default() {
                counts.add(derived, number);
                let place = derived.places.get(index(number)).copied().unwrap_or(u32::MAX);
                ordered.push((score, place, number));
            }
        }
        let total = u64::try_from(ordered.len()).unwrap_or(u64::MAX);
        let better = |one: &(Score, u32, u32), other: &(Score, u32, u32)| -> Ordering {
            other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1))
        };
        let last = offset.saturating_add(limit);
        if last < ordered.len() {
            ordered.select_nth_unstable_by(last, better);
            ordered.truncate(last);
        }
        ordered.sort_unstable_by(better);
        let ids = ordered.into_iter().skip(offset).filter_map(|(_, _, number)| Some(self.get(number)?.id)).collect();
        let (parents, routes, levels) = (self.most_of(&counts.above), counts.routes(), levels(&counts.least));
        Ranked { ids, total, parents, routes, levels }
    }

    /// Documents by how often they were counted, the most often first.
    fn most_of(&self, counts: &[u64]) -> Vec<(DocumentId, u64)> {
        let counted = (0..).zip(counts).filter(|(_, count)| **count > 0);
        let mut found: Vec<(DocumentId, u64)> =
            counted.filter_map(|(number, count)| Some((self.get(number)?.id, *count))).collect();
        found.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        found
    }

    pub(super) fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| {
            let entries = || (0..).map_while(|number| self.slot(number));
            Derived {
                live: entries().map(|entry| entry.is_some_and(|entry| entry.live)).collect(),
                places: self.places_by_title(),
                parents: entries().map(|entry| self.number_of(entry?.parent?)).collect(),
                offers: self.offers(),
            }
        })
    }

    /// What each document offers by itself and by what stands in it.
    fn offers(&self) -> Vec<Offer> {
        let mut of_sections: FxHashMap<u32, Offer> = FxHashMap::default();
        let mut of_entry = |entry: &Entry| {
            let mut offer = Offer::of_ways(entry);
            for number in &entry.embeds {
                let of_section = || self.get(*number).map(|section| self.offer(section, 1)).unwrap_or_default();
                offer.add(*of_sections.entry(*number).or_insert_with(of_section));
            }
            offer
        };
        (0..).map_while(|number| self.slot(number)).map(|entry| entry.map(&mut of_entry).unwrap_or_default()).collect()
    }

    /// What a document offers by itself and by what stands in it.
    fn offer(&self, entry: &Entry, depth: usize) -> Offer {
        let mut offer = Offer::of_ways(entry);
        if depth <= NESTED {
            for section in entry.embeds.iter().filter_map(|number| self.get(*number)) {
                offer.add(self.offer(section, depth + 1));
            }
        }
        offer
    }
}

impl Offer {
    fn of_ways(entry: &Entry) -> Self {
        let mut offer = Self::default();
        for way in entry.section.iter().flat_map(|section| &section.ways) {
            let Some(kind) = way.kind else { continue };
            let place = RouteKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
            offer.add(Self { routes: 1 << place, least: way.asks() });
        }
        offer
    }

    fn add(&mut self, other: Self) {
        self.routes |= other.routes;
        for (least, further) in self.least.iter_mut().zip(other.least) {
            *least = match (*least, further) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }
}

/// What hits have in common, counted.
struct Counts {
    /// By number, how many hits are right below.
    above: Vec<u64>,
    routes: [u64; RouteKind::ALL.len()],
    least: Least,
}

impl Counts {
    fn of(derived: &Derived) -> Self {
        Self { above: vec![0; derived.parents.len()], routes: Default::default(), least: Default::default() }
    }

    fn add(&mut self, derived: &Derived, number: u32) {
        let parent = derived.parents.get(index(number)).copied().flatten();
        if let Some(count) = parent.and_then(|parent| self.above.get_mut(index(parent))) {
            *count += 1;
        }
        let offer = derived.offers.get(index(number)).copied().unwrap_or_default();
        for (place, count) in self.routes.iter_mut().enumerate() {
            *count += u64::from(offer.routes >> place & 1);
        }
        for (counts, rank) in self.least.iter_mut().zip(offer.least) {
            if let Some(count) = rank.and_then(|rank| counts.get_mut(usize::from(rank))) {
                *count += 1;
            }
        }
    }

    fn routes(&self) -> Vec<RouteCount> {
        let counted = RouteKind::ALL.iter().zip(self.routes).filter(|(_, count)| *count > 0);
        counted.map(|(route, count)| RouteCount { route: *route, count }).collect()
    }
}

/// For each level that is the least for some hit, how many hits it is enough for.
fn levels(least: &Least) -> Vec<LevelCount> {
    let mut counts = Vec::new();
    for (framework, least) in Framework::ALL.iter().zip(least) {
        let mut here = least.iter().copied();
        let mut enough = here.next().unwrap_or_default();
        for (level, here) in framework.levels().iter().zip(here) {
            enough += here;
            if here > 0 {
                counts.push(LevelCount { level: format!("{}:{level}", framework.name()), count: enough });
            }
        }
    }
    counts
}
