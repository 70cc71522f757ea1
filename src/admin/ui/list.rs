//! Lists: where the next page is, what is filtered, how columns are sorted. Tables themselves are written where they are
//! used; they stand in `div.table`, have a caption, and turn into cards on narrow screens with the class `cards`.

use maud::{Markup, html};
use url::form_urlencoded::{Serializer, parse};

/// An address with some parameters changed: those with a value are set, those without are taken out, the others stay.
pub fn address(path: &str, query: &str, changes: &[(&str, Option<&str>)]) -> String {
    let mut kept: Vec<(String, String)> =
        parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    kept.retain(|(name, value)| !value.is_empty() && !changes.iter().any(|(changed, _)| changed == name));
    let set = changes.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
    kept.extend(set);
    if kept.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(kept).finish())
}

/// The heading of a column that a list can be sorted by. `up` and `down` are the values of the parameter `sort`.
pub fn sorted_heading(path: &str, query: &str, words: &str, present: &str, up: &str, down: &str) -> Markup {
    let (sorted, next) = match present {
        present if present == up => (Some("ascending"), down),
        present if present == down => (Some("descending"), up),
        _ => (None, up),
    };
    let target = address(path, query, &[("sort", Some(next)), ("cursor", None)]);
    html! {
        th scope="col" aria-sort=[sorted] data-enhance {
            a href=(target) {
                (words)
                @match sorted {
                    Some("ascending") => { span aria-hidden="true" { "▲" } }
                    Some(_) => { span aria-hidden="true" { "▼" } }
                    None => {}
                }
            }
        }
    }
}

/// A filter that is in force, with the address of the list without it.
pub fn chips(path: &str, query: &str, applied: &[(&str, String)]) -> Markup {
    html! {
        @if !applied.is_empty() {
            div.chips data-enhance {
                span { "Applied:" }
                @for (name, words) in applied {
                    a.chip href=(address(path, query, &[(name, None), ("cursor", None)])) {
                        (words) " " span aria-hidden="true" { "×" } span.vh { "(remove)" }
                    }
                }
                a href=(path) { "Clear filters" }
            }
        }
    }
}

/// The way to the next page and back to the first.
pub fn pages(path: &str, query: &str, shown: usize, total: u64, next: Option<&str>) -> Markup {
    let later = parse(query.as_bytes()).any(|(name, value)| name == "cursor" && !value.is_empty());
    html! {
        @if later || next.is_some() {
            nav.pages aria-label="Pages" data-enhance {
                span { (shown) " of " (total) " shown" }
                @if later { (super::link_button(&address(path, query, &[("cursor", None)]), "First page")) }
                @if let Some(cursor) = next {
                    (super::link_button(&address(path, query, &[("cursor", Some(cursor))]), "Next page"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_is_not_changed_and_drops_what_is_empty() {
        assert_eq!(address("/a", "q=x%20y&state=&sort=title", &[("sort", Some("-title"))]), "/a?q=x+y&sort=-title");
        assert_eq!(address("/a", "cursor=abc", &[("cursor", None)]), "/a");
    }
}
