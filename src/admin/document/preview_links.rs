//! Links that show a version to people without an account: what there is, a form for another, and a button to end each.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use crate::{
    content::{
        self, Document, LINK_NOTE_LIMIT, LinkEmbeds, MadePreviewLink, NewPreviewLink, PreviewLink, VersionSummary,
    },
    kernel::{Error, Permission, Result, Timestamp, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        access,
        form::FormState,
        help,
        request::PanelRequest,
        shared,
        ui::{self, Badge, badge::Look, field, time},
    },
    Opened, Tab, document_head, history, title_of,
};

const TITLE: &str = "Preview links";
/// How many versions can be chosen from.
const VERSIONS: u64 = 50;
/// How long a link can work: days and words.
const DAYS: [(&str, &str); 4] = [("1", "One day"), ("7", "A week"), ("30", "30 days"), ("90", "90 days")];

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    let version = request.query.number("version", 0, 1, 1_000_000_000);
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let document = opened.document(&request).await?;
    let version = if version == 0 { document.standing.version.to_string() } else { version.to_string() };
    let state = FormState::new().with("version", version).with("embedded", "drafts").with("days", "7");
    page(&request, opened, &document, &state, StatusCode::OK).await.map_err(Into::into)
}

pub async fn make(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    match carry_out(&request, opened).await {
        Ok(made) => {
            request.app.ring();
            let document = opened.document(&request).await?;
            Ok(shown(&request, opened, &document, &made))
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            let document = opened.document(&request).await?;
            page(&request, opened, &document, &state, StatusCode::UNPROCESSABLE_ENTITY).await.map_err(Into::into)
        }
    }
}

async fn carry_out(request: &PanelRequest, opened: Opened) -> Result<MadePreviewLink> {
    let mut fields = request.form.fields(&[]);
    let version = fields.text("version", 20).and_then(|text| text.parse().ok()).map(VersionNumber);
    let days = fields.text("days", 10).filter(|days| DAYS.iter().any(|(value, _)| value == days));
    let days = days.and_then(|days| days.parse().ok());
    let embedded = fields.choice::<LinkEmbeds>("embedded");
    let note = fields.text("note", LINK_NOTE_LIMIT);
    if version.is_none() {
        fields.fault("version", "missing-field", "Say which version it shows.");
    }
    if days.is_none() {
        fields.fault("days", "unknown-choice", "Say how long the link works.");
    }
    if embedded.is_none() && !fields.has_fault("embedded") {
        fields.fault("embedded", "missing-field", "Say which versions of requirement sections stand in it.");
    }
    fields.finish()?;
    let (Some(version), Some(days), Some(embedded)) = (version, days, embedded) else {
        return Err(Error::bug("a link without its parts was let through"));
    };
    let new = NewPreviewLink { version, embedded, days, note };
    content::make_preview_link(&request.ctx, opened.kind, opened.id, new).await
}

/// The address, which is told this once.
fn shown(request: &PanelRequest, opened: Opened, document: &Document, made: &MadePreviewLink) -> Response {
    let title = format!("A link for version {} has been made", made.link.version);
    let back = opened.address("preview-links");
    let address = format!("{}{}", request.app.public_url, shared::address(&made.secret));
    let main = html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(opened.address(""), title_of(document).to_owned()), (back.clone(), TITLE.to_owned())]))
            h1 { (title) }
            p { "Copy it now: it is shown once. Whoever has it can read this version, without an account, until " (time::in_full(&request.chrome.zone, made.link.expires_at)) "." }
            (access::secret("Link", &address))
            p { a.tap href=(back) { "Back to the links" } }
        } }
    };
    access::shown_once(request, &title, main)
}

async fn page(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    state: &FormState,
    status: StatusCode,
) -> Result<Response> {
    let links = content::preview_links(&request.ctx, opened.kind, opened.id).await?;
    let versions = content::history(&request.ctx, opened.kind, opened.id, None, VERSIONS).await?;
    let head = document_head(request, document, Tab::Preview).await?;
    let main = html! {
        (head)
        div.main { div.stack {
            h2 { (TITLE) }
            (ui::error_summary(state))
            p { "A link shows one version to people without an account, as a plain page. Nothing else can be reached from it." }
            @if document.trashed_at.is_none() { (form(request, opened, document, &versions, state)) }
            @else { p { "The document is in the trash, so its links show nothing." } }
            (list(request, opened, &links, document.trashed_at.is_none()))
        } }
    };
    let title = format!("{TITLE}: {}", title_of(document));
    Ok(if status == StatusCode::OK {
        request.page(opened.area(), &title, main)
    } else {
        request.refused(opened.area(), &title, main)
    })
}

fn form(
    request: &PanelRequest,
    opened: Opened,
    document: &Document,
    versions: &[VersionSummary],
    state: &FormState,
) -> Markup {
    let versions = history::version_options(&request.chrome.zone, document, versions);
    let days: Vec<(String, String)> =
        DAYS.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    let embedded = field::options(LinkEmbeds::ALL, LinkEmbeds::name, |embeds| match embeds {
        LinkEmbeds::Drafts => "In their drafts, as they are when it is opened",
        LinkEmbeds::Live => "As they are live when it is opened",
    });
    html! {
        form.card.stack-s method="post" action=(opened.address("preview-links")) {
            h3 { "Make a link" }
            (field::select(&state.field("version", "Version"), &versions))
            (field::radios(&state.field("embedded", "Requirement sections in it"), &embedded))
            (field::select(&state.field("days", "Works for").class("short"), &days))
            (field::text(&state.field("note", "Whom it is for").hint("Only colleagues see this. Optional.").class("medium").limit(LINK_NOTE_LIMIT)))
            div.buttons { (ui::submit("Make the link")) }
        }
    }
}

fn list(request: &PanelRequest, opened: Opened, links: &[PreviewLink], writable: bool) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        @if links.is_empty() {
            @let action = html! { @if writable { (ui::link_button("#f-version", "Make a link")) } @else { (ui::link_button(&opened.address(""), "Back to the document")) } };
            (ui::empty("No link has been made yet. Somebody without an account can read a version through one, before it is live.", help::beside(action, &help::PREVIEW_LINKS)))
        } @else {
            div.table { table.cards {
                caption.vh { "Links, newest first" }
                thead { tr {
                    th scope="col" { "Version" } th scope="col" { "For" } th scope="col" { "Made" } th scope="col" { "Ends" }
                    th scope="col" { "State" } th scope="col" { span.vh { "What can be done" } }
                } }
                tbody { @for link in links { tr {
                    th scope="row" { "Version " (link.version) @if link.embedded == LinkEmbeds::Live { span.muted.small { " with live sections" } } }
                    td data-label="For" { @match &link.note { Some(note) => { (note) } None => { span.muted { "Not said" } } } }
                    td data-label="Made" { (time::when(zone, now, link.created_at)) " by " (link.created_by.name) }
                    td data-label="Ends" { (time::when(zone, now, link.revoked_at.unwrap_or(link.expires_at))) }
                    td data-label="State" { (state_of(link, now)) }
                    td {
                        @if link.works(now) {
                            (ui::post_button(&opened.address(&format!("preview-links/{}/revoke", link.id)), "Revoke", &format!("the link for version {}", link.version)))
                        }
                    }
                } } }
            } }
        }
    }
}

fn state_of(link: &PreviewLink, now: Timestamp) -> Badge {
    match link.revoked_at {
        Some(_) => Badge::new(Look::Quiet, "Revoked"),
        None if link.works(now) => Badge::new(Look::Good, "Works"),
        None => Badge::new(Look::Quiet, "Expired"),
    }
}

pub async fn revoke(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    request.form.fields(&[]).finish()?;
    content::revoke_preview_link(&request.ctx, opened.kind, opened.id, request.id("link")?).await?;
    request.app.ring();
    request.done(&opened.address("preview-links"), "The link has been revoked and shows nothing any more.").await
}
