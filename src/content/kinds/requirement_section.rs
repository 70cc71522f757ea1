//! Requirement sections: what is asked of people who want to get in, shared by many role pages.

use serde::{Deserialize, Serialize};

use super::{
    super::{
        reader::{ITEMS_LIMIT, Object, Read, SECTIONS_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT},
        values::Markdown,
    },
    requirement::{EntryRoute, Node},
    section::{Section, Skill},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementSection {
    pub title: String,
    pub summary: String,
    pub introduction: Markdown,
    /// What holds whichever way in.
    pub requirements: Option<Node>,
    pub routes: Vec<EntryRoute>,
    pub skills: Vec<Skill>,
    pub sections: Vec<Section>,
}

impl Read for RequirementSection {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            title: object.line("title", TITLE_LIMIT),
            summary: object.line("summary", SUMMARY_LIMIT),
            introduction: object.markdown("introduction"),
            requirements: object.optional("requirements"),
            routes: object.list("routes", ITEMS_LIMIT),
            skills: object.list("skills", ITEMS_LIMIT),
            sections: object.list("sections", SECTIONS_LIMIT),
        })
    }
}
