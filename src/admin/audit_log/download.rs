//! The audit log as a file for spreadsheets.

use serde_json::Value;

use crate::{
    events::{self, Event},
    kernel::Permission,
    web::Answer,
};

use super::{
    super::{csv, request::PanelRequest},
    filters::Filters,
    names,
    sentences::Names,
};

/// The most events that a file holds.
const MOST: u64 = 10_000;
const HEADINGS: [&str; 9] = ["event", "time", "who", "as", "what", "kind", "about", "through", "recorded"];

pub async fn download(mut request: PanelRequest) -> Answer {
    request.ctx.authorise(Permission::AuditRead)?;
    let filters = Filters::read(&mut request)?;
    let found = {
        let snapshot = request.app.database.read().await?;
        events::list(&*snapshot, &filters.filter, true, MOST).await?
    };
    let names = names(&request, &found).await?;
    let mut text = csv::line(HEADINGS);
    for event in &found {
        text.push_str(&csv::line(cells(&request, event, &names).iter().map(String::as_str)));
    }
    Ok(csv::file("audit-log", text))
}

fn cells(request: &PanelRequest, event: &Event, names: &Names) -> [String; 9] {
    let told = names.told(event, &request.chrome.zone);
    [
        event.sequence.0.to_string(),
        event.at.to_string(),
        event.actor.name.clone(),
        event.actor.kind.clone(),
        told.text(),
        event.kind.name().to_owned(),
        format!("{} {}", event.subject.kind, event.subject.id),
        event.door.clone(),
        Value::Object(event.payload.clone()).to_string(),
    ]
}
