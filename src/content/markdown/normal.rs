//! The normal form of blocks: nothing empty, nothing too deep, nothing too large.
//!
//! What a line of text looks like in normal form is known next door, in `inline`.

use super::inline::Run;
use super::parse::{Dropped, note};
use super::{Block, Inline, Item, MAXIMUM_LIST_START, MAXIMUM_NESTING, MAXIMUM_TABLE_CELLS, RichDoc, Target};

pub(super) fn document(document: RichDoc, dropped: &mut Vec<Dropped>) -> RichDoc {
    let mut blocks = Vec::new();
    append_blocks(document.blocks, 0, &mut blocks, dropped);
    RichDoc { blocks }
}

/// `depth` counts the lists and quotes around these blocks.
fn append_blocks(blocks: Vec<Block>, depth: usize, result: &mut Vec<Block>, dropped: &mut Vec<Dropped>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } => {
                let content = with_checked_targets(&content, dropped).into_inlines();
                if !content.is_empty() {
                    result.push(Block::Paragraph { content });
                }
            }
            Block::Heading { level, content } => {
                let content = with_checked_targets(&content, dropped).into_line();
                if !content.is_empty() {
                    let level = level.clamp(3, 4);
                    result.push(Block::Heading { level, content });
                }
            }
            Block::Quote { blocks } if depth >= MAXIMUM_NESTING => {
                note(dropped, Dropped::Nesting);
                append_blocks(blocks, depth, result, dropped);
            }
            Block::Quote { blocks } => {
                let mut inner = Vec::new();
                append_blocks(blocks, depth + 1, &mut inner, dropped);
                if !inner.is_empty() {
                    result.push(Block::Quote { blocks: inner });
                }
            }
            Block::List { items, .. } if depth >= MAXIMUM_NESTING => {
                note(dropped, Dropped::Nesting);
                for item in items {
                    append_blocks(item.blocks, depth, result, dropped);
                }
            }
            Block::List { ordered, start, items } => append_list(ordered, start, items, depth, result, dropped),
            Block::Table { head, rows } => append_table(&head, &rows, result, dropped),
        }
    }
}

fn append_list(
    ordered: bool,
    start: u32,
    items: Vec<Item>,
    depth: usize,
    result: &mut Vec<Block>,
    dropped: &mut Vec<Dropped>,
) {
    let mut kept = Vec::new();
    for item in items {
        let mut blocks = Vec::new();
        append_blocks(item.blocks, depth + 1, &mut blocks, dropped);
        if !blocks.is_empty() {
            kept.push(Item { blocks });
        }
    }
    if !kept.is_empty() {
        result.push(Block::List {
            ordered,
            start: if ordered { start.min(MAXIMUM_LIST_START) } else { 1 },
            items: kept,
        });
    }
}

fn append_table(head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>], result: &mut Vec<Block>, dropped: &mut Vec<Dropped>) {
    let mut cells = |row: &[Vec<Inline>]| -> Vec<Vec<Inline>> {
        row.iter().map(|cell| with_checked_targets(cell, dropped).into_line()).collect()
    };
    let mut head = cells(head);
    let mut rows: Vec<Vec<Vec<Inline>>> = rows.iter().map(|row| cells(row)).collect();
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    if rows.is_empty() && head.iter().all(Vec::is_empty) {
        return;
    }
    let width = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or_default();
    if width.saturating_mul(rows.len() + 1) > MAXIMUM_TABLE_CELLS {
        note(dropped, Dropped::TableSize);
        result.extend(std::iter::once(head).chain(rows).filter_map(|row| row_as_paragraph(&row)));
        return;
    }
    head.resize(width, Vec::new());
    for row in &mut rows {
        row.resize(width, Vec::new());
    }
    result.push(Block::Table { head, rows });
}

fn row_as_paragraph(row: &[Vec<Inline>]) -> Option<Block> {
    let filled: Vec<&[Inline]> = row.iter().map(Vec::as_slice).filter(|cell| !cell.is_empty()).collect();
    let content = Run::of(&filled.join(&Inline::text(" "))).into_inlines();
    (!content.is_empty()).then_some(Block::Paragraph { content })
}

fn with_checked_targets(content: &[Inline], dropped: &mut Vec<Dropped>) -> Run {
    let mut run = Run::of(content);
    let refused = run.retarget(|target| match target {
        Target::Document { .. } => Some(target.clone()),
        Target::Address(address) => Target::parse(address),
    });
    if refused {
        note(dropped, Dropped::LinkTarget);
    }
    run
}
