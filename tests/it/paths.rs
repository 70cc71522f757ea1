//! Addresses: slugs, the page tree, what moves with what, and what becomes of old paths.

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::support::{
    Client, TestApp,
    drafts::{COLLECTIONS, below, embedding, titled},
    id_of, pointers,
};

/// A site with somebody who publishes, where review is off.
async fn site() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    (app, pat)
}

/// What an address answers: the id of the document there, `-> ` where it leads, or the status.
async fn at(app: &TestApp, path: &str) -> String {
    let answer = app.nobody().get(&format!("/api/v1/content{path}")).await;
    match answer.status {
        StatusCode::OK => answer.json()["id"].as_str().unwrap().to_owned(),
        StatusCode::MOVED_PERMANENTLY => {
            let location = answer.json()["location"].as_str().unwrap().to_owned();
            let header = answer.header("location");
            assert!(header == location || header == format!("/api/v1/content{location}"), "{answer:?}");
            format!("-> {location}")
        }
        status => {
            answer.problem(status.as_u16());
            status.as_u16().to_string()
        }
    }
}

/// Publishes a chain of pages, each below the one before.
async fn chain(pat: &Client, titles: &[&str]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for title in titles {
        let body = match paths.last() {
            Some(parent) => below(title, &id_of(parent)),
            None => titled(title),
        };
        paths.push(pat.publish_new("role-pages", &body).await);
    }
    paths
}

/// Saves another slug or parent, and publishes it.
async fn relocate(pat: &Client, path: &str, change: &Value) -> Value {
    let shown = pat.get(path).await.ok();
    let mut body = change.clone();
    body["content"] = shown["content"].clone();
    pat.save(path, &body).await.ok();
    pat.step(path, "publish", &json!({})).await.ok()
}

async fn publish_together(pat: &Client, paths: &[&String]) -> crate::support::Answer {
    let mut documents = Vec::new();
    for path in paths {
        let version = pat.get(path).await.ok()["version"].clone();
        documents.push(json!({ "id": id_of(path), "version": version }));
    }
    pat.post("/manage/v1/publish", &json!({ "documents": documents })).await
}

#[tokio::test]
async fn a_slug_is_made_from_the_title_and_stays_when_the_title_changes() {
    let (_app, pat) = site().await;
    for collection in COLLECTIONS {
        let first = pat.create(collection, &titled("Children’s nurse (café)")).await;
        let second = pat.create(collection, &titled("Children's Nurse — Café")).await;
        assert_eq!(pat.get(&first).await.ok()["slug"], "childrens-nurse-cafe");
        assert_eq!(pat.get(&second).await.ok()["slug"], "childrens-nurse-cafe-2");
        let saved = pat.save(&first, &titled("Paediatric nurse")).await.ok();
        assert_eq!(saved["slug"], "childrens-nurse-cafe");
    }
}

#[tokio::test]
async fn a_slug_that_is_none_is_refused_by_name() {
    let (_app, pat) = site().await;
    for slug in ["Nurse", "a--b", "-a", "a-", "a/b", "a b", "é", &"a".repeat(101)] {
        let problem =
            pat.post("/manage/v1/role-pages", &json!({ "slug": slug, "content": { "title": "Nurse" } })).await;
        assert!(pointers(&problem.problem(422)).iter().all(|pointer| pointer == "/slug"), "{slug}");
    }
}

#[tokio::test]
async fn slugs_and_paths_are_unique_among_live_documents_only() {
    let (app, pat) = site().await;
    let nurse = json!({ "slug": "nurse", "content": { "title": "Nurse" } });
    let first = pat.publish_new("role-pages", &nurse).await;
    let second = pat.create("role-pages", &nurse).await;
    assert_eq!(pat.step(&second, "publish", &json!({})).await.problem(409)["type"], "/problems/slug-taken");
    let third = pat.create("requirement-sections", &nurse).await;
    assert_eq!(pat.step(&third, "publish", &json!({})).await.problem(409)["type"], "/problems/path-taken");
    let parent = pat.publish_new("role-pages", &titled("Parent")).await;
    let slug_elsewhere = json!({ "slug": "nurse", "parent": id_of(&parent), "content": { "title": "Nurse" } });
    let fourth = pat.publish_new("requirement-sections", &slug_elsewhere).await;
    assert_eq!(at(&app, "/parent/nurse").await, id_of(&fourth));
    pat.step(&first, "unpublish", &json!({ "decision": "gone" })).await.ok();
    pat.step(&second, "publish", &json!({})).await.ok();
    assert_eq!(at(&app, "/nurse").await, id_of(&second));
    assert_eq!(pat.step(&first, "publish", &json!({})).await.problem(409)["type"], "/problems/slug-taken");
}

#[tokio::test]
async fn a_document_lives_below_its_parent_and_shows_the_way_there() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Health", "Technology", "Support"]).await;
    let shown = app.nobody().get("/api/v1/content/health/technology/support").await.ok();
    assert_eq!(shown["path"], "/health/technology/support");
    let crumbs: Vec<&str> =
        shown["breadcrumbs"].as_array().unwrap().iter().map(|card| card["path"].as_str().unwrap()).collect();
    assert_eq!(crumbs, ["/health", "/health/technology"]);
    assert_eq!(pat.get(&paths[2]).await.ok()["path"], "/health/technology/support");
    let listed = app.nobody().get(&format!("/api/v1/role-pages?parent={}", id_of(&paths[0]))).await.ok();
    assert_eq!((&listed["total"], &listed["data"][0]["slug"]), (&json!(1), &json!("technology")));
    let draft = pat.create("role-pages", &below("Draft", &id_of(&paths[2]))).await;
    let low = pat.create("role-pages", &below("Low", &id_of(&draft))).await;
    assert_eq!(pat.get(&low).await.ok()["path"], "/health/technology/support/draft/low", "where it would live");
    assert_eq!(pat.step(&low, "publish", &json!({})).await.problem(409)["type"], "/problems/parent-not-live");
    publish_together(&pat, &[&low, &draft]).await.ok();
    assert_eq!(at(&app, "/health/technology/support/draft/low").await, id_of(&low));
}

#[tokio::test]
async fn paths_are_found_in_their_one_way_of_writing() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Health", "Technology"]).await;
    assert_eq!(at(&app, "/health/technology").await, id_of(&paths[1]));
    assert_eq!(at(&app, "/Health/TECHNOLOGY").await, "-> /health/technology");
    assert_eq!(at(&app, "/health/technology/").await, "-> /health/technology");
    assert_eq!(at(&app, "/technology").await, "404");
    assert_eq!(at(&app, "/health/technology/x").await, "404");
}

#[tokio::test]
async fn nothing_stands_below_itself() {
    let (_app, pat) = site().await;
    let paths = chain(&pat, &["One", "Two", "Three"]).await;
    for parent in &paths {
        let problem = pat.save(&paths[0], &below("One", &id_of(parent))).await.problem(422);
        assert_eq!(
            (pointers(&problem), &problem["errors"][0]["code"]),
            (vec!["/parent".to_owned()], &json!("parent-cycle"))
        );
    }
    let nowhere = below("Four", "0199a1c2-0000-7000-8000-000000000001");
    let problem = pat.post("/manage/v1/role-pages", &nowhere).await.problem(422);
    assert_eq!(
        (pointers(&problem), &problem["errors"][0]["code"]),
        (vec!["/parent".to_owned()], &json!("reference-missing"))
    );
}

#[tokio::test]
async fn live_documents_never_stand_below_one_another_in_a_circle() {
    let (app, pat) = site().await;
    let one = pat.publish_new("role-pages", &titled("One")).await;
    let two = pat.publish_new("role-pages", &titled("Two")).await;
    // Two goes below one in a draft that is given up on the newest line, but scheduled before.
    pat.save(&two, &below("Two", &id_of(&one))).await.ok();
    pat.step(&two, "schedule", &json!({ "at": "2026-11-22T10:00:00Z" })).await.ok();
    pat.save(&two, &json!({ "parent": null, "content": { "title": "Two" } })).await.ok();
    pat.save(&one, &below("One", &id_of(&two))).await.ok();
    pat.step(&one, "publish", &json!({})).await.ok();
    assert_eq!(at(&app, "/two/one").await, id_of(&one));
    app.clock.advance(Timestamp::HOUR);
    app.follow().await;
    assert_eq!(at(&app, "/two").await, id_of(&two));
    assert_eq!(at(&app, "/two/one").await, id_of(&one));
    let failed = pat.get(&two).await.ok();
    assert_eq!((&failed["schedule"], &failed["failure"][0]["code"]), (&Value::Null, &json!("too-deep")));
}

#[tokio::test]
async fn the_tree_is_six_levels_deep_and_no_deeper() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["A", "B", "C", "D", "E", "F"]).await;
    assert_eq!(at(&app, "/a/b/c/d/e/f").await, id_of(&paths[5]));
    let problem = pat.post("/manage/v1/role-pages", &below("G", &id_of(&paths[5]))).await.problem(422);
    assert_eq!((pointers(&problem), &problem["errors"][0]["code"]), (vec!["/parent".to_owned()], &json!("too-deep")));
    let top = pat.publish_new("role-pages", &titled("Top")).await;
    pat.save(&paths[0], &below("A", &id_of(&top))).await.ok();
    let problem = pat.step(&paths[0], "publish", &json!({})).await.problem(409);
    assert_eq!(problem["type"], "/problems/too-deep", "what stands below would stand too deep");
    assert_eq!(at(&app, "/a/b/c/d/e/f").await, id_of(&paths[5]));
}

#[tokio::test]
async fn a_page_that_moves_takes_everything_below_with_it_and_old_paths_lead_there() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Health", "Technology", "Support"]).await;
    let beside = pat.publish_new("requirement-sections", &below("Driving", &id_of(&paths[1]))).await;
    let draft = pat.create("role-pages", &below("Draft", &id_of(&paths[1]))).await;
    relocate(&pat, &paths[1], &json!({ "slug": "digital" })).await;
    for (path, id) in [("/digital", &paths[1]), ("/digital/support", &paths[2]), ("/digital/driving", &beside)] {
        assert_eq!(at(&app, &format!("/health{path}")).await, id_of(id));
        assert_eq!(
            at(&app, &format!("/health{}", path.replace("digital", "technology"))).await,
            format!("-> /health{path}")
        );
    }
    assert_eq!(app.nobody().get("/api/v1/role-pages/support").await.ok()["path"], "/health/digital/support");
    assert_eq!(pat.get(&draft).await.ok()["path"], "/health/digital/draft");

    // Twice more; every old path leads to the present one at once.
    relocate(&pat, &paths[1], &json!({ "parent": null })).await;
    relocate(&pat, &paths[0], &json!({ "slug": "care" })).await;
    for old in ["/health/technology/support", "/health/digital/support"] {
        assert_eq!(at(&app, old).await, "-> /digital/support");
    }
    assert_eq!(at(&app, "/health").await, "-> /care");
    assert_eq!(at(&app, "/care/digital").await, "404");

    // And back: a path that was old is live again.
    relocate(&pat, &paths[0], &json!({ "slug": "health" })).await;
    relocate(&pat, &paths[1], &json!({ "parent": id_of(&paths[0]), "slug": "technology" })).await;
    assert_eq!(at(&app, "/health/technology/support").await, id_of(&paths[2]));
    for old in ["/health/digital/support", "/digital/support"] {
        assert_eq!(at(&app, old).await, "-> /health/technology/support");
    }
    let moves: Vec<Value> = app.nobody().get("/api/v1/changes").await.ok()["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["document"]["id"] == id_of(&paths[2]) && change["type"] == "moved")
        .map(|change| json!([change["from"], change["to"]]))
        .collect();
    assert_eq!(
        moves,
        [
            json!(["/health/technology/support", "/health/digital/support"]),
            json!(["/health/digital/support", "/digital/support"]),
            json!(["/digital/support", "/health/technology/support"]),
        ]
    );
}

#[tokio::test]
async fn a_live_claim_on_a_path_beats_an_old_one() {
    let (app, pat) = site().await;
    let old = pat.publish_new("role-pages", &titled("Nurse")).await;
    relocate(&pat, &old, &json!({ "slug": "midwife" })).await;
    assert_eq!(at(&app, "/nurse").await, "-> /midwife");
    let new = pat.publish_new("role-pages", &titled("Nurse")).await;
    assert_eq!(at(&app, "/nurse").await, id_of(&new));
    relocate(&pat, &new, &json!({ "slug": "staff-nurse" })).await;
    assert_eq!(at(&app, "/nurse").await, "-> /staff-nurse", "the last who lived there");
    pat.step(&new, "unpublish", &json!({ "decision": "gone" })).await.ok();
    assert_eq!(at(&app, "/nurse").await, "410");
}

#[tokio::test]
async fn two_documents_swap_their_paths_by_being_published_together() {
    let (app, pat) = site().await;
    let first = pat.publish_new("role-pages", &titled("First")).await;
    let second = pat.publish_new("role-pages", &titled("Second")).await;
    let child = pat.publish_new("role-pages", &below("Child", &id_of(&first))).await;
    pat.save(&first, &json!({ "slug": "second", "content": { "title": "First" } })).await.ok();
    pat.save(&second, &json!({ "slug": "first", "content": { "title": "Second" } })).await.ok();
    assert_eq!(pat.step(&first, "publish", &json!({})).await.problem(409)["type"], "/problems/slug-taken");
    publish_together(&pat, &[&first, &second]).await.ok();
    assert_eq!(at(&app, "/second").await, id_of(&first));
    assert_eq!(at(&app, "/first").await, id_of(&second));
    assert_eq!(at(&app, "/second/child").await, id_of(&child));
    assert_eq!(at(&app, "/first/child").await, "-> /second/child");
    assert_eq!(app.nobody().get("/api/v1/role-pages/first").await.ok()["id"], id_of(&second));
}

#[tokio::test]
async fn parent_and_child_swap_their_places_by_being_published_together() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Upper", "Lower", "Below"]).await;
    pat.save(&paths[1], &json!({ "parent": null, "content": { "title": "Lower" } })).await.ok();
    pat.step(&paths[1], "publish", &json!({})).await.ok();
    assert_eq!(at(&app, "/lower/below").await, id_of(&paths[2]));
    pat.save(&paths[0], &below("Upper", &id_of(&paths[1]))).await.ok();
    pat.step(&paths[0], "publish", &json!({})).await.ok();
    for (path, expected) in [
        ("/lower", id_of(&paths[1])),
        ("/lower/upper", id_of(&paths[0])),
        ("/upper", "-> /lower/upper".to_owned()),
        ("/upper/lower", "-> /lower".to_owned()),
        ("/upper/lower/below", "-> /lower/below".to_owned()),
    ] {
        assert_eq!(at(&app, path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_gone_says_why_and_what_stands_nearby() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Technology", "Operator"]).await;
    let near = pat.publish_new("role-pages", &below("Analyst", &id_of(&paths[0]))).await;
    pat.create("role-pages", &below("A draft", &id_of(&paths[0]))).await;
    let withdrawn = pat.publish_new("role-pages", &below("Withdrawn", &id_of(&paths[0]))).await;
    pat.step(&withdrawn, "withdraw", &json!({ "explanation": "Wrong." })).await.ok();
    pat.step(&paths[1], "unpublish", &json!({ "decision": "gone", "explanation": "Nobody does this any more." }))
        .await
        .ok();
    let gone = app.nobody().get("/api/v1/content/technology/operator").await;
    let problem = gone.problem(410);
    assert_eq!(
        (&problem["explanation"], &problem["detail"]),
        (&problem["detail"], &json!("Nobody does this any more."))
    );
    let suggested: Vec<&Value> = problem["suggestions"].as_array().unwrap().iter().map(|card| &card["id"]).collect();
    assert_eq!(suggested, [&json!(id_of(&paths[0])), &json!(id_of(&near))]);
    assert_eq!(problem["suggestions"][1]["path"], "/technology/analyst");
}

#[tokio::test]
async fn a_hidden_page_looks_as_if_it_had_never_been_there() {
    let (app, pat) = site().await;
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "off" })).await.ok();
    let path = pat.publish_new("role-pages", &titled("Secret")).await;
    relocate(&pat, &path, &json!({ "slug": "hidden" })).await;
    pat.step(&path, "unpublish", &json!({ "decision": "hidden", "explanation": "A mistake." })).await.ok();
    let never = app.nobody().get("/api/v1/content/never").await.problem(404);
    for address in ["/secret", "/hidden"] {
        let mut problem = app.nobody().get(&format!("/api/v1/content{address}")).await.problem(404);
        problem["instance"] = never["instance"].clone();
        problem["detail"] = json!(problem["detail"].as_str().unwrap().replace(address, "/never"));
        assert_eq!(problem, never);
    }
    assert_eq!(app.nobody().get("/api/v1/paths").await.ok()["total"], 0);
    ada.step(&path, "trash", &json!({})).await.ok();
    ada.step(&path, "purge", &json!({})).await;
    for address in ["/secret", "/hidden"] {
        assert_eq!(at(&app, address).await, "404", "purging brings nothing to light");
    }
    assert_eq!(app.nobody().get("/api/v1/paths").await.ok()["total"], 0);
}

#[tokio::test]
async fn a_redirect_follows_its_target_wherever_that_goes() {
    let (app, pat) = site().await;
    let mut paths = Vec::new();
    for title in ["One", "Two", "Three"] {
        paths.push(pat.publish_new("role-pages", &titled(title)).await);
    }
    let to = |path: &str| json!({ "decision": "redirect", "redirect_to": id_of(path), "explanation": "Merged." });
    pat.step(&paths[0], "unpublish", &to(&paths[1])).await.ok();
    relocate(&pat, &paths[1], &json!({ "slug": "zwei" })).await;
    assert_eq!(at(&app, "/one").await, "-> /zwei");
    pat.step(&paths[1], "unpublish", &to(&paths[2])).await.ok();
    for old in ["/one", "/two", "/zwei"] {
        assert_eq!(at(&app, old).await, "-> /three", "{old}: without a chain");
    }
    pat.step(&paths[2], "unpublish", &json!({ "decision": "gone" })).await.ok();
    for old in ["/one", "/two", "/zwei", "/three"] {
        assert_eq!(at(&app, old).await, "410", "{old}");
    }
    let listed = app.nobody().get("/api/v1/paths").await.ok();
    assert!(listed["data"].as_array().unwrap().iter().all(|path| path["type"] == "gone"), "{listed}");
    pat.step(&paths[0], "publish", &json!({})).await.ok();
    assert_eq!(at(&app, "/one").await, id_of(&paths[0]));
    let elsewhere = json!({ "decision": "redirect", "redirect_to": "https://example.org/one" });
    pat.step(&paths[0], "unpublish", &elsewhere).await.ok();
    assert_eq!(at(&app, "/one").await, "-> https://example.org/one");
}

#[tokio::test]
async fn what_comes_back_lives_where_it_lived_or_where_its_parent_lives_now() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Health", "Porter"]).await;
    for decision in [
        json!({ "decision": "gone" }),
        json!({ "decision": "hidden" }),
        json!({ "decision": "redirect", "redirect_to": "/health" }),
    ] {
        pat.step(&paths[1], "unpublish", &decision).await.ok();
        pat.step(&paths[1], "publish", &json!({})).await.ok();
        assert_eq!(at(&app, "/health/porter").await, id_of(&paths[1]));
    }
    pat.step(&paths[1], "unpublish", &json!({ "decision": "gone" })).await.ok();
    relocate(&pat, &paths[0], &json!({ "slug": "care" })).await;
    assert_eq!(at(&app, "/health/porter").await, "410");
    pat.step(&paths[1], "publish", &json!({})).await.ok();
    assert_eq!(at(&app, "/care/porter").await, id_of(&paths[1]));
    assert_eq!(at(&app, "/health/porter").await, "-> /care/porter");
    let public = app.nobody().get("/api/v1/role-pages/porter").await.ok();
    assert_eq!(public["first_published_at"], "2026-11-22T09:00:00Z");
}

#[tokio::test]
async fn all_paths_are_listed_with_what_they_answer() {
    let (app, pat) = site().await;
    let paths = chain(&pat, &["Health", "Porter"]).await;
    let section = pat.publish_new("requirement-sections", &titled("Driving")).await;
    let page = pat.publish_new("role-pages", &embedding("Driver", &[&id_of(&section)])).await;
    relocate(&pat, &paths[0], &json!({ "slug": "care" })).await;
    pat.step(&section, "withdraw", &json!({ "explanation": "Wrong." })).await.ok();
    pat.step(&page, "unpublish", &json!({ "decision": "gone" })).await.ok();
    pat.post("/manage/v1/redirects", &json!({ "path": "/jobs", "target": "https://example.org/" })).await.ok();
    let listed = app.nobody().get("/api/v1/paths").await;
    let rows: Vec<Value> = listed.ok()["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["path"], row["type"], row["document"], row["kind"], row["location"]]))
        .collect();
    assert_eq!(
        rows,
        [
            json!(["/care", "live", id_of(&paths[0]), "role-page", null]),
            json!(["/care/porter", "live", id_of(&paths[1]), "role-page", null]),
            json!(["/driver", "gone", null, null, null]),
            json!(["/driving", "withdrawn", id_of(&section), "requirement-section", null]),
            json!(["/health", "redirect", null, null, "/care"]),
            json!(["/health/porter", "redirect", null, null, "/care/porter"]),
            json!(["/jobs", "redirect", null, null, "https://example.org/"]),
        ]
    );
    let mut found = Vec::new();
    let mut next = Some("/api/v1/paths?limit=3".to_owned());
    while let Some(address) = next {
        let answer = app.nobody().get(&address).await.ok();
        assert_eq!(answer["total"], rows.len());
        found.extend(answer["data"].as_array().unwrap().clone());
        next = answer["next"].as_str().map(str::to_owned);
    }
    assert_eq!(json!(found), listed.json()["data"], "the same in pages");
    for row in &found {
        let path = row["path"].as_str().unwrap();
        let expected = match row["type"].as_str().unwrap() {
            "live" | "withdrawn" => row["document"].as_str().unwrap().to_owned(),
            "redirect" => format!("-> {}", row["location"].as_str().unwrap()),
            _ => "410".to_owned(),
        };
        assert_eq!(at(&app, path).await, expected, "{path} answers as it is listed");
    }
    let again = app.nobody().send(Method::GET, "/api/v1/paths", &[("if-none-match", listed.header("etag"))], "").await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn redirects_made_by_hand_lead_anywhere_but_in_circles() {
    let (app, pat) = site().await;
    let eda = app.person("Eda", &[Role::Editor]).await;
    let page = pat.publish_new("role-pages", &titled("Porter")).await;
    let redirect = |path: &str, target: &str| json!({ "path": path, "target": target });
    eda.post("/manage/v1/redirects", &redirect("/old", "/porter")).await.problem(403);
    for (path, target, pointer) in [
        ("old", "/porter", "/path"),
        ("/Old", "/porter", "/path"),
        ("/old/", "/porter", "/path"),
        ("//old", "/porter", "/path"),
        ("/old?a=b", "/porter", "/path"),
        ("/old", "porter", "/target"),
        ("/old", "javascript:alert(1)", "/target"),
        ("/old", "//example.org", "/target"),
        ("/old", "/old", "/target"),
    ] {
        let problem = pat.post("/manage/v1/redirects", &redirect(path, target)).await.problem(422);
        assert_eq!(pointers(&problem), [pointer], "{path} {target}");
    }
    let made = pat.post("/manage/v1/redirects", &redirect("/old", "/porter")).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(at(&app, "/old").await, "-> /porter");
    assert_eq!(
        pat.post("/manage/v1/redirects", &redirect("/porter", "/x")).await.problem(409)["type"],
        "/problems/path-taken"
    );
    assert_eq!(
        pat.post("/manage/v1/redirects", &redirect("/old", "/x")).await.problem(409)["type"],
        "/problems/already-taken"
    );
    pat.post("/manage/v1/redirects", &redirect("/older", "/old")).await.ok();
    pat.post("/manage/v1/redirects", &redirect("/porter-2", "/older")).await.ok();
    let first = pat.post("/manage/v1/redirects", &redirect("/a", "/b")).await.ok();
    let circle = pat.post("/manage/v1/redirects", &redirect("/b", "/a")).await.problem(422);
    assert_eq!(pointers(&circle), ["/target"]);
    let old = pat.publish_new("role-pages", &titled("Old")).await;
    assert_eq!(at(&app, "/old").await, id_of(&old), "a live document beats it");
    pat.step(&old, "unpublish", &json!({ "decision": "gone" })).await.ok();
    assert_eq!(at(&app, "/old").await, "-> /porter");
    let listed = eda.get("/manage/v1/redirects").await.ok();
    assert_eq!(listed["total"], 4);
    let address = format!("/manage/v1/redirects/{}", first["id"].as_str().unwrap());
    let seen = pat.get(&address).await;
    assert_eq!(seen.ok(), first);
    let removed = pat.naming(seen.header("etag"), Method::DELETE, &address, &Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    pat.naming(seen.header("etag"), Method::DELETE, &address, &Value::Null).await.problem(404);
    assert_eq!(at(&app, "/a").await, "404");
    assert_eq!(at(&app, "/porter").await, id_of(&page));
}

#[tokio::test]
async fn redirects_made_by_hand_do_not_make_chains() {
    let (app, pat) = site().await;
    let page = pat.publish_new("role-pages", &titled("Porter")).await;
    for (path, target) in [("/old", "/porter"), ("/older", "/old")] {
        pat.post("/manage/v1/redirects", &json!({ "path": path, "target": target })).await.ok();
    }
    relocate(&pat, &page, &json!({ "slug": "hospital-porter" })).await;
    for path in ["/porter", "/old", "/older"] {
        assert_eq!(at(&app, path).await, "-> /hospital-porter", "{path}");
    }
    pat.step(&page, "unpublish", &json!({ "decision": "gone" })).await.ok();
    assert_eq!(at(&app, "/porter").await, "410");
}

#[tokio::test]
async fn a_redirect_outlives_the_page_that_left_with_it() {
    let (app, pat) = site().await;
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "off" })).await.ok();
    let leave = async |path: &str, to: &str| {
        pat.step(path, "unpublish", &json!({ "decision": "redirect", "redirect_to": to })).await.ok();
    };
    let purge = async |path: &str| {
        ada.step(path, "trash", &json!({})).await.ok();
        assert_eq!(ada.step(path, "purge", &json!({})).await.status, StatusCode::NO_CONTENT);
    };
    let target = pat.publish_new("role-pages", &titled("Porter")).await;
    let middle = pat.publish_new("role-pages", &titled("Middle")).await;
    let first = pat.publish_new("role-pages", &titled("First")).await;
    let abroad = pat.publish_new("role-pages", &titled("Abroad")).await;
    relocate(&pat, &first, &json!({ "slug": "second" })).await;
    leave(&first, &id_of(&middle)).await;
    leave(&middle, "/porter").await;
    leave(&abroad, "https://example.org/jobs").await;
    let expected = [
        ("/first", "-> /porter"),
        ("/second", "-> /porter"),
        ("/middle", "-> /porter"),
        ("/abroad", "-> https://example.org/jobs"),
    ];
    let listed = app.nobody().get("/api/v1/paths").await.ok();
    // The page in the middle goes first: what led to it leads on.
    for purged in [None, Some(&middle), Some(&first), Some(&abroad)] {
        if let Some(path) = purged {
            purge(path).await;
        }
        for (path, answer) in expected {
            assert_eq!(at(&app, path).await, answer, "{path} after {purged:?}");
        }
    }
    let types = |listed: &Value| -> Vec<Value> {
        let rows = listed["data"].as_array().unwrap().iter();
        rows.map(|row| json!([row["path"], row["type"], row["location"]])).collect()
    };
    assert_eq!(types(&app.nobody().get("/api/v1/paths").await.ok()), types(&listed));
    // It is one made by hand now: it follows the page that took its place, and can be taken back.
    relocate(&pat, &target, &json!({ "slug": "hospital-porter" })).await;
    assert_eq!(at(&app, "/first").await, "-> /hospital-porter");
    let redirects = pat.get("/manage/v1/redirects").await.ok();
    assert_eq!(redirects["total"], 4);
    let added = ada.get("/manage/v1/events?kind=redirect_added").await.ok();
    assert_eq!(added["total"], 4, "each with its event");
    let address = format!("/manage/v1/redirects/{}", redirects["data"][0]["id"].as_str().unwrap());
    pat.seeing(&address, Method::DELETE, &address, &Value::Null).await;
    assert_eq!(at(&app, redirects["data"][0]["path"].as_str().unwrap()).await, "410");
}

#[tokio::test]
async fn an_address_that_others_took_keeps_what_they_made_of_it() {
    let (app, pat) = site().await;
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "off" })).await.ok();
    pat.publish_new("role-pages", &titled("Porter")).await;
    let taken = pat.publish_new("role-pages", &titled("Taken")).await;
    let given = pat.publish_new("role-pages", &titled("Given")).await;
    for path in [&taken, &given] {
        pat.step(path, "unpublish", &json!({ "decision": "redirect", "redirect_to": "/porter" })).await.ok();
    }
    let heir = json!({ "slug": "taken", "content": { "title": "Heir" } });
    let heir = pat.publish_new("role-pages", &heir).await;
    pat.step(&heir, "unpublish", &json!({ "decision": "gone" })).await.ok();
    let redirect = json!({ "path": "/given", "target": "https://example.org/" });
    pat.post("/manage/v1/redirects", &redirect).await.ok();
    for path in [&taken, &given] {
        ada.step(path, "trash", &json!({})).await.ok();
        assert_eq!(ada.step(path, "purge", &json!({})).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(at(&app, "/taken").await, "410", "the last who lived there decided");
    assert_eq!(at(&app, "/given").await, "-> https://example.org/");
    assert_eq!(pat.get("/manage/v1/redirects").await.ok()["total"], 1);
}

#[tokio::test]
async fn a_promise_that_would_lead_in_a_circle_is_named_before_the_page_is_purged() {
    let (app, pat) = site().await;
    let ada = app.administrator().await;
    ada.set(&json!({ "review_role_pages": "off" })).await.ok();
    let made = pat.post("/manage/v1/redirects", &json!({ "path": "/porter", "target": "/old" })).await;
    pat.publish_new("role-pages", &titled("Porter")).await;
    let old = pat.publish_new("role-pages", &titled("Old")).await;
    pat.step(&old, "unpublish", &json!({ "decision": "redirect", "redirect_to": "/porter" })).await.ok();
    ada.step(&old, "trash", &json!({})).await.ok();
    let problem = ada.step(&old, "purge", &json!({})).await.problem(409);
    assert_eq!(problem["type"], "/problems/redirect-loop");
    let address = made.header("location");
    pat.seeing(address, Method::DELETE, address, &Value::Null).await;
    assert_eq!(ada.step(&old, "purge", &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(at(&app, "/old").await, "-> /porter");
}
