//! Word differences of two texts. It knows nothing of documents.
//!
//! Decision (2026-11-22): lines are aligned first, then words within the lines that differ, so that a new paragraph
//! doesn't borrow words from its neighbours. A run that is very long and wholly different is shown as one deletion and
//! one insertion, because finding the smallest difference would take too long. Blanks and a single
//! short word between two replacements join them: "of" that happens to stand in both is nothing to read by.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// A run of a text, with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    pub op: WordOp,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WordOp {
    Equal,
    Insert,
    Delete,
}

/// The product of the lengths, in lines or words, above which no smallest difference is looked for.
const EFFORT_LIMIT: usize = 4_000_000;

/// The most letters of a word that doesn't keep two replacements apart.
const ISLAND: usize = 3;

/// The equal and deleted runs make up the old text, the equal and inserted ones the new text.
pub fn word_differences(old: &str, new: &str) -> Vec<Words> {
    let mut runs = Runs::default();
    if effort(old.lines().count(), new.lines().count()) {
        let mut lines = Runs::default();
        lines.add_all(&TextDiff::from_lines(old, new));
        for run in lines.finish() {
            match run {
                Run::Equal(text) => runs.equal(&text),
                Run::Changed { old, new } => add_words(&mut runs, &old, &new),
            }
        }
    } else {
        runs.changed(old, new);
    }
    written(join_across_islands(runs.finish()))
}

fn add_words(runs: &mut Runs, old: &str, new: &str) {
    // Words and the gaps between them; counting blanks is near enough.
    let count = |text: &str| text.split_whitespace().count() * 2;
    if effort(count(old), count(new)) {
        runs.add_all(&TextDiff::from_unicode_words(old, new));
    } else {
        runs.changed(old, new);
    }
}

fn effort(old: usize, new: usize) -> bool {
    old.saturating_mul(new) <= EFFORT_LIMIT
}

enum Run {
    Equal(String),
    Changed { old: String, new: String },
}

/// Collects runs and joins neighbours of the same sort.
#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn add_all(&mut self, differences: &TextDiff<'_, '_, str>) {
        for change in differences.iter_all_changes() {
            match change.tag() {
                ChangeTag::Equal => self.equal(change.value()),
                ChangeTag::Delete => self.changed(change.value(), ""),
                ChangeTag::Insert => self.changed("", change.value()),
            }
        }
    }

    fn equal(&mut self, more: &str) {
        if let Some(Run::Equal(text)) = self.0.last_mut() {
            text.push_str(more);
        } else if !more.is_empty() {
            self.0.push(Run::Equal(more.to_owned()));
        }
    }

    fn changed(&mut self, more_old: &str, more_new: &str) {
        if let Some(Run::Changed { old, new }) = self.0.last_mut() {
            old.push_str(more_old);
            new.push_str(more_new);
        } else if !(more_old.is_empty() && more_new.is_empty()) {
            self.0.push(Run::Changed { old: more_old.to_owned(), new: more_new.to_owned() });
        }
    }

    fn finish(self) -> Vec<Run> {
        self.0
    }
}

fn join_across_islands(runs: Vec<Run>) -> Vec<Run> {
    let mut joined = Runs::default();
    let mut rest = runs.into_iter().peekable();
    while let Some(run) = rest.next() {
        match run {
            Run::Changed { old, new } => joined.changed(&old, &new),
            Run::Equal(text) => {
                if is_island(&text) && joined.0.last().is_some_and(replaces) && rest.peek().is_some_and(replaces) {
                    joined.changed(&text, &text);
                } else {
                    joined.equal(&text);
                }
            }
        }
    }
    joined.finish()
}

/// Too little to hold on to between two replacements: blanks, or a word such as "of".
fn is_island(text: &str) -> bool {
    let words = text.trim();
    let short = words.chars().count() <= ISLAND && words.chars().all(char::is_alphabetic);
    short && !text.contains('\n')
}

fn replaces(run: &Run) -> bool {
    matches!(run, Run::Changed { old, new } if !old.is_empty() && !new.is_empty())
}

fn written(runs: Vec<Run>) -> Vec<Words> {
    let mut words = Vec::new();
    let mut add = |op, text: String| {
        if !text.is_empty() {
            words.push(Words { op, text });
        }
    };
    for run in runs {
        match run {
            Run::Equal(text) => add(WordOp::Equal, text),
            Run::Changed { old, new } => {
                add(WordOp::Delete, old);
                add(WordOp::Insert, new);
            }
        }
    }
    words
}
