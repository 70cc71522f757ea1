//! Lists of documents of both kinds: the list with its filters, the trash, what is done with many rows, and how a new
//! document begins. A filter is a parameter of the address, so that a list can be sent to somebody as it is.

mod bulk;
mod filters;
mod new;
mod table;

use maud::{Markup, html};

use crate::{
    content::{self, Kind, Narrowing, Page, Row},
    feedback,
    kernel::{Error, Permission, Result},
    site::Samples,
    web::{Answer, Cursor},
};

use super::{
    help,
    request::PanelRequest,
    ui::{
        self, Badge,
        shell::Area,
        time::{self, Zone},
    },
    views::{self, Views},
};

use filters::{Choices, Filters};

pub use bulk::{choose, confirm, why};
pub use new::{create, first, start};
pub use table::{badges, title};

/// The kind that the collection in the address holds.
fn kind(request: &PanelRequest) -> Result<Kind> {
    Kind::of_collection(request.parameter("collection")).ok_or_else(|| Error::not_found("such address"))
}

pub fn area(kind: Kind) -> Area {
    match kind {
        Kind::RolePage => Area::RolePages,
        Kind::RequirementSection => Area::RequirementSections,
    }
}

/// "1 role page", "2 role pages".
pub fn counted(number: u64, kind: Kind) -> String {
    match kind {
        Kind::RolePage => ui::count(number, "role page", "role pages"),
        Kind::RequirementSection => ui::count(number, "requirement section", "requirement sections"),
    }
}

fn address(kind: Kind) -> String {
    format!("/admin/{}", kind.collection())
}

/// Today, in the zone of the site.
pub fn date(zone: &Zone, request: &PanelRequest) -> String {
    zone.date(request.now())
}

/// Reads a query as the list of a kind would.
///
/// # Errors
/// [`Error::Malformed`] with everything that nobody offers.
pub fn check_query(query: &str, kind: Kind) -> Result<()> {
    Filters::of_text(query, kind).map(|_| ())
}

pub async fn show(mut request: PanelRequest) -> Answer {
    let kind = kind(&request)?;
    request.ctx.authorise(Permission::ContentRead)?;
    let filters = Filters::read(&mut request, kind)?;
    let page = content::rows(&request.ctx, &filters.listing(&request).await?).await?;
    let cases = open_cases(&request, &page.rows).await?;
    let samples = request.samples().await?;
    let choices = Choices::of(&request, &filters).await?;
    let views = Views::of(&request, views::list_of(kind), &filters.text).await?;
    let query = filters.text.as_str();
    let path = address(kind);
    let next = page.next.map(|(key, id)| Cursor { order: filters.sort.name().to_owned(), key, id }.encode());
    let main = html! {
        div.main {
            div.head {
                h1 data-announce { (area(kind).words()) " (" (page.total) ")" }
                @if request.may(Permission::ContentWrite) {
                    div.row {
                        a.button href="/admin/replace" { "Find and replace" }
                        a.button.primary href={ (path) "/new" } data-key="n" aria-keyshortcuts="N" { "New " (kind.words()) }
                    }
                }
            }
            (tabs(&request, &filters, &views))
            (views.beside(filters.is_narrow() || filters.sort != content::Sort::UpdatedDown))
            (filters.form(&choices))
            (ui::list::chips(&path, query, &filters.applied(&choices)))
            @if page.rows.is_empty() {
                (nothing(&request, &filters))
            } @else {
                form method="post" action={ (path) "/bulk" } {
                    (table::documents(&request, &filters, &page.rows, &cases, &samples))
                    (bulk::bar(&request, &filters, page.total))
                }
                (ui::list::pages(&path, query, page.rows.len(), page.total, next.as_deref()))
            }
        }
    };
    Ok(request.page(area(kind), area(kind).words(), main))
}

/// How many cases are open about each row, for those who may see cases.
async fn open_cases(request: &PanelRequest, rows: &[Row]) -> Result<table::Cases> {
    if !request.may(Permission::FeedbackRead) {
        return Ok(None);
    }
    let ids: Vec<_> = rows.iter().map(|row| row.listed.id).collect();
    feedback::count_open(&request.ctx, &ids).await.map(Some)
}

fn tabs(request: &PanelRequest, filters: &Filters, saved: &Views) -> Markup {
    let path = address(filters.kind);
    let me = request.ctx.actor.user.map(|user| user.to_string()).unwrap_or_default();
    let views = [
        ("All", String::new()),
        ("Mine", format!("owner={me}")),
        ("In review", "draft_state=in_review".to_owned()),
        ("Scheduled", "scheduled=true".to_owned()),
        ("Needs work", "needs_work=true".to_owned()),
        ("Withdrawn", "live_state=withdrawn".to_owned()),
        ("Unpublished", "live_state=unpublished".to_owned()),
    ];
    let present = filters.without_order();
    let mut tabs: Vec<(String, String, bool)> = views
        .into_iter()
        .map(|(words, query)| {
            let target = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
            (target, words.to_owned(), query == present && !saved.is_shown())
        })
        .collect();
    tabs.extend(saved.tabs());
    tabs.push((format!("{path}/trash"), "Trash".to_owned(), false));
    ui::tabs("Views", &tabs)
}

/// What stands where no rows are.
fn nothing(request: &PanelRequest, filters: &Filters) -> Markup {
    let path = address(filters.kind);
    if filters.without_order() == "scheduled=true" {
        let sentence = format!(
            "No {} is scheduled. Set a version to go live at a time of your choice, from its own page, and it stands here until then.",
            filters.kind.words()
        );
        let action = ui::link_button(&path, &format!("Show all {}", area(filters.kind).words().to_lowercase()));
        return ui::empty(&sentence, help::beside(action, &help::SCHEDULES));
    }
    if filters.is_narrow() {
        let sentence = format!("No {} fits all of the filters above.", filters.kind.words());
        return ui::empty(&sentence, ui::link_button(&path, "Clear filters"));
    }
    let sentence = match filters.kind {
        Kind::RolePage => {
            "There are no role pages yet. A role page says what a role, or a whole area of roles, is like and how to get in."
        }
        Kind::RequirementSection => {
            "There are no requirement sections yet. A section says what is asked of people, once for all pages that embed it."
        }
    };
    let action = html! {
        @if request.may(Permission::ContentWrite) {
            (ui::link_button(&format!("{path}/new"), &format!("New {}", filters.kind.words())))
        }
    };
    let topic = match filters.kind {
        Kind::RolePage => &help::ROLE_PAGES,
        Kind::RequirementSection => &help::REQUIREMENT_SECTIONS,
    };
    ui::empty(sentence, help::beside(action, topic))
}

pub async fn trash(mut request: PanelRequest) -> Answer {
    let kind = kind(&request)?;
    request.ctx.authorise(Permission::ContentRead)?;
    let filters = Filters::read_order(&mut request, kind)?;
    let listing =
        content::Listing { trashed: true, narrowing: Narrowing::default(), ..filters.listing(&request).await? };
    let page = content::rows(&request.ctx, &listing).await?;
    let samples = request.samples().await?;
    let path = format!("{}/trash", address(kind));
    let next = page
        .next
        .as_ref()
        .map(|(key, id)| Cursor { order: filters.sort.name().to_owned(), key: key.clone(), id: *id }.encode());
    let main = html! {
        div.main {
            (ui::crumbs(&[(address(kind), area(kind).words().to_owned()), (path.clone(), "Trash".to_owned())]))
            h1 { "Trash (" (page.total) ")" }
            @if page.rows.is_empty() {
                @let back = ui::link_button(&address(kind), &format!("Back to the {}", area(kind).words().to_lowercase()));
                (ui::empty("The trash is empty. What nobody needs any more can be put here, and taken out again as it was.", help::beside(back, &help::TRASH)))
            } @else {
                p { "Nothing here is public. Taken out, a document is as it was; deleted for good, only its events stay." }
                (trashed(&request, &filters, &path, &page, &samples))
                (ui::list::pages(&path, &filters.text, page.rows.len(), page.total, next.as_deref()))
            }
        }
    };
    Ok(request.page(area(kind), "Trash", main))
}

fn trashed(request: &PanelRequest, filters: &Filters, path: &str, page: &Page<Row>, samples: &Samples) -> Markup {
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        div.table {
            table.cards {
                caption.vh { "Documents in the trash" }
                thead { tr {
                    (ui::list::sorted_heading(path, &filters.text, "Title", filters.sort.name(), "title", "-title"))
                    th scope="col" { "In the trash since" }
                    th scope="col" { "Put there by" }
                    th scope="col" { "Actions" }
                } }
                tbody { @for row in &page.rows {
                    @let one = &row.listed;
                    @let own = format!("{}/{}", address(one.kind), one.id);
                    tr {
                        th scope="row" { (table::title(one)) @if samples.contains(one.id) { " " (Badge::sample()) } }
                        td data-label="In the trash since" { @if let Some(at) = one.trashed_at { (time::when(zone, now, at)) } }
                        td data-label="Put there by" { (one.updated_by.name) }
                        td { div.row {
                            @if request.may(Permission::ContentTrash) {
                                a href={ (own) "/untrash" } { "Take out" span.vh { " " (table::title(one)) } }
                            }
                            @if request.may(Permission::ContentPurge) {
                                a href={ (own) "/purge" } { "Delete for good…" span.vh { " " (table::title(one)) } }
                            }
                        } }
                    }
                } }
            }
        }
    }
}
