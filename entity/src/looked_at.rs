//! What a person has looked at and left as it is: a finding of the checks, about one text at one place.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "looked_at")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    /// Of rule, place and text together: another text is another finding.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: String,
    /// The rule.
    pub code: String,
    /// The id of the thing that the text belongs to and its field there, or its pointer in the content.
    pub place: String,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub at: i64,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
