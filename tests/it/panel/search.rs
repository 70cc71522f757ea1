//! One box for everything.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::json;

use crate::support::{TestApp, drafts::titled, id_of};

#[tokio::test]
async fn a_search_finds_documents_cases_images_and_people() {
    let app = TestApp::new().await;
    let pat = app.person("Pat Porter", &[Role::Publisher]).await;
    let page = pat.publish_new("role-pages", &titled("Porter")).await;
    let section = pat
        .create("requirement-sections", &json!({ "content": { "title": "Lifting", "summary": "For porters" } }))
        .await;
    let image = pat.upload("porter.png", 40, 30, "A porter").await;
    let report =
        json!({ "document": id_of(&page), "kind": "problem", "wrong": "The porter in the picture is a nurse." });
    app.nobody().post("/api/v1/reports", &report).await.ok();
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    let found = ada.page("/admin/search?q=porter").await;
    for part in [
        "Role pages (1)",
        "Requirement sections (1)",
        "Cases (1)",
        "Media (1)",
        "People (1)",
        "5 things found",
        &format!("/admin/role-pages/{}", id_of(&page)),
        &format!("/admin/requirement-sections/{}", id_of(&section)),
        &format!("/admin/media/{image}"),
        "pat.porter@rolebook.test",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    assert!(ada.page("/admin/search?q=%231").await.contains("Cases (1)"), "a case has a number");
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let found = eve.page("/admin/search?q=porter").await;
    assert!(found.contains("Cases (1)") && !found.contains("People") && !found.contains("rolebook.test"), "{found}");
    assert!(eve.page("/admin/search?q=nowhere+to+be+found").await.contains("0 things found"));
    let empty = eve.page("/admin/search").await;
    assert!(!empty.contains("found for"), "{empty}");
    for query in ["q=a&q=b", "q=%00", "page=2", &format!("q={}", "x".repeat(201))] {
        assert_eq!(eve.get(&format!("/admin/search?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}
