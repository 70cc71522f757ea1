//! What stands around every page: the bar with the areas, the way past it, the foot.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use crate::{
    accounts::preferences::{Preferences, Theme},
    kernel::{Actor, Permission, Timestamp},
    web::session::Flash,
};

use super::super::assets;
use super::time::Zone;

/// The header by which a script says that it asks, and for which part.
pub const FRAGMENT: &str = "x-fragment";

/// What every page knows.
#[derive(Clone, Debug)]
pub struct Chrome {
    pub site_name: String,
    pub zone: Zone,
    pub now: Timestamp,
    pub actor: Actor,
    pub new_cases: u64,
    pub flash: Option<Flash>,
    /// Whether this is a demo, which the bar says.
    pub demo: bool,
    /// Whether a browser may keep what was typed and not yet sent.
    pub keep_unsent: bool,
    /// Whether the site says in public what was changed because of reports.
    pub tells_fixes: bool,
    /// Whether a script asked, which needs the main part alone.
    pub fragment: bool,
    /// How the person likes the panel.
    pub preferences: Preferences,
    /// By which the log of the server knows the request.
    pub request_id: Option<String>,
}

/// The areas of the panel; the bar marks the one that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Dashboard,
    RolePages,
    RequirementSections,
    Media,
    Feedback,
    Administration,
    Profile,
    None,
}

impl Area {
    pub fn words(self) -> &'static str {
        match self {
            Self::Dashboard => "Dashboard",
            Self::RolePages => "Role pages",
            Self::RequirementSections => "Requirement sections",
            Self::Media => "Media",
            Self::Feedback => "Feedback",
            Self::Administration => "Administration",
            Self::Profile => "Your account",
            Self::None => "",
        }
    }
}

/// The areas of the bar, each with its address, the keys that lead there, and who sees it.
const AREAS: &[(Area, &str, &str, Option<Permission>)] = &[
    (Area::Dashboard, "/admin", "g d", None),
    (Area::RolePages, "/admin/role-pages", "g p", Some(Permission::ContentRead)),
    (Area::RequirementSections, "/admin/requirement-sections", "g r", Some(Permission::ContentRead)),
    (Area::Media, "/admin/media", "g m", Some(Permission::ContentRead)),
    (Area::Feedback, "/admin/cases", "g f", Some(Permission::FeedbackRead)),
    (Area::Administration, "/admin/administration", "g a", Some(Permission::SettingsManage)),
];

/// A page for somebody who is signed in. A script that asks with `X-Fragment` gets title and main part of the very same
/// page, so that a page and its fragments can't differ.
pub fn page(chrome: &Chrome, area: Area, title: &str, main: Markup, status: StatusCode) -> Response {
    let whole = if area.words().is_empty() || area.words() == title {
        format!("{title} – {}", chrome.site_name)
    } else {
        format!("{title} – {} – {}", area.words(), chrome.site_name)
    };
    let main = html! {
        main #main tabindex="-1" {
            @if let Some(flash) = &chrome.flash { div.main.flash { (super::flash(flash)) } }
            (main)
        }
    };
    if chrome.fragment {
        return answer(&whole, main, false, Some(&chrome.preferences), status);
    }
    let body = html! {
        a.skip href="#main" { "Skip to main content" }
        (bar(chrome, area))
        (main)
        (foot(chrome))
        // What scripts say to those who can't see what has changed.
        div #live aria-live="polite" {}
        (dialogs())
    };
    answer(&whole, body, true, Some(&chrome.preferences), status)
}

/// A page for somebody who is not signed in.
pub fn bare_page(site_name: &str, title: &str, main: Markup, status: StatusCode) -> Response {
    let body = html! {
        a.skip href="#main" { "Skip to main content" }
        header.bar { a.brand href="/admin" { (site_name) } }
        main #main tabindex="-1" { (main) }
    };
    answer(&format!("{title} – {site_name}"), body, false, None, status)
}

/// A document without anything around it, for a frame. Its main part takes the focus, so that it can be scrolled by
/// keyboard and the focus is seen. A stranger has no preferences.
pub fn frame(chrome: Option<&Chrome>, title: &str, body: Markup, status: StatusCode) -> Response {
    let main = html! { main.framed tabindex="0" { (body) } };
    answer(title, main, false, chrome.map(|chrome| &chrome.preferences), status)
}

/// The whole document. What the person prefers stands on its root, where style sheets and scripts find it.
fn answer(
    title: &str,
    body: Markup,
    scripted: bool,
    preferences: Option<&Preferences>,
    status: StatusCode,
) -> Response {
    let switch = |on: bool| if on { "on" } else { "off" };
    let schemes = match preferences.map(|preferences| preferences.theme) {
        None | Some(Theme::System) => "light dark",
        Some(theme) => theme.name(),
    };
    let document = html! {
        (DOCTYPE)
        html lang="en-GB"
            data-theme=[preferences.map(|one| one.theme.name())]
            data-density=[preferences.map(|one| one.density.name())]
            data-rich-text=[preferences.map(|one| one.text_editing.name())]
            data-single-keys=[preferences.map(|one| switch(one.single_keys))]
            data-announce=[preferences.map(|one| switch(one.announce_formatting))] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(schemes);
                title { (title) }
                link rel="stylesheet" href=(assets::style_address());
                @if scripted { script type="module" src=(assets::script_address()) {} }
            }
            body { (body) }
        }
    };
    let mut response = (status, document.into_string()).into_response();
    let value = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    // The same address answers with a whole page or with its main part.
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(FRAGMENT));
    response
}

fn bar(chrome: &Chrome, area: Area) -> Markup {
    html! {
        header.bar {
            a.brand href="/admin" { (chrome.site_name) }
            @if chrome.demo { span.badge.warn { "Demo" } }
            details.bar-menu {
                summary { "Menu" }
                nav aria-label="Main menu" { (areas(chrome, area)) }
            }
            nav.wide aria-label="Main" { (areas(chrome, area)) }
            a.bar-search href="/admin/search" data-key="Control+k" aria-keyshortcuts=(super::spoken_key("Control+k")) data-palette {
                "Search" kbd.scripted aria-hidden="true" { "Ctrl K" }
            }
            details.bar-person {
                summary { span.vh { "Your account: " } (chrome.actor.name) }
                div {
                    a href="/admin/profile" aria-current=[(area == Area::Profile).then_some("page")] { "Your account" }
                    form method="post" action="/admin/sign-out" { button.button { "Sign out" } }
                }
            }
        }
    }
}

fn areas(chrome: &Chrome, area: Area) -> Markup {
    let seen = AREAS.iter().filter(|(_, _, _, permission)| permission.is_none_or(|needed| chrome.actor.may(needed)));
    html! {
        ul {
            @for (one, address, keys, _) in seen {
                li {
                    a href=(address) data-key=(keys) aria-current=[(*one == area).then_some("true")] {
                        (one.words())
                        @if *one == Area::Feedback && chrome.new_cases > 0 {
                            " " span.badge.warn { (chrome.new_cases) span.vh { " new" } }
                        }
                    }
                }
            }
        }
    }
}

fn foot(chrome: &Chrome) -> Markup {
    html! {
        footer.foot {
            span { "Rolebook " (env!("CARGO_PKG_VERSION")) }
            span { "Times are in " (chrome.zone.name()) "." }
            a href="/admin/shortcuts" data-dialog data-key="?" aria-keyshortcuts="?" { "Keyboard shortcuts" }
            a href="/admin/help" { "Help" }
            a href="/api/docs" { "The API" }
        }
    }
}

/// What scripts show other pages in, and the palette of commands. Without script nobody meets them.
fn dialogs() -> Markup {
    html! {
        dialog #dialog {
            div {}
            div.vh aria-live="polite" {}
            form method="dialog" { button.button.quiet.small { "Close" } }
        }
        dialog #palette aria-label="Search and commands" {
            input type="text" role="combobox" aria-label="Search, or say what to do" aria-expanded="true"
                aria-controls="palette-list" aria-autocomplete="list" autocomplete="off";
            div #palette-list role="listbox" aria-label="What fits" {}
            div.vh aria-live="polite" {}
            form method="dialog" { button.button.quiet.small { "Close" } }
        }
    }
}
