//! The lasting identity of one piece of content, with its draft line and its live line.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub latest_version: i32,
    pub draft_version: Option<i32>,
    pub draft_state: Option<String>,
    /// JSON; why a scheduled publish failed.
    #[sea_orm(column_type = "Text")]
    pub draft_faults: Option<String>,
    pub submitted_by: Option<Uuid>,
    pub approved_by: Option<Uuid>,
    /// Of the latest version.
    pub title: String,
    /// The title in lower case without accents, to sort and search by.
    pub title_key: String,
    /// Of the latest version.
    pub slug: String,
    /// Of the latest version.
    pub parent_id: Option<Uuid>,
    /// Of the latest version.
    pub language: String,
    pub owner_id: Option<Uuid>,
    /// Date, YYYY-MM-DD.
    pub review_by: Option<String>,
    /// Date, YYYY-MM-DD.
    pub last_reviewed_on: Option<String>,
    pub trashed_at: Option<i64>,
    pub row_version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: Option<Uuid>,
    pub updated_by_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
