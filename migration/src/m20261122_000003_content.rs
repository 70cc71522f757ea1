//! Documents, their versions, publications and paths.

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
                    .table("document")
                    .required_uuid("id")
                    .required_string("kind")
                    .required_integer("latest_version")
                    .optional_integer("draft_version")
                    .optional_string("draft_state")
                    .optional_text("draft_faults")
                    .optional_uuid("submitted_by")
                    .optional_uuid("approved_by")
                    .required_string("title")
                    .required_string("title_key")
                    .required_string("slug")
                    .optional_uuid("parent_id")
                    .required_string("language")
                    .optional_uuid("owner_id")
                    .optional_string("review_by")
                    .optional_string("last_reviewed_on")
                    .optional_big_integer("trashed_at")
                    .required_big_integer("row_version")
                    .required_big_integer("created_at")
                    .required_big_integer("updated_at")
                    .optional_uuid("updated_by")
                    .required_string("updated_by_name")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("document", &["kind", "updated_at", "id"])).await?;
        manager.create_index(schema::index("document", &["kind", "title_key", "id"])).await?;
        manager.create_index(schema::index("document", &["kind", "slug"])).await?;
        manager.create_index(schema::index("document", &["parent_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("live_document")
                    .required_uuid("document_id")
                    .required_string("kind")
                    .required_string("state")
                    .required_integer("version")
                    .required_string("title")
                    .required_string("title_key")
                    .required_text("summary")
                    .required_string("language")
                    .optional_string("slug")
                    .optional_uuid("parent_id")
                    .optional_string("path")
                    .optional_text("notice")
                    .optional_string("unpublish_decision")
                    .optional_string("unpublish_target")
                    .optional_text("unpublish_explanation")
                    .optional_integer("retrospective_version")
                    .optional_uuid("retrospective_by")
                    .required_big_integer("first_published_at")
                    .required_big_integer("published_at")
                    .required_big_integer("changed_sequence")
                    .required_big_integer("changed_at")
                    .foreign_key(&mut schema::foreign_key("live_document", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("live_document", &["kind", "state", "title_key", "document_id"])).await?;
        manager.create_index(schema::index("live_document", &["kind", "state", "changed_at", "document_id"])).await?;
        manager.create_index(schema::index("live_document", &["parent_id"])).await?;
        manager.create_index(schema::unique_while_set("live_document", &["kind", "slug"], "slug")).await?;
        manager.create_index(schema::unique_while_set("live_document", &["path"], "path")).await?;
        manager
            .create_table(
                Table::create()
                    .table("version")
                    .required_uuid("document_id")
                    .required_integer("number")
                    .required_string("slug")
                    .optional_uuid("parent_id")
                    .required_string("language")
                    .required_string("title")
                    .required_integer("format")
                    .required_text("content")
                    .required_string("content_hash")
                    .required_big_integer("created_at")
                    .required_string("door")
                    .required_string("actor_kind")
                    .optional_uuid("actor_id")
                    .required_string("actor_name")
                    .optional_string("actor_email")
                    .optional_integer("from_version")
                    .optional_text("note")
                    .foreign_key(&mut schema::foreign_key("version", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id", "number"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("publication")
                    .required_uuid("id")
                    .required_uuid("document_id")
                    .required_integer("version")
                    .required_string("state")
                    .required_string("change")
                    .optional_text("note")
                    .optional_text("notice")
                    .required_big_integer("from_sequence")
                    .required_big_integer("from_at")
                    .optional_big_integer("until_sequence")
                    .optional_big_integer("until_at")
                    .optional_big_integer("suppressed_at")
                    .foreign_key(&mut schema::foreign_key("publication", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique_while_null("publication", &["document_id"], "until_sequence")).await?;
        manager.create_index(schema::index("publication", &["document_id", "from_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("live_path")
                    .required_uuid("id")
                    .required_string("path")
                    .required_uuid("document_id")
                    .required_big_integer("from_sequence")
                    .required_big_integer("from_at")
                    .optional_big_integer("until_sequence")
                    .optional_big_integer("until_at")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique_while_null("live_path", &["path"], "until_sequence")).await?;
        manager.create_index(schema::index("live_path", &["path", "from_sequence"])).await?;
        manager.create_index(schema::index("live_path", &["document_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("redirect")
                    .required_uuid("id")
                    .required_string("path")
                    .required_string("target")
                    .required_big_integer("created_at")
                    .optional_uuid("created_by")
                    .primary_key(&mut schema::columns(&["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::unique("redirect", &["path"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("reference")
                    .required_uuid("document_id")
                    .required_string("line")
                    .required_string("role")
                    .required_uuid("target_id")
                    .required_big_integer("from_sequence")
                    .required_string("target_kind")
                    .required_big_integer("from_at")
                    .optional_big_integer("until_sequence")
                    .optional_big_integer("until_at")
                    .foreign_key(&mut schema::foreign_key("reference", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id", "line", "role", "target_id", "from_sequence"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("reference", &["target_id", "line"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("confirmation")
                    .required_uuid("document_id")
                    .required_big_integer("sequence")
                    .optional_integer("version")
                    .optional_string("review_by")
                    .optional_string("last_reviewed_on")
                    .required_big_integer("at")
                    .optional_uuid("actor_id")
                    .required_string("actor_name")
                    .foreign_key(&mut schema::foreign_key("confirmation", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id", "sequence"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("schedule")
                    .required_uuid("document_id")
                    .required_string("action")
                    .required_integer("version")
                    .required_big_integer("at")
                    .required_text("details")
                    .required_big_integer("created_at")
                    .optional_uuid("actor_id")
                    .required_string("actor_name")
                    .foreign_key(&mut schema::foreign_key("schedule", "document_id", "document", "id"))
                    .primary_key(&mut schema::columns(&["document_id", "action"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(schema::index("schedule", &["at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("tombstone")
                    .required_uuid("document_id")
                    .required_string("kind")
                    .optional_string("path")
                    .required_big_integer("purged_at")
                    .required_string("purged_by")
                    .primary_key(&mut schema::columns(&["document_id"]))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
