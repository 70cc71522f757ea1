//! The live line of a document that has been published. Written only under the publication lock.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "live_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    pub kind: String,
    /// Live, withdrawn or unpublished.
    pub state: String,
    pub version: i32,
    pub title: String,
    pub title_key: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    pub language: String,
    /// Null once it is unpublished.
    pub slug: Option<String>,
    pub parent_id: Option<Uuid>,
    /// Null once it is unpublished.
    pub path: Option<String>,
    /// The explanation while withdrawn.
    #[sea_orm(column_type = "Text")]
    pub notice: Option<String>,
    pub unpublish_decision: Option<String>,
    /// The document or address that an unpublished document redirects to.
    pub unpublish_target: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub unpublish_explanation: Option<String>,
    /// Version that was force-published and still awaits its review.
    pub retrospective_version: Option<i32>,
    pub retrospective_by: Option<Uuid>,
    pub first_published_at: i64,
    pub published_at: i64,
    /// Last event that changed this document's public JSON.
    pub changed_sequence: i64,
    /// Time of that event.
    pub changed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
