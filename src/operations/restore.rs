//! What is done with a backup: restored into an empty site, or into a scratch place to see that it could be.
//!
//! Decision (2026-11-22): a backup is restored into the tables as they are now. One from before a change of the tables is
//! taken if its rows still fit; one from a newer program never is. Consequence: a change that rows of old backups can't
//! satisfy makes those restorable with the older program only, which the answer says.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;

use crate::{
    kernel::{Ctx, Database, Error, Permission, Result, Transaction},
    media::{MediaKey, Store},
    site, webhooks,
};

use super::{
    archive::{self, Manifest, TableFiles},
    files::{Scratch, fault},
    migrations, rows, store_fault,
};

/// Rows that are inserted at once.
const CHUNK: usize = 500;

/// What was in a backup that was verified or restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    pub tables: usize,
    pub rows: u64,
    pub media: usize,
    /// Files that were missing when the backup was made.
    pub missing_media: Vec<String>,
    /// Whether it was restored for good, and not only to see.
    pub lasting: bool,
}

impl fmt::Display for RestoreReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, rows, media, missing_media, lasting } = self;
        let done = if *lasting { "Restored" } else { "Verified" };
        write!(formatter, "{done} {rows} rows of {tables} tables and {media} media files.")?;
        for key in missing_media {
            write!(formatter, "\nThe media file {key} was missing when the backup was made.")?;
        }
        Ok(())
    }
}

/// Restores a backup into a scratch database and compares every row with the hash that was taken when it was backed up,
/// and every media file with its own.
///
/// # Errors
/// [`Error::Conflict`] for an archive that is damaged, of other tables than this program's, or comes out different.
pub async fn verify(ctx: &Ctx, file: &Path) -> Result<RestoreReport> {
    ctx.authorise(Permission::SettingsManage)?;
    let scratch = Scratch::beside(ctx, file)?;
    let manifest = unpack(file, scratch.path()).await?;
    refuse_newer(&manifest)?;
    if manifest.migrations != migrations::known() {
        let detail = format!("{} was made by Rolebook {}; verify it with that.", file.display(), manifest.program);
        return Err(Error::conflict("archive-older", detail));
    }
    let database = Database::connect(&sqlite_url(&scratch.path().join("scratch.db"))?, 1, true).await?;
    let outcome =
        verify_in(&Ctx { database: database.clone(), idempotency: None, ..ctx.clone() }, &manifest, scratch.path())
            .await;
    database.close().await?;
    outcome?;
    Ok(report(&manifest, false))
}

/// Restores a backup into an empty site: database and media store. The database is migrated first; nothing else of it
/// changes unless all of the backup is in.
///
/// # Errors
/// [`Error::Conflict`] in one sentence for an archive that is damaged or newer, or a target that is not empty.
pub async fn restore(ctx: &Ctx, file: &Path, store: &Store) -> Result<RestoreReport> {
    ctx.authorise(Permission::SettingsManage)?;
    let scratch = Scratch::beside(ctx, file)?;
    let manifest = unpack(file, scratch.path()).await?;
    refuse_newer(&manifest)?;
    if !store.list().await.map_err(store_fault)?.is_empty() {
        let detail = "There are media files in the place to restore to already; name an empty one.";
        return Err(Error::conflict("target-not-empty", detail));
    }
    prepare_tables(&ctx.database).await?;
    let tx = ctx.write().await?;
    refuse_rows(&tx).await?;
    insert_tables(&tx, &manifest, scratch.path()).await?;
    site::prepare(&tx, ctx, false).await?;
    site::renew_epoch(&tx, ctx).await?;
    webhooks::pause_restored(&tx, ctx).await?;
    let mut copied = Vec::new();
    let outcome = match copy_media(store, &manifest, scratch.path(), &mut copied).await {
        Ok(()) => tx.commit(()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        for key in &copied {
            // The first failure is the one to tell; the store was empty, so what stays behind belongs to nobody.
            let _ = store.delete(key).await;
        }
        return Err(error);
    }
    Ok(report(&manifest, true))
}

fn report(manifest: &Manifest, lasting: bool) -> RestoreReport {
    RestoreReport {
        tables: manifest.tables.len(),
        rows: manifest.tables.values().map(|table| table.rows).sum(),
        media: manifest.media.len(),
        missing_media: manifest.missing_media.clone(),
        lasting,
    }
}

async fn unpack(file: &Path, folder: &Path) -> Result<Manifest> {
    let (file, folder): (PathBuf, PathBuf) = (file.to_owned(), folder.to_owned());
    tokio::task::spawn_blocking(move || archive::unpack(&file, &folder)).await.map_err(Error::bug)?
}

fn refuse_newer(manifest: &Manifest) -> Result<()> {
    let unknown = migrations::beyond(&manifest.migrations, &migrations::known());
    if unknown.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "The backup was made by Rolebook {} with tables that this program does not know ({}); use that version or a newer one.",
        manifest.program,
        unknown.join(", ")
    );
    Err(Error::conflict("archive-newer", detail))
}

/// A database that has been in use is not migrated here: refusing it must leave it as it is.
async fn prepare_tables(database: &Database) -> Result<()> {
    let applied = migrations::applied(database).await?;
    if !applied.is_empty() && applied != migrations::known() {
        let detail = "The database to restore to is in use by another version of Rolebook; name an empty one.";
        return Err(Error::conflict("target-not-empty", detail));
    }
    database.migrate().await
}

async fn refuse_rows(tx: &Transaction) -> Result<()> {
    for table in rows::tables() {
        if !rows::is_empty(&**tx, table).await? {
            let detail = format!(
                "The database to restore to is not empty: there are rows in the table {table}. Name an empty one."
            );
            return Err(Error::conflict("target-not-empty", detail));
        }
    }
    Ok(())
}

async fn insert_tables(tx: &Transaction, manifest: &Manifest, folder: &Path) -> Result<()> {
    for table in rows::lasting() {
        if !manifest.tables.contains_key(table) {
            continue;
        }
        let files = TableFiles::unpacked(folder, table);
        let unreadable = |error: io::Error| fault("read", &files.rows, &error);
        let mut chunk = Vec::new();
        for line in archive::lines(&files.rows).map_err(unreadable)? {
            chunk.push(serde_json::from_str(&line.map_err(unreadable)?)?);
            if chunk.len() == CHUNK {
                rows::insert(&**tx, table, std::mem::take(&mut chunk)).await?;
            }
        }
        rows::insert(&**tx, table, chunk).await?;
    }
    Ok(())
}

async fn copy_media(store: &Store, manifest: &Manifest, folder: &Path, copied: &mut Vec<MediaKey>) -> Result<()> {
    for file in &manifest.media {
        let key = MediaKey::new(file.key.as_str()).map_err(Error::bug)?;
        let path = folder.join("media").join(key.as_str());
        let bytes = fs::read(&path).map_err(|error| fault("read", &path, &error))?;
        copied.push(key.clone());
        store.put(&key, Bytes::from(bytes)).await.map_err(store_fault)?;
    }
    Ok(())
}

async fn verify_in(ctx: &Ctx, manifest: &Manifest, folder: &Path) -> Result<()> {
    ctx.database.migrate().await?;
    let tx = ctx.write().await?;
    insert_tables(&tx, manifest, folder).await?;
    tx.commit(()).await?;
    let snapshot = ctx.database.read().await?;
    for table in rows::lasting() {
        let files = TableFiles::unpacked(folder, table);
        let mut hashes = archive::lines(&files.hashes).map_err(|error| fault("read", &files.hashes, &error))?;
        let mut position = 0_u64;
        let mut compare = |row: &serde_json::Value| {
            position += 1;
            let noted = hashes.next().transpose().map_err(|error| fault("read", &files.hashes, &error))?;
            if noted.as_deref() == Some(rows::hash(row.to_string()).as_str()) {
                return Ok(());
            }
            Err(different(table, &format!("row {position} comes out different")))
        };
        rows::each(&*snapshot, table, &mut compare).await?;
        if hashes.next().is_some() {
            return Err(different(table, "rows are missing"));
        }
    }
    Ok(())
}

fn different(table: &str, reason: &str) -> Error {
    Error::conflict("backup-differs", format!("The backup can't be trusted: in the table {table} {reason}."))
}

/// The address of a SQLite file. The characters that mean something in an address are written as such.
fn sqlite_url(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or_else(|| {
        Error::conflict("file-failed", format!("The path {} is not written in Unicode.", path.display()))
    })?;
    Ok(format!("sqlite://{}", text.replace('%', "%25").replace('?', "%3F").replace('#', "%23")))
}
