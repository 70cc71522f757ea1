//! One or more reports about the same problem.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "case")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: i64,
    pub title: String,
    pub document_id: Uuid,
    pub state: String,
    pub resolution: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub assignee_id: Option<Uuid>,
    pub waiting_until: Option<i64>,
    pub fixed_document_id: Option<Uuid>,
    pub fixed_version: Option<i32>,
    pub fixed_sequence: Option<i64>,
    pub merged_into: Option<Uuid>,
    pub state_before_merge: Option<String>,
    pub regressed: bool,
    pub report_count: i32,
    pub first_report_at: i64,
    pub last_report_at: i64,
    pub row_version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub severity: String,
    pub category: String,
    /// When the clock of its targets began to run.
    pub clock_from: i64,
    /// Since when the clock stands, while it does.
    pub clock_stopped_at: Option<i64>,
    /// JSON: the times, from and until, in which the clock stood before.
    #[sea_orm(column_type = "Text")]
    pub pauses: String,
    /// When somebody did something about it first.
    pub acted_at: Option<i64>,
    /// When something is to have been done, while nothing has.
    pub action_due_at: Option<i64>,
    pub fix_due_at: Option<i64>,
    /// The nearer of both.
    pub due_at: Option<i64>,
    /// Since when it is closed, while it is.
    pub closed_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
