//! What lists are narrowed to by typed content, through the public door: entry routes, levels, nations, skills.

use rolebook::{kernel::Role, media::Store};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, drafts::titled, id_of, pointers, system_chance};

fn requirement(text: &str, level: &str, nations: &[&str]) -> Value {
    let (framework, level) = level.split_once(':').unwrap();
    json!({ "kind": "requirement", "text": text, "nations": nations, "qualification":
        { "name": text, "level": { "framework": framework, "level": level } } })
}

fn one_of(items: &[Value]) -> Value {
    json!({ "kind": "group", "rule": "one_of", "items": items })
}

fn section(title: &str, routes: &Value) -> Value {
    json!({ "content": { "title": title, "routes": routes } })
}

fn page_with(title: &str, section: &str, skills: &Value) -> Value {
    json!({ "content": { "title": title, "facts": { "skills": skills }, "sections": [{ "heading": "Way in", "blocks": [
        { "kind": "requirements", "requirement_section": section } ] }] } })
}

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/api/v1/role-pages?{query}")).await.ok();
    let rows = list["data"].as_array().unwrap();
    assert_eq!(list["total"], rows.len(), "{list}");
    rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

/// A porter with an apprenticeship of level 2, a nurse with a degree or, in Scotland, Highers, and a page in prose.
async fn site(publisher: &Client) -> (String, String) {
    let maths = publisher
        .publish_new(
            "requirement-sections",
            &json!({ "content": { "title": "Maths", "requirements": requirement("GCSE maths", "RQF:2", &[]) } }),
        )
        .await;
    let apprenticeship = publisher
        .publish_new(
            "requirement-sections",
            &section(
                "Apprenticeship",
                &json!([{ "kind": "apprenticeship", "requirements":
                { "kind": "section", "requirement_section": id_of(&maths) } }]),
            ),
        )
        .await;
    let degree = publisher
        .publish_new(
            "requirement-sections",
            &section(
                "Degree",
                &json!([
                { "kind": "university", "requirements": one_of(&[
                    requirement("a degree", "RQF:6", &[]), requirement("Highers", "RQF:3", &["scotland"])]) },
                { "kind": "volunteering" } ]),
            ),
        )
        .await;
    let patience = json!(["Patience", { "text": "Écoute active", "code": { "scheme": "ESCO", "code": "S1.2" } }]);
    publisher.publish_new("role-pages", &page_with("Porter", &id_of(&apprenticeship), &patience)).await;
    publisher.publish_new("role-pages", &page_with("Nurse", &id_of(&degree), &json!(["Patience"]))).await;
    publisher.publish_new("role-pages", &titled("Poet")).await;
    (maths, apprenticeship)
}

#[tokio::test]
async fn lists_are_narrowed_by_what_stands_in_pages_as_the_public_sees_them() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    site(&publisher).await;
    let public = app.nobody();
    for (query, expected) in [
        ("sort=title", vec!["Nurse", "Poet", "Porter"]),
        ("route=apprenticeship", vec!["Porter"]),
        ("route=college", vec![]),
        ("max_level=RQF:2", vec!["Porter"]),
        ("max_level=RQF:1", vec![]),
        ("max_level=rqf:Entry&unknown=include", vec!["Nurse"]),
        ("max_level=RQF:3&nation=england", vec!["Porter"]),
        ("max_level=RQF:3&nation=scotland", vec!["Nurse", "Porter"]),
        ("max_level=SCQF:1", vec!["Nurse", "Porter"]),
        ("route=university&max_level=RQF:6", vec!["Nurse"]),
        ("nation=wales&route=university", vec!["Nurse"]),
        ("skill=patience", vec!["Nurse", "Porter"]),
        ("skill=ECOUTE", vec!["Porter"]),
        ("skill=esco:s1.2", vec!["Porter"]),
        ("skill=patience&route=university", vec!["Nurse"]),
        ("necessity=required", vec!["Nurse", "Porter"]),
        ("necessity=helpful", vec![]),
    ] {
        assert_eq!(titles(&public, query).await, expected, "{query}");
    }
    let sections = public.get("/api/v1/requirement-sections?max_level=RQF:2").await.ok();
    assert_eq!(sections["data"][0]["title"], "Apprenticeship");
    assert_eq!(sections["total"], 1);
}

#[tokio::test]
async fn a_page_is_found_by_what_a_section_asks_for_now() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let (maths, apprenticeship) = site(&publisher).await;
    let other = TestApp::with(app.database.same(), Store::in_memory(), system_chance()).await;
    for client in [app.nobody(), other.nobody()] {
        assert_eq!(titles(&client, "max_level=RQF:2").await, ["Porter"]);
    }
    // The tree of a section that another refers to, and that stands in the page through it alone.
    let harder = json!({ "content": { "title": "Maths", "requirements": requirement("A level maths", "RQF:3", &[]) } });
    publisher.save(&maths, &harder).await.ok();
    assert_eq!(titles(&app.nobody(), "max_level=RQF:2").await, ["Porter"], "a draft changes nothing");
    publisher.step(&maths, "publish", &json!({})).await.ok();
    other.follow().await;
    for client in [app.nobody(), other.nobody()] {
        assert_eq!(titles(&client, "max_level=RQF:2").await, [""; 0]);
        assert_eq!(titles(&client, "max_level=RQF:3&nation=england").await, ["Porter"]);
    }
    publisher.step(&apprenticeship, "withdraw", &json!({ "explanation": "It is being rewritten." })).await.ok();
    other.follow().await;
    for client in [app.nobody(), other.nobody()] {
        assert_eq!(titles(&client, "route=apprenticeship").await, ["Porter"], "it stays, with its notice");
    }
    let porter = publisher.get("/manage/v1/role-pages?q=porter").await.ok();
    let porter = format!("/manage/v1/role-pages/{}", porter["data"][0]["id"].as_str().unwrap());
    publisher.step(&porter, "unpublish", &json!({ "decision": "gone" })).await.ok();
    other.follow().await;
    for client in [app.nobody(), other.nobody()] {
        assert_eq!(titles(&client, "route=apprenticeship").await, [""; 0]);
        assert_eq!(titles(&client, "").await, ["Nurse", "Poet"]);
    }
}

#[tokio::test]
async fn pages_of_a_narrowed_list_are_cut_at_the_same_places_in_both_directions() {
    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let way_in = publisher.publish_new("requirement-sections", &section("Way in", &json!([{ "kind": "work" }]))).await;
    for title in ["Éa", "b", "Eb", "C", "a"] {
        app.clock.advance(1_000);
        publisher.publish_new("role-pages", &page_with(title, &id_of(&way_in), &json!([]))).await;
    }
    publisher.publish_new("role-pages", &titled("d")).await;
    for (sort, expected) in [
        ("title", ["a", "b", "C", "Éa", "Eb"]),
        ("-title", ["Eb", "Éa", "C", "b", "a"]),
        ("updated_at", ["Éa", "b", "Eb", "C", "a"]),
        ("-updated_at", ["a", "C", "Eb", "b", "Éa"]),
    ] {
        let mut next = format!("/api/v1/role-pages?sort={sort}&limit=2&route=work&nation=wales");
        let mut found = Vec::new();
        loop {
            let page = app.nobody().get(&next).await.ok();
            assert_eq!(page["total"], 5);
            found.extend(page["data"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(address) => next = address.to_owned(),
                None => break,
            }
        }
        assert_eq!(found, expected, "{sort}");
    }
}

#[tokio::test]
async fn a_filter_that_can_not_be_read_is_named_with_what_is_possible() {
    let app = TestApp::new().await;
    for (query, parameter, said) in [
        ("route=apprentice", "route", "apprenticeship"),
        ("max_level=3", "max_level", "RQF:3"),
        ("max_level=RQF:9", "max_level", "SCQF:12"),
        ("nation=france", "nation", "northern_ireland"),
        ("necessity=maybe", "necessity", "helpful"),
        ("unknown=include", "unknown", "max_level"),
        ("max_level=RQF:3&unknown=yes", "unknown", "exclude"),
        ("skill=", "skill", "1 to 200"),
        ("skills=patience", "skills", "skills"),
    ] {
        let problem = app.nobody().get(&format!("/api/v1/role-pages?{query}")).await.problem(400);
        assert_eq!(pointers(&problem), [parameter], "{query}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(said), "{problem}");
    }
}

#[tokio::test]
async fn what_was_published_before_the_upgrade_is_found_after_it() {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

    let app = TestApp::new().await;
    let publisher = app.person("Pat", &[Role::Publisher]).await;
    let (maths, _) = site(&publisher).await;
    let maths: uuid::Uuid = id_of(&maths).parse().unwrap();
    let tx = app.system().write().await.unwrap();
    entity::findable::Entity::delete_many()
        .filter(entity::findable::Column::DocumentId.ne(maths))
        .exec(&*tx)
        .await
        .unwrap();
    entity::findable::Entity::update_many()
        .col_expr(entity::findable::Column::Content, Expr::value("{}"))
        .col_expr(entity::findable::Column::Edition, Expr::value(0))
        .exec(&*tx)
        .await
        .unwrap();
    tx.commit(()).await.unwrap();
    // Found without rows, too, only more slowly.
    assert_eq!(titles(&app.nobody(), "max_level=RQF:2").await, ["Porter"]);
    let restarted = app.beside().await;
    assert_eq!(titles(&restarted.nobody(), "max_level=RQF:2").await, ["Porter"]);
    let snapshot = app.app.database.read().await.unwrap();
    let rows = entity::findable::Entity::find().all(&*snapshot).await.unwrap();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.edition == rolebook::content::findable::EDITION));
}
