//! Mail: what is on its way to people and visitors, and what came of each attempt.

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
        manager.create_table(mail()).await?;
        manager.create_index(schema::index("mail", &["state", "next_attempt_at"])).await?;
        manager.create_index(schema::index("mail", &["created_at"])).await?;
        manager.create_index(schema::index("mail", &["user_id", "kind"])).await?;
        manager.create_table(attempt()).await?;
        manager.create_index(schema::index("mail_attempt", &["mail_id", "at"])).await
    }
}

fn mail() -> TableCreateStatement {
    Table::create()
        .table("mail")
        .required_uuid("id")
        .required_string("kind")
        .optional_uuid("user_id")
        .optional_uuid("report_id")
        .optional_string("address")
        .optional_uuid("about_id")
        .required_string("message_id")
        .required_string("state")
        .required_big_integer("created_at")
        .optional_big_integer("next_attempt_at")
        .required_integer("attempts")
        .optional_big_integer("first_attempt_at")
        .optional_big_integer("finished_at")
        .optional_big_integer("claimed_until")
        .optional_text("error")
        .foreign_key(&mut schema::foreign_key("mail", "user_id", "user", "id"))
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("mail_attempt")
        .required_uuid("id")
        .required_uuid("mail_id")
        .required_big_integer("at")
        .required_integer("duration")
        .optional_integer("status")
        .optional_text("answer")
        .optional_text("error")
        .foreign_key(&mut schema::foreign_key("mail_attempt", "mail_id", "mail", "id"))
        .primary_key(&mut schema::columns(&["id"]))
        .to_owned()
}
