//! Pasting many lines into a requirement tree: a page to paste them on, the same page with what comes of each line, and
//! then one save. What was typed in the editor is saved before one comes here.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    content::{self, Document},
    kernel::{Error, Fault, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        document::title_of,
        form::FormState,
        request::PanelRequest,
        ui::{self, field},
    },
    Address, Saved, Typed, anchor, body_of, names, operations, store, undo, version_of,
};

const TITLE: &str = "Paste lines";
/// Characters of what is pasted.
const LIMIT: usize = 100_000;

/// Goes to the page for a button `paste:POINTER`.
pub fn begin(address: &Address, pointer: &str) -> Answer {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", pointer).finish();
    see_other(&format!("{}/lines?{query}", address.path()))
}

/// Whether a pointer leads to the items of a group, or to where a tree can begin.
fn fits(body: &Value, pointer: &str) -> bool {
    let in_tree = pointer == "/content/requirements"
        || pointer.starts_with("/content/requirements/")
        || pointer.starts_with("/content/routes/") && pointer.contains("/requirements");
    let Some((around, key)) = pointer.rsplit_once('/').filter(|_| in_tree) else { return false };
    let holder = body.pointer(around);
    match key {
        "items" => holder.and_then(|holder| holder.get("kind")).and_then(Value::as_str) == Some("group"),
        "requirements" => holder.is_some_and(|holder| holder.get(key).is_none_or(Value::is_null)),
        _ => false,
    }
}

pub async fn show_lines(mut request: PanelRequest) -> Answer {
    let pointer = request.query.text("at").unwrap_or_default();
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(&request)?;
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    let body = body_of(&document);
    if !fits(&body, &pointer) {
        return Err(Error::not_found("place for lines").into());
    }
    let state = FormState::new().with("after", items(&body, &pointer).len().to_string());
    Ok(request.page(address.area(), TITLE, page(&address, &document, &pointer, &state, &[])))
}

pub async fn lines(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(&request)?;
    let seen = version_of(&request, "version")?;
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    let mut body = body_of(&document);
    let mut fields = request.form.fields(&[]);
    let pointer = fields.raw_text("at").unwrap_or_default();
    if !fits(&body, &pointer) {
        return Err(Error::not_found("place for lines").into());
    }
    let typed = fields.text("lines", LIMIT).unwrap_or_default();
    let after = fields.text("after", 10).and_then(|text| text.parse::<usize>().ok());
    let adds = fields.text("step", 10).as_deref() == Some("add");
    fields.text("version", 20);
    let split = operations::split_lines(&typed);
    if split.is_empty() && !fields.has_fault("lines") {
        fields.fault("lines", "missing-field", "Paste or type at least one line.");
    }
    if document.standing.version != seen {
        let detail =
            format!("Somebody saved version {} meanwhile. Look at the place once more.", document.standing.version);
        fields.fault("after", "changed-meanwhile", detail);
    }
    let read = fields.finish();
    let state = FormState::of(&request.form);
    if let Err(error) = read {
        return refused(&request, &address, &document, &pointer, state.refused(error)?, &split);
    }
    if !adds {
        return Ok(request.page(address.area(), TITLE, page(&address, &document, &pointer, &state, &split)));
    }
    let place = insert(&request, &mut body, &pointer, after.unwrap_or(usize::MAX), &split)?;
    match store(&request, &address, &Typed::whole(seen, body.clone())).await? {
        Saved::Done { document, .. } => {
            let number = u64::try_from(split.len()).unwrap_or_default();
            let said = format!("{} added.", ui::count(number, "requirement", "requirements"));
            let version = document.standing.version;
            let undo = undo(&address, seen, version);
            request.say(Tone::Done, format!("{said} Saved as version {version}."), Some(undo)).await?;
            see_other(&format!("{}#{}", address.path(), anchor(&body, &place)))
        }
        Saved::Refused(faults) => {
            // The faults are those of single lines; all stand together in the one field.
            let faults = faults.into_iter().map(|fault| Fault::new("/lines", fault.code, fault.detail)).collect();
            refused(&request, &address, &document, &pointer, state.refused(Error::Invalid(faults))?, &split)
        }
        Saved::Conflicting(_) => Err(Error::PreconditionRequired.into()),
    }
}

fn refused(
    request: &PanelRequest,
    address: &Address,
    document: &Document,
    pointer: &str,
    state: FormState,
    split: &[String],
) -> Answer {
    let state = state.with("version", document.standing.version.to_string());
    let main = page(address, document, pointer, &state, split);
    Ok(request.page_with(StatusCode::UNPROCESSABLE_ENTITY, address.area(), &format!("Error: {TITLE}"), main))
}

/// Puts the lines into the list, behind as many items as are to stand before them; where no tree is yet, one begins. The
/// place of the first is answered.
fn insert(request: &PanelRequest, body: &mut Value, pointer: &str, after: usize, lines: &[String]) -> Result<String> {
    let nowhere = || Error::not_found("place for lines");
    let new = |line: &String| json!({ "id": request.ctx.new_id(), "kind": "requirement", "text": line });
    let mut leaves: Vec<Value> = lines.iter().map(new).collect();
    if let Some(holder) = pointer.strip_suffix("/requirements") {
        let group = json!({ "id": request.ctx.new_id(), "kind": "group", "rule": "all_of", "items": leaves });
        let holder = body.pointer_mut(holder).and_then(Value::as_object_mut).ok_or_else(nowhere)?;
        holder.insert("requirements".to_owned(), group);
        return Ok(format!("{pointer}/items/0"));
    }
    let holder = pointer.strip_suffix("/items").ok_or_else(nowhere)?;
    let group = body.pointer_mut(holder).and_then(Value::as_object_mut).ok_or_else(nowhere)?;
    let items = group.entry("items").or_insert_with(|| json!([])).as_array_mut().ok_or_else(nowhere)?;
    let position = after.min(items.len());
    let rest = items.split_off(position);
    items.append(&mut leaves);
    items.extend(rest);
    Ok(format!("{pointer}/{position}"))
}

fn items<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The places in a list: before everything, or behind one of its items.
fn places(body: &Value, pointer: &str) -> Vec<(String, String)> {
    let behind = |(position, item): (usize, &Value)| {
        (format!("{}", position + 1), format!("After {}. {}", position + 1, names::node(item)))
    };
    let first = ("0".to_owned(), "At the beginning".to_owned());
    std::iter::once(first).chain(items(body, pointer).iter().enumerate().map(behind)).collect()
}

fn page(address: &Address, document: &Document, pointer: &str, state: &FormState, split: &[String]) -> Markup {
    let body = body_of(document);
    let back = format!("{}#{}", address.path(), anchor(&body, pointer.strip_suffix("/items").unwrap_or(pointer)));
    let places = places(&body, pointer);
    let rows = state.value("lines").lines().count().clamp(8, 24);
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(back.clone(), title_of(document).to_owned())]))
            h1 { (TITLE) }
            (ui::error_summary(state))
            p { "Each line becomes a requirement. Bullets and numbers before a line are taken off." }
            form method="post" action={ (address.path()) "/lines" } {
                (field::hidden("at", pointer))
                (field::hidden("version", &document.standing.version.to_string()))
                (field::area(&state.field("lines", "Lines").rows(rows).limit(LIMIT)))
                @if places.len() > 1 { (field::select(&state.field("after", "Where they go").class("medium"), &places)) }
                @if !split.is_empty() {
                    section.stack-s aria-labelledby="split" {
                        h2 #split { (ui::count(u64::try_from(split.len()).unwrap_or_default(), "requirement", "requirements")) }
                        ol { @for line in split { li { (line) } } }
                    }
                }
                div.buttons {
                    @if split.is_empty() { (ui::submit("Show what comes of them")) }
                    @else {
                        button.button.primary name="step" value="add" { "Add them" }
                        button.button { "Look again" }
                    }
                    a href=(back) { "Back without adding" }
                }
            }
        } }
    }
}
