//! What has to hold before a line goes into the tables: within the line, and between it and what is there.

use std::collections::BTreeSet;

use entity::{live_document, tombstone};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::kernel::{DocumentId, Result, Sequence, VersionNumber, is_date};

use super::{
    super::{
        documents::hash_of,
        kinds::{Content, Kind},
        lifecycle::{DraftState, LiveState},
        paths,
        references::{self, EMBEDDING, ReferenceRole},
    },
    lines::{DocumentLine, PlaceLine, VersionLine},
};

/// What the other lines, and the site, need to know of a line that was checked.
#[derive(Clone, Debug)]
pub struct Facts {
    pub id: DocumentId,
    pub kind: Kind,
    pub title: String,
    pub public: bool,
    /// While it is public.
    pub slug: Option<String>,
    /// While it is public.
    pub path: Option<String>,
    /// What has to be public as well: the parent, and the sections that it embeds.
    pub needs: BTreeSet<Uuid>,
    pub images: BTreeSet<Uuid>,
    pub highest_sequence: Sequence,
}

/// Checks a line for itself.
///
/// # Errors
/// Everything that is wrong, one sentence each.
pub fn check(line: &DocumentLine) -> Result<Facts, Vec<String>> {
    let mut faults = Vec::new();
    check_versions(line, &mut faults);
    check_lines(line, &mut faults);
    check_publications(line, &mut faults);
    check_paths(line, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    facts(line).map_err(|error| vec![error])
}

/// Where a line can't stand beside what the site holds, one sentence each. The document itself is not there yet.
pub async fn collisions(connection: &impl ConnectionTrait, facts: &Facts) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let id = facts.id;
    if tombstone::Entity::find_by_id(id.0).one(connection).await?.is_some() {
        found.push(format!("the document {id} was purged from this site for good"));
    }
    if let Some(slug) = &facts.slug {
        let holder = live_document::Entity::find()
            .filter(live_document::Column::Kind.eq(facts.kind.name()))
            .filter(live_document::Column::Slug.eq(slug))
            .one(connection)
            .await?;
        if let Some(holder) = holder {
            let (kind, other) = (facts.kind.words(), holder.document_id);
            found.push(format!("the {kind} “{}” ({other}) of this site has the slug {slug:?} already", holder.title));
        }
    }
    if let Some(path) = &facts.path {
        let holder = live_document::Entity::find().filter(live_document::Column::Path.eq(path)).one(connection).await?;
        if let Some(holder) = holder {
            found.push(format!("“{}” ({}) of this site stands at {path} already", holder.title, holder.document_id));
        }
    }
    Ok(found)
}

fn check_versions(line: &DocumentLine, faults: &mut Vec<String>) {
    let mut before = VersionNumber(0);
    for version in &line.versions {
        if version.number <= before {
            faults.push(format!("version {} stands out of order", version.number));
        }
        before = version.number;
        if let Err(fault) = check_version(line.kind, version) {
            faults.push(format!("version {}: {fault}", version.number));
        }
    }
    if before != line.latest_version {
        faults.push(format!("version {} is named as the latest but is not the last one", line.latest_version));
    }
}

fn check_version(kind: Kind, version: &VersionLine) -> Result<(), String> {
    let stored = version.content.to_string();
    let content = Content::from_stored(kind, version.format, &stored).map_err(|error| reason(&error))?;
    // Reading leaves out what it does not know; what is left out would be lost.
    if content.to_stored().map_err(|error| reason(&error))? != stored {
        return Err("its content has fields that are unknown, or not in their order".to_owned());
    }
    if content.title() != version.title {
        return Err("its title is not that of its content".to_owned());
    }
    if !paths::is_slug(&version.slug) {
        return Err(format!("{:?} is not a slug", version.slug));
    }
    let hash = hash_of(&version.slug, version.parent, &version.language, &stored).map_err(|error| reason(&error))?;
    if hash != version.content_hash {
        return Err(format!("its hash is {hash}, not {}", version.content_hash));
    }
    Ok(())
}

/// The cause of an error, on one line.
fn reason(error: &crate::kernel::Error) -> String {
    let text = match error {
        crate::kernel::Error::Bug(source) => source.to_string(),
        other => other.to_string(),
    };
    format!("its content can't be read: {}", text.lines().next().unwrap_or_default())
}

fn check_lines(line: &DocumentLine, faults: &mut Vec<String>) {
    let mut require = |what: &str, number: VersionNumber| {
        if line.version(number).is_none() {
            faults.push(format!("the {what} is version {number}, which is not there"));
        }
    };
    line.draft.iter().for_each(|draft| require("draft", draft.version));
    line.live.iter().for_each(|live| require("live version", live.version));
    line.schedules.iter().for_each(|schedule| require("scheduled version", schedule.version));
    if line.draft.as_ref().is_some_and(|draft| draft.state == DraftState::None) {
        faults.push("the draft has no state".to_owned());
    }
    if line.live.as_ref().is_some_and(|live| live.state == LiveState::Never) {
        faults.push("the live line says that it was never live".to_owned());
    }
    if line.schedules.iter().any(|schedule| !matches!(schedule.action.as_str(), "publish" | "unpublish")) {
        faults.push("something other than publish and unpublish is scheduled".to_owned());
    }
    let dates = line.confirmations.iter().flat_map(|one| [&one.review_by, &one.last_reviewed_on]);
    for date in dates.chain([&line.review_by, &line.last_reviewed_on]).flatten() {
        if !is_date(date) {
            faults.push(format!("{date:?} is not a date"));
        }
    }
}

fn check_publications(line: &DocumentLine, faults: &mut Vec<String>) {
    let mut before: Option<PlaceLine> = None;
    for (position, publication) in line.publications.iter().enumerate() {
        let id = publication.id;
        if line.version(publication.version).is_none() {
            faults.push(format!("the publication {id} is of version {}, which is not there", publication.version));
        }
        if !matches!(publication.state, LiveState::Live | LiveState::Withdrawn) {
            faults.push(format!("the publication {id} is neither live nor withdrawn"));
        }
        if before.is_some_and(|before| publication.from.sequence < before.sequence) {
            faults.push(format!("the publication {id} begins before the one before it ended"));
        }
        if publication.until.is_none() && position + 1 != line.publications.len() {
            faults.push(format!("the publication {id} is open but is not the last one"));
        }
        if publication.until.is_some_and(|until| until.sequence < publication.from.sequence) {
            faults.push(format!("the publication {id} ends before it begins"));
        }
        before = publication.until;
    }
    let open = line.publications.last().filter(|publication| publication.until.is_none());
    let live = line.live.as_ref().filter(|_| line.is_public());
    if open.map(|open| (open.version, open.state)) != live.map(|live| (live.version, live.state)) {
        faults.push("the live line and the open publication are not the same".to_owned());
    }
}

fn check_paths(line: &DocumentLine, faults: &mut Vec<String>) {
    let open: Vec<&str> =
        line.paths.iter().filter(|path| path.until.is_none()).map(|path| path.path.as_str()).collect();
    let live: Vec<&str> = line.live.iter().filter_map(|live| live.path.as_deref()).collect();
    if open != live || line.is_public() != (live.len() == 1) {
        faults.push("the path of the live line and the open path are not the same".to_owned());
    }
    let is_path = |path: &str| path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(paths::is_slug));
    for path in line.paths.iter().filter(|path| !is_path(&path.path)) {
        faults.push(format!("{:?} is not a path of documents", path.path));
    }
}

fn facts(line: &DocumentLine) -> Result<Facts, String> {
    let title = line.versions.last().map(|version| version.title.clone()).unwrap_or_default();
    let mut facts = Facts {
        id: line.id,
        kind: line.kind,
        title,
        public: line.is_public(),
        slug: None,
        path: line.live.as_ref().and_then(|live| live.path.clone()),
        needs: BTreeSet::new(),
        images: BTreeSet::new(),
        highest_sequence: highest_sequence(line),
    };
    let live = line.live.as_ref().filter(|_| facts.public).and_then(|live| line.version(live.version));
    let draft = line.draft.as_ref().and_then(|draft| line.version(draft.version));
    for version in live.iter().chain(&draft) {
        let content = Content::from_stored(line.kind, version.format, &version.content.to_string());
        for reference in references::of(&content.map_err(|error| reason(&error))?) {
            if reference.role == ReferenceRole::Image {
                facts.images.insert(reference.target);
            } else if EMBEDDING.contains(&reference.role) && Some(version.number) == live.map(|live| live.number) {
                facts.needs.insert(reference.target);
            }
        }
    }
    if let Some(live) = live {
        facts.slug = Some(live.slug.clone());
        facts.needs.extend(live.parent.map(|parent| parent.0));
    }
    Ok(facts)
}

fn highest_sequence(line: &DocumentLine) -> Sequence {
    let publications = line.publications.iter().map(|one| (one.from, one.until));
    let places = publications.chain(line.paths.iter().map(|one| (one.from, one.until)));
    let sequences = places.flat_map(|(from, until)| [Some(from.sequence), until.map(|until| until.sequence)]);
    let confirmations = line.confirmations.iter().map(|one| one.sequence);
    sequences.flatten().chain(confirmations).max().unwrap_or_default()
}
