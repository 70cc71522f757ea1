//! The site itself: identity, settings, counters and who leads what.

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
                    .table("counter")
                    .required_string("name")
                    .required_big_integer("value")
                    .primary_key(&mut schema::columns(&["name"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("site")
                    .required_integer("id")
                    .required_string("epoch")
                    .required_boolean("demo")
                    .required_string("page_token_key")
                    .required_big_integer("created_at")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("setting")
                    .required_string("name")
                    .required_text("value")
                    .required_big_integer("changed_at")
                    .primary_key(&mut schema::columns(&["name"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("lease")
                    .required_string("name")
                    .required_string("holder")
                    .required_big_integer("until")
                    .primary_key(&mut schema::columns(&["name"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("follower")
                    .required_string("name")
                    .required_big_integer("position")
                    .primary_key(&mut schema::columns(&["name"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency")
                    .required_string("actor")
                    .required_string("key")
                    .required_string("request_digest")
                    .optional_text("outcome")
                    .required_big_integer("created_at")
                    .primary_key(&mut schema::columns(&["actor", "key"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("event")
                    .required_big_integer("sequence")
                    .required_big_integer("at")
                    .required_string("kind")
                    .optional_uuid("document_id")
                    .required_string("subject_kind")
                    .required_string("subject_id")
                    .required_string("actor_kind")
                    .optional_uuid("actor_id")
                    .required_string("actor_name")
                    .required_string("door")
                    .required_boolean("public")
                    .required_text("payload")
                    .required_text("affected")
                    .optional_string("request_id")
                    .primary_key(&mut schema::columns(&["sequence"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("event", &["document_id", "sequence"])).await?;
        manager.create_index(schema::index("event", &["public", "sequence"])).await?;
        Ok(())
    }
}
