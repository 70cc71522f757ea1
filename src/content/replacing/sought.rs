//! What is sought and what is to stand in its place, and the rules of looking for words. It reads no documents.

use std::ops::Range;

use crate::{
    content::{kinds::Kind, markdown::Target},
    kernel::{DocumentId, Error, Fault, Result},
};

/// Characters of what is sought.
pub const SOUGHT_LIMIT: usize = 500;
/// Characters of what is put in its place.
pub const REPLACEMENT_LIMIT: usize = 1_000;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Words in what readers read.
    Text(Words),
    /// Where a link leads: an address, or how it begins.
    Address(String),
    /// The organisation of a requirement or a registration, whole, whichever case.
    Organisation(String),
    /// The reference of an apprenticeship standard, such as ST0120, whole, whichever case.
    Standard(String),
    /// Everything that refers to a document: links, cards, embedded sections.
    Document(DocumentId),
    /// A requirement section where it stands in others, in full or by its tree.
    Embedded(DocumentId),
}

/// Words and how they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    pub match_case: bool,
    /// Only where no letter or digit stands right before or after.
    pub whole: bool,
}

/// What is to stand in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Words, an address, an organisation or a reference. Empty words take out what was found.
    Text(String),
    Document {
        kind: Kind,
        id: DocumentId,
    },
}

impl Sought {
    /// Whether it is a document that is sought, so that a document stands in its place.
    pub fn document(&self) -> Option<DocumentId> {
        match self {
            Self::Document(id) | Self::Embedded(id) => Some(*id),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(words) => Some(&words.text),
            Self::Address(text) | Self::Organisation(text) | Self::Standard(text) => Some(text),
            Self::Document(_) | Self::Embedded(_) => None,
        }
    }

    /// # Errors
    /// [`Error::Invalid`] at `/q` for what nobody can look for.
    pub fn accept(&self) -> Result<()> {
        let fault = match self.text() {
            None => None,
            Some(text) if text.trim().is_empty() => Some(("missing-field", "Say what is sought.".to_owned())),
            Some(text) if text.chars().count() > SOUGHT_LIMIT => {
                Some(("too-long", format!("At most {SOUGHT_LIMIT} characters can be sought.")))
            }
            Some(text) if text.chars().any(char::is_control) => {
                Some(("control-character", "Only one line can be sought.".to_owned()))
            }
            Some(_) => None,
        };
        fault.map_or(Ok(()), |(code, detail)| Err(Error::Invalid(vec![Fault::new("/q", code, detail)])))
    }

    /// # Errors
    /// [`Error::Invalid`] at `/with` for what can't stand in the place of what is sought.
    pub fn accept_replacement(&self, replacement: &Replacement) -> Result<()> {
        let refuse = |code: &str, detail: String| Err(Error::invalid("/with", code, detail));
        match (self, replacement) {
            (Self::Document(old) | Self::Embedded(old), Replacement::Document { id, .. }) if old == id => {
                refuse("unchanged", "Choose another document than the one that is replaced.".to_owned())
            }
            (Self::Embedded(_), Replacement::Document { kind, .. }) if *kind != Kind::RequirementSection => {
                refuse("reference-kind", "Only a requirement section can stand in others.".to_owned())
            }
            (Self::Document(_) | Self::Embedded(_), Replacement::Document { .. }) => Ok(()),
            (Self::Document(_) | Self::Embedded(_), Replacement::Text(_)) => {
                refuse("missing-field", "Choose the document that is to stand there.".to_owned())
            }
            (_, Replacement::Document { .. }) => refuse("wrong-type", "A text was expected here.".to_owned()),
            (_, Replacement::Text(text)) if text.chars().count() > REPLACEMENT_LIMIT => {
                refuse("too-long", format!("At most {REPLACEMENT_LIMIT} characters can be put in its place."))
            }
            (_, Replacement::Text(text)) if text.chars().any(char::is_control) => {
                refuse("control-character", "Only one line can be put in its place.".to_owned())
            }
            (Self::Address(_), Replacement::Text(text)) if text.trim().is_empty() => {
                refuse("missing-field", "Say where the links are to lead.".to_owned())
            }
            (Self::Standard(_), Replacement::Text(text)) if text.trim().is_empty() => {
                refuse("missing-field", "Say which standard is to stand there.".to_owned())
            }
            (sought, Replacement::Text(text)) if sought.text() == Some(text.as_str()) => {
                refuse("unchanged", "It is the same as what is sought.".to_owned())
            }
            (_, Replacement::Text(_)) => Ok(()),
        }
    }
}

impl Words {
    /// Where the words stand in a line: in order, not overlapping.
    pub fn find(&self, line: &[char]) -> Vec<Range<usize>> {
        let sought: Vec<char> = self.text.trim().chars().collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        if sought.is_empty() {
            return found;
        }
        for (start, part) in line.windows(sought.len()).enumerate() {
            let end = start + sought.len();
            let free = found.last().is_none_or(|last| last.end <= start);
            if free
                && part.iter().zip(&sought).all(|(one, other)| self.alike(*one, *other))
                && (!self.whole || is_whole(line, start, end))
            {
                found.push(start..end);
            }
        }
        found
    }

    fn alike(&self, one: char, other: char) -> bool {
        one == other || !self.match_case && one.to_lowercase().eq(other.to_lowercase())
    }
}

fn is_whole(line: &[char], start: usize, end: usize) -> bool {
    let is_word = |position: Option<usize>| position.and_then(|at| line.get(at)).is_some_and(|c| c.is_alphanumeric());
    !is_word(start.checked_sub(1)) && !is_word(Some(end))
}

/// What would come of an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAddress;

/// The address that comes of an address that begins with `old`; `None` if it does not.
pub fn readdressed(address: &str, old: &str, new: &str) -> Option<Result<String, NoAddress>> {
    let rest = address.strip_prefix(old.trim())?;
    let changed = format!("{}{rest}", new.trim());
    Some(if Target::parse(&changed).is_some() { Ok(changed) } else { Err(NoAddress) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the words stand, as beginnings and ends.
    fn found(text: &str, match_case: bool, whole: bool, line: &str) -> Vec<(usize, usize)> {
        let words = Words { text: text.to_owned(), match_case, whole };
        let ranges = words.find(&line.chars().collect::<Vec<_>>());
        ranges.into_iter().map(|range| (range.start, range.end)).collect()
    }

    #[test]
    fn words_are_found_as_asked() {
        assert_eq!(found("nurse", false, false, "Nurse, nurses"), [(0, 5), (7, 12)]);
        assert_eq!(found("nurse", true, false, "Nurse, nurses"), [(7, 12)]);
        assert_eq!(found("nurse", false, true, "Nurse, nurses"), [(0, 5)]);
        assert_eq!(found("ÉLAN", false, true, "élan"), [(0, 4)]);
        assert_eq!(found("aa", false, false, "aaaa"), [(0, 2), (2, 4)]);
        assert!(found("  ", false, false, "a  b").is_empty());
    }

    #[test]
    fn an_address_changes_where_it_begins() {
        assert_eq!(
            readdressed("https://old.test/a?b", "https://old.test", "https://new.test"),
            Some(Ok("https://new.test/a?b".to_owned()))
        );
        assert_eq!(readdressed("https://old.test", "old.test", "new.test"), None);
        assert_eq!(readdressed("/a/b", "/a", "x"), Some(Err(NoAddress)));
    }
}
