//! Words that were taken out of a report a moment ago, sealed with a key that stands in no table.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sealed_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub report_id: Uuid,
    /// What stood there and what changed with it, encrypted, in base 64.
    #[sea_orm(column_type = "Text")]
    pub sealed: String,
    pub actor_name: String,
    pub made_at: i64,
    /// When it is deleted.
    pub until: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
