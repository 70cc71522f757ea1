//! Documents as people who work on them see them: standing, versions, publications, comparisons, and what steps take.

use serde_json::{Value, json};

use super::{
    Schemas,
    limits::{SAVE_NOTE_LIMIT, SLUG_LIMIT, STEP_NOTE_LIMIT},
    named,
    parts::{
        anything, boolean, choice, choice_of, component, constant, date, described, filled_text, id, input, list,
        list_up_to, names, nullable, object, page_of, record, text, text_up_to, time, version,
    },
};
use crate::{
    content::{ChangeSize, Children, Decision, DraftState, Kind, LiveState, REASON_LIMIT, ScheduledAction, Severity},
    kernel::{ActorKind, Door},
};

/// How many documents can be named at once.
const TOGETHER_LIMIT: usize = 500;

pub fn schemas() -> Schemas {
    let mut schemas: Schemas = Kind::ALL.iter().flat_map(|kind| of_kind(*kind)).collect();
    schemas.extend(named([
        ("Document", json!({ "oneOf": Kind::ALL.iter().map(|kind| component(name(*kind))).collect::<Vec<_>>() })),
        ("DocumentParts", described(parts(None), "What a version is made of.")),
        ("Person", person()),
        ("Check", check()),
        ("LookedAt", looked_at()),
        ("Schedule", schedule()),
        ("ListedDocument", listed()),
        ("ListedDocumentList", page_of(component("ListedDocument"))),
        ("DocumentList", page_of(component("Document"))),
        ("VersionSummary", record(version_summary())),
        ("VersionSummaryList", page_of(component("VersionSummary"))),
        ("Comparison", comparison()),
        ("Use", described(usage(), "A document that refers to the thing.")),
        ("UseList", page_of(component("Use"))),
        ("Publication", publication()),
        ("PublicationList", page_of(component("Publication"))),
        ("OwnershipInput", ownership()),
        ("NoStepInput", described(input(&[], []), "The step takes nothing; the body may be left out.")),
        ("NoteInput", input(&[], [("note", note())])),
        (
            "RequestChangesInput",
            input(&["note"], [("note", described(filled_text(STEP_NOTE_LIMIT), "What is to be changed."))]),
        ),
        ("PublishInput", publish_input()),
        ("ForcePublishInput", force_publish_input()),
        ("PublishTogetherInput", publish_together_input()),
        ("ScheduleInput", schedule_input()),
        (
            "UnscheduleInput",
            input(
                &[],
                [("action", described(choice::<ScheduledAction>(), "Which; all that is scheduled without one."))],
            ),
        ),
        ("LookAtInput", look_at_input()),
        (
            "ConfirmInput",
            input(&[], [("review_by", described(date(), "When it is to be looked at next.")), ("note", note())]),
        ),
        (
            "WithdrawInput",
            input(
                &["explanation"],
                [("explanation", described(filled_text(STEP_NOTE_LIMIT), "What readers are told."))],
            ),
        ),
        ("UnpublishInput", unpublish_input()),
        ("RestoreInput", input(&["version"], [("version", version()), ("note", note())])),
        ("ReasonInput", input(&["reason"], [("reason", filled_text(STEP_NOTE_LIMIT))])),
    ]));
    schemas
}

/// The name of a kind in the names of schemas.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::RolePage => "RolePage",
        Kind::RequirementSection => "RequirementSection",
    }
}

/// The schemas that each kind has of its own.
fn of_kind(kind: Kind) -> Schemas {
    let name = name(kind);
    let content = format!("{name}Content");
    let mut whole_version = version_summary();
    whole_version.push(("content", component(&content), true));
    vec![
        (format!("{name}Input"), write(&format!("{content}Input"))),
        (name.to_owned(), document(kind, &content)),
        (format!("{name}Version"), record(whole_version)),
    ]
}

fn write(content: &str) -> Value {
    let slug = json!({
        "type": "string", "maxLength": SLUG_LIMIT, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
        "description": "Kept, or made from the title, if it is left out.",
    });
    let language = json!({
        "type": "string", "maxLength": 35, "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        "description": "A language tag of BCP 47; kept, or en-GB, if it is left out.",
    });
    input(
        &["content"],
        [
            ("slug", slug),
            ("parent", described(id(), "The document above it; null for none. Kept if it is left out.")),
            ("language", language),
            ("content", component(content)),
            ("note", described(text_up_to(SAVE_NOTE_LIMIT), "About this save, for the history.")),
        ],
    )
}

fn parts(content: Option<&str>) -> Value {
    let content = content.map_or_else(|| json!({ "type": "object" }), component);
    object([("slug", text()), ("parent", nullable(id())), ("language", text()), ("content", content)])
}

fn document(kind: Kind, content: &str) -> Value {
    let people = list(component("Person"));
    object([
        ("id", id()),
        ("kind", constant(kind.name())),
        ("slug", text()),
        ("parent", nullable(id())),
        ("path", described(text(), "Where it lives, or would live once it is published.")),
        ("language", text()),
        (
            "version",
            described(version(), "The version that is shown and that the next write starts from; also the ETag."),
        ),
        ("draft_version", nullable(version())),
        ("live_version", described(nullable(version()), "The version that is, or last was, live.")),
        ("draft_state", choice::<DraftState>()),
        ("live_state", choice::<LiveState>()),
        ("schedule", described(nullable(component("Schedule")), "What happens next by itself.")),
        ("owner", nullable(component("Person"))),
        ("review_by", nullable(date())),
        ("last_reviewed_on", nullable(date())),
        ("created_at", time()),
        ("updated_at", time()),
        ("updated_by", component("Person")),
        ("latest_version", described(version(), "The newest save, whichever version is shown.")),
        ("authors", described(people, "All who saved since the live version.")),
        ("schedules", described(list(component("Schedule")), "All that is scheduled, soonest first.")),
        ("trashed_at", nullable(time())),
        ("notice", described(nullable(text()), "The public explanation while it is withdrawn.")),
        (
            "retrospective_review",
            described(nullable(version()), "A version that was published by force and awaits its review."),
        ),
        ("failure", described(list(component("Fault")), "Why a scheduled publication failed, while that is so.")),
        ("content", component(content)),
        ("checks", list(component("Check"))),
    ])
}

fn person() -> Value {
    object([
        ("id", described(nullable(id()), "Null for the program itself and for people of another system.")),
        ("name", text()),
    ])
}

fn check() -> Value {
    let severity = described(choice::<Severity>(), "Publishing, scheduling and submitting refuse what is `must-fix`.");
    let pointer = described(text(), "A JSON pointer within the content; `/slug` for what stands beside it.");
    let excerpts = described(list(text()), "The first words that were found, where it is about words within a text.");
    object([
        ("code", described(text(), "The rule; it never changes its meaning.")),
        ("severity", severity),
        ("pointer", pointer),
        ("message", described(text(), "What is found, and how it is put right.")),
        ("source", described(text(), "Where the rule is from.")),
        ("excerpts", excerpts),
        ("mark", described(nullable(text()), "Names a `look-at` finding and the text that it is about.")),
        ("looked_at", described(nullable(component("LookedAt")), "Who has looked at it and left the text as it is.")),
    ])
}

fn looked_at() -> Value {
    object([("by", component("Person")), ("at", time()), ("reason", nullable(text()))])
}

fn schedule() -> Value {
    object([
        ("action", choice::<ScheduledAction>()),
        ("version", version()),
        ("at", time()),
        ("by", component("Person")),
    ])
}

fn listed() -> Value {
    object([
        ("id", id()),
        ("kind", choice::<Kind>()),
        ("title", text()),
        ("slug", text()),
        ("parent", nullable(id())),
        ("path", described(nullable(text()), "Where it lives; null if it is not live.")),
        ("language", text()),
        ("version", version()),
        ("draft_version", nullable(version())),
        ("live_version", nullable(version())),
        ("draft_state", choice::<DraftState>()),
        ("live_state", choice::<LiveState>()),
        ("owner", nullable(id())),
        ("review_by", nullable(date())),
        ("last_reviewed_on", nullable(date())),
        ("trashed_at", nullable(time())),
        ("created_at", time()),
        ("updated_at", time()),
        ("updated_by", component("Person")),
    ])
}

fn version_summary() -> Vec<(&'static str, Value, bool)> {
    vec![
        ("version", version(), true),
        ("title", text(), true),
        ("slug", text(), true),
        ("parent", nullable(id()), true),
        ("language", text(), true),
        ("created_at", time(), true),
        ("author", component("Person"), true),
        ("actor", choice_of(&ACTORS), true),
        ("door", described(choice_of(&DOORS), "Through which door it came."), true),
        ("from_version", described(nullable(version()), "The version that the save started from."), true),
        ("content_hash", text(), true),
        ("note", nullable(text()), true),
        (
            "autosaved",
            described(boolean(), "Whether an editor saved it by itself; such versions may be thinned out."),
            true,
        ),
    ]
}

pub(super) const ACTORS: [ActorKind; 4] = [ActorKind::User, ActorKind::ApiKey, ActorKind::Visitor, ActorKind::System];
pub(super) const DOORS: [Door; 7] =
    [Door::Admin, Door::Api, Door::Import, Door::Restore, Door::Public, Door::Schedule, Door::CommandLine];

fn comparison() -> Value {
    let words = object([("op", names(&["equal", "insert", "delete"])), ("text", text())]);
    let change = object([
        ("pointer", described(text(), "Into the newer version; of what was removed, into the older one.")),
        ("what", names(&["added", "removed", "moved", "changed"])),
        ("label", described(text(), "What it is, in words.")),
        ("words", described(list(words), "For a text that changed.")),
        ("from", described(anything(), "The old value; of what was moved, the old pointer.")),
        ("to", described(anything(), "The new value; of what was moved, the new pointer.")),
    ]);
    object([
        ("from", version()),
        ("to", version()),
        ("summary", described(list(text()), "The differences in a few sentences.")),
        ("changes", list(change)),
    ])
}

fn usage() -> Value {
    object([
        ("id", id()),
        ("kind", choice::<Kind>()),
        ("title", text()),
        ("line", described(text(), "`draft` or `live`: in which line of the document it is referred to.")),
        (
            "role",
            described(
                text(),
                "In which way, such as `embed`, `tree`, `related`, `link`, `text`, `own_page` or `image`.",
            ),
        ),
        ("live_path", nullable(text())),
    ])
}

fn publication() -> Value {
    let schema = object([
        ("id", id()),
        ("version", version()),
        ("state", described(text(), "`live` or `withdrawn`.")),
        ("change", choice::<ChangeSize>()),
        ("note", nullable(text())),
        ("notice", nullable(text())),
        ("from", time()),
        ("until", described(nullable(time()), "Null while it lasts.")),
        ("suppressed_at", described(nullable(time()), "When it was hidden from `as_of`.")),
    ]);
    described(schema, "A time in which the public read one version.")
}

fn ownership() -> Value {
    let owner = described(id(), "A user; null for nobody.");
    described(input(&[], [("owner", owner), ("review_by", date())]), "What is left out stays as it is.")
}

fn note() -> Value {
    text_up_to(STEP_NOTE_LIMIT)
}

fn publishing() -> [(&'static str, Value); 3] {
    [
        ("change", described(choice::<ChangeSize>(), "How much it matters to readers; `major` if it is left out.")),
        ("note", described(note(), "For the changes feed and the history.")),
        ("fixes", described(list_up_to(id(), TOGETHER_LIMIT), "The cases that this publication fixes.")),
    ]
}

fn unpublishing() -> [(&'static str, Value); 4] {
    [
        ("decision", described(choice::<Decision>(), "What becomes of its address.")),
        ("redirect_to", described(note(), "The id of a document, a path of the site, or an http(s) address.")),
        ("explanation", described(note(), "What readers are told at the address.")),
        (
            "children",
            described(choice::<Children>(), "What becomes of live documents below it; `refuse` if it is left out."),
        ),
    ]
}

fn publish_input() -> Value {
    input(&[], publishing())
}

fn force_publish_input() -> Value {
    let [change, note, fixes] = publishing();
    let reason = ("reason", described(filled_text(STEP_NOTE_LIMIT), "Why it can't wait for a review."));
    input(&["reason"], [reason, change, note, fixes])
}

fn look_at_input() -> Value {
    let mark = described(filled_text(100), "As the finding carries it.");
    let reason = described(text_up_to(REASON_LIMIT), "Why the text can stay as it is.");
    let finding = input(&["mark"], [("mark", mark), ("reason", reason)]);
    input(&["findings"], [("findings", list_up_to(finding, TOGETHER_LIMIT))])
}

fn publish_together_input() -> Value {
    let choice = input(&["id", "version"], [("id", id()), ("version", version())]);
    let documents = described(list_up_to(choice, TOGETHER_LIMIT), "Each with the version that is to go live.");
    let [change, note, fixes] = publishing();
    input(&["documents"], [("documents", documents), change, note, fixes])
}

fn schedule_input() -> Value {
    let [change, note, fixes] = publishing();
    let [decision, redirect_to, explanation, children] = unpublishing();
    let action = ("action", described(choice::<ScheduledAction>(), "`publish` if it is left out."));
    let at = ("at", described(time(), "When, at most 14 months ahead."));
    input(&["at"], [action, at, change, note, fixes, decision, redirect_to, explanation, children])
}

fn unpublish_input() -> Value {
    input(&["decision"], unpublishing())
}
