//! What a case was before its last change, for the few minutes in which that can be undone.

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
                    .table("case_undo")
                    .required_uuid("case_id")
                    .required_big_integer("row_version")
                    .required_uuid("user_id")
                    .required_big_integer("at")
                    .required_text("before")
                    .foreign_key(&mut schema::foreign_key("case_undo", "case_id", "case", "id"))
                    .foreign_key(&mut schema::foreign_key("case_undo", "user_id", "user", "id"))
                    .primary_key(&mut schema::columns(&["case_id"]))
                    .to_owned(),
            )
            .await
    }
}
