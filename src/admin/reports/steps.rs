//! Moving a report to another case, and into quarantine and out of it.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{self, CaseAction, CaseListing, Report, lifecycle},
    kernel::{CaseId, Error, Permission, Result},
    web::{Answer, Problem, session::Tone},
};

use super::{
    super::{
        cases,
        form::FormState,
        request::PanelRequest,
        ui::{self, Field, field, shell::Area},
    },
    show,
};

pub async fn release(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let id = request.id("id")?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    let back = fields.text("back", 200);
    fields.finish()?;
    match feedback::release(&request.ctx, id, &seen).await {
        Ok(report) => {
            request.app.ring();
            let link = report.case.map(|case| (cases::address(case, ""), "Open its case".to_owned()));
            request.say(Tone::Done, format!("Report {} is released.", report.reference), link).await?;
            let target = back.filter(|back| back.starts_with("/admin/reports?"));
            crate::web::see_other(&target.unwrap_or_else(|| address(&report)))
        }
        Err(error) => refused(&request, error, "Release the report", html! {}).await,
    }
}

pub async fn quarantine_page(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let report = show::of(&request).await?;
    let main = frame(&report, "Put the report into quarantine", quarantine_form(&report));
    Ok(request.page(Area::Feedback, "Put the report into quarantine", main))
}

fn quarantine_form(report: &Report) -> Markup {
    html! {
        p { "It leaves its case and waits with the suspected spam. A case that has no other report is dismissed as spam." }
        form method="post" action={ "/admin/reports/" (report.id) "/quarantine" } {
            (field::hidden("version", &report.revision))
            div.buttons { (ui::submit("Put into quarantine")) a href=(address(report)) { "Cancel" } }
        }
    }
}

pub async fn quarantine(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let id = request.id("id")?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    fields.finish()?;
    match feedback::quarantine(&request.ctx, id, &seen).await {
        Ok(report) => {
            request.app.ring();
            request.done(&address(&report), format!("Report {} is in quarantine.", report.reference)).await
        }
        Err(error) => {
            let report = show::of(&request).await?;
            let form = if report.quarantined {
                html! {}
            } else {
                quarantine_form(&report)
            };
            refused(&request, error, "Put the report into quarantine", form).await
        }
    }
}

pub async fn move_page(mut request: PanelRequest) -> Answer {
    let words = request.query.text("q").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let report = show::of(&request).await?;
    let form = move_form(&request, &report, &words, &FormState::new()).await?;
    Ok(request.page(Area::Feedback, "Move the report", frame(&report, "Move the report", form)))
}

pub async fn move_report(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    match carry_out_move(&request).await {
        Ok(report) => {
            request.app.ring();
            let case = report.case.map_or_else(|| address(&report), |case| cases::address(case, ""));
            request.done(&case, format!("Report {} is in this case now.", report.reference)).await
        }
        Err(error) => {
            let report = show::of(&request).await?;
            let state = FormState::of(&request.form);
            let state = match &error {
                Error::Stale(_) => state,
                _ => state.refused(error_of(&error))?,
            };
            let form = move_form(&request, &report, "", &state).await?;
            refused(&request, error, "Move the report", form).await
        }
    }
}

/// The faults of an error that a form can show; the error itself is still needed for its status.
fn error_of(error: &Error) -> Error {
    match error {
        Error::Invalid(faults) => Error::Invalid(faults.clone()),
        Error::Malformed(faults) => Error::Malformed(faults.clone()),
        _ => Error::Invalid(Vec::new()),
    }
}

async fn carry_out_move(request: &PanelRequest) -> Result<Report> {
    let id = request.id("id")?;
    let mut fields = request.form.fields(&[]);
    let seen = fields.text("version", 100).unwrap_or_default();
    let number = fields.text("number", 20);
    let chosen = fields.text("case", 100);
    let to: Option<CaseId> = match (&number, chosen.as_deref()) {
        (Some(number), _) => {
            let found = cases::by_number(&request.ctx, number).await?;
            if found.is_none() {
                fields.fault("number", "reference-missing", format!("There is no case {number}."));
            }
            found
        }
        (None, Some("new")) => None,
        (None, Some(id)) => {
            let id = id.parse().ok();
            if id.is_none() {
                fields.fault("case", "not-an-id", "The id of a case was expected.");
            }
            id
        }
        (None, None) => {
            fields.fault("case", "missing-field", "Choose a case, or type its number.");
            None
        }
    };
    fields.finish()?;
    feedback::move_report(&request.ctx, id, &seen, to).await
}

async fn move_form(request: &PanelRequest, report: &Report, words: &str, state: &FormState) -> Result<Markup> {
    let mut options = vec![("new".to_owned(), "A case of its own".to_owned())];
    let listing = if words.is_empty() {
        CaseListing { document: Some(report.document), limit: 10, ..CaseListing::default() }
    } else {
        CaseListing { words: Some(words.to_owned()), limit: 20, ..CaseListing::default() }
    };
    for case in feedback::cases(&request.ctx, &listing).await?.rows {
        if Some(case.id) != report.case && lifecycle::refusal(case.state, CaseAction::Take).is_none() {
            let state = ui::words::case_state(case.state).to_lowercase();
            options.push((case.id.to_string(), format!("#{} {} ({state})", case.number, case.title)));
        }
    }
    Ok(html! {
        p { "The report leaves its case. A case that has no other report is dismissed as reported already." }
        form.filters method="get" action={ "/admin/reports/" (report.id) "/move" } data-enhance role="search" {
            (field::text(&Field::new("q", "Look for a case by words or number").kind("search").value(words)))
            (ui::button("", "", "Search", "for cases"))
        }
        form method="post" action={ "/admin/reports/" (report.id) "/move" } {
            (field::hidden("version", &report.revision))
            (field::radios(&state.field("case", "Move it to"), &options))
            (field::text(&state.field("number", "Or to the case with the number").class("short")))
            div.buttons { (ui::submit("Move the report")) a href=(address(report)) { "Cancel" } }
        }
    })
}

/// The page of a step that was refused: stale with what stands there now, or wrong with what is wrong.
pub async fn refused(request: &PanelRequest, error: Error, title: &str, form: Markup) -> Result<Response, Problem> {
    let report = show::of(request).await?;
    match error {
        Error::Stale(_) => {
            let state = if report.quarantined { "It is in quarantine." } else { "It is in a case." };
            let body = html! {
                (ui::banner(Tone::Warning, html! {
                    p { "Somebody changed this report after you opened it, so nothing was done. " (state) " Look at what it says now, and decide again." }
                }))
                section.card.stack-s aria-labelledby="said" {
                    h2 #said { "What was said" }
                    (show::said(request, &report, 3))
                }
                (form)
                @if form.0.is_empty() { p { a href=(address(&report)) { "Open it as it is now" } } }
            };
            Ok(request.page_with(StatusCode::CONFLICT, Area::Feedback, title, frame(&report, title, body)))
        }
        error => {
            let state = FormState::of(&request.form).refused(error)?;
            let body = html! { (ui::error_summary(&state)) (form) };
            Ok(request.refused(Area::Feedback, title, frame(&report, title, body)))
        }
    }
}

pub fn address(report: &Report) -> String {
    format!("/admin/reports/{}", report.id)
}

/// What stands around every page of a step.
pub fn frame(report: &Report, title: &str, body: Markup) -> Markup {
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[
                ("/admin/cases".to_owned(), "Feedback".to_owned()),
                ("/admin/reports".to_owned(), "Reports".to_owned()),
                (address(report), format!("Report {}", report.reference)),
            ]))
            h1 { (title) }
            (body)
        } }
    }
}
