//! Reads what people say about an image, and collects what is wrong with it. It knows no tables and no pixels.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::kernel::{Error, Fault, Result};

/// The part of an image that stays visible when it is cropped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    /// 0 to 1 from the left.
    pub x: f64,
    /// 0 to 1 from the top.
    pub y: f64,
}

/// An upload.
#[derive(Clone, Debug)]
pub struct NewImage {
    /// As the uploader calls it; it says nothing about the content.
    pub filename: String,
    pub bytes: Bytes,
    /// Suggested for the next use; every use has its own. So is the caption.
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub focal_point: Option<FocalPoint>,
}

/// What is to change; `None` leaves it as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct MediaChange {
    pub filename: Option<String>,
    pub alt: Option<Option<String>>,
    pub caption: Option<Option<String>>,
    pub credit: Option<Option<String>>,
    pub focal_point: Option<Option<FocalPoint>>,
}

/// The longest file name, in characters.
const FILENAME_LIMIT: usize = 255;
/// The longest line, in characters.
const LINE_LIMIT: usize = 1_000;

/// What an image is called and said to show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Words {
    pub filename: String,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub focal_point: Option<FocalPoint>,
}

impl Words {
    /// The words as they are stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault.
    pub fn checked(self) -> Result<Self> {
        let mut faults = Vec::new();
        let filename = last_part(&self.filename);
        let filename = line(filename, "/filename", FILENAME_LIMIT, &mut faults);
        if filename.is_none() {
            faults.push(Fault::new("/filename", "missing-field", "The name of the file is missing."));
        }
        let mut optional =
            |text: Option<String>, pointer: &str| text.and_then(|text| line(&text, pointer, LINE_LIMIT, &mut faults));
        let alt = optional(self.alt, "/alt");
        let caption = optional(self.caption, "/caption");
        let credit = optional(self.credit, "/credit");
        if let Some(FocalPoint { x, y }) = self.focal_point
            && !((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y))
        {
            let detail = "A focal point lies within the image: x and y are numbers from 0 to 1.";
            faults.push(Fault::new("/focal_point", "out-of-range", detail));
        }
        match filename {
            Some(filename) if faults.is_empty() => {
                Ok(Self { filename, alt, caption, credit, focal_point: self.focal_point })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }

    /// The words with what is to change.
    pub fn with(self, change: MediaChange) -> Self {
        Self {
            filename: change.filename.unwrap_or(self.filename),
            alt: change.alt.unwrap_or(self.alt),
            caption: change.caption.unwrap_or(self.caption),
            credit: change.credit.unwrap_or(self.credit),
            focal_point: change.focal_point.unwrap_or(self.focal_point),
        }
    }

    /// The names of what differs.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let compared = [
            ("filename", self.filename != other.filename),
            ("alt", self.alt != other.alt),
            ("caption", self.caption != other.caption),
            ("credit", self.credit != other.credit),
            ("focal_point", self.focal_point != other.focal_point),
        ];
        compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// Some browsers send a whole path.
fn last_part(filename: &str) -> &str {
    filename.rsplit(['/', '\\']).next().unwrap_or(filename)
}

/// One line of plain text: white space becomes single spaces; an empty one counts as missing.
fn line(text: &str, pointer: &str, limit: usize, faults: &mut Vec<Fault>) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().any(char::is_control) {
        faults.push(Fault::new(pointer, "control-character", "Control characters can't stand in a text."));
    }
    let length = line.chars().count();
    if length > limit {
        let detail = format!("The text has {length} characters; at most {limit} are possible.");
        faults.push(Fault::new(pointer, "too-long", detail));
    }
    Some(line).filter(|line| !line.is_empty())
}
