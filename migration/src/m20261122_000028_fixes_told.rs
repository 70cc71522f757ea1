//! What a site says in public about fixes.

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
        let table = Table::create()
            .table("fix_told")
            .required_uuid("case_id")
            .required_uuid("document_id")
            .required_integer("version")
            .required_big_integer("fixed_at")
            .optional_uuid("block_id")
            .required_text("text")
            .required_big_integer("told_at")
            .foreign_key(&mut schema::foreign_key("fix_told", "case_id", "case", "id"))
            .primary_key(&mut schema::columns(&["case_id"]))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(schema::index("fix_told", &["document_id", "fixed_at"])).await
    }
}
