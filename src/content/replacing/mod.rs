//! Find and replace over many documents: where something stands in the versions that are shown, what putting something
//! else there would change, and the drafts in which it is done. Nothing becomes public here, and nothing is changed but
//! through the command that saves.
//!
//! Decision (2026-11-22), places by number. Context: people choose single places, and somebody may save meanwhile. Choice: a
//! place is named by its document, the version that was seen and its number in reading order, and a document that is at
//! another version is skipped. Consequence: what was looked at is what is changed, and nothing has to be kept between.
//!
//! Decision (2026-11-22), a draft is as far as it goes. A document that is replaced in by somebody whose draft waits for a
//! review goes back to being a draft, as after any save.

mod candidates;
mod places;
mod sought;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, Permission, Result, Stale, VersionNumber};

use super::{
    compare::{self, Comparison},
    documents::{self, Draft},
    kinds::{Content, Kind},
    lifecycle::DraftState,
    queries::{self, Document},
};

use candidates::{candidates, shown_versions};
use places::{Place, places, replaced};

pub use sought::{REPLACEMENT_LIMIT, Replacement, SOUGHT_LIMIT, Sought, Words};

/// Documents on a page of what was found.
const DOCUMENTS: usize = 25;
/// Places on a page of what was found.
const PLACES: usize = 400;
/// Contents that are read for one page.
const LOOKED_AT: usize = 500;
/// Contents that are read at once.
const READ_AT_ONCE: usize = 25;

/// A page of what was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// By title.
    pub documents: Vec<Holding>,
    /// How many documents may hold it in all.
    pub candidates: usize,
    /// How many of them have been looked at, this page and those before.
    pub looked_at: usize,
    /// How many were looked at and which was the last, if there are more.
    pub next: Option<(usize, Uuid)>,
}

/// A document that holds what is sought, in the version that is shown.
#[derive(Clone, Debug)]
pub struct Holding {
    pub kind: Kind,
    pub id: DocumentId,
    pub title: String,
    pub version: VersionNumber,
    pub live: bool,
    pub places: Vec<Numbered>,
    /// How many places there are beyond those that are told.
    pub more: usize,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub number: usize,
    pub pointer: String,
    /// What the field is called.
    pub label: String,
    pub before: String,
    pub found: String,
    pub after: String,
    /// Why nothing can be put there, in a sentence.
    pub refusal: Option<String>,
}

/// Which places of a document are to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenPlaces {
    pub id: DocumentId,
    pub seen: VersionNumber,
    pub numbers: BTreeSet<usize>,
}

/// What replacing would change in one document.
#[derive(Clone, Debug)]
pub struct Prospective {
    pub kind: Kind,
    pub id: DocumentId,
    pub title: String,
    pub seen: VersionNumber,
    /// Where its draft stands, which a save leads back.
    pub draft_state: DraftState,
    pub comparison: Comparison,
    /// Why it would be skipped, in a sentence.
    pub refusal: Option<String>,
}

/// Where something stands, a page at a time; `after` is where the page before ended.
///
/// # Errors
/// [`Error::Invalid`] for what can't be sought.
pub async fn find_places(
    ctx: &Ctx,
    sought: &Sought,
    replacement: Option<&Replacement>,
    after: Option<(usize, Uuid)>,
) -> Result<Found> {
    ctx.authorise(Permission::ContentWrite)?;
    sought.accept()?;
    let snapshot = ctx.database.read().await?;
    let all = candidates(&*snapshot, sought).await?;
    let begin = match after {
        None => 0,
        // The last one may hold it no more: then the others have moved up by one.
        Some((number, id)) => match all.iter().position(|one| one.id().0 == id) {
            Some(position) => position + 1,
            None => number.saturating_sub(1).min(all.len()),
        },
    };
    let mut found = Found { candidates: all.len(), looked_at: begin, ..Found::default() };
    let mut told = 0;
    let mut read = BTreeMap::new();
    for one in all.iter().skip(begin) {
        if found.documents.len() >= DOCUMENTS || told >= PLACES || found.looked_at - begin >= LOOKED_AT {
            let last = all.get(found.looked_at.saturating_sub(1));
            found.next = last.map(|last| (found.looked_at, last.id().0));
            break;
        }
        if !read.contains_key(&one.id().0) {
            let next = all.get(found.looked_at..).unwrap_or_default();
            read = shown_versions(&*snapshot, next.get(..READ_AT_ONCE).unwrap_or(next)).await?;
        }
        found.looked_at += 1;
        let Some(stored) = read.remove(&one.id().0) else { continue };
        let content = Content::from_stored(one.kind()?, stored.format, &stored.content)?;
        let all_places = places(one.id(), &content, sought, replacement);
        if all_places.is_empty() {
            continue;
        }
        let room = PLACES.saturating_sub(told);
        let more = all_places.len().saturating_sub(room);
        let numbered = numbered(&content, all_places.into_iter().take(room))?;
        told += numbered.len();
        found.documents.push(Holding {
            kind: content.kind(),
            id: one.id(),
            title: stored.title,
            version: one.shown(),
            live: one.is_public(),
            places: numbered,
            more,
        });
    }
    Ok(found)
}

fn numbered(content: &Content, places: impl Iterator<Item = Place>) -> Result<Vec<Numbered>> {
    let value = content.to_value()?;
    let told = places.enumerate().map(|(number, place)| Numbered {
        number,
        label: compare::label_at(&value, &place.pointer),
        pointer: place.pointer,
        before: place.before,
        found: place.found,
        after: place.after,
        refusal: place.refusal,
    });
    Ok(told.collect())
}

/// What replacing would change in a document. It changes nothing; `None` if the document is not there.
pub async fn prospective(
    ctx: &Ctx,
    sought: &Sought,
    replacement: &Replacement,
    chosen: &ChosenPlaces,
) -> Result<Option<Prospective>> {
    ctx.authorise(Permission::ContentWrite)?;
    accept(sought, replacement)?;
    let Some(kind) = queries::kind_of(ctx, chosen.id).await? else { return Ok(None) };
    let present = queries::document(ctx, kind, chosen.id).await?;
    let content = Content::from_value(kind, present.content.clone())?;
    let mut prospective = Prospective {
        kind,
        id: chosen.id,
        title: content.title().to_owned(),
        seen: chosen.seen,
        draft_state: present.standing.draft_state,
        comparison: Comparison::default(),
        refusal: None,
    };
    if present.standing.version != chosen.seen {
        let version = present.standing.version;
        prospective.refusal = Some(format!("Somebody saved version {version} meanwhile; you saw {}.", chosen.seen));
        return Ok(Some(prospective));
    }
    match draft(ctx, kind, chosen.id, &content, sought, replacement, &chosen.numbers) {
        Ok(draft) => prospective.comparison = compare::compare(&content.to_value()?, &draft.content.to_value()?),
        Err(Error::Invalid(faults)) => {
            let details: Vec<String> = faults.into_iter().map(|fault| fault.detail).collect();
            prospective.refusal = Some(details.join(" "));
        }
        Err(other) => return Err(other),
    }
    if prospective.refusal.is_none() && prospective.comparison.changes.is_empty() {
        prospective.refusal = Some("Nothing would change.".to_owned());
    }
    Ok(Some(prospective))
}

/// Makes a draft of a document with the replacement in the chosen places, as a version with a note.
///
/// # Errors
/// [`Error::Stale`] if somebody has saved since it was looked at; whatever saving refuses, cycles of sections among it.
pub async fn replace_places(
    ctx: &Ctx,
    sought: &Sought,
    replacement: &Replacement,
    chosen: &ChosenPlaces,
) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    accept(sought, replacement)?;
    let missing = || Error::not_found(format!("document with the id {}", chosen.id));
    let kind = queries::kind_of(ctx, chosen.id).await?.ok_or_else(missing)?;
    let present = queries::document(ctx, kind, chosen.id).await?;
    if present.standing.version != chosen.seen {
        let version = Some(present.standing.version.0);
        return Err(Error::Stale(Box::new(Stale { version, ..Stale::default() })));
    }
    let content = Content::from_value(kind, present.content)?;
    let draft = draft(ctx, kind, chosen.id, &content, sought, replacement, &chosen.numbers)?;
    documents::save(ctx, kind, chosen.id, chosen.seen, draft).await
}

fn accept(sought: &Sought, replacement: &Replacement) -> Result<()> {
    sought.accept()?;
    sought.accept_replacement(replacement)
}

/// The draft that comes of it, read as strictly as anything that is sent.
fn draft(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    content: &Content,
    sought: &Sought,
    replacement: &Replacement,
    chosen: &BTreeSet<usize>,
) -> Result<Draft> {
    let value = replaced(id, content, sought, replacement, chosen)?;
    Draft::read(ctx, kind, json!({ "content": value, "note": note(sought, replacement) }))
}

/// What the history says of it.
fn note(sought: &Sought, replacement: &Replacement) -> String {
    let cut = |text: &str| -> String {
        let text = text.trim();
        if text.chars().count() > 100 { text.chars().take(99).chain(['…']).collect() } else { text.to_owned() }
    };
    match (sought, replacement) {
        (Sought::Text(words), Replacement::Text(with)) if with.is_empty() => {
            format!("Took out “{}”.", cut(&words.text))
        }
        (Sought::Text(words), Replacement::Text(with)) => {
            format!("Replaced “{}” by “{}”.", cut(&words.text), cut(with))
        }
        (Sought::Address(old), Replacement::Text(new)) => {
            format!("Links to {} lead to {}.", cut(old), cut(new))
        }
        (Sought::Organisation(old), Replacement::Text(new)) if new.trim().is_empty() => {
            format!("Took out the organisation “{}”.", cut(old))
        }
        (Sought::Organisation(old), Replacement::Text(new)) => {
            format!("Replaced the organisation “{}” by “{}”.", cut(old), cut(new))
        }
        (Sought::Standard(old), Replacement::Text(new)) => {
            format!("Replaced the standard {} by {}.", cut(old), cut(new))
        }
        (Sought::Embedded(_), _) => "Replaced a requirement section by another.".to_owned(),
        _ => "Replaced references to a document by another.".to_owned(),
    }
}
