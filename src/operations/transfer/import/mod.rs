//! Takes a folder in: reads and checks all of it, then writes it in one transaction, or nothing. The folder is read more
//! than once instead of being held in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use bytes::Bytes;
use entity::{counter, live_document, media, redirect, rendition};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    content::transfer::{self, Arrival, DocumentLine, Facts, People},
    events::{self, EventKind, NewEvent},
    kernel::{Ctx, DocumentId, Error, Fault, Permission, Result, Sequence, Transaction},
    media::{MediaKey, Store},
    site,
};

use super::{
    super::{files::fault, store_fault},
    DOCUMENTS, MEDIA, MEDIA_FOLDER, REDIRECTS, RedirectLine,
    media::{self as library, MediaLine},
};

mod reading;

use reading::{Parcel, each_line, read};

/// What came in, and what was there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub documents: usize,
    pub media: usize,
    pub redirects: usize,
    /// Documents, images and redirects that were there, just so.
    pub unchanged: usize,
    /// Schedules that came with the documents.
    pub schedules: usize,
    /// E-mails of the accounts that were made, which can't sign in.
    pub accounts: Vec<String>,
}

impl fmt::Display for ImportReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { documents, media, redirects, unchanged, schedules, accounts } = self;
        write!(formatter, "Imported {documents} documents, {media} images and {redirects} redirects; ")?;
        write!(formatter, "{unchanged} were there already.")?;
        if *schedules > 0 {
            write!(formatter, "\n{schedules} of their publications are scheduled.")?;
        }
        for email in accounts {
            write!(formatter, "\nAn account that can't sign in was made for {email}.")?;
        }
        Ok(())
    }
}

/// What is new to the site.
struct Newcomers {
    media: Vec<MediaLine>,
    redirects: Vec<RedirectLine>,
    documents: BTreeSet<DocumentId>,
    unchanged: usize,
}

impl Newcomers {
    fn are_none(&self) -> bool {
        self.media.is_empty() && self.redirects.is_empty() && self.documents.is_empty()
    }
}

/// Takes in what an export wrote. What is there already, just so, is left alone; taking the same in twice changes
/// nothing.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong and the file and line where it stands.
pub async fn import(ctx: &Ctx, store: &Store, folder: &Path) -> Result<ImportReport> {
    for permission in [Permission::ContentWrite, Permission::ContentPublish, Permission::MediaWrite] {
        ctx.authorise(permission)?;
    }
    let reading = folder.to_owned();
    let parcel = tokio::task::spawn_blocking(move || read(&reading)).await.map_err(Error::bug)??;
    let tx = ctx.write().await?;
    site::prepare(&tx, ctx, false).await?;
    events::lock_publications(&tx).await?;
    let newcomers = compare(&tx, folder, &parcel).await?;
    if newcomers.are_none() {
        return Ok(ImportReport { unchanged: newcomers.unchanged, ..ImportReport::default() });
    }
    let report = write(&tx, ctx, folder, &parcel, &newcomers).await?;
    let mut copied = Vec::new();
    let outcome = match copy_files(store, folder, &newcomers, &mut copied).await {
        Ok(()) => tx.commit(()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        for key in &copied {
            // The first failure is the one to tell; the doctor names a file that stays behind.
            let _ = store.delete(key).await;
        }
        return Err(error);
    }
    Ok(report)
}

/// Finds what is new, and refuses everything that does not fit with what is there.
async fn compare(tx: &Transaction, folder: &Path, parcel: &Parcel) -> Result<Newcomers> {
    let mut faults = Vec::new();
    let mut unchanged = 0;
    let mut documents = BTreeSet::new();
    let mut people = People::default();
    for (number, line) in each_line::<DocumentLine>(folder, DOCUMENTS)? {
        let at = format!("{DOCUMENTS}:{number}");
        let line = line.map_err(|reason| Error::invalid(at.as_str(), "broken-line", reason))?;
        match transfer::compose(&**tx, &mut people, line.id).await? {
            Some(there) if there.is_same_as(&line) => unchanged += 1,
            Some(_) => {
                let detail = format!("the document {} is there with another history", line.id);
                faults.push(Fault::new(at, "different-history", detail));
            }
            None => {
                documents.insert(line.id);
            }
        }
    }
    for (number, facts) in parcel.documents.iter().filter(|(_, facts)| documents.contains(&facts.id)) {
        let at = format!("{DOCUMENTS}:{number}");
        let collisions = transfer::collisions(&**tx, facts).await?;
        faults.extend(collisions.into_iter().map(|detail| Fault::new(at.as_str(), "already-taken", detail)));
        for need in missing_needs(tx, parcel, facts).await? {
            let detail = format!("{} is public and needs {need}, which is not", facts.id);
            faults.push(Fault::new(at.as_str(), "needs-missing", detail));
        }
    }
    let media = new_media(tx, parcel, &mut unchanged, &mut faults).await?;
    let redirects = new_redirects(tx, parcel, &mut unchanged, &mut faults).await?;
    if faults.is_empty() {
        Ok(Newcomers { media, redirects, documents, unchanged })
    } else {
        Err(Error::Invalid(faults))
    }
}

/// What a public document needs and what is public neither in the folder nor here.
async fn missing_needs(tx: &Transaction, parcel: &Parcel, facts: &Facts) -> Result<Vec<Uuid>> {
    let mut missing = Vec::new();
    for need in &facts.needs {
        if parcel.documents.iter().any(|(_, other)| other.id.0 == *need && other.public) {
            continue;
        }
        let row = live_document::Entity::find_by_id(*need).one(&**tx).await?;
        if row.is_none_or(|row| row.path.is_none()) {
            missing.push(*need);
        }
    }
    Ok(missing)
}

async fn new_media(
    tx: &Transaction,
    parcel: &Parcel,
    unchanged: &mut usize,
    faults: &mut Vec<Fault>,
) -> Result<Vec<MediaLine>> {
    let mut new = Vec::new();
    for (number, line) in &parcel.media {
        let at = format!("{MEDIA}:{number}");
        if let Some(row) = media::Entity::find_by_id(line.id.0).one(&**tx).await? {
            if library::compose(&**tx, row).await? == *line {
                *unchanged += 1;
            } else {
                faults.push(Fault::new(
                    at,
                    "different-history",
                    format!("the image {} is there, and different", line.id),
                ));
            }
            continue;
        }
        for one in &line.renditions {
            if let Some(row) = rendition::Entity::find_by_id(one.key.as_str()).one(&**tx).await? {
                let detail = format!("the file {} belongs to the image {} of this site", one.key, row.media_id);
                faults.push(Fault::new(at.as_str(), "already-taken", detail));
            }
        }
        new.push(line.clone());
    }
    Ok(new)
}

async fn new_redirects(
    tx: &Transaction,
    parcel: &Parcel,
    unchanged: &mut usize,
    faults: &mut Vec<Fault>,
) -> Result<Vec<RedirectLine>> {
    let mut new = Vec::new();
    for (number, line) in &parcel.redirects {
        let at = format!("{REDIRECTS}:{number}");
        let holder = redirect::Entity::find().filter(redirect::Column::Path.eq(&line.path)).one(&**tx).await?;
        match (redirect::Entity::find_by_id(line.id).one(&**tx).await?, holder) {
            (Some(row), _) if RedirectLine::of(row.clone()) == *line => *unchanged += 1,
            (Some(_), _) => {
                let detail = format!("the redirect {} is there, and different", line.id);
                faults.push(Fault::new(at, "different-history", detail));
            }
            (None, Some(holder)) => {
                let detail = format!("the redirect {} of this site leads away from {} already", holder.id, line.path);
                faults.push(Fault::new(at, "already-taken", detail));
            }
            (None, None) => new.push(line.clone()),
        }
    }
    Ok(new)
}

/// Writes the rows, then the events: whoever has taken the counter takes nothing more.
async fn write(
    tx: &Transaction,
    ctx: &Ctx,
    folder: &Path,
    parcel: &Parcel,
    newcomers: &Newcomers,
) -> Result<ImportReport> {
    let mut report = ImportReport { unchanged: newcomers.unchanged, ..ImportReport::default() };
    let mut arrival = Arrival::default();
    for line in &newcomers.media {
        library::insert(tx, line).await?;
        report.media += 1;
    }
    for line in &newcomers.redirects {
        let row = redirect::Model {
            id: line.id,
            path: line.path.clone(),
            target: line.target.clone(),
            created_at: line.created_at.0,
            created_by: None,
        };
        redirect::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
        report.redirects += 1;
    }
    for (_, line) in each_line::<DocumentLine>(folder, DOCUMENTS)? {
        let line = line.map_err(Error::bug)?;
        if newcomers.documents.contains(&line.id) {
            transfer::insert(tx, ctx, &mut arrival, &line).await?;
            report.documents += 1;
            report.schedules += line.schedules.len();
        }
    }
    report.accounts = arrival.made.iter().map(|(_, email)| email.clone()).collect();
    announce(tx, ctx, parcel, newcomers, &arrival).await?;
    Ok(report)
}

async fn announce(
    tx: &Transaction,
    ctx: &Ctx,
    parcel: &Parcel,
    newcomers: &Newcomers,
    arrival: &Arrival,
) -> Result<()> {
    let mut after = continue_after(tx, parcel).await?;
    let mut others = Vec::new();
    for (id, _) in &arrival.made {
        others.push(NewEvent::about(EventKind::UserAdded, "user", id).with("active", false));
    }
    for line in &newcomers.media {
        let event = NewEvent::about(EventKind::MediaAdded, "media", line.id);
        others.push(event.with("filename", line.filename.as_str()));
    }
    for line in &newcomers.redirects {
        let event = NewEvent::about(EventKind::RedirectAdded, "redirect", line.id);
        others.push(event.with("path", line.path.as_str()).with("target", line.target.as_str()));
    }
    for event in others {
        let event = event.with("continues_after", after.take().map(|after| after.0));
        events::append(tx, ctx, event).await?;
    }
    for (_, facts) in parcel.documents.iter().filter(|(_, facts)| newcomers.documents.contains(&facts.id)) {
        transfer::announce(tx, ctx, facts, &newcomers.documents, after.take()).await?;
    }
    Ok(())
}

/// Sets the counter past every number that came in; answers where it stood if numbers were left out.
async fn continue_after(tx: &Transaction, parcel: &Parcel) -> Result<Option<Sequence>> {
    let documents = parcel.documents.iter().map(|(_, facts)| facts.highest_sequence);
    let media = parcel.media.iter().filter_map(|(_, line)| line.public_since);
    let highest = documents.chain(media).max().unwrap_or_default();
    let moved = counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::value(highest.0))
        .filter(counter::Column::Name.eq("event"))
        .filter(counter::Column::Value.lt(highest.0));
    let before = events::last_sequence(&**tx).await?;
    let moved = moved.exec(&**tx).await?.rows_affected > 0;
    Ok(moved.then_some(before))
}

async fn copy_files(store: &Store, folder: &Path, newcomers: &Newcomers, copied: &mut Vec<MediaKey>) -> Result<()> {
    let there: BTreeMap<MediaKey, u64> = store.list().await.map_err(store_fault)?.into_iter().collect();
    for rendition in newcomers.media.iter().flat_map(|line| &line.renditions) {
        let key = MediaKey::new(rendition.key.as_str()).map_err(Error::bug)?;
        let path = folder.join(MEDIA_FOLDER).join(key.as_str());
        let bytes = fs::read(&path).map_err(|error| fault("read", &path, &error))?;
        if !there.contains_key(&key) {
            copied.push(key.clone());
        }
        store.put(&key, Bytes::from(bytes)).await.map_err(store_fault)?;
    }
    Ok(())
}
