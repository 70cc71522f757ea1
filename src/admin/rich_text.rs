//! Rich text between its two forms, for the element that edits it: the editor's document as Markdown, and Markdown as a
//! document. Nothing is kept.

use axum::{
    http::{HeaderValue, header},
    response::IntoResponse,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    content::{
        limits::MARKDOWN_LIMIT,
        markdown::{RichDoc, editor::EDITOR_LIMIT},
    },
    kernel::{Error, Result},
    web::{Answer, json},
};

use super::{request::PanelRequest, ui::words};

/// The Markdown of the document in the field `doc`.
pub async fn markdown(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let sent = only_field(&request, "doc", EDITOR_LIMIT)?;
    let read = RichDoc::from_editor(&sent);
    let (document, _) =
        read.ok_or_else(|| Error::invalid("/doc", "unreadable", "This is no document of the editor."))?;
    let mut response = document.to_markdown().trim_end().to_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A text in both forms that the element reads.
#[derive(Serialize)]
struct Converted {
    doc: Value,
    html: String,
    /// What could not be kept, in words.
    dropped: Vec<&'static str>,
}

/// The document and the HTML of the Markdown in the field `markdown`.
pub async fn document(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let markdown = only_field(&request, "markdown", MARKDOWN_LIMIT)?;
    let (document, dropped) = RichDoc::parse_reporting(&markdown);
    json(&Converted {
        doc: document.to_editor(),
        html: document.to_editor_html(),
        dropped: dropped.into_iter().map(words::dropped).collect(),
    })
}

/// The one field of a form, of at most `limit` characters.
fn only_field(request: &PanelRequest, name: &str, limit: usize) -> Result<String> {
    let mut fields = request.form.fields(&[]);
    let sent = fields.raw_text(name);
    if sent.is_none() {
        fields.fault(name, "missing-field", "This field is missing.");
    }
    let sent = sent.unwrap_or_default();
    if sent.chars().count() > limit {
        fields.fault(name, "too-long", format!("At most {limit} characters are possible."));
    }
    fields.finish()?;
    Ok(sent)
}
