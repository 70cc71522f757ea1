//! Lists with their filters that people gave names.

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
                    .table("saved_view")
                    .required_uuid("id")
                    .required_uuid("owner_id")
                    .required_string("list")
                    .required_string("name")
                    .required_text("query")
                    .required_boolean("shared")
                    .required_big_integer("created_at")
                    .foreign_key(&mut schema::foreign_key("saved_view", "owner_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("saved_view", &["owner_id", "list", "name"])).await?;
        manager.create_index(schema::index("saved_view", &["list", "shared"])).await
    }
}
