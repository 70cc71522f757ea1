//! The audit log as a file for spreadsheets (RFC 4180).
//!
//! Decision (2026-11-22): a cell that a spreadsheet would take for a formula gets an apostrophe before it. Context: names
//! and notes are typed by people, and a file is opened with one click. Consequence: such a cell is not the text itself;
//! programs read the log at the management interface.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use serde_json::Value;

use crate::{
    events::{self, Event},
    kernel::Permission,
    web::Answer,
};

use super::{super::request::PanelRequest, filters::Filters, names, sentences::Names};

/// The most events that a file holds.
const MOST: u64 = 10_000;
const HEADINGS: [&str; 9] = ["event", "time", "who", "as", "what", "kind", "about", "through", "recorded"];

pub async fn download(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::AuditRead)?;
    let filters = Filters::read(&mut request)?;
    let found = {
        let snapshot = request.app.database.read().await?;
        events::list(&*snapshot, &filters.filter, true, MOST).await?
    };
    let names = names(&request, &found).await?;
    let mut text = line(HEADINGS.map(str::to_owned));
    for event in &found {
        text.push_str(&line(cells(&request, event, &names)));
    }
    let mut response = (StatusCode::OK, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"audit-log.csv\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn cells(request: &PanelRequest, event: &Event, names: &Names) -> [String; 9] {
    let told = names.told(event, &request.chrome.zone);
    [
        event.sequence.0.to_string(),
        event.at.to_string(),
        event.actor.name.clone(),
        event.actor.kind.clone(),
        told.text(),
        event.kind.name().to_owned(),
        format!("{} {}", event.subject.kind, event.subject.id),
        event.door.clone(),
        Value::Object(event.payload.clone()).to_string(),
    ]
}

fn line(cells: [String; 9]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", quoted.join(","))
}

/// A cell that is a text whatever it begins with.
fn quoted(cell: &str) -> String {
    let harmless = !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if harmless { "" } else { "'" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        assert_eq!(quoted("plain"), "\"plain\"");
        assert_eq!(quoted("a \"word\", and\nmore"), "\"a \"\"word\"\", and\nmore\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
        assert_eq!(quoted(""), "\"\"");
    }
}
