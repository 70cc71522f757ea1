//! Views that people save: their tabs, who sees them, and who may change them.

use axum::http::StatusCode;
use rolebook::kernel::Role;

use super::Browser;
use crate::support::{TestApp, drafts::titled};

const NEW: &str = "/admin/views/new";

async fn save(browser: &mut Browser, list: &str, query: &str, name: &str, shared: &str) -> String {
    browser.submit(NEW, &[("list", list), ("query", query), ("name", name), ("shared", shared)]).await
}

/// Where the view that a page shows is changed.
fn change(page: &str) -> String {
    let rest = page.split("href=\"/admin/views/").nth(1).unwrap_or_else(|| panic!("no view to change: {page}"));
    format!("/admin/views/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn what_is_filtered_is_saved_as_a_tab() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    for title in ["Porter", "Cook"] {
        pat.create("role-pages", &titled(title)).await;
    }
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    assert!(!bo.page("/admin/role-pages").await.contains("Save this view"), "all of them is a view already");
    let page = bo.page("/admin/role-pages?q=porter&sort=title&state=").await;
    let link = page.split("href=\"").find(|rest| rest.starts_with(NEW)).unwrap().split('"').next().unwrap();
    let form = bo.page(&link.replace("&amp;", "&")).await;
    assert!(form.contains("name=\"query\" value=\"q=porter&amp;sort=title\""), "{form}");
    let shown = save(&mut bo, "role-pages", "q=porter&sort=title&cursor=", "  Porters,   by title ", "false").await;
    assert!(shown.contains("The view “Porters, by title” has been saved.") && shown.contains(">Porter</a>"), "{shown}");
    let tab = "<a href=\"/admin/role-pages?q=porter&amp;sort=title\" aria-current=\"page\">Porters, by title</a>";
    assert!(shown.contains(tab) && shown.matches("aria-current=\"page\"").count() == 1, "{shown}");
    assert!(!shown.contains("Save this view"));
    let all = bo.page("/admin/role-pages").await;
    assert!(all.contains("/admin/role-pages?q=porter&amp;sort=title\">Porters, by title</a>"), "{all}");
    assert!(!bo.page("/admin/requirement-sections").await.contains("Porters, by title"));

    let own = change(&shown);
    let renamed = bo.submit(&own, &[("name", "Porters"), ("shared", "true")]).await;
    assert!(renamed.contains("The view has been changed.") && renamed.contains(">Porters (shared)</a>"), "{renamed}");
    let deleted = bo.submit(&format!("{own}/delete"), &[]).await;
    assert!(deleted.contains("The view “Porters” has been deleted.") && !deleted.contains("(shared)"), "{deleted}");
    assert_eq!(bo.get(&own).await.status, StatusCode::NOT_FOUND);
    let events = app.administrator().await.get("/manage/v1/events?limit=100").await.text();
    for kind in ["view_saved", "view_changed", "view_deleted"] {
        assert!(events.contains(kind), "{kind}");
    }
}

#[tokio::test]
async fn the_inbox_has_saved_views_too() {
    let app = TestApp::new().await;
    let mut tim = app.signed_in("Tim", &[Role::Triager]).await;
    let shown = save(&mut tim, "cases", "view=open&kind=problem", "Open problems", "true").await;
    assert!(shown.contains("aria-current=\"page\">Open problems (shared)</a>"), "{shown}");
    assert_eq!(shown.matches("aria-current=\"page\"").count(), 1);
    assert!(tim.page("/admin/cases?view=open&q=pay").await.contains("Save this view"));
}

#[tokio::test]
async fn shared_views_are_seen_by_all_and_changed_by_few() {
    let app = TestApp::new().await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    let mut cy = app.signed_in("Cy", &[Role::Editor]).await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let private = change(&save(&mut bo, "role-pages", "q=one", "Mine alone", "false").await);
    let shared = change(&save(&mut bo, "role-pages", "q=two", "For all", "true").await);
    let seen = cy.page("/admin/role-pages?q=two").await;
    assert!(seen.contains(">For all (shared)</a>") && seen.contains("A view that Bo shares"), "{seen}");
    assert!(!seen.contains("Mine alone"), "{seen}");
    for (path, fields) in [
        (private.clone(), vec![("name", "Taken"), ("shared", "true")]),
        (shared.clone(), vec![("name", "Taken"), ("shared", "true")]),
        (format!("{private}/delete"), vec![]),
        (format!("{shared}/delete"), vec![]),
    ] {
        assert_eq!(cy.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ada.get(&private).await.status, StatusCode::NOT_FOUND, "what is private is nobody else’s");
    assert!(ada.page(&shared).await.contains("It was saved by Bo"));
    let renamed = ada.submit(&shared, &[("name", "For everybody"), ("shared", "true")]).await;
    assert!(renamed.contains("For everybody (shared)"), "{renamed}");
    // Two people may call theirs the same; one person may not.
    save(&mut cy, "role-pages", "q=two", "Mine alone", "false").await;
    let taken =
        bo.post(NEW, &[("list", "role-pages"), ("query", "q=x"), ("name", "Mine alone"), ("shared", "false")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text().contains("There is a view with this name already"), "{}", taken.text());
}

#[tokio::test]
async fn only_what_the_list_itself_would_show_can_be_saved() {
    let app = TestApp::new().await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    for (list, query) in [
        ("role-pages", "colour=red"),
        ("role-pages", "draft_state=lost"),
        ("cases", "owner=me"),
        ("media", "q=a"),
        ("", "q=a"),
    ] {
        let sent = bo.post(NEW, &[("list", list), ("query", query), ("name", "A"), ("shared", "false")]).await;
        assert!(
            sent.status == StatusCode::BAD_REQUEST || sent.status == StatusCode::UNPROCESSABLE_ENTITY,
            "{list} {query}"
        );
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("list", list)
            .append_pair("query", query)
            .finish();
        assert_eq!(bo.get(&format!("{NEW}?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let long = "x".repeat(41);
    for (name, reason) in [("", "Give the view a name"), (long.as_str(), "at most 40")] {
        let sent = bo.post(NEW, &[("list", "role-pages"), ("query", "q=a"), ("name", name), ("shared", "false")]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.text().contains(reason), "{reason}: {}", sent.text());
    }
    for number in 0..20 {
        save(&mut bo, "role-pages", "q=a", &format!("View {number}"), "false").await;
    }
    let sent = bo.post(NEW, &[("list", "role-pages"), ("query", "q=a"), ("name", "More"), ("shared", "false")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.text().contains("You have 20 views of this list already"), "{}", sent.text());
}

#[tokio::test]
async fn a_document_is_duplicated_from_its_own_page() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    let own = page.replace("/manage/v1/", "/admin/");
    let editor = bo.page(&own).await;
    let id = own.rsplit('/').next().unwrap();
    let link = format!("/admin/role-pages/new?like={id}");
    assert!(editor.contains(&format!("href=\"{link}\">Duplicate…</a>")), "{editor}");
    assert!(bo.page("/admin/role-pages").await.contains(&link));
    assert!(bo.page(&link).await.contains("value=\"Porter (copy)\""));
    let fields = [("title", "Porter (copy)"), ("template", "copy"), ("like", id)];
    bo.submit("/admin/role-pages/new", &fields).await;
    let slugs: Vec<String> = pat.get("/manage/v1/role-pages?sort=title").await.ok()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["slug"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(slugs, ["porter", "porter-copy"]);
}
