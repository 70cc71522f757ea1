//! Two texts laid over each other, line by line and word by word. It knows lines, and nothing of what they stand for.
//!
//! Decision (2026-11-22): lines of the same words are aligned first; those between them are paired, in order, so that
//! the words in common are as many as possible, and compared word by word. Lines that share less than two fifths of
//! their words are no pair: reading one taken out and one put in is easier. Above the limits below, lines are paired by
//! their place or not at all, because the time would grow with the square.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{
    super::{What, WordOp, word_differences},
    lines::{Line, Piece, Shape, Style, Within, text_of},
};

/// The product of the numbers of lines above which two texts are not aligned.
const ALIGNING_LIMIT: usize = 4_000_000;
/// The same for runs of lines that are paired by their words.
const PAIRING_LIMIT: usize = 60_000;
/// How much of their words two lines share at least, in thousandths, to be a pair.
const PAIR: usize = 400;

/// A run of a line, with what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub op: WordOp,
    pub text: String,
    pub style: Style,
    /// The style that it had, if the words stayed and their style did not.
    pub was: Option<Style>,
}

/// A line of the newer text, or of the older one if it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    pub shape: Shape,
    pub within: Vec<Within>,
    /// `None`: it is as it was.
    pub what: Option<What>,
    pub cells: Vec<Vec<Run>>,
}

impl TextLine {
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.cells.iter().flatten()
    }

    /// Whether its words are the same, and only how they look is another.
    pub fn is_only_formatted(&self) -> bool {
        self.what == Some(What::Changed) && self.runs().all(|run| run.op == WordOp::Equal)
    }
}

/// The lines of both texts in the order of the newer one; what is gone stands where it stood.
pub fn texts(old: &[Line], new: &[Line]) -> Vec<TextLine> {
    let mut found = Vec::new();
    if old.len().saturating_mul(new.len()) > ALIGNING_LIMIT {
        push_pairs(old, new, &[], &mut found);
        return found;
    }
    let words = |lines: &[Line]| lines.iter().map(Line::text).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &words(old), &words(new)) {
        let (tag, old_range, new_range) = op.as_tag_tuple();
        let (old, new) = (old.get(old_range).unwrap_or_default(), new.get(new_range).unwrap_or_default());
        match tag {
            DiffTag::Equal => found.extend(old.iter().zip(new).map(|(old, new)| changed(old, new))),
            _ => push_pairs(old, new, &pairs(old, new), &mut found),
        }
    }
    found
}

/// What is gone and what is new, in order, between the pairs.
fn push_pairs(old: &[Line], new: &[Line], pairs: &[(usize, usize)], found: &mut Vec<TextLine>) {
    let (mut at_old, mut at_new) = (0, 0);
    let mut upto = |old_end: usize, new_end: usize, found: &mut Vec<TextLine>| {
        found.extend(old.get(at_old..old_end).unwrap_or_default().iter().map(|line| whole(line, What::Removed)));
        found.extend(new.get(at_new..new_end).unwrap_or_default().iter().map(|line| whole(line, What::Added)));
        (at_old, at_new) = (old_end.saturating_add(1), new_end.saturating_add(1));
    };
    for (in_old, in_new) in pairs {
        upto(*in_old, *in_new, found);
        if let (Some(old), Some(new)) = (old.get(*in_old), new.get(*in_new)) {
            found.push(changed(old, new));
        }
    }
    upto(old.len(), new.len(), found);
}

fn whole(line: &Line, what: What) -> TextLine {
    let op = if what == What::Added { WordOp::Insert } else { WordOp::Delete };
    let runs = |cell: &Vec<Piece>| {
        cell.iter().map(|piece| Run { op, text: piece.text.clone(), style: piece.style.clone(), was: None }).collect()
    };
    TextLine {
        shape: line.shape,
        within: line.within.clone(),
        what: Some(what),
        cells: line.cells.iter().map(runs).collect(),
    }
}

fn changed(old: &Line, new: &Line) -> TextLine {
    let cells: Vec<Vec<Run>> = if old.cells.len() == new.cells.len() {
        old.cells.iter().zip(&new.cells).map(|(old, new)| runs(old, new)).collect()
    } else {
        // A column more or less: the row is compared as one text.
        let flat = |line: &Line| line.cells.concat();
        vec![runs(&flat(old), &flat(new))]
    };
    let same = old.is_built_like(new) && cells.iter().flatten().all(|run| run.op == WordOp::Equal && run.was.is_none());
    TextLine { shape: new.shape, within: new.within.clone(), what: (!same).then_some(What::Changed), cells }
}

/// The words of two lines laid over each other, in runs of one style.
pub fn runs(old: &[Piece], new: &[Piece]) -> Vec<Run> {
    if old == new {
        let same =
            |piece: &Piece| Run { op: WordOp::Equal, text: piece.text.clone(), style: piece.style.clone(), was: None };
        return new.iter().map(same).collect();
    }
    let (mut before, mut after) = (Reading::of(old), Reading::of(new));
    let mut found: Vec<Run> = Vec::new();
    for words in word_differences(&text_of(old), &text_of(new)) {
        let mut left = words.text.len();
        while left > 0 {
            let (length, style, was) = match words.op {
                WordOp::Delete => (before.available(left), before.style(), None),
                WordOp::Insert => (after.available(left), after.style(), None),
                WordOp::Equal => (before.available(after.available(left)), after.style(), Some(before.style())),
            };
            let text = match words.op {
                WordOp::Delete => before.take(length),
                WordOp::Insert => after.take(length),
                WordOp::Equal => {
                    before.take(length);
                    after.take(length)
                }
            };
            // Nothing is left to read: the words are those of the pieces, so this ends them both.
            if text.is_empty() {
                break;
            }
            left = left.saturating_sub(text.len());
            let was = was.filter(|was| *was != style);
            match found.last_mut() {
                Some(last) if last.op == words.op && last.style == style && last.was == was => last.text.push_str(text),
                _ => found.push(Run { op: words.op, text: text.to_owned(), style, was }),
            }
        }
    }
    found
}

/// Reads pieces from the first to the last.
struct Reading<'a> {
    rest: std::slice::Iter<'a, Piece>,
    text: &'a str,
    style: Style,
}

impl<'a> Reading<'a> {
    fn of(pieces: &'a [Piece]) -> Self {
        let mut reading = Self { rest: pieces.iter(), text: "", style: Style::default() };
        reading.go_on();
        reading
    }

    fn go_on(&mut self) {
        while self.text.is_empty() {
            let Some(piece) = self.rest.next() else { return };
            (self.text, self.style) = (&piece.text, piece.style.clone());
        }
    }

    /// How many of so many bytes are of one style.
    fn available(&self, wanted: usize) -> usize {
        wanted.min(self.text.len())
    }

    fn style(&self) -> Style {
        self.style.clone()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.text.split_at_checked(length).unwrap_or((self.text, ""));
        self.text = rest;
        self.go_on();
        taken
    }
}

/// Which lines are the same line, written anew: positions in both, in order.
fn pairs(old: &[Line], new: &[Line]) -> Vec<(usize, usize)> {
    if let ([_], [_]) = (old, new) {
        return vec![(0, 0)];
    }
    let (old, new) = (words_of(old), words_of(new));
    if old.len().saturating_mul(new.len()) > PAIRING_LIMIT {
        let alike = |(_, (old, new)): &(usize, (&Vec<String>, &Vec<String>))| shared(old, new) >= PAIR;
        return old.iter().zip(&new).enumerate().filter(alike).map(|(place, _)| (place, place)).collect();
    }
    // The most that pairs from each place on can share, the last places first.
    let width = new.len().saturating_add(1);
    let mut best = vec![0_usize; width.saturating_mul(old.len().saturating_add(1))];
    let at = |row: usize, column: usize| row.saturating_mul(width).saturating_add(column);
    let similar: Vec<Vec<usize>> = old.iter().map(|old| new.iter().map(|new| shared(old, new)).collect()).collect();
    let value = |best: &[usize], row: usize, column: usize| best.get(at(row, column)).copied().unwrap_or_default();
    let pair = |row: usize, column: usize| {
        similar.get(row).and_then(|row| row.get(column)).copied().filter(|shared| *shared >= PAIR)
    };
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            let together =
                pair(row, column).map_or(0, |shared| shared.saturating_add(value(&best, row + 1, column + 1)));
            let most = together.max(value(&best, row + 1, column)).max(value(&best, row, column + 1));
            if let Some(place) = best.get_mut(at(row, column)) {
                *place = most;
            }
        }
    }
    let (mut row, mut column, mut found) = (0, 0, Vec::new());
    while row < old.len() && column < new.len() {
        let here = value(&best, row, column);
        let together = pair(row, column).map(|shared| shared.saturating_add(value(&best, row + 1, column + 1)));
        if together == Some(here) {
            found.push((row, column));
            row += 1;
            column += 1;
        } else if here == value(&best, row + 1, column) {
            row += 1;
        } else {
            column += 1;
        }
    }
    found
}

fn words_of(lines: &[Line]) -> Vec<Vec<String>> {
    lines.iter().map(|line| words(&line.text())).collect()
}

/// The words of a text in lower case, in alphabetical order.
pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// How much of their words two texts share, in thousandths (Dice's coefficient).
pub fn shared(old: &[String], new: &[String]) -> usize {
    let (mut before, mut after) = (old.iter().peekable(), new.iter().peekable());
    let mut common = 0_usize;
    while let (Some(one), Some(other)) = (before.peek(), after.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => drop(before.next()),
            std::cmp::Ordering::Greater => drop(after.next()),
            std::cmp::Ordering::Equal => {
                common += 1;
                before.next();
                after.next();
            }
        }
    }
    common.saturating_mul(2_000).checked_div(old.len().saturating_add(new.len())).unwrap_or_default()
}
