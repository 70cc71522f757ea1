//! The steps of a webhook, each asked for on a page of its own: pausing, resuming, another secret, sending past events again,
//! deleting; and a test, which asks nothing.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    kernel::{Error, Result, Timestamp, WebhookId},
    web::{Answer, session::Tone},
    webhooks::{self, Webhook},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, confirm, field, time},
    },
    AREA, WEBHOOKS, address, crumbs,
    form::secret_page,
};

/// How long the secret before can go on: in hours, as the form sends and says it.
const OVERLAPS: [(&str, &str, i64); 4] =
    [("0", "It ends at once", 0), ("1", "An hour", 1), ("24", "A day", 24), ("168", "A week", 168)];
const USUAL_OVERLAP: &str = "24";

/// A page that asks about a step: its title, what stands in its form, and the button.
struct Asked {
    step: &'static str,
    title: String,
    what_happens: Markup,
    button: Markup,
}

async fn asked_for(request: &mut PanelRequest) -> Result<Webhook> {
    request.end_of_query()?;
    webhooks::get(&request.ctx, request.id("id")?).await
}

fn page(request: &PanelRequest, webhook: &Webhook, asked: &Asked, state: &FormState, status: StatusCode) -> Response {
    let back = address(webhook.id);
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(Some(webhook)))
            h1 { (asked.title) }
            @if status == StatusCode::CONFLICT {
                (ui::banner(Tone::Warning, html! { p { "The webhook has changed since you looked, so nothing was done. Do it again if it is still right." } }))
            }
            (ui::error_summary(state))
            (confirm::ask(
                &format!("{back}/{}", asked.step),
                html! { (asked.what_happens) (field::hidden("revision", &webhook.revision)) },
                asked.button.clone(),
                &back,
            ))
        } }
    };
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(AREA, &asked.title, main),
        other => request.page_with(other, AREA, &asked.title, main),
    }
}

/// The page again, with what was refused; or that somebody changed the webhook meanwhile.
async fn refused(
    request: &PanelRequest,
    id: WebhookId,
    error: Error,
    asked: impl Fn(&PanelRequest, &Webhook, &FormState) -> Asked,
) -> Answer {
    let webhook = webhooks::get(&request.ctx, id).await?;
    let state = FormState::of(&request.form);
    let (state, status) = match error {
        Error::Stale(_) => (state, StatusCode::CONFLICT),
        error => (state.refused(error)?, StatusCode::UNPROCESSABLE_ENTITY),
    };
    Ok(page(request, &webhook, &asked(request, &webhook, &state), &state, status))
}

/// The revision that the form was made from.
fn seen(fields: &mut crate::web::Fields) -> Result<String> {
    fields.text("revision", 200).ok_or(Error::PreconditionRequired)
}

pub async fn test(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let mut fields = request.form.fields(&[]);
    let seen = seen(&mut fields)?;
    fields.finish()?;
    let back = address(webhook.id);
    match webhooks::test(&request.ctx, webhook.id, &seen).await {
        Ok(_) => {
            request.app.ring();
            request.done(&back, "The test is being sent. Load this page again to see what came of it.").await
        }
        Err(Error::Stale(_)) => {
            request.say(Tone::Warning, "The webhook has changed since you looked, so no test was sent.", None).await?;
            crate::web::see_other(&back)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn show_pause(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let state = FormState::new();
    Ok(page(&request, &webhook, &pausing(&request, &webhook, &state), &state, StatusCode::OK))
}

fn pausing(_: &PanelRequest, webhook: &Webhook, state: &FormState) -> Asked {
    Asked {
        step: "pause",
        title: format!("Pause the webhook “{}”", webhook.name),
        what_happens: html! {
            p { "Nothing is sent to it until somebody resumes it. What is waiting is kept; what happens meanwhile is not, but can be sent afterwards." }
            (field::text(&state.field("note", "Note").limit(500).hint("Why, for colleagues. It can be left empty.")))
        },
        button: ui::submit("Pause the webhook"),
    }
}

pub async fn pause(mut request: PanelRequest) -> Answer {
    let id = asked_for(&mut request).await?.id;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = seen(&mut fields)?;
        let note = fields.text("note", 1_000);
        fields.finish()?;
        webhooks::pause(&request.ctx, id, &seen, note).await
    };
    match outcome.await {
        Ok(webhook) => request.done(&address(id), format!("The webhook “{}” is paused.", webhook.name)).await,
        Err(error) => refused(&request, id, error, pausing).await,
    }
}

pub async fn show_resume(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let state = FormState::new().with("replay", "true");
    Ok(page(&request, &webhook, &resuming(&request, &webhook, &state), &state, StatusCode::OK))
}

fn resuming(request: &PanelRequest, webhook: &Webhook, state: &FormState) -> Asked {
    let since = webhook.paused.as_ref().map(|paused| time::in_full(&request.chrome.zone, paused.at));
    Asked {
        step: "resume",
        title: format!("Resume the webhook “{}”", webhook.name),
        what_happens: html! {
            p { "What was waiting is sent, and what happens from now on." }
            @if let Some(since) = since {
                (field::check(&state.field("replay", "Send what has happened since it was paused as well").hint(format!("It was paused on {since}."))))
            }
        },
        button: ui::submit("Resume the webhook"),
    }
}

pub async fn resume(mut request: PanelRequest) -> Answer {
    let before = asked_for(&mut request).await?;
    let id = before.id;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = seen(&mut fields)?;
        let replay = fields.text("replay", 10).is_some();
        fields.finish()?;
        let webhook = webhooks::resume(&request.ctx, id, &seen).await?;
        match before.paused.as_ref().filter(|_| replay) {
            Some(paused) => replay_if_any(&request, &webhook, paused.at).await,
            None => Ok(webhook),
        }
    };
    match outcome.await {
        Ok(webhook) => {
            request.app.ring();
            request.done(&address(id), format!("The webhook “{}” goes on.", webhook.name)).await
        }
        Err(error) => refused(&request, id, error, resuming).await,
    }
}

/// Nothing may have happened meanwhile, which is as good.
async fn replay_if_any(request: &PanelRequest, webhook: &Webhook, since: Timestamp) -> Result<Webhook> {
    match webhooks::replay(&request.ctx, webhook.id, &webhook.revision, since).await {
        Err(Error::Invalid(_)) => Ok(webhook.clone()),
        other => other,
    }
}

pub async fn show_replay(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let yesterday = request.now().plus(-Timestamp::DAY);
    let state = FormState::new().with("since", request.chrome.zone.typed(yesterday));
    Ok(page(&request, &webhook, &replaying(&request, &webhook, &state), &state, StatusCode::OK))
}

fn replaying(_: &PanelRequest, webhook: &Webhook, state: &FormState) -> Asked {
    Asked {
        step: "replay",
        title: format!("Send past events to “{}”", webhook.name),
        what_happens: html! {
            p { "Every event that it wants is sent again, from a time up to now, in order and with the ids that they had. A receiver that has some of them already can tell by these." }
            (field::text(&state.field("since", "Since").kind("datetime-local").class("medium")))
        },
        button: ui::submit("Send them"),
    }
}

pub async fn replay(mut request: PanelRequest) -> Answer {
    let id = asked_for(&mut request).await?.id;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = seen(&mut fields)?;
        let since = fields.text("since", 100).and_then(|text| request.chrome.zone.read(&text));
        if since.is_none() {
            fields.fault("since", "not-a-time", "Say since when, as a day and a time.");
        }
        fields.finish()?;
        webhooks::replay(&request.ctx, id, &seen, since.unwrap_or_default()).await
    };
    match outcome.await {
        Ok(_) => {
            request.app.ring();
            request.done(&address(id), "The events are being put into its queue.").await
        }
        Err(error) => refused(&request, id, error, replaying).await,
    }
}

pub async fn show_rotate(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let state = FormState::new().with("overlap", USUAL_OVERLAP);
    Ok(page(&request, &webhook, &rotating(&request, &webhook, &state), &state, StatusCode::OK))
}

fn rotating(_: &PanelRequest, webhook: &Webhook, state: &FormState) -> Asked {
    let options: Vec<(String, String)> =
        OVERLAPS.iter().map(|(value, words, _)| ((*value).to_owned(), (*words).to_owned())).collect();
    Asked {
        step: "rotate",
        title: format!("Another secret for “{}”", webhook.name),
        what_happens: html! {
            p { "The next page shows a new secret, once. For a while both sign, so that the receiver can take the new one without missing anything." }
            (field::radios(&state.field("overlap", "How long the secret of now goes on").hint("If it may have become known to others, end it at once."), &options))
        },
        button: ui::submit("Make another secret"),
    }
}

pub async fn rotate(mut request: PanelRequest) -> Answer {
    let id = asked_for(&mut request).await?.id;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = seen(&mut fields)?;
        let overlap = fields.text("overlap", 10).unwrap_or_default();
        let hours = OVERLAPS.iter().find(|(value, _, _)| *value == overlap).map(|(_, _, hours)| *hours);
        if hours.is_none() {
            fields.fault("overlap", "unknown-choice", "Say how long the secret of now goes on.");
        }
        fields.finish()?;
        webhooks::rotate(&request.ctx, id, &seen, hours.unwrap_or_default()).await
    };
    match outcome.await {
        Ok(added) => {
            let title = format!("The new secret of “{}”", added.webhook.name);
            Ok(secret_page(&request, &added, &title))
        }
        Err(error) => refused(&request, id, error, rotating).await,
    }
}

pub async fn show_delete(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let state = FormState::new();
    Ok(page(&request, &webhook, &deleting(&request, &webhook, &state), &state, StatusCode::OK))
}

fn deleting(_: &PanelRequest, webhook: &Webhook, _: &FormState) -> Asked {
    Asked {
        step: "delete",
        title: format!("Delete the webhook “{}”", webhook.name),
        what_happens: html! {
            p { "Nothing more is sent to " (webhook.url) ", and the record of what was sent goes with it. It can't be taken back; a new webhook has another secret." }
        },
        button: ui::bad_button("Delete the webhook"),
    }
}

pub async fn delete(mut request: PanelRequest) -> Answer {
    let webhook = asked_for(&mut request).await?;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = seen(&mut fields)?;
        fields.finish()?;
        webhooks::delete(&request.ctx, webhook.id, &seen).await
    };
    match outcome.await {
        Ok(()) => request.done(WEBHOOKS, format!("The webhook “{}” is deleted.", webhook.name)).await,
        Err(error) => refused(&request, webhook.id, error, deleting).await,
    }
}
