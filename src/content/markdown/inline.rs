//! The normal form of a line of text with marks.
//!
//! Marks are first a property of each character, so that overlap, repetition and order of nesting
//! cannot matter; the tree is then built anew in one way. Knows nothing of blocks or of Markdown.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::{Inline, Target};

/// The character that stands for a line break the author asked for.
const BREAK: char = '\n';

/// Characters with their marks, and the targets that their links number.
#[derive(Debug, Default)]
pub(super) struct Run {
    glyphs: Vec<Glyph>,
    targets: Vec<Target>,
    numbers: HashMap<Target, usize>,
}

#[derive(Debug, Clone, Copy)]
struct Glyph {
    character: char,
    marks: Marks,
}

/// The marks of one character; `link` is a position in the run's targets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub strong: bool,
    pub emphasis: bool,
    pub link: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Link(usize),
    Strong,
    Emphasis,
}

impl Run {
    /// Takes a tree apart; a link inside a link belongs to the outer one.
    pub(super) fn of(content: &[Inline]) -> Self {
        let mut run = Self::default();
        run.push_all(content, Marks::default());
        run
    }

    /// Replaces each target by what `keep` makes of it; where that is nothing, the text stays
    /// without a link. Answers whether a link was lost.
    pub(super) fn retarget(&mut self, keep: impl Fn(&Target) -> Option<Target>) -> bool {
        let targets = std::mem::take(&mut self.targets);
        self.numbers.clear();
        let kept: Vec<Option<usize>> =
            targets.iter().map(|target| keep(target).map(|target| self.target(target))).collect();
        for glyph in &mut self.glyphs {
            glyph.marks.link = glyph.marks.link.and_then(|link| kept.get(link).copied().flatten());
        }
        kept.contains(&None)
    }

    /// The number of a target, the same for equal ones, so that equal links which touch become one.
    pub(super) fn target(&mut self, target: Target) -> usize {
        let next = self.targets.len();
        match self.numbers.entry(target) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                self.targets.push(vacant.key().clone());
                *vacant.insert(next)
            }
        }
    }

    pub(super) fn push_text(&mut self, text: &str, marks: Marks) {
        let glyphs = text.chars().map(|character| Glyph {
            // Only `push_break` makes breaks; a line feed in text is white space.
            character: if character == BREAK { ' ' } else { character },
            marks,
        });
        self.glyphs.extend(glyphs);
    }

    pub(super) fn push_break(&mut self, marks: Marks) {
        self.glyphs.push(Glyph { character: BREAK, marks });
    }

    /// The tree in normal form; empty if there is nothing to see.
    pub(super) fn into_inlines(self) -> Vec<Inline> {
        let mut glyphs = tidied(&self.glyphs);
        trim_links(&mut glyphs);
        build(&glyphs, &self.targets, Marks::default())
    }

    /// As [`Run::into_inlines`] for headings and table cells, where breaks are spaces.
    pub(super) fn into_line(mut self) -> Vec<Inline> {
        for glyph in &mut self.glyphs {
            if glyph.character == BREAK {
                glyph.character = ' ';
            }
        }
        self.into_inlines()
    }

    /// What the line reads, a break as a line feed.
    pub(super) fn characters(&self) -> Vec<char> {
        self.glyphs.iter().map(|glyph| glyph.character).collect()
    }

    /// Whether a part of the line has the same marks throughout.
    pub(super) fn is_uniform(&self, range: &Range<usize>) -> bool {
        let part = self.glyphs.get(range.clone()).unwrap_or_default();
        part.windows(2).all(|pair| matches!(pair, [one, other] if one.marks == other.marks))
    }

    /// Puts a text in place of a part of the line, with the marks that the part begins with.
    pub(super) fn put(&mut self, range: Range<usize>, text: &str) {
        let Some(marks) = self.glyphs.get(range.start).map(|glyph| glyph.marks) else { return };
        let mut new = Self::default();
        new.push_text(text, marks);
        if range.end <= self.glyphs.len() {
            self.glyphs.splice(range, new.glyphs);
        }
    }

    fn push_all(&mut self, content: &[Inline], marks: Marks) {
        for inline in content {
            match inline {
                Inline::Text { text } => self.push_text(text, marks),
                Inline::Break => self.push_break(marks),
                Inline::Strong { content } => self.push_all(content, Marks { strong: true, ..marks }),
                Inline::Emphasis { content } => self.push_all(content, Marks { emphasis: true, ..marks }),
                Inline::Link { content, .. } if marks.link.is_some() => {
                    self.push_all(content, marks);
                }
                Inline::Link { target, content } => {
                    let link = Some(self.target(target.clone()));
                    self.push_all(content, Marks { link, ..marks });
                }
            }
        }
    }
}

impl Glyph {
    fn is_space(self) -> bool {
        self.character.is_whitespace()
    }

    fn has(self, mark: Mark) -> bool {
        match mark {
            Mark::Link(link) => self.marks.link == Some(link),
            Mark::Strong => self.marks.strong,
            Mark::Emphasis => self.marks.emphasis,
        }
    }
}

impl Marks {
    fn shared_with(self, other: Self) -> Self {
        Self {
            strong: self.strong && other.strong,
            emphasis: self.emphasis && other.emphasis,
            link: self.link.filter(|_| self.link == other.link),
        }
    }

    fn with(self, mark: Mark) -> Self {
        match mark {
            Mark::Link(link) => Self { link: Some(link), ..self },
            Mark::Strong => Self { strong: true, ..self },
            Mark::Emphasis => Self { emphasis: true, ..self },
        }
    }
}

/// Collapses white space, takes it away at both ends and around breaks, and drops what cannot be
/// seen: control characters and the byte order mark. No-break and other wide spaces inside a line
/// are the author's and stay.
fn tidied(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut result: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let character = match glyph.character {
            BREAK => BREAK,
            '\t' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
            '\u{feff}' => continue,
            character if character.is_control() => continue,
            character => character,
        };
        let mut glyph = Glyph { character, ..*glyph };
        if character == BREAK {
            while let Some(space) = result.pop_if(|last| last.is_space()) {
                glyph.marks = glyph.marks.shared_with(space.marks);
            }
        }
        match result.last_mut() {
            None if glyph.is_space() => {}
            Some(last)
                if (last.character == BREAK && glyph.is_space()) || (last.character == ' ' && character == ' ') =>
            {
                last.marks = last.marks.shared_with(glyph.marks);
            }
            _ => result.push(glyph),
        }
    }
    while result.pop_if(|last| last.is_space()).is_some() {}
    result
}

/// Moves white space at the edges of links out of them.
fn trim_links(glyphs: &mut [Glyph]) {
    for linked in glyphs.chunk_by_mut(|left, right| left.marks.link == right.marks.link) {
        let leave_link = |glyph: &mut Glyph| glyph.marks.link = None;
        linked.iter_mut().take_while(|glyph| glyph.is_space()).for_each(leave_link);
        linked.iter_mut().rev().take_while(|glyph| glyph.is_space()).for_each(leave_link);
    }
}

/// Builds the tree from left to right: at each character the mark that reaches furthest goes
/// outside, and of marks that reach equally far first link, then strong, then emphasis. So a link
/// is never split, `open` marks are never repeated, and no mark begins or ends with white space.
fn build(glyphs: &[Glyph], targets: &[Target], open: Marks) -> Vec<Inline> {
    let mut result = Vec::new();
    let mut rest = glyphs;
    while let Some((first, after)) = rest.split_first() {
        let Some((mark, group, after_group)) = longest_group(rest, *first, open) else {
            append_plain(&mut result, first.character);
            rest = after;
            continue;
        };
        let content = build(group, targets, open.with(mark));
        match mark {
            Mark::Strong => result.push(Inline::Strong { content }),
            Mark::Emphasis => result.push(Inline::Emphasis { content }),
            Mark::Link(link) => match targets.get(link) {
                Some(target) => result.push(Inline::Link { target: target.clone(), content }),
                None => result.extend(content),
            },
        }
        rest = after_group;
    }
    result
}

fn append_plain(result: &mut Vec<Inline>, character: char) {
    if character == BREAK {
        result.push(Inline::Break);
    } else if let Some(Inline::Text { text }) = result.last_mut() {
        text.push(character);
    } else {
        result.push(Inline::Text { text: character.into() });
    }
}

fn longest_group(glyphs: &[Glyph], first: Glyph, open: Marks) -> Option<(Mark, &[Glyph], &[Glyph])> {
    let link = first.marks.link.filter(|_| open.link.is_none()).map(Mark::Link);
    let strong = (first.marks.strong && !open.strong).then_some(Mark::Strong);
    let emphasis = (first.marks.emphasis && !open.emphasis).then_some(Mark::Emphasis);
    let mut longest = None;
    let mut longest_length = 0;
    for mark in [link, strong, emphasis].into_iter().flatten() {
        let length = group_length(glyphs, mark, open);
        if length > longest_length {
            longest = Some(mark);
            longest_length = length;
        }
    }
    let (group, after) = glyphs.split_at_checked(longest_length)?;
    Some((longest?, group, after))
}

/// How many characters from the first on go into one group with this mark, which may not split a
/// link or end with white space; 0 if it would begin with white space.
fn group_length(glyphs: &[Glyph], mark: Mark, open: Marks) -> usize {
    if glyphs.first().is_none_or(|first| first.is_space()) {
        return 0;
    }
    let reach = glyphs.iter().take_while(|glyph| glyph.has(mark)).count();
    let (reached, beyond) = glyphs.split_at_checked(reach).unwrap_or((glyphs, &[]));
    let split_link = beyond
        .first()
        .and_then(|glyph| glyph.marks.link)
        .filter(|_| open.link.is_none() && !matches!(mark, Mark::Link(_)));
    let whole = match split_link {
        Some(link) => reach - reached.iter().rev().take_while(|glyph| glyph.has(Mark::Link(link))).count(),
        None => reach,
    };
    let group = reached.get(..whole).unwrap_or_default();
    whole - group.iter().rev().take_while(|glyph| glyph.is_space()).count()
}
