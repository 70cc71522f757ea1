//! Commands on the live line: publish (one document or several together), withdraw, reinstate, unpublish, confirm,
//! suppress. All of them hold the publication lock from their first statement to their last.
//!
//! A publication is a row (document, version, state, from, until): it is closed once and never changed. `live_document`
//! is what is open now, in one row a document.

use std::collections::{BTreeMap, BTreeSet};

use entity::{live_document, media, publication, schedule};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent, Stamp},
    kernel::{
        CaseId, Ctx, DocumentId, Error, Fault, Permission, PublicationId, Result, Transaction, VersionNumber, is_date,
    },
};

use super::{
    checks,
    documents::{self, locked, require_current, step},
    embedding,
    kinds::{Content, Kind},
    lifecycle::{Action, LiveState},
    paths::{self, Move, Placement},
    queries::{self, Document, Rows},
    references::{self, Change, EMBEDDING, Reference, ReferenceRole},
    reviews,
};

named! {
    /// How much a publication matters to readers.
    ChangeSize { Major = "major", Minor = "minor", }

    /// What becomes of the address of an unpublished document.
    Decision {
        /// Its address leads to another.
        Redirect = "redirect",
        /// Its address says that it is gone, and why.
        Gone = "gone",
        /// As if it had never been there.
        Hidden = "hidden",
    }

    /// What becomes of live documents below an unpublished one.
    Children {
        Refuse = "refuse",
        /// They are unpublished with it, with the same decision.
        Unpublish = "unpublish",
    }
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
    let document = queries::compose(&*tx, documents::load(&tx, id).await?).await?;
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
    documents::lock(&tx, &ids).await?;
    for choice in choices {
        let rows = locked(&tx, choice.kind, choice.id).await?;
        require_current(&tx, &rows, choice.version).await?;
    }
    carry_out(&tx, ctx, choices, &publishing, action, Approval::FromState).await?;
    let mut published = Vec::new();
    for choice in choices {
        published.push(queries::compose(&*tx, documents::load(&tx, choice.id).await?).await?);
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
    let mut embedded_before = BTreeMap::new();
    for one in &candidates {
        embedded_before.insert(one.rows.id(), references::live_embedded(&**tx, one.rows.id()).await?);
    }
    let vacated: BTreeSet<Uuid> = moves.iter().map(|one| one.document.0).collect();
    paths::release(tx, &vacated).await?;
    for one in &candidates {
        let stamp = events::next_stamp(tx, ctx).await?;
        let path = path_of(&moves, one);
        let card_changed = write_publication(tx, ctx, one, publishing, action, path, stamp).await?;
        changes.push((stamp, card_changed));
    }
    let moved_below: BTreeSet<Uuid> = moves
        .iter()
        .map(|one| one.document.0)
        .filter(|document| !candidates.iter().any(|candidate| candidate.rows.document.id == *document))
        .collect();
    for (one, (stamp, card_changed)) in candidates.iter().zip(&changes) {
        let id = one.rows.id();
        let before = embedded_before.remove(&id).unwrap_or_default();
        let after = references::live_embedded(&**tx, id).await?;
        let mut change = Change {
            content: BTreeSet::from([id.0]),
            cards: moved_below.clone(),
            embedded: before.symmetric_difference(&after).copied().collect(),
        };
        if *card_changed {
            change.cards.insert(id.0);
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
        let rows = documents::load(tx, choice.id).await?;
        let state = rows.state()?;
        if approval == Approval::FromState {
            step(state, action, reviews::rules(&**tx, choice.kind).await?)?;
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
        let surroundings = checks::surroundings(&**tx, &one.content).await?;
        let mut found = checks::faults(&checks::run(&one.content, &surroundings));
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

async fn is_public(tx: &Transaction, id: Uuid) -> Result<bool> {
    let row = live_document::Entity::find_by_id(id).one(&**tx).await?;
    Ok(row.is_some_and(|row| row.state != LiveState::Unpublished.name()))
}

/// Writes one publication and everything of its own document that hangs on it; says whether its card changed.
async fn write_publication(
    tx: &Transaction,
    ctx: &Ctx,
    one: &Candidate,
    publishing: &Publishing,
    action: Action,
    path: String,
    stamp: Stamp,
) -> Result<bool> {
    let id = one.rows.id();
    close_publication(tx, id, stamp).await?;
    open_publication(tx, ctx, id, one.version, LiveState::Live, publishing, None, stamp).await?;
    let before = one.rows.live.clone();
    let card =
        |row: &live_document::Model| (row.title.clone(), row.summary.clone(), row.state.clone(), row.path.clone());
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
    let card_changed = before.as_ref().map(card) != Some(card(&live));
    live_document::Entity::delete_by_id(id.0).exec(&**tx).await?;
    live_document::Entity::insert(live.into_active_model()).exec_without_returning(&**tx).await?;
    references::remember_live(tx, id, &one.references, stamp).await?;
    if before.is_none() {
        let row = &one.rows.document;
        let (review_by, last_reviewed_on) = (row.review_by.clone(), row.last_reviewed_on.clone());
        documents::note_review_dates(tx, ctx, id, stamp, Some(one.version), review_by, last_reviewed_on).await?;
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
        documents::clear_draft(&mut row);
        references::remember_draft(tx, id, &[]).await?;
    }
    documents::touch(&mut row, ctx);
    row.update(&**tx).await?;
    Ok(card_changed)
}

async fn close_publication(tx: &Transaction, id: DocumentId, stamp: Stamp) -> Result<Option<publication::Model>> {
    let open = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(id.0))
        .filter(publication::Column::UntilSequence.is_null())
        .one(&**tx)
        .await?;
    if let Some(row) = &open {
        let mut closed = row.clone().into_active_model();
        closed.until_sequence = Set(Some(stamp.sequence.0));
        closed.until_at = Set(Some(stamp.at.0));
        closed.update(&**tx).await?;
    }
    Ok(open)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
async fn open_publication(
    tx: &Transaction,
    ctx: &Ctx,
    id: DocumentId,
    version: VersionNumber,
    state: LiveState,
    publishing: &Publishing,
    notice: Option<String>,
    stamp: Stamp,
) -> Result<()> {
    let row = publication::ActiveModel {
        id: Set(ctx.new_id()),
        document_id: Set(id.0),
        version: Set(version.0),
        state: Set(state.name().to_owned()),
        change: Set(publishing.change.unwrap_or(ChangeSize::Major).name().to_owned()),
        note: Set(publishing.note.clone()),
        notice: Set(notice),
        from_sequence: Set(stamp.sequence.0),
        from_at: Set(stamp.at.0),
        until_sequence: Set(None),
        until_at: Set(None),
        suppressed_at: Set(None),
    };
    publication::Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// An image is public once a publication has used it.
async fn make_images_public(tx: &Transaction, references: &[Reference], stamp: Stamp) -> Result<()> {
    let images: BTreeSet<Uuid> = references
        .iter()
        .filter(|reference| reference.role == ReferenceRole::Image)
        .map(|reference| reference.target)
        .collect();
    if images.is_empty() {
        return Ok(());
    }
    media::Entity::update_many()
        .col_expr(media::Column::PublicSince, Expr::value(stamp.sequence.0))
        .filter(media::Column::Id.is_in(images))
        .filter(media::Column::PublicSince.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
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
                .with("kind", documents::load(tx, one.document).await?.document.kind)
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

/// Leaves a page where it is, with a notice that it no longer holds.
pub async fn withdraw(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    explanation: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Withdraw.permission())?;
    let Some(explanation) = explanation.filter(|text| !text.trim().is_empty()) else {
        return Err(Error::invalid("/explanation", "missing-field", "Tell readers why it no longer holds."));
    };
    change_live_state(ctx, kind, id, seen, Action::Withdraw, Some(explanation)).await
}

/// Takes the notice away again.
pub async fn reinstate(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<Document> {
    ctx.authorise(Action::Reinstate.permission())?;
    change_live_state(ctx, kind, id, seen, Action::Reinstate, None).await
}

async fn change_live_state(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    action: Action,
    notice: Option<String>,
) -> Result<Document> {
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let state = step(rows.state()?, action, reviews::rules(&*tx, kind).await?)?;
    let Some(live) = rows.live else { return Err(Error::bug("a live document without a live line")) };
    let stamp = events::next_stamp(&tx, ctx).await?;
    close_publication(&tx, id, stamp).await?;
    let version = VersionNumber(live.version);
    let path = live.path.clone();
    let publishing = Publishing::default();
    open_publication(&tx, ctx, id, version, state.live, &publishing, notice.clone(), stamp).await?;
    let mut live = live.into_active_model();
    live.state = Set(state.live.name().to_owned());
    live.notice = Set(notice.clone());
    live.update(&*tx).await?;
    let mut row = rows.document.into_active_model();
    documents::touch(&mut row, ctx);
    row.update(&*tx).await?;
    let change = Change { content: BTreeSet::from([id.0]), cards: BTreeSet::from([id.0]), embedded: BTreeSet::new() };
    let affected = references::reached(&*tx, &change).await?;
    references::mark_changed(&tx, &affected, stamp).await?;
    let event_kind = match action {
        Action::Withdraw => EventKind::DocumentWithdrawn,
        _ => EventKind::DocumentReinstated,
    };
    let event = NewEvent::about_document(event_kind, id)
        .with("kind", kind.name())
        .with("version", version.0)
        .with("path", path)
        .with("explanation", notice)
        .public(affected);
    events::record(&tx, ctx, stamp, event).await?;
    let document = queries::compose(&*tx, documents::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// What is said with an unpublication.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Unpublishing {
    pub decision: Option<Decision>,
    /// The id of a document, a path of the site, or an http(s) address.
    pub redirect_to: Option<String>,
    pub explanation: Option<String>,
    pub children: Option<Children>,
}

/// Takes a document away from the public.
///
/// # Errors
/// [`Error::Conflict`] if live pages embed it, or live documents stand below it and nothing was said about those.
pub async fn unpublish(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    unpublishing: Unpublishing,
) -> Result<Document> {
    ctx.authorise(Action::Unpublish.permission())?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let below: BTreeSet<Uuid> = references::descendants(&*tx, &BTreeSet::from([id.0])).await?;
    documents::lock(&tx, &below.iter().copied().chain([id.0]).collect()).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    carry_out_unpublishing(&tx, ctx, rows, below, &unpublishing).await?;
    let document = queries::compose(&*tx, documents::load(&tx, id).await?).await?;
    tx.commit(document).await
}

pub(super) async fn carry_out_unpublishing(
    tx: &Transaction,
    ctx: &Ctx,
    rows: Rows,
    below: BTreeSet<Uuid>,
    unpublishing: &Unpublishing,
) -> Result<()> {
    let id = rows.id();
    step(rows.state()?, Action::Unpublish, reviews::rules(&**tx, rows.kind()?).await?)?;
    let Some(decision) = unpublishing.decision else {
        let detail = "Say what becomes of its address: redirect, gone or hidden.";
        return Err(Error::invalid("/decision", "missing-field", detail));
    };
    let target = redirect_target(tx, id, &below, decision, unpublishing).await?;
    if !below.is_empty() && unpublishing.children != Some(Children::Unpublish) {
        let faults = list_of(tx, &below, "/children", "stands-below-it", "stands below it").await?;
        let detail = format!(
            "{} live documents stand below it; unpublish them with it (\"children\": \"unpublish\"), or move them first.",
            below.len()
        );
        return Err(Error::Conflict { code: "live-children", detail, faults });
    }
    let mut all = below;
    all.insert(id.0);
    refuse_embedded(tx, &all).await?;

    let mut embedded = BTreeSet::new();
    let mut lines = Vec::new();
    for one in &all {
        embedded.extend(references::live_embedded(&**tx, DocumentId(*one)).await?);
        lines.push(documents::load(tx, DocumentId(*one)).await?);
    }
    let target_path = match target.as_deref().and_then(|target| target.parse::<Uuid>().ok()) {
        Some(document) => live_document::Entity::find_by_id(document).one(&**tx).await?.and_then(|row| row.path),
        None => target.clone(),
    };
    // Before the rows change: afterwards nothing shows any more who showed them.
    let change = Change { content: all.clone(), cards: all.clone(), embedded };
    let reached = references::reached(&**tx, &change).await?;
    for line in lines {
        let one = line.id();
        let stamp = events::next_stamp(tx, ctx).await?;
        close_publication(tx, one, stamp).await?;
        paths::close(tx, one, stamp).await?;
        references::remember_live(tx, one, &[], stamp).await?;
        let Some(live) = line.live else { continue };
        let path = live.path.clone();
        let mut live = live.into_active_model();
        live.state = Set(LiveState::Unpublished.name().to_owned());
        live.slug = Set(None);
        live.path = Set(None);
        live.notice = Set(None);
        live.unpublish_decision = Set(Some(decision.name().to_owned()));
        live.unpublish_target = Set(target.clone());
        live.unpublish_explanation = Set(unpublishing.explanation.clone());
        live.update(&**tx).await?;
        schedule::Entity::delete_many()
            .filter(schedule::Column::DocumentId.eq(one.0))
            .filter(schedule::Column::Action.eq("unpublish"))
            .exec(&**tx)
            .await?;
        let kind = line.document.kind.clone();
        let mut row = line.document.into_active_model();
        documents::touch(&mut row, ctx);
        row.update(&**tx).await?;
        let affected = if one == id { reached.clone() } else { vec![one] };
        references::mark_changed(tx, &affected, stamp).await?;
        let event = NewEvent::about_document(EventKind::DocumentUnpublished, one)
            .with("kind", kind)
            .with("path", path)
            .with("decision", decision.name())
            .with("redirect_to", target_path.clone())
            .with("explanation", unpublishing.explanation.clone())
            .public(affected);
        events::record(tx, ctx, stamp, event).await?;
    }
    Ok(())
}

/// The target of a redirect, as it is kept: the id of a document, a path or an address.
async fn redirect_target(
    tx: &Transaction,
    id: DocumentId,
    below: &BTreeSet<Uuid>,
    decision: Decision,
    unpublishing: &Unpublishing,
) -> Result<Option<String>> {
    if decision != Decision::Redirect {
        return match &unpublishing.redirect_to {
            None => Ok(None),
            Some(_) => {
                Err(Error::invalid("/redirect_to", "unexpected", "A target belongs to the decision redirect only."))
            }
        };
    }
    let Some(target) = &unpublishing.redirect_to else {
        return Err(Error::invalid("/redirect_to", "missing-field", "Say where the address is to lead."));
    };
    let document = match target.parse::<DocumentId>() {
        Ok(document) => Some(document.0),
        Err(_) if target.starts_with('/') && !target.starts_with("//") => live_document::Entity::find()
            .filter(live_document::Column::Path.eq(target))
            .one(&**tx)
            .await?
            .map(|row| row.document_id),
        Err(_) if target.starts_with("https://") || target.starts_with("http://") => return Ok(Some(target.clone())),
        Err(_) => None,
    };
    match document {
        Some(document) if document == id.0 || below.contains(&document) => {
            Err(Error::invalid("/redirect_to", "redirect-loop", "It would lead to what is being unpublished."))
        }
        Some(document) if is_public(tx, document).await? => Ok(Some(document.to_string())),
        _ => {
            let detail = "The target is a live document (its id or path), or an http(s) address.";
            Err(Error::invalid("/redirect_to", "reference-missing", detail))
        }
    }
}

/// Refuses to take away what live pages outside the set embed.
pub(super) async fn refuse_embedded(tx: &Transaction, leaving: &BTreeSet<Uuid>) -> Result<()> {
    let staying: BTreeSet<Uuid> = references::live_embedders(&**tx, leaving)
        .await?
        .into_iter()
        .map(|(from, _)| from.0)
        .filter(|document| !leaving.contains(document))
        .collect();
    if staying.is_empty() {
        return Ok(());
    }
    let faults = list_of(tx, &staying, "", "embeds-it", "embeds it").await?;
    let detail = format!("{} live documents embed it; change those first, or withdraw it instead.", staying.len());
    Err(Error::Conflict { code: "embedded", detail, faults })
}

async fn list_of(
    tx: &Transaction,
    documents: &BTreeSet<Uuid>,
    pointer: &str,
    code: &str,
    words: &str,
) -> Result<Vec<Fault>> {
    let rows = live_document::Entity::find()
        .filter(live_document::Column::DocumentId.is_in(documents.iter().copied()))
        .order_by_asc(live_document::Column::TitleKey)
        .all(&**tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Fault::new(pointer, code, format!("“{}” ({}) {words}.", row.title, row.document_id)))
        .collect())
}

/// Records that the live version is still correct, and by when to look again. Makes no version.
pub async fn confirm(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    review_by: Option<String>,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Confirm.permission())?;
    if review_by.as_deref().is_some_and(|date| !is_date(date)) {
        return Err(Error::invalid("/review_by", "not-a-date", "A date such as 2026-11-22 was expected here."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    step(rows.state()?, Action::Confirm, reviews::rules(&*tx, kind).await?)?;
    let version = rows.live_version();
    let path = rows.live.as_ref().and_then(|live| live.path.clone());
    let today = ctx.now().date();
    let mut row = rows.document.into_active_model();
    row.last_reviewed_on = Set(Some(today.clone()));
    row.review_by = Set(review_by.clone());
    documents::touch(&mut row, ctx);
    row.update(&*tx).await?;
    // What embeds it does not show its review dates.
    let affected = vec![id];
    let stamp = events::next_stamp(&tx, ctx).await?;
    documents::note_review_dates(&tx, ctx, id, stamp, version, review_by.clone(), Some(today.clone())).await?;
    references::mark_changed(&tx, &affected, stamp).await?;
    let event = NewEvent::about_document(EventKind::DocumentConfirmed, id)
        .with("kind", kind.name())
        .with("version", version.map(|version| version.0))
        .with("path", path)
        .with("last_reviewed_on", today)
        .with("review_by", review_by)
        .with("note", note)
        .public(affected);
    events::record(&tx, ctx, stamp, event).await?;
    let document = queries::compose(&*tx, documents::load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Hides one past publication from `as_of`. The present one is withdrawn or unpublished instead.
pub async fn suppress(ctx: &Ctx, id: DocumentId, publication: PublicationId, reason: String) -> Result<()> {
    ctx.authorise(Permission::ContentSuppress)?;
    if reason.trim().chars().count() < 10 {
        return Err(Error::invalid("/reason", "too-short", "Say why in at least 10 characters."));
    }
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let row = publication::Entity::find_by_id(publication.0)
        .filter(publication::Column::DocumentId.eq(id.0))
        .one(&*tx)
        .await?
        .ok_or_else(|| Error::not_found(format!("publication with the id {publication} of this document")))?;
    if row.until_sequence.is_none() {
        return Err(Error::conflict(
            "still-live",
            "This publication is live; withdraw or unpublish the document instead.",
        ));
    }
    let version = row.version;
    let mut row = row.into_active_model();
    row.suppressed_at = Set(Some(ctx.now().0));
    row.update(&*tx).await?;
    let event = NewEvent::about_document(EventKind::PublicationSuppressed, id)
        .with("publication", publication.to_string())
        .with("version", version)
        .with("reason", reason);
    events::append(&tx, ctx, event).await?;
    tx.commit(()).await
}

/// A publication, for people who may see the history.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    pub id: PublicationId,
    pub version: VersionNumber,
    pub state: String,
    pub change: String,
    pub note: Option<String>,
    pub notice: Option<String>,
    pub from: crate::kernel::Timestamp,
    pub until: Option<crate::kernel::Timestamp>,
    pub suppressed_at: Option<crate::kernel::Timestamp>,
}

/// The publications of a document, newest first.
pub async fn publications(ctx: &Ctx, kind: Kind, id: DocumentId) -> Result<Vec<Publication>> {
    use crate::kernel::Timestamp;

    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = Rows::find(&*snapshot, id).await?.filter(|rows| rows.document.kind == kind.name());
    rows.ok_or_else(|| Error::not_found(format!("{} with the id {id}", kind.words())))?;
    let rows = publication::Entity::find()
        .filter(publication::Column::DocumentId.eq(id.0))
        .order_by_desc(publication::Column::FromSequence)
        .all(&*snapshot)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Publication {
            id: PublicationId(row.id),
            version: VersionNumber(row.version),
            state: row.state,
            change: row.change,
            note: row.note,
            notice: row.notice,
            from: Timestamp(row.from_at),
            until: row.until_at.map(Timestamp),
            suppressed_at: row.suppressed_at.map(Timestamp),
        })
        .collect())
}
