//! Tables as files for spreadsheets (RFC 4180).
//!
//! Decision (2026-11-22): a cell that a spreadsheet would take for a formula gets an apostrophe before it. Context: titles,
//! names and notes are typed by people, and a file is opened with one click. Consequence: such a cell is not the text itself;
//! programs read the management interface.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A line of a table.
pub fn line<'cell>(cells: impl IntoIterator<Item = &'cell str>) -> String {
    let quoted: Vec<String> = cells.into_iter().map(quoted).collect();
    format!("{}\r\n", quoted.join(","))
}

/// A cell that is a text whatever it begins with.
fn quoted(cell: &str) -> String {
    let harmless = !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if harmless { "" } else { "'" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

/// A table as a file that is kept nowhere on the way. The name is one of ours.
pub fn file(name: &'static str, text: String) -> Response {
    let mut response = (StatusCode::OK, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
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
        assert_eq!(line(["a", ""]), "\"a\",\"\"\r\n");
    }
}
