//! Hits of the search in the directory: which of them are live and wanted, the best of them, and what they have in common.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::{
    content::kinds::requirement::{Framework, RouteKind},
    kernel::DocumentId,
    search::{Hits, NaturalComparator, Score, TopNComputer},
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    lines: Vec<Line>,
    /// Few against the lines: they are counted in the place of hits.
    sorts: Vec<Sort>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    /// Which place it has in the order by titles.
    place: u32,
    /// Where its sort stands.
    sort: u32,
}

/// What is counted of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Sort {
    /// The number of the document right above.
    parent: Option<u32>,
    offer: Offer,
}

impl State {
    /// The hits that are wanted, the best first; of equally good ones, those whose titles come first.
    pub fn rank(&self, wanted: Wanted<'_>, hits: &Hits, offset: usize, limit: usize) -> Ranked {
        let fitting = self.fitting(wanted);
        let derived = self.derived();
        let mut counts = vec![0_u64; derived.sorts.len()];
        let last = offset.saturating_add(limit).min(self.len());
        let mut best = TopNComputer::new_with_comparator(last, NaturalComparator);
        let mut total = 0;
        self.each_number(hits, |number, score| {
            let fits = fitting.get(index(number)).copied().unwrap_or_default();
            let Some(line) = derived.lines.get(index(number)).filter(|_| fits) else { return };
            if let Some(count) = counts.get_mut(index(line.sort)) {
                *count += 1;
            }
            total += 1;
            best.push(rank(score, line.place), number);
        });
        let best = best.into_sorted_vec().into_iter().skip(offset);
        let ids = best.filter_map(|best| Some(self.get(best.doc)?.id)).collect();
        let counts = Counts::of(&derived.sorts, &counts);
        Ranked {
            ids,
            total,
            parents: self.most_of(&counts.above),
            routes: counts.routes(),
            levels: levels(&counts.least),
        }
    }

    /// Documents by how often they were counted, the most often first.
    fn most_of(&self, counts: &FxHashMap<u32, u64>) -> Vec<(DocumentId, u64)> {
        let mut found: Vec<(DocumentId, u64)> =
            counts.iter().filter_map(|(number, count)| Some((self.get(*number)?.id, *count))).collect();
        found.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        found
    }

    pub(super) fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| {
            let entries = || (0..).map_while(|number| self.slot(number));
            let mut sorts = Vec::new();
            let mut known: FxHashMap<Sort, u32> = FxHashMap::default();
            let line = |((entry, place), offer): ((Option<&Entry>, u32), Offer)| {
                let sort = Sort { parent: entry.and_then(|entry| self.number_of(entry.parent?)), offer };
                let sort = *known.entry(sort).or_insert_with(|| {
                    sorts.push(sort);
                    u32::try_from(sorts.len() - 1).unwrap_or(u32::MAX)
                });
                Line { place, sort }
            };
            let lines = entries().zip(self.places_by_title()).zip(self.offers()).map(line).collect();
            let live = entries().map(|entry| entry.is_some_and(|entry| entry.live)).collect();
            Derived { live, lines, sorts }
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
    above: FxHashMap<u32, u64>,
    routes: [u64; RouteKind::ALL.len()],
    least: Least,
}

impl Counts {
    /// From how many hits there are of each sort.
    fn of(sorts: &[Sort], counts: &[u64]) -> Self {
        let (mut above, mut routes, mut least) = (FxHashMap::default(), [0; RouteKind::ALL.len()], Least::default());
        for (Sort { parent, offer }, hits) in sorts.iter().zip(counts).filter(|(_, hits)| **hits > 0) {
            if let Some(parent) = parent {
                *above.entry(*parent).or_default() += hits;
            }
            for (place, count) in routes.iter_mut().enumerate() {
                *count += hits * u64::from(offer.routes >> place & 1);
            }
            for (counts, rank) in least.iter_mut().zip(offer.least) {
                if let Some(count) = rank.and_then(|rank| counts.get_mut(usize::from(rank))) {
                    *count += hits;
                }
            }
        }
        Self { above, routes, least }
    }

    fn routes(&self) -> Vec<RouteCount> {
        let counted = RouteKind::ALL.iter().zip(self.routes).filter(|(_, count)| *count > 0);
        counted.map(|(route, count)| RouteCount { route: *route, count }).collect()
    }
}

/// Of two hits the better one has the higher rank: the higher score, which is never negative, or the earlier title.
fn rank(score: Score, place: u32) -> u64 {
    u64::from(score.to_bits()) << 32 | u64::from(!place)
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
