//! Puts right what crept into a content by pasting: characters, never words. Which ones, `checks` knows; it finds them and
//! this mends them, so that nothing is offered that is not done.

use serde_json::Value;

use crate::kernel::{Ctx, DocumentId, Permission, Result, VersionNumber};

use super::{
    checks,
    documents::{self, Draft},
    kinds::{Content, Kind, Part},
    markdown::{Block, Inline},
    queries::{self, Document},
};

/// How many characters of a content can be put right.
pub fn mendable(content: &Content) -> usize {
    changes(content).into_iter().map(|(_, _, count)| count).sum()
}

/// Puts the characters of the version that was seen right, as a new version, and answers how many there were.
///
/// # Errors
/// Those of a save.
pub async fn mend(ctx: &Ctx, kind: Kind, id: DocumentId, seen: VersionNumber) -> Result<(Document, usize)> {
    ctx.authorise(Permission::ContentWrite)?;
    let version = queries::version(ctx, kind, id, seen).await?;
    let content = Content::from_value(kind, version.content)?;
    let changes = changes(&content);
    let count = changes.iter().map(|(_, _, count)| count).sum();
    let mut value = content.to_value()?;
    for (pointer, text, _) in changes {
        if let Some(place) = value.pointer_mut(&pointer) {
            *place = Value::String(text);
        }
    }
    let draft = Draft {
        slug: None,
        parent: None,
        language: None,
        content: Content::from_value(kind, value)?,
        note: Some("Stray characters were put right.".to_owned()),
    };
    let document = documents::save(ctx, kind, id, seen, draft).await?;
    Ok((document, count))
}

/// The texts that change: where they stand, how they read then, and how many characters of each were put right.
fn changes(content: &Content) -> Vec<(String, String, usize)> {
    let mut changes = Vec::new();
    content.walk(&mut |pointer, part| {
        let (text, count) = match part {
            Part::Line(text) => checks::mended(text),
            Part::RichText(markdown) if !markdown.is_empty() => {
                let mut rich = markdown.document();
                let count = mend_blocks(&mut rich.blocks);
                if count == 0 { (String::new(), 0) } else { (rich.to_markdown(), count) }
            }
            _ => (String::new(), 0),
        };
        if count > 0 {
            changes.push((pointer.to_owned(), text, count));
        }
    });
    changes
}

fn mend_blocks(blocks: &mut [Block]) -> usize {
    let mut count = 0;
    for block in blocks {
        count += match block {
            Block::Paragraph { content } | Block::Heading { level: _, content } => mend_line(content),
            Block::List { ordered: _, start: _, items } => {
                items.iter_mut().map(|item| mend_blocks(&mut item.blocks)).sum()
            }
            Block::Quote { blocks } => mend_blocks(blocks),
            Block::Table { head, rows } => {
                head.iter_mut().chain(rows.iter_mut().flatten()).map(|cell| mend_line(cell)).sum()
            }
        };
    }
    count
}

fn mend_line(content: &mut [Inline]) -> usize {
    let mut count = 0;
    for inline in content {
        count += match inline {
            Inline::Text { text } => {
                let (mended, count) = checks::mended(text);
                *text = mended;
                count
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { target: _, content } => {
                mend_line(content)
            }
            Inline::Break => 0,
        };
    }
    count
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::{SeededChance, Timestamp};

    #[test]
    fn texts_keep_their_marks_and_links_when_characters_are_put_right() {
        let page = json!({ "title": "A porter’s day", "sections": [{ "heading": "All", "blocks": [
            { "kind": "text", "markdown": "You’ll move **beds\u{a0}and** [chairs , tables](/tables).\n\n- one’s\n" } ] }] });
        let content = Content::read(Kind::RolePage, page, "", &SeededChance::new(1), Timestamp(0)).unwrap();
        assert_eq!(mendable(&content), 5);
        let changes = changes(&content);
        assert_eq!(changes[0], ("/title".to_owned(), "A porter's day".to_owned(), 1));
        assert_eq!(changes[1].0, "/sections/0/blocks/0/markdown");
        assert_eq!(changes[1].1, "You'll move **beds and** [chairs, tables](/tables).\n\n- one's\n");
    }
}
