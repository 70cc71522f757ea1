//! Requirement sections, entry routes and requirement trees, as they are published. What a tree means was worked out
//! before.

use serde::Serialize;

use crate::{
    content::{
        kinds::{
            Kind,
            requirement::{self, Category, Framework, Nation, Necessity, RouteKind, Rule},
        },
        requirements::AsksFor,
    },
    kernel::{DocumentId, NodeId, VersionNumber},
};

use super::{Link, RichText, Section, Skill};

/// A requirement section that stands in another page in full.
#[derive(Clone, Debug, Serialize)]
pub struct EmbeddedSection {
    #[serde(flatten)]
    pub head: SectionHead,
    #[serde(flatten)]
    pub body: SectionBody,
}

/// Which requirement section something comes from.
#[derive(Clone, Debug, Serialize)]
pub struct SectionHead {
    pub id: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub path: String,
    pub version: VersionNumber,
    pub title: String,
    pub summary: String,
    /// Why the section was withdrawn; null while it is live.
    pub notice: Option<String>,
}

/// What a requirement section says.
#[derive(Clone, Debug, Serialize)]
pub struct SectionBody {
    pub introduction: Option<RichText>,
    pub requirements: Option<Node>,
    /// The tree in sentences.
    pub plain: Vec<String>,
    pub routes: Vec<EntryRoute>,
    pub skills: Vec<Skill>,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EntryRoute {
    pub id: NodeId,
    pub kind: RouteKind,
    pub heading: Option<String>,
    pub introduction: Option<RichText>,
    pub requirements: Option<Node>,
    /// The tree in sentences.
    pub plain: Vec<String>,
    pub asks_for: AsksFor,
    pub further_information: Option<RichText>,
    pub subjects: Vec<String>,
    pub standards: Vec<Standard>,
    pub links: Vec<Link>,
}

/// A node of an expanded tree.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    pub id: NodeId,
    #[serde(flatten)]
    pub body: NodeBody,
    /// The section that this node comes from, where a reference stood; left out everywhere else.
    #[serde(rename = "requirement_section", skip_serializing_if = "Option::is_none")]
    pub origin: Option<SectionHead>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NodeBody {
    Group(Group),
    Requirement(Box<Requirement>),
    /// A reference that was not followed: something is asked for here that this tree can't tell. Null if the public can't
    /// read the section.
    Section {
        requirement_section: Option<Box<SectionHead>>,
        necessity: Option<Necessity>,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub rule: Rule,
    pub count: Option<u32>,
    pub lead_in: Option<String>,
    pub items: Vec<Node>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Requirement {
    pub text: String,
    pub category: Category,
    pub necessity: Necessity,
    pub qualification: Option<Qualification>,
    pub organisation: Option<String>,
    pub links: Vec<Link>,
    pub source: Option<Source>,
    /// Empty: all nations.
    pub nations: Vec<Nation>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Qualification {
    pub name: String,
    pub level: Option<Level>,
    pub grade: Option<String>,
    pub count_minimum: Option<u32>,
    pub count_maximum: Option<u32>,
    pub or_equivalent: bool,
    pub subjects: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Level {
    pub framework: Framework,
    pub level: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub title: String,
    pub url: String,
    pub checked_on: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Standard {
    pub reference: String,
    pub title: String,
    pub level: Option<Level>,
    pub lars_code: Option<u32>,
    pub duration_months: Option<u32>,
}

impl From<&requirement::Qualification> for Qualification {
    fn from(qualification: &requirement::Qualification) -> Self {
        let requirement::Qualification { name, level, grade, count_minimum, count_maximum, or_equivalent, subjects } =
            qualification;
        Self {
            name: name.clone(),
            level: level.as_ref().map(Into::into),
            grade: grade.clone(),
            count_minimum: *count_minimum,
            count_maximum: *count_maximum,
            or_equivalent: *or_equivalent,
            subjects: subjects.clone(),
        }
    }
}

impl From<&requirement::Level> for Level {
    fn from(level: &requirement::Level) -> Self {
        let requirement::Level { framework, level: _ } = level;
        Self { framework: *framework, level: level.name().to_owned() }
    }
}

impl From<&requirement::Source> for Source {
    fn from(source: &requirement::Source) -> Self {
        let requirement::Source { title, url, checked_on } = source;
        Self { title: title.clone(), url: url.clone(), checked_on: checked_on.clone() }
    }
}

impl From<&requirement::Standard> for Standard {
    fn from(standard: &requirement::Standard) -> Self {
        let requirement::Standard { reference, title, level, lars_code, duration_months } = standard;
        Self {
            reference: reference.clone(),
            title: title.clone(),
            level: level.as_ref().map(Into::into),
            lars_code: *lars_code,
            duration_months: *duration_months,
        }
    }
}
