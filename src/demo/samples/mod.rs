//! Sample content for a site that has none yet: two role pages with the requirement sections and pictures in them, and
//! three reports about one of the pages, so that everything which editors and triagers do can be tried at once. It is
//! added and taken away as a whole; what is a sample stands in `site::samples`.
//!
//! Decision (2026-11-22), all samples are published. Context: reports are about published pages, a published page needs
//! the sections that it embeds to be live, and a site with nothing live shows neither its API nor its inbox at work.
//! Choice: the ordinary commands make all documents, publish them together and receive the reports as from a form; who
//! adds them is told beforehand that they become public. Where the rules ask for a review, they are published by force,
//! which administrators may, and the log says so. Consequence: the changes feed and webhooks tell of them like of any
//! publication, and taking them away leaves addresses that say that they are gone.
//!
//! Decision (2026-11-22), what somebody has made part of their own content stays. Context: samples are there to be
//! played with, and whoever writes a page of their own may embed a sample section or use a sample picture in it. Choice:
//! removal takes away what nothing else needs; everything else loses its mark and is the site's own from then on. A sample
//! that was only edited goes, after the page has said who edited it. Consequence: removal never breaks a page.
//!
//! Decision (2026-11-22), many commands. Context: adding and removing are a dozen commands, each a transaction of its own,
//! and any of them can be the last before an interruption. Choice: pictures are marked as soon as all of them are made,
//! documents likewise, before anything is public, and each report as soon as it is received; removal skips what is gone
//! already. Consequence: after an interruption the same page takes away what is there. A draft that was not marked yet is
//! put into the trash like any other.

mod adding;
mod removing;

use serde_json::Value;

use crate::{content::Kind, kernel::Result};

use super::{material, names::unknown};

pub use adding::{Samples, add_samples};
pub use removing::{Because, Changed, Outcome, Removal, Thing, removal, remove_samples};

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

/// What would be added: the kinds and titles of the documents, in their order.
///
/// # Errors
/// [`Error::Bug`](crate::kernel::Error::Bug) if a file can't be read.
pub fn samples() -> Result<Vec<(Kind, String)>> {
    let read = |name: &&str| {
        let (kind, body) = document(name)?;
        let title = body.pointer("/content/title").and_then(Value::as_str).unwrap_or_default();
        Ok((kind, title.to_owned()))
    };
    DOCUMENTS.iter().map(read).collect()
}

/// A document as its file has it.
fn document(name: &str) -> Result<(Kind, Value)> {
    let (kind, text) = material::document(name).ok_or_else(|| unknown("file of a document", name))?;
    Ok((kind, serde_json::from_str(text)?))
}
