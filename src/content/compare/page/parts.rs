//! What became of each part of a content: fields, things with ids and everything within them, in the order of the newer
//! version. It follows ids through both versions and leaves texts to `texts.rs`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    super::{
        Holding, Place, Thing, Things, What, is_unit,
        labels::{self, Label, Noun},
        moved, step,
    },
    lines::{self, Line},
    texts::{TextLine, texts},
};

/// What became of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands where it stood; what is within it may have changed.
    Kept,
    Changed,
    Added,
    Removed,
    /// With whence, in words: "from 2 to 3", "here from section “Pay”".
    Moved(String),
    /// It stood here, and stands elsewhere now; with whither, in words.
    MovedAway(String),
    /// It has another id, and most of its words.
    Rewritten,
}

/// A part of a comparison for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called; nothing where the text says it.
    pub label: String,
    pub(super) noun: Option<Noun>,
    pub fate: Fate,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Nothing,
    /// What happened, in a sentence without its full stop.
    Said(String),
    Text(Vec<TextLine>),
    Parts(Vec<Part>),
    /// Parts that are the members of a list.
    Items(Vec<Part>),
}

impl Part {
    /// Whether there is something to tell. What moved away is told where it stands now.
    pub fn is_changed(&self) -> bool {
        match self.fate {
            Fate::MovedAway(_) => false,
            Fate::Kept => match &self.body {
                Body::Nothing | Body::Said(_) => false,
                Body::Text(lines) => lines.iter().any(|line| line.what.is_some()),
                Body::Parts(parts) | Body::Items(parts) => parts.iter().any(Self::is_changed),
            },
            _ => true,
        }
    }

    /// Whether it has to be there for people to understand what changed.
    pub(super) fn is_telling(&self) -> bool {
        self.is_changed() || matches!(self.fate, Fate::MovedAway(_))
    }

    fn of(label: String, fate: Fate, body: Body) -> Self {
        Self { label, noun: None, fate, body }
    }
}

/// A thing as a member of a list, with where it stands.
pub struct Member<'a> {
    pub thing: &'a Thing<'a>,
    pub part: Part,
}

pub struct Walk<'a> {
    /// Whether what did not change is told too.
    pub whole: bool,
    /// Ids say nothing if one stands twice.
    pub by_ids: bool,
    pub old: Things<'a>,
    pub new: Things<'a>,
    pub rewritten: &'a HashSet<String>,
}

type Fields<'a> = Option<&'a Map<String, Value>>;

impl<'a> Walk<'a> {
    /// The parts of an object, one for each field that says something.
    pub fn fields(
        &self,
        owner: Option<&'a str>,
        path: &str,
        aside: &[&str],
        from: Fields<'a>,
        to: Fields<'a>,
    ) -> Vec<Part> {
        let own = |fields: Fields<'a>| fields.into_iter().flat_map(Map::keys);
        let gone = own(from).filter(|key| to.is_none_or(|to| !to.contains_key(*key)));
        let mut parts = Vec::new();
        for key in own(to).chain(gone).filter(|key| *key != "id" && !aside.contains(&key.as_str())) {
            let value = |fields: Fields<'a>| fields.and_then(|fields| fields.get(key));
            let part = self.field(owner, format!("{path}{}", step(key)), key, value(from), value(to));
            parts.extend(part.filter(|part| self.whole || part.is_telling()));
        }
        parts
    }

    /// One field; `None` if it says nothing, or nothing new.
    pub fn field(
        &self,
        owner: Option<&'a str>,
        path: String,
        key: &str,
        from: Option<&'a Value>,
        to: Option<&'a Value>,
    ) -> Option<Part> {
        if from == to && !self.whole {
            return None;
        }
        let holding = if self.by_ids { Holding::of(&[from, to]) } else { Holding::Nothing };
        let label = || if names_nothing(key) { String::new() } else { labels::key_in_words(key) };
        match (holding, from, to) {
            (Holding::List | Holding::Single, _, _) => {
                let members = self.members(&Place { owner, path });
                let parts: Vec<Part> = members.into_iter().map(|member| member.part).collect();
                let listed = matches!(key, "tasks" | "skills" | "registrations" | "items" | "requirements");
                let body = if listed { Body::Items(parts) } else { Body::Parts(parts) };
                Some(Part::of(label(), Fate::Kept, body)).filter(|part| !is_empty(&part.body))
            }
            (_, Some(Value::Object(old)), Some(Value::Object(new))) if !is_unit(old, new) => {
                let parts = self.fields(owner, &path, &[], Some(old), Some(new));
                Some(Part::of(label(), Fate::Kept, Body::Parts(parts))).filter(|part| !is_empty(&part.body))
            }
            _ => leaf(owner, key, label(), from, to),
        }
    }

    /// The members of a list of things, with what is gone where it stood.
    pub fn members(&self, place: &Place<'a>) -> Vec<Member<'_>> {
        let (before, after) = (self.old.members(place), self.new.members(place));
        let moved = moved(before, after);
        let mut gone: HashMap<Option<&str>, Vec<Member<'_>>> = HashMap::new();
        let mut neighbour = None;
        for id in before {
            let Some(old) = self.old.get(id) else { continue };
            let part = match self.new.get(id) {
                None => Some(self.removed(id, old)),
                Some(new) if new.place != *place => {
                    Some(self.moved_away(old, format!("to {}", within(&self.new, new))))
                }
                Some(new) if moved.contains(id) => {
                    let leaves_a_mark = matches!(labels::noun(old), Noun::Section | Noun::Block | Noun::Route);
                    leaves_a_mark.then(|| self.moved_away(old, format!("to {}", new.position.saturating_add(1))))
                }
                Some(_) => {
                    neighbour = Some(*id);
                    None
                }
            };
            gone.entry(neighbour).or_default().extend(part.map(|part| Member { thing: old, part }));
        }
        let mut members: Vec<Member<'_>> = gone.remove(&None).unwrap_or_default();
        for id in after {
            let Some(new) = self.new.get(id) else { continue };
            let part = self.present(id, new, place, moved.contains(id));
            if self.whole || part.is_telling() {
                members.push(Member { thing: new, part });
            }
            members.extend(gone.remove(&Some(*id)).unwrap_or_default());
        }
        members
    }

    fn present(&self, id: &'a str, new: &Thing<'a>, place: &Place<'a>, moved: bool) -> Part {
        let old = self.old.get(id);
        let fate = match old {
            None => Fate::Added,
            Some(_) if self.rewritten.contains(id) => Fate::Rewritten,
            Some(old) if old.place != *place => Fate::Moved(whence(&self.old, old, &self.new, new)),
            Some(old) if moved => {
                Fate::Moved(format!("from {} to {}", old.position.saturating_add(1), new.position.saturating_add(1)))
            }
            Some(_) => Fate::Kept,
        };
        let mut parts: Vec<Part> = match old {
            Some(old) => sentences(old.fields, new.fields)
                .into_iter()
                .map(|said| Part::of(String::new(), Fate::Changed, Body::Said(said)))
                .collect(),
            None => Vec::new(),
        };
        let kept = old.is_some_and(|old| old.fields.get(name_key(new)) == new.fields.get(name_key(new)));
        let aside = aside(new, old.is_none() || kept);
        parts.extend(self.fields(Some(id), "", &aside, old.map(|old| old.fields), Some(new.fields)));
        Part { label: label(&self.new, id, new), noun: Some(labels::noun(new)), fate, body: Body::Parts(parts) }
    }

    fn removed(&self, id: &'a str, old: &Thing<'a>) -> Part {
        let parts = self.fields(Some(id), "", &aside(old, true), Some(old.fields), None);
        Part {
            label: label(&self.old, id, old),
            noun: Some(labels::noun(old)),
            fate: Fate::Removed,
            body: Body::Parts(parts),
        }
    }

    fn moved_away(&self, old: &Thing<'a>, whither: String) -> Part {
        let id = old.fields.get("id").and_then(Value::as_str).unwrap_or_default();
        Part {
            label: Label::of_thing(&self.old, id).what(),
            noun: Some(labels::noun(old)),
            fate: Fate::MovedAway(whither),
            body: Body::Nothing,
        }
    }
}

fn is_empty(body: &Body) -> bool {
    match body {
        Body::Nothing => true,
        Body::Said(_) => false,
        Body::Text(lines) => lines.is_empty(),
        Body::Parts(parts) | Body::Items(parts) => parts.is_empty(),
    }
}

/// A value that is compared as a text or told as a sentence.
fn leaf(owner: Option<&str>, key: &str, label: String, from: Option<&Value>, to: Option<&Value>) -> Option<Part> {
    let plain =
        |value: &Value| value.is_boolean() || labels::is_level(value) || (value.is_string() && labels::is_choice(key));
    if [from, to].into_iter().flatten().any(plain) {
        return said(key, from, to).map(|(what, sentence)| Part::of(String::new(), what, Body::Said(sentence)));
    }
    let is_rich = matches!(key, "markdown" | "introduction" | "further_information" | "career_path")
        || (key == "note" && owner.is_some());
    let lines = |value: Option<&Value>| -> Vec<Line> {
        match value {
            Some(Value::String(text)) if is_rich => lines::of_markdown(text),
            Some(value) => lines::of_value(key, value),
            None => Vec::new(),
        }
    };
    let (old, new) = (lines(from), lines(to));
    let text = texts(&old, &new);
    let fate = match (old.is_empty(), new.is_empty()) {
        (true, true) => return None,
        _ if text.iter().all(|line| line.what.is_none()) => Fate::Kept,
        (true, false) => Fate::Added,
        (false, true) => Fate::Removed,
        (false, false) => Fate::Changed,
    };
    Some(Part::of(label, fate, Body::Text(text)))
}

/// A choice, a level, a yes or no, as a sentence; of a thing that is new or gone only what is not to be expected.
fn said(key: &str, from: Option<&Value>, to: Option<&Value>) -> Option<(Fate, String)> {
    let words = |value: &Value| lines::of_value(key, value).first().map(Line::text).unwrap_or_default();
    let name = labels::key_in_words(key);
    match (from.filter(|value| !value.is_null()), to.filter(|value| !value.is_null())) {
        (Some(old), Some(new)) if old == new => None,
        (Some(old), Some(new)) => Some((
            Fate::Changed,
            labels::level_change(old, new)
                .unwrap_or_else(|| format!("{name}: “{}” became “{}”", words(old), words(new))),
        )),
        (one, other) => {
            let value = one.or(other)?;
            let whole_thing = from.is_none() || to.is_none();
            let expected = !(labels::is_level(value) || (key == "necessity" && value != "required"));
            let what = if other.is_some() { What::Added } else { What::Removed };
            let fate = if what == What::Added { Fate::Added } else { Fate::Removed };
            match whole_thing {
                true if expected => None,
                true => Some((fate, format!("{name}: {}", words(value)))),
                false => Some((fate, format!("{name} {}: {}", labels::verb(what), words(value)))),
            }
        }
    }
}

/// What changed about a thing as a whole: its rule, its sort.
fn sentences(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let mut said = Vec::new();
    if old.get("kind") != new.get("kind") {
        let words = |fields: &Map<String, Value>| {
            fields.get("kind").and_then(Value::as_str).unwrap_or_default().replace('_', " ")
        };
        said.push(format!("“{}” became “{}”", words(old), words(new)));
    }
    if new.get("kind").is_some_and(|kind| kind == "group") && old.get("kind") == new.get("kind") {
        let (before, after) = (labels::rule_words(old), labels::rule_words(new));
        if before != after {
            said.push(format!("“{before}” became “{after}”"));
        }
    }
    said
}

/// The field that names a thing.
fn name_key(thing: &Thing<'_>) -> &'static str {
    match labels::noun(thing) {
        Noun::Role => "title",
        Noun::Group => "lead_in",
        _ => "heading",
    }
}

/// The fields that are told otherwise; `named` says that the label tells the name.
fn aside(thing: &Thing<'_>, named: bool) -> Vec<&'static str> {
    let mut aside = vec!["kind"];
    let noun = labels::noun(thing);
    if noun == Noun::Group {
        aside.extend(["rule", "count"]);
    }
    if named && matches!(noun, Noun::Section | Noun::Role | Noun::Route | Noun::Group) {
        aside.push(name_key(thing));
    }
    aside
}

/// What is written above a thing; nothing where its text comes at once.
fn label(things: &Things<'_>, id: &str, thing: &Thing<'_>) -> String {
    match labels::noun(thing) {
        Noun::Block if thing.fields.get("kind").is_some_and(|kind| kind == "text") => String::new(),
        Noun::Group => {
            let rule = labels::upper_first(&labels::rule_words(thing.fields));
            match thing.fields.get("lead_in").and_then(Value::as_str).filter(|words| !words.trim().is_empty()) {
                Some(words) => format!("{rule}: “{words}”"),
                None => rule,
            }
        }
        Noun::Task | Noun::Skill | Noun::Registration | Noun::Requirement | Noun::Item => String::new(),
        _ => Label::of_thing(things, id).what(),
    }
}

/// Where a thing stands: in a section, a role, a group.
fn within(things: &Things<'_>, thing: &Thing<'_>) -> String {
    match thing.place.owner {
        Some(owner) => labels::lower_first(&Label::of_thing(things, owner).what()),
        None => "another place".to_owned(),
    }
}

fn whence(before: &Things<'_>, old: &Thing<'_>, after: &Things<'_>, new: &Thing<'_>) -> String {
    match labels::noun(new) {
        Noun::Group | Noun::Requirement | Noun::Reference => {
            format!("from {} into {}", within(before, old), within(after, new))
        }
        _ => format!("here from {}", within(before, old)),
    }
}

/// Fields of which the text is what the thing says.
fn names_nothing(key: &str) -> bool {
    matches!(
        key,
        "blocks" | "sections" | "markdown" | "text" | "items" | "roles" | "introduction" | "lead_in" | "qualification"
    )
}
