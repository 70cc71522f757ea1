//! Putting cases in order: how grave they are, what they are about, by when something is to be done, and finding them by it.

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use super::feedback::{Site, below, carried};
use crate::support::Answer;

/// Changes a case as a program does.
async fn change(site: &Site, case: &str, body: &Value) -> Answer {
    let version = site.case(case).await["version"].as_i64().unwrap();
    site.triager.at(Method::PATCH, &format!("/manage/v1/cases/{case}"), version, body).await
}

/// The clock stands on a Sunday.
#[tokio::test]
async fn a_case_is_classified_alone_and_several_at_once() {
    let mut site = Site::new().await;
    let case = site.report("Which band does a senior earn").await;
    let page = site.tia.page(&below(&case, "classify")).await;
    assert!(page.contains("<h1>Classify the case</h1>") && page.contains("Normal"), "{page}");
    let version = carried(&page, "version");
    let fields = [
        ("version", version.as_str()),
        ("severity", "urgent"),
        ("category", "out_of_date"),
        ("labels", "Pay, band  CHANGES"),
    ];
    let shown = site.tia.submit(&below(&case, "classify"), &fields).await;
    assert!(shown.contains("Case 1 is classified."), "{shown}");
    assert!(shown.contains("band changes, pay") && shown.contains("Tuesday 24 November 2026"), "{shown}");
    assert!(shown.contains("gave it severity urgent, category out of date, other labels"), "{shown}");
    let refused = [fields[0], ("severity", "high"), fields[2], ("labels", "ana@private.example")];
    let version = site.version(&case).await;
    let answer =
        site.tia.post(&below(&case, "classify"), &[("version", &version), refused[1], refused[2], refused[3]]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text().contains("href=\"#f-labels\"") && answer.text().contains("value=\"ana@private.example\""),
        "{}",
        answer.text()
    );
    let stale = site.tia.post(&below(&case, "classify"), &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Pay, band  CHANGES"), "what was typed stays: {}", stale.text());

    let other = site.report("The photograph is of another hospital").await;
    let chosen = [("action", "classify"), ("from", "view=all"), ("case", &case), ("case", &other)];
    let confirm = site.tia.post("/admin/cases/bulk", &chosen).await.text();
    assert!(confirm.contains("As it is") && confirm.contains("In use: band changes, pay."), "{confirm}");
    let versions = [format!("{case}:{}", site.version(&case).await), format!("{other}:{}", site.version(&other).await)];
    let fields = [
        ("action", "classify"),
        ("from", "view=all"),
        ("confirmed", "true"),
        ("case", &versions[0]),
        ("case", &versions[1]),
        ("severity", ""),
        ("category", "technical"),
        ("add_labels", "Photos"),
        ("remove_labels", "pay"),
    ];
    let done = site.tia.post("/admin/cases/bulk", &fields).await.text();
    assert!(done.contains("2 of 2 cases changed."), "{done}");
    let (first, second) = (site.case(&case).await, site.case(&other).await);
    assert_eq!((&first["severity"], &first["labels"]), (&json!("urgent"), &json!(["band changes", "photos"])));
    assert_eq!((&second["severity"], &second["labels"]), (&json!("normal"), &json!(["photos"])));
    assert_eq!([&first["category"], &second["category"]], ["technical", "technical"]);
}

#[tokio::test]
async fn targets_and_holidays_are_set_and_what_is_wrong_is_said_with_its_line() {
    let site = Site::new().await;
    let case = site.report("Which band does a senior earn").await;
    let mut ada = site.app.signed_in("Ada", &[Role::Administrator]).await;
    let settings = ada.page("/admin/settings").await;
    assert!(settings.contains("/admin/settings/targets"), "{settings}");
    let page = ada.page("/admin/settings/targets").await;
    let revision = carried(&page, "revision");
    let mut fields: Vec<(&str, &str)> = vec![
        ("revision", &revision),
        ("urgent_first_action", "0"),
        ("urgent_fix", "0"),
        ("high_first_action", "0"),
        ("high_fix", "1"),
        ("normal_first_action", "3"),
        ("normal_fix", "2"),
        ("low_first_action", "1"),
        ("low_fix", "soon"),
        ("accessibility_first_action", "1"),
        ("accessibility_fix", "4"),
        ("holidays", "2026-11-23 Founders' day\n25 December"),
    ];
    let refused = ada.post("/admin/settings/targets", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("Line 2, “25 December”: it has to begin with a date"), "{text}");
    assert!(text.contains("href=\"#f-normal_fix\"") && text.contains("href=\"#f-low_fix\""), "{text}");
    assert!(text.contains("2026-11-23 Founders' day") || text.contains("2026-11-23 Founders&#39; day"), "{text}");
    fields[5].1 = "1";
    fields[8].1 = "20";
    fields[11].1 = "2026-11-23 Founders day";
    let kept = ada.submit("/admin/settings/targets", &fields).await;
    assert!(kept.contains("The targets and holidays are kept.") && kept.contains("2026-11-23 Founders day"), "{kept}");
    let again = ada.post("/admin/settings/targets", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "somebody has changed them");
    site.app.follow().await;
    let timed = site.case(&case).await;
    assert_eq!(timed["first_action_due_at"], "2026-11-26T00:00:00Z", "Tuesday is the first working day");
    assert_eq!(timed["fix_due_at"], "2026-11-27T00:00:00Z");
    let log = ada.page("/admin/audit-log").await;
    assert!(log.contains("targets have changed") && log.contains("holidays have changed"), "{log}");
}

#[tokio::test]
async fn the_inbox_narrows_by_what_is_said_of_cases_and_shows_what_is_overdue() {
    let mut site = Site::new().await;
    let pay = site.report("Which band does a senior earn").await;
    let map = site.report("The map shows another town").await;
    let changes = json!({ "severity": "urgent", "category": "factual_error", "labels": ["maps"] });
    change(&site, &map, &changes).await.ok();
    let all = site.tia.page("/admin/cases?view=all").await;
    assert!(all.contains("Tue 24 Nov") && all.contains("Wed 25 Nov") && !all.contains("Overdue</span>"), "{all}");
    for query in ["severity=urgent", "category=factual_error", "label=Maps", "sort=due&severity=urgent"] {
        let found = site.tia.page(&format!("/admin/cases?{query}")).await;
        assert!(found.contains("The map shows") && !found.contains("Which band"), "{query}: {found}");
        assert!(found.contains("1 case with these filters") && found.contains("Applied:"), "{query}");
    }
    // It is the last day of a week.
    assert!(site.tia.page("/admin/cases?due=week").await.contains("No case fits these filters."));
    assert!(site.tia.page("/admin/cases?due=overdue").await.contains("No case fits these filters."));
    assert!(site.tia.page("/admin/cases?contact=true").await.contains("No case fits these filters."));
    assert!(site.tia.page("/admin/cases?contact=false").await.contains("2 cases with these filters"));
    let block = site.case(&pay).await["reports"][0]["block"].as_str().unwrap().to_owned();
    let there = site.tia.page(&format!("/admin/cases?block={block}")).await;
    assert!(there.contains("2 cases with these filters") && there.contains("Passage: Work"), "{there}");
    // To the end of Tuesday.
    site.app.clock.advance(3 * Timestamp::DAY);
    site.tia.sign_in().await;
    let overdue = site.tia.page("/admin/cases?due=overdue").await;
    assert!(overdue.contains("The map shows") && overdue.contains("Overdue</span>"), "{overdue}");
    assert!(!overdue.contains("Which band"), "{overdue}");
    let dashboard = site.tia.page("/admin").await;
    assert!(dashboard.contains("1 overdue case") && dashboard.contains("Past their targets"), "{dashboard}");
    assert_eq!(site.tia.get("/admin/cases?due=never").await.status, StatusCode::BAD_REQUEST);
    let manage = site.triager.get("/manage/v1/cases?due=overdue&sort=due_at&limit=1").await.ok();
    assert_eq!((&manage["total"], &manage["data"][0]["escalating"]), (&json!(1), &json!(true)));
    let personal = change(&site, &pay, &json!({ "labels": ["07700 900123"] })).await;
    assert_eq!(
        (personal.status, &personal.json()["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/labels"))
    );
}

#[tokio::test]
async fn a_case_is_found_by_what_was_said_noted_and_labelled_right_after_it_came_in() {
    let mut site = Site::new().await;
    let pay = site.report("Which band does a senior earn").await;
    let map = site.report("The photograph shows another town").await;
    let version = site.version(&map).await;
    site.tia.submit(&below(&map, "note"), &[("version", &version), ("text", "The archivist knows the harbour.")]).await;
    change(&site, &pay, &json!({ "labels": ["grading"] })).await.ok();
    let reference = site.case(&map).await["reports"][0]["reference"].as_str().unwrap().to_owned();
    for (words, found, other) in [
        ("photographs town", "The photograph shows", "Which band"),
        ("harbour", "The photograph shows", "Which band"),
        (reference.as_str(), "The photograph shows", "Which band"),
        ("grad", "Which band", "The photograph shows"),
        ("seniro band", "Which band", "The photograph shows"),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        let inbox = site.tia.page(&format!("/admin/cases?{query}")).await;
        assert!(inbox.contains(found) && !inbox.contains(other), "{words}: {inbox}");
        let listed = site.triager.get(&format!("/manage/v1/cases?{query}")).await.ok();
        assert_eq!(listed["total"], 1, "{words}");
    }
    assert!(site.tia.page("/admin/cases?q=harbour&state=resolved").await.contains("No case fits these filters."));
    assert!(site.tia.page("/admin/cases?q=nothing+like+it").await.contains("No case fits these filters."));
}

#[tokio::test]
async fn a_step_on_a_row_is_done_at_once_leads_to_the_next_row_and_is_taken_back() {
    let mut site = Site::new().await;
    let first = site.report("Which band does a senior earn").await;
    let second = site.report("The map shows another town").await;
    let due = site.case(&second).await["due_at"].clone();
    let inbox = site.tia.page("/admin/cases").await;
    let chosen = format!("{second}:1");
    assert!(inbox.contains(&format!("value=\"{chosen}\"")), "{inbox}");
    let start = [("action", "start"), ("from", "view=new"), ("case", chosen.as_str())];
    let answer = site.tia.post("/admin/cases/bulk", &start).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("/admin/cases?view=new#row-{first}"));
    let after = site.tia.page("/admin/cases?view=new").await;
    assert!(after.contains("Case 2 is in progress.") && after.contains("data-key=\"u\""), "{after}");
    assert!(after.contains(&format!("action=\"/admin/cases/{second}/undo\"")), "{after}");
    let other = site.triager.step(&format!("/manage/v1/cases/{second}"), "undo", &json!({})).await;
    assert_eq!(
        other.problem(409)["detail"],
        "You have done nothing to this case in the last ten minutes that can be undone."
    );
    let version = site.version(&second).await;
    let undo = [("version", version.as_str()), ("from", "view=new")];
    let page = site.tia.submit(&below(&second, "undo"), &undo).await;
    assert!(
        page.contains("is as it was before") && page.contains("undid the step before, which made it new again"),
        "{page}"
    );
    let back = site.case(&second).await;
    assert_eq!((&back["state"], &back["due_at"], &back["first_action_at"]), (&json!("new"), &due, &json!(null)));

    // As it was seen before: somebody else has changed it since, so the step asks.
    site.triager.step(&format!("/manage/v1/cases/{second}"), "start", &json!({})).await.ok();
    let assigned = json!({ "assignee": site.app.person("Uma", &[Role::Triager]).await.user });
    change(&site, &second, &assigned).await.ok();
    let asked = site.tia.post("/admin/cases/bulk", &[("action", "dismiss"), start[1], start[2]]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(
        asked.text().contains("Somebody changed this since you looked") && asked.text().contains("assigned to Uma"),
        "{}",
        asked.text()
    );
    assert_eq!(site.case(&second).await["state"], "in_progress");

    let version = site.version(&first).await;
    site.tia.submit(&below(&first, "start"), &[("version", &version)]).await;
    assert!(site.tia.page(&format!("/admin/cases/{first}")).await.contains("Undo the last step"));
    site.app.clock.advance(10 * Timestamp::MINUTE);
    assert!(
        !site.tia.page(&format!("/admin/cases/{first}")).await.contains("Undo the last step"),
        "ten minutes are over"
    );
    let version = site.version(&first).await;
    let late = site.tia.post(&below(&first, "undo"), &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text());
}

#[tokio::test]
async fn several_cases_are_taken_back_together() {
    let mut site = Site::new().await;
    let cases = [site.report("Which band does a senior earn").await, site.report("The map shows another town").await];
    let seen = cases.each_ref().map(|case| format!("{case}:1"));
    let fields = [
        ("action", "dismiss"),
        ("from", "view=new"),
        ("confirmed", "true"),
        ("reason", "no_detail"),
        ("text", "Nothing to go by"),
        ("case", &seen[0]),
        ("case", &seen[1]),
    ];
    let done = site.tia.post("/admin/cases/bulk", &fields).await.text();
    assert!(done.contains("2 of 2 cases changed.") && done.contains("Undo"), "{done}");
    let seen = cases.each_ref().map(|case| format!("{case}:2"));
    let undo = [("action", "undo"), fields[1], fields[2], ("case", seen[0].as_str()), ("case", seen[1].as_str())];
    let back = site.tia.post("/admin/cases/bulk", &undo).await.text();
    assert!(back.contains("2 of 2 cases changed."), "{back}");
    for case in &cases {
        let case = site.case(case).await;
        assert_eq!(
            (&case["state"], &case["reason"], &case["explanation"]),
            (&json!("new"), &json!(null), &json!(null))
        );
    }
}

#[tokio::test]
async fn of_two_triagers_who_act_at_once_one_is_told_and_nothing_is_lost() {
    let mut site = Site::new().await;
    for round in 0..6 {
        let case = site.report(&format!("Something is wrong, number {round}, {}", "abcdef".split_at(round).1)).await;
        let path = format!("/manage/v1/cases/{case}/dismiss");
        let reason = json!({ "reason": "no_detail" });
        let form = [("version", "1"), ("resolution", "answered"), ("explanation", "Asked and answered")];
        let place = below(&case, "resolve");
        let (program, person) =
            tokio::join!(site.triager.at(Method::POST, &path, 1, &reason), site.tia.post(&place, &form));
        let won = (program.status == StatusCode::OK, person.status == StatusCode::SEE_OTHER);
        assert!(won.0 != won.1, "{} and {}", program.status, person.status);
        let now = site.case(&case).await;
        assert_eq!(now["version"], 2);
        if won.0 {
            assert_eq!((now["state"].as_str(), person.status), (Some("dismissed"), StatusCode::CONFLICT));
            assert!(person.text().contains("Asked and answered"), "what was typed stays");
        } else {
            assert_eq!((now["state"].as_str(), program.status), (Some("resolved"), StatusCode::PRECONDITION_FAILED));
            assert_eq!(program.json()["current"]["state"], "resolved");
        }
    }
}
