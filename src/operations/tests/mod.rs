//! Tests of the operations on temporary databases, filled through the commands that people use.

mod backup;
mod doctor;
mod postgres;
mod transfer;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::rows;
use crate::{
    content::{self, Decision, Draft, Kind, Ownership, Publishing, ScheduledAction, Scheduling, Unpublishing},
    kernel::{
        Actor, Ctx, Database, DocumentId, Door, ManualClock, Permission, Role, SeededChance, Timestamp, UserId,
        VersionNumber,
    },
    media::{MediaKey, Store},
    site,
};

const IMAGE: Uuid = Uuid::from_u128(0x0199_a1c2_0000_7000_8000_0000_0000_aaaa);
const FILE: &str = "photo-640.webp";

/// A site of its own: database, store, clock, and somebody who may do everything.
struct Site {
    folder: TempDir,
    ctx: Ctx,
    store: Store,
    clock: Arc<ManualClock>,
}

impl Site {
    /// With tables, and nothing in them.
    async fn bare(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("site.db").display());
        let database = Database::connect(&url, 4, true).await.unwrap();
        database.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_123)));
        let store = Store::local(&folder.path().join("media")).unwrap();
        let ctx = Ctx {
            actor: Actor::system("tests"),
            door: Door::Admin,
            database,
            clock: clock.clone(),
            chance: Arc::new(SeededChance::new(seed)),
            request_id: None,
            idempotency: None,
        };
        Self { folder, ctx, store, clock }
    }

    /// With people, an image, and documents in every state.
    async fn full(seed: u64) -> Self {
        let mut site = Self::bare(seed).await;
        let tx = site.ctx.write().await.unwrap();
        site::prepare(&tx, &site.ctx, false).await.unwrap();
        tx.commit(()).await.unwrap();
        site.add_person().await;
        site.add_image().await;
        site.write_documents().await;
        site
    }

    async fn add_person(&mut self) {
        let id = Uuid::from_u128(0x0199_a1c2_0000_7000_8000_0000_0000_0001);
        let person = json!({"id": id, "email": "ada@example.org", "name": "Ada Ünal", "password_hash": null,
            "active": true, "row_version": 1, "created_at": 5, "updated_at": 5});
        self.insert("user", person).await;
        self.insert("user_role", json!({"user_id": id, "role": Role::Administrator.name()})).await;
        let permissions = Permission::ALL.iter().copied().collect();
        self.ctx.actor = Actor::user(UserId(id), "Ada Ünal".to_owned(), "ada@example.org".to_owned(), permissions);
    }

    async fn add_image(&self) {
        let bytes = Bytes::from_static(b"these are pixels");
        let sha256 = rows::hash(&bytes);
        self.insert(
            "media",
            json!({"id": IMAGE, "filename": "photo.jpg", "media_type": "image/jpeg", "bytes": 99, "width": 640,
                "height": 480, "sha256": rows::hash("upload"), "alt": "Ein Büro", "caption": null, "credit": null,
                "focal_x": 0.1, "focal_y": 0.333_333_333_333_333_3, "replaced_by": null, "public_since": null,
                "row_version": 3, "created_at": 7, "created_by": null, "created_by_name": "Ada Ünal"}),
        )
        .await;
        self.insert(
            "rendition",
            json!({"key": FILE, "media_id": IMAGE, "width": 640, "height": 480, "media_type": "image/webp",
                "bytes": bytes.len(), "sha256": sha256}),
        )
        .await;
        self.store.put(&MediaKey::new(FILE).unwrap(), bytes).await.unwrap();
    }

    async fn write_documents(&self) {
        let section = self.create(Kind::RequirementSection, requirement_section("Entry — 入口")).await;
        let section = self.publish(Kind::RequirementSection, section).await;
        let area = self.create(Kind::RolePage, role_page("Café work ☕", section, None)).await;
        let area = self.publish(Kind::RolePage, area).await;
        let barista = self.create(Kind::RolePage, role_page("Barista", section, Some(area))).await;
        self.publish(Kind::RolePage, barista).await;
        // A second version that moves the area and everything below it, then a withdrawal and its end.
        let mut changed = role_page("Café work ☕", section, None);
        changed["slug"] = json!("coffee");
        self.save(Kind::RolePage, area, changed).await;
        self.publish(Kind::RolePage, area).await;
        let seen = self.shown(Kind::RolePage, area).await;
        content::withdraw(&self.ctx, Kind::RolePage, area, seen, Some("Wrong pay".to_owned())).await.unwrap();
        self.clock.advance(1_001);
        content::reinstate(&self.ctx, Kind::RolePage, area, seen).await.unwrap();
        content::confirm(&self.ctx, Kind::RolePage, area, seen, Some("2027-01-02".to_owned()), None).await.unwrap();
        // A draft upon the live one, owned, and scheduled.
        self.save(Kind::RolePage, barista, role_page("Barista, senior", section, Some(area))).await;
        let seen = self.shown(Kind::RolePage, barista).await;
        let own = Ownership { owner: Some(self.ctx.actor.user), review_by: None };
        content::own(&self.ctx, Kind::RolePage, barista, seen, own).await.unwrap();
        let scheduling = Scheduling {
            action: ScheduledAction::Publish,
            at: self.ctx.clock.now().plus(Timestamp::DAY),
            publishing: Publishing::default(),
            unpublishing: Unpublishing::default(),
        };
        content::schedule(&self.ctx, Kind::RolePage, barista, seen, scheduling).await.unwrap();
        // One that was taken away, one that never went live, one in the trash, and one that was purged.
        let gone = self.create(Kind::RolePage, role_page("Typist", section, None)).await;
        self.publish(Kind::RolePage, gone).await;
        let seen = self.shown(Kind::RolePage, gone).await;
        let unpublishing = Unpublishing { decision: Some(Decision::Gone), ..Unpublishing::default() };
        content::unpublish(&self.ctx, Kind::RolePage, gone, seen, unpublishing).await.unwrap();
        self.create(Kind::RolePage, role_page("Never live", section, None)).await;
        for purge in [false, true] {
            let trashed = self.create(Kind::RolePage, role_page("Trash", section, None)).await;
            let seen = self.shown(Kind::RolePage, trashed).await;
            content::trash(&self.ctx, Kind::RolePage, trashed, seen).await.unwrap();
            if purge {
                content::purge(&self.ctx, Kind::RolePage, trashed, seen).await.unwrap();
            }
        }
    }

    async fn create(&self, kind: Kind, body: Value) -> DocumentId {
        self.clock.advance(1_001);
        let draft = Draft::read(&self.ctx, kind, body).unwrap();
        content::create(&self.ctx, kind, draft).await.unwrap().standing.id
    }

    async fn save(&self, kind: Kind, id: DocumentId, body: Value) {
        self.clock.advance(1_001);
        let seen = self.shown(kind, id).await;
        let draft = Draft::read(&self.ctx, kind, body).unwrap();
        content::save(&self.ctx, kind, id, seen, draft).await.unwrap();
    }

    async fn publish(&self, kind: Kind, id: DocumentId) -> DocumentId {
        self.clock.advance(1_001);
        let seen = self.shown(kind, id).await;
        content::publish(&self.ctx, kind, id, seen, Publishing::default()).await.unwrap();
        id
    }

    async fn shown(&self, kind: Kind, id: DocumentId) -> VersionNumber {
        content::document(&self.ctx, kind, id).await.unwrap().standing.version
    }

    async fn insert(&self, table: &str, row: Value) {
        let tx = self.ctx.write().await.unwrap();
        rows::insert(&*tx, table, vec![row]).await.unwrap();
        tx.commit(()).await.unwrap();
    }

    /// Every row of every table, but for those that `leave_out` names.
    async fn all_rows(&self, leave_out: &[&str]) -> Vec<String> {
        let snapshot = self.ctx.database.read().await.unwrap();
        let mut all = Vec::new();
        for table in rows::tables().into_iter().filter(|table| !leave_out.contains(table)) {
            let mut add = |row: &Value| {
                all.push(format!("{table} {row}"));
                Ok(())
            };
            rows::each(&*snapshot, table, &mut add).await.unwrap();
        }
        all
    }

    /// Does what no command does, unwatched by foreign keys.
    async fn vandalise(&self, sql: &str) {
        let url = format!("sqlite://{}", self.folder.path().join("site.db").display());
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| sqlite.foreign_keys(false));
        let connection = sea_orm::Database::connect(options).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

fn requirement_section(title: &str) -> Value {
    json!({"content": {"title": title, "summary": "What you need", "introduction": "You need *this*.",
        "requirements": {"id": "0199a1c2-0000-7000-8000-000000000101", "kind": "requirement",
            "text": "A certificate \"A\" — 日本", "category": "other", "necessity": "required"},
        "routes": [], "skills": [], "sections": []}})
}

fn role_page(title: &str, section: DocumentId, parent: Option<DocumentId>) -> Value {
    let mut page = json!({"content": {"title": title, "title_article": "a", "alternative_titles": [],
        "summary": "Makes coffee.", "search_terms": [],
        "lead_image": {"media": IMAGE, "alt": "A cup on a table", "decorative": false},
        "sections": [{"id": "0199a1c2-0000-7000-8000-000000000201", "heading": "Work", "display": "plain", "blocks": [
            {"id": "0199a1c2-0000-7000-8000-000000000202", "kind": "text",
                "markdown": "Some **bold** text \\* and\n\n- one\n- two 🎉\n\n| a | b |\n| - | - |\n| 1 | 2 |"},
            {"id": "0199a1c2-0000-7000-8000-000000000203", "kind": "requirements", "requirement_section": section,
                "note": "From 9.5 hours"}]}],
        "related_roles": [], "learn_more": []}});
    if let Some(parent) = parent {
        page["parent"] = json!(parent);
    }
    page
}

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(contents(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.push((name, std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The operations can be run on any thread.
#[tokio::test]
async fn the_operations_can_be_spawned() {
    let site = Site::full(1).await;
    let (ctx, store, file) = (site.ctx.clone(), site.store.clone(), site.file("x.backup"));
    let spawned = tokio::spawn(async move {
        super::backup::backup(&ctx, &store, &file).await?;
        super::restore::verify(&ctx, &file).await?;
        super::doctor::examine(&ctx.database, &store).await
    });
    assert_eq!(spawned.await.unwrap().unwrap(), []);
}
