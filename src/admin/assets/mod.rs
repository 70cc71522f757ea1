//! What the panel's pages load: one style sheet, joined from a file a component in the order of the cascade; our own
//! modules of script; and the bundles of libraries that they import. All of it is part of the
//! binary, and served under an address that holds the hash of all of it, so that browsers may keep it for good and
//! modules find each other by relative addresses.
//!
//! Our modules are sent without comments and indentation, so that they may be written for people and weigh little.
//!
//! A debug build reads each file from the disk when it is asked for, so that a change shows without building.

mod contrast;

use std::{io::Write, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::{
    kernel::Error,
    web::{Answer, Visit},
};

/// A file of `admin-assets/`: the address below the hash, which is its place in the folder, and its text.
type Asset = (&'static str, &'static str);

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../admin-assets/", $name)))),*]
    };
}

/// Every style sheet, in the order of the cascade.
const STYLE_SHEETS: &[Asset] = files![
    "css/tokens.css",
    "css/base.css",
    "css/shell.css",
    "css/button.css",
    "css/badge.css",
    "css/field.css",
    "css/banner.css",
    "css/dialog.css",
    "css/card.css",
    "css/chart.css",
    "css/table.css",
    "css/bulk.css",
    "css/tabs.css",
    "css/timeline.css",
    "css/difference.css",
    "css/prose.css",
    "css/editor.css",
    "css/rich-text.css",
    "css/document.css",
    "css/choices.css",
    "css/access.css",
    "css/feedback.css",
    "css/picture.css",
    "css/gallery.css",
];

/// Our own modules and the bundles that they import.
const SCRIPTS: &[Asset] = files![
    "js/auto-save.js",
    "js/desk.js",
    "js/dialog.js",
    "js/fragment.js",
    "js/image-drop.js",
    "js/inbox.js",
    "js/keys.js",
    "js/palette.js",
    "js/panel.js",
    "js/presence.js",
    "js/rich-text-commands.js",
    "js/rich-text-link.js",
    "js/rich-text-paste.js",
    "js/rich-text-schema.js",
    "js/rich-text-toolbar.js",
    "js/rich-text.js",
    "js/unsent.js",
    "vendor/dist/idiomorph.js",
    "vendor/dist/prosemirror.js",
];

/// One style sheet of all, the name that pages know it by.
const STYLE: &str = "panel.css";

/// A file as it is sent: of our own modules without what is written for people, comments and indentation.
struct Served {
    name: &'static str,
    media_type: &'static str,
    plain: Bytes,
    compressed: Bytes,
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| {
    let style = STYLE_SHEETS.iter().map(|(_, text)| text.trim_end()).collect::<Vec<_>>().join("\n");
    let style = Served::new(STYLE, "text/css; charset=utf-8", style.into_bytes());
    let scripts = SCRIPTS
        .iter()
        .map(|(name, text)| Served::new(name, "text/javascript; charset=utf-8", lean(name, text).into_bytes()));
    std::iter::once(style).chain(scripts).collect()
});

/// The hash of all files, the part of every address that changes when any of them does.
static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    SERVED.iter().for_each(|file| hash.update(&file.plain));
    let hash: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("/admin/assets/{hash}/")
});
static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| address(STYLE));
static SCRIPT_ADDRESS: LazyLock<String> = LazyLock::new(|| address("js/panel.js"));

impl Served {
    fn new(name: &'static str, media_type: &'static str, plain: Vec<u8>) -> Self {
        let compressed = compress(&plain).unwrap_or_default();
        Self { name, media_type, plain: plain.into(), compressed: compressed.into() }
    }
}

/// One of our modules without indentation and whole lines of comment. Lines stay lines, so that nothing changes its
/// meaning; a text over several lines would lose its indentation, which is why none of them holds one.
fn lean(name: &str, text: &str) -> String {
    if !name.starts_with("js/") {
        return text.to_owned();
    }
    let is_comment =
        |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/")) || line.is_empty();
    text.lines().map(str::trim).filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n")
}

fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn address(name: &str) -> String {
    format!("{}{name}", *FOLDER)
}

/// Where the style sheet is served.
pub fn style_address() -> &'static str {
    &STYLE_ADDRESS
}

/// Where the first module of script is served; it imports the others.
pub fn script_address() -> &'static str {
    &SCRIPT_ADDRESS
}

/// One file; an address with another hash belongs to another program and leads nowhere.
pub async fn file(mut visit: Visit) -> Answer {
    std::mem::take(&mut visit.query).finish()?;
    let name = visit.path.strip_prefix(FOLDER.as_str());
    let file = name.and_then(|name| SERVED.iter().find(|file| file.name == name));
    let Some(file) = file else {
        return Err(Error::not_found("such address").into());
    };
    let accepted = visit.headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fresh = on_disk(file.name);
    let compressed = fresh.is_none() && accepted.contains("gzip");
    let body = match fresh {
        Some(fresh) => fresh,
        None if compressed => file.compressed.clone(),
        None => file.plain.clone(),
    };
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if compressed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // A page in a sandboxed frame has no origin, and may load it all the same: it says nothing that is not public.
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}

/// What stands on the disk now, in a debug build that still has its source.
#[cfg(debug_assertions)]
fn on_disk(name: &str) -> Option<Bytes> {
    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/admin-assets/");
    let read = |name: &str| std::fs::read_to_string(format!("{FOLDER}{name}")).ok();
    if name != STYLE {
        return read(name).map(Bytes::from);
    }
    let sheets: Option<Vec<String>> = STYLE_SHEETS.iter().map(|(name, _)| read(name)).collect();
    Some(sheets?.iter().map(|text| text.trim_end()).collect::<Vec<_>>().join("\n").into())
}

#[cfg(not(debug_assertions))]
fn on_disk(_: &str) -> Option<Bytes> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the files in a folder of `admin-assets/`, with the folder.
    fn names(folder: &str, extension: &str) -> Vec<String> {
        let entries = std::fs::read_dir(format!("{}/admin-assets/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> =
            names.filter(|name| name.ends_with(extension)).map(|name| format!("{folder}/{name}")).collect();
        names.sort();
        names
    }

    #[test]
    fn every_file_of_the_folders_is_in_the_list() {
        let listed = |assets: &[Asset]| {
            let mut names: Vec<String> = assets.iter().map(|(name, _)| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(names("css", ".css"), listed(STYLE_SHEETS));
        assert_eq!([names("js", ".js"), names("vendor/dist", ".js")].concat(), listed(SCRIPTS));
    }

    /// What the panel weighs, in bytes as they are sent: styles 12 KB, our modules 20 KB, the editor of rich text 85 KB, which
    /// only pages with rich text load.
    #[test]
    fn what_pages_load_stays_light() {
        let weight = |named: &dyn Fn(&str) -> bool| -> usize {
            SERVED.iter().filter(|file| named(file.name)).map(|file| file.compressed.len()).sum()
        };
        assert!(weight(&|name| name == STYLE) <= 12 * 1024, "{}", weight(&|name| name == STYLE));
        let of_editor = |name: &str| name.starts_with("js/rich-text") || name.ends_with("prosemirror.js");
        let ours = weight(&|name| !of_editor(name) && name.starts_with("js/"));
        assert!(ours > 0 && ours <= 20 * 1024, "{ours}");
        let editor = weight(&of_editor);
        assert!(editor > 0 && editor <= 85 * 1024, "{editor}");
    }
}
