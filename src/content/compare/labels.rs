//! The words of compare: what a changed part is called. Every word that it shows to people is in this file.

use std::fmt;

use serde_json::{Map, Value};

use super::{
    super::kinds::requirement::{Framework, Level},
    Thing, Things, What,
};

/// Names are cut after this many characters.
const NAME_LIMIT: usize = 60;

/// What a part is called.
#[derive(Clone, Debug)]
pub struct Label {
    what: String,
    /// The section it stands in, if it is a block or a part of one.
    section: Option<String>,
    /// How the rule of a group reads before and after.
    rule: Option<(String, String)>,
}

impl Label {
    /// The words for a thing, with the name that it has in `things`.
    pub fn of_thing(things: &Things<'_>, id: &str) -> Self {
        let Some(thing) = things.get(id) else { return Self::plain("Something".to_owned()) };
        let number = thing.position.saturating_add(1);
        let name = |key: &str| text(thing.fields, key).map(quoted);
        let named = |what: &str, name: Option<String>| match name {
            Some(name) => format!("{what} {name}"),
            None => what.to_owned(),
        };
        Self::plain(match noun(thing) {
            Noun::Section => {
                name("heading").map_or_else(|| format!("Section {number}"), |name| format!("Section {name}"))
            }
            Noun::Block => return Self { section: section_name(things, thing), ..Self::plain(block_name(thing)) },
            Noun::Role => named("Role", name("title")),
            Noun::Task => match thing.place.owner {
                Some(owner) => format!("Task {number} of {}", lower_first(&Self::of_thing(things, owner).what)),
                None => format!("Task {number}"),
            },
            Noun::Skill => named("Skill", name("text")),
            Noun::Registration => named("Registration", name("text")),
            Noun::Route => named("Entry route", name("heading").or_else(|| route_kind(thing))),
            Noun::Group => named("Group", name("lead_in")),
            Noun::Requirement => named("Requirement", name("text")),
            Noun::Embedded => named("Requirement section", name("title")),
            Noun::Reference => "Reference to a requirement section".to_owned(),
            Noun::Item => named(&format!("Item {number}"), name("title").or_else(|| name("text"))),
        })
    }

    /// The words for a field, or for a field deeper in objects without ids.
    pub fn of_part(old: &Things<'_>, new: &Things<'_>, owner: Option<&str>, path: &str) -> Self {
        let keys: Vec<&str> = path.split('/').filter(|key| !key.is_empty()).collect();
        let Some(owner) = owner else { return Self::plain(of_document(&keys)) };
        let thing = Self::of_thing(new, owner);
        let (Some(before), Some(after)) = (old.get(owner), new.get(owner)) else { return thing };
        let noun = noun(after);
        match keys.as_slice() {
            ["markdown" | "text"] if noun != Noun::Role => thing,
            ["rule"] | ["count"] if noun == Noun::Group => {
                let rule = (rule_words(before.fields), rule_words(after.fields));
                Self { what: format!("Rule of {}", lower_first(&thing.what)), rule: Some(rule), ..thing }
            }
            [.., "level"] => Self { what: format!("Level of {}", lower_first(&thing.what)), ..thing },
            _ => Self { what: format!("{} of {}", path_words(&keys), lower_first(&thing.what)), ..thing },
        }
    }

    /// The label as a sentence.
    pub fn sentence(&self, what: What) -> String {
        let verb = verb(what);
        match (&self.rule, &self.section) {
            (Some((before, after)), _) => format!("{} changed from “{before}” to “{after}”", self.what),
            (None, Some(section)) => format!("{} {verb} in {section}", self.what),
            (None, None) => format!("{} {verb}", self.what),
        }
    }

    /// The sentence about a level that is another now; `None` if the values are no levels.
    pub fn level_sentence(&self, from: &Value, to: &Value) -> Option<String> {
        let place = self.what.strip_prefix("Level of ").unwrap_or(&self.what);
        Some(format!("{} in {place}", level_change(from, to)?))
    }

    /// What it is, without where it stands.
    pub fn what(&self) -> String {
        self.what.clone()
    }

    pub fn is_about_a_rule(&self) -> bool {
        self.rule.is_some()
    }

    fn plain(what: String) -> Self {
        Self { what, section: None, rule: None }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.rule, &self.section) {
            (Some((before, after)), _) => write!(formatter, "{}, from “{before}” to “{after}”", self.what),
            (None, Some(section)) => write!(formatter, "{} in {section}", self.what),
            (None, None) => formatter.write_str(&self.what),
        }
    }
}

/// What sort of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    Section,
    Block,
    Role,
    Task,
    Skill,
    Registration,
    Route,
    Group,
    Requirement,
    Reference,
    /// A requirement section in full, as it stands in published pages.
    Embedded,
    Item,
}

impl Noun {
    pub fn singular(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Block => "block",
            Self::Role => "role",
            Self::Task => "task",
            Self::Skill => "skill",
            Self::Registration => "registration",
            Self::Route => "entry route",
            Self::Group => "group",
            Self::Requirement => "requirement",
            Self::Reference => "reference to a requirement section",
            Self::Embedded => "requirement section",
            Self::Item => "item",
        }
    }

    pub fn plural(self) -> &'static str {
        match self {
            Self::Section => "sections",
            Self::Block => "blocks",
            Self::Role => "roles",
            Self::Task => "tasks",
            Self::Skill => "skills",
            Self::Registration => "registrations",
            Self::Route => "entry routes",
            Self::Group => "groups",
            Self::Requirement => "requirements",
            Self::Reference => "references to requirement sections",
            Self::Embedded => "requirement sections",
            Self::Item => "items",
        }
    }
}

/// "2 sections added"
pub fn many(count: usize, noun: Noun, what: What) -> String {
    format!("{count} {} {}", noun.plural(), verb(what))
}

/// "and 3 more changes"
pub fn more(count: usize) -> String {
    if count == 1 { "and 1 more change".to_owned() } else { format!("and {count} more changes") }
}

pub fn noun(thing: &Thing<'_>) -> Noun {
    match thing.place.path.rsplit('/').next().unwrap_or_default() {
        "sections" => Noun::Section,
        "blocks" => Noun::Block,
        "roles" => Noun::Role,
        "tasks" => Noun::Task,
        "skills" => Noun::Skill,
        "registrations" => Noun::Registration,
        "routes" => Noun::Route,
        "requirement_section" => Noun::Embedded,
        "requirements" | "items" => match text(thing.fields, "kind") {
            Some("group") => Noun::Group,
            Some("requirement") => Noun::Requirement,
            Some("section") => Noun::Reference,
            _ => Noun::Item,
        },
        _ => Noun::Item,
    }
}

pub fn verb(what: What) -> &'static str {
    match what {
        What::Added => "added",
        What::Removed => "removed",
        What::Moved => "moved",
        What::Changed => "changed",
    }
}

fn block_name(thing: &Thing<'_>) -> String {
    let kind = text(thing.fields, "kind").unwrap_or("block");
    upper_first(&kind.replace('_', " "))
}

fn section_name(things: &Things<'_>, block: &Thing<'_>) -> Option<String> {
    let section = things.get(block.place.owner?)?;
    let number = section.position.saturating_add(1);
    Some(text(section.fields, "heading").map_or_else(|| format!("section {number}"), quoted))
}

fn route_kind(route: &Thing<'_>) -> Option<String> {
    text(route.fields, "kind").map(|kind| quoted(&kind.replace('_', " ")))
}

/// How a group's rule reads: "all of", "at least 2 of".
pub fn rule_words(group: &Map<String, Value>) -> String {
    match (text(group, "rule"), group.get("count").and_then(Value::as_u64)) {
        (Some("at_least"), Some(count)) => format!("at least {count} of"),
        (rule, _) => rule.unwrap_or("none").replace('_', " "),
    }
}

/// "Level raised from RQF 2 to RQF 3"; `None` if the values are no levels.
pub fn level_change(from: &Value, to: &Value) -> Option<String> {
    let (before, after) = (level(from)?, level(to)?);
    let verb = if before.framework != after.framework {
        "changed"
    } else if before.rank() < after.rank() {
        "raised"
    } else {
        "lowered"
    };
    let words = |level: &Level| format!("{} {}", level.framework.name(), level.name());
    Some(format!("Level {verb} from {} to {}", words(&before), words(&after)))
}

pub fn is_level(value: &Value) -> bool {
    level(value).is_some()
}

/// Whether the values of a field are names from a closed list.
pub fn is_choice(key: &str) -> bool {
    matches!(
        key,
        "kind"
            | "rule"
            | "category"
            | "necessity"
            | "display"
            | "tone"
            | "title_article"
            | "period"
            | "show"
            | "nations"
            | "nation"
            | "scheme"
    )
}

/// "Learn-more links"
pub fn key_in_words(key: &str) -> String {
    upper_first(&key_words(key))
}

fn level(value: &Value) -> Option<Level> {
    let fields = value.as_object()?;
    Level::new(Framework::from_name(text(fields, "framework")?)?, text(fields, "level")?)
}

/// Settings and facts go by their own names, whichever object they are kept in.
fn of_document(keys: &[&str]) -> String {
    let keys = keys.strip_prefix(&["content"]).filter(|rest| !rest.is_empty()).unwrap_or(keys);
    let keys = keys.strip_prefix(&["facts"]).filter(|rest| !rest.is_empty()).unwrap_or(keys);
    if keys.is_empty() { "Document".to_owned() } else { path_words(keys) }
}

/// "Pay: minimum"
fn path_words(keys: &[&str]) -> String {
    upper_first(&keys.iter().map(|key| key_words(key)).collect::<Vec<_>>().join(": "))
}

fn key_words(key: &str) -> String {
    match key {
        "learn_more" => "learn-more links".to_owned(),
        "alt" => "alternative text".to_owned(),
        "media" => "image".to_owned(),
        "markdown" => "text".to_owned(),
        "page" => "own page".to_owned(),
        "show" => "facts shown".to_owned(),
        _ => key.replace('_', " "),
    }
}

/// A text that says something.
fn text<'v>(fields: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    fields.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn quoted(name: &str) -> String {
    if name.chars().count() <= NAME_LIMIT {
        return format!("“{name}”");
    }
    let start: String = name.chars().take(NAME_LIMIT).collect();
    format!("“{}…”", start.trim_end())
}

pub fn upper_first(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

pub fn lower_first(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
