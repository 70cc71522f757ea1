//! Reads the editor's JSON into the tree and reduces what the schema does not have.
//!
//! Whatever is around it, the text of a text node is kept, so that a digest of all of them is a digest of the words. What
//! has words elsewhere, as an image has in its attributes, loses them. Goes down by recursion: JSON that was read is never
//! deeper than its reader allows.

use serde_json::Value;

use super::super::{
    Block, Dropped, Inline, Item, MAXIMUM_LIST_START, MAXIMUM_TABLE_CELLS, RichDoc, Target, normal, parse::note,
};

/// The tree of a document, normalised; `None` if it is none.
pub(super) fn document(value: &Value) -> Option<(RichDoc, Vec<Dropped>)> {
    if kind(value) != "doc" {
        return None;
    }
    let mut reader = Reader::default();
    let blocks = reader.blocks(content(value));
    let mut dropped = reader.dropped;
    let document = normal::document(RichDoc { blocks }, &mut dropped);
    Some((document, dropped))
}

/// The text of all text nodes, in order.
pub(super) fn texts(node: &Value) -> impl Iterator<Item = &str> {
    let mut open = vec![node];
    std::iter::from_fn(move || {
        while let Some(node) = open.pop() {
            if kind(node) == "text" {
                return Some(text(node));
            }
            open.extend(content(node).iter().rev());
        }
        None
    })
}

fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn content(node: &Value) -> &[Value] {
    node.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(node: &Value) -> &str {
    node.get("text").and_then(Value::as_str).unwrap_or_default()
}

/// An attribute that says something.
fn attribute<'node>(node: &'node Value, name: &str) -> Option<&'node Value> {
    node.get("attrs").and_then(|attributes| attributes.get(name)).filter(|value| !value.is_null() && *value != "")
}

#[derive(Default)]
struct Reader {
    dropped: Vec<Dropped>,
}

/// Blocks as they are read, and the inline nodes that stand among them without a paragraph.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block>,
    line: Vec<Inline>,
}

impl Flow {
    fn push(&mut self, block: Block) {
        self.end_line();
        self.blocks.push(block);
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            let content = std::mem::take(&mut self.line);
            self.blocks.push(Block::Paragraph { content });
        }
    }

    fn into_blocks(mut self) -> Vec<Block> {
        self.end_line();
        self.blocks
    }
}

impl Reader {
    fn note(&mut self, kind: Dropped) {
        note(&mut self.dropped, kind);
    }

    fn blocks(&mut self, nodes: &[Value]) -> Vec<Block> {
        let mut flow = Flow::default();
        for node in nodes {
            self.block(node, &mut flow);
        }
        flow.into_blocks()
    }

    fn block(&mut self, node: &Value, flow: &mut Flow) {
        match kind(node) {
            "paragraph" => flow.push(Block::Paragraph { content: self.line(node) }),
            "heading" => flow.push(self.heading(node)),
            "bullet_list" => flow.push(Block::List { ordered: false, start: 1, items: self.items(node) }),
            "ordered_list" => flow.push(Block::List { ordered: true, start: order(node), items: self.items(node) }),
            "blockquote" => flow.push(Block::Quote { blocks: self.blocks(content(node)) }),
            "table" => flow.push(self.table(node)),
            "text" | "hard_break" => self.inline(node, &mut flow.line),
            "code_block" => {
                self.note(Dropped::Code);
                flow.push(Block::Paragraph { content: self.line(node) });
            }
            other => {
                self.note(lacking(other));
                flow.end_line();
                for inner in content(node) {
                    self.block(inner, flow);
                }
                flow.end_line();
            }
        }
    }

    fn heading(&mut self, node: &Value) -> Block {
        let content = self.line(node);
        if content.contains(&Inline::Break) {
            self.note(Dropped::LineBreak);
        }
        let level = match attribute(node, "level").and_then(Value::as_u64) {
            Some(3) => 3,
            Some(4) => 4,
            level => {
                self.note(Dropped::HeadingLevel);
                if level.is_some_and(|level| level > 4) { 4 } else { 3 }
            }
        };
        Block::Heading { level, content }
    }

    /// Whatever stands in a list is an item of it.
    fn items(&mut self, list: &Value) -> Vec<Item> {
        let mut items = Vec::new();
        for node in content(list) {
            let blocks = if kind(node) == "list_item" {
                self.blocks(content(node))
            } else {
                self.note(Dropped::Unknown);
                self.blocks(std::slice::from_ref(node))
            };
            items.push(Item { blocks });
        }
        items
    }

    /// The first row is the head, as in every table of Markdown. Where cells were merged, the words stand in the first.
    fn table(&mut self, table: &Value) -> Block {
        let mut rows = Vec::new();
        let mut grid = Grid { filling: MAXIMUM_TABLE_CELLS, ..Grid::default() };
        for (position, node) in content(table).iter().enumerate() {
            let cells = if kind(node) == "table_row" { content(node) } else { std::slice::from_ref(node) };
            for cell in cells {
                let is_head = match kind(cell) {
                    "table_header" => true,
                    "table_cell" => false,
                    _ => {
                        self.note(Dropped::Unknown);
                        position == 0
                    }
                };
                if is_head != (position == 0) {
                    self.note(Dropped::TableHeads);
                }
                let words = self.cell(cell);
                grid.place(words, self.span(cell, "colspan"), self.span(cell, "rowspan"));
            }
            rows.push(grid.end_row());
        }
        let mut rows = rows.into_iter();
        Block::Table { head: rows.next().unwrap_or_default(), rows: rows.collect() }
    }

    fn span(&mut self, cell: &Value, name: &str) -> usize {
        match attribute(cell, name).and_then(Value::as_u64) {
            None | Some(1) => 1,
            Some(span) => {
                self.note(Dropped::MergedCells);
                usize::try_from(span).unwrap_or(MAXIMUM_TABLE_CELLS).clamp(1, MAXIMUM_TABLE_CELLS)
            }
        }
    }

    /// A cell holds one line; several blocks in it are joined by spaces.
    fn cell(&mut self, cell: &Value) -> Vec<Inline> {
        if attribute(cell, "colwidth").is_some() {
            self.note(Dropped::ColumnWidth);
        }
        if attribute(cell, "align").or_else(|| attribute(cell, "alignment")).is_some() {
            self.note(Dropped::Alignment);
        }
        let blocks = content(cell);
        let is_plain = |node: &Value| matches!(kind(node), "paragraph" | "text" | "hard_break");
        if !blocks.iter().all(is_plain) || blocks.iter().filter(|node| kind(node) == "paragraph").count() > 1 {
            self.note(Dropped::CellBlocks);
        }
        let mut line = Vec::new();
        self.words(cell, &mut line);
        if line.contains(&Inline::Break) {
            self.note(Dropped::LineBreak);
        }
        line
    }

    /// The inline content of a paragraph or heading.
    fn line(&mut self, node: &Value) -> Vec<Inline> {
        if let Some(other) = content(node).iter().find(|inner| !matches!(kind(inner), "text" | "hard_break")) {
            self.note(lacking(kind(other)));
        }
        let mut line = Vec::new();
        self.words(node, &mut line);
        line
    }

    /// All that is inline in a node, however deep, with spaces where blocks end.
    fn words(&mut self, node: &Value, line: &mut Vec<Inline>) {
        for inner in content(node) {
            match kind(inner) {
                "text" | "hard_break" => self.inline(inner, line),
                _ => {
                    line.push(Inline::text(" "));
                    self.words(inner, line);
                    line.push(Inline::text(" "));
                }
            }
        }
    }

    /// A text or a break within its marks, whose order and repetition normalising settles.
    fn inline(&mut self, node: &Value, line: &mut Vec<Inline>) {
        let mut inline = if kind(node) == "text" { Inline::text(text(node)) } else { Inline::Break };
        let marks = node.get("marks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for mark in marks {
            match kind(mark) {
                "strong" => inline = Inline::Strong { content: vec![inline] },
                "em" => inline = Inline::Emphasis { content: vec![inline] },
                "link" => inline = self.link(mark, inline),
                "code" => self.note(Dropped::Code),
                _ => self.note(Dropped::Unknown),
            }
        }
        line.push(inline);
    }

    fn link(&mut self, mark: &Value, inline: Inline) -> Inline {
        if attribute(mark, "title").is_some() {
            self.note(Dropped::LinkTitle);
        }
        let target = attribute(mark, "href").and_then(Value::as_str).and_then(Target::parse);
        match target {
            Some(target) => Inline::Link { target, content: vec![inline] },
            None => {
                self.note(Dropped::LinkTarget);
                inline
            }
        }
    }
}

/// What it means that the schema lacks a node.
fn lacking(kind: &str) -> Dropped {
    match kind {
        "image" => Dropped::Image,
        "horizontal_rule" => Dropped::Rule,
        "code_block" => Dropped::Code,
        _ => Dropped::Unknown,
    }
}

fn order(list: &Value) -> u32 {
    let order = attribute(list, "order").map_or(Some(1), Value::as_u64).unwrap_or(1);
    u32::try_from(order).unwrap_or(MAXIMUM_LIST_START).min(MAXIMUM_LIST_START)
}

/// The cells of a table with empty ones wherever a merged cell reached.
#[derive(Default)]
struct Grid {
    row: Vec<Vec<Inline>>,
    /// How many rows below are taken by a cell above, for each column.
    taken: Vec<usize>,
    /// How many empty cells may still be made.
    filling: usize,
}

impl Grid {
    fn place(&mut self, words: Vec<Inline>, across: usize, down: usize) {
        self.pass_taken();
        self.push(words, down - 1);
        for _ in 1..across {
            if !self.fill(down - 1) {
                break;
            }
        }
    }

    fn end_row(&mut self) -> Vec<Vec<Inline>> {
        self.pass_taken();
        self.taken.iter_mut().skip(self.row.len()).for_each(|rows| *rows = rows.saturating_sub(1));
        std::mem::take(&mut self.row)
    }

    /// Makes empty cells where cells above reach down.
    fn pass_taken(&mut self) {
        while let Some(rows) = self.taken.get(self.row.len()).filter(|rows| **rows > 0).copied() {
            if !self.fill(rows - 1) {
                break;
            }
        }
    }

    fn fill(&mut self, below: usize) -> bool {
        let may = self.filling > 0;
        if may {
            self.filling -= 1;
            self.push(Vec::new(), below);
        }
        may
    }

    fn push(&mut self, words: Vec<Inline>, below: usize) {
        match self.taken.get_mut(self.row.len()) {
            Some(rows) => *rows = below,
            None => self.taken.push(below),
        }
        self.row.push(words);
    }
}
