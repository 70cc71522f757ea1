//! One row: what identifies this database.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "site")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Renewed when a backup is restored; cursors of the changes feed carry it.
    pub epoch: String,
    /// A demo database is never served on a non-loopback address.
    pub demo: bool,
    /// 256 bits in hexadecimal; signs page tokens.
    pub page_token_key: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
