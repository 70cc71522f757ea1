//! Reviews: when they are needed, who approves, what has to be mended first.

use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{Office, changes, in_an_hour, states};
use crate::support::{
    TestApp,
    drafts::{COLLECTIONS, titled},
    id_of, pointers,
};

#[tokio::test]
async fn review_is_off_until_a_second_person_may_review() {
    for collection in COLLECTIONS {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        app.person("Eda", &[Role::Editor]).await;
        let first = pat.create(collection, &titled("First")).await;
        assert_eq!(states(&pat.step(&first, "publish", &json!({})).await.ok()), ("none", "live"));
        let second = pat.create(collection, &titled("Second")).await;
        let rita = app.person("Rita", &[Role::Reviewer]).await;
        let problem = pat.step(&second, "publish", &json!({})).await.problem(409);
        assert_eq!(problem["type"], "/problems/not-approved");
        let together = json!({ "documents": [{ "id": id_of(&second), "version": 1 }] });
        assert_eq!(pat.post("/manage/v1/publish", &together).await.problem(409)["type"], "/problems/not-approved");
        pat.step(&second, "submit", &json!({})).await.ok();
        rita.step(&second, "approve", &json!({})).await.ok();
        pat.step(&second, "publish", &json!({})).await.ok();
    }
}

#[tokio::test]
async fn the_review_of_each_kind_can_be_set() {
    let app = TestApp::new().await;
    let ada = app.administrator().await;
    let settings = json!({ "review_role_pages": "on", "review_requirement_sections": "off" });
    ada.set(&settings).await.ok();
    app.person("Rita", &[Role::Reviewer]).await;
    let page = ada.create("role-pages", &titled("Porter")).await;
    let section = ada.create("requirement-sections", &titled("Driving")).await;
    ada.step(&page, "publish", &json!({})).await.problem(409);
    ada.step(&section, "publish", &json!({})).await.ok();
}

#[tokio::test]
async fn every_save_leads_back_to_a_draft_and_voids_an_approval() {
    for collection in COLLECTIONS {
        let Office { app: _app, ada, rita, eda } = Office::open().await;
        let path = eda.create(collection, &titled("Version 1")).await;
        for (number, verdict) in [(2, None), (3, Some("request-changes")), (4, Some("approve"))] {
            eda.step(&path, "submit", &json!({})).await.ok();
            if let Some(verdict) = verdict {
                let body = if verdict == "approve" { json!({}) } else { json!({ "note": "Say more." }) };
                rita.step(&path, verdict, &body).await.ok();
            }
            let saved = eda.save(&path, &titled(&format!("Version {number}"))).await.ok();
            assert_eq!(states(&saved), ("draft", "never"));
            ada.step(&path, "publish", &json!({})).await.problem(409);
        }
        eda.step(&path, "submit", &json!({})).await.ok();
        rita.step(&path, "approve", &json!({})).await.ok();
        let shown = eda.get(&path).await.ok();
        let unchanged = eda.save(&path, &json!({ "content": shown["content"] })).await.ok();
        assert_eq!(states(&unchanged), ("approved", "never"), "a save that changes nothing voids nothing");
        eda.step(&path, "restore", &json!({ "version": 1 })).await.ok();
        ada.step(&path, "publish", &json!({})).await.problem(409);
    }
}

#[tokio::test]
async fn nobody_approves_what_they_saved_since_the_live_version() {
    for collection in COLLECTIONS {
        let Office { app, ada, rita, eda } = Office::open().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = rita.create(collection, &titled("Porter")).await;
        let saved = eda.save(&path, &titled("Hospital porter")).await.ok();
        let authors: Vec<&str> =
            saved["authors"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(authors, ["Rita", "Eda"]);
        eda.step(&path, "submit", &json!({})).await.ok();
        assert_eq!(rita.step(&path, "approve", &json!({})).await.problem(403)["type"], "/problems/own-work");
        rita.step(&path, "request-changes", &json!({ "note": "Say more." })).await.ok();
        eda.step(&path, "submit", &json!({})).await.ok();
        pat.step(&path, "approve", &json!({})).await.ok();
        pat.step(&path, "publish", &json!({})).await.ok();
        eda.save(&path, &titled("Night porter")).await.ok();
        eda.step(&path, "submit", &json!({})).await.ok();
        rita.step(&path, "approve", &json!({})).await.ok();
        ada.step(&path, "publish", &json!({})).await.ok();
    }
}

#[tokio::test]
async fn a_forced_publication_needs_permission_and_reason_and_is_reviewed_afterwards_by_somebody_else() {
    for collection in COLLECTIONS {
        let Office { app, ada, rita, eda } = Office::open().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = rita.create(collection, &titled("Porter")).await;
        let reason = json!({ "reason": "The number to ring was wrong.", "note": "Number corrected." });
        assert_eq!(pat.step(&path, "force-publish", &reason).await.problem(403)["permission"], "content:force-publish");
        assert_eq!(pointers(&ada.step(&path, "force-publish", &json!({})).await.problem(422)), ["/reason"]);
        let short = json!({ "reason": "urgent" });
        assert_eq!(pointers(&ada.step(&path, "force-publish", &short).await.problem(422)), ["/reason"]);
        let forced = ada.step(&path, "force-publish", &reason).await.ok();
        assert_eq!((states(&forced), &forced["retrospective_review"]), (("none", "live"), &json!(1)));
        assert_eq!(
            ada.step(&path, "approve", &json!({})).await.problem(403)["type"],
            "/problems/own-work",
            "who forced it"
        );
        assert_eq!(
            rita.step(&path, "approve", &json!({})).await.problem(403)["type"],
            "/problems/own-work",
            "who wrote it"
        );
        eda.step(&path, "approve", &json!({})).await.problem(403);
        let reviewed = pat.step(&path, "approve", &json!({})).await.ok();
        assert_eq!((states(&reviewed), &reviewed["retrospective_review"]), (("none", "live"), &Value::Null));
        pat.step(&path, "approve", &json!({})).await.problem(409);
        let public = changes(&app).await;
        assert_eq!(public.len(), 1);
        assert!(!public[0].to_string().contains("ring was wrong"), "the reason is not for the public");
    }
}

#[tokio::test]
async fn what_has_to_be_mended_is_named_with_its_field_by_publish_submit_and_schedule() {
    let faulty_section = json!({ "display": "accordion", "blocks": [{ "kind": "text", "markdown": "Words." }] });
    for (collection, content, expected) in [
        (
            "role-pages",
            json!({ "sections": [faulty_section], "facts": { "hours": { "minimum": 40, "maximum": 20 } } }),
            vec!["/content/facts/hours/maximum", "/content/sections/0/heading", "/content/title"],
        ),
        (
            "requirement-sections",
            json!({ "sections": [faulty_section], "requirements": { "kind": "group", "rule": "all_of", "items": [] } }),
            vec!["/content/requirements", "/content/sections/0/heading", "/content/title"],
        ),
    ] {
        let app = TestApp::new().await;
        let pat = app.person("Pat", &[Role::Publisher]).await;
        let path = pat.create(collection, &json!({ "content": content })).await;
        for (step, body) in [("publish", json!({})), ("submit", json!({})), ("schedule", in_an_hour())] {
            let problem = pat.step(&path, step, &body).await.problem(422);
            let mut found = pointers(&problem);
            found.sort();
            assert_eq!(found, expected, "{collection}: {step} {problem}");
        }
        let together = json!({ "documents": [{ "id": id_of(&path), "version": 1 }] });
        let mut found = pointers(&pat.post("/manage/v1/publish", &together).await.problem(422));
        found.sort();
        assert_eq!(found, expected, "{collection}: published together");
        assert_eq!(states(&pat.get(&path).await.ok()), ("draft", "never"));
    }
}
