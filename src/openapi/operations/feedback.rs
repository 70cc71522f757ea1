//! Reports and cases, for those who triage.

use serde_json::{Value, json};

use super::{
    super::schemas::{choice, described, id, text, time, whole},
    Operation, id_or, media_type,
};
use crate::feedback::{CaseCategory, CaseSeverity, CaseState, Device, ExportFormat, ReportKind, redaction::Flag};

pub fn operations() -> Vec<Operation> {
    let get = |path| Operation::new("get", path, "feedback");
    let boolean = |description| described(json!({ "type": "boolean" }), description);
    vec![
        Operation::new("put", "/manage/v1/views", "feedback")
            .says("What was said before of the same pages and days is replaced, so a night's job can be repeated.")
            .takes("ViewsInput")
            .answers("ViewsSupplied"),
        get("/manage/v1/reports")
            .says("Newest first.")
            .query("quarantined", boolean("Only what is in quarantine, or only what is not."))
            .query("document", described(id(), "The page that was seen, or the document that owns what is reported."))
            .query("kind", choice::<ReportKind>())
            .query("flag", described(choice::<Flag>(), "Those in whose texts this is to be looked at."))
            .query("device", described(choice::<Device>(), "Those that came from such a device."))
            .paged(20, 100)
            .answers("ReportList"),
        get("/manage/v1/reports/export")
            .says("All that the filter lets through, newest first, as one file. Reports in quarantine and reports whose text was purged are in it only if they are asked for, addresses of visitors never. Each export is an event.")
            .query("format", described(choice::<ExportFormat>(), "JSON without it. In CSV, a cell that could be a formula has an apostrophe in front."))
            .query("quarantined", boolean("Only what is in quarantine; without it, only what is not."))
            .query("document", described(id(), "The page that was seen, or the document that owns what is reported."))
            .query("kind", choice::<ReportKind>())
            .query("flag", described(choice::<Flag>(), "Those in whose texts this is to be looked at."))
            .query("device", described(choice::<Device>(), "Those that came from such a device."))
            .query("purged", boolean("Also those whose text was purged."))
            .answers_content(200, "The file.", &[], exported("ReportExport")),
        get("/manage/v1/reports/{id}")
            .path_parameter("id", id_or("The id of the report, or the reference that its visitor was given."))
            .answers_version_of("Report"),
        report_step("/manage/v1/reports/{id}/release").may_take("NoStepInput"),
        report_step("/manage/v1/reports/{id}/quarantine").may_take("NoStepInput"),
        report_step("/manage/v1/reports/{id}/move").may_take("MoveReportInput"),
        report_step("/manage/v1/reports/{id}/redact")
            .says("The same key can put the words back for ten minutes; then they are gone for good.")
            .takes("RedactReportInput"),
        report_step("/manage/v1/reports/{id}/put-back")
            .says("For ten minutes, with the key that took the words out, unless the text was changed since.")
            .takes("PutBackInput"),
        Operation::new("post", "/manage/v1/reports/{id}/erase", "feedback")
            .says("It can't be undone. That there was a report stays.")
            .path_parameter("id", id_or("The reference that the visitor was given, or the id of the report."))
            .of_seen_version()
            .repeatable()
            .may_take("NoStepInput")
            .answers_nothing()
            .problem(409),
        get("/manage/v1/retention")
            .says("A dry run: what the next run would purge, as the settings say or as the parameters do. It changes nothing.")
            .query("report_text_days", whole(1, 3_650))
            .query("spam_days", whole(1, 365))
            .query("contact_closed_days", whole(0, 365))
            .answers("Retention"),
        get("/manage/v1/accessibility")
            .says("The cases themselves: `/manage/v1/cases?category=accessibility&sort=due_at`, the late ones first.")
            .answers("Accessibility"),
        case_filter(get("/manage/v1/cases"))
            .says("Those with the newest report first, or those that are due first; then the others come last.")
            .paged(20, 100)
            .answers("CaseList"),
        case_filter(get("/manage/v1/cases/export"))
            .says("All that the filter lets through, as one file. Addresses of visitors are never in it. Each export is an event.")
            .query("format", described(choice::<ExportFormat>(), "JSON without it. In CSV, a cell that could be a formula has an apostrophe in front."))
            .answers_content(200, "The file.", &[], exported("CaseExport")),
        get("/manage/v1/cases/{id}").answers_version_of("CaseDetail"),
        Operation::new("patch", "/manage/v1/cases/{id}", "feedback")
            .of_seen_version()
            .may_take("CaseChangeInput")
            .answers_version_of("Case")
            .problem(409),
        get("/manage/v1/cases/{id}/events").says("Newest first.").paged_by_number(50).answers("EventList"),
        case_step("/manage/v1/cases/{id}/open").may_take("NoStepInput"),
        case_step("/manage/v1/cases/{id}/start").may_take("NoStepInput"),
        case_step("/manage/v1/cases/{id}/fix")
            .says("What it says is about to be mended: it is in progress and belongs to you. Needs `content:write` too.")
            .may_take("NoStepInput"),
        case_step("/manage/v1/cases/{id}/wait").says("Then it goes on by itself.").takes("WaitInput"),
        case_step("/manage/v1/cases/{id}/resume").may_take("NoStepInput"),
        case_step("/manage/v1/cases/{id}/resolve").takes("ResolveInput"),
        case_step("/manage/v1/cases/{id}/dismiss").takes("DismissInput"),
        case_step("/manage/v1/cases/{id}/reopen").may_take("ReopenInput"),
        case_step("/manage/v1/cases/{id}/merge").takes("MergeInput"),
        case_step("/manage/v1/cases/{id}/unmerge").may_take("NoStepInput"),
        step("/manage/v1/cases/{id}/split")
            .says("At least one report stays; to move all of them, merge the case.")
            .takes("SplitInput")
            .answers_version_of("Split"),
        case_step("/manage/v1/cases/{id}/undo")
            .says("For ten minutes, and as long as nothing else has happened to it. A merge can be taken back at any time.")
            .may_take("NoStepInput"),
        Operation::new("put", "/manage/v1/cases/{id}/what-changed", "feedback")
            .says("Of a case that is resolved as fixed, on a site that tells. It goes when the case is reopened.")
            .of_seen_version()
            .takes("WhatChangedInput")
            .answers_version_of("Case")
            .problem(409),
        case_step("/manage/v1/cases/{id}/notes").takes("CaseNoteInput"),
    ]
}

/// Which cases, and in which order.
fn case_filter(operation: Operation) -> Operation {
    let boolean = |description| described(json!({ "type": "boolean" }), description);
    operation
        .listed_query(
            "state",
            json!({ "type": "array", "items": choice::<CaseState>(), "description": "All without it." }),
        )
        .query("document", id())
        .query("assignee", described(text(), "The id of a user, `me` or `nobody`."))
        .query(
            "q",
            described(
                text(),
                "Words in the title, labels, reports or notes; the number of the case or the reference of a report.",
            ),
        )
        .query("severity", choice::<CaseSeverity>())
        .query("category", choice::<CaseCategory>())
        .query("label", described(text(), "A label; written like it or not, it is read as it is kept."))
        .query("due", choice_of_words(&["overdue", "later"], "Past the nearer target, or due later."))
        .query("block", described(id(), "Cases with a report about this block."))
        .query("has_contact", boolean("Whether an address is there that a visitor left."))
        .query("reported_since", described(time(), "The newest report came in then or later."))
        .query("reported_before", described(time(), "The newest report came in earlier."))
        .query("sort", choice_of_words(&["-last_report_at", "due_at"], "`-last_report_at` without it."))
        .query("regressed", boolean("Whether a report says that a fix did not work."))
}

fn choice_of_words(words: &[&str], description: &str) -> Value {
    described(json!({ "type": "string", "enum": words }), description)
}

/// A file as JSON or CSV.
fn exported(schema: &str) -> Value {
    json!({ "application/json": media_type(schema), "text/csv": { "schema": text() } })
}

fn report_step(path: &'static str) -> Operation {
    step(path).answers_version_of("Report")
}

fn case_step(path: &'static str) -> Operation {
    step(path).answers_version_of("Case")
}

fn step(path: &'static str) -> Operation {
    Operation::new("post", path, "feedback").of_seen_version().repeatable().problem(409)
}
