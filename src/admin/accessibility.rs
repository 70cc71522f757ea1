//! What visitors say keeps them from reading or using the site: the cases about accessibility, the late ones first, with
//! targets of their own and a file of their own.

use maud::{Markup, html};

use crate::{
    feedback::{
        self, Accessibility, Case, CaseCategory, CaseListing, CaseOrder, CaseState, ExportFormat, Exported, ReportKind,
    },
    kernel::Permission,
    site::Target,
    web::{Answer, Cursor, download},
};

use super::{
    cases::{self, classifying},
    request::PanelRequest,
    targets,
    ui::{self, Badge, badge::Look, list, shell::Area, time},
};

pub const ADDRESS: &str = "/admin/accessibility";
const TITLE: &str = "Accessibility";
/// Cases on a page.
const LIMIT: u64 = 25;
/// The view of the inbox in which these cases stand in this order, so that one can go on from one to the next.
const FROM: &str = "view=open&category=accessibility&sort=due";

named! {
    /// Which of the cases are shown.
    Which {
        Open = "open",
        Closed = "closed",
        All = "all",
    }
}

impl Which {
    fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::All => "All",
        }
    }

    fn states(self) -> Vec<CaseState> {
        match self {
            Self::Open => CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect(),
            Self::Closed => vec![CaseState::Resolved, CaseState::Dismissed],
            Self::All => Vec::new(),
        }
    }

    /// What is late comes first; of what is closed, the newest.
    fn order(self) -> CaseOrder {
        if self == Self::Closed { CaseOrder::Newest } else { CaseOrder::Due }
    }

    fn listing(self) -> CaseListing {
        CaseListing {
            states: self.states(),
            category: Some(CaseCategory::Accessibility),
            order: self.order(),
            limit: LIMIT,
            ..CaseListing::default()
        }
    }
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let which = request.query.choice("cases").unwrap_or(Which::Open);
    let after = request.query.cursor("cursor", which.name()).map(|cursor| (cursor.key, cursor.id));
    request.end_of_query()?;
    let standing = feedback::accessibility(&request.ctx).await?;
    let listing = CaseListing { after, ..which.listing() };
    let found = feedback::cases(&request.ctx, &listing).await?;
    let next = found.next.clone().map(|(key, id)| Cursor { order: which.name().to_owned(), key, id }.encode());
    let tabs: Vec<(String, String, bool)> =
        Which::ALL.iter().map(|one| (address(*one), one.words().to_owned(), *one == which)).collect();
    let main = html! {
        div.main.stack {
            (ui::head(TITLE, html! {
                (ui::link_button("/admin/cases", "Feedback"))
                (ui::link_button("/admin/trends", "Trends"))
            }))
            (summary(&request, &standing))
            (ui::tabs("Cases", &tabs))
            @if found.rows.is_empty() {
                (nothing(which))
            } @else {
                p.small role="status" { (ui::count(found.total, "case", "cases")) }
                (table(&request, &found.rows, which))
                (list::pages(ADDRESS, &format!("cases={}", which.name()), found.rows.len(), found.total, next.as_deref()))
                @if request.may(Permission::FeedbackExport) { (files(which)) }
            }
        }
    };
    Ok(request.page(Area::Feedback, TITLE, main))
}

fn address(which: Which) -> String {
    list::address(ADDRESS, "", &[("cases", Some(which.name()).filter(|_| which != Which::Open))])
}

/// How it stands, in sentences.
fn summary(request: &PanelRequest, standing: &Accessibility) -> Markup {
    let Accessibility { targets, open, late, untouched, waiting, regressed, closed } = standing;
    let part = |number: u64| if number == closed.cases { "all".to_owned() } else { number.to_string() };
    html! {
        section.card.stack-s aria-labelledby="standing" {
            h2 #standing { "Where it stands" }
            ul.stack-s {
                li {
                    @if *late > 0 { (Badge::new(Look::Bad, "Late")) " " strong { (ui::count(*late, "case is", "cases are")) " past the target." } }
                    @else { "No case is past its target." }
                }
                li {
                    (ui::count(*open, "case is", "cases are")) " open"
                    @if *untouched > 0 { "; nobody has looked at " (untouched) }
                    @if *waiting > 0 { "; " (waiting) " waiting" }
                    @if *regressed > 0 { "; of " (regressed) " the fix did not work" }
                    "."
                }
                li {
                    @if closed.cases == 0 { "None was closed in the last 12 weeks." }
                    @else {
                        (ui::count(closed.cases, "case was", "cases were")) " closed in the last 12 weeks: "
                        (part(closed.first_action_in_time)) " looked at in time, " (part(closed.fix_in_time)) " closed in time."
                    }
                }
            }
            p.small {
                "Target: " (aim(*targets)) " The severity of a case can ask for less time, never for more. "
                @if request.may(Permission::SettingsManage) { a href=(targets::ADDRESS) { "Change the targets" } }
            }
        }
    }
}

fn aim(target: Target) -> String {
    let within = |days: u32| match days {
        0 => "on the same day".to_owned(),
        days => format!("within {}", ui::count(u64::from(days), "working day", "working days")),
    };
    format!("somebody looks {}, and it is answered or fixed {}.", within(target.first_action), within(target.fix))
}

fn nothing(which: Which) -> Markup {
    let sentence = match which {
        Which::Open => "No open case is about accessibility.",
        Which::Closed => "No case about accessibility has been closed.",
        Which::All => "No case is about accessibility.",
    };
    let reports = format!("/admin/reports?kind={}", ReportKind::Accessibility.name());
    ui::empty(sentence, html! { p { a href=(reports) { "Reports that visitors sent as such" } } })
}

fn table(request: &PanelRequest, rows: &[Case], which: Which) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    let from = if which == Which::Open { FROM } else { "" };
    html! {
        div.table { table.cards {
            caption.vh { "Cases about accessibility" @if which != Which::Closed { ", the late ones first" } }
            thead { tr {
                th scope="col" { "Case" } th scope="col" { "Page or section" } th scope="col" { "State" }
                @if which != Which::Closed { th scope="col" { "First action by" } th scope="col" { "Answer by" } }
                @else { th scope="col" { "Answer" } }
                th scope="col" { "Assignee" }
            } }
            tbody { @for case in rows {
                tr {
                    th scope="row" {
                        a href=(cases::address(case.id, from)) { "#" (case.number) " " (case.title) }
                        @if case.report_count > 1 { " " span.small.muted { (ui::count(u64::try_from(case.report_count).unwrap_or_default(), "report", "reports")) } }
                    }
                    td data-label="Page or section" { (case.document.title.as_deref().unwrap_or("A page that has been purged")) }
                    td data-label="State" {
                        (Badge::case(case.state)) " "
                        @if let Some(badge) = classifying::badge(case.severity) { (badge) " " }
                        @if let Some(badge) = classifying::escalating(case) { (badge) }
                    }
                    @if which != Which::Closed {
                        td data-label="First action by" { (by(case.first_action_due_at.map(|at| time::due_day(zone, now, at)), case.first_action_at.is_some(), "Done")) }
                        td data-label="Answer by" { (by(case.fix_due_at.map(|at| time::due_day(zone, now, at)), case.state == CaseState::Waiting, "Paused")) }
                    } @else {
                        td data-label="Answer" { (case.resolution.map_or("Dismissed", ui::words::resolution)) }
                    }
                    td data-label="Assignee" { (case.assignee.as_ref().map_or("Nobody", |person| person.name.as_str())) }
                }
            } }
        } }
    }
}

/// A day, or why there is none.
fn by(day: Option<String>, so: bool, why: &str) -> String {
    day.unwrap_or_else(|| if so { why.to_owned() } else { "–".to_owned() })
}

fn files(which: Which) -> Markup {
    let address = |format: ExportFormat| format!("{ADDRESS}/export?cases={}&format={}", which.name(), format.name());
    html! {
        p.small {
            "Take these cases out: "
            a.tap href=(address(ExportFormat::Csv)) { "CSV" } " "
            a.tap href=(address(ExportFormat::Json)) { "JSON" }
        }
    }
}

/// The cases as a file, without what visitors wrote in their reports.
pub async fn export(mut request: PanelRequest) -> Answer {
    let which = request.query.choice("cases").unwrap_or(Which::Open);
    let format = request.query.choice("format").unwrap_or(ExportFormat::Csv);
    request.end_of_query()?;
    let filter = [("category", CaseCategory::Accessibility.name().to_owned()), ("cases", which.name().to_owned())];
    let what = Exported::Cases(Box::new(which.listing()));
    download(feedback::export(&request.ctx, what, format, &filter).await?)
}
