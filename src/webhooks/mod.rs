//! Webhooks: addresses elsewhere to which public events are posted, each signed with a secret of its own (Standard
//! Webhooks). Commands for people, and the queue that the follower of the log fills and empties. It opens no connection,
//! knows nothing of how an event is written as JSON, and is told by `outbound` which addresses may be reached.
//!
//! Decision (2026-11-22), one queue an address, in the order of the log. Context: a receiver that gets events side by side
//! has to put them in order itself, and a small one is easily flooded. Choice: one request at a time for each webhook;
//! whatever fails is tried again later and lets the others pass, but while nothing gets through at all, one delivery at a
//! time is tried, at growing distances. Consequence: a receiver that was away is not hit by its whole backlog at every try,
//! and one event that it can't take holds up nothing else.
//!
//! Decision (2026-11-22), a delivery is given up after a day; a webhook is paused once nothing has got through for a day, or
//! when its receiver says 410 Gone. Context: the contract pauses after a day of retries; pausing because of a single event
//! that a receiver can't take would keep all the others from it. Consequence: for a receiver that is away both are the same.
//!
//! Decision (2026-11-22), what happens while a webhook is paused is not kept for it. Context: nobody may ever resume it.
//! Consequence: what was waiting is sent when it is resumed, and the rest is replayed from a time, by whoever wants it.
//!
//! Decision (2026-11-22), the body of a delivery is composed once and kept, so that every attempt sends the same bytes; an
//! attempt keeps its headers and what came back. Both are kept for thirty days. No backup carries them
//! (`entity::MOMENTARY`), and a webhook that was restored from one is paused: a copy of a site shall not speak for it.

mod commands;
mod deliveries;
mod queue;
mod retries;
mod secrets;
mod steps;
mod views;

pub use commands::{add, change, delete, rotate};
pub use deliveries::{
    Attempt, AttemptListing, Delivery, DeliveryListing, DeliveryState, Page, attempts, deliveries, delivery,
};
pub use queue::{
    Batch, KEPT, Message, Outcome, Outgoing, due, end_of_log, next, next_batch, next_replay, put, put_replay, record,
    thin,
};
pub use secrets::sign;
pub use steps::{pause, pause_restored, replay, resume, send_again, test};
pub use views::{
    Added, EventType, LONGEST_OVERLAP, MOST, NewWebhook, PauseReason, Paused, Webhook, WebhookChange, WebhookState,
    get, list,
};
