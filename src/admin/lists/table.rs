//! The table of a list.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::{
    content::{Listed, LiveState, Row},
    kernel::{DocumentId, Permission},
    site::Samples,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, Badge, badge::Look, time},
    },
    address,
    filters::Filters,
};

/// Open cases by document; `None` for those who may not see cases.
pub type Cases = Option<BTreeMap<DocumentId, i64>>;

/// A title, or what stands in its place.
pub fn title(one: &Listed) -> &str {
    if one.title.trim().is_empty() { "Untitled" } else { &one.title }
}

pub fn documents(request: &PanelRequest, filters: &Filters, rows: &[Row], cases: &Cases, samples: &Samples) -> Markup {
    let path = address(filters.kind);
    let present = filters.sort.name();
    let heading = |words, up, down| ui::list::sorted_heading(&path, &filters.text, words, present, up, down);
    let writes = request.may(Permission::ContentWrite);
    html! {
        div.table {
            table.cards {
                caption.vh { (super::area(filters.kind).words()) }
                thead { tr {
                    @if writes { th scope="col" { span.vh { "Select" } } }
                    (heading("Title", "title", "-title"))
                    th scope="col" { "State" }
                    th scope="col" { "Checks" }
                    @if cases.is_some() { th scope="col" { "Open cases" } }
                    th scope="col" { "Owner" }
                    (heading("Updated", "updated_at", "-updated_at"))
                    th scope="col" { "Actions" }
                } }
                tbody { @for row in rows { (document(request, row, cases, writes, samples.contains(row.listed.id))) } }
            }
        }
    }
}

fn document(request: &PanelRequest, row: &Row, cases: &Cases, writes: bool, sample: bool) -> Markup {
    let one = &row.listed;
    let own = format!("{}/{}", address(one.kind), one.id);
    let (zone, now) = (&request.chrome.zone, request.now());
    html! {
        tr id={ "row-" (one.id) } {
            @if writes {
                td { input type="checkbox" name="item" value={ (one.id) " " (one.version) } aria-label={ "Select " (title(one)) }; }
            }
            th scope="row" {
                a href=(own) { (title(one)) }
                div.muted.small { (one.path.as_deref().unwrap_or(one.slug.as_str())) }
            }
            td data-label="State" { div.badges { @if sample { (Badge::sample()) } @for badge in badges(row) { (badge) } } }
            td data-label="Checks" { (findings(row)) }
            @if let Some(cases) = cases {
                td data-label="Open cases" {
                    @match cases.get(&one.id) {
                        Some(number) => { a.tap href={ "/admin/cases?document=" (one.id) } { (number) span.vh { " about " (title(one)) } } }
                        None => { "0" }
                    }
                }
            }
            td data-label="Owner" { @if let Some(owner) = &row.owner { (owner.name) } @else { span.muted { "Nobody" } } }
            td.nowrap data-label="Updated" { (time::when(zone, now, one.updated_at)) }
            td { div.row {
                // A key means the row that has the focus.
                a href=(own) data-key="e" aria-keyshortcuts="E" { @if writes { "Edit" } @else { "Open" } span.vh { " " (title(one)) } }
                a href={ (own) "/history" } data-key="h" aria-keyshortcuts="H" { "History" span.vh { " of " (title(one)) } }
                @if writes {
                    a href={ (address(one.kind)) "/new?like=" (one.id) } { "Copy" span.vh { " " (title(one)) } }
                }
            } }
        }
    }
}

/// Both lines, as far as they say something, and what happens by itself.
pub fn badges(row: &Row) -> Vec<Badge> {
    let draft = Badge::draft(row.listed.draft_state);
    let live = Badge::live(row.listed.live_state);
    // What was never published and has a draft is simply a draft.
    let shown = (draft.is_none() || row.listed.live_state != LiveState::Never).then_some(live);
    let scheduled = row.schedule.as_ref().map(|schedule| {
        let words = if schedule.action == "publish" { "Publishing scheduled" } else { "Unpublishing scheduled" };
        Badge::new(Look::Planned, words)
    });
    let look_back = row.retrospective.then(|| Badge::new(Look::Warning, "Needs a look back"));
    [shown, draft, scheduled, look_back].into_iter().flatten().collect()
}

fn findings(row: &Row) -> Markup {
    html! {
        @if row.must_fix == 0 && row.look_at == 0 { span.muted { "Nothing found" } }
        div.badges {
            @if row.must_fix > 0 { (Badge::new(Look::Bad, format!("{} must fix", row.must_fix))) }
            @if row.look_at > 0 { (Badge::new(Look::Warning, format!("{} to look at", row.look_at))) }
        }
    }
}
