//! By when cases are due, and what people say of them.

use crate::{
    events::EventKind,
    feedback::{
        CaseCategory, CaseChange, CaseListing, CaseOrder, CaseSeverity, Dismissal, Ends, LabelChange, NewReport,
        ReportKind, Resolution, Resolving, cases, change, dismiss, filter_counts, labels_in_use, note, reopen, resolve,
        resume, retime, start, time_untimed, wait,
    },
    kernel::{Error, Timestamp},
    site::{self, Holiday, Settings, Target, Targets},
};

use super::support::{BLOCK, PAGE, Site, blank, block, fault};

fn at(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

fn go_to(site: &Site, time: Timestamp) {
    site.clock.advance(time.0 - site.visitor.now().0);
}

fn severity(severity: CaseSeverity) -> CaseChange {
    CaseChange { severity: Some(severity), ..CaseChange::default() }
}

fn labels(labels: &[&str]) -> CaseChange {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    CaseChange { labels: Some(LabelChange::Only(labels)), ..CaseChange::default() }
}

/// The clock stands on a Sunday.
#[tokio::test]
async fn a_case_is_due_by_its_severity_in_working_days() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    assert_eq!((case.severity, case.category), (CaseSeverity::Normal, CaseCategory::Other));
    assert_eq!(case.first_action_due_at, at("2026-11-26T00:00:00Z"), "two days after Monday");
    assert_eq!(case.fix_due_at, at("2026-12-08T00:00:00Z"), "ten days");
    assert_eq!((case.due_at, case.escalating), (case.first_action_due_at, false));
    let urgent = change(ctx, case.id, case.version, severity(CaseSeverity::Urgent)).await.unwrap();
    assert_eq!((urgent.first_action_due_at, urgent.first_action_at), (None, Some(site.visitor.now())));
    assert_eq!(urgent.due_at, at("2026-11-25T00:00:00Z"));
    go_to(&site, urgent.due_at.unwrap().plus(-1));
    assert!(!site.case(Some(case.id)).await.case.escalating);
    go_to(&site, urgent.due_at.unwrap());
    assert!(site.case(Some(case.id)).await.case.escalating, "without anything having run");
    let closed = dismiss(ctx, case.id, urgent.version, Dismissal::NoDetail, None).await.unwrap();
    assert_eq!((closed.due_at, closed.escalating), (None, false));
}

#[tokio::test]
async fn waiting_and_being_closed_do_not_count_and_a_fix_that_failed_begins_anew() {
    let site = Site::new().await;
    let ctx = &site.triager;
    go_to(&site, at("2026-11-24T14:00:00Z").unwrap());
    let case = site.case(site.send("The pay of nurses is out of date here").await.case).await.case;
    let started = start(ctx, case.id, case.version).await.unwrap();
    assert_eq!(started.fix_due_at, at("2026-12-09T00:00:00Z"));
    let waiting = wait(ctx, case.id, started.version, at("2026-12-20T00:00:00Z").unwrap()).await.unwrap();
    assert_eq!((waiting.fix_due_at, waiting.due_at), (None, None));
    // From Tuesday 14:00 over a weekend to Monday 14:00: four days.
    go_to(&site, at("2026-11-30T14:00:00Z").unwrap());
    let resumed = resume(ctx, case.id, waiting.version).await.unwrap();
    assert_eq!(resumed.fix_due_at, at("2026-12-15T00:00:00Z"));
    let answered = Resolving { resolution: Resolution::Answered, reason: None, fixed_in: None, what_changed: None };
    let closed = resolve(ctx, case.id, resumed.version, answered).await.unwrap();
    go_to(&site, at("2026-12-02T14:00:00Z").unwrap());
    let back = reopen(ctx, case.id, closed.version, None).await.unwrap();
    assert_eq!(back.fix_due_at, at("2026-12-17T00:00:00Z"), "two days more");
    // The second fix is published, seen, and reported as not working.
    let fixing = Resolving {
        resolution: Resolution::Fixed,
        reason: None,
        fixed_in: Some(crate::feedback::FixedIn {
            document: crate::kernel::DocumentId(PAGE),
            version: crate::kernel::VersionNumber(1),
        }),
        what_changed: None,
    };
    resolve(ctx, case.id, back.version, fixing).await.unwrap();
    go_to(&site, at("2027-01-05T10:00:00Z").unwrap());
    let again = site.send("The pay of nurses is still out of date here").await;
    assert_eq!(again.case, Some(case.id));
    let regressed = site.case(again.case).await.case;
    assert!(regressed.regressed);
    assert_eq!(regressed.first_action_due_at, at("2027-01-08T00:00:00Z"), "two days after Tuesday");
    assert_eq!(regressed.fix_due_at, at("2027-01-20T00:00:00Z"));
}

#[tokio::test]
async fn a_change_of_targets_or_holidays_times_open_cases_anew_without_a_version() {
    let site = Site::new().await;
    let case = site.case(site.send("The pay is old").await.case).await.case;
    let before = Settings::default();
    let target = Target { first_action: 0, fix: 1 };
    let holiday = Holiday { date: "2026-11-24".to_owned(), name: "A fair".to_owned() };
    let after = Settings {
        targets: Targets { normal: target, ..Targets::default() },
        holidays: vec![holiday],
        ..before.clone()
    };
    site::change_settings(&site.system, &before.revision().unwrap(), after).await.unwrap();
    for event in site.events(EventKind::SettingChanged).await {
        assert_eq!(retime(&site.system, &event).await.unwrap(), 1);
        assert_eq!(retime(&site.system, &event).await.unwrap(), 0, "a second time changes nothing");
    }
    let timed = site.case(Some(case.id)).await.case;
    assert_eq!(timed.first_action_due_at, at("2026-11-24T00:00:00Z"));
    assert_eq!(timed.fix_due_at, at("2026-11-26T00:00:00Z"), "not on the holiday");
    assert_eq!(timed.version, case.version);
    assert_eq!(time_untimed(&site.system).await.unwrap(), 0);
}

#[tokio::test]
async fn the_category_comes_from_the_kind_of_the_report_and_labels_are_kept_alike() {
    let site = Site::new().await;
    let ctx = &site.triager;
    let praise = NewReport { kind: ReportKind::Praise, wrong: Some("A lovely page".to_owned()), ..blank() };
    let case = site.case(site.send_all(praise).await.1.case).await.case;
    assert_eq!(case.category, CaseCategory::Praise);
    let labelled = change(ctx, case.id, case.version, labels(&["Pay  Bands", "NIGHTS", "nights"])).await.unwrap();
    assert_eq!(labelled.labels.iter().map(String::as_str).collect::<Vec<_>>(), ["nights", "pay bands"]);
    let personal = change(ctx, case.id, labelled.version, labels(&["07700 900123"])).await;
    assert_eq!(fault(personal), ("/labels".to_owned(), "personal-data".to_owned()));
    let stale = change(ctx, case.id, case.version, severity(CaseSeverity::Low)).await;
    assert!(matches!(stale, Err(Error::Stale(_))));
    let other = site.case(site.send("The hours are wrong").await.case).await.case;
    change(ctx, other.id, other.version, labels(&["nights"])).await.unwrap();
    let used = labels_in_use(ctx).await.unwrap();
    assert_eq!(used, [("nights".to_owned(), 2), ("pay bands".to_owned(), 1)]);
    let listing = CaseListing { label: Some("pay bands".to_owned()), limit: 10, ..CaseListing::default() };
    assert_eq!(cases(ctx, &listing).await.unwrap().rows[0].id, case.id);
    let log = format!("{:?}", site.events(EventKind::CaseChanged).await);
    assert!(log.contains("labelled") && !log.contains("nights"), "{log}");
}

#[tokio::test]
async fn cases_are_found_by_what_is_said_of_them_and_listed_in_the_order_in_which_they_are_due() {
    let site = Site::new().await;
    let ctx = &site.triager;
    site.allow_contact().await;
    let mut sent = Vec::new();
    for words in ["The pay is old", "The link is broken", "The hours are wrong", "The map is missing"] {
        site.clock.advance(Timestamp::HOUR);
        let contact_email = words.contains("link").then(|| "ana@private.example".to_owned());
        let place = if words.contains("map") { block(BLOCK) } else { None };
        let report = NewReport { wrong: Some(words.to_owned()), contact_email, block: place, ..blank() };
        sent.push(site.case(site.send_all(report).await.1.case).await.case);
    }
    let [pay, link, hours, map] = sent.as_slice() else { panic!() };
    change(ctx, map.id, map.version, severity(CaseSeverity::Urgent)).await.unwrap();
    let broken = CaseChange { category: Some(CaseCategory::BrokenLink), ..severity(CaseSeverity::High) };
    change(ctx, link.id, link.version, broken).await.unwrap();
    let away = dismiss(ctx, pay.id, pay.version, Dismissal::NoDetail, None).await.unwrap();
    note(ctx, pay.id, away.version, "Nothing to see").await.unwrap();
    let found = async |listing: CaseListing| {
        let page = cases(ctx, &CaseListing { limit: 10, ..listing }).await.unwrap();
        page.rows.into_iter().map(|case| case.number).collect::<Vec<_>>()
    };
    let all = CaseListing::default;
    let due = CaseListing { order: CaseOrder::Due, ..all() };
    let order = [map.number, hours.number, link.number, pay.number];
    assert_eq!(found(due.clone()).await, order);
    let mut walked = Vec::new();
    let mut after = None;
    loop {
        let page = cases(ctx, &CaseListing { limit: 1, after, ..due.clone() }).await.unwrap();
        walked.extend(page.rows.iter().map(|case| case.number));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(walked, order, "one page after the other");
    assert_eq!(found(CaseListing { severity: Some(CaseSeverity::High), ..all() }).await, [link.number]);
    assert_eq!(found(CaseListing { category: Some(CaseCategory::BrokenLink), ..all() }).await, [link.number]);
    assert_eq!(found(CaseListing { has_contact: Some(true), ..all() }).await, [link.number]);
    assert_eq!(found(CaseListing { has_contact: Some(false), ..all() }).await.len(), 3);
    assert_eq!(found(CaseListing { block: block(BLOCK), ..all() }).await, [map.number]);
    let before = Some(hours.last_report_at);
    assert_eq!(found(CaseListing { reported_before: before, ..all() }).await, [link.number, pay.number]);
    go_to(&site, at("2026-11-26T00:00:00Z").unwrap());
    let overdue = CaseListing { due_until: Some(site.visitor.now()), ..due };
    assert_eq!(found(overdue.clone()).await, [map.number, hours.number]);
    // What is counted beside the list is counted as of the same time, however late it is asked.
    let now = site.visitor.now();
    site.clock.advance(7);
    let counts = filter_counts(ctx, &all(), &overdue, Ends { now, day: now, week: now }).await.unwrap();
    assert_eq!((counts.total, counts.overdue, counts.states.get("new")), (2, 2, Some(&2)));
}
