//! The places within one content that hold what is sought, and the content with something else in those that are chosen.
//! Places are numbered in reading order. It knows no database.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde_json::Value;

use crate::{
    content::{
        kinds::{Content, Kind, Part, requirement::NodeBody, section::LinkTarget},
        markdown::{RichDoc, Target},
        values::Markdown,
    },
    kernel::{DocumentId, Error, Result},
};

use super::sought::{NoAddress, Replacement, Sought, Words, readdressed};

/// Characters that are shown before and after what was found.
const AROUND: usize = 60;

/// A place that holds what is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// JSON pointer within the content.
    pub pointer: String,
    pub before: String,
    pub found: String,
    pub after: String,
    /// Why nothing can be put there, in a sentence.
    pub refusal: Option<String>,
    way: Way,
}

/// How a place is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// A part of a line.
    Line(Range<usize>),
    /// Words of a rich text, by their number in it.
    Words(usize),
    /// A link of a rich text, by its number in it.
    Link(usize),
    /// The value itself.
    Value,
    /// A link that leads to a document; the block that it named was the old one's.
    DocumentLink,
}

/// Every place of a content that holds what is sought. `own` is the document itself; with a replacement, places that it
/// can't stand in say so.
pub fn places(own: DocumentId, content: &Content, sought: &Sought, replacement: Option<&Replacement>) -> Vec<Place> {
    let mut found = Vec::new();
    content.walk(&mut |pointer, part| match sought {
        Sought::Text(words) => text(words, pointer, part, &mut found),
        Sought::Address(address) => addresses(address, replacement, pointer, part, &mut found),
        Sought::Organisation(name) => {
            if let Part::Line(text) = part
                && pointer.ends_with("/organisation")
                && alike(text, name)
            {
                found.push(Place::whole(pointer.to_owned(), text, None));
            }
        }
        Sought::Standard(reference) => {
            if let Part::Standard(standard) = part
                && alike(&standard.reference, reference)
            {
                let refusal = None;
                let place = Place::whole(format!("{pointer}/reference"), &standard.reference, refusal);
                found.push(Place { after: format!(" {}", standard.title), ..place });
            }
        }
        Sought::Document(id) => references(own, *id, false, replacement, pointer, part, &mut found),
        Sought::Embedded(id) => references(own, *id, true, replacement, pointer, part, &mut found),
    });
    found
}

fn alike(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

impl Place {
    fn whole(pointer: String, found: &str, refusal: Option<String>) -> Self {
        Self { pointer, before: String::new(), found: found.to_owned(), after: String::new(), refusal, way: Way::Value }
    }

    fn within(pointer: &str, line: &[char], range: &Range<usize>, refusal: Option<String>, way: Way) -> Self {
        let part = |range: Range<usize>| line.get(range).unwrap_or_default().iter().collect::<String>();
        let first = range.start.saturating_sub(AROUND);
        let last = line.len().min(range.end.saturating_add(AROUND));
        let cut_before = if first > 0 { "…" } else { "" };
        let cut_after = if last < line.len() { "…" } else { "" };
        Self {
            pointer: pointer.to_owned(),
            before: format!("{cut_before}{}", part(first..range.start)),
            found: part(range.clone()),
            after: format!("{}{cut_after}", part(range.end..last)),
            refusal,
            way,
        }
    }
}

fn text(words: &Words, pointer: &str, part: Part<'_>, found: &mut Vec<Place>) {
    match part {
        Part::Line(text) => {
            let line: Vec<char> = text.chars().collect();
            let ranges = words.find(&line).into_iter();
            found.extend(ranges.map(|range| Place::within(pointer, &line, &range, None, Way::Line(range.clone()))));
        }
        Part::RichText(markdown) if !markdown.is_empty() => {
            let all = markdown.document().text_places(&|line| words.find(line));
            found.extend(all.into_iter().enumerate().map(|(number, place)| {
                let refusal = place
                    .over_an_edge
                    .then(|| "It runs over the edge of bold, italic or a link; change it by hand.".to_owned());
                Place::within(pointer, &place.line, &place.range, refusal, Way::Words(number))
            }));
        }
        _ => {}
    }
}

fn addresses(sought: &str, replacement: Option<&Replacement>, pointer: &str, part: Part<'_>, found: &mut Vec<Place>) {
    let new = match replacement {
        Some(Replacement::Text(text)) if !text.trim().is_empty() => Some(text.as_str()),
        _ => None,
    };
    // Without a new address nothing is refused; whatever begins alike is found.
    let judged = |address: &str| readdressed(address, sought, new.unwrap_or(sought));
    let refusal = |outcome: Result<String, NoAddress>| {
        (new.is_some() && outcome.is_err()).then(|| "What would come of it is no address.".to_owned())
    };
    let mut one = |pointer: String, address: &str, words: &str| {
        if let Some(outcome) = judged(address) {
            let place = Place::whole(pointer, address, refusal(outcome));
            found.push(Place { before: before_address(words), ..place });
        }
    };
    match part {
        Part::Link(link) => {
            if let LinkTarget::Address { url } = &link.target {
                one(format!("{pointer}/url"), url, &link.text);
            }
        }
        Part::Node(node) => {
            if let NodeBody::Requirement(requirement) = &node.body
                && let Some(source) = &requirement.source
            {
                one(format!("{pointer}/source/url"), &source.url, &source.title);
            }
        }
        Part::RichText(markdown) if !markdown.is_empty() => {
            for (number, place) in markdown.document().link_places().into_iter().enumerate() {
                if let Target::Address(address) = &place.target
                    && let Some(outcome) = judged(address)
                {
                    found.push(Place {
                        before: before_address(&place.text),
                        way: Way::Link(number),
                        ..Place::whole(pointer.to_owned(), address, refusal(outcome))
                    });
                }
            }
        }
        _ => {}
    }
}

fn before_address(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("“{words}” ") }
}

fn references(
    own: DocumentId,
    sought: DocumentId,
    embedded_alone: bool,
    replacement: Option<&Replacement>,
    pointer: &str,
    part: Part<'_>,
    found: &mut Vec<Place>,
) {
    let mut one = |pointer: String, words: &str, kind: Option<Kind>, way: Way| {
        let place = Place::whole(pointer, words, refusal_of(own, kind, replacement));
        found.push(Place { way, ..place });
    };
    let (section, page) = (Some(Kind::RequirementSection), Some(Kind::RolePage));
    match part {
        Part::Embed(id) if id == sought => one(pointer.to_owned(), "the section in full", section, Way::Value),
        Part::Tree(id) if id == sought => one(pointer.to_owned(), "its requirements", section, Way::Value),
        _ if embedded_alone => {}
        Part::Related(id) if id == sought => one(pointer.to_owned(), "a card", page, Way::Value),
        Part::OwnPage(id) if id == sought => one(pointer.to_owned(), "a role’s own page", page, Way::Value),
        Part::Link(link) => {
            if matches!(&link.target, LinkTarget::Document { document, .. } if *document == sought) {
                one(pointer.to_owned(), &link.text, None, Way::DocumentLink);
            }
        }
        Part::RichText(markdown) if !markdown.is_empty() => {
            for (number, place) in markdown.document().link_places().into_iter().enumerate() {
                if matches!(place.target, Target::Document { id, .. } if id == sought.0) {
                    one(pointer.to_owned(), &place.text, None, Way::Link(number));
                }
            }
        }
        _ => {}
    }
}

/// Why a document can't stand in a place that expects this kind.
fn refusal_of(own: DocumentId, expected: Option<Kind>, replacement: Option<&Replacement>) -> Option<String> {
    let Some(Replacement::Document { kind, id }) = replacement else { return None };
    match expected {
        Some(expected) if expected != *kind => Some(format!("Only a {} can stand here.", expected.words())),
        Some(_) if *id == own => Some("It would refer to itself.".to_owned()),
        _ => None,
    }
}

/// The content with the replacement in the places that are chosen by number. Places that refuse it stay as they are.
///
/// # Errors
/// [`Error::Bug`] if a place can't be found again in the content that it was found in.
pub fn replaced(
    own: DocumentId,
    content: &Content,
    sought: &Sought,
    replacement: &Replacement,
    chosen: &BTreeSet<usize>,
) -> Result<Value> {
    let mut value = content.to_value()?;
    let mut by_pointer: BTreeMap<String, Vec<Way>> = BTreeMap::new();
    for (number, place) in places(own, content, sought, Some(replacement)).into_iter().enumerate() {
        if chosen.contains(&number) && place.refusal.is_none() {
            by_pointer.entry(place.pointer).or_default().push(place.way);
        }
    }
    for (pointer, ways) in by_pointer {
        let place = value.pointer_mut(&pointer).ok_or_else(|| Error::bug("a place is not where it was found"))?;
        change(place, &ways, sought, replacement);
    }
    // A card stands once: what stood there already is not shown twice.
    if let Some(Value::Array(related)) = value.get_mut("related_roles") {
        let mut seen = Vec::new();
        related.retain(|id| {
            let new = !seen.contains(id);
            seen.push(id.clone());
            new
        });
    }
    Ok(value)
}

fn change(place: &mut Value, ways: &[Way], sought: &Sought, replacement: &Replacement) {
    let present = place.as_str().unwrap_or_default().to_owned();
    match (sought, replacement) {
        (Sought::Text(words), Replacement::Text(with)) => {
            let lines: Vec<&Range<usize>> =
                ways.iter().filter_map(|way| if let Way::Line(range) = way { Some(range) } else { None }).collect();
            *place = if lines.is_empty() {
                let number_chosen = |number| ways.contains(&Way::Words(number));
                let text = Markdown(present).document();
                text.with_text_replaced(&|line| words.find(line), with, &number_chosen).to_markdown().into()
            } else {
                spliced(&present, &lines, with).into()
            };
        }
        (Sought::Address(old), Replacement::Text(new)) => {
            *place = if ways.contains(&Way::Value) {
                readdressed(&present, old, new).and_then(Result::ok).unwrap_or(present).into()
            } else {
                relinked(&present, ways, &|target| match target {
                    Target::Address(address) => readdressed(address, old, new)?.ok().map(Target::Address),
                    Target::Document { .. } => None,
                })
                .into()
            };
        }
        (_, Replacement::Document { id, .. }) => {
            if ways.contains(&Way::DocumentLink) {
                if let Some(link) = place.as_object_mut() {
                    link.shift_remove("block");
                    link.insert("document".to_owned(), id.to_string().into());
                }
            } else if ways.contains(&Way::Value) {
                *place = id.to_string().into();
            } else {
                let new = Target::Document { id: id.0, block: None };
                *place = relinked(&present, ways, &|_| Some(new.clone())).into();
            }
        }
        (_, Replacement::Text(text)) => *place = text.trim().into(),
    }
}

fn relinked(markdown: &str, ways: &[Way], new: &dyn Fn(&Target) -> Option<Target>) -> String {
    let change = |number, target: &Target| if ways.contains(&Way::Link(number)) { new(target) } else { None };
    RichDoc::parse(markdown).with_links_changed(&change).to_markdown()
}

/// A line with a text in place of some of its parts.
fn spliced(line: &str, ranges: &[&Range<usize>], with: &str) -> String {
    let mut characters: Vec<char> = line.chars().collect();
    for range in ranges.iter().rev() {
        if range.end <= characters.len() {
            characters.splice((*range).clone(), with.chars());
        }
    }
    characters.into_iter().collect()
}
