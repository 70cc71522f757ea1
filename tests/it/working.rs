//! The search of work in progress: what is saved is found at once, whoever asks and wherever it was saved.

use std::path::{Path, PathBuf};

use rolebook::{content::Search, kernel::Role, media::Store};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestDatabase, drafts::titled, id_of, system_chance};

const PAGES: &str = "/manage/v1/role-pages";

/// The titles of a list, which says the same in the panel.
async fn found(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("{PAGES}?sort=title&{query}")).await.ok();
    let rows = answer["data"].as_array().unwrap();
    assert_eq!(answer["total"], rows.len(), "{answer}");
    rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

fn page(title: &str, markdown: &str) -> Value {
    json!({ "content": { "title": title, "sections": [{ "heading": "Working life", "blocks": [
        { "kind": "text", "markdown": markdown } ] }] } })
}

/// Another start of the program on the same database, with its index in a folder.
async fn start(app: &TestApp, folder: &Path) -> TestApp {
    TestApp::working(Search::in_folder(folder).unwrap(), app.database.same()).await
}

#[tokio::test]
async fn whatever_changes_is_found_by_the_next_question() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.administrator().await, app.person("Eve", &[Role::Editor]).await);
    let hears = async |word: &str| !found(&eve, &format!("q={word}")).await.is_empty();
    let porter = ada.create("role-pages", &page("Porter", "Carries trolleys.")).await;
    assert!(hears("trolley").await, "a draft");
    ada.save(&porter, &page("Porter", "Carries parcels.")).await.ok();
    assert_eq!((hears("trolley").await, hears("parcels").await), (false, true), "saved");
    ada.step(&porter, "publish", &json!({})).await.ok();
    ada.save(&porter, &page("Porter", "Carries suitcases.")).await.ok();
    assert_eq!((hears("parcels").await, hears("suitcases").await), (false, true), "a draft upon what is live");
    ada.step(&porter, "discard", &json!({})).await.ok();
    assert_eq!((hears("parcels").await, hears("suitcases").await), (true, false), "discarded");
    ada.step(&porter, "restore", &json!({ "version": 1 })).await.ok();
    assert_eq!((hears("parcels").await, hears("trolley").await), (false, true), "restored");
    ada.step(&porter, "discard", &json!({})).await.ok();
    ada.step(&porter, "unpublish", &json!({ "decision": "gone" })).await.ok();
    assert!(hears("parcels").await, "unpublished");
    ada.step(&porter, "trash", &json!({})).await.ok();
    assert!(!hears("parcels").await, "in the trash");
    assert_eq!(found(&eve, "q=parcels&trashed=true").await, ["Porter"]);
    ada.step(&porter, "untrash", &json!({})).await.ok();
    assert!(hears("parcels").await, "taken out");
    assert_eq!(found(&eve, "q=parcels&trashed=true").await, [""; 0]);
    ada.step(&porter, "trash", &json!({})).await.ok();
    assert!(ada.step(&porter, "purge", &json!({})).await.status.is_success());
    assert_eq!(found(&eve, "q=parcels&trashed=true").await, [""; 0], "deleted for good");
}

#[tokio::test]
async fn words_are_found_in_every_form_with_mistakes_and_in_every_part() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let above = pat.publish_new("role-pages", &json!({ "slug": "kitchens", "content": { "title": "Food" } })).await;
    let chef = json!({ "slug": "second-in-command", "parent": id_of(&above), "content": {
        "title": "Sous-chef", "alternative_titles": ["Deputy cook"], "summary": "Runs the crème brûlée.",
        "search_terms": ["gastronomy"],
        "learn_more": [{ "text": "Wages explained", "url": "https://example.org/" }],
        "sections": [{ "heading": "Working life", "blocks": [
            { "kind": "roles", "roles": [{ "title": "Saucier", "markdown": "Stirs *slowly*.", "tasks": ["whisk eggs"] }] } ] }] } });
    pat.publish_new("role-pages", &chef).await;
    pat.create("role-pages", &page("Waiter", "Serves on every table, and knows eggs.")).await;
    let section = json!({ "content": { "title": "Ways in", "routes": [{ "kind": "college", "requirements":
        { "kind": "requirement", "text": "a food hygiene certificate" } }] } });
    pat.create("requirement-sections", &section).await;
    for (query, expected) in [
        ("q=sous-chef", vec!["Sous-chef"]),
        ("q=deputies+", vec!["Sous-chef"]),
        ("q=creme+brulee", vec!["Sous-chef"]),
        ("q=gastronmy+", vec!["Sous-chef"]),
        ("q=saucier", vec!["Sous-chef"]),
        ("q=stirring", vec!["Sous-chef"]),
        ("q=slowly", vec!["Sous-chef"]),
        ("q=whisk", vec!["Sous-chef"]),
        ("q=wages", vec!["Sous-chef"]),
        ("q=command", vec!["Sous-chef"]),
        ("q=eggs", vec!["Sous-chef", "Waiter"]),
        ("q=eggs+table", vec!["Waiter"]),
        ("q=wait", vec!["Waiter"]),
        ("q=wait+", vec![]),
        ("q=%22every+table%22", vec!["Waiter"]),
        ("q=%22table+every%22", vec![]),
        ("q=kitchens", vec!["Food"]),
        ("q=/kitchens", vec!["Food", "Sous-chef"]),
        ("q=/kitchens/second-in-command", vec!["Sous-chef"]),
        ("q=/kitchens/sec", vec!["Sous-chef"]),
        ("q=/sec/kitchens", vec![]),
        ("q=example", vec![]),
        ("q=%25", vec![]),
        ("q=+", vec!["Food", "Sous-chef", "Waiter"]),
        ("q=hygiene", vec![]),
        ("q=eggs&live_state=never", vec!["Waiter"]),
        (&*format!("q=eggs&parent={}", id_of(&above)), vec!["Sous-chef"]),
        ("q=eggs&draft_state=in_review", vec![]),
    ] {
        assert_eq!(found(&pat, query).await, expected, "{query}");
    }
    let sections = pat.get("/manage/v1/requirement-sections?q=hygene").await.ok();
    assert_eq!((&sections["total"], &sections["data"][0]["title"]), (&json!(1), &json!("Ways in")));
    // Whoever moves a page moves what stands below it.
    let moved = json!({ "slug": "catering", "content": { "title": "Food" } });
    pat.save(&above, &moved).await.ok();
    pat.step(&above, "publish", &json!({})).await.ok();
    assert_eq!(found(&pat, "q=/catering/second-in-command").await, ["Sous-chef"]);
    assert_eq!(found(&pat, "q=/kitchens/second-in-command").await, [""; 0]);
}

#[tokio::test]
async fn the_next_page_of_a_search_asks_for_the_same() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    for number in 1..=5 {
        pat.create("role-pages", &titled(&format!("Gardener {number}"))).await;
    }
    pat.create("role-pages", &titled("Kitchen")).await;
    let (mut next, mut titles) = (format!("{PAGES}?q=gardner&sort=-title&limit=2"), Vec::new());
    loop {
        let page = pat.get(&next).await.ok();
        assert_eq!(page["total"], 5);
        titles.extend(page["data"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(address) => next = address.to_owned(),
            None => break,
        }
    }
    assert_eq!(titles, ["Gardener 5", "Gardener 4", "Gardener 3", "Gardener 2", "Gardener 1"]);
}

#[tokio::test]
async fn the_best_hits_come_first_with_what_was_found_and_trust_no_text() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    pat.create("role-pages", &page("Porter", "They work with a *nurse* & nobody else.")).await;
    pat.create("role-pages", &page("<script>alert(2)</script> nurse", "Cares for people.")).await;
    let hostile =
        json!({ "content": { "title": "Driver", "summary": "A <mark>nurse</mark> & <script>alert(3)</script>" } });
    pat.create("role-pages", &hostile).await;
    pat.create("role-pages", &page("Midwife", &format!("{} A nursing career.", "Long words. ".repeat(80)))).await;
    pat.create("role-pages", &page("", "Nurse without a title")).await;
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    let answer = eve.page("/admin/search?q=%3Cb%3Ewheelbarrow").await;
    assert!(answer.contains("0 things found for “&lt;b&gt;wheelbarrow”"), "{answer}");
    let answer = eve.page("/admin/search?q=nurse").await;
    let main = answer.split("<main").nth(1).unwrap();
    for part in [
        "Role pages (5)",
        "&lt;script&gt;alert(2)&lt;/script&gt; <mark>nurse</mark></a>",
        "They work with a <mark>nurse</mark> &amp; nobody else.",
        "Summary: A &lt;mark&gt;<mark>nurse</mark>&lt;/mark&gt; &amp; &lt;script&gt;alert(3)&lt;/script&gt;",
        "… ",
        " A <mark>nursing</mark> career.",
        ">Untitled</a>",
    ] {
        assert!(main.contains(part), "{part}: {main}");
    }
    assert!(!main.contains("<script"), "{main}");
    let place = |words: &str| main.find(words).unwrap();
    assert!(place("alert(2)") < place(">Porter</a>"), "a title counts more than a text: {main}");
    let answer = eve.page("/admin/search?q=nurze").await;
    assert!(answer.contains("<mark>nurse</mark>"), "{answer}");
}

#[tokio::test]
async fn an_instance_finds_what_another_has_saved() {
    let app = TestApp::new().await;
    let other = app.beside().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let there = pat.at_instance(&other);
    assert_eq!((found(&pat, "q=porter").await, found(&there, "q=porter").await), (vec![], vec![]));
    let porter = pat.create("role-pages", &titled("Porter")).await;
    assert_eq!(found(&there, "q=porter").await, ["Porter"]);
    there.save(&porter, &page("Porter", "Carries trolleys.")).await.ok();
    assert_eq!(found(&pat, "q=trolleys").await, ["Porter"]);
}

#[tokio::test]
async fn the_index_goes_on_after_a_restart_and_is_made_anew_when_it_is_damaged() {
    let app = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let pat = app.person("Pat", &[Role::Publisher]).await;
    pat.create("role-pages", &titled("Porter")).await;
    let first = start(&app, folder.path()).await;
    assert_eq!(found(&pat.at_instance(&first), "q=porter").await, ["Porter"]);
    drop(first);
    pat.create("role-pages", &titled("Painter")).await;
    let files = |folder: &Path| -> Vec<PathBuf> {
        let inner = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
        std::fs::read_dir(inner.unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let before = files(folder.path());
    let second = start(&app, folder.path()).await;
    assert_eq!(found(&pat.at_instance(&second), "q=painter").await, ["Painter"]);
    assert_eq!(found(&pat.at_instance(&second), "q=porter").await, ["Porter"]);
    let kept = before.iter().filter(|file| file.extension().is_some_and(|extension| extension == "term"));
    assert!(kept.clone().count() > 0 && kept.clone().all(|file| file.exists()), "it went on where it was");
    drop(second);
    for damage in ["bytes", "meta", "missing"] {
        for file in files(folder.path()) {
            let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            match (damage, extension) {
                ("bytes", "term" | "idx" | "pos" | "fast") => {
                    let mut bytes = std::fs::read(&file).unwrap();
                    bytes.iter_mut().take(8).for_each(|byte| *byte ^= 0x55);
                    std::fs::write(&file, bytes).unwrap();
                }
                ("meta", "json") => std::fs::write(&file, "{ \"segments\": 7").unwrap(),
                ("missing", "term") => std::fs::remove_file(&file).unwrap(),
                _ => {}
            }
        }
        let again = start(&app, folder.path()).await;
        for word in ["porter", "painter"] {
            assert_eq!(found(&pat.at_instance(&again), &format!("q={word}")).await.len(), 1, "{damage} {word}");
        }
    }
}

#[tokio::test]
async fn the_index_of_another_database_is_not_taken_for_its_own() {
    // From another source of chance, or the two would be of one epoch.
    let other = TestApp::with(TestDatabase::new().await, Store::in_memory(), system_chance()).await;
    let one = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    for (app, title, missed) in [(&one, "Porter", "painter"), (&other, "Painter", "porter"), (&one, "Cook", "painter")]
    {
        let pat = app.person(&format!("Pat {title}"), &[Role::Publisher]).await;
        pat.create("role-pages", &titled(title)).await;
        let started = start(app, folder.path()).await;
        let client = pat.at_instance(&started);
        assert_eq!(found(&client, &format!("q={title}")).await, [title]);
        assert_eq!(found(&client, &format!("q={missed}")).await, [""; 0]);
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() {
    let app = TestApp::new().await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    pat.create("role-pages", &page("Porter", "Carries trolleys.")).await;
    let key = app.person_with("Ken", &[Role::Publisher], &[rolebook::kernel::Permission::MediaWrite]).await;
    key.get(&format!("{PAGES}?q=trolleys")).await.problem(403);
    app.nobody().get(&format!("{PAGES}?q=trolleys")).await.problem(401);
    let public = app.nobody().get("/api/v1/search?q=trolleys").await.ok();
    assert_eq!(public["total"], 0, "a draft is nobody's but the editors'");
}
