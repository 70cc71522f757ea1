//! What the own fields of each thing become. Lists and fields that hold things are only named here as places; what will
//! stand in them is decided elsewhere.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::content::compare::step;

use super::{Conflict, Holding, Place, Reason, Things, Three, fates::Fates};

/// Fields in which the things are still to be filled in.
pub type Form<'a> = Vec<(&'a str, Part<'a>)>;

pub enum Part<'a> {
    Value(&'a Value),
    Object(Form<'a>),
    List(Place<'a>),
    /// One thing; if there is none, the value, or no field at all.
    Single(Place<'a>, Option<&'a Value>),
}

#[derive(Default)]
pub struct Fields<'a> {
    /// By the id of the owner; `None` is the document itself.
    pub forms: HashMap<Option<&'a str>, Form<'a>>,
    /// The things of which existence and place have to be theirs, because what is around them conflicts.
    pub as_theirs: BTreeSet<&'a str>,
    /// The things of which the removal is part of a conflict about the field that held them.
    pub replaced: BTreeSet<&'a str>,
    conflicting_groups: BTreeSet<&'a str>,
    pub conflicts: Vec<Conflict>,
}

/// How often conflicts may give rise to others.
const PASSES_LIMIT: usize = 8;

type Version<'a> = Option<&'a Value>;

struct Surroundings<'d, 'a> {
    things: &'d Three<Things<'a>>,
    fates: &'d Fates<'a>,
    unsettled: BTreeSet<&'a str>,
}

struct Deciding<'d, 'a> {
    all: &'d Surroundings<'d, 'a>,
    owner: Option<&'a str>,
    group_conflicts: bool,
    as_theirs: BTreeSet<&'a str>,
    replaced: BTreeSet<&'a str>,
    conflicts: Vec<Conflict>,
    mixed: bool,
}

impl<'a> Fields<'a> {
    /// `None` if a field holds things in one version and something else in another, so that ids lead nowhere.
    pub fn decide(
        things: &Three<Things<'a>>,
        fates: &Fates<'a>,
        document: Three<&'a Map<String, Value>>,
    ) -> Option<Self> {
        let mut decided = Self::decide_with(things, fates, document, BTreeSet::new())?;
        for _ in 0..PASSES_LIMIT {
            let again = Self::decide_with(things, fates, document, decided.as_theirs.clone())?;
            let settled = again.as_theirs == decided.as_theirs;
            decided = again;
            if settled {
                break;
            }
        }
        Some(decided)
    }

    /// Takes all fields of a thing from theirs.
    pub fn take_theirs(&mut self, things: &Three<Things<'a>>, fates: &Fates<'a>, id: &'a str) {
        let theirs = things.theirs.get(id).map(|thing| thing.fields);
        let all = Surroundings { things, fates, unsettled: BTreeSet::new() };
        let versions = Three { base: None, theirs, yours: None };
        // One version alone always fits itself.
        let _decided: Option<()> = self.decide_owner(&all, Some(id), versions);
    }

    /// A conflict can take the ground from under things elsewhere, which is a conflict there: `unsettled` are the things
    /// that are known to be held by conflicts.
    fn decide_with(
        things: &Three<Things<'a>>,
        fates: &Fates<'a>,
        document: Three<&'a Map<String, Value>>,
        unsettled: BTreeSet<&'a str>,
    ) -> Option<Self> {
        let mut decided = Self::default();
        for id in things.yours.ids() {
            decided.decide_group(things, id);
        }
        let all = Surroundings { things, fates, unsettled };
        decided.decide_owner(&all, None, document.map(Some))?;
        // What yours removed has its fields too, in case that it has to be shown with something that conflicts.
        for id in things.theirs.ids().iter().chain(things.yours.ids()) {
            let may_stand = fates.places.contains_key(id) || things.theirs.contains(id);
            if may_stand && !decided.forms.contains_key(&Some(*id)) {
                let versions = Three { base: &things.base, theirs: &things.theirs, yours: &things.yours }
                    .map(|version| version.get(id).map(|thing| thing.fields));
                decided.decide_owner(&all, Some(id), versions)?;
            }
        }
        Some(decided)
    }

    /// Rule, count and the set of members of a group are one unit.
    fn decide_group(&mut self, things: &Three<Things<'a>>, id: &'a str) {
        let unit = |things: &Things<'a>| {
            let fields = things.get(id).map(|thing| thing.fields).filter(|fields| is_group(fields))?;
            let place = Place { owner: Some(id), path: "/items".to_owned() };
            let members: BTreeSet<&'a str> = things.members(&place).iter().copied().collect();
            Some((fields.get("rule"), fields.get("count"), members))
        };
        let (base, theirs, yours) = (unit(&things.base), unit(&things.theirs), unit(&things.yours));
        if theirs.is_none() || yours.is_none() || theirs == yours || base == theirs || base == yours {
            return;
        }
        self.conflicting_groups.insert(id);
        self.conflicts.push(things.whole(id, Reason::Group));
        for (_, _, members) in [base, theirs, yours].into_iter().flatten() {
            self.as_theirs.extend(members);
        }
    }

    fn decide_owner(
        &mut self,
        all: &Surroundings<'_, 'a>,
        owner: Option<&'a str>,
        versions: Three<Option<&'a Map<String, Value>>>,
    ) -> Option<()> {
        let mut deciding = Deciding {
            all,
            owner,
            group_conflicts: owner.is_some_and(|id| self.conflicting_groups.contains(id)),
            as_theirs: BTreeSet::new(),
            replaced: BTreeSet::new(),
            conflicts: Vec::new(),
            mixed: false,
        };
        let form = match (versions.theirs, versions.yours) {
            (Some(theirs), Some(yours)) => deciding.object("", versions.base, theirs, yours),
            (Some(only), None) | (None, Some(only)) => deciding.copied_fields("", only),
            (None, None) => Vec::new(),
        };
        let Deciding { as_theirs, replaced, conflicts, mixed, .. } = deciding;
        self.forms.insert(owner, form);
        self.as_theirs.extend(as_theirs);
        self.replaced.extend(replaced);
        self.conflicts.extend(conflicts);
        (!mixed).then_some(())
    }
}

impl<'a> Deciding<'_, 'a> {
    /// An object that is there on both sides.
    fn object(
        &mut self,
        path: &str,
        base: Option<&'a Map<String, Value>>,
        theirs: &'a Map<String, Value>,
        yours: &'a Map<String, Value>,
    ) -> Form<'a> {
        let conflicts_before = self.conflicts.len();
        let mut form = Vec::new();
        for key in keys(base, theirs, yours) {
            let versions =
                Three { base: base.and_then(|base| base.get(key)), theirs: theirs.get(key), yours: yours.get(key) };
            let path = format!("{path}{}", step(key));
            let part = if self.group_conflicts && matches!(path.as_str(), "/rule" | "/count") {
                versions.theirs.map(|value| self.copied(path, value))
            } else {
                self.part(path, versions)
            };
            form.extend(part.map(|part| (key, part)));
        }
        if theirs.get("kind") == yours.get("kind") || self.conflicts.len() == conflicts_before {
            return form;
        }
        self.conflicts.truncate(conflicts_before);
        self.conflict_about_object(path, base, theirs, yours);
        self.hold_all(path);
        self.copied_fields(path, theirs)
    }

    fn part(&mut self, path: String, versions: Three<Version<'a>>) -> Option<Part<'a>> {
        let Three { base, theirs, yours } = versions;
        match Holding::of(&[base, theirs, yours]) {
            Holding::List => return self.list(path, versions),
            Holding::Single => return self.single(path, versions),
            Holding::Mixed => self.mixed = true,
            Holding::Nothing => {}
        }
        if let (Some(Value::Object(base)), Some(Value::Object(theirs)), Some(Value::Object(yours))) =
            (base, theirs, yours)
        {
            return Some(Part::Object(self.object(&path, Some(base), theirs, yours)));
        }
        let chosen = match merged(versions) {
            Some(chosen) => chosen,
            None => {
                self.conflict(&path, versions);
                theirs
            }
        };
        chosen.map(|value| self.copied(path, value))
    }

    /// A list of things: it stays, unless one side took the whole field away and nothing in it stands against that.
    fn list(&mut self, path: String, versions: Three<Version<'a>>) -> Option<Part<'a>> {
        let is_list = |version: Version<'a>| version.filter(|value| value.is_array());
        let place = Place { owner: self.owner, path };
        let (taken_by, kept_in) = match (is_list(versions.theirs), is_list(versions.yours)) {
            (Some(_), Some(_)) => return Some(Part::List(place)),
            (Some(_), None) => (versions.yours, &self.all.things.theirs),
            (None, Some(_)) => (versions.theirs, &self.all.things.yours),
            (None, None) => return versions.theirs.map(Part::Value),
        };
        if is_list(versions.base).is_none() {
            return Some(Part::List(place));
        }
        let before = self.all.things.base.members(&place);
        let stands_against = |id: &&str| !before.contains(id) || self.all.fates.contested.contains(id);
        if !kept_in.members(&place).iter().any(stands_against) {
            return taken_by.map(Part::Value);
        }
        self.conflict(&place.path, versions);
        self.hold_all(&place.path);
        if is_list(versions.theirs).is_some() { Some(Part::List(place)) } else { versions.theirs.map(Part::Value) }
    }

    /// A field that holds one thing or none. Two different changes of what is in it are a conflict, and so is another
    /// thing in the place of one that was edited.
    fn single(&mut self, path: String, versions: Three<Version<'a>>) -> Option<Part<'a>> {
        let place = Place { owner: self.owner, path };
        let Three { base, theirs, yours } = self.all.things;
        let inside = [base, theirs, yours].map(|things| things.members(&place).first().copied());
        let [before, theirs, yours] = inside;
        let unsettled = |id: Option<&str>| id.is_some_and(|id| self.is_unsettled(id));
        let replaced = theirs.is_some() && yours.is_some() && (unsettled(theirs) || unsettled(yours));
        if theirs != yours && (replaced || (before != theirs && before != yours)) {
            self.conflict(&place.path, versions);
            self.as_theirs.extend([theirs, yours].into_iter().flatten());
            self.replaced.extend([theirs, yours].into_iter().flatten());
        }
        let empty = match (theirs, yours) {
            (None, _) => versions.theirs,
            (_, None) => versions.yours,
            _ => Some(&Value::Null),
        };
        Some(Part::Single(place, empty))
    }

    /// What stands under a path where there is a conflict has to stand as it does in theirs.
    fn hold_all(&mut self, path: &str) {
        let Three { theirs, yours, .. } = self.all.things;
        for things in [theirs, yours] {
            let inside = |id: &&&str| things.get(id).is_some_and(|thing| thing.place.path.starts_with(path));
            let children = self.owner.map_or(&[][..], |owner| things.children(owner));
            self.as_theirs.extend(children.iter().filter(inside).copied());
        }
    }

    /// Whether the thing, or something that it would stand in, conflicts.
    fn is_unsettled(&self, id: &'a str) -> bool {
        let mut around =
            std::iter::successors(Some(id), |id| self.all.fates.places.get(id).and_then(|place| place.owner));
        around.any(|id| self.all.fates.contested.contains(id) || self.all.unsettled.contains(id))
    }

    fn copied_fields(&mut self, path: &str, fields: &'a Map<String, Value>) -> Form<'a> {
        fields.iter().map(|(key, value)| (key.as_str(), self.copied(format!("{path}{}", step(key)), value))).collect()
    }

    fn copied(&mut self, path: String, value: &'a Value) -> Part<'a> {
        match (Holding::of(&[Some(value)]), value) {
            (Holding::List, _) => Part::List(Place { owner: self.owner, path }),
            (Holding::Single, _) => Part::Single(Place { owner: self.owner, path }, Some(&Value::Null)),
            (_, Value::Object(fields)) => Part::Object(self.copied_fields(&path, fields)),
            (_, value) => Part::Value(value),
        }
    }

    fn conflict(&mut self, path: &str, versions: Three<Version<'a>>) {
        let Three { base, theirs, yours } = versions.map(|version| version.cloned().unwrap_or_default());
        let things = if versions.yours.is_some() { &self.all.things.yours } else { &self.all.things.theirs };
        let pointer = things.pointer(self.owner, path);
        self.conflicts.push(Conflict { pointer, reason: Reason::Changed, base, theirs, yours });
    }

    fn conflict_about_object(
        &mut self,
        path: &str,
        base: Option<&Map<String, Value>>,
        theirs: &Map<String, Value>,
        yours: &Map<String, Value>,
    ) {
        let value = |fields: &Map<String, Value>| Value::Object(fields.clone());
        self.conflicts.push(Conflict {
            pointer: self.all.things.yours.pointer(self.owner, path),
            reason: Reason::Changed,
            base: base.map(value).unwrap_or_default(),
            theirs: value(theirs),
            yours: value(yours),
        });
    }
}

/// What three versions of one value come to; `None` if both changed it differently.
fn merged<'a>(versions: Three<Version<'a>>) -> Option<Version<'a>> {
    let Three { base, theirs, yours } = versions;
    if theirs == yours || base == yours {
        Some(theirs)
    } else if base == theirs {
        Some(yours)
    } else {
        None
    }
}

/// All keys, in the order of base; where a side has other keys than base, in the order of that side.
fn keys<'a>(
    base: Option<&'a Map<String, Value>>,
    theirs: &'a Map<String, Value>,
    yours: &'a Map<String, Value>,
) -> Vec<&'a str> {
    let as_base = |side: &Map<String, Value>| {
        base.is_some_and(|base| base.len() == side.len() && base.keys().all(|key| side.contains_key(key)))
    };
    let first = match base {
        Some(base) if as_base(theirs) && as_base(yours) => base,
        _ if as_base(theirs) => yours,
        _ => theirs,
    };
    let others = theirs.keys().chain(yours.keys()).filter(|key| !first.contains_key(*key));
    let mut keys: Vec<&str> = first.keys().chain(others).map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    keys.retain(|key| seen.insert(*key));
    keys
}

fn is_group(fields: &Map<String, Value>) -> bool {
    fields.get("kind").and_then(Value::as_str) == Some("group") && fields.get("items").is_some_and(Value::is_array)
}
