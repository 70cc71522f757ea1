//! Backup, verification and restoring.

use std::{fs, os::unix::fs::PermissionsExt};

use sea_orm::EntityTrait;
use serde_json::json;

use super::{FILE, Site, requirement_section, role_page};
use crate::{
    content::{self, Damage, DamagedText, Kind},
    kernel::DocumentId,
    media::MediaKey,
    operations::{backup, doctor, restore, rows},
};

/// Tables in which a restored site tells that it was restored.
const MARKED: [&str; 3] = ["counter", "site", "event"];

#[tokio::test]
async fn a_restored_site_has_the_same_rows_and_files_and_another_epoch() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let section = site.create(Kind::RequirementSection, requirement_section("Kept apart")).await;
    let damaged = DamagedText {
        pointer: "/content/sections/0/blocks/0/markdown".to_owned(),
        label: "Section 1, text".to_owned(),
        damage: Damage::Changed,
        sent: "{\"type\":\"doc\"}".to_owned(),
        sum: "5:0a0b0c0d".to_owned(),
    };
    content::quarantine(&site.ctx, Kind::RequirementSection, section, &[damaged]).await.unwrap();
    let file = site.file("site.backup");
    let report = backup::backup(&site.ctx, &site.store, &file).await.unwrap();
    assert!(report.is_whole() && report.media == 1);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let verified = restore::verify(&site.ctx, &file).await.unwrap();
    assert_eq!(verified.rows, report.rows);

    restore::restore(&other.ctx, &file, &other.store).await.unwrap();
    assert_eq!(site.all_rows(&MARKED).await, other.all_rows(&MARKED).await);
    assert_eq!(site.store.list().await.unwrap(), other.store.list().await.unwrap());
    let (old, new) = (site.all_rows(&[]).await, other.all_rows(&[]).await);
    assert!(new.iter().any(|row| row.starts_with("quarantined_text ")), "what waits for people is not forgotten");
    assert_eq!(
        new.iter().filter(|row| row.starts_with("event ")).count(),
        1 + old.iter().filter(|row| row.starts_with("event ")).count()
    );
    let epoch = |rows: &[String]| rows.iter().find(|row| row.starts_with("site ")).cloned();
    assert_ne!(epoch(&old), epoch(&new));
    assert_eq!(doctor::examine(&other.ctx.database, &other.store).await.unwrap(), []);

    let error = restore::restore(&other.ctx, &file, &other.store).await.unwrap_err().to_string();
    assert!(error.contains("media files"), "{error}");
    let elsewhere = Site::bare(3).await;
    let error = restore::restore(&other.ctx, &file, &elsewhere.store).await.unwrap_err().to_string();
    assert!(error.contains("is not empty"), "{error}");
}

#[tokio::test]
async fn a_backup_that_is_made_while_people_write_is_consistent() {
    let site = Site::full(1).await;
    let writer = async {
        let section = DocumentId(super::IMAGE);
        for number in 0..30 {
            let body = role_page(&format!("Page {number}"), section, None);
            site.create(Kind::RolePage, body).await;
        }
    };
    let reader = async {
        let mut counts = Vec::new();
        for number in 0..4 {
            let file = site.file(&format!("{number}.backup"));
            backup::backup(&site.ctx, &site.store, &file).await.unwrap();
            let report = restore::verify(&site.ctx, &file).await.unwrap();
            let other = Site::bare(9).await;
            restore::restore(&other.ctx, &file, &other.store).await.unwrap();
            let findings = doctor::examine(&other.ctx.database, &other.store).await.unwrap();
            assert!(!doctor::has_errors(&findings), "{findings:?}");
            counts.push(report.rows);
        }
        counts
    };
    let ((), counts) = tokio::join!(writer, reader);
    assert!(counts.is_sorted());
}

#[tokio::test]
async fn what_belongs_to_the_moment_goes_into_no_backup_and_comes_out_of_none() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let digits = "7".repeat(64);
    let link = json!({ "digest": digits, "purpose": "set_up", "user_id": null, "created_at": 1, "expires_at": 2, "used_at": null });
    let session =
        json!({ "key": digits, "data": "{}", "user_id": null, "browser": null, "created_at": 1, "seen_at": 2 });
    let attempt = json!({ "key": digits, "failures": 5, "began_at": 1, "last_at": 2, "refused_until": 3 });
    let document =
        entity::document::Entity::find().one(&*site.ctx.database.read().await.unwrap()).await.unwrap().unwrap();
    let preview = json!({ "id": document.id, "digest": digits, "document_id": document.id, "version": 1, "embedded": "live", "note": null,
        "created_at": 1, "created_by": null, "created_by_name": "Pat", "expires_at": 2, "revoked_at": null });
    for (table, row) in
        [("sign_in_link", link), ("session", session), ("sign_in_attempt", attempt), ("preview_link", preview)]
    {
        site.insert(table, row).await;
    }
    let file = site.file("site.backup");
    backup::backup(&site.ctx, &site.store, &file).await.unwrap();
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(digits.len()).any(|window| window == digits.as_bytes()));
    restore::verify(&site.ctx, &file).await.unwrap();
    restore::restore(&other.ctx, &file, &other.store).await.unwrap();
    for table in entity::MOMENTARY {
        assert!(rows::tables().contains(&table) && !rows::lasting().contains(&table));
        assert!(rows::is_empty(&*other.ctx.database.read().await.unwrap(), table).await.unwrap(), "{table}");
    }
    let users = |rows: Vec<String>| rows.into_iter().filter(|row| row.starts_with("user ")).collect::<Vec<_>>();
    assert_eq!(users(site.all_rows(&[]).await), users(other.all_rows(&[]).await));
}

#[tokio::test]
async fn a_backup_never_takes_the_place_of_a_file() {
    let site = Site::full(1).await;
    let file = site.file("site.backup");
    fs::write(&file, "mine").unwrap();
    assert!(backup::backup(&site.ctx, &site.store, &file).await.unwrap_err().to_string().contains("is there already"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[tokio::test]
async fn a_damaged_archive_is_refused_in_one_sentence_and_the_target_stays_empty() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let file = site.file("site.backup");
    backup::backup(&site.ctx, &site.store, &file).await.unwrap();
    let good = fs::read(&file).unwrap();
    let damaged = site.file("damaged.backup");
    let refuse = async |bytes: &[u8]| {
        fs::write(&damaged, bytes).unwrap();
        let error = restore::restore(&other.ctx, &damaged, &other.store).await.unwrap_err().to_string();
        assert!(error.contains("is not a complete backup") && error.lines().count() == 1, "{error}");
        assert!(restore::verify(&other.ctx, &damaged).await.is_err());
    };
    refuse(b"").await;
    refuse(b"no archive at all").await;
    for tenth in 1..10 {
        refuse(&good[..good.len() * tenth / 10]).await;
    }
    for what in ["Barista", "these are pixels", "\"format\": 1", "tables/version.ndjson"] {
        let at = good.windows(what.len()).position(|window| window == what.as_bytes()).unwrap();
        let mut changed = good.clone();
        changed[at + 1] ^= 1;
        refuse(&changed).await;
    }
    assert_eq!(other.all_rows(&[]).await, Vec::<String>::new());
    assert_eq!(other.store.list().await.unwrap(), []);
    let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(".rolebook");
    assert!(fs::read_dir(site.folder.path()).unwrap().all(|entry| !hidden(&entry.unwrap().file_name())));
}

#[tokio::test]
async fn a_backup_with_newer_tables_is_refused_by_their_names() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    site.vandalise("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_later', 1)").await;
    let file = site.file("site.backup");
    backup::backup(&site.ctx, &site.store, &file).await.unwrap();
    for error in [
        restore::restore(&other.ctx, &file, &other.store).await.unwrap_err(),
        restore::verify(&other.ctx, &file).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("m20990101_000001_later"), "{error}");
    }
    assert_eq!(other.all_rows(&[]).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_store_with_a_fault_is_backed_up_and_the_fault_is_named() {
    let site = Site::full(1).await;
    site.store.delete(&MediaKey::new(FILE).unwrap()).await.unwrap();
    let file = site.file("site.backup");
    let report = backup::backup(&site.ctx, &site.store, &file).await.unwrap();
    assert_eq!(report.missing_media, [FILE]);
    assert!(!report.is_whole());
    assert_eq!(restore::verify(&site.ctx, &file).await.unwrap().missing_media, [FILE]);
}

#[tokio::test]
async fn a_table_of_many_chunks_is_read_once_and_in_order() {
    let site = Site::bare(1).await;
    let tx = site.ctx.write().await.unwrap();
    let row = |number: usize| {
        serde_json::json!({"actor": format!("a{}", number % 3), "key": format!("k{number:05}"), "request_digest": "",
            "outcome": null, "created_at": number})
    };
    rows::insert(&*tx, "idempotency", (0..1_203).map(row).collect()).await.unwrap();
    let mut keys = Vec::new();
    let mut add = |row: &serde_json::Value| {
        keys.push((row["actor"].to_string(), row["key"].to_string()));
        Ok(())
    };
    rows::each(&*tx, "idempotency", &mut add).await.unwrap();
    assert_eq!(keys.len(), 1_203);
    assert!(keys.is_sorted_by(|a, b| a < b));
}
