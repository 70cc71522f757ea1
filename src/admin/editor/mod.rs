//! The editor of both kinds, as one form. Its first button saves; every other button saves too, does its own work on what
//! was typed, and comes back to the place. What can't be saved is shown again with everything typed.
//!
//! Decision (2026-11-22): each operation is a save of its own. Context: without a script nothing but the server can move a
//! section, and what was typed beside it must not be lost meanwhile. Consequence: histories have many small versions;
//! every one can be restored, which is how a removal is undone.

mod autosave;
mod beside;
mod body;
mod choose;
mod conflict;
mod lines;
mod moving;
mod names;
mod operations;
mod page;
mod parts;
mod presence;
mod received;
mod requirement_section;
mod role_page;
mod sections;
mod sheet;
mod split;
mod tree;
mod words;

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    content::{self, Document, Draft, Kind, Reconciliation, Side, Start},
    kernel::{DocumentId, Error, Fault, Result, VersionNumber},
    web::{Answer, see_other, session::Tone},
};

use super::{
    request::PanelRequest,
    ui::{field, shell::Area},
};
use beside::Wish;
use operations::{Done, Operation};
use received::Received;

pub use choose::{choose, chosen};
pub use lines::{lines, show_lines};
pub use moving::{move_thing, show_move};
pub use presence::{be_present, presence};
pub use split::{show_split, split};

/// How often a save is merged again when others keep saving.
const ROUNDS: usize = 3;

/// The document that an address names.
pub struct Address {
    pub kind: Kind,
    pub id: DocumentId,
}

impl Address {
    pub fn of(request: &PanelRequest) -> Result<Self> {
        let kind = Kind::of_collection(request.parameter("collection"));
        let kind = kind.ok_or_else(|| Error::not_found("such address"))?;
        Ok(Self { kind, id: request.id("id")? })
    }

    pub fn area(&self) -> Area {
        match self.kind {
            Kind::RolePage => Area::RolePages,
            Kind::RequirementSection => Area::RequirementSections,
        }
    }

    /// Where the editor is.
    pub fn path(&self) -> String {
        format!("/admin/{}/{}", self.kind.collection(), self.id)
    }
}

/// The editor as it stands.
pub async fn show(mut request: PanelRequest) -> Answer {
    let case = Wish::read(request.query.text("case").as_deref())?;
    request.end_of_query()?;
    let address = Address::of(&request)?;
    if !request.may(crate::kernel::Permission::ContentWrite) {
        // Who may read and not write gets the page as readers see it, and no buttons that do nothing.
        return see_other(&format!("{}/preview", address.path()));
    }
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    presence::note_opened(&request, &address).await;
    let body = body_of(&document);
    Ok(page::show(&request, &address, &document, &body, &[], case, StatusCode::OK).await?)
}

/// What the form of a document holds before anybody typed.
fn body_of(document: &Document) -> Value {
    serde_json::json!({
        "slug": document.standing.slug,
        "parent": document.standing.parent,
        "language": document.standing.language,
        "content": document.content,
    })
}

/// What a save came to.
enum Saved {
    /// It is saved; whose changes came in with it.
    Done {
        document: Box<Document>,
        merged: Option<Reconciliation>,
    },
    Refused(Vec<Fault>),
    /// What two people changed differently.
    Conflicting(Reconciliation),
}

/// Saves what was typed, after doing what the button says.
pub async fn save(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let address = Address::of(&request)?;
    request.ctx.authorise(crate::kernel::Permission::ContentWrite)?;
    if autosave::is_wanted(&request) {
        return autosave::save(&request, &address).await;
    }
    let (mut typed, received) = Typed::read(&request, &address).await?;
    let case = Wish::read(Some(request.form.value("case")))?;
    let damaged = received.set_aside(&request, &address, &typed.body).await?;
    if !damaged.is_empty() {
        let document = content::document(&request.ctx, address.kind, address.id).await?;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page::show(&request, &address, &document, &typed.body, &damaged, case, status).await?);
    }
    let lacking = received.told(&typed.body);
    let pressed = request.form.value("op").to_owned();
    let leading = Leading::of(&pressed);
    let mut done = Done::default();
    if !pressed.is_empty() && pressed != "save" && leading.is_none() {
        let operation = Operation::read(&pressed).ok_or_else(unknown_button)?;
        let text = |name: &str| request.form.value(name).to_owned();
        done = operation.carry_out(&mut typed.body, &text, &|| request.ctx.new_id())?;
    }
    let (seen, body) = (typed.start.version, &typed.body);
    match store(&request, &address, &typed).await? {
        Saved::Refused(faults) => {
            let document = content::document(&request.ctx, address.kind, address.id).await?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page::show(&request, &address, &document, body, &faults, case, status).await?)
        }
        Saved::Conflicting(reconciliation) => {
            Ok(conflict::page(&request, &address, body, seen, &reconciliation).await?)
        }
        Saved::Done { document, merged } => {
            content::note_saved(&request.ctx, address.id).await?;
            request.app.presence.notify_waiters();
            match leading {
                Some(Leading::Mend) => {
                    mend(&request, &address, &document, merged.as_ref()).await?;
                    return see_other(&format!("{}{}#checks-heading", address.path(), case.query()));
                }
                Some(Leading::PutAway) => {
                    announce(&request, &address, typed.start.heard, &document, merged.as_ref(), &done).await?;
                    return see_other(&format!("{}{}", address.path(), Wish::Nothing.query()));
                }
                Some(Leading::Ignore(mark)) => {
                    return ignore(&request, &address, typed.start.heard, &document, merged.as_ref(), mark).await;
                }
                _ => {}
            }
            done.said = format!("{lacking} {}", done.said).trim().to_owned();
            announce(&request, &address, typed.start.heard, &document, merged.as_ref(), &done).await?;
            match leading {
                Some(Leading::Choose(place)) => return choose::begin(&address, place),
                Some(Leading::Paste(place)) => return lines::begin(&address, place),
                Some(Leading::Split(place)) => return split::begin(&address, place),
                Some(Leading::Move(place)) => return moving::begin(&address, place),
                Some(Leading::Mend | Leading::PutAway | Leading::Ignore(_)) | None => {}
            }
            let anchor = if done.place.is_empty() { String::new() } else { format!("#{}", anchor(body, &done.place)) };
            see_other(&format!("{}{}{anchor}", address.path(), case.query()))
        }
    }
}

/// A button that saves and then does something that is no part of the text: it leads to a page of its own for a place, puts
/// characters right, or notes that a finding was looked at.
enum Leading<'a> {
    Mend,
    /// Takes the case away that stands beside the text.
    PutAway,
    Ignore(&'a str),
    Choose(&'a str),
    Paste(&'a str),
    Split(&'a str),
    Move(&'a str),
}

impl<'a> Leading<'a> {
    fn of(pressed: &'a str) -> Option<Self> {
        match pressed {
            "mend" => return Some(Self::Mend),
            "put-away" => return Some(Self::PutAway),
            _ => {}
        }
        match pressed.split_once(':')? {
            ("ignore", mark) => Some(Self::Ignore(mark)),
            ("choose", place) => Some(Self::Choose(place)),
            ("paste", place) => Some(Self::Paste(place)),
            ("split-off", place) => Some(Self::Split(place)),
            ("place", place) => Some(Self::Move(place)),
            _ => None,
        }
    }
}

/// What a post holds and what it started from.
struct Typed {
    start: Start,
    /// Slug, parent, language, note and content.
    body: Value,
    /// What stood there before, of a post that says so.
    before: Option<Value>,
    /// A page sent it by itself.
    autosaved: bool,
}

/// Marks what stood in a field before somebody typed there.
const BEFORE: &str = "was:";

impl Typed {
    /// All of a document, on a version of it.
    fn whole(version: VersionNumber, body: Value) -> Self {
        Self { start: Start::from(version), body, before: None, autosaved: false }
    }

    /// Reads a post of all fields, or of those alone that have changed (`partial`). With them may come what stood in a
    /// field before, if that is not what the version holds: an open page saves by itself, and others save meanwhile.
    async fn read(request: &PanelRequest, address: &Address) -> Result<(Self, Received)> {
        let autosaved = autosave::is_wanted(request);
        let partial = autosaved || request.form.value("partial") == "true";
        let version = version_of(request, "version")?;
        let chosen_at = match request.form.value("their_version") {
            "" => None,
            _ => Some(version_of(request, "their_version")?),
        };
        let heard = if request.form.has("heard") { version_of(request, "heard")? } else { version };
        let named = |(name, value): &(String, String)| Some((name.strip_prefix(BEFORE)?.to_owned(), value.clone()));
        let before: Vec<(String, String)> = request.form.values.iter().filter_map(named).collect();
        let before = received::read(&before).values;
        let received = received::read(&request.form.values);
        if !partial && before.is_empty() {
            let body = body::assemble(&received.values)?;
            let start = Start { version, heard, base: None, chosen_at };
            return Ok((Self { start, body, before: None, autosaved }, received));
        }
        let drawn = content::version(&request.ctx, address.kind, address.id, version).await?;
        let drawn = serde_json::json!({
            "slug": drawn.summary.slug,
            "parent": drawn.summary.parent,
            "language": drawn.summary.language,
            "content": drawn.content,
        });
        let mut started = drawn.clone();
        // What can't be read has never been saved: then the version itself is where this started.
        let base = match body::lay_over(&mut started, &before) {
            Ok(()) if !before.is_empty() => Draft::read(&request.ctx, address.kind, started.clone()).ok(),
            _ => None,
        };
        let body = if partial {
            let mut body = drawn;
            body::lay_over(&mut body, &received.values)?;
            body
        } else {
            body::assemble(&received.values)?
        };
        let start = Start { version, heard, base, chosen_at };
        Ok((Self { start, body, before: Some(started), autosaved }, received))
    }
}

/// Puts stray characters right in what was saved just now, as a version of its own, and says how many.
async fn mend(
    request: &PanelRequest,
    address: &Address,
    saved: &Document,
    merged: Option<&Reconciliation>,
) -> Result<()> {
    let before = saved.standing.version;
    let (document, count) = content::mend(&request.ctx, address.kind, address.id, before).await?;
    let said = match count {
        0 => "No stray characters were left to put right.".to_owned(),
        1 => "One stray character is put right.".to_owned(),
        count => format!("{count} stray characters are put right."),
    };
    let done = Done { said, undo: count > 0, ..Done::default() };
    announce(request, address, before, &document, merged, &done).await
}

/// Notes that a finding has been looked at, in what was saved just now, and goes back to its place.
async fn ignore(
    request: &PanelRequest,
    address: &Address,
    seen: VersionNumber,
    saved: &Document,
    merged: Option<&Reconciliation>,
    mark: &str,
) -> Answer {
    let version = saved.standing.version;
    let reason = request.form.value(&format!("why:{mark}")).trim();
    let reason = (!reason.is_empty()).then(|| reason.to_owned());
    let place = saved.checks.iter().find(|check| check.mark.as_deref() == Some(mark)).map(content::Check::place);
    let looked = vec![content::Looked { mark: mark.to_owned(), reason }];
    let said = match content::look_at(&request.ctx, address.kind, address.id, version, looked).await {
        Ok(_) => "It is marked as looked at, until the text changes.".to_owned(),
        Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.detail).collect::<Vec<_>>().join(" "),
        Err(other) => return Err(other.into()),
    };
    if version == seen {
        request.say(Tone::Done, said, None).await?;
    } else {
        announce(request, address, seen, saved, merged, &Done { said, ..Done::default() }).await?;
    }
    let place = place.map(|place| format!("#{}", field::anchor(&place))).unwrap_or_default();
    see_other(&format!("{}{place}", address.path()))
}

fn version_of(request: &PanelRequest, name: &str) -> Result<VersionNumber> {
    let number = request.form.value(name).parse().map(VersionNumber);
    number.map_err(|_| Error::PreconditionRequired)
}

fn unknown_button() -> Error {
    Error::Malformed(vec![Fault::new("op", "unknown-operation", "The form has no such button.")])
}

/// The id that a page gives to a place.
fn anchor(body: &Value, pointer: &str) -> String {
    let id = body.pointer(pointer).and_then(|value| value.get("id")).and_then(Value::as_str);
    id.map_or_else(|| field::anchor(pointer), str::to_owned)
}

/// Saves what was typed; what others saved meanwhile is merged.
async fn store(request: &PanelRequest, address: &Address, typed: &Typed) -> Result<Saved> {
    let ctx = &request.ctx;
    let draft = match Draft::read(ctx, address.kind, typed.body.clone()) {
        Ok(draft) => draft,
        Err(Error::Invalid(faults)) => return Ok(Saved::Refused(faults)),
        Err(other) => return Err(other),
    };
    let save = async |version, draft| match typed.autosaved {
        true => content::autosave(ctx, address.kind, address.id, version, draft).await,
        false => content::save(ctx, address.kind, address.id, version, draft).await,
    };
    let mut outcome = match typed.start.base {
        // It started from something that is no version, so it has to be merged in any case.
        Some(_) => Err(Error::Stale(Box::default())),
        None => save(typed.start.version, draft.clone()).await,
    };
    let mut merged = None;
    for _ in 0..ROUNDS {
        let stale = matches!(&outcome, Err(Error::Stale(_)));
        if !stale {
            break;
        }
        let choices = choices(request);
        let reconciliation = content::reconcile(ctx, address.kind, address.id, &typed.start, &draft, &choices).await?;
        let Some(value) = reconciliation.merged.clone() else {
            return Ok(Saved::Conflicting(reconciliation));
        };
        let both = Draft { note: draft.note.clone(), ..Draft::read(ctx, address.kind, value)? };
        outcome = save(reconciliation.version, both).await;
        merged = Some(reconciliation).filter(|one| !one.savers.is_empty());
    }
    match outcome {
        Ok(document) => Ok(Saved::Done { document: Box::new(document), merged }),
        Err(Error::Invalid(faults)) => Ok(Saved::Refused(faults)),
        Err(Error::Conflict { detail, code, faults }) if faults.is_empty() => {
            Ok(Saved::Refused(vec![Fault::new("", code, detail)]))
        }
        Err(Error::Conflict { faults, .. }) => Ok(Saved::Refused(faults)),
        Err(other) => Err(other),
    }
}

/// What a person chose where both had changed the same.
fn choices(request: &PanelRequest) -> Vec<(String, Side)> {
    let named = request
        .form
        .values
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("choice:")?.to_owned(), Side::from_name(value)?)));
    named.collect()
}

/// Says what was saved, whose changes came in, and how to undo a removal.
async fn announce(
    request: &PanelRequest,
    address: &Address,
    seen: VersionNumber,
    document: &Document,
    merged: Option<&Reconciliation>,
    done: &Done,
) -> Result<()> {
    let version = document.standing.version;
    let mut said = match (done.said.is_empty(), version == seen) {
        (true, true) if request.form.has("heard") => format!("Everything is saved, as version {version}."),
        (true, true) => "Nothing had changed.".to_owned(),
        (true, false) => format!("Saved as version {version}."),
        (false, _) => format!("{} Saved as version {version}.", done.said),
    };
    if let Some(merged) = merged {
        let names: Vec<&str> = merged.savers.iter().map(|person| person.name.as_str()).collect();
        let names = names.join(" and ");
        let changes = merged.theirs.summary().join("; ");
        said = format!("{said} {names} had saved meanwhile; those changes are in it as well: {changes}.");
    }
    let undo = done.undo.then(|| undo(address, seen, version));
    request.say(Tone::Done, said, undo).await
}

/// The way back to the version before something was done, as long as nobody has saved since.
fn undo(address: &Address, before: VersionNumber, after: VersionNumber) -> (String, String) {
    (format!("{}/restore?version={before}&since={after}", address.path()), "Undo…".to_owned())
}
