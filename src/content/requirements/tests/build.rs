//! Short ways to write trees, and to state what they mean.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    content::{
        kinds::{
            RequirementSection,
            requirement::{
                Category, Framework, Group, Level, Nation, Necessity, Node, NodeBody, Qualification, Requirement, Rule,
            },
        },
        requirements::{AsksFor, expand, plain, route_asks_for},
    },
    kernel::{DocumentId, NodeId},
};

pub const OWNER: DocumentId = document(1000);

pub const fn document(number: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(number))
}

pub fn node(body: NodeBody) -> Node {
    Node { id: NodeId(Uuid::nil()), body }
}

pub fn asked(text: &str, necessity: Necessity) -> Node {
    node(NodeBody::Requirement(Box::new(Requirement {
        text: text.to_owned(),
        category: Category::Other,
        necessity,
        qualification: None,
        organisation: None,
        links: Vec::new(),
        source: None,
        nations: Vec::new(),
    })))
}

pub fn required(text: &str) -> Node {
    asked(text, Necessity::Required)
}

pub fn usually(text: &str) -> Node {
    asked(text, Necessity::Usually)
}

pub fn helpful(text: &str) -> Node {
    asked(text, Necessity::Helpful)
}

fn group(rule: Rule, count: Option<u32>, items: Vec<Node>) -> Node {
    node(NodeBody::Group(Group { rule, count, lead_in: None, items }))
}

pub fn all_of(items: impl Into<Vec<Node>>) -> Node {
    group(Rule::AllOf, None, items.into())
}

pub fn one_of(items: impl Into<Vec<Node>>) -> Node {
    group(Rule::OneOf, None, items.into())
}

pub fn at_least(count: u32, items: impl Into<Vec<Node>>) -> Node {
    group(Rule::AtLeast, Some(count), items.into())
}

pub fn section(number: u128) -> Node {
    node(NodeBody::Section { requirement_section: Some(document(number)), necessity: None })
}

pub fn section_as(number: u128, necessity: Necessity) -> Node {
    node(NodeBody::Section { requirement_section: Some(document(number)), necessity: Some(necessity) })
}

impl Node {
    /// At a level such as `RQF:6`.
    pub fn at(self, level: &str) -> Self {
        self.qualified(|qualification| qualification.level = Some(to_level(level)))
    }

    pub fn qualified(mut self, change: impl FnOnce(&mut Qualification)) -> Self {
        let NodeBody::Requirement(requirement) = &mut self.body else { panic!("not a requirement") };
        let none = Qualification {
            name: String::new(),
            level: None,
            grade: None,
            count_minimum: None,
            count_maximum: None,
            or_equivalent: false,
            subjects: Vec::new(),
        };
        change(requirement.qualification.get_or_insert(none));
        self
    }

    pub fn in_nations(mut self, nations: &[Nation]) -> Self {
        let NodeBody::Requirement(requirement) = &mut self.body else { panic!("not a requirement") };
        requirement.nations = nations.to_vec();
        self
    }

    pub fn led_in(mut self, lead_in: &str) -> Self {
        let NodeBody::Group(group) = &mut self.body else { panic!("not a group") };
        group.lead_in = Some(lead_in.to_owned());
        self
    }
}

pub fn to_level(text: &str) -> Level {
    let (framework, level) = text.split_once(':').unwrap();
    Level::new(Framework::from_name(framework).unwrap(), level).unwrap()
}

pub fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub fn library(sections: impl IntoIterator<Item = (u128, &'static str, Option<Node>)>) -> Library {
    let build = |(number, title, requirements): (u128, &str, Option<Node>)| {
        let empty = r#"{"title": "", "summary": "", "introduction": "", "routes": [], "skills": [], "sections": []}"#;
        let empty: RequirementSection = serde_json::from_str(empty).unwrap();
        (document(number), RequirementSection { title: title.to_owned(), requirements, ..empty })
    };
    sections.into_iter().map(build).collect()
}

pub type Library = HashMap<DocumentId, RequirementSection>;

/// One tree with what it is expected to mean.
pub struct Golden {
    tree: Node,
    library: Library,
}

pub fn golden(tree: Node) -> Golden {
    Golden { tree, library: Library::new() }
}

impl Golden {
    pub fn among(mut self, sections: impl IntoIterator<Item = (u128, &'static str, Option<Node>)>) -> Self {
        self.library = library(sections);
        self
    }

    #[track_caller]
    pub fn reads(self, expected: &[&str]) -> Self {
        assert_eq!(plain(&expand(&self.tree, OWNER, &self.library), &self.library), expected);
        self
    }

    /// `RQF:2 SCQF:0`, `nothing` if no framework is mentioned, `unknown` or `can't be met`.
    #[track_caller]
    pub fn asks(self, expected: &str) -> Self {
        assert_eq!(self.meaning(None), expected);
        self
    }

    #[track_caller]
    pub fn asks_in(self, nation: Nation, expected: &str) -> Self {
        assert_eq!(self.meaning(Some(nation)), expected);
        self
    }

    fn meaning(&self, nation: Option<Nation>) -> String {
        words(&route_asks_for(Some(&expand(&self.tree, OWNER, &self.library)), None, nation))
    }
}

pub fn words(asks: &AsksFor) -> String {
    match (asks, serde_json::to_value(asks).unwrap()) {
        (AsksFor::Unknown, Value::Null) => "unknown".to_owned(),
        (AsksFor::CannotBeMet, Value::Null) => "can't be met".to_owned(),
        (AsksFor::Levels(_), Value::Object(levels)) if levels.is_empty() => "nothing".to_owned(),
        (AsksFor::Levels(_), Value::Object(levels)) => {
            let levels = levels.iter().map(|(framework, level)| format!("{framework}:{}", level.as_str().unwrap()));
            levels.collect::<Vec<_>>().join(" ")
        }
        (asks, json) => panic!("{asks:?} is {json} in JSON"),
    }
}
