//! Everything that one public page is composed of, gathered before composing begins, so that composing needs no
//! database. It must not know HTTP.
//!
//! Decision (2026-11-22), absence is the answer. Context: links and cards of what is not live are left out of the public
//! JSON. Choice: what may not be shown is not in the bundle, and composing leaves out whatever it doesn't find.
//! Consequence: nothing that is composed can leak a draft, because it never holds one.

use std::collections::{BTreeSet, HashMap};

use crate::{
    content::{
        kinds::{Content, Kind, RequirementSection},
        lifecycle::LiveState,
        requirements::Sections,
    },
    kernel::{DocumentId, MediaId, Sequence, Timestamp, VersionNumber},
};

use super::view::{Card, FocalPoint};

/// A public page with all that stands in it.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub document: PublishedDocument,
    /// The requirement sections that stand in the page or in its trees, directly or through others; live or withdrawn.
    pub embedded: HashMap<DocumentId, EmbeddedSection>,
    /// What links and related roles may lead to: only what is live.
    pub cards: HashMap<DocumentId, Card>,
    /// The ancestors, the topmost first.
    pub breadcrumbs: Vec<Card>,
    /// The images that are public.
    pub media: HashMap<MediaId, Media>,
    /// The live role pages that embed this requirement section, by title; empty for role pages.
    pub used_by: Vec<Card>,
    /// Signed; proves to the intake of reports what the visitor saw.
    pub page_token: String,
    pub depends_on: DependsOn,
}

/// What was looked for, the page itself included, whether or not it was found: a change to any of it can change the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependsOn {
    pub documents: BTreeSet<DocumentId>,
    pub media: BTreeSet<MediaId>,
}

/// The document that a page is made of.
#[derive(Clone, Debug)]
pub struct PublishedDocument {
    pub id: DocumentId,
    pub kind: Kind,
    pub slug: String,
    pub path: String,
    pub version: VersionNumber,
    pub language: String,
    /// Live or withdrawn.
    pub state: LiveState,
    /// Why it was withdrawn.
    pub notice: Option<String>,
    pub content: Content,
    pub first_published_at: Timestamp,
    pub published_at: Timestamp,
    /// When its public JSON last changed.
    pub updated_at: Timestamp,
    pub changed_sequence: Sequence,
    /// Date, YYYY-MM-DD.
    pub last_reviewed_on: Option<String>,
    /// Date, YYYY-MM-DD.
    pub review_by: Option<String>,
}

/// A requirement section that stands in another document.
#[derive(Clone, Debug)]
pub struct EmbeddedSection {
    pub id: DocumentId,
    pub slug: String,
    pub path: String,
    pub version: VersionNumber,
    /// Why it was withdrawn.
    pub notice: Option<String>,
    pub content: RequirementSection,
}

#[derive(Clone, Debug)]
pub struct Media {
    pub id: MediaId,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    pub focal_point: Option<FocalPoint>,
    pub renditions: Vec<Rendition>,
}

/// One stored file of an image.
#[derive(Clone, Debug)]
pub struct Rendition {
    pub key: String,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    pub media_type: String,
}

impl Sections for Bundle {
    fn section(&self, id: DocumentId) -> Option<&RequirementSection> {
        self.embedded.get(&id).map(|section| &section.content)
    }
}
