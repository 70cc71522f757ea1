//! Reports on their way in, and the receipts of their senders.

use crate::{
    events::EventKind,
    feedback::{
        CaseState, NewReport, Progress, ReportListing, add_detail, quarantine, receipt, receive, release, reports,
    },
    kernel::{Error, IdempotencyClaim, Timestamp, VersionNumber},
};

use super::support::{BLOCK, DRAFT, PAGE, SECTION, SECTION_BLOCK, Site, blank, block, fault};

#[tokio::test]
async fn personal_data_reaches_no_table() {
    let site = Site::new().await;
    site.allow_contact().await;
    let (receipt, report) = site
        .send_all(NewReport {
            doing: Some("Ring me on 07700 900123".to_owned()),
            wrong: Some("Write to ana@private.example about the pay".to_owned()),
            contact_email: Some("visitor@mail.example".to_owned()),
            ..blank()
        })
        .await;
    add_detail(&site.visitor, &receipt.reference, &receipt.receipt, "or ring 07700 900456").await.unwrap();
    let all = site.everything().await;
    for hidden in ["900123", "900456", "ana@private.example", receipt.receipt.as_str()] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    assert_eq!(all.matches("visitor@mail.example").count(), 1);
    assert_eq!(report.wrong.as_deref(), Some("Write to [email removed] about the pay"));
    assert_eq!(report.removed.get("email"), Some(&1));
    assert_eq!(report.removed.get("phone"), Some(&1));
    let events: Vec<String> =
        site.events(EventKind::ReportReceived).await.iter().map(|event| format!("{:?}", event.payload)).collect();
    assert!(!events.concat().contains("pay"), "{events:?}");
    assert!(report.contact.unwrap().delete_after > Timestamp(report.received_at.0 + 89 * Timestamp::DAY));
}

#[tokio::test]
async fn a_report_makes_a_case_and_a_receipt() {
    let site = Site::new().await;
    let (given, report) = site.send_all(NewReport { wrong: Some("The  pay is\nold".to_owned()), ..blank() }).await;
    assert!(given.reference.starts_with("RB-") && given.reference.len() == 12, "{}", given.reference);
    assert_eq!(given.receipt.len(), 32);
    let case = site.case(report.case).await;
    assert_eq!((case.case.title.as_str(), case.case.state, case.case.number), ("The pay is old", CaseState::New, 1));
    assert_eq!(case.case.report_count, 1);
    let database = &site.visitor.database;
    let view = receipt(database, &given.reference.to_lowercase(), &given.receipt).await.unwrap();
    assert_eq!((view.state, view.additions), (Progress::Received, 0));
    let wrong = receipt(database, &given.reference, &"0".repeat(32)).await.unwrap_err();
    let unknown = receipt(database, "RB-0000-0000", &given.receipt).await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert!(matches!(wrong, Error::NotFound(_)));
}

#[tokio::test]
async fn detail_can_be_added_ten_times() {
    let site = Site::new().await;
    let (given, report) = site.send_all(NewReport { wrong: Some("Old pay".to_owned()), ..blank() }).await;
    for _ in 0..10 {
        add_detail(&site.visitor, &given.reference, &given.receipt, "More").await.unwrap();
    }
    let result = add_detail(&site.visitor, &given.reference, &given.receipt, "More").await;
    assert_eq!(fault(result).1, "too-many");
    let result = add_detail(&site.visitor, &given.reference, "no", "More").await;
    assert!(matches!(result, Err(Error::NotFound(_))));
    assert_eq!(site.case(report.case).await.reports[0].additions.len(), 10);
}

#[tokio::test]
async fn what_a_report_is_about_has_to_be_public() {
    let site = Site::new().await;
    let about = |document: &str| NewReport {
        document: Some(document.to_owned()),
        wrong: Some("Old pay".to_owned()),
        ..blank()
    };
    let mut messages = Vec::new();
    for name in ["secret-plan", "never-was", &DRAFT.to_string(), &BLOCK.to_string()] {
        messages.push(receive(&site.visitor, &site.limits, about(name)).await.unwrap_err().to_string());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let unpublished = NewReport { version: Some(VersionNumber(2)), ..about("nurse") };
    assert_eq!(fault(receive(&site.visitor, &site.limits, unpublished).await).0, "/version");
    let foreign = NewReport { block: block(DRAFT), ..about("nurse") };
    assert_eq!(fault(receive(&site.visitor, &site.limits, foreign).await).0, "/block");
    let (_, report) = site.send_all(NewReport { block: block(BLOCK), ..about(&PAGE.to_string()) }).await;
    assert_eq!((report.document.0, report.page.0, report.version), (PAGE, PAGE, Some(VersionNumber(1))));
    let (_, report) = site.send_all(NewReport { block: block(SECTION_BLOCK), ..about("nurse") }).await;
    assert_eq!((report.document.0, report.page.0), (SECTION, PAGE));
}

#[tokio::test]
async fn a_page_token_says_what_was_seen_and_a_forged_one_is_refused() {
    let site = Site::new().await;
    let with = |token: String| NewReport {
        page_token: Some(token),
        document: None,
        wrong: Some("Old pay".to_owned()),
        ..blank()
    };
    let (_, report) = site.send_all(with(site.token(1, 2))).await;
    assert_eq!((report.page.0, report.seen_sequence.unwrap().0), (PAGE, 2));
    let mut forged = site.token(1, 2);
    forged.replace_range(0..1, if forged.starts_with('A') { "B" } else { "A" });
    for token in [forged, "x".to_owned(), site.token(2, 2)] {
        assert_eq!(fault(receive(&site.visitor, &site.limits, with(token)).await).0, "/page_token");
    }
}

#[tokio::test]
async fn every_fault_is_named_at_once_and_nothing_is_written() {
    let site = Site::new().await;
    let result = receive(
        &site.visitor,
        &site.limits,
        NewReport {
            document: Some("never-was".to_owned()),
            doing: Some("x".repeat(1_201)),
            wrong: Some("a\0b".to_owned()),
            contact_email: Some("me@mail.example".to_owned()),
            ..blank()
        },
    )
    .await;
    let Err(Error::Invalid(faults)) = result else { panic!() };
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/doing", "/wrong", "/contact_email", "/document"]);
    assert_eq!(
        fault(receive(&site.visitor, &site.limits, blank()).await),
        ("/wrong".to_owned(), "missing-field".to_owned())
    );
    assert_eq!(site.count().await, 0);
    site.allow_contact().await;
    let result = receive(
        &site.visitor,
        &site.limits,
        NewReport { wrong: Some("Old".to_owned()), contact_email: Some("nonsense".to_owned()), ..blank() },
    );
    assert_eq!(fault(result.await).1, "not-an-email");
}

#[tokio::test]
async fn the_same_text_joins_within_five_minutes_and_no_longer() {
    let site = Site::new().await;
    let first = site.send("The link is broken").await;
    site.clock.advance(299 * Timestamp::SECOND);
    let second = site.send("the LINK is broken!").await;
    assert_eq!(second.case, first.case);
    let case = site.case(first.case).await.case;
    assert_eq!((case.report_count, case.last_report_at), (2, second.received_at));
    site.clock.advance(301 * Timestamp::SECOND);
    let third = site.send("The link is broken").await;
    assert_ne!(third.case, first.case);
    let detail = site.case(third.case).await;
    assert_eq!(detail.suggestions.len(), 1);
    assert_eq!(Some(detail.suggestions[0].case.id), first.case);
}

#[tokio::test]
async fn the_same_text_sent_twice_at_once_makes_one_case() {
    let site = Site::new().await;
    let report = NewReport { wrong: Some("The link is broken".to_owned()), ..blank() };
    let send = || receive(&site.visitor, &site.limits, report.clone());
    let (a, b, c) = tokio::join!(send(), send(), send());
    let (a, b, c) = (a.unwrap().reference, b.unwrap().reference, c.unwrap().reference);
    let case = site.report(&a).await.case;
    assert_eq!((site.report(&b).await.case, site.report(&c).await.case), (case, case));
    assert_eq!(site.case(case).await.case.report_count, 3);
}

#[tokio::test]
async fn what_a_visitor_saw_can_be_reported_after_it_is_gone() {
    let site = Site::new().await;
    site.unpublish(PAGE).await;
    let by_name = NewReport { document: Some(PAGE.to_string()), wrong: Some("Old pay".to_owned()), ..blank() };
    assert_eq!(fault(receive(&site.visitor, &site.limits, by_name.clone()).await).0, "/document");
    let saw = NewReport { page_token: Some(site.token(1, 2)), block: block(SECTION_BLOCK), ..by_name };
    let (_, report) = site.send_all(saw.clone()).await;
    assert_eq!((report.document.0, report.page.0), (SECTION, PAGE));
    let before = NewReport { page_token: Some(site.token(1, 1)), ..saw };
    assert_eq!(fault(receive(&site.visitor, &site.limits, before).await).0, "/block");
}

#[tokio::test]
async fn suspected_spam_is_put_aside_and_can_be_released() {
    let site = Site::new().await;
    let spam = NewReport { honeypot_filled: true, wrong: Some("The link is broken".to_owned()), ..blank() };
    let (given, put_aside) = site.send_all(spam).await;
    assert!(put_aside.quarantined && put_aside.case.is_none());
    assert_eq!(put_aside.reasons, ["honeypot"]);
    let view = receipt(&site.visitor.database, &given.reference, &given.receipt).await.unwrap();
    assert_eq!(view.state, Progress::Received);
    let listing = ReportListing { quarantined: Some(true), limit: 10, ..ReportListing::default() };
    assert_eq!(reports(&site.triager, &listing).await.unwrap().total, 1);

    let honest = site.send("The link is broken").await;
    let released = release(&site.triager, put_aside.id, &put_aside.revision).await.unwrap();
    assert_eq!(released.case, honest.case);
    let again = release(&site.triager, put_aside.id, &released.revision).await;
    assert_eq!(fault(again).1, "not-quarantined");
    let stale = quarantine(&site.triager, put_aside.id, &put_aside.revision).await;
    assert!(matches!(stale, Err(Error::Stale(_))));

    quarantine(&site.triager, released.id, &released.revision).await.unwrap();
    let left = site.case(honest.case).await.case;
    assert_eq!((left.report_count, left.title.as_str()), (1, "The link is broken"), "the other one says the same");
    quarantine(&site.triager, honest.id, &honest.revision).await.unwrap();
    let empty = site.case(honest.case).await.case;
    assert_eq!((empty.state, empty.reason.as_deref()), (CaseState::Dismissed, Some("spam")));
    assert_eq!(empty.title, "Text removed", "what is in quarantine is not read in a title either");
}

#[tokio::test]
async fn a_receipt_is_not_kept_under_an_idempotency_key() {
    let mut site = Site::new().await;
    let claim = IdempotencyClaim { key: "guess".to_owned(), request_digest: "x".to_owned() };
    site.visitor.idempotency = Some(claim);
    let (given, _) = site.send_all(NewReport { wrong: Some("Old pay".to_owned()), ..blank() }).await;
    assert!(!site.everything().await.contains(&given.receipt));
    assert!(
        receive(&site.visitor, &site.limits, NewReport { wrong: Some("Old pay".to_owned()), ..blank() }).await.is_ok()
    );
}
