//! Export and import.

use std::fs;

use super::{Site, contents, role_page};
use crate::{
    content::{self, Kind},
    kernel::{Error, ManualClock, Timestamp},
    operations::{doctor, transfer},
};

#[tokio::test]
async fn what_is_imported_into_an_empty_site_is_exported_again_byte_for_byte() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let (first, second) = (site.file("export"), other.file("export"));
    let report = transfer::export(&site.ctx, &site.store, &first).await.unwrap();
    assert_eq!((report.documents, report.media, report.files), (6, 1, 1));

    let report = transfer::import(&other.ctx, &other.store, &first).await.unwrap();
    assert_eq!((report.documents, report.media, report.unchanged), (6, 1, 0));
    assert_eq!(report.accounts, ["ada@example.org"]);
    transfer::export(&other.ctx, &other.store, &second).await.unwrap();
    let (before, after) = (contents(&first), contents(&second));
    for ((name, one), (_, two)) in before.iter().zip(&after) {
        assert_eq!(String::from_utf8_lossy(one), String::from_utf8_lossy(two), "{name}");
    }
    assert_eq!(before, after);
    assert_eq!(doctor::examine(&other.ctx.database, &other.store).await.unwrap(), []);
}

#[tokio::test]
async fn tables_that_are_derived_are_as_they_were() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    transfer::export(&site.ctx, &site.store, &site.file("export")).await.unwrap();
    transfer::import(&other.ctx, &other.store, &site.file("export")).await.unwrap();
    let not_content = [
        "counter",
        "site",
        "event",
        "user",
        "user_role",
        "document",
        "live_document",
        "version",
        "confirmation",
        "schedule",
        "tombstone",
        "media",
    ];
    assert_eq!(site.all_rows(&not_content).await, other.all_rows(&not_content).await);
}

#[tokio::test]
async fn importing_twice_changes_nothing() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let folder = site.file("export");
    transfer::export(&site.ctx, &site.store, &folder).await.unwrap();
    let report = transfer::import(&site.ctx, &site.store, &folder).await.unwrap();
    assert_eq!((report.documents, report.unchanged), (0, 7));

    transfer::import(&other.ctx, &other.store, &folder).await.unwrap();
    let before = other.all_rows(&[]).await;
    let report = transfer::import(&other.ctx, &other.store, &folder).await.unwrap();
    assert_eq!((report.documents, report.media, report.unchanged), (0, 0, 7));
    assert_eq!(before, other.all_rows(&[]).await);
}

#[tokio::test]
async fn work_goes_on_after_an_import_and_another_history_is_refused() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let folder = site.file("export");
    transfer::export(&site.ctx, &site.store, &folder).await.unwrap();
    transfer::import(&other.ctx, &other.store, &folder).await.unwrap();
    let barista = content::find(&other.ctx, Kind::RolePage, "barista").await.unwrap();
    other.publish(Kind::RolePage, barista).await;
    assert_eq!(doctor::examine(&other.ctx.database, &other.store).await.unwrap(), []);

    let before = other.all_rows(&[]).await;
    let error = transfer::import(&other.ctx, &other.store, &folder).await.unwrap_err();
    assert!(error.to_string().contains(&barista.to_string()), "{error}");
    assert_eq!(before, other.all_rows(&[]).await);
}

#[tokio::test]
async fn a_site_with_other_content_takes_what_does_not_collide() {
    let (site, other) = (Site::full(1).await, Site::full(3).await);
    let folder = site.file("export");
    transfer::export(&site.ctx, &site.store, &folder).await.unwrap();
    let error = transfer::import(&other.ctx, &other.store, &folder).await.unwrap_err().to_string();
    assert!(error.contains("the slug \"coffee\" already") && error.contains("stands at /coffee"), "{error}");

    let empty = Site::bare(4).await;
    let tx = empty.ctx.write().await.unwrap();
    crate::site::prepare(&tx, &empty.ctx, false).await.unwrap();
    tx.commit(()).await.unwrap();
    let section = content::find(&site.ctx, Kind::RequirementSection, "entry").await.unwrap();
    let mut body = role_page("Waiter", section, None);
    body["content"]["lead_image"] = serde_json::Value::Null;
    let waiter = empty.create(Kind::RolePage, body).await;
    let report = transfer::import(&empty.ctx, &empty.store, &folder).await.unwrap();
    assert_eq!(report.documents, 6);
    empty.publish(Kind::RolePage, waiter).await;
    assert_eq!(doctor::examine(&empty.ctx.database, &empty.store).await.unwrap(), []);
}

#[tokio::test]
async fn a_line_that_was_tampered_with_is_refused_with_its_place() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    let folder = site.file("export");
    transfer::export(&site.ctx, &site.store, &folder).await.unwrap();
    let path = folder.join("documents.ndjson");
    let good = fs::read_to_string(&path).unwrap();
    let cases = [
        (good.replace("Makes coffee.", "Makes tea."), "its hash is"),
        (good.replacen("\"trashed_at\":", "\"trashed_by\":1,\"trashed_at\":", 1), "unknown field `trashed_by`"),
        (good.replacen("\"title_article\":\"a\"", "\"title_article\":\"a\",\"x\":1", 1), "fields that are unknown"),
        (good.replacen('}', "", 1), "documents.ndjson:1"),
        (format!("{good}{}", good.lines().next().unwrap()), "documents.ndjson:7: the id"),
        (
            good.replacen("\"until\":null", "\"until\":{\"sequence\":1,\"at\":\"2026-01-01T00:00:00Z\"}", 1),
            "ends before",
        ),
    ];
    for (bad, reason) in cases {
        fs::write(&path, bad).unwrap();
        let error = transfer::import(&other.ctx, &other.store, &folder).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{reason}: {error}");
        assert!(matches!(error, Error::Invalid(_)));
    }
    fs::write(&path, &good).unwrap();
    let image = folder.join("media").join(super::FILE);
    fs::write(&image, "other").unwrap();
    let error = transfer::import(&other.ctx, &other.store, &folder).await.unwrap_err().to_string();
    assert!(error.contains("media.ndjson:1: the file media/photo-640.webp is not the one"), "{error}");
    fs::remove_file(&image).unwrap();
    let error = transfer::import(&other.ctx, &other.store, &folder).await.unwrap_err().to_string();
    assert!(error.contains("is missing"), "{error}");
    assert_eq!(other.all_rows(&[]).await, Vec::<String>::new());
    assert_eq!(other.store.list().await.unwrap(), []);
}

#[tokio::test]
async fn an_export_needs_an_empty_folder_and_leaves_none_behind_when_it_fails() {
    let site = Site::full(1).await;
    let folder = site.file("export");
    transfer::export(&site.ctx, &site.store, &folder).await.unwrap();
    assert!(transfer::export(&site.ctx, &site.store, &folder).await.is_err());
    site.vandalise("UPDATE version SET content = replace(content, 'coffee', 'tea') WHERE number = 1").await;
    let other = site.file("other");
    let error = transfer::export(&site.ctx, &site.store, &other).await.unwrap_err().to_string();
    assert!(error.contains("is not what was saved"), "{error}");
    assert!(!other.exists());
}

#[tokio::test]
async fn the_last_change_of_an_imported_document_is_the_one_that_the_public_saw() {
    let (site, other) = (Site::full(1).await, Site::bare(2).await);
    transfer::export(&site.ctx, &site.store, &site.file("export")).await.unwrap();
    let later = ManualClock::at(Timestamp(1_895_000_000_000));
    let mut ctx = other.ctx.clone();
    ctx.clock = std::sync::Arc::new(later);
    transfer::import(&ctx, &other.store, &site.file("export")).await.unwrap();
    let changed = |rows: Vec<String>| {
        let live = rows.into_iter().filter_map(|row| row.strip_prefix("live_document ").map(str::to_owned));
        let row = |row: String| serde_json::from_str::<serde_json::Value>(&row).unwrap();
        live.map(row).map(|row| (row["document_id"].clone(), row["changed_at"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(changed(site.all_rows(&[]).await), changed(other.all_rows(&[]).await));
}
