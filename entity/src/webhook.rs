//! An address elsewhere to which public events are posted.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    pub owner_id: Uuid,
    /// JSON list of the types of events that are wanted; null for all.
    #[sea_orm(column_type = "Text", nullable)]
    pub events: Option<String>,
    /// `whsec_` and the key in base64.
    pub secret: String,
    pub previous_secret: Option<String>,
    /// Until when the previous secret signs too.
    pub previous_until: Option<i64>,
    pub created_at: i64,
    /// Events after this one are delivered by themselves.
    pub since_sequence: i64,
    pub paused_at: Option<i64>,
    /// Events up to this one are still delivered by themselves.
    pub paused_sequence: Option<i64>,
    pub pause_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub pause_note: Option<String>,
    /// Since when nothing has got through.
    pub failing_since: Option<i64>,
    /// Attempts that failed since something got through.
    pub failures: i32,
    /// Before this time nothing is tried, after a failure.
    pub retry_at: Option<i64>,
    /// Events after this one, up to `replay_until`, are still to be delivered again.
    pub replay_after: Option<i64>,
    pub replay_until: Option<i64>,
    pub last_attempt_at: Option<i64>,
    pub last_status: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub last_success_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
