//! The marks of sample content: whoever removes a sample for good takes its mark away with it.

use std::collections::BTreeSet;

use entity::{case, document, media, report};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use uuid::Uuid;

use crate::{
    kernel::Result,
    site::{self, SampleId},
};

use super::Findings;

/// A mark is about something that is there.
pub async fn marks(connection: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let samples = site::samples(connection).await?;
    if samples.is_empty() {
        return Ok(());
    }
    let documents = document::Entity::find().select_only().column(document::Column::Id).into_tuple();
    let documents: Vec<Uuid> = documents.all(connection).await?;
    let media = media::Entity::find().select_only().column(media::Column::Id).into_tuple();
    let media: Vec<Uuid> = media.all(connection).await?;
    let reports = report::Entity::find().select_only().column(report::Column::Id).into_tuple();
    let reports: Vec<Uuid> = reports.all(connection).await?;
    let cases = case::Entity::find().select_only().column(case::Column::Id).into_tuple();
    let cases: Vec<Uuid> = cases.all(connection).await?;
    let there: BTreeSet<Uuid> = [documents, media, reports, cases].into_iter().flatten().collect();
    for (id, _) in samples.iter() {
        let (what, id) = match id {
            SampleId::Document(id) => ("document", id.0),
            SampleId::Media(id) => ("image", id.0),
            SampleId::Report(id) => ("report", id.0),
            SampleId::Case(id) => ("case", id.0),
        };
        if !there.contains(&id) {
            let sentence = format!("The {what} {id} is marked as sample content, but is not there.");
            findings.look_at("sample-without-subject", sentence);
        }
    }
    Ok(())
}
