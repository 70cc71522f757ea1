//! What belongs to people and to reports: keys have owners, cases have the reports that they count.

use std::collections::{BTreeMap, BTreeSet};

use entity::{api_key, case, report, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::kernel::Result;

use super::{Findings, documents::Around};

/// A key never allows more than its owner may do, so it has one.
pub async fn keys(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let people: Vec<Uuid> =
        user::Entity::find().select_only().column(user::Column::Id).into_tuple().all(connection).await?;
    let people: BTreeSet<Uuid> = people.into_iter().collect();
    for row in api_key::Entity::find().order_by_asc(api_key::Column::Id).all(connection).await? {
        if !people.contains(&row.owner_id) {
            let sentence =
                format!("The API key “{}” ({}) belongs to {}, who is not there.", row.name, row.id, row.owner_id);
            findings.error("key-without-owner", sentence);
        }
    }
    Ok(())
}

/// Cases count the reports that name them; a case that was merged into another is a pointer and counts nothing.
pub async fn cases(connection: &impl ConnectionTrait, around: &Around, findings: &mut Findings) -> Result<()> {
    let cases = case::Entity::find().order_by_asc(case::Column::Number).all(connection).await?;
    let counted: Vec<(Uuid, i64)> = report::Entity::find()
        .select_only()
        .column(report::Column::CaseId)
        .column_as(report::Column::Id.count(), "reports")
        .filter(report::Column::CaseId.is_not_null())
        .group_by(report::Column::CaseId)
        .into_tuple()
        .all(connection)
        .await?;
    let mut counted: BTreeMap<Uuid, i64> = counted.into_iter().collect();
    let ids: BTreeSet<Uuid> = cases.iter().map(|row| row.id).collect();
    for row in &cases {
        let (number, id) = (row.number, row.id);
        let reports = counted.remove(&id).unwrap_or_default();
        if row.merged_into.is_none() && reports != i64::from(row.report_count) {
            let sentence = format!("The case {number} ({id}) counts {} reports, but has {reports}.", row.report_count);
            findings.error("case-count", sentence);
        }
        if let Some(into) = row.merged_into.filter(|into| !ids.contains(into)) {
            let sentence = format!("The case {number} ({id}) was merged into the case {into}, which is not there.");
            findings.error("case-merged-nowhere", sentence);
        }
        if !around.documents.contains_key(&row.document_id) && !around.tombstones.contains(&row.document_id) {
            let sentence =
                format!("The case {number} ({id}) is about the document {}, which is not there.", row.document_id);
            findings.look_at("case-without-document", sentence);
        }
    }
    for missing in counted.into_keys() {
        let reports: Vec<Uuid> = report::Entity::find()
            .select_only()
            .column(report::Column::Id)
            .filter(report::Column::CaseId.eq(missing))
            .order_by_asc(report::Column::Id)
            .into_tuple()
            .all(connection)
            .await?;
        for id in reports {
            let sentence = format!("The report {id} belongs to the case {missing}, which is not there.");
            findings.error("report-without-case", sentence);
        }
    }
    Ok(())
}
