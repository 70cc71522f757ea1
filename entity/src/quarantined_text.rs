//! A rich text that an editor sent and that could not be taken as it came, kept as it was sent.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "quarantined_text")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub document_id: Uuid,
    pub user_id: Uuid,
    /// JSON pointer of the field in what was sent.
    pub pointer: String,
    /// The same place in words.
    pub label: String,
    /// `changed`, `unreadable` or `too-large`.
    pub reason: String,
    /// The editor's JSON.
    #[sea_orm(column_type = "Text")]
    pub sent: String,
    /// The digest that came with it.
    pub sum: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
