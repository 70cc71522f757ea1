//! Links that show one version of a document to people without an account.

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
                    .table("preview_link")
                    .required_uuid("id")
                    .required_string("digest")
                    .required_uuid("document_id")
                    .required_integer("version")
                    .required_string("embedded")
                    .optional_text("note")
                    .required_big_integer("created_at")
                    .optional_uuid("created_by")
                    .required_string("created_by_name")
                    .required_big_integer("expires_at")
                    .optional_big_integer("revoked_at")
                    .foreign_key(&mut schema::foreign_key("preview_link", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("preview_link", &["digest"])).await?;
        manager.create_index(schema::index("preview_link", &["document_id", "version"])).await
    }
}
