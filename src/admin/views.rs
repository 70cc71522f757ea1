//! Views that people saved: a list's address under a name, as a tab of that list. The query is read as strictly as the
//! list reads it, so that no tab leads to an error.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::saved_views::{self, SavedView, VIEW_NAME_LIMIT, ViewedList},
    content::Kind,
    kernel::{Permission, Result, SavedViewId},
    web::Answer,
};

use super::{
    cases,
    form::FormState,
    lists,
    request::PanelRequest,
    ui::{self, field, list, shell::Area},
};

const NEW: &str = "Save this view";
const CHANGE: &str = "Change a view";

/// What of a query makes a view: not the page of the list.
pub fn plain(query: &str) -> String {
    list::address("", query, &[("cursor", None)]).trim_start_matches('?').to_owned()
}

/// The address of a list.
fn address(of: ViewedList) -> String {
    format!("/admin/{}", of.name())
}

fn opened(view: &SavedView) -> String {
    list::address(&address(view.list), &view.query, &[])
}

fn area(of: ViewedList) -> Area {
    match of {
        ViewedList::RolePages => Area::RolePages,
        ViewedList::RequirementSections => Area::RequirementSections,
        ViewedList::Cases => Area::Feedback,
    }
}

/// The list of a kind.
pub fn list_of(kind: Kind) -> ViewedList {
    match kind {
        Kind::RolePage => ViewedList::RolePages,
        Kind::RequirementSection => ViewedList::RequirementSections,
    }
}

/// The saved views of a list, and which of them is shown.
pub struct Views {
    of: ViewedList,
    views: Vec<SavedView>,
    present: String,
    manages: bool,
    me: Option<crate::kernel::UserId>,
}

impl Views {
    pub async fn of(request: &PanelRequest, of: ViewedList, query: &str) -> Result<Self> {
        Ok(Self {
            of,
            views: saved_views::all(&request.ctx, of).await?,
            present: plain(query),
            manages: request.may(Permission::SettingsManage),
            me: request.ctx.actor.user,
        })
    }

    fn shown(&self) -> Option<&SavedView> {
        self.views.iter().find(|view| view.query == self.present)
    }

    /// Whether what is shown is one of them, so that no other tab is marked.
    pub fn is_shown(&self) -> bool {
        self.shown().is_some()
    }

    /// Tabs to stand behind those of the list.
    pub fn tabs(&self) -> impl Iterator<Item = (String, String, bool)> {
        let shown = self.shown().map(|view| view.id);
        self.views.iter().map(move |view| {
            let name = if view.shared { format!("{} (shared)", view.name) } else { view.name.clone() };
            (opened(view), name, shown == Some(view.id))
        })
    }

    /// The way to save what is shown, or to change the view that it is; `is_own` says that the list shows something that
    /// has no tab of its own.
    pub fn beside(&self, is_own: bool) -> Markup {
        html! {
            @match self.shown() {
                Some(view) if Some(view.owner) == self.me || view.shared && self.manages => {
                    p.small { a.tap href={ "/admin/views/" (view.id) } { "Change or delete the view “" (view.name) "”" } }
                }
                Some(view) => { p.small.muted { "A view that " (view.owner_name) " shares." } }
                None if is_own => {
                    p.small { a.tap href=(list::address("/admin/views/new", "", &[("list", Some(self.of.name())), ("query", Some(&self.present))])) { "Save this view" } }
                }
                None => {}
            }
        }
    }
}

/// Reads a query as its list would.
///
/// # Errors
/// [`crate::kernel::Error::Malformed`] with everything that the list would refuse.
fn check(request: &PanelRequest, of: ViewedList, query: &str) -> Result<()> {
    match of {
        ViewedList::RolePages => lists::check_query(query, Kind::RolePage),
        ViewedList::RequirementSections => lists::check_query(query, Kind::RequirementSection),
        ViewedList::Cases => cases::check_query(query, &request.ctx.actor),
    }
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    let of = request.query.choice::<ViewedList>("list");
    let query = request.query.text("query").unwrap_or_default();
    if of.is_none() {
        request.query.fault("list", "missing-field", "It must be said which list it is.");
    }
    request.end_of_query()?;
    let Some(of) = of else { return Err(crate::kernel::Error::bug("a missing list was let through").into()) };
    request.ctx.authorise(of.permission())?;
    let query = plain(&query);
    check(&request, of, &query)?;
    let state = FormState::new().with("shared", "false");
    Ok(new_page(&request, of, &query, &state, StatusCode::OK))
}

fn new_page(request: &PanelRequest, of: ViewedList, query: &str, state: &FormState, status: StatusCode) -> Response {
    let back = list::address(&address(of), query, &[]);
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(back.clone(), area(of).words().to_owned())]))
            h1 { (NEW) }
            (ui::error_summary(state))
            p { "The filters and the order get a name and stand as a tab above the list. What fits them is looked up each time." }
            form method="post" action="/admin/views/new" {
                (field::hidden("list", of.name()))
                (field::hidden("query", query))
                (fields(state))
                div.buttons { (ui::submit("Save the view")) (ui::link_button(&back, "Cancel")) }
            }
        } }
    };
    answer(request, of, NEW, main, status)
}

fn fields(state: &FormState) -> Markup {
    let who = [("false", "Only me"), ("true", "Everybody who sees this list")];
    let who: Vec<(String, String)> =
        who.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    html! {
        (field::text(&state.field("name", "Name").class("medium").limit(VIEW_NAME_LIMIT)))
        (field::radios(&state.field("shared", "Who sees it"), &who))
    }
}

fn answer(request: &PanelRequest, of: ViewedList, title: &str, main: Markup, status: StatusCode) -> Response {
    if status == StatusCode::OK { request.page(area(of), title, main) } else { request.refused(area(of), title, main) }
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let mut form = request.form.fields(&[]);
    let of = form.choice::<ViewedList>("list");
    let query = plain(&form.raw_text("query").unwrap_or_default());
    let (name, shared) = (form.raw_text("name").unwrap_or_default(), form.text("shared", 10));
    if of.is_none() && !form.has_fault("list") {
        form.fault("list", "missing-field", "It must be said which list it is.");
    }
    form.finish()?;
    let Some(of) = of else { return Err(crate::kernel::Error::bug("a missing list was let through").into()) };
    request.ctx.authorise(of.permission())?;
    check(&request, of, &query)?;
    let shared = shared.as_deref() == Some("true");
    match saved_views::add(&request.ctx, of, &name, &query, shared).await {
        Ok(view) => {
            request.app.ring();
            request.done(&opened(&view), format!("The view “{}” has been saved.", view.name)).await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(new_page(&request, of, &query, &state, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let view = saved_views::own(&request.ctx, request.id::<SavedViewId>("id")?).await?;
    let state = FormState::new().with("name", view.name.clone()).with("shared", view.shared.to_string());
    Ok(page(&request, &view, &state, StatusCode::OK))
}

fn page(request: &PanelRequest, view: &SavedView, state: &FormState, status: StatusCode) -> Response {
    let own = format!("/admin/views/{}", view.id);
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(opened(view), area(view.list).words().to_owned())]))
            h1 { (CHANGE) }
            (ui::error_summary(state))
            @if Some(view.owner) != request.ctx.actor.user { p { "It was saved by " (view.owner_name) ", who shares it." } }
            form method="post" action=(own) {
                (fields(state))
                div.buttons { (ui::submit("Save")) (ui::link_button(&opened(view), "Cancel")) }
            }
            section.stack-s aria-labelledby="delete" {
                h2 #delete { "Delete it" }
                p { "The tab is gone then. What it shows stays as it is." }
                form method="post" action={ (own) "/delete" } { (ui::bad_button("Delete the view")) }
            }
        } }
    };
    answer(request, view.list, CHANGE, main, status)
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let view = saved_views::own(&request.ctx, request.id::<SavedViewId>("id")?).await?;
    let mut form = request.form.fields(&[]);
    let (name, shared) = (form.raw_text("name").unwrap_or_default(), form.text("shared", 10));
    form.finish()?;
    match saved_views::change(&request.ctx, view.id, &name, shared.as_deref() == Some("true")).await {
        Ok(()) => {
            request.app.ring();
            request.done(&opened(&view), "The view has been changed.").await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(page(&request, &view, &state, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

pub async fn delete(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let view = saved_views::own(&request.ctx, request.id::<SavedViewId>("id")?).await?;
    request.form.fields(&[]).finish()?;
    saved_views::delete(&request.ctx, view.id).await?;
    request.app.ring();
    request.done(&address(view.list), format!("The view “{}” has been deleted.", view.name)).await
}
