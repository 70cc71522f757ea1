//! What the holder of a one-time link meets: setting the site up, an invitation, a new password, a person of a demo.
//! Looking at a link uses nothing up; sending its form does, once, and signs the person in.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    accounts::{Link, NewAdministrator, Purpose, SHORTEST_PASSWORD, User, links},
    kernel::{Ctx, Door, Error, Result},
    web::{
        Answer, Problem, see_other,
        session::{self, Flash, Tone},
    },
};

use super::super::{
    form::FormState,
    sign_in::StrangerRequest,
    ui::{self, Field, field},
};

pub async fn show_set_up(request: StrangerRequest) -> Answer {
    show(request, Purpose::SetUp).await
}

pub async fn set_up(request: StrangerRequest) -> Answer {
    use_up(request, Purpose::SetUp).await
}

pub async fn show_invitation(request: StrangerRequest) -> Answer {
    show(request, Purpose::Invitation).await
}

pub async fn accept_invitation(request: StrangerRequest) -> Answer {
    use_up(request, Purpose::Invitation).await
}

pub async fn show_reset(request: StrangerRequest) -> Answer {
    show(request, Purpose::PasswordReset).await
}

pub async fn reset(request: StrangerRequest) -> Answer {
    use_up(request, Purpose::PasswordReset).await
}

pub async fn show_demo(request: StrangerRequest) -> Answer {
    show(request, Purpose::Demo).await
}

pub async fn sign_in_to_demo(request: StrangerRequest) -> Answer {
    use_up(request, Purpose::Demo).await
}

async fn show(mut request: StrangerRequest, purpose: Purpose) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    match links::look(&ctx(&request), purpose, request.visit.parameter("secret")).await {
        Ok(link) => {
            let name = link.user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
            let state = FormState::new().with("name", name);
            Ok(page(&request, &link, &state, StatusCode::OK).await?)
        }
        Err(error) => Ok(refusal(&request, purpose, error).await?),
    }
}

async fn use_up(mut request: StrangerRequest, purpose: Purpose) -> Answer {
    std::mem::take(&mut request.visit.query).finish()?;
    // Asked first, so that a link for something else is not used up at this address.
    let link = match links::look(&ctx(&request), purpose, request.visit.parameter("secret")).await {
        Ok(link) => link,
        Err(error) => return Ok(refusal(&request, purpose, error).await?),
    };
    match carry_out(&request, purpose).await {
        Ok(user) => {
            session::begin(&request.session, &request.visit.app, &user, &request.visit.headers).await?;
            let text = said(purpose, &user);
            session::flash(&request.session, Flash { tone: Tone::Done, text, links: Vec::new(), undo: None }).await?;
            see_other("/admin")
        }
        Err(error @ (Error::NotFound(_) | Error::Gone { .. })) => Ok(refusal(&request, purpose, error).await?),
        Err(error) => {
            let state = FormState::of(&request.form).with("password", "").refused(error)?;
            Ok(page(&request, &link, &state, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn carry_out(request: &StrangerRequest, purpose: Purpose) -> Result<User> {
    let (ctx, passwords) = (ctx(request), &request.visit.app.passwords);
    let secret = request.visit.parameter("secret");
    let mut fields = request.form.fields(&[]);
    // The commands say of every field what is wrong with it; a password is taken as it was typed.
    let mut text = |name: &str| fields.text(name, 254).unwrap_or_default();
    match purpose {
        Purpose::SetUp => {
            let (name, email, site_name) = (text("name"), text("email"), text("site_name"));
            let password = fields.raw_text("password").unwrap_or_default();
            fields.finish()?;
            links::set_up(&ctx, passwords, secret, NewAdministrator { name, email, password, site_name }).await
        }
        Purpose::Invitation => {
            let name = text("name");
            let password = fields.raw_text("password").unwrap_or_default();
            fields.finish()?;
            links::accept(&ctx, passwords, secret, &password, Some(&name)).await
        }
        Purpose::PasswordReset => {
            let password = fields.raw_text("password").unwrap_or_default();
            fields.finish()?;
            links::accept(&ctx, passwords, secret, &password, None).await
        }
        Purpose::Demo => {
            fields.finish()?;
            links::use_demo_link(&ctx, secret).await
        }
    }
}

/// Nobody is known yet, but it is the panel that they come through.
fn ctx(request: &StrangerRequest) -> Ctx {
    Ctx { door: Door::Admin, ..request.visit.ctx.clone() }
}

fn said(purpose: Purpose, user: &User) -> String {
    match purpose {
        Purpose::SetUp => "The site has been set up, and you are its administrator.".to_owned(),
        Purpose::Invitation => format!("Welcome, {}. Your account is ready.", user.name),
        Purpose::PasswordReset => "Your new password is set, and every other session of yours has ended.".to_owned(),
        Purpose::Demo => format!("You are signed in as {}. Everything in this demo is made up.", user.name),
    }
}

async fn page(request: &StrangerRequest, link: &Link, state: &FormState, status: StatusCode) -> Result<Response> {
    let title = match (link.purpose, &link.user) {
        (Purpose::SetUp, _) => "Set up this site".to_owned(),
        (Purpose::Invitation, _) => "Choose your password".to_owned(),
        (Purpose::PasswordReset, _) => "Choose a new password".to_owned(),
        (Purpose::Demo, user) => format!("Sign in as {}", user.as_ref().map_or("", |user| &user.name)),
    };
    let present = session::signed_in(&request.session, &request.visit.app).await?;
    let invited = link.user.as_ref().map(|user| user.id);
    let other = present.filter(|actor| actor.user != invited);
    let main = html! {
        h1 { (title) }
        (ui::error_summary(state))
        @if let Some(other) = other {
            (ui::banner(Tone::Note, html! { p { "In this browser " (other.name) " is signed in. Going on signs them out here." } }))
        }
        (introduction(link))
        form method="post" action=(request.visit.path) { (controls(link, state)) }
    };
    let title = if status == StatusCode::OK { title } else { format!("Error: {title}") };
    request.page(status, &title, main).await
}

fn introduction(link: &Link) -> Markup {
    let email = link.user.as_ref().map_or("", |user| user.email.as_str());
    html! {
        @match link.purpose {
            Purpose::SetUp => { p { "Nobody administers this site yet. Make the account with which you will: it may do everything, and invite others." } }
            Purpose::Invitation => { p { "You have been invited to work on this site. You will sign in with " strong { (email) } " and the password that you choose here." } }
            Purpose::PasswordReset => { p { "For the account of " strong { (email) } ". All its sessions end, and from then on only the new password is good." } }
            Purpose::Demo => { p { "This is a demo. You come in as one of its people, with what that person may do. The link works once; the next start of the demo prints a new one." } }
        }
    }
}

fn controls(link: &Link, state: &FormState) -> Markup {
    let name = |hint: &str| field::text(&state.field("name", "Your name").hint(hint).autocomplete("name"));
    html! {
        @match link.purpose {
            Purpose::SetUp => {
                (field::text(&state.field("site_name", "Name of the site").hint("It stands in titles and can be changed later.")))
                (name("As colleagues see it in the history of pages."))
                (field::text(&state.field("email", "E-mail address").kind("email").autocomplete("username").hint("You sign in with it.")))
                (password(state, "Password"))
                (ui::submit("Set up the site"))
            }
            Purpose::Invitation => {
                (name("As colleagues see it in the history of pages."))
                (password(state, "Password"))
                (ui::submit("Set the password and sign in"))
            }
            Purpose::PasswordReset => {
                (password(state, "New password"))
                (ui::submit("Set the password and sign in"))
            }
            Purpose::Demo => {
                (ui::submit(&format!("Sign in as {}", link.user.as_ref().map_or("", |user| &user.name))))
            }
        }
    }
}

/// The field for a password that is chosen, with the rules. What was typed is never sent back.
pub fn password(state: &FormState, label: &str) -> Markup {
    let hint = format!(
        "At least {SHORTEST_PASSWORD} characters; a few words in a row make a good one. Any characters will do, but not \
         what everybody tries first."
    );
    let chosen = Field::new("password", label).kind("password").autocomplete("new-password").hint(hint);
    field::text(&match state.fault("password") {
        Some(fault) => chosen.fault(fault),
        None => chosen,
    })
}

/// Why a link does not work, and what to do.
///
/// # Errors
/// Every other error, as it came.
async fn refusal(request: &StrangerRequest, purpose: Purpose, error: Error) -> Result<Response> {
    let status = Problem::status(&error);
    let (title, why) = match &error {
        Error::NotFound(_) => {
            ("This link is not known", "It may have been cut when it was copied, or a newer link has taken its place.")
        }
        Error::Gone { code: "link-used", .. } => ("This link has been used", "A link works once, and this one has."),
        Error::Gone { code: "link-expired", .. } => {
            ("This link has expired", "It was not used in time, and nobody can use it any more.")
        }
        Error::Gone { .. } if purpose == Purpose::SetUp => {
            ("This site is set up", "Somebody administers it already, so the link does nothing any more.")
        }
        Error::Gone { .. } => ("This link can't be used any more", "The account that it is for is not active."),
        _ => return Err(error),
    };
    let advice = match purpose {
        Purpose::SetUp => {
            "If nobody can sign in yet, start the server again: it prints a new link. Otherwise sign in with the password \
             that was chosen, or ask an administrator to invite you."
        }
        Purpose::Invitation | Purpose::PasswordReset => {
            "If you have chosen your password already, sign in with it. If not, ask an administrator for a new link."
        }
        Purpose::Demo => "Start the demo again: it prints a new link for each of its people.",
    };
    let main = html! {
        h1 { (title) }
        p { (why) }
        p { (advice) }
        p { a.tap href="/admin/sign-in" { "Go to signing in" } }
    };
    request.page(status, title, main).await
}
