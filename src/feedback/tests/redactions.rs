//! What is taken out of reports is gone everywhere.

use crate::{
    events::EventKind,
    feedback::{
        Field, NewReport, Passage, Redaction, RedactionReason, Seal, UNDO, add_detail, erase, forget_sealed,
        move_report, note, put_back, receipt, redact_report,
    },
    kernel::{Error, Permission},
};

use super::support::{Site, blank, fault};

fn seal() -> Seal {
    Seal::of("a session").unwrap()
}

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
    let missing = redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "Zed"), &seal()).await;
    assert_eq!(fault(missing).1, "no-such-passage");
    let redacted =
        redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "Bob Quill"), &seal()).await.unwrap();
    assert_eq!(redacted.wrong.as_deref(), Some("[removed] told me the pay is old"));
    assert_eq!(redacted.removed.get("by_hand"), Some(&1));
    let detail = site.case(report.case).await;
    assert_eq!(detail.case.title, "[removed] told me the pay is old");
    assert_eq!(detail.notes[0].text, "Who is [removed]? Not Bob Quillson.");
    assert_eq!(site.everything().await.matches("Bob Quill").count(), 1);
    let stale = redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "pay"), &seal()).await;
    assert!(matches!(stale, Err(Error::Stale(_))));
}

#[tokio::test]
async fn an_addition_can_be_redacted() {
    let site = Site::new().await;
    let (given, report) = site.send_all(NewReport { wrong: Some("Old pay".to_owned()), ..blank() }).await;
    add_detail(&site.visitor, &given.reference, &given.receipt, "Ask Bob Quill").await.unwrap();
    let report = site.report(&report.reference).await;
    let redaction = words(Field::Addition(report.additions[0].id), "Bob Quill");
    let report = redact_report(&site.triager, report.id, &report.revision, redaction, &seal()).await.unwrap();
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

#[tokio::test]
async fn what_was_taken_out_comes_back_within_ten_minutes_and_never_again_after_them() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let report = site.send("My name is Jane Quill and the pay is old").await;
    assert_eq!(report.flags.len(), 1);
    let case = site.case(report.case).await.case;
    note(ctx, case.id, case.version, "Jane Quill rang as well.").await.unwrap();
    let redact = async |words_to_go: &str, seen: &str| {
        redact_report(ctx, report.id, seen, words(Field::Wrong, words_to_go), &seal()).await.unwrap()
    };
    let redacted = redact("Jane Quill", &report.revision).await;
    assert_eq!((redacted.flags.len(), redacted.taken_out.len()), (0, 1));
    assert!(!site.everything().await.contains("Jane Quill"), "sealed is not written");
    let [taken_out] = redacted.taken_out.as_slice() else { panic!() };
    let other = Seal::of("another session").unwrap();
    let foreign = put_back(ctx, report.id, &redacted.revision, taken_out.id, &other).await;
    assert_eq!(fault(foreign).1, "sealed-by-another");
    site.clock.advance(1_000);
    let again = redact("pay", &redacted.revision).await;
    let early = put_back(ctx, report.id, &again.revision, taken_out.id, &seal()).await;
    assert_eq!(fault(early).1, "changed-since");
    let back = put_back(ctx, report.id, &again.revision, again.taken_out[0].id, &seal()).await.unwrap();
    site.clock.advance(UNDO - 1_001);
    let back = put_back(ctx, report.id, &back.revision, taken_out.id, &seal()).await.unwrap();
    assert_eq!((&back.wrong, &back.flags, &back.removed), (&report.wrong, &report.flags, &report.removed));
    assert_eq!(back.revision, report.revision);
    let detail = site.case(report.case).await;
    assert_eq!(detail.case.title, case.title);
    assert_eq!(detail.notes[0].text, "Jane Quill rang as well.");
    assert_eq!(site.events(EventKind::ReportWordsPutBack).await.len(), 2);

    let redacted = redact("Jane Quill", &back.revision).await;
    site.clock.advance(UNDO);
    let late = put_back(ctx, report.id, &redacted.revision, redacted.taken_out[0].id, &seal()).await;
    assert_eq!(fault(late).1, "gone-for-good");
    assert_eq!(forget_sealed(&site.system).await.unwrap(), 1);
    assert_eq!(forget_sealed(&site.system).await.unwrap(), 0);
    assert!(site.report(&report.reference).await.taken_out.is_empty());
}

#[tokio::test]
async fn an_erasure_takes_copies_in_notes_and_sealed_words_along() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let (given, report) =
        site.send_all(NewReport { wrong: Some("The pay of zebras is old. Ask Quill.".to_owned()), ..blank() }).await;
    add_detail(&site.visitor, &given.reference, &given.receipt, "Zebras graze by the river").await.unwrap();
    let case = site.case(report.case).await.case;
    let case = note(ctx, case.id, case.version, "They say: the rest. The pay of zebras is old! So?").await.unwrap();
    site.clock.advance(1_000);
    note(ctx, case.id, case.version, "And: \"Zebras graze by the river\"").await.unwrap();
    let report = site.report(&report.reference).await;
    let redacted =
        redact_report(ctx, report.id, &report.revision, words(Field::Wrong, "Quill"), &seal()).await.unwrap();
    erase(&site.administrator, &report.reference, &redacted.revision).await.unwrap();
    let all = site.everything().await;
    assert!(!all.to_lowercase().contains("zebra") && !all.contains("sealed_words"), "{all}");
    let detail = site.case(report.case).await;
    assert_eq!(detail.notes[0].text, "They say: the rest. [removed]! So?");
    assert_eq!(detail.reports[0].flags, []);
}
