//! Prints the public tree as HTML, one block on a line.
//!
//! Only elements named here can appear, and all text and addresses are escaped; which addresses
//! are allowed was decided when the tree was made.

use super::{TreeInline, TreeItem, TreeNode};

pub(super) fn document(nodes: &[TreeNode]) -> String {
    printed(nodes, Anchors::Printed)
}

/// As [`document`], with headings that nothing can lead to.
pub(super) fn without_anchors(nodes: &[TreeNode]) -> String {
    printed(nodes, Anchors::LeftOut)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchors {
    Printed,
    LeftOut,
}

fn printed(nodes: &[TreeNode], anchors: Anchors) -> String {
    let mut html = String::new();
    push_nodes(nodes, anchors, &mut html);
    html
}

fn push_nodes(nodes: &[TreeNode], anchors: Anchors, html: &mut String) {
    for node in nodes {
        match node {
            TreeNode::Paragraph { content } => push_element("p", content, html),
            TreeNode::Heading { level, id, content } => {
                let name = if *level == 3 { "h3" } else { "h4" };
                html.extend(["<", name]);
                if anchors == Anchors::Printed {
                    html.push_str(" id=\"");
                    push_escaped(id, html);
                    html.push('"');
                }
                html.push('>');
                push_inlines(content, html);
                html.extend(["</", name, ">"]);
            }
            TreeNode::List { ordered, start, items } => push_list(*ordered, *start, items, anchors, html),
            TreeNode::Quote { blocks } => {
                html.push_str("<blockquote>\n");
                push_nodes(blocks, anchors, html);
                html.push_str("</blockquote>");
            }
            TreeNode::Table { head, rows } => push_table(head, rows, html),
        }
        html.push('\n');
    }
}

fn push_list(ordered: bool, start: u32, items: &[TreeItem], anchors: Anchors, html: &mut String) {
    let name = if ordered { "ol" } else { "ul" };
    if ordered && start != 1 {
        html.extend(["<ol start=\"", &start.to_string(), "\">\n"]);
    } else {
        html.extend(["<", name, ">\n"]);
    }
    for item in items {
        html.push_str("<li>");
        push_item(&item.blocks, anchors, html);
        html.push_str("</li>\n");
    }
    html.extend(["</", name, ">"]);
}

/// The only paragraph of an item needs no element of its own.
fn push_item(blocks: &[TreeNode], anchors: Anchors, html: &mut String) {
    let only_lists_after = |rest: &[TreeNode]| rest.iter().all(|node| matches!(node, TreeNode::List { .. }));
    let rest = match blocks.split_first() {
        Some((TreeNode::Paragraph { content }, rest)) if only_lists_after(rest) => {
            push_inlines(content, html);
            rest
        }
        _ => blocks,
    };
    if !rest.is_empty() {
        html.push('\n');
        push_nodes(rest, anchors, html);
    }
}

fn push_table(head: &[Vec<TreeInline>], rows: &[Vec<Vec<TreeInline>>], html: &mut String) {
    html.push_str("<table>\n<thead>\n<tr>");
    for cell in head {
        html.push_str("<th scope=\"col\">");
        push_inlines(cell, html);
        html.push_str("</th>");
    }
    html.push_str("</tr>\n</thead>\n");
    if !rows.is_empty() {
        html.push_str("<tbody>\n");
        for row in rows {
            html.push_str("<tr>");
            for cell in row {
                push_element("td", cell, html);
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n");
    }
    html.push_str("</table>");
}

fn push_element(name: &str, content: &[TreeInline], html: &mut String) {
    html.extend(["<", name, ">"]);
    push_inlines(content, html);
    html.extend(["</", name, ">"]);
}

fn push_inlines(content: &[TreeInline], html: &mut String) {
    for inline in content {
        match inline {
            TreeInline::Text { text } => push_escaped(text, html),
            TreeInline::Strong { content } => push_element("strong", content, html),
            TreeInline::Emphasis { content } => push_element("em", content, html),
            TreeInline::Link { href, content, .. } => {
                html.push_str("<a href=\"");
                push_escaped(href, html);
                html.push_str("\">");
                push_inlines(content, html);
                html.push_str("</a>");
            }
            TreeInline::Break => html.push_str("<br>"),
        }
    }
}

/// Attributes here are always in double quotes, so apostrophes are safe as they are.
fn push_escaped(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            character => html.push(character),
        }
    }
}
