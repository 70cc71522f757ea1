//! Writes the folder, from one snapshot. The same content makes the same bytes, wherever it lies.

use std::{
    fmt,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use entity::{media, redirect};
use sea_orm::{EntityTrait, QueryOrder};
use serde::Serialize;

use crate::{
    content::transfer,
    kernel::{Ctx, Error, Permission, Result, Snapshot},
    media::{MediaKey, Store},
};

use super::{
    super::{
        files::{fault, private_file, sync_folder},
        rows, store_fault,
    },
    DOCUMENTS, FORMAT, HEAD, Head, MEDIA, MEDIA_FOLDER, REDIRECTS, RedirectLine, media as library,
};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    pub documents: usize,
    pub versions: usize,
    pub media: usize,
    pub files: usize,
    pub redirects: usize,
}

impl fmt::Display for ExportReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { documents, versions, media, files, redirects } = self;
        write!(
            formatter,
            "Exported {documents} documents with {versions} versions, {media} images with {files} files and {redirects} redirects."
        )
    }
}

/// Writes everything that is content into a folder that is empty or not there yet.
///
/// # Errors
/// [`Error::Conflict`] if the folder is not empty, a version is damaged, or media files are missing, which are named. What
/// was written until then is removed.
pub async fn export(ctx: &Ctx, store: &Store, folder: &Path) -> Result<ExportReport> {
    ctx.authorise(Permission::ContentRead)?;
    let was_there = prepare(folder)?;
    let outcome = write_all(ctx, store, folder).await;
    if outcome.is_err() {
        clear(folder, was_there);
    }
    outcome
}

/// Makes the folder; answers whether it was there.
fn prepare(folder: &Path) -> Result<bool> {
    let was_there = folder.exists();
    fs::create_dir_all(folder).map_err(|error| fault("make the folder", folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| fault("read", folder, &error))?;
    if entries.next().is_some() {
        let detail = format!("The folder {} is not empty; name an empty or a new one.", folder.display());
        return Err(Error::conflict("folder-not-empty", detail));
    }
    Ok(was_there)
}

/// Removes what an export that failed has left. Its failure is what is told, so nothing more is said here.
fn clear(folder: &Path, keep_folder: bool) {
    for name in [HEAD, DOCUMENTS, MEDIA, REDIRECTS] {
        let _ = fs::remove_file(folder.join(name));
    }
    let _ = fs::remove_dir_all(folder.join(MEDIA_FOLDER));
    if !keep_folder {
        let _ = fs::remove_dir(folder);
    }
}

async fn write_all(ctx: &Ctx, store: &Store, folder: &Path) -> Result<ExportReport> {
    let mut report = ExportReport::default();
    let mut head = Lines::create(folder.join(HEAD))?;
    head.add(&Head { format: FORMAT })?;
    head.finish()?;
    let snapshot = ctx.database.read().await?;
    write_documents(&snapshot, folder, &mut report).await?;
    write_redirects(&snapshot, folder, &mut report).await?;
    let renditions = write_media(&snapshot, folder, &mut report).await?;
    drop(snapshot);
    write_files(store, &folder.join(MEDIA_FOLDER), renditions, &mut report).await?;
    sync_folder(folder)?;
    Ok(report)
}

async fn write_documents(snapshot: &Snapshot, folder: &Path, report: &mut ExportReport) -> Result<()> {
    let mut out = Lines::create(folder.join(DOCUMENTS))?;
    let mut people = transfer::People::default();
    for id in transfer::ids(&**snapshot).await? {
        let Some(line) = transfer::compose(&**snapshot, &mut people, id).await? else { continue };
        report.documents += 1;
        report.versions += line.versions.len();
        out.add(&line)?;
    }
    out.finish()
}

async fn write_redirects(snapshot: &Snapshot, folder: &Path, report: &mut ExportReport) -> Result<()> {
    let mut out = Lines::create(folder.join(REDIRECTS))?;
    for row in redirect::Entity::find().order_by_asc(redirect::Column::Id).all(&**snapshot).await? {
        report.redirects += 1;
        out.add(&RedirectLine::of(row))?;
    }
    out.finish()
}

/// Answers the keys and hashes of the files that belong to the images.
async fn write_media(snapshot: &Snapshot, folder: &Path, report: &mut ExportReport) -> Result<Vec<(String, String)>> {
    let mut out = Lines::create(folder.join(MEDIA))?;
    let mut renditions = Vec::new();
    for row in media::Entity::find().order_by_asc(media::Column::Id).all(&**snapshot).await? {
        let line = library::compose(&**snapshot, row).await?;
        report.media += 1;
        renditions.extend(line.renditions.iter().map(|one| (one.key.clone(), one.sha256.clone())));
        out.add(&line)?;
    }
    out.finish()?;
    Ok(renditions)
}

async fn write_files(
    store: &Store,
    folder: &Path,
    renditions: Vec<(String, String)>,
    report: &mut ExportReport,
) -> Result<()> {
    fs::create_dir(folder).map_err(|error| fault("make the folder", folder, &error))?;
    let mut missing = Vec::new();
    for (name, sha256) in renditions {
        let found = match MediaKey::new(name.as_str()) {
            Ok(key) => store.get(&key).await.map_err(store_fault)?,
            Err(_) => None,
        };
        let Some(bytes) = found.filter(|bytes| rows::hash(bytes) == sha256) else {
            missing.push(name);
            continue;
        };
        let path = folder.join(&name);
        let written = private_file(&path).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()
        });
        written.map_err(|error| fault("write", &path, &error))?;
        report.files += 1;
    }
    if missing.is_empty() {
        return sync_folder(folder);
    }
    let detail = format!("These media files are missing or damaged: {}. The doctor tells more.", missing.join(", "));
    Err(Error::conflict("media-missing", detail))
}

/// A file of lines of JSON.
struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    fn create(path: PathBuf) -> Result<Self> {
        let file = private_file(&path).map_err(|error| fault("make", &path, &error))?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    fn add(&mut self, line: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(line)?;
        writeln!(self.out, "{text}").map_err(|error| fault("write", &self.path, &error))
    }

    fn finish(mut self) -> Result<()> {
        let written = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        written.map_err(|error| fault("write", &self.path, &error))
    }
}
