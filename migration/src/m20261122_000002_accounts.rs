//! People and their keys.

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
                    .table("user")
                    .required_uuid("id")
                    .required_string("email")
                    .required_string("name")
                    .optional_string("password_hash")
                    .required_boolean("active")
                    .required_big_integer("row_version")
                    .required_big_integer("created_at")
                    .required_big_integer("updated_at")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("user", &["email"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("user_role")
                    .required_uuid("user_id")
                    .required_string("role")
                    .foreign_key(&mut schema::foreign_key("user_role", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["user_id", "role"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("api_key")
                    .required_uuid("id")
                    .required_string("name")
                    .required_uuid("owner_id")
                    .required_string("prefix")
                    .required_string("digest")
                    .required_text("scopes")
                    .required_big_integer("created_at")
                    .optional_big_integer("expires_at")
                    .optional_big_integer("last_used_at")
                    .optional_big_integer("revoked_at")
                    .foreign_key(&mut schema::foreign_key("api_key", "owner_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("api_key", &["prefix"])).await?;
        Ok(())
    }
}
