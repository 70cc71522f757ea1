//! Signing in: sessions, one-time links, and failed attempts.

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
                    .table("session")
                    .required_string("key")
                    .required_text("data")
                    .optional_uuid("user_id")
                    .optional_string("browser")
                    .required_big_integer("created_at")
                    .required_big_integer("seen_at")
                    .foreign_key(&mut schema::foreign_key("session", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["key"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("session", &["user_id"])).await?;
        manager.create_index(schema::index("session", &["seen_at"])).await?;
        manager.create_index(schema::index("session", &["created_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_link")
                    .required_string("digest")
                    .required_string("purpose")
                    .optional_uuid("user_id")
                    .required_big_integer("created_at")
                    .required_big_integer("expires_at")
                    .optional_big_integer("used_at")
                    .foreign_key(&mut schema::foreign_key("sign_in_link", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["digest"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("sign_in_link", &["user_id"])).await?;
        manager.create_index(schema::index("sign_in_link", &["expires_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_attempt")
                    .required_string("key")
                    .required_big_integer("failures")
                    .required_big_integer("began_at")
                    .required_big_integer("last_at")
                    .required_big_integer("refused_until")
                    .primary_key(&mut schema::columns(&["key"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("sign_in_attempt", &["last_at"])).await?;
        Ok(())
    }
}
