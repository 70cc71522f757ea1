//! What reports are about, in words: the heading above the passage that a visitor named. A content is JSON in which ids
//! can be found; its kinds are not known here.

use std::collections::{BTreeMap, BTreeSet};

use entity::{case, live_document, report, version};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, ExprTrait, Func, Query},
};
use serde_json::Value;
use uuid::Uuid;

use crate::kernel::{CaseId, Ctx, DocumentId, Error, NodeId, Permission, ReportId, Result};

use super::{intake::ReportKind, lifecycle::CaseState, redaction::Flag, reports::Report};

/// What the newest report of a case says it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    pub kind: ReportKind,
    /// The page that the visitor saw.
    pub page: DocumentId,
    /// The block that was reported.
    pub block: Option<NodeId>,
    /// The heading above the passage.
    pub passage: Option<String>,
    /// How many open cases there are about the same block, this one included.
    pub about: u64,
    /// What people should look at in any of its reports.
    pub flags: BTreeSet<Flag>,
}

/// As it stands in a report.
const NO_FLAGS: &str = "[]";

/// A place in a version of a document.
struct Place {
    document: Uuid,
    page: Uuid,
    version: Option<i32>,
    block: Option<Uuid>,
}

/// What the newest reports of some cases are about; cases without a report are missing.
pub async fn glances(ctx: &Ctx, cases: &[CaseId]) -> Result<BTreeMap<CaseId, Glance>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    type Row = (Uuid, String, Uuid, Uuid, Option<i32>, Option<Uuid>);
    let to_case: RelationDef =
        report::Entity::belongs_to(case::Entity).from(report::Column::CaseId).to(case::Column::Id).into();
    let received = (report::Entity, report::Column::ReceivedAt);
    let newest = (case::Entity, case::Column::LastReportAt);
    let rows: Vec<Row> = report::Entity::find()
        .select_only()
        .columns([
            report::Column::CaseId,
            report::Column::Kind,
            report::Column::DocumentId,
            report::Column::PageId,
            report::Column::Version,
            report::Column::BlockId,
        ])
        .join(JoinType::InnerJoin, to_case)
        .filter(report::Column::CaseId.is_in(cases.iter().map(|id| id.0)))
        .filter(Expr::col(received).eq(Expr::col(newest)))
        .into_tuple()
        .all(&*snapshot)
        .await?;
    let places = rows.iter().map(|(_, _, document, page, version, block)| Place {
        document: *document,
        page: *page,
        version: *version,
        block: *block,
    });
    let names = names(&*snapshot, &places.collect::<Vec<_>>()).await?;
    let about = open_cases_about(&*snapshot, rows.iter().filter_map(|row| row.5).collect()).await?;
    let mut flags = flags_of(&*snapshot, cases).await?;
    let mut glances = BTreeMap::new();
    for ((case, kind, _, page, _, block), passage) in rows.into_iter().zip(names) {
        let kind = ReportKind::from_name(&kind).ok_or_else(|| Error::bug("a report of an unknown kind"))?;
        let about = block.and_then(|block| about.get(&block).copied()).unwrap_or_default();
        let (page, block) = (DocumentId(page), block.map(NodeId));
        let flags = flags.remove(&case).unwrap_or_default();
        glances.insert(CaseId(case), Glance { kind, page, block, passage, about, flags });
    }
    Ok(glances)
}

/// How many open cases have a report about each of these blocks.
async fn open_cases_about(connection: &impl ConnectionTrait, blocks: BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, u64>> {
    if blocks.is_empty() {
        return Ok(BTreeMap::new());
    }
    // A section's block can have been reported on every page: its cases are taken from the index, each once, and counted
    // where they are.
    let pairs = report::Entity::find()
        .select_only()
        .columns([report::Column::BlockId, report::Column::CaseId])
        .distinct()
        .filter(report::Column::BlockId.is_in(blocks))
        .filter(report::Column::CaseId.is_not_null())
        .into_query();
    let open = CaseState::ALL.iter().filter(|state| state.is_open()).map(|state| state.name());
    let block = ("about", report::Column::BlockId);
    let mut counted = Query::select();
    counted
        .expr_as(Expr::col(block), "block")
        .expr_as(Func::count(Expr::col((case::Entity, case::Column::Id))), "cases")
        .from_subquery(pairs, "about")
        .inner_join(case::Entity, Expr::col(("about", report::Column::CaseId)).equals((case::Entity, case::Column::Id)))
        .and_where(Expr::col((case::Entity, case::Column::State)).is_in(open))
        .group_by_col(block);
    let mut about = BTreeMap::new();
    for row in connection.query_all(&counted).await? {
        let cases: i64 = row.try_get("", "cases")?;
        about.insert(row.try_get("", "block")?, u64::try_from(cases).unwrap_or_default());
    }
    Ok(about)
}

/// What is flagged in the reports of these cases.
async fn flags_of(connection: &impl ConnectionTrait, cases: &[CaseId]) -> Result<BTreeMap<Uuid, BTreeSet<Flag>>> {
    let rows: Vec<(Uuid, String)> = report::Entity::find()
        .select_only()
        .columns([report::Column::CaseId, report::Column::Flags])
        .filter(report::Column::CaseId.is_in(cases.iter().map(|id| id.0)))
        .filter(report::Column::Flags.ne(NO_FLAGS))
        .into_tuple()
        .all(connection)
        .await?;
    let mut flags: BTreeMap<Uuid, BTreeSet<Flag>> = BTreeMap::new();
    for (case, written) in rows {
        flags.entry(case).or_default().extend(serde_json::from_str::<BTreeSet<Flag>>(&written)?);
    }
    Ok(flags)
}

/// The headings above the passages that reports name; reports about a whole page are missing.
pub async fn passage_names(ctx: &Ctx, reports: &[Report]) -> Result<BTreeMap<ReportId, String>> {
    ctx.authorise(Permission::FeedbackRead)?;
    let snapshot = ctx.database.read().await?;
    let places: Vec<Place> = reports
        .iter()
        .map(|report| Place {
            document: report.document.0,
            page: report.page.0,
            version: report.version.map(|version| version.0),
            block: report.block.map(|block| block.0),
        })
        .collect();
    let names = names(&*snapshot, &places).await?;
    let named = reports.iter().zip(names);
    Ok(named.filter_map(|(report, name)| Some((report.id, name?))).collect())
}

/// The names of places, in their order.
async fn names(connection: &impl ConnectionTrait, places: &[Place]) -> Result<Vec<Option<String>>> {
    let elsewhere: BTreeSet<Uuid> =
        places.iter().filter(|place| place.block.is_some()).map(|place| place.document).collect();
    let live: Vec<(Uuid, i32)> = live_document::Entity::find()
        .select_only()
        .columns([live_document::Column::DocumentId, live_document::Column::Version])
        .filter(live_document::Column::DocumentId.is_in(elsewhere))
        .into_tuple()
        .all(connection)
        .await?;
    let live: BTreeMap<Uuid, i32> = live.into_iter().collect();
    // The version of a report is that of the page. A section that stands in the page is named as it is now.
    let version_of = |place: &Place| {
        let seen = place.version.filter(|_| place.document == place.page);
        place.block.and(seen.or_else(|| live.get(&place.document).copied()))
    };
    let wanted: BTreeSet<(Uuid, i32)> =
        places.iter().filter_map(|place| Some((place.document, version_of(place)?))).collect();
    if wanted.is_empty() {
        return Ok(places.iter().map(|_| None).collect());
    }
    let either = wanted.into_iter().fold(Condition::any(), |either, (document, number)| {
        let both = Condition::all().add(version::Column::DocumentId.eq(document));
        either.add(both.add(version::Column::Number.eq(number)))
    });
    let rows: Vec<(Uuid, i32, String)> = version::Entity::find()
        .select_only()
        .columns([version::Column::DocumentId, version::Column::Number, version::Column::Content])
        .filter(either)
        .into_tuple()
        .all(connection)
        .await?;
    let mut contents: BTreeMap<(Uuid, i32), Value> = BTreeMap::new();
    for (document, number, content) in rows {
        contents.insert((document, number), serde_json::from_str(&content)?);
    }
    let name = |place: &Place| {
        let content = contents.get(&(place.document, version_of(place)?))?;
        heading_above(content, &place.block?.to_string(), None).flatten()
    };
    Ok(places.iter().map(name).collect())
}

/// The nearest heading or title of or above the thing with this id; `None` if there is no such thing, `Some(None)` if
/// nothing above it has a heading.
fn heading_above(value: &Value, id: &str, above: Option<&str>) -> Option<Option<String>> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| heading_above(item, id, above)),
        Value::Object(fields) => {
            let own = ["heading", "title"].iter().find_map(|key| fields.get(*key)?.as_str());
            let nearest = own.filter(|heading| !heading.is_empty()).or(above);
            if fields.get("id").and_then(Value::as_str) == Some(id) {
                return Some(nearest.map(str::to_owned));
            }
            fields.values().find_map(|field| heading_above(field, id, nearest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_passage_bears_the_nearest_heading_above_it() {
        let content = json!({ "title": "Porter", "sections": [
            { "id": "s1", "heading": "Pay", "blocks": [{ "id": "b1", "markdown": "Band 5." }] },
            { "id": "s2", "heading": null, "blocks": [{ "id": "b2", "heading": "Tip" }, { "id": "b3" }] }] });
        let name = |id: &str| heading_above(&content, id, None).flatten();
        assert_eq!(name("b1").as_deref(), Some("Pay"));
        assert_eq!(name("s1").as_deref(), Some("Pay"));
        assert_eq!(name("b2").as_deref(), Some("Tip"));
        assert_eq!(name("b3").as_deref(), Some("Porter"));
        assert_eq!(name("b4"), None);
    }
}
