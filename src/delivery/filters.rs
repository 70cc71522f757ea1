//! The filters that only typed content can answer, as parameters of an address. What they mean stands with
//! [`published::Filter`].

use url::form_urlencoded::Serializer;

use crate::{
    content::kinds::requirement::{Framework, Level},
    published::Filter,
    web::Query,
};

/// Characters of what is looked for in skills.
const SKILL_LIMIT: usize = 200;

named! {
    /// What becomes of ways in of which nobody knows what they ask for.
    Unknown { Include = "include", Exclude = "exclude", }
}

/// Reads the filters; what is wrong with them is among the faults of the query.
pub fn read(query: &mut Query) -> Filter {
    let mut filter = Filter {
        route: query.choice("route"),
        max_level: level(query),
        unknown: false,
        nation: query.choice("nation"),
        necessity: query.choice("necessity"),
        skill: query.text("skill"),
    };
    if let Some(unknown) = query.choice::<Unknown>("unknown") {
        filter.unknown = unknown == Unknown::Include;
        if filter.max_level.is_none() {
            query.fault("unknown", "unexpected", "It belongs to max_level, and that isn't there.");
        }
    }
    if let Some(skill) = &filter.skill
        && !(1..=SKILL_LIMIT).contains(&skill.trim().chars().count())
    {
        query.fault("skill", "out-of-range", format!("1 to {SKILL_LIMIT} characters were expected."));
    }
    filter
}

fn level(query: &mut Query) -> Option<Level> {
    let text = query.text("max_level")?;
    let level = text.split_once(':').and_then(|(framework, level)| {
        Level::new(Framework::from_name(&framework.trim().to_uppercase())?, &level.trim().to_lowercase())
    });
    if level.is_none() {
        let known = Framework::ALL
            .iter()
            .map(|one| format!("{}:{}", one.name(), one.levels().join(&format!(", {}:", one.name()))));
        let known = known.collect::<Vec<_>>().join(", ");
        query.fault("max_level", "unknown-level", format!("{text:?} is not one of: {known}."));
    }
    level
}

/// Writes the filters so that [`read`] reads them again.
pub fn write(filter: &Filter, query: &mut Serializer<'_, String>) {
    let Filter { route, max_level, unknown, nation, necessity, skill } = filter;
    let mut pair = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    };
    pair("route", route.map(|route| route.name()));
    let level = max_level.as_ref().map(|level| format!("{}:{}", level.framework.name(), level.name()));
    pair("max_level", level.as_deref());
    pair("unknown", unknown.then_some(Unknown::Include.name()));
    pair("nation", nation.map(|nation| nation.name()));
    pair("necessity", necessity.map(|necessity| necessity.name()));
    pair("skill", skill.as_deref());
}
