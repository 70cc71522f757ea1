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
    pub live_version: Option<i32>,
    pub live_state: String,
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
    pub live_title: Option<String>,
    pub live_title_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub live_summary: Option<String>,
    pub live_slug: Option<String>,
    pub live_parent_id: Option<Uuid>,
    pub live_path: Option<String>,
    /// The explanation while withdrawn.
    #[sea_orm(column_type = "Text")]
    pub notice: Option<String>,
    pub unpublish_decision: Option<String>,
    /// Path or address that an unpublished document redirects to.
    pub unpublish_target: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub unpublish_explanation: Option<String>,
    /// Version that was force-published and still awaits its review.
    pub retrospective_version: Option<i32>,
    pub retrospective_by: Option<Uuid>,
    pub owner_id: Option<Uuid>,
    /// Date, YYYY-MM-DD.
    pub review_by: Option<String>,
    /// Date, YYYY-MM-DD.
    pub last_reviewed_on: Option<String>,
    pub first_published_at: Option<i64>,
    pub published_at: Option<i64>,
    /// Last event that changed this document's public JSON.
    pub changed_sequence: Option<i64>,
    /// Time of that event.
    pub changed_at: Option<i64>,
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
