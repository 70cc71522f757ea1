//! What on this site is sample content: the marks, by subject. Sample content is written by `demo::samples`, which also
//! takes it away; here stands only which things it is, so that content, media, feedback and the panel can all ask.
//!
//! Decision (2026-11-22): the marks stand in a table of their own, and not in the rows that they are about. Context: a
//! sample is an ordinary document, picture, report or case in everything but its origin, and four tables would each
//! need a column that is empty on nearly every site. Choice: one small table by the id of the subject; whoever removes a
//! subject for good removes its mark in the same transaction. Consequence: whoever shows a list reads all marks with one
//! query, which finds nothing on most sites; a copy of a sample is nobody's sample; a backup carries the marks, an
//! export does not, since what somebody takes to another site is theirs.

use std::collections::BTreeMap;

use entity::sample;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::{
    events::{self, EventKind, NewEvent},
    kernel::{CaseId, Ctx, DocumentId, Error, MediaId, Permission, ReportId, Result, Timestamp, Transaction},
};

named! {
    /// What sort of thing a sample is.
    SampleKind {
        Document = "document",
        Media = "media",
        Report = "report",
        Case = "case",
    }
}

/// Something that can be a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SampleId {
    Document(DocumentId),
    Media(MediaId),
    Report(ReportId),
    Case(CaseId),
}

impl SampleId {
    fn new(kind: SampleKind, id: Uuid) -> Self {
        match kind {
            SampleKind::Document => Self::Document(DocumentId(id)),
            SampleKind::Media => Self::Media(MediaId(id)),
            SampleKind::Report => Self::Report(ReportId(id)),
            SampleKind::Case => Self::Case(CaseId(id)),
        }
    }

    pub fn kind(self) -> SampleKind {
        match self {
            Self::Document(_) => SampleKind::Document,
            Self::Media(_) => SampleKind::Media,
            Self::Report(_) => SampleKind::Report,
            Self::Case(_) => SampleKind::Case,
        }
    }

    fn uuid(self) -> Uuid {
        match self {
            Self::Document(id) => id.0,
            Self::Media(id) => id.0,
            Self::Report(id) => id.0,
            Self::Case(id) => id.0,
        }
    }
}

macro_rules! samples_are {
    ($($id:ident => $variant:ident,)*) => {$(
        impl From<$id> for SampleId {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )*};
}

samples_are! {
    DocumentId => Document,
    MediaId => Media,
    ReportId => Report,
    CaseId => Case,
}

/// Who added a sample, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    pub by: String,
    pub at: Timestamp,
}

/// The samples of a site.
#[derive(Clone, Debug, Default)]
pub struct Samples(BTreeMap<SampleId, Added>);

impl Samples {
    pub fn contains(&self, id: impl Into<SampleId>) -> bool {
        self.0.contains_key(&id.into())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with who added it and when: documents, pictures, reports, cases.
    pub fn iter(&self) -> impl Iterator<Item = (SampleId, &Added)> {
        self.0.iter().map(|(id, added)| (*id, added))
    }
}

/// Every sample there is: a few rows, or none. Asks for no permission; what a mark is about is shown by whoever may see it.
pub async fn samples(connection: &impl ConnectionTrait) -> Result<Samples> {
    let rows = sample::Entity::find().order_by_asc(sample::Column::SubjectId).all(connection).await?;
    let read = |row: sample::Model| {
        let kind = SampleKind::from_name(&row.subject_kind);
        let kind = kind.ok_or_else(|| Error::bug("a sample of an unknown kind"))?;
        Ok((SampleId::new(kind, row.subject_id), Added { by: row.added_by_name, at: Timestamp(row.added_at) }))
    };
    rows.into_iter().map(read).collect::<Result<_>>().map(Samples)
}

/// Marks things that were just made as samples.
pub async fn mark_samples(ctx: &Ctx, ids: &[SampleId]) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    if ids.is_empty() {
        return Ok(());
    }
    let tx = ctx.write().await?;
    let row = |id: &SampleId| sample::ActiveModel {
        subject_id: Set(id.uuid()),
        subject_kind: Set(id.kind().name().to_owned()),
        added_at: Set(ctx.now().0),
        added_by: Set(ctx.actor.user.map(|user| user.0)),
        added_by_name: Set(ctx.actor.name.clone()),
    };
    sample::Entity::insert_many(ids.iter().map(row)).exec_without_returning(&*tx).await?;
    events::append(&tx, ctx, about(EventKind::SamplesMarked, ids)).await?;
    tx.commit(()).await
}

/// Takes the marks of these things away: from now on they are the site's own. What bears no mark is left as it is.
pub async fn keep_samples(ctx: &Ctx, ids: &[SampleId]) -> Result<()> {
    ctx.authorise(Permission::SettingsManage)?;
    let tx = ctx.write().await?;
    let mut kept = Vec::new();
    for id in ids {
        if forget_sample(&tx, *id).await? {
            kept.push(*id);
        }
    }
    if !kept.is_empty() {
        events::append(&tx, ctx, about(EventKind::SamplesKept, &kept)).await?;
    }
    tx.commit(()).await
}

/// Takes a mark away within the transaction that removes its subject for good; says whether there was one.
pub async fn forget_sample(tx: &Transaction, id: impl Into<SampleId>) -> Result<bool> {
    let found = sample::Entity::delete_many().filter(sample::Column::SubjectId.eq(id.into().uuid()));
    Ok(found.exec(&**tx).await?.rows_affected > 0)
}

fn about(kind: EventKind, ids: &[SampleId]) -> NewEvent {
    let mut event = NewEvent::about(kind, "sample", "content");
    for kind in SampleKind::ALL {
        let of_kind: Vec<String> = ids.iter().filter(|id| id.kind() == *kind).map(|id| id.uuid().to_string()).collect();
        if !of_kind.is_empty() {
            event = event.with(kind.name(), of_kind);
        }
    }
    event
}
