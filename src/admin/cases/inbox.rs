//! The inbox: cases in views, filtered, a page at a time, with what can be done to several of them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    accounts::saved_views::ViewedList,
    feedback::{
        self, AssigneeFilter, Case, CaseCategory, CaseSeverity, Counts, FilterCounts, Glance, NamedDocument, Person,
        ReportKind,
    },
    kernel::{CaseId, DocumentId, NodeId, Permission},
    site::Samples,
    web::Answer,
};

use super::{
    super::{
        connect, help,
        request::PanelRequest,
        ui::{self, Badge, Field, badge::Look, field, list, shell::Area, time, words},
        views::Views,
    },
    address, arrivals, bulk, classifying, steps, view,
    view::{DueFilter, INBOX, Sort, Tab, View},
};

/// What a list shows beside its cases.
struct Around {
    counts: Counts,
    filters: FilterCounts,
    glances: BTreeMap<CaseId, Glance>,
    pages: BTreeMap<DocumentId, NamedDocument>,
    assignees: Vec<Person>,
    documents: Vec<(DocumentId, String)>,
    labels: Vec<String>,
    samples: Samples,
}

pub async fn inbox(mut request: PanelRequest) -> Answer {
    std::mem::take(&mut request.query);
    let view = View::read(&request.query_text, &request.ctx.actor)?;
    let now = request.now();
    let asked = view::asked(&request, &view, now).await?;
    let whole = view::unfiltered(&asked, &view, &request.ctx.actor);
    let ends = view::ends(&request.chrome.zone, now);
    let ((found, following), counts, beside) = tokio::try_join!(
        feedback::some_cases(&request.ctx, &asked),
        feedback::counts(&request.ctx),
        feedback::filter_counts(&request.ctx, &whole, &asked, ends),
    )?;
    let ids: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    let glances = feedback::glances(&request.ctx, &ids).await?;
    let pages = glances.values().map(|glance| glance.page).collect();
    let around = Around {
        counts,
        filters: beside,
        pages: feedback::named_documents(&request.ctx, &pages).await?,
        glances,
        assignees: feedback::assignees(&request.ctx).await?,
        documents: feedback::reported_documents(&request.ctx).await?,
        labels: steps::labels(&request).await?,
        samples: request.samples().await?,
    };
    let saved = Views::of(&request, ViewedList::Cases, &view.query()).await?;
    let query = view.query();
    let next = view.sort.cursor(following);
    let shown_from = view::filled(&request.query_text);
    let main = html! {
        div.main {
            (ui::head("Feedback", html! {
                p.muted { (around.counts.new) " new, " (around.counts.open) " open" }
                (ui::link_button("/admin/accessibility", "Accessibility"))
                (ui::link_button("/admin/trends", "Trends"))
            }))
            (arrivals::place(request.now()))
            (tabs(&view, &around.counts, &saved))
            (saved.beside(view.is_filtered()))
            (filters(&request, &view, &around))
            (chips(&view, &around))
            @if found.is_empty() {
                (nothing(&view, &around.counts))
            } @else {
                p.small role="status" { (ui::count(around.filters.total, "case", "cases")) @if view.is_filtered() { " with these filters" } }
                (cases(&request, &found, &around, &query))
                (list::pages(INBOX, &shown_from, found.len(), around.filters.total, next.as_deref()))
                @if request.may(Permission::FeedbackExport) {
                    p.small {
                        "Take these cases out as "
                        a.tap href=(list::address("/admin/cases/export", &query, &[])) { "CSV" } " or "
                        a.tap href=(list::address("/admin/cases/export", &query, &[("format", Some("json"))])) { "JSON" }
                    }
                }
            }
        }
    };
    Ok(request.page(Area::Feedback, "Feedback", main))
}

fn tabs(view: &View, counts: &Counts, saved: &Views) -> Markup {
    let mut tabs: Vec<(String, String, bool)> = Tab::ALL
        .iter()
        .map(|tab| {
            let count = match tab {
                Tab::New => counts.new,
                Tab::Mine => counts.mine,
                Tab::Open => counts.open,
                Tab::Waiting => counts.waiting,
                Tab::Regressed => counts.regressed,
                Tab::Resolved => counts.resolved,
                Tab::Dismissed => counts.dismissed,
                Tab::All => counts.all,
            };
            (tab.address(), format!("{} ({count})", tab.words()), *tab == view.tab && !saved.is_shown())
        })
        .collect();
    tabs.extend(saved.tabs());
    tabs.push(("/admin/reports?quarantined=true".to_owned(), format!("Quarantine ({})", counts.quarantined), false));
    tabs.push(("/admin/reports".to_owned(), "All reports".to_owned(), false));
    ui::tabs("Views", &tabs)
}

fn filters(request: &PanelRequest, view: &View, around: &Around) -> Markup {
    let counts = &around.filters;
    let documents =
        around.documents.iter().map(|(id, title)| (id.to_string(), counted(title, counts.documents.get(id))));
    let documents = options("Any", documents);
    let nobody = std::iter::once(("nobody".to_owned(), counted("Nobody", counts.assignees.get(&None))));
    let people = around
        .assignees
        .iter()
        .map(|one| (one.id.to_string(), counted(&one.name, counts.assignees.get(&Some(one.id)))));
    let assignees = options("Anybody", nobody.chain(people));
    let states = options("Any", each(view::state_options(view.tab), &counts.states));
    let kinds = options(
        "Any",
        ReportKind::ALL.iter().map(|kind| (kind.name().to_owned(), words::report_kind(*kind).to_owned())),
    );
    let severities = field::options(CaseSeverity::ALL, CaseSeverity::name, words::case_severity);
    let severities = options("Any", each(severities, &counts.severities));
    let categories = field::options(CaseCategory::ALL, CaseCategory::name, words::case_category);
    let categories = options("Any", each(categories, &counts.categories));
    let labels = around.labels.iter().map(|label| (label.clone(), counted(label, counts.labels.get(label))));
    let labels = options("Any", labels);
    let contacts = [("", "Any"), ("true", "Left"), ("false", "Not left")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()));
    let due = |due: DueFilter| match due {
        DueFilter::Overdue => counts.overdue,
        DueFilter::Today => counts.today,
        DueFilter::Week => counts.week,
    };
    let dues = DueFilter::ALL.iter().map(|one| (one.name().to_owned(), counted(one.words(), Some(&due(*one)))));
    let dues = options("Any time", dues);
    let sorts = field::options(Sort::ALL, Sort::name, Sort::words);
    html! {
        form method="get" action=(INBOX) role="search" aria-label="Filter cases" data-enhance {
            div.filters {
            (field::hidden("view", view.tab.name()))
            (field::text(&Field::new("q", "Words, number or reference").kind("search").value(view.words.clone().unwrap_or_default())))
            (field::select(&Field::new("document", "Page or section").value(id(view.document)), &documents))
            @if view.tab != Tab::Mine {
                (field::select(&Field::new("assignee", "Assignee").value(assignee(view.assignee)), &assignees))
            }
            @if matches!(view.tab, Tab::Mine | Tab::Open | Tab::Regressed | Tab::All) {
                (field::select(&Field::new("state", "State").value(view.state.map_or("", |state| state.name())), &states))
            }
            (field::select(&Field::new("due", "Due").value(view.due.map_or("", DueFilter::name)), &dues))
            (field::select(&Field::new("sort", "Order").value(view.sort.name()), &sorts))
                (ui::button("", "", "Filter", "the cases"))
            }
            details.more-filters open[view.has_more()] {
                summary { "More filters" }
                div {
                    (field::select(&Field::new("severity", "Severity").value(view.severity.map_or("", CaseSeverity::name)), &severities))
                    (field::select(&Field::new("category", "What it is about").value(view.category.map_or("", CaseCategory::name)), &categories))
                    (field::select(&Field::new("label", "Label").value(view.label.clone().unwrap_or_default()), &labels))
                    (field::select(&Field::new("kind", "Kind of report").value(view.kind.map_or("", |kind| kind.name())), &kinds))
                    (field::select(&Field::new("contact", "Address of a visitor").value(view.contact.map_or("", |has| if has { "true" } else { "false" })), &contacts))
                    (field::text(&Field::new("since", "Reported since").kind("date").value(view.since.clone().unwrap_or_default())))
                    (field::text(&Field::new("until", "Reported until").kind("date").value(view.until.clone().unwrap_or_default())))
                    @if let Some(block) = view.block { (field::hidden("block", &block.to_string())) }
                }
            }
        }
        @if !request.may(Permission::FeedbackTriage) {
            p.small.muted { "You can read cases. Triagers and administrators work on them." }
        }
    }
}

fn id(document: Option<DocumentId>) -> String {
    document.map(|id| id.to_string()).unwrap_or_default()
}

fn assignee(filter: Option<AssigneeFilter>) -> String {
    match filter {
        None => String::new(),
        Some(AssigneeFilter::Nobody) => "nobody".to_owned(),
        Some(AssigneeFilter::User(user)) => user.to_string(),
    }
}

/// A value of a filter with how many cases it would leave.
fn counted(words: &str, cases: Option<&u64>) -> String {
    format!("{words} ({})", cases.copied().unwrap_or_default())
}

fn each(
    options: Vec<(String, String)>,
    counts: &BTreeMap<&'static str, u64>,
) -> impl Iterator<Item = (String, String)> {
    options.into_iter().map(|(name, words)| {
        let words = counted(&words, counts.get(name.as_str()));
        (name, words)
    })
}

fn options(none: &str, values: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), none.to_owned())).chain(values).collect()
}

fn chips(view: &View, around: &Around) -> Markup {
    let mut applied: Vec<(&str, String)> = Vec::new();
    if let Some(words) = &view.words {
        applied.push(("q", format!("Words: {words}")));
    }
    if let Some(document) = view.document {
        let title = around.documents.iter().find(|(id, _)| *id == document).map(|(_, title)| title.clone());
        applied.push(("document", format!("Page: {}", title.unwrap_or_else(|| document.to_string()))));
    }
    if let Some(filter) = view.assignee {
        let name = match filter {
            AssigneeFilter::Nobody => "nobody".to_owned(),
            AssigneeFilter::User(user) => {
                let person = around.assignees.iter().find(|one| one.id == user);
                person.map_or_else(|| user.to_string(), |one| one.name.clone())
            }
        };
        applied.push(("assignee", format!("Assignee: {name}")));
    }
    if let Some(state) = view.state {
        applied.push(("state", format!("State: {}", words::case_state(state))));
    }
    if let Some(kind) = view.kind {
        applied.push(("kind", format!("Kind: {}", words::report_kind(kind))));
    }
    if let Some(since) = &view.since {
        applied.push(("since", format!("Since {}", time::day(since))));
    }
    if let Some(until) = &view.until {
        applied.push(("until", format!("Until {}", time::day(until))));
    }
    if let Some(due) = view.due {
        applied.push(("due", format!("Due: {}", due.words().to_lowercase())));
    }
    if let Some(severity) = view.severity {
        applied.push(("severity", format!("Severity: {}", words::case_severity(severity).to_lowercase())));
    }
    if let Some(category) = view.category {
        applied.push(("category", format!("About: {}", words::case_category(category).to_lowercase())));
    }
    if let Some(label) = &view.label {
        applied.push(("label", format!("Label: {label}")));
    }
    if let Some(has) = view.contact {
        applied.push(("contact", if has { "With an address".to_owned() } else { "Without an address".to_owned() }));
    }
    if view.block.is_some() {
        let passage = around
            .glances
            .values()
            .filter(|glance| glance.block == view.block)
            .find_map(|glance| glance.passage.clone());
        applied.push(("block", format!("Passage: {}", passage.unwrap_or_else(|| "one block".to_owned()))));
    }
    list::chips(INBOX, &view.query(), &applied)
}

fn nothing(view: &View, counts: &Counts) -> Markup {
    if view.is_filtered() {
        return ui::empty("No case fits these filters.", ui::link_button(&view.tab.address(), "Clear filters"));
    }
    let open = ui::link_button(&Tab::Open.address(), "Look at the open cases");
    let others = match counts.open {
        0 => "None are open either.".to_owned(),
        1 => "1 is open.".to_owned(),
        open => format!("{open} are open."),
    };
    let sentence = match view.tab {
        Tab::New => format!("No new cases. {others} What visitors report comes in here first."),
        Tab::Mine => "You have no open cases. Those that are assigned to you stand here.".to_owned(),
        Tab::Open => "No case is open. What visitors report is taken up here, until it is answered or fixed.".to_owned(),
        Tab::Waiting => "No case is waiting. One that waits for somebody else comes back by itself at its time.".to_owned(),
        Tab::Regressed => "No fix has failed. A case stands here when somebody who saw the fix reports the same again.".to_owned(),
        Tab::Resolved => "No case has been resolved yet. Publishing a page that fixes one resolves it.".to_owned(),
        Tab::Dismissed => "No case has been dismissed. What needs no answer is kept here with the reason.".to_owned(),
        Tab::All => "Nobody has reported anything yet. What visitors send through the form on each page comes in here, so that nothing is lost.".to_owned(),
    };
    // Without anything to do here, the next thing is that visitors can report at all.
    let action = if counts.open == 0 { ui::link_button(connect::ADDRESS, "Put the form on your site") } else { open };
    ui::empty(&sentence, help::beside(action, &help::CASES))
}

fn cases(request: &PanelRequest, rows: &[Case], around: &Around, from: &str) -> Markup {
    let triages = request.may(Permission::FeedbackTriage);
    let table = html! {
        div.table {
            table.cards {
                caption.vh { "Cases, those with the newest report first" }
                thead { tr {
                    @if triages { td { span.vh { "Choose" } } }
                    th scope="col" { "Case" } th scope="col" { "State" } th scope="col" { "Reports" }
                    th scope="col" { "Newest" } th scope="col" { "Due" } th scope="col" { "Assignee" }
                } }
                tbody { @for case in rows { (row(request, case, around, from)) } }
            }
        }
    };
    html! {
        @if triages {
            form method="post" action="/admin/cases/bulk" {
                (field::hidden("from", from))
                (table)
                (bulk::bar())
            }
        } @else {
            (table)
        }
    }
}

/// The block that other open cases are about too, with how many they are in all.
fn beside(glance: &Glance) -> Option<(NodeId, u64)> {
    glance.block.filter(|_| glance.about > 1).map(|block| (block, glance.about))
}

fn row(request: &PanelRequest, case: &Case, around: &Around, from: &str) -> Markup {
    let glance = around.glances.get(&case.id);
    let page = glance.and_then(|glance| around.pages.get(&glance.page)).map(|page| page.title.clone());
    let page = page.or_else(|| case.document.title.clone()).unwrap_or_else(|| "A page that has been purged".to_owned());
    // A passage without a heading of its own bears the name of the page.
    let passage = glance.and_then(|glance| glance.passage.as_ref()).filter(|passage| **passage != page);
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        tr id={ "row-" (case.id) } {
            @if request.may(Permission::FeedbackTriage) {
                td {
                    input type="checkbox" name="case" value={ (case.id) ":" (case.version) } aria-label={ "Choose case " (case.number) ": " (case.title) };
                }
            }
            th scope="row" {
                a href=(address(case.id, from)) data-ahead { (case.title) }
                div.small.muted {
                    "#" (case.number) " · " (page)
                    @if let Some(passage) = passage { " · " (passage) }
                    @if let Some((block, about)) = glance.and_then(beside) {
                        " · " a href={ (INBOX) "?view=open&block=" (block) } { (about) " about this passage" }
                    }
                    @if let Some(glance) = glance { " · " (words::report_kind(glance.kind)) }
                    @if !case.labels.is_empty() { " · " (case.labels.iter().map(String::as_str).collect::<Vec<_>>().join(", ")) }
                }
            }
            td data-label="State" {
                span.badges {
                    @if around.samples.contains(case.id) { (Badge::sample()) }
                    (Badge::case(case.state))
                    @if case.regressed { (Badge::new(Look::Bad, "Fix failed")) }
                    @if let Some(badge) = classifying::badge(case.severity) { (badge) }
                    @if let Some(badge) = classifying::escalating(case) { (badge) }
                    @for flag in glance.iter().flat_map(|glance| &glance.flags) { (Badge::flag(*flag)) }
                }
            }
            td data-label="Reports" { (case.report_count) }
            td.nowrap data-label="Newest" { (time::when(zone, now, case.last_report_at)) }
            td.nowrap data-label="Due" { (classifying::due(case, zone, now)) }
            td data-label="Assignee" {
                @match &case.assignee { Some(person) => (person.name), None => { span.muted { "Nobody" } } }
            }
        }
    }
}
