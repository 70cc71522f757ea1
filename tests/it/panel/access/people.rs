//! People and what they may do: the list, a new person, one person, the roles.

use axum::http::{Method, StatusCode};
use rolebook::{
    accounts::users,
    kernel::{Role, Timestamp, UserId},
};
use serde_json::json;

use super::{
    super::{
        Browser, PASSWORD,
        html::{fields_of, with},
    },
    send, shown,
};
use crate::support::{TestApp, drafts::titled};

/// The page of a person.
fn address(id: UserId) -> String {
    format!("/admin/users/{id}")
}

async fn user(app: &TestApp, browser: &Browser) -> users::User {
    users::get(&app.system(), browser.user.unwrap()).await.unwrap()
}

#[tokio::test]
async fn somebody_new_gets_a_link_that_is_shown_once() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let fields = [("name", "Edith"), ("email", "edith@rolebook.test"), ("roles", "editor"), ("roles", "triager")];
    let refused = ada.post("/admin/users/new", &[("name", "Edith"), ("email", "edith")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(
        page.contains("value=\"Edith\"") && page.contains("href=\"#f-email\"") && page.contains("href=\"#f-roles\"")
    );

    let made = ada.post("/admin/users/new", &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::CREATED, "no-store"));
    let link = shown(&made.text());
    let path = link.strip_prefix("http://rolebook.test").unwrap().to_owned();
    let list = ada.page("/admin/users").await;
    assert!(list.contains("Editor, Triager") && list.contains("Invited") && list.contains("Never"), "{list}");
    assert!(!list.contains(&path));
    let again = ada.post("/admin/users/new", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("with this e-mail address already"), "{}", again.text());

    let mut edith = app.browser();
    edith.submit(&path, &[("name", "Edith"), ("password", PASSWORD)]).await;
    assert_eq!(edith.get("/admin/users").await.status, StatusCode::FORBIDDEN);
    let list = ada.page("/admin/users").await;
    assert!(!list.contains("Invited") && !list.contains("Never"), "{list}");
}

#[tokio::test]
async fn who_was_here_last_is_known_after_the_session_has_ended() {
    let app = TestApp::new().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    ed.post("/admin/sign-out", &[]).await;
    app.clock.advance(2 * Timestamp::DAY);
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let list = ada.page("/admin/users").await;
    let row = list.split("ed@rolebook.test").nth(1).unwrap();
    assert!(row.split("</tr>").next().unwrap().contains("2026-11-22T09:00:00Z"), "{row}");
}

#[tokio::test]
async fn name_and_roles_are_changed_from_what_was_seen() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = address(ed.user.unwrap());
    let seen = fields_of(&ada.page(&page).await, &format!("action=\"{page}\""));
    let mut fields = with(seen.clone(), "name", "Edmund");
    fields.push(("roles".to_owned(), "publisher".to_owned()));
    let after = send(&mut ada, &page, &fields).await;
    assert_eq!(after.status, StatusCode::SEE_OTHER, "{}", after.text());
    let now = user(&app, &ed).await;
    assert_eq!((now.name.as_str(), now.roles), ("Edmund", [Role::Editor, Role::Publisher].into()));

    let stale = send(&mut ada, &page, &with(seen, "name", "Teddy")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let text = stale.text();
    assert!(text.contains("Editor, Publisher") && text.contains("value=\"Teddy\""), "{text}");
    let again = fields_of(&text, &format!("action=\"{page}\""));
    assert_eq!(send(&mut ada, &page, &again).await.status, StatusCode::SEE_OTHER);
    assert_eq!(user(&app, &ed).await.name, "Teddy");

    let nothing: Vec<_> = fields_of(&ada.page(&page).await, &format!("action=\"{page}\""));
    let nothing: Vec<_> = nothing.into_iter().filter(|(name, _)| name != "roles").collect();
    let refused = send(&mut ada, &page, &nothing).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("at least one role"));
    assert_eq!(ed.post(&page, &[("version", "1"), ("name", "Ed")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn deactivating_says_what_ends_and_ends_it() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = address(ed.user.unwrap());
    let question = ada.page(&format!("{page}/deactivate")).await;
    assert!(question.contains("1 session ends") && question.contains("API keys that they own stop working"));
    assert_eq!(ed.get("/admin").await.status, StatusCode::OK, "looking changes nothing");
    let fields = fields_of(&question, "/deactivate");
    assert_eq!(send(&mut ada, &format!("{page}/deactivate"), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ed.get("/admin").await.status, StatusCode::SEE_OTHER);
    let stale = send(&mut ada, &format!("{page}/deactivate"), &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("is inactive"), "{}", stale.text());
    assert!(ada.page(&page).await.contains("Inactive"));
    assert_eq!(ada.post(&format!("{page}/link"), &[]).await.status, StatusCode::CONFLICT);
    let fields = fields_of(&ada.page(&format!("{page}/activate")).await, "/activate");
    assert_eq!(send(&mut ada, &format!("{page}/activate"), &fields).await.status, StatusCode::SEE_OTHER);
    ed.sign_in().await;
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = address(ada.user.unwrap());
    let refused = ada.post(&page, &[("version", "1"), ("name", "Ada"), ("roles", "editor")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Nobody else can administer the site"), "{}", refused.text());
    let refused = ada.post(&format!("{page}/deactivate"), &[("version", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Nobody else can administer the site"));

    let mut eve = app.signed_in("Eve", &[Role::Administrator]).await;
    let question = ada.page(&format!("{page}/deactivate")).await;
    assert!(question.contains("This is your own account"));
    let left = ada.post(&page, &[("version", "1"), ("name", "Ada"), ("roles", "editor")]).await;
    assert_eq!(left.header("location"), "/admin/profile", "who gave the role up can't see the page any more");
    assert!(eve.page("/admin/users").await.contains("Ada"));
}

#[tokio::test]
async fn a_link_for_somebody_is_asked_for_first_and_shown_once() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = address(ed.user.unwrap());
    assert!(ada.page(&page).await.contains("Make a password link…"));
    assert!(ada.page(&format!("{page}/link")).await.contains("The present password stays good until then"));
    let made = ada.post(&format!("{page}/link"), &[]).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert!(made.text().contains("Monday 23 November 2026, 09:00, London time"), "{}", made.text());
    let link = shown(&made.text());
    let path = link.strip_prefix("http://rolebook.test").unwrap();
    assert!(path.starts_with("/admin/reset/"), "{path}");
    app.browser().submit(path, &[("password", "wet paint on the stairs")]).await;
    assert!(!ada.page(&page).await.contains(path));
}

#[tokio::test]
async fn sessions_of_a_person_end_one_by_one_or_together() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let mut telephone = ed.clone();
    telephone.cookies.clear();
    telephone.sign_in().await;
    let page = address(ed.user.unwrap());
    let shown = ada.page(&page).await;
    let ends: Vec<&str> = shown.split("action=\"").filter(|part| part.contains("/end\"")).collect();
    assert_eq!(ends.iter().filter(|part| part.starts_with(&format!("{page}/sessions/"))).count(), 2);
    let one = ends.iter().find(|part| part.starts_with(&page)).unwrap().split('"').next().unwrap();
    assert!(ada.submit(one, &[]).await.contains("A session of Ed has ended."));
    let left = [ed.get("/admin").await.status, telephone.get("/admin").await.status];
    assert_eq!(left.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    assert_eq!(ada.post(one, &[]).await.status, StatusCode::NOT_FOUND);
    ada.submit(&format!("{page}/sessions/end-all"), &[]).await;
    for mut browser in [ed, telephone] {
        assert_eq!(browser.get("/admin").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(ada.get("/admin").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_page_of_a_person_shows_their_open_work() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let ed = app.signed_in("Ed", &[Role::Editor]).await;
    let page = address(ed.user.unwrap());
    assert!(ada.page(&page).await.contains("They own no pages"));
    let api = app.person("Grace", &[Role::Administrator]).await;
    let path = api.create("role-pages", &titled("Porter")).await;
    let owner = json!({ "owner": ed.user.unwrap().to_string() });
    api.at(Method::PATCH, &path, 1, &owner).await.ok();
    let shown = ada.page(&page).await;
    assert!(shown.contains(">Porter</a>") && shown.contains("1 role page that they own"), "{shown}");
}

#[tokio::test]
async fn open_work_goes_to_others_when_somebody_leaves() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let ed = app.signed_in("Ed", &[Role::Editor, Role::Triager]).await;
    let (eve, tim) = (app.signed_in("Eve", &[Role::Editor]).await, app.signed_in("Tim", &[Role::Triager]).await);
    let (ed, eve, tim) = (ed.user.unwrap(), eve.user.unwrap().to_string(), tim.user.unwrap().to_string());
    let api = app.person("Grace", &[Role::Administrator]).await;
    api.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();
    let live = api.publish_new("role-pages", &titled("Porter")).await;
    let draft = api.create("requirement-sections", &titled("Entry")).await;
    for path in [&live, &draft] {
        api.at(Method::PATCH, path, 1, &json!({ "owner": ed.to_string() })).await.ok();
    }
    let report = json!({ "document": "porter", "kind": "problem", "wrong": "The pay is not so." });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    let case = api.get("/manage/v1/cases").await.ok()["data"][0].clone();
    let case_path = format!("/manage/v1/cases/{}", case["id"].as_str().unwrap());
    let seen = case["version"].as_i64().unwrap();
    api.at(Method::PATCH, &case_path, seen, &json!({ "assignee": ed.to_string() })).await.ok();

    let page = address(ed);
    assert!(ada.page(&page).await.contains(&format!("{page}/hand-over")));
    let asked = ada.page(&format!("{page}/deactivate")).await;
    assert!(asked.contains("Ed owns 2 documents, 1 with a draft.") && asked.contains("1 open case is assigned to Ed."));
    let wrong = [("version", "1"), ("documents_to", tim.as_str())];
    let refused = ada.post(&format!("{page}/deactivate"), &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Choose somebody who can write."), "{}", refused.text());
    assert!(!ada.page(&page).await.contains("Inactive"), "nothing was done");
    let fields = [("version", "1"), ("documents_to", eve.as_str())];
    let said = ada.submit(&format!("{page}/deactivate"), &fields).await;
    assert!(
        said.contains("Ed can’t use the account any more. 2 documents handed over.")
            || said.contains("Ed can't use the account any more. 2 documents handed over."),
        "{said}"
    );
    assert!(said.contains("Inactive"), "{said}");
    for path in [&live, &draft] {
        assert_eq!(api.get(path).await.ok()["owner"]["name"], "Eve");
    }
    // The rest goes later, from a page of its own.
    let nobody = ada.post(&format!("{page}/hand-over"), &[("documents_to", ""), ("cases_to", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text().contains("Choose who gets it."), "{}", nobody.text());
    let said = ada.submit(&format!("{page}/hand-over"), &[("cases_to", &tim)]).await;
    assert!(said.contains("1 case handed over."), "{said}");
    assert_eq!(api.get(&case_path).await.ok()["assignee"]["name"], "Tim");
    let empty = ada.page(&format!("{page}/hand-over")).await;
    assert!(empty.contains("They own no pages, and no open case is assigned to them."), "{empty}");
}

#[tokio::test]
async fn what_roles_allow_is_said_in_words() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let page = ada.page("/admin/roles").await;
    assert_eq!(page.matches("<td ").count(), Role::ALL.len() * rolebook::kernel::Permission::ALL.len());
    let row = page.split("audit:read").nth(1).unwrap().split("</tr>").next().unwrap();
    assert_eq!((row.matches("Yes").count(), row.matches("No<").count()), (1, 4), "{row}");
}
