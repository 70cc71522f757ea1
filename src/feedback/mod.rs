//! What visitors say about pages, and what people do about it: reports, and the cases that gather them.
//!
//! A *report* comes in from a visitor; personal data is taken out before anything is written, and suspected spam is put
//! aside in quarantine, never dropped. Every other report belongs to a *case*: the same text joins the case it joined a
//! moment ago, a report that a fix did not work reopens the fixed case, everything else makes a new one. People *open*,
//! *start*, *resolve* or *dismiss* cases, let them *wait*, *merge* them and take that back; the table is `lifecycle.rs`.
//! They *classify* them (`classifying.rs`), and by when something is to be done follows from that (`timing.rs`).
//! Publishing a version can resolve cases (`fixes.rs`).
//!
//! It stands beside the content domain and does not know it: what it needs of documents it reads from the tables that
//! both share, and a content is JSON in which ids can be found. It knows no HTTP and no HTML.
//!
//! Order of locks here: documents, cases by id, reports, the number counter of cases, the event counter.

mod cases;
mod classifying;
mod documents;
mod fixes;
mod intake;
pub mod lifecycle;
mod listing;
mod merging;
mod overview;
mod passages;
mod placing;
mod queries;
mod receipts;
pub mod redaction;
mod redactions;
mod reports;
mod samples;
mod search;
pub mod similarity;
pub mod spam;
#[cfg(test)]
mod tests;
mod texts;
mod timing;
mod trend;
mod undo;
mod working_time;

pub use cases::{
    CaseChange, Resolving, assign, change, dismiss, note, open, reopen, resolve, resume, resume_due, retitle, start,
    wait,
};
pub use classifying::{CaseCategory, CaseSeverity, LABEL_LIMIT, LabelChange, MOST_LABELS, label_of, labels_in_use};
pub use fixes::resolve_fixed;
pub use intake::{NewReport, Receipt, ReportKind, receive};
pub use lifecycle::{CaseAction, CaseState, Dismissal, Resolution};
pub use listing::{AssigneeFilter, CaseListing, CaseOrder};
pub use merging::{merge, unmerge};
pub use overview::{
    Counts, NamedDocument, assignees, counts, named_documents, received_since, reported_documents, reports_there,
};
pub use passages::{Glance, glances, passage_names};
pub use queries::{
    Case, CaseDetail, CaseDocument, FixedIn, Note, Page, Person, Suggestion, bad_cursor, case, cases, count_new,
    count_open, numbers_of,
};
pub use receipts::{Progress, ReceiptView, add_detail, receipt};
pub use redactions::{Field, Passage, Redaction, RedactionReason, erase, preview, redact_report};
pub use reports::{
    Addition, Contact, Report, ReportListing, move_report, quarantine, release, report, report_by_reference, reports,
};
pub use samples::{holds_more_than_samples, remove_sample_case, remove_sample_report};
pub use search::{CaseSearch, cases_with};
pub use texts::{ANSWER_LIMIT, NOTE_LIMIT, REASON_LIMIT, TITLE_LIMIT};
pub use timing::{retime, time_untimed};
pub use trend::{Week, weeks};
pub use undo::{tidy_undo, undo};
