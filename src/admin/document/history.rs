//! What happened to a document: its versions and the events about them in one timeline, its publications, and the
//! comparison of any two versions.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Document, Publication, VersionSummary},
    events::{Event, EventKind, Filter},
    kernel::{Permission, Result, Sequence, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{
            self, Badge,
            badge::Look,
            list,
            time::{self, Zone},
        },
    },
    Opened, Tab, document_head, title_of,
};

/// How many events a page of the timeline holds.
const PAGE: u64 = 20;

named! {
    /// What of the timeline is shown.
    Shown { Everything = "everything", Versions = "versions", Reviews = "reviews", }
}

impl Shown {
    fn words(self) -> &'static str {
        match self {
            Self::Everything => "Everything",
            Self::Versions => "Versions",
            Self::Reviews => "Reviews",
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
    let document = opened.document(&request).await?;
    let before = i64::try_from(before).ok().filter(|before| *before > 0).map(Sequence);
    let filter = Filter { before, ..Filter::default() };
    let told = content::timeline_of(&request.ctx, opened.kind, opened.id, filter, shown.kinds(), PAGE).await?;
    let publications = content::publications(&request.ctx, opened.kind, opened.id).await?;
    let cases = fixed_cases(&request, &told.events).await?;
    let head = document_head(&request, &document, Tab::History).await?;
    let telling =
        Telling { request: &request, opened, document: &document, told: &told, publications: &publications, cases };
    let next = told.next.map(|sequence| sequence.to_string());
    let main = html! {
        (head)
        div.main.stack {
            (ui::tabs("What is shown", &Shown::ALL.iter().map(|one| {
                (list::address(&request.path, "", &[("show", Some(one.name()))]), one.words().to_owned(), *one == shown)
            }).collect::<Vec<_>>()))
            p { a href=(opened.address("publications")) { "All publications" } }
            @if told.events.is_empty() { (ui::empty("Nothing of this kind has happened yet.", html! {})) }
            ol.timeline { @for event in &told.events { (telling.event(event)) } }
            (list::pages(&request.path, &request.query_text, told.events.len(), told.total, next.as_deref()))
        }
    };
    Ok(request.page(opened.area(), &format!("History: {}", title_of(&document)), main))
}

/// The numbers of the cases that these events fixed, by id, for those who may read feedback.
async fn fixed_cases(request: &PanelRequest, events: &[Event]) -> Result<BTreeMap<String, i64>> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<String> = events.iter().flat_map(fixes).collect();
    let ids = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let numbers = crate::feedback::numbers_of(&request.ctx, &ids).await?;
    Ok(numbers.into_iter().map(|(id, number)| (id.to_string(), number)).collect())
}

fn fixes(event: &Event) -> Vec<String> {
    let fixes = event.payload.get("fixes").and_then(Value::as_array).cloned().unwrap_or_default();
    fixes.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Everything that telling an event needs.
struct Telling<'a> {
    request: &'a PanelRequest,
    opened: Opened,
    document: &'a Document,
    told: &'a content::Timeline,
    publications: &'a [Publication],
    cases: BTreeMap<String, i64>,
}

impl Telling<'_> {
    fn event(&self, event: &Event) -> Markup {
        let (zone, now) = (&self.request.chrome.zone, self.request.now());
        let version = number(event, "version");
        let saved = version.filter(|_| makes_a_version(event.kind));
        let text = |key: &str| event.payload.get(key).and_then(Value::as_str);
        let summary = saved.and_then(|number| self.told.versions.get(&number));
        let note = summary.and_then(|summary| summary.note.as_deref()).or(text("note"));
        html! {
            li {
                p {
                    strong { (what(event, version, zone)) }
                    @if let Some(saved) = saved { " " (self.marks(saved)) }
                }
                p.document-note {
                    (event.actor.name) ", " (time::when(zone, now, event.at)) (through(&event.door))
                    @if let Some(from) = summary.and_then(|summary| summary.from_version).filter(|from| self.is_apart(*from, saved)) {
                        ", from version " (from)
                    }
                }
                @if let Some(saved) = saved { @if let Some(changed) = self.told.changes.get(&saved) { p { (in_a_line(changed)) } } }
                @for said in [note, text("explanation"), text("reason"), text("forced")].into_iter().flatten() { p { "“" (said) "”" } }
                @let fixed = fixes(event);
                @if !fixed.is_empty() {
                    p { "Fixes " @for (position, id) in fixed.iter().enumerate() {
                        @if position > 0 { ", " }
                        @match self.cases.get(id) {
                            Some(number) => { a href={ "/admin/cases/" (id) } { "case " (number) } }
                            None => { "a case" }
                        }
                    } "." }
                }
                @if let Some(saved) = saved { (self.links(saved)) }
            }
        }
    }

    /// A version that follows the one before it goes without saying.
    fn is_apart(&self, from: VersionNumber, saved: Option<VersionNumber>) -> bool {
        saved.is_some_and(|saved| from.0 + 1 != saved.0)
    }

    /// Whether it is live, when it was, whether it is the draft.
    fn marks(&self, version: VersionNumber) -> Markup {
        let zone = &self.request.chrome.zone;
        let standing = &self.document.standing;
        let of_it: Vec<&Publication> = self.publications.iter().filter(|one| one.version == version).collect();
        let open = of_it.iter().any(|one| one.until.is_none());
        html! {
            @if open { (Badge::new(Look::Good, "Live now")) }
            @else if let Some(last) = of_it.first() {
                span.document-note { "was live " (zone.date(last.from)) @if let Some(until) = last.until { " to " (zone.date(until)) } }
            }
            @if standing.draft_version == Some(version) { " " (Badge::new(Look::Working, "The draft")) }
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
                @if version.0 > 1 {
                    a href=(to(format!("compare?from={}&to={version}", version.0.saturating_sub(1)))) { "Compare with previous" span.vh { ": " (about) } }
                }
                @if let Some(live) = live {
                    a href=(to(format!("compare?from={live}&to={version}"))) { "Compare with live" span.vh { ": " (about) } }
                }
                @if restores { a href=(to(format!("restore?version={version}"))) { "Restore…" span.vh { " " (about) } } }
            }
        }
    }
}

/// The first sentences of a summary.
fn in_a_line(summary: &[String]) -> String {
    if summary.is_empty() { "Nothing that readers see changed.".to_owned() } else { format!("{}.", summary.join("; ")) }
}

fn makes_a_version(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::DocumentCreated
            | EventKind::DocumentSaved
            | EventKind::DocumentRestored
            | EventKind::DocumentImported
    )
}

fn number(event: &Event, key: &str) -> Option<VersionNumber> {
    let number = event.payload.get(key).and_then(Value::as_i64)?;
    i32::try_from(number).ok().map(VersionNumber)
}

/// What happened, in a few words.
fn what(event: &Event, version: Option<VersionNumber>, zone: &Zone) -> String {
    let of = version.map(|version| format!("Version {version}")).unwrap_or_else(|| "It".to_owned());
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str).unwrap_or_default();
    match event.kind {
        EventKind::DocumentCreated => format!("{of}: made"),
        EventKind::DocumentSaved => format!("{of}: saved"),
        EventKind::DocumentRestored => format!("{of}: restored"),
        EventKind::DocumentImported => format!("{of}: imported"),
        EventKind::DocumentSubmitted => format!("{of} was submitted for review"),
        EventKind::DocumentApproved => format!("{of} was approved"),
        EventKind::ChangesRequested => format!("Changes were requested of version {}", text_number(version)),
        EventKind::DocumentPublished if event.payload.contains_key("forced") => {
            format!("{of} was published without a review")
        }
        EventKind::DocumentPublished => format!("{of} went live"),
        EventKind::DocumentMoved => format!("Its address changed from {} to {}", text("from"), text("to")),
        EventKind::DocumentScheduled => {
            let at = crate::kernel::Timestamp::parse(text("at"));
            let at = at.map(|at| time::in_full(zone, at)).unwrap_or_default();
            if text("action") == "unpublish" {
                format!("Unpublishing was scheduled for {at}")
            } else {
                format!("{of} was scheduled for {at}")
            }
        }
        EventKind::DocumentUnscheduled => "A schedule was taken away".to_owned(),
        EventKind::ScheduleFailed => "A scheduled step could not be carried out".to_owned(),
        EventKind::DocumentConfirmed => format!("{of} was confirmed as still correct"),
        EventKind::DocumentWithdrawn => "It was withdrawn".to_owned(),
        EventKind::DocumentReinstated => "It was reinstated".to_owned(),
        EventKind::DocumentUnpublished => "It was unpublished".to_owned(),
        EventKind::DraftDiscarded => "The draft was discarded".to_owned(),
        EventKind::DocumentTrashed => "It was moved to the trash".to_owned(),
        EventKind::DocumentUntrashed => "It was taken out of the trash".to_owned(),
        EventKind::DocumentOwned => "Owner or review date were set".to_owned(),
        EventKind::PublicationSuppressed => "A past publication was hidden".to_owned(),
        EventKind::PreviewLinkMade => format!("A preview link was made for version {}", text_number(version)),
        EventKind::PreviewLinkRevoked => format!("A preview link of version {} was revoked", text_number(version)),
        other => other.name().replace('_', " "),
    }
}

fn text_number(version: Option<VersionNumber>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
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
