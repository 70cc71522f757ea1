//! What lists of cases count is answered from indexes alone, in the order in which it is grouped. A report says whether it
//! has an address.

use sea_orm_migration::prelude::*;

use crate::schema;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What is filtered by and grouped by, after the first; a case is found by the last.
const COUNTED: [&str; 8] =
    ["state", "severity", "category", "assignee_id", "due_at", "regressed", "last_report_at", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let [state, severity, category, assignee, rest @ ..] = COUNTED;
        let by_state = [&[state, severity, category, assignee, "document_id"], rest.as_slice()].concat();
        let by_document = [&["document_id"], COUNTED.as_slice()].concat();
        for (name, columns) in [("case_counted_by_state", by_state), ("case_counted_by_document", by_document)] {
            let mut index = schema::columns(&columns);
            manager.create_index(index.name(name).table("case").to_owned()).await?;
        }
        let column = ColumnDef::new("has_contact").boolean().not_null().default(false).to_owned();
        manager.alter_table(Table::alter().table("report").add_column(column).to_owned()).await?;
        let with = Query::select().column("report_id").from("report_contact").to_owned();
        let update = Query::update()
            .table("report")
            .value("has_contact", true)
            .and_where(Expr::col("id").in_subquery(with))
            .to_owned();
        manager.exec_stmt(update).await?;
        manager.create_index(schema::index("report", &["has_contact", "case_id"])).await
    }
}
