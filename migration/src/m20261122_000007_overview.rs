//! What lists search and show of documents. The rows are made by the program when it starts.

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
                    .table("overview")
                    .required_uuid("document_id")
                    .required_text("words")
                    .required_integer("must_fix")
                    .required_integer("look_at")
                    .foreign_key(&mut schema::foreign_key("overview", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id"]))
                    .to_owned(),
            )
            .await?;
        // Lists ask for what an owner has, what is in a state, and what needs work.
        manager.create_index(schema::index("overview", &["must_fix"])).await?;
        manager.create_index(schema::index("document", &["draft_state"])).await?;
        manager.create_index(schema::index("document", &["owner_id"])).await?;
        manager.create_index(schema::index("document", &["review_by"])).await?;
        manager.create_index(schema::index("document", &["updated_by", "updated_at"])).await
    }
}
