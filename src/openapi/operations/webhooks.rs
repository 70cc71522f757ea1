//! Webhooks.

use super::{
    super::schemas::{choice, described, id},
    Operation,
};
use crate::webhooks::DeliveryState;

pub fn operations() -> Vec<Operation> {
    let operation = |method, path| Operation::new(method, path, "webhooks");
    let get = |path| operation("get", path);
    let step = |path| operation("post", path).of_seen_version().repeatable();
    vec![
        get("/manage/v1/webhooks").says("By name.").answers("WebhookList"),
        operation("post", "/manage/v1/webhooks")
            .says("Public events are posted to it from now on. Private addresses are refused unless the server's configuration names them.")
            .repeatable()
            .takes("WebhookInput")
            .makes("NewWebhook"),
        get("/manage/v1/webhooks/{id}")
            .says("The ETag changes with what people decide about it, not with what is sent.")
            .answers_version_of("Webhook"),
        operation("patch", "/manage/v1/webhooks/{id}")
            .of_seen_version()
            .may_take("WebhookChangeInput")
            .answers_version_of("Webhook"),
        operation("delete", "/manage/v1/webhooks/{id}")
            .says("With everything that was on its way and the record of what was sent.")
            .of_seen_version()
            .answers_nothing(),
        step("/manage/v1/webhooks/{id}/rotate")
            .says("The secret before goes on signing beside it for some hours, so that the receiver has time to take the new one.")
            .may_take("WebhookRotateInput")
            .answers_version_of("NewWebhook"),
        step("/manage/v1/webhooks/{id}/pause")
            .says("What happens meanwhile is not kept for it; it can be replayed later.")
            .may_take("WebhookPauseInput")
            .answers_version_of("Webhook"),
        step("/manage/v1/webhooks/{id}/resume")
            .says("What was waiting is sent, and what happens from now on.")
            .may_take("NoStepInput")
            .answers_version_of("Webhook"),
        step("/manage/v1/webhooks/{id}/test")
            .says("Once, signed like an event, also to a webhook that is paused.")
            .may_take("NoStepInput")
            .makes("WebhookDelivery"),
        step("/manage/v1/webhooks/{id}/replay")
            .says("Every event that it wants, from a time up to now, with the ids that they had.")
            .takes("WebhookReplayInput")
            .answers_version_of("Webhook"),
        get("/manage/v1/webhooks/{id}/attempts")
            .says("Newest first, of the last thirty days.")
            .query("delivery", described(id(), "Only attempts of this delivery."))
            .paged(20, 100)
            .answers("WebhookAttemptList"),
        get("/manage/v1/webhooks/{id}/deliveries")
            .says("Newest first, of the last thirty days.")
            .query("state", choice::<DeliveryState>())
            .paged(20, 100)
            .answers("WebhookDeliveryList"),
        get("/manage/v1/webhooks/{id}/deliveries/{delivery}").answers_version_of("WebhookDelivery"),
        step("/manage/v1/webhooks/{id}/deliveries/{delivery}/send-again")
            .says("The version that was seen is that of the delivery.")
            .may_take("NoStepInput")
            .answers_version_of("WebhookDelivery"),
    ]
}
