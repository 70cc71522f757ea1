//! Ten thousand texts with personal data in them go through the public door, and none of it is found afterwards: not in the
//! files of the database, not in its tables, logs, indexes, exports or backups. Addresses that visitors leave to be answered
//! stand in a table of their own. What only looks personal stays as it was.

mod generator;

use std::{
    collections::BTreeSet,
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use regex::bytes::{Regex, RegexBuilder};
use rolebook::{feedback::redaction::redact, kernel::Timestamp, media::Store, operations};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    intake::send_from,
    support::{Client, TestApp, TestDatabase},
};
use generator::{Draw, Sample, harmless, sample};

const SEED: u64 = 20_261_122;
const TEXTS: u64 = 10_000;
const SAFE: u64 = 300;
/// Texts in one report: three in the one answer, two in the other.
const TOGETHER: usize = 5;

fn samples() -> Vec<Sample> {
    let mut draw = Draw::new(SEED);
    (0..TEXTS).map(|number| sample(&mut draw, number)).collect()
}

fn safe() -> Vec<String> {
    let mut draw = Draw::new(SEED);
    (0..SAFE).map(|number| harmless(&mut draw, number)).collect()
}

/// What would be left of a value, by its kind: of a postcode the region, of an address with a secret the address.
#[test]
fn every_text_alone_keeps_nothing_of_what_is_personal_in_it() {
    let mut left: Vec<String> = Vec::new();
    for one in samples().iter().step_by(2) {
        let redacted = redact(&one.text).text;
        let without_marks = redacted.split('[').map(|part| part.split_once(" removed]").map_or(part, |(_, rest)| rest));
        let rest: String = without_marks.collect();
        let kept = rest.chars().filter(char::is_ascii_digit).count();
        let around = one.text.replace(&one.raw, "");
        let expected = around.chars().filter(char::is_ascii_digit).count();
        let spare = match one.kind {
            "postcode" => 2,
            "secret" => 1,
            _ => 0,
        };
        if redacted.contains(&one.raw) || kept > expected + spare || redacted == one.text {
            left.push(format!("{}: {:?} became {redacted:?}", one.kind, one.text));
        }
    }
    assert!(left.is_empty(), "{} of {}:\n{}", left.len(), TEXTS / 2, left[..left.len().min(60)].join("\n"));
}

#[test]
fn what_only_looks_personal_stays() {
    let changed: Vec<_> =
        safe().into_iter().filter(|text| redact(text).text != *text).map(|text| redact(&text).text).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    let different = safe().into_iter().collect::<BTreeSet<_>>().len();
    assert!(different > 250, "{different}");
}

/// Everything that is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_table_file_log_index_export_or_backup_holds_what_was_personal() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let logged = tracing::subscriber::set_default(subscriber);
    let app = TestApp::indexing(folder.path(), TestDatabase::new().await).await;
    let ada = app.administrator().await;
    let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters move beds." }] }] });
    ada.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
    ada.set(&json!({ "contact_email": true })).await.ok();

    let samples = samples();
    for (number, texts) in samples.chunks(TOGETHER).enumerate() {
        send(&app, number, texts).await;
    }
    write_about(&ada, &samples).await;
    let kept = send_safe(&app, &ada).await;
    assert!(kept > 0);
    app.follow().await;
    app.app.search.refresh(&app.app.database).await.unwrap();
    app.app.work_search.refresh(&app.app.database).await.unwrap();
    app.app.case_search.refresh(&app.app.database).await.unwrap();
    drop(logged);

    let raw = Raw::of(&samples);
    raw.assert_none("the log", &log.0.lock().unwrap());
    for format in ["csv", "json"] {
        for which in ["", "&quarantined=true"] {
            let file = ada.get(&format!("/manage/v1/reports/export?format={format}{which}")).await;
            assert!(file.body.len() > 10_000, "{format}{which}");
            raw.assert_none(&format!("the export {format}{which}"), &file.body);
        }
    }
    raw.assert_none("the tables", tables(&app).await.as_bytes());
    let backup = folder.path().join("backup.tar");
    operations::backup::backup(&app.system(), &Store::in_memory(), &backup).await.unwrap();
    let mut files = files_below(folder.path());
    for index in ["work", "cases"] {
        let within = |(name, bytes): &(String, Vec<u8>)| name.contains(&format!("/{index}/")) && !bytes.is_empty();
        assert!(files.iter().any(within), "the index of {index}");
    }
    assert!(
        ada.get("/manage/v1/cases?q=removed").await.ok()["total"].as_u64() > Some(0),
        "cases are found by their words"
    );
    if let Some(directory) = &app.database.directory {
        files.extend(files_below(directory.path()));
        assert!(
            files.iter().any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty()),
            "the log of the database"
        );
    }
    for (name, bytes) in files {
        raw.assert_none(&name, &bytes);
    }
}

/// Sends five texts as one report, from an address of its own; every twentieth looks like spam; of every tenth visitor with an address to answer to, and
/// with something added later.
async fn send(app: &TestApp, number: usize, texts: &[Sample]) {
    app.clock.advance(45 * Timestamp::SECOND);
    let joined = |texts: &[Sample]| texts.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let (wrong, doing) = texts.split_at(3);
    let mut report = json!({ "document": "porter", "kind": "problem", "wrong": joined(wrong), "doing": joined(doing) });
    if number % 20 == 7 {
        // Only a machine fills this in.
        report["website"] = "https://spam.example".into();
    }
    if number.is_multiple_of(10) {
        report["contact_email"] = json!(format!("visitor{number}@answers.example"));
    }
    let sender = format!("203.{}.{}.7", number / 250, number % 250);
    let receipt = send_from(app, &sender, &report).await.ok();
    if number.is_multiple_of(10) {
        let address = receipt["receipt_url"].as_str().unwrap().to_owned();
        let more = format!("And this: {}", texts[0].text);
        app.nobody().post(&address, &json!({ "text": more })).await.ok();
        app.clock.advance(20 * Timestamp::SECOND);
    }
}

/// What people write about reports has no more in it than the reports themselves.
async fn write_about(ada: &Client, samples: &[Sample]) {
    let cases = ada.get("/manage/v1/cases?limit=20").await.ok();
    for (case, texts) in cases["data"].as_array().unwrap().iter().zip(samples.chunks(TOGETHER)) {
        let path = format!("/manage/v1/cases/{}", case["id"].as_str().unwrap());
        ada.step(&path, "notes", &json!({ "text": format!("They wrote: {}", texts[0].text) })).await.ok();
        let version = ada.get(&path).await.ok()["version"].as_i64().unwrap();
        let title = json!({ "title": format!("About {}", texts[1].text) });
        ada.at(axum::http::Method::PATCH, &path, version, &title).await.ok();
        let reason = json!({ "resolution": "answered", "reason": texts[2].text });
        ada.step(&path, "resolve", &reason).await.ok();
    }
}

/// Sends the texts that are harmless, and finds them as they were.
async fn send_safe(app: &TestApp, ada: &Client) -> usize {
    let safe = safe();
    for (number, texts) in safe.chunks(10).enumerate() {
        app.clock.advance(45 * Timestamp::SECOND);
        let (wrong, doing) = texts.split_at(5);
        let report =
            json!({ "document": "porter", "kind": "problem", "wrong": wrong.join("\n"), "doing": doing.join("\n") });
        let receipt = send_from(app, &format!("198.51.100.{number}"), &report).await.ok();
        let kept = ada.get(&format!("/manage/v1/reports/{}", receipt["reference"].as_str().unwrap())).await.ok();
        assert_eq!((&kept["wrong"], &kept["doing"]), (&report["wrong"], &report["doing"]));
    }
    safe.len()
}

/// Every row of every table as JSON, but for the addresses that visitors left.
async fn tables(app: &TestApp) -> String {
    let snapshot = app.app.database.read().await.unwrap();
    let mut all = String::new();
    macro_rules! read {
        ($module:ident, $table:literal) => {
            if $table != "report_contact" {
                for row in entity::$module::Entity::find().all(&*snapshot).await.unwrap() {
                    let row: Value = serde_json::to_value(&row).unwrap();
                    all.push_str(&row.to_string());
                    all.push('\n');
                }
            }
        };
    }
    entity::for_each_table!(read);
    all
}

pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    files
}

/// All that must not be found, as it was written and as JSON and CSV write it.
struct Raw(Regex);

/// So short a value stands in the middle of other numbers by chance.
const SHORT: usize = 10;

impl Raw {
    fn of(samples: &[Sample]) -> Self {
        let mut raw = BTreeSet::new();
        for one in samples {
            let json = Value::String(one.raw.clone()).to_string();
            raw.insert(json.trim_matches('"').to_owned());
            raw.insert(one.raw.clone());
        }
        let alternatives: Vec<String> = raw.iter().map(|one| regex::escape(one)).collect();
        Self(RegexBuilder::new(&alternatives.join("|")).size_limit(1 << 30).build().unwrap())
    }

    #[track_caller]
    fn assert_none(&self, name: &str, bytes: &[u8]) {
        let is_word =
            |place: Option<usize>| place.and_then(|place| bytes.get(place)).is_some_and(u8::is_ascii_alphanumeric);
        let found = self.0.find_iter(bytes).filter(|found| {
            found.len() > SHORT || !(is_word(found.start().checked_sub(1)) || is_word(Some(found.end())))
        });
        let found: Vec<_> =
            found.map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned()).take(20).collect();
        assert!(found.is_empty(), "{name} holds {found:?}");
    }
}

#[tokio::test]
async fn what_is_looked_for_would_be_found() {
    let app = TestApp::new().await;
    let samples = samples();
    let raw = Raw::of(&samples);
    let note = entity::setting::ActiveModel {
        name: sea_orm::Set("planted".to_owned()),
        value: sea_orm::Set(json!(samples[10].raw).to_string()),
        changed_at: sea_orm::Set(0),
    };
    let tx = app.system().write().await.unwrap();
    entity::setting::Entity::insert(note).exec_without_returning(&*tx).await.unwrap();
    tx.commit(()).await.unwrap();
    let all = tables(&app).await;
    assert!(std::panic::catch_unwind(|| raw.assert_none("the tables", all.as_bytes())).is_err());
}
