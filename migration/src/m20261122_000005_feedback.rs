//! Reports and cases.

use sea_orm_migration::prelude::*;

use crate::schema::{self, Columns as _};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("case")
                    .required_uuid("id")
                    .required_big_integer("number")
                    .required_string("title")
                    .required_uuid("document_id")
                    .required_string("state")
                    .optional_string("resolution")
                    .optional_text("reason")
                    .optional_uuid("assignee_id")
                    .optional_big_integer("waiting_until")
                    .optional_uuid("fixed_document_id")
                    .optional_integer("fixed_version")
                    .optional_big_integer("fixed_sequence")
                    .optional_uuid("merged_into")
                    .optional_string("state_before_merge")
                    .required_boolean("regressed")
                    .required_integer("report_count")
                    .required_big_integer("first_report_at")
                    .required_big_integer("last_report_at")
                    .required_big_integer("row_version")
                    .required_big_integer("created_at")
                    .required_big_integer("updated_at")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("case", &["number"])).await?;
        manager.create_index(schema::index("case", &["state", "last_report_at", "id"])).await?;
        manager.create_index(schema::index("case", &["document_id"])).await?;
        manager.create_index(schema::index("case", &["fixed_document_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("report")
                    .required_uuid("id")
                    .required_string("reference")
                    .required_uuid("document_id")
                    .required_uuid("page_id")
                    .optional_integer("version")
                    .optional_big_integer("seen_sequence")
                    .optional_uuid("block_id")
                    .required_string("kind")
                    .optional_text("doing")
                    .optional_text("wrong")
                    .required_text("removed")
                    .required_text("reasons")
                    .required_integer("score")
                    .required_boolean("quarantined")
                    .required_string("fingerprint")
                    .optional_uuid("case_id")
                    .optional_uuid("case_before_merge")
                    .required_big_integer("received_at")
                    .required_string("door")
                    .required_string("receipt_digest")
                    .optional_big_integer("text_purged_at")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("report", &["reference"])).await?;
        manager.create_index(schema::index("report", &["page_id", "received_at"])).await?;
        manager.create_index(schema::index("report", &["case_id"])).await?;
        manager.create_index(schema::index("report", &["fingerprint", "received_at"])).await?;
        manager.create_index(schema::index("report", &["quarantined", "received_at", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("report_addition")
                    .required_uuid("id")
                    .required_uuid("report_id")
                    .required_text("text")
                    .required_text("removed")
                    .required_big_integer("received_at")
                    .foreign_key(&mut schema::foreign_key("report_addition", "report_id", "report", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("report_addition", &["report_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("report_contact")
                    .required_uuid("report_id")
                    .required_string("email")
                    .required_big_integer("delete_after")
                    .foreign_key(&mut schema::foreign_key("report_contact", "report_id", "report", "id"))
                    .primary_key(&mut schema::columns(&["report_id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("case_note")
                    .required_uuid("id")
                    .required_uuid("case_id")
                    .required_text("text")
                    .required_text("removed")
                    .optional_uuid("author_id")
                    .required_string("author_name")
                    .required_big_integer("created_at")
                    .foreign_key(&mut schema::foreign_key("case_note", "case_id", "case", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("case_note", &["case_id"])).await?;
        Ok(())
    }
}
