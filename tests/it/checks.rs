//! The content checks as programs meet them: with every save, before publishing, and after an upgrade.

use axum::http::Method;
use rolebook::{app, kernel::Role};
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, id_of, pointers};

/// A page with faults that real pages have.
fn area() -> Value {
    json!({ "content": {
        "title": "Computers and networks",
        "summary": "What people who look after computers in hospitals do.",
        "sections": [
            { "heading": "Working life", "blocks": [
                { "kind": "text", "markdown": "You look after:\n\n- the machines eg computers\n- wide area networks (WAN)" } ] },
            { "heading": "Want to know more?", "blocks": [] },
        ],
    } })
}

fn page(title: &str) -> Value {
    json!({ "content": { "title": title, "summary": "They move people and equipment." } })
}

/// What the checks of a document found: severity, code and place.
async fn found(program: &Client, path: &str) -> Vec<String> {
    let document = program.get(path).await.ok();
    let checks = document["checks"].as_array().unwrap();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    checks
        .iter()
        .map(|check| format!("{} {} {}", text(check, "severity"), text(check, "code"), text(check, "pointer")))
        .collect()
}

/// The titles in the list of what needs work.
async fn need_work(app: &TestApp, program: &Client, titles: &[&str]) -> Vec<String> {
    let ctx = app.system();
    let ids = program.get("/manage/v1/role-pages?limit=100").await.ok();
    let mut found = Vec::new();
    for row in ids["data"].as_array().unwrap() {
        let id: uuid::Uuid = row["id"].as_str().unwrap().parse().unwrap();
        let overview = {
            let snapshot = ctx.database.read().await.unwrap();
            entity::overview::Entity::find_by_id(id).one(&*snapshot).await.unwrap().unwrap()
        };
        if overview.must_fix + overview.look_at > 0 && titles.contains(&row["title"].as_str().unwrap()) {
            found.push(format!("{} {} {}", row["slug"].as_str().unwrap(), overview.must_fix, overview.look_at));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_save_answers_what_is_found_where_and_whence_the_rule_is() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let path = program.create("role-pages", &area()).await;
    assert_eq!(
        found(&program, &path).await,
        [
            "must-fix section-empty /sections/1",
            "look-at latin-abbreviation /sections/0/blocks/0/markdown",
            "advice acronym-once /sections/0/blocks/0/markdown",
            "advice heading-question /sections/1/heading",
        ]
    );
    let document = program.get(&path).await.ok();
    let latin = &document["checks"][1];
    assert_eq!(latin["source"], "NHS digital service manual, A to Z of health writing");
    assert_eq!(latin["excerpts"], json!(["the machines eg computers"]));
    let refused = program.step(&path, "publish", &json!({})).await.problem(422);
    assert_eq!(pointers(&refused), ["/content/sections/1"]);
    let mut mended = area();
    mended["content"]["sections"].as_array_mut().unwrap().pop();
    program.save(&path, &mended).await.ok();
    program.step(&path, "publish", &json!({})).await.ok();
}

#[tokio::test]
async fn neighbours_with_one_title_are_named_until_one_of_them_changes_or_goes() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let titles = ["Porter", "Ward porter"];
    let above = program.create("role-pages", &page("Estates")).await;
    let one = program.create("role-pages", &page("Porter")).await;
    assert_eq!(need_work(&app, &program, &titles).await, Vec::<String>::new());
    let two = program.create("role-pages", &page("PORTER")).await;
    for path in [&one, &two] {
        assert_eq!(found(&program, path).await, ["look-at title-duplicate /title"]);
    }
    assert_eq!(need_work(&app, &program, &["Porter", "PORTER"]).await, ["porter 0 1", "porter-2 0 1"]);
    let mut below = page("Porter");
    below["parent"] = id_of(&above).into();
    program.save(&two, &below).await.ok();
    assert_eq!(found(&program, &one).await, Vec::<String>::new(), "it stands below another page now");
    assert_eq!(need_work(&app, &program, &titles).await, Vec::<String>::new());
    below["parent"] = Value::Null;
    program.save(&two, &below).await.ok();
    assert_eq!(need_work(&app, &program, &titles).await, ["porter 0 1", "porter-2 0 1"]);
    program.step(&two, "trash", &json!({})).await.ok();
    assert_eq!(need_work(&app, &program, &titles).await, Vec::<String>::new());
    program.step(&two, "untrash", &json!({})).await.ok();
    assert_eq!(need_work(&app, &program, &titles).await, ["porter 0 1", "porter-2 0 1"]);
    program.save(&one, &page("Ward porter")).await.ok();
    assert_eq!(need_work(&app, &program, &titles).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_becomes_of_addresses_is_said_and_stops_nothing() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let path = program.publish_new("role-pages", &page("Porter")).await;
    let mut renamed = page("Ward porter");
    renamed["slug"] = "ward-porter".into();
    program.save(&path, &renamed).await.ok();
    assert_eq!(found(&program, &path).await, ["advice path-moves /slug"]);
    program.step(&path, "publish", &json!({})).await.ok();
    let mut successor = page("Porter");
    successor["slug"] = "porter".into();
    let other = program.create("role-pages", &successor).await;
    assert_eq!(found(&program, &other).await, ["advice path-leads-elsewhere /slug"]);
    successor["slug"] = "ward-porter".into();
    program.save(&other, &successor).await.ok();
    let advice = found(&program, &other).await;
    assert_eq!(advice, ["advice slug-unlike-title /slug", "advice path-taken /slug"]);
    program.step(&other, "publish", &json!({})).await.problem(409);
    successor["slug"] = "whats-a-porter".into();
    program.save(&other, &successor).await.ok();
    let advice = found(&program, &other).await;
    assert_eq!(advice, ["look-at slug-contraction /slug", "advice slug-unlike-title /slug"]);
    program.step(&other, "publish", &json!({})).await.ok();
}

#[tokio::test]
async fn what_older_rules_counted_is_counted_again_at_the_start() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    program.create("role-pages", &area()).await;
    let titles = ["Computers and networks"];
    let right = ["computers-and-networks 1 1"];
    assert_eq!(need_work(&app, &program, &titles).await, right);
    let connection = sea_orm::Database::connect(&app.database.url).await.unwrap();
    entity::overview::Entity::update_many()
        .col_expr(entity::overview::Column::MustFix, Expr::value(0))
        .col_expr(entity::overview::Column::ChecksEdition, Expr::value(0))
        .exec(&connection)
        .await
        .unwrap();
    assert_eq!(need_work(&app, &program, &titles).await, ["computers-and-networks 0 1"]);
    app::prepare(&app.system(), false).await.unwrap();
    assert_eq!(need_work(&app, &program, &titles).await, right);
}

#[tokio::test]
async fn editors_read_what_is_found_at_its_field_and_mend_characters_with_one_button() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let mut ed = app.signed_in("Ed", &[Role::Editor]).await;
    let mut porter = page("A porter’s day");
    porter["content"]["sections"] = json!([
        { "heading": "Working life", "blocks": [{ "kind": "text", "markdown": "You’ll move beds\u{a0}and chairs eg on wards." }] },
        { "heading": "More", "blocks": [] },
    ]);
    let path = program.create("role-pages", &porter).await;
    let address = path.replace("/manage/v1", "/admin");
    let editor = ed.page(&address).await;
    let note = "f-.content.sections.0.blocks.0.markdown-notes";
    let notes = editor.split(&format!("id=\"{note}\"")).nth(1).unwrap().split("</div>").next().unwrap();
    for words in [
        "Look at",
        "in place of eg",
        "chairs eg on wards.”",
        "Advice",
        "curly apostrophe",
        "NHS digital service manual",
    ] {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    assert!(editor.contains("aria-describedby=\"f-.content.sections.0.blocks.0.markdown-notes\""), "{editor}");
    let card = editor.split("id=\"checks-heading\"").nth(1).unwrap();
    let (must, look) = (card.find("Must fix").unwrap(), card.find("Look at").unwrap());
    assert!(must < look && look < card.find("Advice").unwrap(), "{card}");
    assert!(card.contains("<summary>13 checks passed</summary>"), "{card}");
    assert!(card.contains("Lists have several items and a lead-in"), "{card}");
    assert!(card.contains("value=\"mend\"") && card.contains("Mend these 3"), "{card}");
    let mut fields = super::panel::html::fields_of(&editor, "id=\"editor\"");
    fields = super::panel::html::with(fields, "op", "mend");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mended = ed.submit(&address, &fields).await;
    assert!(mended.contains("3 stray characters are put right. Saved as version 2."), "{mended}");
    assert!(!mended.contains("Mend these"), "{mended}");
    let document = program.get(&path).await.ok();
    assert_eq!(document["content"]["title"], "A porter's day");
    let text = document["content"].pointer("/sections/0/blocks/0/markdown").unwrap();
    assert_eq!(text, "You'll move beds and chairs eg on wards.\n");
    let versions = program.send(Method::GET, &format!("{path}/versions"), &[], axum::body::Body::empty()).await.ok();
    assert_eq!(versions["data"][0]["note"], "Stray characters were put right.");
}

#[tokio::test]
async fn programs_note_what_was_looked_at_and_publish_without_it() {
    let app = TestApp::new().await;
    let program = app.administrator().await;
    let path = program.create("role-pages", &json!({ "content": { "title": "Porter" } })).await;
    let missing = program.get(&path).await.ok()["checks"][0].clone();
    assert_eq!((&missing["code"], &missing["looked_at"]), (&json!("summary-missing"), &Value::Null));
    let body = json!({ "findings": [{ "mark": missing["mark"], "reason": "It speaks for itself." }] });
    let document = program.step(&path, "look-at", &body).await.ok();
    assert_eq!(document["version"], 1);
    assert_eq!(document["checks"][0]["looked_at"]["reason"], "It speaks for itself.");
    let again = json!({ "findings": [{ "mark": missing["mark"] }] });
    let document = program.step(&path, "look-at", &again).await.ok();
    assert_eq!(document["checks"][0]["looked_at"]["reason"], Value::Null, "looking again replaces the reason");
    let unknown = json!({ "findings": [{ "mark": "0" }, { "mark": missing["mark"], "reason": "x".repeat(501) }] });
    let refused = program.step(&path, "look-at", &unknown).await.problem(422);
    assert_eq!(pointers(&refused), ["/findings/1/reason"]);
    let missing = program.step(&path, "look-at", &json!({})).await.problem(422);
    assert_eq!(
        (&missing["errors"][0]["pointer"], &missing["errors"][0]["code"]),
        (&json!("/findings"), &json!("missing-field"))
    );
    let refused = program.step(&path, "look-at", &json!({ "findings": [{ "mark": "0" }] })).await.problem(422);
    assert_eq!(pointers(&refused), ["/findings/0"]);
    let other = program.create("role-pages", &json!({ "content": { "title": "Clerk" } })).await;
    program.step(&other, "publish", &json!({})).await.ok();
    program.step(&path, "trash", &json!({})).await.ok();
    program.step(&path, "look-at", &again).await.problem(409);
    program.step(&path, "purge", &json!({})).await;
    program.get(&path).await.problem(404);
    let log = program.get("/manage/v1/events?limit=100").await.ok();
    let noted = log["data"].as_array().unwrap().iter().filter(|event| event["kind"] == "findings_looked_at");
    assert_eq!(noted.count(), 2);
}
