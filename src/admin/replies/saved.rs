//! Answers that are kept to be used again: the list, one of them to change, and removing it.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{
        REPLY_LIMIT, SavedReply,
        saved_replies::{self, PLACEHOLDERS},
    },
    kernel::{Error, Permission, SavedReplyId},
    web::{Answer, session::Tone},
};

use super::{
    super::{
        form::FormState,
        help,
        request::PanelRequest,
        ui::{self, confirm, field},
    },
    AREA,
};

const SAVED: &str = "/admin/saved-replies";
const TITLE: &str = "Saved replies";

fn address(id: SavedReplyId) -> String {
    format!("{SAVED}/{id}")
}

fn crumbs(one: Option<&SavedReply>) -> Markup {
    let mut steps = vec![("/admin/cases".to_owned(), "Feedback".to_owned()), (SAVED.to_owned(), TITLE.to_owned())];
    steps.extend(one.map(|one| (address(one.id), one.title.clone())));
    ui::crumbs(&steps)
}

pub async fn list(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let all = saved_replies::list(&request.ctx).await?;
    let add = ui::primary_link("/admin/saved-replies/new", "Write one…");
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned())]))
            @if all.is_empty() {
                (ui::head(TITLE, html! {}))
                (ui::empty("No answers are kept yet. What you write to visitors again and again can stand here, with placeholders for what differs, and be begun with one click.", help::beside(add, &help::CASES)))
            } @else {
                (ui::head(TITLE, add))
                p { "Answers to begin with, when a visitor left an address." }
                ul.unmarked.stack {
                    @for one in &all {
                        li.card.stack-s { h2 { a.tap href=(address(one.id)) { (one.title) } } p.pre { (one.text) } }
                    }
                }
            }
        } }
    };
    Ok(request.page(AREA, TITLE, main))
}

const NEW: &str = "Write a saved reply";

pub async fn show_new(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    Ok(form_page(&request, None, &FormState::new(), html! {}, StatusCode::OK))
}

fn form_page(
    request: &PanelRequest,
    one: Option<&SavedReply>,
    state: &FormState,
    notice: Markup,
    status: StatusCode,
) -> Response {
    let title = one.map_or(NEW, |_| "Change a saved reply");
    let target = one.map_or_else(|| format!("{SAVED}/new"), |one| address(one.id));
    let hint = format!("Plain text, at most {REPLY_LIMIT} characters.");
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(None))
            h1 { (title) }
            (notice)
            (ui::error_summary(state))
            form.stack-s method="post" action=(target) {
                @if let Some(one) = one { (field::hidden("revision", &one.revision)) }
                (field::text(&state.field("title", "Title").class("medium").hint("By which colleagues find it. Visitors don't see it.")))
                (field::area(&state.field("text", "Text").rows(10).hint(hint)))
                div.buttons { (ui::submit("Keep it")) (ui::link_button(SAVED, "Cancel")) }
            }
            @if let Some(one) = one { p { a.button.bad href={ (address(one.id)) "/remove" } { "Remove…" } } }
            section.stack-s aria-labelledby="placeholders" {
                h2 #placeholders { "Placeholders" }
                dl.facts { @for (name, meaning) in PLACEHOLDERS { dt { code { (name) } } dd { (meaning) } } }
            }
        } }
    };
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(AREA, title, main),
        other => request.page_with(other, AREA, title, main),
    }
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let title = fields.text("title", 1_000).unwrap_or_default();
        let text = fields.raw_text("text").unwrap_or_default();
        fields.finish()?;
        saved_replies::add(&request.ctx, &title, &text).await
    };
    match outcome.await {
        Ok(one) => request.done(SAVED, format!("“{}” is kept.", one.title)).await,
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(form_page(&request, None, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = saved_replies::get(&request.ctx, request.id("id")?).await?;
    let state = FormState::new().with("title", one.title.clone()).with("text", one.text.clone());
    Ok(form_page(&request, Some(&one), &state, html! {}, StatusCode::OK))
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let id = request.id("id")?;
    let one = saved_replies::get(&request.ctx, id).await?;
    let outcome = async {
        let mut fields = request.form.fields(&[]);
        let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
        let title = fields.text("title", 1_000).unwrap_or_default();
        let text = fields.raw_text("text").unwrap_or_default();
        fields.finish()?;
        saved_replies::change(&request.ctx, id, &seen, &title, &text).await
    };
    match outcome.await {
        Ok(one) => request.done(SAVED, format!("“{}” is kept.", one.title)).await,
        Err(Error::Stale(_)) => {
            let said = html! { p { "Somebody changed it while you were writing, so nothing was done. Now it says:" } p.pre { (one.text) } p { "What you typed is still below. Send it again if it is still right." } };
            let state = FormState::of(&request.form);
            Ok(form_page(&request, Some(&one), &state, ui::banner(Tone::Warning, said), StatusCode::CONFLICT))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(form_page(&request, Some(&one), &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn show_remove(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = saved_replies::get(&request.ctx, request.id("id")?).await?;
    Ok(removal(&request, &one, html! {}, StatusCode::OK))
}

fn removal(request: &PanelRequest, one: &SavedReply, notice: Markup, status: StatusCode) -> Response {
    let title = format!("Remove “{}”", one.title);
    let main = html! {
        div.main { div.reading.stack {
            (crumbs(Some(one)))
            h1 { (title) }
            (notice)
            (confirm::ask(
                &format!("{}/remove", address(one.id)),
                html! { p { "Nobody can begin with it any more. Answers that were sent with it stay as they are." } p.pre { (one.text) } (field::hidden("revision", &one.revision)) },
                ui::bad_button("Remove it"),
                &address(one.id),
            ))
        } }
    };
    request.page_with(status, AREA, &title, main)
}

pub async fn remove(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let one = saved_replies::get(&request.ctx, request.id("id")?).await?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    fields.finish()?;
    match saved_replies::remove(&request.ctx, one.id, &seen).await {
        Ok(()) => request.done(SAVED, format!("“{}” is removed.", one.title)).await,
        Err(Error::Stale(_)) => {
            let said = html! { p { "Somebody changed it since you looked, so nothing was done." } };
            Ok(removal(&request, &one, ui::banner(Tone::Warning, said), StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}
