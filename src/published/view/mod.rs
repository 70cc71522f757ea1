//! The public JSON as types: names, nesting and order of keys as they are promised to sites. Nothing here decides
//! anything, and nothing here knows HTTP, the database or how content is stored.
//!
//! Decision (2026-11-22), own types down to the leaves. Context: content is stored in one shape and published in another,
//! and each has its own reasons to change. Choice: closed lists of names and amounts are shared with content, everything
//! with keys is not. Consequence: a new format of content can't change the public JSON by accident, and what is new in
//! content is published only when somebody decides so.

mod facts;
mod prose;
mod requirement;

use serde::Serialize;

use crate::{
    content::kinds::{Kind, role_page::TitleArticle},
    kernel::{DocumentId, Timestamp, VersionNumber},
};

pub use facts::{Facts, Hours, OccupationCode, Pay, Registration};
pub use prose::{
    Block, BlockBody, FocalPoint, Image, ImageSource, Link, RichText, RoleSummary, Section, Skill, SkillCode, Task,
};
pub use requirement::{
    EmbeddedSection, EntryRoute, Group, Level, Node, NodeBody, Qualification, Requirement, SectionBody, SectionHead,
    Source, Standard,
};

/// A public page of either kind.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Page {
    RolePage(Box<RolePage>),
    RequirementSection(Box<RequirementSection>),
}

impl Page {
    /// What it begins with.
    pub fn identity(&self) -> &Identity {
        match self {
            Self::RolePage(page) => &page.identity,
            Self::RequirementSection(section) => &section.identity,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct RolePage {
    #[serde(flatten)]
    pub identity: Identity,
    pub title: String,
    pub title_article: TitleArticle,
    pub alternative_titles: Vec<String>,
    pub summary: String,
    pub meta_description: String,
    pub breadcrumbs: Vec<Card>,
    pub lead_image: Option<Image>,
    pub sections: Vec<Section>,
    pub related_roles: Vec<Card>,
    pub learn_more: Vec<Link>,
    pub facts: Facts,
    #[serde(flatten)]
    pub standing: Standing,
}

#[derive(Clone, Debug, Serialize)]
pub struct RequirementSection {
    #[serde(flatten)]
    pub identity: Identity,
    pub title: String,
    pub summary: String,
    pub meta_description: String,
    pub breadcrumbs: Vec<Card>,
    #[serde(flatten)]
    pub body: SectionBody,
    pub used_by: Vec<Card>,
    #[serde(flatten)]
    pub standing: Standing,
}

/// What every page begins with.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    pub id: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub path: String,
    pub version: VersionNumber,
    /// BCP 47.
    pub language: String,
}

/// What every page ends with.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub first_published_at: Timestamp,
    pub published_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_reviewed_on: Option<String>,
    pub review_by: Option<String>,
    /// Why the page was withdrawn; null while it is live.
    pub notice: Option<String>,
    pub feedback: Feedback,
    pub links: Links,
}

/// How a visitor reports a problem with the page.
#[derive(Clone, Debug, Serialize)]
pub struct Feedback {
    pub action: &'static str,
    pub page_token: String,
    pub kinds: &'static [&'static str],
}

/// Addresses that belong to the page.
#[derive(Clone, Debug, Serialize)]
pub struct Links {
    #[serde(rename = "self")]
    pub own: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_ld: Option<String>,
}

/// A reference to another page, with enough to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    pub id: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub path: String,
    pub title: String,
    pub summary: String,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListItem {
    #[serde(flatten)]
    pub card: Card,
    pub published_at: Timestamp,
    pub updated_at: Timestamp,
}
