//! How grave a case is, what it is about, its labels, and by when something is to be done about it. The times by which
//! cases that are there already are due depend on the settings; the program works them out when it runs.

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
        for column in [
            ColumnDef::new("severity").text().not_null().default("normal"),
            ColumnDef::new("category").text().not_null().default("other"),
            ColumnDef::new("clock_from").big_integer().not_null().default(0),
            ColumnDef::new("clock_stopped_at").big_integer(),
            ColumnDef::new("pauses").text().not_null().default("[]"),
            ColumnDef::new("acted_at").big_integer(),
            ColumnDef::new("action_due_at").big_integer(),
            ColumnDef::new("fix_due_at").big_integer(),
            ColumnDef::new("due_at").big_integer(),
        ] {
            manager.alter_table(Table::alter().table("case").add_column(column).to_owned()).await?;
        }
        let connection = manager.get_connection();
        for statement in [
            r#"UPDATE "case" SET clock_from = created_at"#,
            r#"UPDATE "case" SET acted_at = updated_at WHERE state <> 'new'"#,
            r#"UPDATE "case" SET clock_stopped_at = updated_at WHERE state NOT IN ('new', 'open', 'in_progress')"#,
            r#"UPDATE "case" SET category = 'praise' WHERE id IN (SELECT case_id FROM report WHERE kind = 'praise')"#,
            r#"UPDATE "case" SET category = 'accessibility' WHERE id IN (SELECT case_id FROM report WHERE kind = 'accessibility')"#,
        ] {
            connection.execute_unprepared(statement).await?;
        }
        manager.create_index(schema::index("case", &["state", "due_at", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("case_label")
                    .required_uuid("case_id")
                    .required_string("label")
                    .foreign_key(&mut schema::foreign_key("case_label", "case_id", "case", "id"))
                    .primary_key(&mut schema::columns(&["case_id", "label"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("case_label", &["label", "case_id"])).await
    }
}
