//! An immutable, numbered save.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub slug: String,
    pub parent_id: Option<Uuid>,
    pub language: String,
    pub title: String,
    /// Of the content; older formats are upgraded on read.
    pub format: i32,
    /// JSON.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// SHA-256 in hexadecimal of slug, parent, language and content.
    pub content_hash: String,
    pub created_at: i64,
    pub door: String,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub actor_email: Option<String>,
    pub from_version: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// A page saved it by itself while somebody was typing; nobody has kept it on purpose.
    #[serde(default)]
    pub autosaved: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
