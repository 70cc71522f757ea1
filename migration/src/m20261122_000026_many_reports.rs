//! Finds reports and cases in their order where there are very many of them.
//!
//! Each index serves one question of the inbox or of a report on its way in, in the order in which its answer is shown, so
//! that a page of a list reads little more than what it shows.

use sea_orm_migration::prelude::*;

use crate::schema;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in [
            ("case", ["last_report_at", "id"].as_slice()),
            ("case", &["document_id", "state", "last_report_at"]),
            ("case", &["assignee_id", "state", "last_report_at"]),
            ("report", &["received_at", "id"]),
            ("report", &["document_id", "received_at"]),
            ("report", &["case_id", "received_at"]),
            ("report", &["case_id", "kind", "id"]),
            ("report", &["kind", "received_at", "id"]),
            ("report", &["flags", "received_at", "id"]),
        ] {
            manager.create_index(schema::index(table, columns)).await?;
        }
        // What these found, the longer ones find as well.
        for (table, name) in [("case", "case_by_document_id"), ("report", "report_by_case_id")] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
