//! What is taken out of reports is gone everywhere.

use crate::{
    events::EventKind,
    feedback::{
        Field, NewReport, Passage, Redaction, RedactionReason, add_detail, erase, move_report, note, receipt,
        redact_report,
    },
    kernel::{Error, Permission},
};

use super::support::{Site, blank, fault};

fn words(field: Field, words: &str) -> Redaction {
    Redaction { field, passage: Passage::Words(words.to_owned()), reason: RedactionReason::PersonalData }
}

#[tokio::test]
async fn a_passage_goes_from_the_report_its_titles_and_its_notes() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let report = site.send("Bob Quill told me the pay is old").await;
    let case = site.case(report.case).await.case;
    note(ctx, case.id, case.version, "Who is Bob Quill? Not Bob Quillson.").await.unwrap();
    let missing = redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "Zed")).await;
    assert_eq!(fault(missing).1, "no-such-passage");
    let redacted = redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "Bob Quill")).await.unwrap();
    assert_eq!(redacted.wrong.as_deref(), Some("[removed] told me the pay is old"));
    assert_eq!(redacted.removed.get("by_hand"), Some(&1));
    let detail = site.case(report.case).await;
    assert_eq!(detail.case.title, "[removed] told me the pay is old");
    assert_eq!(detail.notes[0].text, "Who is [removed]? Not Bob Quillson.");
    assert_eq!(site.everything().await.matches("Bob Quill").count(), 1);
    let stale = redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "pay")).await;
    assert!(matches!(stale, Err(Error::Stale(_))));
}

#[tokio::test]
async fn an_addition_can_be_redacted() {
    let site = Site::new().await;
    let (given, report) = site.send_all(NewReport { wrong: Some("Old pay".to_owned()), ..blank() }).await;
    add_detail(&site.visitor, &given.reference, &given.receipt, "Ask Bob Quill").await.unwrap();
    let report = site.report(&report.reference).await;
    let redaction = words(Field::Addition(report.additions[0].id), "Bob Quill");
    let report = redact_report(&site.triager, report.id, &report.revision, redaction).await.unwrap();
    assert_eq!(report.additions[0].text, "Ask [removed]");
}

#[tokio::test]
async fn an_erased_report_leaves_its_row_and_nothing_that_was_said() {
    let site = Site::new().await;
    site.allow_contact().await;
    let (given, report) = site
        .send_all(NewReport {
            doing: Some("Reading about zebras".to_owned()),
            wrong: Some("A remarkable zebra".to_owned()),
            contact_email: Some("zebra@mail.example".to_owned()),
            ..blank()
        })
        .await;
    add_detail(&site.visitor, &given.reference, &given.receipt, "One more zebra").await.unwrap();
    let report = site.report(&report.reference).await;
    // The first case keeps the title that the report gave it.
    let moved = move_report(&site.triager, report.id, &report.revision, None).await.unwrap();
    let refused = erase(&site.triager, &report.reference, &moved.revision).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::FeedbackErase))));
    let stale = erase(&site.administrator, &report.reference, &report.revision).await;
    assert!(matches!(stale, Err(Error::Stale(stale)) if stale.revision.as_ref() == Some(&moved.revision)));
    erase(&site.administrator, &report.reference, &moved.revision).await.unwrap();
    assert!(!site.everything().await.contains("zebra"));
    let erased = site.report(&report.reference).await;
    assert!(erased.text_purged_at.is_some() && !erased.has_contact && erased.additions.is_empty());
    assert_eq!(site.case(moved.case).await.case.report_count, 1);
    assert_eq!(site.events(EventKind::ReportRedacted).await.len(), 1);
    receipt(&site.visitor.database, &given.reference, &given.receipt).await.unwrap();
    let more = add_detail(&site.visitor, &given.reference, &given.receipt, "More").await;
    assert_eq!(fault(more).1, "erased");
}
