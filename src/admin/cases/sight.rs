//! What a visitor had before them, and what has become of it: the page as it was seen, in a frame, and the reported passage
//! compared with what stands there now. A case holds reports on different passages and versions; one is shown in full, of
//! the others it is said in a line whether their passages have changed.
//!
//! Decision (2026-11-22): the frame begins at the passage by a property of its style sheet, where a browser knows it. An
//! address that names the passage would scroll the page around the frame as well, so that is left to a link.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    content::{self, PassageNow, Since},
    feedback::{self, CaseDetail, Place, Report},
    kernel::{Ctx, DocumentId, NodeId, ReportId, Result, VersionNumber},
    published::Seen,
};

use super::{
    super::ui::{difference, passage},
    seen,
    show::Facts,
};

/// The passages of so many places are compared; what reports beyond say of others, each can be asked for.
const COMPARED: usize = 12;

/// A passage of a version of a document; without a block all of it.
type Passage = (DocumentId, VersionNumber, Option<NodeId>);

/// What became of the passages that the reports of a case name.
pub struct Sights {
    /// What the visitor had before them whose report is shown in full.
    seen: Option<Seen>,
    places: BTreeMap<ReportId, Place>,
    now: BTreeMap<Passage, Option<PassageNow>>,
}

impl Sights {
    pub async fn gather(ctx: &Ctx, detail: &CaseDetail, shown: Option<&Report>) -> Result<Self> {
        let seen = match shown {
            Some(report) => seen::sight(ctx, report).await?,
            None => None,
        };
        let mut places = feedback::places(ctx, &detail.reports).await?;
        // Of the one that is composed it is known, whatever the report could say.
        if let (Some(report), Some(seen)) = (shown, &seen)
            && let Some(version) = seen.versions.get(&report.document)
        {
            places.entry(report.id).or_default().version = Some(*version);
        }
        let mut sights = Self { seen, places, now: BTreeMap::new() };
        for report in shown.into_iter().chain(&detail.reports) {
            if let Some(passage) = sights.passage_of(report)
                && sights.now.len() < COMPARED
                && !sights.now.contains_key(&passage)
            {
                let (document, version, block) = passage;
                let now = content::passage_now(ctx, document, version, block).await?;
                sights.now.insert(passage, now);
            }
        }
        Ok(sights)
    }

    fn passage_of(&self, report: &Report) -> Option<Passage> {
        Some((report.document, self.places.get(&report.id)?.version?, report.block))
    }

    fn now_of(&self, report: &Report) -> Option<&PassageNow> {
        self.now.get(&self.passage_of(report)?)?.as_ref()
    }

    /// The version of the document that owns what was reported, as the visitor saw it.
    pub fn version_seen(&self, report: &Report) -> Option<VersionNumber> {
        self.places.get(&report.id)?.version
    }

    /// What became of the passage of a report, in a sentence; empty if it is not known.
    pub fn in_a_line(&self, report: &Report) -> String {
        if let Some(gone) = self.places.get(&report.id).and_then(|place| place.gone) {
            return format!("The section no longer stands in the page{}.", since_version(gone.in_version));
        }
        let what = if report.block.is_some() { "This passage" } else { "The page" };
        match self.now_of(report).and_then(|now| now.live.as_ref()) {
            None => String::new(),
            Some((_, Since::Same)) => format!("{what} has not changed since."),
            Some((version, Since::Changed(_))) => format!("{what} has changed since; version {version} is live."),
            Some((_, Since::Removed { in_version })) => format!("{what} was removed since{}.", in_(*in_version)),
        }
    }
}

fn in_(version: Option<VersionNumber>) -> String {
    version.map(|version| format!(", in version {version}")).unwrap_or_default()
}

fn since_version(version: Option<VersionNumber>) -> String {
    version.map(|version| format!(", since version {version}")).unwrap_or_default()
}

/// The page as the visitor saw it.
pub fn what_was_seen(facts: &Facts<'_>) -> Markup {
    let Some(report) = facts.report else { return html! {} };
    html! {
        section.stack-s.sight aria-labelledby="seen" {
            h2 #seen { "What the visitor saw" }
            @match &facts.sights.seen {
                Some(seen) => { (frame(facts, report, seen)) }
                None => { p { (why_unseen(facts, report)) } }
            }
        }
    }
}

fn frame(facts: &Facts<'_>, report: &Report, seen: &Seen) -> Markup {
    let version = seen.versions.get(&report.page).map(ToString::to_string).unwrap_or_default();
    let source = format!("/admin/cases/{}/seen?report={}", facts.detail.case.id, report.id);
    let is_public = facts.named(report.page).is_some_and(|page| page.live_version.is_some());
    let gone = facts.sights.places.get(&report.id).and_then(|place| place.gone);
    let widths = [("desktop", "Desktop"), ("phone", "Phone")];
    html! {
        p.small.muted {
            (facts.title_of(report.page)) ", version " (version)
            @if report.block.is_none() { ". The report is about the page as a whole" }
            "."
        }
        @if !is_public { p.small { "The page is not public now. This is how it stood when it was reported." } }
        @if let Some(gone) = gone {
            p.small { "“" (facts.title_of(report.document)) "” no longer stands in this page" (since_version(gone.in_version)) "." }
        }
        div.row.small {
            @match report.block {
                Some(block) if passage::shows(&seen.page, block) => {
                    span { "The reported passage is marked." }
                    a.tap href={ (source) "#" (block) } target="seen-page" { "Show it in the page" }
                }
                Some(_) => { span { "The reported passage is not part of the text, so it can't be marked." } }
                None => {}
            }
            // Which of them is ticked is for the style sheet to see: it needs no script.
            fieldset.widths {
                legend.vh { "Width of the page" }
                @for (position, (name, words)) in widths.into_iter().enumerate() {
                    label.choice for={ "width-" (name) } {
                        input type="radio" id={ "width-" (name) } name="seen-width" value=(name) checked[position == 0];
                        (words)
                    }
                }
            }
        }
        iframe.frame name="seen-page" src=(source) sandbox="allow-same-origin" title={ "Page as seen, version " (version) } {}
    }
}

/// Why the page can't be shown as it was.
fn why_unseen(facts: &Facts<'_>, report: &Report) -> Markup {
    html! {
        @match (facts.named(report.page), report.version) {
            (None, _) => { "The page has been purged. Nothing of it is left to show; the report and its history stay." }
            (Some(_), None) => { "It is not known which version of the page the visitor saw." }
            (Some(_), Some(version)) => {
                "This publication was taken out of the past, so it is not shown here. "
                @if let Some(address) = facts.address_of(report.page) {
                    a href={ (address) "/versions/" (version) } { "Version " (version) " stands in the history" } "."
                }
            }
        }
    }
}

/// The reported passage, compared with what is live and what is in the draft.
pub fn passage_now(facts: &Facts<'_>) -> Markup {
    let Some(report) = facts.report else { return html! {} };
    let heading = if report.block.is_some() { "This passage now" } else { "This page now" };
    let seen = facts.sights.places.get(&report.id).and_then(|place| place.version);
    html! {
        section.stack-s aria-labelledby="now" {
            h2 #now { (heading) }
            @match facts.sights.now_of(report) {
                None => { p.muted { (why_not_compared(facts, report, seen)) } }
                Some(now) => {
                    @match &now.live {
                        None => { p { "It is not public now." } }
                        Some((version, since)) => {
                            h3 { "Live, version " (version) }
                            (became(facts, report, seen, *version, since, "live-"))
                        }
                    }
                    @if let Some((version, since)) = &now.draft {
                        h3 { "In the draft, version " (version) }
                        (became(facts, report, seen, *version, since, "draft-"))
                    }
                }
            }
        }
    }
}

fn why_not_compared(facts: &Facts<'_>, report: &Report, seen: Option<VersionNumber>) -> &'static str {
    match (facts.named(report.document), seen) {
        (None, _) => "There is nothing to compare with: it has been purged.",
        (Some(_), None) => "There is nothing to compare: it is not known which version of it was seen.",
        (Some(_), Some(_)) => "There is nothing to compare: the passage is not in the version that was seen.",
    }
}

/// What became of a passage between two versions, with the way to all that is different between them.
fn became(
    facts: &Facts<'_>,
    report: &Report,
    seen: Option<VersionNumber>,
    version: VersionNumber,
    since: &Since,
    scope: &str,
) -> Markup {
    let versions = facts.address_of(report.document).zip(seen.filter(|seen| *seen != version));
    html! {
        @match since {
            Since::Same => { p { "Not changed since." } }
            Since::Removed { in_version } => { p { "Since removed" (in_(*in_version)) "." } }
            Since::Changed(comparison) => {
                @for (position, change) in comparison.changes.iter().enumerate() {
                    div.change id={ (scope) (position + 1) } {
                        p.small.muted { (difference::heading(change)) }
                        (difference::body(change))
                    }
                }
            }
        }
        @if let Some((address, seen)) = versions {
            p.small { a href={ (address) "/compare?from=" (seen) "&to=" (version) } { "Compare all of versions " (seen) " and " (version) } }
        }
    }
}
