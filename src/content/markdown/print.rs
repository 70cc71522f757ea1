//! Prints the tree as canonical Markdown, and checks what it printed by reading it.
//!
//! Works on normalised documents only. How a line of text is escaped is known next door, in
//! `escape`; this file is about blocks, their markers and indentation.

use super::escape::{Caution, Place, line};
use super::{Block, Inline, Item, MAXIMUM_LIST_START, RichDoc};

/// Markdown that reads back as `document`, which must be normalised.
///
/// Should a block not read back as itself, it is printed again with more characters as numeric
/// references. The last form is kept even if it fails too: its words are right, if not its marks.
pub(super) fn markdown(document: &RichDoc) -> String {
    let whole = joined(&siblings(&document.blocks, false, &|_| Caution::Needed));
    if reads_back(&whole, &document.blocks) {
        return whole;
    }
    joined(&siblings(&document.blocks, false, &least_caution))
}

fn least_caution(block: &Block) -> Caution {
    let reads_back_with = |caution: &Caution| {
        let lines = siblings(std::slice::from_ref(block), false, &|_| *caution);
        reads_back(&joined(&lines), std::slice::from_ref(block))
    };
    [Caution::Needed, Caution::Neighbours].into_iter().find(reads_back_with).unwrap_or(Caution::Everything)
}

fn reads_back(markdown: &str, blocks: &[Block]) -> bool {
    RichDoc::parse(markdown).blocks == blocks
}

fn joined(lines: &[String]) -> String {
    let mut result = lines.join("\n");
    if !result.is_empty() {
        result.push('\n');
    }
    result
}

/// The lines of blocks that follow one another, with empty lines between them unless `tight`.
fn siblings(blocks: &[Block], tight: bool, caution: &dyn Fn(&Block) -> Caution) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut previous: Option<&Block> = None;
    let mut alternate = false;
    for block in blocks {
        // Two lists of one kind would become one if they had the same marker.
        alternate = previous.is_some_and(|previous| are_lists_of_one_kind(previous, block)) && !alternate;
        if previous.is_some() && (!tight || !can_interrupt_paragraph(block)) {
            lines.push(String::new());
        }
        lines.extend(block_lines(block, alternate, caution(block)));
        previous = Some(block);
    }
    lines
}

fn are_lists_of_one_kind(left: &Block, right: &Block) -> bool {
    match (left, right) {
        (Block::List { ordered: left, .. }, Block::List { ordered: right, .. }) => left == right,
        _ => false,
    }
}

/// An ordered list directly under a line of text is a list only if it begins with 1
/// (CommonMark 0.31.2, section 5.2).
fn can_interrupt_paragraph(block: &Block) -> bool {
    matches!(block, Block::List { ordered, start, .. } if !ordered || *start == 1)
}

fn block_lines(block: &Block, alternate: bool, caution: Caution) -> Vec<String> {
    match block {
        Block::Paragraph { content } => {
            line(content, Place::Paragraph, caution).split('\n').map(str::to_owned).collect()
        }
        Block::Heading { level, content } => {
            let marker = if *level == 3 { "###" } else { "####" };
            vec![format!("{marker} {}", line(content, Place::Heading, caution))]
        }
        Block::List { ordered, start, items } => list_lines(*ordered, *start, items, alternate, caution),
        Block::Quote { blocks } => prefixed(siblings(blocks, false, &|_| caution), "> ", "> "),
        Block::Table { head, rows } => table_lines(head, rows, caution),
    }
}

fn list_lines(ordered: bool, start: u32, items: &[Item], alternate: bool, caution: Caution) -> Vec<String> {
    let tight = items.iter().all(is_tight);
    let mut lines = Vec::new();
    let mut number = start;
    for item in items {
        let marker = match (ordered, alternate) {
            (false, false) => "- ".to_owned(),
            (false, true) => "* ".to_owned(),
            (true, false) => format!("{number}. "),
            (true, true) => format!("{number}) "),
        };
        if !tight && !lines.is_empty() {
            lines.push(String::new());
        }
        let content = siblings(&item.blocks, tight, &|_| caution);
        lines.extend(prefixed(content, &marker, &" ".repeat(marker.len())));
        number = number.saturating_add(1).min(MAXIMUM_LIST_START);
    }
    lines
}

/// Whether the item reads well without empty lines: one paragraph, lists under it.
fn is_tight(item: &Item) -> bool {
    item.blocks.iter().enumerate().all(|(position, block)| match block {
        Block::Paragraph { .. } => position == 0,
        Block::List { .. } => true,
        _ => false,
    })
}

/// Every line with `rest` before it and the first with `first`; no spaces at the end of empty lines.
fn prefixed(lines: Vec<String>, first: &str, rest: &str) -> Vec<String> {
    let prefixes = std::iter::once(first).chain(std::iter::repeat(rest));
    let with_prefix = |(line, prefix): (String, &str)| {
        if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") }
    };
    lines.into_iter().zip(prefixes).map(with_prefix).collect()
}

fn table_lines(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], caution: Caution) -> Vec<String> {
    let row_line = |row: &Vec<Vec<Inline>>| table_row(row.iter().map(|cell| line(cell, Place::Cell, caution)));
    let mut lines = vec![
        table_row(head.iter().map(|cell| line(cell, Place::Cell, caution))),
        table_row(head.iter().map(|_| "---".to_owned())),
    ];
    lines.extend(rows.iter().map(row_line));
    lines
}

fn table_row(cells: impl Iterator<Item = String>) -> String {
    let mut row = String::from("|");
    for cell in cells {
        row.push(' ');
        row.push_str(&cell);
        row.push_str(" |");
    }
    row
}
