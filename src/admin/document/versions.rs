//! The publications that versions made, and the page that hides one of them.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{self, Document, Publication},
    kernel::{Error, Permission, PublicationId, Result},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        help,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, field, time},
    },
    NOTE_LIMIT, Opened, Tab, document_head, seen, stale, title_of,
};

pub async fn publications(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let all = content::publications(&request.ctx, opened.kind, opened.id).await?;
    let head = document_head(&request, &document, Tab::History).await?;
    let main = html! {
        (head)
        div.main.stack {
            h2 { "Publications" }
            p { "What was public, and when. Sites can ask for a page as it was at a time; a hidden publication is left out." }
            @if all.is_empty() { (ui::empty("It has never been public. Each time that a version is what readers see stands here, so that you know what they saw when.", help::beside(ui::link_button(&opened.address("history"), "Back to the history"), &help::HISTORY))) } @else {
                div.table { table.cards {
                    caption.vh { "Publications, newest first" }
                    thead { tr { th scope="col" { "Version" } th scope="col" { "From" } th scope="col" { "Until" } th scope="col" { "What it was" } th scope="col" { "Note" } th scope="col" { "Steps" } } }
                    tbody { @for one in &all { (publication_row(&request, opened, one)) } }
                } }
            }
        }
    };
    Ok(request.page(opened.area(), &format!("Publications: {}", title_of(&document)), main))
}

fn publication_row(request: &PanelRequest, opened: Opened, one: &Publication) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        tr {
            th scope="row" { a href=(opened.address(&format!("versions/{}", one.version))) { "Version " (one.version) } }
            td data-label="From" { (time::when(zone, now, one.from)) }
            td data-label="Until" { @if let Some(until) = one.until { (time::when(zone, now, until)) } @else { "now" } }
            td data-label="What it was" {
                @if one.state == "withdrawn" { (Badge::new(Look::Warning, "Withdrawn")) } @else { (Badge::new(Look::Good, "Live")) }
                @if one.suppressed_at.is_some() { " " (Badge::new(Look::Bad, "Hidden")) }
            }
            td data-label="Note" { @if let Some(note) = one.note.as_deref().or(one.notice.as_deref()) { (note) } }
            td data-label="Steps" {
                @if one.until.is_some() && one.suppressed_at.is_none() && request.may(Permission::ContentSuppress) {
                    a href=(opened.address(&format!("publications/{}/suppress", one.id))) { "Hide…" span.vh { " version " (one.version) } }
                }
            }
        }
    }
}

pub async fn hide(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentSuppress)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let state = FormState::new().with("version", document.standing.version.to_string());
    Ok(hiding(&request, opened, &document, &state, None, StatusCode::OK).await?)
}

pub async fn suppress(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentSuppress)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    match carry_out(&request, opened).await {
        Ok(()) => {
            request.app.ring();
            request.done(&opened.address("publications"), "The publication is hidden from the past.").await
        }
        Err(error @ Error::Stale(_)) => {
            let document = opened.document(&request).await?;
            let notice = stale::notice(&request, opened, &document, error).await?;
            let state = FormState::of(&request.form).with("version", document.standing.version.to_string());
            Ok(hiding(&request, opened, &document, &state, Some(notice), StatusCode::CONFLICT).await?)
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let document = opened.document(&request).await?;
            Ok(hiding(&request, opened, &document, &state, None, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

async fn carry_out(request: &PanelRequest, opened: Opened) -> Result<()> {
    let publication = request.id::<PublicationId>("publication")?;
    let mut fields = request.form.fields(&[]);
    let version = seen(&mut fields)?;
    let reason = fields.required_text("reason", NOTE_LIMIT);
    fields.finish()?;
    content::suppress(&request.ctx, opened.kind, opened.id, version, publication, reason).await
}

async fn hiding(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    state: &FormState,
    notice: Option<Markup>,
    status: StatusCode,
) -> Result<Response> {
    let publication = request.id::<PublicationId>("publication")?;
    let all = content::publications(&request.ctx, opened.kind, opened.id).await?;
    let found = all.iter().find(|one| one.id == publication);
    let found = found.ok_or_else(|| Error::not_found("such publication of this document"))?;
    let head = document_head(request, document, Tab::None).await?;
    let (zone, now) = (&request.chrome.zone, request.now());
    let main = html! {
        (head)
        div.main { div.reading.stack {
            @if let Some(notice) = notice { (notice) }
            h2 { "Hide a past publication" }
            (ui::error_summary(state))
            p {
                "Version " (found.version) " was public from " (time::when(zone, now, found.from))
                @if let Some(until) = found.until { " until " (time::when(zone, now, until)) }
                ". Once it is hidden, sites that ask for the page as it was then get nothing. This can’t be taken back; the reason stands in the log."
            }
            form method="post" action=(opened.address(&format!("publications/{publication}/suppress"))) {
                (field::hidden("version", state.value("version")))
                (field::area(&state.field("reason", "Why").limit(NOTE_LIMIT)))
                div.buttons { (ui::bad_button("Hide it")) a href=(opened.address("publications")) { "Cancel" } }
            }
        } }
    };
    let title = format!("Hide a past publication: {}", title_of(document));
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(opened.area(), &title, main),
        other => request.page_with(other, opened.area(), &title, main),
    })
}
