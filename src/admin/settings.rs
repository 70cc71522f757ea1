//! The settings of the site, and those of the server that the program was started with, which nobody changes here.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{self, Kind},
    kernel::{Dialect, Error, Permission, Result},
    site::{self, ReviewRule, Settings, SettingsChange},
    web::Answer,
};

use super::{
    access::changed_meanwhile,
    form::FormState,
    mail,
    request::PanelRequest,
    retention, targets,
    ui::{self, field, shell::Area, words},
};

const SETTINGS: &str = "/admin/settings";
const TITLE: &str = "Settings";
/// The settings for which a rule about reviews stands.
const REVIEWS: [(&str, Kind); 2] =
    [("review_role_pages", Kind::RolePage), ("review_requirement_sections", Kind::RequirementSection)];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    let settings = present(&request).await?;
    let mut state = FormState::new().with("revision", settings.revision()?);
    for (name, _, value) in in_words(&settings) {
        state = state.with(name, value);
    }
    Ok(page(&request, &state, html! {}, StatusCode::OK).await?)
}

async fn present(request: &PanelRequest) -> Result<Settings> {
    site::settings(&*request.app.database.read().await?).await
}

/// Each setting: its field, its words, and its value as a form sends it.
fn in_words(settings: &Settings) -> [(&'static str, &'static str, String); 9] {
    [
        ("site_name", "Name of the site", settings.site_name.clone()),
        ("time_zone", "Time zone", settings.time_zone.clone()),
        ("review_role_pages", "Reviews of role pages", settings.review_role_pages.name().to_owned()),
        (
            "review_requirement_sections",
            "Reviews of requirement sections",
            settings.review_requirement_sections.name().to_owned(),
        ),
        ("contact_email", "Visitors may leave an address", settings.contact_email.to_string()),
        ("contact_email_days", "Days until addresses are deleted", settings.contact_email_days.to_string()),
        ("tell_fixes", "Visitors read what was changed because of reports", settings.tell_fixes.to_string()),
        ("keep_unsent", "Browsers keep what could not be sent", settings.keep_unsent.to_string()),
        ("autosave_days", "Days until autosaves are thinned", settings.autosave_days.to_string()),
    ]
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    match carry_out(&request).await {
        Ok(()) => {
            request.app.ring();
            request.done(SETTINGS, "The settings are kept.").await
        }
        Err(Error::Stale(_)) => {
            let settings = present(&request).await?;
            let state = FormState::of(&request.form).with("revision", settings.revision()?);
            let notice = changed_meanwhile(differences(&settings, &state));
            Ok(page(&request, &state, notice, StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(page(&request, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn carry_out(request: &PanelRequest) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    let days = fields.text("contact_email_days", 10).unwrap_or_default();
    let days: Option<u32> = days.parse().ok();
    if days.is_none() && !fields.has_fault("contact_email_days") {
        fields.fault("contact_email_days", "wrong-type", "A whole number of days was expected, from 1 to 365.");
    }
    let kept = fields.text("autosave_days", 10).unwrap_or_default().parse::<u32>().ok();
    if kept.is_none() && !fields.has_fault("autosave_days") {
        fields.fault("autosave_days", "wrong-type", "A whole number of days was expected, from 0 to 3,650.");
    }
    let change = SettingsChange {
        site_name: Some(fields.text("site_name", 1_000).unwrap_or_default()),
        review_role_pages: fields.choice("review_role_pages"),
        review_requirement_sections: fields.choice("review_requirement_sections"),
        // A box that is not ticked sends nothing.
        contact_email: Some(fields.text("contact_email", 10).as_deref() == Some("true")),
        contact_email_days: days,
        time_zone: Some(fields.text("time_zone", 100).unwrap_or_default()),
        // They have a page of their own.
        targets: None,
        holidays: None,
        tell_fixes: Some(fields.text("tell_fixes", 10).as_deref() == Some("true")),
        keep_unsent: Some(fields.text("keep_unsent", 10).as_deref() == Some("true")),
        autosave_days: kept,
        ..SettingsChange::default()
    };
    fields.finish()?;
    site::change_settings(&request.ctx, &seen, change).await.map(|_| ())
}

/// What stands now beside what was typed, for every setting in which they differ.
fn differences(settings: &Settings, state: &FormState) -> Markup {
    let typed = |name: &str| match (name, state.value(name)) {
        ("contact_email" | "tell_fixes" | "keep_unsent", "") => "false".to_owned(),
        (_, value) => value.to_owned(),
    };
    let rows: Vec<_> = in_words(settings).into_iter().filter(|(name, _, value)| typed(name) != *value).collect();
    html! {
        @if rows.is_empty() { p { "What they say now is what you typed." } }
        @else {
            div.table {
                table.cards {
                    caption { "What differs" }
                    thead { tr { th scope="col" { "Setting" } th scope="col" { "Now" } th scope="col" { "What you typed" } } }
                    tbody {
                        @for (name, words, value) in &rows {
                            tr {
                                th scope="row" { (words) }
                                td data-label="Now" { (for_people(value)) }
                                td data-label="What you typed" { (for_people(&typed(name))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn for_people(value: &str) -> &str {
    match value {
        "true" => "Yes",
        "false" => "No",
        other => match ReviewRule::from_name(other) {
            Some(rule) => words::review_rule(rule),
            None => other,
        },
    }
}

async fn page(request: &PanelRequest, state: &FormState, notice: Markup, status: StatusCode) -> Result<Response> {
    let reviewers = content::reviewers(&request.ctx).await?;
    let main = html! {
        div.main.stack {
            h1 { (TITLE) }
            (notice)
            (ui::error_summary(state))
            div.split {
                section.stack-s { h2 { "The site" } (form(state, reviewers)) }
                section.card.stack-s { (server(request)) }
            }
        }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Administration, TITLE, main),
        other => request.page_with(other, Area::Administration, TITLE, main),
    })
}

fn form(state: &FormState, reviewers: usize) -> Markup {
    let rules = field::options(ReviewRule::ALL, ReviewRule::name, words::review_rule);
    let automatic = format!(
        "Automatic asks for a review as soon as two active people may review. {} so at the moment it asks for {}.",
        match reviewers {
            0 => "Nobody may,".to_owned(),
            1 => "Now one person may,".to_owned(),
            number => format!("Now {number} people may,"),
        },
        if reviewers >= 2 { "one" } else { "none" },
    );
    let zones: Vec<(String, String)> =
        site::time_zones().into_iter().map(|name| (name.clone(), name.replace('_', " "))).collect();
    html! {
        form method="post" action=(SETTINGS) {
            (field::hidden("revision", state.value("revision")))
            (field::text(&state.field("site_name", "Name of the site").class("medium")))
            (field::select(&state.field("time_zone", "Time zone").class("medium").hint("In which times are shown and typed here."), &zones))
            p { a href=(targets::ADDRESS) { "Targets of cases, and holidays" } }
            @for (name, kind) in REVIEWS {
                @let label = format!("Review of {}s before they are published", words::kind(kind).to_lowercase());
                (field::radios(&state.field(name, &label).hint(automatic.clone()), &rules))
            }
            (field::check(&state.field("contact_email", "Visitors may leave an e-mail address with a report")
                .hint("So that somebody can write back. The address is for people who look after feedback only.")))
            (field::text(&state.field("contact_email_days", "Days until such an address is deleted").class("short").hint("From 1 to 365.")))
            p.small { a href=(retention::ADDRESS) { "How long feedback is kept" } }
            (field::check(&state.field("tell_fixes", "Say in public what was changed because of reports")
                .hint("Whoever resolves a case as fixed can then write a sentence for visitors. Sites read these, page by page; nothing of a report is among them.")))
            (field::check(&state.field("keep_unsent", "Browsers keep what an editor could not send")
                .hint("When the connection or the session is lost, the text stays on the computer of who typed it, until it is saved or they sign out. Turn it off where people share computers.")))
            (field::text(&state.field("autosave_days", "Days until autosaves are thinned").class("short").hint("Of what an editor saved by itself, the last version of each sitting stays then. From 1 to 3,650; 0 keeps all. Versions that were saved with the button, submitted, scheduled, published or restored always stay.")))
            div.buttons { (ui::submit("Keep the settings")) }
        }
    }
}

/// What the program was started with, as far as its parts are told.
fn server(request: &PanelRequest) -> Markup {
    let app = &request.app;
    let proxies: Vec<String> = app.trusted_proxies.iter().map(ToString::to_string).collect();
    let database = match app.database.dialect() {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
    };
    html! {
        h2 { "The server" }
        p { "These are set by flags or the environment when the program is started; restart it to change them." }
        dl.facts {
            dt { "Public address" }
            dd { (app.public_url) " " code.muted { "ROLEBOOK_PUBLIC_URL" } }
            dt { "Trusted proxies" }
            dd { @if proxies.is_empty() { "None: nobody's forwarding headers are believed" } @else { (proxies.join(", ")) } " " code.muted { "ROLEBOOK_TRUSTED_PROXIES" } }
            dt { "Origins of sites" }
            dd { @if app.site_origins.is_empty() { "None" } @else { (app.site_origins.join(", ")) } " " code.muted { "ROLEBOOK_SITE_ORIGINS" } }
            (mail::settings(request))
            dt { "Database" }
            dd { (database) " " code.muted { "ROLEBOOK_DATABASE_URL" } }
            @if request.chrome.demo { dt { "Demo" } dd { "Yes " code.muted { "--demo" } } }
            dt { "Program" }
            dd { "Rolebook " (env!("CARGO_PKG_VERSION")) }
        }
        (mail::buttons(request))
    }
}
