//! Getting in, and who may do what: one-time links, one's own account, people, keys. What these screens share stands here.

pub mod api_keys;
pub mod hand_over;
pub mod links;
pub mod people;
pub mod person;
pub mod preferences;
pub mod profile;
pub mod roles;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use maud::{Markup, html};

use crate::{
    accounts::{SignedIn, User, ways_in::WayIn},
    kernel::{Permission, Role},
    web::session::Tone,
};

use super::{
    form::FormState,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, field, shell::Area, time, words},
};

/// Something to tick: its value, its words, and a sentence of what it means.
pub struct Choice {
    pub value: &'static str,
    pub words: String,
    pub meaning: String,
}

/// The roles, with what each allows.
pub fn roles() -> Vec<Choice> {
    let each = Role::ALL.iter().map(|role| Choice {
        value: role.name(),
        words: words::role(*role).to_owned(),
        meaning: words::role_means(*role).to_owned(),
    });
    each.collect()
}

/// Permissions as the scopes of a key, with what each allows.
pub fn scopes(permissions: impl Iterator<Item = Permission>) -> Vec<Choice> {
    let each = permissions.map(|permission| Choice {
        value: permission.name(),
        words: permission.name().to_owned(),
        meaning: words::permission(permission).to_owned(),
    });
    each.collect()
}

/// Boxes to tick, each with its sentence.
pub fn choices(state: &FormState, name: &str, legend: &str, hint: &str, choices: &[Choice]) -> Markup {
    let id = field::anchor(name);
    let fault = state.fault(name);
    let described = match (hint.is_empty(), fault) {
        (true, None) => None,
        (true, Some(_)) => Some(format!("{id}-fault")),
        (false, None) => Some(format!("{id}-hint")),
        (false, Some(_)) => Some(format!("{id}-hint {id}-fault")),
    };
    html! {
        fieldset class=(if fault.is_some() { "field has-fault" } else { "field" }) id=(id) aria-describedby=[described] {
            legend { (legend) }
            @if !hint.is_empty() { p.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(fault) = fault { p.fault id={ (id) "-fault" } { span.vh { "Error: " } (fault) } }
            ul.choices.unmarked {
                @for (position, choice) in choices.iter().enumerate() {
                    @let own = format!("{id}-{position}");
                    li {
                        label.choice for=(own) {
                            input type="checkbox" id=(own) name=(name) value=(choice.value)
                                checked[state.holds(name, choice.value)] aria-describedby={ (own) "-hint" };
                            (choice.words)
                        }
                        span.hint id={ (own) "-hint" } { (choice.meaning) }
                    }
                }
            }
        }
    }
}

/// Something that is shown once and never again, in a field from which it can be copied.
pub fn secret(label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for="f-secret" { (label) }
            input.secret #f-secret type="text" readonly value=(value) autocomplete="off";
        }
    }
}

/// The page that shows a secret once: browsers keep no copy of it.
pub fn shown_once(request: &PanelRequest, title: &str, main: Markup) -> Response {
    let mut response = request.page_with(StatusCode::CREATED, area(request), title, main);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The area of a screen about keys: one's own belong to the account.
pub fn area(request: &PanelRequest) -> Area {
    if request.may(Permission::SettingsManage) { Area::Administration } else { Area::Profile }
}

/// Whether a person can sign in, as a badge.
pub fn standing(user: &User, way: WayIn) -> Badge {
    if !user.active {
        Badge::new(Look::Quiet, "Inactive")
    } else if way.has_password {
        Badge::new(Look::Good, "Active")
    } else if way.invited_until.is_some() {
        Badge::new(Look::Planned, "Invited")
    } else {
        Badge::new(Look::Warning, "No password")
    }
}

/// The names of roles in a line.
pub fn role_names(roles: impl IntoIterator<Item = Role>) -> String {
    roles.into_iter().map(words::role).collect::<Vec<_>>().join(", ")
}

/// Sessions, each with a button that ends it. `address` leads to the list of them; `present` is the one that asks.
pub fn sessions(request: &PanelRequest, sessions: &[SignedIn], address: &str, present: Option<&str>) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "Sessions that have not ended" }
                thead {
                    tr {
                        th scope="col" { "Browser" }
                        th scope="col" { "Signed in" }
                        th scope="col" { "Last seen" }
                        th scope="col" { span.vh { "What can be done" } }
                    }
                }
                tbody {
                    @for session in sessions {
                        @let browser = session.browser.as_deref().unwrap_or("A browser that says nothing of itself");
                        tr {
                            th scope="row" { (browser) }
                            td data-label="Signed in" { (time::when(zone, now, session.began_at)) }
                            td data-label="Last seen" { (time::when(zone, now, session.seen_at)) }
                            td {
                                @if present == Some(session.key.as_str()) { (Badge::new(Look::Good, "This browser")) }
                                @else { (ui::post_button(&format!("{address}/{}/end", session.key.as_str()), "End", &format!("the session of {browser}"))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is said above a form when what it shows was changed by somebody else meanwhile.
pub fn changed_meanwhile(now: Markup) -> Markup {
    ui::banner(
        Tone::Warning,
        html! {
            p { "Somebody changed this while you were looking at it, so nothing was done." }
            (now)
            p { "What you typed is still below. Send it again if it is still right." }
        },
    )
}
