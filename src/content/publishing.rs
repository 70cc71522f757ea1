//! Publishing: one document or several together, by a person or by a schedule. The publication lock is held from the first
//! statement to the last, as by everything in `unpublishing.rs` and `upkeep.rs`.
//!
//! A publication is a row (document, version, state, from, until): it is closed once and never changed. `live_document`
//! is what is open now, in one row a document.

use std::collections::{BTreeMap, BTreeSet};

use entity::{live_document, schedule};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent, Stamp},
    kernel::{CaseId, Ctx, DocumentId, Error, Fault, Result, Transaction, VersionNumber},
};

use super::{
    checks::{self, Subject},
    embedding, findable,
    guard::{self, locked, require_current, step},
    kinds::{Content, Kind},
    lifecycle::{Action, LiveState},
    live_line::{Said, close_publication, is_public, make_images_public, note_review_dates, open_publication},
    overviews,
    paths::{self, Move, Placement},
    queries::{self, Document, Rows},
    references::{self, Change, EMBEDDING, Reference},
};

named! {
    /// How much a publication matters to readers.
    ChangeSize { Major = "major", Minor = "minor", }
}

/// What is said with a publication.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Publishing {
    pub change: Option<ChangeSize>,
    /// For readers of the changes feed and the history.
    pub note: Option<String>,
    /// The cases that this publication fixes.
    #[serde(default)]
    pub fixes: Vec<CaseId>,
    /// For a forced publication: why it could not wait.
    pub force: Option<String>,
}

/// A document and the version of it that is to go live.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Choice {
    pub kind: Kind,
    pub id: DocumentId,
    pub version: VersionNumber,
}

/// Publishes the version that was seen.
///
/// # Errors
/// [`Error::Invalid`] with every must-fix check; [`Error::Conflict`] if ancestors or embedded sections are not live, or
/// the slug or path is taken.
pub async fn publish(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    publishing: Publishing,
) -> Result<Document> {
    let action = action_of(&publishing);
    ctx.authorise(action.permission())?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let choice = Choice { kind, id, version: seen };
    carry_out(&tx, ctx, &[choice], &publishing, action, Approval::FromState).await?;
    let document = queries::compose(&*tx, guard::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Publishes several documents in one transaction: all of them, or none.
pub async fn publish_together(ctx: &Ctx, choices: &[Choice], publishing: Publishing) -> Result<Vec<Document>> {
    let action = action_of(&publishing);
    ctx.authorise(action.permission())?;
    if choices.is_empty() || choices.len() > 100 {
        return Err(Error::invalid("/documents", "out-of-range", "Name 1 to 100 documents to publish together."));
    }
    let ids: BTreeSet<Uuid> = choices.iter().map(|choice| choice.id.0).collect();
    if ids.len() != choices.len() {
        return Err(Error::invalid("/documents", "duplicate-reference", "A document stands twice in the list."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    guard::lock(&tx, &ids).await?;
    for choice in choices {
        let rows = locked(&tx, choice.kind, choice.id).await?;
        require_current(&tx, &rows, choice.version).await?;
    }
    carry_out(&tx, ctx, choices, &publishing, action, Approval::FromState).await?;
    let mut published = Vec::new();
    for choice in choices {
        published.push(queries::compose(&*tx, guard::load(&tx, choice.id).await?).await?);
    }
    tx.commit(published).await
}

fn action_of(publishing: &Publishing) -> Action {
    if publishing.force.is_some() { Action::ForcePublish } else { Action::Publish }
}

/// Whence a version has its approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Approval {
    /// The draft as it stands.
    FromState,
    /// It was possible to publish the version when it was scheduled.
    WhenScheduled,
}

/// One document on its way to the public.
struct Candidate {
    rows: Rows,
    kind: Kind,
    version: VersionNumber,
    slug: String,
    parent: Option<DocumentId>,
    language: String,
    title: String,
    content: Content,
    references: Vec<Reference>,
}

impl Candidate {
    fn subject(&self) -> Subject<'_> {
        let parent = self.parent.map(|parent| parent.0);
        Subject { id: self.rows.id(), slug: &self.slug, parent, content: &self.content }
    }
}

/// Publishes versions. The publication lock and the documents' locks are held by the caller.
pub(super) async fn carry_out(
    tx: &Transaction,
    ctx: &Ctx,
    choices: &[Choice],
    publishing: &Publishing,
    action: Action,
    approval: Approval,
) -> Result<()> {
    if let Some(reason) = &publishing.force
        && reason.trim().chars().count() < 10
    {
        return Err(Error::invalid(
            "/reason",
            "too-short",
            "Say in at least 10 characters why it can't wait for a review.",
        ));
    }
    let candidates = candidates(tx, choices, action, approval).await?;
    refuse_faulty(tx, &candidates).await?;
    refuse_unknown_cases(tx, &publishing.fixes).await?;
    let placements: Vec<Placement> = candidates
        .iter()
        .map(|one| Placement { document: one.rows.id(), kind: one.kind, slug: one.slug.clone(), parent: one.parent })
        .collect();
    let moves = paths::plan(&**tx, &placements).await?;
    refuse_dark_embeds(tx, &candidates).await?;

    // Everything is known to be possible; from here on only rows under the locks that are held.
    let mut changes = Vec::new();
    let embeddings = embeddings(tx, &candidates).await?;
    let vacated: BTreeSet<Uuid> = moves.iter().map(|one| one.document.0).collect();
    paths::release(tx, &vacated).await?;
    for one in &candidates {
        let stamp = events::next_stamp(tx, ctx).await?;
        let path = path_of(&moves, one);
        let card = write_publication(tx, ctx, one, publishing, action, path, stamp).await?;
        changes.push((stamp, card));
    }
    let moved_below: BTreeSet<Uuid> = moves
        .iter()
        .map(|one| one.document.0)
        .filter(|document| !candidates.iter().any(|candidate| candidate.rows.document.id == *document))
        .collect();
    let shown_below = references::shown(&**tx, &moved_below).await?;
    for ((one, (stamp, card)), embeddings) in candidates.iter().zip(&changes).zip(embeddings) {
        let id = one.rows.id();
        let own = BTreeSet::from([id.0]);
        let with_own = |others: &BTreeSet<Uuid>, also: bool| if also { others | &own } else { others.clone() };
        let mut change = Change {
            content: with_own(&moved_below, true),
            cards: with_own(&shown_below, card.words || card.address),
            addresses: with_own(&shown_below, card.address),
            crumbs: with_own(&moved_below, card.words || card.address),
            embedded: BTreeSet::new(),
        };
        for (section, users) in embeddings {
            if references::live_users(&**tx, section).await? != users {
                change.embedded.insert(section);
            }
        }
        let affected = references::reached(&**tx, &change).await?;
        references::mark_changed(tx, &affected, *stamp).await?;
        let event = NewEvent::about_document(EventKind::DocumentPublished, id)
            .with("kind", one.kind.name())
            .with("version", one.version.0)
            .with("path", path_of(&moves, one))
            .with("change", publishing.change.unwrap_or(ChangeSize::Major).name())
            .with("note", publishing.note.clone())
            .with("forced", publishing.force.clone())
            .with("fixes", fixes(publishing))
            .public(affected);
        events::record(tx, ctx, *stamp, event).await?;
    }
    let first_claims = candidates.iter().zip(&changes).map(|(one, (stamp, _))| (one.rows.id(), *stamp)).collect();
    write_moves(tx, ctx, &moves, &first_claims).await
}

/// For each candidate the sections that it begins or ceases to embed, with the pages in which they stand before that.
async fn embeddings(tx: &Transaction, candidates: &[Candidate]) -> Result<Vec<BTreeMap<Uuid, BTreeSet<Uuid>>>> {
    let mut all = Vec::new();
    for one in candidates {
        let before = references::live_embedded(&**tx, one.rows.id()).await?;
        let after = references::would_embed(&**tx, &one.references).await?;
        let mut users = BTreeMap::new();
        for section in before.symmetric_difference(&after) {
            users.insert(*section, references::live_users(&**tx, *section).await?);
        }
        all.push(users);
    }
    Ok(all)
}

/// What became of the card of a published document.
struct CardChange {
    /// Its title or summary changed.
    words: bool,
    /// It came, or leads elsewhere.
    address: bool,
}

fn fixes(publishing: &Publishing) -> Value {
    if publishing.fixes.is_empty() { Value::Null } else { json!(publishing.fixes) }
}

/// Where a candidate lives from now on.
fn path_of(moves: &[Move], one: &Candidate) -> String {
    let moved = moves.iter().find(|other| other.document == one.rows.id()).map(|other| other.to.clone());
    moved.or_else(|| one.rows.live.as_ref().and_then(|live| live.path.clone())).unwrap_or_default()
}

async fn candidates(
    tx: &Transaction,
    choices: &[Choice],
    action: Action,
    approval: Approval,
) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for choice in choices {
        let rows = guard::load(tx, choice.id).await?;
        let state = rows.state()?;
        if approval == Approval::FromState {
            step(state, action, guard::rules(&**tx, choice.kind).await?)?;
        } else if state.trashed {
            return Err(Error::conflict("in-trash", "The document is in the trash."));
        }
        let stored = queries::version_row(&**tx, choice.id, choice.version).await?;
        let content = Content::from_stored(choice.kind, stored.format, &stored.content)?;
        candidates.push(Candidate {
            rows,
            kind: choice.kind,
            version: choice.version,
            slug: stored.slug,
            parent: stored.parent_id.map(DocumentId),
            language: stored.language,
            title: stored.title,
            references: references::of(&content),
            content,
        });
    }
    Ok(candidates)
}

async fn refuse_faulty(tx: &Transaction, candidates: &[Candidate]) -> Result<()> {
    let mut faults = Vec::new();
    for one in candidates {
        let mut found = checks::faults(&checks::find(&**tx, one.subject()).await?);
        if candidates.len() > 1 {
            for fault in &mut found {
                fault.detail = format!("“{}”: {}", one.title, fault.detail);
            }
        }
        faults.extend(found);
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

async fn refuse_unknown_cases(tx: &Transaction, fixes: &[CaseId]) -> Result<()> {
    let mut faults = Vec::new();
    for (position, case) in fixes.iter().enumerate() {
        if entity::case::Entity::find_by_id(case.0).one(&**tx).await?.is_none() {
            let detail = format!("There is no case with the id {case}.");
            faults.push(Fault::new(format!("/fixes/{position}"), "reference-missing", detail));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// What a page embeds carries meaning: it has to be live, or go live in the same transaction.
async fn refuse_dark_embeds(tx: &Transaction, candidates: &[Candidate]) -> Result<()> {
    let together: BTreeSet<Uuid> = candidates.iter().map(|one| one.rows.document.id).collect();
    let mut faults = Vec::new();
    for one in candidates {
        embedding::refuse_cycles(&**tx, one.rows.id(), &one.references).await?;
        for reference in one.references.iter().filter(|reference| EMBEDDING.contains(&reference.role)) {
            if together.contains(&reference.target) || is_public(tx, reference.target).await? {
                continue;
            }
            let title = entity::document::Entity::find_by_id(reference.target)
                .one(&**tx)
                .await?
                .map_or_else(|| reference.target.to_string(), |row| row.title);
            let detail = format!("The requirement section “{title}” is not live; publish it first, or both together.");
            faults.push(Fault::new(format!("/content{}", reference.pointer), "embeds-not-live", detail));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let detail = "It embeds requirement sections that are not live.".to_owned();
    Err(Error::Conflict { code: "embeds-not-live", detail, faults })
}

/// Writes one publication and everything of its own document that hangs on it; says what became of its card.
async fn write_publication(
    tx: &Transaction,
    ctx: &Ctx,
    one: &Candidate,
    publishing: &Publishing,
    action: Action,
    path: String,
    stamp: Stamp,
) -> Result<CardChange> {
    let id = one.rows.id();
    close_publication(tx, id, stamp).await?;
    let change = publishing.change.unwrap_or(ChangeSize::Major).name();
    let said = Said { change, note: publishing.note.clone(), notice: None };
    guard::keep(tx, id, one.version).await?;
    open_publication(tx, ctx, id, one.version, LiveState::Live, said, stamp).await?;
    let before = one.rows.live.clone();
    let forced = action == Action::ForcePublish;
    let still_open = before.as_ref().filter(|_| !forced).and_then(|row| row.retrospective_version);
    let live = live_document::Model {
        document_id: id.0,
        kind: one.kind.name().to_owned(),
        state: LiveState::Live.name().to_owned(),
        version: one.version.0,
        title: one.title.clone(),
        title_key: paths::title_key(&one.title),
        summary: one.content.summary().to_owned(),
        language: one.language.clone(),
        slug: Some(one.slug.clone()),
        parent_id: one.parent.map(|parent| parent.0),
        path: Some(path),
        notice: None,
        unpublish_decision: None,
        unpublish_target: None,
        unpublish_explanation: None,
        retrospective_version: if forced { Some(one.version.0) } else { still_open },
        retrospective_by: if forced {
            ctx.actor.user.map(|user| user.0)
        } else {
            before.as_ref().and_then(|row| row.retrospective_by)
        },
        first_published_at: before.as_ref().map_or(stamp.at.0, |row| row.first_published_at),
        published_at: stamp.at.0,
        changed_sequence: stamp.sequence.0,
        changed_at: stamp.at.0,
    };
    let shown = before.as_ref().filter(|row| row.state == LiveState::Live.name());
    let card = CardChange {
        words: before.as_ref().is_none_or(|row| row.title != live.title || row.summary != live.summary),
        address: shown.is_none_or(|row| row.path != live.path),
    };
    live_document::Entity::delete_by_id(id.0).exec(&**tx).await?;
    live_document::Entity::insert(live.into_active_model()).exec_without_returning(&**tx).await?;
    findable::remember(tx, id, one.version, &one.content).await?;
    references::remember_live(tx, id, &one.references, stamp).await?;
    // While nobody can read a document, its review dates change without a trace on the public line.
    if before.as_ref().is_none_or(|row| row.state == LiveState::Unpublished.name()) {
        let row = &one.rows.document;
        let (review_by, last_reviewed_on) = (row.review_by.clone(), row.last_reviewed_on.clone());
        note_review_dates(tx, ctx, id, stamp, Some(one.version), review_by, last_reviewed_on).await?;
    }
    make_images_public(tx, &one.references, stamp).await?;
    schedule::Entity::delete_many()
        .filter(schedule::Column::DocumentId.eq(id.0))
        .filter(schedule::Column::Action.eq("publish"))
        .filter(schedule::Column::Version.eq(one.version.0))
        .exec(&**tx)
        .await?;
    let ends_draft = one.rows.document.draft_version == Some(one.version.0);
    let mut row = one.rows.document.clone().into_active_model();
    if ends_draft {
        guard::clear_draft(&mut row);
        references::remember_draft(tx, id, &[]).await?;
    }
    guard::touch(&mut row, ctx);
    let shows_another = one.rows.document.draft_version.is_none() && one.rows.shown() != one.version;
    row.update(&**tx).await?;
    if shows_another {
        overviews::remember_saved(tx, one.subject(), None).await?;
    }
    Ok(card)
}

/// Writes the paths of everything that lives elsewhere now. A document that lived elsewhere before gets an event for it;
/// one that had no path claims its first with its publication.
async fn write_moves(
    tx: &Transaction,
    ctx: &Ctx,
    moves: &[Move],
    publications: &BTreeMap<DocumentId, Stamp>,
) -> Result<()> {
    // Old claims are closed before new ones are made, so that two documents can swap their paths.
    let mut stamps = Vec::new();
    for one in moves {
        let stamp = match publications.get(&one.document) {
            Some(stamp) if one.from.is_none() => *stamp,
            _ => events::next_stamp(tx, ctx).await?,
        };
        paths::close(tx, one.document, stamp).await?;
        stamps.push(stamp);
    }
    for (one, stamp) in moves.iter().zip(stamps) {
        paths::claim(tx, ctx, one.document, &one.to, stamp).await?;
        if !publications.contains_key(&one.document) {
            put_back(tx, one).await?;
        }
        if one.from.is_some() {
            references::mark_changed(tx, &[one.document], stamp).await?;
            let event = NewEvent::about_document(EventKind::DocumentMoved, one.document)
                .with("kind", guard::load(tx, one.document).await?.document.kind)
                .with("from", one.from.clone())
                .with("to", one.to.clone())
                .public(vec![one.document]);
            events::record(tx, ctx, stamp, event).await?;
        }
    }
    Ok(())
}

/// Gives a document below a moved one its slug back and its new path.
async fn put_back(tx: &Transaction, one: &Move) -> Result<()> {
    let slug = one.to.rsplit('/').next().unwrap_or_default();
    live_document::Entity::update_many()
        .col_expr(live_document::Column::Path, Expr::value(one.to.as_str()))
        .col_expr(live_document::Column::Slug, Expr::value(slug))
        .filter(live_document::Column::DocumentId.eq(one.document.0))
        .exec(&**tx)
        .await?;
    Ok(())
}
