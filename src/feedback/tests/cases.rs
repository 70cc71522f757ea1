//! The way of a case, its reports and its notes.

use crate::{
    events::EventKind,
    feedback::{
        AssigneeFilter, Case, CaseChange, CaseListing, CaseState, Dismissal, FixedIn, NewReport, Resolution, Resolving,
        assign, cases, change, dismiss, merge, move_report, note, open, receive, reopen, resolve, resolve_fixed,
        resume_due, retitle, start, unmerge, wait,
    },
    kernel::{CaseId, DocumentId, Error, IdempotencyClaim, Permission, Timestamp, UserId, VersionNumber},
};

use super::support::{EDITOR, PAGE, Site, TRIAGER, blank, fault};

fn version(number: i32) -> FixedIn {
    FixedIn { document: DocumentId(PAGE), version: VersionNumber(number) }
}

fn listing() -> CaseListing {
    CaseListing { limit: 10, ..CaseListing::default() }
}

#[tokio::test]
async fn a_case_goes_its_way_and_a_stale_step_is_refused() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    let opened = open(ctx, case.id, case.version).await.unwrap();
    let Err(Error::Stale(stale)) = start(ctx, case.id, case.version).await else { panic!() };
    assert_eq!(stale.current.unwrap()["state"], "open");
    let started = start(ctx, case.id, opened.version).await.unwrap();
    let past = wait(ctx, case.id, started.version, site.visitor.now()).await;
    assert_eq!(fault(past).0, "/until");
    let until = site.visitor.now().plus(Timestamp::HOUR);
    let waiting = wait(ctx, case.id, started.version, until).await.unwrap();
    assert_eq!((waiting.state, waiting.waiting_until), (CaseState::Waiting, Some(until)));
    assert_eq!(resume_due(&site.system).await.unwrap(), 0);
    site.clock.advance(Timestamp::HOUR);
    assert_eq!(resume_due(&site.system).await.unwrap(), 1);
    assert_eq!(resume_due(&site.system).await.unwrap(), 0);
    let resumed = site.case(Some(case.id)).await.case;
    assert_eq!((resumed.state, resumed.waiting_until), (CaseState::InProgress, None));
    let text = Some("Ring 07700 900123");
    let away = dismiss(ctx, case.id, resumed.version, Dismissal::NoDetail, text).await.unwrap();
    assert_eq!(away.reason.as_deref(), Some("no_detail"));
    assert_eq!(away.explanation.as_deref(), Some("Ring [phone removed]"));
    let back = reopen(ctx, case.id, away.version, Some("It says more now")).await.unwrap();
    assert_eq!((back.state, back.reason), (CaseState::Open, None));
    let detail = site.case(Some(case.id)).await;
    assert_eq!(detail.notes[0].text, "It says more now");
    assert_eq!(detail.timeline.len(), 6);
    assert!(matches!(open(&site.visitor, case.id, 1).await, Err(Error::Forbidden(Permission::FeedbackTriage))));
}

#[tokio::test]
async fn a_case_belongs_to_somebody_who_may_triage() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    let editor = assign(ctx, case.id, case.version, Some(UserId(EDITOR))).await;
    assert_eq!(fault(editor).0, "/assignee");
    let assigned = assign(ctx, case.id, case.version, Some(UserId(TRIAGER))).await.unwrap();
    assert_eq!(assigned.assignee.as_ref().unwrap().name, "Ada");
    let mine = CaseListing { assignee: Some(AssigneeFilter::User(UserId(TRIAGER))), ..listing() };
    assert_eq!(cases(ctx, &mine).await.unwrap().total, 1);
    let both = CaseChange { assignee: Some(None), title: Some("Pay".to_owned()), ..CaseChange::default() };
    let changed = change(ctx, case.id, assigned.version, both).await.unwrap();
    assert_eq!((changed.assignee, changed.title.as_str()), (None, "Pay"));
    assert_eq!(cases(ctx, &mine).await.unwrap().total, 0);
    let nobody = CaseListing { assignee: Some(AssigneeFilter::Nobody), ..listing() };
    assert_eq!(cases(ctx, &nobody).await.unwrap().total, 1);
}

#[tokio::test]
async fn titles_and_notes_hold_no_personal_data_and_leave_no_trace_in_the_log_or_the_store() {
    let mut site = Site::new().await;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    site.triager.idempotency = Some(IdempotencyClaim { key: "a".to_owned(), request_digest: "x".to_owned() });
    let titled = retitle(&site.triager, case.id, case.version, "Pay, says\nana@private.example").await.unwrap();
    assert_eq!(titled.title, "Pay, says [email removed]");
    let kept: Case = serde_json::from_value(site.triager.earlier_outcome().await.unwrap().unwrap()).unwrap();
    assert_eq!((kept.id, kept.version, kept.title.as_str()), (case.id, titled.version, ""));
    site.triager.idempotency = None;
    note(&site.triager, case.id, titled.version, "Ask 07700 900123, a quiet word").await.unwrap();
    let all = site.everything().await;
    assert!(!all.contains("900123") && !all.contains("ana@private"));
    assert_eq!(all.matches("a quiet word").count(), 1);
}

#[tokio::test]
async fn a_resolution_names_a_published_version_or_a_reason() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    let fixed = |number| Resolving {
        resolution: Resolution::Fixed,
        reason: None,
        fixed_in: Some(version(number)),
        what_changed: None,
    };
    assert_eq!(fault(resolve(ctx, case.id, case.version, fixed(2)).await).0, "/fixed_in/version");
    let silent = Resolving {
        resolution: Resolution::WontChange,
        reason: Some(" ".to_owned()),
        fixed_in: None,
        what_changed: None,
    };
    assert_eq!(fault(resolve(ctx, case.id, case.version, silent).await).0, "/reason");
    let resolved = resolve(ctx, case.id, case.version, fixed(1)).await.unwrap();
    assert_eq!(resolved.fixed_in, Some(version(1)));
    let again = resolve(ctx, case.id, resolved.version, fixed(1)).await;
    assert_eq!(fault(again).1, "closed");
}

#[tokio::test]
async fn a_publication_fixes_its_cases_once() {
    let site = Site::new().await;
    let case = site.send("The pay is old").await.case.unwrap();
    let other = site.send("The link to the union is broken").await.case.unwrap();
    let event = site.publish(PAGE, 2, &[case, CaseId(PAGE)]).await;
    assert_eq!(resolve_fixed(&site.system, &event).await.unwrap(), 1);
    assert_eq!(resolve_fixed(&site.system, &event).await.unwrap(), 0);
    let fixed = site.case(Some(case)).await.case;
    assert_eq!((fixed.state, fixed.resolution), (CaseState::Resolved, Some(Resolution::Fixed)));
    assert_eq!(fixed.fixed_in, Some(version(2)));
    assert_eq!(site.case(Some(other)).await.case.state, CaseState::New);
    let back = reopen(&site.triager, case, fixed.version, None).await.unwrap();
    assert_eq!(resolve_fixed(&site.system, &event).await.unwrap(), 0);
    assert_eq!(site.case(Some(case)).await.case.version, back.version);
}

#[tokio::test]
async fn a_similar_report_that_saw_the_fix_reopens_the_case_and_an_older_one_does_not() {
    let site = Site::new().await;
    let case = site.send("The salary on this page is out of date").await.case.unwrap();
    let event = site.publish(PAGE, 2, &[case]).await;
    resolve_fixed(&site.system, &event).await.unwrap();
    site.clock.advance(Timestamp::HOUR);
    let says = |version, sequence| NewReport {
        page_token: Some(site.token(version, sequence)),
        wrong: Some("salary on the page is still out of date".to_owned()),
        ..blank()
    };
    let (_, older) = site.send_all(says(1, event.sequence.0 - 1)).await;
    assert_ne!(older.case, Some(case));
    assert_eq!(site.case(Some(case)).await.case.state, CaseState::Resolved);
    site.clock.advance(Timestamp::HOUR);
    let (_, different) = site
        .send_all(NewReport { wrong: Some("Nothing on apprenticeships".to_owned()), ..says(2, event.sequence.0) })
        .await;
    assert_ne!(different.case, Some(case));
    let (_, newer) = site.send_all(says(2, event.sequence.0)).await;
    assert_eq!(newer.case, Some(case));
    let regressed = site.case(Some(case)).await.case;
    assert_eq!((regressed.state, regressed.regressed, regressed.report_count), (CaseState::Open, true, 2));
    assert_eq!(regressed.fixed_in, Some(version(2)));
    assert_eq!(site.events(EventKind::CaseReopened).await.len(), 1);
    assert_eq!(resolve_fixed(&site.system, &event).await.unwrap(), 0);
    let only = CaseListing { regressed: Some(true), ..listing() };
    assert_eq!(cases(&site.triager, &only).await.unwrap().total, 1);
}

#[tokio::test]
async fn reports_of_one_moment_are_placed_as_if_they_had_come_one_after_the_other() {
    let site = Site::new().await;
    let fixed = site.send("The salary on this page is out of date").await.case.unwrap();
    let event = site.publish(PAGE, 2, &[fixed]).await;
    resolve_fixed(&site.system, &event).await.unwrap();
    let earlier = site.send("The link is broken").await.case.unwrap();
    site.clock.advance(Timestamp::MINUTE);
    let says = |wrong: &str| NewReport {
        page_token: Some(site.token(2, event.sequence.0)),
        wrong: Some(wrong.to_owned()),
        ..blank()
    };
    let texts = [
        "Nothing on apprenticeships",
        "salary on the page is still out of date",
        "the LINK is broken!",
        "nothing on Apprenticeships",
        "Salary on the page is still out of date!",
        "How long is a shift?",
    ];
    let sent = texts.iter().map(|text| receive(&site.visitor, &site.limits, says(text)));
    let mut places = Vec::new();
    for receipt in futures_util::future::join_all(sent).await {
        places.push(site.report(&receipt.unwrap().reference).await.case.unwrap());
    }
    let [apprenticeships, salary, link, again, still, shift] = places[..] else { panic!("{places:?}") };
    assert_eq!((salary, link, again, still), (fixed, earlier, apprenticeships, fixed));
    let mut numbers = Vec::new();
    for (case, reports, state) in [
        (fixed, 3, CaseState::Open),
        (earlier, 2, CaseState::New),
        (apprenticeships, 2, CaseState::New),
        (shift, 1, CaseState::New),
    ] {
        let case = site.case(Some(case)).await.case;
        assert_eq!((case.report_count, case.state, case.regressed), (reports, state, state == CaseState::Open));
        numbers.push(case.number);
    }
    assert_eq!(numbers, [1, 2, 3, 4], "no number is left out, and none is given twice");
    assert_eq!(site.events(EventKind::CaseReopened).await.len(), 1);
    assert_eq!(site.events(EventKind::ReportReceived).await.len(), 8);
}

#[tokio::test]
async fn without_a_token_the_version_says_whether_the_fix_was_seen() {
    let site = Site::new().await;
    let case = site.send("The salary on this page is out of date").await.case.unwrap();
    let event = site.publish(PAGE, 2, &[case]).await;
    resolve_fixed(&site.system, &event).await.unwrap();
    site.clock.advance(Timestamp::HOUR);
    let says = |number| NewReport {
        version: Some(VersionNumber(number)),
        wrong: Some("the salary on this page is out of date".to_owned()),
        ..blank()
    };
    assert_ne!(site.send_all(says(1)).await.1.case, Some(case));
    site.clock.advance(Timestamp::HOUR);
    assert_eq!(site.send_all(says(2)).await.1.case, Some(case));
}

#[tokio::test]
async fn a_merge_moves_reports_and_unmerging_brings_exactly_these_back() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let first = site.send("The pay is old").await;
    site.clock.advance(Timestamp::MINUTE);
    let second = site.send("Salaries are from last year").await;
    site.clock.advance(Timestamp::MINUTE);
    let third = site.send("Salaries are from last year").await;
    let (target, source) = (first.case.unwrap(), second.case.unwrap());
    let case = site.case(Some(source)).await.case;
    assert_eq!(fault(merge(ctx, source, case.version, source).await).0, "/into");
    assert_eq!(fault(merge(ctx, source, case.version, CaseId(PAGE)).await).0, "/into");
    let merged = merge(ctx, source, case.version, target).await.unwrap();
    assert_eq!((merged.state, merged.merged_into, merged.report_count), (CaseState::Merged, Some(target), 0));
    let into = site.case(Some(target)).await;
    assert_eq!((into.case.report_count, into.case.last_report_at), (3, third.received_at));
    assert_eq!(into.merged, [source]);

    let other = site.case(site.send("Nothing on apprenticeships").await.case).await.case;
    assert_eq!(fault(merge(ctx, other.id, other.version, source).await).1, "target-merged");
    assert_eq!(fault(merge(ctx, target, into.case.version, other.id).await).1, "has-merged");
    assert_eq!(fault(open(ctx, source, merged.version).await).1, "merged");

    let moved = site.report(&third.reference).await;
    let moved = move_report(ctx, moved.id, &moved.revision, Some(other.id)).await.unwrap();
    assert_eq!(moved.case, Some(other.id));
    let restored = unmerge(ctx, source, merged.version).await.unwrap();
    assert_eq!((restored.state, restored.merged_into, restored.report_count), (CaseState::New, None, 1));
    assert_eq!(site.report(&second.reference).await.case, Some(source));
    let into = site.case(Some(target)).await.case;
    assert_eq!((into.report_count, into.last_report_at), (1, first.received_at));
    assert_eq!(site.case(Some(other.id)).await.case.report_count, 2);
    assert_eq!(fault(unmerge(ctx, source, restored.version).await).1, "not-merged");
}

#[tokio::test]
async fn a_moved_report_can_have_a_case_of_its_own_and_leaves_no_empty_one() {
    let site = Site::new().await;
    let report = site.send("The pay is old").await;
    let moved = move_report(&site.triager, report.id, &report.revision, None).await.unwrap();
    assert_ne!(moved.case, report.case);
    let own = site.case(moved.case).await.case;
    assert_eq!((own.state, own.number, own.report_count), (CaseState::Open, 2, 1));
    let left = site.case(report.case).await.case;
    assert_eq!((left.state, left.reason.as_deref()), (CaseState::Dismissed, Some("duplicate")));
}

#[tokio::test]
async fn lists_go_page_by_page_and_find_words() {
    let site = Site::new().await;
    for text in ["The pay is old", "A 100% broken link", "Nothing on apprenticeships"] {
        site.send(text).await;
        site.clock.advance(Timestamp::MINUTE);
    }
    let mut titles = Vec::new();
    let mut listing = CaseListing { limit: 2, ..listing() };
    loop {
        let page = cases(&site.triager, &listing).await.unwrap();
        assert_eq!(page.total, 3);
        titles.extend(page.rows.into_iter().map(|case| case.title));
        listing.after = page.next;
        if listing.after.is_none() {
            break;
        }
    }
    assert_eq!(titles, ["Nothing on apprenticeships", "A 100% broken link", "The pay is old"]);
    for (words, found) in [("PAY old", 1), ("%", 1), ("_", 0), ("#2", 1), ("", 3)] {
        let listing = CaseListing { words: Some(words.to_owned()), limit: 10, ..CaseListing::default() };
        assert_eq!(cases(&site.triager, &listing).await.unwrap().total, found, "{words}");
    }
    let states = CaseListing { states: vec![CaseState::Open], limit: 10, ..CaseListing::default() };
    assert_eq!(cases(&site.triager, &states).await.unwrap().total, 0);
}
