//! Saying in public what was changed about a case that is fixed: the page that asks for the sentence, and what the page of
//! the case shows of it.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{self, CaseDetail, CaseState, Resolution, TOLD_LIMIT},
    kernel::{CaseId, Error, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field, shell::Area, time},
    },
    address, below, framing,
    show::Facts,
};

const TITLE: &str = "Say what was changed";
const PAGE: &str = "what-changed";

pub async fn tell_page(mut request: PanelRequest) -> Answer {
    let id: CaseId = request.id("id")?;
    let from = request.query.text("from").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let detail = feedback::case(&request.ctx, id).await?;
    let text = detail.what_changed.as_ref().map(|told| told.text.clone()).unwrap_or_default();
    page(&request, &detail, &from, &FormState::new().with("text", text), false).await
}

pub async fn tell(mut request: PanelRequest) -> Answer {
    let id: CaseId = request.id("id")?;
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let from = request.form.value("from").to_owned();
    match carry_out(&request, id).await {
        Ok(said) => {
            request.app.ring();
            request.say(Tone::Done, said, None).await?;
            see_other(&address(id, &from))
        }
        Err(error @ (Error::Stale(_) | Error::Conflict { .. })) => {
            request.say(Tone::Warning, framing::refusal(error)?, None).await?;
            see_other(&address(id, &from))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let detail = feedback::case(&request.ctx, id).await?;
            page(&request, &detail, &from, &state, true).await
        }
    }
}

async fn carry_out(request: &PanelRequest, id: CaseId) -> Result<&'static str> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok()).unwrap_or_default();
    let _ = fields.raw_text("from");
    let takes_back = fields.text("take_back", 10).is_some();
    let text = fields.raw_text("text").filter(|text| !text.trim().is_empty());
    if text.is_none() && !takes_back {
        fields.fault("text", "missing-field", "Write what was changed.");
    }
    fields.finish()?;
    feedback::tell(&request.ctx, id, seen, text.as_deref().filter(|_| !takes_back)).await?;
    Ok(if takes_back { "Visitors are no longer told of this change." } else { "Visitors can read what was changed." })
}

async fn page(
    request: &PanelRequest,
    detail: &CaseDetail,
    from: &str,
    state: &FormState,
    refused: bool,
) -> Result<Response, crate::web::Problem> {
    let tells = request.chrome.tells_fixes;
    if !is_fixed(detail) || !(tells || detail.what_changed.is_some()) {
        let why = if is_fixed(detail) {
            "This site does not say in public what was changed. An administrator can turn it on in the settings."
        } else {
            "What was changed is said of cases that are resolved as fixed."
        };
        let body =
            html! { p { (why) } div.buttons { (ui::link_button(&address(detail.case.id, from), "Back to the case")) } };
        let main = framing::framed(detail, TITLE, from, body);
        return Ok(request.page_with(StatusCode::CONFLICT, Area::Feedback, TITLE, main));
    }
    let action = format!("/admin/cases/{}/{PAGE}", detail.case.id);
    let carried = html! {
        (field::hidden("version", &detail.case.version.to_string()))
        (field::hidden("from", from))
    };
    let body = html! {
        (ui::error_summary(state))
        @if tells {
            p { "Sites show this sentence on the page, with the date and the version of the fix. It goes when the case is reopened." }
            form method="post" action=(action) {
                (carried)
                (sentence(state, "text", "What was changed"))
                div.buttons { (ui::submit("Say it in public")) a href=(address(detail.case.id, from)) { "Cancel" } }
            }
        } @else {
            p { "The site does not tell of fixes at the moment, so nobody reads this: “" (state.value("text")) "”" }
        }
        @if detail.what_changed.is_some() {
            form method="post" action=(action) {
                (carried)
                (field::hidden("take_back", "true"))
                div.buttons { button.button { "Take it back" } }
            }
        }
    };
    let main = framing::framed(detail, TITLE, from, body);
    Ok(if refused { request.refused(Area::Feedback, TITLE, main) } else { request.page(Area::Feedback, TITLE, main) })
}

/// The field for a sentence that everybody can read.
pub fn sentence(state: &FormState, name: &str, label: &str) -> Markup {
    let hint = format!(
        "Everybody can read it: in your own words, nothing of the report, nobody's name. At most {TOLD_LIMIT} characters."
    );
    field::area(&state.field(name, label).hint(hint).rows(2).limit(TOLD_LIMIT))
}

fn is_fixed(detail: &CaseDetail) -> bool {
    detail.case.state == CaseState::Resolved && detail.case.resolution == Some(Resolution::Fixed)
}

/// What the page of a case says of it, as items of a list of facts.
pub fn facts(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let Some(told) = &facts.detail.what_changed else { return html! {} };
    html! {
        dt { "Said in public" }
        dd {
            (told.text) " "
            span.small.muted {
                (time::when(&request.chrome.zone, request.now(), told.told_at))
                @if !request.chrome.tells_fixes { "; not shown while the site does not tell" }
            }
        }
    }
}

/// The way to the sentence, for those who may write it.
pub fn way(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let told = facts.detail.what_changed.is_some();
    let possible = is_fixed(facts.detail) && (told || request.chrome.tells_fixes);
    html! {
        @if possible && request.may(Permission::FeedbackTriage) {
            p { a.tap href=(below(facts.detail.case.id, PAGE, &facts.from)) data-dialog {
                @if told { "Change what is said in public…" } @else { "Say in public what was changed…" }
            } }
        }
    }
}
