//! By which edition of the rules the findings of a document were counted. What is there was counted by none that is known;
//! the program counts it again when it starts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("overview")
                    .add_column(ColumnDef::new("checks_edition").integer().not_null().default(0))
                    .to_owned(),
            )
            .await
    }
}
