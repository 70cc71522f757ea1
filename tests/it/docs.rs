//! The contract as pages for people: everything stands there, every link within them leads somewhere, and what can be read
//! by everybody can be tried without a script.

use axum::http::Method;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The values of an attribute, wherever it stands in a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn every_operation_and_every_schema_stands_on_the_pages_of_the_contract_and_every_link_leads_somewhere() {
    let app = TestApp::new().await;
    let nobody = app.nobody();
    let contract: Value = nobody.get("/api/v1/openapi.json").await.ok();
    let overview = nobody.get("/api/docs").await;
    assert_eq!(overview.header("content-type"), "text/html; charset=utf-8");
    let policy = overview.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
    let overview = text(&overview);
    let mut pages = String::new();
    for tag in contract["tags"].as_array().unwrap() {
        let address = format!("/api/docs/{}", tag["name"].as_str().unwrap());
        assert!(values(&overview, "href").contains(&address.as_str()), "{address}");
        let page = text(&nobody.get(&address).await);
        let ids = values(&page, "id");
        for href in values(&page, "href") {
            assert!(href.strip_prefix('#').is_none_or(|id| ids.contains(&id)), "{href} of {address} leads nowhere");
        }
        assert!(!page.contains("<script") && !page.contains(" style="));
        pages.push_str(&page);
    }
    let linked = values(&overview, "href");
    let ids = values(&pages, "id");
    let items = contract["paths"].as_object().unwrap().values();
    for operation in items.flat_map(|item| item.as_object().unwrap().values()) {
        let (id, tag) = (operation["operationId"].as_str().unwrap(), operation["tags"][0].as_str().unwrap());
        assert!(ids.contains(&id), "{id} stands on no page");
        assert!(linked.contains(&format!("/api/docs/{tag}#{id}").as_str()), "nothing leads to {id}");
    }
    for name in contract["components"]["schemas"].as_object().unwrap().keys() {
        assert!(ids.contains(&format!("schema-{name}").as_str()), "{name} stands on no page");
    }
    for name in contract["components"]["examples"].as_object().unwrap().keys() {
        assert!(ids.contains(&format!("example-{name}").as_str()), "the example {name} stands on no page");
    }
    for what in ["what is sent", "the answer 201", "the answer 301"] {
        assert!(pages.contains(&format!("<summary>Example: {what}</summary><pre>")), "no example of {what}");
    }
    assert!(pages.contains("&quot;title&quot;: &quot;ICT support technician&quot;"), "examples are there to be read");
    assert_eq!(nobody.get("/api/docs/zeppelins").await.status.as_u16(), 404);
    assert!(nobody.get("/api/docs/style.css").await.header("content-type").starts_with("text/css"));
}

#[tokio::test]
async fn what_everybody_may_read_can_be_tried_from_a_plain_form() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    publisher.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let nobody = app.nobody();
    let tried = |query: &str| format!("/api/docs/try?operation={query}");
    let answer =
        nobody.send(Method::GET, &tried("get_api_role_pages_by_page&page=porter&as_of=&fields=title"), &[], "").await;
    assert_eq!(answer.status.as_u16(), 303);
    assert_eq!(answer.header("location"), "/api/v1/role-pages/porter?fields=title");
    assert_eq!(nobody.get(answer.header("location")).await.ok()["title"], "Porter");
    let answer = nobody.get(&tried("get_api_content_by_path&path=porter%2Fa%20b%3F")).await;
    assert_eq!(answer.header("location"), "/api/v1/content/porter/a%20b%3F");
    assert_eq!(nobody.get(&tried("get_api_paths&limit=&cursor=")).await.header("location"), "/api/v1/paths");
    let page = text(&nobody.get("/api/docs/delivery").await);
    assert!(page.contains(
        r#"<form method="get" action="/api/docs/try"><input type="hidden" name="operation" value="get_api_paths">"#
    ));

    nobody.get(&tried("get_api_role_pages_by_page")).await.problem(400);
    nobody.get(&tried("get_api_paths&colour=red")).await.problem(400);
    nobody.get("/api/docs/try").await.problem(400);
    nobody.get(&tried("no_such_thing")).await.problem(404);
    nobody.get(&tried("get_manage_me")).await.problem(404);
    let contract: Value = nobody.get("/api/v1/openapi.json").await.ok();
    assert_eq!(contract["paths"]["/manage/v1/me"]["get"]["operationId"], "get_manage_me");
}
