//! People who are named in notes on cases.

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
                    .table("mention")
                    .required_uuid("note_id")
                    .required_uuid("user_id")
                    .required_uuid("case_id")
                    .required_big_integer("at")
                    .optional_big_integer("seen_at")
                    .foreign_key(&mut schema::foreign_key("mention", "note_id", "case_note", "id"))
                    .foreign_key(&mut schema::foreign_key("mention", "user_id", "user", "id"))
                    .foreign_key(&mut schema::foreign_key("mention", "case_id", "case", "id"))
                    .primary_key(&mut schema::columns(&["note_id", "user_id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("mention", &["user_id", "seen_at"])).await?;
        manager.create_index(schema::index("mention", &["case_id"])).await
    }
}
