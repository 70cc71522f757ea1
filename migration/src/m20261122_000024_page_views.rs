//! How often readers looked at pages, as sites count it.

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
            .table("page_view")
            .required_uuid("document_id")
            .required_string("day")
            .required_big_integer("views")
            .primary_key(&mut schema::columns(&["document_id", "day"]))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(schema::index("page_view", &["day"])).await
    }
}
