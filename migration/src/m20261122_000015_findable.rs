//! What the public can find a live document by. The rows of what is live already are made by the program when it starts.

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
                    .table("findable")
                    .required_uuid("document_id")
                    .required_integer("version")
                    .required_integer("edition")
                    .required_text("content")
                    .foreign_key(&mut schema::foreign_key("findable", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id"]))
                    .to_owned(),
            )
            .await
    }
}
