//! A link that shows one version of a document to whoever holds it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "preview_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret, in hexadecimal.
    pub digest: String,
    pub document_id: Uuid,
    pub version: i32,
    /// Which versions of embedded sections stand in it.
    pub embedded: String,
    /// Whom it is for, in the words of whoever made it.
    pub note: Option<String>,
    pub created_at: i64,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
