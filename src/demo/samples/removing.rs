//! Taking the samples away again: what would go, what would stay and why, and the removal itself through the ordinary
//! commands, in the order in which one needs another.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    content::{self, Decision, How, Kind, Unpublishing},
    events::{self, EventKind, Filter},
    feedback::{self, CaseListing},
    kernel::{CaseId, Ctx, DocumentId, Error, MediaId, Permission, Result, Timestamp},
    media::{self, Store},
    site::{self, SampleId},
};

/// What is said at the addresses of removed samples, until they are removed for good a moment later.
const EXPLANATION: &str = "This was sample content.";

/// A sample that is there.
#[derive(Clone, Debug)]
pub struct Thing {
    pub id: SampleId,
    /// Of a document.
    pub kind: Option<Kind>,
    /// Its title or its name; of a report its reference and what it says, of a case its number and title.
    pub name: String,
    /// Whether the public can read it now.
    pub live: bool,
    /// Who changed it last since it was added.
    pub changed: Option<Changed>,
}

/// A change of a sample.
#[derive(Clone, Debug)]
pub struct Changed {
    pub by: String,
    pub at: Timestamp,
}

/// Why a sample stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// This document refers to it or shows it.
    Used(String),
    /// This document stands below it.
    Below(String),
    /// A report that a visitor sent is in it, or a case that visitors made was merged into it.
    RealReports,
}

/// What a removal would do now.
#[derive(Clone, Debug, Default)]
pub struct Removal {
    pub leaving: Vec<Thing>,
    pub staying: Vec<(Thing, Vec<Because>)>,
    /// What bears a mark and is not there any more.
    gone: Vec<SampleId>,
    /// Cases that are merged into others; they go first.
    merged: BTreeSet<CaseId>,
}

/// What became of a sample.
#[derive(Debug)]
pub enum Outcome {
    Removed,
    /// It is the site's own from now on.
    Kept(Vec<Because>),
    /// It is there as before, or part of the way.
    Failed(Error),
}

impl Removal {
    pub fn is_empty(&self) -> bool {
        self.leaving.is_empty() && self.staying.is_empty()
    }
}

/// Looks at the samples that are there: documents, pictures, reports and cases, each by name.
pub async fn removal(ctx: &Ctx) -> Result<Removal> {
    for permission in [Permission::SettingsManage, Permission::ContentRead, Permission::FeedbackRead] {
        ctx.authorise(permission)?;
    }
    let samples = site::samples(&*ctx.database.read().await?).await?;
    let mut removal = Removal::default();
    let mut found = Vec::new();
    for (id, added) in samples.iter() {
        match look_at(ctx, id, &mut removal.merged).await? {
            Some(mut thing) => {
                thing.changed = last_change(ctx, id, added.at).await?;
                found.push(thing);
            }
            None => removal.gone.push(id),
        }
    }
    let reasons = reasons_to_stay(ctx, &found).await?;
    for thing in found {
        match reasons.get(&thing.id) {
            Some(because) => removal.staying.push((thing, because.clone())),
            None => removal.leaving.push(thing),
        }
    }
    Ok(removal)
}

/// Removes for good what nothing else needs, and makes the rest the site's own; says what became of each. What was
/// interrupted is taken up where it was left.
pub async fn remove_samples(ctx: &Ctx, store: &Store) -> Result<Vec<(Thing, Outcome)>> {
    use Permission::{ContentPublish, ContentPurge, ContentTrash, ContentWrite, FeedbackErase, MediaWrite};
    for permission in [ContentWrite, ContentPublish, ContentTrash, ContentPurge, MediaWrite, FeedbackErase] {
        ctx.authorise(permission)?;
    }
    let removal = removal(ctx).await?;
    let mut failed = BTreeMap::new();
    remove_feedback(ctx, &removal, &mut failed).await;
    remove_documents(ctx, &removal, &mut failed).await;
    remove_images(ctx, store, &removal, &mut failed).await;
    let kept = removal.staying.iter().map(|(thing, _)| thing.id).chain(removal.gone.iter().copied());
    site::keep_samples(ctx, &kept.collect::<Vec<_>>()).await?;
    let left = removal.leaving.into_iter().map(|thing| {
        let outcome = failed.remove(&thing.id).map_or(Outcome::Removed, Outcome::Failed);
        (thing, outcome)
    });
    let mut outcomes: Vec<(Thing, Outcome)> = left.collect();
    outcomes.extend(removal.staying.into_iter().map(|(thing, because)| (thing, Outcome::Kept(because))));
    Ok(outcomes)
}

/// A sample as it stands now; `None` if it is gone.
async fn look_at(ctx: &Ctx, id: SampleId, merged: &mut BTreeSet<CaseId>) -> Result<Option<Thing>> {
    let thing = |kind, name: String, live| Some(Thing { id, kind, name, live, changed: None });
    Ok(match id {
        SampleId::Document(document) => {
            let known = content::kinds_and_titles(ctx, &BTreeSet::from([document])).await?.remove(&document);
            let Some((kind, title)) = known else { return Ok(None) };
            let Some(present) = there(content::document(ctx, kind, document).await)? else { return Ok(None) };
            thing(Some(kind), title, present.state().is_public())
        }
        SampleId::Media(media) => match there(media::get(ctx, media).await)? {
            Some(media) => thing(None, media.filename, media.public),
            None => None,
        },
        SampleId::Report(report) => match there(feedback::report(ctx, report).await)? {
            Some(report) => {
                let words = report.wrong.or(report.doing).unwrap_or_default();
                thing(None, format!("{}: {words}", report.reference), false)
            }
            None => None,
        },
        SampleId::Case(case) => {
            let listing = CaseListing { ids: Some(vec![case]), limit: 1, ..CaseListing::default() };
            match feedback::cases(ctx, &listing).await?.rows.pop() {
                Some(found) => {
                    if found.merged_into.is_some() {
                        merged.insert(case);
                    }
                    thing(None, format!("#{} {}", found.number, found.title), false)
                }
                None => None,
            }
        }
    })
}

fn there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What people did to a sample since it was added. That it was published is no change.
async fn last_change(ctx: &Ctx, id: SampleId, since: Timestamp) -> Result<Option<Changed>> {
    let about = |kind: &str, id: String| Some((kind.to_owned(), id));
    let (subject, kinds) = match id {
        SampleId::Document(document) => (
            about("document", document.to_string()),
            vec![EventKind::DocumentSaved, EventKind::DocumentRestored, EventKind::DraftDiscarded],
        ),
        SampleId::Media(media) => (about("media", media.to_string()), vec![EventKind::MediaChanged]),
        SampleId::Report(report) => (
            about("report", report.to_string()),
            vec![
                EventKind::ReportRedacted,
                EventKind::ReportWordsPutBack,
                EventKind::ReportMoved,
                EventKind::ReportQuarantined,
            ],
        ),
        SampleId::Case(case) => (
            about("case", case.to_string()),
            vec![
                EventKind::CaseChanged,
                EventKind::CaseResolved,
                EventKind::CaseReopened,
                EventKind::CaseMerged,
                EventKind::CaseUnmerged,
                EventKind::CaseSplit,
                EventKind::CaseNoted,
                EventKind::FixTold,
                EventKind::FixUntold,
            ],
        ),
    };
    let filter = Filter { subject, kinds, from: Some(since), ..Filter::default() };
    let snapshot = ctx.database.read().await?;
    let last = events::list(&*snapshot, &filter, true, 1).await?.pop();
    Ok(last.map(|event| Changed { by: event.actor.name, at: event.at }))
}

/// What stays, and why. A document stays if something needs it that stays itself, be it another sample.
async fn reasons_to_stay(ctx: &Ctx, found: &[Thing]) -> Result<BTreeMap<SampleId, Vec<Because>>> {
    let mut needed: BTreeMap<SampleId, Vec<(DocumentId, Because)>> = BTreeMap::new();
    let mut reasons: BTreeMap<SampleId, Vec<Because>> = BTreeMap::new();
    let mut leaving: BTreeSet<DocumentId> = BTreeSet::new();
    for thing in found {
        match thing.id {
            SampleId::Document(document) => {
                leaving.insert(document);
                let users = content::needed_by(ctx, document).await?.into_iter().map(|one| match one.how {
                    How::Refers => (one.id, Because::Used(one.title)),
                    How::Below => (one.id, Because::Below(one.title)),
                });
                needed.insert(thing.id, users.collect());
            }
            SampleId::Media(media) => {
                let users = media::uses(ctx, media).await?.into_iter().map(|one| (one.id, Because::Used(one.title)));
                needed.insert(thing.id, users.collect());
            }
            SampleId::Case(case) => {
                if feedback::holds_more_than_samples(ctx, case).await? {
                    reasons.insert(thing.id, vec![Because::RealReports]);
                }
            }
            SampleId::Report(_) => {}
        }
    }
    loop {
        let before = reasons.len();
        for (id, users) in &needed {
            let mut because: Vec<Because> = Vec::new();
            for (user, reason) in users {
                if !leaving.contains(user) && !because.contains(reason) {
                    because.push(reason.clone());
                }
            }
            if !because.is_empty() {
                if let SampleId::Document(document) = id {
                    leaving.remove(document);
                }
                reasons.insert(*id, because);
            }
        }
        if reasons.len() == before {
            return Ok(reasons);
        }
    }
}

/// Reports out of whatever case they are in, then the cases, those first that are merged into others.
async fn remove_feedback(ctx: &Ctx, removal: &Removal, failed: &mut BTreeMap<SampleId, Error>) {
    let mut cases = Vec::new();
    for thing in &removal.leaving {
        match thing.id {
            SampleId::Report(report) => {
                if let Err(error) = feedback::remove_sample_report(ctx, report).await {
                    failed.insert(thing.id, error);
                }
            }
            SampleId::Case(case) => cases.push(case),
            SampleId::Document(_) | SampleId::Media(_) => {}
        }
    }
    cases.sort_by_key(|case| !removal.merged.contains(case));
    for case in cases {
        if let Err(error) = feedback::remove_sample_case(ctx, case).await {
            failed.insert(SampleId::Case(case), error);
        }
    }
}

/// A step of many documents on their way out.
#[derive(Clone, Copy, Debug)]
enum Step {
    Unpublish,
    Trash,
    Purge,
}

async fn remove_documents(ctx: &Ctx, removal: &Removal, failed: &mut BTreeMap<SampleId, Error>) {
    let document = |thing: &Thing| match (thing.id, thing.kind) {
        (SampleId::Document(id), Some(kind)) => Some((kind, id)),
        _ => None,
    };
    let mut documents: Vec<(Kind, DocumentId)> = removal.leaving.iter().filter_map(document).collect();
    for step in [Step::Unpublish, Step::Trash, Step::Purge] {
        documents = one_after_another(ctx, documents, step, failed).await;
    }
}

/// Takes a step for all, again and again as long as some come through: what another needs has to wait until that is gone.
async fn one_after_another(
    ctx: &Ctx,
    mut waiting: Vec<(Kind, DocumentId)>,
    step: Step,
    failed: &mut BTreeMap<SampleId, Error>,
) -> Vec<(Kind, DocumentId)> {
    let mut done = Vec::new();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut refused = Vec::new();
        for (kind, id) in waiting {
            match take(ctx, kind, id, step).await {
                Ok(()) => done.push((kind, id)),
                Err(error) => refused.push((kind, id, error)),
            }
        }
        if refused.len() == before {
            failed.extend(refused.into_iter().map(|(_, id, error)| (SampleId::Document(id), error)));
            break;
        }
        waiting = refused.into_iter().map(|(kind, id, _)| (kind, id)).collect();
    }
    done
}

/// A step for one document, if it has not been taken already.
async fn take(ctx: &Ctx, kind: Kind, id: DocumentId, step: Step) -> Result<()> {
    let Some(present) = there(content::document(ctx, kind, id).await)? else { return Ok(()) };
    let seen = present.standing.version;
    match step {
        Step::Unpublish if present.state().is_public() => {
            let said = Unpublishing {
                decision: Some(Decision::Gone),
                explanation: Some(EXPLANATION.to_owned()),
                ..Unpublishing::default()
            };
            content::unpublish(ctx, kind, id, seen, said).await?;
        }
        Step::Trash if present.trashed_at.is_none() => {
            // A draft would go on referring to other samples.
            let seen = match present.state().has_draft() {
                true => content::discard(ctx, kind, id, seen).await?.standing.version,
                false => seen,
            };
            content::trash(ctx, kind, id, seen).await?;
        }
        Step::Purge => content::purge(ctx, kind, id, seen).await?,
        Step::Unpublish | Step::Trash => {}
    }
    Ok(())
}

async fn remove_images(ctx: &Ctx, store: &Store, removal: &Removal, failed: &mut BTreeMap<SampleId, Error>) {
    for thing in &removal.leaving {
        if let SampleId::Media(media) = thing.id
            && let Err(error) = remove_image(ctx, store, media).await
        {
            failed.insert(thing.id, error);
        }
    }
}

async fn remove_image(ctx: &Ctx, store: &Store, id: MediaId) -> Result<()> {
    match there(media::get(ctx, id).await)? {
        Some(media) => media::delete(ctx, store, id, media.version).await,
        None => Ok(()),
    }
}
