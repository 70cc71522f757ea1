//! The facts of a role page, as they are published.

use serde::Serialize;

use crate::{
    content::{
        kinds::{
            requirement::Nation,
            role_page::{self, CodeScheme, Period},
        },
        values::Amount,
    },
    kernel::NodeId,
};

use super::{Link, RichText, Skill, Standard, Task};

#[derive(Clone, Debug, Serialize)]
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
    pub career_path: Option<RichText>,
}

/// `code` or `uri` is left out if the scheme has none.
#[derive(Clone, Debug, Serialize)]
pub struct OccupationCode {
    pub scheme: CodeScheme,
    pub scheme_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    pub label: Option<String>,
    pub primary: bool,
}

#[derive(Clone, Debug, Serialize)]
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

#[derive(Clone, Debug, Serialize)]
pub struct Hours {
    pub minimum: Option<Amount>,
    pub maximum: Option<Amount>,
    pub detail: Option<String>,
    pub patterns: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Registration {
    pub id: NodeId,
    pub text: String,
    pub organisation: Option<String>,
    pub links: Vec<Link>,
}

impl From<&role_page::OccupationCode> for OccupationCode {
    fn from(code: &role_page::OccupationCode) -> Self {
        let role_page::OccupationCode { scheme, scheme_version, code, uri, label, primary } = code;
        Self {
            scheme: *scheme,
            scheme_version: scheme_version.clone(),
            code: code.clone(),
            uri: uri.clone(),
            label: label.clone(),
            primary: *primary,
        }
    }
}

impl From<&role_page::Pay> for Pay {
    fn from(pay: &role_page::Pay) -> Self {
        use role_page::Pay as Stored;

        match pay.clone() {
            Stored::Bands { scheme, nation, bands } => Self::Bands { scheme, nation, bands },
            Stored::Range { minimum, maximum, currency, period, as_of } => {
                Self::Range { minimum, maximum, currency, period, as_of }
            }
            Stored::Progression { starter, experienced, currency, period, as_of } => {
                Self::Progression { starter, experienced, currency, period, as_of }
            }
            Stored::Variable { note } => Self::Variable { note },
        }
    }
}

impl From<&role_page::Hours> for Hours {
    fn from(hours: &role_page::Hours) -> Self {
        let role_page::Hours { minimum, maximum, detail, patterns } = hours;
        Self { minimum: *minimum, maximum: *maximum, detail: detail.clone(), patterns: patterns.clone() }
    }
}
