//! Answers to visitors, mentions, the log of mail and the figures of the trends.

use serde_json::{Value, json};

use super::{
    Schemas,
    limits::{REPLY_LIMIT, SAVED_TITLE_LIMIT},
    named,
    parts::{
        boolean, choice, component, constant, count, date, described, filled_text, id, input, list, nullable, object,
        page_of, text, time, whole,
    },
};
use crate::{
    feedback::ReportKind,
    mail::{MailKind, MailState},
};

pub fn schemas() -> Schemas {
    let placeholders = "`{page}`, `{reference}`, `{receipt}` and `{site}` stand for what they are of each report.";
    let by_mail = "Whether the program sends it; without it, if mail is on.";
    let letter = object([("to", text()), ("subject", text()), ("text", text())]);
    let mention = object([
        ("case", id()),
        ("number", count()),
        ("title", text()),
        ("note", id()),
        ("by", described(text(), "Who wrote the note.")),
        ("at", time()),
    ]);
    named([
        ("Reply", reply()),
        ("ReplyList", page_of(component("Reply"))),
        (
            "ReplyInput",
            input(
                &["report", "text"],
                [
                    ("report", described(id(), "Whose visitor is answered; of this case.")),
                    ("text", described(filled_text(REPLY_LIMIT), placeholders)),
                    ("by_mail", described(boolean(), by_mail)),
                ],
            ),
        ),
        (
            "ReplyWritten",
            object([
                ("case", component("Case")),
                (
                    "letter",
                    described(
                        nullable(letter),
                        "What is to be sent by hand, shown this once; null if the program sends it or the request is repeated.",
                    ),
                ),
            ]),
        ),
        ("Mention", mention),
        ("MentionList", page_of(component("Mention"))),
        (
            "SavedReply",
            object([
                ("id", id()),
                ("title", text()),
                ("text", described(text(), placeholders)),
                ("revision", described(text(), "The next change names it; also the ETag.")),
            ]),
        ),
        ("SavedReplyList", page_of(component("SavedReply"))),
        (
            "SavedReplyInput",
            input(
                &["title", "text"],
                [
                    ("title", filled_text(SAVED_TITLE_LIMIT)),
                    ("text", described(filled_text(REPLY_LIMIT), placeholders)),
                ],
            ),
        ),
        ("Mail", mail()),
        ("MailList", page_of(component("Mail"))),
        ("MailAttempt", attempt()),
        ("MailAttemptList", page_of(component("MailAttempt"))),
        ("Titled", described(titled(), "A document by its title.")),
        ("Trends", trends()),
    ])
}

fn reply() -> Value {
    object([
        ("id", id()),
        ("report", id()),
        ("text", described(nullable(text()), "Null once it has been deleted, with the address.")),
        ("author_name", text()),
        ("created_at", time()),
        ("by_mail", described(boolean(), "Whether the program sends it.")),
        ("sent_at", described(nullable(time()), "When a mail server took it, or its author had it to send.")),
    ])
}

fn mail() -> Value {
    let to = json!({ "anyOf": [
        object([("kind", constant("user")), ("id", id()), ("name", text()), ("email", text())]),
        object([
            ("kind", constant("visitor")),
            ("report", id()),
            ("reference", described(nullable(text()), "Null once the report is gone.")),
        ]),
        object([("kind", constant("unknown"))]),
    ], "description": "`unknown` asked for a new password, and it is not known yet whether they have an account." });
    object([
        ("id", id()),
        ("kind", choice::<MailKind>()),
        ("to", to),
        ("state", choice::<MailState>()),
        ("created_at", time()),
        ("next_attempt_at", nullable(time())),
        ("attempts", described(count(), "Of the present round; sending again begins another.")),
        ("finished_at", nullable(time())),
        ("error", described(nullable(text()), "What went wrong last, in words.")),
        ("revision", described(text(), "Sending again names it; also the ETag.")),
    ])
}

fn attempt() -> Value {
    object([
        ("at", time()),
        ("duration_milliseconds", count()),
        ("status", described(nullable(whole(100, 999)), "The code of the server's answer.")),
        ("answer", described(nullable(text()), "Its words, but for letters to visitors.")),
        ("error", nullable(text())),
    ])
}

fn titled() -> Value {
    object([("id", id()), ("kind", text()), ("title", text())])
}

fn trends() -> Value {
    let milliseconds = |of: &str| described(nullable(count()), of);
    let median = |of: &str| described(object([("median_milliseconds", nullable(count())), ("cases", count())]), of);
    let regressions = || described(count(), "How often a report said that a fix did not work.");
    let views = || described(nullable(count()), "Null where no site has supplied any.");
    let week = object([
        ("begins", time()),
        ("received", count()),
        ("closed", count()),
        ("first_action_milliseconds", milliseconds("The median of the cases that began in this week.")),
        ("fix_milliseconds", milliseconds("The median of the cases that were fixed in this week.")),
        ("regressions", regressions()),
    ]);
    let kind = object([
        ("kind", choice::<ReportKind>()),
        ("reports", count()),
        ("regressions", regressions()),
        ("views", views()),
    ]);
    let area = object([
        ("area", described(nullable(component("Titled")), "Null for pages that stand below no other.")),
        ("reports", count()),
        ("regressions", regressions()),
        ("views", views()),
    ]);
    let page = object([
        ("page", component("Titled")),
        ("reports", count()),
        ("regressions", regressions()),
        ("views", views()),
    ]);
    let passage = object([
        ("document", component("Titled")),
        ("block", id()),
        ("report", described(id(), "One of the reports about it.")),
        ("reports", count()),
        ("regressions", regressions()),
        ("views", views()),
    ]);
    object([
        ("from", date()),
        ("to", date()),
        ("running", described(boolean(), "Whether the last week is not over yet.")),
        ("received", described(count(), "Reports, without those in quarantine.")),
        ("closed", described(count(), "Reports whose cases were closed.")),
        ("untouched", described(count(), "Cases that began in the period and that nobody has acted on yet.")),
        ("regressions", regressions()),
        ("views", views()),
        ("first_action", median("Of the cases that began in the period, from their first report on.")),
        ("fix", median("Of the cases that were fixed in the period, from when they were opened on.")),
        ("weeks", list(week)),
        ("kinds", list(kind)),
        ("areas", list(area)),
        ("pages", list(page)),
        ("passages", described(list(passage), "Those that were reported most.")),
    ])
}
