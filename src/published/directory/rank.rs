//! Hits of the search in the directory: which of them are live and wanted, the best of them, and what they have in common.

use std::{cmp::Ordering, collections::HashMap};

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
        let mut found: Vec<(f32, &Entry)> = hits
            .iter()
            .filter_map(|(id, score)| {
                let number = self.number_of(*id).filter(|number| fits(*number))?;
                Some((*score, self.get(number)?))
            })
            .collect();
        let (parents, routes, levels) = self.facets(&found);
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let better = |one: &(f32, &Entry), other: &(f32, &Entry)| -> Ordering {
            let by_title = || (&one.1.title_key, one.1.id).cmp(&(&other.1.title_key, other.1.id));
            other.0.total_cmp(&one.0).then_with(by_title)
        };
        let last = offset.saturating_add(limit);
        if last < found.len() {
            found.select_nth_unstable_by(last, better);
            found.truncate(last);
        }
        found.sort_unstable_by(better);
        let ids = found.into_iter().skip(offset).map(|(_, entry)| entry.id).collect();
        Ranked { ids, total, parents, routes, levels }
    }

    fn facets(&self, found: &[(f32, &Entry)]) -> (Vec<(DocumentId, u64)>, Vec<RouteCount>, Vec<LevelCount>) {
        let mut parents: HashMap<DocumentId, u64> = HashMap::new();
        let mut routes: HashMap<RouteKind, u64> = HashMap::new();
        let mut least: HashMap<(usize, u8), u64> = HashMap::new();
        for (_, entry) in found {
            if let Some(parent) = entry.parent {
                *parents.entry(parent).or_default() += 1;
            }
            let offer = self.offer(entry, 0);
            for (place, kind) in RouteKind::ALL.iter().enumerate() {
                if offer.routes & (1 << place) != 0 {
                    *routes.entry(*kind).or_default() += 1;
                }
            }
            for (framework, rank) in offer.least.into_iter().enumerate() {
                if let Some(rank) = rank {
                    *least.entry((framework, rank)).or_default() += 1;
                }
            }
        }
        let mut parents: Vec<(DocumentId, u64)> = parents.into_iter().collect();
        parents.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let count = |kind: &RouteKind| routes.get(kind).map(|count| RouteCount { route: *kind, count: *count });
        (parents, RouteKind::ALL.iter().filter_map(count).collect(), levels(&least))
    }

    /// What a document offers by itself and by what stands in it.
    fn offer(&self, entry: &Entry, depth: usize) -> Offer {
        let mut offer = Offer::default();
        for way in entry.section.iter().flat_map(|section| &section.ways) {
            let Some(kind) = way.kind else { continue };
            let place = RouteKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
            offer.add(Offer { routes: 1 << place, least: way.asks() });
        }
        if depth <= NESTED {
            for section in entry.embeds.iter().filter_map(|number| self.get(*number)) {
                offer.add(self.offer(section, depth + 1));
            }
        }
        offer
    }
}

impl Offer {
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
fn levels(least: &HashMap<(usize, u8), u64>) -> Vec<LevelCount> {
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
