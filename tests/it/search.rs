//! The search of what is published, through the public door.

use std::path::Path;

use rolebook::{kernel::Role, media::Store, published::Search};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestDatabase, drafts::titled, id_of, pointers, system_chance};

async fn found(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("/api/v1/search?{query}")).await.ok();
    let hits = answer["data"].as_array().unwrap();
    assert_eq!(answer["total"], hits.len(), "{answer}");
    hits.iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

fn page(title: &str, summary: &str, text: &str) -> Value {
    json!({ "content": { "title": title, "summary": summary, "sections": [{ "heading": "Working life", "blocks": [
        { "kind": "text", "markdown": text } ] }] } })
}

/// A piece of a text in brackets if it is marked.
fn written(highlight: &Value) -> String {
    let pieces = highlight["pieces"].as_array().unwrap();
    let piece = |piece: &Value| {
        let text = piece["text"].as_str().unwrap();
        if piece["marked"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    pieces.iter().map(piece).collect()
}

/// Another start of the program on the same database, with the index in a folder.
async fn start(app: &TestApp, folder: &Path) -> TestApp {
    TestApp::searching(Search::in_folder(folder).unwrap(), app.database.same()).await
}

#[tokio::test]
async fn what_is_published_is_found_by_its_words_the_best_first() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    for page in [
        page("Porter", "Moves patients, beds and post.", "Porters work with a **nurse** on every ward."),
        page("Nurse", "Cares for people.", "Nurses work on wards, in homes and in schools."),
        page("Sous-chef", "Runs a kitchen.", "You cook, and you say Crème brûlée as it should be said."),
    ] {
        publisher.publish_new("role-pages", &page).await;
    }
    let section = json!({ "content": { "title": "Nursing degree", "introduction": "A degree in nursing." } });
    publisher.publish_new("requirement-sections", &section).await;
    let draft = publisher.create("role-pages", &page("Secret nurse", "A draft.", "Nobody reads this.")).await;
    let public = app.nobody();
    for (query, expected) in [
        ("q=nurse", vec!["Nurse", "Nursing degree", "Porter"]),
        ("q=nurses&kind=role-page", vec!["Nurse", "Porter"]),
        ("q=NURSE&kind=requirement-section", vec!["Nursing degree"]),
        ("q=creme+brulee", vec!["Sous-chef"]),
        ("q=cr%C3%A8me", vec!["Sous-chef"]),
        ("q=patints", vec!["Porter"]),
        ("q=ktichen", vec!["Sous-chef"]),
        ("q=kitc", vec!["Sous-chef"]),
        ("q=kitc+", vec![]),
        ("q=how+do+I+cook", vec!["Sous-chef"]),
        ("q=cook+ward", vec![]),
        ("q=%22beds+and+post%22", vec!["Porter"]),
        ("q=%22post+and+beds%22", vec![]),
        ("q=%22on+every+ward%22", vec!["Porter"]),
        ("q=wheelbarrow", vec![]),
        ("q=secret", vec![]),
    ] {
        assert_eq!(found(&public, query).await, expected, "{query}");
    }
    publisher.step(&draft, "publish", &json!({})).await.ok();
    assert_eq!(found(&public, "q=secret").await, ["Secret nurse"]);
    publisher.save(&draft, &page("Secret nurse", "A draft.", "They have a wheelbarrow.")).await.ok();
    assert_eq!(found(&public, "q=wheelbarrow").await, [""; 0], "that is a draft");
    publisher.step(&draft, "withdraw", &json!({ "explanation": "It is not so." })).await.ok();
    assert_eq!(found(&public, "q=secret").await, [""; 0], "it is withdrawn");
    publisher.step(&draft, "reinstate", &json!({})).await.ok();
    assert_eq!(found(&public, "q=secret").await, ["Secret nurse"]);
    publisher.step(&draft, "unpublish", &json!({ "decision": "gone" })).await.ok();
    assert_eq!(found(&public, "q=secret").await, [""; 0], "it is gone");
}

#[tokio::test]
async fn the_words_that_were_found_are_marked_in_plain_text() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let long = "They read reports. ".repeat(30);
    let text = format!("{long}\n\nYou serve crème <b>br\u{fb}lée</b> to everybody on the ward. {long}");
    let mut body = page("Chef de crèmes", "Makes a crème of e\u{301}clairs.", &text);
    body["content"]["search_terms"] = json!(["pudding"]);
    publisher.publish_new("role-pages", &body).await;
    let hit = async |query: &str| {
        let answer = app.nobody().get(&format!("/api/v1/search?q={query}")).await.ok();
        answer["data"][0]["highlights"].as_array().unwrap().clone()
    };
    let marked = hit("creme").await;
    assert_eq!(marked[0]["field"], "title");
    assert_eq!(written(&marked[0]), "Chef de [crèmes]");
    assert_eq!(marked[1]["field"], "summary");
    assert_eq!(written(&marked[1]), "Makes a [crème] of e\u{301}clairs.");
    assert_eq!(marked[2]["field"], "text");
    let excerpt = written(&marked[2]);
    assert!(excerpt.starts_with("… ") && excerpt.ends_with(" …") && excerpt.len() < 400, "{excerpt}");
    assert!(excerpt.contains("You serve [crème] "), "{excerpt}");
    assert_eq!(written(&hit("eclairs").await[0]), "Makes a crème of [e\u{301}clairs].");
    assert!(written(&hit("brullee").await[0]).contains("[brûlée]"));
    assert_eq!(hit("pudding").await, Vec::<Value>::new(), "search terms are not shown");
}

#[tokio::test]
async fn hits_are_counted_by_parent_route_and_level_and_narrowed_by_the_same() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let parent = publisher.publish_new("role-pages", &titled("Hospitals")).await;
    let asks = |level: &str| {
        json!({ "kind": "requirement", "text": "Something", "qualification":
        { "name": "Something", "level": { "framework": "RQF", "level": level } } })
    };
    let section = json!({ "content": { "title": "Ways in", "routes": [
        { "kind": "apprenticeship", "requirements": asks("3") }, { "kind": "university", "requirements": asks("6") } ] } });
    let section = publisher.publish_new("requirement-sections", &section).await;
    for title in ["Ward porter", "Ward nurse"] {
        let body = json!({ "parent": id_of(&parent), "content": { "title": title, "sections": [{ "heading": "Way in",
            "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] } });
        publisher.publish_new("role-pages", &body).await;
    }
    publisher.publish_new("role-pages", &titled("Ward")).await;
    let answer = app.nobody().get("/api/v1/search?q=ward").await.ok();
    assert_eq!(answer["facets"]["parent"][0]["parent"]["title"], "Hospitals");
    assert_eq!(answer["facets"]["parent"][0]["count"], 2);
    let routes = json!([{ "route": "university", "count": 2 }, { "route": "apprenticeship", "count": 2 }]);
    assert_eq!(answer["facets"]["route"], routes);
    assert_eq!(answer["facets"]["level"], json!([{ "level": "RQF:3", "count": 2 }]));
    assert_eq!(answer["data"][0]["title"], "Ward", "a whole title counts most");
    for query in ["parent={}", "route=university", "max_level=RQF:3", "max_level=RQF:3&route=apprenticeship"] {
        let query = query.replace("{}", &id_of(&parent));
        assert_eq!(found(&app.nobody(), &format!("q=ward&{query}")).await, ["Ward nurse", "Ward porter"], "{query}");
    }
    assert_eq!(found(&app.nobody(), "q=ward&max_level=RQF:2").await, [""; 0]);
    // The same words narrow a list, which stays in its own order.
    let list = app.nobody().get("/api/v1/role-pages?q=ward&sort=-title&limit=2").await.ok();
    assert_eq!(list["total"], 3);
    assert_eq!(list["data"][0]["title"], "Ward porter");
    let rest = app.nobody().get(list["next"].as_str().unwrap()).await.ok();
    assert_eq!(rest["data"][0]["title"], "Ward");
    assert!(rest["next"].is_null());
}

#[tokio::test]
async fn pages_of_hits_follow_each_other() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    for number in 1..=5 {
        publisher.publish_new("role-pages", &titled(&format!("Ward {number}"))).await;
    }
    let mut next = "/api/v1/search?q=ward&limit=2&kind=role-page".to_owned();
    let mut titles = Vec::new();
    loop {
        let page = app.nobody().get(&next).await.ok();
        assert_eq!(page["total"], 5);
        titles.extend(page["data"].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(address) => next = address.to_owned(),
            None => break,
        }
    }
    assert_eq!(titles, ["Ward 1", "Ward 2", "Ward 3", "Ward 4", "Ward 5"]);
}

#[tokio::test]
async fn a_question_that_can_not_be_read_is_refused_by_name() {
    let app = TestApp::new().await;
    let long = "a".repeat(201);
    for (query, parameter) in [
        ("", "q"),
        ("q=%20%21", "q"),
        (&*format!("q={long}"), "q"),
        ("q=a&kind=page", "kind"),
        ("q=a&cursor=x", "cursor"),
        ("q=a&sort=title", "sort"),
        ("q=a&route=apprentice", "route"),
    ] {
        let problem = app.nobody().get(&format!("/api/v1/search?{query}")).await.problem(400);
        assert_eq!(pointers(&problem), [parameter], "{query}");
    }
}

#[tokio::test]
async fn the_index_goes_on_after_a_restart_and_is_made_anew_when_it_is_lost() {
    let app = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    publisher.publish_new("role-pages", &titled("Porter")).await;
    let first = start(&app, folder.path()).await;
    assert_eq!(found(&first.nobody(), "q=porter").await, ["Porter"]);
    // While one process has the folder, another keeps its index in memory.
    let beside = start(&app, folder.path()).await;
    assert_eq!(found(&beside.nobody(), "q=porter").await, ["Porter"]);
    drop((first, beside));
    let unseen = publisher.publish_new("role-pages", &titled("Plumber")).await;
    let second = start(&app, folder.path()).await;
    assert_eq!(found(&second.nobody(), "q=plumber").await, ["Plumber"]);
    assert_eq!(found(&second.nobody(), "q=porter").await, ["Porter"]);
    // Publications of one instance are found at the others.
    let at_second = publisher.at_instance(&second);
    at_second.step(&unseen, "unpublish", &json!({ "decision": "hidden" })).await.ok();
    at_second.publish_new("role-pages", &titled("Painter")).await;
    app.follow().await;
    assert_eq!(found(&app.nobody(), "q=painter").await, ["Painter"]);
    assert_eq!(found(&app.nobody(), "q=plumber").await, [""; 0]);
    drop((second, at_second));
    std::fs::remove_dir_all(folder.path()).unwrap();
    let third = start(&app, folder.path()).await;
    assert_eq!(found(&third.nobody(), "q=painter").await, ["Painter"]);
    drop(third);
    let inner = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    std::fs::write(inner.unwrap().join("meta.json"), "not what it was").unwrap();
    let fourth = start(&app, folder.path()).await;
    assert_eq!(found(&fourth.nobody(), "q=painter").await, ["Painter"]);
    assert_eq!(found(&fourth.nobody(), "q=plumber").await, [""; 0]);
}

#[tokio::test]
async fn an_index_that_is_lost_while_it_is_used_is_made_anew() {
    let app = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    publisher.publish_new("role-pages", &titled("Porter")).await;
    let running = start(&app, folder.path()).await;
    assert_eq!(found(&running.nobody(), "q=porter").await, ["Porter"]);
    std::fs::remove_dir_all(folder.path()).unwrap();
    publisher.publish_new("role-pages", &titled("Painter")).await;
    running.follow().await;
    assert_eq!(found(&running.nobody(), "q=painter").await, ["Painter"]);
    assert_eq!(found(&running.nobody(), "q=porter").await, ["Porter"]);
}

#[tokio::test]
async fn the_index_of_another_database_is_not_taken_for_its_own() {
    // From another source of chance, or the two would be of one epoch.
    let other = TestApp::with(TestDatabase::new().await, Store::in_memory(), system_chance()).await;
    let one = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    for (app, title) in [(&one, "Porter"), (&other, "Painter")] {
        let publisher = app.person("Pat", &[Role::Publisher]).await;
        publisher.publish_new("role-pages", &titled(title)).await;
    }
    for (app, expected, missed) in
        [(&one, "Porter", "painter"), (&other, "Painter", "porter"), (&one, "Porter", "painter")]
    {
        let started = start(app, folder.path()).await;
        assert_eq!(found(&started.nobody(), &format!("q={expected}")).await, [expected]);
        assert_eq!(found(&started.nobody(), &format!("q={missed}")).await, [""; 0]);
    }
}
