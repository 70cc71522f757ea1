//! Hits of the search in the directory: which of them are live and wanted, the best of them, and what they have in common.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::{
    content::kinds::requirement::{Framework, RouteKind},
    kernel::DocumentId,
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

/// What the entry routes of a page offer together.
#[derive(Clone, Copy, Debug, Default)]
struct Offer {
    /// A bit for each kind of route.
    routes: u16,
    /// By framework, the least rank that one of them asks for.
    least: [Option<u8>; 3],
}

impl State {
    /// The hits that are wanted, the best first; of equally good ones, those whose titles come first.
    pub fn rank(&self, wanted: Wanted<'_>, hits: &[(DocumentId, f32)], offset: usize, limit: usize) -> Ranked {
        let fitting = self.fitting(wanted);
        let fits = |number: u32| fitting.get(index(number)).copied().unwrap_or_default();
        let found: Vec<(f32, u32, &Entry)> = hits
            .iter()
            .filter_map(|(id, score)| {
                let number = self.number_of(*id).filter(|number| fits(*number))?;
                Some((*score, number, self.get(number)?))
            })
            .collect();
        let (parents, routes, levels) = self.facets(&found);
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let places = self.places_by_title();
        let mut ordered: Vec<(f32, u32, DocumentId)> = found
            .into_iter()
            .map(|(score, number, entry)| (score, places.get(index(number)).copied().unwrap_or(u32::MAX), entry.id))
            .collect();
        let better = |one: &(f32, u32, DocumentId), other: &(f32, u32, DocumentId)| -> Ordering {
            other.0.total_cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(other.1, other.2)))
        };
        let last = offset.saturating_add(limit);
        if last < ordered.len() {
            ordered.select_nth_unstable_by(last, better);
            ordered.truncate(last);
        }
        ordered.sort_unstable_by(better);
        let ids = ordered.into_iter().skip(offset).map(|(_, _, id)| id).collect();
        Ranked { ids, total, parents, routes, levels }
    }

    fn facets(&self, found: &[(f32, u32, &Entry)]) -> (Vec<(DocumentId, u64)>, Vec<RouteCount>, Vec<LevelCount>) {
        let mut parents: FxHashMap<DocumentId, u64> = FxHashMap::default();
        let mut routes = [0_u64; RouteKind::ALL.len()];
        let mut least: FxHashMap<(usize, u8), u64> = FxHashMap::default();
        // Many pages hold the same few sections.
        let mut offers: FxHashMap<u32, Offer> = FxHashMap::default();
        for (_, _, entry) in found {
            if let Some(parent) = entry.parent {
                *parents.entry(parent).or_default() += 1;
            }
            let mut offer = Offer::of_ways(entry);
            for number in &entry.embeds {
                let of_section = || self.get(*number).map(|section| self.offer(section, 1)).unwrap_or_default();
                offer.add(*offers.entry(*number).or_insert_with(of_section));
            }
            for (place, count) in routes.iter_mut().enumerate() {
                *count += u64::from(offer.routes >> place & 1);
            }
            for (framework, rank) in offer.least.into_iter().enumerate() {
                if let Some(rank) = rank {
                    *least.entry((framework, rank)).or_default() += 1;
                }
            }
        }
        let mut parents: Vec<(DocumentId, u64)> = parents.into_iter().collect();
        parents.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let routes = RouteKind::ALL.iter().zip(routes).filter(|(_, count)| *count > 0);
        let routes = routes.map(|(route, count)| RouteCount { route: *route, count }).collect();
        (parents, routes, levels(&least))
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

/// For each level that is the least for some hit, how many hits it is enough for.
fn levels(least: &FxHashMap<(usize, u8), u64>) -> Vec<LevelCount> {
    let mut counts = Vec::new();
    for (place, framework) in Framework::ALL.iter().enumerate() {
        let at = |rank: usize| u8::try_from(rank).ok().and_then(|rank| least.get(&(place, rank))).copied().unwrap_or(0);
        let mut enough = at(0);
        for (position, level) in framework.levels().iter().enumerate() {
            let here = at(position + 1);
            enough += here;
            if here > 0 {
                counts.push(LevelCount { level: format!("{}:{level}", framework.name()), count: enough });
            }
        }
    }
    counts
}
