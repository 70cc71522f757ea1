//! The pages about one document: its history, versions, previews and uses, and a page for each step in its life. What
//! may be done to it is asked of the lifecycle; each page calls the one command or query that programs call too.

pub mod compare;
mod happenings;
mod head;
pub mod history;
pub mod looking;
mod ownership;
pub mod preview;
pub mod preview_links;
pub mod publish;
mod publish_page;
mod review_queue;
mod stale;
mod step_forms;
pub mod steps;
mod timing;
pub mod used_by;
pub mod versions;

use crate::{
    content::{self, Document, Kind},
    kernel::{DocumentId, Error, Result, VersionNumber},
    web::Fields,
};

use super::{
    request::PanelRequest,
    ui::{field, shell::Area},
};

pub use head::{Tab, document_head};
pub use ownership::{own, ownership};

/// Characters of a note or an explanation.
const NOTE_LIMIT: usize = 1_000;

named! {
    /// Where a person came from to take a step, and goes back to when it is taken.
    Origin { Dashboard = "dashboard", }
}

impl Origin {
    fn address(self) -> &'static str {
        match self {
            Self::Dashboard => "/admin",
        }
    }
}

/// The document that an address names.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    pub kind: Kind,
    pub id: DocumentId,
}

impl Opened {
    /// # Errors
    /// [`Error::NotFound`] if the address names no collection or no id.
    pub fn of(request: &PanelRequest) -> Result<Self> {
        let kind = Kind::of_collection(request.parameter("collection"));
        let kind = kind.ok_or_else(|| Error::not_found("such address"))?;
        Ok(Self { kind, id: request.id("id")? })
    }

    pub async fn document(self, request: &PanelRequest) -> Result<Document> {
        content::document(&request.ctx, self.kind, self.id).await
    }

    /// The address of a page about it; the editor's without `rest`.
    pub fn address(self, rest: &str) -> String {
        address(self.kind, self.id, rest)
    }

    pub fn area(self) -> Area {
        area(self.kind)
    }
}

/// The address of a page about a document; the editor's without `rest`.
pub fn address(kind: Kind, id: DocumentId, rest: &str) -> String {
    let own = format!("/admin/{}/{id}", kind.collection());
    if rest.is_empty() { own } else { format!("{own}/{rest}") }
}

/// The place in the editor that a pointer leads to, whether it begins within the content or around it.
pub fn editor_place(kind: Kind, id: DocumentId, pointer: &str) -> String {
    let beside = ["/content/", "/slug", "/parent", "/language"].iter().any(|start| pointer.starts_with(start));
    let place = if beside { pointer.to_owned() } else { format!("/content{pointer}") };
    format!("{}#{}", address(kind, id, ""), field::anchor(&place))
}

/// The area that documents of a kind belong to.
pub fn area(kind: Kind) -> Area {
    match kind {
        Kind::RolePage => Area::RolePages,
        Kind::RequirementSection => Area::RequirementSections,
    }
}

/// The title of the version that is shown.
pub fn title_of(document: &Document) -> &str {
    let title = document.content.get("title").and_then(serde_json::Value::as_str).unwrap_or_default();
    titled(title)
}

/// A title, or the words for what has none yet.
pub fn titled(title: &str) -> &str {
    if title.trim().is_empty() { "Untitled" } else { title }
}

/// The version that the person at a form had seen.
///
/// # Errors
/// [`Error::PreconditionRequired`] if the form names none.
fn seen(fields: &mut Fields) -> Result<VersionNumber> {
    version_named(fields, "version")
}

fn version_named(fields: &mut Fields, name: &str) -> Result<VersionNumber> {
    let number = fields.text(name, 20).and_then(|text| text.parse().ok());
    number.map(VersionNumber).ok_or(Error::PreconditionRequired)
}
