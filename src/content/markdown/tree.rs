//! The public tree: what sites get in JSON, and what the HTML is made from.
//!
//! Here links to documents become addresses and headings get their anchors. Whether a document
//! may be linked to is the caller's to say.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use super::inline::Run;
use super::{Block, Inline, RichDoc, Target};

/// A block of the public tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TreeNode {
    Paragraph {
        content: Vec<TreeInline>,
    },
    /// `id` is unique within the text, not within the page it stands on.
    Heading {
        level: u8,
        id: String,
        content: Vec<TreeInline>,
    },
    List {
        ordered: bool,
        start: u32,
        items: Vec<TreeItem>,
    },
    Quote {
        blocks: Vec<TreeNode>,
    },
    Table {
        head: Vec<Vec<TreeInline>>,
        rows: Vec<Vec<Vec<TreeInline>>>,
    },
}

/// One item of a list of the public tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeItem {
    pub blocks: Vec<TreeNode>,
}

/// A part of a line of the public tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TreeInline {
    Text {
        text: String,
    },
    Strong {
        content: Vec<TreeInline>,
    },
    Emphasis {
        content: Vec<TreeInline>,
    },
    /// `document` and `block` are given for a link to a document of this site.
    Link {
        href: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        document: Option<Uuid>,
        #[serde(skip_serializing_if = "Option::is_none")]
        block: Option<Uuid>,
        content: Vec<TreeInline>,
    },
    Break,
}

/// The longest anchor made from a heading, in characters.
const LONGEST_ANCHOR: usize = 80;

/// The tree of a normalised document. `resolve` is asked once for each target.
pub(super) fn document(document: &RichDoc, resolve: &dyn Fn(Uuid, Option<Uuid>) -> Option<String>) -> Vec<TreeNode> {
    let mut addresses = HashMap::new();
    for target in document.targets() {
        if let Target::Document { id, block } = target {
            addresses.entry(target.clone()).or_insert_with(|| resolve(*id, *block));
        }
    }
    let mut builder = Builder { addresses, anchors: Anchors::default() };
    builder.nodes(&document.blocks)
}

struct Builder {
    /// Where links to documents lead; an absent or empty entry leads nowhere.
    addresses: HashMap<Target, Option<String>>,
    anchors: Anchors,
}

#[derive(Default)]
struct Anchors {
    used: HashSet<String>,
    /// How often each anchor was asked for, so that a thousand equal headings don't each count from 2.
    counts: HashMap<String, u32>,
}

impl Builder {
    fn nodes(&mut self, blocks: &[Block]) -> Vec<TreeNode> {
        blocks.iter().map(|block| self.node(block)).collect()
    }

    fn node(&mut self, block: &Block) -> TreeNode {
        match block {
            Block::Paragraph { content } => TreeNode::Paragraph { content: self.line(content) },
            Block::Heading { level, content } => TreeNode::Heading {
                level: *level,
                id: self.anchors.anchor(&super::text_of_inlines(content)),
                content: self.line(content),
            },
            Block::List { ordered, start, items } => TreeNode::List {
                ordered: *ordered,
                start: *start,
                items: items.iter().map(|item| TreeItem { blocks: self.nodes(&item.blocks) }).collect(),
            },
            Block::Quote { blocks } => TreeNode::Quote { blocks: self.nodes(blocks) },
            Block::Table { head, rows } => {
                TreeNode::Table { head: self.cells(head), rows: rows.iter().map(|row| self.cells(row)).collect() }
            }
        }
    }

    fn cells(&self, row: &[Vec<Inline>]) -> Vec<Vec<TreeInline>> {
        row.iter().map(|cell| self.line(cell)).collect()
    }

    /// Links that lead nowhere are taken away before the tree is built, so that what they held
    /// joins its neighbours.
    fn line(&self, content: &[Inline]) -> Vec<TreeInline> {
        let mut run = Run::of(content);
        run.retarget(|target| self.address(target).map(|_| target.clone()));
        self.inlines(&run.into_inlines())
    }

    fn inlines(&self, content: &[Inline]) -> Vec<TreeInline> {
        content.iter().filter_map(|inline| self.inline(inline)).collect()
    }

    fn inline(&self, inline: &Inline) -> Option<TreeInline> {
        Some(match inline {
            Inline::Text { text } => TreeInline::Text { text: text.clone() },
            Inline::Break => TreeInline::Break,
            Inline::Strong { content } => TreeInline::Strong { content: self.inlines(content) },
            Inline::Emphasis { content } => TreeInline::Emphasis { content: self.inlines(content) },
            Inline::Link { target, content } => {
                let (document, block) = match target {
                    Target::Document { id, block } => (Some(*id), *block),
                    Target::Address(_) => (None, None),
                };
                TreeInline::Link {
                    href: self.address(target)?.to_owned(),
                    document,
                    block,
                    content: self.inlines(content),
                }
            }
        })
    }

    fn address<'target>(&'target self, target: &'target Target) -> Option<&'target str> {
        match target {
            Target::Address(address) => Some(address),
            Target::Document { .. } => self.addresses.get(target)?.as_deref(),
        }
    }
}

impl Anchors {
    /// An anchor made from a heading's text: its letters and digits in lower case, joined by
    /// hyphens, with a number from 2 on if it was used before.
    fn anchor(&mut self, text: &str) -> String {
        let slug = slug(text);
        let count = self.counts.entry(slug.clone()).or_insert(0);
        loop {
            *count = count.saturating_add(1);
            let anchor = if *count == 1 { slug.clone() } else { format!("{slug}-{count}") };
            if self.used.insert(anchor.clone()) {
                return anchor;
            }
        }
    }
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    let mut length = 0;
    let without_apostrophes = text.replace(['\'', '\u{2019}'], "");
    for word in without_apostrophes.split(|character: char| !character.is_alphanumeric()) {
        length += word.chars().count() + 1;
        if !slug.is_empty() && length > LONGEST_ANCHOR {
            break;
        }
        if !slug.is_empty() && !word.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST_ANCHOR).flat_map(char::to_lowercase));
    }
    if slug.is_empty() { "heading".to_owned() } else { slug }
}
