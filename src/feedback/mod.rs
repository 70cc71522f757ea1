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

mod accessibility;
mod bursts;
mod cases;
mod classifying;
mod documents;
mod export;
mod filter_counts;
mod fixes;
mod intake;
pub mod lifecycle;
mod limits;
mod line;
mod listing;
mod mending;
mod mentions;
mod merging;
mod notices;
mod overview;
mod owners;
mod passages;
mod periods;
mod places;
mod placing;
mod queries;
mod receipts;
pub mod redaction;
mod redactions;
mod replies;
mod reports;
mod retention;
mod round;
mod samples;
pub mod saved_replies;
mod sealed;
mod search;
pub mod similarity;
pub mod spam;
mod splitting;
mod suggestions;
mod telling;
#[cfg(test)]
mod tests;
mod texts;
mod timing;
mod trend;
mod trends;
mod turns;
mod undo;
mod working_time;

pub use accessibility::{Accessibility, AccessibilityClosed, accessibility};
pub use bursts::{Burst, bursts};
pub use cases::{
    CaseChange, Resolving, assign, change, dismiss, note, open, reopen, resolve, resume, resume_due, retitle, start,
    wait,
};
pub use classifying::{CaseCategory, CaseSeverity, LABEL_LIMIT, LabelChange, MOST_LABELS, label_of, labels_in_use};
pub use export::{Export, ExportFormat, Exported, export};
pub use filter_counts::{Ends, FilterCounts, filter_counts};
pub use fixes::{fixed_by, resolve_fixed};
pub use intake::{Device, NewReport, Receipt, ReportKind, receive};
pub use lifecycle::{CaseAction, CaseState, Dismissal, Resolution};
pub use limits::{EVERYWHERE, Limits, PAGE_HOURLY};
pub use listing::{AssigneeFilter, CaseListing, CaseOrder};
pub use mending::{fixes_in_hand, start_fix};
pub use mentions::{Mention, mentioned_in, mentions, mentions_seen, readers};
pub use merging::{merge, unmerge};
pub use notices::{MentionNotice, Notice, mention_notice, notice};
pub use overview::{
    Counts, NamedDocument, assignees, counts, named_documents, received_since, reported_documents, reports_there,
};
pub use owners::count_new_about;
pub use passages::{Glance, glances, passage_names};
pub use periods::{MOST_WEEKS, not_a_period};
pub use places::{Gone, Place, places};
pub use queries::{
    Case, CaseDetail, CaseDocument, FixedIn, Note, Page, Person, bad_cursor, case, cases, count_new, count_open,
    numbers_of, some_cases,
};
pub use receipts::{Progress, ReceiptView, add_detail, receipt};
pub use redactions::{Field, Passage, Redaction, RedactionReason, erase, preview, put_back, redact_report};
pub use replies::{
    NewReply, REPLY_LIMIT, Reply, ReplyLetter, fill as fill_reply, letter as reply_letter, note_sent, replies, reply,
    tidy_replies,
};
pub use reports::{
    Addition, Contact, Report, ReportListing, move_report, quarantine, release, report, report_by_reference, reports,
};
pub use retention::{Periods, RetentionRule, RuleCount, dry_run, purge_due};
pub use samples::{holds_more_than_samples, remove_sample_case, remove_sample_report};
pub use saved_replies::SavedReply;
pub use sealed::{Seal, TakenOut, UNDO, forget_sealed};
pub use search::{CaseSearch, cases_with};
pub use splitting::{Split, split};
pub use suggestions::Suggestion;
pub use telling::{FixTold, TOLD_LIMIT, tell};
pub use texts::{ANSWER_LIMIT, NOTE_LIMIT, REASON_LIMIT, TITLE_LIMIT};
pub use timing::{retime, time_untimed};
pub use trend::{Week, weeks};
pub use trends::{
    Counted, DayOfViews, Median, Passage as ReportedPassage, Period, RunningTrends, Titled, TrendWeek, Trends,
    supply_views, trends,
};
pub use undo::{tidy_undo, undo};
