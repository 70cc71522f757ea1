//! The way to the screens about the site as a whole: each with a sentence, those that the person may open.

use maud::html;

use crate::{
    kernel::Permission::{self, AuditRead, ContentRead, ContentWrite, SettingsManage, UsersManage, WebhooksManage},
    web::Answer,
};

use super::{
    request::PanelRequest,
    ui::{self, shell::Area},
};

/// The screens: address, name, what it is for, who may open it.
const SCREENS: &[(&str, &str, &str, Option<Permission>)] = &[
    (
        "/admin/users",
        "People",
        "Who has an account, which roles they hold, and links to invite somebody or set a new password.",
        Some(UsersManage),
    ),
    ("/admin/roles", "What roles allow", "The table of roles and permissions.", Some(UsersManage)),
    (
        "/admin/api-keys",
        "API keys",
        "With a key a program acts for a person. Keys are made for a time and can be revoked at once.",
        None,
    ),
    (
        "/admin/connect",
        "Connect a site",
        "Where a front-end site reads what is published, the report form to paste, and keys for programs.",
        None,
    ),
    (
        "/admin/webhooks",
        "Webhooks",
        "Which programs are told at once when something is published, what was sent to them, and what came back.",
        Some(WebhooksManage),
    ),
    (
        "/admin/mail",
        "Mail",
        "What was sent to people and visitors, what is on its way, and what did not get through.",
        Some(SettingsManage),
    ),
    (
        "/admin/settings",
        "Settings",
        "The name of the site, when a review is needed, what visitors may leave, the time zone.",
        Some(SettingsManage),
    ),
    (
        "/admin/redirects",
        "Redirects",
        "Where addresses lead that never belonged to a page of this site.",
        Some(ContentRead),
    ),
    (
        "/admin/quarantined-texts",
        "Quarantined texts",
        "Texts that arrived damaged from an editor and were kept apart. There should be none.",
        Some(SettingsManage),
    ),
    (
        "/admin/replace",
        "Find and replace",
        "Words, addresses and references in many documents at once, as drafts to look at.",
        Some(ContentWrite),
    ),
    ("/admin/audit-log", "Audit log", "Who did what, and when, to the second. Nobody can change it.", Some(AuditRead)),
];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let seen = SCREENS.iter().filter(|(_, _, _, needed)| needed.is_none_or(|needed| request.may(needed)));
    let main = html! {
        div.main.stack {
            (ui::head("Administration", html! {}))
            ul.grid.unmarked {
                @for (address, name, purpose, _) in seen {
                    li.card { h2 { a href=(address) { (name) } } p { (purpose) } }
                }
            }
        }
    };
    Ok(request.page(Area::Administration, "Administration", main))
}
