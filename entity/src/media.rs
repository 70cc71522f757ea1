//! An image in the library.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub filename: String,
    pub media_type: String,
    pub bytes: i64,
    pub width: i32,
    pub height: i32,
    /// Of the bytes that were uploaded, in hexadecimal.
    pub sha256: String,
    /// Suggested for the next use; every use has its own.
    #[sea_orm(column_type = "Text")]
    pub alt: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub caption: Option<String>,
    pub credit: Option<String>,
    /// 0 to 1 from the left.
    pub focal_x: Option<f64>,
    /// 0 to 1 from the top.
    pub focal_y: Option<f64>,
    pub replaced_by: Option<Uuid>,
    /// Sequence of the first publication that used it.
    pub public_since: Option<i64>,
    pub row_version: i64,
    pub created_at: i64,
    pub created_by: Option<Uuid>,
    pub created_by_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
