//! Writes the tree as the editor's JSON. Works on normalised documents only.

use serde_json::{Value, json};

use super::super::{Block, Inline, RichDoc, Target};

pub(super) fn document(document: &RichDoc) -> Value {
    let content = if document.blocks.is_empty() { vec![paragraph(&[])] } else { blocks(&document.blocks) };
    json!({ "type": "doc", "content": content })
}

fn blocks(all: &[Block]) -> Vec<Value> {
    all.iter().map(block).collect()
}

fn block(block: &Block) -> Value {
    match block {
        Block::Paragraph { content } => paragraph(content),
        Block::Heading { level, content } => {
            json!({ "type": "heading", "attrs": { "level": level }, "content": line(content) })
        }
        Block::List { ordered, start, items } => {
            let items = items.iter().map(|item| json!({ "type": "list_item", "content": blocks(&item.blocks) }));
            let items: Vec<Value> = items.collect();
            if *ordered {
                json!({ "type": "ordered_list", "attrs": { "order": start }, "content": items })
            } else {
                json!({ "type": "bullet_list", "content": items })
            }
        }
        Block::Quote { blocks: inner } => json!({ "type": "blockquote", "content": blocks(inner) }),
        Block::Table { head, rows } => {
            let head = row("table_header", head);
            let rows = rows.iter().map(|cells| row("table_cell", cells));
            let rows: Vec<Value> = std::iter::once(head).chain(rows).collect();
            json!({ "type": "table", "content": rows })
        }
    }
}

fn row(kind: &str, cells: &[Vec<Inline>]) -> Value {
    let attributes = json!({ "colspan": 1, "rowspan": 1, "colwidth": null });
    let cell = |content: &Vec<Inline>| json!({ "type": kind, "attrs": attributes, "content": [paragraph(content)] });
    json!({ "type": "table_row", "content": cells.iter().map(cell).collect::<Vec<_>>() })
}

/// The editor leaves out the content of an empty paragraph.
fn paragraph(content: &[Inline]) -> Value {
    match line(content) {
        nodes if nodes.is_empty() => json!({ "type": "paragraph" }),
        nodes => json!({ "type": "paragraph", "content": nodes }),
    }
}

fn line(content: &[Inline]) -> Vec<Value> {
    let mut nodes = Vec::new();
    append(content, Marks::default(), &mut nodes);
    nodes
}

/// The marks around a text; the editor has them beside one another.
#[derive(Clone, Copy, Default)]
struct Marks<'tree> {
    strong: bool,
    emphasis: bool,
    link: Option<&'tree Target>,
}

impl Marks<'_> {
    /// In the order of the editor's schema, which takes no other.
    fn on(self, mut node: Value) -> Value {
        let mut marks = Vec::new();
        if let Some(target) = self.link {
            marks.push(json!({ "type": "link", "attrs": { "href": target } }));
        }
        if self.emphasis {
            marks.push(json!({ "type": "em" }));
        }
        if self.strong {
            marks.push(json!({ "type": "strong" }));
        }
        if let (false, Some(fields)) = (marks.is_empty(), node.as_object_mut()) {
            fields.insert("marks".to_owned(), marks.into());
        }
        node
    }
}

fn append<'tree>(content: &'tree [Inline], marks: Marks<'tree>, nodes: &mut Vec<Value>) {
    for inline in content {
        match inline {
            Inline::Text { text } => nodes.push(marks.on(json!({ "type": "text", "text": text }))),
            Inline::Break => nodes.push(marks.on(json!({ "type": "hard_break" }))),
            Inline::Strong { content } => append(content, Marks { strong: true, ..marks }, nodes),
            Inline::Emphasis { content } => append(content, Marks { emphasis: true, ..marks }, nodes),
            Inline::Link { target, content } => append(content, Marks { link: Some(target), ..marks }, nodes),
        }
    }
}
