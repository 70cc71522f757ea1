//! What the public reads of fixes: the sentences that people wrote about what was changed because of reports, page by page.
//! Reports and cases are not read here.
//!
//! Decision (2026-11-22), what stands there. Context: a page is made of its own text and of requirement sections, and a
//! report about a section is about every page in which it stands. Choice: a page tells of its own fixes and of those in the
//! sections that stand in it now, the newest first; while the site does not tell, of none. A part that is gone since has
//! no name. Consequence: a site asks for one list, and shows nothing that it doesn't know from the page.
//!
//! Decision (2026-11-22), the changes feed. Context: the feed names the pages whose JSON changed, and telling of a fix
//! changes none. Choice: it doesn't stand there. Consequence: whoever shows these sentences asks again, which costs a 304.

use std::collections::BTreeMap;

use entity::fix_told;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    content::{Kind, Page},
    events::{self, EventKind},
    kernel::{Database, DocumentId, Result, Timestamp},
    site,
};

use super::{
    At,
    compose::compose,
    load,
    reading::{Reading, find, last_public_change},
};

/// What changes the list without changing a page.
const TELLING: [EventKind; 6] = [
    EventKind::FixTold,
    EventKind::FixUntold,
    EventKind::CaseReopened,
    EventKind::ReportRedacted,
    EventKind::ReportPurged,
    EventKind::SettingChanged,
];

/// What is told of the fixes of a page, the newest first; `None` if the public can't read the page.
pub async fn fixes_told(
    database: &Database,
    kind: Kind,
    slug_or_id: &str,
    after: Option<&(i64, Uuid)>,
    limit: u64,
) -> Result<Option<(Page<Value>, Reading)>> {
    let snapshot = database.read().await?;
    let Some(id) = find(&*snapshot, kind, slug_or_id).await? else { return Ok(None) };
    let Some(bundle) = load::bundle(&*snapshot, id, At::Now).await? else { return Ok(None) };
    let mut kinds: BTreeMap<Uuid, Kind> =
        bundle.embedded.keys().map(|section| (section.0, Kind::RequirementSection)).collect();
    kinds.insert(id.0, kind);
    let page = if site::settings(&*snapshot).await?.tell_fixes {
        let content = serde_json::to_value(compose(&bundle))?;
        listed(&*snapshot, &kinds, &content, after, limit).await?
    } else {
        Page { rows: Vec::new(), next: None, total: 0 }
    };
    let reading = Reading {
        value: Value::Null,
        changed_at: last_change(&*snapshot).await?,
        document: None,
        depends_on: kinds.keys().map(ToString::to_string).collect(),
        sequence: events::last_sequence(&*snapshot).await?,
    };
    Ok(Some((page, reading)))
}

async fn listed(
    connection: &impl ConnectionTrait,
    kinds: &BTreeMap<Uuid, Kind>,
    content: &Value,
    after: Option<&(i64, Uuid)>,
    limit: u64,
) -> Result<Page<Value>> {
    use fix_told::Column;

    let all = fix_told::Entity::find().filter(Column::DocumentId.is_in(kinds.keys().copied()));
    let total = all.clone().count(connection).await?;
    let query = match after {
        None => all,
        Some((at, id)) => {
            let same = Condition::all().add(Column::FixedAt.eq(*at)).add(Column::CaseId.lt(*id));
            all.filter(Condition::any().add(Column::FixedAt.lt(*at)).add(same))
        }
    };
    let query = query.order_by_desc(Column::FixedAt).order_by_desc(Column::CaseId);
    let mut found = query.limit(limit.saturating_add(1)).all(connection).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| (last.fixed_at.to_string(), last.case_id));
    Ok(Page { rows: found.into_iter().map(|row| entry(row, kinds, content)).collect(), next, total })
}

/// Only what is named here goes out.
fn entry(row: fix_told::Model, kinds: &BTreeMap<Uuid, Kind>, content: &Value) -> Value {
    let block = row.block_id.map(|id| id.to_string());
    let block = block
        .and_then(|id| part(content, &id, &Place::default()))
        .map(|(id, place)| json!({ "id": id, "title": place.heading, "anchor": place.anchor }));
    json!({
        "changed_at": Timestamp(row.fixed_at),
        "document": { "id": DocumentId(row.document_id), "kind": kinds.get(&row.document_id) },
        "version": row.version,
        "block": block,
        "text": row.text,
    })
}

/// Where a part stands on its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The nearest heading, its own or above it.
    heading: Option<String>,
    /// Of the nearest section that has one.
    anchor: Option<String>,
}

/// The part with this id and where it stands in the page's public JSON.
fn part(value: &Value, id: &str, above: &Place) -> Option<(String, Place)> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| part(item, id, above)),
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            let heading = text("heading").or_else(|| text("title")).map(str::to_owned);
            let here = Place {
                heading: heading.or_else(|| above.heading.clone()),
                anchor: text("anchor").map(str::to_owned).or_else(|| above.anchor.clone()),
            };
            if text("id") == Some(id) {
                return Some((id.to_owned(), here));
            }
            fields.values().find_map(|field| part(field, id, &here))
        }
        _ => None,
    }
}

/// When the list can have changed last, also by what is gone from it.
async fn last_change(connection: &impl ConnectionTrait) -> Result<Timestamp> {
    let filter = events::Filter { kinds: TELLING.to_vec(), ..events::Filter::default() };
    let told = events::list(connection, &filter, true, 1).await?.pop().map(|event| event.at);
    Ok(told.unwrap_or(Timestamp(0)).max(last_public_change(connection).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_bears_the_nearest_heading_and_anchor_above_it() {
        let page = json!({ "id": "p", "title": "Porter", "sections": [
            { "id": "s1", "heading": "Pay", "anchor": "pay", "blocks": [{ "id": "b1", "text": { "html": "" } }] },
            { "id": "s2", "heading": null, "anchor": null, "blocks": [{ "id": "b2", "heading": "Tip" }] }] });
        let place = |id: &str| part(&page, id, &Place::default()).map(|(_, place)| (place.heading, place.anchor));
        let found = |heading: &str, anchor: Option<&str>| Some((Some(heading.to_owned()), anchor.map(str::to_owned)));
        assert_eq!(place("b1"), found("Pay", Some("pay")));
        assert_eq!(place("s1"), found("Pay", Some("pay")));
        assert_eq!(place("b2"), found("Tip", None));
        assert_eq!(place("s2"), found("Porter", None));
        assert_eq!(place("b3"), None);
    }
}
