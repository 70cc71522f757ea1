//! The page of a case, and the way from a report to a fix that holds.

use axum::http::{Method, StatusCode};
use rolebook::{
    events::{self, Filter},
    feedback,
    kernel::{Role, UserId},
};
use serde_json::{Value, json};

use super::{
    Browser,
    feedback::{Site, below, carried},
};
use crate::support::id_of;

const SAME: &str = "The hours given here are far too long";

/// Puts the reports of one case into another.
async fn merge(site: &mut Site, case: &str, into: &str) -> String {
    let version = site.version(case).await;
    site.tia.submit(&below(case, "merge"), &[("version", &version), ("into", into)]).await
}

/// A report about the second passage of the page.
async fn report_on_pay(site: &Site, wrong: &str) -> String {
    let public = site.app.nobody().get("/api/v1/role-pages/porter").await.ok();
    site.send(&public, &public["sections"][1]["blocks"][0]["id"], wrong).await
}

async fn page_of(browser: &mut Browser, case: &str) -> String {
    browser.page(&format!("/admin/cases/{case}")).await
}

#[tokio::test]
async fn of_reports_on_different_passages_and_versions_each_says_what_became_of_its_own() {
    let mut site = Site::new().await;
    let first = site.report("It says porters moves beds").await;
    site.app.clock.advance(3_600_000);
    site.rewrite("Porters move beds.", &[]).await;
    let second = report_on_pay(&site, "Nobody starts at band 2").await;
    assert_ne!(first, second);
    merge(&mut site, &second, &first).await;
    let page = page_of(&mut site.tia, &first).await;
    assert!(page.contains("This passage has changed since; version 2 is live."), "{page}");
    assert!(page.contains("This passage has not changed since."), "{page}");
    // The newest is shown in full; the other one is a link away.
    assert!(page.contains("Page as seen, version 2") && page.contains("<p>Not changed since.</p>"), "{page}");
    let older = site.case(&first).await["reports"][1]["id"].as_str().unwrap().to_owned();
    let page = site.tia.page(&format!("/admin/cases/{first}?report={older}")).await;
    assert!(page.contains("Page as seen, version 1") && page.contains("Live, version 2"), "{page}");
    let words = page.split_once("id=\"now\"").unwrap().1;
    assert!(words.contains("removed: ") && words.contains("added: "), "{words}");
    let document = id_of(&site.page);
    assert!(words.contains(&format!("/admin/role-pages/{document}/compare?from=1&amp;to=2")), "{words}");
    let frame = site.tia.page(&below(&first, &format!("seen?report={older}"))).await;
    assert!(frame.contains("<title>Page as seen, version 1") && frame.contains("Reported passage"), "{frame}");
}

#[tokio::test]
async fn a_section_that_left_its_page_and_a_page_that_left_the_site_are_said_and_shown_as_they_were() {
    let mut site = Site::new().await;
    let text = json!({ "title": "Way in", "sections": [
        { "heading": "Good to know", "blocks": [{ "kind": "text", "markdown": "You need level 2." }] }] });
    let section = json!({ "slug": "way-in", "content": text });
    let section = site.publisher.publish_new("requirement-sections", &section).await;
    let content = json!({ "title": "Cook", "sections": [
        { "heading": "Way in", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] },
        { "heading": "Work", "blocks": [{ "kind": "text", "markdown": "Cooks cook." }] }] });
    let cook = site.publisher.publish_new("role-pages", &json!({ "slug": "cook", "content": content })).await;
    let public = site.app.nobody().get("/api/v1/role-pages/cook").await.ok();
    let block = &public["sections"][0]["blocks"][0]["requirement_section"]["sections"][0]["blocks"][0]["id"];
    let case = site.send(&public, block, "It is level 3").await;
    assert!(page_of(&mut site.tia, &case).await.contains("This passage has not changed since."));

    let mut content = site.publisher.get(&cook).await.ok()["content"].clone();
    content["sections"].as_array_mut().unwrap().remove(0);
    site.publisher.save(&cook, &json!({ "content": content })).await.ok();
    site.publisher.step(&cook, "publish", &json!({})).await.ok();
    let page = page_of(&mut site.tia, &case).await;
    assert!(page.contains("“Way in” no longer stands in this page, since version 2."), "{page}");
    assert!(page.contains("The section no longer stands in the page, since version 2."), "{page}");

    site.publisher.step(&cook, "unpublish", &json!({ "decision": "gone", "explanation": "Old." })).await.ok();
    let page = page_of(&mut site.tia, &case).await;
    assert!(page.contains("The page is not public now. This is how it stood when it was reported."), "{page}");
    assert!(site.tia.page(&below(&case, "seen")).await.contains("You need level 2."));

    let ada = site.app.administrator().await;
    ada.step(&cook, "trash", &json!({})).await;
    ada.step(&cook, "purge", &json!({})).await;
    let page = page_of(&mut site.tia, &case).await;
    assert!(page.contains("The page has been purged.") && !page.contains("<iframe"), "{page}");
    assert!(page.contains("It is level 3"), "the report stays: {page}");
}

#[tokio::test]
async fn a_fix_is_started_at_the_passage_and_can_be_taken_back() {
    let mut site = Site::new().await;
    let case = site.report(SAME).await;
    let mut ana = site.app.signed_in("Ana", &[Role::Administrator]).await;
    let page = page_of(&mut ana, &case).await;
    assert!(page.contains("Start a fix</button>"), "{page}");
    assert!(!page_of(&mut site.tia, &case).await.contains("Start a fix"), "who triages alone writes nothing");

    let (version, report) = (carried(&page, "version"), carried(&page, "report"));
    let fields = [("version", version.as_str()), ("report", report.as_str()), ("from", "")];
    let answer = ana.post(&below(&case, "fix"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let block = site.report_of(&case).await["block"].as_str().unwrap().to_owned();
    let document = id_of(&site.page);
    let location = answer.header("location").to_owned();
    assert_eq!(location, format!("/admin/role-pages/{document}?case={case}#{block}"));
    let editor = ana.page(location.split('#').next().unwrap()).await;
    let undo = format!("action=\"{}\"", below(&case, "undo"));
    assert!(editor.contains("is in progress and yours") && editor.contains(&undo), "{editor}");
    let passage = editor.split_once(&format!("id=\"{block}\"")).unwrap().1;
    assert!(passage.split("data-field").next().unwrap().contains(SAME), "it stands above the field: {passage}");
    let now = site.case(&case).await;
    assert_eq!((&now["state"], &now["assignee"]["name"]), (&json!("in_progress"), &json!("Ana")));

    let again = ana.submit(&below(&case, "fix"), &fields).await;
    assert!(again.contains("Somebody changed this case after you opened it"), "{again}");

    assert!(page_of(&mut ana, &case).await.contains(&undo));
    let version = site.version(&case).await;
    let page = ana.submit(&below(&case, "undo"), &[("version", &version)]).await;
    assert!(page.contains("took the start of the fix back") && !page.contains(&undo), "{page}");
    let now = site.case(&case).await;
    assert_eq!((&now["state"], &now["assignee"]), (&json!("new"), &json!(null)));
    assert_eq!(ana.page(&format!("/admin/role-pages/{document}")).await.matches("Reported here").count(), 0);

    // It can't be taken back later, nor once something else has happened.
    let version = site.version(&case).await;
    ana.post(&below(&case, "fix"), &[("version", &version)]).await;
    let version = site.version(&case).await;
    site.tia.post(&below(&case, "note"), &[("version", &version), ("text", "Wait for me")]).await;
    let version = site.version(&case).await;
    // What was said of the last step offers to undo it once; then nothing does.
    page_of(&mut ana, &case).await;
    assert!(!page_of(&mut ana, &case).await.contains(&undo));
    let refused = ana.post(&below(&case, "undo"), &[("version", &version)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("You have done nothing to this case"), "{}", refused.text());
}

#[tokio::test]
async fn a_fix_stays_beside_the_text_is_ticked_when_publishing_and_is_told_in_both_directions() {
    let site = Site::new().await;
    let case = site.report(SAME).await;
    let number = site.case(&case).await["number"].to_string();
    let other = report_on_pay(&site, "Nobody starts at band 2").await;
    let mut ana = site.app.signed_in("Ana", &[Role::Administrator]).await;
    let version = site.version(&case).await;
    ana.post(&below(&case, "fix"), &[("version", &version)]).await;
    let document = id_of(&site.page);
    let editor = format!("/admin/role-pages/{document}");
    // Nothing in the address names it.
    let page = ana.page(&editor).await;
    assert!(page.contains("Reported here") && page.contains(&format!("name=\"case\" value=\"{case}\"")), "{page}");
    assert!(page.contains("Put away") && !ana.page(&format!("{editor}?case=none")).await.contains("Reported here"));
    assert_eq!(ana.get(&format!("{editor}?case=some")).await.status, StatusCode::BAD_REQUEST);
    let mut bo = site.app.signed_in("Bo", &[Role::Editor]).await;
    assert!(!bo.page(&editor).await.contains("Reported here"), "it is not theirs");
    let asked = bo.page(&format!("{editor}?case={other}")).await;
    assert!(asked.contains("Nobody starts at band 2"), "{asked}");
    assert!(page_of(&mut bo, &case).await.contains("Open the editor at the passage"));

    site.app.administrator().await.set(&json!({ "review_role_pages": "off" })).await.ok();
    let mut content = site.publisher.get(&site.page).await.ok()["content"].clone();
    content["sections"][0]["blocks"][0]["markdown"] = "Porters work 37 hours a week.".into();
    site.publisher.save(&site.page, &json!({ "content": content })).await.ok();
    let publish = ana.page(&format!("{editor}/publish")).await;
    let ticked = publish.split(&format!("value=\"{case}\" checked")).nth(1).unwrap_or_else(|| panic!("{publish}"));
    assert!(ticked.contains("a fix was started") && !publish.contains(&format!("value=\"{other}\" checked")));
    site.app.clock.advance(60_000);
    site.publisher.step(&site.page, "publish", &json!({ "fixes": [case] })).await.ok();
    site.app.follow().await;

    let page = page_of(&mut ana, &case).await;
    assert!(page.contains(&format!("{editor}/versions/2")) && page.contains("compare?from=1&amp;to=2"), "{page}");
    let version = ana.page(&format!("{editor}/versions/2")).await;
    assert!(version.contains("It fixes") && version.contains(&format!("case {number}: {SAME}")), "{version}");
    assert!(ana.page(&format!("{editor}/history")).await.contains(&format!("case {number}")));
    assert!(!ana.page(&editor).await.contains("Reported here"), "the fix is done");

    // The same words about another passage are another problem; about this one they say that it is not fixed.
    site.app.clock.advance(3_600_000);
    let elsewhere = report_on_pay(&site, &format!("{SAME}!")).await;
    assert_ne!(elsewhere, case);
    assert_eq!(site.case(&case).await["state"], "resolved");
    site.app.clock.advance(3_600_000);
    assert_eq!(site.report(&format!("{SAME}!!")).await, case);
    let page = page_of(&mut ana, &case).await;
    let top = page.split_once("id=\"reports\"").unwrap().0;
    assert!(top.contains("This was fixed before, in") && top.contains("See what that fix changed"), "{page}");
    assert!(ana.page(&format!("{editor}/versions/2")).await.contains("It was meant to fix"));
}

#[tokio::test]
async fn similar_cases_say_why_they_are_proposed_and_are_joined_at_once() {
    let mut site = Site::new().await;
    let one = site.report("The salary of porters is out of date").await;
    site.app.clock.advance(600_000);
    let elsewhere = report_on_pay(&site, "The salary of porters is out of date today").await;
    site.app.clock.advance(600_000);
    let two = site.report("Out of date: the porters salary").await;
    let page = page_of(&mut site.tia, &two).await;
    let similar = page.split_once("id=\"similar\"").unwrap().1.split_once("</section>").unwrap().0;
    assert!(similar.contains("About the same passage. Both say: <em>date</em>, <em>porters</em>, <em>salary</em>."));
    assert!(similar.contains(&one) && !similar.contains(&elsewhere), "{similar}");
    assert!(similar.contains("data-key=\"y\""), "{similar}");
    let merged = merge(&mut site, &two, &one).await;
    assert!(merged.contains("Merged into") && merged.contains("Undo merge"), "{merged}");
    // Neither round about nor into what is merged.
    let version = site.version(&one).await;
    let around = site.tia.post(&below(&one, "merge"), &[("version", &version), ("into", &two)]).await;
    assert_eq!(around.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(around.text().contains("The other case is merged; choose the one it is in."), "{}", around.text());
    let version = site.version(&elsewhere).await;
    let pointed = site.tia.post(&below(&elsewhere, "merge"), &[("version", &version), ("into", &two)]).await;
    assert!(pointed.text().contains("The other case is merged; choose the one it is in."), "{}", pointed.text());
}

#[tokio::test]
async fn reports_are_split_off_into_a_case_of_their_own_or_another_and_brought_back() {
    let mut site = Site::new().await;
    let main = site.report("The first sentence has no verb").await;
    for wrong in ["A picture would be good", "I miss the night shifts"] {
        let case = site.report(wrong).await;
        merge(&mut site, &case, &main).await;
    }
    let page = page_of(&mut site.tia, &main).await;
    assert!(page.contains("3 reports, newest first") && page.contains(&below(&main, "split")), "{page}");
    let page = site.tia.page(&below(&main, "split")).await;
    let version = carried(&page, "version");
    let reports: Vec<String> = site.case(&main).await["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| report["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(reports.iter().all(|id| page.contains(id)) && page.contains("I miss the night shifts"), "{page}");
    let fields = |chosen: &[String], into: &str| {
        let mut fields = vec![("version".to_owned(), version.clone()), ("into".to_owned(), into.to_owned())];
        fields.extend(chosen.iter().map(|id| ("reports".to_owned(), id.clone())));
        fields
    };
    for (chosen, into, said) in [
        (&reports[..0], "", "Choose the reports that are about something else."),
        (&reports[..], "", "At least one report has to stay"),
        (&reports[..1], "99", "There is no case 99."),
    ] {
        let fields = fields(chosen, into);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = site.tia.post(&below(&main, "split"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
    }
    let sent = fields(&reports[..2], "");
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = site.tia.submit(&below(&main, "split"), &sent).await;
    assert!(page.contains("2 reports are in case 4 now.") && page.contains("The report</h2>"), "{page}");
    let undo = format!("action=\"{}\"", below(&main, "undo"));
    assert!(page.contains("moved 2 reports into case 4") && page.contains(&undo), "{page}");
    let cases = site.triager.get("/manage/v1/cases?state=open").await.ok();
    let made = cases["data"][0].clone();
    assert_eq!((&made["number"], &made["report_count"]), (&json!(4), &json!(2)));
    let made = made["id"].as_str().unwrap().to_owned();
    assert!(page_of(&mut site.tia, &made).await.contains("moved 2 reports into it, from case 1"));
    let stale = site.tia.post(&below(&main, "split"), &sent).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);

    let version = site.version(&main).await;
    let page = site.tia.submit(&below(&main, "undo"), &[("version", &version)]).await;
    assert!(page.contains("3 reports, newest first") && page.contains("brought 2 reports back from case 4"), "{page}");
    let emptied = site.case(&made).await;
    assert_eq!((&emptied["state"], &emptied["merged_into"]), (&json!("merged"), &json!(main)), "{emptied}");
    assert!(!page_of(&mut site.tia, &main).await.contains(&undo));

    // Into another case; later than ten minutes it is there for good.
    let other = report_on_pay(&site, "Nobody starts at band 2").await;
    let number = site.case(&other).await["number"].to_string();
    let version = site.version(&main).await;
    let sent = [("version", version.as_str()), ("reports", reports[2].as_str()), ("into", &number)];
    let page = site.tia.submit(&below(&main, "split"), &sent).await;
    assert!(page.contains(&format!("1 report is in case {number} now.")), "{page}");
    assert_eq!(site.case(&other).await["report_count"], 2);
    site.app.clock.advance(11 * 60_000);
    let version = site.version(&main).await;
    let refused = site.tia.post(&below(&main, "undo"), &[("version", &version)]).await;
    assert!(refused.text().contains("in the last ten minutes"), "{}", refused.text());
    assert_eq!(site.case(&other).await["report_count"], 2);
}

#[tokio::test]
async fn whom_a_note_names_is_told_until_they_have_read_it() {
    let mut site = Site::new().await;
    let case = site.report(SAME).await;
    let mut eve = site.app.signed_in("Eve Stone", &[Role::Editor]).await;
    let page = page_of(&mut site.tia, &case).await;
    assert!(page.contains("<li>@Eve Stone</li>") && !page.contains("<li>@Tia</li>"), "{page}");
    let version = site.version(&case).await;
    let text = "@eve stone, please look:\n\n- the *hours*\n- [the rules](https://example.org/rules)";
    let page = site.tia.submit(&below(&case, "note"), &[("version", &version), ("text", text)]).await;
    assert!(page.contains("<em>hours</em>") && page.contains("<u>the rules</u>"), "{page}");
    assert!(!site.tia.page("/admin").await.contains("You were mentioned"), "whoever wrote it knows");
    let board = eve.page("/admin").await;
    assert!(board.contains("You were mentioned") && board.contains("Tia"), "{board}");
    let seen = page_of(&mut eve, &case).await;
    assert!(seen.contains("Tia named you in a note."), "{seen}");
    assert!(eve.page("/admin").await.contains("You were mentioned"), "a glance at the case is not yet reading it");
    let read = eve.page(&format!("/admin/cases/{case}?mentioned=true")).await;
    assert!(read.contains("names you") && !read.contains("Tia named you in a note."), "{read}");
    assert!(!eve.page("/admin").await.contains("You were mentioned"));

    let snapshot = site.app.app.database.read().await.unwrap();
    let log = events::list(&*snapshot, &Filter::default(), true, 20).await.unwrap();
    drop(snapshot);
    let named: Vec<UserId> = log.iter().flat_map(feedback::mentioned_in).collect();
    assert_eq!(named, [eve.user.unwrap()], "whoever sends mail can follow the log");
}

#[tokio::test]
async fn the_owner_of_a_page_is_told_of_a_new_case_until_somebody_looks_after_it() {
    let mut site = Site::new().await;
    let bo = site.app.signed_in("Bo", &[Role::Editor]).await;
    let version = site.publisher.get(&site.page).await.ok()["version"].as_i64().unwrap();
    let owner = json!({ "owner": bo.user });
    site.publisher.at(Method::PATCH, &site.page, version, &owner).await.ok();
    let case = site.report(SAME).await;
    assert_eq!(site.report(SAME).await, case, "the same text joins");
    let mut bo = bo;
    let board = bo.page("/admin").await;
    assert!(board.contains("1 new case") && board.contains("See cases"), "{board}");
    let version = site.version(&case).await;
    site.tia.submit(&below(&case, "open"), &[("version", &version)]).await;
    assert!(!bo.page("/admin").await.contains("See cases"), "somebody looks after it now");
}

#[tokio::test]
async fn from_a_view_one_goes_to_the_case_before_and_the_case_after() {
    let mut site = Site::new().await;
    let mut cases: Vec<String> = Vec::new();
    for wrong in ["No verb in the first sentence", "A picture is missing", "Night shifts are not named"] {
        cases.push(site.report(wrong).await);
    }
    let page = site.tia.page(&format!("/admin/cases/{}?from=view%3Dnew", cases[1])).await;
    let way = |case: &Value| format!("/admin/cases/{}?from=view%3Dnew\" data-key=", case.as_str().unwrap());
    assert!(page.contains("2 of 3"), "{page}");
    let (previous, next) = (way(&json!(cases[2])), way(&json!(cases[0])));
    assert!(page.contains(&format!("{previous}\"k\"")) && page.contains(&format!("{next}\"j\"")), "{page}");
    let page = page_of(&mut site.tia, &cases[1]).await;
    assert!(!page.contains("Next case") && !page.contains("Previous case"), "{page}");
}
