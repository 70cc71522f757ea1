//! Settings, redirects and the event log.

use serde_json::{Value, json};

use super::{
    Schemas,
    documents::{ACTORS, DOORS},
    named,
    parts::{
        boolean, choice, choice_of, component, count, described, filled_text, id, input, list, nullable, object,
        page_of, text, text_up_to, time, whole,
    },
};
use crate::{
    events::EventKind,
    site::{HOLIDAY_NAME_LIMIT, LONGEST_TARGET, ReviewRule},
};

pub fn schemas() -> Schemas {
    named([
        ("Settings", object(settings(text()))),
        ("SettingsInput", input(&[], settings(text_up_to(100)))),
        ("Redirect", redirect()),
        ("RedirectList", page_of(component("Redirect"))),
        ("RedirectInput", redirect_input()),
        ("Event", described(event(), "Something that happened.")),
        ("EventList", page_of(component("Event"))),
    ])
}

fn settings(name: Value) -> [(&'static str, Value); 14] {
    let review = || {
        let description = "Whether a second person approves before publishing; `automatic`: once there is one who may.";
        described(choice::<ReviewRule>(), description)
    };
    [
        ("site_name", name),
        ("review_role_pages", review()),
        ("review_requirement_sections", review()),
        ("contact_email", described(boolean(), "Whether visitors may leave an address with a report.")),
        (
            "contact_email_days",
            described(whole(1, 365), "After how many days such an address is deleted at the latest."),
        ),
        (
            "report_text_days",
            described(whole(1, 3_650), "For how many days after its case was closed what a report says is kept."),
        ),
        ("spam_days", described(whole(1, 365), "For how many days spam is kept.")),
        (
            "contact_closed_days",
            described(whole(0, 365), "For how many days after the closing of a case addresses of visitors are kept."),
        ),
        (
            "time_zone",
            described(text_up_to(100), "A name of the IANA time zone database; the panel shows times in it."),
        ),
        ("targets", targets()),
        (
            "holidays",
            described(list(holiday()), "Days on which nobody works, besides Saturdays and Sundays; at most 500."),
        ),
        ("keep_unsent", described(boolean(), "Whether browsers keep what an editor could not send.")),
        (
            "autosave_days",
            described(
                whole(0, 3_650),
                "After how many days autosaves are thinned to the last of a sitting; 0 is never.",
            ),
        ),
        (
            "tell_fixes",
            described(
                boolean(),
                "Whether what people write about fixes for the public is given out at `what-changed`.",
            ),
        ),
    ]
}

fn targets() -> Value {
    let days = || described(whole(0, u64::from(LONGEST_TARGET)), "Working days; 0 is the same day.");
    let target = || object([("first_action", days()), ("fix", days())]);
    let mut each = object([
        ("urgent", target()),
        ("high", target()),
        ("normal", target()),
        ("low", target()),
        ("accessibility", target()),
    ]);
    if let Some(required) = each.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != "accessibility");
    }
    let description = "By the end of which working day something is to be done about a case, and it is to be answered: by \
        its severity, and for cases about accessibility by the nearer one of both.";
    described(each, description)
}

fn holiday() -> Value {
    let date = described(json!({ "type": "string", "format": "date" }), "Such as 2026-12-25.");
    input(&["date"], [("date", date), ("name", text_up_to(HOLIDAY_NAME_LIMIT))])
}

fn redirect() -> Value {
    let revision = described(text(), "Its removal names it; also the ETag.");
    object([("id", id()), ("path", text()), ("target", text()), ("created_at", time()), ("revision", revision)])
}

fn redirect_input() -> Value {
    let path = described(filled_text(1_000), "A path of the site in lower case, without a slash at the end.");
    let target = described(filled_text(2_000), "A path of the site, or an http(s) address.");
    input(&["path", "target"], [("path", path), ("target", target)])
}

fn event() -> Value {
    let subject = object([("kind", text()), ("id", text())]);
    let actor = object([("kind", choice_of(&ACTORS)), ("id", nullable(id())), ("name", text())]);
    object([
        ("sequence", described(count(), "Its place in the order of all events.")),
        ("at", time()),
        ("kind", choice::<EventKind>()),
        ("document", nullable(id())),
        ("subject", described(subject, "What it is about.")),
        ("actor", actor),
        ("door", choice_of(&DOORS)),
        ("payload", json!({ "type": "object", "description": "What belongs to its kind." })),
        ("affected", described(list(id()), "The live documents whose public JSON changed.")),
    ])
}
