//! Reports and cases as files: JSON, or CSV that a spreadsheet takes for words and never for formulas. It hands out text
//! piece by piece, so that a long list needs no more memory than a short one.
//!
//! Decisions (2026-11-22):
//! - What is in quarantine, and reports whose text was purged, stand in a file only if somebody asks for them in so many
//!   words. Addresses of visitors never do.
//! - Who took which filter out as what is an event, written before the first row is read. What the rows say is not in it.
//! - The pieces are read one after the other, each from the database as it is then. A report that comes in meanwhile is
//!   newer than the file; one snapshot for a whole download would keep the log of SQLite from being emptied for as long as
//!   somebody's line is slow.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{CaseId, Ctx, Permission, Result},
};

use super::{
    listing::CaseListing,
    overview, queries,
    queries::Case,
    reports::{self, Report, ReportListing},
};

named! {
    ExportFormat {
        Csv = "csv",
        Json = "json",
    }
}

/// What is taken out.
#[derive(Clone, Debug)]
pub enum Exported {
    /// In quarantine or not, as the listing says; without its word those that are not.
    Reports {
        listing: ReportListing,
        with_purged: bool,
    },
    Cases(Box<CaseListing>),
}

/// Rows that are read at once.
const PIECE: u64 = 500;

/// A column of a CSV file, and where its value stands in the JSON of a row.
type Column = (&'static str, &'static str);

const REPORT_COLUMNS: &[Column] = &[
    ("reference", "/reference"),
    ("received_at", "/received_at"),
    ("kind", "/kind"),
    ("page", "/page_title"),
    ("page_id", "/page"),
    ("document_id", "/document"),
    ("version", "/version"),
    ("block", "/block"),
    ("wrong", "/wrong"),
    ("doing", "/doing"),
    ("added", "/additions"),
    ("device", "/device"),
    ("removed", "/removed"),
    ("flags", "/flags"),
    ("case", "/case_number"),
    ("quarantined", "/quarantined"),
    ("reasons", "/reasons"),
    ("text_purged_at", "/text_purged_at"),
];

const CASE_COLUMNS: &[Column] = &[
    ("number", "/number"),
    ("title", "/title"),
    ("page", "/document/title"),
    ("path", "/document/path"),
    ("document_id", "/document/id"),
    ("state", "/state"),
    ("resolution", "/resolution"),
    ("reason", "/reason"),
    ("explanation", "/explanation"),
    ("severity", "/severity"),
    ("category", "/category"),
    ("assignee", "/assignee/name"),
    ("first_action_at", "/first_action_at"),
    ("first_action_due_at", "/first_action_due_at"),
    ("fix_due_at", "/fix_due_at"),
    ("due_at", "/due_at"),
    ("regressed", "/regressed"),
    ("fixed_in_version", "/fixed_in/version"),
    ("reports", "/report_count"),
    ("first_report_at", "/first_report_at"),
    ("last_report_at", "/last_report_at"),
    ("created_at", "/created_at"),
    ("updated_at", "/updated_at"),
];

/// A file that is being written.
pub struct Export {
    ctx: Ctx,
    what: Exported,
    format: ExportFormat,
    state: State,
}

enum State {
    Beginning,
    /// Whether a row has been written before.
    Rows(bool),
    Over,
}

/// Begins a file, and records who takes what out. `filter` is what was asked for, in words of the address.
///
/// # Errors
/// [`crate::kernel::Error::Forbidden`] without the permission to export.
pub async fn export(ctx: &Ctx, what: Exported, format: ExportFormat, filter: &[(&str, String)]) -> Result<Export> {
    ctx.authorise(Permission::FeedbackExport)?;
    ctx.authorise(Permission::FeedbackRead)?;
    let (name, what) = match what {
        Exported::Reports { listing, with_purged } => {
            let quarantined = Some(listing.quarantined.unwrap_or(false));
            let listing = ReportListing { quarantined, after: None, limit: PIECE, ..listing };
            ("reports", Exported::Reports { listing, with_purged })
        }
        Exported::Cases(listing) => {
            ("cases", Exported::Cases(Box::new(CaseListing { after: None, limit: PIECE, ..*listing })))
        }
    };
    let filter: Map<String, Value> =
        filter.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect();
    let tx = ctx.write().await?;
    let event = NewEvent::about(EventKind::FeedbackExported, "export", ctx.new_id())
        .with("what", name)
        .with("format", format.name())
        .with("filter", filter);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await?;
    Ok(Export { ctx: Ctx { idempotency: None, ..ctx.clone() }, what, format, state: State::Beginning })
}

impl Export {
    pub fn format(&self) -> ExportFormat {
        self.format
    }

    /// What the file is called.
    pub fn file_name(&self) -> String {
        let what = match self.what {
            Exported::Reports { .. } => "reports",
            Exported::Cases(_) => "cases",
        };
        format!("{what}-{}.{}", self.ctx.now().date(), self.format.name())
    }

    /// The next piece of the file; `None` at its end.
    pub async fn next(&mut self) -> Result<Option<String>> {
        let before = match self.state {
            State::Beginning => {
                self.state = State::Rows(false);
                return Ok(Some(match self.format {
                    ExportFormat::Json => "{\"data\":[".to_owned(),
                    ExportFormat::Csv => line(self.columns().iter().map(|(name, _)| (*name).to_owned())),
                }));
            }
            State::Rows(before) => before,
            State::Over => return Ok(None),
        };
        let (rows, more) = self.rows().await?;
        let mut text = String::new();
        let mut first = !before;
        for row in &rows {
            match self.format {
                ExportFormat::Csv => {
                    text.push_str(&line(self.columns().iter().map(|(_, place)| cell(row.pointer(place)))))
                }
                ExportFormat::Json => {
                    text.push_str(if first { "\n" } else { ",\n" });
                    text.push_str(&serde_json::to_string(row)?);
                }
            }
            first = false;
        }
        if more {
            self.state = State::Rows(!first);
        } else {
            self.state = State::Over;
            if self.format == ExportFormat::Json {
                text.push_str("\n]}\n");
            }
        }
        Ok(Some(text))
    }

    fn columns(&self) -> &'static [Column] {
        match self.what {
            Exported::Reports { .. } => REPORT_COLUMNS,
            Exported::Cases(_) => CASE_COLUMNS,
        }
    }

    /// The next rows, and whether there are more behind them.
    async fn rows(&mut self) -> Result<(VecDeque<Value>, bool)> {
        match &mut self.what {
            Exported::Reports { listing, with_purged } => {
                let (found, next) = reports::piece(&self.ctx, listing, *with_purged).await?;
                let more = next.is_some();
                listing.after = next;
                Ok((report_rows(&self.ctx, found).await?, more))
            }
            Exported::Cases(listing) => {
                let page = queries::cases(&self.ctx, listing).await?;
                let more = page.next.is_some();
                listing.after = page.next;
                let rows: Result<VecDeque<Value>> = page.rows.iter().map(|case: &Case| as_json(case)).collect();
                Ok((rows?, more))
            }
        }
    }
}

async fn report_rows(ctx: &Ctx, found: Vec<Report>) -> Result<VecDeque<Value>> {
    let pages = found.iter().map(|report| report.page).collect();
    let pages = overview::named_documents(ctx, &pages).await?;
    let cases = found.iter().filter_map(|report| report.case).collect::<std::collections::BTreeSet<CaseId>>();
    let numbers = queries::numbers_of(ctx, &cases).await?;
    let mut rows = VecDeque::with_capacity(found.len());
    for report in found {
        let number = report.case.and_then(|case| numbers.get(&case).copied());
        let title = pages.get(&report.page).map(|page| page.title.clone());
        let mut row = as_json(&Report { contact: None, taken_out: Vec::new(), ..report })?;
        if let Value::Object(fields) = &mut row {
            for private in ["contact", "has_contact", "taken_out", "revision"] {
                fields.remove(private);
            }
            fields.insert("page_title".to_owned(), title.into());
            fields.insert("case_number".to_owned(), number.into());
        }
        rows.push_back(row);
    }
    Ok(rows)
}

fn as_json(row: &impl Serialize) -> Result<Value> {
    Ok(serde_json::to_value(row)?)
}

/// A value as the text of a cell.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let texts = items.iter().map(|item| cell(item.get("text").or(Some(item))));
            texts.collect::<Vec<_>>().join("\n")
        }
        Some(Value::Object(fields)) => {
            fields.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// A line of CSV (RFC 4180): every cell in quotes, and none that a spreadsheet takes for a formula.
fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| format!("\"{}\"", harmless(&cell).replace('"', "\"\""))).collect();
    format!("{}\r\n", cells.join(","))
}

/// The text with an apostrophe in front if it could be a formula (OWASP ASVS 1.2.10), also behind spaces and signs without
/// width, and in the full-width forms that some spreadsheets take for the plain ones.
fn harmless(text: &str) -> String {
    let first = text.chars().find(|character| *character != ' ' && !is_unseen(*character));
    let folded = first.and_then(|character| character.nfkc().next());
    let is_formula = matches!(folded, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{2212}' | '|' | '%'));
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn is_unseen(character: char) -> bool {
    matches!(character, '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{3000}' | '\u{FEFF}')
}

/// The place after which the next rows of a list of reports begin.
pub(super) type Place = Option<(String, Uuid)>;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for text in [
            "=1+1",
            "+44",
            "-5 degrees",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\n=x",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            "﹣1",
            "﬩1",
            " =1",
            "\u{200b}=1",
            "\u{3000}＝cmd|' /C calc'!A0",
            "−1",
        ] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "The link is broken", "5 - 3", "a=b", "'=1", "£5", "é", "你好"] {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(line(["a \"b\"\nc".to_owned(), "=1".to_owned()].into_iter()), "\"a \"\"b\"\"\nc\",\"'=1\"\r\n");
    }

    #[test]
    fn lists_and_counts_are_one_cell() {
        assert_eq!(cell(Some(&json!([{ "text": "a" }, { "text": "b" }]))), "a\nb");
        assert_eq!(cell(Some(&json!(["name"]))), "name");
        assert_eq!(cell(Some(&json!({ "email": 1, "phone": 2 }))), "email: 1, phone: 2");
        assert_eq!(cell(Some(&json!(null))), "");
        assert_eq!(cell(Some(&json!(true))), "true");
    }
}
