//! Cases about accessibility have targets of their own: when they are due is worked out again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A running case that is not due is timed at the next start.
        let untimed = Query::update()
            .table("case")
            .value("due_at", Option::<i64>::None)
            .and_where(Expr::col("category").eq("accessibility"))
            .to_owned();
        manager.execute(untimed).await
    }
}
