//! What the public API answers besides pages: lists, paths, changes, and what visitors send and are told.

use serde_json::{Value, json};

use super::{
    Schemas,
    limits::{ANSWER_LIMIT, TOLD_LIMIT},
    named,
    parts::{
        address, boolean, choice, component, count, described, filled_text, id, input, list, names, nullable, object,
        page_of, record, text, text_up_to, time, version, with,
    },
};
use crate::{
    content::{ChangeSize, Decision, Kind, kinds::requirement::RouteKind},
    events::EventKind,
    feedback::{Progress, ReportKind},
};

pub fn schemas() -> Schemas {
    named([
        ("PublishedListItem", list_item()),
        ("PublishedList", page_of(component("PublishedListItem"))),
        ("SearchHit", search_hit()),
        ("SearchAnswer", search_answer()),
        ("PathEntry", described(path_entry(), "A path, and what it answers.")),
        ("PathList", page_of(component("PathEntry"))),
        ("Moved", object([("location", described(text(), "A path of the site, or an address elsewhere."))])),
        ("Change", change()),
        ("Changes", changes()),
        ("FixTold", fix_told()),
        ("FixToldList", page_of(component("FixTold"))),
        ("ReportInput", report_input(false)),
        ("ReportForm", report_input(true)),
        ("Receipt", receipt()),
        ("ReportProgress", progress()),
        ("ReportDetailInput", input(&["text"], [("text", filled_text(ANSWER_LIMIT))])),
        ("Health", object([("status", text())])),
    ])
}

fn list_item() -> Value {
    let item = json!({ "allOf": [
        component("Card"),
        object([("published_at", time()), ("updated_at", time())]),
    ] });
    described(item, "A card with times, and the keys of the page that `fields` names.")
}

fn search_hit() -> Value {
    let piece = object([
        ("text", described(text(), "Plain text; the texts of all pieces together are the text or a part of it.")),
        ("marked", described(boolean(), "Whether it is a word that was searched for.")),
    ]);
    let fields = ["title", "alternative_titles", "roles", "summary", "tasks", "text"];
    let highlight = object([("field", names(&fields)), ("pieces", list(piece))]);
    let item = json!({ "allOf": [
        component("Card"),
        object([("published_at", time()), ("updated_at", time()), ("highlights", list(highlight))]),
    ] });
    with(
        described(item, "A card with times, and what in the page was searched for."),
        "example",
        json!({
            "id": "0199a1c2-0000-7000-8000-000000000001", "kind": "role-page", "slug": "ict-support-technician",
            "path": "/ict/ict-support-technician", "title": "ICT support technician", "summary": "Keeps computers going.",
            "published_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-22T09:00:00Z",
            "highlights": [{ "field": "title", "pieces": [
                { "text": "ICT ", "marked": false }, { "text": "support", "marked": true },
                { "text": " ", "marked": false }, { "text": "technician", "marked": true },
            ] }],
        }),
    )
}

fn search_answer() -> Value {
    let facets = object([
        (
            "parent",
            described(list(object([("parent", component("Card")), ("count", count())])), "The 20 with most hits."),
        ),
        ("route", list(object([("route", choice::<RouteKind>()), ("count", count())]))),
        ("level", described(list(object([("level", text()), ("count", count())])), "Such as `RQF:3`.")),
    ]);
    object([
        ("data", list(component("SearchHit"))),
        ("next", described(nullable(address()), "The address of the next page; null on the last one.")),
        ("total", described(count(), "How many hits there are in all, on every page.")),
        (
            "facets",
            described(facets, "How many hits each of these filters would leave; only such as would leave some."),
        ),
    ])
}

fn path_entry() -> Value {
    object([
        ("path", text()),
        ("type", names(&["live", "withdrawn", "redirect", "gone"])),
        ("document", nullable(id())),
        ("kind", nullable(choice::<Kind>())),
        ("location", described(nullable(text()), "Where a redirect leads.")),
        ("updated_at", time()),
    ])
}

fn change() -> Value {
    let mut types: Vec<&str> = EventKind::ALL.iter().filter_map(|kind| kind.public_name()).collect();
    types.sort_unstable();
    types.dedup();
    let document = object([("id", id()), ("kind", nullable(choice::<Kind>())), ("path", nullable(text()))]);
    let schema = record(vec![
        (
            "sequence",
            described(count(), "Its place in the order of all events; places in between are not public."),
            true,
        ),
        ("at", time(), true),
        ("type", names(&types), true),
        ("document", document, false),
        ("media", described(id(), "The image, if one changed."), false),
        ("from", described(text(), "The old path of what moved."), false),
        ("to", described(text(), "The new path of what moved."), false),
        ("version", version(), false),
        ("change", choice::<ChangeSize>(), false),
        ("note", text(), false),
        ("explanation", text(), false),
        ("decision", choice::<Decision>(), false),
        ("redirect_to", text(), false),
        ("affected", described(list(id()), "Every live document whose JSON changed."), true),
    ]);
    described(schema, "Something public that happened.")
}

fn changes() -> Value {
    object([
        ("data", list(component("Change"))),
        ("cursor", described(text(), "Opaque; `since` of the next request.")),
        ("more", described(boolean(), "Whether there is more already.")),
    ])
}

fn fix_told() -> Value {
    let block = object([
        ("id", id()),
        ("title", described(nullable(text()), "The nearest heading of the page, its own or above it.")),
        ("anchor", described(nullable(text()), "Of the section in which it stands, if that has one.")),
    ]);
    let schema = object([
        ("changed_at", described(time(), "When the change went live.")),
        ("document", object([("id", id()), ("kind", choice::<Kind>())])),
        ("version", described(version(), "Of that document: the first one with the change.")),
        ("block", described(nullable(block), "What was reported, if it stands on the page still.")),
        ("text", described(filled_text(TOLD_LIMIT), "What was changed, in a sentence.")),
    ]);
    described(schema, "What was changed because somebody reported it.")
}

fn report_input(is_form: bool) -> Value {
    let mut schema = input(
        &["kind"],
        [
            (
                "page_token",
                described(text(), "From the published JSON of the page; goes before `document` and `version`."),
            ),
            ("document", described(text(), "The id or slug of a live document, if there is no page token.")),
            ("version", described(version(), "The version that the visitor saw; the live one if it is left out.")),
            ("block", described(id(), "A block of the page, or of a requirement section that stands in it.")),
            ("kind", choice::<ReportKind>()),
            ("doing", described(text_up_to(ANSWER_LIMIT), "What the visitor was doing.")),
            ("wrong", described(text_up_to(ANSWER_LIMIT), "What went wrong.")),
            ("contact_email", described(email(), "Only where the site takes addresses.")),
            ("shown_at", described(time(), "When the visitor was shown the form; helps against machines.")),
            ("website", described(text(), "Always empty: a field that people don't see.")),
        ],
    );
    if is_form && let Some(properties) = schema.pointer_mut("/properties").and_then(Value::as_object_mut) {
        let description = "Where to go afterwards: an absolute address on one of the site's origins.";
        properties.insert("return_to".to_owned(), described(json!({ "type": "string", "format": "uri" }), description));
    }
    described(schema, "A visitor's report. At least one of `doing` and `wrong` is filled in; personal data is removed.")
}

fn email() -> Value {
    json!({ "type": "string", "format": "email", "maxLength": 254 })
}

fn receipt() -> Value {
    object([
        ("reference", described(text(), "For people, such as RB-7K3M-9QXF; it shows nothing by itself.")),
        ("received_at", time()),
        ("receipt_url", described(address(), "Holds a secret; shows how far it is and takes more detail.")),
    ])
}

fn progress() -> Value {
    object([
        ("reference", text()),
        ("received_at", time()),
        ("state", choice::<Progress>()),
        ("answered_at", described(nullable(time()), "When somebody answered at the address that was left.")),
        ("additions", described(count(), "How often detail was added.")),
        ("additions_left", described(count(), "How often it can still be added.")),
    ])
}
