//! The settings by which cases are due: targets for each severity, and the days on which nobody works. Holidays are typed
//! one a line; what is wrong with one is said with the number of its line.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::CaseSeverity,
    kernel::{Error, Permission, Result, is_date},
    site::{
        self, HOLIDAY_NAME_LIMIT, Holiday, LONGEST_TARGET, MOST_HOLIDAYS, Settings, SettingsChange, Target, Targets,
    },
    web::{Answer, Fields},
};

use super::{
    access::changed_meanwhile,
    form::FormState,
    request::PanelRequest,
    ui::{self, field, shell::Area, words},
};

/// Where the screen is.
pub const ADDRESS: &str = "/admin/settings/targets";
const TITLE: &str = "Targets and holidays";
/// The name of the target that goes by what a case is about.
const ACCESSIBILITY: &str = "accessibility";
/// What was typed may not be longer than this.
const LONGEST: usize = MOST_HOLIDAYS * (HOLIDAY_NAME_LIMIT + 20);

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    let settings = present(&request).await?;
    Ok(page(&request, &typed(&settings)?, html! {}, StatusCode::OK))
}

pub async fn change(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    match carry_out(&request).await {
        Ok(()) => {
            request.app.ring();
            request.done(ADDRESS, "The targets and holidays are kept. Cases are due by them from now on.").await
        }
        Err(Error::Stale(_)) => {
            let settings = present(&request).await?;
            let state = FormState::of(&request.form).with("revision", settings.revision()?);
            let notice = changed_meanwhile(as_they_are(&settings));
            Ok(page(&request, &state, notice, StatusCode::CONFLICT))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            Ok(page(&request, &state, html! {}, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

async fn present(request: &PanelRequest) -> Result<Settings> {
    site::settings(&*request.app.database.read().await?).await
}

/// The form as it begins.
fn typed(settings: &Settings) -> Result<FormState> {
    let mut state = FormState::new().with("revision", settings.revision()?).with("holidays", lines(&settings.holidays));
    for (name, target) in settings.targets.each() {
        state =
            state.with(&first_action(name), target.first_action.to_string()).with(&fix(name), target.fix.to_string());
    }
    Ok(state)
}

fn first_action(severity: &str) -> String {
    format!("{severity}_first_action")
}

fn fix(severity: &str) -> String {
    format!("{severity}_fix")
}

fn lines(holidays: &[Holiday]) -> String {
    let line = |holiday: &Holiday| format!("{} {}", holiday.date, holiday.name).trim().to_owned();
    holidays.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn carry_out(request: &PanelRequest) -> Result<()> {
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("revision", 200).ok_or(Error::PreconditionRequired)?;
    let mut target = |name: &str| Target {
        first_action: days(&mut fields, &first_action(name)),
        fix: days(&mut fields, &fix(name)),
    };
    let targets = Targets {
        urgent: target(CaseSeverity::Urgent.name()),
        high: target(CaseSeverity::High.name()),
        normal: target(CaseSeverity::Normal.name()),
        low: target(CaseSeverity::Low.name()),
        accessibility: target(ACCESSIBILITY),
    };
    for (name, target) in targets.each() {
        if target.fix < target.first_action && !fields.has_fault(&fix(name)) {
            let detail = "The first action comes before the answer, so this can't be the shorter target.";
            fields.fault(&fix(name), "out-of-order", detail);
        }
    }
    let text = fields.text("holidays", LONGEST).unwrap_or_default();
    let holidays = match read_lines(&text) {
        Ok(holidays) => holidays,
        Err(detail) => {
            fields.fault("holidays", "not-a-date", detail);
            Vec::new()
        }
    };
    fields.finish()?;
    let change = SettingsChange { targets: Some(targets), holidays: Some(holidays), ..SettingsChange::default() };
    site::change_settings(&request.ctx, &seen, change).await.map(|_| ())
}

fn days(fields: &mut Fields, name: &str) -> u32 {
    let days: Option<u32> =
        fields.text(name, 10).unwrap_or_default().parse().ok().filter(|days| *days <= LONGEST_TARGET);
    if days.is_none() && !fields.has_fault(name) {
        fields.fault(
            name,
            "wrong-type",
            format!("A whole number of working days was expected, from 0 to {LONGEST_TARGET}."),
        );
    }
    days.unwrap_or_default()
}

/// Reads holidays, one a line: a date, and what the day is called.
///
/// # Errors
/// What is wrong, line by line.
fn read_lines(text: &str) -> Result<Vec<Holiday>, String> {
    let (mut holidays, mut wrong): (Vec<(usize, Holiday)>, Vec<String>) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate().map(|(place, line)| (place + 1, line.trim())) {
        if line.is_empty() {
            continue;
        }
        let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let name = name.trim();
        if !is_date(date) {
            wrong.push(format!("Line {number}, “{}”: it has to begin with a date such as 2026-12-25.", short(line)));
        } else if let Some((first, _)) = holidays.iter().find(|(_, holiday)| holiday.date == date) {
            wrong.push(format!("Line {number}: {date} stands in line {first} already."));
        } else if name.chars().count() > HOLIDAY_NAME_LIMIT {
            wrong.push(format!("Line {number}: the name is longer than {HOLIDAY_NAME_LIMIT} characters."));
        } else {
            holidays.push((number, Holiday { date: date.to_owned(), name: name.to_owned() }));
        }
    }
    if holidays.len() > MOST_HOLIDAYS {
        wrong.push(format!("At most {MOST_HOLIDAYS} holidays can be listed."));
    }
    if wrong.is_empty() { Ok(holidays.into_iter().map(|(_, holiday)| holiday).collect()) } else { Err(wrong.join(" ")) }
}

/// The beginning of a line, as it was typed.
fn short(line: &str) -> String {
    line.chars().take(40).collect()
}

fn as_they_are(settings: &Settings) -> Markup {
    html! {
        p { "As they are now:" }
        ul {
            @for (name, target) in settings.targets.each() {
                li { (called(name)) ": " (target.first_action) " and " (target.fix) " working days" }
            }
            li { (ui::count(u64::try_from(settings.holidays.len()).unwrap_or_default(), "holiday", "holidays")) }
        }
    }
}

fn page(request: &PanelRequest, state: &FormState, notice: Markup, status: StatusCode) -> Response {
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/settings".to_owned(), "Settings".to_owned())]))
            h1 { (TITLE) }
            (notice)
            (ui::error_summary(state))
            p {
                "Each case is due by the end of a working day: somebody does something about it, and then it is answered or fixed. "
                "Working days are Monday to Friday in " (request.chrome.zone.name()) " time, without the holidays below. "
                "The clock stands while a case waits. 0 is the same day. "
                "A case about accessibility is due by the nearer one of its two targets."
            }
            (form(state))
        } }
    };
    match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(Area::Administration, TITLE, main),
        other => request.page_with(other, Area::Administration, TITLE, main),
    }
}

/// The words of a target.
fn called(name: &str) -> String {
    match CaseSeverity::from_name(name) {
        Some(severity) => format!("Severity: {}", words::case_severity(severity).to_lowercase()),
        None => "About accessibility, whatever the severity".to_owned(),
    }
}

fn form(state: &FormState) -> Markup {
    html! {
        form method="post" action=(ADDRESS) {
            (field::hidden("revision", state.value("revision")))
            @for (name, _) in Targets::default().each() {
                @let (first, answer) = (first_action(name), fix(name));
                fieldset {
                    legend { (called(name)) }
                    div.row {
                        (field::text(&state.field(&first, "Working days to the first action").class("short")))
                        (field::text(&state.field(&answer, "Working days to the answer").class("short")))
                    }
                }
            }
            (field::area(&state.field("holidays", "Holidays").rows(12)
                .hint("One a line: the date, and what the day is called, such as 2026-12-25 Christmas Day.")))
            div.buttons { (ui::submit("Keep targets and holidays")) a href="/admin/settings" { "Cancel" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_holiday_is_said_with_its_line() {
        let read = read_lines("2026-12-25 Christmas Day\n\n  2026-12-28\n").unwrap();
        assert_eq!(lines(&read), "2026-12-25 Christmas Day\n2026-12-28");
        let wrong = read_lines("2026-12-25 Christmas Day\n25 December\n2026-12-25\n2026-02-30 x").unwrap_err();
        assert_eq!(
            wrong,
            "Line 2, “25 December”: it has to begin with a date such as 2026-12-25. \
             Line 3: 2026-12-25 stands in line 1 already. \
             Line 4, “2026-02-30 x”: it has to begin with a date such as 2026-12-25."
        );
        assert_eq!(
            read_lines(&format!("2026-12-25 {}", "x".repeat(101))).unwrap_err(),
            "Line 1: the name is longer than 100 characters."
        );
    }
}
