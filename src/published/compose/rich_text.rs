//! Rich text in the three forms in which it is published. It knows nothing of pages: where a link to a document leads,
//! the caller says.
//!
//! Decision (2026-11-22), published Markdown. Context: content refers to documents by id, which a renderer of Markdown
//! can't follow, and an id of something that is not live has no place in public JSON. Choice: the published Markdown has
//! live paths in the place of references, and the bare text where a reference leads nowhere. Consequence: all three forms
//! say the same; the ids of linked documents stand in the tree.

use uuid::Uuid;

use crate::{
    content::{
        markdown::{Block, Inline, Target},
        values::Markdown,
    },
    kernel::{DocumentId, NodeId},
};

use super::super::view;

/// `None` if nothing stands in the text.
pub fn published(
    markdown: &Markdown,
    address: &dyn Fn(DocumentId, Option<NodeId>) -> Option<String>,
) -> Option<view::RichText> {
    if markdown.is_empty() {
        return None;
    }
    let mut document = markdown.document();
    if document.is_empty() {
        return None;
    }
    let resolve = |id: Uuid, block: Option<Uuid>| address(DocumentId(id), block.map(NodeId));
    let html = document.to_html(&resolve);
    let tree = document.to_tree(&resolve);
    resolve_in_blocks(&mut document.blocks, &resolve);
    Some(view::RichText { markdown: document.to_markdown(), html, tree })
}

type Resolve<'a> = &'a dyn Fn(Uuid, Option<Uuid>) -> Option<String>;

fn resolve_in_blocks(blocks: &mut [Block], resolve: Resolve<'_>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { level: _, content } => resolve_in_line(content, resolve),
            Block::List { ordered: _, start: _, items } => {
                for item in items {
                    resolve_in_blocks(&mut item.blocks, resolve);
                }
            }
            Block::Quote { blocks } => resolve_in_blocks(blocks, resolve),
            Block::Table { head, rows } => {
                for cell in head.iter_mut().chain(rows.iter_mut().flatten()) {
                    resolve_in_line(cell, resolve);
                }
            }
        }
    }
}

fn resolve_in_line(line: &mut Vec<Inline>, resolve: Resolve<'_>) {
    *line = std::mem::take(line).into_iter().flat_map(|inline| resolved(inline, resolve)).collect();
}

fn resolved(inline: Inline, resolve: Resolve<'_>) -> Vec<Inline> {
    match inline {
        Inline::Strong { mut content } => {
            resolve_in_line(&mut content, resolve);
            vec![Inline::Strong { content }]
        }
        Inline::Emphasis { mut content } => {
            resolve_in_line(&mut content, resolve);
            vec![Inline::Emphasis { content }]
        }
        Inline::Link { target: Target::Document { id, block }, content } => match resolve(id, block) {
            Some(address) => vec![Inline::Link { target: Target::Address(address), content }],
            None => content,
        },
        Inline::Link { target: Target::Address(_), .. } | Inline::Text { .. } | Inline::Break => vec![inline],
    }
}
