//! Moving a part of a requirement section into a new section, which the old one then refers to: a part of a tree by its
//! tree, a way in by the section in full. Both are saved in one transaction.
//!
//! Decision (2026-11-22), what moves keeps its ids. Context: reports and comparisons name things by their ids. Choice: the
//! part is moved and not copied, so whatever names one of its things finds it in the new section; what stands in its
//! place has an id of its own. Consequence: restoring the old version brings back a part that the new section has, too;
//! ids are unique within a content, so both can be.

use serde_json::{Value, json};

use crate::{
    events::EventKind,
    kernel::{Ctx, DocumentId, Error, Fault, Permission, Result, VersionNumber},
};

use super::{
    documents::{self, Draft, Parts},
    guard::{self, locked, require_current, step},
    kinds::{Content, Kind},
    lifecycle::Action,
    queries::{self, Document},
};

/// Both sections after a part has moved.
#[derive(Clone, Debug)]
pub struct SplitOff {
    pub old: Document,
    pub new: Document,
}

/// What can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movable {
    /// A requirement or a group, with everything in it.
    Node,
    /// An entry route.
    Route,
}

/// What a pointer within the content of a requirement section leads to, if that can be moved.
///
/// # Errors
/// [`Error::NotFound`] if nothing is there; [`Error::Conflict`] `stands-elsewhere` for what is another section already.
pub fn movable(content: &Value, pointer: &str) -> Result<Movable> {
    let nowhere = || Error::not_found("such part of the section");
    let value = content.pointer(pointer).filter(|value| value.is_object()).ok_or_else(nowhere)?;
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["routes", _] => Ok(Movable::Route),
        ["requirements", rest @ ..] | ["routes", _, "requirements", rest @ ..] if is_in_tree(rest) => {
            if value.get("kind").and_then(Value::as_str) == Some("section") {
                let detail = "This stands in a section of its own already.";
                return Err(Error::conflict("stands-elsewhere", detail));
            }
            Ok(Movable::Node)
        }
        _ => Err(nowhere()),
    }
}

/// Whether these steps lead down a tree: items of items.
fn is_in_tree(steps: &[&str]) -> bool {
    steps
        .chunks(2)
        .all(|pair| matches!(pair, ["items", position] if position.bytes().all(|byte| byte.is_ascii_digit())))
}

/// Moves a part of a requirement section into a new one with this title.
///
/// # Errors
/// As [`movable`]; [`Error::Stale`] if somebody has saved since it was seen; [`Error::Invalid`] if the title can't be one,
/// or if sections would stand in one another too deep.
pub async fn split_off(ctx: &Ctx, id: DocumentId, seen: VersionNumber, pointer: &str, title: &str) -> Result<SplitOff> {
    ctx.authorise(Permission::ContentWrite)?;
    if title.trim().is_empty() {
        return Err(Error::invalid("/title", "missing-field", "Give the new section a title."));
    }
    let kind = Kind::RequirementSection;
    let tx = ctx.write().await?;
    let rows = locked(&tx, kind, id).await?;
    require_current(&tx, &rows, seen).await?;
    let rules = guard::rules(&*tx, kind).await?;
    let state = step(rows.state()?, Action::Save, rules)?;
    let stored = queries::version_row(&*tx, id, rows.shown()).await?;
    let mut content = Content::from_stored(kind, stored.format, &stored.content)?.to_value()?;
    let what = movable(&content, pointer)?;

    let part = content.pointer(pointer).cloned().unwrap_or_default();
    let moved = match what {
        Movable::Node => json!({ "title": title, "requirements": part }),
        Movable::Route => json!({ "title": title, "routes": [part] }),
    };
    let note = format!("Split off from “{}”.", cut(&stored.title));
    let draft = read(ctx, json!({ "content": moved, "language": stored.language, "note": note }))?;
    let new = documents::insert(&tx, ctx, kind, draft).await?;

    let reference = new.standing.id;
    put_in_place(ctx, &mut content, what, pointer, reference)?;
    let note = format!("A part moved to “{}”.", cut(title.trim()));
    let draft = read(ctx, json!({ "content": content, "note": note }))?;
    let parts = Parts {
        slug: stored.slug,
        parent: stored.parent_id.map(DocumentId),
        language: stored.language,
        content: draft.content,
    };
    let saved = documents::save_parts(&tx, ctx, rows, state, parts, draft.note, EventKind::DocumentSaved).await;
    let old = saved.map_err(|error| match error {
        // The pointers are those of what was put in place, which nobody has seen.
        Error::Invalid(faults) => Error::Invalid(unplaced(faults)),
        other => other,
    })?;
    let (old, new) = tx.commit((old, new)).await?;
    Ok(SplitOff { old, new })
}

fn cut(text: &str) -> String {
    if text.chars().count() > 100 { text.chars().take(99).chain(['…']).collect() } else { text.to_owned() }
}

fn read(ctx: &Ctx, body: Value) -> Result<Draft> {
    Draft::read(ctx, Kind::RequirementSection, body).map_err(|error| match error {
        Error::Invalid(faults) => Error::Invalid(
            faults
                .into_iter()
                .map(|fault| match fault.pointer.as_str() {
                    "/content/title" => Fault::new("/title", fault.code, fault.detail),
                    _ => Fault::new("", fault.code, fault.detail),
                })
                .collect(),
        ),
        other => other,
    })
}

fn unplaced(faults: Vec<Fault>) -> Vec<Fault> {
    let mut unplaced: Vec<Fault> = faults.into_iter().map(|fault| Fault::new("", fault.code, fault.detail)).collect();
    unplaced.dedup();
    unplaced
}

/// What refers to the new section stands where the part stood; a way in has no place among the ways in any more, so the
/// section stands in full behind the other prose.
fn put_in_place(ctx: &Ctx, content: &mut Value, what: Movable, pointer: &str, new: DocumentId) -> Result<()> {
    let lost = || Error::bug("a part is not where it was found");
    match what {
        Movable::Node => {
            let place = content.pointer_mut(pointer).ok_or_else(lost)?;
            *place = json!({ "id": ctx.new_id(), "kind": "section", "requirement_section": new });
        }
        Movable::Route => {
            let position: usize =
                pointer.rsplit('/').next().and_then(|position| position.parse().ok()).ok_or_else(lost)?;
            let routes = content.get_mut("routes").and_then(Value::as_array_mut).ok_or_else(lost)?;
            if position >= routes.len() {
                return Err(lost());
            }
            routes.remove(position);
            let block = json!({ "id": ctx.new_id(), "kind": "requirements", "requirement_section": new });
            let sections = content.get_mut("sections").and_then(Value::as_array_mut).ok_or_else(lost)?;
            sections.push(json!({ "id": ctx.new_id(), "blocks": [block] }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_and_ways_in_can_be_moved_and_nothing_else() {
        let content = json!({
            "title": "Needs",
            "requirements": { "kind": "group", "items": [{ "kind": "requirement" }, { "kind": "section" }] },
            "routes": [{ "kind": "work", "requirements": { "kind": "requirement", "links": [{}] } }],
            "sections": [{ "blocks": [] }],
        });
        for (pointer, expected) in [
            ("/requirements", Movable::Node),
            ("/requirements/items/0", Movable::Node),
            ("/routes/0", Movable::Route),
            ("/routes/0/requirements", Movable::Node),
        ] {
            assert_eq!(movable(&content, pointer).unwrap(), expected, "{pointer}");
        }
        assert!(matches!(movable(&content, "/requirements/items/1"), Err(Error::Conflict { .. })));
        for pointer in ["", "/", "/title", "/routes", "/routes/9", "/sections/0", "/routes/0/requirements/links/0"] {
            assert!(matches!(movable(&content, pointer), Err(Error::NotFound(_))), "{pointer}");
        }
    }
}
