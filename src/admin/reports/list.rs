//! All reports, or those in quarantine with the reasons for it.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use crate::{
    feedback::{self, Burst, Device, ExportFormat, Page, Report, ReportKind, ReportListing, redaction::Flag},
    kernel::{DocumentId, Permission},
    web::{Answer, Cursor, Query},
};

use super::{
    super::{
        cases, connect, help,
        request::PanelRequest,
        ui::{self, Badge, Field, badge::Look, field, list, shell::Area, time, words},
    },
    bulk::{self, Step},
    show,
};

const PATH: &str = "/admin/reports";
/// The quarantine, newest first.
pub const QUARANTINE: &str = "/admin/reports?quarantined=true";
const ORDER: &str = "-received_at";
const LIMIT: u64 = 25;

pub async fn list(mut request: PanelRequest) -> Answer {
    std::mem::take(&mut request.query);
    let query_text = list::address("", &request.query_text, &[]).trim_start_matches('?').to_owned();
    let mut query = Query::parse(Some(&query_text));
    let listing = ReportListing {
        quarantined: query.boolean("quarantined"),
        document: query.id("document").map(DocumentId),
        kind: query.choice("kind"),
        flag: query.choice("flag"),
        device: query.choice("device"),
        after: query.cursor("cursor", ORDER).map(|cursor| (cursor.key, cursor.id)),
        limit: LIMIT,
    };
    query.finish()?;
    let quarantine = listing.quarantined == Some(true);
    let found = if quarantine {
        feedback::bursts(&request.ctx, &listing).await?
    } else {
        single(feedback::reports(&request.ctx, &listing).await?)
    };
    let counts = feedback::counts(&request.ctx).await?;
    let documents = feedback::reported_documents(&request.ctx).await?;
    let shown: usize = found.rows.iter().map(|burst| burst.reports.len()).sum();
    let pages = found.rows.iter().flat_map(|burst| &burst.reports).map(|report| report.page).collect();
    let pages = feedback::named_documents(&request.ctx, &pages).await?;
    let samples = request.samples().await?;
    let next = found.next.map(|(key, id)| Cursor { order: ORDER.to_owned(), key, id }.encode());
    let title = if quarantine { "Quarantine" } else { "Reports" };
    let tabs = [
        (cases::INBOX.to_owned(), "Cases".to_owned(), false),
        (format!("{PATH}?quarantined=true"), format!("Quarantine ({})", counts.quarantined), quarantine),
        (PATH.to_owned(), "All reports".to_owned(), !quarantine),
    ];
    let filtered =
        listing.document.is_some() || listing.kind.is_some() || listing.flag.is_some() || listing.device.is_some();
    let main = html! {
        div.main {
            (ui::head(title, html! {}))
            (ui::tabs("Views", &tabs))
            @if quarantine {
                p { "Reports that look like spam wait here with the reasons. Nothing is dropped: release what is meant seriously; the rest stays here and bothers nobody." }
            }
            (filters(&listing, &documents))
            @if found.rows.is_empty() {
                (nothing(quarantine, filtered))
            } @else {
                p.small role="status" { (ui::count(found.total, "report", "reports")) }
                @if request.may(Permission::FeedbackExport) { (files(&listing)) }
                div.table { table.cards {
                    caption.vh { "Reports, newest first" }
                    thead { tr {
                        th scope="col" { "Report" } th scope="col" { @if quarantine { "Suspicion" } @else { "Where it is" } }
                        th scope="col" { "Received" }
                        @if quarantine && request.may(Permission::FeedbackTriage) { th scope="col" { "What to do" } }
                    } }
                    tbody { @for burst in &found.rows {
                        @if let Some((report, more)) = burst.reports.split_first() {
                            @let page = pages.get(&report.page).map(|page| page.title.as_str());
                            @if more.is_empty() { (row(&request, report, page, quarantine, samples.contains(report.id))) }
                            @else { (burst_row(&request, report, burst, page)) }
                        }
                    } }
                } }
                (list::pages(PATH, &query_text, shown, found.total, next.as_deref()))
            }
        }
    };
    Ok(request.page(Area::Feedback, title, main))
}

/// Reports that stand by themselves.
fn single(page: Page<Report>) -> Page<Burst> {
    let rows = page.rows.into_iter().map(|report| Burst { reports: vec![report] }).collect();
    Page { rows, next: page.next, total: page.total }
}

/// The list as a file, with its filter. Addresses and purged texts are never in it.
fn files(listing: &ReportListing) -> Markup {
    let address = |format: ExportFormat| {
        let mut query = Serializer::new(String::new());
        query.append_pair("format", format.name());
        for (name, value) in listing.words(false) {
            query.append_pair(name, &value);
        }
        format!("{PATH}/export?{}", query.finish())
    };
    let which = match listing.quarantined {
        Some(true) => "these reports",
        _ => "these reports without the quarantine",
    };
    html! {
        p.small {
            "Take " (which) " out as "
            a href=(address(ExportFormat::Csv)) download { "CSV" } " or "
            a href=(address(ExportFormat::Json)) download { "JSON" }
            ". It is noted who did."
        }
    }
}

fn nothing(quarantine: bool, filtered: bool) -> Markup {
    let (sentence, action) = match (quarantine, filtered) {
        (true, true) => ("No report in quarantine fits these filters.", (QUARANTINE, "Show the whole quarantine")),
        (false, true) => ("No report fits these filters.", (PATH, "Show all reports")),
        (true, false) => (
            "Nothing is in quarantine. What looks like spam waits here with the reasons, so that nothing serious is dropped unread.",
            (PATH, "Show all reports"),
        ),
        (false, false) => (
            "Nobody has reported anything yet. What visitors send about your pages stands here, without what could identify them.",
            (connect::ADDRESS, "Put the form on your site"),
        ),
    };
    ui::empty(sentence, help::beside(ui::link_button(action.0, action.1), &help::REPORTS))
}

fn filters(listing: &ReportListing, documents: &[(DocumentId, String)]) -> Markup {
    let any = || std::iter::once((String::new(), "Any".to_owned()));
    let documents: Vec<_> = any().chain(documents.iter().map(|(id, title)| (id.to_string(), title.clone()))).collect();
    let kinds = ReportKind::ALL.iter().map(|kind| (kind.name().to_owned(), words::report_kind(*kind).to_owned()));
    let kinds: Vec<_> = any().chain(kinds).collect();
    let flags = Flag::ALL.iter().map(|flag| (flag.name().to_owned(), words::flag(*flag).to_owned()));
    let flags: Vec<_> = any().chain(flags).collect();
    let devices = Device::ALL.iter().map(|device| (device.name().to_owned(), words::device(*device).to_owned()));
    let devices: Vec<_> = any().chain(devices).collect();
    let document = listing.document.map(|id| id.to_string()).unwrap_or_default();
    html! {
        form.filters method="get" action=(PATH) data-enhance role="search" aria-label="Filter reports" {
            (field::hidden("quarantined", listing.quarantined.map_or("", |flag| if flag { "true" } else { "false" })))
            (field::select(&Field::new("document", "Page or section").value(document), &documents))
            (field::select(&Field::new("kind", "Kind").value(listing.kind.map_or("", |kind| kind.name())), &kinds))
            (field::select(&Field::new("flag", "To look at").value(listing.flag.map_or("", |flag| flag.name())), &flags))
            (field::select(&Field::new("device", "Device").value(listing.device.map_or("", |device| device.name())), &devices))
            (ui::button("", "", "Filter", "the reports"))
        }
    }
}

fn row(request: &PanelRequest, report: &Report, page: Option<&str>, quarantine: bool, sample: bool) -> Markup {
    let beginning = show::beginning(report);
    html! {
        tr {
            th scope="row" {
                a href={ "/admin/reports/" (report.id) } { (beginning) }
                @if sample { " " (Badge::sample()) }
                @for flag in &report.flags { " " (Badge::flag(*flag)) }
                div.small.muted {
                    (report.reference) " · " (words::report_kind(report.kind)) " · " (page.unwrap_or("A page that has been purged"))
                    @if quarantine && let Some(wrong) = report.wrong.as_ref().filter(|wrong| **wrong != beginning) { div { (wrong) } }
                }
            }
            td data-label=(if quarantine { "Suspicion" } else { "Where it is" }) {
                @if quarantine { (show::suspicion(report)) }
                @else if let Some(case) = report.case { a href=(cases::address(case, "")) { "Its case" span.vh { ", report " (report.reference) } } }
                @else if report.quarantined { (Badge::new(Look::Warning, "In quarantine")) }
            }
            td data-label="Received" { (time::when(&request.chrome.zone, request.now(), report.received_at)) }
            @if quarantine && request.may(Permission::FeedbackTriage) {
                td { (release(report)) }
            }
        }
    }
}

fn release(report: &Report) -> Markup {
    html! {
        form method="post" action={ "/admin/reports/" (report.id) "/release" } {
            (field::hidden("version", &report.revision))
            (field::hidden("back", QUARANTINE))
            button.button.small { "Release" span.vh { " report " (report.reference) } }
        }
    }
}

/// Alike reports that came in one after the other, folded together: `newest` stands for them.
fn burst_row(request: &PanelRequest, newest: &Report, burst: &Burst, page: Option<&str>) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let number = ui::count(u64::try_from(burst.reports.len()).unwrap_or_default(), "report", "reports");
    let triages = request.may(Permission::FeedbackTriage);
    let first = burst.reports.last().map_or(newest.received_at, |oldest| oldest.received_at);
    html! {
        tr {
            th scope="row" {
                a href={ "/admin/reports/" (newest.id) } { (show::beginning(newest)) }
                " " (Badge::new(Look::Warning, format!("Burst of {number}")))
                div.small.muted { (page.unwrap_or("A page that has been purged")) ": the same words or links, one after the other" }
                details.small {
                    summary { "Show all " (number) span.vh { " of the burst from " (newest.reference) } }
                    ul.stack-s {
                        @for report in &burst.reports {
                            li.row {
                                a.tap href={ "/admin/reports/" (report.id) } { (report.reference) }
                                span.muted { (show::beginning(report)) }
                                span.muted { (time::when(zone, now, report.received_at)) }
                                @for flag in &report.flags { (Badge::flag(*flag)) }
                                @if triages { (release(report)) }
                            }
                        }
                    }
                }
            }
            td data-label="Suspicion" { (show::suspicion(newest)) }
            td data-label="Received" { (time::when(zone, now, first)) " to " (time::of_day(zone, newest.received_at)) }
            @if triages {
                td { form method="post" action=(bulk::ADDRESS) {
                    (bulk::named(Step::Release, &burst.reports))
                    button.button.small { "Release all…" span.vh { " " (number) " of the burst from " (newest.reference) } }
                } }
            }
        }
    }
}
