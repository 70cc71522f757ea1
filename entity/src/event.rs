//! The event log: what happened, in commit order. Never pruned or changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub at: i64,
    pub kind: String,
    pub document_id: Option<Uuid>,
    pub subject_kind: String,
    pub subject_id: String,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub door: String,
    /// Whether the public changes feed shows it.
    pub public: bool,
    /// JSON; never the text of a report.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// JSON list of the live documents whose public JSON changed.
    #[sea_orm(column_type = "Text")]
    pub affected: String,
    pub request_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
