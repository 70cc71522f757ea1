//! The backup file: a tar archive with the rows of every table, their hashes, the media files, and a manifest that says
//! what has to be there. It knows files and hashes; what the rows mean and where they come from it does not.
//!
//! ```text
//! tables/NAME.ndjson   one row a line, in the order of the primary key
//! hashes/NAME.sha256   the hash of each of these lines, taken when the row was read
//! media/KEY            the media files
//! manifest.json        what is in the archive
//! manifest.sha256      the hash of the manifest
//! ```
//!
//! Decision (2026-11-22): the manifest stands last. Digests are known only once everything has been streamed, and an
//! archive that was cut short shows itself by having none. Consequence: reading means unpacking into a folder first;
//! nothing is done with an archive before all of it has been checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    kernel::{Error, Result, Timestamp},
    media::MediaKey,
};

use super::{
    files::{fault, private_file, size_and_hash},
    rows::{self, Digester, TableDigest},
};

/// The shape of the archive. A change of shape raises it.
pub const FORMAT: u32 = 1;

const MANIFEST: &str = "manifest.json";
const MANIFEST_HASH: &str = "manifest.sha256";

/// What an archive has to hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that wrote it.
    pub program: String,
    pub created_at: Timestamp,
    /// The changes that the tables had been through.
    pub migrations: Vec<String>,
    /// Of the database at that time.
    pub epoch: Option<String>,
    pub tables: BTreeMap<String, TableDigest>,
    pub media: Vec<MediaFile>,
    /// Files that the tables name and that were not in the store.
    pub missing_media: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaFile {
    pub key: String,
    pub bytes: u64,
    pub sha256: String,
}

/// Writes an archive entry by entry.
pub struct Writer {
    tar: tar::Builder<BufWriter<File>>,
    path: PathBuf,
    at: Timestamp,
}

impl Writer {
    pub fn new(file: File, path: &Path, at: Timestamp) -> Self {
        Self { tar: tar::Builder::new(BufWriter::new(file)), path: path.to_owned(), at }
    }

    pub fn add_table(&mut self, name: &str, table: &TableFiles) -> Result<()> {
        self.add_file(&format!("tables/{name}.ndjson"), &table.rows)?;
        self.add_file(&format!("hashes/{name}.sha256"), &table.hashes)
    }

    pub fn add_media(&mut self, key: &str, bytes: &[u8]) -> Result<()> {
        self.add(&format!("media/{key}"), u64::try_from(bytes.len()).map_err(Error::bug)?, bytes)
    }

    /// Writes the manifest and gives the file back, with everything handed to the system.
    pub fn finish(mut self, manifest: &Manifest) -> Result<File> {
        let text = serde_json::to_string_pretty(manifest)?;
        self.add(MANIFEST, u64::try_from(text.len()).map_err(Error::bug)?, text.as_bytes())?;
        let hash = rows::hash(&text);
        self.add(MANIFEST_HASH, u64::try_from(hash.len()).map_err(Error::bug)?, hash.as_bytes())?;
        let Self { tar, path, .. } = self;
        let buffered = tar.into_inner().map_err(|error| fault("write", &path, &error))?;
        buffered.into_inner().map_err(|error| fault("write", &path, error.error()))
    }

    fn add_file(&mut self, name: &str, path: &Path) -> Result<()> {
        let file = File::open(path).map_err(|error| fault("read", path, &error))?;
        let size = file.metadata().map_err(|error| fault("read", path, &error))?.len();
        self.add(name, size, BufReader::new(file))
    }

    fn add(&mut self, name: &str, size: u64, bytes: impl Read) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.at.0 / Timestamp::SECOND).unwrap_or_default());
        self.tar.append_data(&mut header, name, bytes).map_err(|error| fault("write", &self.path, &error))
    }
}

/// The rows of one table and their hashes, in two files of a folder.
pub struct TableFiles {
    pub rows: PathBuf,
    pub hashes: PathBuf,
}

impl TableFiles {
    pub fn within(folder: &Path, name: &str) -> Self {
        Self { rows: folder.join(format!("{name}.ndjson")), hashes: folder.join(format!("{name}.sha256")) }
    }

    /// Where they lie in an archive that has been unpacked.
    pub fn unpacked(folder: &Path, name: &str) -> Self {
        Self {
            rows: folder.join("tables").join(format!("{name}.ndjson")),
            hashes: folder.join("hashes").join(format!("{name}.sha256")),
        }
    }
}

/// Takes the rows of one table as they are read.
pub struct TableWriter {
    rows: BufWriter<File>,
    hashes: BufWriter<File>,
    digester: Digester,
}

impl TableWriter {
    pub fn create(files: &TableFiles) -> Result<Self> {
        let open = |path: &Path| private_file(path).map_err(|error| fault("make", path, &error)).map(BufWriter::new);
        Ok(Self { rows: open(&files.rows)?, hashes: open(&files.hashes)?, digester: Digester::default() })
    }

    pub fn add(&mut self, row: &serde_json::Value) -> Result<()> {
        let line = row.to_string();
        let hash = rows::hash(&line);
        self.digester.add(&hash);
        let written = writeln!(self.rows, "{line}").and_then(|()| writeln!(self.hashes, "{hash}"));
        written.map_err(out_of_room)
    }

    pub fn finish(mut self) -> Result<TableDigest> {
        self.rows.flush().and_then(|()| self.hashes.flush()).map_err(out_of_room)?;
        Ok(self.digester.finish())
    }
}

fn out_of_room(error: io::Error) -> Error {
    Error::conflict("file-failed", format!("The program could not write a temporary file beside the backup: {error}."))
}

/// Unpacks an archive into an empty folder and checks all of it against its manifest.
///
/// # Errors
/// [`Error::Conflict`] in one sentence for an archive that is not one, is cut short or has been changed.
pub fn unpack(file: &Path, folder: &Path) -> Result<Manifest> {
    let opened = File::open(file).map_err(|error| fault("read", file, &error))?;
    for part in ["tables", "hashes", "media"] {
        fs::create_dir(folder.join(part)).map_err(|error| fault("make the folder", folder, &error))?;
    }
    let names = extract(BufReader::new(opened), folder).map_err(|reason| damaged(file, &reason))?;
    let manifest = read_manifest(folder, &names).map_err(|reason| damaged(file, &reason))?;
    if manifest.format != FORMAT {
        let detail = format!(
            "{} is a backup of format {}, made by Rolebook {}; this program reads format {FORMAT}.",
            file.display(),
            manifest.format,
            manifest.program
        );
        return Err(Error::conflict("archive-format", detail));
    }
    check_contents(folder, &manifest, names).map_err(|reason| damaged(file, &reason))?;
    Ok(manifest)
}

fn damaged(file: &Path, reason: &str) -> Error {
    let detail = format!("{} is not a complete backup: {reason}.", file.display());
    Error::conflict("archive-damaged", detail)
}

/// Writes the entries out; answers their names.
fn extract(archive: impl Read, folder: &Path) -> Result<BTreeSet<String>, String> {
    let unreadable = |error: io::Error| format!("it is no tar archive, damaged, or cut short ({error})");
    let mut names = BTreeSet::new();
    let mut archive = tar::Archive::new(archive);
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !is_name(&name) || !names.insert(name.clone()) {
            return Err(format!("it holds something strange, {name:?}"));
        }
        let size = entry.size();
        let path = folder.join(&name);
        let mut out = private_file(&path).map_err(|error| format!("it can't be unpacked ({error})"))?;
        let written = io::copy(&mut entry, &mut out).map_err(unreadable)?;
        if written != size {
            return Err(format!("it ends within {name}"));
        }
    }
    Ok(names)
}

/// The names that can stand in an archive; none of them leads out of the folder.
fn is_name(name: &str) -> bool {
    let is_table =
        |table: &str| !table.is_empty() && table.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match name.split_once('/') {
        None => name == MANIFEST || name == MANIFEST_HASH,
        Some(("tables", rest)) => rest.strip_suffix(".ndjson").is_some_and(is_table),
        Some(("hashes", rest)) => rest.strip_suffix(".sha256").is_some_and(is_table),
        Some(("media", key)) => MediaKey::new(key).is_ok(),
        Some(_) => false,
    }
}

fn read_manifest(folder: &Path, names: &BTreeSet<String>) -> Result<Manifest, String> {
    if !names.contains(MANIFEST) || !names.contains(MANIFEST_HASH) {
        return Err("it has no manifest, so it was cut short".to_owned());
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    let text = read(MANIFEST)?;
    if read(MANIFEST_HASH)? != rows::hash(&text) {
        return Err("its manifest has been changed".to_owned());
    }
    serde_json::from_str(&text).map_err(|error| format!("its manifest can't be read ({error})"))
}

fn check_contents(folder: &Path, manifest: &Manifest, mut names: BTreeSet<String>) -> Result<(), String> {
    names.remove(MANIFEST);
    names.remove(MANIFEST_HASH);
    for (table, expected) in &manifest.tables {
        let there = names.remove(&format!("tables/{table}.ndjson")) & names.remove(&format!("hashes/{table}.sha256"));
        if !there {
            return Err(format!("the table {table} is not in it"));
        }
        check_table(&TableFiles::unpacked(folder, table), table, expected)?;
    }
    for file in &manifest.media {
        if !names.remove(&format!("media/{}", file.key)) {
            return Err(format!("the media file {} is not in it", file.key));
        }
        let found = size_and_hash(&folder.join("media").join(&file.key)).map_err(|error| error.to_string())?;
        if found != (file.bytes, file.sha256.clone()) {
            return Err(format!("the media file {} has been changed", file.key));
        }
    }
    match names.first() {
        None => Ok(()),
        Some(name) => Err(format!("{name} does not belong in it")),
    }
}

fn check_table(files: &TableFiles, table: &str, expected: &TableDigest) -> Result<(), String> {
    let mut hashes = lines(&files.hashes).map_err(|error| error.to_string())?;
    let mut digester = Digester::default();
    for (position, line) in lines(&files.rows).map_err(|error| error.to_string())?.enumerate() {
        let line = line.map_err(|error| error.to_string())?;
        let hash = rows::hash(&line);
        let noted = hashes.next().transpose().map_err(|error| error.to_string())?;
        if noted.as_ref() != Some(&hash) {
            return Err(format!("row {} of the table {table} has been changed", position + 1));
        }
        digester.add(&hash);
    }
    if digester.finish() == *expected && hashes.next().is_none() {
        Ok(())
    } else {
        Err(format!("the rows of the table {table} are not all there"))
    }
}

/// The lines of a file that was unpacked.
pub fn lines(path: &Path) -> io::Result<io::Lines<BufReader<File>>> {
    Ok(BufReader::new(File::open(path)?).lines())
}
