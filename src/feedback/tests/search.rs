//! Finding cases by words, and forgetting words.

use std::path::Path;

use crate::{
    feedback::{
        CaseSearch, Field, Passage, Redaction, RedactionReason, Seal, case, cases_with, erase, merge, note, quarantine,
        redact_report,
    },
    kernel::CaseId,
};

use super::support::Site;

async fn found(site: &Site, search: &CaseSearch, words: &str) -> Vec<CaseId> {
    cases_with(&site.triager, search, words).await.unwrap().unwrap().into_iter().map(CaseId).collect()
}

/// Whether a word stands in the files of an index.
fn is_kept(folder: &Path, word: &str) -> bool {
    let shape = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    let index = tantivy::Index::open_in_dir(shape.unwrap()).unwrap();
    let searcher = index.reader().unwrap().searcher();
    let schema = index.schema();
    searcher.segment_readers().iter().any(|segment| {
        schema.fields().filter(|(_, entry)| entry.is_indexed()).any(|(field, _)| {
            let terms = segment.inverted_index(field).unwrap();
            terms.terms().get(word.as_bytes()).unwrap().is_some()
        })
    })
}

#[tokio::test]
async fn words_that_leave_the_database_leave_the_files_of_the_index() {
    let site = Site::new().await;
    let folder = tempfile::tempdir().unwrap();
    let search = CaseSearch::in_folder(folder.path()).unwrap();
    let first = site.send("Ask old quoxxel about the pay").await;
    let second = site.send("The vrimmel of the hospital is in another town").await;
    let long = format!("Flonkers for sale {} and every wurblish at a discount", "and more of them".repeat(6));
    let third = site.send(&long).await;
    let of = |report: &crate::feedback::Report| report.case.unwrap();
    assert_eq!(found(&site, &search, "quoxxel").await, [of(&first)]);
    let seen = case(&site.triager, of(&second)).await.unwrap().case.version;
    note(&site.triager, of(&second), seen, "Old quoxxel says so too").await.unwrap();
    assert_eq!(found(&site, &search, "quoxxel").await.len(), 2, "notes are searched, right after they were written");
    assert!(["quoxxel", "vrimmel", "wurblish"].into_iter().all(|word| is_kept(folder.path(), word)));

    let seen = case(&site.triager, of(&first)).await.unwrap().case.version;
    merge(&site.triager, of(&first), seen, of(&second)).await.unwrap();
    let merged = site.report(&first.reference).await;
    let passage = Passage::Words("quoxxel".to_owned());
    let redaction = Redaction { field: Field::Wrong, passage, reason: RedactionReason::AboutSomebodyElse };
    let seal = Seal::of("a session").unwrap();
    redact_report(&site.triager, first.id, &merged.revision, redaction, &seal).await.unwrap();
    search.refresh(&site.system.database).await.unwrap();
    assert!(!is_kept(folder.path(), "quoxxel"), "it left the report, the title it had made, and the note");
    assert!(is_kept(folder.path(), "vrimmel"));

    let second = site.report(&second.reference).await;
    erase(&site.administrator, &second.reference, &second.revision).await.unwrap();
    quarantine(&site.triager, third.id, &third.revision).await.unwrap();
    search.refresh(&site.system.database).await.unwrap();
    assert!(!is_kept(folder.path(), "vrimmel"));
    assert_eq!(found(&site, &search, "vrimmel").await, []);
    assert!(!is_kept(folder.path(), "wurblish"), "what is in quarantine is not searched");
}
