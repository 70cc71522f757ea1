//! Findings of the checks that a person has looked at.

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
                    .table("looked_at")
                    .required_uuid("document_id")
                    .required_string("mark")
                    .required_string("code")
                    .required_string("place")
                    .optional_text("reason")
                    .required_big_integer("at")
                    .optional_uuid("actor_id")
                    .required_string("actor_name")
                    .foreign_key(&mut schema::foreign_key("looked_at", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id", "mark"]))
                    .to_owned(),
            )
            .await
    }
}
