//! What is known of documents that a content refers to, for people who edit it: titles, where they stand, and what their
//! requirements say in plain English. Many at once; bodies are read only where sentences are made of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{document, live_document, version};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, NodeId, Permission, Result};

use super::{
    kinds::{Content, Kind, RequirementSection, requirement::Node},
    lifecycle::{DraftState, LiveState},
    queries::Rows,
    references::{self, ReferenceRole},
    requirements,
};

/// A document in a line.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: DocumentId,
    pub kind: Kind,
    pub title: String,
    pub live_state: LiveState,
    pub draft_state: DraftState,
    pub trashed: bool,
}

/// The documents with these ids, as far as they exist.
pub async fn known(ctx: &Ctx, ids: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, Known>> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let rows = document::Entity::find().filter(document::Column::Id.is_in(ids.iter().copied())).all(&*snapshot).await?;
    let live: BTreeMap<Uuid, live_document::Model> = live_document::Entity::find()
        .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()))
        .all(&*snapshot)
        .await?
        .into_iter()
        .map(|row| (row.document_id, row))
        .collect();
    let mut found = BTreeMap::new();
    for row in rows {
        let (id, title) = (row.id, row.title.clone());
        let rows = Rows { live: live.get(&id).cloned(), document: row, schedules: Vec::new() };
        let state = rows.state()?;
        let one = Known {
            id: DocumentId(id),
            kind: rows.kind()?,
            title,
            live_state: state.live,
            draft_state: state.draft,
            trashed: state.trashed,
        };
        found.insert(id, one);
    }
    Ok(found)
}

/// The ids of all documents that a content refers to.
pub fn referred(content: &Content) -> BTreeSet<Uuid> {
    let all = references::of(content);
    all.into_iter().filter(|one| one.role != ReferenceRole::Image).map(|one| one.target).collect()
}

/// A requirement section in the sentences that readers get.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    /// Of its own tree.
    pub own: Vec<String>,
    /// Of its routes that have a tree.
    pub routes: BTreeMap<NodeId, Vec<String>>,
}

/// What the trees of a content say. A tree that is referred to is the live one, or that of the draft if it was never live.
pub async fn sentences(ctx: &Ctx, id: DocumentId, section: &RequirementSection) -> Result<Sentences> {
    ctx.authorise(Permission::ContentRead)?;
    let snapshot = ctx.database.read().await?;
    let trees: Vec<&Node> = section
        .requirements
        .iter()
        .chain(section.routes.iter().filter_map(|route| route.requirements.as_ref()))
        .collect();
    let content = Content::RequirementSection(Box::new(section.clone()));
    let sections = sections_below(&*snapshot, &content).await?;
    let say = |tree: &Node| requirements::plain(&requirements::expand(tree, id, &sections), &sections);
    if trees.is_empty() {
        return Ok(Sentences::default());
    }
    Ok(Sentences {
        own: section.requirements.as_ref().map(say).unwrap_or_default(),
        routes: section.routes.iter().filter_map(|route| Some((route.id, say(route.requirements.as_ref()?)))).collect(),
    })
}

/// How many times references are followed; deeper ones are not expanded either.
const DEPTH: usize = 3;

/// Every requirement section that the trees of a content lead to.
async fn sections_below(
    connection: &impl ConnectionTrait,
    content: &Content,
) -> Result<HashMap<DocumentId, RequirementSection>> {
    let mut found: HashMap<DocumentId, RequirementSection> = HashMap::new();
    let mut wanted = trees_of(content);
    for _ in 0..DEPTH {
        wanted.retain(|id| !found.contains_key(&DocumentId(*id)));
        if wanted.is_empty() {
            break;
        }
        let loaded = shown_sections(connection, &wanted).await?;
        wanted = loaded
            .iter()
            .flat_map(|(_, section)| trees_of(&Content::RequirementSection(Box::new(section.clone()))))
            .collect();
        found.extend(loaded);
    }
    Ok(found)
}

fn trees_of(content: &Content) -> BTreeSet<Uuid> {
    let all = references::of(content).into_iter();
    all.filter(|one| one.role == ReferenceRole::Tree).map(|one| one.target).collect()
}

async fn shown_sections(
    connection: &impl ConnectionTrait,
    ids: &BTreeSet<Uuid>,
) -> Result<Vec<(DocumentId, RequirementSection)>> {
    let documents: Vec<(Uuid, Option<i32>, i32)> = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::DraftVersion)
        .column(document::Column::LatestVersion)
        .filter(document::Column::Id.is_in(ids.iter().copied()))
        .filter(document::Column::Kind.eq(Kind::RequirementSection.name()))
        .into_tuple()
        .all(connection)
        .await?;
    let live: BTreeMap<Uuid, i32> = live_document::Entity::find()
        .select_only()
        .column(live_document::Column::DocumentId)
        .column(live_document::Column::Version)
        .filter(live_document::Column::DocumentId.is_in(ids.iter().copied()))
        .into_tuple::<(Uuid, i32)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let mut chosen = Condition::any();
    for (id, draft, latest) in &documents {
        let number = live.get(id).copied().or(*draft).unwrap_or(*latest);
        let one = Condition::all().add(version::Column::DocumentId.eq(*id)).add(version::Column::Number.eq(number));
        chosen = chosen.add(one);
    }
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let versions = version::Entity::find().filter(chosen).all(connection).await?;
    let mut sections = Vec::new();
    for row in versions {
        if let Content::RequirementSection(section) =
            Content::from_stored(Kind::RequirementSection, row.format, &row.content)?
        {
            sections.push((DocumentId(row.document_id), *section));
        }
    }
    Ok(sections)
}

/// What the requirement sections say that a page embeds, by document: their own tree and then their routes.
pub async fn embedded_sentences(ctx: &Ctx, ids: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, Sentences>> {
    ctx.authorise(Permission::ContentRead)?;
    let sections = {
        let snapshot = ctx.database.read().await?;
        shown_sections(&*snapshot, ids).await?
    };
    let mut said = BTreeMap::new();
    for (id, section) in sections {
        said.insert(id.0, sentences(ctx, id, &section).await?);
    }
    Ok(said)
}
