//! One mail: for whom and about what, never its words. They are made when it is sent.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    /// The person that it goes to.
    pub user_id: Option<Uuid>,
    /// The report whose visitor it goes to; the address stands with the report and is read when it is sent.
    pub report_id: Option<Uuid>,
    /// What somebody typed who asked for a new password, until it is known whether there is such a person.
    pub address: Option<String>,
    /// What it is about, if that is not whom it goes to.
    pub about_id: Option<Uuid>,
    /// The same at every attempt, so that a receiver can tell a second copy.
    pub message_id: String,
    pub state: String,
    pub created_at: i64,
    /// Null once it is finished.
    pub next_attempt_at: Option<i64>,
    pub attempts: i32,
    /// Of the present round of attempts.
    pub first_attempt_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// Until when the instance that is sending it may do so.
    pub claimed_until: Option<i64>,
    /// Why it was given up, in words.
    #[sea_orm(column_type = "Text")]
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
