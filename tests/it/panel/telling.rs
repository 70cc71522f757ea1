//! Saying in public what was changed: with the answer, later, in other words, and no longer.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::json;

use super::feedback::{Site, below};
use crate::support::id_of;

const FEED: &str = "/api/v1/role-pages/porter/what-changed";
const FIELD: &str = "What was changed, for visitors (optional)";

async fn told(site: &Site) -> Vec<String> {
    let feed = site.app.nobody().get(FEED).await.ok();
    feed["data"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_sentence_is_written_with_the_answer_changed_and_taken_back() {
    let mut site = Site::new().await;
    let case = site.report("It says porters moves beds").await;
    site.rewrite("Porters move beds.", &[]).await;
    let resolve = below(&case, "resolve");
    assert!(!site.tia.page(&resolve).await.contains(FIELD), "a site that does not tell");
    let mut ada = site.app.signed_in("Vi", &[Role::Administrator]).await;
    assert!(ada.page("/admin/settings").await.contains("Say in public what was changed because of reports"));
    site.app.administrator().await.set(&json!({ "tell_fixes": true })).await.ok();
    assert!(site.tia.page(&resolve).await.contains(FIELD));

    let (version, page) = (site.version(&case).await, id_of(&site.page));
    let mut fields = vec![
        ("version", version.as_str()),
        ("resolution", "fixed"),
        ("fixed_document", &page),
        ("fixed_in", "2"),
        ("what_changed", "Thanks to jo@example.org."),
    ];
    let refused = site.tia.post(&resolve, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("there seems to be personal data in it: email"), "{}", refused.text());
    fields[4].1 = "We mended the grammar.";
    site.tia.submit(&resolve, &fields).await;
    assert_eq!(told(&site).await, ["We mended the grammar."]);
    let shown = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(shown.contains("We mended the grammar.") && shown.contains("said in public what was changed"), "{shown}");
    assert!(shown.contains("Change what is said in public…"), "{shown}");

    let way = below(&case, "what-changed");
    assert!(site.tia.page(&way).await.contains("We mended the grammar."));
    let version = site.version(&case).await;
    let empty = site.tia.post(&way, &[("version", &version), ("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.tia.submit(&way, &[("version", &version), ("text", "The first paragraph reads better.")]).await;
    assert_eq!(told(&site).await, ["The first paragraph reads better."]);
    site.tia.submit(&way, &[("version", &version), ("text", "From an old page.")]).await;
    assert_eq!(told(&site).await, ["The first paragraph reads better."], "somebody was quicker");
    let version = site.version(&case).await;
    site.tia.submit(&way, &[("version", &version), ("take_back", "true")]).await;
    assert!(told(&site).await.is_empty());
    let shown = site.tia.page(&format!("/admin/cases/{case}")).await;
    assert!(
        shown.contains("took back what was said in public") && shown.contains("Say in public what was changed…"),
        "{shown}"
    );
}

#[tokio::test]
async fn of_a_case_that_is_not_fixed_nothing_can_be_said() {
    let mut site = Site::new().await;
    site.app.administrator().await.set(&json!({ "tell_fixes": true })).await.ok();
    let case = site.report("It says porters moves beds").await;
    let page = site.tia.get(&below(&case, "what-changed")).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("cases that are resolved as fixed"), "{}", page.text());
    assert!(!site.tia.page(&format!("/admin/cases/{case}")).await.contains("Say in public"));
}
