//! Which words of a content are searched as what, in what is published and in what is worked on.

use crate::{
    content::kinds::{Content, Part},
    search::Field,
};

/// Every text with its part, in reading order.
pub fn searched_parts(content: &Content) -> Vec<(Field, String)> {
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

/// What a text at this place is. The texts of links are told apart, since those to what isn't live are not shown.
fn field(pointer: &str) -> Option<Field> {
    let mut steps = pointer.split('/').skip(1);
    Some(match steps.next()? {
        "title" => Field::Title,
        "alternative_titles" => Field::AlternativeTitles,
        "search_terms" => Field::SearchTerms,
        "summary" | "meta_description" => Field::Summary,
        "learn_more" => Field::Links,
        _ if pointer.contains("/links/") => Field::Links,
        _ if pointer.contains("/tasks/") => Field::Tasks,
        _ if pointer.contains("/roles/") && pointer.ends_with("/title") => Field::Roles,
        _ => Field::Text,
    })
}
