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
    pub conflicts: Vec<Conflict>,
}

type Version<'a> = Option<&'a Value>;

struct Deciding<'d, 'a> {
    things: &'d Three<Things<'a>>,
    fates: &'d Fates<'a>,
    owner: Option<&'a str>,
    /// The rule and count of a group of which the members conflict.
    group_conflicts: bool,
    as_theirs: BTreeSet<&'a str>,
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
        let mut decided = Self::default();
        decided.decide_owner(things, fates, None, document.map(Some))?;
        // What yours removed has its fields too, in case that it has to be shown with something that conflicts.
        for id in things.theirs.ids().iter().chain(things.yours.ids()) {
            let may_stand = fates.places.contains_key(id) || things.theirs.contains(id);
            if may_stand && !decided.forms.contains_key(&Some(*id)) {
                let versions = Three { base: &things.base, theirs: &things.theirs, yours: &things.yours }
                    .map(|version| version.get(id).map(|thing| thing.fields));
                decided.decide_owner(things, fates, Some(id), versions)?;
            }
        }
        Some(decided)
    }

    fn decide_owner(
        &mut self,
        things: &Three<Things<'a>>,
        fates: &Fates<'a>,
        owner: Option<&'a str>,
        versions: Three<Option<&'a Map<String, Value>>>,
    ) -> Option<()> {
        let mut deciding = Deciding {
            things,
            fates,
            owner,
            group_conflicts: false,
            as_theirs: BTreeSet::new(),
            conflicts: Vec::new(),
            mixed: false,
        };
        let form = match (versions.theirs, versions.yours) {
            (Some(theirs), Some(yours)) => {
                deciding.decide_group(versions);
                deciding.object("", versions.base, theirs, yours)
            }
            (Some(only), None) | (None, Some(only)) => deciding.copied_fields("", only),
            (None, None) => Vec::new(),
        };
        if deciding.mixed {
            return None;
        }
        self.forms.insert(owner, form);
        self.as_theirs.extend(deciding.as_theirs);
        self.conflicts.extend(deciding.conflicts);
        Some(())
    }
}

impl<'a> Deciding<'_, 'a> {
    /// Rule, count and the set of members of a group are one unit.
    fn decide_group(&mut self, versions: Three<Option<&'a Map<String, Value>>>) {
        let Some(id) = self.owner else { return };
        let units = versions.map(|fields| fields.filter(|fields| is_group(fields)));
        let place = Place { owner: self.owner, path: "/items".to_owned() };
        let unit = |fields: Option<&'a Map<String, Value>>, things: &Things<'a>| {
            let members: BTreeSet<&str> = things.members(&place).iter().copied().collect();
            fields.map(|fields| (fields.get("rule"), fields.get("count"), members))
        };
        let base = unit(units.base, &self.things.base);
        let theirs = unit(units.theirs, &self.things.theirs);
        let yours = unit(units.yours, &self.things.yours);
        if theirs.is_none() || yours.is_none() || theirs == yours || base == theirs || base == yours {
            return;
        }
        self.group_conflicts = true;
        self.conflicts.push(self.things.whole(id, Reason::Group));
        for (_, _, members) in [base, theirs, yours].into_iter().flatten() {
            self.as_theirs.extend(members);
        }
    }

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
            let versions = Three { base: base.and_then(|base| base.get(key)), theirs: theirs.get(key), yours: yours.get(key) };
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
        if let (Some(Value::Object(base)), Some(Value::Object(theirs)), Some(Value::Object(yours))) = (base, theirs, yours)
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
            (Some(_), None) => (versions.yours, &self.things.theirs),
            (None, Some(_)) => (versions.theirs, &self.things.yours),
            (None, None) => return versions.theirs.map(Part::Value),
        };
        if is_list(versions.base).is_none() {
            return Some(Part::List(place));
        }
        let before = self.things.base.members(&place);
        let stands_against = |id: &&str| !before.contains(id) || self.fates.contested.contains(id);
        if !kept_in.members(&place).iter().any(stands_against) {
            return taken_by.map(Part::Value);
        }
        self.conflict(&place.path, versions);
        if is_list(versions.theirs).is_some() { Some(Part::List(place)) } else { versions.theirs.map(Part::Value) }
    }

    /// A field that holds one thing or none: another thing in it on both sides is a conflict.
    fn single(&mut self, path: String, versions: Three<Version<'a>>) -> Option<Part<'a>> {
        let place = Place { owner: self.owner, path };
        let Three { base, theirs, yours } = self.things;
        let inside = [base, theirs, yours].map(|things| things.members(&place).first().copied());
        let [before, theirs, yours] = inside;
        if theirs != yours && before != theirs && before != yours {
            self.conflict(&place.path, versions);
            self.as_theirs.extend([theirs, yours].into_iter().flatten());
        }
        let empty = match (theirs, yours) {
            (None, _) => versions.theirs,
            (_, None) => versions.yours,
            _ => Some(&Value::Null),
        };
        Some(Part::Single(place, empty))
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
        let things = if versions.yours.is_some() { &self.things.yours } else { &self.things.theirs };
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
            pointer: self.things.yours.pointer(self.owner, path),
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
