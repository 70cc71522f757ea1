//! What lists of cases show around the cases: how many there are, who may have one, which documents they are about. Each
//! is a handful of queries, however many cases there are.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, document, live_document, report};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::kernel::{Ctx, DocumentId, Permission, ReportId, Result, Timestamp, VersionNumber};

use super::{
    lifecycle::CaseState,
    queries::{Person, people_who_may},
};

/// How many cases there are of each sort, and how many reports wait in quarantine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: u64,
    /// Open cases that the actor has.
    pub mine: u64,
    /// In any open state, the new ones included.
    pub open: u64,
    pub waiting: u64,
    /// Open cases of which the fix did not work.
    pub regressed: u64,
    pub resolved: u64,
    pub dismissed: u64,
    /// In any state, the merged ones included.
    pub all: u64,
    pub quarantined: u64,
}

/// How many cases there are.
pub async fn counts(ctx: &Ctx) -> Result<Counts> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let open = || {
        let states = CaseState::ALL.iter().filter(|state| state.is_open()).map(|state| state.name());
        case::Entity::find().filter(case::Column::State.is_in(states))
    };
    let by_state: Vec<(String, i64)> = case::Entity::find()
        .select_only()
        .column(case::Column::State)
        .column_as(case::Column::Id.count(), "cases")
        .group_by(case::Column::State)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let of = |state: CaseState| {
        let found = by_state.iter().find(|(name, _)| name == state.name());
        found.and_then(|(_, count)| u64::try_from(*count).ok()).unwrap_or_default()
    };
    let by_person: Vec<(Option<Uuid>, bool, i64)> = open()
        .select_only()
        .columns([case::Column::AssigneeId, case::Column::Regressed])
        .column_as(case::Column::Id.count(), "cases")
        .group_by(case::Column::AssigneeId)
        .group_by(case::Column::Regressed)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let me = ctx.actor.user.map(|user| user.0);
    let among = |wanted: &dyn Fn(Option<Uuid>, bool) -> bool| {
        let rows = by_person.iter().filter(|(assignee, regressed, _)| wanted(*assignee, *regressed));
        rows.filter_map(|(_, _, cases)| u64::try_from(*cases).ok()).sum()
    };
    Ok(Counts {
        new: of(CaseState::New),
        mine: among(&|assignee, _| assignee.is_some() && assignee == me),
        open: CaseState::ALL.iter().copied().filter(|state| state.is_open()).map(of).sum(),
        waiting: of(CaseState::Waiting),
        regressed: among(&|_, regressed| regressed),
        resolved: of(CaseState::Resolved),
        dismissed: of(CaseState::Dismissed),
        all: CaseState::ALL.iter().copied().map(of).sum(),
        quarantined: report::Entity::find().filter(report::Column::Quarantined.eq(true)).count(&*snapshot).await?,
    })
}

/// How many reports have come in since a time, without those in quarantine.
pub async fn received_since(ctx: &Ctx, since: Timestamp) -> Result<u64> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let received = report::Entity::find()
        .filter(report::Column::Quarantined.eq(false))
        .filter(report::Column::ReceivedAt.gt(since.0));
    Ok(received.count(&*snapshot).await?)
}

/// The people who can be given a case: active, and allowed to triage; by name.
pub async fn assignees(ctx: &Ctx) -> Result<Vec<Person>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    people_who_may(&*snapshot, Permission::FeedbackTriage).await
}

/// The documents that there are cases about, with their titles, by title.
pub async fn reported_documents(ctx: &Ctx) -> Result<Vec<(DocumentId, String)>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let reported = case::Entity::find().select_only().column(case::Column::DocumentId).distinct();
    let rows: Vec<(Uuid, String)> = document::Entity::find()
        .select_only()
        .columns([document::Column::Id, document::Column::Title])
        .filter(document::Column::Id.in_subquery(reported.into_query()))
        .order_by_asc(document::Column::TitleKey)
        .order_by_asc(document::Column::Id)
        .into_tuple()
        .all(&*snapshot)
        .await?;
    Ok(rows.into_iter().map(|(id, title)| (DocumentId(id), title)).collect())
}

/// Which of these reports are there; a sample that was removed is not.
pub async fn reports_there(ctx: &Ctx, ids: &BTreeSet<ReportId>) -> Result<BTreeSet<ReportId>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let all: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut there = BTreeSet::new();
    if all.is_empty() {
        return Ok(there);
    }
    let snapshot = ctx.database.read().await?;
    for chunk in all.chunks(500) {
        let query = report::Entity::find().select_only().column(report::Column::Id);
        let found: Vec<Uuid> =
            query.filter(report::Column::Id.is_in(chunk.iter().copied())).into_tuple().all(&*snapshot).await?;
        there.extend(found.into_iter().map(ReportId));
    }
    Ok(there)
}

/// A document by the name that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDocument {
    /// As it was public last, else as it was saved last.
    pub title: String,
    /// The name of its kind.
    pub kind: String,
    /// The version that the public reads, if it can read one.
    pub live_version: Option<VersionNumber>,
}

/// Documents with what people know them by. Purged documents are missing.
pub async fn named_documents(ctx: &Ctx, ids: &BTreeSet<DocumentId>) -> Result<BTreeMap<DocumentId, NamedDocument>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let saved: Vec<(Uuid, String, String)> = document::Entity::find()
        .select_only()
        .columns([document::Column::Id, document::Column::Title, document::Column::Kind])
        .filter(document::Column::Id.is_in(ids.clone()))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let public: Vec<(Uuid, String, i32, Option<String>)> = live_document::Entity::find()
        .select_only()
        .columns([
            live_document::Column::DocumentId,
            live_document::Column::Title,
            live_document::Column::Version,
            live_document::Column::Path,
        ])
        .filter(live_document::Column::DocumentId.is_in(ids))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let named = |(id, title, kind)| (DocumentId(id), NamedDocument { title, kind, live_version: None });
    let mut documents: BTreeMap<DocumentId, NamedDocument> = saved.into_iter().map(named).collect();
    for (id, title, version, path) in public {
        if let Some(document) = documents.get_mut(&DocumentId(id)) {
            document.title = title;
            document.live_version = path.map(|_| VersionNumber(version));
        }
    }
    Ok(documents)
}
