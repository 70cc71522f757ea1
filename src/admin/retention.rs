//! How long what visitors say is kept: the periods, and what the next run of the rules would purge, also with periods that
//! are only being tried.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{self, Periods, RetentionRule, RuleCount},
    kernel::{Error, Permission, Result},
    site::{self, Settings, SettingsChange},
    web::Answer,
};

use super::{
    access::changed_meanwhile,
    form::FormState,
    request::PanelRequest,
    ui::{self, field, shell::Area},
};

pub const ADDRESS: &str = "/admin/settings/retention";
const TITLE: &str = "How long feedback is kept";
/// Each period: its field, its words, what it may be, and what it is about.
const PERIODS: [(&str, &str, (u32, u32), &str); 4] = [
    (
        "report_text_days",
        "Days that texts are kept after their case is closed",
        (1, 3_650),
        "From 1 to 3,650. What visitors said and added goes then, with titles that were made from it and sentences that were copied into notes.",
    ),
    (
        "spam_days",
        "Days that spam is kept",
        (1, 365),
        "From 1 to 365. Of reports in quarantine, and of cases that were dismissed as spam.",
    ),
    (
        "contact_closed_days",
        "Days that addresses are kept after the case is closed",
        (0, 365),
        "From 0 to 365. Long enough for an answer and a question about it.",
    ),
    (
        "contact_email_days",
        "Days that addresses are kept at the latest",
        (1, 365),
        "From 1 to 365, from when they were left. It holds for those that are left from now on.",
    ),
];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::SettingsManage)?;
    let settings = present(&request).await?;
    let mut tried = Periods::from(&settings);
    for (asked, name, period) in [
        ("texts", "report_text_days", &mut tried.report_text_days),
        ("spam", "spam_days", &mut tried.spam_days),
        ("addresses", "contact_closed_days", &mut tried.contact_closed_days),
    ] {
        let (least, most) = bounds(name);
        let asked = request.query.number(asked, u64::from(*period), u64::from(least), u64::from(most));
        *period = u32::try_from(asked).unwrap_or(*period);
    }
    request.end_of_query()?;
    let mut state = FormState::new().with("revision", settings.revision()?);
    for (name, value) in values(&settings) {
        state = state.with(name, value.to_string());
    }
    page(&request, &state, tried, html! {}, StatusCode::OK).await.map_err(Into::into)
}

async fn present(request: &PanelRequest) -> Result<Settings> {
    site::settings(&*request.app.database.read().await?).await
}

fn values(settings: &Settings) -> [(&'static str, u32); 4] {
    [
        ("report_text_days", settings.report_text_days),
        ("spam_days", settings.spam_days),
        ("contact_closed_days", settings.contact_closed_days),
        ("contact_email_days", settings.contact_email_days),
    ]
}

fn bounds(name: &str) -> (u32, u32) {
    PERIODS.iter().find(|(other, ..)| *other == name).map_or((0, 0), |(_, _, bounds, _)| *bounds)
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    match carry_out(&request).await {
        Ok(()) => {
            request.app.ring();
            request.done(ADDRESS, "The periods are kept. What is over by now goes within an hour.").await
        }
        Err(error) => {
            let settings = present(&request).await?;
            let tried = Periods::from(&settings);
            let stale = matches!(error, Error::Stale(_));
            let (state, notice, status) = if stale {
                let state = FormState::of(&request.form).with("revision", settings.revision()?);
                (state, changed_meanwhile(differences(&settings, &request)), StatusCode::CONFLICT)
            } else {
                (FormState::of(&request.form).refused(error)?, html! {}, StatusCode::UNPROCESSABLE_ENTITY)
            };
            page(&request, &state, tried, notice, status).await.map_err(Into::into)
        }
    }
}

async fn carry_out(request: &PanelRequest) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    let mut days = |name: &'static str| {
        let (least, most) = bounds(name);
        let typed = fields.text(name, 10).and_then(|text| text.parse::<u32>().ok());
        let typed = typed.filter(|days| (least..=most).contains(days));
        if typed.is_none() && !fields.has_fault(name) {
            fields.fault(name, "out-of-range", format!("A whole number of days was expected, from {least} to {most}."));
        }
        typed
    };
    let change = SettingsChange {
        report_text_days: days("report_text_days"),
        spam_days: days("spam_days"),
        contact_closed_days: days("contact_closed_days"),
        contact_email_days: days("contact_email_days"),
        ..SettingsChange::default()
    };
    fields.finish()?;
    site::change_settings(&request.ctx, &seen, change).await.map(|_| ())
}

/// The periods that stand now and differ from what was typed.
fn differences(settings: &Settings, request: &PanelRequest) -> Markup {
    let now = values(settings).into_iter().filter(|(name, value)| request.form.value(name) != value.to_string());
    let words = |name| PERIODS.iter().find(|(other, ..)| *other == name).map_or("", |(_, words, ..)| *words);
    html! { ul { @for (name, value) in now { li { (words(name)) ": " (value) " now" } } } }
}

async fn page(
    request: &PanelRequest,
    state: &FormState,
    tried: Periods,
    notice: Markup,
    status: StatusCode,
) -> Result<Response> {
    let settings = present(request).await?;
    let counts = feedback::dry_run(&request.ctx, Some(tried)).await?;
    let main = html! {
        div.main.stack {
            (ui::crumbs(&[
                ("/admin/administration".to_owned(), "Administration".to_owned()),
                ("/admin/settings".to_owned(), "Settings".to_owned()),
            ]))
            h1 { (TITLE) }
            (notice)
            (ui::error_summary(state))
            div.split {
                section.stack-s {
                    h2 { "Periods" }
                    form method="post" action=(ADDRESS) {
                        (field::hidden("revision", state.value("revision")))
                        @for (name, words, _, hint) in PERIODS {
                            (field::text(&state.field(name, words).class("short").hint(hint)))
                        }
                        div.buttons { (ui::submit("Keep the periods")) }
                    }
                }
                section.card.stack-s aria-labelledby="next" { (next_run(&counts, tried, Periods::from(&settings))) }
            }
        }
    };
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Administration, TITLE, main),
        other => request.page_with(other, Area::Administration, TITLE, main),
    })
}

/// What would go now, and a form to try other periods.
fn next_run(counts: &[RuleCount], tried: Periods, present: Periods) -> Markup {
    html! {
        h2 #next { "What would go now" }
        @if tried == present { p { "The rules run by themselves every hour. This is what the next run deletes." } }
        @else { p { "This is what a run would delete with the periods below. They are only tried: nothing changes before you keep them." } }
        div.table { table.cards {
            caption.vh { "What each rule would delete" }
            thead { tr {
                th scope="col" { "Rule" } th scope="col" { "Days" } th scope="col" { "Now" } th scope="col" { "So far" }
            } }
            tbody { @for count in counts {
                tr {
                    th scope="row" { (rule_in_words(count.rule)) }
                    td data-label="Days" { (count.days) }
                    td data-label="Now" { (count.due) }
                    td data-label="So far" { (count.purged) }
                }
            } }
        } }
        p.small.muted { "Counts, states and histories stay, and every deletion stands in the audit log." }
        form.filters method="get" action=(ADDRESS) data-enhance {
            @for (name, words, value) in [
                ("texts", "Texts", tried.report_text_days),
                ("spam", "Spam", tried.spam_days),
                ("addresses", "Addresses", tried.contact_closed_days),
            ] {
                (field::text(&ui::Field::new(name, words).class("short").value(value.to_string())))
            }
            (ui::button("", "", "Try", "these periods"))
        }
    }
}

fn rule_in_words(rule: RetentionRule) -> &'static str {
    match rule {
        RetentionRule::ClosedText => "Texts of closed cases",
        RetentionRule::SpamText => "Texts of spam",
        RetentionRule::Contact => "Addresses of visitors",
    }
}
