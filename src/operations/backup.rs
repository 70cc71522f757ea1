//! A backup: every table from one snapshot and the media files that it names, in one file, while the site is being
//! served. It writes to no database but a scratch one.
//!
//! Decision (2026-11-22): rows are copied through the entities instead of copying SQLite's file, so that a backup is the
//! same from both databases and can be restored into either. Consequence: it takes longer than a copy of the file, and
//! needs room for the largest table beside itself.
//!
//! Decision (2026-11-22): a media file that is missing from the store does not stop a backup; it is named in the answer
//! and in the manifest. A store with a fault is when a backup is wanted most.

//!
//! Decision (2026-11-22): sessions, one-time links, preview links, counts of failed sign-ins and what is on its way to
//! webhooks go into no backup (`entity::MOMENTARY`).
//! Context: whoever gets hold of a backup, or restores an old one, would bring back to life what has ended since. Choice:
//! they are left out when a backup is written, and not read if a file holds them. Consequence: after a restore everybody
//! signs in again, and open invitations are sent again.

use std::{fmt, path::Path};

use entity::rendition;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use crate::{
    kernel::{Ctx, Permission, Result, Snapshot},
    media::{MediaKey, Store},
    site,
};

use super::{
    archive::{FORMAT, Manifest, MediaFile, TableFiles, TableWriter, Writer},
    files::{Partial, Scratch},
    migrations, rows,
};

/// What went into a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    pub tables: usize,
    pub rows: u64,
    pub media: usize,
    /// Files that the tables name and that were not in the store.
    pub missing_media: Vec<String>,
    /// Files whose bytes are not those that were stored once.
    pub damaged_media: Vec<String>,
}

impl BackupReport {
    /// Whether everything that the tables name is in it as it should be.
    pub fn is_whole(&self) -> bool {
        self.missing_media.is_empty() && self.damaged_media.is_empty()
    }
}

impl fmt::Display for BackupReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, rows, media, missing_media, damaged_media } = self;
        write!(formatter, "Backed up {rows} rows of {tables} tables and {media} media files.")?;
        for key in missing_media {
            write!(formatter, "\nThe media file {key} was missing and is not in the backup.")?;
        }
        for key in damaged_media {
            write!(
                formatter,
                "\nThe media file {key} has other bytes than were stored once; it is in the backup as it is."
            )?;
        }
        Ok(())
    }
}

/// Writes a backup into a new file. It is complete or not there.
///
/// # Errors
/// [`crate::kernel::Error::Conflict`] if the file is there already or can't be written.
pub async fn backup(ctx: &Ctx, store: &Store, file: &Path) -> Result<BackupReport> {
    ctx.authorise(Permission::SettingsManage)?;
    let (partial, opened) = Partial::create(file)?;
    let scratch = Scratch::beside(ctx, file)?;
    let mut writer = Writer::new(opened, file, ctx.now());
    let mut manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: ctx.now(),
        migrations: migrations::applied(&ctx.database).await?,
        epoch: None,
        tables: std::collections::BTreeMap::new(),
        media: Vec::new(),
        missing_media: Vec::new(),
    };
    let snapshot = ctx.database.read().await?;
    manifest.epoch = site::identity(&*snapshot).await.ok().map(|site| site.epoch);
    write_tables(&snapshot, scratch.path(), &mut writer, &mut manifest).await?;
    let renditions: Vec<(String, String)> = rendition::Entity::find()
        .select_only()
        .columns([rendition::Column::Key, rendition::Column::Sha256])
        .order_by_asc(rendition::Column::Key)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    drop(snapshot);
    let damaged_media = write_media(store, renditions, &mut writer, &mut manifest).await?;
    let written = writer.finish(&manifest)?;
    partial.finish(&written)?;
    Ok(BackupReport {
        tables: manifest.tables.len(),
        rows: manifest.tables.values().map(|table| table.rows).sum(),
        media: manifest.media.len(),
        missing_media: manifest.missing_media,
        damaged_media,
    })
}

async fn write_tables(snapshot: &Snapshot, folder: &Path, writer: &mut Writer, manifest: &mut Manifest) -> Result<()> {
    for table in rows::lasting() {
        let files = TableFiles::within(folder, table);
        let mut out = TableWriter::create(&files)?;
        rows::each(&**snapshot, table, &mut |row| out.add(row)).await?;
        manifest.tables.insert(table.to_owned(), out.finish()?);
        writer.add_table(table, &files)?;
        for path in [&files.rows, &files.hashes] {
            // Makes room for the next table; what stays goes with the folder.
            let _ = std::fs::remove_file(path);
        }
    }
    Ok(())
}

/// Copies the files; answers the keys of those whose bytes are not what they were.
async fn write_media(
    store: &Store,
    renditions: Vec<(String, String)>,
    writer: &mut Writer,
    manifest: &mut Manifest,
) -> Result<Vec<String>> {
    let mut damaged = Vec::new();
    for (key, expected) in renditions {
        let found = match MediaKey::new(key.as_str()) {
            Ok(key) => store.get(&key).await.map_err(super::store_fault)?,
            Err(_) => None,
        };
        let Some(bytes) = found else {
            manifest.missing_media.push(key);
            continue;
        };
        writer.add_media(&key, &bytes)?;
        let sha256 = rows::hash(&bytes);
        if sha256 != expected {
            damaged.push(key.clone());
        }
        manifest.media.push(MediaFile { key, bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), sha256 });
    }
    Ok(damaged)
}
