//! What checks may know beyond the content itself, looked up once for each run.

use std::collections::{BTreeMap, BTreeSet};

use entity::{document, live_document, live_path, media, version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kernel::{DocumentId, Result};

use super::super::{
    kinds::{Content, Kind},
    paths,
    references::{self, Reference, ReferenceRole},
};

/// A version of a document that is to be checked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub id: DocumentId,
    pub slug: &'a str,
    pub parent: Option<Uuid>,
    pub content: &'a Content,
}

impl<'a> Subject<'a> {
    /// A version as it is stored, with its content.
    pub fn of(stored: &'a version::Model, content: &'a Content) -> Self {
        Self { id: DocumentId(stored.document_id), slug: &stored.slug, parent: stored.parent_id, content }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    pub references: Vec<Reference>,
    /// The documents that are referred to and exist outside the trash.
    pub documents: BTreeMap<Uuid, Kind>,
    /// Those of them that are live.
    pub live: BTreeSet<Uuid>,
    /// The images that are used and exist.
    pub images: BTreeSet<Uuid>,
    /// Another document of the kind, below the same parent, has the same title.
    pub has_twin: bool,
    pub stands_below: bool,
    pub place: Option<Place>,
}

/// Where a document lives and will live.
#[derive(Clone, Debug)]
pub struct Place {
    pub slug: String,
    pub path: String,
    pub live_slug: Option<String>,
    pub live_path: Option<String>,
    /// The title of another document that lives at the path.
    pub holder: Option<String>,
    /// The title of another document that lived there, and to which it leads.
    pub leads_to: Option<String>,
}

pub async fn surroundings(connection: &impl ConnectionTrait, subject: Subject<'_>) -> Result<Surroundings> {
    let references = references::of(subject.content);
    let mut documents = BTreeSet::new();
    let mut images = BTreeSet::new();
    for reference in &references {
        let set = if reference.role == ReferenceRole::Image { &mut images } else { &mut documents };
        set.insert(reference.target);
    }
    let kind = subject.content.kind();
    let twins = twins(connection, kind, subject.id, &paths::title_key(subject.content.title()), subject.parent).await?;
    let mut known = Surroundings {
        references,
        has_twin: !twins.is_empty(),
        stands_below: subject.parent.is_some(),
        place: Some(place(connection, subject).await?),
        ..Surroundings::default()
    };
    if !documents.is_empty() {
        let found: Vec<(Uuid, String)> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .column(document::Column::Kind)
            .filter(document::Column::Id.is_in(documents.iter().copied()))
            .filter(document::Column::TrashedAt.is_null())
            .into_tuple()
            .all(connection)
            .await?;
        known.documents = found.into_iter().filter_map(|(id, kind)| Some((id, Kind::from_name(&kind)?))).collect();
        let live: Vec<Uuid> = live_document::Entity::find()
            .select_only()
            .column(live_document::Column::DocumentId)
            .filter(live_document::Column::DocumentId.is_in(documents))
            .filter(live_document::Column::State.eq("live"))
            .into_tuple()
            .all(connection)
            .await?;
        known.live = live.into_iter().collect();
    }
    if !images.is_empty() {
        let found: Vec<Uuid> = media::Entity::find()
            .select_only()
            .column(media::Column::Id)
            .filter(media::Column::Id.is_in(images))
            .into_tuple()
            .all(connection)
            .await?;
        known.images = found.into_iter().collect();
    }
    Ok(known)
}

/// At most two other documents of a kind with this title below the same parent, outside the trash.
pub async fn twins(
    connection: &impl ConnectionTrait,
    kind: Kind,
    id: DocumentId,
    title_key: &str,
    parent: Option<Uuid>,
) -> Result<Vec<DocumentId>> {
    let mut found = document::Entity::find()
        .select_only()
        .column(document::Column::Id)
        .filter(document::Column::Kind.eq(kind.name()))
        .filter(document::Column::TitleKey.eq(title_key))
        .filter(document::Column::TrashedAt.is_null())
        .filter(document::Column::Id.ne(id.0));
    found = match parent {
        Some(parent) => found.filter(document::Column::ParentId.eq(parent)),
        None => found.filter(document::Column::ParentId.is_null()),
    };
    let found: Vec<Uuid> = found.order_by_asc(document::Column::Id).limit(2).into_tuple().all(connection).await?;
    Ok(found.into_iter().map(DocumentId).collect())
}

async fn place(connection: &impl ConnectionTrait, subject: Subject<'_>) -> Result<Place> {
    let path = paths::expected_path(connection, subject.slug, subject.parent).await?;
    let live = live_document::Entity::find_by_id(subject.id.0).one(connection).await?;
    let holder = live_document::Entity::find()
        .filter(live_document::Column::Path.eq(&path))
        .filter(live_document::Column::DocumentId.ne(subject.id.0))
        .one(connection)
        .await?;
    let former = live_path::Entity::find()
        .filter(live_path::Column::Path.eq(&path))
        .filter(live_path::Column::UntilSequence.is_not_null())
        .order_by_desc(live_path::Column::UntilSequence)
        .limit(1)
        .one(connection)
        .await?
        .filter(|row| row.document_id != subject.id.0);
    let leads_to = match former {
        Some(row) => live_document::Entity::find_by_id(row.document_id)
            .filter(live_document::Column::Path.is_not_null())
            .one(connection)
            .await?
            .map(|row| row.title),
        None => None,
    };
    Ok(Place {
        slug: subject.slug.to_owned(),
        path,
        live_slug: live.as_ref().and_then(|row| row.slug.clone()),
        live_path: live.and_then(|row| row.path),
        holder: holder.map(|row| row.title),
        leads_to,
    })
}
