//! Everything about one report.

use maud::{Markup, html};

use crate::{
    feedback::{self, Report, RetentionRule},
    kernel::{Permission, Result},
    web::{Answer, session::Tone},
};

use super::super::{
    cases,
    request::PanelRequest,
    ui::{self, Badge, badge::Look, field, shell::Area, time, words},
};

/// How much of a report stands for it in a list, in characters.
const BEGINNING: usize = 100;

pub async fn show(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let report = feedback::report(&request.ctx, request.id("id")?).await?;
    let passage = feedback::passage_names(&request.ctx, std::slice::from_ref(&report)).await?.remove(&report.id);
    let ids = [report.page, report.document].into_iter().collect();
    let documents = feedback::named_documents(&request.ctx, &ids).await?;
    let title_of = |id| documents.get(&id).map_or("A page that has been purged", |named| named.title.as_str());
    let title = format!("Report {}", report.reference);
    let triages = request.may(Permission::FeedbackTriage);
    let sample = request.samples().await?.contains(report.id);
    let (zone, now) = (&request.chrome.zone, request.now());
    let back = if report.quarantined { "/admin/reports?quarantined=true" } else { "/admin/reports" };
    let main = html! {
        div.main {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned()), (back.to_owned(), "Reports".to_owned())]))
            (ui::head(&title, html! {
                @if sample { (Badge::sample()) }
                @if report.quarantined { (Badge::new(Look::Warning, "In quarantine")) }
                @if report.text_purged_at.is_some() { (Badge::new(Look::Quiet, "Text gone")) }
            }))
            @if report.quarantined {
                (ui::banner(Tone::Warning, html! { p { "It is suspected of being spam: " } (suspicion(&report)) }))
            }
            div.split {
                div.stack {
                    section.card.stack-s aria-labelledby="said" {
                        h2 #said { "What was said" }
                        (said(&request, &report, 3))
                    }
                    @if triages { (actions(&request, &report)) }
                }
                section.card aria-labelledby="about" {
                    h2 #about { "About it" }
                    dl.facts {
                        dt { "Kind" } dd { (words::report_kind(report.kind)) }
                        dt { "Received" } dd { (time::when(zone, now, report.received_at)) }
                        dt { "Page" } dd { (title_of(report.page)) }
                        @if let Some(version) = report.version { dt { "Version seen" } dd { (version) } }
                        @if report.document != report.page { dt { "Belongs to" } dd { (title_of(report.document)) } }
                        @if let Some(passage) = &passage { dt { "Passage" } dd { (passage) } }
                        dt { "Case" }
                        dd { @match report.case { Some(case) => { a href=(cases::address(case, "")) { "Open its case" } } None => "None" } }
                        @if let Some(device) = report.device { dt { "Device" } dd { (words::device(device)) } }
                        dt { "Sent through" } dd { @if report.door == "form" { "The form on the page" } @else { "A program of the site" } }
                        @if !report.removed.is_empty() { dt { "Taken out" } dd { (taken_out(&report)) } }
                    }
                }
            }
        }
    };
    Ok(request.page(Area::Feedback, &title, main))
}

/// What a visitor said, with the marks that stand in place of personal data. `level` is that of its headings.
pub fn said(request: &PanelRequest, report: &Report, level: u8) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let heading = |words: &str| html! { @if level == 3 { h3.small { (words) } } @else { h4.small { (words) } } };
    html! {
        @if let Some(at) = report.text_purged_at {
            p.muted {
                @match report.purge_rule {
                    Some(rule) => { "The text was deleted " (time::when(zone, now, at)) ", " (rule_in_words(rule)) ". That there was a report, and its history, stay." }
                    None => { "The text was erased " (time::when(zone, now, at)) ". That there was a report, and its history, stay." }
                }
            }
        }
        @if request.may(Permission::FeedbackTriage) { (to_put_back(request, report)) }
        @if !report.flags.is_empty() {
            p { @for flag in &report.flags { (Badge::flag(*flag)) " " } span.small.muted { "Look at it before you pass the words on." } }
        }
        @if let Some(wrong) = &report.wrong { (heading("What went wrong")) p.pre { (wrong) } }
        @if let Some(doing) = &report.doing { (heading("What they were doing")) p.pre { (doing) } }
        @for addition in &report.additions {
            (heading("Added later"))
            p.pre { (addition.text) }
            p.small.muted { (time::when(zone, now, addition.received_at)) }
        }
        @match &report.contact {
            Some(contact) => {
                p.small { "Contact: " (contact.email) ", deleted on " (time::day(&zone.date(contact.delete_after))) }
            }
            None if report.has_contact => { p.small.muted { "An address was left; those who triage see it." } }
            None => {}
        }
    }
}

/// What was taken out in the last ten minutes, with the way to take that back.
fn to_put_back(request: &PanelRequest, report: &Report) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let last = report.taken_out.iter().filter(|one| one.until > now);
    html! {
        @for (number, one) in last.enumerate() {
            form.row id=[(number == 0).then_some("taken-out")] method="post" action={ "/admin/reports/" (report.id) "/put-back" } {
                (field::hidden("version", &report.revision))
                (field::hidden("taken_out", &one.id.to_string()))
                (field::hidden("back", &request.path))
                span.small { (one.by) " took words out of it at " (time::of_day(zone, one.at)) ". Until " (time::of_day(zone, one.until)) " they can be put back in the same session." }
                (ui::button("", "", "Undo", &format!("taking words out of report {}", report.reference)))
            }
        }
    }
}

fn actions(request: &PanelRequest, report: &Report) -> Markup {
    let below = |page: &str| format!("/admin/reports/{}/{page}", report.id);
    let has_text = report.doing.is_some() || report.wrong.is_some() || !report.additions.is_empty();
    html! {
        section.card.stack-s aria-labelledby="actions" {
            h2 #actions { "What to do" }
            div.row {
                @if report.quarantined {
                    form method="post" action=(below("release")) {
                        (field::hidden("version", &report.revision))
                        button.button.primary { "Release" }
                    }
                } @else {
                    (ui::link_button(&below("move"), "Move to another case…"))
                    a.button href=(below("quarantine")) data-key="#" aria-keyshortcuts="#" { "Put into quarantine…" }
                }
                @if has_text { (ui::link_button(&below("redact"), "Remove personal data…")) }
                @if request.may(Permission::FeedbackErase) && report.text_purged_at.is_none() {
                    a.button.bad href=(below("erase")) { "Erase the text…" }
                }
            }
        }
    }
}

/// Why a report is suspected of being spam.
pub fn suspicion(report: &Report) -> Markup {
    html! {
        ul { @for reason in &report.reasons { li { (reason_in_words(reason)) } } }
        span.small.muted { "Score " (report.score) }
    }
}

/// Why a text is not kept any longer, as the end of a sentence.
fn rule_in_words(rule: RetentionRule) -> &'static str {
    match rule {
        RetentionRule::ClosedText => "as its case had been closed for as long as texts are kept",
        RetentionRule::SpamText => "as it had been in quarantine, or dismissed as spam, for as long as that is kept",
        RetentionRule::Contact => "with the address that was left",
    }
}

fn taken_out(report: &Report) -> String {
    let counted = report.removed.iter().map(|(kind, count)| format!("{} ({count})", kind.replace('_', " ")));
    counted.collect::<Vec<_>>().join(", ")
}

/// The first words of a report.
pub fn beginning(report: &Report) -> String {
    let Some(text) = report.wrong.as_deref().or(report.doing.as_deref()) else { return "Without text".to_owned() };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(BEGINNING) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line,
    }
}

/// The report of the address.
pub async fn of(request: &PanelRequest) -> Result<Report> {
    feedback::report(&request.ctx, request.id("id")?).await
}

fn reason_in_words(reason: &str) -> String {
    let words = match reason {
        "honeypot" => "A field was filled in that people don't see",
        "too_fast" => "It was sent at once after the form was shown",
        "too_old" => "It was sent long after the form was shown",
        "identical_answers" => "Both answers say the same",
        "many_links" => "It holds many links",
        "not_language" => "It is not written in a language",
        "scanner_string" => "It holds what programs send that look for weak places",
        "page_flood" => "Very many reports about this page came in before it; it may well be meant seriously",
        "flood" => "Very many reports came in before it; it may well be meant seriously",
        "markup" => "It holds code for links, images or programs",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}
