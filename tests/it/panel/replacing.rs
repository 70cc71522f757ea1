//! Find and replace: what is found and where, what would change, which drafts are made, and what is refused in words.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::{Value, json};

use super::{Browser, lists::without_review};
use crate::support::{
    Client, TestApp,
    drafts::{embedding, relating, titled},
    id_of,
};

const ADDRESS: &str = "/admin/replace";
const CONFIRM: &str = "/admin/replace/confirm";

async fn both() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    without_review(&app).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let bo = app.signed_in("Bo", &[Role::Publisher]).await;
    (app, pat, bo)
}

fn text(markdown: &str) -> Value {
    json!({ "content": { "title": "Porter", "sections": [{ "heading": "Work", "blocks": [{ "kind": "text", "markdown": markdown }] }] } })
}

fn item(path: &str, version: u32, number: u32) -> String {
    format!("{} {version} {number}", id_of(path))
}

async fn content(pat: &Client, path: &str) -> Value {
    pat.get(path).await.ok()["content"].clone()
}

fn titles_in_order(page: &str, titles: &[&str]) {
    let places: Vec<Option<usize>> = titles.iter().map(|title| page.find(&format!(">{title}</a>"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{titles:?} {places:?}: {page}");
}

#[tokio::test]
async fn words_are_found_where_readers_read_them_and_become_drafts() {
    let (_app, pat, mut bo) = both().await;
    let page = pat
        .publish_new(
            "role-pages",
            &text("A **night porter** works.\n\n- Ask a night porter.\n- A night **porter** too."),
        )
        .await;
    let section = pat
        .create(
            "requirement-sections",
            &json!({ "content": { "title": "Basics", "introduction": "For a Night porter", "requirements": {
                "kind": "requirement", "text": "Two nights as a night porter", "source": { "title": "Night porter rules", "url": "https://example.org/night-porter" } } } }),
        )
        .await;
    pat.create("role-pages", &titled("Cook")).await;
    let found = bo.page(&format!("{ADDRESS}?q=night+porter&with=night+keeper")).await;
    assert!(found.contains("6 places in 2 documents"), "{found}");
    titles_in_order(&found, &["Basics", "Porter"]);
    assert!(found.contains("Text in “Work”") && found.contains("A <mark>night porter</mark> works."), "{found}");
    assert!(found.contains("It runs over the edge of bold, italic or a link"), "{found}");
    assert_eq!(found.matches("name=\"item\"").count(), 5, "what can't be replaced can't be ticked");
    assert!(bo.page(&format!("{ADDRESS}?q=Night+porter&case=true")).await.contains("2 places in 1 document"));
    assert!(bo.page(&format!("{ADDRESS}?q=night&words=true")).await.contains("6 places in 2 documents"));
    assert!(bo.page(&format!("{ADDRESS}?q=works.+%21")).await.contains("Nothing found"));

    let (one, other, basics) = (item(&page, 1, 0), item(&page, 1, 1), item(&section, 1, 1));
    let fields = [("query", "q=night+porter&with=*night*+keeper"), ("item", &one), ("item", &other), ("item", &basics)];
    let preview = bo.post(ADDRESS, &fields).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text());
    let preview = preview.text();
    assert!(preview.contains("What would change in 2 documents") && preview.contains("<ins>"), "{preview}");
    assert!(preview.contains("Requirement “Two nights as a"), "the field that changes is named: {preview}");
    assert_eq!(pat.get(&page).await.ok()["version"], 1, "looking changes nothing");

    let told = bo.post(CONFIRM, &fields).await.text();
    assert!(told.contains("2 drafts made") && told.matches("Draft made").count() == 2, "{told}");
    let markdown = content(&pat, &page).await["sections"][0]["blocks"][0]["markdown"].clone();
    assert_eq!(markdown, "A **\\*night\\* keeper** works.\n\n- Ask a \\*night\\* keeper.\n- A night **porter** too.\n");
    let now = pat.get(&page).await.ok();
    assert_eq!((&now["live_version"], &now["draft_state"], &now["version"]), (&json!(1), &json!("draft"), &json!(2)));
    let versions = pat.get(&format!("{page}/versions")).await.ok();
    assert_eq!(versions["data"][0]["note"], "Replaced “night porter” by “*night* keeper”.");
    let basics = content(&pat, &section).await;
    assert_eq!(basics["requirements"]["text"], "Two nights as a *night* keeper");
    assert_eq!(basics["introduction"], "For a Night porter\n", "what was not ticked stays");
    let together = told.split("href=\"/admin/publish?documents=").nth(1).unwrap().split('"').next().unwrap();
    assert!(together.contains(&id_of(&page)) && together.contains(&id_of(&section)), "{together}");
    assert!(bo.page(&format!("/admin/publish?documents={together}")).await.contains("Publish them together"));
}

#[tokio::test]
async fn what_changed_meanwhile_is_skipped_and_named() {
    let (_app, pat, mut bo) = both().await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let other = pat.create("role-pages", &titled("Night porter")).await;
    let items = [item(&page, 1, 0), item(&other, 1, 0)];
    pat.save(&page, &titled("Head porter")).await.ok();
    let gone = "00000000-0000-7000-8000-00000000ffff 1 0";
    let fields = [("query", "q=porter&with=keeper"), ("item", &items[0]), ("item", &items[1]), ("item", gone)];
    let preview = bo.post(ADDRESS, &fields).await.text();
    for part in
        ["What will be skipped (2)", "Somebody saved version 2 meanwhile; you saw 1", "1 are not there any more"]
    {
        assert!(preview.contains(part), "{part}: {preview}");
    }
    let told = bo.post(CONFIRM, &fields).await.text();
    assert!(told.contains("1 draft made") && told.contains("Somebody saved version 2 meanwhile"), "{told}");
    assert_eq!(content(&pat, &page).await["title"], "Head porter");
    assert_eq!(content(&pat, &other).await["title"], "Night keeper");
    let again = bo.post(CONFIRM, &fields).await.text();
    assert!(again.contains("0 drafts made"), "sending it once more does no harm: {again}");
}

#[tokio::test]
async fn addresses_organisations_and_standards_are_replaced_whole() {
    let (_app, pat, mut bo) = both().await;
    let body = json!({ "content": {
        "title": "Porter",
        "learn_more": [{ "text": "Rules", "url": "https://old.test/rules" }, { "text": "News", "url": "https://older.test/" }],
        "sections": [{ "blocks": [{ "kind": "text", "markdown": "See [the rules](https://old.test/a_b) and https://old.test/plain." }] }],
        "facts": {
            "registrations": [{ "text": "Join", "organisation": "The Porters’ Guild" }],
            "standards": [{ "reference": "ST0120", "title": "Portering" }],
        },
    } });
    let page = pat.create("role-pages", &body).await;
    let fields = |query: &'static str| [("query", query), ("all", "true")];
    let found = bo.page(&format!("{ADDRESS}?what=address&q=https%3A%2F%2Fold.test")).await;
    assert!(found.contains("2 places in 1 document") && !found.contains("older.test"), "{found}");
    let preview = bo.post(ADDRESS, &fields("what=address&q=https%3A%2F%2Fold.test&with=https%3A%2F%2Fnew.test")).await;
    let items: Vec<String> = preview
        .text()
        .split("name=\"item\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(items.len(), 2, "{}", preview.text());
    let query = ("query", "what=address&q=https%3A%2F%2Fold.test&with=https%3A%2F%2Fnew.test");
    bo.post(CONFIRM, &[query, ("item", &items[0]), ("item", &items[1])]).await;
    let now = content(&pat, &page).await;
    assert_eq!(now["learn_more"][0]["url"], "https://new.test/rules");
    assert_eq!(now["learn_more"][1]["url"], "https://older.test/");
    let markdown = now["sections"][0]["blocks"][0]["markdown"].as_str().unwrap();
    assert!(markdown.contains("(https://new.test/a_b)") && markdown.contains("https://old.test/plain"), "{markdown}");
    let refused = bo.page(&format!("{ADDRESS}?what=address&q=https%3A%2F%2Fnew.test&with=nowhere")).await;
    assert!(refused.contains("What would come of it is no address") && !refused.contains("name=\"item\""), "{refused}");

    for (query, pointer, expected) in [
        (
            "what=organisation&q=the+porters%E2%80%99+guild&with=Guild+of+Porters",
            "/facts/registrations/0/organisation",
            json!("Guild of Porters"),
        ),
        ("what=standard&q=st0120&with=ST0999", "/facts/standards/0/reference", json!("ST0999")),
    ] {
        let version = pat.get(&page).await.ok()["version"].as_u64().unwrap();
        let found = bo.page(&format!("{ADDRESS}?{query}")).await;
        assert!(found.contains("1 place in 1 document"), "{query}: {found}");
        let one = format!("{} {version} 0", id_of(&page));
        let told = bo.post(CONFIRM, &[("query", query), ("item", &one)]).await.text();
        assert!(told.contains("1 draft made"), "{told}");
        assert_eq!(content(&pat, &page).await.pointer(pointer), Some(&expected), "{query}");
    }
    let empty = bo.post(ADDRESS, &fields("what=address&q=https%3A%2F%2Fnew.test&with=")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Say where the links are to lead"), "{}", empty.text());
}

#[tokio::test]
async fn one_document_takes_the_place_of_another_in_links_cards_and_sections() {
    let (_app, pat, mut bo) = both().await;
    let (old, new) =
        (pat.create("role-pages", &titled("Porter")).await, pat.create("role-pages", &titled("Keeper")).await);
    let (old, new) = (id_of(&old), id_of(&new));
    let card = pat.create("role-pages", &relating("Cook", &[&old, &new])).await;
    let linking = json!({ "content": { "title": "Driver", "learn_more": [{ "text": "Porters", "document": old }],
        "sections": [{ "blocks": [{ "kind": "text", "markdown": format!("See [them](ref:{old}).") }] }] } });
    let linking = pat.create("role-pages", &linking).await;
    let query = format!("what=document&old={old}&new={new}");
    let found = bo.page(&format!("{ADDRESS}?{query}&old_words=port&new_words=keep")).await;
    assert!(found.contains("3 places in 2 documents") && found.contains("Porters"), "{found}");
    for label in ["Find the one to be replaced</label>", "Find the one in its place</label>"] {
        assert_eq!(found.matches(label).count(), 1, "{label}: {found}");
    }
    let items = [item(&card, 1, 0), item(&linking, 1, 0), item(&linking, 1, 1)];
    let mut fields = vec![("query", query.as_str())];
    fields.extend(items.iter().map(|item| ("item", item.as_str())));
    let preview = bo.post(ADDRESS, &fields).await.text();
    assert!(preview.contains("“Keeper”"), "titles stand for ids: {preview}");
    let told = bo.post(CONFIRM, &fields).await.text();
    assert!(told.contains("2 drafts made"), "{told}");
    assert!(told.contains(&format!("/admin/role-pages/{}/restore?version=1&amp;since=2", id_of(&card))), "{told}");
    assert_eq!(content(&pat, &card).await["related_roles"], json!([new]), "a card stands once");
    let now = content(&pat, &linking).await;
    assert_eq!(now["learn_more"][0]["document"], json!(new));
    assert_eq!(now["sections"][0]["blocks"][0]["markdown"], format!("See [them](ref:{new}).\n"));
    let none = bo.post(ADDRESS, &[("query", &format!("what=document&old={new}")), ("all", "true")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choose the document that is to stand there"), "{}", none.text());
}

#[tokio::test]
async fn a_section_is_replaced_by_another_and_cycles_are_refused() {
    let (_app, pat, mut bo) = both().await;
    let old = pat.create("requirement-sections", &titled("Old basics")).await;
    let page = pat.create("role-pages", &embedding("Porter", &[&id_of(&old)])).await;
    // The new one refers to the tree of the old one, so it can't stand in its own place.
    let new = json!({ "content": { "title": "New basics", "requirements": { "kind": "section", "requirement_section": id_of(&old) } } });
    let new = pat.create("requirement-sections", &new).await;
    let above = json!({ "content": { "title": "Above", "requirements": { "kind": "section", "requirement_section": id_of(&old) } } });
    let above = pat.create("requirement-sections", &above).await;
    let inner = json!({ "content": { "title": "Inner", "requirements": { "kind": "section", "requirement_section": id_of(&above) } } });
    let inner = pat.create("requirement-sections", &inner).await;
    let query = format!("what=section&old={}&new={}", id_of(&old), id_of(&inner));
    let found = bo.page(&format!("{ADDRESS}?{query}")).await;
    assert!(found.contains("3 places in 3 documents"), "{found}");
    let items = [item(&page, 1, 0), item(&above, 1, 0), item(&new, 1, 0)];
    let fields: Vec<(&str, &str)> =
        std::iter::once(("query", query.as_str())).chain(items.iter().map(|item| ("item", item.as_str()))).collect();
    let told = bo.post(CONFIRM, &fields).await.text();
    assert!(told.contains("2 drafts made") && told.contains("The section would contain itself"), "{told}");
    assert_eq!(content(&pat, &page).await["sections"][0]["blocks"][0]["requirement_section"], json!(id_of(&inner)));
    assert_eq!(content(&pat, &above).await["requirements"]["requirement_section"], json!(id_of(&old)));
    let own = bo.page(&format!("{ADDRESS}?what=section&old={}&new={}", id_of(&inner), id_of(&new))).await;
    assert!(own.contains("It would refer to itself"), "{own}");
    let kind = bo.page(&format!("{ADDRESS}?what=document&old={}&new={}", id_of(&inner), id_of(&page))).await;
    assert!(kind.contains("Only a requirement section can stand here"), "{kind}");
}

#[tokio::test]
async fn many_documents_come_a_page_at_a_time() {
    let (_app, pat, mut bo) = both().await;
    for number in 10..50 {
        pat.create("role-pages", &titled(&format!("Porter {number}"))).await;
    }
    let first = bo.page(&format!("{ADDRESS}?q=porter")).await;
    assert!(first.contains("25 places in 25 documents, on this page"), "{first}");
    assert!(first.contains("25 of 40 documents looked through") && first.contains(">Porter 34</a>"), "{first}");
    let next = first.split("href=\"").find(|rest| rest.contains("cursor=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = bo.page(&next).await;
    assert!(second.contains("15 places in 15 documents") && second.contains("40 of 40"), "{second}");
    assert!(!second.contains("Next page") && second.contains(">Porter 35</a>"), "{second}");
    // Everything on the page is everything on this page.
    let query = next.split_once('?').unwrap().1;
    let preview = bo.post(ADDRESS, &[("query", query), ("all", "true")]).await.text();
    assert!(preview.contains("What would change in 15 documents"), "{preview}");
}

#[tokio::test]
async fn nothing_ticked_is_said_and_odd_forms_are_refused() {
    let (_app, pat, mut bo) = both().await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let told = bo.submit(ADDRESS, &[("query", "q=porter")]).await;
    assert!(told.contains("Tick at least one place first") && told.contains("1 place in 1 document"), "{told}");
    assert_eq!(bo.get(&format!("{ADDRESS}?colour=red")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(bo.get(&format!("{ADDRESS}?q=a&cursor=x")).await.status, StatusCode::BAD_REQUEST);
    let long = "x".repeat(501);
    assert_eq!(bo.get(&format!("{ADDRESS}?q={long}")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = item(&page, 1, 0);
    for fields in [
        vec![("query", "q=porter"), ("item", "x 1 0")],
        vec![("query", "q=porter"), ("item", &good), ("title", "x")],
        vec![("query", ""), ("item", &good)],
        vec![("item", &good)],
    ] {
        for path in [ADDRESS, CONFIRM] {
            let status = bo.post(path, &fields).await.status;
            assert!(
                status == StatusCode::BAD_REQUEST || status == StatusCode::UNPROCESSABLE_ENTITY,
                "{path} {fields:?}: {status}"
            );
        }
    }
    // A number that no place has changes nothing.
    let told = bo.post(CONFIRM, &[("query", "q=porter&with=cook"), ("item", &item(&page, 1, 7))]).await.text();
    assert!(told.contains("0 drafts made") && told.contains("Nothing would change"), "{told}");
    // An empty title can be saved; only publishing asks for one.
    bo.post(CONFIRM, &[("query", "q=porter"), ("item", &good)]).await;
    assert_eq!(content(&pat, &page).await["title"], "");
}
