//! What stands at the top of every page about one document: its title and states, the steps that are possible now, and
//! the ways to its other pages.

use maud::{Markup, html};

use crate::{
    content::{self, Action, Document, DraftState, PossibleStep, Schedule, ScheduledAction},
    kernel::{Permission, Result},
    web::session::Tone,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{
            self, Badge,
            badge::Look,
            time::{self, Zone},
            words,
        },
    },
    address, editor_place, title_of,
};

/// The page of a document that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Edit,
    Preview,
    History,
    UsedBy,
    /// A page that no tab leads to.
    None,
}

/// The steps that lead a document on; they stand in the bar, the others in its menu.
const FOREMOST: &[Action] = &[Action::Submit, Action::Approve, Action::RequestChanges, Action::Publish];

/// Title, states, possible steps and tabs. The page that it stands on adds its `div.main`.
pub async fn document_head(request: &PanelRequest, document: &Document, current: Tab) -> Result<Markup> {
    let steps = content::possible_steps(&request.ctx, document).await?;
    let sample = request.samples().await?.contains(document.standing.id);
    Ok(drawn(request, document, &steps, current, sample))
}

fn drawn(request: &PanelRequest, document: &Document, steps: &[PossibleStep], current: Tab, sample: bool) -> Markup {
    let standing = &document.standing;
    let to = |rest: &str| address(standing.kind, standing.id, rest);
    let tabs: Vec<(String, String, bool)> = [
        (Tab::Edit, "", "Edit"),
        (Tab::Preview, "preview", "Preview"),
        (Tab::History, "history", "History"),
        (Tab::UsedBy, "used-by", "Where used"),
    ]
    .into_iter()
    .map(|(tab, rest, words)| (to(rest), words.to_owned(), tab == current))
    .collect();
    html! {
        div.actions #document-actions {
            h1 { (title_of(document)) }
            (badges(document, sample))
            (links(request, document, steps))
        }
        div.document-tabs #document-tabs {
            (ui::keyed_tabs("This document", &tabs, &to("preview"), "Alt+p"))
            (notices(request, document, steps))
            @if current == Tab::Edit { @if let Some(sentence) = voided_by_a_save(document) { p.document-note { (sentence) } } }
        }
    }
}

/// Both lines of a document, and what else there is to know at a glance.
pub fn badges(document: &Document, sample: bool) -> Markup {
    let standing = &document.standing;
    html! {
        div.row {
            @if sample { (Badge::sample()) }
            @if document.trashed_at.is_some() { (Badge::new(Look::Bad, "In the trash")) }
            (Badge::live(standing.live_state))
            @if let Some(badge) = Badge::draft(standing.draft_state) { (badge) }
            @if !document.schedules.is_empty() { (Badge::new(Look::Planned, "Scheduled")) }
            @if document.retrospective_review.is_some() { (Badge::new(Look::Warning, "Needs a look back")) }
        }
    }
}

fn links(request: &PanelRequest, document: &Document, steps: &[PossibleStep]) -> Markup {
    let standing = &document.standing;
    let to = |action: Action| address(standing.kind, standing.id, page_of(action));
    let possible: Vec<Action> = steps
        .iter()
        .filter(|step| step.refusal.is_none() && has_link(step.action, standing.draft_version.is_some()))
        .map(|step| step.action)
        .collect();
    let foremost: Vec<Action> = FOREMOST.iter().copied().filter(|action| possible.contains(action)).collect();
    let publishes = foremost.contains(&Action::Publish);
    let rest = possible.iter().copied().filter(|action| !foremost.contains(action));
    let rest: Vec<Action> = rest.filter(|action| *action != Action::ForcePublish || !publishes).collect();
    let owns = request.may(Permission::ContentWrite) && document.trashed_at.is_none();
    html! {
        div.row {
            @for action in &foremost {
                @let primary = if publishes { *action == Action::Publish } else { *action != Action::RequestChanges };
                a.button.primary[primary] href=(to(*action)) data-dialog { (words::step(*action)) }
            }
            @if !rest.is_empty() || owns {
                details.more {
                    summary.button data-key="." aria-keyshortcuts="." { "More" span.vh { " steps" } }
                    ul {
                        @if owns {
                            li { a href=(address(standing.kind, standing.id, "ownership")) data-dialog { "Owner and review date…" } }
                            li { a href={ "/admin/" (standing.kind.collection()) "/new?like=" (standing.id) } { "Duplicate…" } }
                            li { a href=(address(standing.kind, standing.id, "preview-links")) { "Preview links…" } }
                        }
                        @for action in &rest { li { a href=(to(*action)) data-dialog { (words::step(*action)) } } }
                    }
                }
            }
        }
    }
}

/// Saving is the editor's own, restoring begins at a version in the history, and one page schedules both ways.
fn has_link(action: Action, draft: bool) -> bool {
    match action {
        Action::Save | Action::Restore => false,
        Action::ScheduleUnpublish => !draft,
        _ => true,
    }
}

/// The page on which a step is taken.
pub fn page_of(action: Action) -> &'static str {
    match action {
        Action::ForcePublish => Action::Publish.name(),
        Action::ScheduleUnpublish => Action::Schedule.name(),
        other => other.name(),
    }
}

/// What is said in sentences: schedules, a failure, a notice, and what stands between the draft and the public.
fn notices(request: &PanelRequest, document: &Document, steps: &[PossibleStep]) -> Markup {
    let standing = &document.standing;
    let waits = [Action::Approve, Action::Publish].into_iter().filter_map(|action| {
        let step = steps.iter().find(|step| step.action == action)?;
        let expected = standing.draft_version.is_some() && document.trashed_at.is_none();
        let own = action == Action::Approve && standing.draft_state == DraftState::InReview;
        let waits = expected && (own || action == Action::Publish);
        step.refusal.as_deref().filter(|_| waits)
    });
    let waits: Vec<&str> = waits.collect();
    html! {
        @if !document.failure.is_empty() {
            (ui::banner(Tone::Fault, html! {
                p { "A scheduled step could not be carried out. Nothing is lost." }
                ul { @for fault in &document.failure {
                    li { @if fault.pointer.is_empty() { (fault.detail) } @else {
                        a href=(editor_place(standing.kind, standing.id, &fault.pointer)) { (fault.detail) }
                    } }
                } }
            }))
        }
        @if let Some(notice) = &document.notice {
            p.document-note { "Withdrawn. Readers see this notice: “" (notice) "”" }
        }
        @for schedule in &document.schedules { p.document-note { (scheduled(&request.chrome.zone, schedule)) } }
        @for sentence in waits { p.document-note { (sentence) } }
    }
}

/// What a save takes away, for who is about to change something.
fn voided_by_a_save(document: &Document) -> Option<String> {
    let version = document.standing.draft_version?;
    match document.standing.draft_state {
        DraftState::InReview => {
            Some(format!("Version {version} is in review. As soon as a change is saved, it has to be submitted again."))
        }
        DraftState::Approved => {
            Some(format!("Version {version} is approved. As soon as a change is saved, it needs another review."))
        }
        _ => None,
    }
}

/// A schedule in a sentence.
pub fn scheduled(zone: &Zone, schedule: &Schedule) -> String {
    let when = time::in_full(zone, schedule.at);
    if schedule.action == ScheduledAction::Publish.name() {
        format!("Version {} goes live on {when} (scheduled by {}).", schedule.version, schedule.by.name)
    } else {
        format!("It is unpublished on {when} (scheduled by {}).", schedule.by.name)
    }
}
