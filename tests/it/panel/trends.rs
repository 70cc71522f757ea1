//! The trends: each number on the screen and in its files, made again from the events by other means.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use rolebook::{
    feedback::{self, Period, RunningTrends},
    kernel::{Role, Timestamp},
    media::Store,
};
use serde_json::{Value, json};

use super::Browser;
use crate::support::{Client, TestApp, TestDatabase, id_of, system_chance};

/// Monday, midnight in London, of the weeks that the story is told in.
const MONDAYS: [&str; 4] =
    ["2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"];

struct Site {
    app: TestApp,
    ada: Client,
    porter: String,
    cook: String,
    /// What another instance keeps, which is asked less often.
    beside: RunningTrends,
}

/// The four weeks.
fn period() -> Period {
    let weeks: Vec<Timestamp> = MONDAYS.iter().map(|monday| Timestamp::parse(monday).unwrap()).collect();
    let ends = weeks[3].plus(7 * Timestamp::DAY);
    Period { weeks, ends, days: ("2026-11-16".to_owned(), "2026-12-13".to_owned()) }
}

fn page(slug: &str, title: &str, parent: Option<&str>) -> Value {
    json!({ "slug": slug, "parent": parent.map(id_of), "content": { "title": title, "summary": "Works.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "They works." }] },
        { "heading": "Pay", "blocks": [{ "kind": "text", "markdown": "It is band 2." }] }] } })
}

impl Site {
    async fn open() -> Self {
        Self::on(TestApp::new().await).await
    }

    async fn on(app: TestApp) -> Self {
        let ada = app.administrator().await;
        ada.set(&json!({ "review_role_pages": "off" })).await.ok();
        let area = ada.publish_new("role-pages", &page("health", "=Health", None)).await;
        let porter = ada.publish_new("role-pages", &page("porter", "Porter", Some(&area))).await;
        let cook = ada.publish_new("role-pages", &page("cook", "Cook", None)).await;
        Self { app, ada, porter, cook, beside: RunningTrends::default() }
    }

    /// Two instances are asked, the one of them seldom: both say what one says that goes through the whole log at once.
    async fn look(&self) {
        let ctx = self.app.system();
        let whole = feedback::trends(&ctx, &RunningTrends::default(), &period()).await.unwrap();
        assert_eq!(feedback::trends(&ctx, &self.app.app.trends, &period()).await.unwrap(), whole);
        if whole.received % 3 == 2 {
            assert_eq!(feedback::trends(&ctx, &self.beside, &period()).await.unwrap(), whole);
        }
    }

    /// A report about a block of a page as it is now. Answers the id of its case, if it has one.
    async fn report(&self, slug: &str, block: Option<usize>, kind: &str, wrong: &str, spam: bool) -> Option<String> {
        self.app.clock.advance(6 * Timestamp::MINUTE);
        let public = self.app.nobody().get(&format!("/api/v1/role-pages/{slug}")).await.ok();
        let mut report = json!({ "page_token": public["feedback"]["page_token"], "kind": kind, "wrong": wrong });
        if let Some(block) = block {
            report["block"] = public["sections"][block]["blocks"][0]["id"].clone();
        }
        if spam {
            report["website"] = "https://spam.example".into();
        }
        self.app.nobody().post("/api/v1/reports", &report).await.ok();
        let newest = self.ada.get("/manage/v1/reports?limit=1").await.ok()["data"][0].clone();
        newest["case"].as_str().map(|id| format!("/manage/v1/cases/{id}"))
    }

    async fn after(&self, hours: i64) {
        self.look().await;
        self.app.clock.advance(hours * Timestamp::HOUR);
    }

    async fn step(&self, case: &str, step: &str, body: &Value) {
        self.ada.step(case, step, body).await.ok();
    }

    /// Publishes a page with another text, naming cases as fixed.
    async fn rewrite(&self, path: &str, text: &str, fixes: &[&str]) {
        let mut content = self.ada.get(path).await.ok()["content"].clone();
        content["sections"][0]["blocks"][0]["markdown"] = text.into();
        self.ada.save(path, &json!({ "content": content })).await.ok();
        let fixes: Vec<String> = fixes.iter().map(|case| id_of(case)).collect();
        self.ada.step(path, "publish", &json!({ "fixes": fixes })).await.ok();
        self.app.follow().await;
    }

    /// Every event there is, the oldest first.
    async fn events(&self) -> Vec<Value> {
        let mut events = Vec::new();
        let mut address = Some("/manage/v1/events?limit=100".to_owned());
        while let Some(path) = address {
            let page = self.ada.get(&path).await.ok();
            events.extend(page["data"].as_array().unwrap().clone());
            address = page["next"].as_str().map(|next| next.trim_start_matches("http://rolebook.test").to_owned());
        }
        events.reverse();
        events
    }
}

/// Four weeks in which everything happens that is counted.
async fn story(site: &Site) {
    // Sunday of the first week, from nine o'clock on.
    let grammar =
        site.report("porter", Some(0), "problem", "It says they works, which is not grammar", false).await.unwrap();
    let pay = site.report("porter", Some(1), "problem", "The pay band is out of date by now", false).await.unwrap();
    // What is taken back was no first action.
    site.after(1).await;
    site.step(&grammar, "fix", &json!({})).await;
    site.step(&grammar, "undo", &json!({})).await;
    site.after(1).await;
    site.step(&grammar, "start", &json!({})).await;
    // The second week: a fix, praise, spam that is none, a dismissal.
    site.after(24).await;
    site.rewrite(&site.porter, "They work.", &[&grammar]).await;
    let praise = site.report("cook", None, "praise", "This page is a joy to read and very clear", false).await.unwrap();
    site.after(5).await;
    site.step(&praise, "dismiss", &json!({ "reason": "not_actionable" })).await;
    assert_eq!(site.report("cook", Some(0), "comment", "More about kitchens would be welcome here", true).await, None);
    site.report("cook", Some(0), "comment", "Nothing but spam stays in the quarantine for good", true).await;
    let reports = site.ada.get("/manage/v1/reports?quarantined=true").await.ok()["data"].clone();
    let meant =
        reports.as_array().unwrap().iter().find(|one| one["wrong"].as_str().unwrap().contains("kitchens")).unwrap();
    let path = format!("/manage/v1/reports/{}", meant["id"].as_str().unwrap());
    site.after(1).await;
    site.ada.seeing(&path, Method::POST, &format!("{path}/release"), &json!({})).await.ok();
    // The third week: the fix did not work; two cases become one and are taken apart, two others stay one.
    site.after(7 * 24).await;
    let again =
        site.report("porter", Some(0), "problem", "It says they works, which is not grammar.", false).await.unwrap();
    assert_eq!(again, grammar, "the fix did not work");
    let uniform = site
        .report("cook", Some(1), "accessibility", "The uniform is described by a picture alone", false)
        .await
        .unwrap();
    let colour =
        site.report("cook", Some(1), "accessibility", "Red words on green can't be told apart", false).await.unwrap();
    site.after(3).await;
    site.step(&colour, "merge", &json!({ "into": id_of(&uniform) })).await;
    site.step(&colour, "unmerge", &json!({})).await;
    site.after(20).await;
    site.step(&uniform, "merge", &json!({ "into": id_of(&colour) })).await;
    site.step(&colour, "resolve", &json!({ "resolution": "answered", "reason": "It is." })).await;
    // One of the two was about something else after all; the first try to say so is taken back.
    for keeps in [false, true] {
        let first = site.ada.get(&colour).await.ok()["reports"][0]["id"].clone();
        site.step(&colour, "split", &json!({ "reports": [first] })).await;
        if !keeps {
            site.step(&colour, "undo", &json!({})).await;
        }
    }
    site.after(30).await;
    site.rewrite(&site.porter, "They do their work.", &[&grammar]).await;
    // The fourth, which is not over.
    site.after(5 * 24).await;
    site.step(&pay, "resolve", &json!({ "resolution": "wont_change", "reason": "It is right." })).await;
    site.step(&pay, "reopen", &json!({})).await;
    site.step(&pay, "dismiss", &json!({ "reason": "not_actionable" })).await;
    site.step(&pay, "undo", &json!({})).await;
    site.report("porter", None, "problem", "The telephone number of the ward is missing", false).await.unwrap();
}

/// What the events say, reckoned plainly: every report with where it ended up, every case with what was done to it.
struct Reckoned {
    /// When, kind, page, document with block, case at the end.
    reports: Vec<(i64, String, String, Option<String>, String)>,
    began: BTreeMap<String, i64>,
    acted: BTreeMap<String, i64>,
    closed: Vec<(i64, String)>,
    fixed: Vec<(i64, i64)>,
    regressed: Vec<(i64, String)>,
}

fn at(event: &Value) -> i64 {
    Timestamp::parse(event["at"].as_str().unwrap()).unwrap().0
}

fn reckon(events: &[Value]) -> Reckoned {
    let text = |event: &Value, key: &str| event["payload"][key].as_str().map(str::to_owned);
    let subject = |event: &Value| event["subject"]["id"].as_str().unwrap().to_owned();
    let of = |kind: &'static str| events.iter().filter(move |event| event["kind"] == kind);
    // Where a report is, is said by whatever was said of it last.
    let mut places: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut began: BTreeMap<String, i64> = BTreeMap::new();
    let mut split: Vec<String> = Vec::new();
    let mut merges: Vec<(String, String, BTreeSet<String>)> = Vec::new();
    for event in events {
        let id = subject(event);
        match event["kind"].as_str().unwrap() {
            "report_received" | "report_released" => {
                places.insert(id, text(event, "case"));
            }
            "report_quarantined" => {
                places.insert(id, None);
            }
            "report_moved" => {
                places.insert(id, text(event, "to_case"));
            }
            "case_merged" => {
                if let Some(into) = text(event, "into") {
                    let moved: BTreeSet<String> = places
                        .iter()
                        .filter(|(_, at)| at.as_ref() == Some(&id))
                        .map(|(report, _)| report.clone())
                        .collect();
                    for report in &moved {
                        places.insert(report.clone(), Some(into.clone()));
                    }
                    merges.push((id, into, moved));
                }
            }
            "case_unmerged" => {
                if let Some(out_of) = text(event, "out_of") {
                    let (_, _, moved) = merges.iter().rfind(|(from, into, _)| *from == id && *into == out_of).unwrap();
                    for report in moved {
                        places.insert(report.clone(), Some(id.clone()));
                    }
                }
            }
            "case_split" => {
                if let Some(into) = text(event, "into") {
                    let ids = event["payload"]["report_ids"].as_array();
                    match ids {
                        Some(ids) => split = ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect(),
                        None => assert_eq!(event["payload"]["undone"], true),
                    }
                    for report in &split {
                        places.insert(report.clone(), Some(if ids.is_some() { into.clone() } else { id.clone() }));
                    }
                }
            }
            _ => {}
        }
        for case in places.values().flatten() {
            began.entry(case.clone()).or_insert(at(event));
        }
    }
    let reports = of("report_received").filter_map(|event| {
        let case = places[&subject(event)].clone()?;
        let block = text(event, "block").map(|block| format!("{} {block}", text(event, "document").unwrap()));
        Some((at(event), text(event, "kind").unwrap(), text(event, "page").unwrap(), block, case))
    });
    let reports: Vec<_> = reports.collect();
    let regresses = |event: &&Value| event["kind"] == "case_reopened" && event["payload"]["action"] == "regress";
    let touches = |event: &&Value| {
        event["subject"]["kind"] == "case" && event["actor"]["kind"] != "visitor" && event["kind"] != "case_removed"
    };
    let mut acted: BTreeMap<String, i64> = BTreeMap::new();
    for event in events.iter().filter(touches) {
        match text(event, "first_action_undone") {
            Some(undone) if acted.get(&subject(event)) == Timestamp::parse(&undone).map(|at| at.0).as_ref() => {
                acted.remove(&subject(event));
            }
            Some(_) => {}
            None => {
                acted.entry(subject(event)).or_insert(at(event));
            }
        }
    }
    let closes = |event: &&Value| {
        let closes = event["kind"] == "case_resolved"
            || event["kind"] == "case_changed" && event["payload"]["action"] == "dismiss";
        // What was done to the case next took it back.
        let next = events.iter().skip_while(|other| other["sequence"] != event["sequence"]).skip(1);
        let next = next.into_iter().find(|other| subject(other) == subject(event));
        closes && next.is_none_or(|next| next["payload"]["action"] != "undo")
    };
    let fixed = of("case_resolved").filter(|event| event["payload"]["resolution"] == "fixed").map(|event| {
        let id = subject(event);
        let reopened = of("case_reopened").filter(|other| subject(other) == id && at(other) < at(event));
        let since = reopened.map(at).max().unwrap_or(began[&id]);
        (at(event), at(event) - since)
    });
    Reckoned {
        fixed: fixed.collect(),
        closed: events.iter().filter(closes).map(|event| (at(event), subject(event))).collect(),
        regressed: events.iter().filter(regresses).map(|event| (at(event), subject(event))).collect(),
        reports,
        began,
        acted,
    }
}

/// The middle of some numbers in hours with one place, as the file says it.
fn middle(mut values: Vec<i64>) -> String {
    values.sort_unstable();
    if values.is_empty() {
        return String::new();
    }
    let half = values.len() / 2;
    let middle = if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2 };
    let tenths = (middle + 180_000) / 360_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn week_of(time: i64) -> usize {
    let begins = MONDAYS.map(|monday| Timestamp::parse(monday).unwrap().0);
    begins.iter().rposition(|begins| *begins <= time).unwrap()
}

/// The cells of a file, line by line.
async fn cells(browser: &mut Browser, table: &str) -> Vec<Vec<String>> {
    let answer = browser.get(&format!("/admin/trends/download?weeks=4&table={table}")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let lines = answer.text();
    let bare = |line: &str| line.strip_prefix('"').unwrap().strip_suffix('"').unwrap().to_owned();
    let cells = |line: &str| bare(line).split("\",\"").map(str::to_owned).collect();
    lines.lines().skip(1).map(cells).collect()
}

#[tokio::test]
async fn every_number_of_the_trends_can_be_made_again_from_the_events() {
    let site = Site::open().await;
    story(&site).await;
    let views = json!({ "views": [
        { "document": id_of(&site.porter), "day": "2026-11-23", "views": 9_999 },
        { "document": id_of(&site.porter), "day": "2026-12-01", "views": 500 },
        { "document": id_of(&site.porter), "day": "2026-10-01", "views": 70_000 }] });
    let put = [("content-type", "application/json")];
    site.ada.send(Method::PUT, "/manage/v1/views", &put, views.to_string()).await.ok();
    let again = json!({ "views": [{ "document": id_of(&site.porter), "day": "2026-11-23", "views": 1_500 }] });
    site.ada.send(Method::PUT, "/manage/v1/views", &put, again.to_string()).await.ok();
    let reckoned = reckon(&site.events().await);
    let mut tia = site.app.signed_in("Tia", &[Role::Triager]).await;

    let weeks = cells(&mut tia, "weeks").await;
    assert_eq!(weeks.len(), 4);
    for (number, week) in weeks.iter().enumerate() {
        let within = |time: &i64| week_of(*time) == number;
        let received = reckoned.reports.iter().filter(|(time, ..)| within(time)).count();
        let closed: BTreeSet<&String> =
            reckoned.closed.iter().filter(|(time, _)| within(time)).map(|(_, case)| case).collect();
        let closed = reckoned.reports.iter().filter(|report| closed.contains(&report.4)).count();
        let begun = reckoned.began.iter().filter(|(_, time)| within(time));
        let waited = begun.filter_map(|(case, time)| Some(reckoned.acted.get(case)? - time)).collect();
        let took = reckoned.fixed.iter().filter(|(time, _)| within(time)).map(|(_, took)| *took).collect();
        let regressed = reckoned.regressed.iter().filter(|(time, _)| within(time)).count();
        let expected = [
            MONDAYS[number][..10].to_owned(),
            received.to_string(),
            closed.to_string(),
            middle(waited),
            middle(took),
            regressed.to_string(),
            (number < 3).to_string(),
        ];
        assert_eq!(week[..], expected, "week {number}");
    }
    assert_eq!(
        weeks.iter().map(|week| week[1].as_str()).collect::<Vec<_>>(),
        ["2", "2", "3", "1"],
        "the story as it was told"
    );
    assert!(reckoned.fixed.len() == 2 && reckoned.regressed.len() == 1, "both happened");

    for kind in cells(&mut tia, "kinds").await {
        let count = reckoned.reports.iter().filter(|report| report.1 == kind[0]).count();
        assert_eq!(kind[1], count.to_string(), "{kind:?}");
    }
    let by_page = |path: &str| reckoned.reports.iter().filter(|report| report.2 == id_of(path)).count();
    let first = |case: &String| reckoned.reports.iter().filter(|report| report.4 == *case).min().unwrap().2.clone();
    let regressed = |path: &str| reckoned.regressed.iter().filter(|(_, case)| first(case) == id_of(path)).count();
    let row = |path: &str, title: &str, views: &str| {
        vec![id_of(path), title.to_owned(), by_page(path).to_string(), regressed(path).to_string(), views.to_owned()]
    };
    assert_eq!(cells(&mut tia, "pages").await, [row(&site.porter, "Porter", "2000"), row(&site.cook, "Cook", "")]);
    let areas = cells(&mut tia, "areas").await;
    let area = |name: &str, path: &str, views: &str| vec![name.to_owned(), by_page(path).to_string(), views.to_owned()];
    assert_eq!(areas, [area("Below no other page", &site.cook, ""), area("'=Health", &site.porter, "2000")]);
    let mut passages: BTreeMap<&String, usize> = BTreeMap::new();
    for block in reckoned.reports.iter().filter_map(|report| report.3.as_ref()) {
        *passages.entry(block).or_default() += 1;
    }
    let shown = cells(&mut tia, "passages").await;
    assert_eq!(shown.len(), passages.len());
    for passage in shown {
        let place = format!("{} {}", passage[0], passage[2]);
        assert_eq!(passage[4], passages[&place].to_string(), "{passage:?}");
    }

    // The sentences on the screen.
    let screen = tia.page("/admin/trends?weeks=4").await;
    let closed: BTreeSet<(usize, &String)> =
        reckoned.closed.iter().map(|(time, case)| (week_of(*time), case)).collect();
    let closed: usize =
        closed.iter().map(|(_, case)| reckoned.reports.iter().filter(|report| report.4 == **case).count()).sum();
    let untouched = reckoned.reports.iter().map(|report| &report.4).collect::<BTreeSet<_>>();
    let untouched = untouched.into_iter().filter(|case| !reckoned.acted.contains_key(*case)).count();
    for sentence in [
        format!("In all {} reports came in, and {closed} were closed.", reckoned.reports.len()),
        format!("{untouched} have not been taken up yet."),
        format!("Half of the {} fixes took at most", reckoned.fixed.len()),
        "One fix did not work, as a report said.".to_owned(),
        "There were 4.0 reports for 1,000 views.".to_owned(),
        "(so far)".to_owned(),
    ] {
        assert!(screen.contains(&sentence), "{sentence}: {screen}");
    }

    // The same for programs.
    let figures = site.ada.get("/manage/v1/trends?weeks=4").await.ok();
    assert_eq!((&figures["from"], &figures["to"]), (&json!(MONDAYS[0][..10]), &json!("2026-12-13")));
    let hours = |time: &Value| middle(time.as_i64().into_iter().collect());
    for (week, shown) in figures["weeks"].as_array().unwrap().iter().zip(&weeks) {
        let told = [
            week["received"].to_string(),
            week["closed"].to_string(),
            hours(&week["first_action_milliseconds"]),
            hours(&week["fix_milliseconds"]),
            week["regressions"].to_string(),
        ];
        assert_eq!(told, shown[1..6], "{week}");
    }
    assert_eq!(figures["weeks"].as_array().unwrap().len(), weeks.len());
    let counts = [&figures["received"], &figures["closed"], &figures["untouched"], &figures["fix"]["cases"]];
    assert_eq!(
        counts,
        [reckoned.reports.len(), closed, untouched, reckoned.fixed.len()].map(|count| json!(count)).each_ref()
    );
    let porter = json!({ "id": id_of(&site.porter), "kind": "role-page", "title": "Porter" });
    let page = json!({ "page": porter, "reports": by_page(&site.porter), "regressions": regressed(&site.porter), "views": 2_000 });
    assert_eq!(figures["pages"][0], page);
    let own = site.ada.get("/manage/v1/trends?from=2026-11-18&to=2026-12-07").await.ok();
    assert_eq!(own["weeks"], figures["weeks"], "the same weeks by their days");
}

#[tokio::test]
async fn what_an_instance_has_read_ends_with_the_database_that_it_was_read_from() {
    // An epoch is drawn by lot, and lots that are drawn alike make the same one.
    let other = TestApp::with(TestDatabase::new().await, Store::in_memory(), system_chance()).await;
    let (site, other) = (Site::open().await, Site::on(other).await);
    for words in ["The telephone number of the ward is missing", "The pay band is out of date by now"] {
        site.report("porter", None, "problem", words, false).await.unwrap();
    }
    other.report("cook", None, "comment", "More about kitchens would be welcome here", false).await.unwrap();
    let running = RunningTrends::default();
    let of = async |site: &Site| {
        let trends = feedback::trends(&site.app.system(), &running, &period()).await.unwrap();
        trends.pages.into_iter().map(|page| (page.of.title, page.reports)).collect::<Vec<_>>()
    };
    // A backup that is restored brings another epoch, whatever its log holds.
    assert_eq!(of(&site).await, [("Porter".to_owned(), 2)]);
    assert_eq!(of(&other).await, [("Cook".to_owned(), 1)]);
    assert_eq!(of(&site).await, [("Porter".to_owned(), 2)]);
}

#[tokio::test]
async fn with_few_reports_no_trend_is_drawn_and_a_period_is_read_strictly() {
    let site = Site::open().await;
    site.report("porter", None, "problem", "The telephone number of the ward is missing", false).await.unwrap();
    let mut eve = site.app.signed_in("Eve", &[Role::Editor]).await;
    let screen = eve.page("/admin/trends").await;
    assert!(
        screen.contains("Fewer than 5 reports: no trend is shown.") && !screen.contains("<svg viewBox=\"0 0 320"),
        "{screen}"
    );
    let own = eve.page("/admin/trends?weeks=own&from=2026-11-02&to=2026-11-11").await;
    assert!(own.contains("2 November") && own.contains("9 November") && !own.contains("16 November"), "{own}");
    assert!(!own.contains("(so far)"), "those weeks are over");
    for wrong in [
        "weeks=own",
        "weeks=own&from=2026-11-11&to=2026-11-02",
        "weeks=7",
        "weeks=4&colour=red",
        "weeks=own&from=2020-01-01&to=2026-01-01",
    ] {
        assert_eq!(eve.get(&format!("/admin/trends?{wrong}")).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    for wrong in ["weeks=0", "weeks=106", "from=2026-11-02", "from=2026-11-11&to=2026-11-02", "table=weeks"] {
        site.ada.get(&format!("/manage/v1/trends?{wrong}")).await.problem(400);
    }
    let none = eve.get("/admin/trends/download?table=purple").await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn views_are_taken_as_a_whole_or_not_at_all() {
    let site = Site::open().await;
    let put = [("content-type", "application/json")];
    let send =
        |views: Value| site.ada.send(Method::PUT, "/manage/v1/views", &put, json!({ "views": views }).to_string());
    let day = |day: &str, views: i64| json!({ "document": id_of(&site.porter), "day": day, "views": views });
    let unknown = json!({ "document": "01a2022a-0000-7000-8000-000000000000", "day": "2026-11-20", "views": 1 });
    for (views, pointer) in [
        (json!([day("2026-11-20", 5), day("2026-13-20", 5)]), "/views/1/day"),
        (json!([day("2026-11-24", 5)]), "/views/0/day"),
        (json!([day("2026-11-20", -1)]), "/views/0/views"),
        (json!([unknown]), "/views/0/document"),
        (json!([{ "document": id_of(&site.porter), "day": "2026-11-20" }]), "/views/0"),
        (json!("many"), "/views"),
    ] {
        let problem = send(views).await.problem(422);
        assert_eq!(crate::support::pointers(&problem), [pointer]);
    }
    let mut tia = site.app.signed_in("Tia", &[Role::Triager]).await;
    assert!(tia.page("/admin/trends").await.contains("No page was reported."));
    assert_eq!(
        send(json!([day("2026-11-20", 5), day("2026-11-20", 6)])).await.ok(),
        json!({ "days": 1 }),
        "the last counts"
    );
}

#[tokio::test]
async fn how_the_content_does_is_counted_with_the_way_to_the_lists() {
    let site = Site::open().await;
    let mut ada = site.app.signed_in("Vi", &[Role::Administrator]).await;
    let shown = async |ada: &mut Browser| {
        let page = ada.page("/admin/trends").await;
        page.split_once("id=\"health\"").unwrap_or_else(|| panic!("{page}")).1.to_owned()
    };
    let before = shown(&mut ada).await;
    assert!(!before.contains("unpublished_changes=true"), "{before}");
    let mut content = site.ada.get(&site.porter).await.ok()["content"].clone();
    content["title"] = "".into();
    site.ada.save(&site.porter, &json!({ "content": content })).await.ok();
    let draft = site.ada.create("role-pages", &page("chef", "Chef", None)).await;
    let mut content = site.ada.get(&site.cook).await.ok()["content"].clone();
    content["related_roles"] = json!([id_of(&draft)]);
    site.ada.save(&site.cook, &json!({ "content": content })).await.ok();
    site.ada.step(&site.cook, "publish", &json!({})).await.ok();
    let past = json!({ "review_by": "2026-11-01", "owner": null });
    let seen = site.ada.get(&site.cook).await.ok()["version"].as_i64().unwrap();
    site.ada.at(Method::PATCH, &site.cook, seen, &past).await.ok();
    let report = json!({ "document": id_of(&site.cook), "kind": "problem", "wrong": "The hours are wrong." });
    site.app.nobody().post("/api/v1/reports", &report).await.ok();
    let after = shown(&mut ada).await;
    let file = ada.get("/admin/trends/download?table=health").await.text();
    for (filter, number) in [
        ("broken_links", 1),
        ("unpublished_changes", 1),
        ("must_fix", 1),
        ("review_passed", 1),
        ("open_cases", 1),
        ("unowned", 1),
    ] {
        let link = format!("/admin/role-pages?{filter}=true");
        assert!(after.contains(&format!("{link}\">{number}<")), "{filter}: {after}");
        assert!(file.contains(&format!("\"{filter}\",\"role-page\",\"{number}\",\"4\"")), "{filter}: {file}");
        let list = ada.page(&link).await;
        let rows = list.split("<tbody").nth(1).unwrap_or_default().matches("<tr").count();
        assert_eq!(rows, number, "{filter}: {list}");
    }
}
