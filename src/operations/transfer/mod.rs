//! Export and import: everything that is content, as a folder of files that people and programs can read. Documents are
//! made and taken in by the content module; this one knows the folder, the media library and redirects. Reports, cases,
//! people, keys, events and settings are not content.
//!
//! ```text
//! export.json        the format number
//! documents.ndjson   a document a line, ordered by id
//! media.ndjson       an image a line, ordered by id
//! redirects.ndjson   a redirect that was made by hand a line, ordered by id
//! media/KEY          the files of the images
//! ```
//!
//! Decision (2026-11-22): an import takes all or nothing. A document that is there already is left as it is if the line
//! says the same of it; if it says anything else the whole import is refused, since there is no telling which of two
//! histories is right.
//!
//! Decision (2026-11-22): schedules travel with their documents. Leaving them out would silently drop what was promised;
//! one that is overdue is carried out soon after the import, as after any pause, so the answer names how many came in.

mod export;
mod import;
mod media;

pub use export::{ExportReport, export};
pub use import::{ImportReport, import};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::Timestamp;

/// The shape of the folder and its lines. A change of shape raises it.
const FORMAT: u32 = 1;

const HEAD: &str = "export.json";
const DOCUMENTS: &str = "documents.ndjson";
const MEDIA: &str = "media.ndjson";
const REDIRECTS: &str = "redirects.ndjson";
const MEDIA_FOLDER: &str = "media";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RedirectLine {
    id: Uuid,
    path: String,
    target: String,
    created_at: Timestamp,
}

impl RedirectLine {
    fn of(row: entity::redirect::Model) -> Self {
        Self { id: row.id, path: row.path, target: row.target, created_at: Timestamp(row.created_at) }
    }
}
