//! The audit log: who did what, and when, in plain sentences. It is read here and never changed.

mod download;
mod filters;
mod sentences;

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde_json::Value;

use crate::{
    accounts::users,
    content,
    events::{self, Event},
    feedback,
    kernel::{Permission, Result},
    web::Answer,
};

use super::{
    request::PanelRequest,
    ui::{self, list, shell::Area, time},
};

pub use download::download;
use filters::Filters;
use sentences::{Names, Told};

const LOG: &str = "/admin/audit-log";
const TITLE: &str = "Audit log";
/// Events on a page.
const ROWS: u64 = 50;

pub async fn show(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::AuditRead)?;
    let filters = Filters::read(&mut request)?;
    let (mut found, total) = {
        let snapshot = request.app.database.read().await?;
        let found = events::list(&*snapshot, &filters.filter, true, ROWS + 1).await?;
        (found, events::count(&*snapshot, &filters.filter).await?)
    };
    let more = found.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| last.sequence.0.to_string());
    let names = names(&request, &found).await?;
    let saved = list::address("/admin/audit-log/download", &request.query_text, &[("cursor", None)]);
    let main = html! {
        div.main.stack {
            (ui::head(TITLE, html! { (ui::link_button(&saved, "Download as CSV")) }))
            p.reading { "Everything that was done, newest first, by people, programs and Rolebook itself. Nobody can change it or take anything out. The file holds what the filters let through, 10,000 events at most." }
            (filters.form(&request, &names))
            (filters.chips(&request, &names))
            @if found.is_empty() {
                (ui::empty("No event fits.", ui::link_button(LOG, "Show all events")))
            } @else {
                p.small role="status" { (ui::count(total, "event", "events")) }
                (table(&request, &found, &names))
                (list::pages(LOG, &request.query_text, found.len(), total, next.as_deref()))
            }
        }
    };
    Ok(request.page(Area::Administration, TITLE, main))
}

/// Each event as a sentence with who and what, for other screens of those who may read the log.
pub async fn in_sentences(request: &PanelRequest, found: &[Event]) -> Result<Vec<Markup>> {
    let names = names(request, found).await?;
    let zone = &request.chrome.zone;
    let sentence = |event: &Event| {
        let told = names.told(event, zone);
        html! { (told.who) " " (sentence(&told)) }
    };
    Ok(found.iter().map(sentence).collect())
}

fn table(request: &PanelRequest, found: &[Event], names: &Names) -> Markup {
    let zone = &request.chrome.zone;
    html! {
        div.table {
            table.cards {
                caption.vh { "Events, newest first" }
                thead {
                    tr {
                        th scope="col" { "When" }
                        th scope="col" { "Who" }
                        th scope="col" { "What" }
                        th scope="col" { "Recorded with it" }
                    }
                }
                tbody {
                    @for event in found {
                        @let told = names.told(event, zone);
                        tr {
                            td.nowrap data-label="When" { time datetime=(event.at.to_string()) title=(time::in_full(zone, event.at)) { (zone.to_the_second(event.at)) } }
                            th scope="row" data-label="Who" { (told.who) }
                            td data-label="What" { (sentence(&told)) }
                            td { (recorded(event)) }
                        }
                    }
                }
            }
        }
    }
}

fn sentence(told: &Told) -> Markup {
    html! {
        (told.did)
        @if !told.object.is_empty() {
            " "
            @match &told.address {
                Some(address) => { a href=(address) { (told.object) } }
                None => { (told.object) }
            }
        }
        (told.rest)
    }
}

/// What the event carries, as it stands in the log.
fn recorded(event: &Event) -> Markup {
    html! {
        details {
            summary { "Details" span.vh { " of event " (event.sequence.0) } }
            dl.facts {
                dt { "Event" } dd { (event.sequence.0) ", " code { (event.kind.name()) } }
                dt { "Through" } dd { code { (event.door) } }
                dt { "About" } dd { (event.subject.kind) " " code { (event.subject.id) } }
                @for (key, value) in &event.payload { dt { (key.replace('_', " ")) } dd { (plain(value)) } }
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The names of everything that these events are about, asked for together.
async fn names(request: &PanelRequest, found: &[Event]) -> Result<Names> {
    let mut names = Names::default();
    if request.may(Permission::UsersManage) {
        let people = users::list(&request.ctx).await?;
        names.people = people.into_iter().map(|user| (user.id.to_string(), user.name)).collect();
    }
    if request.may(Permission::ContentRead) {
        let ids: BTreeSet<_> = found.iter().filter_map(|event| event.document).collect();
        names.documents = content::kinds_and_titles(&request.ctx, &ids).await?;
    }
    if request.may(Permission::FeedbackRead) {
        let cases = found.iter().filter(|event| event.subject.kind == "case");
        let ids = cases.filter_map(|event| event.subject.id.parse().ok()).collect();
        let numbers = feedback::numbers_of(&request.ctx, &ids).await?;
        names.cases = numbers.into_iter().map(|(id, number)| (id.to_string(), number)).collect::<BTreeMap<_, _>>();
        let reports = found.iter().filter(|event| event.subject.kind == "report");
        let ids = reports.filter_map(|event| event.subject.id.parse().ok()).collect();
        let there = feedback::reports_there(&request.ctx, &ids).await?;
        names.reports = there.into_iter().map(|id| id.to_string()).collect();
    }
    Ok(names)
}
