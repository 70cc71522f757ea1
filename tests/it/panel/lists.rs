//! The lists of documents: what stands in them, filters alone and together, order, pages, the trash, hostile addresses.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use rolebook::kernel::{Role, Timestamp};
use serde_json::json;

use super::Browser;
use crate::support::{
    Client, TestApp,
    drafts::{below, embedding, titled},
    id_of,
};

/// The titles of a list's rows, in their order.
pub fn titles(page: &str) -> Vec<String> {
    page.split("<th scope=\"row\">")
        .skip(1)
        .map(|rest| {
            let cell = rest.split("</th>").next().unwrap();
            let words = cell.split('>').nth(1).unwrap_or(cell).split('<').next().unwrap();
            if words.is_empty() { cell.split('<').next().unwrap().to_owned() } else { words.to_owned() }
        })
        .collect()
}

fn next_page(page: &str) -> Option<String> {
    let link = page
        .split("<a class=\"button\" href=\"")
        .skip(1)
        .find(|rest| rest.contains(">Next page<") && rest.find(">Next page<") < rest.find("</a>"))?;
    Some(link.split('"').next().unwrap().replace("&amp;", "&"))
}

/// Lets people publish without a review, however many could review.
pub async fn without_review(app: &TestApp) {
    let setter = app.person("Setter", &[Role::Administrator]).await;
    setter.set(&json!({ "review_role_pages": "off", "review_requirement_sections": "off" })).await.ok();
}

async fn on(app: &TestApp, roles: &[Role]) -> (Client, Browser) {
    without_review(app).await;
    (app.person("Pat", &[Role::Publisher]).await, app.signed_in("Bo", roles).await)
}

#[tokio::test]
async fn a_list_shows_where_each_document_stands() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Editor]).await;
    let empty = bo.page("/admin/role-pages").await;
    assert!(empty.contains("There are no role pages yet") && empty.contains("New role page"), "{empty}");
    let live = pat.publish_new("role-pages", &titled("Porter & co")).await;
    pat.save(&live, &titled("Porter & co at night")).await.ok();
    pat.create("role-pages", &below("Cook", &id_of(&live))).await;
    app.nobody()
        .post(
            "/api/v1/reports",
            &json!({ "document": id_of(&live), "kind": "problem", "wrong": "The hours are not right." }),
        )
        .await
        .ok();
    let page = bo.page("/admin/role-pages").await;
    assert!(page.contains("Role pages (2)</h1>"), "{page}");
    assert_eq!(titles(&page).len(), 2);
    let row = page.split("<tr").skip(1).find(|row| row.contains("Porter &amp; co at night")).unwrap();
    for part in [
        ">Live</span>",
        ">Draft</span>",
        "/porter-co",
        "Pat",
        "aria-label=\"Select Porter &amp; co at night\"",
        ">1<span class=\"vh\"> about",
    ] {
        assert!(row.contains(part), "{part} in {row}");
    }
    assert!(row.contains(&format!("/admin/role-pages/{}/history", id_of(&live))), "{row}");
    let cook = page.split("<tr").skip(1).find(|row| row.contains(">Cook</a>")).unwrap();
    assert!(!cook.contains(">Live</span>") && !cook.contains("Never published"), "{cook}");
    assert!(bo.page("/admin/requirement-sections").await.contains("There are no requirement sections yet"));
    let mut tim = app.signed_in("Tim", &[Role::Triager]).await;
    let read_only = tim.page("/admin/role-pages").await;
    assert!(
        !read_only.contains("type=\"checkbox\" name=\"item\"") && !read_only.contains("New role page"),
        "{read_only}"
    );
    assert!(!read_only.contains("name=\"step\"") && read_only.contains(">Open<"), "{read_only}");
}

#[tokio::test]
async fn filters_work_alone_and_together_and_are_named() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    let section = pat.publish_new("requirement-sections", &titled("Basics")).await;
    let live = pat.publish_new("role-pages", &embedding("Porter", &[&id_of(&section)])).await;
    pat.at(Method::PATCH, &live, 1, &json!({ "review_by": "2026-01-01", "owner": bo.user })).await.ok();
    let draft = pat.create("role-pages", &below("Night porter", &id_of(&live))).await;
    pat.step(&draft, "submit", &json!({})).await.ok();
    let broken = json!({ "content": { "title": "Cook", "summary": "Élégant meals",
        "learn_more": [{ "text": "", "url": "https://example.org" }] } });
    pat.create("role-pages", &broken).await;
    let later =
        json!({ "content": { "title": "Driver", "summary": "Drives a van.", "related_roles": [id_of(&draft)] } });
    let later = pat.publish_new("role-pages", &later).await;
    pat.step(
        &later,
        "schedule",
        &json!({ "action": "unpublish", "at": "2026-12-01T00:00:00Z", "decision": "gone", "explanation": "Over." }),
    )
    .await
    .ok();
    app.nobody()
        .post("/api/v1/reports", &json!({ "document": id_of(&later), "kind": "problem", "wrong": "It says vans." }))
        .await
        .ok();
    pat.at(Method::PATCH, &later, 1, &json!({ "owner": null })).await.ok();
    pat.save(&later, &json!({ "content": { "title": "Driver", "summary": "Drives vans." } })).await.ok();
    let me = bo.user.unwrap();
    let cases = [
        ("q=porter", vec!["Night porter", "Porter"]),
        ("q=PORTER+night", vec!["Night porter"]),
        ("q=elegant", vec!["Cook"]),
        ("q=%C3%89l%C3%A9gant%2C", vec!["Cook"]),
        ("q=%25", vec![]),
        ("draft_state=in_review", vec!["Night porter"]),
        ("live_state=live", vec!["Driver", "Porter"]),
        ("live_state=never", vec!["Cook", "Night porter"]),
        ("live_state=live&draft_state=none&q=porter", vec!["Porter"]),
        (&format!("parent={}", id_of(&live)), vec!["Night porter"]),
        (&format!("owner={me}"), vec!["Porter"]),
        (&format!("owner={me}&live_state=never"), vec![]),
        ("review_passed=true", vec!["Porter"]),
        ("problems=true", vec!["Cook", "Night porter", "Porter"]),
        ("must_fix=true", vec!["Cook"]),
        ("scheduled=true", vec!["Driver"]),
        ("open_cases=true", vec!["Driver"]),
        ("needs_work=true", vec!["Cook", "Porter"]),
        ("unowned=true", vec!["Driver"]),
        ("unpublished_changes=true", vec!["Driver"]),
        ("broken_links=true", vec!["Driver"]),
        (&format!("embeds={}", id_of(&section)), vec!["Porter"]),
        (&format!("embeds={}&review_passed=true&q=port&owner=&parent=", id_of(&section)), vec!["Porter"]),
        ("open_cases=true&scheduled=true&live_state=live", vec!["Driver"]),
    ];
    for (query, expected) in cases {
        let page = bo.page(&format!("/admin/role-pages?sort=title&{query}")).await;
        assert_eq!(titles(&page), expected, "{query}");
        if expected.is_empty() {
            assert!(page.contains("No role page fits all of the filters") && page.contains("Clear filters"), "{page}");
        }
    }
    let page = bo.page(&format!("/admin/role-pages?q=port&parent={}&live_state=never", id_of(&live))).await;
    assert!(
        page.contains("“port”") && page.contains("Inside: Porter") && page.contains("Never published <span"),
        "{page}"
    );
    let chip = format!("href=\"/admin/role-pages?q=port&amp;parent={}\"", id_of(&live));
    assert!(page.contains(&chip), "a chip takes its own filter away: {page}");
}

#[tokio::test]
async fn words_are_those_of_the_version_that_is_shown() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    let text = |title: &str, markdown: &str| json!({ "content": { "title": title, "sections": [{ "blocks": [{ "kind": "text", "markdown": markdown }] }] } });
    let page = pat.publish_new("role-pages", &text("Porter", "Carries **trolleys**.")).await;
    let found =
        async |bo: &mut Browser, word: &str| titles(&bo.page(&format!("/admin/role-pages?q={word}")).await).len();
    assert_eq!(found(&mut bo, "trolley").await, 1);
    assert_eq!(found(&mut bo, "markdown").await, 0, "what is stored beside the words is no word");
    pat.save(&page, &text("Porter", "Carries parcels.")).await.ok();
    assert_eq!((found(&mut bo, "trolley").await, found(&mut bo, "parcels").await), (0, 1));
    pat.step(&page, "discard", &json!({})).await.ok();
    assert_eq!((found(&mut bo, "trolley").await, found(&mut bo, "parcels").await), (1, 0));
}

#[tokio::test]
async fn what_the_checks_found_follows_what_is_referred_to_into_the_trash() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    let other = pat.create("role-pages", &titled("Other")).await;
    pat.create(
        "role-pages",
        &json!({ "content": { "title": "Porter", "learn_more": [{ "text": "Other", "document": id_of(&other) }] } }),
    )
    .await;
    let broken = "/admin/role-pages?must_fix=true";
    assert_eq!(titles(&bo.page(broken).await).len(), 0);
    pat.step(&other, "trash", &json!({})).await.ok();
    assert_eq!(titles(&bo.page(broken).await), ["Porter"]);
    pat.step(&other, "untrash", &json!({})).await.ok();
    assert_eq!(titles(&bo.page(broken).await).len(), 0);
}

#[tokio::test]
async fn every_order_leads_over_all_pages_without_gaps_or_repeats() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Editor]).await;
    for number in 0..120 {
        // Several share a title and a moment.
        let title = format!("Role {:02}", number % 40);
        pat.create("role-pages", &json!({ "slug": format!("role-{number}"), "content": { "title": title } })).await;
        if number % 3 == 0 {
            app.clock.advance(Timestamp::MINUTE);
        }
    }
    for query in ["", "sort=title", "sort=-title", "sort=updated_at", "q=role", "q=role&sort=-title"] {
        let (mut seen, mut rows, mut pages) = (BTreeSet::new(), Vec::new(), 0);
        let mut next = Some(format!("/admin/role-pages?{query}"));
        while let Some(address) = next {
            let page = bo.page(&address).await;
            for part in page.split("name=\"item\" value=\"").skip(1) {
                assert!(seen.insert(part.split(' ').next().unwrap().to_owned()), "{query}: a row stands twice");
            }
            rows.extend(titles(&page));
            pages += 1;
            next = next_page(&page);
        }
        assert_eq!((seen.len(), pages), (120, 3), "{query}");
        if query.contains("title") {
            let mut sorted = rows.clone();
            sorted.sort();
            if query.contains("-title") {
                sorted.reverse();
            }
            assert_eq!(rows, sorted, "{query}");
        }
    }
    let page = bo.page("/admin/role-pages?sort=title").await;
    assert!(page.contains("aria-sort=\"ascending\"") && page.contains("sort=-title"), "{page}");
}

#[tokio::test]
async fn a_search_goes_on_from_where_it_was_although_the_last_row_has_moved() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Editor]).await;
    for number in 10..70 {
        pat.create("role-pages", &titled(&format!("Role {number}"))).await;
    }
    let first = bo.page("/admin/role-pages?q=role&sort=title").await;
    let last = first.split("name=\"item\" value=\"").last().unwrap().split(' ').next().unwrap().to_owned();
    pat.save(&format!("/manage/v1/role-pages/{last}"), &titled("A role")).await.ok();
    let second = bo.page(&next_page(&first).unwrap()).await;
    let expected: Vec<String> = (60..70).map(|number| format!("Role {number}")).collect();
    assert_eq!(titles(&second), expected);
}

#[tokio::test]
async fn the_trash_has_a_list_of_its_own() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    assert!(bo.page("/admin/role-pages/trash").await.contains("The trash is empty"));
    let page = pat.create("role-pages", &titled("Porter")).await;
    pat.step(&page, "trash", &json!({})).await.ok();
    assert_eq!(titles(&bo.page("/admin/role-pages").await).len(), 0);
    let trash = bo.page("/admin/role-pages/trash").await;
    assert!(trash.contains("Porter") && trash.contains("Pat"), "{trash}");
    let own = format!("/admin/role-pages/{}", id_of(&page));
    assert!(trash.contains(&format!("{own}/untrash")) && !trash.contains(&format!("{own}/purge")), "{trash}");
    let mut ada = app.signed_in("Ada", &[Role::Administrator]).await;
    assert!(ada.page("/admin/role-pages/trash").await.contains(&format!("{own}/purge")));
    let mut eve = app.signed_in("Eve", &[Role::Editor]).await;
    assert!(!eve.page("/admin/role-pages/trash").await.contains("/untrash"));
}

#[tokio::test]
async fn an_address_that_nobody_offers_is_refused_and_breaks_nothing() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    pat.create("role-pages", &titled("Porter")).await;
    let long = "x".repeat(201);
    for query in [
        "sort=slug",
        "cursor=x",
        "cursor=AAAA",
        "draft_state=live",
        "live_state=%00",
        "q=%00",
        "owner=me",
        "parent=1",
        "embeds='",
        "scheduled=yes",
        "review_passed=1",
        "unknown=1",
        "q=a&q=b",
        "sort=title&sort=title",
        &format!("q={long}"),
        // A cursor of another order.
        "sort=title&cursor=LXRpdGxlCjAwMDAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMQp4",
    ] {
        for path in ["/admin/role-pages", "/admin/role-pages/trash"] {
            let answer = bo.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}?{query}: {}", answer.text());
        }
    }
    // A cursor whose place is no number, in an order by time.
    let odd = "LXVwZGF0ZWRfYXQKMDAwMDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxCng";
    assert_eq!(bo.get(&format!("/admin/role-pages?cursor={odd}")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(bo.get(&format!("/admin/role-pages?q=porter&cursor={odd}")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(titles(&bo.page("/admin/role-pages?q=%27%22%3Cb%3E%5C").await).len(), 0);
    assert_eq!(bo.get("/admin/pages").await.status, StatusCode::NOT_FOUND);
    assert_eq!(bo.get("/admin/pages/trash").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn fifty_rows_are_a_small_page() {
    let app = TestApp::new().await;
    let (pat, mut bo) = on(&app, &[Role::Publisher]).await;
    for number in 0..60 {
        pat.publish_new("role-pages", &titled(&format!("A role with a longer name {number}"))).await;
    }
    bo.page("/admin/role-pages").await;
    let answer =
        bo.send(Method::GET, "/admin/role-pages", &[("accept-encoding", "gzip")], axum::body::Body::empty()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert!(answer.body.len() <= 15 * 1024, "{} bytes", answer.body.len());
}
