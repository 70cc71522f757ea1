//! Webhooks, what was sent to them, and what is sent.

use serde_json::{Value, json};

use super::{
    Schemas, named,
    parts::{
        choice, component, count, described, filled_text, id, input, list, nullable, object, page_of, record, text,
        text_up_to, time, whole, with,
    },
};
use crate::webhooks::{DeliveryState, EventType, LONGEST_OVERLAP, PauseReason, WebhookState};

/// Of a name, in characters.
const NAME_LIMIT: usize = 100;

pub fn schemas() -> Schemas {
    let mut added = webhook();
    added.push((
        "secret",
        described(nullable(text()), "With which it is signed. Shown this once; null if the request is repeated."),
        true,
    ));
    let overlap = described(
        whole(0, u64::try_from(LONGEST_OVERLAP).unwrap_or_default()),
        "For how many hours the secret before signs too; 24 if it is left out.",
    );
    let since = described(time(), "From when on; events before it are not sent again.");
    named([
        ("Webhook", described(record(webhook()), "An address elsewhere, without its secrets.")),
        ("WebhookList", page_of(component("Webhook"))),
        ("NewWebhook", record(added)),
        ("WebhookInput", input(&["name", "url"], properties())),
        ("WebhookChangeInput", described(input(&[], properties()), "What is left out stays as it is.")),
        ("WebhookRotateInput", input(&[], [("overlap_hours", overlap)])),
        ("WebhookPauseInput", input(&[], [("note", described(text_up_to(500), "For colleagues."))])),
        ("WebhookReplayInput", input(&["since"], [("since", since)])),
        ("WebhookDelivery", delivery()),
        ("WebhookDeliveryList", page_of(component("WebhookDelivery"))),
        ("WebhookAttempt", attempt()),
        ("WebhookAttemptList", page_of(component("WebhookAttempt"))),
    ])
}

fn types() -> Value {
    list(choice::<EventType>())
}

fn properties() -> [(&'static str, Value); 4] {
    let url = json!({ "type": "string", "format": "uri", "minLength": 1, "maxLength": 2000 });
    [
        ("name", filled_text(NAME_LIMIT)),
        ("url", described(url, "It begins with https://.")),
        ("owner", described(text(), "The id of who looks after it; the caller if a new one leaves it out or empty.")),
        (
            "events",
            described(with(types(), "minItems", 1.into()), "Types as the changes feed names them; null is all."),
        ),
    ]
}

fn webhook() -> Vec<(&'static str, Value, bool)> {
    let paused = object([("at", time()), ("reason", choice::<PauseReason>()), ("note", nullable(text()))]);
    let last = object([
        ("at", time()),
        ("status", described(nullable(whole(100, 999)), "Null if nothing was answered.")),
        ("error", described(nullable(text()), "In words, if it did not get through.")),
    ]);
    vec![
        ("id", id(), true),
        ("name", text(), true),
        ("url", text(), true),
        ("owner", object([("id", id()), ("name", text())]), true),
        ("events", described(nullable(types()), "Null is all types."), true),
        ("state", described(choice::<WebhookState>(), "`failing`: nothing gets through, and it is still tried."), true),
        ("paused", nullable(paused), true),
        ("failing_since", nullable(time()), true),
        ("retry_at", described(nullable(time()), "When the next try is made while nothing gets through."), true),
        (
            "replaying",
            json!({ "type": "boolean", "description": "Whether past events are still to be sent again." }),
            true,
        ),
        ("created_at", time(), true),
        ("previous_secret_until", described(nullable(time()), "Until when the secret before signs too."), true),
        ("last_attempt", nullable(last), true),
        ("last_success_at", nullable(time()), true),
        ("revision", described(text(), "The next step names it; also the ETag."), true),
    ]
}

fn delivery() -> Value {
    object([
        ("id", id()),
        ("webhook", id()),
        ("message_id", described(text(), "`webhook-id`, the same however often it is sent.")),
        ("type", described(text(), "Of the event; `test` for a test.")),
        ("sequence", described(nullable(count()), "Of the event; null for a test.")),
        ("state", choice::<DeliveryState>()),
        ("created_at", time()),
        ("next_attempt_at", nullable(time())),
        ("attempts", described(count(), "Of the present round; sending again begins another.")),
        ("finished_at", nullable(time())),
        ("body", described(text(), "As it is sent and signed.")),
        ("revision", described(text(), "Sending again names it; also the ETag.")),
    ])
}

fn attempt() -> Value {
    let headers = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let request = object([("url", text()), ("headers", headers), ("body", text())]);
    let answer = object([("status", whole(100, 999)), ("body", described(text(), "Its beginning, up to 4 KiB."))]);
    object([
        ("id", id()),
        ("delivery", id()),
        ("message_id", text()),
        ("type", text()),
        ("at", time()),
        ("duration_milliseconds", count()),
        ("request", request),
        ("answer", described(nullable(answer), "Null if nothing was answered.")),
        ("error", described(nullable(text()), "In words, if it did not get through.")),
    ])
}
