//! How a document begins in the panel: from nothing, an outline or a copy, below a page that was searched for.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::json;

use crate::support::{TestApp, drafts::titled, id_of};

const NEW: &str = "/admin/role-pages/new";

#[tokio::test]
async fn an_empty_draft_and_an_outline_lead_to_the_editor() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    assert!(bo.page(NEW).await.contains("Make the draft"));
    for (collection, template, sections) in
        [("role-pages", "blank", 0), ("role-pages", "outline", 6), ("requirement-sections", "outline", 0)]
    {
        let answer = bo.post(&format!("/admin/{collection}/new"), &[("title", "Porter"), ("template", template)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let id = id_of(answer.header("location"));
        assert_eq!(answer.header("location"), format!("/admin/{collection}/{id}"));
        let made = pat.get(&format!("/manage/v1/{collection}/{id}")).await.ok();
        assert_eq!((&made["content"]["title"], &made["draft_state"]), (&json!("Porter"), &json!("draft")));
        assert_eq!(made["content"]["sections"].as_array().unwrap().len(), sections, "{collection} {template}");
        assert_eq!(made["owner"]["name"], "Bo");
    }
}

#[tokio::test]
async fn a_search_redraws_the_form_and_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    let parent = id_of(&pat.create("role-pages", &titled("Nursing")).await);
    let typed = [("title", "Prison \"nurse\""), ("template", "blank"), ("parent_words", "nursing"), ("find", "parent")];
    let answer = bo.post(NEW, &typed).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = answer.text();
    assert!(page.contains("value=\"Prison &quot;nurse&quot;\"") && page.contains("value=\"nursing\""), "{page}");
    assert!(
        page.contains(&format!("name=\"parent\" value=\"{parent}\"")) && page.contains("Nursing (role page"),
        "{page}"
    );
    // Enter in the field to search means the search, not the draft.
    let entered = bo.post(NEW, &[("title", "Porter"), ("template", "blank"), ("parent_words", "nursing")]).await;
    assert_eq!(entered.status, StatusCode::OK);
    assert!(entered.text().contains(&parent));
    let nothing = bo.post(NEW, &[("title", "Porter"), ("template", "blank"), ("parent_words", "zzz")]).await.text();
    assert!(nothing.contains("No other page holds “zzz”"), "{nothing}");
    let made = bo
        .post(
            NEW,
            &[
                ("title", "Porter"),
                ("template", "blank"),
                ("parent_words", "nursing"),
                ("parent_found", "nursing"),
                ("parent", &parent),
            ],
        )
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let id = id_of(made.header("location"));
    assert_eq!(pat.get(&format!("/manage/v1/role-pages/{id}")).await.ok()["parent"], json!(parent));
    let page = bo.page(&format!("{NEW}?parent={parent}")).await;
    assert!(page.contains(&format!("value=\"{parent}\" checked")), "{page}");
}

#[tokio::test]
async fn a_copy_is_new_throughout() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Editor]).await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    let content = json!({ "language": "cy", "content": { "title": "Porter", "summary": "Carries.", "sections": [
        { "heading": "Day", "blocks": [{ "kind": "text", "markdown": "Early." },
            { "kind": "roles", "roles": [{ "title": "Night porter", "tasks": ["push"] }] }] }],
        "facts": { "skills": ["patience"] } } });
    let original = pat.create("role-pages", &content).await;
    let id = id_of(&original);
    let page = bo.page(&format!("{NEW}?like={id}")).await;
    assert!(page.contains("value=\"Porter (copy)\"") && page.contains(&format!("value=\"{id}\" checked")), "{page}");
    let answer = bo.post(NEW, &[("title", "Night porter"), ("template", "copy"), ("like", &id)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let copy = pat.get(&format!("/manage/v1/role-pages/{}", id_of(answer.header("location")))).await.ok();
    let original = pat.get(&original).await.ok();
    assert_eq!((&copy["content"]["title"], &copy["language"]), (&json!("Night porter"), &json!("cy")));
    assert_eq!(copy["content"]["summary"], "Carries.");
    let ids = |value: &serde_json::Value| {
        let text = value["content"].to_string();
        text.split("\"id\":\"").skip(1).map(|rest| rest[..36].to_owned()).collect::<Vec<_>>()
    };
    let (ours, theirs) = (ids(&copy), ids(&original));
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.len() >= 6 && ours.iter().all(|id| !theirs.contains(id)), "{ours:?} {theirs:?}");
}

#[tokio::test]
async fn what_is_missing_is_said_with_everything_typed_kept() {
    let app = TestApp::new().await;
    let mut bo = app.signed_in("Bo", &[Role::Editor]).await;
    let ghost = "00000000-0000-7000-8000-00000000ffff";
    for (fields, said) in [
        (vec![("title", " "), ("template", "blank")], "Give it a title."),
        (vec![("title", "Porter")], "Choose what it starts from."),
        (vec![("title", "Porter"), ("template", "copy")], "Find and choose what to copy."),
        (vec![("title", "Porter"), ("template", "copy"), ("like", ghost)], "It is not there any more."),
        (
            vec![("title", "Porter"), ("template", "blank"), ("parent", ghost)],
            "There is no such document to stand below.",
        ),
        (vec![("title", "Porter"), ("template", "blank"), ("parent", "x")], "An id (a UUID) was expected here."),
        (vec![("title", "Porter"), ("template", "blank"), ("extra", "x")], "There is no field"),
    ] {
        let answer = bo.post(NEW, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let page = answer.text();
        assert!(page.contains(said) && page.contains("<title>Error: New role page"), "{fields:?}: {page}");
        assert!(fields[0].1 == " " || page.contains("value=\"Porter\""), "{page}");
    }
    assert_eq!(bo.get(&format!("{NEW}?like={ghost}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bo.get(&format!("{NEW}?like=x")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(bo.get(&format!("{NEW}?q=x")).await.status, StatusCode::BAD_REQUEST);
}
