//! What people do at the feedback desk through the management API: what is taken back is as if it had never been, what
//! can't be done is refused with words, and of two people at one case nobody's work is lost.

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Clock, Role, Timestamp};
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp, drafts::summed, drafts::titled, id_of};

/// Two who triage, each at an instance of their own.
struct Desk {
    app: TestApp,
    _other: TestApp,
    ada: Client,
    bo: Client,
    page: String,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let other = app.beside().await;
        let ada = app.administrator().await;
        let bo = app.person("Bo", &[Role::Triager]).await.at_instance(&other);
        ada.set(&json!({ "review_role_pages": "off" })).await.ok();
        let page = ada.publish_new("role-pages", &summed(titled("Porter"))).await;
        Self { app, _other: other, ada, bo, page }
    }

    /// A report; the path of the case that it is in.
    async fn report(&self, wrong: &str) -> String {
        self.app.clock.advance(6 * Timestamp::MINUTE);
        let report = json!({ "document": id_of(&self.page), "kind": "problem", "wrong": wrong });
        self.app.nobody().post("/api/v1/reports", &report).await.ok();
        let newest = self.ada.get("/manage/v1/reports?limit=1").await.ok()["data"][0].clone();
        format!("/manage/v1/cases/{}", newest["case"].as_str().unwrap())
    }

    /// A case with two reports.
    async fn joined(&self, about: &str) -> String {
        let case = self.report(&format!("Nobody says {about}")).await;
        let other = self.report(&format!("Something else is wrong with {about} as well")).await;
        self.ada.step(&other, "merge", &json!({ "into": id_of(&case) })).await.ok();
        case
    }

    async fn steps(&self, case: &str, steps: &[(&str, Value)]) {
        for (step, body) in steps {
            self.ada.step(case, step, body).await.ok();
        }
    }

    /// A case without what counts its changes, and without its time line.
    async fn as_it_is(&self, case: &str) -> Value {
        let mut case = self.ada.get(case).await.ok();
        for passing in ["version", "updated_at", "timeline", "undo_until", "suggestions"] {
            case.as_object_mut().unwrap().remove(passing);
        }
        case
    }
}

fn waiting(app: &TestApp) -> Value {
    json!({ "until": app.clock.now().plus(3 * Timestamp::DAY).to_string() })
}

#[tokio::test]
async fn a_fix_that_was_started_and_taken_back_leaves_the_case_as_if_nobody_had_touched_it() {
    let desk = Desk::open().await;
    let new = desk.report("The hours are out of date").await;
    let before = desk.as_it_is(&new).await;
    assert_eq!(before["first_action_at"], Value::Null);
    desk.app.clock.advance(Timestamp::MINUTE);
    let started = desk.ada.step(&new, "fix", &json!({})).await.ok();
    assert_eq!((&started["state"], &started["assignee"]["name"]), (&json!("in_progress"), &json!("Ada")));
    assert!(started["first_action_at"].is_string() && started["first_action_due_at"].is_null());
    desk.app.clock.advance(Timestamp::MINUTE);
    let other = desk.bo.step(&new, "undo", &json!({})).await.problem(409);
    assert!(other["detail"].as_str().unwrap().contains("You have done nothing"), "{other}");
    desk.ada.step(&new, "undo", &json!({})).await.ok();
    assert_eq!(desk.as_it_is(&new).await, before);
    desk.ada.step(&new, "undo", &json!({})).await.problem(409);

    // Of a case that waits the clock goes on standing, and it waits as long as before.
    desk.steps(&new, &[("start", json!({})), ("wait", waiting(&desk.app))]).await;
    desk.app.clock.advance(2 * Timestamp::DAY);
    let before = desk.as_it_is(&new).await;
    assert_eq!((&before["state"], &before["fix_due_at"]), (&json!("waiting"), &Value::Null));
    let started = desk.ada.step(&new, "fix", &json!({})).await.ok();
    assert!(started["waiting_until"].is_null() && started["fix_due_at"].is_string(), "{started}");
    desk.app.clock.advance(5 * Timestamp::MINUTE);
    desk.ada.step(&new, "undo", &json!({})).await.ok();
    assert_eq!(desk.as_it_is(&new).await, before);
    // So it is due after as many days as without it.
    let resumed = desk.ada.step(&new, "resume", &json!({})).await.ok();
    let other = desk.report("The pay is out of date").await;
    desk.ada.step(&other, "start", &json!({})).await.ok();
    assert!(resumed["fix_due_at"].as_str() <= desk.ada.get(&other).await.ok()["fix_due_at"].as_str());

    // Later than ten minutes it stays.
    desk.ada.step(&new, "fix", &json!({})).await.ok();
    desk.app.clock.advance(11 * Timestamp::MINUTE);
    desk.ada.step(&new, "undo", &json!({})).await.problem(409);
}

#[tokio::test]
async fn who_may_not_write_starts_no_fix() {
    let desk = Desk::open().await;
    let case = desk.report("The hours are out of date").await;
    desk.bo.step(&case, "fix", &json!({})).await.problem(403);
    assert_eq!(desk.ada.get(&case).await.ok()["state"], "new");
}

#[tokio::test]
async fn a_split_that_was_taken_back_leaves_both_cases_as_they_were() {
    let desk = Desk::open().await;
    let (main, other) = (desk.joined("who pays").await, desk.report("There is no picture").await);
    let reports = desk.ada.get(&main).await.ok()["reports"].clone();
    let (before, apart) = (desk.as_it_is(&main).await, desk.as_it_is(&other).await);
    assert_eq!((&before["first_action_at"], &before["report_count"]), (&Value::Null, &json!(2)));
    desk.app.clock.advance(Timestamp::MINUTE);

    // Into another case.
    let moved = json!({ "reports": [reports[0]["id"]], "into": id_of(&other) });
    let split = desk.ada.step(&main, "split", &moved).await.ok();
    assert_eq!((&split["into"], &split["case"]["report_count"]), (&json!(id_of(&other)), &json!(1)));
    assert!(split["case"]["first_action_at"].is_string(), "{split}");
    assert_eq!(desk.ada.get(&other).await.ok()["report_count"], 2);
    desk.app.clock.advance(Timestamp::MINUTE);
    desk.ada.step(&main, "undo", &json!({})).await.ok();
    assert_eq!((desk.as_it_is(&main).await, desk.as_it_is(&other).await), (before.clone(), apart));

    // Into a new one, which then leads to where its reports are.
    let split = desk.ada.step(&main, "split", &json!({ "reports": [reports[1]["id"]] })).await.ok();
    let made = format!("/manage/v1/cases/{}", split["into"].as_str().unwrap());
    assert_eq!(desk.ada.get(&made).await.ok()["reports"][0]["id"], reports[1]["id"]);
    desk.ada.step(&main, "undo", &json!({})).await.ok();
    let made = desk.ada.get(&made).await.ok();
    assert_eq!((&made["state"], &made["merged_into"]), (&json!("merged"), &json!(id_of(&main))));
    let mut again = desk.as_it_is(&main).await;
    assert_eq!(again["merged"].as_array().unwrap().len(), 2, "{again}");
    again["merged"] = before["merged"].clone();
    assert_eq!(again, before);

    // What was split off is found by its words.
    let split = desk.ada.step(&main, "split", &json!({ "reports": [reports[1]["id"]] })).await.ok();
    let found = desk.ada.get("/manage/v1/cases?q=nobody&state=open").await.ok();
    assert_eq!((&found["total"], &found["data"][0]["id"]), (&json!(1), &split["into"]), "{found}");
    desk.ada.step(&main, "undo", &json!({})).await.ok();

    // What has been moved on is not torn away.
    let split = desk.ada.step(&main, "split", &json!({ "reports": [reports[1]["id"]] })).await.ok();
    let made = format!("/manage/v1/cases/{}", split["into"].as_str().unwrap());
    desk.ada.step(&made, "merge", &json!({ "into": id_of(&other) })).await.ok();
    let refused = desk.ada.step(&main, "undo", &json!({})).await.problem(409);
    assert!(refused["detail"].as_str().unwrap().contains("move them by hand"), "{refused}");
    assert_eq!(desk.ada.get(&other).await.ok()["report_count"], 2);
}

#[tokio::test]
async fn a_split_says_what_is_wrong_with_it() {
    let desk = Desk::open().await;
    let (main, other) = (desk.joined("who pays").await, desk.report("There is no picture").await);
    let shown = desk.ada.get(&main).await.ok();
    let ids = [0, 1].map(|place: usize| shown["reports"][place]["id"].clone());
    let foreign = desk.ada.get(&other).await.ok()["reports"][0]["id"].clone();
    for (body, pointer, code) in [
        (json!({}), "/reports", "missing-field"),
        (json!({ "reports": [] }), "/reports", "missing-field"),
        (json!({ "reports": ids }), "/reports", "all-of-them"),
        (json!({ "reports": [foreign] }), "/reports", "reference-missing"),
        (json!({ "reports": [ids[0]], "into": id_of(&main) }), "/into", "itself"),
        (json!({ "reports": [ids[0]], "into": id_of(&desk.page) }), "/into", "reference-missing"),
        (json!({ "reports": "all" }), "/reports", "wrong-type"),
        (json!({ "reports": [ids[0]], "to": id_of(&other) }), "/to", "unknown-field"),
    ] {
        let problem = desk.ada.step(&main, "split", &body).await.problem(422);
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code)),
            "{body}"
        );
    }
    desk.steps(&other, &[("dismiss", json!({ "reason": "spam" }))]).await;
    let into = json!({ "reports": [ids[0]], "into": id_of(&other) });
    assert_eq!(desk.ada.step(&main, "split", &into).await.problem(409)["type"], "/problems/target-dismissed");
    assert_eq!(desk.ada.get(&main).await.ok(), shown, "nothing was done");
}

#[tokio::test]
async fn a_split_sent_twice_with_one_key_is_one_split() {
    let desk = Desk::open().await;
    let main = desk.joined("who pays").await;
    let shown = desk.ada.get(&main).await;
    let body = json!({ "reports": [shown.ok()["reports"][0]["id"]] });
    let headers =
        [("if-match", shown.header("etag")), ("idempotency-key", "split-1"), ("content-type", "application/json")];
    let path = format!("{main}/split");
    let first = desk.ada.send(Method::POST, &path, &headers, body.to_string()).await;
    let second = desk.ada.send(Method::POST, &path, &headers, body.to_string()).await;
    assert_eq!((first.ok(), first.header("etag")), (second.ok(), second.header("etag")));
    assert_eq!(desk.ada.get("/manage/v1/cases").await.ok()["total"], 3);
}

#[tokio::test]
async fn merges_that_lead_nowhere_are_refused_with_words() {
    let desk = Desk::open().await;
    let (one, two, three) =
        (desk.report("The hours").await, desk.report("A picture").await, desk.report("Night shifts").await);
    let into = |case: &str| json!({ "into": id_of(case) });
    let problem = desk.ada.step(&one, "merge", &into(&one)).await.problem(422);
    assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/into"), &json!("itself")));
    assert_eq!(problem["errors"][0]["detail"], "A case can't be merged into itself.");
    desk.ada.step(&one, "merge", &into(&two)).await.ok();
    // Round in a circle, directly and by a third one.
    let problem = desk.ada.step(&two, "merge", &into(&one)).await.problem(409);
    assert_eq!(problem["type"], "/problems/target-merged", "{problem}");
    let problem = desk.ada.step(&two, "merge", &into(&three)).await.problem(409);
    assert_eq!(problem["type"], "/problems/has-merged", "{problem}");
    let problem = desk.ada.step(&three, "merge", &into(&one)).await.problem(409);
    assert!(problem["detail"].as_str().unwrap().contains("choose the one it is in"), "{problem}");
    let problem = desk.ada.step(&one, "merge", &into(&three)).await.problem(409);
    assert_eq!(problem["type"], "/problems/merged", "{problem}");
    desk.steps(&three, &[("dismiss", json!({ "reason": "spam" }))]).await;
    let problem = desk.ada.step(&two, "merge", &into(&three)).await.problem(409);
    assert_eq!(problem["type"], "/problems/target-dismissed", "{problem}");
    let nobody = json!({ "into": id_of(&desk.page) });
    assert_eq!(desk.ada.step(&two, "merge", &nobody).await.problem(422)["errors"][0]["code"], "reference-missing");
    assert_eq!(desk.ada.step(&two, "merge", &json!({})).await.problem(422)["errors"][0]["code"], "missing-field");
    // Two at once, into each other: one becomes a pointer, the other stays where it is.
    desk.ada.step(&one, "unmerge", &json!({})).await.ok();
    let seen = [desk.ada.get(&one).await, desk.ada.get(&two).await];
    let paths = [format!("{one}/merge"), format!("{two}/merge")];
    let bodies = [into(&two), into(&one)];
    let answers = tokio::join!(
        desk.ada.naming(seen[0].header("etag"), Method::POST, &paths[0], &bodies[0]),
        desk.bo.naming(seen[1].header("etag"), Method::POST, &paths[1], &bodies[1])
    );
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && [409, 412].contains(&statuses[1]), "{answers:?}");
    let states = [desk.ada.get(&one).await.ok()["state"].clone(), desk.ada.get(&two).await.ok()["state"].clone()];
    assert_eq!(states.iter().filter(|state| **state == "merged").count(), 1, "{states:?}");
}

#[tokio::test]
async fn no_case_is_resolved_without_saying_how() {
    let desk = Desk::open().await;
    let case = desk.report("The hours").await;
    let page = id_of(&desk.page);
    for (body, pointer) in [
        (json!({}), "/resolution"),
        (json!({ "resolution": "" }), "/resolution"),
        (json!({ "resolution": "done" }), "/resolution"),
        (json!({ "resolution": "wont_change" }), "/reason"),
        (json!({ "resolution": "wont_change", "reason": "  " }), "/reason"),
        (json!({ "resolution": "fixed" }), "/fixed_in"),
        (json!({ "resolution": "fixed", "document": page }), "/version"),
        (json!({ "resolution": "fixed", "document": page, "version": 7 }), "/fixed_in/version"),
        (json!({ "resolution": "answered", "document": page, "version": 1 }), "/fixed_in"),
    ] {
        let problem = desk.ada.step(&case, "resolve", &body).await.problem(422);
        let fault = &problem["errors"][0];
        assert_eq!(fault["pointer"], pointer, "{body}: {problem}");
        assert!(fault["detail"].as_str().unwrap().ends_with('.'), "{problem}");
    }
    assert_eq!(desk.ada.get(&case).await.ok()["state"], "new");
}

/// One of both was in time; the other is told what the case is now.
#[track_caller]
fn one_late<'a>(answers: &'a (Answer, Answer), step: &str) -> (&'a Answer, &'a Answer, bool) {
    let (mine, theirs) = answers;
    match (mine.status, theirs.status) {
        (StatusCode::OK, StatusCode::PRECONDITION_FAILED) => (mine, theirs, true),
        (StatusCode::PRECONDITION_FAILED, StatusCode::OK) => (theirs, mine, false),
        _ => panic!("{step}: one of both is in time: {answers:?}"),
    }
}

#[tokio::test]
async fn of_two_people_who_do_something_to_one_case_at_once_neither_is_lost() {
    let desk = Desk::open().await;
    let open = ("open", json!({}));
    let start = ("start", json!({}));
    let until = waiting(&desk.app);
    let answered = json!({ "resolution": "answered", "reason": "It is right." });
    let spam = json!({ "reason": "spam" });
    let target = desk.report("A case into which others go").await;
    let into = json!({ "into": id_of(&target) });
    // What is done before, what both do at once, and whether it can be done twice.
    let actions = [
        (vec![], "open", json!({}), false),
        (vec![open.clone()], "start", json!({}), false),
        (vec![start.clone()], "wait", until.clone(), true),
        (vec![start.clone(), ("wait", until)], "resume", json!({}), false),
        (vec![open], "resolve", answered.clone(), false),
        (vec![start], "dismiss", spam, false),
        (vec![("resolve", answered)], "reopen", json!({ "reason": "It is not." }), false),
        (vec![], "merge", into.clone(), false),
        (vec![("merge", into)], "unmerge", json!({}), false),
        (vec![], "notes", json!({ "text": "Seen." }), true),
    ];
    for (position, (before, step, body, twice)) in actions.into_iter().enumerate() {
        let case = desk.report(&format!("Problem {position}: {step}")).await;
        desk.steps(&case, &before).await;
        let seen = desk.ada.get(&case).await;
        let path = format!("{case}/{step}");
        let answers = tokio::join!(
            desk.ada.naming(seen.header("etag"), Method::POST, &path, &body),
            desk.bo.naming(seen.header("etag"), Method::POST, &path, &body)
        );
        let (early, late, mine) = one_late(&answers, step);
        let problem = late.problem(412);
        let (current, done) = (&problem["current"], early.ok());
        for key in ["version", "state", "assignee", "resolution", "merged_into", "waiting_until"] {
            assert_eq!(current[key], done[key], "{step}: {problem}");
        }
        assert_eq!(late.header("etag"), early.header("etag"), "{step}");
        let log = desk.ada.get(&format!("{case}/events?limit=1")).await.ok();
        let who = if mine { "Ada" } else { "Bo" };
        assert_eq!(log["data"][0]["actor"]["name"], who, "{step}: whose it was stands in the log");
        // Who was late looks again and goes on, or is told why not.
        let slow = if mine { &desk.bo } else { &desk.ada };
        let again = slow.step(&case, step, &body).await;
        if twice {
            assert_eq!(again.ok()["version"], done["version"].as_i64().unwrap() + 1, "{step}");
        } else {
            assert!(again.problem(409)["detail"].as_str().unwrap().ends_with('.'), "{step}");
        }
    }
}

#[tokio::test]
async fn what_two_people_do_to_one_case_in_different_ways_is_all_there_in_the_end() {
    let desk = Desk::open().await;
    let case = desk.joined("the weather").await;
    let report = desk.ada.get(&case).await.ok()["reports"][0]["id"].clone();
    let pairs = [
        (("notes", json!({ "text": "I know who wrote it." })), ("open", json!({}))),
        (("fix", json!({})), ("notes", json!({ "text": "Wait for me." }))),
        (("split", json!({ "reports": [report] })), ("notes", json!({ "text": "It is two things." }))),
        (("undo", json!({})), ("notes", json!({ "text": "No, one." }))),
    ];
    for ((step, body), (other, text)) in pairs {
        if step == "undo" {
            desk.ada.step(&case, "wait", &waiting(&desk.app)).await.ok();
        }
        let seen = desk.ada.get(&case).await;
        let before = seen.ok()["version"].as_i64().unwrap();
        let paths = [format!("{case}/{step}"), format!("{case}/{other}")];
        let answers = tokio::join!(
            desk.ada.naming(seen.header("etag"), Method::POST, &paths[0], &body),
            desk.bo.naming(seen.header("etag"), Method::POST, &paths[1], &text)
        );
        let (_, _, mine) = one_late(&answers, step);
        let again =
            if mine { desk.bo.step(&case, other, &text).await } else { desk.ada.step(&case, step, &body).await };
        if step == "undo" && !mine {
            // A note was between: what was done before it is taken back by hand.
            assert_eq!(again.problem(409)["type"], "/problems/nothing-to-undo");
        } else {
            assert_eq!(again.status, StatusCode::OK, "{step} {other}: {}", again.text());
            assert_eq!(desk.ada.get(&case).await.ok()["version"], before + 2, "{step} {other}");
        }
    }
    let change = |key: &str, value: &str| json!({ key: value });
    let seen = desk.ada.get(&case).await;
    let (grave, kind) = (change("severity", "urgent"), change("category", "accessibility"));
    let answers = tokio::join!(
        desk.ada.naming(seen.header("etag"), Method::PATCH, &case, &grave),
        desk.bo.naming(seen.header("etag"), Method::PATCH, &case, &kind)
    );
    let (_, late, mine) = one_late(&answers, "patch");
    let etag = late.header("etag").to_owned();
    let again = if mine {
        desk.bo.naming(&etag, Method::PATCH, &case, &kind).await
    } else {
        desk.ada.naming(&etag, Method::PATCH, &case, &grave).await
    };
    let now = again.ok();
    assert_eq!((&now["severity"], &now["category"]), (&json!("urgent"), &json!("accessibility")));
    assert_eq!(desk.ada.get(&case).await.ok()["notes"].as_array().unwrap().len(), 4);
}
