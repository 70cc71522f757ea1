//! Sample content: added with one button to a site that has none, known by its badge, and removed with one button, but
//! for what has become part of somebody's own content.

use axum::http::{Method, StatusCode};
use rolebook::{
    kernel::{Role, Timestamp},
    operations::doctor,
};
use serde_json::{Value, json};

use super::Browser;
use crate::support::{
    Client, TestApp,
    drafts::{embedding, titled},
    id_of,
};

const ADDRESS: &str = "/admin/samples";
const PAGE: &str = "/api/v1/role-pages/information-and-communication-technology";
const BADGE: &str = "</svg>Sample</span>";

/// A site with sample content, and who added it.
struct Site {
    app: TestApp,
    ada: Browser,
    pat: Client,
}

impl Site {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Administrator]).await;
        let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
        // Both may review, so that a review would be asked for.
        pat.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();
        ada.submit(ADDRESS, &[]).await;
        Self { app, ada, pat }
    }

    /// The address of a document for programs, by its slug.
    async fn document(&self, collection: &str, slug: &str) -> String {
        let all = self.pat.get(&format!("/manage/v1/{collection}")).await.ok();
        let found = all["data"].as_array().unwrap().iter().find(|one| one["slug"] == slug).unwrap();
        format!("/manage/v1/{collection}/{}", found["id"].as_str().unwrap())
    }

    async fn total(&self, list: &str) -> Value {
        self.pat.get(&format!("/manage/v1/{list}")).await.ok()["total"].clone()
    }

    async fn rows(&self, list: &str) -> Vec<Value> {
        self.pat.get(&format!("/manage/v1/{list}")).await.ok()["data"].as_array().unwrap().clone()
    }

    async fn remove(&mut self) -> String {
        let answer = self.ada.post("/admin/samples/remove", &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.text()
    }

    async fn findings(&self) -> Vec<String> {
        let found = doctor::examine(&self.app.app.database, &self.app.app.store).await.unwrap();
        found.iter().map(ToString::to_string).collect()
    }
}

/// The row of a table in which these words stand.
#[track_caller]
fn row<'a>(page: &'a str, words: &str) -> &'a str {
    page.split("<tr").find(|row| row.contains(words)).unwrap_or_else(|| panic!("no row with {words} in {page}"))
}

#[tokio::test]
async fn an_empty_site_is_given_published_samples_that_are_known_by_their_badge() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Administrator]).await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    assert!(ada.page("/admin").await.contains("href=\"/admin/samples\">Add sample content…</a>"));
    let asked = ada.page(ADDRESS).await;
    assert!(asked.contains("<li>Service desk operator (role page)</li>"), "{asked}");
    assert!(asked.contains("They become public") && asked.contains("Your site asks for a review"), "{asked}");
    assert_eq!(pat.get("/manage/v1/role-pages").await.ok()["total"], 0, "looking adds nothing");

    let said = ada.submit(ADDRESS, &[]).await;
    let added = "2 role pages, 3 requirement sections, 3 pictures and 3 reports are added. The pages are public.";
    assert!(said.contains(added), "{said}");
    for (list, number) in [("role-pages", 2), ("requirement-sections", 3), ("media", 3), ("cases", 3), ("reports", 3)] {
        assert_eq!(pat.get(&format!("/manage/v1/{list}")).await.ok()["total"], number, "{list}");
    }
    for list in ["role-pages", "requirement-sections", "media", "media?view=grid", "cases", "reports"] {
        let page = ada.page(&format!("/admin/{list}")).await;
        let number = if list.starts_with("role") { 2 } else { 3 };
        assert_eq!(page.matches(BADGE).count(), number, "{list}: {page}");
    }
    let public = app.nobody().get(PAGE).await.ok();
    assert_eq!(public["title"], "Information and communication technology");
    // Two may review, so the samples went live by force, and that is on record.
    let log = pat.get("/manage/v1/events?limit=100").await.ok();
    let events = log["data"].as_array().unwrap();
    let published: Vec<&Value> = events.iter().filter(|event| event["kind"] == "document_published").collect();
    assert_eq!(published.len(), 5);
    assert!(published.iter().all(|event| event["payload"]["forced"].as_str().unwrap().contains("Sample content")));

    // Each on its own page, too; and two of the reports say the same.
    let cases = pat.get("/manage/v1/cases").await.ok();
    let mut alike = 0;
    for case in cases["data"].as_array().unwrap() {
        let page = ada.page(&format!("/admin/cases/{}", case["id"].as_str().unwrap())).await;
        assert!(page.contains(BADGE), "{page}");
        alike += usize::from(page.contains("Similar cases"));
    }
    assert_eq!(alike, 2);
    for list in ["role-pages", "media", "reports"] {
        let first = pat.get(&format!("/manage/v1/{list}")).await.ok()["data"][0]["id"].clone();
        let page = ada.page(&format!("/admin/{list}/{}", first.as_str().unwrap())).await;
        assert!(page.contains(BADGE), "{list}: {page}");
    }
    // They are nobody's first steps, and they are added once.
    let first = ada.page("/admin").await;
    assert!(first.contains("Sample content is on this site.") && !first.contains("Add sample content"), "{first}");
    let steps = first.split("First steps (").nth(1).unwrap();
    for step in ["requirement-sections/new", "role-pages/new"] {
        let line = steps.split("<li>").find(|line| line.contains(&format!("href=\"/admin/{step}\""))).unwrap();
        assert!(line.contains("To do"), "{line}");
    }
    let again = ada.post(ADDRESS, &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("There is content already"), "{}", again.text());
    assert_eq!(pat.get("/manage/v1/role-pages").await.ok()["total"], 2);
    let mut eve = app.signed_in("Eve", &[Role::Editor, Role::Publisher]).await;
    assert_eq!(eve.get(ADDRESS).await.status, StatusCode::FORBIDDEN);
    assert!(!eve.page("/admin").await.contains("Sample content is on this site."));
    assert_eq!(doctor::examine(&app.app.database, &app.app.store).await.unwrap(), []);
}

#[tokio::test]
async fn one_button_removes_all_of_it_and_leaves_addresses_that_say_so() {
    let mut site = Site::new().await;
    let public = site.app.nobody().get(PAGE).await.ok().to_string();
    let file = public.split("/media/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(site.app.nobody().get(&format!("/media/{file}")).await.status, StatusCode::OK);
    let before = site.pat.get("/manage/v1/events?limit=1").await.ok()["data"][0]["sequence"].clone();

    let asked = site.ada.page(ADDRESS).await;
    assert_eq!(asked.matches("data-label=\"What it is\"").count(), 14, "{asked}");
    assert!(asked.contains("Service desk operator") && asked.contains("two-screens.webp"), "{asked}");
    assert!(!asked.contains("What stays") && !asked.contains("Changed</span>"), "{asked}");
    assert_eq!(site.total("role-pages").await, 2, "looking removes nothing");

    let told = site.remove().await;
    assert_eq!(told.matches("</svg>Removed</span>").count(), 14, "{told}");
    for list in ["role-pages", "requirement-sections", "media", "cases", "reports"] {
        assert_eq!(site.total(list).await, 0, "{list}");
    }
    for collection in ["role-pages", "requirement-sections"] {
        assert!(site.ada.page(&format!("/admin/{collection}/trash")).await.contains("The trash is empty."));
    }
    let nobody = site.app.nobody();
    assert_eq!(nobody.get(PAGE).await.status, StatusCode::NOT_FOUND);
    nobody.get("/api/v1/content/information-and-communication-technology").await.problem(410);
    assert_eq!(nobody.get(&format!("/media/{file}")).await.status, StatusCode::NOT_FOUND);
    let changes = nobody.get("/api/v1/changes?limit=100").await.ok();
    let types: Vec<&str> =
        changes["data"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(types, [["published"; 5], ["unpublished"; 5]].concat());
    let log = site.pat.get("/manage/v1/events?limit=100").await.ok();
    let since = log["data"].as_array().unwrap().iter().filter(|event| event["sequence"].as_i64() > before.as_i64());
    let kinds: Vec<&str> = since.map(|event| event["kind"].as_str().unwrap()).collect();
    for (kind, number) in
        [("report_removed", 3), ("case_removed", 3), ("document_purged", 5), ("media_deleted", 3), ("samples_kept", 0)]
    {
        assert_eq!(kinds.iter().filter(|one| **one == kind).count(), number, "{kind}: {kinds:?}");
    }
    // The log is a page that leads nowhere wrong.
    let audit = site.ada.page("/admin/audit-log").await;
    assert!(audit.contains("removed for good") && !audit.contains("href=\"/admin/reports/"), "{audit}");
    assert_eq!(site.findings().await, Vec::<String>::new());
    assert!(!site.ada.page("/admin").await.contains("Sample content is on this site."));
    // Asked once more there is nothing to do, and the site is as empty as before.
    let again = site.ada.submit("/admin/samples/remove", &[]).await;
    assert!(again.contains("There is no sample content any more.") && again.contains("Add sample content…"), "{again}");
    let said = site.ada.submit(ADDRESS, &[]).await;
    assert!(said.contains("3 reports are added"), "{said}");
    assert_eq!(site.app.nobody().get(PAGE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_somebody_made_part_of_their_own_stays_and_is_theirs() {
    let mut site = Site::new().await;
    // A page of their own embeds a section, which has another in its tree; a picture stands in another page.
    let section = site.document("requirement-sections", "entry-requirements-ict").await;
    let operator = site.document("role-pages", "service-desk-operator").await;
    site.pat.create("role-pages", &embedding("Our own page", &[&id_of(&section)])).await;
    let picture = site.rows("media").await.into_iter().find(|one| one["filename"] == "two-screens.webp").unwrap();
    let blocks = json!([{ "kind": "image", "media": picture["id"], "alt": "Two screens on a desk" }]);
    let content = json!({ "title": "Our pictures", "sections": [{ "heading": "See", "blocks": blocks }] });
    site.pat.create("role-pages", &json!({ "content": content })).await;
    // Somebody worked on a sample page, and a visitor reported what a sample says.
    site.app.clock.advance(Timestamp::MINUTE);
    let mut changed = site.pat.get(&operator).await.ok()["content"].clone();
    changed["title"] = "Help desk operator".into();
    site.pat.save(&operator, &json!({ "content": changed })).await.ok();
    site.app.clock.advance(10 * Timestamp::MINUTE);
    let public = site.app.nobody().get(PAGE).await.ok();
    let sent = json!({ "page_token": public["feedback"]["page_token"], "kind": "problem", "wrong": "The word eg is read as egg to me." });
    site.app.nobody().post("/api/v1/reports", &sent).await.ok();
    let cases = site.rows("cases").await;
    let real = cases.iter().find(|case| case["title"].as_str().unwrap().contains("read as egg")).unwrap();
    let sample = cases.iter().find(|case| case["title"].as_str().unwrap().contains("egg computers")).unwrap();
    let [real, sample] = [real, sample].map(|case| format!("/manage/v1/cases/{}", case["id"].as_str().unwrap()));
    site.pat.seeing(&real, Method::POST, &format!("{real}/merge"), &json!({ "into": id_of(&sample) })).await.ok();

    let asked = site.ada.page(ADDRESS).await;
    let changed = row(&asked, "Help desk operator");
    assert!(changed.contains("Changed</span>") && changed.contains("by Pat"), "{changed}");
    let stays = asked.split("What stays").nth(1).unwrap();
    for words in ["“Our own page” uses it", "“Our pictures” uses it", "visitors have reported the same"] {
        assert!(stays.contains(words), "{words}: {stays}");
    }
    let told = site.remove().await;
    assert!(row(&told, "two-screens.webp").contains("Kept as your own"), "{told}");
    assert!(row(&told, "Help desk operator").contains("Removed"), "{told}");

    let titles: Vec<Value> = site.rows("role-pages").await.into_iter().map(|one| one["title"].clone()).collect();
    assert!(titles.len() == 2 && titles.iter().all(|title| title.as_str().unwrap().starts_with("Our ")), "{titles:?}");
    assert_eq!(site.pat.get(&section).await.ok()["live_state"], "live");
    assert_eq!(site.rows("media").await.len(), 1);
    // The case has what visitors sent, and nothing else.
    assert_eq!(site.rows("cases").await.iter().filter(|case| case["state"] != "merged").count(), 1);
    let kept = site.pat.get(&sample).await.ok();
    assert_eq!((&kept["report_count"], kept["reports"].as_array().unwrap().len()), (&json!(1), 1), "{kept}");
    assert_eq!(site.total("reports").await, 1);
    for list in ["role-pages", "requirement-sections", "media", "cases", "reports"] {
        assert!(!site.ada.page(&format!("/admin/{list}")).await.contains(BADGE), "{list}");
    }
    assert_eq!(site.findings().await, Vec::<String>::new());
    assert!(site.ada.page(ADDRESS).await.contains("There is content already"));
}

#[tokio::test]
async fn an_interrupted_removal_is_taken_up_where_it_was_left() {
    let mut site = Site::new().await;
    // Some of it has gone the ordinary way; one is on its way, with links between two that each need the other.
    let operator = site.document("role-pages", "service-desk-operator").await;
    let area = site.document("role-pages", "information-and-communication-technology").await;
    let mut content = site.pat.get(&area).await.ok()["content"].clone();
    content["related_roles"] = json!([id_of(&operator)]);
    site.pat.save(&area, &json!({ "content": content })).await.ok();
    site.pat.step(&area, "publish", &json!({})).await.ok();
    site.pat.save(&area, &titled("A draft upon it")).await.ok();
    site.pat.step(&operator, "unpublish", &json!({ "decision": "gone" })).await.ok();
    site.pat.step(&operator, "trash", &json!({})).await.ok();
    let cases = site.rows("cases").await;
    let [one, other] = [0, 1].map(|place| format!("/manage/v1/cases/{}", cases[place]["id"].as_str().unwrap()));
    site.pat.seeing(&one, Method::POST, &format!("{one}/merge"), &json!({ "into": id_of(&other) })).await.ok();
    site.pat.seeing(&other, Method::POST, &format!("{other}/notes"), &json!({ "text": "Tried merging." })).await.ok();

    let asked = site.ada.page(ADDRESS).await;
    assert!(row(&asked, "A draft upon it").contains("Changed</span>"), "{asked}");
    let told = site.remove().await;
    assert_eq!(told.matches("</svg>Removed</span>").count(), 14, "{told}");
    for list in ["role-pages", "requirement-sections", "media", "cases", "reports"] {
        assert_eq!(site.total(list).await, 0, "{list}");
    }
    assert_eq!(site.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_removed_by_hand_is_no_sample_any_more() {
    let mut site = Site::new().await;
    let operator = site.document("role-pages", "service-desk-operator").await;
    site.pat.step(&operator, "unpublish", &json!({ "decision": "gone" })).await.ok();
    site.pat.step(&operator, "trash", &json!({})).await.ok();
    assert!(site.ada.page("/admin/role-pages/trash").await.contains(BADGE));
    assert_eq!(site.pat.step(&operator, "purge", &json!({})).await.status, StatusCode::NO_CONTENT);
    let asked = site.ada.page(ADDRESS).await;
    assert!(!asked.contains("Service desk operator"), "{asked}");
    assert_eq!(site.findings().await, Vec::<String>::new());
    // Its picture was public through it alone, and can go like any that nothing uses.
    let picture = site.rows("media").await.into_iter().find(|one| one["filename"] == "headset-desk.webp").unwrap();
    let picture = format!("/manage/v1/media/{}", picture["id"].as_str().unwrap());
    assert_eq!(site.pat.get(&picture).await.ok()["public"], false);
    let deleted = site.pat.seeing(&picture, Method::DELETE, &picture, &json!({})).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{deleted:?}");
    assert!(!site.ada.page(ADDRESS).await.contains("headset-desk"));
}
