//! Reads the folder and checks it for itself: every line, every hash, every media file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufRead, BufReader},
    marker::PhantomData,
    path::Path,
};

use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    content::transfer::{self, DocumentLine, Facts},
    kernel::{Error, Fault, Result},
    media::MediaKey,
};

use super::super::{
    super::files::{fault, size_and_hash},
    DOCUMENTS, FORMAT, HEAD, Head, MEDIA, MEDIA_FOLDER, REDIRECTS, RedirectLine,
    media::MediaLine,
};

/// Faults that are named at most; more help nobody.
const FAULTS_LIMIT: usize = 100;

/// What stands in a folder that was checked, each with the number of its line. Documents by what is known of them.
pub struct Parcel {
    pub documents: Vec<(usize, Facts)>,
    pub media: Vec<(usize, MediaLine)>,
    pub redirects: Vec<(usize, RedirectLine)>,
}

/// Reads and checks a folder.
///
/// # Errors
/// [`Error::Invalid`] with the file, the line and the reason of everything that is wrong.
pub fn read(folder: &Path) -> Result<Parcel> {
    read_head(folder)?;
    let mut faults = Vec::new();
    let parcel = Parcel {
        documents: read_documents(folder, &mut faults)?,
        media: read_media(folder, &mut faults)?,
        redirects: read_redirects(folder, &mut faults)?,
    };
    if faults.is_empty() {
        return Ok(parcel);
    }
    faults.truncate(FAULTS_LIMIT);
    Err(Error::Invalid(faults))
}

fn read_head(folder: &Path) -> Result<()> {
    let path = folder.join(HEAD);
    let text = fs::read_to_string(&path).map_err(|error| fault("read", &path, &error))?;
    match serde_json::from_str::<Head>(&text) {
        Ok(head) if head.format == FORMAT => Ok(()),
        Ok(head) => {
            let detail = format!("it is of format {}; this program reads format {FORMAT}", head.format);
            Err(Error::invalid(HEAD, "unknown-format", detail))
        }
        Err(error) => Err(Error::invalid(HEAD, "broken-line", error.to_string())),
    }
}

fn read_documents(folder: &Path, faults: &mut Vec<Fault>) -> Result<Vec<(usize, Facts)>> {
    let mut documents = Vec::new();
    let mut unique = Unique::default();
    for (number, line) in each_line::<DocumentLine>(folder, DOCUMENTS)? {
        let mut refuse =
            |detail: String| faults.push(Fault::new(format!("{DOCUMENTS}:{number}"), "broken-line", detail));
        let line = match line {
            Ok(line) => line,
            Err(reason) => {
                refuse(reason);
                continue;
            }
        };
        let facts = match transfer::check(&line) {
            Ok(facts) => facts,
            Err(reasons) => {
                reasons.into_iter().for_each(|reason| refuse(format!("in the document {}, {reason}", line.id)));
                continue;
            }
        };
        let mut claims = vec![format!("the id {}", line.id)];
        claims.extend(line.publications.iter().map(|one| format!("the publication {}", one.id)));
        claims.extend(line.paths.iter().map(|one| format!("the path claim {}", one.id)));
        claims.extend(facts.slug.iter().map(|slug| format!("the slug {slug:?} of a public {}", facts.kind.words())));
        claims.extend(facts.path.iter().map(|path| format!("the path {path}")));
        claims.into_iter().filter_map(|claim| unique.take(claim, number)).for_each(&mut refuse);
        documents.push((number, facts));
    }
    Ok(documents)
}

fn read_media(folder: &Path, faults: &mut Vec<Fault>) -> Result<Vec<(usize, MediaLine)>> {
    let mut media = Vec::new();
    let mut unique = Unique::default();
    let mut keys = BTreeSet::new();
    for (number, line) in each_line::<MediaLine>(folder, MEDIA)? {
        let mut refuse = |detail: String| faults.push(Fault::new(format!("{MEDIA}:{number}"), "broken-line", detail));
        let line = match line {
            Ok(line) => line,
            Err(reason) => {
                refuse(reason);
                continue;
            }
        };
        unique.take(format!("the id {}", line.id), number).into_iter().for_each(&mut refuse);
        for one in &line.renditions {
            unique.take(format!("the file {}", one.key), number).into_iter().for_each(&mut refuse);
            if let Err(reason) = check_file(folder, &one.key, one.bytes, &one.sha256) {
                refuse(reason);
            }
            keys.insert(one.key.clone());
        }
        media.push((number, line));
    }
    for stranger in strangers(folder, &keys)? {
        faults.push(Fault::new(
            format!("{MEDIA_FOLDER}/{stranger}"),
            "unexpected",
            "no image has this file".to_owned(),
        ));
    }
    Ok(media)
}

fn check_file(folder: &Path, key: &str, bytes: i64, sha256: &str) -> Result<(), String> {
    if MediaKey::new(key).is_err() {
        return Err(format!("{key:?} is not the name of a media file"));
    }
    match size_and_hash(&folder.join(MEDIA_FOLDER).join(key)) {
        Ok((size, hash)) if i64::try_from(size) == Ok(bytes) && hash == sha256 => Ok(()),
        Ok(_) => Err(format!("the file {MEDIA_FOLDER}/{key} is not the one that is described")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("the file {MEDIA_FOLDER}/{key} is missing"))
        }
        Err(error) => Err(format!("the file {MEDIA_FOLDER}/{key} can't be read: {error}")),
    }
}

/// Files in the media folder that no line names.
fn strangers(folder: &Path, keys: &BTreeSet<String>) -> Result<Vec<String>> {
    let path = folder.join(MEDIA_FOLDER);
    let unreadable = |error: io::Error| fault("read", &path, &error);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if !keys.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn read_redirects(folder: &Path, faults: &mut Vec<Fault>) -> Result<Vec<(usize, RedirectLine)>> {
    let mut redirects = Vec::new();
    let mut unique = Unique::default();
    for (number, line) in each_line::<RedirectLine>(folder, REDIRECTS)? {
        let mut refuse =
            |detail: String| faults.push(Fault::new(format!("{REDIRECTS}:{number}"), "broken-line", detail));
        match line {
            Ok(line) => {
                let id: Uuid = line.id;
                for claim in [format!("the id {id}"), format!("the path {}", line.path)] {
                    unique.take(claim, number).into_iter().for_each(&mut refuse);
                }
                if !is_site_path(&line.path) {
                    refuse(format!("{:?} is not a path", line.path));
                }
                if !is_site_path(&line.target) && !is_web_address(&line.target) {
                    refuse(format!("{:?} is neither a path nor an http(s) address", line.target));
                }
                redirects.push((number, line));
            }
            Err(reason) => refuse(reason),
        }
    }
    Ok(redirects)
}

fn is_site_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains('\\')
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// What may stand in a file once only, and where it stands.
#[derive(Default)]
struct Unique(BTreeMap<String, usize>);

impl Unique {
    /// The fault if it was taken before.
    fn take(&mut self, claim: String, number: usize) -> Option<String> {
        let fault = self.0.get(&claim).map(|before| format!("{claim} stands in line {before} already"));
        self.0.entry(claim).or_insert(number);
        fault
    }
}

/// The lines of a file with their numbers, each read or with the reason why it can't be.
pub fn each_line<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Lines<T>> {
    let path = folder.join(name);
    let file = File::open(&path).map_err(|error| fault("read", &path, &error))?;
    Ok(Lines { lines: BufReader::new(file).lines(), number: 0, read: PhantomData })
}

pub struct Lines<T> {
    lines: io::Lines<BufReader<File>>,
    number: usize,
    read: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Iterator for Lines<T> {
    type Item = (usize, Result<T, String>);

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next()?;
        self.number += 1;
        let read = match line {
            Ok(line) => serde_json::from_str(&line).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        Some((self.number, read))
    }
}
