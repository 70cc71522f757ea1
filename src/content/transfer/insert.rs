//! From a line into the tables, and into the log.

use std::collections::{BTreeMap, BTreeSet};

use entity::{confirmation, document, live_document, live_path, publication, schedule, user, version};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent, Stamp},
    kernel::{Ctx, DocumentId, Error, Result, Sequence, Transaction, VersionNumber},
};

use super::{
    super::{
        documents::hash_of,
        findable,
        kinds::Content,
        lifecycle::LiveState,
        overviews, paths,
        references::{self, Change, Reference},
    },
    checks::Facts,
    lines::{DocumentLine, LiveLine, PersonLine, PlaceLine, VersionLine},
};

/// What is kept over all lines of one import.
#[derive(Default)]
pub struct Arrival {
    accounts: BTreeMap<String, Option<Uuid>>,
    /// Accounts that were made, as (id, e-mail).
    pub made: Vec<(Uuid, String)>,
}

/// Writes a line that was checked. The publication lock is held by the caller; [`announce`] follows.
pub async fn insert(tx: &Transaction, ctx: &Ctx, arrival: &mut Arrival, line: &DocumentLine) -> Result<()> {
    let latest = version_of(line, line.latest_version)?;
    let draft = line.draft.as_ref();
    let row = document::Model {
        id: line.id.0,
        kind: line.kind.name().to_owned(),
        latest_version: line.latest_version.0,
        draft_version: draft.map(|draft| draft.version.0),
        draft_state: draft.map(|draft| draft.state.name().to_owned()),
        draft_faults: draft.and_then(|draft| draft.faults.as_ref()).map(ToString::to_string),
        submitted_by: arrival.account(tx, ctx, draft.and_then(|draft| draft.submitted_by.as_ref())).await?,
        approved_by: arrival.account(tx, ctx, draft.and_then(|draft| draft.approved_by.as_ref())).await?,
        title: latest.title.clone(),
        title_key: paths::title_key(&latest.title),
        slug: latest.slug.clone(),
        parent_id: latest.parent.map(|parent| parent.0),
        language: latest.language.clone(),
        owner_id: arrival.account(tx, ctx, line.owner.as_ref()).await?,
        review_by: line.review_by.clone(),
        last_reviewed_on: line.last_reviewed_on.clone(),
        trashed_at: line.trashed_at.map(|at| at.0),
        row_version: 1,
        created_at: line.created_at.0,
        updated_at: line.updated_at.0,
        updated_by: None,
        updated_by_name: line.updated_by.clone(),
    };
    document::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    insert_versions(tx, arrival, line).await?;
    if let Some(live) = &line.live {
        let by = arrival.account(tx, ctx, live.retrospective_by.as_ref()).await?;
        let row = live_row(line, live, by)?;
        live_document::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
        findable::remember(tx, line.id, live.version, &content_of(line, live.version)?).await?;
    }
    insert_history(tx, line).await?;
    insert_references(tx, line).await
}

fn version_of(line: &DocumentLine, number: VersionNumber) -> Result<&VersionLine> {
    line.version(number).ok_or_else(|| Error::bug("a version is missing from a line that was checked"))
}

fn content_of(line: &DocumentLine, number: VersionNumber) -> Result<Content> {
    let version = version_of(line, number)?;
    Content::from_stored(line.kind, version.format, &version.content.to_string())
}

impl Arrival {
    /// The account with the e-mail of a version's author, if there is one.
    async fn known(&mut self, tx: &Transaction, email: Option<&str>) -> Result<Option<Uuid>> {
        let Some(email) = email else { return Ok(None) };
        if let Some(found) = self.accounts.get(email) {
            return Ok(*found);
        }
        let row = user::Entity::find().filter(user::Column::Email.eq(email)).one(&**tx).await?;
        let found = row.map(|row| row.id);
        self.accounts.insert(email.to_owned(), found);
        Ok(found)
    }

    /// The account of a person, made without roles and password if there is none.
    async fn account(&mut self, tx: &Transaction, ctx: &Ctx, person: Option<&PersonLine>) -> Result<Option<Uuid>> {
        let Some(person) = person else { return Ok(None) };
        if let Some(known) = self.known(tx, Some(&person.email)).await? {
            return Ok(Some(known));
        }
        let id = ctx.new_id();
        let row = user::Model {
            id,
            email: person.email.clone(),
            name: person.name.clone(),
            password_hash: None,
            active: false,
            row_version: 1,
            created_at: ctx.now().0,
            updated_at: ctx.now().0,
        };
        user::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
        self.accounts.insert(person.email.clone(), Some(id));
        self.made.push((id, person.email.clone()));
        Ok(Some(id))
    }
}

async fn insert_versions(tx: &Transaction, arrival: &mut Arrival, line: &DocumentLine) -> Result<()> {
    for one in &line.versions {
        let content = one.content.to_string();
        let row = version::Model {
            document_id: line.id.0,
            number: one.number.0,
            slug: one.slug.clone(),
            parent_id: one.parent.map(|parent| parent.0),
            language: one.language.clone(),
            title: one.title.clone(),
            format: one.format,
            content_hash: hash_of(&one.slug, one.parent, &one.language, &content)?,
            content,
            created_at: one.created_at.0,
            door: one.door.clone(),
            actor_kind: one.actor.kind.clone(),
            actor_id: arrival.known(tx, one.actor.email.as_deref()).await?,
            actor_name: one.actor.name.clone(),
            actor_email: one.actor.email.clone(),
            from_version: one.from_version.map(|version| version.0),
            note: one.note.clone(),
            autosaved: one.autosaved,
        };
        version::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// The live row as publishing would have made it; only its place in the log comes with the event.
fn live_row(line: &DocumentLine, live: &LiveLine, retrospective_by: Option<Uuid>) -> Result<live_document::Model> {
    let version = version_of(line, live.version)?;
    let content = content_of(line, live.version)?;
    Ok(live_document::Model {
        document_id: line.id.0,
        kind: line.kind.name().to_owned(),
        state: live.state.name().to_owned(),
        version: live.version.0,
        title: version.title.clone(),
        title_key: paths::title_key(&version.title),
        summary: content.summary().to_owned(),
        language: version.language.clone(),
        slug: (live.state != LiveState::Unpublished).then(|| version.slug.clone()),
        parent_id: version.parent.map(|parent| parent.0),
        path: live.path.clone(),
        notice: live.notice.clone(),
        unpublish_decision: live.unpublish_decision.clone(),
        unpublish_target: live.unpublish_target.clone(),
        unpublish_explanation: live.unpublish_explanation.clone(),
        retrospective_version: live.retrospective_version.map(|version| version.0),
        retrospective_by,
        first_published_at: live.first_published_at.0,
        published_at: live.published_at.0,
        changed_sequence: 0,
        changed_at: live.changed_at.0,
    })
}

async fn insert_history(tx: &Transaction, line: &DocumentLine) -> Result<()> {
    let document_id = line.id.0;
    for one in &line.publications {
        let row = publication::Model {
            id: one.id.0,
            document_id,
            version: one.version.0,
            state: one.state.name().to_owned(),
            change: one.change.clone(),
            note: one.note.clone(),
            notice: one.notice.clone(),
            from_sequence: one.from.sequence.0,
            from_at: one.from.at.0,
            until_sequence: one.until.map(|until| until.sequence.0),
            until_at: one.until.map(|until| until.at.0),
            suppressed_at: one.suppressed_at.map(|at| at.0),
        };
        publication::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    for one in &line.paths {
        let row = live_path::Model {
            id: one.id,
            path: one.path.clone(),
            document_id,
            from_sequence: one.from.sequence.0,
            from_at: one.from.at.0,
            until_sequence: one.until.map(|until| until.sequence.0),
            until_at: one.until.map(|until| until.at.0),
        };
        live_path::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    for one in &line.confirmations {
        let row = confirmation::Model {
            document_id,
            sequence: one.sequence.0,
            version: one.version.map(|version| version.0),
            review_by: one.review_by.clone(),
            last_reviewed_on: one.last_reviewed_on.clone(),
            at: one.at.0,
            actor_id: None,
            actor_name: one.actor.clone(),
        };
        confirmation::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    for one in &line.schedules {
        let row = schedule::Model {
            document_id,
            action: one.action.clone(),
            version: one.version.0,
            at: one.at.0,
            details: one.details.to_string(),
            created_at: one.created_at.0,
            actor_id: None,
            actor_name: one.actor.clone(),
        };
        schedule::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Remembers what the draft refers to, and follows the publications one after the other for the live line.
async fn insert_references(tx: &Transaction, line: &DocumentLine) -> Result<()> {
    if let Some(draft) = &line.draft {
        references::remember_draft(tx, line.id, &references::of(&content_of(line, draft.version)?)).await?;
    }
    let mut publications = line.publications.iter().peekable();
    while let Some(one) = publications.next() {
        let wanted = references::of(&content_of(line, one.version)?);
        references::remember_live(tx, line.id, &wanted, stamp(one.from)).await?;
        let mut goes_on =
            |until: PlaceLine| publications.peek().is_some_and(|next| next.from.sequence == until.sequence);
        if let Some(until) = one.until.filter(|until| !goes_on(*until)) {
            let nothing: [Reference; 0] = [];
            references::remember_live(tx, line.id, &nothing, stamp(until)).await?;
        }
    }
    Ok(())
}

fn stamp(place: PlaceLine) -> Stamp {
    Stamp { sequence: place.sequence, at: place.at }
}

/// Appends the event of one document that came in. `after` is the number that the log had reached, if numbers were left
/// out before this event.
///
/// Documents that were here already and whose public JSON shows the newcomer are named with it. Those that came in
/// together keep the time of their last change.
pub async fn announce(
    tx: &Transaction,
    ctx: &Ctx,
    facts: &Facts,
    together: &BTreeSet<DocumentId>,
    after: Option<Sequence>,
) -> Result<()> {
    let id = facts.id;
    // By now all that came in together is there to be referred to.
    overviews::remember_arrived(tx, id).await?;
    let mut others = Vec::new();
    if facts.public {
        let change = Change {
            content: BTreeSet::from([id.0]),
            cards: BTreeSet::from([id.0]),
            addresses: BTreeSet::from([id.0]),
            crumbs: BTreeSet::from([id.0]),
            embedded: references::live_embedded(&**tx, id).await?,
        };
        others = references::reached(&**tx, &change).await?;
        others.retain(|other| !together.contains(other));
    }
    let stamp = events::next_stamp(tx, ctx).await?;
    references::mark_changed(tx, &others, stamp).await?;
    live_document::Entity::update_many()
        .col_expr(live_document::Column::ChangedSequence, Expr::value(stamp.sequence.0))
        .filter(live_document::Column::DocumentId.eq(id.0))
        .exec(&**tx)
        .await?;
    let mut event = NewEvent::about_document(EventKind::DocumentImported, id)
        .with("kind", facts.kind.name())
        .with("title", facts.title.as_str())
        .with("path", facts.path.clone())
        .with("continues_after", after.map(|after| after.0));
    if facts.public {
        others.insert(0, id);
        event = event.public(others);
    }
    events::record(tx, ctx, stamp, event).await
}
