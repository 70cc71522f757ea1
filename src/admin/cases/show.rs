//! The page of a case: what visitors said, what they saw, what stands there now, and what can be done.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    content::{self, PassageNow, Since},
    feedback::{self, Case, CaseAction, CaseDetail, CaseListing, Dismissal, Report},
    kernel::{DocumentId, Permission, ReportId, Result, VersionNumber},
    published::Seen,
    web::{Answer, session::Tone},
};

use super::{
    super::{
        form::FormState,
        reports,
        request::PanelRequest,
        ui::{self, Badge, badge::Look, difference, field, shell::Area, time, words},
    },
    address, below,
    changes::{self, Choices},
    classifying, seen, steps, timeline,
    view::{self, View},
};

/// Everything that the page shows.
struct Facts<'a> {
    detail: &'a CaseDetail,
    choices: Choices,
    /// Names of passages, by report.
    passages: BTreeMap<ReportId, String>,
    /// Cases that are merged into this one, or that this one is merged into.
    merged: Vec<Case>,
    report: Option<&'a Report>,
    seen: Option<Seen>,
    now: Option<PassageNow>,
    from: String,
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let asked = request.query.id("report").map(ReportId);
    let from = request.query.text("from").unwrap_or_default();
    request.end_of_query()?;
    let detail = feedback::case(&request.ctx, request.id("id")?).await?;
    let facts = gather(&request, &detail, asked, from).await?;
    let next = match facts.from.is_empty() {
        true => None,
        false => steps::next(&request, &detail.case, &facts.from).await?,
    };
    let case = &detail.case;
    let sample = request.samples().await?.contains(case.id);
    let list =
        View::read(&facts.from, &request.ctx.actor).map_or_else(|_| view::INBOX.to_owned(), |view| view.address());
    let main = html! {
        div.main {
            (ui::crumbs(&[(list, "Feedback".to_owned()), (address(case.id, &facts.from), format!("Case {}", case.number))]))
            (ui::head(&case.title, html! {
                @if sample { (Badge::sample()) }
                (Badge::case(case.state))
                @if case.regressed { (Badge::new(Look::Bad, "Fix failed")) }
                @if let Some(badge) = classifying::escalating(case) { (badge) }
                @if let Some(next) = next { a href=(address(next, &facts.from)) data-key="j" aria-keyshortcuts="J" { "Next case" } }
            }))
            (banners(&request, &facts))
            div.split {
                div.stack {
                    (reports_of(&request, &facts))
                    (what_was_seen(&facts))
                    (passage_now(&facts))
                }
                div.stack { (aside(&request, &facts)) }
            }
        }
    };
    Ok(request.page(Area::Feedback, &case.title, main))
}

async fn gather<'a>(
    request: &PanelRequest,
    detail: &'a CaseDetail,
    asked: Option<ReportId>,
    from: String,
) -> Result<Facts<'a>> {
    let ctx = &request.ctx;
    let report = seen::chosen(detail, asked)?;
    let seen = match report {
        Some(report) => seen::sight(ctx, report).await?,
        None => None,
    };
    let now = match report.and_then(|report| Some((report, version_of(report, seen.as_ref())?))) {
        Some((report, version)) => content::passage_now(ctx, report.document, version, report.block).await?,
        None => None,
    };
    let ids: Vec<_> = detail.merged.iter().copied().chain(detail.case.merged_into).collect();
    let merged = if ids.is_empty() {
        Vec::new()
    } else {
        feedback::cases(ctx, &CaseListing { ids: Some(ids), limit: 200, ..CaseListing::default() }).await?.rows
    };
    Ok(Facts {
        choices: steps::choices(request, detail).await?,
        passages: feedback::passage_names(ctx, &detail.reports).await?,
        detail,
        merged,
        report,
        seen,
        now,
        from,
    })
}

/// The version of the document that owns what was reported, as the visitor saw it.
fn version_of(report: &Report, seen: Option<&Seen>) -> Option<VersionNumber> {
    let shown = seen.and_then(|seen| seen.versions.get(&report.document).copied());
    shown.or(report.version.filter(|_| report.document == report.page))
}

fn banners(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let triages = request.may(Permission::FeedbackTriage);
    let into = facts.merged.iter().find(|other| Some(other.id) == case.merged_into);
    html! {
        @if let Some(into) = into {
            (ui::banner(Tone::Note, html! {
                p { "Merged into " a href=(address(into.id, &facts.from)) { "case " (into.number) ": " (into.title) } ". Its reports are there." }
                @if triages { p { a href=(below(case.id, "unmerge", &facts.from)) { "Undo merge…" } } }
            }))
        }
        @if let Some(fix) = case.fixed_in.filter(|_| case.regressed) {
            (ui::banner(Tone::Warning, html! {
                p {
                    "This was fixed before, in version " (fix.version) " of " (title_of(facts, fix.document)) ". "
                    "Somebody who saw that version says it is still wrong."
                }
                @if let Some(address) = document_address(facts, fix.document) {
                    p { a href={ (address) "/versions/" (fix.version) } { "Look at version " (fix.version) } }
                }
            }))
        }
    }
}

fn title_of(facts: &Facts<'_>, document: DocumentId) -> String {
    let found = facts.choices.documents.iter().find(|(id, _)| *id == document);
    match found {
        Some((_, found)) => found.title.clone(),
        None if document == facts.detail.case.document.id => {
            facts.detail.case.document.title.clone().unwrap_or_else(|| "a page that has been purged".to_owned())
        }
        None => "another page".to_owned(),
    }
}

/// The address of a document's own page in the panel.
fn document_address(facts: &Facts<'_>, document: DocumentId) -> Option<String> {
    let (_, found) = facts.choices.documents.iter().find(|(id, _)| *id == document)?;
    let kind = content::Kind::from_name(&found.kind)?;
    Some(format!("/admin/{}/{document}", kind.collection()))
}

fn reports_of(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let reports = &facts.detail.reports;
    html! {
        section.stack aria-labelledby="reports" {
            h2 #reports { @if reports.is_empty() { "Reports" } @else if reports.len() == 1 { "The report" } @else { (ui::count(u64::try_from(reports.len()).unwrap_or_default(), "report", "reports")) ", newest first" } }
            @if reports.is_empty() { p.muted { "This case has no reports of its own." } }
            @for report in reports {
                article.card.stack-s {
                    (reports::said(request, report, 3))
                    (where_from(request, facts, report))
                    div.row.small {
                        a href={ "/admin/reports/" (report.id) } { "Report " (report.reference) }
                        @if reports.len() > 1 {
                            @if facts.report.is_some_and(|shown| shown.id == report.id) { span.muted { "Shown below" } }
                            @else {
                                a href={ (seen_link(facts, report)) } { "Show what this visitor saw" span.vh { ", report " (report.reference) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn seen_link(facts: &Facts<'_>, report: &Report) -> String {
    let (id, from) = (report.id.to_string(), facts.from.as_str());
    let parameters = [("report", Some(id.as_str())), ("from", Some(from).filter(|from| !from.is_empty()))];
    format!("{}#seen", ui::list::address(&format!("/admin/cases/{}", facts.detail.case.id), "", &parameters))
}

fn where_from(request: &PanelRequest, facts: &Facts<'_>, report: &Report) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let live =
        facts.choices.documents.iter().find(|(id, _)| *id == report.page).and_then(|(_, page)| page.live_version);
    html! {
        p.small.muted {
            (words::report_kind(report.kind)) " · " (time::when(zone, now, report.received_at))
            " · " (title_of(facts, report.page))
            @if let Some(version) = report.version {
                ", version " (version)
                @match live {
                    Some(live) if live == version => " (still live)",
                    Some(live) => { " (now " (live) ")" }
                    None => " (not public now)",
                }
            }
            @if let Some(passage) = facts.passages.get(&report.id) { " · " (passage) }
        }
    }
}

fn what_was_seen(facts: &Facts<'_>) -> Markup {
    let Some(report) = facts.report else { return html! {} };
    let source = format!("/admin/cases/{}/seen?report={}", facts.detail.case.id, report.id);
    html! {
        section.stack-s aria-labelledby="seen" {
            h2 #seen { "What the visitor saw" }
            @match &facts.seen {
                Some(seen) => {
                    @let version = seen.versions.get(&report.page).map(ToString::to_string).unwrap_or_default();
                    p.small.muted {
                        (title_of(facts, report.page)) ", version " (version)
                        @if report.block.is_none() { ". The report is about the page as a whole" }
                        "."
                    }
                    // A frame that begins at the passage would scroll the page around it as well.
                    @if let Some(block) = report.block {
                        p.small { "The reported passage is marked. " a.tap href={ (source) "#" (block) } target="seen-page" { "Show it in the page" } }
                    }
                    iframe.frame name="seen-page" src=(source) sandbox="allow-same-origin" title={ "Page as seen, version " (version) } {}
                }
                None => { p { "The page can't be shown as it was: it has been purged, or taken out of the past." } }
            }
        }
    }
}

fn passage_now(facts: &Facts<'_>) -> Markup {
    let Some(report) = facts.report else { return html! {} };
    let heading = if report.block.is_some() { "This passage now" } else { "This page now" };
    html! {
        section.stack-s aria-labelledby="now" {
            h2 #now { (heading) }
            @match &facts.now {
                None => { p.muted { "There is nothing to compare with." } }
                Some(now) => {
                    @match &now.live {
                        None => { p { "It is not public now." } }
                        Some((version, since)) => {
                            h3 { "Live, version " (version) }
                            (became(since, "live-"))
                        }
                    }
                    @if let Some((version, since)) = &now.draft {
                        h3 { "In the draft, version " (version) }
                        (became(since, "draft-"))
                    }
                }
            }
        }
    }
}

fn became(since: &Since, scope: &str) -> Markup {
    html! {
        @match since {
            Since::Same => { p { "Not changed since." } }
            Since::Removed { in_version: Some(version) } => { p { "Since removed, in version " (version) "." } }
            Since::Removed { in_version: None } => { p { "Since removed." } }
            Since::Changed(comparison) => {
                @for (position, change) in comparison.changes.iter().enumerate() {
                    div.change id={ (scope) (position + 1) } {
                        p.small.muted { (difference::heading(change)) }
                        (difference::body(change))
                    }
                }
            }
        }
    }
}

fn aside(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let triages = request.may(Permission::FeedbackTriage);
    let zone = &request.chrome.zone;
    html! {
        section.card.stack aria-labelledby="standing" {
            h2 #standing { "Where it stands" }
            dl.facts {
                dt { "State" } dd { (words::case_state(case.state)) }
                @if let Some(until) = case.waiting_until { dt { "Waits until" } dd { (time::in_full(zone, until)) } }
                dt { "Assignee" } dd { @match &case.assignee { Some(person) => (person.name), None => "Nobody" } }
                (classifying::facts(case, zone))
                dt { "Page or section" }
                dd {
                    @match document_address(facts, case.document.id) {
                        Some(address) => { a href=(address) { (title_of(facts, case.document.id)) } }
                        None => (title_of(facts, case.document.id)),
                    }
                }
                (answer(facts))
            }
            @if triages {
                (steps::bar(facts.detail, &facts.from))
                (fix(facts))
            } @else {
                p.small.muted { "Triagers and administrators work on cases." }
            }
        }
        @if triages { (assigning(request, facts)) }
        (similar(facts, triages))
        (merged(facts))
        (notes(request, facts))
        section aria-labelledby="history" {
            h2 #history { "History" }
            (timeline::timeline(facts.detail, &facts.choices.assignees, zone, request.now()))
        }
    }
}

fn answer(facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let dismissal = case.reason.as_deref().and_then(Dismissal::from_name);
    html! {
        @if let Some(resolution) = case.resolution { dt { "Answer" } dd { (words::resolution(resolution)) } }
        @if let Some(fix) = case.fixed_in {
            dt { @if case.state.is_open() { "Fixed before" } @else { "Fixed in" } }
            dd { "version " (fix.version) " of " (title_of(facts, fix.document)) }
        }
        @match (dismissal, &case.reason) {
            (Some(dismissal), _) if case.resolution.is_none() => { dt { "Dismissed" } dd { (words::dismissal(dismissal)) } }
            (_, Some(reason)) => { dt { "Reason" } dd { (reason) } }
            _ => {}
        }
        @if let Some(explanation) = &case.explanation { dt { "Explanation" } dd { (explanation) } }
    }
}

/// The way to the editor, at the place that was reported.
fn fix(facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let address = document_address(facts, case.document.id).filter(|_| case.state.is_open());
    let block = facts.report.and_then(|report| report.block).map(|block| format!("#{block}")).unwrap_or_default();
    html! {
        @if let Some(address) = address {
            p { a href={ (address) "?case=" (case.id) (block) } { "Start a fix" } span.small.muted { " opens the editor at the passage" } }
        }
    }
}

fn assigning(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let assignee = case.assignee.as_ref().map(|person| person.id);
    let state = FormState::new()
        .with("assignee", assignee.map(|id| id.to_string()).unwrap_or_default())
        .with("title", case.title.clone());
    let me = request.ctx.actor.user;
    let carried = html! {
        (field::hidden("version", &case.version.to_string()))
        (field::hidden("from", &facts.from))
    };
    let possible = |action| changes::refusal(case, action).is_none();
    html! {
        @if possible(CaseAction::Assign) {
            section.card.stack-s aria-labelledby="assigning" {
                h2 #assigning { "Assign" }
                @if let Some(me) = me.filter(|me| Some(*me) != assignee) {
                    form method="post" action={ "/admin/cases/" (case.id) "/assign" } {
                        (carried)
                        (field::hidden("assignee", &me.to_string()))
                        div.row { button.button data-key="a" aria-keyshortcuts="A" { "Assign to me" } }
                    }
                }
                form method="post" action={ "/admin/cases/" (case.id) "/assign" } {
                    (carried)
                    (changes::fields(CaseAction::Assign, &state, &facts.choices, &request.chrome.zone))
                    button.button { (changes::verb(CaseAction::Assign)) }
                }
                details {
                    summary { "Rename the case" }
                    form method="post" action={ "/admin/cases/" (case.id) "/retitle" } {
                        (carried)
                        (changes::fields(CaseAction::Retitle, &state, &facts.choices, &request.chrome.zone))
                        button.button { (changes::verb(CaseAction::Retitle)) }
                    }
                }
            }
        }
    }
}

fn similar(facts: &Facts<'_>, triages: bool) -> Markup {
    let suggestions = &facts.detail.suggestions;
    let case = &facts.detail.case;
    html! {
        @if !suggestions.is_empty() {
            section.card.stack-s aria-labelledby="similar" {
                h2 #similar { "Similar cases" }
                ul.stack-s {
                    @for one in suggestions {
                        li {
                            a href=(address(one.case.id, &facts.from)) { "#" (one.case.number) " " (one.case.title) }
                            " " (Badge::case(one.case.state))
                            div.small.muted { (steps::likeness(one.similarity)) ", " (ui::count(u64::try_from(one.case.report_count).unwrap_or_default(), "report", "reports")) }
                            @if triages {
                                @let into = one.case.id.to_string();
                                @let from = Some(facts.from.as_str()).filter(|from| !from.is_empty());
                                a.small href=(ui::list::address(&format!("/admin/cases/{}/merge", case.id), "", &[("into", Some(&into)), ("from", from)])) {
                                    "Merge this case into it…" span.vh { " into case " (one.case.number) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn merged(facts: &Facts<'_>) -> Markup {
    let own = facts.detail.case.merged_into;
    let others: Vec<&Case> = facts.merged.iter().filter(|other| Some(other.id) != own).collect();
    html! {
        @if !others.is_empty() {
            section.card aria-labelledby="merged" {
                h2 #merged { "Merged into this case" }
                ul { @for other in others { li { a href=(address(other.id, &facts.from)) { "#" (other.number) " " (other.title) } } } }
            }
        }
    }
}

fn notes(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let case = &facts.detail.case;
    let triages = request.may(Permission::FeedbackTriage);
    html! {
        section.card.stack-s aria-labelledby="notes" {
            h2 #notes { "Notes" }
            @if facts.detail.notes.is_empty() { p.muted { "No notes yet." } }
            @for note in &facts.detail.notes {
                div {
                    p.pre { (note.text) }
                    p.small.muted { (note.author_name) " · " (time::when(&request.chrome.zone, request.now(), note.created_at)) }
                }
            }
            @if triages {
                form method="post" action={ "/admin/cases/" (case.id) "/note" } data-key="n" {
                    (field::hidden("version", &case.version.to_string()))
                    (field::hidden("from", &facts.from))
                    (changes::fields(CaseAction::Note, &FormState::new(), &facts.choices, &request.chrome.zone))
                    button.button { (changes::verb(CaseAction::Note)) }
                }
            }
        }
    }
}
