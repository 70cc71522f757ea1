//! Whether people want to be told by mail that a note names them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let wanted = ColumnDef::new("mentions_by_mail").text().not_null().default("none").to_owned();
        manager.alter_table(Table::alter().table("preference").add_column(wanted).to_owned()).await
    }
}
