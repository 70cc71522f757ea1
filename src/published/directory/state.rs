//! The directory itself: an entry for each document that the public can read, in the orders that lists have. Pure: rows go
//! in, ids come out.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::OnceLock,
};

use rustc_hash::{FxHashMap, FxHashSet};
use uuid::Uuid;

use crate::{
    content::{
        Kind, Sort, bad_cursor,
        findable::{Findable, FindableSkill},
        kinds::{RequirementSection, requirement::Node},
        requirements::Sections,
        values::Markdown,
    },
    kernel::{DocumentId, Result, Sequence, Timestamp},
    search::Hits,
};

use super::{
    Selection,
    numbered::Numbered,
    rank::Derived,
    ways::{Filter, Way, ways},
};

/// How many sections may stand in each other below the one that stands in a page.
pub(super) const NESTED: usize = 3;
/// So many new places are found one by one; more of them are sorted in.
const FEW: usize = 64;

/// The place of an entry. A document keeps its number as long as the directory is not loaded anew.
pub type Number = usize;

/// A document as the directory is told of it.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: DocumentId,
    pub kind: Kind,
    /// Live and not withdrawn.
    pub live: bool,
    pub parent: Option<DocumentId>,
    pub title_key: String,
    pub changed_at: Timestamp,
    pub findable: Findable,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub id: DocumentId,
    kind: Kind,
    pub live: bool,
    pub parent: Option<DocumentId>,
    pub title_key: Box<str>,
    changed_at: Timestamp,
    /// Requirement sections that stand in it.
    pub embeds: Box<[u32]>,
    skills: Box<[u32]>,
    pub section: Option<Box<SectionEntry>>,
}

#[derive(Debug)]
pub(super) struct SectionEntry {
    /// With the tree and nothing else.
    tree: RequirementSection,
    pub ways: Box<[Way]>,
}

#[derive(Debug, Default)]
pub struct State {
    /// Up to which event it is exact; `None` before it is loaded.
    pub sequence: Option<Sequence>,
    numbers: FxHashMap<DocumentId, u32>,
    entries: Vec<Option<Entry>>,
    sections: BTreeSet<Number>,
    by_title: Vec<u32>,
    by_change: Vec<u32>,
    skills: Vec<FindableSkill>,
    skill_numbers: HashMap<String, u32>,
    pub(super) numbered: Numbered,
    pub(super) derived: OnceLock<Derived>,
}

/// Which documents to find.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Of this kind; of all without one.
    pub kind: Option<Kind>,
    pub selection: &'a Selection,
    pub filter: &'a Filter,
    /// Only these, if any are named: what words were found in.
    pub among: Option<&'a Hits>,
}

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<DocumentId>,
    pub total: u64,
    /// Where the next page starts, if there is one.
    pub next: Option<(String, Uuid)>,
}

impl State {
    /// Takes in what changed: documents as they are now, and those that the public can't read any more.
    pub fn apply(&mut self, rows: Vec<Row>, gone: &[DocumentId], sequence: Sequence) {
        self.derived = OnceLock::new();
        let mut touched = HashSet::new();
        let mut sections = Vec::new();
        for id in gone {
            let number = self.number(*id);
            touched.insert(number);
            self.put(number, None);
        }
        for row in rows {
            let number = self.number(row.id);
            touched.insert(number);
            let entry = self.entry(&row);
            self.put(number, Some(entry));
            if row.kind == Kind::RequirementSection {
                sections.push((number, row.id, row.findable));
            }
        }
        let computed: Vec<(u32, Box<[Way]>)> =
            sections.into_iter().map(|(number, id, found)| (number, ways(id, &found, self))).collect();
        for (number, ways) in computed {
            if let Some(section) = self.entry_mut(number).and_then(|entry| entry.section.as_mut()) {
                section.ways = ways;
            }
        }
        self.order(&touched);
        self.sequence = Some(sequence);
    }

    fn number(&mut self, id: DocumentId) -> u32 {
        let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.entries.push(None);
        }
        number
    }

    fn put(&mut self, number: u32, entry: Option<Entry>) {
        let place = index(number);
        match &entry {
            Some(entry) if entry.section.is_some() => self.sections.insert(place),
            _ => self.sections.remove(&place),
        };
        if let Some(slot) = self.entries.get_mut(place) {
            *slot = entry;
        }
    }

    fn entry(&mut self, row: &Row) -> Entry {
        let is_section = row.kind == Kind::RequirementSection;
        Entry {
            id: row.id,
            kind: row.kind,
            live: row.live,
            parent: row.parent,
            title_key: row.title_key.clone().into_boxed_str(),
            changed_at: row.changed_at,
            embeds: row.findable.embeds.iter().map(|id| self.number(*id)).collect(),
            skills: row.findable.skills.iter().map(|skill| self.skill_number(skill)).collect(),
            section: is_section.then(|| {
                Box::new(SectionEntry { tree: bare(row.findable.requirements.clone()), ways: Box::default() })
            }),
        }
    }

    fn skill_number(&mut self, skill: &FindableSkill) -> u32 {
        let code = skill.code.as_ref().map(|code| format!("\n{}\n{}", code.scheme, code.code)).unwrap_or_default();
        let next = u32::try_from(self.skills.len()).unwrap_or(u32::MAX);
        let number = *self.skill_numbers.entry(format!("{}{code}", skill.text)).or_insert(next);
        if number == next {
            self.skills.push(skill.clone());
        }
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&Entry> {
        self.slot(number)?
    }

    /// `None` where no number has been given out yet.
    pub(super) fn slot(&self, number: u32) -> Option<Option<&Entry>> {
        self.entries.get(index(number)).map(Option::as_ref)
    }

    /// How many numbers have been given out.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of a document, if it has been seen.
    pub(super) fn number_of(&self, id: DocumentId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    /// For each number, which place it has in the order by titles.
    pub(super) fn places_by_title(&self) -> Vec<u32> {
        let mut places = vec![u32::MAX; self.entries.len()];
        for (place, number) in (0..).zip(&self.by_title) {
            if let Some(slot) = places.get_mut(index(*number)) {
                *slot = place;
            }
        }
        places
    }

    fn entry_mut(&mut self, number: u32) -> Option<&mut Entry> {
        self.entries.get_mut(index(number))?.as_mut()
    }

    /// Puts what changed where it belongs now.
    fn order(&mut self, touched: &HashSet<u32>) {
        let live = |number: &u32| self.get(*number).is_some_and(|entry| entry.live);
        let mut moved: Vec<u32> = touched.iter().copied().filter(live).collect();
        moved.sort_unstable();
        let mut by_title = std::mem::take(&mut self.by_title);
        by_title.retain(|number| !touched.contains(number));
        place(&mut by_title, &moved, |number| self.get(number).map(|entry| (&*entry.title_key, entry.id)));
        let mut by_change = std::mem::take(&mut self.by_change);
        by_change.retain(|number| !touched.contains(number));
        place(&mut by_change, &moved, |number| self.get(number).map(|entry| (entry.changed_at, entry.id)));
        (self.by_title, self.by_change) = (by_title, by_change);
    }

    /// A page of what is wanted, in an order, after a place in it.
    ///
    /// # Errors
    /// A place that no list in this order gave out.
    pub fn page(&self, wanted: Wanted<'_>, sort: Sort, after: Option<&(String, Uuid)>, limit: usize) -> Result<Found> {
        let fitting = self.fitting(wanted);
        let total = fitting.iter().filter(|fits| **fits).count();
        let by_title = matches!(sort, Sort::TitleUp | Sort::TitleDown);
        let descending = matches!(sort, Sort::TitleDown | Sort::UpdatedDown);
        let order = if by_title { &self.by_title } else { &self.by_change };
        let (from, to) = match after {
            None => (0, order.len()),
            Some((key, id)) => {
                let id = DocumentId(*id);
                let changed = if by_title { None } else { Some(Timestamp(key.parse().map_err(|_| bad_cursor())?)) };
                let before = |entry: &Entry, itself: bool| {
                    let place = match changed {
                        Some(changed) => (entry.changed_at, entry.id).cmp(&(changed, id)),
                        None => (&*entry.title_key, entry.id).cmp(&(key.as_str(), id)),
                    };
                    if itself { place.is_le() } else { place.is_lt() }
                };
                let until = |itself| {
                    order.partition_point(|number| self.get(*number).is_some_and(|entry| before(entry, itself)))
                };
                if descending { (0, until(false)) } else { (until(true), order.len()) }
            }
        };
        let part = order.get(from..to).unwrap_or_default();
        let fits = |number: &&u32| fitting.get(index(**number)).copied().unwrap_or_default();
        let wanted = limit.saturating_add(1);
        let mut numbers: Vec<u32> = if descending {
            part.iter().rev().filter(fits).take(wanted).copied().collect()
        } else {
            part.iter().filter(fits).take(wanted).copied().collect()
        };
        let more = numbers.len() > limit;
        numbers.truncate(limit);
        let entries: Vec<&Entry> = numbers.iter().filter_map(|number| self.get(*number)).collect();
        let next = entries.last().filter(|_| more).map(|entry| {
            let key = if by_title { entry.title_key.to_string() } else { entry.changed_at.0.to_string() };
            (key, entry.id.0)
        });
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        Ok(Found { ids: entries.into_iter().map(|entry| entry.id).collect(), total, next })
    }

    /// For each entry, whether it is wanted.
    pub(super) fn fitting(&self, wanted: Wanted<'_>) -> Vec<bool> {
        let Wanted { kind, selection, filter, among } = wanted;
        if kind.is_none() && selection.is_empty() && filter.is_empty() && among.is_none() {
            return self.derived().live.clone();
        }
        let among = among.map(|hits| self.mask(hits));
        let ways = filter.asks_for_ways().then(|| self.sections_in_which(|section| filter.lets_through(&section.ways)));
        let skills: Option<Vec<bool>> = filter.skill_test().map(|fits| self.skills.iter().map(fits).collect());
        let has_skill = |entry: &Entry| skills.as_deref().is_none_or(|fitting| any_of(fitting, &entry.skills));
        let skilled = skills.is_some().then(|| self.entries_in_which(&has_skill));
        let chosen: Option<FxHashSet<DocumentId>> = selection.ids.as_ref().map(|ids| ids.iter().copied().collect());
        let fits = |place: Number, entry: &Entry| {
            let itself_or_embedded = |fitting: &Option<Vec<bool>>| {
                fitting.as_deref().is_none_or(|fitting| {
                    fitting.get(place).copied().unwrap_or_default() || any_of(fitting, &entry.embeds)
                })
            };
            entry.live
                && kind.is_none_or(|kind| entry.kind == kind)
                && selection.parent.is_none_or(|parent| entry.parent == Some(parent))
                && selection.updated_since.is_none_or(|since| entry.changed_at >= since)
                && chosen.as_ref().is_none_or(|ids| ids.contains(&entry.id))
                && among.as_deref().is_none_or(|among| among.get(place).copied().unwrap_or_default())
                && itself_or_embedded(&ways)
                && (has_skill(entry) || itself_or_embedded(&skilled) && skilled.is_some())
        };
        self.entries
            .iter()
            .enumerate()
            .map(|(place, entry)| entry.as_ref().is_some_and(|entry| fits(place, entry)))
            .collect()
    }

    fn sections_in_which(&self, holds: impl Fn(&SectionEntry) -> bool) -> Vec<bool> {
        self.entries_in_which(&|entry: &Entry| entry.section.as_deref().is_some_and(&holds))
    }

    /// For each requirement section whether something holds for it, or for what stands in it.
    fn entries_in_which(&self, holds: &dyn Fn(&Entry) -> bool) -> Vec<bool> {
        let section = |place: Number| self.entries.get(place).and_then(Option::as_ref);
        let mut fitting = vec![false; self.entries.len()];
        let set = |fitting: &mut Vec<bool>, place: Number| {
            if let Some(fits) = fitting.get_mut(place) {
                *fits = true;
            }
        };
        for place in &self.sections {
            if section(*place).is_some_and(holds) {
                set(&mut fitting, *place);
            }
        }
        for _ in 0..NESTED {
            let before = fitting.clone();
            for place in &self.sections {
                if section(*place).is_some_and(|entry| any_of(&before, &entry.embeds)) {
                    set(&mut fitting, *place);
                }
            }
        }
        fitting
    }
}

impl Sections for State {
    fn section(&self, id: DocumentId) -> Option<&RequirementSection> {
        let entry = self.get(*self.numbers.get(&id)?)?;
        entry.section.as_deref().map(|section| &section.tree)
    }
}

pub(super) fn index(number: u32) -> Number {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn any_of(fitting: &[bool], numbers: &[u32]) -> bool {
    numbers.iter().any(|number| fitting.get(index(*number)).copied().unwrap_or_default())
}

/// Puts numbers into an order by their keys.
fn place<K: Ord>(order: &mut Vec<u32>, moved: &[u32], key: impl Fn(u32) -> K) {
    if moved.len() > FEW {
        order.extend(moved);
        order.sort_by_key(|one| key(*one));
        return;
    }
    for number in moved {
        let place = order.partition_point(|other| key(*other) < key(*number));
        order.insert(place, *number);
    }
}

/// A requirement section with a tree and nothing else.
fn bare(requirements: Option<Node>) -> RequirementSection {
    RequirementSection {
        title: String::new(),
        summary: String::new(),
        introduction: Markdown::default(),
        requirements,
        routes: Vec::new(),
        skills: Vec::new(),
        sections: Vec::new(),
    }
}
