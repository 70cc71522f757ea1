//! One try to deliver something to a webhook: what was sent and what came back. The body that was sent stands in the
//! delivery, since it is the same each time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub delivery_id: Uuid,
    pub webhook_id: Uuid,
    pub at: i64,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// JSON object of the headers that were sent.
    #[sea_orm(column_type = "Text")]
    pub headers: String,
    /// In milliseconds.
    pub duration: i32,
    /// Null if nothing was answered.
    pub status: Option<i32>,
    /// The beginning of what was answered.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    /// In words, if it did not get through.
    #[sea_orm(column_type = "Text", nullable)]
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
