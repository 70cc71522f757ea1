//! What happened to a document: its versions and the events about them in one timeline, grouped by version, and the notes
//! that people leave there. What each kind of event is called stands in `happenings.rs`.
//!
//! Decision (2026-11-22): a version's heading stands where it was saved, and what happened while it was the newest one
//! stands below it. An event about another version (a scheduled one that goes live later) makes a group of its own, so
//! that the order of the page is the order in which things happened.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Changed, Document, Publication, SAVES, Timeline, VersionSummary},
    events::{Event, EventKind, Filter},
    kernel::{Permission, Result, Sequence, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        form::FormState,
        help,
        request::PanelRequest,
        ui::{
            self, Badge,
            badge::Look,
            field, list,
            time::{self, Zone},
        },
    },
    NOTE_LIMIT, Opened, Tab, document_head, happenings, title_of,
};

/// How many events a page of the timeline holds.
const PAGE: u64 = 20;
/// Milliseconds between two saves of one sitting at most.
const SITTING: i64 = 30 * 60 * 1_000;

named! {
    /// What of the timeline is shown.
    Shown { Everything = "everything", Versions = "versions", Reviews = "reviews", Notes = "notes", }
}

impl Shown {
    fn words(self) -> &'static str {
        match self {
            Self::Everything => "Everything",
            Self::Versions => "Versions",
            Self::Reviews => "Reviews",
            Self::Notes => "Notes",
        }
    }

    fn kinds(self) -> &'static [EventKind] {
        match self {
            Self::Everything => &[],
            Self::Versions => &[
                EventKind::DocumentCreated,
                EventKind::DocumentSaved,
                EventKind::DocumentRestored,
                EventKind::DocumentImported,
                EventKind::DocumentPublished,
            ],
            Self::Reviews => &[EventKind::DocumentSubmitted, EventKind::DocumentApproved, EventKind::ChangesRequested],
            Self::Notes => &[EventKind::DocumentNoted],
        }
    }
}

/// The door that something came through, in words; the panel goes without saying.
pub fn through(door: &str) -> &'static str {
    match door {
        "api" => " through the API",
        "import" => " by an import",
        "restore" => " by restoring",
        "command_line" => " on the command line",
        "schedule" => " by a schedule",
        _ => "",
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentRead)?;
    let shown = request.query.choice("show").unwrap_or(Shown::Everything);
    let before = request.query.number("cursor", 0, 1, 1_000_000_000_000);
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let before = i64::try_from(before).ok().filter(|before| *before > 0).map(Sequence);
    page(&request, opened, shown, before, &FormState::new(), StatusCode::OK).await
}

/// Leaves a note in the timeline.
pub async fn add_note(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::ContentWrite)?;
    request.end_of_query()?;
    let opened = Opened::of(&request)?;
    let mut fields = request.form.fields(&[]);
    let text = fields.text("text", NOTE_LIMIT).unwrap_or_default();
    let added = match fields.finish() {
        Ok(()) => content::add_note(&request.ctx, opened.kind, opened.id, &text).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => {
            request.app.ring();
            request.done(&opened.address("history"), "Your note stands in the history.").await
        }
        Err(error) => {
            let state = FormState::of(&request.form).refused(error)?;
            page(&request, opened, Shown::Everything, None, &state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn page(
    request: &PanelRequest,
    opened: Opened,
    shown: Shown,
    before: Option<Sequence>,
    state: &FormState,
    status: StatusCode,
) -> Answer {
    let document = opened.document(request).await?;
    let filter = Filter { before, ..Filter::default() };
    let told = content::timeline_of(&request.ctx, opened.kind, opened.id, filter, shown.kinds(), PAGE).await?;
    let publications = content::publications(&request.ctx, opened.kind, opened.id).await?;
    let cases = fixed_cases(request, &told.events).await?;
    let head = document_head(request, &document, Tab::History).await?;
    let telling = Telling { request, opened, document: &document, told: &told, publications: &publications, cases };
    let next = told.next.map(|sequence| sequence.to_string());
    let path = opened.address("history");
    let main = html! {
        (head)
        div.main.stack {
            (ui::error_summary(state))
            (ui::tabs("What is shown", &Shown::ALL.iter().map(|one| {
                (list::address(&path, "", &[("show", Some(one.name()))]), one.words().to_owned(), *one == shown)
            }).collect::<Vec<_>>()))
            div.row {
                a href=(opened.address("publications")) { "All publications" }
                @if document.standing.version.0 > 1 { a href=(opened.address("compare")) { "Compare any two versions" } }
            }
            @if request.may(Permission::ContentWrite) { (note_form(opened, state)) }
            @if told.events.is_empty() { (ui::empty("Nothing of this kind has happened yet. What happens to a document stands here for good.", help::beside(ui::link_button(&path, "Show everything"), &help::HISTORY))) }
            ol.timeline { @for sitting in sittings(groups(&told), &told) { (telling.sitting(&sitting)) } }
            (list::pages(&path, &request.query_text, told.events.len(), told.total, next.as_deref()))
        }
    };
    let title = format!("History: {}", title_of(&document));
    Ok(match status {
        StatusCode::UNPROCESSABLE_ENTITY => request.refused(opened.area(), &title, main),
        other => request.page_with(other, opened.area(), &title, main),
    })
}

fn note_form(opened: Opened, state: &FormState) -> Markup {
    html! {
        details open[state.is_faulty()] {
            summary { "Add a note" }
            form method="post" action=(opened.address("note")) {
                (field::area(&state.field("text", "Note").limit(NOTE_LIMIT).hint("For those who work on it. Readers never see it, and it stays in the history.")))
                div.buttons { (ui::submit("Add the note")) }
            }
        }
    }
}

/// The numbers of the cases that these events fixed, by id, for those who may read feedback.
async fn fixed_cases(request: &PanelRequest, events: &[Event]) -> Result<BTreeMap<String, i64>> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(BTreeMap::new());
    }
    let about = |event: &Event| (event.subject.kind == "case").then(|| event.subject.id.clone());
    let ids: BTreeSet<String> = events.iter().flat_map(|event| fixes(event).into_iter().chain(about(event))).collect();
    let ids = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let numbers = crate::feedback::numbers_of(&request.ctx, &ids).await?;
    Ok(numbers.into_iter().map(|(id, number)| (id.to_string(), number)).collect())
}

fn fixes(event: &Event) -> Vec<String> {
    let fixes = event.payload.get("fixes").and_then(Value::as_array).cloned().unwrap_or_default();
    fixes.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What happened while a version was the newest one, or to a version that was not.
struct Group<'a> {
    version: Option<VersionNumber>,
    /// The event that made the version, if it stands on this page.
    saved: Option<&'a Event>,
    /// Everything else, newest first.
    rest: Vec<&'a Event>,
}

fn groups(told: &Timeline) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut newest = told.newest_at_end;
    // From the oldest on: what says no version belongs to the one that was the newest then.
    for event in told.events.iter().rev() {
        let makes = SAVES.contains(&event.kind);
        let own = number(event, "version").filter(|_| !event.kind.name().starts_with("case"));
        let version = own.or(newest);
        if makes {
            newest = own;
            groups.push(Group { version, saved: Some(event), rest: Vec::new() });
            continue;
        }
        match groups.last_mut() {
            Some(group) if group.version == version => group.rest.insert(0, event),
            _ => groups.push(Group { version, saved: None, rest: vec![event] }),
        }
    }
    groups.reverse();
    groups
}

/// Folds what a page saved by itself while one person sat at it: groups that follow each other within half an hour and of
/// which nothing else is to be told. A version that was saved, submitted or published on purpose is never folded.
fn sittings<'a>(groups: Vec<Group<'a>>, told: &Timeline) -> Vec<Vec<Group<'a>>> {
    let by_itself = |group: &Group<'_>| {
        let summary = group.version.and_then(|version| told.versions.get(&version));
        group.saved.is_some() && group.rest.is_empty() && summary.is_some_and(|summary| summary.autosaved)
    };
    let mut sittings: Vec<Vec<Group<'a>>> = Vec::new();
    for group in groups {
        let goes_on = sittings.last().and_then(|sitting| sitting.last()).is_some_and(|newer| {
            let near = match (newer.saved, group.saved) {
                (Some(newer), Some(older)) => newer.actor.id == older.actor.id && newer.at.0 - older.at.0 <= SITTING,
                _ => false,
            };
            near && by_itself(newer) && by_itself(&group)
        });
        match sittings.last_mut() {
            Some(sitting) if goes_on => sitting.push(group),
            _ => sittings.push(vec![group]),
        }
    }
    sittings
}

/// Everything that telling an event needs.
struct Telling<'a> {
    request: &'a PanelRequest,
    opened: Opened,
    document: &'a Document,
    told: &'a Timeline,
    publications: &'a [Publication],
    cases: BTreeMap<String, i64>,
}

impl Telling<'_> {
    /// One group, or what was saved by itself in a sitting, in one line.
    fn sitting(&self, groups: &[Group<'_>]) -> Markup {
        let ends = groups.first().and_then(|group| Some((group.version?, group.saved?)));
        let begins = groups.last().and_then(|group| Some((group.version?, group.saved?)));
        let (Some((last, newest)), Some((first, oldest)), true) = (ends, begins, groups.len() > 1) else {
            return html! { @for group in groups { li { (self.group(group)) } } };
        };
        let zone = &self.request.chrome.zone;
        html! {
            li {
                h2 { "Versions " (first) " to " (last) " " (self.marks(last)) }
                p.document-note { (newest.actor.name) ", " (time::when(zone, self.request.now(), newest.at)) }
                @if let Some(before) = self.told.previous.get(&first) {
                    p { a href=(self.opened.address(&format!("compare?from={before}&to={last}"))) {
                        "Compare with previous" span.vh { ": versions " (first) " to " (last) }
                    } }
                }
                details {
                    summary { (groups.len()) " autosaves, " (time::of_day(zone, oldest.at)) "–" (time::of_day(zone, newest.at)) }
                    ol { @for group in groups { li { (self.group(group)) } } }
                }
            }
        }
    }

    fn group(&self, group: &Group<'_>) -> Markup {
        let summary = group.version.and_then(|version| self.told.versions.get(&version));
        // What a version says of itself is told where it was saved, and not again where it went live.
        let told = group.saved.and(summary).and_then(|summary| summary.note.as_deref());
        html! {
            @if let Some(version) = group.version { (self.version(version, summary, group.saved)) }
            @if !group.rest.is_empty() {
                ul.unmarked { @for event in &group.rest { li { (self.event(event, told)) } } }
            }
        }
    }

    /// The heading of a version; all about it where it was saved.
    fn version(&self, version: VersionNumber, summary: Option<&VersionSummary>, saved: Option<&Event>) -> Markup {
        let (zone, now) = (&self.request.chrome.zone, self.request.now());
        html! {
            h2 { "Version " (version) @if let Some(event) = saved { ": " (happenings::made(event.kind)) } " " (self.marks(version)) }
            @if let Some(event) = saved {
                p.document-note {
                    (event.actor.name) ", " (time::when(zone, now, event.at)) (through(&event.door))
                    @if let Some(from) = summary.and_then(|summary| summary.from_version).filter(|from| from.0 + 1 != version.0) {
                        ", from version " (from)
                    }
                }
                @if let Some(changed) = self.told.changes.get(&version) { (what_changed(changed)) }
                @if let Some(note) = summary.and_then(|summary| summary.note.as_deref()) { p { "“" (note) "”" } }
                (self.links(version))
            }
        }
    }

    /// What happened, with the words that were said, except for a note that has been told already.
    fn event(&self, event: &Event, told: Option<&str>) -> Markup {
        let (zone, now) = (&self.request.chrome.zone, self.request.now());
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let fixed = fixes(event);
        let again = |said: &&str| event.kind == EventKind::DocumentPublished && Some(*said) == told;
        let note = text("note").filter(|note| !again(note));
        let said = note.into_iter().chain(["explanation", "forced"].into_iter().filter_map(text));
        let reason = text("reason").filter(|_| event.subject.kind == "document");
        html! {
            p {
                (self.named(event, &happenings::what(event, zone))) " "
                span.document-note { (who(event)) ", " (time::when(zone, now, event.at)) @if !matches!(event.actor.kind.as_str(), "visitor" | "system") { (through(&event.door)) } }
            }
            @for said in said.chain(reason) { p { "“" (said) "”" } }
            @if !fixed.is_empty() {
                p { "Fixes " @for (position, id) in fixed.iter().enumerate() {
                    @if position > 0 { ", " }
                    @match self.cases.get(id) {
                        Some(number) => { a href={ "/admin/cases/" (id) } { "case " (number) } }
                        None => { "a case" }
                    }
                } "." }
            }
        }
    }

    /// A sentence about a case, with its number and the way to it for those who may read it.
    fn named(&self, event: &Event, sentence: &str) -> Markup {
        let number = self.cases.get(&event.subject.id);
        let parts = sentence.split_once("A case about it").or_else(|| sentence.split_once("a case about it"));
        html! {
            @match (number, parts) {
                (Some(number), Some((before, after))) => {
                    (before) a href={ "/admin/cases/" (event.subject.id) } { @if before.is_empty() { "Case " } @else { "case " } (number) } (after)
                }
                _ => { (sentence) }
            }
        }
    }

    /// Whether it is live, when it was, whether it is the draft.
    fn marks(&self, version: VersionNumber) -> Markup {
        let (zone, now) = (&self.request.chrome.zone, self.request.now());
        let of_it: Vec<&Publication> = self.publications.iter().filter(|one| one.version == version).collect();
        let open = of_it.iter().any(|one| one.until.is_none());
        let closed = of_it.iter().filter_map(|one| Some((one.from, one.until?)));
        html! {
            @if open { (Badge::new(Look::Good, "Live now")) }
            @else if !of_it.is_empty() {
                span.document-note { "was live " (closed.map(|(from, until)| time::days(zone, now, from, until)).collect::<Vec<_>>().join(", ")) }
            }
            @if self.document.standing.draft_version == Some(version) { " " (Badge::new(Look::Working, "The draft")) }
        }
    }

    fn links(&self, version: VersionNumber) -> Markup {
        let standing = &self.document.standing;
        let about = format!("version {version}");
        let to = |rest: String| self.opened.address(&rest);
        let live = standing.live_version.filter(|live| *live != version);
        let restores = self.request.may(Permission::ContentWrite)
            && version != standing.version
            && self.document.trashed_at.is_none();
        html! {
            p.row {
                a href=(to(format!("versions/{version}"))) { "View" span.vh { " " (about) } }
                @if let Some(previous) = self.told.previous.get(&version) {
                    a href=(to(format!("compare?from={previous}&to={version}"))) { "Compare with previous" span.vh { ": " (about) } }
                }
                @if let Some(live) = live {
                    a href=(to(format!("compare?from={live}&to={version}"))) { "Compare with live" span.vh { ": " (about) } }
                }
                @if restores { a href=(to(format!("restore?version={version}"))) { "Restore…" span.vh { " " (about) } } }
            }
        }
    }
}

/// Who did it; programs of the site itself go by its name.
fn who(event: &Event) -> &str {
    match event.actor.kind.as_str() {
        "visitor" => "A visitor",
        "system" => "Rolebook",
        _ => &event.actor.name,
    }
}

/// How much a version changed, and the first sentences about what.
fn what_changed(changed: &Changed) -> Markup {
    let counts = changed.counts.in_words();
    html! {
        @if changed.summary.is_empty() { p { "Nothing that readers see changed." } } @else {
            p {
                (changed.summary.join("; "))
                @if changed.more > 0 { "; and " (changed.more) " more" }
                ". "
                @if !counts.is_empty() { span.document-note { (counts) } }
            }
        }
    }
}

fn number(event: &Event, key: &str) -> Option<VersionNumber> {
    let number = event.payload.get(key).and_then(Value::as_i64)?;
    i32::try_from(number).ok().map(VersionNumber)
}

/// The versions to choose from, newest first, each in a line.
pub fn version_options(zone: &Zone, document: &Document, versions: &[VersionSummary]) -> Vec<(String, String)> {
    let standing = &document.standing;
    let state = |number: VersionNumber| {
        if standing.draft_version == Some(number) {
            ", the draft"
        } else if standing.live_version == Some(number) {
            ", the last that went live"
        } else {
            ""
        }
    };
    let line = |one: &VersionSummary| {
        let words = format!(
            "Version {}, {} by {}{}",
            one.version,
            zone.date(one.created_at),
            one.author.name,
            state(one.version)
        );
        (one.version.to_string(), words)
    };
    versions.iter().map(line).collect()
}
