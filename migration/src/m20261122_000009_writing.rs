//! How people write: their preferences, and texts that came damaged.

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
                    .table("preference")
                    .required_uuid("user_id")
                    .required_string("text_editing")
                    .required_boolean("single_keys")
                    .required_boolean("announce_formatting")
                    .required_string("theme")
                    .required_string("density")
                    .required_big_integer("updated_at")
                    .foreign_key(&mut schema::foreign_key("preference", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["user_id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("quarantined_text")
                    .required_uuid("id")
                    .required_uuid("document_id")
                    .required_uuid("user_id")
                    .required_string("pointer")
                    .required_string("label")
                    .required_string("reason")
                    .required_text("sent")
                    .required_string("sum")
                    .required_big_integer("created_at")
                    .foreign_key(&mut schema::foreign_key("quarantined_text", "document_id", "document", "id"))
                    .foreign_key(&mut schema::foreign_key("quarantined_text", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("quarantined_text", &["document_id"])).await?;
        manager.create_index(schema::index("quarantined_text", &["created_at"])).await
    }
}
