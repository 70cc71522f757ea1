//! One event, or a test, for one webhook.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub webhook_id: Uuid,
    /// The event's; null for a test.
    pub sequence: Option<i64>,
    /// What receivers know it by, however often it is sent.
    pub message_id: String,
    /// The type of the event, or `test`.
    pub kind: String,
    /// The bytes that are sent and signed.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub state: String,
    pub created_at: i64,
    /// Null once it is finished.
    pub next_attempt_at: Option<i64>,
    pub attempts: i32,
    /// Of the present round of attempts.
    pub first_attempt_at: Option<i64>,
    pub finished_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
