//! Every fault that is planted is found, and a site without faults has none.

use bytes::Bytes;

use super::{FILE, IMAGE, Site};
use crate::{
    content::{self, Kind},
    media::MediaKey,
    operations::doctor::{Severity, examine, has_errors},
};

/// Plants a fault into a site; the code has to be among the findings, with the id in its sentence.
async fn plant(sql: &str, code: &str, id: &str) {
    let site = Site::full(1).await;
    site.vandalise(sql).await;
    expect(&site, code, id).await;
}

async fn expect(site: &Site, code: &str, id: &str) {
    let findings = examine(&site.ctx.database, &site.store).await.unwrap();
    let found = findings.iter().any(|finding| finding.code == code && finding.sentence.contains(id));
    assert!(found, "{code} with {id} in {findings:#?}");
}

async fn page(site: &Site, slug: &str) -> String {
    content::find(&site.ctx, Kind::RolePage, slug).await.unwrap().to_string()
}

/// A document by its slug, for SQL.
fn by(slug: &str) -> String {
    format!("(SELECT id FROM document WHERE slug = '{slug}')")
}

#[tokio::test]
async fn a_sound_site_has_no_findings() {
    let site = Site::full(1).await;
    assert_eq!(examine(&site.ctx.database, &site.store).await.unwrap(), []);
}

#[tokio::test]
async fn faults_of_versions_are_found() {
    let site = Site::full(1).await;
    let (barista, nowhere) = (page(&site, "barista").await, "0199a1c2-0000-7000-8000-00000000dead");
    let of = by("barista");
    plant(
        &format!("UPDATE version SET title = 'x', slug = 'other' WHERE number = 1 AND document_id = {of}"),
        "version-changed",
        &barista,
    )
    .await;
    plant(
        &format!("UPDATE version SET content = '{{}}' WHERE number = 1 AND document_id = {of}"),
        "version-unreadable",
        &barista,
    )
    .await;
    plant(&format!("UPDATE document SET draft_version = 9 WHERE id = {of}"), "draft-version-missing", &barista).await;
    plant(
        &format!("UPDATE document SET parent_id = x'{}' WHERE id = {of}", nowhere.replace('-', "")),
        "parent-missing",
        nowhere,
    )
    .await;
    let section = content::find(&site.ctx, Kind::RequirementSection, "entry").await.unwrap().to_string();
    plant(
        &format!("UPDATE version SET content = replace(content, '{section}', '{nowhere}')"),
        "reference-dangling",
        nowhere,
    )
    .await;
    plant("DELETE FROM media", "reference-dangling", &IMAGE.to_string()).await;
    plant("DELETE FROM version WHERE number = 1", "published-version-missing", &barista).await;
}

#[tokio::test]
async fn faults_of_the_live_line_are_found() {
    let site = Site::full(1).await;
    let (barista, area, never) =
        (page(&site, "barista").await, page(&site, "coffee").await, page(&site, "never-live").await);
    let of = by("barista");
    let index = "DROP INDEX publication_one_document_id;";
    let again = "INSERT INTO publication SELECT randomblob(16), document_id, version, state, change, note, notice, from_sequence, from_at, NULL, NULL, NULL FROM publication WHERE until_sequence IS NULL;";
    plant(&format!("{index}{again}"), "publication-twice", &barista).await;
    plant(&format!("DELETE FROM live_document WHERE document_id = {of}"), "live-row-missing", &barista).await;
    plant(
        &format!("UPDATE publication SET until_sequence = 999 WHERE document_id = {of}"),
        "publication-missing",
        &barista,
    )
    .await;
    plant(&format!("UPDATE live_document SET version = 2 WHERE document_id = {of}"), "publication-mismatch", &barista)
        .await;
    plant(
        &format!("UPDATE live_document SET state = 'unpublished' WHERE document_id = {of}"),
        "publication-open",
        &barista,
    )
    .await;
    plant(&format!("UPDATE live_document SET path = '/coffee/x' WHERE document_id = {of}"), "path-mismatch", &barista)
        .await;
    plant(&format!("UPDATE live_path SET until_sequence = 99 WHERE document_id = {of}"), "path-mismatch", &barista)
        .await;
    let claim = format!(
        "INSERT INTO live_path SELECT randomblob(16), path, {}, 1, 1, NULL, NULL FROM live_path WHERE until_sequence IS NULL AND document_id = {of};",
        by("never-live")
    );
    plant(&format!("DROP INDEX live_path_one_path;{claim}"), "path-twice", &never).await;
    plant(
        &format!("UPDATE live_document SET state = 'unpublished' WHERE document_id = {}", by("coffee")),
        "parent-not-live",
        &area,
    )
    .await;
    plant(
        "UPDATE live_document SET state = 'unpublished' WHERE kind = 'requirement-section'",
        "embedded-not-live",
        &area,
    )
    .await;
}

#[tokio::test]
async fn faults_of_the_log_are_found() {
    plant("DELETE FROM event WHERE sequence = 3", "log-gap", "3 to 3").await;
    plant("DELETE FROM event WHERE sequence = 1", "log-gap", "1 to 1").await;
    plant("UPDATE event SET at = 1 WHERE sequence = 4", "log-backwards", "event 4").await;
    plant("UPDATE counter SET value = 2 WHERE name = 'event'", "counter-behind", "at 2").await;
    plant("UPDATE counter SET value = 2000 WHERE name = 'event'", "log-cut-short", "2000").await;
    plant("DELETE FROM counter", "counter-missing", "").await;
}

#[tokio::test]
async fn faults_of_the_tables_are_found() {
    plant("DELETE FROM seaql_migrations WHERE version LIKE '%feedback'", "migration-pending", "feedback").await;
    plant("INSERT INTO seaql_migrations (version, applied_at) VALUES ('later', 1)", "migration-unknown", "later").await;
    plant("DELETE FROM user", "row-without-parent", "user_role").await;
}

#[tokio::test]
async fn faults_of_people_and_feedback_are_found() {
    let nowhere = "0199a1c2-0000-7000-8000-00000000dead";
    let blob = format!("x'{}'", nowhere.replace('-', ""));
    let key = format!("INSERT INTO api_key VALUES ({blob}, 'key', {blob}, 'p', 'd', '[]', 1, NULL, NULL, NULL)");
    plant(&key, "key-without-owner", nowhere).await;
    let case = format!(
        "INSERT INTO \"case\" (id, number, title, document_id, state, regressed, report_count, first_report_at, last_report_at, row_version, created_at, updated_at) VALUES ({blob}, 1, 't', {}, 'new', 0, 2, 1, 1, 1, 1, 1)",
        by("barista")
    );
    plant(&case, "case-count", nowhere).await;
    let report = format!(
        "INSERT INTO report (id, reference, document_id, page_id, kind, removed, reasons, score, quarantined, fingerprint, case_id, received_at, door, receipt_digest) VALUES ({blob}, 'R', {0}, {0}, 'other', '{{}}', '[]', 0, 0, '', {blob}, 1, 'public', '')",
        by("barista")
    );
    plant(&report, "report-without-case", nowhere).await;
}

#[tokio::test]
async fn faults_of_the_media_store_are_found() {
    let key = MediaKey::new(FILE).unwrap();
    let site = Site::full(1).await;
    site.store.put(&key, Bytes::from_static(b"THESE ARE PIXELS")).await.unwrap();
    expect(&site, "media-file-changed", FILE).await;
    site.store.put(&key, Bytes::from_static(b"short")).await.unwrap();
    expect(&site, "media-file-size", FILE).await;
    site.store.delete(&key).await.unwrap();
    expect(&site, "media-file-missing", FILE).await;
    plant("DELETE FROM media", "rendition-without-media", FILE).await;
    plant("DELETE FROM rendition", "media-without-files", &IMAGE.to_string()).await;
}

#[tokio::test]
async fn a_file_of_nobody_is_to_be_looked_at_and_is_no_error() {
    let site = Site::full(1).await;
    site.store.put(&MediaKey::new("stray.png").unwrap(), Bytes::from_static(b"x")).await.unwrap();
    let findings = examine(&site.ctx.database, &site.store).await.unwrap();
    assert_eq!(
        findings.iter().map(|one| (one.code, one.severity)).collect::<Vec<_>>(),
        [("media-file-orphaned", Severity::LookAt)]
    );
    assert!(!has_errors(&findings));
}
