//! Links for people without an account: what they show and what they don't, until when, and that only a digest is kept.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use entity::{event, preview_link};
use rolebook::kernel::{Role, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{Browser, lists::without_review};
use crate::support::{
    Answer, Client, TestApp,
    drafts::{relating, titled},
    id_of,
};

async fn both() -> (TestApp, Client, Browser) {
    let app = TestApp::new().await;
    without_review(&app).await;
    let pat = app.person("Pat", &[Role::Publisher]).await;
    let bo = app.signed_in("Bo", &[Role::Editor]).await;
    (app, pat, bo)
}

fn links(path: &str) -> String {
    format!("/admin/{}/preview-links", path.strip_prefix("/manage/v1/").unwrap())
}

/// Makes a link and answers its path.
async fn make(bo: &mut Browser, path: &str, version: &str, embedded: &str, days: &str) -> String {
    let fields = [("version", version), ("embedded", embedded), ("days", days), ("note", "The ward sister")];
    let made = bo.post(&links(path), &fields).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let address =
        made.text().split("value=\"http://rolebook.test").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(address.starts_with("/preview/") && address.len() == "/preview/".len() + 43, "{address}");
    address
}

fn is_lost(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("This link leads nowhere"), "{}", answer.text());
    assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow, noarchive");
}

#[tokio::test]
async fn whoever_holds_a_link_sees_that_version_and_nothing_else() {
    let (app, pat, mut bo) = both().await;
    let secret = pat.create("role-pages", &titled("A hidden page")).await;
    let section = pat
        .publish_new(
            "requirement-sections",
            &json!({ "content": { "title": "Basics", "introduction": "Live words." } }),
        )
        .await;
    pat.save(&section, &json!({ "content": { "title": "Basics", "introduction": "Draft words." } })).await.ok();
    let image = pat.upload("ward.png", 64, 64, "A ward").await;
    let other = pat.upload("other.png", 32, 32, "Another").await;
    let page = json!({ "content": { "title": "Porter", "summary": "First summary.", "lead_image": { "media": image, "alt": "A ward" },
        "sections": [{ "heading": "Needs", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) },
            { "kind": "text", "markdown": format!("[Inside](ref:{}) and [outside](https://example.org/x).", id_of(&secret)) }] }],
        "related_roles": [id_of(&secret)] } });
    let page = pat.create("role-pages", &page).await;
    let link = make(&mut bo, &page, "1", "drafts", "7").await;
    let live = make(&mut bo, &page, "1", "live", "7").await;
    pat.save(&page, &titled("Porter, changed")).await.ok();

    let mut nobody = app.browser();
    let shown = nobody.get(&link).await;
    assert_eq!(shown.status, StatusCode::OK);
    for (name, value) in [
        ("x-robots-tag", "noindex, nofollow, noarchive"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(shown.header(name), value, "{name}");
    }
    assert!(shown.header("content-security-policy").contains("default-src 'none'"));
    assert!(nobody.cookies.is_empty(), "nobody is given a session");
    let text = shown.text();
    super::well_formed(&text, &link);
    for part in ["A preview of version 1", "<h1>Porter</h1>", "First summary.", "Draft words.", "29 November 2026"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("A hidden page") && !text.contains("changed") && !text.contains("<script"), "{text}");
    assert!(!text.contains("<a ") && !text.contains("/admin/role-pages"), "no link leads anywhere: {text}");
    assert!(nobody.get(&live).await.text().contains("Live words."));

    // The images that stand in it are shown, and no other.
    let source = text.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(source.starts_with(&format!("{link}/files/")), "{source}");
    let file = nobody.get(&source).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("content-type").starts_with("image/") && file.header("cache-control") == "no-store");
    let key = source.rsplit('/').next().unwrap();
    assert_eq!(nobody.get(&format!("/media/{key}")).await.status, StatusCode::NOT_FOUND, "it is not public");
    let others = pat.get(&format!("/manage/v1/media/{other}")).await.ok();
    let other_key = others["renditions"][0]["key"].as_str().unwrap();
    assert_eq!(nobody.get(&format!("{link}/files/{other_key}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(nobody.get(&format!("{link}?version=2")).await.status, StatusCode::BAD_REQUEST);

    // The log knows who made it and not what it is; the table keeps the digest alone.
    let snapshot = app.app.database.read().await.unwrap();
    let kept = preview_link::Entity::find().all(&*snapshot).await.unwrap();
    let kept = serde_json::to_string(&kept).unwrap();
    let events =
        event::Entity::find().filter(event::Column::Kind.eq("preview_link_made")).all(&*snapshot).await.unwrap();
    assert_eq!(events.len(), 2);
    let token = link.strip_prefix("/preview/").unwrap();
    assert!(!kept.contains(token) && !serde_json::to_string(&events).unwrap().contains(token));
    assert!(kept.contains("The ward sister"));
    drop(snapshot);
    // Another instance on the same database knows it too, as one does after a restart.
    let beside = app.beside().await;
    assert_eq!(beside.browser().get(&link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_ends_by_itself_when_it_is_revoked_and_with_its_document() {
    let (app, pat, mut bo) = both().await;
    let page = pat.create("role-pages", &relating("Porter", &[])).await;
    let (day, week, month) = (
        make(&mut bo, &page, "1", "drafts", "1").await,
        make(&mut bo, &page, "1", "drafts", "7").await,
        make(&mut bo, &page, "1", "live", "30").await,
    );
    let mut nobody = app.browser();
    is_lost(&nobody.get("/preview/0123456789abcdef0123456789abcdef").await);
    is_lost(&nobody.get(&format!("{day}x")).await);
    app.clock.advance(Timestamp::DAY - 1);
    bo.sign_in().await;
    assert_eq!(nobody.get(&day).await.status, StatusCode::OK);
    app.clock.advance(1);
    is_lost(&nobody.get(&day).await);

    let list = bo.page(&links(&page)).await;
    assert_eq!(list.matches(">Works</span>").count(), 2, "{list}");
    assert!(list.contains(">Expired</span>") && list.contains("The ward sister") && list.contains("by Bo"), "{list}");
    let address = links(&page);
    let revoke =
        list.split("action=\"").map(|rest| rest.split('"').next().unwrap()).filter(|to| to.ends_with("/revoke"));
    let revoke: Vec<String> = revoke.map(str::to_owned).collect();
    assert_eq!(revoke.len(), 2);
    // Newest first: the link for a month.
    let after = bo.submit(&revoke[0], &[]).await;
    assert!(after.contains("The link has been revoked") && after.contains(">Revoked</span>"), "{after}");
    is_lost(&nobody.get(&month).await);
    assert_eq!(nobody.get(&week).await.status, StatusCode::OK);
    bo.submit(&revoke[0], &[]).await;
    let snapshot = app.app.database.read().await.unwrap();
    let revoked = event::Entity::find().filter(event::Column::Kind.eq("preview_link_revoked"));
    assert_eq!(revoked.all(&*snapshot).await.unwrap().len(), 1, "what has ended can't end again");
    drop(snapshot);
    let other = pat.create("role-pages", &titled("Cook")).await;
    let strange = revoke[1].replace(&id_of(&page), &id_of(&other));
    assert_eq!(bo.post(&strange, &[]).await.status, StatusCode::NOT_FOUND, "each link belongs to its document");

    pat.step(&page, "trash", &json!({})).await.ok();
    is_lost(&nobody.get(&week).await);
    pat.step(&page, "untrash", &json!({})).await.ok();
    assert_eq!(nobody.get(&week).await.status, StatusCode::OK);
    pat.step(&page, "trash", &json!({})).await.ok();
    let refused = bo.post(&address, &[("version", "1"), ("embedded", "live"), ("days", "7")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("in the trash"), "{}", refused.text());
    let ada = app.person("Ada", &[Role::Administrator]).await;
    ada.step(&page, "purge", &json!({})).await;
    is_lost(&nobody.get(&week).await);
}

#[tokio::test]
async fn what_a_link_can_be_is_said_and_looking_has_a_limit() {
    let (app, pat, mut bo) = both().await;
    let page = pat.create("role-pages", &titled("Porter")).await;
    let address = links(&page);
    let form = bo.page(&format!("{address}?version=1")).await;
    assert!(form.contains("No link has been made yet") && form.contains("Version 1"), "{form}");
    for (fields, reason) in [
        (vec![("version", "9"), ("embedded", "live"), ("days", "7")], "There is no such version"),
        (vec![("version", "1"), ("embedded", "live"), ("days", "365")], "Say how long the link works"),
        (vec![("version", "1"), ("embedded", "none"), ("days", "7")], "is not one of"),
        (vec![("embedded", "live"), ("days", "7")], "Say which version it shows"),
    ] {
        let refused = bo.post(&address, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(refused.text().contains(reason), "{reason}: {}", refused.text());
    }
    let mut tim = app.signed_in("Tim", &[Role::Triager]).await;
    assert_eq!(tim.get(&address).await.status, StatusCode::FORBIDDEN);
    assert!(!tim.page(&address.replace("preview-links", "preview")).await.contains("preview-links"));
    let link = make(&mut bo, &page, "1", "live", "7").await;
    let mut nobody = app.browser();
    let mut looked = 0;
    let refused = loop {
        let answer = nobody.get(&link).await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        looked += 1;
        assert!(looked < 1_000, "there is a limit");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(looked > 50, "ordinary reading is never refused: {looked}");
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn sites_read_the_version_in_the_shape_of_the_public_json() {
    let (app, pat, mut bo) = both().await;
    let section = pat
        .publish_new(
            "requirement-sections",
            &json!({ "content": { "title": "Basics", "introduction": "Live words." } }),
        )
        .await;
    pat.save(&section, &json!({ "content": { "title": "Basics", "introduction": "Draft words." } })).await.ok();
    let image = pat.upload("ward.png", 64, 64, "A ward").await;
    let other = pat.publish_new("role-pages", &titled("Nurse")).await;
    let content = json!({ "content": { "title": "Porter", "summary": "First summary.",
        "lead_image": { "media": image, "alt": "A ward" }, "related_roles": [id_of(&other)],
        "sections": [{ "heading": "Needs", "blocks": [{ "kind": "requirements", "requirement_section": id_of(&section) }] }] } });
    let page = pat.create("role-pages", &content).await;
    let link = make(&mut bo, &page, "1", "drafts", "7").await;
    let token = link.strip_prefix("/preview/").unwrap().to_owned();
    let live = make(&mut bo, &page, "1", "live", "7").await.strip_prefix("/preview/").unwrap().to_owned();
    pat.save(&page, &titled("Porter, changed")).await.ok();

    let nobody = app.nobody();
    let addresses = [
        "/preview/v1/role-pages/porter".to_owned(),
        format!("/preview/v1/role-pages/{}", id_of(&page)),
        "/preview/v1/content/porter".to_owned(),
    ];
    for address in &addresses {
        let bearer = format!("bearer {token}");
        let by_header = nobody.send(Method::GET, address, &[("authorization", &bearer)], Body::empty()).await;
        let by_query = nobody.get(&format!("{address}?token={token}")).await;
        assert_eq!(by_header.body, by_query.body, "{address}");
        assert_eq!(
            (by_header.header("cache-control"), by_header.header("x-robots-tag")),
            ("no-store", "noindex, nofollow, noarchive")
        );
        assert!(!by_header.headers.contains_key("etag") && !by_header.headers.contains_key("surrogate-key"));
        let shown = by_query.ok();
        assert_eq!(
            (&shown["title"], &shown["version"], &shown["path"]),
            (&json!("Porter"), &json!(1), &json!("/porter"))
        );
        assert_eq!(
            shown["sections"][0]["blocks"][0]["requirement_section"]["introduction"]["markdown"],
            "Draft words.\n"
        );
        assert_eq!(shown["related_roles"][0]["path"], "/nurse", "links are as sites need them");
        let source = shown["lead_image"]["sources"][0]["src"].as_str().unwrap().to_owned();
        assert!(source.starts_with(&format!("/preview/{token}/files/")), "{source}");
        assert_eq!(nobody.get(&source).await.status, StatusCode::OK);
    }
    let shown = nobody.get(&format!("/preview/v1/role-pages/porter?token={live}")).await.ok();
    assert_eq!(shown["sections"][0]["blocks"][0]["requirement_section"]["introduction"]["markdown"], "Live words.\n");

    // When it is public, it has the keys that it had here, in the same order.
    pat.save(&page, &content).await.ok();
    pat.step(&page, "publish", &json!({})).await.ok();
    let public = nobody.get("/api/v1/role-pages/porter").await.ok();
    assert_eq!(
        public.as_object().unwrap().keys().collect::<Vec<_>>(),
        shown.as_object().unwrap().keys().collect::<Vec<_>>()
    );

    // Nothing else can be read with it, and nothing without it.
    for address in [
        "/preview/v1/role-pages/nurse",
        "/preview/v1/content/nurse",
        "/preview/v1/requirement-sections/basics",
        "/preview/v1/nonsense/porter",
    ] {
        nobody.get(&format!("{address}?token={token}")).await.problem(404);
    }
    for query in ["", "?token=", "?token=nonsense"] {
        let refused = nobody.get(&format!("/preview/v1/role-pages/porter{query}")).await;
        assert!(refused.header("www-authenticate").starts_with("Bearer"), "{refused:?}");
        refused.problem(401);
    }
    nobody.get(&format!("/preview/v1/role-pages/porter?token={token}&version=2")).await.problem(400);
    app.clock.advance(7 * Timestamp::DAY);
    nobody.get(&format!("/preview/v1/role-pages/porter?token={token}")).await.problem(401);
}
