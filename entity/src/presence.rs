//! An editor that somebody has open.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "presence")]
pub struct Model {
    /// One open page; its script makes the id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: Uuid,
    pub document_id: Uuid,
    pub user_id: Uuid,
    /// The part of the document in which the person is: an id within the page.
    pub place: Option<String>,
    pub opened_at: i64,
    pub seen_at: i64,
    pub saved_at: Option<i64>,
    /// Of the last save that this page sent and that was handled.
    pub sequence: i64,
    /// The version that the last save of this page made or met.
    pub version: Option<i32>,
    /// What the page sent with it: JSON that its reader understands.
    #[sea_orm(column_type = "Text")]
    pub sent: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
