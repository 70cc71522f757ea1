//! What a site says in public about the fix of a case, in a sentence that a person wrote for it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "fix_told")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// The document that was mended.
    pub document_id: Uuid,
    pub version: i32,
    /// When that version went live first.
    pub fixed_at: i64,
    /// The part of it that was reported, if one was named.
    pub block_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub told_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
