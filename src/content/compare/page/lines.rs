//! Texts and values as lines: a paragraph, a heading, a bullet, a row of a table, each with the lists and quotes that it
//! stands in and with its words in pieces of one style. It compares nothing.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::kernel::DocumentId;

use super::super::{
    super::markdown::{Block, Inline, RichDoc},
    labels,
};

/// How a piece of a line looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub strong: bool,
    pub emphasis: bool,
    /// Where it leads: an address, `ref:ID` to a document, or `media:ID` to an image.
    pub link: Option<String>,
}

impl Style {
    /// The document that it leads to.
    pub fn document(&self) -> Option<DocumentId> {
        let reference = self.link.as_deref()?.strip_prefix("ref:")?;
        reference.split('#').next()?.parse().ok()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Paragraph,
    Heading(u8),
    TableHead,
    TableRow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    Bullets,
    Numbers,
    Quote,
}

/// A list or quote around a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub around: Around,
    /// Whether the item, or the quote, begins with this line.
    pub begins: bool,
}

/// Everything but a row of a table has one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub shape: Shape,
    pub within: Vec<Within>,
    pub cells: Vec<Vec<Piece>>,
}

impl Line {
    pub fn text(&self) -> String {
        let cells = self.cells.iter().map(|cell| text_of(cell));
        cells.collect::<Vec<_>>().join("\t")
    }

    /// Whether it stands in lists and quotes of the same sorts, in the same shape.
    pub fn is_built_like(&self, other: &Self) -> bool {
        let around = |line: &Self| line.within.iter().map(|within| within.around).collect::<Vec<_>>();
        self.shape == other.shape && self.cells.len() == other.cells.len() && around(self) == around(other)
    }
}

pub fn text_of(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A rich text.
pub fn of_markdown(markdown: &str) -> Vec<Line> {
    let mut lines = Lines::default();
    lines.blocks(&RichDoc::parse(markdown).blocks);
    lines.found
}

/// Any other value: a list has a line for each of its members, everything else one line, and nothing none.
pub fn of_value(key: &str, value: &Value) -> Vec<Line> {
    match value {
        Value::Array(items) => {
            let within = vec![Within { around: Around::Bullets, begins: true }];
            let lines = items.iter().map(|item| Line {
                shape: Shape::Paragraph,
                within: within.clone(),
                cells: vec![pieces_of(key, item)],
            });
            lines.filter(|line| !line.text().is_empty()).collect()
        }
        other => {
            let pieces = pieces_of(key, other);
            let line = Line { shape: Shape::Paragraph, within: Vec::new(), cells: vec![pieces] };
            if line.text().is_empty() { Vec::new() } else { vec![line] }
        }
    }
}

#[derive(Default)]
struct Lines {
    within: Vec<Within>,
    found: Vec<Line>,
}

impl Lines {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { content } => self.line(Shape::Paragraph, vec![pieces(content)]),
                Block::Heading { level, content } => self.line(Shape::Heading(*level), vec![pieces(content)]),
                Block::List { ordered, items, .. } => {
                    let around = if *ordered { Around::Numbers } else { Around::Bullets };
                    for item in items {
                        self.inside(around, &item.blocks);
                    }
                }
                Block::Quote { blocks } => self.inside(Around::Quote, blocks),
                Block::Table { head, rows } => {
                    self.line(Shape::TableHead, head.iter().map(|cell| pieces(cell)).collect());
                    for row in rows {
                        self.line(Shape::TableRow, row.iter().map(|cell| pieces(cell)).collect());
                    }
                }
            }
        }
    }

    fn inside(&mut self, around: Around, blocks: &[Block]) {
        self.within.push(Within { around, begins: true });
        self.blocks(blocks);
        self.within.pop();
    }

    fn line(&mut self, shape: Shape, cells: Vec<Vec<Piece>>) {
        self.found.push(Line { shape, within: self.within.clone(), cells });
        for within in &mut self.within {
            within.begins = false;
        }
    }
}

fn pieces(content: &[Inline]) -> Vec<Piece> {
    fn push(content: &[Inline], style: &Style, found: &mut Vec<Piece>) {
        for inline in content {
            match inline {
                Inline::Text { text } => found.push(Piece { text: text.clone(), style: style.clone() }),
                Inline::Break => found.push(Piece { text: "\n".to_owned(), style: style.clone() }),
                Inline::Strong { content } => push(content, &Style { strong: true, ..style.clone() }, found),
                Inline::Emphasis { content } => push(content, &Style { emphasis: true, ..style.clone() }, found),
                Inline::Link { target, content } => {
                    push(content, &Style { link: Some(target.to_string()), ..style.clone() }, found);
                }
            }
        }
    }

    let mut found = Vec::new();
    push(content, &Style::default(), &mut found);
    found
}

fn plain(text: impl Into<String>) -> Piece {
    Piece { text: text.into(), style: Style::default() }
}

fn linked(text: &str, link: String) -> Piece {
    Piece { text: text.to_owned(), style: Style { link: Some(link), ..Style::default() } }
}

fn pieces_of(key: &str, value: &Value) -> Vec<Piece> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(yes) => vec![plain(if *yes { "yes" } else { "no" })],
        Value::Number(number) => vec![plain(number.to_string())],
        Value::String(text) if is_id(text) => {
            let scheme = if key == "media" { "media" } else { "ref" };
            vec![linked(text, format!("{scheme}:{text}"))]
        }
        Value::String(text) if labels::is_choice(key) => vec![plain(text.replace('_', " "))],
        Value::String(text) => vec![plain(text.clone())],
        Value::Array(items) => joined(items.iter().map(|item| pieces_of(key, item)), ", "),
        Value::Object(fields) => of_object(fields),
    }
}

fn of_object(fields: &Map<String, Value>) -> Vec<Piece> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    if let (Some(framework), Some(level), 2) = (text("framework"), text("level"), fields.len()) {
        return vec![plain(format!("{framework} {level}"))];
    }
    if let (Some(words), Some(link)) = (text("text"), link_of(fields)) {
        return vec![linked(if words.is_empty() { &link } else { words }, link.clone())];
    }
    let named = |(key, value): (&String, &Value)| {
        let mut pieces = pieces_of(key, value);
        if !pieces.is_empty() && key != "text" {
            pieces.insert(0, plain(format!("{}: ", labels::key_in_words(key))));
        }
        pieces
    };
    joined(fields.iter().filter(|(key, _)| *key != "id").map(named), " · ")
}

fn link_of(fields: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    match (text("document"), text("block"), text("url")) {
        (Some(document), Some(block), _) => Some(format!("ref:{document}#{block}")),
        (Some(document), None, _) => Some(format!("ref:{document}")),
        (None, _, url) => url.map(str::to_owned),
    }
}

fn joined(all: impl Iterator<Item = Vec<Piece>>, between: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for pieces in all.filter(|pieces| !pieces.is_empty()) {
        if !found.is_empty() {
            found.push(plain(between));
        }
        found.extend(pieces);
    }
    found
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.parse::<Uuid>().is_ok()
}
