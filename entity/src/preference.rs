//! How a person likes the panel. Without a row, everything is as it is for everybody.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "preference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// `rich` or `plain`.
    pub text_editing: String,
    pub single_keys: bool,
    pub announce_formatting: bool,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
    pub updated_at: i64,
    /// When they are told by mail that somebody has reported something about a page of theirs.
    pub reports_by_mail: String,
    /// When they are told by mail that a note names them.
    pub mentions_by_mail: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
