//! The kinds of content, and the ONE dispatch over them. To add a kind: its own file, a variant of [`Kind`] and
//! [`Content`], and the arms that the compiler then asks for.

pub mod requirement;
pub mod requirement_section;
pub mod role_page;
pub mod section;
mod walk;

use serde::Serialize;
use serde_json::Value;

use crate::kernel::{Chance, Error, Fault, Result, Timestamp};

use super::reader::{CONTENT_LIMIT, Reader};

pub use requirement_section::RequirementSection;
pub use role_page::RolePage;
pub use walk::Part;

named! {
    /// The kinds of documents.
    Kind { RolePage = "role-page", RequirementSection = "requirement-section", }
}

/// The content of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    RolePage(Box<RolePage>),
    RequirementSection(Box<RequirementSection>),
}

/// The number of the shape in which content is stored now. A change of shape raises it, upgrades older numbers in
/// [`Content::from_stored`], and leaves a frozen sample of the old shape in the tests.
pub const FORMAT: i32 = 1;

impl Kind {
    /// The name of the kind's collection in addresses.
    pub fn collection(self) -> &'static str {
        match self {
            Self::RolePage => "role-pages",
            Self::RequirementSection => "requirement-sections",
        }
    }

    pub fn of_collection(collection: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.collection() == collection)
    }

    /// The kind in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::RolePage => "role page",
            Self::RequirementSection => "requirement section",
        }
    }
}

impl Content {
    pub fn kind(&self) -> Kind {
        match self {
            Self::RolePage(_) => Kind::RolePage,
            Self::RequirementSection(_) => Kind::RequirementSection,
        }
    }

    /// Reads what a program or a form sent; `pointer` is where it stood.
    ///
    /// # Errors
    /// All faults with their pointers.
    pub fn read(
        kind: Kind,
        value: Value,
        pointer: &str,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Self, Vec<Fault>> {
        let size = value.to_string().len();
        if size > CONTENT_LIMIT {
            let detail = format!("The content has {size} bytes; at most {CONTENT_LIMIT} are possible.");
            return Err(vec![Fault::new(pointer, "too-large", detail)]);
        }
        let mut reader = Reader::new(chance, now);
        let content = match kind {
            Kind::RolePage => reader.read(value, pointer).map(|page| Self::RolePage(Box::new(page))),
            Kind::RequirementSection => {
                reader.read(value, pointer).map(|section| Self::RequirementSection(Box::new(section)))
            }
        };
        match (content, reader.into_faults()) {
            (Some(content), faults) if faults.is_empty() => Ok(content),
            (_, faults) => Err(faults),
        }
    }

    /// Content as it was stored, in whichever format.
    pub fn from_stored(kind: Kind, format: i32, stored: &str) -> Result<Self> {
        if format != FORMAT {
            return Err(Error::bug(format!("content of the unknown format {format}")));
        }
        Ok(match kind {
            Kind::RolePage => Self::RolePage(serde_json::from_str(stored)?),
            Kind::RequirementSection => Self::RequirementSection(serde_json::from_str(stored)?),
        })
    }

    pub fn from_value(kind: Kind, value: Value) -> Result<Self> {
        Ok(match kind {
            Kind::RolePage => Self::RolePage(serde_json::from_value(value)?),
            Kind::RequirementSection => Self::RequirementSection(serde_json::from_value(value)?),
        })
    }

    pub fn to_value(&self) -> Result<Value> {
        Ok(match self {
            Self::RolePage(page) => serde_json::to_value(page)?,
            Self::RequirementSection(section) => serde_json::to_value(section)?,
        })
    }

    pub fn to_stored(&self) -> Result<String> {
        Ok(match self {
            Self::RolePage(page) => serde_json::to_string(page)?,
            Self::RequirementSection(section) => serde_json::to_string(section)?,
        })
    }

    pub fn title(&self) -> &str {
        match self {
            Self::RolePage(page) => &page.title,
            Self::RequirementSection(section) => &section.title,
        }
    }

    pub fn summary(&self) -> &str {
        match self {
            Self::RolePage(page) => &page.summary,
            Self::RequirementSection(section) => &section.summary,
        }
    }

    pub fn sections(&self) -> &[section::Section] {
        match self {
            Self::RolePage(page) => &page.sections,
            Self::RequirementSection(section) => &section.sections,
        }
    }

    /// Shows every part of the content, in reading order, with its JSON pointer within the content.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&str, Part<'a>)) {
        match self {
            Self::RolePage(page) => walk::role_page(page, visit),
            Self::RequirementSection(section) => walk::requirement_section(section, visit),
        }
    }
}

impl Serialize for Content {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::RolePage(page) => page.serialize(serializer),
            Self::RequirementSection(section) => section.serialize(serializer),
        }
    }
}
