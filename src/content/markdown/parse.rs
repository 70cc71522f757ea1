//! Reads Markdown into the tree and reduces what the schema does not have.
//!
//! The grammar is the parser's; this is about which of its events mean something here. Knows
//! nothing of printing. Works with a stack of its own, so depth in the source costs no recursion.

use std::borrow::Cow;

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::inline::{Marks, Run};
use super::{Block, Inline, Item, MAXIMUM_LIST_START, MAXIMUM_NESTING, RichDoc, Target, normal};

/// A kind of thing that was dropped or changed while reading; for warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// An image; its alternative text stays.
    Image,
    /// Code; it stays as plain text.
    Code,
    /// HTML tags, comments and blocks.
    Html,
    /// A horizontal rule.
    Rule,
    /// A heading of level 1 or 2 became 3, of level 5 or 6 became 4.
    HeadingLevel,
    /// A link to an address that is not allowed; its text stays.
    LinkTarget,
    /// The title of a link.
    LinkTitle,
    /// The alignment of a table's columns.
    Alignment,
    /// Lists or quotes nested too deep were lifted out.
    Nesting,
    /// A table with too many cells became paragraphs.
    TableSize,
    /// Something that no rich text has, from an editor; its words stay.
    Unknown,
    /// Merged cells of a table; the words stand in the first of them.
    MergedCells,
    /// The width of a table's column.
    ColumnWidth,
    /// Head cells outside the first row of a table, or a first row without them.
    TableHeads,
    /// Several blocks in a cell became one line.
    CellBlocks,
    /// A line break in a heading or in a cell became a space.
    LineBreak,
}

/// How many list and quote markers may begin a single line. Far more than are kept; the limit
/// spares the parser containers by the ten thousand, which each later line would have to visit.
const MARKERS_ON_A_LINE: usize = 64;

pub(super) fn document(markdown: &str) -> (RichDoc, Vec<Dropped>) {
    let mut reader = Reader::default();
    let source = without_excess_markers(markdown);
    if matches!(source, Cow::Owned(_)) {
        note(&mut reader.dropped, Dropped::Nesting);
    }
    for event in Parser::new_ext(&source, Options::ENABLE_TABLES) {
        reader.read(event);
    }
    reader.end_paragraph();
    let mut dropped = reader.dropped;
    let document = normal::document(RichDoc { blocks: reader.blocks }, &mut dropped);
    (document, dropped)
}

pub(super) fn note(dropped: &mut Vec<Dropped>, kind: Dropped) {
    if !dropped.contains(&kind) {
        dropped.push(kind);
    }
}

#[derive(Default)]
struct Reader {
    /// The finished blocks outside all lists and quotes.
    blocks: Vec<Block>,
    /// The lists, items and quotes that are open.
    frames: Vec<Frame>,
    /// How many of `frames` are lists or quotes.
    depth: usize,
    /// How many lists, items and quotes are open beyond the deepest allowed; they have no frame.
    lifted: usize,
    table: Option<Table>,
    /// The line of text being read.
    run: Run,
    strong: usize,
    emphasis: usize,
    link: Option<usize>,
    images: usize,
    code_block: Option<String>,
    /// The element, script or style, whose content is passed over.
    hidden: Option<&'static str>,
    dropped: Vec<Dropped>,
}

enum Frame {
    List { ordered: bool, start: u32, items: Vec<Item> },
    Item { blocks: Vec<Block> },
    Quote { blocks: Vec<Block> },
}

#[derive(Default)]
struct Table {
    head: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    row: Vec<Vec<Inline>>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code_block {
                Some(code) => code.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) => {
                self.note(Dropped::Code);
                self.text(&text);
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.line_break(),
            Event::InlineHtml(tag) => self.inline_html(&tag),
            Event::Html(_) => self.note(Dropped::Html),
            Event::Rule => {
                self.end_paragraph();
                self.note(Dropped::Rule);
            }
            // Of extensions that are not turned on.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.emphasis += 1,
            Tag::Strong => self.strong += 1,
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title),
            Tag::Image { .. } => {
                self.note(Dropped::Image);
                self.images += 1;
            }
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.note(Dropped::Code);
                self.code_block = Some(String::new());
            }
            Tag::List(first) => {
                let start = first.unwrap_or(1).min(u64::from(MAXIMUM_LIST_START));
                self.open(Frame::List {
                    ordered: first.is_some(),
                    start: u32::try_from(start).unwrap_or(MAXIMUM_LIST_START),
                    items: Vec::new(),
                });
            }
            Tag::Item => self.open(Frame::Item { blocks: Vec::new() }),
            Tag::BlockQuote(_) => self.open(Frame::Quote { blocks: Vec::new() }),
            Tag::Table(alignments) => {
                self.end_paragraph();
                if alignments.iter().any(|alignment| *alignment != Alignment::None) {
                    self.note(Dropped::Alignment);
                }
                self.table = Some(Table::default());
            }
            _ => self.end_paragraph_before(&tag),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link if self.images == 0 => self.link = None,
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::CodeBlock => self.end_code_block(),
            TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) => self.close(),
            TagEnd::Table => {
                if let Some(Table { head, rows, .. }) = self.table.take() {
                    self.push_block(Block::Table { head, rows });
                }
            }
            TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => self.end_table_part(tag),
            TagEnd::Paragraph => self.end_paragraph(),
            _ => {}
        }
    }

    fn note(&mut self, kind: Dropped) {
        note(&mut self.dropped, kind);
    }

    fn marks(&self) -> Marks {
        Marks { strong: self.strong > 0, emphasis: self.emphasis > 0, link: self.link }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_none() {
            let marks = self.marks();
            self.run.push_text(text, marks);
        }
    }

    fn line_break(&mut self) {
        if self.hidden.is_none() {
            let marks = self.marks();
            self.run.push_break(marks);
        }
    }

    /// A `br` tag is a break like any other. Other tags go and what stands between them stays,
    /// but for the content of `script` and `style`, which was never meant to be read.
    fn inline_html(&mut self, tag: &str) {
        match self.hidden {
            Some(element) if is_tag(tag, "</", element) => self.hidden = None,
            Some(_) => {}
            None if is_tag(tag, "<", "br") => self.line_break(),
            None => {
                self.note(Dropped::Html);
                self.hidden = ["script", "style"].into_iter().find(|element| is_tag(tag, "<", element));
            }
        }
    }

    /// A link inside the alternative text of an image is text like the rest of it.
    fn start_link(&mut self, kind: LinkType, address: &CowStr<'_>, title: &CowStr<'_>) {
        if self.images > 0 {
            return;
        }
        if !title.is_empty() {
            self.note(Dropped::LinkTitle);
        }
        let target =
            if kind == LinkType::Email { Target::parse(&format!("mailto:{address}")) } else { Target::parse(address) };
        if target.is_none() {
            self.note(Dropped::LinkTarget);
        }
        self.link = target.map(|target| self.run.target(target));
    }

    /// The text of a tight list item has no paragraph of its own; it ends where another block begins.
    fn end_paragraph_before(&mut self, tag: &Tag<'_>) {
        if matches!(tag, Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock) {
            self.end_paragraph();
        }
    }

    fn end_paragraph(&mut self) {
        let content = self.take_run().into_inlines();
        if !content.is_empty() {
            self.push_block(Block::Paragraph { content });
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let level = match level {
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H1 | HeadingLevel::H2 => {
                self.note(Dropped::HeadingLevel);
                3
            }
            HeadingLevel::H5 | HeadingLevel::H6 => {
                self.note(Dropped::HeadingLevel);
                4
            }
        };
        let content = self.take_run().into_line();
        self.push_block(Block::Heading { level, content });
    }

    /// The lines of a code block are told apart by breaks, its empty lines part paragraphs.
    fn end_code_block(&mut self) {
        let code = self.code_block.take().unwrap_or_default();
        for line in code.lines() {
            if line.trim().is_empty() {
                self.end_paragraph();
            } else {
                self.text(line);
                self.line_break();
            }
        }
        self.end_paragraph();
    }

    fn end_table_part(&mut self, part: TagEnd) {
        let cell = self.take_run().into_line();
        let Some(table) = &mut self.table else { return };
        match part {
            TagEnd::TableCell => table.row.push(cell),
            TagEnd::TableHead => table.head = std::mem::take(&mut table.row),
            _ => table.rows.push(std::mem::take(&mut table.row)),
        }
    }

    fn take_run(&mut self) -> Run {
        self.hidden = None;
        std::mem::take(&mut self.run)
    }

    fn open(&mut self, frame: Frame) {
        self.end_paragraph();
        let nests = !matches!(frame, Frame::Item { .. });
        if self.lifted > 0 || (nests && self.depth >= MAXIMUM_NESTING) {
            self.note(Dropped::Nesting);
            self.lifted += 1;
            return;
        }
        self.depth += usize::from(nests);
        self.frames.push(frame);
    }

    fn close(&mut self) {
        self.end_paragraph();
        if self.lifted > 0 {
            self.lifted -= 1;
            return;
        }
        match self.frames.pop() {
            Some(Frame::Item { blocks }) => {
                if let Some(Frame::List { items, .. }) = self.frames.last_mut() {
                    items.push(Item { blocks });
                }
            }
            Some(Frame::List { ordered, start, items }) => {
                self.depth = self.depth.saturating_sub(1);
                self.push_block(Block::List { ordered, start, items });
            }
            Some(Frame::Quote { blocks }) => {
                self.depth = self.depth.saturating_sub(1);
                self.push_block(Block::Quote { blocks });
            }
            None => {}
        }
    }

    fn push_block(&mut self, block: Block) {
        match self.frames.last_mut() {
            Some(Frame::Item { blocks } | Frame::Quote { blocks }) => blocks.push(block),
            Some(Frame::List { items, .. }) => items.push(Item { blocks: vec![block] }),
            None => self.blocks.push(block),
        }
    }
}

/// Whether `tag` opens with this bracket and name, in either case, the name ending there.
fn is_tag(tag: &str, bracket: &str, name: &str) -> bool {
    let Some(rest) = tag.strip_prefix(bracket) else {
        return false;
    };
    let Some((found, after)) = rest.split_at_checked(name.len()) else {
        return false;
    };
    found.eq_ignore_ascii_case(name) && !after.starts_with(|next: char| next.is_alphanumeric() || next == '-')
}

/// The source without the list and quote markers beyond [`MARKERS_ON_A_LINE`] at the beginning of
/// a line; borrowed if there are none.
fn without_excess_markers(markdown: &str) -> Cow<'_, str> {
    let mut result = String::new();
    // Everything before this rest of the source has been taken over into `result`.
    let mut untaken = markdown;
    let mut rest = markdown;
    while !rest.is_empty() {
        let (kept, excess) = line_markers(rest);
        if excess > 0 {
            let position = untaken.len() - rest.len() + kept;
            if let (Some(before), Some(after)) = (untaken.get(..position), untaken.get(position + excess..)) {
                result.push_str(before);
                untaken = after;
                rest = after;
            }
        }
        rest = rest.split_once(['\n', '\r']).map_or("", |(_, next)| next);
    }
    if untaken.len() == markdown.len() {
        Cow::Borrowed(markdown)
    } else {
        result.push_str(untaken);
        Cow::Owned(result)
    }
}

/// How many bytes at the beginning of the line the allowed markers take, and how many the excess ones.
fn line_markers(text: &str) -> (usize, usize) {
    let mut rest = text;
    let mut kept = 0;
    let mut markers = 0;
    loop {
        let inner = rest.trim_start_matches([' ', '\t']);
        let Some(after) = after_marker(inner) else {
            break;
        };
        markers += 1;
        rest = after;
        if markers == MARKERS_ON_A_LINE {
            kept = text.len() - rest.len();
        }
    }
    if markers > MARKERS_ON_A_LINE { (kept, text.len() - rest.len() - kept) } else { (0, 0) }
}

/// What follows a quote or list marker (CommonMark 0.31.2, sections 5.1 and 5.2).
fn after_marker(text: &str) -> Option<&str> {
    if let Some(after) = text.strip_prefix('>') {
        return Some(after);
    }
    let after = match text.strip_prefix(['-', '+', '*']) {
        Some(after) => after,
        None => text.trim_start_matches(|digit: char| digit.is_ascii_digit()).strip_prefix(['.', ')'])?,
    };
    after.starts_with([' ', '\t', '\n', '\r']).then_some(after)
}
