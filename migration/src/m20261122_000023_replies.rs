//! Answers to visitors, those that are kept to be used again, and whether people want to be told of reports by mail.

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
        manager.create_table(reply()).await?;
        manager.create_index(schema::index("report_reply", &["report_id", "created_at"])).await?;
        manager.create_index(schema::index("report_reply", &["text_purged_at"])).await?;
        manager.create_table(saved()).await?;
        let wanted = ColumnDef::new("reports_by_mail").text().not_null().default("none").to_owned();
        manager.alter_table(Table::alter().table("preference").add_column(wanted).to_owned()).await
    }
}

fn reply() -> TableCreateStatement {
    Table::create()
        .table("report_reply")
        .required_uuid("id")
        .required_uuid("report_id")
        .required_uuid("case_id")
        .optional_text("text")
        .optional_uuid("author_id")
        .required_string("author_name")
        .required_big_integer("created_at")
        .required_boolean("by_mail")
        .optional_big_integer("sent_at")
        .optional_string("receipt_digest")
        .optional_big_integer("text_purged_at")
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}

fn saved() -> TableCreateStatement {
    Table::create()
        .table("saved_reply")
        .required_uuid("id")
        .required_string("title")
        .required_text("text")
        .required_big_integer("created_at")
        .required_big_integer("updated_at")
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}
