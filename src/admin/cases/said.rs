//! What visitors said, report by report: in their words, with where it came from and what has become of the passage since.

use maud::{Markup, html};

use crate::{feedback::Report, kernel::Permission};

use super::{
    super::{
        reports,
        request::PanelRequest,
        ui::{self, time, words},
    },
    below,
    show::Facts,
    view::INBOX,
};

pub fn reports(request: &PanelRequest, facts: &Facts<'_>) -> Markup {
    let reports = &facts.detail.reports;
    let splits =
        reports.len() > 1 && request.may(Permission::FeedbackTriage) && facts.detail.case.merged_into.is_none();
    html! {
        section.stack aria-labelledby="reports" {
            div.row {
                h2 #reports { @if reports.is_empty() { "Reports" } @else if reports.len() == 1 { "The report" } @else { (ui::count(u64::try_from(reports.len()).unwrap_or_default(), "report", "reports")) ", newest first" } }
                @if splits { a.tap.small href=(below(facts.detail.case.id, "split", &facts.from)) data-dialog { "Split…" span.vh { " some reports off into another case" } } }
            }
            @if reports.is_empty() { p.muted { "This case has no reports of its own." } }
            @for report in reports {
                article.card.stack-s aria-label={ "Report " (report.reference) } {
                    (reports::said(request, report, 3))
                    (where_from(request, facts, report))
                    div.row.small {
                        a.tap href={ "/admin/reports/" (report.id) } { "Report " (report.reference) }
                        @if reports.len() > 1 {
                            @if facts.report.is_some_and(|shown| shown.id == report.id) { span.muted { "Shown below" } }
                            @else {
                                a.tap href={ (seen_link(facts, report)) } { "Show what this visitor saw" span.vh { ", report " (report.reference) } }
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
    let live = facts.named(report.page).and_then(|page| page.live_version);
    let since = facts.sights.in_a_line(report);
    html! {
        p.small.muted {
            (words::report_kind(report.kind)) " · " (time::when(zone, now, report.received_at))
            " · " (facts.title_of(report.page))
            @if let Some(version) = report.version {
                ", version " (version)
                @match live {
                    Some(live) if live == version => " (still live)",
                    Some(live) => { " (now " (live) ")" }
                    None => " (not public now)",
                }
            }
            @if let Some(block) = report.block {
                " · "
                a href={ (INBOX) "?view=all&block=" (block) } {
                    @match facts.passages.get(&report.id) { Some(passage) => (passage), None => "One passage" }
                    span.vh { ": all cases about this passage" }
                }
            }
            @if let Some(device) = report.device { " · " (words::device(device)) }
        }
        @if !since.is_empty() { p.small { (since) } }
    }
}
