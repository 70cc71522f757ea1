//! The page as a visitor saw it, for a frame on the page of the case.

use axum::http::StatusCode;
use maud::html;

use crate::{
    feedback::{self, CaseDetail, Report},
    kernel::{Ctx, Error, ReportId, Result},
    published::{self, Seen, Sight},
    web::Answer,
};

use super::super::{
    layers::Framed,
    request::PanelRequest,
    ui::{passage, shell},
};

/// The report that a page shows: the one that is asked for, else the newest.
pub fn chosen(detail: &CaseDetail, asked: Option<ReportId>) -> Result<Option<&Report>> {
    match asked {
        None => Ok(detail.reports.first()),
        Some(id) => {
            let found = detail.reports.iter().find(|report| report.id == id);
            found.map(Some).ok_or_else(|| Error::not_found("such report in this case"))
        }
    }
}

/// What the visitor who sent a report had before them.
pub async fn sight(ctx: &Ctx, report: &Report) -> Result<Option<Seen>> {
    let sight = Sight {
        page: report.page,
        version: report.version,
        sequence: report.seen_sequence,
        reported_at: report.received_at,
    };
    published::seen(ctx, sight).await
}

pub async fn seen(mut request: PanelRequest) -> Answer {
    let asked = request.query.id("report").map(ReportId);
    request.end_of_query()?;
    let detail = feedback::case(&request.ctx, request.id("id")?).await?;
    let report = chosen(&detail, asked)?.ok_or_else(|| Error::not_found("report in this case"))?;
    let seen = sight(&request.ctx, report).await?;
    let seen = seen.ok_or_else(|| Error::not_found("page to show: it was purged, or taken out of the past"))?;
    let body = html! { div.main { article.prose { (passage::page(&seen.page, report.block)) } } };
    let version = seen.versions.get(&report.page).map(ToString::to_string).unwrap_or_default();
    let title = format!("Page as seen, version {version}");
    let mut response = shell::frame(Some(&request.chrome), &title, body, StatusCode::OK);
    response.extensions_mut().insert(Framed);
    Ok(response)
}
