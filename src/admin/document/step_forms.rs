//! The words and forms of the steps: a plain sentence of what will happen, what has to be said, one button.

use maud::{Markup, html};

use crate::{
    content::{
        Action, Check, Children, Decision, Document, DraftState, Kind, Listed, ScheduledAction, Severity, Shown, Use,
    },
    kernel::{DocumentId, VersionNumber},
};

use super::{
    super::{
        form::FormState,
        request::PanelRequest,
        ui::{
            self, Badge,
            check_list::{self, Finding},
            field,
            time::Zone,
            words,
        },
    },
    Opened, address, editor_place,
    head::scheduled,
    looking, timing, titled,
};

/// What the page of a step shows beyond the document itself.
#[derive(Default)]
pub struct Surroundings {
    /// Why the step can't be taken.
    pub refusal: Option<String>,
    /// What differs: from the live version, or from what is shown now.
    pub compared: Option<Markup>,
    /// What the checks find in the version that is to be restored.
    pub checks: Vec<Check>,
    /// The live documents below it.
    pub below: Vec<Shown>,
    /// The live documents that embed it.
    pub embedding: Vec<Shown>,
    /// The live documents that a search for a target found.
    pub found: Vec<Listed>,
    /// What still refers to it.
    pub uses: Vec<Use>,
}

pub fn title(action: Action) -> &'static str {
    match action {
        Action::Save => "Save",
        Action::Submit => "Submit for review",
        Action::Approve => "Approve",
        Action::RequestChanges => "Request changes",
        Action::Publish => "Publish",
        Action::ForcePublish => "Publish without a review",
        Action::Schedule | Action::ScheduleUnpublish => "Schedule",
        Action::Unschedule => "Take the schedule away",
        Action::Confirm => "Confirm as still correct",
        Action::Withdraw => "Withdraw",
        Action::Reinstate => "Reinstate",
        Action::Unpublish => "Unpublish",
        Action::Discard => "Discard the draft",
        Action::Restore => "Restore a version",
        Action::Trash => "Move to the trash",
        Action::Untrash => "Take out of the trash",
        Action::Purge => "Remove for good",
    }
}

/// Where to go after a step, and what is said there.
pub fn done(zone: &Zone, opened: Opened, action: Action, document: Option<&Document>) -> (String, String) {
    let Some(document) = document else {
        return (format!("/admin/{}/trash", opened.kind.collection()), "It has been removed for good.".to_owned());
    };
    let version = document.standing.version;
    let said = match action {
        Action::Submit => format!("Version {version} is in review."),
        Action::Approve => format!("Version {version} is approved."),
        Action::RequestChanges => "The draft went back with what is to be changed.".to_owned(),
        Action::Confirm => "It is confirmed as still correct.".to_owned(),
        Action::Withdraw => "It is withdrawn; readers see the notice.".to_owned(),
        Action::Reinstate => "It is live again, without a notice.".to_owned(),
        Action::Unpublish => "It is unpublished.".to_owned(),
        Action::Discard => "The draft is discarded. Its versions stay in the history.".to_owned(),
        Action::Restore => format!("It is the draft again, as version {version}."),
        Action::Schedule => {
            let schedules: Vec<String> = document.schedules.iter().map(|one| scheduled(zone, one)).collect();
            format!("It is scheduled. {}", schedules.join(" "))
        }
        Action::Unschedule => "The schedule is taken away.".to_owned(),
        Action::Trash => "It is in the trash.".to_owned(),
        Action::Untrash => "It is out of the trash, as it was.".to_owned(),
        _ => "Done.".to_owned(),
    };
    (opened.address(""), said)
}

/// The page of a step below its head: heading, what is wrong, what will happen, the form or why there is none.
pub fn page(
    request: &PanelRequest,
    opened: Opened,
    action: Action,
    document: &Document,
    state: &FormState,
    around: &Surroundings,
) -> Markup {
    let zone = &request.chrome.zone;
    let state = &without_places(state);
    let stops: Vec<&Check> = match action {
        Action::Submit => must_fix(document),
        // What is live can be unpublished whatever the draft needs.
        Action::Schedule if !document.state().is_public() => must_fix(document),
        _ => Vec::new(),
    };
    html! {
        h2 { (title(action)) }
        (ui::error_summary(state))
        @if let Some(refusal) = around.refusal.as_deref().filter(|_| !schedules_the_other(action, document)) {
            p { (refusal) }
            div.buttons { (ui::link_button(&opened.address(""), "Back to the document")) }
        } @else if !stops.is_empty() {
            p { "Something has to be fixed first." }
            (checks(request, opened.kind, opened.id, &stops))
            div.buttons { (ui::link_button(&opened.address(""), "Back to the document")) }
        } @else {
            (explanation(zone, opened, action, document, state, around))
            form.stack method="post" action=(opened.address(action.name())) {
                @if action == Action::Unpublish { (search(state)) }
                (field::hidden("version", state.value("version")))
                @if !state.value("from").is_empty() { (field::hidden("from", state.value("from"))) }
                (fields(zone, action, document, state, around))
                div.buttons {
                    @if action == Action::Schedule { (timing::buttons(zone, request.now(), state)) }
                    @else if destroys(action) { (ui::bad_button(button(action))) }
                    @else { (ui::submit(button(action))) }
                    a href=(opened.address("")) { "Cancel" }
                }
            }
        }
    }
}

fn must_fix(document: &Document) -> Vec<&Check> {
    document.checks.iter().filter(|check| check.severity == Severity::MustFix).collect()
}

/// The faults of a content lie in the editor, not on this page.
pub fn without_places(state: &FormState) -> FormState {
    state.clone().with_faults_placed(|pointer| if pointer.starts_with("/content") { "" } else { pointer })
}

/// The page that schedules serves both actions.
fn schedules_the_other(action: Action, document: &Document) -> bool {
    action == Action::Schedule && document.state().is_public()
}

fn destroys(action: Action) -> bool {
    matches!(action, Action::Unpublish | Action::Discard | Action::Trash | Action::Purge)
}

fn button(action: Action) -> &'static str {
    match action {
        Action::Confirm => "Confirm",
        Action::Restore => "Restore as a new draft",
        other => title(other),
    }
}

fn explanation(
    zone: &Zone,
    opened: Opened,
    action: Action,
    document: &Document,
    state: &FormState,
    around: &Surroundings,
) -> Markup {
    let standing = &document.standing;
    let version = standing.version;
    html! {
        @match action {
            Action::Submit => {
                p { "Somebody who did not write it is asked to look at version " (version) ". A later save takes the request back." }
                (differences(opened, standing.live_version, version, around))
            }
            Action::Approve => {
                @if standing.draft_version.is_some() {
                    p { "Version " (version) " can then be published as it is. A later save voids the approval." }
                    p { a href=(opened.address("preview?line=draft")) { "Read it in the preview" } }
                } @else {
                    p { "Version " (version) " was published without a review. With your approval it needs no look back any more." }
                    p { a href=(opened.address("preview?line=live")) { "Read it in the preview" } }
                }
                (differences(opened, standing.live_version, version, around))
            }
            Action::RequestChanges => { p { "The draft goes back to those who wrote it, with what you say here. What is live stays as it is." } }
            Action::Confirm => { p { "You say that the live version is still correct. It stays as it is; today becomes the date of its last review, which stands in the public JSON." } }
            Action::Withdraw => { p { "It stays at its address with your explanation as a notice above it. Cards and links to it disappear from other pages." } }
            Action::Reinstate => { p { "The notice goes away, and cards and links to it come back." } }
            Action::Unpublish => {
                p { "Readers can no longer open it at " code { (standing.path) } ". Its versions stay, and it can be published again." }
                (embedding(&around.embedding))
            }
            Action::Discard => {
                p { "The draft, version " (version) ", is given up. "
                    @if standing.live_version.is_some() { "What is live stays as it is. " }
                    "The version stays in the history and can be restored. " (voids(standing.draft_state)) }
                (differences(opened, standing.live_version, version, around))
            }
            Action::Trash => { p { "It disappears from the lists. It can be taken out of the trash, as it was. What is scheduled for it is taken away." } }
            Action::Untrash => { p { "It comes back to the lists, as it was." } }
            Action::Purge => {
                p { "All versions and publications are removed, and this can't be taken back. The log keeps that it was there." }
                @if !around.uses.is_empty() {
                    p { "These still refer to it; while they do, it can't be removed:" }
                    ul { @for one in &around.uses { li { (titled(&one.title)) " (" (one.line) ")" } } }
                }
            }
            Action::Restore => { (restoring(opened, document, state, around)) }
            Action::Schedule => {
                p { "It happens by itself at that time. A version is named exactly: later saves change nothing about it." }
                @if document.state().has_draft() {
                    p { a href=(opened.address("publish?when=later")) { "See what will change when version " (version) " goes live" } }
                }
                @for schedule in &document.schedules { p { (scheduled(zone, schedule)) " A new time takes its place." } }
            }
            Action::Unschedule => { @for schedule in &document.schedules { p { (scheduled(zone, schedule)) } } }
            Action::Save | Action::Publish | Action::ForcePublish | Action::ScheduleUnpublish => {}
        }
    }
}

fn fields(zone: &Zone, action: Action, document: &Document, state: &FormState, around: &Surroundings) -> Markup {
    let note = || {
        field::area(&state.field("note", "Note").hint("For those who work on it; you can leave it empty.").limit(1000))
    };
    html! {
        @match action {
            Action::Submit | Action::Approve => { (note()) }
            Action::RequestChanges => {
                (field::area(&state.field("note", "What is to be changed").limit(1000)))
            }
            Action::Confirm => {
                (field::text(&state.field("review_by", "Next review by").kind("date").class("short").hint("Leave it empty to set no date.")))
                (note())
            }
            Action::Withdraw => {
                (field::area(&state.field("explanation", "Why it no longer holds").hint("Readers see this above the page.").limit(1000)))
            }
            Action::Unpublish => { (leaving(state, around)) }
            Action::Restore => {
                (field::hidden("restored", state.value("restored")))
                (note())
            }
            Action::Schedule => { (timing(zone, document, state, around)) }
            Action::Unschedule if document.schedules.len() > 1 => {
                (field::radios(&state.field("action", "Which of them"), &schedule_options(true, true)))
            }
            _ => {}
        }
    }
}

fn schedule_options(publish: bool, unpublish: bool) -> Vec<(String, String)> {
    let all = [
        (publish, ScheduledAction::Publish.name(), "Publish the draft"),
        (unpublish, ScheduledAction::Unpublish.name(), "Unpublish what is live"),
    ];
    all.into_iter()
        .filter(|(offered, ..)| *offered)
        .map(|(_, name, words)| (name.to_owned(), words.to_owned()))
        .collect()
}

fn timing(zone: &Zone, document: &Document, state: &FormState, around: &Surroundings) -> Markup {
    let (draft, public) = (document.state().has_draft(), document.state().is_public());
    let offered = schedule_options(draft, public);
    let only = offered.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let chosen = if state.value("action").is_empty() { only.clone() } else { state.value("action").to_owned() };
    html! {
        @if offered.len() > 1 {
            (field::radios(&state.field("action", "What is to happen").value(chosen), &offered))
        } @else {
            (field::hidden("action", &only))
        }
        (field::text(&state.field("at", "When").kind("datetime-local").class("medium")
            .hint(format!("A day and a time in the zone {}.", zone.name()))))
        @if draft { (looking::boxes(&[document], false, state)) }
        @if draft { (field::text(&state.field("note", "Change note").hint("Only for publishing; stands in the changes feed.").limit(1000))) }
        @if public {
            fieldset {
                legend { "For unpublishing only" }
                (leaving(state, around))
            }
        }
    }
}

/// What becomes of the address and of what stands below.
pub fn leaving(state: &FormState, around: &Surroundings) -> Markup {
    let decisions = field::options(Decision::ALL, Decision::name, |decision| match decision {
        Decision::Redirect => "Its address leads to another page",
        Decision::Gone => "Its address says that it is gone, and why",
        Decision::Hidden => "As if it had never been there",
    });
    let children = field::options(Children::ALL, Children::name, |children| match children {
        Children::Refuse => "Nothing: then it is not unpublished",
        Children::Unpublish => "They are unpublished with it, in the same way",
    });
    let targets: Vec<(String, String)> = around
        .found
        .iter()
        .map(|row| {
            let path = row.path.as_deref().unwrap_or_default();
            (row.id.to_string(), format!("{} ({}, {path})", titled(&row.title), words::kind(row.kind).to_lowercase()))
        })
        .collect();
    html! {
        (field::radios(&state.field("decision", "What becomes of its address"), &decisions))
        @if !targets.is_empty() {
            (field::radios(&state.field("redirect_to", "Lead to this page").hint("Only for a redirect."), &targets))
        } @else if !state.value("find").trim().is_empty() {
            p { "No live page has “" (state.value("find")) "” in its title." }
        }
        @let typed = match state.fault("redirect_to") {
            Some(fault) => state.field("redirect_address", "Or lead to this address").fault(fault),
            None => state.field("redirect_address", "Or lead to this address"),
        };
        (field::text(&typed.class("medium").hint("A path of the site such as /nursing, or an address that begins with https://.")))
        (field::area(&state.field("explanation", "Explanation").hint("Readers see it where the page is gone.").limit(1000)))
        @if !around.below.is_empty() {
            p { "These live pages stand below it:" }
            (shown(&around.below))
            (field::radios(&state.field("children", "What becomes of the pages below"), &children))
        }
    }
}

/// The first button of the form: Enter in a field looks for pages and unpublishes nothing.
fn search(state: &FormState) -> Markup {
    html! {
        (field::text(&state.field("find", "Find a page to lead to").kind("search").class("medium")
            .hint("Words of its title. Only for a redirect.")))
        p { (ui::button("search", "true", "Find pages", "to lead to")) }
    }
}

fn embedding(pages: &[Shown]) -> Markup {
    html! {
        @if !pages.is_empty() {
            p { "These live pages embed it; while they do, it can't be unpublished. Withdraw it instead, or change them first:" }
            (shown(pages))
        }
    }
}

/// Live documents, each with the way to its editor.
pub fn shown(pages: &[Shown]) -> Markup {
    html! {
        ul { @for page in pages {
            li { a href=(address(page.kind, page.id, "")) { (titled(&page.title)) }
                @if let Some(path) = &page.path { " " code { (path) } } }
        } }
    }
}

fn restoring(opened: Opened, document: &Document, state: &FormState, around: &Surroundings) -> Markup {
    let restored = state.value("restored");
    let now = document.standing.version;
    let gone: Vec<&Check> = around.checks.iter().filter(|check| check.severity == Severity::MustFix).collect();
    html! {
        p { "Version " (restored) " is saved again, as a new version, and becomes the draft. What is live stays as it is." }
        @if document.standing.draft_version.is_some() {
            p { "It takes the place of the draft, version " (now) ", which stays in the history. " (voids(document.standing.draft_state)) }
        }
        @if let Some(compared) = &around.compared {
            p { "Against what is there now (version " (now) "):" }
            (compared)
            p { a href=(opened.address(&format!("compare?from={now}&to={restored}"))) { "Compare them" } }
        }
        @if !gone.is_empty() {
            p { "This will have to be fixed before it can be published; things that it refers to may be gone:" }
            ul { @for check in gone { li { (check.message) } } }
        }
    }
}

/// What a change takes from the draft besides, in a sentence.
fn voids(state: DraftState) -> &'static str {
    match state {
        DraftState::InReview => "The request for a review goes with it.",
        DraftState::Approved => "The approval goes with it.",
        _ => "",
    }
}

/// What differs from the live version.
fn differences(opened: Opened, live: Option<VersionNumber>, shown: VersionNumber, around: &Surroundings) -> Markup {
    html! {
        @if let (Some(live), Some(compared)) = (live, &around.compared) {
            p { "Against version " (live) ", the last that went live:" }
            (compared)
            p { a href=(opened.address(&format!("compare?from={live}&to={shown}"))) { "Compare them" } }
        }
    }
}

/// Findings of the checks, each with the way to its place in the editor.
pub fn checks(request: &PanelRequest, kind: Kind, id: DocumentId, checks: &[&Check]) -> Markup {
    html! {
        ul.unmarked { @for check in checks {
            @let one = Finding::of(check, &request.chrome.zone, request.now());
            li.check { (Badge::severity(check.severity)) (check_list::finding(&one, Some(&editor_place(kind, id, &check.place())))) }
        } }
    }
}
