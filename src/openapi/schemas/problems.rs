//! Problems (RFC 9457), and what some of them hold besides.

use super::{
    Schemas, named,
    parts::{anything, component, constant, described, list, nullable, object, record, text, version},
};
use crate::kernel::Permission;

pub fn schemas() -> Schemas {
    let errors = || described(list(component("Fault")), "What is wrong, each with its place.");
    named([
        ("Fault", described(fault(), "One thing that is wrong with a request, and where.")),
        ("Problem", described(problem(vec![]), "What every error answers, as in RFC 9457.")),
        ("InvalidProblem", problem(vec![("errors", errors(), true)])),
        ("ConflictProblem", problem(vec![("errors", errors(), false)])),
        ("ForbiddenProblem", problem(vec![("permission", missing_permission(), false)])),
        ("StaleProblem", described(stale(), "Somebody saved a newer version meanwhile.")),
        ("Conflict", described(conflict(), "A part that both changed, as JSON pointer and in three states.")),
        ("GoneProblem", gone()),
        ("ServerProblem", problem(vec![("request_id", nullable(text()), true)])),
    ])
}

fn fault() -> serde_json::Value {
    object([
        ("pointer", described(text(), "A JSON pointer into what was sent, or the name of a parameter or header.")),
        ("code", described(text(), "Stable, for programs.")),
        ("detail", described(text(), "For people.")),
    ])
}

fn problem(more: Vec<(&str, serde_json::Value, bool)>) -> serde_json::Value {
    let mut keys = vec![
        ("type", described(text(), "`/problems/` and a stable code."), true),
        ("title", text(), true),
        ("status", serde_json::json!({ "type": "integer", "minimum": 400, "maximum": 599 }), true),
        ("detail", text(), true),
        ("instance", described(text(), "The path of the request."), true),
    ];
    keys.extend(more);
    record(keys)
}

fn missing_permission() -> serde_json::Value {
    described(super::choice::<Permission>(), "The permission that is missing.")
}

fn stale() -> serde_json::Value {
    problem(vec![
        ("version", described(nullable(version()), "The newest version."), true),
        (
            "merged",
            described(
                nullable(component("DocumentParts")),
                "For a write: the merge of both, or null if it can't be made.",
            ),
            false,
        ),
        ("conflicts", described(list(component("Conflict")), "For a write: why there is no merge."), false),
        ("current", described(anything(), "For a step: the thing as it stands now."), false),
    ])
}

fn conflict() -> serde_json::Value {
    object([
        ("pointer", text()),
        ("base", described(anything(), "As it was in the version that the write started from.")),
        ("theirs", described(anything(), "As it is now.")),
        ("yours", described(anything(), "As it was sent.")),
    ])
}

fn gone() -> serde_json::Value {
    let mut schema = problem(vec![
        ("explanation", described(nullable(text()), "Why the page was taken away."), true),
        ("suggestions", described(list(component("Card")), "Pages nearby."), true),
    ]);
    if let Some(kind) = schema.pointer_mut("/properties/type") {
        *kind = constant("/problems/gone");
    }
    schema
}
