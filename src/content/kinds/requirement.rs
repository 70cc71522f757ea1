//! The requirement tree and entry routes. What a tree means is in `requirements.rs`; here is only its shape.

use serde::{Deserialize, Serialize};

use crate::kernel::{DocumentId, NodeId};

use super::{
    super::{
        reader::{ITEMS_LIMIT, LINE_LIMIT, Object, Read, TITLE_LIMIT},
        values::Markdown,
    },
    section::Link,
};

named! {
    Rule { AllOf = "all_of", OneOf = "one_of", AtLeast = "at_least", }

    Category {
        Qualification = "qualification",
        Experience = "experience",
        Licence = "licence",
        BackgroundCheck = "background_check",
        Registration = "registration",
        Health = "health",
        Age = "age",
        Nationality = "nationality",
        Residence = "residence",
        Transport = "transport",
        Insurance = "insurance",
        References = "references",
        Audition = "audition",
        Skill = "skill",
        Other = "other",
    }

    /// `required` and `usually` ask for something; the others do not.
    Necessity {
        Required = "required",
        Usually = "usually",
        Sometimes = "sometimes",
        Helpful = "helpful",
        None = "none",
    }

    Nation { England = "england", Scotland = "scotland", Wales = "wales", NorthernIreland = "northern_ireland", }

    /// A framework of qualification levels; levels of different frameworks are never compared.
    Framework { Rqf = "RQF", Cqfw = "CQFW", Scqf = "SCQF", }

    RouteKind {
        University = "university",
        College = "college",
        Apprenticeship = "apprenticeship",
        GraduateScheme = "graduate_scheme",
        Work = "work",
        Volunteering = "volunteering",
        Direct = "direct",
        Other = "other",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub id: NodeId,
    #[serde(flatten)]
    pub body: NodeBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NodeBody {
    Group(Group),
    Requirement(Box<Requirement>),
    Section { requirement_section: Option<DocumentId>, necessity: Option<Necessity> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub rule: Rule,
    /// With `at_least` only.
    pub count: Option<u32>,
    pub lead_in: Option<String>,
    pub items: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    pub name: String,
    pub level: Option<Level>,
    pub grade: Option<String>,
    pub count_minimum: Option<u32>,
    pub count_maximum: Option<u32>,
    pub or_equivalent: bool,
    pub subjects: Vec<String>,
}

/// A level of a framework: RQF and CQFW `entry`, 1 … 8; SCQF 1 … 12.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    pub framework: Framework,
    pub level: LevelName,
}

/// The place of a level in its framework's order; `entry` is half a step above asking for nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LevelName(String);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub title: String,
    pub url: String,
    pub checked_on: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRoute {
    pub id: NodeId,
    pub kind: RouteKind,
    pub heading: Option<String>,
    pub introduction: Markdown,
    /// `None`: prose only, and nobody knows what it asks for.
    pub requirements: Option<Node>,
    pub further_information: Markdown,
    /// Relevant subjects or courses.
    pub subjects: Vec<String>,
    pub standards: Vec<Standard>,
    pub links: Vec<Link>,
}

/// An apprenticeship standard, such as ST0120.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    pub reference: String,
    pub title: String,
    pub level: Option<Level>,
    pub lars_code: Option<u32>,
    pub duration_months: Option<u32>,
}

impl Framework {
    /// The levels, lowest first.
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Rqf | Self::Cqfw => &["entry", "1", "2", "3", "4", "5", "6", "7", "8"],
            Self::Scqf => &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"],
        }
    }
}

impl Level {
    /// `None` if the framework has no such level.
    pub fn new(framework: Framework, level: &str) -> Option<Self> {
        let known = framework.levels().contains(&level);
        known.then(|| Self { framework, level: LevelName(level.to_owned()) })
    }

    /// 1 for the framework's lowest level; 0 stands for asking for nothing.
    pub fn rank(&self) -> usize {
        self.framework.levels().iter().position(|level| *level == self.level.0).map_or(0, |position| position + 1)
    }

    pub fn name(&self) -> &str {
        &self.level.0
    }
}

impl Read for Node {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let id = object.id();
        let body = match object.kind("requirement", &["group", "requirement", "section"])?.as_str() {
            "group" => NodeBody::Group(Group::read(object)?),
            "requirement" => NodeBody::Requirement(Box::new(Requirement::read(object)?)),
            _ => NodeBody::Section {
                requirement_section: object.document("requirement_section"),
                necessity: object.optional_choice("necessity"),
            },
        };
        Some(Self { id, body })
    }
}

impl Read for Group {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let rule = object.choice("rule", Rule::AllOf);
        let count = object.whole_number("count", 1, 500);
        if count.is_some() && rule != Rule::AtLeast {
            object.fault("count", "count-without-at-least", "A count belongs to the rule at_least only.");
        }
        Some(Self {
            rule,
            count,
            lead_in: object.optional_line("lead_in", LINE_LIMIT),
            items: object.deeper_list("items"),
        })
    }
}

impl Read for Requirement {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let mut nations: Vec<Nation> = object.choices("nations");
        nations.sort_unstable();
        nations.dedup();
        Some(Self {
            text: object.line("text", LINE_LIMIT),
            category: object.choice("category", Category::Other),
            necessity: object.choice("necessity", Necessity::Required),
            qualification: object.optional("qualification"),
            organisation: object.optional_line("organisation", LINE_LIMIT),
            links: object.list("links", ITEMS_LIMIT),
            source: object.optional("source"),
            nations,
        })
    }
}

impl Read for Qualification {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            name: object.line("name", LINE_LIMIT),
            level: object.optional("level"),
            grade: object.optional_line("grade", LINE_LIMIT),
            count_minimum: object.whole_number("count_minimum", 1, 100),
            count_maximum: object.whole_number("count_maximum", 1, 100),
            or_equivalent: object.boolean("or_equivalent"),
            subjects: object.lines("subjects"),
        })
    }
}

impl Read for Level {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let framework: Option<Framework> = object.optional_choice("framework");
        let level = object.line("level", LINE_LIMIT);
        let Some(framework) = framework else {
            object.fault("framework", "missing-field", "A level needs its framework: RQF, CQFW or SCQF.");
            return None;
        };
        let known = Self::new(framework, &level);
        if known.is_none() {
            let levels = framework.levels().join(", ");
            object.fault(
                "level",
                "unknown-level",
                format!("{level:?} is not a level of {}: {levels}.", framework.name()),
            );
        }
        known
    }
}

impl Read for Source {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            title: object.line("title", LINE_LIMIT),
            url: object.line("url", LINE_LIMIT),
            checked_on: object.date("checked_on"),
        })
    }
}

impl Read for EntryRoute {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let id = object.id();
        let kind = object.kind("entry route", &RouteKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>())?;
        Some(Self {
            id,
            kind: RouteKind::from_name(&kind)?,
            heading: object.optional_line("heading", TITLE_LIMIT),
            introduction: object.markdown("introduction"),
            requirements: object.optional("requirements"),
            further_information: object.markdown("further_information"),
            subjects: object.lines("subjects"),
            standards: object.list("standards", ITEMS_LIMIT),
            links: object.list("links", ITEMS_LIMIT),
        })
    }
}

impl Read for Standard {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            reference: object.line("reference", LINE_LIMIT),
            title: object.line("title", LINE_LIMIT),
            level: object.optional("level"),
            lars_code: object.whole_number("lars_code", 1, 1_000_000),
            duration_months: object.whole_number("duration_months", 1, 120),
        })
    }
}
