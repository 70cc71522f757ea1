//! A document as a reader would meet it: its draft, what is live, or any version. The page itself stands in a frame that
//! runs nothing and sends nothing.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{self, Document},
    feedback,
    kernel::{Error, Permission, Result, VersionNumber},
    published::{self, Embedded, Line},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        layers::Framed,
        reader::reader_view,
        request::PanelRequest,
        ui::{self, field, shell, time},
    },
    Opened, Tab, address, document_head, history, title_of,
};

named! {
    /// Which version is previewed.
    LineAsked { Draft = "draft", Live = "live", }

    /// Which versions of embedded sections stand in it.
    EmbeddedAsked { Drafts = "drafts", Live = "live", }
}

/// What a preview shows, as its address says.
#[derive(Clone, Copy, Debug)]
struct Asked {
    line: Option<LineAsked>,
    version: Option<VersionNumber>,
    embedded: Option<EmbeddedAsked>,
}

impl Asked {
    fn read(request: &mut PanelRequest) -> Result<Self> {
        let line = request.query.choice("line");
        let embedded = request.query.choice("as");
        let version = request.query.number("version", 0, 1, 1_000_000_000);
        let version = i32::try_from(version).ok().filter(|version| *version > 0).map(VersionNumber);
        request.end_of_query()?;
        Ok(Self { line, version, embedded })
    }

    fn line(self) -> Line {
        match (self.version, self.line) {
            (Some(version), _) => Line::Version(version),
            (None, Some(LineAsked::Live)) => Line::Live,
            (None, _) => Line::Draft,
        }
    }

    fn embedded(self) -> Embedded {
        match (self.embedded, self.line()) {
            (Some(EmbeddedAsked::Live), _) | (None, Line::Live) => Embedded::Live,
            _ => Embedded::Drafts,
        }
    }

    fn query(self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        match self.line() {
            Line::Version(version) => query.append_pair("version", &version.to_string()),
            Line::Live => query.append_pair("line", "live"),
            Line::Draft => query.append_pair("line", "draft"),
        };
        query.append_pair("as", if self.embedded() == Embedded::Live { "live" } else { "drafts" });
        query.finish()
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let asked = Asked::read(&mut request)?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let head = document_head(&request, &document, Tab::Preview).await?;
    let public = document.state().is_public();
    let main = html! {
        (head)
        div.main.stack {
            (choice(opened, &document, asked))
            @if request.may(Permission::ContentWrite) { p { a.tap href=(opened.address("preview-links")) { "Links for people without an account" } } }
            @if asked.line() == Line::Live && !public {
                (ui::empty("It is not live, so readers see nothing of it.", html! {
                    (ui::link_button(&opened.address("preview?line=draft"), "Preview what is there"))
                }))
            } @else {
                (frame_of(opened, asked, &format!("{} as a reader would see it", title_of(&document))))
            }
        }
    };
    Ok(request.page(opened.area(), &format!("Preview: {}", title_of(&document)), main))
}

/// Which version and which embedded sections: a form that asks, so that its address can be kept.
fn choice(opened: Opened, document: &Document, asked: Asked) -> Markup {
    let lines = field::options(LineAsked::ALL, LineAsked::name, |line| match line {
        LineAsked::Draft => "The draft, or what is there",
        LineAsked::Live => "What is live",
    });
    let sections = field::options(EmbeddedAsked::ALL, EmbeddedAsked::name, |embedded| match embedded {
        EmbeddedAsked::Drafts => "In their drafts",
        EmbeddedAsked::Live => "As they are live",
    });
    let state = FormState::new()
        .with("line", if asked.line() == Line::Live { "live" } else { "draft" })
        .with("as", if asked.embedded() == Embedded::Live { "live" } else { "drafts" });
    html! {
        form.filters method="get" action=(opened.address("preview")) {
            (field::select(&state.field("line", "Version"), &lines))
            (field::select(&state.field("as", "Requirement sections in it"), &sections))
            button.button { "Show" }
        }
        @if document.standing.draft_version.is_none() && asked.line() == Line::Draft {
            p.document-note { "There is no draft; this is version " (document.standing.version) "." }
        }
    }
}

fn frame_of(opened: Opened, asked: Asked, title: &str) -> Markup {
    let source = format!("{}?{}", opened.address("preview/frame"), asked.query());
    html! {
        iframe.frame src=(source) title=(title) sandbox="allow-same-origin" {}
    }
}

/// The page within the frame.
pub async fn frame(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let asked = Asked::read(&mut request)?;
    let opened = Opened::of(&request)?;
    Ok(framed(&request, opened, asked).await?)
}

async fn framed(request: &PanelRequest, opened: Opened, asked: Asked) -> Result<Response> {
    let to = |kind, id| address(kind, id, &format!("preview/frame?{}", linked(asked)));
    let page = published::preview(&request.ctx, opened.kind, opened.id, asked.line(), &asked.embedded(), &to).await?;
    let page = page.ok_or_else(|| Error::not_found("live version of this document"))?;
    let mut response = shell::frame(Some(&request.chrome), "Preview", reader_view(&page, None), StatusCode::OK);
    response.extensions_mut().insert(Framed);
    Ok(response)
}

/// Pages that are followed from a preview are shown on the same line; a version belongs to one page alone.
fn linked(asked: Asked) -> String {
    Asked { version: None, ..asked }.query()
}

/// One version: when and by whom it was saved, and the page that it would make.
pub async fn version(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let number = VersionNumber(request.id::<i32>("version")?);
    let document = opened.document(&request).await?;
    let found = content::version(&request.ctx, opened.kind, opened.id, number).await?;
    let head = document_head(&request, &document, Tab::History).await?;
    let summary = &found.summary;
    let (zone, now) = (&request.chrome.zone, request.now());
    let asked = Asked { line: None, version: Some(number), embedded: None };
    let restores = request.may(Permission::ContentWrite) && document.trashed_at.is_none();
    let fixed = match request.may(Permission::FeedbackRead) {
        true => feedback::fixed_by(&request.ctx, opened.id, number).await?,
        false => Vec::new(),
    };
    let main = html! {
        (head)
        div.main.stack {
            h2 { "Version " (number) }
            p {
                "Saved " (time::when(zone, now, summary.created_at)) " by " (summary.author.name) (history::through(&summary.door))
                @if let Some(from) = summary.from_version { ", from version " (from) }
                "."
            }
            @if let Some(note) = &summary.note { p { "Note: " (note) } }
            @for case in &fixed {
                p {
                    @if case.regressed { "It was meant to fix " } @else { "It fixes " }
                    a href={ "/admin/cases/" (case.id) } { "case " (case.number) ": " (case.title) }
                    @if case.regressed { ", which was reported again since." } @else { "." }
                }
            }
            div.row {
                a.button href=(opened.address("history")) { "Back to the history" }
                @if number != document.standing.version {
                    a.button href=(opened.address(&format!("compare?from={number}&to={}", document.standing.version))) { "Compare with what is there now" }
                    @if restores { a.button href=(opened.address(&format!("restore?version={number}"))) { "Restore…" } }
                }
                @if restores { a.button href=(opened.address(&format!("preview-links?version={number}"))) { "Make a preview link…" } }
            }
            (frame_of(opened, asked, &format!("Version {number} as a reader would see it")))
        }
    };
    Ok(request.page(opened.area(), &format!("Version {number}: {}", title_of(&document)), main))
}
