//! Saving by itself: which versions came from it, and who has which editor open.

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
            .alter_table(
                Table::alter()
                    .table("version")
                    .add_column(ColumnDef::new("autosaved").boolean().not_null().default(false))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("version", &["autosaved", "created_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("presence")
                    .required_uuid("page")
                    .required_uuid("document_id")
                    .required_uuid("user_id")
                    .optional_string("place")
                    .required_big_integer("opened_at")
                    .required_big_integer("seen_at")
                    .optional_big_integer("saved_at")
                    .required_big_integer("sequence")
                    .optional_integer("version")
                    .optional_text("sent")
                    .foreign_key(&mut schema::foreign_key("presence", "document_id", "document", "id"))
                    .foreign_key(&mut schema::foreign_key("presence", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["page"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("presence", &["document_id", "seen_at"])).await?;
        manager.create_index(schema::index("presence", &["seen_at"])).await
    }
}
