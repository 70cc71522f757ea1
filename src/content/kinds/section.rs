//! Sections and blocks: what the prose of both kinds is made of, with the small parts that stand in them.

use serde::{Deserialize, Serialize};

use crate::kernel::{DocumentId, MediaId, NodeId};

use super::super::{
    reader::{BLOCKS_LIMIT, ITEMS_LIMIT, LINE_LIMIT, Object, Read, TITLE_LIMIT},
    values::Markdown,
};

named! {
    /// How a section is shown.
    Display { Plain = "plain", Accordion = "accordion", }

    Tone { Information = "information", Tip = "tip", Warning = "warning", }

    /// A fact of a role page that a facts block can show.
    FactName {
        OccupationCodes = "occupation_codes",
        Pay = "pay",
        Hours = "hours",
        Tasks = "tasks",
        Skills = "skills",
        Registrations = "registrations",
        WorkLocations = "work_locations",
        WorkEnvironments = "work_environments",
        Uniform = "uniform",
        Standards = "standards",
        CareerPath = "career_path",
    }

    SkillKind {
        Essential = "essential",
        Desirable = "desirable",
        Personal = "personal",
        Digital = "digital",
        Knowledge = "knowledge",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub id: NodeId,
    pub heading: Option<String>,
    pub display: Display,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub id: NodeId,
    #[serde(flatten)]
    pub body: BlockBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockBody {
    Text { markdown: Markdown },
    Image(ImageUse),
    Callout { tone: Tone, heading: Option<String>, markdown: Markdown },
    Details { summary: String, markdown: Markdown },
    Roles { introduction: Markdown, roles: Vec<RoleSummary> },
    Requirements { requirement_section: Option<DocumentId>, note: Markdown },
    Links { links: Vec<Link> },
    Quote { markdown: Markdown, attribution: Option<String> },
    Facts { show: Vec<FactName> },
}

/// One use of an image, with the alternative text that fits here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageUse {
    pub media: Option<MediaId>,
    pub alt: String,
    pub decorative: bool,
    pub caption: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSummary {
    pub id: NodeId,
    pub title: String,
    pub markdown: Markdown,
    pub tasks: Vec<Task>,
    /// The role's own page, if it has one.
    pub page: Option<DocumentId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: NodeId,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    pub id: NodeId,
    pub kind: SkillKind,
    pub text: String,
    pub code: Option<SkillCode>,
}

/// A concept in a published scheme, such as ESCO or O*NET.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillCode {
    pub scheme: String,
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub text: String,
    #[serde(flatten)]
    pub target: LinkTarget,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LinkTarget {
    Document {
        document: DocumentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        block: Option<NodeId>,
    },
    Address {
        #[serde(default)]
        url: String,
    },
}

impl Read for Section {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            id: object.id(),
            heading: object.optional_line("heading", TITLE_LIMIT),
            display: object.choice("display", Display::Plain),
            blocks: object.list("blocks", BLOCKS_LIMIT),
        })
    }
}

impl Read for Block {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let id = object.id();
        let kinds = ["text", "image", "callout", "details", "roles", "requirements", "links", "quote", "facts"];
        let body = match object.kind("block", &kinds)?.as_str() {
            "text" => BlockBody::Text { markdown: object.markdown("markdown") },
            "image" => BlockBody::Image(ImageUse::read(object)?),
            "callout" => BlockBody::Callout {
                tone: object.choice("tone", Tone::Information),
                heading: object.optional_line("heading", TITLE_LIMIT),
                markdown: object.markdown("markdown"),
            },
            "details" => BlockBody::Details {
                summary: object.line("summary", LINE_LIMIT),
                markdown: object.markdown("markdown"),
            },
            "roles" => BlockBody::Roles {
                introduction: object.markdown("introduction"),
                roles: object.list("roles", ITEMS_LIMIT),
            },
            "requirements" => BlockBody::Requirements {
                requirement_section: object.document("requirement_section"),
                note: object.markdown("note"),
            },
            "links" => BlockBody::Links { links: object.list("links", ITEMS_LIMIT) },
            "quote" => BlockBody::Quote {
                markdown: object.markdown("markdown"),
                attribution: object.optional_line("attribution", LINE_LIMIT),
            },
            _ => BlockBody::Facts { show: object.choices("show") },
        };
        Some(Self { id, body })
    }
}

impl Read for ImageUse {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            media: object.media("media"),
            alt: object.line("alt", LINE_LIMIT),
            decorative: object.boolean("decorative"),
            caption: object.optional_line("caption", LINE_LIMIT),
        })
    }
}

impl Read for RoleSummary {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            id: object.id(),
            title: object.line("title", TITLE_LIMIT),
            markdown: object.markdown("markdown"),
            tasks: object.list("tasks", ITEMS_LIMIT),
            page: object.document("page"),
        })
    }
}

impl Read for Task {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self { id: object.id(), text: object.line("text", LINE_LIMIT) })
    }

    fn read_text(id: NodeId, text: String) -> Option<Self> {
        Some(Self { id, text })
    }
}

impl Read for Skill {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self {
            id: object.id(),
            kind: object.choice("kind", SkillKind::Essential),
            text: object.line("text", LINE_LIMIT),
            code: object.optional("code"),
        })
    }

    fn read_text(id: NodeId, text: String) -> Option<Self> {
        Some(Self { id, kind: SkillKind::Essential, text, code: None })
    }
}

impl Read for SkillCode {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        Some(Self { scheme: object.line("scheme", LINE_LIMIT), code: object.line("code", LINE_LIMIT) })
    }
}

impl Read for Link {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let text = object.line("text", LINE_LIMIT);
        let url = object.optional_line("url", LINE_LIMIT);
        let document = object.document("document");
        let block = object.node("block");
        let target = match (url, document) {
            (Some(_), Some(_)) => {
                object.fault("url", "two-targets", "A link leads to a url or to a document, not to both.");
                return None;
            }
            (url, None) => {
                if block.is_some() {
                    object.fault("block", "block-without-document", "A block can be named only with its document.");
                }
                LinkTarget::Address { url: url.unwrap_or_default() }
            }
            (None, Some(document)) => LinkTarget::Document { document, block },
        };
        Some(Self { text, target })
    }
}
