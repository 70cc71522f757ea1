//! Saving by itself: what an open editor sends while somebody types. Only what changed travels, with what stood there
//! before; the answer tells what came of it and holds no value of a field, so that nothing is laid over what is typed.
//!
//! Decision (2026-11-22): fields are named by their places in the version that the page was drawn from, and each comes with
//! what the page last knew to be saved of it. Context: while others save, places shift and texts change, and the page can't
//! be drawn again under the hands of who types. Consequence: what a save started from is put together from both, the
//! merge does the rest, and a page that knows only old places or was held up on its way overwrites nothing unseen.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use crate::{
    content::{self, Claim, Document, Draft, OpenPage, Reconciliation},
    kernel::{Error, Fault, Result, VersionNumber},
    web::Answer,
};

use super::{
    super::{
        request::PanelRequest,
        ui::{self, field, shell, time},
    },
    Address, Saved, Typed, body, conflict, page, store,
};

/// How a script says that it saves by itself.
const FRAGMENT: &str = "autosave";
/// The longest id of a place in a page.
const PLACE_LIMIT: usize = 100;

/// Whether a page sent this by itself.
pub fn is_wanted(request: &PanelRequest) -> bool {
    request.headers.get(shell::FRAGMENT).is_some_and(|value| value == FRAGMENT)
}

/// Saves the fields that have changed.
pub async fn save(request: &PanelRequest, address: &Address) -> Answer {
    let (page, sequence) = counted(request)?;
    let (mut typed, received) = Typed::read(request, address).await?;
    let open = OpenPage { page, document: address.id, place: place(request.form.value("place")) };
    let Some(claim) = content::claim_save(&request.ctx, &open, sequence).await? else {
        let document = content::document(&request.ctx, address.kind, address.id).await?;
        return Ok(saved(request, address, &document, None, true).await?);
    };
    let damaged = received.set_aside(request, address, &typed.body).await?;
    if !damaged.is_empty() {
        return Ok(refused(request, address, &damaged));
    }
    let behind = typed.take_in(request, address, claim)?;
    match store(request, address, &typed).await? {
        Saved::Done { document, merged } => {
            request.app.ring();
            let fields = received.values.iter().filter(|(name, _)| name.starts_with('/')).cloned().collect();
            let sent = Sent { version: typed.start.version, fields };
            let sent = serde_json::to_string(&sent).map_err(Error::from)?;
            content::note_page_saved(&request.ctx, &open, document.standing.version, sent).await?;
            let others = behind || merged.is_some();
            Ok(saved(request, address, &document, merged.as_ref(), others).await?)
        }
        Saved::Refused(faults) => Ok(refused(request, address, &faults)),
        Saved::Conflicting(reconciliation) => Ok(conflicting(request, address, &typed, &reconciliation)),
    }
}

/// What a page sent with a save, as it is kept until the next; rich text as Markdown.
#[derive(Serialize, Deserialize)]
struct Sent {
    version: VersionNumber,
    fields: Vec<(String, String)>,
}

impl Typed {
    /// The page may not have heard what became of its last save. What that one brought is where this one starts: nobody is
    /// in conflict with themselves because an answer was lost on its way.
    /// Answers whether there was anything that the page had not heard of.
    fn take_in(&mut self, request: &PanelRequest, address: &Address, claim: Claim) -> Result<bool> {
        let Some((version, sent)) = claim.last.filter(|(version, _)| *version > self.start.heard) else {
            return Ok(false);
        };
        let sent: Sent = serde_json::from_str(&sent)?;
        let Some(before) = self.before.as_mut().filter(|_| sent.version == self.start.version) else { return Ok(true) };
        if body::lay_over(before, &sent.fields).is_ok()
            && let Ok(base) = Draft::read(&request.ctx, address.kind, before.clone())
        {
            self.start.base = Some(base);
            self.start.heard = version;
        }
        Ok(true)
    }
}

/// The page that sent this, and how many saves it has sent.
fn counted(request: &PanelRequest) -> Result<(uuid::Uuid, i64)> {
    let page = request.form.value("page").parse().ok();
    let sequence = request.form.value("sequence").parse().ok().filter(|sequence| *sequence > 0);
    page.zip(sequence).ok_or_else(|| {
        let detail = "A page that saves by itself names itself and counts what it sends.";
        Error::Malformed(vec![Fault::new("page", "missing-field", detail)])
    })
}

/// In which part of the document the person is: an id in the page.
pub fn place(place: &str) -> Option<String> {
    let is_id = (1..=PLACE_LIMIT).contains(&place.len()) && place.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| place.to_owned())
}

async fn saved(
    request: &PanelRequest,
    address: &Address,
    document: &Document,
    merged: Option<&Reconciliation>,
    others: bool,
) -> Result<Response> {
    let when = time::of_day(&request.chrome.zone, request.now());
    let said = html! {
        "Saved " (when)
        @if let Some(merged) = merged { ". " (news_of(merged)) }
    };
    let news = page::news(request, address, document).await?;
    let version = document.standing.version.to_string();
    Ok(answer(request, address, StatusCode::OK, Some(&version), others, said, news))
}

/// Whose changes came in, and which.
fn news_of(merged: &Reconciliation) -> String {
    let names: Vec<&str> = merged.savers.iter().map(|person| person.name.as_str()).collect();
    let changes = merged.theirs.summary().join("; ");
    if changes.is_empty() {
        format!("{} had saved, too.", names.join(" and "))
    } else {
        format!("{}: {changes}.", names.join(" and "))
    }
}

fn refused(request: &PanelRequest, address: &Address, faults: &[Fault]) -> Response {
    let count = u64::try_from(faults.len()).unwrap_or_default();
    let said = html! { "Not saved: " (ui::count(count, "thing", "things")) " to mend." };
    let notes = html! {
        @for fault in faults {
            p.fault data-at=(field::anchor(&fault.pointer)) data-pointer=(fault.pointer) { span.vh { "Error: " } (fault.detail) }
        }
    };
    answer(request, address, StatusCode::UNPROCESSABLE_ENTITY, None, false, said, notes)
}

fn conflicting(request: &PanelRequest, address: &Address, typed: &Typed, reconciliation: &Reconciliation) -> Response {
    let count = u64::try_from(reconciliation.conflicts.len()).unwrap_or_default();
    let said = html! { "Not saved: " (ui::count(count, "part was", "parts were")) " changed by two people. Choose what stays." };
    let notes = html! {
        @for conflict in &reconciliation.conflicts { (conflict::note(request, &typed.body, conflict, reconciliation)) }
    };
    answer(request, address, StatusCode::CONFLICT, None, false, said, notes)
}

/// What the script reads: the status, and parts that it puts into their places.
fn answer(
    request: &PanelRequest,
    address: &Address,
    status: StatusCode,
    version: Option<&str>,
    others: bool,
    said: Markup,
    parts: Markup,
) -> Response {
    let main = html! {
        p.small #save-status role="status" data-version=[version] data-others[others] { (said) }
        (parts)
    };
    request.page_with(status, address.area(), "Saved by itself", main)
}
