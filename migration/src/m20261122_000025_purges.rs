//! Since when a report is in quarantine, and by which rule its text was purged.

use sea_orm_migration::prelude::*;

use crate::schema;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [ColumnDef::new("quarantined_at").big_integer(), ColumnDef::new("purge_rule").text()] {
            manager.alter_table(Table::alter().table("report").add_column(column.to_owned()).to_owned()).await?;
        }
        let quarantined = Query::update()
            .table("report")
            .value("quarantined_at", Expr::col("received_at"))
            .and_where(Expr::col("quarantined").eq(true))
            .to_owned();
        manager.execute(quarantined).await?;
        // What happened to one thing is asked for whenever its text is purged, and by every time line.
        manager.create_index(schema::index("event", &["subject_id", "subject_kind", "sequence"])).await
    }
}
