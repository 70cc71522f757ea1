//! Sample content for a site that has none yet: a few of the demo's documents with the pictures in them, as drafts of
//! whoever asks. No people, no reports, and nothing that is public.
//!
//! Decision (2026-11-22), drafts and nothing else. Context: samples are there to be looked at, changed and thrown away, on
//! a site that readers may know already. Choice: the ordinary commands make them, one by one, and nobody but a person
//! publishes them. Consequence: an interruption leaves some of them behind, each whole; they are put into the trash like
//! anything else.

use serde_json::{Value, json};

use crate::{
    content::{self, Draft, Kind},
    kernel::{Ctx, Error, Permission, Result},
    media::{self, Store},
};

use super::{
    material,
    names::{Names, unknown},
    story::{self, Step},
    writing::new_image,
};

/// The documents, so that what one refers to stands before it.
const DOCUMENTS: &[&str] = &[
    "right-to-work",
    "values-and-behaviours",
    "entry-requirements-ict",
    "information-and-communication-technology",
    "service-desk-operator",
];
/// The pictures in them.
const IMAGES: &[&str] = &["two-screens", "network-cupboard", "headset-desk"];
const NOTE: &str = "Sample content";

/// What was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    pub role_pages: u64,
    pub requirement_sections: u64,
    pub images: u64,
}

/// What would be added: the kinds and titles of the documents, in their order.
///
/// # Errors
/// [`Error::Bug`] if a file can't be read.
pub fn samples() -> Result<Vec<(Kind, String)>> {
    let read = |name: &&str| {
        let (kind, text) = material::document(name).ok_or_else(|| unknown("file of a document", name))?;
        let body: Value = serde_json::from_str(text)?;
        let title = body.pointer("/content/title").and_then(Value::as_str).unwrap_or_default();
        Ok((kind, title.to_owned()))
    };
    DOCUMENTS.iter().map(read).collect()
}

/// Adds the samples to a site without documents.
///
/// # Errors
/// [`Error::Conflict`] `not-empty` if there is a document, be it in the trash.
pub async fn add_samples(ctx: &Ctx, store: &Store) -> Result<Samples> {
    ctx.authorise(Permission::SettingsManage)?;
    let begun = content::beginnings(ctx).await?;
    if begun.role_page || begun.requirement_section {
        let detail = "There is content already, so no samples are added.";
        return Err(Error::conflict("not-empty", detail));
    }
    let mut names = Names::default();
    let mut added = Samples::default();
    for entry in story::read()? {
        let Step::Image(image) = entry.step else { continue };
        if IMAGES.contains(&image.name.as_str()) {
            let name = image.name.clone();
            let media = media::add(ctx, store, new_image(image)?).await?;
            names.remember_image(name, media.id);
            added.images += 1;
        }
    }
    for name in DOCUMENTS {
        let (kind, text) = material::document(name).ok_or_else(|| unknown("file of a document", name))?;
        let mut body: Value = serde_json::from_str(text)?;
        names.put_ids(&mut body)?;
        if let Value::Object(fields) = &mut body {
            fields.insert("note".to_owned(), json!(NOTE));
        }
        let made = content::create(ctx, kind, Draft::read(ctx, kind, body)?).await?;
        names.remember_document(name, kind, made.standing.id);
        match kind {
            Kind::RolePage => added.role_pages += 1,
            Kind::RequirementSection => added.requirement_sections += 1,
        }
    }
    Ok(added)
}
