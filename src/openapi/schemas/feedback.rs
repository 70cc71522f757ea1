//! Reports and cases as people who triage see them. What visitors send and are told is in `public.rs`.

use serde_json::{Value, json};

use super::{
    Schemas,
    limits::{CASE_TITLE_LIMIT, LABEL_LIMIT, NOTE_LIMIT, REASON_LIMIT, TOLD_LIMIT},
    named,
    parts::{
        boolean, choice, component, count, counts, date, described, filled_text, fraction, id, input, list, names,
        nullable, object, page_of, record, text, text_up_to, time, version, whole,
    },
};
use crate::feedback::{
    CaseCategory, CaseSeverity, CaseState, Device, Dismissal, RedactionReason, ReportKind, Resolution, RetentionRule,
    redaction::Flag,
};

pub fn schemas() -> Schemas {
    named([
        ("Report", described(report(), "A report, without the personal data that was taken out of it.")),
        ("ReportList", page_of(component("Report"))),
        ("ReportExport", object([("data", list(exported_report()))])),
        ("Case", described(record(case()), "One or more reports about the same problem.")),
        ("CaseList", page_of(component("Case"))),
        ("CaseExport", object([("data", list(component("Case")))])),
        ("CaseDetail", case_detail()),
        ("CaseNote", case_note()),
        ("Retention", retention()),
        ("Accessibility", accessibility()),
        ("FixedIn", fixed_in()),
        ("MoveReportInput", input(&[], [("case", described(id(), "The other case; a new one without it."))])),
        ("RedactReportInput", redaction()),
        (
            "PutBackInput",
            input(&["taken_out"], [("taken_out", described(id(), "Of one of the report's `taken_out`."))]),
        ),
        ("CaseChangeInput", case_change()),
        ("WaitInput", input(&["until"], [("until", described(time(), "At most 14 months ahead."))])),
        ("ResolveInput", resolution()),
        ("DismissInput", dismissal()),
        ("ReopenInput", input(&[], [("reason", described(text_up_to(REASON_LIMIT), "Kept as a note."))])),
        ("MergeInput", input(&["into"], [("into", described(id(), "The case that takes its reports."))])),
        ("SplitInput", split()),
        (
            "Split",
            object([("case", component("Case")), ("into", described(id(), "The case in which the reports are."))]),
        ),
        ("ViewsInput", views()),
        ("ViewsSupplied", object([("days", described(count(), "How many days of pages were said."))])),
        ("WhatChangedInput", what_changed_input()),
        ("CaseNoteInput", input(&["text"], [("text", filled_text(NOTE_LIMIT))])),
    ])
}

fn split() -> Value {
    let reports = described(list(id()), "Those that are about something else.");
    let into = described(id(), "The case that they belong to; without it they make a new one.");
    input(&["reports"], [("reports", reports), ("into", into)])
}

fn views() -> Value {
    let one = input(
        &["document", "day", "views"],
        [
            ("document", id()),
            ("day", described(date(), "As the site counts days; none in the future.")),
            ("views", whole(0, 1_000_000_000)),
        ],
    );
    input(&["views"], [("views", described(list(one), "At most 500 days of pages."))])
}

fn removed() -> Value {
    described(counts(), "What was taken out, counted by kind; `by_hand` is what people took out.")
}

/// A report in a file: without what belongs to this moment or to the visitor alone, with what stands beside it.
fn exported_report() -> Value {
    let mut schema = report();
    let left_out = ["contact", "has_contact", "taken_out", "revision"];
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| !left_out.contains(&name.as_str()));
        properties.insert("page_title".to_owned(), nullable(text()));
        properties.insert("case_number".to_owned(), nullable(count()));
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name.as_str().is_none_or(|name| !left_out.contains(&name)));
        required.extend(["page_title", "case_number"].map(Value::from));
    }
    schema
}

fn report() -> Value {
    let addition = object([("id", id()), ("text", text()), ("removed", removed()), ("received_at", time())]);
    let taken_out = object([("id", id()), ("at", time()), ("until", time()), ("by", text())]);
    let contact = object([("email", text()), ("delete_after", time())]);
    object([
        ("id", id()),
        ("reference", text()),
        ("kind", choice::<ReportKind>()),
        ("document", described(id(), "The document that owns what is reported.")),
        ("page", described(id(), "The page that the visitor saw.")),
        ("version", described(nullable(version()), "Of the page.")),
        ("seen_sequence", described(nullable(count()), "The page's last change that the visitor saw.")),
        ("block", nullable(id())),
        ("doing", nullable(text())),
        ("wrong", nullable(text())),
        ("additions", described(list(addition), "What the visitor added later.")),
        ("removed", removed()),
        (
            "flags",
            described(list(choice::<Flag>()), "What people should look at in its texts before they are passed on."),
        ),
        ("reasons", described(list(text()), "Why it was suspected of being spam.")),
        ("score", json!({ "type": "integer" })),
        ("quarantined", boolean()),
        ("case", nullable(id())),
        ("received_at", time()),
        ("door", names(&["form", "json"])),
        (
            "device",
            described(nullable(choice::<Device>()), "The sort of device that it was sent from, if a browser said so."),
        ),
        ("text_purged_at", described(nullable(time()), "When its text was erased.")),
        (
            "purge_rule",
            described(nullable(choice::<RetentionRule>()), "By which rule of retention; null if a person did it."),
        ),
        (
            "taken_out",
            described(list(taken_out), "What somebody took out and can put back for ten minutes, the last first."),
        ),
        ("has_contact", boolean()),
        ("contact", described(nullable(contact), "The address that the visitor left, for those who triage.")),
        ("revision", described(text(), "Changes with the report; also the ETag.")),
    ])
}

fn case() -> Vec<(&'static str, Value, bool)> {
    let document = object([
        ("id", id()),
        ("title", described(nullable(text()), "Null once it has been purged.")),
        ("path", described(nullable(text()), "Null while it is not public.")),
    ]);
    vec![
        ("id", id(), true),
        ("number", count(), true),
        ("title", text(), true),
        ("document", document, true),
        ("state", choice::<CaseState>(), true),
        ("resolution", nullable(choice::<Resolution>()), true),
        ("reason", described(nullable(text()), "Of a dismissed case a code, of a resolved one what was said."), true),
        ("explanation", described(nullable(text()), "What was said with a dismissal."), true),
        ("assignee", nullable(component("Person")), true),
        ("severity", choice::<CaseSeverity>(), true),
        ("category", described(choice::<CaseCategory>(), "At first what the kind of its first report suggests."), true),
        ("labels", described(list(text()), "In the order of letters."), true),
        ("waiting_until", nullable(time()), true),
        ("first_action_at", described(nullable(time()), "When somebody did something about it first."), true),
        (
            "first_action_due_at",
            described(
                nullable(time()),
                "The end of the day by which somebody is to have done something; null once somebody has, and while its clock stands.",
            ),
            true,
        ),
        (
            "fix_due_at",
            described(
                nullable(time()),
                "The end of the day by which it is to be answered; null while its clock stands: while it waits, and once it is closed.",
            ),
            true,
        ),
        ("due_at", described(nullable(time()), "The nearer of both."), true),
        ("escalating", described(boolean(), "Whether it is past that time."), true),
        ("fixed_in", nullable(component("FixedIn")), true),
        ("merged_into", nullable(id()), true),
        ("regressed", described(boolean(), "Whether a report says that the fix did not work."), true),
        ("report_count", count(), true),
        ("first_report_at", time(), true),
        ("last_report_at", time(), true),
        ("version", described(version(), "Counts the changes; also the ETag."), true),
        ("created_at", time(), true),
        ("updated_at", time(), true),
    ]
}

fn case_detail() -> Value {
    let mut suggestion = case();
    suggestion.push(("similarity", described(fraction(), "1 if they say the same."), true));
    suggestion.push(("words", described(list(text()), "Words that both hold, or nearly."), true));
    suggestion.push((
        "same_passage",
        described(boolean(), "Whether both name the same passage; otherwise one of them names none."),
        true,
    ));
    let mut detail = case();
    detail.extend([
        ("reports", described(list(component("Report")), "Newest first."), true),
        ("notes", described(list(component("CaseNote")), "Oldest first."), true),
        ("what_changed", what_changed(), true),
        ("undo_until", described(nullable(time()), "Until when you can undo what you did to it last."), true),
        ("merged", described(list(id()), "The cases that have been merged into it."), true),
        (
            "suggestions",
            described(list(record(suggestion)), "Open cases on the same document that say much the same."),
            true,
        ),
        ("timeline", described(list(component("Event")), "Newest first."), true),
    ]);
    record(detail)
}

fn what_changed() -> Value {
    let told = object([("text", filled_text(TOLD_LIMIT)), ("block", nullable(id())), ("told_at", time())]);
    described(nullable(told), "What is said in public about its fix.")
}

fn what_changed_input() -> Value {
    let text = described(
        nullable(text_up_to(TOLD_LIMIT)),
        "In one line, without personal data and in other words than any report; null or empty takes it back.",
    );
    input(&["text"], [("text", text)])
}

fn case_note() -> Value {
    object([
        ("id", id()),
        ("text", text()),
        ("removed", removed()),
        ("author", nullable(id())),
        ("author_name", text()),
        ("created_at", time()),
    ])
}

fn fixed_in() -> Value {
    let schema = object([("document", id()), ("version", version())]);
    described(schema, "A version of a document that fixes something.")
}

fn retention() -> Value {
    let rule = object([
        ("rule", choice::<RetentionRule>()),
        ("days", described(count(), "For how long it keeps.")),
        ("due", described(count(), "How many reports it would purge now.")),
        ("purged", described(count(), "How many it has purged so far.")),
    ]);
    object([("rules", list(rule))])
}

fn accessibility() -> Value {
    let targets = object([("first_action", count()), ("fix", count())]);
    let closed = object([
        ("since", described(time(), "12 weeks ago.")),
        ("cases", described(count(), "How many were closed since.")),
        ("first_action_in_time", described(count(), "Of these, looked at within the target.")),
        ("fix_in_time", described(count(), "Of these, closed within the target.")),
    ]);
    object([
        ("targets", described(targets, "In working days; the severity of a case can ask for less time.")),
        ("open", count()),
        ("late", described(count(), "Open, and past the nearer target.")),
        ("untouched", described(count(), "Open, and nobody has done anything about it.")),
        ("waiting", count()),
        ("regressed", described(count(), "Open, and the fix before did not work.")),
        ("closed", closed),
    ])
}

fn redaction() -> Value {
    let schema = input(
        &["field", "reason"],
        [
            ("field", described(names(&["doing", "wrong", "addition"]), "Which text of the report.")),
            ("addition", described(id(), "Of an addition: which.")),
            ("text", described(text(), "The words to remove, wherever they stand in the text.")),
            ("start", described(count(), "Instead of words: the first character of the passage, counted from 0.")),
            ("end", described(count(), "The character after the passage.")),
            ("reason", choice::<RedactionReason>()),
        ],
    );
    described(schema, "A passage that is removed.")
}

fn case_change() -> Value {
    let assignee = described(id(), "A user who may triage; null for nobody.");
    described(
        input(
            &[],
            [
                ("title", filled_text(CASE_TITLE_LIMIT)),
                ("assignee", assignee),
                ("severity", choice::<CaseSeverity>()),
                ("category", choice::<CaseCategory>()),
                ("labels", described(list(text_up_to(LABEL_LIMIT)), "All its labels: at most 10, kept in lower case.")),
            ],
        ),
        "What is left out stays as it is.",
    )
}

fn resolution() -> Value {
    let reason = described(text_up_to(REASON_LIMIT), "The answer, or why it will not be changed; then it is needed.");
    input(
        &["resolution"],
        [
            ("resolution", choice::<Resolution>()),
            ("reason", reason),
            ("document", described(id(), "With `fixed` only, and needed there: the document that was changed.")),
            ("version", described(version(), "The published version of that document that fixes it.")),
            (
                "what_changed",
                described(
                    text_up_to(TOLD_LIMIT),
                    "With `fixed` only: what is said in public about it, if the site tells.",
                ),
            ),
        ],
    )
}

fn dismissal() -> Value {
    let text = described(text_up_to(REASON_LIMIT), "More about it.");
    input(&["reason"], [("reason", choice::<Dismissal>()), ("text", text)])
}
