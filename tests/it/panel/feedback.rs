//! Feedback in the panel: from what visitors sent to cases that are closed.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::Browser;
use crate::support::{Client, TestApp, id_of};

const PAGE: &str = "/api/v1/role-pages/porter";

/// A site with one page, and the people who write it and look after what is said about it.
pub struct Site {
    pub app: TestApp,
    pub publisher: Client,
    pub triager: Client,
    pub page: String,
    pub tia: Browser,
}

impl Site {
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let publisher = app.person("Pat", &[Role::Publisher]).await;
        let triager = app.person("Tom", &[Role::Triager]).await;
        let content = json!({ "title": "Porter", "summary": "Moves things.", "sections": [
            { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Porters moves beds." }] },
            { "heading": "Pay", "blocks": [{ "kind": "text", "markdown": "Pay starts at band 2." }] }] });
        let page = publisher.publish_new("role-pages", &json!({ "slug": "porter", "content": content })).await;
        let tia = app.signed_in("Tia", &[Role::Triager]).await;
        Self { app, publisher, triager, page, tia }
    }

    /// A report about the page as it is now, and the case that it made or joined.
    pub async fn report(&self, wrong: &str) -> String {
        let public = self.app.nobody().get(PAGE).await.ok();
        self.send(&public, &public["sections"][0]["blocks"][0]["id"], wrong).await
    }

    pub async fn send(&self, public: &Value, block: &Value, wrong: &str) -> String {
        self.app.clock.advance(21_000);
        let report = json!({ "page_token": public["feedback"]["page_token"], "block": block, "kind": "problem", "wrong": wrong });
        self.app.nobody().post("/api/v1/reports", &report).await.ok();
        let cases = self.triager.get("/manage/v1/cases").await.ok();
        cases["data"][0]["id"].as_str().unwrap().to_owned()
    }

    pub async fn case(&self, id: &str) -> Value {
        self.triager.get(&format!("/manage/v1/cases/{id}")).await.ok()
    }

    pub async fn version(&self, id: &str) -> String {
        self.case(id).await["version"].to_string()
    }

    /// Publishes the page with another text in its first block.
    pub async fn rewrite(&self, text: &str, fixes: &[&str]) {
        let mut content = self.publisher.get(&self.page).await.ok()["content"].clone();
        content["sections"][0]["blocks"][0]["markdown"] = text.into();
        self.publisher.save(&self.page, &json!({ "content": content })).await.ok();
        self.publisher.step(&self.page, "publish", &json!({ "fixes": fixes })).await.ok();
        self.app.follow().await;
    }

    /// The only report of a case.
    pub async fn report_of(&self, case: &str) -> Value {
        self.case(case).await["reports"][0].clone()
    }
}

pub fn below(case: &str, page: &str) -> String {
    format!("/admin/cases/{case}/{page}")
}

/// The value that a form carries under a name.
#[track_caller]
pub fn carried(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn ten_reports_are_triaged_one_after_the_other_and_several_at_once() {
    let mut site = Site::new().await;
    assert!(site.tia.page("/admin/cases").await.contains("No new cases. None are open either."));
    let problems = [
        "The first sentence has a mistake in it",
        "Which band does a senior earn",
        "Nothing here is about night shifts",
        "My screen reader skips the heading",
        "Where can one apply for the job",
        "An apprenticeship is missing",
        "Uniform colours have changed lately",
        "Please mention the driving licence",
        "Too long for a telephone",
        "Wrong hospital in the photograph",
    ];
    let mut cases = Vec::new();
    for problem in problems {
        cases.push(site.report(problem).await);
    }
    let inbox = site.tia.page("/admin/cases").await;
    assert!(inbox.contains("10 new, 10 open") && inbox.contains("New (10)"), "{inbox}");
    assert!(problems.iter().all(|problem| inbox.contains(problem)));
    assert!(inbox.contains("Porter · Work"), "the page and the passage are named");

    let newest = &cases[9];
    let case = site.tia.page(&format!("/admin/cases/{newest}?from=view%3Dnew")).await;
    assert!(case.contains("Wrong hospital in the photograph") && case.contains("Next case"), "{case}");
    let version = site.version(newest).await;
    let fields = [("version", version.as_str()), ("from", "view=new"), ("next", "true")];
    let next = site.tia.submit(&below(newest, "open"), &fields).await;
    assert!(next.contains("Too long for a telephone") && next.contains("is open. This is the next one."), "{next}");
    assert!(next.contains(&format!("/admin/cases/{newest}?from=view%3Dnew")), "the banner leads back");

    let eighth = &cases[8];
    let version = site.version(eighth).await;
    let fields = [
        ("version", version.as_str()),
        ("from", "view=new"),
        ("next", "true"),
        ("reason", "out_of_scope"),
        ("text", "Not ours."),
    ];
    let next = site.tia.submit(&below(eighth, "dismiss"), &fields).await;
    assert!(next.contains("Please mention the driving licence"), "{next}");
    assert_eq!(site.case(eighth).await["reason"], "out_of_scope");

    let rest: Vec<&String> = cases[..8].iter().collect();
    let mut form: Vec<(&str, &str)> = vec![("action", "resolve"), ("from", "view=new")];
    form.extend(rest.iter().map(|id| ("case", id.as_str())));
    form.push(("case", eighth));
    let confirm = site.tia.post("/admin/cases/bulk", &form).await;
    assert_eq!(confirm.status, StatusCode::OK);
    let confirm = confirm.text();
    assert!(confirm.contains("Resolve: 8 cases") && confirm.contains("1 will be left out"), "{confirm}");
    assert!(confirm.contains("The case is resolved or dismissed; reopen it first."), "{confirm}");
    assert_eq!(site.case(&cases[0]).await["state"], "new", "nothing is done before it is confirmed");

    // Somebody is quicker with one of them.
    let title = json!({ "title": "Night shifts" });
    let version = site.case(&cases[2]).await["version"].as_i64().unwrap();
    let path = format!("/manage/v1/cases/{}", cases[2]);
    site.triager.at(axum::http::Method::PATCH, &path, version, &title).await.ok();
    let chosen: Vec<String> = confirm
        .split("name=\"case\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(chosen.len(), 8);
    let mut form: Vec<(&str, &str)> = vec![
        ("action", "resolve"),
        ("from", "view=new"),
        ("confirmed", "true"),
        ("explanation", "Said on the page."),
        ("fixed_document", ""),
        ("fixed_in", ""),
    ];
    form.extend(chosen.iter().map(|case| ("case", case.as_str())));
    let refused = site.tia.post("/admin/cases/bulk", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Choose how it was resolved.") && refused.text().contains("Said on the page."));
    form.push(("resolution", "answered"));
    let outcome = site.tia.post("/admin/cases/bulk", &form).await.text();
    assert!(outcome.contains("7 of 8 cases changed."), "{outcome}");
    assert!(outcome.contains("Somebody changed it meanwhile."), "{outcome}");
    assert_eq!(site.case(&cases[0]).await["reason"], "Said on the page.");
    let version = site.version(&cases[2]).await;
    let fields = [("version", version.as_str()), ("from", "view=new"), ("next", "true"), ("reason", "no_detail")];
    let last = site.tia.submit(&below(&cases[2], "dismiss"), &fields).await;
    assert!(last.contains("That was the last one here.") && last.contains("No new cases. 1 is open."), "{last}");
}

#[tokio::test]
async fn several_cases_get_one_note_or_go_into_quarantine() {
    let mut site = Site::new().await;
    let mut cases = Vec::new();
    for problem in
        ["Buy cheap watches from us today", "The second sentence has no verb", "Our pills are the best pills"]
    {
        cases.push(site.report(problem).await);
    }
    let inbox = site.tia.page("/admin/cases").await;
    assert!(
        inbox.contains("data-key=\"n\">Add a note…") && inbox.contains("data-key=\"#\">Put into quarantine…"),
        "{inbox}"
    );
    // One is closed already, so there is nothing in it to put away.
    let version = site.version(&cases[1]).await;
    site.tia.submit(&below(&cases[1], "dismiss"), &[("version", &version), ("reason", "no_detail")]).await;

    let all: Vec<(&str, &str)> = cases.iter().map(|case| ("case", case.as_str())).collect();
    let form = |action: &'static str, more: &[(&'static str, &'static str)]| {
        let mut form: Vec<(&str, &str)> = vec![("action", action), ("from", "view=new")];
        form.extend(more);
        form
    };
    let confirm = site.tia.post("/admin/cases/bulk", &[form("note", &[]), all.clone()].concat()).await.text();
    assert!(confirm.contains("Add a note: 3 cases") && confirm.contains("name=\"text\""), "{confirm}");
    let seen: Vec<String> = confirm
        .split("name=\"case\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let seen: Vec<(&str, &str)> = seen.iter().map(|case| ("case", case.as_str())).collect();
    let said = [("confirmed", "true"), ("text", "From the same sender.")];
    let told = site.tia.post("/admin/cases/bulk", &[form("note", &said), seen].concat()).await.text();
    assert!(told.contains("3 of 3 cases changed."), "{told}");
    for case in &cases {
        assert_eq!(site.case(case).await["notes"][0]["text"], "From the same sender.");
    }

    let confirm = site.tia.post("/admin/cases/bulk", &[form("spam", &[]), all].concat()).await.text();
    assert!(confirm.contains("Put into quarantine: 2 cases") && confirm.contains("1 will be left out"), "{confirm}");
    let seen: Vec<String> = confirm
        .split("name=\"case\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let seen: Vec<(&str, &str)> = seen.iter().map(|case| ("case", case.as_str())).collect();
    let told =
        site.tia.post("/admin/cases/bulk", &[form("spam", &[("confirmed", "true")]), seen].concat()).await.text();
    assert!(told.contains("2 of 2 cases changed."), "{told}");
    for case in [&cases[0], &cases[2]] {
        let case = site.case(case).await;
        assert_eq!((&case["state"], &case["reason"]), (&json!("dismissed"), &json!("spam")), "{case}");
    }
    let quarantine = site.tia.page("/admin/reports?quarantined=true").await;
    assert!(quarantine.contains("cheap watches") && quarantine.contains("best pills"), "{quarantine}");
    assert!(!quarantine.contains("second sentence"), "{quarantine}");
}

#[tokio::test]
async fn where_several_were_fixed_is_filled_in_only_if_there_is_one_place() {
    let mut site = Site::new().await;
    let (first, second) = (site.report("A sentence is wrong").await, site.report("The pay is of last year").await);
    let content = json!({ "title": "Ambulance", "summary": "Drives.", "sections": [
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "They drive." }] }] });
    site.publisher.publish_new("role-pages", &json!({ "slug": "ambulance", "content": content })).await;
    let public = site.app.nobody().get("/api/v1/role-pages/ambulance").await.ok();
    let elsewhere = site.send(&public, &public["sections"][0]["blocks"][0]["id"], "They also ride").await;
    let mut asked = async |cases: &[&String]| {
        let chosen = cases.iter().map(|case| ("case", case.as_str()));
        let form: Vec<(&str, &str)> = [("action", "resolve"), ("from", "view=new")].into_iter().chain(chosen).collect();
        site.tia.post("/admin/cases/bulk", &form).await.text()
    };
    let porter = format!("<option value=\"{}\" selected>Porter (live: version 1)</option>", id_of(&site.page));
    for cases in [&[&first][..], &[&first, &second]] {
        let one_place = asked(cases).await;
        assert!(one_place.contains(&porter), "{one_place}");
        assert!(one_place.contains("name=\"fixed_in\" value=\"1\""), "{one_place}");
    }
    let several = asked(&[&first, &elsewhere]).await;
    assert!(several.contains("<option value=\"\" selected>Choose…</option>"), "{several}");
    assert!(!several.contains(&porter) && !several.contains("name=\"fixed_in\" value=\"1\""), "{several}");
}

#[tokio::test]
async fn a_case_is_assigned_waits_goes_on_is_renamed_and_noted() {
    let mut site = Site::new().await;
    let case = site.report("A sentence is wrong").await;
    let me = site.tia.user.unwrap().to_string();
    let version = site.version(&case).await;
    let page = site.tia.submit(&below(&case, "assign"), &[("version", &version), ("assignee", &me)]).await;
    assert!(page.contains("assigned it to Tia"), "{page}");
    assert!(site.tia.page("/admin/cases?view=mine").await.contains("A sentence is wrong"));
    let version = site.version(&case).await;
    site.tia.submit(&below(&case, "start"), &[("version", &version)]).await;
    let version = site.version(&case).await;
    let empty = site.tia.post(&below(&case, "wait"), &[("version", &version), ("until", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("href=\"#f-until\""), "{}", empty.text());
    let page = site.tia.submit(&below(&case, "wait"), &[("version", &version), ("until", "2026-11-24T09:30")]).await;
    assert!(page.contains("Tuesday 24 November 2026, 09:30, London time"), "{page}");
    assert!(site.tia.page("/admin/cases?view=waiting").await.contains("A sentence is wrong"));
    let version = site.version(&case).await;
    let page = site.tia.submit(&below(&case, "resume"), &[("version", &version)]).await;
    assert!(page.contains("went on with it"), "{page}");
    let version = site.version(&case).await;
    let page = site.tia.submit(&below(&case, "retitle"), &[("version", &version), ("title", "Grammar")]).await;
    assert!(page.contains("<h1>Grammar</h1>"), "{page}");
    let version = site.version(&case).await;
    let note = [("version", version.as_str()), ("text", "Ask jane@example.org about it")];
    let page = site.tia.submit(&below(&case, "note"), &note).await;
    assert!(page.contains("Ask [email removed] about it") && !page.contains("jane@"), "{page}");
    let version = site.version(&case).await;
    let page = site.tia.page(&below(&case, "resolve")).await;
    assert_eq!(carried(&page, "version"), version);
    assert!(page.contains("Porter (live: version 1)"), "{page}");
    let document = id_of(&site.page);
    let never = [
        ("version", version.as_str()),
        ("resolution", "fixed"),
        ("fixed_document", &document),
        ("fixed_in", "9"),
        ("explanation", ""),
    ];
    let refused = site.tia.post(&below(&case, "resolve"), &never).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("This version of the document was never published."), "{}", refused.text());
    let wont = [("version", version.as_str()), ("resolution", "wont_change"), ("explanation", " ")];
    let refused = site.tia.post(&below(&case, "resolve"), &wont).await.text();
    assert!(refused.contains("Say why it will not be changed.") && refused.contains("#f-explanation"), "{refused}");
    let fixed = [never[0], never[1], never[2], ("fixed_in", "1")];
    let page = site.tia.submit(&below(&case, "resolve"), &fixed).await;
    assert!(page.contains("resolved it: fixed in version 1"), "{page}");
    let version = site.version(&case).await;
    let page = site.tia.submit(&below(&case, "reopen"), &[("version", &version), ("reason", "It is not.")]).await;
    assert!(page.contains("It is not.") && page.contains("reopened it"), "{page}");
}

#[tokio::test]
async fn a_step_on_a_case_that_somebody_changed_says_what_changed_and_keeps_what_was_typed() {
    let mut site = Site::new().await;
    let case = site.report("A sentence is wrong").await;
    let seen = site.version(&case).await;
    site.triager.step(&format!("/manage/v1/cases/{case}"), "start", &json!({})).await.ok();
    let fields = [("version", seen.as_str()), ("reason", "spam"), ("text", "Typed with <care>")];
    let answer = site.tia.post(&below(&case, "dismiss"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("Tom started work on it") && page.contains("Typed with &lt;care&gt;"), "{page}");
    let version = carried(&page, "version");
    assert_eq!(version, site.version(&case).await);
    site.triager.step(&format!("/manage/v1/cases/{case}"), "dismiss", &json!({ "reason": "no_detail" })).await.ok();
    let answer = site.tia.post(&below(&case, "dismiss"), &[("version", &version), fields[1], fields[2]]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("reopen it first") && page.contains("Typed with &lt;care&gt;"), "{page}");
    let unseen = site.tia.post(&below(&case, "reopen"), &[]).await;
    assert_eq!(unseen.status, StatusCode::CONFLICT, "a form that names no version has seen none");
}

#[tokio::test]
async fn the_page_is_shown_as_it_was_seen_after_it_changed_and_after_it_was_unpublished() {
    let mut site = Site::new().await;
    let case = site.report("It says porters moves beds").await;
    let block = site.report_of(&case).await["block"].as_str().unwrap().to_owned();
    let report = site.report_of(&case).await["id"].as_str().unwrap().to_owned();
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("Not changed since."), "{page}");
    assert!(
        page.contains(&format!("/seen?report={report}#{block}")) && page.contains("sandbox=\"allow-same-origin\""),
        "{page}"
    );

    site.app.clock.advance(60_000);
    site.rewrite("Porters move beds and chairs.", &[]).await;
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("Live, version 2") && page.contains("<ins>") && page.contains("version 1 (now 2)"), "{page}");
    let frame = below(&case, &format!("seen?report={report}"));
    let seen = site.tia.page(&frame).await;
    assert!(seen.contains("Porters moves beds.") && !seen.contains("chairs"), "{seen}");
    let (before, after) = seen.split_once("Reported passage").unwrap();
    assert!(before.contains(&format!("id=\"{block}\" class=\"marked\"")) && after.contains("Porters moves"), "{seen}");
    let answer = site.tia.get(&frame).await;
    assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
    assert!(answer.header("content-security-policy").ends_with("sandbox allow-same-origin"));

    // A draft that says something else again is compared too.
    let mut content = site.publisher.get(&site.page).await.ok()["content"].clone();
    content["sections"].as_array_mut().unwrap().remove(0);
    site.publisher.save(&site.page, &json!({ "content": content })).await.ok();
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("In the draft, version 3") && page.contains("Since removed."), "{page}");
    site.publisher.step(&site.page, "publish", &json!({})).await.ok();
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("Since removed, in version 3."), "{page}");

    site.publisher.step(&site.page, "unpublish", &json!({ "decision": "gone", "explanation": "Old." })).await.ok();
    site.app.nobody().get(PAGE).await.problem(404);
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("It is not public now.") && page.contains("<iframe"), "{page}");
    assert!(site.tia.page(&frame).await.contains("Porters moves beds."));
}

#[tokio::test]
async fn a_section_that_stands_in_a_page_is_shown_as_it_stood_there() {
    let mut site = Site::new().await;
    let text = |words: &str| {
        json!({ "title": "Way in", "sections": [
            { "heading": "Good to know", "blocks": [{ "kind": "text", "markdown": words }] }] })
    };
    let section = json!({ "slug": "way-in", "content": text("You need level 2.") });
    let section = site.publisher.publish_new("requirement-sections", &section).await;
    let content = json!({ "title": "Cook", "sections": [
        { "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] });
    site.publisher.publish_new("role-pages", &json!({ "slug": "cook", "content": content })).await;
    let public = site.app.nobody().get("/api/v1/role-pages/cook").await.ok();
    let block = &public["sections"][0]["blocks"][0]["requirement_section"]["sections"][0]["blocks"][0]["id"];
    let case = site.send(&public, block, "It is level 3").await;
    site.app.clock.advance(60_000);
    let mut changed = site.publisher.get(&section).await.ok()["content"].clone();
    changed["sections"][0]["blocks"][0]["markdown"] = "You need level 3.".into();
    site.publisher.save(&section, &json!({ "content": changed })).await.ok();
    site.publisher.step(&section, "publish", &json!({})).await.ok();
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("Live, version 2") && page.contains("<del>"), "{page}");
    let seen = site.tia.page(&below(&case, "seen")).await;
    assert!(seen.contains("You need level 2.") && seen.contains("Reported passage"), "{seen}");
}

#[tokio::test]
async fn similar_cases_are_proposed_merged_and_taken_apart_again() {
    let mut site = Site::new().await;
    let one = site.report("The salary is out of date").await;
    site.app.clock.advance(600_000);
    let two = site.report("The salary is out of date now").await;
    assert_ne!(one, two);
    let page = site.tia.page(&format!("/admin/cases/{two}")).await;
    assert!(page.contains("Similar cases") && page.contains("the same words"), "{page}");
    let ask = site.tia.page(&below(&two, &format!("merge?into={one}"))).await;
    assert!(ask.contains(&format!("value=\"{one}\" checked")), "{ask}");
    let found = site.tia.page(&below(&two, "merge?q=salary")).await;
    assert!(
        found.contains("Cases that were found") && found.contains(&one) && !found.contains(&format!("value=\"{two}\""))
    );
    let version = site.version(&two).await;
    let missing = site.tia.post(&below(&two, "merge"), &[("version", &version), ("number", "99")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text().contains("There is no case 99."));
    let own = site.case(&two).await["number"].to_string();
    let itself = site.tia.post(&below(&two, "merge"), &[("version", &version), ("number", &own)]).await;
    assert_eq!(itself.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(itself.text().contains("A case can't be merged into itself."), "{}", itself.text());
    let number = site.case(&one).await["number"].to_string();
    let merged = site.tia.submit(&below(&two, "merge"), &[("version", &version), ("number", &number)]).await;
    assert!(merged.contains("Merged into") && merged.contains("Undo merge"), "{merged}");
    let main = site.tia.page(&format!("/admin/cases/{one}")).await;
    assert!(main.contains("2 reports, newest first") && main.contains("Merged into this case"), "{main}");
    assert!(site.tia.page(&below(&two, "unmerge")).await.contains("becomes what it was before"));
    let version = site.version(&two).await;
    site.tia.submit(&below(&two, "unmerge"), &[("version", &version)]).await;
    assert_eq!(site.case(&one).await["report_count"], 1);
    let closed = site.tia.get(&below(&two, "unmerge")).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);

    let form = [("action", "merge"), ("from", ""), ("case", one.as_str()), ("case", two.as_str())];
    let confirm = site.tia.post("/admin/cases/bulk", &form).await.text();
    assert!(confirm.contains(&format!("value=\"{one}\" checked")), "the oldest is proposed: {confirm}");
    let chosen: Vec<String> = confirm
        .split("name=\"case\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let form = [
        ("action", "merge"),
        ("from", ""),
        ("confirmed", "true"),
        ("into", one.as_str()),
        ("case", &chosen[0]),
        ("case", &chosen[1]),
    ];
    let outcome = site.tia.post("/admin/cases/bulk", &form).await.text();
    assert!(outcome.contains("1 of 1 case changed."), "{outcome}");
    assert_eq!(site.case(&one).await["report_count"], 2);
}

#[tokio::test]
async fn a_fix_that_did_not_work_is_shown_with_the_fix() {
    let mut site = Site::new().await;
    let case = site.report("It says porters moves beds, which is no sentence").await;
    site.app.clock.advance(3_600_000);
    site.rewrite("Porters move bed.", &[&case]).await;
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("resolved it by publishing version 2"), "{page}");
    site.app.clock.advance(3_600_000);
    assert_eq!(site.report("It says porters moves beds, which is no sentence!").await, case);
    let page = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(page.contains("This was fixed before, in <a href=") && page.contains("version 2</a> of Porter"), "{page}");
    assert!(page.contains("Fix failed") && page.contains("reported that the fix in version 2 did not work"), "{page}");
    let inbox = site.tia.page("/admin/cases?view=regressed").await;
    assert!(inbox.contains("Regressed (1)") && inbox.contains("Fix failed"), "{inbox}");
}

#[tokio::test]
async fn suspected_spam_waits_with_its_reasons_until_somebody_releases_it() {
    let mut site = Site::new().await;
    let spam =
        json!({ "document": "porter", "kind": "comment", "wrong": "Buy now", "website": "https://spam.example" });
    site.app.nobody().post("/api/v1/reports", &spam).await.ok();
    let inbox = site.tia.page("/admin/cases").await;
    assert!(inbox.contains("Quarantine (1)") && !inbox.contains("Buy now"), "{inbox}");
    let quarantine = site.tia.page("/admin/reports?quarantined=true").await;
    assert!(
        quarantine.contains("A field was filled in that people don&#39;t see")
            || quarantine.contains("A field was filled in that people don't see"),
        "{quarantine}"
    );
    let reports = site.triager.get("/manage/v1/reports").await.ok();
    let report = format!("/admin/reports/{}", reports["data"][0]["id"].as_str().unwrap());
    let page = site.tia.page(&report).await;
    let version = carried(&page, "version");
    let fields = [("version", version.as_str()), ("back", "/admin/reports?quarantined=true")];
    let back = site.tia.submit(&format!("{report}/release"), &fields).await;
    assert!(back.contains("Nothing is in quarantine.") && back.contains("is released."), "{back}");
    let stale = site.tia.post(&format!("{report}/release"), &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(site.tia.page("/admin/cases").await.contains("Buy now"));
    assert!(site.tia.page(&format!("{report}/quarantine")).await.contains("dismissed as spam"));
    let version = carried(&site.tia.page(&format!("{report}/quarantine")).await, "version");
    let page = site.tia.submit(&format!("{report}/quarantine"), &[("version", &version)]).await;
    assert!(page.contains("In quarantine"), "{page}");
    let dismissed = site.tia.page("/admin/cases?view=dismissed").await;
    assert!(dismissed.contains("Text removed") && !dismissed.contains("Buy now"), "{dismissed}");
}

#[tokio::test]
async fn a_report_moves_to_another_case_and_to_one_of_its_own() {
    let mut site = Site::new().await;
    let one = site.report("The salary is out of date").await;
    let two = site.report("Something else entirely").await;
    let report = site.report_of(&two).await;
    let path = format!("/admin/reports/{}", report["id"].as_str().unwrap());
    let page = site.tia.page(&format!("{path}/move")).await;
    assert!(page.contains("The salary is out of date") && !page.contains(&format!("value=\"{two}\"")), "{page}");
    let version = carried(&page, "version");
    let nowhere = site.tia.post(&format!("{path}/move"), &[("version", &version)]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = site.tia.submit(&format!("{path}/move"), &[("version", &version), ("case", &one)]).await;
    assert!(page.contains("2 reports, newest first"), "{page}");
    assert_eq!(site.case(&two).await["state"], "dismissed");
    let version = carried(&site.tia.page(&format!("{path}/move")).await, "version");
    let page = site.tia.submit(&format!("{path}/move"), &[("version", &version), ("case", "new")]).await;
    assert!(page.contains("Something else entirely") && page.contains("The report</h2>"), "{page}");
}

#[tokio::test]
async fn words_are_taken_out_of_a_report_after_a_look_at_what_will_stand_there() {
    let mut site = Site::new().await;
    let case = site.report("Ask Rumpelstilzchen about the beds").await;
    let report = format!("/admin/reports/{}", site.report_of(&case).await["id"].as_str().unwrap());
    let version = carried(&site.tia.page(&format!("{report}/redact")).await, "version");
    let fields = |text: &'static str| [("field", "wrong"), ("text", text), ("reason", "about_somebody_else")];
    let seen = ("version", version.as_str());
    let [field, text, reason] = fields("Somebody");
    let missing = site.tia.post(&format!("{report}/redact"), &[seen, field, text, reason]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.text().contains("The text has no such passage."), "{}", missing.text());
    let [field, text, reason] = fields("Rumpelstilzchen");
    let preview = site.tia.post(&format!("{report}/redact"), &[seen, field, text, reason]).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.text().contains("Ask [removed] about the beds"), "{}", preview.text());
    assert!(site.tia.page(&report).await.contains("Rumpelstilzchen"), "nothing is done before it is confirmed");
    let confirmed = [seen, field, text, reason, ("confirmed", "true")];
    let page = site.tia.submit(&format!("{report}/redact"), &confirmed).await;
    assert!(page.contains("Ask [removed] about the beds") && !page.contains("Rumpelstilzchen"), "{page}");
    for path in [format!("/admin/cases/{case}"), "/admin/cases".to_owned(), "/admin/reports".to_owned()] {
        assert!(!site.tia.page(&path).await.contains("Rumpelstilzchen"), "{path}");
    }
    let stale = site.tia.post(&format!("{report}/redact"), &confirmed).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn words_that_were_taken_out_by_mistake_come_back_by_undo_and_after_ten_minutes_never() {
    let mut site = Site::new().await;
    let case = site.report("Ask Rumpelstilzchen about the beds").await;
    let report = format!("/admin/reports/{}", site.report_of(&case).await["id"].as_str().unwrap());
    let take_out = async |tia: &mut Browser| {
        let version = carried(&tia.page(&format!("{report}/redact")).await, "version");
        let fields = [("version", version.as_str()), ("field", "wrong"), ("text", "Rumpelstilzchen")];
        let [version, field, text] = fields;
        let rest = [("reason", "other"), ("confirmed", "true")];
        tia.submit(&format!("{report}/redact"), &[version, field, text, rest[0], rest[1]]).await
    };
    let page = take_out(&mut site.tia).await;
    assert!(page.contains("#taken-out\">Undo</a>") && page.contains("Tia took words out of it at 09:00"), "{page}");
    let of_case = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(of_case.contains("put-back") && !of_case.contains("Rumpelstilzchen"), "{of_case}");
    // Another triager sees that it happened, and can't undo it: the words are sealed with what only Tia's browser has.
    let (version, taken_out) = (carried(&of_case, "version"), carried(&of_case, "taken_out"));
    assert!(!version.is_empty());
    let version = site.triager.get(&report.replace("/admin", "/manage/v1")).await.ok()["revision"].clone();
    let fields = [("version", version.as_str().unwrap()), ("taken_out", taken_out.as_str())];
    let mut tim = site.app.signed_in("Tim", &[Role::Triager]).await;
    let refused = tim.post(&format!("{report}/put-back"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Only the person who took the words out can put them back"), "{}", refused.text());
    let address = format!("/admin/cases/{case}");
    let [version, taken_out] = fields;
    let page = site.tia.submit(&format!("{report}/put-back"), &[version, taken_out, ("back", &address)]).await;
    assert!(page.contains("Ask Rumpelstilzchen about the beds") && page.contains("The words stand where they stood."));
    let page = take_out(&mut site.tia).await;
    let (version, taken_out) = (carried(&page, "version"), carried(&page, "taken_out"));
    site.app.clock.advance(600_000);
    let page = site.tia.page(&report).await;
    assert!(!page.contains("put-back"), "{page}");
    let late = site.tia.post(&format!("{report}/put-back"), &[("version", &version), ("taken_out", &taken_out)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text().contains("gone for good"), "{}", late.text());
    assert_eq!(site.app.follow().await, 1, "the sealed words are deleted");
}

#[tokio::test]
async fn administrators_erase_a_report_and_nobody_else_is_offered_it() {
    let mut site = Site::new().await;
    let case = site.report("Everything about me is in here").await;
    let report = format!("/admin/reports/{}", site.report_of(&case).await["id"].as_str().unwrap());
    assert!(!site.tia.page(&report).await.contains("Erase"));
    assert_eq!(site.tia.get(&format!("{report}/erase")).await.status, StatusCode::FORBIDDEN);
    let mut ada = site.app.signed_in("Ada", &[Role::Administrator]).await;
    assert!(ada.page(&report).await.contains("Erase the text…"));
    let page = ada.page(&format!("{report}/erase")).await;
    assert!(page.contains("can&#39;t be undone") || page.contains("can't be undone"), "{page}");
    let version = carried(&page, "version");
    let stale = ada.post(&format!("{report}/erase"), &[("version", "unseen")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let page = ada.submit(&format!("{report}/erase"), &[("version", &version)]).await;
    assert!(page.contains("The text was erased") && !page.contains("Everything about me"), "{page}");
    let page = ada.page(&format!("/admin/cases/{case}")).await;
    assert!(!page.contains("Everything about me") && page.contains("The text was erased"), "{page}");
}

#[tokio::test]
async fn editors_read_cases_and_are_offered_nothing_that_changes_them() {
    let site = Site::new().await;
    let case = site.report("A sentence is wrong").await;
    let report = format!("/admin/reports/{}", site.report_of(&case).await["id"].as_str().unwrap());
    let mut eve = site.app.signed_in("Eve", &[Role::Editor]).await;
    for path in ["/admin/cases".to_owned(), format!("/admin/cases/{case}"), report, "/admin/reports".to_owned()] {
        let page = eve.page(&path).await;
        let main = page.split_once("<main").unwrap().1;
        assert!(!main.contains("method=\"post\""), "{path}: {main}");
        assert!(main.contains("A sentence is wrong"), "{path}: {main}");
    }
    let version = site.version(&case).await;
    let refused = eve.post(&below(&case, "open"), &[("version", &version)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(site.case(&case).await["state"], "new");
}

#[tokio::test]
async fn what_visitors_and_people_write_is_text_wherever_it_is_shown() {
    let mut site = Site::new().await;
    let hostile = "<img src=x onerror=alert(1)> \"quoted\" </textarea><script>alert(2)</script>";
    let report = json!({ "document": "porter", "kind": "problem", "wrong": format!("Look: {hostile}") });
    site.app.nobody().post("/api/v1/reports", &report).await.ok();
    let reports = site.triager.get("/manage/v1/reports").await.ok();
    let report = &reports["data"][0];
    let id = report["id"].as_str().unwrap();
    assert_eq!(report["quarantined"], true, "{report}");
    assert!(!site.tia.page("/admin/reports?quarantined=true").await.contains("<img src=x"));
    let version = report["revision"].as_str().unwrap();
    site.tia.submit(&format!("/admin/reports/{id}/release"), &[("version", version)]).await;
    let cases = site.triager.get("/manage/v1/cases").await.ok();
    let case = cases["data"][0]["id"].as_str().unwrap().to_owned();
    let version = site.version(&case).await;
    site.tia.submit(&below(&case, "note"), &[("version", &version), ("text", hostile)]).await;
    let version = site.version(&case).await;
    site.tia.submit(&below(&case, "retitle"), &[("version", &version), ("title", hostile)]).await;
    let mut paths = vec![
        "/admin/cases?view=all".to_owned(),
        "/admin/cases?view=all&q=%3Cimg+src%3Dx".to_owned(),
        format!("/admin/cases/{case}"),
        format!("/admin/cases/{case}?from=%22%3E%3Cscript%3E"),
        "/admin/reports".to_owned(),
    ];
    paths.extend(["resolve", "dismiss", "merge", "merge?q=%3Cscript%3E"].map(|page| below(&case, page)));
    paths.extend(["", "/redact", "/move", "/quarantine"].map(|page| format!("/admin/reports/{id}{page}")));
    for path in paths {
        let page = site.tia.page(&path).await;
        assert!(!page.contains("<img src=x") && !page.contains("<script>"), "{path}: {page}");
    }
}

#[tokio::test]
async fn the_inbox_filters_pages_and_refuses_what_it_does_not_know() {
    let mut site = Site::new().await;
    for number in 0..27 {
        site.report(&format!(
            "Problem {} of its own kind {}",
            number,
            "abcdefghijklmnopqrstuvwxyzä".chars().nth(number).unwrap()
        ))
        .await;
    }
    let first = site.tia.page("/admin/cases?view=all").await;
    assert!(first.contains("27 cases") && first.contains("Next page"), "{first}");
    let (_, rest) = first.split_once("cursor=").unwrap();
    let cursor = rest.split(['"', '&']).next().unwrap();
    let second = site.tia.page(&format!("/admin/cases?view=all&cursor={cursor}")).await;
    assert!(second.contains("Problem 0 of") && !second.contains("Problem 26 of") && second.contains("First page"));
    let found =
        site.tia.page("/admin/cases?view=new&q=26&kind=problem&document=&assignee=nobody&since=2026-11-22").await;
    // A number is looked for in titles, and is the number of a case.
    assert!(found.contains("Problem 26 of") && found.contains("#26 · Porter"), "{found}");
    assert!(found.contains("2 cases with these filters"), "{found}");
    assert!(found.contains("Applied:") && found.contains("Kind: Problem") && found.contains("Assignee: nobody"));
    let none = site.tia.page("/admin/cases?kind=praise").await;
    assert!(none.contains("No case fits these filters."), "{none}");
    let later = site.tia.page("/admin/cases?since=2026-11-23").await;
    assert!(later.contains("No case fits these filters."), "{later}");
    let document = id_of(&site.page);
    assert!(site.tia.page(&format!("/admin/cases?document={document}")).await.contains("27 cases with these filters"));
    assert_eq!(site.tia.get("/admin/cases?colour=red").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.tia.get("/admin/cases?since=soon").await.status, StatusCode::BAD_REQUEST);
}
