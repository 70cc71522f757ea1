//! Two versions compared for people to read: regions in the order of the newer version (a field, a section, a fact, a
//! route), in each what became of its parts, and of its words where there are words. It works on the JSON of a content, and
//! knows neither versions nor how a page looks.
//!
//! Decision (2026-11-22): beside the list of changes that programs get there is this second view, because people read
//! pages and not pointers: a moved section is marked in both places, bullets stay bullets, a group's rule is a sentence.
//! Both go by the same ids and the same word differences; this one also recognises what lost its id (`rewritten.rs`).
//! What a content of an older format holds besides is compared as text, field by field.

mod lines;
mod parts;
mod rewritten;
mod sentences;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::kernel::DocumentId;

use super::{
    Holding, Place, Things,
    labels::{self, Noun},
    step,
};

use parts::Walk;

pub use {
    lines::{Around, Shape, Style, Within},
    parts::{Body, Fate, Part},
    sentences::Counts,
    texts::{Run, TextLine},
};

/// A part of the page that changes as one: a field, a section, a fact, a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    /// What changed in it, without a full stop.
    pub sentence: String,
    pub part: Part,
}

/// All regions in the order of the newer version; what is gone stands where it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageComparison {
    pub regions: Vec<Region>,
    pub counts: Counts,
}

impl PageComparison {
    /// The regions in which something changed.
    pub fn changes(&self) -> impl Iterator<Item = &Region> {
        self.regions.iter().filter(|region| region.part.is_changed())
    }

    /// What changed, a sentence for each region, without full stops.
    pub fn summary(&self) -> Vec<String> {
        self.changes().map(|region| region.sentence.clone()).collect()
    }

    /// The documents that are named in it, by their ids.
    pub fn documents(&self) -> BTreeSet<DocumentId> {
        fn collect(part: &Part, found: &mut BTreeSet<DocumentId>) {
            match &part.body {
                Body::Nothing | Body::Said(_) => {}
                Body::Parts(parts) | Body::Items(parts) => parts.iter().for_each(|part| collect(part, found)),
                Body::Text(lines) => {
                    let styles =
                        lines.iter().flat_map(TextLine::runs).flat_map(|run| [Some(&run.style), run.was.as_ref()]);
                    found.extend(styles.flatten().filter_map(Style::document));
                }
            }
        }

        let mut found = BTreeSet::new();
        self.regions.iter().for_each(|region| collect(&region.part, &mut found));
        found
    }

    pub fn is_same(&self) -> bool {
        self.changes().next().is_none()
    }
}

/// Compares two contents, or two objects around contents. With `whole`, what did not change is told, too.
pub fn compare_pages(from: &Value, to: &Value, whole: bool) -> PageComparison {
    let (from, rewritten) = rewritten::recognised(from, to);
    let (by_ids, old, new) = match (Things::of(&from), Things::of(to)) {
        (Some(old), Some(new)) => (true, old, new),
        _ => (false, Things::default(), Things::default()),
    };
    let walk = Walk { whole, by_ids, old, new, rewritten: &rewritten };
    let mut regions = Vec::new();
    if let (Value::Object(from), Value::Object(to)) = (&from, to) {
        push_fields(&walk, "", from, to, &mut regions);
    }
    let regions: Vec<Region> = regions
        .into_iter()
        .map(|(name, part)| Region { sentence: sentences::sentence(&name, &part), name, part })
        .collect();
    PageComparison { counts: Counts::of(&regions), regions }
}

fn push_fields<'a>(
    walk: &Walk<'a>,
    path: &str,
    from: &'a Map<String, Value>,
    to: &'a Map<String, Value>,
    regions: &mut Vec<(String, Part)>,
) {
    let gone = from.keys().filter(|key| !to.contains_key(*key));
    for key in to.keys().chain(gone) {
        let (old, new) = (from.get(key), to.get(key));
        if old == new && !walk.whole {
            continue;
        }
        let path = format!("{path}{}", step(key));
        match (key.as_str(), old, new) {
            ("content" | "facts", Some(Value::Object(old)), Some(Value::Object(new))) => {
                push_fields(walk, &path, old, new, regions);
            }
            ("sections" | "routes", _, _) if walk.by_ids && Holding::of(&[old, new]) == Holding::List => {
                for member in walk.members(&Place { owner: None, path }) {
                    let number = member.thing.position.saturating_add(1);
                    let heading = member.thing.fields.get("heading").and_then(Value::as_str);
                    let name = match (labels::noun(member.thing), heading.filter(|text| !text.trim().is_empty())) {
                        (Noun::Section, Some(heading)) => heading.to_owned(),
                        (Noun::Section, None) => format!("Section {number}"),
                        _ => member.part.label.clone(),
                    };
                    regions.push((name, member.part));
                }
            }
            _ => {
                let part = walk.field(None, path, key, old, new);
                // The region's name says what it is.
                let part = part.map(|part| Part { label: String::new(), ..part });
                regions.extend(part.map(|part| (labels::key_in_words(key), part)));
            }
        }
    }
}
