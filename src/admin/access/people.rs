//! Everybody who has an account, and how somebody new gets one.

use maud::{Markup, html};

use crate::{
    accounts::{
        NewLink, User, links, mailed_links, sessions, users,
        users::NewUser,
        ways_in::{self, WayIn},
    },
    kernel::{Error, Permission, Result, UserId},
    web::{Answer, Fields, session},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, field, shell::Area, time},
    },
    choices, role_names, roles, secret, shown_once, standing,
};

pub const PEOPLE: &str = "/admin/users";
const NEW: &str = "Add a person";

/// The address of a person's page.
pub fn address(id: UserId) -> String {
    format!("{PEOPLE}/{id}")
}

pub async fn list(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let people = users::list(&request.ctx).await?;
    let ways = ways_in::ways_in(&request.ctx).await?;
    let seen = sessions::last_seen(&request.ctx).await?;
    let (zone, now) = (&request.chrome.zone, request.now());
    let main = html! {
        div.main.stack {
            (ui::head("People", html! {
                (ui::link_button("/admin/roles", "What roles allow"))
                (ui::primary_link("/admin/users/new", "Add a person…"))
            }))
            p.muted role="status" { (ui::count(u64::try_from(people.len()).unwrap_or_default(), "person", "people")) }
            div.table {
                table.cards {
                    caption.vh { "People with an account" }
                    thead {
                        tr {
                            th scope="col" { "Name" }
                            th scope="col" { "E-mail address" }
                            th scope="col" { "Roles" }
                            th scope="col" { "Last seen" }
                            th scope="col" { "State" }
                        }
                    }
                    tbody {
                        @for user in &people {
                            tr {
                                th scope="row" { a.tap href=(address(user.id)) { (user.name) } }
                                td data-label="E-mail address" { (user.email) }
                                td data-label="Roles" { (role_names(user.roles.iter().copied())) }
                                td data-label="Last seen" {
                                    @match seen.get(&user.id) {
                                        Some(at) => { (time::when(zone, now, *at)) }
                                        None => { span.muted { "Never" } }
                                    }
                                }
                                td data-label="State" { (standing(user, ways.get(&user.id).copied().unwrap_or_default())) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(request.page(Area::Administration, "People", main))
}

pub async fn show_new(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::UsersManage)?;
    Ok(request.page(Area::Administration, NEW, form(&request, &FormState::new())))
}

fn form(request: &PanelRequest, state: &FormState) -> Markup {
    let by_mail = request.app.mailer.is_some();
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned())]))
            h1 { (NEW) }
            (ui::error_summary(state))
            @if by_mail { p { "They are sent a link by mail. Whoever opens it chooses a password and is signed in. You can also be shown the link, and pass it on yourself." } }
            @else { p { "You are shown a link to pass on. Whoever opens it chooses a password and is signed in; nothing is sent by e-mail." } }
            form method="post" action="/admin/users/new" {
                (field::text(&state.field("name", "Name").class("medium").hint("As it stands in the history of pages. They can write it otherwise when they come in.")))
                (field::text(&state.field("email", "E-mail address").kind("email").class("medium").hint("They sign in with it, and it can't be changed afterwards.")))
                (choices(state, "roles", "Roles", "What they may do is what their roles allow together.", &roles()))
                div.buttons {
                    @if by_mail { (ui::submit("Add and send an invitation")) (ui::button("link", "shown", "Add and show the link", "")) }
                    @else { (ui::submit("Add and make a link")) }
                    (ui::link_button(PEOPLE, "Cancel"))
                }
            }
        } }
    }
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::UsersManage)?;
    match make(&request).await {
        Ok((user, Some(link))) => {
            request.app.ring();
            Ok(pass_on(&request, &user, &link))
        }
        Ok((user, None)) => {
            request.app.ring();
            let said = format!("{} has an account, and an invitation is on its way to {}.", user.name, user.email);
            request.done(&address(user.id), said).await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(request.refused(Area::Administration, NEW, form(&request, &state)))
        }
    }
}

/// Whether a link is to go by mail: there is a server for it, and nobody asked to be shown it.
pub fn goes_by_mail(request: &PanelRequest, fields: &mut Fields) -> bool {
    let shown = fields.text("link", 20).is_some();
    request.app.mailer.is_some() && !shown
}

/// The new person, and the link if it is to be shown.
async fn make(request: &PanelRequest) -> Result<(User, Option<NewLink>)> {
    let mut fields = request.form.fields(&["roles"]);
    let new = NewUser {
        name: fields.text("name", 254).unwrap_or_default(),
        email: fields.text("email", 254).unwrap_or_default(),
        roles: fields.choices("roles").unwrap_or_default(),
        password: None,
    };
    let by_mail = goes_by_mail(request, &mut fields);
    fields.finish()?;
    let user = users::add(&request.ctx, &request.app.passwords, new).await?;
    if by_mail {
        mailed_links::send_invitation(&request.ctx, user.id).await?;
        return Ok((user, None));
    }
    let link = links::invite(&request.ctx, user.id).await?;
    Ok((user, Some(link)))
}

/// The page that shows a link for a person, once.
pub fn pass_on(request: &PanelRequest, user: &User, link: &NewLink) -> axum::response::Response {
    let title = match link.purpose {
        crate::accounts::Purpose::PasswordReset => format!("A password link for {}", user.name),
        _ => format!("An invitation for {}", user.name),
    };
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(PEOPLE.to_owned(), "People".to_owned()), (address(user.id), user.name.clone())]))
            h1 { (title) }
            p { "Copy this link now and pass it on to " (user.name) " in a way that nobody else reads. It is shown once; if it gets lost, make another." }
            (secret("Link", &session::link_address(&request.app.public_url, link)))
            p { "It works once, until " (time::in_full(&request.chrome.zone, link.expires_at)) ". Whoever opens it first chooses the password." }
            div.buttons { (ui::link_button(&address(user.id), "Go to the page of this person")) (ui::link_button(PEOPLE, "All people")) }
        } }
    };
    shown_once(request, &title, main)
}

/// A person, and how they can sign in.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::Forbidden`] for those who don't manage accounts.
pub async fn person(request: &PanelRequest) -> Result<(User, WayIn)> {
    request.ctx.authorise(Permission::UsersManage)?;
    let user = users::get(&request.ctx, request.id("id")?).await?;
    let way = ways_in::ways_in(&request.ctx).await?.remove(&user.id);
    Ok((user, way.ok_or_else(|| Error::bug("a person without a way in"))?))
}
