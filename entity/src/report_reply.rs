//! An answer to the visitor who sent a report. Its text goes when the address goes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "report_reply")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub report_id: Uuid,
    pub case_id: Uuid,
    /// With its placeholders as they were typed.
    #[sea_orm(column_type = "Text")]
    pub text: Option<String>,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub created_at: i64,
    /// Whether the program sends it; otherwise its author does.
    pub by_mail: bool,
    /// When a mail server took it, or when it was shown to be sent by hand.
    pub sent_at: Option<i64>,
    /// Of the receipt's address in the newest letter, beside the one that the visitor was given at first.
    pub receipt_digest: Option<String>,
    pub text_purged_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
