//! Rich text: Markdown in a closed schema, as a tree that is read, put in normal form, and printed.
//!
//! Everything that reads or writes Markdown, or makes HTML of it, is here. The module knows nothing
//! of pages, versions, or the database: where a link to a document leads, the caller says.

pub mod editor;
mod escape;
mod html;
mod inline;
mod normal;
mod parse;
mod print;
mod replace;
mod target;
#[cfg(test)]
mod tests;
mod tree;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use parse::Dropped;
pub use replace::{FindIn, LinkPlace, TextPlace};
pub use target::Target;
pub use tree::{TreeInline, TreeItem, TreeNode};

/// How many lists and quotes may stand inside each other; what lies deeper is lifted out of its
/// own list or quote into the deepest one allowed.
pub const MAXIMUM_NESTING: usize = 16;

/// How many cells a table may have, once all its rows are as long as the longest. A larger one
/// becomes a paragraph for each row.
pub const MAXIMUM_TABLE_CELLS: usize = 10_000;

/// The largest number an ordered list may begin with (CommonMark 0.31.2, section 5.2: at most nine digits).
pub const MAXIMUM_LIST_START: u32 = 999_999_999;

/// One rich text.
///
/// Two trees can look the same to a reader and differ in shape; the printers therefore work on
/// [`RichDoc::normalised`], and comparisons should too. A tree built by hand or read from JSON is
/// not checked until then. Methods go down the tree by recursion, so a tree from elsewhere must
/// not be thousands of levels deep (JSON read by `serde_json` never is).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RichDoc {
    pub blocks: Vec<Block>,
}

/// What stands under one another in a rich text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    Paragraph {
        content: Vec<Inline>,
    },
    /// `level` is 3 or 4; levels 1 and 2 belong to the page.
    Heading {
        level: u8,
        content: Vec<Inline>,
    },
    /// `start` is the first number of an ordered list, and 1 for bullets.
    List {
        ordered: bool,
        start: u32,
        items: Vec<Item>,
    },
    Quote {
        blocks: Vec<Block>,
    },
    /// Every row has as many cells as `head` once normalised; a cell holds no line breaks.
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// One item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub blocks: Vec<Block>,
}

/// What stands beside one another in a line of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Inline {
    Text {
        text: String,
    },
    Strong {
        content: Vec<Inline>,
    },
    Emphasis {
        content: Vec<Inline>,
    },
    Link {
        target: Target,
        content: Vec<Inline>,
    },
    /// A line break the author asked for.
    Break,
}

impl RichDoc {
    /// Reads Markdown (CommonMark 0.31.2 with pipe tables). Never fails: what the schema does not
    /// have is reduced to what it has, and the result is normalised.
    #[must_use]
    pub fn parse(markdown: &str) -> Self {
        Self::parse_reporting(markdown).0
    }

    /// Reads Markdown and says which kinds of thing were dropped or changed on the way, each kind
    /// once, in the order in which they were met.
    #[must_use]
    pub fn parse_reporting(markdown: &str) -> (Self, Vec<Dropped>) {
        parse::document(markdown)
    }

    /// The canonical Markdown: empty for an empty document, else ending in exactly one line break.
    /// Reading it back gives the normalised document.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        print::markdown(&self.clone().normalised())
    }

    /// The one shape for everything that reads the same: no empty parts, white space collapsed,
    /// marks merged and nested in one order, addresses that are not allowed reduced to their text,
    /// nesting and tables within their limits. Normalising twice changes nothing more.
    #[must_use]
    pub fn normalised(self) -> Self {
        normal::document(self, &mut Vec::new())
    }

    /// Whether nothing would be left of the document when normalised.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() || self.clone().normalised().blocks.is_empty()
    }

    /// HTML with one block on a line and everything escaped.
    ///
    /// `resolve` answers where a link to a document (and a block in it) leads; with `None` the text
    /// stays, without a link. It is asked once for each target.
    #[must_use]
    pub fn to_html(&self, resolve: &dyn Fn(Uuid, Option<Uuid>) -> Option<String>) -> String {
        html::document(&self.to_tree(resolve))
    }

    /// The public tree: as [`RichDoc::to_html`], for sites that make their own HTML.
    #[must_use]
    pub fn to_tree(&self, resolve: &dyn Fn(Uuid, Option<Uuid>) -> Option<String>) -> Vec<TreeNode> {
        tree::document(&self.clone().normalised(), resolve)
    }

    /// The words alone: each paragraph, heading, table row and line after a break on a line of its
    /// own, cells separated by a tab, no line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = Vec::new();
        lines_of_blocks(&self.clone().normalised().blocks, &mut lines);
        lines.join("\n")
    }

    /// The targets of all links in reading order, repeated where they repeat.
    #[must_use]
    pub fn targets(&self) -> Vec<&Target> {
        let mut targets = Vec::new();
        targets_of_blocks(&self.blocks, &mut targets);
        targets
    }
}

impl Block {
    /// A paragraph of plain text.
    #[must_use]
    pub fn paragraph(text: &str) -> Self {
        Self::Paragraph { content: vec![Inline::text(text)] }
    }
}

impl Inline {
    /// Plain text; line breaks in it count as spaces.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text { text: text.to_owned() }
    }
}

fn lines_of_blocks(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => {
                lines.push(text_of_inlines(content));
            }
            Block::List { items, .. } => {
                for item in items {
                    lines_of_blocks(&item.blocks, lines);
                }
            }
            Block::Quote { blocks } => lines_of_blocks(blocks, lines),
            Block::Table { head, rows } => {
                for row in std::iter::once(head).chain(rows) {
                    let cells: Vec<String> = row.iter().map(|cell| text_of_inlines(cell)).collect();
                    lines.push(cells.join("\t"));
                }
            }
        }
    }
}

fn text_of_inlines(content: &[Inline]) -> String {
    let mut text = String::new();
    append_text(content, &mut text);
    text
}

fn append_text(content: &[Inline], result: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text } => result.push_str(text),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                append_text(content, result);
            }
            Inline::Break => result.push('\n'),
        }
    }
}

fn texts_of_blocks<'tree>(blocks: &'tree [Block], texts: &mut Vec<&'tree str>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => texts_of_inlines(content, texts),
            Block::List { items, .. } => items.iter().for_each(|item| texts_of_blocks(&item.blocks, texts)),
            Block::Quote { blocks } => texts_of_blocks(blocks, texts),
            Block::Table { head, rows } => {
                head.iter().chain(rows.iter().flatten()).for_each(|cell| texts_of_inlines(cell, texts));
            }
        }
    }
}

fn texts_of_inlines<'tree>(content: &'tree [Inline], texts: &mut Vec<&'tree str>) {
    for inline in content {
        match inline {
            Inline::Text { text } => texts.push(text),
            Inline::Break => {}
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                texts_of_inlines(content, texts);
            }
        }
    }
}

fn targets_of_blocks<'tree>(blocks: &'tree [Block], targets: &mut Vec<&'tree Target>) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => {
                targets_of_inlines(content, targets);
            }
            Block::List { items, .. } => {
                for item in items {
                    targets_of_blocks(&item.blocks, targets);
                }
            }
            Block::Quote { blocks } => targets_of_blocks(blocks, targets),
            Block::Table { head, rows } => {
                for cell in head.iter().chain(rows.iter().flatten()) {
                    targets_of_inlines(cell, targets);
                }
            }
        }
    }
}

fn targets_of_inlines<'tree>(content: &'tree [Inline], targets: &mut Vec<&'tree Target>) {
    for inline in content {
        match inline {
            Inline::Text { .. } | Inline::Break => {}
            Inline::Strong { content } | Inline::Emphasis { content } => {
                targets_of_inlines(content, targets);
            }
            Inline::Link { target, content } => {
                targets.push(target);
                targets_of_inlines(content, targets);
            }
        }
    }
}
