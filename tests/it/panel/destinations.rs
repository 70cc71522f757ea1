//! What a link in a text can lead to: by words, and one document with its sections.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn documents_are_found_by_words_and_their_sections_by_id() {
    let app = TestApp::new().await;
    let program = app.person("Paula", &[Role::Editor]).await;
    let porter = json!({ "slug": "porter", "content": { "title": "Porter", "sections": [
        { "heading": "Working life", "blocks": [] }, { "blocks": [] }, { "heading": "  ", "blocks": [] } ] } });
    let porter = program.post("/manage/v1/role-pages", &porter).await.json();
    let needs = json!({ "slug": "needs", "content": { "title": "What porters need" } });
    program.post("/manage/v1/requirement-sections", &needs).await;
    let mut triager = app.signed_in("Tessa Triage", &[Role::Triager]).await;

    let found: Value = triager.get("/admin/destinations?q=porter").await.json();
    let titles: Vec<&str> =
        found["documents"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Porter", "What porters need"]);
    assert_eq!(found["documents"][0]["about"], "Role page, Never published");
    assert_eq!(triager.get("/admin/destinations?q=zeppelin").await.json(), json!({ "documents": [] }));

    let id = porter["id"].as_str().unwrap();
    let one: Value = triager.get(&format!("/admin/destinations?id={id}")).await.json();
    let section = &porter["content"]["sections"][0];
    let expected = json!([{ "id": section["id"], "heading": "Working life" }]);
    assert_eq!(one["documents"], json!([{ "id": id, "title": "Porter", "sections": expected }]));

    let unknown = "/admin/destinations?id=01890000-0000-7000-8000-000000000000";
    assert_eq!(triager.get(unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(triager.get("/admin/destinations?words=x").await.status, StatusCode::BAD_REQUEST);
    let long = format!("/admin/destinations?q={}", "x".repeat(201));
    assert_eq!(triager.get(&long).await.status, StatusCode::BAD_REQUEST);
}
