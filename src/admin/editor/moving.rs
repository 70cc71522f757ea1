//! Moving a section, a block, a way in or a part of a requirement tree to any place where it can stand: a page that lists the
//! places, one choice, one save. What moves keeps its ids. What was typed in the editor is saved before one comes here.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    content::{self, Document, Kind},
    kernel::{Error, Permission, Result},
    web::{Answer, see_other, session::Tone},
};

use super::{
    super::{
        document::title_of,
        form::FormState,
        request::PanelRequest,
        ui::{self, field},
    },
    Address, Saved, Typed, anchor, body_of, names, store, undo, version_of,
};

const TITLE: &str = "Move to another place";
/// The field in which a place is chosen.
const PLACE: &str = "place";
const SECTIONS: &str = "/content/sections";
const ROUTES: &str = "/content/routes";
const TREE: &str = "/content/requirements";

/// Goes to the page for a button `place:POINTER`.
pub fn begin(address: &Address, pointer: &str) -> Answer {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("at", pointer).finish();
    see_other(&format!("{}/move?{query}", address.path()))
}

/// What can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Section,
    Block,
    Route,
    Node,
}

/// Somewhere the thing can stand: a list, with the words for each place in it.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    name: String,
    /// Pointers that the thing would have if nothing were taken out, and words; a place without a number is empty.
    places: Vec<(String, String)>,
}

impl Thing {
    /// What a pointer leads to, if it stands in a list whose things can be moved.
    fn of(kind: Kind, body: &Value, pointer: &str) -> Option<Self> {
        let (list, position) = pointer.rsplit_once('/')?;
        position.parse::<usize>().ok()?;
        body.pointer(pointer).filter(|value| value.is_object())?;
        let in_tree = list == TREE || list.starts_with(&format!("{TREE}/")) || list.starts_with(&format!("{ROUTES}/"));
        match list.rsplit_once('/') {
            _ if list == SECTIONS => Some(Self::Section),
            _ if list == ROUTES && kind == Kind::RequirementSection => Some(Self::Route),
            Some((section, "blocks")) if section.rsplit_once('/')?.0 == SECTIONS => Some(Self::Block),
            Some((group, "items")) if in_tree && is_group(body.pointer(group)?) => Some(Self::Node),
            _ => None,
        }
    }

    fn name(self, value: &Value) -> String {
        match self {
            Self::Section => names::section(value),
            Self::Block => names::block(value),
            Self::Route => names::route(value),
            Self::Node => names::node(value),
        }
    }

    /// Every place but the one where it stands.
    fn targets(self, body: &Value, pointer: &str) -> Vec<Target> {
        let mut found = Vec::new();
        match self {
            Self::Section => found.push(self.list(body, pointer, SECTIONS, "Sections".to_owned())),
            Self::Route => found.push(self.list(body, pointer, ROUTES, "Ways in".to_owned())),
            Self::Block => {
                for (position, section) in items(body, SECTIONS).iter().enumerate() {
                    let name = format!("{}. {}", position + 1, names::section(section));
                    found.push(self.list(body, pointer, &format!("{SECTIONS}/{position}/blocks"), name));
                }
            }
            Self::Node => {
                self.tree(body, pointer, TREE, "", "what holds whichever way in", &mut found);
                for (position, route) in items(body, ROUTES).iter().enumerate() {
                    let tree = format!("{ROUTES}/{position}/requirements");
                    self.tree(body, pointer, &tree, "", &format!("“{}”", names::route(route)), &mut found);
                }
            }
        }
        found.retain(|target| !target.places.is_empty());
        found
    }

    fn list(self, body: &Value, pointer: &str, list: &str, name: String) -> Target {
        let own = pointer.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')?.parse::<usize>().ok());
        let after = |(position, value)| (position + 1, format!("After {}. {}", position + 1, self.name(value)));
        let first = (0, "At the beginning".to_owned());
        let stays = |number: usize| own.is_some_and(|own| number == own || number == own + 1);
        let places = std::iter::once(first).chain(items(body, list).iter().enumerate().map(after));
        let places = places.filter(|(number, _)| !stays(*number));
        Target { name, places: places.map(|(number, words)| (format!("{list}/{number}"), words)).collect() }
    }

    /// The groups of a tree, but for what is moved and everything in it; an empty tree can begin with it.
    fn tree(self, body: &Value, moved: &str, pointer: &str, number: &str, about: &str, found: &mut Vec<Target>) {
        let value = body.pointer(pointer).unwrap_or(&Value::Null);
        if value.is_null() {
            let place = (pointer.to_owned(), "As its only requirement".to_owned());
            found.push(Target { name: format!("Requirements of {about}"), places: vec![place] });
        }
        if pointer == moved || !is_group(value) {
            return;
        }
        let list = format!("{pointer}/items");
        let place = if number.is_empty() { String::new() } else { format!(" {number}") };
        let lead_in = value.get("lead_in").and_then(Value::as_str).filter(|text| !text.is_empty());
        let lead_in = lead_in.map(|text| format!(", “{text}”")).unwrap_or_default();
        found.push(self.list(body, moved, &list, format!("Group{place} of {about}{lead_in}")));
        for position in 0..items(body, &list).len() {
            let inner =
                if number.is_empty() { format!("{}", position + 1) } else { format!("{number}.{}", position + 1) };
            if is_group(body.pointer(&format!("{list}/{position}")).unwrap_or(&Value::Null)) {
                self.tree(body, moved, &format!("{list}/{position}"), &inner, about, found);
            }
        }
    }
}

fn is_group(value: &Value) -> bool {
    value.get("kind").and_then(Value::as_str) == Some("group")
}

fn items<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Puts a thing of a list where a place says, which is counted while the thing still stands where it stood. Answers where it
/// stands now; `None` if one of both is not there, and then nothing has changed.
fn relocate(body: &mut Value, from: &str, to: &str) -> Option<String> {
    let thing = body.pointer(from)?.clone();
    let (list, position) = to.rsplit_once('/')?;
    let (taken_from, taken) = (from.rsplit_once('/')?.0, position_in(from)?);
    let Some(wanted) = position.parse::<usize>().ok() else {
        // A tree that is empty.
        body.pointer_mut(list)?.as_object_mut()?.insert(position.to_owned(), thing);
        body.pointer_mut(taken_from)?.as_array_mut()?.remove(taken);
        return Some(shifted(to, taken_from, taken, Shift::Out));
    };
    let items = body.pointer_mut(list)?.as_array_mut()?;
    if wanted > items.len() {
        return None;
    }
    items.insert(wanted, thing);
    let from = shifted(from, list, wanted, Shift::In);
    let (taken_from, taken) = (from.rsplit_once('/')?.0, position_in(&from)?);
    body.pointer_mut(taken_from)?.as_array_mut()?.remove(taken);
    Some(shifted(to, taken_from, taken, Shift::Out))
}

fn position_in(pointer: &str) -> Option<usize> {
    pointer.rsplit_once('/')?.1.parse().ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shift {
    In,
    Out,
}

/// Where a pointer leads after something was put into a list, or taken out of it, at a place.
fn shifted(pointer: &str, list: &str, at: usize, shift: Shift) -> String {
    let Some(rest) = pointer.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')) else {
        return pointer.to_owned();
    };
    let (position, deeper) = rest.split_once('/').map_or((rest, ""), |(position, deeper)| (position, deeper));
    let Ok(position) = position.parse::<usize>() else { return pointer.to_owned() };
    let position = match shift {
        Shift::In if position >= at => position + 1,
        Shift::Out if position > at => position - 1,
        _ => position,
    };
    if deeper.is_empty() { format!("{list}/{position}") } else { format!("{list}/{position}/{deeper}") }
}

/// What an address names, as it stands now.
struct Opened {
    address: Address,
    document: Document,
    body: Value,
    pointer: String,
    thing: Thing,
}

async fn opened(request: &PanelRequest, pointer: String) -> Result<Opened> {
    request.ctx.authorise(Permission::ContentWrite)?;
    let address = Address::of(request)?;
    let document = content::document(&request.ctx, address.kind, address.id).await?;
    let body = body_of(&document);
    let thing = Thing::of(address.kind, &body, &pointer).ok_or_else(|| Error::not_found("such thing to move"))?;
    Ok(Opened { address, document, body, pointer, thing })
}

pub async fn show_move(mut request: PanelRequest) -> Answer {
    let pointer = request.query.text("at").unwrap_or_default();
    request.end_of_query()?;
    let opened = opened(&request, pointer).await?;
    let main = page(&opened, &FormState::new());
    Ok(request.page(opened.address.area(), TITLE, main))
}

pub async fn move_thing(mut request: PanelRequest) -> Answer {
    request.end_of_query()?;
    let seen = version_of(&request, "version")?;
    let opened = opened(&request, request.form.value("at").to_owned()).await?;
    let mut fields = request.form.fields(&[]);
    fields.text("at", 500);
    fields.text("version", 20);
    let to = fields.text(PLACE, 500).unwrap_or_default();
    let offered = opened.thing.targets(&opened.body, &opened.pointer);
    let is_offered = offered.iter().flat_map(|target| &target.places).any(|(place, _)| *place == to);
    if opened.document.standing.version != seen {
        let version = opened.document.standing.version;
        let detail = format!("Somebody saved version {version} meanwhile. Look at the places once more.");
        fields.fault(PLACE, "changed-meanwhile", detail);
    } else if !is_offered && !fields.has_fault(PLACE) {
        fields.fault(PLACE, "missing-field", "Choose where it is to stand.");
    }
    if let Err(error) = fields.finish() {
        return refused(&request, &opened, error);
    }
    let mut body = opened.body.clone();
    let place =
        relocate(&mut body, &opened.pointer, &to).ok_or_else(|| Error::bug("a place that was offered is missing"))?;
    match store(&request, &opened.address, &Typed::whole(seen, body.clone())).await? {
        Saved::Done { document, .. } => {
            let version = document.standing.version;
            let back = undo(&opened.address, seen, version);
            request.say(Tone::Done, format!("Moved. Saved as version {version}."), Some(back)).await?;
            see_other(&format!("{}#{}", opened.address.path(), anchor(&body, &place)))
        }
        Saved::Refused(faults) => {
            let faults = faults.into_iter().map(|fault| crate::kernel::Fault { pointer: format!("/{PLACE}"), ..fault });
            refused(&request, &opened, Error::Invalid(faults.collect()))
        }
        Saved::Conflicting(_) => Err(Error::PreconditionRequired.into()),
    }
}

fn refused(request: &PanelRequest, opened: &Opened, error: Error) -> Answer {
    let state = FormState::of(&request.form).refused(error)?;
    let main = page(opened, &state);
    Ok(request.page_with(StatusCode::UNPROCESSABLE_ENTITY, opened.address.area(), &format!("Error: {TITLE}"), main))
}

fn page(opened: &Opened, state: &FormState) -> Markup {
    let Opened { address, document, body, pointer, thing } = opened;
    let back = format!("{}#{}", address.path(), anchor(body, pointer));
    let name = body.pointer(pointer).map(|value| thing.name(value)).unwrap_or_default();
    let name = if *thing == Thing::Node { name } else { format!("“{name}”") };
    let targets = thing.targets(body, pointer);
    let fault = state.fault(PLACE);
    html! {
        div.main { div.reading.stack {
            (ui::crumbs(&[(back.clone(), title_of(document).to_owned())]))
            h1 { (TITLE) }
            (ui::error_summary(state))
            p { "This moves " (name) " with everything in it. What you had typed is saved." }
            @if targets.is_empty() {
                (ui::empty("There is no other place for it.", html! { (ui::link_button(&back, "Back without moving")) }))
            } @else {
                form.stack method="post" action={ (address.path()) "/move" } {
                    (field::hidden("at", pointer))
                    (field::hidden("version", &document.standing.version.to_string()))
                    div.stack-s id=(field::anchor(PLACE)) {
                        @if let Some(fault) = fault { p.fault { span.vh { "Error: " } (fault) } }
                        @for target in &targets { (choices(target, state)) }
                    }
                    div.buttons { (ui::submit("Move it there")) a href=(back) { "Back without moving" } }
                }
            }
        } }
    }
}

fn choices(target: &Target, state: &FormState) -> Markup {
    html! {
        fieldset.field {
            legend { (target.name) }
            @for (place, words) in &target.places {
                @let id = format!("{}-here", field::anchor(place));
                label.choice for=(id) {
                    input type="radio" id=(id) name=(PLACE) value=(place) checked[state.holds(PLACE, place)];
                    span { (words) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree() -> Value {
        json!({ "content": { "requirements": { "id": "g", "kind": "group", "items": [
            { "id": "a", "kind": "requirement" },
            { "id": "h", "kind": "group", "items": [{ "id": "x", "kind": "requirement" }, { "id": "y", "kind": "requirement" }] },
            { "id": "b", "kind": "requirement" },
        ] }, "routes": [{ "id": "r", "kind": "work" }] } })
    }

    /// The ids in the order in which they stand, groups with what they hold.
    fn order(value: &Value) -> String {
        let items = value.get("items").and_then(Value::as_array);
        let inner: Vec<String> = items.map(|items| items.iter().map(order).collect()).unwrap_or_default();
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
        if items.is_some() { format!("{id}({})", inner.join(" ")) } else { id.to_owned() }
    }

    #[test]
    fn a_thing_stands_where_it_was_put_whatever_shifts_on_the_way() {
        let items = "/content/requirements/items";
        for (from, to, expected, place) in [
            ("0", "1/items/0", "g(h(a x y) b)", "0/items/0"),
            ("0", "3", "g(h(x y) b a)", "2"),
            ("2", "0", "g(b a h(x y))", "0"),
            ("2", "1/items/2", "g(a h(x y b))", "1/items/2"),
            ("1/items/0", "0", "g(x a h(y) b)", "0"),
            ("1/items/0", "1/items/2", "g(a h(y x) b)", "1/items/1"),
            ("1/items/1", "2", "g(a h(x) y b)", "2"),
            ("1", "0", "g(h(x y) a b)", "0"),
        ] {
            let mut body = tree();
            let now = relocate(&mut body, &format!("{items}/{from}"), &format!("{items}/{to}"));
            assert_eq!(order(&body["content"]["requirements"]), expected, "{from} to {to}");
            assert_eq!(now, Some(format!("{items}/{place}")), "{from} to {to}");
        }
        let mut body = tree();
        let place = relocate(&mut body, &format!("{items}/1"), "/content/routes/0/requirements");
        assert_eq!(place.as_deref(), Some("/content/routes/0/requirements"));
        assert_eq!(order(&body["content"]["routes"][0]["requirements"]), "h(x y)");
        assert_eq!(order(&body["content"]["requirements"]), "g(a b)");
        let mut body = tree();
        assert_eq!(relocate(&mut body, &format!("{items}/0"), &format!("{items}/9")), None);
        assert_eq!(body, tree());
    }

    #[test]
    fn every_place_is_offered_but_its_own_and_those_within_it() {
        let places = |pointer: &str| -> Vec<String> {
            let thing = Thing::of(Kind::RequirementSection, &tree(), pointer).unwrap();
            let targets = thing.targets(&tree(), pointer);
            targets.into_iter().flat_map(|target| target.places).map(|(place, _)| place).collect()
        };
        let items = "/content/requirements/items";
        let group = places(&format!("{items}/1"));
        assert_eq!(group, [format!("{items}/0"), format!("{items}/3"), "/content/routes/0/requirements".to_owned()]);
        assert_eq!(places(&format!("{items}/0")).len(), 2 + 3 + 1);
        for pointer in ["/content/requirements", "/content/title", "/content/routes", "/content/routes/7", "/slug", ""]
        {
            assert_eq!(Thing::of(Kind::RequirementSection, &tree(), pointer), None, "{pointer}");
        }
        assert_eq!(Thing::of(Kind::RolePage, &tree(), "/content/routes/0"), None);
    }
}
