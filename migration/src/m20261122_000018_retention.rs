//! What people take out of reports, sealed for some minutes; and when a case was closed, from when its texts are kept for
//! so long.

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
                    .table("sealed_words")
                    .required_uuid("id")
                    .required_uuid("report_id")
                    .required_text("sealed")
                    .required_string("actor_name")
                    .required_big_integer("made_at")
                    .required_big_integer("until")
                    .foreign_key(&mut schema::foreign_key("sealed_words", "report_id", "report", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("sealed_words", &["report_id"])).await?;
        manager.create_index(schema::index("sealed_words", &["until"])).await?;
        let column = ColumnDef::new("closed_at").big_integer().to_owned();
        manager.alter_table(Table::alter().table("case").add_column(column).to_owned()).await?;
        // What was closed before is taken to have been closed when it was last changed.
        let closed = Query::update()
            .table("case")
            .value("closed_at", Expr::col("updated_at"))
            .and_where(Expr::col("state").is_in(["resolved", "dismissed", "merged"]))
            .to_owned();
        manager.execute(closed).await?;
        manager.create_index(schema::index("case", &["closed_at"])).await
    }
}
