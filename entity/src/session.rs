//! What a browser carries from one request to the next; of a person who has signed in, or of nobody in particular.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the id in the cookie, in hexadecimal: whoever reads the table can't sign in with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// JSON object.
    #[sea_orm(column_type = "Text")]
    pub data: String,
    /// Set when the row is made and never changed.
    pub user_id: Option<Uuid>,
    /// In words, such as "Firefox on Linux".
    pub browser: Option<String>,
    pub created_at: i64,
    /// To five minutes.
    pub seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
