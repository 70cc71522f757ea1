//! What a visitor sent about a page. Never edited, except redaction and retention.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reference: String,
    /// The document that owns what is reported, embedded or not.
    pub document_id: Uuid,
    /// The page that the visitor saw.
    pub page_id: Uuid,
    /// Of the page.
    pub version: Option<i32>,
    /// The page's changed_sequence when the visitor saw it.
    pub seen_sequence: Option<i64>,
    pub block_id: Option<Uuid>,
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub doing: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub wrong: Option<String>,
    /// JSON: personal data removed before writing, counted by type.
    #[sea_orm(column_type = "Text")]
    pub removed: String,
    /// JSON list: why it is suspected of being spam.
    #[sea_orm(column_type = "Text")]
    pub reasons: String,
    pub score: i32,
    pub quarantined: bool,
    pub fingerprint: String,
    pub case_id: Option<Uuid>,
    pub case_before_merge: Option<Uuid>,
    pub received_at: i64,
    pub door: String,
    pub receipt_digest: String,
    pub text_purged_at: Option<i64>,
    /// JSON list: what people should look at in its texts.
    #[sea_orm(column_type = "Text")]
    pub flags: String,
    /// Since when it is in quarantine, while it is.
    pub quarantined_at: Option<i64>,
    /// By which rule its text was purged; without one a person erased it.
    pub purge_rule: Option<String>,
    /// What sort of device it was sent from, if that is known: nothing else of the browser is kept.
    pub device: Option<String>,
    /// Whether an address stands in `report_contact`.
    pub has_contact: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
