//! Webhooks: where public events are posted to, what is on its way there, and what came of each attempt.

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
        manager.create_table(webhook()).await?;
        manager.create_table(delivery()).await?;
        manager.create_index(schema::unique("webhook_delivery", &["webhook_id", "sequence"])).await?;
        manager.create_index(schema::index("webhook_delivery", &["webhook_id", "state", "next_attempt_at"])).await?;
        manager.create_index(schema::index("webhook_delivery", &["finished_at"])).await?;
        manager.create_table(attempt()).await?;
        manager.create_index(schema::index("webhook_attempt", &["webhook_id", "at"])).await?;
        manager.create_index(schema::index("webhook_attempt", &["delivery_id", "at"])).await?;
        manager.create_index(schema::index("webhook_attempt", &["at"])).await
    }
}

fn webhook() -> TableCreateStatement {
    Table::create()
        .table("webhook")
        .required_uuid("id")
        .required_string("name")
        .required_text("url")
        .required_uuid("owner_id")
        .optional_text("events")
        .required_string("secret")
        .optional_string("previous_secret")
        .optional_big_integer("previous_until")
        .required_big_integer("created_at")
        .required_big_integer("since_sequence")
        .optional_big_integer("paused_at")
        .optional_big_integer("paused_sequence")
        .optional_string("pause_reason")
        .optional_text("pause_note")
        .optional_big_integer("failing_since")
        .required_integer("failures")
        .optional_big_integer("retry_at")
        .optional_big_integer("replay_after")
        .optional_big_integer("replay_until")
        .optional_big_integer("last_attempt_at")
        .optional_integer("last_status")
        .optional_text("last_error")
        .optional_big_integer("last_success_at")
        .foreign_key(&mut schema::foreign_key("webhook", "owner_id", "user", "id"))
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}

fn delivery() -> TableCreateStatement {
    Table::create()
        .table("webhook_delivery")
        .required_uuid("id")
        .required_uuid("webhook_id")
        .optional_big_integer("sequence")
        .required_string("message_id")
        .required_string("kind")
        .required_text("body")
        .required_string("state")
        .required_big_integer("created_at")
        .optional_big_integer("next_attempt_at")
        .required_integer("attempts")
        .optional_big_integer("first_attempt_at")
        .optional_big_integer("finished_at")
        .foreign_key(&mut schema::foreign_key("webhook_delivery", "webhook_id", "webhook", "id"))
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("webhook_attempt")
        .required_uuid("id")
        .required_uuid("delivery_id")
        .required_uuid("webhook_id")
        .required_big_integer("at")
        .required_text("url")
        .required_text("headers")
        .required_integer("duration")
        .optional_integer("status")
        .optional_text("answer")
        .optional_text("error")
        .foreign_key(&mut schema::foreign_key("webhook_attempt", "delivery_id", "webhook_delivery", "id"))
        .foreign_key(&mut schema::foreign_key("webhook_attempt", "webhook_id", "webhook", "id"))
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}
