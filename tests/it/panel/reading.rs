//! What can be looked at of one document: history, versions, comparisons, previews, uses, publications.

use axum::http::StatusCode;
use rolebook::kernel::Role;
use serde_json::json;

use super::Browser;
use crate::{
    documents::{REQUIREMENT_SECTION, ROLE_PAGE, example},
    support::{
        Client, TestApp,
        drafts::{COLLECTIONS, embedding, titled},
        id_of,
    },
};

async fn office() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    let program = app.person("Setup", &[Role::Administrator]).await;
    program.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();
    let ada = app.signed_in("Ada", &[Role::Administrator]).await;
    (app, program, ada)
}

fn page_of(path: &str, rest: &str) -> String {
    format!("{}/{rest}", path.replace("/manage/v1", "/admin"))
}

#[tokio::test]
async fn the_history_tells_versions_and_events_of_either_kind() {
    for collection in COLLECTIONS {
        let (_app, program, mut ada) = office().await;
        let path = program.publish_new(collection, &titled("Porter")).await;
        program.save(&path, &titled("Hospital porter")).await.ok();
        program.step(&path, "publish", &json!({ "note": "A better title." })).await.ok();
        program.step(&path, "restore", &json!({ "version": 1 })).await.ok();
        let page = ada.page(&page_of(&path, "history")).await;
        for words in ["Version 3: restored", "Version 2: saved", "Version 1: made", "Version 2 went live."] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("A better title.") && page.contains("Live now") && page.contains("was live"), "{page}");
        assert!(page.contains("Title changed. ") && page.contains("through the API") && page.contains("by restoring"));
        assert!(page.contains("1 part changed, +2 −1 words<"), "{page}");
        assert!(page.contains("compare?from=1&amp;to=2") && page.contains("restore?version=1"), "{page}");
        let versions = ada.page(&page_of(&path, "history?show=versions")).await;
        assert!(versions.contains("Version 2: saved"), "{versions}");
        // A note that was said with the version as well as with its publication is told once.
        let mut noted = titled("Ward porter");
        noted["note"] = "Wards only.".into();
        program.save(&path, &noted).await.ok();
        program.step(&path, "publish", &json!({ "note": "Wards only." })).await.ok();
        assert_eq!(ada.page(&page_of(&path, "history")).await.matches("“Wards only.”").count(), 1);
        program.save(&path, &titled("Theatre porter")).await.ok();
        program.step(&path, "publish", &json!({ "note": "And theatres." })).await.ok();
        assert_eq!(ada.page(&page_of(&path, "history")).await.matches("“And theatres.”").count(), 1);
        let reviews = ada.page(&page_of(&path, "history?show=reviews")).await;
        assert!(reviews.contains("Nothing of this kind has happened yet."), "{reviews}");
    }
}

#[tokio::test]
async fn notes_stand_in_the_history_of_either_kind_and_change_nothing() {
    for collection in COLLECTIONS {
        let (app, program, mut ada) = office().await;
        let path = program.create(collection, &titled("Porter")).await;
        let note = [("text", "The <hours> come from the 2027 agreement.")];
        let page = ada.submit(&page_of(&path, "note"), &note).await;
        assert!(page.contains("The &lt;hours&gt; come from the 2027 agreement."), "{page}");
        assert_eq!(program.get(&path).await.ok()["version"], 1);
        let notes = ada.page(&page_of(&path, "history?show=notes")).await;
        assert!(notes.contains("2027 agreement") && !notes.contains("Version 1: made"), "{notes}");
        let events = program.get(&format!("{path}/events")).await.ok();
        assert_eq!(events["data"][0]["kind"], "document_noted");
        let empty = ada.post(&page_of(&path, "note"), &[("text", "  ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text().contains("The note is empty."), "{}", empty.text());
        let mut tia = app.signed_in("Tia", &[Role::Triager]).await;
        assert_eq!(tia.post(&page_of(&path, "note"), &note).await.status, StatusCode::FORBIDDEN);
        assert!(!tia.page(&page_of(&path, "history")).await.contains("Add a note"));
        let public = app.nobody().get("/api/v1/changes").await.text();
        assert!(!public.contains("2027 agreement"), "{public}");
    }
}

#[tokio::test]
async fn what_happens_to_an_older_version_stands_where_it_happened() {
    let (_app, program, mut ada) = office().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    program.save(&path, &titled("Hospital porter")).await.ok();
    program.step(&path, "withdraw", &json!({ "explanation": "The hours are wrong." })).await.ok();
    let page = ada.page(&page_of(&path, "history")).await;
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    // It is about the version that was live, and stands above the save that it came after.
    let order = [at("It was withdrawn"), at("Version 2: saved"), at("Version 1: made"), at("Version 1 went live.")];
    assert!(order.is_sorted(), "{page}");
}

#[tokio::test]
async fn a_long_history_has_pages() {
    let (_app, program, mut ada) = office().await;
    let path = program.create("role-pages", &titled("Porter 1")).await;
    for number in 2..=24 {
        program.save(&path, &titled(&format!("Porter {number}"))).await.ok();
    }
    let first = ada.page(&page_of(&path, "history")).await;
    assert!(first.contains("20 of 24 shown") && !first.contains("Version 1: made"), "{first}");
    let next = first
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|link| link.contains("cursor="))
        .unwrap();
    let second = ada.page(&next.replace("&amp;", "&")).await;
    assert!(second.contains("Version 1: made") && second.contains("First page"), "{second}");
}

#[tokio::test]
async fn two_versions_are_compared_in_words_and_side_by_side() {
    let (_app, program, mut ada) = office().await;
    let parent = program.create("role-pages", &titled("Hospital work")).await;
    let path = program.create("role-pages", &titled("Porter")).await;
    let second = json!({ "parent": id_of(&parent), "slug": "porters", "content": { "title": "Hospital porter" } });
    program.save(&path, &second).await.ok();
    let page = ada.page(&page_of(&path, "compare?from=1&to=2")).await;
    assert!(page.contains("Title changed") && page.contains("Slug changed"), "{page}");
    assert!(
        page.contains("“Hospital work”")
            && !page.contains(&format!("<ins><span class=\"vh\">added: </span>{}", id_of(&parent)))
    );
    assert!(page.contains("<ins>") && page.contains("Restore version 1…"), "{page}");
    assert!(page.contains("Change 1 of 3: Slug") && page.contains("href=\"#change-2\""), "{page}");
    let whole = ada.page(&page_of(&path, "compare?from=1&to=2&view=page")).await;
    assert!(whole.contains("<h3>Language</h3>") && !page.contains("<h3>Language</h3>"), "{whole}");
    let sides = ada.page(&page_of(&path, "compare?from=1&to=2&as=sides")).await;
    let (before, after) = sides.split_once("id=\"change-3\"").unwrap().1.split_once(">After<").unwrap();
    assert!(!before.contains("<ins>") && after.contains("<ins>"), "{sides}");
    assert!(page.contains("compare?from=2&amp;to=1") && page.contains("Read version 2"), "{page}");
    assert!(ada.page(&page_of(&path, "compare?from=1&to=1")).await.contains("These versions are the same."));
    assert_eq!(ada.get(&page_of(&path, "compare?from=1&to=9")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_blocks_of_a_change_are_groups_with_a_name_and_no_headings() {
    let (_app, program, mut ada) = office().await;
    let section = |text: &str| {
        let id = |place: u32| format!("00000000-0000-7000-8000-{place:012}");
        json!({ "content": { "title": "Porter", "sections": [{ "id": id(1), "heading": "Work", "blocks": [
            { "id": id(2), "kind": "text", "markdown": text },
            { "id": id(3), "kind": "quote", "markdown": text, "attribution": "A porter" }] }] } })
    };
    let path = program.create("role-pages", &section("You move beds.")).await;
    program.save(&path, &section("You move beds and trolleys.")).await.ok();
    let page = ada.page(&page_of(&path, "compare?from=1&to=2")).await;
    let change = page.split("id=\"change-1\"").nth(1).unwrap();
    let named: Vec<&str> =
        change.split("role=\"group\" aria-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(named, ["Quote"], "a text has no name of its own: {change}");
    assert!(!change.contains("<h4"), "{change}");
}

#[tokio::test]
async fn a_rule_that_changed_is_a_sentence_and_a_move_says_where_to() {
    let (_app, program, mut ada) = office().await;
    let leaf = |id: u32, text: &str| json!({ "id": format!("00000000-0000-7000-8000-{id:012}"), "kind": "requirement", "text": text });
    let tree = |rule: &str, items: serde_json::Value| {
        json!({ "content": { "title": "Entry", "requirements":
            { "id": "00000000-0000-7000-8000-0000000000aa", "kind": "group", "rule": rule, "items": items } } })
    };
    let (one, two, three) = (leaf(1, "A licence"), leaf(2, "A check"), leaf(3, "A reference"));
    let path = program.create("requirement-sections", &tree("one_of", json!([one, two, three]))).await;
    program.save(&path, &tree("all_of", json!([three, one, two]))).await.ok();
    let page = ada.page(&page_of(&path, "compare?from=1&to=2")).await;
    assert!(page.contains("“one of” became “all of”"), "{page}");
    assert!(page.contains("Moved from 3 to 1"), "{page}");
}

#[tokio::test]
async fn a_preview_shows_drafts_to_those_who_may_read_them_and_to_nobody_else() {
    let (app, program, mut ada) = office().await;
    let section = program.publish_new("requirement-sections", &example(REQUIREMENT_SECTION, &[])).await;
    let body = example(ROLE_PAGE, &[("entry-requirements-ict", &id_of(&section))]);
    let path = program.create("role-pages", &body).await;
    let mut changed = example(REQUIREMENT_SECTION, &[]);
    changed["content"]["introduction"] = json!("Only the draft says this.");
    program.save(&section, &changed).await.ok();
    for (path, rest) in [(&path, "preview"), (&section, "preview?line=live"), (&path, "versions/1")] {
        assert_eq!(ada.page(&page_of(path, rest)).await.matches("<iframe").count(), 1);
    }
    let frame = page_of(&path, "preview/frame");
    let answer = ada.get(&format!("{frame}?as=drafts")).await;
    assert!(answer.header("content-security-policy").contains("sandbox"), "{answer:?}");
    assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
    let page = ada.page(&format!("{frame}?as=drafts")).await;
    assert!(page.contains("Only the draft says this.") && page.contains("plain-english"), "{page}");
    assert!(!ada.page(&format!("{frame}?as=live")).await.contains("Only the draft says this."));
    assert_eq!(ada.get(&format!("{frame}?line=live")).await.status, StatusCode::NOT_FOUND);
    let section_frame = page_of(&section, "preview/frame");
    assert!(ada.page(&section_frame).await.contains("Only the draft says this."));
    assert!(!ada.page(&format!("{section_frame}?line=live")).await.contains("Only the draft says this."));
    assert!(!ada.page(&format!("{section_frame}?version=1")).await.contains("Only the draft says this."));
    assert_eq!(app.browser().get(&section_frame).await.status, StatusCode::SEE_OTHER, "a stranger signs in first");
    let public = app.nobody().get(&format!("/api/v1/requirement-sections/{}", id_of(&section))).await.text();
    assert!(!public.contains("Only the draft says this."));
}

#[tokio::test]
async fn where_a_document_is_used_leads_to_who_uses_it() {
    let (_app, program, mut ada) = office().await;
    let section = program.create("requirement-sections", &titled("Entry")).await;
    assert!(ada.page(&page_of(&section, "used-by")).await.contains("Nothing refers to it."));
    let path = program.create("role-pages", &embedding("Porter", &[&id_of(&section)])).await;
    let page = ada.page(&page_of(&section, "used-by")).await;
    assert!(
        page.contains(&format!("href=\"/admin/role-pages/{}\"", id_of(&path))) && page.contains("Embeds it"),
        "{page}"
    );
}

#[tokio::test]
async fn a_section_that_stands_in_many_pages_is_shown_a_page_of_them_at_a_time() {
    let (_app, program, mut ada) = office().await;
    let section = program.create("requirement-sections", &titled("Entry")).await;
    for number in 0..51 {
        program.create("role-pages", &embedding(&format!("Porter {number:02}"), &[&id_of(&section)])).await;
    }
    let page = ada.page(&page_of(&section, "used-by")).await;
    assert!(page.contains("Porter 49") && !page.contains("Porter 50") && page.contains("50 of 51 shown"), "{page}");
    let next = page.split("href=\"").map(|rest| rest.split('"').next().unwrap()).find(|link| link.contains("cursor="));
    let page = ada.page(&next.unwrap().replace("&amp;", "&")).await;
    assert!(page.contains("Porter 50") && !page.contains("Porter 49"), "{page}");
    let editor = ada.page(page_of(&section, "").trim_end_matches('/')).await;
    assert!(editor.contains("Used on 51 documents") && editor.contains("All of them"), "{editor}");
    assert!(editor.contains("Porter 19") && !editor.contains("Porter 20"), "a card names the first of them");
}

#[tokio::test]
async fn a_past_publication_is_hidden_with_a_reason() {
    let (app, program, mut ada) = office().await;
    let path = program.publish_new("role-pages", &titled("Porter")).await;
    program.save(&path, &titled("Hospital porter")).await.ok();
    program.step(&path, "publish", &json!({})).await.ok();
    let all = ada.page(&page_of(&path, "publications")).await;
    let link =
        all.split("href=\"").map(|rest| rest.split('"').next().unwrap()).find(|link| link.ends_with("/suppress"));
    let link = link.unwrap().to_owned();
    assert!(
        ada.page(&link).await.contains("This can't be taken back")
            || ada.page(&link).await.contains("can’t be taken back")
    );
    let refused = ada.post(&link, &[("version", "2"), ("reason", "No.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("at least 10 characters") && refused.text().contains("No."));
    let page = ada.submit(&link, &[("version", "2"), ("reason", "It named a person.")]).await;
    assert!(page.contains("Hidden") && !page.contains("/suppress"), "{page}");
    let mut eda = app.signed_in("Eda", &[Role::Editor]).await;
    assert!(!eda.page(&page_of(&path, "publications")).await.contains("/suppress"));
    assert_eq!(eda.get(&link).await.status, StatusCode::FORBIDDEN);
}
