//! Images and their renditions.

use sea_orm_migration::prelude::*;

use crate::schema::{self, Columns as _};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("media")
                    .required_uuid("id")
                    .required_string("filename")
                    .required_string("media_type")
                    .required_big_integer("bytes")
                    .required_integer("width")
                    .required_integer("height")
                    .required_string("sha256")
                    .optional_text("alt")
                    .optional_text("caption")
                    .optional_string("credit")
                    .optional_double("focal_x")
                    .optional_double("focal_y")
                    .optional_uuid("replaced_by")
                    .optional_big_integer("public_since")
                    .required_big_integer("row_version")
                    .required_big_integer("created_at")
                    .optional_uuid("created_by")
                    .required_string("created_by_name")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("media", &["created_at", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("rendition")
                    .required_string("key")
                    .required_uuid("media_id")
                    .required_integer("width")
                    .required_integer("height")
                    .required_string("media_type")
                    .required_big_integer("bytes")
                    .required_string("sha256")
                    .foreign_key(&mut schema::foreign_key("rendition", "media_id", "media", "id"))
                    .primary_key(&mut schema::columns(&["key"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("rendition", &["media_id"])).await?;
        Ok(())
    }
}
