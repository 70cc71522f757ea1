//! What is sample content. A subject can be of four tables, so that no foreign key holds it.

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
                    .table("sample")
                    .required_uuid("subject_id")
                    .required_string("subject_kind")
                    .required_big_integer("added_at")
                    .optional_uuid("added_by")
                    .required_string("added_by_name")
                    .primary_key(&mut schema::columns(&["subject_id"]))
                    .to_owned(),
            )
            .await
    }
}
