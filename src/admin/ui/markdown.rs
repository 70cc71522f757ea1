//! The field of a rich text, which stands in two forms: as Markdown in a text area, which everybody can edit, and as HTML
//! for the element that edits it as it will look. The one module of the panel that puts HTML into a page as it is; it
//! takes it from the renderer alone, which makes it of a tree and escapes everything.

use maud::{Markup, PreEscaped, html};

use crate::content::markdown::RichDoc;

use super::field::Field;

/// A rich text. The element, where there is script, reads the template, hides the text area and sends its own document;
/// `rich` is whether it begins so, or with the Markdown.
pub fn rich_text(field: &Field<'_>, rich: bool) -> Markup {
    let mode = if rich { "rich" } else { "plain" };
    let html = RichDoc::parse(field.text()).to_editor_html();
    field.around(html! {
        rich-text data-field=(field.id()) data-mode=(mode) {
            (field.text_area())
            template { (PreEscaped(html)) }
        }
    })
}
