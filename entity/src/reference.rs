//! Who refers to what, for the draft and, with its history, for the live line.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    /// Draft or live.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: Uuid,
    /// 0 on the draft line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_sequence: i64,
    pub target_kind: String,
    pub from_at: i64,
    pub until_sequence: Option<i64>,
    pub until_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
