//! What the public can find a live document by: what stands in it, its skills, its entry routes and what they ask for. A
//! row a document, made from the version that goes live in the transaction that publishes it. It says nothing of other
//! documents, so that a change of one never rewrites the rows of those in which it stands.
//!
//! Decision (2026-11-22), a row of its own. Context: lists are narrowed by what only the typed content tells, and reading
//! 100,000 contents of 8 KB for that takes seconds. Choice: the little that filters need is kept beside the live line, and
//! read into a directory in memory. Consequence: the contents are read once, when they are published.
//!
//! Decision (2026-11-22), made by which rules: a row names the version and the edition of the rules that it was made by.
//! When the program starts it makes anew what other rules made, so that an upgrade or an older backup is found alike.

use entity::{findable, live_document, version};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Error, NodeId, Permission, Result, Transaction, VersionNumber};

use super::{
    kinds::{
        Content, Kind, Part,
        requirement::{Group, Node, NodeBody, Qualification, Requirement, RouteKind},
        section::SkillCode,
    },
    lifecycle::LiveState,
};

/// The edition of the rules below. Raise it when they find something else.
pub const EDITION: i32 = 1;

/// How many documents are looked at in one transaction when rows are missing.
const AT_A_TIME: u64 = 200;

/// What a document says by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findable {
    /// The requirement sections that stand in it in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<DocumentId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<FindableSkill>,
    /// Of a requirement section: its own tree, without words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<Node>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<FindableRoute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindableSkill {
    /// As [`plain_words`] gives it.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<SkillCode>,
}

/// An entry route with its own tree, without words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindableRoute {
    pub kind: RouteKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<Node>,
}

impl Findable {
    pub fn of(content: &Content) -> Self {
        let mut found = Self::default();
        content.walk(&mut |_, part| match part {
            Part::Embed(section) if !found.embeds.contains(&section) => found.embeds.push(section),
            Part::Skill(skill) => {
                let skill = FindableSkill { text: plain_words(&skill.text), code: skill.code.clone() };
                if !found.skills.contains(&skill) {
                    found.skills.push(skill);
                }
            }
            _ => {}
        });
        if let Content::RequirementSection(section) = content {
            found.requirements = section.requirements.as_ref().map(wordless);
            found.routes = section
                .routes
                .iter()
                .map(|route| FindableRoute {
                    kind: route.kind,
                    requirements: route.requirements.as_ref().map(wordless),
                })
                .collect();
        }
        found
    }

    pub fn from_stored(stored: &str) -> Result<Self> {
        Ok(serde_json::from_str(stored)?)
    }
}

/// The words of a text in lower case without accents, with one space between them and no other signs.
pub fn plain_words(text: &str) -> String {
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A tree with all that decides what it asks for, and nothing that readers see.
fn wordless(node: &Node) -> Node {
    let body = match &node.body {
        NodeBody::Group(Group { rule, count, lead_in: _, items }) => NodeBody::Group(Group {
            rule: *rule,
            count: *count,
            lead_in: None,
            items: items.iter().map(wordless).collect(),
        }),
        NodeBody::Requirement(requirement) => NodeBody::Requirement(Box::new(wordless_requirement(requirement))),
        NodeBody::Section { requirement_section, necessity } => {
            NodeBody::Section { requirement_section: *requirement_section, necessity: *necessity }
        }
    };
    Node { id: NodeId(Uuid::nil()), body }
}

fn wordless_requirement(requirement: &Requirement) -> Requirement {
    let level = requirement.qualification.as_ref().and_then(|qualification| qualification.level.clone());
    Requirement {
        text: String::new(),
        category: requirement.category,
        necessity: requirement.necessity,
        qualification: level.map(|level| Qualification {
            name: String::new(),
            level: Some(level),
            grade: None,
            count_minimum: None,
            count_maximum: None,
            or_equivalent: false,
            subjects: Vec::new(),
        }),
        organisation: None,
        links: Vec::new(),
        source: None,
        nations: requirement.nations.clone(),
    }
}

/// Writes the row of a document whose live version this is.
pub(super) async fn remember(
    tx: &Transaction,
    document: DocumentId,
    version: VersionNumber,
    content: &Content,
) -> Result<()> {
    use findable::Column;

    let row = findable::ActiveModel {
        document_id: Set(document.0),
        version: Set(version.0),
        edition: Set(EDITION),
        content: Set(serde_json::to_string(&Findable::of(content))?),
    };
    let mut known = OnConflict::column(Column::DocumentId);
    known.update_columns([Column::Version, Column::Edition, Column::Content]);
    findable::Entity::insert(row).on_conflict(known).exec_without_returning(&**tx).await?;
    Ok(())
}

pub(super) async fn forget(tx: &Transaction, document: DocumentId) -> Result<()> {
    findable::Entity::delete_by_id(document.0).exec(&**tx).await?;
    Ok(())
}

/// Makes the rows that are missing, and those that other rules made: of a database from before an upgrade.
pub async fn prepare(ctx: &Ctx) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    loop {
        let snapshot = ctx.database.read().await?;
        if missing().limit(1).one(&*snapshot).await?.is_none() {
            return Ok(());
        }
        drop(snapshot);
        let tx = ctx.write().await?;
        for row in missing().limit(AT_A_TIME).all(&*tx).await? {
            let stored = version::Entity::find_by_id((row.document_id, row.version)).one(&*tx).await?;
            let stored = stored.ok_or_else(|| Error::bug("a live document without its version"))?;
            let kind = Kind::from_name(&row.kind).ok_or_else(|| Error::bug("a live document of an unknown kind"))?;
            let content = Content::from_stored(kind, stored.format, &stored.content)?;
            remember(&tx, DocumentId(row.document_id), VersionNumber(row.version), &content).await?;
        }
        tx.commit(()).await?;
    }
}

/// The documents that the public can read and that have no row of their live version by the rules of now.
fn missing() -> sea_orm::Select<live_document::Entity> {
    let current = Condition::all()
        .add(
            Expr::col((findable::Entity, findable::Column::DocumentId))
                .equals((live_document::Entity, live_document::Column::DocumentId)),
        )
        .add(
            Expr::col((findable::Entity, findable::Column::Version))
                .equals((live_document::Entity, live_document::Column::Version)),
        )
        .add(findable::Column::Edition.eq(EDITION));
    let relation = live_document::Entity::belongs_to(findable::Entity)
        .from(live_document::Column::DocumentId)
        .to(findable::Column::DocumentId)
        .on_condition(move |_, _| current.clone());
    live_document::Entity::find()
        .join(JoinType::LeftJoin, relation.into())
        .filter(live_document::Column::State.ne(LiveState::Unpublished.name()))
        .filter(findable::Column::DocumentId.is_null())
        .order_by_asc(live_document::Column::DocumentId)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::{SeededChance, Timestamp};

    fn section(value: serde_json::Value) -> Content {
        Content::read(Kind::RequirementSection, value, "", &SeededChance::new(7), Timestamp(0)).unwrap()
    }

    #[test]
    fn words_are_compared_without_capitals_accents_and_signs() {
        assert_eq!(plain_words("  Élan, (élan)  A-levels! "), "elan elan a levels");
        assert_eq!(plain_words("–"), "");
    }

    #[test]
    fn a_section_is_found_by_its_trees_without_their_words() {
        let content = section(json!({
            "title": "Way in",
            "requirements": { "kind": "requirement", "text": "a driving licence", "category": "licence" },
            "skills": ["Patience", "patience", { "text": "Driving", "code": { "scheme": "ESCO", "code": "S1" } }],
            "routes": [{ "kind": "college", "requirements": { "kind": "group", "rule": "one_of", "lead_in": "One of:", "items": [
                { "kind": "requirement", "text": "2 A levels", "qualification":
                    { "name": "A level", "grade": "C", "level": { "framework": "RQF", "level": "3" } } } ] } }],
        }));
        let found = Findable::of(&content);
        assert_eq!(found.skills.iter().map(|skill| skill.text.as_str()).collect::<Vec<_>>(), ["patience", "driving"]);
        let stored = serde_json::to_string(&found).unwrap();
        for words in ["a driving", "A level", "One of"] {
            assert!(!stored.contains(words), "{stored}");
        }
        assert_eq!(Findable::from_stored(&stored).unwrap(), found);
    }
}
