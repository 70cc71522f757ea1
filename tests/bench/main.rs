//! How fast saves, items and lists are at 10,000 documents with 10 versions each. It makes the data, asks through the
//! doors in process, and prints the figures; it judges nothing. `cargo bench` runs it on SQLite, and on PostgreSQL too if
//! `TEST_POSTGRES` names a server; `-- 2000` makes fewer documents.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark that can't go on shall stop where it is, and it prints"
)]

#[path = "../it/panel/html.rs"]
mod html;
mod panel;
mod site;
#[path = "../it/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use axum::http::Method;
use panel::Panel;
use rolebook::{kernel::Role, media::Store};
use serde_json::json;
use site::fill;
use support::{Client, TestApp, TestDatabase, id_of, system_chance};

const ROUNDS: usize = 200;
/// Of each document.
const VERSIONS: i32 = 10;

#[tokio::main]
async fn main() {
    let documents = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(10_000);
    measure("SQLite", TestDatabase::sqlite().await, documents).await;
    if let Some(postgres) = TestDatabase::other().await {
        measure("PostgreSQL", postgres, documents).await;
    }
}

async fn measure(name: &str, database: TestDatabase, documents: usize) {
    let app = TestApp::with(database, Store::in_memory(), system_chance()).await;
    let editor = app.person("Pat", &[Role::Publisher]).await;
    let started = Instant::now();
    let ids = fill(&app, &editor, documents, VERSIONS).await;
    println!(
        "\n{name}: {documents} documents with {VERSIONS} versions each, made in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    println!("{:<40} {:>8} {:>8} {:>8} {:>8}", "milliseconds", "p50", "p95", "p99", "most");
    let public = app.nobody();
    let pick = |round: usize| ids[(round * 7_919) % ids.len()];

    each("public item by slug", async |round| {
        ask(&public, &format!("/api/v1/role-pages/role-{}", (round * 7_919) % documents)).await
    })
    .await;
    each("public item by id", async |round| ask(&public, &format!("/api/v1/role-pages/{}", pick(round))).await).await;
    each("public item by path", async |round| {
        ask(&public, &format!("/api/v1/content/role-{}", (round * 7_919) % documents)).await
    })
    .await;
    each("public list of 20 by title", async |_| ask(&public, "/api/v1/role-pages").await).await;
    each("public list of 100 by change", async |_| ask(&public, "/api/v1/role-pages?sort=-updated_at&limit=100").await)
        .await;
    let deep = cursor_after(&public, 5).await;
    each("public list, five pages in", async |_| ask(&public, &deep).await).await;
    each("changes feed, last page", async |_| ask(&public, "/api/v1/changes?limit=100").await).await;
    each("management list of 20", async |_| ask(&editor, "/manage/v1/role-pages").await).await;
    // The index is made at the first question, which may be told to come again.
    let started = Instant::now();
    while !editor.get("/manage/v1/role-pages?q=hospitals").await.status.is_success() {}
    println!("the index of work in progress was made in {:.1} s", started.elapsed().as_secs_f64());
    each("management list with words", async |_| ask(&editor, "/manage/v1/role-pages?q=role+77").await).await;
    searches(&public).await;
    let panel = Panel::of(&app, Role::Publisher).await;
    for (name, query) in [
        ("panel list of 50", ""),
        ("panel list by title", "?sort=title"),
        ("panel list with words", "?q=role+77"),
        ("panel list, words in all", "?q=hospitals"),
        ("panel list, words in none", "?q=wheelbarrow"),
        ("panel list, needs work", "?needs_work=true"),
        ("panel list, filters together", "?live_state=live&draft_state=none&review_passed=true&problems=true"),
    ] {
        each(name, async |_| panel.ask(&format!("/admin/role-pages{query}")).await).await;
    }
    for (name, query) in [
        ("panel find, words in all", "what=text&q=hospitals"),
        ("panel find, words in few", "what=text&q=role+77"),
        ("panel find, words in none", "what=text&q=wheelbarrow"),
        ("panel find, an address in none", "what=address&q=https%3A%2F%2Fwheelbarrow.test"),
        ("panel find, a section in all", &format!("what=section&old={}", id_of(&section_of(&editor).await))),
    ] {
        each(name, async |_| panel.ask(&format!("/admin/replace?{query}")).await).await;
    }
    each("panel editor, role page", async |round| panel.ask(&format!("/admin/role-pages/{}", pick(round))).await).await;
    let section = section_of(&editor).await;
    each("panel editor, requirement section", async |_| panel.ask(&section).await).await;
    each("panel where used", async |_| panel.ask(&format!("{section}/used-by")).await).await;
    each("panel compare", async |round| {
        panel.ask(&format!("/admin/role-pages/{}/compare?from=1&to=2", pick(round))).await
    })
    .await;
    let bullets = with_bullets(&editor).await;
    each("panel compare, 200 bullets changed", async |_| panel.ask(&format!("{bullets}/compare?from=1&to=2")).await)
        .await;
    each("panel compare, 200 bullets, whole page", async |_| {
        panel.ask(&format!("{bullets}/compare?from=1&to=2&view=page&as=sides")).await
    })
    .await;
    let long = with_versions(&editor, 200).await;
    each("panel history of 200 versions", async |_| panel.ask(&format!("{long}/history")).await).await;
    each("panel history", async |round| panel.ask(&format!("/admin/role-pages/{}/history", pick(round))).await).await;
    each("panel dashboard", async |_| panel.ask("/admin").await).await;
    each("panel search", async |_| panel.ask("/admin/search?q=role+77").await).await;
    each("management item", async |round| ask(&editor, &format!("/manage/v1/role-pages/{}", pick(round))).await).await;
    each("history", async |round| ask(&editor, &format!("/manage/v1/role-pages/{}/versions", pick(round))).await).await;
    each("compare", async |round| {
        ask(&editor, &format!("/manage/v1/role-pages/{}/compare?from=1&to=2", pick(round))).await
    })
    .await;
    each("save", async |round| {
        let path = format!("/manage/v1/role-pages/{}", pick(round));
        let mut content = editor.get(&path).await.ok()["content"].clone();
        content["summary"] = format!("Saved in round {round}.").into();
        let started = Instant::now();
        editor.at(Method::PUT, &path, i64::from(VERSIONS), &json!({ "content": content })).await.ok();
        started.elapsed()
    })
    .await;
    each("panel save, and the page after it", async |round| {
        panel.save(&format!("/admin/role-pages/{}", pick(round + ROUNDS)), &format!("Saved in round {round}.")).await
    })
    .await;
    // A second person who may publish came with the panel, and with her the need of a review.
    app.person("Robin", &[Role::Administrator]).await.set(&json!({ "review_role_pages": "off" })).await.ok();
    each("publish", async |round| {
        let path = format!("/manage/v1/role-pages/{}/publish", pick(round));
        let started = Instant::now();
        editor.at(Method::POST, &path, i64::from(VERSIONS) + 1, &json!({})).await.ok();
        started.elapsed()
    })
    .await;
}

/// What only typed content tells, and words.
async fn searches(public: &Client) {
    for (name, query) in [
        ("public list, one route", "route=college"),
        ("public list, a level", "max_level=RQF:3&unknown=include"),
        ("public list, route and nation by change", "route=college&nation=wales&sort=-updated_at"),
        ("public list, a skill that is not there", "skill=patience"),
        ("public list, a parent and a time", "updated_since=2026-01-01T00:00:00Z"),
    ] {
        each(name, async |_| ask(public, &format!("/api/v1/role-pages?{query}")).await).await;
    }
    // The index is made at the first question, which may be told to come again.
    let started = Instant::now();
    while !public.get("/api/v1/search?q=hospitals").await.status.is_success() {}
    println!("the index of words was made in {:.1} s", started.elapsed().as_secs_f64());
    for (name, words) in [
        ("search, two words", "role+77+"),
        ("search, as one types", "role+77"),
        ("search, a mistake", "hospitls"),
        ("search, a phrase", "%22in+the+community%22"),
        ("search, a word of every page", "hospitals"),
    ] {
        each(name, async |_| ask(public, &format!("/api/v1/search?q={words}")).await).await;
    }
    each("public list with words", async |_| ask(public, "/api/v1/role-pages?q=role+77").await).await;
}

async fn each(name: &str, run: impl AsyncFn(usize) -> Duration) {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        times.push(run(round).await.as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    println!("{name:<40} {:>8.2} {:>8.2} {:>8.2} {:>8.2}", at(50), at(95), at(99), times[times.len() - 1]);
}

/// A page with 200 bullets of which each one changed, by its address in the panel.
async fn with_bullets(editor: &Client) -> String {
    let page = |word: &str| {
        let bullets: String =
            (0..200).map(|number| format!("- {word} the patients of ward {number} when they arrive\n")).collect();
        json!({ "content": { "title": "Two hundred bullets", "sections": [{
            "id": "00000000-0000-7000-8000-0000000000a1", "heading": "Tasks", "blocks": [{
                "id": "00000000-0000-7000-8000-0000000000a2", "kind": "text", "markdown": bullets }] }] } })
    };
    let path = editor.create("role-pages", &page("assess")).await;
    editor.save(&path, &page("examine")).await.ok();
    path.replace("/manage/v1", "/admin")
}

/// A page with so many versions, by its address in the panel.
async fn with_versions(editor: &Client, count: usize) -> String {
    let page =
        |number: usize| json!({ "content": { "title": "Many versions", "summary": format!("Saved {number} times.") } });
    let path = editor.create("role-pages", &page(1)).await;
    for number in 2..=count {
        editor.save(&path, &page(number)).await.ok();
    }
    path.replace("/manage/v1", "/admin")
}

async fn ask(client: &Client, path: &str) -> Duration {
    let started = Instant::now();
    let answer = client.get(path).await;
    assert!(answer.status.is_success(), "{path} {answer:?}");
    started.elapsed()
}

/// The editor of the requirement section that all pages share.
async fn section_of(editor: &Client) -> String {
    let list = editor.get("/manage/v1/requirement-sections").await.ok();
    format!("/admin/requirement-sections/{}", list["data"][0]["id"].as_str().unwrap())
}

async fn cursor_after(public: &Client, pages: usize) -> String {
    let mut next = "/api/v1/role-pages?limit=100".to_owned();
    for _ in 0..pages {
        match public.get(&next).await.ok()["next"].as_str() {
            Some(address) => next = address.to_owned(),
            None => break,
        }
    }
    next
}
