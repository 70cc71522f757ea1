//! The examples of the contract: what is written is accepted as it stands, what is answered has these keys in this order.
//! The files in `examples/` are part of the contract and are not changed with the program.

use axum::http::Method;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE, example},
    support::{TestApp, id_of},
};

const PUBLISHED: &str = include_str!("examples/published-role-page.json");
const CHANGES: &str = include_str!("examples/changes.json");
const PROBLEM: &str = include_str!("examples/problem.json");
const REPORT: &str = include_str!("examples/report.json");

/// Whether `answered` has the keys of `promised`, in that order, at every depth that both have. New keys may stand
/// between them. Lists are compared by their first items.
#[track_caller]
fn has_the_shape(answered: &Value, promised: &Value, at: &str) {
    match (answered, promised) {
        (Value::Object(answered), Value::Object(promised)) => {
            let mut rest = answered.keys();
            for (key, value) in promised {
                assert!(
                    rest.any(|other| other == key),
                    "{at}/{key} is missing or out of order in {:?}",
                    answered.keys()
                );
                has_the_shape(&answered[key], value, &format!("{at}/{key}"));
            }
        }
        (Value::Array(answered), Value::Array(promised)) => {
            if let (Some(answered), Some(promised)) = (answered.first(), promised.first()) {
                has_the_shape(answered, promised, &format!("{at}/0"));
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (answered, promised) => {
            let same = std::mem::discriminant(answered) == std::mem::discriminant(promised);
            assert!(same, "{at} is {answered} where {promised} was promised");
        }
    }
}

#[tokio::test]
async fn a_published_page_has_the_promised_keys_in_their_order() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let image = publisher.upload("technician.png", 1600, 1067, "A technician opens the case of a computer").await;
    let section = publisher
        .publish_new(
            "requirement-sections",
            &json!({ "slug": "digital-apprenticeship", "content": {
                "title": "Digital apprenticeship", "summary": "How to start as an apprentice.",
                "routes": [{
                    "kind": "apprenticeship",
                    "requirements": { "kind": "group", "rule": "at_least", "count": 1, "lead_in": "You'll usually need at least one of:", "items": [
                        { "kind": "requirement", "text": "4 GCSEs at grade 4", "category": "qualification", "necessity": "usually", "qualification": {
                            "name": "GCSE", "level": { "framework": "RQF", "level": "2" }, "grade": "4", "count_minimum": 4,
                            "subjects": ["English", "maths"] } },
                        { "kind": "requirement", "text": "a year of relevant work", "category": "experience", "necessity": "usually" },
                    ] },
                    "standards": [{ "reference": "ST0120", "title": "Digital support technician", "level": { "framework": "RQF", "level": "3" } }],
                    "links": [{ "text": "Find an apprenticeship", "url": "https://www.gov.uk/apply-apprenticeship" }],
                }],
                "skills": ["solving problems"],
            } }),
        )
        .await;
    let parent = publisher
        .publish_new("role-pages", &json!({ "slug": "ict", "content": { "title": "Information and communication technology", "summary": "An area." } }))
        .await;
    let other = publisher
        .publish_new("role-pages", &json!({ "slug": "network-manager", "parent": id_of(&parent), "content": { "title": "Network manager", "summary": "Runs networks." } }))
        .await;
    let page = publisher
        .publish_new(
            "role-pages",
            &json!({ "slug": "ict-support-technician", "parent": id_of(&parent), "content": {
                "title": "ICT support technician", "title_article": "an", "alternative_titles": ["IT technician"],
                "summary": "ICT support technicians set up and maintain the computers that a health service runs on.",
                "lead_image": { "media": image, "alt": "A technician opens the case of a computer" },
                "sections": [
                    { "heading": "Working life", "blocks": [
                        { "kind": "text", "markdown": "You will **set up** computers." },
                        { "kind": "image", "media": image, "decorative": true },
                    ] },
                    { "heading": "How to become one", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] },
                ],
                "related_roles": [id_of(&other)],
                "learn_more": [{ "text": "NHS Jobs", "url": "https://www.jobs.nhs.uk/" }],
                "facts": {
                    "occupation_codes": [{ "scheme": "uk-soc", "scheme_version": "2020", "code": "3132", "label": "IT user support technicians", "primary": true }],
                    "pay": { "kind": "range", "minimum": 24000, "maximum": 30000, "currency": "GBP", "period": "year", "as_of": "2026-04-01" },
                },
            } }),
        )
        .await;
    publisher.step(&page, "confirm", &json!({ "review_by": "2027-05-20" })).await.ok();
    let answered = app.nobody().get("/api/v1/role-pages/ict-support-technician").await.ok();
    let promised: Value = serde_json::from_str(PUBLISHED).unwrap();
    has_the_shape(&answered, &promised, "");
    let embedded = &answered["sections"][1]["blocks"][0]["requirement_section"];
    let route = &embedded["routes"][0];
    assert_eq!(route["plain"], promised["sections"][1]["blocks"][0]["requirement_section"]["routes"][0]["plain"]);
    assert_eq!(route["asks_for"], json!({ "RQF": "0" }));
    assert_eq!(answered["sections"][0]["blocks"][0]["text"], promised["sections"][0]["blocks"][0]["text"]);
    assert_eq!(answered["review_by"], "2027-05-20");
    assert_eq!(answered["last_reviewed_on"], "2026-11-22");
    let graph = app.nobody().get(answered["links"]["json_ld"].as_str().unwrap()).await;
    assert_eq!(graph.header("content-type"), "application/ld+json");
    let graph = graph.ok();
    let types: Vec<&Value> = graph["@graph"].as_array().unwrap().iter().map(|node| &node["@type"]).collect();
    assert_eq!(types, ["WebPage", "BreadcrumbList", "Occupation"]);
    assert_eq!(graph["@graph"][1]["itemListElement"][1]["item"], "https://site.example/ict/ict-support-technician");
    assert_eq!(graph["@graph"][2]["estimatedSalary"]["value"]["minValue"], 24000);
    let source = answered["lead_image"]["sources"][0]["src"].as_str().unwrap();
    let file = app.nobody().get(source).await;
    assert!(file.status.is_success() && file.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn the_changes_feed_and_problems_have_the_promised_keys_in_their_order() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let section = publisher
        .create(
            "requirement-sections",
            &json!({ "content": { "title": "Digital apprenticeship", "summary": "A way in." } }),
        )
        .await;
    publisher.step(&section, "publish", &json!({ "change": "major", "note": "Level corrected." })).await.ok();
    let target = publisher.publish_new("role-pages", &json!({ "content": { "title": "Network manager" } })).await;
    let old = publisher.publish_new("role-pages", &json!({ "content": { "title": "Old role" } })).await;
    publisher.step(&old, "unpublish", &json!({ "decision": "redirect", "redirect_to": id_of(&target) })).await.ok();
    let feed = app.nobody().get("/api/v1/changes").await.ok();
    let promised: Value = serde_json::from_str(CHANGES).unwrap();
    has_the_shape(&feed, &promised, "");
    let last = feed["data"].as_array().unwrap().last().unwrap().clone();
    has_the_shape(&last, &promised["data"][1], "/data/last");
    assert_eq!((&last["type"], &last["redirect_to"]), (&json!("unpublished"), &json!("/network-manager")));
    assert_eq!(last["affected"], json!([id_of(&old)]));

    let wrong = json!({ "content": { "title": "X", "titel": "Y", "sections": [{ "blocks": [{ "kind": "text" }, { "kind": "vidoe" }] }] } });
    let problem = publisher.post("/manage/v1/role-pages", &wrong).await.problem(422);
    let promised: Value = serde_json::from_str(PROBLEM).unwrap();
    has_the_shape(&problem, &promised, "");
    for fault in promised["errors"].as_array().unwrap() {
        assert!(problem["errors"].as_array().unwrap().contains(fault), "{fault} is missing in {problem}");
    }
    assert_eq!(problem["detail"], promised["detail"]);
    assert_eq!(problem["type"], promised["type"]);
    assert_eq!(problem["title"], promised["title"]);
}

#[tokio::test]
async fn the_example_report_is_accepted_and_what_is_personal_is_taken_out() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    let section = people.publish_new("requirement-sections", &example(REQUIREMENT_SECTION, &[])).await;
    people.publish_new("role-pages", &example(ROLE_PAGE, &[("entry-requirements-ict", &id_of(&section))])).await;
    let receipt = app.nobody().post("/api/v1/reports", &serde_json::from_str(REPORT).unwrap()).await;
    assert_eq!(receipt.status.as_u16(), 202, "{receipt:?}");
    let receipt = receipt.json();
    let keys: Vec<&String> = receipt.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["reference", "received_at", "receipt_url"]);
    let report = people.get(&format!("/manage/v1/reports/{}", receipt["reference"].as_str().unwrap())).await.ok();
    let text = report.to_string();
    assert!(text.contains("operators is the first line") && text.contains("[phone removed]"), "{text}");
    assert!(!text.contains("07700") && !text.contains("ana@example.org"), "{text}");
}

#[tokio::test]
async fn an_empty_text_is_no_id_no_choice_and_no_time_in_json() {
    let app = TestApp::new().await;
    let people = app.administrator().await;
    for (path, body, pointer) in [
        ("/manage/v1/api-keys", json!({ "name": "Site", "scopes": [], "owner": "" }), "/owner"),
        ("/manage/v1/api-keys", json!({ "name": "Site", "scopes": [], "expires_at": "" }), "/expires_at"),
        ("/api/v1/reports", json!({ "kind": "", "document": "x", "wrong": "It is wrong." }), "/kind"),
    ] {
        let problem = people.post(path, &body).await.problem(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(people.get("/manage/v1/api-keys").await.ok()["total"], 1, "only the caller has one");
    for body in [json!({}), json!({ "views": null })] {
        let answer = people.naming("*", Method::PUT, "/manage/v1/views", &body).await;
        let problem = answer.problem(422);
        assert_eq!(problem["errors"][0]["pointer"], "/views", "{problem}");
        assert_eq!(problem["errors"][0]["code"], "missing-field", "{problem}");
    }
}

#[tokio::test]
async fn a_narrowed_page_has_what_was_asked_for_and_a_misspelt_field_is_named() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    publisher.publish_new("role-pages", &json!({ "content": { "title": "Porter", "summary": "Moves things." } })).await;
    let public = app.nobody();
    let narrowed = public.get("/api/v1/role-pages/porter?fields=title,facts").await.ok();
    assert_eq!(narrowed.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "title", "facts"]);
    let problem = public.get("/api/v1/role-pages/porter?fields=titel").await.problem(400);
    assert_eq!(problem["errors"][0]["pointer"], "fields");
    let listed = public.get("/api/v1/role-pages?fields=facts").await.ok();
    assert!(listed["data"][0]["facts"].is_object() && listed["data"][0]["sections"].is_null());
    let problem = public.get("/api/v1/role-pages?draft=true").await.problem(400);
    assert_eq!(problem["errors"][0]["code"], "unknown-parameter");
}

#[tokio::test]
async fn lists_are_read_page_by_page_in_any_order_without_loss() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    for number in 0..7 {
        app.clock.advance(1_000 * (number % 3));
        publisher
            .publish_new("role-pages", &json!({ "content": { "title": format!("Role {}", (number * 5) % 7) } }))
            .await;
    }
    for (client, base) in [(app.nobody(), "/api/v1/role-pages"), (publisher.clone(), "/manage/v1/role-pages")] {
        for sort in ["title", "-title", "updated_at", "-updated_at"] {
            let mut next = Some(format!("{base}?sort={sort}&limit=2"));
            let mut seen = Vec::new();
            while let Some(address) = next {
                let page = client.get(&address).await.ok();
                assert_eq!(page["total"], 7);
                seen.extend(
                    page["data"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()),
                );
                next = page["next"].as_str().map(str::to_owned);
            }
            let mut distinct = seen.clone();
            distinct.sort();
            distinct.dedup();
            assert_eq!((seen.len(), distinct.len()), (7, 7), "{base} {sort} {seen:?}");
            if sort == "title" {
                assert_eq!(seen, distinct);
            }
        }
    }
    let first = app.nobody().get("/api/v1/role-pages?sort=title&limit=2").await.ok();
    let cursor = first["next"].as_str().unwrap().rsplit("cursor=").next().unwrap().to_owned();
    app.nobody().get(&format!("/api/v1/role-pages?sort=-title&cursor={cursor}")).await.problem(400);
}

#[tokio::test]
async fn answers_carry_validators_and_conditional_requests_are_answered_304() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let page = publisher.publish_new("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let public = app.nobody();
    for address in [
        "/api/v1/role-pages/porter",
        "/api/v1/role-pages",
        "/api/v1/content/porter",
        "/api/v1/paths",
        "/api/v1/openapi.json",
        "/api/docs",
        "/api/docs/delivery",
        "/api/docs/style.css",
    ] {
        let full = public.get(address).await;
        assert!(full.status.is_success(), "{address} {full:?}");
        for header in ["etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"] {
            full.header(header);
        }
        assert!(!full.header("etag").starts_with("W/"));
        let known = public.send(Method::GET, address, &[("if-none-match", full.header("etag"))], "").await;
        assert_eq!(known.status.as_u16(), 304, "{address}");
        assert!(known.body.is_empty() && known.header("etag") == full.header("etag"));
        let dated = public.send(Method::GET, address, &[("if-modified-since", full.header("last-modified"))], "").await;
        assert_eq!(dated.status.as_u16(), 304, "{address}");
        let head = public.send(Method::HEAD, address, &[], "").await;
        assert!(head.status.is_success() && head.body.is_empty() && head.header("etag") == full.header("etag"));
        assert_eq!(head.header("content-length"), full.body.len().to_string());
    }
    let before = public.get("/api/v1/role-pages/porter").await;
    app.clock.advance(60_000);
    publisher.save(&page, &json!({ "content": { "title": "Porter", "summary": "Moves things." } })).await.ok();
    let draft = public.get("/api/v1/role-pages/porter").await;
    assert_eq!(before.header("etag"), draft.header("etag"), "a draft changes nothing");
    publisher.step(&page, "publish", &json!({})).await.ok();
    let after = public.get("/api/v1/role-pages/porter").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.header("cache-control"), "public, max-age=60");
    publisher.save(&page, &json!({ "content": { "title": "Night porter" } })).await.ok();
    publisher.step(&page, "schedule", &json!({ "at": "2026-11-22T09:01:20Z" })).await.ok();
    let near = public.get("/api/v1/role-pages/porter").await;
    assert_eq!(near.header("cache-control"), "public, max-age=20", "shorter as a scheduled change nears");
}
