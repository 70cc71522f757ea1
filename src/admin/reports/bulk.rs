//! One step for several reports: out of quarantine, or back into it. First a page that says what will happen, then what
//! came of each, with the way back for all.

use maud::{Markup, html};

use crate::{
    feedback::{self, Report},
    kernel::{Error, Permission, ReportId, Result},
    web::{Answer, session::Tone},
};

use super::{
    super::{
        cases,
        request::PanelRequest,
        ui::{self, field, shell::Area},
    },
    list, show,
};

/// Where both posts go.
pub const ADDRESS: &str = "/admin/reports/bulk";
/// How many reports one post may name: as many as are shown together.
const MOST: usize = 500;

named! {
    /// What is done with the reports.
    Step {
        Release = "release",
        Quarantine = "quarantine",
    }
}

/// What was chosen, each report with the revision that was seen.
struct Chosen {
    step: Step,
    reports: Vec<(Report, String)>,
    /// Reports that are gone since.
    missing: usize,
    confirmed: bool,
}

/// What came of each report: as it is now, or why it was not changed.
type Outcomes<'a> = Vec<(&'a Report, Result<Report, String>)>;

/// The fields by which a form names reports.
pub fn named<'a>(step: Step, reports: impl IntoIterator<Item = &'a Report>) -> Markup {
    html! {
        (field::hidden("action", step.name()))
        @for report in reports { (field::hidden("report", &format!("{}:{}", report.id, report.revision))) }
    }
}

pub async fn bulk(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::FeedbackTriage)?;
    let chosen = choose(&request).await?;
    if chosen.reports.is_empty() {
        request.say(Tone::Warning, "No report was chosen, so nothing was done.", None).await?;
        return crate::web::see_other(list::QUARANTINE);
    }
    if !chosen.confirmed {
        return Ok(request.page(Area::Feedback, "Several reports", confirm(&chosen)));
    }
    let mut outcomes: Outcomes<'_> = Vec::new();
    for (report, seen) in &chosen.reports {
        let outcome = match chosen.step {
            Step::Release => feedback::release(&request.ctx, report.id, seen).await,
            Step::Quarantine => feedback::quarantine(&request.ctx, report.id, seen).await,
        };
        outcomes.push((report, outcome.map(Ok).or_else(|error| refused(error).map(Err))?));
    }
    request.app.ring();
    Ok(request.page(Area::Feedback, "What was done", outcome_page(&chosen, &outcomes)))
}

async fn choose(request: &PanelRequest) -> Result<Chosen> {
    let step = Step::from_name(request.form.value("action"));
    let step = step.ok_or_else(|| Error::invalid("/action", "unknown-choice", "Choose what to do."))?;
    let (mut reports, mut missing) = (Vec::<(Report, String)>::new(), 0);
    for text in request.form.all("report").into_iter().take(MOST) {
        let (id, seen) = text.split_once(':').unwrap_or((text, ""));
        let id: ReportId =
            id.parse().map_err(|_| Error::invalid("/report", "not-an-id", "The id of a report was expected."))?;
        match feedback::report(&request.ctx, id).await {
            Ok(report) if reports.iter().any(|(other, _)| other.id == report.id) => {}
            Ok(report) => reports.push((report, seen.to_owned())),
            Err(Error::NotFound(_)) => missing += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(Chosen { step, reports, missing, confirmed: request.form.value("confirmed") == "true" })
}

impl Chosen {
    /// The reports for which the step is possible, and the others.
    fn split(&self) -> (Vec<&Report>, Vec<&Report>) {
        let wanted = self.step == Step::Release;
        self.reports.iter().map(|(report, _)| report).partition(|report| report.quarantined == wanted)
    }
}

fn reports(number: usize) -> String {
    ui::count(u64::try_from(number).unwrap_or_default(), "report", "reports")
}

fn confirm(chosen: &Chosen) -> Markup {
    let (possible, others) = chosen.split();
    let (verb, consequence) = match chosen.step {
        Step::Release => (
            "Release",
            "Each goes to the inbox as if it had just come in: the same words join one case, everything else makes its own.",
        ),
        Step::Quarantine => {
            ("Put into quarantine", "Each leaves its case. A case that has no other report is dismissed as spam.")
        }
    };
    let title = format!("{verb}: {}", reports(possible.len()));
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned()), (list::QUARANTINE.to_owned(), "Quarantine".to_owned())]))
            h1 { (title) }
            @if !others.is_empty() || chosen.missing > 0 {
                p { (reports(others.len() + chosen.missing)) " will be left out: somebody has dealt with it meanwhile." }
            }
            @if possible.is_empty() {
                p { "There is nothing to do." }
                (ui::link_button(list::QUARANTINE, "Back to the quarantine"))
            } @else {
                p { (consequence) }
                ul { @for report in &possible { li { (report.reference) ": " (show::beginning(report)) } } }
                form method="post" action=(ADDRESS) {
                    (named(chosen.step, possible.iter().copied()))
                    (field::hidden("confirmed", "true"))
                    div.buttons { (ui::submit(&format!("{verb} {}", reports(possible.len())))) a href=(list::QUARANTINE) { "Cancel" } }
                }
            }
        } }
    }
}

fn outcome_page(chosen: &Chosen, outcomes: &Outcomes<'_>) -> Markup {
    let done: Vec<&Report> = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).collect();
    let tone = if done.len() == outcomes.len() { Tone::Done } else { Tone::Warning };
    let (what, back) = match chosen.step {
        Step::Release => ("released", Step::Quarantine),
        Step::Quarantine => ("put into quarantine", Step::Release),
    };
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[("/admin/cases".to_owned(), "Feedback".to_owned()), (list::QUARANTINE.to_owned(), "Quarantine".to_owned())]))
            h1 { "What was done" }
            (ui::banner(tone, html! { p { (done.len()) " of " (reports(outcomes.len())) " " (what) "." } }))
            ul.stack-s {
                @for (report, outcome) in outcomes {
                    li {
                        a href={ "/admin/reports/" (report.id) } { (report.reference) } ": "
                        @match outcome {
                            Ok(after) => {
                                (what)
                                @if let Some(case) = after.case { ", in " a href=(cases::address(case, "")) { "its case" span.vh { ", report " (report.reference) } } }
                            }
                            Err(why) => { strong { "not changed. " } (why) }
                        }
                    }
                }
            }
            @if done.is_empty() {
                (ui::link_button(list::QUARANTINE, "Back to the quarantine"))
            } @else {
                form method="post" action=(ADDRESS) {
                    (named(back, done))
                    (field::hidden("confirmed", "true"))
                    div.buttons {
                        button.button data-key="u" aria-keyshortcuts="U" { "Undo" span.vh { " for all of them" } }
                        a href=(list::QUARANTINE) { "Back to the quarantine" }
                    }
                }
            }
        } }
    }
}

/// Why one report was not changed; what is wrong with the program or the database ends the whole.
fn refused(error: Error) -> Result<String> {
    match error {
        Error::Stale(_) => Ok("Somebody changed it meanwhile.".to_owned()),
        Error::NotFound(_) => Ok("It is gone.".to_owned()),
        Error::Conflict { detail, .. } | Error::NotAllowed { detail, .. } => Ok(detail),
        other => Err(other),
    }
}
