//! A list with its filters that somebody gave a name.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "saved_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    /// Which list it is of.
    pub list: String,
    pub name: String,
    /// As it stands in the address of the list, without the question mark.
    #[sea_orm(column_type = "Text")]
    pub query: String,
    /// Whether everybody who sees the list sees it.
    pub shared: bool,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
