//! The first page: what needs the person who is signed in, how the content does, and what they did last.

mod beginnings;
mod lines;
pub mod samples;
mod trend;

use maud::{Markup, html};

use crate::{
    content::{self, Health, Kind, Row, Today},
    events::{self, Filter},
    kernel::{Permission, Result},
    media,
    site::Samples,
    web::Answer,
};

use super::{
    audit_log, lists,
    request::PanelRequest,
    ui::{self, Badge, shell::Area, time},
};

use lines::Line;

/// How many things that wait are shown.
const SHOWN: usize = 10;
const RECENT: u64 = 5;
const ACTIVITY: u64 = 8;
/// The images that nobody has described yet.
const UNDESCRIBED: &str = "/admin/media?without_alt=true";

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let reads = request.may(Permission::ContentRead);
    let lines = lines::of(&request, &today(&request)).await?;
    let health = if reads { health(&request).await? } else { Vec::new() };
    let undescribed = if reads { undescribed(&request).await? } else { 0 };
    let recent = if reads { content::recent(&request.ctx, RECENT).await? } else { Vec::new() };
    let checklist = beginnings::checklist(&request).await?;
    let trend = trend::card(&request).await?;
    let samples = request.samples().await?;
    let main = html! {
        div.main { div.stack {
            (ui::head("What needs you", html! {
                @if request.may(Permission::ContentWrite) { (ui::primary_link("/admin/role-pages/new", "New role page")) }
            }))
            (samples::reminder(&request, &samples))
            // What waits comes first; without anything, the first steps do.
            @if lines.is_empty() { (checklist) (waiting(&request, &lines, &health, undescribed)) }
            @else { (waiting(&request, &lines, &health, undescribed)) (checklist) }
            div.grid {
                (trend)
                @if reads { (counts(&health, undescribed)) }
                @if !recent.is_empty() { (edited(&request, &recent, &samples)) }
                @if request.may(Permission::AuditRead) { (activity(&request).await?) }
            }
        } }
    };
    Ok(request.page(Area::Dashboard, "Dashboard", main))
}

fn today(request: &PanelRequest) -> Today {
    let zone = &request.chrome.zone;
    let date = zone.date(request.now());
    let ends = zone.read(&format!("{date}T23:59:59")).unwrap_or_else(|| request.now());
    Today { date, ends }
}

fn waiting(request: &PanelRequest, lines: &[Line], health: &[(Kind, Health)], undescribed: u64) -> Markup {
    if lines.is_empty() {
        return ui::empty("Nothing is waiting for you.", suggestions(request, health, undescribed));
    }
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption { "Waiting for you (" (lines.len()) ")" }
                thead { tr {
                    th scope="col" { "Item" }
                    th scope="col" { "Why" }
                    th scope="col" { "From" }
                    th scope="col" { "Since" }
                    th scope="col" { "Action" }
                } }
                tbody { @for line in lines.iter().take(SHOWN) { tr {
                    th scope="row" { a href=(line.address) { (line.title) } div.muted.small { (line.sort) } }
                    td data-label="Why" { (line.badge) @if let Some(at) = line.at { " " (time::when(zone, now, at)) } }
                    td data-label="From" { (line.from) }
                    td data-label="Since" { @if let Some(since) = line.since { (time::when(zone, now, since)) } }
                    td { a.button href=(line.target) { (line.action) span.vh { ": " (line.title) } } }
                } } }
            }
        }
        @if lines.len() > SHOWN {
            p { "See all: "
                @for (position, (address, words)) in lines::all(lines).iter().enumerate() {
                    @if position > 0 { ", " }
                    a href=(address) { (words) }
                }
                "."
            }
        }
    }
}

/// What somebody could do who has nothing to do.
fn suggestions(request: &PanelRequest, health: &[(Kind, Health)], undescribed: u64) -> Markup {
    let troubled =
        |choose: fn(&Health) -> u64| health.iter().find(|(_, health)| choose(health) > 0).map(|(kind, _)| kind);
    html! {
        div.stack-s {
            @if let Some(kind) = troubled(|health| health.overdue) {
                p { a href={ "/admin/" (kind.collection()) "?review_passed=true" } { "Look at what is overdue for review" } }
            }
            @if let Some(kind) = troubled(|health| health.open_cases).filter(|_| request.may(Permission::FeedbackRead)) {
                p { a href={ "/admin/" (kind.collection()) "?open_cases=true" } { "Look at what visitors report" } }
            }
            @if undescribed > 0 { p { a href=(UNDESCRIBED) { "Describe the pictures that have no alternative text" } } }
            p { a href="/admin/role-pages" { "Look at the role pages" } }
        }
    }
}

/// How many images have no words that describe them.
async fn undescribed(request: &PanelRequest) -> Result<u64> {
    let listing = media::Listing { without_alt: true, ..media::Listing::default() };
    media::count(&request.ctx, &listing).await
}

async fn health(request: &PanelRequest) -> Result<Vec<(Kind, Health)>> {
    let date = today(request).date;
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push((*kind, content::health(&request.ctx, *kind, &date).await?));
    }
    Ok(all)
}

/// The counts as links with words, each to the list that it counts.
fn counts(health: &[(Kind, Health)], undescribed: u64) -> Markup {
    let all = health.iter().flat_map(|(kind, health)| {
        [
            (health.overdue, "overdue for review", "review_passed"),
            (health.must_fix, "with things that must be fixed", "must_fix"),
            (health.open_cases, "with open cases", "open_cases"),
        ]
        .map(|(number, words, filter)| (*kind, number, words, filter))
    });
    let lines: Vec<_> = all.filter(|(_, number, _, _)| *number > 0).collect();
    html! {
        section.card {
            h2 { "How the content does" }
            @if lines.is_empty() && undescribed == 0 { p { "Nothing is overdue, nothing must be fixed, and no case is open." } }
            ul.steps { @for (kind, number, words, filter) in lines {
                li { a href={ "/admin/" (kind.collection()) "?" (filter) "=true" } { (lists::counted(number, kind)) " " (words) } }
            }
                @if undescribed > 0 {
                    li { a href=(UNDESCRIBED) { (ui::count(undescribed, "picture", "pictures")) " without alternative text" } }
                }
            }
        }
    }
}

fn edited(request: &PanelRequest, rows: &[Row], samples: &Samples) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        section.card {
            h2 { "Recently edited by you" }
            ul.steps { @for row in rows { li {
                span {
                    a href={ "/admin/" (row.listed.kind.collection()) "/" (row.listed.id) } { (lists::title(&row.listed)) }
                    " " span.muted.small { (time::when(zone, now, row.listed.updated_at)) }
                }
                @if samples.contains(row.listed.id) { (Badge::sample()) }
                @for badge in lists::badges(row) { (badge) }
            } } }
        }
    }
}

/// What happened last, for those who may read the log.
async fn activity(request: &PanelRequest) -> Result<Markup> {
    request.ctx.authorise(Permission::AuditRead)?;
    let snapshot = request.app.database.read().await?;
    let found = events::list(&*snapshot, &Filter::default(), true, ACTIVITY).await?;
    drop(snapshot);
    let told = audit_log::in_sentences(request, &found).await?;
    let (zone, now) = (&request.chrome.zone, request.now());
    Ok(html! {
        section.card {
            h2 { "What happened last" }
            ul.steps { @for (event, told) in found.iter().zip(&told) { li { span {
                (told) " " span.muted.small { (time::when(zone, now, event.at)) }
            } } } }
            p { a href="/admin/audit-log" { "See all in the audit log" } }
        }
    })
}
