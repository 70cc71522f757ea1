//! Two versions compared, and the publications that versions made, with the page that hides one of them.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{self, Document, Publication, VersionSummary},
    kernel::{Error, Permission, PublicationId, Result, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, difference, field, time},
    },
    NOTE_LIMIT, Opened, Tab, document_head,
    history::version_options,
    seen, stale, title_of,
};

/// How many versions can be chosen from; older ones are reached by their addresses.
const MOST_VERSIONS: u64 = 200;

named! {
    /// How much of two versions is shown.
    Whole { Changes = "changes", Page = "page", }
}

pub async fn compare(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let from = version_asked(&mut request, "from");
    let to = version_asked(&mut request, "to");
    let view = request.query.choice("view").unwrap_or(Whole::Changes);
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let standing = &document.standing;
    let to = to.unwrap_or(standing.version);
    let before = VersionNumber(to.0.saturating_sub(1).max(1));
    let from = from.or(standing.live_version.filter(|live| *live != to)).unwrap_or(before);
    let compared = content::comparison(&request.ctx, opened.kind, opened.id, from, to).await?.comparison;
    let versions = content::history(&request.ctx, opened.kind, opened.id, None, MOST_VERSIONS).await?;
    let titles = titles(&request, &compared).await?;
    let head = document_head(&request, &document, Tab::History).await?;
    let main = html! {
        (head)
        div.main.stack {
            h2 { "Compare two versions" }
            (chooser(&request, opened, &document, &versions, from, to, view))
            @if view == Whole::Changes {
                @if !compared.changes.is_empty() {
                    p.document-note {
                        "Key: " ins { span.vh { "added: " } "what was put in" } ", "
                        del { span.vh { "removed: " } "what was taken out" } ", " span.moved { "what stands elsewhere" } "."
                    }
                }
                (difference::named_comparison(&compared, "", &titles))
            } @else {
                div.side-by-side {
                    (whole(opened, from))
                    (whole(opened, to))
                }
            }
            @if request.may(Permission::ContentWrite) && from != standing.version && document.trashed_at.is_none() {
                div.buttons { (ui::link_button(&opened.address(&format!("restore?version={from}")), &format!("Restore version {from}…"))) }
            }
        }
    };
    Ok(request.page(opened.area(), &format!("Compare versions {from} and {to}: {}", title_of(&document)), main))
}

fn version_asked(request: &mut PanelRequest, name: &str) -> Option<VersionNumber> {
    let number = request.query.number(name, 0, 1, 1_000_000_000);
    i32::try_from(number).ok().filter(|number| *number > 0).map(VersionNumber)
}

/// The titles of the documents that changed values name.
async fn titles(
    request: &PanelRequest,
    compared: &content::Comparison,
) -> Result<std::collections::BTreeMap<String, String>> {
    let ids = compared.changes.iter().flat_map(|change| [&change.from, &change.to]).flat_map(difference::ids_in);
    let ids = ids.filter_map(|id| id.parse().ok()).collect();
    let found = content::kinds_and_titles(&request.ctx, &ids).await?;
    Ok(found.into_iter().map(|(id, (_, title))| (id.to_string(), title)).collect())
}

fn chooser(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    versions: &[VersionSummary],
    from: VersionNumber,
    to: VersionNumber,
    view: Whole,
) -> Markup {
    let options = version_options(&request.chrome.zone, document, versions);
    let views = field::options(Whole::ALL, Whole::name, |view| match view {
        Whole::Changes => "Only changes",
        Whole::Page => "Whole page, side by side",
    });
    let state = FormState::new().with("from", from.to_string()).with("to", to.to_string()).with("view", view.name());
    html! {
        form.filters method="get" action=(opened.address("compare")) {
            (field::select(&state.field("from", "From"), &options))
            (field::select(&state.field("to", "To"), &options))
            (field::select(&state.field("view", "Show"), &views))
            button.button { "Compare" }
            a href=(opened.address(&format!("compare?from={to}&to={from}&view={}", view.name()))) { "Swap them" }
        }
    }
}

fn whole(opened: Opened, version: VersionNumber) -> Markup {
    html! {
        section {
            h3 { "Version " (version) }
            iframe.frame src=(opened.address(&format!("preview/frame?version={version}")))
                title={ "Version " (version) " as a reader would see it" } sandbox="allow-same-origin" {}
        }
    }
}

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
            @if all.is_empty() { (ui::empty("It has never been public.", html! {})) } @else {
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
    let mut fields = request.form.fields(&[])?;
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
