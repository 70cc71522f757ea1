//! Commands on the draft line, each one transaction: create, save, restore, discard, own, trash, untrash, purge.
//! Publishing and its kin are in `publishing.rs`, reviews in `reviews.rs`.

use std::collections::BTreeSet;

use entity::{
    confirmation, document, live_document, live_path, presence, publication, reference, schedule, tombstone, version,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{
        Ctx, DocumentId, Error, Fault, MediaId, Permission, Result, Stale, Transaction, UserId, VersionNumber, is_date,
    },
    site,
};

use super::{
    checks::Subject,
    guard::{self, clear_draft, load, locked, require_current, step, touch},
    kinds::{Content, FORMAT, Kind},
    lifecycle::{Action, DraftState, State},
    live_line::{self, note_review_dates},
    looked_at, merge,
    overviews::{self, Among},
    paths, quarantine, queries,
    queries::{Document, Rows},
    reader::{Object, Read, Reader},
    redirects, references,
    uses::{self, How},
};

/// What a write carries: the parts of a version.
#[derive(Clone, Debug)]
pub struct Draft {
    /// `None`: keep the slug, or make one from the title.
    pub slug: Option<String>,
    /// `None`: keep the parent; `Some(None)`: stand at the top.
    pub parent: Option<Option<DocumentId>>,
    /// `None`: keep the language, or `en-GB`.
    pub language: Option<String>,
    pub content: Content,
    pub note: Option<String>,
}

/// The language of content that names none.
const DEFAULT_LANGUAGE: &str = "en-GB";

/// The envelope of a draft; its content is read by kind.
struct Envelope {
    slug: Option<String>,
    parent: Option<Option<DocumentId>>,
    language: Option<String>,
    content: Option<Value>,
    note: Option<String>,
}

impl Read for Envelope {
    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let slug = object.optional_line("slug", paths::SLUG_LIMIT);
        if slug.as_deref().is_some_and(|slug| !paths::is_slug(slug)) {
            let detail = "A slug is made of words of lower-case letters and digits, joined by single hyphens.";
            object.fault("slug", "not-a-slug", detail);
        }
        let language = object.optional_line("language", 35);
        if language.as_deref().is_some_and(|language| !is_language(language)) {
            object.fault("language", "not-a-language", "A language tag of BCP 47 was expected, such as en-GB or cy.");
        }
        let parent = if object.take_null("parent") { Some(None) } else { object.document("parent").map(Some) };
        let note = object.optional_line("note", 500);
        let content = object.take("content");
        if content.is_none() {
            object.fault("content", "missing-field", "The content is missing.");
        }
        Some(Self { slug, parent, language, content, note })
    }
}

/// The shape of a language tag (RFC 5646): subtags of letters and digits, the first of two to eight letters.
fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl Draft {
    /// Reads what a program sent.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault and its pointer.
    pub fn read(ctx: &Ctx, kind: Kind, body: Value) -> Result<Self> {
        let mut reader = Reader::new(&*ctx.chance, ctx.now());
        let envelope: Option<Envelope> = reader.read(body, "");
        let mut faults = reader.into_faults();
        let Some(Envelope { slug, parent, language, content, note }) = envelope else {
            return Err(Error::Invalid(faults));
        };
        let content = match content {
            None => None,
            Some(content) => match Content::read(kind, content, "/content", &*ctx.chance, ctx.now()) {
                Ok(content) => Some(content),
                Err(found) => {
                    faults.extend(found);
                    None
                }
            },
        };
        match content {
            Some(content) if faults.is_empty() => Ok(Self { slug, parent, language, content, note }),
            _ => Err(Error::Invalid(faults)),
        }
    }
}

/// Makes a document with its first version.
pub async fn create(ctx: &Ctx, kind: Kind, draft: Draft) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    let document = insert(&tx, ctx, kind, draft).await?;
    tx.commit(document).await
}

/// The same within a transaction of the caller, who has authorised it.
pub(super) async fn insert(tx: &Transaction, ctx: &Ctx, kind: Kind, draft: Draft) -> Result<Document> {
    let id = DocumentId(ctx.new_id());
    let slug = match draft.slug {
        Some(slug) => slug,
        None => paths::free_slug(&**tx, kind, draft.content.title()).await?,
    };
    let parent = draft.parent.flatten();
    if let Some(parent) = parent {
        paths::check_parent(&**tx, id, parent).await?;
    }
    let parts = Parts {
        slug,
        parent,
        language: draft.language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()),
        content: draft.content,
    };
    let now = ctx.now();
    let row = document::ActiveModel {
        id: Set(id.0),
        kind: Set(kind.name().to_owned()),
        latest_version: Set(1),
        draft_version: Set(Some(1)),
        draft_state: Set(Some(DraftState::Draft.name().to_owned())),
        draft_faults: Set(None),
        submitted_by: Set(None),
        approved_by: Set(None),
        title: Set(parts.content.title().to_owned()),
        title_key: Set(paths::title_key(parts.content.title())),
        slug: Set(parts.slug.clone()),
        parent_id: Set(parts.parent.map(|parent| parent.0)),
        language: Set(parts.language.clone()),
        owner_id: Set(ctx.actor.user.map(|user| user.0)),
        review_by: Set(None),
        last_reviewed_on: Set(None),
        trashed_at: Set(None),
        row_version: Set(1),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        updated_by: Set(ctx.actor.user.map(|user| user.0)),
        updated_by_name: Set(ctx.actor.name.clone()),
    };
    document::Entity::insert(row).exec_without_returning(&**tx).await?;
    // Once the row is there: how deep references may go depends on the kind of what refers.
    super::embedding::refuse_cycles(&**tx, id, &references::of(&parts.content)).await?;
    let label = Label { note: draft.note, autosaved: false };
    write_version(tx, ctx, id, VersionNumber(1), None, &parts, label, None).await?;
    let event = NewEvent::about_document(EventKind::DocumentCreated, id)
        .with("kind", kind.name())
        .with("version", 1)
        .with("title", parts.content.title());
    events::append(tx, ctx, event).await?;
    queries::compose(&**tx, load(tx, id).await?).await
}

/// Saves a new version that started from `seen`. What changes nothing makes no version.
///
/// # Errors
/// [`Error::Stale`] with the three-way merge or its conflicts if somebody saved meanwhile.
pub async fn save(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber, draft: Draft) -> Result<Document> {
    save_marked(ctx, kind, id, seen, draft, false).await
}

/// Saves what an editor sent by itself while somebody was typing. The version is marked until somebody keeps it on
/// purpose: by a save, or by submitting, scheduling, publishing or restoring it.
///
/// # Errors
/// As [`save`].
pub async fn autosave(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber, draft: Draft) -> Result<Document> {
    save_marked(ctx, kind, id, seen, draft, true).await
}

async fn save_marked(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    draft: Draft,
    autosaved: bool,
) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    let current = queries::version_row(&*tx, id, rows.shown()).await?;
    let parts = Parts {
        slug: draft.slug.unwrap_or_else(|| current.slug.clone()),
        parent: draft.parent.unwrap_or(current.parent_id.map(DocumentId)),
        language: draft.language.unwrap_or_else(|| current.language.clone()),
        content: draft.content,
    };
    if rows.shown() != seen {
        return Err(stale(&tx, kind, &rows, seen, &parts).await?);
    }
    let rules = guard::rules(&*tx, kind).await?;
    let state = step(rows.state()?, Action::Save, rules)?;
    if parts.hash()? == current.content_hash {
        if current.autosaved && !autosaved {
            keep(&tx, ctx, id, rows.shown(), draft.note).await?;
        }
        let document = queries::compose(&*tx, rows).await?;
        return tx.commit(document).await;
    }
    let label = Label { note: draft.note, autosaved };
    let document = save_version(&tx, ctx, rows, state, parts, label, EventKind::DocumentSaved, None).await?;
    tx.commit(document).await
}

/// A version that was saved by itself is kept on purpose: somebody pressed the button, and may have said what changed.
async fn keep(tx: &Transaction, ctx: &Ctx, id: DocumentId, number: VersionNumber, note: Option<String>) -> Result<()> {
    if let Some(note) = note {
        version::Entity::update_many()
            .col_expr(version::Column::Note, Expr::value(note))
            .filter(version::Column::DocumentId.eq(id.0))
            .filter(version::Column::Number.eq(number.0))
            .exec(&**tx)
            .await?;
    }
    guard::keep(tx, id, number).await?;
    events::append(tx, ctx, NewEvent::about_document(EventKind::VersionKept, id).with("version", number.0)).await?;
    Ok(())
}

/// Makes an old version the draft again, as a new version. What it refers to may be gone; the checks say so.
pub async fn restore(
    ctx: &Ctx,
    kind: Kind,
    id: DocumentId,
    seen: VersionNumber,
    number: VersionNumber,
    note: Option<String>,
) -> Result<Document> {
    ctx.authorise(Action::Restore.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    let state = step(rows.state()?, Action::Restore, rules)?;
    let old = queries::version_row(&*tx, id, number).await?;
    let parent = match old.parent_id.map(DocumentId) {
        Some(parent) if paths::check_parent(&*tx, id, parent).await.is_ok() => Some(parent),
        _ => None,
    };
    let parts = Parts {
        content: Content::from_stored(kind, old.format, &old.content)?,
        slug: old.slug,
        parent,
        language: old.language,
    };
    guard::keep(&tx, id, number).await?;
    let restoring = Ctx { door: crate::kernel::Door::Restore, ..ctx.clone() };
    let label = Label { note, autosaved: false };
    let document =
        save_version(&tx, &restoring, rows, state, parts, label, EventKind::DocumentRestored, Some(number)).await?;
    tx.commit(document).await
}

/// Gives up the draft; its versions stay in the history.
pub async fn discard(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<Document> {
    ctx.authorise(Action::Discard.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    step(rows.state()?, Action::Discard, rules)?;
    let version = rows.shown();
    let mut row = rows.document.into_active_model();
    clear_draft(&mut row);
    touch(&mut row, ctx);
    row.update(&*tx).await?;
    references::remember_draft(&tx, id, &[]).await?;
    overviews::remember_shown(&tx, id).await?;
    events::append(&tx, ctx, NewEvent::about_document(EventKind::DraftDiscarded, id).with("version", version.0))
        .await?;
    let document = queries::compose(&*tx, load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// What stands beside the content and is not versioned. `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct Ownership {
    pub owner: Option<Option<UserId>>,
    pub review_by: Option<Option<String>>,
}

/// Sets the owner or the date by which the document is to be reviewed. The date stands in the public JSON.
pub async fn own(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber, change: Ownership) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    if let Some(Some(date)) = &change.review_by
        && !is_date(date)
    {
        return Err(Error::invalid("/review_by", "not-a-date", "A date such as 2026-11-22 was expected here."));
    }
    let tx = ctx.write().await?;
    if change.review_by.is_some() {
        events::lock_publications(&tx).await?;
    }
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    if rows.document.trashed_at.is_some() {
        return Err(Error::conflict("in-trash", "The document is in the trash; take it out first."));
    }
    if let Some(Some(owner)) = change.owner
        && entity::user::Entity::find_by_id(owner.0).one(&*tx).await?.is_none()
    {
        return Err(Error::invalid("/owner", "reference-missing", "There is no such user."));
    }
    let public =
        rows.state()?.is_public() && change.review_by.as_ref().is_some_and(|date| *date != rows.document.review_by);
    let live_version = rows.live_version();
    let path = rows.live.as_ref().and_then(|live| live.path.clone());
    let last_reviewed_on = rows.document.last_reviewed_on.clone();
    let mut row = rows.document.into_active_model();
    if let Some(owner) = change.owner {
        row.owner_id = Set(owner.map(|owner| owner.0));
    }
    if let Some(review_by) = &change.review_by {
        row.review_by = Set(review_by.clone());
    }
    touch(&mut row, ctx);
    let row = row.update(&*tx).await?;
    let mut event = NewEvent::about_document(EventKind::DocumentOwned, id)
        .with("kind", kind.name())
        .with("owner", row.owner_id.map(|id| id.to_string()))
        .with("review_by", row.review_by.clone());
    let stamp = events::next_stamp(&tx, ctx).await?;
    if public {
        note_review_dates(&tx, ctx, id, stamp, live_version, row.review_by.clone(), last_reviewed_on).await?;
        references::mark_changed(&tx, &[id], stamp).await?;
        event = event.with("path", path).public(vec![id]);
    }
    events::record(&tx, ctx, stamp, event).await?;
    let document = queries::compose(&*tx, load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Puts a document that the public can't read into the trash.
pub async fn trash(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<Document> {
    ctx.authorise(Action::Trash.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    let state = rows.state()?;
    if state.is_public() {
        super::unpublishing::refuse_embedded(&tx, &BTreeSet::from([id.0])).await?;
    }
    step(state, Action::Trash, rules)?;
    let mut row = rows.document.into_active_model();
    row.trashed_at = Set(Some(ctx.now().0));
    touch(&mut row, ctx);
    row.update(&*tx).await?;
    schedule::Entity::delete_many().filter(schedule::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    overviews::look_again(&tx, id).await?;
    events::append(&tx, ctx, NewEvent::about_document(EventKind::DocumentTrashed, id)).await?;
    let document = queries::compose(&*tx, load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Takes a document out of the trash, as it was.
pub async fn untrash(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<Document> {
    ctx.authorise(Action::Untrash.permission())?;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    step(rows.state()?, Action::Untrash, rules)?;
    let mut row = rows.document.into_active_model();
    row.trashed_at = Set(None);
    touch(&mut row, ctx);
    row.update(&*tx).await?;
    overviews::look_again(&tx, id).await?;
    events::append(&tx, ctx, NewEvent::about_document(EventKind::DocumentUntrashed, id)).await?;
    let document = queries::compose(&*tx, load(&tx, id).await?).await?;
    tx.commit(document).await
}

/// Removes a trashed document for good. Its events and a tombstone stay, and so do the redirects that it left with. Its
/// publications go with it, so that pictures which no other publication has used are no longer public.
///
/// # Errors
/// [`Error::Conflict`] with the documents that still refer to it.
pub async fn purge(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<()> {
    ctx.authorise(Action::Purge.permission())?;
    let tx = ctx.write().await?;
    events::lock_publications(&tx).await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    step(rows.state()?, Action::Purge, rules)?;
    let needed = uses::needed(&*tx, id).await?;
    let faults: Vec<Fault> = needed
        .into_iter()
        .map(|one| match one.how {
            How::Refers => Fault::new("", "refers-to-it", format!("“{}” ({}) refers to it.", one.title, one.id)),
            How::Below => Fault::new("", "stands-below-it", format!("“{}” ({}) stands below it.", one.title, one.id)),
        })
        .collect();
    if !faults.is_empty() {
        let detail = format!("{} other documents need it; change those first.", faults.len());
        return Err(Error::Conflict { code: "still-used", detail, faults });
    }
    let last_path = live_path::Entity::find()
        .filter(live_path::Column::DocumentId.eq(id.0))
        .all(&*tx)
        .await?
        .into_iter()
        .max_by_key(|row| row.from_sequence)
        .map(|row| row.path);
    let stone = tombstone::ActiveModel {
        document_id: Set(id.0),
        kind: Set(kind.name().to_owned()),
        path: Set(last_path),
        purged_at: Set(ctx.now().0),
        purged_by: Set(ctx.actor.name.clone()),
    };
    tombstone::Entity::insert(stone).exec_without_returning(&*tx).await?;
    let promises = match &rows.live {
        Some(live) => redirects::keep_promises(&tx, ctx, live).await?,
        None => Vec::new(),
    };
    // What was to look as if it had never been there still does.
    if rows.live.as_ref().is_some_and(|live| live.unpublish_decision.as_deref() == Some("hidden")) {
        live_path::Entity::delete_many().filter(live_path::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    }
    schedule::Entity::delete_many().filter(schedule::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    overviews::forget(&tx, id).await?;
    super::findable::forget(&tx, id).await?;
    quarantine::forget(&tx, id).await?;
    super::preview_links::forget_links(&tx, id).await?;
    presence::Entity::delete_many().filter(presence::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    looked_at::forget(&tx, id).await?;
    let shown = references::shown_images(&*tx, id).await?;
    reference::Entity::delete_many().filter(reference::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    live_line::hide_images(&tx, &shown).await?;
    site::forget_sample(&tx, id).await?;
    confirmation::Entity::delete_many().filter(confirmation::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    publication::Entity::delete_many().filter(publication::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    live_document::Entity::delete_many().filter(live_document::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    version::Entity::delete_many().filter(version::Column::DocumentId.eq(id.0)).exec(&*tx).await?;
    document::Entity::delete_by_id(id.0).exec(&*tx).await?;
    for promise in promises {
        events::append(&tx, ctx, promise).await?;
    }
    events::append(&tx, ctx, NewEvent::about_document(EventKind::DocumentPurged, id).with("kind", kind.name())).await?;
    tx.commit(()).await
}

/// The parts of a version, as they are hashed and stored.
pub(super) struct Parts {
    pub slug: String,
    pub parent: Option<DocumentId>,
    pub language: String,
    pub content: Content,
}

impl Parts {
    pub(super) fn hash(&self) -> Result<String> {
        hash_of(&self.slug, self.parent, &self.language, &self.content.to_stored()?)
    }

    fn whole(&self) -> Result<Value> {
        Ok(json!({
            "slug": self.slug,
            "parent": self.parent,
            "language": self.language,
            "content": self.content.to_value()?,
        }))
    }
}

/// SHA-256 over the parts of a version, in hexadecimal.
pub(super) fn hash_of(slug: &str, parent: Option<DocumentId>, language: &str, content: &str) -> Result<String> {
    let head = serde_json::to_string(&(slug, parent, language))?;
    let digest = Sha256::new().chain_update(head).chain_update(content).finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Saves the parts of a version within the transaction of another command.
pub(super) async fn save_parts(
    tx: &Transaction,
    ctx: &Ctx,
    rows: Rows,
    state: State,
    parts: Parts,
    note: Option<String>,
    kind: EventKind,
) -> Result<Document> {
    save_version(tx, ctx, rows, state, parts, Label { note, autosaved: false }, kind, None).await
}

/// What a version says of itself beside its content.
struct Label {
    note: Option<String>,
    autosaved: bool,
}

#[expect(clippy::too_many_arguments, reason = "the parts of one version, used by save and restore alone")]
async fn save_version(
    tx: &Transaction,
    ctx: &Ctx,
    rows: Rows,
    state: State,
    parts: Parts,
    label: Label,
    event: EventKind,
    restored: Option<VersionNumber>,
) -> Result<Document> {
    let id = rows.id();
    let from = restored.unwrap_or_else(|| rows.shown());
    if let Some(parent) = parts.parent
        && rows.document.parent_id != Some(parent.0)
    {
        paths::check_parent(&**tx, id, parent).await?;
    }
    super::embedding::refuse_cycles(&**tx, id, &references::of(&parts.content)).await?;
    let number = VersionNumber(rows.document.latest_version + 1);
    let left = (rows.document.title_key.clone(), rows.document.parent_id);
    let mut row = rows.document.into_active_model();
    row.latest_version = Set(number.0);
    clear_draft(&mut row);
    row.draft_version = Set(Some(number.0));
    row.draft_state = Set(Some(state.draft.name().to_owned()));
    row.title = Set(parts.content.title().to_owned());
    row.title_key = Set(paths::title_key(parts.content.title()));
    row.slug = Set(parts.slug.clone());
    row.parent_id = Set(parts.parent.map(|parent| parent.0));
    row.language = Set(parts.language.clone());
    touch(&mut row, ctx);
    row.update(&**tx).await?;
    write_version(tx, ctx, id, number, Some(from), &parts, label, Some(left)).await?;
    let event = NewEvent::about_document(event, id)
        .with("version", number.0)
        .with("from_version", from.0)
        .with("title", parts.content.title());
    events::append(tx, ctx, event).await?;
    queries::compose(&**tx, load(tx, id).await?).await
}

/// Writes an immutable version and what it refers to. `left` is where the title stood among others before.
#[expect(clippy::too_many_arguments, reason = "the parts of one version, used by create and save alone")]
async fn write_version(
    tx: &Transaction,
    ctx: &Ctx,
    id: DocumentId,
    number: VersionNumber,
    from: Option<VersionNumber>,
    parts: &Parts,
    label: Label,
    left: Option<Among>,
) -> Result<()> {
    let stored = parts.content.to_stored()?;
    let row = version::ActiveModel {
        document_id: Set(id.0),
        number: Set(number.0),
        slug: Set(parts.slug.clone()),
        parent_id: Set(parts.parent.map(|parent| parent.0)),
        language: Set(parts.language.clone()),
        title: Set(parts.content.title().to_owned()),
        format: Set(FORMAT),
        content_hash: Set(hash_of(&parts.slug, parts.parent, &parts.language, &stored)?),
        content: Set(stored),
        created_at: Set(ctx.now().0),
        door: Set(ctx.door.name().to_owned()),
        actor_kind: Set(ctx.actor.kind.name().to_owned()),
        actor_id: Set(ctx.actor.user.map(|user| user.0)),
        actor_name: Set(ctx.actor.name.clone()),
        actor_email: Set(ctx.actor.email.clone()),
        from_version: Set(from.map(|version| version.0)),
        note: Set(label.note),
        autosaved: Set(label.autosaved),
    };
    version::Entity::insert(row).exec_without_returning(&**tx).await?;
    let parent = parts.parent.map(|parent| parent.0);
    let subject = Subject { id, slug: &parts.slug, parent, content: &parts.content };
    overviews::remember_saved(tx, subject, left).await?;
    references::remember_draft(tx, id, &references::of(&parts.content)).await
}

/// The merge of a write that started from an older version with what was saved meanwhile.
async fn stale(tx: &Transaction, kind: Kind, rows: &Rows, seen: VersionNumber, yours: &Parts) -> Result<Error> {
    let current = rows.shown();
    let theirs = queries::whole(kind, &queries::version_row(&**tx, rows.id(), current).await?)?;
    let Ok(base) = queries::version_row(&**tx, rows.id(), seen).await else {
        return Ok(Error::Stale(Box::new(Stale { version: Some(current.0), ..Stale::default() })));
    };
    let merge = merge::merge(&queries::whole(kind, &base)?, &theirs, &yours.whole()?);
    Ok(Error::Stale(Box::new(Stale {
        version: Some(current.0),
        merged: merge.merged,
        conflicts: merge.conflicts.iter().map(serde_json::to_value).collect::<Result<_, _>>()?,
        ..Stale::default()
    })))
}

/// Makes drafts of these documents in which one image stands in place of another; what came of each, in their order. The
/// drafts are commands of their own: one that fails (a document that somebody is saving at this moment) can be done again.
pub async fn replace_image_in(
    ctx: &Ctx,
    documents: &[DocumentId],
    old: MediaId,
    new: MediaId,
) -> Vec<Result<Document>> {
    let mut outcomes = Vec::with_capacity(documents.len());
    for id in documents {
        outcomes.push(replace_image(ctx, *id, old, new).await);
    }
    outcomes
}

/// Makes a draft of a document in which one image stands in place of another, wherever it stood. Each use keeps its own
/// alternative text: people look at it before they publish.
async fn replace_image(ctx: &Ctx, id: DocumentId, old: MediaId, new: MediaId) -> Result<Document> {
    ctx.authorise(Permission::ContentWrite)?;
    let kind =
        queries::kind_of(ctx, id).await?.ok_or_else(|| Error::not_found(format!("document with the id {id}")))?;
    let present = queries::document(ctx, kind, id).await?;
    let mut content = present.content.clone();
    put_in_place(&mut content, &Value::from(old.to_string()), &Value::from(new.to_string()));
    let draft = Draft {
        slug: None,
        parent: None,
        language: None,
        content: Content::from_value(kind, content)?,
        note: Some("An image was replaced.".to_owned()),
    };
    save(ctx, kind, id, present.standing.version, draft).await
}

/// Images are referred to under the key `media`, and nothing else is.
fn put_in_place(value: &mut Value, old: &Value, new: &Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "media" && value == old {
                    *value = new.clone();
                } else {
                    put_in_place(value, old, new);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_in_place(item, old, new)),
        _ => {}
    }
}
