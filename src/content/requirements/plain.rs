//! Reads an expanded tree aloud: a lead-in, then one string for each item. How a single requirement reads is in
//! `line.rs`; nothing here computes levels.

use super::{
    super::kinds::requirement::{Group, Necessity, Node, NodeBody, Requirement, Rule},
    asks::needed_count,
    expansion::{ExpandedTree, Sections},
    line,
};

/// The sentences of a tree, in order. A tree that comes down to one requirement is one sentence, any other a lead-in and
/// its items; a tree that says nothing has none. `sections` gives the titles of references that were not followed.
pub fn plain(tree: &ExpandedTree, sections: &dyn Sections) -> Vec<String> {
    match saying(tree.node(), sections) {
        None | Some(Saying::Nothing) => Vec::new(),
        Some(Saying::Requirement(requirement)) => vec![line::sentence(requirement)],
        Some(Saying::Reference(reference)) => vec![reference.sentence()],
        Some(Saying::List(list)) => list.lines(),
    }
}

/// The sentences as one text, a line each, for the search index.
pub fn plain_text(tree: &ExpandedTree, sections: &dyn Sections) -> String {
    plain(tree, sections).join("\n")
}

/// A tree without what need not be said.
enum Saying<'a> {
    Requirement(&'a Requirement),
    Reference(Reference<'a>),
    /// Nothing is asked for; only said where it is an alternative.
    Nothing,
    List(List<'a>),
}

/// A reference that was not followed.
struct Reference<'a> {
    title: Option<&'a str>,
    necessity: Option<Necessity>,
}

struct List<'a> {
    rule: Rule,
    /// How many are needed, for `at_least`.
    needed: usize,
    lead_in: Option<&'a str>,
    items: Vec<Saying<'a>>,
}

/// `None` if there is nothing to say yet, as for a requirement without a text.
fn saying<'a>(node: &'a Node, sections: &'a dyn Sections) -> Option<Saying<'a>> {
    match &node.body {
        NodeBody::Requirement(requirement) => line::has_words(requirement).then_some(Saying::Requirement(requirement)),
        NodeBody::Section { requirement_section, necessity } => {
            let section = requirement_section.and_then(|id| sections.section(id));
            let title = section.map(|section| section.title.as_str()).filter(|title| !title.is_empty());
            Some(Saying::Reference(Reference { title, necessity: *necessity }))
        }
        NodeBody::Group(group) => saying_of_group(group, sections),
    }
}

fn saying_of_group<'a>(group: &'a Group, sections: &'a dyn Sections) -> Option<Saying<'a>> {
    let lead_in = group.lead_in.as_deref().map(str::trim).filter(|lead_in| !lead_in.is_empty());
    let mut items = Vec::new();
    let mut asks_for_nothing = true;
    for item in &group.items {
        let said = saying(item, sections);
        asks_for_nothing &= matches!(said, Some(Saying::Nothing));
        match said {
            None => {}
            Some(Saying::Nothing) if group.rule == Rule::AllOf => {}
            Some(Saying::List(inner)) if inner.says_the_same_as(group.rule) => items.extend(inner.items),
            Some(said) => items.push(said),
        }
    }
    match items.len() {
        0 => (group.rule == Rule::AllOf && asks_for_nothing).then_some(Saying::Nothing),
        1 if lead_in.is_none() => items.pop(),
        length => {
            let needed = needed_count(group);
            let needs_all = group.rule == Rule::AtLeast && needed == length && length > 1;
            let rule = if needs_all { Rule::AllOf } else { group.rule };
            Some(Saying::List(List { rule, needed, lead_in, items }))
        }
    }
}

impl List<'_> {
    /// Whether its items may as well stand in a list of that rule.
    fn says_the_same_as(&self, rule: Rule) -> bool {
        self.lead_in.is_none() && self.rule == rule && rule != Rule::AtLeast
    }

    fn lines(&self) -> Vec<String> {
        let strongest = self.strongest().unwrap_or(Necessity::Required);
        let (lead_in, stated) = match self.lead_in {
            Some(lead_in) => (lead_in.to_owned(), strongest),
            // This lead-in is neutral, so the lines have to say it.
            None if strongest == Necessity::None => ("Good to know:".to_owned(), Necessity::Required),
            None => (format!("{}{}:", line::opening(strongest), self.how_many()), strongest),
        };
        let items = self.items.iter().map(|item| item.phrase(stated));
        std::iter::once(lead_in).chain(items).collect()
    }

    fn how_many(&self) -> String {
        match self.rule {
            Rule::AllOf => String::new(),
            Rule::OneOf => " one of".to_owned(),
            Rule::AtLeast if self.needed == 1 => " at least one of".to_owned(),
            Rule::AtLeast => format!(" at least {} of", self.needed),
        }
    }

    /// The list in one string, within a list that has stated a necessity.
    fn inline(&self, stated: Necessity) -> String {
        let (lead_in, stated) = match (self.lead_in, self.only_necessity()) {
            (Some(lead_in), _) => {
                (lead_in.trim_end_matches(':').to_owned(), self.strongest().unwrap_or(Necessity::Required))
            }
            (None, Some(necessity)) if necessity != stated && necessity != Necessity::None => {
                (format!("{} ({})", self.these(), line::remark(necessity)), necessity)
            }
            (None, _) => (self.these(), stated),
        };
        let items: Vec<String> = self.items.iter().map(|item| item.phrase_within(stated)).collect();
        let takes_any = self.rule == Rule::OneOf || (self.rule == Rule::AtLeast && self.needed == 1);
        let joint = if takes_any { "or" } else { "and" };
        let joined = match items.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{}; {joint} {last}", before.join("; ")),
            _ => items.concat(),
        };
        format!("{lead_in}: {joined}")
    }

    fn these(&self) -> String {
        match self.rule {
            Rule::AllOf if self.items.len() == 2 => "both of these".to_owned(),
            Rule::AllOf => "all of these".to_owned(),
            Rule::OneOf => "one of these".to_owned(),
            Rule::AtLeast if self.needed == 1 => "at least one of these".to_owned(),
            Rule::AtLeast => format!("at least {} of these", self.needed),
        }
    }

    /// The strongest necessity in it, which is the one that a lead-in speaks of.
    fn strongest(&self) -> Option<Necessity> {
        self.necessities().into_iter().min()
    }

    /// The necessity of everything in it, if that is one and the same.
    fn only_necessity(&self) -> Option<Necessity> {
        let necessities = self.necessities();
        let first = necessities.first().copied()?;
        necessities.iter().all(|necessity| *necessity == first).then_some(first)
    }

    fn necessities(&self) -> Vec<Necessity> {
        let mut necessities = Vec::new();
        for item in &self.items {
            match item {
                Saying::Requirement(requirement) => necessities.push(requirement.necessity),
                Saying::Reference(reference) => necessities.extend(reference.necessity),
                Saying::Nothing => {}
                Saying::List(list) => necessities.extend(list.necessities()),
            }
        }
        necessities
    }
}

impl Saying<'_> {
    /// An item of a list that has stated a necessity.
    fn phrase(&self, stated: Necessity) -> String {
        match self {
            Self::Requirement(requirement) => line::phrase(requirement, stated),
            Self::Reference(reference) => reference.phrase(stated),
            Self::Nothing => "nothing in particular".to_owned(),
            Self::List(list) => list.inline(stated),
        }
    }

    /// An item of a list that is itself one string.
    fn phrase_within(&self, stated: Necessity) -> String {
        match self {
            Self::List(list) => format!("({})", list.inline(stated)),
            _ => self.phrase(stated),
        }
    }
}

impl Reference<'_> {
    fn sentence(&self) -> String {
        let necessity = self.necessity.unwrap_or(Necessity::Required);
        match self.title {
            Some(_) if necessity != Necessity::None => format!("{} {}.", line::opening(necessity), self.words()),
            Some(title) => format!("What is asked for in “{title}” is {}.", line::remark(necessity)),
            None => "What is asked for here can't be shown at the moment.".to_owned(),
        }
    }

    fn phrase(&self, stated: Necessity) -> String {
        match self.necessity {
            Some(necessity) if necessity != stated => format!("{} ({})", self.words(), line::remark(necessity)),
            _ => self.words(),
        }
    }

    fn words(&self) -> String {
        match self.title {
            Some(title) => format!("what is asked for in “{title}”"),
            None => "requirements that can't be shown at the moment".to_owned(),
        }
    }
}
