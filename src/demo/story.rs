//! The shape of `story.json` and `desk.json`: entries in the order of time, each one step of somebody. It only reads; what a
//! step does stands in `writing.rs`, `visitors.rs` and `desk.rs`.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    content::{ChangeSize, Children, Decision, ScheduledAction},
    feedback::{CaseCategory, CaseSeverity, Device, Dismissal, ReportKind, Resolution},
    kernel::Result,
};

use super::{changes::Change, material, people::Part};

/// One step and when it happened. A step takes place no earlier than the one before it.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    /// Whole days before the present, in UTC; 1 at least, so that nothing lies in the future.
    pub days_ago: u32,
    /// The time of that day, `09:30`.
    pub at: String,
    #[serde(flatten)]
    pub step: Step,
}

/// How far along its life a draft is brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reach {
    Draft,
    InReview,
    ChangesRequested,
    Approved,
    #[default]
    Live,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// The settings of the site.
    Settings(Value),
    /// Adds a picture to the library.
    Image(Image),
    /// Adds a picture in place of another, and makes drafts of the documents that show it.
    ReplaceImage {
        old: String,
        new: Image,
    },
    Write(Write),
    Revise(Revise),
    /// Brings a draft that is there further along.
    Advance {
        document: String,
        #[serde(flatten)]
        words: Words,
    },
    /// Publishes approved drafts in one step.
    PublishTogether {
        documents: Vec<String>,
        note: String,
    },
    ForcePublish {
        document: String,
        reason: String,
    },
    Schedule(Schedule),
    Withdraw {
        document: String,
        explanation: String,
    },
    Reinstate {
        document: String,
    },
    Unpublish {
        document: String,
        decision: Decision,
        redirect_to: Option<String>,
        explanation: Option<String>,
        children: Option<Children>,
    },
    Trash {
        document: String,
    },
    Discard {
        document: String,
    },
    Restore {
        document: String,
        version: i32,
        note: String,
    },
    /// Says that a document is still correct.
    Confirm {
        document: String,
        review_in_days: i64,
        note: Option<String>,
    },
    /// Sets the owner, and the day by which the document is to be reviewed, counted from the present.
    Own {
        documents: Vec<String>,
        owner: Part,
        review_in_days: i64,
    },
    Redirect {
        path: String,
        target: String,
    },
    Report(Report),
    /// The same report again and again, within minutes.
    Burst(Burst),
    /// A visitor adds something to a report.
    AddDetail {
        report: String,
        text: String,
    },
    /// People look after the case of a report.
    Case {
        of: String,
        by: Option<Part>,
        steps: Vec<CaseStep>,
    },
    /// An answer is kept to be used again.
    SavedReply {
        title: String,
        text: String,
    },
    /// The site says how often a page was looked at, day by day up to the day before.
    Views(Views),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Image {
    /// What content calls it, as `@image:NAME`, and the name of its file.
    pub name: String,
    pub alt: String,
    pub caption: Option<String>,
    pub focal_point: Option<(f64, f64)>,
}

/// Makes documents from their files.
#[derive(Debug, Deserialize)]
pub(super) struct Write {
    pub documents: Vec<String>,
    #[serde(flatten)]
    pub words: Words,
}

/// Saves a changed version.
#[derive(Debug, Deserialize)]
pub(super) struct Revise {
    pub document: String,
    pub slug: Option<String>,
    /// Another page to stand below.
    pub parent: Option<String>,
    #[serde(default)]
    pub changes: Vec<Change>,
    #[serde(flatten)]
    pub words: Words,
}

/// How a version comes about, and what is said on the way.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Words {
    /// Who writes; the editor unless it is said.
    pub by: Option<Part>,
    #[serde(default)]
    pub reach: Reach,
    /// Of the version and, once published, for readers of the history.
    pub note: Option<String>,
    /// What the reviewer says, approving or asking for changes.
    pub review: Option<String>,
    pub change: Option<ChangeSize>,
    /// The reports whose cases the publication fixes.
    #[serde(default)]
    pub fixes: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub document: String,
    pub action: ScheduledAction,
    /// From the present; below zero it has been due by then.
    pub in_days: i64,
    pub note: Option<String>,
    pub decision: Option<Decision>,
    pub explanation: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// What later entries call it.
    pub name: String,
    pub page: String,
    /// Words of the published page; the report is about the smallest thing around them.
    pub passage: Option<String>,
    /// The version is named instead of the page token.
    #[serde(default)]
    pub without_token: bool,
    #[serde(default = "problem")]
    pub kind: ReportKind,
    pub doing: Option<String>,
    pub wrong: Option<String>,
    pub contact_email: Option<String>,
    #[serde(default = "half_a_minute")]
    pub seconds_on_form: u64,
    #[serde(default)]
    pub honeypot_filled: bool,
    pub device: Option<Device>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Burst {
    pub times: u32,
    /// Between one and the next.
    pub seconds: i64,
    /// `{n}` in its words stands for which one it is; later entries call the first by the name.
    pub report: Report,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Views {
    pub page: String,
    pub days: i64,
    /// On an ordinary weekday.
    pub per_day: i64,
}

/// What somebody says a case is; what is left out stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Classified {
    pub severity: Option<CaseSeverity>,
    pub category: Option<CaseCategory>,
    #[serde(default)]
    pub labels: Vec<String>,
}

fn problem() -> ReportKind {
    ReportKind::Problem
}

fn half_a_minute() -> u64 {
    48
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CaseStep {
    Open,
    Start,
    Note(String),
    Retitle(String),
    Assign(Part),
    /// Until so many days from the present.
    WaitDays(i64),
    Resume,
    Resolve {
        resolution: Resolution,
        reason: Option<String>,
    },
    Dismiss {
        reason: Dismissal,
        text: Option<String>,
    },
    /// Into the case of another report.
    Merge(String),
    Reopen(String),
    Classify(Classified),
    /// An answer to the visitor who sent the report.
    Reply(String),
    /// What visitors are told of the fix.
    Tell(String),
}

/// The whole story, in the order of time.
pub(super) fn read() -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = serde_json::from_str(material::STORY)?;
    entries.extend(serde_json::from_str::<Vec<Entry>>(material::DESK)?);
    entries.sort_by(|one, other| other.days_ago.cmp(&one.days_ago).then_with(|| one.at.cmp(&other.at)));
    Ok(entries)
}

impl Entry {
    /// What an error calls the entry.
    pub fn told(&self) -> String {
        let name = |what: &str, of: &str| format!("{what} {of}");
        match &self.step {
            Step::Settings(_) => "settings".to_owned(),
            Step::Image(image) => name("image", &image.name),
            Step::ReplaceImage { old, .. } => name("replace", old),
            Step::Write(write) => name("write", &write.documents.join(", ")),
            Step::Revise(revise) => name("revise", &revise.document),
            Step::PublishTogether { documents, .. } => name("publish together", &documents.join(", ")),
            Step::Own { documents, .. } => name("own", &documents.join(", ")),
            Step::Schedule(schedule) => name("schedule", &schedule.document),
            Step::Advance { document, .. }
            | Step::ForcePublish { document, .. }
            | Step::Withdraw { document, .. }
            | Step::Reinstate { document }
            | Step::Unpublish { document, .. }
            | Step::Trash { document }
            | Step::Discard { document }
            | Step::Restore { document, .. }
            | Step::Confirm { document, .. } => name("step on", document),
            Step::Redirect { path, .. } => name("redirect", path),
            Step::Report(report) => name("report", &report.name),
            Step::Burst(burst) => name("burst", &burst.report.name),
            Step::SavedReply { title, .. } => name("saved reply", title),
            Step::Views(views) => name("views of", &views.page),
            Step::AddDetail { report, .. } => name("detail of", report),
            Step::Case { of, .. } => name("case of", of),
        }
    }
}
