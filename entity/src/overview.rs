//! What lists search and show of the version of a document that is shown: made anew whenever that is another version.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "overview")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: Uuid,
    /// Each word of slug and content once, in lower case without accents.
    #[sea_orm(column_type = "Text")]
    pub words: String,
    /// How many checks stand in the way of publishing.
    pub must_fix: i32,
    pub look_at: i32,
    /// Which edition of the rules counted them.
    pub checks_edition: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
