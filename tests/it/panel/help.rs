//! Help, what empty lists say, and the page from which a site is connected.

use axum::http::{StatusCode, header};
use rolebook::kernel::Role;

use crate::support::{TestApp, drafts::titled, id_of};

/// What stands where a list would.
#[track_caller]
fn empty_of<'a>(page: &'a str, path: &str) -> &'a str {
    let block =
        page.split("<div class=\"empty\">").nth(1).unwrap_or_else(|| panic!("{path} has an empty list: {page}"));
    block.split("</div>").next().unwrap()
}

#[tokio::test]
async fn every_empty_list_says_what_will_be_there_and_leads_on() {
    let app = TestApp::new().await;
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let pat = app.person("Pat", &[Role::Administrator]).await;
    let help = ada.page("/admin/help").await;
    let mut lists: Vec<String> = [
        "role-pages",
        "requirement-sections",
        "role-pages?scheduled=true",
        "role-pages/trash",
        "requirement-sections/trash",
        "media",
        "cases",
        "cases?view=mine",
        "cases?view=open",
        "cases?view=waiting",
        "cases?view=regressed",
        "cases?view=resolved",
        "cases?view=dismissed",
        "cases?view=all",
        "reports",
        "reports?quarantined=true",
        "redirects",
        "webhooks",
        "quarantined-texts",
    ]
    .iter()
    .map(|list| format!("/admin/{list}"))
    .collect();
    for list in &lists {
        look(&ada.page(list).await, list, &help);
    }
    let mut tia = app.signed_in("Tia", &[Role::Triager]).await;
    let keys = tia.page("/admin/api-keys").await;
    look(&keys, "/admin/api-keys", &help);
    let page = format!("/admin/role-pages/{}", id_of(&pat.create("role-pages", &titled("Porter")).await));
    lists = ["used-by", "preview-links", "publications", "history?show=notes"]
        .map(|rest| format!("{page}/{rest}"))
        .to_vec();
    for list in &lists {
        look(&ada.page(list).await, list, &help);
    }
}

/// Enough words to say what and why, something to do, and a way to a topic that is there.
#[track_caller]
fn look(page: &str, path: &str, help: &str) {
    let block = empty_of(page, path);
    let sentence = block.split("<p>").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(sentence.split(' ').count() >= 10, "{path}: {sentence}");
    let targets: Vec<&str> = block.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let (topics, actions): (Vec<&str>, Vec<&str>) =
        targets.iter().partition(|target| target.starts_with("/admin/help#"));
    assert_eq!((topics.len(), actions.len()), (1, 1), "{path}: {targets:?}");
    let anchor = topics[0].split('#').nth(1).unwrap();
    assert!(help.contains(&format!("<h2 id=\"{anchor}\">")), "{path}: {anchor}");
}

#[tokio::test]
async fn the_form_that_a_site_pastes_sends_a_report() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Administrator]).await;
    pat.publish_new("role-pages", &titled("Porter")).await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let page = eve.page("/admin/connect").await;
    let snippet = page.split("<textarea").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(page.contains(&format!("value=\"curl {}/api/v1/role-pages\"", app.app.public_url)), "{page}");
    let snippet = snippet.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let action = format!("action=\"{}/api/v1/reports\"", app.app.public_url);
    assert!(snippet.contains(&action) && snippet.contains("method=\"post\""), "{snippet}");
    // Filled in as a visitor would, every field is one that the door knows.
    let public = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    let token = public["feedback"]["page_token"].as_str().unwrap();
    assert!(snippet.contains("name=\"page_token\" value=\"PAGE_TOKEN\""), "{snippet}");
    let mut names: Vec<&str> = snippet.split(" name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    names.dedup();
    assert_eq!(names, ["page_token", "kind", "doing", "wrong", "website"]);
    let value = |name: &str| match name {
        "page_token" => token.to_owned(),
        "kind" => "problem".to_owned(),
        "wrong" => "The porters are missing.".to_owned(),
        _ => String::new(),
    };
    let fields: Vec<(&str, String)> = names.iter().map(|name| (*name, value(name))).collect();
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let sent = app.nobody().send(axum::http::Method::POST, "/api/v1/reports", &headers, body).await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text());
    assert!(sent.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    assert_eq!(pat.get("/manage/v1/reports").await.ok()["data"][0]["quarantined"], false);
    let first = pat.get("/manage/v1/reports").await.ok();
    assert_eq!(first["data"][0]["wrong"], "The porters are missing.");
}
