//! What happens to which version at which time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    /// Publish or unpublish.
    #[sea_orm(primary_key, auto_increment = false)]
    pub action: String,
    pub version: i32,
    pub at: i64,
    /// JSON of the step: note, change, decision and so on.
    #[sea_orm(column_type = "Text")]
    pub details: String,
    pub created_at: i64,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
