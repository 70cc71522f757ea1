//! What a case was before its last change. It holds no words of reports.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "case_undo")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// The version of the case that the change made.
    pub row_version: i64,
    pub user_id: Uuid,
    pub at: i64,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub before: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
