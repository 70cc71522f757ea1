//! Sparse answers: a page or a list item with only the keys that somebody asked for. It works on what was composed and
//! knows neither kinds nor HTTP.
//!
//! Decision (2026-11-22): an answer narrowed by names keeps the order of keys of the whole, not that of the names, so that
//! equal sets of names give equal bytes. Naming what is there anyway, or twice, is no mistake; naming what no page of the
//! kind has is one, since a misspelt name would otherwise go unnoticed.

use serde_json::{Map, Value};

/// What a list item always has, in this order.
const LISTED: [&str; 8] = ["id", "kind", "slug", "path", "title", "summary", "published_at", "updated_at"];

/// A page with its `id` and the named keys only.
///
/// # Errors
/// The first name that the page doesn't have.
pub fn narrow(value: Value, fields: &[String]) -> Result<Value, String> {
    let Value::Object(mut whole) = value else { return Ok(value) };
    check(&whole, fields)?;
    whole.retain(|key, _| key == "id" || is_named(key, fields));
    Ok(Value::Object(whole))
}

/// A page as a list item: the keys that every item has, then the named ones.
///
/// # Errors
/// The first name that the page doesn't have.
pub fn card_fields(value: Value, fields: &[String]) -> Result<Value, String> {
    let Value::Object(mut whole) = value else { return Ok(value) };
    check(&whole, fields)?;
    let mut item = Map::new();
    for key in LISTED {
        if let Some((key, value)) = whole.shift_remove_entry(key) {
            item.insert(key, value);
        }
    }
    item.extend(whole.into_iter().filter(|(key, _)| is_named(key, fields)));
    Ok(Value::Object(item))
}

fn check(whole: &Map<String, Value>, fields: &[String]) -> Result<(), String> {
    match fields.iter().find(|field| !whole.contains_key(field.as_str())) {
        Some(unknown) => Err(unknown.clone()),
        None => Ok(()),
    }
}

fn is_named(key: &str, fields: &[String]) -> bool {
    fields.iter().any(|field| field == key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(fields: &[&str]) -> Vec<String> {
        fields.iter().map(|field| (*field).to_owned()).collect()
    }

    fn page() -> Value {
        json!({
            "id": 1, "kind": "role-page", "slug": "porter", "path": "/porter", "version": 2, "title": "Porter",
            "summary": "Moves things.", "facts": {"pay": null}, "published_at": "then", "updated_at": "now", "notice": null
        })
    }

    #[test]
    fn narrowing_keeps_the_id_and_the_order_of_the_page() {
        let narrowed = narrow(page(), &named(&["notice", "title", "slug", "title"])).unwrap();
        assert_eq!(narrowed.to_string(), r#"{"id":1,"slug":"porter","title":"Porter","notice":null}"#);
        assert_eq!(narrow(page(), &[]).unwrap(), json!({"id": 1}));
        assert_eq!(narrow(page(), &named(&["title", "tilte", "other"])), Err("tilte".to_owned()));
    }

    #[test]
    fn list_items_are_cards_with_times_and_what_was_named() {
        let item = card_fields(page(), &named(&["notice", "facts", "title"])).unwrap();
        let keys: Vec<&String> = item.as_object().unwrap().keys().collect();
        let expected =
            ["id", "kind", "slug", "path", "title", "summary", "published_at", "updated_at", "facts", "notice"];
        assert_eq!(keys, expected);
        assert_eq!(card_fields(page(), &named(&["pay"])), Err("pay".to_owned()));
    }
}
