//! Which words of a content are searched as what, and which of them can be shown as the reason of a hit.

use crate::{
    content::kinds::{Content, Part},
    kernel::DocumentId,
    search::{Field, Texts},
};

/// The words of a document by the parts in which they stand.
pub fn texts(id: DocumentId, content: &Content) -> Texts {
    Texts { id: id.0, texts: parts(content) }
}

/// Every text with its part, in reading order.
pub fn parts(content: &Content) -> Vec<(Field, String)> {
    let mut parts = Vec::new();
    content.walk(&mut |pointer, part| {
        let Some(field) = field(pointer) else { return };
        match part {
            Part::Line(text) if !text.is_empty() => parts.push((field, text.to_owned())),
            Part::RichText(markdown) if !markdown.is_empty() => parts.push((field, markdown.document().to_text())),
            _ => {}
        }
    });
    parts
}

/// What a text at this place is; `None` for the texts of links, which are not shown if they lead to what isn't live.
fn field(pointer: &str) -> Option<Field> {
    let mut steps = pointer.split('/').skip(1);
    Some(match steps.next()? {
        "title" => Field::Title,
        "alternative_titles" => Field::AlternativeTitles,
        "search_terms" => Field::SearchTerms,
        "summary" | "meta_description" => Field::Summary,
        "learn_more" => return None,
        _ if pointer.contains("/links/") => return None,
        _ if pointer.contains("/tasks/") => Field::Tasks,
        _ if pointer.contains("/roles/") && pointer.ends_with("/title") => Field::Roles,
        _ => Field::Text,
    })
}
