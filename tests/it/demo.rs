//! The demo: it fills, everything in it could have come about, and it shows what it promises to show.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rolebook::{
    accounts::{PasswordCost, Passwords, users},
    app,
    content::{self, Document, DraftState, Kind, Listing, LiveState, Severity, Sort},
    demo::{self, Standing},
    events,
    feedback::{self, Case, CaseListing, CaseSeverity, CaseState, Period, Report, ReportListing},
    kernel::{Actor, Ctx, Database, Door, ManualClock, SystemChance, Timestamp},
    media::{self, Store},
    operations::doctor,
    published::{self, At},
};
use serde_json::Value;

use crate::support::{START, TestDatabase};

struct Demo {
    ctx: Ctx,
    store: Store,
    _database: TestDatabase,
}

impl Demo {
    /// A database that is marked as a demo, or as none, and holds nothing.
    async fn empty(is_demo: bool) -> Self {
        let database = TestDatabase::new().await;
        let ctx = Ctx {
            actor: Actor::system("test"),
            door: Door::CommandLine,
            database: Database::connect(&database.url, 4, false).await.unwrap(),
            clock: Arc::new(ManualClock::at(Timestamp::parse(START).unwrap())),
            chance: Arc::new(SystemChance),
            request_id: None,
            idempotency: None,
        };
        app::prepare(&ctx, is_demo).await.unwrap();
        Self { ctx, store: Store::in_memory(), _database: database }
    }

    async fn filled() -> Self {
        let demo = Self::empty(true).await;
        demo::fill(&demo.ctx, &demo.store, &passwords()).await.unwrap();
        demo
    }

    /// Every document by the slug of its newest line.
    async fn documents(&self) -> BTreeMap<String, Document> {
        let mut documents = BTreeMap::new();
        for (kind, trashed) in Kind::ALL.iter().flat_map(|kind| [(*kind, false), (*kind, true)]) {
            let listing = Listing {
                kind,
                draft_state: None,
                live_state: None,
                parent: None,
                owner: None,
                words: None,
                trashed,
                sort: Sort::TitleUp,
                after: None,
                narrowing: rolebook::content::Narrowing::default(),
                limit: 100,
            };
            for listed in content::list(&self.ctx, &listing).await.unwrap().rows {
                let document = content::document(&self.ctx, kind, listed.id).await.unwrap();
                documents.insert(listed.slug, document);
            }
        }
        documents
    }

    async fn reports(&self) -> Vec<Report> {
        let listing = ReportListing { limit: 500, ..ReportListing::default() };
        feedback::reports(&self.ctx, &listing).await.unwrap().rows
    }

    async fn cases(&self) -> Vec<Case> {
        let listing = CaseListing { limit: 500, ..CaseListing::default() };
        feedback::cases(&self.ctx, &listing).await.unwrap().rows
    }

    /// What the public reads of a document; nothing if it can't.
    async fn published(&self, document: &Document) -> Option<Value> {
        let (kind, id) = (document.standing.kind, document.standing.id.to_string());
        published::page(&self.ctx.database, kind, &id, At::Now, None).await.unwrap().map(|reading| reading.value)
    }
}

fn passwords() -> Passwords {
    Passwords::new(PasswordCost::LEAST).unwrap()
}

fn names_of(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(key).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| names_of(field, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| names_of(item, key, found)),
        _ => {}
    }
}

/// One demo for all that is promised of it: filling it is what takes time.
#[tokio::test]
async fn a_filled_demo_keeps_its_promises() {
    let demo = Demo::filled().await;
    a_filled_demo_is_sound_and_whole(&demo).await;
    every_state_of_a_document_is_there(&demo).await;
    everything_that_content_can_hold_is_shown_somewhere(&demo).await;
    old_addresses_lead_on(&demo).await;
    visitors_have_been_heard(&demo).await;
    the_desk_is_in_use(&demo).await;
}

async fn a_filled_demo_is_sound_and_whole(demo: &Demo) {
    assert_eq!(demo::standing(&demo.ctx).await.unwrap(), Standing::Complete);
    let findings = doctor::examine(&demo.ctx.database, &demo.store).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");

    let everybody = users::list(&demo.ctx).await.unwrap();
    assert_eq!(everybody.len(), demo::people().count());
    for person in demo::people() {
        let user = everybody.iter().find(|user| user.email == person.email).unwrap();
        assert_eq!((user.name.as_str(), user.roles.len()), (person.name, person.roles.len()));
    }

    let documents = demo.documents().await;
    for document in documents.values() {
        let standing = &document.standing;
        let public = matches!(standing.live_state, LiveState::Live | LiveState::Withdrawn);
        let page = demo.published(document).await;
        assert_eq!(page.is_some(), public, "{}", standing.slug);
        if public && standing.draft_version.is_none() {
            let faults: Vec<_> = document.checks.iter().filter(|check| check.severity == Severity::MustFix).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", standing.slug);
        }
        if let Some(page) = page {
            assert_eq!(page["version"], serde_json::to_value(standing.live_version).unwrap(), "{}", standing.slug);
        }
    }
    let snapshot = demo.ctx.database.read().await.unwrap();
    let log = events::list(&*snapshot, &events::Filter::default(), false, 10_000).await.unwrap();
    let present = Timestamp::parse(START).unwrap();
    assert!(log.iter().all(|event| event.at <= present), "nothing lies in the future");
    assert!(log.iter().is_sorted_by_key(|event| event.at));
    assert!(present.0 - log.first().unwrap().at.0 > 150 * Timestamp::DAY, "it tells half a year");
}

async fn every_state_of_a_document_is_there(demo: &Demo) {
    let documents = demo.documents().await;
    let pages = documents.values().filter(|document| document.standing.kind == Kind::RolePage).count();
    assert!(pages >= 15 && documents.len() - pages >= 8, "{pages} of {}", documents.len());

    let standings: BTreeSet<(&str, &str)> = documents
        .values()
        .map(|document| (document.standing.draft_state.name(), document.standing.live_state.name()))
        .collect();
    for expected in [
        ("draft", "never"),
        ("in_review", "never"),
        ("changes_requested", "never"),
        ("approved", "never"),
        ("failed", "never"),
        ("none", "live"),
        ("draft", "live"),
        ("in_review", "live"),
        ("none", "withdrawn"),
        ("none", "unpublished"),
    ] {
        assert!(standings.contains(&expected), "{expected:?} in {standings:?}");
    }
    let any = |what: &dyn Fn(&Document) -> bool| documents.values().any(what);
    let scheduled = |action: &str| {
        let present = Timestamp::parse(START).unwrap();
        any(&|document| document.schedules.iter().any(|one| one.action == action && one.at > present))
    };
    assert!(scheduled("publish") && scheduled("unpublish"));
    assert!(any(&|document| document.trashed_at.is_some()));
    assert!(any(&|document| document.retrospective_review.is_some()));
    assert!(any(&|document| document.notice.is_some() && document.standing.live_state == LiveState::Withdrawn));
    assert!(any(&|document| document.standing.draft_state == DraftState::Failed && !document.failure.is_empty()));
    let today = Timestamp::parse(START).unwrap();
    let review_within = |from: i64, to: i64| {
        let (from, to) = (today.plus(from * Timestamp::DAY).date(), today.plus(to * Timestamp::DAY).date());
        any(&|document| document.standing.review_by.as_ref().is_some_and(|date| (&from..&to).contains(&date)))
    };
    assert!(review_within(-400, 0), "overdue");
    assert!(review_within(0, 14), "soon");
    assert!(any(&|document| document.standing.last_reviewed_on.is_some()), "confirmed");
    let versions: i32 = documents.values().map(|document| document.latest_version.0).sum();
    assert!(versions > 50, "{versions}");
}

async fn everything_that_content_can_hold_is_shown_somewhere(demo: &Demo) {
    let (mut kinds, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let (mut tones, mut frameworks, mut displays) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut facts = BTreeSet::new();
    for document in demo.documents().await.values() {
        let Some(page) = demo.published(document).await else { continue };
        names_of(&page, "kind", &mut kinds);
        // The public reads a section's tree where it is referred to.
        names_of(&document.content, "kind", &mut kinds);
        names_of(&page, "rule", &mut rules);
        names_of(&page, "tone", &mut tones);
        names_of(&page, "framework", &mut frameworks);
        names_of(&page, "display", &mut displays);
        let present = page["facts"].as_object().cloned().unwrap_or_default().into_iter();
        let filled = present.filter(|(_, fact)| !fact.is_null() && *fact != Value::Array(Vec::new()));
        facts.extend(filled.map(|(name, _)| name));
    }
    let has = |found: &BTreeSet<String>, expected: &[&str]| {
        for name in expected {
            assert!(found.contains(*name), "{name} is not in {found:?}");
        }
    };
    has(&kinds, &["text", "image", "callout", "details", "roles", "requirements", "links", "quote", "facts"]);
    has(&kinds, &["university", "college", "apprenticeship", "graduate_scheme", "work", "volunteering", "direct"]);
    has(&kinds, &["bands", "range", "progression", "variable", "group", "requirement", "section", "other"]);
    has(&kinds, &["essential", "desirable", "personal", "digital", "knowledge"]);
    has(&rules, &["all_of", "one_of", "at_least"]);
    has(&tones, &["information", "tip", "warning"]);
    has(&frameworks, &["RQF", "SCQF", "CQFW"]);
    has(&displays, &["plain", "accordion"]);
    has(&facts, &["occupation_codes", "pay", "hours", "tasks", "skills", "registrations", "career_path"]);
    has(&facts, &["work_locations", "work_environments", "uniform", "standards"]);

    let every_image = media::Listing { limit: 50, ..media::Listing::default() };
    let library = media::list(&demo.ctx, &every_image).await.unwrap();
    assert!((8..=14).contains(&library.total), "{}", library.total);
    assert!(library.rows.iter().any(|image| image.replaced_by.is_some()), "one has been replaced");
    assert!(library.rows.iter().any(|image| !image.public), "one has no use");
    assert!(library.rows.iter().all(|image| image.alt.is_some()));
}

async fn old_addresses_lead_on(demo: &Demo) {
    for (old, new) in [
        ("/ambulance-service/paramedic", Some("/ambulance-and-emergency-care/paramedic")),
        ("/ambulance-service", Some("/ambulance-and-emergency-care")),
        (
            "/information-and-communication-technology/service-desk-operator",
            Some("/information-and-communication-technology/service-desk-analyst"),
        ),
        (
            "/information-and-communication-technology/it-support-assistant",
            Some("/information-and-communication-technology/service-desk-analyst"),
        ),
        ("/ambulance-and-emergency-care/ambulance-cadet", None),
    ] {
        let found = published::address(&demo.ctx.database, old).await.unwrap();
        match (found.0, new) {
            (published::Address::Moved { location, .. }, Some(new)) => assert_eq!(location, new),
            (published::Address::Gone { .. }, None) => {}
            (other, _) => panic!("{old}: {other:?}"),
        }
    }
}

async fn visitors_have_been_heard(demo: &Demo) {
    let reports = demo.reports().await;
    assert!(reports.len() >= 40, "{}", reports.len());
    for kind in ["problem", "comment", "accessibility", "praise"] {
        assert!(reports.iter().any(|report| report.kind.name() == kind), "{kind}");
    }
    let quarantined: Vec<_> = reports.iter().filter(|report| report.quarantined).collect();
    assert!(quarantined.len() >= 3 && quarantined.iter().all(|report| !report.reasons.is_empty()));
    assert!(reports.iter().filter(|report| report.block.is_some()).count() >= 15, "about passages");
    assert!(reports.iter().filter(|report| report.seen_sequence.is_some()).count() >= 35, "with page tokens");
    assert!(reports.iter().any(|report| report.document != report.page), "about an embedded section");
    assert!(
        reports.iter().any(|report| report.has_contact) && reports.iter().any(|report| !report.additions.is_empty())
    );
    let removed: BTreeSet<String> = reports.iter().flat_map(|report| report.removed.keys().cloned()).collect();
    assert!(removed.len() >= 3, "{removed:?}");
    let texts = reports.iter().flat_map(|report| {
        let additions = report.additions.iter().map(|addition| addition.text.clone());
        [report.doing.clone(), report.wrong.clone()].into_iter().flatten().chain(additions)
    });
    let everything: String = texts.collect();
    for personal in ["07700", "01632", "7946", "999 000", "sam.taylor", "AB 12 34 56"] {
        assert!(!everything.contains(personal), "{personal}");
    }

    let cases = demo.cases().await;
    let states: BTreeSet<&str> = cases.iter().map(|case| case.state.name()).collect();
    let all: BTreeSet<&str> = CaseState::ALL.iter().map(|state| state.name()).collect();
    assert_eq!(states, all);
    let resolutions: BTreeSet<&str> =
        cases.iter().filter_map(|case| case.resolution).map(|resolution| resolution.name()).collect();
    assert_eq!(resolutions, BTreeSet::from(["answered", "fixed", "wont_change"]));
    assert!(cases.iter().filter(|case| case.resolution.is_some() && case.fixed_in.is_some()).count() >= 3);
    assert!(cases.iter().any(|case| case.regressed && case.state.is_open()));
    assert!(cases.iter().any(|case| case.report_count > 1 && case.merged_into.is_none()), "identical reports join");
    assert!(cases.iter().any(|case| case.assignee.is_some()) && cases.iter().any(|case| case.assignee.is_none()));
    let (mut suggestions, mut notes) = (0, 0);
    for case in &cases {
        let detail = feedback::case(&demo.ctx, case.id).await.unwrap();
        suggestions += detail.suggestions.len();
        notes += detail.notes.len();
    }
    assert!(suggestions >= 2 && notes >= 4, "{suggestions} suggestions, {notes} notes");
}

async fn the_desk_is_in_use(demo: &Demo) {
    let cases = demo.cases().await;
    let open: Vec<&Case> = cases.iter().filter(|case| case.state.is_open()).collect();
    assert!(open.len() >= 40, "{} open cases", open.len());
    assert!(open.iter().any(|case| case.escalating) && open.iter().any(|case| !case.escalating), "some are late");
    assert!(open.iter().filter(|case| case.regressed).count() >= 2);
    let severities: BTreeSet<&str> = cases.iter().map(|case| case.severity.name()).collect();
    assert_eq!(severities, CaseSeverity::ALL.iter().map(|severity| severity.name()).collect());
    let categories: BTreeSet<&str> = cases.iter().map(|case| case.category.name()).collect();
    assert!(categories.len() >= 8, "{categories:?}");
    let labels: BTreeSet<&String> = cases.iter().flat_map(|case| &case.labels).collect();
    assert!(labels.len() >= 8, "{labels:?}");

    let reports = demo.reports().await;
    let flags: BTreeSet<&str> = reports.iter().flat_map(|report| &report.flags).map(|flag| flag.name()).collect();
    assert_eq!(flags, BTreeSet::from(["name", "street_address"]));
    let burst = reports.iter().filter(|report| report.quarantined && report.doing.as_deref() == Some("Dear webmaster"));
    assert!(burst.count() >= 10, "a night of advertising");
    assert_eq!(feedback::saved_replies::list(&demo.ctx).await.unwrap().len(), 3);
    let mut answered = 0;
    for case in &cases {
        answered += feedback::replies(&demo.ctx, case.id).await.unwrap().len();
    }
    assert!(answered >= 3, "{answered} answers");

    let weeks: Vec<Timestamp> = (0..12).rev().map(|ago| demo.ctx.now().plus(-(ago + 1) * 7 * Timestamp::DAY)).collect();
    let (first, last) = (weeks[0].date(), demo.ctx.now().date());
    let period = Period { weeks, ends: demo.ctx.now(), days: (first, last) };
    let trends = feedback::trends(&demo.ctx, &feedback::RunningTrends::default(), &period).await.unwrap();
    assert!(trends.weeks.iter().filter(|week| week.received > 0).count() >= 10, "most weeks have reports");
    assert!(trends.weeks.iter().filter(|week| week.first_action.is_some()).count() >= 8);
    assert!(trends.weeks.iter().filter(|week| week.fix.is_some()).count() >= 2);
    let rated = trends.pages.iter().filter(|page| page.reports > 0 && page.views.is_some_and(|views| views > 1_000));
    assert!(rated.count() >= 5, "pages with reports and views");
}

#[tokio::test]
async fn only_an_empty_demo_is_filled() {
    let none = Demo::empty(false).await;
    assert_eq!(demo::standing(&none.ctx).await.unwrap(), Standing::NoDemo);

    let begun = Demo::empty(true).await;
    assert_eq!(demo::standing(&begun.ctx).await.unwrap(), Standing::Empty);
    let person = users::NewUser {
        email: "niamh.okafor@example.org".to_owned(),
        name: "Niamh Okafor".to_owned(),
        roles: vec![rolebook::kernel::Role::Editor],
        password: None,
    };
    users::add(&begun.ctx, &passwords(), person).await.unwrap();
    assert_eq!(demo::standing(&begun.ctx).await.unwrap(), Standing::Unfinished);
}
