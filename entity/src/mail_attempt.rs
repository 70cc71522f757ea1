//! One try to hand a mail over, and what the server said.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mail_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mail_id: Uuid,
    pub at: i64,
    /// In milliseconds.
    pub duration: i32,
    /// The code of the server's answer, if there was one.
    pub status: Option<i32>,
    /// The words of the server's answer; kept for mail to people with an account only, since they may hold the address.
    #[sea_orm(column_type = "Text")]
    pub answer: Option<String>,
    /// Why it was not accepted, in words.
    #[sea_orm(column_type = "Text")]
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
