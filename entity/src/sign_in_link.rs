//! A link that lets its holder do one thing once without a password.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sign_in_link")]
pub struct Model {
    /// SHA-256 of the secret, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub purpose: String,
    pub user_id: Option<Uuid>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
