//! Texts on their way in: cleaned, measured, and free of personal data before anybody else gets hold of them. It knows no
//! database.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::{Error, Fault, Result};

use super::redaction::{self, Flag};

/// The longest answer of a visitor, in characters.
pub const ANSWER_LIMIT: usize = 1_200;
/// The longest note, in characters.
pub const NOTE_LIMIT: usize = 5_000;
/// The longest title of a case, in characters.
pub const TITLE_LIMIT: usize = 255;
/// The longest reason, in characters.
pub const REASON_LIMIT: usize = 1_000;
/// Where a title that is made from a report ends, in characters.
const MADE_TITLE: usize = 80;

/// What was taken out of a text, counted by kind.
pub(super) type Removed = BTreeMap<String, u32>;

/// A text in the composed form (NFC) with single line ends and no other control characters, trimmed; `None` if nothing
/// is left. What can't be accepted goes to `faults`.
pub(super) fn clean(text: Option<&str>, pointer: &str, limit: usize, faults: &mut Vec<Fault>) -> Option<String> {
    let text = text?;
    if text.contains('\0') {
        faults.push(Fault::new(pointer, "control-character", "The character U+0000 can't stand in a text."));
        return None;
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let kept: String = lines.nfc().filter(|character| *character == '\n' || !character.is_control()).collect();
    let kept = kept.trim();
    let length = kept.chars().count();
    if length > limit {
        let detail = format!("The text has {length} characters; at most {limit} are possible.");
        faults.push(Fault::new(pointer, "too-long", detail));
        return None;
    }
    Some(kept.to_owned()).filter(|text| !text.is_empty())
}

/// One text that a person of the site wrote: cleaned and redacted.
///
/// # Errors
/// [`Error::Invalid`] if it is too long or can't be a text.
pub(super) fn written(text: Option<&str>, pointer: &str, limit: usize) -> Result<Option<(String, Removed)>> {
    let mut faults = Vec::new();
    let text = clean(text, pointer, limit, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let Some(text) = text else { return Ok(None) };
    let mut removed = Removed::new();
    let text = redact(&text, &mut removed)?;
    Ok(Some((text, removed)))
}

/// A text that has to be there.
///
/// # Errors
/// [`Error::Invalid`] also if nothing was written.
pub(super) fn required(text: &str, pointer: &str, limit: usize, missing: &str) -> Result<(String, Removed)> {
    written(Some(text), pointer, limit)?.ok_or_else(|| Error::invalid(pointer, "missing-field", missing))
}

/// The text without personal data; adds to the counts what was taken out.
pub(super) fn redact(text: &str, removed: &mut Removed) -> Result<String> {
    let redacted = redaction::redact(text);
    for (kind, count) in redacted.removed {
        if let Value::String(name) = serde_json::to_value(kind)? {
            let sum = removed.entry(name).or_default();
            *sum = sum.saturating_add(count);
        }
    }
    Ok(redacted.text)
}

/// What people should look at in any of these redacted texts, as it is stored.
pub(super) fn flags<'a>(texts: impl Iterator<Item = &'a str>) -> Result<String> {
    let found: BTreeSet<Flag> = texts.flat_map(redaction::flags).collect();
    Ok(serde_json::to_string(&found)?)
}

/// Everything that a report says, to compare it by.
pub(super) fn whole(doing: Option<&str>, wrong: Option<&str>) -> String {
    [doing, wrong].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The title that a report gives its case: the beginning of what went wrong, else of what the visitor was doing.
pub(super) fn title_of(doing: Option<&str>, wrong: Option<&str>) -> Option<String> {
    let text = wrong.or(doing)?;
    // Lines that were apart stand side by side now, and may show something that neither showed alone.
    let line = redaction::redact(&one_line(text)).text;
    let Some((cut, _)) = line.char_indices().nth(MADE_TITLE) else { return Some(line) };
    let beginning = line.get(..cut).unwrap_or_default();
    let words = match beginning.rfind(' ') {
        Some(space) if space > MADE_TITLE / 2 => beginning.get(..space).unwrap_or_default(),
        _ => beginning,
    };
    Some(format!("{}…", words.trim_end_matches(['.', ',', ';', ':', '…'])))
}

/// Words with single spaces between them.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_line_ends_become_one() {
        let mut faults = Vec::new();
        let text = clean(Some(" a\r\nb\rc\u{7}\u{1b}[0m e\u{301}\t "), "/wrong", 1_200, &mut faults);
        assert_eq!(text.as_deref(), Some("a\nb\nc[0m é"));
        assert_eq!(clean(Some(" \n "), "/wrong", 1_200, &mut faults), None);
        assert_eq!(faults, []);
        assert_eq!(clean(Some("a\0b"), "/wrong", 1_200, &mut faults), None);
        assert_eq!(faults[0].code, "control-character");
    }

    #[test]
    fn length_is_counted_in_characters_of_what_is_kept() {
        let mut faults = Vec::new();
        let text = format!("  {}\r\n", "e\u{301}".repeat(1_200));
        assert!(clean(Some(&text), "/wrong", 1_200, &mut faults).is_some());
        assert!(clean(Some(&"é".repeat(1_201)), "/wrong", 1_200, &mut faults).is_none());
        assert_eq!(faults[0].code, "too-long");
    }

    #[test]
    fn a_title_is_one_line_cut_at_a_word() {
        assert_eq!(title_of(Some("Reading"), Some("The  link\nis broken")).as_deref(), Some("The link is broken"));
        assert_eq!(title_of(Some("Reading"), None).as_deref(), Some("Reading"));
        let title = title_of(None, Some(&"twelve chars ".repeat(20))).unwrap();
        assert!(title.ends_with("chars…") || title.ends_with("twelve…"), "{title}");
        assert!(title.chars().count() <= 81);
        let ended = format!("{}. Then more", "twelve chars ".repeat(6).trim_end());
        assert_eq!(ended.chars().nth(77), Some('.'));
        assert!(title_of(None, Some(&ended)).unwrap().ends_with("chars…"), "{:?}", title_of(None, Some(&ended)));
        assert_eq!(title_of(None, Some(&"x".repeat(200))).unwrap().chars().count(), 81);
    }

    #[test]
    fn a_title_shows_nothing_that_lines_kept_apart() {
        let title = title_of(None, Some("Ring 07700\n900123")).unwrap();
        assert!(!title.contains("900123"), "{title}");
    }
}
