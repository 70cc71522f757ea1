//! A content as its checks read it: each part once, and each text cut into the pieces that people read. It judges nothing.

use std::cell::Cell;

use super::super::{
    kinds::{Content, Part},
    markdown::{Block, Inline, RichDoc},
};

/// The longest word that is shown in an excerpt, in characters.
const LONGEST_WORD: usize = 40;
/// Words before and behind those that were found.
const AROUND: usize = 3;

/// What a text is to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The title of the document.
    Title,
    /// A heading within the document.
    Heading,
    /// The words of a link that stands by itself.
    Link,
    /// What an image shows.
    Alternative,
    /// What something is called: organisations, qualifications, other titles.
    Name,
    Prose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    Line,
    Paragraph,
    Heading,
    Item,
    Cell,
}

/// A run of words without a break: a line, a paragraph, an item of a list.
#[derive(Debug)]
pub struct Piece {
    pub kind: PieceKind,
    pub text: String,
}

/// A text that stands at one place.
#[derive(Debug)]
pub struct Passage {
    pub pointer: String,
    pub used: Use,
    /// `None` for one line of plain text.
    pub rich: Option<RichDoc>,
    pub pieces: Vec<Piece>,
}

/// A content, read once for all checks.
pub struct Reading<'a> {
    pub parts: Vec<(String, Part<'a>)>,
    pub passages: Vec<Passage>,
    /// How many words and blocks the checks have asked for: a test holds it in proportion to the text.
    work: Cell<usize>,
}

impl<'a> Reading<'a> {
    pub fn of(content: &'a Content) -> Self {
        let mut parts = Vec::new();
        let mut passages = Vec::new();
        content.walk(&mut |pointer, part| {
            match part {
                Part::Line(text) if !text.is_empty() => {
                    let piece = Piece { kind: PieceKind::Line, text: text.to_owned() };
                    let used = use_of(pointer);
                    passages.push(Passage { pointer: pointer.to_owned(), used, rich: None, pieces: vec![piece] });
                }
                Part::RichText(markdown) if !markdown.is_empty() => {
                    let rich = markdown.document();
                    let mut pieces = Vec::new();
                    cut(&rich.blocks, PieceKind::Paragraph, &mut pieces);
                    let pointer = pointer.to_owned();
                    passages.push(Passage { pointer, used: Use::Prose, rich: Some(rich), pieces });
                }
                _ => {}
            }
            parts.push((pointer.to_owned(), part));
        });
        Self { parts, passages, work: Cell::new(0) }
    }

    /// The words of a piece, with the signs around them.
    pub fn words<'p>(&self, piece: &'p Piece) -> Vec<&'p str> {
        let words: Vec<&str> = piece.text.split_whitespace().collect();
        self.note_work(words.len());
        words
    }

    /// Remembers that a check looked at so many things.
    pub fn note_work(&self, things: usize) {
        self.work.set(self.work.get() + things);
    }

    #[cfg(test)]
    pub fn work(&self) -> usize {
        self.work.get()
    }
}

/// What the line at a pointer is to readers. The names of fields say it.
fn use_of(pointer: &str) -> Use {
    let among = |name: &str| pointer.contains(name);
    if pointer == "/title" {
        Use::Title
    } else if among("/alternative_titles/")
        || among("/search_terms/")
        || among("/qualification/")
        || among("/subjects/")
        || among("/standards/")
        || pointer.ends_with("/organisation")
        || pointer.ends_with("/attribution")
    {
        Use::Name
    } else if among("/links/") || among("/learn_more/") {
        Use::Link
    } else if pointer.ends_with("/alt") {
        Use::Alternative
    } else if pointer.ends_with("/heading") || pointer.ends_with("/title") {
        Use::Heading
    } else {
        Use::Prose
    }
}

fn cut(blocks: &[Block], paragraph: PieceKind, pieces: &mut Vec<Piece>) {
    let mut kind = paragraph;
    for block in blocks {
        match block {
            Block::Paragraph { content } => pieces.push(Piece { kind, text: text_of(content) }),
            Block::Heading { level: _, content } => {
                pieces.push(Piece { kind: PieceKind::Heading, text: text_of(content) });
            }
            Block::List { ordered: _, start: _, items } => {
                for item in items {
                    cut(&item.blocks, PieceKind::Item, pieces);
                }
            }
            Block::Quote { blocks } => cut(blocks, PieceKind::Paragraph, pieces),
            Block::Table { head, rows } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    pieces.push(Piece { kind: PieceKind::Cell, text: text_of(cell) });
                }
            }
        }
        kind = PieceKind::Paragraph;
    }
}

/// The words of a line of rich text.
pub fn text_of(content: &[Inline]) -> String {
    let mut text = String::new();
    append(content, &mut text);
    text
}

fn append(content: &[Inline], text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text: words } => text.push_str(words),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { target: _, content } => {
                append(content, text);
            }
            Inline::Break => text.push('\n'),
        }
    }
}

/// The words around a place, so that people find it.
pub fn excerpt(words: &[&str], at: usize) -> String {
    let from = at.saturating_sub(AROUND);
    let some = words.iter().skip(from).take(at - from + AROUND);
    some.map(|word| shortened(word)).collect::<Vec<_>>().join(" ")
}

/// A text without what goes beyond so many characters as an excerpt shows of one word.
pub fn shortened(word: &str) -> String {
    match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}

/// A word without the signs around it.
pub fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
