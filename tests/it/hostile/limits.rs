//! Limits: of texts and lists, of depth and size, of circles.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{NOWHERE, rows};
use crate::support::{TestApp, id_of, pointers};

/// A document with a value at a place that the schema does not put there by itself.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = json!({ "content": { "title": "Porter" } });
    let mut place = &mut body["content"];
    let mut keys = pointer.trim_start_matches('/').split('/').peekable();
    while let Some(key) = keys.next() {
        let next = match keys.peek() {
            None => value.clone(),
            Some(next) if next.parse::<usize>().is_ok() => json!([{}]),
            Some(_) => json!({}),
        };
        place = match key.parse::<usize>() {
            Ok(number) => {
                if let Some(array) = place.as_array_mut()
                    && keys.peek().is_none()
                {
                    array[number] = next;
                }
                &mut place[number]
            }
            Err(_) => {
                place[key] = next;
                &mut place[key]
            }
        };
    }
    body
}

/// The limits of the contract: where, of what kind, and how much.
enum Limit {
    /// Characters, also those that take more than one byte.
    Text(usize),
    /// Items, each made of this.
    Items(usize, Value),
}

#[tokio::test]
async fn each_limit_is_reached_and_not_passed() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let section_of = |kind: &str, key: &str| format!("/sections/0/blocks/0/{kind}:{key}");
    let line = 1_000;
    let markdown = 100_000;
    let pages: Vec<(String, Limit)> = vec![
        ("/title".to_owned(), Limit::Text(255)),
        ("/summary".to_owned(), Limit::Text(600)),
        ("/meta_description".to_owned(), Limit::Text(line)),
        ("/alternative_titles/0".to_owned(), Limit::Text(line)),
        ("/search_terms".to_owned(), Limit::Items(500, json!("x"))),
        ("/alternative_titles".to_owned(), Limit::Items(500, json!("x"))),
        ("/sections".to_owned(), Limit::Items(200, json!({}))),
        ("/sections/0/blocks".to_owned(), Limit::Items(200, json!({ "kind": "text" }))),
        ("/sections/0/heading".to_owned(), Limit::Text(255)),
        ("/learn_more".to_owned(), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
        ("/learn_more/0/text".to_owned(), Limit::Text(line)),
        ("/learn_more/0/url".to_owned(), Limit::Text(line)),
        ("/facts/tasks".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/tasks/0".to_owned(), Limit::Text(line)),
        ("/facts/skills/0/text".to_owned(), Limit::Text(line)),
        ("/facts/skills".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/registrations".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/registrations/0/organisation".to_owned(), Limit::Text(line)),
        ("/facts/career_path".to_owned(), Limit::Text(markdown)),
        ("/facts/work_locations".to_owned(), Limit::Items(500, json!("x"))),
        ("/facts/standards".to_owned(), Limit::Items(500, json!({ "reference": "ST0001", "title": "x" }))),
        ("/lead_image/alt".to_owned(), Limit::Text(line)),
        ("/lead_image/caption".to_owned(), Limit::Text(line)),
        (section_of("text", "markdown"), Limit::Text(markdown)),
        (section_of("callout", "heading"), Limit::Text(255)),
        (section_of("details", "summary"), Limit::Text(line)),
        (section_of("quote", "attribution"), Limit::Text(line)),
        (section_of("image", "alt"), Limit::Text(line)),
        (section_of("roles", "introduction"), Limit::Text(markdown)),
        (section_of("roles", "roles"), Limit::Items(500, json!({ "title": "x" }))),
        (section_of("links", "links"), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
        (section_of("requirements", "note"), Limit::Text(markdown)),
    ];
    let sections: Vec<(String, Limit)> = vec![
        ("/introduction".to_owned(), Limit::Text(markdown)),
        ("/summary".to_owned(), Limit::Text(600)),
        ("/routes".to_owned(), Limit::Items(500, json!({ "kind": "other" }))),
        ("/skills".to_owned(), Limit::Items(500, json!("x"))),
        ("/requirements/requirement:text".to_owned(), Limit::Text(line)),
        ("/requirements/requirement:organisation".to_owned(), Limit::Text(line)),
        ("/requirements/group:lead_in".to_owned(), Limit::Text(line)),
        ("/requirements/group:items".to_owned(), Limit::Items(500, json!({ "kind": "requirement", "text": "x" }))),
        ("/requirements/requirement:links".to_owned(), Limit::Items(500, json!({ "text": "x", "url": "/x" }))),
    ];
    for (collection, limits) in [("role-pages", pages), ("requirement-sections", sections)] {
        for (place, limit) in limits {
            // `kind:key` is the key of a thing of that kind.
            let (front, last) = place.rsplit_once('/').unwrap();
            let (kind, last) = last.split_once(':').map_or((None, last), |(kind, key)| (Some(kind), key));
            let pointer = if kind == Some("group") || kind == Some("requirement") {
                format!("/requirements/{last}")
            } else {
                format!("{front}/{last}")
            };
            let make = |value: Value| {
                let mut body = with(&pointer, value);
                let thing = pointer.rsplit_once('/').unwrap().0;
                if let Some(kind) = kind {
                    body["content"].pointer_mut(thing).unwrap()["kind"] = kind.into();
                }
                body
            };
            let values: Vec<(Value, Value)> = match &limit {
                Limit::Text(most) => ["x", "é", "🦊"]
                    .iter()
                    .map(|letter| (json!(letter.repeat(*most)), json!(letter.repeat(most + 1))))
                    .collect(),
                Limit::Items(most, item) => {
                    vec![
                        (json!(vec![item.clone(); *most]), json!(vec![item.clone(); most + 1])),
                        (json!([]), json!(vec![item.clone(); 10_000])),
                    ]
                }
            };
            for (fits, exceeds) in values {
                let taken = editor.post(&format!("/manage/v1/{collection}"), &make(fits)).await;
                assert_eq!(
                    taken.status,
                    StatusCode::CREATED,
                    "{collection} {pointer}: {}",
                    taken.text().chars().take(500).collect::<String>()
                );
                let before = rows(&app).await;
                let problem = editor.post(&format!("/manage/v1/{collection}"), &make(exceeds)).await.problem(422);
                assert_eq!(pointers(&problem), [format!("/content{pointer}")], "{problem}");
                let most = match limit {
                    Limit::Text(most) | Limit::Items(most, _) => most,
                };
                assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(&most.to_string()), "{problem}");
                assert_eq!(rows(&app).await, before);
            }
        }
    }
}

/// A tree of groups, this many levels deep.
fn tree(depth: usize) -> Value {
    let mut node = json!({ "kind": "requirement", "text": "x" });
    for _ in 1..depth {
        node = json!({ "kind": "group", "rule": "all_of", "items": [node] });
    }
    node
}

#[tokio::test]
async fn a_content_is_neither_too_deep_nor_too_large() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let path = "/manage/v1/requirement-sections";
    let made = |tree: Value| json!({ "content": { "title": "Section", "requirements": tree } });
    let deepest = (1..20).take_while(|depth| serde_json::to_string(&tree(*depth)).is_ok());
    let mut accepted = 0;
    for depth in deepest {
        let answer = editor.post(path, &made(tree(depth))).await;
        if answer.status == StatusCode::CREATED {
            assert_eq!(accepted + 1, depth, "what is deeper than too deep is too deep");
            accepted = depth;
        } else {
            let problem = answer.problem(422);
            assert_eq!(problem["errors"][0]["code"], "too-deep", "{problem}");
        }
    }
    assert!((8..=9).contains(&accepted), "{accepted} levels");
    let sentence = "word ".repeat(19_000);
    let sections = |count: usize| {
        let block = json!({ "kind": "text", "markdown": sentence });
        json!({ "content": { "title": "Large", "sections": [{ "blocks": vec![block; count] }] } })
    };
    editor.post("/manage/v1/role-pages", &sections(10)).await.ok();
    let before = rows(&app).await;
    let problem = editor.post("/manage/v1/role-pages", &sections(12)).await.problem(422);
    assert_eq!(pointers(&problem), ["/content"]);
    assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("1048576"), "{problem}");
    assert_eq!(rows(&app).await, before);
}

/// A requirement section whose tree is another's.
fn referring(title: &str, to: &str) -> Value {
    let tree =
        json!({ "kind": "group", "rule": "all_of", "items": [{ "kind": "section", "requirement_section": to }] });
    json!({ "content": { "title": title, "requirements": tree } })
}

#[tokio::test]
async fn sections_never_contain_themselves_and_stand_three_deep_at_most() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let mut chain = vec![editor.create("requirement-sections", &json!({ "content": { "title": "Zero" } })).await];
    for title in ["One", "Two", "Three"] {
        let below = id_of(chain.last().unwrap());
        chain.push(editor.create("requirement-sections", &referring(title, &below)).await);
    }
    let before = rows(&app).await;
    // A fourth on top is too much, however it comes about.
    let too_deep =
        editor.post("/manage/v1/requirement-sections", &referring("Four", &id_of(&chain[3]))).await.problem(422);
    assert_eq!(too_deep["errors"][0]["code"], "too-deep", "{too_deep}");
    assert_eq!(pointers(&too_deep), ["/content/requirements/items/0/requirement_section"]);
    assert_eq!(rows(&app).await, before);
    let four = editor.create("requirement-sections", &json!({ "content": { "title": "Four" } })).await;
    editor.save(&four, &referring("Four", &id_of(&chain[3]))).await.problem(422);
    editor.save(&chain[0], &referring("Zero", &id_of(&four))).await.problem(422);
    // No circle, whether of one, of two or of four.
    for above in &chain {
        let problem = editor.save(&chain[0], &referring("Zero", &id_of(above))).await.problem(422);
        assert_eq!(problem["errors"][0]["code"], "reference-cycle", "{problem}");
    }
    let embedding = json!({ "content": { "title": "Zero", "sections": [{ "blocks": [
        { "kind": "requirements", "requirement_section": id_of(&chain[2]) }
    ] }] } });
    let problem = editor.save(&chain[0], &embedding).await.problem(422);
    assert_eq!(problem["errors"][0]["code"], "reference-cycle", "{problem}");
    // Parents make no circle either.
    let top = editor.create("role-pages", &json!({ "content": { "title": "Top" } })).await;
    let child = json!({ "parent": id_of(&top), "content": { "title": "Child" } });
    let child = editor.create("role-pages", &child).await;
    for parent in [&top, &child] {
        let body = json!({ "parent": id_of(parent), "content": { "title": "Top" } });
        let problem = editor.save(&top, &body).await.problem(422);
        assert_eq!(pointers(&problem), ["/parent"]);
    }
    let body = json!({ "parent": NOWHERE, "content": { "title": "Top" } });
    assert_eq!(pointers(&editor.save(&top, &body).await.problem(422)), ["/parent"]);
    for path in chain.iter().chain([&four, &top]) {
        assert_eq!(editor.get(path).await.ok()["version"], 1, "what was refused made no version");
    }
}

#[tokio::test]
async fn a_tree_of_pages_is_six_deep_at_most() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    let mut parent = Value::Null;
    for level in 1..=6 {
        let body = json!({ "parent": parent, "content": { "title": format!("Level {level}") } });
        parent = id_of(&editor.create("role-pages", &body).await).into();
    }
    let body = json!({ "parent": parent, "content": { "title": "Level 7" } });
    assert_eq!(pointers(&editor.post("/manage/v1/role-pages", &body).await.problem(422)), ["/parent"]);
}

#[tokio::test]
async fn writing_is_not_stopped_by_what_was_refused_before() {
    let app = TestApp::new().await;
    let editor = app.person("Eda", &[Role::Editor]).await;
    for _ in 0..30 {
        editor.post("/manage/v1/role-pages", &json!({ "content": { "titel": 1 } })).await.problem(422);
        editor
            .post("/manage/v1/role-pages", &json!({ "parent": NOWHERE, "content": { "title": "x" } }))
            .await
            .problem(422);
    }
    editor.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    assert_eq!(rows(&app).await[0], 1);
}
