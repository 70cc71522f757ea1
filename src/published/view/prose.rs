//! Sections, blocks and the small parts that stand in them, as they are published. Knows nothing of pages.

use serde::Serialize;

use crate::{
    content::{
        kinds::section::{self, Display, FactName, SkillKind, Tone},
        markdown::TreeNode,
    },
    kernel::{DocumentId, MediaId, NodeId},
};

use super::{Card, EmbeddedSection};

#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub id: NodeId,
    pub heading: Option<String>,
    /// Unique in the page; null without a heading.
    pub anchor: Option<String>,
    pub display: Display,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Block {
    pub id: NodeId,
    #[serde(flatten)]
    pub body: BlockBody,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockBody {
    Text { text: Option<RichText> },
    Image { image: Image },
    Callout { tone: Tone, heading: Option<String>, text: Option<RichText> },
    Details { summary: String, text: Option<RichText> },
    Roles { introduction: Option<RichText>, roles: Vec<RoleSummary> },
    Requirements { note: Option<RichText>, requirement_section: Box<EmbeddedSection> },
    Links { links: Vec<Link> },
    Quote { text: Option<RichText>, attribution: Option<String> },
    Facts { show: Vec<FactName> },
}

/// One rich text in three forms: as it is kept, as HTML, and as a tree for sites that make their own HTML. Links to
/// documents are resolved in the last two.
#[derive(Clone, Debug, Serialize)]
pub struct RichText {
    pub markdown: String,
    pub html: String,
    pub tree: Vec<TreeNode>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Image {
    pub id: MediaId,
    /// Empty if the image is decorative.
    pub alt: String,
    pub decorative: bool,
    pub caption: Option<String>,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    pub focal_point: Option<FocalPoint>,
    pub sources: Vec<ImageSource>,
}

/// The part of an image that must stay visible, as fractions from the left and from the top.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FocalPoint {
    pub x: f64,
    pub y: f64,
}

#[derive(Clone, Debug, Serialize)]
pub struct ImageSource {
    pub src: String,
    pub width: i32,
    pub height: i32,
    #[serde(rename = "type")]
    pub media_type: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct RoleSummary {
    pub id: NodeId,
    pub title: String,
    pub text: Option<RichText>,
    pub tasks: Vec<Task>,
    /// The role's own page; null if it has none that is live.
    pub page: Option<Card>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Task {
    pub id: NodeId,
    pub text: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Skill {
    pub id: NodeId,
    pub kind: SkillKind,
    pub text: String,
    pub code: Option<SkillCode>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SkillCode {
    pub scheme: String,
    pub code: String,
}

/// A link to an address, or to a document of the site: then `url` is its live path, with the block's id as fragment if a
/// block is named, and the ids stand beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    pub text: String,
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<NodeId>,
}

impl From<&section::Task> for Task {
    fn from(task: &section::Task) -> Self {
        let section::Task { id, text } = task;
        Self { id: *id, text: text.clone() }
    }
}

impl From<&section::Skill> for Skill {
    fn from(skill: &section::Skill) -> Self {
        let section::Skill { id, kind, text, code } = skill;
        Self { id: *id, kind: *kind, text: text.clone(), code: code.as_ref().map(Into::into) }
    }
}

impl From<&section::SkillCode> for SkillCode {
    fn from(code: &section::SkillCode) -> Self {
        let section::SkillCode { scheme, code } = code;
        Self { scheme: scheme.clone(), code: code.clone() }
    }
}
