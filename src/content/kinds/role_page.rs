//! Role pages: what a role, or a whole area of roles, is like.

use serde::{Deserialize, Serialize};

use crate::kernel::{DocumentId, NodeId};

use super::{
    super::{
        reader::{ITEMS_LIMIT, LINE_LIMIT, Object, Read, SECTIONS_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT},
        values::{Amount, Markdown},
    },
    requirement::{Nation, Standard},
    section::{ImageUse, Link, Section, Skill, Task},
};

named! {
    /// The article before the title in a sentence; `as_defined` leaves the title as it is written.
    TitleArticle { A = "a", An = "an", None = "none", AsDefined = "as_defined", }

    CodeScheme { UkSoc = "uk-soc", OnetSoc = "onet-soc", Isco = "isco", Esco = "esco", }

    Period { Hour = "hour", Day = "day", Week = "week", Month = "month", Year = "year", }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePage {
    pub title: String,
    pub title_article: TitleArticle,
    pub alternative_titles: Vec<String>,
    pub summary: String,
    /// `None`: the summary, cut at a sentence.
    pub meta_description: Option<String>,
    pub search_terms: Vec<String>,
    pub lead_image: Option<ImageUse>,
    pub sections: Vec<Section>,
    pub related_roles: Vec<DocumentId>,
    pub learn_more: Vec<Link>,
    #[serde(default)]
    pub facts: Facts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub occupation_codes: Vec<OccupationCode>,
    pub pay: Option<Pay>,
    pub hours: Option<Hours>,
    pub tasks: Vec<Task>,
    pub skills: Vec<Skill>,
    pub registrations: Vec<Registration>,
    pub work_locations: Vec<String>,
    pub work_environments: Vec<String>,
    pub uniform: Vec<String>,
    pub standards: Vec<Standard>,
    pub career_path: Markdown,
}

/// A code means something only with its scheme and that scheme's version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccupationCode {
    pub scheme: CodeScheme,
    pub scheme_version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pay {
    Bands {
        scheme: String,
        nation: Option<Nation>,
        bands: Vec<String>,
    },
    Range {
        minimum: Option<Amount>,
        maximum: Option<Amount>,
        currency: String,
        period: Period,
        as_of: Option<String>,
    },
    Progression {
        starter: Option<Amount>,
        experienced: Option<Amount>,
        currency: String,
        period: Period,
        as_of: Option<String>,
    },
    Variable {
        note: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    pub minimum: Option<Amount>,
    pub maximum: Option<Amount>,
    pub detail: Option<String>,
    pub patterns: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    pub id: NodeId,
    pub text: String,
    pub organisation: Option<String>,
    pub links: Vec<Link>,
}

impl Read for RolePage {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            title: object.line("title", TITLE_LIMIT),
            title_article: object.choice("title_article", TitleArticle::AsDefined),
            alternative_titles: object.lines("alternative_titles"),
            summary: object.line("summary", SUMMARY_LIMIT),
            meta_description: object.optional_line("meta_description", LINE_LIMIT),
            search_terms: object.lines("search_terms"),
            lead_image: object.optional("lead_image"),
            sections: object.list("sections", SECTIONS_LIMIT),
            related_roles: object.documents("related_roles"),
            learn_more: object.list("learn_more", ITEMS_LIMIT),
            facts: object.part("facts"),
        })
    }
}

impl Read for Facts {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            occupation_codes: object.list("occupation_codes", ITEMS_LIMIT),
            pay: object.optional("pay"),
            hours: object.optional("hours"),
            tasks: object.list("tasks", ITEMS_LIMIT),
            skills: object.list("skills", ITEMS_LIMIT),
            registrations: object.list("registrations", ITEMS_LIMIT),
            work_locations: object.lines("work_locations"),
            work_environments: object.lines("work_environments"),
            uniform: object.lines("uniform"),
            standards: object.list("standards", ITEMS_LIMIT),
            career_path: object.markdown("career_path"),
        })
    }
}

impl Read for OccupationCode {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let scheme = object.optional_choice("scheme");
        let code = Self {
            scheme: scheme.unwrap_or(CodeScheme::UkSoc),
            scheme_version: object.line("scheme_version", LINE_LIMIT),
            code: object.optional_line("code", LINE_LIMIT),
            uri: object.optional_line("uri", LINE_LIMIT),
            label: object.optional_line("label", LINE_LIMIT),
            primary: object.boolean("primary"),
        };
        if scheme.is_none() {
            object.fault("scheme", "missing-field", "An occupation code needs its scheme.");
        }
        Some(code)
    }
}

impl Read for Pay {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(match object.kind("pay", &["bands", "range", "progression", "variable"])?.as_str() {
            "bands" => Self::Bands {
                scheme: object.line("scheme", LINE_LIMIT),
                nation: object.optional_choice("nation"),
                bands: object.lines("bands"),
            },
            "range" => Self::Range {
                minimum: object.amount("minimum"),
                maximum: object.amount("maximum"),
                currency: currency(object),
                period: object.choice("period", Period::Year),
                as_of: object.date("as_of"),
            },
            "progression" => Self::Progression {
                starter: object.amount("starter"),
                experienced: object.amount("experienced"),
                currency: currency(object),
                period: object.choice("period", Period::Year),
                as_of: object.date("as_of"),
            },
            _ => Self::Variable { note: object.optional_line("note", LINE_LIMIT) },
        })
    }
}

/// A code of ISO 4217; pounds sterling if none is given.
fn currency(object: &mut Object<'_, '_>) -> String {
    let code = object.optional_line("currency", LINE_LIMIT).unwrap_or_else(|| "GBP".to_owned());
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        object.fault(
            "currency",
            "not-a-currency",
            "A currency code of three capital letters was expected, such as GBP.",
        );
    }
    code
}

impl Read for Hours {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            minimum: object.amount("minimum"),
            maximum: object.amount("maximum"),
            detail: object.optional_line("detail", LINE_LIMIT),
            patterns: object.lines("patterns"),
        })
    }
}

impl Read for Registration {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            id: object.id(),
            text: object.line("text", LINE_LIMIT),
            organisation: object.optional_line("organisation", LINE_LIMIT),
            links: object.list("links", ITEMS_LIMIT),
        })
    }

    fn read_text(id: NodeId, text: String) -> Option<Self> {
        Some(Self { id, text, organisation: None, links: Vec::new() })
    }
}
