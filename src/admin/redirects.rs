//! Redirects made by hand: the list, a new one, and taking one away.

use axum::http::StatusCode;
use maud::{Markup, html};
use uuid::Uuid;

use crate::{
    content::{self, Redirect},
    kernel::{Error, Permission, Result},
    web::Answer,
};

use super::{
    form::FormState,
    help,
    request::PanelRequest,
    ui::{self, Field, confirm, field, list as lists, shell::Area, time},
};

const PATH: &str = "/admin/redirects";
const NEW: &str = "New redirect";
const REMOVE: &str = "Remove a redirect";
const PAGE: u64 = 50;

pub async fn list(mut request: PanelRequest) -> Answer {
    let words = request.query.text("q").filter(|words| !words.trim().is_empty());
    let after = request.query.text("cursor");
    request.end_of_query()?;
    let (mut rows, total) = content::redirects(&request.ctx, words.as_deref(), after.as_deref(), PAGE + 1).await?;
    let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.path.clone());
    let may_change = request.may(Permission::ContentPublish);
    let add = html! { @if may_change { (ui::primary_link("/admin/redirects/new", "Add a redirect…")) } };
    let applied: Vec<(&str, String)> = words.iter().map(|words| ("q", format!("“{words}”"))).collect();
    let main = html! {
        div.main {
            (ui::head("Redirects", html! { @if total > 0 || words.is_some() { (add) } }))
            p.reading { "Pages that moved here lead on by themselves. Redirects made by hand are for addresses that never belonged to a page of this site, such as those of the site before. A live page at the same address comes first." }
            form.filters method="get" action=(PATH) data-enhance role="search" aria-label="Redirects" {
                (field::text(&Field::new("q", "Path or target").kind("search").value(words.clone().unwrap_or_default())))
                button.button { "Search" }
            }
            (lists::chips(PATH, &request.query_text, &applied))
            @if total == 0 && words.is_none() {
                (ui::empty("No redirect has been made by hand. Addresses of the site before go here, so that old links still arrive.", help::beside(add.clone(), &help::REDIRECTS)))
            } @else if rows.is_empty() {
                (ui::empty("No redirect fits.", ui::link_button(PATH, "Show all redirects")))
            } @else {
                p.muted role="status" { (ui::count(total, "redirect", "redirects")) }
                (table(&request, &rows, may_change))
                (lists::pages(PATH, &request.query_text, rows.len(), total, next.as_deref()))
            }
        }
    };
    Ok(request.page(Area::Administration, "Redirects", main))
}

fn table(request: &PanelRequest, rows: &[Redirect], may_change: bool) -> Markup {
    let chrome = &request.chrome;
    html! {
        div.table {
            table.cards {
                caption.vh { "Redirects made by hand" }
                thead {
                    tr {
                        th scope="col" { "Path" }
                        th scope="col" { "Leads to" }
                        th scope="col" { "Made" }
                        @if may_change { th scope="col" { span.vh { "What can be done" } } }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { code { (row.path) } }
                            td data-label="Leads to" { code { (row.target) } }
                            td data-label="Made" { (time::when(&chrome.zone, chrome.now, row.created_at)) }
                            @if may_change {
                                td { a href={ (PATH) "/" (row.id) "/remove" } { "Remove…" span.vh { " " (row.path) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentPublish)?;
    Ok(request.page(Area::Administration, NEW, form(&FormState::new())))
}

fn form(state: &FormState) -> Markup {
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PATH.to_owned(), "Redirects".to_owned())]))
            h1 { (NEW) }
            (ui::error_summary(state))
            p { "Visitors and search engines who ask for the path are sent to the target from the moment you add it." }
            form method="post" action="/admin/redirects/new" {
                (field::text(&state.field("path", "Path").hint("In small letters, with one slash at its beginning and none at its end, such as /jobs/porter.")))
                (field::text(&state.field("target", "Leads to").hint("A path of this site, or a whole address of another that begins with https://.")))
                div.buttons { (ui::submit("Add the redirect")) (ui::link_button(PATH, "Cancel")) }
            }
        } }
    }
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentPublish)?;
    let outcome = match read(&request) {
        Ok((path, target)) => content::add_redirect(&request.ctx, path, target).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(redirect) => {
            request.app.ring();
            request.done(PATH, format!("{} now leads to {}.", redirect.path, redirect.target)).await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(request.refused(Area::Administration, NEW, form(&state)))
        }
    }
}

fn read(request: &PanelRequest) -> Result<(String, String)> {
    let mut fields = request.form.fields(&[]);
    let (path, target) = (fields.text("path", 1_000), fields.text("target", 2_000));
    for (name, value, words) in
        [("path", &path, "Give the path that people ask for."), ("target", &target, "Say where it leads.")]
    {
        if value.is_none() && !fields.has_fault(name) {
            fields.fault(name, "missing-field", words);
        }
    }
    fields.finish()?;
    Ok((path.unwrap_or_default(), target.unwrap_or_default()))
}

pub async fn show_remove(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentPublish)?;
    let redirect = content::redirect(&request.ctx, request.id("id")?).await?;
    Ok(request.page(Area::Administration, REMOVE, question(&FormState::new(), &redirect)))
}

fn question(state: &FormState, redirect: &Redirect) -> Markup {
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PATH.to_owned(), "Redirects".to_owned())]))
            h1 { (REMOVE) }
            (ui::error_summary(state))
            (confirm::ask(
                &format!("{PATH}/{}/remove", redirect.id),
                html! { p { code { (redirect.path) } " will no longer lead to " code { (redirect.target) } ". Whoever asks for it is told that there is no such page, unless a page is live there. You can add it again." } },
                html! { (field::hidden("revision", &redirect.revision)) (ui::bad_button("Remove the redirect")) },
                PATH,
            ))
        } }
    }
}

pub async fn remove(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentPublish)?;
    let id: Uuid = request.id("id")?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.required_text("revision", 200);
    fields.finish()?;
    let redirect = content::redirect(&request.ctx, id).await?;
    match content::remove_redirect(&request.ctx, id, &seen).await {
        Ok(()) => {
            request.app.ring();
            request.done(PATH, format!("The redirect from {} was removed.", redirect.path)).await
        }
        Err(Error::Stale(_)) => {
            let detail = "This is not the redirect that you saw. Read what it does now before you remove it.";
            let state = FormState::new().refused(Error::conflict("stale", detail))?;
            let main = question(&state, &redirect);
            Ok(request.page_with(StatusCode::CONFLICT, Area::Administration, REMOVE, main))
        }
        Err(error) => Err(error.into()),
    }
}
