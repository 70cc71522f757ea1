//! The page for publishing: what it says before anything happens, and what happens then.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::Browser;
use crate::support::{
    Client, TestApp,
    drafts::{self, COLLECTIONS, below, summed},
    id_of,
};

async fn office() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    let program = app.person("Setup", &[Role::Administrator]).await;
    program.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();
    let ada = app.signed_in("Ada", &[Role::Administrator]).await;
    (app, program, ada)
}

fn titled(title: &str) -> Value {
    summed(drafts::titled(title))
}

fn embedding(title: &str, sections: &[&str]) -> Value {
    summed(drafts::embedding(title, sections))
}

fn page_of(path: &str, rest: &str) -> String {
    format!("{}/{rest}", path.replace("/manage/v1", "/admin"))
}

fn section(text: &str) -> Value {
    json!({ "content": { "title": "Entry", "requirements": {
        "id": "00000000-0000-7000-8000-0000000000aa", "kind": "requirement", "text": text, "necessity": "required" } } })
}

#[tokio::test]
async fn either_kind_is_published_and_what_is_live_is_said() {
    for collection in COLLECTIONS {
        let (app, program, mut ada) = office().await;
        let path = program.create(collection, &titled("Porter")).await;
        let address = page_of(&path, "publish");
        let page = ada.page(&address).await;
        assert!(page.contains("It goes live for the first time, as version 1."), "{page}");
        assert!(page.contains("its address will be <code>/porter</code>") && page.contains("Publish now</button>"));
        let fields = [("version", "1"), ("when", "now"), ("note", "First."), ("change", "minor")];
        let page = ada.post(&address, &fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        let said = ada.page(&page_of(&path, "history")).await;
        assert!(said.contains("“Porter” is live as version 1 at /porter."), "{said}");
        assert!(said.contains("preview?line=live\">View live</a>") && !said.contains("Undo (restore"), "{said}");
        assert!(said.contains(&format!("href=\"/api/v1/{collection}/porter\"")), "{said}");
        app.nobody().get(&format!("/api/v1/{collection}/porter")).await.ok();
        let publications = program.get(&format!("{path}/publications")).await.ok();
        let first = &publications["data"][0];
        assert_eq!((&first["note"], &first["change"]), (&json!("First."), &json!("minor")));
    }
}

#[tokio::test]
async fn what_must_be_fixed_stands_in_place_of_the_button() {
    let (_app, program, mut ada) = office().await;
    let broken =
        json!({ "content": { "title": "Porter", "learn_more": [{ "text": "", "url": "https://a.example/" }] } });
    let path = program.create("role-pages", &broken).await;
    let page = ada.page(&page_of(&path, "publish")).await;
    assert!(page.contains("Say where the link leads.") && !page.contains("Publish now</button>"), "{page}");
    let refused = ada.post(&page_of(&path, "publish"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(program.get(&path).await.ok()["live_state"], "never");
}

#[tokio::test]
async fn a_section_that_is_not_live_goes_along_in_one_transaction() {
    let (app, program, mut ada) = office().await;
    let entry = program.create("requirement-sections", &titled("Entry")).await;
    let path = program.create("role-pages", &embedding("Porter", &[&id_of(&entry)])).await;
    let address = page_of(&path, "publish");
    let box_of_it = format!("{}:1", id_of(&entry));
    assert!(ada.page(&address).await.contains(&format!("name=\"together\" value=\"{box_of_it}\"")));
    let alone = ada.post(&address, &[("version", "1"), ("note", "Both of them.")]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        alone.text().contains("is not live; publish it first, or both together")
            && alone.text().contains("Both of them.")
    );
    assert_eq!(ada.post(&address, &[("version", "1"), ("together", &box_of_it)]).await.status, StatusCode::SEE_OTHER);
    for (collection, slug) in [("role-pages", "porter"), ("requirement-sections", "entry")] {
        app.nobody().get(&format!("/api/v1/{collection}/{slug}")).await.ok();
    }
}

#[tokio::test]
async fn a_shared_section_names_the_pages_and_what_their_readers_will_see() {
    let (_app, program, mut ada) = office().await;
    let entry = program.publish_new("requirement-sections", &section("A driving licence")).await;
    for title in ["Porter", "Driver"] {
        program.publish_new("role-pages", &embedding(title, &[&id_of(&entry)])).await;
    }
    program.publish_new("role-pages", &titled("Clerk")).await;
    program.save(&entry, &section("A clean driving licence")).await.ok();
    let page = ada.page(&page_of(&entry, "publish")).await;
    assert!(page.contains("2 live documents show it and change"), "{page}");
    assert!(page.contains(">Porter</a>") && page.contains(">Driver</a>") && !page.contains(">Clerk</a>"), "{page}");
    let readers = page.split("What its readers will see").nth(1).unwrap();
    assert!(readers.contains("clean"), "{readers}");
    assert_eq!(page.matches("What its readers will see").count(), 2, "{page}");
}

#[tokio::test]
async fn addresses_that_change_are_said_with_everything_below() {
    let (_app, program, mut ada) = office().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    program.publish_new("role-pages", &below("Ward porter", &id_of(&path))).await;
    let renamed = json!({ "slug": "porters", "content": { "title": "Porter" } });
    program.save(&path, &renamed).await.ok();
    let page = ada.page(&page_of(&path, "publish")).await;
    assert!(page.contains("<code>/porter</code> → <code>/porters</code>"), "{page}");
    assert!(page.contains("<code>/porter/ward-porter</code> → <code>/porters/ward-porter</code>"), "{page}");
}

#[tokio::test]
async fn a_time_is_read_in_the_zone_of_the_site_and_names_the_version() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let address = page_of(&path, "publish");
    let page = ada.page(&format!("{address}?when=later")).await;
    assert!(page.contains("In the zone Europe/London. Exactly version 1 goes live then"), "{page}");
    assert!(page.contains("London time.</span>") && page.contains(">Schedule</button>"), "{page}");
    let refused = ada.post(&address, &[("version", "1"), ("when", "later"), ("at", ""), ("note", "Soon.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#f-at\"") && refused.text().contains("Soon."));
    let fields = [("version", "1"), ("when", "later"), ("at", "2027-06-15T08:30")];
    let said = ada.submit(&address, &fields).await;
    assert!(said.contains("“Porter” goes live as version 1 on Tuesday 15 June 2027, 08:30, London time."), "{said}");
    assert_eq!(program.get(&path).await.ok()["schedule"]["at"], "2027-06-15T07:30:00Z");
}

#[tokio::test]
async fn the_button_names_the_time_and_counts_for_no_other() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let named = "Schedule for Tuesday 15 June 2027, 08:30, London time</button>";
    for (step, first) in [("publish", ("when", "later")), ("schedule", ("action", "publish"))] {
        let address = page_of(&path, step);
        let typed = [("version", "1"), first, ("at", "2027-06-15T08:30"), ("note", "Soon.")];
        let asked = ada.post(&address, &[typed.as_slice(), &[("name_time", "true")]].concat()).await;
        assert_eq!(asked.status, StatusCode::OK);
        let page = asked.text();
        assert!(page.contains(named) && page.contains("name=\"named_at\" value=\"2027-06-15T08:30\""), "{page}");
        assert!(page.contains("Soon."), "{page}");
        assert_eq!(program.get(&path).await.ok()["schedule"], Value::Null, "looking changes nothing");
        let past = [("version", "1"), first, ("at", "2020-06-15T08:30"), ("name_time", "true")];
        let past = ada.post(&address, &past).await.text();
        assert!(past.contains("The time has to lie in the future.") && past.contains(">Schedule</button>"), "{past}");
        let changed = [("version", "1"), first, ("at", "2027-06-16T08:30"), ("named_at", "2027-06-15T08:30")];
        let refused = ada.post(&address, &changed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let refused = refused.text();
        assert!(refused.contains("The time was changed") && refused.contains("Wednesday 16 June 2027"), "{refused}");
        let said = ada.submit(&address, &[typed.as_slice(), &[("named_at", "2027-06-15T08:30")]].concat()).await;
        assert!(said.contains("on Tuesday 15 June 2027, 08:30, London time"), "{said}");
        assert_eq!(program.get(&path).await.ok()["schedule"]["at"], "2027-06-15T07:30:00Z");
        program.step(&path, "unschedule", &json!({})).await.ok();
    }
}

#[tokio::test]
async fn the_page_that_schedules_asks_for_ticks_as_the_page_that_publishes() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &with_eg("Machines eg lifts.", &[])).await;
    let address = page_of(&path, "schedule");
    let page = ada.page(&address).await;
    assert!(page.contains("Looked at: Write “for example”") && page.contains("publish?when=later"), "{page}");
    let mark = mark_in(&page);
    let typed = [("version", "1"), ("action", "publish"), ("at", "2027-06-15T08:30")];
    let refused = ada.post(&address, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#f-looked\"") && refused.text().contains("2027-06-15T08:30"));
    ada.submit(&address, &[typed.as_slice(), &[("looked", &mark)]].concat()).await;
    let now = program.get(&path).await.ok();
    assert_eq!((&now["schedule"]["version"], &now["checks"][0]["looked_at"]["by"]["name"]), (&json!(1), &json!("Ada")));
    let broken = json!({ "content": { "title": "Cook", "learn_more": [{ "text": "", "url": "https://a.example/" }] } });
    let broken = program.create("role-pages", &broken).await;
    let page = ada.page(&page_of(&broken, "schedule")).await;
    assert!(page.contains("Something has to be fixed first") && !page.contains("name=\"at\""), "{page}");
}

#[tokio::test]
async fn what_goes_along_is_looked_at_as_well() {
    let (_app, program, mut ada) = office().await;
    let entry = program.create("requirement-sections", &section("Machines eg lifts")).await;
    let path = program.create("role-pages", &embedding("Porter", &[&id_of(&entry)])).await;
    let address = page_of(&path, "publish");
    let page = ada.page(&address).await;
    assert!(page.contains("Look at these, too") && page.contains("“Entry”. "), "{page}");
    let marks: Vec<String> =
        page.split("name=\"looked\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    let along = format!("{}:1", id_of(&entry));
    let fields = [("version", "1"), ("together", along.as_str())];
    let refused = ada.post(&address, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("not ticked") && refused.text().contains("href=\"#f-looked\""));
    assert_eq!(program.get(&entry).await.ok()["live_state"], "never");
    let mut ticked = fields.to_vec();
    ticked.extend(marks.iter().map(|mark| ("looked", mark.as_str())));
    assert_eq!(ada.post(&address, &ticked).await.status, StatusCode::SEE_OTHER);
    assert_eq!(program.get(&entry).await.ok()["live_state"], "live");
    assert!(program.get(&entry).await.ok()["checks"][0]["looked_at"].is_object());
}

#[tokio::test]
async fn who_reviews_is_led_on_to_what_waits_next() {
    let (app, program, mut ada) = office().await;
    program.set(&json!({ "review_role_pages": "on" })).await.ok();
    let eda = app.person("Eda", &[Role::Editor]).await;
    let mut pages = Vec::new();
    for title in ["Porter", "Cook", "Driver"] {
        let path = eda.create("role-pages", &titled(title)).await;
        app.clock.advance(1_000);
        eda.step(&path, "submit", &json!({})).await.ok();
        pages.push(path);
    }
    let approved = ada.submit(&page_of(&pages[0], "approve"), &[("version", "1")]).await;
    assert!(approved.contains("Version 1 is approved. 2 more wait for your review."), "{approved}");
    let next = format!("href=\"{}\">Next in the review queue: Cook</a>", page_of(&pages[1], "approve?from=dashboard"));
    assert!(approved.contains(&next), "{approved}");
    let live = ada.submit(&page_of(&pages[0], "publish"), &[("version", "1")]).await;
    assert!(live.contains("at /porter. 2 more wait for your review.") && live.contains(&next), "{live}");
    let back = [("version", "1"), ("note", "Say more."), ("from", "dashboard")];
    let back = ada.submit(&page_of(&pages[1], "request-changes"), &back).await;
    assert!(back.contains("One more waits for your review.") && back.contains("queue: Driver</a>"), "{back}");
    let last = ada.submit(&page_of(&pages[2], "approve"), &[("version", "1")]).await;
    assert!(!last.contains("your review.") && !last.contains("review queue"), "{last}");
    // What somebody wrote does not wait for them.
    let walt = ada.post("/admin/role-pages/new", &[("title", "Clerk"), ("template", "blank")]).await;
    let own = format!("/manage/v1/role-pages/{}", id_of(walt.header("location")));
    program.step(&own, "submit", &json!({})).await.ok();
    eda.save(&pages[2], &titled("Van driver")).await.ok();
    eda.step(&pages[2], "submit", &json!({})).await.ok();
    let said = ada.submit(&page_of(&pages[2], "approve"), &[("version", "2")]).await;
    assert!(!said.contains("review queue"), "{said}");
}

#[tokio::test]
async fn what_a_save_takes_away_is_said_before_anybody_saves() {
    let (app, program, mut ada) = office().await;
    program.set(&json!({ "review_role_pages": "on" })).await.ok();
    let (eda, rea) = (app.person("Eda", &[Role::Editor]).await, app.person("Rea", &[Role::Reviewer]).await);
    let path = eda.create("role-pages", &titled("Porter")).await;
    let editor = page_of(&path, "").trim_end_matches('/').to_owned();
    let said = [
        "Version 1 is in review. As soon as a change is saved, it has to be submitted again.",
        "Version 1 is approved. As soon as a change is saved, it needs another review.",
    ];
    let page = ada.page(&editor).await;
    assert!(said.iter().all(|sentence| !page.contains(sentence)), "{page}");
    eda.step(&path, "submit", &json!({})).await.ok();
    assert!(ada.page(&editor).await.contains(said[0]));
    assert!(!ada.page(&page_of(&path, "history")).await.contains(said[0]), "only where something can be changed");
    assert!(ada.page(&page_of(&path, "discard")).await.contains("The request for a review goes with it."));
    rea.step(&path, "approve", &json!({})).await.ok();
    assert!(ada.page(&editor).await.contains(said[1]));
    let publish = ada.page(&page_of(&path, "publish")).await;
    assert!(publish.contains("is approved as it is. A save before it is published voids the approval."), "{publish}");
    assert!(ada.page(&page_of(&path, "discard")).await.contains("The approval goes with it."));
    let fields = [("query", "q=porter&with=keeper"), ("all", "true")];
    let replacing = ada.post("/admin/replace", &fields).await.text();
    assert!(replacing.contains("Its draft is approved; the change voids the approval."), "{replacing}");
    eda.save(&path, &titled("Hospital porter")).await.ok();
    let page = ada.page(&editor).await;
    assert!(!page.contains("As soon as a change is saved"), "{page}");
}

#[tokio::test]
async fn without_an_approval_it_takes_a_reason_and_the_permission() {
    let (app, program, mut ada) = office().await;
    program.set(&json!({ "review_role_pages": "on" })).await.ok();
    let mut pat = app.signed_in("Pat", &[Role::Publisher]).await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let address = page_of(&path, "publish");
    let page = pat.page(&address).await;
    assert!(page.contains("has to be approved before it is published") && !page.contains("name=\"reason\""), "{page}");
    assert!(ada.page(&address).await.contains("Publish now without a review</button>"));
    let fields = [("version", "1"), ("reason", "The number to call is wrong.")];
    assert_eq!(pat.post(&address, &fields).await.status, StatusCode::FORBIDDEN);
    let short = ada.post(&address, &[("version", "1"), ("reason", "")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("href=\"#f-reason\""), "{}", short.text());
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    let page = ada.page(&page_of(&path, "used-by")).await;
    assert!(page.contains("Needs a look back"), "{page}");
}

#[tokio::test]
async fn a_version_saved_meanwhile_is_shown_before_it_is_published() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    program.save(&path, &titled("Hospital porter")).await.ok();
    let answer = ada.post(&page_of(&path, "publish"), &[("version", "1"), ("note", "First.")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.text();
    assert!(page.contains("What changed since you looked") && page.contains("First."), "{page}");
    assert!(page.contains("name=\"version\" value=\"2\""), "{page}");
    assert_eq!(program.get(&path).await.ok()["live_state"], "never");
}

#[tokio::test]
async fn an_open_case_that_is_ticked_becomes_fixed() {
    let (app, program, mut ada) = office().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    app.clock.advance(21_000);
    let report =
        json!({ "document": "porter", "kind": "problem", "wrong": "The pay on this page is wrong by a band." });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    program.save(&path, &titled("Hospital porter")).await.ok();
    let address = page_of(&path, "publish");
    let page = ada.page(&address).await;
    let case = page.split("name=\"fixes\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("version", "2"), ("fixes", case.as_str())];
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    app.follow().await;
    assert_eq!(program.get(&format!("/manage/v1/cases/{case}")).await.ok()["state"], "resolved");
    let history = ada.page(&page_of(&path, "history")).await;
    assert!(history.contains(&format!("href=\"/admin/cases/{case}\"")), "{history}");
}

#[tokio::test]
async fn what_changes_stands_first_and_can_become_the_change_note() {
    let (_app, program, mut ada) = office().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    program.save(&path, &titled("Hospital porter")).await.ok();
    let address = page_of(&path, "publish");
    let page = ada.page(&address).await;
    let cards: Vec<usize> =
        ["What will change", "Checks", "Reviews", "What is said with it", "When", "Publish now</button>"]
            .iter()
            .map(|words| {
                page.find(&format!(">{words}"))
                    .or_else(|| page.find(*words))
                    .unwrap_or_else(|| panic!("{words}: {page}"))
            })
            .collect();
    assert!(cards.is_sorted(), "{cards:?}");
    assert!(page.contains("1 part changed, +2 −1 words.") && page.contains("Change 1 of 1: Title"), "{page}");
    let fields = [("version", "2"), ("when", "now"), ("internal_note", "Ask Bo."), ("suggest", "true")];
    let suggested = ada.post(&address, &fields).await;
    assert_eq!(suggested.status, StatusCode::OK);
    assert!(suggested.text().contains("Title changed.</textarea>") && suggested.text().contains("Ask Bo."));
    assert_eq!(program.get(&path).await.ok()["live_version"], 1);
    let said =
        ada.submit(&address, &[("version", "2"), ("note", "Title changed."), ("internal_note", "Ask Bo.")]).await;
    assert!(said.contains("restore?version=1\">Undo (restore version 1)…</a>"), "{said}");
    let notes = ada.page(&page_of(&path, "history?show=notes")).await;
    assert!(notes.contains("“Ask Bo.”") && !notes.contains("“Title changed.”"), "{notes}");
    let public = program.get(&format!("{path}/publications")).await.text();
    assert!(public.contains("Title changed.") && !public.contains("Ask Bo."), "{public}");
}

#[tokio::test]
async fn a_time_to_unpublish_is_set_with_publishing() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let address = page_of(&path, "publish");
    let past = [("version", "1"), ("unpublish_at", "2020-06-15T08:30"), ("unpublish_decision", "gone")];
    let refused = ada.post(&address, &past).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("href=\"#f-unpublish_at\"") && refused.text().contains("<details open>"));
    let undecided = ada.post(&address, &[("version", "1"), ("unpublish_at", "2027-06-15T08:30")]).await;
    assert!(undecided.text().contains("Say what becomes of its address then."), "{}", undecided.text());
    assert_eq!(program.get(&path).await.ok()["live_state"], "never");
    let fields = [("version", "1"), ("unpublish_at", "2027-06-15T08:30"), ("unpublish_decision", "gone")];
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    let now = program.get(&path).await.ok();
    assert_eq!((&now["live_state"], &now["schedule"]["action"]), (&json!("live"), &json!("unpublish")));
    assert_eq!(now["schedule"]["at"], "2027-06-15T07:30:00Z");
}

#[tokio::test]
async fn an_approval_that_a_save_voided_is_named_and_the_draft_can_be_sent_back() {
    let (app, program, mut ada) = office().await;
    program.set(&json!({ "review_role_pages": "on" })).await.ok();
    let (eda, rea) = (app.person("Eda", &[Role::Editor]).await, app.person("Rea Reviewer", &[Role::Reviewer]).await);
    let path = eda.create("role-pages", &titled("Porter")).await;
    eda.step(&path, "submit", &json!({})).await.ok();
    let address = page_of(&path, "publish");
    let waiting = ada.page(&address).await;
    assert!(waiting.contains("Request changes…"), "{waiting}");
    rea.step(&path, "approve", &json!({ "note": "Reads well." })).await.ok();
    let approved = ada.page(&address).await;
    assert!(approved.contains("approved version 1") && approved.contains("“Reads well.”"), "{approved}");
    assert!(!approved.contains("A later save voided"), "{approved}");
    eda.save(&path, &titled("Hospital porter")).await.ok();
    let voided = ada.page(&address).await;
    assert!(voided.contains("A later save voided the approval of version 1 by Rea Reviewer."), "{voided}");
    assert!(voided.contains(">Submit it for review</a>") && voided.contains("It can’t wait for a review"), "{voided}");
}

#[tokio::test]
async fn whoever_comes_from_the_dashboard_goes_back_there() {
    let (app, program, mut ada) = office().await;
    program.set(&json!({ "review_role_pages": "on" })).await.ok();
    let eda = app.person("Eda", &[Role::Editor]).await;
    let path = eda.create("role-pages", &titled("Porter")).await;
    eda.step(&path, "submit", &json!({})).await.ok();
    let address = page_of(&path, "approve?from=dashboard");
    assert!(ada.page("/admin").await.contains(&address), "the dashboard says where it leads from");
    assert!(ada.page(&address).await.contains("name=\"from\" value=\"dashboard\""));
    let done = ada.post(&page_of(&path, "approve"), &[("version", "1"), ("from", "dashboard")]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/admin"));
    let done = ada.post(&page_of(&path, "publish"), &[("version", "1"), ("from", "dashboard")]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/admin"));
    let unknown = ada.get(&page_of(&path, "publish?from=elsewhere")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn several_go_live_together_or_none_of_them() {
    let (_app, program, mut ada) = office().await;
    let one = program.create("role-pages", &titled("Porter")).await;
    let two = program.create("requirement-sections", &titled("Entry")).await;
    assert!(ada.page("/admin/publish").await.contains("Choose 1 to 100 documents"));
    let page = ada.page(&format!("/admin/publish?documents={},{}", id_of(&one), id_of(&two))).await;
    assert!(page.contains(">Porter</a>") && page.contains(">Entry</a>"), "{page}");
    let (first, second) = (format!("{}:1", id_of(&one)), format!("{}:1", id_of(&two)));
    program.save(&two, &titled("Entry to work")).await.ok();
    let stale = ada.post("/admin/publish", &[("documents", &first), ("documents", &second)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains(&format!("{}:2", id_of(&two))), "{}", stale.text());
    assert_eq!(program.get(&one).await.ok()["live_state"], "never");
    let second = format!("{}:2", id_of(&two));
    let done = ada.post("/admin/publish", &[("documents", &first), ("documents", &second), ("change", "major")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(program.get(&two).await.ok()["live_state"], "live");
}

/// A page in which something is to be looked at.
fn with_eg(words: &str, before: &[Value]) -> Value {
    let mut sections = before.to_vec();
    sections.push(json!({ "id": "00000000-0000-7000-8000-0000000000b1", "heading": "Working life", "blocks": [
        { "id": "00000000-0000-7000-8000-0000000000b2", "kind": "text", "markdown": words } ] }));
    summed(json!({ "content": { "title": "Porter", "sections": sections } }))
}

fn mark_in(page: &str) -> String {
    page.split("name=\"looked\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_to_be_looked_at_is_ticked_before_it_goes_live_and_comes_back_with_its_text() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &with_eg("Machines eg lifts.", &[])).await;
    let address = page_of(&path, "publish");
    let page = ada.page(&address).await;
    assert!(page.contains("Looked at: Write “for example”") && page.contains("“Machines eg lifts.”"), "{page}");
    let mark = mark_in(&page);
    let refused =
        ada.post(&address, &[("version", "1"), ("note", "First."), (&format!("why:{mark}"), "A name.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text();
    assert!(refused.contains("One finding is not ticked.") && refused.contains("href=\"#f-looked\""), "{refused}");
    assert!(refused.contains("First.") && refused.contains("value=\"A name.\""), "{refused}");
    assert_eq!(program.get(&path).await.ok()["live_state"], "never");
    let why = format!("why:{mark}");
    let fields = [("version", "1"), ("looked", mark.as_str()), (why.as_str(), "A name.")];
    assert_eq!(ada.post(&address, &fields).await.status, StatusCode::SEE_OTHER);
    let document = program.get(&path).await.ok();
    assert_eq!((&document["live_state"], &document["version"]), (&json!("live"), &json!(1)));
    let looked = &document["checks"][0]["looked_at"];
    assert_eq!((&looked["by"]["name"], &looked["reason"]), (&json!("Ada"), &json!("A name.")));
    let history = ada.page(&page_of(&path, "history")).await;
    assert!(history.contains("What the checks found in version 1 was looked at."), "{history}");

    let first = json!({ "heading": "Before", "blocks": [{ "kind": "text", "markdown": "New." }] });
    program.save(&path, &with_eg("Machines eg lifts.", &[first])).await.ok();
    let page = ada.page(&address).await;
    assert!(!page.contains("name=\"looked\""), "the text only moved: {page}");
    assert!(page.contains("1 looked at") && page.contains("Looked at by Ada, today: A name."), "{page}");
    program.save(&path, &with_eg("Machines eg lifts and trolleys.", &[])).await.ok();
    let again = mark_in(&ada.page(&address).await);
    assert_ne!(again, mark);
    let gone = [("version", "3"), ("looked", mark.as_str())];
    assert_eq!(ada.post(&address, &gone).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_finding_is_ignored_where_it_stands_until_its_text_changes() {
    let (app, program, _) = office().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let path = program.create("role-pages", &with_eg("Machines eg lifts.", &[])).await;
    let address = page_of(&path, "").trim_end_matches('/').to_owned();
    let list = "/admin/role-pages?q=porter";
    assert!(ed.page(list).await.contains("1 to look at"));
    let editor = ed.page(&address).await;
    let mark = editor.split("value=\"ignore:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut fields = super::html::fields_of(&editor, "id=\"editor\"");
    fields = super::html::with(fields, &format!("why:{mark}"), "Its makers write it so");
    fields = super::html::with(fields, "op", &format!("ignore:{mark}"));
    let pressed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = ed.submit(&address, &pressed).await;
    assert!(page.contains("It is marked as looked at, until the text changes."), "{page}");
    assert_eq!(
        page.matches("Looked at by Ed, today: Its makers write it so").count(),
        2,
        "at its field and in the list"
    );
    assert!(!page.contains(&format!("ignore:{mark}")), "{page}");
    assert!(!ed.page(list).await.contains("to look at"));
    assert_eq!(program.get(&path).await.ok()["version"], 1, "it makes no version");

    // What was typed beside it is saved first; a text that changed with it is to be looked at anew.
    let text = "/content/sections/0/blocks/0/markdown";
    fields = super::html::with(fields, text, "Machines eg lifts and trolleys.");
    let pressed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = ed.submit(&address, &pressed).await;
    assert!(page.contains("its text has changed") && page.contains("value=\"ignore:"), "{page}");
    assert!(ed.page(list).await.contains("1 to look at"));
}
