//! The page on which reports of a case are taken out into another case or one of their own.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    feedback::{self, CaseDetail, Split},
    kernel::{CaseId, Error, Permission, ReportId, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        form::FormState,
        reports,
        request::PanelRequest,
        ui::{self, field, shell::Area, time},
    },
    address, changes, framing, steps,
};

const HEADING: &str = "Split the case";

pub async fn split_page(mut request: PanelRequest) -> Answer {
    let id: CaseId = request.id("id")?;
    let from = request.query.text("from").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let detail = feedback::case(&request.ctx, id).await?;
    Ok(page(&request, &detail, &FormState::new().with("from", from), StatusCode::OK, html! {}))
}

pub async fn split(mut request: PanelRequest) -> Answer {
    let id: CaseId = request.id("id")?;
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let from = request.form.value("from").to_owned();
    match carry_out(&request, id).await {
        Ok((moved, Split { case, into })) => {
            request.app.ring();
            let number = feedback::case(&request.ctx, into).await?.case.number;
            let said = match moved {
                1 => format!("1 report is in case {number} now."),
                moved => format!("{moved} reports are in case {number} now."),
            };
            let link = (address(into, &from), format!("Case {number}"));
            request.say_done(said, Some(link), Some(steps::undoing(&case, &from))).await?;
            see_other(&address(id, &from))
        }
        Err(error @ Error::Stale(_)) => {
            let notice = ui::banner(Tone::Warning, html! { p { (framing::refusal(error)?) } });
            let detail = feedback::case(&request.ctx, id).await?;
            Ok(page(&request, &detail, &FormState::of(&request.form), StatusCode::CONFLICT, notice))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let detail = feedback::case(&request.ctx, id).await?;
            let summary = ui::error_summary(&state);
            Ok(page(&request, &detail, &state, StatusCode::UNPROCESSABLE_ENTITY, summary))
        }
    }
}

/// How many reports were moved, and where.
async fn carry_out(request: &PanelRequest, id: CaseId) -> Result<(usize, Split)> {
    let mut fields = request.form.fields(&["reports"]);
    let seen = fields.text("version", 20).and_then(|text| text.parse().ok()).unwrap_or_default();
    let chosen = fields.ids("reports").into_iter().map(ReportId).collect::<std::collections::BTreeSet<_>>();
    let number = fields.text("into", 20).filter(|number| !number.is_empty());
    fields.raw_text("from");
    let into = match &number {
        None => None,
        Some(number) => match changes::by_number(&request.ctx, number).await? {
            Some(into) => Some(into),
            None => {
                fields.fault("into", "reference-missing", format!("There is no case {number}."));
                None
            }
        },
    };
    fields.finish()?;
    let split = feedback::split(&request.ctx, id, seen, &chosen, into).await?;
    Ok((chosen.len(), split))
}

fn page(
    request: &PanelRequest,
    detail: &CaseDetail,
    state: &FormState,
    status: StatusCode,
    notice: Markup,
) -> Response {
    let case = &detail.case;
    let from = state.value("from");
    let (zone, now) = (&request.chrome.zone, request.now());
    let options: Vec<(String, String)> = detail
        .reports
        .iter()
        .map(|report| {
            let when = time::day_of(zone, now, report.received_at);
            (report.id.to_string(), format!("{} ({}, {when})", reports::beginning(report), report.reference))
        })
        .collect();
    let body = html! {
        (notice)
        @if options.len() < 2 {
            p { "There is nothing to split: a case with one report is moved as a whole, by merging it." }
            div.buttons { (ui::link_button(&address(case.id, from), "Back to the case")) }
        } @else {
            p { "Reports that are about something else go into a case of their own, or into another. It can be undone for ten minutes." }
            form.one-column method="post" action={ "/admin/cases/" (case.id) "/split" } {
                (field::hidden("version", &case.version.to_string()))
                (field::hidden("from", from))
                (field::checks(&state.field("reports", "Reports that are about something else"), &options, &|id| state.holds("reports", id)))
                (field::text(&state.field("into", "Number of the case that they belong to").class("short").hint("Left empty, they make a new case.")))
                div.buttons { (ui::submit(HEADING)) a href=(address(case.id, from)) { "Cancel" } }
            }
        }
    };
    request.page_with(status, Area::Feedback, HEADING, framing::framed(detail, HEADING, from, body))
}
