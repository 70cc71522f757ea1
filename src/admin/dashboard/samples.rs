//! Sample content for a site that has none: what it would be, and one button; and, once it is there, what removing it
//! would do, one button, and what came of it.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::{
    content,
    demo::{self, Because, Outcome, Removal, Thing},
    kernel::{Permission, Result},
    site::{SampleId, SampleKind, Samples},
    web::{Answer, session::Tone},
};

use super::super::{
    document,
    form::FormState,
    lists,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, shell::Area, time, words},
};

/// Where the page is.
pub const ADDRESS: &str = "/admin/samples";
const REMOVE: &str = "/admin/samples/remove";
const ADDING: &str = "Add sample content";
const REMOVING: &str = "Remove sample content";

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    if !request.samples().await?.is_empty() {
        let main = going(&request, &demo::removal(&request.ctx).await?);
        return Ok(request.page(Area::Dashboard, REMOVING, main));
    }
    let main = coming(&request, &FormState::new()).await?;
    Ok(request.page(Area::Dashboard, ADDING, main))
}

pub async fn add(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    request.form.fields(&[]).finish()?;
    let outcome = demo::add_samples(&request.ctx, &request.app.store).await;
    request.app.ring();
    match outcome {
        Ok(added) => {
            let pages = ui::count(added.role_pages, "role page", "role pages");
            let sections = ui::count(added.requirement_sections, "requirement section", "requirement sections");
            let images = ui::count(added.images, "picture", "pictures");
            let reports = ui::count(added.reports, "report", "reports");
            let said = format!("{pages}, {sections}, {images} and {reports} are added. The pages are public.");
            let links = [("Look at the reports", "/admin/cases"), ("Remove it again…", ADDRESS)];
            let links = links.map(|(words, address)| (address.to_owned(), words.to_owned()));
            request.say(Tone::Done, said, links).await?;
            crate::web::see_other("/admin/role-pages")
        }
        Err(error) => {
            let state = FormState::new().refused(error)?;
            let main = coming(&request, &state).await?;
            Ok(request.page_with(StatusCode::CONFLICT, Area::Dashboard, &format!("Error: {ADDING}"), main))
        }
    }
}

pub async fn remove(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::SettingsManage)?;
    request.form.fields(&[]).finish()?;
    let outcomes = demo::remove_samples(&request.ctx, &request.app.store).await?;
    request.app.ring();
    if outcomes.is_empty() {
        return request.done("/admin", "There is no sample content any more.").await;
    }
    let main = gone(&outcomes);
    Ok(request.page(Area::Dashboard, "Sample content removed", main))
}

/// The quiet line on the first page, for those who can remove what it speaks of.
pub fn reminder(request: &PanelRequest, samples: &Samples) -> Markup {
    html! {
        @if request.may(Permission::SettingsManage) && !samples.is_empty() {
            p.muted { "Sample content is on this site. " a href=(ADDRESS) { "Remove it…" } }
        }
    }
}

async fn coming(request: &PanelRequest, state: &FormState) -> Result<Markup> {
    let samples = demo::samples()?;
    let empty = content::beginnings(&request.ctx).await?.empty;
    let mut reviewed = false;
    for kind in content::Kind::ALL {
        reviewed |= content::rules_of(&request.ctx, *kind).await?.review;
    }
    Ok(html! {
        div.main { div.reading.stack {
            h1 { (ADDING) }
            (ui::error_summary(state))
            @if empty {
                p { "Something to look at before you write: pages with pictures, the requirements in them, and three reports in the inbox, two of which say the same." }
                ul {
                    @for (kind, title) in &samples { li { (title) " (" (words::kind(*kind).to_lowercase()) ")" } }
                    li { "Three reports about the first role page" }
                }
                h2 { "They become public" }
                p { "Reports are about published pages, so the samples are published: your API shows them to everybody until you remove them. We tell nobody; webhooks and programs with a key hear of them like of any publication." }
                @if reviewed { p { "Your site asks for a review before anything is published. The samples go live without one, and their history says so." } }
                p { "All of it bears the badge " (Badge::sample()) " and can be removed with one button." }
                form method="post" action=(ADDRESS) {
                    div.buttons { (ui::submit(ADDING)) a href="/admin" { "Back without adding" } }
                }
            } @else {
                p { "There is content already, so no samples are added." }
                (ui::link_button("/admin", "Back to what needs you"))
            }
        } }
    })
}

/// What removing would do.
fn going(request: &PanelRequest, removal: &Removal) -> Markup {
    html! {
        div.main { div.stack {
            h1 { (REMOVING) }
            @if removal.leaving.is_empty() {
                p { "Nothing is removed: all that is left of the samples has become part of your own content." }
            } @else {
                p { "These are removed for good, with their history. The addresses of published pages say from then on that they are gone. This can't be undone." }
                (leaving(request, &removal.leaving))
            }
            @if !removal.staying.is_empty() {
                h2 { "What stays" }
                p { "Your own content needs these. They stay as they are and are no samples any more." }
                ul { @for (thing, because) in &removal.staying { li { (named(thing)) ": " (reasons(because)) } } }
            }
            form method="post" action=(REMOVE) {
                div.buttons {
                    (ui::bad_button(if removal.leaving.is_empty() { "Keep it as our own" } else { REMOVING }))
                    a href="/admin" { "Back without removing" }
                }
            }
        } }
    }
}

fn leaving(request: &PanelRequest, things: &[Thing]) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table { table.cards {
            caption.vh { "What is removed" }
            thead { tr { th scope="col" { "Sample" } th scope="col" { "What it is" } th scope="col" { "Changed since it was added" } } }
            tbody { @for thing in things { tr {
                th scope="row" { (named(thing)) }
                td data-label="What it is" { (what(thing)) @if thing.live { ", public" } }
                td data-label="Changed since it was added" {
                    @match &thing.changed {
                        Some(change) => { (Badge::new(Look::Warning, "Changed")) " by " (change.by) ", " (time::when(zone, now, change.at)) }
                        None => { span.muted { "No" } }
                    }
                }
            } } }
        } }
    }
}

/// What came of it.
fn gone(outcomes: &[(Thing, Outcome)]) -> Markup {
    let failed = outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    html! {
        div.main { div.stack {
            h1 { @if failed { "Some sample content is left" } @else { "Sample content removed" } }
            @if failed { p { "What could not be removed is as it was, or in the trash. Try again once you have looked at why." } }
            div.table { table.cards {
                caption.vh { "What came of it" }
                thead { tr { th scope="col" { "Sample" } th scope="col" { "What it is" } th scope="col" { "Outcome" } } }
                tbody { @for (thing, outcome) in outcomes { tr {
                    th scope="row" { @if matches!(outcome, Outcome::Removed) { (thing.name) } @else { (named(thing)) } }
                    td data-label="What it is" { (what(thing)) }
                    td data-label="Outcome" {
                        @match outcome {
                            Outcome::Removed => { (Badge::new(Look::Good, "Removed")) }
                            Outcome::Kept(because) => { (Badge::new(Look::Quiet, "Kept as your own")) " " (reasons(because)) }
                            Outcome::Failed(error) => { (Badge::new(Look::Warning, "Not removed")) " " (lists::why(error)) }
                        }
                    }
                } } }
            } }
            div.buttons {
                @if failed { (ui::primary_link(ADDRESS, "Try again…")) }
                (ui::link_button("/admin", "Back to what needs you"))
            }
        } }
    }
}

fn named(thing: &Thing) -> Markup {
    let address = match (thing.id, thing.kind) {
        (SampleId::Document(id), Some(kind)) => Some(document::address(kind, id, "")),
        (SampleId::Document(_), None) => None,
        (SampleId::Media(id), _) => Some(format!("/admin/media/{id}")),
        (SampleId::Report(id), _) => Some(format!("/admin/reports/{id}")),
        (SampleId::Case(id), _) => Some(format!("/admin/cases/{id}")),
    };
    let name = if thing.name.trim().is_empty() { "Untitled" } else { &thing.name };
    html! { @match address { Some(address) => { a href=(address) { (name) } } None => { (name) } } }
}

fn what(thing: &Thing) -> &'static str {
    match (thing.id.kind(), thing.kind) {
        (SampleKind::Document, Some(kind)) => words::kind(kind),
        (SampleKind::Document, None) => "Document",
        (SampleKind::Media, _) => "Picture",
        (SampleKind::Report, _) => "Report",
        (SampleKind::Case, _) => "Case",
    }
}

fn reasons(because: &[Because]) -> String {
    let one = |reason: &Because| match reason {
        Because::Used(title) => format!("“{}” uses it", document::titled(title)),
        Because::Below(title) => format!("“{}” stands below it", document::titled(title)),
        Because::RealReports => "visitors have reported the same".to_owned(),
    };
    because.iter().map(one).collect::<Vec<_>>().join("; ")
}
